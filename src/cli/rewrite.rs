//! Files that change at the curator's word are shown first, then written.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Args;
use clap::builder::styling::{AnsiColor, Style};

use gleaner::diagnostic::Problem;
use gleaner::memo::Memo;
use gleaner::path::SitePath;
use gleaner::rewriting::Rewriting;
use gleaner::seeds::CACHE;
use gleaner::unfinished::{carry_out, finish};

use super::report::Report;
use super::{Common, WAITS};

/// Whether to write, and whether to ask.
#[derive(Debug, Args)]
pub(super) struct Consent {
    /// Show what would change, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write without asking.
    #[arg(long, short, conflicts_with = "dry_run")]
    yes: bool,
}

/// Holds the site while its files are read, shown and written: no build reads what is half written. What another such
/// command had begun is ended first.
pub(super) fn hold(common: &Common, consent: &Consent, report: &Report) -> Option<Memo> {
    let memo = (!consent.dry_run).then(|| Memo::open(&common.root, || report.message(WAITS)));
    if memo.is_some() {
        report.diagnostics(&finish(&common.root));
    }
    memo
}

/// Shows what changes; then writes it, if that is what the curator wants. On a terminal they are asked. Says whether it was
/// written.
pub(super) fn settle(
    common: &Common,
    rewriting: &Rewriting,
    consent: &Consent,
    report: &Report,
) -> Result<bool, Problem> {
    if rewriting.is_empty() {
        report.message("Nothing changes.");
        return Ok(false);
    }
    let files =
        rewriting.writes.len() + usize::from(rewriting.gone.as_ref().is_some_and(|gone| gone.to.is_none()));
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    if !report.is_json() {
        report.coloured(&in_colour(&rewriting.diff()))?;
    }
    if consent.dry_run {
        said(rewriting, false, report);
        report.message(&format!("This is what would change in {files}: nothing was written."));
        return Ok(false);
    }
    if !consent.yes && io::stdin().is_terminal() && io::stderr().is_terminal() && !agrees(&files)? {
        report.message("Nothing was written.");
        return Ok(false);
    }
    report.diagnostics(&carry_out(&common.root, rewriting, &typed())?);
    said(rewriting, true, report);
    Ok(true)
}

/// The command, as it was typed.
fn typed() -> String {
    let words =
        std::env::args().skip(1).map(|word| if word.contains(' ') { format!("'{word}'") } else { word });
    ["gleaner".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// The files that are written, without what is no more than a memory of this machine.
fn written(rewriting: &Rewriting) -> impl Iterator<Item = &SitePath> {
    rewriting.writes.keys().filter(|path| path.inside(CACHE).is_none())
}

/// Says of each file what becomes of it.
fn said(rewriting: &Rewriting, is_done: bool, report: &Report) {
    let say = |what: &str, path: &str, to: Option<&str>| {
        let to_shown = to.map(|to| format!(" → {to}")).unwrap_or_default();
        if is_done {
            report.message(&format!("{what:>12}  {path}{to_shown}"));
        }
        report.json(&serde_json::json!({
            "kind": "rewritten", "what": what, "file": path, "to": to, "is_done": is_done,
        }));
    };
    let moved = rewriting.gone.as_ref().and_then(|gone| gone.to.as_ref());
    for path in written(rewriting).filter(|path| Some(*path) != moved) {
        say("written", path.as_str(), None);
    }
    if let Some(gone) = &rewriting.gone {
        match &gone.to {
            Some(to) => say("moved", gone.path.as_str(), Some(to.as_str())),
            None => say("removed", gone.path.as_str(), None),
        }
    }
}

/// Asks on the terminal; anything but a yes is a no.
fn agrees(files: &str) -> Result<bool, Problem> {
    let failed =
        |error: io::Error| Problem::new(format!("nobody can be asked: {error}")).hint("write with `--yes`");
    let mut err = io::stderr().lock();
    write!(err, "Write {files}? [y/N] ").and_then(|()| err.flush()).map_err(failed)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A diff in the colours that version control has for it.
fn in_colour(diff: &str) -> String {
    let mut coloured = String::with_capacity(diff.len());
    for line in diff.lines() {
        let style = match line.chars().next() {
            _ if line.starts_with("---") || line.starts_with("+++") => Style::new().bold(),
            Some('+') => AnsiColor::Green.on_default(),
            Some('-') => AnsiColor::Red.on_default(),
            Some('@') => AnsiColor::Cyan.on_default(),
            Some(_) | None => Style::new(),
        };
        // What an article says goes to a terminal here: it must not steer it.
        let harmless = line.replace(|c: char| c.is_control() && c != '\t', "");
        coloured.push_str(&format!("{style}{harmless}{style:#}\n"));
    }
    coloured
}
