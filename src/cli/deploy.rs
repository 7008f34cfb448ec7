//! `gleaner deploy`

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};

use gleaner::config::CONFIG_FILE;
use gleaner::deploy::setup;
use gleaner::diagnostic::Problem;
use gleaner::host::Host;
use gleaner::path::SitePath;
use gleaner::templates::Templates;
use gleaner::text::Text;
use gleaner::theme::{self, Theme};
use gleaner::{config, policy};

use super::report::Report;
use super::rewrite::{Consent, settle};
use super::{Common, Ending, read};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DeployArgs {
    #[command(subcommand)]
    command: DeployCommand,
}

const EXAMPLES: &str = "Examples:
  gleaner deploy init github-pages     publish on every push
  gleaner deploy init nginx --dry-run  look at the settings first";

#[derive(Debug, Subcommand)]
enum DeployCommand {
    /// Writes the one file that a host needs, with comments; where it is there already, shows what changes.
    Init {
        /// Where the site is put online.
        host: Named,
        #[command(flatten)]
        consent: Consent,
    },
    /// Prints the Content-Security-Policy under which the site's pages work.
    Policy,
}

/// A host as it is named on the command line.
#[derive(Debug, Clone, Copy)]
struct Named(Host);

/// Every host, in the order of the list.
const NAMED: [Named; Host::ALL.len()] = {
    let mut named = [Named(Host::GithubPages); Host::ALL.len()];
    let mut at = 0;
    while at < named.len() {
        named[at] = Named(Host::ALL[at]);
        at += 1;
    }
    named
};

impl ValueEnum for Named {
    fn value_variants<'a>() -> &'a [Named] {
        &NAMED
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.explained()))
    }
}

pub(super) fn run(common: &Common, args: &DeployArgs, report: &Report) -> Result<Ending, Problem> {
    let (site, mut found) = read(common)?;
    let config = found.take(config::Config::read(site.config.as_ref()));
    let wording = found.take(theme::wording(&site, &config.theme, &config.language));
    let theme = found.take(Theme::gather(&site, &config.theme, wording.into()));
    let Some(templates) = found.keep(Templates::read(&theme)).filter(|_| !found.has_errors()) else {
        report.diagnostics(&found);
        return Ok(Ending::Problems);
    };
    let policy = policy::policy(templates.texts());
    let (host, consent) = match &args.command {
        DeployCommand::Policy => {
            report.result(&format!("{policy}\n"))?;
            return Ok(Ending::Done);
        }
        DeployCommand::Init { host, consent } => (host.0, consent),
    };
    let there = |path: &SitePath| {
        let text = std::fs::read_to_string(path.on_disk(&common.root)).ok()?;
        Some(Text::new(path.clone(), text))
    };
    let rewriting = setup(host, &config, &policy, there)?;
    if settle(common, &rewriting, consent, report)? {
        if config.base_url.is_none() {
            report.message(&format!(
                "`{CONFIG_FILE}` has no `base_url`: set it to the site's address, then run this again."
            ));
        }
        report.message("What to do with it stands in its first lines; more in docs/deploying.md.");
    }
    Ok(Ending::Done)
}
