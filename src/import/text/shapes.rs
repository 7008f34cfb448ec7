//! The shapes that texts have on paper, and what an editor would make of each.

use proptest::prelude::*;

use super::{Reading, RepairKind, Rule, conservation, read};
use crate::path::SitePath;

const BEFORE: &str = "The rain had come down all the night, and in the morning the river stood high above the old \
                      stones of the town, so that nobody went out.";
const BETWEEN: &str = "It is easy to forget how much of a garden depends on what happens under the ground, where \
                       most of us never look at all during the year.";
const AFTER: &str = "We asked three people who have worked there for years what they would change if they could, \
                     and their answers were not what we had expected.";

/// Reads a text and checks that nothing is lost.
fn reading(text: &str) -> Reading {
    let reading = read(text);
    if let Err(breach) = conservation::check(text, &reading) {
        panic!("{breach}\n--- text\n{text}\n--- body\n{}", reading.body);
    }
    reading
}

/// A text with a title in which a shape stands between two paragraphs.
fn text(shape: &str) -> String {
    format!("On the Uses of Rain and Gardens\n\n{BEFORE}\n\n{shape}\n\n{AFTER}\n")
}

/// What becomes of a shape between two paragraphs; `~` stands for a paragraph within.
fn check(shape: &str, expected: &str) {
    let body = reading(&text(&shape.replace('~', BETWEEN))).body;
    let inside = body.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(&format!("{AFTER}\n")));
    let inside = inside.unwrap_or(&body).trim_matches('\n').replace(BETWEEN, "~");
    assert_eq!(inside, expected, "\n--- shape\n{shape}\n--- became\n{inside}\n");
}

/// The lines that are removed as a table of contents.
fn contents(shape: &str) -> Vec<String> {
    let removals = reading(&text(&shape.replace('~', BETWEEN))).removals;
    let contents = removals.into_iter().filter(|removal| removal.rule == Rule::Contents);
    contents.map(|removal| removal.text).collect()
}

#[test]
fn a_number_before_a_quotation_is_not_lost() {
    check("1. > Dig the ground before it rains.", "1\\. > Dig the ground before it rains.");
    check("o > Dig the ground before it rains.", "o > Dig the ground before it rains.");
}

#[test]
fn a_table_of_contents_is_one_that_is_announced_and_returns() {
    let sections = "Dig the ground\n\n~\n\nSow the seeds\n\n~\n\nWait for rain\n\n~";
    let list = "  • Dig the ground\n  • Sow the seeds\n  • Wait for rain\n";
    assert_eq!(
        contents(&format!("In this article\n{list}\n~\n\n{sections}")),
        ["In this article", "• Dig the ground", "• Sow the seeds", "• Wait for rain"]
    );
    assert_eq!(
        contents(&format!("Contents\n\nDig the ground\nSow the seeds\nWait for rain\n\n{sections}")),
        ["Contents", "Dig the ground", "Sow the seeds", "Wait for rain"]
    );
    // An author may list what the next sections are about, or what no section is about.
    assert!(contents(&format!("This is what we did:\n{list}\n~\n\n{sections}")).is_empty());
    assert!(contents(&format!("Contents\n{list}\n~")).is_empty());
}

