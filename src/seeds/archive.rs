//! Archives below `seeds/`: every file in one is a seed of its own.
//!
//! In: an archive's path and bytes. Out: its files, by the archive's path and their own below it; and whatever
//! of it is no seed, with the reason. The same bytes give the same files on any system.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, Error, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};

use super::Bytes;
use super::unread::{LARGEST_ARCHIVE, LARGEST_SEED, MOST_MEMBERS, Unread};
use crate::path::SitePath;

/// The endings of archives. A book (EPUB, ISO/IEC 23736) is an archive of its chapters.
pub(super) const ENDINGS: [&str; 2] = ["zip", BOOK];

/// The ending of books.
const BOOK: &str = "epub";

/// The endings of pictures that are taken out of a book.
pub(crate) const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "avif"];

/// The longest name of a folder or file that file systems take, in bytes.
const LONGEST_PART: usize = 255;

/// The longest path in an archive, in bytes: merge bases are kept under the same path, and systems take some
/// four times as much.
const LONGEST_PATH: usize = 1000;

/// What an archive holds.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// Its files.
    pub(super) seeds: BTreeMap<SitePath, Bytes>,
    /// What is no seed.
    pub(super) unread: BTreeMap<SitePath, Unread>,
}

/// Unpacks an archive; only its files are looked for, the folders follow from their names.
pub(super) fn unpack(path: &SitePath, bytes: &[u8]) -> Unpacked {
    let mut unpacked = Unpacked::default();
    if let Err(error) = members(path, bytes, &mut unpacked) {
        // What stood before the damage is whole: each file has a checksum of its own.
        unpacked.unread.insert(path.clone(), Unread::Damaged(error.to_string().to_lowercase()));
    } else if unpacked.seeds.is_empty() && unpacked.unread.is_empty() {
        unpacked.unread.insert(path.clone(), Unread::EmptyArchive);
    }
    unpacked
}

fn members(path: &SitePath, bytes: &[u8], unpacked: &mut Unpacked) -> Result<(), Error> {
    let archive = ZipArchive::from_slice(bytes)?;
    let mut entries = archive.entries();
    let mut left = LARGEST_ARCHIVE;
    let mut count = 0;
    while let Some(entry) = entries.next_entry()? {
        if entry.is_dir() {
            continue;
        }
        count += 1;
        if count > MOST_MEMBERS {
            unpacked.unread.insert(path.clone(), Unread::Overflow);
            break;
        }
        let name = name(entry.file_path().as_bytes());
        let read = match refused(&name) {
            Some(unread) => Err(unread),
            // What stands around the chapters says how a reader shows them, but for the pictures they show.
            None if path.ending() == BOOK && !is_chapter(&name) && !is_picture(&name) => {
                Err(Unread::AroundChapters)
            }
            None => read(&archive, &entry, left),
        };
        let inside: Vec<&str> = name
            .split(['/', '\\'])
            .filter(|part| !part.is_empty() && *part != ".")
            .map(|part| if part == ".." { "…" } else { part })
            .collect();
        let at = SitePath::new(format!("{path}/{}", inside.join("/").replace(char::is_control, "\u{fffd}")));
        let is_taken = unpacked.seeds.contains_key(&at) || unpacked.unread.contains_key(&at);
        match read {
            _ if is_taken => {
                let again = (2..).map(|count| SitePath::new(format!("{at} ({count})")));
                let mut free =
                    again.filter(|at| !unpacked.seeds.contains_key(at) && !unpacked.unread.contains_key(at));
                unpacked.unread.extend(free.next().map(|at| (at, Unread::Twice)));
            }
            Ok(bytes) => {
                left = left.saturating_sub(bytes.len() as u64);
                unpacked.seeds.insert(at, bytes.into());
            }
            Err(unread) => {
                unpacked.unread.insert(at, unread);
            }
        }
    }
    Ok(())
}

