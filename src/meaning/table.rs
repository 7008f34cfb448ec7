//! The table: the rows of word pieces, and how a word is cut into pieces.
//!
//! `scripts/make-vectors.py` describes the file. It is read once, when first asked for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::trie::Trie;

/// The numbers of a row.
pub const DIMENSIONS: usize = 128;

/// The BLAKE3 hash of the table: two builds with one hash mean the same by every word.
pub const HASH: &str = "3648f3ca75e1da833163a8dcdb9fe41333da4c8917b770320cafaa2171eba87a";

static FILE: &[u8] = include_bytes!("table.bin");

const MAGIC: &[u8] = b"GLNVEC01";

/// What stands in the file for the number 0.
const ZERO: i16 = 7;

/// A word longer than this, in bytes, is no word; nobody means anything by it.
const LONGEST_WORD: usize = 100;

/// The rows of all pieces.
pub(super) struct Table {
    /// The row of each piece that begins a word, or is one.
    first: FxHashMap<&'static str, u32>,
    /// The same, by their letters.
    beginnings: Trie,
    /// The rows of the pieces that go on inside a word, by their letters.
    further: Trie,
    /// Two bytes each.
    scales: &'static [[u8; 2]],
    rows: &'static [[u8; DIMENSIONS / 2]],
    /// How long each row is, once somebody asks.
    lengths: OnceLock<Vec<f64>>,
}

/// The table.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::read(FILE).expect("the table was checked by a test before it was shipped"))
}

impl Table {
    /// Reads a file; `None` where it is not as described.
    fn read(file: &'static [u8]) -> Option<Table> {
        let rest = file.strip_prefix(MAGIC)?;
        let (count, rest) = number(rest)?;
        let (dimensions, rest) = number(rest)?;
        let (length, rest) = number(rest)?;
        let (names, rest) = rest.split_at_checked(length)?;
        let (scales, rows) = rest.split_at_checked(count * 2)?;
        let (scales, rows) = (scales.as_chunks::<2>().0, rows.as_chunks::<{ DIMENSIONS / 2 }>());
        if dimensions != DIMENSIONS || rows.0.len() != count || !rows.1.is_empty() {
            return None;
        }
        let names = str::from_utf8(names).ok()?;
        let named = names.lines().zip(0..);
        let (mut further, mut first): (Vec<(&str, u32)>, Vec<_>) =
            named.partition(|(name, _)| name.starts_with("##"));
        for (name, _) in &mut further {
            *name = &name[2..];
        }
        let is_whole = first.len() + further.len() == count;
        first.sort_unstable();
        further.sort_unstable();
        let (beginnings, further) = (Trie::of(&first), Trie::of(&further));
        let first = first.into_iter().collect();
        is_whole.then_some(Table {
            first,
            beginnings,
            further,
            scales,
            rows: rows.0,
            lengths: OnceLock::new(),
        })
    }

    /// Adds the rows of a word in lower case; says how many words of letters it is, and how many of them the table has
    /// as they are.
    pub(super) fn add(&self, folded: &str, adding: &mut Adding) -> (usize, usize) {
        if let Some(row) = self.first.get(folded) {
            self.add_row(*row, adding);
            let is_of_letters = folded.chars().all(char::is_alphabetic);
            return (usize::from(is_of_letters), usize::from(is_of_letters));
        }
        CUT.with_borrow_mut(|cuts| {
            let cut = cuts.of(folded, self);
            for row in &cuts.rows[cut.rows.clone()] {
                self.add_row(*row, adding);
            }
            (cut.words, cut.known)
        })
    }

    /// How long the sum of a word's rows is.
    pub(super) fn length(&self, folded: &str) -> f64 {
        match self.first.get(folded) {
            Some(row) => self.lengths()[*row as usize],
            None => CUT.with_borrow_mut(|cuts| cuts.of(folded, self).length),
        }
    }

    fn lengths(&self) -> &[f64] {
        self.lengths.get_or_init(|| (0..).take(self.rows.len()).map(|row| self.length_of(&[row])).collect())
    }

    fn length_of(&self, rows: &[u32]) -> f64 {
        let (mut adding, mut numbers) = (Adding::default(), [0; DIMENSIONS]);
        for row in rows {
            self.add_row(*row, &mut adding);
        }
        adding.finish(&mut numbers);
        numbers.iter().map(|number| *number as f64 * *number as f64).sum::<f64>().sqrt()
    }

