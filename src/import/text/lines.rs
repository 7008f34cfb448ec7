//! The lines of a seed: where they stand, how they are marked, and their words with clean spacing.
//!
//! In: the decoded text. Out: one [`Line`] for each paragraph-like line that isn't blank; lines which an
//! editor or mail program had wrapped at a fixed width are one again. Nothing is judged here.

use std::collections::HashMap;
use std::ops::Range;

use super::words;
use super::{Repair, RepairKind};

/// One line of the seed, or several that a hard wrap had torn apart.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its 1-based number in the decoded text (that of the first, where several are joined).
    pub number: usize,
    /// Its bytes in the decoded text, marker included, white space around it not.
    pub range: Range<usize>,
    /// Columns of white space before it.
    pub indent: usize,
    /// Blank lines before it.
    pub gap: usize,
    /// The bullet or number it starts with.
    pub marker: Option<Marker>,
    /// Its words: no marker, single spaces, no control characters.
    pub text: String,
    /// What was mended to get `text`.
    pub repairs: Vec<Repair>,
}

/// What a line starts with when it is marked as an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    /// A bullet such as `•`, `*` or `-`.
    Bullet,
    /// A number such as `1.`, `2)` or `(3)`; `digits` are the bytes of the number alone.
    Number {
        /// The number's value.
        value: u64,
        /// The bytes of its digits in the decoded text.
        digits: Range<usize>,
    },
}

/// How often each word of the text occurs, in lower case: what tells a torn word from two words.
pub(super) type Vocabulary = HashMap<String, u32>;

/// A number with more digits than this is a year or an amount, not a place in a list.
const LONGEST_NUMBER: usize = 3;

/// Columns counted for a tab.
const TAB: usize = 8;

/// Splits the text into its lines.
pub(super) fn of(text: &str, vocabulary: &Vocabulary) -> Vec<Line> {
    let mut pieces = pieces(text);
    join_wrapped(text, &mut pieces);
    pieces
        .into_iter()
        .map(|piece| {
            let mut line = Line {
                number: piece.number,
                range: piece.range.clone(),
                indent: piece.indent,
                gap: piece.gap,
                marker: piece.marker,
                text: String::new(),
                repairs: Vec::new(),
            };
            line.read(text, piece.words, vocabulary);
            line
        })
        .collect()
}

/// Counts the words of the text.
pub(super) fn vocabulary(text: &str) -> Vocabulary {
    let mut vocabulary = Vocabulary::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        *vocabulary.entry(word.to_lowercase()).or_default() += 1;
    }
    vocabulary
}

impl Line {
    /// Fills `text` and `repairs` from the bytes `words` of the decoded text.
    fn read(&mut self, text: &str, words: Range<usize>, vocabulary: &Vocabulary) {
        let (clean, repairs) = clean(&text[words], self.number, vocabulary);
        self.text = clean;
        self.repairs = repairs;
    }

    /// Splits the line in two at the byte `at` of the decoded text; the second part has no marker.
    ///
    /// `None` where the split would leave one side without words.
    pub(super) fn split(&self, text: &str, at: usize, vocabulary: &Vocabulary) -> Option<(Line, Line)> {
        let words = self.words(text);
        if at <= words.start || at >= words.end || !text.is_char_boundary(at) {
            return None;
        }
        let first_end = words.start + text[words.start..at].trim_end().len();
        let second_start = words.end - text[at..words.end].trim_start().len();
        if first_end <= words.start || second_start >= words.end {
            return None;
        }
        let mut first = self.clone();
        first.range.end = first_end;
        first.read(text, words.start..first_end, vocabulary);
        let newlines = text[self.range.start..second_start].bytes().filter(|byte| *byte == b'\n').count();
        let mut second = Line {
            number: self.number + newlines,
            range: second_start..self.range.end,
            indent: self.indent,
            gap: 0,
            marker: None,
            text: String::new(),
            repairs: Vec::new(),
        };
        second.read(text, second_start..words.end, vocabulary);
        Some((first, second))
    }

    /// The bytes of the line's words, after the marker.
    pub(super) fn words(&self, text: &str) -> Range<usize> {
        let start = match self.marker {
            None => self.range.start,
            Some(_) => {
                let raw = &text[self.range.clone()];
                marker(raw, self.range.start).map_or(self.range.start, |(_, words)| words)
            }
        };
        start..self.range.end
    }
}

/// A line before its words are cleaned.
struct Piece {
    number: usize,
    range: Range<usize>,
    indent: usize,
    gap: usize,
    marker: Option<Marker>,
    words: Range<usize>,
}

