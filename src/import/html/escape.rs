//! Text as Markdown that shows exactly that text.
//!
//! In: a stretch of text and where it stands. Out: Markdown, escaped as far as needed. The rules lean to escaping
//! once too often; [`shows`] tells whether a piece of Markdown shows what it should, and [`strictly`] always does.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// Where a stretch of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph.
    Paragraph,
    /// In a heading.
    Heading,
    /// In a cell of a table.
    Cell,
}

/// Escapes text within a line. `before` is the character in front of it, `linked` whether it is a link's text.
pub(super) fn text(text: &str, place: Place, linked: bool, mut before: Option<char>) -> String {
    let brackets = text.contains("](") || text.contains("][") || text.contains("]:");
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let after = rest.chars().next();
        let is_spaced = before.is_none_or(char::is_whitespace) && after.is_some_and(char::is_whitespace);
        let in_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let is_special = match c {
            '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
            '*' | '~' => !is_spaced,
            '_' => !is_spaced && !in_word,
            '`' => true,
            '<' => after.is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => is_entity(rest),
            '[' => {
                linked
                    || brackets
                    || before.is_none()
                    || after.is_none_or(|c| matches!(c, '^' | '[' | '!' | ' ' | 'x' | 'X'))
            }
            ']' => linked || brackets || after.is_none(),
            // At the end, a link may follow and make a picture of it.
            '!' => after.is_none_or(|c| c == '['),
            '|' => place == Place::Cell,
            // Where no dollar sign could end a formula, none begins one: prices stay as they are.
            '$' => before.is_some_and(|c| !c.is_whitespace()),
            '{' => place == Place::Heading,
            '#' => place == Place::Heading && after.is_none(),
            _ => false,
        };
        if is_special {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

/// Escapes what would be read as a block's markup at the start of a line.
pub(super) fn line_start(line: &str) -> String {
    match block_mark(line) {
        Some(at) => format!("{}\\{}", &line[..at], &line[at..]),
        None => line.to_owned(),
    }
}

/// Escapes every ASCII punctuation mark.
pub(super) fn strictly(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Writes code within a line.
pub(super) fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A fence that no line of the code closes.
pub(super) fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Whether the Markdown shows the text, space aside.
pub(super) fn shows(markdown: &str, text: &str) -> bool {
    let mut expected = text.chars().filter(|c| !c.is_whitespace());
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let mut pictures = 0;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(pulldown_cmark::Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures -= 1,
            Event::Text(shown) | Event::Code(shown) if pictures == 0 => {
                for c in shown.chars().filter(|c| !c.is_whitespace()) {
                    if expected.next() != Some(c) {
                        return false;
                    }
                }
            }
            // A formula is written as code between dollar signs; any other is text taken for one.
            Event::InlineMath(tex) if pictures == 0 && tex.starts_with('`') => {
                for c in format!("${}$", tex.trim_matches('`')).chars().filter(|c| !c.is_whitespace()) {
                    if expected.next() != Some(c) {
                        return false;
                    }
                }
            }
            Event::InlineMath(_) | Event::DisplayMath(_) if pictures == 0 => return false,
            Event::Html(_) | Event::InlineHtml(_) => return false,
            _ => {}
        }
    }
    expected.next().is_none()
}

/// Whether what follows an ampersand makes it a character reference.
fn is_entity(rest: &str) -> bool {
    let end = rest.bytes().take(34).position(|byte| byte == b';');
    end.is_some_and(|end| {
        end > 0 && rest.as_bytes()[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
    })
}

/// The byte at the start of a line that would be read as markup of a block.
fn block_mark(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let parted = |length: usize| line[length..].is_empty() || line[length..].starts_with(char::is_whitespace);
    let only = |marks: &[char]| line.chars().all(|c| marks.contains(&c) || c == ' ');
    let is_mark = match first {
        '#' => {
            let marks = line.bytes().take_while(|byte| *byte == b'#').count();
            marks <= 6 && parted(marks)
        }
        '>' | '|' => true,
        // It would make a definition of the line, and a term of the one before.
        ':' => true,
        '-' | '+' => parted(1) || only(&['-', ':', '|', '+']),
        '=' => only(&['=']),
        '~' => line.starts_with("~~~"),
        '0'..='9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let closes = line[digits..].starts_with(['.', ')']) && parted(digits + 1);
            return (closes && digits <= 9).then_some(digits);
        }
        _ => false,
    };
    is_mark.then_some(0)
}
