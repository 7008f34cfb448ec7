//! Near-duplicates: articles that are the same piece, saved twice with other furniture, another intro, or cut short.
//!
//! Each text is known by a sample of its runs of words, and looked up through an index of those that more than one has,
//! longest text first; so the cost grows with the words there are, not with the pairs of articles.
//!
//! Source: shingles sampled by their hash ("mod p") and compared by containment, Broder, "On the resemblance and
//! containment of documents", 1997.

use std::collections::BTreeMap;
use std::hash::Hasher;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use siphasher::sip::SipHasher13;

use crate::articles::{Article, ArticleId};
use crate::diagnostic::{Diagnostics, Problem};
use crate::doubt::{Doubt, Kind};
use crate::memo::Shelf;
use crate::words::words_of;

/// Articles that are the same piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The longest of them, which the others are compared with: the one proposed to keep.
    pub longest: ArticleId,
    /// The others, each with the share of its text that the longest has too, [`ALIKE`] to 1.
    pub others: Vec<(ArticleId, f64)>,
}

/// How many words make a run. On 692 news articles with 19 marked pairs, runs of three to eight words find all
/// pairs; shorter ones take stock phrases for likeness, longer ones miss a text with many small changes.
const RUN: usize = 4;

/// One run of so many is kept in the sample. Keeping every run finds no more of the marked pairs.
const SAMPLED: u64 = 4;

/// From which share of the shorter text on two articles are one piece. The marked pairs have 0.91 and more; between
/// 0.45 and 0.75 stand stories that were taken up again with new paragraphs, which a curator wants to see too.
pub const ALIKE: f64 = 0.5;

/// With fewer runs in common two texts share a saying, not a story: about a dozen words.
const FEWEST_SHARED: usize = 4;

/// A run is looked up in so many articles at most. What more share is a notice or a quotation, and the bound
/// keeps a collection where every article ends in the same words as cheap as any other.
const WIDEST: usize = 32;

/// Into so many parts runs are sorted, by their first bits, each by itself: a power of two.
const PARTS: u64 = 64;

/// Finds the groups among articles, in the order of the longest of each.
pub fn find(articles: &[Article], shelf: &Shelf) -> Vec<Group> {
    let sample = |article: &Article| sample(&article.body.source());
    let samples: Vec<Vec<u64>> = shelf.of_each("runs", articles, Article::key, sample);
    let mut longest_first: Vec<usize> = (0..articles.len()).collect();
    longest_first.sort_by_key(|&at| (std::cmp::Reverse(samples[at].len()), at));
    // Most runs are one text's alone: no other is found by them.
    let repeated = repeated(&samples);
    let is_repeated = |run: &u64| repeated.contains(run);
    let told: Vec<Vec<u64>> =
        samples.par_iter().map(|sample| sample.iter().copied().filter(is_repeated).collect()).collect();

    let mut index: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    let mut groups: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    for at in longest_first {
        match likest(&told[at], samples[at].len(), &index) {
            Some((longest, share)) => groups.entry(longest).or_default().push((at, share)),
            None => {
                for run in &told[at] {
                    let found_in = index.entry(*run).or_default();
                    if found_in.len() < WIDEST {
                        found_in.push(at);
                    }
                }
            }
        }
    }
    let id = |at: usize| articles[at].id.clone();
    groups
        .into_iter()
        .map(|(longest, mut others)| {
            others.sort_by_key(|(at, _)| *at);
            Group {
                longest: id(longest),
                others: others.into_iter().map(|(at, share)| (id(at), share)).collect(),
            }
        })
        .collect()
}

/// The runs that more than one sample has.
fn repeated(samples: &[Vec<u64>]) -> FxHashSet<u64> {
    // Samples are in order, so all that begin with the same bits stand together in each.
    let beginning = |bits: u64| {
        let part = |sample: &Vec<u64>| {
            let before = |end: u64| sample.partition_point(|run| run >> (64 - PARTS.ilog2()) < end);
            before(bits)..before(bits + 1)
        };
        let mut runs: Vec<u64> = samples.iter().flat_map(|sample| &sample[part(sample)]).copied().collect();
        runs.sort_unstable();
        runs.chunk_by(u64::eq).filter(|same| same.len() > 1).map(|same| same[0]).collect::<Vec<u64>>()
    };
    (0..PARTS).into_par_iter().flat_map_iter(beginning).collect::<Vec<u64>>().into_iter().collect()
}

/// The indexed text that has most of the runs of one that has so many, where it has enough, with the share it has.
fn likest(told: &[u64], runs: usize, index: &FxHashMap<u64, Vec<usize>>) -> Option<(usize, f64)> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for run in told {
        for other in index.get(run).into_iter().flatten() {
            *shared.entry(*other).or_default() += 1;
        }
    }
    // Of equals the first: the order of articles decides, not that of hashes.
    let (other, count) =
        shared.into_iter().reduce(|best, other| if other.1 > best.1 { other } else { best })?;
    let share = count as f64 / runs as f64;
    (count >= FEWEST_SHARED && share >= ALIKE).then_some((other, share))
}

