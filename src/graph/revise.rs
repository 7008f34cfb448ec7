//! An article as it was edited just now, in the place it had: for a look at it before everything is joined anew.
//!
//! In: a graph and an article of it, read again. Out: the article with what was found of its earlier text, as far as that
//! needs none of its places.

use super::{Graph, Node, Resolved};
use crate::articles::Article;
use crate::topics::Assignment;

/// An article as it was edited, with what is known of it.
#[derive(Debug)]
pub struct Revised {
    /// The article.
    pub article: Article,
    /// Where its links lead.
    pub links: Vec<Resolved>,
    /// What its pictures are.
    pub pictures: Vec<Resolved>,
    /// The topics it had, without their evidence: passages have moved.
    pub assignments: Vec<Assignment>,
}

impl Graph {
    /// An article in the place of its earlier state. `None` where there was no such article, or a link or a picture is new and
    /// has to be looked up.
    pub fn revised(&self, mut article: Article) -> Option<Revised> {
        let old = self.articles.get(&article.id)?;
        let node = Node::Article(article.id.clone());
        let known = |known: &[Resolved], at: Option<usize>| at.and_then(|at| known.get(at).cloned());
        let links: Option<Vec<Resolved>> = article
            .body
            .links
            .iter()
            .map(|link| {
                let same = old.body.links.iter().position(|one| one.target == link.target);
                known(self.links(&node), same)
            })
            .collect();
        let pictures: Option<Vec<Resolved>> = article
            .body
            .pictures
            .iter()
            .map(|picture| {
                let same = old.body.pictures.iter().position(|one| one.destination == picture.destination);
                known(self.pictures(&node), same)
            })
            .collect();
        // Others were folded into it, which its own file does not say.
        article.duplicates.clone_from(&old.duplicates);
        let without = |one: &Assignment| Assignment { evidence: Vec::new(), ..one.clone() };
        let assignments = self.assignments(&article.id).iter().map(without).collect();
        Some(Revised { article, links: links?, pictures: pictures?, assignments })
    }
}
