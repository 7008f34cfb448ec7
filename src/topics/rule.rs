//! A topic's rule: the terms that speak for it, and what an article scores by them.
//!
//! A term is a phrase of one or more words, matched in singular and plural wherever it stands; a word that
//! ends in `*` matches every word that begins so. What a rule's `not_terms` match does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Assignment, Evidence, Place, Topic};
use crate::articles::Article;
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::fields::{TextOrTable, Typed};
use crate::words::{Language, Word};

/// The score from which on an article gets a topic. By the definition of the score, it is where the terms
/// found weigh [`HALFWAY`].
pub const THRESHOLD: f64 = 0.5;

/// The weight of terms at which a topic is as likely as not: some three or four different terms, used more
/// than once. Found on the five articles of this repository and short texts about other senses of the words.
const HALFWAY: f64 = 2.6;

/// How often a term must occur to count for half its weight (k1 in BM25, Robertson and Zaragoza 2009, 3.4):
/// the first time says most. At 0 once says all, at infinity each time says the same.
const SATURATION: f64 = 1.2;

/// How far a longer text must say a term more often for the same weight, from 0 (not at all) to 1 (in
/// proportion); b in BM25, and its customary value.
const LENGTH: f64 = 0.75;

/// The length, in words, of a text that is neither long nor short: about that of a column in a newspaper.
const USUAL_WORDS: f64 = 600.0;

/// A term in the title counts as often as this many in the text. Guessed.
const TITLE: f64 = 3.0;

/// The heaviest term: far beyond it a word would decide alone, whatever the text is about.
const HEAVIEST: f64 = 100.0;

/// The weight of a term whose rule gives none.
const WEIGHT: f64 = 1.0;

/// The weight of a word taken from the description of a topic without terms.
const DESCRIPTION_WEIGHT: f64 = 0.5;

/// The terms that speak for a topic, and the phrases that do not.
#[derive(Debug, Clone)]
pub struct Rule {
    terms: Vec<Term>,
    not_terms: Vec<Phrase>,
}

#[derive(Debug, Clone)]
struct Term {
    /// As the curator typed it.
    typed: String,
    phrase: Phrase,
    weight: f64,
}

/// Words in a row.
#[derive(Debug, Clone)]
struct Phrase(Vec<Pattern>);

#[derive(Debug, Clone)]
enum Pattern {
    Word(String),
    Prefix(String),
}

impl Pattern {
    fn matches(&self, word: &Word) -> bool {
        match self {
            Pattern::Word(base) => word.base == *base,
            Pattern::Prefix(prefix) => word.folded.starts_with(prefix.as_str()),
        }
    }
}

impl Phrase {
    /// The words of a term; `None` where it has none.
    fn read(typed: &str, language: &Language) -> Option<Phrase> {
        let mut patterns = Vec::new();
        for word in typed.split_whitespace() {
            match word.strip_suffix('*') {
                Some("") => return None,
                Some(prefix) => patterns.push(Pattern::Prefix(prefix.replace('’', "'").to_lowercase())),
                None => {
                    patterns.extend(language.words(word).into_iter().map(|word| Pattern::Word(word.base)));
                }
            }
        }
        (!patterns.is_empty()).then_some(Phrase(patterns))
    }

    /// Where the phrase stands in a row of words: word indexes, not overlapping.
    fn find(&self, words: &[Word]) -> Vec<Range<usize>> {
        let length = self.0.len();
        let mut found: Vec<Range<usize>> = Vec::new();
        for start in 0..words.len().saturating_sub(length - 1) {
            let is_free = found.last().is_none_or(|last| last.end <= start);
            if is_free && self.0.iter().zip(&words[start..]).all(|(pattern, word)| pattern.matches(word)) {
                found.push(start..start + length);
            }
        }
        found
    }
}

impl Rule {
    /// Reads a rule as typed; `None` where it has no terms.
    pub(super) fn read(
        terms: Vec<TextOrTable>,
        not_terms: Vec<Typed<String>>,
        language: &Language,
    ) -> (Option<Rule>, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut rule = Rule { terms: Vec::new(), not_terms: Vec::new() };
        let has_terms = !terms.is_empty();
        for term in terms {
            let (typed, weight) = match term {
                TextOrTable::Text(typed) => (Some(typed), WEIGHT),
                TextOrTable::Table(mut table) => {
                    let span = table.span();
                    let typed = table.text("term");
                    let weight = table.number("weight");
                    found.extend(table.close(Severity::Error));
                    if typed.is_none() {
                        found.push(
                            Problem::new("a term without its `term`")
                                .hint("write `{ term = \"words\", weight = 2.0 }`")
                                .at(span),
                        );
                    }
                    if let Some(weight) = &weight
                        && !(weight.value > 0.0 && weight.value <= HEAVIEST)
                    {
                        let problem = Problem::new("a term's weight must be more than 0 and at most 100");
                        found.push(
                            problem
                                .hint("words that speak against a topic go into `not_terms`")
                                .at(weight.span.clone()),
                        );
                    }
                    (typed, weight.map_or(WEIGHT, |weight| weight.value))
                }
            };
            let Some(typed) = typed else { continue };
            if let Some(phrase) = found.keep(phrase(&typed, language)) {
                rule.terms.push(Term { typed: typed.value, phrase, weight });
            }
        }
        for typed in not_terms {
            rule.not_terms.extend(found.keep(phrase(&typed, language)));
        }
        (has_terms.then_some(rule), found)
    }

