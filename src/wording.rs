//! What the site says of its own to its readers, in the site's language: headings, labels, counts and dates.
//!
//! In: the site's language, and its theme's files `i18n/<language>.toml`. Out: a [`Wording`], which says any string by
//! its key. A string that a language does not have is said in English.
//!
//! Source of the plural forms: Unicode CLDR, Language Plural Rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde::Deserialize;
use unic_langid::LanguageIdentifier;

use crate::date::Date;
use crate::diagnostic::{Diagnostics, Problem, nearest};
use crate::path::SitePath;
use crate::text::{Text, control_in};

/// The folder of a theme with a file for each language.
pub const FOLDER: &str = "i18n";

/// The language in which everything can be said.
pub const ENGLISH: &str = "en";

const IN_ENGLISH: &str = include_str!("../themes/default/i18n/en.toml");

/// The strings that the theme's scripts say.
const SCRIPT: &str = "script";

/// Names of the plural forms, in CLDR's order.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The form that every language has.
const OTHER: usize = 5;

/// What a string with plural forms always has: the number in digits, and as a word, small and with a capital.
const COUNTED: [&str; 3] = ["count", "number", "Number"];

/// How many months every list of months has.
const MONTHS: usize = 12;

/// How many missing strings a report names.
const NAMED: usize = 5;

/// Languages that are written from right to left, and scripts that are (ISO 639 and ISO 15924).
const RIGHT_TO_LEFT: &[&str] = &[
    "adlm", "ar", "arab", "arc", "ckb", "dv", "fa", "he", "hebr", "ks", "mand", "nko", "nkoo", "ps", "rohg",
    "samr", "sd", "syr", "syrc", "thaa", "ug", "ur", "yi",
];

/// The site's own words in one language.
#[derive(Clone)]
pub struct Wording {
    /// BCP 47 tag of the site's language, as typed.
    language: String,
    plurals: PluralRules,
    strings: BTreeMap<String, Said>,
    /// A hash of all it was read from.
    id: [u8; 32],
}

/// A string as it is said.
#[derive(Debug, Clone)]
enum Said {
    Text(Pattern),
    /// One for each of [`FORMS`] that the language tells apart.
    Forms(Box<[Option<Pattern>; 6]>),
    List(Vec<String>),
}

/// A string in pieces.
#[derive(Debug, Clone)]
struct Pattern {
    typed: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// What is given by this name stands here.
    Value(String),
    /// A link begins, to what is given by this name.
    Link(String),
    /// The link ends.
    End,
}

/// A string as typed in a file.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Typed {
    Text(String),
    List(Vec<String>),
    Forms(BTreeMap<String, String>),
}

/// A file as typed: strings by the part of the site and their name there.
type File = BTreeMap<String, BTreeMap<String, toml::Spanned<Typed>>>;

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wording").field("language", &self.language).finish_non_exhaustive()
    }
}

/// They say everything alike.
impl PartialEq for Wording {
    fn eq(&self, other: &Wording) -> bool {
        self.id == other.id
    }
}

/// The built-in words in English.
impl Default for Wording {
    fn default() -> Wording {
        Wording::english().clone()
    }
}

static ENGLISH_WORDING: LazyLock<Wording> = LazyLock::new(|| Wording::read(ENGLISH, &[]).0);

