//! What each kind of page shows: exactly the values its template sees, and nothing else.
//!
//! Every address in here is already relative to the page that shows it; every text is plain text unless
//! its name ends in `html`. A template never sees an article, the graph or a file.

use serde::Serialize;

use crate::card::SetTitle;

/// One page of the public site: exactly what its template sees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// What stands around every page: the same on all of them but for the way back to the front.
    pub site: Frame,
    /// What this page shows.
    pub page: Shows,
}

/// What stands around every page. It holds no count, date or list of the site: those would change the
/// bytes of every page whenever one article changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frame {
    /// The site's name.
    pub title: String,
    /// BCP 47 language tag of the site's own words.
    pub language: String,
    /// How that language is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The way from this page back to the front: `""`, `"../"`, `"../../"`; on the page for missing
    /// addresses, which is shown at any depth, the path of `base_url`.
    pub root: String,
    /// Whether the theme's own text face is sent along.
    pub fonts: bool,
    /// Whether the site's address is known, and so feeds, sitemap and a description of its search are there.
    pub has_base_url: bool,
}

/// The kinds of page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Shows {
    /// `/`
    Front(FrontPage),
    /// `/articles/<slug>/`
    Article(Box<ArticlePage>),
    /// `/articles/<slug>/source/`
    Source(Box<SourcePage>),
    /// `/topics/`
    Topics(TopicsPage),
    /// `/topics/<slug>/`
    Topic(TopicPage),
    /// `/timeline/`
    Timeline(TimelinePage),
    /// `/graph/`
    Graph(GraphPage),
    /// `/timeline/<year>/`, `/topics/<slug>/<year>/`
    Year(YearPage),
    /// `/concepts/`, `/authors/`, and their pages a letter
    Index(IndexPage),
    /// `/concepts/<slug>/`
    Concept(ConceptPage),
    /// `/authors/<slug>/`
    Author(AuthorPage),
    /// `/figures/`
    Figures(FiguresPage),
    /// `/paths/`
    Paths(PathsPage),
    /// `/paths/<slug>/`
    Path(PathPage),
    /// `/search/`
    Search(SearchPage),
    /// `/about/`
    About(AboutPage),
    /// Any other page the curator wrote.
    Plain(PlainPage),
    /// A page that only leads on to another address.
    Redirect(RedirectPage),
    /// `/404.html`
    NotFound(NotFoundPage),
    /// `/atom.xml` and each topic's.
    Feed(FeedPage),
    /// `/sitemap.xml`
    Sitemap(SitemapPage),
    /// `/sitemap.xml` of a site too large for one.
    SitemapIndex(SitemapIndexPage),
    /// `/robots.txt`
    Robots(RobotsPage),
    /// `/opensearch.xml`
    OpenSearch(OpenSearchPage),
    /// `/card.png` and each article's.
    Card(CardPage),
}

impl Shows {
    /// The template that draws this kind of page.
    pub fn template(&self) -> &'static str {
        match self {
            Shows::Front(_) => "front.html",
            Shows::Article(_) => "article.html",
            Shows::Source(_) => "source.html",
            Shows::Topics(_) => "topics.html",
            Shows::Topic(_) => "topic.html",
            Shows::Timeline(_) => "timeline.html",
            Shows::Graph(_) => "graph.html",
            Shows::Year(_) => "year.html",
            Shows::Index(_) => "index.html",
            Shows::Concept(_) => "concept.html",
            Shows::Author(_) => "author.html",
            Shows::Figures(_) => "figures.html",
            Shows::Paths(_) => "paths.html",
            Shows::Path(_) => "path.html",
            Shows::Search(_) => "search.html",
            Shows::About(_) => "about.html",
            Shows::Plain(_) => "plain.html",
            Shows::Redirect(_) => "redirect.html",
            Shows::NotFound(_) => "404.html",
            Shows::Feed(_) => "atom.xml",
            Shows::Sitemap(_) => "sitemap.xml",
            Shows::SitemapIndex(_) => "sitemap-index.xml",
            Shows::Robots(_) => "robots.txt",
            Shows::OpenSearch(_) => "opensearch.xml",
            Shows::Card(_) => "card.svg",
        }
    }
}

