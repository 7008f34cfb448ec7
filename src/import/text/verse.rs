//! Lines whose ends are meant: verse, addresses, signatures, lists without bullets.
//!
//! In: the lines that stay. Out: one paragraph with its breaks, or a list where every line shows it is an item.

use super::blocks::{Block, Item, Kept, Run, Words};

/// Lines of verse or of an address are shorter than this many characters.
const SHORT_LINE: usize = 60;
/// At most this many lines are read as one piece of verse or one list.
const MOST_LINES: usize = 64;
/// A list without bullets has at least this many lines.
const FEWEST_ITEMS: usize = 3;

/// Reads lines that follow each other without a blank line and are too short to be paragraphs.
pub(super) fn run(kept: &[Kept<'_>]) -> Run {
    let fits = |kept: &Kept<'_>| kept.is_plain() && !kept.line.text.starts_with('>');
    if !fits(&kept[0]) {
        return None;
    }
    let used =
        1 + kept[1..].iter().take(MOST_LINES - 1).take_while(|kept| kept.adjoins() && fits(kept)).count();
    if used < 2 {
        return None;
    }
    let lines: Vec<&str> = kept[..used].iter().map(|kept| kept.line.text.as_str()).collect();
    let items = || Block::List { start: None, items: lines.iter().map(|line| Item::plain(line)).collect() };
    if lines.iter().all(|line| starts_with_address(line))
        || is_amounts(&lines)
        || is_lettered(&lines)
        || is_ticked(&lines)
    {
        return Some((used, vec![items()]));
    }
    if !lines.iter().all(|line| line.chars().count() < SHORT_LINE) {
        return None;
    }
    if is_dialogue(&lines) {
        return Some((used, lines.iter().map(|line| Block::paragraph(*line)).collect()));
    }
    Some((used, vec![Block::Paragraph(lines.iter().map(|line| Words::plain(*line)).collect())]))
}

/// Whether a line starts with a web address.
fn starts_with_address(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or("");
    first.starts_with("http://") || first.starts_with("https://") || first.starts_with("www.")
}

/// Whether the lines are things with their amounts, as in a recipe: "2 cups flour", "½ tsp salt".
fn is_amounts(lines: &[&str]) -> bool {
    let is_amount = |line: &&&str| {
        let mut words = line.split(' ');
        let number = words.next().unwrap_or("");
        let is_number = number.starts_with(char::is_numeric)
            && number.chars().all(|c| c.is_numeric() || matches!(c, '/' | '-' | '–' | '.' | ',' | '⁄'));
        // The year that starts a line of a chronicle is no amount.
        let is_year = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        let thing = words.find(|word| !word.starts_with(char::is_numeric)).unwrap_or("");
        is_number
            && !is_year
            && thing.starts_with(char::is_lowercase)
            && line.chars().count() < SHORT_LINE
            && !line.ends_with(['.', '?', '!'])
    };
    lines.len() >= FEWEST_ITEMS && lines.iter().filter(is_amount).count() * 4 >= lines.len() * 3
}

/// Whether the lines are lettered one after the other: `a)`, `b)`, `c)`. Markdown numbers no list by letters;
/// so they stay with the words.
fn is_lettered(lines: &[&str]) -> bool {
    lines.iter().enumerate().all(|(index, line)| {
        let line = line.strip_prefix('(').unwrap_or(line);
        let mut characters = line.chars();
        let expected =
            u8::try_from(index).ok().filter(|index| *index < 26).map(|index| char::from(b'a' + index));
        let letter = characters.next().map(|c| c.to_ascii_lowercase());
        letter.is_some()
            && letter == expected
            && matches!(characters.next(), Some(')' | '.'))
            && characters.next() == Some(' ')
    })
}

/// Whether the lines are things to do, each with its box to tick.
fn is_ticked(lines: &[&str]) -> bool {
    lines.iter().all(|line| ["[ ] ", "[x] ", "[X] "].iter().any(|tick| line.starts_with(tick)))
}

/// Whether the lines are what several people say, each in quotation marks.
fn is_dialogue(lines: &[&str]) -> bool {
    lines.iter().all(|line| line.starts_with(['"', '“', '„', '«', '»']) && line.len() > 1)
}
