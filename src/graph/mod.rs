//! The graph: who links to whom, who is related to whom and why, what each article says in a sentence.
//!
//! In: articles, topics, assignments and the curator's other pages. Out: a [`Graph`] that answers every
//! question a page asks about its neighbours. Everybody exists before anybody links.

mod links;
mod related;
mod summary;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::diagnostic::Diagnostics;
use crate::markdown::Body;
use crate::path::SitePath;
use crate::plain::{Plain, PlainId};
use crate::rights::Rights;
use crate::seeds::Bytes;
use crate::topics::{Assignment, Assignments, Topic, TopicId};
use crate::words::Language;

pub use links::{Fixed, Resolved};
pub use related::{Reason, Related};

/// Something that has a page of its own and can be linked to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// An article.
    Article(ArticleId),
    /// A topic.
    Topic(TopicId),
    /// A page the curator wrote.
    Plain(PlainId),
    /// A page every site has.
    Fixed(Fixed),
}

impl Node {
    /// Where its page is.
    pub fn address(&self) -> Address {
        match self {
            Node::Article(id) => Address::folder(&format!("articles/{id}")),
            Node::Topic(id) => Address::folder(&format!("topics/{id}")),
            Node::Plain(id) => Address::folder(id.as_str()),
            Node::Fixed(fixed) => fixed.address(),
        }
    }
}

/// An article that mentions another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlink {
    /// The citing article.
    pub from: ArticleId,
    /// The id of the passage there that holds the link.
    pub passage: String,
    /// The sentence around the link, cut in three: before it, its own words, after it.
    pub sentence: [String; 3],
}

/// All articles and topics, and how they hang together.
#[derive(Debug)]
pub struct Graph {
    /// The articles, by id; drafts only where they were asked for.
    pub articles: BTreeMap<ArticleId, Article>,
    /// The topics, by id.
    pub topics: BTreeMap<TopicId, Topic>,
    /// The curator's other pages, by id.
    pub plains: BTreeMap<PlainId, Plain>,
    assignments: Assignments,
    links: BTreeMap<Node, Vec<Resolved>>,
    pictures: BTreeMap<Node, Vec<Resolved>>,
    backlinks: BTreeMap<ArticleId, Vec<Backlink>>,
    related: BTreeMap<ArticleId, Vec<Related>>,
    summaries: BTreeMap<ArticleId, String>,
}

/// Joins everything the curator has into a graph. Links that lead nowhere are reported, and pictures that aren't there.
///
/// `files` are the addresses of files published as they are, `beside` the files beside the texts.
pub fn join(
    articles: Vec<Article>,
    topics: Vec<Topic>,
    plains: Vec<Plain>,
    assignments: Assignments,
    files: &[Address],
    beside: &BTreeMap<SitePath, Bytes>,
    language: &Language,
) -> (Graph, Diagnostics) {
    let terms = terms::Terms::of(&articles, language);
    let related = related::related(&articles, &terms, &assignments, &topics);
    let summaries = summary::summaries(&articles, &terms, language);
    let mut graph = Graph {
        articles: articles.into_iter().map(|article| (article.id.clone(), article)).collect(),
        topics: topics.into_iter().map(|topic| (topic.id.clone(), topic)).collect(),
        plains: plains.into_iter().map(|plain| (plain.id.clone(), plain)).collect(),
        assignments,
        links: BTreeMap::new(),
        pictures: BTreeMap::new(),
        backlinks: BTreeMap::new(),
        related,
        summaries,
    };
    let (links, pictures, found) = links::resolve(&graph, files, beside);
    graph.backlinks = links::backlinks(&graph, &links);
    graph.links = links;
    graph.pictures = pictures;
    (graph, found)
}

impl Graph {
    /// Everything that has a text of its own.
    pub fn bodies(&self) -> impl Iterator<Item = (Node, &Body)> {
        let articles = self.articles.values().map(|one| (Node::Article(one.id.clone()), &one.body));
        let topics = self.topics.values().map(|one| (Node::Topic(one.id.clone()), &one.body));
        let plains = self.plains.values().map(|one| (Node::Plain(one.id.clone()), &one.body));
        articles.chain(topics).chain(plains)
    }

    /// An article's topics, strongest first.
    pub fn assignments(&self, id: &ArticleId) -> &[Assignment] {
        self.assignments.get(id).map_or(&[], Vec::as_slice)
    }

    /// A topic's articles with their assignment, strongest first.
    pub fn members(&self, id: &TopicId) -> Vec<(&Article, &Assignment)> {
        let mut members: Vec<(&Article, &Assignment)> = self
            .articles
            .values()
            .filter_map(|article| {
                let assignment = self.assignments(&article.id).iter().find(|one| one.topic == *id)?;
                Some((article, assignment))
            })
            .collect();
        members.sort_by(|(a, left), (b, right)| {
            right.score.total_cmp(&left.score).then_with(|| a.id.cmp(&b.id))
        });
        members
    }

    /// Where the links of a body lead, in the order of [`Body::links`].
    pub fn links(&self, node: &Node) -> &[Resolved] {
        self.links.get(node).map_or(&[], Vec::as_slice)
    }

    /// What the pictures of a body are, in the order of [`Body::pictures`].
    pub fn pictures(&self, node: &Node) -> &[Resolved] {
        self.pictures.get(node).map_or(&[], Vec::as_slice)
    }

    /// The files beside texts that a published text links to or shows: where each is published, and its path.
    pub fn beside(&self) -> BTreeSet<(&Address, &SitePath)> {
        let is_published = |node: &Node| match node {
            Node::Article(id) => self.articles.get(id).is_some_and(|article| article.rights == Rights::Full),
            Node::Topic(_) | Node::Plain(_) | Node::Fixed(_) => true,
        };
        let nodes = self.links.iter().chain(&self.pictures).filter(|(node, _)| is_published(node));
        nodes
            .flat_map(|(_, resolved)| resolved)
            .filter_map(|resolved| match resolved {
                Resolved::Beside(address, path) => Some((address, path)),
                Resolved::To(..) | Resolved::File(_) | Resolved::External(_) | Resolved::Nowhere => None,
            })
            .collect()
    }

    /// The articles that mention this one, by id.
    pub fn backlinks(&self, id: &ArticleId) -> &[Backlink] {
        self.backlinks.get(id).map_or(&[], Vec::as_slice)
    }

    /// The articles nearest to this one, nearest first, each with its reasons.
    pub fn related(&self, id: &ArticleId) -> &[Related] {
        self.related.get(id).map_or(&[], Vec::as_slice)
    }

    /// What an article says, in a sentence or two: the curator's description, else its own sentences.
    ///
    /// Of an article whose text is not published only the curator's description is given.
    pub fn summary(&self, article: &Article) -> Option<String> {
        let own = || self.summaries.get(&article.id).filter(|_| article.rights != Rights::Link).cloned();
        article.description.clone().or_else(own)
    }
}
