//! Lead-ins: the first words of an item or a paragraph that stand for a heading, where a series shows it.
//!
//! In: lines, items, or blocks. Out: lines parted where two items were glued; lead-ins set in bold or made
//! headings. One lead-in alone is a sentence like any other.

use super::blocks::{Block, Item, Words};
use super::lines::{Line, Marker, Vocabulary};
use super::{cues, words};

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
    let long = || words.iter().filter(|word| word.chars().count() > 3 || !words::is_small(&words::low(word)));
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

/// Sets the lead-ins of a list's items in bold where the items show that they are: most have one.
pub(super) fn set_lead_ins(list: &mut Block) {
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

/// A series of paragraphs with lead-ins is made of at least this many.
const FEWEST_TIPS: usize = 3;
/// The longest lead-in of such a paragraph in words.
const LONGEST_TIP: usize = 10;

/// Without such an announcement, a series has at least this many, ...
const FEWEST_BOLD_TIPS: usize = 4;
/// ... whose lead-ins have at most so many words, and are set in bold.
const LONGEST_BOLD_TIP: usize = 6;

/// Makes headings of the lead-ins of a series of paragraphs whose number the text announces ("five tips"), and
/// sets those of a longer series in bold.
pub(super) fn set_series(blocks: Vec<Block>, title: Option<&str>) -> Vec<Block> {
    let lead =
        |block: &Block| block.line().filter(|words| words.bold == 0).and_then(|words| tip(&words.text));
    let mut set: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut index = 0;
    while index < blocks.len() {
        let length = blocks[index..].iter().take_while(|block| lead(block).is_some()).count();
        let before = match set.last() {
            Some(Block::Paragraph(lines)) => lines.last().map_or("", |words| words.text.as_str()),
            _ => "",
        };
        let series = &blocks[index..index + length];
        let announced = || announces(before, length) || title.is_some_and(|title| announces(title, length));
        if length >= FEWEST_TIPS && announced() {
            for (words, end) in series.iter().filter_map(|block| Some((block.line()?, lead(block)?))) {
                let (head, rest) = words.text.split_at(end);
                set.push(Block::Heading { level: 0, words: Words::plain(head) });
                set.push(Block::paragraph(rest[1..].trim_start()));
            }
        } else if length >= FEWEST_BOLD_TIPS && series.iter().all(is_bold_tip) {
            for (words, end) in series.iter().filter_map(|block| Some((block.line()?, lead(block)?))) {
                set.push(Block::Paragraph(vec![Words { bold: end + 1, ..words.clone() }]));
            }
        } else {
            set.extend(blocks[index..index + length.max(1)].iter().cloned());
        }
        index += length.max(1);
    }
    set
}

/// Whether the lead-in of a paragraph is short enough to be set in bold without an announcement.
fn is_bold_tip(block: &Block) -> bool {
    let lead = block.line().and_then(|words| Some(&words.text[..tip(&words.text)?]));
    lead.is_some_and(|lead| {
        lead.split(' ').count() <= LONGEST_BOLD_TIP && lead.starts_with(char::is_uppercase)
    })
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
