//! What a host needs to serve a site well: its own settings, and the files it looks for among what is published.
//!
//! In: the host, the site's policy and its settings. Out: [`files`] that are published with the site, and the one file of
//! settings that [`setup`] writes. Every host gets the same headers and the same rules of caching, in its own words.

use std::fmt::Write as _;

use crate::address::{Address, slug};
use crate::config::{CONFIG_FILE, Config};
use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::{Edits, Fields, Format, quoted};
use crate::host::Host;
use crate::pages::page::Shows;
use crate::pages::{Composed, Content, From};
use crate::path::SitePath;
use crate::rewriting::Rewriting;
use crate::search;
use crate::text::Text;
use crate::theme::ASSETS;

/// The headers every host is told to send with every page, besides the policy. Sources: the Fetch standard
/// (`nosniff`), Referrer Policy, Permissions Policy and HTML (opener policy).
const HEADERS: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

/// What browsers may keep for a year without asking: its name is made of what it holds.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// What they ask for each time; unchanged, it is not sent again.
const ASK: &str = "no-cache";

/// The name of the piece of the search that names all others, and so keeps its name.
const START: &str = "start.js";

/// The longest line Cloudflare Pages takes in `_headers`, in characters.
/// Source: <https://developers.cloudflare.com/pages/configuration/headers/>
const LONGEST_LINE: usize = 2000;
/// How many lines it takes in `_redirects`; of Netlify no number is known.
/// Source: <https://developers.cloudflare.com/pages/configuration/redirects/>
const MOST_REDIRECTS: usize = 2000;

/// The files that the site's host looks for among what is published.
pub fn files(config: &Config, composed: &[Composed], policy: &str) -> (Vec<Composed>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut files = Vec::new();
    let mut add = |name: &str, text: String| {
        let content = Content::Bytes(text.into_bytes().into());
        files.push(Composed { address: Address::file(name), from: From::Site, content });
    };
    match config.deploy.to {
        Some(host @ (Host::Netlify | Host::CloudflarePages)) => {
            let headers = headers(host, policy);
            if host == Host::CloudflarePages && headers.lines().any(|line| line.len() > LONGEST_LINE) {
                let problem = Problem::new("a header is longer than Cloudflare Pages takes");
                let hint = "the policy names every inline script and style of the theme: move some into files of its `static/`";
                found.push(problem.hint(hint).anywhere().as_warning());
            }
            add("_headers", headers);
            let redirects = redirects(host, composed);
            if host == Host::CloudflarePages && redirects.lines().count() > MOST_REDIRECTS {
                let problem =
                    Problem::new(format!("Cloudflare Pages takes {MOST_REDIRECTS} redirects, and no more"));
                let hint = "the pages at the other old addresses lead on all the same, a moment later";
                found.push(problem.hint(hint).anywhere().as_warning());
                add(
                    "_redirects",
                    redirects.lines().take(MOST_REDIRECTS).map(|line| format!("{line}\n")).collect(),
                );
            } else if !redirects.is_empty() {
                add("_redirects", redirects);
            }
        }
        Some(Host::GithubPages) => add(".nojekyll", String::new()),
        Some(Host::GitlabPages | Host::S3 | Host::Rsync | Host::Nginx | Host::Caddy) | None => {}
    }
    (files, found)
}

/// `_headers`, as Netlify and Cloudflare Pages read it. Of what is not named here both say themselves that browsers ask.
fn headers(host: Host, policy: &str) -> String {
    let mut text = format!("/*\n  Content-Security-Policy: {policy}\n");
    for (name, value) in HEADERS {
        let _infallible = writeln!(text, "  {name}: {value}");
    }
    let _infallible = writeln!(text, "/{ASSETS}/*\n  Cache-Control: {FOREVER}");
    // The first of the pieces keeps its name, and only Cloudflare has a way to except one from a rule.
    if host == Host::CloudflarePages {
        let pieces = search::FOLDER;
        let _infallible = write!(
            text,
            "/{pieces}*\n  Cache-Control: {FOREVER}\n/{pieces}{START}\n  ! Cache-Control\n  Cache-Control: {ASK}\n"
        );
    }
    text
}

/// `_redirects`: the old addresses. Netlify follows one in the place of a page only where it is forced; Cloudflare always does.
fn redirects(host: Host, composed: &[Composed]) -> String {
    let status = if host == Host::Netlify { "301!" } else { "301" };
    let mut text = String::new();
    for one in composed {
        let Content::Page(page) = &one.content else { continue };
        let Shows::Redirect(redirect) = &page.page else { continue };
        let Some(to) = resolved(&one.address, &redirect.target.href) else { continue };
        // A star would stand for all addresses, and an article's old address may come with a seed.
        let from = one.address.absolute("").trim_start_matches('/').replace('*', "%2A");
        let _infallible = writeln!(text, "/{from} /{to} {status}");
    }
    text
}

/// The address, from the root, that a relative one means on a page.
fn resolved(from: &Address, href: &str) -> Option<String> {
    let base = url::Url::parse("https://site.invalid/").ok()?.join(&from.absolute("")).ok()?;
    let to = base.join(href).ok()?;
    Some(to.path().trim_start_matches('/').trim_end_matches("index.html").to_owned())
}

