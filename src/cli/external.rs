//! `gleaner check --external`: asks other sites whether the pages are there that the site's links name.
//!
//! A host is asked for one page at a time, with a pause between two; a few hosts at once. What came of it is kept below
//! `.gleaner/cache/` with its day, so that the next time only what is old is asked again. Links are not worth a burden to
//! anybody: a host that says that it is too much is left alone. Hosts on this machine and its own network are not asked
//! unless the curator wants it (`private.rs`).

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, DefaultConnector};
use ureq::{Agent, Error, ResponseExt};
use url::Url;

use gleaner::diagnostic::Problem;
use gleaner::memo::is_own;
use gleaner::outbound::Answer;
use gleaner::progress::{Counter, Step, Watcher};
use gleaner::seeds::CACHE;

use super::private::{Guard, Private};

/// What is known of the addresses, in the folder of the cache.
const KNOWN: &str = "links.json";

/// How many hosts are asked at once: few enough for the smallest line.
const AT_ONCE: usize = 6;

/// How long a page may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a page may lead on to another.
const REDIRECTS: u32 = 5;

/// How long is waited for a host that asks to be left alone for a while; one that wants more is left alone this time.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often what is known is written: what comes to an end in between asks again for this much.
const SAVED_EVERY: Duration = Duration::from_secs(5);

/// For how many days an answer is taken for granted: pages that are there go seldom, and who made a mistake with a page that
/// is gone mends it within a week.
fn days_good(answer: &Answer) -> i64 {
    match answer {
        Answer::Alive | Answer::Moved { .. } => 30,
        Answer::Dead { .. } | Answer::Refused { .. } => 7,
        Answer::Unknown { .. } | Answer::Skipped { .. } => 0,
    }
}

/// An answer, and the day it was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The day, in UTC: `2026-03-02`.
    #[serde(with = "as_text")]
    pub(super) day: jiff::civil::Date,
    /// What came of it.
    #[serde(flatten)]
    pub(super) answer: Answer,
}

/// A day as text.
mod as_text {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// How addresses are asked for.
#[derive(Debug)]
pub(super) struct Manners<'a> {
    /// Between two questions to one host.
    pub(super) pause: Duration,
    /// Where those who are asked find out who asks.
    pub(super) contact: Option<&'a str>,
    /// Whether hosts on this machine and its own network are asked, too.
    pub(super) is_private_asked: bool,
    /// Who is told how far it is.
    pub(super) watcher: &'a Watcher,
}

/// What is known of a site's addresses.
#[derive(Debug)]
pub(super) struct Known {
    place: std::path::PathBuf,
    today: jiff::civil::Date,
    seen: BTreeMap<Url, Seen>,
}

impl Known {
    /// What is known of the wanted addresses. What was kept and cannot be read is asked for again.
    pub(super) fn of(root: &Path, is_wanted: impl Fn(&Url) -> bool) -> Known {
        let place = root.join(CACHE).join(KNOWN);
        let kept = std::fs::read(&place).ok();
        let seen = kept.and_then(|bytes| serde_json::from_slice::<BTreeMap<String, Seen>>(&bytes).ok());
        let read = |(url, seen): (String, Seen)| Some((Url::parse(&url).ok()?, seen));
        let seen = seen.into_iter().flatten().filter_map(read).filter(|(url, _)| is_wanted(url)).collect();
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Known { place, today, seen }
    }

    /// The answers, by address.
    pub(super) fn seen(&self) -> &BTreeMap<Url, Seen> {
        &self.seen
    }

    /// Whether what is known of an address is too old, or nothing.
    pub(super) fn is_old(&self, url: &Url) -> bool {
        let age = |seen: &Seen| i64::from((self.today - seen.day).get_days());
        // A day to come is a clock's mistake.
        self.seen.get(url).is_none_or(|seen| !(0..days_good(&seen.answer)).contains(&age(seen)))
    }

    /// Leaves out addresses that name a host on this machine or its own network.
    pub(super) fn skip(&mut self, urls: &[(&Url, Private)]) {
        for (url, private) in urls {
            let answer = Answer::Skipped { why: private.to_string() };
            self.seen.insert((*url).clone(), Seen { day: self.today, answer });
        }
    }

