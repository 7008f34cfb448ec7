//! What results show: title, date, topics and the text around a hit.
//!
//! In: the articles by number. Out: a piece for each article, or several for a long one, and directories that
//! name them.

use rayon::prelude::*;
use serde_json::{Value, json};

use super::index::{Index, slots_of};
use super::{Piece, Pieces, Searched};

/// About how many articles' texts there are in pieces of the smallest size: see [`limit`].
const MANY: usize = 1000;

/// The smallest and the largest piece of text, in bytes; a passage is never cut.
const PIECE: [usize; 2] = [1024, 8192];

/// Names in a directory.
const NAMES: usize = 64;

/// Where the texts are.
pub(super) struct Texts {
    /// How many articles a directory has.
    pub share: usize,
    /// The directories' names.
    pub directories: String,
}

pub(super) fn texts(index: &Index<'_>, pieces: &mut Pieces) -> Texts {
    let limit = limit(&index.articles);
    let made = |(slot, payload)| (slot, Piece::of(payload));
    let cut: Vec<Vec<(u32, Piece)>> = index
        .articles
        .par_iter()
        .map(|(article, _)| cut(article, limit).into_iter().map(made).collect())
        .collect();
    let count = cut.iter().map(Vec::len).sum::<usize>();
    let share = (NAMES * cut.len()).checked_div(count).unwrap_or(NAMES).max(1);
    let mut directories = Vec::new();
    let mut cut = cut.into_iter().peekable();
    while cut.peek().is_some() {
        let mut lines = Vec::new();
        for texts in cut.by_ref().take(share) {
            let mut line = String::new();
            for (slot, piece) in texts {
                if !line.is_empty() {
                    line.push_str(&format!(" {slot}."));
                }
                line.push_str(&pieces.add_made(piece));
            }
            lines.push(line);
        }
        directories.push(pieces.add(&lines.join(",")));
    }
    Texts { share, directories: directories.join(",") }
}

/// In a small site pieces are small, so that little is fetched; in a large one they are large, so that there are
/// not too many files. A power of two, so that it seldom changes.
fn limit(articles: &[(&Searched, u32)]) -> usize {
    let texts = articles.iter().flat_map(|(article, _)| &article.passages);
    let total: usize = texts.map(|passage| passage.text.len()).sum();
    (total / MANY).next_power_of_two().clamp(PIECE[0], PIECE[1])
}

/// Cuts the text of an article; with each piece its first slot.
fn cut(article: &Searched, limit: usize) -> Vec<(u32, String)> {
    let mut cut = Vec::new();
    // The title has the first slot.
    let mut slot = 1;
    let mut first = slot;
    let mut passages: Vec<Value> = Vec::new();
    let mut size = 0;
    let topics: Vec<&str> = article.topics.iter().map(|topic| topic.title.as_str()).collect();
    let piece = |passages: Vec<Value>| {
        json!([article.title, article.href, article.date, topics, passages]).to_string()
    };
    for passage in &article.passages {
        if size > 0 && size + passage.text.len() > limit {
            cut.push((first, piece(std::mem::take(&mut passages))));
            first = slot;
            size = 0;
        }
        let slots = slots_of(passage);
        passages.extend([json!(passage.id), json!(slots), json!(passage.text)]);
        size += passage.text.len();
        slot += slots;
    }
    if !passages.is_empty() || cut.is_empty() {
        cut.push((first, piece(passages)));
    }
    cut
}
