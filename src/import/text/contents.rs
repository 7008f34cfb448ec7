//! The table of contents: a list that only names the headings that follow. The site makes its own.
//!
//! In: the lines and what they look like. Out: which of them are such a list or the line that announces it. A list that
//! nothing announces stays: an author may well list what the next sections are about.

use rustc_hash::FxHashMap;

use super::cues;
use super::features::Look;
use super::lines::{Line, Marker};

/// A table of contents names at least this many headings, ...
const FEWEST: usize = 3;
/// ... and so many of a hundred of its lines return below it. Some headings are worded differently in the text.
const RETURNING: usize = 60;

/// For each line, whether it belongs to a table of contents.
pub(super) fn of(lines: &[Line], looks: &[Look]) -> Vec<bool> {
    // Where each short line stands last as anything but a bulleted item.
    let mut last: FxHashMap<&[String], usize> = FxHashMap::default();
    for (index, look) in looks.iter().enumerate() {
        if !look.is_prose && !look.words.is_empty() && lines[index].marker != Some(Marker::Bullet) {
            last.insert(&look.words, index);
        }
    }
    let mut found = vec![false; lines.len()];
    for label in 0..lines.len() {
        if found[label] || !cues::announces_contents(&looks[label].words) {
            continue;
        }
        let start = label + 1;
        let returns = |index: usize, after: usize| {
            last.get(looks[index].words.as_slice()).is_some_and(|place| *place > after)
        };
        let belongs = |index: &usize| {
            !looks[*index].is_prose && (lines[*index].marker.is_some() || returns(*index, *index))
        };
        let end = start + (start..lines.len()).take_while(belongs).count();
        let returning = (start..end).filter(|index| returns(*index, end - 1)).count();
        if returning >= FEWEST && returning * 100 >= (end - start) * RETURNING {
            found[label..end].fill(true);
        }
    }
    found
}
