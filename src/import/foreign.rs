//! Markdown as other tools have it (Zola, Hugo, Jekyll, Obsidian), as an article of this site.
//!
//! In: a Markdown seed, and what stands around it. Out: the article's text, in which the keys that mean something here have
//! the names they have here, and the pictures it shows. Everything else stays as typed: comments, order and foreign keys too.

use std::collections::BTreeMap;
use std::ops::Range;

use super::hash;
use super::html::Picture;
use super::propose::Told;
use crate::address::{Address, short_slug};
use crate::config::Tags;
use crate::date::Date;
use crate::diagnostic::Diagnostics;
use crate::fields::{Edits, Fields, TextOrTable};
use crate::front_matter::{self, Front, edits, with_front_matter};
use crate::markdown::{Body, Target};
use crate::path::SitePath;
use crate::seeds::{Bytes, PICTURES};
use crate::text::Text;

/// What stands around a seed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around<'a> {
    /// Which tags mean which topics.
    pub(super) tags: Option<&'a Tags>,
    /// All seeds.
    pub(super) seeds: Option<&'a BTreeMap<SitePath, Bytes>>,
    /// What whoever brought it said of it.
    pub(super) told: Told<'a>,
}

impl<'a> Around<'a> {
    fn seed(&self, path: &str) -> Option<&'a Bytes> {
        self.seeds?.get(path)
    }

    /// The topics that a reader's tags mean, each once.
    pub(super) fn topics(&self, tags: &[String]) -> Vec<String> {
        let mut topics: Vec<String> = Vec::new();
        for topic in tags.iter().filter_map(|tag| self.tags?.topic(tag)) {
            if !topics.iter().any(|known| known == topic) {
                topics.push(topic.to_owned());
            }
        }
        topics
    }

    /// The pictures of the book that a chapter is of, by their paths in it, and the chapter's own path in it.
    pub(super) fn book(&self, chapter: &SitePath) -> Option<(BTreeMap<String, Bytes>, String)> {
        let (book, seeds) = (book(chapter)?, self.seeds?);
        let inside = |path: &SitePath| path.inside(book).map(str::to_owned);
        let pictures = pictures_of_book(seeds, chapter);
        let pictures = pictures.filter_map(|(path, bytes)| Some((inside(path)?, bytes.clone())));
        Some((pictures.collect(), inside(chapter)?))
    }
}

/// The pictures of the book that a seed is a chapter of; none where the chapter shows none.
pub(super) fn pictures_of_book<'a>(
    seeds: &'a BTreeMap<SitePath, Bytes>,
    chapter: &SitePath,
) -> impl Iterator<Item = (&'a SitePath, &'a Bytes)> {
    let shows = |page: &Bytes| page.windows(IMAGE.len()).any(|four| four.eq_ignore_ascii_case(IMAGE));
    // Who reads one chapter alone has no seeds around it, and asks for none.
    let book = book(chapter).filter(|_| seeds.get(chapter).is_none_or(shows)).map(str::to_owned);
    let from = book.clone().map(|book| seeds.range(SitePath::new(book)..));
    from.into_iter()
        .flatten()
        .take_while(move |(path, _)| book.as_ref().is_some_and(|book| path.as_str().starts_with(book)))
        .filter(|(path, _)| PICTURES.contains(&path.ending().as_str()))
}

/// How a picture begins in a page.
const IMAGE: &[u8] = b"<img";

/// The path of the book that a seed is a chapter of.
pub(super) fn book(seed: &SitePath) -> Option<&str> {
    let at = seed.as_str().to_ascii_lowercase().find(".epub/")?;
    Some(&seed.as_str()[..at + ".epub".len()])
}

/// Files that are about a folder, and no article.
const SECTIONS: [&str; 2] = ["_index.md", "_index.markdown"];

/// Whether a seed is the page of a section: its articles are seeds of their own.
pub(super) fn is_section(path: &SitePath) -> bool {
    SECTIONS.contains(&path.file_name())
}

/// The name that an article is called by where it says no title: that of its file, or of its folder where the file is `index.md`,
/// without the date that other tools put before it.
pub(super) fn name(path: &SitePath) -> &str {
    let stem = stem(path);
    dated(stem).map_or(stem, |(_, name)| name)
}

