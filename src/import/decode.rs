//! Bytes of a seed to text.
//!
//! In: bytes of unknown encoding. Out: text with `\n` line ends, the encoding it was read in, and what had to be
//! repaired; or why it is no text.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::mojibake::{ends_word, mend};
use super::repair::{Repair, RepairKind};

/// A seed's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, lines ending in `\n`.
    pub text: String,
    /// The encoding's name after the WHATWG Encoding Standard, or `UTF-32LE` or `UTF-32BE`.
    pub encoding: &'static str,
    /// What was repaired on the way, in order.
    pub repairs: Vec<Repair>,
}

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// There is nothing, or nothing but white space.
    #[error("is empty")]
    Empty,
    /// It is a picture, a program or the like.
    #[error("is not text but binary data")]
    Binary,
}

/// How bytes spell a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// In one encoding from start to end.
    In(&'static Encoding),
    /// In UTF-8, but for single letters in Windows-1252.
    Mixed,
    /// Four bytes a character, the lowest first or last.
    Four { lowest_first: bool },
}

/// More control characters than this share of a text, and it is none.
const MOST_CONTROL: f64 = 0.05;

/// Bytes are UTF-8 with strays among them where this many times as many letters are UTF-8 as are not. Legacy encodings of
/// Asia make one in ten pairs of bytes look like UTF-8, Thai up to one in two. Guessed.
const MOSTLY: usize = 2;

/// Reads bytes as text: by the byte order mark, else as UTF-8 where that is valid, else as UTF-32 or UTF-16 where the bytes
/// that must be zero are, else as UTF-8 with strays where most of it is, else as the detector guesses.
pub fn decode(bytes: &[u8]) -> Result<Decoded, NotText> {
    decode_as(bytes, spelling_of(bytes))
}

/// Reads the bytes of a web page: as [`decode`] does, but where they are no UTF-8 the word of what the page came
/// in (`label`), else the page's own word for its encoding counts before any guess.
pub fn decode_html(bytes: &[u8], label: Option<&str>) -> Result<Decoded, NotText> {
    let spelling = spelling_of(bytes);
    let is_certain = Encoding::for_bom(bytes).is_some()
        || !matches!(spelling, Spelling::In(encoding) if ![UTF_8, UTF_16LE, UTF_16BE].contains(&encoding));
    let said = || label.and_then(|label| Encoding::for_label(label.as_bytes())).or_else(|| declared(bytes));
    // A page may say UTF-8 and be none.
    match said().filter(|said| !is_certain && *said != UTF_8) {
        Some(said) => decode_as(bytes, Spelling::In(said)),
        None => decode_as(bytes, spelling),
    }
}

/// How far into a page its encoding is looked for, in bytes (HTML Living Standard, 13.2.3.2).
const PRESCAN: usize = 1024;

/// The encoding a page says it is in: the first `charset=` in a `meta` element.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    let meta = &start[start.find("<meta")?..];
    let label = meta[meta.find("charset")? + "charset".len()..].trim_start().strip_prefix('=')?.trim_start();
    let label: String = label
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_alphanumeric() || "-_:".contains(*c))
        .collect();
    Encoding::for_label(label.as_bytes())
}

