//! Topics: what the curator says of each, and which articles it gets.
//!
//! In: the files of `content/topics/` and the articles. Out: [`Topic`]s, and for every article its
//! [`Assignment`]s, each with the score and the evidence that earned it.

mod decide;
mod entry;
mod evaluate;
mod implied;
mod learnt;
mod overview;
mod rename;
mod rule;
mod scorer;
mod suggest;
mod vocabulary;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::address::slug;
use crate::articles::{self, Article, ArticleId};
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::fields::Typed;
use crate::front_matter;
use crate::markdown::Body;
use crate::memo::{Key, Shelf};
use crate::path::SitePath;
use crate::text::{Span, Text, Words};
use crate::words::Language;

pub use decide::{Decided, give, take};
pub use entry::{Entry, rounded};
pub use evaluate::{Evaluation, Figures, evaluate};
pub use implied::files;
pub use learnt::Learnt;
pub use overview::{Overview, Row, overview};
pub use rename::{Renamed, merge, rename};
pub use rule::Rule;
pub use scorer::{Scorer, THRESHOLD, UNSURE};
pub use suggest::{Suggestion, suggest};
pub use vocabulary::named;

/// Identifies a topic: its slug, made from the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TopicId(String);

impl TopicId {
    /// The id of the topic in a file.
    pub fn of(path: &SitePath) -> TopicId {
        TopicId(slug(path.stem()))
    }

    /// The id a curator means by a name in front matter: a slug, or a title.
    pub fn named(name: &str) -> TopicId {
        TopicId(slug(name))
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A curated subject.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Identifies it.
    pub id: TopicId,
    /// The file it was read from.
    pub text: Text,
    /// Its name.
    pub title: String,
    /// Other names it goes by.
    pub synonyms: Vec<Typed<String>>,
    /// Old addresses that lead here.
    pub aliases: Vec<Typed<String>>,
    /// What it is about, in a sentence.
    pub description: Option<String>,
    /// Which articles it gets.
    pub rule: Rule,
    /// The topic it is part of, as typed.
    pub parent: Option<Typed<String>>,
    /// The curator's introduction.
    pub body: Body,
}

impl Topic {
    /// The file it was read from.
    pub fn path(&self) -> &SitePath {
        self.text.path()
    }

    /// The first line of its file, for problems that concern it as a whole.
    pub fn span(&self) -> Span {
        self.text.first_line()
    }

    fn read(text: &Text, language: &Language, found: &mut Diagnostics) -> Topic {
        let front = front_matter::split(text, found);
        let body = Body::read(text, front.body.clone());
        let mut fields = front.fields(text);
        let title = fields.text("title").map(|typed| typed.value).filter(|title| !title.trim().is_empty());
        let title = title.unwrap_or_else(|| text.path().stem().replace('-', " "));
        let description = fields.text("description").map(|typed| typed.value);
        let terms = fields.texts_or_tables("terms");
        let not_terms = fields.texts("not_terms").unwrap_or_default();
        let (rule, problems) = Rule::read(terms, not_terms, language);
        found.extend(problems);
        let rule = rule.or_words_of(&title, description.as_deref(), language);
        let parent = fields.text("parent");
        let synonyms = fields.texts("synonyms").unwrap_or_default();
        let aliases = articles::aliases(fields.texts("aliases").unwrap_or_default(), found);
        found.extend(fields.close(Severity::Error));
        let (id, text) = (TopicId::of(text.path()), text.clone());
        Topic { id, text, title, synonyms, aliases, description, rule, parent, body }
    }
}

/// Reads all topics. Two files with one slug, and a parent that does not exist, are errors.
pub fn read(files: &BTreeMap<SitePath, Text>, language: &Language) -> (Vec<Topic>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut topics: BTreeMap<TopicId, Topic> = BTreeMap::new();
    for text in files.values() {
        let topic = Topic::read(text, language, &mut found);
        match topics.get(&topic.id) {
            Some(first) => found.push(
                Problem::new(format!(
                    "two topics have the address `/topics/{}/`: `{}` and `{}`",
                    topic.id,
                    first.path(),
                    topic.path()
                ))
                .hint("rename one of the two files")
                .at(topic.span())
                .note("the other is here", first.span()),
            ),
            None => {
                topics.insert(topic.id.clone(), topic);
            }
        }
    }
    found.extend(vocabulary::check(&topics, language));
    (topics.into_values().collect(), found)
}

/// What a topic scores for an article, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The topic.
    pub topic: TopicId,
    /// From 0 (nothing speaks for it) to 1; it means the same for every topic. Assigned from [`THRESHOLD`] on.
    pub score: f64,
    /// What became of it.
    pub verdict: Verdict,
    /// What the score rests on.
    pub basis: Basis,
    /// The passages that earned it, strongest first: without them the topic would not be assigned. Of a topic that the curator
    /// gave, the few that speak for it most.
    pub evidence: Vec<Evidence>,
}

