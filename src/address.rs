//! Addresses of the public site, and the way from one to another.
//!
//! In: what a page is about. Out: an [`Address`], which is also the path of the file in `public/`. Links
//! name `index.html`, so that they work from the disk as well as from a server.

use std::fmt;

use serde::{Serialize, Serializer};

/// The path of a published file below the public root: `articles/one/index.html`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// The address of a file.
    pub fn file(path: impl Into<String>) -> Address {
        Address(path.into())
    }

    /// The address of a page that is a folder: `topics/` is published as `topics/index.html`.
    pub fn folder(path: &str) -> Address {
        let path = path.trim_matches('/');
        Address(if path.is_empty() { "index.html".into() } else { format!("{path}/index.html") })
    }

    /// The address an alias or a typed address means: `/old/`, `old.html`, `/old`; `None` where it is no path
    /// of this site.
    pub fn typed(typed: &str) -> Option<Address> {
        let path = typed.trim_matches('/');
        let is_name = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && !part.contains(['\\', ':', '?', '#'])
                && !part.contains(char::is_control)
        };
        if typed.starts_with("//") || (!path.is_empty() && !path.split('/').all(is_name)) {
            return None;
        }
        let is_file = !typed.ends_with('/') && path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        Some(if is_file { Address::file(path) } else { Address::folder(path) })
    }

    /// The path below the public root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path people see: without `index.html`.
    pub fn short(&self) -> &str {
        match self.0.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            Some(_) | None => &self.0,
        }
    }

    /// The way from this page back to the public root: `""`, `"../"`, `"../../"`.
    pub fn to_root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }

    /// A relative link from `from` to this address, percent-encoded.
    pub fn href_from(&self, from: &Address) -> String {
        let (here, there) = (folders(&from.0), folders(&self.0));
        let common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        let up = here.len() - common;
        let mut href = String::with_capacity("../".len() * up + self.0.len());
        href.extend(std::iter::repeat_n("../", up));
        for folder in &there[common..] {
            encode(folder, &mut href);
            href.push('/');
        }
        encode(self.0.rsplit('/').next().unwrap_or_default(), &mut href);
        href
    }

    /// The absolute address below `base_url`, which ends in a slash.
    pub fn absolute(&self, base_url: &str) -> String {
        let mut address = String::with_capacity(base_url.len() + self.0.len());
        address.push_str(base_url);
        for (place, part) in self.short().split('/').enumerate() {
            if place > 0 {
                address.push('/');
            }
            encode(part, &mut address);
        }
        address
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.short())
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

fn folders(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    parts
}

/// Adds a path segment to an address, percent-encoding what RFC 3986 does not allow there; letters beyond ASCII are encoded
/// as UTF-8.
fn encode(segment: &str, encoded: &mut String) {
    for byte in segment.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'!'
            | b'$'
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'='
            | b'@' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// A name as it stands in an address: lower case, letters and digits of any script without their accents,
/// one hyphen between words; whole but for what file systems do not take.
pub fn slug(name: &str) -> String {
    slug_of(name, SLUG_BYTES)
}

/// A title or heading as it stands in an address: its first words, at most [`SLUG_LENGTH`] characters.
pub fn short_slug(title: &str) -> String {
    slug_of(title, SLUG_LENGTH)
}

fn slug_of(name: &str, most: usize) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in name.nfkd().filter(|&c| !is_combining_mark(c)) {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’') && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    let mut slug = String::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        let length = slug.chars().count() + word.chars().count() + 1;
        if !slug.is_empty() && (length > most || slug.len() + word.len() >= SLUG_BYTES) {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        let mut word: String = word.chars().take(most).collect();
        word.truncate(word.floor_char_boundary(SLUG_BYTES));
        slug.push_str(&word);
    }
    slug
}

/// Longest slug of a title, in characters: some eight or ten words.
pub const SLUG_LENGTH: usize = 72;

/// Longest slug, in bytes: with its ending far below the 255 that file systems take.
const SLUG_BYTES: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_and_name_the_file() {
        let front = Address::folder("");
        let article = Address::folder("articles/a");
        let other = Address::folder("articles/ö b");
        assert_eq!(article.href_from(&front), "articles/a/index.html");
        assert_eq!(front.href_from(&article), "../../index.html");
        assert_eq!(other.href_from(&article), "../%C3%B6%20b/index.html");
        assert_eq!(article.href_from(&article), "index.html");
        assert_eq!(article.to_root(), "../../");
        assert_eq!(article.absolute("https://example.org/x/"), "https://example.org/x/articles/a/");
        assert_eq!(
            Address::file("404.html").absolute("https://example.org/"),
            "https://example.org/404.html"
        );
    }

    #[test]
    fn typed_addresses_are_folders_unless_they_name_a_file() {
        for (typed, path) in [
            ("/old/", "old/index.html"),
            ("old", "old/index.html"),
            ("/a/b.html", "a/b.html"),
            ("/", "index.html"),
        ] {
            assert_eq!(Address::typed(typed).unwrap().as_str(), path);
        }
    }

    #[test]
    fn what_leaves_the_site_is_no_address() {
        for typed in [
            "/../keep.txt",
            "a/../../b",
            "//host/a",
            "https://old.example/a",
            "/?p=12",
            "a//b",
            "a\\b",
            "/.git/config",
            "a#b",
        ] {
            assert_eq!(Address::typed(typed), None, "{typed}");
        }
    }

    #[test]
    fn slugs() {
        for (name, expected) in [
            ("Are IT Leaders Also Social Media Leaders?", "are-it-leaders-also-social-media-leaders"),
            ("Why Technology Professionals Can’t Afford", "why-technology-professionals-cant-afford"),
            ("Ünïcode — ß & 日本語", "unicode-ß-日本語"),
            ("?!", ""),
        ] {
            assert_eq!(slug(name), expected);
        }
        assert!(short_slug(&"long ".repeat(100)).chars().count() <= SLUG_LENGTH);
        assert_eq!(short_slug(&"x".repeat(500)).len(), SLUG_LENGTH);
        assert_eq!(slug(&"x-".repeat(80)), "x-".repeat(80).trim_end_matches('-'));
        assert!(slug(&"𝕏".repeat(500)).len() <= SLUG_BYTES && slug(&"語".repeat(500)).len() <= SLUG_BYTES);
    }
}
