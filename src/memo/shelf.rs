//! What was costly to make, kept from build to build by the key of what it was made from.
//!
//! In: a key. Out: what was put there under it, by this very program; else nothing. What is large has a file of its own;
//! what is found of each article stands together, a folder a kind with some hundreds in a file, so that a build reads few
//! files however many articles there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::parts::Parts;
use super::{Key, store};
use crate::spool::Spool;

/// What is large, each in a file; in the folder of the cache.
const LARGE: &str = "pictures";

/// What is found of each article, a folder a kind or a file; in the folder of the cache.
const EACH: &str = "articles";

/// A place to keep things, or none: then nothing is kept, and all is made again.
#[derive(Clone, Default)]
pub struct Shelf(Option<Arc<Kept>>);

struct Kept {
    large: PathBuf,
    each: PathBuf,
    /// What was asked for or put among the large.
    used: Mutex<BTreeSet<String>>,
}

impl Shelf {
    /// A shelf in a folder of the cache; none where the folder cannot be made.
    pub(crate) fn at(folder: &Path) -> Shelf {
        let (large, each) = (folder.join(LARGE), folder.join(EACH));
        let is_there = |folder: &PathBuf| std::fs::create_dir_all(folder).is_ok() && !folder.is_symlink();
        let is_there = [&large, &each].into_iter().all(is_there);
        Shelf(is_there.then(|| Arc::new(Kept { large, each, used: Mutex::default() })))
    }

    /// Something large that was kept under a key.
    pub fn get<T: DeserializeOwned>(&self, key: &Key) -> Option<T> {
        let kept = self.0.as_ref()?;
        store::load(&kept.large.join(kept.used(key)))
    }

    /// Keeps something large under a key. A disk that does not take it keeps nothing.
    pub fn put(&self, key: &Key, value: &impl Serialize) {
        if let Some(kept) = &self.0 {
            // What is not kept is made again.
            let _lost = store::save(&kept.large.join(kept.used(key)), value);
        }
    }

    /// What was found of all together the last time.
    pub(crate) fn of_all<T: DeserializeOwned>(&self, kind: &str) -> Option<T> {
        store::load(&self.0.as_ref()?.each.join(kind))
    }

    /// Keeps what was found of all together. A disk that does not take it keeps nothing.
    pub(crate) fn keep_of_all(&self, kind: &str, value: &impl Serialize) {
        if let Some(kept) = &self.0 {
            // What is not kept is found again.
            let _lost = store::save(&kept.each.join(kind), value);
        }
    }

    /// A place on the disk for what waits there within this build, for what goes beyond `room` bytes; none where nothing is kept.
    pub(crate) fn spool(&self, room: u64) -> Option<Arc<Spool>> {
        Spool::beside(&self.0.as_ref()?.each, room).ok()
    }

    /// Finds something of each of many, in their order; only of those of which it is not known from the last time. `key` says
    /// what it depends on and is another for each, `kind` what is found. Kept is what was asked for this time.
    pub fn of_each<I, T>(
        &self,
        kind: &str,
        items: &[I],
        key: impl Fn(&I) -> Key + Send + Sync,
        find: impl Fn(&I) -> T + Send + Sync,
    ) -> Vec<T>
    where
        I: Sync,
        T: Serialize + DeserializeOwned + Send + Sync,
    {
        self.of_each_prepared(kind, items, key, || (), |(), item| find(item))
    }

