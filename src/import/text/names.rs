//! Dates and persons' names as lines of an article's head write them.
//!
//! In: a line's words. Out: the dates in it with their places, and the names a byline gives. What could
//! mean two days is no date, what could be a firm or a headline is no name.

use std::ops::Range;

use crate::date::Date;

use super::{cues, words};

/// A date and its bytes in the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The date.
    pub date: Date,
    /// Its bytes in the line's words.
    pub range: Range<usize>,
}

/// Only this many bytes of a line are searched: dates of an article stand in short lines.
const SEARCHED: usize = 240;

/// Years an article can be of.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2099;

/// Finds the dates in the words of a line.
pub(super) fn dates(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut found: Vec<Found> = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        match date_at(text, &tokens[index..]) {
            Some((date, used)) => {
                found.push(Found {
                    date,
                    range: tokens[index].range.start..tokens[index + used - 1].range.end,
                });
                index += used;
            }
            None => {
                // In "31 February 2012" the month isn't read alone: the day was meant.
                let day = tokens[index].number(1..3).is_some()
                    && tokens.get(index + 1).is_some_and(|next| words::month(next.text).is_some());
                index += if day { 2 } else { 1 };
            }
        }
    }
    found
}

/// A run of letters or of digits.
struct Token<'a> {
    text: &'a str,
    range: Range<usize>,
}

impl Token<'_> {
    /// The number, where the token has as many digits.
    fn number(&self, digits: Range<usize>) -> Option<u32> {
        if digits.contains(&self.text.len()) { self.text.parse().ok() } else { None }
    }
}

/// Parts the start of a text into runs of letters and runs of digits.
fn tokens(text: &str) -> Vec<Token<'_>> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Letter,
        Digit,
        Other,
    }
    let mut runs: Vec<(Kind, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < SEARCHED) {
        let kind = match c {
            c if c.is_ascii_digit() => Kind::Digit,
            c if c.is_alphabetic() => Kind::Letter,
            _ => Kind::Other,
        };
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some((last, range)) if *last == kind => range.end = end,
            _ => runs.push((kind, at..end)),
        }
    }
    let words = runs.into_iter().filter(|(kind, _)| *kind != Kind::Other);
    words.map(|(_, range)| Token { text: &text[range.clone()], range }).collect()
}

/// The date that starts at the first token, and how many tokens it takes.
fn date_at(text: &str, tokens: &[Token<'_>]) -> Option<(Date, usize)> {
    let between = |index: usize| &text[tokens[index].range.end..tokens[index + 1].range.start];
    let loose = |index: usize| {
        index + 1 < tokens.len()
            && between(index).chars().all(|c| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '/'))
            && between(index).len() <= 3
    };
    let ordinal = |index: usize| -> usize {
        let is_suffix = tokens.get(index).is_some_and(|token| {
            matches!(token.text.to_lowercase().as_str(), "st" | "nd" | "rd" | "th" | "er" | "º")
        });
        usize::from(is_suffix && between(index - 1).is_empty())
    };
    let first = &tokens[0];

    // "April 27th, 2011", "April 2011".
    if let Some(month) = words::month(first.text) {
        if !loose(0) {
            return None;
        }
        if let Some(day) = tokens[1].number(1..3) {
            let year_at = 2 + ordinal(2);
            if loose(year_at - 1)
                && let Some(year) = year(tokens.get(year_at)?)
            {
                return Some((Date::from_day(year, month, day as u8)?, year_at + 1));
            }
            return None;
        }
        let year = year(&tokens[1])?;
        return Some((Date::from_month(year, month)?, 2));
    }

    // "27 April 2011", "27. April 2011", "27 de abril de 2011", "27th of April, 2011".
    if let Some(day) = first.number(1..3) {
        let is_link = |index: usize| {
            tokens
                .get(index)
                .is_some_and(|token| matches!(token.text.to_lowercase().as_str(), "de" | "of" | "del"))
        };
        let mut at = 1 + ordinal(1);
        at += usize::from(is_link(at));
        if let Some(month) = tokens.get(at).and_then(|token| words::month(token.text)) {
            let mut year_at = at + 1;
            year_at += usize::from(is_link(year_at));
            if loose(at - 1)
                && loose(year_at - 1)
                && let Some(year) = year(tokens.get(year_at)?)
            {
                return Some((Date::from_day(year, month, day as u8)?, year_at + 1));
            }
            return None;
        }
    }

    // Numbers alone: "2011-04-27", "27.04.2011", "4/27/2011", "2011年4月27日".
    if let Some(year) = year(first) {
        if tokens.len() >= 6 && matches!(tokens[1].text, "年" | "년") && matches!(tokens[3].text, "月" | "월")
        {
            let (month, day) = (tokens[2].number(1..3)?, tokens[4].number(1..3)?);
            return Some((Date::from_day(year, month as u8, day as u8)?, 6));
        }
        if tokens.len() >= 3 {
            let (month, day) = (tokens[1].number(1..3)?, tokens[2].number(1..3)?);
            let separator = between(0);
            if matches!(separator, "-" | "/" | "." | ". ") && between(1) == separator {
                return Some((Date::from_day(year, month as u8, day as u8)?, 3));
            }
        }
        return None;
    }
    if tokens.len() >= 3 {
        let (one, two) = (first.number(1..3)?, tokens[1].number(1..3)?);
        let separator = between(0);
        if between(1) != separator {
            return None;
        }
        let short = |token: &Token<'_>| token.number(2..3).map(|year| 2000 + year as u16);
        return match separator {
            "." => Some((Date::from_day(year(&tokens[2])?, two as u8, one as u8)?, 3)),
            "/" | "-" => {
                let year =
                    year(&tokens[2]).or_else(|| (separator == "/").then(|| short(&tokens[2])).flatten())?;
                // 4/5/2011 is in April for some and in May for others: no date.
                let date = match (one, two) {
                    (13.., _) => Date::from_day(year, two as u8, one as u8),
                    (_, 13..) => Date::from_day(year, one as u8, two as u8),
                    (same, other) if same == other => Date::from_day(year, one as u8, two as u8),
                    (_, _) => None,
                };
                Some((date?, 3))
            }
            _ => None,
        };
    }
    None
}

