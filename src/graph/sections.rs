//! Sections of articles that are shown in other texts: `![[Title#Heading]]`.
//!
//! In: what all links lead to. Out: for each link that asks for a section, the section, where there is one that may be
//! shown; all others stay links, and are reported.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::links::ByNode;
use super::{Graph, Node, Resolved};
use crate::articles::ArticleId;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::markdown::{Form, Link};
use crate::rights::Rights;

/// A section of an article, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The article.
    pub article: ArticleId,
    /// The id of the heading it begins with.
    pub anchor: Option<String>,
    /// Its range in the article's Markdown; `None` for the whole.
    pub range: Option<Range<usize>>,
}

/// A link that asks for a section: its text, and its index there.
type Asking = (Node, usize);

/// Finds the section each link asks for. No section is shown within itself, however long the way round.
pub(super) fn find(graph: &Graph, links: &ByNode) -> (BTreeMap<Asking, Section>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut sections = BTreeMap::new();
    for (node, body) in graph.bodies() {
        let resolved = links.get(&node).into_iter().flatten();
        for (index, (link, resolved)) in body.links.iter().zip(resolved).enumerate() {
            if let Some(section) = found.keep(section(graph, link, resolved)).flatten() {
                sections.insert((node.clone(), index), section);
            }
        }
    }
    for asking in circles(graph, &sections) {
        sections.remove(&asking);
        let (node, index) = &asking;
        let link = graph.body(node).and_then(|body| body.links.get(*index));
        found.extend(link.map(|link| {
            let problem = Problem::new("this section would be shown within itself");
            problem.hint("it is shown as a link").at(link.span.clone()).as_warning()
        }));
    }
    (sections, found)
}

fn section(graph: &Graph, link: &Link, resolved: &Resolved) -> Result<Option<Section>, Diagnostic> {
    let refused =
        |problem: String, hint: &str| Problem::new(problem).hint(hint).at(link.span.clone()).as_warning();
    match link.form {
        Form::Link => return Ok(None),
        Form::SectionAmongWords => {
            let problem = "a section cannot be shown among other words".to_owned();
            return Err(refused(problem, "give `![[...]]` a paragraph of its own; here it is a link"));
        }
        Form::Section => {}
    }
    let (id, anchor) = match resolved {
        Resolved::To(Node::Article(id), anchor) => (id, anchor),
        // That has been reported.
        Resolved::Nowhere => return Ok(None),
        Resolved::To(..) | Resolved::File(_) | Resolved::Beside(..) | Resolved::External(_) => {
            let problem = "only sections of articles are shown in other texts".to_owned();
            return Err(refused(problem, "it is shown as a link"));
        }
    };
    let article = &graph.articles[id];
    if article.rights != Rights::Full {
        let problem = format!("`{}` is not published in full, so nothing of it is shown here", article.title);
        return Err(refused(problem, "it is shown as a link"));
    }
    let range = match anchor {
        None => None,
        Some(anchor) => match article.body.section(anchor) {
            Some(range) => Some(range),
            None => {
                let problem = format!("`#{anchor}` begins no section that can be shown");
                let hint = "name a heading that stands in no quotation and no list; here it is a link";
                return Err(refused(problem, hint));
            }
        },
    };
    Ok(Some(Section { article: id.clone(), anchor: anchor.clone(), range }))
}

/// The links that close a circle: following them, a section is within itself.
fn circles(graph: &Graph, sections: &BTreeMap<Asking, Section>) -> BTreeSet<Asking> {
    let mut circles = BTreeSet::new();
    let mut done: BTreeSet<&Asking> = BTreeSet::new();
    for start in sections.keys() {
        // The way from the start, each link with those within its section that are still to be followed.
        let mut way: Vec<(&Asking, Vec<&Asking>)> = Vec::new();
        let mut on_way: BTreeSet<&Asking> = BTreeSet::new();
        let mut next = Some(start);
        loop {
            if let Some(asking) = next.take()
                && !done.contains(asking)
            {
                way.push((asking, within(graph, sections, asking)));
                on_way.insert(asking);
            }
            let Some((asking, rest)) = way.last_mut() else { break };
            match rest.pop() {
                Some(inner) if on_way.contains(inner) => {
                    circles.insert(inner.clone());
                }
                Some(inner) => next = Some(inner),
                None => {
                    done.insert(*asking);
                    on_way.remove(*asking);
                    way.pop();
                }
            }
        }
    }
    circles
}

/// The links within a link's section that ask for sections themselves.
fn within<'a>(graph: &Graph, sections: &'a BTreeMap<Asking, Section>, asking: &Asking) -> Vec<&'a Asking> {
    let Some(section) = sections.get(asking) else { return Vec::new() };
    let node = Node::Article(section.article.clone());
    let Some(body) = graph.body(&node) else { return Vec::new() };
    let offset = body.range().start;
    let askings = sections.range((node.clone(), 0)..=(node, usize::MAX)).map(|(asking, _)| asking);
    let is_within = |asking: &&Asking| {
        let Some(link) = body.links.get(asking.1) else { return false };
        let at = link.span.range().start.saturating_sub(offset);
        section.range.as_ref().is_none_or(|range| range.contains(&at))
    };
    askings.filter(is_within).collect()
}
