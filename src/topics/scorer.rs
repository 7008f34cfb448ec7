//! What every topic scores for an article, and why.
//!
//! In: topics, the articles the curator has decided, and an article. Out: an [`Assignment`] for each topic. A score adds up
//! three things: the rule's terms ([`rule`](super::rule)), the meaning of the description against that of the article, and
//! what the decisions teach ([`learnt`](super::learnt)). It depends on the article, the topics and the decisions, and on
//! no other article: so a collection can be scored piece by piece, anywhere, in any order.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hasher as _;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use siphasher::sip::SipHasher13;

use super::learnt::{Bag, Known, Learnt, Lesson, share, telling};
use super::rule::{Hit, Rules};
use super::{Assignment, Basis, Evidence, Place, Topic, Verdict, vocabulary};
use crate::articles::Article;
use crate::meaning::{DIMENSIONS, Sum, Vector};
use crate::memo::{Key, Shelf};
use crate::text::Words;
use crate::words::{Language, Token};

/// The score from which on an article gets a topic: as likely as not.
pub const THRESHOLD: f64 = 0.5;

/// The score from which on a topic is worth asking the curator about.
pub const UNSURE: f64 = 0.35;

/// A topic that scores less is not worth explaining.
const FAINT: f64 = 0.2;

/// A term in the title counts as often as this many in the text. Guessed.
const TITLE: f64 = 3.0;

/// How much the terms of a rule point, beside title and description, to what the topic means.
const TERMS_MEAN: f64 = 0.5;

/// How much the nearest of the senses that are not meant (`not_terms`) takes away, and the cosine below which it is no
/// nearer than any text is to any other.
const AWAY: f64 = 0.6;
const NEAR_ANYTHING: f64 = 0.3;

/// The most that terms add to a cosine, and the weight of terms that adds half of it; for terms the curator wrote, and for
/// the words of title and description in the place of terms.
const TYPED: (f64, f64) = (0.4, 8.0);
const UNTYPED: (f64, f64) = (0.2, 3.0);

/// The sum of these that is as likely as not a reason to assign the topic: with terms, and without.
const ENOUGH: f64 = 0.42;
const ENOUGH_UNTYPED: f64 = 0.46;

/// How fast a score rises around the threshold, in sums; a tenth above it, a score is 0.8.
const STEEP: f64 = 15.0;

/// Where meaning is unknown: the weight of terms at which a topic is as likely as not, and how fast the score rises.
const HALFWAY: f64 = 3.0;
const STEEP_ALONE: f64 = 6.0;

/// For each topic at most so many articles that have it teach, and as many that have it not: what a curator's decisions
/// cost does not grow with them, and one more changes little. Of news in five sections, 20 for each taught as much as 80:
/// 0.956 and 0.960 of 248 others came to their section.
const LESSONS: usize = 100;

/// How many words a passage without terms is quoted for, and in how many passages they are looked for.
const WORDS: usize = 3;
const QUOTED: usize = 5;

/// What the curator has decided of an article: for each topic yes, no, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Decisions(Vec<Option<bool>>);

impl Decisions {
    pub(super) fn of(article: &Article, topics: &[Topic]) -> Decisions {
        let ids = |names: &[crate::fields::Typed<String>]| -> BTreeSet<&super::TopicId> {
            names
                .iter()
                .filter_map(|name| vocabulary::named(topics, &name.value))
                .map(|topic| &topic.id)
                .collect()
        };
        let chosen = article.topics.as_deref().map(ids);
        let rejected = ids(&article.not_topics);
        let decision = |topic: &Topic| match &chosen {
            Some(chosen) => Some(chosen.contains(&topic.id)),
            None => rejected.contains(&topic.id).then_some(false),
        };
        Decisions(topics.iter().map(decision).collect())
    }

    /// What was decided of the topic at an index.
    pub(super) fn on(&self, topic: usize) -> Option<bool> {
        self.0[topic]
    }

