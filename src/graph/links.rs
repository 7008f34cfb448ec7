//! Links and pictures: what each one typed by the curator leads to, and who is mentioned where.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::{Backlink, Graph, Node};
use crate::address::{Address, short_slug, slug};
use crate::articles::{Article, ArticleId};
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::doubt::{Doubt, Kind};
use crate::markdown::{Body, Link, Passage, Picture, Target, safe_schemes};
use crate::nearest;
use crate::path::SitePath;
use crate::rights::Rights;
use crate::seeds::{Bytes, CONTENT, STATIC};
use crate::sentences::sentence_at;
use crate::text::Span;

/// The pages about the collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fixed {
    /// `/`
    Front,
    /// `/topics/`
    Topics,
    /// `/timeline/`
    Timeline,
    /// `/graph/`
    Graph,
    /// `/search/`
    Search,
    /// `/about/`, where the curator wrote none.
    About,
    /// `/paths/`, where there are any.
    Paths,
    /// `/concepts/`, where there are any.
    Concepts,
    /// `/figures/`, where there are any.
    Figures,
    /// `/authors/`, where there are any.
    Authors,
}

impl Fixed {
    const ALL: [Fixed; 10] = [
        Fixed::Front,
        Fixed::Topics,
        Fixed::Timeline,
        Fixed::Graph,
        Fixed::Search,
        Fixed::About,
        Fixed::Paths,
        Fixed::Concepts,
        Fixed::Figures,
        Fixed::Authors,
    ];

    /// Where the page is.
    pub fn address(self) -> Address {
        Address::folder(match self {
            Fixed::Front => "",
            Fixed::Topics => "topics",
            Fixed::Timeline => "timeline",
            Fixed::Graph => "graph",
            Fixed::Search => "search",
            Fixed::About => "about",
            Fixed::Paths => "paths",
            Fixed::Concepts => "concepts",
            Fixed::Figures => "figures",
            Fixed::Authors => "authors",
        })
    }
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A page of this site, or a place in it.
    To(Node, Option<String>),
    /// A file of this site.
    File(Address),
    /// A file beside the text, published with it: at this address, kept at this path.
    Beside(Address, SitePath),
    /// Another site.
    External(String),
    /// Nothing; it has been reported.
    Nowhere,
}

/// A backlink's sentence is cut to about this many characters around the link.
const SENTENCE: usize = 200;

/// What all links and all pictures lead to, by the text they stand in.
pub(super) type ByNode = BTreeMap<Node, Vec<Resolved>>;

/// Resolves all links and all pictures of all bodies, and reports pictures without words and formulas that cannot be
/// drawn.
pub(super) fn resolve<'a>(
    graph: &'a Graph,
    files: &BTreeMap<&'a Address, &'a Bytes>,
    beside: &'a BTreeMap<SitePath, Bytes>,
) -> (ByNode, ByNode, Diagnostics) {
    let names = Names::of(graph, files, beside);
    let bodies: Vec<(Node, &Body)> = graph.bodies().collect();
    let resolve = |(node, body): &(Node, &Body)| {
        let mut found = Diagnostics::new();
        let is_imported = match node {
            Node::Article(id) => graph.articles[id].source.seed.is_some(),
            Node::Topic(_) | Node::Plain(_) | Node::Path(_) | Node::Fixed(_) => false,
        };
        let mut take = |resolved: Result<Resolved, Diagnostic>, kind: Kind| {
            // A link that came with a seed is not the curator's doing, and no reason not to publish.
            let taken = resolved.map_err(|one| if is_imported { one.as_warning() } else { one });
            found.keep(taken.map_err(|one| one.with_doubt(Doubt::certain(kind)))).unwrap_or(Resolved::Nowhere)
        };
        let picture = |picture| take(names.picture(picture, node, body), Kind::MissingPicture);
        let shown: Vec<Resolved> = body.pictures.iter().map(picture).collect();
        let link = |link| take(names.resolve(link, node, body), Kind::DanglingLink);
        let resolved: Vec<Resolved> = body.links.iter().map(link).collect();
        found.extend(undrawn(body));
        if graph.is_published(node) {
            found.extend(undescribed(body));
        }
        (resolved, shown, found)
    };
    let resolved: Vec<(Vec<Resolved>, Vec<Resolved>, Diagnostics)> = bodies.par_iter().map(resolve).collect();
    let (mut links, mut pictures, mut found) = (BTreeMap::new(), BTreeMap::new(), Diagnostics::new());
    for ((node, _), (resolved, shown, problems)) in bodies.into_iter().zip(resolved) {
        pictures.insert(node.clone(), shown);
        links.insert(node, resolved);
        found.extend(problems);
    }
    (links, pictures, found)
}

