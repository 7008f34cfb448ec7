//! Web archives: WARC (ISO 28500) as crawlers write it, and WET, which is WARC with the text of each page.
//!
//! In: the unpacked stream of an archive. Out: a seed for every page that a server sent (`response`), that was put in
//! as it is (`resource`) or whose text was taken out (`conversion`); all other records are about these. Where a
//! record is not what its head says, the next is looked for by the line with which every record begins. The heads of
//! records and answers are read by `httparse`; the crates for WARC read the rest only where nothing is wrong with it.

use std::io::{BufRead, ErrorKind, Read as _, Result};

use httparse::Status;

use super::answer;
use super::seed::{Kind, LARGEST, Name, Read, Seed, Why};

/// With what a record begins.
const MARK: &[u8] = b"WARC/";

/// The longest head, in bytes, and the most lines of one.
const LONGEST_HEAD: usize = 64 * 1024;
const MOST_LINES: usize = 128;

/// The longest block of a record: a seed, with the head of the server's answer.
const LONGEST_BLOCK: u64 = LARGEST as u64 + LONGEST_HEAD as u64;

/// A web archive, record by record.
pub(super) struct WebArchive<R> {
    source: Again<R>,
    /// The record that is read.
    name: Name,
    /// Whether what comes next need not be the start of a record.
    is_lost: bool,
}

/// What a record's head says.
#[derive(Debug, Default)]
struct Head {
    kind: String,
    content_type: Option<String>,
    payload_type: Option<String>,
    length: Option<u64>,
}

impl<R: BufRead> WebArchive<R> {
    pub(super) fn new(source: R) -> WebArchive<R> {
        WebArchive {
            source: Again { read: Vec::new(), at: 0, source },
            name: Name::default(),
            is_lost: false,
        }
    }

