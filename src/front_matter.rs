//! Where a file's front matter ends and its text begins, front matter as import writes it, and edits to what is there: they keep
//! its format, its order and its comments.

use std::fmt::Write as _;
use std::ops::Range;

use crate::date::Date;
use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::{Edits, Fields, Format, quoted};
use crate::text::{Span, Text};

/// A file cut in two.
#[derive(Debug, Clone)]
pub struct Split {
    /// The keys, without the fences, and how they are written.
    keys: Option<(Range<usize>, Format)>,
    /// The text after them.
    pub body: Range<usize>,
}

impl Split {
    /// Whether there is front matter at all.
    pub fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// The whole file with the seed it came from in its front matter, the rest of which stays as it is; `None`
    /// where there is no front matter.
    pub fn with_seed(&self, text: &Text, seed: &str) -> Option<String> {
        let (range, format) = self.keys.clone()?;
        let keys = &text.read()[range.clone()];
        let has_source = keys.lines().any(|line| {
            let line = line.trim_end();
            line == "[source]"
                || line.starts_with("source:")
                || line.starts_with("source ")
                || line.starts_with("source=")
        });
        if has_source {
            return Some(text.read().into_owned());
        }
        let quoted = toml::Value::from(seed).to_string();
        let added = match format {
            Format::Toml => format!("\n[source]\nseed = {quoted}\n"),
            Format::Yaml => format!("source:\n  seed: {quoted}\n"),
        };
        let source = text.read();
        Some(format!("{}{added}{}", &source[..range.end], &source[range.end..]))
    }

    /// Where the keys are, and how they are written; `None` where there is no front matter.
    pub fn keys(&self) -> Option<(Range<usize>, Format)> {
        self.keys.clone()
    }

    /// The keys, read.
    pub fn fields(&self, text: &Text) -> Fields {
        let (range, format) = self.keys.clone().unwrap_or((0..0, Format::Toml));
        Fields::read(text, range, format)
    }
}

/// Cuts a file after its front matter: TOML between `+++`, YAML between `---`.
pub fn split(text: &Text, found: &mut Diagnostics) -> Split {
    let source = text.read();
    let first = source.lines().next().unwrap_or_default();
    let format = match first.trim_end() {
        "+++" => Format::Toml,
        "---" => Format::Yaml,
        _ => return Split { keys: None, body: 0..source.len() },
    };
    let fence = first.trim_end();
    let start = source.find('\n').map_or(source.len(), |newline| newline + 1);
    let mut line_start = start;
    for line in source[start..].split_inclusive('\n') {
        let end = line_start + line.len();
        if line.trim_end() == fence {
            return Split { keys: Some((start..line_start, format)), body: end..source.len() };
        }
        line_start = end;
    }
    // A lone `---` on top is a rule of Markdown, not front matter, unless keys follow.
    if format == Format::Yaml && !source[start..].lines().next().is_some_and(|line| line.contains(':')) {
        return Split { keys: None, body: 0..source.len() };
    }
    let problem = Problem::new("the front matter has no end");
    found.push(problem.hint(format!("close it with a line of `{fence}`")).at(text.span(0..fence.len())));
    Split { keys: None, body: source.len()..source.len() }
}

/// The front matter import writes for a new article: only what is known.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    /// The title.
    pub title: String,
    /// First publication.
    pub date: Option<Date>,
    /// The authors' names.
    pub authors: Vec<String>,
    /// The topics it has; none where they are assigned.
    pub topics: Vec<String>,
    /// BCP 47 language tag, where it is known.
    pub language: Option<String>,
    /// The seed's path below the site.
    pub seed: Option<String>,
    /// The address of the original.
    pub url: Option<String>,
    /// Who published it first.
    pub site: Option<String>,
}