/// What the head of every HTML page says about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Head {
    /// The page's own name, without the site's.
    pub title: String,
    /// One or two sentences for search engines and link previews.
    pub description: Option<String>,
    /// The absolute address others should cite; absent when the site has no `base_url`.
    pub canonical: Option<String>,
    /// A relative address of the Atom feed that fits this page; absent when the site has no `base_url`.
    pub feed: Option<String>,
    /// The picture to show where the page is shared; absent when the site has no `base_url`, or no cards.
    pub card: Option<Card>,
    /// What the page says of itself to machines: JSON-LD, safe inside a `<script>` element.
    pub linked_data: Option<String>,
}

/// The picture by which a page is known where it is shared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// Its absolute address.
    pub href: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// What it says, for those who do not see it.
    pub words: String,
}

/// `card.png` of the site, and of each article: drawn as SVG by its template, published as PNG.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CardPage {
    /// The site's name; absent where it is the title.
    pub site: Option<String>,
    /// The title in lines that fit, and their size.
    pub title: SetTitle,
    /// Who wrote it, when, and where it came from, as far as known and as there is room.
    pub facts: Option<String>,
}

/// A text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// The words of the link.
    pub title: String,
    /// Where it leads.
    pub href: String,
}

/// A date as shown: for people and for machines, at the precision known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct When {
    /// `2011-03-02`, `2011-03` or `2011`.
    pub iso: String,
    /// `2 March 2011`, `March 2011` or `2011`.
    pub words: String,
    /// `2 Mar`, `Mar`; empty where only the year is known.
    pub short: String,
}

/// An article in a list: title, sentence, date and, where it is there for one, the reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    /// The article's title.
    pub title: String,
    /// Where its page is.
    pub href: String,
    /// What it says, in a sentence or two.
    pub summary: Option<String>,
    /// When it was first published, as far as known.
    pub date: Option<When>,
    /// Its topics.
    pub topics: Vec<Link>,
    /// Why it stands in this list, in words; absent where the list explains itself.
    pub reason: Option<String>,
}

/// A topic in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicEntry {
    /// The topic's name.
    pub title: String,
    /// Where its hub is.
    pub href: String,
    /// The curator's one-sentence description.
    pub description: Option<String>,
    /// How many articles it has.
    pub count: usize,
    /// Its newest dated article.
    pub latest: Option<Link>,
}

/// `/`: what this is, the topics, where to begin, what is new.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontPage {
    /// Title and description for the head.
    pub head: Head,
    /// The collection in a sentence, with its true counts and years.
    pub lede: String,
    /// All topics, by name.
    pub topics: Vec<TopicEntry>,
    /// Reading paths; where there are none, `begin` has articles.
    pub paths: Vec<PathEntry>,
    /// Three to five articles to begin with, each with its reason.
    pub begin: Vec<Listed>,
    /// The five newest articles.
    pub latest: Vec<Listed>,
    /// How many articles there are in all.
    pub count: usize,
    /// The other lists there are: by author, the index, figures, paths.
    pub lists: Vec<Link>,
}

