//! Feeds, the sitemap and `llms.txt`: what machines read. Feeds and sitemap need absolute addresses, so they
//! exist only where the site has a `base_url`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::page::{FeedEntry, FeedPage, Shows, SitemapEntry, SitemapIndexPage, SitemapPage};
use super::{Composed, Composer, Content, From, Part};
use crate::address::Address;
use crate::articles::Article;
use crate::date::Date;
use crate::graph::{Fixed, Node};
use crate::import::Outcome;
use crate::rights::Rights;

/// How many articles a feed holds.
pub const FEED_ENTRIES: usize = 20;

/// How many pages one sitemap holds at most, by the protocol (sitemaps.org).
pub const SITEMAP_PAGES: usize = 50_000;

/// How many articles `llms.txt` names: about as much as a model reads at once beside its question.
const MODELS_ARTICLES: usize = 200;

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

    /// The newest articles as a JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).
    pub(super) fn json_feed(self, newest: &[&Article]) -> Option<Composed> {
        let base_url = self.config.base_url.as_deref()?;
        let address = Address::file("feed.json");
        let item = |(article, date): (&&Article, Date)| {
            let own = Node::Article(article.id.clone()).address().absolute(base_url);
            let authors = article.authors.iter().map(|name| json!({ "name": name }));
            let topics = self.graph.assignments(&article.id).iter();
            let summary = self.graph.summary(article);
            let mut item = json!({
                "id": own,
                "url": own,
                "title": article.title,
                "content_text": summary.unwrap_or_else(|| article.title.clone()),
                "language": article.language.as_deref().unwrap_or(&self.config.language),
                "authors": authors.collect::<Vec<Value>>(),
                "tags": topics.map(|one| &self.graph.topics[&one.topic].title).collect::<Vec<_>>(),
            });
            if date.day().is_some() {
                item["date_published"] = date.as_timestamp().into();
            }
            if let Some(original) = &article.source.url {
                item["external_url"] = original.as_str().into();
            }
            item
        };
        let dated = newest.iter().filter_map(|article| Some((article, article.date?)));
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.config.title,
            "home_page_url": Node::Fixed(Fixed::Front).address().absolute(base_url),
            "feed_url": address.absolute(base_url),
            "language": self.config.language,
            "items": dated.take(FEED_ENTRIES).map(item).collect::<Vec<Value>>(),
        });
        Some(bytes(address, format!("{feed:#}\n")))
    }

    /// `/llms.txt`: the site for language models, in Markdown, with the way to each article's own Markdown
    /// (<https://llmstxt.org/>).
    pub(super) fn for_models(self, description: &str, newest: &[&Article]) -> Composed {
        let address = Address::file("llms.txt");
        let to = |target: &Address| self.absolute(target).unwrap_or_else(|| target.href_from(&address));
        let line = |title: &str, target: &Address, says: Option<String>| {
            let says = says.map(|says| format!(": {}", in_a_line(&says))).unwrap_or_default();
            format!("- [{}]({}){says}\n", in_a_line(title).replace(['[', ']'], ""), to(target))
        };
        let mut text = format!("# {}\n\n> {}\n", in_a_line(&self.config.title), in_a_line(description));
        if !self.graph.topics.is_empty() {
            text.push_str(&format!("\n## {}\n\n", self.said("names.topics")));
        }
        for topic in self.graph.topics.values() {
            let target = Node::Topic(topic.id.clone()).address();
            text.push_str(&line(&topic.title, &target, topic.description.clone()));
        }
        if !newest.is_empty() {
            text.push_str(&format!("\n## {}\n\n", self.said("names.articles")));
        }
        for article in newest.iter().take(MODELS_ARTICLES) {
            let target = match article.rights {
                Rights::Full => Part::Twin.address(&article.id),
                Rights::Excerpt | Rights::Link => Node::Article(article.id.clone()).address(),
            };
            text.push_str(&line(&article.title, &target, self.graph.summary(article)));
        }
        if newest.len() > MODELS_ARTICLES {
            text.push_str("\n## Optional\n\n");
            let all = self.said("timeline.description");
            text.push_str(&line(all.trim_end_matches('.'), &Node::Fixed(Fixed::Timeline).address(), None));
        }
        bytes(address, text)
    }

    /// The sitemap: all pages people read. One that is too long for a file becomes a list of sitemaps.
    pub(super) fn sitemaps(self, composed: &[Composed]) -> Vec<Composed> {
        let Some(base_url) = self.config.base_url.as_deref() else { return Vec::new() };
        let is_read = |one: &&Composed| match &one.content {
            Content::Page(page) => match page.page {
                Shows::Front(_)
                | Shows::Article(_)
                | Shows::Topics(_)
                | Shows::Topic(_)
                | Shows::Timeline(_)
                | Shows::Graph(_)
                | Shows::Year(_)
                | Shows::Index(_)
                | Shows::Concept(_)
                | Shows::Author(_)
                | Shows::Figures(_)
                | Shows::Paths(_)
                | Shows::Path(_)
                | Shows::About(_)
                | Shows::Plain(_) => true,
                Shows::Source(_)
                | Shows::Redirect(_)
                | Shows::NotFound(_)
                | Shows::Feed(_)
                | Shows::Sitemap(_)
                | Shows::SitemapIndex(_)
                | Shows::Search(_)
                | Shows::OpenSearch(_)
                | Shows::Robots(_)
                | Shows::Card(_) => false,
            },
            Content::OfArticle(_, part) => *part == Part::Page,
            Content::Bytes(_) => false,
        };
        let modified = self.modified();
        let mut pages: Vec<SitemapEntry> = composed
            .iter()
            .filter(is_read)
            .map(|one| SitemapEntry {
                address: one.address.absolute(base_url),
                modified: modified.get(&one.address).cloned(),
            })
            .collect();
        pages.sort();
        self.parted(base_url, pages, SITEMAP_PAGES)
    }

    /// One sitemap, or a list of sitemaps with so many pages each.
    fn parted(self, base_url: &str, pages: Vec<SitemapEntry>, most: usize) -> Vec<Composed> {
        let sitemap = Address::file("sitemap.xml");
        if pages.len() <= most {
            return vec![self.page(sitemap, From::Site, Shows::Sitemap(SitemapPage { pages }))];
        }
        let mut composed: Vec<Composed> = pages
            .chunks(most)
            .enumerate()
            .map(|(index, pages)| {
                let part = Address::file(format!("sitemap-{}.xml", index + 1));
                self.page(part, From::Site, Shows::Sitemap(SitemapPage { pages: pages.to_vec() }))
            })
            .collect();
        let sitemaps = composed.iter().map(|part| part.address.absolute(base_url)).collect();
        composed.push(self.page(sitemap, From::Site, Shows::SitemapIndex(SitemapIndexPage { sitemaps })));
        composed
    }

    /// The day each article last changed: that of its import, where nobody has edited it since.
    fn modified(self) -> BTreeMap<Address, String> {
        let imported = self.graph.articles.values().filter_map(|article| {
            let account = self.import.accounts.get(self.import.seeds.get(article.path())?)?;
            let is_edited = matches!(account.outcome, Outcome::Kept | Outcome::Merged);
            let day = account.imported.filter(|day| !is_edited && day.day().is_some())?;
            Some((Node::Article(article.id.clone()).address(), day.to_string()))
        });
        imported.collect()
    }
}

