//! What was costly to make, kept from build to build by the key of what it was made from.
//!
//! In: a key. Out: what was put there under it, by this very program; else nothing.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Key, store};

/// A place to keep things, or none: then nothing is kept, and all is made again.
#[derive(Clone, Default)]
pub struct Shelf(Option<Arc<Kept>>);

struct Kept {
    folder: PathBuf,
    /// What was asked for or put there.
    used: Mutex<BTreeSet<String>>,
}

impl Shelf {
    /// A shelf in a folder of the cache; none where the folder cannot be made.
    pub(crate) fn at(folder: PathBuf) -> Shelf {
        let is_there = std::fs::create_dir_all(&folder).is_ok();
        Shelf(is_there.then(|| Arc::new(Kept { folder, used: Mutex::default() })))
    }

    /// What was kept under a key.
    pub fn get<T: DeserializeOwned>(&self, key: &Key) -> Option<T> {
        let kept = self.0.as_ref()?;
        store::load(&kept.folder.join(kept.used(key)))
    }

    /// Keeps something under a key. A disk that does not take it keeps nothing.
    pub fn put(&self, key: &Key, value: &impl Serialize) {
        if let Some(kept) = &self.0 {
            // What is not kept is made again.
            let _lost = store::save(&kept.folder.join(kept.used(key)), value);
        }
    }

    /// Throws away what nobody has asked for.
    pub fn tidy(&self) {
        let Some(kept) = &self.0 else { return };
        let used = kept.used.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in std::fs::read_dir(&kept.folder).into_iter().flatten().flatten() {
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
        let name: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
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
        let shelf = Shelf::at(folder.path().to_path_buf());
        assert_eq!(shelf.get::<Vec<u8>>(&one), None);
        shelf.put(&one, &vec![1u8, 2, 3]);
        shelf.put(&other, &vec![4u8]);
        assert_eq!(shelf.get(&one), Some(vec![1u8, 2, 3]));
        assert_eq!(Shelf::default().get::<Vec<u8>>(&one), None);

        let later = Shelf::at(folder.path().to_path_buf());
        assert_eq!(later.get(&one), Some(vec![1u8, 2, 3]));
        later.tidy();
        assert_eq!((later.get(&one), later.get::<Vec<u8>>(&other)), (Some(vec![1u8, 2, 3]), None));
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let place = entry.unwrap().path();
            let mut bytes = std::fs::read(&place).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(&place, bytes).unwrap();
        }
        assert_eq!(later.get::<Vec<u8>>(&one), None);
    }
}
