//! Figures: the sentences of an article whose numbers are worth quoting.
//!
//! In: the articles. Out: for each a few [`Figure`]s: a share, an amount, a ratio or a count of something. Dates, times,
//! list numbers, versions, telephone numbers and addresses are numbers, too, and tell nobody anything.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::articles::{Article, ArticleId};
use crate::date::MONTHS;
use crate::memo::Shelf;
use crate::rights::Rights;
use crate::sentences::sentences_of;

/// A sentence with a number worth quoting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The passage, by index.
    pub passage: usize,
    /// The sentence, as a byte range of the passage's text.
    pub sentence: Range<usize>,
    /// The numbers with their units, as byte ranges of the passage's text, in order.
    pub numbers: Vec<Range<usize>>,
    /// How much they tell: shares and amounts before ratios, ratios before counts.
    pub strength: usize,
}

/// How many sentences of an article are quoted, at most: its strongest, in reading order.
const MOST: usize = 4;

/// Words a quotable sentence has.
const WORDS: std::ops::RangeInclusive<usize> = 6..=50;

/// A count below this is as good as a word: "three reasons".
const COUNT_FROM: f64 = 20.0;

/// The kinds of number, strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// `592 leaders`
    Count,
    /// `one in five`, `twice as many`
    Ratio,
    /// `63 %`, `$5m`
    Share,
}

/// The figures of every article whose text is published.
pub(super) fn figures(articles: &[Article], shelf: &Shelf) -> BTreeMap<ArticleId, Vec<Figure>> {
    let of_article =
        |article: &Article| if article.rights == Rights::Full { of_article(article) } else { Vec::new() };
    let figures = shelf.of_each("figures", articles, Article::key, of_article);
    let ids = articles.iter().map(|article| article.id.clone());
    ids.zip(figures).filter(|(_, figures)| !figures.is_empty()).collect()
}

fn of_article(article: &Article) -> Vec<Figure> {
    let _held = article.text.read();
    let mut figures = Vec::new();
    for (passage, one) in article.body.passages.iter().enumerate() {
        if one.is_heading {
            continue;
        }
        for (start, sentence) in sentences_of(&one.text.read()) {
            let numbers = numbers(sentence);
            let trimmed = sentence.trim_end();
            if numbers.is_empty() || !is_whole(trimmed) {
                continue;
            }
            let strength = numbers.iter().map(|(_, kind)| 1 << (*kind as usize)).sum();
            let numbers =
                numbers.into_iter().map(|(range, _)| range.start + start..range.end + start).collect();
            figures.push(Figure { passage, sentence: start..start + trimmed.len(), numbers, strength });
        }
    }
    // Stable: of two that tell as much, the earlier stays.
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.strength));
    figures.truncate(MOST);
    figures.sort_by_key(|figure| (figure.passage, figure.sentence.start));
    figures
}

/// Whether a sentence can stand alone: it is of fair length, ends as a statement does, and opens nothing it does not
/// close.
fn is_whole(sentence: &str) -> bool {
    let ends = sentence.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '…'])
        || (sentence.ends_with(')') && sentence.contains(". "))
        || sentence.ends_with("?)");
    let count = |quote: char| sentence.matches(quote).count();
    let is_torn = count('“') != count('”') || count('(') != count(')') || count('"') % 2 == 1;
    WORDS.contains(&sentence.split_whitespace().count()) && ends && !is_torn
}

/// A word of a sentence, what clings to it taken off.
struct Word<'a> {
    /// Without the punctuation around it.
    bare: &'a str,
    folded: Cow<'a, str>,
    range: Range<usize>,
    /// Whether a comma, a bracket or a full stop ends it.
    ends: bool,
}

fn words(sentence: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for chunk in sentence.split_inclusive(char::is_whitespace) {
        let start = at;
        at += chunk.len();
        let chunk = chunk.trim_end();
        let kept =
            |c: char| c.is_alphanumeric() || matches!(c, '%' | '$' | '€' | '£' | '¥' | '#' | '+' | '@');
        let bare = chunk.trim_matches(|c: char| !kept(c));
        if !bare.is_empty() {
            let from = start + chunk.find(kept).unwrap_or_default();
            let ends = chunk.ends_with([',', ';', ':', '.', ')', '!', '?', '”', '"']);
            words.push(Word { bare, folded: folded(bare), range: from..from + bare.len(), ends });
        }
    }
    words
}

/// In lower case; most words are as they are.
fn folded(bare: &str) -> Cow<'_, str> {
    let is_folded = bare.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_folded { Cow::Borrowed(bare) } else { Cow::Owned(bare.to_lowercase()) }
}

/// Written-out numbers that a share or ratio may have.
const NUMBER_WORDS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

const SCALES: [&str; 8] = ["hundred", "thousand", "million", "billion", "trillion", "m", "bn", "k"];

const PERCENT: [&str; 4] = ["%", "percent", "pc", "percentage"];

/// Parts of a whole, which a number or an article stands before and "of" after.
const PARTS: [&str; 8] = ["half", "third", "thirds", "quarter", "quarters", "fifth", "fifths", "tenth"];

