//! The queue: what is worth a minute of the curator, most doubtful first.
//!
//! In: the graph, the import, the topics that articles may have, and what was found on the way. Out: every doubt with its
//! place, its reason and the edits that settle it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::articles::{Article, ArticleId};
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::doubt::{Doubt, Kind};
use crate::fields::quoted;
use crate::graph::{Graph, Node, Resolved};
use crate::import::Import;
use crate::import::text::{Reading, Rule};
use crate::rights::Rights;
use crate::topics::{Assignment, Assignments, THRESHOLD};

/// A doubt that waits for the curator.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// What it is, and how likely something is wrong.
    pub doubt: Doubt,
    /// Its place, the reason, and as its hints the edits that settle it.
    pub found: Diagnostic,
}

/// Everything in doubt, the weightiest first; of equals in the order of files and lines.
///
/// `found` is what reading and joining the site reported: errors and warnings wait in the queue, too.
pub fn queue(graph: &Graph, import: &Import, unsure: &Assignments, mut found: Diagnostics) -> Vec<Waiting> {
    let linked = linked(graph);
    let articles: Vec<&Article> = graph.articles.values().collect();
    let doubts: Vec<Vec<Diagnostic>> = articles
        .par_iter()
        .map(|article| {
            let reading = reading(import, article);
            let may_have = unsure.get(&article.id).map_or(&[][..], Vec::as_slice);
            let doubts = [
                cut(article, reading),
                thin(article, reading),
                unsure_of(graph, article, may_have),
                undated(article),
                nobody(article),
                orphan(graph, article, linked.contains(&article.id)),
            ];
            let is_open =
                |one: &Diagnostic| one.doubt.is_some_and(|doubt| !article.checked.contains(&doubt.kind));
            doubts.into_iter().flatten().filter(is_open).collect()
        })
        .collect();
    found.extend(doubts.into_iter().flatten());
    let mut queue: Vec<Waiting> = found.sorted().into_iter().cloned().map(waiting).collect();
    // The sort is stable: of equals the order of files and lines stays.
    queue.sort_by(|a, b| b.doubt.weight().total_cmp(&a.doubt.weight()));
    queue
}

/// What was found, as a doubt: what nobody named is an error or a warning.
fn waiting(found: Diagnostic) -> Waiting {
    let general = if found.is_error() { Kind::Error } else { Kind::Warning };
    // An error stands in the way whatever it is about.
    let named = found.doubt.filter(|_| !found.is_error());
    Waiting { doubt: named.unwrap_or_else(|| Doubt::certain(general)), found }
}

/// A doubt about an article as a whole.
fn about(article: &Article, problem: Problem, doubt: Doubt) -> Diagnostic {
    problem.at(article.span()).as_warning().with_doubt(doubt)
}

/// How a doubt ends that is none.
fn checked(kind: Kind) -> String {
    format!("if it is right as it is, write `checked = [\"{}\"]`", kind.name())
}

/// What the article's seed says, and what of it was cut.
fn reading<'a>(import: &'a Import, article: &Article) -> Option<&'a Reading> {
    let seed = import.seeds.get(article.path())?;
    import.accounts.get(seed)?.reading().map(|(_, reading)| reading)
}

/// From which share of a seed's words on so much is gone that a look pays. Of 651 imports of pages with marked bodies,
/// seven are beyond, and of two of these more than a tenth of the body was lost; of the others, of one in thirty-four.
const MUCH: f64 = 0.8;

/// How often more than a tenth of the body is lost where [`MUCH`] is removed: two in seven.
const MUCH_REMOVED_CHANCE: f32 = 0.3;

/// How many rules are named for what was removed.
const NAMED: usize = 3;

/// Most of the seed is not in its article: either the page was mostly furniture, or the article went with it.
fn cut(article: &Article, reading: Option<&Reading>) -> Option<Diagnostic> {
    let mut words: BTreeMap<Rule, usize> = BTreeMap::new();
    for removal in &reading?.removals {
        match removal.rule {
            // These are in the front matter, or nothing.
            Rule::Title | Rule::Byline | Rule::Date | Rule::Origin | Rule::Empty => {}
            rule => *words.entry(rule).or_default() += removal.text.split_whitespace().count(),
        }
    }
    let removed: usize = words.values().sum();
    let share = removed as f64 / (removed + article.body.words).max(1) as f64;
    if share < MUCH {
        return None;
    }
    let mut most: Vec<(Rule, usize)> = words.into_iter().collect();
    most.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most: Vec<String> =
        most.iter().take(NAMED).map(|(rule, count)| format!("{count} as {}", rule.name())).collect();
    let percent = (share * 100.0).floor();
    let problem = Problem::new(format!("{percent} % of the seed's words are not in it: {}", most.join(", ")))
        .hint(format!("`gleaner explain {}` lists them; put back what belongs to the article", article.id))
        .hint(checked(Kind::MuchRemoved));
    Some(about(article, problem, Doubt { kind: Kind::MuchRemoved, chance: MUCH_REMOVED_CHANCE }))
}

/// With fewer words an article is thin: of 217 marked ones one has so few.
const THIN: usize = 100;

