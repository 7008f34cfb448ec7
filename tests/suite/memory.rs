//! What a build remembers: whatever happens to a site, its public folder, or the memory itself, the next build gives the
//! bytes of a clean one.

use std::fs::{self, File};
use std::time::Duration;

use gleaner::make::{Asked, Made, make};
use gleaner::seeds::CACHE;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::scratch::{Scratch, files};

const CONFIG: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\n";
const TOPIC: &str = "+++\ntitle = \"Gardens\"\nterms = [\"garden\", \"soil\", \"compost\", \"leek\"]\n+++\nSee [[Leeks 1]].\n";

/// What articles say: with the same words, other words, links to others that may be there or not, and mistakes that are
/// only warned of.
const TEXTS: [&str; 5] = [
    "The garden has soil and compost, and the compost likes leeks.",
    "A quiet shed by the River Lee, where 40% of Lisbon keeps its spades. See [[Leeks 2]].",
    "```rust\nfn a() {}\n```\n\n> The garden, said Ann Author, is soil.\n\n![](nothing.png)",
    "See [the next](leeks-3.md) and $x^2$ and [[Nobody]]. The garden has leeks.",
    "",
];

/// What happens between two builds.
#[derive(Debug, Clone)]
enum Step {
    Write(Index, Index),
    Rename(Index, Index),
    Delete(Index),
    Seed(Index),
    Topic(bool),
    Title(Index),
    Template(Option<Index>),
    Static(Option<Index>),
    /// A picture beside the articles.
    Beside(Option<Index>),
    /// A byte of the memory, or of a published file, is another.
    Flip(Place, Index, Index),
    Cut(Place, Index, Index),
    Lose(Place, Index),
    LoseAll(Place),
    /// An old memory comes back, as from a backup.
    Old,
    /// Nothing, for as long as it takes that a build can be sure of it.
    Rest,
}

/// Where nobody should change anything.
#[derive(Debug, Clone, Copy)]
enum Place {
    Cache,
    Public,
}

