//! What is wrong, where, and what to do about it.
//!
//! Every phase returns its value together with [`Diagnostics`]; nothing is printed here, and nothing is
//! thrown away: all problems are reported, and the exit code is decided once, in the binary.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::doubt::Doubt;
pub use crate::nearest::nearest;
use crate::path::SitePath;
use crate::text::{Position, Span, legible, quotable};

/// Of a line of more bytes only what stands around a problem is shown, ...
const LONG: usize = 1_000;
/// ... so many bytes on either side.
const AROUND: usize = 80;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the site is whole.
    Warning,
    /// The site cannot be published as it stands.
    Error,
}

impl Severity {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What is wrong and the ways out, before it is known in which file: what leaf functions return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    message: String,
    hints: Vec<String>,
}

impl Problem {
    /// A problem in words: lower case, no full stop, the offending text in backticks. Whatever that holds, it stays in
    /// its line.
    pub fn new(message: impl AsRef<str>) -> Problem {
        Problem { message: quotable(message.as_ref()).into_owned(), hints: Vec::new() }
    }

    /// Adds a way out; one that shows lines of a text has several.
    #[must_use]
    pub fn hint(mut self, hint: impl AsRef<str>) -> Problem {
        self.hints.push(legible(hint.as_ref()));
        self
    }

    /// Adds a way out where there is one.
    #[must_use]
    pub fn hint_if(self, hint: Option<String>) -> Problem {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Adds `` did you mean `…`? `` where one of `candidates` is near `typed`.
    #[must_use]
    pub fn did_you_mean<'a>(self, typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Problem {
        self.hint_if(nearest(typed, candidates).map(|near| format!("did you mean `{near}`?")))
    }

    /// An error at a place.
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic::new(Severity::Error, self, Place::Span(span))
    }

    /// An error in a file as a whole.
    pub fn in_file(self, path: SitePath) -> Diagnostic {
        Diagnostic::new(Severity::Error, self, Place::File(path))
    }

    /// An error that no file shows.
    pub fn anywhere(self) -> Diagnostic {
        Diagnostic::new(Severity::Error, self, Place::Nowhere)
    }
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A piece of a file.
    Span(Span),
    /// A file as a whole.
    File(SitePath),
    /// In no file.
    Nowhere,
}

/// A place that helps to understand the problem: "first defined here".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What the place has to do with the problem.
    pub message: String,
    /// The place.
    pub span: Span,
}

/// A problem with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Ways out.
    pub hints: Vec<String>,
    /// Other places that help to understand it.
    pub notes: Vec<Note>,
    /// What kind of doubt it is, where it is one of those that the queue names.
    pub doubt: Option<Doubt>,
    is_unreadable: bool,
}

impl Diagnostic {
    fn new(severity: Severity, problem: Problem, place: Place) -> Diagnostic {
        Diagnostic {
            severity,
            message: problem.message,
            place,
            hints: problem.hints,
            notes: Vec::new(),
            doubt: None,
            is_unreadable: false,
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn as_warning(mut self) -> Diagnostic {
        self.severity = Severity::Warning;
        self
    }

    /// Says what kind of doubt it is.
    #[must_use]
    pub fn with_doubt(mut self, doubt: Doubt) -> Diagnostic {
        self.doubt = Some(doubt);
        self
    }

    /// Says that the file is there and could not be read.
    #[must_use]
    pub fn as_unreadable(mut self) -> Diagnostic {
        self.is_unreadable = true;
        self
    }

    /// Whether the file is there and could not be read.
    pub fn is_unreadable(&self) -> bool {
        self.is_unreadable
    }

    /// Adds a place that helps to understand the problem.
    #[must_use]
    pub fn note(mut self, message: impl AsRef<str>, span: Span) -> Diagnostic {
        self.notes.push(Note { message: quotable(message.as_ref()).into_owned(), span });
        self
    }

    /// The file the problem is in.
    pub fn path(&self) -> Option<&SitePath> {
        match &self.place {
            Place::Span(span) => Some(span.text().path()),
            Place::File(path) => Some(path),
            Place::Nowhere => None,
        }
    }

    /// Where in its file it begins, in bytes.
    fn start(&self) -> Option<usize> {
        match &self.place {
            Place::Span(span) => Some(span.range().start),
            Place::File(_) | Place::Nowhere => None,
        }
    }

    /// Line and column, where they are known.
    pub fn position(&self) -> Option<Position> {
        match &self.place {
            Place::Span(span) => Some(span.start()),
            Place::File(_) | Place::Nowhere => None,
        }
    }

    /// Whether it stands in the way of publishing.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The problem with the lines it is about and a caret below, without colour.
    pub fn with_excerpt(&self) -> String {
        Renderer::plain().render(&[self.group()])
    }

    /// The same, coloured for a terminal.
    pub fn with_excerpt_in_colour(&self) -> String {
        Renderer::styled().render(&[self.group()])
    }

    /// The problem and its hints alone, as one sentence.
    pub fn in_words(&self) -> String {
        let hints: String = self.hints.iter().map(|hint| format!(" ({hint})")).collect();
        format!("{}{hints}", self.message)
    }

    fn group(&self) -> Group<'_> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&*self.message));
        match &self.place {
            Place::Span(span) => group = group.elements(excerpt(span, AnnotationKind::Primary, None)),
            Place::File(path) => group = group.element(Origin::path(path.as_str())),
            Place::Nowhere => {}
        }
        for note in &self.notes {
            group = group.elements(excerpt(&note.span, AnnotationKind::Context, Some(&note.message)));
        }
        group.elements(self.hints.iter().map(|hint| Level::HELP.message(&**hint)))
    }

    /// The problem on one line: `file:line:column: severity: message`.
    pub fn in_short(&self) -> String {
        let place = match (self.path().map(|path| quotable(path.as_str())), self.position()) {
            (Some(path), Some(at)) => format!("{path}:{}:{}: ", at.line, at.column),
            (Some(path), None) => format!("{path}: "),
            (None, _) => String::new(),
        };
        format!("{place}{}: {}", self.severity.word(), quotable(&self.in_words()))
    }
}

/// The lines the span is on, and no others: a long file must not cost more than a short one. Nor a long line: of one the words
/// around the span are shown, and no more of it is looked at.
fn excerpt<'a>(span: &'a Span, kind: AnnotationKind, label: Option<&'a str>) -> Vec<Element<'a>> {
    let (text, range) = (span.text().read(), span.range());
    // One byte more than is shown: who finds no end of the line in so many knows that it is long.
    let before = &text.as_bytes()[range.start.saturating_sub(LONG + 1)..range.start];
    let after = &text.as_bytes()[range.end..text.len().min(range.end + LONG + 1)];
    let start = range.start - before.iter().rev().position(|&byte| byte == b'\n').unwrap_or(before.len());
    let end = range.end + after.iter().position(|&byte| byte == b'\n').unwrap_or(after.len());
    let Position { line, column } = span.start();
    let path = span.text().path().as_str();
    let snippet = |shown: Range<usize>, marked: Range<usize>| {
        let marked = marked.start - shown.start..marked.end - shown.start;
        Snippet::source(text[shown].to_owned()).line_start(line).annotation(kind.span(marked).label(label))
    };
    if end - start <= LONG {
        return vec![snippet(start..end, range).path(path).into()];
    }
    let marked = range.start..text.floor_char_boundary(range.end.min(range.start + AROUND)).max(range.start);
    let from = text.ceil_char_boundary(marked.start.saturating_sub(AROUND).max(start));
    let to = text.floor_char_boundary((marked.end + AROUND).min(end));
    let origin = Origin::path(path).line(line).char_column(column);
    vec![origin.into(), snippet(from..to, marked).into()]
}

/// All that was found, in the order it is reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Nothing found.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Takes the value, keeping the diagnostic of a failure.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Takes the value of a phase, keeping what the phase found.
    pub fn take<T>(&mut self, (value, found): (T, Diagnostics)) -> T {
        self.extend(found);
        value
    }

