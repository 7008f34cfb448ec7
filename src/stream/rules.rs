//! What decides about a seed, in one file: settings, topics, and what the curator's decisions taught.
//!
//! In: a site as found. Out: [`Rules`], and their bytes, which name the program that froze them and carry a checksum.
//! The same site gives the same bytes. Everything else that decides, such as the table of word meanings, is part of
//! the program; so rules are taken from the same program alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::articles;
use crate::config::{Config, Tags};
use crate::diagnostic::{Diagnostics, Problem};
use crate::import::{self, Asked, RULES};
use crate::path::SitePath;
use crate::seeds::Site;
use crate::text::Text;
use crate::topics::{self, Learnt, Scorer, Topic};
use crate::words::Language;

/// With what a file of rules begins; the number is that of their format.
const MARK: &str = "gleaner rules 1";

/// The same for rules of any format.
const ANY_MARK: &str = "gleaner rules ";

/// What decides about a seed.
pub struct Rules {
    /// The language of articles that name none, as it stands in `gleaner.toml`.
    pub(super) tag: String,
    /// The same, to cut words by.
    pub(super) language: Language,
    /// Which tags of other tools mean which topics.
    pub(super) tags: Tags,
    /// The topics.
    pub(super) topics: Vec<Topic>,
    /// What the curator's decisions taught.
    pub(super) learnt: Arc<Learnt>,
}

/// The rules as they stand in a file.
#[derive(Serialize, Deserialize)]
struct Frozen<Learnt> {
    language: String,
    tags: Tags,
    /// The files of the topics: path and text.
    topics: Vec<(String, String)>,
    learnt: Learnt,
}

impl Rules {
    /// The rules by which a build of the site decides.
    pub fn of(site: &Site) -> (Rules, Diagnostics) {
        let mut found = Diagnostics::new();
        let config = found.take(Config::read(site.config.as_ref()));
        let language = Language::of(&config.language);
        // What is decided is decided of the articles as they will stand after the next import.
        let (site, _) = found.take(import::import(site, &Asked::default()));
        let mut articles = found.take(articles::read(&site.articles, &config.rights));
        articles.retain(|article| !article.is_draft);
        let topics = topics::files(&site.topics, &articles, &mut found);
        let topics = found.take(topics::read(&topics, &language));
        let learnt = Scorer::of(&topics, &articles, &language).learnt().clone();
        (Rules { tag: config.language, language, tags: config.tags, topics, learnt }, found)
    }

    /// How many topics there are.
    pub fn topics(&self) -> usize {
        self.topics.len()
    }

    /// The rules as the bytes of a file.
    ///
    /// # Errors
    /// None that a reader could do anything about.
    pub fn freeze(&self) -> Result<Vec<u8>, Problem> {
        let file = |topic: &Topic| (topic.path().to_string(), topic.text.read().into_owned());
        let frozen = Frozen {
            language: self.tag.clone(),
            tags: self.tags.clone(),
            topics: self.topics.iter().map(file).collect(),
            learnt: self.learnt.as_ref(),
        };
        let packed = postcard::to_stdvec(&frozen)
            .map_err(|error| Problem::new(format!("the rules cannot be frozen: {error}")))?;
        let mut rest = format!("{}\n", program()).into_bytes();
        rest.extend(packed);
        let mut bytes = format!("{MARK}\n{}\n", import::hash(&rest)).into_bytes();
        bytes.extend(rest);
        Ok(bytes)
    }

