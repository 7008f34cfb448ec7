//! A body as HTML.
//!
//! In: a [`Body`], a [`Style`], and the [`Places`] its links lead to and its pictures are at. Out: HTML in which every
//! passage has its id, code is highlighted, formulas are drawn, tables scroll inside themselves, notes stand at the
//! end, and raw HTML is harmless.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};
use serde::Serialize;

use super::harmless::sanitised;
use super::highlight::highlight;
use super::notes::Notes;
use super::pieces::{Piece, is_section, pieces};
use super::punctuation::{Punctuation, Setter};
use super::{Body, is_math};
use crate::wording::Wording;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Href {
    /// To this address.
    To(String),
    /// Nowhere yet: the words are shown, and said to lead nowhere.
    Nowhere,
}

/// Where a picture is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Source {
    /// In this site.
    Here(Here),
    /// On another.
    Elsewhere(String),
    /// Nowhere, or where no browser is sent: its description is shown.
    Nowhere,
}

/// A picture of this site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Here {
    /// Its address.
    pub src: String,
    /// How large it is, where its file says so.
    pub size: Option<Size>,
    /// The addresses of the same in smaller sizes, with the width of each.
    pub smaller: Vec<(String, usize)>,
}

/// How large a picture is as it is shown, in its own pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// From side to side.
    pub width: usize,
    /// From top to bottom.
    pub height: usize,
}

/// A section of another text, shown in this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it says, as HTML.
    pub html: String,
    /// The title of what it is from.
    pub title: String,
    /// Where it is from.
    pub href: String,
    /// BCP 47 language tag of what it is from.
    pub language: String,
}

/// Where a body's links lead, where its pictures are, and what its sections hold: each by its index in the body.
pub trait Places {
    /// Where a link of [`Body::links`] leads.
    fn link(&self, index: usize) -> Href;
    /// Where a picture of [`Body::pictures`] is.
    fn picture(&self, index: usize) -> Source;
    /// What is shown in the place of a link of [`Body::links`] that asks for it; `None`: the link.
    fn section(&self, index: usize) -> Option<Section>;
}

/// What the curator chose for all texts.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// The site's own words.
    pub wording: &'a Wording,
    /// How quotation marks, dashes and ellipses are shown.
    pub punctuation: Punctuation,
    /// What becomes of HTML in Markdown.
    pub raw_html: RawHtml,
}

/// What becomes of HTML in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum RawHtml {
    /// What is harmless of it stays, all else is left out.
    #[default]
    Sanitize,
    /// It is shown as the characters it is written with.
    Escape,
}

/// Writes a body as HTML.
pub fn html(body: &Body, style: Style<'_>, places: &impl Places) -> String {
    let mut writer = Writer::new(body, style, places, None);
    let source = body.source();
    for piece in pieces(&source) {
        writer.piece(piece);
    }
    writer.notes();
    writer.finish()
}

/// Writes a [`Body::section`] below its heading, or the whole body, to be shown in another text: without ids, and with
/// the notes left where they are, at `href`.
pub fn section_html(
    body: &Body,
    section: Option<Range<usize>>,
    style: Style<'_>,
    places: &impl Places,
    href: &str,
) -> String {
    let mut writer = Writer::new(body, style, places, Some(href));
    writer.is_shown = false;
    // The heading that begins the section is said beside it.
    let mut in_heading = section.is_some();
    let source = body.source();
    let range = section.unwrap_or(0..source.len());
    for piece in pieces(&source) {
        if piece.range.start >= range.end {
            break;
        }
        let is_shown = piece.range.start >= range.start && !in_heading;
        if piece.range.start >= range.start && matches!(piece.event, Event::End(TagEnd::Heading(_))) {
            in_heading = false;
        }
        if is_shown && !writer.is_shown {
            writer.is_shown = true;
            writer.events.clear();
        }
        writer.piece(piece);
    }
    if !writer.is_shown {
        return String::new();
    }
    writer.finish()
}

