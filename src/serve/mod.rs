//! The preview: the public site answered from memory, rebuilt when a file changes.
//!
//! In: a site's folder and a socket. Out: pages drawn when a browser asks for them, and an event stream that
//! tells the browser to reload, or what is wrong. Nothing of this reaches `public/`.
//!
//! Nobody waits for a build: until the first is done, what an earlier one published is shown, where nothing changed since;
//! and an article that is edited is shown as it is now while all that depends on it is built.

mod places; // Who is connected.
mod range; // Which part of a file is wanted.
mod server; // What is answered.
mod watch; // When files change.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use tokio::sync::watch as channel;

use crate::address::Address;
use crate::articles::{self, Article, ArticleId};
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::import::{Account, Import, Outcome};
use crate::memo::Memo;
use crate::path::SitePath;
use crate::public::{Public, Standing, keep};
use crate::seeds::Bytes;
use crate::text::Text;
use crate::unfinished::finish;
use crate::{Built, Joined, Options, build, make, seeds};

/// What to serve, and how.
#[derive(Debug)]
pub struct Preview {
    /// The site's folder.
    pub root: PathBuf,
    /// What to build.
    pub options: Options,
    /// Whether to rebuild when a file changes.
    pub watch: bool,
}

/// What happened while serving, for whoever prints it.
#[derive(Debug)]
pub enum Happened<'a> {
    /// Seeds ended in another way than was told before, or are there for the first time; those that are as they
    /// were are left out.
    Imported(&'a News<'a>),
    /// The site was built; what was found on the way.
    Built(&'a Diagnostics),
    /// The system does not tell of changes, so the files are looked at every so often.
    Polling(String),
    /// Another build of the site is on its way, and this one begins when that ends.
    Waiting,
    /// A page could not be drawn.
    Failed(&'a Diagnostic),
}

/// What became of seeds since it was told last.
#[derive(Debug)]
pub struct News<'a> {
    /// The seeds, with their accounts.
    pub seeds: Vec<(&'a SitePath, &'a Account)>,
    /// The site they are part of now.
    pub joined: &'a Joined,
}

/// What the browser gets to see.
struct Shown {
    site: Option<Arc<Visible>>,
    /// The Content-Security-Policy its pages work under.
    policy: String,
    /// What is wrong with the files as they are now.
    problems: Vec<String>,
    /// Grows when what is shown changes.
    version: u64,
}

/// A site that can be looked at.
struct Visible {
    base: Base,
    /// What was edited since, as bytes.
    newer: BTreeMap<Address, Bytes>,
}

/// What a look goes to where nothing was edited since.
#[derive(Clone)]
enum Base {
    /// What an earlier build published, until this one is done.
    Standing(Arc<Standing>),
    /// What was built last.
    Built(Arc<Public>),
}

impl Visible {
    /// Whether something is published at an address.
    fn has(&self, address: &Address) -> bool {
        self.newer.contains_key(address)
            || match &self.base {
                Base::Standing(standing) => standing.has(address),
                Base::Built(public) => public.has(address),
            }
    }

    /// The bytes at an address; `None` where nothing is published.
    fn bytes(&self, address: &Address) -> Option<Result<Bytes, Diagnostic>> {
        match (self.newer.get(address), &self.base) {
            (Some(bytes), _) => Some(Ok(bytes.clone())),
            (None, Base::Standing(standing)) => standing.bytes(address),
            (None, Base::Built(public)) => public.bytes(address),
        }
    }
}

/// What is shown, shared between the server and the rebuild.
struct Shared {
    shown: Mutex<Shown>,
    changed: channel::Sender<u64>,
}

impl Shared {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        // A panic elsewhere leaves what was shown last, which is whole.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what an earlier build published.
    fn begin(&self, standing: Standing, policy: String) {
        let mut shown = self.shown();
        shown.site =
            Some(Arc::new(Visible { base: Base::Standing(Arc::new(standing)), newer: BTreeMap::new() }));
        shown.policy = policy;
    }

