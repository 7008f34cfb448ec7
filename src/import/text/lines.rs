//! The lines of a seed: where they stand, how they are marked, and their words with clean spacing.
//!
//! In: the decoded text. Out: one [`Line`] for each paragraph-like line that isn't blank; lines which an
//! editor or mail program had wrapped at a fixed width are one again. Nothing is judged here.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::pieces::{self, is_dropped};
use super::verbatim::{self, Verbatim};
use super::{Repair, RepairKind, words, wraps};

pub(super) use super::pieces::{Marker, is_blank};

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
    /// Whether it is kept as it stands, and as what.
    pub verbatim: Option<Verbatim>,
}

/// How often each word of the text occurs, in lower case: what tells a torn word from two words.
pub(super) type Vocabulary = FxHashMap<String, u32>;

/// Splits the text into its lines.
pub(super) fn of(text: &str, vocabulary: &Vocabulary) -> Vec<Line> {
    let pieces = pieces::of(text);
    let verbatim = verbatim::of(text, &pieces);
    let mut lines = Vec::with_capacity(pieces.len());
    for (piece, verbatim) in wraps::join(text, pieces, verbatim) {
        let mut line = Line {
            number: piece.number,
            range: piece.range,
            indent: piece.indent,
            gap: piece.gap,
            marker: piece.marker,
            text: String::new(),
            repairs: Vec::new(),
            verbatim,
        };
        line.read(text, piece.words, vocabulary);
        lines.push(line);
    }
    lines
}

/// Counts the words of the text.
pub(super) fn vocabulary(text: &str) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let word = words::low(word);
        match vocabulary.get_mut(word.as_ref()) {
            Some(count) => *count += 1,
            None => drop(vocabulary.insert(word.into_owned(), 1)),
        }
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
            verbatim: self.verbatim,
        };
        second.read(text, second_start..words.end, vocabulary);
        Some((first, second))
    }

    /// The bytes of the line's words, after the marker.
    pub(super) fn words(&self, text: &str) -> Range<usize> {
        let start = match self.marker {
            None => self.range.start,
            Some(_) => pieces::words_start(&text[self.range.clone()], self.range.start),
        };
        start..self.range.end
    }
}

/// The words of a line with single spaces, and what was mended to get them.
fn clean(raw: &str, number: usize, vocabulary: &Vocabulary) -> (String, Vec<Repair>) {
    let mut clean = String::with_capacity(raw.len());
    let mut repairs = Vec::new();
    let mut line = number;
    let mut blank = false;
    let mut newline = false;
    let mut soft = false;
    for (at, c) in raw.char_indices() {
        if c == '\n' {
            line += 1;
            newline = true;
        }
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if is_dropped(c) {
            soft = c == '\u{ad}';
            continue;
        }
        if blank && !clean.is_empty() {
            let divided = if newline { divided(&clean, &raw[at..], soft, vocabulary) } else { None };
            match divided {
                Some(Divided::Word(before)) => {
                    if !soft {
                        clean.pop();
                    }
                    repairs.push(Repair {
                        line: line - 1,
                        before: format!("{before}-"),
                        after: before,
                        kind: RepairKind::Hyphenation,
                    });
                }
                Some(Divided::Compound) => {}
                None => clean.push(' '),
            }
        }
        soft = false;
        blank = false;
        newline = false;
        clean.push(c);
    }
    rejoin_torn_words(&mut clean, number, vocabulary, &mut repairs);
    (clean, repairs)
}

/// What a hyphen at the end of a line divides.
enum Divided {
    /// A word that has no hyphen: its first half.
    Word(String),
    /// A compound that keeps its hyphen.
    Compound,
}

/// The words that follow a hyphen which stands for a part left out: "first- and second-year".
const AFTER_SUSPENDED: [&str; 12] =
    ["and", "or", "to", "und", "oder", "bis", "bzw", "et", "ou", "y", "e", "en"];
/// First halves that keep their hyphen.
const HYPHENATED: [&str; 9] = ["well", "self", "ex", "half", "ill", "so", "all", "vice", "mid"];

/// What the end of `clean`, a hyphen or (`soft`) a soft one, divides when the next line starts with `next`.
///
/// Two words of their own make a compound, unless the text or the list of common words has them as one.
fn divided(clean: &str, next: &str, soft: bool, vocabulary: &Vocabulary) -> Option<Divided> {
    let before = if soft { clean } else { clean.strip_suffix('-')? };
    let half = before.rsplit(|c: char| !c.is_alphabetic()).next()?;
    let rest = next.split(|c: char| !c.is_alphabetic()).next()?;
    let starts_low = rest.starts_with(char::is_lowercase);
    if soft {
        return starts_low.then(|| Divided::Word(half.to_owned()));
    }
    // "Jean-" before "Luc", "mid-" before "1990s".
    if half.is_empty() || AFTER_SUSPENDED.contains(&rest) {
        return None;
    }
    if !starts_low || before.ends_with('-') {
        let is_compound = !before.ends_with('-') && next.starts_with(char::is_alphanumeric);
        return is_compound.then_some(Divided::Compound);
    }
    let low = half.to_lowercase();
    let whole = format!("{low}{rest}");
    let is_known = |word: &str| words::is_common(word) || vocabulary.contains_key(word);
    // Every word counts itself: each half stands alone at the break.
    let is_word = |word: &str| words::is_common(word) || vocabulary.get(word).is_some_and(|count| *count > 1);
    let is_chain = before[..before.len() - half.len()].ends_with('-');
    if is_chain || HYPHENATED.contains(&low.as_str()) {
        return Some(Divided::Compound);
    }
    if !is_known(&whole) && (half.chars().count() < 2 || (is_word(&low) && is_word(rest))) {
        return Some(Divided::Compound);
    }
    Some(Divided::Word(half.to_owned()))
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
        let may_be_torn = plain(left) && plain(right) && left.len() + right.len() >= SHORTEST_TORN;
        if may_be_torn && !is_word(left) && !is_word(right) {
            let whole = format!("{left}{right}");
            if words::is_common(&whole) {
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
