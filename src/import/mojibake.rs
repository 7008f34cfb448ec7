//! Text whose UTF-8 was once read in Windows-1252 or Latin-1: “â€™” for an apostrophe, “Ã©” for é.
//!
//! In: a decoded text. Out: the text as it was meant, with every word that was mended; or nothing, where not one place
//! is surely garbled. A place is a run of characters that stand for the bytes from 80 to FF; it is mended as a whole or
//! not at all, as often as it had been garbled. Honest text has such runs, too (`„Spaß“`, `CAFÉ…`, `IRMÃ”`): what
//! could be meant as it stands is mended only in a text that is garbled elsewhere.

use std::ops::Range;

use super::repair::{Repair, RepairKind};

/// A text as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mended {
    /// The text.
    pub(super) text: String,
    /// The words that were mended, in order.
    pub(super) repairs: Vec<Repair>,
}

/// How sure it is that a run is garbled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// It can be meant as it stands.
    Honest,
    /// It is, if whole words of other scripts are garbled.
    Foreign,
    /// It is, if others in the text are.
    Likely,
    /// It means nothing as it stands.
    Sure,
}

/// A run of characters that stand for bytes of UTF-8.
struct Run {
    range: Range<usize>,
    meant: String,
    verdict: Verdict,
    /// Whether it is [`LONG`].
    is_long: bool,
}

/// So many characters of UTF-8 in a row are never meant as they stand: every second or third would have to be a sign.
const LONG: usize = 3;

/// A text with one of these words is about encodings, and shows garbled letters on purpose.
const SUBJECT: [&str; 9] = [
    "mojibake",
    "utf-8",
    "utf8",
    "unicode",
    "charset",
    "character set",
    "character encoding",
    "latin-1",
    "iso-8859",
];

/// Mends a text where it is surely garbled; `None` where nothing is.
pub(super) fn mend(text: &str) -> Option<Mended> {
    let mut runs = runs(text);
    let has_sure = runs.iter().any(|run| run.verdict == Verdict::Sure);
    if !has_sure || is_about_encodings(text) {
        return None;
    }
    let has_long = runs.iter().any(|run| run.verdict == Verdict::Sure && run.is_long);
    runs.retain(|run| run.verdict >= if has_long { Verdict::Foreign } else { Verdict::Likely });
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    for run in &runs {
        mended.push_str(&text[at..run.range.start]);
        mended.push_str(&run.meant);
        at = run.range.end;
    }
    mended.push_str(&text[at..]);
    // Nothing else may change, and no letter may be made up: what cannot be garbled again as it was stays as it is.
    is_accounted(text, &mended, &runs).then(|| Mended { repairs: repairs(text, &runs), text: mended })
}

/// Whether a text is about encodings.
fn is_about_encodings(text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    SUBJECT.iter().any(|word| {
        low.match_indices(word).any(|(at, _)| {
            // A page that declares its own encoding does not speak of it.
            let before = low[..at].trim_end_matches(['"', '\'', ' ', '=']);
            !before.ends_with("charset")
                && !before.ends_with("encoding")
                && !low[at..].starts_with("charset=")
        })
    })
}

