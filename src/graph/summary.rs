//! Summaries: the sentence of an article that says best what it says.
//!
//! Of its sentences of fair length, that can be read without the one before, the nearest to the title and to the whole
//! article, by words and by meaning, earlier ones first; verbatim.

use std::collections::BTreeMap;

use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::terms::{Said, Term, Terms, terms_of};
use crate::articles::{Article, ArticleId};
use crate::meaning::{Sum, Vector};
use crate::words::{Language, Token};

/// Words a sentence must and may have to stand for an article.
const WORDS: std::ops::RangeInclusive<usize> = 10..=35;

/// How much counts: how near a sentence is in meaning to the whole article and to its title, how many of the words of each it
/// has (cosines), and how early it stands, divided by the square root of the place. On 59 posts with abstracts that people
/// wrote the title says most; halving or doubling one number costs little.
const MEANS_WHOLE: f64 = 1.0;
const MEANS_TITLE: f64 = 0.5;
const WORDS_OF_WHOLE: f64 = 0.5;
const WORDS_OF_TITLE: f64 = 1.0;
const PLACE: f64 = 0.5;

/// What a sentence loses that leans on the one before it: as much as makes it the last choice. At 0.15 the posts' abstracts
/// would be met a little better, but who reads a summary has not read what stood before.
const LEANING: f64 = 0.4;

/// What a question loses: it says what a piece asks, not what it says.
const QUESTION: f64 = 0.3;

/// Only so many sentences are looked at: what comes later is seldom the heart of a piece.
const LOOKED_AT: usize = 80;

/// Words a sentence that leans on the one before it begins with.
const LEANS: [&str; 44] = [
    "and",
    "but",
    "so",
    "yet",
    "or",
    "nor",
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
    "hers",
    "him",
    "them",
    "their",
    "its",
    "also",
    "then",
    "thus",
    "however",
    "because",
    "therefore",
    "instead",
    "another",
    "such",
    "similarly",
    "likewise",
    "moreover",
    "furthermore",
    "besides",
    "meanwhile",
    "both",
    "there",
    "for example",
    "for instance",
    "as a result",
    "in addition",
    "in other words",
    "on the other hand",
];

/// The summary of every article that has a sentence to give.
pub(super) fn summaries(
    articles: &[Article],
    terms: &Terms,
    language: &Language,
) -> BTreeMap<ArticleId, String> {
    let summary = |(article, said): (&Article, &Said)| {
        Some((article.id.clone(), Summary { article, said, terms, language }.find()?.to_owned()))
    };
    articles.par_iter().zip(&terms.said).filter_map(summary).collect()
}

struct Summary<'a> {
    article: &'a Article,
    said: &'a Said,
    terms: &'a Terms,
    language: &'a Language,
}

/// What a short text says: its terms by weight, and where its words point.
struct Saying {
    /// In the order of terms.
    weights: Vec<(Term, f64)>,
    length: f64,
    direction: Option<Vector>,
}

