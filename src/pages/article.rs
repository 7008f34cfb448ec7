//! An article's page, its Markdown twin, its provenance page and the redirects that lead to it.

use std::collections::BTreeSet;

use super::evidence::{self, strength};
use super::page::{
    ArticlePage, AssignedTopic, AuthorLink, Byline, DuplicateSource, Link, Mention, Passage, Provenance,
    Publisher, RightsNote, Shows,
};
use super::{Composed, Composer, Content, From, Part};
use crate::address::Address;
use crate::articles::{Article, ArticleId, Duplicate};
use crate::graph::{Backlink, Node};
use crate::import::Account;
use crate::markdown::escaped;
use crate::memo::Key;
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
        let from = From::Text(article.span());
        let mut composed: Vec<Composed> = parts
            .into_iter()
            .filter(|(_, is_there)| *is_there)
            .map(|(part, _)| Composed {
                address: part.address(&article.id),
                from: from.clone(),
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

    /// One part of what an article has, without its text and what is read of its seed, and with keys in the place of what it
    /// quotes; `None` where the article does not have it.
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
        let passage = |evidence: &Evidence| {
            let quoted = (article.key(), evidence.place, &evidence.hits);
            Passage { html: Key::of_value(&quoted).to_string(), href: None }
        };
        AssignedTopic {
            title: link.title,
            href: link.href,
            strength: strength(self.wording, assignment),
            terms: evidence::words(article, assignment).into_iter().map(|(_, word)| word).collect(),
            passages: strongest(article, assignment).into_iter().map(passage).collect(),
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
            .map(|backlink| {
                let Link { title, href } = self.link(at, &Node::Article(backlink.from.clone()));
                let quoted = (self.graph.articles[&backlink.from].key(), backlink.link());
                let mention = Key::of_value(&quoted).to_string();
                Mention { title, href, before: String::new(), mention, after: String::new() }
            })
            .collect()
    }

    /// Puts into an article's page what it quotes: of the article for its topics, and of those that mention it.
    pub(super) fn with_quotations(self, article: &Article, part: &mut Content) {
        let Content::Page(page) = part else { return };
        let Shows::Article(page) = &mut page.page else { return };
        for (topic, assignment) in page.topics.iter_mut().zip(self.assignments(&article.id)) {
            let quoted = strongest(article, assignment);
            topic.passages =
                quoted.into_iter().map(|evidence| evidence::passage(article, evidence, "")).collect();
        }
        let backlinks = self.graph.backlinks(&article.id);
        let quoted = |(mention, backlink): (Mention, &Backlink)| {
            let (passage, [before, words, after]) = self.graph.mentioned(backlink)?;
            // Only a text that is published has the paragraph.
            let is_there = self.graph.articles[&backlink.from].rights == Rights::Full;
            let href = if is_there { format!("{}#{}", mention.href, passage.id) } else { mention.href };
            Some(Mention { title: mention.title, href, before, mention: words, after })
        };
        let mentions = std::mem::take(&mut page.mentions);
        page.mentions = mentions.into_iter().zip(backlinks).filter_map(quoted).collect();
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
            hash: article.text.hash().to_hex().to_string(),
            source_href: (is_full && account.is_some())
                .then(|| Part::Source.address(&article.id).href_from(at)),
            markdown_href: is_full.then(|| Part::Twin.address(&article.id).href_from(at)),
        }
    }
}

/// The strongest evidence that may be quoted of an article, in reading order.
fn strongest<'a>(article: &Article, assignment: &'a Assignment) -> Vec<&'a Evidence> {
    let is_shown = article.rights == Rights::Full;
    let quoted = assignment.evidence.iter().filter(|one| is_shown || one.place == Place::Title);
    let mut strongest: Vec<&Evidence> = quoted.take(QUOTED).collect();
    strongest.sort_by_key(|evidence| evidence.place);
    strongest
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
    let heading = if has_title { ["", "", ""] } else { ["# ", &article.title, "\n\n"] };
    [heading.concat().as_str(), article.body.source().trim(), "\n"].concat()
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::fs;

    use super::*;
    use crate::pictures::Variants;
    use crate::{Options, join, seeds};

    #[test]
    fn what_is_quoted_is_known_by_the_text_it_is_quoted_of() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("content/articles")).unwrap();
        fs::create_dir_all(root.join("content/topics")).unwrap();
        let write = |path: &str, text: &str| fs::write(root.join(path), text).unwrap();
        write("gleaner.toml", "title = \"T\"\n");
        write("content/topics/soil.md", "+++\ntitle = \"Soil\"\nterms = [\"compost\"]\n+++\n");
        let leeks = "+++\ntitle = \"Leeks\"\ntopics = [\"soil\"]\n+++\nThey want compost.\n";
        write("content/articles/leeks.md", leeks);
        let bed = "+++\ntitle = \"Bed\"\n+++\nHere stand [[Leeks]] in rows. They stand.\n";
        write("content/articles/bed.md", bed);
        let page = || {
            let (joined, _) = join(&seeds::read(root).unwrap().0, &Options::default());
            let variants = Variants::default();
            let composer = Composer::of(&joined, &variants);
            let named =
                Content::OfArticle(ArticleId::of(&SitePath::new("content/articles/leeks.md")), Part::Page);
            [composer.brief(&named), composer.content(&named)].map(|content| {
                let Some(Content::Page(page)) = content.as_deref() else { panic!("there is no page") };
                let Shows::Article(page) = &page.page else { panic!("it is another page") };
                let Mention { href, before, mention, after, .. } = page.mentions[0].clone();
                let passage = page.topics[0].passages[0].html.clone();
                ([before, mention, after].concat(), href.contains('#'), passage)
            })
        };
        let [brief, full] = page();
        assert_eq!(full.0, "Here stand Leeks in rows.");
        assert_eq!((brief.1, full.1), (false, true), "only what is quoted has a place");
        assert_eq!(full.2, "They want <mark>compost</mark>.");
        assert!([&brief.0, &brief.2].map(String::len) == [32, 32], "keys: {brief:?}");

        write("content/articles/bed.md", &bed.replace("rows", "a row"));
        let [now, full] = page();
        assert_eq!(full.0, "Here stand Leeks in a row.");
        assert!(now.0 != brief.0 && now.2 == brief.2);

        write("content/articles/leeks.md", &leeks.replace("They want", "All want"));
        let [then, full] = page();
        assert_eq!(full.2, "All want <mark>compost</mark>.");
        assert!(then.0 == now.0 && then.2 != now.2);

        write("content/articles/bed.md", &bed.replace("+++\nHere", "rights = \"link\"\n+++\nHere"));
        let [now, full] = page();
        assert_eq!((full.0.as_str(), full.1), ("Leeks", false));
        assert!(now.0 != then.0);
    }
}
