//! An article's page, its Markdown twin, its provenance page and the redirects that lead to it.

use std::collections::BTreeSet;

use super::evidence::{self, strength};
use super::page::{
    ArticlePage, AssignedTopic, AuthorLink, Byline, DuplicateSource, Link, Mention, Provenance, Publisher,
    RightsNote, Shows,
};
use super::{Composed, Composer, Content, From, Part};
use crate::address::Address;
use crate::articles::{Article, ArticleId, Duplicate};
use crate::graph::Node;
use crate::import::{Account, hash};
use crate::markdown::escaped;
use crate::path::SitePath;
use crate::rights::Rights;
use crate::topics::{Assignment, Evidence, Place};

/// Words read in a minute: the mean for English prose (Brysbaert 2019 gives 238, fewer on screens).
const WORDS_A_MINUTE: usize = 230;

/// From how many sections on an article shows its contents.
const CONTENTS_FROM: usize = 3;

/// How many passages are quoted for a topic.
const QUOTED: usize = 3;

/// How many articles are offered to read next.
const READ_NEXT: usize = 4;

/// How many words an excerpt shows.
const EXCERPT_WORDS: usize = 60;

impl<'a> Composer<'a> {
    /// All that is published below an article's own address, and the old addresses that lead there.
    pub fn article_pages(self, article: &Article) -> Vec<Composed> {
        let node = Node::Article(article.id.clone());
        let is_full = article.rights == Rights::Full;
        let parts = [
            (Part::Page, true),
            (Part::Card, self.article_card(article).is_some()),
            (Part::Twin, is_full),
            (Part::Source, is_full && self.account(article).is_some()),
        ];
        let mut composed: Vec<Composed> = parts
            .into_iter()
            .filter(|(_, is_there)| *is_there)
            .map(|(part, _)| Composed {
                address: part.address(&article.id),
                from: From::Text(article.span()),
                content: Content::OfArticle(article.id.clone(), part),
            })
            .collect();
        for one in &article.duplicates {
            composed.push(self.redirect(Node::Article(one.id.clone()).address(), one.span.clone(), &node));
        }
        for alias in &article.aliases {
            composed.extend(
                Address::typed(&alias.value).map(|old| self.redirect(old, alias.span.clone(), &node)),
            );
        }
        composed
    }

    /// One part of what an article has, without its text and what is read of its seed; `None` where it does not have it.
    pub(super) fn part(self, article: &Article, part: Part) -> Option<Content> {
        let at = part.address(&article.id);
        let shows = match part {
            Part::Page => Shows::Article(Box::new(self.article(&at, article))),
            Part::Card => Shows::Card(self.card_of(article)?),
            Part::Source => {
                let (seed, account) = self.account(article)?;
                Shows::Source(Box::new(self.source(&at, article, seed, account)))
            }
            Part::Twin => return Some(Content::Bytes(twin(article).into_bytes().into())),
        };
        Some(self.framed(&at, shows))
    }

    /// Puts into a part of an article what is read of its seed.
    pub(super) fn with_seed(self, article: &Article, part: &mut Content) {
        let (Content::Page(page), Some((_, account))) = (part, self.account(article)) else { return };
        match &mut page.page {
            Shows::Article(page) => page.provenance.removed = self.removed(account),
            Shows::Source(page) => self.read(account, page),
            _ => {}
        }
    }

    /// The addresses that articles had before the curator renamed them, where nobody has taken them since.
    pub(super) fn former_addresses(self, composed: &[Composed]) -> Vec<Composed> {
        let mut taken: BTreeSet<Address> = composed.iter().map(|one| one.address.clone()).collect();
        let mut redirects = Vec::new();
        for article in self.graph.articles.values() {
            for former in self.import.former.get(article.path()).into_iter().flatten() {
                let old = Node::Article(ArticleId::of(former)).address();
                if taken.insert(old.clone()) {
                    redirects.push(self.redirect(old, article.span(), &Node::Article(article.id.clone())));
                }
            }
        }
        redirects
    }

    /// The seed an article was made from, and how that went.
    pub(super) fn account(self, article: &Article) -> Option<(&'a SitePath, &'a Account)> {
        let seed = self.import.seeds.get(article.path())?;
        self.import.accounts.get_key_value(seed).filter(|(_, account)| account.is_read())
    }

