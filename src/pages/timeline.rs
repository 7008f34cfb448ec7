//! The timeline: every article by date, on one page or, where there are many, on a page a year; a large topic likewise.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::page::{Link, Shows, TimelinePage, Year, YearPage};
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::{Fixed, Node};
use crate::topics::Topic;
use crate::wording::{Wording, capitalised};

/// With more articles than this, a year has its own page.
pub(super) const ONE_PAGE: usize = 300;

/// Years without articles between two that have some are shown up to so many in a row.
const GAP: u16 = 30;

/// The articles of each year, newest first; years without any between two that have some are there, too.
type ByYear<'a> = BTreeMap<u16, Vec<&'a Article>>;

/// Articles that are too many for a list on one page: they have a page a year.
struct Parted<'a> {
    /// Below this folder.
    folder: String,
    /// The page they belong to.
    up: Node,
    /// What stands before the year in the titles of the pages; the timeline's have the year alone.
    name: Option<String>,
    by_year: ByYear<'a>,
    undated: Vec<&'a Article>,
}

impl<'a> Parted<'a> {
    fn new(folder: String, up: Node, name: Option<String>, all: &[&'a Article]) -> Parted<'a> {
        let undated = all.iter().copied().filter(|article| article.date.is_none()).collect();
        Parted { folder, up, name, by_year: by_year(all), undated }
    }

    fn address(&self, year: u16) -> Address {
        Address::folder(&format!("{}/{year}", self.folder))
    }

    /// Where those without a date are, if there are any.
    fn undated(&self) -> Option<Address> {
        (!self.undated.is_empty()).then(|| Address::folder(&format!("{}/undated", self.folder)))
    }

    fn years(&self, at: &Address, current: Option<u16>) -> Vec<Year> {
        let mut years = bars(&self.by_year, |year| self.address(year).href_from(at));
        for year in &mut years {
            year.is_current = current == Some(year.year);
        }
        years
    }

    fn title(&self, wording: &Wording, of: &str) -> String {
        match &self.name {
            Some(name) => [name, of].join(&wording.say("marks.between", &[])),
            None => of.to_owned(),
        }
    }

    fn pages(&self, composer: Composer<'_>) -> Vec<Composed> {
        let years: Vec<u16> =
            self.by_year.iter().filter(|(_, articles)| !articles.is_empty()).map(|(year, _)| *year).collect();
        let page = |(index, &year): (usize, &u16)| {
            let at = self.address(year);
            let link =
                |year: &u16| Link { title: year.to_string(), href: self.address(*year).href_from(&at) };
            let neighbours = [index.checked_sub(1).and_then(|older| years.get(older)), years.get(index + 1)];
            let neighbours = neighbours.map(|year| year.map(link));
            self.page(composer, &at, Some(year), &self.by_year[&year], neighbours)
        };
        let mut pages: Vec<Composed> = years.par_iter().enumerate().map(page).collect();
        if let Some(at) = self.undated() {
            pages.push(self.page(composer, &at, None, &self.undated, [None, None]));
        }
        pages
    }

    /// The page of a year, or of those without a date.
    fn page(
        &self,
        composer: Composer<'_>,
        at: &Address,
        year: Option<u16>,
        all: &[&Article],
        [older, newer]: [Option<Link>; 2],
    ) -> Composed {
        let (of, description) = match year {
            Some(year) => {
                let year = year.to_string();
                let sentence = composer.wording.count("timeline.of_year", all.len(), &[("year", &year)]);
                (year, sentence)
            }
            None => (composer.said("dates.unknown"), composer.said("timeline.undated")),
        };
        let page = YearPage {
            head: composer.head(at, &capitalised(&self.title(composer.wording, &of)), Some(description)),
            years: self.years(at, year),
            articles: composer.entries(at, all),
            up: composer.link(at, &self.up),
            is_timeline: self.up == Node::Fixed(Fixed::Timeline),
            older,
            newer,
        };
        composer.page(at.clone(), From::Site, Shows::Year(page))
    }
}

impl<'a> Composer<'a> {
    /// The timeline's pages; all articles are given newest first, undated ones last.
    pub(super) fn timeline_pages(self, all: &[&'a Article]) -> Vec<Composed> {
        let node = Node::Fixed(Fixed::Timeline);
        let parted = Parted::new("timeline".to_owned(), node, None, all);
        let is_parted = all.len() > ONE_PAGE;
        let mut composed = vec![self.fixed(Fixed::Timeline, |at| {
            Shows::Timeline(TimelinePage {
                head: self.head(at, &self.said("names.timeline"), Some(self.said("timeline.description"))),
                years: if is_parted { parted.years(at, None) } else { self.years(at, &parted.by_year) },
                undated: if is_parted { Vec::new() } else { self.entries(at, &parted.undated) },
                undated_href: parted.undated().filter(|_| is_parted).map(|undated| undated.href_from(at)),
                undated_count: parted.undated.len(),
            })
        })];
        if is_parted {
            composed.extend(parted.pages(self));
        }
        composed
    }

    /// All years with their articles.
    fn years(self, at: &Address, by_year: &ByYear<'_>) -> Vec<Year> {
        let mut years = bars(by_year, |year| format!("#year_{year}"));
        for year in &mut years {
            year.articles = self.entries(at, &by_year[&year.year]);
        }
        years
    }

    /// How a topic's articles spread over the years: too many for its page, each year is a page; else it leads to its
    /// place in the timeline, and there are no years where all are of one.
    pub(super) fn topic_years(self, at: &Address, topic: &Topic, all: &[&'a Article]) -> TopicYears {
        if all.len() > ONE_PAGE {
            let folder = format!("topics/{}", topic.id);
            let parted = Parted::new(folder, Node::Topic(topic.id.clone()), Some(topic.title.clone()), all);
            return TopicYears {
                years: parted.years(at, None),
                undated: parted.undated().map(|undated| (undated.href_from(at), parted.undated.len())),
                pages: parted.pages(self),
            };
        }
        let by_year = by_year(all);
        let timeline = Parted::new("timeline".to_owned(), Node::Fixed(Fixed::Timeline), None, &[]);
        let is_parted = self.graph.articles.len() > ONE_PAGE;
        let href = |year: u16| {
            if is_parted {
                timeline.address(year).href_from(at)
            } else {
                format!("{}#year_{year}", Fixed::Timeline.address().href_from(at))
            }
        };
        let years = if by_year.len() > 1 { bars(&by_year, href) } else { Vec::new() };
        TopicYears { years, undated: None, pages: Vec::new() }
    }

    fn entries(self, at: &Address, articles: &[&Article]) -> Vec<super::page::Listed> {
        articles.iter().map(|article| self.entry(at, article, None)).collect()
    }
}

/// The years of a topic.
pub(super) struct TopicYears {
    /// A bar each, newest first.
    pub years: Vec<Year>,
    /// Where those without a date are, and how many, if they have a page.
    pub undated: Option<(String, usize)>,
    /// A page for each year; none where the topic's own page has all its articles.
    pub pages: Vec<Composed>,
}

/// The years, newest first, without their articles.
fn bars(by_year: &ByYear<'_>, href: impl Fn(u16) -> String) -> Vec<Year> {
    let most = by_year.values().map(Vec::len).max().unwrap_or(1);
    let year = |(year, of_year): (&u16, &Vec<&Article>)| Year {
        year: *year,
        count: of_year.len(),
        percent: of_year.len() * 100 / most,
        href: href(*year),
        is_current: false,
        articles: Vec::new(),
    };
    by_year.iter().rev().map(year).collect()
}

fn by_year<'a>(all: &[&'a Article]) -> ByYear<'a> {
    let mut by_year: ByYear<'a> = BTreeMap::new();
    for article in all {
        if let Some(date) = article.date {
            by_year.entry(date.year()).or_default().push(article);
        }
    }
    let known: Vec<u16> = by_year.keys().copied().collect();
    for pair in known.windows(2) {
        if pair[1] - pair[0] <= GAP {
            for year in pair[0] + 1..pair[1] {
                by_year.entry(year).or_default();
            }
        }
    }
    by_year
}