    /// Asks for addresses, and keeps what came of it.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(super) fn ask(&mut self, urls: &[&Url], manners: &Manners<'_>) -> Result<(), Problem> {
        let mut by_host: BTreeMap<&str, VecDeque<&Url>> = BTreeMap::new();
        for url in urls {
            by_host.entry(url.host_str().unwrap_or_default()).or_default().push_back(url);
        }
        let mut hosts: Vec<VecDeque<&Url>> = by_host.into_values().collect();
        // Who has most to answer begins, so that nobody is waited for alone at the end.
        hosts.sort_by_key(|urls| std::cmp::Reverse(urls.len()));
        let (agent, counter) = (agent(manners), manners.watcher.begin(Step::Ask, urls.len()));
        let hosts = Mutex::new(VecDeque::from(hosts));
        let saved = Mutex::new((&mut *self, Instant::now()));
        let keep = |url: &Url, answer: Answer| {
            let mut locked = saved.lock().unwrap_or_else(PoisonError::into_inner);
            let (known, last) = &mut *locked;
            known.seen.insert(url.clone(), Seen { day: known.today, answer });
            if last.elapsed() > SAVED_EVERY {
                *last = Instant::now();
                // At the end a disk that does not take it is reported.
                let _later = known.save();
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let host = hosts.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                        let Some(urls) = host else { return };
                        ask_host(&agent, urls, manners.pause, &counter, &keep);
                    }
                });
            }
        });
        self.without_a_line(urls);
        self.save().map_err(|error| {
            Problem::new(format!(
                "what other sites answered cannot be kept in `{}`: {error}",
                self.place.display()
            ))
        })
    }

    /// Where no host at all was found it is the line that is gone, and not the hosts.
    fn without_a_line(&mut self, urls: &[&Url]) {
        let is_lost = |seen: &Seen| matches!(&seen.answer, Answer::Dead { why } if why == NO_HOST);
        let nobody = urls.iter().all(|url| {
            self.seen
                .get(url)
                .is_none_or(|seen| is_lost(seen) || matches!(seen.answer, Answer::Unknown { .. }))
        });
        if nobody {
            for url in urls {
                if let Some(seen) = self.seen.get_mut(url).filter(|seen| is_lost(seen)) {
                    seen.answer = Answer::Unknown { why: "no host was found: is there a connection?".into() };
                }
            }
        }
    }

    /// Writes what is known in one step.
    fn save(&self) -> io::Result<()> {
        let folder = self.place.parent().unwrap_or(Path::new("."));
        if !is_own(folder) {
            return Err(io::Error::other("a symbolic link is not followed"));
        }
        std::fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        let seen: BTreeMap<&str, &Seen> = self.seen.iter().map(|(url, seen)| (url.as_str(), seen)).collect();
        serde_json::to_writer_pretty(&mut file, &seen).map_err(io::Error::other)?;
        file.persist(&self.place)?;
        Ok(())
    }
}

/// Asks one host for its pages, one after the other.
fn ask_host(
    agent: &Agent,
    urls: VecDeque<&Url>,
    pause: Duration,
    counter: &Counter<'_>,
    keep: &impl Fn(&Url, Answer),
) {
    let (mut is_tired, mut was_asked) = (false, false);
    for url in urls {
        if was_asked && !is_tired {
            std::thread::sleep(pause);
        }
        let answer = if is_tired {
            Answer::Unknown { why: "the host wants to be left alone".to_owned() }
        } else {
            let told = ask(agent, url, pause);
            (is_tired, was_asked) = (told.is_tired, told.was_asked);
            told.answer
        };
        keep(url, answer);
        counter.count();
    }
}

/// What a host told of a page.
struct Told {
    answer: Answer,
    /// Whether it wants no more questions now.
    is_tired: bool,
    /// Whether any question came to it.
    was_asked: bool,
}

/// Asks for a page: for its head alone, and where that is no good for the page itself, of which nothing is read.
fn ask(agent: &Agent, url: &Url, pause: Duration) -> Told {
    let mut has_waited = false;
    let mut is_whole = false;
    loop {
        let asked = if is_whole { agent.get(url.as_str()).call() } else { agent.head(url.as_str()).call() };
        let response = match asked {
            Ok(response) => response,
            Err(error) => {
                let was_asked = !Private::of(&error).is_some_and(|private| private.is_host_of(url));
                return Told { answer: of_error(&error), is_tired: false, was_asked };
            }
        };
        let status = response.status().as_u16();
        if matches!(status, 429 | 503) {
            let wait = wait(response.headers().get("retry-after"));
            match wait.filter(|wait| *wait <= LONGEST_WAIT && !has_waited) {
                Some(wait) => {
                    has_waited = true;
                    std::thread::sleep(wait.max(pause));
                    continue;
                }
                // A failure is not a wish to be left alone, unless the host says for how long.
                None if status == 429 || wait.is_some() => {
                    let answer = Answer::Unknown { why: status.to_string() };
                    return Told { answer, is_tired: true, was_asked: true };
                }
                None => {}
            }
        }
        // Some hosts know no HEAD, and say so in every way there is.
        if status >= 400 && !is_whole {
            is_whole = true;
            std::thread::sleep(pause);
            continue;
        }
        let at = Url::parse(&response.get_uri().to_string());
        let answer = Answer::of(status, url, at.as_ref().unwrap_or(url));
        return Told { answer, is_tired: false, was_asked: true };
    }
}

/// How long a host asks to be left alone: `Retry-After` in seconds, or, given as a date, longer than anybody waits here.
fn wait(header: Option<&ureq::http::HeaderValue>) -> Option<Duration> {
    let typed = header?.to_str().ok()?.trim();
    Some(typed.parse().map_or(Duration::MAX, Duration::from_secs))
}

