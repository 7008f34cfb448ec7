//! A site in a folder that goes away with the test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gleaner::diagnostic::Diagnostics;
use gleaner::import::Import;
use gleaner::path::SitePath;
use gleaner::public::{Change, Publishing, keep, publish};
use gleaner::{Joined, Options, build, seeds};
use walkdir::WalkDir;

/// The day of all tests.
const TODAY: &str = "2011-04-05";

/// A site to try things on.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
}

/// What a build did.
pub(crate) struct Built {
    pub(crate) found: Diagnostics,
    pub(crate) import: Import,
    /// Absent where nothing was published.
    pub(crate) change: Option<Change>,
}

impl Built {
    /// What was found, a line each.
    pub(crate) fn report(&self) -> String {
        self.found.sorted().iter().map(|one| format!("{}\n", one.in_short())).collect()
    }
}

impl Scratch {
    /// A site of these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Scratch {
        let scratch = Scratch { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(scratch.root().join("content")).unwrap();
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch
    }

    /// A copy of a folder, but for what `leave` names.
    pub(crate) fn copy(from: &Path, leave: impl Fn(&str) -> bool) -> Scratch {
        let scratch = Scratch::of(&[]);
        for (path, bytes) in files(from) {
            if !leave(&path) {
                scratch.write(&path, &bytes);
            }
        }
        scratch
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        SitePath::new(path).on_disk(self.root())
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no `{from}`:\n{text}");
        self.write(path, text.replace(from, to));
    }

    /// Builds as `gleaner build` does.
    pub(crate) fn build(&self) -> Built {
        self.build_with(&Options::default())
    }

    pub(crate) fn build_with(&self, options: &Options) -> Built {
        let (mut site, mut found) = seeds::read(self.root()).unwrap();
        site.today = TODAY.parse().ok();
        let (built, problems) = build(site, options);
        found.extend(problems);
        keep(self.root(), &built.joined.import.writes).unwrap();
        let public = built.public.filter(|_| !found.has_errors());
        let change = public.and_then(|public| {
            publish(&public, &self.root().join("public"), &Publishing::default())
                .map_err(|failed| found.extend(failed))
                .ok()
                .map(|published| published.change)
        });
        let Joined { import, .. } = Arc::into_inner(built.joined).unwrap();
        Built { found, import, change }
    }

    /// The files of the public site.
    pub(crate) fn public(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.root().join("public"))
    }
}

/// All files below a folder, by path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (SitePath::below(folder, entry.path()).to_string(), fs::read(entry.path()).unwrap()))
        .collect()
}
