//! `theme.toml`: what a theme changes of the look without a line of CSS, and which built-in files it has copied.
//!
//! In: the file's text. Out: a [`Look`]: declarations that stand behind the theme's style sheet. An accent that cannot
//! be read on the theme's paper is an error.
//!
//! Source of the contrast: WCAG 2.2, "relative luminance" and "contrast ratio".

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::{Diagnostics, Problem, Severity};
use crate::fields::{Fields, Format, Typed};
use crate::text::{Span, Text};

/// The name of the file.
pub const FILE: &str = "theme.toml";

/// The paper of the built-in style sheet, light and dark.
const PAPER: [Colour; 2] = [Colour([0xfc, 0xfa, 0xf5]), Colour([0x18, 0x16, 0x13])];

/// The least contrast at which running text can be read (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

/// The contrast all text of the built-in theme has (WCAG 2.2, 1.4.6), and a colour that is made for one gets.
const GOOD: f64 = 7.0;

/// In how many steps a colour goes to black or white.
const STEPS: u32 = 64;

/// How much room there is between lines, and how large letters are.
const DENSITIES: [(&str, &str); 3] = [
    ("comfortable", ""),
    ("compact", "font-size:clamp(1rem,.95rem + .2vw,1.0625rem);line-height:1.45;--leading:1.45rem;"),
    ("roomy", "line-height:1.7;--leading:1.7rem;"),
];

/// What a theme changes of the look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// CSS that stands behind the style sheet; empty where nothing changes.
    pub css: String,
    /// The accent on light paper, which drawings take, too: `#8a2a1b`.
    pub accent: String,
    /// The built-in files that were copied: by path below the theme, the hash of what was copied, and where that is
    /// said.
    pub copied: BTreeMap<String, (String, Span)>,
}

/// The accent of the built-in style sheet, on light paper.
const ACCENT: Colour = Colour([0x8a, 0x2a, 0x1b]);

impl Default for Look {
    fn default() -> Look {
        Look { css: String::new(), accent: ACCENT.to_string(), copied: BTreeMap::new() }
    }
}

impl Look {
    /// Reads and checks the file.
    pub fn read(text: &Text) -> (Look, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut fields = Fields::read(text, 0..text.read().len(), Format::Toml);
        for about in ["name", "description", "licence"] {
            fields.text(about);
        }
        let mut css = String::new();
        let accent = colour(fields.text("accent"), PAPER[0], &mut found);
        let accent_dark = colour(fields.text("accent_dark"), PAPER[1], &mut found);
        let mut shown = ACCENT;
        if let Some(light) = accent {
            shown = light;
            let dark = accent_dark.unwrap_or_else(|| light.until(GOOD, PAPER[1]));
            css.push_str(&format!("--link:light-dark({light},{dark});"));
        } else if let Some(dark) = accent_dark {
            let light = dark.until(GOOD, PAPER[0]);
            shown = light;
            css.push_str(&format!("--link:light-dark({light},{dark});"));
        }
        if let Some(mut fonts) = fields.table("fonts") {
            for (key, property) in [("text", "face"), ("interface", "interface"), ("code", "code")] {
                let Some(Typed { value, span }) = fonts.text(key) else { continue };
                if !is_font_list(&value) {
                    let problem = Problem::new(format!("`{value}` is no list of fonts"));
                    found.push(
                        problem
                            .hint("write names with commas between: `Georgia, \"Noto Serif\", serif`")
                            .at(span),
                    );
                    continue;
                }
                css.push_str(&format!("--{property}:{value};"));
                if key == "text" {
                    css.push_str("font-size-adjust:none;");
                }
            }
            found.extend(fonts.close(Severity::Error));
        }
        if let Some(Typed { value, span }) = fields.text("density") {
            match DENSITIES.iter().find(|(name, _)| *name == value) {
                Some((_, declarations)) => css.push_str(declarations),
                None => {
                    let names = DENSITIES.map(|(name, _)| name);
                    let problem =
                        Problem::new(format!("`density` cannot be `{value}`")).did_you_mean(&value, names);
                    found.push(problem.hint(format!("it takes `{}`", names.join("`, `"))).at(span));
                }
            }
        }
        let mut copied = BTreeMap::new();
        if let Some(mut table) = fields.table("copied") {
            copied = table
                .all_texts()
                .into_iter()
                .map(|(path, typed)| (path, (typed.value, typed.span)))
                .collect();
            found.extend(table.close(Severity::Error));
        }
        found.extend(fields.close(Severity::Error));
        if !css.is_empty() {
            css = format!("\n:root{{{css}}}\n");
        }
        (Look { css, accent: shown.to_string(), copied }, found)
    }
}

/// The hash by which a copied file is known: sixteen digits.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

fn is_font_list(value: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_' | '\'' | '"' | '.');
    // A quotation mark within the others' marks is a letter.
    let open = value.chars().fold(None, |open, c| match (open, c) {
        (None, '"' | '\'') => Some(c),
        (Some(mark), c) if mark == c => None,
        (open, _) => open,
    });
    !value.trim().is_empty() && value.chars().all(is_plain) && open.is_none()
}

