//! `gleaner init`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use gleaner::config::CONFIG_FILE;
use gleaner::diagnostic::Problem;
use gleaner::fields::quoted;
use gleaner::import::Write;
use gleaner::path::SitePath;
use gleaner::public::keep;
use gleaner::seeds::{CONTENT, Gathered, SEEDS, STATIC, THEMES, Unread, gather};

use super::new::{ABOUT, IGNORED, SETTINGS};
use super::report::Report;
use super::{Common, Ending};

#[derive(Debug, Args)]
pub(super) struct InitArgs {}

/// The folders that mean something to a site: what other tools keep in them would be read or published.
const TAKEN: [&str; 4] = [CONTENT, STATIC, THEMES, "public"];

/// Folders of other programs' parts, which nobody wrote.
const LEFT: [&str; 2] = ["node_modules", "target"];

/// The line of the settings that names the site.
const TITLE: &str = "title = \"My library\"";

/// What version control is told in.
const GITIGNORE: &str = ".gitignore";

pub(super) fn run(common: &Common, _args: &InitArgs, report: &Report) -> Result<Ending, Problem> {
    let root = &common.root;
    let shown = root.display();
    let failed = |error: std::io::Error| Problem::new(format!("`{shown}` cannot be read: {error}"));
    let place = root.canonicalize().map_err(failed)?;
    // A link that leads nowhere is there, too.
    let is_there = |name: &str| root.join(name).symlink_metadata().is_ok();
    if is_there(CONFIG_FILE) {
        return Err(Problem::new(format!("`{shown}` is a site already: it has a `{CONFIG_FILE}`"))
            .hint("`gleaner serve --open` shows it"));
    }
    if let Some(taken) = TAKEN.iter().find(|name| is_there(name)) {
        return Err(Problem::new(format!("`{taken}/` is there already, and means something else to a site"))
            .hint("make the site beside it: `gleaner new my-library`, then in there `gleaner import ../THIS-FOLDER`"));
    }
    let has_seeds = is_there(SEEDS);
    if has_seeds && !root.join(SEEDS).symlink_metadata().is_ok_and(|seeds| seeds.is_dir()) {
        return Err(Problem::new(format!("`{SEEDS}` is there already, and is no folder"))
            .hint("rename it; a site keeps its raw articles in a folder of this name"));
    }
    let entries = loose(root).map_err(failed)?;
    let copied = if has_seeds { Copied::default() } else { copy(root, &entries)? };

    let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let title = title(&name);
    let mut files: BTreeMap<SitePath, Write> = BTreeMap::new();
    let settings = SETTINGS.replace(TITLE, &format!("title = {}", quoted(&title)));
    files.insert(SitePath::new(CONFIG_FILE), Write::text(&settings, None));
    files.insert(SitePath::new(format!("{CONTENT}/about.md")), Write::text(ABOUT, None));
    // Only a file is added to: a link stays one, and a pipe would be waited for.
    let place = root.join(GITIGNORE);
    let is_file = place.symlink_metadata().is_ok_and(|there| there.is_file());
    let held = is_file.then(|| std::fs::read_to_string(&place).ok()).flatten();
    let ignored = ignored(held.as_deref());
    if held.is_some() && held.as_ref() != Some(&ignored) || !is_there(GITIGNORE) {
        files.insert(SitePath::new(GITIGNORE), Write::text(&ignored, held.as_deref()));
    }
    keep(root, &files)?;

    for (path, unread) in &copied.unread {
        report.message(&format!("{:>12}  {path} ({unread})", "not copied"));
    }
    let counted = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    report.message(&format!("{:>12}  {CONFIG_FILE}, with the title “{title}”", "written"));
    report.message(&format!("{:>12}  {CONTENT}/about.md", "written"));
    if files.contains_key(&SitePath::new(GITIGNORE)) {
        let what = if held.is_some() { "added to" } else { "written" };
        report.message(&format!("{what:>12}  {GITIGNORE}"));
    }
    if has_seeds {
        report
            .message(&format!("The articles are made of what stands in {SEEDS}/; all else stays as it was."));
    } else if copied.count == 0 {
        report.message(&format!("There is nothing here to begin with: put saved articles into {SEEDS}/."));
    } else {
        report.message(&format!(
            "{:>12}  {} to {SEEDS}/: the site is made of these, and your own stay as they were",
            "copied",
            counted(copied.count)
        ));
    }
    let root_flag = if root == Path::new(".") { String::new() } else { format!(" --root {shown}") };
    report.message(&format!(
        "\nNext:\n\n  gleaner{root_flag} serve --open       look at it, and see what became of each file\n  \
         gleaner{root_flag} topics suggest     what the articles could be sorted by"
    ));
    Ok(Ending::Done)
}

/// What stands in the folder and may be seeds.
fn loose(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut loose = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !LEFT.contains(&name.as_str()) {
            loose.push(entry.path());
        }
    }
    loose.sort();
    Ok(loose)
}

/// What was copied to the seeds.
#[derive(Debug, Default)]
struct Copied {
    count: usize,
    /// What was not, and why.
    unread: Vec<(SitePath, String)>,
}

/// Copies files and folders to `seeds/`, all or none.
fn copy(root: &Path, entries: &[PathBuf]) -> Result<Copied, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(format!("the files cannot be copied to `{SEEDS}/`: {error}")).hint("nothing was changed")
    };
    let staging = tempfile::Builder::new().prefix(".gleaner-").tempdir_in(root).map_err(failed)?;
    // In a folder of its own: a temporary one is closed to all others.
    let inside = staging.path().join(SEEDS);
    std::fs::create_dir(&inside).map_err(failed)?;
    let mut copied = Copied::default();
    for entry in entries {
        let at = SitePath::below(root, entry);
        if entry.is_symlink() {
            copied.unread.push((at, Unread::Link.to_string()));
            continue;
        }
        let Gathered { files, unread, seeds: _ } = gather(entry, &at);
        for (path, from) in &files {
            let to = path.on_disk(&inside);
            std::fs::create_dir_all(to.parent().unwrap_or(&inside)).map_err(failed)?;
            std::fs::copy(from, &to).map_err(failed)?;
            copied.count += 1;
        }
        // What an archive holds has its place in the account of the seeds.
        let is_copied =
            |path: &SitePath| files.keys().any(|file| path.inside(file.as_str()).is_some() || path == file);
        let left = unread.into_iter().filter(|(path, _)| !is_copied(path));
        copied.unread.extend(left.map(|(path, unread)| (path, unread.to_string())));
    }
    std::fs::rename(&inside, root.join(SEEDS)).map_err(failed)?;
    Ok(copied)
}

/// A folder's name as a title: `saved_web-pages` is “Saved web pages”.
fn title(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "My library".to_owned(),
    }
}

/// What version control leaves out, after what it left out before.
fn ignored(held: Option<&str>) -> String {
    let mut text = held.unwrap_or_default().to_owned();
    for line in IGNORED.lines() {
        if !text.lines().any(|known| known.trim() == line) {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_its_site() {
        for (name, expected) in
            [("saved_web-pages", "Saved web pages"), ("été", "Été"), ("", "My library"), ("__", "My library")]
        {
            assert_eq!(title(name), expected);
        }
        assert!(SETTINGS.contains(TITLE));
    }

    #[test]
    fn what_was_left_out_stays_so() {
        assert_eq!(ignored(None), IGNORED);
        assert_eq!(
            ignored(Some("*.log\n/public")),
            format!("*.log\n/public\n{}", &IGNORED["/public\n".len()..])
        );
        assert_eq!(ignored(Some(IGNORED)), IGNORED);
    }
}
