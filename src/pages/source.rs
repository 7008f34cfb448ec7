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
    pub(super) fn source(
        self,
        at: &Address,
        article: &Article,
        seed: &SitePath,
        account: &Account,
    ) -> SourcePage {
        let (encoding, text, reading) = match account.reading() {
            Some((decoded, reading)) => (decoded.encoding, decoded.text.as_str(), Some(reading)),
            None => ("", "", None),
        };
        let removals = reading.map_or(&[][..], |reading| &reading.removals);
        let shown = removals.iter().filter_map(|removal| Some((removal, removal.shown()?)));
        let removed = shown.map(|(removal, shown)| SeedChange {
            line: removal.line,
            before: if shown == PICTURE { self.said("source.picture") } else { shown.to_owned() },
            after: String::new(),
            rule: removal.rule.name().to_owned(),
            why: self.said(&format!("rules.{}", removal.rule.name())),
        });
        let repaired = reading.into_iter().flat_map(|reading| &reading.repairs).map(|repair| SeedChange {
            line: repair.line,
            before: repair.before.clone(),
            after: repair.after.clone(),
            rule: repair.kind.name().to_owned(),
            why: self.said(&format!("repairs.{}", repair.kind.name())),
        });
        let given = [("title", article.title.as_str())];
        let description = self.wording.say("source.description", &given);
        SourcePage {
            head: self.head(at, &self.wording.say("source.title", &given), Some(description)),
            article: self.link(at, &Node::Article(article.id.clone())),
            seed: seed.as_str().to_owned(),
            seed_hash: account.hash.clone(),
            article_hash: hash(article.text.as_str().as_bytes()),
            encoding: encoding.to_owned(),
            lines: lines(text, removals),
            language: article.language.clone().unwrap_or_else(|| self.config.language.clone()),
            body_html: self.html(at, &Node::Article(article.id.clone()), &article.body),
            imported: account.imported.map(|date| self.when(date)),
            version: account.version.clone(),
            removals: removed.collect(),
            repairs: repaired.collect(),
            facts: reading.map(|reading| self.facts(reading)).unwrap_or_default(),
            edited: matches!(account.outcome, Outcome::Kept | Outcome::Merged),
        }
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