/// Around the number of something that is put into the HTML when all else is done: no characters of any text
/// (Unicode, "Noncharacters").
const HELD: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

struct Writer<'a, P> {
    body: &'a Body,
    style: Style<'a>,
    places: &'a P,
    /// Where the text is at home, when a section of it is shown elsewhere.
    home: Option<&'a str>,
    /// Whether what is written is kept; before a section it is not.
    is_shown: bool,
    setter: Setter,
    events: Vec<Event<'a>>,
    /// A page has one first-level heading, its title: a body that uses the first level itself moves down by one.
    shift: u8,
    /// How many passages, links, pictures and formulas have come.
    passages: usize,
    links: usize,
    pictures: usize,
    formulas: usize,
    /// How many pictures are shown.
    shown: usize,
    code: Option<(String, String)>,
    /// A picture begun, or a section in the place of its link.
    image: Option<Image>,
    /// The passage of a paragraph that may turn out to be a section.
    paragraph: Option<String>,
    /// For each link begun, the HTML that ends it.
    open_links: Vec<Cow<'static, str>>,
    /// The same for each picture that is not shown.
    open_images: Vec<Cow<'static, str>>,
    alignments: Vec<Alignment>,
    /// Whether the row is a table's head, and the cell in it.
    row: (bool, usize),
    notes: Notes<'a>,
    /// HTML that is not to be touched any more.
    held: Vec<String>,
    has_raw_html: bool,
}

/// A picture or section begun.
struct Image {
    /// The tag up to its description; `None` for a section.
    tag: Option<String>,
    title: String,
    description: String,
    /// Pictures within its description.
    depth: usize,
}

