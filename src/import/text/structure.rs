//! The article's lines become blocks: headings, paragraphs, nested lists, quotations, tables, code.
//!
//! In: lines with their roles. Out: [`Block`]s whose words are those of the lines, in order.

use std::ops::Range;

use super::blocks::{Block, Kept, Words};
use super::lines::Line;
use super::pieces::is_line_end;
use super::roles::Role;
use super::verbatim::Verbatim;
use super::{Rule, headings, leads, lists, notes, quotations, speakers, tables, verse};

pub(super) use super::leads::{is_title_case, part};

/// For each line, whether it is code or part of a drawing.
pub(super) fn code_lines(_text: &str, lines: &[Line]) -> Vec<bool> {
    lines.iter().map(|line| line.verbatim.is_some()).collect()
}

/// Takes the fences of code out of the article, and keeps what stands between them whole.
pub(super) fn set_fences(lines: &[Line], roles: &mut [Role]) {
    let mut index = 0;
    while index < lines.len() {
        if lines[index].verbatim != Some(Verbatim::Fence) {
            index += 1;
            continue;
        }
        let inside =
            lines[index + 1..].iter().take_while(|line| line.verbatim == Some(Verbatim::Code)).count();
        let code = &mut roles[index + 1..index + 1 + inside];
        if code.contains(&Role::Text) {
            code.fill(Role::Text);
        }
        roles[index] = Role::Removed(Rule::Markup);
        index += 1 + inside;
        if index < lines.len() && lines[index].verbatim == Some(Verbatim::Fence) {
            roles[index] = Role::Removed(Rule::Markup);
            index += 1;
        }
    }
}

/// Builds the blocks from the lines that stay; returns them with the places of footnotes' numbers.
pub(super) fn build(
    text: &str,
    lines: &[Line],
    roles: &[Role],
    title: Option<&str>,
) -> (Vec<Block>, Vec<Range<usize>>) {
    let mut kept = keep(text, lines, roles);
    let speakers = speakers::find(&kept);
    headings::settle(text, &mut kept, &speakers);
    let notes = notes::find(&kept);
    let blocks = blocks(text, &kept, &speakers, &notes);
    let mut blocks = leads::set_series(blocks, title);
    headings::level(&mut blocks);
    match notes::set(text, &kept, &notes, &mut blocks) {
        Some(marks) => (blocks, marks),
        None => {
            let mut blocks = leads::set_series(self::blocks(text, &kept, &speakers, &(0..0)), title);
            headings::level(&mut blocks);
            (blocks, Vec::new())
        }
    }
}

/// The lines that stay, with what stands between them.
fn keep<'a>(text: &'a str, lines: &'a [Line], roles: &[Role]) -> Vec<Kept<'a>> {
    let mut kept: Vec<Kept<'a>> = Vec::with_capacity(lines.len());
    let mut parted = false;
    let mut after_rule = false;
    let mut language = None;
    for (index, (line, role)) in lines.iter().zip(roles).enumerate() {
        if let Role::Removed(_) = role {
            let raw = &text[line.range.clone()];
            let ruled = rule(raw);
            match kept.last_mut() {
                Some(last) if ruled.is_some() && line.gap == 0 && !parted => last.ruled = ruled,
                _ => {}
            }
            // A rule between furniture parts nothing of the article.
            let next = lines.get(index + 1).zip(roles.get(index + 1));
            let is_between =
                next.is_some_and(|(next, role)| next.gap > 0 && !matches!(role, Role::Removed(_)));
            after_rule = ruled.is_some() && !parted && line.gap > 0 && is_between;
            language =
                (line.verbatim == Some(Verbatim::Fence)).then(|| raw.trim_start_matches(['`', '~']).trim());
            parted = true;
            continue;
        }
        kept.push(Kept {
            line,
            heading: *role == Role::Heading,
            level: None,
            ruled: None,
            parted,
            after_rule,
            language,
        });
        (parted, after_rule, language) = (false, false, None);
    }
    kept
}

/// The character of a line that is nothing but a rule, and how many there are: `---`, `* * *`, `|---|---|`.
fn rule(raw: &str) -> Option<(char, usize)> {
    let marks: Vec<char> =
        raw.chars().filter(|c| !c.is_whitespace() && !matches!(c, '|' | '+' | ':')).collect();
    let first = *marks.first()?;
    let is_rule = marks.len() >= 3
        && marks.iter().all(|c| *c == first)
        && matches!(
            first,
            '-' | '=' | '~' | '_' | '*' | '#' | '.' | '·' | '•' | '—' | '–' | '─' | '═' | '━' | '⁂' | '∗'
        );
    is_rule.then_some((first, marks.len()))
}

