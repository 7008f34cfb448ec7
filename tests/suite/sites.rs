//! Golden sites: every folder of `tests/sites/` is a site that shows one thing. See the README there.

use std::fs;
use std::path::Path;

use crate::scratch::{Scratch, files};

/// What a case expects besides its own files.
const GOLDEN: &str = "golden/";
const DIAGNOSTICS: &str = "diagnostics.txt";

#[test]
fn every_site_is_as_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut names: Vec<_> = fs::read_dir(&cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let failures: Vec<String> = names.iter().flat_map(|case| check(case)).collect();
    assert!(
        failures.is_empty(),
        "{}\n\nUPDATE=1 rewrites the golden files; read the difference before you keep it",
        failures.join("\n\n")
    );
}

fn check(case: &Path) -> Vec<String> {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let scratch = Scratch::copy(case, |path| path.starts_with(GOLDEN) || path == DIAGNOSTICS);
    let built = scratch.build();
    let mut failures = Vec::new();
    let mut compare = |path: &str, expected: &Path, found: Option<String>| {
        let update = std::env::var_os("UPDATE").is_some();
        match (found, fs::read_to_string(expected).ok()) {
            (Some(found), Some(wanted)) if found == wanted => {}
            (Some(found), _) if update => {
                fs::create_dir_all(expected.parent().unwrap()).unwrap();
                fs::write(expected, found).unwrap();
            }
            (Some(found), wanted) => {
                let wanted = wanted.unwrap_or_default();
                failures.push(format!("{name}: {path}\n{}", diffy::create_patch(&wanted, &found)));
            }
            (None, _) => failures.push(format!("{name}: {path} is expected and was not made")),
        }
    };
    let report = built.report();
    let expected = case.join(DIAGNOSTICS);
    if !report.is_empty() || expected.exists() {
        compare(DIAGNOSTICS, &expected, Some(report));
    }
    // Only the files a case is about are golden, and none that is not made any more.
    for path in files(&case.join(GOLDEN)).into_keys() {
        let found = scratch.has(&path).then(|| shown(&path, &scratch.read(&path)));
        compare(&path, &case.join(GOLDEN).join(&path), found);
    }
    failures
}

/// Of a page, what a case is about: its main part.
fn shown(path: &str, text: &str) -> String {
    let main = text.find("<main").and_then(|start| Some(start..text.find("</main>")?));
    match main {
        Some(main) if path.ends_with(".html") => format!("{}</main>\n", &text[main]),
        // Of what is published, all but the names made of what the files hold.
        _ if path.ends_with(".gleaner-manifest") => {
            let is_named_by_what_it_holds =
                |line: &&str| line.starts_with("search/pieces/") || line.starts_with("assets/");
            text.split_inclusive('\n').filter(|line| !is_named_by_what_it_holds(line)).collect()
        }
        _ => text.to_owned(),
    }
}
