//! What each line is: the title, a fact that moves to the front matter, a heading, the article's words, or furniture.
//!
//! In: the lines. Out: a [`Role`] for each, and the facts read on the way.

use std::collections::HashSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::cues::{self, CUES, Cue};
use super::features::{self, Look};
use super::lines::{Line, Marker, Vocabulary};
use super::models::{Model, Models};
use super::structure::{code_lines, is_title_case};
use super::{Facts, Rule, contents, facts, names, sequence, title};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading of the article.
    Heading,
    /// The article's words: a paragraph, an item, a row.
    Text,
    /// Not in the body.
    Removed(Rule),
}

/// A line stays in the article unless the log-odds that it belongs there are below this: losing an author's
/// sentence is worse than keeping a share bar. Measured on labelled pages that the models hadn't seen: at 0 they
/// lose 9 of 100 lines of the article and keep 12 of 100 of furniture, at -2 2 and 27.
const KEEP: f64 = -2.0;
/// The same for a line that reads as prose: most of the furniture's words are in such lines.
const KEEP_PROSE: f64 = -1.4;
/// On the text of a whole page, with its menus and footers, these limits lie so much higher, for much more of it is
/// furniture. Measured likewise: of 1000 lines of whole pages' articles it loses 5 more, of furniture it keeps 11 less.
const WHOLE_PAGE: f64 = 0.5;
/// A page is a whole one where more than this share of its lines are likelier furniture than the article. Measured: half
/// of the whole pages are above it, and few scraped texts.
const MOSTLY_FURNITURE: f32 = 0.75;
/// The same for a line that the article announces, such as an address after "You find me here:": what an author points to
/// often looks like furniture. Guessed; on labelled pages it hardly ever applies.
const KEEP_ANNOUNCED: f64 = -3.5;
/// The same for code, whose lines look like nothing else.
const KEEP_CODE: f64 = -4.0;
/// A line is a heading from these log-odds on. Measured on labelled pages.
const HEADING: f64 = -0.1;

/// What was seen of the lines of a text.
pub(super) struct Sight {
    /// What the lines look like, with the title known.
    pub looks: Vec<Look>,
    /// Which lines are a program's.
    pub code: Vec<bool>,
    /// The title.
    pub title: Option<usize>,
    /// For each line what is thought of it and of the others, in numbers.
    pub context: Vec<Vec<f32>>,
}

/// Looks at all lines, finds the title, and judges each line by itself.
pub(super) fn see(text: &str, lines: &[Line], models: &Models) -> Sight {
    let code = code_lines(text, lines);
    let mut looks = features::look(text, lines, &code, models);
    // The title comes first: what stands above it is hardly ever the article.
    let title = title::find(lines, &looks, &code, models);
    features::know_title(&mut looks, title);
    let alone: Vec<f64> = looks.iter().map(|look| models.odds(Model::Line, &look.values)).collect();
    let context = sequence::context(lines, &looks, &alone);
    Sight { looks, code, title, context }
}

/// For each line the log-odds that it is the article's: what it says by itself, corrected by its context.
pub(super) fn judge(context: &[Vec<f32>], models: &Models) -> Vec<f64> {
    let odds = |values: &Vec<f32>| f64::from(values[0]) + models.odds(Model::Article, values);
    context.iter().map(odds).collect()
}

