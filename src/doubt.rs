//! Doubts: what may be wrong in a collection, and what a person's minute is worth there.
//!
//! A doubt weighs what is at stake, times the chance that something is wrong: `1` is a site that cannot be published, `0`
//! what nobody would change. What is at stake is judged; the chances are measured where labelled pages could tell.

/// Declares the doubts with their names and what is at stake in one table.
macro_rules! doubts {
    ($($doubt:ident $name:literal $stake:ident $explain:literal,)+) => {
        /// What may be wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $explain] $doubt,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Kind] = &[$(Kind::$doubt),+];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$doubt => $name,)+ }
            }

            /// What is lost where it is wrong, 0 to 1.
            fn stake(self) -> f64 {
                match self { $(Kind::$doubt => $stake,)+ }
            }
        }
    };
}

/// Nothing can be published.
const ALL_OF_IT: f64 = 1.0;
/// An article is not on the site, or its words are not those somebody meant.
const AN_ARTICLE: f64 = 0.9;
/// A part of an article is missing.
const A_PART: f64 = 0.8;
/// A reader goes somewhere for nothing.
const A_WAY: f64 = 0.6;
/// Some readers do not learn what others see.
const A_SIGHT: f64 = 0.5;
/// A reader who looks for the article by its topic, date or author does not find it.
const A_PLACE: f64 = 0.4;

doubts! {
    Error "error" ALL_OF_IT "The site cannot be published as it is.",
    Conflict "conflict" AN_ARTICLE "The curator and the seed changed the same lines.",
    Quarantined "quarantined" AN_ARTICLE "A seed has no article, since importing it would lose words.",
    MuchShorter "much-shorter" AN_ARTICLE "A seed now gives much less than its article has.",
    MuchRemoved "much-removed" A_PART "Most of the seed is not in its article.",
    Thin "thin" A_PART "The article has hardly any words.",
    NearDuplicate "near-duplicate" A_WAY "Another article has the same text.",
    DanglingLink "dangling-link" A_WAY "A link leads nowhere.",
    DeadLink "dead-link" A_WAY "A link leads to a page that is gone.",
    MissingPicture "missing-picture" A_WAY "A picture is not there.",
    UndescribedPicture "undescribed-picture" A_SIGHT "A picture has no words for those who do not see it.",
    UnsureTopic "unsure-topic" A_PLACE "An article may have a topic, or not.",
    Undated "undated" A_PLACE "The article has no date.",
    NoAuthor "no-author" A_PLACE "The article has no author.",
    Orphan "orphan" A_PLACE "No topic, no path and no link leads to the article.",
    Warning "warning" A_SIGHT "Anything else a build warns of.",
}

/// The doubts that end when somebody has looked and found the article right: what else is in doubt ends with an edit.
pub const CHECKABLE: [Kind; 6] =
    [Kind::MuchRemoved, Kind::Thin, Kind::DeadLink, Kind::Undated, Kind::NoAuthor, Kind::Orphan];

/// Something that may be wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// What.
    pub kind: Kind,
    /// How likely it is wrong, 0 to 1.
    pub chance: f32,
}

impl Doubt {
    /// What is wrong for certain.
    pub fn certain(kind: Kind) -> Doubt {
        Doubt { kind, chance: 1.0 }
    }

    /// What a person's minute is worth here, 0 to 1: what is at stake, times the chance that it is wrong.
    pub fn weight(self) -> f64 {
        self.kind.stake() * f64::from(self.chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_weights_are_shares() {
        let names: std::collections::BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            let weight = Doubt::certain(*kind).weight();
            assert!(weight > 0.0 && weight <= Doubt::certain(Kind::Error).weight(), "{kind:?}");
        }
    }
}
