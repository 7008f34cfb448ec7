//! The text of one file, and where in it things are.
//!
//! In: a path and its text. Out: line and column of a byte offset, and [`Span`]s that point at a piece of
//! the file and keep hold of it, so that a problem can show the lines it is about; and its running text as a [`Rope`], which
//! many may hold without a copy. The text may wait on the disk ([`Text::put_away`]); who reads it gets [`Words`], and as
//! long as anybody has some of them it is in memory once.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use serde::{Deserialize, Serialize, Serializer};

use crate::path::SitePath;
use crate::spool::{Place, Spool};

/// A file's text with the path it was read from. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: SitePath,
    content: Content,
    /// Its BLAKE3 hash, once it is asked for.
    hash: OnceLock<blake3::Hash>,
    /// The positions of every [`STEP`]th byte, once one is asked for.
    positions: OnceLock<Vec<Position>>,
}

#[derive(Debug)]
enum Content {
    Here(String),
    /// On the disk; and in memory, as long as somebody reads it.
    Away(Place, Mutex<Weak<String>>),
}

/// How far apart the places are whose positions are known: thousands of problems in one file, or on one line, shall not each
/// count it anew.
const STEP: usize = 1024;

impl PartialEq for Inner {
    fn eq(&self, other: &Inner) -> bool {
        self.path == other.path && *self.read() == *other.read()
    }
}

impl Eq for Inner {}

impl Inner {
    fn read(&self) -> Words<'_> {
        match &self.content {
            Content::Here(text) => Words(Lent::Here(text)),
            Content::Away(place, read) => {
                let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
                let text = read.upgrade().unwrap_or_else(|| {
                    let text = Arc::new(place.read());
                    *read = Arc::downgrade(&text);
                    text
                });
                let range = 0..text.len();
                Words(Lent::Shared(text, range))
            }
        }
    }

    /// A piece of the text; no more is fetched for it.
    fn read_piece(&self, range: Range<usize>) -> Words<'_> {
        if let Content::Away(place, read) = &self.content
            && read.lock().unwrap_or_else(PoisonError::into_inner).strong_count() == 0
        {
            return Words(Lent::Made(place.read_piece(range)));
        }
        self.read().piece(range)
    }
}

impl Text {
    /// Binds a text to the path it was read from.
    pub fn new(path: SitePath, text: String) -> Text {
        Text::of(path, Content::Here(text), OnceLock::new())
    }

    fn of(path: SitePath, content: Content, hash: OnceLock<blake3::Hash>) -> Text {
        Text(Arc::new(Inner { path, content, hash, positions: OnceLock::new() }))
    }

    /// The same text, waiting on the disk until it is read, where there is no more room for it in memory.
    #[must_use]
    pub fn put_away(self, spool: &Arc<Spool>) -> Text {
        let Some(place) = spool.put(&self.read()) else { return self };
        // Every text is asked for its hash, and now it is at hand.
        let hash = OnceLock::from(self.hash());
        Text::of(self.path().clone(), Content::Away(place, Mutex::default()), hash)
    }

    /// The file's path below the site.
    pub fn path(&self) -> &SitePath {
        &self.0.path
    }

    /// The whole text. Who reads many pieces of it holds this meanwhile, so that it is fetched once.
    pub fn read(&self) -> Words<'_> {
        self.0.read()
    }

    /// The BLAKE3 hash of the text, worked out once however often it is asked for.
    pub fn hash(&self) -> blake3::Hash {
        *self.0.hash.get_or_init(|| blake3::hash(self.read().as_bytes()))
    }

    /// Its first line.
    pub fn first_line(&self) -> Span {
        let text = self.read();
        self.span(0..text.find('\n').unwrap_or(text.len()))
    }

    /// A span over a byte range of this text; a range that reaches past the end is cut there.
    pub fn span(&self, range: Range<usize>) -> Span {
        let end = self.floor(range.end);
        Span { text: self.clone(), range: self.floor(range.start).min(end)..end }
    }

    /// Where a byte offset is.
    pub fn position(&self, offset: usize) -> Position {
        let text = self.read();
        let positions = self.0.positions.get_or_init(|| {
            let mut known = vec![Position::START];
            for (number, end) in (STEP..text.len()).step_by(STEP).enumerate() {
                let next = known[number].after(&text[self.floor(end - STEP)..self.floor(end)]);
                known.push(next);
            }
            known
        });
        let offset = self.floor(offset);
        let number = (offset / STEP).min(positions.len() - 1);
        positions[number].after(&text[self.floor(number * STEP)..offset])
    }

    fn floor(&self, offset: usize) -> usize {
        self.read().floor_char_boundary(offset)
    }
}

