//! Which line ends are none: breaks that an editor or mail program made at a fixed width.
//!
//! In: the pieces of the text. Out: the same, those one again that were one paragraph or item. A wrapped
//! line ends only because the next word would have crossed the margin; verse, addresses and lists break
//! earlier, and their lines mostly start with capitals.

use super::pieces::Piece;
use super::verbatim::{Verbatim, looks_like_code};

/// A text counts as hard-wrapped from this many lines on that break where the next word didn't fit.
const FEWEST_WRAPS: usize = 3;
/// A paragraph alone tells that it is wrapped from this many lines on.
const FEWEST_LINES: usize = 3;
/// The widest margin at which editors and mail programs wrap.
const WIDEST_WRAP: usize = 110;
/// The narrowest.
const NARROWEST_WRAP: usize = 40;
/// Columns a line may fall short of the margin although the next word would have fitted.
const RAGGED: usize = 1;

/// One line of a block: its columns, those of its first word, and how it starts and ends.
#[derive(Debug, Clone, Copy)]
struct Row {
    width: usize,
    word: usize,
    starts_low: bool,
    ends_sentence: bool,
}

impl Row {
    fn new(text: &str, indent: usize) -> Row {
        let word = text.split_whitespace().next().unwrap_or("");
        Row {
            width: indent + text.chars().count(),
            word: word.chars().count(),
            starts_low: word.starts_with(goes_on) && !word.starts_with("www.") && !word.contains("://"),
            ends_sentence: text.ends_with(['.', '!', '?', ':', '"', '”']),
        }
    }
}

/// Whether a word that starts like this can go on a sentence, in scripts that put spaces between words.
fn goes_on(c: char) -> bool {
    c.is_alphabetic() && !c.is_uppercase() && c < '\u{2e80}'
}

/// Whether the line ends where the margin made it end.
fn is_full(row: Row, next: Row, margin: usize) -> bool {
    row.width <= margin + RAGGED && row.width + 1 + next.word + RAGGED > margin
}

/// Joins the pieces that were wrapped at a fixed width; verbatim ones stay as they are.
pub(super) fn join(
    text: &str,
    pieces: Vec<Piece>,
    verbatim: Vec<Option<Verbatim>>,
) -> Vec<(Piece, Option<Verbatim>)> {
    let rows: Vec<Row> =
        pieces.iter().map(|piece| Row::new(&text[piece.range.clone()], piece.indent)).collect();
    let blocks = blocks(text, &pieces, &verbatim);
    let margin = margin(&rows, &blocks).filter(|margin| is_wrapped_text(&rows, &blocks, *margin));

    let mut is_wrap = vec![false; pieces.len()];
    for block in blocks {
        let own = &rows[block.clone()];
        let common = |index: usize| margin.is_some_and(|margin| wraps_at(own[index - 1], own[index], margin));
        let alone = is_wrapped(own);
        for index in 1..own.len() {
            is_wrap[block.start + index] = alone || common(index);
        }
    }
    let mut joined: Vec<(Piece, Option<Verbatim>)> = Vec::with_capacity(pieces.len());
    for (index, (piece, verbatim)) in pieces.into_iter().zip(verbatim).enumerate() {
        match joined.last_mut() {
            Some((last, _)) if is_wrap[index] => {
                last.range.end = piece.range.end;
                last.words.end = piece.words.end;
            }
            _ => joined.push((piece, verbatim)),
        }
    }
    joined
}

/// Whether the break before `next` is a wrap in a text with that margin: the line is full, or it ends within
/// a sentence, a little early, as programs do that even out a paragraph's lines.
fn wraps_at(row: Row, next: Row, margin: usize) -> bool {
    let goes_on = next.starts_low && !row.ends_sentence && row.width * 4 >= margin * 3;
    row.width <= margin + RAGGED && (is_full(row, next, margin) || goes_on)
}

