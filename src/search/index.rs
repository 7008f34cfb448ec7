//! Which words stand where.
//!
//! In: what was read of each article. Out: an [`Index`]: the articles in the order of their length, and for every word
//! of the dictionary its postings, written as text.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::bits::{Bits, size};
use super::read::{FIELDS, Field, NOT_FOUND, Read, SLOT, slots_of};
use super::words::is_unspaced;
use crate::words::Language;

/// Postings longer than this many characters say only which articles have the word: a word so common finds
/// nothing by its places alone. Pairs of such words are in the dictionary with their places instead.
const LONG: usize = 8 * 1024;

/// The longest title whose length is known exactly.
const LONGEST_TITLE: usize = 15;

/// All articles and the dictionary.
pub(super) struct Index {
    /// The articles by number: their places in what was given, and how many slots each has.
    pub articles: Vec<(usize, u32)>,
    /// The dictionary, in the order of UTF-16 units.
    pub entries: Vec<Entry>,
}

/// A word of the dictionary.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub word: String,
    pub leads: Leads,
}

/// What a word leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// The word whose postings count this one too, as both have one stem.
    To(String),
    /// Its postings.
    Postings(String),
    /// Postings without places, and the share of articles in 63rds.
    Common(String, usize),
}

impl Index {
    pub(super) fn of(reads: &[&Read], language: &Language) -> Index {
        let slots = |read: &Read| 1 + read.slots().sum::<u32>();
        let mut articles: Vec<(usize, u32)> =
            reads.iter().enumerate().map(|(place, read)| (place, slots(read))).collect();
        // The sort is stable: of two as long, the one whose slug comes first.
        articles.sort_by_key(|(_, slots)| *slots);
        let mut firsts = Vec::with_capacity(articles.len());
        let mut next = 0;
        for (_, slots) in &articles {
            firsts.push(next);
            next += slots;
        }
        let share = articles.len().div_ceil(2 * rayon::current_num_threads()).max(64);
        let mut numbered: Vec<Numbered<'_>> = articles
            .par_chunks(share)
            .map(|articles| Numbered::of(articles.iter().map(|(place, _)| reads[*place])))
            .collect();
        let vocabulary = Vocabulary::of(&mut numbered, language);
        let parts: Vec<Part> = numbered
            .par_iter()
            .enumerate()
            .map(|(at, part)| Part::of(part, (at * share) as u32, &firsts, &vocabulary))
            .collect();
        let entries = entries(&vocabulary, &numbered, &parts, &firsts);
        Index { articles, entries }
    }

    /// How many slots, how many articles have so many, and so on.
    pub(super) fn runs(&self) -> Vec<u32> {
        let mut runs: Vec<u32> = Vec::new();
        for (_, slots) in &self.articles {
            match runs.as_mut_slice() {
                [.., last, count] if last == slots => *count += 1,
                _ => runs.extend([*slots, 1]),
            }
        }
        runs
    }
}

/// Some articles in a row, and the words they have together.
struct Numbered<'a> {
    /// Each with where its words are in `terms`.
    reads: Vec<(&'a Read, Range<usize>)>,
    /// Each word once.
    words: Vec<&'a str>,
    /// The words of each article, in the order of their numbers there: first by their place in `words`, then by their term.
    terms: Vec<u32>,
}