/// Gives each line its role; lines that hold two things are split first.
pub(super) fn assign(
    text: &str,
    lines: Vec<Line>,
    vocabulary: &Vocabulary,
    models: &Models,
) -> (Vec<Line>, Vec<Role>, Facts) {
    let lines = split_credits(text, lines, vocabulary);
    let Sight { looks, code, title, context } = see(text, &lines, models);
    let odds = judge(&context, models);
    let outline = sequence::outline(&lines, &looks, &odds);
    let repeats = repeats(&looks, title);
    let contents = contents::of(&lines, &looks);
    let announced = announced(&lines, &looks, &odds);
    let furniture = odds.iter().filter(|odds| **odds < 0.0).count();
    let is_whole_page = features::share(furniture, odds.len()) > MOSTLY_FURNITURE;
    let raised = if is_whole_page { WHOLE_PAGE } else { 0.0 };
    let comments = features::comments_start(&lines, &looks);
    let mut roles: Vec<Role> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let look = &looks[index];
        let limit = match (look.is_prose, announced[index]) {
            (true, _) => KEEP_PROSE + raised,
            (false, true) => KEEP_ANNOUNCED,
            (false, false) => KEEP + raised,
        };
        let role = if code[index] && odds[index] > KEEP_CODE {
            Role::Text
        } else if Some(index) == title || repeats[index] {
            Role::Removed(Rule::Title)
        } else if let Some(rule) = plain_furniture(line, look) {
            Role::Removed(rule)
        } else if contents[index] {
            Role::Removed(Rule::Contents)
        } else if odds[index] < limit {
            let is_comment = comments.is_some_and(|comments| index >= comments);
            Role::Removed(if is_comment { Rule::Comments } else { guess_rule(line, look) })
        } else if !outline[index].is_empty()
            && !announces_items(&lines, index)
            && models.odds(Model::Heading, &outline[index]) > HEADING
            && !is_several_sentences(&line.text)
        {
            Role::Heading
        } else {
            Role::Text
        };
        roles.push(role);
    }
    leave_something(&looks, &odds, &mut roles);
    head_repeated_questions(&lines, &code, &mut roles);
    remove_slogan(&lines, &code, &odds, &mut roles);
    let facts = facts::read(&lines, &looks, &odds, title, &mut roles, models);
    (lines, roles, facts)
}

/// For each line, whether one of the article a few lines above announces it: one that ends with a colon, with no prose
/// between the two.
fn announced(lines: &[Line], looks: &[Look], odds: &[f64]) -> Vec<bool> {
    let mut announced = vec![false; lines.len()];
    let mut left = 0_usize;
    for index in 0..lines.len() {
        let announces = lines[index].text.ends_with(':')
            && looks[index].words.len() >= ANNOUNCING_WORDS
            && odds[index] >= ANNOUNCING;
        announced[index] = left > 0 && !looks[index].is_prose;
        left = match (announces, announced[index]) {
            (true, _) => MOST_ANNOUNCED,
            (false, true) => left - 1,
            (false, false) => 0,
        };
    }
    announced
}

/// From these log-odds on a line is surely enough the article's to announce others. Guessed, as are the next two.
const ANNOUNCING: f64 = 1.0;
/// The fewest words of a line that announces others; fewer are a label ("Follow us:").
const ANNOUNCING_WORDS: usize = 5;
/// The most lines that a line announces.
const MOST_ANNOUNCED: usize = 5;

/// Keeps the likeliest lines where nothing would be left: a note of a sentence or two looks like furniture, but
/// a seed is there to be read.
fn leave_something(looks: &[Look], odds: &[f64], roles: &mut [Role]) {
    if roles.iter().any(|role| matches!(role, Role::Text | Role::Heading)) {
        return;
    }
    let says_something = |index: &usize| {
        let is_known = matches!(
            roles[*index],
            Role::Removed(
                Rule::Title | Rule::Empty | Rule::ShareBar | Rule::CommentPrompt | Rule::PhotoCredit
            )
        );
        !is_known && looks[*index].words.len() >= FEWEST_WORDS
    };
    let said: Vec<usize> = (0..roles.len()).filter(says_something).collect();
    let likeliest = said.iter().map(|&index| odds[index]).fold(f64::NEG_INFINITY, f64::max);
    for index in said {
        if odds[index] >= likeliest - AS_LIKELY {
            roles[index] = Role::Text;
        }
    }
}

/// The fewest words of a line that is kept for want of a better one.
const FEWEST_WORDS: usize = 4;
/// How much less likely than the likeliest, in log-odds, a line kept for want of a better one may be. Guessed.
const AS_LIKELY: f64 = 2.0;

/// Whether a line holds more than one sentence: then it is a paragraph, however short.
fn is_several_sentences(text: &str) -> bool {
    let sentences =
        text.unicode_sentences().filter(|sentence| sentence.unicode_words().count() >= SENTENCE_WORDS);
    sentences.count() > 1
}

