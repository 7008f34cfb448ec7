//! Many strings by their letters, to tell which of them a text begins with.
//!
//! In: strings in order, each with a number. Out: a [`Trie`], walked byte by byte: a step costs the same however many strings
//! there are.

use std::ops::Range;

/// No string ends here.
const NOTHING: u32 = u32::MAX;

/// Strings by their letters. Places are numbered row by row, so that those that follow one stand side by side.
#[derive(Debug, Clone)]
pub struct Trie {
    /// The byte that leads to each place; to the first none does.
    bytes: Vec<u8>,
    /// The first of the places that follow each; one more for the end.
    follow: Vec<u32>,
    /// The number of the string that ends at each place.
    numbers: Vec<u32>,
}

/// A place in a trie: all strings that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u32);

impl Default for Trie {
    fn default() -> Trie {
        Trie::of::<&str>(&[])
    }
}

impl Trie {
    /// Where every string begins.
    pub const BEGIN: Place = Place(0);

    /// Of strings, none twice, in the order of their bytes, each with its number, less than `u32::MAX`.
    pub fn of<S: AsRef<str>>(strings: &[(S, u32)]) -> Trie {
        let byte = |at: usize, depth: usize| strings[at].0.as_ref().as_bytes().get(depth).copied();
        let mut trie = Trie { bytes: vec![0], follow: Vec::new(), numbers: Vec::new() };
        let mut row: Vec<Range<usize>> = std::iter::once(0..strings.len()).collect();
        let mut depth = 0;
        while !row.is_empty() {
            let mut next = Vec::new();
            for mut alike in row {
                let ends = !alike.is_empty() && byte(alike.start, depth).is_none();
                trie.numbers.push(if ends { strings[alike.start].1 } else { NOTHING });
                trie.follow.push(trie.bytes.len() as u32);
                alike.start += usize::from(ends);
                while let Some(one) = alike.clone().next().and_then(|at| byte(at, depth)) {
                    let length = alike.clone().take_while(|at| byte(*at, depth) == Some(one)).count();
                    trie.bytes.push(one);
                    next.push(alike.start..alike.start + length);
                    alike.start += length;
                }
            }
            row = next;
            depth += 1;
        }
        trie.follow.push(trie.bytes.len() as u32);
        trie
    }

    /// Where more letters lead; `None` where no string goes on so.
    pub fn walk(&self, from: Place, letters: &str) -> Option<Place> {
        letters.bytes().try_fold(from, |place, byte| self.step(place, byte))
    }

    /// The number of the string that ends at a place.
    pub fn number(&self, place: Place) -> Option<u32> {
        Some(self.numbers[place.0 as usize]).filter(|number| *number != NOTHING)
    }

    /// The longest string that a text begins with: its length in bytes and its number.
    pub fn longest(&self, text: &str) -> Option<(usize, u32)> {
        let (mut place, mut longest) = (Trie::BEGIN, None);
        for (length, byte) in (1..).zip(text.bytes()) {
            match self.step(place, byte) {
                Some(next) => place = next,
                None => break,
            }
            longest = self.number(place).map(|number| (length, number)).or(longest);
        }
        longest
    }

    fn step(&self, Place(from): Place, byte: u8) -> Option<Place> {
        let (first, end) = (self.follow[from as usize], self.follow[from as usize + 1]);
        let at = self.bytes[first as usize..end as usize].binary_search(&byte).ok()?;
        Some(Place(first + at as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    proptest::proptest! {
        #[test]
        fn every_string_is_found_and_no_other(
            strings in proptest::collection::btree_set("[abé日]{1,4}", 0..12),
            text in "[abé日]{0,6}",
        ) {
            let strings: BTreeSet<String> = strings;
            let numbered: Vec<(&str, u32)> = strings.iter().map(String::as_str).zip(0..).collect();
            let trie = Trie::of(&numbered);
            let begun = numbered.iter().filter(|(one, _)| text.starts_with(one));
            let longest = begun.max_by_key(|(one, _)| one.len()).map(|(one, number)| (one.len(), *number));
            proptest::prop_assert_eq!(trie.longest(&text), longest);
            let found = trie.walk(Trie::BEGIN, &text);
            proptest::prop_assert_eq!(found.is_some(), text.is_empty() || strings.iter().any(|one| one.starts_with(&text)));
            let own = numbered.iter().find(|(one, _)| *one == text).map(|(_, number)| *number);
            proptest::prop_assert_eq!(found.and_then(|place| trie.number(place)), own);
        }
    }
}
