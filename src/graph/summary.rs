//! Summaries: the sentence of an article that says best what it says.
//!
//! Of its sentences of fair length the one nearest to the whole article and to its title, earlier ones
//! first; verbatim.

use std::collections::BTreeMap;

use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::terms::{Terms, terms_of};
use crate::articles::{Article, ArticleId};
use crate::words::Language;

/// Words a sentence must and may have to stand for an article.
const WORDS: std::ops::RangeInclusive<usize> = 10..=40;

/// How much the likeness to the title counts beside the likeness to the whole article (1.0). Found on posts
/// with abstracts written by people, as is the next.
const TITLE: f64 = 0.5;

/// How much an early place counts, divided by the square root of the place.
const PLACE: f64 = 0.3;

/// What a sentence loses that leans on the one before it. Guessed.
const LEANING: f64 = 0.25;

/// What a question loses: it says what a piece asks, not what it says. Guessed.
const QUESTION: f64 = 0.3;

/// Words a sentence that leans on the one before it begins with.
const LEANS: [&str; 22] = [
    "and",
    "but",
    "so",
    "this",
    "that",
    "these",
    "those",
    "he",
    "she",
    "it",
    "they",
    "his",
    "her",
    "their",
    "its",
    "also",
    "then",
    "thus",
    "however",
    "because",
    "or",
    "in other words",
];

/// The summary of every article that has a sentence to give.
pub(super) fn summaries(
    articles: &[Article],
    terms: &Terms,
    language: &Language,
) -> BTreeMap<ArticleId, String> {
    articles
        .par_iter()
        .enumerate()
        .filter_map(|(index, article)| {
            let whole = vector(terms, &terms.uses[index]);
            Some((article.id.clone(), summary(article, &whole, terms, language)?))
        })
        .collect()
}

type Vector<'a> = BTreeMap<&'a str, f64>;

fn summary(article: &Article, whole: &Vector<'_>, terms: &Terms, language: &Language) -> Option<String> {
    let title = uses(&article.title, language);
    let title = vector(terms, &title);
    let sentences = article
        .body
        .passages
        .iter()
        .filter(|passage| !passage.is_heading)
        .flat_map(|passage| passage.text.split_sentence_bounds())
        .map(str::trim);
    let mut best: Option<(f64, &str)> = None;
    let mut first = None;
    for (place, sentence) in sentences.enumerate() {
        first = first.or(Some(sentence).filter(|sentence| !sentence.is_empty()));
        let ends = sentence.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?', '…']);
        if !WORDS.contains(&sentence.split_whitespace().count()) || !ends || is_torn(sentence) {
            continue;
        }
        let uses = uses(sentence, language);
        let vector = vector(terms, &uses);
        let mut score =
            cosine(&vector, whole) + TITLE * cosine(&vector, &title) + PLACE / (place as f64 + 1.0).sqrt();
        if leans(sentence) {
            score -= LEANING;
        }
        if sentence.contains('?') {
            score -= QUESTION;
        }
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, sentence));
        }
    }
    best.map(|(_, sentence)| sentence).or(first).map(str::to_owned)
}

/// Whether a quotation begins in a sentence and ends in another.
fn is_torn(sentence: &str) -> bool {
    let count = |quote: char| sentence.matches(quote).count();
    count('“') != count('”') || count('(') != count(')') || count('"') % 2 == 1
}

fn leans(sentence: &str) -> bool {
    let sentence = sentence.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    LEANS.iter().any(|lean| {
        sentence.strip_prefix(lean).is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
    })
}

fn uses(text: &str, language: &Language) -> BTreeMap<String, usize> {
    let mut uses = BTreeMap::new();
    for (term, _) in terms_of(text, language) {
        *uses.entry(term).or_default() += 1;
    }
    uses
}

fn vector<'a>(terms: &Terms, uses: &'a BTreeMap<String, usize>) -> Vector<'a> {
    uses.iter().map(|(term, &count)| (term.as_str(), terms.weight(term, count))).collect()
}

fn cosine(a: &Vector<'_>, b: &Vector<'_>) -> f64 {
    let length = |vector: &Vector<'_>| vector.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    let product: f64 = a.iter().filter_map(|(term, weight)| Some(weight * b.get(term)?)).sum();
    let lengths = length(a) * length(b);
    if lengths == 0.0 { 0.0 } else { product / lengths }
}
