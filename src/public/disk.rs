//! Writing: files one by one, and a folder as a whole.
//!
//! A file is written beside its place and renamed into it. A folder is staged beside its place, complete,
//! and exchanged with it in one step where the system can.

#![expect(clippy::disallowed_methods, reason = "this is the door out")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::{NamedTempFile, TempPath};

use super::stage::{Stage, sweep};
use crate::address::Address;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::faults;
use crate::import::Write;
use crate::memo::{Key, Known};
use crate::path::SitePath;
use crate::seeds::{Bytes, IMPORTED, LEDGER, STAMP, refuse_special};

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

/// Writes files of the site itself: articles, their pictures, merge bases, the ledger. Each is whole, old or new, at any time.
///
/// Articles come first, merge bases next, then the ledger, and the stamp of its rules last: whatever interrupts it, the
/// next import sees an article that is new already, never a memory of one that was not written.
/// Files of one kind are written in batches, in three strokes: all
/// of a batch beside their places; their bytes brought to the disk, all at once; then each put into its place. So no
/// name ever leads to bytes that a loss of power could take, and the disk is waited for once a batch, not once a file. Before
/// the next kind begins, the names are brought to the disk, too. What
/// an interruption leaves of a batch are hidden files, which nothing reads; the next writing takes them away.
///
/// The stamp is a cache, without which the next import reads all seeds again: that it could not be written is a
/// warning, and all that is returned.
///
/// # Errors
/// When files hold something else than when they were read: those, and what is remembered of them, are left as they are, and
/// all others are written. When one cannot be written, or is outside the site: then nothing after it is.
pub fn keep(root: &Path, files: &BTreeMap<SitePath, Write>) -> Result<Diagnostics, Problem> {
    let turn = |path: &SitePath| (path.as_str() == LEDGER, path.inside(IMPORTED).is_some());
    let is_stamp = |(path, _): &(&SitePath, &Write)| path.as_str() == STAMP;
    let (stamp, mut files): (Vec<_>, Vec<_>) = files.iter().partition(is_stamp);
    files.sort_by_key(|(path, _)| turn(path));
    let mut keeping = Keeping::below(root);
    for kind in files.chunk_by(|one, other| turn(one.0) == turn(other.0)) {
        for batch in kind.chunks(BATCH) {
            keeping.batch(batch)?;
        }
        keeping.settle()?;
    }
    let mut cache = Keeping::below(root);
    let stamped = cache.batch(&stamp).and_then(|()| cache.settle());
    let unstamped = stamped.err().map(|problem| problem.hint(UNSTAMPED).anywhere().as_warning());
    let Some(first) = keeping.left.first() else {
        return Ok(unstamped.map(Diagnostics::from).unwrap_or_default());
    };
    let more = match keeping.left.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let others = keeping.left.iter().skip(1).map(|path| format!("left as it is, too: `{path}`"));
    let problem = Problem::new(format!(
        "`{first}`{more} was changed while it was being imported, and is left as it is"
    ))
    .hint("run the command again: it sees the change then");
    Err(others.fold(problem, Problem::hint))
}

/// What can be done where the cache takes nothing.
const UNSTAMPED: &str =
    "nothing is lost, but until you delete it, or may write there, all seeds are read each time";

/// How many files are brought to the disk together.
const BATCH: usize = 1000;

/// What stands before the name of a file that is written beside its place.
const BESIDE: &str = ".gleaner-";

/// How far the writing of a site's own files is.
struct Keeping<'a> {
    root: &'a Path,
    /// The folders that were written to.
    folders: BTreeSet<PathBuf>,
    /// The files that were changed meanwhile.
    left: BTreeSet<&'a SitePath>,
}

