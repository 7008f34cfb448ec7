//! The closed vocabulary: which topics there are, by which names they go, and which is part of which.
//!
//! In: the topics as read. Out: diagnostics for names that would make two topics of one, and for parents that do not
//! exist or go round in a circle; and the topic that a name means.

use std::collections::{BTreeMap, BTreeSet};

use super::{Topic, TopicId};
use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem, nearest};
use crate::words::Language;

/// The topic a curator means by a name: its slug, else its title, else a synonym.
pub fn named<'a>(topics: impl IntoIterator<Item = &'a Topic> + Clone, name: &str) -> Option<&'a Topic> {
    let id = TopicId::named(name);
    let by_slug = topics.clone().into_iter().find(|topic| topic.id == id);
    let by_title = || topics.clone().into_iter().find(|topic| slug(&topic.title) == id.as_str());
    let is_synonym = |topic: &&Topic| topic.synonyms.iter().any(|one| slug(&one.value) == id.as_str());
    by_slug.or_else(by_title).or_else(|| topics.clone().into_iter().find(is_synonym))
}

/// The problem of a name that no topic has.
pub(super) fn unknown<'a>(name: &str, topics: impl IntoIterator<Item = &'a Topic>) -> Problem {
    let known: Vec<&str> = topics.into_iter().map(|topic| topic.id.as_str()).collect();
    let problem = Problem::new(format!("unknown topic `{name}`"));
    match nearest(name, known.iter().copied()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint(format!("a topic needs a file: `content/topics/{}.md`", slug(name))),
    }
}

/// Checks the names and the parents of all topics.
pub(super) fn check(topics: &BTreeMap<TopicId, Topic>, language: &Language) -> Diagnostics {
    let mut found = names(topics, language);
    found.extend(parents(topics));
    found
}

/// Two topics with one name are an error; with names of one stem, such as `Garden` and `Gardening`, a warning: readers
/// would not know which is which.
fn names(topics: &BTreeMap<TopicId, Topic>, language: &Language) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut by_name: BTreeMap<String, &Topic> = BTreeMap::new();
    let mut by_stems: BTreeMap<Vec<String>, &Topic> = BTreeMap::new();
    for topic in topics.values() {
        let own = [topic.id.as_str().to_owned(), slug(&topic.title)].into_iter().collect::<BTreeSet<_>>();
        let synonyms = topic.synonyms.iter().map(|one| (slug(&one.value), Some(&one.span)));
        for (name, place) in own.into_iter().map(|name| (name, None)).chain(synonyms) {
            match by_name.get(&name) {
                Some(other) if other.id != topic.id => found.push(
                    Problem::new(format!(
                        "two topics go by the name `{name}`: `{}` and `{}`",
                        other.id, topic.id
                    ))
                    .hint("a name means one topic: change it in one of the two files")
                    .at(place.cloned().unwrap_or_else(|| topic.span()))
                    .note("the other is here", other.span()),
                ),
                Some(_) => {}
                None => {
                    by_name.insert(name, topic);
                }
            }
        }
        let mut stems: Vec<String> = language.words(&topic.title).into_iter().map(|word| word.stem).collect();
        stems.sort();
        match by_stems.get(&stems) {
            Some(other) if slug(&other.title) != slug(&topic.title) && !stems.is_empty() => found.push(
                Problem::new(format!(
                    "the topics `{}` and `{}` differ by an ending only",
                    other.title, topic.title
                ))
                .hint(format!(
                    "if they are one, `gleaner topics merge {} {}` makes them one; else give one of them a clearer title",
                    topic.id, other.id
                ))
                .at(topic.span())
                .note("the other is here", other.span())
                .as_warning(),
            ),
            Some(_) => {}
            None => {
                by_stems.insert(stems, topic);
            }
        }
    }
    found
}

/// A parent must exist, and no topic may be part of itself, at however many removes.
fn parents(topics: &BTreeMap<TopicId, Topic>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let parent_of = |topic: &Topic| named(topics.values(), &topic.parent.as_ref()?.value);
    let mut reported: BTreeSet<&TopicId> = BTreeSet::new();
    for topic in topics.values() {
        let Some(typed) = &topic.parent else { continue };
        let Some(parent) = parent_of(topic) else {
            found.push(unknown(&typed.value, topics.values()).at(typed.span.clone()));
            continue;
        };
        if parent.id == topic.id {
            found.push(
                Problem::new("a topic cannot be its own parent")
                    .hint("name another topic, or leave `parent` out")
                    .at(typed.span.clone()),
            );
            continue;
        }
        // Upwards until the top, the topic itself, or a place seen before.
        let mut way: Vec<&TopicId> = vec![&topic.id];
        let mut at = parent;
        while !way.contains(&&at.id) {
            way.push(&at.id);
            match parent_of(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        let goes_round = parent_of(at).is_some() && at.id == topic.id;
        if goes_round && way.iter().all(|id| !reported.contains(*id)) {
            let names: Vec<String> = way.iter().chain([&&topic.id]).map(|id| format!("`{id}`")).collect();
            found.push(
                Problem::new(format!("parents go round in a circle: {}", names.join(" is part of ")))
                    .hint("take `parent` out of one of them")
                    .at(typed.span.clone()),
            );
            reported.extend(way);
        }
    }
    found
}