/// What is kept of a text to know it by where others are far away: with the fingerprints of two texts alone it is
/// told, nearly, what share of one the other has, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// How many runs of the text are in its sample.
    pub runs: usize,
    /// The smallest of their hashes, at most [`KEPT`], in order: of two texts the same part of the runs they share is
    /// kept ("bottom-k sketch", Cohen and Kaplan 2007).
    pub smallest: Vec<Hash>,
}

/// The hash of a run: 16 hexadecimal digits, which every program takes as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(pub u64);

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

/// So many hashes tell a share to within six in a hundred (one standard deviation at a half).
pub const KEPT: usize = 64;

/// The fingerprint of an article's text.
pub fn fingerprint(text: &str) -> Fingerprint {
    let sample = sample(text);
    let smallest = sample.iter().take(KEPT).copied().map(Hash).collect();
    Fingerprint { runs: sample.len(), smallest }
}

/// The sampled runs of a text, as hashes, each once, in order. Case and punctuation do not count.
fn sample(text: &str) -> Vec<u64> {
    let words: Vec<u64> = words_of(text)
        .map(|(_, word)| {
            let mut hasher = SipHasher13::new();
            hasher.write(word.to_lowercase().as_bytes());
            hasher.finish()
        })
        .collect();
    let runs = words.windows(RUN).map(|run| {
        let mut hasher = SipHasher13::new();
        for word in run {
            hasher.write_u64(word.to_le());
        }
        hasher.finish()
    });
    let mut sample: Vec<u64> = runs.filter(|hash| hash % SAMPLED == 0).collect();
    sample.sort_unstable();
    sample.dedup();
    sample
}

/// Reports the near-duplicates about which the curator has not decided, at the article that may go.
pub fn report(articles: &[Article], groups: &[Group], found: &mut Diagnostics) {
    let by_id: BTreeMap<&ArticleId, &Article> =
        articles.iter().map(|article| (&article.id, article)).collect();
    for group in groups {
        let longest = by_id[&group.longest];
        let is_open = |id: &ArticleId| by_id[id].duplicate_of.is_none() && longest.duplicate_of.is_none();
        for (id, share) in group.others.iter().filter(|(id, _)| is_open(id)) {
            let article = by_id[id];
            let percent = (share * 100.0).floor();
            let problem =
                Problem::new(format!("{percent} % of this article is also in `{}`", longest.path()));
            let fold = format!(
                "to show them as one, write `duplicate_of = \"{}\"` in its front matter, or delete it",
                longest.id
            );
            found.push(
                problem
                    .hint(fold)
                    .hint("if both are to stay, write `duplicate_of = \"\"`")
                    .at(article.span())
                    .as_warning()
                    .with_doubt(Doubt { kind: Kind::NearDuplicate, chance: *share as f32 }),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;
    use crate::rights::Origins;
    use crate::text::Text;

    fn articles(texts: &[String]) -> Vec<Article> {
        let file = |(at, text): (usize, &String)| {
            Text::new(SitePath::new(format!("content/articles/a{at}.md")), text.clone())
        };
        let files = texts.iter().enumerate().map(file).map(|text| (text.path().clone(), text)).collect();
        crate::articles::read(&files, &Origins::default()).0
    }

    /// Words that look like prose and repeat no run: numbers, spelled by their digits.
    fn prose(first: usize, words: usize) -> String {
        let names = ["oak", "bee", "cow", "dog", "elm", "fox", "gnu", "hen", "ivy", "jay"];
        let word = |at: usize| at.to_string().bytes().map(|digit| names[usize::from(digit - b'0')]).collect();
        (first..first + words).map(word).collect::<Vec<String>>().join(" ")
    }

    fn found(texts: &[String]) -> Vec<(String, Vec<String>)> {
        let name = |id: &ArticleId| id.as_str().to_owned();
        let groups = find(&articles(texts), &Shelf::default());
        groups
            .iter()
            .map(|group| (name(&group.longest), group.others.iter().map(|(id, _)| name(id)).collect()))
            .collect()
    }

    #[test]
    fn the_same_piece_is_found_in_another_frame() {
        let piece = prose(1000, 300);
        let texts = [
            format!("{}\n\n{}", prose(5000, 20), piece.to_uppercase()),
            prose(9000, 300),
            format!("{piece}\n\n{}", prose(7000, 60)),
            prose(1050, 120),
        ];
        assert_eq!(found(&texts), [("a2".to_owned(), vec!["a0".to_owned(), "a3".to_owned()])]);
    }

    #[test]
    fn a_quotation_or_a_notice_in_common_makes_no_duplicate() {
        let notice = prose(1, 40);
        let texts: Vec<String> = (1..60).map(|at| format!("{}\n\n{notice}", prose(at * 1000, 200))).collect();
        assert_eq!(found(&texts), []);
    }

    #[test]
    fn any_number_of_copies_is_one_group() {
        let texts: Vec<String> = (0..3 * WIDEST).map(|at| prose(1000, 100 + at)).collect();
        let groups = found(&texts);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].1.len(), texts.len() - 1);
    }

    #[test]
    fn short_and_empty_texts_are_like_nothing() {
        let texts = ["", "One.", "One.", "one two three four five six", "one two three four five six"];
        assert_eq!(found(&texts.map(str::to_owned)), []);
    }
}
