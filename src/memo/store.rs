//! A file of the cache: whole and of this very program, or none.

use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use super::stamp::Stamp;

/// How many bytes the checksum has that stands before the rest.
const CHECKSUM: usize = 32;

/// Reads what was saved there. What is not whole, or of another program, is as good as none.
pub(super) fn load<T: DeserializeOwned>(place: &Path) -> Option<T> {
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

/// Saves a value in one step: whoever reads meanwhile finds the old one or the new one.
pub(super) fn save(place: &Path, value: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_stdvec(value).map_err(io::Error::other)?;
    let sum = checksum(&bytes).ok_or(io::ErrorKind::Unsupported)?;
    let mut file = NamedTempFile::new_in(place.parent().unwrap_or(Path::new(".")))?;
    file.write_all(&sum)?;
    file.write_all(&bytes)?;
    file.persist(place)?;
    Ok(())
}

/// The checksum of some bytes, of the version that wrote them, and of the program's own file: a program built anew
/// remembers nothing of the last. `None` where the program cannot find itself.
fn checksum(bytes: &[u8]) -> Option<[u8; CHECKSUM]> {
    let program = Stamp::at(&std::env::current_exe().ok()?)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&postcard::to_stdvec(&program).ok()?);
    hasher.update(bytes);
    Some(*hasher.finalize().as_bytes())
}