impl Wording {
    /// The built-in words in English.
    pub fn english() -> &'static Wording {
        &ENGLISH_WORDING
    }

    /// Reads what a site says in a language of a file each, English aside: a later one wins over those before it.
    pub fn read(language: &str, files: &[Text]) -> (Wording, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut id = blake3::Hasher::new();
        let mut strings = BTreeMap::new();
        let plurals = plurals(language);
        let english =
            Text::new(SitePath::new("themes/default/i18n/en.toml (built in)"), IN_ENGLISH.to_owned());
        let mut spoken = BTreeSet::new();
        for (index, text) in std::iter::once(&english).chain(files).enumerate() {
            id.update(text.read().as_bytes()).update(b"\0");
            for (key, said) in read(text, &strings, index == 0, &mut found) {
                if is_in(text, language) {
                    spoken.insert(key.clone());
                }
                strings.insert(key, said);
            }
        }
        id.update(language.as_bytes());
        let wording =
            Wording { language: language.to_owned(), plurals, strings, id: *id.finalize().as_bytes() };
        wording.report_missing(&spoken, files, &mut found);
        (wording, found)
    }

    fn report_missing(&self, spoken: &BTreeSet<String>, files: &[Text], found: &mut Diagnostics) {
        let missing: Vec<&String> = self.strings.keys().filter(|key| !spoken.contains(*key)).collect();
        if missing.is_empty() || primary(&self.language) == ENGLISH {
            return;
        }
        let own = files.iter().rev().find(|text| is_in(text, &self.language));
        let Some(own) = own else {
            let message =
                format!("the site's own words are in English: there are none in `{}`", self.language);
            let hint = format!(
                "translate the theme's `{FOLDER}/{ENGLISH}.toml` as `themes/<theme>/{FOLDER}/{}.toml`",
                primary(&self.language)
            );
            found.push(Problem::new(message).hint(hint).in_file(SitePath::new("gleaner.toml")).as_warning());
            return;
        };
        let mut named: Vec<String> = missing.iter().take(NAMED).map(|key| format!("`{key}`")).collect();
        if missing.len() > NAMED {
            named.push(format!("{} more", missing.len() - NAMED));
        }
        let message = format!("strings are missing, and are said in English: {}", named.join(", "));
        found.push(Problem::new(message).at(own.span(0..0)).as_warning());
    }

    /// BCP 47 tag of the language.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What all of it depends on, as a hash.
    pub fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// Says a string as plain text; what is given stands where its name does.
    pub fn say(&self, key: &str, given: &[(&str, &str)]) -> String {
        self.plain(key, None, given)
    }

    /// Says a string in the form that a number asks for.
    pub fn count(&self, key: &str, number: usize, given: &[(&str, &str)]) -> String {
        self.plain(key, Some(number), given)
    }

    fn plain(&self, key: &str, number: Option<usize>, given: &[(&str, &str)]) -> String {
        let mut text = String::new();
        for piece in self.pieces(key, number).unwrap_or_default() {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Value(name) => match given.iter().find(|(known, _)| known == name) {
                    Some((_, value)) => text.push_str(value),
                    None => text.extend(number.and_then(|number| self.counted(name, number))),
                },
                Piece::Link(_) | Piece::End => {}
            }
        }
        text
    }

    /// Says a string as HTML, in the form that a number asks for where there is one. What is given is HTML; for a link,
    /// the address as it stands in an attribute.
    ///
    /// # Errors
    /// When there is no string of that name, or it speaks of what is not given: a sentence that says so.
    pub fn html(
        &self,
        key: &str,
        number: Option<usize>,
        given: impl Fn(&str) -> Option<String>,
    ) -> Result<String, String> {
        let Some(pieces) = self.pieces(key, number) else {
            let known = nearest(key, self.strings.keys().map(String::as_str));
            let known = known.map(|known| format!(" (did you mean `{known}`?)")).unwrap_or_default();
            return Err(format!("there is no string `{key}`{known}"));
        };
        let lacking = |name: &str| format!("the string `{key}` speaks of `{name}`, which is not given");
        let mut html = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(words) => push_escaped(&mut html, words),
                Piece::Value(name) => match given(name) {
                    Some(given) => html.push_str(&given),
                    None => {
                        let counted = number.and_then(|number| self.counted(name, number));
                        push_escaped(&mut html, &counted.ok_or_else(|| lacking(name))?);
                    }
                },
                Piece::Link(name) => {
                    let href = given(name).ok_or_else(|| lacking(name))?;
                    html.push_str(&format!("<a href=\"{href}\">"));
                }
                Piece::End => html.push_str("</a>"),
            }
        }
        Ok(html)
    }

    fn pieces(&self, key: &str, number: Option<usize>) -> Option<&[Piece]> {
        let pattern = match self.strings.get(key)? {
            Said::Text(pattern) => Some(pattern),
            Said::Forms(forms) => {
                let form = number.map_or(OTHER, |number| form(&self.plurals, number));
                forms[form].as_ref().or(forms[OTHER].as_ref())
            }
            Said::List(_) => None,
        };
        pattern.map(|pattern| pattern.pieces.as_slice())
    }

    fn counted(&self, name: &str, number: usize) -> Option<String> {
        match name {
            "count" => Some(number.to_string()),
            "number" => Some(self.in_words(number)),
            "Number" => Some(capitalised(&self.in_words(number))),
            _ => None,
        }
    }

    /// A number as a word where the language has one for it, else in digits.
    fn in_words(&self, number: usize) -> String {
        let word = self.list_of("numbers.words").get(number);
        word.cloned().unwrap_or_else(|| number.to_string())
    }

    fn list_of(&self, key: &str) -> &[String] {
        match self.strings.get(key) {
            Some(Said::List(list)) => list,
            Some(Said::Text(_) | Said::Forms(_)) | None => &[],
        }
    }

    /// A date in words, `2 March 2011`, at the precision it has.
    pub fn date(&self, date: Date) -> String {
        let year = date.year().to_string();
        let Some(month) = self.month("dates.months", date) else { return year };
        let given = [("month", month), ("year", &year)];
        match date.day() {
            Some(day) => self.count("dates.day", day.into(), &given),
            None => self.say("dates.month", &given),
        }
    }

    /// The month and, where it is known, the day: `2 Mar`; empty where only the year is known.
    pub fn short_date(&self, date: Date) -> String {
        let Some(month) = self.month("dates.short_months", date) else { return String::new() };
        match date.day() {
            Some(day) => self.count("dates.short_day", day.into(), &[("month", month)]),
            None => month.to_owned(),
        }
    }

    fn month(&self, list: &str, date: Date) -> Option<&str> {
        let months = self.list_of(list);
        months.get(usize::from(date.month()?).checked_sub(1)?).map(String::as_str)
    }

    /// `a`, `a and b`, `a, b and c`.
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        match items {
            [] => String::new(),
            [one] => one.as_ref().to_owned(),
            [first @ .., last] => {
                let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
                let first = first.join(&self.say("marks.between", &[]));
                format!("{first}{}{}", self.say("marks.last", &[]), last.as_ref())
            }
        }
    }

    /// Words in another script between the site's own: where those run from right to left, they are set apart, so that
    /// a number after them stays where it belongs (UAX 9, first strong isolate).
    pub fn apart(&self, words: &str) -> String {
        let is_other = self.direction() == "rtl" && words.contains(|c: char| c.is_ascii_alphabetic());
        if is_other { format!("\u{2068}{words}\u{2069}") } else { words.to_owned() }
    }

    /// `rtl` where the language is written from right to left, else `ltr`.
    pub fn direction(&self) -> &'static str {
        let subtags: Vec<String> = self.language.split('-').map(str::to_lowercase).collect();
        // A script that is named decides (RFC 5646: four letters), else the language.
        let script =
            subtags.iter().skip(1).find(|tag| tag.len() == 4 && tag.bytes().all(|b| b.is_ascii_alphabetic()));
        let deciding = script.or(subtags.first()).map(String::as_str).unwrap_or_default();
        if RIGHT_TO_LEFT.contains(&deciding) { "rtl" } else { "ltr" }
    }

    /// What scripts say, as a JSON object: of each string its text, or its plural forms by name.
    pub fn for_scripts(&self) -> String {
        let said = self.strings.iter().filter_map(|(key, said)| {
            let name = key.strip_prefix(SCRIPT)?.strip_prefix('.')?;
            Some((name.to_owned(), said.typed()))
        });
        serde_json::Value::Object(said.collect()).to_string()
    }
}

