//! Printing: results on standard output, messages and problems on standard error.

use std::io::{self, Write};
use std::time::Duration;

use gleaner::diagnostic::{Diagnostic, Diagnostics, Problem};
use gleaner::progress::Watcher;
use gleaner::text::legible;
use gleaner::timings::{Lap, Timings};

use super::progress;
use super::{ColorWhen, Common, MessageFormat};

/// Prints as the command line asked for.
#[derive(Debug, Clone)]
pub(super) struct Report {
    format: MessageFormat,
    color: anstream::ColorChoice,
    is_quiet: bool,
    is_verbose: bool,
}

impl Report {
    pub(super) fn new(common: &Common) -> Report {
        let color = match common.color {
            ColorWhen::Auto => anstream::ColorChoice::Auto,
            ColorWhen::Always => anstream::ColorChoice::Always,
            ColorWhen::Never => anstream::ColorChoice::Never,
        };
        let (is_quiet, is_verbose) = (common.quiet, common.verbose);
        Report { format: common.message_format, color, is_quiet, is_verbose }
    }

    /// Whether more than usual was asked for.
    pub(super) fn is_verbose(&self) -> bool {
        self.is_verbose
    }

    /// Whether messages are read by a program.
    pub(super) fn is_json(&self) -> bool {
        self.format == MessageFormat::Json
    }

    /// Whether messages are read by people, and not by programs.
    pub(super) fn is_for_people(&self) -> bool {
        self.format == MessageFormat::Human
    }

    /// Somebody who shows how far it is, where that is wanted and there is a terminal to show it on.
    pub(super) fn watcher(&self) -> Watcher {
        let is_wanted = !self.is_quiet && self.format == MessageFormat::Human;
        if is_wanted { progress::bar() } else { Watcher::default() }
    }

    /// Prints what was asked for.
    #[expect(clippy::unused_self, reason = "commands print through their report alone")]
    pub(super) fn result(&self, text: &str) -> Result<(), Problem> {
        let mut out = io::stdout().lock();
        printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Prints what was asked for as a text for people: what it quotes of seeds steers no terminal.
    pub(super) fn shown(&self, text: &str) -> Result<(), Problem> {
        self.result(&legible(text))
    }

    /// The same in colour, where colour is wanted.
    pub(super) fn coloured(&self, text: &str) -> Result<(), Problem> {
        let mut out = anstream::AutoStream::new(io::stdout(), self.color);
        printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Prints how long each phase took, where somebody measured.
    pub(super) fn timings(&self, timings: &Timings) {
        let laps = timings.laps();
        let seconds = |time: Duration| time.as_secs_f64();
        for lap in &laps {
            self.json(&serde_json::json!({
                "kind": "timing", "phase": lap.phase, "count": lap.count,
                "wall": seconds(lap.wall), "cpu": seconds(lap.cpu),
            }));
        }
        if !laps.is_empty() && !self.is_json() {
            let line = |phase: &str, count: &str, wall: Duration, cpu: Duration| {
                format!("{phase:<16}{count:>9}{:>10.3} s{:>10.3} s", seconds(wall), seconds(cpu))
            };
            let mut lines = vec![format!("{:<16}{:>9}{:>12}{:>12}", "phase", "count", "wall", "processors")];
            lines.extend(laps.iter().map(|lap| line(lap.phase, &lap.count.to_string(), lap.wall, lap.cpu)));
            let sum = |of: fn(&Lap) -> Duration| laps.iter().map(of).sum();
            lines.push(line("all", "", sum(|lap| lap.wall), sum(|lap| lap.cpu)));
            self.message(&lines.join("\n"));
        }
    }

    /// Says how it goes, unless quiet was asked for.
    pub(super) fn message(&self, text: &str) {
        if !self.is_quiet && !self.is_json() {
            self.line(&legible(text));
        }
    }

    /// Prints an object for programs.
    pub(super) fn json(&self, object: &serde_json::Value) {
        if self.is_json() {
            self.line(&object.to_string());
        }
    }

    /// Prints everything that was found, and how much of it.
    pub(super) fn diagnostics(&self, found: &Diagnostics) {
        let sorted = found.sorted();
        for diagnostic in &sorted {
            self.diagnostic(diagnostic);
        }
        if sorted.len() > 1 && self.format == MessageFormat::Human {
            let errors = sorted.iter().filter(|one| one.is_error()).count();
            let warnings = sorted.len() - errors;
            let plural =
                |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
            let sum: Vec<String> = [(errors, "error"), (warnings, "warning")]
                .into_iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, noun)| plural(number, noun))
                .collect();
            self.line(&sum.join(", "));
        }
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) {
        match self.format {
            MessageFormat::Human => self.line(&format!("{}\n", diagnostic.with_excerpt_in_colour())),
            MessageFormat::Short => self.line(&diagnostic.in_short()),
            MessageFormat::Json => {
                self.json(&Report::problem(diagnostic));
            }
        }
    }

    /// What was found as an object for programs.
    pub(super) fn problem(diagnostic: &Diagnostic) -> serde_json::Value {
        let position = diagnostic.position();
        serde_json::json!({
            "kind": "problem",
            "severity": diagnostic.severity,
            "message": diagnostic.message,
            "file": diagnostic.path().map(ToString::to_string),
            "line": position.map(|at| at.line),
            "column": position.map(|at| at.column),
            "hints": diagnostic.hints,
        })
    }

    fn line(&self, text: &str) {
        let mut err = anstream::AutoStream::new(io::stderr(), self.color);
        // Nothing is left to tell it to when standard error is gone.
        let _gone = writeln!(err, "{text}");
    }
}

/// How printing a result ended: a reader that goes away early is no error.
fn printed(ended: io::Result<()>) -> Result<(), Problem> {
    match ended {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Problem::new(format!("the result cannot be printed: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
