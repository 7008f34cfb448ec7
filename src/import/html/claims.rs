//! What a page claims about itself: structured data, the head's `meta`, `link` and `title`, marked-up text.
//!
//! In: the tree. Out: [`Claims`], nothing weighed yet; [`super::facts`] decides which of them to believe.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::dom::{Dom, Id, ROOT, Step, What};

/// What a page claims about itself.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// `meta` elements: name or property in lower case, contents in order.
    metas: BTreeMap<String, Vec<String>>,
    /// The articles that the structured data describes, the likeliest first.
    pub things: Vec<Thing>,
    /// The names of the organisations and sites in the structured data.
    pub publishers: Vec<String>,
    /// The `title` element.
    pub title: Option<String>,
    /// The headings of the first three levels: those of the first level before the others.
    pub headings: Vec<Id>,
    /// How many of them are of the first level.
    pub main_headings: usize,
    /// The names of persons in the structured data.
    pub persons: BTreeSet<String>,
    /// Elements that name the author by `rel`, `itemprop` or the like.
    pub authors: Vec<Id>,
    /// Elements that hold a date: the element, its machine-readable value, whether it says that it is the
    /// publication's.
    pub dates: Vec<(Id, String, bool)>,
    /// The page's address, by its own word.
    pub canonical: Option<String>,
    /// The address against which links are resolved.
    pub base: Option<String>,
    /// The address a saved page was saved from.
    pub saved_from: Option<String>,
    /// The language that the page declares.
    pub language: Option<String>,
}

/// An article as structured data describes it.
#[derive(Debug, Default, Clone)]
pub(super) struct Thing {
    /// How surely it is the page's article: articles before pages.
    pub rank: u8,
    /// Its title.
    pub headline: Option<String>,
    /// Who wrote it: persons, or what doesn't say what it is.
    pub authors: Vec<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// Its language, as written.
    pub language: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

impl Claims {
    /// The first content of the first of these `meta` names that has one.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.metas.get(*name)?.first()).map(String::as_str)
    }

    /// All contents of these `meta` names.
    pub(super) fn all_metas<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        names.iter().filter_map(|name| self.metas.get(*name)).flatten().map(String::as_str)
    }
}

