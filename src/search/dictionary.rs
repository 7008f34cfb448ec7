//! The dictionary in blocks, and the postings in pieces.
//!
//! In: the entries. Out: pieces, and two lists that say which block has a word: one for words as they are
//! written, one for words backwards, which finds those whose beginning is mistyped.

use rayon::prelude::*;

use super::bits::digit;
use super::entries::{Entries, Entry};
use super::index::Units;
use super::postings::Leads;
use super::words::is_unspaced;
use super::{Pieces, near_power_of_two};

/// Postings of so many characters stand in the dictionary itself: a name for them elsewhere costs as much.
const SHORT: usize = 24;

/// About how many pieces of postings there are while their size can be chosen.
const PIECES: usize = 8000;

/// The smallest and the largest piece of postings, in characters; those of one word are never cut.
const PIECE: [usize; 2] = [512, 2048];

/// A query has about so many words, each in a block of its own.
const WORDS: usize = 6;

/// Characters that the list of blocks spends on each: its name, its first word, two commas.
const LISTED: usize = 14;

/// The smallest and the largest usual size of a block, in characters.
const BLOCK: [usize; 2] = [512, 2048];

/// The smallest and the largest block, in quarters of the usual size: so wide that the ends of blocks find each other again
/// behind a new word, and so narrow that no query fetches much more than usual.
const BOUNDS: [usize; 2] = [3, 5];

/// The shortest word in the dictionary of words written backwards: one letter less than the shortest that may
/// be mistyped.
const BACKWARDS: usize = 4;

/// The lists of blocks.
pub(super) struct Dictionary {
    pub forwards: String,
    pub backwards: String,
    /// The size of a piece of postings, in characters; one word's may be larger.
    pub piece: usize,
}

/// Puts all entries in blocks. They are as large as what comes of them, and go one by one.
pub(super) fn dictionary(entries: Entries, articles: usize, pieces: &mut Pieces) -> Dictionary {
    let is_spelt = |word: &&str| {
        word.chars().nth(BACKWARDS - 1).is_some()
            && word.chars().all(|c| c.is_alphabetic() && !is_unspaced(c))
    };
    let mut reversed: Vec<String> = Vec::new();
    let mut elsewhere = 0;
    entries.each(|entry| {
        elsewhere += long(&entry.leads);
        reversed.extend(Some(entry.word).filter(is_spelt).map(|word| word.chars().rev().collect::<String>()));
    });
    let piece = (elsewhere / PIECES).next_power_of_two().clamp(PIECE[0], PIECE[1]);
    let mut forwards = List::default();
    let ends = ends(|add| entries.each(|entry| add(entry.word, short(&entry.leads))));
    let count = entries.len();
    let mut entries = entries.into_iter();
    for size in sizes(count, &ends) {
        let mut block = Block::default();
        for entry in entries.by_ref().take(size) {
            block.push(entry, articles, piece, pieces);
        }
        forwards.add(block, pieces);
    }

    reversed.par_sort_unstable_by(|a, b| Units(a).cmp(&Units(b)));
    let mut backwards = List::default();
    let ends = self::ends(|add| reversed.iter().for_each(|word| add(word, 0)));
    let mut words = reversed.iter();
    for size in sizes(reversed.len(), &ends) {
        let mut block = Block::default();
        for word in words.by_ref().take(size) {
            block.word(word);
        }
        backwards.add(block, pieces);
    }
    Dictionary { forwards: forwards.text, backwards: backwards.text, piece }
}

/// How many of so many words each block has, cut at the ends; no words are one empty block.
fn sizes(count: usize, ends: &[usize]) -> impl Iterator<Item = usize> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends.iter().copied().chain([count])).map(|(start, end)| end - start)
}

/// Where blocks of words end, but for the last; `each` gives every word with the room that what it leads to takes in the dictionary. Of all
/// the places at which a block would have about the right size, the one before the word whose hash is the smallest: so where a block
/// ends depends on the words around it, and a new word moves few other ends (as files are cut for comparison, Muthitacharoen and
/// others 2001).
fn ends(each: impl FnOnce(&mut dyn FnMut(&str, usize))) -> Vec<usize> {
    let mut last = String::new();
    // Of each word the beginning of its hash, and its size.
    let mut all: Vec<([u8; 8], usize)> = Vec::new();
    each(&mut |word, room| {
        // The comma and the digit, and what the word does not share with the one before.
        let size = 2 + word.len() - shared_bytes(&last, word) + room;
        let hash = blake3::hash(word.as_bytes());
        all.push((std::array::from_fn(|at| hash.as_bytes()[at]), size));
        word.clone_into(&mut last);
    });
    let total = all.iter().map(|(_, size)| size).sum();
    let usual = block_size(total);
    let [least, most] = BOUNDS.map(|quarters| usual * quarters / 4);
    let mut ends = Vec::new();
    let mut left = total;
    let mut start = 0;
    while left > most {
        let mut size = 0;
        let reached = all[start..].iter().zip(start..).map(|((hash, more), at)| {
            let before = size;
            size += more;
            (before, hash, at)
        });
        let possible = reached.skip_while(|(size, ..)| *size < least).take_while(|(size, ..)| *size <= most);
        // Where one word alone is larger than a block, the block ends behind it.
        let end =
            possible.min_by_key(|(_, hash, _)| **hash).map_or(start + 1, |(_, _, at)| at).max(start + 1);
        left -= all[start..end].iter().map(|(_, size)| size).sum::<usize>();
        ends.push(end);
        start = end;
    }
    ends
}

