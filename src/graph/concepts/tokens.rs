//! Tokens: the words of a passage with what an index maker looks at: capitals, sentence starts, what stands between.
//!
//! In: a passage's text. Out: a [`Token`] for each word outside of web addresses.

use std::borrow::Cow;
use std::ops::Range;

use crate::markdown::{Body, Target};
use crate::text::Words;
use crate::words::{Language, about_words, words_of};

/// A word as written.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    /// Its place in the text, in bytes, a possessive ending left out.
    pub(super) range: Range<usize>,
    /// Lower case.
    pub(super) folded: Cow<'a, str>,
    /// How it is written.
    pub(super) shape: Shape,
    /// Whether a capital may be due to its place: it begins a sentence or a quotation, or all words around it
    /// have one.
    pub(super) is_capital_by_place: bool,
    /// Whether a quotation begins with it.
    pub(super) is_quoted: bool,
    /// What stands between it and the token before.
    pub(super) gap: Gap,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `word`
    Lower,
    /// `Word`
    Capital,
    /// `WORD`, `WORDs`
    Caps,
    /// `LinkedIn`, `iPhone`
    Mixed,
    /// `592`, `3rd`
    Number,
}

impl Shape {
    pub(super) fn is_upper(self) -> bool {
        matches!(self, Shape::Capital | Shape::Caps | Shape::Mixed)
    }
}

/// What stands between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// A space.
    Space,
    /// A hyphen.
    Hyphen,
    /// `&` between spaces.
    And,
    /// A space and an opening bracket.
    Bracket,
    /// Anything else: the two do not belong together.
    Apart,
}

/// From this share on of its words with a capital a stretch of text is set in capitals as a title is.
const TITLE_CASED: f64 = 0.7;

/// Titles of persons: what follows one is no sentence start, and they are no part of the name.
pub(super) const HONORIFICS: [&str; 12] =
    ["mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lord", "lady", "dame", "st", "messrs"];

/// The texts of the passages of a body.
pub(super) fn texts(body: &Body) -> Vec<Words<'_>> {
    body.passages.iter().map(|passage| passage.text.read()).collect()
}

/// The tokens of each passage of a body, by their texts. Where a link shows the title of what it leads to, its capitals are
/// a title's.
pub(super) fn passages<'a>(body: &Body, texts: &'a [Words<'_>], language: &Language) -> Vec<Vec<Token<'a>>> {
    let mut passages: Vec<Vec<Token<'_>>> = texts.iter().map(|text| tokens(text, language)).collect();
    for link in body.links.iter().filter(|link| matches!(link.target, Target::Wiki { .. })) {
        let Some(tokens) = passages.get_mut(link.passage) else { continue };
        let first = tokens.partition_point(|token| token.range.start < link.words.start);
        let linked = tokens[first..].iter_mut().take_while(|token| token.range.start < link.words.end);
        linked.for_each(|token| token.is_capital_by_place = true);
    }
    passages
}

/// The tokens of a text.
pub(super) fn tokens<'a>(text: &'a str, language: &Language) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'_>> = Vec::with_capacity(about_words(text));
    let mut cut = Vec::new();
    let hidden = addresses(text);
    let mut hidden = hidden.iter().peekable();
    let mut end = 0;
    for (start, word) in words_of(text) {
        while hidden.next_if(|range| range.end <= start).is_some() {}
        if hidden.peek().is_some_and(|range| range.contains(&start)) {
            continue;
        }
        let (bare, is_possessive) = without_possessive(word);
        let between = if tokens.is_empty() { &text[..start] } else { &text[end..start] };
        let is_after_title = tokens.last().is_some_and(|last: &Token<'_>| {
            between == ". " && (HONORIFICS.contains(&&*last.folded) || last.folded.chars().count() == 1)
        });
        let begins = !is_after_title && begins(&text[..start]);
        if begins {
            cut.push(tokens.len());
        }
        let gap = match between {
            _ if tokens.is_empty() => Gap::Apart,
            " " => Gap::Space,
            ". " if is_after_title => Gap::Space,
            "-" => Gap::Hyphen,
            " & " => Gap::And,
            " (" => Gap::Bracket,
            _ => Gap::Apart,
        };
        let shape = shape(bare);
        // "PCs" is the plural of "PC", however short.
        let singular = bare.strip_suffix('s').filter(|_| shape == Shape::Caps).unwrap_or(bare);
        // Most words stand behind a space.
        let is_quoted = start.checked_sub(1).is_some_and(|before| text.as_bytes()[before] != b' ')
            && text[..start].ends_with(['“', '"', '‘', '\'']);
        tokens.push(Token {
            range: start..start + bare.len(),
            folded: if !singular.is_ascii() {
                Cow::Owned(singular.replace('’', "'").to_lowercase())
            } else if singular.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(singular.to_ascii_lowercase())
            } else {
                Cow::Borrowed(singular)
            },
            shape,
            is_capital_by_place: begins || is_quoted,
            is_quoted,
            gap,
        });
        // After a possessive a new name begins: "Gary Trudeau's Doonesbury".
        end = if is_possessive { start + bare.len() } else { start + word.len() };
    }
    cut.push(tokens.len());
    for pair in cut.windows(2) {
        let end = tokens.get(pair[1]).map_or(text.len(), |next| next.range.start);
        let last = tokens[pair[0]..pair[1]].last().map_or(end, |last| last.range.end);
        // A title has no full stop; a sentence of names alone has.
        if !text[last..end].contains('.') {
            mark_title_cased(&mut tokens[pair[0]..pair[1]], language);
        }
    }
    tokens
}

