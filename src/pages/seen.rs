//! Texts as HTML, seen from the page that shows them.
//!
//! In: a text and an address. Out: its HTML, in which links and pictures are relative to the address, and sections of
//! articles stand where the text asks for them.

use std::cell::Cell;

use super::Composer;
use crate::address::Address;
use crate::articles::ArticleId;
use crate::graph::{self, Node, Resolved, Revised};
use crate::markdown::{
    Body, Here, Href, Places, Punctuation, Quotes, Section, Source, Style, html, section_html,
};
use crate::memo::Key;
use crate::topics::Assignment;

/// How deep sections are shown within sections; deeper ones are links.
const DEEPEST_SECTION: usize = 3;

/// How many sections of other texts one text shows; further ones are links.
const MOST_SECTIONS: usize = 100;

/// A text as seen from an address: its own page's, or that of a page that shows a section of it.
#[derive(Clone, Copy)]
struct Seen<'a> {
    composer: Composer<'a>,
    at: &'a Address,
    node: &'a Node,
    /// 0 for the page's own text, one more for each section around it.
    depth: usize,
    /// How many sections the page may still show.
    left: &'a Cell<usize>,
}

impl Places for Seen<'_> {
    fn link(&self, index: usize) -> Href {
        match self.composer.links(self.node).get(index) {
            Some(Resolved::To(to, anchor)) => {
                let is_here = to == self.node && self.depth == 0 && anchor.is_some();
                let page = if is_here { String::new() } else { to.address().href_from(self.at) };
                Href::To(match anchor {
                    // Only a text that is published has the place.
                    Some(anchor) if self.composer.graph.is_published(to) => format!("{page}#{anchor}"),
                    Some(_) | None => page,
                })
            }
            Some(Resolved::File(address) | Resolved::Beside(address, _)) => {
                Href::To(address.href_from(self.at))
            }
            Some(Resolved::External(url)) => Href::To(url.clone()),
            Some(Resolved::Nowhere) | None => Href::Nowhere,
        }
    }

    fn picture(&self, index: usize) -> Source {
        match self.composer.pictures(self.node).get(index) {
            Some(Resolved::File(address) | Resolved::Beside(address, _)) => {
                let variants = self.composer.variants.of(address).iter();
                Source::Here(Here {
                    src: address.href_from(self.at),
                    size: self.composer.graph.size(address),
                    smaller: variants.map(|one| (one.address.href_from(self.at), one.width)).collect(),
                })
            }
            Some(Resolved::External(url)) => Source::Elsewhere(url.clone()),
            Some(Resolved::To(..) | Resolved::Nowhere) | None => Source::Nowhere,
        }
    }

    fn section(&self, index: usize) -> Option<Section> {
        let section = self.composer.section(self.node, index)?;
        let left = self.left.get().checked_sub(1).filter(|_| self.depth < DEEPEST_SECTION)?;
        self.left.set(left);
        let article = self.composer.graph.articles.get(&section.article)?;
        let node = Node::Article(section.article.clone());
        let Href::To(href) = self.link(index) else { return None };
        let seen = Seen { node: &node, depth: self.depth + 1, ..*self };
        let style = self.composer.style(&node);
        let heading = article.body.headings.iter().find(|one| Some(&one.id) == section.anchor.as_ref());
        Some(Section {
            html: section_html(&article.body, section.range.clone(), style, &seen, &href),
            title: match heading {
                Some(heading) => {
                    let given = [("title", article.title.as_str()), ("part", &heading.title)];
                    self.composer.wording.say("marks.titled", &given)
                }
                None => article.title.clone(),
            },
            href,
            language: self.composer.language(&node).to_owned(),
        })
    }
}