/// `/articles/<slug>/`: the reason the site exists.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticlePage {
    /// Title and description for the head.
    pub head: Head,
    /// BCP 47 language tag of the article.
    pub language: String,
    /// A standfirst, only where the curator wrote a description.
    pub standfirst: Option<String>,
    /// Who wrote it, when, and how long it is.
    pub byline: Byline,
    /// The topics it was assigned to, strongest first.
    pub topics: Vec<AssignedTopic>,
    /// Its sections, where there are at least three.
    pub contents: Vec<Link>,
    /// What a reader should know of the rights before reading, where not all of the text is published.
    pub rights_note: Option<RightsNote>,
    /// The article's text as HTML.
    pub body_html: String,
    /// The reading paths it is a step of.
    pub paths: Vec<PathPlace>,
    /// Concepts it shares with other articles, or speaks of more than once.
    pub concepts: Vec<Link>,
    /// At most four articles to read next, each with its reason.
    pub related: Vec<Listed>,
    /// The articles that link here, with the sentence around the link.
    pub mentions: Vec<Mention>,
    /// Where this text comes from.
    pub provenance: Provenance,
}

/// Who wrote an article, when, and how long it takes to read. Only what is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Byline {
    /// The authors.
    pub authors: Vec<AuthorLink>,
    /// First publication.
    pub date: Option<When>,
    /// Whole minutes, at least 1.
    pub minutes: usize,
    /// The first publisher, leading to the original where its address is known.
    pub publisher: Option<Publisher>,
}

/// Somebody who wrote an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuthorLink {
    /// The name.
    pub name: String,
    /// Their page; absent where a name has neither letter nor digit.
    pub href: Option<String>,
}

/// An article's place in a reading path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathPlace {
    /// The path.
    pub path: Link,
    /// Its place, counted from 1.
    pub number: usize,
    /// How many articles the path has.
    pub count: usize,
    /// The article before.
    pub previous: Option<Link>,
    /// The article after.
    pub next: Option<Link>,
}

/// Who published an article first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Publisher {
    /// The publisher's name, or the address' host.
    pub name: String,
    /// The address of the original.
    pub href: Option<String>,
}

/// A topic of an article, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssignedTopic {
    /// The topic's name.
    pub title: String,
    /// Where its hub is.
    pub href: String,
    /// The strength in words: `chosen by the curator`, `5 passages`.
    pub strength: String,
    /// The words that count for this topic, strongest first.
    pub terms: Vec<String>,
    /// Up to three passages that earned it, in reading order.
    pub passages: Vec<Passage>,
}

/// A quoted passage and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passage {
    /// The passage as HTML: escaped text with the words that count in `<mark>`.
    pub html: String,
    /// The address of its paragraph, `#p-1a2b3c4d` on the same page; absent for the title.
    pub href: Option<String>,
}

/// What is said above an article that is not published whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RightsNote {
    /// What is shown, in a sentence.
    pub text: String,
    /// The original, where its address is known.
    pub original: Option<Link>,
}

/// An article that links to this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mention {
    /// The citing article's title.
    pub title: String,
    /// The paragraph there that holds the link.
    pub href: String,
    /// The sentence around the link: before it, the link's own words, and after it.
    pub before: String,
    /// The words of the link.
    pub mention: String,
    /// The rest of the sentence.
    pub after: String,
}

/// Where an article's text comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// The seed's path below the site, where the article has one.
    pub seed: Option<String>,
    /// The address of the original, where known.
    pub original: Option<Link>,
    /// The address of a copy in an archive, where the curator gave one.
    pub archived: Option<Link>,
    /// Where the articles came from that were folded into this one.
    pub duplicates: Vec<DuplicateSource>,
    /// `4 passages removed`, `nothing removed`; absent where there is no seed.
    pub removed: Option<String>,
    /// How to cite it: who, what, where, when.
    pub citation: String,
    /// The address to cite: of the original, else the one here.
    pub cited_address: Option<String>,
    /// What may be published: `full text`, `an excerpt`, `a link`.
    pub rights: String,
    /// BLAKE3 of the article file, 64 hexadecimal digits.
    pub hash: String,
    /// The provenance page, where there is a seed.
    pub source_href: Option<String>,
    /// The article as Markdown.
    pub markdown_href: Option<String>,
}

/// Where an article came from that the curator folded into another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DuplicateSource {
    /// The seed's path below the site, or the article's title where it has no seed.
    pub title: String,
    /// The address of the original, where known.
    pub href: Option<String>,
}

