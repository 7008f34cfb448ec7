//! Addresses of links and pictures: made absolute, made harmless.
//!
//! In: what the page has in `href` or `src`. Out: an address that may stand in Markdown, or none.

use url::Url;

/// Against what a page's addresses are resolved.
#[derive(Debug, Default)]
pub(super) struct Base {
    url: Option<Url>,
}

/// Schemes that a link may have; scripts and data are not among them.
const SCHEMES: [&str; 7] = ["http", "https", "mailto", "ftp", "tel", "gemini", "doi"];

/// Longer addresses are data or tracking rather than places.
const LONGEST: usize = 2000;

impl Base {
    /// A page at this address, with links relative to `base` where it says so.
    pub(super) fn new(page: Option<&str>, base: Option<&str>) -> Base {
        let page = page.and_then(|page| Url::parse(page).ok());
        let url = match (base, page) {
            (Some(base), Some(page)) => page.join(base).ok().or(Some(page)),
            (Some(base), None) => Url::parse(base).ok(),
            (None, page) => page,
        };
        Base { url: url.filter(|url| url.scheme().starts_with("http")) }
    }

    /// The address of a link or picture; `None` where it leads nowhere or to no place for readers.
    pub(super) fn resolve(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.is_empty() || address.starts_with('#') || address.len() > LONGEST {
            return None;
        }
        let parsed = match &self.url {
            Some(base) => base.join(address),
            None => Url::parse(address),
        };
        match parsed {
            Ok(url) => SCHEMES.contains(&url.scheme()).then(|| harmless(url.as_str())),
            // Relative, and nobody knows to what.
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                let address: String = address.chars().filter(|c| !c.is_control()).collect();
                (!address.contains(':')).then(|| harmless(&address))
            }
            Err(_) => None,
        }
    }
}

impl Base {
    /// An address as it is asked for, unchanged where it is absolute.
    pub(super) fn absolute(&self, address: &str) -> Option<String> {
        let parsed = self.url.as_ref().map_or_else(|| Url::parse(address), |base| base.join(address));
        parsed.ok().map(|url| url.to_string())
    }
}

/// An address whose characters mean nothing in Markdown.
fn harmless(address: &str) -> String {
    let mut harmless = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '(' | ')' | '<' | '>' | '\\' | ' ' | '`' | '[' | ']' | '|' | '"' | '*' => {
                harmless.push_str(&format!("%{:02X}", c as u32));
            }
            c if c.is_whitespace() || c.is_control() => {}
            c => harmless.push(c),
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_absolute_and_harmless() {
        let check = |page: Option<&str>, address: &str, expected: Option<&str>| {
            assert_eq!(Base::new(page, None).resolve(address).as_deref(), expected, "{address}");
        };
        let page = Some("https://example.org/blog/leeks.html");
        check(page, "../about", Some("https://example.org/about"));
        check(page, "//cdn.example.org/a b.png", Some("https://cdn.example.org/a%20b.png"));
        check(page, "/a_(b)", Some("https://example.org/a_%28b%29"));
        check(page, "javascript:alert(1)", None);
        check(page, " JaVa\tscript:alert(1)", None);
        check(page, "data:text/html,x", None);
        check(page, "#top", None);
        check(page, "mailto:ann@example.org", Some("mailto:ann@example.org"));
        check(None, "leeks.html", Some("leeks.html"));
        check(None, "java\nscript:alert(1)", None);
        check(None, "https://example.org", Some("https://example.org/"));
    }
}
