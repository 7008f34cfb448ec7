//! Which proposals are written: the curator wins.
//!
//! In: the site as found, the ledger, and a proposal for each seed. Out: an [`Import`]. An article nobody touched
//! follows its seed; one that was edited is merged with what the seed gives now, with what import last wrote
//! as the base; where both changed the same lines, the curator's words stay.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{self, Ledger, Record, Standing};
use super::propose::{Made, Proposal};
use super::{Account, Import, Outcome, Write, hash, html};
use crate::address::{short_slug, slug};
use crate::diagnostic::{Diagnostics, Problem};
use crate::front_matter;
use crate::path::SitePath;
use crate::seeds::{ARTICLES, IMPORTED, LEDGER, SEEDS, Site};
use crate::text::Text;

/// Why an article is kept as it is.
const EDITED: &str = "edited by hand";

/// An article is not replaced by one with fewer than this share of its words.
const MUCH_SHORTER: f64 = 0.5;

/// Decides seed by seed, in the order of their paths, what is written.
pub(super) struct Importer<'a> {
    site: &'a Site,
    before: Ledger,
    after: Ledger,
    /// Articles on disk, by the seed they say they come from.
    by_seed: BTreeMap<String, SitePath>,
    slugs: BTreeSet<String>,
    by_hash: BTreeMap<String, SitePath>,
    import: Import,
}