const CURRENCIES: [&str; 14] = [
    "dollars", "dollar", "euros", "euro", "pounds", "pound", "yen", "cents", "pence", "usd", "eur", "gbp",
    "rupees", "francs",
];

/// Units of time: how long something takes is no count, and "5 pm" no figure.
const TIMES: [&str; 22] = [
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "decade",
    "decades",
    "am",
    "pm",
    "a.m",
    "p.m",
    "o'clock",
    "o’clock",
];

/// Words before a number that is a name: "page 12", "version 3", "No. 5", "since 2010".
const NAMING: [&str; 28] = [
    "page", "pages", "p", "pp", "chapter", "section", "figure", "fig", "table", "no", "number", "version",
    "v", "release", "step", "part", "level", "volume", "vol", "issue", "room", "suite", "box", "tel",
    "phone", "aged", "age", "isbn",
];

/// The numbers of a sentence that are worth quoting, with their units.
fn numbers(sentence: &str) -> Vec<(Range<usize>, Kind)> {
    let words = words(sentence);
    let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
    for index in 0..words.len() {
        let is_taken = found.last().is_some_and(|(range, _)| range.end > words[index].range.start);
        if !is_taken && let Some((last, kind)) = number_at(&words, index) {
            found.push((words[index].range.start..words[last].range.end, kind));
        }
    }
    found
}

/// The number that begins with a word: the index of the last word of its unit, and its kind.
fn number_at(words: &[Word<'_>], index: usize) -> Option<(usize, Kind)> {
    let word = &words[index];
    let next = |by: usize| {
        let apart = words[index..index + by].iter().any(|word| word.ends);
        words.get(index + by).filter(|_| !apart).map(|word| word.folded.as_ref())
    };
    let before = index
        .checked_sub(1)
        .map(|before| &words[before])
        .filter(|before| !before.ends || before.bare.len() < 3);
    let is_named =
        before.is_some_and(|before| NAMING.contains(&before.folded.as_ref()) || before.bare == "#");

    // Shares and amounts, where number and unit are one word.
    if let Some(amount) = word.bare.strip_suffix('%') {
        return is_amount(amount).then_some((index, Kind::Share));
    }
    if let Some(amount) = word.bare.strip_prefix(['$', '€', '£', '¥']) {
        let bare = amount.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let scale = amount[bare.len()..].to_lowercase();
        let is_money = is_amount(bare) && (scale.is_empty() || SCALES.contains(&scale.as_str()));
        let last = index
            + usize::from(
                is_money && index + 1 < words.len() && next(1).is_some_and(|word| SCALES.contains(&word)),
            );
        return is_money.then_some((last, Kind::Share));
    }

    // "one in five", "nine out of ten", "two thirds of", "half of", "twice as many", "three times as many"
    let number = value(&word.folded);
    let is_number = number.is_some() || NUMBER_WORDS.contains(&word.folded.as_ref());
    if is_number && !is_named {
        let is_ratio = |by: usize| {
            next(by).is_some_and(|word| {
                value(word).is_some_and(|value| value <= 1000.0) || NUMBER_WORDS.contains(&word)
            })
        };
        if next(1) == Some("in")
            && is_ratio(2)
            && number.is_none_or(|number| number < 100.0)
            && !is_year(next(2))
        {
            return Some((index + 2, Kind::Ratio));
        }
        if next(1) == Some("out")
            && next(2) == Some("of")
            && (is_ratio(3) || next(3) == Some("every") && is_ratio(4))
        {
            return Some((index + if is_ratio(3) { 3 } else { 4 }, Kind::Ratio));
        }
        if next(1).is_some_and(|word| PARTS.contains(&word)) && next(2) == Some("of") {
            return Some((index + 1, Kind::Ratio));
        }
        if next(1) == Some("times")
            && matches!(next(2), Some("as" | "more" | "the" | "higher" | "larger" | "faster"))
        {
            return Some((index + 2, Kind::Ratio));
        }
    }
    if word.folded == "half" && next(1) == Some("of") || word.folded == "twice" && next(1) == Some("as") {
        return Some((index + 1, Kind::Ratio));
    }
    if let Some((number, part)) = word.folded.split_once('-')
        && PARTS.contains(&part)
        && NUMBER_WORDS.contains(&number)
        && next(1) == Some("of")
    {
        return Some((index + 1, Kind::Ratio));
    }

    // A number and its unit.
    let value = number?;
    let mut last = index;
    let mut is_scaled = false;
    while next(last + 1 - index).is_some_and(|word| SCALES.contains(&word)) {
        last += 1;
        is_scaled = true;
    }
    let unit = next(last + 1 - index);
    if unit.is_some_and(|unit| PERCENT.contains(&unit)) {
        return Some((last + 1, Kind::Share));
    }
    if unit == Some("per") && next(last + 2 - index) == Some("cent") {
        return Some((last + 2, Kind::Share));
    }
    if unit.is_some_and(|unit| CURRENCIES.contains(&unit)) {
        return Some((last + 1, Kind::Share));
    }
    let is_calendar =
        |word: &str| MONTHS.iter().any(|month| month.to_lowercase().starts_with(word) && word.len() > 2);
    let is_date = unit.is_some_and(is_calendar) || before.is_some_and(|before| is_calendar(&before.folded));
    // "Windows 7", "Boeing 747": a number after a name is part of it.
    let is_part_of_name =
        before.is_some_and(|before| index > 1 && before.bare.starts_with(char::is_uppercase) && !is_scaled);
    if is_named || is_date || is_part_of_name || value < COUNT_FROM && !is_scaled {
        return None;
    }
    // The noun counted, at most two words on: "592 business leaders".
    let noun = (1..=4).map_while(|by| Some((by, next(last + by - index)?))).find(|(by, word)| {
        let written = words[last + by].bare;
        is_plural(word) && !TIMES.contains(word) && written.starts_with(char::is_lowercase)
    });
    let stands_between = |by: usize| {
        (1..by).all(|by| {
            next(last + by - index).is_some_and(|word| {
                !TIMES.contains(&word) && !SMALL.contains(&word) && word.starts_with(char::is_alphabetic)
            })
        })
    };
    let is_bare_year =
        word.bare.len() == 4 && !word.bare.contains([',', '.']) && (1000.0..2200.0).contains(&value);
    match noun {
        Some((by, _)) if stands_between(by) && !is_bare_year => Some((last + by, Kind::Count)),
        Some(_) | None if is_scaled && unit.is_some_and(|unit| !TIMES.contains(&unit)) => {
            Some((last, Kind::Count))
        }
        Some(_) | None => None,
    }
}

/// Small words that part a number from a noun that is not the one it counts.
const SMALL: [&str; 23] = [
    "of",
    "in",
    "on",
    "to",
    "for",
    "with",
    "by",
    "at",
    "from",
    "about",
    "as",
    "the",
    "a",
    "an",
    "is",
    "was",
    "were",
    "are",
    "that",
    "which",
    "who",
    "but",
    "something",
];

/// `63`, `1,200`, `3.5`; not `007`, `1.2.3`, `3-4` or `555-1234`.
fn value(text: &str) -> Option<f64> {
    // Most words are no numbers.
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = text.split(',').collect();
    let is_grouped = parts.len() == 1
        || (parts[0].len() <= 3
            && parts[1..].iter().all(|part| part.split('.').next().map(str::len) == Some(3)));
    let plain: String = parts.concat();
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && plain.matches('.').count() <= 1
        && !(plain.len() > 1 && plain.starts_with('0') && !plain.starts_with("0."));
    (is_grouped && is_number).then(|| plain.parse().ok()).flatten()
}

/// `63`, `3.5`, `10-15`, `10–15`
fn is_amount(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '–']).collect();
    parts.len() <= 2 && parts.iter().all(|part| value(part).is_some())
}

