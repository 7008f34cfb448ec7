//! Code with its words marked by what they are, as classes that the theme colours for light and dark.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// What every class begins with.
const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "hl-" };

/// Highlighting is left away beyond this length, in bytes: grammars can be slow, and nobody reads it all.
const LONGEST: usize = 256 * 1024;

/// Marks up code of a named language; `None` where the language is not known.
pub(super) fn highlight(code: &str, language: &str) -> Option<String> {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    if code.len() > LONGEST || language.is_empty() {
        return None;
    }
    let syntaxes = SYNTAXES.get_or_init(two_face::syntax::extra_newlines);
    let syntax = syntaxes.find_syntax_by_token(language)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, STYLE);
    for line in LinesWithEndings::from(code) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_and_text_is_escaped() {
        let html = highlight("let a = \"<b>\";\n", "rust").unwrap();
        assert!(html.contains("hl-storage") && html.contains("&lt;b&gt;"), "{html}");
        assert_eq!(highlight("x", "no such language"), None);
    }
}