impl<'a> Summary<'a> {
    fn find(&self) -> Option<&'a str> {
        let title_words = self.language.tokens(&self.article.title);
        let title = self.saying(&self.article.title, &title_words);
        let (mut best, mut short, mut first): (Option<(f64, &str)>, Option<&str>, Option<&str>) =
            (None, None, None);
        for (place, sentence) in self.sentences().take(LOOKED_AT).enumerate() {
            let words = self.language.tokens(sentence);
            if words.iter().map(|word| &word.folded).eq(title_words.iter().map(|word| &word.folded)) {
                continue;
            }
            first = first.or(Some(sentence));
            short = short.or(Some(sentence).filter(|_| words.len() <= *WORDS.end() && is_whole(sentence)));
            if !WORDS.contains(&words.len()) || !is_whole(sentence) {
                continue;
            }
            let score = self.score(&self.saying(sentence, &words), &title, place)
                - if leans(sentence) { LEANING } else { 0.0 }
                - if sentence.contains(['?', '？']) { QUESTION } else { 0.0 };
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, sentence));
            }
        }
        best.map(|(_, sentence)| sentence).or(short).or(first)
    }

    /// The sentences of the running text, in order. One that ends in a letter's or title's full stop goes on in the next.
    fn sentences(&self) -> impl Iterator<Item = &'a str> {
        let passages = self.article.body.passages.iter().filter(|passage| !passage.is_heading);
        passages.flat_map(|passage| {
            let text = passage.text.as_str();
            let mut start = 0;
            let ends = text.split_sentence_bound_indices().filter_map(move |(from, sentence)| {
                let end = from + sentence.len();
                (end == text.len() || !is_abbreviated(sentence))
                    .then(|| &text[std::mem::replace(&mut start, end)..end])
            });
            ends.map(str::trim).filter(|sentence| !sentence.is_empty())
        })
    }

    fn saying(&self, text: &str, words: &[Token<'_>]) -> Saying {
        let mut terms: Vec<Term> = terms_of(text, words, self.language).map(|found| found.term).collect();
        terms.sort_unstable();
        let count = |same: &[Term]| u16::try_from(same.len()).unwrap_or(u16::MAX);
        let weigh = |same: &[Term]| (same[0], self.terms.weight(same[0], count(same)));
        let weights: Vec<(Term, f64)> = terms.chunk_by(|a, b| a == b).map(weigh).collect();
        let sum = Sum::of_folded(words.iter().map(|word| word.folded.as_ref()));
        Saying {
            length: weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt(),
            weights,
            direction: if self.said.direction.is_some() { sum.direction() } else { None },
        }
    }

    fn score(&self, sentence: &Saying, title: &Saying, place: usize) -> f64 {
        let near = |direction: &Option<Vector>| {
            sentence.direction.as_ref().zip(direction.as_ref()).map_or(0.0, |(one, other)| one.cosine(other))
        };
        let shared = |other: &dyn Fn(Term) -> Option<f64>, length: f64| {
            let product: f64 =
                sentence.weights.iter().filter_map(|(term, weight)| Some(weight * other(*term)?)).sum();
            let lengths = sentence.length * length;
            if lengths > 0.0 { product / lengths } else { 0.0 }
        };
        let of_whole = |term| self.said.uses(term).map(|one| self.terms.weight(term, one.count));
        let of_title = |term| {
            let at = title.weights.binary_search_by_key(&term, |(term, _)| *term).ok()?;
            Some(title.weights[at].1)
        };
        MEANS_WHOLE * near(&self.said.direction)
            + MEANS_TITLE * near(&title.direction)
            + WORDS_OF_WHOLE * shared(&of_whole, self.said.length)
            + WORDS_OF_TITLE * shared(&of_title, title.length)
            + PLACE / (place as f64 + 1.0).sqrt()
    }
}

/// Whether a sentence begins and ends as one, and holds no half of a quotation or of brackets.
fn is_whole(sentence: &str) -> bool {
    let count = |mark: char| sentence.matches(mark).count();
    // The mark that closes a German quotation opens an English one.
    let quotes = if count('„') > 0 { ('„', '“') } else { ('“', '”') };
    let is_torn = [quotes, ('«', '»'), ('(', ')'), ('[', ']')]
        .iter()
        .any(|(open, close)| count(*open) != count(*close))
        || count('"') % 2 == 1;
    let begins = sentence.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    let ends = sentence.trim_end_matches(['"', '”', '“', '’', '\'', '»', ')', '」', '』']);
    begins && ends.ends_with(['.', '!', '?', '…', '。', '！', '？', '．']) && !is_torn
}

/// Whether the full stop at the end of a piece is that of a letter or of a title before a name: `U.S.`, `J.`, `Mr.`
fn is_abbreviated(piece: &str) -> bool {
    let Some(before) = piece.trim_end().strip_suffix('.') else { return false };
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let letter = last.rsplit('.').next().unwrap_or_default();
    let is_letter = letter.chars().count() == 1 && letter.chars().all(char::is_uppercase);
    is_letter
        || ["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Sen", "Rep", "Gov", "Gen", "No", "vs", "Jr", "Sr"]
            .contains(&last)
}

fn leans(sentence: &str) -> bool {
    let sentence = sentence.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    LEANS.iter().any(|lean| {
        sentence.strip_prefix(lean).is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_quotations_and_of_names_are_no_sentences() {
        for (sentence, whole) in [
            ("The garden opens at nine.", true),
            ("He said “we open at nine”.", true),
            ("He said: “We open at nine.", false),
            ("opens at nine.", false),
            ("Opens at nine", false),
            ("Er sagte: „Wir öffnen um neun.“", true),
            ("Er sagte: „Wir öffnen um neun.", false),
            ("庭は九時に開く。", true),
        ] {
            assert_eq!(is_whole(sentence), whole, "{sentence}");
        }
        for (piece, is_cut) in
            [("The U.S. ", true), ("By Mr. ", true), ("It opens. ", false), ("Plan B. ", true)]
        {
            assert_eq!(is_abbreviated(piece), is_cut, "{piece}");
        }
    }

    #[test]
    fn what_leans_on_the_sentence_before_is_told_by_how_it_begins() {
        assert!(
            leans("“But we open.”") && leans("This, too, grows.") && leans("On the other hand it rains.")
        );
        assert!(!leans("Butter melts.") && !leans("Thistles grow."));
    }
}
