//! One seed becomes an article, before anybody asks what is there already.
//!
//! In: a seed's path and bytes. Out: a [`Proposal`]. A pure function of the one seed, whatever the site holds.

use std::ops::Not;

use super::archive::{self, Archive, NoArchive};
use super::decode::{self, Decoded, decode, decode_html};
use super::foreign::{self, Around};
use super::limits;
use super::mail::{self, Says};
use super::text::{self, Fact, How, Reading, conservation};
use super::{Outcome, hash, html};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::fields::{Fields, UNKNOWN_KEY};
use crate::front_matter::{self, FrontMatter};
use crate::path::SitePath;
use crate::seeds::{MARKED, PICTURES, Unread};
use crate::text::Text;

/// One seed as an article, before anybody asks what is there already.
pub(super) struct Proposal {
    /// The hash of its bytes; empty where they could not be read.
    pub(super) hash: String,
    /// Its article, or how it ends without one and why.
    pub(super) made: Proposed,
}

/// What a seed gives.
pub(super) enum Proposed {
    /// What it gave before, which its article is still.
    AsBefore,
    /// An article.
    Article(Box<Made>),
    /// None.
    Refused(Refusal),
}

/// What whoever brings a seed says of it, where it comes from no file of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'a> {
    /// The ending that its file would have, such as `html`: how it is to be read.
    pub ending: Option<&'a str>,
    /// Where it was fetched.
    pub url: Option<&'a str>,
    /// The encoding it was said to be in, by its label.
    pub encoding: Option<&'a str>,
}

/// Why a seed has no article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// How it ends: skipped or quarantined.
    pub outcome: Outcome,
    /// Why, in words.
    pub reason: String,
    /// What the curator can do.
    pub(super) hint: &'static str,
}

impl Refusal {
    fn new(outcome: Outcome, reason: impl Into<String>) -> Refusal {
        Refusal { outcome, reason: reason.into(), hint: "mend the seed, or move it out of `seeds/`" }
    }
}

/// The article of a seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Its title, from which its file gets its name.
    pub title: String,
    /// The whole file: front matter and body.
    pub article: String,
    /// What was read of the seed, and what was left out.
    pub reading: Option<(Decoded, Reading)>,
    /// Files that the article shows, to stand beside it.
    pub pictures: Vec<html::Picture>,
}

/// Proposes a seed's article, unless it is known by its hash to be as it was.
pub(super) fn propose(
    path: &SitePath,
    bytes: &[u8],
    around: &Around<'_>,
    is_as_before: impl Fn(&str) -> bool,
) -> Proposal {
    let hash = hash(bytes);
    let made = if is_as_before(&hash) {
        Proposed::AsBefore
    } else {
        make(path, bytes, around).map_or_else(Proposed::Refused, |made| Proposed::Article(Box::new(made)))
    };
    Proposal { hash, made }
}

/// What becomes of something that stands below `seeds/` and is no seed.
pub(super) fn refuse(unread: &Unread) -> Proposal {
    let outcome = if unread.is_harmless() { Outcome::Skipped } else { Outcome::Quarantined };
    let refusal = Refusal { outcome, reason: unread.to_string(), hint: unread.hint() };
    Proposal { hash: String::new(), made: Proposed::Refused(refusal) }
}

