//! Topics on texts of many senses, what removing evidence does, and the commands about topics.

use std::collections::BTreeMap;
use std::path::Path;

use gleaner::articles::{self, Article};
use gleaner::path::SitePath;
use gleaner::rights::Origins;
use gleaner::text::Text;
use gleaner::topics::{self, Place, Scorer, Topic, Verdict};
use gleaner::words::Language;

use crate::scratch::Scratch;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn files(folder: &str) -> BTreeMap<SitePath, Text> {
    let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let text = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        let path = SitePath::new(format!("{folder}/{}", entry.file_name().to_string_lossy()));
        Text::new(path, std::fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(text).map(|text| (text.path().clone(), text)).collect()
}

fn own_topics() -> Vec<Topic> {
    let (topics, found) = topics::read(&files("content/topics"), &Language::of("en"));
    assert!(found.is_empty(), "{found:?}");
    topics
}

fn article(name: &str, typed: &str) -> Article {
    let text = Text::new(SitePath::new(format!("content/articles/{name}.md")), typed.to_owned());
    articles::read(&BTreeMap::from([(text.path().clone(), text)]), &Origins::default()).0.remove(0)
}

/// The traps, with what an editor would say.
fn traps() -> Vec<(String, Article, Vec<String>)> {
    let traps: toml::Table = include_str!("../traps.toml").parse().unwrap();
    let read = |(at, trap): (usize, &toml::Value)| {
        let text = |key: &str| trap[key].as_str().unwrap().to_owned();
        let says = article(&format!("trap-{at}"), &format!("+++\ntitle = \"This\"\n+++\n{}\n", text("says")));
        let topics = trap["topics"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
        (text("sense"), says, topics.collect())
    };
    traps["text"].as_array().unwrap().iter().enumerate().map(read).collect()
}

fn earned(scorer: &Scorer<'_>, article: &Article) -> Vec<String> {
    let scored = scorer.score_sorted(article).into_iter();
    let mut names: Vec<String> =
        scored.filter(|one| one.verdict == Verdict::Earned).map(|one| one.topic.to_string()).collect();
    names.sort();
    names
}

#[test]
fn words_in_other_senses_are_told_apart() {
    let (topics, language) = (own_topics(), Language::of("en"));
    let scorer = Scorer::of(&topics, [], &language);
    let traps = traps();
    assert!(traps.len() >= 40);
    let (mut right, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
    for (sense, article, wanted) in &traps {
        let got = earned(&scorer, article);
        right += got.iter().filter(|one| wanted.contains(one)).count();
        wrong.extend(got.iter().filter(|one| !wanted.contains(one)).map(|one| format!("{one} for {sense}")));
        missed.extend(wanted.iter().filter(|one| !got.contains(one)).map(|one| format!("{one} for {sense}")));
    }
    // Measured: nothing wrong, three or four of sixteen missed, each by a hair.
    assert!(wrong.len() <= 1, "wrong: {wrong:#?}");
    assert!(missed.len() <= 4, "missed: {missed:#?}");
    assert!(right >= 12);
}

#[test]
fn without_its_evidence_an_article_loses_its_topic() {
    let (topics, language) = (own_topics(), Language::of("en"));
    let scorer = Scorer::of(&topics, [], &language);
    let (own, _) = articles::read(&files("content/articles"), &Origins::default());
    let all = own.into_iter().chain(traps().into_iter().map(|(_, article, _)| article));
    let (mut assignments, mut kept) = (0, Vec::new());
    for article in all {
        for one in scorer.score(&article).into_iter().filter(|one| one.verdict == Verdict::Earned) {
            let cited: Vec<Place> = one.evidence.iter().map(|evidence| evidence.place).collect();
            let passages = article.body.passages.iter().enumerate();
            let rest: Vec<_> = passages
                .filter(|(at, _)| !cited.contains(&Place::Passage(*at)))
                .map(|(_, passage)| passage.text.read().into_owned())
                .collect();
            let title = if cited.contains(&Place::Title) { "Untitled" } else { &article.title };
            let rest =
                self::article("rest", &format!("+++\ntitle = {title:?}\n+++\n{}\n", rest.join("\n\n")));
            assignments += 1;
            if earned(&scorer, &rest).contains(&one.topic.to_string()) {
                kept.push(format!("{} of {}", one.topic, article.id));
            }
        }
    }
    assert!(assignments >= 15, "{assignments}");
    assert!(kept.len() * 10 <= assignments, "{} of {assignments}: {kept:#?}", kept.len());
}

#[test]
fn scores_are_the_same_at_any_thread_count() {
    let (topics, language) = (own_topics(), Language::of("en"));
    let decide = |(at, (_, article, wanted)): (usize, (String, Article, Vec<String>))| {
        let front = format!("+++\ntitle = \"This\"\ntopics = {wanted:?}\n+++\n");
        self::article(&format!("decided-{at}"), &format!("{front}{}", article.body.source()))
    };
    let articles: Vec<Article> = traps().into_iter().enumerate().map(decide).collect();
    let scored = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| topics::score_all(&articles, &topics, &language))
    };
    let one = scored(1);
    assert!(one.iter().flatten().any(|one| one.basis.decisions > 0.0));
    assert_eq!(one, scored(3));
    let evaluation = topics::evaluate(&articles, &[], &topics, &language);
    assert_eq!(evaluation.articles, articles.len());
    assert!(evaluation.all().f1() > 0.75, "{evaluation:#?}");
}

/// The texts in an order that mixes them: each begins somewhere else.
fn orders(texts: usize) -> Vec<Vec<usize>> {
    // Steps without a common divisor with the number of texts visit them all.
    let is_prime_to =
        |step: &usize| (2..=*step).all(|one| !step.is_multiple_of(one) || !texts.is_multiple_of(one));
    let steps: Vec<usize> = (5..texts).filter(is_prime_to).take(6).collect();
    steps.into_iter().map(|step| (0..texts).map(|at| (at * step + step) % texts).collect()).collect()
}

/// F1 on the texts not decided yet, by how many are decided; topics have a title and a description, no terms.
fn replay() -> Vec<(usize, f64)> {
    let language = Language::of("en");
    let bare: BTreeMap<SitePath, Text> = own_topics()
        .iter()
        .map(|topic| {
            let description = topic.description.clone().unwrap();
            let description = description.split([':', ';']).next().unwrap();
            let typed = format!("+++\ntitle = {:?}\ndescription = {description:?}\n+++\n", topic.title);
            (topic.path().clone(), Text::new(topic.path().clone(), typed))
        })
        .collect();
    let (topics, _) = topics::read(&bare, &language);
    let traps = traps();
    let decided: Vec<Article> = traps
        .iter()
        .enumerate()
        .map(|(at, (_, one, wanted))| {
            let front = format!("+++\ntitle = \"This\"\ntopics = {wanted:?}\n+++\n");
            article(&format!("decided-{at}"), &format!("{front}{}", one.body.source()))
        })
        .collect();
    let orders = orders(traps.len());
    let f1 = |revealed: usize| {
        let (mut right, mut off) = (0, 0);
        for order in &orders {
            let (known, rest) = order.split_at(revealed);
            let scorer = Scorer::of(&topics, known.iter().map(|at| &decided[*at]), &language);
            for at in rest {
                let (got, wanted) = (earned(&scorer, &traps[*at].1), &traps[*at].2);
                let both = got.iter().filter(|one| wanted.contains(one)).count();
                right += both;
                off += got.len() + wanted.len() - 2 * both;
            }
        }
        2.0 * right as f64 / (2.0 * right as f64 + off as f64).max(1.0)
    };
    (0..=36).step_by(4).map(|revealed| (revealed, f1(revealed))).collect()
}

/// The curve, for `docs/topics.md`.
fn plot(points: &[(usize, f64)]) -> String {
    let place = |(decided, f1): &(usize, f64)| (50.0 + 10.0 * *decided as f64, 210.0 - 180.0 * f1);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 440 250\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#555\">\n\
         <title>F1 on texts not decided yet, by the number of texts decided</title>\n",
    );
    for tenth in (0..=10).step_by(2) {
        let y = 210.0 - 18.0 * f64::from(tenth);
        svg.push_str(&format!(
            "<path d=\"M50 {y}H420\" stroke=\"#ddd\"/><text x=\"44\" y=\"{}\" text-anchor=\"end\">{:.1}</text>\n",
            y + 4.0,
            f64::from(tenth) / 10.0
        ));
    }
    let line: Vec<String> = points.iter().map(place).map(|(x, y)| format!("{x:.0},{y:.1}")).collect();
    svg.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#1f6f8b\" stroke-width=\"2\"/>\n",
        line.join(" ")
    ));
    for point in points {
        let (x, y) = place(point);
        svg.push_str(&format!("<circle cx=\"{x:.0}\" cy=\"{y:.1}\" r=\"3\" fill=\"#1f6f8b\"/>"));
        svg.push_str(&format!("<text x=\"{x:.0}\" y=\"228\" text-anchor=\"middle\">{}</text>\n", point.0));
    }
    svg.push_str("<text x=\"230\" y=\"246\" text-anchor=\"middle\">decided texts</text>\n</svg>\n");
    svg
}

