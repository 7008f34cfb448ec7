//! Seeds as they are found in the wild: each ends in the account, with a clear word.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gleaner::import::{Account, Outcome};
use gleaner::path::SitePath;

use crate::scratch::Scratch;

/// What an article says, so that it is one.
const WORDS: &str = "On growing leeks\n\nBy Ann Lee\n\nLeeks are sown in the cold of spring, and it is the patience \
    of the gardener that makes them grow. They stand in the bed until the winter comes, when there is nothing else \
    to be had from it.\n";

/// How each seed ended, with the reason, the encoding it was read in and what was repaired.
fn ended(files: &[(&str, Vec<u8>)]) -> Vec<String> {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n")]);
    for (name, bytes) in files {
        scratch.write(&format!("seeds/{name}"), bytes);
    }
    let built = scratch.build();
    let line = |name: &str, account: &Account| {
        let reason = account.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let read = account.reading().map(|(decoded, reading)| {
            let repairs = reading.repairs.iter().map(|one| {
                format!(", {}: {} is {}, line {}", one.kind.name(), one.before, one.after, one.line)
            });
            format!(", {}{}", decoded.encoding, repairs.collect::<String>())
        });
        format!("{name}: {}{reason}{}", account.outcome, read.unwrap_or_default())
    };
    assert_eq!(built.import.accounts.len(), files.len());
    let accounts = built.import.accounts.iter();
    accounts.map(|(seed, account)| line(seed.inside("seeds").unwrap(), account)).collect()
}