/// Whether lines that follow each other are one wrapped paragraph, by themselves.
fn is_wrapped(rows: &[Row]) -> bool {
    let Some(margin) = rows.iter().map(|row| row.width).max() else { return false };
    let goes_on = rows[1..].iter().filter(|row| row.starts_low).count();
    let sentences = rows[..rows.len() - 1].iter().filter(|row| row.ends_sentence).count();
    // Lines that all start low are things in a row.
    rows.len() >= FEWEST_LINES
        && !rows[0].starts_low
        && (NARROWEST_WRAP..=WIDEST_WRAP).contains(&margin)
        && rows.windows(2).all(|pair| is_full(pair[0], pair[1], margin))
        && goes_on * 2 >= rows.len() - 1
        && sentences * 2 < rows.len()
}

/// Whether the lines of a quotation are one wrapped paragraph.
pub(super) fn are_one(lines: &[&str]) -> bool {
    let rows: Vec<Row> = lines.iter().map(|line| Row::new(line, 0)).collect();
    let goes_on = rows.iter().skip(1).all(|row| row.starts_low);
    goes_on || is_wrapped(&rows)
}

/// Runs of lines that could be one paragraph or item each.
fn blocks(text: &str, pieces: &[Piece], verbatim: &[Option<Verbatim>]) -> Vec<std::ops::Range<usize>> {
    let goes_on = |index: usize| {
        let (piece, last) = (&pieces[index], &pieces[index - 1]);
        let raw = &text[piece.range.clone()];
        piece.gap == 0
            && piece.marker.is_none()
            && verbatim[index].is_none()
            && verbatim[index - 1].is_none()
            && !raw.starts_with(['>', '|'])
            && !is_spaced(raw)
            && !is_spaced(&text[last.range.clone()])
            && raw.contains(char::is_alphanumeric)
            && text[last.range.clone()].contains(char::is_alphanumeric)
            && !looks_like_code(raw)
            && !looks_like_code(&text[last.range.clone()])
            && (last.marker.is_some() || piece.indent <= last.indent)
    };
    let mut blocks: Vec<std::ops::Range<usize>> = Vec::new();
    for index in 0..pieces.len() {
        match blocks.last_mut() {
            Some(block) if goes_on(index) => block.end = index + 1,
            _ => blocks.push(index..index + 1),
        }
    }
    blocks.retain(|block| block.len() > 1);
    blocks
}

/// Whether a line has columns: a tab, or three spaces in a row.
fn is_spaced(raw: &str) -> bool {
    raw.contains('\t') || raw.contains("   ")
}

/// The column at which the text was wrapped, if nearly all lines of its blocks end before it.
fn margin(rows: &[Row], blocks: &[std::ops::Range<usize>]) -> Option<usize> {
    let mut widths: Vec<usize> =
        blocks.iter().flat_map(|block| &rows[block.clone()]).map(|row| row.width).collect();
    widths.sort_unstable();
    // One line in fifty may be wider: a long address, a heading.
    let margin = *widths.get(widths.len().checked_sub(1 + widths.len() / 50)?)?;
    (NARROWEST_WRAP..=WIDEST_WRAP).contains(&margin).then_some(margin)
}

/// Whether most breaks inside blocks are wraps, and most wraps cut a sentence in two.
fn is_wrapped_text(rows: &[Row], blocks: &[std::ops::Range<usize>], margin: usize) -> bool {
    let pairs = || blocks.iter().flat_map(|block| rows[block.clone()].windows(2));
    let tried = pairs().count();
    let fitting = pairs().filter(|pair| is_full(pair[0], pair[1], margin)).count();
    let sentences =
        pairs().filter(|pair| is_full(pair[0], pair[1], margin) && !pair[0].ends_sentence).count();
    let low = pairs().filter(|pair| is_full(pair[0], pair[1], margin) && pair[1].starts_low).count();
    fitting >= FEWEST_WRAPS && fitting * 2 >= tried && sentences * 2 >= fitting && low * 3 >= fitting
}
