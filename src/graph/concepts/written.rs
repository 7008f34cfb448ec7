//! How a collection writes its words: in small letters, with a capital, in capitals.
//!
//! In: the tokens of each article. Out: [`Counted`], what one article says of its words; [`Words`], what all say together;
//! and [`Manners`], what follows from that for each word. Who looks for names and terms sees manners alone: so what is
//! found of an article stays as it is while the manners of its words do, however the counts change.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::tokens::{Gap, Shape, Token};
use crate::date::MONTHS;
use crate::import::text::is_common;
use crate::memo::Flat;
use crate::words::Language;

/// Where more than this share of the words inside sentences have a capital, nouns have it, as in German, and a
/// capital makes no name. English prose has some 0.1, German 0.3.
const NOUNS_WITH_CAPITALS: f64 = 0.22;

/// Of fewer words such a share is chance.
const TELLING_FROM: u64 = 300;

/// From this share in capitals on a word is an abbreviation, not a word that somebody shouts; ...
const ABBREVIATION: f64 = 0.25;
/// ... of a word as small as `us`, this share.
const SMALL_ABBREVIATION: f64 = 0.9;

/// From this share on of its uses alone that stand before a noun, a capitalised word is an adjective: "British",
/// "Olympic".
const ATTRIBUTIVE: f64 = 0.6;

/// From how many uses on that share is believed.
const ATTRIBUTIVE_FROM: u32 = 3;

/// Words before a noun, ...
pub(super) const BEFORE_NOUNS: [&str; 42] = [
    "a", "an", "the", "this", "that", "these", "those", "my", "your", "our", "their", "his", "her", "its",
    "each", "every", "some", "any", "no", "of", "in", "on", "for", "with", "by", "at", "from", "about", "as",
    "into", "via", "through", "between", "all", "more", "many", "most", "other", "such", "new", "own",
    "another",
];

/// ... and before a verb.
pub(super) const BEFORE_VERBS: [&str; 35] = [
    "i",
    "you",
    "we",
    "they",
    "he",
    "she",
    "it",
    "who",
    "can",
    "could",
    "will",
    "would",
    "should",
    "may",
    "might",
    "must",
    "cannot",
    "not",
    "can't",
    "don't",
    "doesn't",
    "didn't",
    "won't",
    "wouldn't",
    "couldn't",
    "shouldn't",
    "please",
    "let's",
    "never",
    "always",
    "you'll",
    "we'll",
    "they'll",
    "i'll",
    "to",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// How often a word is written in which way.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Written {
    pub lower: u32,
    /// With a capital that its place does not demand.
    pub capital: u32,
    pub caps: u32,
    pub mixed: u32,
    /// With a capital, and no other such word beside it, ...
    single: u32,
    /// ... and before another word.
    attributive: u32,
}

impl Written {
    /// How often it is written in a way that says something.
    pub(super) fn all(&self) -> u32 {
        self.lower + self.capital + self.caps + self.mixed
    }

    fn add(&mut self, other: &Written) {
        self.lower += other.lower;
        self.capital += other.capital;
        self.caps += other.caps;
        self.mixed += other.mixed;
        self.single += other.single;
        self.attributive += other.attributive;
    }
}

/// The words of one article, each once, in the order in which they first stand there.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Counted<'a> {
    #[serde(borrow)]
    words: Vec<(&'a str, Written)>,
    /// How many words there are that others may learn from.
    total: usize,
}

impl<'a> Counted<'a> {
    /// Counts the words of an article's passages; nothing is learnt from a text that is not published, but that it has them.
    pub(super) fn of(passages: &'a [Vec<Token<'_>>], is_published: bool) -> Counted<'a> {
        let mut counted = Counted::default();
        let mut at: FxHashMap<&str, usize> = FxHashMap::default();
        for tokens in passages {
            for (index, token) in tokens.iter().enumerate() {
                let place = *at.entry(&token.folded).or_insert_with(|| {
                    counted.words.push((&token.folded, Written::default()));
                    counted.words.len() - 1
                });
                if is_published {
                    count(&mut counted.words[place].1, tokens, index);
                }
            }
            counted.total += if is_published { tokens.len() } else { 0 };
        }
        counted
    }
}

