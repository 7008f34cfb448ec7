//! Which words stand where.
//!
//! In: what can be searched. Out: an [`Index`]: the articles in the order of their length, and for every word
//! of the dictionary its postings, written as text.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::bits::{Bits, size};
use super::words::{count, each_word, is_unspaced};
use super::{Passage, Searched};
use crate::words::Language;

/// Words of a slot. A passage begins a slot of its own and takes as many as it needs; a title takes one.
pub(super) const SLOT: u32 = 64;

/// Postings longer than this many characters say only which articles have the word: a word so common finds
/// nothing by its places alone. Pairs of such words are in the dictionary with their places instead.
const LONG: usize = 8 * 1024;

/// The longest title whose length is known exactly.
const LONGEST_TITLE: usize = 15;

/// The fields besides the running text, in the order of their postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Title,
    Heading,
    Topic,
    Author,
    Concept,
}

const FIELDS: [Field; 5] = [Field::Title, Field::Heading, Field::Topic, Field::Author, Field::Concept];

/// All articles and the dictionary.
pub(super) struct Index<'a> {
    /// The articles by number, each with how many slots it has.
    pub articles: Vec<(&'a Searched, u32)>,
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

impl<'a> Index<'a> {
    pub(super) fn of(searched: &'a [Searched], language: &Language) -> Index<'a> {
        let mut articles: Vec<(&Searched, u32)> =
            searched.par_iter().map(|article| (article, slots(article))).collect();
        // The sort is stable: of two as long, the one whose slug comes first.
        articles.sort_by_key(|(_, slots)| *slots);
        let mut firsts = Vec::with_capacity(articles.len());
        let mut next = 0;
        for (_, slots) in &articles {
            firsts.push(next);
            next += slots;
        }
        let share = articles.len().div_ceil(2 * rayon::current_num_threads()).max(64);
        let parts: Vec<Part> = (0..articles.len().div_ceil(share))
            .into_par_iter()
            .map(|part| {
                let numbers = part * share..articles.len().min((part + 1) * share);
                let mut read = Part::default();
                for number in numbers {
                    read.article(number as u32, articles[number].0, firsts[number]);
                }
                read.sorted()
            })
            .collect();
        let entries = entries(&parts, &firsts, language);
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

/// The slots of a passage: one more than it fills, so that its last word is no neighbour of the next one's
/// first.
pub(super) fn slots_of(passage: &Passage) -> u32 {
    count(&passage.text) as u32 / SLOT + 1
}

fn slots(article: &Searched) -> u32 {
    1 + article.passages.iter().map(slots_of).sum::<u32>()
}

/// Some articles in a row, read.
#[derive(Default)]
struct Part {
    numbers: HashMap<String, u32>,
    words: Vec<String>,
    /// Every word in running text, and its place.
    tokens: Vec<(u32, u32)>,
    /// Words in other fields: which, where, and the length of the title.
    fields: BTreeMap<(u32, Field), Vec<(u32, usize)>>,
    /// The slug of a topic behind `#`, the names of an author behind `@`: what a filter asks for.
    filters: BTreeMap<String, Vec<u32>>,
    /// The places of each word, one word after the other, and where each word's end.
    places: Vec<u32>,
    ends: Vec<usize>,
}

impl Part {
    fn article(&mut self, number: u32, article: &Searched, first: u32) {
        let title = count(&article.title).min(LONGEST_TITLE);
        self.field(number, Field::Title, &article.title, title);
        self.text(&article.title, first, 1);
        let mut slot = first + 1;
        for passage in &article.passages {
            let words = self.text(&passage.text, slot, u32::MAX);
            if passage.is_heading {
                self.field(number, Field::Heading, &passage.text, 0);
            }
            slot += words / SLOT + 1;
        }
        for topic in &article.topics {
            self.field(number, Field::Topic, &topic.title, 0);
            self.filter(number, format!("#{}", topic.slug));
            each_word(&topic.title, |_, word| self.filter(number, format!("#{word}")));
        }
        for author in &article.authors {
            self.field(number, Field::Author, author, 0);
            each_word(author, |_, word| self.filter(number, format!("@{word}")));
        }
        for concept in &article.concepts {
            self.field(number, Field::Concept, concept, 0);
        }
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(id) = self.numbers.get(word) {
            return *id;
        }
        let id = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), id);
        id
    }

    fn text(&mut self, text: &str, slot: u32, most: u32) -> u32 {
        each_word(text, |index, word| {
            let index = index as u32;
            if index / SLOT < most {
                let id = self.word(word);
                self.tokens.push((id, slot * SLOT + index));
            }
        }) as u32
    }

    fn field(&mut self, number: u32, field: Field, text: &str, title: usize) {
        each_word(text, |_, word| {
            let id = self.word(word);
            let articles = self.fields.entry((id, field)).or_default();
            if articles.last().is_none_or(|(last, _)| *last != number) {
                articles.push((number, title));
            }
        });
    }

    fn filter(&mut self, number: u32, name: String) {
        let articles = self.filters.entry(name).or_default();
        if articles.last() != Some(&number) {
            articles.push(number);
        }
    }

    /// Puts the places of each word together.
    fn sorted(mut self) -> Part {
        let mut ends = vec![0; self.words.len()];
        for (word, _) in &self.tokens {
            ends[*word as usize] += 1;
        }
        let mut next = 0;
        for end in &mut ends {
            next += std::mem::replace(end, next);
        }
        self.places = vec![0; self.tokens.len()];
        for (word, place) in &self.tokens {
            let end = &mut ends[*word as usize];
            self.places[*end] = *place;
            *end += 1;
        }
        self.ends = ends;
        self
    }

    fn places(&self, word: u32) -> &[u32] {
        let word = word as usize;
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start..self.ends[word]]
    }
}

/// Words of one stem.
struct Term<'a> {
    /// The first of the shortest.
    home: &'a str,
    /// Each word, by part and by its number there.
    words: Vec<(usize, u32)>,
}

