//! Exports of reading services and browsers below `seeds/`: every entry of one is a seed of its own.
//!
//! In: the bytes of an export. Out: for each entry a Markdown file, or a page where the export has its text, by the export's path
//! and a name of its own below it; and why where an entry is none. Which export it is stands in its first line or in its shape,
//! whatever its name.
//!
//! Sources of the formats: Pocket's and Instapaper's help pages on exporting, Readwise Reader's export of its library, Wallabag's
//! documentation of its JSON export, and for bookmarks <https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)>.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{Bytes, Unread, omnivore};
use crate::address::short_slug;
use crate::fields::quoted;
use crate::markdown::escaped;
use crate::path::SitePath;

/// Something saved, as a service exports it.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) tags: Vec<String>,
    /// When it was saved, as a day.
    pub(super) saved: Option<String>,
    /// When it was published, as a day.
    pub(super) published: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) language: Option<String>,
    /// Words that the reader marked.
    pub(super) marked: Option<String>,
    /// Words that the reader wrote to it.
    pub(super) note: Option<String>,
    /// Its text, as HTML.
    pub(super) html: Option<String>,
    /// What the reader marked in it, as Markdown.
    pub(super) highlights: Option<String>,
}

/// What an export holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Unpacked {
    /// The seeds.
    pub(super) seeds: BTreeMap<SitePath, Bytes>,
    /// The entries that are none, by their numbers.
    pub(super) unread: BTreeMap<SitePath, Unread>,
}

/// The entries of an export as seeds; `None` for a file that is none.
pub(super) fn unpack(path: &SitePath, bytes: &[u8]) -> Option<Unpacked> {
    let entries = match path.ending().as_str() {
        "csv" => table(bytes)?,
        "html" | "htm" if is_list(bytes) => bookmarks(&String::from_utf8_lossy(bytes)),
        // Its texts are in files of their own.
        "json" if omnivore::is_list(path, bytes) => return None,
        "json" => wallabag(&serde_json::from_slice(bytes).ok()?)?,
        _ => return None,
    };
    Some(seeds_of(path, entries))
}

/// The entries of an export as seeds.
pub(super) fn seeds_of(path: &SitePath, entries: Vec<Entry>) -> Unpacked {
    let mut unpacked = Unpacked::default();
    let mut known: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let unread = match entry.url.as_str() {
            "" => Some(Unread::NoAddress),
            url if !is_address(url) => Some(Unread::NotOnTheWeb(url.to_owned())),
            _ => None,
        };
        let name = short_slug(if entry.title.is_empty() { &entry.url } else { &entry.title });
        // What identifies it is its address: a title may come twice, and may be changed.
        let digits = &blake3::hash(entry.url.as_bytes()).to_hex()[..8];
        let before = known.entry(format!("{name}-{digits}")).or_default();
        if let Some(unread) = unread.or_else(|| before.contains(&entry).then_some(Unread::Again)) {
            unpacked.unread.insert(SitePath::new(format!("{path}/entry {}", index + 1)), unread);
            continue;
        }
        let again = if before.is_empty() { String::new() } else { format!("-{}", before.len() + 1) };
        let ending = if entry.html.is_some() { "html" } else { "md" };
        let at = SitePath::new(format!("{path}/{name}-{digits}{again}.{ending}"));
        let text = entry.html.as_deref().map_or_else(|| markdown(&entry, &at), |html| page(&entry, html));
        unpacked.seeds.insert(at, text.into_bytes().into());
        before.push(entry);
    }
    unpacked
}

/// Whether a page is a list of bookmarks, or of what Pocket kept.
fn is_list(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).to_lowercase();
    start.contains("<!doctype netscape-bookmark-file-1>") || start.contains("<title>pocket export</title>")
}

/// The names of columns, in lower case, by what they hold: those of Pocket, Instapaper and Readwise Reader.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("url", &["url"]),
    ("title", &["title"]),
    ("tags", &["tags", "document tags", "folder"]),
    ("saved", &["time_added", "timestamp", "saved date"]),
    ("marked", &["selection"]),
    ("authors", &["author"]),
];

