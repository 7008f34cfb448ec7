//! The one dialect of Markdown: `CommonMark` with GFM's tables, strikethrough and task lists, footnotes and
//! wikilinks; quotes and dashes typographic.
//!
//! In: a range of a text. Out: a [`Body`], the passages, headings, links and pictures that later phases think about,
//! each with its place; and, once links are resolved, [`html`].

mod highlight;
mod html;
mod pieces;

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::address::short_slug;
use crate::text::{Span, Text};

pub use html::{Href, Source, escaped, html, safe_schemes};
use pieces::{Kind, pieces};

/// A text in the dialect, with what is worth knowing of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    text: Text,
    range: Range<usize>,
    /// The pieces of running text, in reading order: paragraphs, list items, headings, tables.
    pub passages: Vec<Passage>,
    /// The headings.
    pub headings: Vec<Heading>,
    /// The links, images left out.
    pub links: Vec<Link>,
    /// The pictures.
    pub pictures: Vec<Picture>,
    /// How many words it has, code included.
    pub words: usize,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What links to it: `p-1a2b3c4d`, made from its words alone, so that it stays when others move; a
    /// heading's is made from its title.
    pub id: String,
    /// Its words, without markup; white space folded.
    pub text: String,
    /// Whether it is a heading.
    pub is_heading: bool,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What links to it.
    pub id: String,
    /// 1 to 6.
    pub level: u8,
    /// Its words.
    pub title: String,
}

/// A link as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// What it names.
    pub target: Target,
    /// Its place in the file.
    pub span: Span,
    /// The passage it stands in, by index.
    pub passage: usize,
    /// The link's own words, as a byte range of the passage's text.
    pub words: Range<usize>,
}

/// A picture as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The file or address it names.
    pub destination: String,
    /// Its place in the file.
    pub span: Span,
}

/// What a link names, before anyone knows whether it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `[[Title]]`, `[[slug#Heading|words]]`
    Wiki {
        /// A title, slug or alias; empty for a heading of the same page.
        name: String,
        /// The heading.
        heading: Option<String>,
    },
    /// `[words](destination)`, an address or a file.
    Destination(String),
}

impl Body {
    /// Reads a range of a text.
    pub fn read(text: &Text, range: Range<usize>) -> Body {
        let mut reader = Reader::new(text, range.clone());
        for piece in pieces(&text.as_str()[range]) {
            if piece.closes_before {
                reader.close();
            }
            if let Some(kind) = piece.opens {
                reader.open = Some(Open { kind, text: String::new() });
            }
            reader.event(&piece.event, piece.range);
            if piece.closes_after {
                reader.close();
            }
        }
        reader.body
    }

    /// The Markdown itself.
    pub fn source(&self) -> &str {
        &self.text.as_str()[self.range.clone()]
    }

    /// The place of the whole body in its file.
    pub fn span(&self) -> Span {
        self.text.span(self.range.clone())
    }

    /// Whether it has a passage or heading with this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.passages.iter().any(|passage| passage.id == id)
    }
}

struct Reader {
    body: Body,
    at: usize,
    ids: BTreeMap<String, usize>,
    open: Option<Open>,
    /// Links begun and not ended: what they name, their place, and where their words begin.
    links: Vec<(Target, Range<usize>, usize)>,
}

/// A passage begun.
struct Open {
    kind: Kind,
    text: String,
}

impl Reader {
    fn new(text: &Text, range: Range<usize>) -> Reader {
        let at = range.start;
        let (passages, headings) = (Vec::new(), Vec::new());
        let (links, pictures) = (Vec::new(), Vec::new());
        let body = Body { text: text.clone(), range, passages, headings, links, pictures, words: 0 };
        Reader { body, at, ids: BTreeMap::new(), open: None, links: Vec::new() }
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                match &mut self.open {
                    Some(open) => open.text.push_str(text),
                    None => self.body.words += text.split_whitespace().count(),
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => self.push_space(),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                self.links.push((target(*link_type, dest_url), range, self.length()));
            }
            Event::End(TagEnd::Link) => {
                if let Some((target, range, start)) = self.links.pop() {
                    let span = self.body.text.span(range.start + self.at..range.end + self.at);
                    let (passage, words) = (self.body.passages.len(), start..self.length());
                    self.body.links.push(Link { target, span, passage, words });
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let span = self.body.text.span(range.start + self.at..range.end + self.at);
                self.body.pictures.push(Picture { destination: dest_url.to_string(), span });
            }
            Event::Start(_)
            | Event::End(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::Rule => {}
        }
    }

    fn length(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.text.len())
    }