/// Said where a host has no address.
const NO_HOST: &str = "the host is not found";

/// What it means that no answer came.
fn of_error(error: &Error) -> Answer {
    if let Some(private) = Private::of(error) {
        return Answer::Skipped { why: private.to_string() };
    }
    match error {
        Error::HostNotFound => Answer::Dead { why: NO_HOST.to_owned() },
        Error::Io(error) if is_no_host(error) => Answer::Dead { why: NO_HOST.to_owned() },
        Error::TooManyRedirects => {
            Answer::Unknown { why: format!("it leads on more than {REDIRECTS} times") }
        }
        Error::Timeout(_) => Answer::Unknown { why: format!("no answer in {} seconds", PATIENCE.as_secs()) },
        error => Answer::Unknown { why: error.to_string() },
    }
}

/// Whether the system looked for a host and is sure that there is none. It says so in words alone (`getaddrinfo`), but
/// for Windows, where it is `WSAHOST_NOT_FOUND`.
fn is_no_host(error: &io::Error) -> bool {
    let said = error.to_string();
    let is_for_now = said.contains("emporary failure") || said.contains("ry again");
    (said.contains("failed to lookup address") && !is_for_now) || error.raw_os_error() == Some(11001)
}

/// Who asks. Proxies are those of the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`.
fn agent(manners: &Manners<'_>) -> Agent {
    let contact = manners.contact.map(|url| format!("; +{url}")).unwrap_or_default();
    let name =
        format!("gleaner/{} (looks once a month whether links are good{contact})", env!("CARGO_PKG_VERSION"));
    let config = Agent::config_builder()
        .user_agent(name)
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        .timeout_global(Some(PATIENCE))
        .build();
    if manners.is_private_asked {
        return Agent::new_with_config(config);
    }
    let guard = Guard::new(config.proxy());
    Agent::with_parts(config, guard.chain(DefaultConnector::default()), DefaultResolver::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(typed: &str) -> Url {
        Url::parse(typed).unwrap()
    }

    fn seen(today: &str, day: &str, answer: Answer) -> bool {
        let seen = Seen { day: day.parse().unwrap(), answer };
        let seen = BTreeMap::from([(url("http://example.org/"), seen)]);
        let known = Known { place: "links.json".into(), today: today.parse().unwrap(), seen };
        known.is_old(&url("http://example.org/"))
    }

    #[test]
    fn an_answer_is_good_for_as_long_as_it_is_likely_true() {
        let dead = || Answer::Dead { why: "404".to_owned() };
        for (day, answer, is_old) in [
            ("2026-03-31", Answer::Alive, false),
            ("2026-03-02", Answer::Alive, false),
            ("2026-03-01", Answer::Alive, true),
            ("2026-03-25", dead(), false),
            ("2026-03-24", dead(), true),
            ("2026-03-31", Answer::Unknown { why: "500".to_owned() }, true),
            ("2026-04-01", Answer::Alive, true),
        ] {
            assert_eq!(seen("2026-03-31", day, answer), is_old, "{day}");
        }
    }

    #[test]
    fn a_host_is_dead_only_if_the_system_is_sure() {
        let failed = |why: &str| io::Error::other(format!("failed to lookup address information: {why}"));
        assert!(is_no_host(&failed("Name or service not known")));
        assert!(is_no_host(&failed("nodename nor servname provided, or not known")));
        assert!(!is_no_host(&failed("Temporary failure in name resolution")));
        assert!(!is_no_host(&failed("Try again")));
        assert!(!is_no_host(&io::Error::from(io::ErrorKind::ConnectionRefused)));
    }

    #[test]
    fn without_a_line_no_host_is_dead() {
        let (lost, late) = (url("http://a.example/"), url("http://b.example/"));
        let dead = Answer::Dead { why: NO_HOST.to_owned() };
        for (other, name) in
            [(Answer::Unknown { why: "late".to_owned() }, "unknown"), (Answer::Alive, "dead")]
        {
            let day: jiff::civil::Date = "2026-03-31".parse().unwrap();
            let seen = [(lost.clone(), dead.clone()), (late.clone(), other)];
            let seen = seen.map(|(url, answer)| (url, Seen { day, answer }));
            let mut known = Known { place: "links.json".into(), today: day, seen: seen.into() };
            known.without_a_line(&[&lost, &late]);
            assert_eq!(known.seen[&lost].answer.name(), name);
        }
    }

    #[test]
    fn the_client_trusts_the_roots_it_carries() {
        for is_private_asked in [false, true] {
            let (pause, contact) = (Duration::ZERO, Some("https://example.org/library/"));
            let agent = agent(&Manners { pause, contact, is_private_asked, watcher: &Watcher::default() });
            let tls = agent.config().tls_config();
            assert!(matches!(tls.root_certs(), ureq::tls::RootCerts::WebPki), "{tls:?}");
            assert!(!tls.disable_verification());
        }
    }
}
