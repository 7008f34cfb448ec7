//! The tests that run the whole program, each on a small site of its own.

#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]
#![expect(clippy::disallowed_methods, reason = "tests make and look at files")]

mod cli;
mod curator;
mod five_seeds;
mod rebuild;
mod scratch;
mod sites;
