//! What the search keeps, from one state of the site to the next and from build to build: so that an edit is read, looked
//! up and counted alone.
//!
//! In: what can be found of each article. Out: what was made of each, and the index of all. What is kept is known by what
//! it was made from, and the same comes out with and without it.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::lexicon::Lexicon;
use super::read::Read;
use super::searched::Searched;
use super::texts::{self, Cut};
use crate::memo::{Key, Shelf};
use crate::words::Language;

/// The kept, to be shared by those who build one after the other. What one process did not make comes from the shelf.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<Mutex<State>>);

/// Under which name the shelf has it.
const ON_SHELF: &str = "search";

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

impl Kept {
    /// Makes what is not kept, keeps it in the place of all that was, and gives what was made of each article and the index to
    /// `join`.
    pub(super) fn make<T>(
        &self,
        articles: &[Arc<Searched>],
        language: &Language,
        shelf: &Shelf,
        join: impl FnOnce(&[Arc<Made>], &Index) -> T,
    ) -> T {
        // A panic elsewhere leaves what is whole.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.made.is_empty() {
            *state = State::on(shelf).unwrap_or_default();
        }
        if state.language != language.tag() {
            *state = State { language: language.tag().to_owned(), ..State::default() };
        }
        let limit = texts::limit(articles.iter().map(|article| &**article));
        let is_new = state.update(articles, limit, language);
        if is_new {
            state.put(shelf);
        }
        let made: Vec<Arc<Made>> = state.made.iter().map(|(_, made)| made.clone()).collect();
        join(&made, &state.index)
    }
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
    fn update(&mut self, articles: &[Arc<Searched>], limit: usize, language: &Language) -> bool {
        let keys: Vec<Key> = articles.par_iter().map(|article| Key::of_value(&**article)).collect();
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
                Err(Box::new((texts::cut(article, &fresh.read, limit), fresh)))
            }
        };
        let made: Vec<_> = articles.par_iter().zip(&keys).map(of).collect();
        for (key, made) in keys.into_iter().zip(made) {
            let made = made.unwrap_or_else(|new| {
                let (texts, fresh) = *new;
                Arc::new(Made { read: fresh.numbered(&mut self.lexicon), limit, texts })
            });
            self.made.push((key, made));
        }
        let reads: Vec<(Key, &Read)> = self.made.iter().map(|(key, made)| (*key, &made.read)).collect();
        let gone = |key: &Key| before.get(key).map(|made| &made.read);
        let index = std::mem::take(&mut self.index);
        self.index = Index::of(&reads, &self.lexicon, language, index, gone);
        true
    }
}

impl Made {
    fn of(article: &Searched, read: Read, limit: usize) -> Made {
        let texts = texts::cut(article, &read, limit);
        Made { read, limit, texts }
    }
}
