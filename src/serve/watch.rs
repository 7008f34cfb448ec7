//! Watching a site's files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, NoCache, new_debouncer_opt};

use crate::diagnostic::Problem;
use crate::seeds;

/// How long files must be quiet before a rebuild: longer than an editor takes to write one file, shorter than
/// a person waits.
const QUIET: Duration = Duration::from_millis(80);

/// How often files are looked at where the system does not tell of changes.
const POLL: Duration = Duration::from_secs(1);

/// Calls `changed` on a thread of its own, for as long as the process lives, with the files of the site that changed; changes
/// that come together are one. `polling` is told why where files must be polled.
pub(super) fn watch(
    root: PathBuf,
    changed: impl Fn(BTreeSet<PathBuf>) + Send + 'static,
    polling: impl Fn(String),
) -> Result<(), Problem> {
    watch_by::<RecommendedWatcher>(root, changed, polling)
}

fn watch_by<W: Watcher + Send + 'static>(
    root: PathBuf,
    changed: impl Fn(BTreeSet<PathBuf>) + Send + 'static,
    polling: impl Fn(String),
) -> Result<(), Problem> {
    // Events come with absolute paths, whatever path was watched.
    let root = std::path::absolute(&root).unwrap_or(root);
    let (sender, receiver) = mpsc::channel::<DebounceEventResult>();
    let mut debouncer: Box<dyn Watches> = match start::<W>(&root, sender.clone()) {
        Ok(debouncer) => Box::new(debouncer),
        Err(why) => {
            polling(why.to_string());
            let debouncer = start::<PollWatcher>(&root, sender).map_err(|error| {
                Problem::new(format!("files cannot be watched: {error}")).hint("`--no-watch` serves without")
            })?;
            Box::new(debouncer)
        }
    };
    let watched = seeds::watched(&root);
    std::thread::spawn(move || {
        while let Ok(events) = receiver.recv() {
            let later = receiver.try_iter().flatten().flatten();
            let events: Vec<DebouncedEvent> =
                events.into_iter().flatten().chain(later).filter(|event| concerns(event, &watched)).collect();
            if events.is_empty() {
                continue;
            }
            // A folder that came, or was put in the place of another, has to be watched anew.
            for folder in
                watched.iter().filter(|folder| events.iter().any(|event| event.paths.contains(folder)))
            {
                debouncer.watch_again(folder);
            }
            changed(events.iter().flat_map(|event| event.paths.iter().cloned()).collect());
        }
    });
    Ok(())
}

/// A debouncer of any kind.
trait Watches: Send {
    /// Watches a folder as it is now.
    fn watch_again(&mut self, folder: &Path);
}

impl<W: Watcher + Send> Watches for Debouncer<W, NoCache> {
    fn watch_again(&mut self, folder: &Path) {
        // Either may fail: it was not watched before, or is gone now.
        let _before = self.unwatch(folder);
        if folder.is_dir() {
            let _now = self.watch(folder, RecursiveMode::Recursive);
        }
    }
}

fn start<W: Watcher + Send + 'static>(
    root: &Path,
    sender: mpsc::Sender<DebounceEventResult>,
) -> notify::Result<Debouncer<W, NoCache>> {
    let config = notify::Config::default().with_poll_interval(POLL).with_follow_symlinks(false);
    let mut debouncer = new_debouncer_opt::<_, W, NoCache>(QUIET, None, sender, NoCache, config)?;
    // The folder itself tells when one of its own folders comes or goes.
    debouncer.watch(root, RecursiveMode::NonRecursive)?;
    for path in seeds::watched(root).iter().filter(|path| path.is_dir()) {
        debouncer.watch(path, RecursiveMode::Recursive)?;
    }
    Ok(debouncer)
}

fn concerns(event: &DebouncedEvent, watched: &[PathBuf]) -> bool {
    let is_change = !event.kind.is_access();
    let is_hidden =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    is_change
        && event
            .paths
            .iter()
            .any(|path| watched.iter().any(|ours| path.starts_with(ours)) && !is_hidden(path))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use notify::{Config, Error, EventHandler, WatcherKind};

    use super::*;

    /// The watcher of a system that has none left to give.
    #[derive(Debug)]
    struct Deaf;

    impl Watcher for Deaf {
        fn new<F: EventHandler>(_: F, _: Config) -> notify::Result<Deaf> {
            Err(Error::generic("no watches left"))
        }

        fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
            Ok(())
        }

        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }

        fn kind() -> WatcherKind {
            WatcherKind::NullWatcher
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "tests make files")]
    fn where_the_system_does_not_tell_files_are_looked_at_and_that_is_said() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("content/articles")).unwrap();
        let place = site.path().join("content/articles/leeks.md");
        fs::write(&place, "Leeks.").unwrap();
        let (tell, told) = mpsc::channel();
        let (say, said) = mpsc::channel();
        let root = site.path().to_path_buf();
        watch_by::<Deaf>(
            root,
            move |files| tell.send(files).unwrap_or(()),
            move |why| say.send(why).unwrap_or(()),
        )
        .unwrap();
        assert!(said.recv().unwrap().contains("no watches left"));
        let begun = Instant::now();
        for edit in 0.. {
            fs::write(&place, format!("Leeks, edited {edit} times.")).unwrap();
            if let Ok(files) = told.recv_timeout(2 * POLL) {
                assert!(files.contains(&place), "{files:?}");
                break;
            }
            assert!(begun.elapsed() < 30 * POLL, "in vain");
        }
    }
}
