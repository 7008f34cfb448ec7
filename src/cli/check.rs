//! `gleaner check`

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "external")]
use std::time::Duration;

use clap::Args;
use clap::builder::styling::{AnsiColor, Style};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;
#[cfg(feature = "external")]
use url::Url;

use gleaner::diagnostic::{Diagnostic, Diagnostics, Problem};
use gleaner::doubt::Kind;
use gleaner::import::Outcome;
#[cfg(feature = "external")]
use gleaner::outbound::{self, Answer};
use gleaner::queue::{Waiting, queue};
use gleaner::{Joined, Options, join};

#[cfg(feature = "external")]
use super::external::{Known, Manners};
#[cfg(feature = "external")]
use super::private::Private;
use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Print the whole queue, and not its beginning alone.
    #[arg(long)]
    all: bool,
    /// Check drafts, too.
    #[arg(long)]
    drafts: bool,
    /// Ask other sites, politely, whether the pages are there that links lead to.
    #[arg(long)]
    external: bool,
    /// How long to wait between two questions to the same host.
    #[arg(long, requires = "external", value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    pause: f64,
    /// Ask hosts on this machine and on private networks, too: for a site about pages of an intranet.
    #[arg(long, requires = "external")]
    private: bool,
    /// Treat any doubt as an error: exit with 1 unless the queue is empty.
    #[arg(long)]
    strict: bool,
}

/// The longest pause: an hour.
const LONGEST_PAUSE: f64 = 3600.0;

fn seconds(typed: &str) -> Result<f64, String> {
    let seconds = typed.parse().ok().filter(|seconds| (0.0..=LONGEST_PAUSE).contains(seconds));
    seconds.ok_or_else(|| format!("it takes a number of seconds, 0 to {LONGEST_PAUSE}"))
}

/// How many doubts are shown to a person: an hour's work.
const SHOWN: usize = 20;

/// How many lines of an edit are shown.
const LINES: usize = 12;

/// How wide lines are, in columns of a terminal.
const WIDTH: usize = 80;

pub(super) fn run(common: &Common, args: &CheckArgs, report: &Report) -> Result<Ending, Problem> {
    let (site, mut found) = read(common)?;
    let options = Options { drafts: args.drafts, watcher: report.watcher(), ..Options::default() };
    let (joined, problems) = join(&site, &options);
    found.extend(problems);
    let links = if args.external { Some(links(common, args, &joined, &mut found, report)?) } else { None };
    let queue = queue(&joined.graph, &joined.import, &joined.unsure, found);
    let is_cut = !args.all && report.is_for_people();
    let shown = if is_cut { &queue[..queue.len().min(SHOWN)] } else { &queue[..] };
    let printed: String = shown.iter().map(|one| printed(one, report)).collect();
    report.coloured(&printed)?;
    if let Some(links) = links {
        report.coloured(&links)?;
    }
    sum(&joined, &queue, shown.len(), report)?;
    let is_bad = |one: &Waiting| args.strict || one.found.is_error();
    Ok(if queue.iter().any(is_bad) { Ending::Problems } else { Ending::Done })
}

