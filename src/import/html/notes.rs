//! Footnotes: the marks in the text and the notes they lead to.
//!
//! In: the tree and the kept blocks. Out: which marks and which items of the list of notes belong together, and the
//! bytes of the marks and of the links back to them, which the site writes itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::dom::{Dom, Id, Step};
use super::visible::{Piece, Visible};

/// A page's footnotes.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// For a mark's text, and for the item that holds the note, its number.
    pub numbers: BTreeMap<Id, usize>,
    /// The bytes of the marks and of the links back in the visible text, in order.
    pub cut: Vec<Range<usize>>,
}

/// Longer texts of a link are no mark: "1", "[12]", "note 3".
const LONGEST_MARK: usize = 6;

/// Longer texts of a link are more than a way back: "↩", "Back", "return to text".
const LONGEST_BACK: usize = 20;

/// Elements around a mark among which the one is that a link back leads to.
const MARK_REACH: usize = 4;

/// Finds the footnotes whose mark and note are both kept.
pub(super) fn find(dom: &Dom, visible: &Visible, blocks: &[usize]) -> Notes {
    // The items that something can lead to.
    let mut targets: BTreeMap<String, Id> = BTreeMap::new();
    let mut items: BTreeSet<Id> = BTreeSet::new();
    for at in blocks {
        let block = &visible.blocks[*at];
        let Some(item) = dom.ancestors(block.parent).take(4).find(|id| dom.name(*id) == "li") else {
            continue;
        };
        if !items.insert(item) {
            continue;
        }
        for step in dom.walk(item).take(40) {
            if let Step::In(id) = step
                && let Some(anchor) = dom.attribute(id, "id").or_else(|| dom.attribute(id, "name"))
            {
                targets.entry(anchor.to_owned()).or_insert(item);
            }
        }
    }
    let mut notes = Notes::default();
    if targets.is_empty() {
        return notes;
    }
    let mut numbers: BTreeMap<Id, usize> = BTreeMap::new();
    for at in blocks {
        for piece in &visible.blocks[*at].pieces {
            let Piece::Text(id, range) = piece else { continue };
            let text = visible.text[range.clone()].trim();
            let mark = text.trim_matches(|c: char| !c.is_alphanumeric());
            if text.len() > LONGEST_MARK || mark.is_empty() || !mark.bytes().all(|byte| byte.is_ascii_digit())
            {
                continue;
            }
            let around: Vec<Id> = dom.ancestors(*id).skip(1).take(5).collect();
            let is_raised = around.iter().any(|id| dom.name(*id) == "sup") || text.starts_with('[');
            let link = around.iter().find(|id| dom.name(**id) == "a");
            let target =
                link.and_then(|link| dom.attribute(*link, "href")?.strip_prefix('#').map(str::to_owned));
            let Some(item) = target.and_then(|target| targets.get(&target).copied()) else { continue };
            // A note's own link back is no mark.
            if !is_raised || dom.ancestors(*id).any(|id| id == item) {
                continue;
            }
            let next = numbers.len() + 1;
            let number = *numbers.entry(item).or_insert(next);
            notes.numbers.insert(*id, number);
            notes.cut.push(range.clone());
        }
    }
    // A link from a note to where its mark stands leads back.
    let marks: BTreeSet<&str> = notes
        .numbers
        .keys()
        .flat_map(|mark| dom.ancestors(*mark).take(MARK_REACH))
        .filter_map(|id| dom.attribute(id, "id").or_else(|| dom.attribute(id, "name")))
        .collect();
    for at in blocks {
        let block = &visible.blocks[*at];
        if !dom.ancestors(block.parent).any(|id| numbers.contains_key(&id)) {
            continue;
        }
        for piece in &block.pieces {
            let Piece::Text(id, range) = piece else { continue };
            let link = dom.ancestors(*id).take(MARK_REACH).find(|id| dom.name(*id) == "a");
            let target = link.and_then(|link| dom.attribute(link, "href")?.strip_prefix('#'));
            let is_short = !range.is_empty() && range.len() <= LONGEST_BACK;
            if is_short
                && !notes.numbers.contains_key(id)
                && target.is_some_and(|target| marks.contains(target))
            {
                notes.cut.push(range.clone());
            }
        }
    }
    notes.numbers.extend(numbers);
    notes.cut.sort_by_key(|range| range.start);
    notes
}
