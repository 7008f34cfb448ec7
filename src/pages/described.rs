//! What each template may see, in words: read from the source of the types themselves, so that it cannot say anything
//! else.
//!
//! In: the name of a template. Out: its values with their kinds and meanings, as `gleaner theme show` prints them.

use std::collections::{BTreeMap, VecDeque};

/// The types that templates see.
const SOURCES: [&str; 2] = [include_str!("page.rs"), include_str!("../card/mod.rs")];

/// A value that a template sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is: `text`, `number`, `list of Link`, ...
    pub kind: String,
    /// What it means.
    pub meaning: String,
}

/// A template, and where what it draws is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The template's name: `article.html`.
    pub template: String,
    /// What it draws: an address, or a sentence.
    pub draws: String,
    /// The name of the type of `page`.
    pub page: String,
}

/// Everything that templates may see.
#[derive(Debug, Clone)]
pub struct Described {
    /// All templates that draw something, in the order of the source.
    pub drawn: Vec<Drawn>,
    /// The values of each type; of those that are one word of several, the words.
    pub types: BTreeMap<String, Vec<Field>>,
}

impl Described {
    /// Reads the types.
    pub fn read() -> Described {
        let mut types = BTreeMap::new();
        let mut drawn = Vec::new();
        for source in SOURCES {
            let mut lines = source.lines().map(str::trim_end);
            while let Some(line) = lines.next() {
                let opened = |kind: &str| line.strip_prefix(kind).and_then(|rest| rest.strip_suffix(" {"));
                if let Some(name) = opened("pub struct ") {
                    types.insert(
                        name.to_owned(),
                        members(&mut lines, |line| {
                            let (name, kind) =
                                line.strip_prefix("pub ")?.trim_end_matches(',').split_once(": ")?;
                            Some((name.to_owned(), said(kind)))
                        }),
                    );
                } else if let Some(name) = opened("pub enum ") {
                    let variants = members(&mut lines, |line| {
                        let (name, of) = line
                            .trim_end_matches(',')
                            .split_once('(')
                            .unwrap_or((line.trim_end_matches(','), ""));
                        Some((name.to_owned(), said(of.trim_end_matches(')'))))
                    });
                    types.insert(name.to_owned(), variants);
                } else if let Some((variant, template)) = drawn_by(line) {
                    drawn.push((variant, template));
                }
            }
        }
        let kinds = types.remove("Shows").unwrap_or_default();
        let drawn = kinds.into_iter().filter_map(|kind| {
            let (_, template) = drawn.iter().find(|(variant, _)| *variant == kind.name)?;
            Some(Drawn { template: template.clone(), draws: kind.meaning, page: kind.kind })
        });
        Described { drawn: drawn.collect(), types }
    }

    /// The types of what a template sees, those that it sees first first.
    pub fn seen(&self, page: &str) -> Vec<(&str, &[Field])> {
        let mut seen: Vec<(&str, &[Field])> = Vec::new();
        let mut next = VecDeque::from([page]);
        while let Some(name) = next.pop_front() {
            let Some((name, fields)) = self.types.get_key_value(name) else { continue };
            if seen.iter().all(|(known, _)| known != name) {
                seen.push((name, fields));
                next.extend(fields.iter().map(|field| inner(&field.kind)));
            }
        }
        seen
    }

    /// What a template may see, as lines of text; `None` where no page is drawn by it alone.
    pub fn text(&self, template: &str) -> Option<String> {
        let drawn = self.drawn.iter().find(|one| one.template == template)?;
        let mut text = format!("{template} draws {}\n", drawn.draws);
        for (value, kind) in [("site", "Frame"), ("page", drawn.page.as_str())] {
            for (index, (name, fields)) in self.seen(kind).into_iter().enumerate() {
                let of = if index == 0 { value } else { name };
                text.push_str(&format!("\n{of}\n"));
                let width = fields.iter().map(|field| field.name.len()).max().unwrap_or_default();
                for Field { name, kind, meaning } in fields {
                    let kind = if kind.is_empty() { String::new() } else { format!("{kind}. ") };
                    text.push_str(&format!("  {name:width$}  {kind}{meaning}\n"));
                }
            }
        }
        Some(text)
    }
}

/// The type within a kind: of `list of Link, or nothing` it is `Link`.
fn inner(kind: &str) -> &str {
    let kind = kind.strip_suffix(", or nothing").unwrap_or(kind);
    kind.strip_prefix("list of ").unwrap_or(kind)
}