/// `/articles/<slug>/source/`: the seed as it was, what was cut and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourcePage {
    /// Title and description for the head.
    pub head: Head,
    /// The article made from this seed.
    pub article: Link,
    /// The seed's path below the site.
    pub seed: String,
    /// BLAKE3 of the seed's bytes, 64 hexadecimal digits.
    pub seed_hash: String,
    /// BLAKE3 of the article file, 64 hexadecimal digits.
    pub article_hash: String,
    /// The character encoding the seed was read in.
    pub encoding: String,
    /// The seed, line by line.
    pub lines: Vec<SeedLine>,
    /// BCP 47 language tag of the article.
    pub language: String,
    /// The article's text as HTML, to stand beside the seed.
    pub body_html: String,
    /// The day import last wrote the article, where the ledger knows it.
    pub imported: Option<When>,
    /// The version of Gleaner that wrote it.
    pub version: Option<String>,
    /// What was cut, in the seed's order.
    pub removals: Vec<SeedChange>,
    /// What was mended, in the seed's order.
    pub repairs: Vec<SeedChange>,
    /// Where each fact in the front matter was found.
    pub facts: Vec<SeedFact>,
    /// Whether the curator has edited the article since it was imported.
    pub edited: bool,
}

/// A line of a seed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedLine {
    /// Counted from 1.
    pub number: usize,
    /// The line's pieces, in order.
    pub pieces: Vec<SeedPiece>,
}

/// A piece of a seed's line: kept, or removed by a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedPiece {
    /// The text as it was.
    pub text: String,
    /// The rule that removed it; absent where it was kept.
    pub rule: Option<String>,
}

/// A removal or repair: the line, what stood there, and why it changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedChange {
    /// Line of the seed, counted from 1.
    pub line: usize,
    /// What stood there.
    pub before: String,
    /// What stands there now; empty for a removal.
    pub after: String,
    /// The rule, `share-bar`.
    pub rule: String,
    /// The rule in a sentence.
    pub why: String,
}

/// A fact of the front matter and where it was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedFact {
    /// `title`, `author`, `date`, ...
    pub name: String,
    /// The fact.
    pub value: String,
    /// Where it was found, in words: `from the byline, line 3`.
    pub how: String,
}

/// `/topics/`: all topics and how they overlap.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicsPage {
    /// Title and description for the head.
    pub head: Head,
    /// All topics, by name.
    pub topics: Vec<TopicEntry>,
    /// A row a topic: how many articles it shares with each topic, in the same order.
    pub overlap: Vec<OverlapRow>,
    /// Articles without a topic.
    pub unassigned: Vec<Listed>,
    /// The other lists there are.
    pub lists: Vec<Link>,
}

/// A topic's row in the table of overlaps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverlapRow {
    /// The topic.
    pub topic: Link,
    /// Articles shared with each topic; with itself, all it has.
    pub shared: Vec<usize>,
}

/// `/topics/<slug>/`: a topic's hub.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicPage {
    /// Title and description for the head.
    pub head: Head,
    /// What the curator says it is about; absent where the curator does not.
    pub description: Option<String>,
    /// Its strongest articles and what joins them; absent where the whole collection fits one drawing.
    pub drawing: Option<Drawing>,
    /// How many articles it has.
    pub count: usize,
    /// The curator's introduction as HTML; empty where there is none.
    pub introduction_html: String,
    /// Where to begin, each with its reason; empty for a topic of three articles or fewer.
    pub begin: Vec<Listed>,
    /// What its strongest articles say of it: the sentence of each that speaks most for the topic.
    pub said: Vec<Quoted>,
    /// How it spreads over the years, newest first; empty where all its articles are of one.
    pub years: Vec<Year>,
    /// All its articles, each with its strength as reason, in groups: one without a name where they are few; none where
    /// each year has its own page.
    pub groups: Vec<Group>,
    /// The page of its articles without a date, where every year has one.
    pub undated_href: Option<String>,
    /// How many articles that page has.
    pub undated_count: usize,
    /// The terms that mark it here, most articles first.
    pub terms: Vec<TermCount>,
    /// The topic it is part of.
    pub parent: Option<Link>,
    /// The topics that are part of it.
    pub parts: Vec<Link>,
    /// Topics that share articles with it, most shared first.
    pub nearby: Vec<NearbyTopic>,
}

