//! YAML text to entries, with places.

use std::ops::Range;

use saphyr::{LoadableYamlNode, MarkedYaml, Marker, Scalar, YamlData};

use super::{Entry, Kind, Value};
use crate::diagnostic::{Diagnostics, Problem};
use crate::text::Text;

/// Reads the entries in a range of a text; offsets are those of the whole text.
pub(super) fn read(text: &Text, range: Range<usize>, found: &mut Diagnostics) -> Vec<Entry> {
    let typed = text.read().piece(range.clone());
    let places = Places::new(&typed, range.start);
    let is_deep =
        |line: &str| line.bytes().take_while(|byte| matches!(byte, b' ' | b'-' | b'?')).count() > DEEPEST;
    if typed.lines().any(is_deep) {
        let problem = Problem::new("the front matter is nested too deeply");
        found.push(problem.hint("no key of Gleaner's is nested more than twice").at(text.span(range)));
        return Vec::new();
    }
    let documents = match MarkedYaml::load_from_str(&typed) {
        Ok(documents) => documents,
        Err(error) => {
            let at = places.offset(error.marker());
            found.push(
                Problem::new(error.info())
                    .hint("a line is `key: value`; put text that holds `:` or `#` in quotation marks")
                    .at(text.span(at..at)),
            );
            return Vec::new();
        }
    };
    let Some(document) = documents.into_iter().next() else { return Vec::new() };
    let root = value(document, &places);
    match root.kind {
        Kind::Table(entries) => entries,
        Kind::Null => Vec::new(),
        other => {
            let problem = Problem::new(format!("front matter is {}, not keys with values", other.name()));
            found.push(problem.hint("write `key: value`, a key on each line").at(text.span(root.range)));
            Vec::new()
        }
    }
}

/// How far a line may be indented, in columns: the parser takes a stack frame for each level.
const DEEPEST: usize = 200;

/// Byte offsets of the parser's lines and columns.
struct Places<'a> {
    source: &'a str,
    /// The character each line begins with, by its number in the source.
    line_starts: Vec<usize>,
    /// The byte at which every so many characters begin.
    steps: Vec<usize>,
    at: usize,
}

/// How many characters apart the known bytes are: a line may be the whole file, and many keys may stand on it.
const STEP: usize = 64;

impl<'a> Places<'a> {
    fn new(source: &'a str, at: usize) -> Places<'a> {
        let line_ends = source.chars().enumerate().filter(|(_, c)| *c == '\n');
        let line_starts = std::iter::once(0).chain(line_ends.map(|(i, _)| i + 1)).collect();
        let steps = source.char_indices().step_by(STEP).map(|(i, _)| i).collect();
        Places { source, line_starts, steps, at }
    }

    fn offset(&self, marker: &Marker) -> usize {
        let start = self.line_starts.get(marker.line().saturating_sub(1));
        let found = start.and_then(|start| {
            let wanted = start + marker.col();
            let step = *self.steps.get(wanted / STEP)?;
            Some(step + self.source[step..].char_indices().nth(wanted % STEP)?.0)
        });
        self.at + found.unwrap_or(self.source.len())
    }
}

fn value(node: MarkedYaml<'_>, places: &Places<'_>) -> Value {
    let range = places.offset(&node.span.start)..places.offset(&node.span.end);
    let kind = match node.data {
        YamlData::Value(Scalar::Null) | YamlData::BadValue | YamlData::Alias(_) => Kind::Null,
        YamlData::Value(Scalar::Boolean(flag)) => Kind::Flag(flag),
        YamlData::Value(Scalar::Integer(number)) => Kind::Number(number as f64),
        YamlData::Value(Scalar::FloatingPoint(number)) => Kind::Number(number.into_inner()),
        YamlData::Value(Scalar::String(text)) => Kind::Text(text.into_owned()),
        YamlData::Representation(text, ..) => Kind::Text(text.into_owned()),
        YamlData::Tagged(_, inner) => return Value { range, ..value(*inner, places) },
        YamlData::Sequence(items) => Kind::List(items.into_iter().map(|item| value(item, places)).collect()),
        YamlData::Mapping(map) => Kind::Table(
            map.into_iter()
                .map(|(key, typed)| {
                    let key_range = places.offset(&key.span.start)..places.offset(&key.span.end);
                    Entry { key: key_text(&key), key_range, value: value(typed, places) }
                })
                .collect(),
        ),
    };
    Value { kind, range }
}

fn key_text(key: &MarkedYaml<'_>) -> String {
    match &key.data {
        YamlData::Value(Scalar::String(text)) => text.to_string(),
        YamlData::Representation(text, ..) => text.to_string(),
        YamlData::Value(Scalar::Integer(number)) => number.to_string(),
        YamlData::Value(Scalar::Boolean(flag)) => flag.to_string(),
        _ => String::from("?"),
    }
}
