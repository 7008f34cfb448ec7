//! `gleaner freeze`

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use gleaner::diagnostic::Problem;
use gleaner::stream::Rules;

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct FreezeArgs {
    /// The file to write.
    file: PathBuf,
}

const EXAMPLES: &str = "The file holds what decides about a seed: topics, settings, and what your decisions taught. \
Workers on other machines take it with `gleaner import --stdin-format FORMAT --rules FILE`, and decide as a build of this \
site would.

Examples:
  gleaner freeze site.rules
  gleaner import --stdin-format warc --rules site.rules < crawl.warc.gz > articles.jsonl";

pub(super) fn run(common: &Common, args: &FreezeArgs, report: &Report) -> Result<Ending, Problem> {
    let (site, mut found) = read(common)?;
    let (rules, problems) = Rules::of(&site);
    found.extend(problems);
    report.diagnostics(&found);
    // By half of its topics a site would decide otherwise.
    if found.has_errors() {
        return Ok(Ending::Problems);
    }
    let bytes = rules.freeze()?;
    write(&args.file, &bytes)
        .map_err(|error| Problem::new(format!("`{}` cannot be written: {error}", args.file.display())))?;
    let topics =
        if rules.topics() == 1 { "1 topic".to_owned() } else { format!("{} topics", rules.topics()) };
    report.message(&format!(
        "{topics} frozen in {}, {} KB.",
        args.file.display(),
        bytes.len().div_ceil(1024)
    ));
    Ok(Ending::Done)
}

/// Writes a file whole or not at all.
fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // A temporary file is for nobody else; who may read this one is for the system to say.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut beside = builder.tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(file)?;
    Ok(())
}
