//! What is found of each of many, in files of some hundreds: they are read and written side by side, and where one thing
//! changes, one or two of them are written.
//!
//! In: things by their keys. Out: the same the next time. What a file holds is known by its keys alone, since what stands
//! under a key never changes; so files of different builds may stand beside each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Key, store};

/// About so many things are in a file. An edit of 10,000 articles writes a 32nd of what is kept, at most.
const IN_A_PART: usize = 256;

/// There are no more files than this, as a power of two: the first byte of a key says in which it is.
const PARTS: usize = 256;

/// A folder of such files.
pub(super) struct Parts {
    folder: PathBuf,
    /// The files that are there, each with the hash of its keys; `None` for one that cannot be read.
    there: BTreeMap<String, Option<Key>>,
}

impl Parts {
    /// Reads what is kept in a folder.
    pub(super) fn load<T: DeserializeOwned + Send>(folder: PathBuf) -> (Parts, FxHashMap<Key, T>) {
        if folder.symlink_metadata().is_ok_and(|there| !there.is_dir()) {
            // Another version kept all in one file; and where a link leads is not ours. What cannot be removed keeps the
            // new from being kept, and no more.
            let _left = fs::remove_file(&folder);
        }
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        let load = |name: String| -> (String, Option<Vec<(Key, T)>>) {
            let part = store::load(&folder.join(&name));
            (name, part)
        };
        let loaded: Vec<_> = names.into_par_iter().map(load).collect();
        let (mut there, mut known) = (BTreeMap::new(), FxHashMap::default());
        known.reserve(loaded.iter().filter_map(|(_, part)| part.as_ref()).map(Vec::len).sum());
        for (name, part) in loaded {
            there.insert(name, part.as_ref().map(|part| hash(part.iter().map(|(key, _)| key))));
            known.extend(part.into_iter().flatten());
        }
        (Parts { folder, there }, known)
    }

    /// Keeps what was found in the place of all that was kept. A disk that does not take it keeps nothing, and what is
    /// not kept is found again.
    pub(super) fn save<T: Serialize + Sync>(&self, found: &[(Key, T)]) {
        let count = (found.len() / IN_A_PART).next_power_of_two().min(PARTS);
        let mut parts: Vec<Vec<&(Key, T)>> = (0..count).map(|_| Vec::new()).collect();
        for one in found {
            parts[usize::from(one.0.bytes()[0]) * count / PARTS].push(one);
        }
        if fs::create_dir_all(&self.folder).is_err() || self.folder.is_symlink() {
            return;
        }
        let name = |part: usize| format!("{part:02x}-of-{count}");
        parts.par_iter().enumerate().for_each(|(number, part)| {
            let keys = hash(part.iter().map(|(key, _)| key));
            if self.there.get(&name(number)) != Some(&Some(keys)) {
                let _lost = store::save(&self.folder.join(name(number)), part);
            }
        });
        let names: BTreeSet<String> = (0..count).map(name).collect();
        for name in self.there.keys().filter(|name| !names.contains(*name)) {
            let _left = fs::remove_file(self.folder.join(name));
        }
    }
}

/// The hash of some keys, whatever order they stand in.
fn hash<'a>(keys: impl Iterator<Item = &'a Key>) -> Key {
    let mut keys: Vec<&[u8]> = keys.map(Key::bytes).collect();
    keys.sort_unstable();
    Key::of(&keys)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn numbers(range: std::ops::Range<u32>) -> Vec<(Key, u32)> {
        range.map(|number| (Key::of(&[&number.to_le_bytes()]), number)).collect()
    }

    /// What is kept, and the times of the files.
    fn kept(folder: &tempfile::TempDir) -> (BTreeSet<u32>, BTreeMap<String, SystemTime>) {
        let (parts, known) = Parts::load::<u32>(folder.path().join("kind"));
        let time = |name: &String| fs::metadata(parts.folder.join(name)).unwrap().modified().unwrap();
        let times = parts.there.keys().map(|name| (name.clone(), time(name))).collect();
        (known.into_values().collect(), times)
    }

    fn keep(folder: &tempfile::TempDir, found: &[(Key, u32)]) {
        Parts::load::<u32>(folder.path().join("kind")).0.save(found);
    }

    #[test]
    fn what_changes_alone_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        keep(&folder, &numbers(0..2000));
        let (known, before) = kept(&folder);
        assert_eq!(known, (0..2000).collect());
        assert_eq!(before.len(), 8);
        keep(&folder, &numbers(0..2000));
        assert_eq!(kept(&folder).1, before, "nothing changed");
        std::thread::sleep(std::time::Duration::from_millis(20));
        keep(&folder, &numbers(1..2001));
        let (known, after) = kept(&folder);
        assert_eq!(known, (1..2001).collect());
        let written = after.iter().filter(|(name, time)| before.get(*name) != Some(time)).count();
        assert!((1..=2).contains(&written), "{written}");
    }

    #[test]
    fn what_is_damaged_or_of_another_number_of_files_goes() {
        let folder = tempfile::tempdir().unwrap();
        keep(&folder, &numbers(0..2000));
        fs::write(folder.path().join("kind/00-of-8"), "damaged").unwrap();
        fs::write(folder.path().join("kind/strange"), "damaged").unwrap();
        let known = kept(&folder).0;
        assert!(known.len() < 2000 && known.len() > 1500, "{}", known.len());
        keep(&folder, &numbers(0..300));
        let (known, files) = kept(&folder);
        assert_eq!((known, files.len()), ((0..300).collect(), 1));
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_goes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("kind"), "of another version").unwrap();
        keep(&folder, &numbers(0..3));
        assert_eq!(kept(&folder).0, (0..3).collect());
    }
}
