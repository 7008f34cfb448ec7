//! Which lines are kept as they stand: code, what a shell says, drawings made of characters.
//!
//! In: the pieces of the text. Out: for each whether it is verbatim. Nothing is sure about a single line;
//! so lines are judged in groups without a blank line between them. When in doubt, they are words.

use super::pieces::Piece;
use super::words;

/// How a line stands in code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verbatim {
    /// It is code, or part of a drawing.
    Code,
    /// It opens or closes code: three backticks or tildes, maybe with the language.
    Fence,
}

/// Code without a prompt or fence comes in groups of at least this many lines.
const FEWEST_LINES: usize = 2;
/// Of a group's lines, this share look like code, in tenths.
const CODE_TENTHS: usize = 6;
/// Of a group's lines, this share are lines of a stack trace, in tenths.
const TRACE_TENTHS: usize = 4;
/// Of a drawing's lines, this share are drawn, in tenths.
const DRAWN_TENTHS: usize = 6;
/// Longer lines are no code that anybody typed.
const LONGEST: usize = 300;
/// Code set apart by its indentation stands this many columns to the right.
const CODE_INDENT: usize = 4;

/// Says of each piece whether it is verbatim.
pub(super) fn of(text: &str, pieces: &[Piece]) -> Vec<Option<Verbatim>> {
    let mut verbatim = fenced(text, pieces);
    let mut groups = Vec::new();
    let mut start = 0;
    while start < pieces.len() {
        let length = 1
            + (start + 1..pieces.len())
                .take_while(|&index| pieces[index].gap == 0 && verbatim[index].is_none())
                .count();
        if verbatim[start].is_none() {
            groups.push(start..start + length);
        }
        start += length;
    }
    let mut code: Vec<bool> = groups
        .iter()
        .map(|group| {
            let lines: Vec<&str> =
                pieces[group.clone()].iter().map(|piece| &text[piece.range.clone()]).collect();
            is_code(&lines) || is_drawing(&lines)
        })
        .collect();
    // A group that is indented like the code next to it is more of it.
    let depth = |group: &std::ops::Range<usize>| {
        pieces[group.clone()].iter().map(|piece| piece.indent).min().unwrap_or(0)
    };
    let joins = |index: usize, other: usize| {
        let (own, near) = (&groups[index], &groups[other]);
        depth(own) >= CODE_INDENT
            && depth(near) >= CODE_INDENT
            && pieces[own.clone()]
                .iter()
                .all(|piece| piece.marker.is_none() && !is_prose(&text[piece.range.clone()]))
    };
    for index in 1..groups.len() {
        code[index] = code[index] || (code[index - 1] && joins(index, index - 1));
    }
    for index in (0..groups.len().saturating_sub(1)).rev() {
        code[index] = code[index] || (code[index + 1] && joins(index, index + 1));
    }
    for (group, is_code) in groups.into_iter().zip(code) {
        for index in group.clone() {
            let is_command = is_prompt(&text[pieces[index].range.clone()]);
            if is_code || is_command {
                verbatim[index] = Some(Verbatim::Code);
            }
        }
    }
    verbatim
}

/// Marks fences that are closed, and what stands between them.
fn fenced(text: &str, pieces: &[Piece]) -> Vec<Option<Verbatim>> {
    let mut verbatim = vec![None; pieces.len()];
    // For each mark, the last line that could close: what opens after it never closes.
    let last = |mark: char| {
        pieces.iter().rposition(|piece| {
            fence(&text[piece.range.clone()]).is_some_and(|(c, _, bare)| c == mark && bare)
        })
    };
    let (last_tick, last_tilde) = (last('`'), last('~'));
    let mut index = 0;
    while index < pieces.len() {
        let Some((mark, length, _)) = fence(&text[pieces[index].range.clone()]) else {
            index += 1;
            continue;
        };
        let end = if mark == '`' { last_tick } else { last_tilde };
        let closes = |at: &usize| {
            fence(&text[pieces[*at].range.clone()])
                .is_some_and(|(c, other, bare)| c == mark && bare && other >= length)
        };
        let close = end.filter(|end| *end > index).and_then(|end| (index + 1..=end).find(closes));
        // Fences of growing length could be looked for again and again; such a text has no code.
        let Some(close) = close else { break };
        verbatim[index] = Some(Verbatim::Fence);
        verbatim[close] = Some(Verbatim::Fence);
        verbatim[index + 1..close].fill(Some(Verbatim::Code));
        index = close + 1;
    }
    verbatim
}

/// Reads a fence: its mark, how many of them, and whether nothing follows.
fn fence(raw: &str) -> Option<(char, usize, bool)> {
    let mark = raw.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = raw.chars().take_while(|c| *c == mark).count();
    let info = raw[length..].trim();
    let is_language =
        info.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '_' | '.'));
    // A row of tildes is a rule.
    let is_short = length == 3 || (length <= 6 && mark == '`');
    (length >= 3 && is_short && info.len() <= 20 && is_language).then_some((mark, length, info.is_empty()))
}

/// Whether a group of lines is code, or what a program says.
fn is_code(lines: &[&str]) -> bool {
    if is_prompt(lines[0]) && !lines.iter().any(|line| is_prose(line)) {
        return true;
    }
    if is_data(lines) || is_query(lines) {
        return true;
    }
    let traces = lines.iter().filter(|line| is_trace(line)).count();
    if traces >= FEWEST_LINES && traces * 10 >= lines.len() * TRACE_TENTHS {
        return true;
    }
    if lines.len() < FEWEST_LINES {
        return false;
    }
    let code = lines.iter().filter(|line| looks_like_code(line)).count();
    code * 10 >= lines.len() * CODE_TENTHS
}

