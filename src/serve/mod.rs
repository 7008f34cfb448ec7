//! The preview: the public site answered from memory, rebuilt when a file changes.
//!
//! In: a site's folder and a socket. Out: pages drawn when a browser asks for them, and an event stream that
//! tells the browser to reload, or what is wrong. Nothing of this reaches `public/`.

mod places; // Who is connected.
mod range; // Which part of a file is wanted.
mod server; // What is answered.
mod watch; // When files change.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch as channel;

use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::memo::Memo;
use crate::public::{Public, keep};
use crate::{Options, build, seeds};

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
    /// The site was built; what was found on the way.
    Built(&'a Diagnostics),
    /// The system does not tell of changes, so the files are looked at every so often.
    Polling(String),
    /// Another build of the site is on its way, and this one begins when that ends.
    Waiting,
    /// A page could not be drawn.
    Failed(&'a Diagnostic),
}

/// What the browser gets to see.
struct Shown {
    public: Option<Arc<Public>>,
    /// The Content-Security-Policy its pages work under.
    policy: String,
    /// What is wrong with the files as they are now.
    problems: Vec<String>,
    /// Grows when what is shown changes.
    version: u64,
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

    fn show(&self, public: Option<Public>, problems: Vec<String>) {
        let mut shown = self.shown();
        let is_new = match (&public, &shown.public) {
            (Some(new), Some(old)) => !new.shows_the_same(old),
            (Some(_), None) => true,
            (None, _) => false,
        };
        if let Some(public) = public
            && is_new
        {
            shown.policy = public.policy();
            shown.public = Some(Arc::new(public));
        }
        if is_new || shown.problems != problems {
            shown.problems = problems;
            shown.version += u64::from(is_new);
            // Only a browser that listens needs to know.
            self.changed.send_modify(|count| *count += 1);
        }
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
        shown: Mutex::new(Shown { public: None, policy: String::new(), problems: Vec::new(), version: 0 }),
        changed: channel::Sender::new(0),
    });
    let report = Arc::new(report);
    rebuild(&preview, &shared, report.as_ref())?;
    if preview.watch {
        let (shared, report) = (Arc::clone(&shared), Arc::clone(&report));
        let polling = Arc::clone(&report);
        let root = preview.root.clone();
        watch::watch(
            root,
            move || {
                if let Err(problem) = rebuild(&preview, &shared, report.as_ref()) {
                    let mut found = Diagnostics::new();
                    found.push(problem.anywhere());
                    shared.show(None, excerpts(&found));
                    report(Happened::Built(&found));
                }
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

fn rebuild(preview: &Preview, shared: &Shared, report: &impl Fn(Happened<'_>)) -> Result<(), Problem> {
    let memo = Memo::open(&preview.root, || report(Happened::Waiting));
    let (site, mut found) = seeds::read(&preview.root)?;
    let options = Options { shelf: memo.pictures(), ..preview.options.clone() };
    let (built, problems) = build(site, &options);
    found.extend(problems);
    if let Err(problem) = keep(&preview.root, &built.joined.import.writes) {
        found.push(problem.anywhere());
    }
    shared.show(built.public, excerpts(&found));
    report(Happened::Built(&found));
    Ok(())
}

/// Errors as the browser shows them.
fn excerpts(found: &Diagnostics) -> Vec<String> {
    if !found.has_errors() {
        return Vec::new();
    }
    found.sorted().into_iter().filter(|one| one.is_error()).map(Diagnostic::with_excerpt).collect()
}
