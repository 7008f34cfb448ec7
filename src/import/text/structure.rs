//! The article's lines become blocks: headings, paragraphs, nested lists, quotations, tables, code.
//!
//! In: lines with their roles. Out: [`Block`]s whose words are those of the lines, in order. [`part`]
//! comes before the roles: it parts lines into which two pieces were glued.

use std::ops::Range;

use super::lines::{Line, Marker, Vocabulary};
use super::roles::Role;
use super::{cues, words};

/// A block of the article.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// A heading; the title is level 1 and not among the blocks.
    Heading {
        /// 2 for a section, 3 for a part of it.
        level: u8,
        /// Its words.
        words: Words,
    },
    /// A paragraph: one line, or several whose breaks are kept (verse, addresses).
    Paragraph(Vec<Words>),
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A quotation.
    Quotation(Vec<Block>),
    /// A table: the rows, the first being the head.
    Table(Vec<Vec<String>>),
    /// Code, as it stands.
    Code(String),
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// The digits of its number in the decoded text.
    pub digits: Option<Range<usize>>,
    /// Its words, and what is nested in it.
    pub blocks: Vec<Block>,
}

/// Words of one line, the first `bold` bytes being a lead-in.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Words {
    /// The words.
    pub text: String,
    /// How many bytes are set in bold.
    pub bold: usize,
}

impl Words {
    fn plain(text: impl Into<String>) -> Words {
        Words { text: text.into(), bold: 0 }
    }
}

/// Parts lines into which several pieces of the page were glued: items of a list.
pub(super) fn part(text: &str, lines: Vec<Line>, vocabulary: &Vocabulary) -> Vec<Line> {
    let mut parted = Vec::with_capacity(lines.len());
    // Items glued together: their list shows the pattern, a Title Case lead-in before a dash.
    let patterned = patterned_items(&lines);
    for (index, line) in lines.into_iter().enumerate() {
        let glued = patterned[index].then(|| glued_item(text, &line)).flatten();
        match glued.and_then(|at| line.split(text, at, vocabulary)) {
            Some((first, mut second)) => {
                second.marker = Some(Marker::Bullet);
                parted.push(first);
                parted.push(second);
            }
            None => parted.push(line),
        }
    }
    parted
}

/// The items whose list has at least this many lead-ins is searched for glued ones.
const FEWEST_LEAD_INS: usize = 2;

/// For each line, whether it is an item of a bulleted list most items of which have a lead-in and a dash.
fn patterned_items(lines: &[Line]) -> Vec<bool> {
    let mut patterned = vec![false; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        let length = lines[start..].iter().take_while(|line| line.marker.is_some()).count();
        let items = || (start..start + length).filter(|index| lines[*index].marker == Some(Marker::Bullet));
        let with = items().filter(|index| dash_lead_in(&lines[*index].text).is_some()).count();
        if with >= FEWEST_LEAD_INS && with * 2 > items().count() {
            items().for_each(|index| patterned[index] = true);
        }
        start += length.max(1);
    }
    patterned
}

/// The longest lead-in in words.
const LONGEST_LEAD_IN: usize = 7;

/// The bytes of a Title Case lead-in before a dash: "Grow Your Network– Anybody ...".
fn dash_lead_in(text: &str) -> Option<usize> {
    let end = [" – ", "– ", " — ", "— ", " - "].iter().filter_map(|dash| text.find(dash)).min()?;
    let lead = &text[..end];
    let count = lead.split(' ').count();
    (count <= LONGEST_LEAD_IN && is_title_case(lead) && !lead.contains(['.', '!', '?', ':'])).then_some(end)
}

/// Whether most of the longer words are capitalised, the first one surely.
pub(super) fn is_title_case(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let long =
        || words.iter().filter(|word| word.chars().count() > 3 || !words::is_small(&word.to_lowercase()));
    let capitals = long().filter(|word| capital(word)).count();
    words.first().is_some_and(|word| capital(word))
        && capitals * 4 >= long().filter(|word| !word.is_empty()).count() * 3
}

