//! A site whose settings, theme or folder was made by somebody who means harm, or by mistake.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use gleaner::seeds::{LARGEST_FILE, LARGEST_SEED};

use crate::cli::{err, gleaner};
use crate::scratch::{Scratch, files};

const STORY: &str = "On quiet gardens\n\nThe first paragraph of it has a sentence or two. So it goes.\n\nThe second one is here to end it all.\n";

const ARTICLE: (&str, &str) = ("content/articles/one.md", "+++\ntitle = \"One\"\n+++\n\nA word.\n");

/// How long a command may take that would wait for ever for a pipe.
const PATIENCE: Duration = Duration::from_mins(1);

/// Makes a pipe that nobody writes to: whoever opens it waits.
fn pipe(scratch: &Scratch, path: &str) {
    let place = scratch.path(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    let _there_or_not = fs::remove_file(&place);
    assert!(Command::new("mkfifo").arg(&place).status().unwrap().success(), "{path}");
}

/// Runs a command, which must end by itself.
fn ended(scratch: &Scratch, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["--message-format", "short"])
        .args(arguments)
        .current_dir(scratch.root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{arguments:?} waits for ever");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

#[test]
fn a_pipe_is_not_waited_for_wherever_it_stands() {
    for path in ["gleaner.toml", "gleaner.lock", "content/concepts.toml"] {
        let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
        pipe(&scratch, path);
        let built = ended(&scratch, &["build"]);
        let said = format!("{path}: error: it is neither a file nor a folder");
        assert!(err(&built).contains(&said), "{path}: {}", err(&built));
        assert_eq!(built.status.code(), Some(1), "{path}");
    }
    let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
    pipe(&scratch, ".gleaner/unfinished");
    let built = ended(&scratch, &["build"]);
    assert!(err(&built).contains("which command was stopped cannot be read: "), "{}", err(&built));
    let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE, ("seeds/story.txt", STORY)]);
    let everywhere = [
        "seeds/a.txt",
        "content/articles/a.md",
        "content/a.png",
        "static/a.txt",
        "themes/default/theme.toml",
        ".gleaner/cache/import",
        ".gleaner/cache/build",
        ".gleaner/cache/articles/search",
        ".gleaner/cache/lock",
        // Where an article is to be.
        "content/articles/on-quiet-gardens.md",
    ];
    for path in everywhere {
        pipe(&scratch, path);
    }
    symlink("/dev/zero", scratch.path("static/zeros")).unwrap();
    let built = ended(&scratch, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert!(err(&built).contains("seeds/a.txt: warning: quarantined: it is neither a file nor a folder"));
    for path in everywhere.iter().filter(|path| !path.starts_with(['s', '.']) || path.starts_with("static")) {
        let said = format!("{path}: warning: it is left out: it is neither a file nor a folder");
        assert!(err(&built).contains(&said), "{path}: {}", err(&built));
    }
}

#[test]
fn what_no_page_can_show_is_left_out_and_told_of() {
    let front = "+++\ntitle = \"On\\u0001e\"\nauthors = [\"A\\u0007nn\"]\ndescription = \"D\\u000b.\\u001b\"\n+++\nWords.\n";
    let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ("content/articles/a.md", front)]);
    let built = ended(&scratch, &["build"]);
    assert_eq!(
        err(&built).matches("is no text (it is left out of the page: take it out)").count(),
        3,
        "{}",
        err(&built)
    );
    let page = scratch.read("public/articles/a/index.html");
    assert!(page.contains("One") && page.contains("Ann"), "{page}");
    assert!(!page.contains(['\u{1}', '\u{7}', '\u{1b}']), "{page}");
}

#[test]
fn what_is_too_large_is_refused_without_being_read() {
    let sparse = |scratch: &Scratch, path: &str, length: u64| {
        scratch.write(path, "");
        fs::File::options().write(true).open(scratch.path(path)).unwrap().set_len(length).unwrap();
    };
    for (path, largest) in [
        ("static/film.mp4", LARGEST_FILE),
        ("content/articles/picture.png", LARGEST_FILE),
        ("content/articles/long.md", LARGEST_SEED),
        ("themes/default/i18n/en.toml", LARGEST_SEED),
        ("content/concepts.toml", LARGEST_SEED),
    ] {
        let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
        // Three gigabytes would not be read within the patience, nor be had.
        sparse(&scratch, path, if largest == LARGEST_FILE { 3 << 30 } else { largest + 1 });
        let built = ended(&scratch, &["build"]);
        let said =
            format!("{path}: error: it is larger than a file of its kind may be, {} MB", largest >> 20);
        assert!(err(&built).contains(&said), "{path}: {}", err(&built));
        assert_eq!(built.status.code(), Some(1), "{path}");
        assert!(!scratch.has("public"), "{path}");
    }
}