/// One seed's article. A pure function of the seed, its path and its bytes; and of what stands around it, where other tools keep
/// an article in several files.
pub(super) fn make(path: &SitePath, bytes: &[u8], around: &Around<'_>) -> Result<Made, Refusal> {
    let mut pictures = Vec::new();
    let mut tags = Vec::new();
    let told = &around.told;
    let ending = told.ending.map_or_else(|| path.ending(), str::to_owned);
    let (decoded, mut reading) = match ending.as_str() {
        "txt" | "text" | "" => {
            let decoded = decode(bytes).map_err(no_text)?;
            limits::text(&decoded.text).map_err(too_much)?;
            let reading = text::read(&decoded.text);
            (decoded, reading)
        }
        "html" | "htm" | "xhtml" => {
            let mut decoded = decode_html(bytes, told.encoding).map_err(no_text)?;
            if is_chapter(path) {
                decoded.text = without_book(decoded.text);
            }
            let (files, inside) = around.book(path).unzip();
            let files = files.unwrap_or_default();
            let archive =
                Archive { address: told.url.map(str::to_owned), files, path: inside, ..Archive::default() };
            let marked =
                decoded.text.split_once(MARKED).map(|(page, marked)| (page.to_owned(), marked.to_owned()));
            if let Some((page, marked)) = marked {
                decoded.text = page;
                with_marked(saved_page(decoded, &archive, &mut pictures, &mut tags)?, &marked)
            } else {
                saved_page(decoded, &archive, &mut pictures, &mut tags)?
            }
        }
        ending @ ("mhtml" | "mht" | "webarchive") => {
            let archive =
                if ending == "webarchive" { archive::webarchive(bytes) } else { archive::mhtml(bytes) };
            let archive = archive.map_err(|why| Refusal::new(Outcome::Quarantined, why.to_string()))?;
            let decoded = decode_html(&archive.page, archive.encoding.as_deref()).map_err(no_text)?;
            saved_page(decoded, &archive, &mut pictures, &mut tags)?
        }
        "eml" => letter(bytes, &mut pictures)?,
        "md" | "markdown" => return markdown(path, bytes, around),
        ending if is_chapter(path) && PICTURES.contains(&ending) => {
            return Err(Refusal::new(
                Outcome::Skipped,
                "it is a picture: chapters that show it have it beside them",
            ));
        }
        ending => {
            let kinds = "`.txt`, `.html`, `.mhtml`, `.webarchive`, `.eml`, `.md`, `.epub` and `.zip` are";
            let reason = format!("files of kind `.{ending}` are not imported: {kinds}");
            return Err(Refusal::new(Outcome::Skipped, reason));
        }
    };
    limits::text(&reading.body).map_err(too_much)?;
    let mended = decoded.repairs.iter().cloned();
    reading.repairs.extend(mended);
    reading.repairs.sort_by_key(|repair| repair.line);
    if let Err(breach) = conservation::check(&decoded.text, &reading) {
        return Err(Refusal::new(Outcome::Quarantined, format!("importing it would lose words: {breach}")));
    }
    if reading.body.trim().is_empty() {
        return Err(Refusal::new(Outcome::Quarantined, "nothing in it looks like an article"));
    }
    let facts = &mut reading.facts;
    let fetched = || told.url.map(|url| Fact { value: url.to_owned(), line: 0, how: How::Told });
    facts.url = facts.url.take().or_else(fetched);
    let title = facts.title.as_ref().map_or_else(|| readable(named(path, told)), |title| title.value.clone());
    let front = FrontMatter {
        title: title.clone(),
        date: facts.date.as_ref().map(|date| date.value),
        authors: facts.authors.iter().map(|author| author.value.clone()).collect(),
        topics: around.topics(&tags),
        language: facts.language.clone().filter(|language| language != "en"),
        seed: Some(path.as_str().to_owned()),
        url: facts.url.as_ref().map(|url| url.value.clone()),
        site: facts.site.as_ref().map(|site| site.value.clone()),
    };
    let article = format!("{}\n{}", front.to_toml(), reading.body);
    Ok(Made { title, article, reading: Some((decoded, reading)), pictures })
}

/// Reads a saved page; what stands in it that the article shows goes to `pictures`.
fn saved_page(
    decoded: Decoded,
    archive: &Archive,
    pictures: &mut Vec<html::Picture>,
    tags: &mut Vec<String>,
) -> Result<(Decoded, Reading), Refusal> {
    limits::page(&decoded.text).map_err(too_much)?;
    let page = html::read(&decoded.text, archive);
    tags.extend(page.tags);
    pictures.extend(page.pictures);
    let repairs = decode::shown(decoded.repairs, &page.text);
    Ok((Decoded { text: page.text, encoding: decoded.encoding, repairs }, page.reading))
}

