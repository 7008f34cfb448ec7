//! Candidates: what in a collection is a name, and which words form a term.
//!
//! In: the articles' tokens. Out: a [`Vocabulary`], every name and term worth an entry, by key. No list of names is
//! needed: a name is known by its capital where no capital is due, a term by its words' keeping together.
//!
//! Association is normalised pointwise mutual information (Bouma 2009); what stands inside a longer term counts
//! only where it also stands alone, as in C-value (Frantzi, Ananiadou and Mima 2000).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::tokens::{Gap, HONORIFICS, Shape, Token, passages, texts};
use super::written::{BEFORE_NOUNS, BEFORE_VERBS, Manners, Words, is_calendar};
use crate::articles::Article;
use crate::import::text::is_common;
use crate::memo::{Flat, Key, Shelf};
use crate::rights::Rights;
use crate::trie::Trie;
use crate::words::Language;

/// Words a name or term has at most.
pub(super) const LONGEST: usize = 5;

/// Words a term has at most.
const TERM_WORDS: usize = 3;

/// How often an article must use a term for it to be one: who names a thing once is not writing of it.
const USES: usize = 2;

/// In a collection of more articles than this a name or term must stand in two: a small one has few to repeat it.
pub(super) const SMALL: usize = 20;

/// What so many articles have is put together at a time: it bounds what is held.
const CHUNK: usize = 1000;

/// Below this association, 0 (chance) to 1 (never apart), two words merely meet. Found by reading the indexes of
/// this repository's articles and of a hundred news reports.
const TOGETHER: f64 = 0.4;

/// Small words inside names: "Bank of England".
const CONNECTORS: [&str; 14] =
    ["of", "de", "du", "des", "di", "da", "del", "della", "van", "von", "der", "den", "la", "le"];

/// What kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name: its words are looked for with their capitals.
    Name,
    /// A term: in any case.
    Term,
}

/// A name or term found, as the articles write it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Seen {
    articles: usize,
    uses: usize,
    /// Uses after words that stand before a noun, and before a verb.
    nouns: usize,
    verbs: usize,
    /// Uses that begin a quotation.
    quoted: usize,
    written: BTreeMap<String, usize>,
}

impl Seen {
    fn add(&mut self, written: &str) {
        self.uses += 1;
        self.articles = 1;
        *self.written.entry(written.to_owned()).or_default() += 1;
    }

    fn merge(&mut self, other: Seen) {
        self.articles += other.articles;
        self.uses += other.uses;
        self.nouns += other.nouns;
        self.verbs += other.verbs;
        self.quoted += other.quoted;
        for (written, count) in other.written {
            *self.written.entry(written).or_default() += count;
        }
    }
}

/// An entry of the vocabulary.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// The ways it is written, most frequent first.
    pub(super) written: Vec<String>,
}

/// Every name and term worth an entry.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// How the collection writes its words.
    pub(super) manners: Manners,
    /// By key: the words in the form that singular and plural, case and hyphen share, without spaces.
    pub(super) entries: BTreeMap<String, Entry>,
    /// Other keys that mean an entry: an abbreviation, or its words.
    pub(super) same: BTreeMap<String, String>,
    /// How those other keys are written.
    pub(super) abbreviated: BTreeMap<String, Vec<String>>,
    /// Last words of names with the names they stand for in an article that has both.
    pub(super) short: BTreeMap<String, BTreeSet<String>>,
    /// All keys of the above: what is looked for word by word.
    keys: Trie,
}

/// What one article has.
#[derive(Default, Serialize, Deserialize)]
struct Found {
    names: BTreeMap<String, Seen>,
    terms: BTreeMap<String, Seen>,
    /// Abbreviations with the words they stand for, both as keys.
    same: BTreeMap<(String, String), [String; 2]>,
    /// The words of each name, where there are several.
    parts: BTreeMap<String, Parts>,
}

