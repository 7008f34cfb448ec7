//! What each block of a page looks like, in numbers.
//!
//! In: the tree, its visible blocks and what the page calls its title. Out: one row of numbers a block:
//! its words, the elements around it, how much text and how many links these hold, and its neighbours.

use std::collections::HashMap;

use super::dom::{Dom, Id, What};
use super::hints::{self, HINTS};
use super::visible::{Piece, Visible};
use crate::import::text::tells;

/// A block in numbers.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// What the first model sees.
    pub values: Vec<f32>,
    /// Whether it reads like sentences.
    pub is_prose: bool,
    /// The innermost elements around it, from the inside out, that hold more blocks than it alone.
    pub around: Vec<Id>,
    /// Blocks of one kind: with the same elements and classes around them.
    pub kind: usize,
    /// The hints of the elements around it, a bit each.
    pub hints: u32,
    /// Whether the page hides it.
    pub is_hidden: bool,
}

/// Elements to whose nearest the distance counts.
const ELEMENTS: [&str; 22] = [
    "p",
    "li",
    "td",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "aside",
    "nav",
    "footer",
    "header",
    "article",
    "main",
    "section",
    "form",
    "button",
    "table",
    "ul",
    "ol",
    "a",
    "details",
    "dl",
];

/// A distance that stands for "not there".
const FAR: f32 = 20.0;

/// How many of the elements around a block are looked into.
const AROUND: usize = 4;

/// What is in an element.
#[derive(Debug, Default, Clone, Copy)]
struct Mass {
    letters: f32,
    linked: f32,
    blocks: f32,
    prose: f32,
}

/// A block's own numbers, before its place is looked at.
struct Own {
    letters: f32,
    links: f32,
    is_prose: bool,
    values: Vec<f32>,
}

