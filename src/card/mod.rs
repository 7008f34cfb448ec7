//! Cards: the picture that stands for a page where its address is shared.
//!
//! In: a title, to be set in lines that fit ([`set`]), its lines as outlines ([`outline`]), and the finished drawing as SVG
//! ([`png()`]). Out: a PNG of [`WIDTH`] by [`HEIGHT`], the size that Open Graph readers show whole.

mod letters;

use resvg::{tiny_skia, usvg};
use serde::Serialize;

pub use letters::Weight;

/// The width of a card in pixels.
pub const WIDTH: u32 = 1200;

/// The height of a card in pixels.
pub const HEIGHT: u32 = 630;

/// What a line of the title may fill, in pixels: the card less its margins.
const MEASURE: f32 = 1040.0;

/// Sizes of type a title is set in, in pixels, each with the lines that leave room for the rest.
const SIZES: [(u8, usize); 5] = [(88, 2), (76, 3), (64, 4), (54, 5), (46, 6)];

/// A title in lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetTitle {
    /// The size of its type in pixels.
    pub size: u8,
    /// Its lines, none wider than the card allows; a title too long for the smallest type ends in an ellipsis.
    pub lines: Vec<String>,
}

/// Sets a title in the largest type it fits in; `None` where the face lacks one of its letters, or there are none.
pub fn set(title: &str) -> Option<SetTitle> {
    if !has_letters(title) || title.trim().is_empty() {
        return None;
    }
    let words: Vec<&str> = title.split_whitespace().collect();
    for (size, most) in SIZES {
        let lines = broken(&words, f32::from(size));
        if lines.len() <= most && lines.iter().all(|line| width(line, f32::from(size)) <= MEASURE) {
            return Some(SetTitle { size, lines });
        }
    }
    let (size, most) = SIZES[SIZES.len() - 1];
    let mut lines = broken(&words, f32::from(size));
    let is_cut = lines.len() > most;
    lines.truncate(most);
    for (index, line) in lines.iter_mut().enumerate() {
        let end = if is_cut && index + 1 == most { "…" } else { "" };
        *line = shortened(line, end, f32::from(size));
    }
    Some(SetTitle { size, lines })
}

/// Whether the face has every letter of a text.
pub fn has_letters(text: &str) -> bool {
    letters::are_known(text)
}

/// Words in as few lines as they need, and those about equally long.
fn broken(words: &[&str], size: f32) -> Vec<String> {
    let number = filled(words, size, MEASURE).len();
    // The narrowest measure that still takes as many lines, to a fortieth of the whole.
    let narrower = (20..40).map(|parts| MEASURE * parts as f32 / 40.0);
    let even = narrower.map(|measure| filled(words, size, measure)).find(|lines| lines.len() <= number);
    even.unwrap_or_else(|| filled(words, size, MEASURE))
}

/// Words in lines, as many to a line as fit.
fn filled(words: &[&str], size: f32, measure: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= measure => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push((*word).to_owned()),
        }
    }
    lines
}

/// A line with its end, without the letters that are too many.
fn shortened(line: &str, end: &str, size: f32) -> String {
    if width(line, size) <= MEASURE && end.is_empty() {
        return line.to_owned();
    }
    let end = if end.is_empty() { "…" } else { end };
    let mut kept = line.to_owned();
    while !kept.is_empty() && width(&format!("{kept}{end}"), size) > MEASURE {
        kept.pop();
    }
    format!("{}{end}", kept.trim_end())
}

/// How wide a line of the title is, in pixels.
fn width(line: &str, size: f32) -> f32 {
    letters::width(line, Weight::Semibold, size)
}

/// A line as the data of an SVG path, in pixels, its baseline beginning at the origin.
pub fn outline(line: &str, weight: Weight, size: f32) -> String {
    letters::outline(line, weight, size)
}

/// Draws a card.
///
/// # Errors
/// When the text is no SVG, in words.
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).map_err(|error| error.to_string())?;
    let mut pixels = tiny_skia::Pixmap::new(WIDTH, HEIGHT).ok_or("no room for the picture")?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    encoded(&pixels).map_err(|error| error.to_string())
}