/// Whether a file in a book is one of its chapters: a page, and not its table of contents or its cover.
fn is_chapter(name: &str) -> bool {
    let path = SitePath::new(name);
    let around = ["nav", "toc", "cover", "titlepage"].contains(&path.stem().to_lowercase().as_str());
    ["xhtml", "html", "htm"].contains(&path.ending().as_str()) && !around
}

/// Whether a file in a book is a picture of a kind that browsers show and that holds no scripts.
fn is_picture(name: &str) -> bool {
    PICTURES.contains(&SitePath::new(name).ending().as_str())
}

/// Why a file is not even looked at.
fn refused(name: &str) -> Option<Unread> {
    let is_drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    let parts = || name.split(['/', '\\']);
    let is_leftover = |part: &str| {
        (part.starts_with('.') && part != "." && part != "..")
            || ["__MACOSX", "Thumbs.db", "desktop.ini"].contains(&part)
    };
    if is_drive || name.starts_with(['/', '\\']) || parts().any(|part| part == "..") {
        Some(Unread::Outside)
    } else if name.contains(char::is_control)
        || name.len() > LONGEST_PATH
        || parts().any(|part| part.len() > LONGEST_PART)
        || parts().all(|part| part.is_empty() || part == ".")
    {
        Some(Unread::Name)
    } else if parts().any(is_leftover) {
        Some(Unread::Leftover)
    } else if ENDINGS.contains(&SitePath::new(name).ending().as_str()) {
        Some(Unread::Nested)
    } else {
        None
    }
}

/// The bytes of a file, checked; `left` is how many the archive may still hold.
fn read(
    archive: &ZipSliceArchive<&[u8]>,
    entry: &ZipFileHeaderRecord<'_>,
    left: u64,
) -> Result<Vec<u8>, Unread> {
    if entry.flags().is_encrypted() {
        return Err(Unread::Encrypted);
    }
    let damaged = |error: String| Unread::Damaged(error.to_lowercase());
    let packed = archive.get_entry(entry.wayfinder()).map_err(|error| damaged(error.to_string()))?;
    let mut bytes = Vec::new();
    // What an archive says of a size is not to be trusted: the bytes themselves are counted.
    let limit = LARGEST_SEED.min(left);
    let reading = match entry.compression_method() {
        CompressionMethod::STORE => {
            packed.verifying_reader(packed.data()).take(limit + 1).read_to_end(&mut bytes)
        }
        CompressionMethod::DEFLATE => packed
            .verifying_reader(DeflateDecoder::new(packed.data()))
            .take(limit + 1)
            .read_to_end(&mut bytes),
        _ => return Err(Unread::Packing),
    };
    let length = bytes.len() as u64;
    if length > LARGEST_SEED {
        Err(Unread::TooLarge)
    } else if length > left {
        Err(Unread::Overflow)
    } else {
        reading.map(|_| bytes).map_err(|error| damaged(error.to_string()))
    }
}

