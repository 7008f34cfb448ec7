//! What machines read: feeds, linked data and sitemaps are what their formats demand.

use serde_json::Value;

use crate::scratch::Scratch;

const ARTICLE: &str = "+++\ntitle = \"Leeks & </script> <i>onions</i>\"\ndate = 2011-03-02\nauthors = [\"Jane Roe\"]\ntopics = [\"Gardens\"]\n[source]\nurl = \"https://example.com/leeks\"\nsite = \"The Paper\"\n+++\n\nLeeks stand more frost than any other vegetable in the garden, and want light.\n";

fn site() -> Scratch {
    let scratch = Scratch::of(&[
        ("gleaner.toml", "title = \"Notes\"\nbase_url = \"https://example.org/notes/\"\n"),
        ("content/topics/gardens.md", "+++\ntitle = \"Gardens\"\nterms = [\"garden\"]\n+++\n"),
        ("content/articles/leeks.md", ARTICLE),
        (
            "content/articles/undated.md",
            "+++\ntitle = \"Undated\"\n+++\n\nNobody knows when this was written, or by whom.\n",
        ),
    ]);
    assert_eq!(scratch.build().report(), "");
    scratch
}

#[test]
fn feeds_are_read_by_a_feed_reader() {
    let scratch = site();
    for path in ["public/atom.xml", "public/topics/gardens/atom.xml", "public/feed.json"] {
        let feed = feed_rs::parser::parse(scratch.read(path).as_bytes()).unwrap();
        assert_eq!(feed.entries.len(), 1, "{path}");
        let entry = &feed.entries[0];
        assert_eq!(entry.id, "https://example.org/notes/articles/leeks/", "{path}");
        assert_eq!(entry.authors[0].name, "Jane Roe", "{path}");
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2011-03-02T00:00:00+00:00", "{path}");
        assert_eq!(entry.categories[0].term, "Gardens", "{path}");
    }
}

/// The linked data of a page: each thing of its graph.
fn linked_data(page: &str) -> Vec<Value> {
    let start = page.find("application/ld+json\">").unwrap() + "application/ld+json\">".len();
    let end = start + page[start..].find("</script>").unwrap();
    let data: Value = serde_json::from_str(&page[start..end]).unwrap();
    assert_eq!(data["@context"], "https://schema.org");
    data["@graph"].as_array().unwrap().clone()
}

#[test]
fn linked_data_says_what_a_page_is() {
    let scratch = site();
    let article = linked_data(&scratch.read("public/articles/leeks/index.html"));
    assert_eq!(article[0]["@type"], "Article");
    assert_eq!(article[0]["headline"], "Leeks & </script> <i>onions</i>");
    assert_eq!(article[0]["datePublished"], "2011-03-02");
    assert_eq!(article[0]["isBasedOn"], "https://example.com/leeks");
    assert_eq!(article[0]["about"][0]["url"], "https://example.org/notes/topics/gardens/");
    let trail = article[1]["itemListElement"].as_array().unwrap();
    let names: Vec<&str> = trail.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Notes", "Timeline", "Leeks & </script> <i>onions</i>"]);

    let undated = linked_data(&scratch.read("public/articles/undated/index.html"));
    assert!(undated[0].get("datePublished").is_none() && undated[0].get("author").is_none(), "{undated:?}");

    let topic = linked_data(&scratch.read("public/topics/gardens/index.html"));
    assert_eq!(topic[0]["@type"], "CollectionPage");
    let parts = topic[0]["hasPart"].as_array().unwrap();
    assert!(parts.iter().any(|part| part["headline"] == "Leeks & </script> <i>onions</i>"), "{parts:?}");
    assert_eq!(linked_data(&scratch.read("public/index.html"))[0]["@type"], "WebSite");
}

/// What a page's head says by a property.
fn said<'a>(page: &'a str, property: &str) -> Option<&'a str> {
    let start = page.split_once(&format!("property=\"{property}\" content=\""))?.1;
    start.split_once('"').map(|(content, _)| content)
}

#[test]
fn a_page_is_shared_with_its_card() {
    let scratch = site();
    scratch.write(
        "content/articles/leek.md",
        "+++\ntitle = \"\u{7121}\"\n+++\n\nThe face has no letter for this title.\n",
    );
    assert_eq!(scratch.build().report(), "");
    let card = |path: &str| {
        let page = scratch.read(path);
        said(&page, "og:image").map(str::to_owned)
    };
    let of_article = card("public/articles/leeks/index.html").unwrap();
    assert_eq!(of_article, "https://example.org/notes/articles/leeks/card.png");
    let of_site = Some("https://example.org/notes/card.png".to_owned());
    assert_eq!(card("public/articles/leek/index.html"), of_site);
    assert_eq!(card("public/topics/index.html"), of_site);
    for path in ["public/articles/leeks/card.png", "public/card.png"] {
        let size = imagesize::size(scratch.path(path)).unwrap();
        assert_eq!((size.width, size.height), (1200, 630), "{path}");
    }
    assert!(!scratch.path("public/articles/leek/card.png").exists());

    for settings in ["base_url = \"https://example.org/\"\ncards = false\n", "cards = true\n"] {
        scratch.write("gleaner.toml", settings);
        assert_eq!(scratch.build().report(), "");
        assert_eq!(card("public/articles/leeks/index.html"), None, "{settings}");
        assert!(!scratch.path("public/card.png").exists(), "{settings}");
    }
}
