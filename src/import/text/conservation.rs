//! Nothing is lost: every letter and digit of a seed is in the body or among the removals.
//!
//! In: the decoded text and its [`Reading`]. Out: nothing, or the first place where the two differ. The
//! body is compared as a reader sees it, rendered from its Markdown; so escaping is checked as well.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Reading;
use super::pieces::is_line_end;

/// The first place where letters or digits of the seed are missing from the body, or the body has others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// The seed and the body go on differently.
    #[error("line {line}: the seed goes on with `{seed}`, the article with `{body}`")]
    Words {
        /// The 1-based line of the decoded text.
        line: usize,
        /// What the seed has there.
        seed: String,
        /// What the body has instead.
        body: String,
    },
    /// A removal or list number doesn't stand where it says, or they overlap or are out of order.
    #[error("line {line}: the account of removals doesn't match the seed")]
    Account {
        /// The 1-based line of the decoded text.
        line: usize,
    },
}

/// Words shown of each side.
const SHOWN: usize = 8;

/// Checks that the letters and digits of the text, less those removed and the numbers of lists, are those of
/// the body, in order.
pub fn check(text: &str, reading: &Reading) -> Result<(), Breach> {
    let gaps = gaps(text, reading)?;
    let body = visible(&reading.body);
    let mut left = body.char_indices().filter(|(_, c)| c.is_alphanumeric());
    let mut gaps = gaps.into_iter().peekable();
    let mut at = 0;
    while at < text.len() {
        if let Some(gap) = gaps.next_if(|gap| gap.start <= at) {
            at = at.max(gap.end);
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if c.is_alphanumeric() {
            match left.next() {
                Some((_, other)) if other == c => {}
                other => {
                    let rest = other.map_or("", |(place, _)| &body[place..]);
                    return Err(Breach::Words {
                        line: line(text, at),
                        seed: words(&text[at..]),
                        body: words(rest),
                    });
                }
            }
        }
        at += c.len_utf8();
    }
    match left.next() {
        None => Ok(()),
        Some((place, _)) => Err(Breach::Words {
            line: line(text, text.len()),
            seed: String::new(),
            body: words(&body[place..]),
        }),
    }
}

/// The ranges of the text that aren't in the body, checked to be what they say they are, in order.
fn gaps(text: &str, reading: &Reading) -> Result<Vec<Range<usize>>, Breach> {
    let mut gaps = Vec::with_capacity(reading.removals.len() + reading.list_numbers.len());
    for removal in &reading.removals {
        if text.get(removal.range.clone()) != Some(removal.text.as_str()) {
            return Err(Breach::Account { line: removal.line });
        }
        gaps.push(removal.range.clone());
    }
    for number in &reading.list_numbers {
        if !is_list_number(text, number) {
            return Err(Breach::Account { line: line(text, number.start) });
        }
        gaps.push(number.clone());
    }
    gaps.sort_by_key(|gap| (gap.start, gap.end));
    match gaps.windows(2).find(|pair| pair[0].end > pair[1].start) {
        Some(pair) => Err(Breach::Account { line: line(text, pair[1].start) }),
        None => Ok(gaps),
    }
}

/// Whether the bytes start a line and are a list's: digits before a full stop or bracket, or the letter `o` that
/// stands for a bullet.
fn is_list_number(text: &str, number: &Range<usize>) -> bool {
    let Some(mark) = text.get(number.clone()) else { return false };
    let before = text[..number.start].chars().rev();
    let starts_line =
        before.take_while(|c| *c != '\n' && !is_line_end(*c)).take(64).all(|c| !c.is_alphanumeric());
    let rest = &text[number.end..];
    let is_number = mark.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with(['.', ')']);
    starts_line && (is_number || (mark == "o" && rest.starts_with(char::is_whitespace)))
}

/// The text of Markdown as a reader sees it.
pub(in crate::import) fn visible(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let mut visible = String::with_capacity(markdown.len());
    // The words that stand for a picture are not shown beside it.
    let mut pictures = 0_usize;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
            _ if pictures > 0 => {}
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                visible.push_str(&text);
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition,
            ) => {
                visible.push('\n');
            }
            Event::End(TagEnd::TableCell) => visible.push(' '),
            Event::Start(Tag::Link { .. }) => {}
            // Markup of any other kind shows nothing.
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
            Event::Rule | Event::Start(_) | Event::End(_) => {}
        }
    }
    visible
}

/// The 1-based line of a byte.
fn line(text: &str, at: usize) -> usize {
    text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// The first few words.
fn words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(SHOWN).collect();
    let words = words.join(" ");
    words.chars().take(120).collect()
}