/// A text, or some words of it, while somebody reads them.
pub struct Words<'a>(Lent<'a>);

enum Lent<'a> {
    Here(&'a str),
    Shared(Arc<String>, Range<usize>),
    Made(String),
}

impl<'a> Words<'a> {
    /// A piece of them; nothing where the range is none of theirs.
    #[must_use]
    pub fn piece(self, range: Range<usize>) -> Words<'a> {
        Words(match self.0 {
            Lent::Here(words) => Lent::Here(words.get(range).unwrap_or_default()),
            Lent::Shared(text, words) => {
                let piece = words.start + range.start..words.start + range.end;
                let is_piece = piece.end <= words.end && text.get(piece.clone()).is_some();
                Lent::Shared(text, if is_piece { piece } else { 0..0 })
            }
            Lent::Made(words) => Lent::Made(words.get(range).unwrap_or_default().to_owned()),
        })
    }

    /// The words, to keep.
    pub fn into_owned(self) -> String {
        match self.0 {
            Lent::Made(words) => words,
            Lent::Here(_) | Lent::Shared(..) => str::to_owned(&self),
        }
    }
}

impl Deref for Words<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Lent::Here(words) => words,
            Lent::Shared(text, range) => &text[range.clone()],
            Lent::Made(words) => words,
        }
    }
}

impl AsRef<str> for Words<'_> {
    fn as_ref(&self) -> &str {
        self
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for Words<'_> {
    fn eq(&self, other: &T) -> bool {
        **self == *other.as_ref()
    }
}

impl<'a> From<&'a str> for Words<'a> {
    fn from(words: &'a str) -> Words<'a> {
        Words(Lent::Here(words))
    }
}

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// Line and column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl Position {
    /// Where a text begins.
    const START: Position = Position { line: 1, column: 1 };

    /// The position after some text that begins here.
    fn after(self, text: &str) -> Position {
        match text.rfind('\n') {
            None => Position { column: self.column + text.chars().count(), ..self },
            Some(newline) => Position {
                line: self.line + text.bytes().filter(|&byte| byte == b'\n').count(),
                column: text[newline + 1..].chars().count() + 1,
            },
        }
    }
}

/// The first control character of a text that is no white space: no page can show it, and XML may hold none.
pub fn control_in(text: &str) -> Option<char> {
    text.chars().find(|c| is_control(*c))
}

/// Whether a character is one that no page can show.
pub fn is_control(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
}

/// A text as it is quoted in a line for people: what would end the line, steer a terminal or turn the order of letters
/// round is written as Rust does, `\n` or `\u{1b}`.
pub fn quotable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let quoted = |c: char| if steers(c) { c.escape_default().collect() } else { String::from(c) };
    Cow::Owned(text.chars().map(quoted).collect())
}

/// The same for a text of several lines.
pub fn legible(text: &str) -> String {
    text.split('\n').map(quotable).collect::<Vec<_>>().join("\n")
}

/// Whether a character is none to be read: a control character, an end of a line or of a paragraph, or one that embeds or
/// overrides a direction of writing (Unicode Standard Annex 9).
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    text: Text,
    range: Range<usize>,
}

impl Span {
    /// The file the piece is in.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The piece's byte range in its file.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Where the piece begins.
    pub fn start(&self) -> Position {
        self.text.position(self.range.start)
    }
}

/// Some running text of a file, without its markup: the pieces of the file that it is made of, so that it takes hardly any
/// room beside it; a text of its own where it does not stand there letter by letter. (Boehm, Atkinson and Plass 1995 call a
/// string held in pieces a rope.) Cheap to clone; equal where the letters are.
#[derive(Clone)]
pub struct Rope(Held);

#[derive(Clone)]
enum Held {
    Piece(Text, Piece),
    Pieces(Text, Arc<[Piece]>),
    Alone(Arc<str>),
}

/// Some bytes of a file, and whether a blank follows them in the running text that does not stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    start: u32,
    end: u32,
    then_blank: bool,
}