/// Looks at all blocks.
pub(super) fn looks(dom: &Dom, visible: &Visible, titles: &[String]) -> Vec<Look> {
    let owns: Vec<Own> =
        visible.blocks.iter().map(|block| own(dom, &visible.text[block.range.clone()], block)).collect();
    let mut masses = vec![Mass::default(); dom.len()];
    for (block, own) in visible.blocks.iter().zip(&owns) {
        for id in dom.ancestors(block.parent) {
            let mass = &mut masses[id];
            mass.letters += own.letters;
            mass.linked += own.letters * own.links;
            mass.blocks += 1.0;
            mass.prose += if own.is_prose { own.letters } else { 0.0 };
        }
    }
    let total = masses.first().copied().unwrap_or_default();
    let mut element_hints: HashMap<Id, u32> = HashMap::new();
    let mut kinds: HashMap<String, usize> = HashMap::new();
    let mut kind_prose: Vec<f32> = Vec::new();
    let title_words: Vec<Vec<String>> = titles.iter().map(|title| tells::words(title)).collect();
    let title_at = heading_at(dom, visible, &title_words);
    let bests = [best_container(dom, visible, &owns, 0.6, 4), best_container(dom, visible, &owns, 0.85, 10)];
    let most_prose_in = |names: &[&str]| {
        let is_named = |id: &Id| {
            names.contains(&dom.name(*id))
                || dom.attribute(*id, "role").is_some_and(|role| names.contains(&role))
        };
        let found = (0..dom.len()).filter(is_named);
        found.max_by(|a, b| masses[*a].prose.total_cmp(&masses[*b].prose).then(b.cmp(a)))
    };
    let semantic = [most_prose_in(&["article"]), most_prose_in(&["main"])];
    let roots = [bests[0], bests[1], semantic[0], semantic[1]];
    // How far out the title is, counted from each element that holds it.
    let title_parents: HashMap<Id, f32> = title_at.map_or_else(HashMap::new, |title| {
        dom.ancestors(visible.blocks[title].parent)
            .zip(0_u16..)
            .map(|(id, step)| (id, f32::from(step)))
            .collect()
    });

    let mut seen: HashMap<&str, usize> = HashMap::new();
    for block in &visible.blocks {
        *seen.entry(&visible.text[block.range.clone()]).or_default() += 1;
    }

    let count = visible.blocks.len();
    let mut looks = Vec::with_capacity(count);
    for (index, block) in visible.blocks.iter().enumerate() {
        let mine = &owns[index];
        let mut values = mine.values.clone();
        let text = &visible.text[block.range.clone()];

        // The elements around it.
        let mut distances = [FAR; ELEMENTS.len()];
        let mut hint_distances = [FAR; HINTS];
        let (mut all_hints, mut is_hidden, mut body_property) = (0, false, FAR);
        let (mut in_roots, mut depth) = ([FAR; 4], 0.0);
        let (mut to_title, mut from_title_up, mut with_title) = (FAR, FAR, total);
        let mut kind = String::new();
        let mut around = Vec::new();
        let mut held = 0.0;
        let mut level = 0.0;
        let inner = block.pieces.first().map_or(block.parent, Piece::node);
        let mut is_inner = true;
        for id in dom.ancestors(inner) {
            if !matches!(dom.what(id), What::Element(..)) {
                continue;
            }
            is_inner &= id != block.parent;
            let name = dom.name(id);
            if name == "body" || name == "html" {
                break;
            }
            if let Some(at) = ELEMENTS.iter().position(|element| *element == name)
                && distances[at] > depth
            {
                distances[at] = depth;
            }
            if let [b'h', digit @ b'1'..=b'6'] = name.as_bytes()
                && level == 0.0
            {
                level = f32::from(digit - b'0');
            }
            let found = *element_hints.entry(id).or_insert_with(|| hints::of(dom, id));
            all_hints |= found;
            for (hint, distance) in hint_distances.iter_mut().enumerate() {
                if found & (1 << hint) != 0 && *distance > depth {
                    *distance = depth;
                }
            }
            is_hidden |= hides(dom, id);
            if dom.attribute(id, "itemprop") == Some("articleBody") {
                body_property = body_property.min(depth);
            }
            for (root, distance) in roots.iter().zip(&mut in_roots) {
                if *root == Some(id) && *distance == FAR {
                    *distance = depth;
                }
            }
            if to_title == FAR
                && let Some(step) = title_parents.get(&id)
            {
                (to_title, from_title_up, with_title) = (depth, *step, masses[id]);
            }
            if depth < 4.0 {
                kind.push_str(name);
                kind.push('.');
                kind.push_str(dom.attribute(id, "class").unwrap_or_default());
                kind.push('/');
            }
            if !is_inner && masses[id].blocks > held && around.len() < AROUND && masses[id].blocks > 1.0 {
                around.push(id);
                held = masses[id].blocks;
            }
            depth += 1.0;
        }
        values.extend(distances);
        values.extend(hint_distances);
        values.extend([f32::from(is_hidden), body_property, depth, level]);
        values.extend(in_roots);
        values.extend([
            to_title,
            from_title_up,
            with_title.prose / total.prose.max(1.0),
            mine.letters / with_title.letters.max(1.0),
        ]);

        // How much these hold.
        for step in 0..AROUND {
            let mass = around.get(step).map_or(total, |id| masses[*id]);
            values.extend([
                mass.letters.ln_1p(),
                mass.linked / mass.letters.max(1.0),
                mass.blocks.ln_1p(),
                mass.prose / mass.letters.max(1.0),
                mass.prose / total.prose.max(1.0),
                mine.letters / mass.letters.max(1.0),
            ]);
        }
        values.extend([total.letters.ln_1p(), total.prose / total.letters.max(1.0), (count as f32).ln_1p()]);

        // Its place.
        let place = index as f32 / count.max(1) as f32;
        let from_title = title_at.map_or(-FAR * 10.0, |title| index as f32 - title as f32);
        let again = seen.get(text).copied().unwrap_or(1);
        values.extend([place, index as f32, (count - index) as f32, from_title, again as f32]);
        let block_words = tells::words(text);
        let likeness = title_words.iter().map(|title| overlap(&block_words, title)).fold(0.0, f32::max);
        values.push(likeness);

        let next = kinds.len();
        let kind = *kinds.entry(kind).or_insert(next);
        if kind == kind_prose.len() {
            kind_prose.push(0.0);
        }
        kind_prose[kind] += if mine.is_prose { mine.letters } else { 0.0 };
        looks.push(Look { values, is_prose: mine.is_prose, around, kind, hints: all_hints, is_hidden });
    }

    // Its neighbours, and what others of its kind are.
    let mut since = vec![FAR * 10.0; count];
    let mut until = vec![FAR * 10.0; count];
    let (mut before, mut after) = (FAR * 10.0, FAR * 10.0);
    for index in 0..count {
        since[index] = before;
        before = if owns[index].is_prose { 0.0 } else { before + 1.0 };
        let back = count - 1 - index;
        until[back] = after;
        after = if owns[back].is_prose { 0.0 } else { after + 1.0 };
    }
    for index in 0..count {
        let mut values =
            vec![kind_prose[looks[index].kind] / total.prose.max(1.0), since[index], until[index]];
        for step in [-2_isize, -1, 1, 2] {
            let other = index.checked_add_signed(step).filter(|other| *other < count);
            match other {
                Some(other) => values.extend([
                    owns[other].letters.ln_1p(),
                    owns[other].links,
                    f32::from(owns[other].is_prose),
                    f32::from(looks[other].kind == looks[index].kind),
                    f32::from(looks[other].around.first() == looks[index].around.first()),
                ]),
                None => values.extend([-1.0; 5]),
            }
        }
        looks[index].values.extend(values);
    }
    looks
}

