//! The reference in `docs/` says what the program does: commands and templates are written from it, settings compared
//! with it. `UPDATE=1` writes what is made anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use gleaner::pages::described::{Described, Field};

use crate::cli::{err, gleaner, out};
use crate::scratch::Scratch;

/// A key that nothing knows.
const UNKNOWN: &str = "zzzzzzzzzz";

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

fn is_as_made(name: &str, made: &str) {
    let path = docs(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written == made,
        "docs/{name} is not as the program has it: UPDATE=1 cargo nextest run reference"
    );
}

#[test]
fn commands_are_as_their_help_says() {
    let mut made = "# Reference: commands and flags\n\nMade from the program's own help. What stands under *Everywhere* in `gleaner \
                    --help` (`--root`, `--color`,\n`--quiet`, `--verbose`, `--message-format`) every command takes.\n"
        .to_owned();
    let mut next = vec![Vec::new()];
    while let Some(command) = next.pop() {
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["-h"]).collect();
        let help = out(&gleaner(Path::new("."), &arguments));
        let own = help.split("\n\nEverywhere:").next().unwrap_or(&help);
        let name = [vec!["gleaner".to_owned()], command.clone()].concat().join(" ");
        write!(made, "\n## `{name}`\n\n```text\n{}\n```\n", own.trim_end()).unwrap();
        let below =
            help.split("\nCommands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
        let names = below.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
        for below in names.into_iter().rev().filter(|name| *name != "help") {
            next.push([command.clone(), vec![below.to_owned()]].concat());
        }
    }
    is_as_made("reference-commands.md", &made);
}

fn table(made: &mut String, fields: &[Field]) {
    made.push_str("\n| value | kind | meaning |\n|---|---|---|\n");
    for Field { name, kind, meaning } in fields {
        writeln!(made, "| `{name}` | {kind} | {} |", meaning.replace('|', "\\|")).unwrap();
    }
}

#[test]
fn templates_are_as_their_types_say() {
    let described = Described::read();
    let mut made = "# Reference: what templates may see\n\nMade from the types themselves; `gleaner theme show TEMPLATE` says the same of \
                    one template. Every template sees `site`\nand `page`; a type named below stands in a table of its own further \
                    down.\n\n## `site`\n"
        .to_owned();
    table(&mut made, &described.types["Frame"]);
    let mut types: Vec<(&str, &[Field])> = Vec::new();
    for drawn in &described.drawn {
        write!(made, "\n## `{}`\n\n`page` of {}\n", drawn.template, drawn.draws).unwrap();
        for (index, (name, fields)) in described.seen(&drawn.page).into_iter().enumerate() {
            if index == 0 {
                table(&mut made, fields);
            } else if types.iter().all(|(known, _)| *known != name) {
                types.push((name, fields));
            }
        }
    }
    types.sort_by_key(|(name, _)| *name);
    for (name, fields) in types {
        write!(made, "\n## {name}\n").unwrap();
        table(&mut made, fields);
    }
    is_as_made("reference-templates.md", &made);
}

/// Each section of the page of settings names exactly the keys that are known there.
#[test]
fn settings_are_those_that_are_known() {
    let page = std::fs::read_to_string(docs("reference-settings.md")).unwrap();
    let front_matter = |keys: &str| format!("+++\n{keys}+++\n\nText.\n");
    let key = format!("{UNKNOWN} = 1\n");
    let sections = [
        ("gleaner.toml", "gleaner.toml", key.clone()),
        ("[deploy]", "gleaner.toml", format!("[deploy]\n{key}")),
        ("An article", "content/articles/a.md", front_matter(&key)),
        ("[source]", "content/articles/a.md", front_matter(&format!("[source]\n{key}"))),
        ("A topic", "content/topics/a.md", front_matter(&key)),
        ("A reading path, any other page", "content/paths/a.md", front_matter(&key)),
        ("theme.toml", "themes/default/theme.toml", key.clone()),
        ("[fonts]", "themes/default/theme.toml", format!("[fonts]\n{key}")),
    ];
    for (section, file, typed) in sections {
        let scratch = Scratch::of(&[(file, &typed)]);
        let said = err(&gleaner(scratch.root(), &["--message-format", "short", "build"]));
        let keys = said.split(&format!("unknown key `{UNKNOWN}` (the keys here are ")).nth(1);
        let keys =
            keys.and_then(|rest| rest.split(')').next()).unwrap_or_else(|| panic!("{section}: {said}"));
        let known: BTreeSet<&str> = keys.split(", ").map(|key| key.trim_matches('`')).collect();
        let heading = if section.contains('.') || section.starts_with('[') {
            format!("`{section}`")
        } else {
            section.to_owned()
        };
        let own = page.split("\n## ").find_map(|part| part.strip_prefix(&format!("{heading}\n")));
        let rows = own
            .unwrap_or_else(|| panic!("no section {heading}"))
            .lines()
            .filter(|line| line.starts_with("| `"));
        let keys = rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split(", "));
        let keys: Vec<&str> = keys.map(|key| key.trim().trim_matches(['`', '[', ']'])).collect();
        let said: BTreeSet<&str> = keys.iter().copied().collect();
        assert_eq!(said, known, "{section}");
        assert_eq!(said.len(), keys.len(), "{section}: a key stands there twice");
    }
}
