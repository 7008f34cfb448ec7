//! One text seed becomes an article's facts and Markdown, with an account of everything left out.
//!
//! In: the decoded text of a seed. Out: a [`Reading`]. Data flows one way: the text's lines, what each of
//! them is, the blocks that the article's lines form, their Markdown. [`conservation`] then checks that
//! every letter and digit of the seed is in the body or among the removals.

use std::fmt;
use std::ops::Range;

use crate::date::Date;

mod words; // What single words tell.
mod cues; // The set phrases of furniture.
mod pieces; // The lines as they stand.
mod verbatim; // Which of them are code or a drawing.
mod wraps; // Which line ends are none.
mod lines; // The text's lines.
mod names; // Dates and persons' names in a line.
mod models; // What labelled pages taught.
mod features; // What a line looks like, in numbers.
mod title; // Which line is the title.
mod contents; // Which lines are the table of contents.
mod sequence; // What the lines around tell.
mod roles; // What each line is.
mod facts; // What the lines tell about the article.
mod blocks; // What an article is made of.
mod leads; // What leads in items and paragraphs.
mod verse; // Lines whose ends are meant.
mod tables; // Rows and columns.
mod lists; // Items, nested and interrupted.
mod quotations; // What others said.
mod speakers; // Who says what in an interview.
mod headings; // Headings and their levels.
mod notes; // Footnotes and their marks.
mod structure; // Blocks from the article's lines.
mod markdown; // Markdown from blocks.
pub mod conservation; // Nothing is lost.
#[cfg(test)]
mod tests;
#[cfg(test)]
mod shapes; // What becomes of the shapes of text.
#[cfg(test)]
mod training; // What `scripts/train-import.py` learns from.

pub use super::repair::{Repair, RepairKind};
pub(crate) use words::is_common;

/// What a text seed says: the article's facts, its body, and what isn't in the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What the seed tells about the article.
    pub facts: Facts,
    /// The article's body: Markdown without the title, blocks parted by one blank line, one newline at the end.
    pub body: String,
    /// Everything of the seed that isn't in the body, in the seed's order.
    pub removals: Vec<Removal>,
    /// Changes to the text itself.
    pub repairs: Vec<Repair>,
    /// The digits of list numbers, as bytes of the decoded text: the list gives them, not the words.
    pub list_numbers: Vec<Range<usize>>,
}

impl Reading {
    /// What is read of a seed that is an article already: all of it, as it is.
    pub fn untouched(body: String) -> Reading {
        let (removals, repairs, list_numbers) = (Vec::new(), Vec::new(), Vec::new());
        Reading { facts: Facts::default(), body, removals, repairs, list_numbers }
    }
}

/// The facts of an article that its text tells; what isn't there stays unknown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// The article's title.
    pub title: Option<Fact<String>>,
    /// Who wrote it, in the order of the byline.
    pub authors: Vec<Fact<String>>,
    /// When it was published.
    pub date: Option<Fact<Date>>,
    /// Its address.
    pub url: Option<Fact<String>>,
    /// The name of the site it was published on.
    pub site: Option<Fact<String>>,
    /// The language of the body as an ISO 639-1 code.
    pub language: Option<String>,
}

/// A fact with the place it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact<T> {
    /// What is known.
    pub value: T,
    /// The 1-based line of the decoded text.
    pub line: usize,
    /// How it was found.
    pub how: How,
}

/// How a fact was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The seed starts with it.
    FirstLine,
    /// It stands above the article like a title.
    AboveArticle,
    /// A byline says it.
    Byline,
    /// A line near the title is nothing else.
    OwnLine,
    /// The note about the author at the end says it.
    Bio,
    /// A line says that this is the article's address or origin.
    OriginLine,
    /// The copyright notice says it.
    Copyright,
    /// A web page says it in its data for search engines (JSON-LD, microdata).
    PageData,
    /// A web page says it in its head (`meta`, `link`, `title`).
    PageHead,
    /// A web page marks it in its text (`h1`, `time`, `rel=author`).
    PageMarkup,
    /// The head of a letter says it.
    Header,
    /// Whoever brought the seed says it.
    Told,
}

impl How {
    /// Every way.
    pub const ALL: &[How] = &[
        How::FirstLine,
        How::AboveArticle,
        How::Byline,
        How::OwnLine,
        How::Bio,
        How::OriginLine,
        How::Copyright,
        How::PageData,
        How::PageHead,
        How::PageMarkup,
        How::Header,
        How::Told,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            How::FirstLine => "first-line",
            How::AboveArticle => "above-article",
            How::Byline => "byline",
            How::OwnLine => "own-line",
            How::Bio => "bio",
            How::OriginLine => "origin-line",
            How::Copyright => "copyright",
            How::PageData => "page-data",
            How::PageHead => "page-head",
            How::PageMarkup => "page-markup",
            How::Header => "header",
            How::Told => "told",
        }
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            How::FirstLine => "from the first line",
            How::AboveArticle => "from the line above the article",
            How::Byline => "from the byline",
            How::OwnLine => "from a line of its own near the title",
            How::Bio => "from the bio at the end",
            How::OriginLine => "from the line that gives the origin",
            How::Copyright => "from the copyright notice",
            How::PageData => "from the page's structured data",
            How::PageHead => "from the page's head",
            How::PageMarkup => "from the page's markup",
            How::Header => "from the head of the letter",
            How::Told => "from what came with the seed",
        })
    }
}

