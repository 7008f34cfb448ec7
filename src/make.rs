//! From folder to folder: reads a site, builds it and publishes it, with the memory of the last time.
//!
//! In: the site's folder, and where it is to be published. Out: what was found and what was done. Where nothing changed
//! since the last time nothing is read: what was told then is told again.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostics, Problem};
use crate::import::Outcome;
use crate::memo::{Inputs, Memo, Remarks};
use crate::public::{Change, Publishing, Standing, keep, publish};
use crate::unfinished::finish;
use crate::{Options, build, seeds};

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What to build.
    pub options: Options,
    /// Where to publish.
    pub output: PathBuf,
    /// Whether a folder that holds other files is published to, and they stay.
    pub force: bool,
    /// Whether a warning stands in the way of publishing, too.
    pub strict: bool,
}

/// What a build did.
#[derive(Debug)]
pub struct Made {
    /// What is wrong.
    pub found: Diagnostics,
    /// What it says in numbers.
    pub count: Count,
    /// What publishing changed; absent where nothing was published.
    pub change: Option<Change>,
    /// Whether nothing had changed, and nothing was read.
    pub is_remembered: bool,
}

/// A site in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many seeds ended how, in the order of [`Outcome::ALL`].
    pub seeds: [usize; Outcome::ALL.len()],
    /// Its articles.
    pub articles: usize,
    /// Its pages, as HTML.
    pub pages: usize,
    /// All its files.
    pub files: usize,
}

/// What is told again as long as nothing changes.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    count: Count,
    /// The Content-Security-Policy the pages work under.
    policy: String,
    remarks: Remarks,
}

/// Builds the site in a folder and publishes it. Where another build of it is on its way, calls `waits` and waits.
///
/// # Errors
/// When there is no site.
pub fn make(root: &Path, asked: &Asked, waits: impl FnOnce()) -> Result<Made, Problem> {
    let timings = &asked.options.timings;
    let memo = Memo::open(root, waits);
    let finished = finish(root);
    let question = question(asked);
    if let Some(mut made) = timings.time("remember", 0, || remembered(&memo, root, asked, &question)) {
        made.found.extend(finished);
        return Ok(made);
    }
    let inputs = Inputs::of(root);
    let (site, mut found) = timings.time("read", 0, || seeds::read(root))?;
    let options = Options { shelf: memo.shelf(), ..asked.options.clone() };
    let (built, problems) = build(site, &options);
    found.extend(problems);
    let import = &built.joined.import;
    match timings.time("keep", import.writes.len(), || keep(root, &import.writes)) {
        Ok(problems) => found.extend(problems),
        Err(problem) => found.push(problem.anywhere()),
    }
    let is_stopped = finished.has_errors() || found.has_errors() || (asked.strict && !found.is_empty());
    let mut count =
        Count { seeds: import.count(), articles: built.joined.graph.articles.len(), ..Count::default() };
    let (mut change, mut keys, mut policy) = (None, None, String::new());
    if let Some(public) = built.public.as_ref().filter(|_| !is_stopped) {
        policy = public.policy();
        let (watcher, timings) = (asked.options.watcher.clone(), timings.clone());
        let known = memo.published::<Told>(&question);
        let publishing = Publishing { force: asked.force, known, kept: memo.stage(), watcher, timings };
        match publish(public, &asked.output, &publishing) {
            Ok(published) => {
                count.files = published.keys.len();
                count.pages = published.keys.keys().filter(|path| path.ends_with(".html")).count();
                options.shelf.tidy();
                (change, keys) = (Some(published.change), Some(published.keys));
            }
            Err(failed) => found.extend(failed.once_a_place()),
        }
    }
    if let Some(keys) = keys {
        // What import wrote changes what the next build tells of the seeds.
        let ended = inputs.filter(|_| import.writes.is_empty()).and_then(|inputs| {
            Some((inputs, Told { count: count.clone(), policy, remarks: Remarks::of(&found)? }))
        });
        timings.time("memo", keys.len(), || memo.remember(&question, &asked.output, &keys, ended));
    }
    // It is told once, and not remembered.
    found.extend(finished);
    // To give back the memory of a large site takes longer than all else that is left to do, and the process ends soon.
    std::mem::forget(built);
    Ok(Made { found, count, change, is_remembered: false })
}

/// What was told the last time, where nothing has changed since.
fn remembered(memo: &Memo, root: &Path, asked: &Asked, question: &str) -> Option<Made> {
    let told: Told = memo.unchanged(root, &asked.output, question)?;
    let found = told.remarks.again(root)?;
    let is_stopped = asked.strict && !found.is_empty();
    let change = Change { unchanged: told.count.files, ..Change::default() };
    (!is_stopped).then_some(Made { found, count: told.count, change: Some(change), is_remembered: true })
}

/// The site as the last `gleaner build` left it in `public/`, with the policy its pages work under, where nothing has
/// changed since. Where another build of it is on its way, calls `waits` and waits.
pub fn standing(root: &Path, drafts: bool, waits: impl FnOnce()) -> Option<(Standing, String)> {
    let options = Options { drafts, ..Options::default() };
    let asked = Asked { options, output: root.join("public"), ..Asked::default() };
    let told: Told = Memo::open(root, waits).unchanged(root, &asked.output, &question(&asked))?;
    Some((Standing::at(&asked.output)?, told.policy))
}

/// All that decides what a build of the same files publishes, and where.
fn question(asked: &Asked) -> String {
    let Options { base_url, drafts, no_import, precompress, watcher: _, timings: _, shelf: _ } =
        &asked.options;
    let output = std::path::absolute(&asked.output).unwrap_or_else(|_| asked.output.clone());
    format!("{base_url:?} {drafts} {no_import} {precompress} {}", output.display())
}
