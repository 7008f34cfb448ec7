//! Which proposals are written: the curator wins.
//!
//! In: the site as found, the ledger, and a proposal for each seed. Out: an [`Import`]. An article nobody touched
//! follows its seed; one that was edited is merged with what the seed gives now, with what import last wrote
//! as the base; where both changed the same lines, the curator's words stay until they settle it.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{Identity, decides};
use super::ledger::{self, Ledger, Record, Standing, base_of};
use super::merge::{Conflict, Side, merge};
use super::propose::{Proposal, Proposed};
use super::settled::{has_same_rules, stamp};
use super::{Account, Asked, Import, Outcome, Read, Write, hash, html, name_of};
use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem};
use crate::doubt::{Doubt, Kind};
use crate::path::SitePath;
use crate::seeds::{ARTICLES, LEDGER, STAMP, Site};
use crate::text::Text;

/// Why an article is kept as it is.
const EDITED: &str = "edited by hand";

/// An article is not replaced by one with fewer than this share of its words.
const MUCH_SHORTER: f64 = 0.5;

/// A seed that has something to say.
struct Seed<'a> {
    path: &'a SitePath,
    /// What the ledger knows of it, and under which path.
    earlier: Option<&'a (SitePath, Record)>,
    /// Its article as the seed gives it now, the whole file.
    new: &'a str,
}

/// Decides seed by seed, in the order of their paths, what is written.
pub(super) struct Importer<'a> {
    site: &'a Site,
    asked: &'a Asked,
    identity: Identity<'a>,
    /// The addresses of articles that are taken.
    slugs: BTreeSet<String>,
    /// For each address that several articles would have, the number the last one got.
    numbered: BTreeMap<String, usize>,
    /// The first seed of each hash that has an article.
    by_hash: BTreeMap<String, SitePath>,
    import: Import,
}