/// The lines that aren't blank, as they stand in the text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut gap = 0;
    let mut start = 0;
    for (index, whole) in text.split('\n').enumerate() {
        let whole_start = start;
        start += whole.len() + 1;
        if whole.trim_matches(is_blank).is_empty() {
            gap += 1;
            continue;
        }
        let mut offset = whole_start;
        for part in whole.split_inclusive(is_line_end) {
            let part_start = offset;
            offset += part.len();
            let trimmed = part.trim_matches(is_blank);
            if trimmed.is_empty() {
                continue;
            }
            let lead = part.len() - part.trim_start_matches(is_blank).len();
            let range = part_start + lead..part_start + lead + trimmed.len();
            let (marker, words) = match marker(trimmed, range.start) {
                Some((marker, words)) => (Some(marker), words..range.end),
                None => (None, range.clone()),
            };
            pieces.push(Piece {
                number: index + 1,
                range,
                indent: columns(&part[..lead]),
                gap,
                marker,
                words,
            });
            gap = 0;
        }
    }
    pieces
}

/// Whether a character leaves no mark on paper: white space, controls, invisible formatting.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_dropped(c)
}

/// Whether a character is left out of the words: controls, byte order marks, soft hyphens, zero-width spaces.
fn is_dropped(c: char) -> bool {
    (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{feff}' | '\u{200b}' | '\u{ad}' | '\u{2060}')
}

/// The line ends that aren't `\n`.
fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The width of white space in columns.
fn columns(blank: &str) -> usize {
    blank
        .chars()
        .map(|c| if c == '\t' { TAB } else { usize::from(c.is_whitespace() && !is_line_end(c)) })
        .sum()
}

/// Reads the marker at the start of a line: the marker and the byte at which its words start.
///
/// `start` is the place of `raw` in the decoded text. A lone bullet without words is a marker too.
fn marker(raw: &str, start: usize) -> Option<(Marker, usize)> {
    let first = raw.chars().next()?;
    if is_bullet(first) {
        let rest = &raw[first.len_utf8()..];
        let words = rest.trim_start_matches(is_blank);
        // "-5 degrees" and "*note" are no items, "•Item" is one.
        let typed = matches!(first, '*' | '-' | '+' | '–' | '—' | '·' | 'o');
        if (rest.len() == words.len() && typed && !rest.is_empty()) || (words.is_empty() && first == 'o') {
            return None;
        }
        return Some((Marker::Bullet, start + raw.len() - words.len()));
    }
    let open = usize::from(first == '(');
    let count = raw[open..].bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 || count > LONGEST_NUMBER {
        return None;
    }
    let digits = open..open + count;
    let rest = &raw[digits.end..];
    let closes = if open == 1 { rest.starts_with(')') } else { rest.starts_with(['.', ')']) };
    if !closes {
        return None;
    }
    let after = &rest[1..];
    let words = after.trim_start_matches(is_blank);
    if words.is_empty() || words.len() == after.len() {
        return None;
    }
    let value = raw[digits.clone()].parse().ok()?;
    let digits = start + digits.start..start + digits.end;
    Some((Marker::Number { value, digits }, start + raw.len() - words.len()))
}

/// Whether a character is used as a bullet.
fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '*'
            | '-'
            | '+'
            | '–'
            | '◦'
            | '▪'
            | '▫'
            | '‣'
            | '●'
            | '○'
            | '■'
            | '□'
            | '·'
            | '∙'
            | '⁃'
            | '➢'
            | '➤'
            | '►'
            | '▶'
            | '❖'
            | '✓'
            | '✔'
            | '\u{f0b7}'
            | '\u{f0a7}'
    )
}

/// A text counts as hard-wrapped from this many lines on that break where the next word didn't fit.
const FEWEST_WRAPS: usize = 3;
/// The widest margin at which editors and mail programs wrap.
const WIDEST_WRAP: usize = 110;
/// The narrowest.
const NARROWEST_WRAP: usize = 40;
/// Columns a line may fall short of the margin although the next word would have fitted.
const RAGGED: usize = 1;

