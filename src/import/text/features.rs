//! What a line looks like, in numbers that decision trees can ask about.
//!
//! In: the lines. Out: for each a [`Look`]: its own look, its place in the text, and the look of the three lines
//! before and after it. Nothing here knows sites; single words count only by what [`models`](super::models)
//! learnt of them.

use rustc_hash::FxHashMap;

use super::cues::{self, CUES, Cue, Cues};
use super::lines::{Line, Marker};
use super::models::Models;
use super::{names, words};

/// What was found out about a line.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// Its words in lower case, glued ones parted.
    pub words: Vec<String>,
    /// Its set phrases.
    pub cues: Cues,
    /// Whether it is running text: long enough, with small words and sentence punctuation.
    pub is_prose: bool,
    /// Whether it has a date.
    pub is_dated: bool,
    /// All of this in numbers.
    pub values: Vec<f32>,
}

impl Look {
    /// What the line ends with: 1 for a full stop, up to 13 for what ends no sentence.
    pub(super) fn ending(&self) -> f32 {
        self.values[1]
    }

    /// Whether it ends like a sentence.
    pub(super) fn ends_in_full_stop(&self) -> bool {
        (self.ending() - 1.0).abs() < 0.5
    }

    /// Whether it says who wrote the article.
    pub(super) fn is_byline(&self) -> bool {
        self.values[8] >= BYLINE
    }
}

/// What a line has as its eighth number that says who wrote something.
const BYLINE: f32 = 2.0;

/// Prose has at least this many words, ...
const PROSE_WORDS: usize = 12;
/// ... of which this share are small ones.
const PROSE_SMALL: f64 = 0.2;

/// Lines that share this many words at their start say the same.
const OPENING: usize = 6;

/// The first numbers of a line, which its neighbours see, too.
pub(super) const SEEN: usize = 15;

/// The steps to the neighbours that are looked at.
const NEIGHBOURS: [isize; 6] = [-1, 1, -2, 2, -3, 3];

/// From this ending on a line isn't a sentence.
const NO_SENTENCE: f32 = 8.0;

/// Larger counts say nothing more.
const MOST: usize = 300;

/// Looks at all lines; `code` says which are a program's.
pub(super) fn look(text: &str, lines: &[Line], code: &[bool], models: &Models) -> Vec<Look> {
    let mut looks: Vec<Look> =
        lines.iter().zip(code).map(|(line, code)| own(text, line, *code, models)).collect();
    neighbours(&mut looks);
    places(lines, &mut looks);
    looks
}

/// A number of things as a number for the trees.
pub(super) fn count(number: usize) -> f32 {
    number.min(MOST) as f32
}

/// A share, 0 to 1; of nothing it is 0.
pub(super) fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// Whether something is so, as a number.
pub(super) fn flag(is_so: bool) -> f32 {
    f32::from(u8::from(is_so))
}

/// Of a longer line only so many bytes are looked at: no paragraph has more, and a book on one line would take twenty
/// times its size in memory, word by word.
const LOOKED_AT: usize = 100_000;

