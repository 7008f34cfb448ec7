//! `gleaner check`: what is worth a minute, most doubtful first.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use gleaner::doubt::Kind;
use snapbox::{Data, assert_data_eq, str};

use crate::cli::{err, gleaner, out};
use crate::scratch::{Scratch, files};

/// Words that look like prose, other ones for each beginning.
fn prose(first: usize, words: usize) -> String {
    let names = ["oak", "bee", "cow", "dog", "elm", "fox", "gnu", "hen", "ivy", "jay"];
    let word = |at: usize| at.to_string().bytes().map(|digit| names[usize::from(digit - b'0')]).collect();
    (first..first + words).map(word).collect::<Vec<String>>().join(" ")
}

/// An article of front matter and text; what is not asked about is said to be looked into.
fn article(front: &str, text: &str) -> String {
    format!("+++\n{front}\n+++\n\n{text}\n")
}

const CHECKED: &str = "checked = [\"thin\", \"undated\", \"no-author\", \"orphan\"]";

/// A saved page of which nearly everything is furniture.
fn mostly_furniture() -> String {
    let links: String =
        (0..150).map(|at| format!("<li><a href=\"/p{at}\">{}</a></li>", prose(at * 7 + 9000, 5))).collect();
    format!(
        "<html><head><title>On hedges</title></head><body><nav><ul>{links}</ul></nav><article><h1>On hedges</h1>\
         <p>{}.</p><p>{}.</p></article><footer><ul>{links}</ul></footer></body></html>",
        prose(20_000, 60),
        prose(21_000, 60),
    )
}

/// A site that has everything there is to doubt.
fn doubtful() -> Scratch {
    let scratch = Scratch::of(&[
        ("gleaner.toml", "title = \"Doubts\"\n"),
        ("content/topics/gardens.md", "+++\ntitle = \"Gardens\"\nterms = [\"garden*\", \"compost\"]\n+++\n"),
        ("content/paths/empty.md", "+++\ntitle = \"Empty\"\n+++\n\nNothing yet.\n"),
    ]);
    let seed = |title: &str, first| {
        format!(
            "{title}\n\nBy Jane Roe | 2 March 2011\n\nThe first paragraph of it ends here.\n\nThe second says: {}.\n\nThe third says: {}.\n",
            prose(first, 70),
            prose(first + 500, 70)
        )
    };
    scratch.write("seeds/conflict.txt", seed("On ditches and their banks", 1000));
    scratch.write("seeds/shorter.txt", seed("On walls and their stones", 3000));
    scratch.write("seeds/broken.txt", b"\x00\x01\x02\xff\xfe\x00binary\x00\x00".repeat(20));
    scratch.write("seeds/hedges.html", mostly_furniture());
    scratch.write(
        "seeds/links.md",
        article(
            &format!("title = \"On links\"\n{CHECKED}"),
            "See [this](nowhere.md) and ![a leek](leek.png).",
        ),
    );
    scratch.write(
        "content/articles/long.md",
        article(&format!("title = \"Long\"\n{CHECKED}"), &format!("{} ![](long.png)", prose(5000, 300))),
    );
    scratch.write("content/articles/long.png", b"no picture");
    scratch.write(
        "content/articles/short.md",
        article(&format!("title = \"Short\"\n{CHECKED}"), &prose(5050, 150)),
    );
    scratch.write(
        "content/articles/bare.md",
        article(
            "title = \"Bare\"\ntopics = []",
            "Twelve words are not much of an article, as anybody can see.",
        ),
    );
    scratch.write(
        "content/articles/perhaps.md",
        article(
            &format!("title = \"Perhaps\"\n{CHECKED}"),
            &format!("{} the compost {} a garden {}.", prose(7000, 150), prose(7500, 150), prose(7900, 20)),
        ),
    );
    scratch.write(
        "content/articles/wrong.md",
        article(&format!("title = \"Wrong\"\ntopics = [\"gradens\"]\n{CHECKED}"), "Words."),
    );
    scratch.build();
    scratch.replace("seeds/conflict.txt", "ends here", "ends there");
    scratch.replace("content/articles/on-ditches-and-their-banks.md", "ends here", "ends my way");
    scratch.write(
        "seeds/shorter.txt",
        "On walls and their stones\n\nBy Jane Roe | 2 March 2011\n\nThe first paragraph.\n",
    );
    scratch
}

fn check(scratch: &Scratch, arguments: &[&str]) -> Output {
    gleaner(scratch.root(), &[&["check"], arguments].concat())
}

