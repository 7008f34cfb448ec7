//! The lines of labelled pages as the models see them, for `scripts/train-import.py`.
//!
//! `cargo test --release -- --ignored looks_of_pages` reads `PAGES` (lines `ID<tab>FILE`) and writes `LOOKS`:
//! for each page one line of JSON. `KNOWN` may name a file with lines `ID<tab>TITLE`, the
//! titles found by a model that hasn't seen the page.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{features, lines, roles, structure};

/// One page's lines as JSON: words, features and whether it is code.
fn looks(id: &str, text: &str, title: Option<usize>) -> String {
    let vocabulary = lines::vocabulary(text);
    let lines = structure::part(text, lines::of(text, &vocabulary), &vocabulary);
    let lines = roles::split_credits(text, lines, &vocabulary);
    let mut looks = features::look(text, &lines);
    features::know_title(&mut looks, title);
    let mut json = format!("{{\"id\":{id:?},\"lines\":[");
    for (index, (line, look)) in lines.iter().zip(&looks).enumerate() {
        let features: Vec<usize> = look.features.iter().map(|feature| usize::from(*feature)).collect();
        let text = serde_json::to_string(&line.text).expect("a string is JSON");
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(
            json,
            "{comma}{{\"t\":{text},\"n\":{},\"p\":{},\"m\":{},\"w\":{},\"f\":{features:?}}}",
            look.words.len(),
            look.is_prose,
            line.marker.is_some(),
            serde_json::to_string(&look.words).expect("strings are JSON")
        );
    }
    json + "]}\n"
}

#[test]
#[ignore = "tests nothing: it writes what scripts/train-import.py learns from"]
#[expect(clippy::disallowed_methods, reason = "training reads and writes files of its own")]
fn looks_of_pages() {
    let read = |variable: &str| {
        std::env::var(variable).ok().map(|path| std::fs::read_to_string(path).expect("a file"))
    };
    let mut known: HashMap<String, usize> = HashMap::new();
    for line in read("KNOWN").unwrap_or_default().lines() {
        if let Some((id, title)) = line.split_once('\t') {
            known.extend(title.parse().ok().map(|title| (id.to_owned(), title)));
        }
    }
    let mut written = String::new();
    for line in read("PAGES").expect("PAGES").lines() {
        let Some((id, path)) = line.split_once('\t') else { continue };
        let text = String::from_utf8_lossy(&std::fs::read(path).expect("a page")).into_owned();
        written.push_str(&looks(id, &text, known.get(id).copied()));
    }
    std::fs::write(std::env::var("LOOKS").expect("LOOKS"), written).expect("a file");
    let slots: Vec<&str> = features::Slot::ALL.iter().map(|slot| slot.name()).collect();
    std::fs::write(std::env::var("LOOKS").expect("LOOKS") + ".slots", slots.join("\n")).expect("a file");
}
