//! The words and pairs of words each article uses, how rare each is in the collection, and what the words mean together.
//!
//! A term is known by its hash, and its letters are found again where it stands: so a collection's terms take a few bytes
//! each, and are counted without being held.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use super::reading::{Reading, Word};
use crate::articles::Article;
use crate::meaning::{Sum, Vector};
use crate::words::Token;

/// A word in the singular, or a pair of neighbouring words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Term(u64);

impl Term {
    pub(super) fn word(base: &str) -> Term {
        let mut hasher = SipHasher13::new();
        hasher.write(base.as_bytes());
        Term(hasher.finish() & !1)
    }

    pub(super) fn pair(self, other: Term) -> Term {
        let mut hasher = SipHasher13::new();
        hasher.write_u64(self.0.to_le());
        hasher.write_u64(other.0.to_le());
        Term(hasher.finish() | 1)
    }

    /// Whether it is a pair of words.
    pub(super) fn is_pair(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A hash is as good a key as its hash.
#[derive(Debug, Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        // The lowest bit tells pairs from words, and tables look at the lowest bits first.
        self.0 = number.rotate_right(1);
    }
}

/// A map by term.
pub(super) type ByTerm<T> = HashMap<Term, T, BuildHasherDefault<AsItIs>>;

/// How often an article uses a term, and where it can be read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Use {
    pub term: Term,
    pub count: u16,
    /// In bytes.
    length: u16,
    /// In bytes from the beginning of the title, the passages standing one after another.
    start: u32,
}

/// What an article says.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Said {
    /// Its terms, in their order.
    uses: Box<[Use]>,
    /// What all its words mean together; `None` where the table does not speak its language.
    direction: Option<Box<Vector>>,
}

impl Said {
    /// Its terms from one on, up to another.
    fn between(&self, terms: &Range<Term>) -> &[Use] {
        let before = |term: Term| self.uses.partition_point(|one| one.term < term);
        &self.uses[before(terms.start)..before(terms.end)]
    }
}

/// What an article is known by.
pub(super) struct Known {
    /// Its weightiest terms of those that another article uses, too, in their order, each with its weight as a share of what all
    /// its terms weigh together (the root of the sum of their squares).
    pub uses: Box<[(Use, f32)]>,
    /// What all its words mean together; `None` where the table does not speak its language.
    pub direction: Option<Box<Vector>>,
}

impl Known {
    /// How often the article uses a term that it is known by, and where.
    pub(super) fn uses(&self, term: Term) -> Option<&Use> {
        self.uses.binary_search_by_key(&term, |(one, _)| one.term).ok().map(|at| &self.uses[at].0)
    }
}

/// By how many of its weightiest terms an article is known. With 40 fewer neighbours are of its section, with 150 fewer
/// of its event.
const TERMS: usize = 100;

/// A term or concept that more than this share of a collection has says nothing about two articles of it.
pub(super) const COMMON: f64 = 0.6;

/// A collection smaller than this has no common terms: too few articles to tell.
pub(super) const COMMON_FROM: usize = 5;

/// A term that more articles than this use is not looked up: it bounds the cost of one article, and of a term so
/// wide little is learnt.
const WIDEST: usize = 400;

/// How much a pair says beside its words, which are terms of their own. Between a half and 1 it makes little difference:
/// more finds more of the same subject, less more of the same event.
const PAIR: f64 = 0.7;

/// Terms are dealt by their first bits into so many parts that each fits a processor's cache while it is counted.
const PARTS: u64 = 64;

