//! A stream as seeds, whatever its format.

use std::io::{BufReader, Error, ErrorKind, Read as Bytes, Result};

use super::gzip::Unpacked;
use super::seed::{Name, Read, Why};
use super::web_archive::WebArchive;
use super::{jsonl, pieces};

/// How a stream holds its seeds. Each may be packed by gzip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Lines.
    Jsonl,
    /// WARC or WET.
    WebArchive,
    /// Texts with a NUL between them.
    Texts,
}

/// A stream of which nothing is understood yet.
type Stream<R> = BufReader<Unpacked<BufReader<Steady<R>>>>;

/// How many bytes are asked for at a time.
const AT_A_TIME: usize = 64 * 1024;

/// A stream, seed by seed.
pub(super) enum Source<R: Bytes> {
    Jsonl(Stream<R>),
    WebArchive(WebArchive<Stream<R>>),
    Texts(Stream<R>),
}

impl<R: Bytes> Source<R> {
    pub(super) fn new(bytes: R, format: Format) -> Source<R> {
        let packed = BufReader::with_capacity(AT_A_TIME, Steady(bytes));
        let stream = BufReader::with_capacity(AT_A_TIME, Unpacked::new(packed));
        match format {
            Format::Jsonl => Source::Jsonl(stream),
            Format::WebArchive => Source::WebArchive(WebArchive::new(stream)),
            Format::Texts => Source::Texts(stream),
        }
    }
}

impl<R: Bytes> Iterator for Source<R> {
    type Item = Result<Read>;

    fn next(&mut self) -> Option<Result<Read>> {
        let read = match self {
            Source::Jsonl(stream) => jsonl::next(stream),
            Source::WebArchive(archive) => archive.next(),
            Source::Texts(stream) => pieces::text(stream),
        };
        match read {
            // What was unpacked of it is lost with it; what comes behind the damage is not.
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                Some(Ok(Err(Why::Damaged(error.to_string()).of(Name::default()))))
            }
            read => read.transpose(),
        }
    }
}

/// Bytes whose reading no signal interrupts.
pub(super) struct Steady<R>(R);

impl<R: Bytes> Bytes for Steady<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Of its own kind of damage alone a stream says so: what a system calls by this name ends it.
                Err(error) if error.kind() == ErrorKind::InvalidData => return Err(Error::other(error)),
                read => return read,
            }
        }
    }
}