    /// Whether anything was decided.
    pub(super) fn is_any(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    /// Whether all topics were rejected.
    pub(super) fn is_none(&self) -> bool {
        self.0.iter().all(|one| *one == Some(false))
    }
}

/// What a topic means, and what it does not.
struct Sense {
    toward: Vector,
    away: Vec<Vector>,
}

impl Sense {
    /// `None` where the table does not speak the topic's language.
    fn of(topic: &Topic, language: &Language) -> Option<Sense> {
        let sum = |text: &str| Sum::of_folded(language.tokens(text).iter().map(|word| word.folded.as_ref()));
        let text = sum(&format!("{}. {}", topic.title, topic.description.as_deref().unwrap_or_default()));
        if !text.is_known() {
            return None;
        }
        let mut numbers = text.direction()?.numbers().map(f64::from);
        let mut terms = [0.0; DIMENSIONS];
        for (term, weight) in topic.rule.typed() {
            let direction = sum(term).direction();
            for (number, added) in terms.iter_mut().zip(direction.iter().flat_map(Vector::numbers)) {
                *number += weight * f64::from(*added);
            }
        }
        for (number, added) in numbers.iter_mut().zip(Vector::unit(terms).iter().flat_map(Vector::numbers)) {
            *number += TERMS_MEAN * f64::from(*added);
        }
        let away = topic.rule.typed_not().filter_map(|term| sum(term).direction()).collect();
        Some(Sense { toward: Vector::unit(numbers)?, away })
    }

    /// The sense not meant that is nearest to a direction, with its cosine.
    fn nearest_away(&self, direction: &Vector) -> Option<(&Vector, f64)> {
        let all = self.away.iter().map(|away| (away, away.cosine(direction)));
        all.reduce(|best, other| if other.1 > best.1 { other } else { best })
    }
}

/// An article, cut up once for everything that scores it.
pub(super) struct Reading<'a> {
    places: Vec<Place>,
    texts: &'a [Words<'a>],
    words: Vec<Vec<Token<'a>>>,
    sums: Vec<Sum>,
}

impl<'a> Reading<'a> {
    /// `texts` are those of the article.
    pub(super) fn of(texts: &'a [Words<'a>], language: &Language) -> Reading<'a> {
        let passages = (0..texts.len().saturating_sub(1)).map(Place::Passage);
        let places = std::iter::once(Place::Title).chain(passages).collect();
        let words: Vec<Vec<Token<'_>>> = texts.iter().map(|text| language.tokens(text)).collect();
        let sums =
            words.iter().map(|words| Sum::of_folded(words.iter().map(|word| word.folded.as_ref()))).collect();
        Reading { places, texts, words, sums }
    }

    /// The words of each place, with its text.
    pub(super) fn words(&self) -> impl Iterator<Item = (&[Token<'a>], &'a str)> {
        self.words.iter().map(Vec::as_slice).zip(self.texts.iter().map(Words::as_ref))
    }

    /// What all of it means; `None` where the table does not speak its language.
    pub(super) fn direction(&self) -> Option<Vector> {
        let total = self.sums.iter().fold(Sum::default(), |sum, one| sum + one);
        if total.is_known() { total.direction() } else { None }
    }

    /// How often it has each word that says something.
    fn bag(&self, language: &Language) -> Bag {
        let mut telling: Vec<Cow<'_, str>> =
            self.words.iter().flat_map(|words| telling(words, language)).collect();
        telling.sort_unstable();
        telling.chunk_by(|a, b| a == b).map(|same| (same[0].as_ref().to_owned(), same.len())).collect()
    }

    /// The same, place by place, for what is asked again and again with other places left out.
    fn counted(&self, learnt: &Learnt, language: &Language) -> Counted {
        let mut told: Vec<(Cow<'_, str>, usize)> = Vec::new();
        for (place, words) in self.words.iter().enumerate() {
            told.extend(telling(words, language).into_iter().map(|word| (word, place)));
        }
        told.sort_unstable();
        let mut counted = Counted { words: Vec::new(), places: vec![Vec::new(); self.places.len()] };
        for same in told.chunk_by(|a, b| a.0 == b.0) {
            for there in same.chunk_by(|a, b| a.1 == b.1) {
                counted.places[there[0].1].push((counted.words.len(), there.len()));
            }
            counted.words.push((learnt.known(&same[0].0), same.len()));
        }
        counted
    }
}

/// The words of an article that say something.
struct Counted {
    /// What is known of each, in the order of their letters, and how often the article has it.
    words: Vec<(Known, usize)>,
    /// For each place: its words by their index, and how often it has each.
    places: Vec<Vec<(usize, usize)>>,
}

impl Counted {
    /// The words of the places that are kept, in the order of their letters, and how often these have each.
    fn kept(&self, kept: &[bool]) -> impl Iterator<Item = (Known, usize)> {
        let mut counts = vec![0; self.words.len()];
        for (words, _) in self.places.iter().zip(kept).filter(|(_, kept)| **kept) {
            for (word, count) in words {
                counts[*word] += count;
            }
        }
        self.words.iter().map(|(known, _)| *known).zip(counts).filter(|(_, count)| *count > 0)
    }
}

/// What a score depends on besides the article: the topics, what teaches, and how words are cut.
pub(super) fn rest<'a>(
    topics: &[Topic],
    lessons: impl IntoIterator<Item = &'a (&'a Article, Decisions)>,
    language: &Language,
) -> Key {
    let topics =
        topics.iter().map(|topic| Key::of(&[topic.path().as_str().as_bytes(), topic.text.read().as_bytes()]));
    let parts: Vec<Key> = topics.chain(lessons.into_iter().map(|(article, _)| article.key())).collect();
    let parts: Vec<&[u8]> =
        std::iter::once(language.tag().as_bytes()).chain(parts.iter().map(Key::bytes)).collect();
    Key::of(&parts)
}

