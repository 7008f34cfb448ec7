//! The one door in: reads a site's folder, and understands nothing of it.
//!
//! In: the folder. Out: a [`Site`], every file of it as found, by path. All phases after this one are pure
//! functions of that value.

#![expect(clippy::disallowed_methods, reason = "this is the door in")]

mod unread; // What is no seed, and why.
mod archive; // Archives of seeds.
mod lists; // Exports with an entry a seed.
mod omnivore; // An export with several files an entry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::config::CONFIG_FILE;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::faults;
use crate::path::SitePath;
use crate::spool::Spool;
use crate::text::Text;

pub(crate) use archive::PICTURES;
pub(crate) use lists::{MARKED, TAG};
pub use unread::{LARGEST_ARCHIVE, LARGEST_FILE, LARGEST_SEED, MOST_MEMBERS, Unread, refuse_special};

/// The folder of raw articles.
pub const SEEDS: &str = "seeds";
/// The folder of articles.
pub const ARTICLES: &str = "content/articles";
/// The folder of topics.
pub const TOPICS: &str = "content/topics";
/// The folder of everything the curator writes.
pub const CONTENT: &str = "content";
/// The folder of reading paths.
pub const PATHS: &str = "content/paths";
/// How the curator names, merges and hides concepts.
pub const CONCEPTS: &str = "content/concepts.toml";
/// The folder of files published as they are.
pub const STATIC: &str = "static";
/// The folder of themes.
pub const THEMES: &str = "themes";
/// The account of every seed.
pub const LEDGER: &str = "gleaner.lock";
/// What import last wrote, a file for each seed.
pub const IMPORTED: &str = ".gleaner/imported";

/// The folder of all that may be deleted at any time.
pub const CACHE: &str = ".gleaner/cache";

/// Which rules made the ledger; may be deleted at any time.
pub const STAMP: &str = ".gleaner/cache/import";

/// Bytes of a file, cheap to clone.
pub type Bytes = Arc<[u8]>;

/// Everything a site's folder holds, as found.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The day it was read, in UTC: import notes it in the ledger, and nothing else depends on it.
    pub today: Option<Date>,
    /// `gleaner.toml`.
    pub config: Option<Text>,
    /// `gleaner.lock`.
    pub ledger: Option<Text>,
    /// The stamp of the rules that made the ledger.
    pub stamp: Option<Bytes>,
    /// Files that are there and could not be read: nobody may write over them.
    pub unreadable: BTreeSet<SitePath>,
    /// Whether `content/articles/` is there at all.
    pub has_articles: bool,
    /// Everything below `seeds/`, the files in its archives among it.
    pub seeds: BTreeMap<SitePath, Bytes>,
    /// What stands below `seeds/` and is no seed, and why.
    pub unread: BTreeMap<SitePath, Unread>,
    /// What import last wrote, below `.gleaner/imported/`.
    pub imported: BTreeMap<SitePath, Text>,
    /// `content/articles/*.md`
    pub articles: BTreeMap<SitePath, Text>,
    /// `content/topics/*.md`
    pub topics: BTreeMap<SitePath, Text>,
    /// `content/paths/*.md`
    pub paths: BTreeMap<SitePath, Text>,
    /// `content/concepts.toml`
    pub concepts: Option<Text>,
    /// `content/*.md`
    pub pages: BTreeMap<SitePath, Text>,
    /// Everything else below `content/`: pictures and other files beside the texts that show them.
    pub beside: BTreeMap<SitePath, Bytes>,
    /// Everything below `static/`.
    pub files: BTreeMap<SitePath, Bytes>,
    /// Everything below `themes/`.
    pub themes: BTreeMap<SitePath, Bytes>,
}

/// A file below `content/`.
enum Taken {
    /// One that the curator wrote.
    Text(Text),
    /// One beside it.
    Bytes(Bytes),
}