/// The words of a name.
#[derive(Serialize, Deserialize)]
struct Parts {
    /// By key.
    words: Vec<String>,
    /// Whether it looks like a person's: two or three words, each with its capital and nothing more.
    is_plain: bool,
}

/// Finds every name and term.
///
/// `keys` are those of the articles, each with the manners of its words: what an article has is kept by its key.
pub(super) fn vocabulary(
    articles: &[Article],
    keys: &[Key],
    words: Words,
    language: &Language,
    shelf: &Shelf,
) -> Vocabulary {
    let manners = &words.manners;
    let keyed: Vec<(&Article, &Key)> = articles.iter().zip(keys).collect();
    let key = |(_, key): &(&Article, &Key)| **key;
    let found: Vec<Flat> = shelf
        .of_each("candidates", &keyed, key, |(article, _)| Flat::of(&candidates(article, manners, language)));
    let readable = articles.iter().filter(|article| article.rights == Rights::Full).count();
    let mut all = Found::default();
    // In how many articles a single word stands as a name where a longer name has it, too, and where none does.
    let mut with: BTreeMap<String, usize> = BTreeMap::new();
    // In how many articles a name stands beside the same with an `s`.
    let mut plurals: BTreeMap<String, usize> = BTreeMap::new();
    let found =
        found.chunks(CHUNK).flat_map(|chunk| -> Vec<Found> { chunk.par_iter().map(Flat::read).collect() });
    for one in found {
        let plain = one.parts.values().filter(|parts| parts.is_plain);
        let ends: BTreeSet<&String> =
            plain.flat_map(|parts| [parts.words.first(), parts.words.last()]).flatten().collect();
        for key in one.names.keys().filter(|key| ends.contains(key)) {
            *with.entry(key.clone()).or_default() += 1;
        }
        for key in one.names.keys() {
            if key.strip_suffix('s').is_some_and(|singular| one.names.contains_key(singular)) {
                *plurals.entry(key.clone()).or_default() += 1;
            }
        }
        for (key, seen) in one.names {
            all.names.entry(key).or_default().merge(seen);
        }
        for (key, seen) in one.terms {
            all.terms.entry(key).or_default().merge(seen);
        }
        all.same.extend(one.same);
        all.parts.extend(one.parts);
    }
    let least = if readable > SMALL { 2 } else { 1 };
    let mut vocabulary = Vocabulary::default();
    names(&mut vocabulary, &all, &words, least, language);
    terms(&mut vocabulary, &all, &words, least);
    abbreviate(&mut vocabulary, &all);
    merge_plurals(&mut vocabulary, &all, &plurals);
    without_titles(&mut vocabulary, &all);
    shorten(&mut vocabulary, &all, &words, &with);
    vocabulary.manners = words.manners;
    let keys: BTreeSet<&String> = vocabulary.known().collect();
    let keys: Vec<(&String, u32)> = keys.into_iter().zip(0..).collect();
    vocabulary.keys = Trie::of(&keys);
    vocabulary
}

/// An abbreviation and its words are one entry: the words', where they have one.
fn abbreviate(vocabulary: &mut Vocabulary, all: &Found) {
    for ((short, long), [abbreviation, expansion]) in &all.same {
        let (other, entry, written) = if vocabulary.entries.contains_key(long) {
            (short, long, abbreviation)
        } else if vocabulary.entries.contains_key(short) {
            (long, short, expansion)
        } else {
            continue;
        };
        vocabulary.abbreviated.entry(other.clone()).or_default().push(written.clone());
        vocabulary.fold(other, entry);
    }
}

/// A name and its plural are one where half of the articles that have the rarer have both: "Oscar" and "Oscars", but
/// not "William" and "Williams".
fn merge_plurals(vocabulary: &mut Vocabulary, all: &Found, plurals: &BTreeMap<String, usize>) {
    for (plural, together) in plurals {
        let Some(singular) = plural.strip_suffix('s') else { continue };
        let (Some(one), Some(many)) = (all.names.get(singular), all.names.get(plural)) else { continue };
        if together * 2 >= one.articles.min(many.articles) {
            let (less, more) =
                if many.uses > one.uses { (singular, plural.as_str()) } else { (plural.as_str(), singular) };
            vocabulary.fold(less, more);
        }
    }
}

