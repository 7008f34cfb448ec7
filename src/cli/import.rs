//! `gleaner import`

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use gleaner::articles;
use gleaner::diagnostic::Problem;
use gleaner::import::{self, Import, Outcome};
use gleaner::near_duplicates;
use gleaner::path::SitePath;
use gleaner::public::keep;
use gleaner::rights::Origins;

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Say what would become of each seed, and write nothing.
    #[arg(long, conflicts_with = "stdout")]
    dry_run: bool,
    /// Print the article of this one file (`-` for standard input), and touch nothing.
    #[arg(long, value_name = "FILE")]
    stdout: Option<PathBuf>,
    /// With `--stdout`: print what was left out, and why, as JSON on standard error.
    #[arg(long, requires = "stdout")]
    report: bool,
}

pub(super) fn run(common: &Common, args: &ImportArgs, report: &Report) -> Result<Ending, Problem> {
    if let Some(file) = &args.stdout {
        return one(file, args.report, report);
    }
    let (site, mut found) = read(common)?;
    let ((site, import), problems) = import::import(&site, args.dry_run);
    found.extend(problems);
    // What is wrong with the articles themselves is for `build` and `check` to say.
    let (articles, _) = articles::read(&site.articles, &Origins::default());
    near_duplicates::report(&articles, &near_duplicates::find(&articles), &mut found);
    if let Err(problem) = keep(&common.root, &import.writes) {
        found.push(problem.anywhere());
    }
    report.diagnostics(&found);
    for (seed, account) in &import.accounts {
        let is_news = !matches!(account.outcome, Outcome::Unchanged);
        if is_news || report.is_verbose() {
            let article = account.article.as_ref().map(|path| format!(" → {path}")).unwrap_or_default();
            let reason = account.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            report.message(&format!("{:>12}  {seed}{article}{reason}", account.outcome.to_string()));
        }
        report.json(&serde_json::json!({
            "kind": "seed", "seed": seed.as_str(), "outcome": account.outcome.to_string(), "reason": account.reason,
            "article": account.article.as_ref().map(SitePath::as_str),
        }));
    }
    summary(&import, report);
    if args.dry_run {
        report.message("This is what would become of them: nothing was written.");
    }
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}

/// Prints how many seeds ended how; the numbers add up to all of them.
pub(super) fn summary(import: &Import, report: &Report) {
    let all = import.accounts.len();
    if all == 0 {
        report.message("No seeds: put saved articles, as .txt, .html or .md, into seeds/.");
        return;
    }
    let counts: Vec<String> = Outcome::ALL
        .iter()
        .map(|outcome| {
            (outcome, import.accounts.values().filter(|account| account.outcome == *outcome).count())
        })
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{count} {outcome}"))
        .collect();
    report.message(&format!("{all} {}: {}.", if all == 1 { "seed" } else { "seeds" }, counts.join(", ")));
}

fn one(file: &Path, with_removals: bool, report: &Report) -> Result<Ending, Problem> {
    let is_stdin = file == Path::new("-");
    let unreadable =
        |error: std::io::Error| Problem::new(format!("`{}` cannot be read: {error}", file.display()));
    let bytes = if is_stdin {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
        bytes
    } else {
        std::fs::read(file).map_err(unreadable)?
    };
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