#[test]
fn headings() {
    check(
        "The First Part\n==============\n\n~\n\nA smaller part\n--------------\n\n~",
        "## The First Part\n\n~\n\n### A smaller part\n\n~",
    );
    check(
        "THE FIRST DAY\n\n~\n\nTHE SECOND DAY\n\n~\n\nTHE THIRD DAY\n\n~",
        "## THE FIRST DAY\n\n~\n\n## THE SECOND DAY\n\n~\n\n## THE THIRD DAY\n\n~",
    );
    check(
        "Step 1: Dig the ground\n\n~\n\nStep 2: Sow the seeds\n\n~\n\nStep 3: Wait for the rain\n\n~",
        "## Step 1: Dig the ground\n\n~\n\n## Step 2: Sow the seeds\n\n~\n\n## Step 3: Wait for the rain\n\n~",
    );
    check(
        "1. Dig the ground\n\n~\n\n2. Sow the seeds\n\n~\n\n3. Wait for rain\n\n~",
        "## 1. Dig the ground\n\n~\n\n## 2. Sow the seeds\n\n~\n\n## 3. Wait for rain\n\n~",
    );
    check(
        "I. Digging the ground\n\n~\n\nII. Sowing the seeds\n\n~\n\nIII. Waiting for rain\n\n~",
        "## I. Digging the ground\n\n~\n\n## II. Sowing the seeds\n\n~\n\n## III. Waiting for rain\n\n~",
    );
    check(
        "1.1 What it is about\n\n~\n\n1.2 What it is not about\n\n~\n\n2.1 How it was done\n\n~",
        "## 1.1 What it is about\n\n~\n\n## 1.2 What it is not about\n\n~\n\n## 2.1 How it was done\n\n~",
    );
    check(
        "WHAT YOU NEED\n\n- a spade\n- a rake\n\nWHAT YOU DO\n\n- dig\n- wait",
        "## WHAT YOU NEED\n\n- a spade\n- a rake\n\n## WHAT YOU DO\n\n- dig\n- wait",
    );
    // A rule between two pieces of the text is no underlining.
    check("~\n\n* * *\n\n~", "~\n\n* * *\n\n~");
    check("~\n\n----------\n\n~", "~\n\n* * *\n\n~");
}

#[test]
fn lists() {
    check(
        "You will need:\n\n•\tA spade with a long handle\n•\tA rake\n–\tnot one made of plastic\n–\tbut of iron\n•\tSeeds",
        "You will need:\n\n- A spade with a long handle\n- A rake\n- not one made of plastic\n- but of iron\n- Seeds",
    );
    check("And also these:\n\no Time\no Patience\no Rain", "And also these:\n\n- Time\n- Patience\n- Rain");
    check(
        "• A rake for the leaves\n    o one with teeth of iron\n    o and a handle of ash\n• Seeds of beans",
        "- A rake for the leaves\n  - one with teeth of iron\n  - and a handle of ash\n- Seeds of beans",
    );
    check(
        "There are three ways to go on:\n\na) You can dig the ground first\nb) You can sow the seeds first\nc) You can wait for the rain",
        "There are three ways to go on:\n\n- a) You can dig the ground first\n- b) You can sow the seeds first\n- c) You can wait for the rain",
    );
    check("[ ] Dig the ground\n[x] Sow the seeds", "- \\[ ] Dig the ground\n- \\[x] Sow the seeds");
    check(
        "Here is what you need for it:\n\n•\nA spade with a long handle\n\n•\nA rake made of iron",
        "Here is what you need for it:\n\n- A spade with a long handle\n- A rake made of iron",
    );
    check(
        "You need:\r\n\r\n1)\tA spade\r\n2)\tA rake\r\n3)\tSeeds",
        "You need:\n\n1. A spade\n2. A rake\n3. Seeds",
    );
    // A list that starts again starts with 1 again, one that goes on keeps counting.
    check(
        "First the kitchen, which is the most work of all:\n\n1. Clean the oven\n2. Wash the floor\n\nThen the living room, which nobody has used:\n\n1. Beat the carpet\n2. Dust the books",
        "First the kitchen, which is the most work of all:\n\n1. Clean the oven\n2. Wash the floor\n\nThen the living room, which nobody has used:\n\n1. Beat the carpet\n2. Dust the books",
    );
    check(
        "1. Clean the oven with soda, and leave it to stand for a night before you wipe it.\n\nThis takes the longest of all, so begin with it.\n\n2. Wash the floor with warm water, and do it twice when there are children here.",
        "1. Clean the oven with soda, and leave it to stand for a night before you wipe it.\n\nThis takes the longest of all, so begin with it.\n\n2. Wash the floor with warm water, and do it twice when there are children here.",
    );
    // Paragraphs in items, hard wraps in items.
    check(
        "1. Dig the ground where you want the beans to grow.\n\n   Take out all the stones, and leave the worms where they are.\n\n2. Sow the seeds of the winter rye.\n\n   They need no more than a little water.\n\n3. Wait.",
        "1. Dig the ground where you want the beans to grow.\n\n   Take out all the stones, and leave the worms where they are.\n\n2. Sow the seeds of the winter rye.\n\n   They need no more than a little water.\n\n3. Wait.",
    );
    check(
        "1. Dig the ground where you want the beans to grow in\n   the next year, and take out all the stones.\n2. Sow the seeds of the winter rye, which will keep the\n   ground from washing away in the rain.\n3. Cover the roses with straw and with the leaves that\n   have fallen from the old oak.",
        "1. Dig the ground where you want the beans to grow in the next year, and take out all the stones.\n2. Sow the seeds of the winter rye, which will keep the ground from washing away in the rain.\n3. Cover the roses with straw and with the leaves that have fallen from the old oak.",
    );
    check(
        "2 cups flour\n1 tsp salt\n3 eggs\n1/2 cup milk",
        "- 2 cups flour\n- 1 tsp salt\n- 3 eggs\n- 1/2 cup milk",
    );
}

