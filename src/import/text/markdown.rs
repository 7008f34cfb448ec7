//! Blocks become Markdown: `CommonMark` with GFM's tables, escaped as far as needed and no further.
//!
//! In: the blocks of an article. Out: text that renders as exactly the words of the blocks.

use std::ops::Range;

use super::blocks::{Block, Item, Words};

/// How eagerly special characters are escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// Only where they would be read as markup.
    Needed,
    /// Every ASCII punctuation mark.
    All,
}

/// Writes the blocks, escaping what Markdown would read as markup.
pub(super) fn write(blocks: &[Block]) -> String {
    document(blocks, Escape::Needed)
}

/// Writes the blocks with every punctuation mark escaped, for texts that defeat the finer rules.
pub(super) fn write_strictly(blocks: &[Block]) -> String {
    document(blocks, Escape::All)
}

/// The words of the blocks without any markup, for looking at their language.
pub(super) fn plain(blocks: &[Block]) -> String {
    let mut plain = String::new();
    for block in blocks {
        match block {
            Block::Heading { words, .. } => push_line(&mut plain, &words.text),
            Block::Paragraph(lines) => {
                for words in lines {
                    push_line(&mut plain, &words.text);
                }
            }
            Block::Quotation(blocks) => plain.push_str(&self::plain(blocks)),
            Block::List { items, .. } => {
                for item in items {
                    plain.push_str(&self::plain(&item.blocks));
                }
            }
            Block::Note { words, .. } => push_line(&mut plain, &words.text),
            Block::Table(_) | Block::Code { .. } | Block::Rule => {}
        }
    }
    plain
}

fn push_line(plain: &mut String, text: &str) {
    plain.push_str(text);
    plain.push('\n');
}

fn document(blocks: &[Block], escape: Escape) -> String {
    let mut lines = Vec::new();
    write_blocks(blocks, escape, &mut lines);
    let mut document = lines.join("\n");
    if !document.is_empty() {
        document.push('\n');
    }
    document
}

/// Writes blocks with one blank line between them.
fn write_blocks(blocks: &[Block], escape: Escape, lines: &mut Vec<String>) {
    let mut bullets = '-';
    let mut last_was_list = false;
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        // Two lists in a row would be one; another bullet keeps them apart.
        bullets = if last_was_list && bullets == '-' { '*' } else { '-' };
        last_was_list = matches!(block, Block::List { .. });
        write_block(block, bullets, escape, lines);
    }
}

fn write_block(block: &Block, bullet: char, escape: Escape, lines: &mut Vec<String>) {
    match block {
        Block::Heading { level, words } => {
            let marks = "#".repeat(usize::from(*level));
            let mut text = marked(words, 0..words.text.len(), escape, Place::Inside);
            // Marks at the end would be taken for the closing sequence.
            if text.ends_with('#') {
                text.insert(text.len() - 1, '\\');
            }
            lines.push(format!("{marks} {text}"));
        }
        Block::Paragraph(parts) => {
            for (index, words) in parts.iter().enumerate() {
                let hard_break = if index + 1 < parts.len() { "\\" } else { "" };
                lines.push(paragraph_line(words, escape) + hard_break);
            }
        }
        Block::Quotation(blocks) => {
            let mut inner = Vec::new();
            write_blocks(blocks, escape, &mut inner);
            lines.extend(
                inner
                    .into_iter()
                    .map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") }),
            );
        }
        Block::List { start, items } => {
            // Paragraphs in one item set all items apart.
            let is_loose = items.iter().any(|item| item.blocks.iter().skip(1).any(|block| !is_tight(block)));
            for (index, item) in items.iter().enumerate() {
                if index > 0 && is_loose {
                    lines.push(String::new());
                }
                let marker = match start {
                    // Two lists in a row that differ in the closing mark are two lists.
                    Some(start) => {
                        format!("{}{}", start + index as u64, if bullet == '-' { '.' } else { ')' })
                    }
                    None => bullet.to_string(),
                };
                write_item(item, &marker, escape, lines);
            }
        }
        Block::Code { language, text } => {
            let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
            lines.push(format!("{fence}{language}"));
            lines.extend(text.lines().map(str::to_owned));
            lines.push(fence);
        }
        Block::Rule => lines.push("* * *".to_owned()),
        Block::Note { number, words } => {
            lines.push(format!("[^{number}]: {}", marked(words, 0..words.text.len(), escape, Place::Start)));
        }
        Block::Table(rows) => {
            let width = rows.iter().map(Vec::len).max().unwrap_or(0);
            for (index, row) in rows.iter().enumerate() {
                let cells = (0..width).map(|cell| {
                    row.get(cell).map_or_else(String::new, |text| inline(text, escape, Place::Cell))
                });
                lines.push(format!("| {} |", cells.collect::<Vec<_>>().join(" | ")));
                if index == 0 {
                    lines.push(format!("|{}", " --- |".repeat(width)));
                }
            }
        }
    }
}

/// Whether a block follows its item's words without a blank line: a nested list, as one writes it by hand.
fn is_tight(block: &Block) -> bool {
    matches!(block, Block::List { start: None | Some(1), .. })
}

