//! The tests that run the whole program, each on a small site of its own.

#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]
#![expect(clippy::disallowed_methods, reason = "tests make and look at files")]

mod bad_seeds;
mod check;
mod cli;
mod curation;
mod curator;
mod decisions;
mod deploy;
mod errors;
#[cfg(feature = "external")]
mod external;
mod five_seeds;
mod hostile_site;
mod kills;
mod machines;
mod memory;
mod pictures;
mod preview;
mod rebuild;
mod reference;
mod sacred;
mod scratch;
mod search;
mod sites;
mod stream;
mod theming;
mod topic_pages;
mod topics;
mod watch;

/// How many cases a property test tries: so many, or as many as `PROPTEST_CASES` asks for in a long run.
fn cases(usually: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usually)
}
