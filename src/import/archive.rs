//! Files that hold a web page together with its pictures.
//!
//! In: the bytes of an `.mhtml` or `.mht` file (RFC 2557), as browsers save one page with all that belongs to it. Out: an
//! [`Archive`], the page's own bytes and the other files, by the addresses that the page has for them.

use std::collections::BTreeMap;

use mailparse::{MailHeaderMap, ParsedMail};

use crate::seeds::Bytes;

/// A page with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Archive {
    /// The bytes of the page.
    pub page: Vec<u8>,
    /// The name of the page's encoding, where the archive says it.
    pub encoding: Option<String>,
    /// The address the page was saved from.
    pub address: Option<String>,
    /// The other files, by their addresses.
    pub files: BTreeMap<String, Bytes>,
}

/// Why a file is no archive of a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoArchive {
    /// It isn't built as such a file is.
    #[error("it is not a saved page: {0}")]
    Damaged(String),
    /// It has no part that is a web page.
    #[error("there is no web page in it")]
    NoPage,
}

/// Reads an `.mhtml` file: the page is its first part of text in HTML.
pub fn mhtml(bytes: &[u8]) -> Result<Archive, NoArchive> {
    let damaged = |error: mailparse::MailParseError| NoArchive::Damaged(error.to_string());
    let mail = mailparse::parse_mail(bytes).map_err(damaged)?;
    let saved_from = mail.headers.get_first_value("Snapshot-Content-Location");
    let mut archive: Option<Archive> = None;
    let mut files = BTreeMap::new();
    for part in mail.parts().filter(|part| part.subparts.is_empty()) {
        let is_page = matches!(part.ctype.mimetype.as_str(), "text/html" | "application/xhtml+xml");
        if is_page && archive.is_none() {
            archive = Some(Archive {
                page: part.get_body_raw().map_err(damaged)?,
                encoding: part.ctype.params.get("charset").cloned(),
                address: saved_from.clone().or_else(|| location(part)),
                files: BTreeMap::new(),
            });
        } else if part.ctype.mimetype.starts_with("image/")
            && let Some(address) = location(part)
        {
            // A part that cannot be decoded has no bytes, and is reported as a picture that cannot be read.
            files.insert(address, part.get_body_raw().unwrap_or_default().into());
        }
    }
    let archive = archive.ok_or(NoArchive::NoPage)?;
    Ok(Archive { files, ..archive })
}

/// The address by which a page knows a part: its own, else `cid:` with its id.
fn location(part: &ParsedMail<'_>) -> Option<String> {
    let own = part.headers.get_first_value("Content-Location");
    let id = || {
        let id = part.headers.get_first_value("Content-ID")?;
        Some(format!("cid:{}", id.trim().trim_start_matches('<').trim_end_matches('>')))
    };
    own.map(|own| own.trim().to_owned()).filter(|own| !own.is_empty()).or_else(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_its_pictures_are_found() {
        let file = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://garden.example/leeks\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/related; type=\"text/html\"; boundary=\"--b--\"\r\n\r\n\r\n----b--\r\n\
            Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\
            Content-Location: https://garden.example/leeks\r\n\r\n<p class=3D\"a\">caf=E9 a=\r\nu lait</p>\r\n----b--\r\n\
            Content-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://garden.example/a.gif\r\n\r\n\
            R0lGODdh\r\n----b----\r\n";
        let archive = mhtml(file.as_bytes()).unwrap();
        assert_eq!(archive.page.trim_ascii(), b"<p class=\"a\">caf\xe9 au lait</p>");
        assert_eq!(archive.encoding.as_deref(), Some("iso-8859-1"));
        assert_eq!(archive.address.as_deref(), Some("https://garden.example/leeks"));
        assert_eq!(&archive.files["https://garden.example/a.gif"][..], b"GIF87a");
        for damaged in ["", "no headers here", "Content-Type: text/plain\r\n\r\nwords"] {
            assert!(mhtml(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }
}
