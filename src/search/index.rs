//! Which words stand where.
//!
//! In: what was read of each article, and the index there was before. Out: an [`Index`]: for every word of the dictionary its
//! postings, written as text. Postings are written anew only for words of articles that changed.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::entries::{Entries, Entry};
use super::lexicon::Lexicon;
use super::postings::{self, InField, LONGEST_TITLE, Leads, Lengths};
use super::read::{FIELDS, Field, Read, SLOT, slots_of};
use super::words::is_unspaced;
use crate::memo::Key;
use crate::spool::Spool;
use crate::words::Language;

/// All articles and the dictionary.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Index {
    /// What each article was read from, by its number.
    articles: Vec<Key>,
    /// The usual length, with which postings compare that of each article.
    usual: u32,
    /// The dictionary, in the order of UTF-16 units.
    pub entries: Entries,
}

impl Index {
    /// Joins what was read of each article, each known by a key; their numbers are their places in `reads`. `before` is the index of an
    /// earlier state, by the same lexicon and language, `gone` gives what was read for it under a key. Entries wait in the spool.
    pub(super) fn of<'a>(
        reads: &[(Key, &'a Read)],
        lexicon: &Lexicon,
        language: &Language,
        before: Index,
        gone: impl Fn(&Key) -> Option<&'a Read>,
        spool: Option<&Arc<Spool>>,
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
        let entries = entries(&rows, &vocabulary, known, &lengths, spool);
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

    /// Calls `each` with the term and the place of every word of running text whose term is asked for, in order.
    fn running(&self, is_asked: impl Fn(u32) -> bool, mut each: impl FnMut(u32, u32)) {
        let (mut terms, mut words) = (Vec::new(), Vec::new());
        for (read, article) in self.articles() {
            // An article has a word many times, and is asked for it once. What is not found has no term, either.
            let all = read.words.iter().map(|number| self.vocabulary.terms[number as usize]);
            terms.clear();
            terms.push(NO_TERM);
            terms.extend(all.map(|term| if is_asked(term) { term } else { NO_TERM }));
            if terms.iter().all(|term| *term == NO_TERM) {
                continue;
            }
            read.put_running_into(&mut words);
            let mut rest = words.as_slice();
            let mut slot = self.lengths.first(article);
            for (text, length) in read.lengths().enumerate() {
                let is_title = text == 0;
                let (text, after) = rest.split_at_checked(length as usize).unwrap_or((rest, &[]));
                rest = after;
                // The first slot is all that a title has.
                let seen = if is_title { text.len().min(SLOT as usize) } else { text.len() };
                for (word, place) in text[..seen].iter().zip(slot * SLOT..) {
                    let term = terms[*word as usize];
                    if term != NO_TERM {
                        each(term, place);
                    }
                }
                slot += if is_title { 1 } else { slots_of(length) };
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
        for number in reads.iter().flat_map(|read| read.words.iter()) {
            if std::mem::replace(&mut terms[number as usize], 0) == NO_TERM {
                numbers.push(number);
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
    pairs: Entries,
    /// The words that were common, in order.
    common: Vec<String>,
    /// The terms whose postings are to be written anew.
    is_new: Vec<bool>,
    /// The terms that stand beside each other, in this order, in articles that changed; `None` where too many did.
    neighbours: Option<FxHashSet<(u32, u32)>>,
}

/// Where more than this part of the articles changed, all pairs are found anew.
const MANY: usize = 16;

impl Known {
    /// Nothing is.
    fn nothing(vocabulary: &Vocabulary<'_>) -> Known {
        Known {
            words: std::iter::repeat_with(|| None).take(vocabulary.words.len()).collect(),
            pairs: Entries::default(),
            common: Vec::new(),
            is_new: vec![true; vocabulary.homes.len()],
            neighbours: None,
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
        let numbers = 0..old.len().max(articles.len());
        let changed: Vec<usize> =
            numbers.filter(|number| old.get(*number) != articles.get(*number)).collect();
        let mut neighbours = (changed.len() <= articles.len() / MANY).then(FxHashSet::default);
        for number in changed {
            let before = old.get(number);
            let before = match before.map(&gone) {
                Some(None) => return Known::nothing(vocabulary),
                read => read.flatten(),
            };
            let now = reads.get(number).copied();
            for read in before.into_iter().chain(now) {
                // A word that is gone may have left others of its stem.
                let term = |word: u32| match vocabulary.terms[word as usize] {
                    NO_TERM => vocabulary.stems.get(&stem(lexicon.word(word), language)).copied(),
                    term => Some(term),
                };
                let terms: Vec<Option<u32>> = read.words.iter().map(term).collect();
                for term in terms.iter().flatten() {
                    is_new[*term as usize] = true;
                }
                if let Some(neighbours) = &mut neighbours {
                    let running = || read.running().map(|word| terms[word? as usize]);
                    neighbours
                        .extend(running().zip(running().skip(1)).filter_map(|(one, next)| one.zip(next)));
                }
            }
        }
        // Both are in one order.
        let (mut common, mut pairs) = (Vec::new(), Entries::default());
        entries.each(|entry| {
            if entry.is_pair() {
                pairs.push(&entry);
            } else if is_common(&entry) {
                common.push(entry.word.to_owned());
            }
        });
        let mut singles = entries.into_iter().filter(|entry| !entry.is_pair()).peekable();
        let mut words = Vec::with_capacity(vocabulary.words.len());
        for (word, term) in &vocabulary.words {
            while singles.next_if(|entry| Units(&entry.word) < Units(word)).is_some() {}
            let known = singles.next_if(|entry| entry.word == *word).map(|entry| entry.leads);
            if known.is_none() {
                is_new[*term as usize] = true;
            }
            words.push(known);
        }
        Known { words, pairs, common, is_new, neighbours }
    }
}

/// Some articles in a row, by term, of some terms in a row.
struct Part {
    /// The terms.
    terms: Range<u32>,
    /// The places of each term, counted from the first of them.
    places: Grouped<u32>,
    /// In order.
    fields: Vec<InField>,
}

impl Part {
    /// Puts the places of each term together, of those of the terms that are not known. `counts` has how many places each
    /// term has in the row.
    fn of(row: &Row<'_>, counts: &[u32], terms: Range<u32>, is_new: &[bool]) -> Part {
        let is_asked = |term: u32| terms.contains(&term) && is_new[term as usize];
        let counts = counts[terms.start as usize..terms.end as usize].to_vec();
        let places =
            Grouped::of(counts, |add| row.running(is_asked, |term, place| add(term - terms.start, place)));
        let mut fields = Vec::new();
        for (read, article) in row.articles() {
            let words: Vec<u32> =
                read.words.iter().map(|number| row.vocabulary.terms[number as usize]).collect();
            for field in FIELDS {
                let title =
                    if field == Field::Title { read.title_length().min(LONGEST_TITLE) as u32 } else { 0 };
                let found = read.field(field).filter_map(|word| words.get(word as usize));
                let found = found.copied().filter(|term| is_asked(*term));
                fields.extend(found.map(|term| InField { term, field, article, title }));
            }
        }
        fields.sort_unstable();
        fields.dedup();
        Part { terms, places, fields }
    }

    fn places(&self, term: u32) -> &[u32] {
        self.places.of_number((term - self.terms.start) as usize)
    }

    fn fields(&self, term: u32) -> &[InField] {
        let start = self.fields.partition_point(|one| one.term < term);
        let length = self.fields[start..].iter().take_while(|one| one.term == term).count();
        &self.fields[start..start + length]
    }
}

/// So many places are put together at a time, of some terms in a row, where they are more: so they do not all stand in memory.
const AT_A_TIME: usize = 1 << 21;

/// Into so many parts the terms are cut at most, for all that was read is gone through once for each.
const TIMES: usize = 4;

/// What the terms that are not known lead to, by number.
fn leads(
    rows: &[Row<'_>],
    vocabulary: &Vocabulary<'_>,
    is_new: &[bool],
    lengths: &Lengths,
) -> Vec<Option<Leads>> {
    let count = |row: &Row<'_>| {
        let mut counts = vec![0u32; is_new.len()];
        row.running(|term| is_new[term as usize], |term, _| counts[term as usize] += 1);
        counts
    };
    let counts: Vec<Vec<u32>> = rows.par_iter().map(count).collect();
    let of_all = |term: usize| counts.iter().map(|counts| counts[term] as usize).sum::<usize>();
    let all: usize = (0..is_new.len()).map(of_all).sum();
    let share = all / (all / AT_A_TIME).clamp(1, TIMES);
    let mut leads: Vec<Option<Leads>> = Vec::with_capacity(is_new.len());
    while leads.len() < is_new.len() {
        let (start, mut end, mut size) = (leads.len(), leads.len(), 0);
        while end < is_new.len() && size <= share {
            size += of_all(end);
            end += 1;
        }
        let terms = start as u32..end as u32;
        let part = |(row, counts): (&Row<'_>, &Vec<u32>)| Part::of(row, counts, terms.clone(), is_new);
        let parts: Vec<Part> = rows.par_iter().zip(&counts).map(part).collect();
        let of = |term: u32| {
            // The parts stand in the order of their places.
            let fields = parts.iter().flat_map(|part| part.fields(term)).copied();
            if vocabulary.homes[term as usize].starts_with(['#', '@']) {
                return postings::filter(fields.map(|one| one.article));
            }
            let places: Vec<u32> = parts.iter().flat_map(|part| part.places(term)).copied().collect();
            postings::postings(&places, &fields.collect::<Vec<InField>>(), lengths)
        };
        leads.par_extend(terms.clone().into_par_iter().map(|term| is_new[term as usize].then(|| of(term))));
    }
    leads
}

/// Whether a word is so common that its postings have no places.
fn is_common(entry: &Entry<&str>) -> bool {
    matches!(entry.leads, Leads::Common(..))
}

fn entries(
    rows: &[Row<'_>],
    vocabulary: &Vocabulary<'_>,
    known: Known,
    lengths: &Lengths,
    spool: Option<&Arc<Spool>>,
) -> Entries {
    let Known { words, pairs, common, is_new, neighbours } = known;
    let mut new = leads(rows, vocabulary, &is_new, lengths);
    let entry = |(&(word, term), known): (&(&str, u32), Option<Leads>)| {
        let home = vocabulary.homes[term as usize];
        let leads = match known.filter(|_| !is_new[term as usize]) {
            Some(leads) => leads,
            None if home != word => Leads::To(home.to_owned()),
            // A term has one home, and what it leads to is found for every new one.
            None => new[term as usize].take().unwrap_or_else(|| Leads::Postings(String::new())),
        };
        Entry { word: word.to_owned(), leads }
    };
    let waiting = || Entries::waiting(spool.cloned());
    let mut singles = waiting();
    singles.extend(vocabulary.words.iter().zip(words).map(entry));
    let pairs = all_pairs(&singles, rows, vocabulary, &common, neighbours, pairs, waiting());
    merged(singles, pairs, waiting())
}

/// Entries of two lists that are in order, added to others: a blank stands before every letter.
fn merged(words: Entries, pairs: Entries, mut entries: Entries) -> Entries {
    let mut pairs = pairs.into_iter().peekable();
    for word in words {
        while let Some(pair) = pairs.next_if(|pair| Units(&pair.word) < Units(&word.word)) {
            entries.push(&pair);
        }
        entries.push(&word);
    }
    entries.extend(pairs);
    entries
}

/// The entries of neighbouring words that are both common: of those that may have changed, found anew, and of the others those
/// there were.
fn all_pairs(
    words: &Entries,
    rows: &[Row<'_>],
    vocabulary: &Vocabulary<'_>,
    common: &[String],
    neighbours: Option<FxHashSet<(u32, u32)>>,
    known: Entries,
    mut all: Entries,
) -> Entries {
    // In the order of the dictionary.
    let mut homes: Vec<(&str, u32)> = Vec::new();
    let mut all_words = vocabulary.words.iter();
    words.each(|entry| homes.extend(all_words.next().filter(|_| is_common(&entry))));
    let are_the_same = homes.iter().map(|(home, _)| home).eq(common);
    let Some(neighbours) = neighbours.filter(|_| are_the_same) else {
        // They do not all stand in memory.
        let share = homes.len().div_ceil(TIMES).max(1);
        let shares = (0..homes.len()).step_by(share).map(|start| start..homes.len().min(start + share));
        for firsts in shares {
            for pairs in pairs(&homes, rows, firsts, |_| true) {
                all.append(&pairs);
            }
        }
        return all;
    };
    let mut found = Entries::default();
    for pairs in pairs(&homes, rows, 0..homes.len(), |pair| neighbours.contains(pair)) {
        found.append(&pairs);
    }
    let terms: FxHashMap<&str, u32> = homes.iter().copied().collect();
    let may_have_changed = |pair: &Entry| {
        let (first, second) = pair.word.split_once(' ').unwrap_or_default();
        terms
            .get(first)
            .zip(terms.get(second))
            .is_none_or(|(first, second)| neighbours.contains(&(*first, *second)))
    };
    let stay = known.into_iter().filter(|pair| !may_have_changed(pair)).collect();
    merged(stay, found, all)
}

/// The entries of neighbouring words that are both common, where the pair is not common itself: of pairs that are looked for, and
/// whose first word is among some in a row, by that. `homes` are the common words with their terms.
fn pairs(
    homes: &[(&str, u32)],
    rows: &[Row<'_>],
    firsts: Range<usize>,
    is_looked_for: impl Fn(&(u32, u32)) -> bool + Sync,
) -> Vec<Entries> {
    let Some(row) = rows.first() else { return Vec::new() };
    let mut numbers = vec![None; row.vocabulary.homes.len()];
    for ((_, term), number) in homes.iter().zip(0..) {
        numbers[*term as usize] = Some(number);
    }
    let each = |row: &Row<'_>, found: &mut dyn FnMut(u32, Second)| {
        let is_asked = |first: u32, second: u32| {
            let (first, second) = (first as usize, second as usize);
            firsts.contains(&first) && is_looked_for(&(homes[first].1, homes[second].1))
        };
        each_pair(row, &numbers, |first, one| {
            if is_asked(first, one.second) {
                found(first - firsts.start as u32, one);
            }
        });
    };
    let grouped = |row: &Row<'_>| {
        let mut counts = vec![0; firsts.len()];
        each(row, &mut |first, _| counts[first as usize] += 1);
        Grouped::of(counts, |add| each(row, add))
    };
    let found: Vec<Grouped<Second>> = rows.par_iter().map(grouped).collect();
    let with = |first: usize| {
        // The rows stand in the order of their places.
        let mut pairs: Vec<Second> =
            found.iter().flat_map(|found| found.of_number(first - firsts.start)).copied().collect();
        // Stable: the places of a pair stay in order.
        pairs.sort_by_key(|one| one.second);
        let entry = |same: &[Second]| {
            let places: Vec<u32> = same.iter().map(|one| one.place).collect();
            let leads = postings::pair(&places, row.lengths)?;
            Some(Entry { word: format!("{} {}", homes[first].0, homes[same[0].second as usize].0), leads })
        };
        pairs.chunk_by(|one, next| one.second == next.second).filter_map(entry).collect()
    };
    firsts.clone().into_par_iter().map(with).collect()
}

/// The second word of a pair, by number, and the place of the first.
#[derive(Debug, Clone, Copy, Default)]
struct Second {
    second: u32,
    place: u32,
}

/// Calls `each` with the first word of every pair in some articles, by number, and the second, in the order of their places.
fn each_pair(row: &Row<'_>, numbers: &[Option<u32>], mut each: impl FnMut(u32, Second)) {
    let mut before = None;
    let number = |term: u32| numbers[term as usize];
    let is_asked = |term: u32| number(term).is_some();
    row.running(is_asked, |term, place| {
        let Some(second) = number(term) else { return };
        if let Some((first, start)) = before.filter(|(_, start)| start + 1 == place) {
            each(first, Second { second, place: start });
        }
        before = Some((second, place));
    });
}

/// Values put together by number, those of a number in the order they came in.
struct Grouped<T> {
    values: Vec<T>,
    /// Where those of each number end.
    ends: Vec<u32>,
}

impl<T: Copy + Default> Grouped<T> {
    /// Values of which it is known how many each number has; `all` calls what it is given with every number and value.
    fn of(counts: Vec<u32>, all: impl FnOnce(&mut dyn FnMut(u32, T))) -> Grouped<T> {
        let mut ends = counts;
        let mut next = 0;
        for count in &mut ends {
            next += std::mem::replace(count, next);
        }
        let mut values = vec![T::default(); next as usize];
        all(&mut |number, value| {
            let end = &mut ends[number as usize];
            values[*end as usize] = value;
            *end += 1;
        });
        Grouped { values, ends }
    }

    fn of_number(&self, number: usize) -> &[T] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start as usize..self.ends[number] as usize]
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
