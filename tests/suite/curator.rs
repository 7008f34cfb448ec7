//! The curator wins: what was edited by hand survives every later import.

use gleaner::import::{Asked, Import, Outcome, Side};
use gleaner::path::SitePath;

use crate::scratch::{Built, Scratch, files};

const SEED: &str = "A title of some words\n\nBy Jane Roe | 2 March 2011\n\nThe first paragraph has a sentence.\n\nThe second paragraph has another one.\n\nThe third paragraph ends it all.\n";
const ARTICLE: &str = "content/articles/a-title-of-some-words.md";

fn imported() -> Scratch {
    let scratch = Scratch::of(&[("seeds/one.txt", SEED)]);
    let built = scratch.build();
    assert_eq!(outcome(&built, "seeds/one.txt"), Outcome::Imported);
    assert!(scratch.has(ARTICLE), "{:?}", files(scratch.root()).keys());
    scratch
}

fn outcome(built: &Built, seed: &str) -> Outcome {
    built.import.accounts[seed].outcome
}

#[test]
fn importing_again_writes_nothing() {
    let scratch = imported();
    let before = files(scratch.root());
    let built = scratch.build();
    assert_eq!(outcome(&built, "seeds/one.txt"), Outcome::Unchanged);
    assert!(built.import.writes.is_empty(), "{:?}", built.import.writes.keys());
    assert_eq!(files(scratch.root()), before);
}

#[test]
fn the_ledger_knows_the_day_an_article_was_written() {
    let scratch = imported();
    let day = |scratch: &Scratch| {
        let ledger = scratch.read("gleaner.lock");
        ledger.lines().find_map(|line| line.strip_prefix("imported = ")).map(str::to_owned)
    };
    let first = day(&scratch);
    assert_eq!(first.as_deref(), Some("\"2011-04-05\""));
    let page = scratch.read("public/articles/a-title-of-some-words/source/index.html");
    assert!(page.contains("5 April 2011"), "{page}");
    // Another day on which nothing is written changes nothing; one on which something is, does.
    let later = |scratch: &Scratch| {
        let (mut site, _) = gleaner::seeds::read(scratch.root()).unwrap();
        site.today = "2012".parse().ok();
        let ((_, import), _) = gleaner::import::import(&site, &Asked::default());
        gleaner::public::keep(scratch.root(), &import.writes).unwrap();
    };
    later(&scratch);
    assert_eq!(day(&scratch), first);
    scratch.replace("seeds/one.txt", "ends it all", "ends it well");
    later(&scratch);
    assert_eq!(day(&scratch).as_deref(), Some("\"2012\""));
}

#[test]
fn an_edit_is_kept() {
    let scratch = imported();
    scratch.replace(ARTICLE, "second paragraph has another one", "second paragraph was edited by hand");
    let edited = scratch.read(ARTICLE);
    for _ in 0..2 {
        let built = scratch.build();
        assert_eq!(outcome(&built, "seeds/one.txt"), Outcome::Kept);
        assert_eq!(scratch.read(ARTICLE), edited);
    }
}

#[test]
fn an_untouched_article_follows_its_seed() {
    let scratch = imported();
    scratch.replace("seeds/one.txt", "ends it all", "ends it well");
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Imported);
    assert!(scratch.read(ARTICLE).contains("ends it well"));
    let before = files(scratch.root());
    scratch.build();
    assert_eq!(files(scratch.root()), before, "the change was news once");
}

#[test]
fn edits_on_both_sides_are_merged() {
    let scratch = imported();
    scratch.replace(ARTICLE, "The first paragraph has", "My first paragraph has");
    scratch.replace("seeds/one.txt", "ends it all", "ends it well");
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Merged);
    let merged = scratch.read(ARTICLE);
    assert!(merged.contains("My first paragraph has") && merged.contains("ends it well"), "{merged}");
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Kept);
    assert_eq!(scratch.read(ARTICLE), merged);
}

#[test]
fn a_conflict_keeps_the_curators_words_and_is_reported() {
    let scratch = imported();
    scratch.replace(ARTICLE, "ends it all", "ends it my way");
    scratch.replace("seeds/one.txt", "ends it all", "ends it their way");
    let edited = scratch.read(ARTICLE);
    let built = scratch.build();
    assert_eq!(outcome(&built, "seeds/one.txt"), Outcome::Kept);
    assert_eq!(scratch.read(ARTICLE), edited);
    let report = built.report();
    assert!(report.contains("my way") && report.contains("their way"), "{report}");
    assert!(!scratch.read("public/articles/a-title-of-some-words/index.html").contains("&lt;&lt;&lt;&lt;"));
}

