//! The words and pairs of words each article uses, how rare each is in the collection, and what the words mean together.
//!
//! A term is known by its hash, and its letters are found again where it stands: so a collection's terms take a few bytes
//! each, and are counted without being held.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use super::reading::{Reading, Word, texts};
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
    /// Its terms, in their order; once all articles are known, those that another one uses, too.
    pub uses: Vec<Use>,
    /// What all its words mean together; `None` where the table does not speak its language.
    pub direction: Option<Vector>,
    /// How much all its terms say together: the root of the sum of their squared weights.
    pub length: f64,
}

/// The terms of all articles.
pub(super) struct Terms {
    /// For each article, in order.
    pub said: Vec<Said>,
    /// In how many articles each term occurs, where it is more than one.
    spread: ByTerm<u32>,
    /// How many articles there are.
    articles: usize,
}

/// How much a pair says beside its words, which are terms of their own. Between a half and 1 it makes little difference:
/// more finds more of the same subject, less more of the same event.
const PAIR: f64 = 0.7;

impl Terms {
    /// The terms of articles by what each says. A term that one article alone uses counts for how much it says, and
    /// for nothing else: most terms are such, and are not held.
    pub(super) fn of(mut said: Vec<Said>) -> Terms {
        let mut terms = Terms { spread: spread(&said), said: Vec::new(), articles: said.len() };
        said.par_iter_mut().for_each(|said| {
            let mut squares = 0.0;
            said.uses.retain(|one| {
                let spread = terms.spread(one.term);
                squares += square(terms.weight_at(spread, one));
                spread > 1
            });
            said.length = squares.sqrt();
            said.uses.shrink_to_fit();
        });
        terms.said = said;
        terms
    }

    /// In how many articles a term of theirs occurs.
    pub(super) fn spread(&self, term: Term) -> usize {
        self.spread.get(&term).map_or(1, |spread| *spread as usize)
    }

    /// The weight of a term as it is used: TF-IDF with a damped count, `(1 + ln tf) ln(1 + N/df)` (Salton and Buckley
    /// 1988).
    pub(super) fn weight(&self, one: &Use) -> f64 {
        self.weight_at(self.spread(one.term), one)
    }

    /// The same, where it is known in how many articles the term occurs.
    fn weight_at(&self, spread: usize, one: &Use) -> f64 {
        let rarity = 1.0 + self.articles as f64 / spread as f64;
        (1.0 + ln(f64::from(one.count))) * ln(rarity) * if one.term.is_pair() { PAIR } else { 1.0 }
    }
}

impl Said {
    /// How often the article uses a term, and where.
    pub(super) fn uses(&self, term: Term) -> Option<&Use> {
        self.uses.binary_search_by_key(&term, |one| one.term).ok().map(|at| &self.uses[at])
    }
}

fn square(number: f64) -> f64 {
    number * number
}

/// In how many articles each term occurs, where it is more than one. Terms are dealt by hash, so that each part fits a
/// processor's cache.
fn spread(said: &[Said]) -> ByTerm<u32> {
    const PARTS: u64 = 64;
    let part = |part: u64| {
        let from = |part: u64| Term(part << (u64::BITS - PARTS.trailing_zeros()));
        let mut spread: ByTerm<u32> = ByTerm::default();
        for one in said {
            let begin = one.uses.partition_point(|one| one.term < from(part));
            let end = if part + 1 == PARTS {
                one.uses.len()
            } else {
                one.uses.partition_point(|one| one.term < from(part + 1))
            };
            for one in &one.uses[begin..end] {
                *spread.entry(one.term).or_default() += 1;
            }
        }
        spread.retain(|_, spread| *spread > 1);
        // Most terms are gone, and their room with them.
        spread.shrink_to_fit();
        spread
    };
    let parts: Vec<ByTerm<u32>> = (0..PARTS).into_par_iter().map(part).collect();
    parts.into_iter().flatten().collect()
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
    let direction = if sum.is_known() { sum.direction() } else { None };
    Said { uses, direction, length: 0.0 }
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
    for text in texts(article) {
        if start >= text.len() {
            start -= text.len();
            continue;
        }
        let written = text.get(start..start + usize::from(one.length))?;
        let is_plain = written.chars().skip(1).all(|c| !c.is_uppercase());
        return Some(if begins(text, start) && is_plain {
            written.to_lowercase()
        } else {
            written.to_owned()
        });
    }
    None
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
    fn the_logarithm_is_the_logarithm() {
        for number in [1.0, 1.4, 1.42, 2.0, 2.9, 7.0, 1000.5, 1e9] {
            assert!((ln(number) - f64::ln(number)).abs() < 1e-11, "{number}");
        }
    }
}