impl Said {
    fn typed(&self) -> serde_json::Value {
        match self {
            Said::Text(pattern) => pattern.typed.clone().into(),
            Said::Forms(forms) => {
                let forms = FORMS.iter().zip(forms.iter()).filter_map(|(name, form)| {
                    Some(((*name).to_owned(), form.as_ref()?.typed.clone().into()))
                });
                serde_json::Value::Object(forms.collect())
            }
            Said::List(list) => list.clone().into(),
        }
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let (text, forms) = match self {
            Said::Text(pattern) => (Some(pattern), None),
            Said::Forms(forms) => (None, Some(forms.iter().flatten())),
            Said::List(_) => (None, None),
        };
        text.into_iter().chain(forms.into_iter().flatten())
    }

    /// All names that what is given goes by; `true` where it is the address of a link.
    fn names(&self) -> BTreeSet<(&str, bool)> {
        let pieces = self.patterns().flat_map(|pattern| &pattern.pieces);
        let names = pieces.filter_map(|piece| match piece {
            Piece::Value(name) => Some((name.as_str(), false)),
            Piece::Link(name) => Some((name.as_str(), true)),
            Piece::Text(_) | Piece::End => None,
        });
        names.collect()
    }

    /// All that was typed.
    fn typed_texts(&self) -> impl Iterator<Item = &str> {
        let list = if let Said::List(list) = self { list.as_slice() } else { &[] };
        self.patterns().map(|pattern| pattern.typed.as_str()).chain(list.iter().map(String::as_str))
    }
}

