//! The facts of an article that its lines tell: title, authors, date, origin.
//!
//! In: the lines, what they look like, and which of them is the title. Out: the [`Facts`]; lines that say
//! nothing else move from the body to the front matter. What isn't said stays unknown: every date and every name
//! that could be meant is judged by where and how it stands, and where none is likely enough there is none.

use super::cues::Cue;
use super::features::{self, Look, count, flag, share};
use super::lines::Line;
use super::models::{Model, Models};
use super::roles::Role;
use super::{Fact, Facts, How, Rule, names, words};

/// A date is taken from these log-odds on. Measured on labelled pages that the models hadn't seen: a higher limit loses
/// more dates than it keeps out, since most dates that are wrong are shown as if they were right.
const DATE: f64 = 0.0;
/// A name is taken from these log-odds on. Measured on labelled pages that the models hadn't seen: at 0 one page in 14
/// without an author is given one, at 0.5 one in 25.
const AUTHOR: f64 = 0.5;

/// Reads the facts; `odds` say how likely each line is the article's.
pub(super) fn read(
    lines: &[Line],
    looks: &[Look],
    odds: &[f64],
    title: Option<usize>,
    roles: &mut [Role],
    models: &Models,
) -> Facts {
    let mut facts = Facts {
        title: title.map(|index| Fact {
            value: lines[index].text.clone(),
            line: lines[index].number,
            how: if index == 0 { How::FirstLine } else { How::AboveArticle },
        }),
        ..Facts::default()
    };
    let place = Place::of(lines, looks, odds, title);
    facts.date = date(&place, roles, models);
    facts.authors = authors(&place, roles, models);
    facts.url = origin(lines, roles);
    facts
}

/// Where on the page a line stands, for the judgement of dates and names.
pub(super) struct Place<'a> {
    lines: &'a [Line],
    looks: &'a [Look],
    odds: &'a [f64],
    /// The title that stands nearest above the article, where it is said more than once.
    title: Option<usize>,
    /// The first and the last prose that is likely the article's.
    first: usize,
    last: usize,
    comments: usize,
}

/// The title above the article is looked for within this many lines of the first that says it.
const TITLE_AGAIN: usize = 60;
/// Lines further away than this are all the same.
const FAR: f32 = 60.0;
/// Dates and names in lines of more words are parts of sentences.
const LONGEST_LINE: usize = 60;

impl<'a> Place<'a> {
    pub(super) fn of(
        lines: &'a [Line],
        looks: &'a [Look],
        odds: &'a [f64],
        title: Option<usize>,
    ) -> Place<'a> {
        // Where the title is said twice (in the browser's tab, then above the article), the article's own counts.
        let again = |title: usize| {
            let most = (title + TITLE_AGAIN).min(lines.len());
            let same = (title + 1..most).rev().find(|index| looks[*index].words == looks[title].words);
            same.filter(|same| looks[title..*same].iter().filter(|look| look.is_prose).count() <= 2)
                .unwrap_or(title)
        };
        let title = title.map(again);
        let is_article = |index: &usize| looks[*index].is_prose && odds[*index] > 0.0;
        let above = title.unwrap_or(0);
        let first = (above..lines.len()).find(is_article).unwrap_or(above);
        let last = (0..lines.len()).rev().find(is_article).unwrap_or(first);
        let comments = features::comments_start(lines, looks).unwrap_or(lines.len());
        Place { lines, looks, odds, title, first, last, comments }
    }

    /// What the place of a line tells: distances to the title, the article's first and last prose, its neighbours.
    fn values(&self, index: usize) -> Vec<f32> {
        let far = |other: usize| (index as f32 - other as f32).clamp(-FAR, FAR);
        let look = &self.looks[index];
        let near = |steps: usize| {
            let range = index.saturating_sub(steps)..(index + steps + 1).min(self.lines.len());
            range.filter(move |other| *other != index)
        };
        let before = |steps: usize| index.checked_sub(steps).map(|before| &self.looks[before]);
        let after = |steps: usize| self.looks.get(index + steps);
        let neighbour = |look: Option<&Look>| match look {
            Some(look) => [
                count(look.words.len()),
                look.values[1],
                look.values[3],
                look.values[7],
                look.values[8],
                flag(look.is_prose),
                look.cues.share() as f32,
                flag(look.cues.has(Cue::Author)),
                flag(look.cues.has(Cue::Related) || look.cues.has(Cue::More)),
                flag(look.cues.has(Cue::Dated)),
            ],
            None => [-1.0; 10],
        };
        let distance_to = |is_so: &dyn Fn(usize) -> bool| {
            let found = (1..=NEAR).find(|step| {
                index.checked_sub(*step).is_some_and(is_so)
                    || (index + step < self.lines.len() && is_so(index + step))
            });
            found.map_or(NEAR as f32 + 1.0, |step| step as f32)
        };
        let is_byline = |other: usize| self.looks[other].is_byline();
        let prose_above = match self.title {
            Some(title) if title < index => {
                self.looks[title..index].iter().filter(|look| look.is_prose).count()
            }
            Some(_) | None => 0,
        };
        let mut values = vec![
            self.title.map_or(-FAR - 1.0, far),
            far(self.first),
            far(self.last),
            (index as f32 - self.comments as f32).clamp(-FAR, FAR),
            share(index, self.lines.len()),
            self.odds[index].clamp(-8.0, 8.0) as f32,
            count(prose_above),
            count(look.words.len()),
            look.values[1],
            look.values[2],
            look.values[3],
            look.values[5],
            look.cues.share() as f32,
            count(near(3).filter(|other| self.looks[*other].is_dated).count()),
            count(near(12).filter(|other| self.looks[*other].is_dated).count()),
            distance_to(&is_byline),
            distance_to(&|other| self.looks[other].is_dated),
            flag(index < self.first),
            flag(index > self.last),
        ];
        let cues = [
            Cue::Share,
            Cue::Comment,
            Cue::Legal,
            Cue::Related,
            Cue::More,
            Cue::Author,
            Cue::Dated,
            Cue::Picture,
            Cue::Counter,
            Cue::Filed,
            Cue::Navigation,
        ];
        values.extend(cues.iter().map(|cue| flag(look.cues.has(*cue))));
        for step in 1..=2 {
            values.extend(neighbour(before(step)));
            values.extend(neighbour(after(step)));
        }
        values
    }
}

