//! Files that change at the curator's word: what they are to hold, and how that differs from what they hold.
//!
//! In: texts as read, and what they are to be. Out: a [`Rewriting`], to be shown and then written.

use std::collections::BTreeMap;

use crate::import::Write;
use crate::path::SitePath;
use crate::seeds::{IMPORTED, LEDGER, STAMP};
use crate::text::Text;

/// What changes on the disk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rewriting {
    /// The files to write.
    pub writes: BTreeMap<SitePath, Write>,
    /// The file that goes.
    pub gone: Option<Gone>,
}

/// A file that goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Gone {
    /// Its path.
    pub path: SitePath,
    /// What it holds.
    pub held: String,
    /// The file that takes its place, where it is moved.
    pub to: Option<SitePath>,
}

impl Rewriting {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.gone.is_none()
    }

    /// Writes a file, if what it holds changes.
    pub(crate) fn write(&mut self, text: &Text, now: &str) {
        if text.read() != now {
            self.writes.insert(text.path().clone(), Write::text(now, Some(&text.read())));
        }
    }

    /// Writes a file that may not be there yet, if what it holds changes.
    pub(crate) fn put(&mut self, path: &SitePath, held: Option<&Text>, now: &str) {
        if held.is_none_or(|held| held.read() != now) {
            self.writes.insert(path.clone(), Write::text(now, held.map(Text::read).as_deref()));
        }
    }

    /// Takes a file away.
    pub(crate) fn remove(&mut self, text: &Text) {
        self.gone = Some(Gone { path: text.path().clone(), held: text.read().into_owned(), to: None });
    }

    /// Moves a file, whatever it holds then.
    pub(crate) fn move_to(&mut self, text: &Text, to: SitePath, now: &str) {
        self.remove(text);
        if let Some(gone) = &mut self.gone {
            gone.to = Some(to.clone());
        }
        self.writes.insert(to, Write::text(now, None));
    }

    /// The changes to what the curator wrote, as a unified diff; import's own memory is left out.
    pub fn diff(&self) -> String {
        let mut diff = String::new();
        let mut add = |before: (&str, &str), after: (&str, &str)| {
            let mut options = diffy::DiffOptions::new();
            options.set_original_filename(before.0.to_owned()).set_modified_filename(after.0.to_owned());
            diff.push_str(&options.create_patch(before.1, after.1).to_string());
        };
        if let Some(gone) = self.gone.as_ref().filter(|gone| gone.to.is_none()) {
            add((gone.path.as_str(), &gone.held), ("/dev/null", ""));
        }
        for (path, write) in self.writes.iter().filter(|(path, _)| !is_memory(path)) {
            let moved = self.gone.as_ref().filter(|gone| gone.to.as_ref() == Some(path));
            let now = String::from_utf8_lossy(&write.bytes);
            let held = write.before.as_deref().map(String::from_utf8_lossy);
            match (moved, &held) {
                (Some(gone), _) => add((gone.path.as_str(), &gone.held), (path.as_str(), &now)),
                (None, Some(held)) => add((path.as_str(), held), (path.as_str(), &now)),
                (None, None) => add(("/dev/null", ""), (path.as_str(), &now)),
            }
        }
        diff
    }
}

/// Whether a file is import's own memory.
fn is_memory(path: &SitePath) -> bool {
    path.as_str() == LEDGER || path.inside(IMPORTED).is_some() || path.as_str() == STAMP
}
