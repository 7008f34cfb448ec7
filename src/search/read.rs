//! What is read of an article: its words, and where they stand.
//!
//! In: what can be found of one article. Out: its [`Read`], which depends on nothing else, so that it can be kept as long
//! as the article stays as it is. Joining them is the index's matter.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::numbers::Numbers;
use super::searched::Searched;
use super::words::each_word;

/// Words of a slot. A passage begins a slot of its own and takes as many as it needs; a title takes one.
pub(super) const SLOT: u32 = 64;

/// The fields besides the running text, in the order of their postings; and, last, what filters ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Title,
    Heading,
    Topic,
    Author,
    Concept,
    /// `#` before a topic's slug or a word of its title, `@` before a word of an author's name.
    Filter,
}

pub(super) const FIELDS: [Field; 6] =
    [Field::Title, Field::Heading, Field::Topic, Field::Author, Field::Concept, Field::Filter];

/// The words of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Read {
    /// Each word once, by its number in the lexicon; below, words are known by their places in this list.
    pub words: Numbers,
    /// The words of the title and then of each passage, counted from 1; 0 where one keeps its place and is not found.
    running: Numbers,
    /// How many of them the title has, and each passage.
    lengths: Numbers,
    /// The words of each field, rising.
    fields: [Numbers; 6],
}

/// An article just read: its words wait for their numbers.
#[derive(Debug)]
pub(super) struct Fresh {
    /// A line each.
    words: String,
    /// All else that was read.
    pub read: Read,
}

impl Fresh {
    /// Its words, each once.
    pub(super) fn words(&self) -> std::str::Lines<'_> {
        self.words.lines()
    }

    /// The same with the numbers of its words in the lexicon.
    pub(super) fn numbered(self, words: Numbers) -> Read {
        Read { words, ..self.read }
    }
}

impl Read {
    /// Reads an article.
    pub(super) fn of(article: &Searched) -> Fresh {
        let _held = article.hold();
        let passages = article.passages();
        let mut cut = Cut::for_letters(passages.clone().map(|passage| passage.text.len()).sum());
        let mut lengths = vec![cut.add(&article.title)];
        lengths.extend(passages.clone().map(|passage| cut.add(&passage.text.read())));
        let end = cut.ends.len();
        let mut fields = FIELDS.map(|_| Vec::new());
        let mut begin = 0;
        let is_heading = passages.map(|passage| passage.is_heading);
        for (length, is_heading) in lengths.iter().zip(std::iter::once(false).chain(is_heading)) {
            let words = begin..begin + *length as usize;
            begin = words.end;
            if words.start == 0 {
                fields[Field::Title as usize].extend(words);
            } else if is_heading {
                fields[Field::Heading as usize].extend(words);
            }
        }
        let mut add = |field: Field, cut: &mut Cut, texts: &mut dyn Iterator<Item = &String>| {
            let start = cut.ends.len();
            texts.for_each(|text| {
                cut.add(text);
            });
            fields[field as usize].extend(start..cut.ends.len());
        };
        add(Field::Topic, &mut cut, &mut article.topics.iter().map(|topic| &topic.title));
        add(Field::Author, &mut cut, &mut article.authors.iter());
        add(Field::Concept, &mut cut, &mut article.concepts.iter());
        let start = cut.ends.len();
        for topic in &article.topics {
            cut.push(&format!("#{}", topic.slug));
            each_word(&topic.title, |_, word| cut.push(&format!("#{word}")));
        }
        for author in &article.authors {
            each_word(author, |_, word| cut.push(&format!("@{word}")));
        }
        fields[Field::Filter as usize].extend(start..cut.ends.len());

        let (words, cut) = cut.numbered();
        let fields = fields.map(|places| {
            let numbers: BTreeSet<u32> = places.into_iter().filter_map(|place| cut[place]).collect();
            numbers.into_iter().collect()
        });
        let running = cut[..end].iter().map(|number| number.map_or(0, |number| number + 1)).collect();
        Fresh {
            words,
            read: Read { words: Numbers::default(), running, lengths: lengths.into_iter().collect(), fields },
        }
    }

    /// The words of the title and of all passages, in order; `None` where one keeps its place and is not found.
    pub(super) fn running(&self) -> impl Iterator<Item = Option<u32>> {
        self.running.iter().map(|number| number.checked_sub(1))
    }

