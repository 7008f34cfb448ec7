//! The pages about the collection as a whole: front, topics, timeline, about, and the one for missing
//! addresses.

use std::collections::BTreeMap;

use super::evidence::strength;
use super::lists::newest_first;
use super::page::{
    AboutPage, FrontPage, Link, Listed, NotFoundPage, OverlapRow, RobotsPage, Shows, SiteRow, TopicsPage,
};
use super::{Composed, Composer, Content, From};
use crate::address::Address;
use crate::articles::{Article, ArticleId};
use crate::date::Date;
use crate::graph::{Fixed, Node};
use crate::plain::PlainId;
use crate::rights::Rights;

/// How many of the newest articles the front shows.
const LATEST: usize = 5;

/// With how many articles the front says to begin, at most.
const BEGIN: usize = 5;

/// Up to so many topics are named in a sentence about the collection.
const NAMED_TOPICS: usize = 5;

impl<'a> Composer<'a> {
    pub(super) fn collection_pages(self) -> Vec<Composed> {
        let mut all: Vec<&Article> = self.graph.articles.values().collect();
        newest_first(&mut all);
        let mut composed = vec![
            self.fixed(Fixed::Front, |at| Shows::Front(self.front(at, &all))),
            self.fixed(Fixed::Topics, |at| Shows::Topics(self.topics(at, &all))),
            self.fixed(Fixed::Graph, |at| Shows::Graph(self.graph_page(at))),
            self.fixed(Fixed::Search, |at| Shows::Search(self.search(at))),
            self.about(&all),
            self.not_found(),
        ];
        composed.extend(self.timeline_pages(&all));
        composed.extend(self.figures_page(&all));
        composed.extend(self.paths_page());
        composed.extend(self.opensearch());
        let sitemap = self.absolute(&Address::file("sitemap.xml"));
        composed.push(self.page(
            Address::file("robots.txt"),
            From::Site,
            Shows::Robots(RobotsPage { sitemap }),
        ));
        composed.extend(self.json_feed(&all));
        composed.push(self.for_models(&self.description(&all), &all));
        composed.extend(self.feed(
            Address::file("atom.xml"),
            &self.config.title,
            &Node::Fixed(Fixed::Front),
            &all,
        ));
        composed
    }

    pub(super) fn fixed(self, fixed: Fixed, shows: impl FnOnce(&Address) -> Shows) -> Composed {
        let at = fixed.address();
        let shows = shows(&at);
        self.page(at, From::Site, shows)
    }

    fn front(self, at: &Address, all: &[&'a Article]) -> FrontPage {
        let lede = self.description(all);
        let mut head = self.head(at, &self.config.title, Some(lede.clone()));
        head.linked_data = self.site_data(&lede);
        FrontPage {
            head,
            lede,
            topics: self.graph.topics.values().map(|topic| self.topic_entry(at, topic)).collect(),
            paths: self.path_entries(at),
            begin: if self.graph.paths.is_empty() { self.begin(at) } else { Vec::new() },
            latest: all.iter().take(LATEST).map(|article| self.entry(at, article, None)).collect(),
            count: all.len(),
            lists: self.lists(at),
        }
    }

    /// What the collection is, in the curator's words or else in a sentence of its own.
    fn description(self, all: &[&Article]) -> String {
        self.config.description.clone().unwrap_or_else(|| self.lede(all))
    }

    /// The collection in a sentence: how many articles, from when, on what.
    fn lede(self, all: &[&Article]) -> String {
        if all.is_empty() {
            return self.said("front.empty");
        }
        let years: Vec<u16> = all.iter().filter_map(|article| article.date).map(Date::year).collect();
        let span = match (years.iter().min(), years.iter().max()) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (Some(first), Some(last)) => format!("{first}–{last}"),
            (None, _) | (_, None) => String::new(),
        };
        let wording = self.wording;
        let number = wording.count("front.articles", all.len(), &[]);
        let given = [("articles", number.as_str()), ("years", &span)];
        let dated = match years.len() {
            0 => number.clone(),
            dated if dated == all.len() => wording.say("front.dated", &given),
            dated => wording.count("front.some_dated", dated, &given),
        };
        let titles: Vec<&str> = self
            .graph
            .topics
            .values()
            .filter(|topic| !self.graph.members(&topic.id).is_empty())
            .map(|topic| topic.title.as_str())
            .collect();
        let given = [("articles", dated.as_str()), ("topics", &wording.list(&titles))];
        let on = match titles.len() {
            0 => dated.clone(),
            1..=NAMED_TOPICS => wording.say("front.on", &given),
            many => wording.count("front.on_many", many, &given),
        };
        wording.say("front.sentence", &[("articles", &on)])
    }

