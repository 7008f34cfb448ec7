//! Giving an article another name, with everything that leads to it.
//!
//! In: the site as read. Out: the files that change. The old address leads on, links of every kind name the new one, and the
//! article's seed goes along. Before anything is said the site is joined as it would be: where a link would lead elsewhere than
//! before, nothing is proposed.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::address::{Address, slug};
use crate::articles::{Article, ArticleId};
use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::Edits;
use crate::front_matter::{self, Front, checked, edits, with_front_matter};
use crate::graph::{Graph, Node, Resolved};
use crate::import::moved;
use crate::markdown::{Body, Form, Link, Target};
use crate::path::SitePath;
use crate::rewriting::Rewriting;
use crate::seeds::{ARTICLES, CONTENT, PATHS, Site, TOPICS};
use crate::text::Text;
use crate::{Joined, Options, join};

/// What a renaming changes on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct RenamedArticle {
    /// The files that change.
    pub rewriting: Rewriting,
    /// The article's new id.
    pub id: ArticleId,
    /// How many links name it.
    pub links: usize,
}

/// Gives an article another name.
///
/// # Errors
/// Where the name is none, or another's; where a file cannot be rewritten safely; or where a link would lead elsewhere.
pub fn rename(site: &Site, joined: &Joined, id: &ArticleId, name: &str) -> Result<RenamedArticle, Problem> {
    let graph = &joined.graph;
    let article =
        graph.articles.get(id).ok_or_else(|| Problem::new(format!("there is no article `{id}`")))?;
    let new = free_name(graph, article, name)?;
    let (old_address, new_address) = (address(id.as_str()), address(&new));

    let mut renamed =
        Renaming { old: id.as_str(), new: &new, title: &article.title, files: BTreeMap::new(), links: 0 };
    let text = with_front_matter(&article.text);
    let mut moving = edits(&text);
    let front = Front::of(&text);
    let own = |alias: &str| Address::typed(alias) == Address::typed(&new_address);
    let lead_back: Vec<_> =
        article.aliases.iter().filter(|one| own(&one.value)).map(|one| one.span.clone()).collect();
    if lead_back.is_empty() {
        front.add(&mut moving, "aliases", std::slice::from_ref(&old_address));
    } else {
        // A name it had before: the alias that is now its address gives way to the one that was.
        moving.replace(&lead_back[0], &old_address);
        lead_back[1..].iter().for_each(|one| moving.remove(one));
    }
    if article.title == article.path().stem().replace('-', " ") && !says_title(&text) {
        front.set(&mut moving, "title", &article.title);
    }
    // Front matter that was not there moves what follows.
    let shift = text.read().len() - article.text.read().len();
    renamed.files.insert(article.path().clone(), (article.text.clone(), moving));

    for (node, body) in graph.bodies() {
        for (link, resolved) in body.links.iter().zip(graph.links(&node)) {
            renamed.link(link, resolved, body, if node == Node::Article(id.clone()) { shift } else { 0 });
        }
    }
    for other in site.articles.values() {
        renamed.duplicate_of(other);
    }

    let mut rewriting = Rewriting::default();
    let place = SitePath::new(
        article.path().as_str().strip_suffix(article.path().file_name()).unwrap_or_default().to_owned()
            + &new
            + ".md",
    );
    if site.articles.contains_key(&place) || site.unreadable.contains(&place) {
        return Err(Problem::new(format!("there is a file `{place}` already")).hint("choose another name"));
    }
    let links = renamed.links;
    for (path, (text, edits)) in renamed.files {
        let now = checked(&text, edits.made())?;
        if path == *article.path() {
            rewriting.move_to(&text, place.clone(), &now);
        } else {
            rewriting.write(&text, &now);
        }
    }
    let memory = moved(site, article.path(), &place).map_err(|problem| Problem::new(problem.in_short()))?;
    rewriting.writes.extend(memory);
    let renamed = RenamedArticle { rewriting, id: ArticleId::of(&place), links };
    leads_as_before(site, graph, &renamed, id)?;
    Ok(renamed)
}

