//! Which record and which article belong to a seed, whatever was renamed since.
//!
//! In: the site as found and the ledger. Out: for a seed, what the ledger knows of it and the file of its
//! article. Every question is answered from an index, so that a pile of seeds takes time in proportion to it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::ledger::{Ledger, Record, Standing};
use crate::diagnostic::Diagnostics;
use crate::front_matter;
use crate::path::SitePath;
use crate::seeds::Site;
use crate::text::Text;

/// Who is who: seeds, their records and their articles.
pub(super) struct Identity<'a> {
    site: &'a Site,
    ledger: Ledger,
    /// Seeds of the ledger that are not there any more, by the hash of their bytes.
    gone: BTreeMap<String, BTreeSet<SitePath>>,
    /// The seeds of an article, after the ledger.
    owners: BTreeMap<String, BTreeSet<SitePath>>,
    /// Articles on disk, by the seed they say they come from.
    by_seed: BTreeMap<String, SitePath>,
}

impl<'a> Identity<'a> {
    pub(super) fn new(site: &'a Site, ledger: Ledger) -> Identity<'a> {
        let mut gone: BTreeMap<String, BTreeSet<SitePath>> = BTreeMap::new();
        let mut owners: BTreeMap<String, BTreeSet<SitePath>> = BTreeMap::new();
        for (seed, record) in &ledger {
            let is_here = site.seeds.contains_key(seed) || site.unread.contains_key(seed);
            // What was never read has no hash, and is like nothing else.
            if !is_here && decides(record) && !record.hash.is_empty() {
                gone.entry(record.hash.clone()).or_default().insert(seed.clone());
            }
            if let Some(article) = owned(record) {
                owners.entry(article.to_owned()).or_default().insert(seed.clone());
            }
        }
        Identity { site, ledger, gone, owners, by_seed: articles_by_seed(site) }
    }

    /// What the ledger knows of a seed: under its own path, or under the path it had before it was renamed.
    pub(super) fn earlier(&mut self, path: &SitePath, hash: &str) -> Option<(SitePath, Record)> {
        let own = self.ledger.get(path).map(|record| (path.clone(), record.clone()));
        // A copy takes the place of the first when that goes.
        if own.as_ref().is_some_and(|(_, record)| record.outcome != Standing::Duplicate) {
            return own;
        }
        let Some(old) = self.gone.get_mut(hash).and_then(BTreeSet::pop_first) else { return own };
        let record = self.forget(&old)?;
        Some((old, record))
    }

    /// The file of a seed's article, wherever the curator moved it; a move is remembered in the record.
    pub(super) fn article_of(
        &self,
        path: &SitePath,
        earlier: Option<&(SitePath, Record)>,
        record: &mut Record,
    ) -> Option<SitePath> {
        let remembered = earlier.and_then(|(_, record)| owned(record));
        if let Some(remembered) = remembered
            && self.site.articles.contains_key(remembered)
        {
            return Some(SitePath::new(remembered));
        }
        let old = earlier.map_or(path, |(old, _)| old);
        let moved = self.by_seed.get(path.as_str()).or_else(|| self.by_seed.get(old.as_str()))?;
        // An article belongs to one seed, whatever another says of itself.
        let mut owners = self.owners.get(moved.as_str()).into_iter().flatten();
        if owners.any(|seed| seed != path && seed != old) {
            return None;
        }
        if let Some(remembered) = remembered {
            record.former.push(remembered.to_owned());
        }
        Some(moved.clone())
    }

    /// Remembers how a seed ended.
    pub(super) fn remember(&mut self, path: &SitePath, record: Record) {
        self.forget(path);
        if let Some(article) = owned(&record) {
            self.owners.entry(article.to_owned()).or_default().insert(path.clone());
        }
        self.ledger.insert(path.clone(), record);
    }

    fn forget(&mut self, path: &SitePath) -> Option<Record> {
        let record = self.ledger.remove(path)?;
        if let Some(owners) = owned(&record).and_then(|article| self.owners.get_mut(article)) {
            owners.remove(path);
        }
        Some(record)
    }

    /// The ledger as it is to be.
    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// The article that a record holds; that of a deleted one anybody may take.
fn owned(record: &Record) -> Option<&str> {
    record.article.as_deref().filter(|_| record.outcome != Standing::Deleted)
}

/// Whether a decision about an article hangs on a record: there is one, or the curator deleted it.
pub(super) fn decides(record: &Record) -> bool {
    record.article.is_some() || record.outcome == Standing::Deleted
}

/// The articles on disk, by the seed they say they come from.
pub(super) fn articles_by_seed(site: &Site) -> BTreeMap<String, SitePath> {
    let said = |(path, text): (&SitePath, &Text)| {
        let _held = text.read();
        let mut ignored = Diagnostics::new();
        let mut fields = front_matter::split(text, &mut ignored).fields(text);
        let seed = fields.table("source").and_then(|mut source| source.text("seed"))?;
        Some((seed.value, path.clone()))
    };
    let said: Vec<(String, SitePath)> = site.articles.par_iter().filter_map(said).collect();
    // Of those that say the same the first has it: the last that is put there stays.
    said.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_articles_that_say_to_be_of_one_seed_the_first_is() {
        let text = |name: &str| {
            let path = SitePath::new(format!("content/articles/{name}.md"));
            let typed = "+++\n[source]\nseed = \"seeds/one.txt\"\n+++\n";
            (path.clone(), Text::new(path, typed.to_owned()))
        };
        let articles = ["b", "a", "c"].map(text).into_iter().collect();
        let by_seed = articles_by_seed(&Site { articles, ..Site::default() });
        assert_eq!(by_seed, [("seeds/one.txt".to_owned(), SitePath::new("content/articles/a.md"))].into());
    }
}
