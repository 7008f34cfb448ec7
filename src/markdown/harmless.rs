//! What of raw HTML a page may hold, and where its links may lead.
//!
//! In: HTML that holds some from elsewhere. Out: the same without whatever runs, loads from another site or leads to a
//! scheme that is not safe.

use std::collections::BTreeSet;

/// Makes a body that holds raw HTML harmless, keeping what the writer itself put there.
pub(super) fn sanitised(html: &str) -> String {
    ammonia::Builder::default()
        .add_generic_attributes(["id", "class"])
        .add_tag_attributes("div", ["tabindex", "role", "aria-label"])
        .add_tag_attributes("section", ["role", "aria-label"])
        .add_tag_attributes("aside", ["role", "aria-label"])
        .add_tag_attributes("a", ["role", "aria-label"])
        .add_tag_attributes("img", ["loading", "decoding"])
        .add_tag_attributes("li", ["value"])
        .add_tag_attributes("pre", ["tabindex"])
        .add_tag_attributes("input", ["type", "checked", "disabled", "aria-label"])
        .add_tags(["input", "section"])
        .rm_tags(["map", "area", "audio", "video"])
        .attribute_filter(|tag, attribute, value| {
            let loads = matches!(
                (tag, attribute),
                ("img", "src" | "srcset") | ("q" | "blockquote" | "del" | "ins", "cite")
            );
            // Raw HTML may load from this site alone: no scheme, no other host.
            let is_here = !value.contains("//")
                && value.split_once(':').is_none_or(|(name, _)| name.contains(['/', '.']));
            (!loads || is_here).then_some(value.into())
        })
        .url_schemes(safe_schemes())
        .link_rel(None)
        .clean(html)
        .to_string()
}

/// The schemes a link may have; all others, `javascript:` first among them, lead nowhere.
pub fn safe_schemes() -> std::collections::HashSet<&'static str> {
    BTreeSet::from(["http", "https", "mailto", "tel", "ftp", "gemini"]).into_iter().collect()
}
