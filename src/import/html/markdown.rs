//! The kept blocks of a page become Markdown.
//!
//! In: the tree, the visible text, and which blocks (and which bytes in them) stay. Out: the body. A small writer of our
//! own rather than a converter crate: these take HTML and give Markdown, and nothing tells which letters came
//! from where; here each piece of the visible text is written once, in order, and each block is parsed again and
//! compared with its text before it is used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::address::Base;
use super::dom::{Dom, Id, What};
use super::escape::{self, Place};
use super::visible::{Block, Piece, Visible};

/// What goes into the body.
pub(super) struct Article<'a> {
    /// The tree.
    pub dom: &'a Dom,
    /// The page's text and blocks.
    pub visible: &'a Visible,
    /// The blocks that stay, in order.
    pub blocks: &'a [usize],
    /// Bytes of the text within kept blocks that don't stay, in order.
    pub cut: &'a [Range<usize>],
    /// Footnotes: for a mark's text node or a note's list item, its number.
    pub notes: &'a BTreeMap<Id, usize>,
    /// For an element that shows a picture, where that is.
    pub pictures: &'a BTreeMap<Id, String>,
    /// The tables that hold data.
    pub tables: &'a BTreeSet<Id>,
    /// Against what addresses are resolved.
    pub base: &'a Base,
}

/// An element around a block that Markdown shows by the start of the block's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Quotation(Id),
    /// An item and the list it is in.
    Item(Id, Id),
    /// A footnote's text, with its number.
    Note(Id, usize),
}

/// Deeper quotations and lists are written at this depth.
const DEEPEST: usize = 8;

/// Writes the body.
pub(super) fn write(article: &Article<'_>) -> String {
    let mut writer = Writer {
        article,
        lines: Vec::new(),
        open: Vec::new(),
        lists: BTreeMap::new(),
        last_list: BTreeMap::new(),
        shift: shift(article),
        layout: layout_lists(article),
    };
    let mut index = 0;
    while index < article.blocks.len() {
        let block = &article.visible.blocks[article.blocks[index]];
        let run = |same: &dyn Fn(&Block) -> bool| {
            article.blocks[index..].iter().take_while(|at| same(&article.visible.blocks[**at])).count()
        };
        if let Some(pre) = article.near(block.parent, |name| name == "pre") {
            let length = run(&|other| article.dom.ancestors(other.parent).any(|id| id == pre));
            writer.code(pre, &article.blocks[index..index + length]);
            index += length;
        } else if let Some(table) = article.data_table(block.parent) {
            let length = run(&|other| article.data_table(other.parent) == Some(table)).max(1);
            writer.table(table, &article.blocks[index..index + length]);
            index += length;
        } else if let [Piece::Display(..)] = &block.pieces[..] {
            writer.fenced(block.parent, "math", &article.text(block));
            index += 1;
        } else {
            writer.block(block);
            index += 1;
        }
    }
    let mut body = writer.lines.join("\n");
    if !body.is_empty() {
        body.push('\n');
    }
    body
}

/// Writes the text of blocks as paragraphs without any markup, every mark escaped: it can't go wrong.
pub(super) fn write_strictly(article: &Article<'_>) -> String {
    let mut body = String::new();
    for at in article.blocks {
        let block = &article.visible.blocks[*at];
        let text = article.text(block);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        if !body.is_empty() {
            body.push('\n');
        }
        body.push_str(&escape::strictly(&words));
        body.push('\n');
    }
    body
}

impl Article<'_> {
    /// The nearest element with such a name, from this one outwards.
    fn near(&self, id: Id, named: impl Fn(&str) -> bool) -> Option<Id> {
        self.dom.ancestors(id).find(|id| named(self.dom.name(*id)))
    }

    /// The text of a block less what was cut.
    fn text(&self, block: &Block) -> String {
        let mut text = String::new();
        for piece in &block.pieces {
            match piece {
                Piece::Text(_, range) | Piece::Formula(_, range) | Piece::Display(_, range) => {
                    for part in self.left(range) {
                        text.push_str(&self.visible.text[part]);
                    }
                }
                Piece::Break(_) => text.push('\n'),
                Piece::Image(_) => {}
            }
        }
        text
    }

    /// A range of the text less what was cut.
    fn left(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let first = self.cut.partition_point(|cut| cut.end <= range.start);
        let mut left = Vec::new();
        let mut at = range.start;
        for cut in self.cut[first..].iter().take_while(|cut| cut.start < range.end) {
            if cut.start > at {
                left.push(at..cut.start);
            }
            at = cut.end.min(range.end);
        }
        if at < range.end {
            left.push(at..range.end);
        }
        left
    }

    /// The table around a block, if it is one of data and not for the layout, and the block is in one of its cells.
    fn data_table(&self, id: Id) -> Option<Id> {
        let mut in_cell = false;
        for id in self.dom.ancestors(id) {
            match self.dom.name(id) {
                "td" | "th" => in_cell = true,
                "table" => return (in_cell && self.tables.contains(&id)).then_some(id),
                _ => {}
            }
        }
        None
    }
}

