//! Which words stand where.
//!
//! In: what was read of each article, and the index there was before. Out: an [`Index`]: for every word of the dictionary its
//! postings, written as text. Postings are written anew only for words of articles that changed.

use std::cmp::Ordering;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::lexicon::Lexicon;
use super::postings::{self, InField, LONGEST_TITLE, Leads, Lengths};
use super::read::{FIELDS, Field, NOT_FOUND, Read, SLOT, slots_of};
use super::words::is_unspaced;
use crate::memo::Key;
use crate::words::Language;

/// All articles and the dictionary.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Index {
    /// What each article was read from, by its number.
    articles: Vec<Key>,
    /// The usual length, with which postings compare that of each article.
    usual: u32,
    /// The dictionary, in the order of UTF-16 units.
    pub entries: Vec<Entry>,
}

/// A word of the dictionary.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub word: String,
    pub leads: Leads,
}

impl Entry {
    /// Whether it is of two words.
    fn is_pair(&self) -> bool {
        self.word.contains(' ')
    }
}

impl Index {
    /// Joins what was read of each article, each known by a key; their numbers are their places in `reads`. `before` is the index of an
    /// earlier state, by the same lexicon and language, `gone` gives what was read for it under a key.
    pub(super) fn of<'a>(
        reads: &[(Key, &'a Read)],
        lexicon: &Lexicon,
        language: &Language,
        before: Index,
        gone: impl Fn(&Key) -> Option<&'a Read>,
    ) -> Index {
        let lengths = Lengths::of(reads.iter().map(|(_, read)| 1 + read.slots().sum::<u32>()));
        let (articles, reads): (Vec<Key>, Vec<&Read>) = reads.iter().copied().unzip();
        let vocabulary = Vocabulary::of(&reads, lexicon, language);
        let known = if before.usual == lengths.usual {
            Known::of(before, &articles, &reads, &vocabulary, lexicon, language, gone)
        } else {
            Known::nothing(&vocabulary)
        };
        let share = reads.len().div_ceil(2 * rayon::current_num_threads()).max(64);
        let rows: Vec<Row<'_>> = reads
            .chunks(share)
            .zip(0..)
            .map(|(reads, at)| Row {
                reads,
                first: at * share as u32,
                lengths: &lengths,
                vocabulary: &vocabulary,
            })
            .collect();
        let parts: Vec<Part> = rows.par_iter().map(|row| Part::of(row, &known)).collect();
        let entries = entries(&rows, &parts, &vocabulary, known, &lengths);
        Index { articles, usual: lengths.usual, entries }
    }
}

/// Some articles in a row.
struct Row<'a> {
    reads: &'a [&'a Read],
    /// The number of the first of them.
    first: u32,
    /// The lengths of all articles of the site.
    lengths: &'a Lengths,
    vocabulary: &'a Vocabulary<'a>,
}

impl Row<'_> {
    /// Each article with its number.
    fn articles(&self) -> impl Iterator<Item = (&Read, u32)> {
        self.reads.iter().copied().zip(self.first..)
    }

    /// Calls `each` with the term and the place of every word of running text, in order.
    fn running(&self, mut each: impl FnMut(u32, u32)) {
        let mut terms = Vec::new();
        for (read, article) in self.articles() {
            terms.clear();
            terms.extend(read.words.iter().map(|number| self.vocabulary.terms[*number as usize]));
            let mut slot = self.lengths.first(article);
            for (text, is_title) in read.texts().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
                // The first slot is all that a title has.
                let seen = if is_title { text.len().min(SLOT as usize) } else { text.len() };
                for (word, place) in text[..seen].iter().zip(slot * SLOT..) {
                    if *word != NOT_FOUND {
                        each(terms[*word as usize], place);
                    }
                }
                slot += if is_title { 1 } else { slots_of(text.len() as u32) };
            }
        }
    }
}

/// All words, and the terms they belong to: words of one stem are one term.
struct Vocabulary<'a> {
    /// In the order of UTF-16 units, each with its term.
    words: Vec<(&'a str, u32)>,
    /// The first of the shortest words of each term.
    homes: Vec<&'a str>,
    /// The terms by their stems.
    stems: FxHashMap<String, u32>,
    /// The terms by the numbers of their words; of a word that nobody has any more, none.
    terms: Vec<u32>,
}

/// The term of a word that nobody has.
const NO_TERM: u32 = u32::MAX;

