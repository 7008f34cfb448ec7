//! Formulas: their source in TeX where the page has it.
//!
//! In: an element. Out: the [`Formula`] it shows. What a browser draws of a formula comes to the page in many forms, often
//! twice; its source says all of it once. Where a page has no source, the drawn letters stay.

use super::dom::{Dom, Id, Step};

/// A formula's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formula {
    /// TeX, without dollar signs.
    pub tex: String,
    /// Whether it stands on a line of its own.
    pub is_display: bool,
}

/// So many steps into an element its source is looked for; the drawn form of a long formula has some thousands.
const REACH: usize = 20_000;

/// Classes of elements that hold a formula with its source: `KaTeX`, Wikipedia, `MathJax` 3.
const HOLDERS: [&str; 4] = ["katex-display", "katex", "mwe-math-element", "MathJax"];

/// Classes of pictures whose description is the formula's source.
const PICTURES: [&str; 6] =
    ["mwe-math-fallback-image-inline", "mwe-math-fallback-image-display", "tex", "latex", "math", "mathtex"];

/// The formula that an element shows.
pub(super) fn of(dom: &Dom, id: Id) -> Option<Formula> {
    let name = dom.name(id);
    let classes = dom.attribute(id, "class").unwrap_or_default();
    let has = |known: &[&str]| classes.split_ascii_whitespace().any(|class| known.contains(&class));
    match name {
        "math" => source(dom, id),
        "script" => {
            let kind = dom.attribute(id, "type")?.trim();
            let mode = kind.strip_prefix("math/tex")?;
            formula(&dom.text(id), mode.contains("display"))
        }
        "img" if has(&PICTURES) => formula(dom.attribute(id, "alt")?, classes.contains("image-display")),
        "mjx-container" => source(dom, id),
        "span" | "div" if has(&HOLDERS) => {
            let found = source(dom, id)?;
            Some(Formula { is_display: found.is_display || has(&["katex-display"]), ..found })
        }
        _ => None,
    }
}

/// Whether an element is what `MathJax` 2 drew of a formula whose source follows in a script.
pub(super) fn is_drawn(dom: &Dom, id: Id) -> bool {
    /// Elements drawn of one formula: a preview, the drawing, its form for screen readers.
    const DRAWN: usize = 4;
    let is_its = dom
        .attribute(id, "class")
        .is_some_and(|classes| classes.split_ascii_whitespace().any(|class| class.starts_with("MathJax")));
    is_its
        && dom.siblings_after(id).filter(|id| !dom.name(*id).is_empty()).take(DRAWN).any(|id| {
            dom.name(id) == "script"
                && dom.attribute(id, "type").is_some_and(|kind| kind.trim().starts_with("math/tex"))
        })
}

/// The source that stands in an element: an annotation of its `MathML`, or an attribute.
fn source(dom: &Dom, id: Id) -> Option<Formula> {
    let mut is_display = false;
    let mut said = None;
    for step in dom.walk(id).take(REACH) {
        let Step::In(id) = step else { continue };
        match dom.name(id) {
            "" => continue,
            "math" => {
                is_display |= dom.attribute(id, "display") == Some("block");
                said = said.or_else(|| dom.attribute(id, "alttext").map(str::to_owned));
            }
            "mjx-container" => is_display |= dom.attribute(id, "display") == Some("true"),
            "annotation" => {
                let encoding = dom.attribute(id, "encoding").unwrap_or_default().to_ascii_lowercase();
                if encoding.contains("tex") {
                    return formula(&dom.text(id), is_display);
                }
            }
            _ => {}
        }
        said = said.or_else(|| dom.attribute(id, "data-latex").map(str::to_owned));
    }
    formula(&said?, is_display)
}

fn formula(tex: &str, is_display: bool) -> Option<Formula> {
    let tex = tex.trim();
    let tex = tex.strip_prefix("<![CDATA[").and_then(|tex| tex.strip_suffix("]]>")).unwrap_or(tex);
    // "% <![CDATA[" and "%]]>" hide the source from old parsers of XHTML.
    let tex = tex.trim_start_matches("% <![CDATA[").trim_end_matches("%]]>").trim();
    // Wikipedia writes all of its formulas as "{\displaystyle ...}".
    let inner = tex.strip_prefix("{\\displaystyle").or_else(|| tex.strip_prefix("{\\textstyle"));
    let tex = inner.and_then(|inner| inner.strip_suffix('}')).unwrap_or(tex).trim();
    let tex = ["$$", "$"].iter().find_map(|mark| tex.strip_prefix(mark)?.strip_suffix(mark)).unwrap_or(tex);
    let tex = tex.trim().to_owned();
    (!tex.is_empty()).then_some(Formula { tex, is_display })
}

#[cfg(test)]
mod tests {
    use super::super::dom;
    use super::*;

    #[test]
    fn sources_are_found_in_every_form() {
        let check = |html: &str, expected: Option<(&str, bool)>| {
            let dom = dom::parse(html);
            let found = (0..dom.len()).find_map(|id| of(&dom, id));
            assert_eq!(found.as_ref().map(|one| (one.tex.as_str(), one.is_display)), expected, "{html}");
        };
        check(
            "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></semantics></math>",
            Some(("x_1", false)),
        );
        check(
            "<math display=block alttext='{\\displaystyle a^{2}}'><mi>a</mi></math>",
            Some(("a^{2}", true)),
        );
        check(
            "<span class=katex-display><span class=katex><span class=katex-mathml><math><semantics><mi>y</mi>\
             <annotation encoding='application/x-tex'>y</annotation></semantics></math></span><span class=katex-html>y</span>",
            Some(("y", true)),
        );
        check("<script type='math/tex; mode=display'>\\int x</script>", Some(("\\int x", true)));
        check("<mjx-container><mjx-math data-latex='z^3'></mjx-math></mjx-container>", Some(("z^3", false)));
        check("<img class=latex alt='$e=mc^2$'>", Some(("e=mc^2", false)));
        check("<math><mi>x</mi></math>", None);
        check("<img class=photo alt=leek>", None);
    }
}