#[test]
fn the_more_is_decided_the_better_it_gets() {
    let points = replay();
    let (first, last) = (points[0].1, points[points.len() - 1].1);
    assert!(last > first, "{points:?}");
    let svg = plot(&points);
    let place = Path::new(ROOT).join("docs/topics-replay.svg");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&place, &svg).unwrap();
        println!("{points:?}");
    }
    assert_eq!(
        std::fs::read_to_string(&place).unwrap(),
        svg,
        "UPDATE=1 draws it anew; write the table into docs/topics.md"
    );
}

const BREAD: [&str; 12] = [
    "The baker kneads dough from rye flour and lets it rise until dawn.",
    "Sourdough needs flour, water and a warm kitchen; the baker feeds it daily.",
    "A loaf of rye bread keeps for a week in the baker's linen bag.",
    "The oven is heated with beech before the baker slides in the loaves.",
    "Yeast makes the dough rise, salt keeps the bread from going stale.",
    "The baker scores each loaf so that the crust opens in the oven.",
    "Flour from the mill varies, so the dough is mixed by feel.",
    "Rye bread without yeast wants sourdough and a hot oven.",
    "The apprentice weighs flour and shapes loaves beside the baker.",
    "A good crust crackles when the bread comes out of the oven.",
    "Bread rolls rise on linen while the oven is swept.",
    "The baker sells warm loaves from six in the morning.",
];

