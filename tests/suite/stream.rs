//! Seeds in a stream: decided as a build decides, whatever is wrong with some of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use gleaner::import::Outcome;
use gleaner::path::SitePath;
use serde_json::{Value, json};

use crate::cli::{err, gleaner, out};
use crate::scratch::{Scratch, files};

/// Runs an import of a stream.
fn streamed(root: &Path, arguments: &[&str], stream: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gleaner"));
    command.arg("import").args(arguments).current_dir(root);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let (mut stdin, stream) = (running.stdin.take().unwrap(), stream.to_vec());
    // What ends before it has read everything is for the test to see, not for who writes.
    let writing = std::thread::spawn(move || drop(stdin.write_all(&stream)));
    let output = running.wait_with_output().unwrap();
    writing.join().unwrap();
    output
}

/// The lines of a stream, by the rules of a site.
fn lines(site: &Scratch, format: &str, stream: &[u8]) -> Vec<Value> {
    let output = streamed(site.root(), &["--stdin-format", format], stream);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A line of a stream for each seed.
fn jsonl<'a>(seeds: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) -> Vec<u8> {
    let line = |(path, bytes): (&String, &Vec<u8>)| {
        let kind = match SitePath::new(path.as_str()).ending().as_str() {
            "txt" => "text",
            "html" => "html",
            "md" => "markdown",
            other => panic!("{other} does not go into a stream"),
        };
        format!("{}\n", json!({ "id": path, kind: String::from_utf8(bytes.clone()).unwrap() })).into_bytes()
    };
    seeds.into_iter().flat_map(line).collect()
}

/// The seeds of a folder that a stream can hold, by their paths in the site. What other tools keep in several files
/// is none.
fn seeds_of(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let goes = |path: &str| ["txt", "html", "md"].contains(&SitePath::new(path).ending().as_str());
    let all = files(&case.join("seeds")).into_iter();
    let goes = all.filter(|(path, bytes)| goes(path) && std::str::from_utf8(bytes).is_ok());
    goes.map(|(path, bytes)| (format!("seeds/{path}"), bytes)).collect()
}

/// Builds a site, freezes it, sends its seeds through a stream, and compares; says how many articles it compared.
fn compare(case: &Path) -> usize {
    let seeds = seeds_of(case);
    if seeds.is_empty() {
        return 0;
    }
    let keep = |path: &str| ["content/", "seeds/", "gleaner.toml"].iter().any(|one| path.starts_with(one));
    let site = Scratch::copy(case, |path| !keep(path));
    let (rules, stream) = (site.path("site.rules"), jsonl(&seeds));
    let rules = rules.to_str().unwrap();
    let frozen = gleaner(site.root(), &["freeze", rules]);
    assert_eq!(frozen.status.code(), Some(0), "{}: {}", case.display(), err(&frozen));
    let built = site.build();
    let exported = out(&gleaner(site.root(), &["export"]));
    let exported: BTreeMap<String, Value> = exported
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| (line["slug"].as_str().unwrap().to_owned(), line))
        .collect();
    // The workers know nothing of the site.
    let away = Scratch::of(&[]);
    away.remove("content");
    let output = streamed(away.root(), &["--stdin-format", "jsonl", "--rules", rules], &stream);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), seeds.len());
    let mut compared = 0;
    for (line, seed) in lines.iter().zip(seeds.keys()) {
        assert_eq!(line["id"], json!(seed));
        let Some(account) = built.import.accounts.get(seed.as_str()) else { continue };
        let reason = account.reason.as_ref().map_or(Value::Null, |reason| json!(reason));
        assert_eq!(line["hash"], json!(account.hash), "{seed}");
        match account.outcome {
            Outcome::Imported => {}
            // Of these a stream knows nothing: they are about other seeds.
            Outcome::Duplicate | Outcome::Kept | Outcome::Merged | Outcome::Unchanged => continue,
            Outcome::Skipped | Outcome::Quarantined => {
                assert_eq!(line["outcome"], json!(account.outcome.to_string()), "{seed}");
                assert_eq!(line["reason"], reason, "{seed}");
                continue;
            }
        }
        let article = account.article.as_ref().unwrap();
        let text = site.read(article.as_str());
        // Pictures beside a note are in other files.
        if seed.ends_with(".md") && line["article"] != json!(text) && text.contains("![") {
            continue;
        }
        assert_eq!(line["article"], json!(text), "{seed}");
        let facts = &line["facts"];
        let Some(exported) = exported.get(article.stem()) else { continue };
        for key in ["title", "date", "authors", "language", "words"] {
            assert_eq!(facts[key], exported[key], "{seed}: {key}");
        }
        for key in ["url", "site"] {
            assert_eq!(facts[key], exported["source"][key], "{seed}: {key}");
        }
        assert_eq!(line["topics"], exported["topics"], "{seed}");
        let (_, reading) = account.reading().unwrap();
        let removed = reading.removals.iter().filter(|one| !one.text.trim().is_empty()).count();
        assert_eq!(line["removals"], json!(removed), "{seed}");
        compared += 1;
    }
    compared
}

