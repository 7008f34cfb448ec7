//! One HTML seed, a saved web page, becomes an article's facts and Markdown, with an account of all that was
//! left out.
//!
//! In: the HTML. Out: a [`Page`]: the text that the page shows, a block a line, and the [`Reading`] of it. Data
//! flows one way: the tree, the visible blocks, what they look like, how likely each is the article's, the
//! Markdown of those that stay. Every visible letter belongs to one block, and every block stays or is among the
//! removals; that is checked at the end, as for text.

use super::archive::Archive;
use super::text::{Reading, Removal, Rule, conservation, tells};
use super::trees::Trees;
use crate::address::short_slug;
use crate::seeds::TAG;

pub use pictures::Picture;

pub(crate) mod dom; // The page as a tree.
mod flat; // Pages that nest beyond measure.
mod formula; // The sources of formulas.
mod visible; // The text it shows, in blocks.
mod hints; // What names of classes hint at.
mod claims; // What the page says about itself.
mod facts; // Which of it to believe.
mod look; // What each block looks like, in numbers.
mod model; // What labelled pages taught about them.
mod choose; // Which blocks stay.
mod address; // Addresses of links and pictures.
mod pictures; // Pictures as files.
mod escape; // Text as Markdown.
mod markdown; // The body.
mod notes; // Footnotes.
#[cfg(test)]
mod tests;
#[cfg(test)]
mod training; // What the trees are learnt from.

/// A web page as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The text that the page shows, a block a line, entities decoded. Lines and bytes in the reading are of this text.
    pub text: String,
    /// What was read from it. A fact that stands in no visible line has line 0.
    pub reading: Reading,
    /// The pictures that the page itself holds, for the article to show.
    pub pictures: Vec<Picture>,
    /// The tags its reader gave it, where it comes from a reading service.
    pub tags: Vec<String>,
}

/// Reads an HTML seed; `archive` is what came with it.
pub fn read(html: &str, archive: &Archive) -> Page {
    read_by(html, archive, model::trees())
}

/// Reads an HTML seed by the trees of a model.
fn read_by(html: &str, archive: &Archive, trees: &Trees) -> Page {
    let dom = dom::parse(html);
    let visible = visible::read(&dom);
    let mut claims = claims::collect(&dom);
    claims.saved_from = archive.address.clone().or(claims.saved_from);
    let titles: Vec<String> = facts::titles(&claims, &dom).into_iter().map(|(title, _)| title).collect();
    let looks = look::looks(&dom, &visible, &titles);
    let likely = model::article(trees, &looks);

    let first = (0..looks.len()).find(|index| looks[*index].is_prose && likely[*index] > 0.5).unwrap_or(0);
    let title_at = look::title_at(&visible, &titles, first);
    let mut facts = facts::read(&claims, &dom, &visible, title_at, first);
    let title = facts.title.as_ref().map(|title| title.value.clone());
    let title = title.as_deref();
    let tables = markdown::data_tables(&dom);
    let verdicts = choose::choose(&dom, &visible, &looks, &likely, &tables, title);
    let blocks: Vec<usize> =
        (0..verdicts.len()).filter(|index| verdicts[*index] == choose::Verdict::Kept).collect();
    facts.language = language(&visible, &blocks, &claims);

    let base = address::Base::new(facts::address(&claims).as_deref(), claims.base.as_deref());
    let notes = notes::find(&dom, &visible, &blocks);
    let stem = title.map(short_slug).filter(|stem| !stem.is_empty()).unwrap_or_else(|| "picture".to_owned());
    let mut pictures = pictures::find(&dom, &visible, &blocks, &base, archive, &stem);
    let article = markdown::Article {
        dom: &dom,
        visible: &visible,
        blocks: &blocks,
        cut: &notes.cut,
        notes: &notes.numbers,
        pictures: &pictures.sources,
        tables: &tables,
        base: &base,
    };
    let mut removals: Vec<Removal> = Vec::new();
    for (block, verdict) in visible.blocks.iter().zip(&verdicts) {
        if let choose::Verdict::Removed(rule) = verdict
            && !block.range.is_empty()
        {
            removals.push(Removal {
                line: block.line,
                range: block.range.clone(),
                text: visible.text[block.range.clone()].to_owned(),
                rule: *rule,
            });
        }
    }
    removals.extend(notes.cut.iter().map(|range| Removal {
        line: visible.line(range.start),
        range: range.clone(),
        text: visible.text[range.clone()].to_owned(),
        rule: Rule::FootnoteMark,
    }));
    removals.append(&mut pictures.removals);
    removals.sort_by_key(|removal| removal.range.start);
    let mut reading = Reading {
        facts,
        body: markdown::write(&article),
        removals,
        repairs: Vec::new(),
        list_numbers: Vec::new(),
    };
    // Each block was checked as it was written; what they make together is checked here.
    if conservation::check(&visible.text, &reading).is_err() {
        reading.body = markdown::write_strictly(&article);
    }
    let tags = claims.all_metas(&[TAG]).map(str::to_owned).collect();
    Page { text: visible.text, reading, pictures: pictures.files, tags }
}

/// The language: what the words are in, else what the page declares.
fn language(visible: &visible::Visible, blocks: &[usize], claims: &claims::Claims) -> Option<String> {
    let mut text = String::new();
    for at in blocks {
        text.push_str(&visible.text[visible.blocks[*at].range.clone()]);
        text.push('\n');
    }
    tells::language(&text).or_else(|| facts::declared_language(claims))
}
