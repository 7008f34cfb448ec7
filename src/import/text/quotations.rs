//! Quotations: lines after `>`, paragraphs set in, and paragraphs in quotation marks whose author follows.
//!
//! In: the lines that stay. Out: one quotation at a time, with the line that says whose words they are.

use super::blocks::{Block, Kept, Run, Words};
use super::lines::{Line, Marker};
use super::verbatim::is_prose;
use super::wraps;

/// Quotations nest no deeper than this.
const DEEPEST: usize = 8;
/// A quotation is set in by at least this many columns.
const SET_IN: usize = 3;
/// The longest line that names whose words they are, in words.
const LONGEST_SOURCE: usize = 12;
/// The most paragraphs of a quotation that is set in or in quotation marks.
const MOST_PARAGRAPHS: usize = 8;

/// Reads a quotation.
pub(super) fn run(text: &str, kept: &[Kept<'_>], body_indent: usize) -> Run {
    marked(text, kept).or_else(|| set_in(text, kept, body_indent)).or_else(|| in_marks(text, kept))
}

/// The line that says whose words were quoted, with its dash: "— Mary Ash, The Long Year".
pub(super) fn source(text: &str, line: &Line) -> Option<String> {
    let raw = &text[line.range.clone()];
    let after = ["—", "–", "―", "--", "-"].iter().find_map(|dash| raw.strip_prefix(dash))?;
    let name = after.trim_start();
    let fits = name.starts_with(|c: char| c.is_uppercase())
        && line.text.split(' ').count() <= LONGEST_SOURCE
        && !name.ends_with(['.', '?', '!', ':', '"', '”']);
    let dash = &raw[..raw.len() - after.len()];
    let space = if name.len() < after.len() { " " } else { "" };
    let words = if line.marker == Some(Marker::Bullet) {
        line.text.as_str()
    } else {
        line.text.strip_prefix(dash)?.trim_start()
    };
    fits.then(|| format!("{dash}{space}{words}"))
}

/// Reads lines that start with `>`; a number before that is an item's, and would be lost.
fn marked(text: &str, kept: &[Kept<'_>]) -> Run {
    let is_quoted = |kept: &Kept<'_>| {
        !kept.is_code() && depth(&kept.line.text).0 > 0 && kept.full_text(text) == kept.line.text
    };
    let used = kept.iter().take_while(|kept| is_quoted(kept)).count();
    if used == 0 {
        return None;
    }
    let lines: Vec<Quoted<'_>> = kept[..used]
        .iter()
        .enumerate()
        .map(|(index, kept)| {
            let (depth, words) = depth(&kept.line.text);
            Quoted { depth, words, apart: index == 0 || !kept.adjoins() }
        })
        .collect();
    let blocks = nested(&lines, 1);
    Some((used, if blocks.is_empty() { Vec::new() } else { vec![Block::Quotation(blocks)] }))
}

/// A line after `>` marks.
struct Quoted<'a> {
    depth: usize,
    words: &'a str,
    apart: bool,
}

/// How many `>` marks a line starts with, and what follows them.
fn depth(text: &str) -> (usize, &str) {
    let mut rest = text;
    let mut depth = 0;
    while let Some(after) = rest.strip_prefix('>') {
        rest = after.strip_prefix(' ').unwrap_or(after);
        depth += 1;
    }
    // ">50 percent" and "->" are words.
    let is_mark = depth > 1
        || text == ">"
        || text.starts_with("> ")
        || rest.starts_with(|c: char| c.is_alphabetic() || c == '"' || c == '“');
    if is_mark { (depth, rest.trim()) } else { (0, text) }
}

