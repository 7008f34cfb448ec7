//! Labelled pages as the models see them, for `scripts/train-import.py`.
//!
//! `cargo test --release --lib -- --ignored looks_of_pages` reads `PAGES` (lines `ID<tab>FILE<tab>MODELS`, the last
//! a file such as `models.txt`, which may lack models that are not learnt yet) and writes into the folder `LOOKS`:
//! `pages.jsonl`, for each page its lines and what may be dates and names; `title`, `line`, `article`,
//! `heading`, `date` and `author`, the rows of numbers (32-bit floats, little endian) that these models judge; and
//! `read.jsonl`, for each page the article as it would be imported. `ASKED` names those that are wanted.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;

use serde_json::{Value, json};

use super::facts::{self, Place};
use super::models::Models;
use super::{lines, read_by, roles, sequence, structure, title};

/// The rows of numbers of each model.
#[derive(Default)]
struct Rows {
    of: BTreeMap<&'static str, (Vec<u8>, usize)>,
    asked: String,
}

impl Rows {
    fn put(&mut self, model: &'static str, values: &[f32]) {
        if !self.asks(model) {
            return;
        }
        let (bytes, width) = self.of.entry(model).or_default();
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        assert!(*width == 0 || *width == values.len(), "{model}: {} numbers, not {width}", values.len());
        *width = values.len();
    }

    fn asks(&self, name: &str) -> bool {
        self.asked.split(' ').any(|asked| asked == name)
    }
}

/// One page's lines, and what is judged on it.
fn look(text: &str, models: &Models, rows: &mut Rows) -> Value {
    let vocabulary = lines::vocabulary(text);
    let lines = structure::part(text, lines::of(text, &vocabulary), &vocabulary);
    let lines = roles::split_credits(text, lines, &vocabulary);
    let seen = roles::see(text, &lines, models);
    let odds = roles::judge(&seen.context, models);
    // The title's own numbers don't know where the title is.
    let mut blind = seen.looks.clone();
    let unknown = blind.first().map_or(0, |look| look.values.len() - 2);
    for look in &mut blind {
        look.values.truncate(unknown);
    }
    let titles = title::candidates(&lines, &blind, &seen.code);
    for (_, values) in &titles {
        rows.put("title", values);
    }
    for look in &seen.looks {
        rows.put("line", &look.values);
    }
    for values in &seen.context {
        rows.put("article", values);
    }
    let mut outline = Vec::new();
    if rows.asks("heading") {
        outline = sequence::outline(&lines, &seen.looks, &odds);
    }
    let kept: Vec<usize> = (0..outline.len()).filter(|index| !outline[*index].is_empty()).collect();
    for index in &kept {
        rows.put("heading", &outline[*index]);
    }
    let (mut dates, mut names) = (Vec::new(), Vec::new());
    if rows.asks("date") {
        let place = Place::of(&lines, &seen.looks, &odds, seen.title);
        (dates, names) = (facts::dates(&place), facts::names_of(&place));
    }
    for found in &dates {
        rows.put("date", &found.values);
    }
    for found in &names {
        rows.put("author", &found.values);
    }
    json!({
        "lines": lines.iter().zip(&seen.looks).zip(&odds).map(|((line, look), odds)| {
            json!({"t": line.text, "w": look.words, "p": look.is_prose, "o": odds})
        }).collect::<Vec<_>>(),
        "title": seen.title,
        "titles": titles.iter().map(|(index, _)| index).collect::<Vec<_>>(),
        "kept": kept,
        "dates": dates.iter().map(|found| json!([found.index, found.date.to_string()])).collect::<Vec<_>>(),
        "names": names.iter().map(|found| json!([found.index, found.names])).collect::<Vec<_>>(),
    })
}

/// One page's article as TOML and Markdown.
fn article(text: &str, models: &Models) -> String {
    let reading = read_by(text, models);
    let facts = &reading.facts;
    let quoted = |text: &str| serde_json::to_string(text).expect("a string is JSON").replace('\u{7f}', "");
    let authors: Vec<String> = facts.authors.iter().map(|author| quoted(&author.value)).collect();
    let fields = [
        facts.title.as_ref().map(|title| format!("title = {}\n", quoted(&title.value))),
        (!authors.is_empty()).then(|| format!("authors = [{}]\n", authors.join(", "))),
        facts.date.as_ref().map(|date| format!("date = \"{}\"\n", date.value)),
    ];
    let fields: String = fields.into_iter().flatten().collect();
    format!("+++\n{fields}+++\n\n{}", reading.body)
}

#[test]
#[ignore = "tests nothing: it writes what scripts/train-import.py learns from"]
#[expect(clippy::disallowed_methods, reason = "training reads and writes files of its own")]
fn looks_of_pages() {
    let (pages, folder) = (std::env::var("PAGES").expect("PAGES"), std::env::var("LOOKS").expect("LOOKS"));
    let create = |name: &str| std::fs::File::create(format!("{folder}/{name}")).expect("a file");
    let (mut looks, mut read) = (create("pages.jsonl"), create("read.jsonl"));
    let mut models: HashMap<String, Models> = HashMap::new();
    let mut rows = Rows { asked: std::env::var("ASKED").expect("ASKED"), ..Rows::default() };
    for line in std::fs::read_to_string(pages).expect("a file").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, page, learnt] = fields[..] else { panic!("not ID, FILE and MODELS: {line}") };
        let read_models = || Models::read(&std::fs::read_to_string(learnt).expect("models"));
        let models = models.entry(learnt.to_owned()).or_insert_with(read_models);
        let text = String::from_utf8_lossy(&std::fs::read(page).expect("a page")).into_owned();
        looks.write_all(format!("{}\n", look(&text, models, &mut rows)).as_bytes()).expect("written");
        if rows.asks("read") {
            read.write_all(format!("{}\n", json!([id, article(&text, models)])).as_bytes()).expect("written");
        }
    }
    let mut widths = BTreeMap::new();
    for (model, (bytes, width)) in &rows.of {
        std::fs::write(format!("{folder}/{model}"), bytes).expect("a file");
        widths.insert(*model, *width);
    }
    std::fs::write(format!("{folder}/widths.json"), json!(widths).to_string()).expect("a file");
}