/// Looks at a line by itself.
fn own(text: &str, line: &Line, is_code: bool, models: &Models) -> Look {
    let head = &line.text[..line.text.floor_char_boundary(LOOKED_AT)];
    let words = cues::words(head);
    let cues = cues::of_words(&words);
    let raw: Vec<&str> = head.split(' ').collect();
    let small = words.iter().filter(|word| words::is_small(word)).count();
    let is_capital = |word: &&&str| {
        word.trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(|c: char| c.is_uppercase() || c.is_numeric())
    };
    let capitals = raw.iter().filter(is_capital).count();
    let closing = |c: char| matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»');
    let bare = line.text.trim_end_matches(closing);
    let sentences = raw.windows(2).filter(|pair| {
        pair[0].trim_end_matches(closing).ends_with(['.', '!', '?', '…', '。'])
            && pair[1].starts_with(|c: char| !c.is_lowercase())
    });
    let ends = bare.ends_with(['.', '!', '?', '…', '。', ':', ';']);
    let sentences = sentences.count() + usize::from(bare.ends_with(['.', '!', '?', '…', '。']));
    let is_cjk = words.len() < 6
        && line
            .text
            .chars()
            .filter(|c| ('\u{3040}'..='\u{9fff}').contains(c) || ('\u{ac00}'..='\u{d7a3}').contains(c))
            .count()
            > 30;
    let is_prose = (words.len() >= PROSE_WORDS
        && small as f64 >= PROSE_SMALL * words.len() as f64
        && (ends || words.len() > 30))
        || is_cjk;

    let dates = if words.len() <= 40 { names::dates(&line.text) } else { Vec::new() };
    let dated = match dates.first() {
        None => 0,
        Some(found) if found.range.len() * 3 >= line.text.len() * 2 => 3,
        Some(_) if words.len() <= 10 => 2,
        Some(_) => 1,
    };
    let byline = if words.len() <= 30 { names::byline(&line.text) } else { None };
    let is_bare = words.len() <= 8
        && names::bare(&line.text).is_some_and(|names| names.names.iter().all(|name| names::is_person(name)));
    let named = match (byline, is_bare) {
        (Some(_), _) => 2,
        (None, true) => 1,
        (None, false) => 0,
    };
    let marked = match &line.marker {
        None => 0,
        Some(Marker::Bullet) => 2,
        Some(Marker::Number { .. }) => 1,
    };
    let tone = models.tone(&words);

    let mut values = Vec::with_capacity(220);
    values.extend([
        count(words.len()),
        end(&line.text, ends),
        share(small, words.len()),
        share(capitals, raw.len()),
        count(sentences),
        count(marked),
        cues.share() as f32,
        count(dated),
        count(named),
        count(line.gap.min(5)),
        tone.mean,
        flag(is_prose),
        start(&line.text),
        count(line.indent),
        tone.lowest,
    ]);
    // What follows is seen by the line alone.
    let has_byte = |byte: u8| line.text.as_bytes().contains(&byte);
    // Most lines have nothing but ASCII, and need not be searched for the rest.
    let is_plain = line.text.is_ascii();
    let has = |pattern: &str| !is_plain && line.text.contains(pattern);
    let (mut characters, mut digits, mut letters, mut capital_letters) = (0, 0, 0, 0);
    // Words glued together: "LinkedInShare".
    let (mut is_glued, mut after_low) = (false, false);
    for c in line.text.chars() {
        characters += 1;
        digits += usize::from(c.is_ascii_digit());
        letters += usize::from(c.is_alphabetic());
        let is_capital = c.is_uppercase();
        capital_letters += usize::from(is_capital);
        is_glued |= after_low && is_capital;
        after_low = c.is_lowercase();
    }
    values.extend([
        tone.highest,
        count(characters),
        share(characters, words.len()),
        share(digits, characters),
        share(capital_letters, letters),
        flag(letters == 0),
        flag(is_code),
        flag(["http", "www.", ".com"].iter().any(|part| line.text.contains(part))),
        flag(has_byte(b'@')),
        flag(has_byte(b'|')),
        flag(has("©") || (has_byte(b'(') && line.text.contains("(c)"))),
        flag(has("»") || has("›") || has("→") || has("▸") || (has_byte(b'>') && line.text.contains(" > "))),
        flag(has_byte(b'#')),
        flag(has_byte(b'$') || has("€") || has("£")),
        flag(has("·") || has("•")),
        flag(text[line.range.clone()].contains('\t') || text[line.range.clone()].contains("   ")),
        flag(is_glued),
        flag(has("“") || has_byte(b'"')),
        flag(has_byte(b':') && line.text.contains(": ")),
        count(line.text.matches(", ").count()),
    ]);
    values.extend((0..CUES).map(|cue| flag(cues.has_index(cue))));
    Look { words, cues, is_prose, is_dated: !dates.is_empty(), values }
}

