//! Words of a text as topics, relations and summaries see them: stemmed, folded, with their places.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashSet;
use unicode_segmentation::UnicodeSegmentation;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case, its ending cut by the language's stemmer (Snowball).
    pub stem: String,
    /// Lower case, in the singular where the language is English, else its stem: what a curator means by a word.
    pub base: String,
    /// Lower case, whole.
    pub folded: String,
    /// Its place in the text, in bytes.
    pub range: Range<usize>,
}

/// The words of a text and where they stand, in bytes: those of Unicode (UAX #29). A piece between blanks is mostly one
/// word of plain letters, which is told at once.
pub fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_ascii_whitespace().flat_map(move |piece| {
        let at = piece.as_ptr().addr() - text.as_ptr().addr();
        let bare = piece.trim_start_matches(is_edge);
        let begin = at + piece.len() - bare.len();
        let bare = bare.trim_end_matches(is_edge);
        let one = is_one_word(bare).then_some((begin, bare));
        let others = if one.is_some() { "" } else { piece };
        let others = others.unicode_word_indices().map(move |(start, word)| (at + start, word));
        one.into_iter().filter(|(_, word)| !word.is_empty()).chain(others)
    })
}

/// About how many words a text has, rather too many: an English one and the blank behind it take six bytes.
pub fn about_words(text: &str) -> usize {
    text.len() / 5 + 1
}

/// What stands around a word and is no part of it.
fn is_edge(c: char) -> bool {
    (c.is_ascii_punctuation() && c != '_') || matches!(c, '“' | '”' | '…')
}

/// Whether a piece without blanks that begins and ends in no punctuation is surely one word, or nothing.
fn is_one_word(bare: &str) -> bool {
    let bytes = bare.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let is_apostrophe = |at: usize| bytes[at] == b'\'' && at > 0 && is_letter(at - 1) && is_letter(at + 1);
    bytes.iter().enumerate().all(|(at, byte)| byte.is_ascii_alphanumeric() || is_apostrophe(at))
}

/// A word and where it stands, not stemmed: for what reads every word of every article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// Lower case, whole.
    pub folded: Cow<'a, str>,
    /// Its place in the text, in bytes.
    pub range: Range<usize>,
}

/// Cuts texts of one language into words.
pub struct Language {
    tag: String,
    stemmer: Option<Stemmer>,
    is_english: bool,
}

impl Language {
    /// The language of a BCP 47 tag; one without a stemmer keeps its words whole.
    pub fn of(tag: &str) -> Language {
        let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let algorithm = match primary.as_str() {
            "ar" => Some(Algorithm::Arabic),
            "da" => Some(Algorithm::Danish),
            "de" => Some(Algorithm::German),
            "el" => Some(Algorithm::Greek),
            "en" => Some(Algorithm::English),
            "es" => Some(Algorithm::Spanish),
            "fi" => Some(Algorithm::Finnish),
            "fr" => Some(Algorithm::French),
            "hu" => Some(Algorithm::Hungarian),
            "it" => Some(Algorithm::Italian),
            "nl" => Some(Algorithm::Dutch),
            "no" | "nb" | "nn" => Some(Algorithm::Norwegian),
            "pt" => Some(Algorithm::Portuguese),
            "ro" => Some(Algorithm::Romanian),
            "ru" => Some(Algorithm::Russian),
            "sv" => Some(Algorithm::Swedish),
            "ta" => Some(Algorithm::Tamil),
            "tr" => Some(Algorithm::Turkish),
            _ => None,
        };
        Language { stemmer: algorithm.map(Stemmer::create), is_english: primary == "en", tag: primary }
    }

    /// The primary tag, such as `en`: languages with one tag cut and fold alike.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The words of a text, in order. Word borders are those of Unicode (UAX #29).
    pub fn words(&self, text: &str) -> Vec<Word> {
        words_of(text)
            .map(|(start, word)| {
                let folded = word.replace('’', "'").to_lowercase();
                let range = start..start + word.len();
                Word { stem: self.stem(&folded), base: self.base(&folded).into_owned(), folded, range }
            })
            .collect()
    }

