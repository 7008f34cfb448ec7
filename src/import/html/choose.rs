//! Which blocks are the article's, and why the others aren't.
//!
//! In: the blocks, what they look like, how likely each is the article's. Out: for each block [`Verdict`]: kept, or
//! removed with its rule.

use std::collections::{BTreeMap, BTreeSet};

use super::dom::{Dom, Id};
use super::hints::Hint;
use super::look::Look;
use super::markdown::level;
use super::visible::{Piece, Visible};
use crate::import::text::{Rule, tells};

/// What becomes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is in the body.
    Kept,
    /// It isn't, by this rule.
    Removed(Rule),
}

/// A block is kept that is at least this likely the article's: lower than a half, for losing an author's sentence is
/// worse than keeping a share bar.
const KEPT: f32 = 0.45;

/// Above the article's first lines, a block of at most so many words that names an author is the byline.
const LONGEST_BYLINE: usize = 12;

/// Pictures are kept that have a kept block this near before and after.
const PICTURE_REACH: usize = 3;

/// Decides for each block. `tables` are those that hold data.
pub(super) fn choose(
    dom: &Dom,
    visible: &Visible,
    looks: &[Look],
    likely: &[f32],
    tables: &BTreeSet<Id>,
    title: Option<&str>,
) -> Vec<Verdict> {
    let mut kept: Vec<bool> = likely.iter().map(|likely| *likely >= KEPT).collect();
    let has_text = |index: usize| !visible.blocks[index].range.is_empty();
    if !(0..kept.len()).any(|index| kept[index] && has_text(index)) {
        // Nothing looks like an article. The likeliest, or all of it, is better than nothing.
        let best = likely.iter().copied().fold(0.0, f32::max);
        let enough = if best > 0.1 { best * 0.5 } else { 0.0 };
        kept = likely.iter().map(|likely| *likely >= enough).collect();
    }
    whole_tables(dom, visible, tables, &mut kept);
    pictures(visible, &mut kept);

    // The title goes to the front matter: where it stands alone, at or above the article's first lines.
    let title_words = title.map(tells::words).unwrap_or_default();
    let first_prose = (0..kept.len()).find(|index| kept[*index] && looks[*index].is_prose).unwrap_or(0);
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(kept.len());
    for (index, block) in visible.blocks.iter().enumerate() {
        let text = &visible.text[block.range.clone()];
        let is_title = !title_words.is_empty()
            && index <= first_prose
            && text.len() < 1000
            && tells::words(text) == title_words;
        let words = tells::words(text);
        let is_byline =
            index < first_prose && words.len() <= LONGEST_BYLINE && !tells::byline(text).is_empty();
        verdicts.push(if is_title {
            Verdict::Removed(Rule::Title)
        } else if is_byline {
            Verdict::Removed(Rule::Byline)
        } else if kept[index] {
            Verdict::Kept
        } else {
            Verdict::Removed(rule(dom, &looks[index], block.parent, text))
        });
    }
    forms(dom, visible, &mut verdicts);
    contents(dom, visible, &mut verdicts);
    childless_headings(dom, visible, &mut verdicts);
    verdicts
}

/// A table of data is kept whole when this share of its cells is.
const KEPT_CELLS: f32 = 0.5;

/// A table without some of its cells says something else: it stays or goes as a whole.
fn whole_tables(dom: &Dom, visible: &Visible, tables: &BTreeSet<Id>, kept: &mut [bool]) {
    let mut cells_of: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (index, block) in visible.blocks.iter().enumerate() {
        let table = dom.ancestors(block.parent).find(|id| dom.name(*id) == "table");
        if let Some(table) = table.filter(|table| tables.contains(table)) {
            cells_of.entry(table).or_default().push(index);
        }
    }
    for cells in cells_of.into_values() {
        let share = cells.iter().filter(|index| kept[**index]).count() as f32 / cells.len() as f32;
        if (KEPT_CELLS..1.0).contains(&share) {
            for index in cells {
                kept[index] = true;
            }
        }
    }
}

/// Pictures have no words to be judged by: they stay where the blocks around them do.
fn pictures(visible: &Visible, kept: &mut [bool]) {
    let judged = kept.to_vec();
    let near = |index: usize| judged.get(index) == Some(&true) && !visible.blocks[index].range.is_empty();
    for (index, block) in visible.blocks.iter().enumerate() {
        if !block.range.is_empty() || !block.pieces.iter().any(|piece| matches!(piece, Piece::Image(_))) {
            continue;
        }
        let before = (1..=PICTURE_REACH).any(|step| index.checked_sub(step).is_some_and(near));
        let after = (1..=PICTURE_REACH).any(|step| near(index + step));
        kept[index] = before && after;
    }
}

/// What stands in a field of a form is no text for readers: a code to embed, a page to copy.
fn forms(dom: &Dom, visible: &Visible, verdicts: &mut [Verdict]) {
    for (block, verdict) in visible.blocks.iter().zip(verdicts) {
        if *verdict == Verdict::Kept
            && dom.ancestors(block.parent).any(|id| matches!(dom.name(id), "textarea" | "select"))
        {
            *verdict = Verdict::Removed(Rule::Form);
        }
    }
}

