//! Putting a site online: what hosts are told, and what servers then answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use snapbox::{assert_data_eq, str};
use url::Url;

use crate::cli::{err, gleaner, out};
use crate::scratch::{Scratch, files};

/// A site with a page of every kind, below a path, and an address that changed.
fn site() -> Scratch {
    let article = |title: &str, text: &str| {
        format!(
            "+++\ntitle = \"{title}\"\ndate = 2011-03-02\nauthors = [\"Jane Roe\"]\naliases = [\"/old/{title}/\"]\n+++\n\n{text}\n"
        )
    };
    let garden =
        "A garden needs soil and 63 % compost. Leeks like a garden, as Marie Curie said to Marie Curie.";
    Scratch::of(&[
        ("gleaner.toml", "title = \"The library\"\nbase_url = \"https://garden.example/some/library/\"\n"),
        (
            "content/articles/one.md",
            &article("One", &format!("{garden} See [[Two]] and [a file](/a%20file.txt).")),
        ),
        ("content/articles/two.md", &article("Two", &format!("{garden} ![A leek](leek.svg)"))),
        ("content/articles/ü.md", &article("Über", garden)),
        ("content/articles/leek.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"),
        ("content/topics/gardens.md", "+++\ntitle = \"Gardens\"\nterms = [\"garden\", \"leek\"]\n+++\n"),
        ("content/paths/way.md", "+++\ntitle = \"Way\"\n+++\n\n1. [[One]]\n2. [[Two]]\n"),
        ("static/a file.txt", "As it is.\n"),
    ])
}

#[test]
fn a_new_sites_settings_are_explained_once() {
    let scratch = Scratch::of(&[]);
    gleaner(scratch.root(), &["new", "library"]);
    let set = gleaner(&scratch.path("library"), &["deploy", "init", "netlify", "--yes"]);
    assert!(set.status.success(), "{}", err(&set));
    let toml = scratch.read("library/gleaner.toml");
    assert!(toml.ends_with("host needs.\n[deploy]\nto = \"netlify\"\n"), "{toml}");
    assert_eq!(toml.matches("[deploy]").count(), 1);
}

