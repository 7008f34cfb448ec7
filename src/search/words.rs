//! Words as the search sees them: the very same cut from a text here and from a query in the browser.
//!
//! In: a text. Out: its words in order, folded. Nothing in here depends on the language, so that `search.js`
//! can do the same; stems are a matter of the dictionary.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of more UTF-16 units than this, such as long addresses and keys, keep their place and are not found.
pub(super) const LONGEST: usize = 40;

/// Calls `each` with every word of a text; gives how many there were.
///
/// A word is a run of letters, marks and digits. A run of a script written without spaces gives the pair that
/// begins with each of its characters, and the last character alone.
pub(super) fn each_word(text: &str, mut each: impl FnMut(usize, &str)) -> usize {
    let mut lower = String::new();
    let mut index = 0;
    if text.is_ascii() {
        each_ascii(text, &mut lower, &mut index, &mut each);
        return index;
    }
    // What is folded never depends on what stands beyond a blank, and most of a text is ASCII.
    for piece in text.split_ascii_whitespace() {
        if piece.is_ascii() {
            each_ascii(piece, &mut lower, &mut index, &mut each);
        } else {
            each_folded(&folded(piece), &mut index, &mut each);
        }
    }
    index
}

/// What does not distinguish words is taken away: compatibility forms, capitals, and the accents of Latin and
/// Greek letters.
fn folded(text: &str) -> String {
    let lower = text.nfkd().collect::<String>().to_lowercase();
    let mut bare = String::with_capacity(lower.len());
    let mut drops = false;
    for c in lower.chars() {
        match c {
            '\u{300}'..='\u{36f}' if drops => {}
            _ => {
                drops = matches!(c, 'a'..='z' | 'α'..='ω');
                bare.push(c);
            }
        }
    }
    bare.nfc().collect()
}

fn each_ascii(text: &str, lower: &mut String, index: &mut usize, each: &mut impl FnMut(usize, &str)) {
    lower.clear();
    lower.push_str(text);
    lower.make_ascii_lowercase();
    let bytes = lower.as_bytes();
    let mut at = 0;
    while let Some(before) = bytes[at..].iter().position(u8::is_ascii_alphanumeric) {
        let start = at + before;
        let length = bytes[start..].iter().position(|byte| !byte.is_ascii_alphanumeric());
        at = length.map_or(bytes.len(), |length| start + length);
        if at - start <= LONGEST {
            each(*index, &lower[start..at]);
        }
        *index += 1;
    }
}

fn each_folded(text: &str, index: &mut usize, each: &mut impl FnMut(usize, &str)) {
    let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    for run in text.split(|c| !is_letter(c)).filter(|run| !run.is_empty()) {
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let is_paired = is_unspaced(first);
            let end = rest.find(|c| is_unspaced(c) != is_paired).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            rest = after;
            if is_paired {
                let mut starts: Vec<usize> = part.char_indices().map(|(start, _)| start).collect();
                starts.extend([part.len(), part.len()]);
                for place in starts.windows(3) {
                    each(*index, &part[place[0]..place[2]]);
                    *index += 1;
                }
            } else {
                if part.len() <= LONGEST || part.encode_utf16().count() <= LONGEST {
                    each(*index, part);
                }
                *index += 1;
            }
        }
    }
}

/// Whether a character belongs to a script written without spaces between words, or, as Korean, with
/// particles joined to them. `search.js` has the same ranges.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1100}'..='\u{11ff}' // Hangul's letters
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{2e80}'..='\u{2fdf}' // parts of Han characters
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31ff}' // Kana, Bopomofo
        | '\u{3400}'..='\u{9fff}' // Han
        | '\u{ac00}'..='\u{d7af}' // Hangul
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        let count = each_word(text, |index, word| {
            assert_eq!(index, found.len(), "{text}");
            found.push(word.to_owned());
        });
        assert_eq!((found, count), (expected.iter().map(|&word| word.to_owned()).collect(), expected.len()));
    }

    proptest::proptest! {
        #[test]
        fn pieces_are_folded_as_the_whole(text in "[a-zA-Z0-9éÄΣσΑ日本ｶﾞ\\u{300}\\u{301}\\u{345}’.'“_,;\\n\\t \\u{a0}\\u{ad}😀-]{0,40}") {
            let mut found = Vec::new();
            each_word(&text, |index, word| found.push((index, word.to_owned())));
            let mut whole = Vec::new();
            each_folded(&folded(&text), &mut 0, &mut |index, word| whole.push((index, word.to_owned())));
            proptest::prop_assert_eq!(found, whole);
        }
    }

    #[test]
    fn words_are_folded() {
        check("The CIO's 3.5 networks", &["the", "cio", "s", "3", "5", "networks"]);
        check("Café Ÿ ﬁne ΆΛΦΑ Ａ𝐀", &["cafe", "y", "fine", "αλφα", "aa"]);
        check("й ё", &["й", "ё"]);
        check("", &[]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_in_pairs() {
        check("AI技術が", &["ai", "技術", "術が", "が"]);
        check("語", &["語"]);
        check("ｶﾞ", &["ガ"]);
    }

    #[test]
    fn what_is_too_long_keeps_its_place() {
        let long = "x".repeat(LONGEST + 1);
        let mut found = Vec::new();
        assert_eq!(each_word(&format!("a {long} b"), |index, word| found.push((index, word.to_owned()))), 3);
        assert_eq!(found, [(0, "a".to_owned()), (2, "b".to_owned())]);
    }
}