/// What a line ends with, from what ends a sentence to what ends none.
fn end(text: &str, ends: bool) -> f32 {
    let kind: u8 = match text.chars().last() {
        None => 0,
        Some('.') if text.ends_with("...") => 4,
        Some('.' | '。') => 1,
        Some('?') => 2,
        Some('!') => 3,
        Some('…') => 4,
        Some(':') => 6,
        Some(';' | ',') => 7,
        Some('"' | '”' | '»' | '’' | '\'') => 5 + 3 * u8::from(!ends),
        Some(')' | ']') => 5 + 4 * u8::from(!ends),
        Some(c) if c.is_alphabetic() => 10,
        Some(c) if c.is_numeric() => 11,
        Some('>' | '→' | '›') => 12,
        Some(_) => 13,
    };
    f32::from(kind)
}

/// What a line starts with.
fn start(text: &str) -> f32 {
    let kind: u8 = match text.chars().next() {
        None => 0,
        Some(c) if c.is_lowercase() => 1,
        Some(c) if c.is_uppercase() => 2,
        Some(c) if c.is_alphabetic() => 3,
        Some('"' | '“' | '‘' | '\'' | '«' | '„') => 4,
        Some('(' | '[') => 5,
        Some(c) if c.is_numeric() => 6,
        Some('@' | '#') => 7,
        Some('|' | '/' | '>' | '<' | '»' | '›' | '←' | '→') => 8,
        Some('©') => 9,
        Some(_) => 10,
    };
    f32::from(kind)
}

/// Adds what the lines before and after look like; beyond the text's start and end a line has -1 of everything.
fn neighbours(looks: &mut [Look]) {
    let seen: Vec<[f32; SEEN]> =
        looks.iter().map(|look| std::array::from_fn(|value| look.values[value])).collect();
    for (index, look) in looks.iter_mut().enumerate() {
        for step in NEIGHBOURS {
            let other = index.checked_add_signed(step).and_then(|other| seen.get(other));
            look.values.extend(other.copied().unwrap_or([-1.0; SEEN]));
        }
    }
}

