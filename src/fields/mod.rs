//! Keys and values as the curator typed them, with their places: the one reader for `gleaner.toml` and for
//! front matter, TOML and YAML alike.
//!
//! In: a text and the range of it that holds keys. Out: typed values by key; every wrong type, bad value and
//! unknown key becomes a diagnostic at its place, and reading goes on.

mod edit;
mod toml;
mod yaml;

use std::ops::Range;

use crate::date::{Date, DateError};
use crate::diagnostic::{Diagnostics, Problem, Severity, nearest};
use crate::text::{Span, Text};

pub use edit::{Edits, quoted};

/// A value and where it was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// How the report of a key nobody asked for begins.
pub(crate) const UNKNOWN_KEY: &str = "unknown key";

/// How keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `key = "value"`
    Toml,
    /// `key: value`
    Yaml,
}

#[derive(Debug)]
struct Value {
    kind: Kind,
    range: Range<usize>,
}

#[derive(Debug)]
enum Kind {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    /// A TOML date or time; its text is read from its range.
    Moment,
    List(Vec<Value>),
    Table(Vec<Entry>),
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Flag(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "text",
            Kind::Moment => "a date",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}

#[derive(Debug)]
struct Entry {
    key: String,
    key_range: Range<usize>,
    value: Value,
}

/// The keys of one table, taken out one by one; what is left at the end is unknown.
#[derive(Debug)]
pub struct Fields {
    text: Text,
    range: Range<usize>,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    found: Diagnostics,
    /// Lines that are not in the format at all.
    unreadable: Vec<usize>,
}

impl Fields {
    /// Reads the keys in a range of a text. What cannot be read is reported; what can be is kept.
    pub fn read(text: &Text, range: Range<usize>, format: Format) -> Fields {
        let mut found = Diagnostics::new();
        let entries = match format {
            Format::Toml => toml::read(text, range.clone(), &mut found),
            Format::Yaml => yaml::read(text, range.clone(), &mut found),
        };
        let unreadable = found.sorted().iter().filter_map(|one| one.position()).map(|at| at.line).collect();
        Fields { text: text.clone(), range, entries, known: Vec::new(), found, unreadable }
    }

