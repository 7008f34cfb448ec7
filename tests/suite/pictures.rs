//! Pictures in smaller sizes, as published.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::{err, gleaner};
use crate::scratch::{Scratch, files};

const CACHE: &str = ".gleaner/cache/pictures";

/// The golden site with pictures.
fn hills() -> Scratch {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/pictures-in-smaller-sizes");
    Scratch::copy(&site, |path| path.starts_with("golden/"))
}

/// The pictures published with the article, with the width of each.
fn built(scratch: &Scratch) -> BTreeMap<String, (usize, Vec<u8>)> {
    let built = gleaner(scratch.root(), &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    let public = scratch.public().into_iter().filter_map(|(path, bytes)| {
        let name = path.strip_prefix("articles/hills/")?.to_owned();
        let is_picture = name.ends_with(".jpg") || name.ends_with(".png");
        is_picture.then(|| (name, (imagesize::blob_size(&bytes).unwrap().width, bytes)))
    });
    public.collect()
}

fn widths(pictures: &BTreeMap<String, (usize, Vec<u8>)>) -> Vec<(&str, usize)> {
    pictures.iter().map(|(name, (width, _))| (name.as_str(), *width)).collect()
}

#[test]
fn variants_are_made_once_and_the_cache_may_be_lost_or_harmed() {
    let scratch = hills();
    let first = built(&scratch);
    assert_eq!(
        widths(&first),
        [
            ("held-400w.jpg", 400),
            // As the sensor had it: it is shown on its side, 430 wide.
            ("held.jpg", 560),
            ("hill-400w.jpg", 400),
            ("hill-720w.jpg", 720),
            ("hill.jpg", 800),
            ("plan-400w.png", 400),
            ("plan.png", 480),
            ("small.jpg", 320),
        ]
    );
    let kept = files(&scratch.path(CACHE));
    assert_eq!(kept.len(), 4, "one of each picture, whether or not it has variants");
    let changes: [fn(&Scratch); 3] = [
        |_| (),
        |scratch| scratch.remove(CACHE),
        |scratch| {
            for (name, mut bytes) in files(&scratch.path(CACHE)) {
                *bytes.last_mut().unwrap() ^= 1;
                scratch.write(&format!("{CACHE}/{name}"), bytes);
            }
        },
    ];
    for change in changes {
        change(&scratch);
        scratch.remove("public");
        assert_eq!(built(&scratch), first);
        assert_eq!(files(&scratch.path(CACHE)), kept);
    }
}

#[test]
fn what_changes_is_made_again_and_what_is_gone_goes() {
    let scratch = hills();
    let first = built(&scratch);
    scratch.write("content/articles/hill.jpg", &first["held.jpg"].1);
    let second = built(&scratch);
    assert_eq!(second["hill-400w.jpg"].1, first["held-400w.jpg"].1);
    assert!(!second.contains_key("hill-720w.jpg"));
    assert_eq!(files(&scratch.path(CACHE)).len(), 3, "what nothing is made of any more is thrown away");
    scratch.write("gleaner.toml", "title = \"Hills\"\nsmaller_pictures = false\n");
    let none = built(&scratch);
    assert!(none.keys().all(|name| !name.contains("00w")), "{:?}", none.keys());
    assert!(!scratch.read("public/articles/hills/index.html").contains("srcset"));
}

#[test]
fn what_is_not_published_is_not_made_smaller() {
    let scratch = hills();
    scratch.replace(
        "content/articles/hills.md",
        "title = \"Hills\"",
        "title = \"Hills\"\nrights = \"excerpt\"",
    );
    assert!(built(&scratch).is_empty());
    assert!(files(&scratch.path(CACHE)).is_empty());
}

#[test]
fn the_pictures_of_a_book_stand_beside_its_chapters() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/pictures-of-a-book");
    let scratch = Scratch::copy(&site, |path| path.starts_with("golden/"));
    let build = || {
        let built = gleaner(scratch.root(), &["build"]);
        assert_eq!(built.status.code(), Some(0), "{}", err(&built));
        scratch.public()
    };
    let first = build();
    let picture = std::fs::read(scratch.path("content/articles/rows-bb7c9069.png")).unwrap();
    assert_eq!(first["articles/rows/rows-bb7c9069.png"], picture);
    // What leads out of the book is nobody's, in it or around it.
    assert!(!scratch.has("static/secret.png") && !scratch.path("../static/secret.png").exists());
    assert_eq!(files(&scratch.path("content")).len(), 2, "one article, one picture");
    // The seed is read again for its page, and what is said of its pictures is the same.
    scratch.write("gleaner.toml", "description = \"Something else\"\n");
    let second = build();
    let page = "articles/rows/source/index.html";
    assert!(
        String::from_utf8_lossy(&first[page]).contains("A picture inside the page whose data"),
        "it is said"
    );
    let main = |public: &BTreeMap<String, Vec<u8>>| {
        let page = String::from_utf8_lossy(&public[page]).into_owned();
        page[page.find("<main").unwrap()..page.find("</main").unwrap()].to_owned()
    };
    assert_eq!(main(&first), main(&second));
}