/// Whether an element hides what is in it.
fn hides(dom: &Dom, id: Id) -> bool {
    let style = dom.attribute(id, "style").unwrap_or_default();
    let compact = || style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    dom.attribute(id, "hidden").is_some()
        || dom.attribute(id, "aria-hidden") == Some("true")
        || (!style.is_empty() && {
            let style = compact();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

/// A block's words and marks in numbers.
fn own(dom: &Dom, text: &str, block: &super::visible::Block) -> Own {
    let letters = text.chars().filter(|c| !c.is_whitespace()).count() as f32;
    let (mut linked, mut bold, mut small) = (0.0, 0.0, 0.0);
    let (mut images, mut breaks) = (0.0, 0.0);
    for piece in &block.pieces {
        match piece {
            Piece::Text(id, range) => {
                let length = (range.len() as f32).max(0.0);
                for ancestor in
                    dom.ancestors(*id).skip(1).take_while(|ancestor| *ancestor != block.parent).take(8)
                {
                    match dom.name(ancestor) {
                        "a" => linked += length,
                        "b" | "strong" => bold += length,
                        "small" | "em" | "i" => small += length,
                        _ => {}
                    }
                }
            }
            Piece::Break(_) => breaks += 1.0,
            Piece::Image(_) => images += 1.0,
            Piece::Formula(..) | Piece::Display(..) => {}
        }
    }
    let bytes = (text.len() as f32).max(1.0);
    let in_link = dom.ancestors(block.parent).take(6).any(|id| dom.name(id) == "a");
    let links = if in_link { 1.0 } else { (linked / bytes).min(1.0) };
    let words = tells::words(text);
    let line = tells::of(text, &words);
    let count = words.len();
    let ends = text.trim_end_matches(['"', '”', '’', ')', ']', '»', ' ']);
    let ends = match ends.chars().next_back() {
        Some('.' | '。' | '!' | '?' | '！' | '？' | '…') => 1.0,
        Some(':') => 2.0,
        Some(',' | ';') => 3.0,
        _ => 0.0,
    };
    let sentences = text.matches(['.', '!', '?', '。']).count() as f32;
    let is_wide = |c: char| ('\u{3040}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7a3}').contains(&c);
    let wide = text.chars().filter(|c| is_wide(*c)).count();
    let is_prose =
        links < 0.5 && ((count >= 12 && ((ends - 1.0_f32).abs() < 0.5 || count >= 25)) || wide >= 30);
    let share = |of: usize| of as f32 / (text.chars().count() as f32).max(1.0);
    let capitals = text.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count() as f32
        / (text.split_whitespace().count() as f32).max(1.0);
    let mut values = vec![
        letters.ln_1p(),
        (count as f32).ln_1p(),
        links,
        (bold / bytes).min(1.0),
        (small / bytes).min(1.0),
        images,
        breaks,
        ends,
        sentences.min(30.0),
        text.matches([',', '，', '、']).count().min(30) as f32,
        share(text.chars().filter(char::is_ascii_digit).count()),
        share(text.chars().filter(|c| c.is_uppercase()).count()),
        capitals,
        f32::from(text.starts_with(char::is_lowercase)),
        f32::from(text.contains('|'))
            + f32::from(text.contains('•'))
            + f32::from(text.contains('→') || text.contains('»')),
        f32::from(text.contains('©')),
        f32::from(text.contains('@')),
        f32::from(text.contains("http") || text.contains("www.")),
        f32::from(text.starts_with(['"', '“', '«', '„'])),
        f32::from(is_prose),
    ];
    values.extend([line.small, line.dated, line.byline, line.named, line.cue_share]);
    values.extend(line.cues);
    Own { letters, links, is_prose, values }
}

/// The block that shows the title: the last of those up to `before` that say it, else the first.
pub(super) fn title_at(visible: &Visible, titles: &[String], before: usize) -> Option<usize> {
    let titles: Vec<Vec<String>> = titles.iter().map(|title| tells::words(title)).collect();
    let says = |index: &usize| {
        let range = &visible.blocks[*index].range;
        range.len() < 300 && {
            let words = tells::words(&visible.text[range.clone()]);
            titles.iter().any(|title| overlap(&words, title) >= 0.8)
        }
    };
    let up_to = (before + 1).min(visible.blocks.len());
    (0..up_to).rev().find(says).or_else(|| (0..visible.blocks.len()).find(says))
}

/// How alike two lists of words are: 0 to 1.
pub(super) fn overlap(one: &[String], other: &[String]) -> f32 {
    if one.is_empty() || other.is_empty() || one.len() > 60 || other.len() > 60 {
        return 0.0;
    }
    let common = one.iter().filter(|word| other.contains(word)).count() as f32;
    2.0 * common / (one.len() + other.len()) as f32
}

/// The element whose paragraphs hold most of the page's prose; a paragraph's weight lessens by `keep` with each step
/// outwards, up to `reach` steps.
fn best_container(dom: &Dom, visible: &Visible, owns: &[Own], keep: f32, reach: usize) -> Option<Id> {
    let mut weights: HashMap<Id, f32> = HashMap::new();
    for (block, own) in visible.blocks.iter().zip(owns) {
        if !own.is_prose {
            continue;
        }
        let mut weight = own.letters * (1.0 - own.links);
        for id in dom.ancestors(block.parent).skip(1).take(reach) {
            *weights.entry(id).or_default() += weight;
            weight *= keep;
        }
    }
    let order = |(a_id, a): &(Id, f32), (b_id, b): &(Id, f32)| a.total_cmp(b).then(b_id.cmp(a_id));
    weights.into_iter().max_by(order).map(|(id, _)| id)
}

/// The block that shows the title: a heading that does, else the first block.
fn heading_at(dom: &Dom, visible: &Visible, titles: &[Vec<String>]) -> Option<usize> {
    let says = |index: &usize| {
        let range = &visible.blocks[*index].range;
        range.len() < 300 && {
            let words = tells::words(&visible.text[range.clone()]);
            titles.iter().any(|title| overlap(&words, title) >= 0.75)
        }
    };
    let is_heading = |index: &usize| {
        dom.ancestors(visible.blocks[*index].parent).take(3).any(|id| matches!(dom.name(id), "h1" | "h2"))
    };
    let all: Vec<usize> = (0..visible.blocks.len()).filter(says).collect();
    all.iter().copied().find(is_heading).or_else(|| all.first().copied())
}
