//! What the search's files tell: all that is published, and nothing else.

use crate::scratch::Scratch;

fn article(front: &str, words: &str) -> String {
    // More words than an excerpt has, before those that must not be told.
    format!(
        "+++\ntitle = \"Of {words}\"\n{front}\n+++\n\nOpening{words} {}closing{words}.\n",
        "and so on ".repeat(30)
    )
}

/// Whether a word is anywhere in the search's pieces.
fn tells(scratch: &Scratch, word: &str) -> bool {
    let public = scratch.public();
    let mut pieces = public.iter().filter(|(path, _)| path.starts_with("search/pieces/"));
    pieces.any(|(_, bytes)| String::from_utf8_lossy(bytes).to_lowercase().contains(word))
}

#[test]
fn what_is_not_published_is_not_found() {
    let full = article("", "full");
    let excerpt = article("rights = \"excerpt\"", "excerpt");
    let link = article("rights = \"link\"", "link");
    let draft = article("draft = true", "draft");
    let scratch = Scratch::of(&[
        ("content/articles/full.md", full.as_str()),
        ("content/articles/excerpt.md", excerpt.as_str()),
        ("content/articles/link.md", link.as_str()),
        ("content/articles/draft.md", draft.as_str()),
    ]);
    scratch.build();
    for word in ["of full", "openingfull", "closingfull", "of excerpt", "openingexcerpt", "of link"] {
        assert!(tells(&scratch, word), "{word} is published");
    }
    for word in ["closingexcerpt", "openinglink", "closinglink", "of draft", "openingdraft", "closingdraft"] {
        assert!(!tells(&scratch, word), "{word} is not");
    }
}

#[test]
fn the_folder_of_the_pieces_is_the_search_s_own() {
    let scratch = Scratch::of(&[("static/search/pieces/mine.js", "")]);
    let built = scratch.build();
    assert!(built.change.is_none());
    assert!(
        built.report().starts_with("static/search/pieces/mine.js: error: two pages have the address"),
        "{}",
        built.report()
    );
}
