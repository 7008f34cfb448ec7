//! Numbers held in few bytes: what is read of all words of all articles is mostly such.
//!
//! In: numbers in a row. Out: the same, one after the other. Those below 128 take a byte, those below 16,384 two (LEB128, of
//! DWARF).

use serde::{Deserialize, Serialize};

/// Numbers in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Numbers(#[serde(with = "serde_bytes")] Box<[u8]>);

impl Numbers {
    /// The numbers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let (mut number, mut shift) = (0, 0);
            loop {
                let (byte, after) = rest.split_first()?;
                rest = after;
                // A fifth byte has the last four bits, and what would be behind it was never written.
                number |= u32::from(byte & 0x7f).wrapping_shl(shift);
                if *byte < 0x80 {
                    return Some(number);
                }
                shift += 7;
            }
        })
    }

    /// Puts the numbers into a list, in the place of what it holds: for who goes through all of them again and again.
    pub(super) fn put_into(&self, list: &mut Vec<u32>) {
        list.clear();
        list.extend(self.iter());
    }
}

impl FromIterator<u32> for Numbers {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Numbers {
        let mut bytes = Vec::new();
        for mut number in numbers {
            while number >= 0x80 {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
        }
        // To shrink a list leaves it where it is, with up to as much room again behind it.
        Numbers(bytes.as_slice().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_they_went_in() {
        let all = [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 21, 1 << 28, u32::MAX - 1, u32::MAX];
        let held: Numbers = all.into_iter().collect();
        assert_eq!(held.iter().collect::<Vec<_>>(), all);
        assert_eq!(held.0.len(), 3 + 3 * 2 + 3 + 4 + 3 * 5);
    }
}