impl Piece {
    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Rope {
    /// The running text.
    pub fn read(&self) -> Words<'_> {
        match &self.0 {
            Held::Piece(text, piece) => text.0.read_piece(piece.range()),
            Held::Alone(words) => Words(Lent::Here(words)),
            Held::Pieces(text, pieces) => {
                let mut words = String::with_capacity(self.len());
                let text = text.read();
                for piece in pieces.iter() {
                    // A rope is made of ranges of its text alone.
                    words.push_str(text.get(piece.range()).unwrap_or_default());
                    words.extend(piece.then_blank.then_some(' '));
                }
                Words(Lent::Made(words))
            }
        }
    }

    /// The text of its file, where it is made of some: who reads many pieces of one file holds it meanwhile.
    pub fn hold(&self) -> Option<Words<'_>> {
        match &self.0 {
            Held::Piece(text, _) | Held::Pieces(text, _) => Some(text.read()),
            Held::Alone(_) => None,
        }
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        let length = |piece: &Piece| (piece.end - piece.start) as usize + usize::from(piece.then_blank);
        match &self.0 {
            Held::Piece(_, piece) => length(piece),
            Held::Pieces(_, pieces) => pieces.iter().map(length).sum(),
            Held::Alone(words) => words.len(),
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same without its file.
    pub fn loose(&self) -> LooseRope {
        LooseRope(match &self.0 {
            Held::Piece(_, piece) => Loose::Piece(*piece),
            Held::Pieces(_, pieces) => Loose::Pieces(pieces[..].into()),
            Held::Alone(words) => Loose::Alone(words[..].into()),
        })
    }
}

/// A [`Rope`] that does not hold its file, so that it can be kept from build to build.
#[derive(Debug, Serialize, Deserialize)]
pub struct LooseRope(Loose);

#[derive(Debug, Serialize, Deserialize)]
enum Loose {
    Piece(Piece),
    Pieces(Box<[Piece]>),
    Alone(Box<str>),
}

impl LooseRope {
    /// The rope again, of the text of its file.
    pub fn of(self, text: &Text) -> Rope {
        Rope(match self.0 {
            Loose::Piece(piece) => Held::Piece(text.clone(), piece),
            Loose::Pieces(pieces) => Held::Pieces(text.clone(), pieces.into()),
            Loose::Alone(words) => Held::Alone(words.into()),
        })
    }
}

impl From<&str> for Rope {
    fn from(words: &str) -> Rope {
        Rope(Held::Alone(words.into()))
    }
}

impl PartialEq for Rope {
    fn eq(&self, other: &Rope) -> bool {
        *self.read() == *other.read()
    }
}

impl Eq for Rope {}

impl fmt::Debug for Rope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.read(), f)
    }
}

impl Serialize for Rope {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.read())
    }
}

/// Running text as it is read in a file, from its first words to its last.
#[derive(Debug, Default)]
pub struct RopeBuilder {
    words: String,
    /// What of the file it is made of; `None` once something of it does not stand there.
    pieces: Option<Vec<Piece>>,
}

impl RopeBuilder {
    /// Running text of a file, before its first word.
    pub fn new() -> RopeBuilder {
        RopeBuilder { words: String::new(), pieces: Some(Vec::new()) }
    }

    /// What was read until now.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// Adds some words, which may stand in a file somewhere in a range.
    pub fn push(&mut self, words: &str, file: &str, range: Range<usize>) {
        if words.is_empty() {
            return;
        }
        self.words.push_str(words);
        let Some(pieces) = &mut self.pieces else { return };
        let there = file.get(range.clone()).unwrap_or_default();
        let at = if there.starts_with(words) { Some(0) } else { there.find(words) };
        let found = at.map(|at| range.start + at);
        let place = found
            .and_then(|start| Some((u32::try_from(start).ok()?, u32::try_from(start + words.len()).ok()?)));
        match (place, pieces.last_mut()) {
            (Some((start, end)), Some(last)) if last.end == start && !last.then_blank => last.end = end,
            (Some((start, end)), _) => pieces.push(Piece { start, end, then_blank: false }),
            (None, _) => self.pieces = None,
        }
    }

    /// Adds a blank, unless there is one or nothing before it.
    pub fn push_blank(&mut self) {
        if self.words.is_empty() || self.words.ends_with(' ') {
            return;
        }
        self.words.push(' ');
        if let Some(last) = self.pieces.as_mut().and_then(|pieces| pieces.last_mut()) {
            last.then_blank = true;
        }
    }

