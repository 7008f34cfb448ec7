//! Import's memory of an article that is moved to another file.

use std::collections::BTreeMap;

use super::Write;
use super::ledger::{self, Record, Standing};
use super::settled::{has_same_rules, stamp};
use crate::diagnostic::Diagnostic;
use crate::path::SitePath;
use crate::seeds::{Bytes, LEDGER, STAMP, Site};

/// The ledger, and the stamp of its rules, once an article is in another file: its seed keeps it, and brings no other.
///
/// # Errors
/// Where the ledger cannot be read.
pub fn moved(site: &Site, from: &SitePath, to: &SitePath) -> Result<BTreeMap<SitePath, Write>, Diagnostic> {
    let Some(text) = &site.ledger else { return Ok(BTreeMap::new()) };
    let mut ledger = ledger::read(text)?;
    let is_its = |record: &&mut Record| {
        record.outcome != Standing::Deleted && record.article.as_deref() == Some(from.as_str())
    };
    for record in ledger.values_mut().filter(is_its) {
        record.article = Some(to.as_str().to_owned());
        record.former.retain(|former| former != to.as_str());
    }
    let now = ledger::write(&ledger);
    let mut writes = BTreeMap::new();
    if text.read() != now {
        writes.insert(SitePath::new(LEDGER), Write::text(&now, Some(&text.read())));
        if has_same_rules(site) {
            let bytes = Bytes::from(stamp(site, &now).into_bytes());
            writes.insert(SitePath::new(STAMP), Write { bytes, before: site.stamp.clone(), of: None });
        }
    }
    Ok(writes)
}