/// The formulas that cannot be drawn.
fn undrawn(body: &Body) -> impl Iterator<Item = Diagnostic> {
    body.formulas.iter().filter_map(|formula| formula.mathml.as_ref().err().cloned())
}

/// The pictures nobody described.
fn undescribed(body: &Body) -> impl Iterator<Item = Diagnostic> {
    let silent = body.pictures.iter().filter(|picture| picture.description.trim().is_empty());
    silent.map(|picture| {
        let problem = Problem::new("a picture has no description");
        let hint = "say what it shows: `![A leek in the snow](leek.png)`";
        let problem = problem.hint(hint).at(picture.span.clone()).as_warning();
        problem.with_doubt(Doubt::certain(Kind::UndescribedPicture))
    })
}

/// Everything that can be linked to, by every name it has.
struct Names<'a> {
    graph: &'a Graph,
    by_name: BTreeMap<String, BTreeSet<Node>>,
    by_path: BTreeMap<&'a str, Node>,
    by_address: BTreeMap<Address, Node>,
    /// Articles by the seed they were made from: links between seeds are meant so.
    by_seed: BTreeMap<&'a str, Node>,
    files: BTreeSet<&'a Address>,
    /// The files beside the texts.
    beside: &'a BTreeMap<SitePath, Bytes>,
    /// What is made beside pages: feeds, twins, provenance pages.
    made: BTreeSet<Address>,
    /// All titles, all names of texts' files and of those beside them, for what leads nowhere; made ready when the
    /// first does.
    titles: OnceLock<nearest::Names<'a>>,
    stems: OnceLock<nearest::Names<'a>>,
    files_beside: OnceLock<nearest::Names<'a>>,
}

