//! Mentions: where each article speaks of what the vocabulary has.
//!
//! In: the articles and the [`Vocabulary`]. Out: for each article the keys it mentions, with their places. What is found of
//! an article is kept; where the vocabulary changes, only those articles are looked at again that may have the words.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Place;
use super::candidates::{Kind, Vocabulary, key, name_runs};
use super::tokens::{self, Token};
use super::written::{Manners, Numbers};
use crate::articles::Article;
use crate::memo::{Flat, Key, Shelf};
use crate::words::Language;

/// The keys an article mentions, each with its places in reading order.
pub(super) type Mentions = BTreeMap<String, Vec<Place>>;

/// Finds what every article mentions, to be read as [`Mentions`].
///
/// `keys` are those of the articles, each with the manners of its words, `numbers` the words.
pub(super) fn mentions(
    articles: &[Article],
    keys: &[Key],
    numbers: &[Numbers],
    vocabulary: &Vocabulary,
    language: &Language,
    shelf: &Shelf,
) -> Vec<Flat> {
    let keyed: Vec<(&Article, &Key)> = articles.iter().zip(keys).collect();
    shelf.of_each_sharing(
        "mentions",
        &keyed,
        |(_, key)| **key,
        &vocabulary.meanings(),
        |changed| {
            let ends = Ends::of(changed, &vocabulary.manners, language);
            move |article: usize| ends.may_be_in(&numbers[article])
        },
        |(article, _)| Flat::of(&in_article(article, vocabulary, language)),
    )
}

/// Which words some keys may begin and end with.
struct Ends {
    /// By the number of a word: the keys by index.
    first: FxHashMap<u32, Vec<usize>>,
    last: FxHashMap<u32, Vec<usize>>,
}

impl Ends {
    fn of(keys: &[&str], manners: &Manners, language: &Language) -> Ends {
        let mut prefixes: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut suffixes: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (index, key) in keys.iter().enumerate() {
            for (at, c) in key.char_indices() {
                prefixes.entry(&key[..at + c.len_utf8()]).or_default().push(index);
                suffixes.entry(&key[at..]).or_default().push(index);
            }
        }
        let mut ends = Ends { first: FxHashMap::default(), last: FxHashMap::default() };
        for (word, number) in manners.words() {
            // A word stands in a key as it is or in the singular.
            for part in [word, &language.base(word)] {
                for (parts, of) in [(&prefixes, &mut ends.first), (&suffixes, &mut ends.last)] {
                    if let Some(keys) = parts.get(part) {
                        of.entry(number).or_default().extend(keys);
                    }
                }
            }
        }
        ends
    }

    /// Whether an article of these words may have one of the keys: a word it may begin with, and one to end with.
    fn may_be_in(&self, numbers: &Numbers) -> bool {
        let keys = |of: &FxHashMap<u32, Vec<usize>>| -> FxHashSet<usize> {
            numbers.iter().filter_map(|number| of.get(number)).flatten().copied().collect()
        };
        let first = keys(&self.first);
        !first.is_empty() && !first.is_disjoint(&keys(&self.last))
    }
}

/// What an article mentions.
fn in_article(article: &Article, vocabulary: &Vocabulary, language: &Language) -> Mentions {
    let texts = tokens::texts(&article.body);
    let passages = tokens::passages(&article.body, &texts, language);
    let spotted: Vec<Vec<(Range<usize>, String)>> =
        passages.iter().map(|tokens| spot(tokens, vocabulary, language)).collect();
    let whole: BTreeSet<&str> = spotted.iter().flatten().map(|(_, key)| key.as_str()).collect();
    let mut mentions = Mentions::new();
    for (passage, spotted) in spotted.iter().enumerate() {
        for (words, found) in spotted {
            // A last name stands for the one whole name that the article has, too.
            let long = vocabulary.short.get(found).into_iter().flatten();
            let mut long = long.filter(|name| whole.contains(name.as_str()));
            let meant = match (long.next(), long.next()) {
                (Some(name), None) => name,
                _ => found,
            };
            mentions.entry(meant.clone()).or_default().push(Place { passage, words: words.clone() });
        }
    }
    mentions
}

/// The names and terms in a row of tokens, the longest first; none overlaps another. A name counts where it stands
/// whole, words before it aside.
fn spot(tokens: &[Token<'_>], vocabulary: &Vocabulary, language: &Language) -> Vec<(Range<usize>, String)> {
    let runs = name_runs(tokens, &vocabulary.manners, language);
    let mut spotted = Vec::new();
    let mut start = 0;
    'tokens: while start < tokens.len() {
        let kinds = [Kind::Name, Kind::Term];
        let lengths = kinds.map(|kind| vocabulary.lengths(&tokens[start..], kind, language));
        let longest = lengths.iter().filter_map(|lengths| lengths.last().copied()).max().unwrap_or(0);
        let name = runs.iter().find(|run| run.contains(&start));
        for length in (1..=longest).rev() {
            let run = &tokens[start..start + length];
            let is_whole =
                name.is_some_and(|name| name.end == start + length && (name.start == start || length > 1));
            for (kind, lengths) in kinds.iter().zip(&lengths) {
                if !lengths.contains(&length) {
                    continue;
                }
                let key = key(run, *kind, language);
                let key = vocabulary.same.get(&key).cloned().unwrap_or(key);
                let is_it = match vocabulary.entries.get(&key).map(|entry| entry.kind) {
                    Some(Kind::Name) => is_whole,
                    Some(Kind::Term) => length > 1 || is_whole,
                    None => length == 1 && is_whole && vocabulary.short.contains_key(&key),
                };
                if is_it {
                    spotted.push((run[0].range.start..run[length - 1].range.end, key));
                    start += length;
                    continue 'tokens;
                }
            }
        }
        start += 1;
    }
    spotted
}
