//! **Seeds** are *imported* into **articles**, articles are *assigned* to **topics**, both are *joined* into
//! a **graph**, the graph is *composed* into **pages**, pages are *rendered* and *published* as the
//! **public** site.
//!
//! | word | means |
//! |---|---|
//! | seed | a raw file as found: bytes and path, nothing understood yet |
//! | article | one piece: title, body, date, authors, origin; immutable once read |
//! | topic | a curated subject with its rule, its prose and its articles |
//! | theme | the look: templates and static files, `themes/<name>/` |
//! | furniture | what a page carries beside the article: share bars, bios, comment prompts, navigation |
//! | evidence | the words or edits that earned a topic or a relation its score |
//! | graph | who links to whom, who is related, what each article says |
//! | page | exactly what one address' template may see; knows no files |
//! | brief | a page with keys in the place of what takes long to make; equal briefs, equal pages |
//! | wording | what the site says of its own, in its language |
//! | public | the finished site: address to bytes |
//! | curator | the person whose site it is; an edit of theirs is a decision |
//! | site | a folder with seeds, content, theme and settings, as found |
//! | account | how one seed ended: imported, kept, skipped, ... and why |
//! | ledger | what import remembers from one time to the next: a record for every seed |
//! | rules | what decides about a seed, frozen in one file for those who work on a stream |
//! | reading | what a seed says: facts, body, removals and repairs |
//! | removal | a piece of a seed that is not in its article, with the rule that removed it |
//! | provenance | where an article comes from, and what was done to it on the way |
//! | frame | what stands around every page, the same on all of them |
//! | near-duplicate | an article that is the same piece as another, in another frame or cut |
//! | concept | a name or term that recurs, as an index lists it |
//! | figure | a sentence with a number worth quoting |
//! | path | articles to read in an order, with the curator's words between |
//! | passage | a piece of running text: a paragraph, a list item, a heading, a table |
//! | card | the picture by which a page is known where its address is shared |
//! | variant | a picture in a smaller size |
//! | shelf | where what is costly to make is kept from build to build |
//! | spool | where the texts of a large site, and the pieces of its index, wait on the disk until somebody reads them |
//! | words | a text, or some of it, while somebody reads it |
//! | standing | the site as an earlier build published it, shown until all is built |
//! | memo | what is remembered of the last build, so that nothing is done twice |
//! | doubt | what may be wrong in the collection, with the edit that settles it |
//! | outbound | leading to another site |
//! | queue | the doubts that wait for the curator, most doubtful first |
//! | rewriting | files that change at the curator's word, shown before they are written |
//! | host | where the site is put online |
//! | meaning | what the words of a text say together, as a direction: texts about one thing point one way |
//!
//! ```no_run
//! use gleaner::make::{Asked, make};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let root = std::path::Path::new("my-site");
//! let asked = Asked { output: root.join("public"), ..Asked::default() };
//! let made = make(root, &asked, || println!("another build is on its way"))
//!     .map_err(|problem| problem.anywhere().in_short())?;
//! assert!(made.change.is_some(), "{:?}", made.found);
//! # Ok(()) }
//! ```

// What every phase speaks of.
pub mod path; // Paths below a site.
pub mod spool; // Texts that wait on the disk.
pub mod text; // A file's text, and places in it.
pub mod nearest; // What was perhaps meant.
pub mod doubt; // What may be wrong, and how much it matters.
pub mod diagnostic; // What is wrong, where, and what to do.
pub mod date; // A date as precise as known.
pub mod address; // Addresses of the public site.
pub mod fields; // Keys and values as typed.
pub mod front_matter; // Where they end and the text begins.
pub mod rights; // How much of an article is published.
pub mod wording; // What the site says of its own.
pub mod markdown; // The one dialect.
pub mod host; // Where sites are put online.
pub mod config; // gleaner.toml
pub mod trie; // Many strings by their letters.
pub mod sentences; // Where they end.
pub mod words; // Words as topics see them.
pub mod meaning; // What words say together.
pub mod card; // Pictures to be shared by.
pub mod progress; // How far a long step is.
pub mod timings; // How long each phase takes.
mod faults; // What may go wrong with a file.

