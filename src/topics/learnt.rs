//! What the curator's decisions teach: how near an article is to those that have a topic, and to those that have not.
//!
//! In: what the decided articles say, and what was decided. Out: [`Learnt`]: for each topic the middle of the articles that
//! have it and the middle of those that have not (Rocchio 1971), and how much to make of the difference beside what rule
//! and description say. That is fitted on the decided articles themselves, each seen as if it had not been there; the fewer
//! they are, the less is made of it. It knows no language: words are what stands between spaces, and where a script has
//! no spaces, pairs of neighbouring letters.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::meaning::{self, DIMENSIONS, Vector};
use crate::words::{Language, Token};

/// How much the meaning counts beside the words, both at unit length, while few articles are decided; and for how many
/// decided articles it counts half as much. At 0.7 five articles for each topic do best, at 0 twenty (news).
const MEANING: f64 = 0.7;
const MEANING_HALF: f64 = 60.0;

/// What a difference in nearness of 1 is worth, before anything is fitted, and how many articles with the topic it takes
/// to be worth half of it.
const WORTH: f64 = 12.0;
const WORTH_HALF: f64 = 4.0;

/// Differences in nearness are a few tenths: made larger by this, they are as large as what they are added to.
const SCALE: f64 = 10.0;

/// How strongly the fit is held where it begins, in decisions: most of all what rule and description say.
const RIDGE: [f64; 4] = [4.0, 0.2, 0.2, 0.5];

/// From so many decided articles on, each with one topic and no more, the topics are taken for sections, of which every
/// article belongs to one.
const SECTIONS_FROM: usize = 20;

/// Steps of the fit, which has four numbers: after some 50 they stay the same to three digits.
const STEPS: usize = 100;

/// The curve from weighted sums to scores: 0 to 1, a half at 0, and there as steep as the logistic curve. Unlike that one
/// it takes nothing but what every machine computes alike.
pub(super) fn share(sum: f64) -> f64 {
    0.5 + 0.5 * sum / (4.0 + sum * sum).sqrt()
}

/// How often an article has each word that says something, in the order of their letters.
pub(super) type Bag = Vec<(String, usize)>;

/// The words of a passage that say something, in its order.
pub(super) fn telling<'a>(words: &'a [Token<'_>], language: &Language) -> Vec<Cow<'a, str>> {
    let is_letter = |word: &Token<'_>| !word.folded.is_ascii() && word.folded.chars().count() == 1;
    let mut telling = Vec::with_capacity(words.len());
    let mut previous: Option<&Token<'_>> = None;
    for word in words {
        // Where letters stand for words, a pair of them says more than each.
        if let Some(previous) = previous.filter(|_| is_letter(word))
            && is_letter(previous)
            && previous.range.end == word.range.start
        {
            telling.push(Cow::Owned(format!("{}{}", previous.folded, word.folded)));
        } else if !language.is_stop_word(&word.folded) && !word.folded.chars().all(|c| c.is_ascii_digit()) {
            telling.push(language.base(&word.folded));
        }
        previous = Some(word);
    }
    telling
}

/// A decided article.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Lesson {
    pub bag: Bag,
    pub direction: Option<Vector>,
    /// What rule and description give each topic, before it is made a score.
    pub before: Vec<f64>,
    /// What was decided of each topic.
    pub decided: Vec<Option<bool>>,
}

/// What an article says: its words by number, at unit length, and its meaning.
#[derive(Debug, Clone)]
pub(super) struct Features {
    words: Vec<(u32, f64)>,
    meaning: [f64; DIMENSIONS],
}

impl Features {
    fn square(&self) -> f64 {
        let words: f64 = self.words.iter().map(|(_, weight)| weight * weight).sum();
        words + self.meaning.iter().map(|number| number * number).sum::<f64>()
    }
}

/// What was learnt.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Learnt {
    /// The number of each word the decided articles have, in the order of their letters.
    #[serde(with = "in_order")]
    words: FxHashMap<String, u32>,
    /// Where the decided articles point together, and how much the meaning counts.
    middle: Option<Vector>,
    meaning: f64,
    topics: Vec<Option<Weights>>,
    /// How far a sum may be from a topic, and the article still belongs to it if it is nearer to no other.
    reach: f64,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    number: Option<u32>,
    /// What it says, whatever it says ([`meaning::weight`]).
    pub weight: f64,
}

/// One topic's.
#[derive(Debug, Serialize, Deserialize)]
struct Weights {
    with: Middle,
    without: Middle,
    fit: Fit,
}