/// The runs that decode, with what they mean.
fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    // No byte below 80 is part of any character that stands in a run.
    while let Some(start) = bytes[at..].iter().position(|byte| *byte >= 0x80).map(|found| at + found) {
        let garbled: String = text[start..].chars().take_while(|c| byte(*c).is_some()).collect();
        if garbled.is_empty() {
            at = start + text[start..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let range = start..start + garbled.len();
        at = range.end;
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        runs.extend(run(range, garbled, before, after));
    }
    runs
}

/// What a run means that stands between two characters, however often it was garbled.
fn run(range: Range<usize>, garbled: String, before: Option<char>, after: Option<char>) -> Option<Run> {
    let mut run: Option<Run> = None;
    let mut garbled = garbled;
    while let Some((meant, is_whole)) = meant(&garbled, after) {
        let count = meant.chars().count();
        let verdict = if is_whole { verdict(&garbled, &meant, before, after) } else { Verdict::Likely };
        let Some(so_far) = &mut run else {
            if verdict == Verdict::Honest {
                return None;
            }
            run = Some(Run { range: range.clone(), meant: meant.clone(), verdict, is_long: count >= LONG });
            garbled = meant;
            continue;
        };
        if verdict < Verdict::Likely {
            break;
        }
        so_far.meant.clone_from(&meant);
        garbled = meant;
    }
    run.filter(|run| !run.meant.contains(char::is_control))
}

/// What characters stand for as bytes of UTF-8, and whether all the bytes are there: the last one of a closing quotation
/// mark is in no encoding's table, and often gone.
fn meant(garbled: &str, after: Option<char>) -> Option<(String, bool)> {
    let mut bytes: Vec<u8> = garbled.chars().map(byte).collect::<Option<_>>()?;
    if bytes.is_empty() {
        return None;
    }
    let is_cut = bytes.ends_with(b"\xe2\x80") && after.is_none_or(|c| !c.is_alphanumeric());
    if is_cut {
        bytes.push(0x9d);
    }
    let meant = String::from_utf8(bytes).ok()?;
    // Private characters, and the sign for what was lost for good; controls may be garbled letters still.
    let is_text = |c: char| !('\u{e000}'..='\u{f8ff}').contains(&c) && c != '\u{fffd}';
    meant.chars().all(is_text).then_some((meant, !is_cut))
}

/// How sure it is that a run is garbled: as sure as of the surest of its sequences.
fn verdict(garbled: &str, meant: &str, before: Option<char>, after: Option<char>) -> Verdict {
    if meant.chars().count() >= LONG || garbled.contains(|c: char| ('\u{80}'..='\u{9f}').contains(&c)) {
        return Verdict::Sure;
    }
    let all: Vec<char> = garbled.chars().collect();
    let mut start = 0;
    let mut surest = Verdict::Honest;
    for c in meant.chars() {
        let end = start + c.len_utf8();
        let before = if start == 0 { before } else { Some(all[start - 1]) };
        let after = all.get(end).copied().or(after);
        surest = surest.max(of_sequence(&all[start..end], before, after));
        start = end;
    }
    surest
}

/// How sure it is that the characters for one character of UTF-8 are garbled.
fn of_sequence(sequence: &[char], before: Option<char>, after: Option<char>) -> Verdict {
    let is = |c: Option<char>, so: fn(char) -> bool| c.is_some_and(so);
    match *sequence {
        // Small letters do not stand before a currency sign, nor before quotation marks that open below.
        ['â' | 'ã', '€' | '‚' | 'ƒ' | '„' | '†' | 'ˆ' | '‰' | '˜', _] | ['ï', '»', '¿'] | ['ï', '¬', '‚'] => {
            Verdict::Sure
        }
        ['ð', 'Ÿ', _, _] => Verdict::Sure,
        ['â', _, _] => Verdict::Likely,
        ['Â', second] => {
            let is_capitals = is(before, char::is_uppercase) && may_follow(second);
            if is_capitals { Verdict::Likely } else { Verdict::Sure }
        }
        [first @ 'Ã'..='Þ', second] if first.is_uppercase() => {
            // A capital in a word of small letters, or one that a sign parts from them.
            let parts = is(after, char::is_lowercase)
                && !(may_follow(second) && is(before, char::is_uppercase))
                && (first == 'Ã' || !(may_follow(second) || second.is_alphabetic()));
            if is(before, char::is_lowercase) || parts { Verdict::Sure } else { Verdict::Likely }
        }
        _ => Verdict::Foreign,
    }
}

/// Whether a sign may stand right after a word in capitals.
fn may_follow(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '–' | '—' | '‹' | '›' | '«' | '»' | '•' | '·' | '\u{a0}' | '™')
        || matches!(c, '©' | '®' | 'ª' | 'º' | '°' | '¹' | '²' | '³')
}

