//! Several files rewritten as if in one step.
//!
//! In: a [`Rewriting`]. What it changes is written down in one file before the first of its files is, so that whatever
//! stops it (a full disk, Ctrl-C, the power) the next run ends what was begun, or forgets it where nothing was.

#![expect(clippy::disallowed_methods, reason = "it looks at the files that the door out writes")]

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::faults;
use crate::import::Write;
use crate::path::SitePath;
use crate::public::{keep, remove, rename};
use crate::rewriting::{Gone, Rewriting};
use crate::seeds::{CONTENT, IMPORTED, LEDGER, STAMP, refuse_special};

/// Where it is written down what is on its way.
pub const UNFINISHED: &str = ".gleaner/unfinished";

/// What a command is about to change.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    /// The command, as it was typed.
    command: String,
    /// The file that is moved first.
    moved: Option<Moved>,
    /// The file that goes last.
    removed: Option<Removed>,
    /// The files that are written, by path.
    written: BTreeMap<String, Written>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Moved {
    from: String,
    to: String,
    before: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Removed {
    path: String,
    before: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Written {
    before: Option<String>,
    after: String,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The file is as it was before.
    Open,
    /// The file is as it is to be.
    Done,
    /// The file holds something else: somebody changed it since.
    Other,
}

/// Writes what a command changes. Whatever stops it in between, [`finish`] ends it.
///
/// # Errors
/// When a file cannot be written, or holds something else than when it was read: what became of the others is said.
pub fn carry_out(root: &Path, rewriting: &Rewriting, command: &str) -> Result<Diagnostics, Problem> {
    let Some(begun) = Begun::of(rewriting, command) else { return carry(root, rewriting) };
    let journal = SitePath::new(UNFINISHED);
    // A value of texts and maps by text can always be written.
    let text = serde_json::to_string_pretty(&begun).unwrap_or_default() + "\n";
    if let Err(problem) = keep(root, &BTreeMap::from([(journal, Write::text(&text, None))])) {
        // It may be there all the same, and is of no use; else there is nothing to forget.
        let _forgotten = forget(root);
        return Err(problem.hint("nothing was changed"));
    }
    match carry(root, rewriting) {
        Ok(mut found) => {
            found.extend(forget(root));
            Ok(found)
        }
        Err(problem) => Err(match begun.steps(root).as_deref() {
            Ok(steps) if !is_begun(steps) => {
                let problem = problem.hint("nothing was changed");
                if forget(root).is_empty() { problem } else { problem.hint(AGAIN) }
            }
            Ok(steps) if steps.iter().all(|step| *step == Step::Done) && forget(root).is_empty() => {
                problem.hint("all that was to change is changed")
            }
            // What could not be done, somebody changed meanwhile: that is said.
            Ok(steps) if !steps.contains(&Step::Open) && forget(root).is_empty() => problem,
            Ok(_) | Err(_) => problem.hint(AGAIN),
        }),
    }
}

/// What follows where a command was stopped.
const AGAIN: &str = "what was begun is ended by the next `gleaner build`, or any command that writes";

/// Ends what a command had begun, where one was stopped; says so. The site must be held, so that nobody is still at it.
///
/// A file that somebody changed since is left as it is. Where nothing of it was done, or all, it is forgotten.
pub fn finish(root: &Path) -> Diagnostics {
    let begun = match begun(root) {
        Ok(None) => return Diagnostics::new(),
        Ok(Some(begun)) => begun,
        Err(diagnostic) => return Diagnostics::from(diagnostic),
    };
    let failed = |problem: Problem| {
        let why = problem.anywhere().message;
        let problem = Problem::new(format!("what `{}` had begun cannot be ended: {why}", begun.command));
        Diagnostics::from(problem.hint("make that possible, and run any command that writes").anywhere())
    };
    let steps = match begun.steps(root) {
        Ok(steps) => steps,
        Err(error) => return failed(Problem::new(error.to_string())),
    };
    if !is_begun(&steps) || !steps.contains(&Step::Open) {
        return forget(root);
    }
    let is_elsewhere = begun.moved.is_some() && steps[0] == Step::Other;
    if !is_elsewhere && let Err(problem) = carry(root, &begun.rest(&steps)) {
        return failed(problem);
    }
    let mut found = Diagnostics::new();
    let left = begun.paths().zip(&steps).filter(|(_, step)| **step == Step::Other).map(|(path, _)| path);
    let mut problem = Problem::new(if is_elsewhere {
        format!("`{}` had been stopped, and is left so: its file was changed since", begun.command)
    } else {
        format!("`{}` had been stopped, and is ended now", begun.command)
    });
    for path in left {
        problem = problem.hint(format!("look at `{path}`: it was changed since, and is left as it is"));
    }
    found.push(problem.anywhere().as_warning());
    found.extend(forget(root));
    found
}

/// Says that a command was stopped, or is still at work, where one is.
pub fn notice(root: &Path) -> Option<Diagnostic> {
    let begun = begun(root).ok()??;
    let problem = Problem::new(format!("`{}` is on its way, or was stopped", begun.command));
    Some(problem.hint("`gleaner build` waits for it, or ends it").anywhere().as_warning())
}

/// What is on its way.
fn begun(root: &Path) -> Result<Option<Begun>, Diagnostic> {
    let failed = |why: String| {
        Problem::new(format!("which command was stopped cannot be read: {why}"))
            .hint("look at what it changed (`git diff`), then delete the file")
            .in_file(SitePath::new(UNFINISHED))
    };
    let Some(text) = held(root, UNFINISHED).map_err(|error| failed(error.to_string()))? else {
        return Ok(None);
    };
    let begun: Begun = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
    // A site may come from somebody else: what is ended here is about articles, and about nothing around them.
    let foreign = begun.paths().find(|path| !is_content(path)).map(str::to_owned);
    match foreign {
        None => Ok(Some(begun)),
        Some(path) => Err(failed(format!("it names `{path}`, which no such command changes"))),
    }
}

/// Forgets what was on its way.
fn forget(root: &Path) -> Diagnostics {
    let place = SitePath::new(UNFINISHED).on_disk(root);
    let gone = faults::pass(&place).and_then(|()| std::fs::remove_file(&place));
    let problem = gone.err().map(|error| {
        Problem::new(format!("`{UNFINISHED}` cannot be removed: {error}"))
            .hint("all it names is done; the next command that writes tries again")
    });
    problem.map(|problem| Diagnostics::from(problem.anywhere().as_warning())).unwrap_or_default()
}

/// Writes the files, the one that moves first and the one that goes last.
fn carry(root: &Path, rewriting: &Rewriting) -> Result<Diagnostics, Problem> {
    let mut writes = rewriting.writes.clone();
    let gone = rewriting.gone.as_ref();
    // A file that moves has its new name in one step: whatever stops what follows, there is one article.
    if let Some((gone, to)) = gone.and_then(|gone| Some((gone, gone.to.as_ref()?))) {
        rename(root, &gone.path, to, &gone.held)?;
        if let Some(write) = writes.get_mut(to) {
            write.before = Some(gone.held.as_bytes().into());
        }
    }
    let found = keep(root, &writes)?;
    if let Some(gone) = gone.filter(|gone| gone.to.is_none()) {
        remove(root, &gone.path, &gone.held)?;
    }
    Ok(found)
}

/// Whether anything was done.
fn is_begun(steps: &[Step]) -> bool {
    steps.contains(&Step::Done)
}

/// Whether a file is one of those that commands rewrite in several steps: an article, a topic, import's memory.
fn is_content(path: &str) -> bool {
    let path = SitePath::new(path);
    let is_plain = path.as_str().split(['/', '\\']).all(|part| !matches!(part, "" | "." | ".."));
    is_plain && (path.as_str() == LEDGER || path.inside(CONTENT).is_some() || path.inside(IMPORTED).is_some())
}

/// What a file holds; `None` where there is none.
fn held(root: &Path, path: &str) -> io::Result<Option<String>> {
    let place = SitePath::new(path).on_disk(root);
    faults::pass(&place)?;
    match refuse_special(&place).and_then(|()| std::fs::read(place)) {
        Ok(bytes) => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Begun {
    /// What is to be written down of a rewriting; `None` where it is one step.
    fn of(rewriting: &Rewriting, command: &str) -> Option<Begun> {
        let gone = rewriting.gone.as_ref();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let to = |path: &SitePath| gone.is_some_and(|gone| gone.to.as_ref() == Some(path));
        let written: BTreeMap<String, Written> = rewriting
            .writes
            .iter()
            // The stamp is a cache.
            .filter(|(path, _)| path.as_str() != STAMP)
            .map(|(path, write)| {
                let held = gone.filter(|_| to(path)).map(|gone| gone.held.clone());
                let before = held.or_else(|| write.before.as_deref().map(text));
                (path.to_string(), Written { before, after: text(&write.bytes) })
            })
            .collect();
        let begun = Begun {
            command: command.to_owned(),
            moved: gone.and_then(|gone| {
                let (from, to) = (gone.path.to_string(), gone.to.as_ref()?.to_string());
                Some(Moved { from, to, before: gone.held.clone() })
            }),
            removed: gone
                .filter(|gone| gone.to.is_none())
                .map(|gone| Removed { path: gone.path.to_string(), before: gone.held.clone() }),
            written,
        };
        let paths: Vec<&str> = begun.paths().collect();
        (paths.len() > 1 && paths.into_iter().all(is_content)).then_some(begun)
    }

    /// The files, one for each step: the one that moves, those that are written, the one that goes.
    fn paths(&self) -> impl Iterator<Item = &str> {
        let moved = self.moved.as_ref().map(|moved| moved.from.as_str());
        let removed = self.removed.as_ref().map(|removed| removed.path.as_str());
        moved.into_iter().chain(self.written.keys().map(String::as_str)).chain(removed)
    }

    /// How far each step is.
    fn steps(&self, root: &Path) -> io::Result<Vec<Step>> {
        let mut steps = Vec::new();
        let step = |is_done: bool, is_open: bool| match (is_done, is_open) {
            (true, _) => Step::Done,
            (false, true) => Step::Open,
            (false, false) => Step::Other,
        };
        let mut unmoved = None;
        if let Some(Moved { from, to, before }) = &self.moved {
            let (old, new) = (held(root, from)?, held(root, to)?);
            let moved = step(old.is_none() && new.is_some(), old.as_ref() == Some(before) && new.is_none());
            unmoved = (moved == Step::Open).then_some(to);
            steps.push(moved);
        }
        for (path, Written { before, after }) in &self.written {
            let now = held(root, path)?;
            steps.push(step(now.as_ref() == Some(after), now == *before || unmoved == Some(path)));
        }
        if let Some(Removed { path, before }) = &self.removed {
            let now = held(root, path)?;
            steps.push(step(now.is_none(), now.as_ref() == Some(before)));
        }
        Ok(steps)
    }

    /// What is still to be done.
    fn rest(&self, steps: &[Step]) -> Rewriting {
        let is_open: BTreeMap<&str, bool> =
            self.paths().zip(steps).map(|(path, step)| (path, *step == Step::Open)).collect();
        let mut rest = Rewriting::default();
        let path = |path: &str| SitePath::new(path);
        if let Some(Moved { from, to, before }) = self.moved.as_ref().filter(|one| is_open[&*one.from]) {
            rest.gone = Some(Gone { path: path(from), held: before.clone(), to: Some(path(to)) });
        }
        if let Some(Removed { path: gone, before }) = self.removed.as_ref().filter(|one| is_open[&*one.path])
        {
            rest.gone = Some(Gone { path: path(gone), held: before.clone(), to: None });
        }
        for (at, Written { before, after }) in self.written.iter().filter(|(at, _)| is_open[at.as_str()]) {
            rest.writes.insert(path(at), Write::text(after, before.as_deref()));
        }
        rest
    }
}
