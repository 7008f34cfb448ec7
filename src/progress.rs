//! How far a long step is, for whoever wants to show it.
//!
//! In: from each step, how much there is to do and each piece done. Out: a call with the count. It decides
//! nothing: with or without somebody watching, the same bytes come out.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// How many pieces are done.
    pub done: usize,
    /// How many there are.
    pub all: usize,
}

/// What may take a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Seeds are read as articles.
    Import,
    /// Articles and the ledger are written.
    Keep,
    /// Pictures are made smaller.
    Pictures,
    /// Pages are drawn.
    Draw,
    /// Other sites are asked whether a page is there.
    Ask,
}

/// Somebody who is told how far a step is, from any thread; or nobody.
#[derive(Clone, Default)]
pub struct Watcher(Option<Arc<dyn Fn(Progress) + Send + Sync>>);

impl Watcher {
    /// Tells `watch` of every piece done.
    pub fn new(watch: impl Fn(Progress) + Send + Sync + 'static) -> Watcher {
        Watcher(Some(Arc::new(watch)))
    }

    /// Begins a step of `all` pieces.
    pub fn begin(&self, step: Step, all: usize) -> Counter<'_> {
        let counter = Counter { watcher: self, step, done: AtomicUsize::new(0), all };
        counter.tell(0);
        counter
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watcher" } else { "Nobody" })
    }
}

/// Counts the pieces of a step.
#[derive(Debug)]
pub struct Counter<'a> {
    watcher: &'a Watcher,
    step: Step,
    done: AtomicUsize,
    all: usize,
}

impl Counter<'_> {
    /// Another piece is done.
    pub fn count(&self) {
        self.tell(1 + self.done.fetch_add(1, Ordering::Relaxed));
    }

    fn tell(&self, done: usize) {
        if let Some(watch) = &self.watcher.0 {
            watch(Progress { step: self.step, done, all: self.all });
        }
    }
}