impl<'a> Keeping<'a> {
    fn below(root: &Path) -> Keeping<'_> {
        Keeping { root, folders: BTreeSet::new(), left: BTreeSet::new() }
    }

    fn batch(&mut self, batch: &[(&'a SitePath, &'a Write)]) -> Result<(), Problem> {
        let failed = |path: &SitePath, error: &io::Error| problem("written", path.as_str(), error);
        let mut written: Vec<(&SitePath, &Write, PathBuf, TempPath)> = Vec::with_capacity(batch.len());
        let mut last = None;
        for (path, file) in batch {
            if file.of.as_ref().is_some_and(|of| self.left.contains(of)) {
                continue;
            }
            let place = path.on_disk(self.root);
            let folder = place.parent().unwrap_or(Path::new("."));
            if self.folders.insert(folder.to_owned()) {
                stays_inside(self.root, path)?;
                sweep(folder, BESIDE);
            }
            let beside = beside(&place, &file.bytes).map_err(|error| failed(path, &error))?;
            let (handle, beside) = beside.into_parts();
            if batch.len() == 1 || !SYNCS_ALL {
                handle.sync_all().map_err(|error| failed(path, &error))?;
            }
            written.push((path, file, place, beside));
            last = Some((*path, handle));
        }
        if let Some((path, handle)) = last.filter(|_| batch.len() > 1) {
            faults::pass(self.root).map_err(|error| failed(path, &error))?;
            sync_all(&handle).map_err(|error| failed(path, &error))?;
        }
        for (path, file, place, beside) in written {
            let is_put = put(beside, &place, file.before.as_deref()).map_err(|error| failed(path, &error))?;
            if !is_put {
                self.left.insert(path);
            }
        }
        Ok(())
    }

    /// Brings the names of what was written to the disk.
    fn settle(&self) -> Result<(), Problem> {
        let folders: BTreeSet<&Path> = self
            .folders
            .iter()
            .flat_map(|folder| folder.ancestors().take_while(|above| above.starts_with(self.root)))
            .collect();
        for folder in folders {
            sync_folder(folder).map_err(|error| problem("written", &folder.display().to_string(), &error))?;
        }
        Ok(())
    }
}

/// Refuses what a symbolic link would lead out of the site.
fn stays_inside(root: &Path, path: &SitePath) -> Result<(), Problem> {
    let place = path.on_disk(root);
    let Some(there) = place.ancestors().skip(1).find(|above| above.symlink_metadata().is_ok()) else {
        return Ok(());
    };
    let inside = there.canonicalize().and_then(|there| Ok(there.starts_with(root.canonicalize()?)));
    if inside.map_err(|error| problem("written", path.as_str(), &error))? {
        return Ok(());
    }
    Err(Problem::new(format!("`{path}` is not written: a symbolic link on the way leads out of the site"))
        .hint("put the folder itself in the place of the link"))
}

