//! `gleaner man`

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use gleaner::diagnostic::Problem;

use super::Ending;
use super::report::Report;

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write the page of every command into this folder, instead of printing the first.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// A page, by the name of its file: `gleaner-topics-rename.1`.
struct Page {
    name: String,
    text: Vec<u8>,
}

pub(super) fn run(mut definition: Command, args: &ManArgs, report: &Report) -> Result<Ending, Problem> {
    definition = definition.disable_help_subcommand(true);
    definition.build();
    let mut pages = Vec::new();
    collect(&definition, None, &mut pages)?;
    let Some(folder) = &args.to else {
        let first = pages.first().map(|page| String::from_utf8_lossy(&page.text));
        return report.result(&first.unwrap_or_default()).map(|()| Ending::Done);
    };
    write(&pages, folder).map_err(|error| {
        Problem::new(format!("the manual cannot be written to `{}`: {error}", folder.display()))
    })?;
    let (count, folder) = (pages.len(), folder.display());
    report.message(&format!("{count} pages in {folder}: read one with `man -l {folder}/gleaner.1`."));
    Ok(Ending::Done)
}

fn write(pages: &[Page], folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    pages.iter().try_for_each(|page| fs::write(folder.join(&page.name), &page.text))
}

/// The page of a command, and after it those of the commands below.
fn collect(command: &Command, above: Option<&str>, pages: &mut Vec<Page>) -> Result<(), Problem> {
    let page = Man::new(command.clone()).manual("Gleaner");
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Problem::new(format!("the manual cannot be written: {error}")))?;
    if let Some(above) = above {
        // roff(7): a hyphen that is to be found and copied is written as a minus.
        let above = above.replace('-', "\\-");
        text.extend_from_slice(format!(".SH \"SEE ALSO\"\n\\fB{above}\\fR(1)\n").as_bytes());
    }
    pages.push(Page { name: page.get_filename(), text });
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        collect(below, Some(name), pages)?;
    }
    Ok(())
}
