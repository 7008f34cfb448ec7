//! What `scripts/train-html-import.py` asks of the importer: the blocks of labelled pages as the model sees them, and
//! the articles it makes of them with other trees.
//!
//! `cargo test --lib -- --ignored blocks_of_pages` reads `PAGES` (lines `ID<tab>FILE`) and writes into the folder
//! `LOOKS` one file of JSON for each page: for each block its text, numbers and words. `articles_of_pages` reads `PAGES`
//! (lines `ID<tab>FILE<tab>FILE OF TREES`) and writes into the folder `ARTICLES` one file of Markdown for each.

use serde_json::json;

use super::{claims, dom, facts, look, read_by, visible};
use crate::front_matter::FrontMatter;
use crate::import::archive::Archive;
use crate::import::decode::decode_html;
use crate::import::trees::Trees;

fn blocks(html: &str) -> serde_json::Value {
    let dom = dom::parse(html);
    let visible = visible::read(&dom);
    let claims = claims::collect(&dom);
    let titles: Vec<String> = facts::titles(&claims, &dom).into_iter().map(|(title, _)| title).collect();
    let looks = look::looks(&dom, &visible, &titles);
    let rows = visible.blocks.iter().zip(&looks);
    rows.map(
        |(block, look)| json!({"t": &visible.text[block.range.clone()], "f": look.values, "w": visible.text[block.range.clone()].split_whitespace().count()}),
    )
    .collect()
}

#[test]
#[ignore = "tests nothing: it writes what the trees are learnt from"]
#[expect(clippy::disallowed_methods, reason = "training reads and writes files of its own")]
fn blocks_of_pages() {
    let (pages, looks) = (std::env::var("PAGES").expect("PAGES"), std::env::var("LOOKS").expect("LOOKS"));
    for line in std::fs::read_to_string(pages).expect("a file").lines() {
        let Some((id, path)) = line.split_once('\t') else { continue };
        let html = String::from_utf8_lossy(&std::fs::read(path).expect("a page")).into_owned();
        std::fs::write(format!("{looks}/{id}.json"), blocks(&html).to_string()).expect("a file");
    }
}

#[test]
#[ignore = "tests nothing: it writes what cross-validation measures"]
#[expect(clippy::disallowed_methods, reason = "training reads and writes files of its own")]
fn articles_of_pages() {
    let (pages, articles) =
        (std::env::var("PAGES").expect("PAGES"), std::env::var("ARTICLES").expect("ARTICLES"));
    for line in std::fs::read_to_string(pages).expect("a file").lines() {
        let mut parts = line.split('\t');
        let (Some(id), Some(path), Some(trees)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let trees = Trees::read(std::fs::read_to_string(trees).expect("trees").lines());
        let Ok(decoded) = decode_html(&std::fs::read(path).expect("a page"), None) else { continue };
        let reading = read_by(&decoded.text, &Archive::default(), &trees).reading;
        let front = FrontMatter {
            title: reading.facts.title.map(|title| title.value).unwrap_or_default(),
            date: reading.facts.date.map(|date| date.value),
            authors: reading.facts.authors.into_iter().map(|author| author.value).collect(),
            ..FrontMatter::default()
        };
        std::fs::write(format!("{articles}/{id}.md"), format!("{}\n{}", front.to_toml(), reading.body))
            .expect("a file");
    }
}
