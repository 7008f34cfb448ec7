//! What a page says of itself to machines that read schema.org's vocabulary, as JSON-LD 1.1.
//!
//! It needs absolute addresses, so it exists only where the site has a `base_url`.

use serde_json::{Value, json};

use super::Composer;
use crate::address::Address;
use crate::articles::Article;
use crate::graph::{Fixed, Node};
use crate::topics::Topic;

impl Composer<'_> {
    /// The whole site, on its front.
    pub(super) fn site_data(self, description: &str) -> Option<String> {
        let base_url = self.config.base_url.as_deref()?;
        Some(script(&json!([{
            "@type": "WebSite",
            "@id": base_url,
            "url": base_url,
            "name": self.config.title,
            "description": description,
            "inLanguage": self.config.language,
        }])))
    }

    /// An article: who wrote it, when, what it is about, and the original it is based on.
    pub(super) fn article_data(self, article: &Article) -> Option<String> {
        let base_url = self.config.base_url.as_deref()?;
        let node = Node::Article(article.id.clone());
        let address = node.address().absolute(base_url);
        let authors: Vec<Value> =
            article.authors.iter().map(|name| json!({"@type": "Person", "name": name})).collect();
        let topics = self.graph.assignments(&article.id).iter().map(|one| {
            let topic = Node::Topic(one.topic.clone());
            json!({"@type": "Thing", "name": self.graph.topics[&one.topic].title, "url": topic.address().absolute(base_url)})
        });
        let publisher =
            article.source.site.as_ref().map(|name| json!({"@type": "Organization", "name": name}));
        let data = json!({
            "@type": "Article",
            "@id": address,
            "url": address,
            "headline": article.title,
            "description": self.graph.summary(article),
            "datePublished": article.date.map(|date| date.to_string()),
            "author": authors,
            "publisher": publisher,
            "about": topics.collect::<Vec<Value>>(),
            "inLanguage": article.language.as_deref().unwrap_or(&self.config.language),
            "isBasedOn": article.source.url,
            "citation": article.source.url,
            "archivedAt": article.source.archived,
            "isPartOf": {"@type": "WebSite", "@id": base_url, "name": self.config.title, "url": base_url},
        });
        Some(script(&json!([known(data), self.trail(base_url, &[Node::Fixed(Fixed::Timeline), node])])))
    }

    /// A topic's hub and its articles, the strongest first.
    pub(super) fn topic_data(self, topic: &Topic, begin: &[&Article]) -> Option<String> {
        let base_url = self.config.base_url.as_deref()?;
        let node = Node::Topic(topic.id.clone());
        let address = node.address().absolute(base_url);
        let parts = begin.iter().map(|article| {
            let address = Node::Article(article.id.clone()).address().absolute(base_url);
            json!({"@type": "Article", "@id": address, "url": address, "headline": article.title})
        });
        let data = json!({
            "@type": "CollectionPage",
            "@id": address,
            "url": address,
            "name": topic.title,
            "description": topic.description,
            "about": {"@type": "Thing", "name": topic.title},
            "hasPart": parts.collect::<Vec<Value>>(),
            "inLanguage": self.config.language,
            "isPartOf": {"@type": "WebSite", "@id": base_url, "name": self.config.title, "url": base_url},
        });
        Some(script(&json!([known(data), self.trail(base_url, &[Node::Fixed(Fixed::Topics), node])])))
    }

    /// The way to a page from the front.
    fn trail(self, base_url: &str, nodes: &[Node]) -> Value {
        let front = Node::Fixed(Fixed::Front);
        let at = Address::folder("");
        let items = std::iter::once(&front).chain(nodes).enumerate().map(|(index, node)| {
            json!({
                "@type": "ListItem",
                "position": index + 1,
                "name": self.link(&at, node).title,
                "item": node.address().absolute(base_url),
            })
        });
        json!({"@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<Value>>()})
    }
}

/// Only what is known: nothing is said to be null or to be an empty list.
fn known(mut data: Value) -> Value {
    if let Value::Object(properties) = &mut data {
        properties
            .retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    }
    data
}

/// The graph as it stands in a `<script>` element: no `<` in it, which could end the element (HTML 4.12.1.3).
fn script(graph: &Value) -> String {
    json!({"@context": "https://schema.org", "@graph": graph}).to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_not_said_and_nothing_ends_the_script() {
        let data = known(json!({"a": null, "b": [], "c": "</script><!--"}));
        let script = script(&json!([data]));
        assert!(!script.contains('<'), "{script}");
        let read: Value = serde_json::from_str(&script).unwrap();
        assert_eq!(read["@graph"], json!([{"c": "</script><!--"}]));
    }
}
