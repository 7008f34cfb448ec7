//! The look of a site as its curator changes it.

use snapbox::{assert_data_eq, str};

use crate::cli::{err, gleaner, out};
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

#[test]
fn a_theme_of_ones_own_is_made_and_told_when_the_built_in_one_has_changed() {
    let scratch = Scratch::of(&[ARTICLE]);
    let made = gleaner(scratch.root(), &["theme", "new", "mine"]);
    assert_data_eq!(
        err(&made),
        str![[r#"
     written  themes/mine/theme.toml
Now write `theme = "mine"` into gleaner.toml, and look at it with `gleaner serve`.

"#]]
    );
    let again = gleaner(scratch.root(), &["theme", "new", "mine"]);
    assert_eq!(again.status.code(), Some(2));
    scratch.write("gleaner.toml", "theme = \"mine\"\n");
    let copied = gleaner(scratch.root(), &["theme", "new", "mine", "templates/article.html"]);
    assert_eq!(copied.status.code(), Some(0), "{}", err(&copied));
    let built_in = gleaner(scratch.root(), &["theme", "show", "article.html", "--built-in"]);
    assert_eq!(out(&built_in), scratch.read("themes/mine/templates/article.html"));
    let built = gleaner(scratch.root(), &["build", "--strict"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));

    // As after an upgrade: what was copied is not what is built in now.
    let settings = scratch.read("themes/mine/theme.toml");
    let (before, hash) = settings.split_once("\"templates/article.html\" = \"").unwrap();
    let older = format!("{before}\"templates/article.html\" = \"0000000000000000\"{}", &hash[17..]);
    scratch.write("themes/mine/theme.toml", &older);
    let built = gleaner(scratch.root(), &["--message-format", "short", "build"]);
    let said = err(&built);
    assert!(said.contains("warning: the built-in `templates/article.html` has changed since"), "{said}");
    assert_eq!(built.status.code(), Some(0));
}

#[test]
fn an_accent_reaches_the_style_sheet_and_one_that_cannot_be_read_stops_the_build() {
    let settings = |accent: &str| format!("accent = \"{accent}\"\n");
    let scratch = Scratch::of(&[ARTICLE, ("themes/default/theme.toml", &settings("#1b4fb8"))]);
    let built = gleaner(scratch.root(), &["build", "--strict"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    let front = scratch.read("public/index.html");
    let name = front.split("assets/style.").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let style = scratch.read(&format!("public/assets/style.{name}"));
    assert!(style.contains(":root{--link:light-dark(#1b4fb8,"), "{}", &style[style.len() - 200..]);
    scratch.write("themes/default/theme.toml", settings("#ffaa00"));
    let built = gleaner(scratch.root(), &["build"]);
    assert_eq!(built.status.code(), Some(1));
    assert_data_eq!(
        err(&built),
        str![[r##"
error: `#ffaa00` cannot be read on the theme's light paper: its contrast is 1.8, and text needs 4.5
 --> themes/default/theme.toml:1:10
  |
1 | accent = "#ffaa00"
  |          ^^^^^^^^^
  |
  = help: the nearest that can is `#[..]`

Nothing was published: public is as it was.

"##]]
    );
}

#[test]
fn what_a_template_may_see_is_shown() {
    let scratch = Scratch::of(&[]);
    let shown = gleaner(scratch.root(), &["theme", "show", "author.html"]);
    let text = out(&shown);
    assert!(text.starts_with("author.html draws `/authors/<slug>/`\n\nsite\n  title "), "{text}");
    assert!(
        text.contains("\n  articles  list of Listed. The articles, newest first, undated last.\n"),
        "{text}"
    );
    let all = out(&gleaner(scratch.root(), &["theme", "show"]));
    assert!(
        all.contains("templates/base.html\n") && all.contains("templates/front.html                `/`\n"),
        "{all}"
    );
    let unknown = gleaner(scratch.root(), &["theme", "show", "autor.html"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("did you mean `author.html`?"), "{}", err(&unknown));
}

#[test]
fn a_share_card_has_the_accent_of_its_theme() {
    let scratch = Scratch::of(&[
        ARTICLE,
        ("gleaner.toml", "base_url = \"https://example.org/\"\ntheme = \"mine\"\n"),
        ("themes/mine/theme.toml", "density = \"compact\"\n"),
    ]);
    let edge = || {
        let built = gleaner(scratch.root(), &["build"]);
        assert_eq!(built.status.code(), Some(0), "{}", err(&built));
        let card = std::fs::File::open(scratch.path("public/articles/leeks/card.png")).unwrap();
        let mut decoder = png::Decoder::new(std::io::BufReader::new(card));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        <[u8; 3]>::try_from(&pixels[..3]).unwrap()
    };
    assert_eq!(edge(), [0x8a, 0x2a, 0x1b]);
    scratch.write("themes/mine/theme.toml", "accent = \"#1b4fb8\"\n");
    assert_eq!(edge(), [0x1b, 0x4f, 0xb8], "also where the card is there already");
}

#[test]
fn a_mistake_in_a_template_is_told_once_however_many_pages_it_is_on() {
    let scratch = Scratch::of(&[
        ARTICLE,
        ("content/articles/soil.md", "+++\ntitle = \"Soil\"\n+++\n\nIt rests.\n"),
        ("content/articles/rain.md", "+++\ntitle = \"Rain\"\n+++\n\nIt falls.\n"),
        ("gleaner.toml", "theme = \"mine\"\n"),
        ("themes/mine/templates/article.html", "<h1>{{ page.titel }}</h1>\n"),
    ]);
    let built = gleaner(scratch.root(), &["build", "--message-format", "short"]);
    assert_eq!(built.status.code(), Some(1));
    let said = err(&built);
    assert_eq!(said.matches("`titel` is not defined").count(), 1, "{said}");
    assert!(said.contains("2 other pages fail at this place, too"), "{said}");
    // A port that is none is told of in words.
    let refused = err(&gleaner(scratch.root(), &["serve", "--port", "abc"]));
    assert!(refused.contains("it takes a number, 0 to 65535"), "{refused}");
}