/// What is said of a removed picture.
pub const PICTURE: &str = "a picture";

/// A piece of the seed that isn't in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The 1-based line of the decoded text it starts on.
    pub line: usize,
    /// Its bytes in the decoded text.
    pub range: Range<usize>,
    /// The bytes as text, exactly.
    pub text: String,
    /// Why it isn't in the body.
    pub rule: Rule,
}

impl Removal {
    /// What a reader would miss: its words, or `a picture`; `None` where it is nothing.
    pub fn shown(&self) -> Option<&str> {
        let text = self.text.trim();
        match self.rule {
            Rule::PictureTooLarge | Rule::PictureBroken | Rule::PictureUnknown | Rule::Drawing => {
                Some(PICTURE)
            }
            _ if text.is_empty() => None,
            _ => Some(text),
        }
    }
}

/// Declares the rules with their names and explanations in one table.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $name:literal $explain:literal,)+) => {
        /// Why a piece of the seed isn't in the body.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $explain] $rule,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Rule] = &[$(Rule::$rule),+];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $(Rule::$rule => $name,)+ }
            }

            /// One plain sentence for the curator.
            pub fn explain(self) -> &'static str {
                match self { $(Rule::$rule => $explain,)+ }
            }
        }
    };
}

rules! {
    Title "title" "The title; it is in the front matter.",
    Byline "byline" "The byline; the author is in the front matter.",
    Date "date" "The date; it is in the front matter where it is the article's.",
    Origin "origin" "The article's address or source; it is in the front matter.",
    ShareBar "share-bar" "Buttons and counters for sharing, liking, following or printing.",
    CommentPrompt "comment-prompt" "An invitation to comment, or the form for it.",
    Comments "comments" "Comments of readers.",
    Bio "bio" "A note about the author.",
    Slogan "slogan" "A short line after the article that is no sentence, such as a slogan of the site.",
    PhotoCredit "photo-credit" "The credit of a picture.",
    Caption "caption" "The caption or description of a picture that a text can't show.",
    Navigation "navigation" "Menus and links of the site.",
    RelatedLinks "related-links" "Links to other articles.",
    Newsletter "newsletter" "An invitation to subscribe.",
    CookieNotice "cookie-notice" "A notice about cookies, consent or the browser.",
    Legal "legal" "Copyright and terms of the site.",
    Advert "advert" "An advertisement or a notice about one.",
    Account "account" "Signing in, registering, the shopping cart.",
    Contact "contact" "An offer or address of the site: getting in touch, demos, downloads.",
    Filed "filed" "Subjects and tags under which the site files the article.",
    Counter "counter" "Reading time, views, ratings and other counters.",
    Form "form" "What stands in a form to be filled in or copied.",
    Contents "contents" "The table of contents; the site makes its own.",
    Repeated "repeated" "A repetition of what stands elsewhere in the seed.",
    Empty "empty" "A line without words.",
    Aside "aside" "A piece beside the article that reads like furniture.",
    Hidden "hidden" "Text that the page hides from its readers.",
    Markup "markup" "A sign that sets off what it stands by, such as the fence around code; the site draws its own.",
    PictureTooLarge "picture-too-large" "A picture inside the page, of more bytes than a site should send its readers.",
    PictureBroken "picture-broken" "A picture inside the page whose data cannot be read.",
    PictureUnknown "picture-unknown" "A picture inside the page, of a kind that not every browser shows.",
    Drawing "drawing" "A drawing inside the page (SVG): such a file may hold scripts, so it is not taken over.",
    FootnoteMark "footnote-mark" "The number of a footnote; the site numbers its notes itself.",
}

/// Reads the decoded text of a text seed.
pub fn read(text: &str) -> Reading {
    read_by(text, &models::LEARNT)
}

/// Reads the decoded text of a text seed as these models judge it.
fn read_by(text: &str, models: &models::Models) -> Reading {
    let vocabulary = lines::vocabulary(text);
    let lines = structure::part(text, lines::of(text, &vocabulary), &vocabulary);
    let (lines, mut roles, mut facts) = roles::assign(text, lines, &vocabulary, models);
    structure::set_fences(&lines, &mut roles);
    let title = facts.title.as_ref().map(|title| title.value.as_str());
    let (blocks, marks) = structure::build(text, &lines, &roles, title);
    facts.language = words::language(&markdown::plain(&blocks));

    // Escaping as far as needed is a matter of many small rules of CommonMark, and a seed may hold anything.
    // So the result is checked; a body that doesn't hold is written again with everything escaped.
    let removals = removals(text, &lines, &roles, marks);
    let repairs = repairs(&lines, &roles);
    let list_numbers = structure::list_numbers(&blocks);
    let mut reading = Reading { facts, body: markdown::write(&blocks), removals, repairs, list_numbers };
    if conservation::check(text, &reading).is_err() {
        reading.body = markdown::write_strictly(&blocks);
    }
    reading
}

