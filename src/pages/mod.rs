//! Pages: what each address of the public site shows.
//!
//! In: the settings, the graph and the account of the import. Out: a [`Composed`] for every address, each a
//! value its template needs nothing besides. Pages do not know files, and templates do not know the graph.
//! What articles have is composed when it is asked for, and never all at once: it is as much as all they say.

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

use std::borrow::Cow;

use rayon::prelude::*;

use crate::Joined;
use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::config::Config;
use crate::graph::{Fixed, Graph, Node, Revised};
use crate::import::Import;
use crate::markdown::Body;
use crate::path::SitePath;
use crate::pictures::Variants;
use crate::plain::{Plain, PlainId};
use crate::rights::Rights;
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
    /// What an article has there, composed when somebody asks ([`Composer::content`]).
    OfArticle(ArticleId, Part),
}

impl Content {
    /// Where a page of an article has its text.
    fn body_html(&mut self) -> Option<&mut String> {
        let Content::Page(page) = self else { return None };
        match &mut page.page {
            Shows::Article(page) => Some(&mut page.body_html),
            Shows::Source(page) => Some(&mut page.body_html),
            _ => None,
        }
    }

    /// Puts there what is made of the text of an article that is published whole, as seen from this part of it.
    fn put_text(
        &mut self,
        article: &Article,
        part: Part,
        make: impl FnOnce(&Address, &Node, &Body) -> String,
    ) {
        if let (Rights::Full, Some(html)) = (article.rights, self.body_html()) {
            *html = make(&part.address(&article.id), &Node::Article(article.id.clone()), &article.body);
        }
    }

    /// Puts the hash of a seed where a page says something that is read of it.
    fn name_seed(&mut self, hash: &str) {
        let Content::Page(page) = self else { return };
        if let Shows::Article(page) = &mut page.page {
            page.provenance.removed = Some(hash.to_owned());
        }
    }
}

/// What an article has at addresses of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its page.
    Page,
    /// The picture by which it is known where its address is shared.
    Card,
    /// Its text as Markdown.
    Twin,
    /// Its seed, and what was done to it.
    Source,
}

/// All that composing looks at.
#[derive(Clone, Copy)]
pub struct Composer<'a> {
    config: &'a Config,
    wording: &'a Wording,
    graph: &'a Graph,
    import: &'a Import,
    variants: &'a Variants,
    /// An article as it was edited since.
    revised: Option<&'a Revised>,
}

impl<'a> Composer<'a> {
    /// Who composes the pages of a site with these pictures.
    pub fn of(joined: &'a Joined, variants: &'a Variants) -> Composer<'a> {
        let Joined { config, wording, graph, import, .. } = joined;
        Composer { config, wording, graph, import, variants, revised: None }
    }

    /// The same, with an article as it was edited since.
    #[must_use]
    pub fn with(self, revised: &'a Revised) -> Composer<'a> {
        Composer { revised: Some(revised), ..self }
    }

    /// Everything the site publishes of its own. What articles have is only named.
    pub fn compose(self) -> Vec<Composed> {
        let Composer { graph, .. } = self;
        // Each is composed beside the others.
        let of_kinds: [&(dyn Fn() -> Vec<Composed> + Sync); 7] = [
            &|| graph.articles.values().flat_map(|article| self.article_pages(article)).collect(),
            &|| graph.topics.par_iter().flat_map(|(_, topic)| self.topic_pages(topic)).collect(),
            &|| {
                let plains = graph.plains.values().filter(|plain| plain.id != PlainId::about());
                plains.map(|plain| self.plain(plain)).collect()
            },
            &|| graph.paths.values().map(|path| self.path(path)).collect(),
            &|| self.collection_pages(),
            &|| self.concept_pages(),
            &|| self.author_pages(),
        ];
        let composed: Vec<Vec<Composed>> = of_kinds.par_iter().map(|of_kind| of_kind()).collect();
        let mut composed: Vec<Composed> = composed.into_iter().flatten().collect();
        composed.extend(self.card_of_site());
        let former = self.former_addresses(&composed);
        composed.extend(former);
        let sitemaps = self.sitemaps(&composed);
        composed.extend(sitemaps);
        composed
    }

    /// What is published, composed now where it was only named; `None` where the article does not have it.
    pub fn content(self, content: &Content) -> Option<Cow<'_, Content>> {
        let brief = self.brief(content)?;
        Some(self.completed(content, brief))
    }

    /// The same without what takes long: what is read of an article's seed, which stands there by its hash, the article's text,
    /// which stands there by the key of what its HTML is made from, and what it quotes, by the key of the text quoted. As long as
    /// briefs are equal, so are contents; and most pages are drawn already.
    pub fn brief(self, content: &Content) -> Option<Cow<'_, Content>> {
        let Content::OfArticle(id, part) = content else { return Some(Cow::Borrowed(content)) };
        let article = self.named(id)?;
        let mut brief = self.part(article, *part)?;
        brief.put_text(article, *part, |at, node, body| self.html_key(at, node, body));
        match self.account(article) {
            Some((seed, account)) if !account.is_told_by_hash(seed) => self.with_seed(article, &mut brief),
            Some((_, account)) => brief.name_seed(&account.hash),
            None => {}
        }
        Some(Cow::Owned(brief))
    }

    /// A content of which the brief is known, in full.
    pub fn completed<'b>(self, content: &Content, mut brief: Cow<'b, Content>) -> Cow<'b, Content> {
        if let Content::OfArticle(id, part) = content
            && let Some(article) = self.named(id)
        {
            let _held = article.text.read();
            let brief = brief.to_mut();
            brief.put_text(article, *part, |at, node, body| self.html(at, node, body));
            self.with_quotations(article, brief);
            self.with_seed(article, brief);
        }
        brief
    }

    fn named(&self, id: &ArticleId) -> Option<&'a Article> {
        let revised = self.revised.map(|revised| &revised.article).filter(|article| article.id == *id);
        revised.or_else(|| self.graph.articles.get(id))
    }

    fn page(self, address: Address, from: From, shows: Shows) -> Composed {
        let content = self.framed(&address, shows);
        Composed { address, from, content }
    }

    fn framed(self, address: &Address, shows: Shows) -> Content {
        let site = Frame {
            title: self.config.title.clone(),
            language: self.config.language.clone(),
            direction: self.wording.direction(),
            root: address.to_root(),
            fonts: self.config.fonts,
            has_base_url: self.config.base_url.is_some(),
        };
        Content::Page(Box::new(Page { site, page: shows }))
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
