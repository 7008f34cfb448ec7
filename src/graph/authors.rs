//! Authors: who wrote what, each under one name.
//!
//! In: the articles. Out: the [`Authors`], the ways to write a name folded into one: case, spaces, punctuation and a
//! leading "By" make no other person.

use std::collections::BTreeMap;
use std::fmt;

use super::concepts::letters;
use crate::address::{Address, slug};
use crate::articles::{Article, ArticleId};

/// Identifies an author: the slug of the name, with a number where another name has the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorId(String);

impl AuthorId {
    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where their page is.
    pub fn address(&self) -> Address {
        Address::folder(&format!("authors/{}", self.0))
    }
}

impl fmt::Display for AuthorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who wrote an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Identifies them.
    pub id: AuthorId,
    /// The name, as the articles write it most often.
    pub name: String,
    /// What they wrote, by id.
    pub articles: Vec<ArticleId>,
}

/// All authors.
#[derive(Debug, Default)]
pub struct Authors {
    /// Letter by letter.
    pub all: Vec<Author>,
    by_name: BTreeMap<String, usize>,
}

impl Authors {
    /// Gathers the authors of all articles. Names whose letters differ are two persons, even where their slugs are
    /// the same (`Müller`, `Muller`): the later by letters gets a number.
    pub(super) fn of(articles: &[Article]) -> Authors {
        let mut ways: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        let mut wrote: BTreeMap<String, Vec<ArticleId>> = BTreeMap::new();
        for article in articles {
            for typed in &article.authors {
                let key = folded(typed);
                if slug(&key).is_empty() {
                    continue;
                }
                *ways.entry(key.clone()).or_default().entry(bare(typed)).or_default() += 1;
                let wrote = wrote.entry(key).or_default();
                if wrote.last() != Some(&article.id) {
                    wrote.push(article.id.clone());
                }
            }
        }
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let mut all: Vec<(String, Author)> = Vec::new();
        for (key, ways) in ways {
            let name = usual(&ways);
            let stem = slug(&key);
            let mut number = *taken.entry(stem.clone()).and_modify(|number| *number += 1).or_insert(1);
            let mut id = stem.clone();
            while number > 1 {
                id = format!("{stem}-{number}");
                if taken.insert(id.clone(), 1).is_none() {
                    break;
                }
                number += 1;
            }
            let articles = wrote.remove(&key).unwrap_or_default();
            all.push((key, Author { id: AuthorId(id), name, articles }));
        }
        all.sort_by_cached_key(|(_, author)| (letters(&author.name), author.id.clone()));
        let by_name = all.iter().enumerate().map(|(index, (key, _))| (key.clone(), index)).collect();
        Authors { all: all.into_iter().map(|(_, author)| author).collect(), by_name }
    }

    /// The author a name in an article means; absent where it has neither letter nor digit.
    pub fn named(&self, typed: &str) -> Option<&Author> {
        self.by_name.get(&folded(typed)).map(|index| &self.all[*index])
    }
}

/// A name without what stands before and around it: `By  Ann Lee,` is `Ann Lee`.
fn bare(typed: &str) -> String {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let is_by = words.len() > 1 && words[0].trim_end_matches(':').eq_ignore_ascii_case("by");
    let name = words[usize::from(is_by)..].join(" ");
    name.trim_matches([',', ';', ':', '·', '|', '-']).trim().to_owned()
}

/// What all ways to write one name share: its letters and digits, in lower case, accents kept.
fn folded(typed: &str) -> String {
    let bare = bare(typed);
    let words = bare.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    let words: Vec<String> = words
        .map(|word| {
            word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// The way a name is written most often; of several, one that is not all capitals, then the first by letters.
fn usual(ways: &BTreeMap<String, usize>) -> String {
    let is_shouted = |way: &str| !way.chars().any(char::is_lowercase);
    let is_humble = |way: &str| !way.chars().any(char::is_uppercase);
    let mut ranked: Vec<(&String, usize)> = ways.iter().map(|(way, count)| (way, *count)).collect();
    ranked.sort_by_key(|(way, count)| {
        (is_shouted(way) || is_humble(way), std::cmp::Reverse(*count), (*way).clone())
    });
    ranked.first().map(|(way, _)| (*way).clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_however_it_is_written() {
        for (typed, expected) in [
            ("By Ann Lee", "ann lee"),
            ("ANN  LEE,", "ann lee"),
            ("Ann-Lee", "ann lee"),
            ("J.R. O’Neill", "j r oneill"),
            ("By", "by"),
            ("Ann Müller", "ann müller"),
        ] {
            assert_eq!(folded(typed), expected);
        }
        let ways = [("ANN LEE".to_owned(), 3), ("Ann Lee".to_owned(), 1), ("ann lee".to_owned(), 5)].into();
        assert_eq!(usual(&ways), "Ann Lee");
    }
}