    /// Whether anything stands in the way of publishing.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Of those at one place the first alone, which says how many more there are: a mistake in a template is one mistake,
    /// on however many pages.
    #[must_use]
    pub fn once_a_place(self) -> Diagnostics {
        let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
        for one in self.sorted() {
            match kept.last_mut() {
                Some((last, more))
                    if one.start().is_some() && last.start() == one.start() && last.path() == one.path() =>
                {
                    *more += 1;
                }
                Some(_) | None => kept.push((one.clone(), 0)),
            }
        }
        let told = kept.into_iter().map(|(mut one, more)| {
            let said = match more {
                0 => None,
                1 => Some("another page fails at this place, too".to_owned()),
                more => Some(format!("{more} other pages fail at this place, too")),
            };
            one.hints.extend(said);
            one
        });
        Diagnostics(told.collect())
    }

    /// All, ordered by file and place; what has no file comes first.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.0.iter().collect();
        all.sort_by_cached_key(|one| (one.path().cloned(), one.start(), one.message.clone()));
        all.dedup();
        all
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Diagnostics {
        Diagnostics(vec![one])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_problem_on_one_line() {
        let text = Text::new(SitePath::new("gleaner.toml"), "a = 1\ntitel = 2\n".into());
        let diagnostic =
            Problem::new("unknown key `titel`").did_you_mean("titel", ["title"]).at(text.span(6..11));
        assert_eq!(
            diagnostic.in_short(),
            "gleaner.toml:2:1: error: unknown key `titel` (did you mean `title`?)"
        );
    }

    #[test]
    fn reports_are_ordered_by_file_and_place() {
        let text = Text::new(SitePath::new("b.md"), "one\ntwo\n".into());
        let mut found = Diagnostics::new();
        found.push(Problem::new("late").at(text.span(4..7)));
        found.push(Problem::new("early").at(text.span(0..3)).as_warning());
        found.push(Problem::new("whole").in_file(SitePath::new("a.md")));
        let messages: Vec<_> = found.sorted().iter().map(|one| one.message.as_str()).collect();
        assert_eq!(messages, ["whole", "early", "late"]);
        assert!(found.has_errors());
    }

    #[test]
    fn of_a_long_line_only_the_words_around_are_shown() {
        let text = format!("title\n{}here{}\n", "ä ".repeat(3000), " ö".repeat(3000));
        let at = text.find("here").unwrap();
        let text = Text::new(SitePath::new("a.md"), text);
        for range in [at..at + 4, at..text.read().len()] {
            let shown = Problem::new("odd").at(text.span(range)).with_excerpt();
            assert!(
                shown.contains("a.md:2:6001") && shown.contains("ä here ö") && shown.len() < 1500,
                "{shown}"
            );
        }
    }
}
