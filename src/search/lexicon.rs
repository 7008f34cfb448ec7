//! The words of a site, each with a number that it keeps as long as the lexicon is kept.

use std::str::Lines;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::numbers::Numbers;

/// All words that articles have, or had not long ago.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Lexicon {
    /// In the order of their numbers.
    words: Vec<String>,
    /// Their numbers; made when the first word is looked up, since mostly none is.
    #[serde(skip)]
    numbers: FxHashMap<String, u32>,
}

impl Lexicon {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word with a number.
    pub(super) fn word(&self, number: u32) -> &str {
        &self.words[number as usize]
    }

    /// The numbers of the words of each of several articles; a word that has none yet gets the next.
    pub(super) fn numbers(&mut self, articles: &[Lines<'_>]) -> Vec<Numbers> {
        if self.numbers.len() < self.words.len() {
            self.numbers = self.words.iter().cloned().zip(0..).collect();
        }
        // Most words are known after some hundred articles: they are looked up by all processors.
        let known = |words: &Lines<'_>| -> Vec<Option<u32>> {
            words.clone().map(|word| self.numbers.get(word).copied()).collect()
        };
        let known: Vec<Vec<Option<u32>>> = articles.par_iter().map(known).collect();
        let with_known = articles.iter().zip(known);
        with_known
            .map(|(words, known)| {
                let words = words.clone().zip(known);
                words.map(|(word, known)| known.unwrap_or_else(|| self.number(word))).collect()
            })
            .collect()
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }
}
