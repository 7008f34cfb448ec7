//! Whole pages: what becomes of structure, facts and furniture, and that no letter is lost whatever the page.

use proptest::prelude::*;

use super::{Page, read};
use crate::import::archive::Archive;
use crate::import::text::{Rule, conservation};

/// A paragraph that no page would have as furniture.
const PROSE: &str = "<p>Leeks are sown in spring, in rows, and the young plants are moved to deep holes in summer, where \
                     they stand until the first frost has sweetened them.</p>";

fn read_page(html: &str) -> Page {
    read(html, &Archive::default())
}

/// A page with an article around some HTML.
fn page(inner: &str) -> String {
    format!(
        "<html><head><title>On growing leeks | The Garden</title><meta property=og:site_name content='The Garden'>\
         <link rel=canonical href='https://garden.example/notes/leeks'></head><body><nav><ul><li><a href=/>Home</a></li>\
         <li><a href=/about>About</a></li></ul></nav><main><article><h1>On growing leeks</h1>{PROSE}{PROSE}{inner}{PROSE}{PROSE}\
         </article></main><footer><p>© 2020 The Garden. All rights reserved.</p></footer></body></html>"
    )
}

/// What stands between the two paragraphs before and the two after.
fn inner(body: &str) -> String {
    let prose: String = PROSE.trim_start_matches("<p>").trim_end_matches("</p>").to_owned();
    let parts: Vec<&str> = body.split(&prose).collect();
    parts.get(2).map_or_else(|| body.to_owned(), |inner| inner.trim().to_owned())
}

#[test]
fn structure_survives() {
    let check = |html: &str, expected: &str| {
        let page = read_page(&page(html));
        assert_eq!(conservation::check(&page.text, &page.reading), Ok(()), "{html}");
        assert_eq!(inner(&page.reading.body), expected, "{html}");
    };
    check("<h2>Soil and sun</h2>", "## Soil and sun");
    check("<p>They want <b>deep</b> soil, <i>much</i> sun.</p>", "They want **deep** soil, *much* sun.");
    check(
        "<p>Read <a href='../soil?a=1'>about <em>soil</em> first</a>, then sow them in rows.</p>",
        "Read [about *soil* first](https://garden.example/soil?a=1), then sow them in rows.",
    );
    check(
        "<p>Do not click <a href='javascript:alert(1)'>this link here</a>, for it does harm to leeks.</p>",
        "Do not click this link here, for it does harm to leeks.",
    );
    check(
        "<ul><li>Sow them in spring.</li><li>Move them in summer:<ol start=3><li>Dig a deep hole.</li><li>Drop them in it.\
         </li></ol></li></ul>",
        "- Sow them in spring.\n- Move them in summer:\n\n  3. Dig a deep hole.\n  4. Drop them in it.",
    );
    check(
        "<blockquote><p>A leek is patient, said the gardener.</p><p>So am I, she said.</p></blockquote>",
        "> A leek is patient, said the gardener.\n>\n> So am I, she said.",
    );
    check(
        "<pre><code class='language-rust'>fn leek() {\n    grow(\"`deep`\");\n}\n</code></pre>",
        "```rust\nfn leek() {\n    grow(\"`deep`\");\n}\n```",
    );
    check(
        "<table><tr><th>Sort</th><th>Weeks</th></tr><tr><td>Blue | green</td><td>30</td></tr></table>",
        "| Sort | Weeks |\n| --- | --- |\n| Blue \\| green | 30 |",
    );
    check(
        "<figure><img src='/leek.jpg' alt='A leek'></figure>",
        "![A leek](https://garden.example/leek.jpg)",
    );
    check(
        "<p>Two * three * four, [not a link](nor this), 1. no list, &lt;soapbox&gt; is text.</p>",
        "Two * three * four, \\[not a link\\](nor this), 1. no list, \\<soapbox> is text.",
    );
}