/// The fewest words that make a sentence; fewer are an abbreviation or a number ("No. 5", "Mr. Smith").
const SENTENCE_WORDS: usize = 3;

/// For each line, whether it says the title again, above the article or right after it.
fn repeats(looks: &[Look], title: Option<usize>) -> Vec<bool> {
    let words = title.map_or(&[][..], |title| &looks[title].words);
    let says = |look: &Look| words.len() >= 3 && look.words == words;
    looks.iter().enumerate().map(|(index, look)| Some(index) != title && says(look)).collect()
}

/// Furniture that shows what it is by its words alone.
fn plain_furniture(line: &Line, look: &Look) -> Option<Rule> {
    if !line.text.contains(char::is_alphanumeric) {
        return Some(Rule::Empty);
    }
    if is_credit(&line.text) {
        return Some(Rule::PhotoCredit);
    }
    if is_share_bar(&look.words) {
        return Some(Rule::ShareBar);
    }
    let bare = look.cues.share() >= 1.0 && look.words.len() > 1 && line.marker.is_none();
    (bare && look.cues.has(Cue::Comment)).then_some(Rule::CommentPrompt)
}

/// The most likely reason why a line isn't the article's, for the curator to read.
fn guess_rule(line: &Line, look: &Look) -> Rule {
    const BY_CUE: [(Cue, Rule); CUES] = [
        (Cue::Cookie, Rule::CookieNotice),
        (Cue::Newsletter, Rule::Newsletter),
        (Cue::Comment, Rule::CommentPrompt),
        (Cue::Related, Rule::RelatedLinks),
        (Cue::Legal, Rule::Legal),
        (Cue::Share, Rule::ShareBar),
        (Cue::Network, Rule::ShareBar),
        (Cue::Advert, Rule::Advert),
        (Cue::Picture, Rule::Caption),
        (Cue::Counter, Rule::Counter),
        (Cue::Filed, Rule::Filed),
        (Cue::Account, Rule::Account),
        (Cue::Contact, Rule::Contact),
        (Cue::Author, Rule::Bio),
        (Cue::More, Rule::RelatedLinks),
        (Cue::Navigation, Rule::Navigation),
        (Cue::Dated, Rule::Date),
    ];
    if names::byline(&line.text).is_some() {
        return Rule::Byline;
    }
    if facts::is_date_line(&line.text) {
        return Rule::Date;
    }
    let found = BY_CUE.iter().find(|(cue, _)| look.cues.has(*cue));
    match found {
        Some((_, rule)) if look.words.len() <= 25 => *rule,
        _ if look.words.len() <= 4 || line.marker.is_some() => Rule::Navigation,
        _ => Rule::Aside,
    }
}

/// Whether a line can't be a heading since it is an item, or leads to the items after it.
fn announces_items(lines: &[Line], index: usize) -> bool {
    let line = &lines[index];
    let value = |index: usize| match lines.get(index).map(|line| &line.marker) {
        Some(Some(Marker::Number { value, .. })) => Some(*value),
        Some(Some(Marker::Bullet) | None) | None => None,
    };
    let next_is_item = lines.get(index + 1).is_some_and(|next| next.marker.is_some());
    let own = value(index);
    let in_series = own.is_some_and(|own| {
        value(index + 1) == Some(own + 1)
            || index.checked_sub(1).is_some_and(|before| value(before) == own.checked_sub(1))
    });
    let many_words = line.text.split(' ').count() > LONGEST_LABEL;
    let introduces =
        next_is_item && many_words && line.text.ends_with([':', '?']) && !is_title_case(&line.text);
    line.marker == Some(Marker::Bullet) || in_series || introduces
}

/// A longer line that ends with a colon and is followed by items introduces them; a shorter one may head them.
const LONGEST_LABEL: usize = 5;