fn entries(parts: &[Part], firsts: &[u32], language: &Language) -> Vec<Entry> {
    let mut written: BTreeMap<Units<'_>, Vec<(usize, u32)>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        for (id, word) in part.words.iter().enumerate() {
            written.entry(Units(word)).or_default().push((at, id as u32));
        }
    }
    // Words of one stem are one term.
    let mut terms: BTreeMap<String, Term<'_>> = BTreeMap::new();
    let mut stems: Vec<(&str, String)> = Vec::with_capacity(written.len());
    for (Units(word), places) in written {
        let stem = if word.contains(is_unspaced) { word.to_owned() } else { language.stem(word) };
        stems.push((word, stem.clone()));
        let term = terms.entry(stem).or_insert_with(|| Term { home: word, words: Vec::new() });
        if word.len() < term.home.len() {
            term.home = word;
        }
        term.words.extend(places);
    }
    let mut entries: Vec<Entry> = stems
        .iter()
        .map(|(word, stem)| (*word, terms[stem].home))
        .filter(|(word, home)| word != home)
        .map(|(word, home)| Entry { word: word.to_owned(), leads: Leads::To(home.to_owned()) })
        .collect();
    let terms: Vec<Term<'_>> = terms.into_values().collect();
    let postings: Vec<Leads> = terms.par_iter().map(|term| postings(term, parts, firsts)).collect();
    let common: Vec<&Term<'_>> = (terms.iter().zip(&postings))
        .filter(|(_, leads)| matches!(leads, Leads::Common(..)))
        .map(|(term, _)| term)
        .collect();
    entries.extend(pairs(&common, parts));
    entries
        .extend(terms.iter().zip(postings).map(|(term, leads)| Entry { word: term.home.to_owned(), leads }));
    entries.extend(filters(parts));
    entries.par_sort_by(|a, b| Units(&a.word).cmp(&Units(&b.word)));
    entries
}

/// The places of some words, in order.
fn places(words: &[(usize, u32)], parts: &[Part]) -> Vec<u32> {
    let mut places: Vec<u32> = Vec::new();
    for (part, word) in words {
        places.extend(parts[*part].places(*word));
    }
    places.sort_unstable();
    places
}