    /// White space is folded as it comes, so that places in the text stay true.
    fn push_space(&mut self) {
        if let Some(open) = &mut self.open
            && !open.text.is_empty()
            && !open.text.ends_with(' ')
        {
            open.text.push(' ');
        }
    }

    fn close(&mut self) {
        let Some(Open { kind, mut text }) = self.open.take() else { return };
        text.truncate(text.trim_end().len());
        self.body.words += text.split_whitespace().count();
        let stem = match kind {
            Kind::Heading(_) => {
                Some(short_slug(&text)).filter(|slug| !slug.is_empty()).unwrap_or("section".into())
            }
            Kind::Running => passage_id(&text),
        };
        let id = unique(stem, &mut self.ids);
        if let Kind::Heading(level) = kind {
            self.body.headings.push(Heading { id: id.clone(), level, title: text.clone() });
        }
        self.body.passages.push(Passage { id, text, is_heading: matches!(kind, Kind::Heading(_)) });
    }
}

/// Eight hexadecimal digits of the words' hash: enough that two passages of one page do not meet.
fn passage_id(text: &str) -> String {
    format!("p-{}", &blake3::hash(text.as_bytes()).to_hex()[..8])
}

/// The id itself the first time, then `id-2`, `id-3`.
fn unique(id: String, taken: &mut BTreeMap<String, usize>) -> String {
    let count = taken.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
    if *count == 1 {
        return id;
    }
    let next = format!("{id}-{count}");
    unique(next, taken)
}

fn target(link_type: LinkType, destination: &str) -> Target {
    match link_type {
        LinkType::WikiLink { .. } => {
            let (name, heading) = match destination.split_once('#') {
                Some((name, heading)) => {
                    (name, Some(heading.trim().to_owned()).filter(|heading| !heading.is_empty()))
                }
                None => (destination, None),
            };
            Target::Wiki { name: name.trim().to_owned(), heading }
        }
        LinkType::Email => Target::Destination(format!("mailto:{destination}")),
        LinkType::Inline
        | LinkType::Reference
        | LinkType::ReferenceUnknown
        | LinkType::Collapsed
        | LinkType::CollapsedUnknown
        | LinkType::Shortcut
        | LinkType::ShortcutUnknown
        | LinkType::Autolink => Target::Destination(destination.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;

    pub(super) fn body(markdown: &str) -> Body {
        let text = Text::new(SitePath::new("a.md"), markdown.to_owned());
        Body::read(&text, 0..markdown.len())
    }

    fn passages(markdown: &str, expected: &[&str]) {
        let body = body(markdown);
        let found: Vec<_> = body.passages.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(found, expected, "{markdown}");
    }

    #[test]
    fn every_piece_of_running_text_is_a_passage() {
        passages("One\ntwo *three*.\n\n## Head `code`\n\nFour.", &["One two three.", "Head code", "Four."]);
        passages("- a *b*\n- c\n  - d\n- e\n\n1. loose\n\n2. list", &["a b", "c", "d", "e", "loose", "list"]);
        passages("> quoted\n>\n> - item\n>   # head in item", &["quoted", "item", "head in item"]);
        passages("| a | b |\n|---|---|\n| c | d |", &["a b c d"]);
        passages("```rust\nlet a = 1;\n```", &[]);
        passages("- [x] done\n- `code`\n- ", &["done", "code"]);
    }

    #[test]
    fn ids_come_from_the_words_and_are_unique() {
        let one = body("Same.\n\nSame.\n\n## A\n\n## A\n\n## ?");
        let ids: Vec<_> = one.passages.iter().map(|passage| passage.id.clone()).collect();
        assert_eq!(ids[1], format!("{}-2", ids[0]));
        assert_eq!(ids[2..], ["a", "a-2", "section"]);
        assert_eq!(body("New.\n\nSame.").passages[1].id, ids[0], "an id stays when others come");
    }

    #[test]
    fn links_know_their_words_and_place() {
        let body = body("See [[Some Title|these words]] and\n[more](other.md#part), [[#Here]].");
        let passage = &body.passages[0].text;
        let found: Vec<_> = body
            .links
            .iter()
            .map(|link| (&passage[link.words.clone()], link.span.start().line, &link.target))
            .collect();
        let wiki = |name: &str, heading: Option<&str>| Target::Wiki {
            name: name.into(),
            heading: heading.map(Into::into),
        };
        assert_eq!(
            found,
            [
                ("these words", 1, &wiki("Some Title", None)),
                ("more", 2, &Target::Destination("other.md#part".into())),
                ("#Here", 2, &wiki("", Some("Here"))),
            ]
        );
    }
}