fn stem(path: &SitePath) -> &str {
    let stem = path.stem();
    if stem != "index" {
        return stem;
    }
    let mut parts = path.as_str().rsplit('/').skip(1);
    parts.next().filter(|folder| *folder != crate::seeds::SEEDS).unwrap_or(stem)
}

/// A name that begins with a day, `2011-03-02-leeks`: the day, and the name without it.
fn dated(stem: &str) -> Option<(Date, &str)> {
    let (day, rest) = (stem.get(..10)?, stem.get(10..)?);
    let date: Date = day.parse().ok()?;
    let name = rest.trim_start_matches(['-', '_', ' ']);
    (date.day().is_some() && name.len() < rest.len() && !name.is_empty()).then_some((date, name))
}

/// The article, before it says which seed it is, and the pictures that are to stand beside it. The body of an article of
/// Gleaner's own (`is_own`) is as it is to be: what looks like other tools' marks in it are words.
pub(super) fn adapted(
    text: &Text,
    path: &SitePath,
    title: &str,
    is_own: bool,
    around: &Around<'_>,
) -> (Text, Vec<Picture>) {
    let mut pictures = Vec::new();
    let text = keys(text, path, around);
    if is_own {
        return (text, pictures);
    }
    let text = marks(&text);
    let text = links(&text, path, title, around, &mut pictures);
    (text, pictures)
}

/// What the front matter says in the words of other tools, in those of this one.
fn keys(text: &Text, path: &SitePath, around: &Around<'_>) -> Text {
    let split = front_matter::split(text, &mut Diagnostics::new());
    let mut fields = split.fields(text);
    let date = dated(stem(path)).map(|(date, _)| date).filter(|_| fields.place("date").is_none());
    let topics = topics(&mut fields, around);
    // Where the article was: Jekyll's `permalink`, Hugo's `url`, Zola's `path`.
    let was = ["permalink", "url", "path"].into_iter().filter_map(|key| {
        fields.place(key)?;
        let was = fields.text(key)?.value;
        let was = if key == "path" && !was.starts_with('/') { format!("/{was}/") } else { was };
        (was.starts_with('/') && !was.contains(':') && Address::typed(&was).is_some()).then_some(was)
    });
    let was: Vec<String> = was.collect();
    if date.is_none() && topics.is_empty() && was.is_empty() {
        return text.clone();
    }
    let with_front = with_front_matter(text);
    let (front, mut edits) = (Front::of(&with_front), edits(&with_front));
    if let Some(date) = date {
        front.add_line(&mut edits, "date", &date.to_string());
    }
    if !topics.is_empty() {
        front.add(&mut edits, "topics", &topics);
    }
    if !was.is_empty() {
        front.add(&mut edits, "aliases", &was);
    }
    Text::new(text.path().clone(), edits.made())
}

/// What other tools call tags.
const KEYS: [&str; 5] = ["tags", "tag", "categories", "category", "keywords"];

/// The topics that an article's tags mean, after the table in `gleaner.toml`; none where it says its topics itself.
fn topics(fields: &mut Fields, around: &Around<'_>) -> Vec<String> {
    let Some(tags) = around.tags.filter(|tags| !tags.is_empty() && fields.place("topics").is_none()) else {
        return Vec::new();
    };
    let mut typed: Vec<String> = Vec::new();
    let mut read = |fields: &mut Fields, key: &'static str| {
        for one in fields.texts_or_tables(key) {
            if let TextOrTable::Text(one) = one {
                typed.push(one.value);
            }
        }
    };
    for key in KEYS {
        read(fields, key);
    }
    // Zola has them in a table of their own.
    if let Some(mut taxonomies) = fields.table("taxonomies") {
        for key in KEYS {
            read(&mut taxonomies, key);
        }
    }
    let mut topics: Vec<String> = Vec::new();
    for one in &typed {
        // Jekyll takes several in one text, between blanks.
        let parts =
            if tags.topic(one).is_some() { vec![one.as_str()] } else { one.split([' ', ',']).collect() };
        for topic in parts.into_iter().filter_map(|tag| tags.topic(tag)) {
            if !topics.iter().any(|known| known == topic) {
                topics.push(topic.to_owned());
            }
        }
    }
    topics
}

