//! Related articles: those that use the same rare words, with these words as the reason.
//!
//! Each article is known by its weightiest terms only, and looked up through an index from term to
//! articles, so the cost grows with the articles that really share something.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::terms::{Terms, Uses};
use crate::articles::{Article, ArticleId};
use crate::topics::{Assignments, Topic, TopicId};

/// An article near another.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The article.
    pub to: ArticleId,
    /// The cosine of their weightiest terms, 0 to 1.
    pub score: f64,
    /// Why, strongest first; never empty.
    pub reasons: Vec<Reason>,
}

/// Why two articles are related.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Both use these words.
    Terms(Vec<String>),
    /// Both have this topic.
    Topic(TopicId),
}

/// By how many of its weightiest terms an article is known. More terms find fainter relations and cost more.
const TERMS: usize = 60;

/// A term that more than this share of a collection uses says nothing about two articles of it.
const COMMON: f64 = 0.6;

/// A term that more articles than this use is not looked up: it bounds the cost of one article, and of a term so
/// wide little is learnt.
const WIDEST: usize = 400;

/// A collection smaller than this has no common terms: too few articles to tell.
const COMMON_FROM: usize = 5;

/// Below this cosine two articles merely share a word.
const NEAR: f64 = 0.03;

/// How many related articles are kept for each.
const MOST: usize = 8;

/// How many shared terms a reason names.
const NAMED: usize = 3;

/// How much sooner a reason names a pair of words, or a name, than a common word: they say more to a reader.
/// Guessed.
const SPEAKING: f64 = 3.0;

/// The articles nearest to each, nearest first.
pub(super) fn related(
    articles: &[Article],
    terms: &Terms,
    assignments: &Assignments,
    topics: &[Topic],
) -> BTreeMap<ArticleId, Vec<Related>> {
    let vectors: Vec<Vec<(&str, f64)>> = (0..articles.len()).map(|index| vector(terms, index)).collect();
    let mut index: HashMap<&str, Vec<(usize, f64)>> = HashMap::new();
    for (article, vector) in vectors.iter().enumerate() {
        for (term, weight) in vector {
            index.entry(term).or_default().push((article, *weight));
        }
    }
    let related = |article: usize| {
        let near = nearest(article, &vectors, &index);
        let related = near.into_iter().map(|(other, score)| {
            let uses = [&terms.uses[article], &terms.uses[other]];
            let mut reasons =
                vec![Reason::Terms(named(&shared(&vectors[article], &vectors[other], terms), uses, terms))];
            let ids = [&articles[article].id, &articles[other].id];
            reasons.extend(shared_topics(ids, assignments, topics).into_iter().map(Reason::Topic));
            Related { to: articles[other].id.clone(), score, reasons }
        });
        (articles[article].id.clone(), related.collect())
    };
    (0..articles.len()).into_par_iter().map(related).collect()
}

/// The articles nearest to one, by index, with the cosine; nearest first.
fn nearest(
    article: usize,
    vectors: &[Vec<(&str, f64)>],
    index: &HashMap<&str, Vec<(usize, f64)>>,
) -> Vec<(usize, f64)> {
    let mut scores: HashMap<usize, f64> = HashMap::new();
    for (term, weight) in &vectors[article] {
        for (other, other_weight) in index.get(term).into_iter().flatten() {
            *scores.entry(*other).or_default() += weight * other_weight;
        }
    }
    scores.remove(&article);
    let mut near: Vec<(usize, f64)> = scores.into_iter().filter(|(_, score)| *score >= NEAR).collect();
    // Articles stand in the order of their ids, so a tie is broken the same way every time.
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    near.truncate(MOST);
    near
}

/// The terms two articles share, with how much each says: those that speak to a reader first.
fn shared<'a>(one: &[(&'a str, f64)], other: &[(&'a str, f64)], terms: &Terms) -> Vec<(f64, &'a str)> {
    let others: HashMap<&str, f64> = other.iter().copied().collect();
    let speaks = |term: &str| if terms.is_speaking(term) { SPEAKING } else { 1.0 };
    let mut shared: Vec<(f64, &str)> = one
        .iter()
        .filter_map(|(term, weight)| Some((weight * others.get(term)? * speaks(term), *term)))
        .collect();
    shared.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    shared
}

/// An article's weightiest terms, at unit length.
fn vector(terms: &Terms, article: usize) -> Vec<(&str, f64)> {
    let articles = terms.uses.len();
    let is_telling = |term: &str| {
        let spread = terms.spread(term);
        (2..=WIDEST).contains(&spread)
            && (articles < COMMON_FROM || spread as f64 <= COMMON * articles as f64)
    };
    let mut weights: Vec<(&str, f64)> =
        terms.uses[article].iter().map(|(term, &count)| (term.as_str(), terms.weight(term, count))).collect();
    let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    weights.retain(|(term, _)| is_telling(term));
    weights.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    weights.truncate(TERMS);
    for (_, weight) in &mut weights {
        *weight /= length;
    }
    weights
}

/// The words that name what two articles share: a pair of words rather than its parts, and rather a word that
/// one of them uses more than once.
fn named(shared: &[(f64, &str)], uses: [&Uses; 2], terms: &Terms) -> Vec<String> {
    let recurs = |term: &str| uses.iter().any(|uses| uses.get(term).is_some_and(|&count| count > 1));
    let recurring: Vec<(f64, &str)> = shared.iter().copied().filter(|(_, term)| recurs(term)).collect();
    let shared = if recurring.is_empty() { shared } else { &recurring };
    let mut chosen: Vec<&str> = Vec::new();
    let is_part = |word: &str, pair: &str| pair.split(' ').any(|part| part == word);
    for (_, term) in shared {
        let pair =
            shared.iter().map(|(_, other)| *other).find(|other| other.contains(' ') && is_part(term, other));
        let term = if term.contains(' ') { term } else { pair.unwrap_or(term) };
        let overlaps = chosen.iter().any(|other| other.split(' ').any(|part| is_part(part, term)));
        if !overlaps {
            chosen.push(term);
        }
        if chosen.len() == NAMED {
            break;
        }
    }
    chosen.into_iter().map(|term| terms.surface(term).to_owned()).collect()
}

fn shared_topics(ids: [&ArticleId; 2], assignments: &Assignments, topics: &[Topic]) -> Vec<TopicId> {
    let has = |id: &ArticleId, topic: &TopicId| {
        assignments.get(id).is_some_and(|all| all.iter().any(|assignment| assignment.topic == *topic))
    };
    topics
        .iter()
        .map(|topic| &topic.id)
        .filter(|id| ids.iter().all(|article| has(article, id)))
        .cloned()
        .collect()
}
