//! Themes: the templates and static files a site is drawn with, and what they say.
//!
//! In: the files of a theme below `themes/`, the built-in ones where it has none. Out: the templates' texts; the
//! [`Assets`], its static files, each named by what it holds, so that browsers may keep them for ever; and the
//! [`Wording`].

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::address::Address;
use crate::diagnostic::{Diagnostics, Problem};
use crate::look::{self, Look};
use crate::path::SitePath;
use crate::seeds::{Bytes, STATIC, Site, THEMES};
use crate::style;
use crate::text::Text;
use crate::wording::{self, Wording};

/// The name of the built-in theme.
pub const DEFAULT_THEME: &str = "default";

/// Where a theme's static files are published.
pub const ASSETS: &str = "assets";

/// How many digits of a file's hash are in its name: of a theme's few files no two will share them.
const FINGERPRINT: usize = 8;

/// The style sheet behind which stands what `theme.toml` changes.
const STYLE: &str = "style.css";

/// What stands in a script for an object of all strings that scripts say.
const WORDS: &str = "__WORDS__";

macro_rules! built_in {
    ($($path:literal),+ $(,)?) => {
        /// The files of the built-in theme, by path below the theme.
        pub const BUILT_IN: &[(&str, &[u8])] =
            &[$(($path, include_bytes!(concat!("../themes/default/", $path)))),+];
    };
}

built_in! {
    "i18n/ar.toml",
    "i18n/de.toml",
    "i18n/en.toml",
    "i18n/es.toml",
    "i18n/fr.toml",
    "static/LITERATA-LICENSE.txt",
    "static/icon.svg",
    "static/literata-italic-ext.woff2",
    "static/literata-italic.woff2",
    "static/literata-roman-ext.woff2",
    "static/literata-roman.woff2",
    "static/search.js",
    "static/site.js",
    "static/style.css",
    "templates/404.html",
    "templates/about.html",
    "templates/article.html",
    "templates/atom.xml",
    "templates/author.html",
    "templates/base.html",
    "templates/card.svg",
    "templates/components.html",
    "templates/concept.html",
    "templates/figures.html",
    "templates/front.html",
    "templates/graph.html",
    "templates/index.html",
    "templates/opensearch.xml",
    "templates/path.html",
    "templates/paths.html",
    "templates/plain.html",
    "templates/redirect.html",
    "templates/robots.txt",
    "templates/search.html",
    "templates/sitemap-index.xml",
    "templates/sitemap.xml",
    "templates/source.html",
    "templates/timeline.html",
    "templates/topic.html",
    "templates/topics.html",
    "templates/year.html",
}

/// The files of a theme: its own, and the built-in ones it does not replace.
#[derive(Debug)]
pub struct Theme {
    /// Its templates, by name.
    pub templates: BTreeMap<String, Text>,
    /// Its static files.
    pub assets: Assets,
    /// Its accent on light paper.
    pub accent: String,
    /// The site's own words.
    pub wording: Arc<Wording>,
}

/// The static files of a theme as they are published.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Each with its path, where it is published, and what it holds.
    pub files: Vec<(SitePath, Address, Bytes)>,
    /// For each name below `static/` where it is published.
    names: BTreeMap<String, Address>,
}

impl Assets {
    /// Makes static files ready: style sheets short, scripts with their words, and every file named by what it holds.
    /// Style sheets come last, since they name others; what one of them takes in of another keeps the name it has
    /// there.
    fn of(all: BTreeMap<&str, (SitePath, &[u8])>, wording: &Wording) -> Assets {
        let mut assets = Assets::default();
        let (styles, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(name, _)| name.ends_with(".css"));
        for (name, (path, bytes)) in others {
            let script =
                std::str::from_utf8(bytes).ok().filter(|text| name.ends_with(".js") && text.contains(WORDS));
            let said = script.map(|script| script.replace(WORDS, &wording.for_scripts()).into_bytes().into());
            assets.add(name, path, said.unwrap_or_else(|| bytes.into()));
        }
        let known = assets.names.clone();
        for (name, (path, bytes)) in styles {
            let beside = Address::file(format!("{ASSETS}/{name}"));
            let rename = |named: &str| Some(known.get(&below(name, named)?)?.href_from(&beside));
            let short = std::str::from_utf8(bytes).map(|style| style::shortened(style, &rename));
            assets.add(name, path, short.map_or_else(|_| bytes.into(), |style| style.into_bytes().into()));
        }
        assets
    }