    /// The rule of a topic without terms: the words of its title and description.
    pub(super) fn from_words(title: &str, description: Option<&str>, language: &Language) -> Rule {
        let mut terms: Vec<Term> = Vec::new();
        for (text, weight) in [(title, WEIGHT), (description.unwrap_or_default(), DESCRIPTION_WEIGHT)] {
            for word in language.words(text) {
                let is_known = terms
                    .iter()
                    .any(|term| matches!(&term.phrase.0[..], [Pattern::Word(base)] if *base == word.base));
                if !is_known && !language.is_stop_word(&word.folded) {
                    let phrase = Phrase(vec![Pattern::Word(word.base)]);
                    terms.push(Term { typed: word.folded, phrase, weight });
                }
            }
        }
        Rule { terms, not_terms: Vec::new() }
    }
}

fn phrase(typed: &Typed<String>, language: &Language) -> Result<Phrase, crate::diagnostic::Diagnostic> {
    Phrase::read(&typed.value, language).ok_or_else(|| {
        Problem::new("a term without a word")
            .hint("write the words that speak for the topic")
            .at(typed.span.clone())
    })
}

/// Scores an article for every topic, in the order of the topics.
pub(super) fn score(article: &Article, topics: &[Topic], language: &Language) -> Vec<Assignment> {
    let title = (Place::Title, language.words(&article.title));
    let passages = article.body.passages.iter().enumerate();
    let passages = passages.map(|(i, passage)| (Place::Passage(i), language.words(&passage.text)));
    let places: Vec<(Place, Vec<Word>)> = std::iter::once(title).chain(passages).collect();
    let length: usize = places.iter().map(|(_, words)| words.len()).sum();
    let stretch = 1.0 - LENGTH + LENGTH * length as f64 / USUAL_WORDS;
    topics
        .iter()
        .map(|topic| {
            let (weight, evidence) = weigh(&topic.rule, &places, stretch);
            let score = weight / (weight + HALFWAY);
            Assignment { topic: topic.id.clone(), score, decided: false, evidence }
        })
        .collect()
}

/// The weight of a rule's terms in an article (BM25 with the rule's weights in the place of IDF), and the
/// places that earned it.
fn weigh(rule: &Rule, places: &[(Place, Vec<Word>)], stretch: f64) -> (f64, Vec<Evidence>) {
    // Which words of each place belong to a phrase that does not count.
    let barred: Vec<BTreeSet<usize>> = places
        .iter()
        .map(|(_, words)| rule.not_terms.iter().flat_map(|phrase| phrase.find(words)).flatten().collect())
        .collect();
    let mut total = 0.0;
    let mut by_place: BTreeMap<Place, Evidence> = BTreeMap::new();
    for term in &rule.terms {
        let mut hits: Vec<(Place, Range<usize>, f64)> = Vec::new();
        for ((place, words), barred) in places.iter().zip(&barred) {
            for hit in term.phrase.find(words) {
                if hit.clone().any(|word| barred.contains(&word)) {
                    continue;
                }
                let bytes = words[hit.start].range.start..words[hit.end - 1].range.end;
                hits.push((*place, bytes, if *place == Place::Title { TITLE } else { 1.0 }));
            }
        }
        let count: f64 = hits.iter().map(|(.., count)| count).sum();
        if count == 0.0 {
            continue;
        }
        let weight = term.weight * (SATURATION + 1.0) * count / (count + SATURATION * stretch);
        total += weight;
        for (place, bytes, part) in hits {
            let evidence = by_place.entry(place).or_insert_with(|| Evidence {
                place,
                hits: Vec::new(),
                terms: BTreeSet::new(),
                share: 0.0,
            });
            evidence.share += weight * part / count;
            evidence.hits.push(bytes);
            evidence.terms.insert(term.typed.clone());
        }
    }
    let mut evidence: Vec<Evidence> = by_place.into_values().collect();
    for one in &mut evidence {
        one.share /= total;
        one.hits = merged(std::mem::take(&mut one.hits));
    }
    evidence.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.place.cmp(&b.place)));
    (total, evidence)
}

/// Ranges in order, those that overlap made one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