/// The rows of a table with a line of names that has both an address and a title.
fn table(bytes: &[u8]) -> Option<Vec<Entry>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> = rows.headers().ok()?.iter().map(|name| name.trim().to_lowercase()).collect();
    let column = |what: &str| {
        let (_, called) = COLUMNS.iter().find(|(name, _)| *name == what)?;
        called.iter().find_map(|called| names.iter().position(|name| name == called))
    };
    let columns = COLUMNS.map(|(what, _)| (what, column(what)));
    column("url").zip(column("title"))?;
    let mut entries = Vec::new();
    for row in rows.records() {
        // Only what is no UTF-8 can be wrong with a row here.
        let row = row.ok()?;
        let text = |what: &str| {
            let (_, at) = columns.iter().find(|(name, _)| *name == what)?;
            let value = row.get((*at)?)?.trim();
            Some(value.to_owned()).filter(|value| !value.is_empty())
        };
        entries.push(Entry {
            url: text("url").unwrap_or_default(),
            title: text("title").unwrap_or_default(),
            tags: text("tags").map(|tags| parts(&tags)).unwrap_or_default(),
            saved: text("saved").and_then(|saved| day(&saved)),
            marked: text("marked"),
            authors: text("authors").into_iter().collect(),
            ..Entry::default()
        });
    }
    Some(entries)
}

/// Tags in one field: Pocket parts them by bars, Readwise writes a list in brackets, others use commas.
fn parts(tags: &str) -> Vec<String> {
    let inside = tags.trim().trim_start_matches('[').trim_end_matches(']');
    let parts = inside.split([',', '|']).map(|tag| tag.trim().trim_matches(['\'', '"']).to_owned());
    parts
        .filter(|tag| {
            !tag.is_empty() && !["unread", "archive", "starred"].contains(&tag.to_lowercase().as_str())
        })
        .collect()
}

/// A day from seconds since 1970 or from a time that begins with one.
pub(super) fn day(typed: &str) -> Option<String> {
    if let Ok(seconds) = typed.parse::<i64>() {
        let moment = Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
        return Some(moment.to_string()[..10].to_owned());
    }
    let day = typed.get(..10)?;
    day.parse::<crate::date::Date>().ok().filter(|date| date.day().is_some()).map(|date| date.to_string())
}

/// The links of a list of bookmarks: each an `A` with its address, its tags and its time, and a `DD` with a note after it.
fn bookmarks(text: &str) -> Vec<Entry> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    let tokenizer = Tokenizer::new(Bookmarks::default(), TokenizerOpts::default());
    // There are no scripts that could want to be run in between.
    let _done = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().entries
}

/// The bookmarks read so far.
#[derive(Default)]
struct Bookmarks(RefCell<Marked>);

#[derive(Default)]
struct Marked {
    entries: Vec<Entry>,
    /// Whose words the next ones are.
    open: Option<Words>,
}

/// Whose words a bookmark's are.
#[derive(Clone, Copy, PartialEq)]
enum Words {
    Title,
    Note,
}

