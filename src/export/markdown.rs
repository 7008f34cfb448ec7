//! Articles as Markdown that other tools read.
//!
//! In: articles. Out: a file each, by the path it has below `content/`, with front matter in YAML, wikilinks as
//! ordinary links; and the pictures and other files that they show, where the links look for them.

use std::collections::{BTreeMap, BTreeSet};

use super::citations::topics;
use super::{Selection, address};
use crate::Joined;
use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::fields::{Edits, Format};
use crate::graph::{Node, Resolved};
use crate::markdown::{Form, Target};
use crate::seeds::{ARTICLES, Bytes, CONTENT, STATIC};

/// The articles and what they show, by path.
pub fn markdown(joined: &Joined, selection: &Selection<'_>) -> BTreeMap<String, Bytes> {
    let ids: BTreeSet<&ArticleId> = selection.articles.iter().map(|article| &article.id).collect();
    let mut files = BTreeMap::new();
    let mut shown: BTreeSet<&Address> = BTreeSet::new();
    for article in &selection.articles {
        let text = format!("{}\n{}", front_matter(joined, article), body(joined, article, &ids));
        files.insert(below_content(article.path().as_str()), Bytes::from(text.as_bytes()));
        let node = Node::Article(article.id.clone());
        for resolved in joined.graph.links(&node).iter().chain(joined.graph.pictures(&node)) {
            if let Resolved::File(address) | Resolved::Beside(address, _) = resolved {
                shown.insert(address);
            }
        }
    }
    for (path, address, bytes) in joined.files.iter().filter(|(_, address, _)| shown.contains(address)) {
        let at = match path.inside(STATIC) {
            Some(_) => format!("{STATIC}/{}", address.as_str()),
            None => below_content(path.as_str()),
        };
        files.insert(at, bytes.clone());
    }
    files
}

fn below_content(path: &str) -> String {
    path.strip_prefix(CONTENT).unwrap_or(path).trim_start_matches('/').to_owned()
}

/// What is known of an article, as other tools name it. A string of JSON is one of YAML, too (YAML 1.2, section 1.3).
fn front_matter(joined: &Joined, article: &Article) -> String {
    let typed = |text: &str| serde_json::Value::from(text).to_string();
    let list = |items: &[&str]| items.iter().map(|item| typed(item)).collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("title: {}", typed(&article.title))];
    if let Some(date) = article.date {
        // Where a whole day is demanded, one is not invented.
        let key = if date.day().is_some() { "date" } else { "published" };
        let value = if date.day().is_some() { date.to_string() } else { typed(&date.to_string()) };
        lines.push(format!("{key}: {value}"));
    }
    let authors: Vec<&str> = article.authors.iter().map(String::as_str).collect();
    if !authors.is_empty() {
        lines.push(format!("authors: [{}]", list(&authors)));
    }
    if let Some(summary) = joined.graph.summary(article) {
        lines.push(format!("description: {}", typed(&summary)));
    }
    let topics = topics(joined, article);
    if !topics.is_empty() {
        lines.push(format!("tags: [{}]", list(&topics)));
    }
    if let Some(language) = &article.language {
        lines.push(format!("language: {}", typed(language)));
    }
    if article.is_draft {
        lines.push("draft: true".to_owned());
    }
    if let Some(url) = &article.source.url {
        lines.push(format!("source: {}", typed(url)));
    }
    if let Some(site) = &article.source.site {
        lines.push(format!("publisher: {}", typed(site)));
    }
    format!("---\n{}\n---\n", lines.join("\n"))
}

/// An article's Markdown, with links that any tool follows in the place of wikilinks.
fn body(joined: &Joined, article: &Article, ids: &BTreeSet<&ArticleId>) -> String {
    let node = Node::Article(article.id.clone());
    let mut edits = Edits::new(&article.text, Format::Toml);
    for (link, resolved) in article.body.links.iter().zip(joined.graph.links(&node)) {
        let Target::Wiki { .. } = link.target else { continue };
        let passage = article.body.passages.get(link.passage).map(|passage| passage.text.read());
        let words = passage.as_ref().and_then(|text| text.get(link.words.clone()));
        let words = words.map(str::trim).filter(|words| !words.is_empty());
        let (to, title) = match resolved {
            Resolved::To(Node::Article(id), anchor) => {
                let Some(other) = joined.graph.articles.get(id) else { continue };
                let place = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                let to = if other.id == article.id && !place.is_empty() {
                    Some(place)
                } else if ids.contains(id) {
                    Some(format!("{}{place}", from_to(article, other)))
                } else {
                    address(joined, other)
                };
                (to, other.title.as_str())
            }
            Resolved::To(other, _) => {
                (joined.config.base_url.as_ref().map(|base| other.address().absolute(base)), "")
            }
            Resolved::File(_) | Resolved::Beside(..) | Resolved::External(_) | Resolved::Nowhere => {
                (None, "")
            }
        };
        let typed = &article.text.read()[link.span.range()];
        // What asks for a section has no words of its own.
        let words =
            words.filter(|_| link.form == Form::Link).unwrap_or(if title.is_empty() { typed } else { title });
        let words =
            words.trim_start_matches('!').trim_matches(['[', ']']).replace('[', "\\[").replace(']', "\\]");
        let now = match to {
            Some(to) => {
                format!("[{words}]({})", to.replace(' ', "%20").replace('(', "%28").replace(')', "%29"))
            }
            None => words,
        };
        edits.put(link.span.range(), &now);
    }
    let made = edits.made();
    // The front matter ends where the body began: edits are all behind it.
    made[article.body.range().start..].trim_start_matches('\n').to_owned()
}

/// The path from one article's file to another's.
fn from_to(from: &Article, to: &Article) -> String {
    let parts = |article: &Article| -> Vec<String> {
        article.path().inside(ARTICLES).unwrap_or_default().split('/').map(str::to_owned).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let same =
        from.iter().zip(&to[..to.len().saturating_sub(1)]).take_while(|(one, other)| one == other).count();
    let up = "../".repeat(from.len().saturating_sub(1 + same));
    format!("{up}{}", to[same..].join("/"))
}