/// Puts what was written beside a place into it, if it holds what it held `before`; says whether it did. Who changes the
/// file in the very moment wins: the two are exchanged in one step, and back again where something else came out than went
/// in. Where the system cannot, a moment is left between the look and the step.
fn put(beside: TempPath, place: &Path, before: Option<&[u8]>) -> io::Result<bool> {
    faults::pass(place)?;
    let held = |place: &Path| match read(place) {
        Ok(bytes) => Ok(Some(bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    if held(place)?.as_deref() != before {
        return Ok(false);
    }
    faults::pass(place)?;
    if before.is_none() {
        return match beside.persist_noclobber(place) {
            Ok(()) => Ok(true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => error.path.persist(place).map(|()| true).map_err(io::Error::from),
        };
    }
    if swap(&beside, place).is_err() {
        return beside.persist(place).map(|()| true).map_err(io::Error::from);
    }
    if held(&beside)?.as_deref() == before {
        return Ok(true);
    }
    swap(&beside, place)?;
    Ok(false)
}

/// All of a file.
fn read(place: &Path) -> io::Result<Vec<u8>> {
    refuse_special(place)?;
    fs::read(place)
}

/// Exchanges two files or folders in one step.
///
/// # Errors
/// Where the system, or its file system, cannot.
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (one, other);
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Brings the names in a folder to the disk; not every system does so by being asked.
fn sync_folder(folder: &Path) -> io::Result<()> {
    faults::pass(folder)?;
    #[cfg(unix)]
    fs::File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()?;
    Ok(())
}

/// Whether one call brings all files that were written to the disk.
const SYNCS_ALL: bool = cfg!(target_os = "linux");

/// Brings everything that was written to a file's disk there; elsewhere each file was brought there by itself.
fn sync_all(file: &fs::File) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::fs::syncfs(file)?;
    #[cfg(not(target_os = "linux"))]
    let _ = file;
    Ok(())
}

/// Removes a file of the site itself, if it holds what it held when it was read.
///
/// # Errors
/// When it holds something else by now, or cannot be removed.
pub fn remove(root: &Path, path: &SitePath, held: &str) -> Result<(), Problem> {
    let place = path.on_disk(root);
    let now = read(&place).map_err(|error| problem("read", path.as_str(), &error))?;
    if now.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&now) != held.as_bytes() {
        return Err(Problem::new(format!("`{path}` was changed meanwhile, and is left as it is"))
            .hint("look at it, and remove it by hand"));
    }
    let gone = faults::pass(&place).and_then(|()| fs::remove_file(&place));
    let kept = gone.and_then(|()| sync_folder(place.parent().unwrap_or(root)));
    kept.map_err(|error| problem("removed", path.as_str(), &error))
}

/// Gives a file of the site itself another name, in one step, if it holds what it held when it was read, and nobody has the
/// name.
///
/// # Errors
/// When it holds something else by now, when there is a file of that name, or the system refuses.
pub fn rename(root: &Path, from: &SitePath, to: &SitePath, held: &str) -> Result<(), Problem> {
    stays_inside(root, to)?;
    let (place, new) = (from.on_disk(root), to.on_disk(root));
    let failed = |error: &io::Error| problem("renamed", from.as_str(), error);
    let now = read(&place).map_err(|error| problem("read", from.as_str(), &error))?;
    if now.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&now) != held.as_bytes() {
        return Err(Problem::new(format!("`{from}` was changed meanwhile, and is left as it is"))
            .hint("nothing was written; try again"));
    }
    if new.symlink_metadata().is_ok() {
        return Err(Problem::new(format!("there is a file `{to}` already")).hint("nothing was written"));
    }
    fs::create_dir_all(new.parent().unwrap_or(root)).map_err(|error| failed(&error))?;
    faults::pass(&place).map_err(|error| failed(&error))?;
    fs::rename(&place, &new).map_err(|error| failed(&error))
}

/// Writes a file beside its place, to be renamed into it.
fn beside(place: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = place.parent().unwrap_or(Path::new("."));
    faults::pass(folder)?;
    fs::create_dir_all(folder)?;
    faults::pass(place)?;
    let mut file = NamedTempFile::with_prefix_in(BESIDE, folder)?;
    faults::pass(place)?;
    file.write_all(bytes)?;
    match fs::metadata(place) {
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        Err(_) => make_readable(file.as_file())?,
    }
    Ok(file)
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

/// Makes a folder hold exactly the files of `wanted`, in order, besides those no build wrote. Each is made by `make`, which
/// gives its key, and its bytes only where they are not known to be there already; compared with what is there, written where
/// it differs, and dropped: never are all in memory. The site before is kept at `kept`, if one is named, as the stage of
/// the next. Returns the keys with what changed.
pub(super) fn replace(
    output: &Path,
    wanted: &[&Address],
    known: &Known,
    kept: Option<&Path>,
    force: bool,
    make: impl Fn(&Address, &dyn Fn(Key) -> bool) -> Result<(Key, Option<Bytes>), Diagnostic> + Sync,
) -> Result<(Change, Vec<Key>), Diagnostics> {
    let shown = output.display().to_string();
    // A link to the folder stands for it; the link itself stays.
    let target = if output.is_symlink() { fs::canonicalize(output).ok() } else { None };
    let output = target.as_deref().unwrap_or(output);
    let failed = |error: io::Error| {
        problem("published", &shown, &error).hint("the site there is as it was").anywhere()
    };
    let before = earlier(output).map_err(failed)?;
    let has_strangers = || Ok(!tree(output, &before)?.strangers.is_empty());
    if !force && !output.join(MANIFEST).is_file() && has_strangers().map_err(failed)? {
        return Err(Problem::new(format!("`{shown}` holds files that no build wrote"))
            .hint("name another folder with `--output`")
            .hint("`--force` publishes there all the same, and leaves them")
            .anywhere()
            .into());
    }
    let is_stranger = |address: &Address| {
        let (path, place) = (address.as_str(), on_disk(output, address.as_str()));
        !before.contains(path) && fs::symlink_metadata(place).is_ok_and(|there| !there.is_dir())
    };
    if let Some(stranger) = wanted.par_iter().find_first(|address| is_stranger(address)) {
        return Err(Problem::new(format!(
            "`{shown}/{}` would be overwritten, and no build wrote it",
            stranger.as_str()
        ))
        .hint("move it away, or into `static/`")
        .anywhere()
        .into());
    }

    let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stage = Stage::beside(parent, kept);
    let stands = stage.adopt(output, |path| is_wanted(wanted, path));
    let written = |address: &&Address| -> Result<(bool, Key), Diagnostic> {
        let place = on_disk(output, address.as_str());
        let is_ours = before.contains(address.as_str());
        let (key, bytes) = make(address, &|key| is_ours && known.holds(address.as_str(), key, &place))?;
        let Some(bytes) = bytes.filter(|bytes| !is_ours || !holds(&place, bytes)) else {
            return Ok((false, key));
        };
        let staged = on_disk(&stage.public().map_err(failed)?, address.as_str());
        create(&staged, &bytes).map_err(failed).map(|()| (true, key))
    };
    let written: Vec<Result<(bool, Key), Diagnostic>> = wanted.par_iter().map(written).collect();
    let mut found = Diagnostics::new();
    let (written, keys): (Vec<bool>, Vec<Key>) =
        written.into_iter().filter_map(|one| found.keep(one)).unzip();
    if !found.is_empty() {
        return Err(found);
    }

    let mut change = Change {
        written: written.iter().filter(|is_written| **is_written).count(),
        removed: before.par_iter().filter(|path| !is_wanted(wanted, path)).count(),
        unchanged: 0,
    };
    change.unchanged = wanted.len() - change.written;
    let manifest: String = wanted.iter().flat_map(|address| [address.as_str(), "\n"]).collect();
    let is_manifest_same = holds(&output.join(MANIFEST), manifest.as_bytes());
    if change.written == 0 && change.removed == 0 && is_manifest_same {
        stage.keep();
        return Ok((change, keys));
    }

    let staged = stage.public().map_err(failed)?;
    let linked: Vec<&Address> = wanted
        .iter()
        .zip(&written)
        .filter(|(address, is_written)| !**is_written && !stands.contains(address.as_str()))
        .map(|(address, _)| *address)
        .collect();
    let link = |address: &&Address| {
        link_or_copy(&on_disk(output, address.as_str()), &on_disk(&staged, address.as_str()))
    };
    let folder = |address: &&Address| on_disk(&staged, address.as_str()).parent().map(Path::to_owned);
    // Each folder once, not with each file in it; a folder before what is in it.
    let folders: BTreeSet<PathBuf> = linked.iter().filter_map(folder).collect();
    folders.iter().try_for_each(fs::create_dir_all).map_err(failed)?;
    linked.par_iter().try_for_each(link).map_err(failed)?;
    create(&staged.join(MANIFEST), manifest.as_bytes()).map_err(failed)?;
    let Tree { strangers, folders } = tree(output, &before).map_err(failed)?;
    // A folder that held only what is gone goes with it; one of a stranger's stays, empty or not.
    let has_any = |paths: &BTreeSet<String>, folder: &str| {
        paths.range(folder.to_owned()..).next().is_some_and(|path| path.starts_with(folder))
    };
    let stays = |folder: &&String| {
        let inside = format!("{folder}/");
        has_any(&strangers, &inside) || !has_any(&before, &inside)
    };
    let staying = folders.par_iter().filter(stays);
    staying.try_for_each(|folder| fs::create_dir_all(on_disk(&staged, folder))).map_err(failed)?;
    folders.par_iter().try_for_each(|folder| same_permissions(output, &staged, folder)).map_err(failed)?;
    if let Ok(old) = fs::metadata(output) {
        fs::set_permissions(&staged, old.permissions()).map_err(failed)?;
    } else {
        make_listable(&staged).map_err(failed)?;
    }
    for stranger in &strangers {
        let new = on_disk(&staged, stranger);
        new.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        link_or_copy(&on_disk(output, stranger), &new).map_err(failed)?;
    }
    // The site is on the disk before a name leads to it: no loss of power leaves empty pages in the place of good ones.
    fs::File::open(&staged).and_then(|staged| sync_all(&staged)).map_err(failed)?;
    exchange(&staged, output).map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
            let problem = problem("published", &shown, &error).hint("the site there is as it was");
            problem
                .hint("a folder that is mounted cannot be exchanged: name one inside it with `--output`")
                .anywhere()
        }
        _ => failed(error),
    })?;
    sync_folder(parent).map_err(|error| {
        let problem = problem("published", &shown, &error);
        problem.hint("the new site is there, but might not outlast a loss of power").anywhere()
    })?;
    stage.keep();
    Ok((change, keys))
}