/// Writes a host's file of settings, and what `gleaner.toml` says of it. `there` is what a file of the site holds, where there is
/// one.
///
/// # Errors
/// When `gleaner.toml` cannot be rewritten safely.
pub fn setup(
    host: Host,
    config: &Config,
    policy: &str,
    there: impl Fn(&SitePath) -> Option<Text>,
) -> Result<Rewriting, Problem> {
    let mut rewriting = Rewriting::default();
    let path = SitePath::new(place(host));
    rewriting.put(&path, there(&path).as_ref(), &settings(host, config, policy));
    let toml = SitePath::new(CONFIG_FILE);
    let before = there(&toml);
    let now = with_host(host, &before.clone().unwrap_or_else(|| Text::new(toml.clone(), String::new())))?;
    rewriting.put(&toml, before.as_ref(), &now);
    Ok(rewriting)
}

/// Where a host's settings are.
fn place(host: Host) -> &'static str {
    match host {
        Host::GithubPages => ".github/workflows/publish.yml",
        Host::GitlabPages => ".gitlab-ci.yml",
        Host::Netlify => "netlify.toml",
        Host::CloudflarePages => "wrangler.toml",
        Host::S3 => "deploy/s3.sh",
        Host::Rsync => "deploy/rsync.sh",
        Host::Nginx => "deploy/nginx.conf",
        Host::Caddy => "deploy/Caddyfile",
    }
}

/// A host's settings.
fn settings(host: Host, config: &Config, policy: &str) -> String {
    let template = match host {
        Host::GithubPages => include_str!("github-pages.yml"),
        Host::GitlabPages => include_str!("gitlab-pages.yml"),
        Host::Netlify => include_str!("netlify.toml"),
        Host::CloudflarePages => include_str!("cloudflare-pages.toml"),
        Host::S3 => include_str!("s3.sh"),
        Host::Rsync => include_str!("rsync.sh"),
        Host::Nginx => include_str!("nginx.conf"),
        Host::Caddy => include_str!("Caddyfile"),
    };
    let name = Some(slug(&config.title)).filter(|name| name.is_ascii() && !name.is_empty());
    let name = name.unwrap_or_else(|| "library".to_owned());
    let base = config.base_url.as_deref().unwrap_or("https://example.org/");
    let domain = base.split_once("://").map_or(base, |(_, rest)| rest);
    let domain = domain.split(['/', ':']).next().unwrap_or_default();
    let headers: String = HEADERS
        .iter()
        .copied()
        .chain([("Content-Security-Policy", policy)])
        .map(|(name, value)| match host {
            Host::Nginx => format!("    add_header {name} \"{value}\" always;\n"),
            Host::Caddy => format!("\t\t{name} \"{value}\"\n"),
            _ => String::new(),
        })
        .collect();
    let values = [
        ("@NAME@", name.as_str()),
        ("@VARIABLE@", &name.replace('-', "_")),
        ("@DOMAIN@", domain),
        ("@BASE@", base),
        ("@PATH@", config.base_path()),
        ("@HEADERS@\n", &headers),
        ("@PIECES@", search::FOLDER.trim_end_matches('/')),
        ("@START@", START),
        ("@FOREVER@", FOREVER),
        ("@ASSETS@", ASSETS),
        ("@ASK@", ASK),
    ];
    values.iter().fold(template.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

/// How a new site's settings show the table.
const EXAMPLE: &str = "# [deploy]\n# to = \"github-pages\"\n";

/// `gleaner.toml` with a host in it, and with whether files are packed for it; all else stays.
fn with_host(host: Host, text: &Text) -> Result<String, Problem> {
    let source = text.read();
    let mut fields = Fields::read(text, 0..source.len(), Format::Toml);
    let mut edits = Edits::new(text, Format::Toml);
    let to = quoted(host.name());
    match fields.table("deploy") {
        Some(mut table) => {
            let is_packed = table.flag("precompress").is_some();
            match (table.text("to"), source.find("[deploy]")) {
                (Some(typed), _) => edits.replace(&typed.span, host.name()),
                (None, Some(at)) => {
                    let after = source[at..].find('\n').map_or(source.len(), |newline| at + newline + 1);
                    edits.insert(after, &format!("to = {to}\n"));
                }
                (None, None) => {
                    return Err(Problem::new("`deploy` in `gleaner.toml` cannot be added to")
                        .hint(format!("write `[deploy]` on a line of its own, and below it `to = {to}`")));
                }
            }
            if let Some(at) = source.find("[deploy]").filter(|_| host.serves_packed() && !is_packed) {
                let after = source[at..].find('\n').map_or(source.len(), |newline| at + newline + 1);
                edits.insert(after, "precompress = true\n");
            }
        }
        None => {
            let blank = if source.is_empty() {
                ""
            } else if source.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            let packed = if host.serves_packed() { "precompress = true\n" } else { "" };
            // A new site's settings end with an example of the table: it gives way, its explanation stays.
            if let Some(at) = source.find(EXAMPLE) {
                edits.put(at..at + EXAMPLE.len(), &format!("[deploy]\nto = {to}\n{packed}"));
                return finished(text, edits, &to);
            }
            edits.insert(source.len(), &format!("{blank}# Where the site is put online: see docs/deploying.md.\n[deploy]\nto = {to}\n{packed}"));
        }
    }
    finished(text, edits, &to)
}

/// `gleaner.toml` as rewritten, where it can be read as before.
fn finished(text: &Text, edits: Edits, to: &str) -> Result<String, Problem> {
    let now = Text::new(text.path().clone(), edits.made());
    let (before, after) = (Config::read(Some(text)).1.has_errors(), Config::read(Some(&now)).1.has_errors());
    if after && !before {
        return Err(Problem::new("`gleaner.toml` cannot be rewritten safely")
            .hint(format!("write `to = {to}` below `[deploy]` by hand")));
    }
    Ok(now.read().into_owned())
}
