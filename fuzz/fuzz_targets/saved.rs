//! What saved pages, letters, books and exports come in. The first byte says which of them the others are.
#![no_main]

use gleaner::path::SitePath;
use gleaner::seeds::gather;
use gleaner_fuzz::import_twice;
use libfuzzer_sys::fuzz_target;

const ALONE: [&str; 4] = ["mhtml", "webarchive", "eml", "md"];
const TOGETHER: [&str; 5] = ["zip", "epub", "csv", "json", "html"];

fuzz_target!(|bytes: &[u8]| {
    let Some((which, rest)) = bytes.split_first() else { return };
    let which = usize::from(*which) % (ALONE.len() + TOGETHER.len());
    if let Some(ending) = ALONE.get(which) {
        return import_twice(&format!("seeds/one.{ending}"), rest);
    }
    let name = format!("seeds/one.{}", TOGETHER[which - ALONE.len()]);
    let folder = tempfile::tempdir().expect("there is room for a file");
    let place = folder.path().join("one");
    std::fs::write(&place, rest).expect("there is room for a file");
    let gathered = gather(&place, &SitePath::new(name));
    for (path, bytes) in &gathered.seeds {
        import_twice(path.as_str(), bytes);
    }
});
