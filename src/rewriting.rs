//! Files that change at the curator's word: what they are to hold, and how that differs from what they hold.
//!
//! In: texts as read, and edits to them. Out: a [`Rewriting`], to be shown and then written. Every file keeps its format,
//! its order and its comments; one that would read worse than before is not written at all.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::{Edits, Fields, Format, quoted};
use crate::front_matter;
use crate::import::Write;
use crate::path::SitePath;
use crate::seeds::{IMPORTED, LEDGER, STAMP};
use crate::text::{Span, Text};

/// What changes on the disk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rewriting {
    /// The files to write.
    pub writes: BTreeMap<SitePath, Write>,
    /// The file that goes.
    pub gone: Option<Gone>,
}

/// A file that goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Gone {
    /// Its path.
    pub path: SitePath,
    /// What it holds.
    pub held: String,
    /// The file that takes its place, where it is moved.
    pub to: Option<SitePath>,
}

impl Rewriting {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.gone.is_none()
    }

    /// Writes a file, if what it holds changes.
    pub(crate) fn write(&mut self, text: &Text, now: &str) {
        if now != text.as_str() {
            self.writes.insert(text.path().clone(), Write::text(now, Some(text.as_str())));
        }
    }

    /// Writes a file that may not be there yet, if what it holds changes.
    pub(crate) fn put(&mut self, path: &SitePath, held: Option<&Text>, now: &str) {
        if held.is_none_or(|held| held.as_str() != now) {
            self.writes.insert(path.clone(), Write::text(now, held.map(Text::as_str)));
        }
    }

    /// Takes a file away.
    pub(crate) fn remove(&mut self, text: &Text) {
        self.gone = Some(Gone { path: text.path().clone(), held: text.as_str().to_owned(), to: None });
    }

    /// Moves a file, whatever it holds then.
    pub(crate) fn move_to(&mut self, text: &Text, to: SitePath, now: &str) {
        self.remove(text);
        if let Some(gone) = &mut self.gone {
            gone.to = Some(to.clone());
        }
        self.writes.insert(to, Write::text(now, None));
    }

    /// The changes to what the curator wrote, as a unified diff; import's own memory is left out.
    pub fn diff(&self) -> String {
        let mut diff = String::new();
        let mut add = |before: (&str, &str), after: (&str, &str)| {
            let mut options = diffy::DiffOptions::new();
            options.set_original_filename(before.0.to_owned()).set_modified_filename(after.0.to_owned());
            diff.push_str(&options.create_patch(before.1, after.1).to_string());
        };
        if let Some(gone) = self.gone.as_ref().filter(|gone| gone.to.is_none()) {
            add((gone.path.as_str(), &gone.held), ("/dev/null", ""));
        }
        for (path, write) in self.writes.iter().filter(|(path, _)| !is_memory(path)) {
            let moved = self.gone.as_ref().filter(|gone| gone.to.as_ref() == Some(path));
            let now = String::from_utf8_lossy(&write.bytes);
            let held = write.before.as_deref().map(String::from_utf8_lossy);
            match (moved, &held) {
                (Some(gone), _) => add((gone.path.as_str(), &gone.held), (path.as_str(), &now)),
                (None, Some(held)) => add((path.as_str(), held), (path.as_str(), &now)),
                (None, None) => add(("/dev/null", ""), (path.as_str(), &now)),
            }
        }
        diff
    }
}

/// Whether a file is import's own memory.
fn is_memory(path: &SitePath) -> bool {
    path.as_str() == LEDGER || path.inside(IMPORTED).is_some() || path.as_str() == STAMP
}

/// A text, with front matter to write into.
pub(crate) fn with_front_matter(text: &Text) -> Text {
    match front_matter::split(text, &mut Diagnostics::new()).keys() {
        Some(_) => text.clone(),
        None => Text::new(text.path().clone(), format!("+++\n+++\n{}", text.as_str())),
    }
}

/// Edits to a text, none yet.
pub(crate) fn edits(text: &Text) -> Edits {
    let format =
        front_matter::split(text, &mut Diagnostics::new()).keys().map_or(Format::Toml, |(_, format)| format);
    Edits::new(text, format)
}