/// How many bytes two words share at their beginning, in whole characters.
fn shared_bytes(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// The size of block with which the list of blocks and the blocks of a query are smallest together,
/// `sqrt(LISTED * total / WORDS)`.
fn block_size(total: usize) -> usize {
    near_power_of_two((LISTED * total / WORDS).isqrt()).clamp(BLOCK[0], BLOCK[1])
}

/// How much room a word's postings, or what leads to them, take in the dictionary.
fn short(leads: &Leads<&str>) -> usize {
    match leads {
        Leads::Postings(text) if text.len() <= SHORT => text.len(),
        Leads::To(_) | Leads::Postings(_) | Leads::Common(..) => 2,
    }
}

/// How much room they take elsewhere.
fn long(leads: &Leads<&str>) -> usize {
    match leads {
        Leads::Postings(text) if text.len() > SHORT => text.len(),
        Leads::Common(text, _) => text.len(),
        Leads::To(_) | Leads::Postings(_) => 0,
    }
}

/// Blocks added one after the other.
#[derive(Default)]
struct List {
    text: String,
    last: String,
}

impl List {
    fn add(&mut self, mut block: Block, pieces: &mut Pieces) {
        block.finish(pieces);
        if !self.text.is_empty() {
            // So much of the first word as tells it from the word before it.
            let shared = shared(&self.last, &block.first);
            let letters = block.first.chars().take(shared + 1);
            self.text.extend([','].into_iter().chain(letters).chain([',']));
        }
        self.text.push_str(&pieces.add(&[&block.text, &block.names]));
        self.last = block.last;
    }
}

/// A block being filled.
#[derive(Default)]
struct Block {
    text: String,
    /// The pieces of postings, one name after the other, separated by commas.
    names: String,
    /// The postings of the piece being filled.
    piece: Vec<String>,
    piece_size: usize,
    first: String,
    last: String,
}

impl Block {
    /// Adds a word: how many UTF-16 units it shares with the one before, and the others.
    fn word(&mut self, word: &str) {
        if self.text.is_empty() {
            word.clone_into(&mut self.first);
        } else {
            self.text.push(',');
        }
        let shared = shared(&self.last, word);
        let start: usize = word.chars().take(shared).map(char::len_utf8).sum();
        self.text.push(digit(units(&word[..start])));
        self.text.push_str(&word[start..]);
        word.clone_into(&mut self.last);
    }

    fn push(&mut self, entry: Entry, articles: usize, limit: usize, pieces: &mut Pieces) {
        self.word(&entry.word);
        match entry.leads {
            Leads::To(home) => {
                let shared = shared(&entry.word, &home);
                let start: usize = home.chars().take(shared).map(char::len_utf8).sum();
                self.text.push('=');
                self.text.push(digit(units(&entry.word[start..])));
                self.text.push_str(&home[start..]);
            }
            Leads::Postings(text) if text.len() <= SHORT => {
                self.text.push(':');
                self.text.push_str(&text);
            }
            Leads::Postings(text) => self.postings(text, limit, pieces),
            Leads::Common(text, count) => {
                self.text.push('~');
                self.text.push(digit(count * 63 / articles.max(1)));
                self.postings(text, limit, pieces);
            }
        }
    }

    /// Adds postings to the piece being filled, or to a new one.
    fn postings(&mut self, text: String, limit: usize, pieces: &mut Pieces) {
        if self.piece.is_empty() || self.piece_size + text.len() > limit {
            self.finish(pieces);
            self.text.push('/');
        } else {
            self.text.push('+');
        }
        // The size in 64 characters, so that a browser knows beforehand what a word costs.
        let size = text.len() / 64;
        if size > 63 {
            self.text.push(digit(size >> 6));
        }
        self.text.push(digit(size));
        self.piece_size += text.len();
        self.piece.push(text);
    }

    /// Ends the piece being filled.
    fn finish(&mut self, pieces: &mut Pieces) {
        if !self.piece.is_empty() {
            if !self.names.is_empty() {
                self.names.push(',');
            }
            self.names.push_str(&pieces.add(&self.piece.join(",")));
        }
        self.piece.clear();
        self.piece_size = 0;
    }
}

/// How many characters two words share at their beginning.
fn shared(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// The length of a text for JavaScript.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
