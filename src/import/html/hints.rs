//! What the names that authors of pages give their elements hint at.
//!
//! In: an element's `class`, `id`, `role`, `itemprop` and the like. Out: the [`Hint`]s among their words. Only words
//! that many sites use count, no site's own.

use super::dom::{Dom, Id};

/// What a name hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Hint {
    /// The article itself.
    Article,
    /// Readers' comments.
    Comment,
    /// Sharing and following.
    Share,
    /// Other articles.
    Related,
    /// Moving about the site.
    Navigation,
    /// Who wrote it.
    Author,
    /// Newsletters.
    Newsletter,
    /// Advertisements and other requests.
    Advert,
    /// What lies over the page: consent, signing in.
    Overlay,
    /// What stands beside the article.
    Sidebar,
    /// The page's end.
    Footer,
    /// The page's or the article's head.
    Header,
    /// When it was written, how long it takes.
    Meta,
    /// Under which subjects it is filed.
    Filed,
    /// Pictures and their captions.
    Picture,
    /// Titles and what stands below them.
    Title,
    /// Teasers in rows.
    Card,
    /// Tables of contents.
    Contents,
    /// What readers don't see.
    Hidden,
    /// Footnotes and references.
    Note,
    /// Quotations taken out of the text, embedded posts, boxes.
    Quote,
}

/// The number of hints.
pub(super) const HINTS: usize = 21;

/// The words of each hint.
const WORDS: [(Hint, &str); HINTS] = [
    (
        Hint::Article,
        "article content body post entry story main text prose markdown richtext rte copy paragraph articlebody",
    ),
    (Hint::Comment, "comment comments disqus discussion reply replies respond responses commenting"),
    (
        Hint::Share,
        "share sharing shares social facebook twitter follow addthis sharedaddy linkedin pinterest whatsapp",
    ),
    (
        Hint::Related,
        "related recommended recommend recommendation recommendations recirc recirculation more similar readmore next \
         prev previous trending popular latest recent outbrain taboola suggestion suggested also upnext adjacent",
    ),
    (
        Hint::Navigation,
        "nav navigation menu breadcrumb breadcrumbs pagination pager topbar navbar toolbar navigator links",
    ),
    (Hint::Author, "author authors bio byline contributor vcard writer profile avatar biography fn"),
    (Hint::Newsletter, "newsletter subscribe signup subscription mailing optin subscriber email"),
    (
        Hint::Advert,
        "ad ads advert advertisement sponsor sponsored promo promotion promoted banner cta affiliate commercial donate \
         disclosure disclaimer marketing",
    ),
    (
        Hint::Overlay,
        "cookie cookies consent gdpr modal popup overlay dialog lightbox paywall login notice alert offcanvas drawer \
         dropdown tooltip",
    ),
    (Hint::Sidebar, "sidebar aside widget widgets rail complementary secondary side column"),
    (Hint::Footer, "footer foot bottom colophon copyright legal contentinfo"),
    (Hint::Header, "header masthead head top hero banner"),
    (
        Hint::Meta,
        "meta date time published timestamp info details dateline datetime pubdate metadata views reading updated",
    ),
    (
        Hint::Filed,
        "tag tags category categories topic topics keywords labels filed taxonomy section kicker eyebrow",
    ),
    (
        Hint::Picture,
        "caption figcaption credit image img photo gallery media video picture thumbnail slideshow figure",
    ),
    (
        Hint::Title,
        "title headline heading subtitle deck dek standfirst lead lede intro summary excerpt subhead",
    ),
    (
        Hint::Card,
        "card cards teaser tile tiles grid item items list listing carousel slider swiper slide feed loop collection",
    ),
    (Hint::Contents, "toc contents tableofcontents jump outline"),
    (Hint::Hidden, "hidden hide sr screenreader visuallyhidden noprint skip invisible visually offscreen"),
    (
        Hint::Note,
        "footnote footnotes references reference citation note notes endnotes fn bibliography reflist",
    ),
    (Hint::Quote, "pullquote pull quote blockquote tweet embed callout box infobox highlight"),
];

/// A word this long is looked for within longer names, such as `relatedposts`, too.
const LONG: usize = 6;

/// The hints in an element's names, a bit each.
pub(super) fn of(dom: &Dom, id: Id) -> u32 {
    let mut found = 0;
    for attribute in ["class", "id", "role", "itemprop", "data-component", "aria-label", "data-testid"] {
        let Some(value) = dom.attribute(id, attribute) else { continue };
        for word in words(value) {
            for (hint, names) in WORDS {
                let fits = |name: &str| {
                    name == word || (name.len() >= LONG && word.len() > name.len() && word.contains(name))
                };
                if names.split_ascii_whitespace().any(fits) {
                    found |= 1 << hint as u8;
                }
            }
        }
    }
    found
}

/// Words of names beyond this many bytes are not looked at.
const LONGEST_NAMES: usize = 400;

/// The words of a name: `relatedPosts post-12` has `related`, `posts`, `post`, `12`.
fn words(names: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for c in names.chars().take(LONGEST_NAMES) {
        let starts = !c.is_ascii_alphabetic() || (c.is_ascii_uppercase() && was_lower);
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_ascii_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        was_lower = c.is_ascii_lowercase();
    }
    words.retain(|word| word.len() > 1);
    words
}