impl<'a> Vocabulary<'a> {
    fn of(reads: &[&Read], lexicon: &'a Lexicon, language: &Language) -> Vocabulary<'a> {
        let mut terms = vec![NO_TERM; lexicon.len()];
        let mut numbers: Vec<u32> = Vec::new();
        for number in reads.iter().flat_map(|read| &read.words) {
            if std::mem::replace(&mut terms[*number as usize], 0) == NO_TERM {
                numbers.push(*number);
            }
        }
        numbers.par_sort_unstable_by(|a, b| Units(lexicon.word(*a)).cmp(&Units(lexicon.word(*b))));
        let found: Vec<String> =
            numbers.par_iter().map(|number| stem(lexicon.word(*number), language)).collect();
        let mut stems: FxHashMap<String, u32> = FxHashMap::default();
        let mut homes: Vec<&str> = Vec::new();
        let mut words = Vec::with_capacity(numbers.len());
        for (number, stem) in numbers.into_iter().zip(found) {
            let word = lexicon.word(number);
            let term = *stems.entry(stem).or_insert_with(|| {
                homes.push(word);
                homes.len() as u32 - 1
            });
            let home = &mut homes[term as usize];
            if word.len() < home.len() {
                *home = word;
            }
            terms[number as usize] = term;
            words.push((word, term));
        }
        Vocabulary { words, homes, stems, terms }
    }
}

/// What a word has in common with others that count as the same.
fn stem(word: &str, language: &Language) -> String {
    let is_whole = word.starts_with(['#', '@']) || word.contains(is_unspaced);
    if is_whole { word.to_owned() } else { language.stem(word) }
}

/// What holds of an earlier index, and of which terms it does not.
struct Known {
    /// The entries of single words by the places of these in the vocabulary; none where nothing is known.
    words: Vec<Option<Leads>>,
    /// The entries of pairs, in order.
    pairs: Vec<Entry>,
    /// The words that were common, in order.
    common: Vec<String>,
    /// The terms whose postings are to be written anew.
    is_new: Vec<bool>,
}

impl Known {
    /// Nothing is.
    fn nothing(vocabulary: &Vocabulary<'_>) -> Known {
        Known {
            words: std::iter::repeat_with(|| None).take(vocabulary.words.len()).collect(),
            pairs: Vec::new(),
            common: Vec::new(),
            is_new: vec![true; vocabulary.homes.len()],
        }
    }

