//! Formulas: from TeX to `MathML`, which browsers draw by themselves.
//!
//! In: the source of a formula. Out: a `<math>` element, or what is wrong and where in the source.

use std::ops::Range;
use std::sync::OnceLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use crate::diagnostic::Problem;

/// Longer sources, in bytes, are shown as they are: nobody writes such a formula by hand.
const LONGEST: usize = 10_000;

/// From so many commands, groups and scripts on a formula is read with [`ROOM`]: each may be one level deeper, and
/// what reads formulas calls itself once a level (measured: some 10 kB each, not optimised).
const MANY: usize = 50;

/// Stack for a formula of [`LONGEST`] bytes that goes one level deeper with each, in bytes.
const ROOM: usize = 256 * 1024 * 1024;

/// What is wrong with a formula.
#[derive(Debug)]
pub(super) struct Fault {
    /// What, and what to do.
    pub problem: Problem,
    /// Where, as a range of the source.
    pub range: Range<usize>,
}

/// Makes a `<math>` element of a formula.
pub(super) fn mathml(tex: &str, is_display: bool) -> Result<String, Fault> {
    let refused = |message: String| Fault {
        problem: Problem::new(message).hint("its source is shown instead"),
        range: 0..tex.len(),
    };
    if tex.len() > LONGEST {
        return Err(refused(format!("a formula has more than {LONGEST} bytes")));
    }
    let levels = tex.bytes().filter(|byte| matches!(byte, b'{' | b'[' | b'^' | b'_' | b'\\')).count();
    if levels < MANY {
        return convert(tex, is_display);
    }
    let converted = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(ROOM);
        let thread = thread.spawn_scoped(scope, || convert(tex, is_display)).ok()?;
        thread.join().ok()
    });
    converted.unwrap_or_else(|| Err(refused("a formula is too deep".to_owned())))
}

fn convert(tex: &str, is_display: bool) -> Result<String, Fault> {
    static CONVERTER: OnceLock<Option<LatexToMathML>> = OnceLock::new();
    let fault = |message: &str, range: Range<usize>| {
        let problem = Problem::new(format!("a formula cannot be drawn: {message}"));
        Fault { problem: problem.hint("its source is shown instead"), range }
    };
    // Making the converter fails for commands of one's own that are wrong, and it is given none.
    let converter = CONVERTER.get_or_init(|| LatexToMathML::new(MathCoreConfig::default()).ok());
    let Some(converter) = converter else { return Err(fault("nothing reads formulas", 0..tex.len())) };
    let display = if is_display { MathDisplay::Block } else { MathDisplay::Inline };
    match converter.convert_with_local_state(tex, display) {
        Ok(converted) => Ok(converted.mathml),
        Err(error) => {
            let message = in_our_words(&error.error_message());
            let range = error.0.start.min(tex.len())..error.0.end.min(tex.len());
            Err(fault(&message, range))
        }
    }
}

/// A message as all of ours are: lower case, no full stop, what was typed in backticks.
fn in_our_words(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).map(|c| if c == '"' { '`' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml() {
        let inline = mathml("x^2", false).unwrap();
        assert!(inline.starts_with("<math") && inline.contains("<msup>"), "{inline}");
        assert!(mathml("\\frac{a}{b}", true).unwrap().contains("display=\"block\""));
        assert!(!mathml("\\text{<script>}", false).unwrap_or_default().contains("<script"));
    }

    #[test]
    fn mistakes_have_their_place() {
        let fault = mathml("a + \\nothing{b}", false).unwrap_err();
        assert_eq!(fault.range.start, 4, "{fault:?}");
        assert!(mathml("\\frac{a", false).is_err());
    }

    #[test]
    fn odd_formulas_do_no_harm() {
        for tex in ["{".repeat(5000), "\\sqrt".repeat(1999), "x^{".repeat(3000), "\\left(".repeat(1600)] {
            assert!(mathml(&tex, true).is_err());
        }
        let nested = format!("{}x{}", "{".repeat(4000), "}".repeat(4000));
        let _is_drawn_or_refused = mathml(&nested, true).is_ok();
    }
}
