//! Which of a page's claims to believe: title, authors, date, address, site, language.
//!
//! In: the [`Claims`], the tree and the visible blocks. Out: the article's [`Facts`]. What several places of the
//! page agree on comes first; what none says stays unknown.

use super::claims::{Claims, squeeze};
use super::dom::{Dom, Id};
use super::visible::{Piece, Visible};
use crate::date::Date;
use crate::import::text::{Fact, Facts, How, tells};

/// Everything that the page calls its title, the likeliest first.
pub(super) fn titles(claims: &Claims, dom: &Dom) -> Vec<(String, How)> {
    let mut titles: Vec<(String, How)> = Vec::new();
    let sites = sites(claims);
    let mut add = |title: Option<&str>, how: How| {
        let title = title.map(|title| without_site(&squeeze(title), &sites)).unwrap_or_default();
        if title.chars().any(char::is_alphanumeric) && !sites.iter().any(|site| same(site, &title)) {
            titles.push((title, how));
        }
    };
    for thing in claims.things.iter().filter(|thing| thing.rank < 2).take(1) {
        add(thing.headline.as_deref(), How::PageData);
    }
    let others = [
        "citation_title",
        "dc.title",
        "dcterms.title",
        "og:title",
        "twitter:title",
        "parsely-title",
        "sailthru.title",
    ];
    for other in others {
        add(claims.meta(&[other]), How::PageHead);
    }
    add(claims.title.as_deref(), How::PageHead);
    if claims.main_headings == 1 {
        add(Some(&dom.text(claims.headings[0])), How::PageMarkup);
    }
    titles
}

/// The names of the site.
fn sites(claims: &Claims) -> Vec<String> {
    let mut sites: Vec<String> = Vec::new();
    let named = claims.all_metas(&[
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "twitter:site",
        "al:ios:app_name",
    ]);
    sites.extend(named.map(|site| site.trim_start_matches('@').to_owned()));
    sites.extend(claims.publishers.iter().cloned());
    sites.retain(|site| !site.trim().is_empty());
    sites
}

/// Whether two names are the same but for marks and case.
fn same(one: &str, other: &str) -> bool {
    let bare = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    bare(one) == bare(other)
}

/// Marks between a title and the name of the site.
const SEPARATORS: [&str; 12] =
    [" | ", " - ", " – ", " — ", " · ", " • ", " » ", " « ", " :: ", " : ", " / ", " ‹ "];

/// A title without the name of its site at an end.
fn without_site(title: &str, sites: &[String]) -> String {
    let mut title = title.to_owned();
    // Twice, for the name of a section may stand there, too.
    for _ in 0..2 {
        let ends = SEPARATORS.iter().filter_map(|mark| title.rfind(mark).map(|at| (at, mark.len()))).max();
        let Some((at, length)) = ends else { break };
        let (head, tail) = (title[..at].trim(), title[at + length..].trim());
        if sites.iter().any(|site| same(site, tail)) {
            title = head.to_owned();
        } else if sites.iter().any(|site| same(site, head)) {
            title = tail.to_owned();
        } else {
            break;
        }
    }
    title
}

/// The title: what stands above the article where that is what the head says, else what the head says.
fn title(claims: &Claims, dom: &Dom, visible: &Visible) -> Option<Fact<String>> {
    let titles = titles(claims, dom);
    let shown: Vec<String> = claims
        .headings
        .iter()
        .take(MOST_HEADINGS)
        .map(|id| squeeze(&dom.text(*id)))
        .filter(|heading| heading.chars().any(char::is_alphanumeric) && heading.len() < 400)
        .collect();
    // The heading that the head says in the same words, or beside the name of the site or of a section.
    if let Some((title, _)) = titles.first() {
        let words = tells::words(title);
        let parts = parts(title);
        let same = shown.iter().find(|heading| tells::words(heading) == words).or_else(|| {
            shown.iter().find(|heading| {
                let words = tells::words(heading);
                words.len() >= 2 && parts.contains(&words)
            })
        });
        if let Some(heading) = same {
            return Some(Fact {
                value: heading.clone(),
                line: line_of(visible, heading),
                how: How::PageMarkup,
            });
        }
    }
    let (value, how) = titles
        .into_iter()
        .next()
        .map(|(title, how)| (shorter(&title, claims), how))
        .or_else(|| shown.into_iter().next().map(|heading| (heading, How::PageMarkup)))?;
    Some(Fact { line: line_of(visible, &value), value, how })
}

