//! The public site as a value, and the one door out.
//!
//! In: what was composed, and what it is drawn from and with. Out: a [`Public`], an ordered map from address to content,
//! which the preview reads from memory and [`publish`] writes to the disk: each page is composed, drawn, compared, written
//! and dropped.

mod disk;
mod packed;
mod stage;
mod standing;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::Joined;
use crate::address::Address;
use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::graph::Revised;
use crate::memo::{Key, Known};
use crate::pages::{Composed, Composer, Content, From};
use crate::path::SitePath;
use crate::pictures::Variants;
use crate::policy;
use crate::progress::{Step, Watcher};
use crate::search::{self, Search};
use crate::seeds::Bytes;
use crate::templates::Templates;
use crate::timings::Timings;

pub use disk::{Change, MANIFEST, keep, remove, rename};
pub use standing::Standing;

/// What pages are drawn from, and with.
#[derive(Debug)]
pub struct Drawn {
    /// What the site says.
    pub joined: Arc<Joined>,
    /// Its pictures in smaller sizes.
    pub variants: Arc<Variants>,
    /// Its templates.
    pub templates: Templates,
}

/// The finished site.
#[derive(Debug)]
pub struct Public {
    contents: BTreeMap<Address, Composed>,
    drawn: Drawn,
    search: Search,
    /// Whether what can be packed is there packed, too.
    is_packed: bool,
}

impl Public {
    /// Gathers everything that is published. Two things at one address are an error that names both.
    pub fn gather(
        composed: Vec<Composed>,
        files: impl IntoIterator<Item = (SitePath, Address, Bytes)>,
        drawn: Drawn,
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
        (Public { contents, drawn, search, is_packed: false }, found)
    }

    /// The same, with every file that can be packed there packed, too: `index.html.gz` beside `index.html`.
    #[must_use]
    pub fn packed(self) -> Public {
        Public { is_packed: true, ..self }
    }