#[test]
fn the_five_seeds_are_decided_as_in_the_build() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = Scratch::of(&[]);
    for folder in ["seeds", "content/topics"] {
        for (path, bytes) in files(&repository.join(folder)) {
            fresh.write(&format!("{folder}/{path}"), &bytes);
        }
    }
    fresh.write("gleaner.toml", fs::read(repository.join("gleaner.toml")).unwrap());
    assert_eq!(compare(fresh.root()), 5);
}

#[test]
fn every_site_is_decided_as_in_its_build() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let cases = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path());
    let compared: usize = cases.filter(|case| case.is_dir()).map(|case| compare(&case)).sum();
    assert!(compared >= 10, "{compared}");
}

#[test]
fn what_the_curator_decided_teaches_the_workers() {
    let site = Scratch::of(&[
        ("gleaner.toml", "title = \"T\"\n"),
        ("content/topics/bees.md", "+++\ntitle = \"Bees\"\n+++\n"),
        ("content/topics/leeks.md", "+++\ntitle = \"Leeks\"\nterms = [\"leek\"]\n+++\n"),
    ]);
    let about = |topic: &str, at: usize| match topic {
        "bees" => format!(
            "Hive number {at} stands by the wood, where the swarm has honey and wax in the comb of {at}."
        ),
        _ => format!(
            "Row number {at} lies in the bed, where the soil is dug and dunged for the {at} that are sown."
        ),
    };
    for at in 0..24_usize {
        let topic = if at.is_multiple_of(2) { "bees" } else { "leeks" };
        let body = about(topic, at);
        let decided = format!("+++\ntitle = \"Note {at}\"\ntopics = [\"{topic}\"]\n+++\n{body}\n");
        site.write(&format!("content/articles/note-{at}.md"), decided);
        let seed =
            format!("Of the {topic} once more\n\n{}\n\n{}\n", about(topic, at + 100), about(topic, at + 200));
        site.write(&format!("seeds/{at}.txt"), seed);
    }
    assert_eq!(compare(site.root()), 24);
    let bees = seeds_of(site.root());
    let lines = lines(&site, "jsonl", &jsonl(&bees));
    let by_decisions = |line: &&Value| line["topics"][0]["basis"]["decisions"].as_f64() > Some(0.1);
    assert!(lines.iter().filter(by_decisions).count() > 12, "the decisions speak for the topics");
}

