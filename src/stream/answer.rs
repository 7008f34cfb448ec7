//! What a server sent, as a web archive keeps it: the head of the answer, and what follows it.
//!
//! In: the bytes of an HTTP/1 message (RFC 9112). Out: the page's own bytes, and what the head says they are. Some
//! archives keep a body as it was sent, in chunks and packed, others as it was meant, with the same head: what does
//! not look as the head says is taken as it is.

use std::io::Read;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use httparse::{ParserConfig, Response, Status};

use super::seed::{LARGEST, Why};

/// The most lines that the head of an answer may have; servers send some ten, and some forty cookies.
const MOST_LINES: usize = 256;

/// What a server sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// What it is, such as `text/html; charset=utf-8`.
    pub(super) content_type: Option<String>,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// Reads an answer.
pub(super) fn read(mut message: Vec<u8>) -> Result<Sent, Why> {
    let mut lines = [httparse::EMPTY_HEADER; MOST_LINES];
    let mut head = Response::new(&mut lines);
    let mut parser = ParserConfig::default();
    // Servers write what browsers take.
    parser
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_multiple_spaces_in_response_status_delimiters(true)
        .ignore_invalid_headers_in_responses(true);
    let length = match parser.parse_response(&mut head, &message) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Err(Why::Answer("its head has no end".to_owned())),
        Err(error) => return Err(Why::Answer(error.to_string())),
    };
    if let Some(status) = head.code.filter(|status| !(200..300).contains(status)) {
        return Err(Why::Status(status));
    }
    let said = |name: &str| {
        let line = head.headers.iter().find(|line| line.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(line.value).trim().to_owned())
    };
    let (content_type, packing) = (said("content-type"), said("content-encoding"));
    let is_chunked = said("transfer-encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked"));
    message.drain(..length);
    let bytes = if is_chunked { joined(&message).unwrap_or(message) } else { message };
    Ok(Sent { content_type, bytes: unpacked(bytes, &packing.unwrap_or_default().to_ascii_lowercase())? })
}

/// The bytes of a body that was sent in chunks; `None` where it begins with none. The last may be cut.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = body;
    while let Ok(Status::Complete((start, size))) = httparse::parse_chunk_size(rest) {
        let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size))?;
        bytes.extend_from_slice(&rest[start..end.min(rest.len())]);
        let after = rest.get(end..).unwrap_or_default();
        rest = after.strip_prefix(b"\r\n").unwrap_or(after);
        if size == 0 || rest.is_empty() {
            return Some(bytes);
        }
    }
    // What came so far, where it is more than a text that looks like the size of a chunk.
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

/// The bytes of a body that was packed.
fn unpacked(body: Vec<u8>, how: &str) -> Result<Vec<u8>, Why> {
    let mut bytes = Vec::new();
    let most = LARGEST as u64 + 1;
    let read = match how {
        "" | "identity" | "none" => return Ok(body),
        "gzip" | "x-gzip" if !body.starts_with(&[0x1f, 0x8b]) => return Ok(body),
        "gzip" | "x-gzip" => MultiGzDecoder::new(&body[..]).take(most).read_to_end(&mut bytes),
        // The name is that of one format, and many servers send the other (RFC 9110, 8.4.1.2).
        "deflate" if is_zlib(&body) => ZlibDecoder::new(&body[..]).take(most).read_to_end(&mut bytes),
        "deflate" => match DeflateDecoder::new(&body[..]).take(most).read_to_end(&mut bytes) {
            Err(_) => return Ok(body),
            read => read,
        },
        _ => return Err(Why::Packing(how.to_owned())),
    };
    match read {
        Ok(_) if bytes.len() > LARGEST => Err(Why::TooLarge),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Why::Answer(format!("what is packed in it is damaged, {error}"))),
    }
}

/// Whether bytes begin as zlib does (RFC 1950, 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    let [first, second, ..] = bytes else { return false };
    first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const PAGE: &str = "<p>Leeks are sown in spring.";

    fn check(head: &str, body: &[u8], expected: Result<&str, &str>) {
        let message = [format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), body].concat();
        let read = read(message).map(|sent| String::from_utf8_lossy(&sent.bytes).into_owned());
        match (read, expected) {
            (Ok(page), Ok(expected)) => assert_eq!(page, expected, "{head}"),
            (Err(why), Err(expected)) => assert!(why.to_string().contains(expected), "{head}: {why}"),
            (read, expected) => panic!("{head}: {read:?} is not {expected:?}"),
        }
    }

    #[test]
    fn bodies_are_read_as_they_were_meant() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(PAGE.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(PAGE.as_bytes()).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(PAGE.as_bytes()).unwrap();
        let chunks = format!("a\r\n{}\r\n12;x=y\r\n{}\r\n0\r\n\r\n", &PAGE[..10], &PAGE[10..]);
        let packed = "Content-Encoding: gzip\r\n";
        let in_chunks = "Transfer-Encoding: chunked\r\n";
        check("", PAGE.as_bytes(), Ok(PAGE));
        check(packed, &gzip, Ok(PAGE));
        check(packed, PAGE.as_bytes(), Ok(PAGE));
        check("content-encoding: deflate\r\n", &zlib.finish().unwrap(), Ok(PAGE));
        check("content-encoding: deflate\r\n", &bare.finish().unwrap(), Ok(PAGE));
        check(in_chunks, chunks.as_bytes(), Ok(PAGE));
        check(in_chunks, PAGE.as_bytes(), Ok(PAGE));
        check(in_chunks, &chunks.as_bytes()[..25], Ok(&PAGE[..12]));
        let both = [format!("{:x}\r\n", gzip.len()).as_bytes(), &gzip, b"\r\n0\r\n\r\n"].concat();
        check(&format!("{packed}{in_chunks}"), &both, Ok(PAGE));
        check(packed, &gzip[..gzip.len() - 9], Err("what is packed in it is damaged"));
        check("Content-Encoding: br\r\n", PAGE.as_bytes(), Err("not known here, `br`"));
        check("a line that is none\r\nServer : x\r\n", PAGE.as_bytes(), Ok(PAGE));
    }

    #[test]
    fn what_is_no_answer_is_said() {
        for (message, why) in [
            ("HTTP/1.1 404 Not Found\r\n\r\nGone", "the server answered 404"),
            ("HTTP/1.1 200 OK\r\nServer: x\r\n", "its head has no end"),
            ("<p>A page", "the server's answer cannot be read: "),
        ] {
            assert!(read(message.into()).unwrap_err().to_string().contains(why), "{message}");
        }
    }
}
