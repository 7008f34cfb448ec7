//! The five seeds as a careful editor would read them, the shapes of text, and what must hold for any input.

use proptest::prelude::*;

use super::{Reading, RepairKind, Rule, conservation, read};

/// Reads a text and checks that nothing is lost.
fn reading(text: &str) -> Reading {
    let reading = read(text);
    if let Err(breach) = conservation::check(text, &reading) {
        panic!("{breach}\n--- text\n{text}\n--- body\n{}", reading.body);
    }
    reading
}

/// Checks the facts of a seed, what its body must hold, and what must have gone by which rule.
fn check(text: &str, facts: [&str; 3], here: &[&str], gone: &[(Rule, &str)]) {
    let reading = reading(text);
    let title = reading.facts.title.as_ref().map_or("", |title| title.value.as_str());
    let authors: Vec<&str> = reading.facts.authors.iter().map(|author| author.value.as_str()).collect();
    let date = reading.facts.date.as_ref().map_or(String::new(), |date| date.value.to_string());
    assert_eq!([title, authors.join(" + ").as_str(), date.as_str()], facts);
    for part in here {
        assert!(reading.body.contains(part), "`{part}` isn't in\n{}", reading.body);
    }
    let removed: Vec<(Rule, &str)> =
        reading.removals.iter().map(|removal| (removal.rule, removal.text.as_str())).collect();
    assert_eq!(removed, gone);
    assert!(reading.body.ends_with('\n') && !reading.body.contains("\n\n\n"), "{:?}", reading.body);
}

#[test]
fn seed_000_has_its_author_in_the_bio_and_one_numbered_list() {
    check(
        include_str!("../../../seeds/000_3fe60bb64d830da4.txt"),
        ["Why Technology Professionals Can’t Afford to Ignore Social & Mobile", "Jason Druebert", ""],
        &[
            "Recently, I overheard a conversation",
            "\n\n- Only about 10% of CIOs actively use one of the “Big 3” public",
            "\n- As age and income increase, social media & smart-phone use goes down.\n- Men use these",
            "\n\nSo what does actively using social & mobile “buy” the technology professional?\n\n",
            "\n\n1. Better understanding of how people expect to work and collaborate now\n2. Greater insight",
            "\n3. Higher credibility with others – if you aren’t using",
            "improve YOUR street cred?\n",
        ],
        &[
            (Rule::Title, "Why Technology Professionals Can’t Afford to Ignore Social & Mobile"),
            (
                Rule::Bio,
                "Jason Druebert Consulting Solutions Senior IT Service Management Consultant AT&T About Jason",
            ),
        ],
    );
}

#[test]
fn seed_001_loses_both_share_bars_and_keeps_its_headings() {
    const BAR: &str = "Share on LinkedIn3Tweet about this on Twitter15Share on Google+0Share on Facebook2";
    check(
        include_str!("../../../seeds/001_2b1cef35d1a9bf1a.txt"),
        ["Are IT Leaders Also Social Media Leaders?", "", ""],
        &[
            "Two social media questions we asked were:\n\n1. How would you characterize",
            "\n2. How often do you personally use",
            "\n\n## DDIQ Findings\n\n### How would you characterize the level of social media usage for business",
            "\n\n### How often do you personally use each",
            "\n\n## So Who’s Leading the Social Media Charge?\n\n",
            "marketing, etc. \\</soapbox>\n",
            "For further reading, check out this article on developing a social media strategy.\n",
        ],
        &[
            (Rule::Title, "Are IT Leaders Also Social Media Leaders?"),
            (Rule::ShareBar, BAR),
            (Rule::ShareBar, BAR),
        ],
    );
}

#[test]
fn seed_002_keeps_its_dialogue_and_lists_its_addresses() {
    check(
        include_str!("../../../seeds/002_25db7876f02d46f6.txt"),
        ["Social Media Services - If YOU build it, they may not come.", "", ""],
        &[
            "\"Why?\", Mike asks.\n\n\"Because everybody else has one!\" was the boss's reply. \"OK, sure\", says Mike.\n\n",
            "CIO's and IT leaders have to approach SM from several directions.\n\nThe first is",
            "\n\n- www.twitter.com/InvisiTech - Technology related tweets\n- www.twitter.com/21stCentSchool",
            "how you can help rhe Marketing",
            "SM is seen as a nusiance",
            "phone your kids to find out what it means.\n",
        ],
        &[
            (Rule::Title, "Social Media Services - If YOU build it, they may not come."),
            (Rule::CommentPrompt, "Post a Comment"),
        ],
    );
}