fn is_year(word: Option<&str>) -> bool {
    word.and_then(value).is_some_and(|value| (1000.0..2200.0).contains(&value))
}

/// Whether a word looks like the plural of a noun.
fn is_plural(folded: &str) -> bool {
    const IRREGULAR: [&str; 6] = ["people", "men", "women", "children", "staff", "percent"];
    IRREGULAR.contains(&folded)
        || (folded.len() > 3
            && folded.ends_with('s')
            && !["ss", "us", "is"].iter().any(|ending| folded.ends_with(ending))
            && folded.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, expected: &[&str]) {
        let found: Vec<&str> = numbers(sentence).into_iter().map(|(range, _)| &sentence[range]).collect();
        assert_eq!(found, expected, "{sentence}");
    }

    #[test]
    fn shares_amounts_ratios_and_counts_are_worth_quoting() {
        check("The number of leaders to never use it jumps out - 63%.", &["63%"]);
        check("Only about 10 per cent of them do, and 3.5 percent more.", &["10 per cent", "3.5 percent"]);
        check("It sold for $5m, or £3.2 billion, or 40 euros.", &["$5m", "£3.2 billion", "40 euros"]);
        check("The survey asked 592 business and IT leaders for it.", &["592 business and IT leaders"]);
        check("Some 1,200 shops closed.", &["1,200 shops"]);
        check("One in five never did; nine out of ten would.", &["One in five", "nine out of ten"]);
        check("Two-thirds of them left, and half of us.", &["Two-thirds of", "half of"]);
        check("It has 5 million users.", &["5 million users"]);
        check("It took three times as many of them.", &["three times as"]);
    }

    #[test]
    fn numbers_that_name_or_date_something_are_not() {
        for sentence in [
            "It was in 2010 that things changed.",
            "On 2 March 2011 he left, at 10:30 or 5 pm.",
            "See page 120 of version 3.2 on Windows 95 machines.",
            "Call 555-1234 or +1 212 555 1234 today.",
            "In the last 36 months nothing came.",
            "She lives at 221 Baker Street in London.",
            "He is 34-year-old and was aged 50 then.",
            "There are five reasons and 3 exceptions.",
            "The 1990s were the 21st century's eve.",
            "They won 24-13 against 007 in Apollo 13 movies.",
        ] {
            check(sentence, &[]);
        }
    }
}
