//! Articles for other programs: as a book, as Markdown, and as references for citation managers.
//!
//! In: what the site says, and which of it is wanted. Out: text or bytes, the same for the same site on any day. A
//! book is for readers, and holds of an article what the site publishes of it; all else is for the curator, and holds
//! everything.

mod xhtml; // HTML as XML.
mod book; // A book of chapters.
mod citations; // References.
mod markdown; // Markdown that other tools read.
mod archive; // Many files in one.

use crate::Joined;
use crate::articles::Article;
use crate::diagnostic::Problem;
use crate::graph::Node;
use crate::reading_paths::PathId;
use crate::topics::TopicId;

pub use archive::{archive, book_archive};
pub use book::book;
pub use citations::{bibtex, csl};
pub use markdown::markdown;

/// Which articles are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of them, oldest first, those without a date last.
    All,
    /// Those of a topic, by its slug or title, most its own first.
    Topic(String),
    /// Those of a reading path, by its slug or title, in its order.
    Path(String),
}

/// The articles that are wanted, in their order.
#[derive(Debug)]
pub struct Selection<'a> {
    /// What they are together.
    pub title: &'a str,
    /// The same in a sentence.
    pub description: Option<&'a str>,
    /// The topic or path whose words introduce them.
    pub of: Option<Node>,
    /// The articles.
    pub articles: Vec<&'a Article>,
}

/// Finds the articles that are wanted.
///
/// # Errors
/// When there is no such topic or path, or it has no article.
pub fn select<'a>(joined: &'a Joined, wanted: &Wanted) -> Result<Selection<'a>, Problem> {
    let graph = &joined.graph;
    let is_named =
        |name: &str, id: &str, title: &str| id == name || title.to_lowercase() == name.to_lowercase();
    let selection = match wanted {
        Wanted::All => {
            let mut articles: Vec<&Article> = graph.articles.values().collect();
            articles.sort_by_key(|article| (article.date.is_none(), article.date, article.id.clone()));
            let config = &joined.config;
            Selection { title: &config.title, description: config.description.as_deref(), of: None, articles }
        }
        Wanted::Topic(name) => {
            let found = graph.topics.values().find(|topic| is_named(name, topic.id.as_str(), &topic.title));
            let Some(topic) = found else {
                let ids = graph.topics.keys().map(TopicId::as_str);
                return Err(Problem::new(format!("there is no topic `{name}`")).did_you_mean(name, ids));
            };
            Selection {
                title: &topic.title,
                description: topic.description.as_deref(),
                of: Some(Node::Topic(topic.id.clone())),
                articles: graph.members(&topic.id).into_iter().map(|(article, _)| article).collect(),
            }
        }
        Wanted::Path(name) => {
            let found = graph.paths.values().find(|path| is_named(name, path.id.as_str(), &path.title));
            let Some(path) = found else {
                let ids = graph.paths.keys().map(PathId::as_str);
                return Err(
                    Problem::new(format!("there is no reading path `{name}`")).did_you_mean(name, ids)
                );
            };
            Selection {
                title: &path.title,
                description: path.description.as_deref(),
                of: Some(Node::Path(path.id.clone())),
                articles: graph.steps(&path.id).iter().filter_map(|id| graph.articles.get(id)).collect(),
            }
        }
    };
    if selection.articles.is_empty() {
        return Err(Problem::new(format!("there are no articles in “{}”", selection.title))
            .hint("`gleaner topics` shows which topic has how many"));
    }
    Ok(selection)
}

/// Where an article can be read: where it comes from, else its page on this site, where that has an address.
fn address(joined: &Joined, article: &Article) -> Option<String> {
    let own = || {
        let base = joined.config.base_url.as_ref()?;
        Some(Node::Article(article.id.clone()).address().absolute(base))
    };
    article.source.url.clone().or_else(own)
}
