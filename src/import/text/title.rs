//! Which line is the title.
//!
//! In: the lines and their looks. Out: for each line that may be the title the numbers by which the lines compete.

use rustc_hash::FxHashMap;

use super::features::{Look, count, flag, share};
use super::lines::Line;
use super::models::{Model, Models};
use super::roles::{is_credit, is_share_bar};
use super::structure::is_title_case;
use super::{cues, facts, words};

/// In a text of more lines than this, a line of nothing but set phrases ("Skip to content") is no title.
const FEW_LINES: usize = 8;
/// From so many words on, a line that ends in a full stop is a sentence of the text.
const SENTENCE_TITLE: usize = 6;
/// The longest title in words.
const LONGEST_TITLE: usize = 40;

/// The line that is most likely the title, the first of several that are as likely.
pub(super) fn find(lines: &[Line], looks: &[Look], code: &[bool], models: &Models) -> Option<usize> {
    let candidates = candidates(lines, looks, code);
    let odds: Vec<(usize, f64)> =
        candidates.into_iter().map(|(index, values)| (index, models.odds(Model::Title, &values))).collect();
    let likeliest =
        odds.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(index, _)| *index)?;
    // "Home » Blog » A title" and "A title | The site": where a line says only the part, that line is the title.
    let parts = parts(&lines[likeliest].text);
    let is_part = |index: &usize| parts.contains(&looks[*index].words);
    let part = odds.iter().map(|(index, _)| *index).filter(is_part).max_by(|a, b| {
        let long = |index: usize| looks[index].words.len();
        long(*a).cmp(&long(*b)).then(b.cmp(a))
    });
    Some(part.unwrap_or(likeliest))
}

/// The parts, in words, of a line in which a site's name or a path stands beside the title; those of some length.
fn parts(text: &str) -> Vec<Vec<String>> {
    let mut parts = vec![text];
    for bar in BARS {
        parts = parts.into_iter().flat_map(|part| part.split(bar)).collect();
    }
    if parts.len() < 2 {
        return Vec::new();
    }
    parts.into_iter().map(cues::words).filter(|words| words.len() >= SHORTEST_PART).collect()
}

/// What stands between a title and a site's name.
const BARS: [&str; 7] = [" | ", " - ", " – ", " — ", " » ", " :: ", " · "];
/// A part of fewer words is a site's name or a section's as likely as a title.
const SHORTEST_PART: usize = 4;

/// The lines that may be the title, with their numbers.
pub(super) fn candidates(lines: &[Line], looks: &[Look], code: &[bool]) -> Vec<(usize, Vec<f32>)> {
    let page = Page::of(looks);
    let fits = |index: &usize| fits(lines, looks, code, *index);
    (0..lines.len()).filter(fits).map(|index| (index, page.values(lines, looks, index))).collect()
}

fn fits(lines: &[Line], looks: &[Look], code: &[bool], index: usize) -> bool {
    let line = &lines[index];
    let is_phrase = looks[index].cues.share() >= 1.0 && lines.len() > FEW_LINES;
    // A title may end in a full stop, but then it stands first.
    let is_sentence = index > 0 && line.text.ends_with('.') && looks[index].words.len() >= SENTENCE_TITLE;
    !code[index]
        && !is_phrase
        && !is_sentence
        && looks[index].words.len() <= LONGEST_TITLE
        && line.text.contains(char::is_alphabetic)
        && !is_credit(&line.text)
        && !is_share_bar(&looks[index].words)
        && !(looks[index].is_dated && facts::is_date_line(&line.text))
        && !looks[index].is_byline()
}

/// What all candidates of a page are measured against.
struct Page<'a> {
    /// The first prose.
    first: usize,
    /// The first of the longest stretch of prose.
    main: usize,
    /// How often lines have exactly these words.
    same: FxHashMap<&'a [String], usize>,
    /// The first lines that have exactly these words.
    earliest: FxHashMap<&'a [String], usize>,
    /// How often the prose uses a word.
    vocabulary: FxHashMap<&'a str, usize>,
    /// Words of the first prose.
    opening: Vec<&'a str>,
}

/// Prose lines from the first on whose words a title likely shares.
const OPENING: usize = 3;
/// Lines below a title in which a byline or a date is looked for.
const BELOW: usize = 8;
/// Distances beyond this many lines say nothing more.
const FAR: f32 = 80.0;

