//! A topic's hub and its feed.

use std::collections::BTreeMap;

use super::evidence::{self, strength};
use super::lists::{count, newest_first};
use super::page::{NearbyTopic, Quoted, Shows, TermCount, TopicPage};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::Node;
use crate::rights::Rights;
use crate::topics::{self, Assignment, Evidence, Place, Topic};

/// A topic of so few articles needs no word on where to begin.
const BEGIN_FROM: usize = 6;

/// With how many articles a hub says to begin.
const BEGIN: usize = 3;

/// How many articles a hub quotes.
const SAID: usize = 4;

/// How many words are named beside the strength of an assignment.
const NAMED: usize = 3;

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
            begin: begin
                .iter()
                .map(|(article, one)| self.entry(at, article, Some(strongest(article, one))))
                .collect(),
            said: self.said(at, members),
            years: self.spread(at, newest),
            articles: newest
                .iter()
                .map(|article| {
                    let reason = assignment(article).map(|one| strongest(article, one));
                    self.entry(at, article, reason)
                })
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

    /// The strongest passage of each of the articles that have most to say, of which the whole text is published.
    fn said(self, at: &Address, members: &[(&Article, &Assignment)]) -> Vec<Quoted> {
        let strongest = members.iter().filter(|(article, _)| article.rights == Rights::Full).filter_map(
            |(article, assignment)| {
                let in_text = |one: &&Evidence| one.place != Place::Title;
                Some((*article, assignment.evidence.iter().find(in_text)?))
            },
        );
        strongest
            .take(SAID)
            .map(|(article, evidence)| {
                let href = Node::Article(article.id.clone()).address().href_from(at);
                self.quoted(at, article, vec![evidence::passage(article, evidence, &href)])
            })
            .collect()
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
fn strongest(article: &Article, assignment: &Assignment) -> String {
    let words = evidence::words(article, assignment);
    let named: Vec<&str> = words.iter().map(|(_, word)| word.as_str()).take(NAMED).collect();
    if named.is_empty() {
        strength(assignment)
    } else {
        format!("{}: {}", strength(assignment), named.join(", "))
    }
}

fn terms(members: &[(&Article, &Assignment)]) -> Vec<TermCount> {
    let mut counts: BTreeMap<&str, TermCount> = BTreeMap::new();
    for (article, assignment) in members {
        for (term, word) in evidence::words(article, assignment) {
            counts.entry(term).or_insert(TermCount { term: word, articles: 0 }).articles += 1;
        }
    }
    let mut terms: Vec<TermCount> = counts.into_values().collect();
    terms.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.term.cmp(&b.term)));
    terms.truncate(TERMS);
    terms
}

/// `4 articles`.
pub(super) fn articles(number: usize) -> String {
    count(number, "article", "articles")
}
