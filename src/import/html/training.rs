//! The blocks of labelled pages as the model sees them, for `scripts/train-html-import.py`.
//!
//! `cargo test --lib -- --ignored blocks_of_pages` reads `PAGES` (lines `ID<tab>FILE`) and writes into the folder
//! `LOOKS` one file of JSON for each page: for each block its text, numbers and words.

use serde_json::json;

use super::{claims, dom, facts, look, visible};

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
