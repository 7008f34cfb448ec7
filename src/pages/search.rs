//! The search page, and what tells browsers of it.

use super::page::{OpenSearchPage, SearchPage, SearchTopic, Shows};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::{Fixed, Node};

/// Up to so many articles are listed by title. More would make a page nobody reads; the timeline has them all.
const LISTED: usize = 300;

impl Composer<'_> {
    pub(super) fn search(self, at: &Address) -> SearchPage {
        let topics = self.graph.topics.values().map(|topic| SearchTopic {
            title: topic.title.clone(),
            href: Node::Topic(topic.id.clone()).address().href_from(at),
            slug: topic.id.to_string(),
        });
        let count = self.graph.articles.len();
        let listed = if count > LISTED { 0 } else { count };
        let mut articles: Vec<&Article> = self.graph.articles.values().take(listed).collect();
        articles.sort_by_key(|article| (article.title.to_lowercase(), article.id.clone()));
        SearchPage {
            head: self.head(at, &self.said("names.search"), Some(self.said("search.description"))),
            topics: topics.collect(),
            concepts: self.graph.has(Fixed::Concepts).then(|| Fixed::Concepts.address().href_from(at)),
            articles: articles.into_iter().map(|article| self.entry(at, article, None)).collect(),
            count,
        }
    }

    /// Browsers ask by absolute address, so it exists only where the site has a `base_url`.
    pub(super) fn opensearch(self) -> Option<Composed> {
        let page = OpenSearchPage {
            search: self.absolute(&Fixed::Search.address())?,
            root: self.config.base_url.clone()?,
        };
        Some(self.page(Address::file("opensearch.xml"), From::Site, Shows::OpenSearch(page)))
    }
}
