//! `content/concepts.toml`: how the curator names, merges and hides concepts.
//!
//! In: the file's text. Out: [`Decisions`], as typed; once the vocabulary is known, the headings of the index, and a
//! diagnostic for every name in the file that no article gives.

use std::collections::BTreeMap;

use super::candidates::{Kind, Vocabulary, key};
use super::tokens::tokens;
use super::{ConceptId, Heading, Headings};
use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem, Severity, nearest};
use crate::fields::{Fields, Format, TextOrTable, Typed};
use crate::text::{Span, Text};
use crate::words::Language;

/// What the curator decided about concepts.
#[derive(Debug, Default)]
pub struct Decisions {
    hide: Vec<Typed<String>>,
    named: Vec<Named>,
}

/// A concept as the curator names it.
#[derive(Debug)]
struct Named {
    name: Typed<String>,
    /// The concepts found that it stands for.
    of: Vec<Typed<String>>,
}

impl Decisions {
    /// Reads the file; without one, nothing is decided.
    pub fn read(text: Option<&Text>) -> (Decisions, Diagnostics) {
        let mut found = Diagnostics::new();
        let Some(text) = text else { return (Decisions::default(), found) };
        let mut fields = Fields::read(text, 0..text.read().len(), Format::Toml);
        let mut decisions = Decisions { hide: fields.texts("hide").unwrap_or_default(), named: Vec::new() };
        for one in fields.texts_or_tables("concept") {
            match one {
                TextOrTable::Table(mut table) => {
                    let name = table.text("name").filter(|name| !slug(&name.value).is_empty());
                    let of = table.texts("of").unwrap_or_default();
                    let span = table.span();
                    let before = found.has_errors();
                    found.extend(table.close(Severity::Error));
                    match name {
                        Some(name) => decisions.named.push(Named { name, of }),
                        None if !before && found.has_errors() => {}
                        None => found.push(nameless(span)),
                    }
                }
                TextOrTable::Text(typed) => {
                    let problem = Problem::new("a concept is a table");
                    let hint = "write `[[concept]]`, and below it `name = \"…\"` and `of = [\"…\"]`";
                    found.push(problem.hint(hint).at(typed.span));
                }
            }
        }
        found.extend(fields.close(Severity::Error));
        (decisions, found)
    }

    /// How many names in `hide` and `of` mean a key.
    fn claims(&self, key: &String, vocabulary: &Vocabulary, language: &Language) -> usize {
        let of = self.named.iter().flat_map(|named| &named.of);
        let means = |typed: &&Typed<String>| keys(&typed.value, vocabulary, language).contains(key);
        self.hide.iter().chain(of).filter(means).count()
    }