/// What each article is known by.
///
/// Most terms an article has alone, or many have them: they count for how much it says, and are not held.
pub(super) fn known(said: Vec<Said>) -> Vec<Known> {
    let weights = Weights::of(said.len());
    let parts: Vec<Range<Term>> = (0..PARTS).map(part).collect();
    let spreads: Vec<Spread> = parts.par_iter().map(|terms| Spread::of(&said, terms)).collect();
    // What an article says goes as what it is known by comes.
    let known = |said: Said| {
        let mut weighing = Weighing::default();
        for (terms, spread) in parts.iter().zip(&spreads) {
            for one in said.between(terms) {
                weighing.add(one, spread.of_term(one.term), &weights);
            }
        }
        weighing.finish(said.direction)
    };
    said.into_par_iter().map(known).collect()
}

/// The terms of a part.
fn part(number: u64) -> Range<Term> {
    let from = |number: u64| match number {
        // A term with all bits set is left out: there is one in 2⁶⁴.
        PARTS => Term(u64::MAX),
        number => Term(number << (u64::BITS - PARTS.trailing_zeros())),
    };
    from(number)..from(number + 1)
}

/// In how many articles each of some terms occurs, where it is more than one. Of a large collection there are millions: they
/// stand in a row, and as hashes are spread evenly, their first bits say nearly where.
struct Spread {
    /// The terms, in their order, each with the number of articles. Beside each other, as each look at one is a look into memory.
    counts: Vec<(Term, u32)>,
    /// Where the terms begin that begin with some bits, for all such bits, and behind the last.
    begins: Vec<u32>,
}

/// About so many terms begin with the same bits.
const ALIKE: usize = 4;

impl Spread {
    fn of(said: &[Said], part: &Range<Term>) -> Spread {
        let mut all: Vec<Term> = Vec::with_capacity(said.iter().map(|one| one.between(part).len()).sum());
        all.extend(said.iter().flat_map(|one| one.between(part)).map(|one| one.term));
        all.sort_unstable();
        // Most terms one article has alone.
        let shared = || all.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        let mut counts = Vec::with_capacity(shared().count());
        counts.extend(shared().map(|same| (same[0], same.len() as u32)));
        let places = (counts.len() / ALIKE).next_power_of_two();
        let begin = |bits: usize| counts.partition_point(|(term, _)| place(*term, places) < bits) as u32;
        let begins = (0..=places).map(begin).collect();
        Spread { counts, begins }
    }

    /// In how many articles a term of the part is, of those that have it.
    fn of_term(&self, term: Term) -> usize {
        let bits = place(term, self.begins.len() - 1);
        let [begin, end] = [bits, bits + 1].map(|bits| self.begins[bits] as usize);
        let found = self.counts[begin..end].iter().find(|(one, _)| *one == term);
        found.map_or(1, |(_, count)| *count as usize)
    }
}

/// The first bits of a term behind those that say of which part it is, as a number below a power of two.
fn place(term: Term, places: usize) -> usize {
    let behind = term.0 << PARTS.trailing_zeros();
    // Of no bits all terms begin with the same.
    behind.checked_shr(u64::BITS - places.trailing_zeros()).unwrap_or(0) as usize
}

/// What terms weigh in a collection: TF-IDF with a damped count, `(1 + ln tf) ln(1 + N/df)` (Salton and Buckley 1988). There
/// are few different counts, and logarithms take time.
struct Weights {
    /// By the number of articles that use a term.
    rarities: Vec<f64>,
    /// By how often one does, where it is not very often.
    counts: [f64; 64],
    /// A term that more articles use tells of none.
    widest: usize,
}

impl Weights {
    fn of(articles: usize) -> Weights {
        let rarity = |spread: usize| ln(1.0 + articles as f64 / spread.max(1) as f64);
        let common = if articles < COMMON_FROM { WIDEST } else { (COMMON * articles as f64) as usize };
        Weights {
            rarities: (0..=articles).map(rarity).collect(),
            counts: std::array::from_fn(|count| damped(count.max(1))),
            widest: WIDEST.min(common),
        }
    }

    fn weight(&self, one: &Use, spread: usize) -> f64 {
        let count = usize::from(one.count);
        let count = self.counts.get(count).copied().unwrap_or_else(|| damped(count));
        count * self.rarities[spread] * if one.term.is_pair() { PAIR } else { 1.0 }
    }
}

