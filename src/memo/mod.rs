//! What is remembered from one build to the next, so that nothing is done twice.
//!
//! In: the stamps of all files a build looked at and of all it published, and what each published file was made from.
//! Out: whether all is as it was, and which published files are. It is a cache, in `.gleaner/cache/`: deleted, cut short,
//! damaged or left by another version it is as good as none, and what it says of a file is believed only as long as
//! that file has the very stamp it had.

#![expect(clippy::disallowed_methods, reason = "it looks at stamps, and reads and writes its own file alone")]

mod flat; // What is seldom read.
mod parts; // Some hundreds in a file.
mod remarks; // What was found.
mod shelf; // What is costly to make.
mod stamp; // How a file is known without reading it.
mod store; // Whole or nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::config::CONFIG_FILE;
use crate::path::SitePath;
use crate::seeds::{self, CACHE, CONTENT, IMPORTED, LEDGER, SEEDS, STATIC, THEMES};
pub(crate) use flat::Flat;
pub use remarks::Remarks;
pub use shelf::Shelf;
use stamp::Stamp;

/// What is remembered of the last build, in the folder.
const BUILD: &str = "build";

/// The site before the last, in the folder: nearly all its files are those published, by other names.
const STAGE: &str = "stage";

/// Held by whoever builds, in the folder.
const LOCK: &str = "lock";

/// Most values a key is made of take less room than this, in bytes.
const VALUE: usize = 1 << 10;

/// What a published file was made from, as a hash: equal keys, equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of some parts, told apart from any other parts.
    pub fn of(parts: &[&[u8]]) -> Key {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut key = [0; 16];
        hasher.finalize_xof().fill(&mut key);
        Key(key)
    }

    /// The key of a value.
    pub(crate) fn of_value(value: &impl Serialize) -> Key {
        // What cannot be written has the key of nothing; there is no such value.
        Key::of(&[&postcard::to_extend(value, Vec::with_capacity(VALUE)).unwrap_or_default()])
    }

    /// The key as bytes, to be a part of another.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// In hexadecimal digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The published files: by path, from what each was made, and its stamp.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Known<Path: Ord = String>(BTreeMap<Path, (Key, Stamp)>);

impl Known {
    /// Whether the file at `place`, published as `path`, still holds what was made from that.
    pub fn holds(&self, path: &str, key: Key, place: &Path) -> bool {
        let now = || Stamp::at(place);
        self.0.get(path).is_some_and(|(known, stamp)| *known == key && now() == Some(*stamp))
    }
}

impl<'a> Known<&'a str> {
    /// Takes the stamps of files just published below `output`; waits until none of them could change unseen.
    /// What cannot be looked at is not known.
    fn of(output: &Path, keys: &'a BTreeMap<String, Key>) -> Known<&'a str> {
        let keys: Vec<(&str, &Key)> = keys.iter().map(|(path, key)| (path.as_str(), key)).collect();
        let stamped = || -> Vec<Option<Stamp>> {
            keys.par_iter().map(|(path, _)| Stamp::at(&SitePath::new(*path).on_disk(output))).collect()
        };
        let mut stamps = stamped();
        if settle(stamps.iter().flatten()) {
            stamps = stamped();
        }
        let now = SystemTime::now();
        let known = keys.into_iter().zip(stamps).filter_map(|((path, key), stamp)| {
            let stamp = stamp.filter(|stamp| stamp.unsettled(now).is_zero())?;
            Some((path, (*key, stamp)))
        });
        Known(known.collect())
    }
}

/// The stamps of all files and folders a build looks at, by path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inputs(Vec<(String, Option<Stamp>)>);

impl Inputs {
    /// Takes the stamps of a site's files before they are read; waits a moment where one was written just now. `None` where
    /// one of them could still change unseen, or cannot be looked at.
    pub fn of(root: &Path) -> Option<Inputs> {
        let mut inputs = Inputs::found(root)?;
        if settle(inputs.0.iter().filter_map(|(_, stamp)| stamp.as_ref())) {
            inputs = Inputs::found(root)?;
        }
        let now = SystemTime::now();
        inputs
            .0
            .iter()
            .all(|(_, stamp)| stamp.is_none_or(|stamp| stamp.unsettled(now).is_zero()))
            .then_some(inputs)
    }

    fn found(root: &Path) -> Option<Inputs> {
        let places = [CONFIG_FILE, LEDGER, SEEDS, IMPORTED, CONTENT, STATIC, THEMES];
        let below = |place: &&str| below(root, &SitePath::new(*place).on_disk(root));
        let found: Option<Vec<Vec<Stamped>>> = places.par_iter().map(below).collect();
        Some(Inputs(found?.into_iter().flatten().collect()))
    }
}

/// Waits until the clock of the file system has moved on since the newest of some stamps, where that takes a moment only.
/// Returns whether it waited, and the stamps are to be taken again.
fn settle<'a>(stamps: impl Iterator<Item = &'a Stamp>) -> bool {
    let now = SystemTime::now();
    let rest = stamps.map(|stamp| stamp.unsettled(now)).max().unwrap_or_default();
    let is_moment = !rest.is_zero() && rest <= stamp::FINE;
    if is_moment {
        std::thread::sleep(rest);
    }
    is_moment
}