/// Writes one item; its blocks follow the marker, indented by its width.
fn write_item(item: &Item, marker: &str, escape: Escape, lines: &mut Vec<String>) {
    let mut inner: Vec<String> = Vec::new();
    for block in &item.blocks {
        if !inner.is_empty() && !is_tight(block) {
            inner.push(String::new());
        }
        write_block(block, '-', escape, &mut inner);
    }
    let indent = " ".repeat(marker.len() + 1);
    for (index, line) in inner.into_iter().enumerate() {
        lines.push(match (index, line.is_empty()) {
            (0, false) => format!("{marker} {line}"),
            (0, true) => marker.to_owned(),
            (_, false) => format!("{indent}{line}"),
            (_, true) => String::new(),
        });
    }
}

/// A paragraph's line, with its lead-in in bold.
fn paragraph_line(words: &Words, escape: Escape) -> String {
    let (lead, rest) = words.text.split_at(words.bold);
    // Stars after a mark and before a letter would close nothing.
    let closes =
        lead.ends_with(char::is_alphanumeric) || rest.is_empty() || rest.starts_with(char::is_whitespace);
    if lead.is_empty() || !closes {
        return marked(words, 0..words.text.len(), escape, Place::Start);
    }
    let bold = marked(words, 0..words.bold, escape, Place::Inside);
    let rest = marked(words, words.bold..words.text.len(), escape, Place::Inside);
    format!("**{bold}**{rest}")
}

/// A piece of a line with the marks of footnotes in it.
fn marked(words: &Words, piece: Range<usize>, escape: Escape, place: Place) -> String {
    let mut text = String::new();
    let mut at = piece.start;
    for mark in words.marks.iter().filter(|mark| mark.start >= piece.start && mark.end <= piece.end) {
        text.push_str(&inline(
            &words.text[at..mark.start],
            escape,
            if at == 0 { place } else { Place::Inside },
        ));
        text.push_str("[^");
        text.push_str(&words.text[mark.start + 1..mark.end]);
        at = mark.end;
    }
    let place = if at == 0 { place } else { Place::Inside };
    text.push_str(&inline(&words.text[at..piece.end], escape, place));
    text
}

fn longest_run(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

/// Where a piece of text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of a line, where block markup is read.
    Start,
    /// Within a line.
    Inside,
    /// In a cell of a table.
    Cell,
}

/// Escapes the text of a line.
fn inline(text: &str, escape: Escape, place: Place) -> String {
    if escape == Escape::All {
        return text
            .chars()
            .flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]))
            .collect();
    }
    let links = ["](", "][", "]:", "]["].iter().any(|link| text.contains(link));
    let ticks = text.matches('`').count() > 1;
    let tildes = text.matches('~').count() > 1;
    let mut escaped = String::with_capacity(text.len() + 8);
    let block_mark = if place == Place::Start { block_mark(text) } else { None };
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let after = rest.chars().next();
        let spaced = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
        let in_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let special = match c {
            '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
            '*' => !spaced,
            '_' => !spaced && !in_word,
            '`' => ticks,
            '~' => tildes || rest.starts_with('~'),
            '<' => after.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => is_entity(rest),
            '[' => {
                links
                    || after.is_some_and(|c| matches!(c, '^' | '[' | '!'))
                    || (before.is_none() && place == Place::Start)
            }
            '!' => after == Some('[') && links,
            '|' => place == Place::Cell,
            // Where no dollar sign could end a formula, none begins one: prices stay as they are.
            '$' => before.map_or(place == Place::Inside, |c| !c.is_whitespace()),
            // The option of a command ("--force") is no dash.
            '-' => {
                before.is_none_or(char::is_whitespace)
                    && rest
                        .strip_prefix('-')
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
            }
            _ => false,
        };
        if special || block_mark == Some(at) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

/// Whether what follows an ampersand makes it a character reference.
fn is_entity(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or("");
    name.len() < rest.len()
        && !name.is_empty()
        && name.len() <= 33
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// The byte at the start of a line that would be read as markup of a block.
fn block_mark(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let parted = |length: usize| text[length..].is_empty() || text[length..].starts_with(char::is_whitespace);
    let rule = |mark: char| {
        text.chars().all(|c| c == mark || c == ' ') && text.chars().filter(|c| *c == mark).count() >= 2
    };
    let delimiters = text.chars().all(|c| matches!(c, '-' | ':' | '|' | ' '));
    let is_mark = match first {
        '#' => {
            let marks = text.bytes().take_while(|byte| *byte == b'#').count();
            marks <= 6 && parted(marks)
        }
        '>' | '|' => true,
        '-' | '+' => parted(1) || rule('-') || rule('+') || delimiters,
        '*' | '_' => parted(1) || rule(first),
        '=' => rule('='),
        '`' | '~' => text.starts_with("```") || text.starts_with("~~~"),
        // It would make a definition of the line, and a term of the one before.
        ':' => true,
        '0'..='9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let closes = text[digits..].starts_with(['.', ')']) && parted(digits + 1);
            return (closes && digits <= 9).then_some(digits);
        }
        _ => false,
    };
    // A lone "=" under a line makes it a heading, too.
    (is_mark || text == "=" || text == "-").then_some(0)
}