impl<'a> Importer<'a> {
    /// Begins with the site as found and what the ledger knows.
    pub(super) fn new(site: &'a Site, before: Ledger) -> Importer<'a> {
        let slugs = site.articles.keys().chain(&site.unreadable).map(|path| slug(path.stem())).collect();
        let is_here = |(path, record): &(&SitePath, &Record)| {
            record.article.is_some() && site.seeds.contains_key(*path)
        };
        let by_hash =
            before.iter().filter(is_here).map(|(path, record)| (record.hash.clone(), path.clone())).collect();
        Importer {
            site,
            by_seed: articles_by_seed(site),
            after: before.clone(),
            before,
            slugs,
            by_hash,
            import: Import::default(),
        }
    }

    /// Decides about one seed.
    pub(super) fn seed(&mut self, path: &SitePath, proposal: Proposal, found: &mut Diagnostics) {
        let earlier = self.earlier(path, &proposal.hash);
        let mut account = Account {
            outcome: Outcome::Unchanged,
            reason: None,
            article: None,
            hash: proposal.hash.clone(),
            imported: None,
            version: None,
            reading: None,
        };
        let mut record = Record::new(path, proposal.hash.clone(), Standing::Imported);
        if let Some((_, earlier)) = &earlier {
            record.former.clone_from(&earlier.former);
            record.imported.clone_from(&earlier.imported);
            record.version.clone_from(&earlier.version);
            record.written.clone_from(&earlier.written);
            record.pictures.clone_from(&earlier.pictures);
        }
        match proposal.made {
            Err((outcome, reason)) => {
                let article = self.article_of(path, earlier.as_ref(), &mut record);
                account.outcome = outcome;
                account.reason = Some(reason.clone());
                if article.is_some() {
                    // A seed that went bad does not take its article with it.
                    account.outcome = Outcome::Kept;
                    account.reason = Some(format!(
                        "the article is kept as it is, for the seed cannot be imported any more: {reason}"
                    ));
                }
                account.article = article;
                if outcome == Outcome::Quarantined {
                    let problem = Problem::new(format!("quarantined: {reason}"));
                    found.push(
                        problem
                            .hint("mend the seed, or move it out of `seeds/`")
                            .in_file(path.clone())
                            .as_warning(),
                    );
                }
            }
            Ok(mut made) => match self.by_hash.get(&proposal.hash) {
                Some(first)
                    if first != path
                        && earlier.as_ref().is_none_or(|(_, record)| record.article.is_none()) =>
                {
                    account.outcome = Outcome::Duplicate;
                    account.reason = Some(format!("the same as `{first}`"));
                }
                _ => {
                    self.by_hash.entry(proposal.hash.clone()).or_insert_with(|| path.clone());
                    let article = self.article_of(path, earlier.as_ref(), &mut record);
                    let pictures = std::mem::take(&mut made.pictures);
                    self.decide(path, made, article, earlier, &mut record, &mut account, found);
                    self.pictures(pictures, &account, &mut record);
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
        record.article = account.article.as_ref().map(|article| article.as_str().to_owned());
        if let Some(article) = &account.article
            && !record.former.is_empty()
        {
            let former = record.former.iter().map(|path| SitePath::new(path.as_str())).collect();
            self.import.former.insert(article.clone(), former);
        }
        if let Some(article) = &account.article {
            self.import.seeds.insert(article.clone(), path.clone());
        }
        account.imported = record.imported.as_deref().and_then(|day| day.parse().ok());
        account.version.clone_from(&record.version);
        self.after.insert(path.clone(), record);
        self.import.accounts.insert(path.clone(), account);
    }

    /// What the ledger knows of a seed: under its own path, or under the path it had before it was renamed.
    fn earlier(&mut self, path: &SitePath, hash: &str) -> Option<(SitePath, Record)> {
        let own = self.before.get(path).map(|record| (path.clone(), record.clone()));
        // A copy takes the place of the first when that goes.
        if own.as_ref().is_some_and(|(_, record)| record.outcome != Standing::Duplicate) {
            return own;
        }
        let renamed = self.before.iter().find(|(old, record)| {
            let has_story = record.article.is_some() || record.outcome == Standing::Deleted;
            record.hash == hash && has_story && !self.site.seeds.contains_key(*old)
        });
        let Some((old, record)) = renamed.map(|(old, record)| (old.clone(), record.clone())) else {
            return own;
        };
        self.before.remove(&old);
        self.after.remove(&old);
        Some((old, record))
    }

    /// The file of a seed's article, wherever the curator moved it; a move is remembered.
    fn article_of(
        &self,
        path: &SitePath,
        earlier: Option<&(SitePath, Record)>,
        record: &mut Record,
    ) -> Option<SitePath> {
        let remembered = earlier.and_then(|(_, record)| record.article.as_deref());
        if let Some(remembered) = remembered
            && self.site.articles.contains_key(remembered)
        {
            return Some(SitePath::new(remembered));
        }
        let old = earlier.map_or(path, |(old, _)| old);
        let moved = self.by_seed.get(path.as_str()).or_else(|| self.by_seed.get(old.as_str()))?;
        // An article belongs to one seed, whatever another says of itself.
        let is_anothers = self.after.iter().any(|(seed, record)| {
            seed != path && seed != old && record.article.as_deref() == Some(moved.as_str())
        });
        if is_anothers {
            return None;
        }
        if let Some(remembered) = remembered {
            record.former.push(remembered.to_owned());
        }
        Some(moved.clone())
    }

    #[expect(clippy::too_many_arguments, reason = "one decision, and all it weighs")]
    fn decide(
        &mut self,
        path: &SitePath,
        made: Made,
        article: Option<SitePath>,
        earlier: Option<(SitePath, Record)>,
        record: &mut Record,
        account: &mut Account,
        found: &mut Diagnostics,
    ) {
        let base_path = base_of(path);
        let old_base = earlier.as_ref().map_or_else(|| base_path.clone(), |(old, _)| base_of(old));
        let base = self.site.imported.get(&old_base).map(Text::as_str);
        if let Some(base) = base.filter(|_| !self.site.imported.contains_key(&base_path)) {
            // The base moves with its seed, so that the next import can merge as well.
            self.write_file(&base_path, None, base);
        }
        let new = made.article.as_str();
        account.reading = made.reading;
        let Some(article) = article else {
            if earlier
                .is_some_and(|(_, record)| record.article.is_some() || record.outcome == Standing::Deleted)
            {
                account.outcome = Outcome::Kept;
                account.reason = Some("its article was deleted by hand, and stays deleted".to_owned());
                return;
            }
            let article = self.new_path(&made.title);
            account.outcome = Outcome::Imported;
            record.pictures.clear();
            self.write(&article, &base_path, new, new, record);
            account.article = Some(article);
            return;
        };
        let current = self.site.articles[&article].as_str();
        account.article = Some(article.clone());
        let is_untouched =
            base == Some(current) || record.written.as_deref() == Some(&hash(current.as_bytes()));
        if current == new {
            self.write(&article, &base_path, new, new, record);
        } else if is_untouched {
            if words(new) < MUCH_SHORTER * words(current) {
                account.outcome = Outcome::Kept;
                account.reason = Some("what the seed gives now is much shorter than the article".to_owned());
                let problem = Problem::new("the seed now gives much less text than the article has");
                let hint = format!(
                    "the article is kept; delete `{article}` and its line in `{LEDGER}` to take the seed's text"
                );
                found.push(problem.hint(hint).in_file(path.clone()).as_warning());
                return;
            }
            account.outcome = Outcome::Imported;
            account.reason = Some("the seed or the rules changed".to_owned());
            self.write(&article, &base_path, new, new, record);
        } else if let Some(base) = base.filter(|base| *base != new) {
            match diffy::merge(base, current, new) {
                Ok(merged) => {
                    account.outcome = if merged == current { Outcome::Kept } else { Outcome::Merged };
                    account.reason = Some(EDITED.to_owned());
                    self.write(&article, &base_path, &merged, new, record);
                }
                Err(both) => {
                    account.outcome = Outcome::Kept;
                    account.reason = Some("edited by hand, in conflict with a change of the seed".to_owned());
                    let problem =
                        Problem::new(format!("`{path}` changed where this article was edited by hand"));
                    found.push(
                        problem
                            .hint(format!("the article is kept as it is; both sides:\n{}", conflict(&both)))
                            .in_file(article)
                            .as_warning(),
                    );
                }
            }
        } else {
            account.outcome = Outcome::Kept;
            account.reason = Some(EDITED.to_owned());
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
        let written = Some(hash(base.as_bytes()));
        if record.written != written {
            record.imported = self.site.today.map(|day| day.to_string());
            record.version = Some(env!("CARGO_PKG_VERSION").to_owned());
            record.written = written;
        }
    }

    fn write_file(&mut self, path: &SitePath, before: Option<&Text>, text: &str) {
        if before.is_none_or(|before| before.as_str() != text) {
            self.import.writes.insert(path.clone(), Write::text(text, before.map(Text::as_str)));
        }
    }

    /// Puts the pictures that an article shows beside it: each once, for what the curator then does to it is a decision.
    fn pictures(&mut self, pictures: Vec<html::Picture>, account: &Account, record: &mut Record) {
        let Some(article) = &account.article else { return };
        let written = self.import.writes.get(article).map(|write| String::from_utf8_lossy(&write.bytes));
        let text = written.or_else(|| self.site.articles.get(article).map(|text| text.as_str().into()));
        let text = text.unwrap_or_default().into_owned();
        let folder = article.as_str().strip_suffix(article.file_name()).unwrap_or_default();
        for picture in pictures {
            if record.pictures.contains(&picture.name) || !text.contains(&picture.name) {
                continue;
            }
            let place = SitePath::new(format!("{folder}{}", picture.name));
            let is_taken = self.site.beside.contains_key(&place) || self.site.unreadable.contains(&place);
            if !is_taken {
                self.import.writes.insert(place, Write { bytes: picture.bytes, before: None });
            }
            record.pictures.push(picture.name);
        }
    }

    /// A path nobody has, from the title.
    fn new_path(&mut self, title: &str) -> SitePath {
        let name =
            Some(short_slug(title)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "untitled".to_owned());
        let mut free = name.clone();
        let mut count = 1;
        while !self.slugs.insert(free.clone()) {
            count += 1;
            free = format!("{name}-{count}");
        }
        SitePath::new(format!("{ARTICLES}/{free}.md"))
    }

    /// The account, and everything to write.
    pub(super) fn finish(mut self) -> Import {
        let ledger = ledger::write(&self.after);
        let is_new = self.site.ledger.as_ref().is_none_or(|current| current.as_str() != ledger);
        if is_new && !(self.after.is_empty() && self.site.ledger.is_none()) {
            let before = self.site.ledger.as_ref().map(Text::as_str);
            self.import.writes.insert(SitePath::new(LEDGER), Write::text(&ledger, before));
        }
        self.import
    }
}

fn articles_by_seed(site: &Site) -> BTreeMap<String, SitePath> {
    let mut by_seed = BTreeMap::new();
    for (path, text) in &site.articles {
        let mut ignored = Diagnostics::new();
        let mut fields = front_matter::split(text, &mut ignored).fields(text);
        if let Some(seed) = fields.table("source").and_then(|mut source| source.text("seed")) {
            by_seed.entry(seed.value).or_insert_with(|| path.clone());
        }
    }
    by_seed
}

/// Where the merge base of a seed's article is kept: beside others as the seeds are.
fn base_of(seed: &SitePath) -> SitePath {
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

fn words(text: &str) -> f64 {
    text.split_whitespace().count() as f64
}

/// The conflicting passages alone, without what merged.
fn conflict(both: &str) -> String {
    let mut shown = Vec::new();
    let mut is_inside = false;
    for line in both.lines() {
        match line.split(' ').next() {
            Some("<<<<<<<") => {
                is_inside = true;
                shown.push("  yours:");
            }
            Some("|||||||") if is_inside => shown.push("  imported last time:"),
            Some("=======") if is_inside => shown.push("  from the seed:"),
            Some(">>>>>>>") => is_inside = false,
            _ if is_inside => shown.push(line),
            _ => {}
        }
    }
    shown.join("\n")
}