impl Place {
    fn folder(self) -> &'static str {
        match self {
            Place::Cache => CACHE,
            Place::Public => "public",
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<Index>;
    let place = || prop_oneof![Just(Place::Cache), Just(Place::Public)];
    prop_oneof![
        4 => (at(), at()).prop_map(|(article, text)| Step::Write(article, text)),
        2 => (at(), at()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => at().prop_map(Step::Delete),
        1 => at().prop_map(Step::Seed),
        1 => any::<bool>().prop_map(Step::Topic),
        1 => at().prop_map(Step::Title),
        1 => any::<Option<Index>>().prop_map(Step::Template),
        1 => any::<Option<Index>>().prop_map(Step::Static),
        1 => any::<Option<Index>>().prop_map(Step::Beside),
        2 => (place(), at(), at()).prop_map(|(place, file, byte)| Step::Flip(place, file, byte)),
        1 => (place(), at(), at()).prop_map(|(place, file, byte)| Step::Cut(place, file, byte)),
        1 => (place(), at()).prop_map(|(place, file)| Step::Lose(place, file)),
        1 => place().prop_map(Step::LoseAll),
        1 => Just(Step::Old),
        3 => Just(Step::Rest),
    ]
}

/// A site that things happen to.
struct Desk {
    scratch: Scratch,
    old: Option<Vec<u8>>,
}

impl Desk {
    fn new() -> Desk {
        let scratch = Scratch::of(&[("gleaner.toml", CONFIG), ("content/topics/gardens.md", TOPIC)]);
        scratch.write("content/articles/nothing.png", "a picture");
        let desk = Desk { scratch, old: None };
        for (number, text) in TEXTS.iter().enumerate() {
            desk.article(number, text);
        }
        desk
    }

    fn article(&self, number: usize, text: &str) {
        let text = format!("+++\ntitle = \"Leeks {number}\"\n+++\n\n{text}\n");
        self.scratch.write(&format!("content/articles/leeks-{number}.md"), text);
    }

    fn one_of(&self, folder: &str, at: &Index) -> Option<String> {
        let all: Vec<String> = files(&self.scratch.path(folder)).into_keys().collect();
        (!all.is_empty()).then(|| format!("{folder}/{}", at.get(&all)))
    }

    fn take(&mut self, step: &Step) {
        let scratch = &self.scratch;
        let put = |path: &str, text: Option<String>| match text {
            Some(text) => scratch.write(path, text),
            None if scratch.has(path) => scratch.remove(path),
            None => {}
        };
        match step {
            Step::Write(article, text) => self.article(article.index(7), TEXTS[text.index(TEXTS.len())]),
            Step::Rename(from, to) => {
                if let Some(path) = self.one_of("content/articles", from).filter(|path| path.ends_with(".md"))
                {
                    scratch.rename(&path, &format!("content/articles/named-{}.md", to.index(3)));
                }
            }
            Step::Delete(article) => {
                if let Some(path) = self.one_of("content/articles", article) {
                    scratch.remove(&path);
                }
            }
            Step::Seed(text) => {
                let text = format!(
                    "A seed of leeks\n\n{}\n",
                    ["The garden has soil.", "Leeks like compost."][text.index(2)]
                );
                scratch.write("seeds/one.txt", text);
            }
            Step::Topic(is_narrow) => {
                let topic =
                    if *is_narrow { TOPIC.replace("\"leek\"", "\"spade\"") } else { TOPIC.to_owned() };
                scratch.write("content/topics/gardens.md", topic);
            }
            Step::Title(title) => {
                scratch.write("gleaner.toml", CONFIG.replace('T', ["U", "V"][title.index(2)]));
            }
            Step::Template(text) => put(
                "themes/default/templates/topic.html",
                text.map(|text| format!("<p>{{{{ page.head.title }}}} {}", text.index(3))),
            ),
            Step::Static(text) => put("static/a.txt", text.map(|text| "a".repeat(text.index(3)))),
            Step::Beside(text) => {
                put("content/articles/nothing.png", text.map(|text| "b".repeat(text.index(3))));
            }
            Step::Flip(place, file, byte) => self.damage(*place, file, |bytes| {
                let at = byte.index(bytes.len());
                bytes[at] ^= 1;
            }),
            Step::Cut(place, file, byte) => {
                self.damage(*place, file, |bytes| bytes.truncate(byte.index(bytes.len())));
            }
            Step::Lose(place, file) => {
                // Without its list a public folder is a stranger's.
                let file = self.one_of(place.folder(), file);
                if let Some(path) = file.filter(|path| !path.ends_with("manifest")) {
                    scratch.remove(&path);
                }
            }
            Step::LoseAll(place) => {
                if scratch.has(place.folder()) {
                    scratch.remove(place.folder());
                }
            }
            Step::Old => {
                let memory = self.scratch.path(&format!("{CACHE}/build"));
                let now = fs::read(&memory).ok();
                if let Some(old) = self.old.take() {
                    fs::create_dir_all(memory.parent().unwrap()).unwrap();
                    fs::write(&memory, old).unwrap();
                }
                self.old = now;
            }
            Step::Rest => std::thread::sleep(Duration::from_millis(45)),
        }
    }

    fn damage(&self, place: Place, file: &Index, damage: impl FnOnce(&mut Vec<u8>)) {
        let Some(path) = self.one_of(place.folder(), file).filter(|path| !path.ends_with("manifest")) else {
            return;
        };
        let path = self.scratch.path(&path);
        let mut bytes = fs::read(&path).unwrap();
        if bytes.is_empty() {
            return;
        }
        damage(&mut bytes);
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, bytes).unwrap();
        // Whoever damages a file leaves its time as it was.
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    }

    /// Builds, and compares with a clean build of what is there.
    fn build(&self) -> Made {
        let clean =
            Scratch::copy(self.scratch.root(), |path| path.starts_with("public/") || path.starts_with(CACHE));
        let (made, fresh) = (made(&self.scratch), made(&clean));
        assert_eq!((&made.count, made.change.is_some()), (&fresh.count, fresh.change.is_some()));
        assert_eq!(short(&made), short(&fresh));
        let (here, there) = (self.scratch.public(), clean.public());
        if made.change.is_some() {
            let names = |site: &std::collections::BTreeMap<String, Vec<u8>>| -> Vec<String> {
                site.keys().cloned().collect()
            };
            assert_eq!(names(&here), names(&there));
            for (path, bytes) in &here {
                assert!(*bytes == there[path], "{path}:\n{}", String::from_utf8_lossy(bytes));
            }
        }
        made
    }
}

fn made(scratch: &Scratch) -> Made {
    let asked = Asked { output: scratch.path("public"), ..Asked::default() };
    make(scratch.root(), &asked, || ()).unwrap()
}

fn short(made: &Made) -> Vec<String> {
    made.found.sorted().iter().map(|one| one.in_short()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(40)))]

    #[test]
    fn whatever_happens_a_build_equals_a_clean_one(
        steps in proptest::collection::vec(proptest::collection::vec(step(), 0..4), 1..6)
    ) {
        let mut desk = Desk::new();
        desk.build();
        for steps in &steps {
            for step in steps {
                desk.take(step);
            }
            desk.build();
        }
    }
}

