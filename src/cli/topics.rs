//! `gleaner topics`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use gleaner::articles::{self, Article, ArticleId};
use gleaner::diagnostic::Problem;
use gleaner::graph::Graph;
use gleaner::seeds;
use gleaner::topics::{self, Decided, Evaluation, Figures, Overview, Renamed, Suggestion, Topic, TopicId};
use gleaner::words::Language;
use gleaner::{Joined, Options, join};

use super::explain::find;
use super::report::Report;
use super::rewrite::{Consent, hold, settle};
use super::{Common, Ending, read};

#[derive(Debug, Args)]
pub(super) struct TopicsArgs {
    #[command(subcommand)]
    command: Option<TopicsCommand>,
}

#[derive(Debug, Subcommand)]
enum TopicsCommand {
    /// Proposes topics for the articles that have none, ready to paste.
    Suggest,
    /// Says how far to trust the topics: each decided article is scored as if it were not.
    Evaluate {
        /// Score the articles of this folder instead; their front matter says what is right.
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Gives a topic another name, everywhere; the old address leads on.
    Rename {
        /// The topic: its slug, title or synonym.
        old: String,
        /// Its new title, or its new slug.
        new: String,
        #[command(flatten)]
        consent: Consent,
    },
    /// Makes one topic of two: terms, prose and articles of the first go to the second.
    Merge {
        /// The topic that goes.
        from: String,
        /// The topic that stays.
        into: String,
        #[command(flatten)]
        consent: Consent,
    },
    /// Gives articles a topic: it is yours to decide, whatever they score.
    Add {
        /// The topic: its slug, title or synonym.
        topic: String,
        /// The articles: each by its slug, its file, or its seed.
        #[arg(required = true, value_name = "ARTICLE")]
        articles: Vec<String>,
        #[command(flatten)]
        consent: Consent,
    },
    /// Takes a topic from articles, for good.
    Remove {
        /// The topic: its slug, title or synonym.
        topic: String,
        /// The articles: each by its slug, its file, or its seed.
        #[arg(required = true, value_name = "ARTICLE")]
        articles: Vec<String>,
        #[command(flatten)]
        consent: Consent,
    },
}

impl TopicsCommand {
    /// Whether files change, and who is asked.
    fn consent(&self) -> Option<&Consent> {
        match self {
            TopicsCommand::Rename { consent, .. }
            | TopicsCommand::Merge { consent, .. }
            | TopicsCommand::Add { consent, .. }
            | TopicsCommand::Remove { consent, .. } => Some(consent),
            TopicsCommand::Suggest | TopicsCommand::Evaluate { .. } => None,
        }
    }
}

/// How many unsure articles are named.
const NAMED: usize = 12;

/// How many other topics a row names.
const OVERLAPS: usize = 2;

pub(super) fn run(common: &Common, args: &TopicsArgs, report: &Report) -> Result<Ending, Problem> {
    let consent = args.command.as_ref().and_then(TopicsCommand::consent);
    let _memo = consent.and_then(|consent| hold(common, consent, report));
    let (site, mut found) = read(common)?;
    let options = Options { drafts: true, no_import: true, ..Options::default() };
    let (joined, problems) = join(&site, &options);
    found.extend(problems);
    let graph = &joined.graph;
    let articles: Vec<Article> = graph.articles.values().cloned().collect();
    let all: Vec<Topic> = graph.topics.values().cloned().collect();
    let language = Language::of(&joined.config.language);
    match &args.command {
        None => {
            let scored = topics::score_all(&articles, &all, &language);
            let ids = articles.iter().map(|article| &article.id);
            let overview = topics::overview(ids.zip(scored.iter().map(Vec::as_slice)));
            report.shown(&table(graph, &overview))?;
        }
        Some(TopicsCommand::Suggest) => {
            let suggestions = topics::suggest(&articles, &all, &language);
            report.shown(&suggested(graph, &suggestions))?;
        }
        Some(TopicsCommand::Evaluate { folder }) => {
            let evaluation = match folder {
                None => topics::evaluate(&articles, &[], &all, &language),
                Some(folder) => {
                    let (others, problems) =
                        articles::read(&seeds::articles_in(folder)?, &joined.config.rights);
                    found.extend(problems);
                    topics::evaluate(&others, &articles, &all, &language)
                }
            };
            report.shown(&evaluated(&joined, &evaluation))?;
        }
        Some(TopicsCommand::Rename { old, new, consent }) => {
            write(common, &topics::rename(&articles, &all, old, new)?, consent, report)?;
        }
        Some(TopicsCommand::Merge { from, into, consent }) => {
            write(common, &topics::merge(&articles, &all, from, into)?, consent, report)?;
        }
        Some(TopicsCommand::Add { topic, articles, consent }) => {
            let named = named(graph, articles)?;
            let earned = |id: &ArticleId| graph.assignments(id).iter().map(|one| one.topic.clone()).collect();
            let decided = topics::give(&named, &all, topic, earned)?;
            decide(common, &decided, named.len(), ["article has", "articles have"], consent, report)?;
        }
        Some(TopicsCommand::Remove { topic, articles, consent }) => {
            let named = named(graph, articles)?;
            let decided = topics::take(&named, &all, topic)?;
            decide(common, &decided, named.len(), ["article has not", "articles have not"], consent, report)?;
        }
    }
    report.diagnostics(&found);
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}

/// The articles that somebody means, each once.
fn named<'a>(graph: &'a Graph, names: &[String]) -> Result<Vec<&'a Article>, Problem> {
    let mut articles: Vec<&Article> = Vec::with_capacity(names.len());
    for name in names {
        let article = find(graph, name)?;
        if articles.iter().all(|other| other.id != article.id) {
            articles.push(article);
        }
    }
    Ok(articles)
}

