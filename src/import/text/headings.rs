//! Headings: which lines are ones for sure, and on which level they stand.
//!
//! In: the lines that stay, with the judgement about each alone. Out: the same, corrected where a series or a
//! rule beneath shows more; and, once there are blocks, the levels.

use std::collections::{BTreeMap, HashSet};

use super::blocks::{Block, Kept};
use super::leads::is_title_case;
use super::lines::Marker;
use super::quotations;

/// The longest heading that is known by its form alone, in words.
const LONGEST: usize = 14;
/// A series has at least this many headings.
const FEWEST: usize = 2;
/// What stands beneath a heading in capitals has at least this many words.
const FEWEST_BENEATH: usize = 8;
/// The lowest level that a rule beneath gives.
const LOWEST: u8 = 4;

/// Corrects the judgement about single lines where their neighbours show more.
pub(super) fn settle(text: &str, kept: &mut [Kept<'_>], speakers: &[usize]) {
    for (kept, speaker) in kept.iter_mut().zip(speakers) {
        let names_source = kept.heading && quotations::source(text, kept.line).is_some();
        kept.heading &= *speaker == 0 && !names_source;
    }
    take_back(kept);
    follow_items(kept);
    let mut sure = ruled(text, kept);
    sure.extend(numbered(kept));
    sure.extend(capitals(kept));
    for index in sure {
        kept[index].heading |= speakers[index] == 0;
    }
}

/// In a run of headings of this length, those above another one that looks the same have nothing beneath them.
const LONG_RUN: usize = 3;

/// Takes back headings that head nothing: at the end of the text, and rows of them, which are lists or menus.
/// On labelled pages 62 of 100 of the latter, and 4 of 5 of the former, are none.
fn take_back(kept: &mut [Kept<'_>]) {
    let mut start = 0;
    while start < kept.len() {
        let length = kept[start..].iter().take_while(|kept| kept.heading).count();
        let end = start + length;
        if length >= LONG_RUN {
            for index in start..end - 1 {
                // Questions in a row may have had charts for their answers.
                let own = shape(&kept[index].line.text);
                kept[index].heading = own.question || own != shape(&kept[index + 1].line.text);
            }
        }
        if length > 0 && end == kept.len() {
            kept[end - 1].heading = false;
        }
        start = end.max(start + 1);
    }
}

/// A numbered list is a list by this many items before its last.
const FEWEST_ITEMS: usize = 2;

/// Takes back a numbered heading that ends a list none of whose items is one: the list goes on as it began.
fn follow_items(kept: &mut [Kept<'_>]) {
    // For each indentation, the last number, where it stands, and the items since 1 before it that are no headings.
    let mut last: BTreeMap<usize, (u64, usize, usize)> = BTreeMap::new();
    let mut ends = Vec::new();
    for (index, own) in kept.iter().enumerate() {
        let Some(Marker::Number { value, .. }) = own.line.marker else { continue };
        let before = last.get(&own.line.indent).copied().filter(|(number, ..)| number + 1 == value);
        let items = match before {
            Some((_, at, items)) if !kept[at].heading => items + 1,
            _ => 0,
        };
        if let Some((_, at, items)) = last.insert(own.line.indent, (value, index, items))
            && before.is_none()
        {
            ends.push((at, items));
        }
    }
    ends.extend(last.into_values().map(|(_, at, items)| (at, items)));
    for (at, items) in ends {
        let counts_from_one =
            matches!(kept[at].line.marker, Some(Marker::Number { value, .. }) if value == items as u64 + 1);
        kept[at].heading &= !(counts_from_one && items >= FEWEST_ITEMS);
    }
}

/// Whether a line stands on its own, is short, and has something beneath.
fn stands_alone(kept: &[Kept<'_>], index: usize) -> bool {
    let (own, next) = (&kept[index], kept.get(index + 1));
    let starts = index == 0 || !own.adjoins();
    let line = own.line.text.as_str();
    starts
        && next.is_some_and(|next| !next.adjoins() && !next.is_code())
        && !own.is_code()
        && line.split(' ').count() <= LONGEST
        && !line.ends_with(['.', ',', ';', '"', '”'])
}

/// Finds headings by the rule right beneath them, and gives them levels in the order in which the kinds of
/// rule come first.
fn ruled(text: &str, kept: &mut [Kept<'_>]) -> Vec<usize> {
    let mut kinds: Vec<char> = Vec::new();
    let mut found = Vec::new();
    for (index, own) in kept.iter_mut().enumerate() {
        let Some((mark, length)) = own.ruled else { continue };
        let raw = &text[own.line.range.clone()];
        let width = raw.chars().count();
        // A rule much shorter or longer than the words parts two pieces of the text.
        let fits = matches!(mark, '=' | '-' | '~' | '_' | '*' | '^' | '#')
            && length * 2 >= width
            && length <= width * 2 + 4
            && own.line.text.split(' ').count() <= LONGEST
            && !own.line.text.ends_with(['.', ',', ';'])
            && (index == 0 || !own.adjoins())
            && !own.is_code()
            && own.line.marker != Some(Marker::Bullet)
            && !raw.starts_with(['|', '+'])
            && !raw.contains('\t')
            && !raw.contains("  ");
        if !fits {
            continue;
        }
        let kind = kinds.iter().position(|kind| *kind == mark).unwrap_or(kinds.len());
        if kind == kinds.len() {
            kinds.push(mark);
        }
        own.level = Some(u8::try_from(kind + 2).unwrap_or(LOWEST).min(LOWEST));
        found.push(index);
    }
    found
}

/// What headings are counted by: "Step 2", "Part Two", "IV.".
const COUNTED: [&str; 22] = [
    "step",
    "chapter",
    "part",
    "tip",
    "lesson",
    "reason",
    "day",
    "rule",
    "section",
    "phase",
    "week",
    "method",
    "myth",
    "mistake",
    "stage",
    "schritt",
    "kapitel",
    "teil",
    "étape",
    "chapitre",
    "paso",
    "capítulo",
];
/// Numbers in words.
const IN_WORDS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/// Roman numbers.
const ROMAN: [&str; 20] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI",
    "XVII", "XVIII", "XIX", "XX",
];

/// Finds headings that count on from one to the next.
fn numbered(kept: &[Kept<'_>]) -> Vec<usize> {
    let mut series: BTreeMap<String, Vec<(usize, u64)>> = BTreeMap::new();
    for index in (0..kept.len()).filter(|index| stands_alone(kept, *index)) {
        if let Some((kind, value)) = ordinal(&kept[index]) {
            series.entry(kind).or_default().push((index, value));
        }
    }
    let mut found = dotted(kept);
    for (kind, series) in series {
        let counts = series.windows(2).all(|pair| pair[1].1 == pair[0].1 + 1);
        let judged = series.iter().filter(|(index, _)| kept[*index].heading).count();
        // A number alone may be an item's; then the judgement about most of the series must have been the same.
        let enough = if kind.is_empty() { judged * 2 > series.len() } else { true };
        if series.len() >= FEWEST && counts && enough {
            found.extend(series.into_iter().map(|(index, _)| index));
        }
    }
    found
}

/// Finds headings with numbers of several parts that rise: "1.1 Scope", "1.2 Terms", "2.1 Method".
fn dotted(kept: &[Kept<'_>]) -> Vec<usize> {
    let number = |index: &usize| {
        let (number, rest) = kept[*index].line.text.split_once(' ')?;
        let parts: Option<Vec<u64>> =
            number.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
        let parts = parts.filter(|parts| parts.len() > 1 && parts.iter().all(|part| *part < 100))?;
        (rest.starts_with(char::is_uppercase) && stands_alone(kept, *index)).then_some((*index, parts))
    };
    let series: Vec<(usize, Vec<u64>)> = (0..kept.len()).filter_map(|index| number(&index)).collect();
    let rises = series.windows(2).all(|pair| pair[0].1 < pair[1].1);
    let found: Vec<usize> = series.into_iter().map(|(index, _)| index).collect();
    if rises && found.len() > FEWEST { found } else { Vec::new() }
}

/// What a heading is counted by, and its number.
fn ordinal(kept: &Kept<'_>) -> Option<(String, u64)> {
    match kept.line.marker {
        Some(Marker::Number { value, .. }) => return Some((String::new(), value)),
        Some(Marker::Bullet) => return None,
        None => {}
    }
    let mut words = kept.line.text.split(' ');
    let first = words.next()?;
    if let Some(value) =
        first.strip_suffix('.').and_then(|first| ROMAN.iter().position(|roman| *roman == first))
    {
        return Some(("roman".to_owned(), value as u64 + 1));
    }
    let kind = first.to_lowercase();
    let number = words.next()?.trim_start_matches('#').trim_end_matches([':', '.', ',', ')']).to_owned();
    let value = number
        .parse()
        .ok()
        .or_else(|| {
            IN_WORDS.iter().position(|word| number.eq_ignore_ascii_case(word)).map(|at| at as u64 + 1)
        })
        .or_else(|| ROMAN.iter().position(|roman| *roman == number).map(|at| at as u64 + 1))?;
    (COUNTED.contains(&kind.as_str()) && first.starts_with(char::is_uppercase)).then_some((kind, value))
}

/// Finds headings in capitals: several of them, each above a paragraph, none of them said twice.
fn capitals(kept: &[Kept<'_>]) -> Vec<usize> {
    let is_capitals = |index: &usize| {
        let text = kept[*index].line.text.as_str();
        kept[*index].line.marker.is_none()
            && text.chars().filter(|c| c.is_uppercase()).count() >= 4
            && text.contains(' ')
            && !text.contains(['/', '|'])
            && !text.chars().any(char::is_lowercase)
            && kept.get(index + 1).is_some_and(|next| {
                next.line.marker.is_some() || next.line.text.split(' ').count() >= FEWEST_BENEATH
            })
            && stands_alone(kept, *index)
    };
    let found: Vec<usize> = (0..kept.len()).filter(is_capitals).collect();
    let distinct: HashSet<&str> = found.iter().map(|index| kept[*index].line.text.as_str()).collect();
    if found.len() >= FEWEST && distinct.len() == found.len() { found } else { Vec::new() }
}

/// What headings of one level have in common.
#[derive(PartialEq, Clone, Copy)]
struct Shape {
    numbered: bool,
    question: bool,
    title_case: bool,
}

fn shape(text: &str) -> Shape {
    let numbered = text.starts_with(|c: char| c.is_ascii_digit());
    Shape { numbered, question: text.ends_with('?'), title_case: is_title_case(text) }
}

/// Gives headings their levels: one that stands directly under another is a part of it, and so are the
/// ones after it that look the same.
pub(super) fn level(blocks: &mut [Block]) {
    let mut section: Option<Shape> = None;
    let mut lower: Option<Shape> = None;
    let mut under_heading = false;
    for block in blocks {
        let Block::Heading { level, words } = block else {
            under_heading = false;
            continue;
        };
        let own = shape(&words.text);
        if *level > 0 {
            under_heading = true;
            continue;
        }
        // One that is set like the section's own heading ends the part.
        let like_section = |section: Shape| lower.is_some() && section.title_case && own.title_case;
        let is_part = |section: Shape| section != own && !like_section(section);
        let is_lower = lower == Some(own) || (under_heading && section.is_some_and(is_part));
        if is_lower {
            *level = 3;
            lower = Some(own);
        } else {
            *level = 2;
            section = Some(own);
            lower = lower.filter(|lower| *lower != own);
        }
        under_heading = true;
    }
}
