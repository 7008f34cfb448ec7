//! A provenance page: the seed as it was beside what it became, what was cut and why.

use std::fmt::Display;

use super::Composer;
use super::page::{SeedChange, SeedFact, SeedLine, SeedPiece, SourcePage};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::Node;
use crate::import::text::{Fact, PICTURE, Reading, Removal};
use crate::import::{Account, Outcome, hash};
use crate::path::SitePath;

impl Composer<'_> {
    /// The page of an article's seed without what is read of the seed.
    pub(super) fn source(
        self,
        at: &Address,
        article: &Article,
        seed: &SitePath,
        account: &Account,
    ) -> SourcePage {
        let given = [("title", article.title.as_str())];
        let description = self.wording.say("source.description", &given);
        SourcePage {
            head: self.head(at, &self.wording.say("source.title", &given), Some(description)),
            article: self.link(at, &Node::Article(article.id.clone())),
            seed: seed.as_str().to_owned(),
            seed_hash: account.hash.clone(),
            article_hash: hash(article.text.read().as_bytes()),
            encoding: String::new(),
            lines: Vec::new(),
            language: article.language.clone().unwrap_or_else(|| self.config.language.clone()),
            body_html: String::new(),
            imported: account.imported.map(|date| self.when(date)),
            version: account.version.clone(),
            removals: Vec::new(),
            repairs: Vec::new(),
            facts: Vec::new(),
            edited: matches!(account.outcome, Outcome::Kept | Outcome::Merged),
        }
    }

    /// Puts into a seed's page what it was read as.
    pub(super) fn read(self, account: &Account, page: &mut SourcePage) {
        let Some((decoded, reading)) = account.reading() else { return };
        let shown = reading.removals.iter().filter_map(|removal| Some((removal, removal.shown()?)));
        let removed = shown.map(|(removal, shown)| SeedChange {
            line: removal.line,
            before: if shown == PICTURE { self.said("source.picture") } else { shown.to_owned() },
            after: String::new(),
            rule: removal.rule.name().to_owned(),
            why: self.said(&format!("rules.{}", removal.rule.name())),
        });
        let repaired = reading.repairs.iter().map(|repair| SeedChange {
            line: repair.line,
            before: repair.before.clone(),
            after: repair.after.clone(),
            rule: repair.kind.name().to_owned(),
            why: self.said(&format!("repairs.{}", repair.kind.name())),
        });
        decoded.encoding.clone_into(&mut page.encoding);
        page.lines = lines(&decoded.text, &reading.removals);
        (page.removals, page.repairs) = (removed.collect(), repaired.collect());
        page.facts = self.facts(reading);
    }

    /// How much of a seed was removed, in words; nothing where it could not be read.
    pub(super) fn removed(self, account: &Account) -> Option<String> {
        let (_, reading) = account.reading()?;
        Some(match reading.removals.iter().filter(|removal| removal.shown().is_some()).count() {
            0 => self.said("article.nothing_removed"),
            number => self.wording.count("article.removed", number, &[]),
        })
    }
}

impl Composer<'_> {
    fn facts(self, reading: &Reading) -> Vec<SeedFact> {
        let facts = &reading.facts;
        let title = facts.title.iter().map(|title| self.fact("fact.title", title));
        let authors = facts.authors.iter().map(|author| self.fact("fact.author", author));
        let date = facts.date.iter().map(|date| self.fact("fact.date", date));
        let url = facts.url.iter().map(|url| self.fact("fact.address", url));
        let site = facts.site.iter().map(|site| self.fact("fact.site", site));
        title.chain(authors).chain(date).chain(url).chain(site).collect()
    }

    fn fact<T: Display>(self, name: &str, fact: &Fact<T>) -> SeedFact {
        let how = self.said(&format!("found.{}", fact.how.name()));
        let how = match fact.line {
            0 => how,
            line => self.wording.say("source.at_line", &[("how", &how), ("line", &line.to_string())]),
        };
        SeedFact { name: self.said(name), value: fact.value.to_string(), how }
    }
}

/// The seed's lines, each cut where a removal begins or ends.
fn lines(text: &str, removals: &[Removal]) -> Vec<SeedLine> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut first = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.trim_end_matches('\n').len();
        while first < removals.len() && removals[first].range.end <= start {
            first += 1;
        }
        let mut pieces = Vec::new();
        let mut at = start;
        for removal in removals[first..].iter().take_while(|removal| removal.range.start < end) {
            let cut = removal.range.start.clamp(at, end)..removal.range.end.clamp(at, end);
            if at < cut.start {
                pieces.push(SeedPiece { text: text[at..cut.start].to_owned(), rule: None });
            }
            if !cut.is_empty() && !text[cut.clone()].trim().is_empty() {
                let rule = Some(removal.rule.name().to_owned());
                pieces.push(SeedPiece { text: text[cut.clone()].to_owned(), rule });
            }
            at = cut.end;
        }
        if at < end {
            pieces.push(SeedPiece { text: text[at..end].to_owned(), rule: None });
        }
        lines.push(SeedLine { number: index + 1, pieces });
        start += line.len();
    }
    lines
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::fs;

    use crate::articles::ArticleId;
    use crate::make::{Asked, make};
    use crate::pages::page::Shows;
    use crate::pages::{Composer, Content, Part};
    use crate::pictures::Variants;
    use crate::{Options, join, seeds};

    #[test]
    fn a_seed_is_read_again_only_where_its_page_is_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("seeds")).unwrap();
        fs::write(root.join("gleaner.toml"), "title = \"T\"\n").unwrap();
        let seed = "On growing leeks\n\nShare on Facebook Share on Twitter\n\nLeeks are sown in the cold of spring.\n";
        let briefs = ["", "They stand in the bed until winter.\n"].map(|more| {
            fs::write(root.join("seeds/leeks.txt"), format!("{seed}{more}")).unwrap();
            let asked = Asked { output: root.join("public"), ..Asked::default() };
            assert!(make(root, &asked, || ()).unwrap().change.is_some());
            let (joined, _) = join(&seeds::read(root).unwrap().0, &Options::default());
            let (account, variants) = (&joined.import.accounts["seeds/leeks.txt"], Variants::default());
            let composer = Composer::of(&joined, &variants);
            let id = ArticleId::of(joined.graph.articles.values().next().unwrap().path());
            let parts = [Part::Page, Part::Source].map(|part| Content::OfArticle(id.clone(), part));
            let briefs = parts.clone().map(|part| composer.brief(&part).unwrap().into_owned());
            assert!(!account.is_read_again());
            let told = |content: &Content| match content {
                Content::Page(page) => match &page.page {
                    Shows::Article(page) => (page.provenance.removed.clone().unwrap(), 0),
                    Shows::Source(page) => (page.seed_hash.clone(), page.lines.len()),
                    _ => panic!("it is another page"),
                },
                _ => panic!("it is no page"),
            };
            assert_eq!(briefs.each_ref().map(told), [(); 2].map(|()| (account.hash.clone(), 0)));
            let [page, source] = parts.map(|part| told(&composer.content(&part).unwrap()));
            assert!(account.is_read_again());
            assert!(page.0 != account.hash && source.1 > 0, "{page:?} {source:?}");
            briefs
        });
        assert!(briefs[0][0] != briefs[1][0] && briefs[0][1] != briefs[1][1]);
    }
}
