//! Who says what in an interview: `Q:` and `A:`, names before a colon, names on lines of their own.
//!
//! In: the lines that stay. Out: for each the bytes that name its speaker. A label is a speaker's only where
//! it comes again and another one answers.

use std::collections::HashMap;

use super::blocks::Kept;
use super::names;

/// The longest label in words.
const LONGEST_LABEL: usize = 4;
/// The longest label in bytes.
const LONGEST_BYTES: usize = 40;
/// An interview has at least this many turns with a label that comes again.
const FEWEST_TURNS: usize = 4;
/// What is said after a name on a line of its own has mostly this many words.
const FEWEST_SAID: usize = 4;
/// At least this many labels take turns, ...
const FEWEST_SPEAKERS: usize = 2;
/// ... and hardly more than this many, where they stand on lines of their own.
const MOST_SPEAKERS: usize = 8;

/// For each line, how many bytes at its start name the speaker.
pub(super) fn find(kept: &[Kept<'_>]) -> Vec<usize> {
    let mut found = vec![0; kept.len()];
    let labels: Vec<Option<usize>> = kept
        .iter()
        .map(|kept| if kept.is_code() || kept.line.marker.is_some() { None } else { label(&kept.line.text) })
        .collect();
    let key =
        |index: usize| labels[index].map(|end| kept[index].line.text[..end].trim_end_matches([':', '.']));
    let mut turns: HashMap<&str, usize> = HashMap::new();
    for index in 0..kept.len() {
        if let Some(key) = key(index) {
            *turns.entry(key).or_default() += 1;
        }
    }
    let is_asked = turns.contains_key("Q") && turns.contains_key("A");
    let again = turns.values().filter(|turns| **turns > 1);
    if is_asked || (again.clone().count() >= FEWEST_SPEAKERS && again.sum::<usize>() >= FEWEST_TURNS) {
        for index in 0..kept.len() {
            let comes_again = key(index).is_some_and(|key| {
                let is_turn = is_asked && matches!(key, "Q" | "A");
                let again = turns.get(key).is_some_and(|turns| *turns > 1);
                is_turn || (again && (!kept[index].heading || is_speaker(key)))
            });
            if comes_again {
                found[index] = labels[index].unwrap_or(0);
            }
        }
    }
    alone(kept, &mut found);
    found
}

/// Those who speak without a name.
const ROLES: [&str; 12] = [
    "interviewer",
    "interviewee",
    "moderator",
    "host",
    "guest",
    "question",
    "answer",
    "q",
    "a",
    "reporter",
    "narrator",
    "audience",
];

/// Whether a label is a person's name, or a part in a talk; others may be headings, or anything.
fn is_speaker(label: &str) -> bool {
    let label = label.trim_end_matches(':');
    ROLES.contains(&label.to_lowercase().as_str())
        || names::bare(label).is_some_and(|found| found.names.iter().all(|name| names::is_person(name)))
}

/// The bytes of a label at the start of a line, its colon included.
fn label(text: &str) -> Option<usize> {
    if text.starts_with("Q. ") || text.starts_with("A. ") {
        return Some(2);
    }
    let end = text.bytes().take(LONGEST_BYTES).position(|byte| byte == b':')?;
    let label = &text[..end];
    let is_name = label.starts_with(char::is_uppercase)
        && label.ends_with(|c: char| c.is_alphabetic() || matches!(c, ')' | '.'))
        && label.split(' ').count() <= LONGEST_LABEL
        && label
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '(' | ')' | '&'));
    let goes_on = text[end + 1..].is_empty() || text[end + 1..].starts_with(' ');
    (is_name && goes_on).then_some(end + 1)
}

/// Finds speakers named on lines of their own: names that come again and take turns, with words after each.
fn alone(kept: &[Kept<'_>], found: &mut [usize]) {
    let is_label = |index: usize| {
        let (kept, text) = (&kept[index], kept[index].line.text.as_str());
        !kept.is_code()
            && kept.line.marker.is_none()
            && text.len() <= LONGEST_BYTES
            && text.split(' ').count() <= LONGEST_LABEL
            && text.starts_with(char::is_uppercase)
            && text
                .trim_end_matches(':')
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’'))
    };
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for index in (0..kept.len()).filter(|index| is_label(*index)) {
        places.entry(&kept[index].line.text).or_default().push(index);
    }
    places.retain(|_, places| places.len() > 1);
    let mut turns: Vec<usize> = places.values().flatten().copied().collect();
    turns.sort_unstable();
    let text = |index: usize| kept[index].line.text.as_str();
    let changes = turns.windows(2).filter(|pair| text(pair[0]) != text(pair[1])).count();
    let says = |turn: &&usize| {
        kept.get(**turn + 1).is_some_and(|next| next.line.text.split(' ').count() >= FEWEST_SAID)
    };
    let spoken = turns.iter().filter(says).count();
    let is_interview = (FEWEST_SPEAKERS..=MOST_SPEAKERS).contains(&places.len())
        && turns.len() >= FEWEST_TURNS
        && changes * 10 >= (turns.len() - 1) * 8
        && spoken * 4 >= turns.len() * 3
        && places.keys().all(|label| is_speaker(label));
    if is_interview {
        for turn in turns {
            found[turn] = text(turn).len();
        }
    }
}
