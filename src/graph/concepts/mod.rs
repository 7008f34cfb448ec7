//! Concepts: the names and terms that recur, as the index at the end of a book has them.
//!
//! In: the articles and the curator's [`Decisions`]. Out: the [`Concepts`], each with the articles that speak of it and
//! the passages there. Everything that could grow with the collection has a bound, named below.

mod candidates;
mod decisions;
mod mentions;
mod tokens;
mod written;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::address::{Address, slug};
use crate::articles::{Article, ArticleId};
use crate::diagnostic::Diagnostics;
use crate::memo::{Flat, Key, Shelf};
use crate::rights::Rights;
use crate::sentences::sentence_from;
use crate::text;
use crate::words::Language;
use candidates::vocabulary;
use mentions::{Mentions, mentions};
use written::{Counted, Words};

pub use decisions::Decisions;

/// How many concepts an article is listed under, at most: those that weigh most in it.
const MOST_IN_ARTICLE: usize = 24;

/// How many concepts an index has at most, the weightiest: that of a long book.
const MOST: usize = 2000;

/// How many passages of an article are kept for a concept.
const PASSAGES: usize = 3;

/// A concept in more than this share of the articles divides nothing, and is left out; ...
const COMMON: f64 = 0.4;
/// ... in a collection of at least this many.
const COMMON_FROM: usize = 20;

/// A sentence of fewer words says too little to be quoted, where another does.
const WORDS: usize = 5;

/// Identifies a concept: the slug of its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(String);

impl ConceptId {
    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its page is.
    pub fn address(&self) -> Address {
        Address::folder(&format!("concepts/{}", self.0))
    }
}

impl fmt::Display for ConceptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name or term that recurs.
#[derive(Debug, Clone, PartialEq)]
pub struct Concept {
    /// Identifies it.
    pub id: ConceptId,
    /// As it stands in the index.
    pub name: String,
    /// Other ways in which the articles write it.
    pub also: Vec<String>,
    /// The articles that speak of it, those that do most first.
    pub articles: Vec<Occurrence>,
}

impl Concept {
    /// Whether it has a page of its own: one that is mentioned once needs none, the index leads to the place.
    pub fn has_page(&self) -> bool {
        self.articles.len() > 1 || self.articles.iter().any(|one| one.passages.len() > 1)
    }
}

/// An article that speaks of a concept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The article.
    pub article: ArticleId,
    /// How often it does.
    pub mentions: usize,
    /// Where: at most three places, in reading order; none where the text is not published.
    pub passages: Vec<Place>,
}

/// A mention in a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The passage, by index.
    pub passage: usize,
    /// The mention's own words, as a byte range of the passage's text.
    pub words: Range<usize>,
}

/// The index.
#[derive(Debug, Default)]
pub struct Concepts {
    /// All, letter by letter.
    pub all: Vec<Concept>,
    of: BTreeMap<ArticleId, Vec<usize>>,
}

impl Concepts {
    /// The concepts of an article, those that weigh most in it first.
    pub fn of(&self, id: &ArticleId) -> impl Iterator<Item = &Concept> {
        self.of.get(id).into_iter().flatten().map(|index| &self.all[*index])
    }
}

