//! What was perhaps meant: of many names the one most like what was typed.
//!
//! Of few names each is compared, letter by letter only where its length and its letters allow it to be nearer than
//! the best so far. Of many only those are that share the most runs of three letters with what was typed, found through
//! an index: so a slip costs the same among a hundred thousand names, and thousands of slips no time worth naming.

use std::cmp::{Ordering, Reverse};

use rustc_hash::FxHashMap;

/// Below this Jaro-Winkler similarity (0 to 1) two words are no slip of the finger apart; the value clap
/// uses for its own suggestions is 0.7, and keys are shorter than flags.
const NEAR: f64 = 0.75;

/// Sums of floating-point numbers may be as much as this off.
const ROUNDING: f64 = 1e-9;

/// The similarity from which on Jaro-Winkler counts a common beginning, how many letters of it, and how much each.
const BOOSTED: f64 = 0.7;
const BEGINNING: usize = 4;
const BOOST: f64 = 0.1;

/// Up to so many names each is compared; the index would save nothing.
const FEW: usize = 256;

/// Of many names so many are compared, and so many entries of the index looked at. What has one letter wrong shares
/// nearly all its runs of letters with what was meant, so the rarest few lead there.
const COMPARED: usize = 32;
const LOOKED_AT: usize = 4096;

/// Three letters as they follow each other; before the first letter of a name stands a [`BEGIN`].
type Run = [char; 3];
const BEGIN: char = '\u{2}';

/// Names, made ready to be compared with.
#[derive(Debug)]
pub struct Names<'a> {
    names: Vec<(&'a str, Outline)>,
    /// Where there are many: the names that have a run of letters, by their number.
    by_run: Option<FxHashMap<Run, Vec<u32>>>,
}

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

    /// Its runs of letters, each once.
    fn runs(&self) -> Vec<Run> {
        let letters: Vec<char> = std::iter::once(BEGIN).chain(self.folded.chars()).collect();
        let mut runs: Vec<Run> = letters.array_windows().copied().collect();
        runs.sort_unstable();
        runs.dedup();
        runs
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
        let names: Vec<(&str, Outline)> = names.into_iter().map(|name| (name, Outline::of(name))).collect();
        let by_run = (names.len() > FEW).then(|| {
            let mut by_run: FxHashMap<Run, Vec<u32>> = FxHashMap::default();
            for (number, (_, outline)) in (0..).zip(&names) {
                for run in outline.runs() {
                    by_run.entry(run).or_default().push(number);
                }
            }
            by_run
        });
        Names { names, by_run }
    }

    /// The name most like what was typed, if any is near; of several the first by letters. Of many names one is passed
    /// over where [`COMPARED`] others have more in common with what was typed.
    pub fn nearest(&self, typed: &str) -> Option<&'a str> {
        let typed = Outline::of(typed);
        let most = |name: &'_ &'_ (&'a str, Outline)| typed.most(&name.1);
        let mut promising: Vec<(f64, &(&'a str, Outline))> = match &self.by_run {
            None => self.names.iter().map(|name| (most(&name), name)).collect(),
            Some(by_run) => self.alike(&typed, by_run).map(|name| (most(&name), name)).collect(),
        };
        promising.retain(|(most, _)| *most > NEAR);
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

    /// The names that share the most runs of letters with what was typed, looked up by its rarest.
    fn alike(
        &self,
        typed: &Outline,
        by_run: &FxHashMap<Run, Vec<u32>>,
    ) -> impl Iterator<Item = &(&'a str, Outline)> {
        let mut having: Vec<&Vec<u32>> = typed.runs().iter().filter_map(|run| by_run.get(run)).collect();
        having.sort_by_key(|names| names.len());
        let mut shared: FxHashMap<u32, usize> = FxHashMap::default();
        for number in having.into_iter().flatten().take(LOOKED_AT) {
            *shared.entry(*number).or_default() += 1;
        }
        let mut alike: Vec<(u32, usize)> = shared.into_iter().collect();
        alike.sort_unstable_by_key(|(number, runs)| (Reverse(*runs), *number));
        alike.into_iter().take(COMPARED).map(|(number, _)| &self.names[number as usize])
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

    #[test]
    fn among_many_names_a_slip_is_found_by_comparing_few() {
        let words = [
            "stone", "river", "garden", "north", "letter", "window", "harbour", "winter", "paper", "field",
            "market", "copper", "silence", "orchard", "bridge", "lantern", "meadow", "voyage", "kitchen",
            "thunder",
        ];
        let pairs = || (0..words.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let all = pairs().flat_map(|(a, b)| (0..a).map(move |first| [first, a, b].map(|word| words[word])));
        let all: Vec<String> = all.map(|name| name.join(" ")).collect();
        assert!(all.len() > FEW);
        let names = Names::of(all.iter().map(String::as_str));
        for meant in all.iter().step_by(7) {
            // A slip near the end: what begins otherwise may well be nearer to something else.
            let slip = format!("{}e", &meant[..meant.len() - 1]).to_uppercase();
            assert_eq!(names.nearest(&slip), Some(meant.as_str()), "{slip}");
            let by_run = names.by_run.as_ref().expect("there are many");
            assert!(names.alike(&Outline::of(&slip), by_run).count() <= COMPARED);
        }
        assert_eq!(names.nearest("zzyzx"), None);
        assert_eq!(names.nearest(""), None);
    }

    /// Of all names the nearest, by comparing each.
    fn nearest_of_each<'a>(typed: &str, names: &'a [String]) -> Option<&'a str> {
        let folded = typed.to_lowercase();
        let all = names.iter().map(|name| (strsim::jaro_winkler(&folded, &name.to_lowercase()), name));
        let near = all.filter(|(similarity, _)| *similarity > NEAR);
        near.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1))).map(|(_, name)| name.as_str())
    }

    proptest! {
        #[test]
        fn no_name_is_passed_over(
            names in proptest::collection::vec("[a-dA-Dé-]{0,9}|(leeks in the )?garden[s]?", 0..12),
            typed in "[a-dA-Dé-]{0,9}|(leek in )?the garden",
        ) {
            let found = nearest(&typed, names.iter().map(String::as_str));
            prop_assert_eq!(found, nearest_of_each(&typed, &names));
        }
    }
}
