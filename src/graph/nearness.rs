//! How near two articles are: by the rare terms they share, and by what they mean.
//!
//! An article is known by its weightiest terms ([`terms`](super::terms)) and by the direction of its words
//! ([`meaning`](crate::meaning)). That direction is first bent towards the collection: a term stands for the articles that
//! use it, and an article leans to where its terms stand; so `Henman` comes to mean tennis where a collection speaks of him.
//! Those compared are found through an index from term to articles, so the cost grows with what articles share.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::terms::{ByTerm, Known, Term};
use crate::meaning::{DIMENSIONS, Vector};

/// How much the cosine of directions counts beside the cosine of terms. From 0.2 to 0.4 makes little difference; at 1 fewer
/// articles on one event find each other.
const MEANING: f64 = 0.3;

/// How far an article leans to where its terms stand, and how often: twice, so that what its neighbours' neighbours say counts.
const LEAN: f32 = 0.5;
const TIMES: usize = 2;

/// So many of the articles that share most terms are compared by meaning too. With 100 nothing is gained.
const COMPARED: usize = 50;

/// So many terms are held as directions at a time: 8 MB of them.
const HELD: usize = 1 << 14;

/// What is known of every article.
pub(super) struct Nearness {
    /// The terms two articles or more are known by, in order.
    terms: Vec<Term>,
    /// For each article its terms, by index, in order, with their share of its length.
    known_by: Vec<Vec<(u32, f32)>>,
    /// For each term the articles known by it, in order, with the same share.
    articles: Vec<Vec<(u32, f32)>>,
    /// `None` where nothing is known of what an article means.
    directions: Vec<Option<Vector>>,
}

/// How near an article is to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Near {
    /// The other, by index.
    pub other: usize,
    /// The cosine of their weightiest terms, 0 to 1.
    pub terms: f64,
    /// The cosine of their directions, -1 to 1; 0 where one is not known.
    pub meaning: f64,
}

impl Near {
    /// What two articles come to, by which they are put in order.
    fn sum(&self) -> f64 {
        self.terms + MEANING * self.meaning
    }

    /// Nearest first. Articles stand in the order of their ids, so a tie is broken the same way every time.
    fn order(&self, other: &Near) -> Ordering {
        other.sum().total_cmp(&self.sum()).then(self.other.cmp(&other.other))
    }

    /// The same from 0 to 1.
    pub(super) fn score(&self) -> f64 {
        (self.terms + MEANING * self.meaning.max(0.0)) / (1.0 + MEANING)
    }
}

/// What one article shares with others; room that is used for one after another.
pub(super) struct Room {
    /// The one, by index.
    article: usize,
    /// For each other, by index, the cosine of the weightiest terms of both.
    sums: Vec<f32>,
    /// Those of which it is more than 0.
    met: Vec<u32>,
}