/// Adds what depends on the line's place in the text.
fn places(lines: &[Line], looks: &mut [Look]) {
    let all = looks.len();
    let prose_words: Vec<usize> =
        looks.iter().map(|look| if look.is_prose { look.words.len() } else { 0 }).collect();
    let total: usize = prose_words.iter().sum();
    let body_indent = body_indent(lines, &prose_words);
    let mut same: FxHashMap<&str, usize> = FxHashMap::default();
    for line in lines {
        *same.entry(line.text.as_str()).or_default() += 1;
    }
    let cohesion = cohesion(looks);
    let doubled = doubled(looks);
    // Starts of lines, for titles that return with the site's name.
    let mut heads: FxHashMap<String, usize> = FxHashMap::default();
    for look in looks.iter().filter(|look| (3..=30).contains(&look.words.len())) {
        *heads.entry(look.words[..3].join(" ")).or_default() += 1;
    }
    let short = runs(looks, |_, look| look.words.len() <= 6 && !look.is_prose);
    let items = runs(looks, |index, _| lines[index].marker.is_some());
    // Headlines: lines of some words that are no sentences.
    let headlines =
        runs(looks, |_, look| !look.is_prose && look.words.len() >= 4 && look.ending() >= NO_SENTENCE);
    let prose = runs(looks, |_, look| look.is_prose);
    let shorts = short.iter().filter(|run| run.1 > 0).count();
    let marked = lines.iter().filter(|line| line.marker.is_some()).count();
    let since = distances(looks, 0..all);
    let until = distances(looks, (0..all).rev());
    let dated = looks.iter().filter(|look| look.is_dated).count();
    let comments = comments_start(lines, looks);

    let mut words_before = vec![0; all + 1];
    let mut prose_before = vec![0; all + 1];
    let mut dates_before = vec![0; all + 1];
    for (index, look) in looks.iter().enumerate() {
        words_before[index + 1] = words_before[index] + look.words.len();
        prose_before[index + 1] = prose_before[index] + prose_words[index];
        dates_before[index + 1] = dates_before[index] + usize::from(look.is_dated);
    }
    let first = looks.iter().position(|look| look.is_prose).unwrap_or(all);
    let mut closed = 0_usize;
    let mut under: Option<(Cue, usize)> = None;
    for index in 0..all {
        let look = &looks[index];
        let line = &lines[index];
        let part = share(prose_before[index], total);
        let window =
            |of: &[usize], from: usize, to: usize| (of[to] - of[from], words_before[to] - words_before[from]);
        let near = |steps: usize| (index.saturating_sub(steps), (index + steps + 1).min(all));
        let prose_share = |from: usize, to: usize| {
            let (prose, words) = window(&prose_before, from, to);
            share(prose, words)
        };
        let (start, end) = near(5);
        let (far_start, far_end) = near(15);
        let head = (3..=30)
            .contains(&look.words.len())
            .then(|| heads.get(&look.words[..3].join(" ")).copied().unwrap_or(0));
        let values = [
            count(lines.get(index + 1).map_or(1, |next| next.gap)),
            share(index, all),
            count(index),
            count(all - index),
            part,
            1.0 - share(prose_before[index + 1], total),
            since[index],
            until[index],
            index as f32 - first as f32,
            line.indent as f32 - body_indent as f32,
            count(same.get(line.text.as_str()).copied().unwrap_or(1)),
            count(doubled[index]),
            cohesion[index].0,
            cohesion[index].1,
            count(head.unwrap_or(0)),
            count(short[index].1),
            count(items[index].1),
            count(items[index].0),
            count(headlines[index].1),
            count(prose[index].1),
            prose_share(start, index),
            prose_share(index + 1, end),
            prose_share(far_start, index),
            prose_share(index + 1, far_end),
            count(words_before[far_end] - words_before[index + 1]),
            count(dates_before[far_end] - dates_before[far_start]),
            count(closed),
            under.map_or(-1.0, |(cue, _)| f32::from(cue as u8)),
            under.map_or(-1.0, |(_, at)| count(index - at)),
            comments.map_or(-1.0, |comments| index as f32 - comments as f32),
            flag(comments.is_some()),
            share(shorts, all),
            share(marked, all),
            count(all),
            count(total / 10),
            count(dated),
        ];

        // What this line announces counts for those after it.
        let announces = [
            Cue::Related,
            Cue::Comment,
            Cue::Newsletter,
            Cue::Author,
            Cue::Share,
            Cue::Filed,
            Cue::Navigation,
            Cue::Contact,
            Cue::Advert,
            Cue::Legal,
        ];
        let announced = announces.into_iter().find(|cue| look.cues.has(*cue));
        if look.words.len() <= 7 && look.cues.share() >= 0.6 && line.marker.is_none() {
            if let Some(cue) = announced {
                under = Some((cue, index));
                if part > 0.3
                    && matches!(cue, Cue::Related | Cue::Comment | Cue::Newsletter | Cue::Author | Cue::Share)
                {
                    closed += 1;
                }
            }
        } else if look.words.len() <= 10
            && !look.cues.any()
            && line.marker.is_none()
            && !look.is_prose
            && line.gap > 0
            && lines.get(index + 1).is_some_and(|next| next.gap > 0)
        {
            // A short line of its own with no such word: perhaps a heading of the article.
            under = None;
        }
        looks[index].values.extend(values);
    }
}

/// The indentation of most of the prose.
fn body_indent(lines: &[Line], prose_words: &[usize]) -> usize {
    let mut by_indent: FxHashMap<usize, usize> = FxHashMap::default();
    for (line, words) in lines.iter().zip(prose_words) {
        *by_indent.entry(line.indent).or_default() += words;
    }
    by_indent.iter().max_by_key(|(indent, words)| (**words, **indent)).map_or(0, |(indent, _)| *indent)
}

