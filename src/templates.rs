//! Templates: pages drawn as text by tera.
//!
//! In: a [`Theme`]. Out: [`Templates`], which draw any page; a
//! template's mistakes are diagnostics with the template's file, line and the page it was drawing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use crate::address::Address;
use crate::card;
use crate::diagnostic::{Diagnostic, Problem};
use crate::memo::Key;
use crate::pages::page::{Page, Shows};
use crate::seeds::Bytes;
use crate::text::{Text, Words};
use crate::theme::{Assets, Theme};
use crate::wording::Wording;

/// What most pages show without their text takes less room than this, in bytes.
const PAGE: usize = 1 << 13;

/// Templates, ready to draw.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    texts: BTreeMap<String, Text>,
    wording: Arc<Wording>,
    /// For each template its key.
    keys: BTreeMap<String, Key>,
}

impl Templates {
    /// Reads the templates of a theme.
    ///
    /// # Errors
    /// When a template has a mistake in its syntax, or names one that does not exist.
    pub fn read(theme: &Theme) -> Result<Templates, Diagnostic> {
        let texts = theme.templates.clone();
        // A name tells what the file holds, so pages are drawn anew where a static file changed.
        let assets: Vec<String> =
            theme.assets.names().map(|(name, address)| format!("{name}\n{address}\n")).collect();
        let assets = assets.concat();
        let wording = theme.wording.clone();
        let keys = texts.keys().map(|name| {
            let own = key(name, &texts);
            (name.clone(), Key::of(&[own.bytes(), assets.as_bytes(), wording.id()]))
        });
        let keys = keys.collect();
        let mut templates = Templates { tera: Tera::new(), texts, wording: wording.clone(), keys };
        templates.tera.autoescape_on(vec![".html", ".xml", ".svg"]);
        templates.tera.register_filter("outline", outline);
        let assets = theme.assets.clone();
        templates.tera.register_function("asset", move |given: Kwargs, _: &State<'_>| asset(&assets, &given));
        // Whose style sheet has another accent is another, so that what shows it is drawn anew, as above.
        let accent = theme.accent.clone();
        templates.tera.register_function("accent", move |_: Kwargs, _: &State<'_>| accent.clone());
        let said = move |given: Kwargs, state: &State<'_>| say(&wording, &given, state);
        templates.tera.register_function("say", said);
        let all = theme.templates.iter().map(|(name, text)| (name.as_str(), text.read()));
        match templates.tera.add_raw_templates(all) {
            Ok(()) => Ok(templates),
            Err(error) => Err(templates.diagnostic(&error, None)),
        }
    }

    /// What a page's bytes depend on, as a key: the page, its template, and the templates that one names.
    pub fn key(&self, page: &Page) -> Key {
        // What cannot be written cannot be drawn either, and is said then. Hashed in one piece: in as many as it is written in
        // takes four times as long.
        let mut shown = Vec::with_capacity(PAGE);
        serde_json::to_writer(&mut shown, page).unwrap_or_default();
        let template = page.page.template();
        let drawn_with = self.keys.get(template).map(Key::bytes).unwrap_or_default();
        Key::of(&[template.as_bytes(), drawn_with, &shown])
    }

    /// The templates as the theme has them.
    pub fn texts(&self) -> impl Iterator<Item = Words<'_>> + Clone {
        self.texts.values().map(Text::read)
    }

    /// Whether they draw every page alike.
    pub fn are_the_same(&self, other: &Templates) -> bool {
        self.texts == other.texts && self.wording == other.wording
    }

    /// Draws a page: a card as a picture, every other as text.
    ///
    /// # Errors
    /// When the template asks for what the page does not have, or a card's gives no drawing.
    pub fn draw(&self, address: &Address, page: &Page) -> Result<Bytes, Diagnostic> {
        let text = self.text(address, page)?;
        if !matches!(page.page, Shows::Card(_)) {
            return Ok(text.into_bytes().into());
        }
        card::png(&text).map(Bytes::from).map_err(|error| {
            let problem = Problem::new(format!("`{address}` cannot be drawn: {error}"));
            match self.texts.get(page.page.template()) {
                Some(text) => problem.at(text.span(0..0)),
                None => problem.anywhere(),
            }
        })
    }

    fn text(&self, address: &Address, page: &Page) -> Result<String, Diagnostic> {
        let context = Context::from_serialize(page)
            .map_err(|error| Problem::new(format!("`{address}` cannot be shown: {error}")).anywhere())?;
        let template = page.page.template();
        let drawn =
            self.tera.render(template, &context).map_err(|error| self.diagnostic(&error, Some(address)))?;
        // XML 1.0 has no way to write most control characters (section 2.2), not even as references.
        let is_xml = template.ends_with(".xml") || template.ends_with(".svg");
        let is_xml = is_xml && drawn.contains(|c| !is_xml_char(c));
        Ok(if is_xml { drawn.chars().filter(|&c| is_xml_char(c)).collect() } else { drawn })
    }

    fn diagnostic(&self, error: &tera::Error, address: Option<&Address>) -> Diagnostic {
        let drawing = address.map(|address| format!(" (drawing `{address}`)")).unwrap_or_default();
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let mut message = report.message().lines().next().unwrap_or_default().to_owned();
                if let Some(first) = message.get(..1) {
                    message.replace_range(..1, &first.to_lowercase());
                }
                let problem = Problem::new(format!("{}{drawing}", message.trim_end_matches('.')));
                match self.texts.get(report.filename()) {
                    Some(text) => problem.at(text.span(span(report.span().range.clone(), text))),
                    None => problem.anywhere(),
                }
            }
            _ => Problem::new(format!("template: {error}{drawing}")).anywhere(),
        }
    }
}

