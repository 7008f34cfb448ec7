//! `gleaner mv`

use clap::Args;

use gleaner::diagnostic::Problem;
use gleaner::renaming::rename;
use gleaner::{Options, join};

use super::report::Report;
use super::rewrite::{Consent, hold, settle};
use super::{Common, Ending, explain, read};

#[derive(Debug, Args)]
pub(super) struct MvArgs {
    /// The article: its slug, its file, or its seed.
    article: String,
    /// Its new slug: the last part of its address, `/articles/<slug>/`.
    new_slug: String,
    #[command(flatten)]
    consent: Consent,
}

pub(super) fn run(common: &Common, args: &MvArgs, report: &Report) -> Result<Ending, Problem> {
    let _memo = hold(common, &args.consent, report);
    let (site, mut found) = read(common)?;
    let (joined, problems) = join(&site, &Options { drafts: true, no_import: true, ..Options::default() });
    found.extend(problems);
    if found.has_errors() {
        report.diagnostics(&found);
        report.message("Nothing was changed: where links lead is not certain before these are settled.");
        return Ok(Ending::Problems);
    }
    let article = explain::find(&joined.graph, &args.article)?;
    let renamed = rename(&site, &joined, &article.id, &args.new_slug)?;
    if settle(common, &renamed.rewriting, &args.consent, report)? {
        let links = match renamed.links {
            0 => String::new(),
            1 => ", also by the link to it".to_owned(),
            links => format!(", also by the {links} links to it"),
        };
        report.message(&format!(
            "`{}` is called `{}` now{links}; its old address leads there.",
            article.id, renamed.id
        ));
    }
    Ok(Ending::Done)
}