/// A list has so many items at least to be a table of contents.
const CONTENTS: usize = 3;

/// This share of the items of a table of contents leads to places of the page.
const LEADING: f32 = 0.8;

/// A list whose items lead to places on the same page is the page's table of contents.
fn contents(dom: &Dom, visible: &Visible, verdicts: &mut [Verdict]) {
    let places: BTreeSet<&str> = (0..dom.len())
        .flat_map(|id| ["id", "name"].map(|attribute| dom.attribute(id, attribute)))
        .flatten()
        .collect();
    let leads = |piece: &Piece| {
        let link = dom.ancestors(piece.node()).take(LINK_REACH).find(|id| dom.name(*id) == "a");
        let place = link.and_then(|id| dom.attribute(id, "href")?.split_once('#')).map(|(_, place)| place);
        place.is_some_and(|place| places.contains(place))
    };
    // The blocks of each outermost list, and how many of them are nothing but such a link.
    let mut lists: BTreeMap<Id, (Vec<usize>, usize)> = BTreeMap::new();
    for (index, block) in visible.blocks.iter().enumerate() {
        let text = visible.text[block.range.clone()].trim();
        if text.is_empty() {
            continue;
        }
        let is_list = |id: &Id| matches!(dom.name(*id), "ul" | "ol");
        let Some(list) = dom.ancestors(block.parent).filter(is_list).last() else { continue };
        let (blocks, leading) = lists.entry(list).or_default();
        blocks.push(index);
        // A number before the link belongs to it.
        let says = |piece: &&Piece| {
            piece.range().is_some_and(|range| visible.text[range].chars().any(char::is_alphabetic))
        };
        let mut words = block.pieces.iter().filter(says).peekable();
        *leading += usize::from(words.peek().is_some() && words.all(leads));
    }
    for (blocks, leading) in lists.into_values() {
        if blocks.len() < CONTENTS || (leading as f32) < LEADING * blocks.len() as f32 {
            continue;
        }
        // "In this article" goes with it.
        let above = blocks[0].checked_sub(1).filter(|above| {
            let words = tells::words(&visible.text[visible.blocks[*above].range.clone()]);
            verdicts[*above] == Verdict::Kept && tells::announces_contents(&words)
        });
        for index in blocks.into_iter().chain(above) {
            if matches!(verdicts[index], Verdict::Kept | Verdict::Removed(Rule::Aside)) {
                verdicts[index] = Verdict::Removed(Rule::Contents);
            }
        }
    }
}

/// A link is looked for so many elements around its words.
const LINK_REACH: usize = 6;

/// Headings at the end announce what was removed.
fn childless_headings(dom: &Dom, visible: &Visible, verdicts: &mut [Verdict]) {
    let is_heading = |id: Id| dom.ancestors(id).take(4).any(|id| level(dom.name(id)).is_some());
    for index in (0..verdicts.len()).rev() {
        if verdicts[index] != Verdict::Kept {
            continue;
        }
        let block = &visible.blocks[index];
        let others = verdicts[..index].contains(&Verdict::Kept);
        if block.range.is_empty() || !is_heading(block.parent) || !others {
            break;
        }
        verdicts[index] = Verdict::Removed(Rule::RelatedLinks);
    }
}

/// Why a block isn't the article's: by the names of what it stands in, else by its words.
fn rule(dom: &Dom, look: &Look, parent: Id, text: &str) -> Rule {
    const NAMED: [(Hint, Rule); 12] = [
        (Hint::Comment, Rule::Comments),
        (Hint::Newsletter, Rule::Newsletter),
        (Hint::Share, Rule::ShareBar),
        (Hint::Related, Rule::RelatedLinks),
        (Hint::Overlay, Rule::CookieNotice),
        (Hint::Contents, Rule::Contents),
        (Hint::Filed, Rule::Filed),
        (Hint::Navigation, Rule::Navigation),
        (Hint::Footer, Rule::Legal),
        (Hint::Advert, Rule::Advert),
        (Hint::Author, Rule::Bio),
        (Hint::Picture, Rule::Caption),
    ];
    if text.is_empty() {
        return Rule::Empty;
    }
    let words = tells::words(text);
    if words.len() <= 30 {
        if !tells::byline(text).is_empty() {
            return Rule::Byline;
        }
        if words.len() <= 12 && !tells::dates(text).is_empty() {
            return Rule::Date;
        }
    }
    if look.is_hidden {
        return Rule::Hidden;
    }
    for id in dom.ancestors(parent) {
        match dom.name(id) {
            "nav" | "header" | "menu" => return Rule::Navigation,
            "footer" => return Rule::Legal,
            "figcaption" => return Rule::Caption,
            _ => {}
        }
    }
    if words.len() <= 40
        && let Some(rule) = tells::rule(&words)
    {
        return rule;
    }
    let named = NAMED.iter().find(|(hint, _)| look.hints & (1 << *hint as u8) != 0);
    named.map_or(Rule::Aside, |(_, rule)| *rule)
}