#[test]
fn lead_ins() {
    check(
        "Embrace the weather. The rain will come when it comes, and nobody will be angry about it for long.\n\nDig less. The ground is alive, and every cut of the spade kills something in it.\n\nKeep notes. What you did last year is forgotten sooner than you think it will be.\n\nTalk to neighbours. They have the same ground and the same rain, and they will tell you what grows.",
        "**Embrace the weather.** The rain will come when it comes, and nobody will be angry about it for long.\n\n**Dig less.** The ground is alive, and every cut of the spade kills something in it.\n\n**Keep notes.** What you did last year is forgotten sooner than you think it will be.\n\n**Talk to neighbours.** They have the same ground and the same rain, and they will tell you what grows.",
    );
    // One short sentence is a short sentence.
    check(
        "Dig less. The ground is alive, and every cut of the spade kills something in it.\n\n~",
        "Dig less. The ground is alive, and every cut of the spade kills something in it.\n\n~",
    );
}

#[test]
fn quotations() {
    check(
        "As she wrote in her book on gardens:\n\n    The garden is never finished, and the gardener is never\n    idle; between them they make a year that no calendar\n    can hold.\n\n    — Mary Ash, The Long Year",
        "As she wrote in her book on gardens:\n\n> The garden is never finished, and the gardener is never idle; between them they make a year that no calendar can hold.\n>\n> — Mary Ash, The Long Year",
    );
    check(
        "~\n\n\"The rain is the only gardener who never forgets a bed, and who never asks for thanks.\n\n\"But it is also the one who never listens, and so we must do the listening for it.\"\n\n— Mary Ash, The Long Year",
        "~\n\n> \"The rain is the only gardener who never forgets a bed, and who never asks for thanks.\n>\n> \"But it is also the one who never listens, and so we must do the listening for it.\"\n>\n> — Mary Ash, The Long Year",
    );
    check(
        "On Sunday, Bob wrote:\n> On Saturday you said:\n>> the beans are in the ground\n>> and the peas are not\n>\n> I do not believe it. The beans\n> were on the table.\n\nThey are in the ground now, and so are the peas.",
        "On Sunday, Bob wrote:\n\n> On Saturday you said:\n>\n> > the beans are in the ground and the peas are not\n>\n> I do not believe it. The beans were on the table.\n\nThey are in the ground now, and so are the peas.",
    );
    check(
        "> The rain came down upon the town\n> And all the lamps were lit,\n> The river rose and wore its gown",
        "> The rain came down upon the town\\\n> And all the lamps were lit,\\\n> The river rose and wore its gown",
    );
    // Addresses are no wrapped sentence.
    check(
        "www.example.org/garden - all about the garden and its beans\nwww.example.org/rain - all about the rain and the rivers too\nwww.example.org/sun - all about the sun",
        "- www.example.org/garden - all about the garden and its beans\n- www.example.org/rain - all about the rain and the rivers too\n- www.example.org/sun - all about the sun",
    );
    // What somebody says in the article, without a line that names them, is the article's.
    check(
        "\"We never look,\" she said, \"and so it goes on as it always has in this town.\"",
        "\"We never look,\" she said, \"and so it goes on as it always has in this town.\"",
    );
}

