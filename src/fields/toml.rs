//! TOML text to entries, with places.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Kind, Value};
use crate::diagnostic::{Diagnostics, Problem};
use crate::text::Text;

const HINT: &str = "a line is `key = value`; text stands in quotation marks: `title = \"A title\"`";
const DATE_HINT: &str = "write what is known: `2011`, `2011-03` or `2011-03-02`";

/// Reads the entries in a range of a text; offsets are those of the whole text.
pub(super) fn read(text: &Text, range: Range<usize>, found: &mut Diagnostics) -> Vec<Entry> {
    let typed = &text.read()[range.clone()];
    let mut source = Cow::Borrowed(typed);
    if !DeTable::parse_recoverable(typed).1.is_empty() {
        source = with_year_months_readable(typed);
    }
    let (table, errors) = DeTable::parse_recoverable(&source);
    let at = range.start;
    found.extend(errors.iter().map(|error| {
        let place = error.span().unwrap_or(0..0);
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        Problem::new(message)
            .hint(if error.message().contains("date") { DATE_HINT } else { HINT })
            .at(text.span(place.start + at..place.end + at))
    }));
    entries(table.into_inner(), at)
}

/// Turns `date = 2011-03`, which TOML cannot say, into `date = 2011_03`, which it can, byte for byte as long;
/// the value is then read from the text as typed.
fn with_year_months_readable(source: &str) -> Cow<'_, str> {
    let mut readable = Cow::Borrowed(source);
    let mut line_start = 0;
    for line in source.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once('=') {
            let value_start = line_start + key.len() + 1 + (value.len() - value.trim_start().len());
            let word = value.split_whitespace().next().unwrap_or_default();
            let word = word.split('#').next().unwrap_or_default();
            let is_year_month = word.len() == "2011-03".len()
                && word
                    .bytes()
                    .enumerate()
                    .all(|(i, byte)| if i == 4 { byte == b'-' } else { byte.is_ascii_digit() });
            if is_year_month {
                readable.to_mut().replace_range(value_start + 4..value_start + 5, "_");
            }
        }
        line_start += line.len();
    }
    readable
}

fn entries(table: DeTable<'_>, at: usize) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, typed)| Entry {
            key_range: key.span().start + at..key.span().end + at,
            key: key.into_inner().into_owned(),
            value: value(typed, at),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_range.start);
    entries
}

fn value(typed: Spanned<DeValue<'_>>, at: usize) -> Value {
    let range = typed.span().start + at..typed.span().end + at;
    let kind = match typed.into_inner() {
        DeValue::String(text) => Kind::Text(text.into_owned()),
        DeValue::Integer(digits) => {
            // Digits only, in a radix TOML knows: what does not fit an integer still is a number.
            i64::from_str_radix(digits.as_str(), digits.radix())
                .map_or(Kind::Number(f64::INFINITY), |number| Kind::Number(number as f64))
        }
        DeValue::Float(digits) => Kind::Number(digits.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Kind::Flag(flag),
        DeValue::Datetime(_) => Kind::Moment,
        DeValue::Array(items) => Kind::List(items.into_iter().map(|item| value(item, at)).collect()),
        DeValue::Table(table) => Kind::Table(entries(table, at)),
    };
    Value { kind, range }
}
