//! `gleaner export`

use clap::{Args, ValueEnum};
use serde::Serialize;

use gleaner::articles::Article;
use gleaner::diagnostic::Problem;
use gleaner::graph::{Graph, Node, Reason, Resolved};
use gleaner::import::Import;
use gleaner::topics::{Entry, rounded};
use gleaner::{Joined, Options, join};

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to print.
    #[arg(long, default_value = "jsonl")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One JSON object a line, an article each.
    Jsonl,
}

/// An article as machines see it. Documented in `docs/export.md`; fields are added, never changed.
#[derive(Serialize)]
struct Line<'a> {
    slug: &'a str,
    title: &'a str,
    date: Option<String>,
    authors: &'a [String],
    language: &'a str,
    summary: Option<String>,
    words: usize,
    source: Source<'a>,
    topics: Vec<Entry<'a>>,
    related: Vec<RelatedLine<'a>>,
    links: Vec<String>,
    backlinks: Vec<&'a str>,
    concepts: Vec<&'a str>,
    removed: Vec<RemovedLine<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    seed: Option<&'a str>,
    url: Option<&'a str>,
    site: Option<&'a str>,
}

#[derive(Serialize)]
struct RelatedLine<'a> {
    slug: &'a str,
    score: f64,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct RemovedLine<'a> {
    line: usize,
    text: &'a str,
    rule: &'a str,
}

pub(super) fn run(common: &Common, args: &ExportArgs, report: &Report) -> Result<Ending, Problem> {
    let Format::Jsonl = args.format;
    let (site, mut found) = read(common)?;
    let (joined, problems) = join(&site, &Options { no_import: false, ..Options::default() });
    found.extend(problems);
    let mut lines = String::new();
    for article in joined.graph.articles.values() {
        let line = serde_json::to_string(&line(&joined, article))
            .map_err(|error| Problem::new(format!("`{}` cannot be exported: {error}", article.path())))?;
        lines.push_str(&line);
        lines.push('\n');
    }
    report.result(&lines)?;
    report.diagnostics(&found);
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}

fn line<'a>(joined: &'a Joined, article: &'a Article) -> Line<'a> {
    let graph = &joined.graph;
    let source = &article.source;
    Line {
        slug: article.id.as_str(),
        title: &article.title,
        date: article.date.map(|date| date.to_string()),
        authors: &article.authors,
        language: article.language.as_deref().unwrap_or(&joined.config.language),
        summary: graph.summary(article),
        words: article.body.words,
        source: Source {
            seed: source.seed.as_deref(),
            url: source.url.as_deref(),
            site: source.site.as_deref(),
        },
        topics: topics(graph, article),
        related: graph
            .related(&article.id)
            .iter()
            .map(|related| RelatedLine {
                slug: related.to.as_str(),
                score: rounded(related.score),
                reasons: related.reasons.iter().map(reason).collect(),
            })
            .collect(),
        links: graph.links(&Node::Article(article.id.clone())).iter().filter_map(link).collect(),
        backlinks: graph.backlinks(&article.id).iter().map(|backlink| backlink.from.as_str()).collect(),
        concepts: graph.concepts.of(&article.id).map(|concept| concept.name.as_str()).collect(),
        removed: removed(&joined.import, article),
    }
}

fn topics<'a>(graph: &'a Graph, article: &'a Article) -> Vec<Entry<'a>> {
    graph.assignments(&article.id).iter().map(|assignment| Entry::of(assignment, article)).collect()
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Terms(terms) => format!("both use {}", terms.join(", ")),
        Reason::Topic(id) => format!("both have the topic {id}"),
    }
}

fn link(resolved: &Resolved) -> Option<String> {
    match resolved {
        Resolved::To(node, anchor) => {
            let anchor = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
            Some(format!("{}{anchor}", node.address()))
        }
        Resolved::File(address) | Resolved::Beside(address, _) => Some(address.to_string()),
        Resolved::External(url) => Some(url.clone()),
        Resolved::Nowhere => None,
    }
}

fn removed<'a>(import: &'a Import, article: &Article) -> Vec<RemovedLine<'a>> {
    let account = import.seeds.get(article.path()).and_then(|seed| import.accounts.get(seed));
    let reading = account.and_then(|account| account.reading());
    let removals = reading.into_iter().flat_map(|(_, reading)| &reading.removals);
    removals
        .filter(|removal| !removal.text.trim().is_empty())
        .map(|removal| RemovedLine { line: removal.line, text: &removal.text, rule: removal.rule.name() })
        .collect()
}
