//! References, as citation managers read them.
//!
//! In: articles. Out: `BibTeX`, or CSL-JSON (the data of the Citation Style Language,
//! <https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html>). What is not known stays absent: a name is
//! not parted into given and family name, and a date is as precise as known.

use serde_json::{Value, json};

use super::{Selection, address};
use crate::Joined;
use crate::articles::Article;

/// The months as `BibTeX` knows them, whatever a style calls them.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The articles as `BibTeX`, in UTF-8, an `@online` each, known by its slug.
pub fn bibtex(joined: &Joined, selection: &Selection<'_>) -> String {
    let entries: Vec<String> = selection.articles.iter().map(|article| entry(joined, article)).collect();
    entries.join("\n")
}

fn entry(joined: &Joined, article: &Article) -> String {
    let mut fields = Vec::new();
    if !article.authors.is_empty() {
        let names: Vec<String> = article.authors.iter().map(|name| author(name)).collect();
        fields.push(("author", format!("{{{}}}", names.join(" and "))));
    }
    // In braces of its own a title keeps its capitals.
    fields.push(("title", format!("{{{{{}}}}}", escaped(&article.title))));
    if let Some(date) = article.date {
        fields.push(("year", format!("{{{:04}}}", date.year())));
        if let Some(month) = date.month().and_then(|month| MONTHS.get(usize::from(month) - 1)) {
            fields.push(("month", (*month).to_owned()));
        }
        if let Some(day) = date.day() {
            fields.push(("day", format!("{{{day}}}")));
        }
    }
    if let Some(site) = &article.source.site {
        fields.push(("organization", format!("{{{}}}", escaped(site))));
    }
    if let Some(address) = address(joined, article) {
        // Verbatim: nothing is escaped in it, so nothing may stand in it that ends it.
        let verbatim =
            address.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C").replace(' ', "%20");
        fields.push(("url", format!("{{{verbatim}}}")));
    }
    let topics = topics(joined, article);
    if !topics.is_empty() {
        fields.push(("keywords", format!("{{{}}}", escaped(&topics.join(", ")))));
    }
    let fields: String = fields.iter().map(|(name, value)| format!(",\n  {name} = {value}")).collect();
    format!("@online{{{}{fields}\n}}\n", article.id)
}

/// A name; in braces of its own where it would be taken for several, or for one the other way round.
fn author(name: &str) -> String {
    let is_one = !name.contains(',') && !name.to_lowercase().split_whitespace().any(|word| word == "and");
    if is_one { escaped(name) } else { format!("{{{}}}", escaped(name)) }
}

/// A text without what steers TeX.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            // BibTeX counts a brace though a backslash stands before it: one alone would end the field.
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '$' | '&' | '%' | '#' | '_' => escaped.extend(['\\', c]),
            c if c.is_whitespace() || c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The articles as CSL-JSON, a `webpage` each.
pub fn csl(joined: &Joined, selection: &Selection<'_>) -> String {
    let items: Vec<Value> = selection.articles.iter().map(|article| item(joined, article)).collect();
    format!("{:#}\n", Value::from(items))
}

fn item(joined: &Joined, article: &Article) -> Value {
    let mut item = json!({ "id": article.id.as_str(), "type": "webpage", "title": article.title });
    let language = article.language.as_deref().unwrap_or(&joined.config.language);
    item["language"] = language.into();
    if !article.authors.is_empty() {
        item["author"] = article.authors.iter().map(|name| json!({ "literal": name })).collect();
    }
    if let Some(date) = article.date {
        let parts: Vec<u16> = [Some(date.year()), date.month().map(u16::from), date.day().map(u16::from)]
            .into_iter()
            .flatten()
            .collect();
        item["issued"] = json!({ "date-parts": [parts] });
    }
    if let Some(site) = &article.source.site {
        item["container-title"] = site.as_str().into();
    }
    if let Some(address) = address(joined, article) {
        item["URL"] = address.into();
    }
    if let Some(summary) = joined.graph.summary(article) {
        item["abstract"] = summary.into();
    }
    let topics = topics(joined, article);
    if !topics.is_empty() {
        item["keyword"] = topics.join(", ").into();
    }
    item
}

/// The titles of an article's topics.
pub(super) fn topics<'a>(joined: &'a Joined, article: &Article) -> Vec<&'a str> {
    let assigned = joined.graph.assignments(&article.id).iter();
    assigned.filter_map(|one| joined.graph.topics.get(&one.topic)).map(|topic| topic.title.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_tex() {
        assert_eq!(
            escaped("50 % of R&D_x \\b ~ ^\n$1 #2"),
            "50 \\% of R\\&D\\_x \\textbackslash{}b \\textasciitilde{} \\textasciicircum{} \\$1 \\#2"
        );
        assert_eq!(
            escaped("}}, note = {a"),
            "\\textbraceright{}\\textbraceright{}, note = \\textbraceleft{}a"
        );
        assert_eq!(author("Ann Lee"), "Ann Lee");
        assert_eq!(author("Lee, Ann"), "{Lee, Ann}");
        assert_eq!(author("Sand and Sons"), "{Sand and Sons}");
        assert_eq!(author("Andrea Sand"), "Andrea Sand");
    }
}
