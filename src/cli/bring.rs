//! Files from anywhere become seeds: they are copied into `seeds/`, and never over others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gleaner::diagnostic::Problem;
use gleaner::path::SitePath;
use gleaner::seeds::{ARTICLES, Gathered, SEEDS, Site, gather};
use tempfile::NamedTempFile;

use super::Common;
use super::report::Report;

/// The path below the site that somebody means who types `path`: seen from where they are, or from the site.
pub(super) fn site_path(common: &Common, path: &Path) -> Option<SitePath> {
    let root = absolute(&common.root);
    let from_here = absolute(path);
    if let Ok(below) = from_here.strip_prefix(&root)
        && (from_here.exists() || common.root == Path::new("."))
    {
        return Some(SitePath::below(Path::new(""), below));
    }
    let is_in_site = path.is_relative() && !from_here.exists();
    is_in_site.then(|| SitePath::below(Path::new(""), path))
}

/// The same for a path that is in `seeds/`, or is itself that folder; `None` for one that is elsewhere.
pub(super) fn seed_path(common: &Common, path: &Path) -> Option<SitePath> {
    site_path(common, path).filter(|path| path.as_str() == SEEDS || path.inside(SEEDS).is_some())
}

/// The path without `.` and `..`, as far as the file system knows it.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}

/// Copies a file or a folder into `seeds/`, and into the site as read. Says where it is now.
///
/// # Errors
/// When there is no such file, it is part of the site, or another file is in its place: then nothing is
/// copied.
pub(super) fn bring(
    common: &Common,
    place: &Path,
    dry: bool,
    site: &mut Site,
    report: &Report,
) -> Result<SitePath, Problem> {
    let shown = place.display();
    if !place.exists() {
        let near = site.seeds.keys().map(SitePath::as_str);
        return Err(
            Problem::new(format!("there is nothing at `{shown}`")).did_you_mean(&shown.to_string(), near)
        );
    }
    let (from, root) = (absolute(place), absolute(&common.root));
    if from.starts_with(&root) || root.starts_with(&from) {
        return Err(Problem::new(format!("`{shown}` is part of the site, and not a seed"))
            .hint(format!("seeds are in `{SEEDS}/`; articles in `{ARTICLES}/` need no import")));
    }
    let name = from.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(name) = name.filter(|name| !name.starts_with('.')) else {
        return Err(Problem::new(format!("`{shown}` has no name that a seed can have")));
    };
    let at = SitePath::new(format!("{SEEDS}/{name}"));
    let gathered = gather(&from, &at);
    let new = new_files(&root, &gathered)?;
    for (path, unread) in &gathered.unread {
        let is_member =
            gathered.files.keys().any(|file| path.inside(file.as_str()).is_some() || path == file);
        if !is_member {
            report.message(&format!("{:>12}  {path} ({unread})", "not copied"));
        }
    }
    if !dry {
        for (path, file) in &new {
            copy(file, &path.on_disk(&root)).map_err(|error| {
                Problem::new(format!("`{}` cannot be copied to `{path}`: {error}", file.display()))
            })?;
        }
    }
    if !new.is_empty() {
        let copied = if dry { "would be copied" } else { "copied" };
        let files = if new.len() == 1 { "1 file".to_owned() } else { format!("{} files", new.len()) };
        report.message(&format!("{files} {copied} from {shown} to {at}."));
    }
    // What was not copied is no part of the site, and in no account of it.
    let is_here = |path: &SitePath| {
        gathered.files.keys().any(|file| path.inside(file.as_str()).is_some() || path == file)
    };
    site.unread.extend(
        gathered
            .unread
            .iter()
            .filter(|(path, _)| is_here(path))
            .map(|(path, unread)| (path.clone(), unread.clone())),
    );
    site.seeds.extend(gathered.seeds);
    Ok(at)
}

/// The files that are not in `seeds/` yet.
fn new_files(root: &Path, gathered: &Gathered) -> Result<BTreeMap<SitePath, PathBuf>, Problem> {
    let mut new = BTreeMap::new();
    for (path, file) in &gathered.files {
        let there = path.on_disk(root);
        let failed = |error: std::io::Error| Problem::new(format!("`{path}` cannot be read: {error}"));
        if !there.exists() {
            new.insert(path.clone(), file.clone());
        } else if std::fs::read(&there).map_err(failed)? != std::fs::read(file).map_err(failed)? {
            return Err(Problem::new(format!("`{path}` is there already, and is another file")).hint(
                format!(
                    "nothing was copied; rename `{}`, or put it into a folder of its own",
                    file.display()
                ),
            ));
        }
    }
    Ok(new)
}

/// Copies a file whole or not at all, and never over another.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::with_prefix_in(".gleaner-", folder)?;
    std::io::copy(&mut std::fs::File::open(from)?, &mut file)?;
    file.as_file().set_permissions(std::fs::metadata(from)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(to)?;
    Ok(())
}