    /// The same for what is costly to prepare to find, and not prepared where all is known.
    pub fn of_each_prepared<I, T, P>(
        &self,
        kind: &str,
        items: &[I],
        key: impl Fn(&I) -> Key + Send + Sync,
        prepare: impl FnOnce() -> P,
        find: impl Fn(&P, &I) -> T + Send + Sync,
    ) -> Vec<T>
    where
        I: Sync,
        T: Serialize + DeserializeOwned + Send + Sync,
        P: Sync,
    {
        let Some(kept) = &self.0 else {
            let prepared = prepare();
            return items.par_iter().map(|item| find(&prepared, item)).collect();
        };
        let (parts, mut known) = Parts::load(kept.each.join(kind));
        let keys: Vec<Key> = items.par_iter().map(&key).collect();
        let known: Vec<Option<T>> = keys.iter().map(|key| known.remove(key)).collect();
        let prepared = known.iter().any(Option::is_none).then(prepare);
        let find = |((key, item), known): ((Key, &I), Option<T>)| {
            let found = known.or_else(|| prepared.as_ref().map(|prepared| find(prepared, item)));
            found.map(|found| (key, found))
        };
        let found: Vec<(Key, T)> = keys.into_par_iter().zip(items).zip(known).filter_map(find).collect();
        parts.save(&found);
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// The same for what depends on a table as well that all share. Where some of its entries are not as they were the last
    /// time, `concerned` is asked which of the items, by index, these may matter to.
    pub fn of_each_sharing<I, T, C>(
        &self,
        kind: &str,
        items: &[I],
        key: impl Fn(&I) -> Key + Send + Sync,
        table: &BTreeMap<String, Key>,
        concerned: impl FnOnce(&[&str]) -> C,
        find: impl Fn(&I) -> T + Send + Sync,
    ) -> Vec<T>
    where
        I: Sync,
        T: Clone + Serialize + DeserializeOwned + Send + Sync,
        C: Fn(usize) -> bool + Sync,
    {
        let Some(kept) = &self.0 else {
            return items.par_iter().map(find).collect();
        };
        let place = kept.each.join(kind);
        let (before, known): (BTreeMap<String, Key>, Vec<(Key, T)>) = store::load(&place).unwrap_or_default();
        let mut known: FxHashMap<Key, T> = known.into_iter().collect();
        let keys: Vec<Key> = items.par_iter().map(key).collect();
        if before != *table && !known.is_empty() {
            let is_new = |key: &&String| before.get(*key) != table.get(*key);
            let gone = before.keys().filter(|key| !table.contains_key(*key));
            let changed: Vec<&str> = table.keys().filter(is_new).chain(gone).map(String::as_str).collect();
            let is_concerned = concerned(&changed);
            let stale = keys.par_iter().enumerate().filter(|(index, _)| is_concerned(*index));
            let stale: Vec<Key> = stale.map(|(_, key)| *key).collect();
            for key in stale {
                known.remove(&key);
            }
        }
        let find = |(key, item): (Key, &I)| (key, known.get(&key).cloned().unwrap_or_else(|| find(item)));
        let found: Vec<(Key, T)> = keys.into_par_iter().zip(items).map(find).collect();
        let is_as_it_was = before == *table
            && found.len() == known.len()
            && found.iter().all(|(key, _)| known.contains_key(key));
        if !is_as_it_was {
            // What is not kept is found again.
            let _lost = store::save(&place, &(table, &found));
        }
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// Throws away what is large and nobody has asked for.
    pub fn tidy(&self) {
        let Some(kept) = &self.0 else { return };
        let used = kept.used.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in std::fs::read_dir(&kept.large).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_none_or(|name| !used.contains(name)) {
                // What stays is no harm: it is thrown away another time.
                let _left = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Kept {
    /// The name of the file of a key, which is used from now on.
    fn used(&self, key: &Key) -> String {
        let name = key.to_string();
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        name
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Shelf" } else { "Nothing" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_there_is_found_unless_it_was_harmed() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (Key::of(&[b"one"]), Key::of(&[b"other"]));
        let shelf = Shelf::at(folder.path());
        assert_eq!(shelf.get::<Vec<u8>>(&one), None);
        shelf.put(&one, &vec![1u8, 2, 3]);
        shelf.put(&other, &vec![4u8]);
        assert_eq!(shelf.get(&one), Some(vec![1u8, 2, 3]));
        assert_eq!(Shelf::default().get::<Vec<u8>>(&one), None);

        let later = Shelf::at(folder.path());
        assert_eq!(later.get(&one), Some(vec![1u8, 2, 3]));
        later.tidy();
        assert_eq!((later.get(&one), later.get::<Vec<u8>>(&other)), (Some(vec![1u8, 2, 3]), None));
        for entry in std::fs::read_dir(folder.path().join(LARGE)).unwrap() {
            let place = entry.unwrap().path();
            let mut bytes = std::fs::read(&place).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(&place, bytes).unwrap();
        }
        assert_eq!(later.get::<Vec<u8>>(&one), None);
    }

    #[test]
    fn of_each_is_found_once() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let asked = |items: &[&str]| {
            let count = AtomicUsize::new(0);
            let find = |item: &&str| {
                count.fetch_add(1, Ordering::SeqCst);
                item.len()
            };
            let key = |item: &&str| Key::of(&[item.as_bytes()]);
            let found = Shelf::at(folder.path()).of_each("lengths", items, key, find);
            (found, count.into_inner())
        };
        assert_eq!(asked(&["a", "bb"]), (vec![1, 2], 2));
        assert_eq!(asked(&["a", "bb"]), (vec![1, 2], 0));
        assert_eq!(asked(&["bb", "ccc", "a"]), (vec![2, 3, 1], 1));
        assert_eq!(asked(&["bb"]), (vec![2], 0));
        assert_eq!(
            asked(&["bb", "ccc"]),
            (vec![2, 3], 1),
            "what was not asked for the last time is not kept"
        );
        assert_eq!(asked(&[]), (vec![], 0));
        let place = folder.path().join(EACH).join("lengths/00-of-1");
        assert!(place.is_file());
        std::fs::write(&place, b"damaged").unwrap();
        assert_eq!(asked(&["bb"]), (vec![2], 1));
    }

    #[test]
    fn of_each_sharing_is_found_again_where_the_table_concerns_it() {
        use std::sync::Mutex;
        let folder = tempfile::tempdir().unwrap();
        let asked = |items: &[&str], table: &[(&str, &str)]| {
            let looked_at = Mutex::new(BTreeSet::new());
            let table: BTreeMap<String, Key> =
                table.iter().map(|(key, value)| ((*key).to_owned(), Key::of(&[value.as_bytes()]))).collect();
            let found = Shelf::at(folder.path()).of_each_sharing(
                "found",
                items,
                |item| Key::of(&[item.as_bytes()]),
                &table,
                |changed| {
                    let changed: Vec<String> = changed.iter().map(|key| (*key).to_owned()).collect();
                    move |item: usize| changed.iter().any(|key| items[item].contains(key))
                },
                |item| {
                    looked_at.lock().unwrap().insert((*item).to_owned());
                    table.keys().filter(|key| item.contains(key.as_str())).count()
                },
            );
            (found, looked_at.into_inner().unwrap().into_iter().collect::<Vec<_>>().join(" "))
        };
        let all = ["ab", "bc", "cd"];
        assert_eq!(asked(&all, &[("a", "1"), ("b", "1")]), (vec![2, 1, 0], "ab bc cd".to_owned()));
        assert_eq!(asked(&all, &[("a", "1"), ("b", "1")]), (vec![2, 1, 0], String::new()));
        assert_eq!(asked(&all, &[("a", "2"), ("b", "1")]), (vec![2, 1, 0], "ab".to_owned()), "changed");
        assert_eq!(asked(&all, &[("a", "2"), ("b", "1"), ("d", "1")]).1, "cd", "come");
        assert_eq!(asked(&all, &[("a", "2"), ("d", "1")]), (vec![1, 0, 1], "ab bc".to_owned()), "gone");
        assert_eq!(asked(&["ab", "dd"], &[("a", "2"), ("d", "1")]), (vec![1, 1], "dd".to_owned()));
    }
}