/// A file after an edit, if it still reads as well as it did before.
pub(crate) fn checked(text: &Text, now: String) -> Result<String, Problem> {
    let problems = |text: &Text| {
        let mut found = Diagnostics::new();
        let front = front_matter::split(text, &mut found);
        found.extend(front.fields(text).unreadable());
        found.has_errors()
    };
    let edited = Text::new(text.path().clone(), now);
    if problems(&edited) && !problems(text) {
        return Err(Problem::new(format!("`{}` cannot be rewritten safely", text.path()))
            .hint("change it by hand, then run the command again"));
    }
    Ok(edited.as_str().to_owned())
}

/// The keys of a text, to be added to.
pub(crate) struct Front<'a> {
    text: &'a Text,
    keys: Option<(Range<usize>, Format)>,
}

impl<'a> Front<'a> {
    /// The keys of a text.
    pub(crate) fn of(text: &'a Text) -> Front<'a> {
        Front { text, keys: front_matter::split(text, &mut Diagnostics::new()).keys() }
    }

    /// Sets a text.
    pub(crate) fn set(&self, edits: &mut Edits, key: &'static str, value: &str) {
        let typed = self.fields().and_then(|mut fields| fields.text(key));
        match typed {
            Some(typed) => edits.replace(&typed.span, value),
            None => self.add_line(edits, key, &quoted(value)),
        }
    }

    /// Adds texts to a list.
    pub(crate) fn add(&self, edits: &mut Edits, key: &'static str, values: &[String]) {
        let typed = self.fields().and_then(|mut fields| fields.texts(key)).unwrap_or_default();
        let has = |value: &&String| !typed.iter().any(|one| one.value == **value);
        let written: Vec<String> = values.iter().filter(has).map(|value| quoted(value)).collect();
        self.add_items(edits, key, &written);
    }

    /// Adds terms with their weights to a rule.
    pub(crate) fn add_terms(&self, edits: &mut Edits, terms: &[&(String, f64)]) {
        let written: Vec<String> = terms
            .iter()
            .map(|(term, weight)| match self.keys.as_ref().map(|(_, format)| *format) {
                Some(Format::Yaml) => format!("{{ term: {}, weight: {weight:?} }}", quoted(term)),
                Some(Format::Toml) | None => format!("{{ term = {}, weight = {weight:?} }}", quoted(term)),
            })
            .collect();
        self.add_items(edits, "terms", &written);
    }

    fn add_items(&self, edits: &mut Edits, key: &'static str, written: &[String]) {
        if written.is_empty() {
            return;
        }
        let Some(fields) = self.fields() else { return };
        match (fields.last_item(key), fields.place(key)) {
            (Some(last), _) => written.iter().for_each(|item| edits.add_after(&last, item)),
            (None, Some(place)) => {
                // A single value becomes a list; an empty list, or nothing, is replaced.
                let typed = &self.text.as_str()[place.range()];
                let is_value = !matches!(typed.trim(), "" | "[]" | "~" | "null");
                let items: Vec<&str> =
                    is_value.then_some(typed).into_iter().chain(written.iter().map(String::as_str)).collect();
                edits.put(place.range(), &format!("[{}]", items.join(", ")));
            }
            (None, None) => self.add_line(edits, key, &format!("[{}]", written.join(", "))),
        }
    }

    /// Adds a line above all others, where no table can swallow it.
    fn add_line(&self, edits: &mut Edits, key: &str, value: &str) {
        if let Some((range, _)) = &self.keys {
            edits.insert_line(range.start, key, value);
        }
    }

    /// Takes these out of a list; one that is left without any says `[]` where that means something, else it goes.
    pub(crate) fn take(&self, edits: &mut Edits, key: &'static str, taken: &[Span], means_none: bool) {
        let all = self.fields().and_then(|mut fields| fields.texts(key)).unwrap_or_default();
        let lines = self.fields().and_then(|fields| fields.lines_of(key));
        match (lines, &self.keys) {
            (Some(lines), Some((_, format))) if taken.len() == all.len() => {
                let equals = if *format == Format::Yaml { ": " } else { " = " };
                let line = if means_none { format!("{key}{equals}[]\n") } else { String::new() };
                edits.put(lines, &line);
            }
            _ => taken.iter().for_each(|one| edits.remove(one)),
        }
    }

    /// Takes a key and its value away.
    pub(crate) fn remove_line(&self, edits: &mut Edits, key: &str) {
        if let Some(lines) = self.fields().and_then(|fields| fields.lines_of(key)) {
            edits.put(lines, "");
        }
    }

    fn fields(&self) -> Option<Fields> {
        let (range, format) = self.keys.clone()?;
        Some(Fields::read(self.text, range, format))
    }
}