const TRAINS: [&str; 12] = [
    "The locomotive hauls nine carriages over the pass to the coast.",
    "A signalman sets the points before the express train arrives.",
    "The night train stops where the railway crosses the border.",
    "Passengers change trains at the junction and wait on the platform.",
    "The railway was laid by hand and its tunnels by dynamite.",
    "The conductor checks tickets between the second and third station.",
    "Steam locomotives need water at every other station.",
    "The timetable gives the train eleven minutes at the platform.",
    "Freight trains run at night when the railway is empty.",
    "The engine driver reads the signals through the fog.",
    "A branch railway joins the main line at the junction.",
    "The station clock is a minute slow so that no train is missed.",
];

/// A site with articles on bread and on trains; decided, if there are topics for them.
fn sections(has_topics: bool) -> Scratch {
    let scratch = Scratch::of(&[("gleaner.toml", "title = \"Sections\"\n")]);
    for (topic, texts) in [("bread", BREAD), ("trains", TRAINS)] {
        if has_topics {
            scratch
                .write(&format!("content/topics/{topic}.md"), format!("+++\ntitle = \"On {topic}\"\n+++\n"));
        }
        let decided = if has_topics { format!("topics = [\"{topic}\"] # mine\n") } else { String::new() };
        for (at, text) in texts.iter().enumerate() {
            let front = format!("+++\ntitle = \"Note {at}\"\n{decided}+++\n");
            scratch.write(&format!("content/articles/{topic}-{at:02}.md"), format!("{front}{text}\n"));
        }
    }
    scratch
}