/// What rule and description say, what was learnt, by how much it is ahead of other topics, and a threshold: how much each
/// is worth.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Fit {
    keep: f64,
    near: f64,
    ahead: f64,
    bias: f64,
}

/// The sum of some articles.
#[derive(Debug, Serialize, Deserialize)]
struct Middle {
    words: Vec<f64>,
    #[serde(with = "all_dimensions")]
    meaning: [f64; DIMENSIONS],
    articles: usize,
    square: f64,
}

/// Words by number as a list, so that the same is always kept in the same bytes.
mod in_order {
    use rustc_hash::FxHashMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(words: &FxHashMap<String, u32>, to: S) -> Result<S::Ok, S::Error> {
        let mut listed: Vec<(&u32, &String)> = words.iter().map(|(word, number)| (number, word)).collect();
        listed.sort_unstable();
        listed.into_iter().map(|(_, word)| word).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<FxHashMap<String, u32>, D::Error> {
        Ok(Vec::<String>::deserialize(from)?.into_iter().zip(0..).collect())
    }
}

/// As many numbers as a direction has.
mod all_dimensions {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::DIMENSIONS;

    pub(super) fn serialize<S: Serializer>(numbers: &[f64; DIMENSIONS], to: S) -> Result<S::Ok, S::Error> {
        numbers.as_slice().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[f64; DIMENSIONS], D::Error> {
        let numbers = Vec::deserialize(from)?;
        numbers
            .try_into()
            .map_err(|numbers: Vec<f64>| Error::invalid_length(numbers.len(), &"all dimensions"))
    }
}

impl Middle {
    fn of<'a>(features: impl Iterator<Item = &'a Features>, words: usize) -> Middle {
        let mut middle =
            Middle { words: vec![0.0; words], meaning: [0.0; DIMENSIONS], articles: 0, square: 0.0 };
        for one in features {
            for (number, weight) in &one.words {
                middle.words[*number as usize] += weight;
            }
            for (number, added) in middle.meaning.iter_mut().zip(one.meaning) {
                *number += added;
            }
            middle.articles += 1;
        }
        middle.square = middle.words.iter().chain(&middle.meaning).map(|number| number * number).sum();
        middle
    }

    fn dot(&self, features: &Features) -> f64 {
        let words: f64 =
            features.words.iter().map(|(number, weight)| self.words[*number as usize] * weight).sum();
        words + self.meaning.iter().zip(features.meaning).map(|(one, other)| one * other).sum::<f64>()
    }

    /// How near an article is: the cosine, but for the length of the article.
    fn near(&self, features: &Features) -> f64 {
        if self.square > 0.0 { self.dot(features) / self.square.sqrt() } else { 0.0 }
    }

    /// The same of an article that is one of them, as if it were not.
    fn near_without(&self, features: &Features) -> f64 {
        let (dot, own) = (self.dot(features), features.square());
        let square = self.square - 2.0 * dot + own;
        if self.articles > 1 && square > 1e-12 { (dot - own) / square.sqrt() } else { 0.0 }
    }
}

impl Learnt {
    /// Learns from all lessons. Nothing is learnt of a topic that no article has been given, or that all have: what sets
    /// it apart is not known then.
    pub(super) fn of(lessons: &[Lesson], topics: usize) -> Learnt {
        let known: BTreeSet<&String> =
            lessons.iter().flat_map(|lesson| lesson.bag.iter().map(|(word, _)| word)).collect();
        let words = known.into_iter().cloned().zip(0..).collect();
        let mut learnt = Learnt {
            words,
            middle: Vector::mean(lessons.iter().filter_map(|lesson| lesson.direction.as_ref())),
            meaning: MEANING * MEANING_HALF / (MEANING_HALF + lessons.len() as f64),
            topics: Vec::new(),
            reach: reach(lessons, topics),
        };
        let features: Vec<Features> =
            lessons.iter().map(|lesson| learnt.features(&lesson.bag, lesson.direction.as_ref())).collect();
        let decided = |topic: usize, is_right: bool| {
            let rows = lessons.iter().zip(&features);
            rows.filter(move |(lesson, _)| lesson.decided[topic] == Some(is_right))
                .map(|(_, features)| features)
        };
        let middles: Vec<[Middle; 2]> = (0..topics)
            .map(|topic| [true, false].map(|right| Middle::of(decided(topic, right), learnt.words.len())))
            .collect();
        // How much nearer each lesson is to each topic, as if it had not been there.
        let near: Vec<Vec<f64>> = lessons
            .iter()
            .zip(&features)
            .map(|(lesson, features)| {
                let near = |(topic, [with, without]): (usize, &[Middle; 2])| match lesson.decided[topic] {
                    Some(true) => with.near_without(features) - without.near(features),
                    Some(false) => with.near(features) - without.near_without(features),
                    None => with.near(features) - without.near(features),
                };
                middles.iter().enumerate().map(near).collect()
            })
            .collect();
        let is_learnt: Vec<bool> =
            middles.iter().map(|[with, without]| with.articles > 0 && without.articles > 0).collect();
        let fits: Vec<Option<Fit>> = (0..topics)
            .map(|topic| {
                let rows = lessons.iter().zip(&near).filter_map(|(lesson, near)| {
                    let goal = f64::from(u8::from(lesson.decided[topic]?));
                    Some((inputs(lesson.before[topic], topic, near, &is_learnt), goal))
                });
                let rows: Vec<([f64; 4], f64)> = rows.collect();
                is_learnt[topic].then(|| Fit::of(&rows, middles[topic][0].articles))
            })
            .collect();
        learnt.topics = middles
            .into_iter()
            .zip(fits)
            .map(|([with, without], fit)| fit.map(|fit| Weights { with, without, fit }))
            .collect();
        learnt
    }

