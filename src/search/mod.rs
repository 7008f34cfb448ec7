//! Search: an index in pieces, which the theme's `search.js` reads from any host and from the disk.
//!
//! In: the graph. Out: a [`Search`], whose files are made when somebody first asks for them, so that the
//! preview pays for them only where somebody searches. `docs/search-format.md` describes every file.

mod bits;
mod dictionary;
mod entries;
mod index;
mod kept;
mod lexicon;
mod numbers;
mod postings;
mod read;
mod searched;
mod texts;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::Serialize;

use crate::address::Address;
use crate::articles::Article;
use crate::graph::Graph;
use crate::memo::{Key, Shelf};
use crate::seeds::Bytes;
use crate::spool::{Place, Spool};
use crate::wording::Wording;
use crate::words::Language;
use index::Index;
use kept::Shown;
use searched::Searched;

/// The version of the format. `search.js` reads this one and no other.
const FORMAT: u32 = 2;

/// The folder of the pieces. Nothing else is published there.
pub const FOLDER: &str = "search/pieces/";

/// So many bytes of entries and pieces stay in memory, those of some thousands of articles; the others wait on the disk until
/// they are gone through, published or looked at.
const ROOM: u64 = 16 << 20;

/// The piece that names all others; it alone keeps its name.
const START: &str = "start";

/// Letters of a piece's name: forty bits of the hash of what it holds.
const NAME: usize = 8;

/// All that can be searched, and the files that let a browser do it.
#[derive(Debug)]
pub struct Search {
    language: String,
    /// By number: the oldest first, and before them what has no date.
    articles: Vec<Arc<Searched>>,
    shelf: Shelf,
    files: OnceLock<Files>,
}

/// The files of the index, and what those are made of that are made when somebody wants them.
#[derive(Debug)]
struct Files {
    files: BTreeMap<Address, File>,
    /// How many slots each passage takes of each article, by number.
    slots: Vec<Vec<u32>>,
}

/// A file of the index.
#[derive(Debug, Clone)]
struct File {
    /// The hash of what it holds.
    hash: String,
    holds: Holds,
}

/// What a file of the index holds.
#[derive(Debug, Clone)]
enum Holds {
    /// These bytes.
    Bytes(Bytes),
    /// Bytes that wait on the disk.
    Away(Place),
    /// Some passages, by index, of the article with a number: made when somebody wants them, for they are as much as all that is said.
    Text { article: usize, passages: Range<usize> },
}

impl Holds {
    /// Bytes, which wait on the disk where there is one that takes them.
    fn waiting(bytes: Bytes, spool: Option<&Arc<Spool>>) -> Holds {
        match spool.zip(std::str::from_utf8(&bytes).ok()).and_then(|(spool, text)| spool.put(text)) {
            Some(place) => Holds::Away(place),
            None => Holds::Bytes(bytes),
        }
    }
}

impl Search {
    /// Gathers what can be searched; the index itself is made when it is asked for, of what is kept on the shelf as far as that
    /// goes.
    pub fn of(wording: &Wording, graph: &Graph, shelf: &Shelf) -> Search {
        let mut articles: Vec<&Article> = graph.articles.values().collect();
        // What is saved next mostly has the latest date, and so no other's number changes. The sort is stable: of one date,
        // those come first whose slugs do.
        articles.sort_by_key(|article| article.date);
        let articles =
            articles.par_iter().map(|article| Arc::new(Searched::of(graph, wording, article))).collect();
        Search {
            language: wording.language().to_owned(),
            articles,
            shelf: shelf.clone(),
            files: OnceLock::new(),
        }
    }

