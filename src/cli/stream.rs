//! `gleaner import --stdin-format`: seeds in a stream.

use std::io::{self, ErrorKind, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use clap::{Args, ValueEnum};

use gleaner::diagnostic::Problem;
use gleaner::import::Outcome;
use gleaner::stream::{self, Format, Rules};

use super::report::Report;
use super::{Common, Ending, read};

/// The heading of what goes with a stream.
const STREAM: &str = "Seeds from standard input, a line of JSON each on standard output";

/// What concerns seeds in files.
const FILES: [&str; 6] = ["paths", "dry_run", "restore", "accept", "stdout", "report"];

#[derive(Debug, Args)]
#[command(next_help_heading = STREAM)]
pub(super) struct StreamArgs {
    /// Read seeds from standard input, packed by gzip or not, and write for each a line; the site's files stay as
    /// they are.
    #[arg(long, value_name = "FORMAT", conflicts_with_all = FILES)]
    stdin_format: Option<StdinFormat>,
    /// What the lines are.
    #[arg(long, value_name = "FORMAT", default_value = "jsonl", requires = "stdin_format")]
    to: To,
    /// Decide by the rules in this file, which `gleaner freeze` wrote; without it, by those of the site.
    #[arg(long, value_name = "FILE", requires = "stdin_format")]
    rules: Option<PathBuf>,
    /// Work on so many seeds at a time; without it, on as many as there are processors.
    #[arg(long, value_name = "N", requires = "stdin_format", value_parser = jobs)]
    jobs: Option<NonZeroUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StdinFormat {
    /// An object a line with `text`, `html` or `markdown`, and perhaps `id` and `url`.
    Jsonl,
    /// Web archives.
    Warc,
    /// Web archives of texts.
    Wet,
    /// Texts with a NUL between them.
    Text0,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// An object a line, documented in docs/scale.md.
    Jsonl,
}

/// More threads than any machine has processors help nobody.
const MOST_JOBS: usize = 1024;

fn jobs(typed: &str) -> Result<NonZeroUsize, String> {
    let number = typed.parse().map_err(|_| "it takes a number from 1 on".to_owned())?;
    if number > NonZeroUsize::new(MOST_JOBS).unwrap_or(NonZeroUsize::MIN) {
        return Err(format!("it takes at most {MOST_JOBS}"));
    }
    Ok(number)
}

impl StreamArgs {
    /// Whether a stream is to be read.
    pub(super) fn is_asked(&self) -> bool {
        self.stdin_format.is_some()
    }
}

pub(super) fn run(common: &Common, args: &StreamArgs, report: &Report) -> Result<Ending, Problem> {
    let To::Jsonl = args.to;
    let format = match args.stdin_format {
        Some(StdinFormat::Jsonl) | None => Format::Jsonl,
        Some(StdinFormat::Warc | StdinFormat::Wet) => Format::WebArchive,
        Some(StdinFormat::Text0) => Format::Texts,
    };
    let Some(rules) = rules(common, args.rules.as_deref(), report)? else { return Ok(Ending::Problems) };
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let jobs = args.jobs.unwrap_or_else(processors);
    let lines = stream::lines(io::stdin(), format, Arc::new(rules), jobs)
        .map_err(|error| Problem::new(format!("there are no threads to work with: {error}")))?;
    let mut counts = [0; Outcome::ALL.len()];
    let mut out = io::stdout().lock();
    for line in lines {
        let line = line.map_err(|error| Problem::new(format!("standard input cannot be read: {error}")))?;
        match out.write_all(line.json.as_bytes()) {
            // Who reads the lines has enough of them.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Ending::Done),
            written => written.map_err(|error| Problem::new(format!("a line cannot be written: {error}")))?,
        }
        if let Some(at) = Outcome::ALL.iter().position(|outcome| *outcome == line.outcome) {
            counts[at] += 1;
        }
    }
    summary(&counts, report);
    Ok(Ending::Done)
}

/// The rules to decide by; `None` where the site they should come from has errors, which were reported.
fn rules(common: &Common, file: Option<&Path>, report: &Report) -> Result<Option<Rules>, Problem> {
    if let Some(file) = file {
        let bytes = std::fs::read(file)
            .map_err(|error| Problem::new(format!("`{}` cannot be read: {error}", file.display())))?;
        return Rules::thaw(&bytes).map(Some);
    }
    let (site, mut found) = read(common)?;
    let (rules, problems) = Rules::of(&site);
    found.extend(problems);
    report.diagnostics(&found);
    Ok(Some(rules).filter(|_| !found.has_errors()))
}

/// Says how many seeds ended how.
fn summary(counts: &[usize; Outcome::ALL.len()], report: &Report) {
    if counts.iter().sum::<usize>() == 0 {
        report.message("No seeds: there are none of this format on standard input.");
    } else {
        super::import::summary(counts, report);
    }
}