/// Some of a topic's articles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The name or term they share; absent where they are all of the topic's articles.
    pub title: Option<String>,
    /// The articles, newest first, undated last.
    pub articles: Vec<Listed>,
}

/// A term and in how many of a topic's articles it occurs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TermCount {
    /// The term.
    pub term: String,
    /// How many articles.
    pub articles: usize,
}

/// A topic that shares articles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearbyTopic {
    /// The topic's name.
    pub title: String,
    /// Where its hub is.
    pub href: String,
    /// How many articles both have.
    pub shared: usize,
}

/// `/timeline/`: every article by date; the archive, too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelinePage {
    /// Title and description for the head.
    pub head: Head,
    /// The years that have articles and those between them, newest first.
    pub years: Vec<Year>,
    /// Articles without a date, by title; empty where they have a page of their own.
    pub undated: Vec<Listed>,
    /// The page of the articles without a date, where every year has one.
    pub undated_href: Option<String>,
    /// How many articles have no date.
    pub undated_count: usize,
}

/// A year of the timeline, or of a topic's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Year {
    /// The year.
    pub year: u16,
    /// How many articles; may be 0 between two years that have some.
    pub count: usize,
    /// The bar's height against the fullest year, 0 to 100.
    pub percent: usize,
    /// Its part of the page, or its own page.
    pub href: String,
    /// Whether it is the year the page is about.
    pub is_current: bool,
    /// Its articles, newest first; empty where they stand on another page.
    pub articles: Vec<Listed>,
}

/// `/graph/`: topics and articles, and what joins them, as a drawing and as a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GraphPage {
    /// Title and description for the head.
    pub head: Head,
    /// The drawing: of everything, or of the topics alone.
    pub drawing: Drawing,
    /// Whether the articles are in the drawing.
    pub is_whole: bool,
    /// A row an article; empty where the drawing has only topics.
    pub rows: Vec<GraphRow>,
}

/// An article and what joins it to others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GraphRow {
    /// The article.
    pub article: Link,
    /// Its topics.
    pub topics: Vec<Link>,
    /// The articles it links to.
    pub links: Vec<Link>,
    /// The articles nearest to it.
    pub related: Vec<Link>,
}

/// A graph as drawn, in pixels from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawing {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// What is joined.
    pub nodes: Vec<DrawnNode>,
    /// What joins them.
    pub lines: Vec<DrawnLine>,
}

/// A node of a drawing: a dot with its name below.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawnNode {
    /// What it stands for.
    pub kind: NodeKind,
    /// Its whole name.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// The dot's place from the left.
    pub x: i32,
    /// The dot's place from the top.
    pub y: i32,
    /// Its name as shown, line by line, cut where it is long.
    pub lines: Vec<String>,
}

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// A topic.
    Topic,
    /// An article.
    Article,
}

/// A line of a drawing, from dot to dot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawnLine {
    /// What it means.
    pub kind: LineKind,
    /// One end, from the left.
    pub x1: i32,
    /// One end, from the top.
    pub y1: i32,
    /// The other end, from the left.
    pub x2: i32,
    /// The other end, from the top.
    pub y2: i32,
}

/// What a line means, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// An article has this topic; two topics share articles.
    Topic,
    /// An article links to another.
    Link,
    /// Two articles are related.
    Related,
}

