//! New topics for what no topic covers.
//!
//! In: articles and topics. Out: [`Suggestion`]s, each a topic file ready to paste, with the articles it would take.
//! Articles without a topic that are near each other, by meaning and by words, make a group; the words that mark the
//! group make its terms; and the articles are those that the scorer then gives to such a topic, no others.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::scorer::{Reading, Scorer};
use super::{Topic, vocabulary};
use crate::address::slug;
use crate::articles::{Article, ArticleId};
use crate::diagnostic::Diagnostics;
use crate::fields::quoted;
use crate::meaning::Vector;
use crate::path::SitePath;
use crate::seeds::TOPICS;
use crate::text::Text;
use crate::words::Language;

/// A topic the curator may want.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Where its file would be.
    pub path: SitePath,
    /// What the file would hold.
    pub file: String,
    /// The articles it would take, likeliest first.
    pub articles: Vec<ArticleId>,
}

/// A topic of fewer articles is no topic.
const FEWEST: usize = 3;

/// More suggestions than this are more than a curator looks at.
const MOST: usize = 8;

/// So many articles are compared with each other at most; of more, every second, third ... is taken.
const COMPARED: usize = 2_000;

/// From this likeness on two articles belong together: half the cosine of their meaning, seen from the middle of the
/// collection, and half that of their words. Set by eye on collections of news and of essays.
const NEAR: f64 = 0.25;

/// The terms of a suggestion.
const TERMS: usize = 10;

/// The words in its description.
const DESCRIBED: usize = 5;

/// The share of a group that must use a word for it to be a term.
const USED: f64 = 0.25;

/// Suggests topics, the one that would take most articles first.
pub fn suggest(articles: &[Article], topics: &[Topic], language: &Language) -> Vec<Suggestion> {
    let scorer = Scorer::of(topics, articles, language);
    let read: Vec<(&Article, Seen)> = articles
        .par_iter()
        .map(|article| {
            let has_topic = scorer.score(article).iter().any(|one| one.verdict.is_assigned());
            (article, Seen::of(article, has_topic, language))
        })
        .collect();
    let uses = spread(read.iter().map(|(_, seen)| seen));
    let bare: Vec<&(&Article, Seen)> = read.iter().filter(|(_, seen)| !seen.has_topic).collect();
    let step = bare.len().div_ceil(COMPARED).max(1);
    let bare: Vec<&(&Article, Seen)> = bare.into_iter().step_by(step).collect();
    let middle = Vector::mean(read.iter().filter_map(|(_, seen)| seen.direction.as_ref()));
    let points: Vec<Point> =
        bare.par_iter().map(|(_, seen)| Point::of(seen, middle.as_ref(), &uses, read.len())).collect();

    let mut taken: BTreeSet<ArticleId> = BTreeSet::new();
    let mut suggestions: Vec<Suggestion> = Vec::new();
    let mut names: Vec<Topic> = topics.to_vec();
    for group in groups(&points) {
        let members: Vec<&Seen> = group.iter().map(|&at| &bare[at].1).collect();
        let Some(topic) = describe(&members, &uses, read.len(), &names, language) else { continue };
        let scorer = Scorer::of(std::slice::from_ref(&topic), [], language);
        let free = read.iter().filter(|(article, seen)| !seen.has_topic && !taken.contains(&article.id));
        let mut takes: Vec<(f64, &ArticleId)> = free
            .filter_map(|(article, _)| {
                let scored = scorer.score_undecided(article).into_iter().next()?;
                scored.verdict.is_assigned().then_some((scored.score, &article.id))
            })
            .collect();
        if takes.len() < FEWEST {
            continue;
        }
        takes.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let articles: Vec<ArticleId> = takes.into_iter().map(|(_, id)| id.clone()).collect();
        taken.extend(articles.iter().cloned());
        suggestions.push(Suggestion {
            path: topic.path().clone(),
            file: topic.text.read().into_owned(),
            articles,
        });
        names.push(topic);
        if suggestions.len() == MOST {
            break;
        }
    }
    suggestions.sort_by(|a, b| b.articles.len().cmp(&a.articles.len()).then_with(|| a.path.cmp(&b.path)));
    suggestions
}

