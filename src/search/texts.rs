//! What results show: title, date, topics and the text around a hit.
//!
//! In: an article and what was read of it. Out: a piece, or several for a long one, known by their names until somebody
//! wants them; and directories that name those of all articles.

use std::ops::Range;

use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::kept::Shown;
use super::read::Read;
use super::searched::Searched;
use super::{File, Holds, Piece, Pieces, near_power_of_two};
use crate::markdown::Passage;

/// A five-thousandth of all texts is about the size of a piece, see [`limit`]: an article is then one piece where there
/// are some thousands of them.
const SHARE: usize = 5000;

/// The smallest and the largest piece of text, in bytes; a passage is never cut.
const PIECE: [usize; 2] = [768, 4096];

/// So many times as much is fetched of directories, five with a line for each piece in them, as each of their names takes in
/// the list of directories.
const RATIO: usize = 7;

/// Where the texts are.
pub(super) struct Texts {
    /// How many articles a directory has.
    pub share: usize,
    /// The directories' names.
    pub directories: String,
}

/// A piece of an article's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cut {
    /// The slot it begins with.
    slot: u32,
    /// Its passages, by index.
    passages: Range<usize>,
    /// The hash of what it holds.
    hash: String,
}

/// Puts the pieces of all articles together, given in the order of their numbers.
pub(super) fn texts(shown: &[Shown], pieces: &mut Pieces) -> Texts {
    let count = shown.iter().map(|shown| shown.texts.len()).sum::<usize>();
    // The number of names in a directory with which list and directories are smallest together.
    let names = near_power_of_two((count / RATIO).isqrt());
    let share = (names * shown.len()).checked_div(count).unwrap_or_default().max(1);
    let mut directories = Vec::new();
    let mut articles = shown.iter().enumerate().peekable();
    while articles.peek().is_some() {
        let mut lines = Vec::new();
        for (article, shown) in articles.by_ref().take(share) {
            let mut line = String::new();
            for Cut { slot, passages, hash } in &shown.texts {
                if !line.is_empty() {
                    line.push_str(&format!(" {slot}."));
                }
                let holds = Holds::Text { article, passages: passages.clone() };
                line.push_str(&pieces.add_file(File { hash: hash.clone(), holds }));
            }
            lines.push(line);
        }
        directories.push(pieces.add(&lines.join(",")));
    }
    Texts { share, directories: directories.join(",") }
}

/// In a small site pieces are small, so that little is fetched; in a large one they are large, so that there are
/// not too many files. A power of two, so that it seldom changes.
pub(super) fn limit<'a>(articles: impl Iterator<Item = &'a Searched>) -> usize {
    let total: usize = articles.map(length).sum();
    (total / SHARE).next_power_of_two().clamp(PIECE[0], PIECE[1])
}

fn length(article: &Searched) -> usize {
    article.passages().map(|passage| passage.text.len()).sum()
}

/// Cuts the text of an article into as few pieces as the limit allows, of about one size; with each its first slot.
pub(super) fn cut(article: &Searched, read: &Read, limit: usize) -> Vec<Cut> {
    let slots: Vec<u32> = read.slots().collect();
    let length = length(article);
    let wanted = length / length.div_ceil(limit).max(1);
    let mut cut = Vec::new();
    // The title has the first slot.
    let mut slot = 1;
    let (mut first, mut begin) = (slot, 0);
    let mut size = 0;
    let _held = article.hold();
    let mut add = |slot: u32, passages: Range<usize>| {
        let hash = piece(article, &slots, passages.clone()).hash;
        cut.push(Cut { slot, passages, hash });
    };
    for (index, (passage, slots)) in article.passages().zip(&slots).enumerate() {
        let more = passage.text.len();
        if size > 0 && (size + more > limit || size + more / 2 > wanted) {
            add(first, begin..index);
            (first, begin) = (slot, index);
            size = 0;
        }
        size += more;
        slot += slots;
    }
    if begin < slots.len() || slots.is_empty() {
        add(first, begin..slots.len());
    }
    cut
}

/// A piece with some passages of an article, of which each takes so many slots.
pub(super) fn piece(article: &Searched, slots: &[u32], passages: Range<usize>) -> Piece {
    let _held = article.hold();
    let topics: Vec<&str> = article.topics.iter().map(|topic| topic.title.as_str()).collect();
    let count = passages.len();
    let slots = slots.iter().copied().skip(passages.start).take(count);
    let passages: Vec<(&Passage, u32)> =
        article.passages().skip(passages.start).take(count).zip(slots).collect();
    Piece::of(&(&article.title, &article.href, &article.date, topics, Passages(&passages)))
}

/// Passages with how many slots each has: `id, slots, text, id, slots, text`.
struct Passages<'a>(&'a [(&'a Passage, u32)]);

impl Serialize for Passages<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut values = to.serialize_seq(Some(3 * self.0.len()))?;
        for (passage, slots) in self.0 {
            values.serialize_element(&passage.id)?;
            values.serialize_element(slots)?;
            values.serialize_element(&passage.text)?;
        }
        values.end()
    }
}
