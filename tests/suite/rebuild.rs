//! Building again: equal to a clean build, byte for byte, and no more written than changed.

use std::collections::BTreeSet;
use std::fs;

use gleaner::path::SitePath;
use gleaner::seeds::{self, CACHE};
use gleaner::{Options, build};

use crate::scratch::Scratch;

const CONFIG: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\n";
const TOPIC: &str = "+++\ntitle = \"Gardens\"\nterms = [\"garden\", \"soil\", \"compost\", \"leek\"]\n+++\nSee [[One garden]].\n";
const SEED: &str =
    "One garden\n\nThe garden has soil and compost. Leeks grow in the garden, and the soil likes compost.\n";
const ARTICLE: &str = "+++\ntitle = \"Two\"\ndate = 2012-05\n+++\n\nSee [[One garden|the first]] and a garden with soil.\n\n```rust\nfn a() {}\n```\n";

fn site() -> Scratch {
    Scratch::of(&[
        ("gleaner.toml", CONFIG),
        ("content/topics/gardens.md", TOPIC),
        ("content/articles/two.md", ARTICLE),
        ("seeds/one.txt", SEED),
        ("seeds/three.txt", "Three\n\nThis one is a longer sentence on music and its listeners.\n"),
        ("static/robots-note.txt", "hello\n"),
    ])
}

/// Builds what is there in a folder of its own, from nothing but what the curator has.
fn clean_build(scratch: &Scratch) -> Scratch {
    let clean = Scratch::copy(scratch.root(), |path| {
        path.starts_with("public/") || path.starts_with(".gleaner/cache/")
    });
    clean.build();
    clean
}

/// Edits a built site, builds again, compares with a clean build; gives the public files that changed.
fn rebuilt(edit: impl FnOnce(&Scratch)) -> BTreeSet<String> {
    let scratch = site();
    assert_eq!(scratch.build().report(), "");
    let before = scratch.public();
    edit(&scratch);
    let built = scratch.build();
    assert!(built.change.is_some(), "{}", built.report());
    let after = scratch.public();
    assert_eq!(after, clean_build(&scratch).public());
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed: BTreeSet<String> =
        paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect();
    let change = built.change.unwrap();
    let content = changed.iter().filter(|path| !path.ends_with(".gleaner-manifest")).count();
    assert_eq!(change.written + change.removed, content, "as much is written as changed: {changed:?}");
    changed
}

#[test]
fn an_edit_changes_the_pages_that_show_it() {
    let changed =
        rebuilt(|scratch| scratch.replace("content/articles/two.md", "a garden with soil", "a quiet shed"));
    assert!(
        changed.contains("articles/two/index.html") && changed.contains("articles/two/index.md"),
        "{changed:?}"
    );
    for untouched in ["articles/three/index.html", "about/index.html", "404.html", "sitemap.xml"] {
        assert!(!changed.contains(untouched), "{untouched} shows nothing of it: {changed:?}");
    }
    assert!(!changed.iter().any(|path| path.starts_with("assets/")), "{changed:?}");
}

#[test]
fn an_edit_renews_only_the_pieces_of_the_search_that_know_of_it() {
    let edit =
        |scratch: &Scratch| scratch.replace("content/articles/two.md", "a garden with soil", "a quiet shed");
    let changed = rebuilt(edit);
    let pieces: Vec<_> = changed.iter().filter(|path| path.starts_with("search/")).collect();
    assert!(pieces.iter().any(|path| path.as_str() == "search/pieces/start.js"), "{changed:?}");
    let scratch = site();
    scratch.build();
    let texts = |scratch: &Scratch| -> BTreeSet<String> {
        let knows = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("Leeks grow in the garden");
        let public = scratch.public().into_iter();
        public
            .filter(|(path, bytes)| path.starts_with("search/") && knows(bytes))
            .map(|(path, _)| path)
            .collect()
    };
    let before = texts(&scratch);
    edit(&scratch);
    scratch.build();
    assert_eq!((before.len(), texts(&scratch)), (1, before), "the text of another article keeps its name");
}