/// The function `asset(name="style.css")`: where a static file of the theme is published, below the site's root.
fn asset(assets: &Assets, given: &Kwargs) -> TeraResult<String> {
    let name: &str = given.must_get("name")?;
    match assets.address(name) {
        Some(address) => Ok(address.href_from(&Address::file("index.html"))),
        None => Err(tera::Error::message(format!("the theme has no file `static/{name}`"))),
    }
}

/// The function `say(key="article.by", authors=...)`: a string of the site's own, as HTML. `count=` chooses its plural
/// form; what else is given stands where the string says, or is the address of a link in it.
fn say(wording: &Wording, given: &Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let key: &str = given.must_get("key")?;
    let count: Option<usize> = given.get("count")?;
    let shown = |name: &str| {
        let value: &Value = given.get(name).ok().flatten()?;
        let text = value.to_string();
        if value.is_safe() || !state.autoescaping_enabled() { Some(text) } else { state.escape(&text).ok() }
    };
    let html = wording.html(key, count, shown).map_err(tera::Error::message)?;
    Ok(Value::safe_string(&html))
}

/// The filter `outline(size=30, bold=false)`: a line as the data of an SVG path, in the letters of cards.
fn outline(line: &str, given: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let size: f64 = given.must_get("size")?;
    let weight =
        if given.get("bold")?.unwrap_or(false) { card::Weight::Semibold } else { card::Weight::Regular };
    Ok(card::outline(line, weight, size as f32))
}

/// The key of a template and of all it names, and they name: what a template says anywhere that is another's name
/// counts, so that none is missed, however it is taken in.
fn key(name: &str, texts: &BTreeMap<String, Text>) -> Key {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let mut next = vec![name];
    while let Some(name) = next.pop() {
        let Some((name, text)) = texts.get_key_value(name) else { continue };
        if named.insert(name) {
            next.extend(
                texts.keys().filter(|other| text.read().contains(other.as_str())).map(String::as_str),
            );
        }
    }
    let named: Vec<_> = named.into_iter().map(|name| (name, texts[name].read())).collect();
    let parts: Vec<&[u8]> =
        named.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]).collect();
    Key::of(&parts)
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn span(range: Range<usize>, text: &Text) -> Range<usize> {
    let end = text.read().len();
    range.start.min(end)..range.end.min(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;
    use crate::seeds::Site;

    #[test]
    fn a_template_with_a_mistake_says_where() {
        let mut site = Site::default();
        let path = SitePath::new("themes/mine/templates/front.html");
        site.themes.insert(path, b"<p>\n{{ page.lede".as_slice().into());
        let (theme, found) = Theme::gather(&site, "mine", Arc::default());
        assert!(found.is_empty());
        let short = Templates::read(&theme).unwrap_err().in_short();
        assert!(short.starts_with("themes/mine/templates/front.html:2:"), "{short}");
    }
}