impl<'a> Page<'a> {
    fn of(looks: &'a [Look]) -> Page<'a> {
        let prose = || looks.iter().enumerate().filter(|(_, look)| look.is_prose);
        let first = prose().next().map_or(0, |(index, _)| index);
        // The article starts where most prose follows within a dozen lines.
        let dense = |index: usize| {
            let near = looks[index..(index + 12).min(looks.len())].iter().filter(|look| look.is_prose);
            near.map(|look| look.words.len()).sum::<usize>()
        };
        let main = prose().map(|(index, _)| index).max_by_key(|index| (dense(*index), looks.len() - index));
        let mut same: FxHashMap<&[String], usize> = FxHashMap::default();
        let mut earliest: FxHashMap<&[String], usize> = FxHashMap::default();
        for (index, look) in looks.iter().enumerate() {
            *same.entry(&look.words).or_default() += 1;
            earliest.entry(&look.words).or_insert(index);
        }
        let mut vocabulary: FxHashMap<&str, usize> = FxHashMap::default();
        for word in prose().flat_map(|(_, look)| &look.words) {
            *vocabulary.entry(word.as_str()).or_default() += 1;
        }
        let opening = prose().filter(|(index, _)| *index >= main.unwrap_or(0)).take(OPENING);
        let opening = opening.flat_map(|(_, look)| look.words.iter().map(String::as_str)).collect();
        Page { first, main: main.unwrap_or(first), same, earliest, vocabulary, opening }
    }

    fn values(&self, lines: &[Line], looks: &[Look], index: usize) -> Vec<f32> {
        let look = &looks[index];
        let content: Vec<&str> = look
            .words
            .iter()
            .map(String::as_str)
            .filter(|word| !words::is_small(word) && word.chars().count() > 2)
            .collect();
        let used = |word: &&&str| self.vocabulary.get(**word).is_some_and(|count| *count > 0);
        let uses: usize =
            content.iter().map(|word| self.vocabulary.get(word).copied().unwrap_or(0).min(10)).sum();
        let opens = content.iter().filter(|word| self.opening.contains(word)).count();
        let below = index + 1..(index + 1 + BELOW).min(lines.len());
        let until = |is_so: &dyn Fn(usize) -> bool| {
            below
                .clone()
                .find(|other| is_so(*other))
                .map_or(BELOW as f32 + 1.0, |other| (other - index) as f32)
        };
        let from = |other: usize| (index as f32 - other as f32).clamp(-FAR, FAR);
        // The site's name after a bar or a dash: "Title | Site".
        let stem = |text: &str| {
            BARS.iter().filter_map(|bar| text.rfind(bar)).max().map(|at| cues::words(&text[..at]))
        };
        // Whether one of the first lines is this one with the site's name, as a browser's tab has it.
        let in_tab = |first: &Look| {
            first.words.len() > look.words.len()
                && look.words.len() >= 2
                && first.words.starts_with(&look.words)
        };
        let tab = looks.iter().take(TABS).any(in_tab);
        let extended = looks.iter().take(NEAR_START).filter(|other| in_tab(other)).count();
        let own_stem = stem(&lines[index].text);
        let stem_again = own_stem.as_ref().is_some_and(|stem| self.same.contains_key(stem.as_slice()));
        let longest = looks.iter().take(index).rev().take(6).map(|look| look.words.len()).max().unwrap_or(0);
        let mut values = look.values.clone();
        values.extend([
            from(self.first),
            from(self.main),
            count(self.same.get(look.words.as_slice()).copied().unwrap_or(1)),
            flag(self.earliest.get(look.words.as_slice()) == Some(&index)),
            share(content.iter().filter(used).count(), content.len()),
            share(uses, content.len()),
            share(opens, content.len()),
            count(opens),
            until(&|other| looks[other].is_byline()),
            until(&|other| looks[other].is_dated),
            until(&|other| looks[other].is_prose),
            flag(tab),
            count(extended),
            flag(own_stem.is_some()),
            flag(stem_again),
            flag(is_title_case(&lines[index].text)),
            count(content.len()),
            count(longest),
            flag(index == 0),
        ]);
        values
    }
}

/// The first lines of a page, among which is what a browser's tab shows.
const TABS: usize = 3;
/// The lines among which longer forms of a title are counted.
const NEAR_START: usize = 150;
