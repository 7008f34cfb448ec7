//! Summaries: the sentence of an article that says best what it says.
//!
//! Of its sentences of fair length, that can be read without the one before, the nearest to the title and to the whole
//! article, by words and by meaning, earlier ones first; verbatim. It depends on the article alone: how much a word says
//! is told by the table of meanings, which knows how common it is.

use super::reading::{Reading, Word};
use super::terms::{Term, ln};
use crate::articles::Article;
use crate::meaning::{Sum, Vector};

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

/// What a sentence loses that leans on the one before it: so much that it is the last choice, for who reads a summary has
/// not read what stood before. The posts' abstracts are met as well so (ROUGE-2 0.101) as with less (0.095 at 0.4).
const LEANING: f64 = 1.0;

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

/// How much a pair of neighbouring words says beside its words.
const PAIR: f64 = 0.7;

/// The summary of an article, where it has a sentence to give, and what all its words add up to.
///
/// `readings` are those of its title and of its passages.
pub(super) fn summary(article: &Article, readings: &[Reading<'_>]) -> (Option<String>, Sum) {
    let Some((title, passages)) = readings.split_first() else { return (None, Sum::default()) };
    let mut whole = Adding::default();
    whole.add(&title.words);
    let mut sentences: Vec<(&str, &[Word<'_>], Adding)> = Vec::new();
    for (reading, passage) in passages.iter().zip(&*article.body.passages) {
        if passage.is_heading || sentences.len() >= LOOKED_AT {
            whole.add(&reading.words);
            continue;
        }
        for (sentence, words) in reading.sentences() {
            let mut adding = Adding::default();
            adding.add(words);
            // What the sentences add up to is what the passage does, but for pairs across their borders.
            whole.extend(&adding);
            sentences.push((sentence, words, adding));
        }
    }
    let sum = whole.sum.clone();
    let is_known = sum.is_known();
    let mut about = Adding::default();
    about.add(&title.words);
    let (whole, about) = (whole.finish(is_known), about.finish(is_known));
    let (mut best, mut short, mut first): (Option<(f64, &str)>, Option<&str>, Option<&str>) =
        (None, None, None);
    for (place, (sentence, words, adding)) in sentences.into_iter().take(LOOKED_AT).enumerate() {
        if words.iter().map(|word| &word.token.folded).eq(title.words.iter().map(|word| &word.token.folded)) {
            continue;
        }
        first = first.or(Some(sentence));
        short = short.or(Some(sentence).filter(|_| words.len() <= *WORDS.end() && is_whole(sentence)));
        if !WORDS.contains(&words.len()) || !is_whole(sentence) {
            continue;
        }
        let score = score(&adding.finish(is_known), &about, &whole, place)
            - if leans(sentence) { LEANING } else { 0.0 }
            - if sentence.contains(['?', '？']) { QUESTION } else { 0.0 };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, sentence));
        }
    }
    (best.map(|(_, sentence)| sentence).or(short).or(first).map(str::to_owned), sum)
}

/// What a text says: its terms by weight, and where its words point.
struct Saying {
    /// In the order of terms.
    weights: Vec<(Term, f64)>,
    length: f64,
    direction: Option<Vector>,
}

impl Saying {
    fn weight(&self, term: Term) -> Option<f64> {
        let at = self.weights.binary_search_by_key(&term, |(term, _)| *term).ok()?;
        Some(self.weights[at].1)
    }
}

/// What a text says, as its words are added.
#[derive(Default)]
struct Adding {
    /// Every use of a term, with what it says.
    uses: Vec<(Term, f64)>,
    sum: Sum,
}

impl Adding {
    fn add(&mut self, words: &[Word<'_>]) {
        self.sum += &Sum::of_folded(words.iter().map(|word| word.token.folded.as_ref()));
        let mut before: Option<(Term, f64, usize)> = None;
        for word in words {
            let Some((term, says)) = word.says else {
                before = None;
                continue;
            };
            self.uses.push((term, says));
            if let Some((first, other, _)) = before.filter(|(.., end)| end + 1 == word.token.range.start) {
                self.uses.push((first.pair(term), PAIR * (other + says) / 2.0));
            }
            before = Some((term, says, word.token.range.end));
        }
    }

    fn extend(&mut self, other: &Adding) {
        self.uses.extend_from_slice(&other.uses);
        self.sum += &other.sum;
    }

    /// The weight of a term used `n` times is `1 + ln n` times what it says.
    fn finish(mut self, is_known: bool) -> Saying {
        self.uses.sort_unstable_by_key(|(term, _)| *term);
        let weigh = |same: &[(Term, f64)]| (same[0].0, (1.0 + ln(same.len() as f64)) * same[0].1);
        let weights: Vec<(Term, f64)> = self.uses.chunk_by(|a, b| a.0 == b.0).map(weigh).collect();
        Saying {
            length: weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt(),
            weights,
            direction: if is_known { self.sum.direction() } else { None },
        }
    }
}

/// How well a sentence stands for a whole with a title, by what it says and by its place.
fn score(sentence: &Saying, title: &Saying, whole: &Saying, place: usize) -> f64 {
    let near = |other: &Saying| {
        let directions = sentence.direction.as_ref().zip(other.direction.as_ref());
        directions.map_or(0.0, |(one, other)| one.cosine(other))
    };
    let shared = |other: &Saying| {
        let product: f64 =
            sentence.weights.iter().filter_map(|(term, weight)| Some(weight * other.weight(*term)?)).sum();
        let lengths = sentence.length * other.length;
        if lengths > 0.0 { product / lengths } else { 0.0 }
    };
    MEANS_WHOLE * near(whole)
        + MEANS_TITLE * near(title)
        + WORDS_OF_WHOLE * shared(whole)
        + WORDS_OF_TITLE * shared(title)
        + PLACE / (place as f64 + 1.0).sqrt()
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
    fn halves_of_quotations_are_no_sentences() {
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
    }

    #[test]
    fn what_leans_on_the_sentence_before_is_told_by_how_it_begins() {
        assert!(
            leans("“But we open.”") && leans("This, too, grows.") && leans("On the other hand it rains.")
        );
        assert!(!leans("Butter melts.") && !leans("Thistles grow."));
    }
}