/// An article of hardly any words: what was saved may have been a teaser, or a page that did not load.
fn thin(article: &Article, reading: Option<&Reading>) -> Option<Diagnostic> {
    let words = article.body.words;
    // Of one that is a link the text is not shown.
    if words >= THIN || article.rights == Rights::Link {
        return None;
    }
    let counted = if words == 1 { "one word".to_owned() } else { format!("{words} words") };
    let problem = Problem::new(format!("it has {counted}, and hardly any article has so few"));
    let problem = match reading {
        Some(_) => problem.hint(format!(
            "`gleaner explain {}` lists what was cut; save the page again if it was a teaser, or delete the article",
            article.id
        )),
        None => problem.hint("write more, make it a draft with `draft = true`, or delete it"),
    };
    let chance = 1.0 - words as f32 / THIN as f32;
    Some(about(article, problem.hint(checked(Kind::Thin)), Doubt { kind: Kind::Thin, chance }))
}

/// Topics that the article may have. The nearest one's score is taken for the chance that it has it.
fn unsure_of(graph: &Graph, article: &Article, may_have: &[Assignment]) -> Option<Diagnostic> {
    let nearest = may_have.first()?;
    let scored: Vec<String> = may_have
        .iter()
        .map(|one| {
            format!("{} ({:.2})", graph.topics.get(&one.topic).map_or("", |topic| &topic.title), one.score)
        })
        .collect();
    let words: BTreeSet<&str> =
        nearest.evidence.iter().take(NAMED).flat_map(|one| &one.terms).map(String::as_str).collect();
    let words: Vec<&str> = words.into_iter().take(NAMED).collect();
    let speaks = if words.is_empty() { String::new() } else { format!(", for it says {}", words.join(", ")) };
    let has = graph.assignments(&article.id).iter().map(|one| one.topic.as_str());
    let with: Vec<&str> = has.chain([nearest.topic.as_str()]).collect();
    let without: Vec<&str> = article
        .not_topics
        .iter()
        .map(|one| one.value.as_str())
        .chain(may_have.iter().map(|one| one.topic.as_str()))
        .collect();
    let problem = Problem::new(format!(
        "it may be about {}{speaks}; {THRESHOLD:.2} earns a topic",
        scored.join(" or ")
    ))
    .hint(format!("if it is, write `topics = {}`", list(&with)))
    .hint(format!("if it is not, write `not_topics = {}`", list(&without)));
    Some(about(article, problem, Doubt { kind: Kind::UnsureTopic, chance: nearest.score as f32 }))
}

/// Texts as a list in front matter.
fn list(texts: &[&str]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// How often a page has its date where import found none: on 21 of 148 imports of pages that people looked through.
const DATE_CHANCE: f32 = 0.14;

/// An article without a date: it stands last wherever time orders.
fn undated(article: &Article) -> Option<Diagnostic> {
    if article.date.is_some() {
        return None;
    }
    let problem = Problem::new("it has no date")
        .hint("write what is known: `date = 2011`, `2011-03` or `2011-03-02`")
        .hint("if nobody knows it, write `checked = [\"undated\"]`");
    Some(about(article, problem, Doubt { kind: Kind::Undated, chance: DATE_CHANCE }))
}

/// How often a page names its author where import found none: on 102 of 244 imports of such pages.
const AUTHOR_CHANCE: f32 = 0.42;

/// An article that nobody wrote.
fn nobody(article: &Article) -> Option<Diagnostic> {
    if !article.authors.is_empty() {
        return None;
    }
    let problem = Problem::new("it has no author")
        .hint("write who it was: `authors = [\"A Name\"]`")
        .hint("if nobody knows it, write `checked = [\"no-author\"]`");
    Some(about(article, problem, Doubt { kind: Kind::NoAuthor, chance: AUTHOR_CHANCE }))
}

/// The articles that another text links to.
fn linked(graph: &Graph) -> BTreeSet<&ArticleId> {
    let bodies = graph.bodies();
    let linked = bodies.flat_map(|(node, _)| {
        graph.links(&node).iter().filter_map(move |resolved| match resolved {
            Resolved::To(Node::Article(id), _) if node != Node::Article(id.clone()) => Some(id),
            Resolved::To(..)
            | Resolved::File(_)
            | Resolved::Beside(..)
            | Resolved::External(_)
            | Resolved::Nowhere => None,
        })
    });
    linked.collect()
}

/// An article that only lists and the search lead to. Where there are no topics at all nothing is sorted yet, and it is no
/// single article that is in doubt.
fn orphan(graph: &Graph, article: &Article, is_linked: bool) -> Option<Diagnostic> {
    let is_found =
        !graph.assignments(&article.id).is_empty() || !graph.places(&article.id).is_empty() || is_linked;
    if is_found || graph.topics.is_empty() {
        return None;
    }
    let problem = Problem::new("no topic, no path and no link leads to it");
    let problem = match graph.related(&article.id).first() {
        Some(near) => {
            problem.hint(format!("link to it, `[[{}]]`, for example from `{}`", article.id, near.to))
        }
        None => problem.hint(format!("link to it from an article or a path: `[[{}]]`", article.id)),
    };
    let problem = problem.hint("give it a topic: `topics = [\"...\"]`").hint(checked(Kind::Orphan));
    Some(about(article, problem, Doubt::certain(Kind::Orphan)))
}