    fn article(self, at: &Address, article: &Article) -> ArticlePage {
        let assignments = self.assignments(&article.id);
        let related = self.graph.related(&article.id).iter().take(READ_NEXT);
        let mut head = self.head(at, &article.title, self.graph.summary(article));
        if article.rights != Rights::Full && article.source.url.is_some() {
            head.canonical.clone_from(&article.source.url);
        }
        head.linked_data = self.article_data(article);
        head.card = self.article_card(article).or(head.card);
        ArticlePage {
            head,
            language: article.language.clone().unwrap_or_else(|| self.config.language.clone()),
            standfirst: article.description.clone(),
            byline: self.byline(at, article),
            topics: assignments.iter().map(|one| self.assigned(at, article, one)).collect(),
            contents: contents(article),
            rights_note: self.rights_note(article),
            body_html: match article.rights {
                Rights::Full => String::new(),
                Rights::Excerpt => format!("<p>{}</p>", escaped(&excerpt(article))),
                Rights::Link => String::new(),
            },
            paths: self.path_places(at, article),
            concepts: self.concepts_of(at, article),
            related: related
                .map(|one| self.entry(at, &self.graph.articles[&one.to], Some(self.reason(one))))
                .collect(),
            mentions: self.mentions(at, article),
            provenance: self.provenance(at, article),
        }
    }

    fn assigned(self, at: &Address, article: &Article, assignment: &Assignment) -> AssignedTopic {
        let link = self.link(at, &Node::Topic(assignment.topic.clone()));
        let is_shown = article.rights == Rights::Full;
        let mut strongest: Vec<&Evidence> = assignment
            .evidence
            .iter()
            .filter(|one| is_shown || one.place == Place::Title)
            .take(QUOTED)
            .collect();
        strongest.sort_by_key(|evidence| evidence.place);
        AssignedTopic {
            title: link.title,
            href: link.href,
            strength: strength(self.wording, assignment),
            terms: evidence::words(article, assignment).into_iter().map(|(_, word)| word).collect(),
            passages: strongest
                .into_iter()
                .map(|evidence| evidence::passage(article, evidence, ""))
                .collect(),
        }
    }

    fn byline(self, at: &Address, article: &Article) -> Byline {
        let url = article.source.url.as_deref();
        let host = url
            .and_then(|url| url.split_once("://"))
            .map(|(_, rest)| rest.split('/').next().unwrap_or(rest).trim_start_matches("www."));
        let name = article.source.site.as_deref().or(host);
        let author = |typed: &String| {
            let author = self.graph.authors.named(typed);
            AuthorLink {
                name: author.map_or_else(|| typed.clone(), |author| author.name.clone()),
                href: author.map(|author| author.id.address().href_from(at)),
            }
        };
        Byline {
            authors: article.authors.iter().map(author).collect(),
            date: article.date.map(|date| self.when(date)),
            minutes: minutes(article),
            publisher: name.map(|name| Publisher { name: name.to_owned(), href: url.map(str::to_owned) }),
        }
    }

    fn mentions(self, at: &Address, article: &Article) -> Vec<Mention> {
        let backlinks = self.graph.backlinks(&article.id).iter();
        backlinks
            .filter_map(|backlink| {
                let link = self.link(at, &Node::Article(backlink.from.clone()));
                let (passage, [before, mention, after]) = self.graph.mentioned(backlink)?;
                // Only a text that is published has the paragraph.
                let is_there = self.graph.articles[&backlink.from].rights == Rights::Full;
                let href = if is_there { format!("{}#{}", link.href, passage.id) } else { link.href };
                Some(Mention { title: link.title, href, before, mention, after })
            })
            .collect()
    }

    /// Who, what, where and when: what is known of it, in the order most styles of citation have.
    fn citation(self, article: &Article) -> String {
        let ends_itself = article.title.ends_with(['.', '!', '?', '…']);
        let title = format!("{}{}", self.wording.apart(&article.title), if ends_itself { "" } else { "." });
        let title = self.wording.say("marks.quoted", &[("words", &title)]);
        let known = |typed: &String| self.graph.authors.named(typed).map(|author| author.name.clone());
        let named = |typed: &String| self.wording.apart(&known(typed).unwrap_or_else(|| typed.clone()));
        let authors: Vec<String> = article.authors.iter().map(named).collect();
        let authors = Some(format!("{}.", self.wording.list(&authors).trim_end_matches('.')))
            .filter(|_| !authors.is_empty());
        let site = article.source.site.as_ref().map(|site| self.wording.apart(site));
        let published = [site, article.date.map(|date| self.wording.date(date))];
        let published: Vec<String> = published.into_iter().flatten().collect();
        let published = Some(format!("{}.", published.join(&self.said("marks.between"))))
            .filter(|_| !published.is_empty());
        let parts = [authors, Some(title), published].into_iter().flatten();
        parts.collect::<Vec<_>>().join(" ")
    }