/// The byte of the decoded text at which a second item begins within a line.
fn glued_item(text: &str, line: &Line) -> Option<usize> {
    let words = line.words(text);
    let raw = &text[words.clone()];
    let mut after_sentence = false;
    let mut previous = ' ';
    for (at, c) in raw.char_indices() {
        if after_sentence && c.is_uppercase() {
            // Title Case words up to a dash.
            let rest: String =
                raw[at..].chars().take(80).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            if dash_lead_in(&rest).is_some_and(|end| rest[..end].trim().contains(' ')) {
                return Some(words.start + at);
            }
        }
        if !c.is_whitespace() {
            after_sentence = false;
        } else if matches!(previous, '.' | '!' | '?' | '”') {
            after_sentence = true;
        }
        previous = c;
    }
    None
}

/// Builds the blocks from the lines that stay.
pub(super) fn build(text: &str, lines: &[Line], roles: &[Role], title: Option<&str>) -> Vec<Block> {
    let code = code_lines(text, lines);
    let kept: Vec<Kept<'_>> = lines
        .iter()
        .zip(roles)
        .zip(code)
        .filter_map(|((line, role), code)| match role {
            Role::Removed(_) => None,
            Role::Heading => Some(Kept { line, heading: true, code: false }),
            Role::Text => Some(Kept { line, heading: false, code }),
        })
        .collect();
    let numbered = numbered_items(&kept);

    let mut blocks: Vec<Block> = Vec::new();
    let mut index = 0;
    while index < kept.len() {
        let rest = &kept[index..];
        let used = code_run(text, rest, &mut blocks)
            .or_else(|| table_run(text, rest, &mut blocks))
            .or_else(|| list_run(text, rest, &numbered[index..], &mut blocks))
            .or_else(|| quotation_run(rest, &mut blocks))
            .or_else(|| broken_run(rest, &numbered[index..], &mut blocks));
        match used {
            Some(used) => index += used,
            None => {
                let words = Words::plain(full_text(text, rest[0].line));
                blocks.push(if rest[0].heading {
                    Block::Heading { level: 2, words }
                } else {
                    Block::Paragraph(vec![words])
                });
                index += 1;
            }
        }
    }
    let mut blocks = head_lead_ins(blocks, title);
    level_headings(&mut blocks);
    blocks
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
            Block::Heading { .. } | Block::Paragraph(_) | Block::Table(_) | Block::Code(_) => {}
        }
    }
    numbers
}

/// A line that stays.
#[derive(Clone, Copy)]
struct Kept<'a> {
    line: &'a Line,
    heading: bool,
    code: bool,
}

/// The words of a line with its number, for numbers that are no list's.
fn full_text(text: &str, line: &Line) -> String {
    match &line.marker {
        Some(Marker::Number { .. }) => {
            let number: String = text[line.range.start..line.words(text).start].split_whitespace().collect();
            format!("{number} {}", line.text)
        }
        Some(Marker::Bullet) | None => line.text.clone(),
    }
}

/// How far apart, in lines, the numbers of an interrupted list may stand.
const INTERRUPTION: usize = 4;
/// A numbered line that stands alone between paragraphs is an item, not a heading, from this many words on.
const ITEM_WORDS: usize = 12;

