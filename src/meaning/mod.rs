//! What a text means, as a direction: texts about one thing point one way, whatever words they use.
//!
//! In: words. Out: [`Sum`]s, which add up, and [`Vector`]s, which compare. A table inside the binary has a row of
//! [`DIMENSIONS`] numbers for every piece of a word; a text is the sum of its pieces' rows. The rows were trained so that
//! these sums point where a sentence encoder a thousand times as slow does; a row's length is what its word counts.
//! `scripts/make-vectors.py` made the table and says how. It knows English; [`Sum::share_known`] tells where it knows
//! too little of a text for its direction to mean anything.
//!
//! Rows are whole numbers, so that sums are the same in any order and on any machine; what comes after is only
//! additions, multiplications and square roots in a fixed order.

mod table;

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use crate::words::Word;

pub use table::{DIMENSIONS, HASH};

/// The share of a text's words that must be in the table for its direction to mean anything. English prose has 0.85
/// to 0.98, names included; German, French and Dutch have 0.2 to 0.5, which are the words they share with English.
pub const ENOUGH_KNOWN: f64 = 0.65;

/// Forgets what was remembered of words to look them up sooner: some 10 MB a thread.
pub fn forget() {
    table::forget();
}

/// What the words of a text add up to. Sums of parts add up to the sum of the whole, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    numbers: [i64; DIMENSIONS],
    /// The words of letters.
    words: usize,
    /// Those of them that the table has as they are.
    known: usize,
}

impl Default for Sum {
    fn default() -> Sum {
        Sum { numbers: [0; DIMENSIONS], words: 0, known: 0 }
    }
}

impl Sum {
    /// The length of the row in the middle, of those that are whole words.
    pub const USUAL: f64 = 54_600.0;

    /// Of a row of words.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a Word>) -> Sum {
        Sum::of_folded(words.into_iter().map(|word| word.folded.as_str()))
    }

    /// Of words in lower case.
    pub fn of_folded<'a>(words: impl IntoIterator<Item = &'a str>) -> Sum {
        let table = table::table();
        let mut sum = Sum::default();
        let mut adding = table::Adding::default();
        for word in words {
            let (parts, known) = table.add(word, &mut adding);
            sum.words += parts;
            sum.known += known;
        }
        adding.finish(&mut sum.numbers);
        sum
    }

    /// The share of the words of letters that the table has as they are, 0 to 1; 0 where there is no word.
    pub fn share_known(&self) -> f64 {
        if self.words == 0 { 0.0 } else { self.known as f64 / self.words as f64 }
    }

    /// Whether the table knows enough of the words for the direction to mean anything.
    pub fn is_known(&self) -> bool {
        self.share_known() >= ENOUGH_KNOWN
    }

    /// How far the text goes in a direction; what several texts go adds up to what they go together.
    pub fn along(&self, direction: &Vector) -> f64 {
        self.numbers.iter().zip(direction.0).map(|(number, along)| *number as f64 * f64::from(along)).sum()
    }

    /// How far it goes in its own direction.
    pub fn length(&self) -> f64 {
        self.numbers.iter().map(|number| *number as f64 * *number as f64).sum::<f64>().sqrt()
    }

    /// The direction; `None` where the table knows no piece of it.
    pub fn direction(&self) -> Option<Vector> {
        Vector::unit(self.numbers.map(|number| number as f64))
    }
}

impl AddAssign<&Sum> for Sum {
    fn add_assign(&mut self, other: &Sum) {
        for (number, added) in self.numbers.iter_mut().zip(other.numbers) {
            *number += added;
        }
        self.words += other.words;
        self.known += other.known;
    }
}

impl Add<&Sum> for Sum {
    type Output = Sum;

    fn add(mut self, other: &Sum) -> Sum {
        self += other;
        self
    }
}

/// What is left of a whole without one of its parts.
impl Sub<&Sum> for &Sum {
    type Output = Sum;

    fn sub(self, part: &Sum) -> Sum {
        let mut rest = self.clone();
        for (number, taken) in rest.numbers.iter_mut().zip(part.numbers) {
            *number -= taken;
        }
        rest.words = rest.words.saturating_sub(part.words);
        rest.known = rest.known.saturating_sub(part.known);
        rest
    }
}

/// How much a word in lower case says, whatever it says: about 1 for a word of the usual weight, little for `the`, more for
/// `orchard`; 1 where the table does not know it.
pub fn weight(folded: &str) -> f64 {
    match table::table().length(folded) {
        0.0 => 1.0,
        length => length / Sum::USUAL,
    }
}

/// A direction: [`DIMENSIONS`] numbers of length 1 together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Vec<f32>", try_from = "Vec<f32>")]
pub struct Vector([f32; DIMENSIONS]);

