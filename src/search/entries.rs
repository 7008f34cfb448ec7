//! The entries of the dictionary, in little room: of a large site there are millions, most of them of a few letters.
//!
//! In: entries in order. Out: the same, one after the other; what was gone through can be let go.

use serde::{Deserialize, Serialize};

use super::postings::Leads;

/// A word of the dictionary, or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<T = String> {
    pub word: T,
    pub leads: Leads<T>,
}

impl<T: AsRef<str>> Entry<T> {
    /// Whether it is of two words.
    pub(super) fn is_pair(&self) -> bool {
        self.word.as_ref().contains(' ')
    }
}

impl Entry<&str> {
    fn to_owned(self) -> Entry {
        let leads = match self.leads {
            Leads::To(home) => Leads::To(home.to_owned()),
            Leads::Postings(text) => Leads::Postings(text.to_owned()),
            Leads::Common(text, count) => Leads::Common(text.to_owned(), count),
        };
        Entry { word: self.word.to_owned(), leads }
    }
}

/// Entries in a row.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Entries(Vec<Run>);

/// Some of them, whose letters stand one behind the other: word, what it leads to, word, and so on.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Run {
    text: String,
    marks: Vec<Mark>,
}

/// How much of the text is an entry's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Mark {
    /// The length of the word, in bytes.
    word: u32,
    /// The length of what it leads to.
    leads: u32,
    kind: Kind,
}

/// What a word leads to, as of [`Leads`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Kind {
    To,
    Postings,
    Common(u32),
}

/// About so many bytes a run has: few runs for millions of entries, and little that waits for the last of a run to go.
const RUN: usize = 1 << 18;

impl Entries {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|run| run.marks.len()).sum()
    }

    /// Adds one behind the others.
    pub(super) fn push<T: AsRef<str>>(&mut self, entry: &Entry<T>) {
        let (leads, kind) = match &entry.leads {
            Leads::To(home) => (home, Kind::To),
            Leads::Postings(text) => (text, Kind::Postings),
            Leads::Common(text, count) => (text, Kind::Common(*count as u32)),
        };
        let (word, leads) = (entry.word.as_ref(), leads.as_ref());
        let size = word.len() + leads.len();
        let run = match self.0.last_mut() {
            Some(run) if run.text.len() + size <= RUN => run,
            full => {
                if let Some(full) = full {
                    full.shrink();
                }
                self.0.push(Run::default());
                let last = self.0.len() - 1;
                &mut self.0[last]
            }
        };
        run.text.push_str(word);
        run.text.push_str(leads);
        run.marks.push(Mark { word: word.len() as u32, leads: leads.len() as u32, kind });
    }

    /// Those of several, one behind the other.
    pub(super) fn joined(parts: impl IntoIterator<Item = Entries>) -> Entries {
        let mut all = Entries::default();
        for run in parts.into_iter().flat_map(|part| part.0) {
            match all.0.last_mut() {
                Some(last) if last.text.len() + run.text.len() <= RUN => {
                    last.text.push_str(&run.text);
                    last.marks.extend(run.marks);
                }
                last => {
                    if let Some(last) = last {
                        last.shrink();
                    }
                    all.0.push(run);
                }
            }
        }
        all
    }

    /// All, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<&str>> {
        self.0.iter().flat_map(Run::iter)
    }
}

impl Run {
    fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.marks.shrink_to_fit();
    }

    fn iter(&self) -> impl Iterator<Item = Entry<&str>> {
        let mut rest = self.text.as_str();
        let mut next = move |length: u32| {
            // What the cache gives back may be anything, if hardly ever.
            let (piece, after) = rest.split_at_checked(length as usize).unwrap_or((rest, ""));
            rest = after;
            piece
        };
        self.marks.iter().map(move |mark| {
            let (word, leads) = (next(mark.word), next(mark.leads));
            let leads = match mark.kind {
                Kind::To => Leads::To(leads),
                Kind::Postings => Leads::Postings(leads),
                Kind::Common(count) => Leads::Common(leads, count as usize),
            };
            Entry { word, leads }
        })
    }
}

impl<T: AsRef<str>> Extend<Entry<T>> for Entries {
    fn extend<I: IntoIterator<Item = Entry<T>>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(&entry));
    }
}

impl<T: AsRef<str>> FromIterator<Entry<T>> for Entries {
    fn from_iter<I: IntoIterator<Item = Entry<T>>>(entries: I) -> Entries {
        let mut all = Entries::default();
        all.extend(entries);
        all
    }
}

impl IntoIterator for Entries {
    type Item = Entry;
    type IntoIter = Box<dyn Iterator<Item = Entry>>;

    /// All, in order; a run goes when its last has been taken.
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.0.into_iter().flat_map(|run| run.iter().map(Entry::to_owned).collect::<Vec<Entry>>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(range: std::ops::Range<usize>) -> Vec<Entry> {
        let entry = |n: usize| {
            let word = if n.is_multiple_of(3) { format!("wört{n}") } else { format!("word{n} other") };
            let leads = match n % 4 {
                0 => Leads::To(format!("w{n}")),
                1 => Leads::Postings(String::new()),
                2 => Leads::Postings("A".repeat(n)),
                _ => Leads::Common("B".repeat(n), n),
            };
            Entry { word, leads }
        };
        range.map(entry).collect()
    }

    #[test]
    fn entries_come_out_as_they_went_in() {
        let all = entries(0..2000);
        let parts = [0..700, 700..701, 701..701, 701..2000];
        let held = Entries::joined(parts.map(|part| all[part].iter().cloned().collect()));
        assert!(held.0.len() > 3, "in several runs");
        assert_eq!(held.len(), all.len());
        assert!(held.iter().map(Entry::to_owned).eq(all.iter().cloned()));
        assert!(held.into_iter().eq(all));
    }
}