#[test]
fn an_address_to_publish_at_cannot_speak_to_servers_or_shells() {
    let built = |base: &str| {
        let scratch = Scratch::of(&[ARTICLE]);
        scratch.write("gleaner.toml", format!("cards = false\nbase_url = '''{base}'''\n"));
        gleaner(scratch.root(), &["deploy", "init", "rsync"])
    };
    for base in [
        "https://a;b{}/",
        "https://$(id)/",
        "https://`id`/",
        "https://a'b/",
        "https://a\\b/",
        "https://-oProxyCommand=id/",
        "https://user:word@e.example/",
        "https://e.example:99999/",
        "https://e.example/$(id)/",
        "https://e.example/a;b/",
        "https://e.example/{a}/",
        "https://e.example/a/*",
        "https://e.example/../a/",
        "https://e.example//a/",
        "https://e.example//",
        "https://@HEADERS@/",
        "https://e.example/a\nb/",
    ] {
        let refused = built(base);
        assert!(
            err(&refused).contains("is no address a site can be published at"),
            "{base}: {}",
            err(&refused)
        );
    }
    for base in ["https://e.example", "http://localhost:8000/~me/a_b/", "https://bücher.example/ü/%C3%BC/"]
    {
        let built = built(base);
        assert!(!err(&built).contains("is no address"), "{base}: {}", err(&built));
    }
}

#[test]
fn an_old_address_leads_nobody_else_astray() {
    for host in ["netlify", "cloudflare-pages"] {
        let scratch = Scratch::of(&[(
            "content/articles/one.md",
            "+++\ntitle = \"One\"\naliases = [\"/*\", \"/a b/ https://evil.example 200!\", \"/z/:splat/\", \"/x\\n/*\"]\n+++\n\nA word.\n",
        )]);
        scratch.write("gleaner.toml", format!("cards = false\n[deploy]\nto = \"{host}\"\n"));
        let built = gleaner(scratch.root(), &["build"]);
        assert_eq!(built.status.code(), Some(0), "{}", err(&built));
        let redirects = scratch.read("public/_redirects");
        assert!(redirects.contains("/%2A/ /articles/one/ 301"), "{redirects}");
        for line in redirects.lines() {
            let parts: Vec<&str> = line.split(' ').collect();
            assert!(
                parts.len() == 3 && parts[1] == "/articles/one/" && !line.contains(['*', ':', '\\']),
                "{line}"
            );
        }
    }
}

