//! `gleaner explain`

use std::fmt::Write as _;

use clap::Args;

use gleaner::articles::{Article, ArticleId};
use gleaner::diagnostic::{Problem, nearest};
use gleaner::graph::{Graph, Reason};
use gleaner::import::Import;
use gleaner::topics::{Assignment, Basis, Scorer, THRESHOLD, Topic, UNSURE, Verdict};
use gleaner::words::Language;
use gleaner::{Joined, Options, join};

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The article: its slug, its file, or its seed.
    article: String,
}

/// How many passages are quoted for a topic.
const QUOTED: usize = 3;

pub(super) fn run(common: &Common, args: &ExplainArgs, report: &Report) -> Result<Ending, Problem> {
    let (site, mut found) = read(common)?;
    let options = Options { drafts: true, no_import: true, ..Options::default() };
    let (joined, problems) = join(&site, &options);
    found.extend(problems);
    let article = find(&joined.graph, &args.article);
    if article.is_err()
        && let Some((seed, account)) = joined.import.accounts.get_key_value(args.article.as_str())
    {
        let reason = account.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        report.shown(&format!("{seed} has no article. It was {}{reason}.\n", account.outcome))?;
        return Ok(Ending::Done);
    }
    report.shown(&explain(&joined, article?))?;
    report.diagnostics(&found);
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}

/// The article that somebody means by a slug, a file or a seed.
pub(super) fn find<'a>(graph: &'a Graph, named: &str) -> Result<&'a Article, Problem> {
    let is_named = |article: &&Article| {
        article.id == ArticleId::of(&gleaner::path::SitePath::new(named))
            || article.path().as_str() == named
            || article
                .source
                .seed
                .as_deref()
                .is_some_and(|seed| seed == named || seed.ends_with(&format!("/{named}")))
    };
    graph.articles.values().find(is_named).ok_or_else(|| {
        let problem = Problem::new(format!("there is no article `{named}`"));
        match nearest(named, graph.articles.keys().map(ArticleId::as_str)) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint(
                "name it by its slug, its file or its seed; `gleaner import` makes articles from seeds",
            ),
        }
    })
}

fn explain(joined: &Joined, article: &Article) -> String {
    let graph = &joined.graph;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut line = |line: &str| {
        let _infallible = writeln!(text, "{line}");
    };
    line(&article.title);
    line(&format!("  {}, {} words", article.path(), article.body.words));

    line("\nTopics");
    let topics: Vec<Topic> = graph.topics.values().cloned().collect();
    let language = Language::of(&joined.config.language);
    if topics.is_empty() {
        line("  The site has no topics: each needs a file in content/topics/.");
    }
    let decided: Vec<Article> = graph.articles.values().cloned().collect();
    for scored in Scorer::of(&topics, &decided, &language).score_sorted(article) {
        line(&verdict(&graph.topics[&scored.topic].title, &scored, article));
        if scored.evidence.is_empty() {
            continue;
        }
        line(&format!("      {}", basis(scored.basis)));
        for evidence in scored.evidence.iter().take(QUOTED) {
            let terms: Vec<&str> = evidence.terms.iter().map(String::as_str).collect();
            let shown =
                excerpt(&evidence.place.text(article), evidence.hits.first().map_or(0, |hit| hit.start));
            line(&format!("      {:>3.0} %  {}: “{shown}”", evidence.share * 100.0, terms.join(", ")));
        }
        let more = scored.evidence.len().saturating_sub(QUOTED);
        if more > 0 {
            line(&format!("             and {more} more: without them it would not have the topic"));
        }
    }

    line("\nRelated");
    if graph.related(&article.id).is_empty() {
        line("  Nothing else here is near it.");
    }
    for related in graph.related(&article.id) {
        let reasons: Vec<String> = related
            .reasons
            .iter()
            .map(|reason| match reason {
                Reason::Terms(terms) => format!("both use {}", terms.join(", ")),
                Reason::Topic(id) => format!("both have the topic {}", graph.topics[id].title),
            })
            .collect();
        line(&format!(
            "  {:.2}  {} ({})",
            related.score,
            graph.articles[&related.to].title,
            reasons.join("; ")
        ));
    }
    for backlink in graph.backlinks(&article.id) {
        line(&format!("  mentioned in {}", graph.articles[&backlink.from].title));
    }
    text.push_str(&provenance(&joined.import, article));
    // What a seed says goes to a terminal here: it must not steer it.
    text.retain(|c| c == '\n' || !c.is_control());
    text
}

