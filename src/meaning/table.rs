//! The table: the rows of word pieces, and how a word is cut into pieces.
//!
//! `scripts/make-vectors.py` describes the file. It is read once, when first asked for.

use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The numbers of a row.
pub const DIMENSIONS: usize = 128;

/// The BLAKE3 hash of the table: two builds with one hash mean the same by every word.
pub const HASH: &str = "3648f3ca75e1da833163a8dcdb9fe41333da4c8917b770320cafaa2171eba87a";

static FILE: &[u8] = include_bytes!("table.bin");

const MAGIC: &[u8] = b"GLNVEC01";

/// What stands in the file for the number 0.
const ZERO: i32 = 7;

/// A word longer than this, in bytes, is no word; nobody means anything by it.
const LONGEST_WORD: usize = 100;

/// The rows of all pieces.
pub(super) struct Table {
    /// The row of each piece that begins a word, or is one.
    first: FxHashMap<&'static str, u32>,
    /// The row of each piece that goes on inside a word.
    further: FxHashMap<&'static str, u32>,
    /// The bytes of the longest piece.
    longest: usize,
    /// Two bytes each.
    scales: &'static [[u8; 2]],
    rows: &'static [[u8; DIMENSIONS / 2]],
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
        let mut table = Table {
            first: FxHashMap::with_capacity_and_hasher(count, FxBuildHasher),
            further: FxHashMap::default(),
            longest: 0,
            scales,
            rows: rows.0,
        };
        for (row, name) in (0..).zip(names.lines()) {
            let (pieces, name) = match name.strip_prefix("##") {
                Some(name) => (&mut table.further, name),
                None => (&mut table.first, name),
            };
            pieces.insert(name, row);
            table.longest = table.longest.max(name.len());
        }
        (table.first.len() + table.further.len() == count).then_some(table)
    }

    /// Adds the rows of a word in lower case; says how many words of letters it is, and how many of them the table has
    /// as they are. Cut at what is no letter or digit: `don't` is two words.
    pub(super) fn add(&self, folded: &str, adding: &mut Adding) -> (usize, usize) {
        if folded.is_ascii() {
            return self.add_plain(folded, adding);
        }
        let plain: String = folded.nfd().filter(|c| !is_combining_mark(*c)).collect();
        self.add_plain(&plain, adding)
    }

    fn add_plain(&self, plain: &str, adding: &mut Adding) -> (usize, usize) {
        let (mut words, mut known) = (0, 0);
        for word in plain.split(|c: char| !c.is_alphanumeric()) {
            if word.is_empty() || word.len() > LONGEST_WORD {
                continue;
            }
            let is_of_letters = word.chars().all(char::is_alphabetic);
            words += usize::from(is_of_letters);
            if let Some(row) = self.first.get(word) {
                known += usize::from(is_of_letters);
                self.add_row(*row, adding);
            } else {
                self.add_pieces(word, adding);
            }
        }
        (words, known)
    }

    /// Longest match first, as the encoder's own cutter does it; a word with a letter no piece has counts for nothing.
    fn add_pieces(&self, word: &str, adding: &mut Adding) {
        let mut found: Vec<u32> = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let pieces = if found.is_empty() { &self.first } else { &self.further };
            let mut ends = (1..=rest.len().min(self.longest)).rev();
            let piece = ends.find_map(|end| Some((end, *pieces.get(rest.get(..end)?)?)));
            let Some((end, row)) = piece else { return };
            found.push(row);
            rest = &rest[end..];
        }
        for row in found {
            self.add_row(row, adding);
        }
    }

    fn add_row(&self, row: u32, adding: &mut Adding) {
        let scale = i32::from(u16::from_le_bytes(self.scales[row as usize]));
        let (low, high) = adding.numbers.split_at_mut(DIMENSIONS / 2);
        for ((byte, low), high) in self.rows[row as usize].iter().zip(low).zip(high) {
            *low += scale * (i32::from(byte & 15) - ZERO);
            *high += scale * (i32::from(byte >> 4) - ZERO);
        }
        adding.rows += 1;
        if adding.rows == Adding::MOST {
            adding.carry();
        }
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
        assert!(table.rows.iter().flatten().all(|byte| byte & 15 <= 14 && byte >> 4 <= 14));
    }

    #[test]
    fn a_broken_table_is_refused() {
        assert!(Table::read(&FILE[..FILE.len() - 1]).is_none());
        assert!(Table::read(&FILE[1..]).is_none());
        assert!(Table::read(b"").is_none());
    }
}
