//! Links of every form between three articles and a topic, resolved; and an article renamed that others link to.
#![no_main]

use gleaner::articles::ArticleId;
use gleaner::path::SitePath;
use gleaner::renaming::rename;
use gleaner::seeds::Site;
use gleaner::{Options, join};
use gleaner_fuzz::{show, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    let mut site = Site { has_articles: true, ..Site::default() };
    for (path, typed) in [
        ("content/articles/one.md", format!("+++\ntitle = \"One\"\n+++\n{typed}")),
        ("content/articles/two.md", format!("# Two\n\n[[One]] [[Topic]] ![[one#part]]\n\n{typed}")),
        (
            "content/articles/three.md",
            "---\ntitle: A [[ B\naliases: /old/\n---\n## Part\n\n[[two|x]]".to_owned(),
        ),
    ] {
        site.articles.insert(SitePath::new(path), text(path, &typed));
    }
    let topic = "content/topics/topic.md";
    site.topics.insert(
        SitePath::new(topic),
        text(topic, "+++\ntitle = \"Topic\"\nterms = [\"word\"]\n+++\n[[one]]"),
    );
    let (joined, found) = join(&site, &Options { no_import: true, ..Options::default() });
    show(&found);
    // What cannot be renamed says so.
    let _refused =
        rename(&site, &joined, &ArticleId::of(&SitePath::new("content/articles/one.md")), "another");
});