fn verdict(title: &str, scored: &Assignment, article: &Article) -> String {
    let verdict = match scored.verdict {
        Verdict::Chosen => "yes, chosen by the curator".to_owned(),
        Verdict::Rejected if article.topics.is_some() => "no, the curator chose others".to_owned(),
        Verdict::Rejected => "no, rejected by the curator".to_owned(),
        Verdict::Earned => format!("yes, for it scores at least {THRESHOLD:.2}"),
        Verdict::Unsure => format!(
            "unsure, for it scores between {UNSURE:.2} and {THRESHOLD:.2}: decide in the front matter"
        ),
        Verdict::No => format!("no, for it scores less than {UNSURE:.2}"),
    };
    format!("  {:.2}  {title}: {verdict}", scored.score)
}

/// What a score rests on, in words.
fn basis(basis: Basis) -> String {
    let parts = [
        (basis.terms, "on its terms"),
        (basis.meaning, "on what its description means"),
        (basis.decisions, "on your decisions"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(part, _)| *part >= 0.005)
        .map(|(part, name)| format!("{:.0} % {name}", part * 100.0))
        .collect();
    let unknown =
        if basis.is_meaning_known { "" } else { "; the article's language is not in the table of meanings" };
    format!("rests {}{unknown}", parts.join(", "))
}

/// The words around a place in a passage.
fn excerpt(passage: &str, at: usize) -> String {
    const BEFORE: usize = 30;
    const LENGTH: usize = 90;
    let before = passage[..at].chars().count();
    let skipped = before.saturating_sub(BEFORE);
    let mut shown: String = passage.chars().skip(skipped).take(LENGTH).collect();
    if skipped > 0 {
        shown.insert(0, '…');
    }
    if skipped + LENGTH < passage.chars().count() {
        shown.push('…');
    }
    shown
}

fn provenance(import: &Import, article: &Article) -> String {
    let mut text = String::from("\nWhere it comes from\n");
    let mut line = |line: &str| {
        let _infallible = writeln!(text, "{line}");
    };
    let account = import.seeds.get(article.path()).and_then(|seed| import.accounts.get_key_value(seed));
    let Some((seed, account)) = account else {
        match &article.source.seed {
            Some(seed) => line(&format!("  {seed}, which is not there any more, or was not read")),
            None => line("  It has no seed: it was written here."),
        }
        return text;
    };
    let reason = account.reason.as_ref().map(|reason| format!(", {reason}")).unwrap_or_default();
    line(&format!("  {seed}: {}{reason}", account.outcome));
    let Some((decoded, reading)) = account.reading() else { return text };
    line(&format!("  read as {}", decoded.encoding));
    let facts = &reading.facts;
    for (name, how) in [
        ("title", facts.title.as_ref().map(|fact| (fact.how, fact.line))),
        ("author", facts.authors.first().map(|fact| (fact.how, fact.line))),
        ("date", facts.date.as_ref().map(|fact| (fact.how, fact.line))),
        ("address", facts.url.as_ref().map(|fact| (fact.how, fact.line))),
        ("site", facts.site.as_ref().map(|fact| (fact.how, fact.line))),
    ] {
        if let Some((how, number)) = how {
            let place = if number > 0 { format!(", line {number}") } else { String::new() };
            line(&format!("  {name} {how}{place}"));
        }
    }
    for (removal, shown) in reading.removals.iter().filter_map(|removal| Some((removal, removal.shown()?))) {
        line(&format!("  line {:>3}  {:<15} “{}”", removal.line, removal.rule.name(), excerpt(shown, 0)));
    }
    for repair in &reading.repairs {
        line(&format!(
            "  line {:>3}  {:<15} “{}” is now “{}”",
            repair.line,
            repair.kind.name(),
            repair.before,
            repair.after
        ));
    }
    text
}
