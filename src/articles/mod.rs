//! Articles: their front matter and their text, as the curator left them.
//!
//! In: the files of `content/articles/`. Out: [`Article`]s, immutable from here on, and a diagnostic for
//! everything in them that cannot be read.

mod duplicates;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::address::{Address, slug};
use crate::config;
use crate::date::Date;
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::doubt::{CHECKABLE, Kind};
use crate::fields::{Fields, Typed};
use crate::front_matter;
use crate::markdown::{Body, Kept};
use crate::memo::{Key, Shelf};
use crate::path::SitePath;
use crate::rights::{Origins, Rights};
use crate::text::{Span, Text, Words, control_in, is_control};
use crate::words::Language;

pub use duplicates::Duplicate;

/// Identifies an article: its slug, made from the name of its file. Cheap to clone: it stands wherever an article is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(Arc<str>);

impl ArticleId {
    /// The id of the article in a file: `content/articles/2011/One.md` is `one`.
    pub fn of(path: &SitePath) -> ArticleId {
        ArticleId(slug(path.stem()).into())
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for ArticleId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an article came from. Unknown stays absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// The seed's path below the site.
    pub seed: Option<String>,
    /// The address of the original.
    pub url: Option<String>,
    /// Who published it first.
    pub site: Option<String>,
    /// The address of a copy in an archive, where the original is gone.
    pub archived: Option<String>,
}

/// One piece of writing, as the curator left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Identifies it.
    pub id: ArticleId,
    /// The file it was read from.
    pub text: Text,
    /// Its title.
    pub title: String,
    /// First publication, as precise as known.
    pub date: Option<Date>,
    /// The authors' names.
    pub authors: Vec<String>,
    /// The curator's description; absent: the summary stands in.
    pub description: Option<String>,
    /// The curator's decision: exactly these topics.
    pub topics: Option<Vec<Typed<String>>>,
    /// The curator's decision: never these.
    pub not_topics: Vec<Typed<String>>,
    /// Old addresses that lead here.
    pub aliases: Vec<Typed<String>>,
    /// The curator's decision: it is the same piece as the article of this slug, or, empty, as no other.
    pub duplicate_of: Option<Typed<String>>,
    /// The articles that were folded into this one.
    pub duplicates: Vec<Duplicate>,
    /// The doubts about it that the curator looked into, and found it right.
    pub checked: Vec<Kind>,
    /// Whether it is left out of the site.
    pub is_draft: bool,
    /// How much of it is published.
    pub rights: Rights,
    /// BCP 47 language tag, where it is not the site's.
    pub language: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// Its text.
    pub body: Body,
}

impl Article {
    /// The file it was read from.
    pub fn path(&self) -> &SitePath {
        self.text.path()
    }

    /// What everything that is found of it alone depends on.
    pub fn key(&self) -> Key {
        Key::of(&[
            self.path().as_str().as_bytes(),
            self.rights.name().as_bytes(),
            self.text.hash().as_bytes(),
        ])
    }

    /// The same for what depends on how its words are cut, too.
    pub fn key_in(&self, language: &Language) -> Key {
        Key::of(&[self.key().bytes(), language.tag().as_bytes()])
    }

    /// What it says: its title, and then its passages.
    pub fn texts(&self) -> Vec<Words<'_>> {
        let title = std::iter::once(Words::from(self.title.as_str()));
        title.chain(self.body.passages.iter().map(|passage| passage.text.read())).collect()
    }

    /// The first line of its file, for problems that concern it as a whole.
    pub fn span(&self) -> Span {
        self.text.first_line()
    }

    /// Reads one article, whatever others there are.
    pub fn read(text: &Text, origins: &Origins, found: &mut Diagnostics) -> Article {
        Article::with(text, None, origins, found)
    }

    /// Reads one article; not its Markdown, where what was read of that is kept.
    fn with(text: &Text, kept: Option<Kept>, origins: &Origins, found: &mut Diagnostics) -> Article {
        let _held = text.read();
        let front = front_matter::split(text, found);
        let body = match kept {
            Some(kept) => kept.body(text, front.body.clone()),
            None => Body::read(text, front.body.clone()),
        };
        let mut fields = front.fields(text);
        let title = fields.text("title").map(|typed| printable(typed, found).trim().to_owned());
        let title = title.filter(|title| !title.is_empty());
        let title =
            title.or_else(|| first_heading(&body)).unwrap_or_else(|| text.path().stem().replace('-', " "));
        let source = fields.table("source").map(|table| source(table, found)).unwrap_or_default();
        let article = Article {
            id: ArticleId::of(text.path()),
            text: text.clone(),
            title,
            date: fields.date("date").map(|typed| typed.value),
            authors: authors(&mut fields, found),
            description: fields.text("description").map(|typed| printable(typed, found)),
            topics: fields.texts("topics"),
            not_topics: fields.texts("not_topics").unwrap_or_default(),
            aliases: aliases(fields.texts("aliases").unwrap_or_default(), found),
            duplicate_of: fields.text("duplicate_of"),
            duplicates: Vec::new(),
            checked: checked(fields.texts("checked").unwrap_or_default(), found),
            is_draft: fields.flag("draft").is_some_and(|typed| typed.value),
            rights: fields
                .text("rights")
                .and_then(|typed| {
                    found.keep(Rights::of(&typed.value).map_err(|problem| problem.at(typed.span)))
                })
                .unwrap_or_else(|| origins.of(source.url.as_deref(), source.site.as_deref())),
            language: fields.text("language").and_then(|typed| {
                found.keep(config::language(&typed.value).map_err(|problem| problem.at(typed.span)))
            }),
            source,
            body,
        };
        for key in FOREIGN {
            fields.ignore_silently(key);
        }
        fields.ignore("extra");
        // Front matter of other tools has keys of its own; only what looks like a slip stops the site.
        found.extend(fields.close(Severity::Warning));
        if article.id.as_str().is_empty() {
            let problem = Problem::new(format!("`{}` gives the article no address", text.path().file_name()));
            found.push(problem.hint("name the file with letters or digits").in_file(text.path().clone()));
        }
        article
    }
}