#[test]
fn interviews() {
    check(
        "Q: What do you grow in your garden?\n\nA: Mostly beans, and a few peas when the rain lets me.\n\nQ: And what about roses?\n\nA: No roses. They are for people who have more time than I have.",
        "**Q:** What do you grow in your garden?\n\n**A:** Mostly beans, and a few peas when the rain lets me.\n\n**Q:** And what about roses?\n\n**A:** No roses. They are for people who have more time than I have.",
    );
    check(
        "INTERVIEWER: What do you grow in your garden?\nCHAN: Mostly beans, and peas.\nINTERVIEWER: And what about roses?\nCHAN: No roses. They are for people who have more time than I have.",
        "**INTERVIEWER:** What do you grow in your garden?\n\n**CHAN:** Mostly beans, and peas.\n\n**INTERVIEWER:** And what about roses?\n\n**CHAN:** No roses. They are for people who have more time than I have.",
    );
    check(
        "Interviewer\n\nWhat do you grow in your garden, and how long have you been at it by now?\n\nRobert Chan\n\nMostly beans, and a few peas when the rain lets me, because nothing else will grow.\n\nInterviewer\n\nAnd what about roses, which everybody else in this street is growing?\n\nRobert Chan\n\nNo roses. They are for people who have more time than I have, and more patience.",
        "**Interviewer**\n\nWhat do you grow in your garden, and how long have you been at it by now?\n\n**Robert Chan**\n\nMostly beans, and a few peas when the rain lets me, because nothing else will grow.\n\n**Interviewer**\n\nAnd what about roses, which everybody else in this street is growing?\n\n**Robert Chan**\n\nNo roses. They are for people who have more time than I have, and more patience.",
    );
    // A colon in a sentence names nobody.
    check(
        "The answer is simple: nobody looks under the ground, and nobody ever has.",
        "The answer is simple: nobody looks under the ground, and nobody ever has.",
    );
}

#[test]
fn verse_and_addresses() {
    let verse = "The rain came down upon the town\nAnd all the lamps were lit,\nThe river rose and wore its gown\nOf silver, bit by bit.\n\nThe morning found the bridges gone,\nThe children at the wall,\nAnd nobody was looking on\nAnd nobody at all.";
    check(verse, &verse.replace('\n', "\\\n").replace("\\\n\\\n", "\n\n"));
    check(
        "Send your seeds to this address, and we will send you others back in the spring:\n\nThe Garden Society\n12 Long Lane\nOldtown OT1 2AB\nEngland",
        "Send your seeds to this address, and we will send you others back in the spring:\n\nThe Garden Society\\\n12 Long Lane\\\nOldtown OT1 2AB\\\nEngland",
    );
    check(
        "\"What do you grow?\" she said.\n\"Beans,\" he said.\n\"No roses?\"",
        "\"What do you grow?\" she said.\n\n\"Beans,\" he said.\n\n\"No roses?\"",
    );
}

#[test]
fn tables() {
    const TABLE: &str = "| Town | 2008 | 2009 |\n| --- | --- | --- |\n| Oldtown | 812 | 790 |\n| Newtown |  | 655 |\n| Upper Bridge | 1012 | 980 |";
    check(
        "Town          2008   2009\n-------------------------\nOldtown        812    790\nNewtown               655\nUpper Bridge  1012    980",
        TABLE,
    );
    check("Town\t2008\t2009\nOldtown\t812\t790\nNewtown\t\t655\nUpper Bridge\t1012\t980", TABLE);
    check(
        "| Town | 2008 | 2009 |\n|------|------|------|\n| Oldtown | 812 | 790 |\n| Newtown |  | 655 |\n| Upper Bridge | 1012 | 980 |",
        TABLE,
    );
    check(
        "+--------------+------+------+\n| Town         | 2008 | 2009 |\n+--------------+------+------+\n| Oldtown      | 812  | 790  |\n| Newtown      |      | 655  |\n| Upper Bridge | 1012 | 980  |\n+--------------+------+------+",
        TABLE,
    );
    check(
        "Town,2008,2009\nOldtown,812,790\nNewtown,640,655\nUpper Bridge,1012,980",
        &TABLE.replace("|  |", "| 640 |"),
    );
    // An empty cell at the start of the head.
    check(
        "\t2008\t2009\nOldtown\t812\t790",
        "|  | 2008 | 2009 |\n| --- | --- | --- |\n| Oldtown | 812 | 790 |",
    );
    // Two spaces after a sentence make no column, and commas no table.
    check(
        "The rain came.  It did not stop.\nThe bean grew.  It did not stop.\nThe peas died.  We had no water.",
        "The rain came. It did not stop.\\\nThe bean grew. It did not stop.\\\nThe peas died. We had no water.",
    );
    check(
        "beans,peas,roses\nrain,sun,wind\nspade,rake,hoe",
        "beans,peas,roses\\\nrain,sun,wind\\\nspade,rake,hoe",
    );
}