fn bytes(address: Address, text: String) -> Composed {
    Composed { address, from: From::Site, content: Content::Bytes(text.into_bytes().into()) }
}

/// A text on one line.
fn in_a_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::graph::{self, concepts::Decisions};
    use crate::import::Import;
    use crate::memo::Shelf;
    use crate::timings::Timings;
    use crate::words::Language;

    #[test]
    fn a_long_sitemap_is_parted() {
        let (config, _) = Config::read(None);
        let (language, shelf, timings) = (Language::of("en"), Shelf::default(), Timings::default());
        let means = graph::Means { language: &language, shelf: &shelf, timings: &timings };
        let (graph, _) = graph::join(
            graph::Texts::default(),
            BTreeMap::new(),
            &Decisions::default(),
            &[],
            &BTreeMap::new(),
            &means,
        );
        let import = Import::default();
        let variants = crate::pictures::Variants::default();
        let wording = crate::wording::Wording::english();
        let composer = Composer {
            config: &config,
            wording,
            graph: &graph,
            import: &import,
            variants: &variants,
            revised: None,
        };
        let pages = |count: usize| {
            let entry = |at| SitemapEntry { address: format!("https://e.org/{at}/"), modified: None };
            (0..count).map(entry).collect()
        };
        let files = |count: usize| {
            let parted = composer.parted("https://e.org/", pages(count), 3);
            parted.iter().map(|one| one.address.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(files(3), ["sitemap.xml"]);
        assert_eq!(files(7), ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]);
        let parted = composer.parted("https://e.org/", pages(7), 3);
        let Content::Page(index) = &parted[3].content else { panic!("not a page") };
        let expected = [1, 2, 3].map(|part| format!("https://e.org/sitemap-{part}.xml"));
        assert_eq!(index.page, Shows::SitemapIndex(SitemapIndexPage { sitemaps: expected.into() }));
    }
}