/// The kinds of alert that the dialect has, with what other tools call them.
const ALERTS: [(&str, &[&str]); 5] = [
    ("NOTE", &["note", "info", "todo", "abstract", "summary", "tldr", "question", "help", "faq", "example"]),
    ("TIP", &["tip", "hint", "success", "check", "done"]),
    ("IMPORTANT", &["important"]),
    ("WARNING", &["warning", "attention"]),
    ("CAUTION", &["caution", "failure", "fail", "missing", "danger", "error", "bug"]),
];

/// Callouts become alerts, and the commands of Hugo and Jekyll that mean a picture or code what they mean. Lines of code
/// stay as they are.
fn marks(text: &Text) -> Text {
    let split = front_matter::split(text, &mut Diagnostics::new());
    let source = text.read();
    let mut made = source[..split.body.start].to_owned();
    let mut fence: Option<&str> = None;
    for line in source[split.body].split_inclusive('\n') {
        let bare = line.trim_start_matches(['>', ' ']);
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || mark.is_some() {
            made.push_str(line);
        } else if let Some(alert) = callout(line) {
            made.push_str(&alert);
        } else {
            made.push_str(&commands(line));
        }
    }
    if source == made { text.clone() } else { Text::new(text.path().clone(), made) }
}

/// `> [!tip]- Title` as an alert with its title as words in bold; `None` where there is nothing to change.
fn callout(line: &str) -> Option<String> {
    let at = line
        .find("[!")
        .filter(|at| line[..*at].contains('>') && line[..*at].trim_matches(['>', ' ']).is_empty())?;
    let (lead, rest) = (&line[..at], &line[at + 2..]);
    let (kind, rest) = rest.split_once(']')?;
    // Obsidian writes what it is to look like behind a bar.
    let kind = kind.split('|').next().unwrap_or_default().trim().to_lowercase();
    let title = rest.trim_start_matches(['+', '-']).trim();
    if ["quote", "cite"].contains(&kind.as_str()) {
        return Some(if title.is_empty() {
            String::new()
        } else {
            format!("{lead}**{title}**\n{}\n", lead.trim_end())
        });
    }
    let known = ALERTS.iter().find(|(_, names)| names.contains(&kind.as_str()));
    let alert = known.map_or("NOTE", |(alert, _)| alert);
    let mut capital = kind.clone();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    // A kind that the dialect does not have is said in words.
    let title = if title.is_empty() && alert.to_lowercase() != kind { capital.as_str() } else { title };
    if title.is_empty() && rest.trim().is_empty() && line[at..].starts_with(&format!("[!{alert}]")) {
        return None;
    }
    let words =
        if title.is_empty() { String::new() } else { format!("{lead}**{title}**\n{}\n", lead.trim_end()) };
    Some(format!("{lead}[!{alert}]\n{words}"))
}

/// A line without Hugo's and Jekyll's commands, where they are a picture, a reference or a block of code.
fn commands(line: &str) -> String {
    let mut made = line.to_owned();
    let mut from = 0;
    while let Some((range, name, rest)) = command(&made, from) {
        let value = |key: &str| argument(&rest, key);
        let new = match name.as_str() {
            "figure" | "img" => value("src").map(|src| {
                let words =
                    value("alt").or_else(|| value("caption")).or_else(|| value("title")).unwrap_or_default();
                format!("![{words}]({src})")
            }),
            "ref" | "relref" | "link" => {
                Some(rest.trim().trim_matches('"').to_owned()).filter(|to| !to.is_empty())
            }
            "highlight" if made.starts_with("{%") => {
                Some(format!("```{}", rest.split_whitespace().next().unwrap_or_default()))
            }
            "endhighlight" => Some("```".to_owned()),
            _ => None,
        };
        match new {
            Some(new) => {
                from = range.start + new.len();
                made.replace_range(range, &new);
            }
            None => from = range.end,
        }
    }
    made
}

/// The next command in a line: its place, its name and what follows that.
fn command(line: &str, from: usize) -> Option<(Range<usize>, String, String)> {
    let marks = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")];
    let (start, (open, close)) = marks
        .iter()
        .filter_map(|mark| Some((from + line.get(from..)?.find(mark.0)?, *mark)))
        .min_by_key(|(start, (open, _))| (*start, usize::MAX - open.len()))?;
    let inner = start + open.len();
    let end = inner + line[inner..].find(close)?;
    let inside = line[inner..end].trim().trim_end_matches('/').trim();
    let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    Some((start..end + close.len(), name.to_owned(), rest.to_owned()))
}

