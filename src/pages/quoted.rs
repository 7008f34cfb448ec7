//! Pages of passages: where the articles speak of a concept, and the sentences with figures.

use super::page::{ConceptPage, FiguresPage, Link, Passage, Quoted, Shows};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::concepts::{Concept, Occurrence};
use crate::graph::figures::Figure;
use crate::graph::{Fixed, Node, sentence_around};
use crate::markdown::escaped;
use crate::rights::Rights;

/// How many articles a concept's page quotes, at most.
const QUOTED: usize = 60;

/// How many sentences the page of figures has, at most: the strongest.
const FIGURES: usize = 200;

/// How many concepts an article names as its entries in the index.
const NAMED: usize = 8;

/// How many other ways to write a concept are named.
const ALSO: usize = 4;

impl Composer<'_> {
    /// The index, and a page for each concept that needs one.
    pub(super) fn concept_pages(self) -> Vec<Composed> {
        let mut composed = self.concept_index();
        let concepts = self.graph.concepts.all.iter().filter(|concept| concept.has_page());
        composed.extend(concepts.map(|concept| self.concept(concept)));
        composed
    }

    fn concept(self, concept: &Concept) -> Composed {
        let at = concept.id.address();
        let number = concept.articles.len();
        let also = &concept.also[..concept.also.len().min(ALSO)];
        let also = (!also.is_empty())
            .then(|| format!(" {}", self.wording.say("index.also", &[("names", &self.wording.list(also))])));
        let also = also.unwrap_or_default();
        let sentence = format!("{}{also}", self.wording.count("index.in_articles", number, &[]));
        let page = ConceptPage {
            head: self.head(
                &at,
                &concept.name,
                Some(format!("{}{also}", self.wording.count("index.spoken_of", number, &[]))),
            ),
            sentence,
            up: self.link(&at, &Node::Fixed(Fixed::Concepts)),
            entries: concept.articles.iter().take(QUOTED).map(|one| self.quoted_concept(&at, one)).collect(),
            more: number.saturating_sub(QUOTED),
        };
        self.page(at, From::Site, Shows::Concept(page))
    }

    fn quoted_concept(self, at: &Address, occurrence: &Occurrence) -> Quoted {
        let article = &self.graph.articles[&occurrence.article];
        let href = Node::Article(article.id.clone()).address().href_from(at);
        let passages = occurrence.passages.iter().map(|place| {
            let passage = &article.body.passages[place.passage];
            let (before, words, after) = sentence_around(&passage.text.read(), place.words.clone());
            let html = format!("{}<mark>{}</mark>{}", escaped(&before), escaped(&words), escaped(&after));
            Passage { html, href: Some(format!("{href}#{}", passage.id)) }
        });
        self.quoted(at, article, passages.collect())
    }

    /// An article with passages of it.
    pub(super) fn quoted(self, at: &Address, article: &Article, passages: Vec<Passage>) -> Quoted {
        Quoted {
            title: article.title.clone(),
            date: article.date.map(|date| self.when(date)),
            language: article.language.clone().unwrap_or_else(|| self.config.language.clone()),
            passages,
            href: Node::Article(article.id.clone()).address().href_from(at),
        }
    }

    /// An article that speaks of a concept, at the first passage that does.
    pub(super) fn place(self, at: &Address, occurrence: &Occurrence) -> Link {
        let article = &self.graph.articles[&occurrence.article];
        let link = self.link(at, &Node::Article(article.id.clone()));
        match occurrence.passages.first() {
            Some(place) => {
                let id = &article.body.passages[place.passage].id;
                Link { title: link.title, href: format!("{}#{id}", link.href) }
            }
            None => link,
        }
    }

    /// The entries of the index that lead from an article to others, or to more than one place in it.
    pub(super) fn concepts_of(self, at: &Address, article: &Article) -> Vec<Link> {
        if article.rights != Rights::Full {
            return Vec::new();
        }
        let concepts = self.graph.concepts.of(&article.id).filter(|concept| concept.articles.len() > 1);
        concepts
            .take(NAMED)
            .map(|concept| Link { title: concept.name.clone(), href: concept.id.address().href_from(at) })
            .collect()
    }

    /// The page of figures; all articles are given newest first.
    pub(super) fn figures_page(self, all: &[&Article]) -> Option<Composed> {
        if !self.graph.has(Fixed::Figures) {
            return None;
        }
        let mut strongest: Vec<(usize, &Figure)> = all
            .iter()
            .enumerate()
            .flat_map(|(index, article)| self.graph.figures(&article.id).iter().map(move |one| (index, one)))
            .collect();
        let number = strongest.len();
        // Stable: of two that tell as much, the newer stays.
        strongest.sort_by_key(|(_, figure)| std::cmp::Reverse(figure.strength));
        strongest.truncate(FIGURES);
        strongest.sort_by_key(|(index, figure)| (*index, figure.passage, figure.sentence.start));
        let at = Fixed::Figures.address();
        let entries = strongest.chunk_by(|(a, _), (b, _)| a == b).map(|figures| {
            let article = all[figures[0].0];
            let href = Node::Article(article.id.clone()).address().href_from(&at);
            let passages = figures.iter().map(|(_, figure)| {
                let passage = &article.body.passages[figure.passage];
                Passage {
                    html: marked(&passage.text.read(), figure),
                    href: Some(format!("{href}#{}", passage.id)),
                }
            });
            self.quoted(&at, article, passages.collect())
        });
        let entries = entries.collect();
        let shown = number.min(FIGURES);
        let sentence = if shown < number {
            self.wording.count("index.some_figures", shown, &[("all", &number.to_string())])
        } else {
            self.wording.count("index.figures", shown, &[])
        };
        let head = self.head(&at, &self.said("names.figures"), Some(sentence.clone()));
        Some(self.page(at, From::Site, Shows::Figures(FiguresPage { head, sentence, entries })))
    }
}

/// A sentence with its numbers marked.
fn marked(text: &str, figure: &Figure) -> String {
    let mut html = String::new();
    let mut at = figure.sentence.start;
    for number in &figure.numbers {
        html.push_str(&format!(
            "{}<mark>{}</mark>",
            escaped(&text[at..number.start]),
            escaped(&text[number.clone()])
        ));
        at = number.end;
    }
    html.push_str(&escaped(&text[at..figure.sentence.end]));
    html
}
