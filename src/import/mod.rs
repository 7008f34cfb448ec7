//! Import: from seeds to articles, and the account of what became of each seed.
//!
//! In: a site as found. Out: an [`Import`], which holds the files to write, the ledger, and for every seed
//! how it ended and why. Nothing is written here; an edit by the curator always wins.

pub mod repair; // Changes to the text itself.
mod mojibake; // Letters that were garbled once.
pub mod decode; // Bytes to text.
mod trees; // What labelled pages taught.
pub mod text; // A text seed's reading.
pub mod archive; // A page with its pictures in one file.
pub mod html; // A saved page's reading.
mod mail; // A letter's reading.
mod foreign; // Markdown of other tools.
mod limits; // How much one article may hold.
mod propose; // One seed's article.
pub mod ledger; // What was decided before.
mod settled; // Which seeds are as they were.
mod identity; // Whose record and article is whose.
mod merge; // Two changes of one text.
mod named; // Which seeds the curator means.
mod moved; // An article in another file.
mod decide; // Which proposals are written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::address::short_slug;
use crate::config::{Config, Tags};
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::path::SitePath;
use crate::progress::{Step, Watcher};
use crate::seeds::{ARTICLES, Bytes, IMPORTED, LEDGER, Site};
use crate::text::Text;
use decide::Importer;
use decode::Decoded;
use foreign::Around;
use ledger::{Ledger, Record, Standing};
use propose::{Proposal, propose, refuse};
use settled::Settled;
use text::Reading;

pub use merge::Side;
pub use moved::moved;
pub use named::Named;
pub use propose::{Made, Refusal, Told};
pub use settled::RULES;

/// What is asked of an import.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Nothing is to be written, and the articles stand as they are; the account says what would be.
    pub dry: bool,
    /// These seeds alone; of others there is no account, and their records and articles stay as they are.
    pub only: Option<BTreeSet<SitePath>>,
    /// Seeds whose deleted articles are wanted back.
    pub restore: BTreeSet<SitePath>,
    /// Whose words stand where article and seed differ and import does not decide, by seed.
    pub settle: BTreeMap<SitePath, Side>,
    /// Who is told how far it is.
    pub watcher: Watcher,
}

/// What import did, and what is to be written.
#[derive(Debug, Default)]
pub struct Import {
    /// For each seed, by path: how it ended.
    pub accounts: BTreeMap<SitePath, Account>,
    /// Files to write: articles, their pictures, merge bases and the ledger, only those that change.
    pub writes: BTreeMap<SitePath, Write>,
    /// The seed of each article.
    pub seeds: BTreeMap<SitePath, SitePath>,
    /// Old addresses of articles the curator renamed: the file now, and the files before.
    pub former: BTreeMap<SitePath, Vec<SitePath>>,
}

impl Import {
    /// How many seeds ended how, in the order of [`Outcome::ALL`].
    pub fn count(&self) -> [usize; Outcome::ALL.len()] {
        let is = |outcome| move |account: &&Account| account.outcome == outcome;
        Outcome::ALL.map(|outcome| self.accounts.values().filter(is(outcome)).count())
    }
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// What it is to hold.
    pub bytes: Bytes,
    /// What it held when it was read: one that holds something else by now is left alone.
    pub before: Option<Bytes>,
    /// The file whose last state it remembers: where that one is left alone, so is this, or the memory would be false.
    pub of: Option<SitePath>,
}

impl Write {
    /// A text to write.
    pub fn text(text: &str, before: Option<&str>) -> Write {
        let bytes = |text: &str| Bytes::from(text.as_bytes());
        Write { bytes: bytes(text), before: before.map(bytes), of: None }
    }

    /// What is remembered of a file that is written, too.
    #[must_use]
    pub fn as_memory_of(self, path: &SitePath) -> Write {
        Write { of: Some(path.clone()), ..self }
    }
}

/// How a seed ended.
#[derive(Debug, Clone)]
pub struct Account {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, in words, where the outcome does not say it.
    pub reason: Option<String>,
    /// The article's file, where it has one.
    pub article: Option<SitePath>,
    /// BLAKE3 of the seed's bytes, 64 hexadecimal digits; empty where they could not be read.
    pub hash: String,
    /// The day import last wrote the article, where the ledger knows it.
    pub imported: Option<Date>,
    /// The version of Gleaner that wrote it then.
    pub version: Option<String>,
    /// The seed as it was read, and what was taken from it.
    read: Read,
}

