//! `gleaner export`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use gleaner::articles::Article;
use gleaner::diagnostic::Problem;
use gleaner::export::{Wanted, archive, bibtex, book, book_archive, csl, markdown, select};
use gleaner::graph::{Graph, Node, Reason, Resolved};
use gleaner::import::Import;
use gleaner::path::SitePath;
use gleaner::seeds::Bytes;
use gleaner::topics::{Entry, rounded};
use gleaner::{Joined, Options, join};

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExportArgs {
    /// What to make of the articles.
    #[arg(long, default_value = "jsonl")]
    format: Format,
    /// The articles of this topic alone, by its slug or title.
    #[arg(long, value_name = "TOPIC", conflicts_with = "path")]
    topic: Option<String>,
    /// The articles of this reading path alone, by its slug or title.
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Write to this file, instead of standard output; of Markdown, to this folder, or into this `.zip`.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  gleaner export --format epub --topic gardening -o gardening.epub
  gleaner export --format markdown -o articles.zip
  gleaner export --format bibtex > articles.bib";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line, an article each, with all that is known of it.
    Jsonl,
    /// A book, EPUB 3, for e-readers; of each article what the site publishes.
    Epub,
    /// A Markdown file each, with front matter in YAML and the pictures it shows.
    Markdown,
    /// References for BibTeX and BibLaTeX.
    Bibtex,
    /// References for citation managers: Zotero, pandoc and others.
    CslJson,
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
    let (site, mut found) = read(common)?;
    let (joined, problems) = join(&site, &Options { no_import: false, ..Options::default() });
    found.extend(problems);
    let wanted = match (&args.topic, &args.path) {
        (Some(topic), _) => Wanted::Topic(topic.clone()),
        (None, Some(path)) => Wanted::Path(path.clone()),
        (None, None) => Wanted::All,
    };
    // A stream of lines may be an empty one; a book may not.
    let is_all_lines = args.format == Format::Jsonl && wanted == Wanted::All;
    let exported = if is_all_lines {
        Exported::Text(lines(&joined, joined.graph.articles.values())?)
    } else {
        let selection = select(&joined, &wanted)?;
        match args.format {
            Format::Jsonl => Exported::Text(lines(&joined, selection.articles.iter().copied())?),
            Format::Epub => Exported::File(book_archive(&book(&joined, &selection))?),
            Format::Markdown => Exported::Files(markdown(&joined, &selection)),
            Format::Bibtex => Exported::Text(bibtex(&joined, &selection)),
            Format::CslJson => Exported::Text(csl(&joined, &selection)),
        }
    };
    match (&exported, &args.output) {
        (Exported::Text(text), None) => report.result(text)?,
        (Exported::Text(text), Some(output)) => write(output, text.as_bytes())?,
        (Exported::File(bytes), Some(output)) => write(output, bytes)?,
        (Exported::Files(files), Some(output)) if is_archive(output) => write(output, &archive(files)?)?,
        (Exported::Files(files), Some(output)) => write_folder(output, files)?,
        (Exported::File(_), None) => return Err(nowhere("a book", "book.epub")),
        (Exported::Files(_), None) => return Err(nowhere("Markdown", "articles")),
    }
    if let Some(output) = &args.output {
        report.message(&format!("Wrote {}.", output.display()));
    }
    report.diagnostics(&found);
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}

/// What is to be written.
enum Exported {
    /// A text, for standard output or a file.
    Text(String),
    /// A file that is no text.
    File(Vec<u8>),
    /// Files by path.
    Files(BTreeMap<String, Bytes>),
}

fn nowhere(what: &str, example: &str) -> Problem {
    Problem::new(format!("{what} needs a place to be written to"))
        .hint(format!("say where: `--output {example}`"))
}

fn is_archive(output: &Path) -> bool {
    output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

fn unwritable(output: &Path, error: &std::io::Error) -> Problem {
    Problem::new(format!("`{}` cannot be written: {error}", output.display()))
}

/// Writes a file, whole or not at all.
fn write(output: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let failed = |error: std::io::Error| unwritable(output, &error);
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any file somebody writes; what the system keeps from others stays kept.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.prefix(".gleaner-").tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(output).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes a folder that isn't there yet, or is empty, whole or not at all.
fn write_folder(output: &Path, files: &BTreeMap<String, Bytes>) -> Result<(), Problem> {
    let failed = |error: std::io::Error| unwritable(output, &error);
    if std::fs::read_dir(output).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Problem::new(format!("`{}` is not empty", output.display()))
            .hint("name a folder that is not there yet, or a `.zip` to write to"));
    }
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let staging = tempfile::Builder::new().prefix(".gleaner-").tempdir_in(folder).map_err(failed)?;
    // In a folder of its own: a temporary one is closed to all others.
    let inside = staging.path().join("export");
    for (path, bytes) in files {
        let place = SitePath::new(path.as_str()).on_disk(&inside);
        std::fs::create_dir_all(place.parent().unwrap_or(&inside)).map_err(failed)?;
        std::fs::write(&place, bytes).map_err(failed)?;
    }
    if output.exists() {
        std::fs::remove_dir(output).map_err(failed)?;
    }
    std::fs::rename(&inside, output).map_err(failed)
}

/// A line for each article.
fn lines<'a>(joined: &'a Joined, articles: impl Iterator<Item = &'a Article>) -> Result<String, Problem> {
    let mut lines = String::new();
    for article in articles {
        let line = serde_json::to_string(&line(joined, article))
            .map_err(|error| Problem::new(format!("`{}` cannot be exported: {error}", article.path())))?;
        lines.push_str(&line);
        lines.push('\n');
    }
    Ok(lines)
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
