//! The words and pairs of words each article uses, and how rare each is in the collection.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::articles::Article;
use crate::words::{Language, Word};

/// What one article uses, by stem; a pair of neighbouring words is a term of its own.
pub(super) type Uses = BTreeMap<String, usize>;

/// The terms of all articles.
pub(super) struct Terms {
    /// For each article, in order: its terms and how often it uses each.
    pub uses: Vec<Uses>,
    /// In how many articles each term occurs.
    articles: HashMap<String, usize>,
    /// How each term is written most often.
    surfaces: HashMap<String, String>,
}

impl Terms {
    pub(super) fn of(articles: &[Article], language: &Language) -> Terms {
        let read: Vec<Vec<(String, String)>> =
            articles.par_iter().map(|article| terms_in(article, language)).collect();
        let mut terms = Terms { uses: Vec::new(), articles: HashMap::new(), surfaces: HashMap::new() };
        let mut written: HashMap<String, BTreeMap<String, usize>> = HashMap::new();
        for found in read {
            let mut uses = Uses::new();
            for (term, surface) in found {
                *written.entry(term.clone()).or_default().entry(surface).or_default() += 1;
                *uses.entry(term).or_default() += 1;
            }
            for term in uses.keys() {
                *terms.articles.entry(term.clone()).or_default() += 1;
            }
            terms.uses.push(uses);
        }
        #[expect(
            clippy::iter_over_hash_type,
            reason = "a map is made of a map; nothing is told of the order"
        )]
        for (term, surfaces) in written {
            // The most frequent way; of two as frequent, the first by letters.
            let most = surfaces.into_iter().reduce(|best, other| if other.1 > best.1 { other } else { best });
            terms.surfaces.extend(most.map(|(surface, _)| (term, surface)));
        }
        terms
    }

    /// In how many articles a term occurs.
    pub(super) fn spread(&self, term: &str) -> usize {
        self.articles.get(term).copied().unwrap_or_default()
    }

    /// How a term is written.
    pub(super) fn surface<'a>(&'a self, term: &'a str) -> &'a str {
        self.surfaces.get(term).map_or(term, String::as_str)
    }

    /// Whether a term is a pair of words or written with a capital, as names are.
    pub(super) fn is_speaking(&self, term: &str) -> bool {
        term.contains(' ') || self.surface(term).starts_with(char::is_uppercase)
    }

    /// The weight of a term used so often: TF-IDF with a damped count, `(1 + ln tf) ln(1 + N/df)` (Salton and
    /// Buckley 1988).
    pub(super) fn weight(&self, term: &str, count: usize) -> f64 {
        let rarity = self.uses.len() as f64 / self.spread(term).max(1) as f64;
        (1.0 + (count as f64).ln()) * rarity.ln_1p()
    }
}

/// The terms of an article, its title included.
fn terms_in(article: &Article, language: &Language) -> Vec<(String, String)> {
    let texts = article.body.passages.iter().map(|passage| passage.text.as_str());
    std::iter::once(article.title.as_str()).chain(texts).flat_map(|text| terms_of(text, language)).collect()
}

/// The terms of a text with the way each is written: words that say something, and pairs of them.
pub(super) fn terms_of(text: &str, language: &Language) -> Vec<(String, String)> {
    let mut terms = Vec::new();
    let mut previous: Option<Word> = None;
    for word in language.words(text) {
        if language.is_stop_word(&word.folded) || word.folded.chars().all(|c| c.is_ascii_digit()) {
            previous = None;
            continue;
        }
        if let Some(previous) = &previous {
            let between = &text[previous.range.end..word.range.start];
            if between == " " || between == "-" {
                let both = format!("{}{between}{}", written(text, previous), written(text, &word));
                terms.push((format!("{} {}", previous.stem, word.stem), both));
            }
        }
        terms.push((word.stem.clone(), written(text, &word)));
        previous = Some(word);
    }
    terms
}

/// How a word is written, but for the capital it has only because a sentence begins with it.
fn written(text: &str, word: &Word) -> String {
    let written = &text[word.range.clone()];
    let before =
        text[..word.range.start].trim_end_matches(|c: char| c.is_whitespace() || "\"'“‘(".contains(c));
    let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':', '…', '–', '—']);
    let is_plain = written.chars().skip(1).all(|c| !c.is_uppercase());
    if begins && is_plain { word.folded.clone() } else { written.to_owned() }
}