impl FrontMatter {
    /// TOML between `+++`, ending in a newline.
    pub fn to_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut toml = String::from("+++\n");
        let mut line = |key: &str, value: String| {
            // Writing to a string cannot fail.
            let _infallible = writeln!(toml, "{key} = {value}");
        };
        line("title", quoted(&self.title));
        if let Some(date) = self.date {
            // A month alone is no TOML date; between quotation marks every tool reads it.
            line("date", if date.day().is_some() { date.to_string() } else { quoted(&date.to_string()) });
        }
        for (key, texts) in [("authors", &self.authors), ("topics", &self.topics)] {
            if !texts.is_empty() {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                line(key, format!("[{}]", texts.join(", ")));
            }
        }
        if let Some(language) = &self.language {
            line("language", quoted(language));
        }
        let source = [("seed", &self.seed), ("url", &self.url), ("site", &self.site)];
        if source.iter().any(|(_, value)| value.is_some()) {
            toml.push_str("\n[source]\n");
            for (key, value) in source {
                if let Some(value) = value {
                    let _infallible = writeln!(toml, "{key} = {}", quoted(value));
                }
            }
        }
        toml.push_str("+++\n");
        toml
    }
}

/// A text, with front matter to write into.
pub(crate) fn with_front_matter(text: &Text) -> Text {
    match split(text, &mut Diagnostics::new()).keys() {
        Some(_) => text.clone(),
        None => Text::new(text.path().clone(), format!("+++\n+++\n{}", text.read())),
    }
}

/// Edits to a text, none yet.
pub(crate) fn edits(text: &Text) -> Edits {
    let format = split(text, &mut Diagnostics::new()).keys().map_or(Format::Toml, |(_, format)| format);
    Edits::new(text, format)
}

/// A file after an edit, if it still reads as well as it did before.
pub(crate) fn checked(text: &Text, now: String) -> Result<String, Problem> {
    let problems = |text: &Text| {
        let mut found = Diagnostics::new();
        let front = split(text, &mut found);
        found.extend(front.fields(text).unreadable());
        found.has_errors()
    };
    let edited = Text::new(text.path().clone(), now);
    if problems(&edited) && !problems(text) {
        return Err(Problem::new(format!("`{}` cannot be rewritten safely", text.path()))
            .hint("change it by hand, then run the command again"));
    }
    Ok(edited.read().into_owned())
}

/// The keys of a text, to be added to.
pub(crate) struct Front<'a> {
    text: &'a Text,
    keys: Option<(Range<usize>, Format)>,
}

impl<'a> Front<'a> {
    /// The keys of a text.
    pub(crate) fn of(text: &'a Text) -> Front<'a> {
        Front { text, keys: split(text, &mut Diagnostics::new()).keys() }
    }

    /// Sets a text.
    pub(crate) fn set(&self, edits: &mut Edits, key: &'static str, value: &str) {
        let typed = self.fields().and_then(|mut fields| fields.text(key));
        let Some(fields) = self.fields() else { return };
        match (typed, fields.place(key)) {
            (Some(typed), _) => edits.replace(&typed.span, value),
            // Nothing stands there: in YAML, for nothing can be written there in words or without.
            (None, Some(place)) => match self.text.read()[place.range()].trim() {
                "~" | "null" | "Null" | "NULL" => edits.put(place.range(), &quoted(value)),
                _ => fields
                    .behind(key)
                    .into_iter()
                    .for_each(|range| edits.put(range, &format!(" {}", quoted(value)))),
            },
            (None, None) => self.add_line(edits, key, &quoted(value)),
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
                let typed = &self.text.read()[place.range()];
                let is_value = !matches!(typed.trim(), "" | "[]" | "~" | "null");
                let items: Vec<&str> =
                    is_value.then_some(typed).into_iter().chain(written.iter().map(String::as_str)).collect();
                edits.put(place.range(), &format!("[{}]", items.join(", ")));
            }
            (None, None) => self.add_line(edits, key, &format!("[{}]", written.join(", "))),
        }
    }

    /// Adds a line above all others, where no table can swallow it.
    pub(crate) fn add_line(&self, edits: &mut Edits, key: &str, value: &str) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;

    #[test]
    fn what_stands_for_nothing_gives_way_to_a_value() {
        for nothing in ["", " ~", " null", " !", " !text", " &name", " &name !text", " !  # a note"] {
            let text =
                Text::new(SitePath::new("a.md"), format!("---\ntitle:{nothing}\ntags: [x]\n---\nWords.\n"));
            let mut edits = Edits::new(&text, Format::Yaml);
            Front::of(&text).set(&mut edits, "title", "A: b");
            let made = edits.made();
            let comment = if nothing.contains('#') { "  # a note" } else { "" };
            assert_eq!(
                made,
                format!("---\ntitle: \"A: b\"{comment}\ntags: [x]\n---\nWords.\n"),
                "{nothing:?}"
            );
        }
    }
}
