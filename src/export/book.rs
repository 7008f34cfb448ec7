//! A book: a chapter for each article, in EPUB 3 (<https://www.w3.org/TR/epub-33/>).
//!
//! In: articles. Out: the book's files by path, but for the first, by which it is known. Of an article it holds what
//! the site publishes of it. A link to a chapter stays in the book; one to another page of the site leads to the
//! site, where that has an address. Pictures of other sites are not in it, and their descriptions stand for them.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::xhtml::{legal, xhtml};
use super::{Selection, address};
use crate::Joined;
use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::date::Date;
use crate::graph::{Node, Resolved};
use crate::markdown::{Body, Here, Href, Places, Punctuation, Quotes, Section, Source, Style, html};
use crate::pages::excerpt;
use crate::rights::Rights;
use crate::seeds::Bytes;

/// What a reader is told to open first. Source: EPUB Open Container Format 3.3.
const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"#;

/// When the book was last changed, where no article has a date: a time must be named, and the clock's would make every
/// book another.
const NEVER: &str = "2000-01-01T00:00:00Z";

/// The most authors that are named for the whole book.
const AUTHORS: usize = 20;

/// What is in the book beside its chapters.
struct Book<'a> {
    joined: &'a Joined,
    /// The number of each article's chapter.
    chapters: BTreeMap<&'a ArticleId, usize>,
    /// The files of all chapters and pictures.
    names: BTreeSet<String>,
    /// The pictures that a book may hold.
    pictures: BTreeMap<&'a Address, Picture<'a>>,
}

/// A picture that a book may hold.
struct Picture<'a> {
    name: String,
    kind: &'static str,
    bytes: &'a Bytes,
}

/// The files of a book.
pub fn book(joined: &Joined, selection: &Selection<'_>) -> BTreeMap<String, Bytes> {
    let language = &joined.config.language;
    let chapters: BTreeMap<&ArticleId, usize> =
        selection.articles.iter().enumerate().map(|(index, article)| (&article.id, index + 1)).collect();
    let held = joined.files.iter().filter_map(|(_, address, bytes)| Some((address, bytes, kind(bytes)?)));
    let pictures: BTreeMap<&Address, Picture<'_>> = held
        .enumerate()
        .map(|(index, (address, bytes, (ending, kind)))| {
            (address, Picture { name: format!("picture-{:04}.{ending}", index + 1), kind, bytes })
        })
        .collect();
    let names = chapters.values().map(|number| chapter(*number));
    let names = names.chain(pictures.values().map(|picture| picture.name.clone())).collect();
    let book = Book { joined, chapters, names, pictures };
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut items = vec![
        item("nav", "nav.xhtml", "application/xhtml+xml", "nav"),
        item("style", "style.css", "text/css", ""),
    ];

    // The words before the first chapter, then the chapters.
    let intro = selection.of.as_ref().and_then(|node| Some((node, joined.graph.body(node)?)));
    let mut has_formula = false;
    let intro =
        intro.map(|(node, body)| book.html(node, body, language, &mut has_formula)).unwrap_or_default();
    let mut title = format!("<h1>{}</h1>\n", legal(selection.title));
    if let Some(description) = selection.description {
        title.push_str(&format!("<p class=\"description\">{}</p>\n", legal(description)));
    }
    texts.insert("title.xhtml".to_owned(), page(selection.title, language, &format!("{title}{intro}")));
    items.push(item("title", "title.xhtml", "application/xhtml+xml", mathml(has_formula)));
    for article in &selection.articles {
        let name = book.chapter(&article.id).unwrap_or_default();
        let mut has_formula = false;
        let text = book.article(article, &mut has_formula);
        let own = article.language.as_ref().unwrap_or(language);
        items.push(item(
            name.trim_end_matches(".xhtml"),
            &name,
            "application/xhtml+xml",
            mathml(has_formula),
        ));
        texts.insert(name, page(&article.title, own, &text));
    }
    let nav: String = selection
        .articles
        .iter()
        .filter_map(|article| Some((book.chapter(&article.id)?, &article.title)))
        .map(|(name, title)| format!("<li><a href=\"{name}\">{}</a></li>\n", legal(title)))
        .collect();
    let contents = legal(&joined.wording.say("article.contents", &[]));
    let nav = format!("<nav epub:type=\"toc\">\n<h1>{contents}</h1>\n<ol>\n{nav}</ol>\n</nav>");
    texts.insert("nav.xhtml".to_owned(), page(selection.title, language, &nav));
    texts.insert("style.css".to_owned(), include_str!("book.css").to_owned());

    // The pictures that the texts show, and no others.
    let mut files: BTreeMap<String, Bytes> = BTreeMap::new();
    for Picture { name, kind, bytes } in book.pictures.values() {
        if texts.values().any(|text| text.contains(&format!("src=\"{name}\""))) {
            items.push(item(name.split('.').next().unwrap_or(name), name, kind, ""));
            files.insert(format!("EPUB/{name}"), (*bytes).clone());
        }
    }
    let package = package(joined, selection, &items, &book);
    texts.insert("package.opf".to_owned(), package);
    files.extend(texts.iter().map(|(name, text)| (format!("EPUB/{name}"), Bytes::from(text.as_bytes()))));
    files.insert("META-INF/container.xml".to_owned(), Bytes::from(CONTAINER.as_bytes()));
    files
}

