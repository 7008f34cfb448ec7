//! The curator wins, whatever happens in whatever order: random edits by hand between random changes of the seeds.

use gleaner::import::{Asked, import};
use gleaner::path::SitePath;
use gleaner::seeds::{ARTICLES, IMPORTED, LEDGER, STAMP, Site};
use gleaner::text::Text;
use proptest::prelude::*;
use proptest::sample::Index;

/// What happens to the site between two imports.
#[derive(Debug, Clone)]
enum Step {
    // The curator's doing:
    Reword(Index, Index),
    Insert(Index, Index),
    Cut(Index, Index),
    Retitle(Index),
    AddKey(Index),
    Rename(Index),
    Delete(Index),
    // What happens to the pile:
    ChangeSeed(Index, Index),
    LengthenSeed(Index),
    MoveSeed(Index),
    LoseSeed(Index),
    AddSeed,
    Import,
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<Index>;
    prop_oneof![
        (at(), at()).prop_map(|(article, paragraph)| Step::Reword(article, paragraph)),
        (at(), at()).prop_map(|(article, paragraph)| Step::Insert(article, paragraph)),
        (at(), at()).prop_map(|(article, paragraph)| Step::Cut(article, paragraph)),
        at().prop_map(Step::Retitle),
        at().prop_map(Step::AddKey),
        at().prop_map(Step::Rename),
        at().prop_map(Step::Delete),
        (at(), at()).prop_map(|(seed, paragraph)| Step::ChangeSeed(seed, paragraph)),
        at().prop_map(Step::LengthenSeed),
        at().prop_map(Step::MoveSeed),
        at().prop_map(Step::LoseSeed),
        Just(Step::AddSeed),
        Just(Step::Import),
        Just(Step::Import),
    ]
}

/// A site and what the curator did to it.
#[derive(Default)]
struct Desk {
    site: Site,
    /// How many things were named so far, so that every name is new.
    count: usize,
    /// What the curator wrote: article and words.
    written: Vec<(SitePath, String)>,
    /// What the curator cut: article and words.
    cut: Vec<(SitePath, String)>,
    /// Titles of articles that the curator deleted.
    deleted: Vec<String>,
}

impl Desk {
    /// A word that is nowhere else.
    fn word(&mut self) -> String {
        self.count += 1;
        format!("word{}word", self.count)
    }

    fn sentence(&mut self) -> String {
        format!("A sentence with {} in it, as long as sentences of articles are, to the end.", self.word())
    }

    fn add_seed(&mut self) {
        let title = format!("A piece on {}", self.word());
        let body: Vec<String> = (0..5).map(|_| self.sentence()).collect();
        let path = SitePath::new(format!("seeds/{}.txt", self.count));
        self.site.seeds.insert(path, format!("{title}\n\n{}\n", body.join("\n\n")).into_bytes().into());
    }

    fn article(&self, at: Index) -> Option<SitePath> {
        let paths: Vec<&SitePath> = self.site.articles.keys().collect();
        (!paths.is_empty()).then(|| (*at.get(&paths)).clone())
    }

    fn seed(&self, at: Index) -> Option<(SitePath, String)> {
        let seeds: Vec<_> = self.site.seeds.iter().collect();
        (!seeds.is_empty()).then(|| {
            let (path, bytes) = *at.get(&seeds);
            (path.clone(), String::from_utf8(bytes.to_vec()).unwrap())
        })
    }

    fn set(&mut self, path: &SitePath, text: String) {
        self.site.articles.insert(path.clone(), Text::new(path.clone(), text));
    }

