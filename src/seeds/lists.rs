//! Exports of reading services and browsers below `seeds/`: every entry of one is a seed of its own.
//!
//! In: the bytes of an export. Out: for each entry a Markdown file, or a page where the export has its text, by the export's path
//! and a name of its own below it. Which export it is stands in its first line or in its shape, whatever its name.
//!
//! Sources of the formats: Pocket's and Instapaper's help pages on exporting, Readwise Reader's export of its library, Wallabag's
//! documentation of its JSON export, and for bookmarks <https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)>.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::Bytes;
use crate::address::short_slug;
use crate::fields::quoted;
use crate::markdown::escaped;
use crate::path::SitePath;

/// Something saved, as a service exports it.
#[derive(Debug, Default, Clone, PartialEq)]
struct Entry {
    url: String,
    title: String,
    tags: Vec<String>,
    /// When it was saved, as a day.
    saved: Option<String>,
    /// When it was published, as a day.
    published: Option<String>,
    authors: Vec<String>,
    language: Option<String>,
    /// Words that the reader marked.
    marked: Option<String>,
    /// Its text, as HTML.
    html: Option<String>,
}

/// The entries of an export as seeds; `None` for a file that is none.
pub(super) fn unpack(path: &SitePath, bytes: &[u8]) -> Option<BTreeMap<SitePath, Bytes>> {
    let entries = match path.ending().as_str() {
        "csv" => table(std::str::from_utf8(bytes).ok()?)?,
        "html" | "htm" if is_list(bytes) => bookmarks(&String::from_utf8_lossy(bytes)),
        "json" => wallabag(&serde_json::from_slice(bytes).ok()?)?,
        _ => return None,
    };
    let mut seeds = BTreeMap::new();
    for entry in entries {
        let name = short_slug(if entry.title.is_empty() { &entry.url } else { &entry.title });
        // What identifies it is its address: a title may come twice, and may be changed.
        let digits = &blake3::hash(entry.url.as_bytes()).to_hex()[..8];
        let ending = if entry.html.is_some() { "html" } else { "md" };
        let at = SitePath::new(format!("{path}/{name}-{digits}.{ending}"));
        let text = entry.html.as_deref().map_or_else(|| markdown(&entry, &at), |html| page(&entry, html));
        seeds.insert(at, text.into_bytes().into());
    }
    Some(seeds)
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
fn table(text: &str) -> Option<Vec<Entry>> {
    let mut rows = rows(text.strip_prefix('\u{feff}').unwrap_or(text)).into_iter();
    let names: Vec<String> = rows.next()?.iter().map(|name| name.trim().to_lowercase()).collect();
    let column = |what: &str| {
        let (_, called) = COLUMNS.iter().find(|(name, _)| *name == what)?;
        called.iter().find_map(|called| names.iter().position(|name| name == called))
    };
    let (url, title) = (column("url")?, column("title")?);
    let text = |row: &[String], what: &str| {
        column(what)
            .and_then(|at| row.get(at))
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let entries = rows.filter_map(|row| {
        let url = row.get(url)?.trim().to_owned();
        Some(Entry {
            title: row.get(title)?.trim().to_owned(),
            tags: text(&row, "tags").map(|tags| parts(&tags)).unwrap_or_default(),
            saved: text(&row, "saved").and_then(|saved| day(&saved)),
            marked: text(&row, "marked"),
            authors: text(&row, "authors").into_iter().collect(),
            url,
            ..Entry::default()
        })
    });
    Some(entries.filter(|entry| is_address(&entry.url)).collect())
}

/// Rows and fields of a table as RFC 4180 has it.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !is_quoted => {}
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|field| !field.trim().is_empty()));
    rows
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
fn day(typed: &str) -> Option<String> {
    if let Ok(seconds) = typed.parse::<i64>() {
        let moment = Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
        return Some(moment.to_string()[..10].to_owned());
    }
    let day = typed.get(..10)?;
    day.parse::<crate::date::Date>().ok().filter(|date| date.day().is_some()).map(|date| date.to_string())
}

/// The links of a list of bookmarks: each an `A` with its address, its tags and its time. Links to places in the browser are left.
fn bookmarks(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("<a ") {
        let Some(end) = text[at..].find('>').map(|end| at + end) else { continue };
        let Some(close) = lower[end..].find("</a>").map(|close| end + close) else { continue };
        let attribute = |name: &str| {
            let tag = &lower[at..end];
            let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
            let value = &text[at + start..end];
            value.split('"').next().map(unescaped)
        };
        let Some(url) = attribute("href").filter(|url| is_address(url)) else { continue };
        let saved = attribute("add_date").or_else(|| attribute("time_added")).and_then(|saved| day(&saved));
        let tags = attribute("tags").map(|tags| parts(&tags)).unwrap_or_default();
        let title = unescaped(text[end + 1..close].trim());
        entries.push(Entry {
            title: if title == url { String::new() } else { title },
            url,
            tags,
            saved,
            ..Entry::default()
        });
    }
    entries
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Wallabag's articles: a list of objects with an address and a title, and the text as HTML.
fn wallabag(file: &Value) -> Option<Vec<Entry>> {
    let articles = file.as_array()?;
    let is_article = |one: &Value| one.get("url").is_some_and(Value::is_string) && one.get("title").is_some();
    if articles.is_empty() || !articles.iter().all(is_article) {
        return None;
    }
    let text = |one: &Value, key: &str| {
        one.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
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
    Some(articles.iter().map(entry).filter(|entry| is_address(&entry.url)).collect())
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
    let saved = entry.saved.as_ref().map(|saved| format!("Saved on {saved}: ")).unwrap_or_default();
    text.push_str(&format!("{saved}<{}>\n", entry.url));
    text
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
    format!(
        "<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n{}\
         <link rel=\"canonical\" href=\"{}\">\n{published}{authors}</head>\n<body>\n<article>\n<h1>{title}</h1>\n{html}\n</article>\n</body>\n</html>\n",
        meta("og:title", &entry.title),
        escaped(&entry.url),
        title = escaped(&entry.title),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(name: &str, text: &str) -> Vec<(String, String)> {
        let seeds = unpack(&SitePath::new(format!("seeds/{name}")), text.as_bytes()).unwrap_or_default();
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        seeds.iter().map(|(path, bytes)| (path.to_string(), text(bytes))).collect()
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
