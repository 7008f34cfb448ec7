//! Rewriting many files at the curator's word: what is shown, and what follows.

use snapbox::{assert_data_eq, str};

use crate::cli::{err, gleaner, out};
use crate::scratch::{Scratch, files};

const SEED: &str = "On quiet gardens\n\nThe first paragraph of it has a sentence or two. So it goes.\n\nThe second one is here to end it all.\n";

/// A site in which everything that can leads to one article.
fn site() -> Scratch {
    let scratch = Scratch::of(&[
        ("gleaner.toml", "title = \"A\"\nbase_url = \"https://garden.example/\"\n"),
        ("seeds/one.txt", SEED),
        (
            "content/articles/links.md",
            "+++\ntitle = \"Links\"\n+++\n\nSee [[on-quiet-gardens]], [[On quiet gardens|by title]], [it](on-quiet-gardens.md#part-two),\n\
             [address](/articles/on-quiet-gardens/), [relative](../on-quiet-gardens/), [twin](/articles/on-quiet-gardens/index.md),\n\
             [reference][one] and [on-quiet-gardens.md](on-quiet-gardens.md).\n\n| a |\n|---|\n| [[on-quiet-gardens]] |\n\n\
             [one]: <on-quiet-gardens.md> \"A title\"\n\n![[on-quiet-gardens]]\n",
        ),
        (
            "content/articles/same.md",
            "---\ntitle: The same\nduplicate_of: on-quiet-gardens # really\n---\n\nText of it.\n",
        ),
        (
            "content/topics/gardens.md",
            "+++\ntitle = \"Gardens\"\nterms = [\"garden\"]\n+++\n\n[[on-quiet-gardens|Begin here]].\n",
        ),
        ("content/topics/letters.md", "+++\ntitle = \"Letters\"\n+++\n"),
        (
            "content/paths/way.md",
            "+++\ntitle = \"Way\"\n+++\n\n1. [One](@/articles/on-quiet-gardens.md)\n2. [[links]]\n",
        ),
        ("content/about.md", "About [it](articles/on-quiet-gardens.md).\n"),
    ]);
    let imported = gleaner(scratch.root(), &["import"]);
    assert!(imported.status.success(), "{}", err(&imported));
    // The title is not the slug in other letters, so that a link by the slug must follow.
    scratch.replace(
        "content/articles/on-quiet-gardens.md",
        "title = \"On quiet gardens\"",
        "title = \"Of gardens\"",
    );
    scratch.replace("content/articles/links.md", "[[On quiet gardens|by title]]", "[[Of gardens|by title]]");
    scratch.replace(
        "content/articles/on-quiet-gardens.md",
        "The second one",
        "## Part two\n\nThe second one",
    );
    let built = gleaner(scratch.root(), &["build", "--strict"]);
    assert!(built.status.success(), "{}", err(&built));
    scratch
}

#[test]
fn a_renaming_that_is_stopped_loses_nothing() {
    let (old, new) = ("content/articles/on-quiet-gardens.md", "content/articles/still-gardens.md");
    let done = site();
    assert!(gleaner(done.root(), &["mv", "on-quiet-gardens", "still-gardens", "--yes"]).status.success());
    let (moved, links) = (done.read(new), done.read("content/articles/links.md"));
    // Stopped after the article was moved, after it was written, and after one link was.
    for steps in 1..=3 {
        let scratch = site();
        scratch.rename(old, new);
        if steps > 1 {
            scratch.write(new, &moved);
        }
        if steps > 2 {
            scratch.write("content/articles/links.md", &links);
        }
        // Links to the old file are named, each with its place, and nothing else is wrong.
        let built = gleaner(scratch.root(), &["build", "--message-format", "short"]);
        let said = err(&built);
        let is_of_old = |line: &str| !line.contains(": error: ") || line.contains("on-quiet-gardens");
        assert!(said.lines().all(is_of_old), "{steps}: {said}");
        assert!(scratch.has(new) && !scratch.has(old), "{steps}");
        let articles = files(&scratch.path("content/articles"));
        let same =
            articles.values().filter(|text| String::from_utf8_lossy(text).contains("second one is here"));
        assert_eq!(same.count(), 1, "{steps}: {:?}", articles.keys());
    }
}