/// Waits until everything written so far is surely older than what comes.
fn rest() {
    std::thread::sleep(Duration::from_millis(45));
}

#[test]
fn nothing_is_read_where_nothing_changed() {
    // However soon the first build follows the last write: it waits for the clock of the file system.
    let mut desk = Desk::new();
    let first = desk.build();
    assert!(!first.is_remembered && !short(&first).is_empty(), "there is something to warn of");
    let second = desk.build();
    assert!(second.is_remembered);
    assert_eq!(second.change.unwrap().unchanged, first.change.unwrap().written);
    desk.take(&Step::Static(Some(any_index())));
    assert!(!desk.build().is_remembered);
}

/// Any place; which does not matter.
fn any_index() -> Index {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    any::<Index>().new_tree(&mut runner).unwrap().current()
}

#[test]
fn what_was_asked_otherwise_is_built_otherwise() {
    let desk = Desk::new();
    rest();
    desk.build();
    let mut asked = Asked { output: desk.scratch.path("public"), ..Asked::default() };
    asked.strict = true;
    let strict = make(desk.scratch.root(), &asked, || ()).unwrap();
    assert!(strict.change.is_none(), "a warning stands in the way, remembered or not");
    asked.strict = false;
    asked.options.base_url = Some("https://other.example/".to_owned());
    let other = make(desk.scratch.root(), &asked, || ()).unwrap();
    assert!(!other.is_remembered && other.change.unwrap().written > 0);
    assert!(desk.scratch.read("public/sitemap.xml").contains("https://other.example/"));
    desk.build();
}

#[cfg(unix)]
#[test]
fn a_page_that_shows_the_same_is_not_written() {
    let desk = Desk::new();
    rest();
    desk.build();
    let stamps = |scratch: &Scratch| {
        use std::os::unix::fs::MetadataExt as _;
        let place = |path: &str| scratch.path(&format!("public/{path}"));
        let paths = scratch.public().into_keys();
        paths.map(|path| (fs::metadata(place(&path)).unwrap().ino(), path)).collect::<Vec<_>>()
    };
    let before = stamps(&desk.scratch);
    desk.article(0, "The garden has soil and compost, and a gate.");
    let made = desk.build();
    let after = stamps(&desk.scratch);
    let new: Vec<&String> = after.iter().filter(|one| !before.contains(one)).map(|(_, path)| path).collect();
    assert!(new.iter().any(|path| path.as_str() == "articles/leeks-0/index.html"), "{new:?}");
    for kept in ["articles/leeks-4/index.html", "404.html", "sitemap.xml"] {
        assert!(!new.iter().any(|path| path.as_str() == kept), "{kept}: {new:?}");
    }
    // The list of what was written is new with every publishing.
    assert_eq!(made.change.unwrap().written, new.len() - 1, "{new:?}");
}