impl Assignment {
    /// Whether the curator decided it.
    pub fn is_decided(&self) -> bool {
        matches!(self.verdict, Verdict::Chosen | Verdict::Rejected)
    }
}

/// What becomes of a topic and an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The curator chose it.
    Chosen,
    /// The curator rejected it, or chose others.
    Rejected,
    /// It earned the topic.
    Earned,
    /// It may have earned it: a question for the curator.
    Unsure,
    /// It did not.
    No,
}

impl Verdict {
    /// Whether the article has the topic.
    pub fn is_assigned(self) -> bool {
        matches!(self, Verdict::Chosen | Verdict::Earned)
    }
}

/// What speaks for a topic, each part from 0 to 1; the parts add up to 1, or are all 0 where nothing speaks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The terms of its rule.
    pub terms: f64,
    /// What its title and description mean.
    pub meaning: f64,
    /// The curator's decisions on other articles.
    pub decisions: f64,
    /// Whether the table of meanings speaks the article's language; where it does not, the score leans on the rest.
    pub is_meaning_known: bool,
}

/// A passage that speaks for a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it stands.
    pub place: Place,
    /// The words that count, as byte ranges of the passage, in order.
    pub hits: Vec<Range<usize>>,
    /// The terms of the rule they match, in order; where none does, the words that come nearest to the topic.
    pub terms: Vec<String>,
    /// Its part in all that speaks for the topic, 0 to 1.
    pub share: f64,
}

/// Where evidence stands. The title comes before the passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// In the title.
    Title,
    /// In a passage of the body, by index.
    Passage(usize),
}

impl Place {
    /// The text there of an article.
    pub fn text(self, article: &Article) -> Words<'_> {
        match self {
            Place::Title => Words::from(article.title.as_str()),
            Place::Passage(index) => article.body.passages[index].text.read(),
        }
    }
}

/// Topics of every article, strongest first.
pub type Assignments = BTreeMap<ArticleId, Vec<Assignment>>;

/// What became of articles and topics.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assigned {
    /// The topics that every article has.
    pub assignments: Assignments,
    /// Those it may have, for the curator to decide; articles without any are left out.
    pub unsure: Assignments,
}

/// Assigns every article to its topics: those the curator decided, else those it earns.
pub fn assign(
    articles: &[Article],
    topics: &[Topic],
    language: &Language,
    shelf: &Shelf,
) -> (Assigned, Diagnostics) {
    let mut found = Diagnostics::new();
    for name in articles.iter().flat_map(|article| article.topics.iter().flatten().chain(&article.not_topics))
    {
        if named(topics, &name.value).is_none() {
            found.push(vocabulary::unknown(&name.value, topics).at(name.span.clone()));
        }
    }
    let mut assigned = Assigned::default();
    let lessons = scorer::lessons(articles, topics);
    // A score depends on the article, the topics and the lessons, and on nothing else.
    let rest = scorer::rest(topics, &lessons, language);
    let key = |article: &Article| Key::of(&[article.key().bytes(), rest.bytes()]);
    let prepare = || Scorer::taught(topics, lessons, language, shelf);
    let scored = shelf.of_each_prepared("topics", articles, key, prepare, Scorer::has_or_may);
    for (article, scored) in articles.iter().zip(scored) {
        let (mut has, mut may_have): (Vec<_>, Vec<_>) =
            scored.into_iter().partition(|one| one.verdict.is_assigned());
        has.shrink_to_fit();
        may_have.shrink_to_fit();
        assigned.assignments.insert(article.id.clone(), has);
        if !may_have.is_empty() {
            assigned.unsure.insert(article.id.clone(), may_have);
        }
    }
    (assigned, found)
}

/// What every topic scores for every article, in the order of the articles; strongest first.
pub fn score_all(articles: &[Article], topics: &[Topic], language: &Language) -> Vec<Vec<Assignment>> {
    use rayon::prelude::*;

    let scorer = Scorer::of(topics, articles, language);
    articles.par_iter().map(|article| sorted(scorer.score(article))).collect()
}

