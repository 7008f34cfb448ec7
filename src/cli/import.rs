//! `gleaner import`

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use gleaner::articles;
use gleaner::diagnostic::{Diagnostics, Problem};
use gleaner::import::{self, Account, Asked, Named, Outcome, Side};
use gleaner::memo::Memo;
use gleaner::memo::Shelf;
use gleaner::near_duplicates;
use gleaner::path::SitePath;
use gleaner::public::keep;
use gleaner::rights::Origins;
use gleaner::seeds::{LARGEST_SEED, Site, Unread};
use gleaner::text::quotable;
use gleaner::unfinished::finish;

use super::bring::{bring, seed_path, site_path};
use super::report::Report;
use super::stream::{self, StreamArgs};
use super::{Common, Ending, WAITS, read};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ImportArgs {
    /// Import these alone: files, folders or archives below `seeds/`; others are copied there first.
    #[arg(value_name = "PATH", conflicts_with = "stdout")]
    paths: Vec<PathBuf>,
    /// Say what would become of each seed, and write nothing.
    #[arg(long, conflicts_with = "stdout")]
    dry_run: bool,
    /// Bring back the deleted articles that PATH names: by article, slug or seed.
    #[arg(long, requires = "paths", conflicts_with_all = ["accept", "stdout"])]
    restore: bool,
    /// Settle the articles that PATH names where you and the seed changed the same lines.
    #[arg(long, value_name = "SIDE", requires = "paths", conflicts_with = "stdout")]
    accept: Option<AcceptedSide>,
    /// Print the article of this one file (`-` for standard input), and touch nothing.
    #[arg(long, value_name = "FILE")]
    stdout: Option<PathBuf>,
    /// With `--stdout`: print what was left out, and why, as JSON on standard error.
    #[arg(long, requires = "stdout")]
    report: bool,
    #[command(flatten)]
    stream: StreamArgs,
}

const EXAMPLES: &str = "Examples:
  gleaner import                      what is in seeds/
  gleaner import saved-page.html      this file, which is copied to seeds/ first
  gleaner import --stdout letter.eml  one article, to look at
  gleaner import --stdin-format warc --rules site.rules < crawl.warc.gz > articles.jsonl";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AcceptedSide {
    /// Your words stand, for good.
    Mine,
    /// The seed's words take the place of yours where both changed.
    Theirs,
}

pub(super) fn run(common: &Common, args: &ImportArgs, report: &Report) -> Result<Ending, Problem> {
    if args.stream.is_asked() {
        return stream::run(common, &args.stream, report);
    }
    if let Some(file) = &args.stdout {
        return one(file, args.report, report);
    }
    // No build reads what is half written.
    let _memo = (!args.dry_run).then(|| Memo::open(&common.root, || report.message(WAITS)));
    let finished = if args.dry_run { Diagnostics::new() } else { finish(&common.root) };
    let (mut site, mut found) = read(common)?;
    found.extend(finished);
    let mut asked = Asked { dry: args.dry_run, watcher: report.watcher(), ..Asked::default() };
    if !args.paths.is_empty() {
        let named = if args.restore || args.accept.is_some() {
            articles(common, args, &site, &mut asked)?
        } else {
            seeds(common, args, &mut site, report)?
        };
        asked.only = Some(named);
    }
    let ((site, import), problems) = import::import(&site, &asked);
    found.extend(problems);
    // What is wrong with the articles themselves is for `build` and `check` to say.
    let (articles, _) = articles::read(&site.articles, &Origins::default());
    near_duplicates::report(&articles, &near_duplicates::find(&articles, &Shelf::default()), &mut found);
    match keep(&common.root, &import.writes) {
        Ok(problems) => found.extend(problems),
        Err(problem) => found.push(problem.anywhere()),
    }
    report.diagnostics(&found);
    for (seed, account) in &import.accounts {
        let is_news = !matches!(account.outcome, Outcome::Unchanged);
        if is_news || report.is_verbose() || !args.paths.is_empty() {
            let article = account.article.as_ref().map(|path| format!(" → {path}")).unwrap_or_default();
            let reason = account.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            let line = format!("{:>12}  {seed}{article}{reason}", account.outcome.to_string());
            report.message(&quotable(&line));
        }
        if report.is_json() {
            report.json(&as_json(seed, account));
        }
    }
    summary(&import.count(), report);
    if args.dry_run {
        report.message("This is what would become of them: nothing was written.");
    }
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}