    fn rights_note(self, article: &Article) -> Option<RightsNote> {
        let text = match article.rights {
            Rights::Full => return None,
            Rights::Excerpt => self.said("article.excerpt"),
            Rights::Link => self.said("article.link"),
        };
        let title = self.said("article.original");
        let original = article.source.url.as_ref().map(|url| Link { title, href: url.clone() });
        Some(RightsNote { text, original })
    }

    fn provenance(self, at: &Address, article: &Article) -> Provenance {
        let account = self.account(article);
        let is_full = article.rights == Rights::Full;
        Provenance {
            seed: account.map(|(seed, _)| seed.to_string()).or_else(|| article.source.seed.clone()),
            original: article.source.url.as_ref().map(|url| Link { title: url.clone(), href: url.clone() }),
            archived: article
                .source
                .archived
                .as_ref()
                .map(|url| Link { title: url.clone(), href: url.clone() }),
            duplicates: article.duplicates.iter().map(duplicate).collect(),
            citation: self.citation(article),
            cited_address: article.source.url.clone().or_else(|| self.absolute(at)),
            removed: None,
            rights: match article.rights {
                Rights::Full => self.said("article.full"),
                Rights::Excerpt => self.said("article.an_excerpt"),
                Rights::Link => self.said("article.a_link"),
            },
            hash: hash(article.text.as_str().as_bytes()),
            source_href: (is_full && account.is_some())
                .then(|| Part::Source.address(&article.id).href_from(at)),
            markdown_href: is_full.then(|| Part::Twin.address(&article.id).href_from(at)),
        }
    }
}

/// Where a folded article came from: the original, as a link where its address is known.
fn duplicate(one: &Duplicate) -> DuplicateSource {
    let title = one.source.seed.clone().unwrap_or_else(|| one.title.clone());
    DuplicateSource { title, href: one.source.url.clone() }
}

impl Part {
    /// Where an article has it.
    pub(super) fn address(self, id: &ArticleId) -> Address {
        match self {
            Part::Page => Node::Article(id.clone()).address(),
            Part::Card => Address::file(format!("articles/{id}/card.png")),
            Part::Twin => Address::file(format!("articles/{id}/index.md")),
            Part::Source => Address::folder(&format!("articles/{id}/source")),
        }
    }
}

/// An article's text as Markdown, below its title.
fn twin(article: &Article) -> String {
    let first = article.body.headings.first();
    let has_title = first.is_some_and(|first| first.level == 1 && first.title == article.title);
    let heading = if has_title { String::new() } else { format!("# {}\n\n", article.title) };
    format!("{heading}{}\n", article.body.source().trim())
}

/// How long an article takes to read: whole minutes, at least one.
pub(super) fn minutes(article: &Article) -> usize {
    (article.body.words + WORDS_A_MINUTE / 2).div_euclid(WORDS_A_MINUTE).max(1)
}

/// The second-level headings, or the first where the body begins there.
fn contents(article: &Article) -> Vec<Link> {
    let headings = &article.body.headings;
    let Some(level) = headings.iter().map(|heading| heading.level).min() else { return Vec::new() };
    let links: Vec<Link> = headings
        .iter()
        .filter(|heading| heading.level == level)
        .map(|heading| Link { title: heading.title.clone(), href: format!("#{}", heading.id) })
        .collect();
    if links.len() >= CONTENTS_FROM && article.rights == Rights::Full { links } else { Vec::new() }
}

/// The first words of an article: what is published of one whose rights are [`Rights::Excerpt`].
pub fn excerpt(article: &Article) -> String {
    let running = article.body.passages.iter().filter(|passage| !passage.is_heading);
    let mut words: Vec<String> = Vec::new();
    for passage in running {
        let room = EXCERPT_WORDS + 1 - words.len();
        words.extend(passage.text.read().split_whitespace().take(room).map(str::to_owned));
    }
    match words.len() {
        0..=EXCERPT_WORDS => words.join(" "),
        _ => format!("{} …", words[..EXCERPT_WORDS].join(" ")),
    }
}