    /// How many articles can be found.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    fn files(&self) -> &Files {
        self.files.get_or_init(|| {
            let language = Language::of(&self.language);
            let spool = self.shelf.spool(ROOM);
            let (shown, index) = kept::make(&self.articles, &language, &self.shelf, spool.as_ref());
            files(shown, index, spool)
        })
    }

    /// The addresses of the files of the index, in order; all are in [`FOLDER`].
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.files().files.keys()
    }

    /// A file of the index, as a key: equal keys, equal bytes. `None` where there is none.
    pub fn key(&self, address: &Address) -> Option<Key> {
        let file = self.files().files.get(address)?;
        Some(Key::of(&[address.as_str().as_bytes(), file.hash.as_bytes()]))
    }

    /// The bytes of a file of the index; `None` where there is none.
    pub fn bytes(&self, address: &Address) -> Option<Bytes> {
        let Files { files, slots } = self.files();
        match &files.get(address)?.holds {
            Holds::Bytes(bytes) => Some(bytes.clone()),
            Holds::Away(place) => Some(place.read().into_bytes().into()),
            Holds::Text { article, passages } => {
                let name = address.as_str().strip_prefix(FOLDER)?.strip_suffix(ENDING)?;
                let piece = texts::piece(&self.articles[*article], &slots[*article], passages.clone());
                Some(piece.named(name))
            }
        }
    }

    /// Whether the same can be found in both.
    pub fn finds_the_same(&self, other: &Search) -> bool {
        self.language == other.language && self.articles == other.articles
    }
}

/// Makes the files of the index.
fn files(shown: Vec<Shown>, index: Index, spool: Option<Arc<Spool>>) -> Files {
    let mut pieces = Pieces { files: BTreeMap::new(), spool };
    let texts = texts::texts(&shown, &mut pieces);
    let dictionary = dictionary::dictionary(index.entries, shown.len(), &mut pieces);
    let start = Start {
        format: FORMAT,
        articles: shown.len(),
        dictionary: dictionary.forwards,
        room: dictionary.piece,
        backwards: pieces.add(&dictionary.backwards),
        share: texts.share,
        texts: texts.directories,
    };
    let piece = Piece::of(&start);
    let holds = Holds::Bytes(piece.named(START));
    pieces.files.insert(address(START), File { hash: piece.hash, holds });
    Files { files: pieces.files, slots: shown.into_iter().map(|shown| shown.slots).collect() }
}

/// What the first piece says.
#[derive(Serialize)]
struct Start {
    format: u32,
    articles: usize,
    /// The first words of the blocks but for the first, and the blocks' names: `name,word,name,word,name`.
    dictionary: String,
    /// The size of a piece of postings.
    room: usize,
    /// The piece that does the same for words written backwards.
    backwards: String,
    /// For how many articles a directory names the texts.
    share: usize,
    /// The names of the directories, one after the other.
    texts: String,
}

/// The pieces made so far.
#[derive(Default)]
struct Pieces {
    files: BTreeMap<Address, File>,
    /// Where those of a large site wait until somebody wants them.
    spool: Option<Arc<Spool>>,
}

impl Pieces {
    /// Adds a piece; gives its name.
    fn add(&mut self, payload: &impl Serialize) -> String {
        self.add_made(Piece::of(payload))
    }

    /// Adds a piece that is made already; gives its name.
    fn add_made(&mut self, piece: Piece) -> String {
        let Piece { hash, file } = piece;
        self.add_file(File { hash, holds: Holds::Bytes(file) })
    }

    /// Adds a file; gives the name of its piece.
    fn add_file(&mut self, file: File) -> String {
        // Two pieces that begin alike: the later one's name is longer.
        for length in NAME..=file.hash.len() {
            let name = &file.hash[..length];
            let there = self.files.entry(address(name)).or_insert_with(|| match &file.holds {
                Holds::Bytes(bytes) => {
                    let piece = Piece { hash: file.hash.clone(), file: bytes.clone() };
                    let bytes = if length > NAME { piece.named(name) } else { piece.file };
                    File { hash: piece.hash, holds: Holds::waiting(bytes, self.spool.as_ref()) }
                }
                Holds::Away(_) | Holds::Text { .. } => file.clone(),
            });
            if there.hash == file.hash {
                return name.to_owned();
            }
        }
        file.hash
    }
}

/// A piece before it is among the others: what takes time is done, by as many as there are processors.
#[derive(Debug)]
struct Piece {
    hash: String,
    /// The piece under its shortest name.
    file: Bytes,
}

impl Piece {
    fn of(payload: &impl Serialize) -> Piece {
        let mut file = script(UNNAMED, payload);
        let start = CALL.len() + NAME;
        let hash = name(&file[start + BEFORE.len()..file.len() - AFTER.len()]);
        file[CALL.len()..start].copy_from_slice(&hash.as_bytes()[..NAME]);
        Piece { hash, file: file.into() }
    }

    /// The piece under a name.
    fn named(&self, name: &str) -> Bytes {
        let after = &self.file[CALL.len() + NAME..];
        [CALL.as_bytes(), name.as_bytes(), after].concat().into()
    }
}