/// The name as a slug, if it is nobody's.
fn free_name(graph: &Graph, article: &Article, name: &str) -> Result<String, Problem> {
    let new = slug(name.trim().trim_end_matches(".md"));
    if new.is_empty() || name.contains(['/', '\\']) {
        return Err(Problem::new(format!("`{name}` cannot name an article"))
            .hint("write the last part of its new address, in letters, digits and hyphens"));
    }
    if new == article.id.as_str() {
        return Err(Problem::new(format!("the article is called `{new}` already")));
    }
    let own = Address::typed(&address(&new));
    for other in graph.articles.values() {
        let is_its = |one: &Article| {
            one.id.as_str() == new
                || one.duplicates.iter().any(|duplicate| duplicate.id.as_str() == new)
                || (one.id != article.id
                    && one.aliases.iter().any(|alias| Address::typed(&alias.value) == own))
        };
        if is_its(other) {
            return Err(Problem::new(format!(
                "`/articles/{new}/` is the address of `{}` already",
                other.path()
            ))
            .hint("choose another name"));
        }
    }
    Ok(new)
}

fn address(name: &str) -> String {
    format!("/articles/{name}/")
}

/// Whether a text says its own title, in its front matter or as its first heading.
fn says_title(text: &Text) -> bool {
    let front = front_matter::split(text, &mut Diagnostics::new());
    let typed = front.fields(text).text("title").is_some_and(|title| !title.value.trim().is_empty());
    let body = Body::read(text, front.body);
    typed || body.headings.first().is_some_and(|heading| heading.level == 1)
}

/// A renaming under way.
struct Renaming<'a> {
    old: &'a str,
    new: &'a str,
    title: &'a str,
    /// The files with their edits.
    files: BTreeMap<SitePath, (Text, Edits)>,
    links: usize,
}

impl Renaming<'_> {
    fn edits(&mut self, text: &Text) -> &mut Edits {
        let made = || (text.clone(), edits(text));
        &mut self.files.entry(text.path().clone()).or_insert_with(made).1
    }

    /// Rewrites a link that leads to the article by its name.
    fn link(&mut self, link: &Link, resolved: &Resolved, body: &Body, shift: usize) {
        let folder = format!("articles/{}/", self.old);
        let is_to_it = match resolved {
            Resolved::To(Node::Article(id), _) => id.as_str() == self.old,
            Resolved::File(address) => address.as_str().starts_with(&folder),
            Resolved::To(..) | Resolved::Beside(..) | Resolved::External(_) | Resolved::Nowhere => false,
        };
        if !is_to_it {
            return;
        }
        let place = link.span.range();
        let typed = &link.span.text().read()[place.clone()];
        let change = match &link.target {
            Target::Wiki { name, .. } => self.wikilink(link, name, typed),
            Target::Destination(destination) => self.destination(destination).and_then(|new| {
                // The last of it: the words before may say the same.
                let start = typed.rfind(destination.as_str()).map(|start| place.start + start);
                let start = start.or_else(|| definition(body, destination))?;
                Some((start..start + destination.len(), new))
            }),
        };
        if let Some((range, new)) = change {
            self.links += 1;
            self.edits(link.span.text()).put(range.start + shift..range.end + shift, &new);
        }
    }

    /// `[[old#Heading]]` as `[[new#Heading|old#Heading]]`: what readers see stays.
    fn wikilink(&self, link: &Link, name: &str, typed: &str) -> Option<(Range<usize>, String)> {
        // By its title it is found as before.
        if slug(name) != self.old || slug(self.title) == self.old {
            return None;
        }
        let start = typed.find("[[")? + 2;
        let inner = &typed[start..start + typed[start..].find("]]")?];
        let target = inner.find('|').map_or(inner, |bar| inner[..bar].trim_end_matches('\\'));
        let heading = target.find('#').map_or("", |hash| &target[hash..]);
        let mut new = format!("{}{heading}", self.new);
        if link.form == Form::Link && target.len() == inner.len() {
            let source = link.span.text().read();
            let line = source[..link.span.range().start].rsplit('\n').next().unwrap_or_default();
            // In a row of a table a bar would begin another cell.
            new.push_str(if line.trim_start().starts_with('|') { "\\|" } else { "|" });
            new.push_str(target);
        }
        let start = link.span.range().start + start;
        Some((start..start + target.len(), new))
    }

    /// The same destination with the new name: of the file, or of the folder.
    fn destination(&self, destination: &str) -> Option<String> {
        let end = destination.find(['#', '?']).unwrap_or(destination.len());
        let (path, rest) = destination.split_at(end);
        let parts: Vec<&str> = path.split('/').collect();
        let is_its = |part: &&str| slug(part.strip_suffix(".md").unwrap_or(part)) == self.old;
        let at = parts.iter().rposition(is_its)?;
        let ending = if parts[at].ends_with(".md") { ".md" } else { "" };
        let renamed = format!("{}{ending}", self.new);
        let parts: Vec<&str> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| if index == at { &renamed } else { *part })
            .collect();
        Some(format!("{}{rest}", parts.join("/")))
    }

    /// Rewrites the name in an article that says it is the same piece.
    fn duplicate_of(&mut self, text: &Text) {
        let front = front_matter::split(text, &mut Diagnostics::new());
        let named = front.fields(text).text("duplicate_of");
        if let Some(named) = named.filter(|named| slug(&named.value) == self.old) {
            let new = self.new.to_owned();
            self.edits(text).replace(&named.span, &new);
        }
    }
}

