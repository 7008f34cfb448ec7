//! Diagnostics as they are remembered: with the places they are about, but not the texts.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Problem, Severity};
use crate::path::SitePath;
use crate::seeds;
use crate::text::{Span, Text};

/// What was found, without the texts it was found in.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remarks(Vec<Remark>);

#[derive(Debug, Serialize, Deserialize)]
struct Remark {
    is_error: bool,
    message: String,
    hints: Vec<String>,
    place: Spot,
    notes: Vec<(String, Spot)>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Spot {
    Piece(String, Range<usize>),
    File(String),
    Nowhere,
}

impl Remarks {
    /// What was found. `None` where a file could not be read: what cannot be read now may be any time.
    pub fn of(found: &Diagnostics) -> Option<Remarks> {
        found.sorted().into_iter().map(remark).collect::<Option<Vec<Remark>>>().map(Remarks)
    }

    /// The same again, with the texts as they stand below `root`. `None` where one is not there.
    pub fn again(self, root: &Path) -> Option<Diagnostics> {
        let mut texts = Texts { root, last: None };
        let mut found = Diagnostics::new();
        for remark in self.0 {
            let mut problem = Problem::new(remark.message);
            for hint in remark.hints {
                problem = problem.hint(hint);
            }
            let mut one = match remark.place {
                Spot::Piece(path, range) => problem.at(texts.span(&path, range)?),
                Spot::File(path) => problem.in_file(SitePath::new(path)),
                Spot::Nowhere => problem.anywhere(),
            };
            one.severity = if remark.is_error { Severity::Error } else { Severity::Warning };
            for (message, place) in remark.notes {
                let Spot::Piece(path, range) = place else { return None };
                one = one.note(message, texts.span(&path, range)?);
            }
            found.push(one);
        }
        Some(found)
    }
}

fn remark(one: &Diagnostic) -> Option<Remark> {
    let piece = |span: &Span| Spot::Piece(span.text().path().to_string(), span.range());
    let place = match &one.place {
        Place::Span(span) => piece(span),
        Place::File(path) => Spot::File(path.to_string()),
        Place::Nowhere => Spot::Nowhere,
    };
    let notes = one.notes.iter().map(|note| (note.message.clone(), piece(&note.span))).collect();
    let (message, hints) = (one.message.clone(), one.hints.clone());
    (!one.is_unreadable()).then(|| Remark { is_error: one.is_error(), message, hints, place, notes })
}

/// Texts read again; what was found in one file stands together.
struct Texts<'a> {
    root: &'a Path,
    last: Option<Text>,
}

impl Texts<'_> {
    fn span(&mut self, path: &str, range: Range<usize>) -> Option<Span> {
        if self.last.as_ref().is_none_or(|last| last.path().as_str() != path) {
            self.last = seeds::text_at(self.root, path);
        }
        let text = self.last.as_ref()?;
        (range.end <= text.read().len()).then(|| text.span(range))
    }
}