/// The tables that hold data, and not the layout of the page.
pub(super) fn data_tables(dom: &Dom) -> BTreeSet<Id> {
    (0..dom.len()).filter(|id| dom.name(*id) == "table" && is_data(dom, *id)).collect()
}

fn is_data(dom: &Dom, table: Id) -> bool {
    /// A cell with more text than this is for layout.
    const LONGEST_CELL: usize = 1500;
    if dom.attribute(table, "role").is_some_and(|role| matches!(role, "presentation" | "none")) {
        return false;
    }
    let (mut rows, mut widest, mut cells, mut length) = (0, 0, 0, 0);
    for step in dom.walk(table) {
        let super::dom::Step::In(id) = step else { continue };
        if let What::Text(text) = dom.what(id) {
            length += text.trim().len();
        }
        match dom.name(id) {
            "tr" => {
                rows += 1;
                cells = 0;
            }
            "td" | "th" => {
                cells += 1;
                widest = widest.max(cells);
                length = 0;
            }
            "table" if id != table => return false,
            "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" => return false,
            _ => {}
        }
        if length > LONGEST_CELL {
            return false;
        }
    }
    rows >= 2 && widest >= 2
}

/// By how much headings go down: the article's title alone is of the first level.
fn shift(article: &Article<'_>) -> u8 {
    let levels = article.blocks.iter().filter_map(|at| {
        let block = &article.visible.blocks[*at];
        article.dom.ancestors(block.parent).find_map(|id| level(article.dom.name(id)))
    });
    u8::from(levels.min() == Some(1))
}

/// Lists whose items have headings: sections, slides or cards, laid out by means of a list.
fn layout_lists(article: &Article<'_>) -> BTreeSet<Id> {
    let mut lists = BTreeSet::new();
    for at in article.blocks {
        let block = &article.visible.blocks[*at];
        if !article.dom.ancestors(block.parent).take(4).any(|id| level(article.dom.name(id)).is_some()) {
            continue;
        }
        let is_list = |id: &Id| matches!(article.dom.name(*id), "ul" | "ol" | "menu");
        lists.extend(article.dom.ancestors(block.parent).filter(is_list));
    }
    lists
}

/// The level that an element's name gives a heading.
pub(super) fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// How a stretch of text is marked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Style {
    link: Option<Id>,
    bold: bool,
    italic: bool,
    struck: bool,
    code: bool,
    /// The source of a formula, between dollar signs.
    formula: bool,
}

/// A part of a line.
enum Run {
    Text(String, Style),
    Break,
    Image(String),
    /// A footnote's mark.
    Mark(usize),
}

/// How much markup a block is written with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Markup {
    Full,
    LinksOnly,
    Strict,
}

struct Writer<'a> {
    article: &'a Article<'a>,
    lines: Vec<String>,
    /// The quotations and items that the last block stood in.
    open: Vec<Around>,
    /// For each list: how many of its items were written, and its marker.
    lists: BTreeMap<Id, (u64, char)>,
    /// For each depth: the list that was written last, to keep neighbours apart.
    last_list: BTreeMap<usize, (bool, char)>,
    shift: u8,
    /// Lists that only lay out what is in them.
    layout: BTreeSet<Id>,
}