fn decode_as(bytes: &[u8], spelling: Spelling) -> Result<Decoded, NotText> {
    let (text, encoding, had_errors, mut repairs) = match spelling {
        Spelling::In(encoding) => {
            let (text, encoding, had_errors) = encoding.decode(bytes);
            (text, encoding.name(), had_errors, Vec::new())
        }
        Spelling::Mixed => {
            let (text, repairs) = mixed(bytes);
            (Cow::Owned(text), UTF_8.name(), true, repairs)
        }
        Spelling::Four { lowest_first } => {
            let name = if lowest_first { "UTF-32LE" } else { "UTF-32BE" };
            (Cow::Owned(four(bytes, lowest_first).collect()), name, true, Vec::new())
        }
    };
    let (mut all, mut doubtful) = (0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        let is_lost = had_errors && c == '\u{fffd}';
        doubtful += usize::from(is_lost || (c.is_control() && !c.is_whitespace()));
    }
    if doubtful as f64 > MOST_CONTROL * all as f64 {
        return Err(NotText::Binary);
    }
    let text = without(text.into_owned(), '\r', |text| text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut text = without(text, '\0', |text| text.replace('\0', ""));
    if let Some(mended) = mend(&text) {
        text = mended.text;
        repairs.extend(mended.repairs);
        repairs.sort_by_key(|repair| repair.line);
    }
    // Last, since what was garbled may turn out to be a space.
    if text.trim().is_empty() {
        return Err(NotText::Empty);
    }
    Ok(Decoded { text, encoding, repairs })
}

/// A text rid of what it seldom has: only then it is copied.
fn without(text: String, what: char, rid: impl Fn(&str) -> String) -> String {
    if text.contains(what) { rid(&text) } else { text }
}

fn spelling_of(bytes: &[u8]) -> Spelling {
    // The mark of UTF-32 starts with that of UTF-16.
    let has_four = |start: &[u8]| bytes.starts_with(start) && bytes.len().is_multiple_of(4);
    if has_four(b"\xff\xfe\0\0") {
        return Spelling::Four { lowest_first: true };
    }
    if has_four(b"\0\0\xfe\xff") {
        return Spelling::Four { lowest_first: false };
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let is_broken = encoding == UTF_8 && std::str::from_utf8(bytes).is_err();
        return if is_broken && is_mostly_utf8(bytes) { Spelling::Mixed } else { Spelling::In(encoding) };
    }
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    if is_utf8 && !bytes.contains(&0) {
        return Spelling::In(UTF_8);
    }
    for lowest_first in [true, false] {
        if is_four(bytes, lowest_first) {
            return Spelling::Four { lowest_first };
        }
    }
    // Letters of most scripts leave one byte of two zero, always the same one.
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd > bytes.len() / 4 && even < odd / 4 {
        return Spelling::In(UTF_16LE);
    }
    if even > bytes.len() / 4 && odd < even / 4 {
        return Spelling::In(UTF_16BE);
    }
    if is_utf8 {
        return Spelling::In(UTF_8);
    }
    if is_mostly_utf8(bytes) {
        return Spelling::Mixed;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    Spelling::In(detector.guess(None, Utf8Detection::Allow))
}

/// Fewer characters of four bytes without a mark may be numbers.
const FEWEST_FOUR: usize = 8;

/// Whether bytes are characters of four bytes: each is one, and hardly any is a control.
fn is_four(bytes: &[u8], lowest_first: bool) -> bool {
    if bytes.len() < 4 * FEWEST_FOUR || !bytes.len().is_multiple_of(4) {
        return false;
    }
    let mut units = bytes.as_chunks::<4>().0.iter();
    let is_text = |c: char| !c.is_control() || c.is_whitespace();
    let mut controls = 0;
    let are_characters = units.all(|unit| {
        let c = character(*unit, lowest_first);
        controls += usize::from(c.is_some_and(|c| !is_text(c)));
        c.is_some()
    });
    are_characters && controls as f64 <= MOST_CONTROL * (bytes.len() / 4) as f64
}

fn character(unit: [u8; 4], lowest_first: bool) -> Option<char> {
    char::from_u32(if lowest_first { u32::from_le_bytes(unit) } else { u32::from_be_bytes(unit) })
}

/// The characters of four bytes each, without a byte order mark.
fn four(bytes: &[u8], lowest_first: bool) -> impl Iterator<Item = char> {
    let units = bytes.as_chunks::<4>().0.iter();
    let all = units.map(move |unit| character(*unit, lowest_first).unwrap_or('\u{fffd}'));
    all.enumerate().filter(|(index, c)| *index > 0 || *c != '\u{feff}').map(|(_, c)| c)
}

/// Whether bytes are UTF-8 but for strays.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut strays) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        strays += usize::from(!chunk.invalid().is_empty());
    }
    letters >= MOSTLY * strays
}