#[test]
fn every_doubt_is_listed_with_its_edit() {
    let scratch = doubtful();
    let before = files(scratch.root());
    let checked = check(&scratch, &["--all"]);
    assert_data_eq!(out(&checked), Data::read_from(Path::new("tests/suite/check.txt"), None));
    assert_data_eq!(
        err(&checked),
        str![[r"
20 doubts in 12 files: 1 error, 1 conflict, 1 quarantined, 1 much-shorter, 1
much-removed, 1 thin, 1 near-duplicate, 1 dangling-link, 1 missing-picture, 1
undescribed-picture, 1 unsure-topic, 2 undated, 2 no-author, 4 orphan, 1
warning.

"]]
    );
    assert_eq!(checked.status.code(), Some(1), "there is an error");
    assert_eq!(files(scratch.root()), before, "nothing is written");
    assert!(out(&checked).lines().all(|line| line.chars().count() <= 80 || !line.trim().contains(' ')));
}

#[test]
fn programs_are_told_every_kind_in_the_order_of_weights() {
    let checked = check(&doubtful(), &["--message-format", "json"]);
    let printed = out(&checked);
    let mut lines: Vec<serde_json::Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sum = lines.pop().unwrap();
    assert_eq!((&sum["kind"], &sum["doubts"]), (&"check".into(), &lines.len().into()));
    let weights: Vec<f64> = lines.iter().map(|line| line["weight"].as_f64().unwrap()).collect();
    assert!(
        weights.is_sorted_by(|a, b| a >= b) && weights.iter().all(|weight| (0.0..=1.0).contains(weight)),
        "{weights:?}"
    );
    let named: BTreeSet<&str> = lines.iter().map(|line| line["doubt"].as_str().unwrap()).collect();
    // What is dead on other sites takes somebody who asks there.
    let all = Kind::ALL.iter().filter(|kind| **kind != Kind::DeadLink);
    let all: BTreeSet<&str> = all.map(|kind| kind.name()).collect();
    assert_eq!(named, all);
    for line in &lines {
        assert_eq!(line["kind"], "doubt");
        assert!(line["message"].is_string() && line["file"].is_string(), "{line}");
        assert!(!line["hints"].as_array().unwrap().is_empty(), "an edit settles it: {line}");
    }
    assert_eq!(err(&checked), "");
}

#[test]
fn a_line_each_where_it_is_asked_for() {
    let checked = check(&doubtful(), &["--message-format", "short"]);
    let first = "content/articles/wrong.md:3:11: error: unknown topic `gradens` (did you mean `gardens`?)\n";
    assert!(out(&checked).starts_with(first), "{}", out(&checked));
    assert_eq!(out(&checked).lines().filter(|line| line.contains(": warning: it has no date")).count(), 2);
}

#[test]
fn doubts_are_no_errors_unless_they_are_to_be() {
    let scratch = doubtful();
    scratch.remove("content/articles/wrong.md");
    assert_eq!(check(&scratch, &[]).status.code(), Some(0));
    assert_eq!(check(&scratch, &["--strict"]).status.code(), Some(1));
    assert_eq!(check(&scratch, &["--root", "nowhere"]).status.code(), Some(2));
    let quiet = check(&scratch, &["-q"]);
    assert!(err(&quiet).is_empty() && !out(&quiet).is_empty());
}

#[test]
fn where_nothing_is_in_doubt_it_says_so() {
    let scratch = Scratch::of(&[("content/articles/bare.md", "+++\ntitle = \"Bare\"\n+++\n\nWords.\n")]);
    let settled = "title = \"Bare\"\nchecked = [\"thin\", \"no-author\", \"undated\"]";
    assert_eq!(check(&scratch, &["--strict"]).status.code(), Some(1));
    scratch.replace("content/articles/bare.md", "title = \"Bare\"", settled);
    let clean = check(&scratch, &["--strict"]);
    assert_eq!((out(&clean).as_str(), clean.status.code()), ("", Some(0)));
    assert_eq!(err(&clean), "Nothing is in doubt: 1 article of 0 seeds.\n");
    scratch.replace("content/articles/bare.md", "\"undated\"", "\"undatd\"");
    let slip = check(&scratch, &["--message-format", "short"]);
    assert!(out(&slip).contains("there is no doubt `undatd` (did you mean `undated`?)"), "{}", out(&slip));
    assert_eq!(slip.status.code(), Some(1));
}

#[test]
fn a_long_queue_is_cut_for_people_and_what_is_not_imported_is_said() {
    let scratch = Scratch::of(&[(
        "seeds/new.txt",
        "On leeks\n\nThey are sown in spring, and it is a matter of patience.\n",
    )]);
    for at in 0..9 {
        let text = article(&format!("title = \"A{at}\""), &prose(at * 1000 + 10, 20));
        scratch.write(&format!("content/articles/a{at}.md"), text);
    }
    let checked = check(&scratch, &[]);
    assert_eq!(out(&checked).lines().filter(|line| line.starts_with("content/")).count(), 20);
    assert_data_eq!(
        err(&checked),
        str![[r"
1 seed is not imported yet: `gleaner import` writes its articles.
30 doubts in 10 files: 10 thin, 10 undated, 10 no-author.
These are the first 20; `gleaner check --all` shows the others.

"]]
    );
    assert!(!scratch.has("content/articles/on-leeks.md"));
    let piped = check(&scratch, &["--message-format", "short"]);
    assert_eq!(out(&piped).lines().count(), 30);
}

#[test]
fn drafts_are_checked_where_they_are_asked_for() {
    let scratch = Scratch::of(&[(
        "content/articles/draft.md",
        "+++\ntitle = \"Draft\"\ndraft = true\n+++\n\nWords.\n",
    )]);
    assert_eq!(out(&check(&scratch, &[])), "");
    assert!(out(&check(&scratch, &["--drafts"])).contains("content/articles/draft.md:1  thin"));
}

#[test]
fn the_documentation_names_every_doubt() {
    let documented = include_str!("../../docs/curating.md");
    for kind in Kind::ALL {
        assert!(documented.contains(&format!("| `{}` |", kind.name())), "{}", kind.name());
    }
}