/// Lines around a line in which a date or a byline is looked for.
const NEAR: usize = 6;

/// A date that may be the article's.
pub(super) struct DateCandidate {
    /// The line.
    pub index: usize,
    /// The date.
    pub date: crate::date::Date,
    /// What is judged.
    pub values: Vec<f32>,
}

/// Every day that the lines name, save in long sentences.
pub(super) fn dates(place: &Place<'_>) -> Vec<DateCandidate> {
    let mut found = Vec::new();
    for (index, line) in place.lines.iter().enumerate() {
        if !place.looks[index].is_dated && place.looks[index].words.len() <= 40
            || place.looks[index].words.len() > LONGEST_LINE
        {
            continue;
        }
        let days = names::dates(&line.text).into_iter().filter(|found| found.date.day().is_some());
        found.extend(days.enumerate().map(|(order, found)| (index, order, found)));
    }
    found.truncate(MOST_CANDIDATES);
    let all: Vec<crate::date::Date> = found.iter().map(|(_, _, found)| found.date).collect();
    let latest = all.iter().max().copied();
    let earliest = all.iter().min().copied();
    let candidate = |(place_in_order, (index, order, found)): (usize, &(usize, usize, names::Found))| {
        let text = &place.lines[*index].text;
        let said = said_before(text, &found.range);
        let before = index.checked_sub(1).map_or("", |before| place.lines[before].text.as_str());
        let before = if before.len() < 30 { before.to_lowercase() } else { String::new() };
        let rest = text.len() - found.range.len();
        let mut values = vec![
            flag(is_date_line(text)),
            flag(is_published(&said)),
            flag(is_updated(&said)),
            flag(is_published(&before)),
            flag(is_updated(&before)),
            flag(is_commented(&text.to_lowercase())),
            count(*order),
            share(found.range.start, text.len()),
            count(rest),
            flag(names::byline(text).is_some()),
            count(all.iter().filter(|date| **date == found.date).count()),
            count(all.len()),
            count(place_in_order),
            share(place_in_order, all.len()),
            flag(latest == Some(found.date)),
            flag(earliest == Some(found.date)),
            count(all.iter().filter(|date| **date > found.date).count()),
            count(all.iter().filter(|date| **date < found.date).count()),
            flag(
                text[found.range.end..]
                    .trim_start_matches([',', ' '])
                    .starts_with(|c: char| c.is_ascii_digit()),
            ),
        ];
        values.extend(place.values(*index));
        DateCandidate { index: *index, date: found.date, values }
    };
    found.iter().enumerate().map(candidate).collect()
}

/// What a line says right before a date, in lower case, from the date before on.
fn said_before(text: &str, range: &std::ops::Range<usize>) -> String {
    let from = names::dates(text)
        .iter()
        .filter(|other| other.range.end <= range.start)
        .map(|other| other.range.end)
        .max()
        .unwrap_or(0);
    text[from..range.start].to_lowercase()
}