/// What a command about topics prints.
fn topics_command(scratch: &Scratch, arguments: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gleaner"));
    let done = command.arg("topics").args(arguments).current_dir(scratch.root()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn evaluate_says_how_far_to_trust_each_topic() {
    let scratch = sections(true);
    let told = topics_command(&scratch, &["evaluate"]);
    assert!(
        told.starts_with("24 articles are decided, each scored by what the others teach, in 5 parts."),
        "{told}"
    );
    let row = |name: &str| -> Vec<f64> {
        let line = told.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().map(|number| number.parse().unwrap()).collect()
    };
    for name in ["On bread", "On trains"] {
        let [right, _, missed, _, precision, recall, f1] = row(name)[..] else { panic!("{told}") };
        assert!((right + missed - 12.0).abs() < 0.5, "{told}");
        assert!(precision > 0.9 && recall > 0.9 && f1 > 0.9, "{told}");
    }
    // An article decided against all others is the one thing that cannot be learnt from them.
    scratch.write(
        "content/articles/trains-00.md",
        format!("+++\ntitle = \"Note\"\ntopics = [\"bread\"]\n+++\n{}\n", TRAINS[0]),
    );
    let told = topics_command(&scratch, &["evaluate"]);
    let all = told.lines().find(|line| line.starts_with("all together")).unwrap();
    assert!(
        all.split_whitespace().nth(3).unwrap() != "0" || all.split_whitespace().nth(4).unwrap() != "0",
        "{told}"
    );
}

#[test]
fn evaluate_scores_a_folder_by_its_front_matter() {
    let (scratch, other) = (sections(true), sections(true));
    other.write(
        "content/articles/none.md",
        "+++\ntitle = \"None\"\ntopics = []\n+++\nA heron stands in the reeds.\n",
    );
    let folder = other.path("content/articles");
    let told = topics_command(&scratch, &["evaluate", "--folder", folder.to_str().unwrap()]);
    assert!(told.starts_with("25 articles are decided"), "{told}");
    assert!(told.contains("of 1 would get one."), "{told}");
}

#[test]
fn suggest_proposes_files_that_take_the_articles_they_name() {
    let scratch = sections(false);
    let told = topics_command(&scratch, &["suggest"]);
    let file = told.split("# content/topics/").nth(1).unwrap();
    let (name, rest) = file.split_once('\n').unwrap();
    let (file, taken) = rest.split_once("\n# It would take ").unwrap();
    let count: usize = taken.split(' ').next().unwrap().parse().unwrap();
    assert!(count >= 8, "{told}");
    scratch.write(&format!("content/topics/{name}"), file);
    let table = topics_command(&scratch, &[]);
    let row = table.lines().nth(1).unwrap();
    assert_eq!(row.split_whitespace().nth(1).unwrap(), count.to_string(), "{table}");
}

#[test]
fn rename_and_merge_change_the_words_in_question_and_no_other() {
    let scratch = sections(true);
    topics_command(&scratch, &["rename", "trains", "Railways"]);
    assert!(!scratch.has("content/topics/trains.md"));
    let file = scratch.read("content/topics/railways.md");
    assert!(file.contains("title = \"Railways\"") && file.contains("/topics/trains/"), "{file}");
    let article = scratch.read("content/articles/trains-00.md");
    assert!(article.contains("topics = [\"railways\"] # mine\n"), "{article}");
    assert!(scratch.read("content/articles/bread-00.md").contains("topics = [\"bread\"] # mine\n"));

    topics_command(&scratch, &["merge", "railways", "bread"]);
    assert!(!scratch.has("content/topics/railways.md"));
    let file = scratch.read("content/topics/bread.md");
    assert!(file.contains("/topics/railways/") && file.contains("/topics/trains/"), "{file}");
    assert!(scratch.read("content/articles/trains-00.md").contains("topics = [\"bread\"] # mine\n"));
    let built = scratch.build();
    assert!(!built.found.has_errors(), "{}", built.report());
}

#[test]
fn where_topics_are_sections_every_article_belongs_to_one() {
    let scratch = sections(true);
    // A border is all that it has in common with any of them.
    let says = "The reeds stand high by the border of the lake.";
    scratch.write("content/articles/new.md", format!("+++\ntitle = \"New\"\n+++\n{says}\n"));
    let new = || {
        topics_command(&scratch, &[]).lines().find(|line| line.contains("no topic, of")).unwrap().to_owned()
    };
    assert_eq!(new(), "0 articles have no topic, of 25.");
    scratch.write(
        "content/articles/heron.md",
        "+++\ntitle = \"Heron\"\ntopics = []\n+++\nA heron stands in the reeds.\n",
    );
    assert_eq!(new(), "2 articles have no topic, of 26.", "they are no sections any more");
}
