//! `gleaner.toml`: as typed, then as checked.
//!
//! In: the file's text. Out: a [`Config`] in which every value is usable and every default applied, and a
//! diagnostic for every key that is unknown and every value that is not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::fields::{Fields, Format, Typed};
use crate::host::Host;
use crate::markdown::RawHtml;
use crate::rights::Origins;
use crate::text::{Text, control_in};

/// The name of the file.
pub const CONFIG_FILE: &str = "gleaner.toml";

/// The settings of a site, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// What the collection is, in a sentence; generated from its counts where absent.
    pub description: Option<String>,
    /// Where the site is published, ending in `/`; feeds, sitemap and canonical addresses need it.
    pub base_url: Option<String>,
    /// BCP 47 language tag of the site's own words, and of articles that name none.
    pub language: String,
    /// The folder in `themes/` whose files win over the built-in ones.
    pub theme: String,
    /// Whether the theme's text face is sent along.
    pub fonts: bool,
    /// Whether pages have a picture to be shared by; absent where it was not said.
    pub cards: Option<bool>,
    /// Whether pictures are published in smaller sizes, too.
    pub smaller_pictures: bool,
    /// Whether quotation marks, dashes and ellipses are set as in print.
    pub smart_punctuation: bool,
    /// What becomes of HTML in texts.
    pub raw_html: RawHtml,
    /// How much is published of the articles of each origin.
    pub rights: Origins,
    /// How it is put online.
    pub deploy: Deploy,
    /// Which tags of other tools mean which topics.
    pub tags: Tags,
}

/// Which tags of other tools mean which topics: by the tag as it stands in an address, the topic as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    /// A table of tags and topics.
    pub fn of(pairs: &[(&str, &str)]) -> Tags {
        Tags(pairs.iter().map(|(tag, topic)| (slug(tag), (*topic).to_owned())).collect())
    }

    /// Whether no tag means anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The topic that a tag means; a tag may have a `#` before it.
    pub fn topic(&self, tag: &str) -> Option<&str> {
        self.0.get(&slug(tag.trim().trim_start_matches('#'))).map(String::as_str)
    }

    /// Reads the table `[tags]`: a tag, and the topic it means.
    fn read(mut table: Fields, found: &mut Diagnostics) -> Tags {
        let tags = table.all_texts().into_iter().map(|(tag, topic)| (slug(&tag), topic.value)).collect();
        found.extend(table.close(Severity::Error));
        Tags(tags)
    }
}

/// How a site is put online.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deploy {
    /// Where.
    pub to: Option<Host>,
    /// Whether what can be packed is published packed, too.
    pub precompress: bool,
}

/// The settings as typed: each may be absent, none is checked.
#[derive(Debug, Default)]
struct RawConfig {
    title: Option<Typed<String>>,
    description: Option<Typed<String>>,
    base_url: Option<Typed<String>>,
    language: Option<Typed<String>>,
    theme: Option<Typed<String>>,
    fonts: Option<Typed<bool>>,
    cards: Option<Typed<bool>>,
    smaller_pictures: Option<Typed<bool>>,
    smart_punctuation: Option<Typed<bool>>,
    raw_html: Option<Typed<String>>,
    rights: Origins,
    deploy: Deploy,
    tags: Tags,
}

impl RawConfig {
    fn read(text: &Text, found: &mut Diagnostics) -> RawConfig {
        let mut fields = Fields::read(text, 0..text.read().len(), Format::Toml);
        let raw = RawConfig {
            title: fields.text("title"),
            description: fields.text("description"),
            base_url: fields.text("base_url"),
            language: fields.text("language"),
            theme: fields.text("theme"),
            fonts: fields.flag("fonts"),
            cards: fields.flag("cards"),
            smaller_pictures: fields.flag("smaller_pictures"),
            smart_punctuation: fields.flag("smart_punctuation"),
            raw_html: fields.text("raw_html"),
            rights: fields.table("rights").map(|table| Origins::read(table, found)).unwrap_or_default(),
            deploy: fields.table("deploy").map(|table| deploy(table, found)).unwrap_or_default(),
            tags: fields.table("tags").map(|table| Tags::read(table, found)).unwrap_or_default(),
        };
        found.extend(fields.close(Severity::Error));
        raw
    }
}

