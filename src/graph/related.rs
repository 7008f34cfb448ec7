//! Related articles: those nearest to each, with what both speak of as the reason.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::concepts::{Concept, Concepts};
use super::nearness::{Near, Nearness, Room};
use super::terms::{COMMON, COMMON_FROM, Known, Term, written};
use crate::articles::{Article, ArticleId};
use crate::meaning;
use crate::near_duplicates::Group;
use crate::topics::{Assignments, Topic, TopicId};

/// An article near another.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The article.
    pub to: ArticleId,
    /// How near it is, by the rare terms both use and by what they mean, 0 to 1.
    pub score: f64,
    /// Why, strongest first; never empty.
    pub reasons: Vec<Reason>,
}

/// Why two articles are related.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Both speak of this.
    Terms(Vec<String>),
    /// Both have this topic.
    Topic(TopicId),
}

/// Two articles that share fewer terms than this cosine merely share a word, ...
const NEAR: f64 = 0.02;
/// ... unless they go the same way so far.
const SAME_WAY: f64 = 0.4;

/// How many related articles are kept for each.
const MOST: usize = 8;

/// An article with fewer neighbours by its terms is given some of those that have a topic with it, ...
const FEW: usize = 3;
/// ... of so many of them at most.
const LOOKED_AT: usize = 400;

/// From which share of its text on an article is no news to the reader of another that has it too, ...
const NO_NEWS: f64 = 0.8;
/// ... unless the other is so much longer: then it has as much again to say.
const MUCH_LONGER: usize = 2;

/// How many things a reason names at most, and how many at least, be they ordinary words.
const NAMED: usize = 3;
const FEWEST: usize = 2;

/// How near two articles are at least if ordinary words are all they have in common. Looked at on the five seeds.
const NEAR_BY_ORDINARY: f64 = 0.04;

/// How much sooner a pair of words is named than one of them. Guessed.
const PAIRS_FIRST: f64 = 3.0;

/// Ordinary words that say no more than this are no reason, by [`meaning::weight`]: `create` and `thing` say less,
/// `phone` and `film` more. Looked at on the five seeds.
const SAYS_LITTLE: f64 = 0.6;

/// Capitals in English that make no name: what happened on a Tuesday has nothing else in common.
const DATES: [&str; 18] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The articles nearest to each, nearest first.
pub(super) fn related(
    articles: &[Article],
    near_duplicates: &[Group],
    known: &[Known],
    concepts: &Concepts,
    assignments: &Assignments,
    topics: &[Topic],
) -> BTreeMap<ArticleId, Vec<Related>> {
    let nearness = Nearness::of(known);
    let pieces = pieces(articles, near_duplicates);
    let by_topic = by_topic(articles, assignments);
    let reasons = Reasons { articles, known, concepts, assignments, topics, nearness: &nearness };
    let related = |room: &mut Room, article: usize| {
        nearness.meet(article, room);
        let mut near = nearness.nearest(room);
        near.retain(|near| near.terms >= NEAR || near.meaning >= SAME_WAY);
        if near.len() < FEW {
            let own = assignments.get(&articles[article].id).into_iter().flatten();
            let others = own.flat_map(|one| by_topic.get(&one.topic).into_iter().flatten().copied());
            let others = others.filter(|other| near.iter().all(|near| near.other != *other));
            near.extend(nearness.among(others, FEW, room));
            near.dedup_by_key(|near| near.other);
        }
        let _held = articles[article].text.read();
        let mut seen = vec![pieces[article]];
        let mut related: Vec<Related> = Vec::with_capacity(MOST);
        for near in near {
            if related.len() == MOST {
                break;
            }
            if seen.contains(&pieces[near.other]) {
                continue;
            }
            let why = reasons.of(article, &near);
            if !why.is_empty() {
                seen.push(pieces[near.other]);
                related.push(Related {
                    to: articles[near.other].id.clone(),
                    score: near.score(),
                    reasons: why,
                });
            }
        }
        (articles[article].id.clone(), related)
    };
    (0..articles.len()).into_par_iter().map_init(|| nearness.room(), related).collect()
}

/// For each article the first of those that are the same piece: itself where it has no near-duplicate. Those of which the
/// curator said that both are to stay are two pieces.
fn pieces(articles: &[Article], near_duplicates: &[Group]) -> Vec<usize> {
    let at = |id: &ArticleId| articles.binary_search_by(|article| article.id.cmp(id)).ok();
    let length =
        |at: usize| articles[at].body.passages.iter().map(|passage| passage.text.len()).sum::<usize>();
    let mut pieces: Vec<usize> = (0..articles.len()).collect();
    for group in near_duplicates {
        let Some(longest) = at(&group.longest) else { continue };
        let same = group.others.iter().filter(|(_, share)| *share >= NO_NEWS);
        for other in same.filter_map(|(id, _)| at(id)) {
            let is_open = [longest, other].iter().all(|at| articles[*at].duplicate_of.is_none());
            if is_open && length(longest) < MUCH_LONGER * length(other) {
                pieces[other] = longest;
            }
        }
    }
    pieces
}

