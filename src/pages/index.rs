//! Lists letter by letter: the index of concepts, and the authors.

use std::collections::BTreeMap;

use super::lists::newest_first;
use super::page::{AuthorPage, IndexEntry, IndexPage, Letter, Link, Shows};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::authors::Author;
use crate::graph::concepts::{Concept, letters};
use crate::graph::{Fixed, Node};

/// With more entries than this, a letter has its own page.
const ONE_PAGE: usize = 400;

/// How many places an entry of the index names; its page has the others.
const PLACES: usize = 3;

/// How many articles an author's page lists, at most; the timeline has all.
const LISTED: usize = 200;

impl Composer<'_> {
    /// The index.
    pub(super) fn concept_index(self) -> Vec<Composed> {
        let entries: Vec<(String, &Concept)> =
            self.graph.concepts.all.iter().map(|one| (letters(&one.name), one)).collect();
        let sentence = self.wording.count("index.concepts", entries.len(), &[]);
        self.index(Fixed::Concepts, &sentence, &entries, |at, concept| self.concept_entry(at, concept))
    }

    fn concept_entry(self, at: &Address, concept: &Concept) -> IndexEntry {
        let href = concept.has_page().then(|| concept.id.address().href_from(at));
        let places: Vec<Link> = concept.articles.iter().take(PLACES).map(|one| self.place(at, one)).collect();
        let more = concept.articles.len() - places.len();
        let facts = (more > 0).then(|| self.wording.count("index.more", more, &[]));
        IndexEntry { title: concept.name.clone(), href, facts, places }
    }

    /// The authors, and a page for each.
    pub(super) fn author_pages(self) -> Vec<Composed> {
        let authors = &self.graph.authors.all;
        let entries: Vec<(String, &Author)> = authors.iter().map(|one| (letters(&one.name), one)).collect();
        let sentence = self.wording.count("index.authors", authors.len(), &[]);
        let mut composed = self.index(Fixed::Authors, &sentence, &entries, |at, author| IndexEntry {
            title: author.name.clone(),
            href: Some(author.id.address().href_from(at)),
            facts: Some(self.articles(author.articles.len())),
            places: Vec::new(),
        });
        composed.extend(authors.iter().map(|author| self.author(author)));
        composed
    }

    fn author(self, author: &Author) -> Composed {
        let at = author.id.address();
        let mut wrote: Vec<&Article> = author.articles.iter().map(|id| &self.graph.articles[id]).collect();
        newest_first(&mut wrote);
        let description = self.wording.count("index.by_author", wrote.len(), &[("name", &author.name)]);
        let page = AuthorPage {
            head: self.head(&at, &author.name, Some(description)),
            count: wrote.len(),
            up: self.link(&at, &Node::Fixed(Fixed::Authors)),
            articles: wrote.iter().take(LISTED).map(|article| self.entry(&at, article, None)).collect(),
            more: wrote.len().saturating_sub(LISTED),
        };
        self.page(at, From::Site, Shows::Author(page))
    }

    /// A list letter by letter, given in that order: on one page, or on a page a letter.
    fn index<T>(
        self,
        fixed: Fixed,
        sentence: &str,
        entries: &[(String, &T)],
        entry: impl Fn(&Address, &T) -> IndexEntry,
    ) -> Vec<Composed> {
        if entries.is_empty() {
            return Vec::new();
        }
        let mut by_letter: BTreeMap<Option<char>, Vec<&T>> = BTreeMap::new();
        for (letters, one) in entries {
            by_letter
                .entry(letters.chars().next().filter(|letter| letter.is_alphabetic()))
                .or_default()
                .push(*one);
        }
        let is_parted = entries.len() > ONE_PAGE;
        let home = fixed.address();
        let title = self.link(&home, &Node::Fixed(fixed)).title;
        let own = |id: &str| Address::folder(&format!("{}letter/{id}", home.short()));
        let letter = |at: &Address, letter: Option<char>, of: &[&T], is_here: bool| {
            let id = letter.map_or("0-9".to_owned(), String::from);
            Letter {
                letter: letter.map_or("0–9".to_owned(), |letter| letter.to_uppercase().collect()),
                href: if is_parted { own(&id).href_from(at) } else { format!("#letter_{id}") },
                id,
                count: of.len(),
                entries: if is_here { of.iter().map(|one| entry(at, one)).collect() } else { Vec::new() },
            }
        };
        let page = IndexPage {
            head: self.head(&home, &title, Some(sentence.to_owned())),
            sentence: sentence.to_owned(),
            letters: by_letter.iter().map(|(one, of)| letter(&home, *one, of, !is_parted)).collect(),
            up: None,
        };
        let mut composed = vec![self.page(home.clone(), From::Site, Shows::Index(page))];
        for (one, of) in by_letter.iter().filter(|_| is_parted) {
            let at = own(&one.map_or("0-9".to_owned(), String::from));
            let here = letter(&at, *one, of, true);
            let page = IndexPage {
                head: self.head(
                    &at,
                    &self.wording.say("marks.titled", &[("title", &title), ("part", &here.letter)]),
                    Some(sentence.to_owned()),
                ),
                sentence: String::new(),
                letters: vec![here],
                up: Some(self.link(&at, &Node::Fixed(fixed))),
            };
            composed.push(self.page(at, From::Site, Shows::Index(page)));
        }
        composed
    }
}
