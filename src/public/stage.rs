//! The stage: where a site is made ready beside the one before.
//!
//! In: the folder beside which it is, and where the site before last was kept, if it was. Out: a folder to be filled, which
//! goes away again or is kept for the next time. Nearly all files of a large site stay from one build to the next: a kept
//! stage has them already, as second names of the published ones.

#![expect(clippy::disallowed_methods, reason = "this is the door out")]

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tempfile::{Builder, TempDir};

use crate::faults;
use crate::public::MANIFEST;

/// Where a site is made ready beside the old one. It is there from when it is first asked for until it is dropped.
pub(super) struct Stage<'a> {
    parent: &'a Path,
    /// Where the stage is kept between two builds.
    kept: Option<&'a Path>,
    folder: Mutex<Option<TempDir>>,
}

impl Stage<'_> {
    pub(super) fn beside<'a>(parent: &'a Path, kept: Option<&'a Path>) -> Stage<'a> {
        Stage { parent, kept, folder: Mutex::new(None) }
    }

    /// The folder that takes the place of the old one.
    pub(super) fn public(&self) -> io::Result<PathBuf> {
        let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folder.as_ref() {
            return Ok(folder.path().join(PUBLIC));
        }
        let made = self.made()?;
        let public = made.path().join(PUBLIC);
        fs::create_dir(&public)?;
        *folder = Some(made);
        Ok(public)
    }

    fn made(&self) -> io::Result<TempDir> {
        faults::pass(self.parent)?;
        fs::create_dir_all(self.parent)?;
        sweep(self.parent, STAGE);
        Builder::new().prefix(STAGE).tempdir_in(self.parent)
    }

    /// Takes the kept stage, if there is one, and leaves in it the wanted files that are those in `output`, by other names.
    /// Returns their paths. Nothing is believed of the stage: where it cannot be looked through it is not taken.
    pub(super) fn adopt(&self, output: &Path, is_wanted: impl Fn(&str) -> bool + Sync) -> HashSet<String> {
        let taken = || {
            let kept = self.kept.filter(|kept| kept.symlink_metadata().is_ok_and(|there| there.is_dir()))?;
            let made = self.made().ok()?;
            let public = made.path().join(PUBLIC);
            // In one step: of two builds one has it.
            faults::pass(kept).and_then(|()| fs::rename(kept, &public)).ok()?;
            let stands = same(&public, output, "", &is_wanted).ok()?;
            Some((made, stands))
        };
        let Some((made, stands)) = taken() else { return HashSet::new() };
        *self.folder.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        stands.into_iter().collect()
    }

    /// Keeps what is on the stage, the site before, for the next time.
    pub(super) fn keep(&self) {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(folder), Some(kept)) = (folder.as_ref(), self.kept) {
            // What cannot be kept goes away with the stage.
            let _left = faults::pass(kept).and_then(|()| fs::rename(folder.path().join(PUBLIC), kept));
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let folder = self.folder.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folder {
            // What cannot be removed now is swept away by a later build.
            let _left = clear(folder.path());
        }
    }
}

/// What the name of a stage begins with.
const STAGE: &str = ".gleaner-staged-";

/// The site in a stage.
const PUBLIC: &str = "public";

/// Removes from a folder of a stage all but wanted files that are the very ones at their places in `output`; returns their
/// paths. `at` is the folder's own path, empty or with a `/` at its end.
fn same(
    stage: &Path,
    output: &Path,
    at: &str,
    is_wanted: &(impl Fn(&str) -> bool + Sync),
) -> io::Result<Vec<String>> {
    faults::pass(stage)?;
    let is_one_disk = device(stage)? == device(output)?;
    let (published, staged) = rayon::join(|| entries(output), || entries(stage));
    let (published, staged): (FxHashMap<String, Entry>, _) = (published?.into_iter().collect(), staged?);
    let kept = staged.into_par_iter().map(|(name, entry)| {
        let (place, path) = (stage.join(&name), format!("{at}{name}"));
        let there = published.get(&name).filter(|there| there.kind == entry.kind);
        match (entry.kind, there) {
            (Kind::Folder, Some(_)) => {
                let inside = same(&place, &output.join(&name), &format!("{path}/"), is_wanted)?;
                // What nothing is in any more is gone; a stranger's empty folder is made anew.
                if inside.is_empty() {
                    fs::remove_dir(&place)?;
                }
                Ok(inside)
            }
            (Kind::File, Some(there)) if is_one_disk && entry.inode == there.inode && is_wanted(&path) => {
                Ok(vec![path])
            }
            (Kind::Folder, None) => clear(&place).and_then(|()| fs::remove_dir(&place)).map(|()| Vec::new()),
            (Kind::File | Kind::Other, _) => fs::remove_file(&place).map(|()| Vec::new()),
        }
    });
    let kept: Vec<Vec<String>> = kept.collect::<io::Result<_>>()?;
    Ok(kept.into_iter().flatten().collect())
}

/// What a name in a folder leads to.
struct Entry {
    kind: Kind,
    inode: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
    /// A link, or what is no file.
    Other,
}

/// What is in a folder, as the folder itself says: no file is asked.
#[cfg(unix)]
fn entries(folder: &Path) -> io::Result<Vec<(String, Entry)>> {
    use std::os::unix::fs::DirEntryExt as _;
    let entries = fs::read_dir(folder)?.map(|entry| {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::ErrorKind::InvalidData)?;
        let kind = match entry.file_type()? {
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        Ok((name, Entry { kind, inode: entry.ino() }))
    });
    entries.collect()
}

/// The number of the disk a folder is on.
#[cfg(unix)]
fn device(folder: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(fs::metadata(folder)?.dev())
}

/// Elsewhere two names are not known to be those of one file, and no stage is kept.
#[cfg(not(unix))]
fn entries(_: &Path) -> io::Result<Vec<(String, Entry)>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn device(_: &Path) -> io::Result<u64> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Removes all that is in a folder, by as many as there are processors: an old site has tens of thousands of files.
fn clear(folder: &Path) -> io::Result<()> {
    let entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.par_iter().try_for_each(|entry| {
        // A link to a folder is a file here.
        if !entry.file_type()?.is_dir() {
            return fs::remove_file(entry.path());
        }
        clear(&entry.path())?;
        fs::remove_dir(entry.path())
    })
}

/// Takes away what starts with such a name and a killed build or import left, once it is surely nobody's.
pub(super) fn sweep(parent: &Path, start: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_left = name.to_string_lossy().starts_with(start) && name != MANIFEST;
        let age =
            entry.metadata().and_then(|known| known.modified()).ok().and_then(|then| then.elapsed().ok());
        if is_left && age.is_some_and(|age| age > ABANDONED) {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            // Another time, if not now.
            let _left =
                if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
        }
    }
}

/// No build takes so long to write.
const ABANDONED: std::time::Duration = std::time::Duration::from_hours(1);
