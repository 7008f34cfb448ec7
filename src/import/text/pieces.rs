//! The lines of a seed as they stand: their place, their indentation, the bullet or number they start with.
//!
//! In: the decoded text. Out: one [`Piece`] for each line that isn't blank.

use std::ops::Range;

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

/// A number with more digits than this is a year or an amount, not a place in a list.
const LONGEST_NUMBER: usize = 3;

/// Columns counted for a tab.
const TAB: usize = 8;

/// A line before its words are cleaned.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Its 1-based number in the decoded text.
    pub number: usize,
    /// Its bytes, without the white space around it.
    pub range: Range<usize>,
    /// Columns of white space before it.
    pub indent: usize,
    /// Blank lines before it.
    pub gap: usize,
    /// The bullet or number it starts with.
    pub marker: Option<Marker>,
    /// Its bytes after the marker.
    pub words: Range<usize>,
}

/// The lines that aren't blank, as they stand in the text.
pub(super) fn of(text: &str) -> Vec<Piece> {
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
    mark_letters(text, &mut pieces);
    join_lone_bullets(text, pieces)
}

/// Joins bullets on lines of their own to the words on the line after, where the text does so again and again.
///
/// A bullet between two lines of a row without blank lines parts them, as in a byline; so the first line of a
/// group must be a bullet.
fn join_lone_bullets(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let is_lone =
        |piece: &Piece| piece.marker == Some(Marker::Bullet) && text[piece.words.clone()].trim().is_empty();
    let mut joins = vec![false; pieces.len()];
    let mut in_list = false;
    for index in 0..pieces.len().saturating_sub(1) {
        let next = &pieces[index + 1];
        let starts = index == 0 || pieces[index].gap > 0;
        in_list = is_lone(&pieces[index]) && next.gap == 0 && next.marker.is_none() && (starts || in_list)
            || (in_list && !starts && joins[index.saturating_sub(1)]);
        joins[index] = in_list && is_lone(&pieces[index]) && next.gap == 0 && next.marker.is_none();
    }
    if joins.iter().filter(|joins| **joins).count() < FEWEST_LONE {
        return pieces;
    }
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.into_iter().enumerate() {
        match joined.last_mut() {
            Some(bullet) if index > 0 && joins[index - 1] => {
                bullet.range.end = piece.range.end;
                bullet.words = piece.words;
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Bullets on lines of their own are joined to their words where there are at least this many.
const FEWEST_LONE: usize = 2;

/// Takes the letter `o` for a bullet where two lines in a row, or one under a bullet, start with it.
fn mark_letters(text: &str, pieces: &mut [Piece]) {
    let is_o = |piece: &Piece| {
        let raw = &text[piece.range.clone()];
        raw.strip_prefix('o').is_some_and(|rest| rest.starts_with(char::is_whitespace))
    };
    let found: Vec<bool> = pieces.iter().map(is_o).collect();
    for index in (0..pieces.len()).filter(|index| found[*index]) {
        let follows = index > 0
            && pieces[index].gap <= 1
            && (found[index - 1] || pieces[index - 1].marker == Some(Marker::Bullet));
        let leads = pieces.get(index + 1).is_some_and(|next| next.gap <= 1 && found[index + 1]);
        if (follows || leads)
            && let Some((marker, words)) =
                letter(&text[pieces[index].range.clone()], pieces[index].range.start)
        {
            pieces[index].marker = Some(marker);
            pieces[index].words.start = words;
        }
    }
}

/// Reads the letter `o` before a blank as a bullet: the bullet and the byte at which its words start.
fn letter(raw: &str, start: usize) -> Option<(Marker, usize)> {
    let rest = raw.strip_prefix('o')?;
    let words = rest.trim_start_matches(is_blank);
    (words.len() < rest.len() && !words.is_empty())
        .then_some((Marker::Bullet, start + raw.len() - words.len()))
}

/// The byte at which the words of a marked line start; `raw` stands at the byte `start`.
pub(super) fn words_start(raw: &str, start: usize) -> usize {
    marker(raw, start).or_else(|| letter(raw, start)).map_or(start, |(_, words)| words)
}

/// Whether a character leaves no mark on paper: white space, controls, invisible formatting.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_dropped(c)
}

/// Whether a character is left out of the words: controls, byte order marks, soft hyphens, zero-width spaces,
/// the places of lost pictures.
pub(super) fn is_dropped(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{feff}' | '\u{200b}' | '\u{ad}' | '\u{2060}' | '\u{fffc}')
}

/// The line ends that aren't `\n`.
pub(super) fn is_line_end(c: char) -> bool {
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
        let typed = matches!(first, '*' | '-' | '+' | '–' | '·');
        if rest.len() == words.len() && typed && !rest.is_empty() {
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
            | '➔'
            | '➜'
            | '◆'
            | '◇'
            | '❑'
            | '❏'
            | '☐'
            | '☑'
            | '\u{f0b7}'
            | '\u{f0a7}'
            | '\u{f0d8}'
            | '\u{f0fc}'
            | '\u{f076}'
    )
}
