//! What is published packed, beside what it is packed from: hosts send it to browsers that take it so.
//!
//! In: bytes. Out: the same bytes as gzip (RFC 1952), the same on every machine: no time and no name stand in them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::address::Address;
use crate::seeds::Bytes;

/// How it is packed; what was packed in another way is packed anew.
pub(super) const RULES: &[u8] = b"gzip 9";

/// The endings of what grows less by packing. Pictures, typefaces and archives are packed already.
const ENDINGS: [&str; 9] = ["html", "css", "js", "json", "md", "svg", "txt", "xml", "webmanifest"];

/// The ending of what is packed.
const PACKED: &str = ".gz";

/// Where a file is published packed; `None` where it is not.
pub(super) fn address(plain: &Address) -> Option<Address> {
    let (_, ending) = plain.as_str().rsplit_once('.')?;
    ENDINGS.contains(&ending).then(|| Address::file(format!("{}{PACKED}", plain.as_str())))
}

/// The file that is published packed at an address.
pub(super) fn plain(packed: &Address) -> Option<Address> {
    let plain = Address::file(packed.as_str().strip_suffix(PACKED)?);
    address(&plain).is_some().then_some(plain)
}

/// Bytes packed.
pub(super) fn packed(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::best());
    // Writing to memory cannot fail.
    let _infallible = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_packed_is_what_it_was() {
        let bytes = "Leeks, and more leeks. ".repeat(100).into_bytes();
        let once = packed(&bytes);
        assert!(once.len() < 100 && once == packed(&bytes));
        let mut again = Vec::new();
        flate2::read::GzDecoder::new(&once[..]).read_to_end(&mut again).unwrap();
        assert_eq!(again, bytes);
        // RFC 1952, 2.3: no flags, no time, an unknown system.
        assert_eq!((&once[..8], once[9]), (&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0][..], 255));
    }

    #[test]
    fn texts_are_packed_and_pictures_are_not() {
        let at = |path: &str| address(&Address::file(path)).map(|address| address.as_str().to_owned());
        assert_eq!(at("a/index.html").as_deref(), Some("a/index.html.gz"));
        assert_eq!((at("a.png"), at("a.html.gz"), at("a")), (None, None, None));
        assert_eq!(plain(&Address::file("a.css.gz")), Some(Address::file("a.css")));
        assert_eq!(plain(&Address::file("a.tar.gz")), None);
    }
}
