//! The preview as those meet it who wish it ill: spoken to over bare sockets.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::cli::{err, gleaner};
use crate::scratch::Scratch;

/// Nothing here takes so long that is not stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// A preview that ends with the test.
pub(crate) struct Preview {
    child: Child,
    port: u16,
    /// What it said, line by line.
    said: Arc<Mutex<Vec<String>>>,
}

/// What was answered.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (is, value) = line.split_once(':')?;
            is.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Preview {
    fn of(scratch: &Scratch) -> Preview {
        Preview::start(scratch, "--no-watch")
    }

    pub(crate) fn start(scratch: &Scratch, watch: &str) -> Preview {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(["serve", "--port", "0", "--message-format", "short", watch])
            .current_dir(scratch.root())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Read to its end, or the preview would wait for somebody to read on.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("Serving")).unwrap();
        let port = told.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
        let port = port.parse().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let saying = said.clone();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| saying.lock().unwrap().push(line));
        });
        let preview = Preview { child, port, said };
        assert_eq!(preview.get("/").status, 200);
        preview
    }

    /// What it said so far.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// The system's number of the process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Status and text of a page.
    pub(crate) fn page(&self, path: &str) -> (u16, String) {
        let answer = self.get(path);
        (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends these very bytes, and reads what comes until the connection ends.
    fn send(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let mut stream = self.connect();
        // Who is refused early may find the connection closed before all is said.
        let _refused = stream.write_all(bytes.as_ref());
        let mut all = Vec::new();
        match stream.read_to_end(&mut all) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("{error}"),
        }
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(all.len());
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head, body: all.get(end + 4..).unwrap_or_default().to_vec() }
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let port = self.port;
        self.send(format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n"
        ))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// Where the style is, by what the front page says.
    fn style(&self) -> String {
        let front = String::from_utf8(self.get("/").body).unwrap();
        let (_, rest) = front.split_once("<link rel=\"stylesheet\" href=\"").unwrap();
        format!("/{}", rest.split('"').next().unwrap())
    }

    fn tell(&mut self, signal: &str) -> std::process::ExitStatus {
        let told = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn site() -> Scratch {
    Scratch::of(&[
        ("gleaner.toml", "title = \"T\"\n"),
        ("content/articles/one.md", "+++\ntitle = \"One\"\n+++\n\nA word.\n"),
        ("content/articles/draft.md", "+++\ntitle = \"Not yet\"\ndraft = true\n+++\n\nA secret.\n"),
        ("content/.hidden.md", "secret"),
        ("content/articles/.secret.png", "secret"),
        ("seeds/seed.txt", "A seed\n\nIt says secret things in a sentence, and then it ends.\n"),
        ("static/digits.txt", "0123456789"),
        ("static/drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>"),
        ("secret.txt", "secret"),
    ])
}

#[test]
fn it_answers_under_its_own_name_alone() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    let port = preview.port;
    let asked = |path: &str, headers: &str| {
        preview.send(format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n")).status
    };
    let own = ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.2"];
    for host in own {
        assert_eq!(asked("/", &format!("Host: {host}:{port}\r\n")), 200, "{host}");
    }
    let others = [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.localhost",
        "localhost:1",
        "192.168.1.7",
        "0.0.0.0",
        "[2001:db8::1]",
        "",
        "localhost@evil.example",
        "127.1",
        "desk",
        "desk.local",
    ];
    for path in ["/", "/_gleaner/events", "/_gleaner/reload.js", "/no/such/"] {
        for host in others {
            for host in [host.to_owned(), format!("{host}:{port}")] {
                assert_eq!(asked(path, &format!("Host: {host}\r\n")), 403, "{path} {host}");
            }
        }
        assert_eq!(asked(path, ""), 403, "{path}: no host at all");
        let two = format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n");
        assert!([400, 403].contains(&asked(path, &two)), "{path}");
    }
    assert_eq!(preview.send(format!("GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n")).status, 200);
    assert_eq!(preview.send("GET / HTTP/1.0\r\n\r\n").status, 403);
}

#[test]
fn it_listens_on_this_machine_alone_unless_told_otherwise() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    assert!(TcpStream::connect(("127.0.0.1", preview.port)).is_ok());
    // Who listened for the network would answer at each address of the machine.
    assert!(TcpStream::connect(("127.0.0.2", preview.port)).is_err());
    assert!(TcpStream::connect(("::1", preview.port)).is_err());
}