/// A colour as typed, where it can be read on a paper.
fn colour(typed: Option<Typed<String>>, paper: Colour, found: &mut Diagnostics) -> Option<Colour> {
    let Typed { value, span } = typed?;
    let Some(colour) = Colour::of(&value) else {
        let problem = Problem::new(format!("`{value}` is no colour"));
        found.push(problem.hint("write its red, green and blue in hexadecimal digits: `#8a2a1b`").at(span));
        return None;
    };
    let contrast = colour.contrast(paper);
    if contrast < READABLE {
        let side = if paper == PAPER[0] { "light" } else { "dark" };
        let problem = Problem::new(format!(
            "`{colour}` cannot be read on the theme's {side} paper: its contrast is {contrast:.1}, and text needs {READABLE}"
        ));
        let better = colour.until(READABLE, paper);
        found.push(problem.hint(format!("the nearest that can is `{better}`")).at(span));
        return None;
    }
    Some(colour)
}

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    /// `#rgb` or `#rrggbb`.
    fn of(typed: &str) -> Option<Colour> {
        let digits =
            typed.strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let whole = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        let part = |at: usize| u8::from_str_radix(&whole[at..at + 2], 16).ok();
        Some(Colour([part(0)?, part(2)?, part(4)?]))
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// From 1 to 21.
    fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The same hue, as much darker on light paper or lighter on dark paper as it takes for a contrast.
    fn until(self, contrast: f64, paper: Colour) -> Colour {
        let end: u32 = if paper.luminance() > 0.5 { 0 } else { 255 };
        let mixed = |step: u32| {
            Colour(self.0.map(|part| ((u32::from(part) * (STEPS - step) + end * step) / STEPS) as u8))
        };
        (0..STEPS).map(mixed).find(|mixed| mixed.contrast(paper) >= contrast).unwrap_or(mixed(STEPS))
    }
}

/// A part of a colour as light. `powf` may differ from machine to machine, so x^2.4 is the fifth root of x^12, by
/// Newton.
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 {
        return part / 12.92;
    }
    let x = (part + 0.055) / 1.055;
    let squared = x * x;
    let twelfth = squared * squared * squared * squared * squared * squared;
    let mut root = 1.0_f64;
    for _ in 0..60 {
        let fourth = root * root * root * root;
        root -= (fourth * root - twelfth) / (5.0 * fourth);
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;

    #[test]
    fn drawings_take_the_accent_of_light_paper() {
        assert_eq!(Look::default().accent, read("").0.accent);
        let style = include_str!("../themes/default/static/style.css");
        assert!(
            style.contains(&format!("--link: light-dark({ACCENT},")),
            "the built-in one is the style sheet's"
        );
        assert_eq!(read("accent = \"#1b4fb8\"\n").0.accent, "#1b4fb8");
        let (look, _) = read("accent_dark = \"#8fb8ff\"\n");
        assert!(look.css.contains(&format!("light-dark({},#8fb8ff)", look.accent)), "{look:?}");
        assert_eq!(
            read("accent = \"#ffaa00\"\n").0.accent,
            ACCENT.to_string(),
            "one that cannot be read is none"
        );
    }

    fn read(typed: &str) -> (Look, Vec<String>) {
        let (look, found) = Look::read(&Text::new(SitePath::new("themes/mine/theme.toml"), typed.to_owned()));
        (look, found.sorted().iter().map(|one| one.in_short()).collect())
    }

    #[test]
    fn options_become_declarations() {
        let (look, found) = read(
            "name = \"mine\"\naccent = \"#1b4fb8\"\ndensity = \"compact\"\n[fonts]\ntext = \"Georgia, serif\"\n",
        );
        assert!(found.is_empty(), "{found:?}");
        assert!(look.css.starts_with("\n:root{--link:light-dark(#1b4fb8,#"), "{}", look.css);
        assert!(
            look.css.contains("--face:Georgia, serif;") && look.css.contains("--leading:1.45rem"),
            "{}",
            look.css
        );
        let dark = look.css.split(',').nth(1).and_then(|rest| Colour::of(&rest[..7])).unwrap();
        assert!(dark.contrast(PAPER[1]) >= GOOD, "{dark}");
        assert_eq!(read("").0, Look::default());
    }

    #[test]
    fn what_cannot_be_read_is_an_error_with_the_nearest_that_can() {
        let (look, found) = read("accent = \"#ffaa00\"\naccent_dark = \"#333\"\n[fonts]\ntext = \"a;}b\"\n");
        assert_eq!(look.css, "");
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with("themes/mine/theme.toml:1:10: error: `#ffaa00` cannot be read on the theme's light paper: its contrast is 1.8, and text needs 4.5 (the nearest that can is `#"), "{}", found[0]);
        let better = found[0].rsplit('`').nth(1).and_then(Colour::of).unwrap();
        assert!(better.contrast(PAPER[0]) >= READABLE);
        assert!(found[1].contains("dark paper"), "{}", found[1]);
        let (_, found) = read("accent = \"red\"\ndensity = \"dense\"\nacent = \"#000\"\n");
        assert_eq!(found.len(), 3, "{found:#?}");
    }

    #[test]
    fn contrast_is_as_the_standard_says() {
        let of = |typed: &str| Colour::of(typed).unwrap();
        assert!((of("#000").contrast(of("#fff")) - 21.0).abs() < 1e-9);
        assert!((of("#777777").contrast(of("#fff")) - 4.478).abs() < 0.001);
        let style = include_str!("../themes/default/static/style.css");
        assert!(style.contains(&format!("--paper: light-dark({}, {});", PAPER[0], PAPER[1])));
    }
}
