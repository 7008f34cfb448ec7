//! Outbound links: what leads to other sites, and what came of asking there.
//!
//! In: the graph, and for each address the answer that somebody got who asked. Out: the addresses with their places, and a
//! doubt for each place whose address is dead. Nothing is asked here: that is the command line's, which knows the day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::articles::Article;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::doubt::{Doubt, Kind};
use crate::graph::{Graph, Node, Resolved};
use crate::text::Span;

/// What came of asking for an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// The page is there.
    Alive,
    /// A page is there, at another address.
    Moved {
        /// The address that answered in the end.
        to: String,
    },
    /// The page is gone for certain, or its host is.
    Dead {
        /// What says so: `404`, `the host is not found`.
        why: String,
    },
    /// The host is there and does not answer this question: it wants a login, or no visitor such as this.
    Refused {
        /// What it said.
        why: String,
    },
    /// Nobody can tell: no connection, a failure of the host's, no answer in time.
    Unknown {
        /// What went wrong.
        why: String,
    },
    /// Nobody was asked: the address leads to this machine, or to its own network.
    Skipped {
        /// What it leads to.
        why: String,
    },
}

impl Answer {
    /// What a status says of the page that was `asked` for, where the answer came from `at`.
    ///
    /// RFC 9110, section 15: 404 and 410 alone say that a page is not there; other 4xx say that the question was not to
    /// the host's liking, 5xx that the host failed. 999 is not in the standard, and some hosts say it to programs.
    pub fn of(status: u16, asked: &Url, at: &Url) -> Answer {
        match status {
            200..=299 if is_same(asked, at) => Answer::Alive,
            200..=299 => Answer::Moved { to: at.to_string() },
            404 | 410 => Answer::Dead { why: status.to_string() },
            400..=499 | 999 => Answer::Refused { why: status.to_string() },
            _ => Answer::Unknown { why: status.to_string() },
        }
    }

    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Answer::Alive => "alive",
            Answer::Moved { .. } => "moved",
            Answer::Dead { .. } => "dead",
            Answer::Refused { .. } => "refused",
            Answer::Unknown { .. } => "unknown",
            Answer::Skipped { .. } => "skipped",
        }
    }

    /// Why the page was not seen, where it was not.
    pub fn why(&self) -> Option<&str> {
        match self {
            Answer::Alive | Answer::Moved { .. } => None,
            Answer::Dead { why }
            | Answer::Refused { why }
            | Answer::Unknown { why }
            | Answer::Skipped { why } => Some(why),
        }
    }
}

/// Whether two addresses are the same but for what hosts change on the way: the scheme, `www.` and a closing slash.
fn is_same(asked: &Url, at: &Url) -> bool {
    let host = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    host(asked) == host(at) && path(asked) == path(at) && asked.query() == at.query()
}

/// Where an address stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The link, or the origin in the front matter.
    span: Span,
    /// Whether it is the article's own origin.
    is_origin: bool,
    /// The article's date, by which an archive finds the page as it was.
    date: Option<Date>,
    /// Whether the curator looked at the article's dead links, and leaves them.
    is_checked: bool,
}

/// The addresses on other sites that published texts name, each with the places it stands at. What an article came from
/// counts, too, unless an archived copy is known.
pub fn outbound(graph: &Graph) -> BTreeMap<Url, Vec<Standing>> {
    let mut all: BTreeMap<Url, Vec<Standing>> = BTreeMap::new();
    let mut add = |address: &str, standing: Standing| {
        if let Some(url) = asked(address) {
            all.entry(url).or_default().push(standing);
        }
    };
    for article in graph.articles.values() {
        let url = article.source.url.as_ref().filter(|_| article.source.archived.is_none());
        if let Some(url) = url {
            add(url, standing(origin(article, url), true, Some(article)));
        }
    }
    for (node, body) in graph.bodies().filter(|(node, _)| graph.is_published(node)) {
        let article = if let Node::Article(id) = &node { graph.articles.get(id) } else { None };
        for (link, resolved) in body.links.iter().zip(graph.links(&node)) {
            if let Resolved::External(address) = resolved {
                add(address, standing(link.span.clone(), false, article));
            }
        }
    }
    all
}

fn standing(span: Span, is_origin: bool, article: Option<&Article>) -> Standing {
    let is_checked = article.is_some_and(|article| article.checked.contains(&Kind::DeadLink));
    Standing { span, is_origin, date: article.and_then(|article| article.date), is_checked }
}

