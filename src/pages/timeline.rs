//! The timeline: every article by date, on one page or, where there are many, on a page a year.

use std::collections::BTreeMap;

use super::page::{Link, Shows, TimelinePage, Year, YearPage};
use super::topic::articles;
use super::{Composed, Composer, From};
use crate::address::Address;
use crate::articles::Article;
use crate::graph::{Fixed, Node};

/// With more articles than this, a year has its own page.
const ONE_PAGE: usize = 300;

/// Years without articles between two that have some are shown up to so many in a row.
const GAP: u16 = 30;

/// The articles of each year, newest first; years without any between two that have some are there, too.
type ByYear<'a> = BTreeMap<u16, Vec<&'a Article>>;

impl<'a> Composer<'a> {
    /// The timeline's pages; all articles are given newest first, undated ones last.
    pub(super) fn timeline_pages(self, all: &[&'a Article]) -> Vec<Composed> {
        let by_year = by_year(all);
        let undated: Vec<&Article> = all.iter().copied().filter(|article| article.date.is_none()).collect();
        let is_parted = all.len() > ONE_PAGE;
        let mut composed = vec![self.fixed(Fixed::Timeline, |at| {
            let undated_at = undated_address();
            let has_page = is_parted && !undated.is_empty();
            Shows::Timeline(TimelinePage {
                head: self.head(at, "Timeline", Some("Every article by date.".to_owned())),
                years: self.years(at, &by_year, is_parted, None),
                undated: if is_parted { Vec::new() } else { self.entries(at, &undated) },
                undated_href: has_page.then(|| undated_at.href_from(at)),
                undated_count: undated.len(),
            })
        })];
        if is_parted {
            let years: Vec<u16> =
                by_year.iter().filter(|(_, articles)| !articles.is_empty()).map(|(year, _)| *year).collect();
            for (index, year) in years.iter().enumerate() {
                let older = index.checked_sub(1).map(|older| years[older]);
                composed.push(self.year(*year, &by_year, older, years.get(index + 1).copied()));
            }
            if !undated.is_empty() {
                composed.push(self.undated(&by_year, &undated));
            }
        }
        composed
    }

    fn year(self, year: u16, by_year: &ByYear<'_>, older: Option<u16>, newer: Option<u16>) -> Composed {
        let at = address(year);
        let of_year = &by_year[&year];
        let link = |year: u16| Link { title: year.to_string(), href: address(year).href_from(&at) };
        let description = format!("{} of {year}.", articles(of_year.len()));
        let page = YearPage {
            head: self.head(&at, &year.to_string(), Some(description)),
            years: self.years(&at, by_year, true, Some(year)),
            articles: self.entries(&at, of_year),
            up: self.link(&at, &Node::Fixed(Fixed::Timeline)),
            older: older.map(link),
            newer: newer.map(link),
        };
        self.page(at, From::Site, Shows::Year(page))
    }

    fn undated(self, by_year: &ByYear<'_>, undated: &[&Article]) -> Composed {
        let at = undated_address();
        let page = YearPage {
            head: self.head(&at, "Date unknown", Some("Articles whose date is not known.".to_owned())),
            years: self.years(&at, by_year, true, None),
            articles: self.entries(&at, undated),
            up: self.link(&at, &Node::Fixed(Fixed::Timeline)),
            older: None,
            newer: None,
        };
        self.page(at, From::Site, Shows::Year(page))
    }

    fn years(self, at: &Address, by_year: &ByYear<'_>, is_parted: bool, current: Option<u16>) -> Vec<Year> {
        let href = |year: u16| if is_parted { address(year).href_from(at) } else { format!("#year_{year}") };
        let mut years = bars(by_year, href);
        for year in &mut years {
            year.is_current = current == Some(year.year);
            if !is_parted {
                year.articles = self.entries(at, &by_year[&year.year]);
            }
        }
        years
    }

    /// How some articles spread over the years, each year leading to its place in the timeline; empty where they are
    /// of one year.
    pub(super) fn spread(self, at: &Address, some: &[&Article]) -> Vec<Year> {
        let by_year = by_year(some);
        if by_year.len() < 2 {
            return Vec::new();
        }
        let is_parted = self.graph.articles.len() > ONE_PAGE;
        let timeline = Fixed::Timeline.address();
        bars(&by_year, |year| {
            if is_parted {
                address(year).href_from(at)
            } else {
                format!("{}#year_{year}", timeline.href_from(at))
            }
        })
    }

    fn entries(self, at: &Address, articles: &[&Article]) -> Vec<super::page::Listed> {
        articles.iter().map(|article| self.entry(at, article, None)).collect()
    }
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

fn address(year: u16) -> Address {
    Address::folder(&format!("timeline/{year}"))
}

fn undated_address() -> Address {
    Address::folder("timeline/undated")
}