/// A text that is one.
fn leeks(of: &str) -> String {
    format!(
        "On growing {of}\n\nBy Ann Lee\n\nThe {of} are sown in the cold of spring, and it is the patience of the \
         gardener that makes them grow. They stand in the bed until the winter comes.\n"
    )
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A record of a web archive.
fn record(kind: &str, id: &str, content_type: &str, block: &str) -> Vec<u8> {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n\
         WARC-Target-URI: https://garden.example/{id}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
    .into_bytes()
}

fn site() -> Scratch {
    Scratch::of(&[
        ("gleaner.toml", "title = \"T\"\n"),
        ("content/topics/leeks.md", "+++\ntitle = \"Leeks\"\nterms = [\"leek\", \"bed\", \"spring\"]\n+++\n"),
    ])
}

/// Of each line the id, how it ended and why.
fn ended(lines: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |line: &Value| {
        let reason = line["reason"].as_str().map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!("{}: {}{reason}", text(&line["id"]), text(&line["outcome"]))
    };
    lines.iter().map(line).collect()
}

#[test]
fn a_bad_line_is_a_line_with_its_reason() {
    let good = |id: &str| json!({ "id": id, "text": leeks(id) }).to_string().into_bytes();
    let huge = json!({ "id": "huge", "text": "x".repeat(7 << 20) }).to_string().into_bytes();
    let parts: [&[u8]; 13] = [
        &good("leeks"),
        b"{\"id\": \"cut\", \"text\": \"Wor",
        b"",
        b"{\"id\": \"none\"}",
        b"{\"id\": \"empty\", \"text\": \" \"}",
        b"{\"id\": \"bytes\", \"text\": \"\xff\xfe\"}",
        b"[1, 2]",
        &good("onions"),
        &huge,
        b"{\"id\": 7, \"html\": \"<p></p>\"}",
        b"\x00\x01\x02",
        b"{\"id\": \"menu\", \"text\": \"Home\"}",
        &good("chives"),
    ];
    let stream = parts.join(&b'\n');
    let lines = lines(&site(), "jsonl", &stream);
    let ended = ended(&lines);
    let json = "quarantined (it cannot be read as a JSON object: ";
    let expected = [
        "leeks: imported".to_owned(),
        format!("*: {json}EOF while parsing a string"),
        "none: quarantined (it has no `text`, `html` or `markdown`)".to_owned(),
        "empty: skipped (it is empty)".to_owned(),
        format!("*: {json}invalid unicode"),
        format!("*: {json}"),
        "onions: imported".to_owned(),
        "*: quarantined (it is larger than a seed of a stream may be, 5 MB)".to_owned(),
        "7: quarantined (nothing in it looks like an article)".to_owned(),
        format!("*: {json}"),
        "menu: ".to_owned(),
        "chives: imported".to_owned(),
    ];
    assert_eq!(ended.len(), expected.len(), "{ended:#?}");
    for (ended, expected) in ended.iter().zip(&expected) {
        // Who has no id that could be read is called by the hash of the line.
        let begins = match expected.strip_prefix('*') {
            Some(rest) => ended.get(64..).is_some_and(|ended| ended.starts_with(rest)),
            None => ended.starts_with(expected.as_str()),
        };
        assert!(begins, "{ended}\nis not\n{expected}");
    }
    let leeks = &lines[0];
    assert_eq!(leeks["facts"]["authors"], json!(["Ann Lee"]));
    assert_eq!(leeks["topics"][0]["topic"], json!("leeks"));
    assert!(leeks["fingerprint"]["smallest"][0].as_str().unwrap().len() == 16, "{leeks}");
}

#[test]
fn pages_of_a_web_archive_are_seeds() {
    let page = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>On leeks</title></head>\
         <body><nav><a href=/>Home</a></nav><article><h1>On leeks</h1><p>{}</p>\
         <p>See <a href=\"/onions\">onions</a>.</p>\
         </article></body></html>",
        leeks("leeks").replace("\n\n", "</p><p>")
    );
    let records = [
        record("warcinfo", "0", "application/warc-fields", "software: a crawler\r\n"),
        record("request", "1", "application/http", "GET / HTTP/1.1\r\n\r\n"),
        record("response", "2", "application/http; msgtype=response", &page),
        record("conversion", "3", "text/plain", &leeks("onions")),
        record(
            "response",
            "4",
            "application/http",
            "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\u{1}",
        ),
    ];
    let expected =
        ["urn:uuid:2: imported", "urn:uuid:3: imported", "urn:uuid:4: skipped (`image/png` is not imported)"];
    let by_record: Vec<u8> = records.iter().flat_map(|record| packed(record)).collect();
    for stream in [records.concat(), by_record, packed(&records.concat())] {
        let lines = lines(&site(), "warc", &stream);
        assert_eq!(ended(&lines), expected);
        let page = &lines[0];
        assert_eq!(page["facts"]["url"], json!("https://garden.example/2"));
        let article = page["article"].as_str().unwrap();
        assert!(article.contains("[onions](https://garden.example/onions)"), "{article}");
        assert!(article.contains("seed = \"urn:uuid:2\""), "{article}");
        assert_eq!(lines[1]["facts"]["url"], json!("https://garden.example/3"));
    }
}

#[test]
fn damage_costs_the_record_it_is_in() {
    let [one, two, three] = ["1", "2", "3"].map(|id| record("conversion", id, "text/plain", &leeks("leeks")));
    let check = |stream: Vec<u8>, expected: &[&str]| {
        let ended = ended(&lines(&site(), "wet", &stream));
        assert_eq!(ended.len(), expected.len(), "{ended:?}");
        for (ended, expected) in ended.iter().zip(expected) {
            assert!(ended.starts_with(expected), "{ended} is not {expected}");
        }
    };
    let good = ["urn:uuid:1: imported", "urn:uuid:3: imported"];
    let with = |bad: &'static str| [good[0], bad, good[1]];
    let wrong = String::from_utf8(two.clone()).unwrap().replace("Content-Length: 1", "Content-Length: 9");
    check(
        [&one[..], wrong.as_bytes(), &three].concat(),
        &with("urn:uuid:2: quarantined (the record is not as long as its head says)"),
    );
    let mut broken = packed(&two);
    let middle = broken.len() - 6;
    broken[middle] ^= 0xff;
    check(
        [packed(&one), broken, packed(&three)].concat(),
        &with("urn:uuid:2: quarantined (the stream is damaged here: corrupt"),
    );
    let cut = packed(&two);
    let cut = cut[..cut.len() - 4].to_vec();
    check(
        [packed(&one), cut.clone()].concat(),
        &[good[0], "urn:uuid:2: quarantined (the stream is damaged here: it is cut short)"],
    );
    check(
        [&one[..], &two[..two.len() / 2]].concat(),
        &[good[0], "urn:uuid:2: quarantined (the stream ends in the middle of it)"],
    );
    check([&one[..], b"\r\nnot a record\r\n\r\n", &three].concat(), &with(""));
    check(Vec::new(), &[]);
}