#[test]
fn formulas_are_kept_as_their_source() {
    let check = |html: &str, expected: &str| {
        let page = read_page(&page(html));
        assert_eq!(conservation::check(&page.text, &page.reading), Ok(()), "{html}");
        assert_eq!(inner(&page.reading.body), expected, "{html}");
    };
    let math = |tex: &str, attributes: &str| {
        format!(
            "<math {attributes}><semantics><mrow><mi>y</mi></mrow><annotation encoding='application/x-tex'>{tex}\
             </annotation></semantics></math>"
        )
    };
    check(
        &format!(
            "<p>A leek of {} grows slowly, as every gardener knows.</p>",
            math("a_1 * `b` * \\{c\\}", "")
        ),
        "A leek of $``a_1 * `b` * \\{c\\}``$ grows slowly, as every gardener knows.",
    );
    check(&math("\\sum_i\n  x_i", "display=block"), "```math\n\\sum_i\nx_i\n```");
    check(
        "<p>They weigh <span class=MathJax_Preview></span><span class=MathJax id=m><nobr>xx</nobr></span>\
         <script type='math/tex'>x^2</script>, says the book about leeks.</p>",
        "They weigh $`x^2`$, says the book about leeks.",
    );
    check(
        &format!(
            "<table><tr><th>Sort</th><th>Size</th></tr><tr><td>Blue</td><td>{}</td></tr></table>",
            math("|x|_2", "")
        ),
        "| Sort | Size |\n| --- | --- |\n| Blue | $\\|x\\|\\_2\\$ |",
    );
    check(
        "<p>A formula without a source, <math><mi>x</mi><mo>=</mo><mn>1</mn></math>, keeps its letters.</p>",
        "A formula without a source, x=1, keeps its letters.",
    );
}

/// The start of a PNG of 64 by 48 pixels; nothing looks further into it.
const PNG: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAA=";

#[test]
fn pictures_inside_a_page_become_files() {
    let html = page(&format!(
        "<p>A leek. <img alt='A [leek]' src='{PNG}'></p><figure><img alt=again src='{PNG}' data-src=/late.png></figure>\
         <p>Broken: <img alt=x src='data:image/png;base64,AAAA'> and drawn: <img src='data:image/svg+xml,<svg><path/></svg>'></p>\
         <p>Late: <img alt=late src='data:image/gif;base64,R0lGODdhAQABAAAAACw=' data-src=/late.png></p>"
    ));
    let page = read_page(&html);
    assert_eq!(conservation::check(&page.text, &page.reading), Ok(()));
    let [picture] = &page.pictures[..] else { panic!("{:?}", page.pictures) };
    assert!(
        picture.name.starts_with("on-growing-leeks-") && picture.name.ends_with(".png"),
        "{}",
        picture.name
    );
    let shown = inner(&page.reading.body);
    assert_eq!(
        shown,
        format!(
            "A leek. ![A \\[leek\\]]({0})\n\n![again]({0})\n\nBroken: and drawn:\n\nLate: ![late](https://garden.example/late.png)",
            picture.name
        )
    );
    let rules: Vec<Rule> =
        page.reading.removals.iter().filter(|one| one.text.is_empty()).map(|one| one.rule).collect();
    assert_eq!(rules, [Rule::PictureBroken, Rule::Drawing]);
}