/// Whether words in lower case say that something is published.
fn is_published(words: &str) -> bool {
    [
        "publish",
        "posted",
        "veröffentlicht",
        "publié",
        "publicado",
        "erstellt",
        "pubblicato",
        "geplaatst",
        "released",
    ]
    .iter()
    .any(|word| words.contains(word))
}

/// Whether words in lower case say that something is changed.
fn is_updated(words: &str) -> bool {
    [
        "update",
        "modified",
        "revised",
        "reviewed",
        "aktualisiert",
        "mis à jour",
        "atualizado",
        "actualizado",
        "edited",
    ]
    .iter()
    .any(|word| words.contains(word))
}

/// Whether words in lower case say who commented.
fn is_commented(words: &str) -> bool {
    [
        "says",
        "said",
        "wrote",
        "reply",
        "comment",
        "joined",
        "member since",
        "copyright",
        "©",
        "accessed",
        "retrieved",
    ]
    .iter()
    .any(|word| words.contains(word))
}

/// The date of publication.
fn date(place: &Place<'_>, roles: &mut [Role], models: &Models) -> Option<Fact<crate::date::Date>> {
    let judged = dates(place).into_iter().map(|found| (models.odds(Model::Date, &found.values), found));
    // The first of several that are as likely.
    let (odds, found) = judged.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    if odds < DATE {
        return None;
    }
    let line = &place.lines[found.index];
    if roles[found.index] != Role::Removed(Rule::Title) && is_date_line(&line.text) {
        roles[found.index] = Role::Removed(Rule::Date);
    }
    let how = if found.index == 0 {
        How::FirstLine
    } else if names::byline(&line.text).is_some() {
        How::Byline
    } else {
        How::OwnLine
    };
    Some(Fact { value: found.date, line: line.number, how })
}

/// A name or names that may be the authors'.
pub(super) struct AuthorCandidate {
    /// The line.
    pub index: usize,
    /// The names.
    pub names: Vec<String>,
    /// How they stand there.
    pub form: Form,
    /// What is judged.
    pub values: Vec<f32>,
}

/// How a line gives an author's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "By Ann Lee".
    Said,
    /// "Written by" on the line before.
    SaidBefore,
    /// A line that is nothing but the name.
    Bare,
    /// A line that starts with the name, and an office follows: "Ann Lee, Senior Editor".
    Lead,
    /// A note about the author that the site's pages end with.
    Bio,
    /// "Ann Lee is a writer ...".
    Introduced,
}

/// Every name that may be the author's.
pub(super) fn names_of(place: &Place<'_>) -> Vec<AuthorCandidate> {
    let mut found: Vec<(usize, Vec<String>, Form, usize)> = Vec::new();
    for (index, line) in place.lines.iter().enumerate() {
        let look = &place.looks[index];
        let text = &line.text;
        if look.words.len() <= LONGEST_BYLINE {
            if let Some(byline) = names::byline(text) {
                let rest = text[byline.range.end..].split_whitespace().count();
                found.push((index, byline.names, Form::Said, rest));
                continue;
            }
            if let Some(before) = index.checked_sub(1)
                && says_by(&place.lines[before].text)
                && let Some(name) = names::bare(text)
            {
                found.push((index, name.names, Form::SaidBefore, 0));
                continue;
            }
        }
        let is_person = |name: &String| names::is_person(name);
        if look.words.len() <= LONGEST_BARE {
            if let Some(name) = names::bare(text).filter(|name| name.names.iter().all(is_person)) {
                found.push((index, name.names, Form::Bare, 0));
                continue;
            }
            if let Some(name) = names::lead(text).filter(|name| name.names.iter().all(is_person))
                && text[name.range.end..].starts_with([',', ' ', '|', '(', '·', '•', '@', '-', '–'])
            {
                let rest = text[name.range.end..].split_whitespace().count();
                found.push((index, name.names, Form::Lead, rest));
                continue;
            }
        }
        if index >= place.first && look.words.len() <= LONGEST_BIO {
            if let Some(name) = bio_name(text) {
                found.push((index, vec![name], Form::Bio, look.words.len()));
            } else if let Some(name) = introduced(text) {
                found.push((index, vec![name], Form::Introduced, look.words.len()));
            }
        }
    }
    found.truncate(MOST_CANDIDATES);
    let all: Vec<String> = found.iter().map(|(_, names, ..)| names[0].clone()).collect();
    let candidate = |(order, (index, names, form, rest)): (usize, (usize, Vec<String>, Form, usize))| {
        let first = names[0].as_str();
        let last_name = first.rsplit(' ').next().unwrap_or(first);
        let mentions = |part: &str| {
            place.lines.iter().filter(|line| line.text.contains(part)).take(MOST_MENTIONS).count()
        };
        let prose_mentions = place
            .lines
            .iter()
            .zip(place.looks)
            .zip(place.odds)
            .filter(|((line, look), odds)| look.is_prose && **odds > 0.0 && line.text.contains(first))
            .take(MOST_MENTIONS);
        let mut values = vec![
            f32::from(form as u8),
            count(rest),
            count(names.len()),
            count(first.split(' ').count()),
            flag(names::is_person(first)),
            count(mentions(first)),
            count(mentions(last_name)),
            count(prose_mentions.count()),
            count(all.iter().filter(|name| *name == first).count()),
            count(order),
            count(all.len()),
            flag(place.lines[index].text.len() == first.len()),
            flag(place.lines[index].text.starts_with(first)),
            flag(!names::dates(&place.lines[index].text).is_empty()),
            flag(is_published(&place.lines[index].text.to_lowercase())),
            flag(is_commented(&place.lines[index].text.to_lowercase())),
            flag(words::is_common(&last_name.to_lowercase())),
        ];
        values.extend(place.values(index));
        AuthorCandidate { index, names, form, values }
    };
    found.into_iter().enumerate().map(candidate).collect()
}

