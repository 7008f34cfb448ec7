//! What programs are told of a topic that an article has: part of the lines of `gleaner export` and `gleaner import
//! --stdin-format`, documented in `docs/export.md`; keys are added, never changed.

use serde::Serialize;

use super::{Assignment, Basis};
use crate::articles::Article;
use crate::text::Words;

/// A topic of an article.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    topic: &'a str,
    score: f64,
    decided: bool,
    basis: Parts,
    evidence: Vec<Quoted<'a>>,
}

#[derive(Debug, Serialize)]
struct Parts {
    terms: f64,
    meaning: f64,
    decisions: f64,
}

#[derive(Debug, Serialize)]
struct Quoted<'a> {
    passage: Words<'a>,
    terms: Vec<&'a str>,
    share: f64,
}

impl<'a> Entry<'a> {
    /// Of an assignment of this article.
    pub fn of(assignment: &'a Assignment, article: &'a Article) -> Entry<'a> {
        let Basis { terms, meaning, decisions, is_meaning_known: _ } = assignment.basis;
        let evidence = assignment.evidence.iter().map(|evidence| Quoted {
            passage: evidence.place.text(article),
            terms: evidence.terms.iter().map(String::as_str).collect(),
            share: rounded(evidence.share),
        });
        Entry {
            topic: assignment.topic.as_str(),
            score: rounded(assignment.score),
            decided: assignment.is_decided(),
            basis: Parts { terms: rounded(terms), meaning: rounded(meaning), decisions: rounded(decisions) },
            evidence: evidence.collect(),
        }
    }
}

/// Four digits after the point: more say nothing.
pub fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}
