//! Two changes of one text, the curator's and the seed's, brought together line by line.
//!
//! In: what import last wrote, the article as it is, and what the seed gives now. Out: the merged text, or
//! the passages that both changed.

use std::ops::Range;

use diffy::MergeOptions;

/// Whose words stand where both changed the same lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The curator's.
    Mine,
    /// The seed's.
    Theirs,
}

/// Both sides of what could not be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Lines that merged, or were the same.
    Agreed(String),
    /// Lines that both changed.
    Passage(Passage),
}

/// Lines that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Passage {
    /// As the curator has them.
    pub(super) mine: String,
    /// As import last wrote them.
    pub(super) base: String,
    /// As the seed gives them now.
    pub(super) theirs: String,
}

/// Merges two changes of `base`.
pub(super) fn merge(base: &str, mine: &str, theirs: &str) -> Result<String, Conflict> {
    diffy::merge(base, mine, theirs).map_err(|_| {
        // The texts may hold anything, conflict markers too: ours are longer than whatever looks like one.
        let length = 1 + [base, mine, theirs].iter().map(|text| longest_run(text)).max().unwrap_or_default();
        let length = length.max("<<<<<<<".len());
        let whole = |text: &str| if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
        let both = MergeOptions::new().set_conflict_marker_length(length).merge(
            &whole(base),
            &whole(mine),
            &whole(theirs),
        );
        Conflict::read(&both.unwrap_or_else(|both| both), length)
    })
}

/// The length of the longest row of one character that conflict markers are made of.
fn longest_run(text: &str) -> usize {
    text.as_bytes()
        .chunk_by(|one, next| one == next)
        .filter(|run| b"<|=>".contains(&run[0]))
        .map(<[u8]>::len)
        .max()
        .unwrap_or_default()
}

impl Conflict {
    fn read(both: &str, length: usize) -> Conflict {
        let is_marker = |line: &str, c: char| line.starts_with(&String::from(c).repeat(length));
        let mut pieces = Vec::new();
        let mut agreed = String::new();
        let mut lines = both.split_inclusive('\n');
        while let Some(line) = lines.next() {
            if !is_marker(line, '<') {
                agreed.push_str(line);
                continue;
            }
            pieces.push(Piece::Agreed(std::mem::take(&mut agreed)));
            let mut passage = Passage::default();
            let mut side = Some(&mut passage.mine);
            for line in lines.by_ref() {
                if is_marker(line, '|') {
                    side = Some(&mut passage.base);
                } else if is_marker(line, '=') {
                    side = Some(&mut passage.theirs);
                } else if is_marker(line, '>') {
                    break;
                } else if let Some(side) = &mut side {
                    side.push_str(line);
                }
            }
            pieces.push(Piece::Passage(passage));
        }
        pieces.push(Piece::Agreed(agreed));
        Conflict { pieces }
    }

    /// The passages, in their order.
    pub(super) fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Passage(passage) => Some(passage),
            Piece::Agreed(_) => None,
        })
    }

    /// Where the first passage stands in the curator's text, in bytes.
    pub(super) fn place_in(&self, mine: &str) -> Range<usize> {
        let first =
            self.passages().map(|passage| passage.mine.trim_end()).find(|passage| !passage.is_empty());
        let found = first.and_then(|first| Some((mine.find(first)?, first.len())));
        found.map_or(0..0, |(start, length)| start..start + length)
    }

    /// Everything that merged, and the seed's words where it did not.
    pub(super) fn with_theirs(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Agreed(agreed) => agreed.as_str(),
            Piece::Passage(passage) => passage.theirs.as_str(),
        });
        pieces.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_apart_is_merged() {
        assert_eq!(merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n"), Ok("A\nb\nc\nD\n".to_owned()));
    }

    #[test]
    fn a_conflict_has_both_sides() {
        let conflict = merge("a\nb\nc\nd\ne\n", "A\nb\nc\nmine\ne", "a\nb\nc\ntheirs\ne\n").unwrap_err();
        let passages: Vec<_> = conflict.passages().collect();
        assert_eq!(passages.len(), 1);
        assert!(passages[0].mine.starts_with("mine\n") && passages[0].theirs.starts_with("theirs\n"));
        assert_eq!(conflict.with_theirs(), "A\nb\nc\ntheirs\ne\n");
    }

    #[test]
    fn what_looks_like_a_marker_is_text() {
        let base = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n";
        let (mine, theirs) = (base.replace('a', "mine"), base.replace('a', "theirs"));
        let conflict = merge(base, &mine, &theirs).unwrap_err();
        assert_eq!(conflict.with_theirs(), theirs);
    }
}