impl<'a> Importer<'a> {
    /// Begins with the site as found and what the ledger knows.
    pub(super) fn new(site: &'a Site, ledger: Ledger, asked: &'a Asked) -> Importer<'a> {
        let is_here = |(path, record): &(&SitePath, &Record)| {
            decides(record) && !record.hash.is_empty() && site.seeds.contains_key(*path)
        };
        let mut by_hash = BTreeMap::new();
        for (path, record) in ledger.iter().filter(is_here) {
            by_hash.entry(record.hash.clone()).or_insert_with(|| path.clone());
        }
        Importer {
            site,
            asked,
            identity: Identity::new(site, ledger),
            slugs: site.articles.keys().chain(&site.unreadable).map(|path| slug(path.stem())).collect(),
            numbered: BTreeMap::new(),
            by_hash,
            import: Import::default(),
        }
    }

    /// Decides about one seed.
    pub(super) fn seed(&mut self, path: &SitePath, proposal: Proposal, found: &mut Diagnostics) {
        let earlier = self.identity.earlier(path, &proposal.hash);
        let mut record = Record::new(path, proposal.hash.clone(), Standing::Imported);
        if let Some((_, earlier)) = &earlier {
            record.former.clone_from(&earlier.former);
            record.imported.clone_from(&earlier.imported);
            record.version.clone_from(&earlier.version);
            record.written.clone_from(&earlier.written);
            record.pictures.clone_from(&earlier.pictures);
            if record.hash.is_empty() {
                record.hash.clone_from(&earlier.hash);
            }
        }
        let mut account = Account::new(proposal.hash);
        match proposal.made {
            Proposed::AsBefore => {
                account.article =
                    earlier.as_ref().and_then(|(_, record)| record.article.as_deref()).map(SitePath::new);
                account.read = Read::of(path, &self.site.seeds);
            }
            Proposed::Refused(refusal) => {
                if refusal.outcome == Outcome::Quarantined {
                    let problem = Problem::new(format!("quarantined: {}", refusal.reason));
                    let problem = problem.hint(refusal.hint).in_file(path.clone()).as_warning();
                    found.push(problem.with_doubt(Doubt::certain(Kind::Quarantined)));
                }
                account.article = self.identity.article_of(path, earlier.as_ref(), &mut record);
                if account.article.is_some() {
                    // A seed that went bad does not take its article with it.
                    let why = "the article is kept as it is, for the seed cannot be imported any more";
                    account.end(Outcome::Kept, format!("{why}: {}", refusal.reason));
                } else if earlier.as_ref().is_some_and(|(_, record)| decides(record)) {
                    // Nor does it bring back one that the curator deleted, when it can be read again.
                    let why = "its article was deleted by hand, and stays deleted";
                    account.end(
                        Outcome::Kept,
                        format!("{why}; the seed cannot be imported any more: {}", refusal.reason),
                    );
                } else {
                    account.end(refusal.outcome, refusal.reason);
                }
            }
            Proposed::Article(mut made) => match self.by_hash.get(&account.hash) {
                Some(first)
                    if first != path && earlier.as_ref().is_none_or(|(_, record)| !decides(record)) =>
                {
                    account.end(Outcome::Duplicate, format!("the same as `{first}`"));
                }
                _ => {
                    self.by_hash.entry(account.hash.clone()).or_insert_with(|| path.clone());
                    account.article = self.identity.article_of(path, earlier.as_ref(), &mut record);
                    let seed = Seed { path, earlier: earlier.as_ref(), new: &made.article };
                    self.move_base(&seed);
                    match account.article.clone() {
                        Some(article) => self.known(&seed, article, &mut record, &mut account, found),
                        None => self.unknown(&seed, &made.title, &mut record, &mut account),
                    }
                    account.read = Read::done(made.reading);
                    self.pictures(std::mem::take(&mut made.pictures), &account, &mut record);
                }
            },
        }
        record.outcome = match account.outcome {
            Outcome::Imported | Outcome::Unchanged => Standing::Imported,
            Outcome::Merged => Standing::Kept,
            Outcome::Kept if account.article.is_none() => Standing::Deleted,
            Outcome::Kept => Standing::Kept,
            Outcome::Duplicate => Standing::Duplicate,
            Outcome::Skipped => Standing::Skipped,
            Outcome::Quarantined => Standing::Quarantined,
        };
        // What is news only today is no memory: the next import would have to forget it again.
        record.reason = account.reason.clone().filter(|_| record.outcome != Standing::Imported);
        record.article = match (&account.article, &earlier) {
            (Some(article), _) => Some(article.as_str().to_owned()),
            // Where a deleted article was is where it comes back.
            (None, Some((_, earlier))) if record.outcome == Standing::Deleted => earlier.article.clone(),
            (None, _) => None,
        };
        if let Some(article) = &account.article {
            if !record.former.is_empty() {
                let former = record.former.iter().map(|path| SitePath::new(path.as_str())).collect();
                self.import.former.insert(article.clone(), former);
            }
            self.import.seeds.insert(article.clone(), path.clone());
        }
        account.imported = record.imported.as_deref().and_then(|day| day.parse().ok());
        account.version.clone_from(&record.version);
        self.identity.remember(path, record);
        self.import.accounts.insert(path.clone(), account);
    }

    /// The base moves with its seed, so that the next import can merge as well.
    fn move_base(&mut self, seed: &Seed<'_>) {
        let now = base_of(seed.path);
        let before = seed.earlier.and_then(|(old, _)| self.site.imported.get(&base_of(old)));
        if let Some(base) = before.filter(|_| !self.site.imported.contains_key(&now)) {
            self.write_file(&now, None, &base.read());
        }
    }

    /// Decides about a seed that has no article: it is new, or the curator deleted it.
    fn unknown(&mut self, seed: &Seed<'_>, title: &str, record: &mut Record, account: &mut Account) {
        let deleted = seed.earlier.map(|(_, record)| record).filter(|record| decides(record));
        let article = match deleted {
            Some(_) if !self.asked.restore.contains(seed.path) => {
                account.end(Outcome::Kept, "its article was deleted by hand, and stays deleted");
                return;
            }
            Some(deleted) => {
                account.end(Outcome::Imported, "its article was deleted by hand, and is wanted back");
                let place = deleted.article.as_deref().map(SitePath::new);
                let free = place.filter(|place| self.slugs.insert(slug(place.stem())));
                free.unwrap_or_else(|| self.new_path(title))
            }
            None => {
                account.outcome = Outcome::Imported;
                self.new_path(title)
            }
        };
        record.pictures.clear();
        self.write(&article, &base_of(seed.path), seed.new, seed.new, record);
        account.article = Some(article);
    }

    /// Decides about a seed that has an article.
    fn known(
        &mut self,
        seed: &Seed<'_>,
        article: SitePath,
        record: &mut Record,
        account: &mut Account,
        found: &mut Diagnostics,
    ) {
        let new = seed.new;
        let base_path = base_of(seed.path);
        let old_base = seed.earlier.map_or_else(|| base_path.clone(), |(old, _)| base_of(old));
        let base = self.site.imported.get(&old_base).map(Text::read);
        let base = base.as_deref();
        let text = &self.site.articles[&article];
        let current = &*text.read();
        let settled = self.asked.settle.get(seed.path);
        let is_untouched =
            base == Some(current) || record.written.as_deref() == Some(&hash(current.as_bytes()));
        if current == new {
            self.write(&article, &base_path, new, new, record);
        } else if is_untouched && words(new) >= MUCH_SHORTER * words(current) {
            account.end(Outcome::Imported, "the seed or the rules changed");
            self.write(&article, &base_path, new, new, record);
        } else if is_untouched {
            match settled {
                Some(side) => {
                    let (outcome, why, text) = as_settled(*side, current, new);
                    account.end(outcome, why);
                    self.write(&article, &base_path, text, new, record);
                }
                None => {
                    account.end(Outcome::Kept, "what the seed gives now is much shorter than the article");
                    let problem = Problem::new("the seed now gives much less text than the article has");
                    found.push(
                        problem
                            .hint("the article is kept as it is")
                            .hint(settling(&article))
                            .in_file(seed.path.clone())
                            .as_warning()
                            .with_doubt(Doubt::certain(Kind::MuchShorter)),
                    );
                }
            }
        } else if let Some(base) = base.filter(|base| *base != new) {
            match (merge(base, current, new), settled) {
                (Ok(merged), _) => {
                    let outcome = if merged == current { Outcome::Kept } else { Outcome::Merged };
                    account.end(outcome, EDITED);
                    self.write(&article, &base_path, &merged, new, record);
                }
                (Err(_), Some(Side::Mine)) => {
                    account.end(Outcome::Kept, EDITED);
                    self.write(&article, &base_path, current, new, record);
                }
                (Err(conflict), Some(Side::Theirs)) => {
                    account.end(Outcome::Merged, EDITED);
                    self.write(&article, &base_path, &conflict.with_theirs(), new, record);
                }
                (Err(conflict), None) => {
                    account.end(Outcome::Kept, "edited by hand, in conflict with a change of the seed");
                    let problem = Problem::new(format!(
                        "`{}` changed where this article was edited by hand",
                        seed.path
                    ));
                    let hint = format!("the article is kept as it is; both sides:\n{}", shown(&conflict));
                    found.push(
                        problem
                            .hint(hint)
                            .hint(settling(&article))
                            .at(text.span(conflict.place_in(current)))
                            .as_warning()
                            .with_doubt(Doubt::certain(Kind::Conflict)),
                    );
                }
            }
        } else {
            match settled.filter(|_| base.is_none()) {
                Some(side) => {
                    let (outcome, why, text) = as_settled(*side, current, new);
                    account.end(outcome, why);
                    self.write(&article, &base_path, text, new, record);
                }
                None => {
                    account.end(Outcome::Kept, EDITED);
                    // The memory of an import that was interrupted before its ledger is made whole.
                    if base.is_some() {
                        self.write(&article, &base_path, current, new, record);
                    }
                }
            }
        }
    }

    fn write(
        &mut self,
        article: &SitePath,
        base_path: &SitePath,
        text: &str,
        base: &str,
        record: &mut Record,
    ) {
        self.write_file(article, self.site.articles.get(article), text);
        self.write_file(base_path, self.site.imported.get(base_path), base);
        if let Some(memory) = self.import.writes.get_mut(base_path) {
            *memory = memory.clone().as_memory_of(article);
        }
        let written = Some(hash(base.as_bytes()));
        if record.written != written {
            record.imported = self.site.today.map(|day| day.to_string());
            record.version = Some(env!("CARGO_PKG_VERSION").to_owned());
            record.written = written;
        }
    }

    fn write_file(&mut self, path: &SitePath, before: Option<&Text>, text: &str) {
        if before.is_none_or(|before| before.read() != text) {
            self.import.writes.insert(path.clone(), Write::text(text, before.map(Text::read).as_deref()));
        }
    }

    /// Puts the pictures that an article shows beside it: each once, for what the curator then does to it is a decision.
    fn pictures(&mut self, pictures: Vec<html::Picture>, account: &Account, record: &mut Record) {
        let Some(article) = &account.article else { return };
        let written = self.import.writes.get(article).map(|write| String::from_utf8_lossy(&write.bytes));
        let text = written.map(std::borrow::Cow::into_owned);
        let text = text.or_else(|| Some(self.site.articles.get(article)?.read().into_owned()));
        let text = text.unwrap_or_default();
        let folder = article.as_str().strip_suffix(article.file_name()).unwrap_or_default();
        for picture in pictures {
            if record.pictures.contains(&picture.name) || !text.contains(&picture.name) {
                continue;
            }
            let place = SitePath::new(format!("{folder}{}", picture.name));
            let is_taken = self.site.beside.contains_key(&place) || self.site.unreadable.contains(&place);
            if !is_taken {
                self.import.writes.insert(place, Write { bytes: picture.bytes, before: None, of: None });
            }
            record.pictures.push(picture.name);
        }
    }

    /// A path nobody has, from the title.
    fn new_path(&mut self, title: &str) -> SitePath {
        let name = name_of(title);
        let mut free = name.clone();
        let count = self.numbered.entry(name.clone()).or_insert(1);
        while !self.slugs.insert(free.clone()) {
            *count += 1;
            free = format!("{name}-{count}");
        }
        SitePath::new(format!("{ARTICLES}/{free}.md"))
    }

    /// The account, and everything to write.
    pub(super) fn finish(mut self) -> Import {
        let is_empty = self.identity.ledger().is_empty();
        let ledger = ledger::write(self.identity.ledger());
        let is_new = self.site.ledger.as_ref().is_none_or(|current| current.read() != ledger);
        if is_new && !(is_empty && self.site.ledger.is_none()) {
            let before = self.site.ledger.as_ref().map(Text::read);
            self.import.writes.insert(SitePath::new(LEDGER), Write::text(&ledger, before.as_deref()));
        }
        // The ledger is these rules' work where all seeds were read by them, now or before.
        let is_whole = self.asked.only.is_none() || has_same_rules(self.site);
        let stamp = stamp(self.site, &ledger);
        if is_whole && !is_empty && self.site.stamp.as_deref() != Some(stamp.as_bytes()) {
            let write = Write { bytes: stamp.into_bytes().into(), before: self.site.stamp.clone(), of: None };
            self.import.writes.insert(SitePath::new(STAMP), write);
        }
        self.import
    }
}

/// How a seed ends whose conflict the curator settled: the outcome, why, and the article's text.
fn as_settled<'a>(side: Side, current: &'a str, new: &'a str) -> (Outcome, &'static str, &'a str) {
    match side {
        Side::Theirs => (Outcome::Imported, "the curator took the seed's text", new),
        Side::Mine => (Outcome::Kept, EDITED, current),
    }
}

fn words(text: &str) -> f64 {
    text.split_whitespace().count() as f64
}

/// How a difference between article and seed is settled.
fn settling(article: &SitePath) -> String {
    format!(
        "`gleaner import --accept mine {article}` keeps your words for good, `--accept theirs` takes the seed's"
    )
}

/// The passages that both sides changed.
fn shown(conflict: &Conflict) -> String {
    let passages = conflict.passages().map(|passage| {
        let (mine, base, theirs) = (&passage.mine, &passage.base, &passage.theirs);
        format!("  yours:\n{mine}  imported last time:\n{base}  from the seed:\n{theirs}")
    });
    passages.collect::<String>().trim_end().to_owned()
}