    /// Changes one paragraph of an article by hand.
    fn edit(&mut self, article: Index, paragraph: Index, change: impl Fn(&mut Vec<String>, usize, String)) {
        let Some(path) = self.article(article) else { return };
        let text = self.site.articles[&path].read().into_owned();
        let (front, body) = text.rsplit_once("+++\n").unwrap();
        let mut paragraphs: Vec<String> = body.trim().split("\n\n").map(str::to_owned).collect();
        let at = paragraph.index(paragraphs.len());
        let before = paragraphs.join("\n\n");
        let sentence = self.sentence();
        change(&mut paragraphs, at, sentence.clone());
        let after = paragraphs.join("\n\n");
        // What the curator wrote earlier and now takes back does not count any more.
        self.written.retain(|(of, words)| *of != path || front.contains(words) || after.contains(words));
        if after.contains(&sentence) {
            self.written.push((path.clone(), sentence));
        }
        let gone = before.split("\n\n").filter(|one| !one.is_empty() && !after.contains(one));
        self.cut.extend(gone.map(|words| (path.clone(), words.to_owned())));
        self.set(&path, format!("{front}+++\n\n{after}\n"));
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Reword(article, paragraph) => {
                self.edit(*article, *paragraph, |all, at, sentence| all[at] = sentence);
            }
            Step::Insert(article, paragraph) => {
                self.edit(*article, *paragraph, |all, at, sentence| all.insert(at, sentence));
            }
            Step::Cut(article, paragraph) => self.edit(*article, *paragraph, |all, at, _| {
                all.remove(at);
            }),
            Step::Retitle(article) => self.front(*article, "title = \"A piece", "title = \"The curator on"),
            Step::AddKey(article) => self.front(*article, "[source]", "description = \"By hand\"\n[source]"),
            Step::Rename(article) => {
                let Some(path) = self.article(*article) else { return };
                let to = SitePath::new(format!("{ARTICLES}/{}.md", self.word()));
                let text = self.site.articles.remove(&path).unwrap();
                self.set(&to, text.read().into_owned());
                for (of, _) in self.written.iter_mut().chain(&mut self.cut).filter(|(of, _)| *of == path) {
                    *of = to.clone();
                }
            }
            Step::Delete(article) => {
                let Some(path) = self.article(*article) else { return };
                let text = self.site.articles.remove(&path).unwrap();
                self.written.retain(|(of, _)| *of != path);
                self.cut.retain(|(of, _)| *of != path);
                let text = text.read();
                let seed = text.lines().find(|line| line.starts_with("seed = ")).unwrap();
                self.deleted.push(seed.to_owned());
            }
            Step::ChangeSeed(seed, paragraph) => {
                let Some((path, text)) = self.seed(*seed) else { return };
                let mut paragraphs: Vec<String> = text.trim().split("\n\n").map(str::to_owned).collect();
                let at = 1 + paragraph.index(paragraphs.len() - 1);
                paragraphs[at] = self.sentence();
                self.site.seeds.insert(path, paragraphs.join("\n\n").into_bytes().into());
            }
            Step::LengthenSeed(seed) => {
                let Some((path, text)) = self.seed(*seed) else { return };
                let text = format!("{}\n\n{}\n", text.trim(), self.sentence());
                self.site.seeds.insert(path, text.into_bytes().into());
            }
            Step::MoveSeed(seed) => {
                let Some((path, text)) = self.seed(*seed) else { return };
                // One that is both moved and changed between two imports is a new seed.
                self.import();
                self.site.seeds.remove(&path);
                let to = SitePath::new(format!("seeds/moved/{}.txt", self.word()));
                // A deleted article is known by the seed it had; the seed itself may move on.
                let was = format!("seed = \"{path}\"");
                for deleted in self.deleted.iter_mut().filter(|deleted| **deleted == was) {
                    *deleted = format!("seed = \"{to}\"");
                }
                self.site.seeds.insert(to, text.into_bytes().into());
                self.import();
            }
            Step::LoseSeed(seed) => {
                if let Some((path, _)) = self.seed(*seed) {
                    self.site.seeds.remove(&path);
                }
            }
            Step::AddSeed => self.add_seed(),
            Step::Import => self.import(),
        }
    }

    /// Changes an article's front matter by hand.
    fn front(&mut self, article: Index, from: &str, to: &str) {
        let Some(path) = self.article(article) else { return };
        let text = self.site.articles[&path].read().into_owned();
        if text.contains(from) && !text.contains(to) {
            self.set(&path, text.replacen(from, to, 1));
            self.written.push((path, to.to_owned()));
        }
    }

    /// Imports, writes what is to be written, and checks that every decision stands.
    fn import(&mut self) {
        let ((_, done), _) = import(&self.site, &Asked::default());
        assert_eq!(done.accounts.len(), self.site.seeds.len(), "every seed has its account");
        for (path, write) in done.writes {
            if path.as_str() == STAMP {
                self.site.stamp = Some(write.bytes);
                continue;
            }
            let text = Text::new(path.clone(), String::from_utf8_lossy(&write.bytes).into_owned());
            if path.as_str() == LEDGER {
                self.site.ledger = Some(text);
            } else if path.inside(IMPORTED).is_some() {
                self.site.imported.insert(path, text);
            } else {
                self.site.has_articles = true;
                self.site.articles.insert(path, text);
            }
        }
        for (path, words) in &self.written {
            let text = self.site.articles[path].read();
            assert!(text.contains(words), "{path} has lost `{words}`:\n{text}");
        }
        for (path, words) in &self.cut {
            let text = self.site.articles[path].read();
            assert!(!text.contains(words), "{path} has `{words}` again:\n{text}");
        }
        for (path, text) in &self.site.articles {
            let text = text.read();
            let seed = text.lines().find(|line| line.starts_with("seed = ")).unwrap();
            assert!(!self.deleted.iter().any(|deleted| deleted == seed), "{path} is back:\n{text}");
            let has_marker = ["<<<<<<<", ">>>>>>>", "|||||||"].iter().any(|marker| text.contains(marker));
            assert!(!has_marker, "{path} has a conflict marker:\n{text}");
        }
        let ((_, again), _) = import(&self.site, &Asked::default());
        let names: Vec<&SitePath> = again.writes.keys().collect();
        assert!(names.is_empty(), "a second import writes {names:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(80)))]

    #[test]
    fn every_decision_stands(steps in proptest::collection::vec(step(), 1..24)) {
        let mut desk = Desk::default();
        desk.add_seed();
        desk.add_seed();
        desk.import();
        for step in &steps {
            desk.take(step);
        }
        desk.import();
    }
}