/// The first articles of each topic, by index.
fn by_topic<'a>(articles: &[Article], assignments: &'a Assignments) -> BTreeMap<&'a TopicId, Vec<usize>> {
    let mut by_topic: BTreeMap<&TopicId, Vec<usize>> = BTreeMap::new();
    for (at, article) in articles.iter().enumerate() {
        for one in assignments.get(&article.id).into_iter().flatten() {
            let members = by_topic.entry(&one.topic).or_default();
            if members.len() < LOOKED_AT {
                members.push(at);
            }
        }
    }
    by_topic
}

/// What there is to say of two articles.
struct Reasons<'a> {
    articles: &'a [Article],
    known: &'a [Known],
    concepts: &'a Concepts,
    assignments: &'a Assignments,
    topics: &'a [Topic],
    nearness: &'a Nearness,
}

/// What two articles both speak of.
struct Named {
    words: Vec<String>,
    /// Whether none of them is a concept, a name or a pair of words.
    are_ordinary: bool,
}

impl Reasons<'_> {
    /// Why an article is near another: what both speak of, and the topics both have.
    fn of(&self, article: usize, near: &Near) -> Vec<Reason> {
        // The same words for both ways.
        let (one, other) = (article.min(near.other), article.max(near.other));
        let topics = self.shared_topics(one, other).map(Reason::Topic);
        let named = self.named(one, other);
        let words = (!named.words.is_empty()).then_some(Reason::Terms(named.words));
        let reasons: Vec<Reason> = words.into_iter().chain(topics).collect();
        let is_chance = named.are_ordinary && reasons.len() == 1 && near.score() < NEAR_BY_ORDINARY;
        if is_chance { Vec::new() } else { reasons }
    }

    /// What two articles both speak of: the concepts of both, then pairs of words and names, then ordinary words.
    fn named(&self, one: usize, other: usize) -> Named {
        let mut named: Vec<String> =
            self.shared_concepts(one, other).into_iter().map(|one| one.name.clone()).collect();
        named.truncate(NAMED);
        if named.len() == NAMED {
            return Named { words: named, are_ordinary: false };
        }
        let _held = [one, other].map(|at| self.articles[at].text.read());
        let (mut speaking, mut ordinary) = (Vec::new(), Vec::new());
        for (term, weight) in self.nearness.shared(one, other) {
            let Some(words) = self.written(term, one, other) else { continue };
            if DATES.contains(&words.as_str()) {
                continue;
            }
            let is_name = words.starts_with(char::is_uppercase);
            let is_telling = is_name || self.recurs(term, one, other);
            match (term.is_pair(), is_name) {
                // Neighbours by chance; each is a term of its own.
                (true, _) if !is_telling => {}
                (true, _) => speaking.push((PAIRS_FIRST * weight, words)),
                (false, true) => speaking.push((weight, words)),
                // What both mention in passing is nothing they have in common.
                (false, false) if !is_telling => {}
                (false, false) => {
                    let says = meaning::weight(&words);
                    if says > SAYS_LITTLE {
                        ordinary.push((weight * says, words));
                    }
                }
            }
        }
        let are_ordinary = named.is_empty() && speaking.is_empty();
        for (mut words, most) in [(speaking, NAMED), (ordinary, FEWEST)] {
            words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            for (_, words) in words {
                if named.len() < most && !named.iter().any(|other| share_words(other, &words)) {
                    named.push(words);
                }
            }
        }
        Named { words: named, are_ordinary }
    }

    /// The concepts of two articles, those first that weigh most in both.
    fn shared_concepts(&self, one: usize, other: usize) -> Vec<&Concept> {
        let articles = self.articles.len();
        let is_telling = |concept: &Concept| {
            articles < COMMON_FROM || concept.articles.len() as f64 <= COMMON * articles as f64
        };
        let of = |at: usize| self.concepts.of(&self.articles[at].id).enumerate();
        let places: HashMap<_, usize> = of(other).map(|(place, concept)| (&concept.id, place)).collect();
        let mut shared: Vec<(usize, &Concept)> = of(one)
            .filter(|(_, concept)| is_telling(concept))
            .filter_map(|(place, concept)| Some((place + places.get(&concept.id)?, concept)))
            .collect();
        shared.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        shared.into_iter().map(|(_, concept)| concept).collect()
    }

    /// Whether one of two articles uses a term more than once.
    fn recurs(&self, term: Term, one: usize, other: usize) -> bool {
        [one, other].iter().any(|at| self.known[*at].uses(term).is_some_and(|one| one.count > 1))
    }

    /// How two articles write a term: without a capital, if one of them does.
    fn written(&self, term: Term, one: usize, other: usize) -> Option<String> {
        let written = |at: usize| written(&self.articles[at], self.known[at].uses(term)?);
        let (one, other) = (written(one), written(other));
        let is_plain = |written: &Option<String>| {
            written.as_ref().is_some_and(|one| !one.starts_with(char::is_uppercase))
        };
        if is_plain(&other) { other } else { one.or(other) }
    }

    fn shared_topics(&self, one: usize, other: usize) -> impl Iterator<Item = TopicId> {
        let has = |at: usize, topic: &TopicId| {
            let all = self.assignments.get(&self.articles[at].id);
            all.is_some_and(|all| all.iter().any(|assignment| assignment.topic == *topic))
        };
        let ids = self.topics.iter().map(|topic| &topic.id);
        ids.filter(move |id| has(one, id) && has(other, id)).cloned()
    }
}

