//! What lists of articles and topics show, with their dates and reasons.

use super::Composer;
use super::page::{Listed, TopicEntry, When};
use crate::address::Address;
use crate::articles::Article;
use crate::date::Date;
use crate::graph::{Node, Reason, Related};
use crate::topics::Topic;

impl Composer<'_> {
    pub(super) fn entry(self, at: &Address, article: &Article, reason: Option<String>) -> Listed {
        let topics = self.graph.assignments(&article.id).iter();
        Listed {
            title: article.title.clone(),
            href: Node::Article(article.id.clone()).address().href_from(at),
            summary: self.graph.summary(article),
            date: article.date.map(|date| self.when(date)),
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
                Reason::Terms(terms) => {
                    self.wording.say("article.both_on", &[("terms", &self.wording.list(terms))])
                }
                Reason::Topic(id) => {
                    self.wording.say("article.both_on", &[("terms", &self.graph.topics[id].title)])
                }
            })
            .collect();
        said.join("; ")
    }

    /// A date as shown.
    pub(super) fn when(self, date: Date) -> When {
        When { iso: date.to_string(), words: self.wording.date(date), short: self.wording.short_date(date) }
    }

    /// `1 article`, `4 articles`.
    pub(super) fn articles(self, number: usize) -> String {
        self.wording.count("numbers.articles", number, &[])
    }
}

/// Newest first; undated ones last, by title.
pub(super) fn newest_first(articles: &mut [&Article]) {
    articles.sort_by(|a, b| {
        b.date.cmp(&a.date).then_with(|| a.title.cmp(&b.title)).then_with(|| a.id.cmp(&b.id))
    });
}