impl<'a> Names<'a> {
    fn of(
        graph: &'a Graph,
        files: &BTreeMap<&'a Address, &'a Bytes>,
        beside: &'a BTreeMap<SitePath, Bytes>,
    ) -> Names<'a> {
        let mut names = Names {
            graph,
            by_name: BTreeMap::new(),
            by_path: BTreeMap::new(),
            by_address: BTreeMap::new(),
            by_seed: BTreeMap::new(),
            files: files.keys().copied().collect(),
            beside,
            made: [
                "atom.xml",
                "feed.json",
                "llms.txt",
                "sitemap.xml",
                "robots.txt",
                "opensearch.xml",
                "404.html",
            ]
            .map(Address::file)
            .into(),
            titles: OnceLock::new(),
            stems: OnceLock::new(),
            files_beside: OnceLock::new(),
        };
        for fixed in Fixed::ALL.into_iter().filter(|fixed| graph.has(*fixed)) {
            names.by_address.insert(fixed.address(), Node::Fixed(fixed));
        }
        for article in graph.articles.values() {
            let aliases: Vec<&str> = article.aliases.iter().map(|alias| alias.value.as_str()).collect();
            let node = Node::Article(article.id.clone());
            names.made.insert(Address::folder(&format!("articles/{}/source", article.id)));
            names.by_seed.extend(article.source.seed.as_deref().map(|seed| (seed, node.clone())));
            names.made.insert(Address::file(format!("articles/{}/index.md", article.id)));
            for one in &article.duplicates {
                for name in [&one.title, one.id.as_str()] {
                    names.by_name.entry(folded(name)).or_default().insert(node.clone());
                }
                names.by_address.insert(Node::Article(one.id.clone()).address(), node.clone());
                names.by_path.insert(one.path.as_str(), node.clone());
            }
            names.add(node, &[&article.title, article.id.as_str()], &aliases, article.path());
        }
        for topic in graph.topics.values() {
            let node = Node::Topic(topic.id.clone());
            names.made.insert(Address::file(format!("topics/{}/atom.xml", topic.id)));
            let synonyms = topic.synonyms.iter().map(|synonym| synonym.value.as_str());
            let called: Vec<&str> =
                [topic.title.as_str(), topic.id.as_str()].into_iter().chain(synonyms).collect();
            let aliases: Vec<&str> = topic.aliases.iter().map(|alias| alias.value.as_str()).collect();
            names.add(node, &called, &aliases, topic.text.path());
        }
        for path in graph.paths.values() {
            let node = Node::Path(path.id.clone());
            names.add(node, &[&path.title, path.id.as_str()], &[], path.text.path());
        }
        for concept in graph.concepts.all.iter().filter(|concept| concept.has_page()) {
            names.made.insert(concept.id.address());
        }
        names.made.extend(graph.authors.all.iter().map(|author| author.id.address()));
        for plain in graph.plains.values() {
            let node = Node::Plain(plain.id.clone());
            names.add(node, &[&plain.title, plain.id.as_str()], &[], plain.text.path());
        }
        names
    }

    fn add(&mut self, node: Node, called: &[&str], aliases: &[&str], path: &'a SitePath) {
        for name in called.iter().chain(aliases) {
            self.by_name.entry(folded(name)).or_default().insert(node.clone());
        }
        self.by_address.insert(node.address(), node.clone());
        for address in aliases.iter().filter_map(|alias| Address::typed(alias)) {
            self.by_address.entry(address).or_insert_with(|| node.clone());
        }
        self.by_path.insert(path.as_str(), node);
    }

    fn resolve(&self, link: &Link, from: &Node, body: &Body) -> Result<Resolved, Diagnostic> {
        let place = || link.span.clone();
        match &link.target {
            Target::Wiki { name, heading } => {
                let node = if name.is_empty() { from.clone() } else { self.named(name, link)? };
                let anchor =
                    heading.as_deref().map(|heading| self.anchor(&node, heading, link)).transpose()?;
                Ok(Resolved::To(node, anchor))
            }
            Target::Destination(destination) => {
                if let Some(scheme) = scheme(destination) {
                    return if safe_schemes().contains(scheme.to_ascii_lowercase().as_str()) {
                        Ok(Resolved::External(destination.clone()))
                    } else {
                        let problem = Problem::new(format!("a link with `{scheme}:` is not published"));
                        Err(problem.hint("`https:`, `http:` and `mailto:` are").at(place()).as_warning())
                    };
                }
                if destination.starts_with("//") {
                    return Ok(Resolved::External(destination.clone()));
                }
                let (path, anchor) = match destination.split_once('#') {
                    Some((path, anchor)) => (path, Some(anchor)),
                    None => (destination.as_str(), None),
                };
                let path = percent_decoded(path.split('?').next().unwrap_or_default());
                if path.is_empty() {
                    let anchor = anchor.filter(|anchor| !anchor.is_empty());
                    let anchor = anchor.map(|anchor| self.anchor(from, anchor, link)).transpose()?;
                    return Ok(Resolved::To(from.clone(), anchor));
                }
                let address =
                    if path.starts_with('/') { Address::typed(&path) } else { typed_from(&path, from) };
                let address = address.ok_or_else(|| self.broken(destination, &path).at(place()))?;
                let file = file_from(&path, body);
                let named = self.by_path.get(file.as_str()).or_else(|| self.by_address.get(&address));
                if let Some(node) = named {
                    let anchor = anchor.map(|anchor| self.anchor(node, anchor, link)).transpose()?;
                    return Ok(Resolved::To(node.clone(), anchor));
                }
                if let Some(beside) = self.beside(&path, &file, from) {
                    return Ok(beside);
                }
                if self.files.contains(&address) || self.made.contains(&address) {
                    return Ok(Resolved::File(address));
                }
                if let Some(node) = self.between_seeds(&path, from) {
                    let anchor = anchor.map(|anchor| self.anchor(node, anchor, link)).transpose()?;
                    return Ok(Resolved::To(node.clone(), anchor));
                }
                Err(self.broken(destination, &path).at(place()))
            }
        }
    }

    /// The article of the seed that a link means from the seed of the text it stands in: a file, or the folder of an `index.md`;
    /// after `@/` from the top of what it came with, as Zola has it.
    fn between_seeds(&self, path: &str, from: &Node) -> Option<&Node> {
        let Node::Article(id) = from else { return None };
        let seed = self.graph.articles.get(id)?.source.seed.as_deref()?;
        let folder = seed.rsplit_once('/')?.0;
        let wanted = |at: &str| {
            let names = [at.to_owned(), format!("{at}.md"), format!("{at}/index.md")];
            names.iter().find_map(|name| self.by_seed.get(name.as_str()))
        };
        let Some(below) = path.strip_prefix("@/").or_else(|| path.strip_prefix('/')) else {
            return wanted(&resolved(folder, path));
        };
        // The nearest folder above that has it.
        let mut top = Some(folder);
        while let Some(folder) = top {
            let inside =
                ["", "content/"].iter().find_map(|part| wanted(&resolved(folder, &format!("{part}{below}"))));
            if inside.is_some() {
                return inside;
            }
            top = folder.rsplit_once('/').map(|(above, _)| above);
        }
        None
    }

    /// What a picture is: a file beside the text, one of `static/`, or another site's.
    fn picture(&self, picture: &Picture, from: &Node, body: &Body) -> Result<Resolved, Diagnostic> {
        let (destination, place) = (picture.destination.as_str(), || picture.span.clone());
        match scheme(destination).map(str::to_ascii_lowercase).as_deref() {
            Some("http" | "https") => return Ok(Resolved::External(destination.to_owned())),
            Some(scheme) => {
                let problem = Problem::new(format!("a picture with `{scheme}:` is not published"));
                let hint = "put the picture's file beside the text, and name it";
                return Err(problem.hint(hint).at(place()).as_warning());
            }
            None if destination.starts_with("//") => return Ok(Resolved::External(destination.to_owned())),
            None => {}
        }
        let path = percent_decoded(destination.split(['?', '#']).next().unwrap_or_default());
        if path.is_empty() {
            let problem = Problem::new("a picture names no file");
            return Err(problem.hint("write `![what it shows](picture.png)`").at(place()));
        }
        let file = file_from(&path, body);
        if let Some(beside) = self.beside(&path, &file, from) {
            return Ok(beside);
        }
        let address = if path.starts_with('/') { Address::typed(&path) } else { typed_from(&path, from) };
        match address.filter(|address| self.files.contains(address)) {
            Some(address) => Ok(Resolved::File(address)),
            None => Err(self.no_picture(destination, &path, &file, place())),
        }
    }

    /// A file beside the text is published where the page looks for it: the path from the text to the file is
    /// that from the page to its copy.
    fn beside(&self, path: &str, file: &str, from: &Node) -> Option<Resolved> {
        let (file, _) = self.beside.get_key_value(file).filter(|_| !path.starts_with('/'))?;
        let address = match path.strip_prefix("@/") {
            Some(path) => Address::typed(path),
            None => typed_from(path, from),
        };
        Some(Resolved::Beside(address?, file.clone()))
    }

    fn no_picture(&self, destination: &str, path: &str, file: &str, place: Span) -> Diagnostic {
        let problem = Problem::new(format!("there is no picture `{destination}`"));
        let name = file.rsplit('/').next().unwrap_or(file);
        let beside =
            self.files_beside.get_or_init(|| nearest::Names::of(self.beside.keys().map(SitePath::file_name)));
        let problem = match beside.nearest(name) {
            _ if path.starts_with('/') => problem.hint(format!("it would be `{STATIC}{path}`")),
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint(format!("it would be `{file}`, beside the text")),
        };
        problem.at(place)
    }

    fn named(&self, name: &str, link: &Link) -> Result<Node, Diagnostic> {
        let Some(nodes) = self.by_name.get(&folded(name)) else {
            let problem = Problem::new(format!("no article is called `{name}`"));
            let problem = match self.titles.get_or_init(|| nearest::Names::of(self.titles())).nearest(name) {
                Some(near) => problem.hint(format!("did you mean `[[{near}]]`?")),
                None => problem.hint("it is shown as plain words until there is one"),
            };
            return Err(problem.at(link.span.clone()).as_warning());
        };
        let mut nodes = nodes.iter();
        match (nodes.next(), nodes.next()) {
            (Some(node), None) => Ok(node.clone()),
            (first, second) => {
                let all: Vec<String> = first
                    .into_iter()
                    .chain(second)
                    .chain(nodes)
                    .map(|node| format!("`{}`", node.address()))
                    .collect();
                let problem = Problem::new(format!("`{name}` could be {}", all.join(" or ")));
                Err(problem
                    .hint("link to the file instead: `[words](../topics/name.md)`")
                    .at(link.span.clone()))
            }
        }
    }

    fn titles(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let articles = self.graph.articles.values().map(|one| one.title.as_str());
        let topics = self.graph.topics.values().map(|one| one.title.as_str());
        let paths = self.graph.paths.values().map(|one| one.title.as_str());
        articles.chain(topics).chain(paths).chain(self.graph.plains.values().map(|one| one.title.as_str()))
    }

    fn stems(&self) -> impl Iterator<Item = &'a str> {
        self.by_path.keys().copied().map(|path| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.strip_suffix(".md").unwrap_or(name)
        })
    }

    /// The id a heading or paragraph is known by on its page.
    fn anchor(&self, node: &Node, typed: &str, link: &Link) -> Result<String, Diagnostic> {
        let Some(body) = self.graph.body(node) else { return Ok(typed.to_owned()) };
        let typed = percent_decoded(typed);
        if let Some(id) = [typed.clone(), short_slug(&typed)].into_iter().find(|id| body.has_id(id)) {
            return Ok(id);
        }
        let ids = body.headings.iter().map(|heading| heading.id.as_str());
        let problem = Problem::new(format!("`{}` has no heading `{typed}`", node.address()));
        let problem = match nearest::nearest(&short_slug(&typed), ids) {
            Some(near) => problem.hint(format!("did you mean `#{near}`?")),
            None => problem.hint("after `#` stands a heading of that page, in words or as in its address"),
        };
        Err(problem.at(link.span.clone()))
    }

    fn broken(&self, destination: &str, path: &str) -> Problem {
        let problem = Problem::new(format!("nothing is at `{destination}`"));
        if path.starts_with("www.") {
            return problem.hint(format!("for another site write `https://{destination}`"));
        }
        let name = SitePath::new(path.trim_end_matches('/').trim_end_matches("/index.html"));
        match self.stems.get_or_init(|| nearest::Names::of(self.stems())).nearest(name.stem()) {
            Some(near) => {
                problem.hint(format!("did you mean `{near}`? `[[{near}]]` links to it from anywhere"))
            }
            None => problem.hint("a link names a file, `other.md`, or an address, `/articles/other/`"),
        }
    }
}

