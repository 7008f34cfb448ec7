//! The archive of an Omnivore library below `seeds/`, as a zip or a folder: lists of what was saved, and for each
//! entry its text and what its reader marked.
//!
//! In: what was gathered, the lists among it. Out: the same, in which every entry is one seed: its page, with what the
//! list says of it and with the marked words, or, without a text, where to find it.
//!
//! Source of the format: Omnivore's own export (`packages/api/src/jobs/export.ts` of omnivore-app/omnivore):
//! `metadata_0_to_20.json`, `content/<slug>.html`, `highlights/<slug>.md`.

use serde_json::Value;

use super::lists::{self, Entry, day, marked_page, text};
use super::{Gathered, Unread};
use crate::path::SitePath;

/// Whether a file is a list of an archive: its name and its keys say it.
pub(super) fn is_list(path: &SitePath, bytes: &[u8]) -> bool {
    entries(path, bytes).is_some()
}

/// Joins what the archives among the seeds have in several files.
pub(super) fn join(gathered: &mut Gathered) {
    let lists: Vec<SitePath> = gathered
        .seeds
        .iter()
        .filter(|(path, bytes)| is_named(path) && is_list(path, bytes))
        .map(|(path, _)| path.clone())
        .collect();
    for list in lists {
        let Some(bytes) = gathered.seeds.remove(&list) else { continue };
        let folder = list.as_str().strip_suffix(list.file_name()).unwrap_or_default().to_owned();
        let mut without_text = Vec::new();
        for (slug, mut entry) in entries(&list, &bytes).unwrap_or_default() {
            let page = SitePath::new(format!("{folder}content/{slug}.html"));
            let marks = SitePath::new(format!("{folder}highlights/{slug}.md"));
            let marked = gathered.seeds.get(&marks).cloned();
            entry.highlights = marked.map(|bytes| {
                let marked = String::from_utf8_lossy(&bytes).into_owned();
                marked.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
            });
            let held = gathered.seeds.get(&page).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let is_marked = entry.highlights.is_some();
            match held.filter(|html| !html.trim().is_empty()) {
                Some(html) => {
                    gathered.seeds.insert(page, marked_page(&entry, &html).into_bytes().into());
                }
                None => without_text.push(entry),
            }
            if is_marked {
                gathered.seeds.remove(&marks);
                gathered.unread.insert(marks, Unread::Joined);
            }
        }
        let unpacked = lists::seeds_of(&list, without_text);
        gathered.seeds.extend(unpacked.seeds);
        gathered.unread.extend(unpacked.unread);
    }
}

fn is_named(path: &SitePath) -> bool {
    path.file_name().starts_with("metadata_") && path.ending() == "json"
}

/// What a list says of each entry, with the name of its files; `None` for a file that is none.
fn entries(path: &SitePath, bytes: &[u8]) -> Option<Vec<(String, Entry)>> {
    let list: Value = Some(path).filter(|path| is_named(path)).and(serde_json::from_slice(bytes).ok())?;
    let list = list.as_array().filter(|list| !list.is_empty())?;
    let entry = |one: &Value| {
        let slug = text(one, "slug")?;
        one.get("savedAt")?;
        let labels = one.get("labels").and_then(Value::as_array).into_iter().flatten();
        let entry = Entry {
            url: text(one, "url").unwrap_or_default(),
            title: text(one, "title").unwrap_or_default(),
            // A label is a text, or an object with a name.
            tags: labels
                .filter_map(|one| one.as_str().or_else(|| one.get("name")?.as_str()))
                .map(str::to_owned)
                .collect(),
            saved: text(one, "savedAt").and_then(|saved| day(&saved)),
            published: text(one, "publishedAt").and_then(|published| day(&published)),
            authors: text(one, "author").into_iter().collect(),
            ..Entry::default()
        };
        Some((slug, entry))
    };
    list.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[
        {"id": "1", "slug": "leeks", "title": "Leeks & soil", "description": "", "author": "Jane Roe", "url": "https://e.org/leeks",
         "state": "ARCHIVED", "readingProgress": 41.5, "thumbnail": null, "labels": ["Garden", {"name": "later"}],
         "savedAt": "2024-01-02T03:04:05.000Z", "updatedAt": "2024-01-02T03:04:05.000Z", "publishedAt": "2011-03-02T00:00:00.000Z"},
        {"id": "2", "slug": "gone", "title": "Gone", "url": "https://e.org/gone", "state": "FAILED", "labels": [], "savedAt": "2024-01-03T03:04:05.000Z"},
        {"id": "3", "slug": "../../out", "title": "", "url": "", "labels": null, "savedAt": null}]"#;

    fn joined(files: &[(&str, &str)]) -> Gathered {
        let mut gathered = Gathered::default();
        for (path, text) in files {
            gathered.seeds.insert(SitePath::new(*path), text.as_bytes().into());
        }
        join(&mut gathered);
        gathered
    }

    #[test]
    fn an_entry_is_one_seed_with_all_that_is_known_of_it() {
        let gathered = joined(&[
            ("seeds/o.zip/metadata_0_to_3.json", LIST),
            ("seeds/o.zip/content/leeks.html", "<div><p>Of leeks.</p></div>"),
            ("seeds/o.zip/highlights/leeks.md", "> Of leeks. \n\nMine\n"),
            ("seeds/o.zip/highlights/gone.md", "> Gone words "),
            ("seeds/o.zip/content/stray.html", "<p>Nobody lists it.</p>"),
        ]);
        let seeds: Vec<&str> = gathered.seeds.keys().map(SitePath::as_str).collect();
        assert_eq!(
            seeds,
            [
                "seeds/o.zip/content/leeks.html",
                "seeds/o.zip/content/stray.html",
                "seeds/o.zip/metadata_0_to_3.json/gone-728fbd87.md",
            ]
        );
        let unread: Vec<String> =
            gathered.unread.iter().map(|(path, why)| format!("{path}: {why}")).collect();
        assert_eq!(
            unread,
            [
                "seeds/o.zip/highlights/gone.md: it is part of its article",
                "seeds/o.zip/highlights/leeks.md: it is part of its article",
                "seeds/o.zip/metadata_0_to_3.json/entry 2: the entry has no address",
            ]
        );
        let held = |path: &str| String::from_utf8_lossy(&gathered.seeds[path]).into_owned();
        for part in [
            "<title>Leeks &amp; soil</title>",
            "content=\"2011-03-02\"",
            "content=\"Jane Roe\"",
            "href=\"https://e.org/leeks\"",
            "content=\"Garden\"",
            "<p>Of leeks.</p>",
            "> Of leeks.\n\nMine",
        ] {
            assert!(held(seeds[0]).contains(part), "{part}: {}", held(seeds[0]));
        }
        assert!(held(seeds[2]).contains("> Gone words\n"), "{}", held(seeds[2]));
    }

    #[test]
    fn other_lists_are_left_alone() {
        for (path, text) in [
            ("seeds/metadata_0.json", "[]"),
            ("seeds/metadata_0.json", "[{\"slug\": \"a\"}]"),
            ("seeds/metadata_0.json", "{"),
            ("seeds/other.json", LIST),
        ] {
            let gathered = joined(&[(path, text)]);
            assert_eq!(gathered.seeds.len(), 1, "{path} {text}");
        }
    }
}