#[test]
fn texts_are_parted_by_nul() {
    let (one, two) = (leeks("leeks"), leeks("onions"));
    let stream = format!("{one}\0\0{two}");
    let texts = lines(&site(), "text0", stream.as_bytes());
    let ended: Vec<&Value> = texts.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(ended, ["imported", "skipped", "imported"]);
    assert_eq!(texts[0]["id"], texts[0]["hash"]);
    let invalid = [one.as_bytes(), b"\n\xe9t\xe9 \xff\n\0", two.as_bytes()].concat();
    let texts = lines(&site(), "text0", &packed(&invalid));
    assert!(texts[0]["article"].as_str().unwrap().contains("été"), "{}", texts[0]);
    assert_eq!(texts.len(), 2);
    let site = site();
    let nothing = streamed(site.root(), &["--stdin-format", "text0"], b"");
    assert_eq!((nothing.status.code(), out(&nothing)), (Some(0), String::new()));
    assert!(err(&nothing).contains("No seeds"), "{}", err(&nothing));
}

#[test]
fn the_lines_are_the_same_however_many_work_and_wherever_it_is_cut() {
    let site = site();
    let seeds: BTreeMap<String, Vec<u8>> = (0..60)
        .map(|at| (format!("{at:02}.txt"), leeks(&format!("leeks{at}")).repeat(at % 7).into_bytes()))
        .collect();
    let stream = jsonl(&seeds);
    let run = |jobs: &str, stream: &[u8]| {
        let output = streamed(site.root(), &["--stdin-format", "jsonl", "--jobs", jobs], stream);
        assert!(output.status.success(), "{}", err(&output));
        out(&output)
    };
    let alone = run("1", &stream);
    assert_eq!(alone.lines().count(), 60);
    for jobs in ["2", "7"] {
        assert!(run(jobs, &stream) == alone, "with {jobs}");
    }
    let cut = stream.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(20).unwrap().0 + 1;
    assert!(run("3", &stream[..cut]) + &run("2", &stream[cut..]) == alone);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let site = site();
    let mut running = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["import", "--stdin-format", "jsonl"])
        .current_dir(site.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = running.stdin.take().unwrap();
    // An endless stream, which somebody goes on writing as long as it is read.
    let writing = std::thread::spawn(move || {
        let line = format!("{}\n", json!({ "text": leeks("leeks") }));
        while stdin.write_all(line.as_bytes()).is_ok() {}
    });
    let mut stdout = BufReader::new(running.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("\"outcome\":\"imported\""), "{line}");
    drop(stdout);
    let mut said = String::new();
    running.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((running.wait().unwrap().code(), said.as_str()), (Some(0), ""));
    writing.join().unwrap();
}

#[test]
fn rules_are_written_whole_and_taken_from_the_same_program() {
    let site = site();
    let frozen = gleaner(site.root(), &["freeze", "site.rules"]);
    assert_eq!(frozen.status.code(), Some(0), "{}", err(&frozen));
    assert!(err(&frozen).starts_with("1 topic frozen in site.rules, "), "{}", err(&frozen));
    let bytes = fs::read(site.path("site.rules")).unwrap();
    gleaner(site.root(), &["freeze", "again.rules"]);
    assert_eq!(fs::read(site.path("again.rules")).unwrap(), bytes);
    assert!(!site.has("gleaner.lock"), "nothing else is written");

    let refused = |arguments: &[&str], why: &str| {
        let output = streamed(site.root(), arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(why), "{arguments:?}: {}", err(&output));
    };
    let with = |rules: &'static str| ["--stdin-format", "jsonl", "--rules", rules];
    refused(&with("nowhere.rules"), "`nowhere.rules` cannot be read");
    refused(&with("gleaner.toml"), "the file holds no rules");
    site.write("cut.rules", &bytes[..bytes.len() - 1]);
    refused(&with("cut.rules"), "the rules are damaged");
    refused(&["--rules", "site.rules"], "--stdin-format");
    refused(&["--stdin-format", "jsonl", "--jobs", "0"], "it takes a number from 1 on");
    refused(&["--stdin-format", "jsonl", "seeds/a.txt"], "cannot be used with");

    site.write("content/topics/broken.md", "+++\nterms = 3\ntitel = \"B\"\n+++\n");
    let frozen = gleaner(site.root(), &["freeze", "broken.rules"]);
    assert_eq!(frozen.status.code(), Some(1), "{}", err(&frozen));
    assert!(!site.has("broken.rules"));
    let output = streamed(site.root(), &["--stdin-format", "jsonl"], b"{\"text\": \"A\"}\n");
    assert_eq!((output.status.code(), out(&output)), (Some(1), String::new()));
}