/// The value of an argument, `key="value"`.
fn argument(arguments: &str, key: &str) -> Option<String> {
    let at = arguments.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = arguments[..*at].chars().next_back();
        before.is_none_or(char::is_whitespace) && arguments[at + key.len()..].trim_start().starts_with('=')
    })?;
    let value = arguments[at + key.len()..].trim_start().strip_prefix('=')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next().map(str::to_owned),
        _ => value.split_whitespace().next().map(str::to_owned),
    }
}

/// Pictures beside the seed come to stand beside the article, and links to notes in other folders name the note.
fn links(
    text: &Text,
    path: &SitePath,
    title: &str,
    around: &Around<'_>,
    pictures: &mut Vec<Picture>,
) -> Text {
    let split = front_matter::split(text, &mut Diagnostics::new());
    let body = Body::read(text, split.body);
    let mut edits: Edits = edits(text);
    let name =
        Some(short_slug(title)).filter(|name| !name.is_empty()).unwrap_or_else(|| "picture".to_owned());
    for picture in &body.pictures {
        let Some((ending, bytes)) = beside(&picture.destination, path, around) else { continue };
        let file = format!("{name}-{}.{ending}", &hash(bytes)[..8]);
        if pictures.iter().all(|known| known.name != file) {
            pictures.push(Picture { name: file.clone(), bytes: bytes.clone() });
        }
        // Obsidian has the width where others have words.
        let is_width = picture.description.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
        let words =
            if is_width || picture.description == picture.destination { "" } else { &picture.description };
        edits.put(picture.span.range(), &format!("![{}]({file})", words.replace(['[', ']'], "")));
    }
    for link in &body.links {
        let Target::Wiki { name, .. } = &link.target else { continue };
        let Some((_, note)) = name.rsplit_once('/') else { continue };
        let typed = &text.read()[link.span.range()];
        if let Some(at) = typed.find(name.as_str()) {
            let start = link.span.range().start + at;
            edits.put(start..start + name.len(), note);
        }
    }
    if edits.is_empty() { text.clone() } else { Text::new(text.path().clone(), edits.made()) }
}

/// The picture that a destination names: from the seed's folder, from the top of what it came with, or, as Obsidian looks for it,
/// anywhere there by its name alone.
fn beside<'a>(destination: &str, path: &SitePath, around: &Around<'a>) -> Option<(String, &'a Bytes)> {
    let ending = SitePath::new(destination).ending();
    // A drawing (SVG) may hold scripts: it stays where it is.
    if !PICTURES.contains(&ending.as_str()) || destination.contains("://") || destination.starts_with("//") {
        return None;
    }
    let destination = decoded(destination);
    let folder = path.as_str().strip_suffix(path.file_name()).unwrap_or_default().trim_end_matches('/');
    let seeds = around.seeds?;
    let from_folder = followed(folder, &destination);
    let found = around.seed(&from_folder).filter(|_| !destination.starts_with('/'));
    let mut top = folder;
    let mut found = found;
    // `/images/a.png` is below `static/` or the top of the folder that was moved in.
    while found.is_none() && !top.is_empty() {
        let inside = destination.trim_start_matches('/');
        found = ["", "static/"]
            .iter()
            .find_map(|part| seeds.get(followed(top, &format!("{part}{inside}")).as_str()));
        top = top.rsplit_once('/').map_or("", |(above, _)| above);
    }
    let by_name = || {
        let vault = path.as_str().split('/').take(2).collect::<Vec<_>>().join("/");
        let mut all =
            seeds.iter().filter(|(seed, _)| seed.inside(&vault).is_some() && seed.file_name() == destination);
        all.next().map(|(_, bytes)| bytes)
    };
    found.or_else(by_name).map(|bytes| (ending, bytes))
}