/// What an article says, for comparing.
struct Seen {
    has_topic: bool,
    direction: Option<Vector>,
    /// Its words and pairs of words, how often it has each, and how it writes it.
    terms: BTreeMap<String, (usize, String)>,
}

impl Seen {
    fn of(article: &Article, has_topic: bool, language: &Language) -> Seen {
        let texts = article.texts();
        let reading = Reading::of(&texts, language);
        let mut terms: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut add = |term: String, written: &str| {
            terms.entry(term).or_insert_with(|| (0, written.to_owned())).0 += 1;
        };
        for (words, text) in reading.words() {
            let mut previous: Option<(String, usize)> = None;
            for word in words {
                let is_number = word.folded.chars().all(|c| c.is_ascii_digit());
                if is_number || language.is_stop_word(&word.folded) {
                    previous = None;
                    continue;
                }
                let base = language.base(&word.folded).into_owned();
                if let Some((before, start)) = previous {
                    add(format!("{before} {base}"), &text[start..word.range.end]);
                }
                add(base.clone(), &text[word.range.clone()]);
                previous = Some((base, word.range.start));
            }
        }
        Seen { has_topic, direction: reading.direction(), terms }
    }
}

/// The terms of a collection: a number for each, and how many articles have it.
type Spread<'a> = BTreeMap<&'a str, (u32, usize)>;

fn spread<'a>(seen: impl Iterator<Item = &'a Seen>) -> Spread<'a> {
    let mut spread: Spread<'a> = BTreeMap::new();
    for term in seen.flat_map(|seen| seen.terms.keys()) {
        let next = spread.len() as u32;
        spread.entry(term.as_str()).or_insert((next, 0)).1 += 1;
    }
    spread
}

/// How much a term says that so many of all articles have: nothing where all have it.
fn rarity(articles: usize, all: usize) -> f64 {
    (all as f64 / articles as f64).sqrt() - 1.0
}

/// An article among others.
struct Point {
    /// Its meaning, seen from the middle of the collection.
    direction: Option<Vector>,
    /// Its words by number, in order, at unit length together.
    terms: Vec<(u32, f64)>,
}

impl Point {
    fn of(seen: &Seen, middle: Option<&Vector>, spread: &Spread<'_>, all: usize) -> Point {
        let direction = seen.direction.as_ref().zip(middle).and_then(|(own, middle)| own.seen_from(middle));
        let weighed = seen.terms.iter().filter_map(|(term, (count, _))| {
            let (number, articles) = *spread.get(term.as_str())?;
            // What one article has says nothing of others.
            (articles > 1).then(|| (number, (*count as f64).sqrt() * rarity(articles, all)))
        });
        let mut terms: Vec<(u32, f64)> = weighed.collect();
        terms.sort_by_key(|(number, _)| *number);
        let length = terms.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            for (_, weight) in &mut terms {
                *weight /= length;
            }
        }
        Point { direction, terms }
    }

    /// -1 to 1. Where the meaning of one is unknown, words alone say.
    fn likeness(&self, other: &Point) -> f64 {
        let words = cosine(&self.terms, &other.terms);
        match (&self.direction, &other.direction) {
            (Some(one), Some(other)) => f64::midpoint(one.cosine(other), words),
            (None, _) | (_, None) => words,
        }
    }
}

/// The cosine of two lists of weights at unit length, each in the order of its numbers.
fn cosine(one: &[(u32, f64)], other: &[(u32, f64)]) -> f64 {
    let (mut sum, mut at) = (0.0, 0);
    for (number, weight) in one {
        while at < other.len() && other[at].0 < *number {
            at += 1;
        }
        if at < other.len() && other[at].0 == *number {
            sum += weight * other[at].1;
        }
    }
    sum
}