/// Reads UTF-8 with strays, which are letters of Windows-1252; a character cut off at the end is lost.
fn mixed(bytes: &[u8]) -> (String, Vec<Repair>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    // Where strays stand in the text, with what the bytes are.
    let mut strays: Vec<(std::ops::Range<usize>, &[u8])> = Vec::new();
    let mut read = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        read += chunk.valid().len() + chunk.invalid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        let start = text.len();
        let is_cut = read == bytes.len() && chunk.invalid().len() > 1;
        if is_cut {
            text.push('\u{fffd}');
        } else {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
        strays.push((start..text.len(), chunk.invalid()));
    }
    let repairs = strays_mended(&text, &strays);
    (text, repairs)
}

/// The words with strays, with the bytes as they stand in the seed and as they were read.
fn strays_mended(text: &str, strays: &[(std::ops::Range<usize>, &[u8])]) -> Vec<Repair> {
    let mut repairs = Vec::with_capacity(strays.len());
    let (mut line, mut counted) = (1, 0);
    let mut strays = strays.iter().peekable();
    while let Some((place, bytes)) = strays.next() {
        // Line ends may be of either kind, and become one.
        let ends = text[counted..place.start].replace("\r\n", "\n");
        line += ends.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        counted = place.start;
        let word = super::mojibake::word_around(text, place);
        let mut before = text[word.start..place.start].to_owned();
        push_bytes(&mut before, bytes);
        let mut at = place.end;
        while let Some((place, bytes)) = strays.next_if(|(place, _)| place.start < word.end) {
            before.push_str(&text[at..place.start]);
            push_bytes(&mut before, bytes);
            at = place.end;
        }
        before.push_str(&text[at..word.end]);
        repairs.push(Repair { line, before, after: text[word].to_owned(), kind: RepairKind::StrayByte });
    }
    repairs
}

/// Bytes as they are written where they are no letters: `\xE9`.
fn push_bytes(text: &mut String, bytes: &[u8]) {
    text.extend(bytes.iter().map(|byte| format!("\\x{byte:02X}")));
}