#[test]
fn seed_003_has_its_nested_lists_and_its_torn_word_mended() {
    let text = include_str!("../../../seeds/003_07e167cb24006ca9.txt");
    check(
        text,
        ["Social Media: Take Baby Steps", "", "2011-04-27"],
        &[
            "Ok. We’ve heard the cries to participate in social media. But remind me again, WHY?\n\n",
            "\n\n- **Your Customers are There**– Customers want",
            "\n- **Grow Your Network**– Anybody",
            "or less:\n  1. Selected a new mattress\n  2. Solved",
            "\n  3. Located candidates for open positions at my company\n",
            "\n  7. Learned a TON about IT Service Management, recruitment and social media\n- **To Stay Employable**– As",
            "Quora, etc.\n- **Basic Life Maneuvering** – Thousands of people",
            " to:\n  1. Find a job\n  2. Get introduced to a potential customer\n  3. Communicate during",
            "\n  4. Overthrow a government\n\nCertainly you can",
            "What is holding YOU back? I’d love to hear below.\n",
        ],
        &[
            (Rule::Date, "April 27, 2011"),
            (Rule::Title, "Social Media: Take Baby Steps"),
            (Rule::PhotoCredit, "(Credit: Yolanda)"),
        ],
    );
    let reading = reading(text);
    let repair = &reading.repairs[0];
    assert_eq!(
        (repair.line, repair.before.as_str(), repair.after.as_str(), repair.kind),
        (14, "compa ny", "company", RepairKind::StraySpace)
    );
    assert_eq!(reading.repairs.len(), 1);
    assert!(!reading.body.contains(['\u{a0}', '•']) && !reading.body.contains("  Customers"));
}

#[test]
fn seed_004_turns_its_five_tips_into_sections() {
    check(
        include_str!("../../../seeds/004_841210c88214ea87.txt"),
        [
            "Five ways IT pros can use social media to propel the business forward",
            "Toni Bowers",
            "2011-03-02",
        ],
        &[
            "\n\n## Embrace change\n\nThe younger and older generations",
            "\n\n## Be open to changing hierarchical structures\n\nThere's a major",
            "\n\n## Help your organization understand the power of interpersonal communication\n\nCurrent",
            "\n\n## Lead social communication innovation internally\n\nThere's no point",
            "\n\n## Demonstrate the value of collaborative communication\n\nTo get buy in",
            "via email - which the generation",
            "commercialized IT — smartphones and social media — and managing a company's IT",
        ],
        &[
            (Rule::Title, "Five ways IT pros can use social media to propel the business forward"),
            (Rule::Byline, "By Toni Bowers | March 2, 2011, 5:39 AM PST"),
            (Rule::Slogan, "build-access-manage on"),
        ],
    );
}

/// The body of a text whose first line is a title and whose second paragraph is prose.
fn body(rest: &str) -> String {
    let text = format!(
        "A Title for the Text\n\nThis is a first sentence, and it is long enough to be read as prose by all.\n\n{rest}"
    );
    let body = reading(&text).body;
    body.split_once("\n\n").map_or(String::new(), |(_, rest)| rest.to_owned())
}

#[test]
fn shapes_become_structure() {
    let check = |text: &str, expected: &str| assert_eq!(body(text), expected);
    // Quotations.
    check(
        "> She said that it was fine\n> and that it would stay so.\n",
        "> She said that it was fine and that it would stay so.\n",
    );
    // Tables by tabs.
    check(
        "Name\tYears in office\nAnn Lee\t12\nBo | Chan\t7\n",
        "| Name | Years in office |\n| --- | --- |\n| Ann Lee | 12 |\n| Bo \\| Chan | 7 |\n",
    );
    // Code.
    check(
        "fn main() {\n    let x = 1;\n    print(x);\n}\n",
        "```\nfn main() {\n    let x = 1;\n    print(x);\n}\n```\n",
    );
    // Numbers that are no list's stay with their words.
    check(
        "2. The second of the things that we should like to tell you about is this one, which stands alone.\n",
        "2\\. The second of the things that we should like to tell you about is this one, which stands alone.\n",
    );
    // A list that starts late keeps its numbers.
    check(
        "3. We looked at the third of the things that they had told us about before.\n4. We looked at the fourth of the things that they had told us about.\n",
        "3. We looked at the third of the things that they had told us about before.\n4. We looked at the fourth of the things that they had told us about.\n",
    );
}

#[test]
fn hard_wraps_are_joined_and_hyphens_mended() {
    let text = "On the Uses of Rain\n\nThe rain had come down all the night and in the morning the river stood\nhigh above the old stones, so that nobody who had slept in the town remem-\nbered such a sight, and the children were sent home from the school at ten\nbecause the teachers did not know what the afternoon was going to bring.\n\nBy noon the water had gone.\n";
    let reading = reading(text);
    assert!(
        reading.body.contains("stood high above")
            && reading.body.contains("the town remembered such a sight"),
        "{}",
        reading.body
    );
    assert_eq!(reading.repairs.len(), 1);
    assert_eq!(reading.repairs[0].kind, RepairKind::Hyphenation);
}