/// The blocks of the lines that stay.
fn blocks(text: &str, kept: &[Kept<'_>], speakers: &[usize], notes: &Range<usize>) -> Vec<Block> {
    let numbered = lists::numbered(kept);
    let body_indent = body_indent(kept);
    // For each line, the next one that starts a turn or is a note: nothing reaches across it.
    let mut ends = vec![kept.len(); kept.len()];
    for index in (1..kept.len()).rev() {
        let stops = speakers[index] > 0 || notes.contains(&index);
        ends[index - 1] = if stops { index } else { ends[index] };
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut index = 0;
    while index < kept.len() {
        let first = &kept[index];
        let end = ends[index];
        let rest = &kept[index..end];
        if first.after_rule && !blocks.is_empty() {
            blocks.push(Block::Rule);
        }
        if notes.contains(&index) {
            blocks.extend(notes::block(&first.line.text));
            index += 1;
            continue;
        }
        if speakers[index] > 0 {
            let bold = speakers[index];
            blocks.push(Block::Paragraph(vec![Words { bold, ..Words::plain(&first.line.text) }]));
            index += 1;
            continue;
        }
        let used = code(text, rest)
            .or_else(|| tables::run(text, rest))
            .or_else(|| quotations::run(text, rest, body_indent))
            .or_else(|| lists::run(rest, &numbered[index..end], text))
            .or_else(|| verse::run(rest));
        match used {
            Some((used, more)) => {
                blocks.extend(more);
                index += used;
            }
            None => {
                let words = Words::plain(first.full_text(text));
                blocks.push(if first.heading {
                    Block::Heading { level: first.level.unwrap_or(0), words }
                } else {
                    Block::Paragraph(vec![words])
                });
                index += 1;
            }
        }
    }
    blocks
}

/// The column at which most of the words start.
fn body_indent(kept: &[Kept<'_>]) -> usize {
    let mut words: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for kept in kept.iter().filter(|kept| kept.is_plain()) {
        *words.entry(kept.line.indent).or_default() += kept.line.text.len();
    }
    words
        .iter()
        .max_by_key(|(indent, words)| (**words, usize::MAX - **indent))
        .map_or(0, |(indent, _)| *indent)
}

/// The digits of the list numbers, in order.
pub(super) fn list_numbers(blocks: &[Block]) -> Vec<Range<usize>> {
    let mut numbers = Vec::new();
    for block in blocks {
        match block {
            Block::List { items, .. } => {
                for item in items {
                    numbers.extend(item.digits.clone());
                    numbers.extend(list_numbers(&item.blocks));
                }
            }
            Block::Quotation(blocks) => numbers.extend(list_numbers(blocks)),
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Table(_)
            | Block::Code { .. }
            | Block::Rule
            | Block::Note { .. } => {}
        }
    }
    numbers
}

/// Reads lines of code with their indentation and the blank lines between them.
fn code(text: &str, kept: &[Kept<'_>]) -> super::blocks::Run {
    if !kept[0].is_code() {
        return None;
    }
    let used = 1 + kept[1..].iter().take_while(|kept| kept.is_code() && !kept.parted).count();
    let indents: Vec<String> = kept[..used].iter().map(|kept| indentation(text, kept.line)).collect();
    let shared = indents.iter().skip(1).fold(indents[0].as_str(), |shared, indent| {
        let same = shared.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
        &shared[..same]
    });
    let mut code = String::new();
    for (index, (kept, indent)) in kept[..used].iter().zip(&indents).enumerate() {
        if index > 0 {
            code.extend(std::iter::repeat_n('\n', 1 + kept.line.gap));
        }
        code.push_str(&indent[shared.len()..]);
        let raw = &text[kept.line.range.clone()];
        code.extend(
            raw.chars()
                .filter(|c| *c == '\t' || !c.is_control())
                .map(|c| if c == '\u{a0}' { ' ' } else { c }),
        );
    }
    let language = kept[0].language.unwrap_or("").to_owned();
    Some((used, vec![Block::Code { language, text: code }]))
}

/// The white space before a line: tabs as tabs, any other blank as a space.
fn indentation(text: &str, line: &Line) -> String {
    let before = text[..line.range.start].chars().rev();
    let blank = before.take_while(|c| c.is_whitespace() && *c != '\n' && !is_line_end(*c));
    let blank: String = blank.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    blank.chars().rev().collect()
}
