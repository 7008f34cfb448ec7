//! The public site as a value, and the one door out.
//!
//! In: what was composed, and the templates. Out: a [`Public`], an ordered map from address to content, which
//! the preview reads from memory and [`publish`] writes to the disk.

mod disk;
mod packed;
mod standing;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::address::Address;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::memo::{Key, Known};
use crate::pages::{Composed, Content, From};
use crate::path::SitePath;
use crate::policy;
use crate::progress::{Step, Watcher};
use crate::search::{self, Search};
use crate::seeds::Bytes;
use crate::templates::Templates;
use crate::timings::Timings;

pub use disk::{Change, MANIFEST, keep, remove, rename};
pub use standing::Standing;

/// The finished site.
#[derive(Debug)]
pub struct Public {
    contents: BTreeMap<Address, Composed>,
    templates: Templates,
    search: Search,
    /// Whether what can be packed is there packed, too.
    is_packed: bool,
}

impl Public {
    /// Gathers everything that is published. Two things at one address are an error that names both.
    pub fn gather(
        composed: Vec<Composed>,
        files: impl IntoIterator<Item = (SitePath, Address, Bytes)>,
        templates: Templates,
        search: Search,
    ) -> (Public, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut contents: BTreeMap<Address, Composed> = BTreeMap::new();
        let files = files.into_iter().map(|(path, address, bytes)| {
            let (from, content) = (From::File(path), Content::Bytes(bytes));
            Composed { address, from, content }
        });
        for one in composed.into_iter().chain(files) {
            match contents.get(&one.address) {
                Some(first) => found.push(collision(&one, first)),
                None => {
                    contents.insert(one.address.clone(), one);
                }
            }
        }
        // A file cannot have a folder's name.
        for one in contents.values() {
            let folders = one
                .address
                .as_str()
                .match_indices('/')
                .map(|(end, _)| Address::file(&one.address.as_str()[..end]));
            found.extend(folders.filter_map(|folder| contents.get(&folder)).map(|file| collision(one, file)));
        }
        // The names of the search's pieces are not known before it is made, so its folder is its own.
        for one in contents.values().filter(|one| one.address.as_str().starts_with(search::FOLDER)) {
            let site = Composed { from: From::Site, ..one.clone() };
            found.push(collision(one, &site));
        }
        (Public { contents, templates, search, is_packed: false }, found)
    }

    /// The same, with every file that can be packed there packed, too: `index.html.gz` beside `index.html`.
    #[must_use]
    pub fn packed(self) -> Public {
        Public { is_packed: true, ..self }
    }

    /// All addresses, in order.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        let mut addresses: Vec<&Address> = self.contents.keys().chain(self.search.files().keys()).collect();
        addresses.sort();
        addresses.into_iter()
    }

    /// Whether something is published at an address.
    pub fn has(&self, address: &Address) -> bool {
        self.contents.contains_key(address) || self.piece(address).is_some()
    }

    /// A piece of the search, which is made when the first of them is asked for.
    fn piece(&self, address: &Address) -> Option<&Bytes> {
        let is_piece = address.as_str().starts_with(search::FOLDER);
        is_piece.then(|| self.search.files().get(address)).flatten()
    }

    /// Whether a reader would see no difference between this and another state of the site.
    pub fn shows_the_same(&self, other: &Public) -> bool {
        let contents = |public: &Public| -> Vec<(Address, Content)> {
            public.contents.iter().map(|(address, one)| (address.clone(), one.content.clone())).collect()
        };
        self.templates.are_the_same(&other.templates)
            && contents(self) == contents(other)
            && self.search.finds_the_same(&other.search)
    }

    /// The bytes at an address; `None` where nothing is published.
    ///
    /// # Errors
    /// When the page's template fails.
    pub fn bytes(&self, address: &Address) -> Option<Result<Bytes, Diagnostic>> {
        if let Some(plain) = packed::plain(address).filter(|_| self.is_packed)
            && !self.contents.contains_key(address)
        {
            return Some(self.bytes(&plain)?.map(|bytes| packed::packed(&bytes)));
        }
        if let Some(bytes) = self.piece(address) {
            return Some(Ok(bytes.clone()));
        }
        self.contents.get(address).map(|composed| self.draw(composed))
    }

    /// The bytes of something composed since, drawn by the same templates.
    ///
    /// # Errors
    /// When the page's template fails.
    pub fn draw(&self, composed: &Composed) -> Result<Bytes, Diagnostic> {
        match &composed.content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Page(page) => self.templates.draw(&composed.address, page),
        }
    }

    /// The Content-Security-Policy its pages work under.
    pub fn policy(&self) -> String {
        policy::policy(self.templates.texts())
    }

    /// What everything at an address is made from, as a key: equal keys, equal bytes.
    fn keys(&self) -> BTreeMap<Cow<'_, Address>, Key> {
        let contents: Vec<(&Address, &Composed)> = self.contents.iter().collect();
        let pieces: Vec<(&Address, &Bytes)> = self.search.files().iter().collect();
        let key = |content: &Content| match content {
            Content::Page(page) => self.templates.key(page),
            Content::Bytes(bytes) => Key::of(&[bytes]),
        };
        let contents = contents.into_par_iter().map(|(address, one)| (address, key(&one.content)));
        let plain =
            contents.chain(pieces.into_par_iter().map(|(address, bytes)| (address, Key::of(&[bytes]))));
        let mut keys: BTreeMap<Cow<'_, Address>, Key> =
            plain.map(|(address, key)| (Cow::Borrowed(address), key)).collect();
        if self.is_packed {
            let twins = keys.iter().filter_map(|(address, key)| {
                let packed = packed::address(address).filter(|packed| !keys.contains_key(packed))?;
                Some((Cow::Owned(packed), Key::of(&[packed::RULES, key.bytes()])))
            });
            let twins: Vec<_> = twins.collect();
            keys.extend(twins);
        }
        keys
    }
}

