//! The text of one file, and where in it things are.
//!
//! In: a path and its text. Out: line and column of a byte offset, and [`Span`]s that point at a piece of
//! the file and keep hold of it, so that a problem can show the lines it is about; and [`Words`] of it, which many may hold
//! without a copy.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};

use crate::path::SitePath;

/// A file's text with the path it was read from. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: SitePath,
    text: String,
    /// Its BLAKE3 hash, once it is asked for.
    hash: OnceLock<[u8; 32]>,
    /// The positions of every [`STEP`]th byte, once one is asked for.
    positions: OnceLock<Vec<Position>>,
}

/// How far apart the places are whose positions are known: thousands of problems in one file, or on one line, shall not each
/// count it anew.
const STEP: usize = 1024;

impl PartialEq for Inner {
    fn eq(&self, other: &Inner) -> bool {
        (&self.path, &self.text) == (&other.path, &other.text)
    }
}

impl Eq for Inner {}

impl Text {
    /// Binds a text to the path it was read from.
    pub fn new(path: SitePath, text: String) -> Text {
        Text(Arc::new(Inner { path, text, hash: OnceLock::new(), positions: OnceLock::new() }))
    }

    /// The file's path below the site.
    pub fn path(&self) -> &SitePath {
        &self.0.path
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The BLAKE3 hash of the text, worked out once however often it is asked for.
    pub fn hash(&self) -> &[u8; 32] {
        self.0.hash.get_or_init(|| blake3::hash(self.as_str().as_bytes()).into())
    }

    /// A span over a byte range of this text; a range that reaches past the end is cut there.
    pub fn span(&self, range: Range<usize>) -> Span {
        let end = self.floor(range.end);
        Span { text: self.clone(), range: self.floor(range.start).min(end)..end }
    }

    /// Where a byte offset is.
    pub fn position(&self, offset: usize) -> Position {
        let text = self.as_str();
        let positions = self.0.positions.get_or_init(|| {
            let mut known = vec![Position::START];
            for (number, end) in (STEP..text.len()).step_by(STEP).enumerate() {
                let next = known[number].after(&text[self.floor(end - STEP)..self.floor(end)]);
                known.push(next);
            }
            known
        });
        let offset = self.floor(offset);
        let number = (offset / STEP).min(positions.len() - 1);
        positions[number].after(&text[self.floor(number * STEP)..offset])
    }

    fn floor(&self, offset: usize) -> usize {
        self.as_str().floor_char_boundary(offset)
    }
}

/// Line and column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl Position {
    /// Where a text begins.
    const START: Position = Position { line: 1, column: 1 };

    /// The position after some text that begins here.
    fn after(self, text: &str) -> Position {
        match text.rfind('\n') {
            None => Position { column: self.column + text.chars().count(), ..self },
            Some(newline) => Position {
                line: self.line + text.bytes().filter(|&byte| byte == b'\n').count(),
                column: text[newline + 1..].chars().count() + 1,
            },
        }
    }
}

/// The first control character of a text that is no white space: no page can show it, and XML may hold none.
pub fn control_in(text: &str) -> Option<char> {
    text.chars().find(|c| is_control(*c))
}

/// Whether a character is one that no page can show.
pub fn is_control(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
}

/// A text as it is quoted in a line for people: what would end the line, steer a terminal or turn the order of letters
/// round is written as Rust does, `\n` or `\u{1b}`.
pub fn quotable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let quoted = |c: char| if steers(c) { c.escape_default().collect() } else { String::from(c) };
    Cow::Owned(text.chars().map(quoted).collect())
}

/// The same for a text of several lines.
pub fn legible(text: &str) -> String {
    text.split('\n').map(quotable).collect::<Vec<_>>().join("\n")
}

/// Whether a character is none to be read: a control character, an end of a line or of a paragraph, or one that embeds or
/// overrides a direction of writing (Unicode Standard Annex 9).
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    text: Text,
    range: Range<usize>,
}

impl Span {
    /// The file the piece is in.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The piece's byte range in its file.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Where the piece begins.
    pub fn start(&self) -> Position {
        self.text.position(self.range.start)
    }
}

/// A piece of text in which a file's words are read, without their markup. Where it stands in the file letter by letter it
/// takes no room of its own. Cheap to clone; equal where the letters are.
#[derive(Clone)]
pub struct Words(Held);

#[derive(Clone)]
enum Held {
    InFile(Span),
    Alone(Arc<str>),
}

impl Words {
    /// Some words that may stand in a text from a byte offset on.
    pub fn at(text: &Text, start: usize, words: &str) -> Words {
        let range = start..start + words.len();
        match text.as_str().get(range.clone()) {
            Some(there) if there == words => Words(Held::InFile(Span { text: text.clone(), range })),
            Some(_) | None => Words::from(words),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Held::InFile(Span { text, range }) => &text.as_str()[range.clone()],
            Held::Alone(words) => words,
        }
    }
}

impl From<&str> for Words {
    fn from(words: &str) -> Words {
        Words(Held::Alone(words.into()))
    }
}

impl Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Words) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Words {}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_stand_in_a_file_take_no_room() {
        let text = Text::new(SitePath::new("a"), "Ännchen *sings* well".to_owned());
        let held = |start, words| Words::at(&text, start, words);
        assert!(matches!(held(0, "Ännchen").0, Held::InFile(_)));
        for (start, words) in [(0, "Ännchen sings"), (1, "nnchen"), (20, "ll"), (99, "well")] {
            assert!(matches!(held(start, words).0, Held::Alone(_)), "{words}");
            assert_eq!(held(start, words).as_str(), words);
        }
        assert_eq!(held(0, "Ännchen"), Words::from("Ännchen"));
    }

    #[test]
    fn what_is_quoted_stays_in_its_line() {
        assert!(matches!(quotable("“Naïve” \\n — 日本"), Cow::Borrowed(_)));
        assert_eq!(quotable("a\nb\u{1b}[31mc\0\u{85}\u{202e}d"), "a\\nb\\u{1b}[31mc\\u{0}\\u{85}\\u{202e}d");
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "ab\nçd\n";
        let at = |offset| {
            let Position { line, column } = Text::new(SitePath::new("a"), text.to_owned()).position(offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 3));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(4), (2, 1), "inside a character is that character");
        assert_eq!(at(5), (2, 2));
        assert_eq!(at(99), (3, 1));
    }

    #[test]
    fn positions_far_into_a_text_are_counted_as_near_ones() {
        let text = "ä long line, ".repeat(400) + "\n" + &"çd\n".repeat(2000);
        let bound = Text::new(SitePath::new("a"), text.clone());
        for offset in (0..text.len() + 3).step_by(7).chain([STEP - 1, STEP, STEP + 1, 2 * STEP]) {
            let counted = Position::START.after(&text[..text.floor_char_boundary(offset)]);
            assert_eq!(bound.position(offset), counted, "{offset}");
        }
    }
}