/// The upper half of code page 437, in which names stand that are not UTF-8 (APPNOTE.TXT, appendix D).
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name as text. Many programs write UTF-8 without saying so.
fn name(bytes: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(bytes) {
        return name.to_owned();
    }
    let upper: Vec<char> = CODE_PAGE_437.chars().collect();
    bytes
        .iter()
        .map(|&byte| if byte < 128 { char::from(byte) } else { upper[usize::from(byte) - 128] })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use rawzip::ZipArchiveWriter;
    use rawzip::path::EntryPath;

    use super::*;

    /// An archive of these files, as their names are given.
    fn archive(files: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = ZipArchiveWriter::new(&mut bytes);
        for (name, content) in files {
            let (mut entry, config) = archive
                .new_file(EntryPath::verbatim(*name))
                .compression_method(CompressionMethod::DEFLATE)
                .start()
                .unwrap();
            let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
            writer.write_all(content).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
        archive.finish().unwrap();
        bytes
    }

    fn ends(bytes: &[u8]) -> Vec<String> {
        let unpacked = unpack(&SitePath::new("seeds/a.zip"), bytes);
        let seeds = unpacked.seeds.iter().map(|(path, bytes)| format!("{path}: {} bytes", bytes.len()));
        let unread = unpacked.unread.iter().map(|(path, unread)| format!("{path}: {unread}"));
        seeds.chain(unread).collect()
    }

    #[test]
    fn every_file_ends_somewhere() {
        let bytes = archive(&[
            (b"folder/b.txt", b"bb"),
            (b"a.md", b"a"),
            (b"a.md", b"aaa"),
            (b"win\\c.txt", b"ccc"),
            (b"Gr\x81n.txt", b"c"),
            ("é.txt".as_bytes(), b"c"),
            (b"../../out.txt", b"x"),
            (b"/etc/out.txt", b"x"),
            (b"C:\\out.txt", b"x"),
            (b"__MACOSX/._a.md", b"x"),
            (b".DS_Store", b"x"),
            (b"deep/more.zip", b"x"),
            (b"bell\x07.txt", b"x"),
        ]);
        assert_eq!(
            ends(&bytes),
            [
                "seeds/a.zip/Grün.txt: 1 bytes",
                "seeds/a.zip/a.md: 1 bytes",
                "seeds/a.zip/folder/b.txt: 2 bytes",
                "seeds/a.zip/win/c.txt: 3 bytes",
                "seeds/a.zip/é.txt: 1 bytes",
                "seeds/a.zip/.DS_Store: a system left it in the archive, it is no article",
                "seeds/a.zip/C:/out.txt: its name leads out of the archive",
                "seeds/a.zip/__MACOSX/._a.md: a system left it in the archive, it is no article",
                "seeds/a.zip/a.md (2): the archive has another file of this name",
                "seeds/a.zip/bell\u{fffd}.txt: its name is not readable text, or too long",
                "seeds/a.zip/deep/more.zip: an archive in an archive is not unpacked",
                "seeds/a.zip/etc/out.txt: its name leads out of the archive",
                "seeds/a.zip/…/…/out.txt: its name leads out of the archive",
            ]
        );
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let zeros = vec![0; LARGEST_SEED as usize + 1];
        let bytes = archive(&[(b"bomb.txt", &zeros), (b"good.txt", b"good")]);
        assert!(bytes.len() < 100_000);
        assert_eq!(
            ends(&bytes),
            ["seeds/a.zip/good.txt: 4 bytes", "seeds/a.zip/bomb.txt: it is larger than a seed may be, 64 MB"]
        );
    }

    #[test]
    fn damage_is_said() {
        assert_eq!(ends(&archive(&[])), ["seeds/a.zip: there are no files in the archive"]);
        for bytes in [&b""[..], b"no archive at all", b"PK\x03\x04"] {
            assert_eq!(
                ends(bytes),
                ["seeds/a.zip: the archive is damaged: missing end of central directory"]
            );
        }
        let whole = archive(&[(b"a.txt", b"some words, some words, some words"), (b"b.txt", b"others")]);
        let mut broken = whole.clone();
        broken[40] ^= 0xff;
        let ended = ends(&broken);
        assert_eq!(ended[0], "seeds/a.zip/b.txt: 6 bytes");
        assert!(ended[1].starts_with("seeds/a.zip/a.txt: the archive is damaged: "), "{ended:?}");
        // Whatever byte is wrong, it ends, and nothing is taken that is not as it was packed.
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] ^= 0x55;
            assert!(!ends(&broken).is_empty());
        }
        for length in 0..whole.len() {
            assert!(!ends(&whole[..length]).is_empty());
        }
    }

    #[test]
    fn what_is_encrypted_is_said() {
        let mut bytes = archive(&[(b"a.txt", b"words")]);
        // The first of the general purpose bits, in the local and in the central header.
        let central = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        bytes[6] |= 1;
        bytes[central + 8] |= 1;
        assert_eq!(ends(&bytes), ["seeds/a.zip/a.txt: it is encrypted"]);
    }
}
