//! The facts of an article that its lines tell: title, authors, date, origin.
//!
//! In: the lines, what they look like, and which of them is the title. Out: the [`Facts`]; lines that say
//! nothing else move from the body to the front matter. What isn't said stays unknown.

use super::cues::Cue;
use super::features::Look;
use super::lines::Line;
use super::roles::Role;
use super::{Fact, Facts, How, Rule, names, words};

/// Reads the facts.
pub(super) fn read(lines: &[Line], looks: &[Look], title: Option<usize>, roles: &mut [Role]) -> Facts {
    let head = Head::of(lines, looks, title, roles);
    let mut facts = Facts {
        title: title.map(|index| Fact {
            value: lines[index].text.clone(),
            line: lines[index].number,
            how: if index == 0 { How::FirstLine } else { How::AboveArticle },
        }),
        ..Facts::default()
    };
    facts.date = date(lines, looks, &head, roles);
    facts.authors = authors(lines, looks, &head, roles);
    facts.url = origin(lines, roles);
    facts
}

/// The stretch of lines around the title in which pages say who wrote the article and when.
struct Head {
    title: Option<usize>,
    start: usize,
    end: usize,
    /// The last line of the article.
    last: usize,
}

/// The title above the article is looked for within this many lines of the first that says it.
const TITLE_AGAIN: usize = 60;
/// Lines above the title that are searched.
const ABOVE: usize = 6;
/// Lines below the title that are searched, unless the article starts earlier.
const BELOW: usize = 14;

impl Head {
    fn of(lines: &[Line], looks: &[Look], title: Option<usize>, roles: &[Role]) -> Head {
        let start = title.map_or(0, |title| title.saturating_sub(ABOVE));
        // Where the title is said twice (in the browser's tab, then above the article), the article's own counts.
        let again = |title: usize| {
            let most = (title + TITLE_AGAIN).min(lines.len());
            let same = (title + 1..most).rev().find(|index| looks[*index].words == looks[title].words);
            same.filter(|same| looks[title..*same].iter().filter(|look| look.is_prose).count() <= 2)
                .unwrap_or(title)
        };
        let title = title.map(again);
        let from = title.map_or(0, |title| title + 1);
        let most = (from + BELOW).min(lines.len());
        // The second paragraph of the article ends the head: a standfirst may come before the byline.
        let mut paragraphs =
            (from..most).filter(|index| looks[*index].is_prose && roles[*index] == Role::Text);
        let end = paragraphs.nth(1).unwrap_or(most);
        let last = (0..lines.len())
            .rev()
            .find(|index| roles[*index] == Role::Text && looks[*index].is_prose)
            .unwrap_or(lines.len());
        Head { title, start, end, last }
    }

    /// The lines in the order of trust: below the title, then above it, nearest first.
    fn lines(&self) -> impl Iterator<Item = usize> + use<> {
        let middle = self.title.unwrap_or(self.start);
        (middle..self.end).chain((self.start..middle).rev())
    }
}

/// Lines at the start and the end in which a text may say where it comes from.
const ORIGIN_LINES: usize = 6;

/// The article's address, where a line at the start or end says nothing else: "Source: https://...".
fn origin(lines: &[Line], roles: &mut [Role]) -> Option<Fact<String>> {
    const LABELS: [&str; 7] = [
        "source:",
        "url:",
        "link:",
        "original:",
        "permalink:",
        "retrieved from:",
        "originally published at:",
    ];
    let near = |index: &usize| *index < ORIGIN_LINES || index + ORIGIN_LINES >= lines.len();
    let address = |index: usize| {
        let text = &lines[index].text;
        let label = LABELS
            .iter()
            .find(|label| text.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label)))?;
        let address = text[label.len()..].trim();
        let is_address =
            (address.starts_with("https://") || address.starts_with("http://")) && !address.contains(' ');
        is_address.then(|| address.to_owned())
    };
    let (index, value) = (0..lines.len()).filter(near).find_map(|index| Some((index, address(index)?)))?;
    if roles[index] != Role::Removed(Rule::Title) {
        roles[index] = Role::Removed(Rule::Origin);
    }
    Some(Fact { value, line: lines[index].number, how: How::OriginLine })
}

/// Words a dated line may have beside the date.
const DATED_LINE: usize = 12;