/// The words of what stands before the last mark of a title, behind its first, and behind its first colon.
fn parts(title: &str) -> Vec<Vec<String>> {
    let last = SEPARATORS.iter().filter_map(|mark| title.rfind(mark)).max();
    let first = SEPARATORS.iter().filter_map(|mark| Some(title.find(mark)? + mark.len())).min();
    let colon = title.find(": ").map(|at| at + 2);
    let head = last.map(|at| &title[..at]);
    let tails = [first, colon].into_iter().flatten().map(|at| &title[at..]);
    head.into_iter().chain(tails).map(tells::words).collect()
}

/// A title without what follows its last mark, where that can only be the name of a site the page doesn't name.
fn shorter(title: &str, claims: &Claims) -> String {
    let others: Vec<Vec<String>> = claims
        .things
        .iter()
        .filter_map(|thing| thing.headline.as_deref())
        .chain(claims.meta(&["og:title"]))
        .map(tells::words)
        .collect();
    let ends = SEPARATORS[..8].iter().filter_map(|mark| title.rfind(mark).map(|at| (at, mark.len()))).max();
    if let Some((at, length)) = ends {
        let (head, tail) = (&title[..at], &title[at + length..]);
        let is_said = others.iter().any(|other| *other == tells::words(head));
        let is_name = tells::words(head).len() >= 3 && tells::words(tail).len() <= 3;
        let is_domain = host(claims).is_some_and(|host| {
            let bare: String =
                tail.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            bare.len() >= 3 && host.replace(['.', '-'], "").contains(&bare)
        });
        if is_said || is_domain || (is_name && !others.iter().any(|other| *other == tells::words(title))) {
            return head.trim().to_owned();
        }
    }
    title.to_owned()
}

fn host(claims: &Claims) -> Option<String> {
    let url = address(claims)?;
    url::Url::parse(&url).ok()?.host_str().map(str::to_owned)
}

/// The line of the visible text that shows these words; 0 where none does.
fn line_of(visible: &Visible, value: &str) -> usize {
    let found = visible.blocks.iter().find(|block| {
        let text = &visible.text[block.range.clone()];
        text.len() <= value.len() + 400 && text.contains(value)
    });
    found.map_or(0, |block| block.line)
}

/// The page's address, by its own word.
pub(super) fn address(claims: &Claims) -> Option<String> {
    let said = claims.canonical.as_deref().into_iter().chain(claims.meta(&["og:url", "twitter:url"]));
    let said = said
        .chain(claims.things.iter().filter(|thing| thing.rank < 2).filter_map(|thing| thing.url.as_deref()));
    let said = said.chain(claims.saved_from.as_deref());
    let is_address = |url: &&str| {
        let path = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        path.is_some_and(|path| path.contains('.') && !path.contains(char::is_whitespace))
    };
    // An address of the whole site is that of no article, but better than none.
    let all: Vec<&str> = said.filter(is_address).collect();
    let is_deep = |url: &&&str| url.splitn(4, '/').nth(3).is_some_and(|path| !path.is_empty());
    all.iter().find(is_deep).or_else(|| all.first()).map(|url| (*url).to_owned())
}

/// Headings looked at for the title.
const MOST_HEADINGS: usize = 40;

/// Names that are no persons' though they stand where the author's should.
const NOBODY: [&str; 22] = [
    "admin",
    "administrator",
    "editor",
    "editors",
    "editorial",
    "editorial team",
    "staff",
    "staff writer",
    "guest",
    "webmaster",
    "team",
    "author",
    "unknown",
    "anonymous",
    "null",
    "undefined",
    "none",
    "wordpress",
    "user",
    "redaktion",
    "website",
    "content team",
];

