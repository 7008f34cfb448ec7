//! The text of one file, and where in it things are.
//!
//! In: a path and its text. Out: line and column of a byte offset, and [`Span`]s that point at a piece of
//! the file and keep hold of it, so that a problem can show the lines it is about.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::path::SitePath;

/// A file's text with the path it was read from. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    path: SitePath,
    text: String,
}

impl Text {
    /// Binds a text to the path it was read from.
    pub fn new(path: SitePath, text: String) -> Text {
        Text(Arc::new(Inner { path, text }))
    }

    /// The file's path below the site.
    pub fn path(&self) -> &SitePath {
        &self.0.path
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// A span over a byte range of this text; a range that reaches past the end is cut there.
    pub fn span(&self, range: Range<usize>) -> Span {
        let end = self.floor(range.end);
        Span { text: self.clone(), range: self.floor(range.start).min(end)..end }
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

/// The position of a byte offset in a text.
pub fn position(text: &str, offset: usize) -> Position {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    Position { line, column: before[line_start..].chars().count() + 1 }
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
        position(self.text.as_str(), self.range.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_stays_in_its_line() {
        assert!(matches!(quotable("“Naïve” \\n — 日本"), Cow::Borrowed(_)));
        assert_eq!(quotable("a\nb\u{1b}[31mc\0\u{85}\u{202e}d"), "a\\nb\\u{1b}[31mc\\u{0}\\u{85}\\u{202e}d");
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "ab\nçd\n";
        let at = |offset| {
            let Position { line, column } = position(text, offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 3));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(4), (2, 1), "inside a character is that character");
        assert_eq!(at(5), (2, 2));
        assert_eq!(at(99), (3, 1));
    }
}