/// Keys that Zola, Hugo, Jekyll and Obsidian give articles, and that mean nothing here: they stay, and are no slips.
const FOREIGN: [&str; 44] = [
    "audio",
    "build",
    "cascade",
    "categories",
    "category",
    "comments",
    "cover",
    "cssclass",
    "cssclasses",
    "excerpt",
    "featured",
    "header",
    "image",
    "images",
    "in_search_index",
    "insert_anchor_links",
    "keywords",
    "lastmod",
    "layout",
    "linkTitle",
    "linktitle",
    "math",
    "menu",
    "menus",
    "modified",
    "outputs",
    "params",
    "path",
    "permalink",
    "publish",
    "published",
    "resources",
    "series",
    "slug",
    "subtitle",
    "tag",
    "tags",
    "taxonomies",
    "template",
    "thumbnail",
    "toc",
    "type",
    "updated",
    "url",
];

fn first_heading(body: &Body) -> Option<String> {
    body.headings.first().filter(|heading| heading.level == 1).map(|heading| heading.title.clone())
}

/// The authors; `author`, as other tools have it, counts as well.
fn authors(fields: &mut Fields, found: &mut Diagnostics) -> Vec<String> {
    let typed = [fields.texts("authors"), fields.texts("author")];
    let names = typed.into_iter().flatten().flatten().map(|typed| printable(typed, found).trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// A text without what no page can show, and of which HTML and XML may hold nothing.
fn printable(typed: Typed<String>, found: &mut Diagnostics) -> String {
    let Some(control) = control_in(&typed.value) else { return typed.value };
    let problem = Problem::new(format!("a control character, U+{:04X}, is no text", u32::from(control)));
    found.push(problem.hint("it is left out of the page: take it out").at(typed.span).as_warning());
    typed.value.chars().filter(|c| !is_control(*c)).collect()
}

/// The doubts that the curator looked into.
fn checked(typed: Vec<Typed<String>>, found: &mut Diagnostics) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for name in typed {
        match CHECKABLE.into_iter().find(|kind| kind.name() == name.value) {
            Some(kind) => kinds.push(kind),
            None => found.push(not_checkable(&name.value).at(name.span)),
        }
    }
    kinds
}

/// The problem of a doubt that does not end by being looked at, or that there is not.
fn not_checkable(name: &str) -> Problem {
    let names = CHECKABLE.map(Kind::name);
    let problem = if Kind::ALL.iter().any(|kind| kind.name() == name) {
        Problem::new(format!("`{name}` does not end by being looked at"))
    } else {
        Problem::new(format!("there is no doubt `{name}`")).did_you_mean(name, names)
    };
    let all = names.map(|name| format!("`{name}`")).join(", ");
    problem.hint(format!("`checked` takes {all}"))
}

/// Those of some old addresses that are paths of this site.
pub(crate) fn aliases(typed: Vec<Typed<String>>, found: &mut Diagnostics) -> Vec<Typed<String>> {
    let is_ours = |alias: &Typed<String>| {
        if Address::typed(&alias.value).is_none() {
            let problem = Problem::new(format!("`{}` is no path of this site", alias.value));
            // A seed may bring it, and one bad seed must not stop the site.
            let problem = problem.hint("an alias is written `/old/address/`").at(alias.span.clone());
            found.push(problem.as_warning());
            return false;
        }
        true
    };
    typed.into_iter().filter(is_ours).collect()
}

fn source(mut table: Fields, found: &mut Diagnostics) -> Source {
    let mut address = |key| {
        let typed = table.text(key).filter(|typed| !typed.value.is_empty())?;
        found.keep(original(&typed.value).map_err(|problem| problem.at(typed.span)))
    };
    let (url, archived) = (address("url"), address("archived"));
    let mut text =
        |key| table.text(key).map(|typed| printable(typed, found)).filter(|value| !value.is_empty());
    let source = Source { seed: text("seed"), url, site: text("site"), archived };
    found.extend(table.close(Severity::Warning));
    source
}

/// The address of an original: one that a browser can go to.
fn original(url: &str) -> Result<String, Problem> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") if !url.contains(char::is_whitespace) => Ok(url.to_owned()),
        Some(_) | None => Err(Problem::new(format!("`{url}` is no address of a page"))
            .hint("write the whole address, such as `https://example.org/a-page`")),
    }
}

