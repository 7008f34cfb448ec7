//! Which seeds need no new proposal: the same bytes, read by the same rules, whose article nobody touched.
//!
//! In: the site as found and the ledger. Out: for a seed, whether a proposal could change anything. That the rules are
//! the same is known by a stamp below `.gleaner/cache/`, which names the rules and the ledger they made; without it, or
//! with another Gleaner, every seed is read again.

use super::hash;
use super::ledger::{Ledger, Standing, base_of};
use crate::config::Config;
use crate::path::SitePath;
use crate::seeds::Site;

/// The rules of this build, by name: any change of the program gives another.
pub const RULES: &str = env!("GLEANER_RULES");

/// The stamp of a ledger that this build's rules made, as the file holds it. What tags mean is one of the rules.
pub(super) fn stamp(site: &Site, ledger: &str) -> String {
    let tags = Config::read(site.config.as_ref()).0.tags;
    format!("{}\n", hash(format!("{} {RULES} {tags:?}\n{ledger}", env!("CARGO_PKG_VERSION")).as_bytes()))
}

/// What stands as it was imported.
pub(super) struct Settled<'a> {
    site: &'a Site,
    ledger: &'a Ledger,
    has_same_rules: bool,
}

impl<'a> Settled<'a> {
    pub(super) fn new(site: &'a Site, ledger: &'a Ledger) -> Settled<'a> {
        Settled { site, ledger, has_same_rules: has_same_rules(site) }
    }

    /// Whether the seed of these bytes, by their hash, gives what its article is already.
    pub(super) fn holds(&self, path: &SitePath, hash_now: &str) -> bool {
        let Some(record) = self.ledger.get(path).filter(|_| self.has_same_rules) else { return false };
        let article = record.article.as_deref().and_then(|article| self.site.articles.get(article));
        let base = self.site.imported.get(&base_of(path));
        let is_untouched = article.zip(base).is_some_and(|(article, base)| {
            article.read() == base.read()
                && record.written.as_deref() == Some(&hash(article.read().as_bytes()))
        });
        record.outcome == Standing::Imported && record.hash == hash_now && is_untouched
    }
}

/// Whether this build's rules made the ledger that is there.
pub(super) fn has_same_rules(site: &Site) -> bool {
    let stamped = site.ledger.as_ref().map(|ledger| stamp(site, &ledger.read()));
    stamped.zip(site.stamp.as_deref()).is_some_and(|(made, found)| made.as_bytes() == found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Asked, Outcome, import, ledger};
    use crate::seeds::{IMPORTED, LEDGER, STAMP};
    use crate::text::Text;

    /// A site after its import.
    fn imported() -> Site {
        let mut site = Site { has_articles: true, ..Site::default() };
        let seed =
            b"On growing leeks\n\nLeeks are sown in the cold of spring, and it is a matter of patience.\n";
        site.seeds.insert(SitePath::new("seeds/leeks.txt"), seed.to_vec().into());
        let ((mut after, done), _) = import(&site, &Asked::default());
        for (path, write) in done.writes {
            let text = Text::new(path.clone(), String::from_utf8_lossy(&write.bytes).into_owned());
            match path.as_str() {
                LEDGER => after.ledger = Some(text),
                STAMP => after.stamp = Some(write.bytes),
                _ if path.inside(IMPORTED).is_some() => drop(after.imported.insert(path, text)),
                _ => {}
            }
        }
        after
    }

    fn holds(site: &Site) -> bool {
        let ledger = ledger::read(site.ledger.as_ref().unwrap()).unwrap();
        let (path, bytes) = site.seeds.first_key_value().unwrap();
        Settled::new(site, &ledger).holds(path, &hash(bytes))
    }

    #[test]
    fn what_nobody_touched_is_settled() {
        let site = imported();
        assert!(holds(&site));
        let ((_, again), _) = import(&site, &Asked::default());
        assert!(again.writes.is_empty());
        let account = &again.accounts["seeds/leeks.txt"];
        assert_eq!(account.outcome, Outcome::Unchanged);
        assert!(account.is_read() && account.reading().is_some());
    }

    #[test]
    fn whatever_changed_is_read_again() {
        let changed = |change: fn(&mut Site)| {
            let mut site = imported();
            change(&mut site);
            holds(&site)
        };
        assert!(!changed(|site| site.stamp = None));
        assert!(!changed(|site| site.stamp = Some(b"another Gleaner\n".to_vec().into())));
        assert!(!changed(|site| site.imported.clear()));
        assert!(!changed(|site| site.articles.clear()));
        assert!(!changed(|site| {
            for text in site.articles.values_mut() {
                *text = Text::new(text.path().clone(), format!("{}\nMore.\n", text.read()));
            }
        }));
        assert!(!changed(|site| {
            for bytes in site.seeds.values_mut() {
                *bytes = b"On onions\n\nOnions are sown in spring, and it is a matter of patience.\n"
                    .to_vec()
                    .into();
            }
        }));
        assert!(!changed(|site| {
            let ledger = site.ledger.take().unwrap();
            site.ledger = Some(Text::new(ledger.path().clone(), format!("{}\n", ledger.read())));
        }));
    }
}
