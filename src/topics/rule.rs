//! A topic's rule: the terms that speak for it, and where an article has them.
//!
//! A term is a phrase of one or more words, matched in singular and plural wherever it stands; a word that
//! ends in `*` matches every word that begins so. What a rule's `not_terms` match does not count.

use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Topic;
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::fields::{TextOrTable, Typed};
use crate::words::{Language, Token};

/// How often a term must occur to count for half its weight (k1 in BM25, Robertson and Zaragoza 2009, 3.4):
/// the first time says most. At 0 once says all, at infinity each time says the same.
const SATURATION: f64 = 1.2;

/// How far a longer text must say a term more often for the same weight, from 0 (not at all) to 1 (in
/// proportion); b in BM25, and its customary value.
const LENGTH: f64 = 0.75;

/// The length, in words, of a text that is neither long nor short: about that of a column in a newspaper.
const USUAL_WORDS: f64 = 600.0;

/// The heaviest term: far beyond it a word would decide alone, whatever the text is about.
const HEAVIEST: f64 = 100.0;

/// The weight of a term whose rule gives none.
const WEIGHT: f64 = 1.0;

/// The weight of a word taken from the description of a topic without terms.
const DESCRIPTION_WEIGHT: f64 = 0.5;

/// The terms that speak for a topic, and the phrases that do not.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    terms: Vec<Term>,
    not_terms: Vec<Phrase>,
    /// Whether the curator wrote terms; else they are the words of title and description.
    is_typed: bool,
}

#[derive(Debug, Clone)]
struct Term {
    phrase: Phrase,
    weight: f64,
}

/// Words in a row.
#[derive(Debug, Clone)]
struct Phrase {
    /// As the curator typed it.
    typed: String,
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone)]
enum Pattern {
    Word(String),
    Prefix(String),
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
                    let base = |word: &Token| language.base(&word.folded).into_owned();
                    patterns.extend(language.tokens(word).iter().map(|word| Pattern::Word(base(word))));
                }
            }
        }
        (!patterns.is_empty()).then(|| Phrase { typed: typed.to_owned(), patterns })
    }
}

impl Rule {
    /// Reads a rule as typed; `None` where it has no terms.
    pub(super) fn read(
        terms: Vec<TextOrTable>,
        not_terms: Vec<Typed<String>>,
        language: &Language,
    ) -> (Rule, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut rule = Rule { is_typed: !terms.is_empty(), ..Rule::default() };
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
                rule.terms.push(Term { phrase, weight });
            }
        }
        for typed in not_terms {
            rule.not_terms.extend(found.keep(phrase(&typed, language)));
        }
        (rule, found)
    }

    /// Adds the words of a topic's title and description, for a rule without terms.
    pub(super) fn or_words_of(mut self, title: &str, description: Option<&str>, language: &Language) -> Rule {
        if self.is_typed {
            return self;
        }
        for (text, weight) in [(title, WEIGHT), (description.unwrap_or_default(), DESCRIPTION_WEIGHT)] {
            for word in language.tokens(text) {
                let base = language.base(&word.folded);
                let is_known = self.terms.iter().any(
                    |term| matches!(&term.phrase.patterns[..], [Pattern::Word(known)] if *known == base),
                );
                if !is_known && !language.is_stop_word(&word.folded) {
                    let patterns = vec![Pattern::Word(base.into_owned())];
                    let phrase = Phrase { typed: word.folded.into_owned(), patterns };
                    self.terms.push(Term { phrase, weight });
                }
            }
        }
        self
    }

    /// Whether the curator wrote terms.
    pub fn is_typed(&self) -> bool {
        self.is_typed
    }

    /// The terms the curator wrote, with their weights.
    pub fn typed(&self) -> impl Iterator<Item = (&str, f64)> {
        let typed = self.terms.iter().filter(|_| self.is_typed);
        typed.map(|term| (term.phrase.typed.as_str(), term.weight))
    }

    /// The phrases that do not count, as typed.
    pub fn typed_not(&self) -> impl Iterator<Item = &str> {
        self.not_terms.iter().map(|phrase| phrase.typed.as_str())
    }
}

fn phrase(typed: &Typed<String>, language: &Language) -> Result<Phrase, crate::diagnostic::Diagnostic> {
    Phrase::read(&typed.value, language).ok_or_else(|| {
        Problem::new("a term without a word")
            .hint("write the words that speak for the topic")
            .at(typed.span.clone())
    })
}

/// A term found in an article.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    /// Which of the article's places, by index.
    pub place: usize,
    /// The bytes of the place's text.
    pub bytes: Range<usize>,
    /// Which of the rule's terms, by index.
    pub term: usize,
}

/// The rules of all topics, ready to be looked for together: a word is looked up once, however many topics there are.
pub(super) struct Rules<'a> {
    all: Vec<&'a Rule>,
    /// Phrases by their first word.
    by_word: FxHashMap<&'a str, Vec<Wanted<'a>>>,
    /// Phrases that begin with the beginning of a word, by their first letter.
    by_letter: FxHashMap<char, Vec<(&'a str, Wanted<'a>)>>,
}