/// Cleans the name of an author; `None` where it isn't one.
fn name(text: &str, sites: &[String]) -> Option<String> {
    let mut name = squeeze(text);
    for by in ["written by ", "posted by ", "by: ", "by ", "von ", "par ", "por ", "author: ", "author "] {
        if name.get(..by.len()).is_some_and(|start| start.eq_ignore_ascii_case(by)) {
            name = name[by.len()..].trim().to_owned();
            break;
        }
    }
    // "Ann Lee | The Gazette", "Ann Lee (@ann)".
    for mark in [" | ", " · ", " • ", " (", " / ", " – ", " — ", " - "] {
        if let Some((head, _)) = name.split_once(mark) {
            name = head.trim().to_owned();
        }
    }
    let name = name
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '|' | '·' | '•'))
        .to_owned();
    let words = name.split(' ').count();
    let lower = name.to_lowercase();
    let is_none = name.is_empty()
        || name.len() > 60
        || words > 6
        || name.contains(['/', '@', '<', '{', '?', '!', '='])
        || lower.starts_with("http")
        || lower.contains("www.")
        || (lower.contains(".com") && words == 1)
        || !name.chars().any(char::is_alphabetic)
        || (words >= 4 && !name.contains(char::is_lowercase) && name.is_ascii())
        || NOBODY.contains(&lower.as_str())
        || [" team", " staff", " editors", " editorial"].iter().any(|end| lower.ends_with(end))
        || sites.iter().any(|site| same(site, &name));
    (!is_none).then_some(name)
}

/// Parts what gives several names in one text.
fn names(text: &str, sites: &[String]) -> Vec<String> {
    // "Lee, Ann" is one name; "Ann Lee, Bo Chan" are two.
    let parts: Vec<&str> = text
        .split([';', '\n'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" & "))
        .collect();
    let mut found: Vec<String> = Vec::new();
    for part in parts {
        let by_comma: Vec<&str> = part.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let all_whole = by_comma.len() > 1
            && by_comma.iter().all(|part| (2..=4).contains(&part.split_whitespace().count()));
        if all_whole {
            found.extend(by_comma.iter().filter_map(|part| name(part, sites)));
        } else if by_comma.len() > 1 && by_comma[0].contains(' ') {
            // "Ann Lee, Staff Writer".
            found.extend(name(by_comma[0], sites));
        } else {
            found.extend(name(part, sites));
        }
    }
    found
}

/// `meta` names that give an author, the surest first.
const AUTHOR_METAS: [&str; 14] = [
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "author",
    "article:author_name",
    "article:author",
    "og:article:author",
    "byl",
    "twitter:data1:author",
    "og:author",
    "cxenseparse:author",
    "shareaholic:article_author_name",
];

