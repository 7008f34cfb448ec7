//! Tables: rows between bars, rows with tabs, columns that stand in line, rows of figures with commas.
//!
//! In: the lines that stay. Out: one table at a time, empty cells kept. Prose with two spaces after each
//! sentence is none.

use super::blocks::{Block, Kept, Run};
use super::lines::{Marker, is_blank};

/// A row has at least this many cells.
const FEWEST_CELLS: usize = 2;
/// A table has at least this many rows.
const FEWEST_ROWS: usize = 2;
/// A table without rules or bars has at least this many rows.
const FEWEST_PLAIN_ROWS: usize = 3;
/// Columns that only spaces part have at least this many between them.
const GUTTER: usize = 2;
/// Longer rows are read as prose.
const WIDEST: usize = 400;
/// Rows of figures have at least this many cells.
const FEWEST_FIGURES: usize = 3;

/// Reads a table.
pub(super) fn run(text: &str, kept: &[Kept<'_>]) -> Run {
    let table =
        barred(kept).or_else(|| tabbed(text, kept)).or_else(|| aligned(text, kept)).or_else(|| figures(kept));
    let (used, rows) = table?;
    Some((used, vec![Block::Table(rows)]))
}

/// Rows, and how many lines they took.
type Rows = Option<(usize, Vec<Vec<String>>)>;

/// The lines that could be rows of a table: no headings, no bullets, nothing but rules between them.
fn rows<'a, 'b>(kept: &'a [Kept<'b>]) -> impl Iterator<Item = &'a Kept<'b>> {
    let is_row =
        |kept: &Kept<'_>| !kept.heading && !kept.is_code() && kept.line.marker != Some(Marker::Bullet);
    let follows = |index: usize| {
        let own = &kept[index];
        index == 0 || (own.line.gap == 0 && (!own.parted || kept[index - 1].ruled.is_some()))
    };
    let fits = move |(index, kept): &(usize, &Kept<'_>)| is_row(kept) && follows(*index);
    kept.iter().enumerate().take_while(fits).map(|(_, kept)| kept)
}

/// Reads rows between bars: `| a | b |`.
fn barred(kept: &[Kept<'_>]) -> Rows {
    let cells = |kept: &Kept<'_>| -> Option<Vec<String>> {
        let inner = kept.line.text.strip_prefix('|')?.strip_suffix('|')?;
        Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
    };
    let width = cells(&kept[0])?.len();
    let rows: Vec<Vec<String>> = rows(kept).map_while(cells).take_while(|row| row.len() == width).collect();
    let enough = rows.len() >= FEWEST_PLAIN_ROWS || (rows.len() >= FEWEST_ROWS && kept[0].ruled.is_some());
    (width >= FEWEST_CELLS && enough).then_some((rows.len(), rows))
}

/// Reads rows whose cells are parted by tabs.
fn tabbed(text: &str, kept: &[Kept<'_>]) -> Rows {
    let lines: Vec<&str> =
        rows(kept).map(|kept| &text[kept.line.range.clone()]).take_while(|raw| raw.contains('\t')).collect();
    // A number or letter before a tab is an item's.
    let is_item = |raw: &&str| {
        raw.split_once('\t').is_some_and(|(first, rest)| {
            first.len() <= LONGEST_MARK && first.ends_with(['.', ')']) && !rest.contains('\t')
        })
    };
    if lines.len() < FEWEST_ROWS || lines.iter().any(is_item) {
        return None;
    }
    let tabs = |kept: &Kept<'_>| {
        text[..kept.line.range.start].bytes().rev().take_while(|byte| *byte == b'\t').count()
    };
    // What all rows are indented by is no cell; a tab more is an empty one.
    let base = kept[..lines.len()].iter().map(tabs).min().unwrap_or(0);
    let whole = |(kept, raw): (&Kept<'_>, &&str)| -> Vec<String> {
        let empty = (tabs(kept) - base).min(MOST_EMPTY);
        std::iter::repeat_n(String::new(), empty).chain(raw.split('\t').map(tidy)).collect()
    };
    let rows: Vec<Vec<String>> = kept.iter().zip(&lines).map(whole).collect();
    let rows = without_empty_columns(rows);
    let filled: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().filter(|cell| !cell.is_empty()).cloned().collect()).collect();
    // Several tabs in a row are one step where that gives all rows the same number of cells.
    let even = |rows: &[Vec<String>]| rows.iter().all(|row| row.len() == rows[0].len());
    let cells = |rows: &[Vec<String>]| rows.iter().map(Vec::len).max().unwrap_or(0) * rows.len();
    let sparse = cells(&rows) > MOST_SPARSE * filled.iter().map(Vec::len).sum::<usize>();
    let rows = if (!even(&rows) && even(&filled)) || sparse { filled } else { rows };
    Some((lines.len(), rows))
}

/// Leaves out the columns that no row has words in: two tabs between cells are one step then.
fn without_empty_columns(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut has_words = vec![false; width];
    for row in &rows {
        for (has_words, cell) in has_words.iter_mut().zip(row) {
            *has_words |= !cell.is_empty();
        }
    }
    let keep =
        |row: Vec<String>| row.into_iter().zip(&has_words).filter(|(_, keep)| **keep).map(|(cell, _)| cell);
    rows.into_iter().map(|row| keep(row).collect()).collect()
}

