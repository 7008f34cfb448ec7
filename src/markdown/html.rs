//! A body as HTML.
//!
//! In: a [`Body`] and where each of its links leads and each of its pictures is. Out: HTML in which every passage has its id, code is
//! highlighted, tables scroll inside themselves, and raw HTML is harmless.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::Body;
use super::highlight::highlight;
use super::pieces::pieces;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Href {
    /// To this address.
    To(String),
    /// Nowhere yet: the words are shown, and said to lead nowhere.
    Nowhere,
}

/// Where a picture is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In this site, at this address.
    Here(String),
    /// On another.
    Elsewhere(String),
    /// Nowhere, or where no browser is sent: its description is shown.
    Nowhere,
}

/// Writes a body as HTML. `link_href` says where the link at each place of [`Body::links`] leads, `picture_source`
/// where the picture at each place of [`Body::pictures`] is.
pub fn html(
    body: &Body,
    link_href: impl Fn(usize) -> Href,
    picture_source: impl Fn(usize) -> Source,
) -> String {
    let mut writer = Writer {
        events: Vec::new(),
        code: None,
        has_raw_html: false,
        open_links: Vec::new(),
        open_images: Vec::new(),
    };
    let mut ids = body.passages.iter().map(|passage| passage.id.as_str());
    let mut links = (0..body.links.len()).map(link_href);
    let mut pictures = (0..body.pictures.len()).map(picture_source);
    // A page has one first-level heading, its title: a body that uses the first level itself moves down by one.
    let shift = u8::from(body.headings.iter().any(|heading| heading.level == 1));
    for piece in pieces(body.source()) {
        let id = piece.opens.and_then(|_| ids.next());
        writer.event(piece.event, id, shift, &mut links, &mut pictures);
    }
    let mut html = String::with_capacity(body.source().len() * 3 / 2);
    let has_raw_html = writer.has_raw_html;
    pulldown_cmark::html::push_html(&mut html, writer.events.into_iter());
    // Alignment is a matter for the theme: style attributes break a strict Content-Security-Policy.
    for (style, class) in [("right", " class=\"number\""), ("center", " class=\"centre\""), ("left", "")] {
        html = html.replace(&format!(" style=\"text-align: {style}\""), class);
    }
    if has_raw_html { sanitised(&html) } else { html }
}

struct Writer<'a> {
    events: Vec<Event<'a>>,
    code: Option<(String, String)>,
    has_raw_html: bool,
    /// For each link begun, the HTML that ends it.
    open_links: Vec<&'static str>,
    /// The same for each image; empty for one that is shown.
    open_images: Vec<&'static str>,
}

impl<'a> Writer<'a> {
    fn raw(&mut self, html: impl Into<CowStr<'a>>) {
        self.events.push(Event::InlineHtml(html.into()));
    }