#[test]
fn code_and_drawings() {
    check(
        "$ git clone https://example.org/garden.git\n$ cd garden\n$ make *install*",
        "```\n$ git clone https://example.org/garden.git\n$ cd garden\n$ make *install*\n```",
    );
    check(
        "    import garden\n\n    def main():\n        beds = garden.beds(\"north\")\n        for bed in beds:\n            bed.water(litres=3)\n\n\n    if __name__ == \"__main__\":\n        main()",
        "```\nimport garden\n\ndef main():\n    beds = garden.beds(\"north\")\n    for bed in beds:\n        bed.water(litres=3)\n\n\nif __name__ == \"__main__\":\n    main()\n```",
    );
    check("```python\nx = 1\n\n# a comment\ny = *z*\n```", "```python\nx = 1\n\n# a comment\ny = *z*\n```");
    check(
        "Traceback (most recent call last):\n  File \"garden.py\", line 10, in <module>\n    main()\nValueError: no water",
        "```\nTraceback (most recent call last):\n  File \"garden.py\", line 10, in <module>\n    main()\nValueError: no water\n```",
    );
    check(
        "   +------+   +------+\n   | bean |-->| peas |\n   +------+   +------+\n      |          |\n      v          v",
        "```\n+------+   +------+\n| bean |-->| peas |\n+------+   +------+\n   |          |\n   v          v\n```",
    );
    check(
        "garden\n├── beds\n│   └── north\n└── seeds",
        "```\ngarden\n├── beds\n│   └── north\n└── seeds\n```",
    );
    check(
        "{\n  \"name\": \"Oldtown\",\n  \"wet\": true\n}",
        "```\n{\n  \"name\": \"Oldtown\",\n  \"wet\": true\n}\n```",
    );
    check(
        "SELECT name, rain\nFROM towns\nWHERE rain > 800;",
        "```\nSELECT name, rain\nFROM towns\nWHERE rain > 800;\n```",
    );
    // Money is no command, and a fence that never closes opens nothing.
    check(
        "$ 5 is what it costs, and nobody has ever asked for more than that.",
        "$ 5 is what it costs, and nobody has ever asked for more than that.",
    );
    let reading = reading(&text("```python\nx = 1\n```"));
    assert!(
        reading.removals.iter().any(|removal| removal.rule == Rule::Markup && removal.text == "```python")
    );
}

#[test]
fn wraps() {
    check(
        "The rain had come down all the night and in the morning the river stood\nhigh above the old stones, so that nobody who had slept in the inter-\nnational hotel remembered such a sight, and the children of a well-\nknown school were sent home at ten because the teachers (first-\nand second-year) did not know what the afternoon was going to bring.",
        "The rain had come down all the night and in the morning the river stood high above the old stones, so that nobody who had slept in the international hotel remembered such a sight, and the children of a well-known school were sent home at ten because the teachers (first- and second-year) did not know what the afternoon was going to bring.",
    );
    let text = text(
        "The rain had come down all the night and in the mor\u{ad}ning the river stood\nhigh above the old stones, so that nobody who had slept in the inter\u{ad}\nnational hotel remembered such\u{a0}a sight, and the chil\u{200b}dren of a well-known\nschool were sent home.",
    );
    let reading = reading(&text);
    assert!(
        reading.body.contains("in the morning the river")
            && reading.body.contains("the international hotel remembered such a sight, and the children of"),
        "{}",
        reading.body
    );
    let repairs: Vec<_> = reading
        .repairs
        .iter()
        .map(|repair| (repair.line, repair.kind, repair.before.as_str(), repair.after.as_str()))
        .collect();
    assert_eq!(repairs, [(6, RepairKind::Hyphenation, "inter-", "inter")]);
}