#[test]
fn a_deleted_article_stays_deleted() {
    let scratch = imported();
    scratch.remove(ARTICLE);
    for _ in 0..2 {
        assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Kept);
        assert!(!scratch.has(ARTICLE));
    }
}

#[test]
fn a_renamed_article_keeps_its_identity_and_its_old_address() {
    let scratch = imported();
    scratch.rename(ARTICLE, "content/articles/better-name.md");
    for _ in 0..2 {
        let built = scratch.build();
        assert_eq!(built.report(), "");
        assert_eq!(outcome(&built, "seeds/one.txt"), Outcome::Unchanged);
        assert!(!scratch.has(ARTICLE));
        let redirect = scratch.read("public/articles/a-title-of-some-words/index.html");
        assert!(redirect.contains("../better-name/index.html"), "{redirect}");
    }
}

#[test]
fn a_renamed_seed_keeps_its_article() {
    let scratch = imported();
    scratch.replace(ARTICLE, "The first paragraph has", "My first paragraph has");
    scratch.rename("seeds/one.txt", "seeds/other.txt");
    scratch.build();
    assert_eq!(files(&scratch.path("content/articles")).len(), 1);
    let article = scratch.read(ARTICLE);
    assert!(article.contains("My first paragraph has") && article.contains("seeds/other.txt"), "{article}");
}

#[test]
fn a_seed_that_vanished_keeps_its_article() {
    let scratch = imported();
    scratch.remove("seeds/one.txt");
    assert_eq!(scratch.build().report(), "");
    assert!(scratch.has(ARTICLE) && scratch.has("public/articles/a-title-of-some-words/index.html"));
}

#[test]
fn good_text_is_not_replaced_by_little() {
    let scratch = imported();
    let before = scratch.read(ARTICLE);
    scratch.write("seeds/one.txt", "A title of some words\n\nToo little is left.\n");
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Kept);
    assert_eq!(scratch.read(ARTICLE), before);
    scratch.write("seeds/one.txt", "");
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Kept);
    assert_eq!(scratch.read(ARTICLE), before);
}

#[test]
fn without_its_memory_import_keeps_what_differs() {
    let scratch = imported();
    scratch.replace(ARTICLE, "The first paragraph has", "My first paragraph has");
    let edited = scratch.read(ARTICLE);
    scratch.remove("gleaner.lock");
    scratch.remove(".gleaner");
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Kept);
    assert_eq!(scratch.read(ARTICLE), edited);
}

#[test]
fn a_damaged_ledger_stops_import_and_nothing_is_touched() {
    let scratch = imported();
    scratch.write("gleaner.lock", "version = 1\nseed = 3\n");
    let before = files(scratch.root());
    let built = scratch.build();
    assert!(
        built.report().contains("gleaner.lock:2:8: error: the ledger cannot be read"),
        "{}",
        built.report()
    );
    assert_eq!(files(scratch.root()), before);
}

#[test]
fn every_seed_is_in_the_account() {
    let scratch = imported();
    scratch.write("seeds/copy.txt", SEED);
    scratch.write("seeds/empty.txt", "  \n");
    scratch.write("seeds/picture.txt", (0..=255).cycle().take(2000).collect::<Vec<u8>>());
    scratch.write("seeds/photo.jpg", "jpg");
    scratch.write("seeds/sub/note.md", "# A note\n\nIts text.\n");
    let built = scratch.build();
    let ended: Vec<String> =
        built.import.accounts.iter().map(|(seed, account)| format!("{seed}: {}", account.outcome)).collect();
    assert_eq!(
        ended,
        [
            "seeds/copy.txt: duplicate",
            "seeds/empty.txt: skipped",
            "seeds/one.txt: unchanged",
            "seeds/photo.jpg: skipped",
            "seeds/picture.txt: quarantined",
            "seeds/sub/note.md: imported",
        ]
    );
    assert!(
        built.report().starts_with("seeds/picture.txt: warning: quarantined: it is not text"),
        "{}",
        built.report()
    );
}