/// The members of a struct or an enum, up to its end.
fn members<'a>(
    lines: &mut impl Iterator<Item = &'a str>,
    read: impl Fn(&str) -> Option<(String, String)>,
) -> Vec<Field> {
    let mut members = Vec::new();
    let mut meaning: Vec<&str> = Vec::new();
    for line in lines.take_while(|line| *line != "}") {
        let line = line.trim();
        if let Some(words) = line.strip_prefix("///") {
            meaning.push(words.trim());
        } else if let Some((name, kind)) = read(line).filter(|_| !line.starts_with('#')) {
            members.push(Field { name, kind, meaning: plain(&meaning.join(" ")) });
            meaning.clear();
        }
    }
    members
}

/// A line of `Shows::template`: the kind of page, and its template.
fn drawn_by(line: &str) -> Option<(String, String)> {
    let (variant, template) = line.trim().strip_prefix("Shows::")?.split_once("(_) => \"")?;
    Some((variant.to_owned(), template.strip_suffix("\",")?.to_owned()))
}

/// A meaning without what only readers of the source need: the targets of links.
fn plain(meaning: &str) -> String {
    let mut plain = String::new();
    let mut rest = meaning;
    while let Some((before, after)) = rest.split_once("](") {
        plain.push_str(&before.replacen('[', "", 1));
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}

/// A type of the source in words.
fn said(kind: &str) -> String {
    let within = |of: &str| kind.strip_prefix(of).and_then(|rest| rest.strip_suffix('>'));
    if let Some(of) = within("Option<") {
        return format!("{}, or nothing", said(of));
    }
    if let Some(of) = within("Vec<") {
        return format!("list of {}", said(of));
    }
    if let Some(of) = within("Box<") {
        return said(of);
    }
    match kind {
        "String" | "&'static str" => "text",
        "usize" | "u8" | "u16" | "u32" | "i32" => "number",
        "bool" => "true or false",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::pages::{Composer, Content};
    use crate::pictures::Variants;
    use crate::{Options, join, seeds};

    /// A value is what it is said to be: no more names and no fewer, down to texts and numbers.
    fn check(described: &Described, kind: &str, value: &Value, place: &str) {
        if let Some(of) = kind.strip_suffix(", or nothing") {
            if !value.is_null() {
                check(described, of, value, place);
            }
            return;
        }
        if let Some(of) = kind.strip_prefix("list of ") {
            let list = value.as_array().unwrap_or_else(|| panic!("{place} is no list"));
            return list.iter().for_each(|one| check(described, of, one, place));
        }
        match kind {
            "text" => assert!(value.is_string(), "{place}: {value}"),
            "number" => assert!(value.is_number(), "{place}: {value}"),
            "true or false" => assert!(value.is_boolean(), "{place}: {value}"),
            _ => {
                let fields = described
                    .types
                    .get(kind)
                    .unwrap_or_else(|| panic!("{place}: nothing is known of `{kind}`"));
                if let Some(word) = value.as_str() {
                    return assert!(
                        fields.iter().any(|field| field.name.to_lowercase() == word),
                        "{place}: {word}"
                    );
                }
                let names: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(
                    names,
                    fields.iter().map(|field| field.name.as_str()).collect(),
                    "{place}: `{kind}`"
                );
                for field in fields {
                    assert!(!field.meaning.is_empty(), "{place}.{}", field.name);
                    check(described, &field.kind, &value[&field.name], &format!("{place}.{}", field.name));
                }
            }
        }
    }

    #[test]
    fn what_is_said_of_templates_is_what_they_see() {
        let described = Described::read();
        let mut drawn = BTreeSet::new();
        let sites = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
        for case in [
            "feeds-and-sitemap",
            "reading-paths",
            "an-index-of-names-and-terms",
            "figures-worth-quoting",
            "aliases-lead-on",
            "the-site-speaks-arabic",
        ] {
            let (site, _) = seeds::read(&sites.join(case)).unwrap();
            let (joined, _) = join(&site, &Options::default());
            let variants = Variants::default();
            let composer = Composer::of(&joined, &variants);
            for one in composer.compose() {
                let content = composer.content(&one.content).unwrap();
                let Content::Page(page) = &*content else { continue };
                let template = page.page.template();
                drawn.insert(template);
                let page = serde_json::to_value(page).unwrap();
                let kind = described.drawn.iter().find(|one| one.template == template).unwrap();
                check(&described, "Frame", &page["site"], "site");
                check(&described, &kind.page, &page["page"], template);
                let has_head = described.text(template).unwrap().contains("\n  head ");
                assert_eq!(has_head, template.ends_with(".html"), "{template}");
            }
        }
        for template in ["article.html", "source.html", "topic.html", "front.html", "atom.xml", "card.svg"] {
            assert!(drawn.contains(template), "{drawn:?}");
        }
    }
}