impl Writer<'_> {
    /// Writes a paragraph, heading or item.
    fn block(&mut self, block: &Block) {
        let dom = self.article.dom;
        let heading = dom.ancestors(block.parent).take(6).find_map(|id| level(dom.name(id)));
        let runs = self.runs(block);
        let expected = self.article.text(block);
        let place = if heading.is_some() { Place::Heading } else { Place::Paragraph };
        let write = |markup| {
            let mut lines = self.inline(&runs, place, markup);
            match heading {
                Some(level) => {
                    let words = lines.join(" ");
                    lines = vec![format!("{} {words}", "#".repeat(usize::from((level + self.shift).min(6))))];
                }
                None => {
                    for line in &mut lines {
                        *line = escape::line_start(line);
                    }
                    let last = lines.len().saturating_sub(1);
                    for line in lines.iter_mut().take(last) {
                        line.push('\\');
                    }
                }
            }
            lines
        };
        let marks: Vec<String> = runs
            .iter()
            .filter_map(|run| match run {
                Run::Mark(number) => Some(format!("[^{number}]")),
                Run::Text(..) | Run::Break | Run::Image(_) => None,
            })
            .collect();
        // The notes stand elsewhere; without them their marks would be read as text.
        let holds = |lines: &Vec<String>| {
            let alone = marks.iter().fold(lines.join("\n"), |lines, mark| lines.replace(mark.as_str(), ""));
            escape::shows(&alone, &expected)
        };
        let is_empty = expected.trim().is_empty();
        let mut lines = write(Markup::Full);
        if !is_empty && !holds(&lines) {
            lines = write(Markup::LinksOnly);
            if !holds(&lines) {
                lines = write(Markup::Strict);
            }
        }
        lines.retain(|line| !line.trim().is_empty());
        if !lines.is_empty() {
            self.put(block.parent, lines);
        }
    }

    /// Writes code with its language.
    fn code(&mut self, pre: Id, blocks: &[usize]) {
        let texts: Vec<String> =
            blocks.iter().map(|at| self.article.text(&self.article.visible.blocks[*at])).collect();
        self.fenced(pre, &language(self.article.dom, pre).unwrap_or_default(), &texts.join("\n"));
    }

    /// Writes lines as they are, between fences.
    fn fenced(&mut self, parent: Id, language: &str, text: &str) {
        let fence = escape::fence(text);
        let mut lines = vec![format!("{fence}{language}")];
        lines.extend(text.trim_matches('\n').split('\n').map(|line| line.trim_end().to_owned()));
        lines.push(fence);
        self.put(parent, lines);
    }

    /// Writes the cells of a table that have blocks.
    fn table(&mut self, table: Id, blocks: &[usize]) {
        /// Columns beyond this are written into the last.
        const MOST_COLUMNS: usize = 60;
        let dom = self.article.dom;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut row = None;
        for at in blocks {
            let block = &self.article.visible.blocks[*at];
            let mut cell = None;
            let mut column = 0;
            let mut line = None;
            for id in dom.ancestors(block.parent) {
                match dom.name(id) {
                    "td" | "th" if cell.is_none() => cell = Some(id),
                    "tr" => {
                        line = Some(id);
                        break;
                    }
                    "table" => break,
                    _ => {}
                }
            }
            if let (Some(cell), Some(line)) = (cell, line) {
                for before in dom.children(line).take_while(|id| *id != cell).take(MOST_COLUMNS * 4) {
                    if matches!(dom.name(before), "td" | "th") {
                        let span = dom.attribute(before, "colspan").and_then(|span| span.trim().parse().ok());
                        column += span.unwrap_or(1_usize).clamp(1, MOST_COLUMNS);
                    }
                }
            }
            if rows.is_empty() || row != line {
                rows.push(Vec::new());
                row = line;
            }
            let Some(cells) = rows.last_mut() else { continue };
            // Words never go back: a cell that is behind those written follows them.
            let column = column.min(MOST_COLUMNS - 1).max(cells.len().saturating_sub(1));
            cells.resize(cells.len().max(column + 1), String::new());
            let runs = self.runs(block);
            let expected = self.article.text(block);
            let mut text = self.inline(&runs, Place::Cell, Markup::Full).join(" ");
            if !escape::shows(&text, &expected) && !expected.trim().is_empty() {
                text = self.inline(&runs, Place::Cell, Markup::Strict).join(" ");
            }
            let into = &mut cells[column];
            if !into.is_empty() {
                into.push(' ');
            }
            into.push_str(text.trim());
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut lines = Vec::new();
        for (index, mut row) in rows.into_iter().enumerate() {
            row.resize(width, String::new());
            lines.push(format!("| {} |", row.join(" | ")));
            if index == 0 {
                lines.push(format!("|{}", " --- |".repeat(width)));
            }
        }
        self.put(table, lines);
    }

    /// Puts a block's lines behind the marks of what it stands in.
    fn put(&mut self, parent: Id, lines: Vec<String>) {
        let around = self.around(parent);
        let same = self.open.iter().zip(&around).take_while(|(a, b)| a == b).count();
        // The marks of what is open, and of what opens with this block.
        let mut first = String::new();
        let mut rest = String::new();
        let mut is_tight = false;
        for (depth, level) in around.iter().enumerate() {
            let (mark, indent) = match level {
                Around::Quotation(_) => ("> ".to_owned(), "> ".to_owned()),
                Around::Note(_, number) => (format!("[^{number}]: "), "    ".to_owned()),
                Around::Item(item, list) => {
                    if depth >= same {
                        let continues = self
                            .open
                            .get(depth)
                            .is_some_and(|before| matches!(before, Around::Item(_, other) if other == list));
                        // A numbered list that starts anywhere but at 1 can't follow a line directly.
                        let interrupts = !is_ordered(self.article.dom, *list) || self.start(*list) == 1;
                        let nests = depth == self.open.len() && depth > 0 && interrupts;
                        is_tight |= depth == same && (continues || nests);
                    }
                    let mark = self.marker(*list, depth, depth >= same);
                    let indent = " ".repeat(mark.len());
                    let mark = if depth >= same { format!("{mark}{}", self.task(*item)) } else { mark };
                    (mark, indent)
                }
            };
            let opens = depth >= same && !matches!(level, Around::Quotation(_));
            first.push_str(if opens { &mark } else { &indent });
            rest.push_str(&indent);
        }
        if !self.lines.is_empty() && !is_tight {
            // The empty line between two blocks is in what both stand in.
            let shared: String = around[..same]
                .iter()
                .map(|level| match level {
                    Around::Quotation(_) => "> ".to_owned(),
                    Around::Note(..) => "    ".to_owned(),
                    Around::Item(_, list) => " ".repeat(self.marker_length(*list)),
                })
                .collect();
            self.lines.push(shared.trim_end().to_owned());
        }
        for (index, line) in lines.into_iter().enumerate() {
            let mark = if index == 0 { &first } else { &rest };
            self.lines.push(format!("{mark}{line}").trim_end().to_owned());
        }
        if around.is_empty() {
            self.last_list.clear();
        } else {
            self.last_list.retain(|depth, _| *depth < around.len());
        }
        for (depth, level) in around.iter().enumerate() {
            if let Around::Item(_, list) = level
                && let Some((_, mark)) = self.lists.get(list)
            {
                self.last_list.insert(depth, (is_ordered(self.article.dom, *list), *mark));
            }
        }
        self.open = around;
    }

    /// The quotations, items and notes that a block stands in, from the outside in.
    fn around(&self, parent: Id) -> Vec<Around> {
        let dom = self.article.dom;
        let mut around = Vec::new();
        let mut item = None;
        for id in dom.ancestors(parent) {
            match dom.name(id) {
                "blockquote" => around.push(Around::Quotation(id)),
                "li" => {
                    if let Some(number) = self.article.notes.get(&id) {
                        around.push(Around::Note(id, *number));
                    } else {
                        item = Some(id);
                    }
                }
                "ul" | "ol" | "menu" => {
                    if let Some(item) = item.take()
                        && !self.layout.contains(&id)
                    {
                        around.push(Around::Item(item, id));
                    }
                }
                // An item without a list is one of a list of its own.
                "body" => {
                    if let Some(item) = item.take() {
                        around.push(Around::Item(item, dom.parent(item).unwrap_or(id)));
                    }
                }
                _ => {}
            }
        }
        around.reverse();
        around.truncate(DEEPEST);
        around
    }

    fn marker(&mut self, list: Id, depth: usize, opens: bool) -> String {
        let dom = self.article.dom;
        let ordered = is_ordered(dom, list);
        if !self.lists.contains_key(&list) {
            // Two lists in a row would be one; another mark keeps them apart.
            let before =
                self.last_list.get(&depth).filter(|(kind, _)| *kind == ordered).map(|(_, mark)| *mark);
            let mark = match (ordered, before) {
                (true, Some('.')) => ')',
                (true, _) => '.',
                (false, Some('-')) => '*',
                (false, _) => '-',
            };
            self.lists.insert(list, (0, mark));
        }
        let start = self.start(list);
        let Some((count, mark)) = self.lists.get_mut(&list) else { return String::new() };
        if opens {
            *count += 1;
        }
        if ordered { format!("{}{mark} ", start + count.saturating_sub(1)) } else { format!("{mark} ") }
    }

    /// The number of a list's first item.
    fn start(&self, list: Id) -> u64 {
        /// Markdown takes nine digits at most; the list may be long.
        const LARGEST: u64 = 99_999_999;
        let start = self.article.dom.attribute(list, "start").and_then(|start| start.trim().parse().ok());
        start.unwrap_or(1).min(LARGEST)
    }

    fn marker_length(&self, list: Id) -> usize {
        let dom = self.article.dom;
        if !is_ordered(dom, list) {
            return 2;
        }
        let start = self.start(list);
        let count = self.lists.get(&list).map_or(1, |(count, _)| *count);
        format!("{}. ", start + count.saturating_sub(1)).len()
    }

    /// The box of a task.
    fn task(&self, item: Id) -> &'static str {
        let dom = self.article.dom;
        let mut near: Vec<Id> = dom.children(item).take(3).collect();
        near.extend(
            near.clone()
                .into_iter()
                .filter(|id| matches!(dom.name(*id), "label" | "p"))
                .flat_map(|id| dom.children(id).take(2).collect::<Vec<_>>()),
        );
        let found = near
            .into_iter()
            .find(|id| dom.name(*id) == "input" && dom.attribute(*id, "type") == Some("checkbox"));
        match found {
            Some(id) if dom.attribute(id, "checked").is_some() => "[x] ",
            Some(_) => "[ ] ",
            None => "",
        }
    }

    /// A block's text and pictures with their styles.
    fn runs(&self, block: &Block) -> Vec<Run> {
        let dom = self.article.dom;
        let mut runs: Vec<Run> = Vec::new();
        for piece in &block.pieces {
            match piece {
                Piece::Break(_) => runs.push(Run::Break),
                Piece::Image(id) => {
                    if let Some(image) = self.image(*id) {
                        runs.push(Run::Image(image));
                    }
                }
                Piece::Text(id, range) | Piece::Formula(id, range) | Piece::Display(id, range) => {
                    if let Some(number) = self.article.notes.get(id) {
                        runs.push(Run::Mark(*number));
                        continue;
                    }
                    let is_formula = !matches!(piece, Piece::Text(..));
                    let mut style = Style { formula: is_formula, ..Style::default() };
                    let mut inside = true;
                    for ancestor in dom.ancestors(*id).skip(1) {
                        inside &= ancestor != block.parent;
                        match dom.name(ancestor) {
                            "a" if style.link.is_none() => {
                                let href = dom.attribute(ancestor, "href");
                                if href.and_then(|href| self.article.base.resolve(href)).is_some() {
                                    style.link = Some(ancestor);
                                }
                            }
                            "b" | "strong" if inside => style.bold = true,
                            "i" | "em" | "cite" | "var" | "dfn" if inside => style.italic = true,
                            "del" | "s" | "strike" if inside => style.struck = true,
                            "code" | "kbd" | "samp" | "tt" if inside => style.code = true,
                            "body" | "table" | "ul" | "ol" => break,
                            _ => {}
                        }
                    }
                    let text: String = self
                        .article
                        .left(range)
                        .into_iter()
                        .map(|part| &self.article.visible.text[part])
                        .collect();
                    match runs.last_mut() {
                        Some(Run::Text(before, same)) if *same == style && !is_formula => {
                            before.push_str(&text);
                        }
                        _ => runs.push(Run::Text(text, style)),
                    }
                }
            }
        }
        runs
    }

    /// A picture as Markdown, unless it is decoration or has no address.
    fn image(&self, id: Id) -> Option<String> {
        let source = self.article.pictures.get(&id)?;
        let alt = self.article.dom.attribute(id, "alt").unwrap_or_default();
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(format!("![{}]({source})", escape::text(&alt, Place::Cell, true, None)))
    }

    /// Writes runs as lines of Markdown.
    fn inline(&self, runs: &[Run], place: Place, markup: Markup) -> Vec<String> {
        let mut out = vec![String::new()];
        let mut index = 0;
        while index < runs.len() {
            let Some(line) = out.last_mut() else { break };
            match &runs[index] {
                Run::Break => out.push(String::new()),
                Run::Image(image) => {
                    if place != Place::Heading {
                        if !line.is_empty() && !line.ends_with([' ', '(']) {
                            line.push(' ');
                        }
                        line.push_str(image);
                    }
                }
                Run::Mark(number) => line.push_str(&format!("[^{number}]")),
                Run::Text(text, style) => {
                    let link = style.link.filter(|_| markup != Markup::Strict);
                    if let Some(link) = link {
                        // All that is in one link, whatever its style.
                        let end = index
                            + runs[index..]
                                .iter()
                                .take_while(
                                    |run| matches!(run, Run::Text(_, style) if style.link == Some(link)),
                                )
                                .count();
                        let mut words = String::new();
                        for run in &runs[index..end] {
                            if let Run::Text(text, style) = run {
                                marked(&mut words, text, *style, place, markup, true);
                            }
                        }
                        let address = self
                            .article
                            .dom
                            .attribute(link, "href")
                            .and_then(|href| self.article.base.resolve(href));
                        let lead = words.len() - words.trim_start().len();
                        let trail = words.trim_end().len();
                        match address {
                            Some(address) if trail > lead => {
                                line.push_str(&words[..lead]);
                                line.push_str(&format!("[{}]({address})", &words[lead..trail]));
                                line.push_str(&words[trail..]);
                            }
                            _ => line.push_str(&words),
                        }
                        index = end;
                        continue;
                    }
                    marked(line, text, *style, place, markup, false);
                }
            }
            index += 1;
        }
        out.iter().map(|line| line.trim().to_owned()).collect()
    }
}