#[test]
fn a_markdown_seed_keeps_its_identity_too() {
    for seed in
        ["+++\ntitle = \"A note\" # mine\n+++\nIts text.\n", "---\ntitle: A note # mine\n---\nIts text.\n"]
    {
        let scratch = Scratch::of(&[("seeds/note.md", seed)]);
        scratch.build();
        let article = "content/articles/a-note.md";
        assert!(scratch.read(article).contains("seeds/note.md") && scratch.read(article).contains("# mine"));
        scratch.rename(article, "content/articles/renamed.md");
        let built = scratch.build();
        assert_eq!((built.report().as_str(), outcome(&built, "seeds/note.md")), ("", Outcome::Unchanged));
        assert!(scratch.has("public/articles/a-note/index.html"));
        scratch.replace("content/articles/renamed.md", "Its text.", "My text.");
        scratch.remove("gleaner.lock");
        assert_eq!(outcome(&scratch.build(), "seeds/note.md"), Outcome::Kept);
        assert_eq!(files(&scratch.path("content/articles")).len(), 1);
    }
}

#[test]
fn front_matter_that_cannot_be_read_sets_one_seed_aside() {
    let scratch = imported();
    scratch.write("seeds/bad.md", "---\ntitle: \"A\n---\nText.\n");
    let nested = format!("---\n{}x\n---\nText.\n", "- ".repeat(5000));
    scratch.write("seeds/deep.md", nested);
    scratch.write("seeds/foreign.md", "---\ntitle: Foreign\nlayout: post\ntags: [a]\n---\nText of it.\n");
    let built = scratch.build();
    assert_eq!(outcome(&built, "seeds/bad.md"), Outcome::Quarantined);
    assert_eq!(outcome(&built, "seeds/deep.md"), Outcome::Quarantined);
    assert_eq!(outcome(&built, "seeds/foreign.md"), Outcome::Imported);
    assert!(built.change.is_some(), "{}", built.report());
}

#[test]
fn a_copy_takes_the_place_of_the_first() {
    let scratch = imported();
    scratch.write("seeds/two.txt", SEED);
    assert_eq!(outcome(&scratch.build(), "seeds/two.txt"), Outcome::Duplicate);
    scratch.remove("seeds/one.txt");
    scratch.build();
    assert_eq!(files(&scratch.path("content/articles")).len(), 1);
    assert!(scratch.read(ARTICLE).contains("seeds/two.txt"));
}

#[test]
fn an_article_that_cannot_be_read_is_not_written_over() {
    let scratch = Scratch::of(&[("seeds/one.txt", SEED)]);
    scratch.write(ARTICLE, b"+++\ntitle = \"Mine\"\n+++\nMy caf\xe9.\n");
    let before = std::fs::read(scratch.path(ARTICLE)).unwrap();
    let built = scratch.build();
    assert!(built.report().contains("is not UTF-8 text"), "{}", built.report());
    assert_eq!(std::fs::read(scratch.path(ARTICLE)).unwrap(), before);
}

#[test]
fn an_edit_made_while_it_ran_is_not_lost() {
    let scratch = imported();
    scratch.replace("seeds/one.txt", "ends it all", "ends it well");
    let (site, _) = gleaner::seeds::read(scratch.root()).unwrap();
    let ((_, import), _) = gleaner::import::import(&site, &Asked::default());
    scratch.replace(ARTICLE, "The first paragraph", "My first paragraph");
    let refused = gleaner::public::keep(scratch.root(), &import.writes).unwrap_err();
    assert!(refused.anywhere().in_short().contains("was changed while it was being imported"));
    assert!(scratch.read(ARTICLE).contains("My first paragraph"));
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Merged);
}

#[test]
fn what_hides_decisions_stops_import() {
    let scratch = imported();
    scratch.rename("content/articles", "content/elsewhere");
    let built = scratch.build();
    assert!(
        built.report().contains("`content/articles/` is gone, and the ledger knows 1"),
        "{}",
        built.report()
    );
    scratch.rename("content/elsewhere", "content/articles");
    scratch.write("gleaner.lock", b"# caf\xe9\n");
    let before = files(scratch.root());
    let built = scratch.build();
    assert!(built.report().contains("cannot read its own memory"), "{}", built.report());
    assert_eq!(files(scratch.root()), before);
}

#[test]
fn no_seed_takes_the_place_of_another() {
    let scratch = Scratch::of(&[(
        "seeds/a.md",
        "+++\ntitle = \"A\"\n[source]\nseed = \"seeds/one.txt\"\n+++\nx y z.\n",
    )]);
    scratch.build();
    scratch.write("seeds/one.txt", SEED);
    assert_eq!(outcome(&scratch.build(), "seeds/one.txt"), Outcome::Imported);
}