impl Config {
    /// Reads and checks the settings; without a file, everything has its default.
    pub fn read(text: Option<&Text>) -> (Config, Diagnostics) {
        let mut found = Diagnostics::new();
        let raw = text.map(|text| RawConfig::read(text, &mut found)).unwrap_or_default();
        let config = Config {
            title: checked(raw.title, not_empty, &mut found).unwrap_or_else(|| "Gleaned".to_owned()),
            description: checked(raw.description, printable, &mut found),
            base_url: checked(raw.base_url, base_url, &mut found),
            language: checked(raw.language, language, &mut found).unwrap_or_else(|| "en".to_owned()),
            theme: checked(raw.theme, theme, &mut found).unwrap_or_else(|| "default".to_owned()),
            fonts: raw.fonts.is_none_or(|typed| typed.value),
            cards: raw.cards.map(|typed| typed.value),
            smaller_pictures: raw.smaller_pictures.is_none_or(|typed| typed.value),
            smart_punctuation: raw.smart_punctuation.is_none_or(|typed| typed.value),
            raw_html: checked(raw.raw_html, raw_html, &mut found).unwrap_or_default(),
            rights: raw.rights,
            deploy: raw.deploy,
            tags: raw.tags,
        };
        (config, found)
    }

    /// The path of `base_url`, beginning and ending in `/`; `/` where there is none.
    pub fn base_path(&self) -> &str {
        let after_host = self.base_url.as_deref().and_then(|url| {
            let host = url.split_once("://")?.1;
            host.find('/').map(|slash| &host[slash..])
        });
        after_host.unwrap_or("/")
    }
}

fn deploy(mut table: Fields, found: &mut Diagnostics) -> Deploy {
    let deploy = Deploy {
        to: checked(table.text("to"), Host::of, found),
        precompress: table.flag("precompress").is_some_and(|typed| typed.value),
    };
    found.extend(table.close(Severity::Error));
    deploy
}

fn checked<T>(
    typed: Option<Typed<String>>,
    check: impl FnOnce(&str) -> Result<T, Problem>,
    found: &mut Diagnostics,
) -> Option<T> {
    let Typed { value, span } = typed?;
    found.keep(check(&value).map_err(|problem| problem.at(span)))
}

fn not_empty(value: &str) -> Result<String, Problem> {
    if value.trim().is_empty() {
        return Err(Problem::new("`title` is empty").hint("give the site a name, or leave the key out"));
    }
    printable(value.trim())
}

/// Checks that a text has nothing in it that no page can show.
fn printable(value: &str) -> Result<String, Problem> {
    match control_in(value) {
        Some(control) => {
            Err(Problem::new(format!("a control character, U+{:04X}, is no text", u32::from(control)))
                .hint("take it out"))
        }
        None => Ok(value.to_owned()),
    }
}

/// Checks an absolute http address and gives it its closing slash.
pub fn base_url(value: &str) -> Result<String, Problem> {
    let hint = "write the whole address, such as `https://example.org/library/`";
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Err(Problem::new(format!("`{value}` does not begin with `https://` or `http://`")).hint(hint));
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    // It goes into settings of servers and into scripts, where other signs have meanings of their own.
    let is_plain =
        |part: &str, besides: &[char]| part.chars().all(|c| c.is_alphanumeric() || besides.contains(&c));
    let is_host = name.starts_with(char::is_alphanumeric)
        && is_plain(name, &['-', '.', '_'])
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|_| is_plain(port, &[])));
    let folders = path.strip_suffix('/').unwrap_or(path);
    let is_path = is_plain(path, &['-', '.', '_', '~', '%', '+', ',', '=', ':', '@', '/'])
        && (path.is_empty() || folders.split('/').all(|folder| !matches!(folder, "" | "." | "..")));
    if !is_host || !is_path {
        return Err(Problem::new(format!("`{value}` is no address a site can be published at")).hint(hint));
    }
    Ok(if value.ends_with('/') { value.to_owned() } else { format!("{value}/") })
}

