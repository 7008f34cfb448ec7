//! The graph: who links to whom, who is related to whom and why, what each article says in a sentence.
//!
//! In: articles, topics, assignments and the curator's other pages. Out: a [`Graph`] that answers every
//! question a page asks about its neighbours. Everybody exists before anybody links.

pub mod authors;
pub mod concepts;
pub mod figures;
mod links;
mod nearness;
mod reading;
mod related;
mod revise;
mod sections;
mod sizes;
mod steps;
mod summary;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::diagnostic::Diagnostics;
use crate::markdown::{Body, Passage, Size};
use crate::meaning;
use crate::memo::Shelf;
use crate::near_duplicates::Group;
use crate::path::SitePath;
use crate::plain::{Plain, PlainId};
use crate::reading_paths::{PathId, ReadingPath};
use crate::rights::Rights;
use crate::seeds::Bytes;
use crate::timings::Timings;
use crate::topics::{Assignment, Assignments, Topic, TopicId};
use crate::words::Language;
use authors::Authors;
use concepts::{Concepts, Decisions};
use figures::Figure;
use terms::Said;

pub(crate) use links::sentence_around;
pub use links::{Fixed, Resolved};
pub use related::{Reason, Related};
pub use revise::Revised;
pub use sections::Section;
pub use steps::{Step, suggest};

/// Something that has a page of its own and can be linked to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// An article.
    Article(ArticleId),
    /// A topic.
    Topic(TopicId),
    /// A page the curator wrote.
    Plain(PlainId),
    /// A reading path.
    Path(PathId),
    /// A page about the collection.
    Fixed(Fixed),
}

impl Node {
    /// Where its page is.
    pub fn address(&self) -> Address {
        match self {
            Node::Article(id) => Address::folder(&format!("articles/{id}")),
            Node::Topic(id) => Address::folder(&format!("topics/{id}")),
            Node::Plain(id) => Address::folder(id.as_str()),
            Node::Path(id) => Address::folder(&format!("paths/{id}")),
            Node::Fixed(fixed) => fixed.address(),
        }
    }
}

/// An article that mentions another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlink {
    /// The citing article.
    pub from: ArticleId,
    /// The link there that mentions it, by its place in [`Body::links`].
    link: usize,
}

impl Backlink {
    /// Which of the links of the citing article's text it is, from 0.
    pub fn link(&self) -> usize {
        self.link
    }
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
    sections: BTreeMap<(Node, usize), Section>,
    sizes: BTreeMap<Address, Size>,
    backlinks: BTreeMap<ArticleId, Vec<Backlink>>,
    related: BTreeMap<ArticleId, Vec<Related>>,
    summaries: BTreeMap<ArticleId, String>,
    /// The reading paths, by id.
    pub paths: BTreeMap<PathId, ReadingPath>,
    /// The names and terms that recur.
    pub concepts: Concepts,
    /// Who wrote the articles.
    pub authors: Authors,
    figures: BTreeMap<ArticleId, Vec<Figure>>,
    steps: BTreeMap<PathId, Vec<ArticleId>>,
    places: BTreeMap<ArticleId, Vec<Step>>,
}

/// Everything the curator has that has a text of its own.
#[derive(Debug, Default)]
pub struct Texts {
    /// The articles.
    pub articles: Vec<Article>,
    /// Which of them are the same piece.
    pub near_duplicates: Vec<Group>,
    /// The topics.
    pub topics: Vec<Topic>,
    /// The other pages.
    pub plains: Vec<Plain>,
    /// The reading paths.
    pub paths: Vec<ReadingPath>,
}

/// What joining works with.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The site's language.
    pub language: &'a Language,
    /// Where what was found of each article is kept.
    pub shelf: &'a Shelf,
    /// Who is told how long each phase takes.
    pub timings: &'a Timings,
}