    /// Leaves out the white space at the end.
    pub fn trim_end(&mut self) {
        let mut rest = self.words.len() - self.words.trim_end().len();
        self.words.truncate(self.words.len() - rest);
        let Some(pieces) = &mut self.pieces else { return };
        while let Some(last) = pieces.last_mut().filter(|_| rest > 0) {
            let (length, blank) = ((last.end - last.start) as usize, usize::from(last.then_blank));
            if length + blank <= rest {
                rest -= length + blank;
                pieces.pop();
                continue;
            }
            last.then_blank = false;
            // Less than a piece, which has 32 bits.
            last.end -= (rest - blank) as u32;
            rest = 0;
        }
    }

    /// The running text, which keeps hold of the file.
    pub fn finish(self, text: &Text) -> Rope {
        let RopeBuilder { words, pieces } = self;
        let held = match pieces.as_deref() {
            Some([piece]) => Held::Piece(text.clone(), *piece),
            Some(pieces) if size_of_val(pieces) < words.len() => Held::Pieces(text.clone(), pieces.into()),
            Some(_) | None => Held::Alone(words.as_str().into()),
        };
        let rope = Rope(held);
        debug_assert_eq!(*rope.read(), *words, "its pieces are its words");
        rope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_is_held_as_pieces_of_its_file() {
        let typed = "Ännchen *sings* well\nand [often](x) &amp; for long, in the evening";
        let text = Text::new(SitePath::new("a"), typed.to_owned());
        let built = |words: &[&str]| {
            let mut rope = RopeBuilder::new();
            for words in words {
                match *words {
                    " " => rope.push_blank(),
                    words => rope.push(words, typed, 0..typed.len()),
                }
            }
            rope.trim_end();
            let words = rope.as_str().to_owned();
            let rope = rope.finish(&text);
            assert_eq!((rope.read().into_owned(), rope.len()), (words.clone(), words.len()));
            assert_eq!(rope, Rope::from(words.as_str()));
            rope.0
        };
        assert!(matches!(built(&["Ännchen"]), Held::Piece(..)));
        assert!(matches!(
            built(&["Ännchen", " *si", "ngs* well", " "]),
            Held::Piece(_, Piece { end: 21, .. })
        ));
        let pieces = ["Ännchen *sings* well", " ", " ", "for long, in the evening", " "];
        assert!(matches!(built(&pieces), Held::Pieces(_, pieces) if pieces.len() == 2));
        assert!(
            matches!(built(&["well", " ", "often "]), Held::Alone(_)),
            "two pieces take more than the words"
        );
        assert!(
            matches!(built(&["Ännchen *sings* well", " ", "& for long"]), Held::Alone(_)),
            "it does not stand there"
        );
        assert!(
            matches!(built(&["well", " ", "\n", " "]), Held::Piece(..)),
            "what is trimmed may be whole pieces"
        );
        assert!(matches!(built(&[" "]), Held::Alone(_)));
    }

    #[test]
    fn what_is_quoted_stays_in_its_line() {
        assert!(matches!(quotable("“Naïve” \\n — 日本"), Cow::Borrowed(_)));
        assert_eq!(quotable("a\nb\u{1b}[31mc\0\u{85}\u{202e}d"), "a\\nb\\u{1b}[31mc\\u{0}\\u{85}\\u{202e}d");
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "ab\nçd\n";
        let at = |offset| {
            let Position { line, column } = Text::new(SitePath::new("a"), text.to_owned()).position(offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 3));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(4), (2, 1), "inside a character is that character");
        assert_eq!(at(5), (2, 2));
        assert_eq!(at(99), (3, 1));
    }

    #[test]
    fn positions_far_into_a_text_are_counted_as_near_ones() {
        let text = "ä long line, ".repeat(400) + "\n" + &"çd\n".repeat(2000);
        let bound = Text::new(SitePath::new("a"), text.clone());
        for offset in (0..text.len() + 3).step_by(7).chain([STEP - 1, STEP, STEP + 1, 2 * STEP]) {
            let counted = Position::START.after(&text[..text.floor_char_boundary(offset)]);
            assert_eq!(bound.position(offset), counted, "{offset}");
        }
    }
}
