//! The server of the preview: files from memory, and the event stream.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};

use super::Shared;
use super::places::Places;
use super::range::{Range, wanted};
use crate::address::Address;
use crate::diagnostic::Diagnostic;
use crate::markdown::escaped;
use crate::memo::Key;

/// Where the script is that the preview adds to every page.
const SCRIPT: &str = "/_gleaner/reload.js";

/// Where the browser listens for changes.
const EVENTS: &str = "/_gleaner/events";

/// How many bytes the head of a request may have: the browser's own cookies and all, as most servers allow.
const LONGEST_HEAD: usize = 16 * 1024;

/// How long somebody who is connected may take to ask for something, or again.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the server rests where the system gives it no more connections: somebody else's may end meanwhile.
const REST: Duration = Duration::from_millis(50);

/// What anything but a page may do where a browser shows it by itself: be looked at. A drawing (SVG) may hold scripts.
const ONLY_LOOK: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    failed: Box<dyn Fn(&Diagnostic) + Send + Sync>,
}

/// Answers until the process is told to end.
pub(super) fn run(
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    failed: impl Fn(&Diagnostic) + Send + Sync + 'static,
) -> io::Result<()> {
    let server = Arc::new(Server { shared, address, failed: Box::new(failed) });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // Event streams never end by themselves, so the end does not wait for them.
        tokio::select! {
            () = accept(listener, server) => {}
            () = told_to_end() => {}
        }
        Ok(())
    })
}

/// Gives everybody who connects a place; where there are no more, to the cost of who has been silent longest.
async fn accept(listener: tokio::net::TcpListener, server: Arc<Server>) {
    let places = Places::default();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Whoever hung up before it was heard is nobody's loss; where the system has no more to give, somebody goes.
            places.make_room();
            tokio::time::sleep(REST).await;
            continue;
        };
        let (server, place) = (Arc::clone(&server), places.take());
        let seat = place.seat();
        let answering = tokio::spawn(async move {
            let answer = |request: Request<Incoming>| {
                place.has_asked();
                let response = server.answer(&request);
                std::future::ready(Ok::<_, Infallible>(response))
            };
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(LONGEST_HEAD)
                .max_header_size(LONGEST_HEAD)
                .serve_connection(TokioIo::new(stream), service_fn(answer));
            // Whatever goes wrong with one who asks is that one's trouble alone.
            let _ended = connection.await;
        });
        seat.belongs_to(answering.abort_handle());
    }
}

async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

impl Server {
    /// Whether a request names this server as its host: a page of another site that had its name point here
    /// (DNS rebinding) does not.
    fn is_addressed(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let host = host.to_str().unwrap_or_default().to_ascii_lowercase();
        let name = host.strip_suffix(&format!(":{}", self.address.port())).unwrap_or(&host);
        let ip = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        match ip.parse::<IpAddr>() {
            // No name leads astray who uses none.
            Ok(ip) => ip.is_loopback() || ip == self.address.ip() || self.address.ip().is_unspecified(),
            // Whoever opens the preview to the network opens it under every name the machine has there.
            Err(_) => name == "localhost" || (self.address.ip().is_unspecified() && is_of_this_network(name)),
        }
    }

    fn answer(&self, request: &Request<Incoming>) -> Response {
        let mut response = self.answered(request.method(), request.uri().path(), request.headers());
        let headers = response.headers_mut();
        // Other sites' pages get nothing of this one to show or to run, and no file is taken for another kind than it is.
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }

    fn answered(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if !self.is_addressed(headers) {
            return refused();
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
        }
        match path {
            EVENTS if is_from_elsewhere(headers) => refused(),
            EVENTS => Sse::new(happenings(Arc::clone(&self.shared)))
                .keep_alive(KeepAlive::default())
                .into_response(),
            SCRIPT => File::new("reload.js", include_bytes!("reload.js")).answer(StatusCode::OK, headers),
            _ => self.file(path, headers),
        }
    }

    fn file(&self, path: &str, headers: &HeaderMap) -> Response {
        let (public, policy, problems, version) = {
            let shown = self.shared.shown();
            (shown.site.clone(), shown.policy.clone(), shown.problems.clone(), shown.version)
        };
        let Some(public) = public else {
            return failure("The site cannot be built yet", &problems.join("\n\n"), version);
        };
        let Some(path) = decoded(path) else {
            return (StatusCode::BAD_REQUEST, "not an address\n").into_response();
        };
        let address = Address::file(match path.strip_suffix('/') {
            Some(folder) => format!("{folder}/index.html"),
            None if path.is_empty() => "index.html".to_owned(),
            None => path.clone(),
        });
        let folder = Address::folder(&path);
        let (status, address) = if public.has(&address) {
            (StatusCode::OK, address)
        } else if !path.is_empty() && public.has(&folder) {
            let there = format!("/{}", folder.absolute(""));
            let Ok(there) = HeaderValue::from_str(&there) else {
                return StatusCode::NOT_FOUND.into_response();
            };
            return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, there)]).into_response();
        } else {
            (StatusCode::NOT_FOUND, Address::file("404.html"))
        };
        match public.bytes(&address) {
            Some(Ok(bytes)) if address.as_str().ends_with(".html") => {
                let page = with_reload(&String::from_utf8_lossy(&bytes), version);
                let mut page = File::new(address.as_str(), page.as_bytes()).answer(status, headers);
                if let Ok(policy) = HeaderValue::try_from(policy) {
                    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
                }
                page
            }
            Some(Ok(bytes)) => File::new(address.as_str(), &bytes).answer(status, headers),
            Some(Err(diagnostic)) => {
                (self.failed)(&diagnostic);
                failure("This page cannot be drawn", &diagnostic.with_excerpt(), version)
            }
            None => (StatusCode::NOT_FOUND, "nothing at this address\n").into_response(),
        }
    }
}