/// The authors: what the structured data says, else the head, else the markup, else a byline near the title.
fn authors(claims: &Claims, dom: &Dom, visible: &Visible, from: usize, to: usize) -> Vec<Fact<String>> {
    let mut sites = sites(claims);
    // A site may have the name of the person whose it is.
    sites.retain(|site| !claims.persons.iter().any(|person| same(person, site)));
    let fact = |names: Vec<String>, how: How| {
        let mut facts: Vec<Fact<String>> = Vec::new();
        for name in names {
            if facts.len() < 8 && !facts.iter().any(|fact| same(&fact.value, &name)) {
                facts.push(Fact { line: line_of(visible, &name), value: name, how });
            }
        }
        facts
    };
    for thing in claims.things.iter().filter(|thing| thing.rank < 2) {
        let said: Vec<String> = thing.authors.iter().flat_map(|author| names(author, &sites)).collect();
        if !said.is_empty() {
            return fact(said, How::PageData);
        }
    }
    for meta in AUTHOR_METAS {
        let said: Vec<String> = claims.all_metas(&[meta]).flat_map(|author| names(author, &sites)).collect();
        if !said.is_empty() {
            return fact(said, How::PageHead);
        }
    }
    // What a link in a social network shows: "Written by", "Ann Lee".
    for (label, data) in [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")] {
        let is_author = claims.meta(&[label]).is_some_and(|label| {
            let label = label.to_lowercase();
            ["written by", "author", "by", "verfasst von", "geschrieben von", "écrit par", "escrito por"]
                .contains(&label.as_str())
        });
        if is_author && let Some(said) = claims.meta(&[data]) {
            let said = names(said, &[]);
            if !said.is_empty() {
                return fact(said, How::PageHead);
            }
        }
    }
    // Comments have authors, too: only what stands by the title counts.
    let near = |id: &Id| {
        visible.blocks[from.min(visible.blocks.len())..to].iter().any(|block| {
            dom.ancestors(block.parent).take(12).any(|other| other == *id)
                || block
                    .pieces
                    .iter()
                    .any(|piece| dom.ancestors(piece.node()).take(12).any(|other| other == *id))
        })
    };
    let marked: Vec<String> =
        claims.authors.iter().filter(|id| near(id)).flat_map(|id| names(&dom.text(*id), &sites)).collect();
    if !marked.is_empty() {
        return fact(marked, How::PageMarkup);
    }
    for (index, block) in visible.blocks.iter().enumerate().take(to).skip(from.min(to)) {
        // "By" and the name may be two elements without a space between.
        let parts: Vec<&str> = block
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Text(_, range) => Some(visible.text[range.clone()].trim()),
                Piece::Break(_) | Piece::Image(_) | Piece::Formula(..) | Piece::Display(..) => None,
            })
            .collect();
        let text = squeeze(&parts.join(" "));
        if text.len() > 200 {
            continue;
        }
        let said: Vec<String> =
            tells::byline(&text).iter().filter_map(|author| name(author, &sites)).collect();
        if !said.is_empty() {
            return fact(said, How::Byline);
        }
        let bare = tells::bare_names(&text);
        if !bare.is_empty() && is_signed(dom, visible, index, &bare[0]) {
            let said: Vec<String> = bare.iter().filter_map(|author| name(author, &sites)).collect();
            if !said.is_empty() {
                return fact(said, How::OwnLine);
            }
        }
    }
    Vec::new()
}

/// Whether the page marks a line that is nothing but a name as the author's: by the names of its elements, by where its
/// link leads, by a portrait of that name.
fn is_signed(dom: &Dom, visible: &Visible, index: usize, name: &str) -> bool {
    /// Blocks around the name in which the portrait is looked for.
    const PORTRAIT_REACH: usize = 2;
    let block = &visible.blocks[index];
    let inner = block.pieces.iter().map(Piece::node).flat_map(|id| dom.ancestors(id).take(3));
    let mut around = dom.ancestors(block.parent).take(3).chain(inner);
    let is_named = around.any(|id| {
        let lower = |attribute: &str| dom.attribute(id, attribute).unwrap_or_default().to_ascii_lowercase();
        let (class, href) = (lower("class"), lower("href"));
        ["author", "byline", "writer"].iter().any(|hint| class.contains(hint))
            || ["/author", "/writer/", "/contributor"].iter().any(|hint| href.contains(hint))
    });
    let near = index.saturating_sub(PORTRAIT_REACH)..(index + PORTRAIT_REACH + 1).min(visible.blocks.len());
    is_named
        || visible.blocks[near].iter().flat_map(|block| &block.pieces).any(|piece| match piece {
            Piece::Image(id) => dom.attribute(*id, "alt").is_some_and(|alt| same(alt, name)),
            Piece::Text(..) | Piece::Break(_) | Piece::Formula(..) | Piece::Display(..) => false,
        })
}

/// Reads a date as machines write it, or as people do.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let head: String = text.chars().take(10).collect();
    let parted = head.replace('/', "-");
    let day = parted.parse::<Date>().ok().filter(|date| date.day().is_some());
    let compact = || {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let is_day = digits.len() == 8 || (digits.len() == 14);
        is_day
            .then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]).parse::<Date>().ok())
            .flatten()
    };
    let date = day
        .or_else(compact)
        .or_else(|| tells::dates(text).first().copied())
        .or_else(|| if text.len() <= 7 { text.parse::<Date>().ok() } else { None })?;
    // Before the first and beyond any article: an empty date of some program.
    (date.year() >= 1900 && date.year() < 2100 && date.to_string() != "1970-01-01").then_some(date)
}