/// The blocks of lines that are quoted `depth` times or more.
fn nested(lines: &[Quoted<'_>], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let is_deeper = |line: &Quoted<'_>| line.depth > depth && depth < DEEPEST;
        let deeper = lines[start..].iter().take_while(|line| is_deeper(line)).count();
        if deeper > 0 {
            blocks.push(Block::Quotation(nested(&lines[start..start + deeper], depth + 1)));
            start += deeper;
            continue;
        }
        let length = 1 + lines[start + 1..]
            .iter()
            .take_while(|line| !line.apart && !is_deeper(line) && !line.words.is_empty())
            .count();
        let words: Vec<&str> = lines[start..start + length]
            .iter()
            .map(|line| line.words)
            .filter(|words| !words.is_empty())
            .collect();
        if wraps::are_one(&words) {
            blocks.push(Block::paragraph(words.join(" ")));
        } else {
            blocks.push(Block::Paragraph(words.iter().map(|words| Words::plain(*words)).collect()));
        }
        start += length;
    }
    blocks.retain(|block| block.line().is_none_or(|words| !words.text.is_empty()));
    blocks
}

/// Reads paragraphs that are set in as a whole: each of several lines at the same column, or with their author.
fn set_in(text: &str, kept: &[Kept<'_>], body_indent: usize) -> Run {
    let depth = kept[0].line.indent;
    let is_set_in =
        |kept: &Kept<'_>| kept.is_plain() && kept.line.indent == depth && is_prose(&kept.line.text);
    let is_block = |kept: &Kept<'_>| is_set_in(kept) && is_indented_throughout(text, kept.line);
    if depth < body_indent + SET_IN || !is_set_in(&kept[0]) {
        return None;
    }
    let used = kept.iter().take(MOST_PARAGRAPHS).take_while(|kept| is_block(kept)).count();
    let named = kept.iter().take(MOST_PARAGRAPHS).take_while(|kept| is_set_in(kept)).count();
    let source_after = |used: usize| {
        kept.get(used).filter(|kept| kept.line.indent >= depth).and_then(|kept| source(text, kept.line))
    };
    let paragraphs = |used: usize| kept[..used].iter().map(|kept| Block::paragraph(kept.line.text.as_str()));
    if let Some(source) = source_after(named) {
        let mut blocks: Vec<Block> = paragraphs(named).collect();
        blocks.push(Block::paragraph(source));
        return Some((named + 1, vec![Block::Quotation(blocks)]));
    }
    (used > 0).then(|| (used, vec![Block::Quotation(paragraphs(used).collect())]))
}

/// Whether a line was wrapped, and each of its parts stands at the column of the first.
fn is_indented_throughout(text: &str, line: &Line) -> bool {
    let raw = &text[line.range.clone()];
    let mut others = raw.split('\n').skip(1).peekable();
    let indent = |part: &str| part.chars().take_while(|c| c.is_whitespace()).count();
    others.peek().is_some() && others.all(|part| indent(part) > 0)
}

/// Reads paragraphs in quotation marks that a line with their author follows.
fn in_marks(text: &str, kept: &[Kept<'_>]) -> Run {
    let opens = |kept: &Kept<'_>| kept.is_plain() && kept.line.text.starts_with(['"', '“', '„', '«', '‘']);
    let used = kept.iter().take(MOST_PARAGRAPHS).take_while(|kept| opens(kept)).count();
    let last = used.checked_sub(1).map(|last| &kept[last])?;
    let closes = last.line.text.ends_with(['"', '”', '“', '»', '’']);
    let source = kept.get(used).and_then(|kept| source(text, kept.line))?;
    // A dash after a bulleted list's first item is one more of them.
    let next_is_item = kept.get(used + 1).is_some_and(|kept| kept.line.marker == Some(Marker::Bullet));
    if !closes || next_is_item {
        return None;
    }
    // Only what belongs together: a paragraph that closes its marks ends the quotation before.
    let first = kept[..used - 1]
        .iter()
        .rposition(|kept| kept.line.text.ends_with(['"', '”', '»']))
        .map_or(0, |before| before + 1);
    if first > 0 {
        return None;
    }
    let mut blocks: Vec<Block> =
        kept[..used].iter().map(|kept| Block::paragraph(kept.line.text.as_str())).collect();
    blocks.push(Block::paragraph(source));
    Some((used + 1, vec![Block::Quotation(blocks)]))
}