impl Taken {
    fn of(path: &SitePath, bytes: Vec<u8>) -> Result<Taken, Diagnostic> {
        if path.ending() == MARKDOWN {
            as_text(path, bytes).map(Taken::Text)
        } else {
            Ok(Taken::Bytes(bytes.into()))
        }
    }
}

/// What stands below a folder of seeds.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// The seeds, those in archives among them.
    pub seeds: BTreeMap<SitePath, Bytes>,
    /// What is no seed, and why.
    pub unread: BTreeMap<SitePath, Unread>,
    /// Where the files are that could be read, archives among them.
    pub files: BTreeMap<SitePath, PathBuf>,
}

/// How many bytes of texts are held in memory while a site is built; more wait on the disk. Of 10,000 articles of 830 words,
/// 70 MB, half is held. With none of them held a build took a twentieth longer and 70 MB less.
const ROOM: u64 = 32 << 20;

/// Reads the folder of a site. A file that cannot be read is reported and left out.
///
/// # Errors
/// When there is no such folder, or it is not a site: it has neither `gleaner.toml` nor `seeds/` nor
/// `content/`.
pub fn read(root: &Path) -> Result<(Site, Diagnostics), Problem> {
    read_holding(root, ROOM)
}

/// The same, with so many bytes of texts in memory at most, where the rest has another place to wait: without the folder
/// of the cache, and where its disk is full, all are held.
///
/// # Errors
/// The same.
pub fn read_holding(root: &Path, room: u64) -> Result<(Site, Diagnostics), Problem> {
    if !root.is_dir() {
        return Err(Problem::new(format!("there is no folder `{}`", root.display()))
            .hint("`gleaner new DIR` makes one that builds as it is"));
    }
    if !is_site(root) {
        return Err(Problem::new(format!("`{}` is not a site: it has no `{CONFIG_FILE}`", root.display()))
            .hint("`gleaner new DIR` makes one that builds as it is")
            .hint("`--root DIR` names another folder"));
    }
    let mut found = Diagnostics::new();
    let mut site = Site {
        today: today(),
        config: text(root, CONFIG_FILE, &mut found),
        ledger: text(root, LEDGER, &mut found),
        // What cannot be read of a cache is as good as gone.
        stamp: whole(&root.join(STAMP), LARGEST_FILE).ok().map(Bytes::from),
        concepts: text(root, CONCEPTS, &mut found),
        ..Site::default()
    };
    if is_linked(root, SEEDS) {
        site.unread.insert(SitePath::new(SEEDS), Unread::Link);
    } else {
        let gathered = gather(&root.join(SEEDS), &SitePath::new(SEEDS));
        (site.seeds, site.unread) = (gathered.seeds, gathered.unread);
    }
    let cache = SitePath::new(CACHE).on_disk(root);
    let spool = if is_linked(root, CACHE) { None } else { Spool::beside(&cache, room).ok() };
    let put_away = |text: Text| match &spool {
        Some(spool) => text.put_away(spool),
        None => text,
    };
    let imported = |path: &SitePath, bytes: Vec<u8>| as_text(path, bytes).map(put_away);
    site.imported = files(root, IMPORTED, &mut found, imported);
    let taken = |path: &SitePath, bytes: Vec<u8>| match Taken::of(path, bytes)? {
        Taken::Text(text) => Ok(Taken::Text(put_away(text))),
        Taken::Bytes(bytes) => Ok(Taken::Bytes(bytes)),
    };
    for (path, taken) in files(root, CONTENT, &mut found, taken) {
        let text = match taken {
            Taken::Text(text) => text,
            Taken::Bytes(bytes) => {
                site.beside.insert(path, bytes);
                continue;
            }
        };
        let place = match &path {
            path if path.inside(ARTICLES).is_some() => &mut site.articles,
            path if path.inside(TOPICS).is_some() => &mut site.topics,
            path if path.inside(PATHS).is_some() => &mut site.paths,
            _ => &mut site.pages,
        };
        place.insert(path, text);
    }
    site.beside.remove(CONCEPTS);
    let as_found = |_: &SitePath, bytes: Vec<u8>| Ok(bytes.into());
    site.files = files(root, STATIC, &mut found, as_found);
    site.themes = files(root, THEMES, &mut found, as_found);
    site.has_articles = root.join(ARTICLES).is_dir() && !is_linked(root, ARTICLES);
    site.unreadable = found
        .sorted()
        .iter()
        .filter(|one| one.is_unreadable())
        .filter_map(|one| one.path().cloned())
        .collect();
    Ok((site, found))
}

