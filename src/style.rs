//! Style sheets as browsers get them: short, and with the files they name under the names those are published by.
//!
//! In: a style sheet as people write it. Out: the same to every browser, without comments and without the spaces that mean
//! nothing. It is cut into tokens as the standard says (CSS Syntax Level 3, section 4) and only the spaces between two tokens
//! that need none go, so that what a `+` inside `calc()` or a space between selectors says is left alone.

use cssparser::{BasicParseError, ParseError, Parser, Token};

/// A style sheet, shorter, with every `url(...)` and `@import` named as `rename` says where it says something. What is open at
/// its end is closed; one with more blocks within each other than the parser takes (some hundred) stays as it is.
pub fn shortened(style: &str, rename: &dyn Fn(&str) -> Option<String>) -> String {
    let mut short = Short { text: String::with_capacity(style.len()), space: false, rename };
    match short.block(&mut Parser::new(style), Within::Block) {
        Ok(()) => short.text,
        Err(_) => style.to_owned(),
    }
}

/// What tokens stand in: of a string there, whether it is an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Block,
    Address,
}

/// A style sheet so far.
struct Short<'r> {
    text: String,
    /// Whether a space stands before what comes next.
    space: bool,
    rename: &'r dyn Fn(&str) -> Option<String>,
}

impl Short<'_> {
    /// Goes on with all tokens up to the end of a block.
    fn block(&mut self, parser: &mut Parser<'_>, within: Within) -> Result<(), ParseError<()>> {
        let mut is_import = false;
        loop {
            let start = parser.position();
            let token = match parser.next_including_whitespace_and_comments() {
                Ok(token) => token.clone(),
                Err(BasicParseError { .. }) => return Ok(()),
            };
            let written = parser.slice_from(start);
            match &token {
                Token::WhiteSpace(_) => self.space = true,
                // A comment parts two tokens as a space does not: `a/**/b`.
                Token::Comment(_) if self.space || self.ends_with_a_mark() => {}
                Token::Comment(_) => self.put("/**/"),
                Token::UnquotedUrl(address) => match (self.rename)(address) {
                    Some(name) => self.put(&format!("url({name})")),
                    None => self.put(written),
                },
                Token::QuotedString(address) if within == Within::Address || is_import => {
                    match (self.rename)(address) {
                        Some(name) => self.put(&format!("\"{name}\"")),
                        None => self.put(written),
                    }
                }
                _ => self.put(written),
            }
            match &token {
                Token::AtKeyword(name) => is_import = name.eq_ignore_ascii_case("import"),
                Token::Semicolon => is_import = false,
                _ => {}
            }
            let closing = match &token {
                Token::CurlyBracketBlock => '}',
                Token::SquareBracketBlock => ']',
                Token::Function(_) | Token::ParenthesisBlock => ')',
                _ => continue,
            };
            let is_address = matches!(&token, Token::Function(name) if name.eq_ignore_ascii_case("url"));
            let inside = if is_address { Within::Address } else { Within::Block };
            parser.parse_nested_block(|parser| self.block(parser, inside))?;
            self.put(closing.encode_utf8(&mut [0; 4]));
        }
    }

    /// Adds what is written for a token, and the space before it where it means something.
    fn put(&mut self, written: &str) {
        let ends_alone = |c: char| matches!(c, '{' | '}' | ';' | ',' | ')' | ']');
        if written == "}" && self.text.ends_with(';') {
            self.text.pop();
        }
        let is_needed = !self.ends_with_a_mark() && !written.starts_with(ends_alone);
        if std::mem::take(&mut self.space) && is_needed {
            self.text.push(' ');
        }
        self.text.push_str(written);
    }

    /// Whether nothing that comes next could run into what is there. No selector has a space behind a colon.
    fn ends_with_a_mark(&self) -> bool {
        self.text.is_empty() || self.text.ends_with(['{', '}', ';', ',', '(', '[', ':'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(style: &str) -> String {
        shortened(style, &|_| None)
    }

    #[test]
    fn spaces_go_only_where_they_mean_nothing() {
        assert_eq!(
            short(
                "/* The page. */\nh1 , h2 > a :hover {\n  width : calc(1rem + 2px) ;\n  margin: -1px auto ;\n}\n"
            ),
            "h1,h2 > a :hover{width :calc(1rem + 2px);margin:-1px auto}"
        );
        assert_eq!(
            short("@media screen and (width >= 40rem) { a { b: c } }"),
            "@media screen and (width >= 40rem){a{b:c}}"
        );
        assert_eq!(short("a[href = 'x y'] , b { c: \"a  b\" }"), "a[href = 'x y'],b{c:\"a  b\"}");
        assert_eq!(short("a/* x */b{}a /* x */ b{}"), "a/**/b{}a b{}");
        assert_eq!(short("a { font: 1em / 2 x , y ; --z: { } }"), "a{font:1em / 2 x,y;--z:{}}");
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let once = short(include_str!("../themes/default/static/style.css"));
        assert_eq!(short(&once), once);
        assert!(!once.contains("/*") && once.contains("1.3rem + 2.4vw"), "{once}");
    }

    #[test]
    fn named_files_get_their_names() {
        let rename = |name: &str| (name == "a.woff2").then(|| "a.12.woff2".to_owned());
        let style = "@import 'a.woff2';@font-face { src: url( a.woff2 ) , url('a.woff2') format(\"a.woff2\"), url(b.woff2) }";
        assert_eq!(
            shortened(style, &rename),
            "@import \"a.12.woff2\";@font-face{src:url(a.12.woff2),url(\"a.12.woff2\") format(\"a.woff2\"),url(b.woff2)}"
        );
    }

    #[test]
    fn broken_ones_end_somewhere() {
        for style in
            ["a{", "a{b:url(", "\"", "a{b:'x\n}c{}", "}}}", "@", "/*", "url(a b)", "\\", "a{{{{[[[((("]
        {
            let _any = short(style);
        }
        assert_eq!(short("a{b:c"), "a{b:c}");
        let deep = "(".repeat(100_000);
        assert_eq!(short(&deep), deep);
    }
}