/// Counts the token at an index.
fn count(one: &mut Written, tokens: &[Token<'_>], index: usize) {
    let token = &tokens[index];
    match token.shape {
        Shape::Lower => one.lower += 1,
        Shape::Capital if !token.is_capital_by_place => {
            one.capital += 1;
            let next = tokens.get(index + 1).filter(|next| next.gap == Gap::Space);
            let is_raised = |token: &Token<'_>| token.shape.is_upper();
            let follows = token.gap == Gap::Space && index > 0 && is_raised(&tokens[index - 1]);
            if !follows && !next.is_some_and(is_raised) {
                one.single += 1;
                one.attributive +=
                    u32::from(next.is_some_and(|next| next.shape == Shape::Lower && !is_small(&next.folded)));
            }
        }
        Shape::Caps if !token.is_capital_by_place => one.caps += 1,
        Shape::Mixed => one.mixed += 1,
        Shape::Capital | Shape::Caps | Shape::Number => {}
    }
}

/// All words of a collection.
#[derive(Default)]
pub(super) struct Words {
    pub manners: Manners,
    /// By number.
    written: Vec<Written>,
    pub total: usize,
}

/// The words of an article by their numbers in a collection, in the order in which they first stand there.
pub(super) type Numbers = Vec<u32>;

impl Words {
    /// Adds up what the articles count.
    pub(super) fn of(counted: &[Flat], language: &Language) -> (Words, Vec<Numbers>) {
        let share = counted.len().div_ceil(2 * rayon::current_num_threads()).max(64);
        let parts: Vec<Part<'_>> = counted.par_chunks(share).map(Part::of).collect();
        let mut words = Words::default();
        let mut known: Vec<Vec<u32>> = Vec::new();
        for part in &parts {
            words.total += part.total;
            let number = |(word, written): (&&str, &Written)| {
                let next = words.written.len() as u32;
                let number = match words.manners.numbers.get(*word) {
                    Some(number) => *number,
                    None => {
                        words.manners.numbers.insert((*word).to_owned(), next);
                        words.written.push(Written::default());
                        next
                    }
                };
                words.written[number as usize].add(written);
                number
            };
            known.push(part.words.iter().zip(&part.written).map(number).collect());
        }
        let articles = parts.into_par_iter().zip(known).flat_map_iter(|(part, known)| {
            let renumbered = move |article: Numbers| -> Numbers {
                article.into_iter().map(|number| known[number as usize]).collect()
            };
            part.articles.into_iter().map(renumbered)
        });
        let articles = articles.collect();
        words.find_manners(language);
        (words, articles)
    }

    fn find_manners(&mut self, language: &Language) {
        let (upper, all) = self.written.iter().fold((0, 0), |(upper, all), one| {
            let raised = u64::from(one.capital + one.caps + one.mixed);
            (upper + raised, all + raised + u64::from(one.lower))
        });
        self.manners.do_capitals_tell =
            all < TELLING_FROM || (upper as f64) < NOUNS_WITH_CAPITALS * all as f64;
        self.manners.each = vec![Manner::default(); self.written.len()];
        #[expect(clippy::iter_over_hash_type, reason = "each word has its own place")]
        for (word, number) in &self.manners.numbers {
            let one = &self.written[*number as usize];
            let manner = Manner::of(word, one, self.manners.do_capitals_tell, language);
            self.manners.each[*number as usize] = manner;
        }
    }

    pub(super) fn get(&self, folded: &str) -> Written {
        self.manners.numbers.get(folded).map(|number| self.written[*number as usize]).unwrap_or_default()
    }

    /// Whether a word is one that has a meaning without being a name.
    pub(super) fn is_ordinary(&self, folded: &str) -> bool {
        is_common(folded) || self.get(folded).lower > 0
    }

    /// Whether a capitalised word stands for its bearer mostly before what it describes.
    pub(super) fn is_adjective(&self, folded: &str) -> bool {
        let one = self.get(folded);
        one.single >= ATTRIBUTIVE_FROM && f64::from(one.attributive) >= ATTRIBUTIVE * f64::from(one.single)
    }
}

/// Some articles in a row, and the words they have together.
#[derive(Default)]
struct Part<'a> {
    words: Vec<&'a str>,
    written: Vec<Written>,
    total: usize,
    articles: Vec<Numbers>,
}