/// For each line, the share of its content words that the prose uses, too, and how often it uses them on average.
fn cohesion(looks: &[Look]) -> Vec<(f32, f32)> {
    let mut vocabulary: FxHashMap<&str, usize> = FxHashMap::default();
    for word in looks.iter().filter(|look| look.is_prose).flat_map(|look| &look.words) {
        *vocabulary.entry(word.as_str()).or_default() += 1;
    }
    let cohesion = looks.iter().map(|look| {
        let own = usize::from(look.is_prose);
        let content = look.words.iter().filter(|word| !words::is_small(word) && word.chars().count() > 2);
        let (mut all, mut shared, mut uses) = (0, 0, 0);
        for word in content {
            let used = vocabulary.get(word.as_str()).copied().unwrap_or(0).saturating_sub(own);
            (all, shared, uses) = (all + 1, shared + usize::from(used > 0), uses + used.min(MOST_USES));
        }
        (share(shared, all), share(uses, all))
    });
    cohesion.collect()
}

/// More uses of a word by the prose say nothing more.
const MOST_USES: usize = 10;

/// For each longer line, whether another starts with the same words (2), is not the first of them (1 more) and is
/// near (2 more); 0 for short lines.
fn doubled(looks: &[Look]) -> Vec<usize> {
    let mut openings: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let opening = |look: &Look| (look.words.len() >= OPENING).then(|| look.words[..OPENING].join(" "));
    for (index, look) in looks.iter().enumerate() {
        if let Some(opening) = opening(look) {
            openings.entry(opening).or_default().push(index);
        }
    }
    let of = |(index, look): (usize, &Look)| match opening(look).and_then(|opening| openings.get(&opening)) {
        None => 0,
        Some(lines) if lines.len() < 2 => 1,
        Some(lines) => {
            let is_first = lines[0] == index;
            let place = lines.partition_point(|line| *line < index);
            let near = |other: Option<&usize>| other.is_some_and(|other| other.abs_diff(index) <= 3);
            let near = near(lines.get(place + 1))
                || place.checked_sub(1).is_some_and(|before| near(lines.get(before)));
            2 + usize::from(!is_first) + 2 * usize::from(near)
        }
    };
    looks.iter().enumerate().map(of).collect()
}

/// For each line of a run of lines that are so, its place in the run and the run's length; else zeros.
fn runs(looks: &[Look], is_so: impl Fn(usize, &Look) -> bool) -> Vec<(usize, usize)> {
    let mut runs = vec![(0, 0); looks.len()];
    let mut start = 0;
    while start < looks.len() {
        let length = (start..looks.len()).take_while(|index| is_so(*index, &looks[*index])).count();
        for place in 0..length {
            runs[start + place] = (place, length);
        }
        start += length.max(1);
    }
    runs
}

/// For each line, in the order given, the lines since the last prose.
fn distances(looks: &[Look], order: impl Iterator<Item = usize>) -> Vec<f32> {
    let mut distances = vec![0.0; looks.len()];
    let mut last = MOST;
    for index in order {
        distances[index] = count(last);
        last = if looks[index].is_prose { 1 } else { last.saturating_add(1) };
    }
    distances
}

/// A thread of comments shows at least this many lines that name who wrote one, ...
const FEWEST_COMMENTERS: usize = 3;
/// ... within this many lines.
const COMMENTERS_WITHIN: usize = 40;

/// Comments never begin within this many lines of the first prose.
const FIRST_COMMENT: usize = 3;

