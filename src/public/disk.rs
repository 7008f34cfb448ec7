//! Writing: files one by one, and a folder as a whole.
//!
//! A file is written beside its place and renamed into it. A folder is staged beside its place, complete,
//! and exchanged with it in one step where the system can.

#![expect(clippy::disallowed_methods, reason = "this is the door out")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};
use walkdir::WalkDir;

use crate::address::Address;
use crate::diagnostic::Problem;
use crate::path::SitePath;
use crate::seeds::Bytes;

/// The list of what a build wrote, in the folder it wrote.
pub const MANIFEST: &str = ".gleaner-manifest";

/// What publishing changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// Files written, new or changed.
    pub written: usize,
    /// Files an earlier build wrote and this one did not.
    pub removed: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
}

/// Writes files of the site itself: articles, merge bases, the ledger. Each is whole, old or new, at any time.
///
/// # Errors
/// When a file cannot be written; those before it are.
pub fn keep(root: &Path, files: &BTreeMap<SitePath, String>) -> Result<(), Problem> {
    for (path, text) in files {
        let place = path.on_disk(root);
        write(&place, text.as_bytes()).map_err(|error| problem("written", path.as_str(), &error))?;
    }
    Ok(())
}

fn write(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::with_prefix_in(".gleaner-", folder)?;
    file.write_all(bytes)?;
    match fs::metadata(place) {
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        Err(_) => make_readable(file.as_file())?,
    }
    file.as_file().sync_all()?;
    file.persist(place)?;
    Ok(())
}