/// `/timeline/<year>/`, `/topics/<slug>/<year>/`: the articles of a year, or those without a date, where there are too
/// many for one page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct YearPage {
    /// Title and description for the head.
    pub head: Head,
    /// All years, newest first.
    pub years: Vec<Year>,
    /// The articles, newest first.
    pub articles: Vec<Listed>,
    /// The timeline or the topic.
    pub up: Link,
    /// Whether it is the timeline's.
    pub is_timeline: bool,
    /// The next older year with articles.
    pub older: Option<Link>,
    /// The next newer year with articles.
    pub newer: Option<Link>,
}

/// A list letter by letter: `/concepts/`, `/authors/`, and a page a letter where there are many.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexPage {
    /// Title and description for the head.
    pub head: Head,
    /// What is listed, in a sentence.
    pub sentence: String,
    /// The letters that have entries.
    pub letters: Vec<Letter>,
    /// The whole list, where this is the page of a letter.
    pub up: Option<Link>,
}

/// A letter of an index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Letter {
    /// `A`, or `0–9`.
    pub letter: String,
    /// What its heading is called in addresses.
    pub id: String,
    /// Its part of the page, or its own page.
    pub href: String,
    /// How many entries it has.
    pub count: usize,
    /// Its entries; empty where the letter has its own page.
    pub entries: Vec<IndexEntry>,
}

/// An entry of an index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexEntry {
    /// The name.
    pub title: String,
    /// Its page; absent where the places below say all.
    pub href: Option<String>,
    /// How much there is, in words; absent where the places below say all.
    pub facts: Option<String>,
    /// Where to find it: articles, each leading to the passage.
    pub places: Vec<Link>,
}

/// `/concepts/<slug>/`: where the articles speak of something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConceptPage {
    /// Title and description for the head.
    pub head: Head,
    /// How many articles, and what else it is called, in a sentence.
    pub sentence: String,
    /// The index.
    pub up: Link,
    /// The articles, those that speak of it most first.
    pub entries: Vec<Quoted>,
    /// How many more there are than are shown.
    pub more: usize,
}

/// An article in a list, with passages of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quoted {
    /// The article's title.
    pub title: String,
    /// Where its page is.
    pub href: String,
    /// When it was first published, as far as known.
    pub date: Option<When>,
    /// BCP 47 language tag of the article.
    pub language: String,
    /// The passages; none where the text is not published.
    pub passages: Vec<Passage>,
}

/// `/authors/<slug>/`: what somebody wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuthorPage {
    /// Title and description for the head.
    pub head: Head,
    /// How many articles they wrote.
    pub count: usize,
    /// All authors.
    pub up: Link,
    /// The articles, newest first, undated last.
    pub articles: Vec<Listed>,
    /// How many more there are than are shown.
    pub more: usize,
}

/// `/figures/`: sentences with numbers worth quoting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FiguresPage {
    /// Title and description for the head.
    pub head: Head,
    /// What is listed, in a sentence.
    pub sentence: String,
    /// The articles, newest first, with their sentences.
    pub entries: Vec<Quoted>,
}

/// `/paths/`: all reading paths.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathsPage {
    /// Title and description for the head.
    pub head: Head,
    /// All paths, by name.
    pub paths: Vec<PathEntry>,
}

/// A reading path in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathEntry {
    /// The path's title.
    pub title: String,
    /// Where its page is.
    pub href: String,
    /// The curator's one-sentence description.
    pub description: Option<String>,
    /// How many articles it has.
    pub count: usize,
}

/// `/paths/<slug>/`: articles in an order, with the curator's words between.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathPage {
    /// Title and description for the head.
    pub head: Head,
    /// All paths.
    pub up: Link,
    /// The curator's words as HTML.
    pub body_html: String,
    /// The articles in their order.
    pub steps: Vec<Listed>,
    /// How long they take to read together, in whole minutes.
    pub minutes: usize,
}

