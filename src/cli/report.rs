//! Printing: results on standard output, messages and problems on standard error.

use std::io::{self, Write};

use gleaner::diagnostic::{Diagnostic, Diagnostics, Problem};
use gleaner::progress::Watcher;

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

    /// Somebody who shows how far it is, where that is wanted and there is a terminal to show it on.
    pub(super) fn watcher(&self) -> Watcher {
        let is_wanted = !self.is_quiet && self.format == MessageFormat::Human;
        if is_wanted { progress::bar() } else { Watcher::default() }
    }

    /// Prints what was asked for. A reader that goes away early is no error.
    #[expect(clippy::unused_self, reason = "commands print through their report alone")]
    pub(super) fn result(&self, text: &str) -> Result<(), Problem> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Problem::new(format!("the result cannot be printed: {error}")))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Says how it goes, unless quiet was asked for.
    pub(super) fn message(&self, text: &str) {
        if !self.is_quiet && !self.is_json() {
            self.line(text);
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
                let position = diagnostic.position();
                self.json(&serde_json::json!({
                    "kind": "problem",
                    "severity": diagnostic.severity,
                    "message": diagnostic.message,
                    "file": diagnostic.path().map(ToString::to_string),
                    "line": position.map(|at| at.line),
                    "column": position.map(|at| at.column),
                    "hints": diagnostic.hints,
                }));
            }
        }
    }

    fn line(&self, text: &str) {
        let mut err = anstream::AutoStream::new(io::stderr(), self.color);
        // Nothing is left to tell it to when standard error is gone.
        let _gone = writeln!(err, "{text}");
    }
}
