//! An article cut into words once, for everything that counts them.
//!
//! In: the texts of an article. Out: a [`Reading`] of its title and of each passage.

use super::terms::Term;
use crate::meaning;
use crate::sentences::sentences_of;
use crate::text::Words;
use crate::words::{Language, Token};

/// A word, and what it says where it says something: as which term, and how much.
pub(super) struct Word<'a> {
    pub token: Token<'a>,
    pub says: Option<(Term, f64)>,
}

/// A text with its words.
pub(super) struct Reading<'a> {
    pub text: &'a str,
    pub words: Vec<Word<'a>>,
}

/// Reads the texts of an article, in their order.
pub(super) fn read<'a>(texts: &'a [Words<'_>], language: &Language) -> Vec<Reading<'a>> {
    texts.iter().map(|text| Reading::of(text, language)).collect()
}

impl<'a> Reading<'a> {
    fn of(text: &'a str, language: &Language) -> Reading<'a> {
        let word = |token: Token<'a>| {
            let is_number = token.folded.bytes().all(|byte| byte.is_ascii_digit());
            let says = (!is_number && !language.is_stop_word(&token.folded)).then(|| {
                let base = language.base(&token.folded);
                (Term::word(&base), meaning::weight(&base))
            });
            Word { token, says }
        };
        Reading { text, words: language.tokens(text).into_iter().map(word).collect() }
    }

    /// Its sentences, in order, each with its words. One that ends in a letter's or title's full stop goes on in the next.
    pub(super) fn sentences(&self) -> impl Iterator<Item = (&'a str, &[Word<'a>])> {
        let (text, mut start, mut rest) = (self.text, 0, self.words.as_slice());
        let ends = sentences_of(text).filter_map(move |(from, sentence)| {
            let end = from + sentence.len();
            if end < text.len() && is_abbreviated(sentence) {
                return None;
            }
            let whole = &text[std::mem::replace(&mut start, end)..end];
            let (words, others) = rest.split_at(rest.partition_point(|word| word.token.range.start < end));
            rest = others;
            Some((whole.trim(), words))
        });
        ends.filter(|(sentence, _)| !sentence.is_empty())
    }
}

/// Whether the full stop at the end of a piece is that of a letter or of a title before a name: `U.S.`, `J.`, `Mr.`
fn is_abbreviated(piece: &str) -> bool {
    let Some(before) = piece.trim_end().strip_suffix('.') else { return false };
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let letter = last.rsplit('.').next().unwrap_or_default();
    let is_letter = letter.chars().count() == 1 && letter.chars().all(char::is_uppercase);
    is_letter
        || ["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Sen", "Rep", "Gov", "Gen", "No", "vs", "Jr", "Sr"]
            .contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_names_are_no_sentences() {
        for (piece, is_cut) in
            [("The U.S. ", true), ("By Mr. ", true), ("It opens. ", false), ("Plan B. ", true)]
        {
            assert_eq!(is_abbreviated(piece), is_cut, "{piece}");
        }
    }
}