#[test]
fn footnotes() {
    let shape = "The rain of that year was the heaviest since 1890 [1] and it took three of the old bridges with it.[2]\n\n~\n\n[1] Annals of the Town, volume three, page 12, where it is told at length.\n[2] The bridges were made of wood, as all of them had been until that year.";
    check(
        shape,
        "The rain of that year was the heaviest since 1890 [^1] and it took three of the old bridges with it.[^2]\n\n~\n\n[^1]: Annals of the Town, volume three, page 12, where it is told at length.\n\n[^2]: The bridges were made of wood, as all of them had been until that year.",
    );
    // A mark without a note leaves all as it is.
    let reading = reading(&text(&shape.replace("[2] The", "[3] The").replace('~', BETWEEN)));
    assert!(reading.body.contains("since 1890 [1] and") && !reading.body.contains("[^"), "{}", reading.body);
}

#[test]
fn what_markdown_would_take_for_markup_is_escaped() {
    check(
        "It cost $5 and *not* $6, or 5 * 6; see snake_case_name, the <b> tag, AT&amp;T, [sic], and a | b, and C:\\dir\\*.txt with --flag and x^2.",
        "It cost $5 and \\*not\\* $6, or 5 * 6; see snake_case_name, the \\<b> tag, AT\\&amp;T, [sic], and a | b, and C:\\dir\\\\\\*.txt with \\--flag and x^2.",
    );
}

/// What a reader sees of Markdown: its passages, with the marks that are set as dashes and quotes told apart no more.
fn seen(markdown: &str) -> Vec<String> {
    let path = SitePath::new("seeds/a.md".to_owned());
    let text = crate::text::Text::new(path, markdown.to_owned());
    let body = crate::markdown::Body::read(&text, 0..markdown.len());
    body.passages.iter().map(|passage| plain(&passage.text.read())).collect()
}

/// A text with typewriter's quotes and dashes, and single spaces.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '“' | '”' => plain.push('"'),
            '‘' | '’' => plain.push('\''),
            '–' => plain.push_str("--"),
            '—' => plain.push_str("---"),
            '…' => plain.push_str("..."),
            c => plain.push(c),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prose with all that Markdown could trip over in it.
fn odd_prose() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[a-z]{1,9}",
        1 => "[A-Z][a-z]{1,7}[,;:]?",
        2 => "[*_`~$|<>&\\[\\]()#!\\\\^+=:.\"'{}@/-]{1,4}",
        2 => "[*_`~$|<>&\\[(#!\\\\^+=:\"'{@/-]{1,2}[a-z0-9]{1,5}[*_`~$|<>&\\])#!\\\\^+=:;.\"'}@/-]{0,2}",
        1 => "(&amp;|&#65;|<b>|</i>|<!-- x -->|\\[a\\]\\(b\\)|\\[\\[x\\]\\]|\\[\\^1\\]|!\\[a\\]\\(b\\)|`x`|<http://a\\.b>|https://a\\.b/c_d_e|a@b\\.cd)",
        1 => "[0-9]{1,3}[.)]?",
    ];
    (word.clone(), prop::collection::vec(word, 14..40)).prop_map(|(first, rest)| {
        format!("{first} the rain that was of the town and {} in the end.", rest.join(" "))
    })
}

