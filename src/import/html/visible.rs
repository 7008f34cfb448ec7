//! The text that a page shows, block by block.
//!
//! In: the tree. Out: [`Visible`]: the text, a block a line, and the blocks with the pieces of the tree they
//! are made of. Everything later chooses among these blocks and writes these pieces; so no letter can get lost
//! between the two.

use std::ops::Range;

use super::dom::{Dom, Id, ROOT, Step, What};
use super::formula;

/// The visible text of a page.
#[derive(Debug)]
pub(super) struct Visible {
    /// The blocks' text, each on a line of its own (or several, where the page breaks its lines).
    pub text: String,
    /// The blocks in the order of the page.
    pub blocks: Vec<Block>,
}

impl Visible {
    /// The 1-based line of a byte of the text.
    pub(super) fn line(&self, at: usize) -> usize {
        let next = self.blocks.partition_point(|block| block.range.start <= at);
        let block = next.checked_sub(1).map(|index| &self.blocks[index]);
        let (line, start) = block.map_or((1, 0), |block| (block.line, block.range.start));
        line + self.text[start..at].matches('\n').count()
    }
}

/// A stretch of text and pictures that no element divides.
#[derive(Debug)]
pub(super) struct Block {
    /// The innermost element around it that makes a block.
    pub parent: Id,
    /// What it is made of, in order.
    pub pieces: Vec<Piece>,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The 1-based line of the text it starts on.
    pub line: usize,
}

/// A part of a block.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// Text: its node and its bytes in the page's text, space collapsed.
    Text(Id, Range<usize>),
    /// The end of a line within the block.
    Break(Id),
    /// A picture.
    Image(Id),
    /// A formula within a line: its element and its source between dollar signs, as bytes of the page's text.
    Formula(Id, Range<usize>),
    /// A formula on lines of its own, a block's only piece: its element and its source.
    Display(Id, Range<usize>),
}

impl Piece {
    /// The node it comes from.
    pub(super) fn node(&self) -> Id {
        match self {
            Piece::Text(id, _)
            | Piece::Break(id)
            | Piece::Image(id)
            | Piece::Formula(id, _)
            | Piece::Display(id, _) => *id,
        }
    }

    /// Its bytes in the page's text, where it has any.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        match self {
            Piece::Text(_, range) | Piece::Formula(_, range) | Piece::Display(_, range) => {
                Some(range.clone())
            }
            Piece::Break(_) | Piece::Image(_) => None,
        }
    }
}

/// Elements whose content a browser doesn't show as text.
const UNSEEN: [&str; 18] = [
    "script", "style", "template", "noscript", "head", "title", "iframe", "object", "audio", "video",
    "canvas", "svg", "datalist", "noframes", "noembed", "frameset", "meter", "progress",
];

/// Elements that flow within a line; all others, but for names that sites make up, make blocks.
const INLINE: [&str; 50] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "input", "ins", "kbd", "label", "mark", "math", "nobr", "output", "picture", "q", "rb", "rp",
    "rt", "ruby", "s", "samp", "slot", "small", "source", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "map", "area", "br", "blink", "track",
];

/// Whether an element makes a block of its own.
pub(super) fn is_block(dom: &Dom, id: Id) -> bool {
    let name = dom.name(id);
    // `MathML`'s parts stand within the line of their formula.
    let is_made_up = name.contains(['-', ':']) || is_math(name);
    !name.is_empty() && !is_made_up && !INLINE.contains(&name)
}

/// Whether an element is a part of a formula in `MathML`.
fn is_math(name: &str) -> bool {
    name == "semantics"
        || name == "annotation"
        || (name.starts_with('m')
            && matches!(
                name,
                "mi" | "mo"
                    | "mn"
                    | "mrow"
                    | "msup"
                    | "msub"
                    | "msubsup"
                    | "mfrac"
                    | "msqrt"
                    | "mroot"
                    | "mtext"
                    | "mspace"
                    | "munder"
                    | "mover"
                    | "munderover"
                    | "mtable"
                    | "mtr"
                    | "mtd"
                    | "mstyle"
                    | "mpadded"
                    | "mfenced"
                    | "mphantom"
                    | "menclose"
                    | "mmultiscripts"
            ))
}

/// Reads the visible text of a page.
pub(super) fn read(dom: &Dom) -> Visible {
    let mut reader = Reader {
        text: String::new(),
        lines: 1,
        blocks: Vec::new(),
        pieces: Vec::new(),
        start: 0,
        space: false,
        kept_space: 0,
        parents: vec![ROOT],
    };
    let mut walk = dom.walk(ROOT);
    // The element being passed over.
    let mut passed = None;
    while let Some(step) = walk.next() {
        match step {
            Step::In(id) => match dom.what(id) {
                What::Element(..) => {
                    let name = dom.name(id);
                    if let Some(formula) = formula::of(dom, id) {
                        // Where a block can't stand, a formula is part of the line.
                        let is_display = formula.is_display && !in_line(dom, id);
                        reader.formula(id, &formula.tex, is_display);
                        walk.pass_over();
                        passed = Some(id);
                    } else if formula::is_drawn(dom, id) {
                        walk.pass_over();
                        passed = Some(id);
                    } else if UNSEEN.contains(&name) {
                        walk.pass_over();
                    } else if is_block(dom, id) {
                        reader.close();
                        reader.parents.push(id);
                    } else if name == "br" {
                        reader.line_break(id);
                    } else if name == "img" {
                        reader.image(id);
                    } else if name == "annotation" {
                        // The formula is there already; this is its source.
                        walk.pass_over();
                    }
                    if passed.is_none() && (name == "pre" || name == "textarea") {
                        reader.kept_space += 1;
                    }
                }
                What::Text(text) => reader.write(id, text),
                What::Document | What::Comment(_) => {}
            },
            // What was passed over never opened anything.
            Step::Out(id) if passed == Some(id) => passed = None,
            Step::Out(id) => {
                if matches!(dom.what(id), What::Element(..)) && !UNSEEN.contains(&dom.name(id)) {
                    if matches!(dom.name(id), "pre" | "textarea") {
                        reader.kept_space -= 1;
                    }
                    if is_block(dom, id) {
                        reader.close();
                        reader.parents.pop();
                    }
                }
            }
        }
    }
    reader.close();
    Visible { text: reader.text, blocks: reader.blocks }
}