#[test]
fn every_host_gets_its_file_and_is_asked_before_another_takes_its_place() {
    let scratch = site();
    for (host, file) in [
        ("github-pages", ".github/workflows/publish.yml"),
        ("gitlab-pages", ".gitlab-ci.yml"),
        ("netlify", "netlify.toml"),
        ("cloudflare-pages", "wrangler.toml"),
        ("s3", "deploy/s3.sh"),
        ("rsync", "deploy/rsync.sh"),
        ("nginx", "deploy/nginx.conf"),
        ("caddy", "deploy/Caddyfile"),
    ] {
        let before = files(scratch.root());
        let dry = gleaner(scratch.root(), &["deploy", "init", host, "--dry-run"]);
        assert!(dry.status.success() && out(&dry).contains(&format!("+++ {file}")), "{host}: {}", err(&dry));
        assert_eq!(files(scratch.root()), before);
        let made = gleaner(scratch.root(), &["deploy", "init", host]);
        assert!(made.status.success(), "{host}: {}", err(&made));
        let text = scratch.read(file);
        assert!(text.starts_with('#'), "{host}: {text}");
        let is_mark = |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let marks: Vec<&str> = text.split('@').skip(1).filter(is_mark).collect();
        assert!(marks.is_empty(), "{host}: {marks:?}");
        assert!(scratch.read("gleaner.toml").contains("[deploy]\n"), "{host}");
        assert!(scratch.read("gleaner.toml").contains(&format!("to = \"{host}\"\n")), "{host}");
        let again = gleaner(scratch.root(), &["deploy", "init", host]);
        assert_eq!(err(&again), "Nothing changes.\n", "{host}");
        let built = gleaner(scratch.root(), &["build", "--strict"]);
        assert!(built.status.success(), "{host}: {}", err(&built));
        assert_eq!(scratch.has("public/_headers"), ["netlify", "cloudflare-pages"].contains(&host), "{host}");
        assert_eq!(
            scratch.has("public/_redirects"),
            ["netlify", "cloudflare-pages"].contains(&host),
            "{host}"
        );
        assert_eq!(scratch.has("public/.nojekyll"), host == "github-pages", "{host}");
        if file.ends_with(".sh") {
            let parsed = Command::new("sh").arg("-n").arg(scratch.path(file)).output().unwrap();
            assert!(parsed.status.success(), "{host}: {}", err(&parsed));
        }
    }
    assert_data_eq!(
        scratch.read("gleaner.toml"),
        str![[r#"
title = "The library"
base_url = "https://garden.example/some/library/"

# Where the site is put online: see docs/deploying.md.
[deploy]
precompress = true
to = "caddy"

"#]]
    );
    let unknown = gleaner(scratch.root(), &["deploy", "init", "github-page"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("github-pages"), "{}", err(&unknown));
}

#[test]
fn hosts_that_read_them_get_headers_and_redirects_with_every_build() {
    let scratch = site();
    scratch.write("gleaner.toml", "[deploy]\nto = \"cloudflare-pages\"\n");
    assert_eq!(scratch.build().report(), "");
    let policy = out(&gleaner(scratch.root(), &["deploy", "policy"]));
    let headers = scratch.read("public/_headers");
    assert!(headers.contains(&format!("/*\n  Content-Security-Policy: {policy}")), "{headers}");
    assert!(
        headers.contains("/search/pieces/*\n  Cache-Control: public, max-age=31536000, immutable\n"),
        "{headers}"
    );
    assert_data_eq!(
        scratch.read("public/_redirects"),
        str![[r"
/old/One/ /articles/one/ 301
/old/Two/ /articles/two/ 301
/old/%C3%9Cber/ /articles/u/ 301

"]]
    );
    // What is typed inline in the theme is in the policy, at the next build.
    let base = gleaner::theme::BUILT_IN.iter().find(|(path, _)| *path == "templates/base.html").unwrap().1;
    let base = String::from_utf8_lossy(base).replace("</head>", "<script>let leeks = 1;</script></head>");
    scratch.write("themes/default/templates/base.html", base);
    assert_eq!(scratch.build().report(), "");
    assert_ne!(scratch.read("public/_headers"), headers);
    // A file of the curator's own is not written over.
    scratch.write("static/_headers", "/*\n  X: y\n");
    assert!(scratch.build().report().contains("`static/_headers`"), "{}", scratch.build().report());
}

#[test]
fn packed_files_are_what_they_are_packed_from() {
    let scratch = site();
    let packed = gleaner(scratch.root(), &["build", "--precompress"]);
    assert!(packed.status.success(), "{}", err(&packed));
    let public = scratch.public();
    let mut count = 0;
    for (path, bytes) in public.iter().filter(|(path, _)| path.ends_with(".gz")) {
        let mut plain = Vec::new();
        GzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, public[path.strip_suffix(".gz").unwrap()], "{path}");
        count += 1;
    }
    assert!(count > 20 && public.contains_key("search/pieces/start.js.gz"), "{:?}", public.keys());
    // The same again; and what is packed follows what it is packed from.
    let again = gleaner(scratch.root(), &["build", "--precompress"]);
    assert!(err(&again).contains(" 0 written, 0 removed"), "{}", err(&again));
    scratch.replace("content/articles/one.md", "needs soil", "needs rain");
    gleaner(scratch.root(), &["build", "--precompress"]);
    let public = scratch.public();
    let mut plain = Vec::new();
    GzDecoder::new(&public["articles/one/index.html.gz"][..]).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, public["articles/one/index.html"]);
    let without = gleaner(scratch.root(), &["build"]);
    assert!(err(&without).contains(&format!("{count} removed")), "{}", err(&without));
    assert!(!scratch.public().keys().any(|path| path.ends_with(".gz")));
}

/// What a server said: its status, its headers by name in lower case, and what followed.
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// A server that ends with the test.
struct Server {
    process: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // The master tells its workers to end only when it is asked politely.
        let _asked = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ended = self.process.wait();
    }
}

impl Server {
    fn start(command: &mut Command, port: u16) -> Server {
        let process = command.stdout(Stdio::null()).spawn().unwrap_or_else(|error| {
            panic!(
                "{} cannot be started: {error}; scripts/test.sh installs it",
                command.get_program().display()
            )
        });
        let server = Server { process, port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "the server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn ask(&self, path: &str, packed: bool) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let encoding = if packed { "Accept-Encoding: gzip\r\n" } else { "" };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: garden.example\r\nConnection: close\r\n{encoding}\r\n")
            .unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let headers: BTreeMap<String, String> = headers;
        let is_chunked = headers.get("transfer-encoding").is_some_and(|how| how == "chunked");
        let body = if is_chunked { whole(&all[end + 4..]) } else { all[end + 4..].to_vec() };
        Answer { status, headers, body }
    }
}

/// What was sent in chunks (RFC 9112, 7.1).
fn whole(mut chunks: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = chunks.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.extend(&chunks[end + 2..end + 2 + length]);
        chunks = &chunks[end + 2 + length + 2..];
    }
}

/// The type that browsers are to be told.
fn kind(path: &str) -> &'static [&'static str] {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => &["text/html; charset=utf-8"],
        "css" => &["text/css; charset=utf-8"],
        "js" => &["text/javascript; charset=utf-8", "application/javascript; charset=utf-8"],
        "json" => &["application/json", "application/json; charset=utf-8"],
        "md" => &["text/markdown; charset=utf-8"],
        "txt" => &["text/plain; charset=utf-8"],
        "xml" => &["text/xml; charset=utf-8", "application/xml", "application/xml; charset=utf-8"],
        "svg" => &["image/svg+xml"],
        "png" => &["image/png"],
        "woff2" => &["font/woff2"],
        other => panic!("`{path}`: what is a `.{other}`?"),
    }
}