/// The scheme of an address that has one.
fn scheme(destination: &str) -> Option<&str> {
    let (scheme, _) = destination.split_once(':')?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (!scheme.is_empty() && scheme.bytes().all(fits)).then_some(scheme)
}

/// Names compare without case, accents and punctuation.
fn folded(name: &str) -> String {
    slug(name.trim_matches('/'))
}

/// The path a relative link names when it means a file: from the folder of the file it stands in, or from
/// `content/` after `@/`.
fn file_from(path: &str, body: &Body) -> String {
    if let Some(path) = path.strip_prefix("@/") {
        return format!("{CONTENT}/{path}");
    }
    let file = body.path().as_str();
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    resolved(folder, path)
}

/// The address a relative link names when it means a page: from the folder of its own page.
fn typed_from(path: &str, from: &Node) -> Option<Address> {
    let address = from.address();
    let slash = if path.ends_with('/') { "/" } else { "" };
    Address::typed(&format!("{}{slash}", resolved(address.short().trim_end_matches('/'), path)))
}

/// Follows `.` and `..` from a folder.
fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Who mentions each article: one entry for each citing article, at its first link.
pub(super) fn backlinks(
    graph: &Graph,
    links: &BTreeMap<Node, Vec<Resolved>>,
) -> BTreeMap<ArticleId, Vec<Backlink>> {
    // Each article's first link to each other.
    let mentioned = |article: &&Article| -> Vec<(ArticleId, Backlink)> {
        let resolved = links.get(&Node::Article(article.id.clone())).into_iter().flatten();
        let mut seen = BTreeSet::from([&article.id]);
        let mut mentioned = Vec::new();
        for (index, (link, resolved)) in article.body.links.iter().zip(resolved).enumerate() {
            if let Resolved::To(Node::Article(to), _) = resolved
                && !seen.contains(to)
                && link.passage < article.body.passages.len()
            {
                seen.insert(to);
                mentioned.push((to.clone(), Backlink { from: article.id.clone(), link: index }));
            }
        }
        mentioned
    };
    let articles: Vec<&Article> = graph.articles.values().collect();
    let mut backlinks: BTreeMap<ArticleId, Vec<Backlink>> = BTreeMap::new();
    for (to, backlink) in articles.par_iter().map(mentioned).collect::<Vec<_>>().into_iter().flatten() {
        backlinks.entry(to).or_default().push(backlink);
    }
    backlinks.values_mut().for_each(Vec::shrink_to_fit);
    backlinks
}