fn damped(count: usize) -> f64 {
    1.0 + ln(count as f64)
}

/// The weighing of one article's terms, one after the other.
#[derive(Default)]
struct Weighing {
    /// The sum of the squares of all weights.
    squares: f64,
    /// The weightiest terms that may tell of others, and some that are less.
    weightiest: Vec<(f64, Use)>,
}

impl Weighing {
    /// Adds a term that so many of all articles use.
    fn add(&mut self, one: &Use, spread: usize, weights: &Weights) {
        let weight = weights.weight(one, spread);
        self.squares += weight * weight;
        if (2..=weights.widest).contains(&spread) {
            self.weightiest.push((weight, *one));
            if self.weightiest.len() > TERMS + TERMS / 4 {
                self.leave_out_the_rest();
            }
        }
    }

    fn leave_out_the_rest(&mut self) {
        if self.weightiest.len() > TERMS {
            self.weightiest
                .select_nth_unstable_by(TERMS, |a, b| b.0.total_cmp(&a.0).then(a.1.term.cmp(&b.1.term)));
            self.weightiest.truncate(TERMS);
        }
    }

    fn finish(mut self, direction: Option<Box<Vector>>) -> Known {
        self.leave_out_the_rest();
        let length = self.squares.sqrt();
        let mut uses: Vec<(Use, f32)> =
            self.weightiest.into_iter().map(|(weight, one)| (one, (weight / length) as f32)).collect();
        uses.sort_unstable_by_key(|(one, _)| one.term);
        Known { uses: in_its_own_room(&uses), direction }
    }
}

/// What an article says, by the readings of its texts; `sum` is what all its words add up to.
pub(super) fn said(readings: &[Reading<'_>], sum: &Sum) -> Said {
    let mut at: ByTerm<usize> = ByTerm::default();
    let mut uses: Vec<Use> = Vec::new();
    // How well what stands at `start` shows how the term is written.
    let mut shown: Vec<Shown> = Vec::new();
    let mut before = 0;
    for Reading { text, words } in readings {
        for found in terms_of(text, words) {
            let start = u32::try_from(before + found.start).unwrap_or(u32::MAX);
            let length = u16::try_from(found.length).unwrap_or(u16::MAX);
            let index = *at.entry(found.term).or_insert(uses.len());
            if index == uses.len() {
                uses.push(Use { term: found.term, count: 0, length, start });
                shown.push(Shown::AtTheBeginning);
            }
            uses[index].count = uses[index].count.saturating_add(1);
            let here = Shown::of(text, &found);
            if here > shown[index] {
                (uses[index].start, uses[index].length, shown[index]) = (start, length, here);
            }
        }
        before += text.len();
    }
    uses.sort_unstable_by_key(|one| one.term);
    let direction = if sum.is_known() { sum.direction().map(Box::new) } else { None };
    Said { uses: in_its_own_room(&uses), direction }
}

/// A list in as much room as it needs: to shrink one leaves it where it is, with up to as much room again behind it.
fn in_its_own_room<T: Copy>(list: &[T]) -> Box<[T]> {
    list.into()
}

/// How well a place shows how a term is written. Who writes `state` once means no name, where he writes `the State`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    /// A sentence begins with it: the capital may be owed to that alone.
    AtTheBeginning,
    WithCapital,
    Plain,
}

impl Shown {
    fn of(text: &str, found: &Found) -> Shown {
        if begins(text, found.start) {
            return Shown::AtTheBeginning;
        }
        let written = &text[found.start..found.start + found.length];
        if written.starts_with(char::is_uppercase) { Shown::WithCapital } else { Shown::Plain }
    }
}

/// A term in a text, in bytes.
struct Found {
    term: Term,
    start: usize,
    length: usize,
}

