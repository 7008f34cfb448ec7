//! What was perhaps meant: of many names the one most like what was typed.
//!
//! A name is compared letter by letter only where its length and its letters allow it to be nearer than the best so
//! far; so thousands of slips among thousands of names take no time worth naming.

use std::cmp::Ordering;

/// Below this Jaro-Winkler similarity (0 to 1) two words are no slip of the finger apart; the value clap
/// uses for its own suggestions is 0.7, and keys are shorter than flags.
const NEAR: f64 = 0.75;

/// Sums of floating-point numbers may be as much as this off.
const ROUNDING: f64 = 1e-9;

/// The similarity from which on Jaro-Winkler counts a common beginning, how many letters of it, and how much each.
const BOOSTED: f64 = 0.7;
const BEGINNING: usize = 4;
const BOOST: f64 = 0.1;

/// Names, made ready to be compared with.
#[derive(Debug)]
pub struct Names<'a>(Vec<(&'a str, Outline)>);

/// What of a name can be compared at once.
#[derive(Debug)]
struct Outline {
    /// Lower case.
    folded: String,
    length: usize,
    /// How many of its letters fall into each class.
    letters: [u8; 32],
}

impl Outline {
    fn of(name: &str) -> Outline {
        let folded = name.to_lowercase();
        let mut letters = [0u8; 32];
        let mut length = 0;
        for c in folded.chars() {
            let class = &mut letters[c as usize % 32];
            *class = class.saturating_add(1);
            length += 1;
        }
        Outline { folded, length, letters }
    }

    /// The most that the similarity of two names can be.
    fn most(&self, other: &Outline) -> f64 {
        let both = || self.letters.iter().zip(&other.letters);
        let is_full = both().any(|(one, other)| *one == u8::MAX && *other == u8::MAX);
        let shared: usize = both().map(|(one, other)| usize::from(*one.min(other))).sum();
        if is_full || self.length == 0 || other.length == 0 {
            return 1.0;
        }
        let shared = shared as f64;
        let jaro = (shared / self.length as f64 + shared / other.length as f64 + 1.0) / 3.0 + ROUNDING;
        if jaro <= BOOSTED {
            return jaro;
        }
        let letters = self.folded.chars().zip(other.folded.chars());
        let beginning = letters.take(BEGINNING).take_while(|(one, other)| one == other).count();
        jaro + BOOST * beginning as f64 * (1.0 - jaro).max(0.0)
    }
}

impl<'a> Names<'a> {
    /// Makes names ready.
    pub fn of(names: impl IntoIterator<Item = &'a str>) -> Names<'a> {
        Names(names.into_iter().map(|name| (name, Outline::of(name))).collect())
    }

    /// The name most like what was typed, if any is near; of several the first by letters.
    pub fn nearest(&self, typed: &str) -> Option<&'a str> {
        let typed = Outline::of(typed);
        let mut promising: Vec<(f64, &(&'a str, Outline))> =
            self.0.iter().map(|name| (typed.most(&name.1), name)).filter(|(most, _)| *most > NEAR).collect();
        promising.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut best: Option<(f64, &'a str)> = None;
        for (most, (name, outline)) in promising {
            if best.is_some_and(|(best, _)| best > most + ROUNDING) {
                break;
            }
            let similarity = strsim::jaro_winkler(&typed.folded, &outline.folded);
            let is_better = |(best, first): (f64, &str)| match similarity.total_cmp(&best) {
                Ordering::Equal => *name < first,
                order => order.is_gt(),
            };
            if similarity > NEAR && best.is_none_or(is_better) {
                best = Some((similarity, name));
            }
        }
        best.map(|(_, name)| name)
    }
}

/// The name most like what was typed, if any is near.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Names::of(names).nearest(typed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_nearest_word_is_proposed() {
        let keys = ["title", "date", "authors", "description"];
        for (typed, expected) in
            [("titel", Some("title")), ("Author", Some("authors")), ("zzz", None), ("", None)]
        {
            assert_eq!(nearest(typed, keys), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_passed_over(
            names in proptest::collection::vec("[a-dA-Dé-]{0,9}|(leeks in the )?garden[s]?", 0..12),
            typed in "[a-dA-Dé-]{0,9}|(leek in )?the garden",
        ) {
            let folded = typed.to_lowercase();
            let all = names.iter().map(|name| (strsim::jaro_winkler(&folded, &name.to_lowercase()), name));
            let near = all.filter(|(similarity, _)| *similarity > NEAR);
            let expected = near.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
            let found = nearest(&typed, names.iter().map(String::as_str));
            prop_assert_eq!(found, expected.map(|(_, name)| name.as_str()));
        }
    }
}