/// Whether a folder is a site.
pub fn is_site(root: &Path) -> bool {
    [CONFIG_FILE, SEEDS, CONTENT].iter().any(|name| root.join(name).exists())
}

/// The variable that stands for the clock where the same seeds are to give the same ledger on any day, in seconds
/// since 1970. Source: <https://reproducible-builds.org/specs/source-date-epoch/>
const CLOCK: &str = "SOURCE_DATE_EPOCH";

fn today() -> Option<Date> {
    let told =
        std::env::var(CLOCK).ok().and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
    let day = told.unwrap_or_else(Timestamp::now).to_zoned(TimeZone::UTC).date();
    Date::from_day(day.year().try_into().ok()?, day.month().try_into().ok()?, day.day().try_into().ok()?)
}

/// Reads the articles in a folder that need not be a site: Markdown files with front matter.
///
/// # Errors
/// When there is no such folder, or a file in it cannot be read.
pub fn articles_in(folder: &Path) -> Result<BTreeMap<SitePath, Text>, Problem> {
    if !folder.is_dir() {
        return Err(Problem::new(format!("there is no folder `{}`", folder.display()))
            .hint("name a folder of Markdown files with front matter"));
    }
    let mut found = Diagnostics::new();
    let taken = files(folder, "", &mut found, Taken::of).into_iter();
    let articles = taken.filter_map(|(path, taken)| match taken {
        Taken::Text(text) => Some((path, text)),
        Taken::Bytes(_) => None,
    });
    let articles = articles.collect();
    match found.sorted().iter().find(|one| one.is_error()) {
        Some(first) => Err(Problem::new(first.in_short()).hint("mend it, or move it out of the folder")),
        None => Ok(articles),
    }
}

/// The folders and files a site is made from, for watching.
pub fn watched(root: &Path) -> Vec<PathBuf> {
    [CONFIG_FILE, SEEDS, CONTENT, STATIC, THEMES].iter().map(|name| root.join(name)).collect()
}

/// What stands at a place in the file system, a file or a folder, as it would be read below `seeds/` at `at`.
/// Nothing of it is a problem yet: import gives the account of it.
pub fn gather(place: &Path, at: &SitePath) -> Gathered {
    let mut gathered = Gathered::default();
    // A link that leads nowhere, or to itself, is there and cannot be read.
    if place.symlink_metadata().is_err() {
        return gathered;
    }
    for entry in walk(place, |name| !name.starts_with('.')) {
        let path = |place_of: &Path| match place_of.strip_prefix(place) {
            Ok(below) if below.as_os_str().is_empty() => at.clone(),
            Ok(below) => SitePath::new(format!("{at}/{}", SitePath::below(place, &place.join(below)))),
            Err(_) => at.clone(),
        };
        let entry = match entry {
            Ok(entry) if entry.file_type().is_dir() || (entry.path_is_symlink() && entry.depth() == 0) => {
                continue;
            }
            Ok(entry) => entry,
            Err(error) => {
                let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                gathered.unread.insert(path(error.path().unwrap_or(place)), Unread::Failed(why));
                continue;
            }
        };
        let path = path(entry.path());
        match seed(&entry) {
            Ok(bytes) if archive::ENDINGS.contains(&path.ending().as_str()) => {
                let unpacked = archive::unpack(&path, &bytes);
                gathered.seeds.extend(unpacked.seeds);
                gathered.unread.extend(unpacked.unread);
                gathered.files.insert(path, entry.into_path());
            }
            Ok(bytes) => {
                match lists::unpack(&path, &bytes) {
                    Some(unpacked) => {
                        gathered.seeds.extend(unpacked.seeds);
                        gathered.unread.extend(unpacked.unread);
                    }
                    None => drop(gathered.seeds.insert(path.clone(), bytes.into())),
                }
                gathered.files.insert(path, entry.into_path());
            }
            Err(unread) => {
                gathered.unread.insert(path, unread);
            }
        }
    }
    omnivore::join(&mut gathered);
    gathered
}

