//! The one dialect of Markdown: `CommonMark` with GFM's tables, strikethrough, task lists, addresses and alerts,
//! footnotes, definition lists, formulas in TeX, and wikilinks.
//!
//! In: a range of a text. Out: a [`Body`], the passages, headings, links, pictures and formulas that later phases think
//! about, each with its place; and, once links are resolved, [`html`].

mod addresses;
mod formula;
mod harmless;
mod highlight;
mod html;
mod kept;
mod notes;
mod pieces;
mod punctuation;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use crate::address::short_slug;
use crate::diagnostic::Diagnostic;
use crate::path::SitePath;
use crate::text::{Rope, RopeBuilder, Span, Text, Words};

use formula::mathml;
pub use harmless::safe_schemes;
pub use html::{Here, Href, Places, RawHtml, Section, Size, Source, Style, escaped, html, section_html};
pub use kept::Kept;
use pieces::{Kind, is_section, pieces};
pub use punctuation::{Punctuation, Quotes};

/// A text in the dialect, with what is worth knowing of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    text: Text,
    range: Range<usize>,
    /// The pieces of running text, in reading order: paragraphs, list items, headings, tables.
    pub passages: Arc<[Passage]>,
    /// The headings.
    pub headings: Vec<Heading>,
    /// The links, and the sections of other texts that are shown in this one; pictures left out.
    pub links: Vec<Link>,
    /// The pictures.
    pub pictures: Vec<Picture>,
    /// The formulas.
    pub formulas: Vec<Formula>,
    /// How many words it has, code included.
    pub words: usize,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// What links to it: `p-1a2b3c4d`, made from its words alone, so that it stays when others move; a
    /// heading's is made from its title. Empty for what is no passage of a body.
    pub id: Box<str>,
    /// Its words, without markup; white space folded.
    pub text: Rope,
    /// Whether it is a heading.
    pub is_heading: bool,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// What links to it.
    pub id: String,
    /// 1 to 6.
    pub level: u8,
    /// Its words.
    pub title: String,
    /// Where it begins, as an offset into the body's Markdown.
    pub start: usize,
    /// Whether it stands in nothing else: no quotation, no list.
    pub is_outermost: bool,
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
    /// What it asks for.
    pub form: Form,
}

/// What a link asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// A way to what it names.
    Link,
    /// `![[Title#Heading]]`, a paragraph of its own: what it names, shown in its place.
    Section,
    /// The same among other words, where nothing can be shown: a way there.
    SectionAmongWords,
}

/// A picture as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The file or address it names.
    pub destination: String,
    /// What it shows, in words, for those who do not see it.
    pub description: String,
    /// Its place in the file.
    pub span: Span,
}

/// A formula as typed, and as browsers draw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Its source, in TeX.
    pub tex: String,
    /// Whether it stands on lines of its own.
    pub is_display: bool,
    /// It as `MathML`; else what is wrong with it, and where.
    pub mathml: Result<String, Diagnostic>,
}

/// What a link names, before anyone knows whether it exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        for piece in pieces(&text.read()[range]) {
            if piece.closes_before {
                reader.close();
            }
            if let Some(kind) = piece.opens {
                reader.open = Some(Open { kind, text: RopeBuilder::new(), start: piece.range.start });
            }
            reader.event(&piece.event, piece.range, piece.is_section);
            if piece.closes_after {
                reader.close();
            }
        }
        let mut body = reader.body;
        // What every article keeps as long as the site is built is worth a copy.
        body.passages = reader.passages.into();
        body.headings.shrink_to_fit();
        body.links.shrink_to_fit();
        body
    }

    /// The Markdown itself.
    pub fn source(&self) -> Words<'_> {
        self.text.read().piece(self.range.clone())
    }

    /// The file it was read from.
    pub fn path(&self) -> &SitePath {
        self.text.path()
    }

    /// Where it stands in its file, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The section a heading begins, as a range of the Markdown: from below the heading to the next that is no lower.
    /// None where no outermost heading has this id.
    pub fn section(&self, id: &str) -> Option<Range<usize>> {
        let outermost: Vec<&Heading> = self.headings.iter().filter(|heading| heading.is_outermost).collect();
        let at = outermost.iter().position(|heading| heading.id == id)?;
        let (heading, later) = (outermost[at], &outermost[at + 1..]);
        let next = later.iter().find(|later| later.level <= heading.level);
        Some(heading.start..next.map_or(self.source().len(), |next| next.start))
    }

    /// Whether it has a passage or heading with this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.passages.iter().any(|passage| *passage.id == *id)
    }
}

