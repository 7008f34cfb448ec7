//! `gleaner.toml`, the decisions on concepts, and the ledger.
#![no_main]

use gleaner::config::Config;
use gleaner::diagnostic::Diagnostics;
use gleaner::graph::concepts::Decisions;
use gleaner::import::ledger;
use gleaner_fuzz::{show, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    show(&Config::read(Some(&text("gleaner.toml", typed))).1);
    show(&Decisions::read(Some(&text("content/concepts.toml", typed))).1);
    match ledger::read(&text("gleaner.lock", typed)) {
        Ok(read) => assert_eq!(ledger::read(&text("gleaner.lock", &ledger::write(&read))), Ok(read)),
        Err(problem) => {
            let mut found = Diagnostics::new();
            found.push(problem);
            show(&found);
        }
    }
});