/// A name with a word before it is that name where it stands without as well: "President George Bush".
fn without_titles(vocabulary: &mut Vocabulary, all: &Found) {
    for (name, parts) in &all.parts {
        let shorter = (1..parts.words.len().saturating_sub(1))
            .map(|start| parts.words[start..].concat())
            .find(|shorter| {
                let is_own = |seen: &Seen| seen.uses * 2 >= all.names[name].uses;
                vocabulary.entries.contains_key(shorter) && all.names.get(shorter).is_some_and(is_own)
            });
        if let Some(shorter) = shorter {
            vocabulary.fold(name, &shorter);
        }
    }
}

/// A first or last name alone stands for the whole name, in an article that has it, unless it has a life of its own.
fn shorten(vocabulary: &mut Vocabulary, all: &Found, words: &Words, with: &BTreeMap<String, usize>) {
    for (name, parts) in all.parts.iter().filter(|(_, parts)| parts.is_plain) {
        let (Some(first), Some(last)) = (parts.words.first(), parts.words.last()) else { continue };
        // "Mike" is Mike Doonesbury; but "Facebook" is not Facebook Live.
        let first = Some(first).filter(|_| !words.is_ordinary(last));
        for short in first.into_iter().chain([last]) {
            let with = with.get(short).copied().unwrap_or_default();
            let without = all.names.get(short).map_or(0, |seen| seen.articles.saturating_sub(with));
            if vocabulary.entries.contains_key(name) && with > without {
                vocabulary.short.entry(short.clone()).or_default().insert(name.clone());
                if without == 0 {
                    vocabulary.entries.remove(short);
                }
            }
        }
    }
}

impl Vocabulary {
    /// The lengths, up to the longest, at which the tokens from the first on make a key of this kind; shortest first. Most
    /// rows of words begin no key, and end after a look at the first word.
    pub(super) fn lengths(&self, tokens: &[Token<'_>], kind: Kind, language: &Language) -> Vec<usize> {
        let mut lengths = Vec::new();
        let mut place = Trie::BEGIN;
        for (index, token) in tokens.iter().take(LONGEST).enumerate() {
            if index > 0 && !matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::And) {
                break;
            }
            match self.keys.walk(place, &part(token, kind, language)) {
                Some(next) => place = next,
                None => break,
            }
            if self.keys.number(place).is_some() {
                lengths.push(index + 1);
            }
        }
        lengths
    }

    /// What each key means where it stands, as a hash.
    pub(super) fn meanings(&self) -> BTreeMap<String, Key> {
        let meaning = |key: &String| {
            let entry = self.same.get(key).unwrap_or(key);
            let kind: &[u8] = match self.entries.get(entry).map(|entry| entry.kind) {
                Some(Kind::Name) => b"name",
                Some(Kind::Term) => b"term",
                None => b"",
            };
            let long = self.short.get(entry).into_iter().flatten().map(String::as_bytes);
            let parts: Vec<&[u8]> = [entry.as_bytes(), kind].into_iter().chain(long).collect();
            (key.clone(), Key::of(&parts))
        };
        self.known().map(meaning).collect()
    }

    /// All that is looked for: the entries, what means one of them, and parts of names.
    fn known(&self) -> impl Iterator<Item = &String> {
        self.entries.keys().chain(self.same.keys()).chain(self.short.keys())
    }

    /// Makes one entry of two; what pointed to the lesser one points to the other.
    fn fold(&mut self, lesser: &str, into: &str) {
        let into = self.same.get(into).cloned().unwrap_or_else(|| into.to_owned());
        if lesser == into || !self.entries.contains_key(&into) {
            return;
        }
        self.entries.remove(lesser);
        for target in self.same.values_mut().filter(|target| target.as_str() == lesser) {
            target.clone_from(&into);
        }
        self.same.insert(lesser.to_owned(), into);
    }
}