#[test]
fn no_other_site_hears_of_changes() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    let port = preview.port;
    for foreign in [
        "Origin: https://evil.example".to_owned(),
        "Origin: null".to_owned(),
        format!("Origin: https://127.0.0.1:{port}"),
        format!("Origin: http://localhost:{port}"),
        "Sec-Fetch-Site: cross-site".to_owned(),
        "Sec-Fetch-Site: same-site".to_owned(),
    ] {
        let answer = preview.ask("GET", "/_gleaner/events", &format!("{foreign}\r\n"));
        assert_eq!(answer.status, 403, "{foreign}");
    }
    let mut listening = preview.connect();
    let own = format!(
        "Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n"
    );
    listening.write_all(format!("GET /_gleaner/events HTTP/1.1\r\n{own}\r\n").as_bytes()).unwrap();
    let mut lines = BufReader::new(listening).lines().map(Result::unwrap);
    assert!(lines.by_ref().any(|line| line == "content-type: text/event-stream"));
    assert!(lines.any(|line| line.starts_with("data:") && line.contains("\"version\":")));
    // Nor can other sites' pages show or run anything of this one.
    for path in ["/", &preview.style(), "/search/pieces/start.js", "/_gleaner/reload.js", "/no/such/"] {
        let answer = preview.get(path);
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[test]
fn it_gives_away_nothing_but_the_site() {
    let scratch = site();
    gleaner(scratch.root(), &["build"]);
    let preview = Preview::of(&scratch);
    assert_eq!(preview.get("/articles/one/").status, 200);
    let ways = [
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "%252e%252e%252f",
        "..\\",
        "..%5c",
        "..%c0%af",
        "%c0%ae%c0%ae/",
        "..%u2215",
        "....//",
        "..;/",
        "./../",
        "articles/../../",
        "articles/one/../../../",
        "//",
        "/",
        "%2f",
        "file:///",
        "%00/",
        "..%00/",
        "~/",
    ];
    let names = [
        "secret.txt",
        "gleaner.toml",
        "gleaner.lock",
        "seeds/seed.txt",
        "content/articles/one.md",
        "content/articles/draft.md",
        "content/.hidden.md",
        ".gleaner/cache/build",
        "public/index.html",
        "etc/passwd",
    ];
    for name in names {
        for way in std::iter::once("").chain(ways) {
            let path = format!("/{way}{name}");
            let answer = preview.get(&path);
            assert!([400, 403, 404].contains(&answer.status), "{path} answers {}", answer.status);
            let body = String::from_utf8_lossy(&answer.body);
            assert!(!body.contains("secret") && !body.contains("root:"), "{path}");
        }
    }
    for path in [
        "/.hidden.md",
        "/articles/.secret.png",
        "/.gleaner-manifest",
        "/articles/draft/",
        "/articles/draft/index.md",
        "/assets/",
        "/assets",
        "/search/pieces/",
        "/search/pieces",
        "/_gleaner/",
        "/_gleaner",
        "/.git/config",
        "/articles/one/index.html/",
    ] {
        assert!([400, 404].contains(&preview.get(path).status), "{path}");
    }
    // No request goes elsewhere for its asking.
    for path in ["//evil.example", "//articles/one", "/\\evil.example", "/articles/one"] {
        let answer = preview.get(path);
        let there = answer.header("location").unwrap_or("/articles/one/");
        assert_eq!(there, "/articles/one/", "{path}");
    }
    let absolute = format!(
        "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
        preview.port
    );
    assert!([200, 403].contains(&preview.send(absolute).status));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"] {
        for path in ["/", "/_gleaner/events"] {
            let answer = preview.ask(method, path, "Content-Length: 0\r\n");
            assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method} {path}");
        }
    }
}

