//! Which seeds the curator means: by the path of a seed, of an article, or by an article's slug.
//!
//! In: what was typed. Out: paths of seeds, or what is wrong with the name, and what it may have meant.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::articles_by_seed;
use super::ledger::{self, Ledger, Record, Standing};
use crate::address::slug;
use crate::diagnostic::Problem;
use crate::path::SitePath;
use crate::seeds::Site;

/// The seeds and their articles, by everything they may be called.
#[derive(Debug)]
pub struct Named<'a> {
    site: &'a Site,
    ledger: Ledger,
    /// Seeds by the path and by the slug of their article.
    articles: BTreeMap<String, SitePath>,
    /// Articles on disk, by the seed they say they come from.
    by_seed: BTreeMap<String, SitePath>,
}

impl<'a> Named<'a> {
    /// Learns the names of a site.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn of(site: &'a Site) -> Result<Named<'a>, Problem> {
        let ledger = site.ledger.as_ref().map(ledger::read).transpose();
        let ledger = ledger.map_err(|problem| Problem::new(problem.in_short()))?.unwrap_or_default();
        let mut articles = BTreeMap::new();
        for (seed, record) in &ledger {
            if let Some(article) = &record.article {
                articles.insert(slug(SitePath::new(article).stem()), seed.clone());
                articles.insert(article.clone(), seed.clone());
            }
        }
        // Where the curator moved an article, it says itself which seed it has.
        let by_seed = articles_by_seed(site);
        for (seed, article) in &by_seed {
            articles.insert(slug(article.stem()), SitePath::new(seed.as_str()));
            articles.insert(article.to_string(), SitePath::new(seed.as_str()));
        }
        Ok(Named { site, ledger, articles, by_seed })
    }

    /// Everything below `seeds/` that a path names: a file, a folder, an archive or a file in one.
    ///
    /// # Errors
    /// When there is nothing.
    pub fn seeds(&self, path: &SitePath) -> Result<BTreeSet<SitePath>, Problem> {
        let all = || self.site.seeds.keys().chain(self.site.unread.keys());
        let named: BTreeSet<SitePath> =
            all().filter(|seed| *seed == path || seed.inside(path.as_str()).is_some()).cloned().collect();
        if named.is_empty() {
            let problem = Problem::new(format!("there is no seed at `{path}`"));
            return Err(problem.did_you_mean(path.as_str(), all().map(SitePath::as_str)));
        }
        Ok(named)
    }

    /// The seed of an article, or the seed itself.
    ///
    /// # Errors
    /// When nothing has this name.
    pub fn seed(&self, typed: &str) -> Result<SitePath, Problem> {
        if self.ledger.contains_key(typed) || self.site.seeds.contains_key(typed) {
            return Ok(SitePath::new(typed));
        }
        if let Some(seed) = self.articles.get(typed) {
            return Ok(seed.clone());
        }
        let names = self.articles.keys().map(String::as_str).chain(self.ledger.keys().map(SitePath::as_str));
        let problem = Problem::new(format!("neither an article nor a seed is called `{typed}`"));
        Err(problem.did_you_mean(typed, names))
    }

    /// The seed whose deleted article is wanted back.
    ///
    /// # Errors
    /// When nothing has this name, its article was not deleted, or the seed is gone too.
    pub fn deleted(&self, typed: &str) -> Result<SitePath, Problem> {
        let deleted = || self.ledger.iter().filter(|(seed, record)| self.is_deleted(seed, record));
        let seed = self.seed(typed).map_err(|problem| {
            let names: Vec<&str> = deleted()
                .map(|(seed, record)| record.article.as_deref().unwrap_or(seed.as_str()))
                .take(LISTED)
                .collect();
            let listed = (!names.is_empty()).then(|| format!("deleted were: {}", names.join(", ")));
            problem.hint_if(listed)
        })?;
        if !self.ledger.get(&seed).is_some_and(|record| self.is_deleted(&seed, record)) {
            return Err(Problem::new(format!("the article of `{seed}` was not deleted")));
        }
        if !self.site.seeds.contains_key(&seed) {
            return Err(Problem::new(format!("the seed `{seed}` is gone too"))
                .hint("restore it, or the article, from your version control"));
        }
        Ok(seed)
    }

    /// Whether the article of a seed is gone, noticed by an import already or not yet.
    fn is_deleted(&self, seed: &SitePath, record: &Record) -> bool {
        let is_here = |article: &String| self.site.articles.contains_key(article.as_str());
        let was_there = record.outcome == Standing::Deleted || record.article.is_some();
        was_there
            && !record.article.as_ref().is_some_and(is_here)
            && !self.by_seed.contains_key(seed.as_str())
    }
}

/// How many names are listed at most.
const LISTED: usize = 10;