/// Temporary files are private; published ones are not.
fn make_readable(file: &fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

fn problem(what: &str, path: &str, error: &io::Error) -> Problem {
    Problem::new(format!("`{path}` cannot be {what}: {error}"))
}

/// Makes a folder hold exactly these files, besides those no build wrote.
pub(super) fn replace(
    output: &Path,
    files: &BTreeMap<&Address, Bytes>,
    force: bool,
) -> Result<Change, Problem> {
    let shown = output.display().to_string();
    let failed = |error: io::Error| problem("published", &shown, &error).hint("the site there is as it was");
    let before = earlier(output).map_err(failed)?;
    let strangers = strangers(output, &before).map_err(failed)?;
    let is_ours = output.join(MANIFEST).is_file();
    if !is_ours && !strangers.is_empty() && !force {
        return Err(Problem::new(format!("`{shown}` holds files that no build wrote"))
            .hint("name another folder with `--output`")
            .hint("`--force` publishes there all the same, and leaves them"));
    }
    if let Some(stranger) =
        strangers.iter().find(|stranger| files.contains_key(&Address::file(stranger.as_str())))
    {
        return Err(Problem::new(format!(
            "`{shown}/{stranger}` would be overwritten, and no build wrote it"
        ))
        .hint("move it away, or into `static/`"));
    }

    let manifest: String = files.keys().map(|address| format!("{}\n", address.as_str())).collect();
    let mut change = Change::default();
    let mut changed: BTreeSet<&Address> = BTreeSet::new();
    for (address, bytes) in files {
        let is_same = before.contains(address.as_str())
            && fs::read(on_disk(output, address.as_str())).is_ok_and(|old| old == bytes[..]);
        if !is_same {
            changed.insert(address);
        }
    }
    change.written = changed.len();
    change.unchanged = files.len() - changed.len();
    change.removed = before.iter().filter(|path| !files.contains_key(&Address::file(path.as_str()))).count();
    let is_manifest_same = fs::read(output.join(MANIFEST)).is_ok_and(|old| old == manifest.as_bytes());
    if changed.is_empty() && change.removed == 0 && is_manifest_same {
        return Ok(change);
    }

    let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let stage = Builder::new().prefix(".gleaner-staged-").tempdir_in(parent).map_err(failed)?;
    let staged = stage.path().join("public");
    fs::create_dir(&staged).map_err(failed)?;
    for (address, bytes) in files {
        let place = on_disk(&staged, address.as_str());
        if changed.contains(address) {
            create(&place, bytes).map_err(failed)?;
        } else {
            link_or_copy(&on_disk(output, address.as_str()), &place).map_err(failed)?;
        }
    }
    create(&staged.join(MANIFEST), manifest.as_bytes()).map_err(failed)?;
    for stranger in &strangers {
        link_or_copy(&on_disk(output, stranger), &on_disk(&staged, stranger)).map_err(failed)?;
    }
    exchange(&staged, output).map_err(failed)?;
    Ok(change)
}

/// What an earlier build wrote there.
fn earlier(output: &Path) -> io::Result<BTreeSet<String>> {
    match fs::read_to_string(output.join(MANIFEST)) {
        Ok(manifest) => Ok(manifest.lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// The files there that no build wrote.
fn strangers(output: &Path, before: &BTreeSet<String>) -> io::Result<Vec<String>> {
    if !output.exists() {
        return Ok(Vec::new());
    }
    let mut strangers = Vec::new();
    for entry in WalkDir::new(output).sort_by_file_name() {
        let entry = entry.map_err(io::Error::from)?;
        let path = SitePath::below(output, entry.path());
        if !entry.file_type().is_dir() && path.as_str() != MANIFEST && !before.contains(path.as_str()) {
            strangers.push(path.as_str().to_owned());
        }
    }
    Ok(strangers)
}

fn on_disk(root: &Path, path: &str) -> PathBuf {
    SitePath::new(path).on_disk(root)
}

fn create(place: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::create(place)?;
    file.write_all(bytes)
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if from.is_symlink() {
        // A stranger: the link itself moves over, wherever it points.
        #[cfg(unix)]
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

/// Puts the staged folder in the place of the old one, which goes away with the stage.
fn exchange(staged: &Path, output: &Path) -> io::Result<()> {
    if !output.exists() {
        return fs::rename(staged, output);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, staged, CWD, output, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // Not every file system exchanges; two renames leave a moment without a site.
    let old = staged.with_file_name("old");
    fs::rename(output, &old)?;
    fs::rename(staged, output).inspect_err(|_| {
        // The old site goes back; when even that fails the error below says what happened.
        let _back = fs::rename(&old, output);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(output: &Path, files: &[(&str, &str)]) -> Result<Change, String> {
        let addresses: Vec<(Address, Bytes)> =
            files.iter().map(|(path, text)| (Address::file(*path), text.as_bytes().into())).collect();
        let files = addresses.iter().map(|(address, bytes)| (address, bytes.clone())).collect();
        replace(output, &files, false).map_err(|problem| problem.anywhere().in_short())
    }

    fn on_disk(output: &Path) -> Vec<String> {
        let all = WalkDir::new(output).sort_by_file_name().into_iter().map(Result::unwrap);
        all.filter(|entry| entry.file_type().is_file())
            .map(|entry| SitePath::below(output, entry.path()).to_string())
            .collect()
    }

    #[test]
    fn only_what_a_build_wrote_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("public");
        let change = publish(&output, &[("a/index.html", "1"), ("b.html", "2")]).unwrap();
        assert_eq!(change, Change { written: 2, removed: 0, unchanged: 0 });
        fs::write(output.join("CNAME"), "example.org").unwrap();
        let change = publish(&output, &[("b.html", "2"), ("c.html", "3")]).unwrap();
        assert_eq!(change, Change { written: 1, removed: 1, unchanged: 1 });
        assert_eq!(on_disk(&output), [MANIFEST, "CNAME", "b.html", "c.html"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the stage is gone");
    }

    #[test]
    fn nothing_changed_touches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("public");
        publish(&output, &[("a.html", "1")]).unwrap();
        let before = fs::metadata(&output).unwrap().modified().unwrap();
        let change = publish(&output, &[("a.html", "1")]).unwrap();
        assert_eq!(change, Change { written: 0, removed: 0, unchanged: 1 });
        assert_eq!(fs::metadata(&output).unwrap().modified().unwrap(), before);
    }

    #[test]
    fn strangers_are_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("home");
        fs::create_dir(&output).unwrap();
        fs::write(output.join("letter.txt"), "dear").unwrap();
        let error = publish(&output, &[("a.html", "1")]).unwrap_err();
        assert!(error.contains("holds files that no build wrote"), "{error}");
        assert_eq!(on_disk(&output), ["letter.txt"]);

        let output = folder.path().join("public");
        publish(&output, &[("a.html", "1")]).unwrap();
        fs::write(output.join("b.html"), "mine").unwrap();
        let error = publish(&output, &[("a.html", "1"), ("b.html", "2")]).unwrap_err();
        assert!(error.contains("b.html` would be overwritten"), "{error}");
        assert_eq!(fs::read_to_string(output.join("b.html")).unwrap(), "mine");
    }
}