/// Makes headings of questions on lines of their own that repeat an earlier line: labels of charts and answers.
fn head_repeated_questions(lines: &[Line], code: &[bool], roles: &mut [Role]) {
    let mut seen: HashSet<&str> = HashSet::new();
    for (index, line) in lines.iter().enumerate() {
        let again = !seen.insert(&line.text);
        let alone = line.gap > 0 && lines.get(index + 1).is_some_and(|next| next.gap > 0);
        if again
            && alone
            && line.text.ends_with('?')
            && line.marker.is_none()
            && roles[index] == Role::Text
            && !code[index]
        {
            roles[index] = Role::Heading;
        }
    }
}

/// Names a scrap at the very end of a text that ends in sentences a slogan, and removes it.
fn remove_slogan(lines: &[Line], code: &[bool], odds: &[f64], roles: &mut [Role]) {
    let Some(last) = roles.iter().rposition(|role| *role != Role::Removed(Rule::Empty)) else { return };
    let mut kept = (0..last).filter(|index| matches!(roles[*index], Role::Text | Role::Heading));
    let after_sentence =
        kept.next_back().is_some_and(|before| lines[before].text.ends_with(['.', '!', '?', '"', '”', ')']));
    let enough = kept.count() >= 3;
    let open = match roles[last] {
        Role::Removed(rule) => matches!(rule, Rule::Navigation | Rule::Aside),
        Role::Text | Role::Heading => odds[last] < 0.0,
    };
    let scrap =
        lines[last].marker.is_none() && lines[last].gap > 0 && !code[last] && is_slogan(&lines[last].text);
    if scrap && open && after_sentence && enough {
        roles[last] = Role::Removed(Rule::Slogan);
    }
}

/// Splits a picture's credit off the line it is glued to: "Take Baby Steps (Credit: Yolanda)".
pub(super) fn split_credits(text: &str, lines: Vec<Line>, vocabulary: &Vocabulary) -> Vec<Line> {
    let mut split = Vec::with_capacity(lines.len());
    for line in lines {
        let words: Range<usize> = line.words(text);
        let raw = &text[words.clone()];
        let at = raw.rfind(['(', '[']).filter(|at| is_credit(&raw[*at..]));
        match at.and_then(|at| line.split(text, words.start + at, vocabulary)) {
            Some((first, second)) => split.extend([first, second]),
            None => split.push(line),
        }
    }
    split
}

/// Whether a text is nothing but a picture's credit in brackets.
pub(super) fn is_credit(text: &str) -> bool {
    let Some(inner) = text.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']'])) else {
        return false;
    };
    let lower = inner.to_lowercase();
    let starts = [
        "credit:",
        "photo:",
        "photo by",
        "photo credit",
        "image:",
        "image by",
        "image credit",
        "picture:",
        "foto:",
        "image courtesy",
        "photo courtesy",
        "image source",
        "bild:",
    ];
    inner.split_whitespace().count() <= 12 && starts.iter().any(|start| lower.starts_with(start))
}

/// Words that fill the gaps between the names on share buttons.
const SHARE_FILL: [&str; 16] = [
    "on", "about", "this", "via", "to", "with", "the", "a", "it", "by", "and", "in", "for", "article",
    "page", "us",
];

/// Whether a line is nothing but buttons and counters for sharing: "Share on `LinkedIn3Tweet` about this on Twitter15".
///
/// `words` are the line's, in lower case.
pub(super) fn is_share_bar(words: &[String]) -> bool {
    if words.len() < 2 || words.len() > 60 {
        return false;
    }
    let (mut networks, mut shares) = (0, 0);
    for word in words {
        let (is_network, is_share) = (cues::is(word, Cue::Network), cues::is(word, Cue::Share));
        networks += usize::from(is_network);
        shares += usize::from(is_share);
        let is_fill = is_network
            || is_share
            || SHARE_FILL.contains(&word.as_str())
            || word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_fill {
            return false;
        }
    }
    networks + shares >= 2 && networks >= 1
}

/// The longest slogan in words.
const LONGEST_SLOGAN: usize = 5;

/// Whether the last line of a text is a scrap rather than a sentence.
fn is_slogan(text: &str) -> bool {
    let count = text.split(' ').count();
    count <= LONGEST_SLOGAN && !text.ends_with(['.', '!', '?', '…', '"', '”', ')', ':'])
}
