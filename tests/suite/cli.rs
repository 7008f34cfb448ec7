//! The command line as a curator meets it.

use std::path::Path;
use std::process::{Command, Output};

use snapbox::{Data, assert_data_eq, str};

use crate::scratch::Scratch;

pub(crate) fn gleaner(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(arguments)
        .current_dir(root)
        .env_remove("NO_COLOR")
        .env("COLUMNS", "100")
        .output()
        .unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_new_site_builds_as_it_is() {
    let scratch = Scratch::of(&[]);
    let made = gleaner(scratch.root(), &["new", "library"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let root = scratch.path("library");
    let built = gleaner(&root, &["build"]);
    assert_data_eq!(
        err(&built),
        str![[r"
3 seeds: 3 imported.
Built 3 articles, [..] pages, in public: [..] written, 0 removed, 0 as they were.

"]]
    );
    assert_eq!(built.status.code(), Some(0));
    let article = scratch.read("library/public/articles/on-growing-leeks-in-a-cold-spring/index.html");
    assert!(article.contains("3 April 2024") && article.contains("topics/gardening/index.html"), "{article}");
    // A saved page among the examples, without what stood around its article.
    let saved = scratch.read("library/content/articles/what-a-handful-of-soil-tells-you.md");
    assert!(saved.contains("date = 2024-02-18") && !saved.contains("Sign up"), "{saved}");
    let again = gleaner(scratch.root(), &["new", "library"]);
    assert_eq!(again.status.code(), Some(2));
    assert_data_eq!(
        err(&again),
        str![[r"
error: `library` is not empty
 |
 = help: name a folder that does not exist yet
 = help: or make a site around the files that are there: `gleaner init` in that folder


"]]
    );
}

#[test]
fn problems_are_shown_with_their_lines_and_exit_with_1() {
    let scratch = Scratch::of(&[
        ("gleaner.toml", "titel = \"A\"\n"),
        (
            "content/articles/one.md",
            "+++\ntitle = \"One\"\ntopics = [\"gardens\"]\n+++\n\nSee [this](nowhere.md).\n",
        ),
        ("content/topics/gardening.md", "+++\ntitle = \"Gardening\"\n+++\n"),
    ]);
    let built = gleaner(scratch.root(), &["build"]);
    assert_eq!(built.status.code(), Some(1));
    assert_data_eq!(err(&built), Data::read_from(Path::new("tests/suite/problems.txt"), None));
    assert!(!scratch.has("public"));
    let short = gleaner(scratch.root(), &["build", "--message-format", "short", "-q"]);
    assert_data_eq!(
        err(&short),
        str![[r"
content/articles/one.md:3:11: error: unknown topic `gardens` (did you mean `gardening`?)
content/articles/one.md:6:5: error: nothing is at `nowhere.md` (a link names a file, `other.md`, or an address, `/articles/other/`)
gleaner.toml:1:1: error: unknown key `titel` (did you mean `title`?)

"]]
    );
    let json = gleaner(scratch.root(), &["build", "--message-format", "json"]);
    let lines: Vec<serde_json::Value> =
        err(&json).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (&lines[2]["file"], &lines[2]["line"], &lines[2]["severity"]),
        (&"gleaner.toml".into(), &1.into(), &"error".into())
    );
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_right() {
    let scratch = Scratch::of(&[]);
    for (arguments, hint) in [
        (&["biuld"][..], "build"),
        (&["build", "--outptu", "x"], "--output"),
        (&["build", "--base-url", "example.org"], "https://"),
        (&["serve", "--port", "many"], "invalid value"),
        (&["export", "--format", "xml"], "jsonl"),
    ] {
        let output = gleaner(scratch.root(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(hint), "{arguments:?}: {}", err(&output));
    }
    let elsewhere = gleaner(scratch.root(), &["--root", "nowhere", "build"]);
    assert_eq!(elsewhere.status.code(), Some(2));
    assert!(err(&elsewhere).contains("there is no folder `nowhere`"), "{}", err(&elsewhere));
}

#[test]
fn help_reads_well() {
    let scratch = Scratch::of(&[]);
    let help = gleaner(scratch.root(), &["--help"]);
    assert_data_eq!(out(&help), Data::read_from(Path::new("tests/suite/help.txt"), None));
    for command in ["import", "freeze"] {
        let snapshot = format!("tests/suite/help-{command}.txt");
        let help = gleaner(scratch.root(), &[command, "--help"]);
        assert_data_eq!(out(&help), Data::read_from(Path::new(&snapshot), None));
    }
    assert!(out(&gleaner(scratch.root(), &["completions", "bash"])).contains("_gleaner"));
    assert!(out(&gleaner(scratch.root(), &["man"])).starts_with(".ie"));
}

#[test]
fn every_command_has_a_manual_page_that_leads_to_the_others() {
    let scratch = Scratch::of(&[]);
    let written = gleaner(scratch.root(), &["man", "--to", "man"]);
    assert_eq!(written.status.code(), Some(0), "{}", err(&written));
    let page = |name: &str| scratch.read(&format!("man/{name}.1"));
    assert_eq!(page("gleaner"), out(&gleaner(scratch.root(), &["man"])), "the first is what is printed");
    let mut open = vec!["gleaner".to_owned()];
    let mut seen = 0;
    while let Some(name) = open.pop() {
        let text = page(&name);
        let title = name.replace('-', "\\-");
        assert!(text.contains(&format!(".TH {name} 1")) && text.contains(&title), "{name}: {text}");
        if let Some((above, _)) = name.rsplit_once('-') {
            let also = format!(".SH \"SEE ALSO\"\n\\fB{}\\fR(1)\n", above.replace('-', "\\-"));
            assert!(text.ends_with(&also), "{name}: {text}");
        }
        // A command is named where those below it are listed: `gleaner\-topics\-rename(1)`.
        let below = text.lines().filter_map(|line| line.strip_suffix("(1)"));
        let below = below.map(|line| line.replace('\\', "")).filter(|line| line.starts_with("gleaner-"));
        open.extend(below.filter(|line| line.len() > name.len()));
        seen += 1;
    }
    let files = std::fs::read_dir(scratch.path("man")).unwrap().count();
    assert!(seen == files && files > 20, "{seen} of {files} pages are led to");
}

const SEED: &str = "On the garden\n\nBy Jane Roe | 2 March 2011\n\nThe garden has soil and compost. Leeks grow in the garden, and the soil likes compost.\n\nShare on Facebook2Tweet3\n";
const TOPIC: &str = "+++\ntitle = \"Gardens\"\nterms = [\"garden\", \"soil\", \"compost\", \"leek\"]\n+++\n";

fn site() -> Scratch {
    let scratch = Scratch::of(&[("seeds/one.txt", SEED), ("content/topics/gardens.md", TOPIC)]);
    scratch.build();
    scratch
}

#[test]
fn explain_says_why() {
    let scratch = site();
    for name in ["on-the-garden", "content/articles/on-the-garden.md", "seeds/one.txt", "one.txt"] {
        let explained = gleaner(scratch.root(), &["explain", name]);
        assert_eq!(explained.status.code(), Some(0), "{}", err(&explained));
        assert_data_eq!(out(&explained), Data::read_from(Path::new("tests/suite/explain.txt"), None));
    }
    let unknown = gleaner(scratch.root(), &["explain", "on-the-graden"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("did you mean `on-the-garden`?"), "{}", err(&unknown));
}

#[test]
fn a_suggested_path_can_be_pasted() {
    let scratch = site();
    let alone = gleaner(scratch.root(), &["paths", "suggest", "gardens"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(err(&alone).contains("fewer than two articles"), "{}", err(&alone));
    let unknown = gleaner(scratch.root(), &["paths", "suggest", "gradens"]);
    assert!(err(&unknown).contains("did you mean `gardens`?"), "{}", err(&unknown));

    let article = "+++\ntitle = \"Soil [for] leeks\"\n+++\n\nA garden needs soil, the soil compost. Leeks like a garden.\n";
    scratch.write("content/articles/soil.md", article);
    let suggested = gleaner(scratch.root(), &["paths", "suggest", "Gardens"]);
    assert_eq!(suggested.status.code(), Some(0), "{}", err(&suggested));
    let path = out(&suggested);
    assert!(path.contains("the overview") && path.contains("near the one before"), "{path}");
    scratch.write("content/paths/gardens.md", &path);
    let built = scratch.build();
    assert_eq!(built.report(), "");
    let page = scratch.read("public/paths/gardens/index.html");
    assert!(page.contains("Reading path</a>, 2 articles") && page.contains("Soil [for] leeks"), "{page}");
    assert!(scratch.read("public/articles/soil/index.html").contains(" of 2 in <a"));
}

#[test]
fn export_keeps_its_contract() {
    let scratch = site();
    let exported = gleaner(scratch.root(), &["export", "--format", "jsonl"]);
    let line: serde_json::Value = serde_json::from_str(out(&exported).trim()).unwrap();
    let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "authors",
            "backlinks",
            "concepts",
            "date",
            "language",
            "links",
            "related",
            "removed",
            "slug",
            "source",
            "summary",
            "title",
            "topics",
            "words"
        ]
    );
    assert_eq!((&line["slug"], &line["date"]), (&"on-the-garden".into(), &"2011-03-02".into()));
    let topic = &line["topics"][0];
    assert_eq!((&topic["topic"], &topic["decided"]), (&"gardens".into(), &false.into()));
    assert!(topic["score"].as_f64().unwrap() > 0.5 && !topic["evidence"].as_array().unwrap().is_empty());
    assert!(line["removed"].as_array().unwrap().iter().any(|one| one["rule"] == "share-bar"), "{line}");
}

/// A new site with a picture, a reading path and an article that's not published.
fn library() -> Scratch {
    let scratch = Scratch::of(&[]);
    gleaner(scratch.root(), &["new", "library"]);
    gleaner(&scratch.path("library"), &["import"]);
    scratch.write("library/content/articles/dot.png", include_bytes!("../../docs/article.png"));
    let garden = "+++\ntitle = \"R&D, 50 % {of} it\"\ndate = 2011-03\nauthors = [\"Ann Lee\", \"Sand and Sons\"]\n[source]\n\
        url = \"https://garden.example/a_b\"\nsite = \"The Garden\"\n+++\n\nThe garden has [[compost|its heap]] & \
        <font>soil</font>; see [[What belongs on the compost heap]], [[Gardening]] and [[Nothing]].\n\n![A dot](dot.png)\n\n\
        $$x < \\frac{1}{2}$$\n";
    scratch.write("library/content/articles/garden.md", garden);
    scratch.replace(
        "library/content/articles/garden.md",
        "[[compost|",
        "[[what-belongs-on-the-compost-heap|",
    );
    let closed = "+++\ntitle = \"Closed\"\nrights = \"link\"\n+++\n\nThe gate of the garden is closed.\n";
    scratch.write("library/content/articles/closed.md", closed);
    let path = "+++\ntitle = \"First steps\"\n+++\n\nBegin with [[garden]], go on with [[closed]].\n";
    scratch.write("library/content/paths/first.md", path);
    scratch
}

/// The files of an archive, by name.
fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read;
    let archive = rawzip::ZipArchive::from_slice(bytes).unwrap();
    let mut entries = archive.entries();
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let packed = archive.get_entry(entry.wayfinder()).unwrap();
        let mut content = Vec::new();
        match entry.compression_method() {
            rawzip::CompressionMethod::STORE => content.extend(packed.data()),
            _ => drop(flate2::bufread::DeflateDecoder::new(packed.data()).read_to_end(&mut content).unwrap()),
        }
        files.push((String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned(), content));
    }
    files
}

#[test]
fn a_book_is_valid_and_the_same_on_any_day() {
    let scratch = library();
    let root = scratch.path("library");
    let made =
        gleaner(&root, &["export", "--format", "epub", "-o", "../first.epub", "--path", "First steps"]);
    assert!(err(&made).starts_with("Wrote ../first.epub.\n"), "{}", err(&made));
    let bytes = std::fs::read(scratch.path("first.epub")).unwrap();
    let files = unzipped(&bytes);
    assert_eq!(files[0], ("mimetype".to_owned(), b"application/epub+zip".to_vec()));
    let file = |name: &str| {
        let (_, content) = files.iter().find(|(path, _)| path == name).unwrap();
        String::from_utf8_lossy(content).into_owned()
    };
    let chapter = file("EPUB/chapter-0001.xhtml");
    for holds in [
        "<h1>R&amp;D, 50 % {of} it</h1>",
        "Ann Lee, Sand and Sons · March 2011",
        "<a href=\"https://example.org/articles/what-belongs-on-the-compost-heap/\">its heap</a> &amp; soil;",
        "<a href=\"https://example.org/topics/gardening/\">",
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"",
        "src=\"picture-",
    ] {
        assert!(chapter.contains(holds), "{holds}: {chapter}");
    }
    // What the site does not publish is in no book.
    assert!(!file("EPUB/chapter-0002.xhtml").contains("gate"));
    assert!(file("EPUB/title.xhtml").contains("<a href=\"chapter-0002.xhtml\">"));
    assert!(
        file("EPUB/package.opf").contains("<meta property=\"dcterms:modified\">2011-03-01T00:00:00Z</meta>")
    );
    gleaner(&root, &["export", "--format", "epub", "-o", "../again.epub", "--path", "first"]);
    assert!(std::fs::read(scratch.path("again.epub")).unwrap() == bytes);
    for asked in [&["--format", "epub"][..], &["--format", "epub", "--topic", "Gardening"]] {
        let place = scratch.path("other.epub");
        let arguments = [&["export", "-o", place.to_str().unwrap()], asked].concat();
        assert_eq!(gleaner(&root, &arguments).status.code(), Some(0));
        valid(&place);
    }
    valid(&scratch.path("first.epub"));
    let nowhere = gleaner(&root, &["export", "--format", "epub"]);
    assert_eq!(nowhere.status.code(), Some(2));
    let unknown = gleaner(&root, &["export", "--format", "epub", "--topic", "gardenin"]);
    assert!(err(&unknown).contains("did you mean `gardening`?"), "{}", err(&unknown));
}

/// Looks at a book with epubcheck, where that is installed.
fn valid(book: &Path) {
    let jar = Path::new("/usr/share/java/epubcheck.jar");
    let Ok(checked) = Command::new("java").arg("-jar").arg(jar).arg(book).output() else { return };
    if jar.exists() {
        assert!(checked.status.success(), "{}{}", out(&checked), err(&checked));
    }
}

#[test]
fn articles_move_out_as_markdown() {
    let scratch = library();
    let root = scratch.path("library");
    let made = gleaner(&root, &["export", "--format", "markdown", "-o", "../moved"]);
    assert!(made.status.success(), "{}", err(&made));
    assert_data_eq!(
        scratch.read("moved/articles/garden.md"),
        str![[r#"
---
title: "R&D, 50 % {of} it"
published: "2011-03"
authors: ["Ann Lee", "Sand and Sons"]
description: "[..]"
tags: ["Gardening"]
source: "https://garden.example/a_b"
publisher: "The Garden"
---

The garden has [its heap](what-belongs-on-the-compost-heap.md) & <font>soil</font>; see [What belongs on the compost heap](what-belongs-on-the-compost-heap.md), [Gardening](https://example.org/topics/gardening/) and Nothing.

![A dot](dot.png)

$$x < /frac{1}{2}$$

"#]]
    );
    assert!(scratch.has("moved/articles/dot.png") && scratch.has("moved/articles/closed.md"));
    let again = gleaner(&root, &["export", "--format", "markdown", "-o", "../moved"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("is not empty"), "{}", err(&again));
    gleaner(&root, &["export", "--format", "markdown", "-o", "../moved.zip"]);
    let zipped = unzipped(&std::fs::read(scratch.path("moved.zip")).unwrap());
    let folder = crate::scratch::files(&scratch.path("moved"));
    assert!(folder.into_iter().collect::<Vec<_>>() == zipped);
    // What has moved out can move in.
    gleaner(scratch.root(), &["new", "other"]);
    let back = gleaner(&scratch.path("other"), &["import", "../moved.zip"]);
    assert!(back.status.success() && err(&back).contains("garden.md →"), "{}", err(&back));
}

#[test]
fn references_are_for_citation_managers() {
    let scratch = library();
    let root = scratch.path("library");
    let bibtex = gleaner(&root, &["export", "--format", "bibtex", "--path", "first"]);
    assert_data_eq!(
        out(&bibtex),
        str![[r"
@online{garden,
  author = {Ann Lee and {Sand and Sons}},
  title = {{R/&D, 50 /% /textbraceleft{}of/textbraceright{} it}},
  year = {2011},
  month = mar,
  organization = {The Garden},
  url = {https://garden.example/a_b},
  keywords = {Gardening}
}

@online{closed,
  title = {{Closed}},
  url = {https://example.org/articles/closed/}[..]
...
"]]
    );
    let csl = gleaner(&root, &["export", "--format", "csl-json", "--path", "first"]);
    let csl: serde_json::Value = serde_json::from_str(&out(&csl)).unwrap();
    assert_eq!(csl[0]["issued"]["date-parts"], serde_json::json!([[2011, 3]]));
    assert_eq!(csl[0]["author"], serde_json::json!([{"literal": "Ann Lee"}, {"literal": "Sand and Sons"}]));
    assert_eq!(
        (&csl[0]["URL"], &csl[0]["container-title"]),
        (&"https://garden.example/a_b".into(), &"The Garden".into())
    );
    assert_eq!((&csl[1]["id"], &csl[1]["issued"]), (&"closed".into(), &serde_json::Value::Null));
}

#[test]
fn import_to_standard_output_touches_nothing() {
    let scratch = Scratch::of(&[("one.txt", SEED)]);
    let before = crate::scratch::files(scratch.root());
    let printed = gleaner(scratch.root(), &["import", "--stdout", "one.txt", "--report"]);
    assert!(
        out(&printed).starts_with("+++\ntitle = \"On the garden\"\ndate = 2011-03-02\n"),
        "{}",
        out(&printed)
    );
    let report: serde_json::Value = serde_json::from_str(err(&printed).trim()).unwrap();
    assert!(report["removals"].as_array().unwrap().iter().any(|one| one["rule"] == "share-bar"));
    assert_eq!(crate::scratch::files(scratch.root()), before);
}

#[test]
fn a_file_larger_than_a_seed_may_be_is_not_read_to_its_end() {
    let scratch = Scratch::of(&[]);
    // A hole: it takes no room on the disk.
    std::fs::File::create(scratch.path("huge.txt")).unwrap().set_len(1 << 34).unwrap();
    let printed = gleaner(scratch.root(), &["import", "--stdout", "huge.txt"]);
    assert_eq!(printed.status.code(), Some(2), "{}", err(&printed));
    assert!(err(&printed).contains("it is larger than a seed may be, 64 MB"), "{}", err(&printed));
}

#[test]
fn a_dry_run_says_and_does_nothing() {
    let scratch = Scratch::of(&[("seeds/one.txt", SEED)]);
    let before = crate::scratch::files(scratch.root());
    let said = gleaner(scratch.root(), &["import", "--dry-run"]);
    assert!(err(&said).contains("nothing was written"), "{}", err(&said));
    assert!(
        err(&said).contains("imported  seeds/one.txt → content/articles/on-the-garden.md"),
        "{}",
        err(&said)
    );
    assert_eq!(crate::scratch::files(scratch.root()), before);
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let scratch = Scratch::of(&[("gleaner.toml", "titel = 1\n")]);
    assert!(!err(&gleaner(scratch.root(), &["build"])).contains('\u{1b}'));
    assert!(err(&gleaner(scratch.root(), &["build", "--color", "always"])).contains('\u{1b}'));
}

const STORY: &str = "On quiet gardens\n\nThe first paragraph of it has a sentence or two. So it goes.\n\nThe second one is here to end it all.\n";

/// An archive of these files, stored as they are.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, text) in files {
        let (mut entry, config) = archive.new_file(*name).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(text.as_bytes()).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

#[test]
fn an_archive_is_many_seeds() {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"A\"\n")]);
    scratch.write(
        "seeds/batch.zip",
        zip(&[("folder/a.txt", STORY), ("note.md", "# A note\n\nIts text.\n"), ("__MACOSX/._note.md", "x")]),
    );
    let imported = gleaner(scratch.root(), &["import"]);
    assert_data_eq!(
        err(&imported),
        str![[r"
     skipped  seeds/batch.zip/__MACOSX/._note.md (a system left it in the archive, it is no article)
    imported  seeds/batch.zip/folder/a.txt → content/articles/on-quiet-gardens.md
    imported  seeds/batch.zip/note.md → content/articles/a-note.md
3 seeds: 2 imported, 1 skipped.

"]]
    );
    let article = scratch.read("content/articles/on-quiet-gardens.md");
    assert!(article.contains("seed = \"seeds/batch.zip/folder/a.txt\""), "{article}");
    let explained = gleaner(scratch.root(), &["explain", "on-quiet-gardens"]);
    assert!(out(&explained).contains("seeds/batch.zip/folder/a.txt: unchanged"), "{}", out(&explained));
    // Unpacked by hand it is the same seeds, renamed.
    scratch.remove("seeds/batch.zip");
    scratch.write("seeds/a.txt", STORY);
    assert!(err(&gleaner(scratch.root(), &["import"])).ends_with("1 seed: 1 imported.\n"));
    let article = scratch.read("content/articles/on-quiet-gardens.md");
    assert!(article.contains("seed = \"seeds/a.txt\""), "{article}");
}

#[test]
fn a_folder_of_files_becomes_a_site() {
    let scratch = Scratch::of(&[
        ("saved pages/quiet.txt", STORY),
        ("saved pages/notes/one.md", "# A note\n\nIts text has a sentence or two. So it goes.\n"),
        ("saved pages/old.docx", "PK"),
        ("saved pages/.hidden", "x"),
        ("saved pages/.gitignore", "*.bak"),
        ("taken/content/a.md", "A page of another tool.\n"),
    ]);
    let root = scratch.path("saved pages");
    let before = crate::scratch::files(&root);
    let made = gleaner(&root, &["init"]);
    assert_data_eq!(
        err(&made),
        str![[r"
     written  gleaner.toml, with the title “Saved pages”
     written  content/about.md
    added to  .gitignore
      copied  3 files to seeds/: the site is made of these, and your own stay as they were

Next:

  gleaner serve --open       look at it, and see what became of each file
  gleaner topics suggest     what the articles could be sorted by

"]]
    );
    let after = crate::scratch::files(&root);
    for (path, bytes) in before.iter().filter(|(path, _)| *path != ".gitignore") {
        assert_eq!(after.get(path), Some(bytes), "{path}");
    }
    assert!(scratch.read("saved pages/.gitignore").starts_with("*.bak\n/public\n"));
    assert!(!scratch.has("saved pages/seeds/.hidden"));
    let built = gleaner(&root, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert!(err(&built).contains("Built 2 articles"), "{}", err(&built));
    let again = gleaner(&root, &["init"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("is a site already"), "{}", err(&again));
    // What another tool keeps where a site has its articles is not read as these.
    let taken = gleaner(scratch.root(), &["--root", "taken", "init"]);
    assert_eq!(taken.status.code(), Some(2));
    assert!(err(&taken).contains("`content/` is there already"), "{}", err(&taken));
    assert_eq!(crate::scratch::files(&scratch.path("taken")).len(), 1);
}

#[test]
fn import_takes_what_is_named_alone() {
    let scratch = Scratch::of(&[("site/gleaner.toml", "title = \"A\"\n"), ("site/seeds/one/a.txt", STORY)]);
    scratch.write("site/seeds/two/b.txt", STORY.replace("quiet", "loud").replace("second", "next"));
    scratch.write("pile/c.txt", STORY.replace("quiet", "wild").replace("second", "other"));
    let root = scratch.path("site");
    let imported = gleaner(&root, &["import", "seeds/one"]);
    assert!(err(&imported).ends_with("1 seed: 1 imported.\n"), "{}", err(&imported));
    let imported =
        gleaner(&scratch.path("site/seeds"), &["--root", "..", "import", "two/b.txt", "--dry-run"]);
    assert!(err(&imported).contains("1 seed: 1 imported.\n"), "{}", err(&imported));
    assert!(!scratch.has("site/content/articles/on-loud-gardens.md"));
    let dry = gleaner(&root, &["import", "../pile", "--dry-run"]);
    assert!(err(&dry).starts_with("1 file would be copied from ../pile to seeds/pile.\n"), "{}", err(&dry));
    assert!(!scratch.has("site/seeds/pile"));
    let imported = gleaner(&root, &["import", "../pile"]);
    assert!(err(&imported).starts_with("1 file copied from ../pile to seeds/pile.\n"), "{}", err(&imported));
    assert!(scratch.has("site/seeds/pile/c.txt") && scratch.has("site/content/articles/on-wild-gardens.md"));
    assert!(scratch.read("site/gleaner.lock").contains("seeds/one/a.txt"));
    assert!(!scratch.read("site/gleaner.lock").contains("seeds/two/b.txt"));
    scratch.replace("pile/c.txt", "wild", "tame");
    let refused = gleaner(&root, &["import", "../pile"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("`seeds/pile/c.txt` is there already, and is another file"));
    assert!(scratch.read("site/seeds/pile/c.txt").contains("wild"));
    let refused = gleaner(&root, &["import", "seeds/one/aa.txt"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("did you mean `seeds/one/a.txt`?"), "{}", err(&refused));
    let refused = gleaner(&root, &["import", "gleaner.toml"]);
    assert!(err(&refused).contains("`gleaner.toml` is part of the site"), "{}", err(&refused));
}

#[test]
fn a_deletion_is_taken_back_by_name() {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"A\"\n"), ("seeds/one/a.txt", STORY)]);
    let article = "content/articles/on-quiet-gardens.md";
    gleaner(scratch.root(), &["import"]);
    for name in ["on-quiet-gardens", article, "seeds/one/a.txt"] {
        scratch.remove(article);
        gleaner(scratch.root(), &["import"]);
        assert!(!scratch.has(article));
        let restored = gleaner(scratch.root(), &["import", "--restore", name]);
        assert!(restored.status.success() && scratch.has(article), "{}", err(&restored));
    }
    let refused = gleaner(scratch.root(), &["import", "--restore", article]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("the article of `seeds/one/a.txt` was not deleted"), "{}", err(&refused));
    let refused = gleaner(scratch.root(), &["import", "--restore", "on-quiet-garden"]);
    assert!(err(&refused).contains("did you mean `on-quiet-gardens`?"), "{}", err(&refused));
    let refused = gleaner(scratch.root(), &["import", "--restore"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_whole_account_is_there_for_programs() {
    let scratch =
        Scratch::of(&[("gleaner.toml", "title = \"A\"\n"), ("seeds/a.txt", STORY), ("seeds/b.txt", " ")]);
    let json = gleaner(scratch.root(), &["import", "--message-format", "json"]);
    let lines: Vec<serde_json::Value> =
        err(&json).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["hash"].as_str().unwrap().len(), 64);
    assert_eq!((&lines[0]["outcome"], &lines[1]["reason"]), (&"imported".into(), &"it is empty".into()));
    let sum = lines[2].as_object().unwrap();
    let counted: u64 = sum.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(counted, 2 * sum["seeds"].as_u64().unwrap(), "{sum:?}");
}
