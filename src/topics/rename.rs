//! Giving a topic another name, and making one topic of two.
//!
//! In: articles and topics as read. Out: the files that change, each with its format, order and comments as they were.
//! The curator's decisions go along: wherever an article names the old topic it names the new one. The old address
//! leads on, and the old name is still understood.

use super::{Topic, TopicId, vocabulary};
use crate::address::slug;
use crate::articles::Article;
use crate::diagnostic::Problem;
use crate::fields::Typed;
use crate::front_matter::{Front, checked, edits, with_front_matter};
use crate::path::SitePath;
use crate::rewriting::Rewriting;

/// What a renaming changes on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Renamed {
    /// The files that change.
    pub rewriting: Rewriting,
    /// The topic's new id.
    pub id: TopicId,
    /// The articles that named the old topic.
    pub articles: usize,
}

/// Gives a topic another name: the file, its title, and every mention of it.
///
/// # Errors
/// Where the old name is no topic, the new one is another's, or a file cannot be rewritten safely.
pub fn rename(articles: &[Article], topics: &[Topic], old: &str, new: &str) -> Result<Renamed, Problem> {
    let topic = vocabulary::named(topics, old).ok_or_else(|| vocabulary::unknown(old, topics))?;
    let id = TopicId::named(new);
    if id.as_str().is_empty() {
        return Err(Problem::new(format!("`{new}` cannot name a topic")).hint("use letters or digits"));
    }
    if let Some(other) = vocabulary::named(topics, new)
        && other.id != topic.id
    {
        return Err(Problem::new(format!("there is a topic `{}` already", other.id))
            .hint(format!("`gleaner topics merge {} {}` makes one of the two", topic.id, other.id)));
    }
    let title = if new == id.as_str() { title_of(&id) } else { new.trim().to_owned() };

    let with_front = with_front_matter(&topic.text);
    let mut edits = edits(&with_front);
    let front = Front::of(&with_front);
    front.set(&mut edits, "title", &title);
    if id != topic.id {
        front.add(&mut edits, "aliases", &[format!("/topics/{}/", topic.id)]);
        front.add(&mut edits, "synonyms", &[topic.id.to_string()]);
    }
    let mut renamed = Renamed { rewriting: Rewriting::default(), id: id.clone(), articles: 0 };
    let path = SitePath::new(topic.path().as_str().replace(topic.path().file_name(), &format!("{id}.md")));
    let text = checked(&topic.text, edits.made())?;
    if path == *topic.path() {
        renamed.rewriting.write(&topic.text, &text);
    } else {
        renamed.rewriting.move_to(&topic.text, path, &text);
    }
    renamed.mentions(articles, topics, topic, &id, &title)?;
    Ok(renamed)
}

/// Makes two topics one: `into` takes the terms, the prose, the names and the articles of `from`, whose file goes.
///
/// # Errors
/// Where a name is no topic, both are one, or a file cannot be rewritten safely.
pub fn merge(articles: &[Article], topics: &[Topic], from: &str, into: &str) -> Result<Renamed, Problem> {
    let find = |name: &str| vocabulary::named(topics, name).ok_or_else(|| vocabulary::unknown(name, topics));
    let (from, into) = (find(from)?, find(into)?);
    if from.id == into.id {
        return Err(Problem::new(format!("`{}` is one topic already", into.id)).hint("name two topics"));
    }
    let with_front = with_front_matter(&into.text);
    let mut edits = edits(&with_front);
    let front = Front::of(&with_front);
    let known: Vec<String> = into.rule.typed().map(|(term, _)| term.to_lowercase()).collect();
    let is_new = |term: &&(String, f64)| !known.contains(&term.0.to_lowercase());
    let terms: Vec<(String, f64)> =
        from.rule.typed().map(|(term, weight)| (term.to_owned(), weight)).collect();
    let terms: Vec<&(String, f64)> = terms.iter().filter(is_new).collect();
    front.add_terms(&mut edits, &terms);
    let barred: Vec<String> = from.rule.typed_not().map(str::to_owned).collect();
    let has = |typed: &String| into.rule.typed_not().any(|other| other.eq_ignore_ascii_case(typed));
    front.add(&mut edits, "not_terms", &barred.into_iter().filter(|one| !has(one)).collect::<Vec<_>>());
    let mut synonyms = vec![from.id.to_string()];
    if slug(&from.title) != from.id.as_str() {
        synonyms.push(from.title.clone());
    }
    synonyms.extend(from.synonyms.iter().map(|one| one.value.clone()));
    front.add(&mut edits, "synonyms", &synonyms);
    let mut aliases = vec![format!("/topics/{}/", from.id)];
    aliases.extend(from.aliases.iter().map(|one| one.value.clone()));
    front.add(&mut edits, "aliases", &aliases);
    if into
        .parent
        .as_ref()
        .and_then(|parent| vocabulary::named(topics, &parent.value))
        .is_some_and(|one| one.id == from.id)
    {
        front.remove_line(&mut edits, "parent");
    }
    let source = from.body.source();
    let prose = source.trim();
    if !prose.is_empty() {
        let end = with_front.read().trim_end().len();
        edits.insert(end, &format!("\n\n{prose}"));
    }
    let mut merged = Renamed { rewriting: Rewriting::default(), id: into.id.clone(), articles: 0 };
    merged.rewriting.remove(&from.text);
    merged.rewriting.write(&into.text, &checked(&into.text, edits.made())?);
    merged.mentions(articles, topics, from, &into.id, &into.title)?;
    Ok(merged)
}