/// The decided articles that teach: [`LESSONS`] for each topic and as many against it, dealt by a hash of their ids, so that
/// one article more or less changes few of them.
pub(super) fn lessons<'a>(
    articles: impl IntoIterator<Item = &'a Article>,
    topics: &[Topic],
) -> Vec<(&'a Article, Decisions)> {
    let decided: Vec<(&Article, Decisions)> = articles
        .into_iter()
        .map(|article| (article, Decisions::of(article, topics)))
        .filter(|(_, decisions)| decisions.is_any())
        .collect();
    let mut dealt: Vec<usize> = (0..decided.len()).collect();
    dealt.sort_by_cached_key(|&index| {
        let mut hasher = SipHasher13::new();
        hasher.write(decided[index].0.id.as_str().as_bytes());
        hasher.finish()
    });
    let mut taken = vec![[0; 2]; topics.len()];
    let mut teaches = vec![false; decided.len()];
    for index in dealt {
        for (topic, taken) in taken.iter_mut().enumerate() {
            let Some(is_right) = decided[index].1.on(topic) else { continue };
            let taken = &mut taken[usize::from(is_right)];
            if *taken < LESSONS {
                *taken += 1;
                teaches[index] = true;
            }
        }
    }
    decided.into_iter().zip(teaches).filter_map(|(one, teaches)| teaches.then_some(one)).collect()
}

/// How many are enough, of at least one, where more are never too few; all where not even those are. Asked of 1, 2, 4 ...,
/// then of the middle of what is left, so that of hundreds only some are tried.
fn fewest(all: usize, is_enough: impl Fn(usize) -> bool) -> usize {
    let mut too_few = 0;
    let mut enough = 1.min(all);
    while enough < all && !is_enough(enough) {
        too_few = enough;
        enough = (2 * enough).min(all);
    }
    while enough - too_few > 1 {
        let middle = usize::midpoint(too_few, enough);
        if is_enough(middle) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    enough
}

/// Scores articles.
pub struct Scorer<'a> {
    topics: &'a [Topic],
    language: &'a Language,
    rules: Rules<'a>,
    senses: Vec<Option<Sense>>,
    learnt: Arc<Learnt>,
}

/// What speaks for a topic in an article, before decisions on others are looked at.
struct Before {
    /// What it comes to; 0 is as likely as not.
    sum: f64,
    /// The part of terms and of meaning in it, both from 0 on.
    terms: f64,
    meaning: f64,
}