    /// Puts the same into a list, counted from 1; 0 where one is not found.
    pub(super) fn put_running_into(&self, list: &mut Vec<u32>) {
        self.running.put_into(list);
    }

    /// How many words the title has, and then each passage.
    pub(super) fn lengths(&self) -> impl Iterator<Item = u32> {
        self.lengths.iter()
    }

    /// The words of a field, rising.
    pub(super) fn field(&self, field: Field) -> impl Iterator<Item = u32> {
        self.fields[field as usize].iter()
    }

    /// How many words the title has.
    pub(super) fn title_length(&self) -> usize {
        self.lengths.iter().next().unwrap_or_default() as usize
    }

    /// How many slots each passage takes.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> {
        self.lengths.iter().skip(1).map(slots_of)
    }
}

/// The slots of a passage: one more than it fills, so that its last word is no neighbour of the next one's first.
pub(super) fn slots_of(words: u32) -> u32 {
    words / SLOT + 1
}

/// Words as they are cut, one after the other; where one is not found, an empty one.
struct Cut {
    text: String,
    ends: Vec<usize>,
}

impl Cut {
    fn for_letters(count: usize) -> Cut {
        // A word has some five letters, and a blank.
        Cut { text: String::with_capacity(count), ends: Vec::with_capacity(count / 5) }
    }

    /// Adds the words of a text; gives how many there were.
    fn add(&mut self, text: &str) -> u32 {
        let begin = self.ends.len();
        let count = each_word(text, |index, word| {
            self.ends.resize(begin + index, self.text.len());
            self.push(word);
        });
        self.ends.resize(begin + count, self.text.len());
        count as u32
    }

    fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.ends.push(self.text.len());
    }

    /// Each word once, a line each, and all words by their number; `None` where one is not found.
    fn numbered(&self) -> (String, Vec<Option<u32>>) {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        numbers.reserve(self.ends.len() / 2);
        let mut words = String::with_capacity(self.text.len());
        let mut start = 0;
        let number = |end: &usize| {
            let word = &self.text[start..*end];
            start = *end;
            if word.is_empty() {
                return None;
            }
            let next = numbers.len() as u32;
            Some(*numbers.entry(word).or_insert_with(|| {
                words.push_str(word);
                words.push('\n');
                next
            }))
        };
        let running = self.ends.iter().map(number).collect();
        words.shrink_to_fit();
        (words, running)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::Lexicon;
    use super::super::searched::Topic;
    use super::*;
    use crate::markdown::Passage;

    #[test]
    fn words_have_numbers_and_fields() {
        let passage = |text: &str, is_heading| Passage { id: "".into(), text: text.into(), is_heading };
        let long = "x".repeat(100);
        let mut lexicon = Lexicon::default();
        lexicon.numbers(&["else".lines()]);
        let fresh = Read::of(&Searched {
            title: "Of leaders".to_owned(),
            topics: vec![Topic { slug: "at-work".to_owned(), title: "At work".to_owned() }],
            authors: vec!["Ann Author".to_owned()],
            concepts: vec!["Leaders".to_owned()],
            body: [passage("A heading", true), passage(&format!("Leaders {long} of"), false)].into(),
            ..Searched::default()
        });
        let words = lexicon.numbers(&[fresh.words()]).remove(0);
        let read = fresh.numbered(words);
        let words: Vec<&str> = read.words.iter().map(|number| lexicon.word(number)).collect();
        let named = |number: Option<u32>| number.map_or("-", |number| words[number as usize]);
        let running: Vec<&str> = read.running().map(named).collect();
        assert_eq!(running, ["of", "leaders", "a", "heading", "leaders", "-", "of"]);
        assert!(read.lengths().eq([2, 2, 3]));
        let fields =
            FIELDS.map(|field| read.field(field).map(|number| words[number as usize]).collect::<Vec<&str>>());
        assert_eq!(fields[..3], [vec!["of", "leaders"], vec!["a", "heading"], vec!["at", "work"]]);
        assert_eq!(fields[3..5], [vec!["ann", "author"], vec!["leaders"]]);
        assert_eq!(fields[5], ["#at-work", "#at", "#work", "@ann", "@author"]);
        assert_eq!((read.title_length(), read.slots().collect()), (2, vec![1, 1]));
    }
}