/// Lines as texts have them, of every shape, some of them broken.
fn shapes() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[A-Z][a-z]{2,8}( [a-z]{1,9}){8,20}[.?!:]",
        "[A-Z][a-z]{2,8}( [a-z]{1,9}){1,4}",
        "(=|-|~|\\*|_){3,20}",
        "(> ?){1,3}[A-Za-z ]{0,30}",
        " {0,6}(•|\\*|-|o|–|1\\.|2\\.|3\\)|\\(4\\)|a\\)|iv\\.)[ \t][A-Za-z ]{1,30}",
        "(Q|A|Ann Lee|Bob Chan|NOTE): [A-Za-z ]{1,40}[.?]?",
        "(Ann Lee|Bob Chan)",
        "(— |-- |– )[A-Z][a-z]+ [A-Z][a-z]+",
        "\\|( [a-z]{1,5} \\|){1,4}",
        "[a-z]{1,6}( {2,6}[a-z0-9]{1,6}){1,3}",
        "\t?[a-z]{2,6}\t{1,2}[a-z]{2,6}",
        "([a-z]{1,5},){1,3}[0-9]{1,3}",
        "(```|~~~|````)(python)?",
        "(\\$ make|\\$ git push --force|C:\\\\> dir|at a\\.b\\(c\\.java:12\\)|x = f\\(y\\);|    return 1;)",
        "\\+--\\+--\\+|[|/\\\\]  [|/\\\\]|├── [a-z]{1,5}",
        "\\[[1-3]\\] [A-Za-z ]{4,30}|[A-Za-z ]{4,30} ?\\[[1-3]\\]\\.",
        "[a-z]{3,8}-|[a-z]{3,8}\u{ad}",
        "(Step|Part) [1-4](: [a-z ]{3,20})?|[IVX]{1,4}\\. [A-Z][a-z ]{3,20}",
        "\\s{0,3}",
        "",
        "",
    ];
    let end = prop_oneof![4 => Just("\n"), 3 => Just("\n\n"), 1 => Just("\r\n")];
    prop::collection::vec((line, end), 0..30)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn prose_is_seen_as_it_was_written(lines in prop::collection::vec(odd_prose(), 1..4)) {
        let blocks: Vec<super::blocks::Block> =
            lines.iter().map(|line| super::blocks::Block::paragraph(line.split_whitespace().collect::<Vec<_>>().join(" "))).collect();
        let written = super::markdown::write(&blocks);
        let expected: Vec<String> = lines.iter().map(|line| plain(line)).collect();
        prop_assert_eq!(seen(&written), expected, "\n{}", written);
    }

    #[test]
    fn no_shape_loses_words(text in shapes()) {
        let reading = read(&text);
        prop_assert_eq!(conservation::check(&text, &reading), Ok(()), "text:\n{}\nbody:\n{}", text, reading.body);
    }

    #[test]
    fn an_article_comes_back_as_it_was(text in shapes()) {
        let seed = SitePath::new("seeds/a.txt".to_owned());
        if let Ok((article, _)) = crate::import::one(&seed, text.as_bytes()) {
            let (again, _) = crate::import::one(&SitePath::new("seeds/a.md".to_owned()), article.as_bytes()).expect("an article is a seed");
            prop_assert_eq!(again, article);
        }
    }
}

/// An article as a reader copies it: headings and paragraphs as lines, items after bullets and numbers.
fn copied(body: &str) -> String {
    body.replace("\\\n", "\n")
        .replace("\n## ", "\n")
        .replace("\n### ", "\n")
        .replace("**", "")
        .replace("\n- ", "\n  • ")
}

#[test]
fn a_copied_article_is_read_as_the_same_again() {
    for shape in [
        "Step 1: Dig the ground\n\n~\n\nStep 2: Sow the seeds\n\n~",
        "You will need:\n\n• A spade with a long handle\n• A rake\n• Seeds of the beans",
        "First the kitchen, which is the most work of all:\n\n1. Clean the oven\n2. Wash the floor",
        "The rain came down upon the town\nAnd all the lamps were lit,\nThe river rose and wore its gown",
        "Q: What do you grow?\n\nA: Mostly beans, and peas when the rain lets me.\n\nQ: And roses?\n\nA: No roses. They are for others.",
    ] {
        let first = reading(&text(&shape.replace('~', BETWEEN))).body;
        let again = reading(&format!("On the Uses of Rain and Gardens\n\n{}", copied(&first))).body;
        assert_eq!(again, first);
    }
}

#[test]
fn long_texts_take_time_in_proportion() {
    reading(&"a,b,1 ".repeat(10_000));
    for line in [
        "a  b\n",
        "a,1,2\n",
        "a,b\n",
        "| a | b |\n",
        "| a |\n| a | b |\n",
        "    she said that it was so and that it would be\n",
        "\"She said\n",
        "> > a\n",
        "Q: a\n\n",
        "[1] a\n\n",
        "```\na\n````\n",
        "$ make\n",
        "Step 1: a\n\n",
        "THE RAIN\n\n",
        "o a\n",
        "1. a\n\n",
    ] {
        reading(&line.repeat(400));
    }
}