/// Collects what the page claims.
pub(super) fn collect(dom: &Dom) -> Claims {
    let mut claims = Claims::default();
    let mut graph = Graph::default();
    let mut walk = dom.walk(ROOT);
    while let Some(step) = walk.next() {
        let Step::In(id) = step else { continue };
        match dom.what(id) {
            What::Comment(comment) => {
                // Programs that save pages note the address in a comment at the top.
                if claims.saved_from.is_none() {
                    claims.saved_from = saved_from(comment);
                }
                continue;
            }
            What::Element(..) => {}
            What::Document | What::Text(_) => continue,
        }
        let value =
            |attribute: &str| dom.attribute(id, attribute).map(str::trim).filter(|value| !value.is_empty());
        match dom.name(id) {
            "html" => claims.language = value("lang").or_else(|| value("xml:lang")).map(str::to_owned),
            "base" => claims.base = claims.base.take().or_else(|| value("href").map(str::to_owned)),
            "title" => {
                // Drawings have titles of their own.
                let in_drawing = dom.ancestors(id).any(|id| dom.name(id) == "svg");
                if claims.title.is_none() && !in_drawing {
                    claims.title = Some(unescape(&dom.text(id)));
                }
            }
            "meta" => {
                let name = value("property").or_else(|| value("name")).or_else(|| value("itemprop"));
                if let (Some(name), Some(content)) = (name.or_else(|| value("http-equiv")), value("content"))
                {
                    claims.metas.entry(name.to_ascii_lowercase()).or_default().push(unescape(content));
                    if value("itemprop").is_some_and(|property| property == "datePublished") {
                        claims.dates.push((id, content.to_owned(), true));
                    }
                }
            }
            "link" => {
                if value("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) {
                    claims.canonical = claims.canonical.take().or_else(|| value("href").map(str::to_owned));
                }
            }
            "script" => {
                let kind = value("type").unwrap_or_default();
                if kind.to_ascii_lowercase().contains("ld+json")
                    && let Some(data) = json(&dom.text(id))
                {
                    graph.add(data);
                }
                walk.pass_over();
            }
            "style" | "template" | "svg" => walk.pass_over(),
            "h1" => {
                claims.headings.insert(claims.main_headings, id);
                claims.main_headings += 1;
            }
            "h2" | "h3" => claims.headings.push(id),
            "time" => {
                let says = value("pubdate").is_some()
                    || dom.attribute(id, "pubdate").is_some()
                    || value("itemprop") == Some("datePublished")
                    || value("class").is_some_and(|class| {
                        let class = class.to_ascii_lowercase();
                        class.contains("publish")
                            || class.contains("entry-date")
                            || class.contains("dt-published")
                    });
                let is_update = value("itemprop") == Some("dateModified")
                    || value("class")
                        .is_some_and(|class| class.contains("updated") && !class.contains("published"));
                let when = value("datetime").map_or_else(|| squeeze(&dom.text(id)), str::to_owned);
                if !is_update {
                    claims.dates.push((id, when, says));
                }
            }
            _ => {
                if value("itemprop") == Some("datePublished") {
                    let written = value("content").or_else(|| value("datetime"));
                    let when = written.map_or_else(|| squeeze(&dom.text(id)), str::to_owned);
                    claims.dates.push((id, when, true));
                }
            }
        }
        let names_author = value("rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "author"))
            || value("itemprop")
                .is_some_and(|property| property.split_ascii_whitespace().any(|p| p == "author"));
        if names_author && dom.name(id) != "link" && dom.name(id) != "meta" {
            claims.authors.push(id);
        }
    }
    graph.into_claims(&mut claims);
    claims
}

/// Text with its space collapsed.
pub(super) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Undoes a second escaping, which many pages have in their data.
fn unescape(text: &str) -> String {
    const NAMED: [(&str, char); 14] = [
        ("quot", '"'),
        ("apos", '\''),
        ("lt", '<'),
        ("gt", '>'),
        ("nbsp", ' '),
        ("amp", '&'),
        ("rsquo", '’'),
        ("lsquo", '‘'),
        ("rdquo", '”'),
        ("ldquo", '“'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("eacute", 'é'),
    ];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(10).position(|byte| byte == b';');
        let decoded = end.and_then(|end| {
            let name = &rest[1..end];
            let number = match name.strip_prefix('#') {
                Some(digits) => match digits.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16).ok(),
                    None => digits.parse().ok(),
                },
                None => None,
            };
            let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
            Some((number.and_then(char::from_u32).or(named)?, end + 1))
        });
        let (c, length) = decoded.unwrap_or(('&', 1));
        plain.push(c);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    squeeze(&plain)
}

/// The address in the comment that a saving browser leaves: "saved from url=(0042)https://...", "url: https://...".
fn saved_from(comment: &str) -> Option<String> {
    let after = ["saved from url=", "url:"].iter().find_map(|mark| comment.split_once(mark))?.1;
    let after = after.trim_start();
    let after = after.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(after, |(_, rest)| rest);
    let url = after.split_whitespace().next()?;
    (url.starts_with("http://") || url.starts_with("https://")).then(|| url.to_owned())
}

/// Reads JSON as pages write it: in comments or CDATA, with raw line ends in strings, with commas too many.
fn json(text: &str) -> Option<Value> {
    let text = text.trim();
    let text = text.trim_start_matches("<!--").trim_start_matches("//").trim_start();
    let text = text.trim_start_matches("<![CDATA[").trim_start_matches("/*<![CDATA[*/");
    let text =
        text.trim_end_matches("-->").trim_end().trim_end_matches("]]>").trim_end_matches("//").trim_end();
    let text = text.trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    serde_json::from_str(&spaced).ok().or_else(|| {
        // A comma before a closing bracket.
        let mut mended = String::with_capacity(spaced.len());
        let mut comma = false;
        for c in spaced.chars() {
            match c {
                ',' if comma => {}
                ',' => comma = true,
                ' ' if comma => {}
                c => {
                    if comma && !matches!(c, '}' | ']') {
                        mended.push_str(", ");
                    }
                    comma = false;
                    mended.push(c);
                }
            }
        }
        serde_json::from_str(&mended).ok()
    })
}

/// Everything that the structured data describes.
#[derive(Default)]
struct Graph {
    things: Vec<Thing>,
    /// The names of persons and organisations by their `@id`.
    names: BTreeMap<String, String>,
    /// The `@id`s of organisations.
    organisations: BTreeSet<String>,
    publishers: Vec<String>,
    persons: BTreeSet<String>,
}