/// The ending and type of a picture that every reader of books shows (EPUB 3.3, section 3.2); a drawing in SVG is
/// left out, since it may hold what no book may.
fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    use imagesize::ImageType;
    match imagesize::image_type(bytes).ok()? {
        ImageType::Jpeg => Some(("jpg", "image/jpeg")),
        ImageType::Png => Some(("png", "image/png")),
        ImageType::Gif => Some(("gif", "image/gif")),
        ImageType::Webp => Some(("webp", "image/webp")),
        _ => None,
    }
}

/// The file of a chapter.
fn chapter(number: usize) -> String {
    format!("chapter-{number:04}.xhtml")
}

/// What says that a page has formulas.
fn mathml(has_formula: bool) -> &'static str {
    if has_formula { "mathml" } else { "" }
}

/// An entry of the list of files.
fn item(id: &str, href: &str, kind: &str, properties: &str) -> String {
    let properties =
        if properties.is_empty() { String::new() } else { format!(" properties=\"{properties}\"") };
    format!("    <item id=\"{id}\" href=\"{href}\" media-type=\"{kind}\"{properties}/>\n")
}

/// A page of the book.
fn page(title: &str, language: &str, body: &str) -> String {
    let (title, language) = (legal(title), legal(language));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{language}\" xml:lang=\"{language}\">\n<head>\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"style.css\"/>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
}

/// What the book says of itself.
fn package(joined: &Joined, selection: &Selection<'_>, items: &[String], book: &Book<'_>) -> String {
    let config = &joined.config;
    let of = selection.of.as_ref().map(|node| node.address().as_str().to_owned()).unwrap_or_default();
    let named = format!("{} {} {of}", config.base_url.as_deref().unwrap_or_default(), config.title);
    let latest: Option<Date> = selection.articles.iter().filter_map(|article| article.date).max();
    let mut authors: Vec<&String> = Vec::new();
    for author in selection.articles.iter().flat_map(|article| &article.authors) {
        if !authors.contains(&author) && authors.len() < AUTHORS {
            authors.push(author);
        }
    }
    let mut meta = format!(
        "    <dc:identifier id=\"id\">urn:uuid:{}</dc:identifier>\n    <dc:title>{}</dc:title>\n    <dc:language>{}</dc:language>\n",
        uuid(&named),
        legal(selection.title),
        legal(&config.language),
    );
    for author in authors {
        meta.push_str(&format!("    <dc:creator>{}</dc:creator>\n", legal(author)));
    }
    if let Some(description) = selection.description {
        meta.push_str(&format!("    <dc:description>{}</dc:description>\n", legal(description)));
    }
    let modified = latest.map_or_else(|| NEVER.to_owned(), Date::as_timestamp);
    meta.push_str(&format!("    <meta property=\"dcterms:modified\">{modified}</meta>\n"));
    let spine: String = selection
        .articles
        .iter()
        .filter_map(|article| book.chapter(&article.id))
        .map(|name| format!("    <itemref idref=\"{}\"/>\n", name.trim_end_matches(".xhtml")))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
         unique-identifier=\"id\">\n  <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n{meta}  </metadata>\n  \
         <manifest>\n{}  </manifest>\n  <spine>\n    <itemref idref=\"title\"/>\n    <itemref idref=\"nav\"/>\n{spine}  \
         </spine>\n</package>\n",
        items.concat()
    )
}

