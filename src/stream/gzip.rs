//! A stream that may be packed, unpacked.
//!
//! In: bytes as they come. Out: the same, unpacked where they are gzip (RFC 1952), one member after the other. Where
//! a member is damaged or cut, reading fails once with [`ErrorKind::InvalidData`], and goes on with the next member
//! that there is.

use std::io::{BufRead, Chain, Error, ErrorKind, Read, Result};

use flate2::bufread::GzDecoder;

/// With what a member begins: two bytes by which gzip is known, and the one method of packing there is.
const MAGIC: &[u8] = &[0x1f, 0x8b, 8];

/// A stream that may be packed.
pub(super) struct Unpacked<R> {
    at: At<R>,
}

/// Where in the stream reading is.
enum At<R> {
    /// Nothing is read yet.
    Start(R),
    /// In a stream that is not packed.
    Plain(R),
    /// In a member.
    Member(GzDecoder<Chain<&'static [u8], R>>),
    /// Between members.
    Between(R),
    /// After damage, on the way to the next member.
    Lost(R),
    /// At the end.
    End,
}

impl<R: BufRead> Unpacked<R> {
    pub(super) fn new(source: R) -> Unpacked<R> {
        Unpacked { at: At::Start(source) }
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            match &mut self.at {
                At::Plain(source) => return source.read(buffer),
                At::Member(member) => match member.read(buffer) {
                    Ok(0) if !buffer.is_empty() => self.turn(At::Between),
                    Ok(read) => return Ok(read),
                    Err(error) => {
                        let damage = damage(&error)?;
                        self.turn(At::Lost);
                        return Err(damage);
                    }
                },
                At::Start(source) => {
                    // No text begins with the first byte of gzip.
                    let is_packed = source.fill_buf()?.first() == Some(&MAGIC[0]);
                    self.turn(if is_packed { At::Between } else { At::Plain });
                }
                At::Between(source) => {
                    let found = find(source)?;
                    self.turn(if found.is_member { At::member } else { At::end });
                    if found.has_others {
                        return Err(Error::new(ErrorKind::InvalidData, STRANGE));
                    }
                }
                At::Lost(source) => {
                    let found = find(source)?;
                    self.turn(if found.is_member { At::member } else { At::end });
                }
                At::End => return Ok(0),
            }
        }
    }
}

impl<R: BufRead> Unpacked<R> {
    fn turn(&mut self, next: fn(R) -> At<R>) {
        self.at = match std::mem::replace(&mut self.at, At::End) {
            At::Start(source) | At::Plain(source) | At::Between(source) | At::Lost(source) => next(source),
            At::Member(member) => next(member.into_inner().into_inner().1),
            At::End => At::End,
        };
    }
}

impl<R: BufRead> At<R> {
    /// At the bytes after [`MAGIC`].
    fn member(source: R) -> At<R> {
        At::Member(GzDecoder::new(MAGIC.chain(source)))
    }

    fn end(_: R) -> At<R> {
        At::End
    }
}

/// What is said of bytes between members that are none.
const STRANGE: &str = "between what is packed stands something else";

/// An error of unpacking as damage of the stream; others are given back as errors.
fn damage(error: &Error) -> Result<Error> {
    match error.kind() {
        ErrorKind::UnexpectedEof => Ok(Error::new(ErrorKind::InvalidData, "it is cut short")),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            Ok(Error::new(ErrorKind::InvalidData, error.to_string()))
        }
        kind => Err(Error::new(kind, error.to_string())),
    }
}

/// What was found on the way to the next member.
struct Found {
    is_member: bool,
    has_others: bool,
}

/// Reads up to and with the next [`MAGIC`]. Zeros are what tapes and tar fill up with, and nothing else.
fn find(source: &mut impl BufRead) -> Result<Found> {
    let (mut matched, mut has_others) = (0, false);
    loop {
        let bytes = source.fill_buf()?;
        if bytes.is_empty() {
            return Ok(Found { is_member: false, has_others: has_others || matched > 0 });
        }
        let mut read = 0;
        for byte in bytes {
            read += 1;
            if *byte == MAGIC[matched] {
                matched += 1;
            } else {
                has_others |= matched > 0 || *byte != 0;
                matched = usize::from(*byte == MAGIC[0]);
            }
            if matched == MAGIC.len() {
                source.consume(read);
                return Ok(Found { is_member: true, has_others });
            }
        }
        source.consume(read);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// What is read, and a `!` for each damage; the stream comes a few bytes at a time.
    fn read(bytes: &[u8], at_a_time: usize) -> String {
        let mut unpacked = Unpacked::new(BufReader::with_capacity(at_a_time, bytes));
        let mut text = Vec::new();
        loop {
            let mut buffer = [0; 16];
            match unpacked.read(&mut buffer) {
                Ok(0) => return String::from_utf8_lossy(&text).into_owned(),
                Ok(read) => text.extend(&buffer[..read]),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::InvalidData);
                    text.push(b'!');
                }
            }
        }
    }

    #[test]
    fn members_come_one_after_the_other() {
        for at_a_time in [1, 2, 3, 7, 1000] {
            assert_eq!(read(b"", at_a_time), "");
            assert_eq!(read(b"plain text", at_a_time), "plain text");
            let both = [packed("one, "), packed("two"), vec![0; 20]].concat();
            assert_eq!(read(&both, at_a_time), "one, two");
        }
    }

    #[test]
    fn after_damage_it_goes_on() {
        let (one, two, three) = (packed("one one, "), packed("two two, "), packed("three"));
        for at_a_time in [1, 4, 1000] {
            let strange = [one.clone(), b"strange".to_vec(), two.clone()].concat();
            assert_eq!(read(&strange, at_a_time), "one one, !two two, ");
            let mut wrong = two.clone();
            let sum = wrong.len() - 6;
            wrong[sum] ^= 0xff;
            let with_wrong = [one.clone(), wrong, three.clone()].concat();
            assert_eq!(read(&with_wrong, at_a_time), "one one, two two, !three");
            let cut = [one.clone(), two[..two.len() - 3].to_vec()].concat();
            assert_eq!(read(&cut, at_a_time), "one one, two two, !");
            assert_eq!(read(&[one.clone(), b"\x1f".to_vec()].concat(), at_a_time), "one one, !");
        }
        // Whatever byte is wrong, it ends.
        let all = [one, two, three].concat();
        for at in 0..all.len() {
            let mut broken = all.clone();
            broken[at] ^= 0x55;
            read(&broken, 5);
            read(&all[..at], 5);
        }
    }
}
