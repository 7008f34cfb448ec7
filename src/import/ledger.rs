//! `gleaner.lock`: the account of every seed, and the memory of what import did.
//!
//! In: the file as import last wrote it. Out: an [`Record`] for each seed, by path; written again, the same
//! entries give the same bytes.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::hash;
use crate::diagnostic::{Diagnostic, Problem};
use crate::path::SitePath;
use crate::seeds::{IMPORTED, SEEDS};
use crate::text::Text;

/// What import remembers of a seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The seed's path below the site.
    seed: String,
    /// BLAKE3 of the seed's bytes when they could last be read, 64 hexadecimal digits; empty before that.
    pub hash: String,
    /// How it ended, without whether this was new.
    pub outcome: Standing,
    /// Why, where the outcome does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The article's file, where it has one; of a deleted one, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Files the article had before the curator renamed it: their addresses lead to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// The day import last wrote the article, `2011-03-02`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<String>,
    /// The version of Gleaner that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// BLAKE3 of what import last wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// The names of the pictures it put beside the article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<String>,
}

/// How a seed stands, from one import to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Its article is as import wrote it.
    Imported,
    /// Its article has the curator's edits.
    Kept,
    /// The curator deleted its article.
    Deleted,
    /// Another seed has the same bytes.
    Duplicate,
    /// It has nothing to import.
    Skipped,
    /// It could not be imported without a loss.
    Quarantined,
}

impl Record {
    /// A record for a seed.
    pub fn new(seed: &SitePath, hash: String, outcome: Standing) -> Record {
        let seed = seed.as_str().to_owned();
        Record {
            seed,
            hash,
            outcome,
            reason: None,
            article: None,
            former: Vec::new(),
            imported: None,
            version: None,
            written: None,
            pictures: Vec::new(),
        }
    }
}

/// The account of every seed, by the seed's path.
pub type Ledger = BTreeMap<SitePath, Record>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    seed: Vec<Record>,
}

/// The version of the format.
const VERSION: u32 = 1;

/// Reads the ledger.
///
/// # Errors
/// When the file is not as import wrote it.
pub fn read(text: &Text) -> Result<Ledger, Diagnostic> {
    let hint = "restore it from your version control, or delete it: articles that differ from their seed are then kept as they are";
    let file: File = toml::from_str(&text.read()).map_err(|error| {
        if let Some(marker) = merge_marker(&text.read()) {
            let problem = Problem::new("version control left a merge conflict in the ledger");
            return problem
                .hint("take one side whole, such as `git checkout --theirs gleaner.lock`, then run `gleaner import`")
                .at(text.span(marker));
        }
        let problem = Problem::new(format!("the ledger cannot be read: {}", error.message())).hint(hint);
        match error.span() {
            Some(span) => problem.at(text.span(span)),
            None => problem.in_file(text.path().clone()),
        }
    })?;
    if file.version != VERSION {
        let problem =
            Problem::new(format!("the ledger has version {}, this Gleaner reads {VERSION}", file.version));
        return Err(problem
            .hint("use the Gleaner that wrote it, or a newer one")
            .in_file(text.path().clone()));
    }
    Ok(file.seed.into_iter().map(|record| (SitePath::new(record.seed.clone()), record)).collect())
}

/// The first line with which version control marks two sides of a conflict. No line of a ledger begins so.
fn merge_marker(text: &str) -> Option<Range<usize>> {
    const MARKER: &str = "<<<<<<< ";
    let start = if text.starts_with(MARKER) { 0 } else { text.find(&format!("\n{MARKER}"))? + 1 };
    Some(start..text[start..].find('\n').map_or(text.len(), |end| start + end))
}

/// The ledger as a file.
pub fn write(ledger: &Ledger) -> String {
    let head = "# What became of every seed. Written by `gleaner import`; keep it under version control.\n";
    let seed = ledger
        .iter()
        .map(|(path, record)| Record { seed: path.as_str().to_owned(), ..record.clone() })
        .collect();
    let file = File { version: VERSION, seed };
    // Strings and lists of strings always have a TOML form, so that there is nothing to fail.
    format!("{head}{}", toml::to_string(&file).unwrap_or_default())
}

/// Where the merge base of a seed's article is kept: beside others as the seeds are.
pub(super) fn base_of(seed: &SitePath) -> SitePath {
    let below = seed.inside(SEEDS).unwrap_or(seed.as_str());
    // File systems take names of 255 bytes, and the seed's may have all of them.
    if seed.file_name().len() > LONGEST_NAME {
        let folder = below.strip_suffix(seed.file_name()).unwrap_or_default();
        let start = &seed.file_name()[..seed.file_name().floor_char_boundary(LONGEST_NAME)];
        return SitePath::new(format!("{IMPORTED}/{folder}{start}-{}.md", &hash(below.as_bytes())[..8]));
    }
    SitePath::new(format!("{IMPORTED}/{below}.md"))
}

/// The longest name of a seed that its merge base takes whole, in bytes.
const LONGEST_NAME: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds::LEDGER;

    #[test]
    fn what_is_written_is_read() {
        let path = SitePath::new("seeds/a \"b\".txt");
        let mut record = Record::new(&path, "00".repeat(32), Standing::Kept);
        record.article = Some("content/articles/a.md".into());
        record.former = vec!["content/articles/b.md".into()];
        let ledger = Ledger::from([(path, record)]);
        let text = Text::new(SitePath::new(LEDGER), write(&ledger));
        assert_eq!(read(&text), Ok(ledger));
    }

    #[test]
    fn a_damaged_ledger_says_where() {
        for (typed, expected) in [
            (
                "version = 1\nsed = []\n",
                "gleaner.lock:2:1: error: the ledger cannot be read: unknown field `sed`",
            ),
            (
                "version = 1\n<<<<<<< HEAD\n[[seed]]\n=======\n>>>>>>> theirs\n",
                "gleaner.lock:2:1: error: version control left a merge conflict in the ledger",
            ),
            ("version = 9\n", "gleaner.lock: error: the ledger has version 9, this Gleaner reads 1"),
        ] {
            let found = read(&Text::new(SitePath::new(LEDGER), typed.to_owned())).unwrap_err().in_short();
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