impl<'a> Scorer<'a> {
    /// Makes ready to score, by topics and by the decisions on some articles.
    pub fn of<'b>(
        topics: &'a [Topic],
        articles: impl IntoIterator<Item = &'b Article>,
        language: &'a Language,
    ) -> Scorer<'a> {
        Scorer::taught(topics, lessons(articles, topics), language, &Shelf::default())
    }

    /// Makes ready to score, by topics and by what teaches.
    pub(super) fn taught(
        topics: &'a [Topic],
        lessons: Vec<(&Article, Decisions)>,
        language: &'a Language,
        shelf: &Shelf,
    ) -> Scorer<'a> {
        let mut scorer = Scorer::knowing(topics, Arc::default(), language);
        let lesson = |(article, decisions): &(&Article, Decisions)| {
            let texts = article.texts();
            let reading = Reading::of(&texts, language);
            let kept = vec![true; reading.places.len()];
            let hits = scorer.hits(&reading);
            let before = scorer.before(&reading, &hits, &kept).into_iter().map(|before| before.sum).collect();
            Lesson {
                bag: reading.bag(language),
                direction: reading.direction(),
                before,
                decided: decisions.0.clone(),
            }
        };
        let rest = rest(topics, [], language);
        let key = |(article, _): &(&Article, Decisions)| Key::of(&[article.key().bytes(), rest.bytes()]);
        let lessons: Vec<Lesson> = shelf.of_each("lessons", &lessons, key, lesson);
        scorer.learnt = Arc::new(Learnt::of(&lessons, topics.len()));
        scorer
    }

    /// Makes ready to score, by the same topics and what was learnt of them before.
    pub fn knowing(topics: &'a [Topic], learnt: Arc<Learnt>, language: &'a Language) -> Scorer<'a> {
        let senses = topics.iter().map(|topic| Sense::of(topic, language)).collect();
        Scorer { topics, language, rules: Rules::of(topics), senses, learnt }
    }

    /// What was learnt of the topics.
    pub fn learnt(&self) -> &Arc<Learnt> {
        &self.learnt
    }

    /// What every topic scores for an article, in the order of the topics.
    pub fn score(&self, article: &Article) -> Vec<Assignment> {
        self.scored(article, &Decisions::of(article, self.topics))
    }

    /// The same, strongest first.
    pub fn score_sorted(&self, article: &Article) -> Vec<Assignment> {
        super::sorted(self.score(article))
    }

    /// The topics that an article has, and those it may have, strongest first.
    pub fn has_or_may(&self, article: &Article) -> Vec<Assignment> {
        let mut scored = self.score_sorted(article);
        scored.retain(|one| one.verdict.is_assigned() || one.verdict == Verdict::Unsure);
        scored
    }

    /// The same as if nothing had been decided of the article.
    pub fn score_undecided(&self, article: &Article) -> Vec<Assignment> {
        self.scored(article, &Decisions(vec![None; self.topics.len()]))
    }

    fn scored(&self, article: &Article, decisions: &Decisions) -> Vec<Assignment> {
        let texts = article.texts();
        let reading = Reading::of(&texts, self.language);
        let hits = self.hits(&reading);
        let kept = vec![true; reading.places.len()];
        let before = self.before(&reading, &hits, &kept);
        let counted = (!self.learnt.is_empty()).then(|| reading.counted(&self.learnt, self.language));
        let counted = counted.as_ref();
        let sums = self.sums(&reading, counted, &before, &kept);
        let is_meaning_known = reading.direction().is_some();
        let assignment = |(topic, (before, sum)): (usize, (&Before, &f64))| {
            let score = share(*sum);
            let verdict = match decisions.on(topic) {
                Some(true) => Verdict::Chosen,
                Some(false) => Verdict::Rejected,
                None if score >= THRESHOLD => Verdict::Earned,
                None if score >= UNSURE => Verdict::Unsure,
                None => Verdict::No,
            };
            let kept = self.learnt.kept(topic);
            let decided = (sum - kept * before.sum).max(0.0);
            let parts = [kept * before.terms, kept * before.meaning, decided];
            let all: f64 = parts.iter().sum();
            let [terms, meaning, decisions] = parts.map(|part| if all > 0.0 { part / all } else { 0.0 });
            let is_explained = verdict.is_assigned() || score >= FAINT;
            Assignment {
                topic: self.topics[topic].id.clone(),
                score,
                verdict,
                basis: Basis { terms, meaning, decisions, is_meaning_known },
                evidence: if is_explained {
                    self.evidence(&reading, counted, &hits, topic, verdict)
                } else {
                    Vec::new()
                },
            }
        };
        before.iter().zip(&sums).enumerate().map(assignment).collect()
    }

    fn hits(&self, reading: &Reading<'_>) -> Vec<Vec<Hit>> {
        let words: Vec<&[Token<'_>]> = reading.words.iter().map(Vec::as_slice).collect();
        self.rules.find(&words, self.language)
    }

    /// What rules and descriptions give each topic, for the places that are kept.
    fn before(&self, reading: &Reading<'_>, hits: &[Vec<Hit>], kept: &[bool]) -> Vec<Before> {
        let sums = reading.sums.iter().zip(kept).filter(|(_, kept)| **kept);
        let total = sums.fold(Sum::default(), |sum, (one, _)| sum + one);
        let direction = if total.is_known() { total.direction() } else { None };
        let length: usize =
            reading.words.iter().zip(kept).filter(|(_, kept)| **kept).map(|(words, _)| words.len()).sum();
        let before = |topic: usize| {
            let counts = |hit: &Hit| count(reading, hit, kept);
            let (weight, _) = self.rules.weigh(topic, &hits[topic], length, counts);
            let is_typed = self.topics[topic].rule.is_typed();
            let (Some(sense), Some(direction)) = (&self.senses[topic], &direction) else {
                let terms = STEEP_ALONE * weight / (weight + HALFWAY);
                return Before { sum: terms - STEEP_ALONE / 2.0, terms, meaning: 0.0 };
            };
            let (most, half) = if is_typed { TYPED } else { UNTYPED };
            let terms = STEEP * most * weight / (weight + half);
            let nearest =
                sense.nearest_away(direction).map_or(NEAR_ANYTHING, |(_, near)| near.max(NEAR_ANYTHING));
            let toward = sense.toward.cosine(direction);
            let enough = if is_typed { ENOUGH + AWAY * NEAR_ANYTHING } else { ENOUGH_UNTYPED };
            let meaning = toward - AWAY * (nearest - NEAR_ANYTHING);
            Before { sum: terms + STEEP * (meaning - enough), terms, meaning: STEEP * meaning.max(0.0) }
        };
        (0..self.topics.len()).map(before).collect()
    }

    /// What each topic comes to with what was learnt.
    fn sums(
        &self,
        reading: &Reading<'_>,
        counted: Option<&Counted>,
        before: &[Before],
        kept: &[bool],
    ) -> Vec<f64> {
        let before: Vec<f64> = before.iter().map(|before| before.sum).collect();
        let Some(counted) = counted else { return before };
        let sums = reading.sums.iter().zip(kept).filter(|(_, kept)| **kept);
        let total = sums.fold(Sum::default(), |sum, (one, _)| sum + one);
        let direction = if total.is_known() { total.direction() } else { None };
        let features = self.learnt.features_of(counted.kept(kept), direction.as_ref());
        self.learnt.add(&before, &features)
    }

    /// The places without which an article would not have a topic, strongest first; where it has it not, or the curator
    /// gave it, the places that speak for it most.
    fn evidence(
        &self,
        reading: &Reading<'_>,
        counted: Option<&Counted>,
        hits: &[Vec<Hit>],
        topic: usize,
        verdict: Verdict,
    ) -> Vec<Evidence> {
        let speaking = self.speaking(reading, counted, &hits[topic], topic);
        let all: f64 = speaking.iter().map(|(_, weight)| weight).sum();
        let is_lost = |number: usize| {
            let mut kept = vec![true; reading.places.len()];
            for (place, _) in &speaking[..number] {
                kept[*place] = false;
            }
            let before = self.before(reading, hits, &kept);
            self.sums(reading, counted, &before, &kept)[topic] < 0.0
        };
        let is_given = verdict == Verdict::Chosen;
        let number = if is_given { QUOTED.min(speaking.len()) } else { fewest(speaking.len(), is_lost) };
        let mut evidence: Vec<Evidence> = Vec::with_capacity(number);
        for &(place, weight) in &speaking[..number] {
            let share = weight / all;
            let (marked, terms) = self.marked(reading, &hits[topic], topic, place, evidence.len() < QUOTED);
            evidence.push(Evidence { place: reading.places[place], hits: marked, terms, share });
        }
        evidence
    }

    /// The places that speak for a topic, by index, with how much; strongest first.
    fn speaking(
        &self,
        reading: &Reading<'_>,
        counted: Option<&Counted>,
        hits: &[Hit],
        topic: usize,
    ) -> Vec<(usize, f64)> {
        let all = vec![true; reading.places.len()];
        let length = reading.words.iter().map(Vec::len).sum();
        let (weight, parts) = self.rules.weigh(topic, hits, length, |hit| count(reading, hit, &all));
        let (most, half) = if self.topics[topic].rule.is_typed() { TYPED } else { UNTYPED };
        let total = reading.sums.iter().fold(Sum::default(), |sum, one| sum + one);
        let direction = if total.is_known() { total.direction() } else { None };
        let sense = self.senses[topic].as_ref().zip(direction.as_ref());
        let steep =
            if sense.is_some() { STEEP * most / (weight + half) } else { STEEP_ALONE / (weight + HALFWAY) };
        let kept = self.learnt.kept(topic);
        let mut places = vec![0.0; reading.places.len()];
        for (hit, part) in hits.iter().zip(parts) {
            places[hit.place] += kept * steep * part;
        }
        if let Some((sense, direction)) = sense {
            let length = total.length();
            let nearest = sense.nearest_away(direction).filter(|(_, near)| *near > NEAR_ANYTHING);
            for (place, sum) in places.iter_mut().zip(&reading.sums) {
                let away = nearest.map_or(0.0, |(away, _)| AWAY * sum.along(away));
                *place += kept * STEEP * (sum.along(&sense.toward) - away) / length;
            }
        }
        if let Some(counted) = counted {
            let length: f64 =
                counted.words.iter().map(|(word, count)| *count as f64 * square(word.weight)).sum();
            // Of a word that stands in several places each has its part.
            let parts: Vec<(f64, f64)> = counted
                .words
                .iter()
                .map(|(word, everywhere)| (self.learnt.word(topic, *word), (*everywhere as f64).sqrt()))
                .collect();
            for (place, own) in places.iter_mut().zip(&counted.places) {
                let own = own.iter().map(|(word, count)| parts[*word].0 * *count as f64 / parts[*word].1);
                *place += own.sum::<f64>() / length.sqrt().max(1.0);
            }
        }
        let mut speaking: Vec<(usize, f64)> =
            places.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0).collect();
        speaking.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        speaking
    }

    /// What to mark in a place: the rule's terms; where it has none, the words that come nearest to the topic.
    fn marked(
        &self,
        reading: &Reading<'_>,
        hits: &[Hit],
        topic: usize,
        place: usize,
        is_quoted: bool,
    ) -> (Vec<Range<usize>>, Vec<String>) {
        let own: Vec<&Hit> = hits.iter().filter(|hit| hit.place == place).collect();
        if !own.is_empty() || !is_quoted {
            let typed: BTreeSet<&str> = own.iter().map(|hit| self.rules.typed(topic, hit.term)).collect();
            let terms = typed.into_iter().map(str::to_owned).collect();
            return (merged(own.into_iter().map(|hit| hit.bytes.clone()).collect()), terms);
        }
        let toward = self.senses[topic].as_ref().map(|sense| &sense.toward);
        let words = &reading.words[place];
        let says = |word: &Token<'_>| {
            let folded = word.folded.as_ref();
            let near = toward.map_or(0.0, |toward| Sum::of_folded([folded]).along(toward) / Sum::USUAL);
            near + self.learnt.word(topic, self.learnt.known(&self.language.base(folded)))
        };
        let mut best: FxHashMap<&str, f64> = FxHashMap::default();
        for word in words.iter().filter(|word| !self.language.is_stop_word(&word.folded)) {
            best.entry(&word.folded).or_insert_with(|| says(word));
        }
        let mut best: Vec<(&str, f64)> = best.into_iter().filter(|(_, says)| *says > 0.0).collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        best.truncate(WORDS);
        let is_best = |word: &&Token<'_>| best.iter().any(|(one, _)| *one == word.folded);
        let marked = words.iter().filter(is_best).map(|word| word.range.clone()).collect();
        let terms: BTreeSet<&str> = best.iter().map(|(word, _)| *word).collect();
        (merged(marked), terms.into_iter().map(str::to_owned).collect())
    }
}

/// How often a hit counts.
fn count(reading: &Reading<'_>, hit: &Hit, kept: &[bool]) -> f64 {
    match (kept[hit.place], reading.places[hit.place]) {
        (false, _) => 0.0,
        (true, Place::Title) => TITLE,
        (true, Place::Passage(_)) => 1.0,
    }
}

fn square(number: f64) -> f64 {
    number * number
}

/// Ranges in order, those that overlap made one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged.shrink_to_fit();
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_that_are_enough_are_found_in_few_questions() {
        for all in 0..40 {
            for wanted in 1..=all + 1 {
                let asked = std::cell::Cell::new(0);
                let number = fewest(all, |number| {
                    asked.set(asked.get() + 1);
                    number >= wanted
                });
                assert_eq!(number, wanted.min(all), "{wanted} of {all}");
                assert!(asked.get() <= 12, "{} questions for {wanted} of {all}", asked.get());
            }
        }
    }
}
