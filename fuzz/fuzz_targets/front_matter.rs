//! The front matter of everything the curator writes, read.
#![no_main]

use std::collections::BTreeMap;

use gleaner::rights::Origins;
use gleaner::words::Language;
use gleaner::{articles, plain, reading_paths, topics};
use gleaner_fuzz::{show, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    let one = |path: &str| {
        let text = text(path, typed);
        BTreeMap::from([(text.path().clone(), text)])
    };
    show(&articles::read(&one("content/articles/a.md"), &Origins::default()).1);
    show(&topics::read(&one("content/topics/a.md"), &Language::of("en")).1);
    show(&reading_paths::read(&one("content/paths/a.md"), true).1);
    show(&plain::read(&one("content/a.md"), true).1);
});
