//! Reading paths: articles in an order, with the curator's words between.
//!
//! In: the files of `content/paths/`. Out: [`ReadingPath`]s. The links of the text to articles, in the order in which they
//! stand, are the path; the graph resolves them.

use std::collections::BTreeMap;
use std::fmt;

use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::front_matter::split;
use crate::markdown::Body;
use crate::path::SitePath;
use crate::text::{Span, Text};

/// Identifies a path: its slug, made from the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId(String);

impl PathId {
    /// The id of the path in a file.
    pub fn of(path: &SitePath) -> PathId {
        PathId(slug(path.stem()))
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PathId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Articles to read one after the other.
#[derive(Debug, Clone)]
pub struct ReadingPath {
    /// Identifies it.
    pub id: PathId,
    /// The file it was read from.
    pub text: Text,
    /// Its title.
    pub title: String,
    /// What it leads through, in a sentence.
    pub description: Option<String>,
    /// The curator's words, with the links that are its steps.
    pub body: Body,
}

impl ReadingPath {
    /// The first line of its file, for problems that concern it as a whole.
    pub fn span(&self) -> Span {
        self.text.first_line()
    }
}

/// Reads all paths; drafts only where they are asked for. Two files with one slug are an error that names both.
pub fn read(files: &BTreeMap<SitePath, Text>, drafts: bool) -> (Vec<ReadingPath>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut paths: BTreeMap<PathId, ReadingPath> = BTreeMap::new();
    for text in files.values() {
        let front = split(text, &mut found);
        let body = Body::read(text, front.body.clone());
        let mut fields = front.fields(text);
        let title = fields.text("title").map(|typed| typed.value).filter(|title| !title.trim().is_empty());
        let is_draft = fields.flag("draft").is_some_and(|typed| typed.value);
        let description = fields.text("description").map(|typed| typed.value);
        found.extend(fields.close(Severity::Error));
        if is_draft && !drafts {
            continue;
        }
        let title = title.unwrap_or_else(|| text.path().stem().replace('-', " "));
        let path = ReadingPath { id: PathId::of(text.path()), text: text.clone(), title, description, body };
        if path.id.as_str().is_empty() {
            let problem = Problem::new(format!("`{}` gives the path no address", text.path().file_name()));
            found.push(problem.hint("name the file with letters or digits").at(path.span()));
            continue;
        }
        match paths.get(&path.id) {
            Some(first) => found.push(
                Problem::new(format!("two paths have the address `/paths/{}/`", path.id))
                    .hint("rename one of the two files")
                    .at(path.span())
                    .note("the other is here", first.span()),
            ),
            None => {
                paths.insert(path.id.clone(), path);
            }
        }
    }
    (paths.into_values().collect(), found)
}