    fn add(&mut self, name: &str, path: SitePath, bytes: Bytes) {
        let address = Address::file(format!("{ASSETS}/{}", fingerprinted(name, &bytes)));
        self.names.insert(name.to_owned(), address.clone());
        self.files.push((path, address, bytes));
    }

    /// Where a file below `static/` is published.
    pub fn address(&self, name: &str) -> Option<&Address> {
        self.names.get(name)
    }

    /// Says of a template where it names a static file as no file is published.
    fn warn(&self, template: &Text, found: &mut Diagnostics) {
        for name in self.names.keys() {
            let plain = format!("{ASSETS}/{name}");
            for (start, _) in template.read().match_indices(&plain) {
                let problem = Problem::new(format!("no file is published as `{plain}`"));
                let hint = format!("write `{{{{ asset(name=\"{name}\") }}}}`, which gives the name it has");
                found.push(problem.hint(hint).at(template.span(start..start + plain.len())).as_warning());
            }
        }
    }

    /// The names of all files, and where each is published.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Address)> {
        self.names.iter().map(|(name, address)| (name.as_str(), address))
    }
}

/// The name below `static/` that a relative address means in the file of another name; `None` where it leads elsewhere.
fn below(from: &str, named: &str) -> Option<String> {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for part in named.split('/') {
        match part {
            "" => return None,
            "." => {}
            ".." => drop(folders.pop()?),
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

/// A name with eight digits of the hash of what the file holds before its ending: `style.0f3a9c41.css`.
fn fingerprinted(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => (stem, Some(ending)),
        _ => (name, None),
    };
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    format!("{stem}.{}{ending}", &hash[..FINGERPRINT])
}

/// What a site says of its own in a language: the built-in words, and over them those of its theme.
pub fn wording(site: &Site, theme: &str, language: &str) -> (Wording, Diagnostics) {
    let mut found = Diagnostics::new();
    let folder = format!("{THEMES}/{theme}/{}", wording::FOLDER);
    let built_in = BUILT_IN
        .iter()
        .filter(|(path, _)| path.starts_with(wording::FOLDER))
        .map(|(path, bytes)| (SitePath::new(format!("{THEMES}/{DEFAULT_THEME}/{path} (built in)")), *bytes));
    let own =
        site.themes.iter().filter(|(path, _)| path.inside(&folder).is_some() && path.ending() == "toml");
    let all = built_in.chain(own.map(|(path, bytes)| (path.clone(), bytes.as_ref())));
    let texts: Vec<Text> = all
        .filter_map(|(path, bytes)| match std::str::from_utf8(bytes) {
            Ok(text) => Some(Text::new(path, text.to_owned())),
            Err(_) => {
                found.push(Problem::new("a file of strings is not UTF-8 text").in_file(path));
                None
            }
        })
        .collect();
    let texts: Vec<Text> = wording::in_order(language, texts.iter()).into_iter().cloned().collect();
    (found.take(Wording::read(language, &texts)), found)
}

/// What stands in the file of a new theme that says what it changes.
const NEW: &str = "\
# What this theme changes of the built-in one. Take away the `#` before what you want, and build.

# The colour of links, and of controls. The dark one is made of it where it is not given.
# accent = \"#1b4fb8\"
# accent_dark = \"#8fb8ff\"

# How close lines stand: `compact`, `comfortable` or `roomy`.
# density = \"compact\"

# Fonts that readers have: the first that is there is taken.
# [fonts]
# text = \"Georgia, 'Noto Serif', serif\"
# interface = \"Verdana, sans-serif\"
# code = \"Consolas, monospace\"
";

/// What stands before the files that were copied.
const COPIED: &str = "[copied]";

/// The files of a new theme, or those that one gets besides: `theme.toml`, and copies of the built-in files named,
/// which it notes with their hashes, so that a build can say when the built-in ones have changed.
///
/// # Errors
/// When a name is no theme's or no built-in file's, or the theme has the file already.
pub fn new(site: &Site, name: &str, files: &[String]) -> Result<BTreeMap<SitePath, Bytes>, Problem> {
    crate::config::theme(name)?;
    let place = |path: &str| SitePath::new(format!("{THEMES}/{name}/{path}"));
    let settings = place(look::FILE);
    let old = site.themes.get(&settings).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if old.is_some() && files.is_empty() {
        let problem = Problem::new(format!("there is a theme `{name}` already"));
        return Err(problem.hint("name the built-in files that it should get: `templates/article.html`"));
    }
    let mut text = old.unwrap_or_else(|| NEW.to_owned());
    let mut made = BTreeMap::new();
    let mut noted = String::new();
    for path in files {
        let Some((path, bytes)) = BUILT_IN.iter().find(|(known, _)| known == path) else {
            let problem = Problem::new(format!("there is no built-in file `{path}`"));
            let names = BUILT_IN.iter().map(|(path, _)| *path);
            return Err(problem.did_you_mean(path, names).hint("`gleaner theme show` lists them"));
        };
        let place = place(path);
        if site.themes.contains_key(&place) {
            let problem = Problem::new(format!("`{place}` is there already"));
            return Err(problem.hint("edit it, or remove it first"));
        }
        noted.push_str(&format!("\"{path}\" = \"{}\"\n", look::hash(bytes)));
        made.insert(place, (*bytes).into());
    }
    if !noted.is_empty() {
        let at = text.find(&format!("\n{COPIED}\n")).map(|at| at + COPIED.len() + 2);
        match at {
            Some(at) => text.insert_str(at, &noted),
            None => text.push_str(&format!(
                "\n# Which built-in files were copied, and as they were then.\n{COPIED}\n{noted}"
            )),
        }
    }
    made.insert(settings, text.into_bytes().into());
    Ok(made)
}

impl Theme {
    /// Gathers the files of a theme by name.
    ///
    /// # Errors
    /// When the site has no theme of that name, and the name is not the built-in theme's.
    pub fn gather(site: &Site, name: &str, wording: Arc<Wording>) -> (Theme, Diagnostics) {
        let mut found = Diagnostics::new();
        let accent = Look::default().accent;
        let mut theme = Theme { templates: BTreeMap::new(), assets: Assets::default(), accent, wording };
        let mut assets: BTreeMap<&str, (SitePath, &[u8])> = BTreeMap::new();
        let folder = format!("{THEMES}/{name}");
        let own: BTreeMap<&str, &Bytes> =
            site.themes.iter().filter_map(|(path, bytes)| Some((path.inside(&folder)?, bytes))).collect();
        if own.is_empty() && name != DEFAULT_THEME {
            let names: Vec<&str> = site
                .themes
                .keys()
                .filter_map(|path| path.inside(THEMES)?.split('/').next())
                .chain([DEFAULT_THEME])
                .collect();
            let problem = Problem::new(format!("there is no theme `{name}`"));
            let problem = problem.did_you_mean(name, names).hint(format!("a theme is a folder, `{folder}/`"));
            found.push(problem.in_file(SitePath::new(crate::config::CONFIG_FILE)));
        }
        let built_in = BUILT_IN.iter().filter(|(path, _)| !own.contains_key(path)).map(|(path, bytes)| {
            (*path, SitePath::new(format!("{THEMES}/{DEFAULT_THEME}/{path} (built in)")), *bytes, false)
        });
        let own_files = own
            .iter()
            .map(|(path, bytes)| (*path, SitePath::new(format!("{folder}/{path}")), bytes.as_ref(), true));
        let look = own.get(look::FILE).and_then(|bytes| {
            let path = SitePath::new(format!("{folder}/{}", look::FILE));
            let Ok(text) = std::str::from_utf8(bytes) else {
                let problem = Problem::new("the settings of a theme are not UTF-8 text");
                found.push(problem.hint("save the file as UTF-8 in your editor").in_file(path));
                return None;
            };
            Some(found.take(Look::read(&Text::new(path, text.to_owned()))))
        });
        let look = look.unwrap_or_default();
        for (path, (hash, span)) in &look.copied {
            let known = BUILT_IN.iter().find(|(known, _)| known == path);
            let Some((_, bytes)) = known else {
                let problem = Problem::new(format!("there is no built-in file `{path}`"));
                let problem = problem.did_you_mean(path, BUILT_IN.iter().map(|(path, _)| *path));
                found.push(problem.at(span.clone()).as_warning());
                continue;
            };
            if own.contains_key(path.as_str()) && look::hash(bytes) != *hash {
                let problem = Problem::new(format!(
                    "the built-in `{path}` has changed since `{folder}/{path}` was copied"
                ));
                let hint = format!(
                    "compare it with what `gleaner theme show {path} --built-in` prints, then write \"{}\" here",
                    look::hash(bytes)
                );
                found.push(problem.hint(hint).at(span.clone()).as_warning());
            }
        }
        let styled: Vec<u8>;
        let mut templates = Vec::new();
        for (path, shown, bytes, is_own) in built_in.chain(own_files) {
            if let Some(name) = path.strip_prefix("templates/") {
                templates.push((name, shown, bytes, is_own));
            } else if let Some(name) = path.strip_prefix("static/") {
                assets.insert(name, (shown, bytes));
            }
        }
        if let Some((_, bytes)) = assets.get_mut(STYLE).filter(|_| !look.css.is_empty()) {
            styled = [bytes, look.css.as_bytes()].concat();
            *bytes = &styled;
        }
        theme.accent.clone_from(&look.accent);
        theme.assets = Assets::of(assets, &theme.wording);
        let among = format!("{STATIC}/{ASSETS}");
        for path in site.files.keys().filter(|path| path.inside(&among).is_some()) {
            let problem =
                Problem::new("this is published among the theme's files, which browsers keep for a year");
            let hint = format!("put it anywhere else below `{STATIC}/`");
            found.push(problem.hint(hint).in_file(path.clone()).as_warning());
        }
        for (name, shown, bytes, is_own) in templates {
            let Ok(text) = std::str::from_utf8(bytes) else {
                found.push(Problem::new("a template is not UTF-8 text").in_file(shown));
                continue;
            };
            let text = Text::new(shown, text.to_owned());
            if is_own {
                theme.assets.warn(&text, &mut found);
            }
            theme.templates.insert(name.to_owned(), text);
        }
        (theme, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_built_in_theme_is_built_in() {
        let theme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default");
        let mut on_disk: Vec<String> = walkdir::WalkDir::new(&theme)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| SitePath::below(&theme, entry.path()).to_string())
            .filter(|path| path != "theme.toml")
            .collect();
        on_disk.sort();
        let built_in: Vec<&str> = BUILT_IN.iter().map(|(path, _)| *path).collect();
        assert_eq!(built_in, on_disk);
    }

    #[test]
    fn an_unknown_theme_is_an_error() {
        let (_, found) = Theme::gather(&Site::default(), "defualt", Arc::default());
        assert_eq!(
            found.sorted()[0].in_short(),
            "gleaner.toml: error: there is no theme `defualt` (did you mean `default`?) (a theme is a folder, `themes/defualt/`)"
        );
    }

    #[test]
    fn assets_are_named_by_what_they_hold_and_styles_know_the_names() {
        let mut site = Site::default();
        for (path, text) in [
            ("static/faces/a.woff2", "letters"),
            (
                "static/styles/own.css",
                "a { src: url(../faces/a.woff2), url(../../a.woff2), url(https://a.example/a) }",
            ),
            ("templates/front.html", "<link href=\"assets/styles/own.css\">"),
        ] {
            site.themes.insert(SitePath::new(format!("themes/mine/{path}")), text.as_bytes().into());
        }
        let (theme, found) = Theme::gather(&site, "mine", Arc::default());
        let face = theme.assets.address("faces/a.woff2").unwrap().to_string();
        let name = face.strip_prefix("/assets/faces/").unwrap();
        assert_eq!(
            (name.len(), name.starts_with("a."), name.ends_with(".woff2")),
            (16, true, true),
            "{name}"
        );
        let (path, address, style) =
            theme.assets.files.iter().find(|(path, ..)| path.as_str().ends_with("own.css")).unwrap();
        assert_eq!(path.as_str(), "themes/mine/static/styles/own.css");
        assert_eq!(Some(address), theme.assets.address("styles/own.css"));
        let wanted = format!("a{{src:url(../faces/{name}),url(../../a.woff2),url(https://a.example/a)}}");
        assert_eq!(std::str::from_utf8(style).unwrap(), wanted);
        let short = found.sorted()[0].in_short();
        assert!(
            short.starts_with("themes/mine/templates/front.html:1:13: warning: no file is published as"),
            "{short}"
        );
    }
}
