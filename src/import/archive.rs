//! Files that hold a web page together with its pictures.
//!
//! In: the bytes of an `.mhtml` or `.mht` file (RFC 2557), or of a `.webarchive` (a property list of Safari's), as browsers
//! save one page with all that belongs to it. Out: an [`Archive`], the page's own bytes and the other files, by the addresses
//! that the page has for them.

use std::collections::BTreeMap;
use std::io::Cursor;

use mailparse::{MailHeaderMap, ParsedMail};
use plist::{Dictionary, Value};
use url::Url;

use super::foreign::decoded;
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
    /// The page's path beside the other files, where they are known by paths: its addresses start from there.
    pub path: Option<String>,
}

impl Archive {
    /// The file that the page means by an address, which `absolute` makes whole where it says from where it starts.
    pub(super) fn file(&self, address: &str, absolute: impl Fn(&str) -> Option<String>) -> Option<&Bytes> {
        let by_path = || self.files.get(&inside(self.path.as_deref()?, address)?);
        let by_address = || self.files.get(address).or_else(|| self.files.get(&absolute(address)?));
        if self.path.is_some() { by_path() } else { by_address() }
    }
}

/// The path that an address leads to from a page at another path; however many `..` it has, it stays inside.
fn inside(page: &str, address: &str) -> Option<String> {
    let mut top = Url::parse(TOP).ok()?;
    top.path_segments_mut().ok()?.extend(page.split('/'));
    let led = top.join(address).ok().filter(|led| led.as_str().starts_with(TOP))?;
    Some(decoded(led.path().trim_start_matches('/')))
}

/// What stands for the place of a folder that has no address (RFC 6761 keeps the name for nobody).
const TOP: &str = "http://folder.invalid/";

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
        if is_page(&part.ctype.mimetype) && archive.is_none() {
            archive = Some(Archive {
                page: part.get_body_raw().map_err(damaged)?,
                encoding: part.ctype.params.get("charset").cloned(),
                address: saved_from.clone().or_else(|| location(part)),
                ..Archive::default()
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

/// Reads a `.webarchive`, a property list in binary or XML: the page is its main resource. Frames are left out, as of any page.
///
/// Source of the names: <https://developer.apple.com/documentation/webkit/webarchive>
pub fn webarchive(bytes: &[u8]) -> Result<Archive, NoArchive> {
    let read = Value::from_reader(Cursor::new(bytes)).map_err(|error| NoArchive::Damaged(why(&error)))?;
    let main = read.as_dictionary().and_then(|archive| archive.get("WebMainResource")?.as_dictionary());
    let main = main.filter(|main| text(main, "WebResourceMIMEType").is_some_and(is_page));
    let main = main.ok_or(NoArchive::NoPage)?;
    let page = data(main).ok_or(NoArchive::NoPage)?.to_vec();
    let others = read.as_dictionary().and_then(|archive| archive.get("WebSubresources")?.as_array());
    let files = others.into_iter().flatten().filter_map(Value::as_dictionary).filter_map(|other| {
        let is_picture = text(other, "WebResourceMIMEType")?.starts_with("image/");
        // A picture without bytes is reported as one that cannot be read.
        let bytes = data(other).unwrap_or_default();
        is_picture.then_some((text(other, "WebResourceURL")?.to_owned(), Bytes::from(bytes)))
    });
    Ok(Archive {
        page,
        encoding: text(main, "WebResourceTextEncodingName").map(str::to_owned),
        address: text(main, "WebResourceURL").map(str::to_owned),
        files: files.collect(),
        path: None,
    })
}

/// Why a property list cannot be read: the library speaks of its own parts.
fn why(error: &plist::Error) -> String {
    if error.is_eof() { "it ends too early" } else { "it is no property list, or was changed on the way" }
        .to_owned()
}

fn is_page(kind: &str) -> bool {
    matches!(kind, "text/html" | "application/xhtml+xml")
}

fn text<'a>(resource: &'a Dictionary, name: &str) -> Option<&'a str> {
    resource.get(name)?.as_string()
}

fn data(resource: &Dictionary) -> Option<&[u8]> {
    resource.get("WebResourceData")?.as_data()
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
    fn addresses_in_a_folder_of_files_stay_in_it() {
        for (page, address, expected) in [
            ("OEBPS/text/a.xhtml", "../images/b%20c.png", Some("OEBPS/images/b c.png")),
            ("OEBPS/text/a.xhtml", "./b.png#x", Some("OEBPS/text/b.png")),
            ("OEBPS/text 2/a?.xhtml", "b.png", Some("OEBPS/text 2/b.png")),
            ("a.xhtml", "../../../b.png", Some("b.png")),
            ("a.xhtml", "/images/b.png", Some("images/b.png")),
            ("a.xhtml", "..\\..\\b.png", Some("b.png")),
            ("a.xhtml", "//example.org/b.png", None),
            ("a.xhtml", "https://example.org/b.png", None),
            ("a.xhtml", "file:///etc/b.png", None),
        ] {
            assert_eq!(inside(page, address).as_deref(), expected, "{page} {address}");
        }
    }

    fn resource(kind: &str, address: &str, bytes: &[u8]) -> Dictionary {
        let mut resource = Dictionary::new();
        resource.insert("WebResourceMIMEType".into(), kind.into());
        resource.insert("WebResourceURL".into(), address.into());
        resource.insert("WebResourceData".into(), Value::Data(bytes.to_vec()));
        resource
    }

    #[test]
    fn a_web_archive_of_safari_is_read() {
        let mut main = resource("text/html", "https://garden.example/leeks", b"<p>caf\xe9</p>");
        main.insert("WebResourceTextEncodingName".into(), "iso-8859-1".into());
        let others = vec![
            Value::from(resource("image/gif", "https://garden.example/a.gif", b"GIF87a")),
            Value::from(resource("text/css", "https://garden.example/a.css", b"p {}")),
            Value::from("no resource"),
        ];
        let mut whole = Dictionary::new();
        whole.insert("WebMainResource".into(), main.into());
        whole.insert("WebSubresources".into(), others.into());
        let whole = Value::from(whole);
        let (mut binary, mut xml) = (Vec::new(), Vec::new());
        whole.to_writer_binary(&mut binary).unwrap();
        whole.to_writer_xml(&mut xml).unwrap();
        for file in [&binary, &xml] {
            let archive = webarchive(file).unwrap();
            assert_eq!(archive.page, b"<p>caf\xe9</p>");
            assert_eq!(archive.encoding.as_deref(), Some("iso-8859-1"));
            assert_eq!(archive.address.as_deref(), Some("https://garden.example/leeks"));
            assert_eq!(archive.files.len(), 1);
            assert_eq!(&archive.files["https://garden.example/a.gif"][..], b"GIF87a");
        }
        // Whatever is missing or wrong, it ends.
        for length in 0..binary.len() {
            let refused = webarchive(&binary[..length]).unwrap_err().to_string();
            // No part of a library is named.
            assert!(!refused.contains(['{', '(', '"']), "{refused}");
            let mut broken = binary.clone();
            broken[length] ^= 0x55;
            let _either = webarchive(&broken);
        }
        let mut picture = Dictionary::new();
        picture.insert("WebMainResource".into(), resource("image/gif", "a.gif", b"GIF87a").into());
        let mut bytes = Vec::new();
        Value::from(picture).to_writer_binary(&mut bytes).unwrap();
        assert_eq!(webarchive(&bytes), Err(NoArchive::NoPage));
    }

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