impl<'a, P: Places> Writer<'a, P> {
    fn new(body: &'a Body, style: Style<'a>, places: &'a P, home: Option<&'a str>) -> Writer<'a, P> {
        Writer {
            body,
            style,
            places,
            home,
            is_shown: true,
            setter: Setter::new(style.punctuation),
            events: Vec::new(),
            shift: u8::from(body.headings.iter().any(|heading| heading.level == 1)),
            passages: 0,
            links: 0,
            pictures: 0,
            formulas: 0,
            shown: 0,
            code: None,
            image: None,
            paragraph: None,
            open_links: Vec::new(),
            open_images: Vec::new(),
            alignments: Vec::new(),
            row: (false, 0),
            notes: Notes::default(),
            held: Vec::new(),
            has_raw_html: false,
        }
    }

    fn raw(&mut self, html: impl Into<CowStr<'a>>) {
        self.events.push(Event::InlineHtml(html.into()));
    }

    /// Puts HTML in that is done.
    fn hold(&mut self, html: String) {
        let held = format!("{}{}{}", HELD[0], self.held.len(), HELD[1]);
        self.held.push(html);
        self.raw(held);
    }

    fn piece(&mut self, piece: Piece<'a>) {
        let mut id = String::new();
        if piece.opens.is_some() {
            self.setter.begin();
            let passage = self.body.passages.get(self.passages).filter(|_| self.home.is_none());
            id = passage.map(|passage| format!(" id=\"{}\"", escaped(&passage.id))).unwrap_or_default();
            self.passages += 1;
        }
        let event = match (piece.typed, piece.event) {
            (Some(typed), Event::Text(mark)) => {
                let next = self.body.source()[piece.range.end..].chars().next();
                Event::Text(CowStr::from(self.setter.set(typed, &mark, next).to_owned()))
            }
            (_, event) => event,
        };
        if let Some((_, code)) = &mut self.code {
            match event {
                Event::Text(text) => code.push_str(&text),
                Event::End(TagEnd::CodeBlock) => self.code_block(),
                _ => {}
            }
            return;
        }
        let ended = if let Event::End(tag) = &event { Some(*tag) } else { None };
        if let Event::Start(tag) = &event {
            self.notes.begin(tag, self.events.len());
        }
        match self.image.take() {
            Some(image) => self.describe(image, &event),
            None => self.event(event, id, piece.is_section),
        }
        if let Some(tag) = ended {
            self.notes.end(tag, self.events.len());
        }
    }

    fn event(&mut self, event: Event<'a>, id: String, is_section_alone: bool) {
        match event {
            Event::Start(Tag::Paragraph) if is_section_alone => self.paragraph = Some(id),
            Event::Start(Tag::Paragraph) => self.raw(format!("\n<p{id}>")),
            Event::End(TagEnd::Paragraph) if self.paragraph.take().is_some() => {}
            Event::Start(Tag::Heading { level, .. }) => {
                let level = (level as u8 + self.shift).min(6);
                self.raw(format!("\n<h{level}{id}>"));
            }
            Event::End(TagEnd::Heading(level)) => {
                let level = (level as u8 + self.shift).min(6);
                self.raw(format!("</h{level}>\n"));
            }
            Event::Start(Tag::Item) => self.raw(format!("\n<li{id}>")),
            Event::Start(Tag::DefinitionListTitle) => self.raw(format!("\n<dt{id}>")),
            Event::Start(Tag::DefinitionListDefinition) => self.raw(format!("\n<dd{id}>")),
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let class = alert(kind);
                let word = escaped(&self.said(&format!("text.{class}")));
                self.raw(format!(
                    "\n<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"kind\">{word}</p>"
                ));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => self.raw("</div>\n"),
            Event::Start(Tag::Table(alignments)) => {
                self.raw(format!(
                    "\n<div class=\"table\"{id} tabindex=\"0\" role=\"group\" aria-label=\"{}\"><table>",
                    escaped(&self.said("text.table")),
                ));
                self.alignments = alignments;
            }
            Event::End(TagEnd::Table) => self.raw("</tbody></table>\n</div>\n"),
            Event::Start(Tag::TableHead) => {
                self.row = (true, 0);
                self.raw("<thead><tr>");
            }
            Event::End(TagEnd::TableHead) => self.raw("</tr></thead><tbody>\n"),
            Event::Start(Tag::TableRow) => {
                self.row = (false, 0);
                self.raw("<tr>");
            }
            Event::Start(Tag::TableCell) => {
                // Alignment is a matter for the theme: style attributes break a strict Content-Security-Policy.
                let class = match self.alignments.get(self.row.1) {
                    Some(Alignment::Right) => " class=\"number\"",
                    Some(Alignment::Center) => " class=\"centre\"",
                    Some(Alignment::Left | Alignment::None) | None => "",
                };
                self.row.1 += 1;
                self.raw(format!("<{}{class}>", if self.row.0 { "th" } else { "td" }));
            }
            Event::End(TagEnd::TableCell) => self.raw(if self.row.0 { "</th>" } else { "</td>" }),
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Event::Start(Tag::Link { link_type, title, .. }) => {
                let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
                let end = self.link(is_wiki, &title);
                self.open_links.push(end);
            }
            Event::End(TagEnd::Link) => {
                let end = self.open_links.pop().unwrap_or_default();
                self.raw(end);
            }
            Event::Start(tag @ Tag::Image { .. }) if is_section(&tag) => self.section(),
            Event::Start(Tag::Image { title, .. }) => self.picture(&title),
            Event::End(TagEnd::Image) => {
                let end = self.open_images.pop().unwrap_or_default();
                self.raw(end);
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => self.formula(),
            Event::FootnoteReference(label) => self.reference(&label),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let number = self.notes.number(&label).0;
                let before = std::mem::take(&mut self.events);
                self.notes.open.push((number, before));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((number, before)) = self.notes.open.pop() {
                    let text = std::mem::replace(&mut self.events, before);
                    self.notes.texts.entry(number).or_insert(text);
                }
            }
            Event::TaskListMarker(is_done) => {
                let (state, checked) =
                    if is_done { ("text.done", " checked") } else { ("text.not_done", "") };
                let state = escaped(&self.said(state));
                self.raw(format!("<input type=\"checkbox\" aria-label=\"{state}\" disabled{checked}> "));
            }
            Event::Start(Tag::HtmlBlock) if self.style.raw_html == RawHtml::Escape => self.raw("\n<p>"),
            Event::End(TagEnd::HtmlBlock) if self.style.raw_html == RawHtml::Escape => self.raw("</p>\n"),
            Event::Html(raw) | Event::InlineHtml(raw) => match self.style.raw_html {
                RawHtml::Sanitize => {
                    self.has_raw_html = true;
                    self.events.push(Event::InlineHtml(raw));
                }
                RawHtml::Escape => self.events.push(Event::Text(raw)),
            },
            other => self.events.push(other),
        }
    }

    fn said(&self, key: &str) -> String {
        self.style.wording.say(key, &[])
    }

    fn numbered(&self, key: &str, number: &str) -> String {
        self.style.wording.say(key, &[("number", number)])
    }

    /// Begins a link; gives what ends it.
    fn link(&mut self, is_wiki: bool, title: &str) -> Cow<'static, str> {
        let href = self.places.link(self.links);
        self.links += 1;
        match href {
            Href::To(href) => {
                let title =
                    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) };
                self.raw(format!("<a href=\"{}\"{title}>", escaped(&href)));
                "</a>".into()
            }
            Href::Nowhere => {
                self.raw("<span class=\"unresolved\">");
                if !is_wiki {
                    return "</span>".into();
                }
                let said = escaped(&self.said("text.no_article"));
                format!("<span class=\"hidden\"> {said}</span></span>").into()
            }
        }
    }

    /// Shows a section of another text, or links to it where it is not to be shown.
    fn section(&mut self) {
        let section = match &self.paragraph {
            Some(_) if self.is_shown => self.places.section(self.links),
            Some(_) | None => None,
        };
        match section {
            Some(section) => {
                self.links += 1;
                let id = self.paragraph.clone().unwrap_or_default();
                let link = format!("<a href=\"{}\">{}</a>", escaped(&section.href), escaped(&section.title));
                let from = self
                    .style
                    .wording
                    .html("text.from", None, |_| Some(link.clone()))
                    .unwrap_or(link.clone());
                self.hold(format!(
                    "\n<figure class=\"section\"{id}>\n<blockquote lang=\"{}\">{}</blockquote>\n<figcaption>{from}</figcaption>\n</figure>\n",
                    escaped(&section.language), section.html,
                ));
                let (title, description) = (String::new(), String::new());
                self.image = Some(Image { tag: None, title, description, depth: 0 });
            }
            None => {
                if let Some(id) = self.paragraph.take() {
                    self.raw(format!("\n<p{id}>"));
                }
                let end = self.link(true, "");
                self.open_images.push(end);
            }
        }
    }

    fn picture(&mut self, title: &str) {
        let source = self.places.picture(self.pictures);
        self.pictures += 1;
        match source {
            Source::Here(Here { src, size, smaller }) => {
                let smaller = size.map(|size| choices(&src, size, &smaller)).unwrap_or_default();
                let size =
                    size.map(|Size { width, height }| format!(" width=\"{width}\" height=\"{height}\""));
                // The first is likely to be seen at once; the others can wait until they are near.
                let when = if self.shown == 0 { "" } else { " loading=\"lazy\" decoding=\"async\"" };
                self.shown += 1;
                let tag =
                    format!("<img src=\"{}\"{smaller}{}{when}", escaped(&src), size.unwrap_or_default());
                let (title, description) = (title.to_owned(), String::new());
                self.image = Some(Image { tag: Some(tag), title, description, depth: 0 });
            }
            // Nothing is fetched from another site, so the picture is a link to it.
            Source::Elsewhere(url) => {
                self.raw(format!("<a class=\"picture\" href=\"{}\">Picture: ", escaped(&url)));
                self.open_images.push("</a>".into());
            }
            Source::Nowhere => {
                self.raw("<span class=\"unresolved\">Picture: ");
                self.open_images.push("</span>".into());
            }
        }
    }

    /// Takes the words within a picture as its description; what else stands there is counted, and not shown.
    fn describe(&mut self, mut image: Image, event: &Event<'a>) {
        match event {
            Event::End(TagEnd::Image) if image.depth == 0 => {
                if let Some(tag) = image.tag {
                    let title = if image.title.is_empty() {
                        String::new()
                    } else {
                        format!(" title=\"{}\"", escaped(&image.title))
                    };
                    self.hold(format!("{tag} alt=\"{}\"{title}>", escaped(image.description.trim())));
                }
                return;
            }
            Event::End(TagEnd::Image) => image.depth -= 1,
            Event::Start(tag @ Tag::Image { .. }) => {
                image.depth += 1;
                if is_section(tag) { self.links += 1 } else { self.pictures += 1 }
            }
            Event::Start(Tag::Link { .. }) => self.links += 1,
            Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.formulas += 1;
                image.description.push_str(text);
            }
            Event::Text(text) | Event::Code(text) => image.description.push_str(text),
            Event::SoftBreak | Event::HardBreak => image.description.push(' '),
            _ => {}
        }
        self.image = Some(image);
    }

    fn formula(&mut self) {
        let formula = self.body.formulas.get(self.formulas);
        self.formulas += 1;
        let Some(formula) = formula else { return };
        match &formula.mathml {
            Ok(mathml) => self.hold(mathml.clone()),
            Err(_) => self.raw(format!("<code class=\"formula\">{}</code>", escaped(&formula.tex))),
        }
    }

    fn code_block(&mut self) {
        let Some((language, code)) = self.code.take() else { return };
        if is_math(&language) {
            let formula = self.body.formulas.get(self.formulas).map(|formula| &formula.mathml);
            if let Some(Ok(mathml)) = formula {
                self.formulas += 1;
                self.hold(format!(
                    "\n<div class=\"formula\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">{mathml}</div>\n",
                    escaped(&self.said("text.formula")),
                ));
                return;
            }
            self.formulas += 1;
        }
        let class = if language.is_empty() {
            String::new()
        } else {
            format!(" class=\"language-{}\"", escaped(&language))
        };
        let marked = highlight(&code, &language).unwrap_or_else(|| escaped(&code));
        self.raw(format!("\n<pre class=\"code\" tabindex=\"0\"><code{class}>{marked}</code></pre>\n"));
    }

    /// The mark that leads to a note; the note leads back to each.
    fn reference(&mut self, label: &str) {
        let (number, references) = self.notes.number(label);
        *references += 1;
        let (number, references) = (*number, *references);
        let reference = anchor(number, references);
        if references == 1 {
            self.notes.referred(number);
        }
        let (id, home) = match self.home {
            None => (format!(" id=\"{reference}\""), ""),
            Some(home) => (String::new(), home.split('#').next().unwrap_or_default()),
        };
        self.raw(format!(
            "<sup class=\"footnote-reference\"{id}><a href=\"{}#fn_{number}\" role=\"doc-noteref\" aria-label=\"{}\">{number}</a></sup>",
            escaped(home),
            escaped(&self.numbered("text.numbered_note", &number.to_string())),
        ));
    }

    /// Writes the notes: short ones beside the paragraph that refers to them first, the others at the end, in the order
    /// they are referred to; those that nothing refers to come last.
    fn notes(&mut self) {
        let beside = self.notes.beside();
        let references: BTreeMap<usize, usize> = self.notes.numbers.values().copied().collect();
        let references = |number| references.get(&number).copied().unwrap_or_default();
        let mut texts = std::mem::take(&mut self.notes.texts);
        let mut rest = std::mem::take(&mut self.events);
        let mut paragraphs = Vec::with_capacity(beside.len());
        // From the last on, so that what comes before stays where it is.
        for one in beside.into_iter().rev() {
            let after = rest.split_off(one.end);
            let notes: Vec<_> =
                one.numbers.iter().filter_map(|number| Some((*number, texts.remove(number)?))).collect();
            paragraphs.push((rest.split_off(one.start), notes, after));
        }
        self.events = rest;
        for (paragraph, notes, after) in paragraphs.into_iter().rev() {
            self.raw("\n<div class=\"noted\">");
            self.events.extend(paragraph);
            self.raw("<div class=\"notes\">");
            for (number, text) in notes {
                self.raw(format!(
                    "\n<aside id=\"fn_{number}\" role=\"doc-footnote\" aria-label=\"{}\">",
                    escaped(&self.numbered("text.numbered_note", &number.to_string())),
                ));
                let mut text = text.into_iter();
                self.events.extend(text.next());
                self.raw(format!("<sup>{number}</sup> "));
                self.note(number, text.collect(), references(number));
                self.raw("</aside>");
            }
            self.raw("\n</div>\n</div>");
            self.events.extend(after);
        }
        if texts.is_empty() {
            return;
        }
        self.raw(format!(
            "\n<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"{}\">\n<ol>",
            escaped(&self.said("text.notes")),
        ));
        for (number, text) in texts {
            self.raw(format!("\n<li id=\"fn_{number}\" value=\"{number}\">"));
            self.note(number, text, references(number));
            self.raw("</li>");
        }
        self.raw("\n</ol>\n</section>\n");
    }

    /// Writes what a note says, with the ways back to its references.
    fn note(&mut self, number: usize, mut text: Vec<Event<'a>>, references: usize) {
        let back: String = (1..=references)
            .map(|count| {
                let which = if count == 1 { String::new() } else { format!("-{count}") };
                format!(
                    " <a href=\"#{}\" role=\"doc-backlink\" aria-label=\"{}\">↩</a>",
                    anchor(number, count),
                    escaped(&self.numbered("text.back", &format!("{number}{which}"))),
                )
            })
            .collect();
        let end = text.pop_if(|last| matches!(last, Event::End(TagEnd::Paragraph)));
        self.events.append(&mut text);
        self.raw(back);
        self.events.extend(end);
    }

    fn finish(self) -> String {
        let mut html = String::with_capacity(self.body.source().len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut html, self.events.into_iter());
        let html = if self.has_raw_html { sanitised(&html) } else { html };
        if self.held.is_empty() {
            return html;
        }
        let mut whole = String::with_capacity(html.len() + self.held.iter().map(String::len).sum::<usize>());
        let mut rest = html.as_str();
        while let Some((before, after)) = rest.split_once(HELD[0]) {
            whole.push_str(before);
            rest = after;
            let held = after
                .split_once(HELD[1])
                .and_then(|(number, after)| Some((self.held.get(number.parse::<usize>().ok()?)?, after)));
            if let Some((held, after)) = held {
                whole.push_str(held);
                rest = after;
            }
        }
        whole.push_str(rest);
        whole
    }
}