    /// Shows what was built, with what was edited since, and what is wrong.
    fn show(&self, built: Option<(&Arc<Public>, BTreeMap<Address, Bytes>)>, problems: Vec<String>) {
        let mut shown = self.shown();
        let is_new = match (&built, &shown.site) {
            (Some((new, newer)), Some(old)) => match &old.base {
                Base::Built(public) => old.newer != *newer || !new.shows_the_same(public),
                Base::Standing(_) => true,
            },
            (Some(_), None) => true,
            (None, _) => false,
        };
        if let Some((public, newer)) = built
            && is_new
        {
            shown.policy = public.policy();
            shown.site = Some(Arc::new(Visible { base: Base::Built(Arc::clone(public)), newer }));
        }
        if is_new || shown.problems != problems {
            shown.problems = problems;
            shown.version += u64::from(is_new);
            // Only a browser that listens needs to know.
            self.changed.send_modify(|count| *count += 1);
        }
    }

    /// Shows some pages as they were edited since, and of the rest what is shown already.
    fn show_newer(&self, newer: BTreeMap<Address, Bytes>) {
        let mut shown = self.shown();
        let Some(before) = &shown.site else { return };
        let mut all = before.newer.clone();
        all.extend(newer);
        shown.site = Some(Arc::new(Visible { base: before.base.clone(), newer: all }));
        shown.version += 1;
        self.changed.send_modify(|count| *count += 1);
    }
}