/// What was found below a site: its path, and the stamp of a file.
type Stamped = (String, Option<Stamp>);

/// Everything from a place down, in the order of paths; folders have no stamp, for what is in them has.
fn below(root: &Path, place: &Path) -> Option<Vec<Stamped>> {
    if place.symlink_metadata().is_err() {
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(place) {
        // What a link leads to may change without it; there is seldom one, and then nothing is passed over.
        let entry = entry.ok().filter(|entry| !entry.path_is_symlink())?;
        let stamp = if entry.file_type().is_dir() { None } else { Some(Stamp::of(&entry.metadata().ok()?)) };
        found.push((SitePath::below(root, entry.path()).to_string(), stamp));
    }
    // By whole paths, which takes a tenth of the time that names taken from paths again and again do.
    found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Some(found)
}

/// What the last build looked at, published and ended in.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered<T, Path: Ord = String> {
    /// All that was asked of it.
    asked: String,
    published: Known<Path>,
    /// What it looked at and how it ended; `None` where a build is not to be passed over.
    ended: Option<(Inputs, T)>,
}

/// The memory of one site's builds. While it is held, no other build of the site begins.
#[derive(Debug)]
pub struct Memo {
    folder: PathBuf,
    lock: Option<File>,
}

impl Memo {
    /// Opens the memory of the site in a folder; where another build holds it, calls `waits` and waits. A folder that
    /// cannot be written to has no memory, and builds all the same.
    pub fn open(root: &Path, waits: impl FnOnce()) -> Memo {
        let folder = SitePath::new(CACHE).on_disk(root);
        // What is no site is left as it is.
        let lock = if seeds::is_site(root) && is_own(&folder) { lock(&folder, waits) } else { None };
        Memo { folder, lock }
    }

    /// Where what is costly to make is kept. Who does not hold the site's memory keeps nothing.
    pub fn shelf(&self) -> Shelf {
        if self.lock.is_some() { Shelf::at(&self.folder) } else { Shelf::default() }
    }

    /// Where the site before the last is kept. Who does not hold the site's memory keeps nothing.
    pub fn stage(&self) -> Option<PathBuf> {
        self.lock.as_ref().map(|_| self.folder.join(STAGE))
    }

    /// How the last build ended that was asked the same, where everything it looked at and published is as it was.
    pub fn unchanged<T: serde::de::DeserializeOwned + Send>(
        &self,
        root: &Path,
        output: &Path,
        asked: &str,
    ) -> Option<T> {
        // What is remembered of a large site takes as long to read as its files take to look at.
        let (remembered, found) = rayon::join(|| self.remembered::<T>(asked), || Inputs::found(root));
        let remembered = remembered?;
        let (inputs, told) = remembered.ended?;
        let are_as_they_were = found.is_some_and(|found| found == inputs) && {
            let published: Vec<_> = remembered.published.0.iter().collect();
            published.par_iter().all(|(path, (_, stamp))| {
                Stamp::at(&SitePath::new(path.as_str()).on_disk(output)) == Some(*stamp)
            })
        };
        are_as_they_were.then_some(told)
    }

    /// What is published by the last build that was asked the same.
    pub fn published<T: serde::de::DeserializeOwned>(&self, asked: &str) -> Known {
        self.remembered::<T>(asked).map(|remembered| remembered.published).unwrap_or_default()
    }

    /// Remembers a build: what it was asked, what it published below `output`, and, where it may be passed over as long
    /// as nothing changes, what it looked at and how it ended. A disk that does not take it leaves nothing remembered.
    pub fn remember<T: Serialize>(
        &self,
        asked: &str,
        output: &Path,
        published: &BTreeMap<String, Key>,
        ended: Option<(Inputs, T)>,
    ) {
        if !is_own(&self.folder) {
            return;
        }
        let known = Known::of(output, published);
        let ended = ended.filter(|_| known.0.len() == published.len());
        let remembered = Remembered { asked: asked.to_owned(), published: known, ended };
        let place = self.folder.join(BUILD);
        if store::save(&place, &remembered).is_err() {
            // What was remembered before is no harm: it is believed only where it is true.
            let _left = fs::remove_file(&place);
        }
    }

    fn remembered<T: serde::de::DeserializeOwned>(&self, asked: &str) -> Option<Remembered<T>> {
        let folder = Some(&self.folder).filter(|folder| is_own(folder))?;
        store::load(&folder.join(BUILD)).filter(|remembered: &Remembered<T>| remembered.asked == asked)
    }
}

/// Whether a site's [`CACHE`] is its own. Where a symbolic link leads there, files of others may stand in it, and nothing is to
/// be read, written or removed.
pub fn is_own(folder: &Path) -> bool {
    [Some(folder), folder.parent()].into_iter().flatten().all(|folder| !folder.is_symlink())
}

