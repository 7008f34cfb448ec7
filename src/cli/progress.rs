//! A bar for whatever takes longer than a second, on a terminal.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use gleaner::progress::{Progress, Step, Watcher};
use indicatif::{ProgressBar, ProgressStyle};

/// What is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A step that is under way.
struct Watched {
    step: Step,
    began: Instant,
    bar: Option<ProgressBar>,
}

/// Somebody who draws a bar on standard error, and takes it away at the end; nobody where that is no terminal.
pub(super) fn bar() -> Watcher {
    if !io::stderr().is_terminal() {
        return Watcher::default();
    }
    let watched: Mutex<Option<Watched>> = Mutex::new(None);
    Watcher::new(move |progress| {
        let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
        show(&mut watched, progress);
    })
}

fn show(watched: &mut Option<Watched>, progress: Progress) {
    if watched.as_ref().is_none_or(|watched| watched.step != progress.step) {
        *watched = Some(Watched { step: progress.step, began: Instant::now(), bar: None });
    }
    let Some(now) = watched else { return };
    if progress.done == progress.all {
        if let Some(bar) = now.bar.take() {
            bar.finish_and_clear();
        }
        *watched = None;
        return;
    }
    if now.bar.is_none() && now.began.elapsed() > PATIENCE {
        now.bar = Some(ProgressBar::new(progress.all as u64).with_style(style(progress.step)));
    }
    if let Some(bar) = &now.bar {
        // Threads tell of their pieces in any order; the bar goes forward alone.
        bar.set_position(bar.position().max(progress.done as u64));
    }
}

fn style(step: Step) -> ProgressStyle {
    let what = match step {
        Step::Import => "Importing",
        Step::Keep => "Writing articles",
        Step::Pictures => "Making pictures smaller",
        Step::Draw => "Drawing pages",
        Step::Ask => "Asking other sites",
    };
    let bar = ProgressStyle::default_bar();
    bar.template(&format!("{what} {{bar:40}} {{pos}} of {{len}}, {{eta}} to go"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
