//! Deciding for many articles at once that they have a topic, or have it not.
//!
//! In: articles and topics as read. Out: the files that change. An article that says its topics has exactly those; so one that
//! only earned some says these, too, when it is given another: none is lost by a gift.

use super::{Topic, TopicId, vocabulary};
use crate::articles::{Article, ArticleId};
use crate::diagnostic::Problem;
use crate::fields::Typed;
use crate::front_matter::{Front, checked, edits, with_front_matter};
use crate::rewriting::Rewriting;
use crate::text::Span;

/// What deciding changes on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The files that change.
    pub rewriting: Rewriting,
    /// The topic.
    pub id: TopicId,
    /// The articles that say so already.
    pub as_they_were: Vec<ArticleId>,
}

/// Gives articles a topic. `earned` says which topics an article has without having been given any.
///
/// # Errors
/// Where there is no such topic, or a file cannot be rewritten safely.
pub fn give(
    articles: &[&Article],
    topics: &[Topic],
    name: &str,
    earned: impl Fn(&ArticleId) -> Vec<TopicId>,
) -> Result<Decided, Problem> {
    decide(articles, topics, name, |article, id, means, front, edits| {
        let chosen = spans(article.topics.as_deref().unwrap_or_default(), &means);
        if chosen.is_empty() {
            let earned = if article.topics.is_none() { earned(&article.id) } else { Vec::new() };
            let all = earned.into_iter().filter(|one| one != id).chain([id.clone()]);
            front.add(edits, "topics", &all.map(|one| one.to_string()).collect::<Vec<_>>());
        }
        let rejected = spans(&article.not_topics, &means);
        if !rejected.is_empty() {
            front.take(edits, "not_topics", &rejected, false);
        }
    })
}

/// Takes a topic from articles, for good.
///
/// # Errors
/// Where there is no such topic, or a file cannot be rewritten safely.
pub fn take(articles: &[&Article], topics: &[Topic], name: &str) -> Result<Decided, Problem> {
    decide(articles, topics, name, |article, id, means, front, edits| match &article.topics {
        Some(chosen) => {
            let chosen = spans(chosen, &means);
            if !chosen.is_empty() {
                front.take(edits, "topics", &chosen, true);
            }
        }
        None if spans(&article.not_topics, &means).is_empty() => {
            front.add(edits, "not_topics", &[id.to_string()]);
        }
        None => {}
    })
}

/// Whether a name means the topic.
type Means<'a> = dyn Fn(&str) -> bool + 'a;

fn decide(
    articles: &[&Article],
    topics: &[Topic],
    name: &str,
    change: impl Fn(&Article, &TopicId, &Means<'_>, &Front<'_>, &mut crate::fields::Edits),
) -> Result<Decided, Problem> {
    let topic = vocabulary::named(topics, name).ok_or_else(|| vocabulary::unknown(name, topics))?;
    let means = |name: &str| vocabulary::named(topics, name).is_some_and(|one| one.id == topic.id);
    let mut decided =
        Decided { rewriting: Rewriting::default(), id: topic.id.clone(), as_they_were: Vec::new() };
    for article in articles {
        let text = with_front_matter(&article.text);
        let mut edits = edits(&text);
        change(article, &topic.id, &means, &Front::of(&text), &mut edits);
        if edits.is_empty() {
            decided.as_they_were.push(article.id.clone());
        } else {
            decided.rewriting.write(&article.text, &checked(&article.text, edits.made())?);
        }
    }
    Ok(decided)
}

/// The places of those names that mean the topic.
fn spans(names: &[Typed<String>], means: &Means<'_>) -> Vec<Span> {
    names.iter().filter(|one| means(&one.value)).map(|one| one.span.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::articles;
    use crate::path::SitePath;
    use crate::rights::Origins;
    use crate::text::Text;
    use crate::topics::read;
    use crate::words::Language;

    fn text(path: &str, typed: &str) -> (SitePath, Text) {
        let path = SitePath::new(path);
        (path.clone(), Text::new(path, typed.to_owned()))
    }

    /// What becomes of one article, when it is given `gardens` and when that is taken from it; it earned `cooking`.
    fn check(typed: &str, given: &str, taken: &str) {
        let (articles, found) =
            articles::read(&[text("content/articles/one.md", typed)].into(), &Origins::default());
        assert!(!found.has_errors(), "{found:?}");
        let topics: BTreeMap<_, _> = [
            text("content/topics/gardens.md", "+++\ntitle = \"Gardens\"\nsynonyms = [\"plots\"]\n+++\n"),
            text("content/topics/cooking.md", "+++\ntitle = \"Cooking\"\n+++\n"),
        ]
        .into();
        let topics = read(&topics, &Language::of("en")).0;
        let articles: Vec<&Article> = articles.iter().collect();
        let now = |decided: Decided| match decided.rewriting.writes.values().next() {
            Some(write) => String::from_utf8_lossy(&write.bytes).into_owned(),
            None => {
                assert_eq!(decided.as_they_were.len(), 1);
                typed.to_owned()
            }
        };
        let earned = |_: &ArticleId| vec![TopicId::named("cooking")];
        assert_eq!(now(give(&articles, &topics, "Gardens", earned).unwrap()), given, "given: {typed}");
        assert_eq!(now(take(&articles, &topics, "gardens").unwrap()), taken, "taken: {typed}");
    }

    #[test]
    fn what_was_earned_is_not_lost_by_a_gift() {
        check(
            "+++\ntitle = \"A\" # mine\n+++\nText.\n",
            "+++\ntopics = [\"cooking\", \"gardens\"]\ntitle = \"A\" # mine\n+++\nText.\n",
            "+++\nnot_topics = [\"gardens\"]\ntitle = \"A\" # mine\n+++\nText.\n",
        );
        check(
            "Text.\n",
            "+++\ntopics = [\"cooking\", \"gardens\"]\n+++\nText.\n",
            "+++\nnot_topics = [\"gardens\"]\n+++\nText.\n",
        );
    }

    #[test]
    fn what_was_decided_stays_but_for_the_topic() {
        check(
            "---\ntopics: [cooking]\nnot_topics: [Plots]\n---\nText.\n",
            "---\ntopics: [cooking, \"gardens\"]\n---\nText.\n",
            "---\ntopics: [cooking]\nnot_topics: [Plots]\n---\nText.\n",
        );
        check(
            "---\ntopics:\n  - plots # soil\n  - cooking\n---\nText.\n",
            "---\ntopics:\n  - plots # soil\n  - cooking\n---\nText.\n",
            "---\ntopics:\n  - cooking\n---\nText.\n",
        );
        check(
            "---\ntopics: gardens\ndraft: false\n---\nText.\n",
            "---\ntopics: gardens\ndraft: false\n---\nText.\n",
            "---\ntopics: []\ndraft: false\n---\nText.\n",
        );
        check(
            "+++\nnot_topics = [\"gardens\", \"cooking\"]\n+++\nText.\n",
            "+++\ntopics = [\"cooking\", \"gardens\"]\nnot_topics = [\"cooking\"]\n+++\nText.\n",
            "+++\nnot_topics = [\"gardens\", \"cooking\"]\n+++\nText.\n",
        );
    }

    #[test]
    fn an_unknown_topic_is_refused() {
        let problem = give(&[], &[], "gradens", |_| Vec::new()).unwrap_err();
        assert!(problem.anywhere().in_short().contains("unknown topic `gradens`"));
    }
}
