//! Import: from seeds to articles, and the account of what became of each seed.
//!
//! In: a site as found. Out: an [`Import`], which holds the files to write, the ledger, and for every seed
//! how it ended and why. Nothing is written here; an edit by the curator always wins.

pub mod decode; // Bytes to text.
mod trees; // What labelled pages taught.
pub mod text; // A text seed's reading.
pub mod archive; // A page with its pictures in one file.
pub mod html; // A saved page's reading.
mod propose; // One seed's article.
pub mod ledger; // What was decided before.
mod decide; // Which proposals are written.

use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;

use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::path::SitePath;
use crate::seeds::{ARTICLES, Bytes, IMPORTED, LEDGER, Site};
use crate::text::Text;
use decide::Importer;
use decode::Decoded;
use ledger::Ledger;
use propose::{Proposal, propose};
use text::Reading;

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

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// What it is to hold.
    pub bytes: Bytes,
    /// What it held when it was read: one that holds something else by now is left alone.
    pub before: Option<Bytes>,
}

impl Write {
    /// A text to write.
    pub fn text(text: &str, before: Option<&str>) -> Write {
        let bytes = |text: &str| Bytes::from(text.as_bytes());
        Write { bytes: bytes(text), before: before.map(bytes) }
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
    /// BLAKE3 of the seed's bytes, 64 hexadecimal digits.
    pub hash: String,
    /// The day import last wrote the article, where the ledger knows it.
    pub imported: Option<Date>,
    /// The version of Gleaner that wrote it then.
    pub version: Option<String>,
    /// The seed as it was read and what was taken from it, where it could be read.
    pub reading: Option<(Decoded, Reading)>,
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
///
/// With `dry` nothing is to be written, and the articles stand as they are; the account says what would be.
pub fn import(site: &Site, dry: bool) -> ((Site, Import), Diagnostics) {
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
    let seeds: Vec<(&SitePath, &Bytes)> = site.seeds.iter().collect();
    let proposals: Vec<Proposal> = seeds.par_iter().map(|(path, bytes)| propose(path, bytes)).collect();

    let mut importer = Importer::new(&site, before);
    for ((path, _), proposal) in seeds.iter().zip(proposals) {
        importer.seed(path, proposal, &mut found);
    }
    let mut import = importer.finish();
    if dry {
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

/// Why import must not touch anything: it cannot see what the curator decided.
fn cannot_decide(site: &Site, ledger: &Ledger) -> Option<Diagnostic> {
    let is_hidden = |path: &&SitePath| path.as_str() == LEDGER || path.inside(IMPORTED).is_some();
    if let Some(path) = site.unreadable.iter().find(is_hidden) {
        let problem = Problem::new("import cannot read its own memory, so it does nothing");
        return Some(problem.hint("restore the file from your version control").in_file(path.clone()));
    }
    let known = ledger.values().filter(|record| record.article.is_some()).count();
    if known > 0 && !site.has_articles {
        let problem =
            Problem::new(format!("`{ARTICLES}/` is gone, and the ledger knows {known} articles there"));
        let hint = format!("bring it back; or delete `{LEDGER}` and `{IMPORTED}/` to import every seed anew");
        return Some(problem.hint(hint).in_file(SitePath::new(LEDGER)));
    }
    None
}

/// One seed's article as Markdown, with what was left out of it and why; nothing else is looked at.
///
/// # Errors
/// When there is nothing to import, or not without a loss.
pub fn one(path: &SitePath, bytes: &[u8]) -> Result<(String, Option<Reading>), Problem> {
    let made = propose::make(path, bytes)
        .map_err(|(outcome, reason)| Problem::new(format!("{outcome}: {reason}")))?;
    Ok((made.article, made.reading.map(|(_, reading)| reading)))
}
