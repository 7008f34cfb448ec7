//! A body of Markdown, read and written as HTML: all ranges are of the text, and nothing of it can run.
#![no_main]

use gleaner::markdown::{
    Body, Href, Places, Punctuation, RawHtml, Section, Source, Style, html, section_html,
};
use gleaner::wording::Wording;
use gleaner_fuzz::text;
use libfuzzer_sys::fuzz_target;

/// Every link leads nowhere, and no picture is there.
struct Nowhere;

impl Places for Nowhere {
    fn link(&self, _: usize) -> Href {
        Href::Nowhere
    }

    fn picture(&self, _: usize) -> Source {
        Source::Nowhere
    }

    fn section(&self, _: usize) -> Option<Section> {
        None
    }
}

fuzz_target!(|typed: &str| {
    let text = text("content/a.md", typed);
    let body = Body::read(&text, 0..typed.len());
    for link in &body.links {
        assert!(typed.get(link.span.range()).is_some());
        // What follows a heading in an item of a tight list is in no passage.
        let Some(passage) = body.passages.get(link.passage) else { continue };
        let text = passage.text.read();
        assert!(text.get(link.words.clone()).is_some(), "{:?} of {text:?}", link.words);
    }
    for raw_html in [RawHtml::Sanitize, RawHtml::Escape] {
        let style = Style { wording: Wording::english(), punctuation: Punctuation::Typed, raw_html };
        let whole = html(&body, style, &Nowhere);
        assert!(!whole.contains("<script"), "{whole}");
        for heading in &body.headings {
            let section = body.section(&heading.id);
            assert!(section.as_ref().is_none_or(|range| typed.get(range.clone()).is_some()));
            section_html(&body, section, style, &Nowhere, "#");
        }
    }
});
