//! `gleaner serve`

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use clap::Args;

use gleaner::Options;
use gleaner::diagnostic::{Diagnostics, Problem};
use gleaner::serve::{Happened, Preview, base_url, serve};

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
    #[arg(long, value_name = "N")]
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