    /// Reads the bytes of a file of rules.
    ///
    /// # Errors
    /// When they are no rules, are damaged, or were frozen by another program.
    pub fn thaw(bytes: &[u8]) -> Result<Rules, Problem> {
        let again = "`gleaner freeze FILE`, run in a site, writes its rules";
        let damaged = || Problem::new("the rules are damaged: they are not as they were frozen").hint(again);
        let (mark, rest) = line(bytes).ok_or_else(|| Problem::new("the file holds no rules").hint(again))?;
        if mark != MARK {
            return Err(match mark.strip_prefix(ANY_MARK) {
                Some(_) => another(mark),
                None => Problem::new("the file holds no rules").hint(again),
            });
        }
        let (hash, rest) = line(rest).ok_or_else(damaged)?;
        if import::hash(rest) != hash {
            return Err(damaged());
        }
        let (frozen_by, packed) = line(rest).ok_or_else(damaged)?;
        if frozen_by != program() {
            return Err(another(frozen_by));
        }
        let frozen: Frozen<Learnt> = postcard::from_bytes(packed).map_err(|_| damaged())?;
        let language = Language::of(&frozen.language);
        let file =
            |(path, text): (String, String)| (SitePath::new(&path), Text::new(SitePath::new(path), text));
        let files: BTreeMap<SitePath, Text> = frozen.topics.into_iter().map(file).collect();
        let (topics, _) = topics::read(&files, &language);
        if !frozen.learnt.is_of(topics.len()) {
            return Err(damaged());
        }
        let learnt = Arc::new(frozen.learnt);
        Ok(Rules { tag: frozen.language, language, tags: frozen.tags, topics, learnt })
    }
}

/// This program by name: its version, and the rules that are part of it.
fn program() -> String {
    format!("gleaner {} {RULES}", env!("CARGO_PKG_VERSION"))
}

fn another(name: &str) -> Problem {
    Problem::new(format!("the rules were frozen by another program, `{name}`; this is `{}`", program()))
        .hint("freeze them with the program that imports: by others they would not mean the same")
}

/// The first line, which is text, and what follows it.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, text: &str) -> (SitePath, Text) {
        (SitePath::new(path), Text::new(SitePath::new(path), text.to_owned()))
    }

    /// A site in which enough is decided to learn from.
    fn site() -> Site {
        let article = |at: usize| {
            let (topic, words) =
                if at.is_multiple_of(2) { ("bees", "hive honey bee") } else { ("leeks", "soil leek bed") };
            let typed =
                format!("+++\ntitle = \"A{at}\"\ntopics = [\"{topic}\"]\n+++\n{words} number {at}.\n");
            text(&format!("content/articles/a{at}.md"), &typed)
        };
        Site {
            config: Some(
                text("gleaner.toml", "title = \"T\"\nlanguage = \"en-GB\"\n[tags]\nbee = \"bees\"\n").1,
            ),
            has_articles: true,
            articles: (0..12).map(article).collect(),
            topics: [
                text("content/topics/bees.md", "+++\ntitle = \"Bees\"\nterms = [\"hive\"]\n+++\n"),
                text("content/topics/leeks.md", "+++\ntitle = \"Leeks\"\n+++\n"),
            ]
            .into(),
            ..Site::default()
        }
    }

    #[test]
    fn what_is_frozen_thaws_as_it_was() {
        let (rules, found) = Rules::of(&site());
        assert!(found.is_empty(), "{found:?}");
        let bytes = rules.freeze().unwrap();
        let thawed = Rules::thaw(&bytes).unwrap();
        assert_eq!((thawed.tag.as_str(), thawed.topics()), ("en-GB", 2));
        assert_eq!(thawed.tags.topic("bee"), Some("bees"));
        assert_eq!(format!("{:?}", thawed.learnt.kept(0)), format!("{:?}", rules.learnt.kept(0)));
        assert!(!thawed.learnt.is_empty());
        assert_eq!(thawed.freeze().unwrap(), bytes, "the same in the same bytes");
        assert_eq!(Rules::of(&site()).0.freeze().unwrap(), bytes);
    }

    #[test]
    fn what_is_not_as_it_was_frozen_is_refused() {
        let bytes = Rules::of(&site()).0.freeze().unwrap();
        let refused = |bytes: &[u8]| Rules::thaw(bytes).err().map(|problem| problem.anywhere().in_short());
        for at in 0..bytes.len() {
            assert!(refused(&bytes[..at]).is_some(), "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(refused(&changed).is_some(), "changed at {at}");
        }
        assert!(refused(b"").unwrap().contains("the file holds no rules"));
        assert!(refused(b"gleaner rules 2\n...").unwrap().contains("another program, `gleaner rules 2`"));
        let rest = "gleaner 9.9.9 0123\nwhatever";
        let others = format!("{MARK}\n{}\n{rest}", import::hash(rest.as_bytes()));
        assert!(refused(others.as_bytes()).unwrap().contains("another program, `gleaner 9.9.9 0123`"));
    }
}
