//! The pictures of the article: those inside the page become files, the others stay links.
//!
//! In: the tree, the kept blocks and the files that came with the page. Out: for each picture what Markdown calls it,
//! the files to put beside the article, and which pictures were left out and why.

use std::collections::BTreeMap;

use data_url::DataUrl;
use imagesize::{Compression, ImageType};

use super::address::Base;
use super::dom::{Dom, Id, ROOT, Step};
use super::visible::{Piece, Visible};
use crate::import::archive::Archive;
use crate::import::hash;
use crate::import::text::{Removal, Rule};
use crate::seeds::Bytes;

/// A picture to stand beside the article.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The name of its file: made from the article's title and from its bytes, so that other bytes have another name.
    pub name: String,
    /// The file.
    pub bytes: Bytes,
}

/// The pictures of an article.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// The address, or the name of the file, of each element that shows one.
    pub sources: BTreeMap<Id, String>,
    /// The files, each once.
    pub files: Vec<Picture>,
    /// Those inside the page that are left out; they have no bytes in the text.
    pub removals: Vec<Removal>,
}

/// Smaller pictures, in pixels, are decoration, counters or placeholders.
const SMALLEST: f32 = 40.0;

/// A picture of more bytes is left out: readers would wait for it, and hosts refuse files not much larger.
const LARGEST: usize = 20 * 1024 * 1024;

/// Finds the pictures in the kept blocks. `stem` begins the names of files.
pub(super) fn find(
    dom: &Dom,
    visible: &Visible,
    blocks: &[usize],
    base: &Base,
    archive: &Archive,
    stem: &str,
) -> Pictures {
    let mut pictures = Pictures::default();
    let mut variables = None;
    let is_place = |src: &str| archive.path.is_none() || is_on_the_web(src);
    for at in blocks {
        let block = &visible.blocks[*at];
        for piece in &block.pieces {
            let Piece::Image(id) = piece else { continue };
            if is_decoration(dom, *id) {
                continue;
            }
            let inside = inside(dom, *id, base, archive, &mut variables).and_then(|data| taken(&data));
            match inside {
                Some(Ok((ending, bytes))) => {
                    let name = format!("{stem}-{}.{ending}", &hash(&bytes)[..8]);
                    if pictures.files.iter().all(|file| file.name != name) {
                        pictures.files.push(Picture { name: name.clone(), bytes });
                    }
                    pictures.sources.insert(*id, name);
                }
                // Beside a page that is one of many files an address that is none of these leads nowhere.
                left_out => match (address(dom, base, *id).filter(|src| is_place(src)), left_out) {
                    (Some(address), _) => drop(pictures.sources.insert(*id, address)),
                    (None, Some(Err(rule))) => {
                        let range = block.range.start..block.range.start;
                        pictures.removals.push(Removal {
                            line: block.line,
                            range,
                            text: String::new(),
                            rule,
                        });
                    }
                    (None, _) => {}
                },
            }
        }
    }
    pictures
}

fn is_decoration(dom: &Dom, id: Id) -> bool {
    ["width", "height"].iter().any(|attribute| {
        let size = dom.attribute(id, attribute);
        let size = size.and_then(|size| size.trim().trim_end_matches("px").parse::<f32>().ok());
        size.is_some_and(|size| size < SMALLEST)
    })
}

/// Attributes in which pages that load pictures late keep the address; a placeholder is in `src` then.
const LATE: [&str; 6] =
    ["data-src", "data-original", "data-lazy-src", "data-orig-file", "data-url", "data-image"];
/// Attributes with several addresses for screens of several sizes.
const SETS: [&str; 3] = ["data-srcset", "data-lazy-srcset", "srcset"];

/// The address of a picture on the web.
fn address(dom: &Dom, base: &Base, id: Id) -> Option<String> {
    let first_of_set =
        |set: &str| set.split_whitespace().next().map(|url| url.trim_end_matches(',').to_owned());
    let late = LATE.iter().find_map(|attribute| dom.attribute(id, attribute)).map(str::to_owned);
    let set = SETS.iter().find_map(|attribute| dom.attribute(id, attribute)).and_then(first_of_set);
    let src = dom.attribute(id, "src").map(str::to_owned);
    [late, src, set]
        .into_iter()
        .flatten()
        .filter(|src| !is_data(src))
        .find_map(|src| base.resolve(&src).filter(|src| !src.starts_with("mailto:")))
}