    /// The next seed; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Read>> {
        loop {
            self.name = Name::default();
            match self.record() {
                Ok(Found::End) => return Ok(None),
                Ok(Found::About) => {}
                Ok(Found::Seed(read)) => return Ok(Some(read)),
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    return Ok(Some(self.bad(Why::Damaged(error.to_string()))));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What is wrong with the record that is read; the next is to be looked for.
    fn bad(&mut self, why: Why) -> Read {
        self.is_lost = true;
        Err(why.of(std::mem::take(&mut self.name)))
    }

    fn record(&mut self) -> Result<Found> {
        let was_lost = std::mem::take(&mut self.is_lost);
        if let Some(skipped) = self.source.find_mark()?.filter(|_| !was_lost) {
            self.name.id = Some(skipped);
            return Ok(Found::Seed(Err(Why::NoRecord.of(std::mem::take(&mut self.name)))));
        }
        if self.source.is_at_end()? {
            return Ok(Found::End);
        }
        let lines = match self.source.head()? {
            Ok(lines) => lines,
            Err(why) => return Ok(Found::Seed(self.bad(why))),
        };
        let head = match self.read_head(&lines) {
            Ok(head) => head,
            Err(why) => return Ok(Found::Seed(self.bad(why))),
        };
        let Some(length) = head.length else { return Ok(Found::Seed(self.bad(Why::Length))) };
        if length > LONGEST_BLOCK {
            return Ok(if is_seed(&head.kind) { Found::Seed(self.bad(Why::TooLarge)) } else { self.lost() });
        }
        let mut block = Vec::with_capacity(length as usize);
        self.source.by_ref().take(length).read_to_end(&mut block)?;
        if let Err(why) = self.source.close(&block, length)? {
            return Ok(Found::Seed(self.bad(why)));
        }
        // A member that is not what its checksum says is told of when its end is read.
        self.source.is_at_end()?;
        if !is_seed(&head.kind) {
            return Ok(Found::About);
        }
        let name = std::mem::take(&mut self.name);
        Ok(Found::Seed(
            seed(&head, block).map_err(|why| why.of(name.clone())).map(|seed| Seed { name, ..seed }),
        ))
    }

    fn lost(&mut self) -> Found {
        self.is_lost = true;
        Found::About
    }

    /// Understands a head; the record gets its name.
    fn read_head(&mut self, lines: &[u8]) -> std::result::Result<Head, Why> {
        let mut room = [httparse::EMPTY_HEADER; MOST_LINES];
        let fields = match httparse::parse_headers(lines, &mut room) {
            Ok(Status::Complete((_, fields))) => fields,
            Ok(Status::Partial) => return Err(Why::Cut),
            Err(error) => return Err(Why::Head(error.to_string())),
        };
        let said = |name: &str| {
            let field = fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
            Some(String::from_utf8_lossy(field.value).trim().to_owned()).filter(|value| !value.is_empty())
        };
        let bare = |value: String| value.trim_start_matches('<').trim_end_matches('>').to_owned();
        self.name = Name { id: said("WARC-Record-ID").map(bare), url: said("WARC-Target-URI").map(bare) };
        Ok(Head {
            kind: said("WARC-Type").unwrap_or_default().to_ascii_lowercase(),
            content_type: said("Content-Type"),
            payload_type: said("WARC-Identified-Payload-Type"),
            length: said("Content-Length").and_then(|length| length.parse().ok()),
        })
    }
}

/// What a record is.
enum Found {
    /// A seed, or what should have been one.
    Seed(Read),
    /// It is about other records.
    About,
    /// There is none any more.
    End,
}

/// Whether records of a kind are seeds.
fn is_seed(kind: &str) -> bool {
    ["response", "resource", "conversion"].contains(&kind)
}

/// The seed in a record's block; its name is still to come.
fn seed(head: &Head, block: Vec<u8>) -> std::result::Result<Seed, Why> {
    let is_answer = head.kind == "response"
        && head.content_type.as_deref().is_none_or(|said| essence(said) == "application/http");
    let (content_type, bytes) = if is_answer {
        let sent = answer::read(block)?;
        (sent.content_type, sent.bytes)
    } else {
        (head.content_type.clone(), block)
    };
    if bytes.len() > LARGEST {
        return Err(Why::TooLarge);
    }
    // What the crawler saw in the bytes is worth more than what the server said.
    let said = head.payload_type.as_deref().or(content_type.as_deref()).map(essence);
    let kind = match &said {
        Some(said) => Kind::of(said).ok_or_else(|| Why::MediaType(said.clone()))?,
        None if bytes.trim_ascii_start().starts_with(b"<") => Kind::Page,
        None => Kind::Text,
    };
    let encoding = content_type.as_deref().and_then(charset);
    Ok(Seed { name: Name::default(), kind, encoding, bytes })
}

/// A media type without its parameters.
fn essence(said: &str) -> String {
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The encoding that a media type names.
fn charset(said: &str) -> Option<String> {
    let parameters = said.split(';').skip(1).filter_map(|one| one.split_once('='));
    let mut named = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    named.next().map(|(_, value)| value.trim().trim_matches(['"', '\'']).to_owned())
}

/// A stream of which something can be read again.
struct Again<R> {
    /// What is to be read again, from `at` on.
    read: Vec<u8>,
    at: usize,
    source: R,
}

impl<R: BufRead> std::io::Read for Again<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Again<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.at < self.read.len() { Ok(&self.read[self.at..]) } else { self.source.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        if self.at < self.read.len() {
            self.at += count;
        } else {
            self.source.consume(count);
        }
    }
}

impl<R: BufRead> Again<R> {
    /// These bytes come next.
    fn put_back(&mut self, bytes: &[u8]) {
        let rest = self.read.split_off(self.at.min(self.read.len()));
        self.read = [bytes, &rest].concat();
        self.at = 0;
    }

    fn is_at_end(&mut self) -> Result<bool> {
        Ok(self.fill_buf()?.is_empty())
    }

    /// The next few bytes, fewer at the end; they are read.
    fn few(&mut self, count: usize) -> Result<Vec<u8>> {
        let mut few = Vec::with_capacity(count);
        self.by_ref().take(count as u64).read_to_end(&mut few)?;
        Ok(few)
    }

    /// Reads up to the next mark at the start of a line, or to the end. The hash of what stood before it, where it
    /// was more than empty lines.
    fn find_mark(&mut self) -> Result<Option<String>> {
        let mut hasher: Option<blake3::Hasher> = None;
        let mut is_line_start = true;
        loop {
            if is_line_start {
                let few = self.few(MARK.len())?;
                self.put_back(&few);
                if few == MARK {
                    break;
                }
            }
            let bytes = self.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n').map(|end| end + 1);
            let line = &bytes[..end.unwrap_or(bytes.len())];
            if hasher.is_some() || !line.trim_ascii().is_empty() {
                hasher.get_or_insert_default().update(line);
            }
            let read = line.len();
            is_line_start = end.is_some();
            self.consume(read);
        }
        Ok(hasher.map(|hasher| hasher.finalize().to_hex().to_string()))
    }

    /// The lines of a head without the first, with the empty one at their end; those that go on with a blank are made
    /// one.
    fn head(&mut self) -> Result<std::result::Result<Vec<u8>, Why>> {
        let mut lines: Vec<u8> = Vec::new();
        let mut is_first = true;
        loop {
            let mut line = Vec::new();
            let room = LONGEST_HEAD.saturating_sub(lines.len());
            let read = self.by_ref().take(room as u64).read_until(b'\n', &mut line)?;
            if !line.ends_with(b"\n") {
                let is_long = read == room;
                return Ok(Err(if is_long { Why::Head("it is too long".to_owned()) } else { Why::Cut }));
            }
            let is_end = line.trim_ascii().is_empty();
            if std::mem::take(&mut is_first) {
                continue;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                lines.truncate(lines.trim_ascii_end().len());
            }
            lines.extend(if is_end { b"\r\n" } else { &line[..] });
            if is_end {
                return Ok(Ok(lines));
            }
        }
    }

    /// Reads what closes a record: two line ends, or the end of the stream. Where they are not there, or the block is
    /// not as long as it is said to be, the record that began within it comes next.
    fn close(&mut self, block: &[u8], length: u64) -> Result<std::result::Result<(), Why>> {
        let end = self.few(4)?;
        let is_whole = block.len() as u64 == length;
        if is_whole && (end == b"\r\n\r\n" || b"\r\n\r\n".starts_with(&end)) {
            return Ok(Ok(()));
        }
        if is_whole && end.starts_with(b"\n\n") {
            self.put_back(&end[2..]);
            return Ok(Ok(()));
        }
        self.put_back(&end);
        let within = block.windows(MARK.len() + 1).position(|bytes| bytes[0] == b'\n' && &bytes[1..] == MARK);
        if let Some(within) = within {
            self.put_back(&block[within + 1..]);
        }
        Ok(Err(if is_whole || within.is_some() { Why::Length } else { Why::Cut }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// A record with these lines and this block, as long as it says.
    fn record(lines: &str, block: &str) -> String {
        format!("WARC/1.0\r\n{lines}Content-Length: {}\r\n\r\n{block}\r\n\r\n", block.len())
    }

    fn text(id: &str, block: &str) -> String {
        let lines =
            format!("WARC-Type: conversion\r\nWARC-Record-ID: <{id}>\r\nContent-Type: text/plain\r\n");
        record(&lines, block)
    }

    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    fn read(archive: &str) -> Vec<String> {
        let mut read = Vec::new();
        for at_a_time in [1, 6, 4096] {
            let source = BufReader::with_capacity(at_a_time, archive.as_bytes());
            let mut source = WebArchive::new(source);
            let mut now = Vec::new();
            while let Some(seed) = source.next().unwrap() {
                now.push(match seed {
                    Ok(seed) => {
                        let id = seed.name.id.unwrap_or_default();
                        format!("{id} {:?} {}", seed.kind, String::from_utf8_lossy(&seed.bytes))
                    }
                    Err(unusable) => {
                        format!(
                            "{}: {}",
                            &unusable.name.id.as_deref().unwrap_or("nameless")[..1],
                            unusable.why
                        )
                    }
                });
            }
            assert!(read.is_empty() || read == now, "{read:?} is not {now:?}, {at_a_time} bytes at a time");
            read = now;
        }
        read
    }

    const NOT_SO_LONG: &str = "the record is not as long as its head says";

    #[test]
    fn pages_and_texts_are_seeds() {
        let about = record("WARC-Type: warcinfo\r\n", "software: a crawler\r\n");
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"latin1\"\r\n\r\n<p>Leeks";
        let response = "WARC-Type: response\r\nWARC-Record-ID: <a>\r\nWARC-Target-URI: https://e.org/a\r\n\
             Content-Type: application/http;\r\n msgtype=response\r\n";
        let page = record(response, answer);
        let gone = record(response, "HTTP/1.1 404 Gone\r\n\r\n");
        let picture =
            record("WARC-Type: resource\r\nWARC-Record-ID: <p>\r\nContent-Type: image/png\r\n", "PNG");
        let archive = joined(&[&about, &page, "\r\n", &gone, &picture, &text("b", "One.\r\n\r\nTwo.")]);
        assert_eq!(
            read(&archive),
            [
                "a Page <p>Leeks",
                "a: the server answered 404",
                "p: `image/png` is not imported",
                "b Text One.\r\n\r\nTwo.",
            ]
        );
        let mut source = WebArchive::new(page.as_bytes());
        let seed = source.next().unwrap().unwrap().unwrap();
        assert_eq!(seed.name.url.as_deref(), Some("https://e.org/a"));
        assert_eq!(seed.encoding.as_deref(), Some("latin1"));
    }

    #[test]
    fn a_record_of_another_length_takes_no_other_with_it() {
        let (one, two, three) = (text("1", "The first."), text("2", "The second."), text("3", "The third."));
        for length in ["3", "14", "30", "60", "4000", "9999999999", "x", ""] {
            let wrong = two.replace("Content-Length: 11", &format!("Content-Length: {length}"));
            let read = read(&joined(&[&one, &wrong, &three]));
            assert_eq!(read.len(), 3, "{length}: {read:?}");
            assert_eq!([&read[0], &read[2]], ["1 Text The first.", "3 Text The third."], "{length}");
            let why = if length.len() == 10 { "it is larger than a seed" } else { NOT_SO_LONG };
            assert!(read[1].starts_with("2: ") && read[1].contains(why), "{length}: {read:?}");
        }
    }

    #[test]
    fn what_is_no_record_is_passed_over() {
        let (one, two) = (text("1", "The first."), text("2", "The second."));
        let strange = joined(&[&one, "strange\nlines\n", &two]);
        let found = read(&strange);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].ends_with("what stands here is no record of a web archive"), "{found:?}");
        let bad = joined(&[&one, "WARC/1.0\r\nno field\r\n\r\n", &two]);
        assert!(read(&bad)[1].contains("the head of the record cannot be read"), "{:?}", read(&bad));
        let long = joined(&[&one, "WARC/1.0\r\nX: ", &"x".repeat(LONGEST_HEAD), "\r\n\r\n", &two]);
        assert_eq!(read(&long)[1], "n: the head of the record cannot be read: it is too long");
        assert_eq!(read(""), [""; 0]);
        let end = "2: the stream ends in the middle of it";
        assert_eq!(read(&joined(&[&one, &two[..two.len() - 8]])), ["1 Text The first.", end]);
        let in_head = "n: the stream ends in the middle of it";
        assert_eq!(read(&joined(&[&one, &two[..30]])), ["1 Text The first.", in_head]);
        for at in 0..two.len() {
            assert_eq!(read(&joined(&[&one, &two[..at]]))[0], "1 Text The first.");
        }
    }
}