/// Builds the site and serves it until the process is told to end.
///
/// # Errors
/// When there is no site, or the socket cannot be used.
pub fn serve(
    preview: Preview,
    listener: TcpListener,
    report: impl Fn(Happened<'_>) + Send + Sync + 'static,
) -> Result<(), Problem> {
    let address = listener.local_addr().map_err(|error| unusable(&error))?;
    let shared = Arc::new(Shared {
        shown: Mutex::new(Shown { site: None, policy: String::new(), problems: Vec::new(), version: 0 }),
        changed: channel::Sender::new(0),
    });
    let report = Arc::new(report);
    let builder = Arc::new(Builder::of(preview, Arc::clone(&shared)));
    let (edits, edited) = mpsc::channel();
    match builder.standing(report.as_ref()) {
        Some((standing, policy)) => {
            shared.begin(standing, policy);
            // Built anew as if all had been edited: what is shown meanwhile has the addresses of the published site.
            let _is_heard = edits.send(());
        }
        None => builder.rebuild(report.as_ref())?,
    }
    let (worker, reporter) = (Arc::clone(&builder), Arc::clone(&report));
    std::thread::spawn(move || worker.work(&edited, reporter.as_ref()));
    if builder.preview.watch {
        let polling = Arc::clone(&report);
        watch::watch(
            builder.preview.root.clone(),
            move |files| {
                builder.revise(files);
                // Nobody hears it where the process ends.
                let _is_heard = edits.send(());
            },
            move |why| polling(Happened::Polling(why)),
        )?;
    }
    let failed = move |diagnostic: &Diagnostic| report(Happened::Failed(diagnostic));
    server::run(listener, address, shared, failed).map_err(|error| unusable(&error))?;
    Ok(())
}

fn unusable(error: &std::io::Error) -> Problem {
    Problem::new(format!("the preview cannot be served: {error}"))
}

/// The address of the preview as a base URL.
pub fn base_url(address: SocketAddr) -> String {
    format!("http://{address}/")
}

/// An edit of more articles than this is no edit, and waits until all is built.
const FEW: usize = 8;

/// What was built last, to be revised.
struct Latest {
    joined: Arc<Joined>,
    public: Arc<Public>,
    /// The articles that are shown as they were edited since.
    newer: BTreeMap<ArticleId, Text>,
}

/// Who builds what is shown.
struct Builder {
    preview: Preview,
    shared: Arc<Shared>,
    latest: Mutex<Option<Latest>>,
    /// The files edited since a build last began.
    edited: Mutex<BTreeSet<PathBuf>>,
    /// How each seed ended, and the hash of its bytes, when that was told last.
    told: Mutex<BTreeMap<SitePath, (Outcome, String)>>,
}

impl Builder {
    fn of(preview: Preview, shared: Arc<Shared>) -> Builder {
        let (latest, edited, told) = (Mutex::new(None), Mutex::default(), Mutex::default());
        Builder { preview, shared, latest, edited, told }
    }

    fn edited(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.edited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn latest(&self) -> MutexGuard<'_, Option<Latest>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an earlier build published, where nothing has changed since.
    fn standing(&self, report: &impl Fn(Happened<'_>)) -> Option<(Standing, String)> {
        make::standing(&self.preview.root, self.preview.options.drafts, || report(Happened::Waiting))
    }

    /// Builds the site and shows it, with what was edited on the way.
    fn rebuild(&self, report: &impl Fn(Happened<'_>)) -> Result<(), Problem> {
        self.edited().clear();
        let root = &self.preview.root;
        let memo = Memo::open(root, || report(Happened::Waiting));
        let finished = finish(root);
        let (site, mut found) = seeds::read(root)?;
        found.extend(finished);
        let options = Options { shelf: memo.shelf(), ..self.preview.options.clone() };
        let (Built { joined, public, .. }, problems) = build(site, &options);
        found.extend(problems);
        match keep(root, &joined.import.writes) {
            Ok(problems) => found.extend(problems),
            Err(problem) => found.push(problem.anywhere()),
        }
        let news = News { seeds: self.news(&joined.import), joined: &joined };
        if !news.seeds.is_empty() {
            report(Happened::Imported(&news));
        }
        match public.map(Arc::new) {
            None => self.shared.show(None, excerpts(&found)),
            Some(public) => {
                // Held until it is shown, so that no edit is revised that is not shown.
                let mut latest = self.latest();
                let newer = BTreeMap::new();
                let built = latest.insert(Latest { joined, public: Arc::clone(&public), newer });
                let newer = built.revised(root, &self.edited());
                self.shared.show(Some((&public, newer)), excerpts(&found));
            }
        }
        report(Happened::Built(&found));
        Ok(())
    }

    /// The seeds that ended otherwise than was told before.
    fn news<'a>(&self, import: &'a Import) -> Vec<(&'a SitePath, &'a Account)> {
        let now = |account: &Account| (account.outcome, account.hash.clone());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = |(path, account): &(&SitePath, &Account)| {
            account.outcome != Outcome::Unchanged && told.get(*path) != Some(&now(account))
        };
        let news = import.accounts.iter().filter(is_news).collect();
        *told = import.accounts.iter().map(|(path, account)| (path.clone(), now(account))).collect();
        news
    }

    /// Builds again and again, whenever files were edited.
    fn work(&self, edits: &mpsc::Receiver<()>, report: &impl Fn(Happened<'_>)) {
        while edits.recv().is_ok() {
            while edits.try_recv().is_ok() {}
            if let Err(problem) = self.rebuild(report) {
                let mut found = Diagnostics::new();
                found.push(problem.anywhere());
                self.shared.show(None, excerpts(&found));
                report(Happened::Built(&found));
            }
        }
    }

    /// Shows a few edited articles at once, before all is built.
    fn revise(&self, files: BTreeSet<PathBuf>) {
        let mut latest = self.latest();
        if let Some(latest) = latest.as_mut() {
            let newer = latest.revised(&self.preview.root, &files);
            if !newer.is_empty() {
                self.shared.show_newer(newer);
            }
        }
        self.edited().extend(files);
    }
}

impl Latest {
    /// A few edited articles as they are now: what is published below their addresses, by what was known of the rest. What cannot
    /// be shown so, and whatever is wrong, waits for the build.
    fn revised(&mut self, root: &Path, files: &BTreeSet<PathBuf>) -> BTreeMap<Address, Bytes> {
        // Changes are told with absolute paths.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let Latest { joined, public, newer: known } = self;
        let articles: BTreeSet<&SitePath> = joined.graph.articles.values().map(Article::path).collect();
        let texts: BTreeMap<SitePath, Text> = files
            .iter()
            .map(|file| SitePath::below(&root, file))
            .filter(|path| articles.contains(path))
            .take(FEW + 1)
            .filter_map(|path| Some((path.clone(), seeds::text_at(&root, path.as_str())?)))
            .collect();
        if texts.is_empty() || texts.len() > FEW {
            return BTreeMap::new();
        }
        let (articles, found) = articles::read(&texts, &joined.config.rights);
        if found.has_errors() {
            return BTreeMap::new();
        }
        let mut newer = BTreeMap::new();
        for article in articles {
            let old = joined.graph.articles.get(&article.id).map(|old| &old.text);
            if known.get(&article.id).or(old) == Some(&article.text) {
                continue;
            }
            let Some(revised) = joined.graph.revised(article) else { continue };
            newer.extend(public.revised(&revised));
            known.insert(revised.article.id, revised.article.text);
        }
        newer
    }
}

/// Errors as the browser shows them.
fn excerpts(found: &Diagnostics) -> Vec<String> {
    if !found.has_errors() {
        return Vec::new();
    }
    found.sorted().into_iter().filter(|one| one.is_error()).map(Diagnostic::with_excerpt).collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make the sites they build")]
mod tests {
    use super::*;
    use crate::make::{Asked, make};

    const BEES: &str =
        "+++\ntitle = \"Bees\"\ntopics = [\"garden\"]\n+++\n\nBees like [clover](clover.md) and thyme.\n";

    fn write(root: &Path, path: &str, text: &str) -> PathBuf {
        let place = root.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, text).unwrap();
        place
    }

    /// A site of two articles that know each other, and who builds it.
    fn site() -> (tempfile::TempDir, Builder) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "content/articles/bees.md", BEES);
        write(root, "content/articles/clover.md", "+++\ntitle = \"Clover\"\n+++\n\nClover feeds [[Bees]].\n");
        write(root, "content/topics/garden.md", "+++\ntitle = \"Garden\"\n+++\n");
        let shown = Shown { site: None, policy: String::new(), problems: Vec::new(), version: 0 };
        let shared = Arc::new(Shared { shown: Mutex::new(shown), changed: channel::Sender::new(0) });
        let preview = Preview { root: root.to_owned(), options: Options::default(), watch: true };
        (folder, Builder::of(preview, shared))
    }

    fn seen(builder: &Builder, address: &str) -> String {
        let site = builder.shared.shown().site.clone().unwrap();
        let bytes = site.bytes(&Address::folder(address)).unwrap().unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn an_edited_article_is_shown_before_all_is_built() {
        let (folder, builder) = site();
        builder.rebuild(&|_| ()).unwrap();
        let edited = BEES.replace("thyme", "marjoram and [clover](clover.md) again");
        let place = write(folder.path(), "content/articles/bees.md", &edited);
        assert!(seen(&builder, "articles/bees").contains("thyme"));
        builder.revise(BTreeSet::from([place]));
        let version = builder.shared.shown().version;
        let at_once = seen(&builder, "articles/bees");
        assert!(
            at_once.contains("marjoram")
                && at_once.contains("href=\"../clover/index.html\">clover</a> again"),
            "{at_once}"
        );
        assert!(seen(&builder, "articles/clover").contains("thyme"), "what quotes it waits for the build");
        builder.rebuild(&|_| ()).unwrap();
        assert!(builder.shared.shown().version > version);
        assert!(builder.shared.shown().site.as_ref().unwrap().newer.is_empty());
        assert!(seen(&builder, "articles/bees").contains("marjoram"));
        assert!(!seen(&builder, "articles/clover").contains("thyme"));
    }

    #[test]
    fn what_has_to_be_looked_up_waits_for_the_build() {
        let (folder, builder) = site();
        builder.rebuild(&|_| ()).unwrap();
        for text in [
            BEES.replace("thyme", "[a link that is new](../topics/garden.md)"),
            BEES.replace("thyme", "![a picture](thyme.jpg)"),
            BEES.replace("title = \"Bees\"", "title = "),
        ] {
            let place = write(folder.path(), "content/articles/bees.md", &text);
            let version = builder.shared.shown().version;
            builder.revise(BTreeSet::from([place]));
            assert_eq!(builder.shared.shown().version, version, "{text}");
            assert!(seen(&builder, "articles/bees").contains("thyme"));
        }
        let stranger = write(folder.path(), "content/articles/new.md", "New.");
        builder.revise(BTreeSet::from([stranger, folder.path().join("content/articles/gone.md")]));
        assert!(builder.shared.shown().site.as_ref().unwrap().newer.is_empty());
    }

    #[test]
    fn what_was_published_stands_until_all_is_built() {
        let (folder, builder) = site();
        let root = folder.path();
        assert!(builder.standing(&|_| ()).is_none(), "nothing was published yet");
        let asked = Asked { output: root.join("public"), ..Asked::default() };
        // The first build writes the ledger, so it is not passed over.
        for _ in 0..2 {
            make(root, &asked, || ()).map_err(|problem| problem.anywhere().in_short()).unwrap();
        }
        let (standing, policy) = builder.standing(&|_| ()).unwrap();
        assert!(policy.contains("default-src"), "{policy}");
        builder.shared.begin(standing, policy);
        assert!(seen(&builder, "articles/bees").contains("thyme"));
        builder.rebuild(&|_| ()).unwrap();
        let site = builder.shared.shown().site.clone().unwrap();
        assert!(matches!(site.base, Base::Built(_)));
        write(root, "content/articles/bees.md", "+++\ntitle = \"Bees\"\n+++\n\nOther.\n");
        assert!(builder.standing(&|_| ()).is_none(), "an article is not as it was");
    }
}