/// The names and repeated terms of one article.
fn candidates(article: &Article, manners: &Manners, language: &Language) -> Found {
    let mut found = Found::default();
    let mut known: BTreeSet<String> = BTreeSet::new();
    // Nothing is learnt from a text that is not published.
    if article.rights != Rights::Full {
        return found;
    }
    let texts = texts(&article.body);
    let passages = passages(&article.body, &texts, language);
    let passages: Vec<(&str, Vec<Token<'_>>)> = texts.iter().map(|text| &**text).zip(passages).collect();
    // What is printed twice, a question and the heading that repeats it, is said once.
    let mut once: Vec<Option<Vec<TermRun>>> = Vec::new();
    let mut uses: FxHashMap<u64, usize> = FxHashMap::default();
    for (text, tokens) in &passages {
        let is_new = known.insert(text.to_lowercase());
        let runs = is_new.then(|| term_runs(tokens, manners, language));
        for run in runs.iter().flatten() {
            *uses.entry(run.hash).or_default() += 1;
        }
        once.push(runs);
    }
    for ((text, tokens), runs) in passages.iter().zip(once) {
        abbreviations(text, tokens, manners, language, &mut found);
        for run in name_runs(tokens, manners, language) {
            let run = &tokens[run];
            let key = key(run, Kind::Name, language);
            let written = &text[run[0].range.start..run[run.len() - 1].range.end];
            let seen = found.names.entry(key.clone()).or_default();
            seen.add(written);
            seen.quoted += usize::from(run[0].is_quoted && run.len() > 1);
            if run.len() > 1 {
                let is_plain = run.iter().all(|token| token.shape == Shape::Capital) && run.len() <= 3;
                let words =
                    run.iter().map(|token| self::key(std::slice::from_ref(token), Kind::Name, language));
                found.parts.insert(key, Parts { words: words.collect(), is_plain });
            }
        }
        // Most runs of words stand in an article but once, and are no terms: nothing is made of them.
        for run in runs.into_iter().flatten().filter(|run| uses[&run.hash] >= USES) {
            term(text, tokens, run.tokens, manners, language, &mut found.terms);
        }
    }
    found.terms.retain(|_, seen| seen.uses >= USES);
    found
}

/// The stretches of tokens that are names.
pub(super) fn name_runs(tokens: &[Token<'_>], manners: &Manners, language: &Language) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    while start < tokens.len() {
        let mut end = start;
        while end < tokens.len() && is_in_name(tokens, start, end, manners, language) {
            end += 1;
        }
        let mut begin = start;
        while begin < end && HONORIFICS.contains(&&*tokens[begin].folded) {
            begin += 1;
        }
        start = end.max(start + 1);
        // A small word belongs to a name only beside another word of it: "New York", but not "New".
        if end == begin + 1
            && language.is_stop_word(&tokens[begin].folded)
            && tokens[begin].shape == Shape::Capital
        {
            continue;
        }
        if begin < end && end - begin <= LONGEST && is_name_run(&tokens[begin..end], manners, language) {
            runs.push(begin..end);
        }
    }
    runs
}

/// Whether the token at `end` goes on with the name that begins at `start`, or begins it.
fn is_in_name(
    tokens: &[Token<'_>],
    start: usize,
    end: usize,
    manners: &Manners,
    language: &Language,
) -> bool {
    let token = &tokens[end];
    let is_small = |token: &Token<'_>| language.is_stop_word(&token.folded);
    let is_raised = |token: &Token<'_>| match token.shape {
        Shape::Lower | Shape::Number => false,
        Shape::Capital if is_small(token) => !token.is_capital_by_place && token.folded.chars().count() > 1,
        Shape::Caps if is_small(token) => manners.is_abbreviation(token, language),
        Shape::Capital | Shape::Caps | Shape::Mixed => true,
    };
    let is_next_raised = || tokens.get(end + 1).is_some_and(|next| next.gap == Gap::Space && is_raised(next));
    if end == start {
        let is_due = || !token.is_capital_by_place || token.is_quoted || manners.is_name(token, language);
        let opens_quotation = || token.is_quoted && token.shape == Shape::Capital && is_next_raised();
        return token.shape.is_upper() && is_due() && (is_raised(token) || opens_quotation());
    }
    if !matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::And) {
        return false;
    }
    let is_initial =
        token.shape == Shape::Capital && token.folded.chars().count() == 1 && token.folded != "i";
    let is_figure = token.shape == Shape::Number
        && token.range.len() <= 2
        && token.gap == Gap::Space
        && tokens[start].is_quoted;
    let before = &*tokens[end - 1].folded;
    let is_connector = token.shape == Shape::Lower
        && is_next_raised()
        && match &*token.folded {
            // "Department for Education", but not "Apple for Christmas".
            "for" => is_common(before),
            "the" => CONNECTORS.contains(&before),
            folded => CONNECTORS.contains(&folded),
        };
    let leads_to_the = token.folded == "of"
        && tokens.get(end + 1).is_some_and(|next| next.folded == "the" && next.shape == Shape::Lower)
        && tokens.get(end + 2).is_some_and(|next| next.gap == Gap::Space && is_raised(next));
    is_raised(token) || is_initial || is_figure || is_connector || leads_to_the
}