#[test]
fn the_origin_is_read_where_a_line_says_it() {
    let reading = reading(
        "On Rain\n\nSource: https://example.org/rain?a=1\n\nThe rain had come down all the night, and in the morning the river stood high above the old stones of the town.\n",
    );
    assert_eq!(
        reading.facts.url.map(|url| (url.value, url.line)),
        Some(("https://example.org/rain?a=1".to_owned(), 3))
    );
    assert!(!reading.body.contains("example.org"));
}

#[test]
fn markup_in_a_text_is_text() {
    let prose = "and so it was said by all of them that it would be as it had been before";
    for mark in [
        "*a* b",
        "**",
        "_x_",
        "snake_case_word",
        "[a](b)",
        "[a]: b",
        "[^1]",
        "![a](b)",
        "<b>x</b>",
        "<!-- x -->",
        "&amp;",
        "&#65;",
        "# x",
        "1. x",
        "1) x",
        "---",
        "===",
        "+++",
        "> x",
        "| a | b |",
        "~~x~~",
        "```",
        "`x` `y`",
        "\\",
        "\\*",
        "<http://a.b>",
        "{#id}",
        "$a$",
        "[x] b",
        "[ ] b",
        ": x",
        "- - -",
        "* * *",
    ] {
        for text in [
            format!("{mark} {prose}."),
            format!("It was {prose} {mark}"),
            format!("It was {prose} {mark} {prose}."),
            mark.to_owned(),
            format!("{prose}\n{mark}\n"),
        ] {
            reading(&text);
            reading(&format!("A Title\n\n{prose}.\n\n{text}\n\n{prose}.\n"));
        }
    }
}

#[test]
fn plain_words_are_not_escaped() {
    let text = "This is about snake_case and 3 * 4 and R&D, a < b, #hashtags [sic] and cats & dogs; it costs $5 (or ~6), he said.";
    assert_eq!(body(&format!("{text}\n")), format!("{text}\n"));
}

#[test]
fn odd_texts_are_read() {
    for text in [
        "",
        "\n",
        "   ",
        "\u{feff}",
        "\0",
        "\0\0a\0",
        "•",
        "• \n• \n",
        "1.",
        "1. ",
        "(1) x",
        "…",
        "a",
        "\r\n\r\n",
        "a\rb\rc",
        "—\n—",
    ] {
        reading(text);
    }
    let deep: String = (0..2000).map(|depth| format!("{}• item {depth}\n", " ".repeat(depth * 2))).collect();
    reading(&deep);
    reading(&"word ".repeat(250_000));
    reading(&"compa ny ".repeat(50_000));
    reading(&"[".repeat(20_000));
    reading(&"> ".repeat(20_000));
    reading(&"a\tb\n".repeat(20_000));
}

#[test]
fn rules_have_names_of_their_own() {
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
    assert!(Rule::ALL.iter().all(|rule| rule.explain().ends_with('.')));
}

/// Lines as scrapes have them, and lines made to break things.
fn soup() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "\\PC{0,40}",
        "[ \t]{0,8}[•*\\-+>#0-9.)( |=~`_\\[\\]<&;:!\\\\]{0,12}[a-z ]{0,20}[*_`~\\]>|)]{0,4}",
        "[A-Z][a-z]{2,8}( [a-z]{1,9}){3,20}[.?!:]",
        "  (•|\\*|-|1\\.|2\\.|3\\)) [A-Za-z ]{1,30}",
        "[a-z]{2,6}\t[a-z]{2,6}(\t[a-z]{0,6})?",
        "(Share on Facebook|By Ann Lee|May 3, 2012|Comments|Related Articles|[A-Z][a-z]+ [A-Z][a-z]+)",
        "\\s{0,3}",
    ];
    prop::collection::vec(line, 0..24).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_is_lost(text in soup()) {
        let reading = read(&text);
        prop_assert_eq!(conservation::check(&text, &reading), Ok(()), "body:\n{}", reading.body);
    }

    #[test]
    fn nothing_is_lost_in_any_characters(text in any::<String>()) {
        let reading = read(&text);
        prop_assert_eq!(conservation::check(&text, &reading), Ok(()), "body:\n{}", reading.body);
    }

    #[test]
    fn reading_is_a_function(text in soup()) {
        prop_assert_eq!(read(&text), read(&text));
    }
}
