//! What the search keeps from build to build: so that an edit is read, looked up and counted alone.
//!
//! In: what can be found of each article. Out: what is shown of each, and the index of all. What is kept is known by what
//! it was made from, and the same comes out with and without it. It is as large as the articles, and read when it is asked
//! for: no process holds it longer than that.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::lexicon::Lexicon;
use super::read::{Fresh, Read};
use super::searched::Searched;
use super::texts::{self, Cut};
use crate::memo::{Key, Shelf};
use crate::spool::Spool;
use crate::words::Language;

/// Under which name the shelf has it.
const ON_SHELF: &str = "search";

/// So many articles are read before their words are looked up, which wait for that as letters.
const AT_ONCE: usize = 512;

#[derive(Debug, Default)]
struct State {
    /// BCP 47 tag of the language whose stems the index has.
    language: String,
    lexicon: Lexicon,
    made: Vec<(Key, Arc<Made>)>,
    index: Index,
}

/// What is made of one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    pub read: Read,
    /// The largest size of a piece of text.
    limit: usize,
    /// How its text is cut in pieces.
    pub texts: Vec<Cut>,
}

/// What is made of an article that is new: its words wait for their numbers.
struct New {
    fresh: Fresh,
    texts: Vec<Cut>,
}

/// What is shown of one article.
#[derive(Debug)]
pub(super) struct Shown {
    /// How many slots each passage takes.
    pub slots: Vec<u32>,
    /// How its text is cut in pieces.
    pub texts: Vec<Cut>,
}

/// Makes what is not kept, keeps it in the place of all that was, and gives what is shown of each article, and the index,
/// whose entries wait in the spool.
pub(super) fn make(
    articles: &[Arc<Searched>],
    language: &Language,
    shelf: &Shelf,
    spool: Option<&Arc<Spool>>,
) -> (Vec<Shown>, Index) {
    let mut state = State::on(shelf).unwrap_or_default();
    if state.language != language.tag() {
        state = State { language: language.tag().to_owned(), ..State::default() };
    }
    let limit = texts::limit(articles.iter().map(|article| &**article));
    if state.update(articles, limit, language, spool) {
        state.put(shelf);
    }
    let State { made, index, .. } = state;
    (made.into_iter().map(|(_, made)| Arc::unwrap_or_clone(made).shown()).collect(), index)
}

impl State {
    /// What an earlier build put on the shelf.
    fn on(shelf: &Shelf) -> Option<State> {
        let (language, lexicon, made, index): (_, _, Vec<(Key, Made)>, _) = shelf.of_all(ON_SHELF)?;
        let made = made.into_iter().map(|(key, made)| (key, Arc::new(made))).collect();
        Some(State { language, lexicon, made, index })
    }

    fn put(&self, shelf: &Shelf) {
        let State { language, lexicon, made, index } = self;
        let made: Vec<(&Key, &Made)> = made.iter().map(|(key, made)| (key, &**made)).collect();
        shelf.keep_of_all(ON_SHELF, &(language, lexicon, made, index));
    }

    /// Makes what is new; says whether anything was.
    fn update(
        &mut self,
        articles: &[Arc<Searched>],
        limit: usize,
        language: &Language,
        spool: Option<&Arc<Spool>>,
    ) -> bool {
        let keys: Vec<Key> = articles.par_iter().map(|article| article.key()).collect();
        let is_known = |((key, made), now): (&(Key, Arc<Made>), &Key)| key == now && made.limit == limit;
        if self.made.len() == keys.len() && self.made.iter().zip(&keys).all(is_known) {
            return false;
        }
        let before: FxHashMap<Key, Arc<Made>> = self.made.drain(..).collect();
        let of = |(article, key): (&Arc<Searched>, &Key)| match before.get(key) {
            Some(made) if made.limit == limit => Ok(made.clone()),
            Some(made) => Ok(Arc::new(Made::of(article, made.read.clone(), limit))),
            None => {
                let fresh = Read::of(article);
                Err(Box::new(New { texts: texts::cut(article, &fresh.read, limit), fresh }))
            }
        };
        for (articles, keys) in articles.chunks(AT_ONCE).zip(keys.chunks(AT_ONCE)) {
            let made: Vec<Result<Arc<Made>, Box<New>>> = articles.par_iter().zip(keys).map(of).collect();
            let new = made.iter().filter_map(|one| one.as_ref().err());
            let words: Vec<_> = new.map(|new| new.fresh.words()).collect();
            let mut numbers = self.lexicon.numbers(&words).into_iter();
            let numbered = made.into_iter().map(|one| {
                one.unwrap_or_else(|new| {
                    let New { fresh, texts } = *new;
                    let words = numbers.next().unwrap_or_default();
                    Arc::new(Made { read: fresh.numbered(words), limit, texts })
                })
            });
            self.made.extend(keys.iter().copied().zip(numbered));
        }
        let reads: Vec<(Key, &Read)> = self.made.iter().map(|(key, made)| (*key, &made.read)).collect();
        let gone = |key: &Key| before.get(key).map(|made| &made.read);
        let index = std::mem::take(&mut self.index);
        self.index = Index::of(&reads, &self.lexicon, language, index, gone, spool);
        true
    }
}

impl Made {
    fn of(article: &Searched, read: Read, limit: usize) -> Made {
        let texts = texts::cut(article, &read, limit);
        Made { read, limit, texts }
    }

    fn shown(self) -> Shown {
        Shown { slots: self.read.slots().collect(), texts: self.texts }
    }
}
