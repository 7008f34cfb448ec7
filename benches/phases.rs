//! How long each phase of a build takes: anew, with what the last build kept, and after an edit.
//!
//!     cargo bench --bench phases -- SITE [ROUNDS]
//!
//! SITE is the folder of a site, such as one of articles made for measuring; its files stay as they are, but for the cache in
//! `.gleaner/`. Printed is the median of all rounds, in milliseconds of all processors together, and each phase's share of
//! its build: shares compare between machines, milliseconds do not.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use gleaner::memo::{Memo, Shelf};
use gleaner::seeds::{self, Site};
use gleaner::text::Text;
use gleaner::timings::Timings;
use gleaner::{Options, build};

/// The one that `gleaner` has.
#[cfg(all(target_os = "linux", feature = "mimalloc"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The phases in their order, each with the times of all rounds.
#[derive(Default)]
struct Measured {
    order: Vec<&'static str>,
    times: BTreeMap<&'static str, Vec<Duration>>,
}

impl Measured {
    /// Builds, up to the files of the search, and notes how long the phases took.
    fn build(&mut self, site: &Site, shelf: Shelf) {
        let timings = Timings::on();
        let options = Options { shelf, timings: timings.clone(), ..Options::default() };
        let (built, _) = build(site.clone(), &options);
        if let Some(public) = &built.public {
            // The pieces of the search are made when somebody asks for what there is.
            timings.time("search", built.joined.graph.articles.len(), || public.addresses().count());
        }
        for lap in timings.laps() {
            if !self.times.contains_key(lap.phase) {
                self.order.push(lap.phase);
            }
            self.times.entry(lap.phase).or_default().push(lap.cpu);
        }
    }

    fn print(&self, name: &str) {
        let median = |phase: &&'static str| {
            let mut times = self.times[*phase].clone();
            times.sort();
            times[times.len() / 2].as_secs_f64() * 1000.0
        };
        let all: f64 = self.order.iter().map(median).sum();
        println!("{name:<18} {all:>9.1} ms");
        for phase in &self.order {
            let time = median(phase);
            println!("  {phase:<16} {time:>9.1} ms  {:>5.1} %", 100.0 * time / all.max(f64::MIN_POSITIVE));
        }
        println!();
    }
}

/// The site with a sentence more in the article in the middle.
fn edited(site: &Site, round: usize) -> Site {
    let mut site = site.clone();
    let middle = site.articles.keys().nth(site.articles.len() / 2).cloned();
    if let Some(text) = middle.and_then(|path| site.articles.get_mut(&path)) {
        *text = Text::new(text.path().clone(), format!("{}\nThis is edit number {round}.\n", text.read()));
    }
    site
}

fn main() -> ExitCode {
    // `cargo bench` adds a flag of its own.
    let mut asked = std::env::args().skip(1).filter(|one| !one.starts_with("--"));
    let (root, rounds) = (asked.next(), asked.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(3));
    let Some(root) = root.map(PathBuf::from) else {
        eprintln!("which site? cargo bench --bench phases -- SITE [ROUNDS]");
        return ExitCode::from(2);
    };
    let site = match seeds::read(&root) {
        Ok((site, _)) => site,
        Err(problem) => {
            eprintln!("{}", problem.anywhere().in_short());
            return ExitCode::from(2);
        }
    };
    let (mut anew, mut again, mut after) = (Measured::default(), Measured::default(), Measured::default());
    let memo = Memo::open(&root, || ());
    for round in 0..rounds {
        anew.build(&site, Shelf::default());
        if round == 0 {
            // What is kept is kept now.
            Measured::default().build(&site, memo.shelf());
        }
        again.build(&site, memo.shelf());
        after.build(&edited(&site, round), memo.shelf());
    }
    anew.print("anew");
    again.print("with what is kept");
    after.print("after an edit");
    ExitCode::SUCCESS
}