fn is_wanted(wanted: &[&Address], path: &str) -> bool {
    wanted.binary_search_by(|address| address.as_str().cmp(path)).is_ok()
}

/// Whether a file holds exactly these bytes.
fn holds(place: &Path, bytes: &[u8]) -> bool {
    let has_size = fs::symlink_metadata(place).is_ok_and(|there| there.len() == bytes.len() as u64);
    has_size && fs::read(place).is_ok_and(|there| there == bytes)
}

/// What an earlier build wrote there.
fn earlier(output: &Path) -> io::Result<BTreeSet<String>> {
    let manifest = faults::pass(output).and_then(|()| read(&output.join(MANIFEST)));
    match manifest.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other)) {
        Ok(manifest) => Ok(manifest.lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// What is where a site is published to.
#[derive(Default)]
struct Tree {
    /// The files that no build wrote.
    strangers: BTreeSet<String>,
    /// All folders, in no order.
    folders: Vec<String>,
}

fn tree(output: &Path, before: &BTreeSet<String>) -> io::Result<Tree> {
    if !output.exists() {
        return Ok(Tree::default());
    }
    faults::pass(output)?;
    below(output, output, before)
}

/// What is in one of its folders, looked through by as many as there are processors. Links are not followed.
fn below(output: &Path, folder: &Path, before: &BTreeSet<String>) -> io::Result<Tree> {
    let entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    let of = |entry: &fs::DirEntry| -> io::Result<Tree> {
        let place = entry.path();
        let path = SitePath::below(output, &place);
        if entry.file_type()?.is_dir() {
            let mut tree = below(output, &place, before)?;
            tree.folders.push(path.as_str().to_owned());
            return Ok(tree);
        }
        let is_stranger = path.as_str() != MANIFEST && !before.contains(path.as_str());
        let strangers = is_stranger.then(|| path.as_str().to_owned()).into_iter().collect();
        Ok(Tree { strangers, folders: Vec::new() })
    };
    let and = |mut all: Tree, more: Tree| {
        all.strangers.extend(more.strangers);
        all.folders.extend(more.folders);
        all
    };
    let trees = entries.par_iter().map(of);
    trees
        .try_fold(Tree::default, |all, one| Ok(and(all, one?)))
        .try_reduce(Tree::default, |a, b| Ok(and(a, b)))
}

/// Gives a staged folder, where there is one, the permissions that it has in the old site.
fn same_permissions(output: &Path, staged: &Path, folder: &str) -> io::Result<()> {
    let new = on_disk(staged, folder);
    let Some(given) = fs::metadata(&new).ok().filter(fs::Metadata::is_dir) else { return Ok(()) };
    let held = fs::metadata(on_disk(output, folder))?.permissions();
    if given.permissions() == held { Ok(()) } else { fs::set_permissions(&new, held) }
}

/// Stages are private; a site is not.
fn make_listable(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn on_disk(root: &Path, path: &str) -> PathBuf {
    SitePath::new(path).on_disk(root)
}

fn create(place: &Path, bytes: &[u8]) -> io::Result<()> {
    faults::pass(place)?;
    let mut file = fs::File::create_new(place).or_else(|error| match (error.kind(), place.parent()) {
        // Most files have another beside them, and their folder is there.
        (io::ErrorKind::NotFound, Some(folder)) => {
            fs::create_dir_all(folder).and_then(|()| fs::File::create_new(place))
        }
        // What is there has the name of a published file, too, which is not to be written to.
        (io::ErrorKind::AlreadyExists, _) => {
            fs::remove_file(place).and_then(|()| fs::File::create_new(place))
        }
        _ => Err(error),
    })?;
    faults::pass(place)?;
    file.write_all(bytes)?;
    if SYNCS_ALL { Ok(()) } else { file.sync_all() }
}

/// Gives a file a second name in a folder that is there.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    faults::pass(to)?;
    if from.is_symlink() {
        // A stranger: the link itself moves over, wherever it points.
        #[cfg(unix)]
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

/// Puts the staged folder in the place of the old one, which goes away with the stage.
fn exchange(staged: &Path, output: &Path) -> io::Result<()> {
    faults::pass(output)?;
    if !output.exists() {
        return fs::rename(staged, output);
    }
    if swap(staged, output).is_ok() {
        return Ok(());
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
        publish_keeping(output, None, files)
    }

    fn publish_keeping(output: &Path, kept: Option<&Path>, files: &[(&str, &str)]) -> Result<Change, String> {
        let addresses: Vec<(Address, Bytes)> =
            files.iter().map(|(path, text)| (Address::file(*path), text.as_bytes().into())).collect();
        let files: BTreeMap<&Address, Bytes> =
            addresses.iter().map(|(address, bytes)| (address, bytes.clone())).collect();
        let wanted: Vec<&Address> = files.keys().copied().collect();
        let make = |address: &Address, _: &dyn Fn(Key) -> bool| {
            let bytes = files[address].clone();
            Ok((Key::of(&[&bytes]), Some(bytes)))
        };
        replace(output, &wanted, &Known::default(), kept, false, make)
            .map(|(change, _)| change)
            .map_err(|found| found.sorted()[0].in_short())
    }

    fn on_disk(output: &Path) -> Vec<String> {
        let all = walkdir::WalkDir::new(output).sort_by_file_name().into_iter().map(Result::unwrap);
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
    fn empty_folders_of_strangers_stay() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("public");
        publish(&output, &[("old/a.html", "1"), ("b.html", "2")]).unwrap();
        fs::create_dir_all(output.join(".git/refs/heads")).unwrap();
        fs::write(output.join(".git/HEAD"), "ref: refs/heads/main").unwrap();
        publish(&output, &[("b.html", "3")]).unwrap();
        assert!(output.join(".git/refs/heads").is_dir() && output.join(".git/HEAD").is_file());
        assert!(!output.join("old").exists(), "what only a build filled goes with it");
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

    #[cfg(target_os = "linux")]
    #[test]
    fn the_site_before_is_the_stage_of_the_next() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (output, kept) = (folder.path().join("public"), folder.path().join("kept"));
        let publish = |files: &[(&str, &str)]| publish_keeping(&output, Some(&kept), files).unwrap();
        let text = |path: &str| fs::read_to_string(output.join(path)).unwrap();
        let node = |path: &Path| fs::metadata(path).unwrap().ino();
        publish(&[("a/index.html", "1"), ("b.html", "2"), ("c.html", "3")]);
        assert!(!kept.exists(), "there was no site before");
        publish(&[("a/index.html", "1"), ("b.html", "new"), ("c.html", "3")]);
        assert_eq!(on_disk(&kept), [MANIFEST, "a/index.html", "b.html", "c.html"]);
        assert_eq!(node(&kept.join("a/index.html")), node(&output.join("a/index.html")));

        // What stands in it is written to under a new name only, and nobody sees that before the exchange.
        let before = fs::File::open(output.join("c.html")).unwrap();
        publish(&[("a/index.html", "1"), ("b.html", "new"), ("c.html", "other"), ("d/e.html", "5")]);
        assert_eq!(io::read_to_string(before).unwrap(), "3");
        assert_eq!((text("b.html").as_str(), text("c.html").as_str()), ("new", "other"));
        assert_eq!(on_disk(&kept), [MANIFEST, "a/index.html", "b.html", "c.html"]);

        // Whatever became of the stage, of it are taken only the files that are the published ones.
        fs::remove_file(kept.join("c.html")).unwrap();
        fs::create_dir(kept.join("c.html")).unwrap();
        fs::write(kept.join("c.html/in"), "x").unwrap();
        fs::remove_dir_all(kept.join("a")).unwrap();
        fs::write(kept.join("a"), "x").unwrap();
        fs::write(kept.join("b.html"), "in place: the same file as the published one").unwrap();
        fs::create_dir_all(kept.join("stray/in")).unwrap();
        fs::write(output.join("CNAME"), "example.org").unwrap();
        std::os::unix::fs::symlink("nowhere", kept.join("link")).unwrap();
        publish(&[("a/index.html", "1"), ("b.html", "new"), ("c.html", "other"), ("d.html", "6")]);
        assert_eq!(on_disk(&output), [MANIFEST, "CNAME", "a/index.html", "b.html", "c.html", "d.html"]);
        assert_eq!((text("a/index.html").as_str(), text("b.html").as_str()), ("1", "new"));
        assert!(!output.join("stray").exists() && !output.join("d").exists());

        // Nothing changed: it is kept on. It is no folder: it is left.
        publish(&[("a/index.html", "1"), ("b.html", "new"), ("c.html", "other"), ("d.html", "6")]);
        assert!(kept.join("a/index.html").is_file());
        fs::remove_dir_all(&kept).unwrap();
        fs::write(&kept, "a file").unwrap();
        publish(&[("b.html", "last")]);
        assert_eq!(fs::read_to_string(&kept).unwrap(), "a file");
        assert_eq!(on_disk(&output), [MANIFEST, "CNAME", "b.html"]);
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 2, "no stage is left");
    }
}