    /// The words of a text, in order, as [`words`](Language::words) cuts them, but no more is made of them.
    pub fn tokens<'a>(&self, text: &'a str) -> Vec<Token<'a>> {
        let token = |(start, word): (usize, &'a str)| {
            let is_folded = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
            let folded = if is_folded {
                Cow::Borrowed(word)
            } else {
                Cow::Owned(word.replace('’', "'").to_lowercase())
            };
            Token { folded, range: start..start + word.len() }
        };
        let mut tokens = Vec::with_capacity(about_words(text));
        tokens.extend(words_of(text).map(token));
        tokens
    }

    /// The stem of a lower-case word.
    pub fn stem(&self, folded: &str) -> String {
        let bare = folded.strip_suffix("'s").unwrap_or(folded);
        match &self.stemmer {
            Some(stemmer) => stemmer.stem(bare).into_owned(),
            None => bare.to_owned(),
        }
    }

    /// What a curator means by a lower-case word: its singular where the language is English, else its stem.
    pub fn base<'a>(&self, folded: &'a str) -> Cow<'a, str> {
        if self.is_english { singular(folded) } else { Cow::Owned(self.stem(folded)) }
    }

    /// Whether the language is English, which the table of meanings speaks.
    pub fn is_english(&self) -> bool {
        self.is_english
    }

    /// Whether a lower-case word says nothing about what a text is about: function words, and words shorter
    /// than three letters.
    pub fn is_stop_word(&self, folded: &str) -> bool {
        let bare = folded.split('\'').next().unwrap_or(folded);
        let is_short = bare.len() < 3 && bare.is_ascii();
        let is_function = match self.tag.as_str() {
            "en" => bare.len() <= LONGEST_STOP_WORD && STOPS.contains(bare),
            "ar" => ARABIC_STOP_WORDS.binary_search(&bare).is_ok(),
            _ => false,
        };
        is_short || is_function
    }
}

/// The singular of an English word, by its ending alone ("S-stemmer", Harman 1991): unlike a full stemmer it
/// keeps `networks` apart from `networking`, and `government` from `governance`.
fn singular(folded: &str) -> Cow<'_, str> {
    // Whatever is cut off ends so.
    if !folded.ends_with(['s', '\'']) {
        return Cow::Borrowed(folded);
    }
    let word = folded.strip_suffix("'s").or_else(|| folded.strip_suffix('\'')).unwrap_or(folded);
    if word.len() > 4 && word.ends_with("ies") && !word.ends_with("eies") && !word.ends_with("aies") {
        return Cow::Owned(format!("{}y", &word[..word.len() - 3]));
    }
    if word.len() > 4 && ["ches", "shes", "sses", "xes"].iter().any(|ending| word.ends_with(ending)) {
        return Cow::Borrowed(&word[..word.len() - 2]);
    }
    let is_plural = word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    Cow::Borrowed(if is_plural { &word[..word.len() - 1] } else { word })
}

/// [`STOP_WORDS`], to be looked up.
static STOPS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| STOP_WORDS.iter().copied().collect());

/// No English function word is longer, in bytes.
const LONGEST_STOP_WORD: usize = 10;