impl Nearness {
    /// Of articles by what each is known by.
    pub(super) fn of(known: &[Known]) -> Nearness {
        let mut terms: Vec<Term> = known.iter().flat_map(|one| &one.uses).map(|(one, _)| one.term).collect();
        terms.par_sort_unstable();
        let terms: Vec<Term> =
            terms.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]).collect();
        let indices: ByTerm<u32> = terms.iter().copied().zip(0..).collect();
        let by_index = |known: &Known| -> Vec<(u32, f32)> {
            known.uses.iter().filter_map(|(one, weight)| Some((*indices.get(&one.term)?, *weight))).collect()
        };
        let known_by: Vec<Vec<(u32, f32)>> = known.par_iter().map(by_index).collect();
        let mut articles: Vec<Vec<(u32, f32)>> = vec![Vec::new(); terms.len()];
        for (article, known_by) in (0..).zip(&known_by) {
            for (term, weight) in known_by {
                articles[*term as usize].push((article, *weight));
            }
        }
        let mut nearness = Nearness { terms, known_by, articles, directions: directions(known) };
        for _ in 0..TIMES {
            nearness.lean();
        }
        nearness
    }

    /// Bends every article's direction to where its terms stand.
    fn lean(&mut self) {
        let mut toward = vec![[0.0; DIMENSIONS]; self.directions.len()];
        for first in (0..self.terms.len()).step_by(HELD) {
            let held = first..self.terms.len().min(first + HELD);
            let stands: Vec<Option<Vector>> =
                held.clone().into_par_iter().map(|term| self.stands(term)).collect();
            toward.par_iter_mut().zip(&self.known_by).for_each(|(toward, known_by)| {
                let begin = known_by.partition_point(|(term, _)| (*term as usize) < held.start);
                for (term, weight) in &known_by[begin..] {
                    match stands.get(*term as usize - held.start) {
                        Some(Some(stands)) => add(toward, stands, *weight),
                        Some(None) => {}
                        None => break,
                    }
                }
            });
        }
        self.directions.par_iter_mut().zip(toward).for_each(|(direction, toward)| {
            let mut bent = Vector::unit(toward.map(f64::from))
                .map_or([0.0; DIMENSIONS], |toward| toward.numbers().map(|number| number * LEAN));
            if let Some(direction) = direction {
                add(&mut bent, direction, 1.0 - LEAN);
            }
            *direction = Vector::unit(bent.map(f64::from));
        });
    }

    /// Where a term stands: in the middle of the articles known by it.
    fn stands(&self, term: usize) -> Option<Vector> {
        let mut sum = [0.0; DIMENSIONS];
        for (article, weight) in &self.articles[term] {
            if let Some(direction) = &self.directions[*article as usize] {
                add(&mut sum, direction, *weight);
            }
        }
        Vector::unit(sum.map(f64::from))
    }

    /// Room for as many articles as there are.
    pub(super) fn room(&self) -> Room {
        Room { article: 0, sums: vec![0.0; self.known_by.len()], met: Vec::new() }
    }

    /// Adds up what an article shares with each other, in the place of what stood there.
    pub(super) fn meet(&self, article: usize, room: &mut Room) {
        for other in room.met.drain(..) {
            room.sums[other as usize] = 0.0;
        }
        room.article = article;
        for (term, weight) in &self.known_by[article] {
            for (other, other_weight) in &self.articles[*term as usize] {
                let sum = &mut room.sums[*other as usize];
                if *sum == 0.0 {
                    room.met.push(*other);
                }
                *sum += weight * other_weight;
            }
        }
    }

    /// The articles that share terms with the one that met them last, nearest first.
    pub(super) fn nearest(&self, room: &Room) -> Vec<Near> {
        let others = room.met.iter().filter(|other| **other as usize != room.article);
        let shared = others.map(|other| (room.sums[*other as usize], *other)).collect();
        let shared = first(shared, COMPARED, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let near = |(terms, other): (f32, u32)| self.near(room.article, other as usize, f64::from(terms));
        let mut near: Vec<Near> = shared.into_iter().map(near).collect();
        near.sort_by(Near::order);
        near
    }

    /// The nearest of some others, whatever they share: so many at most, of those that are near at all.
    pub(super) fn among(&self, others: impl Iterator<Item = usize>, most: usize, room: &Room) -> Vec<Near> {
        let near = |other: usize| self.near(room.article, other, f64::from(room.sums[other]));
        let others = others.filter(|other| *other != room.article).map(near);
        let mut near = first(others.filter(|near| near.score() > 0.0).collect(), most, Near::order);
        near.sort_by(Near::order);
        near
    }

    fn near(&self, article: usize, other: usize, terms: f64) -> Near {
        let directions = self.directions[article].as_ref().zip(self.directions[other].as_ref());
        Near { other, terms, meaning: directions.map_or(0.0, |(one, other)| one.cosine(other)) }
    }

    /// The terms two articles share, with what each adds to their cosine.
    pub(super) fn shared(&self, one: usize, other: usize) -> impl Iterator<Item = (Term, f64)> {
        let others = &self.known_by[other];
        self.known_by[one].iter().filter_map(|(term, weight)| {
            let at = others.binary_search_by_key(term, |(term, _)| *term).ok()?;
            Some((self.terms[*term as usize], f64::from(weight * others[at].1)))
        })
    }
}

/// So many of some things as come first in an order, in no order.
fn first<T>(mut all: Vec<T>, most: usize, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    if all.len() > most {
        all.select_nth_unstable_by(most, order);
        all.truncate(most);
    }
    all
}

/// Each article's direction as seen from the middle of all.
fn directions(known: &[Known]) -> Vec<Option<Vector>> {
    let all = || known.iter().filter_map(|one| one.direction.as_deref());
    let mut middle = [0.0; DIMENSIONS];
    for direction in all() {
        for (sum, number) in middle.iter_mut().zip(direction.numbers()) {
            *sum += f64::from(*number);
        }
    }
    let count = all().count().max(1) as f64;
    let seen = |direction: &Vector| {
        let numbers: [f64; DIMENSIONS] =
            std::array::from_fn(|at| f64::from(direction.numbers()[at]) - middle[at] / count);
        Vector::unit(numbers)
    };
    known.par_iter().map(|one| one.direction.as_deref().and_then(seen)).collect()
}

fn add(sum: &mut [f32; DIMENSIONS], direction: &Vector, weight: f32) {
    for (sum, number) in sum.iter_mut().zip(direction.numbers()) {
        *sum += weight * number;
    }
}
