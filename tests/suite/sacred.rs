//! What is not ours is not touched, wherever a link leads.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::Command;

use crate::cli::{err, gleaner};
use crate::scratch::{Scratch, files};

const STORY: &str = "On quiet gardens\n\nThe first paragraph of it has a sentence or two. So it goes.\n\nThe second one is here to end it all.\n";

#[test]
fn no_link_leads_a_write_out_of_the_site() {
    for linked in ["content/articles", "content", ".gleaner"] {
        let scratch = Scratch::of(&[("site/gleaner.toml", "title = \"T\"\n"), ("site/seeds/a.txt", STORY)]);
        fs::create_dir_all(scratch.path("elsewhere")).unwrap();
        scratch.write("elsewhere/letter.txt", "dear");
        let link = scratch.path(&format!("site/{linked}"));
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(scratch.path("elsewhere"), link).unwrap();
        let built = gleaner(&scratch.path("site"), &["import"]);
        let here: Vec<String> = files(&scratch.path("elsewhere")).into_keys().collect();
        assert_eq!(here, ["letter.txt"], "{linked}: {}", err(&built));
        assert_eq!(built.status.code(), Some(1), "{linked}: {}", err(&built));
        assert!(err(&built).contains("symbolic link"), "{linked}: {}", err(&built));
    }
}

#[test]
fn no_link_in_the_cache_leads_to_what_is_not_ours() {
    let theirs = [
        "cache/articles/told/mine.txt",
        "cache/pictures/mine.txt",
        "pictures/mine.txt",
        "articles/told/mine.txt",
        "told/mine.txt",
        "mine.txt",
    ];
    let links = [
        (".gleaner", ""),
        (".gleaner/cache", ""),
        (".gleaner/cache/articles", ""),
        (".gleaner/cache/articles", "articles"),
        (".gleaner/cache/articles/told", "told"),
        (".gleaner/cache/pictures", "pictures"),
        (".gleaner/cache/stage", ""),
        (".gleaner/cache/lock", "mine.txt"),
        (".gleaner/cache/build", "mine.txt"),
        (".gleaner/cache/articles/search", "mine.txt"),
        (".gleaner/cache/articles/figures", "mine.txt"),
    ];
    for (link, to) in links {
        let scratch = Scratch::of(&[("site/gleaner.toml", "title = \"T\"\n")]);
        scratch
            .write("site/content/articles/a.md", "+++\ntitle = \"A\"\n+++\nIn 1999 there were 12 gardens.\n");
        for path in theirs {
            scratch.write(&format!("elsewhere/{path}"), "mine");
        }
        let before = files(&scratch.path("elsewhere"));
        let place = scratch.path(&format!("site/{link}"));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(scratch.path("elsewhere").join(to), &place).unwrap();
        for text in ["One.", "Two.", "Three."] {
            scratch.write("site/content/articles/b.md", format!("+++\ntitle = \"B\"\n+++\n{text}\n"));
            let built = gleaner(&scratch.path("site"), &["build"]);
            // A link in the place of `.gleaner` is an error: what was imported stands there, too.
            assert_eq!(built.status.success(), link != ".gleaner", "{link}: {}", err(&built));
            assert!(files(&scratch.path("elsewhere")) == before, "{link} to `{to}`: {}", err(&built));
        }
    }
}

#[test]
fn a_folder_of_the_site_that_is_a_link_is_reported_and_stops_publishing() {
    for linked in ["content", "content/articles", "static", "themes", "seeds"] {
        let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/a.txt", STORY)]);
        for file in ["static/a.txt", "themes/mine/theme.toml"] {
            scratch.write(file, "");
        }
        assert!(gleaner(scratch.root(), &["build"]).status.success());
        let public = scratch.public();
        scratch.rename(linked, "elsewhere");
        symlink(scratch.path("elsewhere"), scratch.path(linked)).unwrap();
        let kept = files(&scratch.path("elsewhere"));
        let built = gleaner(scratch.root(), &["build", "--message-format", "short"]);
        assert!(err(&built).contains("a symbolic link is not followed"), "{linked}: {}", err(&built));
        assert!(files(&scratch.path("elsewhere")) == kept, "{linked}");
        if linked == "seeds" {
            // Of seeds there is an account, and their articles stay.
            assert_eq!(built.status.code(), Some(0), "{linked}: {}", err(&built));
            assert!(scratch.has("public/articles/on-quiet-gardens/index.html"));
        } else {
            assert_eq!(built.status.code(), Some(1), "{linked}: {}", err(&built));
            assert!(scratch.public() == public, "{linked}");
        }
    }
}

