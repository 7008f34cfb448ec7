//! How far to trust the topics: every decided article is scored as if it were not, by what the others teach.
//!
//! In: articles with the curator's decisions, and topics. Out: an [`Evaluation`], what was right and wrong for each topic.
//! The articles are dealt into a few parts; each part is scored by a scorer that has not seen its decisions
//! (cross-validation), so that the figures hold for articles to come.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::scorer::{Decisions, Scorer};
use super::{Topic, TopicId, Verdict};
use crate::articles::Article;
use crate::words::Language;

/// Into how many parts the articles are dealt: with five, each is scored by four fifths of the decisions.
const PARTS: usize = 5;

/// What came of an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// How many articles were scored.
    pub articles: usize,
    /// Into how many parts they were dealt.
    pub parts: usize,
    /// Each topic's figures, by id.
    pub topics: Vec<(TopicId, Figures)>,
    /// How many articles are about none of the topics.
    pub none: usize,
    /// How many of these would get a topic.
    pub tagged_of_none: usize,
}

/// Assignments against decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Assigned, as the curator did.
    pub right: usize,
    /// Assigned, and the curator did not.
    pub wrong: usize,
    /// Not assigned, and the curator did.
    pub missed: usize,
    /// Unsure, whatever the curator did; those the curator assigned count as missed as well.
    pub unsure: usize,
}

impl Figures {
    /// Of what was assigned, the share that is right, 0 to 1; 1 where nothing was assigned.
    pub fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    /// Of what the curator assigned, the share that was found, 0 to 1; 1 where the curator assigned nothing.
    pub fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        share(2 * self.right, self.wrong + self.missed)
    }
}

fn share(part: usize, rest: usize) -> f64 {
    if part + rest == 0 { 1.0 } else { part as f64 / (part + rest) as f64 }
}

impl Evaluation {
    /// The figures of all topics together: every pair of article and topic counts once.
    pub fn all(&self) -> Figures {
        self.topics.iter().fold(Figures::default(), |sum, (_, one)| Figures {
            right: sum.right + one.right,
            wrong: sum.wrong + one.wrong,
            missed: sum.missed + one.missed,
            unsure: sum.unsure + one.unsure,
        })
    }
}

/// Evaluates topics on the decided ones of some articles. `known` are other articles, whose decisions always teach.
pub fn evaluate(
    articles: &[Article],
    known: &[Article],
    topics: &[Topic],
    language: &Language,
) -> Evaluation {
    let mut decided: Vec<(Decisions, &Article)> = articles
        .iter()
        .map(|article| (Decisions::of(article, topics), article))
        .filter(|(decisions, _)| decisions.is_any())
        .collect();
    // Dealt in the order of their topics, so that each part has some of each.
    decided.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.id.cmp(&b.id)));
    let parts = PARTS.min(decided.len());
    let verdicts: Vec<(usize, Vec<Verdict>)> = (0..parts)
        .into_par_iter()
        .flat_map_iter(|part| {
            let others =
                decided.iter().enumerate().filter(|(at, _)| at % parts != part).map(|(_, (_, one))| *one);
            let scorer = Scorer::of(topics, known.iter().chain(others), language);
            let own = decided.iter().enumerate().filter(move |(at, _)| at % parts == part);
            let scored = own.map(|(at, (_, one))| {
                (at, scorer.score_undecided(one).iter().map(|one| one.verdict).collect::<Vec<_>>())
            });
            scored.collect::<Vec<_>>()
        })
        .collect();
    let mut figures: BTreeMap<&TopicId, Figures> =
        topics.iter().map(|topic| (&topic.id, Figures::default())).collect();
    let mut evaluation =
        Evaluation { articles: decided.len(), parts, topics: Vec::new(), none: 0, tagged_of_none: 0 };
    for (at, verdicts) in verdicts {
        let decisions = &decided[at].0;
        if decisions.is_none() {
            evaluation.none += 1;
            evaluation.tagged_of_none += usize::from(verdicts.contains(&Verdict::Earned));
        }
        for (index, (topic, verdict)) in topics.iter().zip(verdicts).enumerate() {
            let Some(one) = figures.get_mut(&topic.id) else { continue };
            let Some(is_right) = decisions.on(index) else { continue };
            let is_assigned = verdict == Verdict::Earned;
            one.right += usize::from(is_assigned && is_right);
            one.wrong += usize::from(is_assigned && !is_right);
            one.missed += usize::from(!is_assigned && is_right);
            one.unsure += usize::from(verdict == Verdict::Unsure);
        }
    }
    evaluation.topics = figures.into_iter().map(|(id, figures)| (id.clone(), figures)).collect();
    evaluation
}
