//! What is read of an article: its words, and where they stand.
//!
//! In: what can be found of one article. Out: its [`Read`], which depends on nothing else, so that it can be kept as long
//! as the article stays as it is. Joining them is the index's matter.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::lexicon::Lexicon;
use super::searched::Searched;
use super::words::each_word;

/// Words of a slot. A passage begins a slot of its own and takes as many as it needs; a title takes one.
pub(super) const SLOT: u32 = 64;

/// The number of a word that keeps its place and is not found.
pub(super) const NOT_FOUND: u32 = u32::MAX;

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
    pub words: Vec<u32>,
    /// The words of the title and then of each passage.
    running: Vec<u32>,
    /// How many of them the title has, and each passage.
    lengths: Vec<u32>,
    /// The words of each field, rising.
    fields: [Vec<u32>; 6],
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
    /// Its words looked up in the lexicon, where those that are new get numbers.
    pub(super) fn numbered(self, lexicon: &mut Lexicon) -> Read {
        Read { words: self.words.lines().map(|word| lexicon.number(word)).collect(), ..self.read }
    }
}

impl Read {
    /// Reads an article.
    pub(super) fn of(article: &Searched) -> Fresh {
        let passages = &article.passages;
        let mut cut = Cut::for_letters(passages.iter().map(|passage| passage.text.len()).sum());
        let running =
            std::iter::once(article.title.as_str()).chain(passages.iter().map(|one| one.text.as_str()));
        let lengths: Vec<u32> = running.map(|text| cut.add(text)).collect();
        let end = cut.ends.len();
        let mut fields = FIELDS.map(|_| Vec::new());
        let mut begin = 0;
        let is_heading = passages.iter().map(|passage| passage.is_heading);
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

        let (words, mut running) = cut.numbered();
        let fields = fields.map(|places| {
            let mut numbers: Vec<u32> = places.into_iter().map(|place| running[place]).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers.retain(|number| *number != NOT_FOUND);
            numbers
        });
        running.truncate(end);
        Fresh { words, read: Read { words: Vec::new(), running, lengths, fields } }
    }

    /// The words of the title and then of each passage.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u32]> {
        let mut rest = self.running.as_slice();
        self.lengths.iter().map(move |length| {
            let (text, after) = rest.split_at_checked(*length as usize).unwrap_or((rest, &[]));
            rest = after;
            text
        })
    }

    /// The words of a field, rising.
    pub(super) fn field(&self, field: Field) -> &[u32] {
        &self.fields[field as usize]
    }

    /// How many words the title has.
    pub(super) fn title_length(&self) -> usize {
        self.lengths.first().copied().unwrap_or_default() as usize
    }

    /// How many slots each passage takes.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> {
        self.lengths.iter().skip(1).map(|length| slots_of(*length))
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

    /// Each word once, a line each, and all words by their number.
    fn numbered(&self) -> (String, Vec<u32>) {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        numbers.reserve(self.ends.len() / 2);
        let mut words = String::with_capacity(self.text.len());
        let mut start = 0;
        let number = |end: &usize| {
            let word = &self.text[start..*end];
            start = *end;
            if word.is_empty() {
                return NOT_FOUND;
            }
            let next = numbers.len() as u32;
            *numbers.entry(word).or_insert_with(|| {
                words.push_str(word);
                words.push('\n');
                next
            })
        };
        let running = self.ends.iter().map(number).collect();
        words.shrink_to_fit();
        (words, running)
    }
}

#[cfg(test)]
mod tests {
    use super::super::searched::Topic;
    use super::*;
    use crate::markdown::Passage;

    #[test]
    fn words_have_numbers_and_fields() {
        let passage = |text: &str, is_heading| Passage { id: "".into(), text: text.into(), is_heading };
        let long = "x".repeat(100);
        let mut lexicon = Lexicon::default();
        lexicon.number("else");
        let fresh = Read::of(&Searched {
            title: "Of leaders".to_owned(),
            topics: vec![Topic { slug: "at-work".to_owned(), title: "At work".to_owned() }],
            authors: vec!["Ann Author".to_owned()],
            concepts: vec!["Leaders".to_owned()],
            passages: vec![passage("A heading", true), passage(&format!("Leaders {long} of"), false)],
            ..Searched::default()
        });
        let read = fresh.numbered(&mut lexicon);
        let words: Vec<&str> = read.words.iter().map(|number| lexicon.word(*number)).collect();
        let named = |numbers: &[u32]| -> Vec<&str> {
            numbers.iter().map(|number| words.get(*number as usize).copied().unwrap_or("-")).collect()
        };
        let texts: Vec<Vec<&str>> = read.texts().map(named).collect();
        assert_eq!(texts, [vec!["of", "leaders"], vec!["a", "heading"], vec!["leaders", "-", "of"]]);
        let fields = FIELDS.map(|field| named(read.field(field)));
        assert_eq!(fields[..3], [vec!["of", "leaders"], vec!["a", "heading"], vec!["at", "work"]]);
        assert_eq!(fields[3..5], [vec!["ann", "author"], vec!["leaders"]]);
        assert_eq!(fields[5], ["#at-work", "#at", "#work", "@ann", "@author"]);
        assert_eq!((read.title_length(), read.slots().collect()), (2, vec![1, 1]));
    }
}