#[test]
fn it_says_what_a_file_is_and_sends_what_is_wanted_of_it() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/articles/one/index.md", "text/markdown; charset=utf-8"),
        (preview.style().as_str(), "text/css; charset=utf-8"),
        ("/search/pieces/start.js", "text/javascript; charset=utf-8"),
        ("/digits.txt", "text/plain; charset=utf-8"),
        ("/drawing.svg", "image/svg+xml"),
        ("/no/such/", "text/html; charset=utf-8"),
    ] {
        assert_eq!(preview.get(path).header("content-type"), Some(kind), "{path}");
    }
    let policy = |path: &str| preview.get(path).header("content-security-policy").unwrap().to_owned();
    assert!(
        policy("/").contains("script-src 'self' 'sha256-") && !policy("/").contains("unsafe"),
        "{}",
        policy("/")
    );
    assert!(
        policy("/drawing.svg").starts_with("default-src 'none'")
            && !policy("/drawing.svg").contains("script")
    );

    let whole = preview.get("/digits.txt");
    let tag = whole.header("etag").unwrap().to_owned();
    assert_eq!((whole.body.as_slice(), whole.header("accept-ranges")), (&b"0123456789"[..], Some("bytes")));
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let answer = preview.ask("GET", "/digits.txt", &format!("If-None-Match: {known}\r\n"));
        assert_eq!(
            (answer.status, answer.body.len(), answer.header("etag")),
            (304, 0, Some(tag.as_str())),
            "{known}"
        );
    }
    assert_eq!(preview.ask("GET", "/digits.txt", "If-None-Match: \"other\"\r\n").status, 200);
    let page = preview.get("/").header("etag").unwrap().to_owned();
    assert_eq!(preview.ask("GET", "/", &format!("If-None-Match: {page}\r\n")).status, 304);

    for (range, status, body, shown) in [
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-2", 206, "89", Some("bytes 8-9/10")),
        ("bytes=10-", 416, "", Some("bytes */10")),
        ("bytes=1-0", 200, "0123456789", None),
        ("bytes=0-1,4-5", 200, "0123456789", None),
    ] {
        let answer = preview.ask("GET", "/digits.txt", &format!("Range: {range}\r\n"));
        let got = (answer.status, String::from_utf8_lossy(&answer.body), answer.header("content-range"));
        assert_eq!(got, (status, body.into(), shown), "{range}");
        assert_eq!(answer.header("content-length"), Some(body.len().to_string().as_str()), "{range}");
    }
    let conditional = |version: &str| {
        preview.ask("GET", "/digits.txt", &format!("Range: bytes=0-1\r\nIf-Range: {version}\r\n")).status
    };
    assert_eq!((conditional(&tag), conditional("\"other\"")), (206, 200));

    for path in ["/", "/digits.txt", "/no/such/"] {
        let (get, head) = (preview.get(path), preview.ask("HEAD", path, ""));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[test]
fn a_request_without_measure_is_refused() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    let long = "x".repeat(20_000);
    assert_eq!(preview.ask("GET", "/", &format!("X: {long}\r\n")).status, 431);
    assert_eq!(preview.ask("GET", "/", &"X: y\r\n".repeat(1000)).status, 431);
    assert!([414, 431].contains(&preview.get(&format!("/{long}")).status));
    // A body that nobody reads, however long it says it is.
    assert_eq!(preview.ask("GET", "/", "Content-Length: 999999999999\r\n").status, 200);
    for nonsense in [
        "\0\0\0\0\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}",
    ] {
        let mut stream = preview.connect();
        stream.write_all(nonsense.as_bytes()).unwrap();
        drop(stream);
    }
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn who_is_slow_or_silent_holds_up_nobody() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    // Some read nothing of what they asked for, some are in the middle of a word, most say nothing at all.
    let port = preview.port;
    let style = preview.style();
    let mut silent = Vec::new();
    for number in 0..CONNECTIONS {
        let mut stream = preview.connect();
        let said = match number % 10 {
            0 => format!("GET {style} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").repeat(50),
            1 => "GET / HTTP/1.1\r\nHo".to_owned(),
            2 => format!("GET /_gleaner/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
            _ => String::new(),
        };
        // One who had to go cannot be spoken to; that is its own trouble.
        let _said = stream.write_all(said.as_bytes());
        silent.push(stream);
        if number % 100 == 99 {
            assert_eq!(preview.get("/").status, 200, "after {number}");
        }
    }
    for _ in 0..20 {
        assert_eq!(preview.get("/articles/one/").status, 200);
    }
}

/// How many are connected at once; the most a program may have open by default on Linux is 1024.
const CONNECTIONS: usize = 1000;

#[test]
fn it_ends_when_it_is_told_to() {
    for signal in ["INT", "TERM"] {
        let scratch = site();
        let mut preview = Preview::of(&scratch);
        let mut listening = preview.connect();
        let host = format!("Host: 127.0.0.1:{}\r\n\r\n", preview.port);
        listening.write_all(format!("GET /_gleaner/events HTTP/1.1\r\n{host}").as_bytes()).unwrap();
        let mut some = [0; 10];
        listening.read_exact(&mut some).unwrap();
        assert_eq!(preview.tell(signal).code(), Some(0), "{signal}");
        assert!(TcpStream::connect(("127.0.0.1", preview.port)).is_err(), "{signal}");
        assert!(!scratch.has("public"), "nothing of a preview is published");
    }
}

#[test]
fn a_port_that_is_taken_is_named_and_the_next_is_offered() {
    let scratch = site();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = gleaner(scratch.root(), &["serve", "--port", &port.to_string()]);
    assert_eq!(refused.status.code(), Some(2));
    let said = err(&refused);
    assert!(said.contains(&format!("port {port} is in use")), "{said}");
    assert!(said.contains(&format!("try `--port {}`", port.saturating_add(1))), "{said}");
}

#[test]
fn who_does_not_end_a_question_is_let_go() {
    let scratch = site();
    let preview = Preview::of(&scratch);
    let mut stream = preview.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    let mut answer = Vec::new();
    // Ends when the preview closes the connection; in vain it would end with the stream's own patience, an error.
    let read = stream.read_to_end(&mut answer);
    assert!(read.is_ok(), "{read:?}");
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(preview.get("/").status, 200);
}