/// The characters of Windows-1252 for the bytes from 80 to 9F; those it has none for are controls in Latin-1.
/// Source: <https://encoding.spec.whatwg.org/index-windows-1252.txt>
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The byte, 80 or above, that a character stands for in Windows-1252 or Latin-1.
fn byte(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        _ => {
            let place = WINDOWS.iter().position(|known| *known == c)?;
            u8::try_from(0x80 + place).ok()
        }
    }
}

/// Whether the mended text is the text with these runs changed and nothing else, and each of them stands for the bytes
/// of what it means.
fn is_accounted(text: &str, mended: &str, runs: &[Run]) -> bool {
    let (mut at, mut at_mended) = (0, 0);
    for run in runs {
        let kept = run.range.start.checked_sub(at);
        let end = kept.map(|kept| at_mended + kept);
        let is_kept = end.is_some_and(|end| {
            text.get(at..run.range.start) == mended.get(at_mended..end)
                && mended[end..].starts_with(&run.meant)
        });
        if !is_kept || !stands_for(&text[run.range.clone()], &run.meant) {
            return false;
        }
        at = run.range.end;
        at_mended = end.unwrap_or(at_mended) + run.meant.len();
    }
    text.get(at..) == mended.get(at_mended..)
}

/// Whether garbled characters stand for what is meant, garbled once or more.
fn stands_for(garbled: &str, meant: &str) -> bool {
    let mut now = meant.to_owned();
    while now.chars().count() <= garbled.chars().count() {
        let spelled: Vec<u8> = now.bytes().collect();
        let stands: Option<Vec<u8>> = garbled.chars().map(byte).collect();
        match stands {
            Some(bytes) if bytes == spelled => return true,
            Some(bytes) if spelled.strip_suffix(b"\x9d") == Some(&bytes[..]) => return true,
            _ => {}
        }
        if now.is_ascii() {
            return false;
        }
        now = spelled.iter().map(|byte| windows(*byte)).collect();
    }
    // Garbled more than once, some bytes by one table and some by the other.
    let mut now = garbled.to_owned();
    while let Some((next, _)) = self::meant(&now, None) {
        if next == meant {
            return true;
        }
        now = next;
    }
    false
}

/// The character of Windows-1252 for a byte.
fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The words that the runs stand in, before and after.
fn repairs(text: &str, runs: &[Run]) -> Vec<Repair> {
    let mut repairs: Vec<Repair> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut rest = runs.iter().peekable();
    while let Some(run) = rest.next() {
        let word = word_around(text, &run.range);
        line += text[counted..run.range.start].bytes().filter(|byte| *byte == b'\n').count();
        counted = run.range.start;
        let mut after = format!("{}{}", &text[word.start..run.range.start], run.meant);
        let mut at = run.range.end;
        while let Some(next) = rest.next_if(|next| next.range.start < word.end) {
            after.push_str(&text[at..next.range.start]);
            after.push_str(&next.meant);
            at = next.range.end;
        }
        after.push_str(&text[at..word.end.max(at)]);
        let before = text[word.start..word.end.max(at)].to_owned();
        repairs.push(Repair { line, before, after, kind: RepairKind::Mojibake });
    }
    repairs
}

/// The bytes of the word around a place.
pub(super) fn word_around(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text[..place.start].rfind(ends_word).map_or(0, |at| at + 1);
    let end = text[place.end..].find(ends_word).map_or(text.len(), |at| place.end + at);
    start..end
}