impl Graph {
    fn add(&mut self, data: Value) {
        let mut left = vec![&data];
        let mut articles = Vec::new();
        while let Some(value) = left.pop() {
            match value {
                Value::Array(values) => left.extend(values.iter().rev()),
                Value::Object(fields) => {
                    let kinds = strings(fields.get("@type"));
                    let name = text(fields.get("name"));
                    let is_organisation = kinds.iter().any(|kind| is_organisation(kind));
                    if let (Some(id), Some(name)) = (fields.get("@id").and_then(Value::as_str), &name) {
                        self.names.insert(id.to_owned(), name.clone());
                        if is_organisation {
                            self.organisations.insert(id.to_owned());
                        }
                    }
                    if kinds.iter().any(|kind| kind == "Person") {
                        self.persons.extend(name.clone());
                    }
                    if (is_organisation || kinds.iter().any(|kind| kind == "WebSite"))
                        && let Some(name) = name
                    {
                        self.publishers.push(name);
                    }
                    if let Some(rank) = kinds.iter().filter_map(|kind| rank(kind)).min() {
                        articles.push((rank, value));
                    }
                    left.extend(fields.values().filter(|value| value.is_object() || value.is_array()));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        for (rank, article) in articles {
            let thing = Thing {
                rank,
                headline: text(article.get("headline")).or_else(|| text(article.get("name"))),
                authors: self.names(article.get("author").or_else(|| article.get("creator"))),
                published: text(article.get("datePublished")).or_else(|| text(article.get("dateCreated"))),
                language: text(article.get("inLanguage")),
                url: text(article.get("url")).or_else(|| text(article.get("mainEntityOfPage"))),
            };
            self.things.push(thing);
        }
    }

    /// The names of an author field: text, a person, a reference, or a list of these; organisations left out.
    fn names(&self, author: Option<&Value>) -> Vec<String> {
        let values: Vec<&Value> = match author {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        let mut names = Vec::new();
        for value in values {
            let id = value.get("@id").and_then(Value::as_str);
            if strings(value.get("@type")).iter().any(|kind| is_organisation(kind))
                || id.is_some_and(|id| self.organisations.contains(id))
            {
                continue;
            }
            let named = match value.get("name") {
                Some(Value::Array(values)) => values.iter().filter_map(|value| text(Some(value))).collect(),
                other => text(other).or_else(|| text(Some(value))).into_iter().collect::<Vec<_>>(),
            };
            if named.is_empty() {
                names.extend(id.and_then(|id| self.names.get(id).cloned()));
            } else {
                names.extend(named);
            }
        }
        names
    }

    fn into_claims(self, claims: &mut Claims) {
        claims.things = self.things;
        claims.things.sort_by_key(|thing| thing.rank);
        claims.publishers = self.publishers;
        claims.persons = self.persons;
    }
}

/// How surely a thing of this type is the page's article; `None` for what is no text.
fn rank(kind: &str) -> Option<u8> {
    match kind.rsplit('/').next().unwrap_or(kind) {
        "Article"
        | "NewsArticle"
        | "BlogPosting"
        | "ReportageNewsArticle"
        | "OpinionNewsArticle"
        | "AnalysisNewsArticle"
        | "TechArticle"
        | "ScholarlyArticle"
        | "LiveBlogPosting"
        | "Report" => Some(0),
        "Recipe"
        | "HowTo"
        | "Review"
        | "DiscussionForumPosting"
        | "SocialMediaPosting"
        | "CreativeWork"
        | "MedicalWebPage" => Some(1),
        "WebPage" | "ItemPage" | "AboutPage" | "FAQPage" => Some(2),
        kind if kind.ends_with("Article") || kind.ends_with("Posting") => Some(0),
        _ => None,
    }
}

fn is_organisation(kind: &str) -> bool {
    kind.ends_with("Organization")
        || matches!(kind, "Corporation" | "NewsMediaOrganization" | "LocalBusiness" | "Brand")
}

/// A value's texts: itself, or those of a list.
fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(values)) => values.iter().filter_map(|value| text(Some(value))).collect(),
        _ => Vec::new(),
    }
}

/// A value as text: a string, the first of a list, an object's `@value`, `@id` or `name`.
fn text(value: Option<&Value>) -> Option<String> {
    let value = match value? {
        Value::Array(values) => values.first()?,
        value => value,
    };
    let text = match value {
        Value::String(text) => text,
        Value::Object(fields) => ["@value", "name"].iter().find_map(|key| fields.get(*key)?.as_str())?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
    };
    let text = unescape(&text.replace("<br>", " "));
    (!text.is_empty()).then_some(text)
}
