//! Paths below a site, the same on every system.
//!
//! In: what the file system calls a file. Out: a [`SitePath`] with `/` between its parts, which orders the
//! same everywhere.

use std::borrow::Borrow;
use std::fmt;
use std::path::{Path, PathBuf};

/// A file's path relative to the site's root (or, in public, to the public root), parts joined by `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(String);

impl SitePath {
    /// A path from its text, `content/articles/one.md`.
    pub fn new(path: impl Into<String>) -> SitePath {
        SitePath(path.into())
    }

    /// The path of a file below `root`. Names that are not Unicode keep their readable part.
    pub fn below(root: &Path, file: &Path) -> SitePath {
        let relative = file.strip_prefix(root).unwrap_or(file);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        SitePath(parts.join("/"))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file's place in the file system, below `root`.
    pub fn on_disk(&self, root: &Path) -> PathBuf {
        let mut place = PathBuf::with_capacity(root.as_os_str().len() + 1 + self.0.len());
        place.push(root);
        place.extend(self.0.split('/'));
        place
    }

    /// The last part of the path: `one.md`.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The file name without its ending: `one`.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// The ending of the file name, lower-cased, without its dot; empty where there is none.
    pub fn ending(&self) -> String {
        let name = self.file_name();
        name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
    }

    /// The rest of the path below a folder; `None` where it is not in it.
    pub fn inside(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for SitePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_path() {
        let path = SitePath::below(Path::new("/site"), Path::new("/site/seeds/2011/A note.TXT"));
        assert_eq!(path.as_str(), "seeds/2011/A note.TXT");
        assert_eq!((path.file_name(), path.stem(), path.ending().as_str()), ("A note.TXT", "A note", "txt"));
        assert_eq!(path.inside("seeds"), Some("2011/A note.TXT"));
        assert_eq!(path.inside("seed"), None);
        assert_eq!(SitePath::new("seeds/.hidden").stem(), ".hidden");
    }
}
