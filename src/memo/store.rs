//! A file of the cache: whole and of this very program, or none.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use super::stamp::Stamp;
use crate::seeds::refuse_special;

/// How many bytes the checksum has that stands before the rest.
const CHECKSUM: usize = 32;

/// Reads what was saved there. What is not whole, or of another program, is as good as none.
pub(super) fn load<T: DeserializeOwned>(place: &Path) -> Option<T> {
    refuse_special(place).ok()?;
    let bytes = std::fs::read(place).ok()?;
    let (sum, rest) = bytes.split_at_checked(CHECKSUM)?;
    if sum != checksum(rest)? {
        return None;
    }
    match postcard::take_from_bytes(rest) {
        Ok((value, [])) => Some(value),
        Ok(_) | Err(_) => None,
    }
}

/// Saves a value in one step: whoever reads meanwhile finds the old one or the new one. It is written as it is put into
/// bytes, which may be as many as all articles have.
pub(super) fn save(place: &Path, value: &impl Serialize) -> io::Result<()> {
    let hasher = begun().ok_or(io::ErrorKind::Unsupported)?;
    let mut file = NamedTempFile::new_in(place.parent().unwrap_or(Path::new(".")))?;
    file.write_all(&[0; CHECKSUM])?;
    let summed = BufWriter::with_capacity(BUFFER, Summed { hasher, file: file.as_file() });
    let summed = postcard::to_io(value, summed).map_err(io::Error::other)?;
    let Summed { hasher, .. } = summed.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    file.write_all(hasher.finalize().as_bytes())?;
    file.persist(place)?;
    Ok(())
}

/// So many bytes are hashed and written together.
const BUFFER: usize = 1 << 18;

/// A file of which the checksum is made while it is written.
struct Summed<'a> {
    hasher: blake3::Hasher,
    file: &'a File,
}

impl io::Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The checksum of some bytes, of the version that wrote them, and of the program's own file: a program built anew
/// remembers nothing of the last. `None` where the program cannot find itself.
fn checksum(bytes: &[u8]) -> Option<[u8; CHECKSUM]> {
    let mut hasher = begun()?;
    hasher.update(bytes);
    Some(*hasher.finalize().as_bytes())
}

/// A checksum before the first byte.
fn begun() -> Option<blake3::Hasher> {
    let program = Stamp::at(&std::env::current_exe().ok()?)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&postcard::to_stdvec(&program).ok()?);
    Some(hasher)
}