/// Asks for what links lead to, adds what is in doubt there to what was found, and gives what is to be printed of each.
#[cfg(feature = "external")]
fn links(
    common: &Common,
    args: &CheckArgs,
    joined: &Joined,
    found: &mut Diagnostics,
    report: &Report,
) -> Result<String, Problem> {
    let outbound = outbound::outbound(&joined.graph);
    let mut known = Known::of(&common.root, |url| outbound.contains_key(url));
    let mut old: Vec<&Url> = outbound.keys().filter(|url| known.is_old(url)).collect();
    if !args.private {
        let private: Vec<(&Url, Private)> =
            old.iter().filter_map(|url| Some((*url, Private::named(url)?))).collect();
        old.retain(|url| Private::named(url).is_none());
        known.skip(&private);
    }
    let old = old;
    let hosts = old.iter().filter_map(|url| url.host_str()).collect::<BTreeSet<&str>>().len();
    if !old.is_empty() {
        report.message(&format!(
            "Asking {} for {}, one at a time each; {} known from earlier.",
            counted(hosts, "host"),
            counted(old.len(), "page"),
            known.seen().keys().filter(|url| !known.is_old(url)).count()
        ));
        let contact = joined.config.base_url.as_deref();
        let pause = Duration::from_secs_f64(args.pause);
        let (is_private_asked, watcher) = (args.private, &report.watcher());
        known.ask(&old, &Manners { pause, contact, is_private_asked, watcher })?;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = String::new();
    for (url, seen) in known.seen() {
        *counts.entry(seen.answer.name()).or_default() += 1;
        if report.is_json() {
            let mut object =
                serde_json::json!({ "kind": "link", "address": url.as_str(), "day": seen.day.to_string() });
            object["answer"] = seen.answer.name().into();
            object["why"] = seen.answer.why().into();
            object["to"] =
                if let Answer::Moved { to } = &seen.answer { to.as_str().into() } else { Value::Null };
            lines.push_str(&format!("{object}\n"));
        } else if report.is_verbose() && seen.answer != Answer::Alive {
            let to = if let Answer::Moved { to } = &seen.answer { Some(to.as_str()) } else { None };
            let what = seen.answer.why().or(to).unwrap_or_default();
            lines.push_str(&format!("{:<8} {url}  {}\n", seen.answer.name(), harmless(what)));
        }
    }
    let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    if counts.is_empty() {
        report.message("No link leads to another site.");
    } else {
        report.message(&format!("{}: {}.", counted(outbound.len(), "outbound address"), counts.join(", ")));
    }
    let skipped = known.seen().values().filter(|seen| matches!(seen.answer, Answer::Skipped { .. })).count();
    if skipped > 0 {
        report.message(&format!(
            "{} to this machine or a private network, and {} not asked: `-v` lists them, `--private` asks them.",
            if skipped == 1 { "1 address leads".to_owned() } else { format!("{skipped} addresses lead") },
            if skipped == 1 { "is" } else { "are" },
        ));
    }
    let answers = known.seen().iter().map(|(url, seen)| (url.clone(), seen.answer.clone())).collect();
    found.extend(outbound::doubts(&outbound, &answers));
    Ok(lines)
}

#[cfg(not(feature = "external"))]
fn links(
    _: &Common,
    args: &CheckArgs,
    _: &Joined,
    _: &mut Diagnostics,
    _: &Report,
) -> Result<String, Problem> {
    let CheckArgs { pause: _, private: _, .. } = args;
    Err(Problem::new("this build of gleaner asks no other sites").hint("build it with `--features external`"))
}

/// What a seed or a host says goes to a terminal: it must not steer it.
fn harmless(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', "")
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if noun.ends_with('s') { "es" } else { "s" };
    format!("{number} {noun}{}", if number == 1 { "" } else { plural })
}

/// A doubt as it was asked for.
fn printed(one: &Waiting, report: &Report) -> String {
    if report.is_json() {
        return format!("{}\n", as_json(one));
    }
    if !report.is_for_people() {
        return format!("{}\n", harmless(&one.found.in_short()));
    }
    let (strong, kind) = (Style::new().bold(), style(one));
    let place = harmless(&place(&one.found));
    let mut text = match place.as_str() {
        "" => format!("{kind}{}{kind:#}\n", one.doubt.kind.name()),
        place => format!("{strong}{place}{strong:#}  {kind}{}{kind:#}\n", one.doubt.kind.name()),
    };
    text.push_str(&wrapped(&harmless(&one.found.message), "  ", "  "));
    for hint in &one.found.hints {
        text.push_str(&beginning(&wrapped(&harmless(hint), "  → ", "    ")));
    }
    text.push('\n');
    text
}

/// The first lines of an edit; both sides of a conflict can be long, and `gleaner import` prints them whole.
fn beginning(lines: &str) -> String {
    let mut beginning: String = lines.split_inclusive('\n').take(LINES).collect();
    if lines.lines().count() > LINES {
        beginning.push_str("    …\n");
    }
    beginning
}

fn style(one: &Waiting) -> Style {
    let colour = if one.found.is_error() { AnsiColor::Red } else { AnsiColor::Yellow };
    colour.on_default()
}

/// The file, and the line where there is one.
fn place(found: &Diagnostic) -> String {
    match (found.path(), found.position()) {
        (Some(path), Some(at)) => format!("{path}:{}", at.line),
        (Some(path), None) => path.to_string(),
        (None, _) => String::new(),
    }
}

/// Lines of at most [`WIDTH`] columns, parted at blanks; what has none stays whole.
fn wrapped(text: &str, first: &str, other: &str) -> String {
    let mut lines = String::new();
    let mut begin = first;
    for line in text.lines() {
        let mut open = begin.to_owned();
        let mut is_empty = true;
        // Lines that quote a text keep what they are set in by.
        open.extend(line.chars().take_while(|c| *c == ' '));
        for word in line.split_whitespace() {
            if !is_empty && open.width() + 1 + word.width() > WIDTH {
                lines.push_str(&open);
                lines.push('\n');
                open.clear();
                open.push_str(other);
                is_empty = true;
            }
            if !is_empty {
                open.push(' ');
            }
            open.push_str(word);
            is_empty = false;
        }
        lines.push_str(open.trim_end());
        lines.push('\n');
        begin = other;
    }
    lines
}

/// A doubt for programs: what every command says of a problem, and what the queue adds.
fn as_json(one: &Waiting) -> Value {
    let mut object = Report::problem(&one.found);
    object["kind"] = "doubt".into();
    object["doubt"] = one.doubt.kind.name().into();
    // Two digits say all that a chance can.
    object["weight"] = ((one.doubt.weight() * 100.0).round() / 100.0).into();
    object
}

/// Says how many doubts there are of which kind, and what the next step is.
fn sum(joined: &Joined, queue: &[Waiting], shown: usize, report: &Report) -> Result<(), Problem> {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for one in queue {
        *counts.entry(one.doubt.kind).or_default() += 1;
    }
    let (articles, seeds) = (joined.graph.articles.len(), joined.import.accounts.len());
    if report.is_json() {
        let by_name: BTreeMap<&str, usize> =
            counts.iter().map(|(kind, count)| (kind.name(), *count)).collect();
        let object = serde_json::json!({
            "kind": "check", "articles": articles, "seeds": seeds, "doubts": queue.len(), "by_doubt": by_name,
        });
        return report.coloured(&format!("{object}\n"));
    }
    let news = [Outcome::Imported, Outcome::Merged];
    let is_news = |account: &&gleaner::import::Account| news.contains(&account.outcome);
    let waiting = joined.import.accounts.values().filter(is_news).count();
    if waiting > 0 {
        let (is, its) = if waiting == 1 { ("is", "its") } else { ("are", "their") };
        report.message(&format!(
            "{} {is} not imported yet: `gleaner import` writes {its} articles.",
            counted(waiting, "seed")
        ));
    }
    if queue.is_empty() {
        let all = format!("{} of {}", counted(articles, "article"), counted(seeds, "seed"));
        report.message(&format!("Nothing is in doubt: {all}."));
        return Ok(());
    }
    let files: BTreeSet<_> = queue.iter().filter_map(|one| one.found.path()).collect();
    let by_name: Vec<String> =
        counts.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
    let line = format!(
        "{} in {}: {}.",
        counted(queue.len(), "doubt"),
        counted(files.len(), "file"),
        by_name.join(", ")
    );
    report.message(wrapped(&line, "", "").trim_end());
    if shown < queue.len() {
        report.message(&format!("These are the first {shown}; `gleaner check --all` shows the others."));
    }
    Ok(())
}