/// Appends text with the marks of its style, where Markdown would read them as such.
fn marked(line: &mut String, text: &str, style: Style, place: Place, markup: Markup, linked: bool) {
    let one_line: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    let core = one_line.trim();
    let lead = one_line.len() - one_line.trim_start().len();
    let trail = lead + core.len();
    if core.is_empty() || markup == Markup::Strict {
        if markup == Markup::Strict {
            line.push_str(&escape::strictly(&one_line));
        } else {
            line.push_str(&one_line);
        }
        return;
    }
    line.push_str(&one_line[..lead]);
    let before = line.chars().next_back();
    // A formula is written as GitLab, GitHub and others read it: code between two dollar signs.
    let formula = core.strip_prefix('$').and_then(|core| core.strip_suffix('$')).filter(|_| style.formula);
    if let Some(tex) = formula.filter(|tex| place != Place::Cell || !tex.contains('|')) {
        line.push_str(&format!("${}$", escape::code(tex)));
    } else if style.code && markup == Markup::Full && place != Place::Cell {
        line.push_str(&escape::code(core));
    } else {
        let mut marks = String::new();
        if markup == Markup::Full {
            for (has, mark) in [(style.bold, "**"), (style.italic, "*"), (style.struck, "~~")] {
                if has {
                    marks.push_str(mark);
                }
            }
        }
        // A mark right beside a letter is none where the text within starts or ends with punctuation.
        let free = before.is_none_or(|c| !c.is_alphanumeric());
        let inner = core.starts_with(char::is_alphanumeric) && core.ends_with(char::is_alphanumeric);
        let touching = before.is_some_and(|c| matches!(c, '*' | '~'));
        if !(free || inner) || touching {
            marks.clear();
        }
        let reversed: String = match marks.as_str() {
            "***~~" => "~~***".to_owned(),
            "**~~" => "~~**".to_owned(),
            "*~~" => "~~*".to_owned(),
            same => same.to_owned(),
        };
        line.push_str(&marks);
        line.push_str(&escape::text(core, place, linked, before));
        line.push_str(&reversed);
    }
    line.push_str(&one_line[trail..]);
}

