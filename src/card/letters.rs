//! Letters as shapes: how wide a line of the title's face is, and its outline.
//!
//! In: a line of text and a size in pixels. Out: its width, or the outline as the data of an SVG path, whose baseline
//! begins at the origin. Pairs of letters stand as close as the face says (OpenType, GPOS table, feature `kern`).

use std::fmt::Write as _;
use std::sync::LazyLock;

use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId, OutlineBuilder, Tag};
use unicode_normalization::UnicodeNormalization as _;

/// How bold letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As in running text.
    Regular,
    /// As in titles.
    Semibold,
}

/// The faces, which are part of the program: one that cannot be read has no letters.
static REGULAR: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("literata-regular.ttf"), 0).ok());
static SEMIBOLD: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("literata-semibold.ttf"), 0).ok());

fn face(weight: Weight) -> Option<&'static Face<'static>> {
    match weight {
        Weight::Regular => REGULAR.as_ref(),
        Weight::Semibold => SEMIBOLD.as_ref(),
    }
}

/// Whether the faces have every letter of a text.
pub(super) fn are_known(text: &str) -> bool {
    let has = |letter: char| face(Weight::Semibold).is_some_and(|face| face.glyph_index(letter).is_some());
    text.nfc().all(|letter| letter.is_whitespace() || has(letter))
}

/// How wide a line is, in pixels.
pub(super) fn width(line: &str, weight: Weight, size: f32) -> f32 {
    let Some(face) = face(weight) else { return f32::MAX };
    set(face, line).last().map_or(0.0, |last| last.end) * size / f32::from(face.units_per_em())
}

/// The outline of a line as the data of an SVG path (SVG 2, section 9.3), in pixels.
pub(super) fn outline(line: &str, weight: Weight, size: f32) -> String {
    let Some(face) = face(weight) else { return String::new() };
    let scale = size / f32::from(face.units_per_em());
    let mut pen = Pen { path: String::new(), scale, x: 0.0 };
    for letter in set(face, line) {
        pen.x = letter.begin;
        // A space has no outline.
        let _bounds = face.outline_glyph(letter.glyph, &mut pen);
    }
    pen.path
}

/// A letter in its place, in the face's units.
struct Set {
    glyph: GlyphId,
    begin: f32,
    end: f32,
}

/// The letters of a line side by side; those the face has not are left out.
fn set(face: &Face<'_>, line: &str) -> Vec<Set> {
    let mut letters: Vec<Set> = Vec::new();
    for glyph in line.nfc().filter_map(|letter| face.glyph_index(letter)) {
        let closer = letters.last().map_or(0.0, |last| kerning(face, last.glyph, glyph));
        let begin = letters.last().map_or(0.0, |last| last.end) + closer;
        let advance = face.glyph_hor_advance(glyph).unwrap_or_default();
        letters.push(Set { glyph, begin, end: begin + f32::from(advance) });
    }
    letters
}

/// How much nearer (below zero) or farther a letter stands after another, in the face's units.
fn kerning(face: &Face<'_>, first: GlyphId, second: GlyphId) -> f32 {
    let Some(table) = face.tables().gpos else { return 0.0 };
    let kern = Tag::from_bytes(b"kern");
    let features = table.features.into_iter().filter(|feature| feature.tag == kern);
    let lookups = features.flat_map(|feature| feature.lookup_indices);
    let mut subtables = lookups
        .filter_map(|index| table.lookups.get(index))
        .flat_map(|lookup| lookup.subtables.into_iter::<PositioningSubtable<'_>>());
    let advance = subtables.find_map(|subtable| {
        let PositioningSubtable::Pair(pairs) = subtable else { return None };
        let place = pairs.coverage().get(first)?;
        let (value, _) = match pairs {
            PairAdjustment::Format1 { sets, .. } => sets.get(place)?.get(second)?,
            PairAdjustment::Format2 { classes, matrix, .. } => {
                matrix.get((classes.0.get(first), classes.1.get(second)))?
            }
        };
        Some(value.x_advance)
    });
    f32::from(advance.unwrap_or_default())
}

/// Writes what a letter's outline draws, with the baseline at 0 and down as below zero turned upside down, as SVG has it.
struct Pen {
    path: String,
    scale: f32,
    /// Where the letter begins, in the face's units.
    x: f32,
}

impl Pen {
    fn draw(&mut self, step: char, points: &[(f32, f32)]) {
        self.path.push(step);
        for (index, (x, y)) in points.iter().enumerate() {
            let between = if index == 0 { "" } else { " " };
            let (x, y) = ((self.x + x) * self.scale, -y * self.scale);
            // A string takes whatever is written.
            let _written = write!(self.path, "{between}{x:.2} {y:.2}");
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.draw('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.draw('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.draw('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.draw('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stand_closer() {
        let width = |line| width(line, Weight::Semibold, 100.0);
        assert!(width("To") < width("T") + width("o"));
        assert!(width("AV") < width("A") + width("V"));
        assert!((width("nn") - 2.0 * width("n")).abs() < 1.0);
    }

    #[test]
    fn a_line_is_one_path() {
        let path = outline("A b", Weight::Regular, 80.0);
        assert!(path.starts_with('M') && path.ends_with('Z'), "{path}");
        assert_ne!(path, outline("A b", Weight::Semibold, 80.0));
        assert_eq!(outline(" ", Weight::Regular, 80.0), "");
        // A letter and its accent are the letter with the accent.
        assert_eq!(outline("e\u{301}", Weight::Regular, 80.0), outline("é", Weight::Regular, 80.0));
    }
}
