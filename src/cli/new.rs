//! `gleaner new`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use gleaner::diagnostic::Problem;
use gleaner::import::Write;
use gleaner::path::SitePath;
use gleaner::public::keep;

use super::Ending;
use super::report::Report;

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// The folder to make.
    dir: PathBuf,
}

/// A site that builds as it is, and teaches by its comments.
const STARTER: [(&str, &str); 6] = [
    ("gleaner.toml", include_str!("starter/gleaner.toml")),
    ("seeds/leeks.txt", include_str!("starter/seeds/leeks.txt")),
    ("seeds/compost.md", include_str!("starter/seeds/compost.md")),
    ("content/topics/gardening.md", include_str!("starter/content/topics/gardening.md")),
    ("content/about.md", include_str!("starter/content/about.md")),
    (".gitignore", include_str!("starter/gitignore")),
];

pub(super) fn run(args: &NewArgs, report: &Report) -> Result<Ending, Problem> {
    let dir = &args.dir;
    let shown = dir.display();
    let failed = |error: std::io::Error| Problem::new(format!("`{shown}` cannot be made: {error}"));
    std::fs::create_dir_all(dir).map_err(failed)?;
    if std::fs::read_dir(dir).map_err(failed)?.next().is_some() {
        return Err(
            Problem::new(format!("`{shown}` is not empty")).hint("name a folder that does not exist yet")
        );
    }
    let file = |text: &str| Write { text: text.to_owned(), before: None };
    let files: BTreeMap<SitePath, Write> =
        STARTER.iter().map(|(path, text)| (SitePath::new(*path), file(text))).collect();
    keep(dir, &files)?;
    report.message(&format!(
        "Made {shown}, a site with two example seeds. Next:\n\n  cd {shown}\n  gleaner serve --open\n\nThen put your own \
         articles into {shown}/seeds/, as .txt or .md."
    ));
    Ok(Ending::Done)
}
