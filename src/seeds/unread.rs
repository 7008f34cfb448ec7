//! What stands below `seeds/` and is no seed, and why: every file ends in the account.
//!
//! All wordings are here, so that they can be read one after the other.

use std::fmt;
use std::io;
use std::path::Path;

/// The largest file that is taken for a seed, in bytes: a saved page with its pictures inside has up to some
/// 30 MB, a novel as text one.
pub const LARGEST_SEED: u64 = 64 * MB;

/// The largest picture, or other file that is published as it is, in bytes: they are all in memory while a site is built.
pub const LARGEST_FILE: u64 = 256 * MB;

/// The most that an archive may hold, packed or unpacked, in bytes: ten thousand saved pages.
pub const LARGEST_ARCHIVE: u64 = 1024 * MB;

/// The most files in an archive.
pub const MOST_MEMBERS: usize = 100_000;

pub(super) const MB: u64 = 1024 * 1024;

/// Refuses what is neither a file nor a folder: a pipe would be waited for as long as nobody writes into it.
///
/// # Errors
/// Where it is such, is not there, or may not be looked at.
pub fn refuse_special(place: &Path) -> io::Result<()> {
    let there = place.metadata()?;
    if there.is_file() || there.is_dir() {
        Ok(())
    } else {
        Err(io::Error::other(Unread::Special.to_string()))
    }
}

/// Why something below `seeds/` was not taken for a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is what a system leaves beside files, `__MACOSX/` or `.DS_Store`, in an archive.
    Leftover,
    /// It stands in a book around the chapters: their style, their order, their cover.
    AroundChapters,
    /// It is an archive without files.
    EmptyArchive,
    /// It has more bytes than a seed may have.
    TooLarge,
    /// It is an archive with more bytes than one may have.
    ArchiveTooLarge,
    /// The archive had held too much, or too many files, before its turn came.
    Overflow,
    /// The system said why not.
    Failed(String),
    /// It leads elsewhere.
    Link,
    /// It is a device, a socket or the like.
    Special,
    /// Its name has control characters or is longer than file systems take.
    Name,
    /// It is in an archive and its name leads out of that.
    Outside,
    /// It is in an archive, and another of its name came before.
    Twice,
    /// It is an archive in an archive.
    Nested,
    /// It can be read only with a password.
    Encrypted,
    /// It is packed in a way that few programs know.
    Packing,
    /// It is not as it was packed.
    Damaged(String),
    /// It is an entry of an export, and says of no page.
    NoAddress,
    /// It is an entry of an export, and what it says is a place in a browser or on a machine.
    NotOnTheWeb(String),
    /// It is an entry of an export that came before.
    Again,
    /// It belongs to an entry of an export, whose seed has it.
    Joined,
}

impl Unread {
    /// Whether there is nothing in it that could be lost.
    pub fn is_harmless(&self) -> bool {
        matches!(
            self,
            Unread::Leftover
                | Unread::AroundChapters
                | Unread::EmptyArchive
                | Unread::NotOnTheWeb(_)
                | Unread::Again
                | Unread::Joined
        )
    }

    /// What the curator can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Unread::Leftover
            | Unread::AroundChapters
            | Unread::EmptyArchive
            | Unread::NotOnTheWeb(_)
            | Unread::Again
            | Unread::Joined => "delete it when it is in the way",
            Unread::NoAddress => "write its address into the export, or take it out",
            Unread::TooLarge => "part it into articles, or move it out of `seeds/`",
            Unread::ArchiveTooLarge | Unread::Overflow => "unpack it, and put the articles into `seeds/`",
            Unread::Failed(_) => "see that you may read it, or move it out of `seeds/`",
            Unread::Link => "put a copy of the file here",
            Unread::Special => "move it out of `seeds/`",
            Unread::Name => "rename it",
            Unread::Outside | Unread::Twice | Unread::Nested | Unread::Packing => {
                "unpack it yourself, and put the articles into `seeds/`"
            }
            Unread::Encrypted => "unpack it with its password, and put the articles into `seeds/`",
            Unread::Damaged(_) => "fetch the archive again, or repair it with `zip -FF`",
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Leftover => f.write_str("a system left it in the archive, it is no article"),
            Unread::AroundChapters => f.write_str("it is no chapter of the book"),
            Unread::EmptyArchive => f.write_str("there are no files in the archive"),
            Unread::TooLarge => write!(f, "it is larger than a seed may be, {} MB", LARGEST_SEED / MB),
            Unread::ArchiveTooLarge => {
                write!(f, "it is larger than an archive may be, {} MB", LARGEST_ARCHIVE / MB)
            }
            Unread::Overflow => {
                write!(f, "the archive holds more than {} MB or {MOST_MEMBERS} files", LARGEST_ARCHIVE / MB)
            }
            Unread::Failed(why) => write!(f, "it cannot be read: {why}"),
            Unread::Link => f.write_str("a symbolic link is not followed"),
            Unread::Special => f.write_str("it is neither a file nor a folder"),
            Unread::Name => f.write_str("its name is not readable text, or too long"),
            Unread::Outside => f.write_str("its name leads out of the archive"),
            Unread::Twice => f.write_str("the archive has another file of this name"),
            Unread::Nested => f.write_str("an archive in an archive is not unpacked"),
            Unread::Encrypted => f.write_str("it is encrypted"),
            Unread::Packing => f.write_str("it is packed in a way that is not known here"),
            Unread::NoAddress => f.write_str("the entry has no address"),
            Unread::NotOnTheWeb(address) => write!(f, "`{address}` is no page on the web"),
            Unread::Again => f.write_str("the export has the same entry before it"),
            Unread::Joined => f.write_str("it is part of its article"),
            Unread::Damaged(why) => write!(f, "the archive is damaged: {why}"),
        }
    }
}