impl<'a> Numbered<'a> {
    fn of(articles: impl Iterator<Item = &'a Read>) -> Numbered<'a> {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut words = Vec::new();
        let mut terms = Vec::new();
        let mut reads = Vec::new();
        for read in articles {
            let start = terms.len();
            terms.extend(read.words().map(|word| {
                *numbers.entry(word).or_insert_with(|| {
                    words.push(word);
                    words.len() as u32 - 1
                })
            }));
            reads.push((read, start..terms.len()));
        }
        Numbered { reads, words, terms }
    }

    /// Each article with the terms of its words.
    fn articles(&self) -> impl Iterator<Item = (&'a Read, &[u32])> {
        self.reads.iter().map(|(read, words)| (*read, &self.terms[words.clone()]))
    }
}

/// All words, and the terms they belong to: words of one stem are one term.
struct Vocabulary<'a> {
    /// In the order of UTF-16 units, each with its term.
    words: Vec<(&'a str, u32)>,
    /// The first of the shortest words of each term.
    homes: Vec<&'a str>,
}

impl<'a> Vocabulary<'a> {
    /// Gathers the words of all parts, and writes into the parts what terms they are of.
    fn of(parts: &mut [Numbered<'a>], language: &Language) -> Vocabulary<'a> {
        let mut of: FxHashMap<&str, u32> = FxHashMap::default();
        let mut words: Vec<&str> = Vec::new();
        for word in parts.iter().flat_map(|part| &part.words) {
            of.entry(word).or_insert_with(|| {
                words.push(word);
                0
            });
        }
        words.par_sort_unstable_by(|a, b| Units(a).cmp(&Units(b)));
        let stem = |word: &&str| -> String {
            let is_whole = word.starts_with(['#', '@']) || word.contains(is_unspaced);
            if is_whole { (*word).to_owned() } else { language.stem(word) }
        };
        let stems: Vec<String> = words.par_iter().map(stem).collect();
        let mut terms: FxHashMap<String, u32> = FxHashMap::default();
        let mut homes: Vec<&str> = Vec::new();
        let mut all = Vec::with_capacity(words.len());
        for (word, stem) in words.into_iter().zip(stems) {
            let term = *terms.entry(stem).or_insert_with(|| {
                homes.push(word);
                homes.len() as u32 - 1
            });
            let home = &mut homes[term as usize];
            if word.len() < home.len() {
                *home = word;
            }
            of.insert(word, term);
            all.push((word, term));
        }
        parts.par_iter_mut().for_each(|part| {
            let known: Vec<u32> = part.words.iter().map(|word| of[word]).collect();
            part.terms.iter_mut().for_each(|number| *number = known[*number as usize]);
        });
        Vocabulary { words: all, homes }
    }
}

/// A term in a field of an article, with the length of the title where it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct InField {
    term: u32,
    field: Field,
    article: u32,
    title: u32,
}

/// Some articles in a row, by term.
struct Part {
    /// The places of each term, one term after the other, and where each term's end.
    places: Vec<u32>,
    ends: Vec<u32>,
    /// In order.
    fields: Vec<InField>,
}

impl Part {
    /// Puts the places of each term together; the first article has the number `first`.
    fn of(part: &Numbered<'_>, first: u32, firsts: &[u32], vocabulary: &Vocabulary<'_>) -> Part {
        let mut counts = vec![0u32; vocabulary.homes.len()];
        running(part, first, firsts, |term, _| counts[term as usize] += 1);
        let mut next = 0;
        for count in &mut counts {
            next += std::mem::replace(count, next);
        }
        let mut ends = counts;
        let mut places = vec![0; next as usize];
        running(part, first, firsts, |term, place| {
            let end = &mut ends[term as usize];
            places[*end as usize] = place;
            *end += 1;
        });
        let mut fields = Vec::new();
        for ((read, terms), article) in part.articles().zip(first..) {
            for field in FIELDS {
                let title =
                    if field == Field::Title { read.title_length().min(LONGEST_TITLE) as u32 } else { 0 };
                let found = read.field(field).iter().filter_map(|number| terms.get(*number as usize));
                fields.extend(found.map(|term| InField { term: *term, field, article, title }));
            }
        }
        fields.sort_unstable();
        fields.dedup();
        Part { places, ends, fields }
    }

    fn places(&self, term: u32) -> &[u32] {
        let term = term as usize;
        let start = term.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[term] as usize]
    }