/// Whether a line is nothing but a date, perhaps with the weekday, the hour and a word such as "Published".
pub(super) fn is_date_line(text: &str) -> bool {
    names::dates(text).first().is_some_and(|found| {
        let rest = format!("{} {}", &text[..found.range.start], &text[found.range.end..]);
        let extra = rest.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1);
        extra.filter(|word| !super::cues::of(word).has(Cue::Dated)).count() <= 1
    })
}

/// The date of publication; a line that only says "updated" comes second.
fn date(lines: &[Line], looks: &[Look], head: &Head, roles: &mut [Role]) -> Option<Fact<crate::date::Date>> {
    let mut best: Option<(u32, usize, crate::date::Date)> = None;
    let mut near: Vec<usize> = head.lines().collect();
    // Some pages say it after the article.
    near.extend((head.last + 1).min(lines.len())..(head.last + 12).min(lines.len()));
    for (order, index) in near.into_iter().enumerate() {
        let line = &lines[index];
        let count = looks[index].words.len();
        if looks[index].is_prose || (count > 30 && names::byline(&line.text).is_none()) {
            continue;
        }
        let dates = names::dates(&line.text);
        let Some(found) = dates.iter().find(|found| found.date.day().is_some()) else { continue };
        let lower = line.text.to_lowercase();
        let only = is_date_line(&line.text);
        let says = ["published", "posted", "veröffentlicht", "publié", "publicado", "erstellt"]
            .iter()
            .any(|word| lower.contains(word));
        let before = index.checked_sub(1).map_or("", |before| lines[before].text.as_str()).to_lowercase();
        let updated = |text: &str| {
            ["update", "modified", "aktualisiert", "mis à jour", "atualizado", "actualizado"]
                .iter()
                .any(|word| text.contains(word))
        };
        let is_update = updated(&lower) && !says || (updated(&before) && before.len() < 30 && only);
        let byline = names::byline(&line.text).is_some();
        if !(only || says || byline || count <= DATED_LINE) || (order >= 30 && !says && !only) {
            continue;
        }
        let after = index > head.last;
        let trust = 40 * u32::from(says || byline)
            + 30 * u32::from(only)
            + 20 * u32::from(!after)
            + 10 * u32::from(!is_update)
            + 10 * u32::from(head.title.is_none_or(|title| index > title));
        if after && !only && !says {
            continue;
        }
        if best.is_none_or(|(most, ..)| trust > most) {
            // "Published May 1, 2020 Updated May 4, 2021" gives the first.
            best = Some((trust, index, found.date));
        }
    }
    let (_, index, value) = best?;
    if roles[index] != Role::Removed(Rule::Title) && is_date_line(&lines[index].text) {
        roles[index] = Role::Removed(Rule::Date);
    }
    let how = if index == 0 {
        How::FirstLine
    } else if names::byline(&lines[index].text).is_some() {
        How::Byline
    } else {
        How::OwnLine
    };
    Some(Fact { value, line: lines[index].number, how })
}

/// Lines below the head in which a byline that says "by" is still one.
const LATE_BYLINE: usize = 12;
/// A bare name this near to the title needs no date beside it if the page says it again.
const NEAR_TITLE: usize = 5;
/// Lines after the article in which its author is introduced.
const AFTER: usize = 40;