/// Joins everything the curator has into a graph. Links that lead nowhere are reported, and pictures that aren't there.
///
/// `files` are those published as they are, with their addresses, `beside` the files beside the texts.
pub fn join(
    texts: Texts,
    assignments: Assignments,
    decisions: &Decisions,
    files: &[(SitePath, Address, Bytes)],
    beside: &BTreeMap<SitePath, Bytes>,
    means: &Means<'_>,
) -> (Graph, Diagnostics) {
    let Means { language, shelf, timings } = *means;
    let Texts { articles, near_duplicates, topics, plains, paths } = texts;
    let count = articles.len();
    let (concepts, mut found) =
        timings.time("concepts", count, || concepts::find(&articles, decisions, language, shelf));
    let (said, summaries) = timings.time("words", count, || told(&articles, language, shelf));
    let known = timings.time("terms", count, || terms::known(said));
    let related = timings.time("related", count, || {
        related::related(&articles, &near_duplicates, &known, &concepts, &assignments, &topics)
    });
    // Nobody asks for either again.
    drop(known);
    meaning::forget();
    let authors = timings.time("authors", count, || Authors::of(&articles));
    let figures = timings.time("figures", count, || figures::figures(&articles, shelf));
    let mut graph = Graph {
        articles: articles.into_iter().map(|article| (article.id.clone(), article)).collect(),
        topics: topics.into_iter().map(|topic| (topic.id.clone(), topic)).collect(),
        plains: plains.into_iter().map(|plain| (plain.id.clone(), plain)).collect(),
        assignments,
        links: BTreeMap::new(),
        pictures: BTreeMap::new(),
        sections: BTreeMap::new(),
        sizes: BTreeMap::new(),
        backlinks: BTreeMap::new(),
        related,
        summaries,
        paths: paths.into_iter().map(|path| (path.id.clone(), path)).collect(),
        concepts,
        authors,
        figures,
        steps: BTreeMap::new(),
        places: BTreeMap::new(),
    };
    let files: BTreeMap<&Address, &Bytes> =
        files.iter().map(|(_, address, bytes)| (address, bytes)).collect();
    let (links, pictures, problems) = timings.time("links", count, || links::resolve(&graph, &files, beside));
    found.extend(problems);
    graph.sections = found.take(sections::find(&graph, &links));
    graph.sizes = sizes::of(&pictures, &files, beside);
    graph.backlinks = timings.time("backlinks", count, || links::backlinks(&graph, &links));
    graph.links = links;
    graph.pictures = pictures;
    graph.steps = found.take(steps::steps(&graph));
    graph.places = steps::places(&graph.steps);
    (graph, found)
}

/// What is told of an article by its words alone.
#[derive(Clone, Serialize, Deserialize)]
struct Told {
    said: Said,
    summary: Option<String>,
}

/// What every article says, in their order, and the summaries of those that have a sentence to give.
fn told(
    articles: &[Article],
    language: &Language,
    shelf: &Shelf,
) -> (Vec<Said>, BTreeMap<ArticleId, String>) {
    let told = shelf.of_each(
        "told",
        articles,
        |article| article.key_in(language),
        |article| {
            let texts = article.texts();
            let readings = reading::read(&texts, language);
            let (summary, sum) = summary::summary(article, &readings);
            Told { said: terms::said(&readings, &sum), summary }
        },
    );
    let (said, summaries): (Vec<Said>, Vec<Option<String>>) =
        told.into_iter().map(|told| (told.said, told.summary)).unzip();
    let ids = articles.iter().map(|article| article.id.clone());
    (said, ids.zip(summaries).filter_map(|(id, summary)| Some((id, summary?))).collect())
}

impl Graph {
    /// Everything that has a text of its own.
    pub fn bodies(&self) -> impl Iterator<Item = (Node, &Body)> {
        let articles = self.articles.values().map(|one| (Node::Article(one.id.clone()), &one.body));
        let topics = self.topics.values().map(|one| (Node::Topic(one.id.clone()), &one.body));
        let plains = self.plains.values().map(|one| (Node::Plain(one.id.clone()), &one.body));
        let paths = self.paths.values().map(|one| (Node::Path(one.id.clone()), &one.body));
        articles.chain(topics).chain(plains).chain(paths)
    }

