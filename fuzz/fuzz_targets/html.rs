//! A saved page to an article: no word that it shows is lost, and the article is imported as it is.
#![no_main]

use gleaner_fuzz::import_twice;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| import_twice("seeds/one.html", bytes));