impl Vector {
    /// The direction of some numbers; `None` where they are all 0.
    pub fn unit(numbers: [f64; DIMENSIONS]) -> Option<Vector> {
        let square: f64 = numbers.iter().map(|number| number * number).sum();
        let length = square.sqrt();
        (length > 0.0).then(|| Vector(numbers.map(|number| (number / length) as f32)))
    }

    /// Where some directions point together, each counted alike; `None` where there is none.
    pub fn mean<'a>(vectors: impl IntoIterator<Item = &'a Vector>) -> Option<Vector> {
        let mut numbers = [0.0; DIMENSIONS];
        for vector in vectors {
            for (number, added) in numbers.iter_mut().zip(vector.0) {
                *number += f64::from(added);
            }
        }
        Vector::unit(numbers)
    }

    /// The direction as seen from another: what sets it apart; `None` where nothing does.
    pub fn seen_from(&self, other: &Vector) -> Option<Vector> {
        let mut numbers = self.0.map(f64::from);
        for (number, taken) in numbers.iter_mut().zip(other.0) {
            *number -= f64::from(taken);
        }
        Vector::unit(numbers)
    }

    /// The numbers.
    pub fn numbers(&self) -> &[f32; DIMENSIONS] {
        &self.0
    }

    /// The cosine of the angle between two directions, -1 to 1.
    pub fn cosine(&self, other: &Vector) -> f64 {
        // Eight sums side by side: one order for every machine, and one the processor can take eight at a time.
        let mut lanes = [0.0_f32; 8];
        for (these, those) in self.0.chunks_exact(8).zip(other.0.chunks_exact(8)) {
            for ((lane, this), that) in lanes.iter_mut().zip(these).zip(those) {
                *lane += this * that;
            }
        }
        f64::from(lanes.iter().sum::<f32>())
    }
}

impl From<Vector> for Vec<f32> {
    fn from(vector: Vector) -> Vec<f32> {
        vector.0.to_vec()
    }
}

impl TryFrom<Vec<f32>> for Vector {
    type Error = String;

    fn try_from(numbers: Vec<f32>) -> Result<Vector, String> {
        let numbers = <[f32; DIMENSIONS]>::try_from(numbers);
        numbers.map(Vector).map_err(|numbers| format!("{} numbers are no direction", numbers.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn sum(text: &str) -> Sum {
        Sum::of(&Language::of("en").words(text))
    }

    fn near(one: &str, other: &str) -> f64 {
        sum(one).direction().unwrap().cosine(&sum(other).direction().unwrap())
    }

    #[test]
    fn what_is_about_one_thing_points_one_way() {
        let leeks = "Plant leeks in deep soil and water them well through a dry summer.";
        let onions = "Onions want a sunny bed; sow the seeds early in spring.";
        let trains = "The last train to the coast leaves platform four at ten past nine.";
        assert!(near(leeks, onions) > 0.4, "{}", near(leeks, onions));
        assert!(near(leeks, onions) > near(leeks, trains) + 0.2);
    }

    #[test]
    fn common_words_count_little() {
        assert!(near("the orchard", "orchard") > 0.9);
        assert!(near("the orchard", "the") < 0.3);
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let (one, two) = (sum("Leeks in a row."), sum("Soup for eight, naïvely spiced."));
        let whole = sum("Leeks in a row. Soup for eight, naïvely spiced.");
        assert_eq!(one.clone() + &two, whole);
        assert_eq!(&whole - &one, two);
    }

    #[test]
    fn accents_and_unknown_words_are_taken_apart() {
        assert!(near("café", "cafe") > 0.999);
        let unknown = sum("unforgettableness");
        assert_eq!((unknown.words, unknown.known), (1, 0));
        assert!(unknown.direction().is_some(), "from its pieces");
        assert!(sum("Слово").direction().is_none());
        assert!(sum("").direction().is_none());
    }

    #[test]
    fn what_the_table_does_not_speak_is_told() {
        for (text, is_known) in [
            ("Every morning the baker opens her shop and puts warm loaves on the shelf.", true),
            ("Jede Woche öffnet der Bäcker seinen Laden und legt warme Brote ins Regal.", false),
            ("Chaque matin, la boulangère ouvre sa boutique et range ses pains sur l’étagère.", false),
            ("Каждое утро пекарь открывает свою лавку.", false),
            ("毎朝、パン屋は店を開ける。", false),
        ] {
            let sum = sum(text);
            assert_eq!(sum.is_known(), is_known, "{text}: {}", sum.share_known());
        }
    }

    #[test]
    fn a_long_text_does_not_overflow() {
        let word = sum("strategy");
        let many = Sum::of_folded(std::iter::repeat_n("strategy", 200_000));
        assert_eq!(many.words, 200_000);
        assert!((many.direction().unwrap().cosine(&word.direction().unwrap()) - 1.0).abs() < 1e-5);
    }
}
