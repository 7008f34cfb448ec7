//! What labelled pages taught: the tone of single words, and decision trees that judge lines, dates and names.
//!
//! In: numbers that describe a line, a date or a name. Out: the log-odds that it is what is asked for. Everything
//! learnt stands in `models.txt`, which `scripts/train-import.py` writes.

use std::collections::HashMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::import::trees::Trees;

/// What trees tell about a line, a date or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// Whether a line is the title.
    Title,
    /// Whether a line belongs to the article, judged by itself and the lines next to it.
    Line,
    /// How that changes with what was thought of the other lines.
    Article,
    /// Whether a line of the article is a heading.
    Heading,
    /// Whether a date is that of publication.
    Date,
    /// Whether a name is the author's.
    Author,
}

impl Model {
    /// Every model with its name in `models.txt`.
    pub(super) const ALL: [(Model, &str); 6] = [
        (Model::Title, "title"),
        (Model::Line, "line"),
        (Model::Article, "article"),
        (Model::Heading, "heading"),
        (Model::Date, "date"),
        (Model::Author, "author"),
    ];
}

/// All that was learnt.
#[derive(Debug, Clone, Default)]
pub(super) struct Models {
    /// For words, in tenths of log-odds, how much likelier they occur in short lines of articles than of furniture.
    words: FxHashMap<String, i32>,
    trees: [Trees; Model::ALL.len()],
}

/// The models that labelled pages taught.
pub(super) static LEARNT: LazyLock<Models> = LazyLock::new(|| Models::read(include_str!("models.txt")));

/// What single words tell of a line, in log-odds; positive speaks for the article.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Tone {
    /// The mean of the words that are known.
    pub mean: f32,
    /// The word that speaks most for furniture.
    pub lowest: f32,
    /// The word that speaks most for the article.
    pub highest: f32,
}

impl Models {
    /// Reads `models.txt`: after a line `[words]` words with their tenths, after `[title]` and the like trees.
    pub(super) fn read(text: &str) -> Models {
        let mut sections: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut name = "";
        for row in text.lines().filter(|row| !row.starts_with('#')) {
            match row.strip_prefix('[').and_then(|row| row.strip_suffix(']')) {
                Some(section) => name = section,
                None => sections.entry(name).or_default().push(row),
            }
        }
        let rows = |name: &str| sections.get(name).into_iter().flatten().copied();
        let word = |row: &str| {
            let (word, tenths) = row.split_once(' ')?;
            Some((word.to_owned(), tenths.parse().ok()?))
        };
        Models {
            words: rows("words").filter_map(word).collect(),
            trees: Model::ALL.map(|(_, name)| Trees::read(rows(name))),
        }
    }

    /// The log-odds of what is described by these numbers.
    pub(super) fn odds(&self, model: Model, values: &[f32]) -> f64 {
        self.trees[model as usize].odds(values)
    }

    /// What the words of a line tell, each counted once.
    pub(super) fn tone(&self, words: &[String]) -> Tone {
        let mut seen = FxHashSet::default();
        let known =
            words.iter().filter(|word| seen.insert(word.as_str())).filter_map(|word| self.words.get(word));
        let (mut sum, mut count, mut lowest, mut highest) = (0, 0, 0, 0);
        for tenths in known {
            (sum, count) = (sum + tenths, count + 1);
            (lowest, highest) = (lowest.min(*tenths), highest.max(*tenths));
        }
        let log_odds = |tenths: i32| tenths as f32 / 10.0;
        if count == 0 {
            return Tone::default();
        }
        Tone { mean: log_odds(sum) / count as f32, lowest: log_odds(lowest), highest: log_odds(highest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_learnt_is_understood() {
        assert!(LEARNT.words.len() > 100);
        assert!(LEARNT.trees.iter().all(|trees| trees.len() > 10));
        let names: Vec<&str> = Model::ALL.iter().map(|(_, name)| *name).collect();
        for (index, (model, _)) in Model::ALL.into_iter().enumerate() {
            assert_eq!(model as usize, index);
        }
        for row in include_str!("models.txt").lines().filter(|row| row.starts_with('[')) {
            let name = row.trim_matches(['[', ']']);
            assert!(name == "words" || names.contains(&name), "{row}");
        }
    }

    #[test]
    fn a_word_counts_once() {
        let models = Models::read("[words]\nshare -20\nmorning 10\n");
        let tone =
            models.tone(&["share".to_owned(), "share".to_owned(), "morning".to_owned(), "other".to_owned()]);
        assert_eq!(tone, Tone { mean: -0.5, lowest: -2.0, highest: 1.0 });
    }
}