    fn fields(&self, term: u32) -> &[InField] {
        let start = self.fields.partition_point(|one| one.term < term);
        let length = self.fields[start..].iter().take_while(|one| one.term == term).count();
        &self.fields[start..start + length]
    }
}

/// Calls `each` with the term and the place of every word of running text, in order.
fn running(part: &Numbered<'_>, first: u32, firsts: &[u32], mut each: impl FnMut(u32, u32)) {
    for ((read, terms), article) in part.articles().zip(first..) {
        let mut slot = firsts[article as usize];
        for (text, is_title) in read.texts().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            // The first slot is all that a title has.
            let seen = if is_title { text.len().min(SLOT as usize) } else { text.len() };
            for (number, place) in text[..seen].iter().zip(slot * SLOT..) {
                if *number != NOT_FOUND {
                    each(terms[*number as usize], place);
                }
            }
            slot += if is_title { 1 } else { slots_of(text.len() as u32) };
        }
    }
}

fn entries(
    vocabulary: &Vocabulary<'_>,
    numbered: &[Numbered<'_>],
    parts: &[Part],
    firsts: &[u32],
) -> Vec<Entry> {
    let of = |word: &str, term: u32| match vocabulary.homes[term as usize] {
        home if home != word => Leads::To(home.to_owned()),
        home if home.starts_with(['#', '@']) => filter(term, parts),
        _ => postings(term, parts, firsts),
    };
    let words: Vec<Entry> = vocabulary
        .words
        .par_iter()
        .map(|(word, term)| Entry { word: (*word).to_owned(), leads: of(word, *term) })
        .collect();
    // Both are in order: a blank stands before every letter.
    let pairs = pairs(&words, vocabulary, numbered, firsts);
    let mut entries = Vec::with_capacity(words.len() + pairs.len());
    let mut pairs = pairs.into_iter().peekable();
    for word in words {
        while let Some(pair) = pairs.next_if(|pair| Units(&pair.word) < Units(&word.word)) {
            entries.push(pair);
        }
        entries.push(word);
    }
    entries.extend(pairs);
    entries
}

fn postings(term: u32, parts: &[Part], firsts: &[u32]) -> Leads {
    // The parts stand in the order of their places.
    let places: Vec<u32> = parts.iter().flat_map(|part| part.places(term)).copied().collect();
    let fields: Vec<InField> = parts.iter().flat_map(|part| part.fields(term)).copied().collect();
    let mut bits = Bits::default();
    if size(places.len(), places.last().copied().unwrap_or_default()) <= LONG {
        bits.push(0, 1);
        bits.rising(&places, |_, _| ());
        write_fields(&mut bits, &fields);
        return Leads::Postings(bits.finish());
    }
    let mut counts: Vec<(u32, u32)> = Vec::new();
    let mut end = 0;
    for place in places {
        match counts.last_mut() {
            Some((_, count)) if place < end => *count += 1,
            _ => {
                let next = firsts.partition_point(|first| first * SLOT <= place);
                end = firsts.get(next).map_or(u32::MAX, |first| first * SLOT);
                counts.push((next as u32 - 1, 1));
            }
        }
    }
    write_counts(&mut bits, &counts);
    write_fields(&mut bits, &fields);
    Leads::Common(bits.finish(), counts.len() * 63 / firsts.len().max(1))
}

/// Which articles a filter lets pass.
fn filter(term: u32, parts: &[Part]) -> Leads {
    let found = parts.iter().flat_map(|part| part.fields(term));
    let counts: Vec<(u32, u32)> = found.map(|one| (one.article, 1)).collect();
    let mut bits = Bits::default();
    write_counts(&mut bits, &counts);
    bits.push(0, 1);
    Leads::Postings(bits.finish())
}

/// Which articles have a word, and the order of magnitude of how often.
fn write_counts(bits: &mut Bits, counts: &[(u32, u32)]) {
    let articles: Vec<u32> = counts.iter().map(|(article, _)| *article).collect();
    bits.push(1, 1);
    bits.rising(&articles, |bits, index| bits.gamma(counts[index].1.ilog2() + 1));
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

/// The entries of neighbouring words that are both common, where the pair is not common itself.
fn pairs(
    words: &[Entry],
    vocabulary: &Vocabulary<'_>,
    numbered: &[Numbered<'_>],
    firsts: &[u32],
) -> Vec<Entry> {
    // Common words by number, in the order of the dictionary.
    let mut homes = Vec::new();
    let mut numbers = vec![None; vocabulary.homes.len()];
    for (entry, (home, term)) in words.iter().zip(&vocabulary.words) {
        if matches!(entry.leads, Leads::Common(..)) {
            numbers[*term as usize] = Some(homes.len() as u32);
            homes.push(*home);
        }
    }
    let share = numbered.first().map_or(0, |part| part.reads.len());
    let found: Vec<Sorted> = numbered
        .par_iter()
        .enumerate()
        .map(|(at, part)| {
            let found = pairs_in(part, (at * share) as u32, firsts, &numbers);
            Sorted::by(homes.len(), &found, |pair| pair.first)
        })
        .collect();
    let with = |first: usize| {
        // The parts stand in the order of their places.
        let pairs: Vec<Pair> = found.iter().flat_map(|found| found.with(first)).copied().collect();
        let sorted = Sorted::by(homes.len(), &pairs, |pair| pair.second);
        let entry = |second: usize| {
            let places: Vec<u32> = sorted.with(second).iter().map(|pair| pair.place).collect();
            if places.is_empty() || size(places.len(), places.last().copied().unwrap_or_default()) > LONG {
                return None;
            }
            let mut bits = Bits::default();
            bits.push(0, 1);
            bits.rising(&places, |_, _| ());
            bits.push(0, 1);
            let word = format!("{} {}", homes[first], homes[second]);
            Some(Entry { word, leads: Leads::Postings(bits.finish()) })
        };
        (0..homes.len()).filter_map(entry).collect::<Vec<Entry>>()
    };
    (0..homes.len()).into_par_iter().flat_map_iter(with).collect()
}

/// Two common words by number, and the place of the first.
#[derive(Clone, Copy)]
struct Pair {
    first: u32,
    second: u32,
    place: u32,
}

/// The pairs in some articles, in the order of their places.
fn pairs_in(part: &Numbered<'_>, first: u32, firsts: &[u32], numbers: &[Option<u32>]) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut before = None;
    running(part, first, firsts, |term, place| {
        let now = numbers[term as usize].map(|number| (number, place));
        if let (Some((first, start)), Some((second, _))) = (before, now)
            && start + 1 == place
        {
            found.push(Pair { first, second, place: start });
        }
        before = now;
    });
    found
}

/// Pairs sorted by one of their numbers; those with the same are in the order they had.
struct Sorted {
    pairs: Vec<Pair>,
    /// Where those of each number end.
    ends: Vec<usize>,
}

impl Sorted {
    /// Sorts by counting; the numbers are below `count`.
    fn by(count: usize, pairs: &[Pair], number: impl Fn(&Pair) -> u32) -> Sorted {
        let mut ends = vec![0; count];
        for pair in pairs {
            ends[number(pair) as usize] += 1;
        }
        let mut next = 0;
        for end in &mut ends {
            next += std::mem::replace(end, next);
        }
        let mut sorted = vec![Pair { first: 0, second: 0, place: 0 }; pairs.len()];
        for pair in pairs {
            let end = &mut ends[number(pair) as usize];
            sorted[*end] = *pair;
            *end += 1;
        }
        Sorted { pairs: sorted, ends }
    }

    fn with(&self, number: usize) -> &[Pair] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.pairs[start..self.ends[number]]
    }
}

/// A word in the order of JavaScript, whose strings are UTF-16.
#[derive(PartialEq, Eq)]
pub(super) struct Units<'a>(pub &'a str);

impl Ord for Units<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0.is_ascii() || other.0.is_ascii() {
            return self.0.cmp(other.0);
        }
        self.0.encode_utf16().cmp(other.0.encode_utf16())
    }
}

impl PartialOrd for Units<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