/// Whether a character parts words, of a text or of a web page's source; each is one byte long.
pub(super) fn ends_word(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '<' | '>' | '"')
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;
    use proptest::prelude::*;

    use super::*;

    /// A text as it looks when its UTF-8 is read as Windows-1252.
    fn garbled(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    /// A text as it looks when its UTF-8 is read as Latin-1.
    fn garbled_as_latin(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[test]
    fn what_was_garbled_is_as_it_was_meant() {
        for text in [
            "He didn’t go.",
            "“Growing leeks” — a start… at 5 °C, for £3",
            "Déjà vu, naïve façade, Über die Größe",
            "GÖTTINGEN, Göttingen and CAFÉ, as they’re called",
            "Zażółć gęślą jaźń, Škoda a žena",
            "Привет, мир",
            "日本語の文章です。",
            "A smile 😀 and an arrow → and 3 € and a name™",
            "Ελληνικά γράμματα",
        ] {
            for once in [garbled(text), garbled_as_latin(text)] {
                assert_eq!(mend(&once).map(|mended| mended.text).as_deref(), Some(text), "{once}");
            }
            let twice = garbled(&garbled(text));
            assert_eq!(mend(&twice).map(|mended| mended.text).as_deref(), Some(text), "{twice}");
            assert_eq!(mend(text), None);
        }
    }

    #[test]
    fn honest_text_stays() {
        for text in [
            "",
            "„Spaß“ und „Größe“, sagte sie: „Ä…“",
            "Le CAFÉ… est « FERMÉ » – voilà…”",
            "Minha IRMÃ” disse AMANHÃ… e MAÇÃ–",
            "NESTLÉ™ and CAFÉ® are marks, É” is a letter",
            "Olé…” he said, café–bar",
            "à propos: 20 °C, ½ pound, 3 × 4 · 5",
            "Âge, Âme, CÂMARA, ÂNCORA",
            "Skolt Sámi: sääʹmǩiõll, âʹlǧǧ, Åhlštröm",
            "In UTF-8 the é becomes Ã© when it is read as Latin-1, and don’t becomes donâ€™t.",
            "Tiếng Việt có dấu, ÂU LẠC, Ã",
            "Русский текст, 日本語, ελληνικά",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
    }

    #[test]
    fn every_repair_is_listed_with_its_place() {
        let mended = mend("First line\nIt donâ€™t <b>matterâ€\u{9d}</b>\nÃ€ la carte, Ã‰tÃ©").unwrap();
        assert_eq!(mended.text, "First line\nIt don’t <b>matter”</b>\nÀ la carte, Été");
        let listed: Vec<(usize, &str, &str)> = mended
            .repairs
            .iter()
            .map(|repair| (repair.line, repair.before.as_str(), repair.after.as_str()))
            .collect();
        assert_eq!(
            listed,
            [(2, "donâ€™t", "don’t"), (2, "matterâ€\u{9d}", "matter”"), (3, "Ã€", "À"), (3, "Ã‰tÃ©", "Été")]
        );
    }

    #[test]
    fn a_quotation_mark_that_lost_a_byte_is_mended() {
        let mended = mend("â€œWell,â€ she said. Itâ€™s â€œtoo lateâ€.").unwrap();
        assert_eq!(mended.text, "“Well,” she said. It’s “too late”.");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn mending_twice_changes_nothing_more(text in "[a-zA-Z ÂÃâ€™œ“”Ÿð˜©®é\u{a0}\u{80}\u{99}…ßÉ\n]{0,40}") {
            if let Some(mended) = mend(&text) {
                prop_assert_eq!(mend(&mended.text), None);
            }
        }

        #[test]
        fn nothing_but_the_listed_words_changes(text in "[a-z Ââ€™œ\u{9d}Ã©é\n]{0,60}") {
            if let Some(mended) = mend(&text) {
                let mut repairs = mended.repairs.iter().peekable();
                let mut rebuilt = String::new();
                // Here words are parted by spaces alone; one of them may be a part of another that stays as it is.
                for word in text.split_inclusive([' ', '\n']) {
                    let plain = word.trim_end_matches([' ', '\n']);
                    match repairs.next_if(|repair| repair.before == plain) {
                        Some(repair) => rebuilt.push_str(&format!("{}{}", repair.after, &word[plain.len()..])),
                        None => rebuilt.push_str(word),
                    }
                }
                prop_assert!(repairs.next().is_none());
                prop_assert_eq!(rebuilt, mended.text);
            }
        }
    }
}
