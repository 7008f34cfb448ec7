//! Notes of a text: which number each has, what it says, and which of them stand beside the paragraph that refers to them.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

/// A note of more words stands at the end: beside its paragraph it would reach far below it.
const WORDS: usize = 60;

/// The notes of a text, as they are found.
#[derive(Default)]
pub(super) struct Notes<'a> {
    /// The number of each, and how many references it has.
    pub numbers: BTreeMap<String, (usize, usize)>,
    /// What they say, by number.
    pub texts: BTreeMap<usize, Vec<Event<'a>>>,
    /// Notes begun: their numbers, and what was written before.
    pub open: Vec<(usize, Vec<Event<'a>>)>,
    /// The paragraph being written: where it begins among what is written, and the notes it is the first to refer to.
    paragraph: Option<Noted>,
    /// Paragraphs that are the first to refer to a note, in order.
    noted: Vec<(Noted, usize)>,
    /// How many blocks are begun that may hold paragraphs.
    depth: usize,
}

/// A paragraph with the notes it is the first to refer to.
struct Noted {
    start: usize,
    numbers: Vec<usize>,
}

/// A paragraph with notes beside it, by what is written: from where to where, and their numbers.
pub(super) struct Beside {
    pub start: usize,
    pub end: usize,
    pub numbers: Vec<usize>,
}

impl Notes<'_> {
    pub(super) fn number(&mut self, label: &str) -> &mut (usize, usize) {
        let next = self.numbers.len() + 1;
        self.numbers.entry(label.to_owned()).or_insert((next, 0))
    }

    /// Takes notice of a block's beginning, before it is written behind `written` others.
    pub(super) fn begin(&mut self, tag: &Tag<'_>, written: usize) {
        match tag {
            Tag::Paragraph if self.depth == 0 => {
                self.paragraph = Some(Noted { start: written, numbers: Vec::new() });
            }
            tag if holds_paragraphs(&tag.to_end()) => self.depth += 1,
            _ => {}
        }
    }

    /// Takes notice of a block's end, once it is written and `written` stands there.
    pub(super) fn end(&mut self, tag: TagEnd, written: usize) {
        match tag {
            TagEnd::Paragraph => {
                let paragraph = self.paragraph.take().filter(|paragraph| !paragraph.numbers.is_empty());
                self.noted.extend(paragraph.map(|paragraph| (paragraph, written)));
            }
            tag if holds_paragraphs(&tag) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// A note is referred to for the first time.
    pub(super) fn referred(&mut self, number: usize) {
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.numbers.push(number);
        }
    }

    /// The paragraphs with short notes, in order; all other notes stand at the end.
    pub(super) fn beside(&mut self) -> Vec<Beside> {
        let noted = std::mem::take(&mut self.noted);
        let beside = noted.into_iter().map(|(Noted { start, mut numbers }, end)| {
            numbers.retain(|number| self.texts.get(number).is_some_and(|text| is_short(text)));
            Beside { start, end, numbers }
        });
        beside.filter(|beside| !beside.numbers.is_empty()).collect()
    }
}

fn holds_paragraphs(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::Table
    )
}

/// Whether a note is one paragraph of few words.
fn is_short(text: &[Event<'_>]) -> bool {
    let words: usize = text
        .iter()
        .map(|event| match event {
            Event::Text(text) | Event::Code(text) => text.split_whitespace().count(),
            _ => 0,
        })
        .sum();
    let is_end = |event: &Event<'_>| matches!(event, Event::End(TagEnd::Paragraph));
    words <= WORDS
        && matches!(text.first(), Some(Event::InlineHtml(html)) if html.starts_with("\n<p"))
        && text.iter().filter(|event| is_end(event)).count() == 1
        && text.last().is_some_and(is_end)
}
