//! The graph as a picture: topics, articles, and what joins them; whole while it is small, by topic when it is not.

use std::collections::{BTreeMap, BTreeSet};

use super::Composer;
use super::drawing::{Spot, Tie, draw};
use super::page::{Drawing, GraphPage, GraphRow, LineKind, Link, NodeKind};
use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::graph::{Node, Resolved};
use crate::topics::{Topic, TopicId};

/// How many articles one drawing shows: with more, names and lines cover each other at a reader's width.
const DRAWN: usize = 40;

/// How many topics one drawing shows.
const TOPICS_DRAWN: usize = 60;

/// How many related articles a drawing joins to each: the nearest, so that lines stay apart.
const NEAREST: usize = 2;

/// To how many topics a topic is joined by the articles they share.
const NEIGHBOURS: usize = 3;

impl<'a> Composer<'a> {
    pub(super) fn graph_page(self, at: &Address) -> GraphPage {
        let articles: Vec<&Article> = self.graph.articles.values().collect();
        let is_whole = articles.len() <= DRAWN;
        GraphPage {
            head: self.head(at, &self.said("names.graph"), Some(self.said("graph.description"))),
            drawing: if is_whole { self.drawn(at, &articles) } else { self.drawn_topics(at) },
            is_whole,
            rows: if is_whole { self.rows(at, &articles) } else { Vec::new() },
        }
    }

    /// A topic's articles and what joins them, where the collection is too large for one picture.
    pub(super) fn topic_drawing(self, at: &Address, strongest: &[&'a Article]) -> Option<Drawing> {
        let is_small = self.graph.articles.len() <= DRAWN;
        let shown = &strongest[..strongest.len().min(DRAWN)];
        (!is_small && shown.len() > 1).then(|| self.drawn(at, shown))
    }

    /// Some articles with their topics.
    fn drawn(self, at: &Address, articles: &[&Article]) -> Drawing {
        let topics: BTreeSet<&TopicId> = articles
            .iter()
            .flat_map(|article| self.graph.assignments(&article.id))
            .map(|assignment| &assignment.topic)
            .collect();
        let topic_at: BTreeMap<&TopicId, usize> =
            topics.iter().enumerate().map(|(index, id)| (*id, index)).collect();
        let article_at: BTreeMap<&ArticleId, usize> =
            articles.iter().enumerate().map(|(index, article)| (&article.id, topics.len() + index)).collect();
        let topic_nodes = topics.iter().map(|id| self.spot(at, NodeKind::Topic, &Node::Topic((*id).clone())));
        let article_nodes =
            articles.iter().map(|one| self.spot(at, NodeKind::Article, &Node::Article(one.id.clone())));
        let spots: Vec<Spot> = topic_nodes.chain(article_nodes).collect();

        let mut ties: BTreeMap<(usize, usize), LineKind> = BTreeMap::new();
        let mut tie = |from: usize, to: usize, kind: LineKind| {
            // A pair is joined once, by what says most.
            let known = ties.entry((from.min(to), from.max(to))).or_insert(kind);
            *known = kind.min(*known);
        };
        for article in articles {
            let from = article_at[&article.id];
            for assignment in self.graph.assignments(&article.id) {
                tie(from, topic_at[&assignment.topic], LineKind::Topic);
            }
            for to in self.linked(article).into_iter().filter_map(|id| article_at.get(id)) {
                tie(from, *to, LineKind::Link);
            }
            let near = self.graph.related(&article.id).iter().take(NEAREST);
            for to in near.filter_map(|one| article_at.get(&one.to)) {
                tie(from, *to, LineKind::Related);
            }
        }
        let ties: Vec<Tie> = ties.into_iter().map(|((from, to), kind)| Tie { from, to, kind }).collect();
        draw(&spots, &ties)
    }

    /// The topics with most articles, each joined to those it shares most with.
    fn drawn_topics(self, at: &Address) -> Drawing {
        let members: BTreeMap<&TopicId, BTreeSet<&ArticleId>> = self
            .graph
            .topics
            .keys()
            .map(|id| (id, self.graph.members(id).into_iter().map(|(article, _)| &article.id).collect()))
            .collect();
        let mut largest: Vec<&Topic> = self.graph.topics.values().collect();
        largest.sort_by_key(|topic| std::cmp::Reverse(members[&topic.id].len()));
        largest.truncate(TOPICS_DRAWN);
        let spots: Vec<Spot> = largest
            .iter()
            .map(|topic| {
                let mut spot = self.spot(at, NodeKind::Topic, &Node::Topic(topic.id.clone()));
                spot.title =
                    [spot.title, self.articles(members[&topic.id].len())].join(&self.said("marks.between"));
                spot
            })
            .collect();
        let mut ties = BTreeSet::new();
        for (from, topic) in largest.iter().enumerate() {
            let shared = |to: usize| members[&topic.id].intersection(&members[&largest[to].id]).count();
            let mut near: Vec<(usize, usize)> =
                (0..largest.len()).filter(|to| *to != from).map(|to| (shared(to), to)).collect();
            near.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            for (_, to) in near.into_iter().take(NEIGHBOURS).filter(|(count, _)| *count > 0) {
                ties.insert(Tie { from: from.min(to), to: from.max(to), kind: LineKind::Topic });
            }
        }
        let ties: Vec<Tie> = ties.into_iter().collect();
        draw(&spots, &ties)
    }

    /// The same as the drawing, as a table.
    fn rows(self, at: &Address, articles: &[&Article]) -> Vec<GraphRow> {
        let links = |ids: Vec<&ArticleId>| -> Vec<Link> {
            ids.into_iter().map(|id| self.link(at, &Node::Article(id.clone()))).collect()
        };
        articles
            .iter()
            .map(|article| GraphRow {
                article: self.link(at, &Node::Article(article.id.clone())),
                topics: self
                    .graph
                    .assignments(&article.id)
                    .iter()
                    .map(|one| self.link(at, &Node::Topic(one.topic.clone())))
                    .collect(),
                links: links(self.linked(article)),
                related: links(
                    self.graph.related(&article.id).iter().take(NEAREST).map(|one| &one.to).collect(),
                ),
            })
            .collect()
    }

    /// The other articles that one links to, each once.
    fn linked(self, article: &Article) -> Vec<&'a ArticleId> {
        let mut linked: Vec<&ArticleId> = Vec::new();
        for resolved in self.graph.links(&Node::Article(article.id.clone())) {
            if let Resolved::To(Node::Article(id), _) = resolved
                && *id != article.id
                && !linked.contains(&id)
            {
                linked.push(id);
            }
        }
        linked
    }

    fn spot(self, at: &Address, kind: NodeKind, node: &Node) -> Spot {
        let Link { title, href } = self.link(at, node);
        Spot { kind, title, href }
    }
}
