//! HTML as XML, as books have it.
//!
//! In: the HTML of a text. Out: the same as well-formed XHTML, with those elements and attributes alone that EPUB 3
//! knows; of others the content stays.

use html5ever::{QualName, ns};
use url::Url;

use crate::import::html::dom::{Dom, ROOT, Step, What, parse};
use crate::markdown::escaped;

/// The elements that a text may have in a book; what stands in others stays.
const ELEMENTS: &str = "a abbr aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div \
    dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt \
    ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time \
    tr u ul var wbr";

/// The attributes that mean something in a book.
const ATTRIBUTES: &str = "alt aria-label class colspan datetime dir headers href id lang reversed role rowspan scope \
    span src start title value";

/// Writes HTML as XHTML. `is_in_book` says whether a file is one of the book's: what else a relative address may mean
/// is not there. `has_formula` is set where there is a formula in it.
pub(super) fn xhtml(html: &str, is_in_book: &dyn Fn(&str) -> bool, has_formula: &mut bool) -> String {
    let leads = |address: &str| match address.split_once('#') {
        Some(("", place)) => html.contains(&format!("id=\"{}\"", escaped(place))),
        Some((file, _)) if is_in_book(file) => true,
        Some(_) | None => is_in_book(address) || Url::parse(address).is_ok(),
    };
    let dom = parse(html);
    let mut xhtml = String::with_capacity(html.len());
    // What an element ends with, for all that are open.
    let mut ends: Vec<String> = Vec::new();
    for step in dom.walk(ROOT) {
        match step {
            Step::In(id) => ends.push(match dom.what(id) {
                What::Element(name, _) => {
                    *has_formula |= name.ns == ns!(mathml);
                    begin(&dom, id, name, &leads, &mut xhtml)
                }
                What::Text(text) => {
                    let is_seen = !dom
                        .parent(id)
                        .is_some_and(|parent| matches!(dom.name(parent), "title" | "style" | "script"));
                    if is_seen {
                        xhtml.push_str(&legal(text));
                    }
                    String::new()
                }
                What::Document | What::Comment(_) => String::new(),
            }),
            Step::Out(_) => xhtml.push_str(&ends.pop().unwrap_or_default()),
        }
    }
    xhtml
}

/// Writes what an element begins with, and says what it ends with.
fn begin(dom: &Dom, id: usize, name: &QualName, leads: &dyn Fn(&str) -> bool, xhtml: &mut String) -> String {
    let local = &*name.local;
    if name.ns == ns!(html) && local == "input" {
        let is_done = dom.attribute(id, "checked").is_some();
        xhtml.push(if is_done { '☑' } else { '☐' });
        return String::new();
    }
    let is_formula = name.ns == ns!(mathml);
    let is_known =
        is_formula || (name.ns == ns!(html) && ELEMENTS.split_whitespace().any(|known| known == local));
    // Of a picture that has no address the description is left.
    let is_lost =
        local == "img" && !dom.attribute(id, "src").is_some_and(|src| !src.contains(':') && leads(src));
    if is_lost {
        xhtml.push_str(&legal(dom.attribute(id, "alt").unwrap_or_default()));
    }
    if !is_known || is_lost {
        return String::new();
    }
    xhtml.push('<');
    xhtml.push_str(local);
    if is_formula && local == "math" {
        xhtml.push_str(" xmlns=\"http://www.w3.org/1998/Math/MathML\"");
    }
    if let What::Element(_, attributes) = dom.what(id) {
        for attribute in attributes {
            let key = &*attribute.name.local;
            let is_size =
                local == "img" && matches!(key, "width" | "height") && attribute.value.parse::<u32>().is_ok();
            let is_formulas = is_formula && is_of_formula(local, key);
            if key == "href" && !leads(&attribute.value) {
                continue;
            }
            if is_size || is_formulas || ATTRIBUTES.split_whitespace().any(|known| known == key) {
                xhtml.push_str(&format!(" {key}=\"{}\"", legal(&attribute.value)));
                if key == "lang" {
                    xhtml.push_str(&format!(" xml:lang=\"{}\"", legal(&attribute.value)));
                }
            }
        }
        if local == "img" && dom.attribute(id, "alt").is_none() {
            xhtml.push_str(" alt=\"\"");
        }
    }
    if matches!(local, "br" | "hr" | "img" | "col" | "wbr") {
        xhtml.push_str("/>");
        return String::new();
    }
    xhtml.push('>');
    format!("</{local}>")
}

/// Whether an attribute means something to a formula's element, as books know them (`MathML` 3; browsers go by `MathML`
/// Core, in which any element may say how large it is).
fn is_of_formula(element: &str, attribute: &str) -> bool {
    match attribute {
        "xmlns" => false,
        "scriptlevel" => element == "mstyle",
        "displaystyle" => matches!(element, "mstyle" | "mtable" | "math"),
        other => !other.contains(':') && !other.starts_with("on"),
    }
}

/// A text as XML has it: escaped, and without the characters that XML 1.0 cannot hold (section 2.2).
pub(super) fn legal(text: &str) -> String {
    let is_legal = |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    escaped(&text.chars().filter(is_legal).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_xml() {
        let check = |html: &str, expected: &str| {
            assert_eq!(xhtml(html, &|file| file == "x.png", &mut false), expected);
        };
        check(
            "<p>a<br>b & c &lt; d\u{1}<img src=x.png loading=lazy>",
            "<p>a<br/>b &amp; c &lt; d<img src=\"x.png\" alt=\"\"/></p>",
        );
        check("<p><font color=red>a <big>b</big></font>", "<p>a b</p>");
        check("<ul><li><input type=checkbox checked disabled> done</ul>", "<ul><li>☑ done</li></ul>");
        check("<script>alert(1)</script><p onclick=x lang=de>a</p>", "<p lang=\"de\" xml:lang=\"de\">a</p>");
        check(
            "<a href=x>a</a> <a href=#b>b</a> <i id=\"b\">c</i><img src=y.png alt=d>",
            "<a>a</a> <a href=\"#b\">b</a> <i id=\"b\">c</i>d",
        );
        let mut has_formula = false;
        let formula = xhtml("<math display=\"block\"><mi>x</mi></math>", &|_| false, &mut has_formula);
        assert_eq!(
            formula,
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\"><mi>x</mi></math>"
        );
        assert!(has_formula);
    }
}
