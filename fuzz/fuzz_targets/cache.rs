//! The cache: damaged it is as good as none, and what passed for whole harms nobody who reads it.
#![no_main]

use gleaner::memo::{Inputs, Key, Known, Memo, Remarks};
use gleaner::seeds::CACHE;
use gleaner_fuzz::show;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What stands behind the checksum, as if that had been right.
    let _inputs = postcard::from_bytes::<Inputs>(bytes);
    let folder = tempfile::tempdir().expect("there is room for a file");
    let root = folder.path();
    std::fs::create_dir_all(root.join(CACHE)).expect("there is room for a file");
    std::fs::write(root.join("gleaner.toml"), "title = \"Naïve\"\n").expect("there is room for a file");
    if let Ok(known) = postcard::from_bytes::<Known>(bytes) {
        known.holds("gleaner.toml", Key::of(&[bytes]), &root.join("gleaner.toml"));
    }
    if let Ok(remarks) = postcard::from_bytes::<Remarks>(bytes)
        && let Some(found) = remarks.again(root)
    {
        show(&found);
    }
    for name in ["build", "import", "articles", "lock"] {
        std::fs::write(root.join(CACHE).join(name), bytes).expect("there is room for a file");
    }
    let memo = Memo::open(root, || ());
    assert!(memo.unchanged::<u8>(root, &root.join("public"), "").is_none());
    assert!(memo.shelf().get::<Vec<u8>>(&Key::of(&[bytes])).is_none());
});
