//! What is told of a seed of a stream: one line of JSON, documented in `docs/scale.md`; keys are added, never changed.
//!
//! In: a seed, or why there is none, and the rules. Out: the line. A pure function of the two.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use super::rules::Rules;
use super::seed::{Kind, Name, Read, Seed};
use crate::articles::Article;
use crate::diagnostic::Diagnostics;
use crate::import::text::Reading;
use crate::import::{self, Made, Outcome, Told};
use crate::near_duplicates::{Fingerprint, fingerprint};
use crate::path::SitePath;
use crate::rights::Origins;
use crate::seeds::ARTICLES;
use crate::text::Text;
use crate::topics::{Entry, Scorer};

/// What is told of one seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it ended: imported, skipped or quarantined.
    pub outcome: Outcome,
    /// The line, with its end.
    pub json: String,
}

/// A line before it is written.
#[derive(Serialize)]
struct Shape<'a> {
    id: Option<&'a str>,
    url: Option<&'a str>,
    outcome: String,
    reason: Option<String>,
    hash: Option<&'a str>,
    #[serde(flatten)]
    article: Option<ArticleShape<'a>>,
}

/// What is told of a seed that has an article.
#[derive(Serialize)]
struct ArticleShape<'a> {
    slug: &'a str,
    article: &'a str,
    facts: Facts<'a>,
    topics: Vec<Entry<'a>>,
    unsure: Vec<Entry<'a>>,
    removals: usize,
    removed: BTreeMap<&'static str, usize>,
    removed_words: usize,
    repairs: usize,
    fingerprint: Fingerprint,
    pictures: Vec<Picture<'a>>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Facts<'a> {
    title: &'a str,
    date: Option<String>,
    authors: &'a [String],
    language: &'a str,
    url: Option<&'a str>,
    site: Option<&'a str>,
    words: usize,
}

#[derive(Serialize)]
struct Picture<'a> {
    name: &'a str,
    base64: String,
}

/// Makes lines by rules.
pub(super) struct Teller<'a> {
    rules: &'a Rules,
    scorer: Scorer<'a>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(rules: &'a Rules) -> Teller<'a> {
        let scorer = Scorer::knowing(&rules.topics, rules.learnt.clone(), &rules.language);
        Teller { rules, scorer }
    }

    /// The line of what came out of the stream.
    pub(super) fn line(&self, read: &Read) -> Line {
        match read {
            Ok(seed) => self.seed(seed),
            Err(unusable) => {
                let id = unusable.name.id.as_deref();
                ended(id, &unusable.name, None, unusable.why.outcome(), unusable.why.to_string())
            }
        }
    }

    fn seed(&self, seed: &Seed) -> Line {
        let hash = import::hash(&seed.bytes);
        let id = seed.name.id.as_deref().unwrap_or(&hash);
        let told = Told {
            ending: Some(seed.kind.ending()),
            url: seed.name.url.as_deref().filter(|url| is_address(url)),
            encoding: seed.encoding.as_deref(),
        };
        match import::alone(&SitePath::new(id), &seed.bytes, &self.rules.tags, &told) {
            Ok(made) => self.made(seed, id, &hash, &made),
            Err(refusal) => ended(Some(id), &seed.name, Some(&hash), refusal.outcome, refusal.reason),
        }
    }

    fn made(&self, seed: &Seed, id: &str, hash: &str, made: &Made) -> Line {
        let slug = import::name_of(&made.title);
        let text = Text::new(SitePath::new(format!("{ARTICLES}/{slug}.md")), made.article.clone());
        let mut found = Diagnostics::new();
        let article = Article::read(&text, &Origins::default(), &mut found);
        let scored = self.scorer.has_or_may(&article);
        let told = |has_it: bool| -> Vec<Entry<'_>> {
            let those = scored.iter().filter(|one| one.verdict.is_assigned() == has_it);
            those.map(|one| Entry::of(one, &article)).collect()
        };
        // A Markdown seed passes as it is: nothing is cut out of it.
        let reading = made.reading.as_ref().map(|(_, reading)| reading);
        let reading = reading.filter(|_| seed.kind != Kind::Markdown);
        let (removed, removed_words) = reading.map(removed).unwrap_or_default();
        let shape = Shape {
            id: Some(id),
            url: seed.name.url.as_deref(),
            outcome: Outcome::Imported.to_string(),
            reason: None,
            hash: Some(hash),
            article: Some(ArticleShape {
                slug: &slug,
                article: &made.article,
                facts: Facts {
                    title: &article.title,
                    date: article.date.map(|date| date.to_string()),
                    authors: &article.authors,
                    language: article.language.as_deref().unwrap_or(&self.rules.tag),
                    url: article.source.url.as_deref(),
                    site: article.source.site.as_deref(),
                    words: article.body.words,
                },
                topics: told(true),
                unsure: told(false),
                removals: removed.values().sum(),
                removed,
                removed_words,
                repairs: made.reading.as_ref().map_or(0, |(_, reading)| reading.repairs.len()),
                fingerprint: fingerprint(&article.body.source()),
                pictures: made.pictures.iter().map(picture).collect(),
                problems: found.sorted().iter().map(|one| one.in_short()).collect(),
            }),
        };
        Line { outcome: Outcome::Imported, json: written(&shape) }
    }
}

/// The line of a seed that has no article.
fn ended(id: Option<&str>, name: &Name, hash: Option<&str>, outcome: Outcome, reason: String) -> Line {
    let (url, reason) = (name.url.as_deref(), Some(reason));
    let shape = Shape { id, url, outcome: outcome.to_string(), reason, hash, article: None };
    Line { outcome, json: written(&shape) }
}

fn written(shape: &Shape<'_>) -> String {
    // Texts and finite numbers alone, so nothing of it can fail.
    let mut json = serde_json::to_string(shape).unwrap_or_default();
    json.push('\n');
    json
}

/// How many pieces each rule removed, and how many words they have together.
fn removed(reading: &Reading) -> (BTreeMap<&'static str, usize>, usize) {
    let mut removed = BTreeMap::new();
    let mut words = 0;
    for removal in reading.removals.iter().filter(|removal| !removal.text.trim().is_empty()) {
        *removed.entry(removal.rule.name()).or_default() += 1;
        words += removal.text.split_whitespace().count();
    }
    (removed, words)
}

fn picture(picture: &import::html::Picture) -> Picture<'_> {
    Picture { name: &picture.name, base64: BASE64_STANDARD.encode(&picture.bytes) }
}

/// Whether a browser can go there.
fn is_address(url: &str) -> bool {
    let is_web = url::Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    is_web && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}
