//! The public site as an earlier build left it, read from the disk: what the preview shows until it has built its own.

#![expect(clippy::disallowed_methods, reason = "it reads what was published")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::MANIFEST;
use crate::address::Address;
use crate::diagnostic::{Diagnostic, Problem};
use crate::path::SitePath;
use crate::seeds::Bytes;

/// A published site.
#[derive(Debug)]
pub struct Standing {
    folder: PathBuf,
    files: BTreeSet<Address>,
}

impl Standing {
    /// The site in a folder; `None` where no build published one.
    pub fn at(folder: &Path) -> Option<Standing> {
        let manifest = std::fs::read_to_string(folder.join(MANIFEST)).ok()?;
        Some(Standing { folder: folder.to_owned(), files: manifest.lines().map(Address::file).collect() })
    }

    /// Whether something is published at an address.
    pub fn has(&self, address: &Address) -> bool {
        self.files.contains(address)
    }

    /// The bytes at an address; `None` where nothing is published.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn bytes(&self, address: &Address) -> Option<Result<Bytes, Diagnostic>> {
        if !self.has(address) {
            return None;
        }
        let path = SitePath::new(address.as_str());
        let read = std::fs::read(path.on_disk(&self.folder)).map(Arc::from);
        Some(read.map_err(|error| {
            Problem::new(format!("`{path}` cannot be read: {error}"))
                .hint("it is built anew just now")
                .anywhere()
        }))
    }
}