/// A name for the book that is always the same: a UUID of version 8, which holds what one likes (RFC 9562, section
/// 5.8).
fn uuid(named: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(named.as_bytes()).as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

impl Book<'_> {
    /// The file of an article's chapter; `None` where it has none.
    fn chapter(&self, id: &ArticleId) -> Option<String> {
        self.chapters.get(id).copied().map(chapter)
    }

    /// A chapter, from its title to where it is from.
    fn article(&self, article: &Article, has_formula: &mut bool) -> String {
        let language = article.language.as_ref().unwrap_or(&self.joined.config.language);
        let text = match article.rights {
            Rights::Full => {
                self.html(&Node::Article(article.id.clone()), &article.body, language, has_formula)
            }
            Rights::Excerpt => format!("<p>{}</p>\n", legal(&excerpt(article))),
            Rights::Link => String::new(),
        };
        let first = article.body.headings.first().filter(|first| first.level == 1 && first.start == 0);
        let is_titled =
            article.rights == Rights::Full && first.is_some_and(|first| first.title == article.title);
        let (heading, text) = match text.split_once("</h1>").filter(|_| is_titled) {
            Some((heading, text)) => (format!("{heading}</h1>"), text),
            None => (format!("<h1>{}</h1>", legal(&article.title)), text.as_str()),
        };
        let byline = [
            (!article.authors.is_empty()).then(|| article.authors.join(", ")),
            article.date.map(|date| self.joined.wording.date(date)),
        ];
        let byline = byline.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let byline =
            if byline.is_empty() { byline } else { format!("<p class=\"byline\">{}</p>\n", legal(&byline)) };
        let origin = match address(self.joined, article).and_then(|address| Url::parse(&address).ok()) {
            Some(url) => format!("<p class=\"origin\"><a href=\"{0}\">{0}</a></p>", legal(url.as_str())),
            None => String::new(),
        };
        format!("<section epub:type=\"chapter\">\n{heading}\n{byline}{text}\n{origin}\n</section>")
    }

    fn html(&self, node: &Node, body: &Body, language: &str, has_formula: &mut bool) -> String {
        let config = &self.joined.config;
        let punctuation = if config.smart_punctuation {
            Punctuation::Typographic(Quotes::of(language))
        } else {
            Punctuation::Typed
        };
        let style = Style { wording: &self.joined.wording, punctuation, raw_html: config.raw_html };
        let is_in_book = |file: &str| self.names.contains(file);
        xhtml(&html(body, style, &InBook { book: self, node }), &is_in_book, has_formula)
    }
}

/// Where the links of a text lead, in the book.
struct InBook<'a> {
    book: &'a Book<'a>,
    node: &'a Node,
}

impl Places for InBook<'_> {
    fn link(&self, index: usize) -> Href {
        let graph = &self.book.joined.graph;
        let on_site = |address: &Address| {
            self.book
                .joined
                .config
                .base_url
                .as_ref()
                .map_or(Href::Nowhere, |base| Href::To(address.absolute(base)))
        };
        match graph.links(self.node).get(index) {
            Some(Resolved::To(node, anchor)) => {
                let Node::Article(id) = node else { return on_site(&node.address()) };
                let Some(name) = self.book.chapter(id) else { return on_site(&node.address()) };
                let has = |anchor: &&String| {
                    graph.is_published(node) && graph.body(node).is_some_and(|body| body.has_id(anchor))
                };
                let place =
                    anchor.as_ref().filter(has).map(|anchor| format!("#{anchor}")).unwrap_or_default();
                Href::To(format!("{name}{place}"))
            }
            Some(Resolved::File(address) | Resolved::Beside(address, _)) => on_site(address),
            Some(Resolved::External(url)) => {
                Url::parse(url).map_or(Href::Nowhere, |url| Href::To(url.to_string()))
            }
            Some(Resolved::Nowhere) | None => Href::Nowhere,
        }
    }

    fn picture(&self, index: usize) -> Source {
        let graph = &self.book.joined.graph;
        let Some(Resolved::File(address) | Resolved::Beside(address, _)) =
            graph.pictures(self.node).get(index)
        else {
            return Source::Nowhere;
        };
        match self.book.pictures.get(address) {
            Some(picture) => Source::Here(Here {
                src: picture.name.clone(),
                size: graph.size(address),
                smaller: Vec::new(),
            }),
            None => Source::Nowhere,
        }
    }

    /// A section of another chapter is a link to it: that stands in the same book.
    fn section(&self, _index: usize) -> Option<Section> {
        None
    }
}
