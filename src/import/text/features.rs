//! What a line looks like, in numbers that a linear model can weigh.
//!
//! In: the lines. Out: for each the active [`Feature`]s: its own look, its place in the text, and the look of
//! the two lines before and after it. Nothing here knows single words or sites.

use std::collections::HashMap;

use super::cues::{self, CUES, Cue, Cues};
use super::lines::{Line, Marker};
use super::{names, words};

/// A number that stands for one value of one [`Slot`] at one position.
pub(super) type Feature = u16;

/// Values a slot can have.
pub(super) const BUCKETS: usize = 32;

/// Declares the slots with the names under which their weights are stored.
macro_rules! slots {
    ($($(#[$doc:meta])* $slot:ident $name:literal,)+) => {
        /// One thing that is looked at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Slot {
            $($(#[$doc])* $slot,)+
        }

        impl Slot {
            /// Every slot.
            pub(crate) const ALL: &[Slot] = &[$(Slot::$slot),+];

            /// The name under which its weights are stored.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Slot::$slot => $name,)+ }
            }
        }
    };
}

slots! {
    /// Always there.
    Bias "bias",
    /// How many words.
    Words "words",
    /// What it ends with.
    End "end",
    /// The share of small words.
    Small "small",
    /// The share of capitalised words.
    Capitals "capitals",
    /// How many sentences.
    Sentences "sentences",
    /// Its bullet or number.
    Marked "marked",
    /// What it starts with.
    Start "start",
    /// Signs such as an address, a bar or a copyright mark.
    Signs "signs",
    /// Set phrases in a line of at most four words.
    CueShort "cue-short",
    /// Set phrases in a line of at most fifteen words.
    CueMiddle "cue-middle",
    /// Set phrases in a longer line.
    CueLong "cue-long",
    /// The share of words in set phrases.
    CueShare "cue-share",
    /// A date.
    Dated "dated",
    /// A person's name or a byline.
    Named "named",
    /// Blank lines before.
    Gap "gap",
    /// Blank lines after.
    GapAfter "gap-after",
    /// Lines before it, as a share of all.
    Place "place",
    /// Words of prose before it, as a share of all.
    ProsePlace "prose-place",
    /// Lines since the last prose.
    SinceProse "since-prose",
    /// Lines until the next prose.
    UntilProse "until-prose",
    /// Its indentation against that of the prose.
    Indent "indent",
    /// How often the same words occur as a line.
    Repeated "repeated",
    /// The run of short lines it is in.
    Run "run",
    /// The share of its words that the prose uses, too.
    Cohesion "cohesion",
    /// Furniture announced above, after a third of the prose.
    Closed "closed",
    /// The share of prose among the eight lines before.
    Before "before",
    /// The share of prose among the eight lines after.
    After "after",
    /// What the last short line above announced.
    Under "under",
    /// The page: how much of it is short lines, against what the line is.
    Page "page",
    /// Its place against the title.
    TitlePlace "title-place",
    /// The share of its words that are the title's.
    TitleShare "title-share",
    /// Whether another line starts or ends with the same words (a title in a menu, a browser's title).
    Echoed "echoed",
    /// Whether a longer line starts like another one, and which of them comes first (captions are said twice).
    Doubled "doubled",
    /// Whether readers' comments have begun.
    Comments "comments",
}

/// The positions of the lines looked at, as steps from the line itself.
pub(super) const POSITIONS: [isize; 5] = [0, -1, 1, -2, 2];

/// The number of features.
pub(super) const FEATURES: usize = POSITIONS.len() * Slot::ALL.len() * BUCKETS;

/// The slots of a line that its neighbours look at, too.
const SEEN_BY_NEIGHBOURS: [Slot; 13] = [
    Slot::Words,
    Slot::End,
    Slot::Small,
    Slot::Capitals,
    Slot::Marked,
    Slot::Signs,
    Slot::CueShort,
    Slot::CueMiddle,
    Slot::CueShare,
    Slot::Dated,
    Slot::Named,
    Slot::Gap,
    Slot::Indent,
];

/// The feature of a slot's value at a position (an index into [`POSITIONS`]).
pub(super) fn feature(position: usize, slot: Slot, bucket: usize) -> Feature {
    ((position * Slot::ALL.len() + slot as usize) * BUCKETS + bucket.min(BUCKETS - 1)) as Feature
}

/// What was found out about a line.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// Its words in lower case, glued ones parted.
    pub words: Vec<String>,
    /// Its set phrases.
    pub cues: Cues,
    /// Whether it is running text: long enough, with small words and sentence punctuation.
    pub is_prose: bool,
    /// Its active features.
    pub features: Vec<Feature>,
}

/// Prose has at least this many words, ...
const PROSE_WORDS: usize = 12;
/// ... of which this share are small ones.
const PROSE_SMALL: f64 = 0.2;

/// Lines that share this many words at their start say the same.
const OPENING: usize = 6;

/// Looks at all lines.
pub(super) fn look(text: &str, lines: &[Line]) -> Vec<Look> {
    let mut looks: Vec<Look> = lines.iter().map(|line| own(text, line)).collect();
    places(lines, &mut looks);
    neighbours(&mut looks);
    looks
}

/// The bucket of a number: how many of the limits it reaches.
fn bucket(value: usize, limits: &[usize]) -> usize {
    limits.iter().take_while(|limit| value >= **limit).count()
}

/// The bucket of a share, 0 to `steps`, with 0 and 1 apart from what is between.
fn share(part: f64, whole: f64, steps: usize) -> usize {
    if whole <= 0.0 || part <= 0.0 {
        return 0;
    }
    let share = part / whole;
    if share >= 1.0 { steps } else { 1 + (share * (steps - 1) as f64) as usize }
}

/// Looks at a line by itself.
fn own(text: &str, line: &Line) -> Look {
    let words = cues::words(&line.text);
    let cues = cues::of_words(&words);
    let count = words.len();
    let raw: Vec<&str> = line.text.split(' ').collect();
    let small = words.iter().filter(|word| words::is_small(word)).count();
    let capitals = raw
        .iter()
        .filter(|word| {
            word.trim_start_matches(|c: char| !c.is_alphanumeric())
                .starts_with(|c: char| c.is_uppercase() || c.is_numeric())
        })
        .count();
    let closing = |c: char| matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»');
    let bare = line.text.trim_end_matches(closing);
    let sentences = raw.windows(2).filter(|pair| {
        pair[0].trim_end_matches(closing).ends_with(['.', '!', '?', '…', '。'])
            && pair[1].starts_with(|c: char| !c.is_lowercase())
    });
    let ends = bare.ends_with(['.', '!', '?', '…', '。', ':', ';']);
    let sentences = sentences.count() + usize::from(bare.ends_with(['.', '!', '?', '…', '。']));
    let is_cjk = count < 6
        && line
            .text
            .chars()
            .filter(|c| ('\u{3040}'..='\u{9fff}').contains(c) || ('\u{ac00}'..='\u{d7a3}').contains(c))
            .count()
            > 30;
    let is_prose =
        (count >= PROSE_WORDS && small as f64 >= PROSE_SMALL * count as f64 && (ends || count > 30))
            || is_cjk;

    let mut look = Look { words: Vec::new(), cues, is_prose, features: Vec::with_capacity(96) };
    let mut put = |slot: Slot, bucket: usize| look.features.push(feature(0, slot, bucket));
    put(Slot::Bias, 0);
    put(Slot::Words, bucket(count, &[1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 23, 31, 46, 70, 110]));
    put(
        Slot::End,
        match line.text.chars().last() {
            None => 0,
            Some('.') if line.text.ends_with("...") => 1,
            Some('.') => 2,
            Some('?') => 3,
            Some('!') => 4,
            Some(':') => 5,
            Some('…') => 1,
            Some(';') => 6,
            Some(',') => 7,
            Some('"' | '”' | '»' | '’' | '\'') => {
                if ends {
                    8
                } else {
                    9
                }
            }
            Some(')' | ']') => {
                if ends {
                    10
                } else {
                    11
                }
            }
            Some(c) if c.is_numeric() => 12,
            Some(c) if c.is_alphabetic() => 13,
            Some('>' | '→' | '›') => 14,
            Some('。') => 2,
            Some(_) => 15,
        },
    );
    let length = bucket(count, &[4, 9]);
    put(Slot::Small, length * 8 + share(small as f64, count as f64 * 0.6, 6));
    put(Slot::Capitals, length * 8 + share(capitals as f64, raw.len() as f64, 6));
    put(Slot::Sentences, bucket(sentences, &[1, 2, 3, 5]));
    put(
        Slot::Marked,
        match &line.marker {
            None => 0,
            Some(Marker::Bullet) if line.indent == 0 => 1,
            Some(Marker::Bullet) => 2,
            Some(Marker::Number { .. }) if line.indent < 2 => 3,
            Some(Marker::Number { .. }) => 4,
        },
    );
    put(
        Slot::Start,
        match line.text.chars().next() {
            None => 0,
            Some(c) if c.is_lowercase() => 1,
            Some(c) if c.is_uppercase() => 2,
            Some(c) if c.is_numeric() => 3,
            Some('"' | '“' | '‘' | '\'' | '«' | '„') => 4,
            Some('(' | '[') => 5,
            Some('@' | '#') => 6,
            Some('|' | '/' | '>' | '<' | '»' | '›' | '←' | '→') => 7,
            Some('©') => 8,
            Some(c) if c.is_alphabetic() => 9,
            Some(_) => 10,
        },
    );
    let has = |pattern: &str| line.text.contains(pattern);
    let digits = line.text.chars().filter(char::is_ascii_digit).count();
    let letters = line.text.chars().filter(|c| c.is_alphabetic()).count();
    let signs = [
        has("http") || has("www.") || has(".com"),
        has("@") && has(".") && !has(" @"),
        has("|"),
        has("©") || has("(c)"),
        has("»") || has("›") || has("→") || has(" > ") || has("▸"),
        has(" @") || line.text.starts_with('@'),
        line.text.starts_with('#') || has(" #"),
        has("$") || has("€") || has("£"),
        digits >= 9 && digits > letters,
        letters == 0,
        digits > 0 && digits * 3 >= letters,
        letters >= 3
            && !line.text.chars().any(char::is_lowercase)
            && line.text.chars().any(char::is_uppercase),
        text[line.range.clone()].contains('\t'),
        has("·") || has("•"),
        has("%"),
        // Words glued together: "LinkedInShare", "12Comments".
        line.text.chars().zip(line.text.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase()),
        text[line.range.clone()].contains("   "),
        has("“") || has("\""),
        letters == 0 && digits > 0,
    ];
    for (sign, _) in signs.iter().enumerate().filter(|(_, found)| **found) {
        put(Slot::Signs, sign);
    }
    let cue_slot = match count {
        0..=4 => Slot::CueShort,
        5..=15 => Slot::CueMiddle,
        _ => Slot::CueLong,
    };
    for cue in (0..CUES).filter(|cue| cues.has_index(*cue)) {
        put(cue_slot, cue);
    }
    if !cues.any() {
        put(cue_slot, CUES);
    }
    put(Slot::CueShare, length * 8 + share(cues.covered as f64, count as f64, 6));
    let dates = if count <= 40 { names::dates(&line.text) } else { Vec::new() };
    put(
        Slot::Dated,
        match dates.first() {
            None => 0,
            Some(found) if found.range.len() * 3 >= line.text.len() * 2 => 1,
            Some(_) if count <= 10 => 2,
            Some(_) => 3,
        },
    );
    let byline = if count <= 30 { names::byline(&line.text) } else { None };
    let is_bare = count <= 8
        && names::bare(&line.text).is_some_and(|names| names.names.iter().all(|name| names::is_person(name)));
    put(
        Slot::Named,
        match (byline, is_bare) {
            (Some(_), _) => 1,
            (None, true) => 2,
            (None, false) => 0,
        },
    );
    put(Slot::Gap, bucket(line.gap, &[1, 2, 3]));
    look.words = words;
    look
}

/// Adds the features that depend on the line's place in the text.
fn places(lines: &[Line], looks: &mut [Look]) {
    let count = looks.len();
    let prose_words: Vec<usize> =
        looks.iter().map(|look| if look.is_prose { look.words.len() } else { 0 }).collect();
    let total: usize = prose_words.iter().sum();

    // The indentation of most of the prose.
    let mut by_indent: HashMap<usize, usize> = HashMap::new();
    for (line, words) in lines.iter().zip(&prose_words) {
        *by_indent.entry(line.indent).or_default() += words;
    }
    let body_indent =
        by_indent.iter().max_by_key(|(indent, words)| (**words, **indent)).map_or(0, |(indent, _)| *indent);
    let flat = lines.iter().filter(|line| line.marker.is_none()).all(|line| line.indent == 0);

    let mut same: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        *same.entry(line.text.as_str()).or_default() += 1;
    }
    let mut prose_vocabulary: HashMap<&str, u32> = HashMap::new();
    for look in looks.iter().filter(|look| look.is_prose) {
        for word in &look.words {
            *prose_vocabulary.entry(word.as_str()).or_default() += 1;
        }
    }
    let cohesion: Vec<usize> = looks
        .iter()
        .map(|look| {
            let own = u32::from(look.is_prose);
            let content =
                || look.words.iter().filter(|word| !words::is_small(word) && word.chars().count() > 2);
            let shared = content()
                .filter(|word| prose_vocabulary.get(word.as_str()).is_some_and(|count| *count > own));
            share(shared.count() as f64, content().count() as f64, 6) + 8 * bucket(look.words.len(), &[4, 9])
        })
        .collect();

    // Starts and ends of lines, for titles that return with the site's name.
    let mut heads: HashMap<String, usize> = HashMap::new();
    for look in looks.iter() {
        if (3..=30).contains(&look.words.len()) {
            *heads.entry(look.words[..3].join(" ")).or_default() += 1;
        }
    }

    // Longer lines by their first words: what is said twice is hardly ever the article's.
    let mut openings: HashMap<String, Vec<usize>> = HashMap::new();
    let opening = |look: &Look| (look.words.len() >= OPENING).then(|| look.words[..OPENING].join(" "));
    for (index, look) in looks.iter().enumerate() {
        if let Some(opening) = opening(look) {
            openings.entry(opening).or_default().push(index);
        }
    }
    let doubled: Vec<usize> = looks
        .iter()
        .enumerate()
        .map(|(index, look)| match opening(look).and_then(|opening| openings.get(&opening)) {
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
        })
        .collect();

    let is_short = |look: &Look| look.words.len() <= 6 && !look.is_prose;
    let mut run = vec![0_usize; count];
    let mut start = 0;
    while start < count {
        let length = looks[start..].iter().take_while(|look| is_short(look)).count();
        run[start..start + length].fill(length);
        start += length.max(1);
    }
    let short_share = share(looks.iter().filter(|look| is_short(look)).count() as f64, count as f64, 5);

    let far = usize::MAX;
    let distances = |indices: &mut dyn Iterator<Item = usize>| {
        let mut distances = vec![far; count];
        let mut last = far;
        for index in indices {
            distances[index] = last;
            last = if looks[index].is_prose { 1 } else { last.saturating_add(1) };
        }
        distances
    };
    let since = distances(&mut (0..count));
    let until = distances(&mut (0..count).rev());

    let mut before = vec![0.0; count + 1];
    for index in 0..count {
        before[index + 1] = before[index] + f64::from(u8::from(looks[index].is_prose));
    }
    let comments = comments_start(lines, looks).unwrap_or(far);
    let mut prose_so_far = 0;
    let mut closed = 0_usize;
    let mut under: Option<(Cue, usize)> = None;
    let limits = [2, 3, 4, 5, 7, 11, 21, 51, far];
    for index in 0..count {
        let look = &looks[index];
        let line = &lines[index];
        let is_prose = usize::from(look.is_prose);
        let mut features: Vec<Feature> = Vec::with_capacity(20);
        let mut put = |slot: Slot, bucket: usize| features.push(feature(0, slot, bucket));
        put(Slot::GapAfter, bucket(lines.get(index + 1).map_or(1, |next| next.gap), &[1, 2, 3]));
        put(Slot::Place, share(index as f64, count as f64, 11));
        let part = if total == 0 { 0.0 } else { prose_so_far as f64 / total as f64 };
        put(
            Slot::ProsePlace,
            [0.0001, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.9999]
                .iter()
                .take_while(|limit| part >= **limit)
                .count()
                + 10 * is_prose,
        );
        put(Slot::SinceProse, bucket(since[index], &limits) + 10 * is_prose);
        put(Slot::UntilProse, bucket(until[index], &limits) + 10 * is_prose);
        put(
            Slot::Comments,
            if index < comments { 0 } else { 1 + bucket(index - comments, &[1, 4, 20]) } + 10 * is_prose,
        );
        let indent = line.indent as isize - body_indent as isize;
        put(
            Slot::Indent,
            match (flat, indent) {
                (true, _) => 0,
                (_, ..-8) => 1,
                (_, -8..-3) => 2,
                (_, -3..0) => 3,
                (_, 0) => 4,
                (_, 1..=2) => 5,
                (_, 3..=8) => 6,
                (_, 9..) => 7,
            } + if line.marker.is_some() { 8 } else { 0 },
        );
        put(
            Slot::Repeated,
            bucket(same.get(line.text.as_str()).copied().unwrap_or(1), &[2, 3, 5])
                + 4 * bucket(look.words.len(), &[3, 8]),
        );
        put(Slot::Doubled, doubled[index] + 8 * is_prose);
        put(Slot::Run, bucket(run[index], &[1, 2, 3, 5, 9, 17, 33]));
        put(Slot::Cohesion, cohesion[index]);
        put(Slot::Closed, bucket(closed, &[1, 2, 3, 6]) + 5 * is_prose);
        let window = |from: usize, to: usize| share(before[to] - before[from], (to - from) as f64, 6);
        put(Slot::Before, window(index.saturating_sub(8), index) + 8 * is_prose);
        put(Slot::After, window(index + 1, (index + 9).min(count)) + 8 * is_prose);
        match under {
            Some((cue, at)) => {
                put(Slot::Under, 1 + cue as usize + if index - at > 12 { CUES.min(12) } else { 0 });
            }
            None => put(Slot::Under, 0),
        }
        let kind = match (look.is_prose, line.marker.is_some(), look.words.len()) {
            (true, ..) => 0,
            (false, true, _) => 1,
            (false, false, ..=4) => 2,
            (false, false, 5..) => 3,
        };
        put(Slot::Page, short_share * 4 + kind);
        let head = (3..=30)
            .contains(&look.words.len())
            .then(|| heads.get(&look.words[..3].join(" ")).copied().unwrap_or(0));
        put(Slot::Echoed, bucket(head.unwrap_or(0), &[1, 2, 3]));

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
        prose_so_far += prose_words[index];
        looks[index].features.extend(features);
    }
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
            && (threaded_from(*index) || prose_before[*index] * 2 >= prose_before[looks.len()])
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

/// Adds the looks of the lines before and after.
fn neighbours(looks: &mut [Look]) {
    let seen: Vec<Vec<(Slot, usize)>> = looks
        .iter()
        .map(|look| {
            let slot = |feature: &Feature| usize::from(*feature) / BUCKETS;
            let seen =
                |feature: &&Feature| SEEN_BY_NEIGHBOURS.iter().any(|seen| *seen as usize == slot(feature));
            look.features
                .iter()
                .filter(seen)
                .map(|feature| (Slot::ALL[slot(feature)], usize::from(*feature) % BUCKETS))
                .collect()
        })
        .collect();
    for (index, look) in looks.iter_mut().enumerate() {
        for (position, step) in POSITIONS.iter().enumerate().skip(1) {
            match index.checked_add_signed(*step).and_then(|other| seen.get(other)) {
                Some(other) => {
                    let features = other.iter().map(|(slot, bucket)| feature(position, *slot, *bucket));
                    look.features.extend(features);
                }
                // Beyond the text's start or end.
                None => look.features.push(feature(position, Slot::Bias, 0)),
            }
        }
    }
}

/// Adds the features that depend on which line is the title.
pub(super) fn know_title(looks: &mut [Look], title: Option<usize>) {
    let words: Vec<String> = title.map(|title| looks[title].words.clone()).unwrap_or_default();
    for (index, look) in looks.iter_mut().enumerate() {
        let is_prose = usize::from(look.is_prose);
        let place = match title {
            None => 0,
            Some(title) if index < title => 1 + bucket(title - index, &[2, 4, 9]),
            Some(title) => 5 + bucket(index - title, &[1, 2, 3, 4, 6, 9, 16, 31]),
        };
        look.features.push(feature(0, Slot::TitlePlace, place + 15 * is_prose));
        let content = || look.words.iter().filter(|word| !words::is_small(word));
        let shared = content().filter(|word| words.contains(word)).count();
        let bucket =
            share(shared as f64, content().count() as f64, 6) + 8 * bucket(look.words.len(), &[4, 9]);
        look.features.push(feature(0, Slot::TitleShare, bucket));
    }
}
