//! Changes to a seed's text itself, each with what stood there before.
//!
//! All wordings are here, so that they can be read one after the other.

/// A change to the text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The 1-based line of the decoded text; 0 where it stands in no line that is shown.
    pub line: usize,
    /// What the seed has.
    pub before: String,
    /// What the body has.
    pub after: String,
    /// What kind of change it is.
    pub kind: RepairKind,
}

/// The kinds of repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairKind {
    /// A stray space had torn a word in two.
    StraySpace,
    /// A hyphen had divided a word at the end of a line.
    Hyphenation,
    /// UTF-8 had been read in another encoding once.
    Mojibake,
    /// A byte that is no UTF-8 stood in a text that is.
    StrayByte,
}

impl RepairKind {
    /// Every kind.
    pub const ALL: &[RepairKind] =
        &[RepairKind::StraySpace, RepairKind::Hyphenation, RepairKind::Mojibake, RepairKind::StrayByte];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            RepairKind::StraySpace => "stray-space",
            RepairKind::Hyphenation => "hyphenation",
            RepairKind::Mojibake => "mojibake",
            RepairKind::StrayByte => "stray-byte",
        }
    }

    /// One plain sentence for the curator.
    pub fn explain(self) -> &'static str {
        match self {
            RepairKind::StraySpace => "A stray space had torn a word in two.",
            RepairKind::Hyphenation => "A word had been divided at the end of a line.",
            RepairKind::Mojibake => {
                "Letters had been garbled when the text was once read in a wrong encoding."
            }
            RepairKind::StrayByte => "A letter stood in another encoding than the rest of the text.",
        }
    }
}