#[test]
fn loops_of_links_end_and_are_told_of() {
    let scratch =
        Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/a.txt", STORY), ("static/a.txt", "a")]);
    for folder in ["seeds", "content", "static"] {
        symlink("..", scratch.path(&format!("{folder}/up"))).unwrap();
    }
    let built = gleaner(scratch.root(), &["build", "--message-format", "short"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    for path in ["content/up", "static/up", "seeds/up"] {
        assert!(err(&built).contains(path), "{path}: {}", err(&built));
    }
}

#[test]
fn a_folder_of_others_is_published_to_only_when_forced() {
    let scratch = Scratch::of(&[
        ("gleaner.toml", "title = \"T\"\n"),
        ("seeds/a.txt", STORY),
        ("home/letter.txt", "dear"),
    ]);
    let refused = gleaner(scratch.root(), &["build", "--output", "home"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("holds files that no build wrote"), "{}", err(&refused));
    assert_eq!(files(&scratch.path("home")).len(), 1);
    assert!(gleaner(scratch.root(), &["build", "--output", "home", "--force"]).status.success());
    assert!(scratch.has("home/index.html") && scratch.read("home/letter.txt") == "dear");
    scratch.write("home/mine.txt", "mine");
    symlink("/", scratch.path("home/root")).unwrap();
    scratch.replace("seeds/a.txt", "So it goes", "So it went");
    assert!(gleaner(scratch.root(), &["build", "--output", "home"]).status.success());
    assert!(scratch.read("home/mine.txt") == "mine" && scratch.path("home/root").is_symlink());
}

#[test]
fn import_keeps_the_mode_of_a_file() {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/a.txt", STORY)]);
    gleaner(scratch.root(), &["import"]);
    let article = scratch.path("content/articles/on-quiet-gardens.md");
    fs::set_permissions(&article, fs::Permissions::from_mode(0o640)).unwrap();
    scratch.replace("seeds/a.txt", "end it all", "end it well");
    gleaner(scratch.root(), &["import"]);
    assert!(fs::read_to_string(&article).unwrap().contains("end it well"));
    assert_eq!(fs::metadata(&article).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_file_that_changed_meanwhile_is_left_and_all_others_are_written() {
    use gleaner::import::{Asked, import};
    use gleaner::public::keep;
    let seeds = [("seeds/a.txt", STORY.to_owned()), ("seeds/b.txt", STORY.replace("quiet", "wild"))];
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n")]);
    for (path, text) in &seeds {
        scratch.write(path, text);
    }
    scratch.build();
    for (path, _) in &seeds {
        scratch.replace(path, "end it all", "end it well");
    }
    let (site, _) = gleaner::seeds::read(scratch.root()).unwrap();
    let ((_, import), _) = import(&site, &Asked::default());
    scratch.replace("content/articles/on-quiet-gardens.md", "So it goes", "So it went");
    let problem = keep(scratch.root(), &import.writes).unwrap_err().anywhere().in_short();
    assert!(problem.contains("`content/articles/on-quiet-gardens.md` was changed"), "{problem}");
    let quiet = scratch.read("content/articles/on-quiet-gardens.md");
    assert!(quiet.contains("So it went") && quiet.contains("end it all"), "{quiet}");
    assert!(scratch.read("content/articles/on-wild-gardens.md").contains("end it well"));
    // The next import has both: the edit, and what the seed says now.
    scratch.build();
    let quiet = scratch.read("content/articles/on-quiet-gardens.md");
    assert!(quiet.contains("So it went") && quiet.contains("end it well"), "{quiet}");
}

/// Runs Gleaner as somebody whom permissions bind; root gives the site to nobody, and is nobody for this. `None` where it
/// cannot be.
fn bound(scratch: &Scratch, arguments: &[&str]) -> Option<std::process::Output> {
    const NOBODY: u32 = 65_534;
    let program = env!("CARGO_BIN_EXE_gleaner");
    if !is_root() {
        return Some(gleaner(scratch.root(), arguments));
    }
    for entry in walkdir::WalkDir::new(scratch.root()).into_iter().map(Result::unwrap) {
        std::os::unix::fs::lchown(entry.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let id = NOBODY.to_string();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &id, "--regid", &id, "--clear-groups", program]);
    let output = command.args(arguments).current_dir(scratch.root()).output().ok()?;
    // 126 and 127: the program itself is where nobody may go.
    (!matches!(output.status.code(), Some(126 | 127))).then_some(output)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[test]
fn where_nothing_may_be_written_nothing_is_half_written() {
    for forbidden in [".", "content/articles", "public", "public/articles", ".gleaner"] {
        let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/a.txt", STORY)]);
        assert!(gleaner(scratch.root(), &["build"]).status.success());
        let before = files(scratch.root());
        scratch.write("seeds/b.txt", STORY.replace("quiet", "loud"));
        let set =
            |mode| fs::set_permissions(scratch.path(forbidden), fs::Permissions::from_mode(mode)).unwrap();
        set(0o555);
        let Some(built) = bound(&scratch, &["build", "--message-format", "short"]) else {
            eprintln!("nobody may run the program where it stands: not tried");
            return;
        };
        set(0o755);
        let said = err(&built);
        let after = files(scratch.root());
        if built.status.success() {
            // What is staged beside the site and exchanged with it needs no leave of the old one's.
            assert!(after.contains_key("public/articles/on-loud-gardens/index.html"), "{forbidden}: {said}");
        } else {
            assert_eq!(built.status.code(), Some(1), "{forbidden}: {said}");
            assert!(said.contains("Permission denied"), "{forbidden}: {said}");
            let site = |all: &BTreeMap<String, Vec<u8>>| -> Vec<(String, Vec<u8>)> {
                let is_site = |path: &str| path.starts_with("public/");
                all.iter().filter(|(path, _)| is_site(path)).map(|(a, b)| (a.clone(), b.clone())).collect()
            };
            assert!(site(&after) == site(&before), "{forbidden}: the site is as it was");
        }
        let again = bound(&scratch, &["build"]).unwrap();
        assert!(again.status.success(), "{forbidden}: {}", err(&again));
        assert!(scratch.has("public/articles/on-loud-gardens/index.html"), "{forbidden}");
    }
}

#[test]
fn a_cache_that_takes_nothing_is_a_warning_and_the_site_is_built() {
    type Put = fn(&Scratch);
    let in_the_way: [(&str, Put); 5] = [
        ("a file", |site| {
            fs::remove_dir_all(site.path(".gleaner/cache")).unwrap();
            site.write(".gleaner/cache", "mine");
        }),
        ("a link to nothing", |site| {
            fs::remove_dir_all(site.path(".gleaner/cache")).unwrap();
            symlink("/gone/for/good", site.path(".gleaner/cache")).unwrap();
        }),
        ("folders where files would be", |site| {
            for name in ["import", "build", "lock"] {
                fs::remove_file(site.path(&format!(".gleaner/cache/{name}"))).unwrap();
                fs::create_dir(site.path(&format!(".gleaner/cache/{name}"))).unwrap();
            }
        }),
        ("nothing may be written", |site| {
            let place = site.path(".gleaner/cache");
            fs::remove_dir_all(&place).unwrap();
            fs::create_dir(&place).unwrap();
            fs::set_permissions(place, fs::Permissions::from_mode(0o555)).unwrap();
        }),
        ("nobody may look", |site| {
            fs::set_permissions(site.path(".gleaner/cache"), fs::Permissions::from_mode(0o000)).unwrap();
        }),
    ];
    for (what, put) in in_the_way {
        let scratch = Scratch::of(&[("gleaner.toml", "title = \"T\"\n"), ("seeds/a.txt", STORY)]);
        assert!(gleaner(scratch.root(), &["build"]).status.success());
        scratch.write("seeds/b.txt", STORY.replace("quiet", "loud"));
        put(&scratch);
        for run in 1..=2 {
            let Some(built) = bound(&scratch, &["build", "--message-format", "short"]) else {
                eprintln!("nobody may run the program where it stands: not tried");
                return;
            };
            let said = err(&built);
            assert!(built.status.success(), "{what}, {run}: {said}");
            assert!(said.contains("warning: `.gleaner/cache/import` cannot be"), "{what}, {run}: {said}");
            assert!(scratch.has("public/articles/on-loud-gardens/index.html"), "{what}, {run}: {said}");
        }
        let imported = bound(&scratch, &["import"]).unwrap();
        assert!(imported.status.success(), "{what}: {}", err(&imported));
        let place = scratch.path(".gleaner/cache");
        if !place.is_symlink() {
            fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}