/// Whether an element stands in a heading or a cell of a table.
fn in_line(dom: &Dom, id: Id) -> bool {
    const REACH: usize = 12;
    let names = ["td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6"];
    dom.ancestors(id).take(REACH).any(|id| names.contains(&dom.name(id)))
}

struct Reader {
    text: String,
    /// The 1-based line that the next letter stands on.
    lines: usize,
    blocks: Vec<Block>,
    /// The pieces of the block being read.
    pieces: Vec<Piece>,
    /// Where its text starts.
    start: usize,
    /// Whether a space is due before the next letter.
    space: bool,
    /// In how many elements we are that keep their spaces and line ends.
    kept_space: usize,
    parents: Vec<Id>,
}

impl Reader {
    fn write(&mut self, id: Id, text: &str) {
        if self.kept_space > 0 {
            let start = self.text.len();
            for c in text.chars().filter(|c| *c != '\r') {
                self.text.push(if c == '\u{a0}' { ' ' } else { c });
            }
            self.pieces.push(Piece::Text(id, start..self.text.len()));
            return;
        }
        let mut start = None;
        for c in text.chars() {
            match c {
                // The space that a text starts with belongs to it: it may part it from a link before.
                ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}' => self.space = true,
                // Marks that no reader sees.
                '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
                c => {
                    let at_line_start = self.text.len() == self.start || self.text.ends_with('\n');
                    start.get_or_insert(self.text.len());
                    if std::mem::take(&mut self.space) && !at_line_start {
                        self.text.push(' ');
                    }
                    self.text.push(c);
                }
            }
        }
        if let Some(start) = start {
            self.pieces.push(Piece::Text(id, start..self.text.len()));
        }
    }

    /// A line ends; two line ends in a row end the block.
    fn line_break(&mut self, id: Id) {
        if self.kept_space > 0 {
            let start = self.text.len();
            self.text.push('\n');
            self.pieces.push(Piece::Text(id, start..self.text.len()));
            return;
        }
        self.space = false;
        match self.pieces.last() {
            None => {}
            Some(Piece::Break(_)) => self.close(),
            Some(Piece::Text(..) | Piece::Image(_) | Piece::Formula(..) | Piece::Display(..)) => {
                self.pieces.push(Piece::Break(id));
                if self.text.len() > self.start {
                    self.text.push('\n');
                }
            }
        }
    }

    fn formula(&mut self, id: Id, tex: &str, is_display: bool) {
        if is_display {
            self.close();
        }
        // As with text, the space before a formula belongs to it.
        let start = self.text.len();
        let at_line_start = start == self.start || self.text.ends_with('\n');
        if std::mem::take(&mut self.space) && !at_line_start {
            self.text.push(' ');
        }
        if is_display {
            let lines: Vec<&str> = tex.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            self.text.push_str(&lines.join("\n"));
            self.pieces.push(Piece::Display(id, start..self.text.len()));
            self.close();
        } else {
            let words: Vec<&str> = tex.split_whitespace().collect();
            self.text.push_str(&format!("${}$", words.join(" ")));
            self.pieces.push(Piece::Formula(id, start..self.text.len()));
        }
    }

    fn image(&mut self, id: Id) {
        if self.kept_space == 0 {
            self.pieces.push(Piece::Image(id));
        }
    }

    fn close(&mut self) {
        self.space = false;
        while let Some(Piece::Break(_)) = self.pieces.last() {
            self.pieces.pop();
        }
        let mut end = self.text.len();
        while end > self.start && self.text[..end].ends_with(['\n', ' ']) {
            end -= 1;
        }
        self.text.truncate(end);
        // What was cut off is space; no piece reaches beyond the text.
        for piece in &mut self.pieces {
            if let Piece::Text(_, range) = piece {
                range.end = range.end.min(end);
                range.start = range.start.min(range.end);
            }
        }
        if self.pieces.iter().all(|piece| matches!(piece, Piece::Text(_, range) if range.is_empty())) {
            self.pieces.clear();
        }
        if !self.pieces.is_empty() {
            let parent = self.parents.last().copied().unwrap_or(ROOT);
            let pieces = std::mem::take(&mut self.pieces);
            self.blocks.push(Block { parent, pieces, range: self.start..end, line: self.lines });
        }
        if end > self.start {
            self.text.push('\n');
            self.lines += self.text[self.start..].matches('\n').count();
        }
        self.start = self.text.len();
    }
}
