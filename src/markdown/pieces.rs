//! Markdown as a stream of events that says where passages begin and end: the same for reading a body and
//! for writing it as HTML, so that both count the same passages.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// An event, its place, and what it does to passages.
pub(super) struct Piece<'a> {
    pub event: Event<'a>,
    pub range: Range<usize>,
    /// The passage open before this event ends there.
    pub closes_before: bool,
    /// A passage begins with this event; its id belongs on this element.
    pub opens: Option<Kind>,
    /// The open passage ends after this event.
    pub closes_after: bool,
}

/// The kinds of passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A paragraph, a list item or a table.
    Running,
    /// A heading of a level from 1 to 6.
    Heading(u8),
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_WIKILINKS
}

/// Reads a source in the dialect.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    // A tight list item holds its text without a paragraph: the item itself is the passage then.
    let mut in_tight_item = false;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        let mut piece = Piece { event, range, closes_before: false, opens: None, closes_after: false };
        if is_inline(&piece.event) {
            if let Some(Piece { event: Event::Start(Tag::Item), opens, .. }) = pieces.last_mut() {
                *opens = Some(Kind::Running);
                in_tight_item = true;
            }
        } else if in_tight_item {
            piece.closes_before = true;
            in_tight_item = false;
        }
        match &piece.event {
            Event::Start(Tag::Paragraph | Tag::Table(_)) => piece.opens = Some(Kind::Running),
            Event::Start(Tag::Heading { level, .. }) => piece.opens = Some(Kind::Heading(*level as u8)),
            Event::End(TagEnd::Paragraph | TagEnd::Table | TagEnd::Heading(_)) => piece.closes_after = true,
            _ => {}
        }
        pieces.push(piece);
    }
    pieces
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => is_inline_tag(&tag.to_end()),
        Event::End(end) => is_inline_tag(end),
        Event::Html(_) | Event::Rule => false,
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
    }
}

fn is_inline_tag(end: &TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