// The phases, in order.
pub mod seeds; // The one door in.
pub mod memo; // What is remembered of the last build.
pub mod import; // Seeds to articles.
pub mod rewriting; // Files changed at the curator's word.
pub mod articles; // Articles as the curator left them.
pub mod near_duplicates; // The same piece, saved twice.
pub mod topics; // What each article is about, and why.
pub mod stream; // Seeds past what one machine holds.
pub mod plain; // The curator's other pages.
pub mod reading_paths; // Articles in an order.
pub mod pictures; // What they show, in smaller sizes.
pub mod graph; // How they hang together.
pub mod outbound; // What leads to other sites.
pub mod queue; // What is worth a minute.
pub mod pages; // What each address shows.
pub mod style; // Style sheets as browsers get them.
pub mod look; // What a theme changes without CSS.
pub mod theme; // What a site is drawn with.
pub mod templates; // Pages drawn as text.
pub mod policy; // What pages may run and fetch.
pub mod search; // What finds them.
pub mod deploy; // What hosts are told.
pub mod export; // What other programs take over.
pub mod public; // The one door out.
pub mod unfinished; // Several files as if in one step.
pub mod make; // From folder to folder.
pub mod renaming; // An article under another name.
pub mod serve; // The preview.

use std::sync::Arc;

use address::Address;
use config::Config;
use diagnostic::Diagnostics;
use graph::concepts::Decisions;
use graph::{Graph, Means, Texts};
use import::{Asked, Import};
use memo::Shelf;
use pages::Composer;
use path::SitePath;
use pictures::Variants;
use progress::Watcher;
use public::{Drawn, Public};
use search::Search;
use seeds::Site;
use templates::Templates;
use theme::Theme;
use timings::Timings;
use topics::{Assigned, Assignments};
use wording::Wording;
use words::Language;

/// What can be asked of a build besides what `gleaner.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Publish at this address instead; checked, ending in `/`.
    pub base_url: Option<String>,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// Whether articles are taken as they are, and seeds left alone.
    pub no_import: bool,
    /// Who is told how far it is.
    pub watcher: Watcher,
    /// Who is told how long each phase takes.
    pub timings: Timings,
    /// Where what is costly to make is kept from build to build.
    pub shelf: Shelf,
    /// Whether what can be packed is published packed, too, even if `gleaner.toml` does not say so.
    pub precompress: bool,
}

/// Everything a site says, joined, before it becomes pages.
#[derive(Debug)]
pub struct Joined {
    /// The settings.
    pub config: Config,
    /// The site's own words.
    pub wording: Arc<Wording>,
    /// What became of the seeds, and what import wants written.
    pub import: Import,
    /// Articles and topics, and how they hang together.
    pub graph: Graph,
    /// Topics that articles may have, for the curator to decide.
    pub unsure: Assignments,
    /// The files that are published as they are: the curator's own, and those beside texts that show them.
    pub files: Vec<(SitePath, Address, seeds::Bytes)>,
}

/// A site, built.
#[derive(Debug)]
pub struct Built {
    /// What it says.
    pub joined: Arc<Joined>,
    /// The pictures in smaller sizes.
    pub variants: Arc<Variants>,
    /// What is published; absent where errors stand in the way.
    pub public: Option<Public>,
}

