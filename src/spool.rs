//! Texts that wait on the disk until somebody reads them: memory does not hold all texts of a large site at once.
//!
//! In: texts, and what the search is made of. Out: their places in a file that has no name, so that nobody else reaches it
//! and it goes with the process; and the texts again. It is the pages a system would put away itself, had it less memory;
//! what is read is what was put there, whatever happens to the site meanwhile.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file without a name, with texts one after the other.
#[derive(Debug)]
pub struct Spool {
    file: File,
    end: AtomicU64,
    /// How many bytes of texts are to stay in memory yet.
    room: AtomicU64,
}

/// Where a text waits.
#[derive(Debug, Clone)]
pub struct Place {
    spool: Arc<Spool>,
    start: u64,
    length: usize,
}

impl Spool {
    /// A spool in a folder, for what goes beyond `room` bytes.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn beside(folder: &Path, room: u64) -> io::Result<Arc<Spool>> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Arc::new(Spool { file, end: AtomicU64::new(0), room: AtomicU64::new(room) }))
    }

    /// Puts a text away. `None` while there is room for it in memory, where the disk has none, and where the system cannot
    /// read a file at several places at once.
    pub fn put(self: &Arc<Spool>, text: &str) -> Option<Place> {
        let length = text.len() as u64;
        let shrunk = |room: u64| room.checked_sub(length);
        if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, shrunk).is_ok() {
            return None;
        }
        let start = self.end.fetch_add(length, Ordering::Relaxed);
        write_at(&self.file, text.as_bytes(), start).ok()?;
        Some(Place { spool: self.clone(), start, length: text.len() })
    }
}

impl Place {
    /// The text.
    pub fn read(&self) -> String {
        self.read_piece(0..self.length)
    }

    /// A piece of the text; nothing where the range is none of its own.
    ///
    /// # Panics
    /// When the disk does not give back what it took: like memory that the system put away and cannot read again, it is
    /// needed by all that is on its way.
    pub fn read_piece(&self, range: Range<usize>) -> String {
        if range.start > range.end || range.end > self.length {
            return String::new();
        }
        let mut bytes = vec![0; range.len()];
        let read = read_at(&self.spool.file, &mut bytes, self.start + range.start as u64);
        let text = read.and_then(|()| String::from_utf8(bytes).map_err(io::Error::other));
        #[expect(clippy::panic, reason = "a text that is lost cannot be made up for")]
        text.unwrap_or_else(|error| panic!("the disk does not give back what was put there: {error}"))
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn what_is_put_away_comes_back_from_several_places_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::beside(folder.path(), 100).unwrap();
        let texts: Vec<String> = (0..500).map(|n| "wörter ".repeat(n % 40) + &n.to_string()).collect();
        let places: Vec<Option<Place>> = texts.par_iter().map(|text| spool.put(text)).collect();
        let held: usize =
            texts.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(text, _)| text.len()).sum();
        assert!((1..=100).contains(&held), "{held}");
        let back = |(text, place): (&String, &Option<Place>)| {
            place.as_ref().is_none_or(|place| place.read() == *text && place.read_piece(0..1) == text[0..1])
        };
        assert!(texts.par_iter().zip(&places).all(back));
        assert_eq!(folder.path().read_dir().unwrap().count(), 0, "the file has no name");
    }
}