    /// What holds of an earlier index: all but the terms of articles that are others now under their numbers.
    fn of<'a>(
        before: Index,
        articles: &[Key],
        reads: &[&'a Read],
        vocabulary: &Vocabulary<'_>,
        lexicon: &Lexicon,
        language: &Language,
        gone: impl Fn(&Key) -> Option<&'a Read>,
    ) -> Known {
        let Index { articles: old, entries, .. } = before;
        let mut is_new = vec![false; vocabulary.homes.len()];
        for number in 0..old.len().max(articles.len()) {
            let (before, now) = (old.get(number), articles.get(number));
            if before == now {
                continue;
            }
            let before = match before.map(&gone) {
                Some(None) => return Known::nothing(vocabulary),
                read => read.flatten(),
            };
            let now = reads.get(number).copied();
            for word in before.into_iter().chain(now).flat_map(|read| &read.words) {
                // A word that is gone may have left others of its stem.
                let term = match vocabulary.terms[*word as usize] {
                    NO_TERM => vocabulary.stems.get(&stem(lexicon.word(*word), language)).copied(),
                    term => Some(term),
                };
                if let Some(term) = term {
                    is_new[term as usize] = true;
                }
            }
        }
        // Both are in one order.
        let (pairs, singles): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(Entry::is_pair);
        let is_common = |entry: &&Entry| matches!(entry.leads, Leads::Common(..));
        let common = singles.iter().filter(is_common).map(|entry| entry.word.clone()).collect();
        let mut singles = singles.into_iter().peekable();
        let mut words = Vec::with_capacity(vocabulary.words.len());
        for (word, term) in &vocabulary.words {
            while singles.next_if(|entry| Units(&entry.word) < Units(word)).is_some() {}
            let known = singles.next_if(|entry| entry.word == *word).map(|entry| entry.leads);
            if known.is_none() {
                is_new[*term as usize] = true;
            }
            words.push(known);
        }
        Known { words, pairs, common, is_new }
    }
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
    /// Puts the places of each term together, of those that are not known.
    fn of(row: &Row<'_>, known: &Known) -> Part {
        let is_new = |term: u32| known.is_new[term as usize];
        let mut counts = vec![0u32; known.is_new.len()];
        row.running(|term, _| counts[term as usize] += u32::from(is_new(term)));
        let mut next = 0;
        for count in &mut counts {
            next += std::mem::replace(count, next);
        }
        let mut ends = counts;
        let mut places = vec![0; next as usize];
        row.running(|term, place| {
            if is_new(term) {
                let end = &mut ends[term as usize];
                places[*end as usize] = place;
                *end += 1;
            }
        });
        let mut fields = Vec::new();
        for (read, article) in row.articles() {
            for field in FIELDS {
                let title =
                    if field == Field::Title { read.title_length().min(LONGEST_TITLE) as u32 } else { 0 };
                let found = read.field(field).iter().filter_map(|word| read.words.get(*word as usize));
                let found =
                    found.map(|number| row.vocabulary.terms[*number as usize]).filter(|term| is_new(*term));
                fields.extend(found.map(|term| InField { term, field, article, title }));
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

fn entries(
    rows: &[Row<'_>],
    parts: &[Part],
    vocabulary: &Vocabulary<'_>,
    known: Known,
    lengths: &Lengths,
) -> Vec<Entry> {
    let of = |word: &str, term: u32| {
        let home = vocabulary.homes[term as usize];
        if home != word {
            return Leads::To(home.to_owned());
        }
        // The parts stand in the order of their places.
        let fields = parts.iter().flat_map(|part| part.fields(term)).copied();
        if home.starts_with(['#', '@']) {
            return postings::filter(fields.map(|one| one.article));
        }
        let places: Vec<u32> = parts.iter().flat_map(|part| part.places(term)).copied().collect();
        postings::postings(&places, &fields.collect::<Vec<InField>>(), lengths)
    };
    let Known { words, pairs, common, is_new } = known;
    let words: Vec<Entry> = vocabulary
        .words
        .par_iter()
        .zip(words)
        .map(|((word, term), leads)| {
            let leads = leads.filter(|_| !is_new[*term as usize]).unwrap_or_else(|| of(word, *term));
            Entry { word: (*word).to_owned(), leads }
        })
        .collect();
    let pairs = all_pairs(&words, rows, vocabulary, &common, &is_new, pairs);
    merged(words, pairs)
}

/// Entries of two lists that are in order: a blank stands before every letter.
fn merged(words: Vec<Entry>, pairs: Vec<Entry>) -> Vec<Entry> {
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

/// The entries of neighbouring words that are both common: of those that may have changed, found anew, and of the others those
/// there were.
fn all_pairs(
    words: &[Entry],
    rows: &[Row<'_>],
    vocabulary: &Vocabulary<'_>,
    common: &[String],
    is_new: &[bool],
    known: Vec<Entry>,
) -> Vec<Entry> {
    let is_common = |(entry, _): &(&Entry, &(&str, u32))| matches!(entry.leads, Leads::Common(..));
    // In the order of the dictionary.
    let homes: Vec<(&str, u32)> =
        words.iter().zip(&vocabulary.words).filter(is_common).map(|(_, home)| *home).collect();
    let are_the_same = homes.iter().map(|(home, _)| home).eq(common);
    let is_looked_for = |term: u32| !are_the_same || is_new[term as usize];
    let found = pairs(&homes, rows, is_looked_for);
    if !are_the_same {
        return found;
    }
    let changed: FxHashSet<&str> =
        homes.iter().filter(|(_, term)| is_looked_for(*term)).map(|(home, _)| *home).collect();
    let may_have_changed = |pair: &Entry| pair.word.split(' ').all(|word| changed.contains(word));
    let stay = known.into_iter().filter(|pair| !may_have_changed(pair)).collect();
    merged(stay, found)
}

/// The entries of neighbouring words of some terms that are both common, where the pair is not common itself. `homes` are the
/// common words with their terms.
fn pairs(homes: &[(&str, u32)], rows: &[Row<'_>], is_looked_for: impl Fn(u32) -> bool) -> Vec<Entry> {
    let Some(row) = rows.first() else { return Vec::new() };
    let mut numbers = vec![None; row.vocabulary.homes.len()];
    for ((_, term), number) in homes.iter().zip(0..) {
        if is_looked_for(*term) {
            numbers[*term as usize] = Some(number);
        }
    }
    let found: Vec<Sorted> = rows
        .par_iter()
        .map(|row| Sorted::by(homes.len(), &pairs_in(row, &numbers), |pair| pair.first))
        .collect();
    let with = |first: usize| {
        // The parts stand in the order of their places.
        let pairs: Vec<Pair> = found.iter().flat_map(|found| found.with(first)).copied().collect();
        let sorted = Sorted::by(homes.len(), &pairs, |pair| pair.second);
        let entry = |second: usize| {
            let places: Vec<u32> = sorted.with(second).iter().map(|pair| pair.place).collect();
            let leads = postings::pair(&places, row.lengths)?;
            Some(Entry { word: format!("{} {}", homes[first].0, homes[second].0), leads })
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
fn pairs_in(row: &Row<'_>, numbers: &[Option<u32>]) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut before = None;
    row.running(|term, place| {
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