/// The line at which readers' comments begin: their heading, or the first of several lines that each say who
/// wrote a comment and when.
pub(super) fn comments_start(lines: &[Line], looks: &[Look]) -> Option<usize> {
    let first_prose = looks.iter().position(|look| look.is_prose)?;
    let after = first_prose + 2..lines.len();
    let metas: Vec<usize> =
        after.clone().filter(|index| is_commenter(&lines[*index], &looks[*index])).collect();
    let mut prose_before = vec![0_usize; looks.len() + 1];
    for (index, look) in looks.iter().enumerate() {
        prose_before[index + 1] = prose_before[index] + usize::from(look.is_prose);
    }
    let threaded_from = |index: usize| {
        let next = metas.partition_point(|meta| *meta < index);
        metas.get(next).is_some_and(|meta| *meta < index + COMMENTERS_WITHIN)
    };
    // The head of an article counts its comments, too; so a heading needs comments or the article's end around it.
    let heading = |index: &usize| {
        is_comments_heading(&lines[*index], &looks[*index])
            && (threaded_from(*index)
                || names_subject(&looks[*index])
                || prose_before[*index] * 2 >= prose_before[looks.len()])
    };
    let headed = after.skip(FIRST_COMMENT).find(heading);
    let threaded = metas
        .windows(FEWEST_COMMENTERS)
        .find(|metas| metas[FEWEST_COMMENTERS - 1] - metas[0] <= COMMENTERS_WITHIN);
    match (headed, threaded.map(|metas| metas[0])) {
        (Some(headed), Some(threaded)) => Some(headed.min(threaded)),
        (headed, threaded) => headed.or(threaded),
    }
}

/// Whether a line says how many comments follow: "59 Comments on ...", "There are 16 comments", "Comments (3)".
fn is_comments_heading(line: &Line, look: &Look) -> bool {
    let words = &look.words;
    let says = |word: &String| {
        matches!(
            word.as_str(),
            "comments"
                | "comment"
                | "responses"
                | "kommentare"
                | "comentários"
                | "comentarios"
                | "commentaires"
                | "thoughts"
                | "replies"
        )
    };
    let Some(at) = words.iter().position(says) else { return false };
    let number =
        |index: usize| words.get(index).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let counted = number(at + 1) || at.checked_sub(1).is_some_and(number);
    let alone = words.len() == 1 && line.marker.is_none();
    (alone || (counted && words.len() <= 25 && at <= 4)) && names::dates(&line.text).is_empty()
}

/// Whether a heading of comments says what they are about: "59 comments on A day in the garden". The head of an article
/// gives their number alone.
fn names_subject(look: &Look) -> bool {
    let is_link = |word: &String| matches!(word.as_str(), "on" | "to" | "zu" | "sur" | "sobre" | "su" | "op");
    look.words.iter().position(is_link).is_some_and(|at| at > 0 && look.words.len() >= at + 3)
}

/// Whether a line says who wrote a comment: "Ann on May 3, 2012 said:", "Reply", "`BusyMom` says 28 January 2018".
fn is_commenter(line: &Line, look: &Look) -> bool {
    let words = &look.words;
    if words.is_empty() || words.len() > 16 {
        return false;
    }
    let last = words[words.len() - 1].as_str();
    let is_reply = words.len() <= 3
        && words.iter().any(|word| {
            matches!(word.as_str(), "reply" | "antworten" | "responder" | "répondre" | "rispondi")
        });
    let says = words.iter().any(|word| {
        matches!(word.as_str(), "says" | "said" | "wrote" | "schrieb" | "sagt" | "dit" | "dijo" | "disse")
    });
    let timed = !names::dates(&line.text).is_empty() || last == "ago";
    is_reply
        || (says && (timed || line.text.ends_with(':')) && words.len() <= 12)
        || (timed && words.iter().any(|word| word == "reply" || word == "at") && words.len() <= 10)
}

/// Beyond this many lines from the title, its distance says nothing more.
const FAR: f32 = 60.0;

/// Adds what depends on which line is the title: how far it is, and the share of the line's words that are its.
pub(super) fn know_title(looks: &mut [Look], title: Option<usize>) {
    let words: Vec<String> = title.map(|title| looks[title].words.clone()).unwrap_or_default();
    for (index, look) in looks.iter_mut().enumerate() {
        let content = || look.words.iter().filter(|word| !words::is_small(word));
        let shared = content().filter(|word| words.contains(word)).count();
        let shared = share(shared, content().count());
        let far = title.map_or(-FAR - 1.0, |title| (index as f32 - title as f32).clamp(-FAR, FAR));
        look.values.extend([far, shared]);
    }
}