    /// The text of a page.
    pub fn body(&self, node: &Node) -> Option<&Body> {
        match node {
            Node::Article(id) => self.articles.get(id).map(|one| &one.body),
            Node::Topic(id) => self.topics.get(id).map(|one| &one.body),
            Node::Plain(id) => self.plains.get(id).map(|one| &one.body),
            Node::Path(id) => self.paths.get(id).map(|one| &one.body),
            Node::Fixed(_) => None,
        }
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

    /// What is shown in the place of a link of a body; `None` where the link itself is.
    pub fn section(&self, node: &Node, link: usize) -> Option<&Section> {
        self.sections.get(&(node.clone(), link))
    }

    /// How large the picture at an address is, where its file says so.
    pub fn size(&self, address: &Address) -> Option<Size> {
        self.sizes.get(address).copied()
    }

    /// Whether a text is published in full.
    pub fn is_published(&self, node: &Node) -> bool {
        match node {
            Node::Article(id) => self.articles.get(id).is_some_and(|article| article.rights == Rights::Full),
            Node::Topic(_) | Node::Plain(_) | Node::Path(_) | Node::Fixed(_) => true,
        }
    }

    /// The pictures of this site that a published text shows.
    pub fn shown(&self) -> BTreeSet<&Address> {
        let shown = self.pictures.iter().filter(|(node, _)| self.is_published(node));
        shown
            .flat_map(|(_, resolved)| resolved)
            .filter_map(|resolved| match resolved {
                Resolved::Beside(address, _) | Resolved::File(address) => Some(address),
                Resolved::To(..) | Resolved::External(_) | Resolved::Nowhere => None,
            })
            .collect()
    }

    /// The files beside texts that a published text links to or shows: where each is published, and its path.
    pub fn beside(&self) -> BTreeSet<(&Address, &SitePath)> {
        let nodes = self.links.iter().chain(&self.pictures).filter(|(node, _)| self.is_published(node));
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

    /// Where an article mentions another: the passage, and what is shown of the sentence around the link, cut in three:
    /// before it, its own words, after it.
    pub fn mentioned(&self, backlink: &Backlink) -> Option<(&Passage, [String; 3])> {
        let article = self.articles.get(&backlink.from)?;
        links::mentioned(article, article.body.links.get(backlink.link)?)
    }

    /// The articles nearest to this one, nearest first, each with its reasons.
    pub fn related(&self, id: &ArticleId) -> &[Related] {
        self.related.get(id).map_or(&[], Vec::as_slice)
    }

    /// The sentences of an article whose numbers are worth quoting, in reading order.
    pub fn figures(&self, id: &ArticleId) -> &[Figure] {
        self.figures.get(id).map_or(&[], Vec::as_slice)
    }

    /// The articles of a path, in its order.
    pub fn steps(&self, id: &PathId) -> &[ArticleId] {
        self.steps.get(id).map_or(&[], Vec::as_slice)
    }

    /// The places of an article in paths, by path.
    pub fn places(&self, id: &ArticleId) -> &[Step] {
        self.places.get(id).map_or(&[], Vec::as_slice)
    }

    /// Whether there is anything to show on a page about the collection.
    pub fn has(&self, fixed: Fixed) -> bool {
        match fixed {
            Fixed::Front | Fixed::Topics | Fixed::Timeline | Fixed::Graph | Fixed::Search | Fixed::About => {
                true
            }
            Fixed::Paths => !self.paths.is_empty(),
            Fixed::Concepts => !self.concepts.all.is_empty(),
            Fixed::Figures => !self.figures.is_empty(),
            Fixed::Authors => !self.authors.all.is_empty(),
        }
    }

    /// What an article says, in a sentence or two: the curator's description, else its own sentences.
    ///
    /// Of an article whose text is not published only the curator's description is given.
    pub fn summary(&self, article: &Article) -> Option<String> {
        let own = || self.summaries.get(&article.id).filter(|_| article.rights != Rights::Link).cloned();
        article.description.clone().or_else(own)
    }
}