/// Finds the concepts of the articles, named, merged and hidden as the curator decided. What is found of each article is
/// kept on the shelf.
pub(super) fn find(
    articles: &[Article],
    decisions: &Decisions,
    language: &Language,
    shelf: &Shelf,
) -> (Concepts, Diagnostics) {
    let mut found = Diagnostics::new();
    let alone: Vec<Key> = articles.par_iter().map(|article| article.key_in(language)).collect();
    let keyed: Vec<(&Article, &Key)> = articles.iter().zip(&alone).collect();
    let counted: Vec<Flat> = shelf.of_each(
        "words",
        &keyed,
        |(_, key)| **key,
        |(article, _)| {
            let texts = tokens::texts(&article.body);
            let passages = tokens::passages(&article.body, &texts, language);
            Flat::of(&Counted::of(&passages, article.rights == Rights::Full))
        },
    );
    let (words, numbers) = Words::of(&counted, language);
    drop(counted);
    let keys: Vec<Key> = alone
        .par_iter()
        .zip(&numbers)
        .map(|(key, numbers)| Key::of(&[key.bytes(), &words.manners.among(numbers)]))
        .collect();
    let vocabulary = vocabulary(articles, &keys, words, language, shelf);
    let headings = found.take(decisions.headings(&vocabulary, language));
    let mentioned = mentions(articles, &keys, &numbers, &vocabulary, language, shelf);
    let mentions: Vec<BTreeMap<usize, Vec<Place>>> =
        mentioned.par_iter().map(|mentions| headings.by_heading(mentions.read())).collect();

    // An article is listed where it weighs most, TF-IDF: how often it mentions a concept, and how few others do.
    let mut spread: HashMap<usize, usize> = HashMap::new();
    for heading in mentions.iter().flat_map(BTreeMap::keys) {
        *spread.entry(*heading).or_default() += 1;
    }
    let is_divided = |heading: usize| {
        articles.len() < COMMON_FROM || spread[&heading] as f64 <= COMMON * articles.len() as f64
    };
    let weight = |heading: usize, places: &[Place]| {
        places.len() as f64 * (articles.len() as f64 / spread[&heading] as f64).ln_1p()
    };
    let least = if articles.len() > candidates::SMALL { 2 } else { 1 };
    let mut listed: BTreeMap<usize, Vec<(usize, Vec<Place>)>> = BTreeMap::new();
    let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
    for (article, found) in mentions.into_iter().enumerate() {
        let mut ranked: Vec<(f64, usize, Vec<Place>)> = found
            .into_iter()
            .filter(|(heading, _)| is_divided(*heading))
            .map(|(heading, places)| (weight(heading, &places), heading, places))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        ranked.truncate(MOST_IN_ARTICLE);
        for (weight, heading, places) in ranked {
            *weights.entry(heading).or_default() += weight;
            listed.entry(heading).or_default().push((article, places));
        }
    }
    let is_decided = |heading: usize| headings.all[heading].is_decided;
    let mut kept: Vec<usize> = listed
        .iter()
        .filter(|(heading, articles)| articles.len() >= least || is_decided(**heading))
        .map(|(heading, _)| *heading)
        .collect();
    kept.sort_by(|a, b| {
        is_decided(*b)
            .cmp(&is_decided(*a))
            .then_with(|| weights[b].total_cmp(&weights[a]))
            .then_with(|| a.cmp(b))
    });
    kept.truncate(MOST);

    let mut all: Vec<(Concept, f64)> = kept
        .into_iter()
        .map(|heading| {
            let of = listed.remove(&heading).unwrap_or_default();
            let Heading { id, name, also, .. } = headings.all[heading].clone();
            let mut occurrences: Vec<Occurrence> =
                of.into_iter().map(|(article, places)| occurrence(&articles[article], places)).collect();
            occurrences.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.article.cmp(&b.article)));
            (Concept { id, name, also, articles: occurrences }, weights[&heading])
        })
        .collect();
    all.sort_by_cached_key(|(concept, _)| (letters(&concept.name), concept.id.clone()));
    let mut of: BTreeMap<ArticleId, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, (concept, _)) in all.iter().enumerate() {
        for one in &concept.articles {
            of.entry(one.article.clone()).or_default().push((one.mentions, index));
        }
    }
    let of = of.into_iter().map(|(id, mut ranked)| {
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        (id, ranked.into_iter().map(|(_, index)| index).collect())
    });
    let of = of.collect();
    (Concepts { all: all.into_iter().map(|(concept, _)| concept).collect(), of }, found)
}

/// What a name is sorted by, letter by letter as in a book's index: spaces and punctuation do not count.
pub fn letters(name: &str) -> String {
    slug(name).replace('-', "")
}

/// A heading of the index before anybody knows which articles stand under it.
#[derive(Debug, Clone)]
struct Heading {
    id: ConceptId,
    name: String,
    also: Vec<String>,
    /// Whether the curator named it.
    is_decided: bool,
}

