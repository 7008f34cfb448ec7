//! The entries of the dictionary, in little room: of a large site there are millions, most of them of a few letters.
//!
//! In: entries in order. Out: the same, one after the other. They are gone through a few times, and wait on the disk between.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::postings::Leads;
use crate::spool::{Place, Spool};

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
#[derive(Debug, Default)]
pub(super) struct Entries {
    runs: Vec<Run>,
    /// Where those of a large site wait until somebody goes through them.
    spool: Option<Arc<Spool>>,
}

/// Some of them, whose letters stand one behind the other: word, what it leads to, word, and so on.
#[derive(Debug, Default)]
struct Run {
    letters: Letters,
    marks: Vec<Mark>,
}

/// The letters of some entries.
#[derive(Debug)]
enum Letters {
    Held(String),
    /// They wait on the disk.
    Away(Place),
}

/// How much of the letters is an entry's.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Mark {
    /// The length of the word, in bytes.
    word: u32,
    /// The length of what it leads to.
    leads: u32,
    kind: Kind,
}

/// What a word leads to, as of [`Leads`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Kind {
    To,
    Postings,
    Common(u32),
}

/// About so many bytes a run has: few runs for millions of entries, and little that waits for the last of a run to go.
const RUN: usize = 1 << 18;

impl Entries {
    /// None yet; what is added waits on the disk where there is one that takes it.
    pub(super) fn waiting(spool: Option<Arc<Spool>>) -> Entries {
        Entries { runs: Vec::new(), spool }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.runs.iter().map(|run| run.marks.len()).sum()
    }

    /// Adds one behind the others.
    pub(super) fn push<T: AsRef<str>>(&mut self, entry: &Entry<T>) {
        let (leads, kind) = match &entry.leads {
            Leads::To(home) => (home, Kind::To),
            Leads::Postings(text) => (text, Kind::Postings),
            Leads::Common(text, count) => (text, Kind::Common(*count as u32)),
        };
        let (word, leads) = (entry.word.as_ref(), leads.as_ref());
        let mark = Mark { word: word.len() as u32, leads: leads.len() as u32, kind };
        self.add(&[word, leads], &[mark]);
    }

    /// Adds all of others behind these.
    pub(super) fn append(&mut self, others: &Entries) {
        for run in &others.runs {
            self.add(&[&run.letters.read()], &run.marks);
        }
    }

    fn add(&mut self, letters: &[&str], marks: &[Mark]) {
        let size: usize = letters.iter().map(|letters| letters.len()).sum();
        let last = self.runs.pop();
        let mut run = match last {
            Some(Run { letters: Letters::Held(held), marks }) if held.len() + size <= RUN => (held, marks),
            full => {
                self.runs.extend(full.map(|run| run.put_away(self.spool.as_ref())));
                Default::default()
            }
        };
        run.0.extend(letters.iter().copied());
        run.1.extend_from_slice(marks);
        self.runs.push(Run { letters: Letters::Held(run.0), marks: run.1 });
    }

    /// Calls `each` with every entry, in order.
    pub(super) fn each(&self, mut each: impl FnMut(Entry<&str>)) {
        for run in &self.runs {
            entries(&run.letters.read(), &run.marks).for_each(&mut each);
        }
    }
}

impl Run {
    /// The same in as little memory as can be.
    fn put_away(mut self, spool: Option<&Arc<Spool>>) -> Run {
        self.marks.shrink_to_fit();
        let Letters::Held(mut held) = self.letters else { return self };
        let letters = match spool.and_then(|spool| spool.put(&held)) {
            Some(place) => Letters::Away(place),
            None => {
                held.shrink_to_fit();
                Letters::Held(held)
            }
        };
        Run { letters, ..self }
    }
}

impl Letters {
    fn read(&self) -> Cow<'_, str> {
        match self {
            Letters::Held(held) => Cow::Borrowed(held),
            Letters::Away(place) => Cow::Owned(place.read()),
        }
    }
}

impl Default for Letters {
    fn default() -> Letters {
        Letters::Held(String::new())
    }
}

/// The entries of a run.
fn entries<'a>(letters: &'a str, marks: &'a [Mark]) -> impl Iterator<Item = Entry<&'a str>> {
    let mut rest = letters;
    let mut next = move |length: u32| {
        // What the cache gives back may be anything, if hardly ever.
        let (piece, after) = rest.split_at_checked(length as usize).unwrap_or((rest, ""));
        rest = after;
        piece
    };
    marks.iter().map(move |mark| {
        let (word, leads) = (next(mark.word), next(mark.leads));
        let leads = match mark.kind {
            Kind::To => Leads::To(leads),
            Kind::Postings => Leads::Postings(leads),
            Kind::Common(count) => Leads::Common(leads, count as usize),
        };
        Entry { word, leads }
    })
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
        let owned =
            |run: Run| entries(&run.letters.read(), &run.marks).map(Entry::to_owned).collect::<Vec<_>>();
        Box::new(self.runs.into_iter().flat_map(owned))
    }
}

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.runs.iter().map(|run| (run.letters.read(), &run.marks)))
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Entries, D::Error> {
        let runs: Vec<(String, Vec<Mark>)> = Vec::deserialize(from)?;
        let held = |(letters, marks)| Run { letters: Letters::Held(letters), marks };
        Ok(Entries { runs: runs.into_iter().map(held).collect(), spool: None })
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
        let folder = tempfile::tempdir().unwrap();
        for spool in [None, Some(Spool::beside(folder.path(), 0).unwrap())] {
            let mut held = Entries::waiting(spool.clone());
            for part in [0..700, 700..701, 701..701, 701..2000] {
                held.append(&all[part].iter().cloned().collect());
            }
            let is_away = |run: &Run| matches!(run.letters, Letters::Away(_));
            let (last, others) = held.runs.split_last().unwrap();
            assert!(others.len() > 3 && others.iter().all(|run| is_away(run) == spool.is_some()), "in runs");
            assert!(!is_away(last), "to be added to");
            assert_eq!(held.len(), all.len());
            let mut seen = Vec::new();
            held.each(|entry| seen.push(entry.to_owned()));
            assert!(seen == all);
            let kept = postcard::to_stdvec(&held).unwrap();
            assert!(postcard::from_bytes::<Entries>(&kept).unwrap().into_iter().eq(all.iter().cloned()));
            assert!(held.into_iter().eq(all.iter().cloned()));
        }
    }
}