/// Checks a BCP 47 language tag.
pub fn language(value: &str) -> Result<String, Problem> {
    // RFC 5646: subtags of one to eight letters or digits, the first of letters only.
    let mut subtags = value.split('-');
    let first = subtags.next().unwrap_or_default();
    let is_tag = (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags
            .all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if is_tag {
        Ok(value.to_owned())
    } else {
        Err(Problem::new(format!("`{value}` is no language tag")).hint("write `en`, `de`, `pt-BR`, ..."))
    }
}

/// Checks the name of a theme.
pub fn theme(value: &str) -> Result<String, Problem> {
    if value.is_empty() || value.starts_with('.') || value.contains(['/', '\\']) {
        return Err(Problem::new(format!("`{value}` is no name of a theme"))
            .hint("name a folder in `themes/`, such as `default`"));
    }
    Ok(value.to_owned())
}

fn raw_html(value: &str) -> Result<RawHtml, Problem> {
    match value {
        "sanitize" => Ok(RawHtml::Sanitize),
        "escape" => Ok(RawHtml::Escape),
        _ => Err(Problem::new(format!("`raw_html` cannot be `{value}`"))
            .did_you_mean(value, ["sanitize", "escape"])
            .hint("it takes `sanitize` (what is harmless stays) or `escape` (it is shown as typed)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;

    fn check(typed: &str, expected: &[&str]) -> Config {
        let text = Text::new(SitePath::new(CONFIG_FILE), typed.to_owned());
        let (config, found) = Config::read(Some(&text));
        let found: Vec<_> = found.sorted().iter().map(|one| one.in_short()).collect();
        assert_eq!(found, expected, "{typed}");
        config
    }

    #[test]
    fn everything_has_a_default() {
        let (config, found) = Config::read(None);
        assert!(found.is_empty());
        assert!(config.smart_punctuation && config.raw_html == RawHtml::Sanitize);
        assert_eq!((config.language.as_str(), config.theme.as_str(), config.fonts), ("en", "default", true));
        assert_eq!(config.base_path(), "/");
    }

    #[test]
    fn all_problems_are_reported_together() {
        check(
            "titel = \"A\"\nbase_url = \"example.org\"\nlanguage = 3\nfonts = \"no\"\n",
            &[
                "gleaner.toml:1:1: error: unknown key `titel` (did you mean `title`?)",
                "gleaner.toml:2:12: error: `example.org` does not begin with `https://` or `http://` (write the whole address, such as `https://example.org/library/`)",
                "gleaner.toml:3:12: error: `3` is no language tag (write `en`, `de`, `pt-BR`, ...)",
                "gleaner.toml:4:9: error: `fonts` is text (it takes `true` or `false`)",
            ],
        );
    }

    #[test]
    fn a_host_is_one_of_those_there_are() {
        let config = check("[deploy]\nto = \"nginx\"\nprecompress = true\n", &[]);
        assert_eq!(config.deploy, Deploy { to: Some(Host::Nginx), precompress: true });
        let config = check(
            "[deploy]\nto = \"nginks\"\n",
            &[
                "gleaner.toml:2:6: error: there is no host `nginks` (did you mean `nginx`?) (known are `github-pages`, \
               `gitlab-pages`, `netlify`, `cloudflare-pages`, `s3`, `rsync`, `nginx`, `caddy`)",
            ],
        );
        assert_eq!(config.deploy, Deploy::default());
    }

    #[test]
    fn the_base_url_gets_its_slash() {
        let config = check("base_url = \"https://example.org/library\"\n", &[]);
        assert_eq!(config.base_url.as_deref(), Some("https://example.org/library/"));
        assert_eq!(config.base_path(), "/library/");
    }
}
