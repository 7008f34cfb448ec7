//! Bytes of a seed to text.
//!
//! In: bytes of unknown encoding. Out: text with `\n` line ends, and the encoding it was read in; or why it
//! is no text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A seed's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, lines ending in `\n`.
    pub text: String,
    /// The encoding's name after the WHATWG Encoding Standard.
    pub encoding: &'static str,
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

/// More control characters than this share of a text, and it is none.
const MOST_CONTROL: f64 = 0.05;

/// Reads bytes as text: by the byte order mark, else as UTF-8 where that is valid, else as UTF-16 where every
/// other byte is zero, else as the detector guesses.
pub fn decode(bytes: &[u8]) -> Result<Decoded, NotText> {
    decode_as(bytes, encoding_of(bytes))
}

/// Reads the bytes of a web page: as [`decode`] does, but where they are no UTF-8 the word of what the page came
/// in (`label`), else the page's own word for its encoding counts before any guess.
pub fn decode_html(bytes: &[u8], label: Option<&str>) -> Result<Decoded, NotText> {
    let guessed = encoding_of(bytes);
    let is_certain = Encoding::for_bom(bytes).is_some() || [UTF_8, UTF_16LE, UTF_16BE].contains(&guessed);
    let said = || label.and_then(|label| Encoding::for_label(label.as_bytes())).or_else(|| declared(bytes));
    decode_as(bytes, if is_certain { guessed } else { said().unwrap_or(guessed) })
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

fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, NotText> {
    let (text, _, had_errors) = encoding.decode(bytes);
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    let doubtful = controls + if had_errors { text.matches('\u{fffd}').count() } else { 0 };
    if doubtful as f64 > MOST_CONTROL * text.chars().count() as f64 {
        return Err(NotText::Binary);
    }
    let text: String = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    if text.trim().is_empty() {
        return Err(NotText::Empty);
    }
    Ok(Decoded { text, encoding: encoding.name() })
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        return UTF_8;
    }
    // Letters of most scripts leave one byte of two zero, always the same one.
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd > bytes.len() / 4 && even < odd / 4 {
        return UTF_16LE;
    }
    if even > bytes.len() / 4 && odd < even / 4 {
        return UTF_16BE;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
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
            assert_eq!(decode(bytes), Ok(Decoded { text: text.to_owned(), encoding }));
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
    fn what_is_no_text_says_why() {
        assert_eq!(decode(b""), Err(NotText::Empty));
        assert_eq!(decode(b" \n\t\r\n"), Err(NotText::Empty));
        let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
        assert_eq!(decode(&binary), Err(NotText::Binary));
    }
}