/// Holds a folder until the file is dropped; `None` where the system cannot.
fn lock(folder: &Path, waits: impl FnOnce()) -> Option<File> {
    fs::create_dir_all(folder).ok()?;
    let place = folder.join(LOCK);
    // A pipe would be waited for, and what a link leads to is not ours.
    if place.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        return None;
    }
    let file = File::options().write(true).create(true).truncate(false).open(place).ok()?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            waits();
            file.lock().ok()?;
        }
        Err(fs::TryLockError::Error(_)) => return None,
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "all";

    fn settle() {
        std::thread::sleep(stamp::FINE * 2);
    }

    /// A site and its public folder, remembered as built.
    fn built() -> (tempfile::TempDir, PathBuf, BTreeMap<String, Key>) {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("public");
        fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        fs::create_dir_all(&output).unwrap();
        fs::write(folder.path().join("content/articles/a.md"), "A").unwrap();
        fs::write(output.join("a.html"), "<p>A").unwrap();
        settle();
        let keys = BTreeMap::from([("a.html".to_owned(), Key::of(&[b"A"]))]);
        let inputs = Inputs::of(folder.path()).unwrap();
        Memo::open(folder.path(), || ()).remember(ASKED, &output, &keys, Some((inputs, 7)));
        (folder, output, keys)
    }

    fn told(root: &Path) -> Option<i32> {
        Memo::open(root, || ()).unchanged(root, &root.join("public"), ASKED)
    }

    #[test]
    fn what_has_not_changed_is_told_again() {
        let (folder, output, keys) = built();
        let root = folder.path();
        assert_eq!(told(root), Some(7));
        assert_eq!(Memo::open(root, || ()).unchanged::<i32>(root, &output, "something else"), None);
        let known = Memo::open(root, || ()).published::<i32>(ASKED);
        assert!(known.holds("a.html", keys["a.html"], &output.join("a.html")));
        assert!(!known.holds("a.html", Key::of(&[b"B"]), &output.join("a.html")));
    }

    #[test]
    fn any_change_is_seen() {
        let changes: [fn(&Path); 8] = [
            |root| fs::write(root.join("content/articles/a.md"), "B").unwrap(),
            |root| fs::write(root.join("content/articles/b.md"), "").unwrap(),
            |root| fs::remove_file(root.join("content/articles/a.md")).unwrap(),
            |root| fs::rename(root.join("content/articles/a.md"), root.join("content/a.md")).unwrap(),
            |root| fs::create_dir(root.join("static")).unwrap(),
            |root| fs::write(root.join("public/a.html"), "<p>B").unwrap(),
            |root| fs::remove_file(root.join("public/a.html")).unwrap(),
            |root| {
                // The same time and size, as a careful copy leaves them.
                let place = root.join("content/articles/a.md");
                let time = fs::metadata(&place).unwrap().modified().unwrap();
                fs::write(&place, "C").unwrap();
                File::options().write(true).open(&place).unwrap().set_modified(time).unwrap();
            },
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let (folder, ..) = built();
            change(folder.path());
            assert_eq!(told(folder.path()), None, "{at}");
        }
    }

    #[test]
    fn a_damaged_memory_is_none() {
        let (folder, ..) = built();
        let root = folder.path();
        let place = root.join(CACHE).join(BUILD);
        let whole = fs::read(&place).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (at % 8);
            fs::write(&place, damaged).unwrap();
            assert_eq!(told(root), None, "byte {at}");
            fs::write(&place, &whole[..at]).unwrap();
            assert_eq!(told(root), None, "cut at {at}");
        }
        fs::write(&place, [&whole[..], b"more"].concat()).unwrap();
        assert_eq!(told(root), None);
        fs::write(&place, &whole).unwrap();
        assert_eq!(told(root), Some(7));
        fs::remove_dir_all(root.join(CACHE)).unwrap();
        assert_eq!(told(root), None);
    }

    #[test]
    fn a_second_build_waits() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("content")).unwrap();
        let first = Memo::open(folder.path(), || panic!("nobody is there to wait for"));
        let has_waited = AtomicBool::new(false);
        let is_first_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                let _second = Memo::open(folder.path(), || has_waited.store(true, Ordering::SeqCst));
                assert!(is_first_done.load(Ordering::SeqCst));
            });
            while !has_waited.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            is_first_done.store(true, Ordering::SeqCst);
            drop(first);
            second.join().unwrap();
        });
    }

    #[test]
    fn a_folder_without_a_cache_has_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("content")).unwrap();
        fs::create_dir(folder.path().join(".gleaner")).unwrap();
        fs::write(folder.path().join(CACHE), "a file in the way").unwrap();
        let memo = Memo::open(folder.path(), || ());
        memo.remember(ASKED, folder.path(), &BTreeMap::new(), None::<(Inputs, i32)>);
        assert_eq!(memo.unchanged::<i32>(folder.path(), folder.path(), ASKED), None);
    }
}
