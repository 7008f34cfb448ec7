//! How much one article may hold. What holds more is a library, or made to exhaust whoever reads it: it is told of, and
//! the other seeds are read.

/// The most words, in bytes: the longest books, whole, have some 5 MB.
const LARGEST: usize = 8 * MB;

/// The most lines that are not empty: each may be a heading or an item, which takes some 2 KB while a site is built. The
/// longest books have a fifth of them.
const MOST_LINES: usize = 500_000;

/// The most marks, all of ASCII's that are no letters, digits or blanks: each may begin an emphasis, a link or a code, which
/// takes some 1 KB. The longest books have a quarter of them.
const MOST_MARKS: usize = 1_000_000;

/// The most tags in a page, opening and closing: each takes some 2 KB while it is read. The longest specifications that
/// stand on one page have fewer.
const MOST_TAGS: usize = 1_000_000;

/// What has more bytes between two blanks is no word, but a picture among the words, written as letters.
const LONGEST_WORD: usize = 1000;

const MB: usize = 1024 * 1024;

/// Whether a text has no more words, marks and lines than one article may; else the reason to refuse it.
pub(super) fn text(text: &str) -> Result<(), String> {
    let (mut bytes, mut marks) = (0, 0);
    for word in text.split_ascii_whitespace().filter(|word| word.len() <= LONGEST_WORD) {
        bytes += word.len() + 1;
        marks += word.bytes().filter(u8::is_ascii_punctuation).count();
    }
    if bytes > LARGEST {
        return Err(too_much(&format!("{} MB of words", LARGEST / MB)));
    }
    if marks > MOST_MARKS {
        return Err(too_much(&format!("{MOST_MARKS} marks")));
    }
    if text.lines().filter(|line| !line.trim().is_empty()).count() > MOST_LINES {
        return Err(too_much(&format!("{MOST_LINES} lines")));
    }
    Ok(())
}

/// Whether a page has no more tags than one article may; else the reason to refuse it.
pub(super) fn page(page: &str) -> Result<(), String> {
    if page.bytes().filter(|&byte| byte == b'<').count() > MOST_TAGS {
        return Err(too_much(&format!("{MOST_TAGS} tags")));
    }
    Ok(())
}

fn too_much(what: &str) -> String {
    format!("it holds more than one article may, {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_article_holds_is_refused() {
        let refused = |what: &str| Err(format!("it holds more than one article may, {what}"));
        assert_eq!(text(&"leeks ".repeat(LARGEST / 6 + 1)), refused("8 MB of words"));
        assert_eq!(text(&"a\n".repeat(MOST_LINES + 1)), refused("500000 lines"));
        assert_eq!(text(&"*a* ".repeat(MOST_MARKS / 2 + 1)), refused("1000000 marks"));
        assert_eq!(text(&"\n \n".repeat(MOST_LINES)), Ok(()), "empty lines are none");
        assert_eq!(text(&"x".repeat(LARGEST + 1)), Ok(()), "a picture written as letters");
        assert_eq!(page(&"<b>".repeat(MOST_TAGS + 1)), refused("1000000 tags"));
        assert_eq!(page(&"b>".repeat(MOST_TAGS + 1)), Ok(()));
    }
}
