//! Changing values where they were typed, so that format, order and comments stay as they are.
//!
//! In: a text, the places of values in it, and what is to stand there. Out: the text, changed. What is added is written
//! the way its neighbours are.

use std::ops::Range;

use super::Format;
use crate::text::{Span, Text};

/// Changes to one file.
#[derive(Debug, Clone)]
pub struct Edits {
    text: Text,
    format: Format,
    changes: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// None yet. `format` is that of the file's front matter.
    pub fn new(text: &Text, format: Format) -> Edits {
        Edits { text: text.clone(), format, changes: Vec::new() }
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Puts another text in the place of one, in the same kind of quotation marks.
    pub fn replace(&mut self, at: &Span, value: &str) {
        let typed = &self.text.read()[at.range()];
        let written = match typed.chars().next() {
            Some('\'') if !value.contains(['\'', '\n']) => format!("'{value}'"),
            Some('"' | '\'') => quoted(value),
            Some(_) | None if self.format == Format::Yaml && is_plain(value) => value.to_owned(),
            Some(_) | None => quoted(value),
        };
        self.changes.push((at.range(), written));
    }

    /// Takes an item out of a list, with its comma or its line.
    pub fn remove(&mut self, at: &Span) {
        let source = self.text.read();
        let Range { start, end } = at.range();
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        if source[line_start..start].trim_start() == "- " {
            let line_end = source[end..].find('\n').map_or(source.len(), |newline| end + newline + 1);
            self.changes.push((line_start..line_end, String::new()));
            return;
        }
        let after = &source[end..];
        let range = if after.trim_start().starts_with(',') {
            let comma = end + after.find(',').unwrap_or(0) + 1;
            let blank = source[comma..].len() - source[comma..].trim_start_matches([' ', '\t']).len();
            start..comma + blank
        } else {
            // The last of a list takes the comma before it along.
            let before = source[..start].trim_end();
            before.strip_suffix(',').map_or(start, str::len)..end
        };
        self.changes.push((range, String::new()));
    }

    /// Adds an item, as written, after the last of a list.
    pub fn add_after(&mut self, last: &Span, item: &str) {
        let source = self.text.read();
        let Range { start, end } = last.range();
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let lead = &source[line_start..start];
        let added = match lead.trim() {
            "-" => format!("\n{lead}{item}"),
            "" if !lead.is_empty() => format!(",\n{lead}{item}"),
            _ => format!(", {item}"),
        };
        self.changes.push((end..end, added));
    }

    /// Adds a line of front matter at a byte of the file.
    pub fn insert_line(&mut self, at: usize, key: &str, value: &str) {
        let line = match self.format {
            Format::Toml => format!("{key} = {value}\n"),
            Format::Yaml => format!("{key}: {value}\n"),
        };
        self.insert(at, &line);
    }

    /// Puts something, as written, in the place of a piece of the file.
    pub fn put(&mut self, range: Range<usize>, text: &str) {
        self.changes.push((range, text.to_owned()));
    }

    /// Adds a text at a byte of the file.
    pub fn insert(&mut self, at: usize, text: &str) {
        self.changes.push((at..at, text.to_owned()));
    }

    /// The whole file with all changes made. Of two that overlap the later one is left out.
    pub fn made(mut self) -> String {
        self.changes.sort_by_key(|(range, _)| (range.start, range.end));
        let source = self.text.read();
        let (mut made, mut at) = (String::with_capacity(source.len()), 0);
        for (range, text) in &self.changes {
            if range.start < at {
                continue;
            }
            made.push_str(&source[at..range.start]);
            made.push_str(text);
            at = range.end;
        }
        made.push_str(&source[at..]);
        made
    }
}

/// A text in quotation marks, as TOML and YAML both read it.
pub fn quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether YAML reads a text without quotation marks as that text.
fn is_plain(value: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    let begins = value.chars().next().is_some_and(char::is_alphabetic);
    let is_word_of_yaml = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .contains(&value.to_ascii_lowercase().as_str());
    begins && value.chars().all(is_word) && value.trim() == value && !is_word_of_yaml
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{Fields, Typed};
    use crate::path::SitePath;

    fn edited(typed: &str, format: Format, edit: impl FnOnce(&mut Edits, &[Typed<String>])) -> String {
        let text = Text::new(SitePath::new("a.md"), typed.to_owned());
        let mut fields = Fields::read(&text, 0..typed.len(), format);
        let items = fields.texts("topics").unwrap();
        let mut edits = Edits::new(&text, format);
        edit(&mut edits, &items);
        edits.made()
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        for (typed, format, expected) in [
            ("topics = ['a', \"b\"] # both\n", Format::Toml, "topics = ['new', \"b\"] # both\n"),
            ("topics: [a, b] # both\n", Format::Yaml, "topics: [new, b] # both\n"),
            ("topics:\n  - a # one\n  - b\n", Format::Yaml, "topics:\n  - new # one\n  - b\n"),
            ("topics: a\n", Format::Yaml, "topics: new\n"),
        ] {
            let made = edited(typed, format, |edits, items| edits.replace(&items[0].span, "new"));
            assert_eq!(made, expected);
        }
        let made = edited("topics: [a]\n", Format::Yaml, |edits, items| edits.replace(&items[0].span, "no"));
        assert_eq!(made, "topics: [\"no\"]\n");
    }

    #[test]
    fn an_item_goes_with_its_comma_or_its_line() {
        for (typed, format, index, expected) in [
            ("topics = [\"a\", \"b\"]\n", Format::Toml, 0, "topics = [\"b\"]\n"),
            ("topics = [\"a\", \"b\"]\n", Format::Toml, 1, "topics = [\"a\"]\n"),
            ("topics = [\"a\"]\n", Format::Toml, 0, "topics = []\n"),
            ("topics:\n- a\n- b # two\nx: 1\n", Format::Yaml, 1, "topics:\n- a\nx: 1\n"),
        ] {
            let made = edited(typed, format, |edits, items| edits.remove(&items[index].span));
            assert_eq!(made, expected);
        }
    }

    #[test]
    fn an_item_is_added_the_way_its_neighbours_are() {
        for (typed, format, expected) in [
            ("topics = [\"a\"]\n", Format::Toml, "topics = [\"a\", \"c\"]\n"),
            (
                "topics = [\n    \"a\",\n    \"b\",\n]\n",
                Format::Toml,
                "topics = [\n    \"a\",\n    \"b\",\n    \"c\",\n]\n",
            ),
            ("topics:\n  - a\n  - b\n", Format::Yaml, "topics:\n  - a\n  - b\n  - \"c\"\n"),
            ("topics: [a, b]\n", Format::Yaml, "topics: [a, b, \"c\"]\n"),
        ] {
            let made = edited(typed, format, |edits, items| {
                edits.add_after(&items[items.len() - 1].span, &quoted("c"));
            });
            assert_eq!(made, expected);
        }
    }
}