/// A seed's reading: made with its article, or when it is first asked for.
#[derive(Debug, Clone, Default)]
struct Read {
    seed: Option<(SitePath, Bytes)>,
    /// The pictures of the book that the seed is a chapter of.
    pictures: BTreeMap<SitePath, Bytes>,
    made: OnceLock<Option<(Decoded, Reading)>>,
}

impl Read {
    /// A reading that is there.
    fn done(reading: Option<(Decoded, Reading)>) -> Read {
        Read { made: OnceLock::from(reading), ..Read::default() }
    }

    /// The reading of a seed that could be read before.
    fn of(path: &SitePath, seeds: &BTreeMap<SitePath, Bytes>) -> Read {
        let pictures = foreign::pictures_of_book(seeds, path);
        Read {
            seed: seeds.get(path).map(|bytes| (path.clone(), bytes.clone())),
            pictures: pictures.map(|(path, bytes)| (path.clone(), bytes.clone())).collect(),
            made: OnceLock::new(),
        }
    }
}

impl Account {
    fn new(hash: String) -> Account {
        Account {
            outcome: Outcome::Unchanged,
            reason: None,
            article: None,
            hash,
            imported: None,
            version: None,
            read: Read::default(),
        }
    }

    /// The seed as it was read and what was taken from it, where it could be read.
    pub fn reading(&self) -> Option<&(Decoded, Reading)> {
        let make = || {
            let (path, bytes) = self.read.seed.as_ref()?;
            let around = Around { seeds: Some(&self.read.pictures), ..Around::default() };
            propose::make(path, bytes, &around).ok()?.reading
        };
        self.read.made.get_or_init(make).as_ref()
    }

    /// Whether how the seed was read is told by its path and its hash, and nothing else: a chapter's reading depends on the
    /// pictures of its book, too.
    pub fn is_told_by_hash(&self, seed: &SitePath) -> bool {
        !self.hash.is_empty() && foreign::book(seed).is_none()
    }

    /// Whether it was read again by now.
    #[cfg(test)]
    pub(crate) fn is_read_again(&self) -> bool {
        self.read.seed.is_some() && self.read.made.get().is_some()
    }

    /// Whether the seed could be read.
    pub fn is_read(&self) -> bool {
        self.read.seed.is_some() || self.read.made.get().is_some_and(Option::is_some)
    }

    fn end(&mut self, outcome: Outcome, reason: impl Into<String>) {
        self.outcome = outcome;
        self.reason = Some(reason.into());
    }
}

/// What became of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// An article was written.
    Imported,
    /// Nothing changed.
    Unchanged,
    /// The seed's changes were merged with the curator's edits.
    Merged,
    /// The curator's edit, or deletion, stands.
    Kept,
    /// Another seed has the same bytes.
    Duplicate,
    /// There is nothing in it to import.
    Skipped,
    /// It could not be imported without a loss.
    Quarantined,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Outcome; 7] = [
        Outcome::Imported,
        Outcome::Unchanged,
        Outcome::Merged,
        Outcome::Kept,
        Outcome::Duplicate,
        Outcome::Skipped,
        Outcome::Quarantined,
    ];
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Imported => "imported",
            Outcome::Unchanged => "unchanged",
            Outcome::Merged => "merged",
            Outcome::Kept => "kept",
            Outcome::Duplicate => "duplicate",
            Outcome::Skipped => "skipped",
            Outcome::Quarantined => "quarantined",
        })
    }
}