    /// Whether anything was learnt of any topic.
    pub(crate) fn is_empty(&self) -> bool {
        self.topics.iter().all(Option::is_none)
    }

    /// Whether it was learnt of so many topics, and all that belongs together does.
    pub(crate) fn is_of(&self, topics: usize) -> bool {
        let has_all = |middle: &Middle| middle.words.len() == self.words.len();
        let mut known = self.topics.iter().flatten();
        self.topics.len() == topics && known.all(|one| has_all(&one.with) && has_all(&one.without))
    }

    fn features(&self, bag: &Bag, direction: Option<&Vector>) -> Features {
        let words = bag.iter().map(|(word, count)| (self.known(word), *count));
        self.features_of(words, direction)
    }

    /// What is known of a word: its number, where a decided article has it, and its weight.
    pub(super) fn known(&self, word: &str) -> Known {
        Known { number: self.words.get(word).copied(), weight: meaning::weight(word) }
    }

    /// What an article says whose words, in the order of their letters, are these.
    pub(super) fn features_of(
        &self,
        bag: impl Iterator<Item = (Known, usize)>,
        direction: Option<&Vector>,
    ) -> Features {
        let mut square = 0.0;
        let mut words: Vec<(u32, f64)> = Vec::with_capacity(bag.size_hint().0);
        for (word, count) in bag {
            // A word nobody decided about counts for the length alone.
            let weight = (count as f64).sqrt() * word.weight;
            square += weight * weight;
            words.extend(word.number.map(|number| (number, weight)));
        }
        if square > 0.0 {
            for (_, weight) in &mut words {
                *weight /= square.sqrt();
            }
        }
        let apart = direction.zip(self.middle.as_ref()).and_then(|(own, middle)| own.seen_from(middle));
        let numbers = apart.map_or([0.0; DIMENSIONS], |apart| apart.numbers().map(f64::from));
        Features { words, meaning: numbers.map(|number| number * self.meaning) }
    }

    /// What rule and description give each topic, with what was learnt added.
    pub(super) fn add(&self, before: &[f64], features: &Features) -> Vec<f64> {
        let near = |one: &Option<Weights>| {
            one.as_ref().map_or(0.0, |one| one.with.near(features) - one.without.near(features))
        };
        let near: Vec<f64> = self.topics.iter().map(near).collect();
        let is_learnt: Vec<bool> = self.topics.iter().map(Option::is_some).collect();
        let sum = |(topic, one): (usize, &Option<Weights>)| match one {
            Some(one) => one.fit.sum(inputs(before[topic], topic, &near, &is_learnt)),
            None => before[topic],
        };
        let mut sums: Vec<f64> = self.topics.iter().enumerate().map(sum).collect();
        // The best topic wins where an article is likely to have one: all are lifted alike, so that it just has it.
        let best = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if best < 0.0 && -best <= self.reach && !features.words.is_empty() {
            for sum in &mut sums {
                *sum -= best;
            }
        }
        sums
    }

    /// How much of what rule and description say is kept.
    pub(crate) fn kept(&self, topic: usize) -> f64 {
        self.topics.get(topic).and_then(Option::as_ref).map_or(1.0, |one| one.fit.keep)
    }