/// A phrase somebody looks for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    topic: usize,
    /// Which term; `None` where it is a phrase that does not count.
    term: Option<usize>,
    rest: &'a [Pattern],
}

impl<'a> Rules<'a> {
    pub(super) fn of(topics: &'a [Topic]) -> Rules<'a> {
        let rules: Vec<&Rule> = topics.iter().map(|topic| &topic.rule).collect();
        let mut all = Rules { all: rules, by_word: FxHashMap::default(), by_letter: FxHashMap::default() };
        for (topic, rule) in topics.iter().map(|topic| &topic.rule).enumerate() {
            let terms = rule.terms.iter().enumerate().map(|(term, one)| (Some(term), &one.phrase));
            for (term, phrase) in terms.chain(rule.not_terms.iter().map(|phrase| (None, phrase))) {
                let Some((first, rest)) = phrase.patterns.split_first() else { continue };
                let wanted = Wanted { topic, term, rest };
                match first {
                    Pattern::Word(base) => all.by_word.entry(base).or_default().push(wanted),
                    Pattern::Prefix(prefix) => {
                        let letter = prefix.chars().next().unwrap_or_default();
                        all.by_letter.entry(letter).or_default().push((prefix, wanted));
                    }
                }
            }
        }
        all
    }

    /// Where each topic's terms stand in an article, by topic.
    pub(super) fn find(&self, places: &[&[Token<'_>]], language: &Language) -> Vec<Vec<Hit>> {
        let mut hits: Vec<Vec<Hit>> = vec![Vec::new(); self.all.len()];
        for (place, words) in places.iter().enumerate() {
            let mut found: Vec<(Wanted<'_>, Range<usize>)> = Vec::new();
            for at in 0..words.len() {
                let folded = words[at].folded.as_ref();
                let by_word = self.by_word.get(language.base(folded).as_ref()).into_iter().flatten().copied();
                let by_letter = folded.chars().next().and_then(|letter| self.by_letter.get(&letter));
                let by_letter =
                    by_letter.into_iter().flatten().filter(|(prefix, _)| folded.starts_with(prefix));
                for wanted in by_word.chain(by_letter.map(|(_, wanted)| *wanted)) {
                    if let Some(end) = wanted.end(words, at + 1, language) {
                        found.push((wanted, at..end));
                    }
                }
            }
            if found.is_empty() {
                continue;
            }
            let barred: BTreeSet<(usize, usize)> = found
                .iter()
                .filter(|(wanted, _)| wanted.term.is_none())
                .flat_map(|(wanted, range)| range.clone().map(|word| (wanted.topic, word)))
                .collect();
            // A phrase does not overlap itself: the first counts.
            let mut free: FxHashMap<(usize, usize), usize> = FxHashMap::default();
            for (wanted, range) in found {
                let Some(term) = wanted.term else { continue };
                let free = free.entry((wanted.topic, term)).or_default();
                if range.start < *free || range.clone().any(|word| barred.contains(&(wanted.topic, word))) {
                    continue;
                }
                *free = range.end;
                let bytes = words[range.start].range.start..words[range.end - 1].range.end;
                hits[wanted.topic].push(Hit { place, bytes, term });
            }
        }
        hits
    }

    /// A term as typed.
    pub(super) fn typed(&self, topic: usize, term: usize) -> &'a str {
        &self.all[topic].terms[term].phrase.typed
    }

    /// The weight of a topic's hits in an article of so many words (BM25 with the rule's weights in the place of IDF),
    /// and the part each has in it. `counts` says how often a hit counts: more than once in the title, not at all in
    /// a place that is left out.
    pub(super) fn weigh(
        &self,
        topic: usize,
        hits: &[Hit],
        length: usize,
        counts: impl Fn(&Hit) -> f64,
    ) -> (f64, Vec<f64>) {
        let stretch = 1.0 - LENGTH + LENGTH * length as f64 / USUAL_WORDS;
        let terms = &self.all[topic].terms;
        let mut by_term = vec![0.0; terms.len()];
        for hit in hits {
            by_term[hit.term] += counts(hit);
        }
        let weight = |term: usize| {
            let count: f64 = by_term[term];
            terms[term].weight * (SATURATION + 1.0) * count / (count + SATURATION * stretch)
        };
        let total = (0..terms.len()).map(weight).sum();
        let part = |hit: &Hit| match by_term[hit.term] {
            0.0 => 0.0,
            count => weight(hit.term) * counts(hit) / count,
        };
        (total, hits.iter().map(part).collect())
    }
}

impl Wanted<'_> {
    /// Where the phrase ends, in words, if its rest stands there.
    fn end(&self, words: &[Token<'_>], at: usize, language: &Language) -> Option<usize> {
        let end = at + self.rest.len();
        let found = words.get(at..end)?;
        let matches = |(pattern, word): (&Pattern, &Token<'_>)| match pattern {
            Pattern::Word(base) => language.base(&word.folded) == base.as_str(),
            Pattern::Prefix(prefix) => word.folded.starts_with(prefix.as_str()),
        };
        self.rest.iter().zip(found).all(matches).then_some(end)
    }
}