/// Whether only the network a machine is in knows such a name: one without a dot, or with an ending that no public name
/// server answers for (RFC 6762, RFC 8375, and what is reserved for private use). No stranger can have one point here.
fn is_of_this_network(name: &str) -> bool {
    !name.contains('.')
        || [".local", ".localhost", ".home.arpa", ".internal", ".lan"].iter().any(|end| name.ends_with(end))
}

fn refused() -> Response {
    (StatusCode::FORBIDDEN, "this preview answers only under its own address\n").into_response()
}

/// Whether a page of another site asks, as browsers say (Fetch Metadata; the Fetch standard's `Origin`).
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_own =
        |origin: &HeaderValue| origin.to_str().is_ok_and(|origin| origin == format!("http://{host}"));
    let is_same_origin = headers.get(header::ORIGIN).is_none_or(is_own);
    let is_same_site =
        headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    !is_same_site || !is_same_origin
}

/// What is shown now, at once and again after every change.
fn happenings(shared: Arc<Shared>) -> impl Stream<Item = Result<Event, Infallible>> {
    let mut changes = shared.changed.subscribe();
    changes.mark_changed();
    stream::unfold((changes, shared), |(mut changes, shared)| async move {
        changes.changed().await.ok()?;
        let now = {
            let shown = shared.shown();
            serde_json::json!({ "version": shown.version, "problems": shown.problems })
        };
        Some((Ok(Event::default().data(now.to_string())), (changes, shared)))
    })
}

/// The path of a request below the public root, percent-decoded; `None` where it is no path of a file.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.strip_prefix('/')?.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A file to answer with.
struct File<'a> {
    kind: &'static str,
    bytes: &'a [u8],
}

impl File<'_> {
    fn new<'a>(path: &str, bytes: &'a [u8]) -> File<'a> {
        File { kind: content_type(path), bytes }
    }

    /// The file, or the part of it that is wanted, or that nothing of it is new (RFC 9110, sections 13 and 14).
    fn answer(&self, status: StatusCode, asked: &HeaderMap) -> Response {
        let tag = format!("\"{}\"", Key::of(&[self.bytes]));
        let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let is_known = |known: &str| {
            known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
        };
        let is_there = status == StatusCode::OK;
        // Everything is asked for again each time, and sent only where it is new.
        let head = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
        if is_there && text(header::IF_NONE_MATCH).is_some_and(is_known) {
            return (StatusCode::NOT_MODIFIED, head).into_response();
        }
        let is_of_this = text(header::IF_RANGE).is_none_or(|version| version == tag);
        let range = text(header::RANGE).filter(|_| is_there && is_of_this);
        let size = self.bytes.len();
        let (status, part, range) = match range.map_or(Range::Whole, |range| wanted(range, size)) {
            Range::Whole => (status, self.bytes, None),
            Range::Part(part) => {
                let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
                (StatusCode::PARTIAL_CONTENT, &self.bytes[part], Some(range))
            }
            Range::Nowhere => (StatusCode::RANGE_NOT_SATISFIABLE, &[][..], Some(format!("bytes */{size}"))),
        };
        let kind = [
            (header::CONTENT_TYPE, self.kind),
            (header::ACCEPT_RANGES, "bytes"),
            (header::CONTENT_SECURITY_POLICY, ONLY_LOOK),
        ];
        let range = range.map(|range| [(header::CONTENT_RANGE, range)]);
        let body = Body::from(part.to_vec());
        match range {
            Some(range) => (status, head, kind, range, body).into_response(),
            None => (status, head, kind, body).into_response(),
        }
    }
}

/// What the preview adds to every page: the script, which is told of which version the page is. What changed while the
/// page was on its way is seen by that.
fn reload(version: u64) -> String {
    format!(r#"<script src="{SCRIPT}" data-version="{version}"></script>"#)
}

fn with_reload(page: &str, version: u64) -> String {
    let reload = reload(version);
    match page.rfind("</body>") {
        Some(end) => format!("{}{reload}{}", &page[..end], &page[end..]),
        None => format!("{page}{reload}"),
    }
}

/// A page of the preview's own, where there is none to show.
fn failure(title: &str, text: &str, version: u64) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title><body style=\"font: 1rem/1.5 \
         system-ui; max-width: 60rem; margin: 3rem auto; padding: 0 1rem\"><h1>{0}</h1><pre style=\"white-space: \
         pre-wrap\">{1}</pre>{2}</body></html>",
        escaped(title),
        escaped(text),
        reload(version)
    );
    let policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (StatusCode::INTERNAL_SERVER_ERROR, headers, page).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_once() {
        for (path, expected) in [
            ("/articles/a%20b/", Some("articles/a b/")),
            ("/%2e%2e/etc", Some("../etc")),
            ("/%zz", None),
            ("/%c3", None),
            ("*", None),
        ] {
            assert_eq!(decoded(path).as_deref(), expected);
        }
    }

    #[test]
    fn only_names_that_no_stranger_can_have_are_of_this_network() {
        for (name, expected) in [
            ("desk", true),
            ("desk.local", true),
            ("desk.home.arpa", true),
            ("evil.example", false),
            ("local.evil.example", false),
            ("notlocal", true),
            ("evil.notlocal", false),
        ] {
            assert_eq!(is_of_this_network(name), expected, "{name}");
        }
    }
}
