//! A topic's hub and its feed.

use std::collections::BTreeMap;

use super::lists::{count, newest_first, strength};
use super::page::{NearbyTopic, Shows, TermCount, TopicPage};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::Node;
use crate::topics::{self, Assignment, Topic};

/// A topic of so few articles needs no word on where to begin.
const BEGIN_FROM: usize = 6;

/// With how many articles a hub says to begin.
const BEGIN: usize = 3;

/// How many of the terms that mark a topic are shown.
const TERMS: usize = 12;

impl Composer<'_> {
    pub(super) fn topic_pages(self, topic: &Topic) -> Vec<Composed> {
        let node = Node::Topic(topic.id.clone());
        let at = node.address();
        let feed = Address::file(format!("topics/{}/atom.xml", topic.id));
        let members = self.graph.members(&topic.id);
        let mut newest: Vec<&Article> = members.iter().map(|(article, _)| *article).collect();
        newest_first(&mut newest);
        let mut page = self.topic(&at, &node, topic, &members, &newest);
        let strongest: Vec<&Article> =
            members.iter().map(|(article, _)| *article).take(super::FEED_ENTRIES).collect();
        page.head.linked_data = self.topic_data(topic, &strongest);
        page.head.feed = self.config.base_url.is_some().then(|| feed.href_from(&at));
        let mut composed = vec![self.page(at, From::Text(topic.span()), Shows::Topic(page))];
        composed.extend(self.feed(feed, &format!("{}: {}", self.config.title, topic.title), &node, &newest));
        for alias in &topic.aliases {
            let old = Address::typed(&alias.value);
            composed.extend(old.map(|old| self.redirect(old, alias.span.clone(), &node)));
        }
        composed
    }

    fn topic(
        self,
        at: &Address,
        node: &Node,
        topic: &Topic,
        members: &[(&Article, &Assignment)],
        newest: &[&Article],
    ) -> TopicPage {
        let begin = if members.len() < BEGIN_FROM { &[] } else { &members[..BEGIN] };
        let assignment =
            |article: &Article| members.iter().find(|(one, _)| one.id == article.id).map(|(_, one)| *one);
        let parent_of = |topic: &Topic| {
            Some(&topics::named(self.graph.topics.values(), &topic.parent.as_ref()?.value)?.id)
        };
        let is_part = |other: &&Topic| parent_of(other) == Some(&topic.id);
        TopicPage {
            head: self.head(at, &topic.title, topic.description.clone()),
            drawing: {
                let strongest: Vec<&Article> = members.iter().map(|(article, _)| *article).collect();
                self.topic_drawing(at, &strongest)
            },
            count: members.len(),
            introduction_html: self.html(at, node, &topic.body),
            begin: begin.iter().map(|(article, one)| self.entry(at, article, Some(strongest(one)))).collect(),
            articles: newest
                .iter()
                .map(|article| self.entry(at, article, assignment(article).map(strongest)))
                .collect(),
            terms: terms(members),
            parent: parent_of(topic).map(|id| self.link(at, &Node::Topic(id.clone()))),
            parts: self
                .graph
                .topics
                .values()
                .filter(is_part)
                .map(|part| self.link(at, &Node::Topic(part.id.clone())))
                .collect(),
            nearby: self.nearby(at, topic, members),
        }
    }

    fn nearby(self, at: &Address, topic: &Topic, members: &[(&Article, &Assignment)]) -> Vec<NearbyTopic> {
        let mut nearby: Vec<NearbyTopic> = self
            .graph
            .topics
            .values()
            .filter(|other| other.id != topic.id)
            .map(|other| {
                let link = self.link(at, &Node::Topic(other.id.clone()));
                let has = |article: &Article| {
                    self.graph.assignments(&article.id).iter().any(|one| one.topic == other.id)
                };
                let shared = members.iter().filter(|(article, _)| has(article)).count();
                NearbyTopic { title: link.title, href: link.href, shared }
            })
            .filter(|nearby| nearby.shared > 0)
            .collect();
        nearby.sort_by(|a, b| b.shared.cmp(&a.shared).then_with(|| a.title.cmp(&b.title)));
        nearby
    }
}

/// The strength of an assignment and the words that count most.
fn strongest(assignment: &Assignment) -> String {
    let words: Vec<&str> =
        assignment.evidence.iter().flat_map(|one| &one.terms).map(String::as_str).collect();
    let mut named: Vec<String> = Vec::new();
    for word in words {
        let word = readable(word);
        if !named.contains(&word) && named.len() < BEGIN {
            named.push(word);
        }
    }
    if named.is_empty() {
        strength(assignment)
    } else {
        format!("{}: {}", strength(assignment), named.join(", "))
    }
}

/// A term as readers see it: `innovat*` stands for every word that begins so.
fn readable(term: &str) -> String {
    term.replace('*', "…")
}

fn terms(members: &[(&Article, &Assignment)]) -> Vec<TermCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, assignment) in members {
        let terms: std::collections::BTreeSet<&str> =
            assignment.evidence.iter().flat_map(|one| &one.terms).map(String::as_str).collect();
        for term in terms {
            *counts.entry(term).or_default() += 1;
        }
    }
    let mut terms: Vec<TermCount> =
        counts.into_iter().map(|(term, articles)| TermCount { term: readable(term), articles }).collect();
    terms.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.term.cmp(&b.term)));
    terms.truncate(TERMS);
    terms
}

/// `4 articles`.
pub(super) fn articles(number: usize) -> String {
    count(number, "article", "articles")
}