/// What the name of a file ends with.
const ENDING: &str = ".js";

fn address(name: &str) -> Address {
    Address::file(format!("{FOLDER}{name}{ENDING}"))
}

/// What stands before the name of a piece, before what it holds, and behind that. A script rather than data alone: from
/// the disk, browsers load nothing else.
const CALL: &str = "gleanerPiece(\"";
const BEFORE: &str = "\",";
const AFTER: &str = ")\n";

/// Most pieces are smaller, in bytes.
const USUAL: usize = 4096;

/// As long as a name.
const UNNAMED: &str = "........";

fn script(name: &str, payload: &impl Serialize) -> Vec<u8> {
    let mut file = Vec::with_capacity(USUAL);
    file.extend([CALL, name, BEFORE].into_iter().flat_map(str::bytes));
    // Only maps with odd keys and values that refuse can fail, and there are none.
    serde_json::to_writer(&mut file, payload).unwrap_or_default();
    file.extend_from_slice(AFTER.as_bytes());
    file
}

/// The hash of a piece in lower-case letters and digits that no file system confuses.
fn name(payload: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    blake3::hash(payload).as_bytes().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

/// The power of two that is nearest by ratio: sizes that follow a site's size so seldom change.
fn near_power_of_two(number: usize) -> usize {
    let below = 1 << number.max(1).ilog2();
    if number * number > 2 * below * below { 2 * below } else { below }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::bits::DIGITS;
    use super::bits::tests::Reader;
    use super::searched::Topic;
    use super::*;
    use crate::markdown::Passage;

    fn article(slug: &str, title: &str, passages: &[&str]) -> Searched {
        let passage = |text: &&str| Passage {
            id: format!("p-{}", text.len()).as_str().into(),
            text: (*text).into(),
            is_heading: false,
        };
        Searched {
            title: title.to_owned(),
            href: format!("articles/{slug}/index.html"),
            date: "March 2011".to_owned(),
            topics: vec![Topic { slug: "strategy".to_owned(), title: "Strategy".to_owned() }],
            authors: vec!["Ann Author".to_owned()],
            concepts: Vec::new(),
            lead: None,
            body: passages.iter().map(passage).collect(),
        }
    }

    fn search(articles: &[Searched], shelf: &Shelf) -> Search {
        let articles = articles.iter().cloned().map(Arc::new).collect();
        Search { language: "en".to_owned(), articles, shelf: shelf.clone(), files: OnceLock::new() }
    }

    fn all(search: &Search) -> BTreeMap<Address, Bytes> {
        search.addresses().map(|address| (address.clone(), search.bytes(address).unwrap())).collect()
    }

    fn english(articles: &[Searched]) -> BTreeMap<Address, Bytes> {
        all(&search(articles, &Shelf::default()))
    }

    fn payload(files: &BTreeMap<Address, Bytes>, name: &str) -> Value {
        let text = String::from_utf8(files[&address(name)].to_vec()).unwrap();
        let json =
            text.strip_prefix(&format!("gleanerPiece(\"{name}\",")).unwrap().strip_suffix(")\n").unwrap();
        serde_json::from_str(json).unwrap()
    }

    fn value(letter: u8) -> usize {
        DIGITS.iter().position(|digit| *digit == letter).unwrap()
    }

    /// The dictionary as a browser reads it: each word with its postings, or the word that has them.
    fn dictionary(files: &BTreeMap<Address, Bytes>) -> BTreeMap<String, Result<String, String>> {
        let start = payload(files, START);
        let list = start["dictionary"].as_str().unwrap();
        let mut read = BTreeMap::new();
        for name in list.split(',').step_by(2) {
            let block = payload(files, name);
            let mut pieces = block[1].as_str().unwrap().split(',').filter(|name| !name.is_empty());
            let mut piece: Vec<String> = Vec::new();
            let mut word = String::new();
            for entry in block[0].as_str().unwrap().split(',').filter(|entry| !entry.is_empty()) {
                let (shared, rest) = (value(entry.as_bytes()[0]), &entry[1..]);
                let end = rest.find(['=', ':', '+', '/', '~']).unwrap();
                word = word.chars().take(shared).chain(rest[..end].chars()).collect();
                let tail = &rest[end..];
                let leads = match tail.as_bytes()[0] {
                    b'=' => {
                        let kept = word.chars().count() - value(tail.as_bytes()[1]);
                        Err(word.chars().take(kept).chain(tail[2..].chars()).collect())
                    }
                    b':' => Ok(tail[1..].to_owned()),
                    first => {
                        if tail.contains('/') {
                            let text = payload(files, pieces.next().unwrap());
                            piece = text.as_str().unwrap().split(',').rev().map(str::to_owned).collect();
                        }
                        assert!(first != b'~' || tail.len() > 3, "a common word says how common");
                        Ok(piece.pop().unwrap())
                    }
                };
                read.insert(word.clone(), leads);
            }
            assert_eq!((pieces.next(), piece.len()), (None, 0), "every posting belongs to a word");
        }
        read
    }

    /// What the postings of a word say.
    #[derive(Debug, Default, PartialEq)]
    struct Postings {
        /// Articles, how the length of each compares with the usual one, and places in it.
        places: Vec<(u32, u32, u32)>,
        /// The articles that have it in their title, with the title's length.
        titles: Vec<(u32, u32)>,
        /// The articles that have it in each of the other fields.
        others: [Vec<u32>; 4],
    }

    fn read(postings: &str) -> Postings {
        let mut reader = Reader::new(postings);
        assert_eq!(reader.bits(1), 0, "with places");
        let mut read = Postings::default();
        let count = reader.gamma() - 1;
        let [between, within] = if count > 0 { [reader.bits(5), reader.bits(5)] } else { [0, 0] };
        let mut next = 0;
        for _ in 0..count {
            let article = next + reader.rice(between);
            next = article + 1;
            let compared = reader.gamma() - 1;
            let mut place = 0;
            for _ in 0..reader.gamma() {
                place += reader.rice(within);
                read.places.push((article, compared, place));
                place += 1;
            }
        }
        if reader.bits(1) == 1 {
            if reader.bits(1) == 1 {
                let mut lengths = Vec::new();
                let titles = reader.rising(|reader| lengths.push(reader.bits(4)));
                read.titles = titles.into_iter().zip(lengths).collect();
            }
            for articles in &mut read.others {
                if reader.bits(1) == 1 {
                    *articles = reader.rising(|_| ());
                }
            }
        }
        read
    }

    #[test]
    fn what_is_written_is_read() {
        let long = "Leader word ".repeat(40);
        let articles =
            [article("a", "On leaders", &[&long, "Short, of a leader."]), article("b", "B", &["Else."])];
        let files = english(&articles);
        let start = payload(&files, START);
        assert_eq!(start["articles"], 2);
        let dictionary = dictionary(&files);
        assert_eq!(dictionary["leaders"], Err("leader".to_owned()));
        // The mean of two and four slots is three: the longer one is a half octave above it.
        let mut expected = vec![(0, 2, 1)];
        expected.extend((0..40).map(|n| (0, 2, 64 + 2 * n)));
        expected.push((0, 2, 3 * 64 + 3));
        let leader = Postings { places: expected, titles: vec![(0, 2)], ..Postings::default() };
        assert_eq!(read(dictionary["leader"].as_ref().unwrap()), leader);
        for filter in ["#strategy", "@ann", "@author"] {
            assert!(dictionary.contains_key(filter), "{filter}");
        }
    }

    #[test]
    fn every_field_is_found() {
        let mut full = article("a", "Title", &["Heading", "Running"]);
        Arc::make_mut(&mut full.body)[0].is_heading = true;
        full.concepts = vec!["Concept".to_owned(), "Other name".to_owned()];
        let files = english(&[full]);
        let dictionary = dictionary(&files);
        let fields = |word: &str| -> Vec<&str> {
            let postings = match &dictionary[word] {
                Ok(postings) => postings,
                Err(home) => dictionary[home].as_ref().unwrap(),
            };
            let Postings { places, titles, others } = read(postings);
            let named = ["heading", "topic", "author", "concept"];
            let others = named.into_iter().zip(&others).filter(|(_, articles)| !articles.is_empty());
            let places = (!places.is_empty()).then_some("text");
            let titles = (!titles.is_empty()).then_some("title");
            places.into_iter().chain(titles).chain(others.map(|(name, _)| name)).collect()
        };
        assert_eq!(fields("running"), ["text"]);
        assert_eq!(fields("title"), ["text", "title"]);
        assert_eq!(fields("heading"), ["text", "heading"]);
        assert_eq!(fields("strategy"), ["topic"]);
        assert_eq!(fields("ann"), ["author"]);
        assert_eq!((fields("concept"), fields("other")), (vec!["concept"], vec!["concept"]));
    }

    #[test]
    fn pairs_of_common_words_are_found() {
        // So many that the places of each word take more room than postings have.
        let text = "of the leader the of ".repeat(40);
        let articles: Vec<Searched> = (0..500)
            .map(|n| article(&format!("a{n}"), &format!("Title {n}"), &[&text, "of leader"]))
            .collect();
        let files = english(&articles);
        let start = payload(&files, START);
        let all: Vec<String> = start["dictionary"]
            .as_str()
            .unwrap()
            .split(',')
            .step_by(2)
            .map(|name| payload(&files, name)[0].as_str().unwrap().to_owned())
            .collect();
        assert!(all.join(",").contains('~'), "there are common words");
        let dictionary = dictionary(&files);
        let pair = read(dictionary["of leader"].as_ref().unwrap());
        assert_eq!(pair.places.len(), 500, "a rare pair has its places");
        assert!(!dictionary.contains_key("of the"), "a common pair has no entry");
        assert!(!dictionary.contains_key("leader of"), "nor one that is nowhere");
    }

    #[test]
    fn every_text_is_named_and_every_piece_is_needed() {
        let passages: Vec<String> =
            (0..30).map(|n| format!("{n} {}", "words and more ".repeat(30))).collect();
        let passages: Vec<&str> = passages.iter().map(String::as_str).collect();
        let articles: Vec<Searched> =
            (0..150).map(|n| article(&format!("a{n}"), &format!("Title {n}"), &passages[..n % 5])).collect();
        let files = english(&articles);
        let start = payload(&files, START);
        let mut needed =
            std::collections::BTreeSet::from([address(START), address(start["backwards"].as_str().unwrap())]);
        let mut titles = std::collections::BTreeSet::new();
        for directory in start["texts"].as_str().unwrap().split(',') {
            needed.insert(address(directory));
            for line in payload(&files, directory).as_str().unwrap().split(',') {
                for piece in line.split(' ') {
                    let name = piece.rsplit('.').next().unwrap();
                    needed.insert(address(name));
                    titles.insert(payload(&files, name)[0].as_str().unwrap().to_owned());
                }
            }
        }
        assert_eq!(titles.len(), 150);
        let backwards = payload(&files, start["backwards"].as_str().unwrap());
        for list in [&start["dictionary"], &backwards] {
            for name in list.as_str().unwrap().split(',').step_by(2) {
                needed.insert(address(name));
                needed.extend(
                    payload(&files, name)[1]
                        .as_str()
                        .unwrap()
                        .split(',')
                        .filter(|name| !name.is_empty())
                        .map(address),
                );
            }
        }
        assert_eq!(needed, files.keys().cloned().collect());
    }

    #[test]
    fn an_empty_site_has_an_index() {
        let files = english(&[]);
        let start = payload(&files, START);
        assert_eq!(start["articles"], 0);
        assert!(dictionary(&files).is_empty());
    }

    #[test]
    fn pieces_keep_their_names_where_nothing_changes() {
        let articles = [article("a", "A", &["One text."]), article("b", "B", &["Another text, longer."])];
        let mut edited = articles.clone();
        Arc::make_mut(&mut edited[1].body)[0].text = "Another text, edited.".into();
        let (before, after) = (english(&articles), english(&edited));
        assert_eq!(before, english(&articles));
        let text = |files: &BTreeMap<Address, Bytes>| {
            files
                .iter()
                .find(|(_, bytes)| String::from_utf8_lossy(bytes).contains("One text."))
                .map(|(name, _)| name.clone())
        };
        assert_eq!(text(&before), text(&after));
        assert_ne!(before, after);
    }

    #[test]
    fn a_longer_article_and_one_more_renew_few_pieces() {
        // Each article has 30 of 20,000 words.
        let word = |n: usize| format!("w{}", n * 7919 % 20_000);
        let text = |of: usize| (0..30).map(|n| word(of * 30 + n)).collect::<Vec<_>>().join(" ");
        let articles: Vec<Searched> = (0..1000)
            .map(|n| article(&format!("a{n}"), &format!("Title {n}"), &[&text(n), "of the leader"]))
            .collect();
        let before = english(&articles);
        let renewed = |articles: &[Searched]| {
            let after = english(articles);
            let new: Vec<&Address> = after.keys().filter(|name| !before.contains_key(*name)).collect();
            (new.len(), after.len())
        };
        let mut longer = articles.clone();
        let text = "An added sentence of quite unheard words.".into();
        let added = Passage { id: "".into(), text, is_heading: false };
        longer[7].body = longer[7].body.iter().cloned().chain([added]).collect();
        let (new, all) = renewed(&longer);
        // Those with its words, for they say how long it is, and some with the new ones.
        assert!(all > 1200 && new < 60, "{new} of {all}");
        let mut one_more = articles.clone();
        one_more.push(article("new", "New", &["Of quite unheard words."]));
        let (new, all) = renewed(&one_more);
        assert!(new < 20, "{new} of {all}");
    }

    #[test]
    fn pieces_that_wait_on_the_disk_are_the_same() {
        let articles = many();
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::beside(folder.path(), 0).unwrap();
        let of = |spool: Option<Arc<Spool>>| {
            let search = search(&articles, &Shelf::default());
            let (shown, index) =
                kept::make(&search.articles, &Language::of("en"), &search.shelf, spool.as_ref());
            Search { files: OnceLock::from(files(shown, index, spool)), ..search }
        };
        let waiting = of(Some(spool));
        let is_away = |file: &File| matches!(file.holds, Holds::Away(_));
        assert!(waiting.files().files.values().any(is_away), "some wait");
        assert_eq!(all(&waiting), all(&of(None)));
    }

    #[test]
    fn what_is_kept_makes_no_difference() {
        let articles: Vec<Searched> = (0..70)
            .map(|n| {
                article(&format!("a{n}"), &format!("Title {n}"), &["One text.", "Another text."][..n % 3])
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(folder.path());
        assert_eq!(all(&search(&articles, &shelf)), english(&articles));
        let mut edited = articles.clone();
        edited.remove(7);
        let longer = format!("{} More of it.", edited[4].body[0].text.read());
        Arc::make_mut(&mut edited[4].body)[0].text = longer.as_str().into();
        edited[5].title.push_str(", renamed");
        edited.push(article("new", "New", &["A new text."]));
        assert_eq!(all(&search(&edited, &shelf)), english(&edited));
    }

    /// Articles in which a few words are so common that pairs of them are in the dictionary.
    fn many() -> Vec<Searched> {
        let text = "of the leader in the garden of ".repeat(20);
        let article = |n: usize| {
            article(
                &format!("a{n}"),
                &format!("Title {n}"),
                &[&text, "of leader", "Beans climb poles daily."],
            )
        };
        (0..300).map(article).collect()
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(8))]
        #[test]
        fn however_articles_are_edited_what_is_kept_makes_no_difference(
            edits in proptest::collection::vec((0usize..300, 0usize..8, 0usize..4), 1..6),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let shelf = Shelf::at(folder.path());
            let with_kept = |articles: &[Searched]| all(&search(articles, &shelf));
            let mut articles = many();
            with_kept(&articles);
            for (at, kind, word) in edits {
                let at = at % articles.len();
                let word = ["beans", "leaders", "the", "climbing"][word];
                let text = &mut Arc::make_mut(&mut articles[at].body)[2].text;
                match kind {
                    // As long as before, with other words, or with words of a stem that others have.
                    0 => *text = format!("Beans climb {word} daily.").as_str().into(),
                    1 => *text = format!("{word} {word} of the poles.").as_str().into(),
                    2 => *text = "of the leader of".into(),
                    3 => *text = format!("{} {}", text.read(), format!("{word} ").repeat(70)).as_str().into(),
                    4 => articles[at].title = format!("On {word}"),
                    5 => articles[at].topics.clear(),
                    6 => drop(articles.remove(at)),
                    _ => articles.push(article(&format!("new-{word}"), word, &["New text of the leader."])),
                }
                proptest::prop_assert!(with_kept(&articles) == english(&articles), "after an edit");
                proptest::prop_assert!(with_kept(&articles) == english(&articles), "once more");
            }
        }
    }
}
