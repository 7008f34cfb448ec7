//! What the dictionary says of a word: where it stands, and in which other fields.
//!
//! In: the places of a word, and the articles that have it in a field besides the text. Out: [`Leads`], with the postings
//! written as text. Places are counted within each article, so that the postings of a word change only with articles that
//! have it.

use super::bits::{Bits, parameter};
use super::read::{FIELDS, Field, SLOT};

/// Postings longer than about so many characters say only which articles have the word: a word so common finds
/// nothing by its places alone. Pairs of such words are in the dictionary with their places instead.
const LONG: usize = 8 * 1024;

/// The longest title whose length is known exactly.
pub(super) const LONGEST_TITLE: usize = 15;

/// What a word leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads<T = String> {
    /// The word whose postings count this one too, as both have one stem.
    To(T),
    /// Its postings.
    Postings(T),
    /// Postings without places, and how many articles they name.
    Common(T, usize),
}

/// A term in a field of an article, with the length of the title where it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct InField {
    pub term: u32,
    pub field: Field,
    pub article: u32,
    pub title: u32,
}

/// How long articles are: where each begins, counted in slots through all, and how each compares with the usual one.
#[derive(Debug, Default)]
pub(super) struct Lengths {
    /// The first slot of each article, and the one behind the last.
    firsts: Vec<u32>,
    /// The article of each slot: it is asked for every word of every article.
    articles: Vec<u32>,
    /// Twice the binary logarithm of each one's length in slots, rounded.
    halves: Vec<u32>,
    /// That of the mean length.
    pub usual: u32,
}

impl Lengths {
    /// The lengths of all articles, in slots.
    pub(super) fn of(slots: impl Iterator<Item = u32>) -> Lengths {
        let (mut firsts, mut articles, mut halves) = (vec![0], Vec::new(), Vec::new());
        let mut next = 0;
        for (slots, article) in slots.zip(0..) {
            next += slots;
            firsts.push(next);
            articles.resize(next as usize, article);
            halves.push(half_octaves(slots, 1));
        }
        let usual = half_octaves(next, halves.len().max(1) as u32);
        Lengths { firsts, articles, halves, usual }
    }

    /// The first slot of an article.
    pub(super) fn first(&self, article: u32) -> u32 {
        self.firsts[article as usize]
    }

    /// Splits rising places, counted through all articles, by article.
    fn by_article<'a>(&self, mut places: &'a [u32]) -> Vec<(u32, &'a [u32])> {
        let mut found = Vec::new();
        while let Some(place) = places.first() {
            let article = self.articles[(place / SLOT) as usize];
            let end = self.firsts[article as usize + 1] * SLOT;
            let count = places.iter().take_while(|place| **place < end).count();
            let (these, others) = places.split_at(count);
            found.push((article, these));
            places = others;
        }
        found
    }

    /// How an article's length compares with the usual one: 0 where it is the usual one, 1 a half octave below, 2 above, 3 two below, and
    /// so on.
    fn write(&self, bits: &mut Bits, article: u32) {
        let (half, usual) = (self.halves[article as usize], self.usual);
        let compared = if half < usual { 2 * (usual - half) - 1 } else { 2 * (half - usual) };
        bits.gamma(1 + compared);
    }
}

/// Twice the binary logarithm of a mean from 1 on, rounded: that of its square times √2, cut.
fn half_octaves(sum: u32, count: u32) -> u32 {
    let [sum, count] = [sum.max(count), count].map(|number| u128::from(number).pow(2));
    (sum * 181 / 128 / count).ilog2()
}

/// The postings of a word: its places, or where these are too many how often articles have it; and its other fields. `places`
/// are counted through all articles and rise.
pub(super) fn postings(places: &[u32], fields: &[InField], lengths: &Lengths) -> Leads {
    let places = Places::of(places, lengths);
    let mut bits = Bits::default();
    if places.size() <= LONG {
        places.write(&mut bits, lengths);
        write_fields(&mut bits, fields);
        return Leads::Postings(bits.finish());
    }
    let counts: Vec<(u32, u32)> =
        places.articles.iter().map(|(article, places)| (*article, places.len() as u32)).collect();
    write_counts(&mut bits, &counts, |bits, article| lengths.write(bits, article));
    write_fields(&mut bits, fields);
    Leads::Common(bits.finish(), counts.len())
}

/// The postings of a pair of words by the rising places of the first; none where they would be too long.
pub(super) fn pair(places: &[u32], lengths: &Lengths) -> Option<Leads> {
    let places = Places::of(places, lengths);
    if places.articles.is_empty() || places.size() > LONG {
        return None;
    }
    let mut bits = Bits::default();
    places.write(&mut bits, lengths);
    write_fields(&mut bits, &[]);
    Some(Leads::Postings(bits.finish()))
}