#[test]
fn every_kind_of_edit_equals_a_clean_build() {
    rebuilt(|_| {});
    rebuilt(|scratch| {
        scratch.write("seeds/four.txt", "Four\n\nA fourth piece on the garden, its soil, its compost.\n");
    });
    rebuilt(|scratch| scratch.replace("seeds/one.txt", "Leeks grow", "Leeks thrive"));
    rebuilt(|scratch| scratch.remove("seeds/three.txt"));
    rebuilt(|scratch| scratch.remove("content/articles/three.md"));
    rebuilt(|scratch| scratch.rename("content/articles/two.md", "content/articles/second.md"));
    rebuilt(|scratch| scratch.replace("content/topics/gardens.md", "\"leek\"", "\"leek\", \"music\""));
    rebuilt(|scratch| scratch.replace("gleaner.toml", "title = \"T\"", "title = \"U\""));
    rebuilt(|scratch| scratch.write("themes/default/templates/plain.html", "<p>{{ page.head.title }}</p>"));
    rebuilt(|scratch| scratch.write("themes/default/static/style.css", "p { color: red }"));
    rebuilt(|scratch| scratch.write("static/more.txt", "more\n"));
    rebuilt(|scratch| scratch.remove("static"));
    rebuilt(|scratch| scratch.write("content/colophon.md", "A page, see [[Two]].\n"));
    rebuilt(|scratch| scratch.write("content/paths/first.md", "Begin with [[Two]], then [[One garden]].\n"));
    rebuilt(|scratch| scratch.write("content/concepts.toml", "[[concept]]\nname = \"Rust\"\n"));
    rebuilt(|scratch| scratch.replace("content/articles/two.md", "date = 2012-05", "authors = [\"Bo Lee\"]"));
    rebuilt(|scratch| {
        scratch.replace("content/articles/two.md", "a garden", "as many as 40% of Lisbon has a garden");
    });
}

/// An edit of one article, in a site where each year has a page of its own.
#[test]
fn past_three_hundred_articles_a_year_has_a_page() {
    let settings = format!("{CONFIG}cards = false\n");
    let scratch = Scratch::of(&[("gleaner.toml", settings.as_str())]);
    for number in 0..301 {
        let date = if number < 5 { String::new() } else { format!("date = {}\n", 2000 + number % 3) };
        let text = format!("+++\ntitle = \"Number {number}\"\n{date}+++\n\nA text.\n");
        scratch.write(&format!("content/articles/n{number}.md"), text);
    }
    assert_eq!(scratch.build().report(), "");
    let timeline = scratch.read("public/timeline/index.html");
    assert!(timeline.contains("href=\"2001/index.html\"") && !timeline.contains("Number 7<"), "{timeline}");
    assert!(scratch.read("public/timeline/2001/index.html").contains("Number 7<"));
    assert!(!scratch.read("public/timeline/2002/index.html").contains("Number 7<"));
    let undated = scratch.read("public/timeline/undated/index.html");
    assert!(
        undated.contains("Date unknown") && undated.contains("Number 4<") && !undated.contains("Number 5<")
    );
    assert!(scratch.read("public/sitemap.xml").contains("https://example.org/timeline/2002/"));
    // One less, and everything is on one page again.
    scratch.remove("content/articles/n300.md");
    scratch.build();
    assert!(scratch.read("public/timeline/index.html").contains("Number 7<"));
    assert!(!scratch.has("public/timeline/2001/index.html"));
}

#[test]
fn nothing_changed_writes_nothing() {
    assert_eq!(rebuilt(|_| {}), BTreeSet::new());
}

#[test]
fn a_failed_build_leaves_the_last_site() {
    let scratch = site();
    scratch.build();
    let before = scratch.public();
    scratch.write("content/articles/two.md", "+++\ntitle = \n+++\n");
    let built = scratch.build();
    assert!(built.change.is_none() && built.found.has_errors());
    assert_eq!(scratch.public(), before);
    scratch.write("content/articles/two.md", ARTICLE);
    scratch.write("themes/default/templates/article.html", "{{ page.nothing.here }}");
    let built = scratch.build();
    assert!(built.change.is_none());
    assert!(built.report().contains("themes/default/templates/article.html:1:"), "{}", built.report());
    assert_eq!(scratch.public(), before);
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let scratch = site();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    one.install(|| scratch.build());
    let before = scratch.public();
    let many = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
    scratch.remove("public");
    many.install(|| scratch.build());
    assert_eq!(scratch.public(), before);
}

#[test]
fn texts_that_wait_on_the_disk_change_nothing() {
    let scratch = site();
    scratch.build();
    fs::create_dir_all(scratch.root().join(CACHE)).unwrap();
    let built = |room: u64| {
        let (site, mut found) = seeds::read_holding(scratch.root(), room).unwrap();
        let read: Vec<String> = site.articles.values().map(|text| text.read().into_owned()).collect();
        let (built, problems) = build(site, &Options::default());
        found.extend(problems);
        let public = built.public.unwrap();
        let files: Vec<_> =
            public.addresses().map(|at| (at.clone(), public.bytes(at).unwrap().unwrap())).collect();
        (read, files, format!("{:?}", found.sorted()))
    };
    let held = built(u64::MAX);
    assert_eq!(built(0), held);
    // What is read is what was found, whatever becomes of the files meanwhile.
    let cached = || fs::read_dir(scratch.root().join(CACHE)).unwrap().count();
    let before = cached();
    let (site, _) = seeds::read_holding(scratch.root(), 0).unwrap();
    let path = "content/articles/two.md";
    scratch.write(path, "Nothing of what it was.\n");
    assert!(site.articles[&SitePath::new(path)].read().contains("a garden with soil"));
    assert_eq!(cached(), before, "the file has no name");
}