/// The terms of a text: words that say something, and pairs of them.
fn terms_of<'a>(text: &'a str, words: &'a [Word<'a>]) -> impl Iterator<Item = Found> + 'a {
    let mut previous: Option<(Term, &Token<'_>)> = None;
    words.iter().flat_map(move |Word { token, says }| {
        let Some((term, _)) = *says else {
            previous = None;
            return [None, None].into_iter().flatten();
        };
        let word = Found { term, start: token.range.start, length: token.range.len() };
        let pair = previous.replace((term, token)).and_then(|(first, previous)| {
            let between = &text[previous.range.end..token.range.start];
            let start = previous.range.start;
            (between == " " || between == "-").then(|| Found {
                term: first.pair(term),
                start,
                length: token.range.end - start,
            })
        });
        [pair, Some(word)].into_iter().flatten()
    })
}

/// Whether a sentence begins at a place of a text: the capital there may be owed to that alone.
fn begins(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(|c: char| c.is_whitespace() || "\"'“‘(".contains(c));
    before.is_empty() || before.ends_with(['.', '!', '?', ':', '…', '–', '—'])
}

/// How an article writes a term; `None` where it stands too far into a text of gigabytes.
pub(super) fn written(article: &Article, one: &Use) -> Option<String> {
    let mut start = one.start as usize;
    if start < article.title.len() {
        return written_at(&article.title, start, one);
    }
    start -= article.title.len();
    for passage in article.body.passages.iter() {
        if start < passage.text.len() {
            return written_at(&passage.text.read(), start, one);
        }
        start -= passage.text.len();
    }
    None
}

fn written_at(text: &str, start: usize, one: &Use) -> Option<String> {
    let written = text.get(start..start + usize::from(one.length))?;
    let is_plain = written.chars().skip(1).all(|c| !c.is_uppercase());
    Some(if begins(text, start) && is_plain { written.to_lowercase() } else { written.to_owned() })
}

/// The natural logarithm of a number from 1 on, to twelve digits, by what every machine computes alike: the exponent, and the
/// series of the area tangent for the rest.
pub(super) fn ln(number: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = number.to_bits();
    let exponent = f64::from((bits >> 52) as u32) - 1023.0;
    let rest = f64::from_bits(bits & MANTISSA | 1.0_f64.to_bits());
    let (exponent, rest) =
        if rest > std::f64::consts::SQRT_2 { (exponent + 1.0, rest / 2.0) } else { (exponent, rest) };
    let t = (rest - 1.0) / (rest + 1.0);
    let series = (0..8).rev().fold(0.0, |sum, at| sum * t * t + 1.0 / f64::from(2 * at + 1));
    exponent * std::f64::consts::LN_2 + 2.0 * t * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_in_how_many_articles_each_term_is() {
        let term = |n: u64| Term::word(&(n % 1000).to_string());
        let of = |numbers: Range<u64>| {
            let used = |n| Use { term: term(n), count: 1, length: 1, start: 0 };
            let mut uses: Vec<Use> = numbers.map(used).collect();
            uses.sort_unstable_by_key(|one| one.term);
            Said { uses: uses.into(), direction: None }
        };
        for said in [vec![], vec![of(3..9)], vec![of(0..900), of(100..400), of(150..152), of(390..1000)]] {
            for part in (0..PARTS).map(part) {
                let spread = Spread::of(&said, &part);
                for term in (0..1000).map(term).filter(|term| part.contains(term)) {
                    let is_in = |one: &&Said| one.uses.iter().any(|one| one.term == term);
                    assert_eq!(spread.of_term(term), said.iter().filter(is_in).count().max(1));
                }
            }
        }
    }

    #[test]
    fn the_logarithm_is_the_logarithm() {
        for number in [1.0, 1.4, 1.42, 2.0, 2.9, 7.0, 1000.5, 1e9] {
            assert!((ln(number) - f64::ln(number)).abs() < 1e-11, "{number}");
        }
    }
}