/// Which articles a filter lets pass.
pub(super) fn filter(articles: impl Iterator<Item = u32>) -> Leads {
    let counts: Vec<(u32, u32)> = articles.map(|article| (article, 1)).collect();
    let mut bits = Bits::default();
    write_counts(&mut bits, &counts, |bits, _| bits.gamma(1));
    write_fields(&mut bits, &[]);
    Leads::Postings(bits.finish())
}

/// The places of a word by article, and how the gaps between them are written.
struct Places<'a> {
    /// Articles with their places, both rising; places are counted through all articles.
    articles: Vec<(u32, &'a [u32])>,
    /// The Rice parameters of the gaps between articles, and between the places within one.
    parameters: [u32; 2],
    count: usize,
}

impl<'a> Places<'a> {
    fn of(places: &'a [u32], lengths: &Lengths) -> Places<'a> {
        let articles = lengths.by_article(places);
        let last = articles.last().map_or(0, |(article, _)| *article);
        // What is behind the last place of an article is no gap.
        let span = |(article, places): &(u32, &[u32])| {
            places.last().map_or(0, |last| u64::from(last + 1 - lengths.first(*article) * SLOT))
        };
        let spans = articles.iter().map(span).sum::<u64>();
        let within = parameter(places.len(), u32::try_from(spans).unwrap_or(u32::MAX).saturating_sub(1));
        let parameters = [parameter(articles.len(), last), within];
        Places { articles, parameters, count: places.len() }
    }

    /// About how many characters they take: for each article its gap, its length and how often, for each place its gap.
    fn size(&self) -> usize {
        let [between, within] = self.parameters.map(|parameter| parameter as usize + 2);
        (self.articles.len() * (between + 3) + self.count * within) / 6
    }

    fn write(&self, bits: &mut Bits, lengths: &Lengths) {
        bits.push(0, 1);
        bits.gamma(self.articles.len() as u32 + 1);
        if self.articles.is_empty() {
            return;
        }
        let [between, within] = self.parameters;
        bits.push(between, 5);
        bits.push(within, 5);
        let mut next = 0;
        for (article, places) in &self.articles {
            bits.rice(article - next, between);
            next = article + 1;
            lengths.write(bits, *article);
            bits.gamma(places.len() as u32);
            let mut next = lengths.first(*article) * SLOT;
            for place in *places {
                bits.rice(place - next, within);
                next = place + 1;
            }
        }
    }
}

/// Which articles have a word, how long each is, and the order of magnitude of how often it has it.
fn write_counts(bits: &mut Bits, counts: &[(u32, u32)], length: impl Fn(&mut Bits, u32)) {
    let articles: Vec<u32> = counts.iter().map(|(article, _)| *article).collect();
    bits.push(1, 1);
    bits.rising(&articles, |bits, index| {
        let (article, count) = counts[index];
        length(bits, article);
        bits.gamma(count.ilog2() + 1);
    });
}

/// Which articles have a word in their other fields.
fn write_fields(bits: &mut Bits, found: &[InField]) {
    bits.push((!found.is_empty()).into(), 1);
    if found.is_empty() {
        return;
    }
    for field in FIELDS.into_iter().filter(|field| *field != Field::Filter) {
        let found: Vec<&InField> = found.iter().filter(|one| one.field == field).collect();
        bits.push((!found.is_empty()).into(), 1);
        if !found.is_empty() {
            let articles: Vec<u32> = found.iter().map(|one| one.article).collect();
            bits.rising(&articles, |bits, index| {
                if field == Field::Title {
                    bits.push(found[index].title, 4);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_compare_by_half_octaves() {
        let halves = [0, 1, 2, 3, 4, 6, 8, 11, 16, 1 << 20].map(|slots| half_octaves(slots, 1));
        assert_eq!(halves, [0, 0, 2, 3, 4, 5, 6, 7, 8, 40]);
        assert_eq!([half_octaves(u32::MAX, u32::MAX), half_octaves(29, 10)], [0, 3]);
    }

    #[test]
    fn places_are_split_by_article() {
        let lengths = Lengths::of([2, 1, 3].into_iter());
        let places = [0, 127, 192, 193, 383];
        let split: Vec<(u32, &[u32])> = vec![(0, &places[..2]), (2, &places[2..])];
        assert_eq!(lengths.by_article(&places), split);
        assert_eq!(lengths.by_article(&[]), []);
    }
}