/// The seeds that the paths name; what stands elsewhere becomes a seed first.
fn seeds(
    common: &Common,
    args: &ImportArgs,
    site: &mut Site,
    report: &Report,
) -> Result<BTreeSet<SitePath>, Problem> {
    let mut inside = Vec::new();
    for path in &args.paths {
        inside.push(match seed_path(common, path) {
            Some(seed) => seed,
            None => bring(common, path, args.dry_run, site, report)?,
        });
    }
    let named = Named::of(site)?;
    let seeds: Vec<_> = inside.iter().map(|path| named.seeds(path)).collect::<Result<_, _>>()?;
    Ok(seeds.into_iter().flatten().collect())
}

/// The seeds of the articles that the paths name, with what is asked for them.
fn articles(
    common: &Common,
    args: &ImportArgs,
    site: &Site,
    asked: &mut Asked,
) -> Result<BTreeSet<SitePath>, Problem> {
    let named = Named::of(site)?;
    let mut seeds = BTreeSet::new();
    for path in &args.paths {
        let typed =
            site_path(common, path).map_or_else(|| path.to_string_lossy().into(), |path| path.to_string());
        let Some(side) = args.accept else {
            seeds.insert(named.deleted(&typed)?);
            continue;
        };
        let seed = named.seed(&typed)?;
        let side = match side {
            AcceptedSide::Mine => Side::Mine,
            AcceptedSide::Theirs => Side::Theirs,
        };
        asked.settle.insert(seed.clone(), side);
        seeds.insert(seed);
    }
    if args.restore {
        asked.restore.clone_from(&seeds);
    }
    Ok(seeds)
}

/// A seed's account for programs.
pub(super) fn as_json(seed: &SitePath, account: &Account) -> serde_json::Value {
    let reading = account.reading();
    serde_json::json!({
        "kind": "seed",
        "seed": seed.as_str(),
        "outcome": account.outcome.to_string(),
        "reason": account.reason,
        "article": account.article.as_ref().map(SitePath::as_str),
        "hash": Some(account.hash.as_str()).filter(|hash| !hash.is_empty()),
        "encoding": reading.map(|(decoded, _)| decoded.encoding),
        "words": reading.map(|(_, reading)| reading.body.split_whitespace().count()),
        "removals": reading.map(|(_, reading)| reading.removals.len()),
        "repairs": reading.map(|(_, reading)| reading.repairs.len()),
    })
}

/// Says how many seeds ended how; the counts are in the order of [`Outcome::ALL`].
pub(super) fn summary(counts: &[usize; Outcome::ALL.len()], report: &Report) {
    let all: usize = counts.iter().sum();
    let counts = || Outcome::ALL.iter().zip(counts);
    let mut sum = serde_json::json!({ "kind": "import", "seeds": all });
    for (outcome, count) in counts() {
        sum[outcome.to_string()] = (*count).into();
    }
    report.json(&sum);
    if all == 0 {
        report.message("No seeds: put saved articles, as .txt, .html, .md or .zip, into seeds/.");
        return;
    }
    let counts: Vec<String> = counts()
        .filter(|(_, count)| **count > 0)
        .map(|(outcome, count)| format!("{count} {outcome}"))
        .collect();
    report.message(&format!("{all} {}: {}.", if all == 1 { "seed" } else { "seeds" }, counts.join(", ")));
}

fn one(file: &Path, with_removals: bool, report: &Report) -> Result<Ending, Problem> {
    let is_stdin = file == Path::new("-");
    let unreadable =
        |error: std::io::Error| Problem::new(format!("`{}` cannot be read: {error}", file.display()));
    let mut bytes = Vec::new();
    // One byte more than a seed may have tells that it is larger.
    let mut read = |from: &mut dyn Read| from.take(LARGEST_SEED + 1).read_to_end(&mut bytes);
    if is_stdin {
        read(&mut std::io::stdin().lock()).map_err(unreadable)?;
    } else {
        read(&mut File::open(file).map_err(unreadable)?).map_err(unreadable)?;
    }
    if bytes.len() as u64 > LARGEST_SEED {
        return Err(Problem::new(format!("`{}` cannot be read: {}", file.display(), Unread::TooLarge)));
    }
    let name = if is_stdin { "stdin.txt".into() } else { file.to_string_lossy().replace('\\', "/") };
    let (article, reading) = import::one(&SitePath::new(name), &bytes)?;
    report.result(&article)?;
    if let Some(reading) = reading.filter(|_| with_removals) {
        let removals: Vec<_> = reading
            .removals
            .iter()
            .map(|removal| serde_json::json!({"line": removal.line, "text": removal.text, "rule": removal.rule.name()}))
            .collect();
        let repairs: Vec<_> = reading
            .repairs
            .iter()
            .map(|repair| serde_json::json!({"line": repair.line, "before": repair.before, "after": repair.after, "rule": repair.kind.name()}))
            .collect();
        eprintln!("{}", serde_json::json!({ "removals": removals, "repairs": repairs }));
    }
    Ok(Ending::Done)
}
