//! Feeds and the sitemap: what machines read. They need absolute addresses, so they exist only where the
//! site has a `base_url`.

use super::page::{FeedEntry, FeedPage, Shows, SitemapPage};
use super::{Composed, Composer, Content, From};
use crate::address::Address;
use crate::articles::Article;
use crate::date::Date;
use crate::graph::Node;

/// How many articles a feed holds.
pub const FEED_ENTRIES: usize = 20;

/// The time Atom demands of a feed, where it has no entries.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

impl Composer<'_> {
    /// The feed of some articles, given newest first.
    pub(super) fn feed(
        self,
        address: Address,
        title: &str,
        home: &Node,
        newest: &[&Article],
    ) -> Option<Composed> {
        let base_url = self.config.base_url.as_deref()?;
        let entry = |(article, date): (&&Article, Date)| FeedEntry {
            title: article.title.clone(),
            address: Node::Article(article.id.clone()).address().absolute(base_url),
            authors: article.authors.clone(),
            published: date.day().is_some().then(|| date.as_timestamp()),
            updated: date.as_timestamp(),
            summary: self.graph.summary(article),
            topics: self
                .graph
                .assignments(&article.id)
                .iter()
                .map(|one| self.graph.topics[&one.topic].title.clone())
                .collect(),
        };
        // A feed tells what is new, and Atom demands a time: of an undated article nobody knows either.
        let dated = newest.iter().filter_map(|article| Some((article, article.date?)));
        let entries: Vec<FeedEntry> = dated.take(FEED_ENTRIES).map(entry).collect();
        let page = FeedPage {
            title: title.to_owned(),
            address: address.absolute(base_url),
            home: home.address().absolute(base_url),
            updated: entries
                .iter()
                .map(|entry| entry.updated.clone())
                .max()
                .unwrap_or_else(|| NO_TIME.into()),
            entries,
        };
        Some(self.page(address, From::Site, Shows::Feed(page)))
    }

    /// The addresses of all pages people read.
    pub(super) fn sitemap(self, composed: &[Composed]) -> Option<Composed> {
        let base_url = self.config.base_url.as_deref()?;
        let is_read = |one: &&Composed| match &one.content {
            Content::Page(page) => match page.page {
                Shows::Front(_)
                | Shows::Article(_)
                | Shows::Topics(_)
                | Shows::Topic(_)
                | Shows::Timeline(_)
                | Shows::About(_)
                | Shows::Plain(_) => true,
                Shows::Source(_)
                | Shows::Redirect(_)
                | Shows::NotFound(_)
                | Shows::Feed(_)
                | Shows::Sitemap(_)
                | Shows::Robots(_) => false,
            },
            Content::Bytes(_) => false,
        };
        let mut addresses: Vec<String> =
            composed.iter().filter(is_read).map(|one| one.address.absolute(base_url)).collect();
        addresses.sort();
        Some(self.page(Address::file("sitemap.xml"), From::Site, Shows::Sitemap(SitemapPage { addresses })))
    }
}
