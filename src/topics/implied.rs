//! Topics before any has a file: those that articles name.
//!
//! In: the files of `content/topics/`, and the articles. Out: these files, or where there are none, one for each topic that
//! articles name in their front matter. Whoever comes with articles that have topics, tags or categories has a site at
//! once; with the first file that a curator writes the vocabulary is closed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::TopicId;
use crate::articles::Article;
use crate::diagnostic::{Diagnostics, Problem};
use crate::fields::quoted;
use crate::path::SitePath;
use crate::seeds::TOPICS;
use crate::text::Text;

/// So many topics are named in the warning that they have no file.
const NAMED: usize = 5;

/// The files of the topics: those there are, else those that the articles' topics would have.
pub fn files<'a>(
    files: &'a BTreeMap<SitePath, Text>,
    articles: &[Article],
    found: &mut Diagnostics,
) -> Cow<'a, BTreeMap<SitePath, Text>> {
    if !files.is_empty() {
        return Cow::Borrowed(files);
    }
    let names = || articles.iter().flat_map(|article| article.topics.iter().flatten());
    let mut implied: BTreeMap<SitePath, Text> = BTreeMap::new();
    for name in names() {
        let id = TopicId::named(&name.value);
        if id.as_str().is_empty() {
            continue;
        }
        let path = SitePath::new(format!("{TOPICS}/{id}.md"));
        implied.entry(path).or_insert_with_key(|path| {
            let front = format!("+++\ntitle = {}\n+++\n", quoted(&title(&name.value, &id)));
            Text::new(path.clone(), front)
        });
    }
    if let Some(first) = names().next().filter(|_| !implied.is_empty()) {
        let mut list: Vec<String> =
            implied.keys().take(NAMED).map(|path| format!("`{}`", path.stem())).collect();
        if implied.len() > NAMED {
            list.push("…".to_owned());
        }
        let problem = Problem::new(format!(
            "no topic has a file yet, so the topics are those that articles name: {}",
            list.join(", ")
        ));
        let hint = "a file says what a topic is about: see docs/topics.md; with the first one in `content/topics/`, only \
                    topics with a file exist";
        found.push(problem.hint(hint).at(first.span.clone()).as_warning());
    }
    Cow::Owned(implied)
}

/// The title of a topic by the name it has in an article: that name, unless it is a slug.
fn title(name: &str, id: &TopicId) -> String {
    if name != id.as_str() {
        return name.trim().to_owned();
    }
    let words = name.replace('-', " ");
    words.chars().take(1).flat_map(char::to_uppercase).chain(words.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::articles;
    use crate::rights::Origins;

    fn articles(fronts: &[&str]) -> Vec<Article> {
        let file = |(number, front): (usize, &&str)| {
            let path = SitePath::new(format!("content/articles/{number}.md"));
            (path.clone(), Text::new(path, format!("+++\n{front}\n+++\nLeeks.\n")))
        };
        articles::read(&fronts.iter().enumerate().map(file).collect(), &Origins::default()).0
    }

    #[test]
    fn what_articles_name_is_a_topic_until_one_has_a_file() {
        let articles = articles(&[
            "topics = [\"generational-change\", \"Über \\\"uns\\\"\"]",
            "topics = [\"Generational Change\"]",
            "topics = []",
        ]);
        let mut found = Diagnostics::new();
        let none = BTreeMap::new();
        let implied = files(&none, &articles, &mut found);
        let texts: Vec<_> = implied.values().map(Text::read).collect();
        assert_eq!(
            texts,
            ["+++\ntitle = \"Generational change\"\n+++\n", "+++\ntitle = \"Über \\\"uns\\\"\"\n+++\n"]
        );
        assert_eq!(found.sorted().len(), 1);
        assert!(!found.has_errors());
        let one = BTreeMap::from([implied
            .first_key_value()
            .map(|(path, text)| (path.clone(), text.clone()))
            .unwrap()]);
        let mut found = Diagnostics::new();
        assert_eq!(files(&one, &articles, &mut found).len(), 1);
        assert_eq!(found.sorted().len(), 0);
    }
}