/// How wide pictures are shown, for browsers to choose by before they know the page's style: as the default theme's column,
/// which is 34 rem of 19 px on all but small screens, and there as wide as the screen but for its margins.
const SHOWN: &str = "(min-width: 44em) 40.4em, 92vw";

/// The sizes in which there is a picture, for a browser to choose from.
fn choices(src: &str, size: Size, smaller: &[(String, usize)]) -> String {
    if smaller.is_empty() {
        return String::new();
    }
    let all = smaller.iter().map(|(src, width)| (src.as_str(), *width)).chain([(src, size.width)]);
    let all: Vec<String> = all.map(|(src, width)| format!("{} {width}w", escaped(src))).collect();
    format!(" srcset=\"{}\" sizes=\"{SHOWN}\"", all.join(", "))
}

/// The id of a reference to a note. No heading has such an id: those have no colon.
fn anchor(number: usize, count: usize) -> String {
    if count == 1 { format!("fnref_{number}") } else { format!("fnref_{number}-{count}") }
}

/// The class of an alert.
fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}

/// Escapes text for HTML, in elements and in quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _infallible = pulldown_cmark_escape::escape_html(&mut escaped, text);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::tests::body;
    use crate::markdown::{Quotes, Target};

    /// Links lead where they say, wikilinks nowhere.
    struct AsTyped<'a>(&'a Body);

    impl Places for AsTyped<'_> {
        fn link(&self, index: usize) -> Href {
            match &self.0.links[index].target {
                Target::Destination(href) => Href::To(href.clone()),
                Target::Wiki { .. } => Href::Nowhere,
            }
        }

        fn picture(&self, index: usize) -> Source {
            let src = self.0.pictures[index].destination.clone();
            Source::Here(Here { src, size: Some(Size { width: 3, height: 2 }), smaller: Vec::new() })
        }

        fn section(&self, _: usize) -> Option<Section> {
            None
        }
    }

    fn style() -> Style<'static> {
        let wording = Wording::english();
        Style { wording, punctuation: Punctuation::Typed, raw_html: RawHtml::Sanitize }
    }

    fn typographic(language: &str) -> Style<'static> {
        Style { punctuation: Punctuation::Typographic(Quotes::of(language)), ..style() }
    }

    fn written(markdown: &str, style: Style<'_>) -> String {
        let body = body(markdown);
        html(&body, style, &AsTyped(&body))
    }

    fn check(markdown: &str, expected: &str) {
        let html = written(markdown, typographic("en"));
        assert!(html.contains(expected), "{markdown}\n{html}");
    }

    #[test]
    fn what_markdown_becomes() {
        check("## A *b*", "<h2 id=\"a-b\">A <em>b</em></h2>");
        check("# A\n\n## B", "<h2 id=\"a\">A</h2>");
        check("- a\n- b", "<li id=\"p-");
        check("[x](y.html)", "<a href=\"y.html\">x</a>");
        check(
            "[[None]]",
            "<span class=\"unresolved\">None<span class=\"hidden\"> (no article yet)</span></span>",
        );
        check("\"So\" -- it's", "“So” – it’s");
        check(
            "```rust\nfn a() {}\n```",
            "<pre class=\"code\" tabindex=\"0\"><code class=\"language-rust\"><span",
        );
        check("```\n<b>\n```", "<code>&lt;b&gt;\n</code>");
        check("| a |\n|---|\n| b |", "<table>");
        check("<sub>2</sub>", "<sub>2</sub>");
        check("\\</soapbox>", "&lt;/soapbox&gt;");
    }

    #[test]
    fn marks_are_those_of_the_language_or_as_typed() {
        let text = "He said: \"It's 'so' -- ...\" `\"a\"` https://e.org/a--b $a'$";
        for (style, expected) in [
            (typographic("en"), "He said: “It’s ‘so’ – …” <code>\"a\"</code>"),
            (typographic("de-AT"), "He said: „It’s ‚so‘ – …“ <code>"),
            (typographic("fr"), "He said: «\u{202f}It’s “so” – …\u{202f}» <code>"),
            (style(), "He said: \"It's 'so' -- ...\" <code>"),
        ] {
            let html = written(text, style);
            assert!(html.contains(expected), "{html}");
            assert!(html.contains("<a href=\"https://e.org/a--b\">https://e.org/a--b</a>"), "{html}");
        }
    }

    #[test]
    fn alerts_and_definitions() {
        check(
            "> [!WARNING]\n> Hot.",
            "<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"kind\">Warning</p>",
        );
        check("Leek\n: A plant.\n: Another.", "<dt id=\"p-");
        check(
            "| a | b | c |\n|:-:|--:|---|\n| 1 | 2 | 3 |",
            "<td class=\"centre\">1</td><td class=\"number\">2</td><td>3</td>",
        );
    }

    #[test]
    fn notes_lead_back_to_every_reference() {
        let html = written("One[^b] two[^a] three[^b].\n\n[^a]: A.\n\n[^b]: B.\n\nLast.", style());
        for expected in [
            "<sup class=\"footnote-reference\" id=\"fnref_1-2\"><a href=\"#fn_1\" role=\"doc-noteref\" aria-label=\"Note 1\">1</a></sup>",
            "<aside id=\"fn_1\" role=\"doc-footnote\" aria-label=\"Note 1\">",
            "B. <a href=\"#fnref_1\" role=\"doc-backlink\" aria-label=\"Back to reference 1\">↩</a> <a href=\"#fnref_1-2\"",
        ] {
            assert!(html.contains(expected), "{html}");
        }
        let order: Vec<_> = ["class=\"noted\"", "One", "three", "id=\"fn_1\"", "id=\"fn_2\"", "Last."]
            .iter()
            .map(|part| html.find(part).unwrap())
            .collect();
        assert!(order.is_sorted(), "{html}");
        assert!(!html.contains("footnotes"), "{html}");
    }

    #[test]
    fn long_notes_and_notes_of_lists_stand_at_the_end() {
        let long = "word ".repeat(61);
        for (text, note) in [
            ("One[^a].", "A.\n\n    B."),
            ("One[^a].", "- A."),
            ("One[^a].", long.as_str()),
            ("- One[^a].", "A."),
            ("> One[^a].", "A."),
            ("| One[^a] |\n|---|", "A."),
            ("One.", "A."),
        ] {
            let html = written(&format!("{text}\n\n[^a]: {note}\n\nLast."), style());
            let at = |part: &str| html.find(part).unwrap();
            assert!(
                at("Last.") < at("class=\"footnotes\"") && at("footnotes") < at("<li id=\"fn_1\""),
                "{html}"
            );
            assert!(!html.contains("noted"), "{html}");
        }
        let html = written(
            "One[^a].\n\nTwo[^b].\n\nThree[^c].\n\n[^a]: A.\n[^b]: B.\n\n    C.\n\n[^c]: D.",
            style(),
        );
        let order = ["One", "fn_1\" role", "Two", "Three", "fn_3\" role", "footnotes", "<li id=\"fn_2\""];
        let order: Vec<_> = order.iter().map(|part| html.find(part).unwrap()).collect();
        assert!(order.is_sorted(), "{html}");
    }

    #[test]
    fn prices_are_no_formulas() {
        for text in ["$5 and $10", "from $5-$10", "US$5 and US$6", "a $ b $ c", "\\$a\\$"] {
            assert!(!written(text, style()).contains("<math"), "{text}");
        }
        for text in ["$x$", "$$x$$", "$`x`$", "```math\nx\n```", "($x$)"] {
            assert!(written(text, style()).contains("<math"), "{text}");
        }
        assert!(written("$\\nothing$", style()).contains("<code class=\"formula\">\\nothing</code>"));
    }

    #[test]
    fn pictures_have_their_size_and_wait() {
        let html = written("![a *b*](a.png \"t\") ![c](c.png)", style());
        assert!(
            html.contains("<img src=\"a.png\" width=\"3\" height=\"2\" alt=\"a b\" title=\"t\">"),
            "{html}"
        );
        assert!(html.contains("loading=\"lazy\" decoding=\"async\" alt=\"c\">"), "{html}");
    }

    #[test]
    fn raw_html_is_harmless() {
        let typed =
            "$x$ <script>alert(1)</script> <img src=x onerror=alert(1)> <a href=\"javascript:x\">y</a>";
        let html = written(typed, style());
        assert!(!html.contains("script") && !html.contains("onerror") && html.contains("<math"), "{html}");
        let html = written(typed, Style { raw_html: RawHtml::Escape, ..style() });
        assert!(html.contains("&lt;script&gt;") && !html.contains("<img"), "{html}");
    }
}
