//! Topics of many articles: in groups, then a page a year.

use crate::scratch::Scratch;

const TOPIC: (&str, &str) =
    ("content/topics/gardens.md", "+++\ntitle = \"Gardens\"\nterms = [\"garden\"]\n+++\n");

fn article(number: usize, date: &str, text: &str) -> String {
    format!("+++\ntitle = \"Number {number}\"\n{date}topics = [\"Gardens\"]\n+++\n\n{text}\n")
}

#[test]
fn many_articles_of_a_topic_stand_in_groups() {
    let scratch = Scratch::of(&[TOPIC]);
    let about = [
        "In the walled garden at Heligan Harbour they grow what Heligan Harbour always grew.",
        "This garden owes its roses to Vita Sackwell, and Vita Sackwell owed hers to nobody.",
        "Of a garden that nobody has named there is little to say.",
    ];
    for number in 0..12 {
        let text = about[if number < 5 { 0 } else { usize::from(number >= 9) + 1 }];
        scratch.write(&format!("content/articles/n{number}.md"), article(number, "", text));
    }
    assert_eq!(scratch.build().report(), "");
    let hub = scratch.read("public/topics/gardens/index.html");
    let after = |heading: &str| {
        let start =
            hub.find(&format!("<h3>{heading}</h3>")).unwrap_or_else(|| panic!("no {heading} in {hub}"));
        let rest = &hub[start + 4..];
        rest[..rest.find("</ul>").unwrap()].matches("class=\"entry\"").count()
    };
    assert_eq!((after("Heligan Harbour"), after("Vita Sackwell"), after("Others")), (5, 4, 3), "{hub}");
    // One less, and they are few enough for one list.
    scratch.remove("content/articles/n11.md");
    scratch.build();
    let hub = scratch.read("public/topics/gardens/index.html");
    assert!(!hub.contains("<h3>") && hub.contains(">Number 10<"), "{hub}");
}

#[test]
fn a_topic_of_hundreds_of_articles_has_a_page_a_year() {
    let scratch = Scratch::of(&[TOPIC]);
    for number in 0..301 {
        let date = if number < 5 { String::new() } else { format!("date = {}\n", 2000 + number % 3) };
        let text = format!("A garden, number {number}.");
        scratch.write(&format!("content/articles/n{number}.md"), article(number, &date, &text));
    }
    assert_eq!(scratch.build().report(), "");
    let hub = scratch.read("public/topics/gardens/index.html");
    assert!(hub.contains("href=\"2001/index.html\"") && hub.contains("href=\"undated/index.html\""), "{hub}");
    assert!(hub.len() < 20_000, "{} bytes", hub.len());
    let year = scratch.read("public/topics/gardens/2001/index.html");
    assert!(year.contains("<h1>Gardens, 2001</h1>") && year.contains("Number 7<"), "{year}");
    assert!(year.contains("href=\"../index.html\">Gardens</a>, 98 articles"), "{year}");
    assert!(!year.contains("Number 8<"), "{year}");
    let undated = scratch.read("public/topics/gardens/undated/index.html");
    assert!(undated.contains("Number 4<") && !undated.contains("Number 5<"), "{undated}");
    // The timeline is parted on its own account.
    assert!(scratch.read("public/timeline/2001/index.html").contains("<h1>2001</h1>"));
    scratch.remove("content/articles/n300.md");
    scratch.build();
    assert!(!scratch.has("public/topics/gardens/2001/index.html"));
}
