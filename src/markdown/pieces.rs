//! Markdown as a stream of events that says where passages begin and end: the same for reading a body and
//! for writing it as HTML, so that both count the same passages.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::addresses::link_addresses;

/// An event, its place, and what it does to passages.
pub(super) struct Piece<'a> {
    pub event: Event<'a>,
    pub range: Range<usize>,
    /// What is typed, where the event's text is a quotation mark, a dash or an ellipsis in its place.
    pub typed: Option<&'a str>,
    /// A paragraph that holds nothing but `![[Title#Heading]]`, and that itself: a section is shown in its place.
    pub is_section: bool,
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
    /// A paragraph, a list item, a term or its definition, a table.
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
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
}

/// Reads a source in the dialect.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    // A tight list item holds its text without a paragraph: the item itself is the passage then.
    let mut in_tight_item = false;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        let event = formula(event, source, &range);
        let typed = typed(&event, source, &range);
        let mut piece = Piece {
            event,
            range,
            typed,
            is_section: false,
            closes_before: false,
            opens: None,
            closes_after: false,
        };
        if is_inline(&piece.event) {
            if let Some(Piece {
                event: Event::Start(Tag::Item | Tag::DefinitionListDefinition), opens, ..
            }) = pieces.last_mut()
            {
                *opens = Some(Kind::Running);
                in_tight_item = true;
            }
        } else if in_tight_item {
            piece.closes_before = true;
            in_tight_item = false;
        }
        match &piece.event {
            Event::Start(Tag::Paragraph | Tag::Table(_) | Tag::DefinitionListTitle) => {
                piece.opens = Some(Kind::Running);
            }
            Event::Start(Tag::Heading { level, .. }) => piece.opens = Some(Kind::Heading(*level as u8)),
            Event::End(
                TagEnd::Paragraph | TagEnd::Table | TagEnd::Heading(_) | TagEnd::DefinitionListTitle,
            ) => piece.closes_after = true,
            _ => {}
        }
        pieces.push(piece);
    }
    mark_sections(&mut pieces);
    link_addresses(pieces)
}

/// The kinds of picture that `![[...]]` shows; anything else is a section of a text.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "heic"];

/// Whether an event begins `![[Title#Heading]]`, and not `![[picture.png]]`.
pub(super) fn is_section(tag: &Tag<'_>) -> bool {
    let Tag::Image { link_type: LinkType::WikiLink { .. }, dest_url, .. } = tag else { return false };
    let ending = dest_url.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    !PICTURES.contains(&ending.as_str())
}

fn mark_sections(pieces: &mut [Piece<'_>]) {
    for start in 0..pieces.len() {
        let [paragraph, image, ..] = &pieces[start..] else { break };
        let Event::Start(tag) = &image.event else { continue };
        if !matches!(paragraph.event, Event::Start(Tag::Paragraph)) || !is_section(tag) {
            continue;
        }
        let closes = |piece: &Piece<'_>| {
            matches!(piece.event, Event::End(TagEnd::Image)) && piece.range == image.range
        };
        let end = pieces[start..].iter().position(closes).and_then(|at| pieces.get(start + at + 1));
        if end.is_some_and(|piece| matches!(piece.event, Event::End(TagEnd::Paragraph))) {
            pieces[start].is_section = true;
            pieces[start + 1].is_section = true;
        }
    }
}

/// Formulas as they are written: ``$`x`$`` is the formula between the ticks, and a dollar sign before a digit
/// closes none (`$5-$10`).
fn formula<'a>(event: Event<'a>, source: &'a str, range: &Range<usize>) -> Event<'a> {
    let Event::InlineMath(tex) = &event else { return event };
    let inner = tex.trim_matches('`');
    let ticks = |side: &str| side.bytes().take_while(|byte| *byte == b'`').count();
    if inner.len() + 2 * ticks(tex) == tex.len() && ticks(tex) > 0 && !inner.trim().is_empty() {
        return Event::InlineMath(CowStr::from(inner.trim().to_owned()));
    }
    if source[range.end..].starts_with(|c: char| c.is_ascii_digit()) {
        return Event::Text(CowStr::Borrowed(&source[range.clone()]));
    }
    event
}

/// What is typed where the text is a typographic mark.
fn typed<'a>(event: &Event<'_>, source: &'a str, range: &Range<usize>) -> Option<&'a str> {
    let Event::Text(text) = event else { return None };
    let typed = &source[range.clone()];
    let is_mark =
        matches!(typed, "\"" | "'" | "...") || (typed.len() > 1 && typed.bytes().all(|b| b == b'-'));
    (is_mark && typed != &**text).then_some(typed)
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
