//! What was read of a text, kept from build to build.
//!
//! In: a [`Body`]. Out: all that it knows, without the text; and the body again, from that and the same text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Body, Form, Formula, Heading, Link, Passage, Picture, Target};
use crate::text::{LooseRope, Text};

/// A body without its text.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    passages: Vec<KeptPassage>,
    headings: Vec<Heading>,
    links: Vec<KeptLink>,
    pictures: Vec<KeptPicture>,
    formulas: Vec<KeptFormula>,
    words: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptPassage {
    id: Box<str>,
    text: LooseRope,
    is_heading: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptLink {
    target: Target,
    span: Range<usize>,
    passage: usize,
    words: Range<usize>,
    form: Form,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptPicture {
    destination: String,
    description: String,
    span: Range<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptFormula {
    tex: String,
    is_display: bool,
    mathml: String,
}

impl Body {
    /// What is known of the text, without it. `None` where a formula is in error: what is wrong with it points into the
    /// text, and is said anew each time.
    pub fn kept(&self) -> Option<Kept> {
        let passage = |passage: &Passage| KeptPassage {
            id: passage.id.clone(),
            text: passage.text.loose(),
            is_heading: passage.is_heading,
        };
        let link = |link: &Link| KeptLink {
            target: link.target.clone(),
            span: link.span.range(),
            passage: link.passage,
            words: link.words.clone(),
            form: link.form,
        };
        let picture = |picture: &Picture| KeptPicture {
            destination: picture.destination.clone(),
            description: picture.description.clone(),
            span: picture.span.range(),
        };
        let formula = |Formula { tex, is_display, mathml }: &Formula| {
            let mathml = mathml.as_ref().ok()?.clone();
            Some(KeptFormula { tex: tex.clone(), is_display: *is_display, mathml })
        };
        Some(Kept {
            formulas: self.formulas.iter().map(formula).collect::<Option<_>>()?,
            passages: self.passages.iter().map(passage).collect(),
            headings: self.headings.clone(),
            links: self.links.iter().map(link).collect(),
            pictures: self.pictures.iter().map(picture).collect(),
            words: self.words,
        })
    }
}

impl Kept {
    /// The body again, of the same range of the same text.
    pub fn body(self, text: &Text, range: Range<usize>) -> Body {
        let passage =
            |KeptPassage { id, text: rope, is_heading }| Passage { id, text: rope.of(text), is_heading };
        let link = |KeptLink { target, span, passage, words, form }| Link {
            target,
            span: text.span(span),
            passage,
            words,
            form,
        };
        let picture = |KeptPicture { destination, description, span }| Picture {
            destination,
            description,
            span: text.span(span),
        };
        let formula =
            |KeptFormula { tex, is_display, mathml }| Formula { tex, is_display, mathml: Ok(mathml) };
        Body {
            text: text.clone(),
            range,
            passages: self.passages.into_iter().map(passage).collect(),
            headings: self.headings,
            links: self.links.into_iter().map(link).collect(),
            pictures: self.pictures.into_iter().map(picture).collect(),
            formulas: self.formulas.into_iter().map(formula).collect(),
            words: self.words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;

    fn read(markdown: &str) -> (Text, Body) {
        let text = Text::new(SitePath::new("a.md"), format!("---\n---\n{markdown}"));
        let body = Body::read(&text, 8..text.read().len());
        (text, body)
    }

    #[test]
    fn what_was_read_of_a_text_comes_back_as_it_was() {
        let markdown = "# One\n\nText with a [link *that*\nbends](two.md) &amp; ![a picture](one.png \"Title\").\n\n\
                        > ## Two\n> Words, [[Three#Four|as said]] and $a^2$.\n\n![[Five#Six]]\n\n$$\nb\n$$\n\n    code here\n";
        let (text, body) = read(markdown);
        assert!(body.passages.len() > 3 && body.links.len() == 3 && body.pictures.len() == 1);
        assert_eq!((body.headings.len(), body.formulas.len()), (2, 2));
        let bytes = postcard::to_stdvec(&body.kept().unwrap()).unwrap();
        let kept: Kept = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(kept.body(&text, body.range.clone()), body);
    }

    #[test]
    fn a_text_with_a_formula_in_error_is_read_anew() {
        let (_, body) = read("It is $\\nothing{b}$ here.\n");
        assert!(body.formulas[0].mathml.is_err());
        assert!(body.kept().is_none());
    }
}