#[test]
fn every_seed_ends_in_the_account() {
    let encoded =
        |text: &str, spell: fn(u32) -> [u8; 4]| text.chars().map(u32::from).flat_map(spell).collect();
    let utf16: Vec<u8> = WORDS.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let latin = format!("{WORDS}\nCafé, déjà vu, naïve.\n").chars().map(|c| c as u8).collect();
    let garbled = format!("{WORDS}\nIt doesnâ€™t matter, says the cafÃ©.\n").into_bytes();
    let stray =
        [WORDS.as_bytes(), "\n“Well”, she said, “naïve”.\n".as_bytes(), b"\nIt\x92s late.\n"].concat();
    let nuls = WORDS.replace(' ', " \0").into_bytes();
    let binary: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let numbers = (0..9000_u32).map(|n| n.wrapping_mul(2_654_435_761)).flat_map(u32::to_le_bytes).collect();
    let files = [
        ("a-empty.txt", Vec::new()),
        ("b-blank.txt", b" \n\t\r\n\n".to_vec()),
        ("c-nuls-alone.txt", vec![0; 300]),
        ("d-nuls.txt", nuls),
        ("e-binary.txt", binary),
        ("f-numbers.txt", numbers),
        ("g-picture.png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("h-latin.txt", latin),
        ("i-utf16.txt", utf16),
        ("j-utf32.txt", encoded(&WORDS.replace("leeks", "onions"), u32::to_le_bytes)),
        (
            "k-utf32-marked.txt",
            encoded(&format!("\u{feff}{}", WORDS.replace("leeks", "chives")), u32::to_be_bytes),
        ),
        ("l-garbled.txt", garbled),
        ("m-stray.txt", stray),
        (
            "n-cut.mhtml",
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n".to_vec(),
        ),
        ("o-cut.webarchive", b"bplist00\xd1\x01".to_vec()),
        ("p-lines.txt", "\n".repeat(100_000).into_bytes()),
        ("q-menu.txt", b"Home\nAbout us\nContact\nLog in\nSubscribe\n".to_vec()),
        ("r-anchor.md", b"---\n&all\ntags: [x]\n---\nWords.\n".to_vec()),
        (
            "s-typewriter.txt",
            format!(
                "{}\nIn short:\x0b  1. Sow them.\n     a) Early.\n  2. Wait.\n",
                WORDS.replace("leeks", "peas")
            )
            .into_bytes(),
        ),
    ];
    let ended = ended(&files);
    let expected = [
        "a-empty.txt: skipped (it is empty)",
        "b-blank.txt: skipped (it is empty)",
        "c-nuls-alone.txt: quarantined (it is not text but binary data)",
        "d-nuls.txt: quarantined (it is not text but binary data)",
        "e-binary.txt: quarantined (it is not text but binary data)",
        "f-numbers.txt: quarantined (it is not text but binary data)",
        "g-picture.png: skipped (files of kind `.png` are not imported: `.txt`, `.html`, `.mhtml`, `.webarchive`, `.eml`, `.md`, `.epub` and `.zip` are)",
        "h-latin.txt: imported, windows-1252",
        "i-utf16.txt: imported, UTF-16BE",
        "j-utf32.txt: imported, UTF-32LE",
        "k-utf32-marked.txt: imported, UTF-32BE",
        "l-garbled.txt: imported, UTF-8, mojibake: doesnâ€™t is doesn’t, line 7, mojibake: cafÃ©. is café., line 7",
        "m-stray.txt: imported, UTF-8, stray-byte: It\\x92s is It’s, line 9",
        "n-cut.mhtml: quarantined (there is no web page in it)",
        "o-cut.webarchive: quarantined (it is not a saved page: ",
        "p-lines.txt: skipped (it is empty)",
        "q-menu.txt: ",
        "r-anchor.md: quarantined (its front matter takes no other key: simple key expect ':')",
        "s-typewriter.txt: imported, UTF-8",
    ];
    assert_eq!(ended.len(), expected.len());
    for (ended, expected) in ended.iter().zip(expected) {
        assert!(ended.starts_with(expected), "{ended}\nis not\n{expected}");
    }
}

#[test]
fn an_article_of_its_own_stays_as_it_is_whatever_is_in_it() {
    let one = |path: &str, bytes: &[u8]| gleaner::import::one(&SitePath::new(path), bytes).unwrap().0;
    for (path, seed) in [
        // What is garbled in the article alone was honest in the seed.
        ("seeds/a.txt", format!("{WORDS}\n```\nfn main() {{}}\n```\n\nSee Ñ˜Ðž and café, UTF-8 in short.\n")),
        // What other tools take for a mark is a word here.
        (
            "seeds/c.txt",
            format!("{WORDS}\nIt says {{{{< figure src=\"a.png\" >}}}} and ==marked== %% there.\n"),
        ),
        ("seeds/b.md", "---\ntitle: # none yet\ntags: [x]\n---\nWords.\n".to_owned()),
        ("seeds/c.md", "---\ntitle: ~\n---\nWords.\n".to_owned()),
        ("seeds/d.md", "---\n\"title\" :\n---\nWords.\n".to_owned()),
    ] {
        let article = one(path, seed.as_bytes());
        assert_eq!(one("seeds/again.md", article.as_bytes()), article, "{path}");
    }
    let garbled = "+++\ntitle = \"A\"\n[source]\nseed = \"seeds/a.txt\"\n+++\n\nIt doesnâ€™t matter.\n";
    assert_eq!(one("seeds/again.md", garbled.as_bytes()), garbled);
    let named = one("seeds/an-untitled-one.md", b"---\ntitle: # none yet\n---\nWords.\n");
    assert!(named.starts_with("---\ntitle: \"an untitled one\" # none yet\n"), "{named}");
}

#[test]
fn lines_of_a_megabyte_are_read_whole() {
    let sentence =
        "The gardener said that the leeks of this spring were better than those of the year before. ";
    let long = sentence.repeat(1_000_000 / sentence.len());
    let word = "x".repeat(200_000);
    let items = "• ".to_owned() + &"1. a, ".repeat(5_000);
    let text = format!("{WORDS}\n{long}\n\n{word}\n\n{items}\n");
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/long.txt", &text)]);
    let built = scratch.build();
    let account = &built.import.accounts["seeds/long.txt"];
    assert_eq!(account.outcome, Outcome::Imported, "{:?}", account.reason);
    let article = scratch.read(account.article.as_ref().unwrap().as_str());
    let removed: usize = account.reading().unwrap().1.removals.iter().map(|one| one.text.len()).sum();
    assert!(article.len() + removed >= text.len() - 1000, "{} {removed}", article.len());
    assert!(article.contains(long.trim_end()));
}

#[test]
fn a_file_nobody_may_read_is_in_the_account() {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/one.txt", WORDS)]);
    // Nor is a folder of seeds read that is a link, wherever it leads.
    scratch.rename("seeds", "before");
    std::os::unix::fs::symlink("seeds", scratch.path("seeds")).unwrap();
    let built = scratch.build();
    let account = &built.import.accounts["seeds"];
    assert_eq!(account.outcome, Outcome::Quarantined);
    let reason = account.reason.as_deref().unwrap();
    assert_eq!(reason, "a symbolic link is not followed");
    std::fs::remove_file(scratch.path("seeds")).unwrap();
    scratch.rename("before", "seeds");

    set_mode(&scratch.path("seeds/one.txt"), 0o000);
    let report = if std::fs::read(scratch.path("seeds/one.txt")).is_err() {
        Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(["import", "--dry-run"])
            .current_dir(scratch.root())
            .output()
    } else {
        // Root may read everything, so the program is run as somebody else, from where that one may run it.
        std::fs::copy(env!("CARGO_BIN_EXE_gleaner"), scratch.path("gleaner")).unwrap();
        for (path, mode) in [(".", 0o777), ("seeds", 0o755), ("gleaner", 0o755), ("gleaner.toml", 0o644)] {
            set_mode(&scratch.path(path), mode);
        }
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "./gleaner", "import", "--dry-run"];
        Command::new("setpriv").args(nobody).current_dir(scratch.root()).output()
    };
    let Ok(report) = report else {
        eprintln!("not tested: there is no `setpriv` to run the program as somebody who is not root");
        return;
    };
    let report = String::from_utf8(report.stderr).unwrap();
    assert!(report.contains("quarantined: it cannot be read: Permission denied"), "{report}");
    assert!(report.contains("1 seed: 1 quarantined."), "{report}");
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_bar_shows_how_far_a_long_import_is() {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n")]);
    let command = format!("'{}' import --dry-run", env!("CARGO_BIN_EXE_gleaner"));
    let shown = |command: &str| {
        let mut terminal = Command::new("script");
        let terminal = terminal.args(["-qec", command, "/dev/null"]).current_dir(scratch.root());
        let mut said = terminal.env("TERM", "xterm").env("COLUMNS", "100").output().ok()?.stdout;
        said.retain(|byte| *byte != b'\r');
        Some(String::from_utf8(said).unwrap())
    };
    // As many seeds as this machine is busy with for a good while: what is done at once has no bar.
    let mut seeds = 0;
    let bar = loop {
        for number in seeds..2 * seeds + SLOW {
            let leeks = WORDS.repeat(40).replace("leeks", &format!("leeks of {number}"));
            scratch.write(&format!("seeds/{number}.txt"), format!("Leeks number {number}\n\n{leeks}"));
        }
        seeds = 2 * seeds + SLOW;
        let begun = Instant::now();
        let Some(bar) = shown(&command) else {
            eprintln!("not tested: there is no `script` to make a terminal with");
            return;
        };
        if begun.elapsed() > LONG {
            break bar;
        }
    };
    assert!(bar.contains("Importing") && bar.contains(&format!(" of {seeds}, ")), "{bar}");
    assert!(bar.contains(&format!("{seeds} seeds: {seeds} imported.")), "{bar}");
    // The bar is gone at the end, and is never there for who does not want it.
    assert!(!bar.rsplit("\u{1b}[2K").next().unwrap().contains("Importing"), "{bar}");
    assert!(!shown(&format!("{command} --message-format short")).unwrap().contains("Importing"));
}

/// So many seeds are tried first.
const SLOW: usize = 60;

/// What takes so long has a bar, which waits for a second to pass.
const LONG: Duration = Duration::from_millis(1500);
