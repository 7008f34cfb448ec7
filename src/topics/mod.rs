//! Topics: what the curator says of each, and which articles it gets.
//!
//! In: the files of `content/topics/` and the articles. Out: [`Topic`]s, and for every article its
//! [`Assignment`]s, each with the score and the evidence that earned it.

mod rule;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::address::slug;
use crate::articles::{Article, ArticleId};
use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::fields::Typed;
use crate::front_matter;
use crate::markdown::Body;
use crate::path::SitePath;
use crate::text::{Span, Text};
use crate::words::Language;

pub use rule::{Rule, THRESHOLD};

/// Identifies a topic: its slug, made from the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
        let first_line = self.text.as_str().find('\n').unwrap_or(self.text.as_str().len());
        self.text.span(0..first_line)
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
        let rule = rule.unwrap_or_else(|| Rule::from_words(&title, description.as_deref(), language));
        let parent = fields.text("parent");
        found.extend(fields.close(Severity::Error));
        Topic { id: TopicId::of(text.path()), text: text.clone(), title, description, rule, parent, body }
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
    for topic in topics.values() {
        if let Some(parent) = &topic.parent {
            let id = TopicId::named(&parent.value);
            if id == topic.id {
                found.push(
                    Problem::new("a topic cannot be its own parent")
                        .hint("name another topic, or leave `parent` out")
                        .at(parent.span.clone()),
                );
            } else if !topics.contains_key(&id) {
                found.push(unknown(&parent.value, topics.keys()).at(parent.span.clone()));
            }
        }
    }
    (topics.into_values().collect(), found)
}

/// The topic a curator means: by slug, else by title.
fn named_topic<'a>(topics: impl IntoIterator<Item = &'a Topic> + Clone, name: &str) -> Option<&'a TopicId> {
    let id = TopicId::named(name);
    let by_slug = topics.clone().into_iter().find(|topic| topic.id == id);
    by_slug.or_else(|| topics.into_iter().find(|topic| slug(&topic.title) == id.0)).map(|topic| &topic.id)
}

fn unknown<'a>(name: &str, topics: impl Iterator<Item = &'a TopicId>) -> Problem {
    let known: Vec<&str> = topics.map(TopicId::as_str).collect();
    let problem = Problem::new(format!("unknown topic `{name}`"));
    match crate::diagnostic::nearest(name, known.iter().copied()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint(format!("a topic needs a file: `content/topics/{}.md`", slug(name))),
    }
}

/// Why an article has a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The topic.
    pub topic: TopicId,
    /// From 0 (nothing speaks for it) to 1; assigned from [`THRESHOLD`] on.
    pub score: f64,
    /// Whether the curator decided it.
    pub decided: bool,
    /// The passages that earned it, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A passage that speaks for a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Where it stands.
    pub place: Place,
    /// The words that count, as byte ranges of the passage, in order.
    pub hits: Vec<Range<usize>>,
    /// The terms of the rule they match.
    pub terms: BTreeSet<String>,
    /// Its part in the score, 0 to 1; all parts of an assignment add up to 1.
    pub share: f64,
}

/// Where evidence stands. The title comes before the passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the title.
    Title,
    /// In a passage of the body, by index.
    Passage(usize),
}

/// The topics of every article, strongest first.
pub type Assignments = BTreeMap<ArticleId, Vec<Assignment>>;

/// Assigns every article to its topics: those the curator decided, else those whose rule it meets.
pub fn assign(articles: &[Article], topics: &[Topic], language: &Language) -> (Assignments, Diagnostics) {
    use rayon::prelude::*;

    let assigned: Vec<(ArticleId, Vec<Assignment>, Diagnostics)> = articles
        .par_iter()
        .map(|article| {
            let (assignments, found) = assign_one(article, topics, language);
            (article.id.clone(), assignments, found)
        })
        .collect();
    let mut all = Diagnostics::new();
    let assignments = assigned
        .into_iter()
        .map(|(id, assignments, found)| {
            all.extend(found);
            (id, assignments)
        })
        .collect();
    (assignments, all)
}