/// The hash of bytes as it stands in the ledger: BLAKE3, 64 hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Imports the seeds of a site. The returned site has the articles as they will stand.
pub fn import(site: &Site, asked: &Asked) -> ((Site, Import), Diagnostics) {
    let mut site = site.clone();
    let mut found = Diagnostics::new();
    let before = match site.ledger.as_ref().map(ledger::read).transpose() {
        Ok(ledger) => ledger.unwrap_or_default(),
        Err(diagnostic) => {
            // Without its memory import cannot tell what the curator decided: it must not touch anything.
            found.push(diagnostic);
            return ((site, Import::default()), found);
        }
    };
    if let Some(problem) = cannot_decide(&site, &before) {
        found.push(problem);
        return ((site, Import::default()), found);
    }
    let proposals = proposals(&site, asked, &before);
    let mut importer = Importer::new(&site, before, asked);
    for (path, proposal) in proposals {
        importer.seed(path, proposal, &mut found);
    }
    let mut import = importer.finish();
    if asked.dry {
        import.writes.clear();
    }
    for (path, write) in &import.writes {
        if path.inside(ARTICLES).is_some() {
            let text = String::from_utf8_lossy(&write.bytes).into_owned();
            match path.ending().as_str() {
                "md" => drop(site.articles.insert(path.clone(), Text::new(path.clone(), text))),
                _ => drop(site.beside.insert(path.clone(), write.bytes.clone())),
            }
        }
    }
    ((site, import), found)
}

/// What everything below `seeds/` that is asked for would become, in the order of paths.
fn proposals<'a>(site: &'a Site, asked: &Asked, ledger: &Ledger) -> BTreeMap<&'a SitePath, Proposal> {
    let is_asked = |path: &SitePath| asked.only.as_ref().is_none_or(|only| only.contains(path));
    let seeds: Vec<(&SitePath, &Bytes)> = site.seeds.iter().filter(|(path, _)| is_asked(path)).collect();
    let settled = Settled::new(site, ledger);
    let counter = asked.watcher.begin(Step::Import, seeds.len());
    let (config, _) = Config::read(site.config.as_ref());
    let around = Around { tags: Some(&config.tags), seeds: Some(&site.seeds), ..Around::default() };
    let proposed: Vec<(&SitePath, Proposal)> = seeds
        .into_par_iter()
        .map(|(path, bytes)| {
            let proposal = propose(path, bytes, &around, |hash| settled.holds(path, hash));
            counter.count();
            (path, proposal)
        })
        .collect();
    let unread = site.unread.iter().filter(|(path, _)| is_asked(path));
    proposed.into_iter().chain(unread.map(|(path, unread)| (path, refuse(unread)))).collect()
}

/// Why import must not touch anything: it cannot see what the curator decided.
fn cannot_decide(site: &Site, ledger: &Ledger) -> Option<Diagnostic> {
    let is_hidden = |path: &&SitePath| path.as_str() == LEDGER || path.inside(IMPORTED).is_some();
    if let Some(path) = site.unreadable.iter().find(is_hidden) {
        let problem = Problem::new("import cannot read its own memory, so it does nothing");
        return Some(problem.hint("restore the file from your version control").in_file(path.clone()));
    }
    let has_article = |record: &&Record| record.article.is_some() && record.outcome != Standing::Deleted;
    let known = ledger.values().filter(has_article).count();
    if known > 0 && !site.has_articles {
        let problem =
            Problem::new(format!("`{ARTICLES}/` is gone, and the ledger knows {known} articles there"));
        let hint = format!("bring it back; or delete `{LEDGER}` and `{IMPORTED}/` to import every seed anew");
        return Some(problem.hint(hint).in_file(SitePath::new(LEDGER)));
    }
    None
}

/// One seed's article, as import proposes it for a site that has nothing yet; nothing else is looked at. It says to be
/// of the seed `path`.
///
/// # Errors
/// When there is nothing to import, or not without a loss.
pub fn alone(path: &SitePath, bytes: &[u8], tags: &Tags, told: &Told<'_>) -> Result<Made, Refusal> {
    propose::make(path, bytes, &Around { tags: Some(tags), seeds: None, told: *told })
}

/// The name of an article's file, before its ending, from its title.
pub fn name_of(title: &str) -> String {
    Some(short_slug(title)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "untitled".to_owned())
}

/// One seed's article as Markdown, with what was left out of it and why; nothing else is looked at.
///
/// # Errors
/// When there is nothing to import, or not without a loss.
pub fn one(path: &SitePath, bytes: &[u8]) -> Result<(String, Option<Reading>), Problem> {
    let made = propose::make(path, bytes, &Around::default()).map_err(|refusal| {
        Problem::new(format!("{}: {}", refusal.outcome, refusal.reason)).hint(refusal.hint)
    })?;
    Ok((made.article, made.reading.map(|(_, reading)| reading)))
}
