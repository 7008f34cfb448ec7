//! An article as it was edited just now, in the place it had: for a look at it before everything is joined anew.
//!
//! In: a graph and an article of it, read again. Out: the graph with the article's new text, and of what was found of its
//! old text only what needs none of its places.

use super::{Graph, Node, Resolved};
use crate::articles::Article;

impl Graph {
    /// Puts an article in the place of its earlier state; the rest is as it was until all is joined anew. Says whether that could
    /// be done: not where there was no such article, nor where a link or a picture is new and has to be looked up.
    pub fn revise(&mut self, mut article: Article) -> bool {
        let Some(old) = self.articles.get_mut(&article.id) else { return false };
        let node = Node::Article(article.id.clone());
        let known = |known: &[Resolved], at: Option<usize>| at.and_then(|at| known.get(at).cloned());
        let (links, pictures) = (self.links.get(&node), self.pictures.get(&node));
        let links: Option<Vec<Resolved>> = article
            .body
            .links
            .iter()
            .map(|link| {
                let same = old.body.links.iter().position(|one| one.target == link.target);
                known(links?, same)
            })
            .collect();
        let pictures: Option<Vec<Resolved>> = article
            .body
            .pictures
            .iter()
            .map(|picture| {
                let same = old.body.pictures.iter().position(|one| one.destination == picture.destination);
                known(pictures?, same)
            })
            .collect();
        let (Some(links), Some(pictures)) = (links, pictures) else { return false };
        // Others were folded into it, which its own file does not say.
        article.duplicates = std::mem::take(&mut old.duplicates);
        // Passages have moved: what was marked in them, and what was shown in the place of a link, is left out.
        for assignment in self.assignments.get_mut(&article.id).into_iter().flatten() {
            assignment.evidence.clear();
        }
        self.figures.remove(&article.id);
        self.sections.retain(|(of, _), _| *of != node);
        self.links.insert(node.clone(), links);
        self.pictures.insert(node, pictures);
        *old = article;
        true
    }
}