fn collision(one: &Composed, first: &Composed) -> Diagnostic {
    let name = |from: &From| match from {
        From::Text(span) => format!("`{}`", span.text().path()),
        From::File(path) => format!("`{path}`"),
        From::Site => "the page every site has".to_owned(),
    };
    let (address, a, b) = (&one.address, name(&first.from), name(&one.from));
    let problem = Problem::new(format!("two pages have the address `{address}`: {a} and {b}"))
        .hint("rename one of them, or take the alias away");
    match (&one.from, &first.from) {
        (From::Text(from), From::Text(other)) => {
            problem.at(from.clone()).note("the other is here", other.clone())
        }
        (From::Text(from), _) | (_, From::Text(from)) => problem.at(from.clone()),
        (From::File(path), _) | (_, From::File(path)) => problem.in_file(path.clone()),
        (From::Site, From::Site) => problem.anywhere(),
    }
}

/// How to publish.
#[derive(Debug, Default)]
pub struct Publishing {
    /// Whether a folder that holds other files is published to, and they stay.
    pub force: bool,
    /// What is known to be there.
    pub known: Known,
    /// Who is told how far it is.
    pub watcher: Watcher,
    /// Who is told how long each phase takes.
    pub timings: Timings,
}

/// What was published.
#[derive(Debug)]
pub struct Published {
    /// What changed.
    pub change: Change,
    /// What each file was made from, by path.
    pub keys: BTreeMap<String, Key>,
}

/// Writes the public site to a folder, as a whole or not at all.
///
/// Only what is not known to be there is drawn, only what changed is written, only what an earlier build wrote is removed,
/// and every stranger stays.
///
/// # Errors
/// When a template fails, the folder holds files no build wrote and `force` is not given, or the disk fails;
/// the folder is then as it was.
pub fn publish(public: &Public, output: &Path, asked: &Publishing) -> Result<Published, Diagnostics> {
    let timings = &asked.timings;
    timings.time("search", public.search.len(), || public.search.files());
    let keys = timings.time("keys", public.contents.len(), || public.keys());
    let counter = asked.watcher.begin(Step::Draw, keys.len());
    let draw = |address: &Address| {
        let bytes = public.bytes(address).unwrap_or_else(|| Err(gone(address)));
        counter.count();
        bytes
    };
    let wanted: BTreeMap<&Address, Key> = keys.iter().map(|(address, key)| (&**address, *key)).collect();
    let replace = || disk::replace(output, &wanted, &asked.known, asked.force, draw);
    let change = timings.time("publish", keys.len(), replace)?;
    let keys = keys.into_iter().map(|(address, key)| (address.as_str().to_owned(), key)).collect();
    Ok(Published { change, keys })
}

fn gone(address: &Address) -> Diagnostic {
    Problem::new(format!("nothing is at `{address}`")).anywhere()
}