/// Seeds are imported into articles, articles assigned to topics, both joined into a graph.
pub fn join(site: &Site, options: &Options) -> (Joined, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut config = found.take(Config::read(site.config.as_ref()));
    config.base_url = options.base_url.clone().or(config.base_url);
    let language = Language::of(&config.language);
    let wording = Arc::new(found.take(theme::wording(site, &config.theme, &config.language)));

    let asked = Asked { dry: options.no_import, watcher: options.watcher.clone(), ..Asked::default() };
    let timings = &options.timings;
    let (site, import) =
        found.take(timings.time("import", site.seeds.len(), || import::import(site, &asked)));
    let files = site.articles.len();
    let mut articles = found.take(
        timings
            .time("articles", files, || articles::read_kept(&site.articles, &config.rights, &options.shelf)),
    );
    articles.retain(|article| options.drafts || !article.is_draft);
    let count = articles.len();
    let near_duplicates =
        timings.time("near-duplicates", count, || near_duplicates::find(&articles, &options.shelf));
    near_duplicates::report(&articles, &near_duplicates, &mut found);
    let topics = topics::files(&site.topics, &articles, &mut found);
    let topics = found.take(topics::read(&topics, &language));
    let plains = found.take(plain::read(&site.pages, options.drafts));
    let Assigned { assignments, unsure } = found.take(
        timings.time("topics", count, || topics::assign(&articles, &topics, &language, &options.shelf)),
    );
    let paths = found.take(reading_paths::read(&site.paths, options.drafts));
    let decisions = found.take(Decisions::read(site.concepts.as_ref()));
    let mut files: Vec<_> = static_files(&site).collect();
    let texts = Texts { articles, near_duplicates, topics, plains, paths };
    let means = Means { language: &language, shelf: &options.shelf, timings };
    let graph = found.take(graph::join(texts, assignments, &decisions, &files, &site.beside, &means));
    files.extend(
        graph.beside().into_iter().filter_map(|(address, path)| {
            Some((path.clone(), address.clone(), site.beside.get(path)?.clone()))
        }),
    );
    (Joined { config, wording, import, graph, unsure, files }, found)
}

/// Builds a site: joins what it says, composes the pages, and makes them ready to render.
pub fn build(site: Site, options: &Options) -> (Built, Diagnostics) {
    let (joined, mut found) = join(&site, options);
    let joined = Arc::new(joined);
    let timings = &options.timings;
    let count = joined.graph.articles.len();
    let variants = Arc::new(variants(&joined, options));
    let pages = timings.time("pages", count, || Composer::of(&joined, &variants).compose());
    let theme = found.take(Theme::gather(&site, &joined.config.theme, joined.wording.clone()));
    let templates = found.keep(Templates::read(&theme));
    let files = joined.files.iter().cloned().chain(variants.files()).chain(theme.assets.files.clone());
    let search = Search::of(&joined.wording, &joined.graph, &options.shelf);
    let is_packed = options.precompress || joined.config.deploy.precompress;
    let public = templates.map(|templates| {
        let policy = policy::policy(templates.texts());
        let for_host = found.take(deploy::files(&joined.config, &pages, &policy));
        let pages = pages.into_iter().chain(for_host).collect();
        let drawn = Drawn { joined: joined.clone(), variants: variants.clone(), templates };
        let public = found.take(Public::gather(pages, files, drawn, search));
        if is_packed { public.packed() } else { public }
    });
    let public = public.filter(|_| !found.has_errors());
    (Built { joined, variants, public }, found)
}

/// Pictures in smaller sizes, where they are wanted.
fn variants(joined: &Joined, options: &Options) -> Variants {
    if !joined.config.smaller_pictures {
        return Variants::default();
    }
    let shown = joined.graph.shown();
    let make = || pictures::variants(&joined.files, &shown, &options.shelf, &options.watcher);
    options.timings.time("pictures", shown.len(), make)
}

/// The curator's own files, by the address they are published at.
fn static_files(site: &Site) -> impl Iterator<Item = (SitePath, Address, seeds::Bytes)> {
    site.files.iter().filter_map(|(path, bytes)| {
        Some((path.clone(), Address::file(path.inside(seeds::STATIC)?), bytes.clone()))
    })
}