/// Web addresses, mail addresses, names with `@` or `#`: their words are no words of the text.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    // Most texts have none.
    if !text.bytes().any(|byte| matches!(byte, b'@' | b'\\' | b'/')) && !text.contains("www.") {
        return ranges;
    }
    let mut start = 0;
    for chunk in text.split_inclusive(char::is_whitespace) {
        let is_address = chunk.contains("://")
            || chunk.contains("www.")
            || chunk.contains('@')
            || chunk.contains('\\')
            || (chunk.contains('/') && chunk.contains('.') && !chunk.trim_end().ends_with('.'));
        if is_address {
            ranges.push(start..start + chunk.len());
        }
        start += chunk.len();
    }
    ranges
}

/// Whether what follows begins a sentence, or a stretch of text that may be set as one.
fn begins(before: &str) -> bool {
    // Most words stand behind another one.
    if let [.., last, b' '] = before.as_bytes()
        && (last.is_ascii_alphanumeric() || *last == b',')
    {
        return false;
    }
    let before = before
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '‘' | '(' | '['));
    before.is_empty()
        || before.ends_with(['.', '!', '?', ':', '…', '–', '—', '•', '|'])
        || before.ends_with(" -")
}

fn without_possessive(word: &str) -> (&str, bool) {
    if !word.ends_with(['s', 'S']) {
        return (word, false);
    }
    let bare = ["'s", "’s", "'S", "’S"].iter().find_map(|ending| word.strip_suffix(ending));
    bare.map_or((word, false), |bare| (bare, true))
}

fn shape(word: &str) -> Shape {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) && !word.is_empty() {
        return Shape::Lower;
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return Shape::Number };
    if word.starts_with(|c: char| c.is_numeric()) {
        return Shape::Number;
    }
    let rest: String = letters.collect();
    let upper = rest.chars().filter(|c| c.is_uppercase()).count();
    let is_all = |text: &str| !text.is_empty() && text.chars().all(char::is_uppercase);
    if first.is_uppercase() && (is_all(&rest) || rest.strip_suffix('s').is_some_and(is_all)) {
        Shape::Caps
    } else if upper > 0 && !word.contains(['.', '_']) {
        Shape::Mixed
    } else if first.is_uppercase() {
        Shape::Capital
    } else {
        Shape::Lower
    }
}

/// Where most words of a stretch have a capital, a capital says nothing of any of them.
fn mark_title_cased(tokens: &mut [Token<'_>], language: &Language) {
    let telling: Vec<&Token<'_>> = tokens
        .iter()
        .skip(1)
        .filter(|token| token.shape != Shape::Number && !language.is_stop_word(&token.folded))
        .collect();
    let upper = telling.iter().filter(|token| token.shape.is_upper()).count();
    if telling.len() >= 2 && upper as f64 >= TITLE_CASED * telling.len() as f64 {
        for token in tokens {
            token.is_capital_by_place = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_how_they_are_written() {
        let text =
            "We use LinkedIn, the CIOs’ iPhone and Gary Trudeau's Doonesbury; see www.example.org/Some.";
        let found: Vec<(String, Shape, bool, Gap)> = tokens(text, &Language::of("en"))
            .into_iter()
            .filter(|token| token.shape.is_upper())
            .map(|token| (token.folded.into_owned(), token.shape, token.is_capital_by_place, token.gap))
            .collect();
        let expected = [
            ("we", Shape::Capital, true, Gap::Apart),
            ("linkedin", Shape::Mixed, false, Gap::Space),
            ("cio", Shape::Caps, false, Gap::Space),
            ("iphone", Shape::Mixed, false, Gap::Apart),
            ("gary", Shape::Capital, false, Gap::Space),
            ("trudeau", Shape::Capital, false, Gap::Space),
            ("doonesbury", Shape::Capital, false, Gap::Apart),
        ];
        assert_eq!(found, expected.map(|(word, shape, place, gap)| (word.to_owned(), shape, place, gap)));
    }

    #[test]
    fn capitals_of_a_title_say_nothing() {
        for (text, word, by_place) in [
            ("So Who Leads the Social Media Charge", "media", true),
            ("One of my colleagues Larry Gioia showed me an incredible demo", "gioia", false),
            ("He met Mr. Blair there", "blair", false),
            ("He left. Blair stayed", "blair", true),
        ] {
            let tokens = tokens(text, &Language::of("en"));
            let token = tokens.iter().find(|token| token.folded == word).unwrap();
            assert_eq!(token.is_capital_by_place, by_place, "{text}");
        }
    }
}