fn is_ordered(dom: &Dom, list: Id) -> bool {
    dom.name(list) == "ol"
}

/// The language of code, where its classes say so.
fn language(dom: &Dom, pre: Id) -> Option<String> {
    let known: BTreeSet<&str> = BTreeSet::from(["plaintext", "text", "none", "plain", "nohighlight"]);
    let mut near: Vec<Id> = dom.children(pre).filter(|id| dom.name(*id) == "code").take(1).collect();
    near.extend(dom.ancestors(pre).take(3));
    let named = near.into_iter().find_map(|id| {
        let by_attribute = ["data-lang", "data-language"].iter().find_map(|name| dom.attribute(id, name));
        by_attribute.map(str::to_owned).or_else(|| {
            let mut classes = dom.attribute(id, "class")?.split_whitespace();
            let prefixes =
                ["language-", "lang-", "highlight-source-", "highlight-text-", "brush:", "sourceCode-"];
            classes.find_map(|class| {
                prefixes
                    .iter()
                    .find_map(|prefix| class.strip_prefix(prefix))
                    .map(|name| name.trim_end_matches(';').to_owned())
            })
        })
    })?;
    let named = named.to_ascii_lowercase();
    let is_name = !named.is_empty()
        && named.len() <= 20
        && named.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'));
    (is_name && !known.contains(named.as_str())).then_some(named)
}