/// Groups of points near each other, the densest first: the point with most around it, and what is around it.
fn groups(points: &[Point]) -> Vec<Vec<usize>> {
    let near = |at: usize| -> Vec<(usize, f64)> {
        let others = (0..points.len()).filter(|other| *other != at);
        others
            .map(|other| (other, points[at].likeness(&points[other])))
            .filter(|(_, near)| *near >= NEAR)
            .collect()
    };
    let around: Vec<Vec<(usize, f64)>> = (0..points.len()).into_par_iter().map(near).collect();
    let mut free: Vec<bool> = vec![true; points.len()];
    let mut groups = Vec::new();
    loop {
        let density = |at: usize| -> f64 {
            around[at].iter().filter(|(other, _)| free[*other]).map(|(_, near)| near).sum()
        };
        let densest = (0..points.len())
            .filter(|at| free[*at])
            .max_by(|a, b| density(*a).total_cmp(&density(*b)).then_with(|| b.cmp(a)));
        let Some(densest) = densest else { return groups };
        let mut group: Vec<usize> =
            around[densest].iter().map(|(other, _)| *other).filter(|other| free[*other]).collect();
        group.push(densest);
        group.sort_unstable();
        for at in &group {
            free[*at] = false;
        }
        if group.len() < FEWEST {
            return groups;
        }
        groups.push(group);
    }
}

/// A topic for a group: named and described by the words that mark it; `None` where no word does, or the name is taken.
fn describe(
    group: &[&Seen],
    spread: &Spread<'_>,
    all: usize,
    taken: &[Topic],
    language: &Language,
) -> Option<Topic> {
    let mut used: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for (term, (count, written)) in group.iter().flat_map(|seen| &seen.terms) {
        let (articles, surfaces) = used.entry(term).or_default();
        *articles += 1;
        *surfaces.entry(written).or_default() += count;
    }
    // How much oftener the group uses it than the collection does.
    let mut marks: Vec<(f64, &str, &str)> = used
        .iter()
        .filter_map(|(term, (articles, surfaces))| {
            let share = *articles as f64 / group.len() as f64;
            let (_, spread) = spread.get(term)?;
            let elsewhere = (spread - articles) as f64 / (all - group.len()).max(1) as f64;
            let (written, _) = surfaces.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)))?;
            (share >= USED && *articles > 1)
                .then(|| ((share - elsewhere) * rarity(*spread, all), *term, *written))
        })
        .collect();
    marks.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    // Not a pair of words and its parts, both: the stronger stays.
    let mut terms: Vec<(f64, &str, &str)> = Vec::new();
    for (mark, term, written) in marks {
        let is_part =
            |one: &str, other: &str| other.split(' ').any(|word| one.split(' ').any(|part| part == word));
        if mark > 0.0 && terms.len() < TERMS && !terms.iter().any(|(_, other, _)| is_part(term, other)) {
            terms.push((mark, term, written));
        }
    }
    let is_taken = |name: &str| vocabulary::named(taken, name).is_some();
    let name = terms.iter().map(|(_, _, written)| *written).find(|written| !is_taken(written))?;
    let id = slug(name);
    if id.is_empty() || terms.len() < 2 {
        return None;
    }
    let strongest = terms[0].0;
    let listed: Vec<String> = terms
        .iter()
        .map(|(mark, term, _)| {
            // Between 1 and 2, in steps of a half: finer is not known.
            let weight = 1.0 + (2.0 * mark / strongest).round() / 2.0;
            format!("    {{ term = {}, weight = {weight:?} }},\n", quoted(term))
        })
        .collect();
    let described: Vec<&str> = terms.iter().take(DESCRIBED).map(|(_, _, written)| *written).collect();
    let title: String =
        name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
    let file = format!(
        "+++\ntitle = {}\ndescription = {}\nterms = [\n{}]\n+++\n",
        quoted(&title),
        quoted(&format!("{}.", described.join(", "))),
        listed.concat()
    );
    let text = Text::new(SitePath::new(format!("{TOPICS}/{id}.md")), file);
    Some(Topic::read(&text, language, &mut Diagnostics::new()))
}