/// Under which name the shelf has what was read of the articles' Markdown.
const ON_SHELF: &str = "bodies";

/// Reads all articles, and folds those into one that the curator says are one. Two files with one slug are an
/// error that names both.
pub fn read(files: &BTreeMap<SitePath, Text>, origins: &Origins) -> (Vec<Article>, Diagnostics) {
    read_kept(files, origins, &Shelf::default())
}

/// The same; Markdown that is on the shelf is not read again.
pub fn read_kept(
    files: &BTreeMap<SitePath, Text>,
    origins: &Origins,
    shelf: &Shelf,
) -> (Vec<Article>, Diagnostics) {
    let files: Vec<&Text> = files.values().collect();
    let key = |text: &&Text| Key::of(&[text.path().as_str().as_bytes(), text.hash().as_bytes()]);
    let kept: Vec<Option<Kept>> = shelf.of_each(ON_SHELF, &files, key, |text| {
        let _held = text.read();
        let front = front_matter::split(text, &mut Diagnostics::new());
        Body::read(text, front.body).kept()
    });
    let read = |(text, kept): (&Text, Option<Kept>)| {
        let mut found = Diagnostics::new();
        (Article::with(text, kept, origins, &mut found), found)
    };
    let read: Vec<(Article, Diagnostics)> = files.into_par_iter().zip(kept).map(read).collect();
    let mut all = Diagnostics::new();
    let mut articles: BTreeMap<ArticleId, Article> = BTreeMap::new();
    for (article, found) in read {
        all.extend(found);
        match articles.get(&article.id) {
            Some(first) => all.push(
                Problem::new(format!(
                    "two articles have the address `/articles/{}/`: `{}` and `{}`",
                    article.id,
                    first.path(),
                    article.path()
                ))
                .hint("rename one of the two files")
                .at(article.span())
                .note("the other is here", first.span()),
            ),
            None => {
                articles.insert(article.id.clone(), article);
            }
        }
    }
    duplicates::fold(&mut articles, &mut all);
    (articles.into_values().collect(), all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(typed: &str) -> (Article, Vec<String>) {
        let text = Text::new(SitePath::new("content/articles/one.md"), typed.to_owned());
        let files = BTreeMap::from([(text.path().clone(), text)]);
        let (articles, found) = read(&files, &Origins::default());
        (articles.into_iter().next().unwrap(), found.sorted().iter().map(|one| one.in_short()).collect())
    }

    #[test]
    fn both_kinds_of_front_matter_are_read() {
        for typed in [
            "+++\ntitle = \"A\"\ndate = 2011-03\nauthors = [\"B\"]\ntopics = []\n[source]\nurl = \"https://e.org\"\n+++\n\nText.\n",
            "---\ntitle: A\ndate: 2011-03\nauthors: B\ntopics: []\nsource:\n  url: https://e.org\n---\n\nText.\n",
        ] {
            let (article, found) = read_one(typed);
            assert_eq!(found, [""; 0], "{typed}");
            assert_eq!(
                (article.title.as_str(), article.date.unwrap().to_string().as_str()),
                ("A", "2011-03")
            );
            assert_eq!(article.authors, ["B"]);
            assert!(article.topics.unwrap().is_empty());
            assert_eq!(article.source.url.as_deref(), Some("https://e.org"));
            assert_eq!(article.body.source().trim(), "Text.");
        }
    }

    #[test]
    fn only_what_looking_ends_can_be_checked() {
        let (article, found) =
            read_one("+++\ntitle = \"A\"\nchecked = [\"thin\", \"undatd\", \"conflict\"]\n+++\nText.\n");
        assert_eq!(article.checked, [Kind::Thin]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains("3:20: error: there is no doubt `undatd` (did you mean `undated`?)"),
            "{found:?}"
        );
        assert!(found[1].contains("`conflict` does not end by being looked at"), "{found:?}");
    }

    #[test]
    fn without_a_title_the_heading_or_the_file_gives_one() {
        assert_eq!(read_one("# Head\n\nText.").0.title, "Head");
        assert_eq!(read_one("Text.").0.title, "one");
    }

    #[test]
    fn problems_have_places() {
        let (_, found) = read_one("+++\ntitle = \"A\"\nrights = \"ful\"\nautors = \"B\"\n+++\nText.\n");
        assert_eq!(
            found,
            [
                "content/articles/one.md:3:10: error: `rights` cannot be `ful` (did you mean `full`?) (it takes `full`, `excerpt` or `link`)",
                "content/articles/one.md:4:1: error: unknown key `autors` (did you mean `authors`?)",
            ]
        );
        let (_, found) = read_one("+++\ntitle = \"A\"\nText.\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("content/articles/one.md:1:1: error: the front matter has no end"));
    }
}