/// A token that is a year.
fn year(token: &Token<'_>) -> Option<u16> {
    let year = token.number(4..5)?;
    YEARS.contains(&year).then_some(year as u16)
}

/// What stands before the name in a byline, longest first; several languages.
const BY: [&str; 21] = [
    "article written by",
    "a post by:",
    "guest post by",
    "written by",
    "posted by",
    "published by",
    "reported by",
    "author:",
    "authors:",
    "autor:",
    "auteur:",
    "words by",
    "story by",
    "text:",
    "author",
    "by:",
    "by",
    "von",
    "par",
    "por",
    "oleh",
];

/// A byline's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Byline {
    /// The persons, in order.
    pub names: Vec<String>,
    /// The bytes of the line's words which the names take.
    pub range: Range<usize>,
    /// Whether a word such as "by" says that it is a byline.
    pub said: bool,
}

/// Reads the names of a byline: "By Ann Lee and Bo Chan | March 2, 2011", "Posted by Ann Lee".
///
/// Also reads "March 2, 2011 by Ann Lee", where the line holds little else.
pub(super) fn byline(text: &str) -> Option<Byline> {
    let start = after_by(text)?;
    let names = names(text, start, true)?;
    Some(Byline { said: true, ..names })
}

/// Bytes of words such as "Last updated on" that may stand beside the date before "by".
const DATE_WORDS: usize = 18;

/// Where the names start in a line that says "by".
fn after_by(text: &str) -> Option<usize> {
    let trimmed = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let offset = text.len() - trimmed.len();
    if let Some(length) = starts_with_by(trimmed) {
        return Some(offset + length);
    }
    // "March 2, 2011 by Ann Lee": what stands before "by" is a date, or words such as "Posted on".
    let lower = text.to_ascii_lowercase();
    let at = [" by ", " von ", " by: "].iter().filter_map(|by| lower.find(by)).min()?;
    let before = &text[..at];
    let dated =
        dates(before).first().is_some_and(|found| found.range.len() + DATE_WORDS >= before.trim().len());
    let posted = matches!(
        before.trim().to_ascii_lowercase().as_str(),
        "posted" | "author posted" | "published" | "written" | "article"
    );
    // "Ann Lee By Ann Lee": a portrait's label and the byline.
    let labelled = !before.is_empty()
        && text[at..].trim_start().get(3..).is_some_and(|after| after.starts_with(before.trim()));
    if !dated && !posted && !labelled {
        return None;
    }
    starts_with_by(&text[at + 1..]).map(|length| at + 1 + length)
}