    /// Cuts a word at what is no letter or digit, so that `don't` is two words, and those that the table has not into
    /// pieces; puts their rows with others.
    fn cut(&self, folded: &str, rows: &mut Vec<u32>) -> (usize, usize) {
        let plain: Cow<'_, str> = if folded.is_ascii() {
            Cow::Borrowed(folded)
        } else {
            Cow::Owned(folded.nfd().filter(|c| !is_combining_mark(*c)).collect())
        };
        let (mut words, mut known) = (0, 0);
        for word in plain.split(|c: char| !c.is_alphanumeric()) {
            if word.is_empty() || word.len() > LONGEST_WORD {
                continue;
            }
            let is_of_letters = word.chars().all(char::is_alphabetic);
            words += usize::from(is_of_letters);
            if let Some(row) = self.first.get(word) {
                known += usize::from(is_of_letters);
                rows.push(*row);
            } else {
                self.cut_into_pieces(word, rows);
            }
        }
        (words, known)
    }

    /// Longest match first, as the encoder's own cutter does it; a word with a letter no piece has counts for nothing.
    fn cut_into_pieces(&self, word: &str, rows: &mut Vec<u32>) {
        let (begin, mut rest) = (rows.len(), word);
        while !rest.is_empty() {
            let pieces = if rows.len() == begin { &self.beginnings } else { &self.further };
            let Some((end, row)) = pieces.longest(rest) else {
                rows.truncate(begin);
                return;
            };
            rows.push(row);
            rest = &rest[end..];
        }
    }

    fn add_row(&self, row: u32, adding: &mut Adding) {
        // A scale is at most 4095 and a number at most 7: what they make fits 16 bits, which are multiplied twice as fast.
        let scale = i16::from_le_bytes(self.scales[row as usize]);
        let (low, high) = adding.numbers.split_at_mut(DIMENSIONS / 2);
        for ((byte, low), high) in self.rows[row as usize].iter().zip(low).zip(high) {
            *low += i32::from(scale.wrapping_mul(i16::from(byte & 15) - ZERO));
            *high += i32::from(scale.wrapping_mul(i16::from(byte >> 4) - ZERO));
        }
        adding.rows += 1;
        if adding.rows == Adding::MOST {
            adding.carry();
        }
    }
}

thread_local! {
    /// A collection has the same strange words again and again.
    static CUT: RefCell<Cuts> = RefCell::default();
}

/// Forgets how words were cut, in every thread that may have cut some.
pub(super) fn forget() {
    CUT.take();
    rayon::broadcast(|_| CUT.take());
}

/// So many words are remembered as cut: some 10 MB of them.
const REMEMBERED: usize = 1 << 16;

/// Words that are no row of the table, as they were cut.
#[derive(Default)]
struct Cuts {
    words: FxHashMap<Box<str>, Cut>,
    rows: Vec<u32>,
}

/// How a word was cut.
#[derive(Clone)]
struct Cut {
    rows: Range<usize>,
    words: usize,
    known: usize,
    /// How long the sum of the rows is.
    length: f64,
}

impl Cuts {
    fn of(&mut self, folded: &str, table: &Table) -> Cut {
        if let Some(cut) = self.words.get(folded) {
            return cut.clone();
        }
        if self.words.len() == REMEMBERED {
            *self = Cuts::default();
        }
        let begin = self.rows.len();
        let (words, known) = table.cut(folded, &mut self.rows);
        let length = table.length_of(&self.rows[begin..]);
        let cut = Cut { rows: begin..self.rows.len(), words, known, length };
        self.words.insert(folded.into(), cut.clone());
        cut
    }
}

fn number(bytes: &'static [u8]) -> Option<(usize, &'static [u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number) as usize, rest))
}

/// A sum under way: in short numbers, which are quick, carried over before they can overflow.
pub(super) struct Adding {
    numbers: [i32; DIMENSIONS],
    rows: usize,
    carried: [i64; DIMENSIONS],
}

impl Default for Adding {
    fn default() -> Adding {
        Adding { numbers: [0; DIMENSIONS], rows: 0, carried: [0; DIMENSIONS] }
    }
}

impl Adding {
    /// So many rows at most fit: a scale is at most 4095, a number at most 7.
    const MOST: usize = i32::MAX as usize / (4095 * 8);

    fn carry(&mut self) {
        for (carried, number) in self.carried.iter_mut().zip(&mut self.numbers) {
            *carried += i64::from(std::mem::take(number));
        }
        self.rows = 0;
    }

    /// The sum.
    pub(super) fn finish(mut self, numbers: &mut [i64; DIMENSIONS]) {
        self.carry();
        *numbers = self.carried;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_was_measured() {
        assert_eq!(blake3::hash(FILE).to_hex().as_str(), HASH);
        let table = Table::read(FILE).unwrap();
        assert_eq!(table.rows.len(), table.scales.len());
        assert!(table.scales.iter().all(|scale| (1..=4095).contains(&u16::from_le_bytes(*scale))));
        // A whole word is looked up as it is, before it is cut.
        assert!(table.first.keys().all(|name| name.is_ascii() && name.chars().all(char::is_alphanumeric)));
        assert!(table.rows.iter().flatten().all(|byte| byte & 15 <= 14 && byte >> 4 <= 14));
    }

    #[test]
    fn a_broken_table_is_refused() {
        assert!(Table::read(&FILE[..FILE.len() - 1]).is_none());
        assert!(Table::read(&FILE[1..]).is_none());
        assert!(Table::read(b"").is_none());
    }
}
