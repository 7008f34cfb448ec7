//! The command line: what can be asked, and who answers.

#![expect(clippy::disallowed_methods, reason = "commands read what they are given")]

mod bring;
mod build;
mod check;
mod deploy;
mod explain;
#[cfg(feature = "external")]
mod private;
#[cfg(feature = "external")]
mod external;
mod export;
mod freeze;
mod import;
mod init;
mod man;
mod new;
mod paths;
mod progress;
mod rename;
mod report;
mod rewrite;
mod serve;
mod stream;
mod theme;
mod topics;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use gleaner::diagnostic::{Diagnostics, Problem};
use gleaner::seeds::{self, Site};
use gleaner::unfinished;
use report::Report;

/// Turns a folder of saved articles into a website you can put on any static host.
///
/// Put articles as text, Markdown or saved web pages into `seeds/`, run `gleaner build`, and look at `public/`. Everything
/// Gleaner writes into `content/` is yours to edit: your edits win over every later import.
#[derive(Debug, Parser)]
#[command(name = "gleaner", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  gleaner new my-library      a folder with everything in it to begin
  gleaner init                a site around the files of this folder
  gleaner build               seeds to articles, articles to public/
  gleaner serve --open        look at it while you edit
  gleaner check               what is worth a look, and what to do about it
  gleaner explain ARTICLE     why these topics, what was cut";

/// What is said while another build holds the site.
const WAITS: &str = "Another build of this site is on its way: this one begins when that ends.";

/// The heading of what every command takes.
const EVERYWHERE: &str = "Everywhere";

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The site's folder.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// When to use colour.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
    /// Print problems only.
    #[arg(short, long, global = true, help_heading = EVERYWHERE, conflicts_with = "verbose")]
    quiet: bool,
    /// Print more.
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    verbose: bool,
    /// How problems are printed: for people, a line each, or JSON, an object a line.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// With the lines they are about.
    Human,
    /// `file:line:column: severity: message`
    Short,
    /// An object a line.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a new site that builds as it is.
    New(new::NewArgs),
    /// Makes a site around the files of a folder; those stay as they are.
    Init(init::InitArgs),
    /// Makes articles from seeds.
    Import(import::ImportArgs),
    /// Builds the site: imports seeds, then writes `public/`.
    Build(build::BuildArgs),
    /// Shows the site in your browser, and again whenever you change a file.
    Serve(serve::ServeArgs),
    /// Lists what is worth a minute of yours, most doubtful first; writes nothing.
    Check(check::CheckArgs),
    /// Says why an article has its topics and neighbours, and what was cut from its seed.
    Explain(explain::ExplainArgs),
    /// Shows how topics divide the articles; suggests, evaluates, renames and merges them, and gives them to articles.
    Topics(topics::TopicsArgs),
    /// Gives an article another name: its address, and every link to it.
    Mv(rename::MvArgs),
    /// Makes a theme of your own, and shows what its templates may see.
    Theme(theme::ThemeArgs),
    /// Helps with reading paths.
    Paths(paths::PathsArgs),
    /// Puts the site online: writes what a host needs.
    Deploy(deploy::DeployArgs),
    /// Gives the articles to other programs: as JSON, a book, Markdown, or references.
    Export(export::ExportArgs),
    /// Writes what decides about a seed into one file, for workers on other machines.
    Freeze(freeze::FreezeArgs),
    /// Prints the completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page, or writes that of every command.
    Man(man::ManArgs),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Done.
    Done,
    /// There are problems in the content.
    Problems,
}

/// Runs the command line and says how it ended: 0 done, 1 problems in the content, 2 what was asked for cannot
/// be done.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let report = Report::new(&cli.common);
    let ended = match cli.command {
        Command::New(args) => new::run(&args, &report),
        Command::Init(args) => init::run(&cli.common, &args, &report),
        Command::Import(args) => import::run(&cli.common, &args, &report),
        Command::Build(args) => build::run(&cli.common, &args, &report),
        Command::Serve(args) => serve::run(&cli.common, args, report.clone()),
        Command::Check(args) => check::run(&cli.common, &args, &report),
        Command::Explain(args) => explain::run(&cli.common, &args, &report),
        Command::Topics(args) => topics::run(&cli.common, &args, &report),
        Command::Mv(args) => rename::run(&cli.common, &args, &report),
        Command::Theme(args) => theme::run(&cli.common, &args, &report),
        Command::Paths(args) => paths::run(&cli.common, &args, &report),
        Command::Deploy(args) => deploy::run(&cli.common, &args, &report),
        Command::Export(args) => export::run(&cli.common, &args, &report),
        Command::Freeze(args) => freeze::run(&cli.common, &args, &report),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "gleaner", &mut script);
            report.result(&String::from_utf8_lossy(&script)).map(|()| Ending::Done)
        }
        Command::Man(args) => man::run(Cli::command(), &args, &report),
    };
    match ended {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Problems) => ExitCode::from(1),
        Err(problem) => {
            let mut found = Diagnostics::new();
            found.push(problem.anywhere());
            report.diagnostics(&found);
            ExitCode::from(2)
        }
    }
}

/// Reads the site the command is about.
fn read(common: &Common) -> Result<(Site, Diagnostics), Problem> {
    let (site, mut found) = seeds::read(&common.root)?;
    found.extend(unfinished::notice(&common.root).map(Diagnostics::from).unwrap_or_default());
    Ok((site, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