#[test]
fn long_names_are_no_obstacle() {
    let name = format!("seeds/{}.txt", "n".repeat(250));
    let scratch = Scratch::of(&[
        (&name, SEED),
        ("seeds/wide.txt", &SEED.replace("A title of some words", &"𠀀".repeat(80))),
    ]);
    let built = scratch.build();
    assert_eq!(built.report(), "");
    assert_eq!(built.import.accounts.len(), 2);
    assert!(scratch.build().import.writes.is_empty());
}

#[test]
fn pictures_of_a_seed_are_the_curators_once_they_are_written() {
    let prose = "<p>Leeks are sown in spring, in rows, and the young plants are moved to deep holes in summer, where they \
                 stand until the first frost has sweetened them, as every gardener knows.</p>";
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAA=";
    let seed = format!(
        "<html><head><title>Leeks</title></head><body><article><h1>Leeks</h1>{prose}{prose}<figure><img alt='A leek' \
         src='data:image/png;base64,{picture}'></figure>{prose}{prose}</article></body></html>"
    );
    let scratch = Scratch::of(&[("seeds/leeks.html", &seed)]);
    assert_eq!(scratch.build().report(), "");
    let beside = || files(&scratch.path("content/articles"));
    let name = beside().into_keys().find(|name| name.ends_with(".png")).unwrap();
    assert!(name.starts_with("leeks-"), "{name}");
    assert!(scratch.read("content/articles/leeks.md").contains(&format!("![A leek]({name})")));
    assert!(scratch.read("public/articles/leeks/index.html").contains(&format!("src=\"{name}\"")));
    let published = format!("public/articles/leeks/{name}");
    assert_eq!(scratch.public()[&published["public/".len()..]], beside()[&name]);

    let before = files(scratch.root());
    assert!(scratch.build().import.writes.is_empty());
    assert_eq!(files(scratch.root()), before);

    // Another picture in its place stays, and so does its absence.
    scratch.write(&format!("content/articles/{name}"), "retouched");
    scratch.replace("seeds/leeks.html", "A leek", "One leek");
    scratch.build();
    assert!(scratch.read("content/articles/leeks.md").contains("![One leek]"));
    assert_eq!(scratch.read(&published), "retouched");
    scratch.remove(&format!("content/articles/{name}"));
    for _ in 0..2 {
        let report = scratch.build().report();
        assert!(report.contains(&format!("there is no picture `{name}`")), "{report}");
        assert_eq!(beside().len(), 1);
    }
    // A deleted article takes no picture back with it.
    scratch.remove("content/articles/leeks.md");
    scratch.build();
    assert!(beside().is_empty());
}

fn ask(scratch: &Scratch, asked: &Asked) -> (Import, String) {
    let (site, mut found) = gleaner::seeds::read(scratch.root()).unwrap();
    let ((_, import), problems) = gleaner::import::import(&site, asked);
    found.extend(problems);
    gleaner::public::keep(scratch.root(), &import.writes).unwrap();
    (import, found.sorted().iter().map(|one| format!("{}\n", one.in_short())).collect())
}

fn in_conflict() -> Scratch {
    let scratch = imported();
    scratch.replace(ARTICLE, "The first paragraph has", "My first paragraph has");
    scratch.replace(ARTICLE, "ends it all", "ends it my way");
    scratch.replace("seeds/one.txt", "ends it all", "ends it their way");
    let (_, report) = ask(&scratch, &Asked::default());
    assert!(report.contains("`gleaner import --accept mine content/articles/a-title-of-some-words.md`"));
    scratch
}

#[test]
fn a_conflict_is_settled_for_the_curator() {
    let scratch = in_conflict();
    let mine = scratch.read(ARTICLE);
    let settle =
        [("seeds/one.txt".into(), Side::Mine)].map(|(seed, side): (String, _)| (SitePath::new(seed), side));
    let (import, report) = ask(&scratch, &Asked { settle: settle.into(), ..Asked::default() });
    assert_eq!((import.accounts["seeds/one.txt"].outcome, report.as_str()), (Outcome::Kept, ""));
    assert_eq!(scratch.read(ARTICLE), mine);
    let (import, report) = ask(&scratch, &Asked::default());
    assert_eq!((report.as_str(), import.writes.len()), ("", 0), "it is settled for good");
    scratch.replace("seeds/one.txt", "The second paragraph", "The next paragraph");
    let (import, _) = ask(&scratch, &Asked::default());
    assert_eq!(import.accounts["seeds/one.txt"].outcome, Outcome::Merged, "later changes are merged again");
    let merged = scratch.read(ARTICLE);
    assert!(merged.contains("The next paragraph") && merged.contains("ends it my way"), "{merged}");
}