/// `meta` names that give the date of publication, the surest first.
const DATE_METAS: [&str; 27] = [
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "published_time",
    "publish-date",
    "publish_date",
    "pubdate",
    "publicationdate",
    "publication_date",
    "published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "dcterms.date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "article:post_date",
    "date",
];

/// The date of publication.
fn published(claims: &Claims, dom: &Dom, visible: &Visible, from: usize, to: usize) -> Option<Fact<Date>> {
    let fact = |value: Date, line: usize, how: How| Some(Fact { value, line, how });
    // A date on what is only called a page is when the site made the page, not the article.
    let mut said = claims.things.iter().filter(|thing| thing.rank < 2);
    if let Some(value) = said.find_map(|thing| date(thing.published.as_deref()?)) {
        return fact(value, 0, How::PageData);
    }
    if let Some(value) = DATE_METAS.iter().find_map(|meta| claims.all_metas(&[meta]).find_map(date)) {
        return fact(value, 0, How::PageHead);
    }
    let block_of = |id: Id| {
        visible.blocks.iter().position(|block| {
            block.pieces.iter().any(|piece| dom.ancestors(piece.node()).take(6).any(|other| other == id))
                || dom.ancestors(block.parent).take(3).any(|other| other == id)
        })
    };
    let end = to.min(visible.blocks.len());
    let line = |block: Option<usize>| block.map_or(0, |block| visible.blocks[block].line);
    let marked: Vec<(Date, Option<usize>, bool)> = claims
        .dates
        .iter()
        .take(60)
        .filter_map(|(id, written, says)| Some((date(written)?, block_of(*id), *says)))
        .collect();
    if let Some((value, block, _)) =
        marked.iter().find(|(_, block, says)| *says && block.is_none_or(|block| block < end))
    {
        return fact(*value, line(*block), How::PageMarkup);
    }
    let near = |block: &Option<usize>| block.is_some_and(|block| (from..end).contains(&block));
    if let Some((value, block, _)) = marked.iter().find(|(_, block, _)| near(block)) {
        return fact(*value, line(*block), How::PageMarkup);
    }
    for block in &visible.blocks[from.min(end)..end] {
        let text = &visible.text[block.range.clone()];
        let is_short = text.len() < 160;
        let is_update = text.to_lowercase().starts_with("updated");
        if is_short
            && !is_update
            && let Some(value) = tells::dates(text).first()
        {
            return fact(*value, block.line, How::OwnLine);
        }
    }
    None
}

/// Blocks above the title, and below it, among which author and date are looked for.
const ABOVE: usize = 8;
const BELOW: usize = 16;

/// Decides what the page tells. `title_at` is the block of the title, `first` the article's first of prose.
pub(super) fn read(
    claims: &Claims,
    dom: &Dom,
    visible: &Visible,
    title_at: Option<usize>,
    first: usize,
) -> Facts {
    let from = title_at.unwrap_or(first).min(first).saturating_sub(ABOVE);
    let to = (first + 2)
        .max(title_at.map_or(0, |title| title + BELOW))
        .min(first + BELOW)
        .min(visible.blocks.len());
    let site = claims.meta(&["og:site_name", "application-name"]).map(str::to_owned);
    let url = address(claims);
    Facts {
        title: title(claims, dom, visible),
        authors: authors(claims, dom, visible, from, to.max(from)),
        date: published(claims, dom, visible, from, to.max(from)),
        url: url.map(|value| Fact { value, line: 0, how: How::PageHead }),
        site: site.map(|value| Fact { line: line_of(visible, &value), value, how: How::PageHead }),
        language: None,
    }
}

/// The language that the page declares, as an ISO 639-1 code.
pub(super) fn declared_language(claims: &Claims) -> Option<String> {
    let of_thing = claims.things.iter().find_map(|thing| thing.language.as_deref());
    let said = [claims.language.as_deref(), of_thing, claims.meta(&["og:locale", "content-language"])];
    said.into_iter().flatten().find_map(|tag| {
        let code: String =
            tag.chars().take_while(char::is_ascii_alphabetic).flat_map(char::to_lowercase).collect();
        (code.len() == 2).then_some(code)
    })
}