impl Pattern {
    /// Takes a string apart: `{name}` is a value, `<name>words</name>` a link; all else is text.
    fn of(typed: &str) -> Pattern {
        let mut pieces = Vec::new();
        let mut rest = typed;
        while let Some(at) = rest.find(['{', '<']) {
            let (text, sign) = rest.split_at(at);
            let end = if sign.starts_with('{') { '}' } else { '>' };
            let name = sign[1..].split_once(end).filter(|(name, _)| is_name(name.trim_start_matches('/')));
            let Some((name, after)) = name else {
                push_text(&mut pieces, &rest[..=at]);
                rest = &rest[at + 1..];
                continue;
            };
            push_text(&mut pieces, text);
            pieces.push(match (end, name.starts_with('/')) {
                ('}', _) => Piece::Value(name.to_owned()),
                (_, true) => Piece::End,
                (_, false) => Piece::Link(name.to_owned()),
            });
            rest = after;
        }
        push_text(&mut pieces, rest);
        Pattern { typed: typed.to_owned(), pieces }
    }
}

/// Whether each link of a string begins and ends, and none is in another.
fn has_whole_links(pattern: &Pattern) -> bool {
    let mut is_open = false;
    for piece in &pattern.pieces {
        match piece {
            Piece::Link(_) | Piece::End if is_open == matches!(piece, Piece::Link(_)) => return false,
            Piece::Link(_) | Piece::End => is_open = !is_open,
            Piece::Text(_) | Piece::Value(_) => {}
        }
    }
    !is_open
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

fn push_escaped(html: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _infallible = pulldown_cmark_escape::escape_html(html, text);
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// Reads a file: what it says, checked against what is said in English.
fn read(
    text: &Text,
    known: &BTreeMap<String, Said>,
    is_english: bool,
    found: &mut Diagnostics,
) -> Vec<(String, Said)> {
    let file: File = match toml::from_str(&text.read()) {
        Ok(file) => file,
        Err(error) => {
            let hint = "a file of strings has tables such as `[names]`, and in them lines such as `topics = \"...\"`";
            let message = match error.message().lines().next().unwrap_or_default() {
                of_none if of_none.contains("untagged") => {
                    "a string is a text, a list of texts, or plural forms and their texts".to_owned()
                }
                message => message.to_owned(),
            };
            found.push(Problem::new(message).hint(hint).at(text.span(error.span().unwrap_or(0..0))));
            return Vec::new();
        }
    };
    let mut said = Vec::new();
    for (part, name, typed) in file
        .into_iter()
        .flat_map(|(part, strings)| strings.into_iter().map(move |(name, typed)| (part.clone(), name, typed)))
    {
        let key = format!("{part}.{name}");
        let place = text.span(typed.span());
        let checked =
            if is_english { said_as(typed.into_inner()) } else { checked(&key, typed.into_inner(), known) };
        match checked {
            Ok(one) => said.push((key, one)),
            Err(problem) => found.push(problem.at(place)),
        }
    }
    said
}

fn said_as(typed: Typed) -> Result<Said, Problem> {
    Ok(match typed {
        Typed::Text(typed) => Said::Text(Pattern::of(&typed)),
        Typed::List(list) => Said::List(list),
        Typed::Forms(typed) => {
            let mut forms: Box<[Option<Pattern>; 6]> = Box::default();
            for (name, typed) in &typed {
                let Some(form) = FORMS.iter().position(|known| known == name) else {
                    let problem =
                        Problem::new(format!("there is no plural form `{name}`")).did_you_mean(name, FORMS);
                    return Err(problem.hint(format!("known are `{}`", FORMS.join("`, `"))));
                };
                forms[form] = Some(Pattern::of(typed));
            }
            if forms[OTHER].is_none() {
                return Err(Problem::new("the plural form `other` is missing").hint("every language has it"));
            }
            Said::Forms(forms)
        }
    })
}

fn checked(key: &str, typed: Typed, known: &BTreeMap<String, Said>) -> Result<Said, Problem> {
    let said = said_as(typed)?;
    if said.typed_texts().any(|text| control_in(text).is_some()) {
        return Err(Problem::new(format!("`{key}` has a control character in it")).hint("take it out"));
    }
    if !said.patterns().all(has_whole_links) {
        return Err(Problem::new(format!("a link in `{key}` does not begin or does not end"))
            .hint("write both of its signs: `<name>words</name>`"));
    }
    let Some(english) = known.get(key) else {
        let problem = Problem::new(format!("nothing says the string `{key}`"));
        return Err(problem.did_you_mean(key, known.keys().map(String::as_str)));
    };
    let mut allowed = english.names();
    match (english, &said) {
        (Said::Forms(_), Said::Text(_) | Said::Forms(_)) => allowed.extend(COUNTED.map(|name| (name, false))),
        (Said::Text(_), Said::Text(_)) => {}
        (Said::List(_), Said::List(list)) if !key.ends_with("months") || list.len() == MONTHS => {}
        (Said::Text(_), _) => {
            return Err(Problem::new(format!("`{key}` is a text, and no number decides about it")));
        }
        (Said::Forms(_), Said::List(_)) => {
            return Err(Problem::new(format!("`{key}` is a list, where it takes a text or plural forms")));
        }
        (Said::List(_), _) => {
            return Err(Problem::new(format!("`{key}` takes a list of {MONTHS} or of number words")));
        }
    }
    let Some((name, is_link)) = said.names().into_iter().find(|name| !allowed.contains(name)) else {
        return Ok(said.clone());
    };
    let shown = |(name, is_link): &(&str, bool)| {
        if *is_link { format!("`<{name}>...</{name}>`") } else { format!("`{{{name}}}`") }
    };
    let as_what = if is_link { "the address of a link" } else { "a value" };
    let problem = Problem::new(format!("nothing is given to `{key}` by the name `{name}` as {as_what}"));
    let others = allowed.iter().map(|(name, _)| *name).filter(|other| *other != name);
    let problem = problem.did_you_mean(name, others);
    let given: Vec<String> = allowed.iter().map(shown).collect();
    Err(if given.is_empty() { problem } else { problem.hint(format!("it is given {}", given.join(", "))) })
}

/// The files among some that say things in a language: of `pt-BR` those of `pt` and then those of `pt-BR`; those of
/// English come before all.
pub fn in_order<'a>(language: &str, files: impl Iterator<Item = &'a Text> + Clone) -> Vec<&'a Text> {
    let of = |tag: &str| {
        files.clone().filter(|text| text.path().stem().eq_ignore_ascii_case(tag)).collect::<Vec<_>>()
    };
    let mut all = of(ENGLISH);
    let tags = language.match_indices('-').map(|(end, _)| &language[..end]).chain([language]);
    for tag in tags.filter(|tag| !tag.eq_ignore_ascii_case(ENGLISH)) {
        all.extend(of(tag));
    }
    all
}

