//! Pieces of a stream, each up to a mark, and none of them larger than memory is meant to be.

use std::io::{BufRead, Result};

use super::seed::{Kind, LARGEST, Name, Read, Seed, Why};

/// A piece of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// All of it, without its mark.
    Whole(Vec<u8>),
    /// It is too large: the hash of all of it.
    TooLarge(String),
}

/// The next piece, up to a mark or to the end; `None` at the end of the stream.
pub(super) fn next(source: &mut impl BufRead, mark: u8) -> Result<Option<Piece>> {
    let mut piece = Vec::new();
    let mut hasher: Option<blake3::Hasher> = None;
    let mut is_there = false;
    loop {
        let bytes = source.fill_buf()?;
        if bytes.is_empty() && !is_there {
            return Ok(None);
        }
        let end = bytes.iter().position(|byte| *byte == mark);
        let own = &bytes[..end.unwrap_or(bytes.len())];
        is_there = true;
        match &mut hasher {
            Some(hasher) => drop(hasher.update(own)),
            None if piece.len() + own.len() > LARGEST => {
                let mut fresh = blake3::Hasher::new();
                fresh.update(&std::mem::take(&mut piece)).update(own);
                hasher = Some(fresh);
            }
            None => piece.extend_from_slice(own),
        }
        let is_end = bytes.is_empty() || end.is_some();
        let read = own.len() + usize::from(end.is_some());
        source.consume(read);
        if is_end {
            return Ok(Some(match hasher {
                Some(hasher) => Piece::TooLarge(hasher.finalize().to_hex().to_string()),
                None => Piece::Whole(piece),
            }));
        }
    }
}

/// The next of texts that a NUL parts; `None` at the end of the stream.
pub(super) fn text(source: &mut impl BufRead) -> Result<Option<Read>> {
    Ok(next(source, 0)?.map(|piece| match piece {
        Piece::Whole(bytes) => Ok(Seed { name: Name::default(), kind: Kind::Text, encoding: None, bytes }),
        Piece::TooLarge(hash) => Err(Why::TooLarge.of(Name { id: Some(hash), url: None })),
    }))
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::import::hash;

    #[test]
    fn pieces_end_at_marks_and_at_the_end() {
        for at_a_time in [1, 3, 1000] {
            let mut source = BufReader::with_capacity(at_a_time, &b"one\n\ntwo\nthree"[..]);
            for expected in ["one", "", "two", "three"] {
                assert_eq!(next(&mut source, b'\n').unwrap(), Some(Piece::Whole(expected.into())));
            }
            assert_eq!(next(&mut source, b'\n').unwrap(), None);
        }
    }

    #[test]
    fn what_is_too_large_is_told_by_its_hash() {
        let mut bytes = vec![b'a'; LARGEST];
        bytes.push(0);
        let large = vec![b'b'; LARGEST + 1];
        bytes.extend(&large);
        bytes.extend(b"\0end");
        let mut source = &bytes[..];
        assert!(matches!(next(&mut source, 0), Ok(Some(Piece::Whole(piece))) if piece.len() == LARGEST));
        assert_eq!(next(&mut source, 0).unwrap(), Some(Piece::TooLarge(hash(&large))));
        assert_eq!(next(&mut source, 0).unwrap(), Some(Piece::Whole(b"end".to_vec())));
    }
}
