//! The server of the preview: files from memory, and the event stream.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{self, Stream};

use super::Shared;
use crate::address::Address;
use crate::diagnostic::Diagnostic;
use crate::markdown::escaped;
use crate::seeds::Bytes;

/// What the preview adds to every page.
const RELOAD: &str = r#"<script src="/_gleaner/reload.js"></script>"#;

#[derive(Clone)]
struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    failed: Arc<dyn Fn(&Diagnostic) + Send + Sync>,
}

/// Answers until the process is told to end.
pub(super) fn run(
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    failed: impl Fn(&Diagnostic) + Send + Sync + 'static,
) -> io::Result<()> {
    let server = Server { shared, address, failed: Arc::new(failed) };
    let routes = Router::new()
        .route("/_gleaner/events", get(events))
        .route("/_gleaner/reload.js", get(reload))
        .fallback(file)
        .with_state(server);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // Event streams never end by themselves, so the end does not wait for them.
        tokio::select! {
            ended = axum::serve(listener, routes).into_future() => ended,
            () = told_to_end() => Ok(()),
        }
    })
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
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let name = host.strip_suffix(&format!(":{}", self.address.port())).unwrap_or(&host);
        let is_here = name == self.address.ip().to_string() || name == format!("[{}]", self.address.ip());
        // Whoever opens the preview to the network opens it under every name the machine has.
        is_here || ["localhost", "127.0.0.1", "[::1]"].contains(&name) || self.address.ip().is_unspecified()
    }
}

fn refused() -> Response {
    (StatusCode::FORBIDDEN, "this preview answers only under its own address\n").into_response()
}

async fn reload(State(server): State<Server>, headers: HeaderMap) -> Response {
    if !server.is_addressed(&headers) {
        return refused();
    }
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, include_str!("reload.js")).into_response()
}

async fn events(State(server): State<Server>, headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_own =
        |origin: &HeaderValue| origin.to_str().is_ok_and(|origin| origin == format!("http://{host}"));
    let is_same_origin = headers.get(header::ORIGIN).is_none_or(is_own);
    let is_same_site =
        headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    if !server.is_addressed(&headers) || !is_same_site || !is_same_origin {
        return refused();
    }
    Sse::new(happenings(server.shared)).keep_alive(KeepAlive::default()).into_response()
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

async fn file(State(server): State<Server>, request: Request) -> Response {
    if !server.is_addressed(request.headers()) {
        return refused();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let (public, policy, problems) = {
        let shown = server.shared.shown();
        (shown.site.clone(), shown.policy.clone(), shown.problems.clone())
    };
    let Some(public) = public else {
        return html(
            StatusCode::INTERNAL_SERVER_ERROR,
            &failure("The site cannot be built yet", &problems.join("\n\n")),
        );
    };
    let Some(path) = decoded(request.uri().path()) else {
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
        let Ok(there) = HeaderValue::from_str(&there) else { return StatusCode::NOT_FOUND.into_response() };
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, there)]).into_response();
    } else {
        (StatusCode::NOT_FOUND, Address::file("404.html"))
    };
    match public.bytes(&address) {
        Some(Ok(bytes)) if address.as_str().ends_with(".html") => {
            let mut page = html(status, &with_reload(&String::from_utf8_lossy(&bytes)));
            if let Ok(policy) = HeaderValue::try_from(policy) {
                page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            page
        }
        Some(Ok(bytes)) => plain(status, &address, bytes),
        Some(Err(diagnostic)) => {
            (server.failed)(&diagnostic);
            let text = diagnostic.with_excerpt();
            html(StatusCode::INTERNAL_SERVER_ERROR, &failure("This page cannot be drawn", &text))
        }
        None => (StatusCode::NOT_FOUND, "nothing at this address\n").into_response(),
    }
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

fn html(status: StatusCode, text: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text.to_owned()).into_response()
}

fn plain(status: StatusCode, address: &Address, bytes: Bytes) -> Response {
    let headers =
        [(header::CONTENT_TYPE, content_type(address.as_str())), (header::CACHE_CONTROL, "no-store")];
    (status, headers, Body::from(bytes.to_vec())).into_response()
}

fn with_reload(page: &str) -> String {
    match page.rfind("</body>") {
        Some(end) => format!("{}{RELOAD}{}", &page[..end], &page[end..]),
        None => format!("{page}{RELOAD}"),
    }
}

/// A page of the preview's own, where there is none to show.
fn failure(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title><body style=\"font: 1rem/1.5 \
         system-ui; max-width: 60rem; margin: 3rem auto; padding: 0 1rem\"><h1>{0}</h1><pre style=\"white-space: \
         pre-wrap\">{1}</pre>{RELOAD}</body></html>",
        escaped(title),
        escaped(text)
    )
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
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
}