/// The address as a host is asked for it: a page on the web, without the place in it.
fn asked(address: &str) -> Option<Url> {
    let whole = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let mut url = Url::parse(&whole).ok()?;
    url.set_fragment(None);
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Where an article's origin stands in its front matter.
fn origin(article: &Article, url: &str) -> Span {
    match article.text.read().find(url) {
        Some(at) => article.text.span(at..at + url.len()),
        None => article.span(),
    }
}

/// How likely a page is gone whose address leads to the front of its site: judged, not measured.
const FRONT_CHANCE: f32 = 0.5;

/// A doubt for every place whose address is dead, with the edit that settles it.
pub fn doubts(outbound: &BTreeMap<Url, Vec<Standing>>, answers: &BTreeMap<Url, Answer>) -> Diagnostics {
    let mut found = Diagnostics::new();
    for (url, standings) in outbound {
        let (why, chance) = match answers.get(url) {
            Some(Answer::Dead { why }) => (format!("`{url}` is dead: {why}"), 1.0),
            Some(Answer::Moved { to }) if is_front_instead(url, to) => (
                format!("`{url}` leads to the front of a site, `{to}`, as pages do that are gone"),
                FRONT_CHANCE,
            ),
            Some(
                Answer::Alive
                | Answer::Moved { .. }
                | Answer::Refused { .. }
                | Answer::Unknown { .. }
                | Answer::Skipped { .. },
            )
            | None => continue,
        };
        for standing in standings.iter().filter(|standing| !standing.is_checked) {
            found.push(doubt(&why, url, standing, chance));
        }
    }
    found
}

/// Whether somebody who asked for a page within a site was led to its front, or to another's.
fn is_front_instead(asked: &Url, to: &str) -> bool {
    let is_front = |url: &Url| url.path() == "/" && url.query().is_none();
    !is_front(asked) && Url::parse(to).is_ok_and(|to| is_front(&to))
}

fn doubt(why: &str, url: &Url, standing: &Standing, chance: f32) -> Diagnostic {
    let copy = archived(url, standing.date);
    let problem = if standing.is_origin {
        Problem::new(format!("the origin {why}"))
            .hint(format!("if this shows it, write `archived = \"{copy}\"` below `[source]`"))
    } else {
        Problem::new(why)
            .hint(format!("if `{copy}` shows it, put that in its place"))
            .hint("else take the link away, and leave its words")
    };
    let problem = problem.hint("if it is right as it is, write `checked = [\"dead-link\"]` in the article");
    problem.at(standing.span.clone()).as_warning().with_doubt(Doubt { kind: Kind::DeadLink, chance })
}

/// Where the Internet Archive has a page, as near to a date as it can: of a date that is known to the year or the month
/// alone it takes as many digits as there are.
fn archived(url: &Url, date: Option<Date>) -> String {
    let digits: String = date.map(|date| date.to_string().replace('-', "")).unwrap_or_default();
    let time = if digits.is_empty() { digits } else { format!("{digits}/") };
    format!("https://web.archive.org/web/{time}{url}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(typed: &str) -> Url {
        Url::parse(typed).unwrap()
    }

    #[test]
    fn only_what_says_that_a_page_is_gone_is_dead() {
        let (asked, slash) = (url("http://example.org/a"), url("https://www.example.org/a/"));
        for (status, name) in [
            (200, "alive"),
            (204, "alive"),
            (401, "refused"),
            (403, "refused"),
            (404, "dead"),
            (410, "dead"),
            (429, "refused"),
            (451, "refused"),
            (500, "unknown"),
            (503, "unknown"),
            (999, "refused"),
            (304, "unknown"),
        ] {
            assert_eq!(Answer::of(status, &asked, &slash).name(), name, "{status}");
        }
        assert_eq!(Answer::of(200, &asked, &url("http://example.org/b")).name(), "moved");
        assert_eq!(Answer::of(404, &asked, &url("http://example.org/b")).name(), "dead");
    }

    #[test]
    fn a_page_that_leads_to_a_front_is_doubted() {
        for (from, to, is_doubted) in [
            ("http://example.org/2011/a", "https://example.org/", true),
            ("http://example.org/2011/a", "https://other.example/", true),
            ("http://example.org/", "https://other.example/", false),
            ("http://example.org/2011/a", "https://example.org/a", false),
        ] {
            assert_eq!(is_front_instead(&url(from), to), is_doubted, "{from} {to}");
        }
    }

    #[test]
    fn only_pages_on_the_web_are_asked_for_and_each_once() {
        assert_eq!(asked("https://example.org/a#b"), asked("//example.org/a"));
        for typed in ["mailto:a@example.org", "tel:+1", "https://", "data:text/plain,a"] {
            assert_eq!(asked(typed), None, "{typed}");
        }
    }

    #[test]
    fn an_archive_is_asked_for_as_much_of_a_date_as_is_known() {
        let copy = |date: &str| archived(&url("http://example.org/a?b=c"), date.parse().ok());
        assert_eq!(copy("2011-03-02"), "https://web.archive.org/web/20110302/http://example.org/a?b=c");
        assert_eq!(copy("2011-03"), "https://web.archive.org/web/201103/http://example.org/a?b=c");
        assert_eq!(copy(""), "https://web.archive.org/web/http://example.org/a?b=c");
    }
}