/// English function words, and the verbs and adverbs that go with any subject. Sorted.
const STOP_WORDS: &[&str] = &[
    "able",
    "about",
    "above",
    "across",
    "actually",
    "after",
    "again",
    "against",
    "all",
    "almost",
    "along",
    "already",
    "also",
    "although",
    "always",
    "among",
    "and",
    "another",
    "any",
    "anybody",
    "anyone",
    "anything",
    "are",
    "aren",
    "around",
    "ask",
    "asked",
    "away",
    "back",
    "became",
    "because",
    "become",
    "been",
    "before",
    "behind",
    "being",
    "below",
    "best",
    "better",
    "between",
    "both",
    "bring",
    "but",
    "call",
    "called",
    "came",
    "can",
    "cannot",
    "check",
    "come",
    "comes",
    "could",
    "couldn",
    "day",
    "days",
    "did",
    "didn",
    "different",
    "does",
    "doesn",
    "doing",
    "don",
    "done",
    "down",
    "during",
    "each",
    "either",
    "else",
    "enough",
    "especially",
    "even",
    "ever",
    "every",
    "everybody",
    "everyone",
    "everything",
    "example",
    "few",
    "find",
    "first",
    "five",
    "for",
    "found",
    "four",
    "from",
    "further",
    "gave",
    "get",
    "gets",
    "getting",
    "give",
    "given",
    "goes",
    "going",
    "gone",
    "good",
    "got",
    "great",
    "had",
    "has",
    "hasn",
    "have",
    "haven",
    "having",
    "hear",
    "help",
    "her",
    "here",
    "hers",
    "him",
    "his",
    "how",
    "however",
    "important",
    "including",
    "indeed",
    "instead",
    "into",
    "isn",
    "its",
    "itself",
    "just",
    "keep",
    "kind",
    "know",
    "known",
    "last",
    "later",
    "least",
    "less",
    "let",
    "like",
    "little",
    "long",
    "look",
    "looked",
    "looking",
    "lot",
    "lots",
    "made",
    "make",
    "makes",
    "making",
    "many",
    "may",
    "maybe",
    "mean",
    "means",
    "might",
    "mine",
    "more",
    "most",
    "much",
    "must",
    "myself",
    "need",
    "needed",
    "needs",
    "never",
    "new",
    "next",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "now",
    "number",
    "off",
    "often",
    "old",
    "once",
    "one",
    "ones",
    "only",
    "other",
    "others",
    "our",
    "ours",
    "out",
    "over",
    "own",
    "part",
    "people",
    "per",
    "perhaps",
    "please",
    "point",
    "pretty",
    "put",
    "quite",
    "rather",
    "read",
    "really",
    "recent",
    "recently",
    "right",
    "said",
    "same",
    "saw",
    "say",
    "saying",
    "says",
    "see",
    "seem",
    "seems",
    "seen",
    "several",
    "shall",
    "she",
    "should",
    "shouldn",
    "since",
    "small",
    "some",
    "somebody",
    "someone",
    "something",
    "sometimes",
    "soon",
    "still",
    "stop",
    "such",
    "sure",
    "take",
    "taken",
    "takes",
    "talk",
    "talking",
    "tell",
    "than",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "themselves",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "things",
    "think",
    "this",
    "those",
    "though",
    "three",
    "through",
    "thus",
    "till",
    "time",
    "times",
    "together",
    "too",
    "took",
    "toward",
    "towards",
    "tried",
    "try",
    "turn",
    "two",
    "under",
    "until",
    "upon",
    "use",
    "used",
    "useful",
    "uses",
    "using",
    "usually",
    "very",
    "via",
    "want",
    "wants",
    "was",
    "wasn",
    "way",
    "ways",
    "well",
    "went",
    "were",
    "weren",
    "what",
    "whatever",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whole",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "won",
    "word",
    "words",
    "work",
    "worked",
    "working",
    "works",
    "would",
    "wouldn",
    "year",
    "years",
    "yes",
    "yet",
    "you",
    "your",
    "yours",
    "yourself",
];