fn primary(language: &str) -> String {
    language.split('-').next().unwrap_or_default().to_lowercase()
}

/// Whether a file says things in a language.
fn is_in(text: &Text, language: &str) -> bool {
    primary(text.path().stem()) == primary(language)
}

fn plurals(language: &str) -> PluralRules {
    let rules = |tag: &str| {
        let tag: LanguageIdentifier = tag.parse().ok()?;
        PluralRules::create(tag, PluralRuleType::CARDINAL).ok()
    };
    // Portuguese of Portugal has rules of its own; of most others the language alone has some.
    let found = rules(language).or_else(|| rules(&primary(language))).or_else(|| rules(ENGLISH));
    #[expect(clippy::expect_used, reason = "English has plural rules")]
    found.expect("English has plural rules")
}

fn form(plurals: &PluralRules, number: usize) -> usize {
    match plurals.select(number) {
        Ok(PluralCategory::ZERO) => 0,
        Ok(PluralCategory::ONE) => 1,
        Ok(PluralCategory::TWO) => 2,
        Ok(PluralCategory::FEW) => 3,
        Ok(PluralCategory::MANY) => 4,
        Ok(PluralCategory::OTHER) | Err(_) => OTHER,
    }
}

/// The first letter as a capital.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look into the files of the theme")]
mod tests {
    use super::*;
    use crate::import::repair::RepairKind;
    use crate::import::text::{How, PICTURE, Rule};