impl TokenSink for Bookmarks {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut marked = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => marked.tag(&tag),
            Token::CharacterTokens(words) => marked.words(&words),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Marked {
    fn tag(&mut self, tag: &Tag) {
        // A title or a note ends where anything else begins; emphasis in it does not.
        let is_start = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "a" if is_start => {
                let attribute = |name: &str| {
                    let found = tag.attrs.iter().find(|one| &*one.name.local == name)?;
                    Some(found.value.trim().to_owned())
                };
                let saved = attribute("add_date").or_else(|| attribute("time_added"));
                self.entries.push(Entry {
                    url: attribute("href").unwrap_or_default(),
                    tags: attribute("tags").map(|tags| parts(&tags)).unwrap_or_default(),
                    saved: saved.and_then(|saved| day(&saved)),
                    ..Entry::default()
                });
                self.open = Some(Words::Title);
            }
            "dd" if is_start && self.open.is_none() && !self.entries.is_empty() => {
                self.open = Some(Words::Note);
            }
            "a" | "dd" | "dt" | "dl" | "h1" | "h3" | "hr" | "li" | "ul" => {
                self.close();
                // What is said of a folder is no bookmark's.
                if tag.name == *"h3" && !is_start {
                    self.open = None;
                }
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &StrTendril) {
        let Some(entry) = self.entries.last_mut() else { return };
        match self.open {
            Some(Words::Title) => entry.title.push_str(words),
            Some(Words::Note) => entry.note.get_or_insert_default().push_str(words),
            None => {}
        }
    }

    fn close(&mut self) {
        let (Some(open), Some(entry)) = (self.open.take(), self.entries.last_mut()) else { return };
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        match open {
            Words::Title => {
                let title = folded(&entry.title);
                entry.title = if title == entry.url { String::new() } else { title };
            }
            Words::Note => entry.note = entry.note.as_deref().map(folded).filter(|note| !note.is_empty()),
        }
    }
}

/// Wallabag's articles: a list of objects with an address and a title, and the text as HTML.
fn wallabag(file: &Value) -> Option<Vec<Entry>> {
    let articles = file.as_array()?;
    let is_article = |one: &Value| one.get("url").is_some_and(Value::is_string) && one.get("title").is_some();
    if articles.is_empty() || !articles.iter().all(is_article) {
        return None;
    }
    let texts = |one: &Value, key: &str| -> Vec<String> {
        let list = one.get(key).and_then(Value::as_array).into_iter().flatten();
        // A tag is a text, or an object with a label.
        list.filter_map(|one| one.as_str().or_else(|| one.get("label")?.as_str()))
            .map(str::to_owned)
            .collect()
    };
    let entry = |one: &Value| Entry {
        url: text(one, "url").unwrap_or_default(),
        title: text(one, "title").unwrap_or_default(),
        tags: texts(one, "tags"),
        saved: text(one, "created_at").and_then(|saved| day(&saved)),
        published: text(one, "published_at").and_then(|published| day(&published)),
        authors: texts(one, "published_by"),
        language: text(one, "language"),
        html: text(one, "content"),
        ..Entry::default()
    };
    Some(articles.iter().map(entry).collect())
}

/// The text that an object has under a key, if it has any.
pub(super) fn text(one: &Value, key: &str) -> Option<String> {
    one.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn is_address(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(char::is_whitespace)
}

/// An entry without a text: title and origin, to be read there.
fn markdown(entry: &Entry, at: &SitePath) -> String {
    let list = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    let title = if entry.title.is_empty() { &entry.url } else { &entry.title };
    let mut text = format!("+++\ntitle = {}\n", quoted(title));
    if !entry.authors.is_empty() {
        text.push_str(&format!("authors = [{}]\n", list(&entry.authors)));
    }
    // The text is not there: what is published is where to find it.
    text.push_str("rights = \"link\"\n");
    if !entry.tags.is_empty() {
        text.push_str(&format!("tags = [{}]\n", list(&entry.tags)));
    }
    text.push_str(&format!(
        "\n[source]\nseed = {}\nurl = {}\n+++\n\n",
        quoted(at.as_str()),
        quoted(&entry.url)
    ));
    if let Some(marked) = &entry.marked {
        text.extend(marked.lines().map(|line| format!("> {line}\n")));
        text.push('\n');
    }
    if let Some(highlights) = &entry.highlights {
        text.push_str(&format!("{highlights}\n\n"));
    }
    if let Some(note) = &entry.note {
        // A note is plain text: what Markdown would take for a mark stays what it is.
        let marks =
            |c: char| c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ';' | ':' | '?' | '\'' | '"');
        let plain = |c: char| if marks(c) { format!("\\{c}") } else { c.to_string() };
        text.extend(note.chars().map(plain));
        text.push_str("\n\n");
    }
    let saved = entry.saved.as_ref().map(|saved| format!("Saved on {saved}: ")).unwrap_or_default();
    text.push_str(&format!("{saved}<{}>\n", entry.url));
    text
}

/// What the head of such a page calls a tag of its reader's.
pub(crate) const TAG: &str = "gleaner:tag";

/// What stands in a seed between a page and what its reader marked in it, in Markdown.
pub(crate) const MARKED: &str = "\n<!-- gleaner:highlights -->\n";

/// An entry with its text, and after that what its reader marked.
pub(super) fn marked_page(entry: &Entry, html: &str) -> String {
    let highlights =
        entry.highlights.as_ref().map(|marked| format!("{MARKED}{marked}\n")).unwrap_or_default();
    page(entry, &html.replace(MARKED, "\n")) + &highlights
}

/// An entry with its text, as the page it was saved from.
fn page(entry: &Entry, html: &str) -> String {
    let meta =
        |name: &str, value: &str| format!("<meta property=\"{name}\" content=\"{}\">\n", escaped(value));
    let language = entry
        .language
        .as_deref()
        .map(|tag| format!(" lang=\"{}\"", escaped(&tag.replace('_', "-"))))
        .unwrap_or_default();
    let published =
        entry.published.as_deref().map(|day| meta("article:published_time", day)).unwrap_or_default();
    let authors: String = entry.authors.iter().map(|author| meta("author", author)).collect();
    let tags: String = entry.tags.iter().map(|tag| meta(TAG, tag)).collect();
    format!(
        "<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n{}\
         <link rel=\"canonical\" href=\"{}\">\n{published}{authors}{tags}</head>\n<body>\n<article>\n<h1>{title}</h1>\n{html}\n</article>\n</body>\n</html>\n",
        meta("og:title", &entry.title),
        escaped(&entry.url),
        title = escaped(&entry.title),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(name: &str, text: &str) -> Vec<(String, String)> {
        let unpacked = unpack(&SitePath::new(format!("seeds/{name}")), text.as_bytes()).unwrap_or_default();
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        unpacked.seeds.iter().map(|(path, bytes)| (path.to_string(), text(bytes))).collect()
    }

    #[test]
    fn tables_are_read_by_the_names_of_their_columns() {
        for (name, typed, tags) in [
            (
                "pocket.csv",
                "title,url,time_added,tags,status\n\"Leeks, and \"\"more\"\"\",https://e.org/leeks,1299024000,garden|soil,unread\n",
                "\"garden\", \"soil\"",
            ),
            (
                "instapaper.csv",
                "URL,Title,Selection,Folder,Timestamp\nhttps://e.org/leeks,\"Leeks, and \"\"more\"\"\",,Garden,1299024000\n",
                "\"Garden\"",
            ),
            (
                "reader.csv",
                "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen\r\n\"Leeks, and \"\"more\"\"\",https://e.org/leeks,1,\"['garden', 'soil']\",2011-03-02 10:00:00+00:00,0,new,True\r\n",
                "\"garden\", \"soil\"",
            ),
        ] {
            let seeds = unpacked(name, typed);
            assert_eq!(seeds.len(), 1, "{name}");
            let (path, text) = &seeds[0];
            assert!(
                path.starts_with(&format!("seeds/{name}/leeks-and-more-")) && path.ends_with(".md"),
                "{path}"
            );
            assert!(text.contains("title = \"Leeks, and \\\"more\\\"\"\n"), "{text}");
            assert!(text.contains(&format!("tags = [{tags}]\n")), "{text}");
            assert!(text.ends_with("Saved on 2011-03-02: <https://e.org/leeks>\n"), "{text}");
        }
        assert_eq!(unpack(&SitePath::new("seeds/a.csv"), b"a,b\n1,2\n"), None);
    }

    #[test]
    fn every_entry_is_a_seed_or_says_why_not() {
        let accounts = |name: &str, typed: &str| -> Vec<String> {
            let path = SitePath::new(format!("seeds/{name}"));
            let unpacked = unpack(&path, typed.as_bytes()).unwrap();
            assert_eq!(unpacked.seeds.len(), 2, "{name}: {:?}", unpacked.seeds.keys());
            unpacked.unread.iter().map(|(path, unread)| format!("{path}: {unread}")).collect()
        };
        let csv = "title,url,tags\nLeeks,https://e.org/leeks,a\nNone,,\nOwn,about:config,\n\nLeeks,https://e.org/leeks,a\n\
                   Leeks,https://e.org/leeks,b\n";
        let told = [
            "seeds/a.csv/entry 2: the entry has no address",
            "seeds/a.csv/entry 3: `about:config` is no page on the web",
            "seeds/a.csv/entry 4: the export has the same entry before it",
        ];
        assert_eq!(accounts("a.csv", csv), told);
        let typed = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><A HREF=\"https://e.org/1\">One</A><DD>A *note* of\nmine\n\
            <DT><A HREF='https://e.org/2'>Two &amp; <b>more</b></A><DT><A>None</A><DT><H3>Own</H3><DD>Of the folder<DL>\
            <DT><A HREF=\"place:sort=8\">Most visited</A></DL></DL>";
        let told = [
            "seeds/b.html/entry 3: the entry has no address",
            "seeds/b.html/entry 4: `place:sort=8` is no page on the web",
        ];
        assert_eq!(accounts("b.html", typed), told);
        let seeds = unpacked("b.html", typed);
        assert!(seeds[0].1.contains("\nA \\*note\\* of mine\n\n<https://e.org/1>\n"), "{}", seeds[0].1);
        assert!(
            seeds[1].1.contains("title = \"Two & more\"\n") && !seeds[1].1.contains("folder"),
            "{}",
            seeds[1].1
        );
    }

    #[test]
    fn bookmarks_are_read_and_pages_are_not() {
        let typed = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n<DT><H3>Garden</H3>\n<DL><p>\n\
            <DT><A HREF=\"https://e.org/a?b=1&amp;c=2\" ADD_DATE=\"1299024000\" TAGS=\"garden,soil\">Leeks &amp; soil</A>\n\
            <DT><A HREF=\"javascript:alert(1)\">No</A>\n</DL><p>\n</DL>\n";
        let seeds = unpacked("bookmarks.html", typed);
        assert_eq!(seeds.len(), 1);
        assert!(
            seeds[0].1.contains("title = \"Leeks & soil\"\n")
                && seeds[0].1.contains("url = \"https://e.org/a?b=1&c=2\"\n"),
            "{}",
            seeds[0].1
        );
        assert!(
            unpacked("page.html", "<!doctype html><title>A</title><a href=\"https://e.org\">b</a>")
                .is_empty()
        );
    }

    #[test]
    fn articles_with_their_text_are_pages() {
        let typed = r#"[{"id": 1, "title": "Leeks", "url": "https://e.org/leeks", "content": "<p>Of leeks.</p>", "tags": ["garden"],
            "created_at": "2020-01-02T03:04:05+0000", "published_at": "2011-03-02T00:00:00+0000", "published_by": ["Jane Roe"], "language": "en_GB"}]"#;
        let seeds = unpacked("wallabag.json", typed);
        assert!(seeds[0].0.ends_with(".html"), "{}", seeds[0].0);
        for part in [
            "lang=\"en-GB\"",
            "content=\"2011-03-02\"",
            "content=\"Jane Roe\"",
            "href=\"https://e.org/leeks\"",
            "<p>Of leeks.</p>",
        ] {
            assert!(seeds[0].1.contains(part), "{part}: {}", seeds[0].1);
        }
        for other in ["{}", "[]", "[1]", "{", "[{\"title\": 1}]"] {
            assert!(unpacked("a.json", other).is_empty());
        }
    }
}