/// Whether lines are data between brackets, as JSON has it.
fn is_data(lines: &[&str]) -> bool {
    let pairs = lines.iter().filter(|line| line.starts_with('"') && line.contains("\":")).count();
    lines.len() >= FEWEST_DATA
        && lines[0].ends_with(['{', '['])
        && lines[lines.len() - 1].starts_with(['}', ']'])
        && pairs > 0
}

/// Data comes in groups of at least this many lines: the brackets, and something between.
const FEWEST_DATA: usize = 3;

/// Whether lines are one question to a database.
fn is_query(lines: &[&str]) -> bool {
    let starts = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "WITH "];
    // The word may be all of the first line.
    let is_start = |start: &&str| lines[0].starts_with(start) || lines[0] == start.trim_end();
    lines.len() >= FEWEST_LINES && starts.iter().any(is_start) && lines[lines.len() - 1].ends_with(';')
}

/// Whether a line reads as a sentence.
pub(super) fn is_prose(raw: &str) -> bool {
    let small = raw.split(' ').filter(|word| words::is_small(&words::low(word))).count();
    small >= 4 && raw.split_whitespace().count() >= 8
}

/// Whether a line is a command after a shell's prompt: `$ make`, `ann@host:~$ make`, `C:\> dir`.
fn is_prompt(raw: &str) -> bool {
    let command = |rest: &str| {
        rest.strip_prefix(' ').is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/' | '~'))
        })
    };
    if let Some(rest) = raw.strip_prefix('$') {
        return command(rest) && raw.len() <= LONGEST && !is_prose(raw);
    }
    let Some(first) = raw.split(' ').next() else { return false };
    if let Some(host) = first.strip_suffix(['$', '#']) {
        let is_host = host.contains('@')
            && host.contains(':')
            && host.chars().all(|c| c.is_ascii_alphanumeric() || "@:~/._-".contains(c));
        return is_host && command(&raw[first.len()..]);
    }
    let drive = raw.as_bytes();
    drive.len() > 4 && drive[0].is_ascii_uppercase() && &drive[1..3] == b":\\" && first.ends_with('>')
}

/// Whether a line is one of a stack trace.
fn is_trace(raw: &str) -> bool {
    let java = raw.strip_prefix("at ").is_some_and(|rest| {
        rest.contains(['(', ':'])
            && (rest.ends_with(')') || rest.ends_with(|c: char| c.is_ascii_digit()))
            && !is_prose(rest)
    });
    let python = raw.starts_with("File \"") && raw.contains("\", line ");
    let head = raw.starts_with("Traceback (most recent call last)")
        || raw.starts_with("Exception in thread ")
        || raw.starts_with("Caused by: ")
        || raw.starts_with("thread '");
    let named = raw.split_once(':').is_some_and(|(name, _)| {
        !name.contains(' ') && (name.ends_with("Error") || name.ends_with("Exception"))
    });
    java || python || head || named
}

/// Whether a line has the marks of a program: it ends like a statement or starts with a keyword and symbols.
pub(super) fn looks_like_code(raw: &str) -> bool {
    let raw = raw.split(" // ").next().unwrap_or(raw).trim();
    let symbols = raw
        .chars()
        .filter(|c| matches!(c, '{' | '}' | ';' | '=' | '<' | '>' | '(' | ')' | '[' | ']' | '_' | '$' | '\\'))
        .count();
    let letters = raw.chars().filter(|c| c.is_alphanumeric()).count();
    let opens = ["def ", "class ", "for ", "while ", "if ", "elif ", "else:", "try:", "except", "with "];
    if raw.ends_with(':') && symbols > 0 && opens.iter().any(|open| raw.starts_with(open)) {
        return true;
    }
    if raw.len() > LONGEST || symbols == 0 {
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
        "<?",
        "</",
    ]
    .iter()
    .any(|start| raw.starts_with(start));
    let calls = raw.split_once('(').is_some_and(|(name, _)| {
        raw.ends_with(')')
            && !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
    });
    let sentence = raw.split(' ').filter(|word| words::is_small(&words::low(word))).count() >= 4;
    (ends || starts || calls || symbols * 4 >= letters) && !sentence && (symbols * 12 >= letters || ends)
}

/// Whether a group of lines is drawn with characters: boxes, arrows, the branches of a tree.
fn is_drawing(lines: &[&str]) -> bool {
    if lines.len() < FEWEST_LINES {
        return false;
    }
    let drawn = lines.iter().filter(|line| is_drawn(line)).count();
    let strokes =
        lines.iter().filter(|line| line.contains(['/', '\\', '|']) || line.contains(is_box)).count();
    // A table's rows lie between its rules, and its rules have marks at every column.
    let is_grid = lines.iter().all(|line| line.starts_with(['+', '|']) && line.ends_with(['+', '|']));
    strokes >= FEWEST_LINES && !is_grid && drawn * 10 >= lines.len() * DRAWN_TENTHS
}

fn is_box(c: char) -> bool {
    ('\u{2500}'..='\u{259f}').contains(&c)
}

/// Whether most of a line is strokes, or it starts as the branch of a tree.
fn is_drawn(raw: &str) -> bool {
    let stroke = |c: char| is_box(c) || "+-|/\\_=<>*~^#.:()[]'`".contains(c);
    let strokes = raw.chars().filter(|c| stroke(*c)).count();
    let letters = raw.chars().filter(|c| c.is_alphanumeric()).count();
    raw.len() <= LONGEST && (raw.starts_with(is_box) || (strokes >= 2 && strokes >= letters))
}
