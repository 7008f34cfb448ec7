//! Numbers as text: bits, six to a character of the URL-safe Base64 alphabet (RFC 4648, section 5).
//!
//! In: numbers, small ones mostly. Out: ASCII that a script can hold between quotes. The codes are Elias gamma
//! (1975) and Golomb–Rice (1971).

/// The digits, by their value.
pub(super) const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A digit of a value below 64.
pub(super) fn digit(value: usize) -> char {
    char::from(DIGITS[value & 63])
}

/// Writes bits, the highest first.
#[derive(Default)]
pub(super) struct Bits {
    text: Vec<u8>,
    waiting: u64,
    count: u32,
}

impl Bits {
    /// The lowest `count` bits of `value`; at most 32.
    pub(super) fn push(&mut self, value: u32, count: u32) {
        let mask = (1u64 << count) - 1;
        self.waiting = self.waiting << count | (u64::from(value) & mask);
        self.count += count;
        while self.count >= 24 {
            self.count -= 24;
            let digit = |at: u32| DIGITS[(self.waiting >> (self.count + at)) as usize & 63];
            self.text.extend_from_slice(&[digit(18), digit(12), digit(6), digit(0)]);
        }
    }

    /// A number from 1 on: as many zeros as it has bits after its first, then the number.
    pub(super) fn gamma(&mut self, number: u32) {
        let after = number.max(1).ilog2();
        self.push(0, after);
        self.push(number.max(1), after + 1);
    }

    /// A number from 0 on: `number >> k` ones, a zero, and the lowest `k` bits.
    pub(super) fn rice(&mut self, number: u32, k: u32) {
        let mut ones = number >> k;
        while ones >= 32 {
            self.push(u32::MAX, 32);
            ones -= 32;
        }
        let unary = (1u64 << (ones + 1)) - 2;
        if ones + 1 + k <= 32 {
            self.push((unary << k) as u32 | number & ((1 << k) - 1), ones + 1 + k);
        } else {
            self.push(unary as u32, ones + 1);
            self.push(number, k);
        }
    }

    /// Rising numbers: how many, the parameter, and the gaps between them.
    pub(super) fn rising(&mut self, numbers: &[u32], mut after_each: impl FnMut(&mut Bits, usize)) {
        self.gamma(numbers.len() as u32 + 1);
        let Some(last) = numbers.last() else { return };
        let k = parameter(numbers.len(), *last);
        self.push(k, 5);
        let mut next = 0;
        for (index, &number) in numbers.iter().enumerate() {
            self.rice(number - next, k);
            after_each(self, index);
            next = number + 1;
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.push(0, (6 - self.count % 6) % 6);
        while self.count > 0 {
            self.count -= 6;
            self.text.push(DIGITS[(self.waiting >> self.count) as usize & 63]);
        }
        // Digits are ASCII. To shrink a list would leave it where it is, with up to as much room again behind it.
        str::from_utf8(&self.text).unwrap_or_default().to_owned()
    }
}

/// The Rice parameter for so many numbers up to `last`: about the mean gap times ln 2, in powers of two
/// (Gallager and Van Voorhis 1975).
pub(super) fn parameter(count: usize, last: u32) -> u32 {
    let scaled = (u64::from(last) + 1) * 89 / 128 / count.max(1) as u64;
    scaled.max(1).ilog2()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Reads what [`Bits`] wrote, as the browser does.
    pub(in crate::search) struct Reader<'a> {
        text: &'a [u8],
        at: usize,
    }

    impl<'a> Reader<'a> {
        pub(in crate::search) fn new(text: &'a str) -> Reader<'a> {
            Reader { text: text.as_bytes(), at: 0 }
        }

        pub(in crate::search) fn bits(&mut self, count: u32) -> u32 {
            (0..count).fold(0, |value, _| {
                let digit = DIGITS.iter().position(|digit| *digit == self.text[self.at / 6]).unwrap();
                let bit = digit >> (5 - self.at % 6) & 1;
                self.at += 1;
                value << 1 | bit as u32
            })
        }

        pub(in crate::search) fn gamma(&mut self) -> u32 {
            let mut after = 0;
            while self.bits(1) == 0 {
                after += 1;
            }
            1 << after | self.bits(after)
        }

        pub(in crate::search) fn rice(&mut self, k: u32) -> u32 {
            let mut ones = 0;
            while self.bits(1) == 1 {
                ones += 1;
            }
            ones << k | self.bits(k)
        }

        pub(in crate::search) fn rising(&mut self, mut after_each: impl FnMut(&mut Self)) -> Vec<u32> {
            let count = self.gamma() - 1;
            let k = if count > 0 { self.bits(5) } else { 0 };
            let mut next = 0;
            (0..count)
                .map(|_| {
                    let number = next + self.rice(k);
                    next = number + 1;
                    after_each(self);
                    number
                })
                .collect()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for numbers in [
            vec![],
            vec![0],
            vec![0, 1, 2, 3],
            vec![4_000_000_000],
            vec![7, 8, 900, 90_000, 90_001],
            (0..500).map(|n| n * n).collect(),
        ] {
            let mut bits = Bits::default();
            bits.gamma(37);
            bits.rising(&numbers, |bits, index| bits.push(index as u32, 4));
            let text = bits.finish();
            let mut reader = Reader::new(&text);
            assert_eq!(reader.gamma(), 37);
            let mut index = 0;
            let read = reader.rising(|reader| {
                assert_eq!(reader.bits(4), index & 15);
                index += 1;
            });
            assert_eq!(read, numbers);
        }
    }
}
