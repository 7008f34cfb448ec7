//! Lists, with what is nested in their items.
//!
//! In: the lines that stay. Out: one list at a time, with its numbering as it was. A number is a list's only
//! if its neighbours go on counting.

use std::ops::Range;

use super::blocks::{Block, Item, Kept, Run};
use super::leads::set_lead_ins;
use super::lines::{Line, Marker};

/// How far apart, in lines, the numbers of an interrupted list may stand.
const INTERRUPTION: usize = 4;
/// A numbered line that stands alone between paragraphs is an item, not a heading, from this many words on.
const ITEM_WORDS: usize = 12;

/// For each line, whether its number is that of a list: a neighbour has the number before or after.
pub(super) fn numbered(kept: &[Kept<'_>]) -> Vec<bool> {
    let value = |index: usize| match kept.get(index)?.line.marker {
        Some(Marker::Number { value, .. }) => Some(value),
        Some(Marker::Bullet) | None => None,
    };
    // What is indented under an item doesn't interrupt its list.
    let inside = |index: usize, indent: usize| kept[index].line.indent >= indent + 2 && !kept[index].heading;
    let neighbour =
        |range: &mut dyn Iterator<Item = usize>, wanted: u64, same: u64, far: bool, indent: usize| {
            for (step, index) in range.enumerate() {
                match value(index) {
                    Some(value) if value == wanted || (value == same && same == 1) => return true,
                    Some(_) => {}
                    None if kept[index].line.marker.is_some() => {}
                    None if inside(index, indent) || (far && step < INTERRUPTION) => {}
                    None => return false,
                }
                if step > 20 {
                    return false;
                }
            }
            false
        };
    (0..kept.len())
        .map(|index| {
            let Some(own) = value(index) else { return false };
            if kept[index].heading {
                return false;
            }
            let indent = kept[index].line.indent;
            let sentence = kept[index].line.text.split(' ').count() >= ITEM_WORDS;
            neighbour(&mut (0..index).rev(), own.wrapping_sub(1), own, sentence, indent)
                || neighbour(&mut (index + 1..kept.len()), own + 1, own, sentence, indent)
        })
        .collect()
}

/// Lists nest no deeper than this; what would stands beside it.
const DEEPEST: usize = 6;

/// A list that is being read.
struct Open {
    ordered: bool,
    indent: usize,
    /// The column at which the words of its items start.
    words: usize,
    start: Option<u64>,
    items: Vec<Item>,
}

impl Open {
    /// The list as a block.
    fn close(self) -> Block {
        Block::List { start: self.start, items: self.items }
    }
}

/// Reads a list with what is nested in it.
pub(super) fn run(kept: &[Kept<'_>], numbered: &[bool], text: &str) -> Run {
    let is_item = |index: usize| match kept[index].line.marker {
        Some(Marker::Bullet) => true,
        Some(Marker::Number { .. }) => numbered[index],
        None => false,
    };
    if !is_item(0) || kept[0].is_code() {
        return None;
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut last_text = "";
    let mut used = 0;
    while used < kept.len() {
        let line = kept[used].line;
        if kept[used].is_code() {
            break;
        }
        if !is_item(used) {
            // Words indented under an item belong to it.
            let inner = stack.last().is_some_and(|open| line.indent >= open.indent + 2 && line.gap <= 1);
            // Under a list at the margin, only where they stand in line with the item's own words.
            let in_line = kept[0].line.indent > 0
                || stack.last().is_some_and(|open| line.indent.abs_diff(open.words) <= 1);
            if !inner || line.marker.is_some() || kept[used].heading || !in_line {
                break;
            }
            if let Some(item) = stack.last_mut().and_then(|open| open.items.last_mut()) {
                item.blocks.push(Block::paragraph(line.text.as_str()));
            }
            last_text = &line.text;
            used += 1;
            continue;
        }
        let (ordered, value, digits) = match &line.marker {
            Some(Marker::Number { value, digits }) => (true, Some(*value), Some(digits.clone())),
            Some(Marker::Bullet) | None => (false, None, letter(text, line)),
        };
        let announced = last_text.ends_with(':');
        let top = stack.last();
        let deeper = top.is_some_and(|open| line.indent > open.indent + 1);
        let other_kind = top.is_some_and(|open| open.ordered != ordered);
        let known =
            stack.iter().any(|open| open.ordered == ordered && open.indent.abs_diff(line.indent) <= 1);
        let first_number = ordered && value == Some(1);
        let nests = match top {
            None => true,
            Some(_) => deeper || (announced && other_kind && (first_number || (!ordered && !known))),
        };
        if nests && stack.len() < DEEPEST {
            let words = line.indent + text[line.range.start..line.words(text).start].chars().count();
            stack.push(Open { ordered, indent: line.indent, words, start: value, items: Vec::new() });
        } else {
            // Back to the list this item continues.
            let home =
                stack.iter().rposition(|open| open.ordered == ordered && open.indent <= line.indent + 1);
            let home = home.or_else(|| stack.iter().rposition(|open| open.ordered == ordered));
            match home {
                Some(home) => {
                    let continues = stack[home].start.is_none_or(|start| {
                        let next = start + stack[home].items.len() as u64;
                        value == Some(next) || value == Some(start) || line.gap == 0
                    });
                    if !continues && home == 0 {
                        break;
                    }
                    fold(&mut stack, home);
                }
                None => break,
            }
        }
        if let Some(open) = stack.last_mut() {
            let blocks =
                if line.text.is_empty() { Vec::new() } else { vec![Block::paragraph(line.text.as_str())] };
            open.items.push(Item { digits, blocks });
        }
        last_text = &line.text;
        used += 1;
    }
    fold(&mut stack, 0);
    let mut list = stack.pop()?.close();
    set_lead_ins(&mut list);
    Some((used, vec![list]))
}

/// The bytes of the letter that a line has for its bullet.
fn letter(text: &str, line: &Line) -> Option<Range<usize>> {
    text[line.range.clone()].starts_with('o').then(|| line.range.start..line.range.start + 1)
}

/// Closes the lists nested deeper than `depth`, each into the last item of the list around it.
fn fold(stack: &mut Vec<Open>, depth: usize) {
    while stack.len() > depth + 1 {
        let Some(inner) = stack.pop() else { return };
        let inner = inner.close();
        if let Some(item) = stack.last_mut().and_then(|open| open.items.last_mut()) {
            item.blocks.push(inner);
        }
    }
}