/// The bytes of "by" and what follows it up to the name.
fn starts_with_by(text: &str) -> Option<usize> {
    BY.iter().find_map(|by| {
        let head = text.get(..by.len())?;
        let rest = &text[by.len()..];
        let parted = rest.starts_with(|c: char| c.is_whitespace() || c == ':') || by.ends_with(':');
        (head.eq_ignore_ascii_case(by) && parted)
            .then(|| text.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':').len())
    })
}

/// A line that is nothing but a name or names, with no word that says so: "Ann Lee", "Ann Lee, Bo Chan".
pub(super) fn bare(text: &str) -> Option<Byline> {
    let names = names(text, 0, false)?;
    let rest = text[names.range.end..].trim_matches(|c: char| !c.is_alphanumeric());
    let rest_is_date = dates(rest).first().is_some_and(|found| found.range.start <= 4);
    (rest.is_empty() || rest_is_date).then_some(Byline { said: false, ..names })
}

/// The name that a line starts with, whatever follows.
pub(super) fn lead(text: &str) -> Option<Byline> {
    let (name, end) = name_at(text, 0)?;
    Some(Byline { names: vec![name], range: 0..end, said: false })
}

/// The most words a name has.
const LONGEST_NAME: usize = 5;
/// The most persons a byline has.
const MOST_NAMES: usize = 6;

/// Reads names from byte `start` on; a `said` byline may also give a single handle.
fn names(text: &str, start: usize, said: bool) -> Option<Byline> {
    let mut names: Vec<String> = Vec::new();
    let mut end = start;
    let mut at = start;
    while names.len() < MOST_NAMES {
        let Some((name, name_end)) = name_at(text, at) else { break };
        let many = name.contains(' ');
        if !many && (!said || !names.is_empty()) {
            break;
        }
        names.push(name);
        end = name_end;
        let rest = &text[name_end..];
        let joint = [", and ", " and ", " & ", ", ", " und ", " et ", " y ", " / "];
        match joint.iter().find(|joint| rest.starts_with(**joint)) {
            Some(joint) => at = name_end + joint.len(),
            None => break,
        }
    }
    if names.is_empty() {
        // A handle: "by jsteinhardt", the only word left.
        let rest = text[start..].trim();
        let handle = said
            && words::month(rest).is_none()
            && !cues::of(rest).any()
            && !rest.contains(char::is_whitespace)
            && rest.chars().count() >= 3
            && rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
            && rest.chars().any(char::is_alphabetic)
            && !words::is_common(&rest.to_lowercase())
            && !NO_NAMES.contains(&rest.to_lowercase().as_str());
        if !handle {
            return None;
        }
        names.push(rest.trim_end_matches('.').to_owned());
        end = text.trim_end().len();
    }
    Some(Byline { names, range: start..end, said })
}

/// Words in a name that aren't capitalised.
const PARTICLES: [&str; 22] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "van", "von", "der", "den", "la", "le", "el", "al",
    "bin", "ibn", "ter", "zu", "du", "st",
];

/// Words that are capitalised like names but aren't: offices, firms, parts of pages.
const NO_NAMES: [&str; 125] = [
    "astronomy",
    "entertainment",
    "lifestyle",
    "health",
    "sports",
    "business",
    "technology",
    "politics",
    "opinion",
    "world",
    "fact",
    "checked",
    "case",
    "use",
    "science",
    "december",
    "november",
    "october",
    "september",
    "august",
    "july",
    "june",
    "april",
    "march",
    "february",
    "january",
    "privacy",
    "cookie",
    "senior",
    "staff",
    "writer",
    "editor",
    "reporter",
    "correspondent",
    "director",
    "manager",
    "founder",
    "co-founder",
    "ceo",
    "cto",
    "president",
    "professor",
    "contributor",
    "contributing",
    "technologist",
    "chief",
    "officer",
    "news",
    "team",
    "press",
    "media",
    "magazine",
    "journal",
    "times",
    "post",
    "daily",
    "university",
    "institute",
    "college",
    "school",
    "department",
    "company",
    "inc",
    "llc",
    "ltd",
    "corporation",
    "group",
    "the",
    "and",
    "or",
    "for",
    "with",
    "this",
    "that",
    "our",
    "your",
    "how",
    "why",
    "what",
    "when",
    "best",
    "top",
    "guide",
    "review",
    "reviews",
    "blog",
    "home",
    "about",
    "contact",
    "share",
    "read",
    "more",
    "view",
    "all",
    "posts",
    "articles",
    "updated",
    "published",
    "posted",
    "author",
    "photo",
    "image",
    "getty",
    "images",
    "associate",
    "assistant",
    "lead",
    "head",
    "vice",
    "managing",
    "executive",
    "analyst",
    "consultant",
    "specialist",
    "expert",
    "engineer",
    "developer",
    "designer",
    "street",
    "new",
    "york",
    "united",
    "states",
    "min",
    "comments",
];