/// The lines that aren't in the body, and the numbers of footnotes; neighbours with the same rule stay apart,
/// one removal a line.
fn removals(
    text: &str,
    lines: &[lines::Line],
    roles: &[roles::Role],
    marks: Vec<Range<usize>>,
) -> Vec<Removal> {
    let removed = lines.iter().zip(roles).filter_map(|(line, role)| match role {
        roles::Role::Removed(rule) => Some(Removal {
            line: line.number,
            range: line.range.clone(),
            text: text[line.range.clone()].to_owned(),
            rule: *rule,
        }),
        roles::Role::Heading | roles::Role::Text => None,
    });
    let mut removed: Vec<Removal> = removed.collect();
    if !marks.is_empty() {
        let newlines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        removed.extend(marks.into_iter().map(|range| Removal {
            line: newlines.partition_point(|newline| *newline < range.start) + 1,
            text: text[range.clone()].to_owned(),
            range,
            rule: Rule::FootnoteMark,
        }));
        removed.sort_by_key(|removal| removal.range.start);
    }
    removed
}

/// The repairs of the lines whose words are used.
fn repairs(lines: &[lines::Line], roles: &[roles::Role]) -> Vec<Repair> {
    let used = lines.iter().zip(roles).filter(|(_, role)| match role {
        roles::Role::Removed(rule) => *rule == Rule::Title,
        roles::Role::Heading | roles::Role::Text => true,
    });
    used.flat_map(|(line, _)| line.repairs.iter().cloned()).collect()
}

/// What the words of a line tell, for seeds of other kinds.
pub(super) mod tells {
    use crate::date::Date;

    use super::{cues, names, words};

    /// The words of a line in lower case.
    pub(crate) fn words(text: &str) -> Vec<String> {
        cues::words(text)
    }

    /// The language of running text as its ISO 639-1 code.
    pub(crate) fn language(text: &str) -> Option<String> {
        words::language(text)
    }

    /// What a line tells, in numbers.
    #[derive(Debug, Clone)]
    pub(crate) struct Tells {
        /// The share of the small words that sentences are made of.
        pub(crate) small: f32,
        /// Whether it has a date.
        pub(crate) dated: f32,
        /// Whether it is a byline.
        pub(crate) byline: f32,
        /// Whether it is nothing but a person's name.
        pub(crate) named: f32,
        /// The share of its words that belong to the set phrases of furniture.
        pub(crate) cue_share: f32,
        /// For each kind of set phrase, whether it has one.
        pub(crate) cues: [f32; cues::CUES],
    }

    /// Lines with more words are no bylines.
    const BYLINE_WORDS: usize = 30;

    /// Looks at a line; `words` are its words.
    pub(crate) fn of(text: &str, words: &[String]) -> Tells {
        let found = cues::of_words(words);
        let small = words.iter().filter(|word| words::is_small(word)).count();
        let is_short = words.len() <= BYLINE_WORDS;
        Tells {
            small: small as f32 / words.len().max(1) as f32,
            dated: f32::from(is_short && !names::dates(text).is_empty()),
            byline: f32::from(is_short && names::byline(text).is_some()),
            named: f32::from(words.len() <= 6 && names::bare(text).is_some()),
            cue_share: found.share() as f32,
            cues: std::array::from_fn(|cue| f32::from(found.has_index(cue))),
        }
    }

    /// Whether the words of a line announce a table of contents.
    pub(crate) fn announces_contents(words: &[String]) -> bool {
        cues::announces_contents(words)
    }

    /// The dates in a line.
    pub(crate) fn dates(text: &str) -> Vec<Date> {
        names::dates(text).into_iter().map(|found| found.date).collect()
    }

    /// The names that a byline gives.
    pub(crate) fn byline(text: &str) -> Vec<String> {
        names::byline(text).map(|byline| byline.names).unwrap_or_default()
    }

    /// The names in a line that is nothing but names.
    pub(crate) fn bare_names(text: &str) -> Vec<String> {
        names::bare(text).map(|byline| byline.names).unwrap_or_default()
    }

    /// The rule for a line whose set phrases say what it is.
    pub(crate) fn rule(words: &[String]) -> Option<super::Rule> {
        use super::Rule;
        use super::cues::Cue;
        const RULES: [(Cue, Rule); 12] = [
            (Cue::Cookie, Rule::CookieNotice),
            (Cue::Newsletter, Rule::Newsletter),
            (Cue::Comment, Rule::CommentPrompt),
            (Cue::Share, Rule::ShareBar),
            (Cue::Network, Rule::ShareBar),
            (Cue::Advert, Rule::Advert),
            (Cue::Legal, Rule::Legal),
            (Cue::Account, Rule::Account),
            (Cue::Related, Rule::RelatedLinks),
            (Cue::Picture, Rule::PhotoCredit),
            (Cue::Filed, Rule::Filed),
            (Cue::Counter, Rule::Counter),
        ];
        let found = cues::of_words(words);
        RULES.iter().find(|(cue, _)| found.has(*cue)).map(|(_, rule)| *rule)
    }
}
