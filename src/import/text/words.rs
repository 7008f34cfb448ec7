//! What single words tell: common English words, the small words that sentences are made of, months.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// English words in lower case that occurred on at least seven of some 250 labelled pages.
static COMMON: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("common-words.txt").lines().collect());

/// Whether a word, in lower case, is a common English one.
pub(crate) fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// The small words that make sentences, by language (ISO 639-1). Menus and names do without them.
const SMALL_WORDS: [(&str, &str); 8] = [
    (
        "en",
        "the of and to in a is that it for was on are as with his they at be this from have or by had not but what \
         all were when we there can an your which their if do will each how them then so these would him has more \
         her two its been who did my than over i you he she our us me about into out up because while where just \
         could should very also some no any only most other after before such even those during may might between",
    ),
    (
        "de",
        "der die das und ist nicht ein eine einen einem einer zu den dem des mit für auf im in von sich auch es an \
         als aus bei nach wie wir sie er ich du ihr sind war wird werden hat haben kann oder aber wenn nur noch so \
         über um am zum zur dass mehr durch vor bis unter sehr schon diese dieser dieses man was",
    ),
    (
        "fr",
        "le la les un une des du de et est en que qui dans pour pas sur au aux avec ce cette ces il elle nous vous \
         ils elles je son sa ses leur plus par ne se ou mais sont été être avoir fait comme tout même",
    ),
    (
        "es",
        "el la los las un una de del y es en que no se por con para su sus al lo como más pero sus le ya o este \
         esta son fue ha muy sin sobre entre también hasta desde todo nos cuando",
    ),
    (
        "pt",
        "o a os as um uma de do da dos das e é em no na nos nas que não se por com para seu sua ao mais mas como \
         foi são já ou muito também até quando esta este pelo pela você",
    ),
    (
        "it",
        "il lo la i gli le un una di del della dei delle e è in che non si per con su al alla come più ma sono ha \
         anche questo questa nel nella da dal ed o ci",
    ),
    (
        "nl",
        "de het een en van in is dat op te zijn met voor niet aan er om ook als bij door maar naar uit dan nog wel \
         worden wordt hij zij ze je wij heeft deze die over meer kan was",
    ),
    (
        "id",
        "yang dan di ini itu dengan untuk dari tidak dalam akan pada juga ke karena ada oleh sudah saya kita mereka \
         bisa atau telah lebih seperti saat",
    ),
];

/// Each small word with the languages (a bit for each entry of [`SMALL_WORDS`]) that have it.
static SMALL: LazyLock<FxHashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut small: FxHashMap<&'static str, u8> = FxHashMap::default();
    for (language, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            *small.entry(word).or_default() |= 1 << language;
        }
    }
    small
});

/// Whether a word, in lower case, is one of the small words of any language known here.
pub(super) fn is_small(word: &str) -> bool {
    SMALL.contains_key(word)
}

/// A word in lower case; most are already.
pub(super) fn low(word: &str) -> Cow<'_, str> {
    let is_low = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_low { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

/// A language is named when its small words are at least this share of the words, ...
const SMALL_SHARE: f64 = 0.2;
/// ... on this many words or more, ...
const FEWEST_WORDS: usize = 20;
/// ... and this many times as many as the next language's.
const LEAD: f64 = 1.15;

/// The language of running text as its ISO 639-1 code, judged by its small words or its script.
pub(super) fn language(text: &str) -> Option<String> {
    let mut counts = [0_usize; SMALL_WORDS.len()];
    let mut total = 0_usize;
    let mut scripts = [0_usize; 4];
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        for c in word.chars() {
            match c {
                '\u{3040}'..='\u{30ff}' => scripts[0] += 1,
                '\u{ac00}'..='\u{d7a3}' => scripts[1] += 1,
                '\u{4e00}'..='\u{9fff}' => scripts[2] += 1,
                _ => scripts[3] += 1,
            }
        }
        total += 1;
        let languages = SMALL.get(low(word).as_ref()).copied().unwrap_or(0);
        for (language, count) in counts.iter_mut().enumerate() {
            *count += usize::from(languages & (1 << language) != 0);
        }
    }
    let [kana, hangul, han, other] = scripts;
    if kana + hangul + han > other {
        // Japanese writes Han and kana together; Han alone is Chinese.
        let code = if kana * 10 > han {
            "ja"
        } else if hangul > han {
            "ko"
        } else {
            "zh"
        };
        return Some(code.to_owned());
    }
    let best = (0..counts.len()).max_by_key(|language| (counts[*language], usize::MAX - language))?;
    let second =
        (0..counts.len()).filter(|language| *language != best).map(|language| counts[language]).max()?;
    let clear = total >= FEWEST_WORDS
        && counts[best] as f64 >= SMALL_SHARE * total as f64
        && counts[best] as f64 >= LEAD * second as f64;
    clear.then(|| SMALL_WORDS[best].0.to_owned())
}

/// The months by their names.
static BY_NAME: LazyLock<FxHashMap<&'static str, u8>> = LazyLock::new(|| {
    let of = |(month, names): (u8, &'static str)| names.split(' ').map(move |name| (name, month));
    (1..).zip(MONTHS).flat_map(of).collect()
});

/// The month (1 to 12) that a word names, in the languages that pages of newspapers and blogs are met in.
pub(super) fn month(word: &str) -> Option<u8> {
    BY_NAME.get(low(word.trim_end_matches('.')).as_ref()).copied()
}

/// The names of the months and their short forms.
const MONTHS: [&str; 12] = [
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari",
    "february feb februar février fevrier févr febrero fevereiro fev febbraio februari",
    "march mar märz mrz mars marzo março maart mrt maret",
    "april apr avril avr abril abr aprile",
    "may mai mayo maio maggio mag mei",
    "june jun juni juin junio junho giugno giu",
    "july jul juli juillet juil julio julho luglio lug",
    "august aug août aout agosto ago augustus agustus",
    "september sep sept septembre septiembre setembro set settembre",
    "october oct oktober okt octobre octubre outubro out ottobre ott",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre desember",
];