/// Reads one name at byte `at`: two to five capitalised words, with initials and particles.
fn name_at(text: &str, at: usize) -> Option<(String, usize)> {
    let mut end = at;
    let mut count = 0;
    let mut cursor = at;
    while count < LONGEST_NAME {
        let rest = &text[cursor..];
        let length = rest
            .find(|c: char| {
                !(c.is_alphabetic() || matches!(c, '\'' | '’' | '.' | '-' | '\u{300}'..='\u{36f}'))
            })
            .unwrap_or(rest.len());
        let raw = &rest[..length];
        // A full stop ends the name except after an initial or a title ("J. R. Ward", "Dr. Lee").
        let word = raw.trim_end_matches(['.', '-', '\'', '’']);
        let is_initial =
            word.chars().filter(|c| c.is_alphabetic()).count() <= 2 || matches!(word, "Jr" | "Sr" | "Prof");
        let lower = word.to_lowercase();
        let capital = word.starts_with(char::is_uppercase);
        let particle = count > 0 && PARTICLES.contains(&lower.as_str());
        if word.is_empty()
            || !(capital || particle)
            || NO_NAMES.contains(&lower.as_str())
            || words::month(&lower).is_some_and(|_| count > 0)
        {
            break;
        }
        if capital {
            end = cursor + if is_initial && raw.len() > word.len() { raw.len() } else { word.len() };
        }
        count += 1;
        let closed = raw.len() > word.len() && !is_initial;
        let gap = &text[cursor + length..];
        if closed || !gap.starts_with(' ') {
            break;
        }
        cursor += length + 1;
    }
    (end > at).then(|| (text[at..end].to_owned(), end))
}

/// Whether a name is likely a person's: two words or more, none of them a set phrase of furniture.
pub(super) fn is_person(name: &str) -> bool {
    let parts: Vec<&str> = name.split(' ').collect();
    (2..=4).contains(&parts.len())
        && !cues::of(name).any()
        && parts.iter().filter(|part| words::is_common(&part.to_lowercase())).count() * 2 < parts.len().max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let check = |text: &str, expected: &str| {
            let found: Vec<String> = dates(text).iter().map(|found| found.date.to_string()).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        };
        check("April 27, 2011", "2011-04-27");
        check("By Toni Bowers | March 2, 2011, 5:39 AM PST", "2011-03-02");
        check("11/19/19 06:56 AM EST", "2019-11-19");
        check("4/5/2011", "");
        check("Mike Wall 2019-11-18T22:05:36Z Spaceflight", "2019-11-18");
        check("31. Januar 2022", "2022-01-31");
        check("31. October, 2023", "2023-10-31");
        check("27 de abril de 2011", "2011-04-27");
        check("2019년 9월 7일", "2019-09-07");
        check("on December 20, 2024September 26, 2025", "2024-12-20 2025-09-26");
        check("March 2011", "2011-03");
        check("July 4", "");
        check("31 February 2012", "");
        check("may 5 people come in 2012?", "");
    }

    #[test]
    fn bylines_give_their_names() {
        let check = |text: &str, expected: &str| {
            let names = byline(text).map(|byline| byline.names.join(" + ")).unwrap_or_default();
            assert_eq!(names, expected, "{text}");
        };
        check("By Toni Bowers | March 2, 2011, 5:39 AM PST", "Toni Bowers");
        check("By Tariq Malik, Mike Wall 2019-11-18T22:05:36Z Spaceflight", "Tariq Malik + Mike Wall");
        check("By Daniel Kahn Gillmor, Senior Staff Technologist, ACLU", "Daniel Kahn Gillmor");
        check("11/19/2019 by Lars Brandle", "Lars Brandle");
        check("von zahlenzauberin", "zahlenzauberin");
        check("By the way, this is a sentence.", "");
        check("by J. R. van der Berg and Ann O’Neil", "J. R. van der Berg + Ann O’Neil");
    }
}