fn assign_one(article: &Article, topics: &[Topic], language: &Language) -> (Vec<Assignment>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut named = |names: &[Typed<String>]| -> BTreeSet<TopicId> {
        let mut ids = BTreeSet::new();
        for name in names {
            if let Some(id) = named_topic(topics, &name.value) {
                ids.insert(id.clone());
            } else {
                found.push(unknown(&name.value, topics.iter().map(|topic| &topic.id)).at(name.span.clone()));
            }
        }
        ids
    };
    let decided = article.topics.as_deref().map(&mut named);
    let rejected = named(&article.not_topics);
    let scored = rule::score(article, topics, language);
    let mut assignments: Vec<Assignment> = scored
        .into_iter()
        .filter_map(|assignment| match &decided {
            Some(decided) => {
                decided.contains(&assignment.topic).then_some(Assignment { decided: true, ..assignment })
            }
            None => {
                let is_earned = assignment.score >= THRESHOLD && !rejected.contains(&assignment.topic);
                is_earned.then_some(assignment)
            }
        })
        .collect();
    assignments.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.topic.cmp(&b.topic)));
    (assignments, found)
}

/// What every topic scores for an article, assigned or not, strongest first: for explaining.
pub fn score(article: &Article, topics: &[Topic], language: &Language) -> Vec<Assignment> {
    let mut scored = rule::score(article, topics, language);
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

    const GARDENS: &str = "+++\ntitle = \"Gardens\"\nterms = [\"garden*\", { term = \"compost heap\", weight = 2.0 }, \"soil\", \"seedling\"]\nnot_terms = [\"kindergarten garden\"]\n+++\n";
    const EARNED: &str = "Our gardens\n\nThe gardener turns the compost heap. Soil needs compost heaps.\n\nSeedlings like soil.";

    fn assigned(typed: &str) -> (Vec<String>, Vec<String>) {
        let (topics, found) = topics(&[("gardens", GARDENS), ("cooking", "+++\ntitle = \"Cooking\"\n+++\n")]);
        assert!(found.is_empty(), "{found:?}");
        let (mut assignments, found) = assign(&[article(typed)], &topics, &Language::of("en"));
        let names = assignments.remove(&ArticleId::of(&SitePath::new("one.md"))).unwrap();
        let names = names.into_iter().map(|one| one.topic.to_string()).collect();
        (names, found.sorted().iter().map(|one| one.in_short()).collect())
    }

    #[test]
    fn a_rule_assigns_and_the_curator_decides() {
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
    fn evidence_names_the_words_and_adds_up() {
        let (topics, _) = topics(&[("gardens", GARDENS)]);
        let article = article(EARNED);
        let scored = score(&article, &topics, &Language::of("en"));
        let evidence = &scored[0].evidence;
        let total: f64 = evidence.iter().map(|one| one.share).sum();
        assert!((total - 1.0).abs() < 1e-9, "{total}");
        let strongest = &evidence[0];
        let Place::Passage(index) = strongest.place else { panic!("{strongest:?}") };
        let passage = &article.body.passages[index].text;
        let words: Vec<_> = strongest.hits.iter().map(|hit| &passage[hit.clone()]).collect();
        assert_eq!(words, ["gardener", "compost heap", "Soil", "compost heaps"]);
    }

    #[test]
    fn without_the_evidence_there_is_no_assignment() {
        let mut kept = EARNED.to_owned();
        for word in ["gardens", "gardener", "compost heaps", "compost heap", "Soil", "soil", "Seedlings"] {
            kept = kept.replace(word, "thing");
        }
        assert_eq!(assigned(&kept).0, [""; 0]);
    }

    #[test]
    fn words_in_another_sense_do_not_count() {
        let (topics, _) = topics(&[("gardens", GARDENS)]);
        let article = article("The kindergarten garden is old.");
        assert!(score(&article, &topics, &Language::of("en"))[0].evidence.is_empty());
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