#[test]
fn pictures_in_variables_and_archives_are_found() {
    let html = page(&format!(
        "<style>:root{{--sf-img-1:url(\"{PNG}\");--other: red}}</style><figure><img alt=one style='background-image:var(--sf-img-1)!important' \
         src='data:image/svg+xml,<svg><rect fill-opacity=0 /></svg>'></figure><p>And <img alt=two src=two.png>, \
         which came with the page.</p>"
    ));
    let bytes =
        crate::seeds::Bytes::from(&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x02\0\0\0"[..]);
    let files = [("https://garden.example/notes/two.png".to_owned(), bytes)].into();
    let page = read(&html, &Archive { files, ..Archive::default() });
    let names: Vec<&str> = page.pictures.iter().map(|picture| picture.name.as_str()).collect();
    assert_eq!(names.len(), 2);
    let shown = inner(&page.reading.body);
    assert!(names.iter().all(|name| shown.contains(name)), "{shown}");
}

#[test]
fn a_table_of_contents_goes() {
    let html = page(
        "<ul><li><a href='#soil'>Soil</a></li><li>2. <a href='https://garden.example/notes/leeks#sun'>Sun</a>\
         <ul><li><a href='#late'>Late sun</a></li></ul></li></ul><p>Read on below, where each of these is told of at length.</p>\
         <ul><li><a href='#soil'>Soil</a> is what they want most.</li><li>Sun comes next.</li><li>Then comes the rain.</li></ul>\
         <h2 id=soil>Soil</h2><p>Deep soil is best for leeks, as every gardener knows well.</p><h2 id=sun>Sun</h2>\
         <p>Much sun is best for leeks, as every gardener knows well.</p><h3 id=late>Late sun</h3>\
         <p>Late sun is best for leeks, as every gardener knows well.</p><textarea>Copy this text about leeks and onions.</textarea>",
    );
    let page = read_page(&html);
    assert_eq!(conservation::check(&page.text, &page.reading), Ok(()));
    let rule =
        |text: &str| page.reading.removals.iter().find(|one| one.text.contains(text)).map(|one| one.rule);
    assert_eq!(rule("Late sun"), Some(Rule::Contents));
    assert_eq!(rule("Copy this"), Some(Rule::Form));
    let body = &page.reading.body;
    assert!(
        body.contains("- Soil is what") && body.contains("### Late sun") && !body.contains("- Late"),
        "{body}"
    );
}

#[test]
fn footnotes_are_linked() {
    let html =
        page("<p>They are old.<sup><a href='#fn1'>1</a></sup> Older than onions, as some gardeners say.</p>");
    let html = html
        .replace("</article>", "<ol><li id=fn1>Pliny knew them well and praised them.</li></ol></article>");
    let page = read_page(&html);
    assert_eq!(conservation::check(&page.text, &page.reading), Ok(()));
    assert!(page.reading.body.contains("They are old.[^1] Older"), "{}", page.reading.body);
    assert!(page.reading.body.contains("[^1]: Pliny knew"), "{}", page.reading.body);
}

#[test]
fn facts_are_found_and_never_made_up() {
    let check = |head: &str, inner: &str, expected: (&str, &str, &str)| {
        let html = format!(
            "<html><head>{head}</head><body><article>{inner}{PROSE}{PROSE}{PROSE}</article></body></html>"
        );
        let facts = read_page(&html).reading.facts;
        let authors: Vec<&str> = facts.authors.iter().map(|author| author.value.as_str()).collect();
        let found = (
            facts.title.map(|title| title.value).unwrap_or_default(),
            authors.join(" + "),
            facts.date.map(|date| date.value.to_string()).unwrap_or_default(),
        );
        assert_eq!(
            found,
            (expected.0.to_owned(), expected.1.to_owned(), expected.2.to_owned()),
            "{head} {inner}"
        );
    };
    check("", "", ("", "", ""));
    check("<title>Leeks</title>", "", ("Leeks", "", ""));
    check(
        "<title>Leeks - The Garden</title><meta property=og:site_name content='The Garden'>",
        "<h1>Leeks</h1><p>By Ann Lee and Bo Chan</p><time datetime='2019-11-18T22:05:36Z'>Monday</time>",
        ("Leeks", "Ann Lee + Bo Chan", "2019-11-18"),
    );
    check(
        r##"<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Leeks &amp; onions",
        "author":{"@id":"#a"},"datePublished":"2020-01-02"},{"@type":"Person","@id":"#a","name":"Ann Lee"}]}</script>"##,
        "<h1>Leeks</h1>",
        ("Leeks & onions", "Ann Lee", "2020-01-02"),
    );
    check(
        "<meta name=author content=admin><meta name=date content='no day'>",
        "<h1>Leeks</h1>",
        ("Leeks", "", ""),
    );
}

#[test]
fn strange_pages_are_read() {
    for html in [
        "",
        "plain words only",
        "<",
        "<p",
        "<table><tr><p>x",
        "<!--",
        "<script>x",
        "\0\0<b>\0</b>",
        "<svg><p>y</svg>",
    ] {
        let page = read_page(html);
        assert_eq!(conservation::check(&page.text, &page.reading), Ok(()), "{html}");
    }
    for tag in ["div", "b", "blockquote", "ul><li", "table><tr><td", "a href=x", "font a=1"] {
        let page = read_page(&format!("{}deep words", format!("<{tag}>").repeat(10_000)));
        assert_eq!(conservation::check(&page.text, &page.reading), Ok(()), "{tag}");
        assert!(page.text.contains("deep words"), "{tag}");
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_in_tag_soup(parts in proptest::collection::vec(prop_oneof![
        proptest::sample::select(vec![
            "<p>", "</p>", "<div class=post>", "</div>", "<ul>", "<ol start=7>", "<li>", "</li>", "</ul>", "<blockquote>",
            "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<b>", "</b>", "<i>", "</i>", "<table>", "<tr>", "<td>", "<th>",
            "</table>", "<a href='https://x.example/(a)'>", "<a href='#n'>", "<li id=n>", "</a>", "<sup>", "</sup>", "<h2>", "</h2>", "<h1>", "<br>",
            "<br><br>", "<img src=a.png alt='[x](y)'>", "<input type=checkbox>", "<del>", "</del>", "<nav>", "</nav>", "<span hidden>",
            "</span>", "<select><option>", "<math><mi>x</mi></math>", "<template>", "</template>", "&amp;", "&lt;b&gt;", "&nbsp;", "1. ", "# ", "* ",
            "```", "~~", "[a]: b", "[^1]", "---", "| a |", "<dl><dt>", "<dd>", "\n", "1",
        ]).prop_map(str::to_owned),
        "[ -~]{0,12}",
        "\\PC{0,6}",
        Just(PROSE.to_owned()),
    ], 0..60)) {
        let html = parts.concat();
        let page = read_page(&html);
        prop_assert_eq!(conservation::check(&page.text, &page.reading), Ok(()), "{}", html);
    }
}
