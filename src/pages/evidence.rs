//! How a page shows why an article belongs to a topic: how much speaks for it, the words that count, the passages.

use super::page::Passage;
use crate::articles::Article;
use crate::markdown::escaped;
use crate::sentences::sentences_of;
use crate::topics::{Assignment, Evidence, Place};
use crate::wording::Wording;

/// The strength of an assignment in words.
pub(super) fn strength(wording: &Wording, assignment: &Assignment) -> String {
    if assignment.is_decided() {
        return wording.say("article.decided", &[]);
    }
    wording.count("numbers.passages", assignment.evidence.len(), &[])
}

/// The terms an article matches, those of the strongest evidence first, each with the word readers know it by: of
/// `innovat*`, which stands for every word that begins so, the first that the evidence has.
pub(super) fn words<'a>(article: &Article, assignment: &'a Assignment) -> Vec<(&'a str, String)> {
    let mut words: Vec<(&str, String)> = Vec::new();
    for term in assignment.evidence.iter().flat_map(|one| &one.terms) {
        if words.iter().any(|(known, _)| known == term) {
            continue;
        }
        let word = match term.split_once('*') {
            Some((beginning, _)) => {
                beginning_so(beginning, article, assignment).unwrap_or(beginning.to_owned())
            }
            None => term.clone(),
        };
        words.push((term, word));
    }
    words
}

fn beginning_so(beginning: &str, article: &Article, assignment: &Assignment) -> Option<String> {
    let beginning = beginning.to_lowercase();
    assignment.evidence.iter().find_map(|evidence| {
        let text = evidence.place.text(article);
        let mut hits = evidence.hits.iter().map(|hit| text[hit.clone()].to_lowercase());
        hits.find(|hit| hit.starts_with(&beginning))
    })
}

/// The sentence of a passage that holds most of the evidence, its words marked. Leads to the passage on the article's
/// own page, whose address from here is `href`; empty from the page itself.
pub(super) fn passage(article: &Article, evidence: &Evidence, href: &str) -> Passage {
    let text = evidence.place.text(article);
    let id = match evidence.place {
        Place::Title => None,
        Place::Passage(index) => Some(&article.body.passages[index].id),
    };
    let sentences = sentences_of(&text).map(|(start, sentence)| start..start + sentence.len());
    let hits_in = |range: &std::ops::Range<usize>| {
        evidence.hits.iter().filter(|hit| range.start <= hit.start && hit.end <= range.end).count()
    };
    // The first of the sentences with most hits.
    let best = sentences.reduce(|best, other| if hits_in(&other) > hits_in(&best) { other } else { best });
    let best = best.unwrap_or(0..text.len());
    let mut html = String::new();
    let mut at = best.start;
    for hit in evidence.hits.iter().filter(|hit| best.start <= hit.start && hit.end <= best.end) {
        html.push_str(&escaped(&text[at..hit.start]));
        html.push_str(&format!("<mark>{}</mark>", escaped(&text[hit.clone()])));
        at = hit.end;
    }
    html.push_str(escaped(&text[at..best.end]).trim_end());
    let is_cut = (best.start > 0, best.end < text.trim_end().len());
    let html = format!("{}{html}{}", if is_cut.0 { "… " } else { "" }, if is_cut.1 { " …" } else { "" });
    Passage { html, href: id.map(|id| format!("{href}#{id}")) }
}