/// The longest number or letter of an item, in bytes.
const LONGEST_MARK: usize = 4;
/// More empty cells than this at the start of a row are indentation.
const MOST_EMPTY: usize = 3;
/// In a table, of so many cells one has words.
const MOST_SPARSE: usize = 4;

/// Reads rows whose columns are parted by spaces: the same columns of the page are blank in every row.
fn aligned(text: &str, kept: &[Kept<'_>]) -> Rows {
    let line = |kept: &Kept<'_>| -> Option<Vec<char>> {
        let raw = &text[kept.line.range.clone()];
        let fits = raw.len() <= WIDEST && !raw.contains(['\t', '\n']) && raw.contains("  ");
        let indent = kept.line.indent.min(WIDEST);
        fits.then(|| std::iter::repeat_n(' ', indent).chain(raw.chars()).collect())
    };
    let mut blank: Vec<bool> = Vec::new();
    let mut lines: Vec<Vec<char>> = Vec::new();
    for line in rows(kept).map_while(line).take(MOST_ALIGNED) {
        let width = blank.len().max(line.len());
        let both: Vec<bool> = (0..width)
            .map(|at| blank.get(at).copied().unwrap_or(true) && line.get(at).is_none_or(|c| is_blank(*c)))
            .collect();
        // Every row has words on both sides of some gutter, and so have those before it.
        let gutters = gutters(&both);
        let parts = |line: &[char]| cells(line, &gutters).iter().filter(|cell| !cell.is_empty()).count();
        if parts(&line) < FEWEST_CELLS || lines.last().is_some_and(|last| parts(last) < FEWEST_CELLS) {
            break;
        }
        blank = both;
        lines.push(line);
    }
    let is_ruled = kept[..lines.len()].iter().any(|kept| kept.ruled.is_some());
    if lines.len() < if is_ruled { FEWEST_ROWS } else { FEWEST_PLAIN_ROWS } {
        return None;
    }
    let gutters = gutters(&blank);
    let rows: Vec<Vec<String>> = lines.iter().map(|line| cells(line, &gutters)).collect();
    let full = rows.iter().all(|row| row.iter().filter(|cell| !cell.is_empty()).count() >= FEWEST_CELLS);
    // A blank column after the ends of sentences is chance.
    let after_sentences = |column: usize| {
        rows.iter().filter(|row| row[column].ends_with(['.', '!', '?'])).count() * 2 >= rows.len()
    };
    let is_prose = (0..rows[0].len() - 1).any(after_sentences);
    (full && !is_prose).then_some((lines.len(), rows))
}

/// The most rows that are read as one aligned table.
const MOST_ALIGNED: usize = 200;

/// The runs of columns that are blank in all rows and wide enough to part cells.
fn gutters(blank: &[bool]) -> Vec<(usize, usize)> {
    let mut gutters = Vec::new();
    let mut start = 0;
    for at in 0..=blank.len() {
        if at < blank.len() && blank[at] {
            continue;
        }
        if start > 0 && at < blank.len() && at - start >= GUTTER {
            gutters.push((start, at));
        }
        start = at + 1;
    }
    gutters
}

/// The cells of a row between the gutters.
fn cells(line: &[char], gutters: &[(usize, usize)]) -> Vec<String> {
    let mut cells = Vec::with_capacity(gutters.len() + 1);
    let mut start = 0;
    for &(from, to) in gutters.iter().chain([&(line.len(), line.len())]) {
        let end = from.min(line.len());
        let cell: String = line[start.min(end)..end].iter().collect();
        cells.push(tidy(&cell));
        start = to;
    }
    cells
}

/// Reads rows of figures: the same number of cells in each, parted by commas without a space, most of them numbers.
fn figures(kept: &[Kept<'_>]) -> Rows {
    let row = |kept: &Kept<'_>| -> Option<Vec<String>> {
        let text = &kept.line.text;
        let fits =
            kept.line.marker.is_none() && text.contains(',') && !text.contains(", ") && !text.contains('"');
        fits.then(|| text.split(',').map(|cell| cell.trim().to_owned()).collect())
    };
    let width = row(&kept[0])?.len();
    let is_number =
        |cell: &&String| !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || ".-+%".contains(c));
    let is_figures = |(index, row): &(usize, Vec<String>)| {
        row.len() == width
            && (*index == 0 || row[1..].iter().filter(is_number).count() * 4 >= (width - 1) * 3)
    };
    let rows: Vec<Vec<String>> =
        rows(kept).map_while(row).enumerate().take_while(is_figures).map(|(_, row)| row).collect();
    (rows.len() >= FEWEST_PLAIN_ROWS && width >= FEWEST_FIGURES).then_some((rows.len(), rows))
}

/// A cell's words with single spaces.
fn tidy(raw: &str) -> String {
    let visible: String = raw.chars().map(|c| if is_blank(c) { ' ' } else { c }).collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