/// Where a destination stands in the line that defines a reference: `[name]: destination`.
fn definition(body: &Body, destination: &str) -> Option<usize> {
    let mut start = body.range().start;
    for line in body.source().split_inclusive('\n') {
        let after = line
            .trim_start()
            .strip_prefix('[')
            .and_then(|line| line.split_once("]:"))
            .map(|(_, after)| after);
        let typed = after.map(|after| after.trim_start().trim_start_matches('<'));
        if let Some(typed) = typed.filter(|typed| {
            typed.strip_prefix(destination).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '>')
            })
        }) {
            return Some(start + line.len() - typed.len());
        }
        start += line.len();
    }
    None
}

/// Joins the site as it would be, and compares: every link and every picture leads where it led, and nothing is an error that
/// was none.
fn leads_as_before(
    site: &Site,
    before: &Graph,
    renamed: &RenamedArticle,
    old: &ArticleId,
) -> Result<(), Problem> {
    let mut site = site.clone();
    if let Some(gone) = &renamed.rewriting.gone {
        site.articles.remove(&gone.path);
    }
    for (path, write) in &renamed.rewriting.writes {
        let text = Text::new(path.clone(), String::from_utf8_lossy(&write.bytes).into_owned());
        let folder = if path.inside(ARTICLES).is_some() {
            &mut site.articles
        } else if path.inside(TOPICS).is_some() {
            &mut site.topics
        } else if path.inside(PATHS).is_some() {
            &mut site.paths
        } else if path.inside(CONTENT).is_some() {
            &mut site.pages
        } else {
            continue;
        };
        folder.insert(path.clone(), text);
    }
    let options = Options { drafts: true, no_import: true, ..Options::default() };
    let (after, found) = join(&site, &options);
    if let Some(error) = found.sorted().into_iter().find(|one| one.is_error()) {
        return Err(Problem::new(format!(
            "under that name the site would have an error: {}",
            error.in_short()
        ))
        .hint("nothing was changed"));
    }
    let node_now = |node: &Node| match node {
        Node::Article(id) if id == old => Node::Article(renamed.id.clone()),
        other => other.clone(),
    };
    let is_same = |before: &Resolved, after: &Resolved| match (before, after) {
        (Resolved::To(before, anchor), Resolved::To(after, now)) => {
            node_now(before) == *after && anchor == now
        }
        (Resolved::Beside(_, before), Resolved::Beside(_, after)) => before == after,
        (Resolved::File(before), Resolved::File(after)) => {
            let folder = format!("articles/{old}/");
            match before.as_str().strip_prefix(&folder) {
                Some(name) => after.as_str() == format!("articles/{}/{name}", renamed.id),
                None => before == after,
            }
        }
        (before, after) => before == after,
    };
    for (node, body) in before.bodies() {
        let now = node_now(&node);
        let links = before.links(&node).iter().zip(after.graph.links(&now));
        let astray = links.zip(&body.links).find(|((before, after), _)| !is_same(before, after));
        let pictures = before.pictures(&node).iter().zip(after.graph.pictures(&now));
        let lost = pictures.zip(&body.pictures).find(|((before, after), _)| !is_same(before, after));
        let place = astray.map(|(_, link)| &link.span).or(lost.map(|(_, picture)| &picture.span));
        if let Some(span) = place {
            let at = span.start();
            return Err(Problem::new(format!(
                "the link in `{}`, line {}, would lead elsewhere",
                span.text().path(),
                at.line
            ))
            .hint("change it by hand first: `[words](the-file.md)` follows any renaming"));
        }
    }
    Ok(())
}