fn decide(
    common: &Common,
    decided: &Decided,
    all: usize,
    says: [&str; 2],
    consent: &Consent,
    report: &Report,
) -> Result<(), Problem> {
    let as_they_were = decided.as_they_were.len();
    if as_they_were > 0 {
        let said = counted(as_they_were, "article says", "articles say");
        report.message(&format!("{said} so already."));
    }
    if settle(common, &decided.rewriting, consent, report)? {
        let articles = counted(all - as_they_were, says[0], says[1]);
        report.message(&format!("{articles} the topic `{}` now, by your decision.", decided.id));
    }
    Ok(())
}

fn write(common: &Common, renamed: &Renamed, consent: &Consent, report: &Report) -> Result<(), Problem> {
    if settle(common, &renamed.rewriting, consent, report)? {
        let articles = counted(renamed.articles, "article", "articles");
        report.message(&format!("{articles} named it: they name `{}` now.", renamed.id));
    }
    Ok(())
}

fn table(graph: &Graph, overview: &Overview) -> String {
    let mut text = String::new();
    if graph.topics.is_empty() {
        text.push_str("The site has no topics: each needs a file in content/topics/.\n");
        text.push_str("`gleaner topics suggest` proposes some.\n");
        return text;
    }
    let title = |id: &TopicId| graph.topics[id].title.as_str();
    let width = overview.rows.iter().map(|row| title(&row.topic).chars().count()).max().unwrap_or(0).max(5);
    // Writing to a string cannot fail.
    let mut line = |line: String| {
        let _infallible = writeln!(text, "{}", line.trim_end());
    };
    line(format!("{:width$}  articles  share  decided  score  unsure  shares with", "topic"));
    for row in &overview.rows {
        let share = 100.0 * row.articles as f64 / overview.articles.max(1) as f64;
        let score = row.score.map_or("-".to_owned(), |score| format!("{score:.2}"));
        let overlaps: Vec<String> = row
            .overlaps
            .iter()
            .take(OVERLAPS)
            .map(|(id, shared)| format!("{} {shared}", title(id)))
            .collect();
        line(format!(
            "{:width$}  {:>8}  {share:>4.0}%  {:>7}  {score:>5}  {:>6}  {}",
            title(&row.topic),
            row.articles,
            row.decided,
            row.unsure,
            overlaps.join(", ")
        ));
    }
    let without = counted(overview.without, "article has", "articles have");
    line(format!("\n{without} no topic, of {}.", overview.articles));
    if !overview.unsure.is_empty() {
        line("\nUnsure: decide with `topics` or `not_topics` in the front matter.".to_owned());
        for (article, topic, score) in overview.unsure.iter().take(NAMED) {
            line(format!("  {score:.2}  {}: {}?", graph.articles[article].path(), title(topic)));
        }
        let more = overview.unsure.len().saturating_sub(NAMED);
        if more > 0 {
            line(format!("  ... and {more} more"));
        }
    }
    text
}

fn suggested(graph: &Graph, suggestions: &[Suggestion]) -> String {
    if suggestions.is_empty() {
        return "Nothing to propose: the articles without a topic have too little in common.\n".to_owned();
    }
    let mut text = String::new();
    for suggestion in suggestions {
        let _infallible = writeln!(text, "# {}", suggestion.path);
        text.push_str(&suggestion.file);
        let _infallible = writeln!(
            text,
            "\n# It would take {}:",
            counted(suggestion.articles.len(), "article", "articles")
        );
        for id in &suggestion.articles {
            let title = graph.articles.get(id).map_or(id.as_str(), |article| article.title.as_str());
            let _infallible = writeln!(text, "#   {title}");
        }
        text.push('\n');
    }
    // Titles go to a terminal here: they must not steer it.
    text.retain(|c| c == '\n' || !c.is_control());
    text
}

fn evaluated(joined: &Joined, evaluation: &Evaluation) -> String {
    let mut text = String::new();
    if evaluation.articles == 0 {
        return "Nothing is decided yet: write `topics` or `not_topics` into the front matter of some articles, \
                or name a folder of articles that have them with --folder.\n"
            .to_owned();
    }
    let mut line = |line: String| {
        let _infallible = writeln!(text, "{}", line.trim_end());
    };
    line(format!(
        "{} decided, each scored by what the others teach, in {} parts.\n",
        counted(evaluation.articles, "article is", "articles are"),
        evaluation.parts
    ));
    let title = |id: &TopicId| {
        joined.graph.topics.get(id).map_or_else(|| id.to_string(), |topic| topic.title.clone())
    };
    let names = evaluation.topics.iter().map(|(id, _)| title(id).chars().count());
    let width = names.max().unwrap_or(0).max("all together".len());
    line(format!("{:width$}  right  wrong  missed  unsure  precision  recall    F1", "topic"));
    let mut row = |name: &str, figures: &Figures| {
        line(format!(
            "{name:width$}  {:>5}  {:>5}  {:>6}  {:>6}  {:>9.3}  {:>6.3}  {:>4.3}",
            figures.right,
            figures.wrong,
            figures.missed,
            figures.unsure,
            figures.precision(),
            figures.recall(),
            figures.f1()
        ));
    };
    for (id, figures) in &evaluation.topics {
        row(&title(id), figures);
    }
    row("all together", &evaluation.all());
    line(format!(
        "\nOf the articles about none of the topics, {} of {} would get one.",
        evaluation.tagged_of_none, evaluation.none
    ));
    text
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