    /// All addresses, in order.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        let mut addresses: Vec<&Address> = self.contents.keys().chain(self.search.addresses()).collect();
        addresses.sort();
        addresses.into_iter()
    }

    /// Whether something is published at an address.
    pub fn has(&self, address: &Address) -> bool {
        self.contents.contains_key(address) || self.piece(address).is_some()
    }

    /// A piece of the search, by its key; the search is made when the first of them is asked for.
    fn piece(&self, address: &Address) -> Option<Key> {
        let is_piece = address.as_str().starts_with(search::FOLDER);
        is_piece.then(|| self.search.key(address)).flatten()
    }

    /// Whether a reader would see no difference between this and another state of the site.
    pub fn shows_the_same(&self, other: &Public) -> bool {
        let is_same = |(address, one): (&Address, &Composed)| {
            let there = other.contents.get(address).and_then(|there| other.composer().brief(&there.content));
            there.is_some() && there == self.composer().brief(&one.content)
        };
        // What is seen soonest first: all articles are composed only where nothing else differs.
        self.drawn.templates.are_the_same(&other.drawn.templates)
            && self.contents.len() == other.contents.len()
            && self.search.finds_the_same(&other.search)
            && self.contents.par_iter().all(is_same)
    }

    fn composer(&self) -> Composer<'_> {
        Composer::of(&self.drawn.joined, &self.drawn.variants)
    }

    /// The bytes at an address; `None` where nothing is published.
    ///
    /// # Errors
    /// When the page's template fails.
    pub fn bytes(&self, address: &Address) -> Option<Result<Bytes, Diagnostic>> {
        Some(self.made(address, &|_| false)?.map(|made| made.bytes.unwrap_or_default()))
    }

    /// An article as it was edited since: what is published below its own address, and the old addresses that lead there.
    /// What cannot be drawn is left out.
    pub fn revised(&self, revised: &Revised) -> BTreeMap<Address, Bytes> {
        let composer = self.composer().with(revised);
        let drawn = composer.article_pages(&revised.article).into_iter().filter_map(|one| {
            let content = composer.content(&one.content)?;
            let bytes = self.drawn(&one.address, &content).ok()?;
            Some((one.address, bytes))
        });
        drawn.collect()
    }

    /// What is at an address; its bytes only where `is_there` does not know its key already. `None` where nothing is published.
    fn made(&self, address: &Address, is_there: &dyn Fn(Key) -> bool) -> Option<Result<Made, Diagnostic>> {
        if let Some(plain) = packed::plain(address).filter(|_| self.is_packed)
            && !self.contents.contains_key(address)
        {
            let key = |plain: Key| Key::of(&[packed::RULES, plain.bytes()]);
            let made = self.made(&plain, &|plain| is_there(key(plain)))?;
            let packed = |bytes: Bytes| packed::packed(&bytes);
            return Some(made.map(|made| Made { key: key(made.key), bytes: made.bytes.map(packed) }));
        }
        if let Some(key) = self.piece(address) {
            let bytes = if is_there(key) { None } else { self.search.bytes(address) };
            return Some(Ok(Made { key, bytes }));
        }
        let (composer, named) = (self.composer(), &self.contents.get(address)?.content);
        let brief = composer.brief(named)?;
        let key = self.key(&brief);
        if is_there(key) {
            return Some(Ok(Made { key, bytes: None }));
        }
        let drawn = self.drawn(address, &composer.completed(named, brief));
        Some(drawn.map(|bytes| Made { key, bytes: Some(bytes) }))
    }

    fn key(&self, brief: &Content) -> Key {
        match brief {
            Content::Page(page) => self.drawn.templates.key(page),
            Content::Bytes(bytes) => Key::of(&[bytes]),
            // What is only named is told by its name; it is composed before it is asked for.
            Content::OfArticle(id, _) => Key::of(&[id.as_str().as_bytes()]),
        }
    }

    fn drawn(&self, address: &Address, content: &Content) -> Result<Bytes, Diagnostic> {
        match content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Page(page) => self.drawn.templates.draw(address, page),
            Content::OfArticle(..) => Err(gone(address)),
        }
    }

    /// The Content-Security-Policy its pages work under.
    pub fn policy(&self) -> String {
        policy::policy(self.drawn.templates.texts())
    }

    /// The addresses of all that is written, packed twins among them.
    fn written(&self) -> BTreeSet<Cow<'_, Address>> {
        let plain: BTreeSet<Cow<'_, Address>> = self.addresses().map(Cow::Borrowed).collect();
        let packed = plain.iter().filter(|_| self.is_packed).filter_map(|address| packed::address(address));
        let packed: Vec<Address> = packed.collect();
        plain.into_iter().chain(packed.into_iter().map(Cow::Owned)).collect()
    }
}

/// Something published: what it was made from, as a key (equal keys, equal bytes), and its bytes where they were wanted.
struct Made {
    key: Key,
    bytes: Option<Bytes>,
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
    /// Where the site before is kept, to be the stage of the next.
    pub kept: Option<PathBuf>,
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
    timings.time("search", public.search.len(), || public.search.addresses().count());
    let written = public.written();
    let wanted: Vec<&Address> = written.iter().map(|address| &**address).collect();
    let counter = asked.watcher.begin(Step::Draw, wanted.len());
    let make = |address: &Address, is_there: &dyn Fn(Key) -> bool| {
        let made = public.made(address, is_there).unwrap_or_else(|| Err(gone(address)))?;
        counter.count();
        Ok((made.key, made.bytes))
    };
    let replace = || disk::replace(output, &wanted, &asked.known, asked.kept.as_deref(), asked.force, make);
    let (change, keys) = timings.time("publish", wanted.len(), replace)?;
    let keys = wanted.iter().map(|address| address.as_str().to_owned()).zip(keys).collect();
    Ok(Published { change, keys })
}

fn gone(address: &Address) -> Diagnostic {
    Problem::new(format!("nothing is at `{address}`")).anywhere()
}