fn postings(term: &Term<'_>, parts: &[Part], firsts: &[u32]) -> Leads {
    let places = places(&term.words, parts);
    let fields = FIELDS.map(|field| {
        let words = term.words.iter();
        let mut found: Vec<(u32, usize)> = words
            .filter_map(|(part, word)| parts[*part].fields.get(&(*word, field)))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    });
    let mut bits = Bits::default();
    if size(places.len(), places.last().copied().unwrap_or_default()) <= LONG {
        bits.push(0, 1);
        bits.rising(&places, |_, _| ());
        write_fields(&mut bits, &fields);
        return Leads::Postings(bits.finish());
    }
    let mut counts: Vec<(u32, u32)> = Vec::new();
    for place in places {
        let article = firsts.partition_point(|first| first * SLOT <= place) as u32 - 1;
        match counts.last_mut() {
            Some((last, count)) if *last == article => *count += 1,
            _ => counts.push((article, 1)),
        }
    }
    write_counts(&mut bits, &counts);
    write_fields(&mut bits, &fields);
    Leads::Common(bits.finish(), counts.len() * 63 / firsts.len().max(1))
}

/// Which articles have a word, and the order of magnitude of how often.
fn write_counts(bits: &mut Bits, counts: &[(u32, u32)]) {
    let articles: Vec<u32> = counts.iter().map(|(article, _)| *article).collect();
    bits.push(1, 1);
    bits.rising(&articles, |bits, index| bits.gamma(counts[index].1.ilog2() + 1));
}

/// Which articles have a word in their other fields.
fn write_fields(bits: &mut Bits, fields: &[Vec<(u32, usize)>; FIELDS.len()]) {
    let has_any = fields.iter().any(|field| !field.is_empty());
    bits.push(has_any.into(), 1);
    if !has_any {
        return;
    }
    for (field, found) in FIELDS.iter().zip(fields) {
        bits.push((!found.is_empty()).into(), 1);
        if !found.is_empty() {
            let articles: Vec<u32> = found.iter().map(|(article, _)| *article).collect();
            bits.rising(&articles, |bits, index| {
                if *field == Field::Title {
                    bits.push(found[index].1 as u32, 4);
                }
            });
        }
    }
}

/// Neighbouring words that are both common, with their places, where there are not too many of them either.
fn pairs(common: &[&Term<'_>], parts: &[Part]) -> Vec<Entry> {
    let found: Vec<HashMap<(u32, u32), Vec<u32>>> = parts
        .par_iter()
        .enumerate()
        .map(|(at, part)| {
            let mut numbers = vec![None; part.words.len()];
            for (number, term) in common.iter().enumerate() {
                for (_, word) in term.words.iter().filter(|(part, _)| *part == at) {
                    numbers[*word as usize] = Some(number as u32);
                }
            }
            let mut found: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
            for pair in part.tokens.windows(2) {
                let ((first, place), (second, next)) = (pair[0], pair[1]);
                if next == place + 1
                    && let (Some(first), Some(second)) = (numbers[first as usize], numbers[second as usize])
                {
                    found.entry((first, second)).or_default().push(place);
                }
            }
            found
        })
        .collect();
    let names: BTreeSet<(u32, u32)> = found.iter().flat_map(|found| found.keys().copied()).collect();
    let names: Vec<(u32, u32)> = names.into_iter().collect();
    names
        .par_iter()
        .filter_map(|name| {
            // The parts stand in the order of their places.
            let places: Vec<u32> =
                found.iter().filter_map(|found| found.get(name)).flatten().copied().collect();
            if size(places.len(), places.last().copied().unwrap_or_default()) > LONG {
                return None;
            }
            let mut bits = Bits::default();
            bits.push(0, 1);
            bits.rising(&places, |_, _| ());
            bits.push(0, 1);
            let [first, second] = [name.0, name.1].map(|number| common[number as usize].home);
            Some(Entry { word: format!("{first} {second}"), leads: Leads::Postings(bits.finish()) })
        })
        .collect()
}

fn filters(parts: &[Part]) -> Vec<Entry> {
    let mut filters: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
    for (name, articles) in parts.iter().flat_map(|part| &part.filters) {
        filters.entry(name).or_default().extend(articles.iter().map(|article| (*article, 1)));
    }
    let entry = |(name, articles): (&str, Vec<(u32, u32)>)| {
        let mut bits = Bits::default();
        write_counts(&mut bits, &articles);
        bits.push(0, 1);
        Entry { word: name.to_owned(), leads: Leads::Postings(bits.finish()) }
    };
    filters.into_iter().map(entry).collect()
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
