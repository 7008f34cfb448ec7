//! Footnotes: numbers in square brackets in the text, and the notes at its end that start with the same numbers.
//!
//! In: the lines that stay, and the blocks made from them. Out: which lines are notes; the marks set, and
//! where in the decoded text the numbers stand. All or nothing: a number without its note leaves all as it is.

use std::collections::HashSet;
use std::ops::Range;

use super::blocks::{Block, Item, Kept, Words};

/// The lines that are notes: from one to the next, numbered from 1.
pub(super) fn find(kept: &[Kept<'_>]) -> Range<usize> {
    let none = 0..0;
    let number = |index: usize| {
        let kept = kept.get(index).filter(|kept| kept.line.marker.is_none() && !kept.is_code())?;
        let (number, end) = mark(&kept.line.text)?;
        (end < kept.line.text.len()).then_some(number)
    };
    let Some(start) = (0..kept.len()).rev().find(|index| number(*index) == Some(1)) else { return none };
    let count =
        (start..kept.len()).take_while(|index| number(*index) == Some((index - start + 1) as u64)).count();
    let marks: HashSet<u64> = kept[..start]
        .iter()
        .filter(|kept| !kept.is_code())
        .flat_map(|kept| marks(&kept.line.text).into_iter().map(|(number, _)| number))
        .collect();
    let others = kept[start + count..].iter().any(|kept| !marks_of(kept).is_empty());
    let is_whole =
        marks.len() == count && (1..=count as u64).all(|number| marks.contains(&number)) && !others;
    if is_whole { start..start + count } else { none }
}

fn marks_of(kept: &Kept<'_>) -> Vec<(u64, Range<usize>)> {
    if kept.is_code() { Vec::new() } else { marks(&kept.line.text) }
}

/// A note's line as a block: its number and its words.
pub(super) fn block(text: &str) -> Option<Block> {
    let (number, end) = mark(text)?;
    Some(Block::Note { number, words: Words::plain(text[end..].trim_start()) })
}

/// Sets the marks in the blocks; returns the places of all numbers in the decoded text, notes' own included.
///
/// `None` where the marks in the blocks aren't those of the lines: some stand where Markdown has none.
pub(super) fn set(
    text: &str,
    kept: &[Kept<'_>],
    notes: &Range<usize>,
    blocks: &mut [Block],
) -> Option<Vec<Range<usize>>> {
    if notes.is_empty() {
        return Some(Vec::new());
    }
    let mut places = Vec::new();
    for kept in kept.iter().filter(|kept| !kept.is_code()) {
        let range = kept.line.range.clone();
        let raw = marks(&text[range.clone()]);
        places.extend(
            raw.into_iter().map(|(_, mark)| range.start + mark.start + 1..range.start + mark.end - 1),
        );
    }
    let set = set_in(blocks);
    (set + notes.len() == places.len()).then_some(places)
}

/// Sets the marks in blocks and says how many there were.
fn set_in(blocks: &mut [Block]) -> usize {
    let mut count = 0;
    let mut set = |words: &mut Words| {
        words.marks = marks(&words.text).into_iter().map(|(_, range)| range).collect();
        words.marks.len()
    };
    for block in blocks {
        match block {
            Block::Heading { words, .. } => count += set(words),
            Block::Paragraph(lines) => count += lines.iter_mut().map(&mut set).sum::<usize>(),
            Block::List { items, .. } => {
                count += items.iter_mut().map(|Item { blocks, .. }| set_in(blocks)).sum::<usize>();
            }
            Block::Quotation(blocks) => count += set_in(blocks),
            Block::Table(_) | Block::Code { .. } | Block::Rule | Block::Note { .. } => {}
        }
    }
    count
}

/// The number in square brackets that a text starts with, and where it ends.
fn mark(text: &str) -> Option<(u64, usize)> {
    let inner = text.strip_prefix('[')?;
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let fits = (1..=3).contains(&digits) && inner[digits..].starts_with(']') && !inner.starts_with('0');
    Some((inner[..digits].parse().ok().filter(|_| fits)?, digits + 2))
}

/// All numbers in square brackets, with their bytes.
fn marks(text: &str) -> Vec<(u64, Range<usize>)> {
    let starts = text.match_indices('[');
    starts.filter_map(|(at, _)| mark(&text[at..]).map(|(number, length)| (number, at..at + length))).collect()
}