/// The passage that holds a link, and what is shown of the sentence around it; `None` where no passage holds it.
pub(super) fn mentioned<'a>(article: &'a Article, link: &Link) -> Option<(&'a Passage, [String; 3])> {
    let passage = article.body.passages.get(link.passage)?;
    let text = passage.text.read();
    let (before, words, after) = match article.rights {
        Rights::Full => sentence_around(&text, link.words.clone()),
        // The sentence is not published, so the words of the link are all there is to show.
        Rights::Excerpt | Rights::Link => (String::new(), text[link.words.clone()].to_owned(), String::new()),
    };
    Some((passage, [before, words, after]))
}

/// The sentence around some words, cut in three, at most about [`SENTENCE`] characters in all.
pub(crate) fn sentence_around(text: &str, words: Range<usize>) -> (String, String, String) {
    let sentence = sentence_at(text, words.start);
    let end = sentence.end.max(words.end);
    let (before, after) = (&text[sentence.start..words.start], &text[words.end..end]);
    let room = SENTENCE.saturating_sub(words.len()) / 2;
    let before = match before.char_indices().rev().nth(room) {
        Some((cut, _)) => format!("… {}", before[cut..].split_once(' ').map_or("", |(_, rest)| rest)),
        None => before.to_owned(),
    };
    let after = match after.char_indices().nth(room) {
        Some((cut, _)) => format!("{} …", after[..cut].rsplit_once(' ').map_or("", |(rest, _)| rest)),
        None => after.trim_end().to_owned(),
    };
    (before, text[words].to_owned(), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_cut_around_the_words() {
        let text = "First one. Here is the link in it. Last one.";
        let start = text.find("the link").unwrap();
        let (before, words, after) = sentence_around(text, start..start + 8);
        assert_eq!((before.as_str(), words.as_str(), after.as_str()), ("Here is ", "the link", " in it."));
        let long = format!("{} link {}", "before ".repeat(60), "after ".repeat(60));
        let start = long.find("link").unwrap();
        let (before, _, after) = sentence_around(&long, start..start + 4);
        assert!(before.starts_with("… before") && after.ends_with("after …"));
        assert!(before.chars().count() + after.chars().count() < SENTENCE + 20);
    }

    #[test]
    fn paths_are_followed() {
        for (folder, path, expected) in [
            ("content/articles", "other.md", "content/articles/other.md"),
            ("content/articles", "../topics/./a.md", "content/topics/a.md"),
            ("", "../../a", "a"),
        ] {
            assert_eq!(resolved(folder, path), expected);
        }
        assert_eq!(percent_decoded("a%20b%C3%B6%zz%"), "a bö%zz%");
    }
}
