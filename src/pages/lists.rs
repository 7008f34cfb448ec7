//! What lists of articles and topics show, and the words for counts, dates and reasons.

use super::Composer;
use super::page::{Listed, TopicEntry, When};
use crate::address::Address;
use crate::articles::Article;
use crate::date::{Date, MONTHS};
use crate::graph::{Node, Reason, Related};
use crate::topics::Topic;

impl Composer<'_> {
    pub(super) fn entry(self, at: &Address, article: &Article, reason: Option<String>) -> Listed {
        let topics = self.graph.assignments(&article.id).iter();
        Listed {
            title: article.title.clone(),
            href: Node::Article(article.id.clone()).address().href_from(at),
            summary: self.graph.summary(article),
            date: article.date.map(when),
            topics: topics.map(|one| self.link(at, &Node::Topic(one.topic.clone()))).collect(),
            reason,
        }
    }

    pub(super) fn topic_entry(self, at: &Address, topic: &Topic) -> TopicEntry {
        let mut members: Vec<&Article> =
            self.graph.members(&topic.id).into_iter().map(|(article, _)| article).collect();
        let count = members.len();
        newest_first(&mut members);
        let latest = members.first().filter(|article| article.date.is_some());
        TopicEntry {
            title: topic.title.clone(),
            href: Node::Topic(topic.id.clone()).address().href_from(at),
            description: topic.description.clone(),
            count,
            latest: latest.map(|article| self.link(at, &Node::Article(article.id.clone()))),
        }
    }

    /// Why an article stands beside another, in words.
    pub(super) fn reason(self, related: &Related) -> String {
        let said: Vec<String> = related
            .reasons
            .iter()
            .take(1)
            .map(|reason| match reason {
                Reason::Terms(terms) => format!("both on {}", list(terms, "and")),
                Reason::Topic(id) => format!("both on {}", self.graph.topics[id].title),
            })
            .collect();
        said.join("; ")
    }
}

/// Newest first; undated ones last, by title.
pub(super) fn newest_first(articles: &mut [&Article]) {
    articles.sort_by(|a, b| {
        b.date.cmp(&a.date).then_with(|| a.title.cmp(&b.title)).then_with(|| a.id.cmp(&b.id))
    });
}

/// A date as shown.
pub(super) fn when(date: Date) -> When {
    let month = date.month().map(|month| &MONTHS[usize::from(month) - 1][..3]);
    let short = match (month, date.day()) {
        (Some(month), Some(day)) => format!("{day} {month}"),
        (Some(month), None) => month.to_owned(),
        (None, _) => String::new(),
    };
    When { iso: date.to_string(), words: date.in_words(), short }
}

/// `1 article`, `4 articles`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `one article`, `four articles`, `40 articles`.
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", in_words(number), if number == 1 { one } else { many })
}

/// A number as a word, up to twelve.
pub(super) fn in_words(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list<S: AsRef<str>>(items: &[S], and: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {and} {}", first.join(", "), last.as_ref())
        }
    }
}

/// The first letter as a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
