//! Bytes to text: what comes out is clean, and what is UTF-8 is read as it is.
#![no_main]

use gleaner::import::decode::{decode, decode_html};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for decoded in [decode(bytes), decode_html(bytes, None), decode_html(bytes, Some("windows-1251"))] {
        let Ok(decoded) = decoded else { continue };
        assert!(!decoded.text.contains(['\r', '\0']) && !decoded.text.trim().is_empty());
        let lines = decoded.text.split('\n').count();
        assert!(decoded.repairs.iter().all(|one| (1..=lines).contains(&one.line)), "{:?}", decoded.repairs);
    }
});
