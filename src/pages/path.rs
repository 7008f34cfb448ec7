//! Reading paths: their list, their pages, and an article's place in them.

use super::article::minutes;
use super::page::{Link, PathEntry, PathPage, PathPlace, PathsPage, Shows};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::graph::{Fixed, Node, Step};
use crate::reading_paths::ReadingPath;

/// In how many paths an article shows its place.
const SHOWN: usize = 3;

impl Composer<'_> {
    pub(super) fn path(self, path: &ReadingPath) -> Composed {
        let node = Node::Path(path.id.clone());
        let at = node.address();
        let steps = self.graph.steps(&path.id);
        let page = PathPage {
            head: self.head(&at, &path.title, path.description.clone()),
            up: self.link(&at, &Node::Fixed(Fixed::Paths)),
            body_html: self.html(&at, &node, &path.body),
            steps: steps.iter().map(|id| self.entry(&at, &self.graph.articles[id], None)).collect(),
            minutes: steps.iter().map(|id| minutes(&self.graph.articles[id])).sum(),
        };
        self.page(at, From::Text(path.span()), Shows::Path(page))
    }

    pub(super) fn paths_page(self) -> Option<Composed> {
        self.graph.has(Fixed::Paths).then(|| {
            self.fixed(Fixed::Paths, |at| {
                let head = self.head(at, &self.said("names.paths"), Some(self.said("paths.description")));
                Shows::Paths(PathsPage { head, paths: self.path_entries(at) })
            })
        })
    }

    /// All paths, by title.
    pub(super) fn path_entries(self, at: &Address) -> Vec<PathEntry> {
        let mut paths: Vec<&ReadingPath> = self.graph.paths.values().collect();
        paths.sort_by_key(|path| (&path.title, &path.id));
        let entry = |path: &ReadingPath| PathEntry {
            title: path.title.clone(),
            href: Node::Path(path.id.clone()).address().href_from(at),
            description: path.description.clone(),
            count: self.graph.steps(&path.id).len(),
        };
        paths.into_iter().map(entry).collect()
    }

    /// Where an article stands in paths of two articles or more.
    pub(super) fn path_places(self, at: &Address, article: &Article) -> Vec<PathPlace> {
        let link = |id: &ArticleId| -> Link { self.link(at, &Node::Article(id.clone())) };
        let place = |step: &Step| {
            let steps = self.graph.steps(&step.path);
            (steps.len() > 1).then(|| PathPlace {
                path: self.link(at, &Node::Path(step.path.clone())),
                number: step.place + 1,
                count: steps.len(),
                previous: step.place.checked_sub(1).map(|place| link(&steps[place])),
                next: steps.get(step.place + 1).map(link),
            })
        };
        self.graph.places(&article.id).iter().filter_map(place).take(SHOWN).collect()
    }
}