fn is_data(src: &str) -> bool {
    src.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// A picture's bytes, before anybody looked into them.
enum Data {
    /// The file.
    Bytes(Bytes),
    /// What should be one and can't be read.
    Broken,
}

/// The data of a picture inside the page or its archive.
fn inside(
    dom: &Dom,
    id: Id,
    base: &Base,
    archive: &Archive,
    variables: &mut Option<BTreeMap<String, String>>,
) -> Option<Data> {
    // Pages saved as one file keep a picture that occurs twice in a variable of their style.
    let style = dom.attribute(id, "style").unwrap_or_default();
    let variable = style.split("var(").nth(1).and_then(|rest| rest.split([')', ',']).next()).map(str::trim);
    if let Some(variable) = variable
        && dom.attribute(id, "src").is_none_or(is_data)
        && let Some(data) = variables.get_or_insert_with(|| self::variables(dom)).get(variable)
    {
        return Some(decoded(data));
    }
    let candidates = ["src", "data-src", "data-original", "data-lazy-src"];
    let sources = candidates.iter().filter_map(|attribute| dom.attribute(id, attribute));
    for src in sources.map(str::trim) {
        if is_data(src) {
            return Some(decoded(src));
        }
        if let Some(file) = archive.file(src, |src| base.absolute(src)) {
            return Some(Data::Bytes(file.clone()));
        }
    }
    let is_lost = archive.path.is_some() && dom.attribute(id, "src").is_some_and(|src| !is_on_the_web(src));
    is_lost.then_some(Data::Broken)
}

fn is_on_the_web(src: &str) -> bool {
    src.contains("://") || src.trim_start().starts_with("//")
}

/// The variables of the page's styles that hold data, by name: `--a:url("data:...")`.
fn variables(dom: &Dom) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for step in dom.walk(ROOT) {
        let Step::In(id) = step else { continue };
        if dom.name(id) != "style" {
            continue;
        }
        let css = dom.text(id);
        for (at, mark) in css.match_indices("url(") {
            let data = css[at + mark.len()..].trim_start();
            let quote = data.chars().next().filter(|c| matches!(c, '"' | '\''));
            let data = quote.map_or(data, |quote| &data[quote.len_utf8()..]);
            if !is_data(data) {
                continue;
            }
            let name = css[..at].trim_end().strip_suffix(':').map(str::trim_end).unwrap_or_default();
            let start = name.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')));
            let name = &name[start.map_or(0, |start| start + 1)..];
            let end = data.find(quote.unwrap_or(')')).unwrap_or(data.len());
            if name.starts_with("--") {
                variables.insert(name.to_owned(), data[..end].to_owned());
            }
        }
    }
    variables
}

fn decoded(address: &str) -> Data {
    let bytes = DataUrl::process(address).ok().and_then(|data| data.decode_to_vec().ok());
    bytes.map_or(Data::Broken, |(bytes, _)| Data::Bytes(bytes.into()))
}

/// A picture's ending and bytes, or why it is left out; `None` where it shows nothing.
fn taken(data: &Data) -> Option<Result<(&'static str, Bytes), Rule>> {
    let bytes = match data {
        Data::Bytes(bytes) => bytes,
        Data::Broken => return Some(Err(Rule::PictureBroken)),
    };
    if let Some(is_drawing) = drawing(bytes) {
        return is_drawing.then_some(Err(Rule::Drawing));
    }
    if bytes.len() > LARGEST {
        return Some(Err(Rule::PictureTooLarge));
    }
    // What it is, its bytes say, whatever the page says.
    let ending = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => "png",
        Ok(ImageType::Jpeg) => "jpg",
        Ok(ImageType::Gif) => "gif",
        Ok(ImageType::Webp) => "webp",
        Ok(ImageType::Heif(Compression::Av1)) => "avif",
        Ok(_) => return Some(Err(Rule::PictureUnknown)),
        Err(_) if KNOWN.iter().any(|start| bytes.starts_with(start)) => {
            return Some(Err(Rule::PictureUnknown));
        }
        Err(_) => return Some(Err(Rule::PictureBroken)),
    };
    let Ok(size) = imagesize::blob_size(bytes) else { return Some(Err(Rule::PictureBroken)) };
    let is_small = (size.width as f32) < SMALLEST || (size.height as f32) < SMALLEST;
    (!is_small).then(|| Ok((ending, bytes.clone())))
}

/// How files of other pictures begin: BMP, TIFF, icons.
const KNOWN: [&[u8]; 4] = [b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0"];

/// Whether a file is SVG, and if so, whether it draws anything: many are empty placeholders.
fn drawing(bytes: &[u8]) -> Option<bool> {
    const MARKS: [&str; 9] =
        ["<path", "<text", "<image", "<use", "<poly", "<circle", "<ellipse", "<line", "<g"];
    let start = bytes.trim_ascii_start();
    if !start.starts_with(b"<") {
        return None;
    }
    let text = String::from_utf8_lossy(&start[..start.len().min(LOOKED_INTO)]);
    text.contains("<svg").then(|| start.len() > LOOKED_INTO || MARKS.iter().any(|mark| text.contains(mark)))
}

/// So many bytes of a drawing are looked at; no placeholder is longer.
const LOOKED_INTO: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_bytes() {
        // The header of a PNG is all that is looked at: its size is 64 by 48.
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x30\x08\x02\0\0\0";
        let small = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";
        let huge = [&png[..], &vec![0; LARGEST]].concat();
        let check = |bytes: &[u8], expected: Option<Result<&str, Rule>>| {
            let found = taken(&Data::Bytes(bytes.into()));
            assert_eq!(found.map(|found| found.map(|(ending, _)| ending)), expected);
        };
        check(png, Some(Ok("png")));
        check(small, None);
        check(&huge, Some(Err(Rule::PictureTooLarge)));
        check(b"\x89PNG\r\n", Some(Err(Rule::PictureBroken)));
        check(b"BM and so on, a picture of another kind", Some(Err(Rule::PictureUnknown)));
        check(b"no picture at all", Some(Err(Rule::PictureBroken)));
        check(b"<svg xmlns='x' width='9' height='9'><rect fill-opacity='0'/></svg>", None);
        check(
            b"<?xml version='1.0'?><svg><script>alert(1)</script><path d='M0 0'/></svg>",
            Some(Err(Rule::Drawing)),
        );
    }
}