/// A page with what its reader marked in it, below a line at its end.
fn with_marked((mut decoded, mut reading): (Decoded, Reading), marked: &str) -> (Decoded, Reading) {
    let marked = marked.trim();
    decoded.text = format!("{}\n\n{}\n", decoded.text.trim_end(), conservation::visible(marked).trim());
    reading.body = format!("{}\n\n---\n\n{marked}\n", reading.body.trim_end());
    (decoded, reading)
}

/// Whether a seed is a chapter of a book, or another file in one.
fn is_chapter(path: &SitePath) -> bool {
    foreign::book(path).is_some()
}

/// A chapter without the title in its head, which is mostly the book's, where it has a heading of its own.
fn without_book(page: String) -> String {
    let lower = page.to_ascii_lowercase();
    let has_heading = ["<h1", "<h2"].iter().any(|heading| lower.contains(heading));
    let title =
        lower.find("<title").zip(lower.find("</title>")).filter(|(start, end)| has_heading && start < end);
    match title {
        Some((start, end)) => format!("{}{}", &page[..start], &page[end + "</title>".len()..]),
        None => page,
    }
}

/// Reads a letter; who sent it, when and under which subject its head says.
fn letter(bytes: &[u8], pictures: &mut Vec<html::Picture>) -> Result<(Decoded, Reading), Refusal> {
    let letter = mail::letter(bytes).map_err(|why| {
        let why = match why {
            NoArchive::Damaged(why) => format!("it is no letter: {why}"),
            NoArchive::NoPage => "there is no text in the letter".to_owned(),
        };
        Refusal::new(Outcome::Quarantined, why)
    })?;
    let (decoded, mut reading) = match &letter.says {
        Says::Page(page) => {
            let decoded = decode_html(&page.page, page.encoding.as_deref()).map_err(no_text)?;
            saved_page(decoded, page, pictures, &mut Vec::new())?
        }
        Says::Text(text) => {
            let decoded = decode(text.as_bytes()).map_err(no_text)?;
            limits::text(&decoded.text).map_err(too_much)?;
            let reading = text::read(&decoded.text);
            (decoded, reading)
        }
    };
    letter.tell(&mut reading.facts);
    Ok((decoded, reading))
}

fn no_text(why: decode::NotText) -> Refusal {
    let outcome = match why {
        decode::NotText::Empty => Outcome::Skipped,
        decode::NotText::Binary => Outcome::Quarantined,
    };
    Refusal::new(outcome, format!("it {why}"))
}

fn too_much(reason: String) -> Refusal {
    let hint = "part it into articles, or move it out of `seeds/`";
    Refusal { outcome: Outcome::Quarantined, reason, hint }
}

/// The text of an article that import wrote once: it says its seed, and what was to be mended in that is mended.
fn own(bytes: &[u8]) -> Option<Decoded> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains(['\r', '\0']))?;
    let text = Text::new(SitePath::new(""), text.to_owned());
    let split = front_matter::split(&text, &mut Diagnostics::new());
    let says_seed = split.fields(&text).table("source").and_then(|mut source| source.text("seed")).is_some();
    says_seed.then(|| Decoded { text: text.read().into_owned(), encoding: "UTF-8", repairs: Vec::new() })
}

