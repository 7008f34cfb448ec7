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
    use crate::make::{Asked, make};
    use crate::path::SitePath;

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

    #[test]
    fn whichever_operation_fails_nothing_is_lost() {
        let before = changed_site();
        let at = |files: &Files| {
            let folder = tempfile::tempdir().unwrap();
            for (path, bytes) in files {
                let place = SitePath::new(path.as_str()).on_disk(folder.path());
                fs::create_dir_all(place.parent().unwrap()).unwrap();
                fs::write(place, bytes).unwrap();
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