fn sorted(mut scored: Vec<Assignment>) -> Vec<Assignment> {
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.topic.cmp(&b.topic)));
    scored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::articles;

    fn topics(files: &[(&str, &str)]) -> (Vec<Topic>, Diagnostics) {
        let files = files
            .iter()
            .map(|(name, typed)| {
                let text = Text::new(SitePath::new(format!("content/topics/{name}.md")), (*typed).to_owned());
                (text.path().clone(), text)
            })
            .collect();
        read(&files, &Language::of("en"))
    }

    fn article(typed: &str) -> Article {
        let text = Text::new(SitePath::new("content/articles/one.md"), typed.to_owned());
        let (articles, found) = articles::read(
            &BTreeMap::from([(text.path().clone(), text)]),
            &crate::rights::Origins::default(),
        );
        assert!(found.is_empty(), "{found:?}");
        articles.into_iter().next().unwrap()
    }

    const GARDENS: &str = "+++\ntitle = \"Gardens\"\ndescription = \"Growing vegetables and flowers: soil, compost, seedlings.\"\nterms = [\"garden*\", { term = \"compost heap\", weight = 2.0 }, \"soil\", \"seedling\"]\nnot_terms = [\"kindergarten garden\"]\n+++\n";
    const COOKING: &str = "+++\ntitle = \"Cooking\"\n+++\n";
    const EARNED: &str = "Our gardens\n\nThe gardener turns the compost heap. Soil needs compost heaps.\n\nSeedlings like soil.\n\nThe bus to town leaves at nine.";

    fn assigned(typed: &str) -> (Vec<String>, Vec<String>) {
        let (topics, found) = topics(&[("gardens", GARDENS), ("cooking", COOKING)]);
        assert!(found.is_empty(), "{found:?}");
        let (mut assigned, found) =
            assign(&[article(typed)], &topics, &Language::of("en"), &Shelf::default());
        let names = assigned.assignments.remove(&ArticleId::of(&SitePath::new("one.md"))).unwrap();
        let names = names.into_iter().map(|one| one.topic.to_string()).collect();
        (names, found.sorted().iter().map(|one| one.in_short()).collect())
    }

    fn scored(article: &Article, topics: &[Topic]) -> Vec<Assignment> {
        Scorer::of(topics, [], &Language::of("en")).score_sorted(article)
    }

    #[test]
    fn a_topic_is_earned_and_the_curator_decides() {
        assert_eq!(assigned(EARNED).0, ["gardens"]);
        assert_eq!(assigned("Nothing of the kind.").0, [""; 0]);
        assert_eq!(assigned(&format!("+++\nnot_topics = [\"gardens\"]\n+++\n{EARNED}")).0, [""; 0]);
        assert_eq!(assigned(&format!("+++\ntopics = [\"Cooking\"]\n+++\n{EARNED}")).0, ["cooking"]);
        assert_eq!(assigned(&format!("+++\ntopics = []\n+++\n{EARNED}")).0, [""; 0]);
    }

    #[test]
    fn unknown_topics_are_errors() {
        let (_, found) = assigned("+++\ntopics = [\"gardns\", \"chess\"]\n+++\nText.");
        assert_eq!(
            found,
            [
                "content/articles/one.md:2:11: error: unknown topic `gardns` (did you mean `gardens`?)",
                "content/articles/one.md:2:21: error: unknown topic `chess` (a topic needs a file: `content/topics/chess.md`)",
            ]
        );
    }

    #[test]
    fn evidence_names_the_words() {
        let (topics, _) = topics(&[("gardens", GARDENS)]);
        let article = article(EARNED);
        let scored = scored(&article, &topics);
        let evidence = &scored[0].evidence;
        let total: f64 = evidence.iter().map(|one| one.share).sum();
        assert!(total > 0.3 && total < 1.0 + 1e-9, "{total}");
        let basis = scored[0].basis;
        assert!((basis.terms + basis.meaning + basis.decisions - 1.0).abs() < 1e-9);
        assert!(basis.terms > 0.1 && basis.meaning > 0.1 && basis.is_meaning_known);
        let strongest = &evidence[0];
        let Place::Passage(index) = strongest.place else { panic!("{strongest:?}") };
        let passage = article.body.passages[index].text.read();
        let words: Vec<_> = strongest.hits.iter().map(|hit| &passage[hit.clone()]).collect();
        assert_eq!(words, ["gardener", "compost heap", "Soil", "compost heaps"]);
    }

    #[test]
    fn words_in_another_sense_do_not_count() {
        let (topics, _) = topics(&[("gardens", GARDENS)]);
        let article = article("The kindergarten garden is old.");
        let without = Scorer::of(&topics, [], &Language::of("en")).score(&article);
        assert!(without[0].basis.terms == 0.0, "{without:?}");
    }

    #[test]
    fn what_is_written_in_another_language_leans_on_the_rest() {
        let (topics, found) = topics(&[(
            "garten",
            "+++\ntitle = \"Gärten\"\nterms = [{ term = \"Garten\", weight = 3.0 }, { term = \"庭\", weight = 3.0 }]\n+++\n",
        )]);
        assert!(found.is_empty(), "{found:?}");
        for (typed, is_earned) in [
            ("Der Garten liegt hinter dem Haus. Im Garten wachsen Bohnen, und der Garten ist groß.", true),
            ("Das Haus liegt am Fluss.", false),
            ("庭の花。庭の木。庭は広い。", true),
        ] {
            let scored = scored(&article(typed), &topics);
            assert!(!scored[0].basis.is_meaning_known, "{typed}");
            assert_eq!(scored[0].verdict == Verdict::Earned, is_earned, "{typed}: {}", scored[0].score);
        }
    }

    /// Articles about one of two things, named so that the order of ids mixes them.
    fn taught(typed: &[(&str, &str)]) -> Vec<Article> {
        let files = typed.iter().enumerate().map(|(at, (topic, says))| {
            let front = if topic.is_empty() {
                String::new()
            } else {
                format!("+++\ntitle = \"x\"\ntopics = [\"{topic}\"]\n+++\n")
            };
            let text =
                Text::new(SitePath::new(format!("content/articles/{at}.md")), format!("{front}{says}\n"));
            (text.path().clone(), text)
        });
        articles::read(&files.collect(), &crate::rights::Origins::default()).0
    }

    #[test]
    fn similar_articles_follow_decisions_in_any_language() {
        let (topics, _) = topics(&[("a", "+++\ntitle = \"A\"\n+++\n"), ("b", "+++\ntitle = \"B\"\n+++\n")]);
        for [one, other, new] in [
            [
                "Der Bäcker knetet den Teig und backt Brot im Ofen.",
                "Der Zug fährt nach Norden und hält am Bahnhof.",
                "Im Ofen backt der Bäcker das Brot aus Teig.",
            ],
            [
                "パンを焼く。パン屋の朝。小麦粉と水。",
                "電車は駅に止まる。線路と電車。",
                "パン屋でパンを焼く。小麦粉。",
            ],
        ] {
            let mut typed = Vec::new();
            for _ in 0..6 {
                typed.extend([("a", one), ("b", other)]);
            }
            let decided = taught(&typed);
            let language = Language::of("de");
            let scored = Scorer::of(&topics, &decided, &language).score_sorted(&article(new));
            assert_eq!(scored[0].topic.as_str(), "a", "{new}");
            assert!(scored[0].verdict == Verdict::Earned, "{new}: {scored:?}");
            assert!(scored[0].basis.decisions > 0.5, "{new}: {:?}", scored[0].basis);
        }
    }

    #[test]
    fn names_that_make_two_topics_of_one_are_reported() {
        let short = |files: &[(&str, &str)]| -> Vec<String> {
            topics(files).1.sorted().iter().map(|one| one.in_short()).collect()
        };
        let found = short(&[
            ("garden", "+++\ntitle = \"Garden\"\n+++\n"),
            ("gardening", "+++\ntitle = \"Gardening\"\n+++\n"),
        ]);
        assert!(
            found[0].contains("warning: the topics `Garden` and `Gardening` differ by an ending only"),
            "{found:?}"
        );
        let found =
            short(&[("a", "+++\nsynonyms = [\"c\"]\n+++\n"), ("b", "+++\nsynonyms = [\"C\"]\n+++\n")]);
        assert!(found[0].contains("error: two topics go by the name `c`"), "{found:?}");
        let found = short(&[
            ("a", "+++\nparent = \"b\"\n+++\n"),
            ("b", "+++\nparent = \"c\"\n+++\n"),
            ("c", "+++\nparent = \"a\"\n+++\n"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("`a` is part of `b` is part of `c` is part of `a`"), "{found:?}");
    }

    #[test]
    fn wrong_rules_have_places() {
        let (_, found) = topics(&[(
            "a",
            "+++\nterms = [\"\", { term = \"x\", weight = -1 }, { wieght = 1 }]\nparent = \"b\"\n+++\n",
        )]);
        let found: Vec<_> = found.sorted().iter().map(|one| one.in_short()).collect();
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(
            found[0].starts_with("content/topics/a.md:2:10: error: a term without a word"),
            "{}",
            found[0]
        );
    }
}
