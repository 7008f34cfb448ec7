//! JSON Lines: an object a line, a seed each.
//!
//! In: lines with `id`, `url`, and a text in `html`, `markdown` or `text`; other keys are left alone. Out: seeds.
//! Where a line has several texts, the page is taken, then the Markdown, for they say more than bare text.

use std::io::{BufRead, Result};

use serde::Deserialize;

use super::pieces::{self, Piece};
use super::seed::{Kind, Name, Read, Seed, Why};
use crate::import::hash;

/// An object as typed.
#[derive(Debug, Deserialize)]
struct Typed {
    #[serde(default)]
    id: Option<Id>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    markdown: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

impl Id {
    fn into_text(self) -> Option<String> {
        match self {
            Id::Text(text) => Some(text).filter(|text| !text.is_empty()),
            Id::Number(number) => Some(number.to_string()),
        }
    }
}

/// The next seed; `None` at the end of the stream. Lines without anything are no seeds.
pub(super) fn next(source: &mut impl BufRead) -> Result<Option<Read>> {
    loop {
        match pieces::next(source, b'\n')? {
            None => return Ok(None),
            Some(Piece::TooLarge(hash)) => {
                return Ok(Some(Err(Why::TooLarge.of(Name { id: Some(hash), url: None }))));
            }
            Some(Piece::Whole(line)) if line.trim_ascii().is_empty() => {}
            Some(Piece::Whole(line)) => return Ok(Some(seed(&line))),
        }
    }
}

fn seed(line: &[u8]) -> Read {
    let nameless = || Name { id: Some(hash(line)), url: None };
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(Why::Json("it does not begin with `{`".to_owned()).of(nameless()));
    }
    let typed: Typed =
        serde_json::from_slice(line).map_err(|error| Why::Json(error.to_string()).of(nameless()))?;
    let url = typed.url.filter(|url| !url.is_empty());
    let name = Name { id: typed.id.and_then(Id::into_text), url };
    let texts = [(Kind::Page, typed.html), (Kind::Markdown, typed.markdown), (Kind::Text, typed.text)];
    let is_said = |text: &String| !text.trim().is_empty();
    let mut there = texts.into_iter().filter_map(|(kind, text)| Some((kind, text?)));
    let (kind, text) = match (there.next(), there.find(|(_, text)| is_said(text))) {
        (None, _) => return Err(Why::NoText.of(name)),
        (Some((_, first)), Some(other)) if !is_said(&first) => other,
        (Some(first), _) => first,
    };
    Ok(Seed { name, kind, encoding: None, bytes: text.into_bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Vec<String> {
        let mut source = lines.as_bytes();
        let mut read = Vec::new();
        while let Some(seed) = next(&mut source).unwrap() {
            read.push(match seed {
                Ok(seed) => format!(
                    "{} {} {:?} {}",
                    seed.name.id.as_deref().unwrap_or("-"),
                    seed.name.url.as_deref().unwrap_or("-"),
                    seed.kind,
                    String::from_utf8(seed.bytes).unwrap()
                ),
                Err(unusable) => unusable.why.to_string(),
            });
        }
        read
    }

    #[test]
    fn each_line_is_a_seed() {
        let lines = "{\"id\": \"a1\", \"url\": \"https://e.org/\", \"text\": \"Words\", \"other\": [1]}\n\r\n\
            {\"id\": 17, \"html\": \"<p>A\", \"text\": \"A\"}\n\
            {\"id\": \"b2\", \"html\": \"\", \"markdown\": null, \"text\": \"B\"}\n\
            {\"text\": \"\"}\n{\"id\": \"c\"}\n[]\n{\"text\": 3}\n{\"text\": \"cut";
        let read = read(lines);
        assert_eq!(read[..4], ["a1 https://e.org/ Text Words", "17 - Page <p>A", "b2 - Text B", "- - Text "]);
        assert_eq!(read[4], "it has no `text`, `html` or `markdown`");
        for (read, why) in
            read[5..].iter().zip(["it does not begin with `{`", "invalid type", "EOF while parsing"])
        {
            assert!(read.starts_with("it cannot be read as a JSON object: ") && read.contains(why), "{read}");
        }
    }
}