#[test]
fn a_renamed_article_takes_everything_along() {
    let scratch = site();
    let before = files(scratch.root());
    let dry = gleaner(scratch.root(), &["mv", "on-quiet-gardens", "Still gardens", "--dry-run"]);
    assert_eq!(dry.status.code(), Some(0), "{}", err(&dry));
    assert_data_eq!(
        err(&dry),
        str![[r"
This is what would change in 8 files: nothing was written.

"]]
    );
    assert_eq!(files(scratch.root()), before);
    assert_data_eq!(
        out(&dry),
        str![[r#"
--- content/about.md
+++ content/about.md
@@ -1 +1 @@
-About [it](articles/on-quiet-gardens.md).
+About [it](articles/still-gardens.md).
--- content/articles/links.md
+++ content/articles/links.md
@@ -2,14 +2,14 @@
 title = "Links"
 +++

-See [[on-quiet-gardens]], [[Of gardens|by title]], [it](on-quiet-gardens.md#part-two),
-[address](/articles/on-quiet-gardens/), [relative](../on-quiet-gardens/), [twin](/articles/on-quiet-gardens/index.md),
-[reference][one] and [on-quiet-gardens.md](on-quiet-gardens.md).
+See [[still-gardens|on-quiet-gardens]], [[Of gardens|by title]], [it](still-gardens.md#part-two),
+[address](/articles/still-gardens/), [relative](../still-gardens/), [twin](/articles/still-gardens/index.md),
+[reference][one] and [on-quiet-gardens.md](still-gardens.md).

 | a |
 |---|
-| [[on-quiet-gardens]] |
+| [[still-gardens/|on-quiet-gardens]] |

-[one]: <on-quiet-gardens.md> "A title"
+[one]: <still-gardens.md> "A title"

-![[on-quiet-gardens]]
+![[still-gardens]]
--- content/articles/same.md
+++ content/articles/same.md
@@ -1,6 +1,6 @@
 ---
 title: The same
-duplicate_of: on-quiet-gardens # really
+duplicate_of: still-gardens # really
 ---

 Text of it.
--- content/articles/on-quiet-gardens.md
+++ content/articles/still-gardens.md
@@ -1,4 +1,5 @@
 +++
+aliases = ["/articles/on-quiet-gardens/"]
 title = "Of gardens"

 [source]
--- content/paths/way.md
+++ content/paths/way.md
@@ -2,5 +2,5 @@
 title = "Way"
 +++

-1. [One](@/articles/on-quiet-gardens.md)
+1. [One](@/articles/still-gardens.md)
 2. [[links]]
--- content/topics/gardens.md
+++ content/topics/gardens.md
@@ -3,4 +3,4 @@
 terms = ["garden"]
 +++

-[[on-quiet-gardens|Begin here]].
+[[still-gardens|Begin here]].

"#]]
    );

    let moved = gleaner(scratch.root(), &["mv", "on-quiet-gardens", "Still gardens"]);
    assert_eq!(moved.status.code(), Some(0), "{}", err(&moved));
    assert_data_eq!(
        err(&moved),
        str![[r"
     written  content/about.md
     written  content/articles/links.md
     written  content/articles/same.md
     written  content/paths/way.md
     written  content/topics/gardens.md
     written  gleaner.lock
       moved  content/articles/on-quiet-gardens.md → content/articles/still-gardens.md
`on-quiet-gardens` is called `still-gardens` now, also by the 12 links to it; its old address leads there.

"]]
    );
    // No import brings the old one back, and nothing is read anew.
    let imported = gleaner(scratch.root(), &["import"]);
    assert_data_eq!(
        err(&imported),
        str![[r"
        kept  seeds/one.txt → content/articles/still-gardens.md (edited by hand)
1 seed: 1 kept.

"]]
    );
    assert!(!scratch.has("content/articles/on-quiet-gardens.md"));
    let built = gleaner(scratch.root(), &["build", "--strict"]);
    assert!(built.status.success(), "{}", err(&built));
    let redirect = scratch.read("public/articles/on-quiet-gardens/index.html");
    assert!(redirect.contains("../still-gardens/index.html"), "{redirect}");
    let links = scratch.read("public/articles/links/index.html");
    assert!(!links.contains("on-quiet-gardens/"), "{links}");
    assert!(scratch.read("public/articles/same/index.html").contains("../still-gardens/index.html"));

    // A change of the seed still reaches the article, wherever it is.
    scratch.replace("seeds/one.txt", "So it goes.", "So it went.");
    gleaner(scratch.root(), &["import"]);
    assert!(scratch.read("content/articles/still-gardens.md").contains("So it went."));
}

#[test]
fn there_and_back_is_where_it_was() {
    let scratch = site();
    for (name, new) in [("on-quiet-gardens", "b"), ("b", "c"), ("c", "on-quiet-gardens")] {
        let moved = gleaner(scratch.root(), &["mv", name, new, "--yes"]);
        assert_eq!(moved.status.code(), Some(0), "{}", err(&moved));
        let built = gleaner(scratch.root(), &["build", "--strict"]);
        assert!(built.status.success(), "{name} to {new}: {}", err(&built));
    }
    for old in ["b", "c"] {
        let redirect = scratch.read(&format!("public/articles/{old}/index.html"));
        assert!(redirect.contains("../on-quiet-gardens/index.html"), "{redirect}");
    }
    assert!(scratch.read("public/articles/on-quiet-gardens/index.html").contains("The first paragraph"));
}

#[test]
fn a_name_that_cannot_be_is_refused_and_nothing_is_touched() {
    let scratch = site();
    scratch.write(
        "content/articles/other.md",
        "+++\ntitle = \"Other\"\naliases = [\"/articles/taken/\"]\n+++\n\nText.\n",
    );
    scratch.write("content/articles/uses-it.md", "+++\ntitle = \"Uses it\"\n+++\n\n[[Wanted]]\n");
    scratch.write("content/articles/wanted-too.md", "+++\ntitle = \"Wanted\"\n+++\n\nText.\n");
    let before = files(scratch.root());
    for (arguments, says) in [
        (["mv", "on-quiet-gardens", "links"], "is the address of `content/articles/links.md` already"),
        (["mv", "on-quiet-gardens", "taken"], "is the address of `content/articles/other.md` already"),
        (
            ["mv", "on-quiet-gardens", "same"],
            "is the address of `content/articles/on-quiet-gardens.md` already",
        ),
        (["mv", "on-quiet-gardens", "a/b"], "cannot name an article"),
        (["mv", "on-quiet-gardens", "?"], "cannot name an article"),
        (["mv", "on-quiet-gardens", "on-quiet-gardens"], "is called `on-quiet-gardens` already"),
        (["mv", "on-quite-gardens", "x"], "did you mean `on-quiet-gardens`?"),
        (["mv", "other", "wanted"], "`Wanted` could be"),
    ] {
        let refused = gleaner(scratch.root(), &arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?} {}", err(&refused));
        assert!(err(&refused).contains(says), "{arguments:?}: {}", err(&refused));
        assert_eq!(files(scratch.root()), before, "{arguments:?}");
    }
}

#[test]
fn an_article_called_by_its_file_keeps_its_title() {
    let scratch = Scratch::of(&[("content/articles/on-leeks.md", "Text of it.\n")]);
    let moved = gleaner(scratch.root(), &["mv", "content/articles/on-leeks.md", "leeks"]);
    assert_eq!(moved.status.code(), Some(0), "{}", err(&moved));
    let article = scratch.read("content/articles/leeks.md");
    assert_data_eq!(
        article,
        str![[r#"
+++
aliases = ["/articles/on-leeks/"]
title = "on leeks"
+++
Text of it.

"#]]
    );
}

#[test]
fn topics_are_given_and_taken_in_one_go() {
    let scratch = site();
    let json =
        ["--message-format", "json", "topics", "add", "letters", "links", "on-quiet-gardens", "--dry-run"];
    let said = gleaner(scratch.root(), &json);
    let lines: Vec<serde_json::Value> =
        err(&said).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{}", err(&said));
    assert_eq!((&lines[0]["kind"], &lines[0]["is_done"]), (&"rewritten".into(), &false.into()));

    let added = gleaner(scratch.root(), &["topics", "add", "Letters", "links", "seeds/one.txt", "links"]);
    assert_eq!(added.status.code(), Some(0), "{}", err(&added));
    assert_data_eq!(
        out(&added),
        str![[r#"
--- content/articles/links.md
+++ content/articles/links.md
@@ -1,4 +1,5 @@
 +++
+topics = ["gardens", "letters"]
 title = "Links"
 +++

--- content/articles/on-quiet-gardens.md
+++ content/articles/on-quiet-gardens.md
@@ -1,4 +1,5 @@
 +++
+topics = ["letters"]
 title = "Of gardens"

 [source]

"#]]
    );
    assert_data_eq!(
        err(&added),
        str![[r"
     written  content/articles/links.md
     written  content/articles/on-quiet-gardens.md
2 articles have the topic `letters` now, by your decision.

"]]
    );
    let again = gleaner(scratch.root(), &["topics", "add", "letters", "links"]);
    assert_data_eq!(
        err(&again),
        str![[r"
1 article says so already.
Nothing changes.

"]]
    );
    let taken = gleaner(scratch.root(), &["topics", "remove", "letters", "links", "on-quiet-gardens"]);
    assert_eq!(taken.status.code(), Some(0), "{}", err(&taken));
    assert!(scratch.read("content/articles/on-quiet-gardens.md").contains("topics = []\n"));
    assert!(scratch.read("content/articles/links.md").contains("topics = [\"gardens\"]\n"));
    let unknown = gleaner(scratch.root(), &["topics", "remove", "letter", "links"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("did you mean `letters`?"), "{}", err(&unknown));
    assert!(gleaner(scratch.root(), &["build", "--strict"]).status.success());
}
