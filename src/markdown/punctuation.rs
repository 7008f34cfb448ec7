//! Quotation marks, dashes and ellipses as a printer sets them.
//!
//! In: the English mark that was made of a typed one. Out: the mark of the text's own language, or the typed one.

use serde::Serialize;

/// How quotation marks, dashes and ellipses are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Punctuation {
    /// As they are typed.
    Typed,
    /// As a printer sets them.
    Typographic(Quotes),
}

/// The quotation marks of a language: opening and closing, outer and inner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quotes {
    outer: [&'static str; 2],
    inner: [&'static str; 2],
}

const ENGLISH: Quotes = Quotes { outer: ["“", "”"], inner: ["‘", "’"] };
const LOW: Quotes = Quotes { outer: ["„", "“"], inner: ["‚", "‘"] };
const LOW_POLISH: Quotes = Quotes { outer: ["„", "”"], inner: ["«", "»"] };
const ANGLES: Quotes = Quotes { outer: ["«", "»"], inner: ["“", "”"] };
/// Space within them, as in print: narrow, and not to be broken at.
const FRENCH: Quotes = Quotes { outer: ["«\u{202f}", "\u{202f}»"], inner: ["“", "”"] };
const SWISS: Quotes = Quotes { outer: ["«", "»"], inner: ["‹", "›"] };
const RUSSIAN: Quotes = Quotes { outer: ["«", "»"], inner: ["„", "“"] };
const SWEDISH: Quotes = Quotes { outer: ["”", "”"], inner: ["’", "’"] };

impl Quotes {
    /// The marks of a language by its BCP 47 tag, after Unicode's CLDR; the English ones for any other.
    pub fn of(language: &str) -> Quotes {
        let tag = language.to_ascii_lowercase();
        let mut subtags = tag.split('-');
        match (subtags.next().unwrap_or_default(), tag.as_str()) {
            (_, "de-ch" | "de-li" | "fr-ch" | "it-ch") => SWISS,
            ("de" | "cs" | "sk" | "sl" | "lt" | "is" | "bg" | "et", _) => LOW,
            ("pl" | "ro" | "hu" | "hr", _) => LOW_POLISH,
            ("fr", _) => FRENCH,
            ("es" | "it" | "pt" | "ca" | "el", _) if tag != "pt-br" => ANGLES,
            ("ru" | "uk" | "be", _) => RUSSIAN,
            ("sv" | "fi", _) => SWEDISH,
            _ => ENGLISH,
        }
    }
}

/// Sets marks one after the other; knows which inner quotation is open.
#[derive(Debug)]
pub(super) struct Setter {
    punctuation: Punctuation,
    is_inner_open: bool,
}

impl Setter {
    pub(super) fn new(punctuation: Punctuation) -> Setter {
        Setter { punctuation, is_inner_open: false }
    }

    /// A new piece of running text begins: no quotation goes on.
    pub(super) fn begin(&mut self) {
        self.is_inner_open = false;
    }

    /// What stands for a typed mark of which English made `mark`; `next` is the character after it.
    pub(super) fn set<'a>(&mut self, typed: &'a str, mark: &'a str, next: Option<char>) -> &'a str {
        let Punctuation::Typographic(quotes) = self.punctuation else { return typed };
        match mark {
            "“" => quotes.outer[0],
            "”" => quotes.outer[1],
            "‘" => {
                self.is_inner_open = true;
                quotes.inner[0]
            }
            // Between letters, and where no quotation is open, it is an apostrophe, the same everywhere.
            "’" if self.is_inner_open && !next.is_some_and(char::is_alphanumeric) => {
                self.is_inner_open = false;
                quotes.inner[1]
            }
            other => other,
        }
    }
}
