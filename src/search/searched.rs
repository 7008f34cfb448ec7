//! What can be found of an article: what its page shows, and no more.
//!
//! In: the graph. Out: a [`Searched`] for each article.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::address::Address;
use crate::articles::Article;
use crate::graph::{Graph, Node};
use crate::markdown::Passage;
use crate::memo::Key;
use crate::pages::excerpt;
use crate::rights::Rights;
use crate::text::Words;
use crate::wording::Wording;

/// What can be found of an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Searched {
    pub(super) title: String,
    /// Its page, from the site's root.
    pub(super) href: String,
    /// Its date in words; empty where none is known.
    pub(super) date: String,
    pub(super) topics: Vec<Topic>,
    pub(super) authors: Vec<String>,
    /// The names of its concepts, in all ways in which the articles write them.
    pub(super) concepts: Vec<String>,
    /// What stands before its text: its description.
    pub(super) lead: Option<Passage>,
    #[serde(serialize_with = "each")]
    pub(super) body: Arc<[Passage]>,
}

fn each<S: Serializer>(passages: &[Passage], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(passages)
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Topic {
    pub slug: String,
    pub title: String,
}

impl Searched {
    /// What everything that is found of it alone depends on.
    pub(super) fn key(&self) -> Key {
        let _held = self.hold();
        Key::of_value(self)
    }

    /// The text that the passages are of, to be held while they are read one after the other.
    pub(super) fn hold(&self) -> Option<Words<'_>> {
        self.passages().find_map(|passage| passage.text.hold())
    }

    /// All that is said in it, in order.
    pub(super) fn passages(&self) -> impl Iterator<Item = &Passage> + Clone {
        self.lead.iter().chain(self.body.iter())
    }

    pub(super) fn of(graph: &Graph, wording: &Wording, article: &Article) -> Searched {
        let passage = |text: &str| Passage { id: "".into(), text: text.into(), is_heading: false };
        let body: Arc<[Passage]> = match article.rights {
            Rights::Full => article.body.passages.clone(),
            Rights::Excerpt => Arc::new([passage(&excerpt(article))]),
            Rights::Link => Arc::default(),
        };
        let topics = graph
            .assignments(&article.id)
            .iter()
            .map(|one| Topic { slug: one.topic.to_string(), title: graph.topics[&one.topic].title.clone() });
        // The index of concepts tells of what is published whole.
        let is_full = article.rights == Rights::Full;
        let concepts = graph.concepts.of(&article.id).filter(|_| is_full);
        let names = concepts.flat_map(|concept| std::iter::once(&concept.name).chain(&concept.also));
        Searched {
            title: article.title.clone(),
            href: Node::Article(article.id.clone()).address().href_from(&Address::folder("")),
            date: article.date.map(|date| wording.date(date)).unwrap_or_default(),
            topics: topics.collect(),
            authors: article.authors.clone(),
            concepts: names.cloned().collect(),
            lead: article.description.as_deref().map(passage),
            body,
        }
    }
}