impl Renamed {
    /// Rewrites every article and every other topic that names the old one.
    fn mentions(
        &mut self,
        articles: &[Article],
        topics: &[Topic],
        old: &Topic,
        id: &TopicId,
        title: &str,
    ) -> Result<(), Problem> {
        let means = |name: &str| vocabulary::named(topics, name).map(|topic| &topic.id);
        // A name typed as a title stays one.
        let renamed = |typed: &str| if typed == slug(typed) { id.to_string() } else { title.to_owned() };
        for article in articles {
            let mut edits = edits(&article.text);
            let chosen = article.topics.as_deref().unwrap_or_default();
            for list in [chosen, &article.not_topics] {
                let is_there = |one: &Typed<String>| means(&one.value) == Some(id) && *id != old.id;
                // Chosen and rejected at once would say nothing: what was chosen stays.
                let is_chosen = !std::ptr::eq(list, chosen)
                    && chosen.iter().any(|one| is_there(one) || means(&one.value) == Some(&old.id));
                let mut is_named = list.iter().any(is_there) || is_chosen;
                for one in list.iter().filter(|one| means(&one.value) == Some(&old.id)) {
                    if is_named {
                        edits.remove(&one.span);
                    } else {
                        edits.replace(&one.span, &renamed(&one.value));
                        is_named = true;
                    }
                }
            }
            if !edits.is_empty() {
                self.articles += 1;
                self.rewriting.write(&article.text, &checked(&article.text, edits.made())?);
            }
        }
        for topic in topics.iter().filter(|topic| topic.id != old.id && topic.id != *id) {
            let parent = topic.parent.as_ref().filter(|parent| means(&parent.value) == Some(&old.id));
            if let Some(parent) = parent {
                let mut edits = edits(&topic.text);
                edits.replace(&parent.span, &renamed(&parent.value));
                self.rewriting.write(&topic.text, &checked(&topic.text, edits.made())?);
            }
        }
        Ok(())
    }
}