    fn event(
        &mut self,
        event: Event<'a>,
        id: Option<&str>,
        shift: u8,
        links: &mut impl Iterator<Item = Href>,
        pictures: &mut impl Iterator<Item = Source>,
    ) {
        if let Some((_, code)) = &mut self.code {
            match event {
                Event::Text(text) => code.push_str(&text),
                Event::End(TagEnd::CodeBlock) => self.code_block(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(Tag::Paragraph) => match id {
                Some(id) => self.raw(format!("\n<p id=\"{id}\">")),
                None => self.raw("\n<p>"),
            },
            Event::Start(Tag::Heading { level, .. }) => {
                let level = (level as u8 + shift).min(6);
                self.raw(format!("\n<h{level} id=\"{}\">", id.map(escaped).unwrap_or_default()));
            }
            Event::End(TagEnd::Heading(level)) => {
                let level = (level as u8 + shift).min(6);
                self.raw(format!("</h{level}>\n"));
            }
            Event::Start(Tag::Item) => match id {
                Some(id) => self.raw(format!("\n<li id=\"{id}\">")),
                None => self.raw("\n<li>"),
            },
            Event::Start(Tag::Table(alignments)) => {
                let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
                self.raw(format!(
                    "\n<div class=\"table\"{id} tabindex=\"0\" role=\"group\" aria-label=\"Table\">"
                ));
                self.events.push(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                self.events.push(Event::End(TagEnd::Table));
                self.raw("</div>\n");
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Event::Start(Tag::Link { link_type, title, .. }) => match links.next() {
                Some(Href::To(href)) => {
                    let title = if title.is_empty() {
                        String::new()
                    } else {
                        format!(" title=\"{}\"", escaped(&title))
                    };
                    self.raw(format!("<a href=\"{}\"{title}>", escaped(&href)));
                    self.open_links.push("</a>");
                }
                Some(Href::Nowhere) | None => {
                    self.raw("<span class=\"unresolved\">");
                    let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
                    self.open_links.push(if is_wiki {
                        "<span class=\"hidden\"> (no article yet)</span></span>"
                    } else {
                        "</span>"
                    });
                }
            },
            Event::End(TagEnd::Link) => {
                let end = self.open_links.pop().unwrap_or_default();
                self.raw(end);
            }
            Event::Start(Tag::Image { link_type, title, id, .. }) => match pictures.next() {
                Some(Source::Here(src)) => {
                    let dest_url = CowStr::from(src);
                    self.events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
                    self.open_images.push("");
                }
                // Nothing is fetched from another site, so the picture is a link to it.
                Some(Source::Elsewhere(url)) => {
                    self.raw(format!("<a class=\"picture\" href=\"{}\">Picture: ", escaped(&url)));
                    self.open_images.push("</a>");
                }
                Some(Source::Nowhere) | None => {
                    self.raw("<span class=\"unresolved\">Picture: ");
                    self.open_images.push("</span>");
                }
            },
            Event::End(TagEnd::Image) => match self.open_images.pop() {
                None | Some("") => self.events.push(Event::End(TagEnd::Image)),
                Some(end) => self.raw(end),
            },
            Event::TaskListMarker(is_done) => {
                let (state, checked) = if is_done { ("done", " checked") } else { ("not done", "") };
                self.raw(format!("<input type=\"checkbox\" aria-label=\"{state}\" disabled{checked}> "));
            }
            Event::Html(raw) => {
                self.has_raw_html = true;
                self.events.push(Event::Html(raw));
            }
            Event::InlineHtml(raw) => {
                self.has_raw_html = true;
                self.events.push(Event::InlineHtml(raw));
            }
            other => self.events.push(other),
        }
    }

    fn code_block(&mut self) {
        let Some((language, code)) = self.code.take() else { return };
        let class = if language.is_empty() {
            String::new()
        } else {
            format!(" class=\"language-{}\"", escaped(&language))
        };
        let marked = highlight(&code, &language).unwrap_or_else(|| escaped(&code));
        self.raw(format!("\n<pre class=\"code\" tabindex=\"0\"><code{class}>{marked}</code></pre>\n"));
    }
}

/// Escapes text for HTML, in elements and in quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _infallible = pulldown_cmark_escape::escape_html(&mut escaped, text);
    escaped
}

/// Makes a body that holds raw HTML harmless, keeping what the writer itself put there.
fn sanitised(html: &str) -> String {
    ammonia::Builder::default()
        .add_generic_attributes(["id", "class"])
        .add_tag_attributes("div", ["tabindex", "role", "aria-label"])
        .add_tag_attributes("pre", ["tabindex"])
        .add_tag_attributes("input", ["type", "checked", "disabled", "aria-label"])
        .add_tags(["input"])
        .rm_tags(["map", "area", "audio", "video"])
        .attribute_filter(|tag, attribute, value| {
            let loads = matches!(
                (tag, attribute),
                ("img", "src" | "srcset") | ("q" | "blockquote" | "del" | "ins", "cite")
            );
            // Raw HTML may load from this site alone: no scheme, no other host.
            let is_here = !value.contains("//")
                && value.split_once(':').is_none_or(|(name, _)| name.contains(['/', '.']));
            (!loads || is_here).then_some(value.into())
        })
        .url_schemes(safe_schemes())
        .link_rel(None)
        .clean(html)
        .to_string()
}

/// The schemes a link may have; all others, `javascript:` first among them, lead nowhere.
pub fn safe_schemes() -> std::collections::HashSet<&'static str> {
    BTreeSet::from(["http", "https", "mailto", "tel", "ftp", "gemini"]).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::tests::body;

    fn check(markdown: &str, expected: &str) {
        let body = body(markdown);
        let to = |index: usize| match &body.links[index].target {
            crate::markdown::Target::Destination(href) => Href::To(href.clone()),
            crate::markdown::Target::Wiki { .. } => Href::Nowhere,
        };
        let picture = |index: usize| Source::Here(body.pictures[index].destination.clone());
        let html = html(&body, to, picture);
        assert!(html.contains(expected), "{markdown}\n{html}");
    }

    #[test]
    fn what_markdown_becomes() {
        check("## A *b*", "<h2 id=\"a-b\">A <em>b</em></h2>");
        check("# A\n\n## B", "<h2 id=\"a\">A</h2>");
        check("- a\n- b", "<li id=\"p-");
        check("[x](y.html)", "<a href=\"y.html\">x</a>");
        check(
            "[[None]]",
            "<span class=\"unresolved\">None<span class=\"hidden\"> (no article yet)</span></span>",
        );
        check("\"So\" -- it's", "“So” – it’s");
        check(
            "```rust\nfn a() {}\n```",
            "<pre class=\"code\" tabindex=\"0\"><code class=\"language-rust\"><span",
        );
        check("```\n<b>\n```", "<code>&lt;b&gt;\n</code>");
        check("| a |\n|---|\n| b |", "<table>");
        check("<sub>2</sub>", "<sub>2</sub>");
        check("\\</soapbox>", "&lt;/soapbox&gt;");
    }

    #[test]
    fn raw_html_is_harmless() {
        let body =
            body("<script>alert(1)</script> <img src=x onerror=alert(1)> <a href=\"javascript:x\">y</a>");
        let html = html(&body, |_| Href::Nowhere, |_| Source::Nowhere);
        assert!(!html.contains("script") && !html.contains("onerror"), "{html}");
    }
}