impl<'a> Composer<'a> {
    /// Who is looked at, where it was edited since.
    fn revised(self, node: &Node) -> Option<&'a Revised> {
        self.revised.filter(|revised| matches!(node, Node::Article(id) if revised.article.id == *id))
    }

    fn links(self, node: &Node) -> &'a [Resolved] {
        self.revised(node).map_or_else(|| self.graph.links(node), |revised| &revised.links)
    }

    fn pictures(self, node: &Node) -> &'a [Resolved] {
        self.revised(node).map_or_else(|| self.graph.pictures(node), |revised| &revised.pictures)
    }

    fn section(self, node: &Node, link: usize) -> Option<&'a graph::Section> {
        self.graph.section(node, link).filter(|_| self.revised(node).is_none())
    }

    /// The topics of an article.
    pub(super) fn assignments(self, id: &ArticleId) -> &'a [Assignment] {
        let revised = self.revised.filter(|revised| revised.article.id == *id);
        revised.map_or_else(|| self.graph.assignments(id), |revised| &revised.assignments)
    }

    /// A body as HTML, its links and pictures seen from `at`.
    pub(super) fn html(self, at: &Address, node: &Node, body: &Body) -> String {
        let left = Cell::new(MOST_SECTIONS);
        html(body, self.style(node), &Seen { composer: self, at, node, depth: 0, left: &left })
    }

    /// A hash of all that such HTML is made from, in hexadecimal digits: as long as it is the same, so is the HTML.
    pub(super) fn html_key(self, at: &Address, node: &Node, body: &Body) -> String {
        let left = Cell::new(MOST_SECTIONS);
        let seen = Seen { composer: self, at, node, depth: 0, left: &left };
        let Style { wording, punctuation, raw_html } = self.style(node);
        let link = |index| (seen.link(index), seen.section(index));
        let links: Vec<_> = (0..body.links.len()).map(link).collect();
        let pictures: Vec<_> = (0..body.pictures.len()).map(|index| seen.picture(index)).collect();
        Key::of_value(&(body.source(), wording.id(), punctuation, raw_html, links, pictures)).to_string()
    }

    fn style(self, node: &Node) -> Style<'a> {
        let punctuation = if self.config.smart_punctuation {
            Punctuation::Typographic(Quotes::of(self.language(node)))
        } else {
            Punctuation::Typed
        };
        Style { wording: self.wording, punctuation, raw_html: self.config.raw_html }
    }

    /// The language of a text.
    fn language(self, node: &Node) -> &'a str {
        let own = match node {
            Node::Article(id) => {
                let revised = self.revised(node).map(|revised| &revised.article);
                revised
                    .or_else(|| self.graph.articles.get(id))
                    .and_then(|article| article.language.as_deref())
            }
            Node::Topic(_) | Node::Plain(_) | Node::Path(_) | Node::Fixed(_) => None,
        };
        own.unwrap_or(&self.config.language)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::fs;

    use crate::articles::ArticleId;
    use crate::pages::{Composer, Content, Part};
    use crate::path::SitePath;
    use crate::pictures::Variants;
    use crate::{Options, join, seeds};

    #[test]
    fn an_articles_text_is_known_by_what_its_html_is_made_from() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for folder in ["content/articles", "themes/own/i18n"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let write = |path: &str, text: &str| fs::write(root.join(path), text).unwrap();
        let article = |name: &str, title: &str, text: &str| {
            write(
                &format!("content/articles/{name}.md"),
                &format!("+++\ntitle = \"{title}\"\n+++\n{text}\n"),
            );
        };
        let config = |more: &str| {
            write(
                "gleaner.toml",
                &format!("title = \"T\"\ntheme = \"own\"\nsmart_punctuation = true\n{more}"),
            );
        };
        let bed = "## Soil\n\nIt is dark.\n\n## Water\n\nIt is cold.";
        config("");
        article(
            "leeks",
            "Leeks",
            "\"See\" [[Bed]] and [the bed](bed.md#soil).[^1]\n\n![[Bed#Soil]]\n\n[^1]: A note.",
        );
        article("bed", "Bed", bed);
        // The brief and the text of the page, and where the text is in both.
        let page = || {
            let (joined, _) = join(&seeds::read(root).unwrap().0, &Options::default());
            let variants = Variants::default();
            let composer = Composer::of(&joined, &variants);
            let id = ArticleId::of(&SitePath::new("content/articles/leeks.md"));
            let named = Content::OfArticle(id, Part::Page);
            let brief = composer.brief(&named).unwrap().into_owned().body_html().unwrap().clone();
            let full = composer.content(&named).unwrap().into_owned().body_html().unwrap().clone();
            (brief, full)
        };
        let first = page();
        assert!(first.1.contains("It is dark.") && first.0.len() == 32, "{first:?}");
        let mut before = first.clone();
        let mut after = |what: &str, changes: bool| {
            let now = page();
            assert_eq!((now.0 != before.0, now.1 != before.1), (changes, changes), "{what}: {now:?}");
            before = now;
        };
        let leeks = fs::read_to_string(root.join("content/articles/leeks.md")).unwrap();
        write("content/articles/leeks.md", &leeks.replace("+++\n\"", "description = \"D\"\n+++\n\""));
        after("front matter alone", false);
        article("bed", "Bed", &bed.replace("cold", "warm"));
        after("another section", false);
        article("bed", "Bed", &bed.replace("dark", "light"));
        after("the section shown", true);
        article("bed", "Bed", &bed.replace("Soil", "Earth"));
        after("a link that leads nowhere any more", true);
        article("bed", "A Bed", bed);
        after("the title of what is shown", true);
        config("language = \"de\"\n");
        after("quotation marks", true);
        write("themes/own/i18n/de.toml", "[marks]\ntitled = \"{part}: {title}\"\n");
        after("the site's own words", true);
    }
}