#[test]
fn a_conflict_is_settled_for_the_seed() {
    let scratch = in_conflict();
    let settle = [(SitePath::new("seeds/one.txt"), Side::Theirs)].into();
    let (import, report) = ask(&scratch, &Asked { settle, ..Asked::default() });
    assert_eq!((import.accounts["seeds/one.txt"].outcome, report.as_str()), (Outcome::Merged, ""));
    let article = scratch.read(ARTICLE);
    assert!(article.contains("ends it their way") && article.contains("My first paragraph"), "{article}");
    let (import, report) = ask(&scratch, &Asked::default());
    assert_eq!((report.as_str(), import.writes.len()), ("", 0));
}

#[test]
fn a_deleted_article_comes_back_when_it_is_wanted() {
    let scratch = imported();
    let before = scratch.read(ARTICLE);
    scratch.remove(ARTICLE);
    scratch.write("content/articles/other.md", "+++\ntitle = \"Other\"\n+++\nText.\n");
    ask(&scratch, &Asked::default());
    // A copy, and the seed under another name, are no way around the decision.
    scratch.write("seeds/zcopy.txt", SEED);
    let (import, _) = ask(&scratch, &Asked::default());
    assert_eq!(import.accounts["seeds/zcopy.txt"].outcome, Outcome::Duplicate);
    scratch.remove("seeds/zcopy.txt");
    scratch.rename("seeds/one.txt", "seeds/two.txt");
    let (import, _) = ask(&scratch, &Asked::default());
    assert_eq!(import.accounts["seeds/two.txt"].outcome, Outcome::Kept);
    let restore = [SitePath::new("seeds/two.txt")].into();
    let (import, _) = ask(&scratch, &Asked { restore, ..Asked::default() });
    assert_eq!(import.accounts["seeds/two.txt"].outcome, Outcome::Imported);
    assert_eq!(scratch.read(ARTICLE), before.replace("seeds/one.txt", "seeds/two.txt"));
    assert!(ask(&scratch, &Asked::default()).0.writes.is_empty());
}

#[test]
fn what_is_no_seed_is_in_the_account_and_keeps_its_article() {
    let scratch = imported();
    let before = scratch.read(ARTICLE);
    scratch.remove("seeds/one.txt");
    scratch.write("seeds/elsewhere.txt", "x");
    std::os::unix::fs::symlink("nowhere.txt", scratch.path("seeds/one.txt")).unwrap();
    std::os::unix::fs::symlink("..", scratch.path("seeds/loop")).unwrap();
    std::fs::create_dir(scratch.path("seeds/folder.txt")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(scratch.path("seeds/socket.txt")).unwrap();
    let large = std::fs::File::create(scratch.path("seeds/large.txt")).unwrap();
    large.set_len(gleaner::seeds::LARGEST_SEED + 1).unwrap();
    scratch.write("seeds/broken.zip", "no archive");
    let (import, report) = ask(&scratch, &Asked::default());
    drop(socket);
    let ended: Vec<String> = import
        .accounts
        .iter()
        .filter(|(_, account)| account.hash.is_empty())
        .map(|(seed, account)| {
            format!("{seed}: {} ({})", account.outcome, account.reason.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        ended,
        [
            "seeds/broken.zip: quarantined (the archive is damaged: missing end of central directory)",
            "seeds/large.txt: quarantined (it is larger than a seed may be, 64 MB)",
            "seeds/loop: quarantined (a symbolic link is not followed)",
            "seeds/one.txt: kept (the article is kept as it is, for the seed cannot be imported any more: a symbolic link is not followed)",
            "seeds/socket.txt: quarantined (it is neither a file nor a folder)",
        ]
    );
    assert_eq!(report.matches("quarantined: ").count(), 6, "{report}");
    assert_eq!(scratch.read(ARTICLE), before);
    // Readable again, it is the seed it was.
    scratch.remove("seeds/one.txt");
    scratch.write("seeds/one.txt", SEED);
    assert_eq!(ask(&scratch, &Asked::default()).0.accounts["seeds/one.txt"].outcome, Outcome::Unchanged);
}
