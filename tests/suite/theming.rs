//! The look of a site as its curator changes it.

use crate::cli::{err, gleaner};
use crate::scratch::Scratch;

const ARTICLE: (&str, &str) = ("content/articles/leeks.md", "+++\ntitle = \"Leeks\"\n+++\n\nThey grow.\n");

#[test]
fn a_site_speaks_its_language_in_its_direction_and_so_do_its_scripts() {
    for (language, opening, count, script) in [
        ("ar", "<html lang=\"ar\" dir=\"rtl\">", "مقال واحد", "\"colours\":\"الألوان\""),
        ("de-AT", "<html lang=\"de-AT\">", "1 Artikel", "\"colours\":\"Farben\""),
        ("en", "<html lang=\"en\">", "One article", "\"colours\":\"Colours\""),
    ] {
        let scratch = Scratch::of(&[ARTICLE, ("gleaner.toml", &format!("language = \"{language}\"\n"))]);
        let built = gleaner(scratch.root(), &["build", "--strict"]);
        assert_eq!(built.status.code(), Some(0), "{}", err(&built));
        let front = scratch.read("public/index.html");
        assert!(front.contains(opening) && front.contains(count), "{front}");
        let name = front.split("assets/site.").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let read = scratch.read(&format!("public/assets/site.{name}"));
        assert!(read.contains(script) && !read.contains("__WORDS__"), "{language}");
    }
}

#[test]
fn a_site_adds_a_language_and_is_told_what_is_missing() {
    let scratch = Scratch::of(&[ARTICLE, ("gleaner.toml", "language = \"it\"\n")]);
    let built = gleaner(scratch.root(), &["--message-format", "short", "build"]);
    assert!(err(&built).contains("warning: the site's own words are in English: there are none in `it`"));
    scratch.write("themes/default/i18n/it.toml", "[names]\ntopics = \"Temi\"\n[frame]\nskipp = \"?\"\n");
    let built = gleaner(scratch.root(), &["--message-format", "short", "build"]);
    let said = err(&built);
    assert!(
        said.contains("themes/default/i18n/it.toml:4:9: error: nothing says the string `frame.skipp`"),
        "{said}"
    );
    scratch.write("themes/default/i18n/it.toml", "[names]\ntopics = \"Temi\"\n");
    let built = gleaner(scratch.root(), &["--message-format", "short", "build"]);
    assert!(err(&built).contains("warning: strings are missing, and are said in English"), "{}", err(&built));
    assert_eq!(built.status.code(), Some(0));
    assert!(scratch.read("public/index.html").contains(">Temi</a>"));
}
