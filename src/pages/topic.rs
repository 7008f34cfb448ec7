//! A topic's hub and its feed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::evidence::{self, strength};
use super::lists::newest_first;
use super::page::{Group, NearbyTopic, Quoted, Shows, TermCount, TopicPage};
use super::timeline::ONE_PAGE;
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::Node;
use crate::graph::concepts::{Concept, ConceptId};
use crate::rights::Rights;
use crate::topics::{self, Assignment, Evidence, Place, Topic};
use crate::wording::capitalised;

/// A topic of so few articles needs no word on where to begin.
const BEGIN_FROM: usize = 6;

/// With how many articles a hub says to begin.
const BEGIN: usize = 3;

/// How many articles a hub quotes.
const SAID: usize = 4;

/// How many words are named beside the strength of an assignment.
const NAMED: usize = 3;

/// From so many articles on they stand in groups, ...
const GROUPED_FROM: usize = 12;
/// ... of so many articles at least, ...
const GROUP: usize = 3;
/// ... and so many groups at most.
const GROUPS: usize = 8;

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
        let years = self.topic_years(&at, topic, &newest);
        let mut page = self.topic(&at, &node, topic, &members, &newest);
        page.years = years.years;
        (page.undated_href, page.undated_count) =
            years.undated.map_or((None, 0), |(href, count)| (Some(href), count));
        let strongest: Vec<&Article> =
            members.iter().map(|(article, _)| *article).take(super::FEED_ENTRIES).collect();
        page.head.linked_data = self.topic_data(topic, &strongest);
        page.head.feed = self.config.base_url.is_some().then(|| feed.href_from(&at));
        let mut composed = vec![self.page(at, From::Text(topic.span()), Shows::Topic(page))];
        composed.extend(years.pages);
        composed.extend(self.feed(
            feed,
            &self.wording.say("marks.titled", &[("title", &self.config.title), ("part", &topic.title)]),
            &node,
            &newest,
        ));
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
        let described = || self.wording.count("topics.of_topic", members.len(), &[("topic", &topic.title)]);
        TopicPage {
            head: self.head(at, &topic.title, topic.description.clone().or_else(|| Some(described()))),
            description: topic.description.clone(),
            drawing: {
                let strongest: Vec<&Article> = members.iter().map(|(article, _)| *article).collect();
                self.topic_drawing(at, &strongest)
            },
            count: members.len(),
            introduction_html: self.html(at, node, &topic.body),
            begin: begin
                .iter()
                .map(|(article, one)| self.entry(at, article, Some(self.strongest(article, one))))
                .collect(),
            said: self.in_their_words(at, members),
            years: Vec::new(),
            undated_href: None,
            undated_count: 0,
            groups: if newest.is_empty() || newest.len() > ONE_PAGE {
                Vec::new()
            } else {
                let listed = |article: &&Article| {
                    let reason = assignment(article).map(|one| self.strongest(article, one));
                    self.entry(at, article, reason)
                };
                let groups = self.grouped(topic, newest).into_iter();
                groups
                    .map(|(title, some)| Group { title, articles: some.iter().map(listed).collect() })
                    .collect()
            },
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

    /// A topic's articles under the names and terms that many of them share and others do not, the largest group first,
    /// the rest last; in one group without a name where they are few, or share little.
    fn grouped<'b>(self, topic: &Topic, newest: &[&'b Article]) -> Vec<(Option<String>, Vec<&'b Article>)> {
        let mut groups = Vec::new();
        let mut rest: Vec<&Article> = newest.to_vec();
        let name_of_topic = topic.title.to_lowercase();
        while newest.len() >= GROUPED_FROM && groups.len() < GROUPS {
            let mut shared: BTreeMap<&ConceptId, (&Concept, usize)> = BTreeMap::new();
            for concept in rest.iter().flat_map(|article| self.graph.concepts.of(&article.id)) {
                shared.entry(&concept.id).or_insert((concept, 0)).1 += 1;
            }
            let tells = |concept: &Concept| !name_of_topic.contains(&concept.name.to_lowercase());
            let best = shared
                .into_values()
                .filter(|(concept, count)| (GROUP..=newest.len() / 2).contains(count) && tells(concept))
                .min_by_key(|(concept, count)| (Reverse(*count), concept.id.clone()));
            let Some((concept, _)) = best else { break };
            let (of_it, others): (Vec<&Article>, Vec<&Article>) = rest
                .into_iter()
                .partition(|article| self.graph.concepts.of(&article.id).any(|one| one.id == concept.id));
            groups.push((Some(capitalised(&concept.name)), of_it));
            rest = others;
        }
        if groups.len() < 2 || rest.len() * 3 > newest.len() * 2 {
            return vec![(None, newest.to_vec())];
        }
        if !rest.is_empty() {
            groups.push((Some(self.said("topics.others")), rest));
        }
        groups
    }

    /// The strongest passage of each of the articles that have most to say, of which the whole text is published.
    fn in_their_words(self, at: &Address, members: &[(&Article, &Assignment)]) -> Vec<Quoted> {
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

    /// The strength of an assignment and the words that count most.
    fn strongest(self, article: &Article, assignment: &Assignment) -> String {
        let words = evidence::words(article, assignment);
        let named: Vec<&str> = words.iter().map(|(_, word)| word.as_str()).take(NAMED).collect();
        let strength = strength(self.wording, assignment);
        if named.is_empty() {
            return strength;
        }
        let named = named.join(&self.said("marks.between"));
        self.wording.say("marks.titled", &[("title", &strength), ("part", &named)])
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