/// A picture of few colours as PNG: by a palette where that holds them, in a fraction of the time and bytes that every
/// pixel's whole colour would take.
fn encoded(pixels: &tiny_skia::Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_filter(png::Filter::NoFilter);
    if let Some((palette, indexes)) = indexed(pixels) {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette);
        encoder.write_header()?.write_image_data(&indexes)?;
    } else {
        let colours: Vec<u8> =
            pixels.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&colours)?;
    }
    Ok(bytes)
}

/// The colours of a picture, and for each pixel which it has; colours that nobody can tell apart are one, the first.
/// `None` where they are more than a palette holds.
fn indexed(pixels: &tiny_skia::Pixmap) -> Option<(Vec<u8>, Vec<u8>)> {
    // So many steps of red, green and blue: with the letters' edges in 32 shades they are as smooth as in 256.
    const STEPS: usize = 32;
    let mut known = vec![None; STEPS * STEPS * STEPS];
    let mut palette = Vec::new();
    let mut indexes = Vec::with_capacity(pixels.data().len() / 4);
    // Most pixels are like the one before.
    for run in pixels.pixels().chunk_by(|a, b| a == b) {
        let colour = [run[0].red(), run[0].green(), run[0].blue()];
        let step = colour.iter().fold(0, |step, &part| step * STEPS + usize::from(part) * STEPS / 256);
        let index = match known[step] {
            Some(index) => index,
            None => u8::try_from(palette.len() / 3).ok()?,
        };
        if known[step].is_none() {
            known[step] = Some(index);
            palette.extend(colour);
        }
        indexes.resize(indexes.len() + run.len(), index);
    }
    Some((palette, indexes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_title_is_large_and_a_long_one_fits() {
        let short = set("Leeks").unwrap();
        assert_eq!((short.size, short.lines.as_slice()), (88, ["Leeks".to_owned()].as_slice()));
        let long = set(&"A title that goes on and on ".repeat(20)).unwrap();
        assert_eq!((long.size, long.lines.len()), (46, 6));
        assert!(long.lines[5].ends_with('…'), "{:?}", long.lines);
        let unbroken = set(&"W".repeat(300)).unwrap();
        for one in [&short, &long, &unbroken] {
            assert!(one.lines.iter().all(|line| width(line, f32::from(one.size)) <= MEASURE), "{one:?}");
        }
    }

    #[test]
    fn lines_are_about_equally_long() {
        let title = set("Why technology professionals can’t afford to ignore social and mobile").unwrap();
        let widths: Vec<f32> = title.lines.iter().map(|line| width(line, f32::from(title.size))).collect();
        let longest = widths.iter().copied().fold(0.0, f32::max);
        assert!(widths.iter().all(|one| *one > longest / 2.0), "{title:?}");
    }

    #[test]
    fn letters_the_face_has_not_give_no_card() {
        assert_eq!(set("日本の技術"), None);
        assert_eq!(set("مقالة"), None);
        assert_eq!(set("  "), None);
        assert!(set("Čapek, Łódź, naïve – “quoted”").is_some());
    }

    #[test]
    fn a_picture_of_many_colours_keeps_them() {
        let mut many = tiny_skia::Pixmap::new(64, 64).unwrap();
        for (place, pixel) in many.pixels_mut().iter_mut().enumerate() {
            let (red, green) = ((place / 64 * 4) as u8, (place % 64 * 4) as u8);
            *pixel = tiny_skia::ColorU8::from_rgba(red, green, 0, 255).premultiply();
        }
        assert_eq!(indexed(&many), None);
        let bytes = encoded(&many).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels[3 * (64 * 10 + 20)..][..3], [40, 80, 0]);
    }

    #[test]
    fn a_drawing_becomes_a_picture_with_its_letters() {
        let svg = |inside: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\">{inside}</svg>"
            )
        };
        let text = |weight| {
            svg(&format!("<path transform=\"translate(80 200)\" d=\"{}\"/>", outline("Ag", weight, 80.0)))
        };
        let drawings = [svg(""), text(Weight::Regular), text(Weight::Semibold)];
        let [empty, regular, bold] = drawings.map(|svg| png(&svg).unwrap());
        let size = imagesize::blob_size(&empty).unwrap();
        assert_eq!((size.width, size.height), (WIDTH as usize, HEIGHT as usize));
        assert!(regular.len() > empty.len() && bold != regular);
        assert!(png("no drawing").is_err());
    }
}
