//! Every example of `docs/errors.md` brings about what stands there: the message, and the exit code.
//!
//! `UPDATE=1` writes down what is said now; then the difference is to be read.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scratch::Scratch;

/// How an example begins, after the three backticks: what it makes, and of what name.
struct Example<'a> {
    kind: &'a str,
    name: String,
    text: &'a str,
}

/// The bytes of a text in which `\xNN`, `\n` and `\r` stand for what they do in Rust.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        let (byte, length) = match after.as_bytes() {
            [b'x', ..] => (u8::from_str_radix(&after[1..3], 16).unwrap(), 3),
            [b'n', ..] => (b'\n', 1),
            [b'r', ..] => (b'\r', 1),
            _ => (b'\\', usize::from(after.starts_with('\\'))),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

fn named(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

fn make(scratch: &Scratch, example: &Example<'_>) {
    let text = example.text;
    match example.kind {
        "file" => scratch.write(&example.name, text),
        // What is exact has no end of a line that is not written down.
        "bytes" => scratch.write(&example.name, bytes(text.trim_end_matches('\n'))),
        "link" => {
            let place = scratch.path(&example.name);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(text.trim(), place).unwrap();
        }
        "pipe" => {
            let place = scratch.path(&example.name);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let _there_or_not = fs::remove_file(&place);
            assert!(Command::new("mkfifo").arg(place).status().unwrap().success());
        }
        "many" => {
            let (count, unit) = text.split_once('\n').unwrap();
            scratch.write(&example.name, unit.repeat(count.parse().unwrap()));
        }
        "empty" => {
            scratch.write(&example.name, "");
            let file = fs::File::options().write(true).open(scratch.path(&example.name)).unwrap();
            file.set_len(text.trim().parse().unwrap()).unwrap();
        }
        other => panic!("`{other}` makes nothing"),
    }
}

/// What a command says of problems and of seeds, a line each, and how it ends.
fn said(root: &Path, command: &str) -> String {
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("gleaner"));
    let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(words)
        .args(["--message-format", "short"])
        .current_dir(root)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let is_told = |line: &&str| {
        ["error: ", "warning: ", "  seeds/"].iter().any(|sign| line.contains(sign)) && !line.contains("usage")
    };
    let told: String = err.lines().filter(is_told).map(|line| format!("{}\n", line.trim())).collect();
    format!("{told}exit code {}\n", output.status.code().unwrap())
}

#[test]
fn every_error_of_the_table_is_brought_about_by_its_example() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md");
    let document = fs::read_to_string(&place).unwrap();
    let mut now = String::new();
    let mut scratch: Option<Scratch> = None;
    let (mut rest, mut commands) = (document.as_str(), 0);
    while let Some(start) = rest.find("\n```") {
        let (before, fence) = rest.split_at(start + 4);
        now.push_str(before);
        let (info, text) = fence.split_once('\n').unwrap();
        let (text, after) = text.split_once("```\n").unwrap_or_else(|| panic!("{info} has no end"));
        // Each section is a site of its own.
        if before.contains("\n## ") || before.contains("\n### ") || scratch.is_none() {
            scratch = Some(Scratch::of(&[("gleaner.toml", "title = \"T\"\ncards = false\n")]));
        }
        let scratch = scratch.as_ref().unwrap();
        now.push_str(info);
        now.push('\n');
        if info == "console" {
            let command = text.lines().next().and_then(|line| line.strip_prefix("$ ")).unwrap();
            now.push_str(&format!("$ {command}\n{}", said(scratch.root(), command)));
            commands += 1;
        } else {
            let (kind, name) = info.split_once(' ').unwrap();
            make(scratch, &Example { kind, name: named(name), text });
            now.push_str(text);
        }
        now.push_str("```\n");
        rest = after;
    }
    now.push_str(rest);
    assert!(commands >= 40, "{commands} examples");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&place, &now).unwrap();
        return;
    }
    let differs = document.lines().zip(now.lines()).find(|(written, said)| written != said);
    assert!(document == now, "docs/errors.md says something else first here: {differs:#?}");
}
