//! A seed on its way through a stream, or why there is none.
//!
//! All wordings of what is wrong with a stream are here, so that they can be read one after the other.

use std::fmt;

use crate::import::Outcome;

/// The largest seed of a stream, in bytes: as much as Common Crawl keeps of a page.
pub const LARGEST: usize = 5 * MB;

const MB: usize = 1024 * 1024;

/// By what a seed is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// Its own in the stream; where it has none a seed is called by the hash of its bytes, wherever the stream is cut.
    pub(super) id: Option<String>,
    /// Where it was fetched, as the stream says it.
    pub(super) url: Option<String>,
}

/// A seed of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seed {
    pub(super) name: Name,
    pub(super) kind: Kind,
    /// The encoding it is said to be in.
    pub(super) encoding: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// What a seed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Page,
    Markdown,
}

impl Kind {
    /// The ending of a file of this kind.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Kind::Text => "txt",
            Kind::Page => "html",
            Kind::Markdown => "md",
        }
    }

    /// The kind that a media type means; `None` where it means no text to read.
    pub(super) fn of(media_type: &str) -> Option<Kind> {
        match media_type {
            "text/html" | "application/xhtml+xml" => Some(Kind::Page),
            "text/plain" => Some(Kind::Text),
            "text/markdown" => Some(Kind::Markdown),
            _ => None,
        }
    }
}

/// What should have been a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unusable {
    pub(super) name: Name,
    pub(super) why: Why,
}

/// What comes out of a stream.
pub(super) type Read = Result<Seed, Unusable>;

/// Why something in a stream is no seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// It is no JSON, or not of the form that is wanted.
    Json(String),
    /// It has none of the keys that hold a text.
    NoText,
    /// It has more bytes than a seed of a stream may have.
    TooLarge,
    /// What is packed is damaged.
    Damaged(String),
    /// The stream ends too early.
    Cut,
    /// It is no record of a web archive.
    NoRecord,
    /// The head of the record is not to be understood.
    Head(String),
    /// The record does not say how long it is, or it is not so long.
    Length,
    /// What the server sent is not to be understood.
    Answer(String),
    /// It is packed in a way that is not known here.
    Packing(String),
    /// The server had nothing to send.
    Status(u16),
    /// It is a picture, a film, a program ...
    MediaType(String),
}

impl Why {
    /// How it ends.
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Why::Status(_) | Why::MediaType(_) => Outcome::Skipped,
            Why::Json(_)
            | Why::NoText
            | Why::TooLarge
            | Why::Damaged(_)
            | Why::Cut
            | Why::NoRecord
            | Why::Head(_)
            | Why::Length
            | Why::Answer(_)
            | Why::Packing(_) => Outcome::Quarantined,
        }
    }

    /// Said of what has this name.
    pub(super) fn of(self, name: Name) -> Unusable {
        Unusable { name, why: self }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Json(why) => write!(f, "it cannot be read as a JSON object: {why}"),
            Why::NoText => f.write_str("it has no `text`, `html` or `markdown`"),
            Why::TooLarge => {
                write!(f, "it is larger than a seed of a stream may be, {} MB", LARGEST / MB)
            }
            Why::Damaged(why) => write!(f, "the stream is damaged here: {why}"),
            Why::Cut => f.write_str("the stream ends in the middle of it"),
            Why::NoRecord => f.write_str("what stands here is no record of a web archive"),
            Why::Head(why) => write!(f, "the head of the record cannot be read: {why}"),
            Why::Length => f.write_str("the record is not as long as its head says"),
            Why::Answer(why) => write!(f, "the server's answer cannot be read: {why}"),
            Why::Packing(how) => write!(f, "it is packed in a way that is not known here, `{how}`"),
            Why::Status(status) => write!(f, "the server answered {status}"),
            Why::MediaType(what) => write!(f, "`{what}` is not imported"),
        }
    }
}
