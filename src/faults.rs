//! What may go wrong with a file: in tests any operation may fail, elsewhere none does for being asked here.
//!
//! The doors ask before each operation on a file. A program that is no test is compiled without any of it.

use std::io;
use std::path::Path;

/// Whether an operation on the file at a place is let pass.
#[cfg(not(test))]
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "in tests it may fail")]
pub(crate) fn pass(_place: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether an operation on the file at a place is let pass.
#[cfg(test)]
pub(crate) fn pass(place: &Path) -> io::Result<()> {
    armed::pass(place)
}

#[cfg(test)]
mod armed {
    use std::io;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};

    /// Which operations fail, of those below a folder.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(super) enum Failing {
        /// This one alone, the first being 1.
        Only(usize),
        /// This one and all after it, as on a disk that is full.
        From(usize),
    }

    struct Armed {
        root: PathBuf,
        failing: Failing,
        count: usize,
    }

    static ARMED: Mutex<Vec<Armed>> = Mutex::new(Vec::new());

    pub(super) fn pass(place: &Path) -> io::Result<()> {
        let mut all = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(one) = all.iter_mut().find(|one| place.starts_with(&one.root)) else { return Ok(()) };
        one.count += 1;
        let fails = match one.failing {
            Failing::Only(nth) => one.count == nth,
            Failing::From(nth) => one.count >= nth,
        };
        if fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    /// Runs something while operations below a folder fail; says how many there were, too.
    pub(super) fn while_failing<T>(root: &Path, failing: Failing, run: impl FnOnce() -> T) -> (T, usize) {
        let all = || ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        all().push(Armed { root: root.to_owned(), failing, count: 0 });
        let done = run();
        let mut all = all();
        let at = all.iter().position(|one| one.root == root).expect("it was put there above");
        (done, all.remove(at).count)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make and look at files")]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use walkdir::WalkDir;

    use super::armed::{Failing, while_failing};
    use crate::articles::Article;
    use crate::diagnostic::Diagnostics;
    use crate::make::{Asked, make};
    use crate::path::SitePath;
    use crate::rewriting::Rewriting;
    use crate::seeds::CACHE;
    use crate::seeds::{self, Site};
    use crate::text::Text;
    use crate::topics::Topic;
    use crate::unfinished::{carry_out, finish, notice};
    use crate::{Joined, Options, join, renaming, topics};

    type Files = BTreeMap<String, Vec<u8>>;

    const STORY: &str = "On quiet gardens\n\nBy Jane Roe | 2 March 2011\n\nThe first paragraph of it has a sentence or \
                         two. So it goes.\n\nThe second one is here to end it all.\n";

    fn files(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Files {
        let all =
            WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|one| one.file_type().is_file());
        all.map(|one| (SitePath::below(folder, one.path()).to_string(), fs::read(one.path()).unwrap()))
            .filter(|(path, _)| is_wanted(path))
            .collect()
    }

    fn write(root: &Path, path: &str, text: &str) {
        let place = SitePath::new(path).on_disk(root);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    fn build(root: &Path) -> bool {
        built(root).is_some()
    }

    /// What a build told; `None` where it published nothing.
    fn built(root: &Path) -> Option<String> {
        let asked = Asked { output: root.join("public"), ..Asked::default() };
        let made = make(root, &asked, || ()).ok()?;
        made.change.map(|_| made.found.sorted().iter().map(|one| one.in_short()).collect())
    }

    /// What an import writes, besides its cache; what else begins with a dot is never read.
    fn is_kept(path: &str) -> bool {
        (path.starts_with("content/") || path.starts_with(".gleaner/imported/") || path == "gleaner.lock")
            && !path.rsplit('/').next().unwrap_or_default().starts_with('.')
    }

    /// One operation of so many fails where not all are asked for.
    const SELDOM: usize = 7;

    /// A site that was built, and changed since in every way that makes a build write: seeds that came, changed and went,
    /// articles edited and deleted by hand.
    fn changed_site() -> Files {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "gleaner.toml", "title = \"T\"\ncards = false\n");
        for name in ["quiet", "loud", "wild", "tame", "deep"] {
            write(root, &format!("seeds/{name}.txt"), &STORY.replace("quiet", name));
        }
        write(
            root,
            "content/topics/gardens.md",
            "+++\ntitle = \"Gardens\"\n+++\nSee [[On quiet gardens]].\n",
        );
        write(root, "static/CNAME", "example.org\n");
        assert!(build(root));
        write(root, "seeds/quiet.txt", &STORY.replace("end it all", "end it well"));
        write(root, "seeds/new.txt", &STORY.replace("quiet", "new"));
        fs::remove_file(root.join("seeds/tame.txt")).unwrap();
        fs::remove_file(root.join("content/articles/on-deep-gardens.md")).unwrap();
        let edited = root.join("content/articles/on-loud-gardens.md");
        let text = fs::read_to_string(&edited).unwrap();
        fs::write(&edited, text.replace("So it goes", "So it went")).unwrap();
        write(root, "seeds/loud.txt", &STORY.replace("quiet", "loud").replace("it all", "it well"));
        write(root, "public/mine.txt", "a stranger");
        files(root, |path| !path.starts_with(".gleaner/cache/"))
    }

    /// What a command at the curator's word changes in a site, each time from what stands there.
    type Change = fn(&Site, &Joined) -> Rewriting;

    fn both(joined: &Joined) -> (Vec<Article>, Vec<Topic>) {
        (joined.graph.articles.values().cloned().collect(), joined.graph.topics.values().cloned().collect())
    }

    /// A site whose articles, topics and paths name each other, imported.
    fn linked_site() -> Files {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "gleaner.toml", "title = \"T\"\n");
        write(root, "seeds/quiet.txt", STORY);
        let gardens = "+++\ntitle = \"Gardens\"\n+++\nSee [[on-quiet-gardens]].\n";
        write(root, "content/topics/gardens.md", gardens);
        write(root, "content/topics/plants.md", "+++\ntitle = \"Plants\"\n+++\nThey grow.\n");
        for name in ["one", "two"] {
            let front = format!("+++\ntitle = \"{name}\"\ntopics = [\"gardens\"]\n+++\n");
            write(root, &format!("content/articles/{name}.md"), &(front + "See [[on-quiet-gardens]].\n"));
        }
        assert!(build(root));
        files(root, |path| !path.starts_with("public/") && !path.starts_with(".gleaner/cache/"))
    }

    #[test]
    fn a_command_that_is_stopped_is_undone_or_ended_by_the_next() {
        let before = linked_site();
        let at = || {
            let folder = tempfile::tempdir().unwrap();
            for (path, bytes) in &before {
                write(folder.path(), path, &String::from_utf8_lossy(bytes));
            }
            folder
        };
        let proposed = |root: &Path, change: Change| {
            let (site, _) = seeds::read(root).unwrap();
            let options = Options { drafts: true, no_import: true, ..Options::default() };
            let (joined, _) = join(&site, &options);
            change(&site, &joined)
        };
        let moved: Change = |site, joined| {
            let id = joined.graph.articles.keys().find(|id| id.as_str() == "on-quiet-gardens").unwrap();
            renaming::rename(site, joined, id, "still").unwrap().rewriting
        };
        let renamed: Change = |_, joined| {
            let (articles, topics) = both(joined);
            topics::rename(&articles, &topics, "gardens", "Beds").unwrap().rewriting
        };
        let merged: Change = |_, joined| {
            let (articles, topics) = both(joined);
            topics::merge(&articles, &topics, "gardens", "plants").unwrap().rewriting
        };
        for (name, change) in [("mv", moved), ("rename", renamed), ("merge", merged)] {
            let done = at();
            let rewriting = proposed(done.path(), change);
            let (carried, operations) =
                while_failing(done.path(), Failing::Only(0), || carry_out(done.path(), &rewriting, name));
            assert!(carried.is_ok_and(|found| found.is_empty()) && operations > 12, "{name} {operations}");
            let all = |root: &Path| files(root, |path| !path.starts_with(".gleaner/cache/"));
            let after = all(done.path());
            assert!(after != before, "{name}");
            let (mut undone, mut ended) = (0, 0);
            for failing in (1..=operations).flat_map(|nth| [Failing::Only(nth), Failing::From(nth)]) {
                let folder = at();
                let root = folder.path();
                let rewriting = proposed(root, change);
                let (carried, _) = while_failing(root, failing, || carry_out(root, &rewriting, name));
                let found = finish(root);
                assert!(!found.has_errors(), "{name} {failing:?}: {found:?}");
                let now = all(root);
                let is_undone = now == before;
                assert!(is_undone || now == after, "{name} {failing:?}: {:?} {carried:?}", now.keys());
                assert!(!(is_undone && carried.is_ok()), "{name} {failing:?}");
                if let Err(problem) = carried {
                    let said = problem.anywhere().with_excerpt();
                    let says_what_follows =
                        ["nothing was changed", "was begun is ended", "all that was to change is changed"];
                    assert!(says_what_follows.iter().any(|part| said.contains(part)), "{said}");
                }
                assert_eq!(finish(root), Diagnostics::new(), "it is told once");
                *(if is_undone { &mut undone } else { &mut ended }) += 1;
            }
            assert!(undone > 2 && ended > 2, "{name}: {undone} {ended}");
        }
    }

    #[test]
    fn what_was_changed_since_a_command_was_stopped_stays() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "gleaner.toml", "");
        let path = |name: &str| SitePath::new(format!("content/articles/{name}.md"));
        for name in ["a", "b", "c"] {
            write(root, path(name).as_str(), "old");
        }
        let mut rewriting = Rewriting::default();
        for name in ["a", "b", "c"] {
            rewriting.write(&Text::new(path(name), "old".to_owned()), "new");
        }
        // The first is in its place, and then nothing works any more.
        let stopped = (1..100).find(|nth| {
            let (carried, _) =
                while_failing(root, Failing::From(*nth), || carry_out(root, &rewriting, "gleaner mv"));
            assert!(carried.is_err());
            let is_begun = fs::read_to_string(root.join("content/articles/a.md")).unwrap() == "new";
            assert!(is_begun || finish(root).is_empty(), "nothing was done, and nothing is said");
            is_begun
        });
        assert!(stopped.is_some());
        write(root, path("b").as_str(), "mine");
        let said = notice(root).unwrap();
        assert_eq!(said.message, "`gleaner mv` is on its way, or was stopped");
        let said: Vec<String> = finish(root).sorted().iter().map(|one| one.with_excerpt()).collect();
        assert!(said[0].contains("`gleaner mv` had been stopped, and is ended now"), "{said:?}");
        assert!(said[0].contains("look at `content/articles/b.md`: it was changed since"), "{said:?}");
        let held = |name: &str| fs::read_to_string(path(name).on_disk(root)).unwrap();
        assert_eq!([held("a"), held("b"), held("c")], ["new", "mine", "new"]);
        assert_eq!(notice(root), None);
        // What is no such command's is not believed.
        for bad in ["{", "{\"command\": \"a\", \"written\": {\"content/../../out.md\": {\"after\": \"\"}}}"] {
            write(root, crate::unfinished::UNFINISHED, bad);
            assert!(finish(root).has_errors(), "{bad}");
            assert!(!root.parent().unwrap().join("out.md").exists());
        }
    }

    #[test]
    fn whichever_operation_fails_nothing_is_lost() {
        let before = changed_site();
        let at = |files: &Files| {
            let folder = tempfile::tempdir().unwrap();
            for (path, bytes) in files {
                let place = SitePath::new(path.as_str()).on_disk(folder.path());
                fs::create_dir_all(place.parent().unwrap()).unwrap();
                fs::write(&place, bytes).unwrap();
                // The site before is kept as the stage of the next: its files are those published.
                if let Some(published) = path.strip_prefix("public/") {
                    let staged = folder.path().join(CACHE).join("stage").join(published);
                    fs::create_dir_all(staged.parent().unwrap()).unwrap();
                    fs::hard_link(place, staged).unwrap();
                }
            }
            folder
        };
        let public = |root: &Path| files(&root.join("public"), |_| true);
        let clean = at(&before);
        let (is_built, operations) = while_failing(clean.path(), Failing::Only(0), || build(clean.path()));
        assert!(is_built && operations > 50, "{operations}");
        let (kept, published) = (files(clean.path(), is_kept), public(clean.path()));
        let old = public(at(&before).path());
        assert!(old != published && kept.len() > 8);

        // Each is two builds: all of them take minutes, so every so many are tried unless all are asked for.
        let step = if std::env::var_os("EVERY_FAULT").is_some() { 1 } else { SELDOM };
        for failing in (1..=operations).step_by(step).flat_map(|nth| [Failing::Only(nth), Failing::From(nth)])
        {
            let folder = at(&before);
            let root = folder.path();
            let (told, count) = while_failing(root, failing, || built(root));
            assert!(count > 0);
            let now = public(root);
            // A seed that cannot be read is told of, and its article stands as it was.
            let is_without_a_seed = told.as_ref().is_some_and(|told| told.contains("it cannot be read"));
            let is_whole = now == published || (told.is_none() && now == old) || is_without_a_seed;
            assert!(is_whole, "{failing:?}: {told:?}");
            for (path, bytes) in files(root, is_kept) {
                // The ledger may tell of a seed that could not be read; whole it is all the same.
                let is_ledger =
                    path == "gleaner.lock" && bytes.ends_with(b"\n") && bytes.starts_with(b"# What became");
                let is_old_or_new =
                    before.get(&path) == Some(&bytes) || kept.get(&path) == Some(&bytes) || is_ledger;
                assert!(
                    is_old_or_new,
                    "{failing:?}: {path} is neither:\n{}",
                    String::from_utf8_lossy(&bytes)
                );
            }
            for path in before.keys().filter(|path| is_kept(path)) {
                assert!(SitePath::new(path.as_str()).on_disk(root).exists(), "{failing:?}: {path} is gone");
            }
            assert!(build(root), "{failing:?}");
            let again = files(root, is_kept);
            for (path, bytes) in &kept {
                let text = again.get(path).map(|bytes| String::from_utf8_lossy(bytes));
                assert_eq!(text, Some(String::from_utf8_lossy(bytes)), "{failing:?}: {path}");
            }
            assert_eq!(again.len(), kept.len(), "{failing:?}");
            assert!(public(root) == published, "{failing:?}: the next build is not a clean one");
            let left = WalkDir::new(root).into_iter().map(Result::unwrap);
            let left = left.filter(|one| {
                let name = one.file_name().to_string_lossy().into_owned();
                name.starts_with(".gleaner-") && name != crate::public::MANIFEST
            });
            assert_eq!(left.count(), 0, "{failing:?}: what was written beside its place is left");
        }
    }
}
