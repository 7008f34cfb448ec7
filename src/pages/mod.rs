//! Pages: what each address of the public site shows.
//!
//! In: the settings, the graph and the account of the import. Out: a [`Composed`] for every address, each a
//! value its template needs nothing besides. Pages do not know files, and templates do not know the graph.

mod article;
mod card;
mod collection;
pub mod described;
mod drawing;
mod evidence;
mod feed;
mod index;
mod linked_data;
mod lists;
pub mod page;
mod path;
mod picture;
mod quoted;
mod search;
mod seen;
mod source;
mod timeline;
mod topic;

use rayon::prelude::*;

use crate::address::Address;
use crate::articles::Article;
use crate::config::Config;
use crate::graph::{Fixed, Graph, Node};
use crate::import::Import;
use crate::path::SitePath;
use crate::pictures::Variants;
use crate::plain::{Plain, PlainId};
use crate::seeds::Bytes;
use crate::text::Span;
use crate::wording::Wording;
use page::{Frame, Head, Link, Page, PlainPage, RedirectPage, Shows};

pub use article::excerpt;
pub use feed::{FEED_ENTRIES, SITEMAP_PAGES};

/// Something to publish, and what it was made from.
#[derive(Debug, Clone)]
pub struct Composed {
    /// Where it is published.
    pub address: Address,
    /// What it was made from.
    pub from: From,
    /// What is published there.
    pub content: Content,
}

/// What something published was made from.
#[derive(Debug, Clone, PartialEq)]
pub enum From {
    /// A text of the curator's.
    Text(Span),
    /// A file that is published as it is.
    File(SitePath),
    /// The site as a whole.
    Site,
}

/// What is published at an address.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A page, drawn by its template.
    Page(Box<Page>),
    /// Bytes as they are.
    Bytes(Bytes),
}

/// All that composing looks at.
#[derive(Clone, Copy)]
struct Composer<'a> {
    config: &'a Config,
    wording: &'a Wording,
    graph: &'a Graph,
    import: &'a Import,
    variants: &'a Variants,
}

/// Composes every page of the site.
pub fn compose(
    config: &Config,
    wording: &Wording,
    graph: &Graph,
    import: &Import,
    variants: &Variants,
) -> Vec<Composed> {
    let composer = Composer { config, wording, graph, import, variants };
    let articles: Vec<_> = graph.articles.values().collect();
    let mut composed: Vec<Composed> =
        articles.par_iter().flat_map_iter(|article| composer.article_pages(article)).collect();
    composed.extend(graph.topics.values().flat_map(|topic| composer.topic_pages(topic)));
    composed.extend(
        graph.plains.values().filter(|plain| plain.id != PlainId::about()).map(|plain| composer.plain(plain)),
    );
    composed.extend(graph.paths.values().map(|path| composer.path(path)));
    composed.extend(composer.collection_pages());
    composed.extend(composer.concept_pages());
    composed.extend(composer.author_pages());
    composed.extend(composer.card_of_site());
    let former = composer.former_addresses(&composed);
    composed.extend(former);
    let sitemaps = composer.sitemaps(&composed);
    composed.extend(sitemaps);
    composed
}

/// Composes what one article has pages for: all that is published below its own address.
pub fn compose_article(
    config: &Config,
    wording: &Wording,
    graph: &Graph,
    import: &Import,
    variants: &Variants,
    article: &Article,
) -> Vec<Composed> {
    Composer { config, wording, graph, import, variants }.article_pages(article)
}

impl Composer<'_> {
    fn page(self, address: Address, from: From, shows: Shows) -> Composed {
        let site = Frame {
            title: self.config.title.clone(),
            language: self.config.language.clone(),
            direction: self.wording.direction(),
            root: address.to_root(),
            fonts: self.config.fonts,
            has_base_url: self.config.base_url.is_some(),
        };
        let content = Content::Page(Box::new(Page { site, page: shows }));
        Composed { address, from, content }
    }

    fn head(self, at: &Address, title: &str, description: Option<String>) -> Head {
        let feed = self.config.base_url.is_some().then(|| Address::file("atom.xml").href_from(at));
        let (title, canonical) = (title.to_owned(), self.absolute(at));
        Head { title, description, canonical, feed, card: self.site_card(), linked_data: None }
    }

    /// A string of the site's own to which nothing is given.
    fn said(self, key: &str) -> String {
        self.wording.say(key, &[])
    }

    fn absolute(self, address: &Address) -> Option<String> {
        self.config.base_url.as_deref().map(|base_url| address.absolute(base_url))
    }

    fn link(self, at: &Address, node: &Node) -> Link {
        let title = match node {
            Node::Article(id) => self.graph.articles[id].title.clone(),
            Node::Topic(id) => self.graph.topics[id].title.clone(),
            Node::Plain(id) => self.graph.plains[id].title.clone(),
            Node::Path(id) => self.graph.paths[id].title.clone(),
            Node::Fixed(Fixed::Front) => self.config.title.clone(),
            Node::Fixed(Fixed::Topics) => self.said("names.topics"),
            Node::Fixed(Fixed::Timeline) => self.said("names.timeline"),
            Node::Fixed(Fixed::Graph) => self.said("names.graph"),
            Node::Fixed(Fixed::Search) => self.said("names.search"),
            Node::Fixed(Fixed::About) => self.said("names.about"),
            Node::Fixed(Fixed::Paths) => self.said("names.paths"),
            Node::Fixed(Fixed::Concepts) => self.said("names.index"),
            Node::Fixed(Fixed::Figures) => self.said("names.figures"),
            Node::Fixed(Fixed::Authors) => self.said("names.authors"),
        };
        Link { title, href: node.address().href_from(at) }
    }

    fn plain(self, plain: &Plain) -> Composed {
        let node = Node::Plain(plain.id.clone());
        let at = node.address();
        let body_html = self.html(&at, &node, &plain.body);
        let head = self.head(&at, &plain.title, plain.description.clone());
        let from = From::Text(plain.text.span(0..0));
        self.page(at, from, Shows::Plain(PlainPage { head, body_html }))
    }

    /// A page at an old address that leads to the new one.
    fn redirect(self, old: Address, from: Span, to: &Node) -> Composed {
        let target = self.link(&old, to);
        let mut head = self.head(&old, &target.title, None);
        head.canonical = self.absolute(&to.address());
        self.page(old, From::Text(from), Shows::Redirect(RedirectPage { head, target }))
    }
}
