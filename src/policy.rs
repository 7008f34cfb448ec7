//! The policy under which a site's pages work: nothing runs or is fetched but what is the site's own.
//!
//! In: the texts of a theme's templates. Out: a Content-Security-Policy (CSP Level 3) as a header's value. What a template
//! says inline, as it stands, is allowed by its hash; what a seed or an article brings is in no template, and is not.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

/// The policy of pages drawn with some templates.
pub fn policy(templates: impl IntoIterator<Item = impl AsRef<str>> + Clone) -> String {
    let allowed = |tag: &str| {
        let hashes = |text: &str| inline(text, tag).into_iter().map(hash).collect::<Vec<_>>();
        let mut hashes: Vec<String> =
            templates.clone().into_iter().flat_map(|text| hashes(text.as_ref())).collect();
        hashes.sort();
        hashes.dedup();
        hashes.concat()
    };
    format!(
        "default-src 'none'; script-src 'self'{}; style-src 'self'{}; img-src 'self'; font-src 'self'; media-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        allowed("script"),
        allowed("style"),
    )
}

/// A hash as a policy has it, after a space (CSP 3, section 2.3.1).
fn hash(inline: &str) -> String {
    format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(inline)))
}

/// What stands between the tags of a template, where it stands there whole: not what a page's own values are part of.
fn inline<'a>(template: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(begin) = rest.find(&open) {
        rest = &rest[begin + open.len()..];
        let Some(end) = end_of_tag(rest) else { break };
        let (attributes, after) = (&rest[..end], &rest[end + 1..]);
        let Some(length) = after.find(&close) else { break };
        let inside = &after[..length];
        let is_elsewhere = attributes.contains(" src=") || attributes.contains("application/");
        let is_whole = !["{{", "{%", "{#"].iter().any(|begin| inside.contains(begin));
        if !is_elsewhere && is_whole {
            found.push(inside);
        }
        rest = &after[length..];
    }
    found
}

/// Where the `>` of a tag stands that is not inside `{{ }}` or `{% %}`.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let bytes = rest.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1);
        match byte {
            b'{' if matches!(next, Some(b'{' | b'%')) => depth += 1,
            b'%' | b'}' if next == Some(&b'}') => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_template_is_allowed_and_nothing_else() {
        let template = "<script{% if a > b %} data-a=\"{{ c }}\"{% endif %}>one()</script><script src=\"a.js\"></script>\
                        <script>let it = {{ it }}</script><script type=\"application/ld+json\">{}</script><style>b{}</style>";
        assert_eq!(inline(template, "script"), ["one()"]);
        assert_eq!(inline(template, "style"), ["b{}"]);
        let policy = policy([template]);
        // `printf 'one()' | openssl dgst -sha256 -binary | base64`
        assert!(policy.contains("script-src 'self' 'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='; style-src 'self' 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"));
    }

    #[test]
    fn a_template_that_breaks_off_allows_nothing() {
        for template in ["<script", "<script>", "<script>a", "<style {{", "<script>{{ a }}</script>"] {
            assert_eq!(inline(template, "script").len() + inline(template, "style").len(), 0, "{template}");
        }
    }
}