/// The bytes of a file below `seeds/`.
fn seed(entry: &DirEntry) -> Result<Vec<u8>, Unread> {
    if entry.path_is_symlink() {
        return Err(Unread::Link);
    }
    if !entry.file_type().is_file() {
        return Err(Unread::Special);
    }
    if !has_readable_name(entry) {
        return Err(Unread::Name);
    }
    let failed = |error: io::Error| Unread::Failed(error.to_string());
    let ending = entry.path().extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is_archive = ending.is_some_and(|ending| archive::ENDINGS.contains(&ending.as_str()));
    let (largest, too_large) = if is_archive {
        (LARGEST_ARCHIVE, Unread::ArchiveTooLarge)
    } else {
        (LARGEST_SEED, Unread::TooLarge)
    };
    // The bytes are counted, for a file may grow while it is read.
    let mut bytes = Vec::new();
    faults::pass(entry.path()).map_err(failed)?;
    let file = File::open(entry.path()).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > largest {
        return Err(too_large);
    }
    file.take(largest + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > largest { Err(too_large) } else { Ok(bytes) }
}

fn has_readable_name(entry: &DirEntry) -> bool {
    entry.path().to_str().is_some_and(|name| !name.contains(char::is_control))
}

/// Walks a folder in the order of names, but for those of files and folders that are not kept. Symbolic
/// links are not followed, so that loops cannot happen.
fn walk(top: &Path, is_kept: impl Fn(&str) -> bool) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    WalkDir::new(top)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || is_kept(&entry.file_name().to_string_lossy()))
}

/// Whether a folder of a site, or one above it, is a symbolic link: what it leads to is no part of the site.
fn is_linked(root: &Path, folder: &str) -> bool {
    let mut place = root.to_path_buf();
    folder.split('/').filter(|part| !part.is_empty()).any(|part| {
        place.push(part);
        place.is_symlink()
    })
}

/// The files below a folder of a site, each as `taken` takes its path and bytes; those it refuses are reported.
fn files<T: Send>(
    root: &Path,
    folder: &str,
    found: &mut Diagnostics,
    taken: impl Fn(&SitePath, Vec<u8>) -> Result<T, Diagnostic> + Sync,
) -> BTreeMap<SitePath, T> {
    let top = root.join(folder);
    if is_linked(root, folder) {
        // Published without it the site would lack all that is in it.
        let problem = Problem::new("a symbolic link is not followed").hint("put the folder itself here");
        found.push(problem.in_file(SitePath::new(folder)).as_unreadable());
        return BTreeMap::new();
    }
    if !top.exists() {
        return BTreeMap::new();
    }
    // Hidden files are editors' and systems' own, but for those of static/, which is published as it is.
    let is_kept =
        |name: &str| !name.starts_with('.') || (folder == STATIC && name != ".git" && name != ".DS_Store");
    let mut places = Vec::new();
    for entry in walk(&top, is_kept) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = SitePath::below(root, entry.path());
                if !has_readable_name(&entry) {
                    let problem = Problem::new("a file's name is not readable text, so it is left out");
                    found.push(problem.hint("rename the file").in_file(path).as_warning());
                    continue;
                }
                places.push((path, entry.into_path()));
            }
            Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                let path = SitePath::below(root, entry.path());
                let problem = Problem::new("a symbolic link is not followed");
                found.push(
                    problem.hint("put a copy of the file here").in_file(path).as_warning().as_unreadable(),
                );
            }
            Ok(entry) if !entry.file_type().is_dir() && !entry.path_is_symlink() => {
                let path = SitePath::below(root, entry.path());
                let problem = Problem::new(format!("it is left out: {}", Unread::Special));
                found.push(problem.hint("move it away").in_file(path).as_warning().as_unreadable());
            }
            Ok(_) => {}
            Err(error) => {
                let path = SitePath::below(root, error.path().unwrap_or(&top));
                found.push(Problem::new(format!("cannot be read: {error}")).in_file(path));
            }
        }
    }
    let read = |(path, place): (SitePath, PathBuf)| {
        let is_text = folder != STATIC && TEXTS.contains(&path.ending().as_str());
        match whole(&place, if is_text { LARGEST_SEED } else { LARGEST_FILE }) {
            Ok(bytes) => taken(&path, bytes).map(|taken| (path, taken)),
            Err(problem) => Err(problem.in_file(path).as_unreadable()),
        }
    };
    let read: Vec<Result<(SitePath, T), Diagnostic>> = places.into_par_iter().map(read).collect();
    read.into_iter().filter_map(|read| found.keep(read)).collect()
}

