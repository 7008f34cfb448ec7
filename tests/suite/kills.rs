//! Killed at any instant: what was published is the whole old site or the whole new one, what import keeps is never half
//! written, and the next build equals a clean one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{err, gleaner};
use crate::scratch::{Scratch, files};

type Files = BTreeMap<String, Vec<u8>>;

/// How many seeds the site has: so many that a build writes for a while.
const SEEDS: usize = 12;

/// The day of all runs, so that equal seeds give an equal ledger.
const CLOCK: (&str, &str) = ("SOURCE_DATE_EPOCH", "1301961600");

/// Puts the site into one of two states, which differ in most files.
fn put(scratch: &Scratch, is_second: bool) {
    let (now, end) = if is_second { ("spring", "it well") } else { ("winter", "it all") };
    for number in 0..SEEDS {
        let seed = format!(
            "Leeks of bed {number}\n\nBy Ann Lee{number} | 2 March 2011\n\nThe {now} of bed {number} was long. The leeks stood \
             in it.\n\nIn the end there was nothing to end {end} but soup.\n"
        );
        scratch.write(&format!("seeds/{number}.txt"), seed);
    }
    // One comes and goes.
    if is_second {
        scratch.write(
            "seeds/guest.txt",
            "A guest\n\nBy Bo Roe\n\nThe guest came for a day. The day was good to the guest.\n",
        );
    } else if scratch.has("seeds/guest.txt") {
        scratch.remove("seeds/guest.txt");
    }
    scratch.write("content/about-it.md", format!("It is {now}. See [[Leeks of bed 1]].\n"));
}

fn run(root: &Path, command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gleaner"));
    program.arg(command).current_dir(root).env(CLOCK.0, CLOCK.1).stderr(Stdio::null()).stdout(Stdio::null());
    program
}

fn is_kept(path: &str) -> bool {
    let is_hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
    !is_hidden
        && (path.starts_with("content/") || path.starts_with(".gleaner/imported/") || path == "gleaner.lock")
}

fn kept(root: &Path) -> Files {
    files(root).into_iter().filter(|(path, _)| is_kept(path)).collect()
}

/// Numbers that look like chance and are the same in every run (xorshift, Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

/// How many times it is killed: `KILLS` asks for more in a long run.
fn kills() -> u32 {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(50)
}

#[test]
fn killed_at_any_instant_nothing_is_lost() {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\ncards = false\n")]);
    let root = scratch.root();
    // The two states, each as it is after having been the other: the ledger knows of guests that are gone.
    let mut states: Vec<(Files, Files)> = Vec::new();
    // The first build of a site takes longer than those after it, of which the shortest is taken: runs that are over
    // before they are killed show nothing.
    let mut usual = Duration::MAX;
    for is_second in [false, true, false, true] {
        put(&scratch, is_second);
        let began = Instant::now();
        assert!(run(root, "build").status().unwrap().success(), "{}", err(&gleaner(root, &["build"])));
        usual = usual.min(began.elapsed());
        states.push((kept(root), scratch.public()));
    }
    let states = &states[2..];
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let (mut killed, mut done) = (0, 0);
    let mut published = 1;
    for round in 0..kills() {
        let state = (round % 2) as usize;
        put(&scratch, state == 1);
        let command = if round % 3 == 2 { "import" } else { "build" };
        let mut child = run(root, command).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(chance.below(usual.as_micros() as u64)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            done += 1;
        } else {
            killed += 1;
        }

        let seen = format!("round {round}, {command}, into state {state}");
        let public = scratch.public();
        if public == states[state].1 {
            published = state;
        }
        assert!(
            public == states[published].1,
            "{seen}: what is published is neither the old site nor the new one"
        );
        for (path, bytes) in kept(root) {
            // The curator's own files are there as they were put; what import writes is of one state or the other.
            let is_whole = states.iter().any(|(kept, _)| kept.get(&path) == Some(&bytes));
            let is_ledger = path == "gleaner.lock" && String::from_utf8_lossy(&bytes).ends_with('\n');
            assert!(
                is_whole || is_ledger,
                "{seen}: {path} is half-written:\n{}",
                String::from_utf8_lossy(&bytes)
            );
        }
        let built = gleaner_on_the_day(root);
        assert!(built.status.success(), "{seen}: {}", err(&built));
        published = state;
        assert!(
            scratch.public() == states[state].1,
            "{seen}: the next build differs from one that was not killed"
        );
        let now = kept(root);
        for (path, bytes) in &states[state].0 {
            let is_same = now.get(path) == Some(bytes);
            assert!(
                is_same,
                "{seen}: {path} is not what it is without the kill:\n{:?}",
                now.get(path).map(|b| String::from_utf8_lossy(b))
            );
        }
    }
    eprintln!(
        "killed {killed} times before the end, {done} runs had ended; seed of chance 0x9e3779b97f4a7c15"
    );
    assert!(killed * 2 > done, "most kills come while it runs");
}

fn gleaner_on_the_day(root: &Path) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .arg("build")
        .current_dir(root)
        .env(CLOCK.0, CLOCK.1)
        .output()
        .unwrap()
}

/// A file system of so few bytes, and the folder it is mounted at; gone with the test.
struct Small(tempfile::TempDir);

impl Small {
    /// `None` where the test may not mount one.
    fn of(kilobytes: usize) -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "gleaner-test"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then_some(Small(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let first = Scratch::of(&[("gleaner.toml", "title = \"T\"\ncards = false\n")]);
    put(&first, false);
    assert!(run(first.root(), "build").status().unwrap().success());
    let used: usize = files(first.root()).values().map(|bytes| bytes.len().div_ceil(4096) * 4).sum();
    let (mut failed, mut built) = (0, 0);
    // From room for nothing more to room for all.
    for more in [8, 24, 64, 120, 200, 400, 800, 6000] {
        let Some(small) = Small::of(used + more) else {
            eprintln!("not tested: this account may not mount a small file system to fill");
            return;
        };
        let root = small.0.path();
        let copied =
            Command::new("cp").arg("-a").arg(format!("{}/.", first.root().display())).arg(root).status();
        assert!(copied.unwrap().success());
        let (before, public) = (kept(root), files(&root.join("public")));
        let second = Scratch::copy(root, |_| false);
        put(&second, true);
        for (path, bytes) in files(second.root()).into_iter().filter(|(path, _)| path.starts_with("seeds/")) {
            std::fs::write(root.join(path), bytes).unwrap();
        }
        assert!(run(second.root(), "build").status().unwrap().success());
        let (wanted, wanted_public) = (kept(second.root()), second.public());
        let output = gleaner_on_the_day(root);
        let now = files(&root.join("public"));
        if output.status.success() {
            built += 1;
        } else {
            failed += 1;
            assert!(err(&output).contains("No space left"), "{more}: {}", err(&output));
            assert!(now == public, "{more}: a full disk changed the site");
        }
        for (path, bytes) in kept(root) {
            let is_whole = [&before, &wanted].iter().any(|files| files.get(&path) == Some(&bytes));
            assert!(is_whole || path == "content/about-it.md", "{more}: {path} is half-written");
        }
        for path in before.keys() {
            assert!(root.join(path).exists(), "{more}: {path} is gone");
        }
        drop(wanted_public);
    }
    assert!(failed > 0 && built > 0, "some have room and some have not: {failed} {built}");
}