/// For each line, whether its number is that of a list: a neighbour has the number before or after.
fn numbered_items(kept: &[Kept<'_>]) -> Vec<bool> {
    let value = |index: usize| match kept.get(index)?.line.marker {
        Some(Marker::Number { value, .. }) => Some(value),
        Some(Marker::Bullet) | None => None,
    };
    let neighbour = |range: &mut dyn Iterator<Item = usize>, wanted: u64, same: u64, far: bool| {
        for (step, index) in range.enumerate() {
            match value(index) {
                Some(value) if value == wanted || (value == same && same == 1) => return true,
                Some(_) => {}
                None if kept[index].line.marker.is_some() => {}
                None if far && step < INTERRUPTION => {}
                None => return false,
            }
            if step > 20 {
                return false;
            }
        }
        false
    };
    (0..kept.len())
        .map(|index| {
            let Some(own) = value(index) else { return false };
            if kept[index].heading {
                return false;
            }
            let sentence = kept[index].line.text.split(' ').count() >= ITEM_WORDS;
            neighbour(&mut (0..index).rev(), own.wrapping_sub(1), own, sentence)
                || neighbour(&mut (index + 1..kept.len()), own + 1, own, sentence)
        })
        .collect()
}

/// Lists nest no deeper than this; what would stands beside it.
const DEEPEST: usize = 6;

/// A list that is being read.
struct Open {
    ordered: bool,
    indent: usize,
    start: Option<u64>,
    items: Vec<Item>,
}

impl Open {
    /// The list as a block.
    fn close(self) -> Block {
        Block::List { start: self.start, items: self.items }
    }
}

/// Reads a list with what is nested in it.
fn list_run(text: &str, kept: &[Kept<'_>], numbered: &[bool], blocks: &mut Vec<Block>) -> Option<usize> {
    let is_item = |index: usize| match kept[index].line.marker {
        Some(Marker::Bullet) => true,
        Some(Marker::Number { .. }) => numbered[index],
        None => false,
    };
    if !is_item(0) || kept[0].code {
        return None;
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut last_text = "";
    let mut used = 0;
    while used < kept.len() {
        let line = kept[used].line;
        if kept[used].code {
            break;
        }
        if !is_item(used) {
            // Words indented under an item belong to it.
            let inner = stack.last().is_some_and(|open| line.indent >= open.indent + 2 && line.gap <= 1);
            if !inner || line.marker.is_some() || kept[used].heading || kept[0].line.indent == 0 {
                break;
            }
            if let Some(item) = stack.last_mut().and_then(|open| open.items.last_mut()) {
                item.blocks.push(Block::Paragraph(vec![Words::plain(line.text.clone())]));
            }
            last_text = &line.text;
            used += 1;
            continue;
        }
        let (ordered, value, digits) = match &line.marker {
            Some(Marker::Number { value, digits }) => (true, Some(*value), Some(digits.clone())),
            Some(Marker::Bullet) | None => (false, None, None),
        };
        let announced = last_text.ends_with(':');
        let top = stack.last();
        let deeper = top.is_some_and(|open| line.indent > open.indent + 1);
        let other_kind = top.is_some_and(|open| open.ordered != ordered);
        let known =
            stack.iter().any(|open| open.ordered == ordered && open.indent.abs_diff(line.indent) <= 1);
        let first_number = ordered && value == Some(1);
        let nests = match top {
            None => true,
            Some(_) => deeper || (announced && other_kind && (first_number || (!ordered && !known))),
        };
        if nests && stack.len() < DEEPEST {
            stack.push(Open { ordered, indent: line.indent, start: value, items: Vec::new() });
        } else {
            // Back to the list this item continues.
            let home =
                stack.iter().rposition(|open| open.ordered == ordered && open.indent <= line.indent + 1);
            let home = home.or_else(|| stack.iter().rposition(|open| open.ordered == ordered));
            match home {
                Some(home) => {
                    let continues = stack[home].start.is_none_or(|start| {
                        let next = start + stack[home].items.len() as u64;
                        value == Some(next) || value == Some(start) || line.gap == 0
                    });
                    if !continues && home == 0 {
                        break;
                    }
                    fold(&mut stack, home);
                }
                None => break,
            }
        }
        if let Some(open) = stack.last_mut() {
            let blocks = if line.text.is_empty() {
                Vec::new()
            } else {
                vec![Block::Paragraph(vec![Words::plain(line.text.clone())])]
            };
            open.items.push(Item { digits, blocks });
        }
        last_text = &line.text;
        used += 1;
    }
    fold(&mut stack, 0);
    let mut list = stack.pop()?.close();
    set_lead_ins(&mut list);
    let _ = text;
    blocks.push(list);
    Some(used)
}

/// Closes the lists nested deeper than `depth`, each into the last item of the list around it.
fn fold(stack: &mut Vec<Open>, depth: usize) {
    while stack.len() > depth + 1 {
        let Some(inner) = stack.pop() else { return };
        let inner = inner.close();
        if let Some(item) = stack.last_mut().and_then(|open| open.items.last_mut()) {
            item.blocks.push(inner);
        }
    }
}

/// Sets the lead-ins of a list's items in bold where the items show that they are: most have one.
fn set_lead_ins(list: &mut Block) {
    let Block::List { items, .. } = list else { return };
    let lead = |item: &Item, find: fn(&str) -> Option<usize>| match item.blocks.first() {
        Some(Block::Paragraph(lines)) => lines.first().and_then(|words| find(&words.text)),
        _ => None,
    };
    for find in [dash_lead_in, colon_lead_in] {
        let with = items.iter().filter(|item| lead(item, find).is_some()).count();
        if with >= FEWEST_LEAD_INS && with * 3 >= items.len() * 2 {
            for item in items.iter_mut() {
                let Some(end) = lead(item, find) else { continue };
                if let Some(Block::Paragraph(lines)) = item.blocks.first_mut() {
                    let end = lines[0].text[..end].trim_end().len();
                    if lines[0].text[..end].ends_with(|c: char| c.is_alphanumeric() || c == ':') {
                        lines[0].bold = end;
                    }
                }
            }
            break;
        }
    }
    for item in items {
        item.blocks.iter_mut().for_each(set_lead_ins);
    }
}

/// The bytes of a lead-in with its colon: "Track expenses: Keep a close eye ...".
fn colon_lead_in(text: &str) -> Option<usize> {
    let end = text.find(": ")?;
    let lead = &text[..end];
    let fits = lead.split(' ').count() <= LONGEST_LEAD_IN && !lead.contains(['.', '!', '?', ',']);
    (fits && lead.starts_with(char::is_uppercase) && lead.ends_with(char::is_alphanumeric)).then_some(end + 1)
}

/// Reads lines that start with `>`.
fn quotation_run(kept: &[Kept<'_>], blocks: &mut Vec<Block>) -> Option<usize> {
    let quoted = |kept: &Kept<'_>| kept.line.text.starts_with("> ") || kept.line.text == ">";
    let used = kept.iter().take_while(|kept| quoted(kept)).count();
    if used == 0 {
        return None;
    }
    let mut paragraphs: Vec<Vec<Words>> = Vec::new();
    let mut apart = true;
    for kept in &kept[..used] {
        let words = kept.line.text.trim_start_matches(['>', ' ']);
        if words.is_empty() {
            apart = true;
            continue;
        }
        match paragraphs.last_mut() {
            // Lines of a mail's quotation are wrapped.
            Some(lines) if !apart && kept.line.gap == 0 => {
                if let Some(last) = lines.last_mut() {
                    last.text.push(' ');
                    last.text.push_str(words);
                }
            }
            _ => paragraphs.push(vec![Words::plain(words)]),
        }
        apart = false;
    }
    if paragraphs.is_empty() {
        return Some(used);
    }
    blocks.push(Block::Quotation(paragraphs.into_iter().map(Block::Paragraph).collect()));
    Some(used)
}

/// Lines of verse or of an address are shorter than this many characters.
const SHORT_LINE: usize = 60;
/// At most this many lines are read as one piece of verse or one list.
const MOST_BROKEN: usize = 64;

/// Reads lines that follow each other without a blank line and are too short to be paragraphs: a list of
/// addresses, or verse whose breaks are kept.
fn broken_run(kept: &[Kept<'_>], numbered: &[bool], blocks: &mut Vec<Block>) -> Option<usize> {
    let plain = |index: usize| {
        let kept = &kept[index];
        let numbered = matches!(kept.line.marker, Some(Marker::Number { .. })) || numbered[index];
        !kept.heading
            && !kept.code
            && !numbered
            && kept.line.marker.is_none()
            && !kept.line.text.starts_with("> ")
    };
    if !plain(0) {
        return None;
    }
    let used = 1
        + (1..kept.len().min(MOST_BROKEN))
            .take_while(|index| kept[*index].line.gap == 0 && plain(*index))
            .count();
    if used < 2 {
        return None;
    }
    let run = &kept[..used];
    if run.iter().all(|kept| starts_with_address(&kept.line.text)) {
        let items = run.iter().map(|kept| Item {
            digits: None,
            blocks: vec![Block::Paragraph(vec![Words::plain(kept.line.text.clone())])],
        });
        blocks.push(Block::List { start: None, items: items.collect() });
        return Some(used);
    }
    let short = |kept: &Kept<'_>| kept.line.text.chars().count() < SHORT_LINE;
    if run.iter().all(short) {
        blocks.push(Block::Paragraph(run.iter().map(|kept| Words::plain(kept.line.text.clone())).collect()));
        return Some(used);
    }
    None
}

/// Whether a line starts with a web address.
fn starts_with_address(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or("");
    first.starts_with("http://") || first.starts_with("https://") || first.starts_with("www.")
}

/// A row has at least this many cells.
const FEWEST_CELLS: usize = 2;
/// A table aligned by spaces has at least this many rows.
const FEWEST_ALIGNED_ROWS: usize = 3;

/// Reads rows of a table: cells parted by tabs, or by spaces such that the columns stand in line.
fn table_run(text: &str, kept: &[Kept<'_>], blocks: &mut Vec<Block>) -> Option<usize> {
    let adjoining = |used: usize| used == 0 || kept[used].line.gap == 0;
    let open = |used: usize| kept.get(used).is_some_and(|kept| !kept.heading && kept.line.marker.is_none());
    let raw = |used: usize| &text[kept[used].line.range.clone()];

    let mut rows: Vec<Vec<String>> = Vec::new();
    while rows.len() < kept.len() && adjoining(rows.len()) && (rows.is_empty() || open_row(&kept[rows.len()]))
    {
        let cells = tabbed(raw(rows.len()));
        if cells.len() < FEWEST_CELLS {
            break;
        }
        rows.push(cells);
    }
    if rows.len() >= 2 {
        let used = rows.len();
        blocks.push(Block::Table(rows));
        return Some(used);
    }

    let mut used = 0;
    let mut columns: Vec<usize> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    while open(used) && adjoining(used) {
        let row = aligned(raw(used), kept[used].line.indent);
        let starts: Vec<usize> = row.iter().map(|(start, _)| *start).collect();
        let in_line = starts.iter().filter(|start| columns.contains(start)).count();
        if row.len() < FEWEST_CELLS || (used > 0 && in_line * 2 < starts.len().max(columns.len())) {
            break;
        }
        columns = starts;
        rows.push(row.into_iter().map(|(_, cell)| cell).collect());
        used += 1;
    }
    if rows.len() < FEWEST_ALIGNED_ROWS {
        return None;
    }
    blocks.push(Block::Table(rows));
    Some(used)
}

/// Whether a line can be a row after the first; a numbered first cell is fine.
fn open_row(kept: &Kept<'_>) -> bool {
    !kept.heading && kept.line.marker != Some(Marker::Bullet)
}

/// The cells of a row parted by tabs.
fn tabbed(raw: &str) -> Vec<String> {
    let cells = raw.split('\t').map(tidy).filter(|cell| !cell.is_empty());
    cells.collect()
}

/// The cells of a row parted by two or more spaces, with their columns.
fn aligned(raw: &str, indent: usize) -> Vec<(usize, String)> {
    let mut cells: Vec<(usize, String)> = Vec::new();
    let mut spaces = 2;
    for (column, c) in raw.chars().enumerate() {
        if c == ' ' {
            spaces += 1;
            continue;
        }
        match cells.last_mut() {
            Some((_, cell)) if spaces < 2 => {
                if spaces == 1 {
                    cell.push(' ');
                }
                cell.push(c);
            }
            _ => cells.push((indent + column, c.to_string())),
        }
        spaces = 0;
    }
    cells
        .into_iter()
        .map(|(column, cell)| (column, tidy(&cell)))
        .filter(|(_, cell)| !cell.is_empty())
        .collect()
}

/// A cell's words with single spaces.
fn tidy(raw: &str) -> String {
    let visible: String = raw.chars().map(|c| if super::lines::is_blank(c) { ' ' } else { c }).collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Reads lines of code with their indentation.
fn code_run(text: &str, kept: &[Kept<'_>], blocks: &mut Vec<Block>) -> Option<usize> {
    let used = kept.iter().take_while(|kept| kept.code).count();
    if used == 0 {
        return None;
    }
    let base = kept[..used].iter().map(|kept| kept.line.indent).min().unwrap_or(0);
    let mut code = String::new();
    for (index, kept) in kept[..used].iter().enumerate() {
        if index > 0 {
            // Several blank lines in code are one.
            code.push_str(if kept.line.gap > 0 { "\n\n" } else { "\n" });
        }
        // The widest indentation worth keeping.
        code.extend(std::iter::repeat_n(' ', (kept.line.indent - base).min(40)));
        let raw = &text[kept.line.range.clone()];
        code.extend(raw.chars().filter(|c| *c == '\t' || !c.is_control()));
    }
    blocks.push(Block::Code(code));
    Some(used)
}

/// Code comes in runs of at least this many lines.
const FEWEST_CODE_LINES: usize = 2;

/// For each line, whether it is code: runs of lines that look like it, with brackets on their own between.
pub(super) fn code_lines(text: &str, lines: &[Line]) -> Vec<bool> {
    let looks: Vec<bool> = lines.iter().map(|line| looks_like_code(&text[line.range.clone()])).collect();
    let mut code = vec![false; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        let length = 1 + (start + 1..lines.len()).take_while(|index| lines[*index].gap == 0).count();
        let run = start..start + length;
        let count = looks[run.clone()].iter().filter(|looks| **looks).count();
        if length >= FEWEST_CODE_LINES && count * 10 >= length * 6 {
            code[run].fill(true);
        }
        start += length;
    }
    code
}

/// Whether a line has the marks of a program: it ends like a statement or starts with a keyword and symbols.
fn looks_like_code(raw: &str) -> bool {
    let raw = raw.trim();
    let symbols = raw
        .chars()
        .filter(|c| matches!(c, '{' | '}' | ';' | '=' | '<' | '>' | '(' | ')' | '[' | ']' | '_' | '$' | '\\'))
        .count();
    let letters = raw.chars().filter(|c| c.is_alphanumeric()).count();
    if raw.len() > 300 || symbols == 0 {
        return false;
    }
    let ends =
        raw.ends_with([';', '{', '}']) || raw.ends_with(");") || raw.ends_with("};") || raw.ends_with("=>");
    let starts = [
        "//",
        "#include",
        "import ",
        "def ",
        "function ",
        "const ",
        "let ",
        "var ",
        "return ",
        "if (",
        "for (",
        "$ ",
        "<?",
        "</",
    ]
    .iter()
    .any(|start| raw.starts_with(start));
    let sentence = raw.split(' ').filter(|word| words::is_small(&word.to_lowercase())).count() >= 4;
    (ends || starts || symbols * 4 >= letters) && !sentence && (symbols * 12 >= letters || ends)
}

/// A series of paragraphs with lead-ins is made of at least this many.
const FEWEST_TIPS: usize = 3;
/// The longest lead-in of such a paragraph in words.
const LONGEST_TIP: usize = 10;

/// Makes headings of the lead-ins of a series of paragraphs whose number the text announces ("five tips").
fn head_lead_ins(blocks: Vec<Block>, title: Option<&str>) -> Vec<Block> {
    let lead = |block: &Block| match block {
        Block::Paragraph(lines) if lines.len() == 1 => tip(&lines[0].text),
        _ => None,
    };
    let mut headed: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut index = 0;
    while index < blocks.len() {
        let length = blocks[index..].iter().take_while(|block| lead(block).is_some()).count();
        let before = match headed.last() {
            Some(Block::Paragraph(lines)) => lines.last().map_or("", |words| words.text.as_str()),
            _ => "",
        };
        let announced = announces(before, length) || title.is_some_and(|title| announces(title, length));
        if length < FEWEST_TIPS || !announced {
            let count = length.max(1);
            headed.extend(blocks[index..index + count].iter().cloned());
            index += count;
            continue;
        }
        for block in &blocks[index..index + length] {
            let (Block::Paragraph(lines), Some(end)) = (block, lead(block)) else { continue };
            let (head, rest) = lines[0].text.split_at(end);
            headed.push(Block::Heading { level: 2, words: Words::plain(head) });
            headed.push(Block::Paragraph(vec![Words::plain(rest[1..].trim_start())]));
        }
        index += length;
    }
    headed
}

/// The bytes of the lead-in of a tip: a short first sentence, or words before a colon, with more to follow.
fn tip(text: &str) -> Option<usize> {
    let end = text.find(['.', ':', '!', '?', '"', '“'])?;
    if !matches!(text.as_bytes()[end], b'.' | b':') {
        return None;
    }
    let rest = text[end + 1..].strip_prefix(' ')?;
    let count = text[..end].split(' ').count();
    (count <= LONGEST_TIP && text[..end].chars().count() >= 6 && rest.split(' ').count() >= count * 2)
        .then_some(end)
}

/// Whether a text announces that many things: "five tips", "7 ways".
fn announces(text: &str, count: usize) -> bool {
    const NUMBERS: [&str; 10] =
        ["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let words = cues::words(text);
    words.windows(3).any(|window| {
        let number = NUMBERS.iter().position(|number| *number == window[0]).map(|index| index + 3);
        let number = number.or_else(|| window[0].parse().ok());
        number == Some(count) && window[1..].iter().any(|word| word.len() > 3 && word.ends_with('s'))
    })
}

/// What headings of one level have in common.
#[derive(PartialEq, Clone, Copy)]
struct Shape {
    numbered: bool,
    question: bool,
    title_case: bool,
}

fn shape(text: &str) -> Shape {
    let numbered = text.starts_with(|c: char| c.is_ascii_digit());
    Shape { numbered, question: text.ends_with('?'), title_case: is_title_case(text) }
}

/// Gives headings their levels: one that stands directly under another is a part of it, and so are the
/// ones after it that look the same.
fn level_headings(blocks: &mut [Block]) {
    let mut section: Option<Shape> = None;
    let mut lower: Option<Shape> = None;
    let mut under_heading = false;
    for block in blocks {
        let Block::Heading { level, words } = block else {
            under_heading = false;
            continue;
        };
        let own = shape(&words.text);
        // One that is set like the section's own heading ends the part.
        let like_section = |section: Shape| lower.is_some() && section.title_case && own.title_case;
        let is_part = |section: Shape| section != own && !like_section(section);
        let is_lower = lower == Some(own) || (under_heading && section.is_some_and(is_part));
        if is_lower {
            *level = 3;
            lower = Some(own);
        } else {
            *level = 2;
            section = Some(own);
            lower = lower.filter(|lower| *lower != own);
        }
        under_heading = true;
    }
}