#[test]
fn what_a_theme_says_and_looks_like_cannot_break_a_page() {
    for (path, typed, said) in [
        (
            "i18n/en.toml",
            &b"[names]\ntopics = 5\n"[..],
            "a string is a text, a list of texts, or plural forms",
        ),
        ("i18n/en.toml", b"names = 3\n", "en.toml:1:9: error"),
        (
            "i18n/en.toml",
            b"[names]\ntopics = \"<script>alert(1)</script>\"\n",
            "by the name `script` as the address",
        ),
        ("i18n/en.toml", b"[names]\ntopics = \"{nope}\"\n", "by the name `nope` as a value"),
        ("i18n/en.toml", b"[names]\ntopics = \"</a>Topics\"\n", "does not begin or does not end"),
        (
            "i18n/en.toml",
            b"[article]\nby = \"<authors>x</authors>\"\n",
            "by the name `authors` as the address",
        ),
        ("i18n/en.toml", b"[names]\ntopics = \"a\\u0000\\u001b\"\n", "has a control character in it"),
        ("i18n/en.toml", b"[names]\ntopics = { few = \"x\" }\n", "the plural form `other` is missing"),
        ("i18n/en.toml", b"[names]\ntopics = \"\xff\"\n", "is not UTF-8 text"),
        ("theme.toml", b"accent = \"red;}body{display:none\"\n", "is no colour"),
        ("theme.toml", b"accent = 99999999999999999999999\n", "is no colour"),
        ("theme.toml", b"density = [[[]]]\n", "`density` is a list"),
        ("theme.toml", b"[fonts]\ntext = \"'a\\\"b'c\\\"\"\n", "is no list of fonts"),
        ("theme.toml", b"[fonts]\ntext = \"a;}body{b:c\"\n", "is no list of fonts"),
        (
            "theme.toml",
            b"name = \"\xff\"\naccent = \"#1b4fb8\"\n",
            "the settings of a theme are not UTF-8 text",
        ),
    ] {
        let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
        scratch.write(&format!("themes/default/{path}"), typed);
        let built = ended(&scratch, &["build"]);
        let typed = String::from_utf8_lossy(typed);
        assert!(err(&built).contains(said), "{typed}: {}", err(&built));
        assert_eq!(built.status.code(), Some(1), "{typed}");
    }
    // However deep, it ends.
    for nested in [
        "[names]\ntopics = ".to_owned() + &"[".repeat(100_000),
        "[names]\nx = ".to_owned() + &"{a=".repeat(100_000),
    ] {
        let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
        scratch.write("themes/default/i18n/en.toml", nested);
        assert_eq!(ended(&scratch, &["build"]).status.code(), Some(1));
    }
    // What is no tag of a string is text, in pages and in scripts.
    let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
    scratch.write(
        "themes/default/i18n/en.toml",
        "[names]\ntopics = \"<img src=x onerror=alert(1)>\\\"'\"\n[script]\ncolours = \"\\\"};alert(1);//</script>\"\n",
    );
    let built = ended(&scratch, &["build"]);
    assert!(err(&built).contains("does not begin or does not end"), "{}", err(&built));
    scratch.replace("themes/default/i18n/en.toml", "</script>", "< /script >");
    let built = ended(&scratch, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert!(scratch.read("public/index.html").contains("&lt;img src=x onerror=alert(1)&gt;&quot;"));
    let published = files(&scratch.path("public/assets"));
    let script = published.iter().find(|(name, _)| name.starts_with("site.")).unwrap().1;
    assert!(String::from_utf8_lossy(script).contains(r#""colours":"\"};alert(1);//< /script >""#));
}

#[test]
fn a_title_is_text() {
    let scratch = Scratch::of(&[ARTICLE]);
    for key in ["title", "description"] {
        scratch.write("gleaner.toml", format!("cards = false\n{key} = \"A\\u0000\\u001b[2J\"\n"));
        let built = ended(&scratch, &["build"]);
        assert!(
            err(&built).contains("gleaner.toml:2:") && err(&built).contains("U+0000, is no text"),
            "{}",
            err(&built)
        );
    }
}

#[test]
fn init_takes_nothing_that_a_link_leads_to_and_changes_nothing_where_it_cannot_go_on() {
    let scratch = Scratch::of(&[("out/secret.txt", "secret"), ("in/a.txt", STORY)]);
    let root = scratch.path("in");
    symlink("../out", root.join("linked")).unwrap();
    symlink("..", root.join("up")).unwrap();
    symlink("../out/secret.txt", root.join("secret.txt")).unwrap();
    symlink("../out/rules", root.join(".gitignore")).unwrap();
    scratch.write("out/rules", "*.log\n");
    let made = gleaner(&root, &["init"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    for link in ["linked", "up", "secret.txt"] {
        assert!(err(&made).contains(&format!("{link} (a symbolic link is not followed)")), "{}", err(&made));
    }
    assert_eq!(files(&root.join("seeds")).into_keys().collect::<Vec<_>>(), ["a.txt"]);
    assert!(root.join(".gitignore").is_symlink() && scratch.read("out/rules") == "*.log\n");

    // What is there already and is in the way is said before anything is made.
    for taken in ["content", "gleaner.toml", "seeds"] {
        let scratch = Scratch::of(&[("in/a.txt", STORY)]);
        symlink("nowhere", scratch.path(&format!("in/{taken}"))).unwrap();
        let refused = gleaner(&scratch.path("in"), &["init"]);
        assert_eq!(refused.status.code(), Some(2), "{taken}: {}", err(&refused));
        assert_eq!(fs::read_dir(scratch.path("in")).unwrap().count(), 2, "{taken}");
    }
    // Nor is a pipe waited for.
    let scratch = Scratch::of(&[("in/a.txt", STORY)]);
    pipe(&scratch, "in/.gitignore");
    pipe(&scratch, "in/b.txt");
    let made = ended(&scratch, &["--root", "in", "init"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
}

#[test]
fn new_makes_a_site_wherever_it_may_and_touches_nothing_else() {
    let scratch = Scratch::of(&[("file", "mine"), ("full/letter.txt", "dear")]);
    for name in ["file", "file/site", "full", &"x".repeat(300), "../../../proc/no"] {
        let refused = ended(&scratch, &["new", name]);
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", err(&refused));
    }
    assert_eq!(scratch.read("file"), "mine");
    assert_eq!(files(&scratch.path("full")).len(), 1);
    for (name, go) in [
        ("with blanks", "cd -- 'with blanks'\n"),
        ("a$(id)'s", "cd -- 'a$(id)'\\''s'\n"),
        ("-x", "cd -- '-x'\n"),
        ("full/../beside", "cd full/../beside\n"),
    ] {
        let made = ended(&scratch, &["new", "--", name]);
        assert!(err(&made).contains(go), "{}", err(&made));
        assert!(scratch.path(name).join("gleaner.toml").is_file(), "{name}");
    }
}

/// How deep hostile texts nest.
const DEEP: usize = 10_000;

#[test]
fn ten_thousand_deep_nesting_ends_and_loses_no_word() {
    let words = "The leeks of this spring stood better than those of the year before.";
    let turnips = "Turnips stood worse, said the gardener who had sown them in the cold of the spring, and it was she \
        who had to eat them until the winter came.";
    let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n")]);
    let nested = |opening: &str, closing: &str| {
        format!("<h1>On leeks</h1><p>{words}</p>{}{turnips}{}", opening.repeat(DEEP), closing.repeat(DEEP))
    };
    for (name, opening, closing) in [
        ("tags", "<div>", "</div>"),
        ("quotes", "<blockquote>", "</blockquote>"),
        ("lists", "<ul><li>", "</li></ul>"),
        ("unclosed", "<b><i>", ""),
        ("entities", "&amp;&notit;&#x41;&lt;", ""),
    ] {
        scratch.write(&format!("seeds/{name}.html"), nested(opening, closing));
    }
    for (name, sign) in [("quotes", ">"), ("brackets", "[("), ("lists", "- ")] {
        scratch.write(
            &format!("seeds/plain-{name}.txt"),
            format!("On leeks\n\n{words}\n\n{} {turnips}\n", sign.repeat(DEEP)),
        );
    }
    for (name, sign) in
        [("quotes", ">"), ("lists", "- "), ("brackets", "["), ("links", "[[a"), ("markup", "<b>")]
    {
        scratch.write(
            &format!("content/articles/own-{name}.md"),
            format!("+++\ntitle = \"Own {name}\"\n+++\n{} {turnips}\n", sign.repeat(DEEP)),
        );
    }
    scratch.write("seeds/front.md", format!("---\ntitle: A\nx: {}\n---\nWords of it.\n", "[".repeat(DEEP)));
    let built = ended(&scratch, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert!(err(&built).contains("9 seeds: 8 imported, 1 quarantined."), "{}", err(&built));
    let articles = files(&scratch.path("content/articles"));
    assert_eq!(articles.len(), 13);
    for (path, bytes) in articles {
        assert!(String::from_utf8(bytes).unwrap().contains("Turnips"), "{path}");
    }
}

#[test]
fn of_two_builds_at_once_the_site_is_whole() {
    let scratch = Scratch::of(&[("gleaner.toml", "cards = false\n"), ARTICLE]);
    for number in 0..20 {
        let story = STORY.replace("quiet", &format!("quiet{number}"));
        scratch.write(&format!("seeds/{number}.txt"), story);
    }
    for turn in 0..3 {
        scratch.write(ARTICLE.0, format!("{}\nTurn {turn}.\n", ARTICLE.1));
        let build = || {
            Command::new(env!("CARGO_BIN_EXE_gleaner"))
                .args(["--quiet", "build"])
                .current_dir(scratch.root())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        };
        // One of them may be told that the other was there first; nothing is half of each.
        for mut child in [build(), build(), build()] {
            assert!(child.wait().unwrap().code().is_some(), "none of them falls");
        }
        let is_ours = |name: &String| !name.starts_with('.');
        let public = files(&scratch.path("public"));
        assert!(public.keys().filter(|name| is_ours(name)).count() > 20);
        let left: Vec<String> = fs::read_dir(scratch.root())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with('.') && name != ".gleaner")
            .collect();
        assert_eq!(left, Vec::<String>::new());
        let again = gleaner(scratch.root(), &["build"]);
        assert_eq!(again.status.code(), Some(0), "{}", err(&again));
        let now = files(&scratch.path("public"));
        assert_eq!(gleaner(scratch.root(), &["build", "--output", "clean"]).status.code(), Some(0));
        assert_eq!(now, files(&scratch.path("clean")), "the next build is as a clean one");
        scratch.remove("clean");
    }
}