    fn text(path: &str, text: &str) -> Text {
        Text::new(SitePath::new(path), text.to_owned())
    }

    fn built_in(language: &str) -> Wording {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/i18n");
        let typed = std::fs::read_to_string(folder.join(format!("{language}.toml"))).unwrap();
        let (wording, found) = Wording::read(language, &[text(&format!("{language}.toml"), &typed)]);
        let found: Vec<String> = found.sorted().iter().map(|one| one.in_short()).collect();
        assert!(found.is_empty(), "{found:#?}");
        wording
    }

    const LANGUAGES: [&str; 5] = ["ar", "de", "en", "es", "fr"];

    #[test]
    fn every_language_has_every_string_with_its_plural_forms() {
        for language in LANGUAGES {
            let wording = built_in(language);
            let needed: BTreeSet<usize> = (0..1000).map(|number| form(&wording.plurals, number)).collect();
            for (key, said) in &wording.strings {
                let Said::Forms(forms) = said else { continue };
                let said: BTreeSet<usize> = (0..6).filter(|form| forms[*form].is_some()).collect();
                // One for all is enough where none of them bends, as with days.
                let is_alike = said == BTreeSet::from([OTHER]);
                assert!(
                    is_alike || needed.is_subset(&said),
                    "{language}: {key} has {said:?}, not {needed:?}"
                );
                assert!(
                    said.is_subset(&needed.union(&BTreeSet::from([OTHER])).copied().collect()),
                    "{language}: {key}"
                );
            }
            for months in ["dates.months", "dates.short_months"] {
                assert_eq!(wording.list_of(months).len(), MONTHS, "{language}: {months}");
            }
        }
    }