/// The same in Arabic, as written without vowels, with the prefixes that are most usual. Sorted.
#[rustfmt::skip]
const ARABIC_STOP_WORDS: &[&str] = &[
    "أثناء", "أقل", "أكثر", "أم", "أما", "أمام", "أن", "أنا", "أنت", "أنتم", "أنه", "أنها", "أو", "أول",
    "أي", "أيضا", "أيضًا", "إذ", "إذا", "إلا", "إلى", "إما", "إن", "إنه", "إنها", "التي", "الذي", "الذين",
    "اللاتي", "اللذان", "اللواتي", "بأن", "بدون", "بسبب", "بعد", "بعض", "بل", "بما", "به", "بها", "بهذا",
    "بهذه", "بين", "بينما", "تحت", "تكون", "تلك", "تم", "ثم", "جدا", "جدًا", "جميع", "حتى", "حول", "حيث",
    "حين", "خلال", "دون", "ذات", "ذاك", "ذلك", "ربما", "رغم", "سوف", "سوى", "ضد", "ضمن", "عبر", "على",
    "عليه", "عليها", "عن", "عند", "عندما", "عنه", "عنها", "غير", "فإن", "فقد", "فقط", "في", "فيما", "فيه",
    "فيها", "قال", "قبل", "قد", "قليلا", "كأن", "كان", "كانت", "كانوا", "كثيرا", "كذلك", "كل", "كلا",
    "كلما", "كم", "كما", "كنا", "كي", "كيف", "لأن", "لأنه", "لأنها", "لا", "لدى", "لدي", "لذلك", "لقد",
    "لكن", "لكنه", "لم", "لما", "لن", "له", "لها", "لهذا", "لهذه", "لهم", "لو", "لولا", "ليس", "ليست",
    "ما", "ماذا", "مازال", "متى", "مثل", "مع", "معه", "معها", "مما", "من", "منذ", "منه", "منها", "مهما",
    "نحن", "نحو", "نفس", "نفسه", "نفسها", "هؤلاء", "هذا", "هذان", "هذه", "هكذا", "هل", "هم", "هما", "هن",
    "هنا", "هناك", "هو", "هي", "وأن", "وإلى", "وإن", "وبعد", "وبين", "وعلى", "وفي", "وقد", "وكان",
    "وكانت", "وكل", "ولا", "ولكن", "ولم", "ولن", "وما", "ومع", "ومن", "وهذا", "وهذه", "وهو", "وهي", "يتم",
    "يكون", "يمكن",
];

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_are_those_of_unicode(text in "[a-z0-9A-ZéÄ日\\u{301}’'“”…._:,;()\\n 😀-]{0,40}") {
            let found: Vec<(usize, &str)> = words_of(&text).collect();
            proptest::prop_assert_eq!(found, text.unicode_word_indices().collect::<Vec<_>>());
        }
    }

    #[test]
    fn stop_words_are_sorted_and_known() {
        assert!(STOP_WORDS.is_sorted() && ARABIC_STOP_WORDS.is_sorted());
        assert!(STOP_WORDS.iter().all(|word| word.len() <= LONGEST_STOP_WORD));
        let arabic = Language::of("ar");
        assert!(arabic.is_stop_word("التي") && arabic.is_stop_word("في") && !arabic.is_stop_word("حديقة"));
        let english = Language::of("en-GB");
        for (word, is_stop) in
            [("the", true), ("doesn't", true), ("it", true), ("strategy", false), ("it's", true)]
        {
            assert_eq!(english.is_stop_word(word), is_stop, "{word}");
        }
        assert!(!Language::of("de").is_stop_word("die"), "only where there is a list");
    }

    #[test]
    fn a_word_means_its_singular_and_plural() {
        let english = Language::of("en");
        for (word, base) in [
            ("networks", "network"),
            ("networking", "networking"),
            ("strategies", "strategy"),
            ("CIO's", "cio"),
            ("businesses", "business"),
            ("business", "business"),
            ("colleagues", "colleague"),
            ("status", "status"),
            ("analysis", "analysis"),
            ("searches", "search"),
            ("leaders’", "leader"),
        ] {
            assert_eq!(english.words(word)[0].base, base);
        }
        assert_eq!(Language::of("de").words("Strategien")[0].base, "strategi");
    }

    #[test]
    fn words_have_stems_and_places() {
        let text = "The CIO’s networks, networking.";
        let words = Language::of("en").words(text);
        let found: Vec<_> =
            words.iter().map(|word| (&text[word.range.clone()], word.stem.as_str())).collect();
        assert_eq!(
            found,
            [("The", "the"), ("CIO’s", "cio"), ("networks", "network"), ("networking", "network")]
        );
    }
}