    /// How much one word speaks for a topic, next to others.
    pub(super) fn word(&self, topic: usize, word: Known) -> f64 {
        let one = self.topics.get(topic).and_then(Option::as_ref);
        one.zip(word.number).map_or(0.0, |(one, number)| {
            let along = |middle: &Middle| match middle.square {
                0.0 => 0.0,
                square => middle.words[number as usize] / square.sqrt(),
            };
            (along(&one.with) - along(&one.without)) * word.weight * (one.fit.near + one.fit.ahead) * SCALE
        })
    }
}

/// How far a sum may be from the nearest topic, and the article still belongs to it. Where topics are sections, of `n` decided
/// articles none is without, so the next one is with the share `1 / (n + 2)` (Laplace's rule of succession): as far as
/// that share is from a half on the curve. Else 0: that an article may have no topic is learnt with each of them.
fn reach(lessons: &[Lesson], topics: usize) -> f64 {
    let decided = lessons.iter().filter(|lesson| lesson.decided.iter().all(Option::is_some));
    let counts: Vec<usize> =
        decided.map(|lesson| lesson.decided.iter().filter(|one| **one == Some(true)).count()).collect();
    let are_sections = topics > 1 && counts.len() >= SECTIONS_FROM && counts.iter().all(|count| *count == 1);
    if !are_sections {
        return 0.0;
    }
    let off = counts.len() as f64 / (counts.len() as f64 + 2.0);
    2.0 * off / (1.0 - off * off).sqrt()
}

/// What a topic's sum is made of: what came before, how near the article is, how far ahead of other topics, and 1.
fn inputs(before: f64, topic: usize, near: &[f64], is_learnt: &[bool]) -> [f64; 4] {
    let others = near
        .iter()
        .zip(is_learnt)
        .enumerate()
        .filter(|(other, (_, is_learnt))| *other != topic && **is_learnt);
    let best = others.map(|(_, (near, _))| *near).reduce(f64::max);
    let ahead = best.map_or(0.0, |best| near[topic] - best);
    [before, SCALE * near[topic], SCALE * ahead, 1.0]
}

impl Fit {
    fn sum(self, inputs: [f64; 4]) -> f64 {
        self.numbers().iter().zip(inputs).map(|(number, input)| number * input).sum()
    }

    fn numbers(self) -> [f64; 4] {
        [self.keep, self.near, self.ahead, self.bias]
    }

    fn from_numbers([keep, near, ahead, bias]: [f64; 4]) -> Fit {
        Fit { keep, near, ahead, bias }
    }

    /// The numbers at which decisions and ridge pull alike. Each step goes to the bottom of a bowl that is nowhere above the
    /// loss and touches it where the step began (the curve is nowhere steeper than a quarter), so the loss only falls.
    fn of(rows: &[([f64; 4], f64)], with: usize) -> Fit {
        let worth = WORTH / SCALE * with as f64 / (with as f64 + WORTH_HALF);
        let start = [1.0, worth, 0.0, 0.0];
        let mut bowl = [[0.0; 4]; 4];
        for (at, row) in bowl.iter_mut().enumerate() {
            for (other, number) in row.iter_mut().enumerate() {
                let products: f64 = rows.iter().map(|(inputs, _)| inputs[at] * inputs[other]).sum();
                *number = 0.25 * products + if at == other { RIDGE[at] } else { 0.0 };
            }
        }
        let mut now = start;
        for _ in 0..STEPS {
            let mut gradient: [f64; 4] = std::array::from_fn(|at| RIDGE[at] * (now[at] - start[at]));
            for (inputs, goal) in rows {
                let off = share(Fit::from_numbers(now).sum(*inputs)) - goal;
                for (gradient, input) in gradient.iter_mut().zip(inputs) {
                    *gradient += off * input;
                }
            }
            let step = solved(bowl, gradient);
            now = std::array::from_fn(|at| now[at] - step[at]);
        }
        // What is nearer never speaks against: a fit on few decisions must not turn round.
        let [keep, near, ahead, bias] = now;
        Fit { keep: keep.max(0.0), near: near.max(0.0), ahead: ahead.max(0.0), bias }
    }
}

/// The solution of four equations whose matrix is symmetric and, for its ridge, never singular (Gauss).
fn solved(mut matrix: [[f64; 4]; 4], mut right: [f64; 4]) -> [f64; 4] {
    for at in 0..4 {
        let (above, rest) = matrix.split_at_mut(at + 1);
        let pivot = above[at];
        for (below, row) in (at + 1..).zip(rest) {
            let times = row[at] / pivot[at];
            for (number, pivot) in row.iter_mut().zip(pivot) {
                *number -= times * pivot;
            }
            right[below] -= times * right[at];
        }
    }
    let mut solution = [0.0; 4];
    for at in (0..4).rev() {
        let known: f64 = (at + 1..4).map(|column| matrix[at][column] * solution[column]).sum();
        solution[at] = (right[at] - known) / matrix[at][at];
    }
    solution
}
