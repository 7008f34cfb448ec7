//! `gleaner check --external`: other sites are asked politely, and what is dead there is in doubt.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::cli::{err, out};
use crate::scratch::{Scratch, files};

/// Between two questions to one host, in the tests.
const PAUSE: Duration = Duration::from_millis(100);

/// A question that came to the server.
#[derive(Debug, Clone)]
struct Question {
    at: Instant,
    line: String,
    agent: String,
}

/// Another site.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Server {
    /// A server whose pages say what becomes of those who ask for them.
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = log.clone();
                std::thread::spawn(move || serve(&stream, &log));
            }
        });
        Server { port, asked }
    }

    fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }

    fn forget(&self) {
        self.asked.lock().unwrap().clear();
    }
}

fn serve(stream: &TcpStream, log: &Mutex<Vec<Question>>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(line) = lines.next() {
        let headers: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let agent = headers.iter().find_map(|line| line.strip_prefix("user-agent: ")).unwrap_or_default();
        let (at, agent) = (Instant::now(), agent.to_owned());
        let before = {
            let mut log = log.lock().unwrap();
            log.push(Question { at, line: line.clone(), agent });
            log.iter().filter(|one| one.line == line).count() - 1
        };
        let mut words = line.split(' ');
        let (is_head, path) = (words.next() == Some("HEAD"), words.next().unwrap_or_default());
        let (status, header) = match path {
            "/missing" => ("404 Not Found", ""),
            "/gone" => ("410 Gone", ""),
            "/no-head" if is_head => ("405 Method Not Allowed", ""),
            "/lying-head" if is_head => ("404 Not Found", ""),
            "/login" => ("401 Unauthorized", ""),
            "/broken" => ("500 Internal Server Error", ""),
            "/moved" => ("301 Moved Permanently", "location: /there\r\n"),
            "/front" => ("302 Found", "location: /\r\n"),
            "/round" => ("302 Found", "location: /round\r\n"),
            "/busy" if before == 0 => ("429 Too Many Requests", "retry-after: 1\r\n"),
            "/tired" => ("429 Too Many Requests", "retry-after: 3600\r\n"),
            _ => ("200 OK", ""),
        };
        let body = if is_head { "" } else { "a page" };
        let answer = format!("HTTP/1.1 {status}\r\n{header}content-length: {}\r\n\r\n{body}", body.len());
        if (&mut &*stream).write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

const CHECKED: &str = "topics = []\nchecked = [\"thin\", \"undated\", \"no-author\", \"orphan\"]";

/// A site whose one article has links to these pages of a server.
fn site(server: &Server, paths: &[&str]) -> Scratch {
    let links: Vec<String> =
        paths.iter().map(|path| format!("[{path}](http://127.0.0.1:{}{path}).", server.port)).collect();
    let article = format!("+++\ntitle = \"One\"\ndate = 2011-03\n{CHECKED}\n+++\n\n{}\n", links.join("\n"));
    Scratch::of(&[
        ("gleaner.toml", "base_url = \"https://example.org/library/\"\n"),
        ("content/articles/one.md", &article),
    ])
}

/// Checks with the server on this machine among the hosts that may be asked.
fn check(scratch: &Scratch, arguments: &[&str]) -> Output {
    checked(scratch, &[&["--private"], arguments].concat())
}

fn checked(scratch: &Scratch, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["check", "--external", "--pause", "0.1"])
        .args(arguments)
        .current_dir(scratch.root())
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap()
}

/// What came of each page, by its path.
fn answers(checked: &Output) -> Vec<(String, String)> {
    let lines = out(checked);
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let links = lines.filter(|line| line["kind"] == "link");
    links
        .map(|line| {
            let path = line["address"].as_str().unwrap().splitn(4, '/').nth(3).unwrap().to_owned();
            let more = line["why"].as_str().or(line["to"].as_str().map(|to| to.rsplit('/').next().unwrap()));
            (path, [line["answer"].as_str(), more].into_iter().flatten().collect::<Vec<_>>().join(" "))
        })
        .collect()
}

#[test]
fn what_is_dead_is_in_doubt_with_an_archived_copy() {
    let server = Server::start();
    let scratch = site(&server, &["/fine", "/missing"]);
    let origin = format!(
        "+++\ntitle = \"Two\"\ndate = 2012-05-06\n{CHECKED}\n\n[source]\nurl = \"http://127.0.0.1:{}/gone\"\n+++\n\nText.\n",
        server.port
    );
    scratch.write("content/articles/two.md", origin);
    let checked = check(&scratch, &[]);
    let port = server.port.to_string();
    assert_data_eq!(
        err(&checked).replace(&port, "80"),
        str![[r"
Asking 1 host for 3 pages, one at a time each; 0 known from earlier.
3 outbound addresses: 1 alive, 2 dead.
2 doubts in 2 files: 2 dead-link.

"]]
    );
    assert_data_eq!(
        out(&checked).replace(&port, "80"),
        str![[r#"
content/articles/one.md:9  dead-link
  `http://127.0.0.1:80/missing` is dead: 404
  → if `https://web.archive.org/web/201103/http://127.0.0.1:80/missing` shows
    it, put that in its place
  → else take the link away, and leave its words
  → if it is right as it is, write `checked = ["dead-link"]` in the article

content/articles/two.md:8  dead-link
  the origin `http://127.0.0.1:80/gone` is dead: 410
  → if this shows it, write `archived =
    "https://web.archive.org/web/20120506/http://127.0.0.1:80/gone"` below
    `[source]`
  → if it is right as it is, write `checked = ["dead-link"]` in the article


"#]]
    );
    assert_eq!(checked.status.code(), Some(0), "the site can be published");
    // The two edits settle it, and nobody is asked again.
    let copy =
        format!("archived = \"https://web.archive.org/web/20120506/http://127.0.0.1:{port}/gone\"\n+++");
    scratch.replace("content/articles/two.md", "+++\n\nText", &format!("{copy}\n\nText"));
    scratch.replace("content/articles/one.md", "\"orphan\"]", "\"orphan\", \"dead-link\"]");
    server.forget();
    let checked = check(&scratch, &["--strict"]);
    assert_eq!((checked.status.code(), out(&checked).as_str()), (Some(0), ""), "{}", err(&checked));
    assert_eq!(server.asked().len(), 0, "{:?}", server.asked());
    let built = crate::cli::gleaner(scratch.root(), &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    let page = scratch.read("public/articles/two/index.html");
    assert!(
        page.contains("<dt>Archived copy</dt><dd><a href=\"https://web.archive.org/web/20120506/"),
        "{page}"
    );
    assert!(page.contains("\"archivedAt\":\"https://web.archive.org/"), "{page}");
}

#[test]
fn a_host_is_asked_slowly_and_says_what_it_likes() {
    let server = Server::start();
    let paths = [
        "/fine",
        "/missing",
        "/no-head",
        "/lying-head",
        "/login",
        "/broken",
        "/moved",
        "/front",
        "/round",
        "/busy",
    ];
    let scratch = site(&server, &paths);
    let checked = check(&scratch, &["--message-format", "json"]);
    let expected = [
        ("broken", "unknown 500"),
        ("busy", "alive"),
        ("fine", "alive"),
        ("front", "moved "),
        ("login", "refused 401"),
        ("lying-head", "alive"),
        ("missing", "dead 404"),
        ("moved", "moved there"),
        ("no-head", "alive"),
        ("round", "unknown it leads on more than 5 times"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(path, what)| (path.into(), what.into())).into();
    assert_eq!(answers(&checked), expected, "{}", err(&checked));
    let doubts = out(&checked);
    let doubts = doubts.lines().filter(|line| line.contains("\"dead-link\"") && line.contains("\"doubt\""));
    assert_eq!(doubts.count(), 2, "what is dead, and what leads to the front");
    let asked = server.asked();
    let agent = format!("gleaner/{} (", env!("CARGO_PKG_VERSION"));
    assert!(asked.iter().all(|one| one.agent.starts_with(&agent)), "{asked:?}");
    assert!(asked.iter().all(|one| one.agent.contains("; +https://example.org/library/)")), "{asked:?}");
    // Whoever is led on is not made to wait; all others are.
    for two in asked.windows(2) {
        let is_led = ["/there", "/ ", "/round"].iter().any(|path| two[1].line.contains(path));
        let between = two[1].at - two[0].at;
        assert!(is_led || between >= PAUSE.mul_f32(0.9), "{two:?} {between:?}");
    }
    let busy: Vec<&Question> = asked.iter().filter(|one| one.line.contains("/busy")).collect();
    assert!(busy.len() == 2 && busy[1].at - busy[0].at >= Duration::from_millis(900), "{busy:?}");
    // What nobody could tell is asked again, and nothing else.
    server.forget();
    check(&scratch, &[]);
    let again: Vec<String> = server.asked().into_iter().map(|one| one.line).collect();
    assert!(again.iter().all(|line| line.contains("/broken") || line.contains("/round")), "{again:?}");
}

#[test]
fn a_host_that_wants_to_be_left_alone_is() {
    let server = Server::start();
    let scratch = site(&server, &["/tired", "/uuu", "/vvv"]);
    let checked = check(&scratch, &["--message-format", "json"]);
    let alone = "unknown the host wants to be left alone";
    let expected = [("tired", "unknown 429"), ("uuu", alone), ("vvv", alone)];
    let expected: Vec<(String, String)> = expected.map(|(path, what)| (path.into(), what.into())).into();
    assert_eq!(answers(&checked), expected);
    assert_eq!(server.asked().len(), 1, "{:?}", server.asked());
}

#[test]
fn nobody_is_asked_unless_somebody_wants_it() {
    let server = Server::start();
    let scratch = site(&server, &["/missing"]);
    let before = files(scratch.root());
    let checked = crate::cli::gleaner(scratch.root(), &["check", "--strict"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert!(server.asked().is_empty());
    assert_eq!(files(scratch.root()), before);
}

#[test]
fn what_was_kept_and_cannot_be_read_is_asked_again() {
    let server = Server::start();
    let scratch = site(&server, &["/fine"]);
    scratch.write(".gleaner/cache/links.json", "{ \"http://");
    assert!(err(&check(&scratch, &[])).contains("1 alive"));
    assert_eq!(server.asked().len(), 1);
    check(&scratch, &[]);
    assert_eq!(server.asked().len(), 1, "what is known is not asked again");
}

#[test]
fn this_machine_and_private_networks_are_not_asked() {
    let server = Server::start();
    let scratch = site(&server, &["/fine", "/missing"]);
    let local =
        format!("\nSee [the router](http://192.168.0.1/) and [this](http://localhost:{}/a).\n", server.port);
    scratch.write("content/articles/one.md", scratch.read("content/articles/one.md") + &local);
    let skipped = checked(&scratch, &["--strict", "-v"]);
    assert_eq!(skipped.status.code(), Some(0), "nothing is in doubt: {}", err(&skipped));
    let port = server.port.to_string();
    assert_data_eq!(
        err(&skipped).replace(&port, "80"),
        str![[r"
4 outbound addresses: 4 skipped.
4 addresses lead to this machine or a private network, and are not asked: `-v` lists them, `--private` asks them.
Nothing is in doubt: 1 article of 0 seeds.

"]]
    );
    assert_data_eq!(
        out(&skipped).replace(&port, "80"),
        str![[r"
skipped  http://127.0.0.1:80/fine  `127.0.0.1` is this machine
skipped  http://127.0.0.1:80/missing  `127.0.0.1` is this machine
skipped  http://192.168.0.1/  `192.168.0.1` is on a private network
skipped  http://localhost:80/a  `localhost` is this machine

"]]
    );
    assert!(server.asked().is_empty(), "{:?}", server.asked());
}

#[test]
fn a_proxy_may_be_nearby() {
    let server = Server::start();
    let scratch = site(&server, &[]);
    scratch.write("content/articles/one.md", "+++\ntitle = \"One\"\n+++\n\n[A](http://example.org/a).\n");
    let checked = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["check", "--external"])
        .current_dir(scratch.root())
        .env("ALL_PROXY", format!("http://127.0.0.1:{}", server.port))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(server.asked()[0].line.contains("example.org"), "{:?} {}", server.asked(), err(&checked));
}