    /// The headings of the index, and what stands under each.
    pub(super) fn headings(&self, vocabulary: &Vocabulary, language: &Language) -> (Headings, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut headings = Headings { all: Vec::new(), of: BTreeMap::new() };
        let mut decided: BTreeMap<String, &Typed<String>> = BTreeMap::new();
        let known: Vec<&str> = vocabulary.entries.values().map(|entry| entry.written[0].as_str()).collect();
        let keys_of = |typed: &'_ Typed<String>, must_be: bool, found: &mut Diagnostics| {
            let keys = keys(&typed.value, vocabulary, language);
            if keys.is_empty() && must_be {
                let problem = Problem::new(format!("no concept is called `{}`", typed.value));
                let near = nearest(&typed.value, known.iter().copied());
                let hint = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "concepts are the entries of `/concepts/`, found in the articles".to_owned(),
                };
                found.push(problem.hint(hint).at(typed.span.clone()).as_warning());
            }
            keys
        };
        let mut taken: BTreeMap<String, Span> = BTreeMap::new();
        // What stands in the file first has a key; a second claim is reported.
        let mut take = |keys: Vec<String>, typed: &Typed<String>, found: &mut Diagnostics| {
            let mut free = Vec::new();
            for key in keys {
                if let Some(first) = taken.get(&key) {
                    let problem = Problem::new(format!("`{}` is decided twice", typed.value));
                    found.push(problem.at(typed.span.clone()).note("first here", first.clone()));
                } else {
                    taken.insert(key.clone(), typed.span.clone());
                    free.push(key);
                }
            }
            free
        };
        let mut hidden: Vec<String> = Vec::new();
        for typed in &self.hide {
            let keys = keys_of(typed, true, &mut found);
            hidden.extend(take(keys, typed, &mut found));
        }
        for named in &self.named {
            let mut gathered = Vec::new();
            for typed in &named.of {
                let keys = keys_of(typed, true, &mut found);
                gathered.extend(take(keys, typed, &mut found));
            }
            // The name itself may be one that the articles have; what it names may stand elsewhere all the same.
            for key in keys_of(&named.name, named.of.is_empty(), &mut found) {
                let is_free = self.claims(&key, vocabulary, language) == 0;
                if is_free && !gathered.contains(&key) {
                    gathered.extend(take(vec![key], &named.name, &mut found));
                }
            }
            let id = ConceptId(slug(&named.name.value));
            if let Some(first) = decided.insert(id.as_str().to_owned(), &named.name) {
                let problem = Problem::new(format!("two concepts have the address `/concepts/{id}/`"));
                found.push(
                    problem
                        .hint("give their words to one of them")
                        .at(named.name.span.clone())
                        .note("the other is here", first.span.clone()),
                );
                continue;
            }
            for key in &gathered {
                headings.of.insert(key.clone(), headings.all.len());
            }
            let also = also(&named.name.value, gathered.iter(), vocabulary);
            let name = named.name.value.trim().to_owned();
            headings.all.push(Heading { id, name, also, is_decided: true });
        }
        headings.add_found(vocabulary, &hidden);
        (headings, found)
    }
}

impl Headings {
    /// Adds every entry nobody decided about. Two that share an address are one.
    fn add_found(&mut self, vocabulary: &Vocabulary, hidden: &[String]) {
        let mut by_id: BTreeMap<ConceptId, usize> =
            self.all.iter().enumerate().map(|(index, heading)| (heading.id.clone(), index)).collect();
        for (key, entry) in &vocabulary.entries {
            let name = &entry.written[0];
            let id = ConceptId(slug(name));
            if self.of.contains_key(key) || hidden.contains(key) || id.as_str().is_empty() {
                continue;
            }
            let index = *by_id.entry(id.clone()).or_insert_with(|| {
                let also = also(name, std::iter::once(key), vocabulary);
                self.all.push(Heading { id, name: name.clone(), also, is_decided: false });
                self.all.len() - 1
            });
            self.of.insert(key.clone(), index);
        }
    }
}

fn nameless(span: Span) -> crate::diagnostic::Diagnostic {
    Problem::new("a concept has no name").hint("write `name = \"…\"`: how it stands in the index").at(span)
}

/// The keys a curator means by a name: that of a name, that of a term, or what an abbreviation stands for.
fn keys(name: &str, vocabulary: &Vocabulary, language: &Language) -> Vec<String> {
    let tokens = tokens(name, language);
    let mut keys = Vec::new();
    for kind in [Kind::Name, Kind::Term] {
        let key = key(&tokens, kind, language);
        let key = vocabulary.same.get(&key).cloned().unwrap_or(key);
        if vocabulary.entries.contains_key(&key) && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The other names of a concept in the articles, abbreviations among them; case, plural and hyphen make no other name.
fn also<'a>(name: &str, keys: impl Iterator<Item = &'a String>, vocabulary: &Vocabulary) -> Vec<String> {
    let mut also: Vec<String> = Vec::new();
    let mut known = vec![super::letters(name)];
    for key in keys {
        let shorts = vocabulary.same.iter().filter(|(_, long)| *long == key).map(|(short, _)| short);
        let short = shorts.filter_map(|short| vocabulary.abbreviated.get(short)).flatten();
        for way in vocabulary.entries[key].written.first().into_iter().chain(short) {
            let letters = super::letters(way);
            if !known.contains(&letters) {
                known.push(letters);
                also.push(way.clone());
            }
        }
    }
    also
}
