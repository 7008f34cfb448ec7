//! `gleaner serve`

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use clap::Args;

use gleaner::articles::Article;
use gleaner::diagnostic::{Diagnostics, Problem};
use gleaner::import::{Account, Outcome};
use gleaner::path::SitePath;
use gleaner::serve::{Happened, Preview, base_url, serve};
use gleaner::text::quotable;
use gleaner::{Joined, Options};

use super::import::as_json;
use super::report::Report;
use super::{Common, Ending, WAITS};

/// How many ports after the usual one are tried.
const TRIED: u16 = 20;

/// The port where none is asked for.
const PORT: u16 = 1111;

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Rebuild when a file changes; this is on unless `--no-watch` is given.
    #[arg(long, overrides_with = "no_watch")]
    watch: bool,
    /// Serve the site as it is now.
    #[arg(long)]
    no_watch: bool,
    /// The port; without it the first free one from 1111 on.
    #[arg(long, value_name = "N", value_parser = port)]
    port: Option<u16>,
    /// The address to listen on; others than this machine can look only if you name one of its own.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Open the site in your browser.
    #[arg(long)]
    open: bool,
    /// Show drafts, too.
    #[arg(long)]
    drafts: bool,
}

pub(super) fn run(common: &Common, args: ServeArgs, report: Report) -> Result<Ending, Problem> {
    let listener = listen(&args)?;
    let address = listener.local_addr().map_err(|error| Problem::new(format!("no port: {error}")))?;
    let url = base_url(address);
    let preview = Preview {
        root: common.root.clone(),
        options: Options {
            base_url: Some(url.clone()),
            drafts: args.drafts,
            no_import: false,
            ..Options::default()
        },
        watch: args.watch || !args.no_watch,
    };
    report.message(&format!("Serving {} at {url}  (Ctrl-C ends it)", common.root.display()));
    if args.open {
        open(&url, &report);
    }
    serve(preview, listener, move |happened| match happened {
        Happened::Imported(news) => {
            for (seed, account) in &news.seeds {
                // What is wrong with one that is set aside is told below, with the way out.
                if account.outcome != Outcome::Quarantined {
                    report.message(&told(seed, account, news.joined));
                }
                report.json(&as_json(seed, account));
            }
        }
        Happened::Built(found) => {
            report.diagnostics(found);
            report.message(if found.has_errors() {
                "Not built: the last good version, if there is one, is shown."
            } else {
                "Built."
            });
        }
        Happened::Waiting => report.message(WAITS),
        Happened::Polling(why) => {
            report.message(&format!(
                "Changes are looked for every second, as the system does not tell of them: {why}"
            ));
        }
        Happened::Failed(diagnostic) => {
            let mut found = Diagnostics::new();
            found.push(diagnostic.clone());
            report.diagnostics(&found);
        }
    })?;
    Ok(Ending::Done)
}

fn port(typed: &str) -> Result<u16, String> {
    typed.parse().map_err(|_| format!("it takes a number, 0 to {}", u16::MAX))
}

/// What became of a seed, in a line.
fn told(seed: &SitePath, account: &Account, joined: &Joined) -> String {
    let is_its = |article: &&Article| account.article.as_ref() == Some(article.path());
    let what = match joined.graph.articles.values().find(is_its) {
        Some(article) => {
            let assigned = joined.graph.assignments(&article.id).iter();
            let topics: Vec<&str> = assigned
                .filter_map(|one| joined.graph.topics.get(&one.topic).map(|topic| topic.title.as_str()))
                .collect();
            let topics = if topics.is_empty() {
                "no topic yet".to_owned()
            } else {
                format!("topics: {}", topics.join(", "))
            };
            let words = article.body.words;
            format!("“{}”, {words} {}, {topics}", article.title, if words == 1 { "word" } else { "words" })
        }
        // A draft, or an article that is wrong in itself.
        None => account.article.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    let what = if what.is_empty() { what } else { format!(" → {what}") };
    let reason = account.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    quotable(&format!("{:>12}  {seed}{what}{reason}", account.outcome.to_string())).into_owned()
}

fn listen(args: &ServeArgs) -> Result<TcpListener, Problem> {
    let first = args.port.unwrap_or(PORT);
    let last = if args.port.is_some() { first } else { first.saturating_add(TRIED) };
    let mut refused = None;
    for port in first..=last {
        match TcpListener::bind(SocketAddr::new(args.host, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = Some(error),
        }
    }
    let why = refused.map_or_else(String::new, |error| match error.kind() {
        ErrorKind::AddrInUse => "is in use".to_owned(),
        _ => format!("cannot be used: {error}"),
    });
    Err(Problem::new(format!("port {first} {why}")).hint(format!("try `--port {}`", first.saturating_add(1))))
}

/// Opens the address with what the system opens addresses with.
fn open(url: &str, report: &Report) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if let Err(error) = std::process::Command::new(program).arg(url).spawn() {
        report.message(&format!("The browser cannot be opened ({program}: {error}): open {url} yourself."));
    }
}
