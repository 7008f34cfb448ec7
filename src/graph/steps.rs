//! The steps of reading paths, and a path that might be made of a topic.
//!
//! In: the paths with their links resolved. Out: for each path its articles in order, for each article its places in
//! paths. [`suggest`] goes the other way: from a topic to the text of a path.

use std::collections::BTreeMap;

use super::{Graph, Node, Reason, Resolved};
use crate::articles::{Article, ArticleId};
use crate::diagnostic::{Diagnostics, Problem};
use crate::reading_paths::PathId;
use crate::topics::TopicId;

/// An article's place in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The path.
    pub path: PathId,
    /// The place in it, counted from 0.
    pub place: usize,
}

/// The articles of every path, in order. An article that stands twice, and a path without any, are reported.
pub(super) fn steps(graph: &Graph) -> (BTreeMap<PathId, Vec<ArticleId>>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut steps: BTreeMap<PathId, Vec<ArticleId>> = BTreeMap::new();
    for path in graph.paths.values() {
        let articles = steps.entry(path.id.clone()).or_default();
        let resolved = graph.links(&Node::Path(path.id.clone()));
        for (link, resolved) in path.body.links.iter().zip(resolved) {
            let Resolved::To(Node::Article(id), _) = resolved else { continue };
            if articles.contains(id) {
                let problem =
                    Problem::new(format!("`{}` stands twice in this path", graph.articles[id].title));
                let hint = "the first link to an article is its place; take the second away, or leave it for its words";
                found.push(problem.hint(hint).at(link.span.clone()).as_warning());
            } else {
                articles.push(id.clone());
            }
        }
        if articles.is_empty() {
            let problem = Problem::new("this path leads to no article");
            let hint = "its links to articles, in their order, are the path: `[[Title of an article]]`";
            found.push(problem.hint(hint).at(path.span()).as_warning());
        }
    }
    (steps, found)
}

/// The places of every article, by path.
pub(super) fn places(steps: &BTreeMap<PathId, Vec<ArticleId>>) -> BTreeMap<ArticleId, Vec<Step>> {
    let mut places: BTreeMap<ArticleId, Vec<Step>> = BTreeMap::new();
    for (path, articles) in steps {
        for (place, article) in articles.iter().enumerate() {
            places.entry(article.clone()).or_default().push(Step { path: path.clone(), place });
        }
    }
    places
}

/// How many articles a path that is suggested has, at most: more is a list.
const SUGGESTED: usize = 7;

/// Proposes a path through a topic, as the text of a file for `content/paths/`; `None` where the topic has fewer than
/// two articles.
///
/// It begins with the overview, the article nearest to the others of the topic, strength for the topic deciding between
/// equals. Then comes, each time, the article nearest to the one before; where none is near, the oldest that is left.
pub fn suggest(graph: &Graph, topic: &TopicId) -> Option<String> {
    let mut left: Vec<&Article> = graph.members(topic).into_iter().map(|(article, _)| article).collect();
    left.truncate(SUGGESTED);
    if left.len() < 2 {
        return None;
    }
    let near = |a: &ArticleId, b: &ArticleId| {
        let one = graph.related(a).iter().find(|related| related.to == *b);
        one.or_else(|| graph.related(b).iter().find(|related| related.to == *a))
    };
    let centrality = |article: &Article| -> f64 {
        let others = left.iter().filter(|other| other.id != article.id);
        others.filter_map(|other| near(&article.id, &other.id)).map(|related| related.score).sum()
    };
    // Members come strongest first, so the first of the most central ones stays.
    let first = left
        .iter()
        .enumerate()
        .map(|(index, article)| (index, centrality(article)))
        .reduce(|best, other| if other.1 > best.1 { other } else { best })?;
    let mut order =
        vec![(left.remove(first.0), "the overview: of all on this topic, nearest to the others".to_owned())];
    while !left.is_empty() {
        let last = &order[order.len() - 1].0.id;
        let nearest = left
            .iter()
            .enumerate()
            .filter_map(|(index, article)| Some((index, near(last, &article.id)?)))
            .reduce(|best, other| if other.1.score > best.1.score { other } else { best });
        let (index, why) = match nearest {
            Some((index, related)) => {
                (index, format!("near the one before: {}", because(graph, &related.reasons)))
            }
            None => {
                let oldest = |article: &Article| (article.date.is_none(), article.date, article.id.clone());
                let (index, _) = left.iter().enumerate().min_by_key(|(_, article)| oldest(article))?;
                (index, "the oldest of what is left".to_owned())
            }
        };
        order.push((left.remove(index), why));
    }
    let title = &graph.topics[topic].title;
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = format!(
        "+++\ntitle = \"{} in {} steps\"\ndescription = \"Where to begin, and what to read next.\"\n+++\n",
        quoted(title),
        order.len()
    );
    for (number, (article, why)) in order.iter().enumerate() {
        let summary =
            graph.summary(article).map(|summary| format!(" {}", escaped(&summary))).unwrap_or_default();
        text.push_str(&format!(
            "\n{}. [[{}|{}]].{summary}\n\n   ({why})\n",
            number + 1,
            article.id,
            escaped(&article.title)
        ));
    }
    Some(text)
}

fn because(graph: &Graph, reasons: &[Reason]) -> String {
    let said = reasons.iter().map(|reason| match reason {
        Reason::Terms(terms) => format!("both use {}", terms.join(", ")),
        Reason::Topic(id) => format!("both on {}", graph.topics[id].title),
    });
    said.take(1).collect()
}

/// A text with the characters escaped that would end a wikilink or begin markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '|' | '*' | '_' | '`' | '<' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