fn text(root: &Path, name: &str, found: &mut Diagnostics) -> Option<Text> {
    let path = SitePath::new(name);
    let place = path.on_disk(root);
    if place.metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return None;
    }
    // The ledger grows with the seeds: it alone has no limit.
    match whole(&place, if name == LEDGER { u64::MAX } else { LARGEST_SEED }) {
        Ok(bytes) => found.keep(as_text(&path, bytes)),
        Err(problem) => {
            found.push(problem.in_file(path).as_unreadable());
            None
        }
    }
}

/// What some editors begin a file in UTF-8 with.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What the name of a text ends with.
const MARKDOWN: &str = "md";

/// The kinds of files that the curator writes.
const TEXTS: [&str; 4] = ["md", "toml", "html", "xml"];

/// All of a file. What is none is not opened: a pipe would be waited for as long as nobody writes into it.
fn whole(place: &Path, largest: u64) -> Result<Vec<u8>, Problem> {
    let failed = |error: io::Error| Problem::new(format!("cannot be read: {error}"));
    faults::pass(place).map_err(failed)?;
    let there = place.metadata().map_err(failed)?;
    if !there.is_file() && !there.is_dir() {
        return Err(Problem::new(Unread::Special.to_string()).hint("put a file in its place"));
    }
    let too_large = || {
        Problem::new(format!("it is larger than a file of its kind may be, {} MB", largest / unread::MB))
            .hint("put it elsewhere on the web and link to it, or make it smaller")
    };
    if there.is_file() && there.len() > largest {
        return Err(too_large());
    }
    // The bytes are counted, for a file may grow while it is read.
    let mut bytes = Vec::with_capacity(usize::try_from(there.len().min(LARGEST_FILE)).unwrap_or_default());
    let file = File::open(place).map_err(failed)?;
    file.take(largest.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > largest { Err(too_large()) } else { Ok(bytes) }
}

/// The text of one file of a site; `None` where it cannot be read.
pub fn text_at(root: &Path, path: &str) -> Option<Text> {
    text(root, path, &mut Diagnostics::new())
}

/// Takes a file the curator writes as text: UTF-8, with or without a byte order mark.
fn as_text(path: &SitePath, bytes: Vec<u8>) -> Result<Text, Diagnostic> {
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with(BYTE_ORDER_MARK) {
                text.drain(..BYTE_ORDER_MARK.len_utf8());
            }
            Ok(Text::new(path.clone(), text))
        }
        Err(error) => {
            let until = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..until].split(|&byte| byte == b'\n').count();
            Err(Problem::new(format!("is not UTF-8 text (line {line})"))
                .hint("save the file as UTF-8 in your editor")
                .in_file(path.clone())
                .as_unreadable())
        }
    }
}