/// The repairs of a web page's source that the text it shows has, by the lines of that text.
pub(super) fn shown(repairs: Vec<Repair>, text: &str) -> Vec<Repair> {
    if repairs.is_empty() {
        return repairs;
    }
    let mut lines: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (index, line) in text.split('\n').enumerate() {
        for word in line.split(ends_word) {
            lines.entry(word).or_default().push_back(index + 1);
        }
    }
    let mut shown: Vec<Repair> = Vec::new();
    for repair in repairs {
        if let Some(line) = lines.get_mut(repair.after.as_str()).and_then(VecDeque::pop_front) {
            shown.push(Repair { line, ..repair });
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised() {
        let utf16: Vec<u8> = "Plain words, more words".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text, encoding) in [
            (&b"plain\r\nwords\r"[..], "plain\nwords\n", "UTF-8"),
            (b"\xef\xbb\xbfmarked", "marked", "UTF-8"),
            (b"caf\xe9 au lait, d\xe9j\xe0 vu, na\xefve", "café au lait, déjà vu, naïve", "windows-1252"),
            (&utf16, "Plain words, more words", "UTF-16LE"),
            (
                b"one nul \0 in some text that is long enough",
                "one nul  in some text that is long enough",
                "UTF-8",
            ),
        ] {
            assert_eq!(decode(bytes), Ok(Decoded { text: text.to_owned(), encoding, repairs: Vec::new() }));
        }
    }

    #[test]
    fn a_page_says_its_encoding() {
        let page =
            b"<meta http-equiv=Content-Type content=\"text/html; charset=iso-8859-2\"><p>\xa9koda, \xbeena";
        assert_eq!(decode_html(page, None).unwrap().encoding, "ISO-8859-2");
        assert!(decode_html(page, None).unwrap().text.ends_with("<p>Škoda, žena"));
        assert_eq!(decode_html("<meta charset=latin1><p>é".as_bytes(), None).unwrap().encoding, "UTF-8");
    }

    #[test]
    fn four_bytes_a_character_are_read() {
        let text = "Leeks, naïve 日本語 😀\nand more";
        for (name, spell) in [
            ("UTF-32LE", u32::to_le_bytes as fn(u32) -> [u8; 4]),
            ("UTF-32BE", u32::to_be_bytes as fn(u32) -> [u8; 4]),
        ] {
            for marked in ["\u{feff}", ""] {
                let bytes: Vec<u8> =
                    marked.chars().chain(text.chars()).map(u32::from).flat_map(spell).collect();
                let decoded = decode(&bytes).unwrap();
                assert_eq!((decoded.text.as_str(), decoded.encoding), (text, name));
            }
        }
        let numbers: Vec<u8> =
            (0..100_u32).map(|number| number * 7_919_113).flat_map(u32::to_le_bytes).collect();
        assert_eq!(decode(&numbers), Err(NotText::Binary));
    }

    #[test]
    fn strays_in_utf8_are_read_and_listed() {
        let bytes = b"\xc2\xbb\xc2\xbb\xc2\xbb\xc2\xbb \xc2\xab\xc2\xab\xc2\xab\xc2\xab Na\xc3\xafve \xe2\x80\x9cwords\xe2\x80\x9d\r\nin a caf\xe9, it\x92s d\xe9j\xe0 vu\r\ncut \xe2\x80";
        let decoded = decode(bytes).unwrap();
        assert_eq!(decoded.text, "»»»» «««« Naïve “words”\nin a café, it’s déjà vu\ncut \u{fffd}");
        assert_eq!(decoded.encoding, "UTF-8");
        let listed: Vec<(usize, &str, &str)> = decoded
            .repairs
            .iter()
            .map(|repair| (repair.line, repair.before.as_str(), repair.after.as_str()))
            .collect();
        assert_eq!(
            listed,
            [
                (2, "caf\\xE9,", "café,"),
                (2, "it\\x92s", "it’s"),
                (2, "d\\xE9j\\xE0", "déjà"),
                (3, "\\xE2\\x80", "\u{fffd}"),
            ]
        );
    }

    #[test]
    fn utf8_among_windows_is_mended() {
        let mut bytes = b"caf\xe9 na\xefve d\xe9j\xe0 fa\xe7ade r\xe9sum\xe9 ".repeat(20);
        bytes.extend("and then: it’s naïve".as_bytes());
        let decoded = decode(&bytes).unwrap();
        assert!(decoded.text.ends_with("résumé and then: it’s naïve"), "{}", decoded.text);
        assert_eq!(decoded.encoding, "windows-1252");
        assert_eq!(decoded.repairs.len(), 2);
    }

    #[test]
    fn other_encodings_are_not_taken_for_utf8() {
        for (encoding, text) in [
            (encoding_rs::SHIFT_JIS, "日本語の文章は、ここにあります。これは二つ目の文です。"),
            (encoding_rs::GBK, "这是一个中文句子,用来测试编码。这里还有一个句子,比第一个长一些。"),
            (encoding_rs::WINDOWS_1251, "Это предложение на русском языке, и оно не очень длинное."),
            (encoding_rs::WINDOWS_874, "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์เช่นเดียวกับภาษาจีน"),
            (encoding_rs::EUC_KR, "한국어 문장입니다. 이것은 두 번째 문장이며 조금 더 깁니다."),
            (encoding_rs::BIG5, "這是一個中文句子,用來測試編碼。這裡還有一個句子,比第一個長一些。"),
        ] {
            let bytes = encoding.encode(text).0;
            assert_eq!(
                decode(&bytes).map(|decoded| decoded.text).as_deref(),
                Ok(text),
                "{}",
                encoding.name()
            );
        }
    }

    #[test]
    fn a_page_that_says_utf8_and_is_none_is_guessed() {
        let page = b"<meta charset=utf-8><p>caf\xe9 au lait, d\xe9j\xe0 vu, na\xefve";
        assert!(decode_html(page, None).unwrap().text.ends_with("café au lait, déjà vu, naïve"));
    }

    #[test]
    fn what_is_no_text_says_why() {
        assert_eq!(decode(b""), Err(NotText::Empty));
        assert_eq!(decode(b" \n\t\r\n"), Err(NotText::Empty));
        // A garbled en space.
        assert_eq!(decode(b"\xc3\xa2\xe2\x82\xac\x82"), Err(NotText::Empty));
        let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
        assert_eq!(decode(&binary), Err(NotText::Binary));
    }
}
