//! How much of an article is published: what its front matter says, else what `gleaner.toml` says of its origin.

use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::Fields;

/// How much of an article is published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rights {
    /// All of it.
    #[default]
    Full,
    /// Its summary and its first words.
    Excerpt,
    /// Title, origin and topics alone.
    Link,
}

impl Rights {
    /// The word for it in front matter and settings.
    pub fn name(self) -> &'static str {
        match self {
            Rights::Full => "full",
            Rights::Excerpt => "excerpt",
            Rights::Link => "link",
        }
    }

    /// Takes the word for it.
    ///
    /// # Errors
    /// When there is no such word.
    pub fn of(value: &str) -> Result<Rights, Problem> {
        let all = [Rights::Full, Rights::Excerpt, Rights::Link];
        all.into_iter().find(|rights| rights.name() == value).ok_or_else(|| {
            Problem::new(format!("`rights` cannot be `{value}`"))
                .did_you_mean(value, all.map(Rights::name))
                .hint("it takes `full`, `excerpt` or `link`")
        })
    }
}

/// The key for articles of any other origin.
const DEFAULT: &str = "default";

/// What `gleaner.toml` says of the articles of each origin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    default: Rights,
    /// Hosts and names of sites, in lower case, in the order typed.
    by_name: Vec<(String, Rights)>,
}

impl Origins {
    /// Reads the table `[rights]`: hosts or names of sites, and `default` for all others.
    pub(crate) fn read(mut table: Fields, found: &mut Diagnostics) -> Origins {
        let mut origins = Origins::default();
        for (name, typed) in table.all_texts() {
            let Some(rights) = found.keep(Rights::of(&typed.value).map_err(|problem| problem.at(typed.span)))
            else {
                continue;
            };
            match name.as_str() {
                DEFAULT => origins.default = rights,
                _ => origins.by_name.push((name.to_lowercase(), rights)),
            }
        }
        found.extend(table.close(crate::diagnostic::Severity::Error));
        origins
    }

    /// How much is published of an article from an address or a site. A host speaks for the hosts below it, the
    /// longest that fits for itself: `example.org` is `www.example.org`, too.
    pub fn of(&self, url: Option<&str>, site: Option<&str>) -> Rights {
        let host = url.and_then(|url| url.split_once("://")).map(|(_, rest)| {
            let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
            rest[..end].to_lowercase()
        });
        let site = site.map(str::to_lowercase);
        let is_of = |name: &str| {
            let is_host = host.as_deref().is_some_and(|host| {
                host.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            });
            is_host || site.as_deref() == Some(name)
        };
        let fitting = self.by_name.iter().filter(|(name, _)| is_of(name));
        fitting.max_by_key(|(name, _)| name.len()).map_or(self.default, |(_, rights)| *rights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_that_fits_decides() {
        let origins = Origins {
            default: Rights::Full,
            by_name: vec![
                ("example.org".to_owned(), Rights::Excerpt),
                ("free.example.org".to_owned(), Rights::Full),
                ("the garden paper".to_owned(), Rights::Link),
            ],
        };
        for (url, site, expected) in [
            (Some("https://example.org/a"), None, Rights::Excerpt),
            (Some("https://WWW.Example.org:80"), None, Rights::Excerpt),
            (Some("http://free.example.org?q"), None, Rights::Full),
            (Some("https://notexample.org/example.org"), None, Rights::Full),
            (None, Some("The Garden Paper"), Rights::Link),
            (None, None, Rights::Full),
        ] {
            assert_eq!(origins.of(url, site), expected, "{url:?} {site:?}");
        }
    }
}