fn is_name_run(run: &[Token<'_>], manners: &Manners, language: &Language) -> bool {
    match run {
        [] => false,
        [one] => manners.is_name(one, language) && one.folded.chars().count() > 1,
        many => {
            // A word of a sentence's beginning or a title's is in a name only if it is one elsewhere.
            let is_open = |token: &Token<'_>| token.is_capital_by_place && !manners.is_name(token, language);
            let opens = many.iter().filter(|token| is_open(token)).count();
            let is_calendar = many.iter().any(|token| is_calendar(&token.folded));
            let is_quotation = many[0].is_quoted && !many[1].is_capital_by_place;
            !is_calendar
                && (opens == 0 || is_quotation)
                && (manners.do_capitals_tell || many.iter().any(|token| token.shape != Shape::Capital))
        }
    }
}

/// `Social Media (SM)`: an abbreviation with the words it stands for.
fn abbreviations(
    text: &str,
    tokens: &[Token<'_>],
    manners: &Manners,
    language: &Language,
    found: &mut Found,
) {
    for (index, token) in tokens.iter().enumerate() {
        let is_bracketed = token.gap == Gap::Bracket
            && text[token.range.end..].starts_with(')')
            && matches!(token.shape, Shape::Caps | Shape::Mixed);
        let letters: Vec<char> = token.folded.chars().collect();
        if !is_bracketed || letters.len() < 2 || letters.len() > index {
            continue;
        }
        let long = &tokens[index - letters.len()..index];
        let spells = long.iter().zip(&letters).all(|(word, letter)| word.folded.starts_with(*letter));
        let is_together = long[1..].iter().all(|word| matches!(word.gap, Gap::Space | Gap::Hyphen));
        if spells && is_together {
            let is_term = long.iter().all(|word| manners.has_lower(word) || !manners.is_name(word, language));
            let kind = if is_term { Kind::Term } else { Kind::Name };
            let keys = (key(std::slice::from_ref(token), Kind::Name, language), key(long, kind, language));
            let written = text[long[0].range.start..long[long.len() - 1].range.end].to_owned();
            found.same.insert(keys, [text[token.range.clone()].to_owned(), written]);
        }
    }
}

/// A stretch of two or three words that may be a term.
struct TermRun {
    tokens: Range<usize>,
    /// The same for all runs with one key.
    hash: u64,
}

/// Every stretch of two or three words that may be a term.
fn term_runs(tokens: &[Token<'_>], manners: &Manners, language: &Language) -> Vec<TermRun> {
    let mut runs = Vec::new();
    // Only of English it is known which words are too small to be part of a term.
    if !language.is_english() {
        return runs;
    }
    let is_content: Vec<bool> = tokens.iter().map(|token| manners.is_content(token, language)).collect();
    for start in (0..tokens.len()).filter(|start| is_content[*start]) {
        let mut hash = hashed(FNV, &tokens[start], language);
        for end in start + 1..tokens.len().min(start + TERM_WORDS) {
            if !is_content[end] || !matches!(tokens[end].gap, Gap::Space | Gap::Hyphen) {
                break;
            }
            hash = hashed(hash, &tokens[end], language);
            runs.push(TermRun { tokens: start..end + 1, hash });
        }
    }
    runs
}

/// The first hash of FNV-1a, byte by byte, so that a key hashes alike wherever its words are parted.
const FNV: u64 = 0xcbf2_9ce4_8422_2325;

/// Goes on with the hash of a term's key.
fn hashed(hash: u64, token: &Token<'_>, language: &Language) -> u64 {
    let base = language.base(&token.folded);
    base.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Counts a stretch of words as a term, if it may be one.
fn term(
    text: &str,
    tokens: &[Token<'_>],
    at: Range<usize>,
    manners: &Manners,
    language: &Language,
    terms: &mut BTreeMap<String, Seen>,
) {
    let (start, run) = (at.start, &tokens[at]);
    // A word with a capital of its own is a piece of something longer: "Marketing and Communications group".
    let is_piece = |token: &Token<'_>| {
        token.shape == Shape::Capital && !token.is_capital_by_place && !manners.is_name(token, language)
    };
    let is_prefix = run[1].gap == Gap::Hyphen && run[1].shape.is_upper();
    if is_prefix || run.iter().any(is_piece) && run.iter().any(|token| token.shape == Shape::Lower) {
        return;
    }
    let written = &text[run[0].range.start..run[run.len() - 1].range.end];
    let seen = terms.entry(key(run, Kind::Term, language)).or_default();
    seen.add(&as_inside(written, run, manners, language));
    seen.quoted += usize::from(run[0].is_quoted);
    let before = start.checked_sub(1).map(|index| &tokens[index]).filter(|_| run[0].gap == Gap::Space);
    if let Some(before) = before {
        seen.nouns += usize::from(BEFORE_NOUNS.contains(&&*before.folded));
        seen.verbs += usize::from(BEFORE_VERBS.contains(&&*before.folded));
    }
}

/// A term as written inside a sentence: without a capital that is due to the place alone.
fn as_inside(written: &str, run: &[Token<'_>], manners: &Manners, language: &Language) -> String {
    let at = run[0].range.start;
    let mut inside = String::with_capacity(written.len());
    let mut end = 0;
    for token in run {
        let word = &written[token.range.start - at..token.range.end - at];
        inside.push_str(&written[end..token.range.start - at]);
        end = token.range.end - at;
        let is_due = token.shape == Shape::Capital && token.is_capital_by_place;
        if is_due && !manners.is_name(token, language) {
            inside.push_str(&word.to_lowercase());
        } else {
            inside.push_str(word);
        }
    }
    inside
}

/// What all ways to write a name or term share.
pub(super) fn key(run: &[Token<'_>], kind: Kind, language: &Language) -> String {
    run.iter().map(|token| part(token, kind, language)).collect()
}

/// A word's part of a key.
fn part<'a>(token: &'a Token, kind: Kind, language: &Language) -> Cow<'a, str> {
    match (kind, token.shape) {
        // "Williams" is not the plural of "William".
        (Kind::Name, Shape::Capital | Shape::Lower | Shape::Number) => Cow::Borrowed(&token.folded),
        (Kind::Name, Shape::Caps | Shape::Mixed) | (Kind::Term, _) => language.base(&token.folded),
    }
}

fn names(vocabulary: &mut Vocabulary, all: &Found, words: &Words, least: usize, language: &Language) {
    for (key, seen) in &all.names {
        let written = ranked(&seen.written);
        let parts: Vec<&str> = written[0].split([' ', '-']).collect();
        let folded: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
        let is_ordinary = |word: &String| words.is_ordinary(word);
        let is_wanted = match folded.as_slice() {
            [one] => {
                let written = words.get(one);
                let is_shaped = written.mixed + written.caps > written.capital;
                let stands_out = written.capital as usize >= USES && written.lower * 4 <= written.capital;
                let is_shouted = written.caps > 0 && seen.uses < USES;
                !words.is_adjective(one) && !is_shouted && (is_shaped || !is_ordinary(one) || stands_out)
            }
            many => {
                let has_strange =
                    many.iter().any(|word| !is_ordinary(word) && !CONNECTORS.contains(&word.as_str()));
                has_strange
                    || seen.quoted == seen.uses
                    || (seen.uses >= USES
                        && many.iter().all(|word| {
                            words.get(word).capital >= words.get(word).lower || language.is_stop_word(word)
                        }))
            }
        };
        if is_wanted && seen.articles >= least {
            vocabulary.entries.insert(key.clone(), Entry { kind: Kind::Name, written });
        }
    }
}

fn terms(vocabulary: &mut Vocabulary, all: &Found, words: &Words, least: usize) {
    // Of a stretch inside longer ones, the uses by itself.
    let mut inside: FxHashMap<&str, usize> = FxHashMap::default();
    let is_term = |seen: &Seen| {
        let folded: Vec<String> = ranked(&seen.written)[0].split([' ', '-']).map(str::to_lowercase).collect();
        seen.articles >= least && is_noun(&folded, seen) && association(&folded, seen, words) >= TOGETHER
    };
    let chosen: Vec<(&String, &Seen)> = all.terms.iter().filter(|(_, seen)| is_term(seen)).collect();
    let keys: BTreeSet<&str> = chosen.iter().map(|(key, _)| key.as_str()).collect();
    for (key, seen) in &chosen {
        for (start, _) in key.char_indices() {
            for end in (start + 1..=key.len()).filter(|end| key.is_char_boundary(*end)) {
                if (start, end) != (0, key.len())
                    && let Some(part) = keys.get(&key[start..end])
                {
                    *inside.entry(part).or_default() += seen.uses;
                }
            }
        }
    }
    for (key, seen) in chosen {
        let alone = seen.uses.saturating_sub(inside.get(key.as_str()).copied().unwrap_or_default());
        if alone >= USES.min(seen.uses) && !vocabulary.entries.contains_key(key) {
            vocabulary
                .entries
                .insert(key.clone(), Entry { kind: Kind::Term, written: ranked(&seen.written) });
        }
    }
}

/// Whether words are used as a noun is: English alone is known well enough to ask.
fn is_noun(folded: &[String], seen: &Seen) -> bool {
    let (Some(first), Some(last)) = (folded.first(), folded.last()) else { return false };
    let has_ending = |word: &str, endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    !has_ending(first, &["ly"])
        && !has_ending(last, &["ly", "ed"])
        && seen.nouns >= seen.verbs
        && seen.nouns + seen.quoted > 0
}

/// How much words keep together: normalised pointwise mutual information, of three words that of the looser half.
fn association(folded: &[String], seen: &Seen, words: &Words) -> f64 {
    let total = words.total.max(1) as f64;
    let uses = |word: &String| (words.get(word).all() as usize).max(seen.uses) as f64;
    let together = seen.uses as f64 / total;
    folded
        .windows(2)
        .map(|pair| {
            let apart = (uses(&pair[0]) / total) * (uses(&pair[1]) / total);
            (together / apart).ln() / -together.ln()
        })
        .fold(f64::INFINITY, f64::min)
}

/// The ways something is written, most frequent first, then by letters.
fn ranked(written: &BTreeMap<String, usize>) -> Vec<String> {
    let mut ways: Vec<(&String, usize)> = written.iter().map(|(way, count)| (way, *count)).collect();
    ways.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    ways.into_iter().map(|(way, _)| way.clone()).collect()
}