    /// Every key stands in a template or in the source, or is made of the name of a rule or the like; scripts say
    /// theirs.
    #[test]
    fn every_string_is_said_and_every_string_said_is_there() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut said: BTreeSet<String> = BTreeSet::new();
        let mut sources = String::new();
        for folder in ["themes/default/templates", "src/pages", "src/markdown", "src/wording.rs"] {
            for entry in walkdir::WalkDir::new(root.join(folder)) {
                let entry = entry.unwrap();
                if entry.file_type().is_file() {
                    let text = std::fs::read_to_string(entry.path()).unwrap();
                    let typed = text.split("say(key=\"").skip(1).filter_map(|rest| rest.split('"').next());
                    said.extend(typed.map(str::to_owned));
                    sources.push_str(text.split("#[cfg(test)]").next().unwrap_or_default());
                }
            }
        }
        said.extend(Rule::ALL.iter().map(|rule| format!("rules.{}", rule.name())));
        said.extend(RepairKind::ALL.iter().map(|kind| format!("repairs.{}", kind.name())));
        said.extend(How::ALL.iter().map(|how| format!("found.{}", how.name())));
        said.extend(["note", "tip", "important", "warning", "caution"].map(|kind| format!("text.{kind}")));
        let script = ["src/search/search.js", "themes/default/static/site.js"]
            .map(|path| std::fs::read_to_string(root.join(path)).unwrap())
            .concat();
        let english = Wording::english();
        for key in english.strings.keys() {
            let in_script =
                key.strip_prefix("script.").is_some_and(|name| script.contains(&format!("words.{name}")));
            assert!(
                in_script || said.contains(key) || sources.contains(&format!("\"{key}\"")),
                "nobody says `{key}`"
            );
        }
        let unknown: Vec<&String> = said.iter().filter(|key| !english.strings.contains_key(*key)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let parts: BTreeSet<&str> = english.strings.keys().filter_map(|key| key.split('.').next()).collect();
        for quoted in
            sources.split('"').filter(|one| one.split_once('.').is_some_and(|(part, _)| parts.contains(part)))
        {
            let is_file = quoted.ends_with(".js") || quoted.ends_with(".html") || quoted.ends_with(".toml");
            let is_key = !is_file
                && quoted.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_'));
            assert!(!is_key || english.strings.contains_key(quoted), "there is no string `{quoted}`");
        }
    }

    #[test]
    fn what_the_site_says_of_rules_is_what_they_say() {
        let say = |key: String| Wording::english().say(&key, &[]);
        for rule in Rule::ALL {
            assert_eq!(say(format!("rules.{}", rule.name())), rule.explain());
        }
        for kind in RepairKind::ALL {
            assert_eq!(say(format!("repairs.{}", kind.name())), kind.explain());
        }
        for how in How::ALL {
            assert_eq!(say(format!("found.{}", how.name())), how.to_string());
        }
        assert_eq!(say("source.picture".to_owned()), PICTURE);
    }

    #[test]
    fn numbers_dates_and_lists_are_said_as_the_language_does() {
        let day = Date::from_day(2011, 3, 1).unwrap();
        let month = Date::from_month(2011, 3).unwrap();
        let expected = [
            (
                "en",
                "1 March 2011",
                "March 2011",
                "1 Mar",
                "a, b and c",
                ["1 article", "2 articles", "12 articles"],
            ),
            (
                "de",
                "1. März 2011",
                "März 2011",
                "1. März",
                "a, b und c",
                ["1 Artikel", "2 Artikel", "12 Artikel"],
            ),
            (
                "fr",
                "1er mars 2011",
                "mars 2011",
                "1er mars",
                "a, b et c",
                ["1 article", "2 articles", "12 articles"],
            ),
            (
                "es",
                "1 de marzo de 2011",
                "marzo de 2011",
                "1 mar",
                "a, b y c",
                ["1 artículo", "2 artículos", "12 artículos"],
            ),
            ("ar", "1 مارس 2011", "مارس 2011", "1 مارس", "a، b وc", ["مقال واحد", "مقالان", "12 مقالًا"]),
        ];
        for (language, one, two, three, list, counts) in expected {
            let wording = built_in(language);
            assert_eq!(wording.date(day), one);
            assert_eq!(wording.date(month), two);
            assert_eq!(wording.short_date(day), three);
            assert_eq!(wording.list(&["a", "b", "c"]), list);
            assert_eq!([1, 2, 12].map(|number| wording.count("numbers.articles", number, &[])), counts);
        }
        let arabic = built_in("ar");
        let five = [0, 3, 100].map(|number| arabic.count("numbers.articles", number, &[]));
        assert_eq!(five, ["لا مقالات", "3 مقالات", "100 مقال"]);
        assert_eq!(Wording::english().count("front.articles", 5, &[]), "Five articles");
        assert_eq!(Wording::english().date(Date::from_year(2011).unwrap()), "2011");
    }

