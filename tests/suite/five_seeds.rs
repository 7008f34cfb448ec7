//! The five real seeds of this repository: what an editor would expect of each.

use std::path::Path;

use gleaner::fields::{Fields, Format};
use gleaner::import::Outcome;
use gleaner::path::SitePath;
use gleaner::text::Text;

use crate::scratch::{Scratch, files};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The repository's own site, as a curator has it before the first import.
fn fresh() -> Scratch {
    let scratch = Scratch::of(&[]);
    for file in ["gleaner.toml", "content/about.md"] {
        scratch.write(file, std::fs::read(repository().join(file)).unwrap());
    }
    // Folder by folder: the repository's own has whatever was built in it.
    for folder in ["seeds", "content/topics"] {
        for (path, bytes) in files(&repository().join(folder)) {
            scratch.write(&format!("{folder}/{path}"), &bytes);
        }
    }
    scratch
}

#[test]
fn importing_them_gives_the_articles_in_the_repository() {
    let scratch = fresh();
    let built = scratch.build();
    assert_eq!(built.report(), "");
    assert_eq!(built.import.accounts.len(), 5);
    for (seed, account) in &built.import.accounts {
        assert_eq!(account.outcome, Outcome::Imported, "{seed}");
        let article = account.article.as_ref().unwrap().as_str();
        let committed = std::fs::read_to_string(repository().join(article)).unwrap();
        assert_eq!(scratch.read(article), committed, "{article} in the repository is not what import writes");
    }
    // The ledgers are of different days.
    let but_the_day = |ledger: String| -> Vec<String> {
        ledger.lines().filter(|line| !line.starts_with("imported = ")).map(str::to_owned).collect()
    };
    let committed = std::fs::read_to_string(repository().join("gleaner.lock")).unwrap();
    assert_eq!(but_the_day(scratch.read("gleaner.lock")), but_the_day(committed));
}

#[test]
fn what_must_be_there_is_there_and_what_must_be_gone_is_gone() {
    let scratch = fresh();
    assert_eq!(scratch.build().report(), "");
    let path = SitePath::new("tests/five-seeds.toml");
    let typed = std::fs::read_to_string(path.on_disk(repository())).unwrap();
    let text = Text::new(path, typed.clone());
    let mut fields = Fields::read(&text, 0..typed.len(), Format::Toml);
    let articles = fields.texts_or_tables("article");
    assert_eq!(articles.len(), 5, "every seed is checked");
    for article in articles {
        let gleaner::fields::TextOrTable::Table(mut article) = article else {
            panic!("an article is a table")
        };
        let mut list = |key| -> Vec<String> {
            article.texts(key).unwrap_or_default().into_iter().map(|typed| typed.value).collect()
        };
        let (has, lacks, topics) = (list("has"), list("lacks"), list("topics"));
        let slug = article.text("slug").unwrap().value;
        let page = scratch.read(&format!("public/articles/{slug}/index.html"));
        let body = between(&page, "<article", "</article>");
        for piece in &has {
            assert!(page.contains(piece), "{slug} lacks: {piece}\n{body}");
        }
        for piece in &lacks {
            assert!(!body.contains(piece), "{slug} still has: {piece}");
        }
        for topic in ["generational-change", "networking", "strategy"] {
            let hub = scratch.read(&format!("public/topics/{topic}/index.html"));
            let is_listed = between(&hub, "All articles", "</section>").contains(&slug);
            assert_eq!(is_listed, topics.iter().any(|one| one == topic), "{slug} in {topic}");
        }
        let known = article.close(gleaner::diagnostic::Severity::Error);
        assert!(known.is_empty(), "{known:?}");
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start}"));
    let to = text[from..].find(end).map_or(text.len(), |to| from + to);
    &text[from..to]
}