/// Joins lines that were wrapped at a fixed width.
///
/// A wrapped line ends only because the next word would have crossed the margin; verse, addresses and
/// lists break earlier. The margin is the width of the widest line, if hardly any line is wider.
fn join_wrapped(text: &str, pieces: &mut Vec<Piece>) {
    let width = |piece: &Piece| piece.indent + text[piece.range.clone()].chars().count();
    let Some(margin) = margin(pieces, width) else { return };
    let joins = |piece: &Piece, next: &Piece| {
        let Some(word) = text[next.words.clone()].split_whitespace().next() else { return false };
        next.gap == 0
            && next.marker.is_none()
            && !text[next.range.clone()].starts_with('>')
            && width(piece) <= margin + RAGGED
            && width(piece) + 1 + word.chars().count() + RAGGED > margin
    };
    let tried = pieces.windows(2).filter(|pair| pair[1].gap == 0 && pair[1].marker.is_none()).count();
    let fitting = pieces.windows(2).filter(|pair| joins(&pair[0], &pair[1])).count();
    let sentences = pieces
        .windows(2)
        .filter(|pair| joins(&pair[0], &pair[1]))
        .filter(|pair| !text[pair[0].range.clone()].ends_with(['.', '!', '?', ':', '"', '”']))
        .count();
    // Most breaks inside blocks are wraps, and most wraps cut a sentence in two: then it is a wrapped text.
    if fitting < FEWEST_WRAPS || fitting * 2 < tried || sentences * 2 < fitting {
        return;
    }
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut last_width = 0;
    for piece in pieces.drain(..) {
        let own = width(&piece);
        let word = text[piece.words.clone()].split_whitespace().next().map_or(0, |word| word.chars().count());
        let full = last_width + 1 + word + RAGGED > margin && last_width <= margin + RAGGED;
        match joined.last_mut() {
            Some(last)
                if full
                    && piece.gap == 0
                    && piece.marker.is_none()
                    && !text[piece.range.clone()].starts_with('>')
                    && (last.marker.is_some() || piece.indent <= last.indent) =>
            {
                last.range.end = piece.range.end;
                last.words.end = piece.words.end;
            }
            _ => joined.push(piece),
        }
        last_width = own;
    }
    *pieces = joined;
}

/// The column at which the text was wrapped, if nearly all of its lines end before it.
fn margin(pieces: &[Piece], width: impl Fn(&Piece) -> usize) -> Option<usize> {
    let mut widths: Vec<usize> = pieces.iter().map(width).collect();
    widths.sort_unstable();
    // One line in fifty may be wider: a long address, a heading.
    let margin = *widths.get(widths.len().saturating_sub(1 + widths.len() / 50))?;
    (NARROWEST_WRAP..=WIDEST_WRAP).contains(&margin).then_some(margin)
}

/// The words of a line with single spaces, and what was mended to get them.
fn clean(raw: &str, number: usize, vocabulary: &Vocabulary) -> (String, Vec<Repair>) {
    let mut clean = String::with_capacity(raw.len());
    let mut repairs = Vec::new();
    let mut line = number;
    let mut blank = false;
    let mut newline = false;
    for c in raw.chars() {
        if c == '\n' {
            line += 1;
            newline = true;
        }
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if is_dropped(c) {
            continue;
        }
        if blank && !clean.is_empty() {
            match newline.then(|| hyphenated(&clean, c)).flatten() {
                Some(before) => {
                    clean.pop();
                    repairs.push(Repair {
                        line: line - 1,
                        before: format!("{before}-"),
                        after: before,
                        kind: RepairKind::Hyphenation,
                    });
                }
                None => clean.push(' '),
            }
        }
        blank = false;
        newline = false;
        clean.push(c);
    }
    rejoin_torn_words(&mut clean, number, vocabulary, &mut repairs);
    (clean, repairs)
}

/// The first half of a word that a hyphen at the line's end divides, when the next line goes on with `next`.
fn hyphenated(clean: &str, next: char) -> Option<String> {
    let before = clean.strip_suffix('-')?;
    let half = before.rsplit(|c: char| !c.is_alphabetic()).next()?;
    (next.is_lowercase() && half.chars().count() >= 2 && half.chars().all(char::is_lowercase))
        .then(|| half.to_owned())
}

/// The shortest word that is put together again ("to day" could be meant).
const SHORTEST_TORN: usize = 6;

/// Joins two halves of a word that a stray space tore apart: neither half is a word, the whole is a common one.
fn rejoin_torn_words(clean: &mut String, number: usize, vocabulary: &Vocabulary, repairs: &mut Vec<Repair>) {
    let is_word = |half: &str| words::is_common(half) || vocabulary.get(half).is_some_and(|count| *count > 1);
    let mut from = 0;
    while let Some(space) = clean[from..].find(' ').map(|at| from + at) {
        let left = clean[..space].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        let rest = &clean[space + 1..];
        let right_end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let right = &rest[..right_end];
        let plain = |half: &str| half.len() >= 2 && half.bytes().all(|byte| byte.is_ascii_lowercase());
        if plain(left) && plain(right) && left.len() + right.len() >= SHORTEST_TORN {
            let whole = format!("{left}{right}");
            if words::is_common(&whole) && !is_word(left) && !is_word(right) {
                repairs.push(Repair {
                    line: number,
                    before: format!("{left} {right}"),
                    after: whole,
                    kind: RepairKind::StraySpace,
                });
                clean.remove(space);
                from = space;
                continue;
            }
        }
        from = space + 1;
    }
}
