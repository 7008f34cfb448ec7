//! What an article is made of, and the lines it is made from.

use std::ops::Range;

use super::lines::{Line, Marker};
use super::verbatim::Verbatim;

/// A block of the article.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// A heading; the title is level 1 and not among the blocks.
    Heading {
        /// 2 for a section, 3 for a part of it.
        level: u8,
        /// Its words.
        words: Words,
    },
    /// A paragraph: one line, or several whose breaks are kept (verse, addresses).
    Paragraph(Vec<Words>),
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A quotation.
    Quotation(Vec<Block>),
    /// A table: the rows, the first being the head.
    Table(Vec<Vec<String>>),
    /// Code, as it stands.
    Code {
        /// Its language, as the fence names it.
        language: String,
        /// Its lines.
        text: String,
    },
    /// A rule between two scenes.
    Rule,
    /// A footnote.
    Note {
        /// Its number.
        number: u64,
        /// Its words.
        words: Words,
    },
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// The bytes in the decoded text of its number's digits, or of the letter that is its bullet.
    pub digits: Option<Range<usize>>,
    /// Its words, and what is nested in it.
    pub blocks: Vec<Block>,
}

impl Item {
    /// An item of nothing but words.
    pub(super) fn plain(text: &str) -> Item {
        Item { digits: None, blocks: vec![Block::paragraph(text)] }
    }
}

/// Words of one line, the first `bold` bytes being a lead-in.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Words {
    /// The words.
    pub text: String,
    /// How many bytes are set in bold.
    pub bold: usize,
    /// The marks of footnotes: the bytes of `[3]`, in order.
    pub marks: Vec<Range<usize>>,
}

impl Words {
    /// Words without a lead-in.
    pub(super) fn plain(text: impl Into<String>) -> Words {
        Words { text: text.into(), bold: 0, marks: Vec::new() }
    }
}

impl Block {
    /// A paragraph of one line.
    pub(super) fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph(vec![Words::plain(text)])
    }

    /// The words of a paragraph of one line.
    pub(super) fn line(&self) -> Option<&Words> {
        match self {
            Block::Paragraph(lines) if lines.len() == 1 => lines.first(),
            Block::Paragraph(_)
            | Block::Heading { .. }
            | Block::List { .. }
            | Block::Quotation(_)
            | Block::Table(_)
            | Block::Code { .. }
            | Block::Rule
            | Block::Note { .. } => None,
        }
    }
}

/// Blocks read from the start of some lines, and how many lines they took.
pub(super) type Run = Option<(usize, Vec<Block>)>;

/// A line that stays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'a> {
    /// The line.
    pub line: &'a Line,
    /// Whether it is a heading.
    pub heading: bool,
    /// The level of a heading that is known by the rule beneath it.
    pub level: Option<u8>,
    /// The rule right beneath it: its character, and how many of them.
    pub ruled: Option<(char, usize)>,
    /// Whether a line that doesn't stay stands between this one and the one before.
    pub parted: bool,
    /// Whether a rule stands alone between this line and the one before.
    pub after_rule: bool,
    /// The language of the fence that opens before it.
    pub language: Option<&'a str>,
}

impl Kept<'_> {
    /// Whether it is code or part of a drawing.
    pub(super) fn is_code(&self) -> bool {
        self.line.verbatim == Some(Verbatim::Code)
    }

    /// Whether it follows the line before it without a blank line or anything else between.
    pub(super) fn adjoins(&self) -> bool {
        self.line.gap == 0 && !self.parted
    }

    /// Whether it is nothing but words: no heading, no item, no code.
    pub(super) fn is_plain(&self) -> bool {
        !self.heading && !self.is_code() && self.line.marker.is_none()
    }

    /// Its words with the number or letter it starts with, for what is no list's.
    pub(super) fn full_text(&self, text: &str) -> String {
        let raw = &text[self.line.range.start..self.line.words(text).start];
        match &self.line.marker {
            Some(Marker::Number { .. }) => {
                let number: String = raw.split_whitespace().collect();
                format!("{number} {}", self.line.text)
            }
            // A letter that was taken for a bullet is a word of the text all the same.
            Some(Marker::Bullet) if raw.starts_with(char::is_alphanumeric) => {
                format!("{} {}", raw.trim(), self.line.text)
            }
            Some(Marker::Bullet) | None => self.line.text.clone(),
        }
    }
}