    /// The place of all the keys together.
    pub fn span(&self) -> Span {
        self.text.span(self.range.clone())
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Option<Typed<String>> {
        let value = self.take(key)?;
        let text = self.as_text(&value);
        self.or_expected(key, &value, text, "text in quotation marks")
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Option<Vec<Typed<String>>> {
        let value = self.take(key)?;
        let items = match value.kind {
            Kind::List(items) => items,
            Kind::Null => return Some(Vec::new()),
            _ => vec![value],
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let text = self.as_text(&item);
            texts.extend(self.or_expected(key, &item, text, "a list of texts"));
        }
        Some(texts)
    }

    /// The place of a key's value, which stays to be read.
    pub fn place(&self, key: &str) -> Option<Span> {
        Some(self.text.span(self.entry(key)?.value.range.clone()))
    }

    /// Where a key's value would stand that is not there: behind its colon, with the tags, anchors and aliases of YAML that
    /// stand for nothing (`!text`, `&name`, `*name`). `None` where there is no such key.
    pub fn behind(&self, key: &str) -> Option<Range<usize>> {
        let (source, end) = (self.text.read(), self.entry(key)?.key_range.end);
        let start = end + source[end..].find(':')? + 1;
        let mut end = start;
        loop {
            let rest = &source[end..];
            let mark = rest.trim_start_matches([' ', '\t']);
            if !mark.starts_with(['!', '&', '*']) {
                return Some(start..end);
            }
            let ends = |c: char| c.is_whitespace() || [',', ']', '}'].contains(&c);
            end += rest.len() - mark.len() + mark.find(ends).unwrap_or(mark.len());
        }
    }

    /// The place of the last item of a list, which stays to be read; `None` where there is none.
    pub fn last_item(&self, key: &str) -> Option<Span> {
        let Kind::List(items) = &self.entry(key)?.value.kind else { return None };
        Some(self.text.span(items.last()?.range.clone()))
    }

    /// The lines of a key and its value, which stay to be read.
    pub fn lines_of(&self, key: &str) -> Option<Range<usize>> {
        let (entry, source) = (self.entry(key)?, self.text.read());
        let start = source[..entry.key_range.start].rfind('\n').map_or(0, |newline| newline + 1);
        let after = entry.value.range.end;
        Some(start..source[after..].find('\n').map_or(source.len(), |newline| after + newline + 1))
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// What was wrong with the format itself, whatever the keys are.
    pub fn unreadable(self) -> Diagnostics {
        self.found
    }

    /// True or false.
    pub fn flag(&mut self, key: &'static str) -> Option<Typed<bool>> {
        let value = self.take(key)?;
        let flag = if let Kind::Flag(flag) = value.kind { Some(flag) } else { None };
        self.or_expected(key, &value, flag, "`true` or `false`")
    }

    /// A number.
    pub fn number(&mut self, key: &'static str) -> Option<Typed<f64>> {
        let value = self.take(key)?;
        let number = if let Kind::Number(number) = value.kind { Some(number) } else { None };
        self.or_expected(key, &value, number, "a number")
    }

    /// A date: year, year-month or day. Of a time only the day is kept.
    pub fn date(&mut self, key: &'static str) -> Option<Typed<Date>> {
        let value = self.take(key)?;
        let typed = match &value.kind {
            Kind::Text(text) => text.as_str(),
            Kind::Moment | Kind::Number(_) => &self.text.read()[value.range.clone()],
            Kind::Null => return None,
            Kind::Flag(_) | Kind::List(_) | Kind::Table(_) => "",
        };
        let day = typed.split(['T', 't', ' ']).next().unwrap_or_default();
        match day.parse() {
            Ok(date) => Some(Typed { value: date, span: self.text.span(value.range) }),
            Err(error) => {
                let problem = match error {
                    DateError::Form if typed.is_empty() => {
                        Problem::new(format!("`{key}` is {}, not a date", value.kind.name()))
                    }
                    DateError::Form | DateError::Calendar => Problem::new(format!("`{typed}` is {error}")),
                };
                let hint = "write what is known: `2011`, `2011-03` or `2011-03-02`";
                self.report(Severity::Error, problem.hint(hint), value.range);
                None
            }
        }
    }

    /// A table of its own; to be closed with [`close`](Fields::close) as well.
    pub fn table(&mut self, key: &'static str) -> Option<Fields> {
        let value = self.take(key)?;
        self.as_table(key, value)
    }

    /// The texts of all keys that are left, whatever they are called, in the order typed.
    pub fn all_texts(&mut self) -> Vec<(String, Typed<String>)> {
        let mut all = Vec::new();
        for entry in std::mem::take(&mut self.entries) {
            let text = self.as_text(&entry.value);
            let typed = self.or_expected(&entry.key, &entry.value, text, "text in quotation marks");
            all.extend(typed.map(|typed| (entry.key, typed)));
        }
        all
    }

    /// A list whose items are texts or tables, in the order typed.
    pub fn texts_or_tables(&mut self, key: &'static str) -> Vec<TextOrTable> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let items = match value.kind {
            Kind::List(items) => items,
            Kind::Null => return Vec::new(),
            _ => vec![value],
        };
        let mut all = Vec::with_capacity(items.len());
        for item in items {
            if matches!(item.kind, Kind::Table(_)) {
                all.extend(self.as_table(key, item).map(TextOrTable::Table));
            } else {
                let text = self.as_text(&item);
                all.extend(self.or_expected(key, &item, text, "a list of texts").map(TextOrTable::Text));
            }
        }
        all
    }

    /// Accepts a key, whatever its value, and leaves it alone.
    pub fn ignore(&mut self, key: &'static str) {
        self.take(key);
    }

    /// Accepts a key that another tool has: it is no slip, and nobody is told of it as a key there is.
    pub fn ignore_silently(&mut self, key: &str) {
        self.entries.retain(|entry| entry.key != key);
    }

    /// Reports the keys nobody asked for, and hands over all that was found. A key that looks like a slip is an
    /// error; any other is as bad as `unknown` says.
    pub fn close(mut self, unknown: Severity) -> Diagnostics {
        for entry in std::mem::take(&mut self.entries) {
            let problem = Problem::new(format!("{UNKNOWN_KEY} `{}`", entry.key));
            match nearest(&entry.key, self.known.iter().copied()) {
                Some(near) => {
                    let problem = problem.hint(format!("did you mean `{near}`?"));
                    self.report(Severity::Error, problem, entry.key_range);
                }
                None => {
                    let problem = problem.hint(format!("the keys here are `{}`", self.known.join("`, `")));
                    self.report(unknown, problem, entry.key_range);
                }
            }
        }
        self.found
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        let place = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(place).value)
    }

    /// A number or date written without quotation marks is text, too, where text is wanted.
    fn as_text(&self, value: &Value) -> Option<String> {
        match &value.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(_) | Kind::Moment => Some(self.text.read()[value.range.clone()].to_owned()),
            Kind::Null | Kind::Flag(_) | Kind::List(_) | Kind::Table(_) => None,
        }
    }

    fn as_table(&mut self, key: &str, value: Value) -> Option<Fields> {
        let Value { kind, range } = value;
        let Kind::Table(entries) = kind else {
            let problem = Problem::new(format!("`{key}` is {}, not a table", kind.name()));
            self.report(Severity::Error, problem, range);
            return None;
        };
        let (text, unreadable) = (self.text.clone(), self.unreadable.clone());
        Some(Fields { text, range, entries, known: Vec::new(), found: Diagnostics::new(), unreadable })
    }

