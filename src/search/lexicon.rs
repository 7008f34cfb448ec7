//! The words of a site, each with a number that it keeps as long as the lexicon is kept.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

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

    /// The number of a word, which is a new one where it has none yet.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if self.numbers.len() < self.words.len() {
            self.numbers = self.words.iter().cloned().zip(0..).collect();
        }
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }
}