    /// Articles to begin with: those that others mention most, then the strongest of each topic.
    fn begin(self, at: &Address) -> Vec<Listed> {
        let mut chosen: Vec<(ArticleId, String)> = Vec::new();
        let mut mentioned: Vec<(usize, &ArticleId)> = self
            .graph
            .articles
            .keys()
            .map(|id| (self.graph.backlinks(id).len(), id))
            .filter(|(n, _)| *n > 1)
            .collect();
        mentioned.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        for (number, id) in mentioned.into_iter().take(2) {
            chosen.push((id.clone(), self.wording.count("front.mentioned", number, &[])));
        }
        for topic in self.graph.topics.values() {
            let members = self.graph.members(&topic.id);
            let free = members.iter().find(|(article, _)| chosen.iter().all(|(id, _)| *id != article.id));
            if let Some((article, assignment)) = free {
                let strength = strength(self.wording, assignment);
                let given = [("topic", topic.title.as_str()), ("strength", &strength)];
                let reason = self.wording.say("front.on_topic", &given);
                chosen.push((article.id.clone(), reason));
            }
        }
        chosen.truncate(BEGIN);
        chosen
            .into_iter()
            .map(|(id, reason)| self.entry(at, &self.graph.articles[&id], Some(reason)))
            .collect()
    }

    fn topics(self, at: &Address, all: &[&Article]) -> TopicsPage {
        let topics: Vec<_> = self.graph.topics.values().collect();
        let has = |article: &Article, topic: &crate::topics::TopicId| {
            self.graph.assignments(&article.id).iter().any(|one| one.topic == *topic)
        };
        let shared = |a: &crate::topics::TopicId, b: &crate::topics::TopicId| {
            all.iter().filter(|article| has(article, a) && has(article, b)).count()
        };
        TopicsPage {
            head: self.head(at, &self.said("names.topics"), Some(self.said("topics.description"))),
            topics: topics.iter().map(|topic| self.topic_entry(at, topic)).collect(),
            overlap: topics
                .iter()
                .map(|row| OverlapRow {
                    topic: self.link(at, &Node::Topic(row.id.clone())),
                    shared: topics.iter().map(|column| shared(&row.id, &column.id)).collect(),
                })
                .collect(),
            unassigned: all
                .iter()
                .filter(|article| self.graph.assignments(&article.id).is_empty())
                .map(|article| self.entry(at, article, None))
                .collect(),
            lists: self.lists(at),
        }
    }

    /// The ways into the collection besides topics and dates.
    fn lists(self, at: &Address) -> Vec<Link> {
        let lists = [
            (Fixed::Paths, "names.paths"),
            (Fixed::Authors, "front.by_author"),
            (Fixed::Concepts, "front.names_and_terms"),
            (Fixed::Figures, "names.figures"),
        ];
        lists
            .into_iter()
            .filter(|(fixed, _)| self.graph.has(*fixed))
            .map(|(fixed, key)| Link { title: self.said(key), href: fixed.address().href_from(at) })
            .collect()
    }

    fn about(self, all: &[&Article]) -> Composed {
        let at = Fixed::About.address();
        let plain = self.graph.plains.get(&PlainId::about());
        let title = plain.map_or_else(|| self.said("names.about"), |plain| plain.title.clone());
        let lede = self.lede(all);
        let description = plain.and_then(|plain| plain.description.clone()).or(Some(lede.clone()));
        let not_known = self.said("about.not_known");
        let mut sites: BTreeMap<(bool, &str), (usize, Rights)> = BTreeMap::new();
        for article in all {
            let name = article.source.site.as_deref();
            let row = sites.entry((name.is_none(), name.unwrap_or(&not_known))).or_insert((0, Rights::Full));
            *row = (row.0 + 1, row.1.max(article.rights));
        }
        let page = AboutPage {
            head: self.head(&at, &title, description),
            body_html: plain
                .map(|plain| self.html(&at, &Node::Plain(plain.id.clone()), &plain.body))
                .unwrap_or_default(),
            lede,
            sites: sites
                .into_iter()
                .map(|((_, name), (count, rights))| SiteRow {
                    name: name.to_owned(),
                    count,
                    rights: match rights {
                        Rights::Full => self.said("about.full"),
                        Rights::Excerpt => self.said("about.excerpts"),
                        Rights::Link => self.said("about.links"),
                    },
                })
                .collect(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let from = plain.map_or(From::Site, |plain| From::Text(plain.text.span(0..0)));
        self.page(at, from, Shows::About(page))
    }

    /// The page for missing addresses is shown at any depth, so its addresses begin at the site's path.
    fn not_found(self) -> Composed {
        let root = self.config.base_path();
        let topics = self.graph.topics.values().map(|topic| {
            let href = Node::Topic(topic.id.clone()).address().href_from(&Address::folder(""));
            Link { title: topic.title.clone(), href: format!("{root}{href}") }
        });
        let at = Address::file("404.html");
        let mut head = self.head(&at, &self.said("missing.title"), None);
        head.canonical = None;
        head.feed = head.feed.map(|feed| format!("{root}{feed}"));
        let mut composed =
            self.page(at, From::Site, Shows::NotFound(NotFoundPage { head, topics: topics.collect() }));
        if let Content::Page(page) = &mut composed.content {
            root.clone_into(&mut page.site.root);
        }
        composed
    }
}