/// All headings, and which one each key of the vocabulary stands under.
struct Headings {
    all: Vec<Heading>,
    of: BTreeMap<String, usize>,
}

impl Headings {
    /// What an article mentions, by heading.
    fn by_heading(&self, mentions: Mentions) -> BTreeMap<usize, Vec<Place>> {
        let mut by_heading: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
        for (key, places) in mentions {
            if let Some(heading) = self.of.get(&key) {
                by_heading.entry(*heading).or_default().extend(places);
            }
        }
        for places in by_heading.values_mut() {
            places.sort_by_key(|place| (place.passage, place.words.start));
        }
        by_heading
    }
}

/// An article under a concept, with the places to quote: of different sentences, rather than headings or scraps.
fn occurrence(article: &Article, places: Vec<Place>) -> Occurrence {
    let mentions = places.len();
    let _held = article.text.read();
    let mut chosen: Vec<(bool, Place)> = Vec::new();
    if article.rights == Rights::Full {
        let mut sentences: BTreeSet<(usize, usize)> = BTreeSet::new();
        // Places stand in the order of the text: from one sentence the next is near, however long the passage is.
        let mut last: Option<(usize, text::Words<'_>, Range<usize>)> = None;
        for place in places {
            let passage = &article.body.passages[place.passage];
            let (text, known) = match last {
                Some((index, text, known)) if index == place.passage => (text, known),
                Some(_) | None => (passage.text.read(), 0..0),
            };
            let sentence = sentence_from(&text, &known, place.words.start);
            let is_new = sentences.insert((place.passage, sentence.start));
            let words = if is_new { text[sentence.clone()].split_whitespace().count() } else { 0 };
            last = Some((place.passage, text, sentence));
            if is_new {
                chosen.push((passage.is_heading || words < WORDS, place));
            }
        }
        // Stable: among equals the earlier stays before the later.
        chosen.sort_by_key(|(is_scrap, _)| *is_scrap);
        if chosen.first().is_some_and(|(is_scrap, _)| !is_scrap) {
            chosen.retain(|(is_scrap, _)| !is_scrap);
        }
        chosen.truncate(PASSAGES);
    }
    let passages = chosen.into_iter().map(|(_, place)| place).collect();
    Occurrence { article: article.id.clone(), mentions, passages }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::articles;
    use crate::path::SitePath;
    use crate::rights::Origins;
    use crate::text::Text;

    fn found(bodies: &[&str], decisions: &str) -> (Vec<String>, Vec<String>) {
        let files = bodies.iter().enumerate().map(|(index, body)| {
            let path = SitePath::new(format!("content/articles/{index}.md"));
            (path.clone(), Text::new(path, format!("+++\ntitle = \"Number {index}\"\n+++\n\n{body}\n")))
        });
        let (articles, problems) = articles::read(&files.collect(), &Origins::default());
        assert!(problems.is_empty());
        let text = Text::new(SitePath::new("content/concepts.toml"), decisions.to_owned());
        let (decisions, _) = Decisions::read(Some(&text));
        let (concepts, problems) = find(&articles, &decisions, &Language::of("en"), &Shelf::default());
        let shown = |concept: &Concept| {
            let also = concept.also.iter().map(|way| format!("/{way}")).collect::<String>();
            let mentions: usize = concept.articles.iter().map(|one| one.mentions).sum();
            format!("{}{also} {}/{mentions}", concept.name, concept.articles.len())
        };
        let problems = problems.sorted().iter().map(|one| one.in_short()).collect();
        (concepts.all.iter().map(shown).collect(), problems)
    }

    fn check(bodies: &[&str], expected: &[&str]) {
        assert_eq!(found(bodies, "").0, expected, "{bodies:?}");
    }

    #[test]
    fn names_are_found_by_their_capitals() {
        check(&["They use Yammer a lot. Yesterday it was quiet."], &["Yammer 1/1"]);
        check(&["He asked NOBODY about it, and left AGAIN."], &[]);
        check(&["I met Mary Okonkwo. Then Okonkwo left."], &["Mary Okonkwo 1/2"]);
        check(&["She saw President Ada Obisanya, and Ada Obisanya saw her."], &["Ada Obisanya 1/2"]);
        check(&["We flew to New York and the Bank of Lagos paid."], &["Bank of Lagos 1/1", "New York 1/1"]);
        check(&["On Monday in March we met."], &[]);
        check(&["See www.example.org/Quokka or mail Bo@Wombat.example today."], &[]);
    }

    #[test]
    fn case_plural_and_hyphen_make_one_entry() {
        let text = "A smart phone rang. Their smart-phones hum, and the smart phone hid.";
        check(&[text], &["smart phone 1/3"]);
        check(&["Ask the CIO. Many CIOs know, and the CIO’s aide."], &["CIO 1/3"]);
        check(&["They like LinkedIn and LinkedIn. But Linkedin, they say, is LinkedIN."], &["LinkedIn 1/4"]);
    }

    #[test]
    fn an_abbreviation_is_one_with_its_words() {
        let text =
            "The help of social media (SM) is small. SM grows; the social media grow. For SM it is new.";
        check(&[text], &["social media/SM 1/5"]);
    }

    #[test]
    fn terms_keep_together_and_recur() {
        let text =
            "We saw augmented reality there. Another augmented reality demo followed on the long road.";
        check(&[text], &["augmented reality 1/2"]);
        check(&["They quickly left and quickly left again."], &[]);
    }

    #[test]
    fn the_curator_names_merges_and_hides() {
        let text = "They use Yammer and Hootsuite, and Quora a bit.";
        let decisions =
            "hide = [\"quora\"]\n[[concept]]\nname = \"Tools\"\nof = [\"Yammer\", \"Hootsiute\"]\n";
        let (concepts, problems) = found(&[text], decisions);
        assert_eq!(concepts, ["Hootsuite 1/1", "Tools/Yammer 1/1"]);
        assert_eq!(
            problems,
            [
                "content/concepts.toml:4:17: warning: no concept is called `Hootsiute` (did you mean `Hootsuite`?)"
            ]
        );
    }

    /// Sentences whose words are names here and not there, as others write them.
    const SENTENCES: [&str; 14] = [
        "We met Mary Okonkwo in New York.",
        "Okonkwo left early.",
        "They met Bob Okonkwo.",
        "A smart phone rang, and the smart phone hid.",
        "Their smart-phones hum with a smartphone app.",
        "He asked the CIO about it.",
        "Many CIOs know what a cio is.",
        "The cio and the cio met a cio.",
        "The help of social media (SM) is small.",
        "For SM the social media are new, and SM grows.",
        "They saw an Oscar and the Oscars.",
        "She took an apple from Apple and an apple home.",
        "YOU AND ME met Will, who will go.",
        "The bank of the Bank of Lagos paid Will and Bob.",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(48))]

        #[test]
        fn what_is_kept_changes_nothing(
            edits in proptest::collection::vec(
                (0..5_usize, proptest::collection::vec(0..SENTENCES.len(), 0..5)), 6..12),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut texts = vec![Vec::new(); 5];
            for (at, sentences) in edits {
                texts[at] = sentences;
                let files = texts.iter().enumerate().map(|(index, sentences)| {
                    let path = SitePath::new(format!("content/articles/{index}.md"));
                    let body: String = sentences.iter().map(|at| format!("{}\n\n", SENTENCES[*at])).collect();
                    let rights = ["full", "link"][usize::from(sentences.first() == Some(&0))];
                    let front = format!("+++\ntitle = \"Number {index}\"\nrights = \"{rights}\"\n+++\n\n");
                    (path.clone(), Text::new(path, front + &body))
                });
                let (articles, problems) = articles::read(&files.collect(), &Origins::default());
                proptest::prop_assert!(problems.is_empty());
                let found = |shelf: &Shelf| {
                    let (concepts, _) = find(&articles, &Decisions::default(), &Language::of("en"), shelf);
                    concepts.all
                };
                proptest::prop_assert_eq!(found(&Shelf::at(folder.path())), found(&Shelf::default()));
            }
        }
    }
}