impl<'a> Part<'a> {
    fn of(counted: &'a [Flat]) -> Part<'a> {
        let mut part = Part::default();
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        for counted in counted {
            let counted: Counted<'_> = counted.read();
            part.total += counted.total;
            let number = |(word, written): (&'a str, Written)| {
                let number = *numbers.entry(word).or_insert_with(|| {
                    part.words.push(word);
                    part.written.push(Written::default());
                    part.words.len() as u32 - 1
                });
                part.written[number as usize].add(&written);
                number
            };
            part.articles.push(counted.words.into_iter().map(number).collect());
        }
        part
    }
}

/// What follows from how a collection writes a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Manner(u8);

impl Manner {
    /// In capitals it is an abbreviation, ...
    const ABBREVIATION: u8 = 1;
    /// ... even if it is as small a word as `us`.
    const SMALL_ABBREVIATION: u8 = 2;
    /// With capitals inside it is a name.
    const MIXED: u8 = 4;
    /// With a capital at the beginning it is one.
    const NAME: u8 = 8;
    /// It is written in small letters, too.
    const LOWER: u8 = 16;

    fn of(folded: &str, one: &Written, do_capitals_tell: bool, language: &Language) -> Manner {
        let share = f64::from(one.caps) / f64::from(one.all().max(1));
        let is_strange = || one.lower == 0 && !is_common(folded) && language.is_english();
        let is_name = do_capitals_tell
            && one.capital >= one.lower
            && (one.capital > 0 || (one.mixed + one.caps > 0 && is_strange()))
            && !language.is_stop_word(folded);
        let all = [
            (share >= ABBREVIATION, Manner::ABBREVIATION),
            (share >= SMALL_ABBREVIATION, Manner::SMALL_ABBREVIATION),
            (one.mixed > one.lower, Manner::MIXED),
            (is_name, Manner::NAME),
            (one.lower > 0, Manner::LOWER),
        ];
        Manner(all.into_iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum())
    }

    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// The manner of every word of a collection.
#[derive(Default)]
pub(super) struct Manners {
    numbers: FxHashMap<String, u32>,
    /// By number.
    each: Vec<Manner>,
    /// Whether a capital makes a name: in German it does not.
    pub do_capitals_tell: bool,
}

impl Manners {
    /// What an article's names and terms depend on besides its text.
    pub(super) fn among(&self, numbers: &Numbers) -> Vec<u8> {
        let each = numbers.iter().map(|number| self.each[*number as usize].0);
        std::iter::once(u8::from(self.do_capitals_tell)).chain(each).collect()
    }

    /// All words, with their numbers, in no order.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, u32)> {
        self.numbers.iter().map(|(word, number)| (word.as_str(), *number))
    }

    fn get(&self, folded: &str) -> Manner {
        self.numbers.get(folded).map(|number| self.each[*number as usize]).unwrap_or_default()
    }

    /// Whether a word is written in small letters, too.
    pub(super) fn has_lower(&self, token: &Token<'_>) -> bool {
        self.get(&token.folded).has(Manner::LOWER)
    }

    /// Whether a word in capitals is an abbreviation.
    pub(super) fn is_abbreviation(&self, token: &Token<'_>, language: &Language) -> bool {
        let is_small = || language.is_stop_word(&token.folded);
        token.shape == Shape::Caps
            && self.get(&token.folded).has(if is_small() {
                Manner::SMALL_ABBREVIATION
            } else {
                Manner::ABBREVIATION
            })
    }

    /// Whether a word in capitals is more than a word shouted: it may be a part of a term.
    pub(super) fn is_content(&self, token: &Token<'_>, language: &Language) -> bool {
        (token.shape == Shape::Caps && self.get(&token.folded).has(Manner::ABBREVIATION))
            || (token.shape != Shape::Number && !language.is_stop_word(&token.folded))
    }

    /// Whether a word with a capital is a name, or part of one, by itself.
    pub(super) fn is_name(&self, token: &Token<'_>, language: &Language) -> bool {
        if !token.shape.is_upper() || is_calendar(&token.folded) {
            return false;
        }
        match token.shape {
            Shape::Mixed => self.get(&token.folded).has(Manner::MIXED),
            Shape::Caps => self.is_abbreviation(token, language),
            Shape::Capital => self.get(&token.folded).has(Manner::NAME),
            Shape::Lower | Shape::Number => false,
        }
    }
}

fn is_small(folded: &str) -> bool {
    BEFORE_NOUNS.contains(&folded) || BEFORE_VERBS.contains(&folded) || folded.chars().count() < 4
}

pub(super) fn is_calendar(folded: &str) -> bool {
    WEEKDAYS.contains(&folded) || MONTHS.iter().any(|month| month.eq_ignore_ascii_case(folded))
}
