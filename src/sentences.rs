//! Where sentences end: as Unicode has it (UAX #29), told at once where no mark stands that could end one.
//!
//! In: a text. Out: its sentences, whole, with their places.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a text and where they begin, in bytes; together they are the text.
pub fn sentences_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let end = end_of_first(&text[start..])?;
        let sentence = &text[start..start + end];
        start += end;
        Some((start - end, sentence))
    })
}

/// The sentence that holds a byte of a text; the whole text where none does.
pub fn sentence_at(text: &str, at: usize) -> Range<usize> {
    sentences_of(text)
        .map(|(start, sentence)| start..start + sentence.len())
        .find(|sentence| sentence.contains(&at))
        .unwrap_or(0..text.len())
}

/// The sentence that holds a byte of a text, where an earlier one is known: what stands before that is not read again.
pub fn sentence_from(text: &str, known: &Range<usize>, at: usize) -> Range<usize> {
    if known.contains(&at) {
        return known.clone();
    }
    let start = if known.end <= at { known.end } else { 0 };
    let Some(rest) = text.get(start..) else { return 0..text.len() };
    sentences_of(rest)
        .map(|(at, sentence)| start + at..start + at + sentence.len())
        .find(|sentence| sentence.contains(&at))
        .unwrap_or(0..text.len())
}

/// Where the first sentence of a text ends; `None` of nothing. Before a mark that may end one nothing can end, and from
/// the word on that stands before the mark the rules see all they look at.
fn end_of_first(text: &str) -> Option<usize> {
    let Some((mark, _)) = text.char_indices().find(|(_, c)| may_end(*c)) else {
        return Some(text.len()).filter(|length| *length > 0);
    };
    let word = text[..mark].rfind(' ').map_or(0, |blank| blank + 1);
    text[word..].split_sentence_bounds().next().map(|first| word + first.len())
}

/// Whether a sentence may end at a character: at the marks of all scripts, none of which is a letter.
fn may_end(c: char) -> bool {
    match c {
        '\0'..='\x7f' => matches!(c, '.' | '!' | '?' | '\n' | '\r'),
        '’' | '‘' | '“' | '”' | '–' | '—' => false,
        _ => !c.is_alphabetic(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn sentences_are_those_of_unicode(
            text in "([a-zA-Zé日0-9]{0,3}[.!?…。\u{2028}\u{85}’”\"'(),;:–  \\n\\r\\t\u{301}\u{ad}\u{200d}]{0,4}){0,12}"
        ) {
            let found: Vec<(usize, &str)> = sentences_of(&text).collect();
            proptest::prop_assert_eq!(found, text.split_sentence_bound_indices().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_byte_has_its_sentence() {
        let text = "It opens at 9.30 a.m. sharp. Who comes? All do.";
        assert_eq!(&text[sentence_at(text, 14)], "It opens at 9.30 a.m. sharp. ");
        assert_eq!(&text[sentence_at(text, 30)], "Who comes? ");
        assert_eq!(sentence_at(text, 99), 0..text.len());
        assert_eq!(sentence_at("", 0), 0..0);
        for (known, at) in [(0..0, 14), (0..0, 30), (30..41, 14), (0..14, 35), (0..5, 99)] {
            let known = if known.is_empty() { known } else { sentence_at(text, known.start) };
            assert_eq!(sentence_from(text, &known, at), sentence_at(text, at), "{known:?} {at}");
        }
    }
}