/// A Markdown seed passes through; what front matter it lacks it gets, and it says which seed it was.
fn markdown(path: &SitePath, bytes: &[u8], around: &Around<'_>) -> Result<Made, Refusal> {
    if foreign::is_section(path) {
        return Err(Refusal::new(Outcome::Skipped, "it is the page of a folder, and no article"));
    }
    let own = own(bytes);
    let is_own = own.is_some();
    let decoded = own.map_or_else(|| decode(bytes).map_err(no_text), Ok)?;
    limits::text(&decoded.text).map_err(too_much)?;
    let text = Text::new(path.clone(), decoded.text.clone());
    let mut found = Diagnostics::new();
    let split = front_matter::split(&text, &mut found);
    let body = crate::markdown::Body::read(&text, split.body.clone());
    let mut fields = split.fields(&text);
    let typed_title = fields.text("title").map(|typed| typed.value);
    if let Some(problem) = unreadable(fields, found) {
        return Err(no_front_matter(format!("cannot be read: {}", problem.in_short())));
    }
    if body.source().trim().is_empty() {
        return Err(Refusal::new(Outcome::Quarantined, "there is no text after its front matter"));
    }
    let heading =
        body.headings.first().filter(|heading| heading.level == 1).map(|heading| heading.title.clone());
    let is_untitled = split.has_keys() && typed_title.is_none() && heading.is_none();
    let title = typed_title.or(heading).unwrap_or_else(|| readable(foreign::name(path)));
    let (mut text, pictures) = foreign::adapted(&text, path, &title, is_own, around);
    if is_untitled {
        // Else it would be called as its file is here, in small letters.
        let mut edits = front_matter::edits(&text);
        front_matter::Front::of(&text).set(&mut edits, "title", &title);
        text = Text::new(path.clone(), edits.made());
    }
    let split = front_matter::split(&text, &mut Diagnostics::new());
    let body = crate::markdown::Body::read(&text, split.body.clone());
    let article = split.with_seed(&text, path.as_str()).unwrap_or_else(|| {
        let front = FrontMatter {
            title: title.clone(),
            seed: Some(path.as_str().to_owned()),
            ..FrontMatter::default()
        };
        format!("{}\n{}", front.to_toml(), text.read())
    });
    // A key may stand where YAML takes no other before it.
    let (made, mut found) = (Text::new(path.clone(), article.clone()), Diagnostics::new());
    let fields = front_matter::split(&made, &mut found).fields(&made);
    if let Some(problem) = unreadable(fields, found) {
        return Err(no_front_matter(format!("takes no other key: {}", problem.message)));
    }
    let repairs = decoded.repairs.clone();
    let reading = Reading { repairs, ..Reading::untouched(body.source().into_owned()) };
    Ok(Made { title, article, reading: Some((decoded, reading)), pictures })
}

/// The first problem of front matter, among those `found` and those of its fields; keys that are not Gleaner's are none.
fn unreadable(fields: Fields, mut found: Diagnostics) -> Option<Diagnostic> {
    let others = fields.close(Severity::Warning);
    found.extend(others.into_iter().filter(|one| one.message.starts_with(UNKNOWN_KEY).not()));
    found.sorted().first().map(|first| (*first).clone())
}

fn no_front_matter(why: String) -> Refusal {
    Refusal::new(Outcome::Quarantined, format!("its front matter {why}"))
}

/// The name of a seed without a title: the last part of its address, else that of its path.
fn named<'a>(path: &'a SitePath, told: &Told<'a>) -> &'a str {
    let place = told.url.and_then(|url| url.split_once("://")).map(|(_, place)| place);
    let way = place.and_then(|place| place.split(['?', '#']).next()?.split_once('/'));
    let last = way.and_then(|(_, way)| way.trim_end_matches('/').rsplit('/').next());
    let stem = last.map(|last| last.rsplit_once('.').map_or(last, |(stem, _)| stem));
    stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| path.stem())
}

/// A file's name as a title: `0042_on-growing-leeks` is `on growing leeks`.
fn readable(stem: &str) -> String {
    let words: Vec<&str> = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty()).collect();
    let named: Vec<&str> =
        words.iter().copied().skip_while(|word| word.bytes().all(|b| b.is_ascii_hexdigit())).collect();
    if named.is_empty() { words.join(" ") } else { named.join(" ") }
}