/// Asks a server for everything that is published, and for everything that its pages lead to.
fn crawl(server: &Server, public: &Path, policy: &str) {
    const AT: &str = "/some/library/";
    let all = files(public);
    let encoded =
        |path: &str| Url::parse("http://garden.example/").unwrap().join(path).unwrap().path().to_owned();
    let mut led_to: BTreeSet<String> = BTreeSet::new();
    for (path, bytes) in
        all.iter().filter(|(path, _)| !path.starts_with(".gleaner") && !path.ends_with(".gz"))
    {
        let address = encoded(&format!("{AT}{path}"));
        let answer = server.ask(&address, false);
        assert_eq!(answer.status, 200, "{address}");
        assert!(answer.body == *bytes, "{address}");
        let header = |name: &str| answer.headers.get(name).map_or("", String::as_str);
        assert!(kind(path).contains(&header("content-type")), "{address}: {}", header("content-type"));
        assert_eq!(header("content-security-policy"), policy, "{address}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{address}");
        let is_piece = path.starts_with("search/pieces/") && !path.ends_with("/start.js");
        let is_named_by_what_it_holds = is_piece || path.starts_with("assets/");
        let kept = if is_named_by_what_it_holds { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(header("cache-control"), kept, "{address}");
        // Whoever has it already is not sent it again.
        assert!(
            answer.headers.contains_key("etag") || answer.headers.contains_key("last-modified"),
            "{address}"
        );
        if let Some(packed) = all.get(&format!("{path}.gz")) {
            let answer = server.ask(&address, true);
            assert_eq!(answer.headers.get("content-encoding").map(String::as_str), Some("gzip"), "{address}");
            assert!(answer.body == *packed, "{address}");
            assert!(answer.headers["vary"].contains("Accept-Encoding"), "{address}");
        }
        let Some(folder) = path.strip_suffix("index.html") else { continue };
        let short = encoded(&format!("{AT}{folder}"));
        assert!(server.ask(&short, false).body == *bytes, "{short}");
        if !folder.is_empty() {
            let answer = server.ask(short.trim_end_matches('/'), false);
            assert!([301, 308].contains(&answer.status), "{short}: {}", answer.status);
            let to = Url::parse("http://garden.example/").unwrap().join(&short).unwrap();
            let to = to.join(&answer.headers["location"]).unwrap();
            assert_eq!(to.path().to_lowercase(), short.to_lowercase());
        }
        let page = String::from_utf8_lossy(bytes);
        let at = Url::parse(&format!("http://garden.example{short}")).unwrap();
        for attribute in ["href=\"", "src=\""] {
            let values = page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
            let here = values.filter_map(|value| at.join(value).ok());
            led_to.extend(
                here.filter(|url| url.host_str() == Some("garden.example")).map(|url| url.path().to_owned()),
            );
        }
    }
    assert!(led_to.len() > 20, "{led_to:?}");
    for address in led_to.iter().filter(|address| address.starts_with(AT)) {
        assert_eq!(server.ask(address, false).status, 200, "{address}");
    }
    let missing = server.ask(&format!("{AT}nothing/here"), false);
    assert!(missing.status == 404 && missing.body == all["404.html"]);
    assert_eq!(missing.headers["content-security-policy"], policy);
    assert_eq!(
        server.ask("/some/library/../../../etc/passwd", false).body.windows(5).find(|five| *five == b"root:"),
        None
    );
}

/// The site, made ready for a host, and what the host is told, with the place and the port of the test in it.
fn made_for(host: &str, file: &str, port: u16) -> (Scratch, String, String) {
    let scratch = site();
    let made = gleaner(scratch.root(), &["deploy", "init", host]);
    assert!(made.status.success(), "{}", err(&made));
    let built = gleaner(scratch.root(), &["build", "--strict"]);
    assert!(built.status.success(), "{}", err(&built));
    let policy = out(&gleaner(scratch.root(), &["deploy", "policy"])).trim_end().to_owned();
    let public = scratch.path("public").display().to_string();
    let told = scratch.read(file).replace("/var/www/the-library", &public);
    let told =
        told.replace("listen 80;", &format!("listen 127.0.0.1:{port};")).replace("listen [::]:80;", "");
    let told = told.replace("garden.example {", &format!("http://garden.example:{port} {{"));
    (scratch, told, policy)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
#[ignore = "needs nginx; scripts/test.sh installs it and runs this"]
fn nginx_serves_what_is_published() {
    let port = free_port();
    let (scratch, told, policy) = made_for("nginx", "deploy/nginx.conf", port);
    scratch.write("server/mime.types", fs::read("/etc/nginx/mime.types").unwrap());
    scratch.write("server/site.conf", told);
    // Whoever runs the test owns its files; nginx would give its workers to somebody else.
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {name};\n"))
        .collect();
    let main = format!(
        "user root;\ndaemon off;\npid pid;\nerror_log stderr error;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}include site.conf;\n}}\n"
    );
    scratch.write("server/nginx.conf", main);
    let folder = scratch.path("server");
    let mut command = Command::new("nginx");
    command.arg("-p").arg(&folder).arg("-c").arg(folder.join("nginx.conf")).env("PATH", path_with_sbin());
    let server = Server::start(&mut command, port);
    crawl(&server, &scratch.path("public"), &policy);
}

#[test]
#[ignore = "needs Caddy; scripts/test.sh installs it and runs this"]
fn caddy_serves_what_is_published() {
    let port = free_port();
    let (scratch, told, policy) = made_for("caddy", "deploy/Caddyfile", port);
    scratch.write("server/Caddyfile", format!("{{\n\tadmin off\n\tauto_https off\n}}\n{told}"));
    let folder = scratch.path("server");
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
    command.env("HOME", &folder).env("XDG_DATA_HOME", &folder).env("XDG_CONFIG_HOME", &folder);
    let server = Server::start(command.stderr(Stdio::null()), port);
    crawl(&server, &scratch.path("public"), &policy);
}

/// Where Debian has its servers.
fn path_with_sbin() -> String {
    format!("{}:/usr/sbin:/usr/local/sbin", std::env::var("PATH").unwrap_or_default())
}