/// The authors: from a byline near the title, a name on a line of its own there, or a note at the end.
fn authors(lines: &[Line], looks: &[Look], head: &Head, roles: &mut [Role]) -> Vec<Fact<String>> {
    let facts = |names: Vec<String>, index: usize, how: How| -> Vec<Fact<String>> {
        names.into_iter().map(|value| Fact { value, line: lines[index].number, how }).collect()
    };
    let is_fit = |index: &usize| {
        Some(*index) != head.title
            && !looks[*index].is_prose
            && roles[*index] != Role::Removed(Rule::Comments)
    };

    // A byline that says so.
    let late = head.end..(head.end + LATE_BYLINE).min(lines.len());
    for index in head.lines().filter(|index| *index >= head.start).chain(late).collect::<Vec<_>>() {
        if !is_fit(&index) {
            continue;
        }
        if let Some(byline) =
            names::byline(&lines[index].text).filter(|_| looks[index].words.len() <= LONGEST_BYLINE)
        {
            let rest = &lines[index].text[byline.range.end..];
            // In the article's midst only a line that is nothing else is a byline.
            if index < head.end || rest.split_whitespace().count() <= 4 {
                if rest.split_whitespace().count() <= 12 && roles[index] != Role::Removed(Rule::Title) {
                    roles[index] = Role::Removed(Rule::Byline);
                }
                return facts(byline.names, index, How::Byline);
            }
        }
        // "Written by" on a line, the name on the next.
        if says_by(&lines[index].text)
            && let Some(name) = lines.get(index + 1).and_then(|next| names::bare(&next.text))
        {
            roles[index] = Role::Removed(Rule::Byline);
            roles[index + 1] = Role::Removed(Rule::Byline);
            return facts(name.names, index + 1, How::Byline);
        }
    }

    // A name that is a line by itself, beside the date or right below the title.
    let mentioned = |name: &str| lines.iter().filter(|line| line.text.contains(name)).take(2).count() == 2;
    for index in head.lines().filter(|index| is_fit(index) && looks[*index].words.len() <= 14) {
        let below = head.title.is_none_or(|title| index > title);
        let Some(name) = names::bare(&lines[index].text)
            .filter(|name| name.names.iter().all(|name| names::is_person(name)))
        else {
            continue;
        };
        let near = index.saturating_sub(2)..(index + 3).min(lines.len());
        let dated = near
            .into_iter()
            .any(|near| looks[near].words.len() <= 20 && !names::dates(&lines[near].text).is_empty());
        let near_title = head.title.is_some_and(|title| index.abs_diff(title) <= NEAR_TITLE);
        let again = mentioned(&name.names[0]);
        if below && (dated || (near_title && again)) {
            roles[index] = Role::Removed(Rule::Byline);
            return facts(name.names, index, How::OwnLine);
        }
    }

    // The note about the author after the article.
    for index in (head.last.saturating_sub(1)..lines.len()).take(AFTER) {
        if matches!(roles[index], Role::Removed(Rule::Comments)) {
            break;
        }
        if let Some(name) = bio_name(&lines[index].text) {
            roles[index] = Role::Removed(Rule::Bio);
            return facts(vec![name], index, How::Bio);
        }
        if let Some(name) = introduced(&lines[index].text).filter(|name| mentioned(name)) {
            return facts(vec![name], index, How::Bio);
        }
    }
    Vec::new()
}

/// The longest byline in words.
const LONGEST_BYLINE: usize = 35;

/// Whether a line says that a name follows on the next.
fn says_by(text: &str) -> bool {
    const BY: [&str; 9] =
        ["by", "written by", "author", "von", "posted by", "words by", "authors", "autor", "article by"];
    BY.contains(&text.trim_end_matches(':').to_lowercase().as_str())
}

/// The person a line after the article introduces: "About Ann Lee", "Written by Ann Lee", "Ann Lee is a writer ...".
fn introduced(text: &str) -> Option<String> {
    let about = ["About ", "About the author: ", "About the Author: ", "About the Author ", "Über "]
        .iter()
        .find_map(|about| text.strip_prefix(about));
    let named = match about {
        Some(name) => names::bare(name)?,
        None => match names::byline(text).filter(|byline| byline.range.end == text.len()) {
            Some(byline) => byline,
            None => names::lead(text).filter(|name| {
                let rest = text[name.range.end..].trim_start_matches([',', ' ']);
                ["is a ", "is an ", "is the ", "is our ", "has been ", "ist ", "is currently "]
                    .iter()
                    .any(|verb| rest.starts_with(verb))
            })?,
        },
    };
    named.names.into_iter().next().filter(|name| names::is_person(name))
}

/// The author's name in a note at the end that starts with it and says "About" and the first name again.
fn bio_name(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let first = words.first()?;
    let about = words
        .windows(2)
        .any(|pair| pair[0] == "About" && pair[1].trim_end_matches(|c: char| !c.is_alphanumeric()) == *first);
    if !about || words.len() < 4 {
        return None;
    }
    let name = words[..2].join(" ");
    let person = words[..2].iter().all(|word| word.starts_with(char::is_uppercase))
        && !words::is_small(&words[1].to_lowercase());
    person.then_some(name)
}
