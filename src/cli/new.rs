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

/// The settings, every key explained.
pub(super) const SETTINGS: &str = include_str!("starter/gleaner.toml");
/// A page about the site.
pub(super) const ABOUT: &str = include_str!("starter/content/about.md");
/// What version control leaves out.
pub(super) const IGNORED: &str = include_str!("starter/gitignore");

/// A site that builds as it is, and teaches by its comments.
const STARTER: [(&str, &str); 7] = [
    ("gleaner.toml", SETTINGS),
    ("seeds/leeks.txt", include_str!("starter/seeds/leeks.txt")),
    ("seeds/compost.md", include_str!("starter/seeds/compost.md")),
    ("seeds/soil.html", include_str!("starter/seeds/soil.html")),
    ("content/topics/gardening.md", include_str!("starter/content/topics/gardening.md")),
    ("content/about.md", ABOUT),
    (".gitignore", IGNORED),
];

pub(super) fn run(args: &NewArgs, report: &Report) -> Result<Ending, Problem> {
    let dir = &args.dir;
    let shown = dir.display();
    let failed = |error: std::io::Error| Problem::new(format!("`{shown}` cannot be made: {error}"));
    std::fs::create_dir_all(dir).map_err(failed)?;
    // A fresh repository's own folder is in nobody's way.
    let mut entries = std::fs::read_dir(dir).map_err(failed)?.flatten();
    if entries.any(|entry| entry.file_name() != ".git") {
        return Err(Problem::new(format!("`{shown}` is not empty"))
            .hint("name a folder that does not exist yet")
            .hint("or make a site around the files that are there: `gleaner init` in that folder"));
    }
    let file = |text: &str| Write::text(text, None);
    let files: BTreeMap<SitePath, Write> =
        STARTER.iter().map(|(path, text)| (SitePath::new(*path), file(text))).collect();
    keep(dir, &files)?;
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '~');
    let go = match shown.to_string().as_str() {
        "." => String::new(),
        name if name.starts_with('-') || !name.chars().all(is_plain) => {
            format!("  cd -- '{}'\n", name.replace('\'', r"'\''"))
        }
        name => format!("  cd {name}\n"),
    };
    report.message(&format!(
        "Made a site with three example seeds in {shown}. Next:\n\n{go}  gleaner serve --open\n\nThen put your own \
         articles into its seeds/, as .txt, .html, .md, .eml, .epub or .zip."
    ));
    Ok(Ending::Done)
}