/// A page of more dates or names than this is a list, and the article's own stand at its start.
const MOST_CANDIDATES: usize = 400;
/// Mentions of a name beyond this many say nothing more.
const MOST_MENTIONS: usize = 8;
/// The longest byline in words.
const LONGEST_BYLINE: usize = 35;
/// The longest line in words that gives a name and an office.
const LONGEST_BARE: usize = 14;
/// The longest note about an author in words.
const LONGEST_BIO: usize = 150;
/// After the names a byline that is nothing else has at most this many words.
const BYLINE_REST: usize = 12;

/// The authors.
fn authors(place: &Place<'_>, roles: &mut [Role], models: &Models) -> Vec<Fact<String>> {
    let judged = names_of(place).into_iter().map(|found| (models.odds(Model::Author, &found.values), found));
    let best = judged.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((_, found)) = best.filter(|(odds, _)| *odds >= AUTHOR) else { return of_bio(place, roles) };
    let index = found.index;
    let is_title = |index: usize| roles[index] == Role::Removed(Rule::Title);
    let rest = || {
        names::byline(&place.lines[index].text)
            .map_or(0, |byline| place.lines[index].text[byline.range.end..].split_whitespace().count())
    };
    let (how, rule) = match found.form {
        Form::Said => (How::Byline, (rest() <= BYLINE_REST).then_some(Rule::Byline)),
        Form::SaidBefore => (How::Byline, Some(Rule::Byline)),
        Form::Bare => (How::OwnLine, Some(Rule::Byline)),
        Form::Lead => (How::OwnLine, None),
        Form::Bio => (How::Bio, Some(Rule::Bio)),
        Form::Introduced => (How::Bio, None),
    };
    if let Some(rule) = rule.filter(|_| !is_title(index)) {
        roles[index] = Role::Removed(rule);
    }
    if let (Form::SaidBefore, Some(before)) = (found.form, index.checked_sub(1))
        && roles[before] != Role::Removed(Rule::Title)
    {
        roles[before] = Role::Removed(Rule::Byline);
    }
    let line = place.lines[index].number;
    found.names.into_iter().map(|value| Fact { value, line, how }).collect()
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

/// Whether a line is nothing but a date, perhaps with the weekday, the hour and a word such as "Published".
pub(super) fn is_date_line(text: &str) -> bool {
    names::dates(text).first().is_some_and(|found| {
        let rest = format!("{} {}", &text[..found.range.start], &text[found.range.end..]);
        let extra = rest.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1);
        extra.filter(|word| !super::cues::of(word).has(Cue::Dated)).count() <= 1
    })
}

/// The author of the note about the author, which says so by its form.
fn of_bio(place: &Place<'_>, roles: &mut [Role]) -> Vec<Fact<String>> {
    let mut after = place.last..(place.last + AFTER).min(place.lines.len()).min(place.comments);
    let found = after.find_map(|index| Some((index, bio_name(&place.lines[index].text)?)));
    let Some((index, value)) = found else { return Vec::new() };
    if roles[index] != Role::Removed(Rule::Title) {
        roles[index] = Role::Removed(Rule::Bio);
    }
    vec![Fact { value, line: place.lines[index].number, how: How::Bio }]
}

/// Lines after the article in which a note about its author is looked for.
const AFTER: usize = 40;

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