    #[test]
    fn words_of_another_direction_are_set_apart() {
        let apart = |language: &str, words: &str| Wording::read(language, &[]).0.apart(words);
        assert_eq!(apart("ar", "The Garden Paper"), "\u{2068}The Garden Paper\u{2069}");
        assert_eq!(apart("ar", "ليلى حداد"), "ليلى حداد");
        assert_eq!(apart("de", "The Garden Paper"), "The Garden Paper");
    }

    #[test]
    fn direction_is_that_of_the_script() {
        let of = |language: &str| Wording::read(language, &[]).0.direction();
        assert_eq!(
            ["ar", "ar-Latn", "he-IL", "az-Arab", "de", "en-x-ar"].map(of),
            ["rtl", "ltr", "rtl", "rtl", "ltr", "ltr"]
        );
    }

    #[test]
    fn a_file_of_the_site_wins_and_its_mistakes_are_told_with_their_place() {
        let typed = "[names]\ntopics = \"Sujets\"\ntopiks = \"?\"\n[article]\nby = \"Par {author}\"\n\
                     [numbers]\narticles = { some = \"x\", other = \"y\" }\npassages = { one = \"x\" }\n\
                     [dates]\nmonths = [\"janvier\"]\n";
        let (wording, found) = Wording::read("fr", &[text("themes/mine/i18n/fr.toml", typed)]);
        assert_eq!(wording.say("names.topics", &[]), "Sujets");
        assert_eq!(wording.say("article.by", &[("authors", "A")]), "By A");
        let found: Vec<String> = found.sorted().iter().map(|one| one.in_short()).collect();
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(
            found
                .iter()
                .any(|one| one.contains("strings are missing, and are said in English: `about.colophon`"))
        );
        let place = "themes/mine/i18n/fr.toml:5:6: error: nothing is given to `article.by` by the name `author` as a value (did you";
        assert!(found.iter().any(|one| one.starts_with(place)), "{found:#?}");
        let (_, found) = Wording::read("it", &[]);
        assert!(
            found.sorted()[0]
                .in_short()
                .starts_with("gleaner.toml: warning: the site's own words are in English")
        );
        let (_, found) = Wording::read("fr", &[text("fr.toml", "[names\n")]);
        assert!(found.sorted()[0].in_short().starts_with("fr.toml:1:"), "{}", found.sorted()[0].in_short());
    }

    #[test]
    fn html_escapes_words_and_links_what_is_given() {
        let wording = Wording::english();
        let given = |name: &str| (name == "timeline").then(|| "../a&amp;b".to_owned());
        let html = wording.html("index.older", Some(2), given).unwrap();
        assert_eq!(html, "2 older ones are in the <a href=\"../a&amp;b\">timeline</a>.");
        assert!(
            wording
                .html("index.older", Some(2), |_| None)
                .unwrap_err()
                .contains("`timeline`, which is not given")
        );
        assert!(
            wording.html("index.oldest", None, |_| None).unwrap_err().contains("did you mean `index.older`?")
        );
        let pattern = Pattern::of("1 < 2 {a b} <a>x</a> {n}{");
        let text = |text: &str| Piece::Text(text.to_owned());
        let link = Piece::Link("a".to_owned());
        assert_eq!(
            pattern.pieces,
            [
                text("1 < 2 {a b} "),
                link,
                text("x"),
                Piece::End,
                text(" "),
                Piece::Value("n".to_owned()),
                text("{")
            ]
        );
    }
}
