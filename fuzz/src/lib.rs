//! What the targets have in common.

use gleaner::diagnostic::Diagnostics;
use gleaner::import;
use gleaner::path::SitePath;
use gleaner::text::Text;

/// A file of a site.
pub fn text(path: &str, typed: &str) -> Text {
    Text::new(SitePath::new(path), typed.to_owned())
}

/// Draws all problems in every way they are shown in, and looks whether each stays in its line.
pub fn show(found: &Diagnostics) {
    for one in found.sorted() {
        let short = one.in_short();
        assert!(!short.contains(char::is_control), "a problem is one line of readable text: {short:?}");
        assert!(!one.with_excerpt().is_empty() && one.position().is_none_or(|at| at.line > 0));
    }
}

/// Imports a seed. No word of it is lost: in the program such a seed is put aside, here it is a failure. Its article, imported
/// in its turn, stays as it is.
pub fn import_twice(path: &str, bytes: &[u8]) {
    let article = match import::one(&SitePath::new(path), bytes) {
        Ok((article, _)) => article,
        Err(problem) => {
            let why = problem.anywhere().in_short();
            assert!(!why.contains("would lose words"), "{why}");
            return;
        }
    };
    let again = import::one(&SitePath::new("seeds/again.md"), article.as_bytes());
    let (again, _) = again.unwrap_or_else(|problem| panic!("{}\n{article}", problem.anywhere().in_short()));
    assert_eq!(again, article, "an article of Gleaner's own is changed when it is imported");
}
