//! Articles that the curator said are one: `duplicate_of` folds one into the other.

use std::collections::BTreeMap;

use super::{Article, ArticleId, Source};
use crate::address::slug;
use crate::diagnostic::{Diagnostics, Problem};
use crate::path::SitePath;
use crate::text::Span;

/// An article that was folded into another: its address and its names lead there.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// What identified it.
    pub id: ArticleId,
    /// Its file.
    pub path: SitePath,
    /// Its title.
    pub title: String,
    /// Where it came from.
    pub source: Source,
    /// Where the curator said so.
    pub span: Span,
}

/// Folds every article with a `duplicate_of` into the one it names, over any number of steps. A name that no
/// article has, and articles that name each other in a ring, are errors.
pub(super) fn fold(articles: &mut BTreeMap<ArticleId, Article>, found: &mut Diagnostics) {
    let mut folded: Vec<(ArticleId, ArticleId)> = Vec::new();
    for article in articles.values() {
        let Some(named) = article.duplicate_of.as_ref().filter(|named| !named.value.is_empty()) else {
            continue;
        };
        let mut seen = vec![&article.id];
        let mut next = Some(named);
        while let Some(named) = next {
            let Some(other) = articles.get(&ArticleId(slug(&named.value).into())) else {
                let ids = articles.keys().map(ArticleId::as_str);
                let problem = Problem::new(format!("there is no article `{}`", named.value));
                found.push(
                    problem
                        .did_you_mean(&named.value, ids)
                        .hint("`duplicate_of` takes the name of the other article's file, without `.md`")
                        .at(named.span.clone()),
                );
                break;
            };
            if seen.contains(&&other.id) {
                let problem =
                    Problem::new("an article cannot be a duplicate of itself, not by way of others either");
                found.push(
                    problem.hint("take the `duplicate_of` out of the one to keep").at(named.span.clone()),
                );
                break;
            }
            seen.push(&other.id);
            next = other.duplicate_of.as_ref().filter(|named| !named.value.is_empty());
            if next.is_none() {
                folded.push((article.id.clone(), other.id.clone()));
            }
        }
    }
    for (id, into) in folded {
        let Some(article) = articles.remove(&id) else { continue };
        let Some(kept) = articles.get_mut(&into) else { continue };
        kept.duplicates.push(Duplicate {
            path: article.path().clone(),
            span: article.duplicate_of.as_ref().map_or_else(|| article.span(), |named| named.span.clone()),
            id,
            title: article.title,
            source: article.source,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::read;
    use crate::path::SitePath;
    use crate::rights::Origins;
    use crate::text::Text;

    /// The articles that are left with those folded into them, and what was found.
    fn folded(typed: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let file = |(name, of): &(&str, &str)| {
            let text = format!("+++\ntitle = \"{name}\"\nduplicate_of = \"{of}\"\n+++\n\nText.\n");
            Text::new(SitePath::new(format!("content/articles/{name}.md")), text)
        };
        let files: BTreeMap<SitePath, Text> =
            typed.iter().map(file).map(|text| (text.path().clone(), text)).collect();
        let (articles, found) = read(&files, &Origins::default());
        let left = articles.iter().map(|one| {
            let duplicates: Vec<&str> = one.duplicates.iter().map(|other| other.id.as_str()).collect();
            format!("{}: {}", one.id, duplicates.join(" "))
        });
        (left.collect(), found.sorted().iter().map(|one| one.in_short()).collect())
    }

    #[test]
    fn duplicates_are_folded_over_any_number_of_steps() {
        let (left, found) = folded(&[("a", "b"), ("b", "c"), ("c", ""), ("d", "")]);
        assert_eq!(found, [""; 0]);
        assert_eq!(left, ["c: a b", "d: "]);
    }

    #[test]
    fn a_duplicate_of_nothing_or_of_itself_is_an_error() {
        let (left, found) = folded(&[("on-leeks", "of-leeks"), ("a", "b"), ("b", "a")]);
        assert_eq!(left, ["a: ", "b: ", "on-leeks: "]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("content/articles/a.md:3:16: error: an article cannot be"), "{found:?}");
        assert!(found[2].starts_with("content/articles/on-leeks.md:3:16: error: there is no article `of-leeks` (did you mean `on-leeks`?)"), "{found:?}");
    }
}
