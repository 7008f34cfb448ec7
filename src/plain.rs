//! The curator's other pages: `content/about.md` and whatever else stands in `content/`.
//!
//! In: their files. Out: [`Plain`] pages with a title and a text.

use std::collections::BTreeMap;

use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::front_matter::split;
use crate::markdown::Body;
use crate::path::SitePath;
use crate::seeds::CONTENT;
use crate::text::Text;

/// Identifies a page: its path below `content/`, as it stands in the address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlainId(String);

impl PlainId {
    /// The id of the page in a file: `content/about.md` is `about`.
    pub fn of(path: &SitePath) -> PlainId {
        let below = path.inside(CONTENT).unwrap_or(path.as_str());
        let without_ending = below.strip_suffix(".md").unwrap_or(below);
        let parts: Vec<String> = without_ending.split('/').map(slug).collect();
        PlainId(parts.join("/"))
    }

    /// The page every site has, in the curator's own words.
    pub fn about() -> PlainId {
        PlainId("about".to_owned())
    }

    /// The path in the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A page the curator wrote.
#[derive(Debug, Clone)]
pub struct Plain {
    /// Identifies it.
    pub id: PlainId,
    /// The file it was read from.
    pub text: Text,
    /// Its title.
    pub title: String,
    /// What it says, in a sentence.
    pub description: Option<String>,
    /// Its text.
    pub body: Body,
}

/// Reads the curator's other pages; drafts only where they are asked for.
pub fn read(files: &BTreeMap<SitePath, Text>, drafts: bool) -> (Vec<Plain>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut plains = Vec::new();
    for text in files.values() {
        let front = split(text, &mut found);
        let body = Body::read(text, front.body.clone());
        let mut fields = front.fields(text);
        let title = fields.text("title").map(|typed| typed.value);
        let is_draft = fields.flag("draft").is_some_and(|typed| typed.value);
        let description = fields.text("description").map(|typed| typed.value);
        found.extend(fields.close(Severity::Error));
        let id = PlainId::of(text.path());
        if id.as_str().split('/').any(str::is_empty) {
            let problem = Problem::new(format!("`{}` gives the page no address", text.path().file_name()));
            found.push(problem.hint("name the file with letters or digits").at(text.span(0..0)));
            continue;
        }
        if is_draft && !drafts {
            continue;
        }
        let title = title.unwrap_or_else(|| text.path().stem().replace('-', " "));
        plains.push(Plain { id, text: text.clone(), title, description, body });
    }
    (plains, found)
}