/// `generational-shift` as a title.
fn title_of(id: &TopicId) -> String {
    let words = id.as_str().replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::articles;
    use crate::rights::Origins;
    use crate::text::Text;
    use crate::topics::read;
    use crate::words::Language;

    fn site(files: &[(&str, &str)]) -> (Vec<Article>, Vec<Topic>) {
        let texts = |folder: &str| -> BTreeMap<SitePath, Text> {
            let of_folder = files.iter().filter(|(path, _)| path.starts_with(folder));
            let texts = of_folder.map(|(path, typed)| {
                Text::new(SitePath::new(format!("content/{path}")), (*typed).to_owned())
            });
            texts.map(|text| (text.path().clone(), text)).collect()
        };
        let (articles, found) = articles::read(&texts("articles/"), &Origins::default());
        assert!(!found.has_errors(), "{found:?}");
        (articles, read(&texts("topics/"), &Language::of("en")).0)
    }

    fn written<'a>(renamed: &'a Renamed, path: &str) -> &'a str {
        std::str::from_utf8(&renamed.rewriting.writes[&SitePath::new(format!("content/{path}"))].bytes)
            .unwrap()
    }

    const TOML: &str = "+++\n# mine\ntitle = \"One\"\ntopics = ['gardens', \"cooking\"] # two\n+++\nText.\n";
    const YAML: &str = "---\ntitle: Two\nnot_topics:\n  - Gardens # no\n---\nText.\n";

    #[test]
    fn a_new_name_goes_everywhere_and_the_old_one_leads_on() {
        let (articles, topics) = site(&[
            ("articles/one.md", TOML),
            ("articles/two.md", YAML),
            ("articles/three.md", "Text.\n"),
            ("topics/gardens.md", "+++\ntitle = \"Gardens\" # green\n+++\nProse.\n"),
            ("topics/cooking.md", "+++\nparent = \"gardens\"\n+++\n"),
        ]);
        let renamed = rename(&articles, &topics, "Gardens", "Green things").unwrap();
        assert_eq!(
            (renamed.id.as_str(), renamed.articles, renamed.rewriting.writes.len()),
            ("green-things", 2, 4)
        );
        assert_eq!(renamed.rewriting.gone.as_ref().unwrap().path.as_str(), "content/topics/gardens.md");
        assert_eq!(
            written(&renamed, "articles/one.md"),
            "+++\n# mine\ntitle = \"One\"\ntopics = ['green-things', \"cooking\"] # two\n+++\nText.\n"
        );
        assert_eq!(
            written(&renamed, "articles/two.md"),
            "---\ntitle: Two\nnot_topics:\n  - Green things # no\n---\nText.\n"
        );
        assert_eq!(written(&renamed, "topics/cooking.md"), "+++\nparent = \"green-things\"\n+++\n");
        let topic = written(&renamed, "topics/green-things.md");
        assert!(topic.contains("title = \"Green things\" # green\n"), "{topic}");
        assert!(
            topic.contains("aliases = [\"/topics/gardens/\"]\n")
                && topic.contains("synonyms = [\"gardens\"]\n"),
            "{topic}"
        );
    }

    #[test]
    fn two_become_one() {
        let (articles, topics) = site(&[
            ("articles/one.md", TOML),
            ("articles/two.md", YAML),
            (
                "topics/gardens.md",
                "+++\ntitle = \"Gardens\"\nterms = [\"soil\", { term = \"leek\", weight = 2.0 }]\n+++\nAbout gardens.\n",
            ),
            ("topics/cooking.md", "---\ntitle: Cooking\nterms:\n  - soup\n  - leek\n---\nAbout cooking.\n"),
        ]);
        let merged = merge(&articles, &topics, "gardens", "cooking").unwrap();
        assert!(written(&merged, "articles/one.md").contains("topics = [\"cooking\"] # two\n"));
        assert!(written(&merged, "articles/two.md").contains("  - Cooking # no\n"));
        let topic = written(&merged, "topics/cooking.md");
        assert!(topic.contains("  - leek\n  - { term: \"soil\", weight: 1.0 }\n"), "{topic}");
        assert!(
            topic.contains("synonyms: [\"gardens\"]\n")
                && topic.contains("aliases: [\"/topics/gardens/\"]\n"),
            "{topic}"
        );
        assert!(topic.ends_with("About cooking.\n\nAbout gardens.\n"), "{topic}");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let (articles, topics) =
            site(&[("topics/a.md", "+++\n+++\n"), ("topics/b.md", "No front matter.\n")]);
        for (old, new, says) in [
            ("c", "d", "unknown topic `c`"),
            ("a", "b", "there is a topic `b` already"),
            ("a", "!", "cannot name"),
        ] {
            let problem = rename(&articles, &topics, old, new).unwrap_err();
            assert!(problem.anywhere().in_short().contains(says), "{old} {new}");
        }
        let renamed = rename(&articles, &topics, "b", "d").unwrap();
        assert!(written(&renamed, "topics/d.md").ends_with("+++\nNo front matter.\n"));
        assert!(merge(&articles, &topics, "a", "a").is_err());
    }
}