/// Whether two phrases have a word in common, in singular or plural: one of them is enough.
fn share_words(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| word.to_lowercase().trim_end_matches('s').to_owned())
            .collect()
    };
    let others = words(other);
    words(one).iter().any(|word| others.contains(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::graph::terms;
    use crate::memo::Shelf;
    use crate::path::SitePath;
    use crate::text::Text;
    use crate::words::Language;
    use crate::{articles, near_duplicates};

    const LEEKS: &str = "The allotment society in Welby grows leeks for the show. Mildred Pym sows leeks under glass in \
        March, thins them in May and plants them out in a deep trench. Leek rust is the enemy of every grower in Welby.";
    const SHOW: &str = "At the Welby show the judges weigh leeks on a butcher's scale. Mildred Pym has won the cup for \
        leeks three times; this summer leek rust kept half of the growers away.";
    const TRAINS: &str = "The sleeper to Trieste leaves at ten. The conductor wakes the passengers at the border, where \
        the locomotive is changed and the sleeper waits for an hour.";
    const BORDER: &str = "Where the border was, the locomotive of the sleeper to Trieste is still changed, and the \
        conductor still collects passports from passengers who would rather sleep.";

    /// The related articles of each, by name, with the first reason.
    fn found(texts: &[(&str, &str)]) -> BTreeMap<String, Vec<(String, Vec<String>)>> {
        let file = |(name, says): &(&str, &str)| {
            let text = format!("+++\ntitle = \"On {name}\"\n+++\n{says}\n");
            Text::new(SitePath::new(format!("content/articles/{name}.md")), text)
        };
        let files = texts.iter().map(file).map(|text| (text.path().clone(), text)).collect();
        let (articles, _) = articles::read(&files, &crate::rights::Origins::default());
        let known = terms::known(crate::graph::told(&articles, &Language::of("en"), &Shelf::default()).0);
        let groups = near_duplicates::find(&articles, &Shelf::default());
        let none = Assignments::new();
        let all = related(&articles, &groups, &known, &Concepts::default(), &none, &[]);
        let name = |id: &ArticleId| id.as_str().to_owned();
        let first = |one: Related| match one.reasons.into_iter().next() {
            Some(Reason::Terms(words)) => (name(&one.to), words),
            other => panic!("{other:?}"),
        };
        all.into_iter().map(|(id, related)| (name(&id), related.into_iter().map(first).collect())).collect()
    }

    #[test]
    fn what_shares_rare_terms_is_near_and_says_so() {
        let found = found(&[("leeks", LEEKS), ("show", SHOW), ("trains", TRAINS), ("border", BORDER)]);
        let first =
            |name: &str| found[name].first().map(|(other, words)| (other.as_str(), words.clone())).unwrap();
        let (other, words) = first("leeks");
        assert_eq!(other, "show");
        assert!(words.contains(&"Mildred Pym".to_owned()), "{words:?}");
        assert_eq!(first("show"), ("leeks", words), "the same reason both ways");
        assert_eq!(first("trains").0, "border");
        assert_eq!(first("border").0, "trains");
    }

    #[test]
    fn the_same_piece_is_not_related_to_itself_and_named_once() {
        let (again, longer) = (format!("{LEEKS} Soon."), format!("{LEEKS} {TRAINS} {BORDER}"));
        let near = found(&[("a", LEEKS), ("b", &again), ("show", SHOW)]);
        let names = |name: &str| near[name].iter().map(|(other, _)| other.clone()).collect::<Vec<_>>();
        assert_eq!(names("a"), ["show"]);
        assert_eq!(names("b"), ["show"]);
        assert_eq!(names("show").len(), 1, "one of the two");
        let near = found(&[("a", LEEKS), ("longer", &longer), ("show", SHOW)]);
        assert!(near["a"].iter().any(|(other, _)| other == "longer"), "it has more to say: {near:?}");
    }

    #[test]
    fn what_shares_nothing_is_not_related() {
        let near =
            found(&[("leeks", LEEKS), ("trains", "Der Nachtzug nach Triest fährt um zehn."), ("empty", "")]);
        assert!(near.values().all(Vec::is_empty), "{near:?}");
    }
}