    fn or_expected<T>(
        &mut self,
        key: &str,
        typed: &Value,
        value: Option<T>,
        wanted: &str,
    ) -> Option<Typed<T>> {
        if value.is_none() && !matches!(typed.kind, Kind::Null) {
            let problem = Problem::new(format!("`{key}` is {}", typed.kind.name()));
            let hint = format!("it takes {wanted}");
            self.report(Severity::Error, problem.hint(hint), typed.range.clone());
        }
        value.map(|value| Typed { value, span: self.text.span(typed.range.clone()) })
    }

    fn report(&mut self, severity: Severity, problem: Problem, range: Range<usize>) {
        let diagnostic = problem.at(self.text.span(range));
        // Where a line is not even TOML or YAML, what was read of it is a guess, and not worth a word.
        let line = diagnostic.position().map(|at| at.line);
        if self.unreadable.iter().any(|unreadable| Some(*unreadable) == line) {
            return;
        }
        self.found.push(match severity {
            Severity::Error => diagnostic,
            Severity::Warning => diagnostic.as_warning(),
        });
    }
}

/// An item of a list that takes texts and tables.
#[derive(Debug)]
pub enum TextOrTable {
    /// A text.
    Text(Typed<String>),
    /// A table.
    Table(Fields),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;

    fn fields(typed: &str, format: Format) -> Fields {
        let text = Text::new(SitePath::new("a.md"), typed.to_owned());
        Fields::read(&text, 0..typed.len(), format)
    }

    fn check(typed: &str, format: Format, read: impl FnOnce(&mut Fields), expected: &[&str]) {
        let mut fields = fields(typed, format);
        read(&mut fields);
        let found = fields.close(Severity::Error);
        let found: Vec<_> = found.sorted().iter().map(|one| one.in_short()).collect();
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn both_formats_give_the_same_values() {
        for (typed, format) in [
            (
                "title = \"A\"\ndate = 2011-03 # about\nok = true\ntags = [\"x\", \"y\"]\n[s]\nurl = 'u'\n",
                Format::Toml,
            ),
            ("title: A\ndate: 2011-03 # about\nok: true\ntags:\n  - x\n  - y\ns:\n  url: u\n", Format::Yaml),
        ] {
            let mut fields = fields(typed, format);
            assert_eq!(fields.text("title").unwrap().value, "A");
            assert_eq!(fields.date("date").unwrap().value.to_string(), "2011-03");
            assert!(fields.flag("ok").unwrap().value);
            let tags: Vec<_> = fields.texts("tags").unwrap().into_iter().map(|tag| tag.value).collect();
            assert_eq!(tags, ["x", "y"]);
            let mut inner = fields.table("s").unwrap();
            assert_eq!(inner.text("url").unwrap().value, "u");
            assert!(inner.close(Severity::Error).is_empty() && fields.close(Severity::Error).is_empty());
        }
    }

    #[test]
    fn every_problem_is_reported_at_its_place() {
        let read = |fields: &mut Fields| {
            assert!(fields.text("title").is_none());
            assert!(fields.date("date").is_none());
        };
        let expected = |title: &str, date: &str, key: &str| {
            [
                format!("a.md:{title}: error: `title` is a list (it takes text in quotation marks)"),
                format!(
                    "a.md:{date}: error: `2011-02-30` is no such day in the calendar (write what is known: `2011`, `2011-03` or `2011-03-02`)"
                ),
                format!("a.md:{key}: error: unknown key `titel` (did you mean `title`?)"),
            ]
        };
        for (typed, format, expected) in [
            ("title = []\ndate = \"2011-02-30\"\ntitel = 1\n", Format::Toml, expected("1:9", "2:8", "3:1")),
            ("title: []\ndate: 2011-02-30\ntitel: 1\n", Format::Yaml, expected("1:8", "2:7", "3:1")),
        ] {
            let expected: Vec<_> = expected.iter().map(String::as_str).collect();
            check(typed, format, read, &expected);
        }
    }

    #[test]
    fn what_is_no_toml_or_yaml_says_where() {
        for (typed, format, place) in [
            ("title = \"A\"\ndate = = 2\n", Format::Toml, "a.md:2:"),
            ("title: \"A\ndate: 2\n", Format::Yaml, "a.md:"),
            ("title = \"A\"\ntitle = \"B\"\n", Format::Toml, "a.md:2:1"),
        ] {
            let found = fields(typed, format).found;
            assert!(found.has_errors(), "{typed}");
            let short = found.sorted()[0].in_short();
            assert!(short.starts_with(place), "{short}");
        }
    }
}