struct Reader {
    body: Body,
    passages: Vec<Passage>,
    at: usize,
    ids: BTreeMap<String, usize>,
    open: Option<Open>,
    /// Links begun and not ended, by their index in the body.
    links: Vec<usize>,
    /// Images begun and not ended: pictures by their index in the body, and `None` for sections.
    images: Vec<Option<usize>>,
    /// Quotations, lists and footnotes begun and not ended.
    depth: usize,
    /// The lines of a block of code in the language `math`.
    math: Option<String>,
}

/// A passage begun.
struct Open {
    kind: Kind,
    text: RopeBuilder,
    start: usize,
}

impl Reader {
    fn new(text: &Text, range: Range<usize>) -> Reader {
        let at = range.start;
        let (passages, headings) = (Arc::default(), Vec::new());
        let (links, pictures, formulas) = (Vec::new(), Vec::new(), Vec::new());
        let body =
            Body { text: text.clone(), range, passages, headings, links, pictures, formulas, words: 0 };
        let (passages, links, images) = (Vec::new(), Vec::new(), Vec::new());
        Reader { body, passages, at, ids: BTreeMap::new(), open: None, links, images, depth: 0, math: None }
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>, is_alone: bool) {
        match event {
            Event::Text(text) if self.math.is_some() => {
                self.math.get_or_insert_default().push_str(text);
                self.body.words += text.split_whitespace().count();
            }
            Event::Text(text) | Event::Code(text) => self.push(text, range),
            Event::InlineMath(tex) | Event::DisplayMath(tex) => {
                self.push(tex, range.clone());
                self.formula(tex, matches!(event, Event::DisplayMath(_)), range);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_math(info) => {
                self.math = Some(String::new());
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some(tex) = self.math.take() {
                    self.formula(&tex, true, range);
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => self.push_space(),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                self.open_link(target(*link_type, dest_url), range, Form::Link);
            }
            Event::Start(tag @ Tag::Image { link_type, dest_url, .. }) if is_section(tag) => {
                let form = if is_alone { Form::Section } else { Form::SectionAmongWords };
                self.open_link(target(*link_type, dest_url), range, form);
                self.images.push(None);
            }
            Event::End(TagEnd::Link) => self.close_link(),
            Event::Start(Tag::Image { dest_url, .. }) => {
                let span = self.span(range);
                let description = String::new();
                self.images.push(Some(self.body.pictures.len()));
                self.body.pictures.push(Picture { destination: dest_url.to_string(), description, span });
            }
            Event::End(TagEnd::Image) => {
                if let Some(None) = self.images.pop() {
                    self.close_link();
                }
            }
            Event::Start(
                Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionList,
            ) => self.depth += 1,
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition | TagEnd::DefinitionList,
            ) => self.depth = self.depth.saturating_sub(1),
            Event::Start(_)
            | Event::End(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::Rule => {}
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        self.body.text.span(range.start + self.at..range.end + self.at)
    }

    fn push(&mut self, text: &str, range: Range<usize>) {
        if let Some(Some(picture)) = self.images.last()
            && let Some(picture) = self.body.pictures.get_mut(*picture)
        {
            picture.description.push_str(text);
        }
        match &mut self.open {
            Some(open) => {
                let range = range.start + self.at..range.end + self.at;
                open.text.push(text, &self.body.text.read(), range);
            }
            None => self.body.words += text.split_whitespace().count(),
        }
    }

    fn formula(&mut self, tex: &str, is_display: bool, range: Range<usize>) {
        let mathml = mathml(tex, is_display).map_err(|fault| {
            // The place within the formula, where the formula stands in the file as it is.
            let start = self.body.source()[range.clone()].find(tex).map(|at| range.start + at);
            let range = start.map_or(range, |start| start + fault.range.start..start + fault.range.end);
            fault.problem.at(self.span(range)).as_warning()
        });
        self.body.formulas.push(Formula { tex: tex.to_owned(), is_display, mathml });
    }

    fn open_link(&mut self, target: Target, range: Range<usize>, form: Form) {
        let (span, passage) = (self.span(range), self.passages.len());
        self.links.push(self.body.links.len());
        self.body.links.push(Link { target, span, passage, words: self.length()..self.length(), form });
    }

    fn close_link(&mut self) {
        let end = self.length();
        if let Some(link) = self.links.pop().and_then(|index| self.body.links.get_mut(index)) {
            link.words.end = end;
        }
    }

    fn length(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.text.as_str().len())
    }

    /// White space is folded as it comes, so that places in the text stay true.
    fn push_space(&mut self) {
        if let Some(open) = &mut self.open {
            open.text.push_blank();
        }
    }

    fn close(&mut self) {
        let Some(Open { kind, text: mut rope, start }) = self.open.take() else { return };
        rope.trim_end();
        let text = rope.as_str();
        // A link may begin or end in the white space that went.
        let here = self.passages.len();
        for link in self.body.links.iter_mut().rev().take_while(|link| link.passage == here) {
            link.words = link.words.start.min(text.len())..link.words.end.min(text.len());
        }
        self.body.words += text.split_whitespace().count();
        let stem = match kind {
            Kind::Heading(_) => {
                Some(short_slug(text)).filter(|slug| !slug.is_empty()).unwrap_or("section".into())
            }
            Kind::Running => passage_id(text),
        };
        let id = unique(stem, &mut self.ids);
        if let Kind::Heading(level) = kind {
            let (id, title, is_outermost) = (id.clone(), text.to_owned(), self.depth == 0);
            self.body.headings.push(Heading { id, level, title, start, is_outermost });
        }
        let is_heading = matches!(kind, Kind::Heading(_));
        self.passages.push(Passage { id: id.into(), text: rope.finish(&self.body.text), is_heading });
    }
}

/// Whether a block of code is a formula.
fn is_math(info: &str) -> bool {
    info.split([' ', ',']).next() == Some("math")
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
        let found: Vec<_> = body.passages.iter().map(|passage| passage.text.read()).collect();
        assert_eq!(found, expected, "{markdown}");
    }

    #[test]
    fn a_link_of_white_space_at_the_end_stays_in_its_passage() {
        let body = body("Words ![](a.png) [ ](b.md)\n");
        assert_eq!(body.passages[0].text.read(), "Words");
        assert_eq!(body.links[0].words, 5..5);
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
        let ids: Vec<_> = one.passages.iter().map(|passage| &*passage.id).collect();
        assert_eq!(ids[1], format!("{}-2", ids[0]));
        assert_eq!(ids[2..], ["a", "a-2", "section"]);
        assert_eq!(body("New.\n\nSame.").passages[1].id.as_ref(), ids[0], "an id stays when others come");
    }

    #[test]
    fn links_know_their_words_and_place() {
        let body = body("See [[Some Title|these words]] and\n[more](other.md#part), [[#Here]].");
        let passage = body.passages[0].text.read();
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

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let body = body("Start.\n\n## A\n\none\n\n### B\n\ntwo\n\n> ## C\n\n## D\n\nthree");
        let section = |id| body.section(id).map(|range| body.source()[range].trim().to_owned());
        assert_eq!(section("a").unwrap(), "## A\n\none\n\n### B\n\ntwo\n\n> ## C");
        assert_eq!(section("b").unwrap(), "### B\n\ntwo\n\n> ## C");
        assert_eq!(section("d").unwrap(), "## D\n\nthree");
        assert_eq!((section("c"), section("nothing")), (None, None));
    }

    #[test]
    fn sections_are_links_and_pictures_are_not() {
        let body =
            body("![[Leeks#Sowing]]\n\nHere ![[Leeks]], ![[a.png|A *leek*]] [a](b.html).\n\n- ![[Leeks]]");
        let forms: Vec<Form> = body.links.iter().map(|link| link.form).collect();
        let among = Form::SectionAmongWords;
        assert_eq!(forms, [Form::Section, among, Form::Link, among]);
        let pictures: Vec<&str> = body.pictures.iter().map(|picture| picture.description.as_str()).collect();
        assert_eq!(pictures, ["A leek"]);
    }

    #[test]
    fn formulas_know_where_they_are_wrong() {
        let body = body("One.\n\nThis: $a + \\nosuch$ and\n\n```math\nx\n```\n\n$5-$10");
        let [wrong, right] = &body.formulas[..] else { panic!("{:?}", body.formulas) };
        let place = wrong.mathml.as_ref().unwrap_err().in_short();
        assert!(place.starts_with("a.md:3:12: warning: a formula cannot be drawn: "), "{place}");
        assert!(right.is_display && right.mathml.is_ok());
    }

    #[test]
    fn addresses_as_they_are_are_links() {
        let body = body("See https://e.org/a_b--c. And `https://e.org`, [https://e.org](x), www.e.org/d");
        let found: Vec<&Target> = body.links.iter().map(|link| &link.target).collect();
        let to = |to: &str| Target::Destination(to.to_owned());
        assert_eq!(found, [&to("https://e.org/a_b--c"), &to("x"), &to("http://www.e.org/d")]);
        let link = &body.links[0];
        assert_eq!(&body.passages[0].text.read()[link.words.clone()], "https://e.org/a_b--c");
    }
}