/// Follows `.` and `..` from a folder.
fn followed(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A destination as the name of a file: `a%20b.png` is `a b.png`.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| byte == b'%') {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapt(path: &str, typed: &str) -> String {
        let path = SitePath::new(path);
        let text = Text::new(path.clone(), typed.to_owned());
        let tags = Tags::of(&[("gardening", "Gardens"), ("kitchen work", "cooking")]);
        let seeds = BTreeMap::from([
            (SitePath::new("seeds/vault/leek.png"), Bytes::from(&b"png"[..])),
            (SitePath::new("seeds/vault/static/images/top.png"), Bytes::from(&b"top"[..])),
        ]);
        let (text, _) = adapted(
            &text,
            &path,
            "Leeks",
            false,
            &Around { tags: Some(&tags), seeds: Some(&seeds), ..Around::default() },
        );
        text.read().into_owned()
    }

    #[test]
    fn keys_get_the_names_they_have_here() {
        for (path, typed, expected) in [
            (
                "seeds/_posts/2011-03-02-leeks.md",
                "---\nlayout: post # as ever\ncategories: gardening notes\npermalink: /2011/leeks/\n---\nText.\n",
                "---\ndate: 2011-03-02\ntopics: [\"Gardens\"]\naliases: [\"/2011/leeks/\"]\nlayout: post # as ever\ncategories: gardening notes\npermalink: /2011/leeks/\n---\nText.\n",
            ),
            (
                "seeds/content/blog/leeks/index.md",
                "+++\ntitle = \"Leeks\"\n[taxonomies]\ntags = [\"Gardening\", \"other\", \"kitchen work\"]\n+++\nText.\n",
                "+++\ntopics = [\"Gardens\", \"cooking\"]\ntitle = \"Leeks\"\n[taxonomies]\ntags = [\"Gardening\", \"other\", \"kitchen work\"]\n+++\nText.\n",
            ),
            (
                "seeds/a.md",
                "---\ntopics: []\ntags: [gardening]\n---\nText.\n",
                "---\ntopics: []\ntags: [gardening]\n---\nText.\n",
            ),
            ("seeds/2011-03-02.md", "Text.\n", "Text.\n"),
        ] {
            assert_eq!(adapt(path, typed), expected, "{path}");
        }
        assert_eq!(name(&SitePath::new("seeds/blog/2011-03-02-leeks/index.md")), "leeks");
        assert_eq!(name(&SitePath::new("seeds/index.md")), "index");
        assert!(is_section(&SitePath::new("seeds/blog/_index.md")));
    }

    #[test]
    fn callouts_become_alerts() {
        for (typed, expected) in [
            ("> [!tip]- Sow early\n> In March.\n", "> [!TIP]\n> **Sow early**\n>\n> In March.\n"),
            ("> [!example]\n> One.\n", "> [!NOTE]\n> **Example**\n>\n> One.\n"),
            ("> [!NOTE]\n> One.\n", "> [!NOTE]\n> One.\n"),
            ("> [!quote] Jane\n> One.\n", "> **Jane**\n>\n> One.\n"),
            ("> > [!bug] It\n> > One.\n", "> > [!CAUTION]\n> > **It**\n> >\n> > One.\n"),
            ("```\n> [!tip] x\n```\n", "```\n> [!tip] x\n```\n"),
            ("Not [!tip] here.\n", "Not [!tip] here.\n"),
        ] {
            assert_eq!(adapt("seeds/a.md", typed), expected, "{typed}");
        }
    }

    #[test]
    fn commands_and_pictures_are_what_they_mean() {
        let png = &hash(b"png")[..8];
        let top = &hash(b"top")[..8];
        for (typed, expected) in [
            ("{{< figure src=\"leek.png\" alt=\"A leek\" >}}\n", format!("![A leek](leeks-{png}.png)\n")),
            ("![[leek.png|200]] ![A](./leek.png)\n", format!("![](leeks-{png}.png) ![A](leeks-{png}.png)\n")),
            ("![Top](/images/top.png)\n", format!("![Top](leeks-{top}.png)\n")),
            (
                "![No](no.png) ![Far](https://e.org/leek.png)\n",
                "![No](no.png) ![Far](https://e.org/leek.png)\n".to_owned(),
            ),
            (
                "See [it]({{< relref \"other.md\" >}}) {{< tweet 1 >}}\n",
                "See [it](other.md) {{< tweet 1 >}}\n".to_owned(),
            ),
            ("{% highlight rust %}\nfn a() {}\n{% endhighlight %}\n", "```rust\nfn a() {}\n```\n".to_owned()),
            ("[[garden/Leeks|them]] and [[Soil]]\n", "[[Leeks|them]] and [[Soil]]\n".to_owned()),
        ] {
            assert_eq!(adapt("seeds/vault/a.md", typed), expected, "{typed}");
        }
    }
}