/// `/search/`: the search, and what there is without script.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchPage {
    /// Title and description for the head.
    pub head: Head,
    /// All topics, by name.
    pub topics: Vec<SearchTopic>,
    /// Where the concepts are; absent where there are none.
    pub concepts: Option<String>,
    /// Every article by title; empty where there are too many for a page.
    pub articles: Vec<Listed>,
    /// How many articles there are in all.
    pub count: usize,
}

/// A topic to which a search can be limited.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchTopic {
    /// The topic's name.
    pub title: String,
    /// Where its hub is.
    pub href: String,
    /// What follows `topic:` in a query.
    pub slug: String,
}

/// `/about/`: what the collection is, how it came about, whose texts it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AboutPage {
    /// Title and description for the head.
    pub head: Head,
    /// The curator's own words as HTML; empty where there is no `content/about.md`.
    pub body_html: String,
    /// The collection in a sentence.
    pub lede: String,
    /// Where the articles were first published.
    pub sites: Vec<SiteRow>,
    /// Gleaner's version.
    pub version: String,
}

/// A first publisher and its articles here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteRow {
    /// The publisher; `Not known` for articles without one.
    pub name: String,
    /// How many articles.
    pub count: usize,
    /// What is published of them.
    pub rights: String,
}

/// A page the curator wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlainPage {
    /// Title and description for the head.
    pub head: Head,
    /// The text as HTML.
    pub body_html: String,
}

/// A page at an old address that leads to the new one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RedirectPage {
    /// Title for the head.
    pub head: Head,
    /// Where it leads, relative to this page.
    pub target: Link,
}

/// `/404.html`: shown wherever nothing is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotFoundPage {
    /// Title for the head.
    pub head: Head,
    /// All topics, by name; addresses begin at `base_url`'s path.
    pub topics: Vec<Link>,
}

/// An Atom feed (RFC 4287). All addresses are absolute.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedPage {
    /// The feed's title.
    pub title: String,
    /// The feed's own address.
    pub address: String,
    /// The page it is the feed of.
    pub home: String,
    /// RFC 3339 time of the newest dated entry.
    pub updated: String,
    /// The newest articles, at most [`FEED_ENTRIES`](super::FEED_ENTRIES).
    pub entries: Vec<FeedEntry>,
}

/// An article in a feed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedEntry {
    /// Title of the article.
    pub title: String,
    /// Its absolute address, and its identity in the feed.
    pub address: String,
    /// The authors' names.
    pub authors: Vec<String>,
    /// RFC 3339 time of first publication; absent where only less than a day is known.
    pub published: Option<String>,
    /// RFC 3339 time, as Atom demands one.
    pub updated: String,
    /// What it says, in a sentence or two.
    pub summary: Option<String>,
    /// Names of its topics.
    pub topics: Vec<String>,
}

/// `/sitemap.xml` (sitemaps.org protocol 0.9), or a part of it where one file cannot hold all addresses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SitemapPage {
    /// The pages, in the order of their addresses; at most [`SITEMAP_PAGES`](super::SITEMAP_PAGES).
    pub pages: Vec<SitemapEntry>,
}

/// A page in the sitemap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SitemapEntry {
    /// Its absolute address.
    pub address: String,
    /// The day it last changed, `2011-03-02`, where that is known.
    pub modified: Option<String>,
}

/// `/sitemap.xml` of a site with more pages than one sitemap holds: a list of sitemaps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SitemapIndexPage {
    /// Absolute addresses of the sitemaps, in order.
    pub sitemaps: Vec<String>,
}

/// `/robots.txt` (RFC 9309).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RobotsPage {
    /// Absolute address of the sitemap, where the site has a `base_url`.
    pub sitemap: Option<String>,
}

/// `/opensearch.xml` (`OpenSearch` 1.1): how a browser asks this site's search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenSearchPage {
    /// The absolute address of the search page.
    pub search: String,
    /// The absolute address of the site's root; ends in a slash.
    pub root: String,
}
