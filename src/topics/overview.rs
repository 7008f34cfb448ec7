//! How the topics divide the collection: what each has, how sure it is, and what they share.
//!
//! In: every article's scores. Out: an [`Overview`], a row for each topic, and the pairs that are to be decided.

use std::collections::BTreeMap;

use super::{Assignment, TopicId, Verdict};
use crate::articles::ArticleId;

/// How the topics divide the collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// A row for each topic, the one with most articles first.
    pub rows: Vec<Row>,
    /// Articles and topics that may belong together, the likeliest first.
    pub unsure: Vec<(ArticleId, TopicId, f64)>,
    /// How many articles there are.
    pub articles: usize,
    /// Those that have no topic.
    pub without: usize,
}

/// One topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The topic.
    pub topic: TopicId,
    /// How many articles have it.
    pub articles: usize,
    /// How many of them the curator decided.
    pub decided: usize,
    /// The mean of the scores of all of them, 0 to 1; `None` where there are none.
    pub score: Option<f64>,
    /// How many articles may belong to it.
    pub unsure: usize,
    /// How many of its articles each other topic has as well, most first.
    pub overlaps: Vec<(TopicId, usize)>,
}

/// Counts what every article scores.
pub fn overview<'a>(scored: impl IntoIterator<Item = (&'a ArticleId, &'a [Assignment])>) -> Overview {
    let mut rows: BTreeMap<&TopicId, Row> = BTreeMap::new();
    let mut sums: BTreeMap<&TopicId, f64> = BTreeMap::new();
    let mut shared: BTreeMap<(&TopicId, &TopicId), usize> = BTreeMap::new();
    let mut overview = Overview { rows: Vec::new(), unsure: Vec::new(), articles: 0, without: 0 };
    for (id, assignments) in scored {
        overview.articles += 1;
        let has = |one: &&Assignment| one.verdict.is_assigned();
        overview.without += usize::from(!assignments.iter().any(|one| has(&one)));
        for one in assignments {
            let row = rows.entry(&one.topic).or_insert_with(|| Row {
                topic: one.topic.clone(),
                articles: 0,
                decided: 0,
                score: None,
                unsure: 0,
                overlaps: Vec::new(),
            });
            match one.verdict {
                Verdict::Chosen | Verdict::Earned => {
                    row.articles += 1;
                    row.decided += usize::from(one.verdict == Verdict::Chosen);
                    *sums.entry(&one.topic).or_default() += one.score;
                    for other in assignments.iter().filter(has).filter(|other| other.topic != one.topic) {
                        *shared.entry((&one.topic, &other.topic)).or_default() += 1;
                    }
                }
                Verdict::Unsure => {
                    row.unsure += 1;
                    overview.unsure.push((id.clone(), one.topic.clone(), one.score));
                }
                Verdict::Rejected | Verdict::No => {}
            }
        }
    }
    for ((topic, other), articles) in shared {
        if let Some(row) = rows.get_mut(topic) {
            row.overlaps.push((other.clone(), articles));
        }
    }
    for row in rows.values_mut() {
        row.score = sums.get(&row.topic).map(|sum| sum / row.articles as f64);
        row.overlaps.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
    overview.rows = rows.into_values().collect();
    overview.rows.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.topic.cmp(&b.topic)));
    overview.unsure.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| (&a.0, &a.1).cmp(&(&b.0, &b.1))));
    overview
}
