//! Where a file's front matter ends and its text begins, and front matter as import writes it.

use std::fmt::Write as _;
use std::ops::Range;

use crate::date::Date;
use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::{Fields, Format};
use crate::text::Text;

/// A file cut in two.
#[derive(Debug, Clone)]
pub struct Split {
    /// The keys, without the fences, and how they are written.
    keys: Option<(Range<usize>, Format)>,
    /// The text after them.
    pub body: Range<usize>,
}

impl Split {
    /// Whether there is front matter at all.
    pub fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// The whole file with the seed it came from in its front matter, the rest of which stays as it is; `None`
    /// where there is no front matter.
    pub fn with_seed(&self, text: &Text, seed: &str) -> Option<String> {
        let (range, format) = self.keys.clone()?;
        let keys = &text.as_str()[range.clone()];
        let has_source = keys.lines().any(|line| {
            let line = line.trim_end();
            line == "[source]"
                || line.starts_with("source:")
                || line.starts_with("source ")
                || line.starts_with("source=")
        });
        if has_source {
            return Some(text.as_str().to_owned());
        }
        let quoted = toml::Value::from(seed).to_string();
        let added = match format {
            Format::Toml => format!("\n[source]\nseed = {quoted}\n"),
            Format::Yaml => format!("source:\n  seed: {quoted}\n"),
        };
        Some(format!("{}{added}{}", &text.as_str()[..range.end], &text.as_str()[range.end..]))
    }

    /// Where the keys are, and how they are written; `None` where there is no front matter.
    pub fn keys(&self) -> Option<(Range<usize>, Format)> {
        self.keys.clone()
    }

    /// The keys, read.
    pub fn fields(&self, text: &Text) -> Fields {
        let (range, format) = self.keys.clone().unwrap_or((0..0, Format::Toml));
        Fields::read(text, range, format)
    }
}

/// Cuts a file after its front matter: TOML between `+++`, YAML between `---`.
pub fn split(text: &Text, found: &mut Diagnostics) -> Split {
    let source = text.as_str();
    let first = source.lines().next().unwrap_or_default();
    let format = match first.trim_end() {
        "+++" => Format::Toml,
        "---" => Format::Yaml,
        _ => return Split { keys: None, body: 0..source.len() },
    };
    let fence = first.trim_end();
    let start = source.find('\n').map_or(source.len(), |newline| newline + 1);
    let mut line_start = start;
    for line in source[start..].split_inclusive('\n') {
        let end = line_start + line.len();
        if line.trim_end() == fence {
            return Split { keys: Some((start..line_start, format)), body: end..source.len() };
        }
        line_start = end;
    }
    // A lone `---` on top is a rule of Markdown, not front matter, unless keys follow.
    if format == Format::Yaml && !source[start..].lines().next().is_some_and(|line| line.contains(':')) {
        return Split { keys: None, body: 0..source.len() };
    }
    let problem = Problem::new("the front matter has no end");
    found.push(problem.hint(format!("close it with a line of `{fence}`")).at(text.span(0..fence.len())));
    Split { keys: None, body: source.len()..source.len() }
}

/// The front matter import writes for a new article: only what is known.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    /// The title.
    pub title: String,
    /// First publication.
    pub date: Option<Date>,
    /// The authors' names.
    pub authors: Vec<String>,
    /// BCP 47 language tag, where it is known.
    pub language: Option<String>,
    /// The seed's path below the site.
    pub seed: Option<String>,
    /// The address of the original.
    pub url: Option<String>,
    /// Who published it first.
    pub site: Option<String>,
}

impl FrontMatter {
    /// TOML between `+++`, ending in a newline.
    pub fn to_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut toml = String::from("+++\n");
        let mut line = |key: &str, value: String| {
            // Writing to a string cannot fail.
            let _infallible = writeln!(toml, "{key} = {value}");
        };
        line("title", quoted(&self.title));
        if let Some(date) = self.date {
            // A month alone is no TOML date; between quotation marks every tool reads it.
            line("date", if date.day().is_some() { date.to_string() } else { quoted(&date.to_string()) });
        }
        if !self.authors.is_empty() {
            let authors: Vec<String> = self.authors.iter().map(|author| quoted(author)).collect();
            line("authors", format!("[{}]", authors.join(", ")));
        }
        if let Some(language) = &self.language {
            line("language", quoted(language));
        }
        let source = [("seed", &self.seed), ("url", &self.url), ("site", &self.site)];
        if source.iter().any(|(_, value)| value.is_some()) {
            toml.push_str("\n[source]\n");
            for (key, value) in source {
                if let Some(value) = value {
                    let _infallible = writeln!(toml, "{key} = {}", quoted(value));
                }
            }
        }
        toml.push_str("+++\n");
        toml
    }
}
