//! Pictures in smaller sizes, so that a phone need not load what a large screen shows.
//!
//! In: the pictures that texts show, as files. Out: for each that is worth it some variants, with the width of each: PNG of
//! PNG, JPEG of JPEG. A picture that is of another kind, animated, too large or cannot be read has none and is published
//! as it is; so is every original.

mod jpeg; // What stands before its pixels.
mod orientation; // Which way up.
mod pixels; // Files as pixels, and back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::memo::{Key, Shelf};
use crate::path::SitePath;
use crate::progress::{Step, Watcher};
use crate::seeds::Bytes;
use pixels::Pixels;

pub use orientation::lies_on_its_side;

/// How wide variants are, in pixels. The default theme's column of text is 358 px wide on a common phone and 646 px at most
/// (34 rem of 19 px), so these are: a phone with one pixel to the px; one with two, and a screen with one; a phone with
/// three, and a screen with two.
const WIDTHS: [usize; 3] = [400, 720, 1300];

/// From this many pixels on pictures are resized one after another, so that memory is bounded: up to here one takes some
/// 60 MB, and there are as many at once as there are processors.
const LARGE: usize = 6_000_000;

/// A picture in a smaller size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Where it is published.
    pub address: Address,
    /// How wide it is, in pixels.
    pub width: usize,
    /// The file.
    pub bytes: Bytes,
}

/// The variants of all pictures that have any, by the address of the picture, narrowest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variants(BTreeMap<Address, (SitePath, Vec<Variant>)>);

impl Variants {
    /// The variants of a picture, narrowest first.
    pub fn of(&self, picture: &Address) -> &[Variant] {
        self.0.get(picture).map_or(&[], |(_, variants)| variants)
    }

    /// Every variant as a file to publish, with the path of the picture it was made of.
    pub fn files(&self) -> impl Iterator<Item = (SitePath, Address, Bytes)> {
        self.0.values().flat_map(|(path, variants)| {
            variants.iter().map(|one| (path.clone(), one.address.clone(), one.bytes.clone()))
        })
    }
}

/// One variant as it is kept on the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    width: usize,
    bytes: Vec<u8>,
}

/// Makes the variants of the pictures among `files` that are `shown`. A variant is smaller than its picture, and than every
/// wider variant, in pixels and in bytes; one whose address another file has is left out.
pub fn variants(
    files: &[(SitePath, Address, Bytes)],
    shown: &BTreeSet<&Address>,
    shelf: &Shelf,
    watcher: &Watcher,
) -> Variants {
    let taken: BTreeSet<&Address> = files.iter().map(|(_, address, _)| address).collect();
    let originals: Vec<_> = files.iter().filter(|(_, address, _)| shown.contains(address)).collect();
    let counter = watcher.begin(Step::Pictures, originals.len());
    let large = Mutex::new(());
    let variants = originals.par_iter().map(|(path, address, bytes)| {
        let made = made(bytes, shelf, &large);
        counter.count();
        let variants = made.into_iter().map(|made| Variant {
            address: beside(address, made.width),
            width: made.width,
            bytes: made.bytes.into(),
        });
        let variants: Vec<Variant> = variants.filter(|one| !taken.contains(&one.address)).collect();
        ((*address).clone(), ((*path).clone(), variants))
    });
    let variants: Vec<_> = variants.filter(|(_, (_, variants))| !variants.is_empty()).collect();
    Variants(variants.into_iter().collect())
}

/// The address of a variant: `leek.png` has `leek-400w.png`.
fn beside(picture: &Address, width: usize) -> Address {
    let path = picture.as_str();
    let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
    Address::file(format!("{stem}-{width}w.{ending}"))
}

/// The variants of one picture, from the shelf where it has them.
fn made(bytes: &Bytes, shelf: &Shelf, large: &Mutex<()>) -> Vec<Made> {
    let Some(count) = pixels::count(bytes) else { return Vec::new() };
    let key = Key::of(&[bytes]);
    if let Some(known) = shelf.get(&key) {
        return known;
    }
    let _alone = (count > LARGE).then(|| large.lock().unwrap_or_else(PoisonError::into_inner));
    let made = make(bytes);
    shelf.put(&key, &made);
    made
}

/// Makes the variants of one picture, narrowest first.
fn make(bytes: &[u8]) -> Vec<Made> {
    let mut made: Vec<Made> = Vec::new();
    let Some(pixels) = Pixels::read(bytes) else { return made };
    let mut smallest = bytes.len();
    for width in WIDTHS.into_iter().rev().filter(|width| *width < pixels.shown_width()) {
        if let Some(bytes) = pixels.shrunk(width).and_then(|pixels| pixels.written())
            && bytes.len() < smallest
        {
            smallest = bytes.len();
            made.push(Made { width, bytes });
        }
    }
    made.reverse();
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::pixels::tests::{grain, jpeg, png};
    use super::*;

    fn widths(made: &[Made]) -> Vec<(usize, usize, usize)> {
        made.iter()
            .map(|one| {
                let size = imagesize::blob_size(&one.bytes).unwrap();
                (one.width, size.width, size.height)
            })
            .collect()
    }

    #[test]
    fn a_picture_has_variants_of_the_widths_it_exceeds() {
        for picture in [jpeg(1500, 100, &[]), png(1500, 100, png::ColorType::Rgb)] {
            let made = make(&picture);
            assert_eq!(widths(&made), [(400, 400, 27), (720, 720, 48), (1300, 1300, 87)]);
            assert!(made.is_sorted_by(|a, b| a.bytes.len() < b.bytes.len()));
            assert!(made.iter().all(|one| one.bytes.len() < picture.len()));
        }
        assert_eq!(widths(&make(&jpeg(500, 30, &[]))), [(400, 400, 24)]);
        assert_eq!(make(&jpeg(400, 300, &[])), []);
    }

    #[test]
    fn what_would_not_be_smaller_is_left_out() {
        // Stripes of one pixel take hardly a byte as they are, and many where they do not fit the pixels any more.
        let rows = vec![0b0101_0101; 730 / 8 * 600 + 600];
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, 730, 600);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&rows[..730_usize.div_ceil(8) * 600]).unwrap();
        writer.finish().unwrap();
        assert_eq!(make(&picture), []);
    }

    #[test]
    fn the_same_picture_gives_the_same_bytes_on_every_machine() {
        let hash = |picture: &[u8]| {
            let bytes: Vec<u8> = make(picture).into_iter().flat_map(|one| one.bytes).collect();
            blake3::hash(&bytes).to_hex()[..16].to_owned()
        };
        let hashes = [hash(&jpeg(900, 70, &[])), hash(&png(900, 70, png::ColorType::Rgba))];
        assert_eq!(hashes, ["f9e978781cbd309f", "0337329720cdd2dc"]);
    }

    #[test]
    fn what_is_on_the_shelf_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(folder.path());
        let large = Mutex::new(());
        let picture: Bytes = jpeg(900, 60, &[]).into();
        let first = made(&picture, &shelf, &large);
        assert_eq!(widths(&first).len(), 2);
        let planted = vec![Made { width: 7, bytes: vec![1, 2, 3] }];
        shelf.put(&Key::of(&[&picture]), &planted);
        assert_eq!(made(&picture, &shelf, &large), planted);
        assert_eq!(made(&picture, &Shelf::default(), &large), first);
    }

    #[test]
    fn an_address_that_is_taken_stays_what_it_is() {
        let file = |name: &str, bytes: Vec<u8>| -> (SitePath, Address, Bytes) {
            (SitePath::new(format!("static/{name}")), Address::file(name), bytes.into())
        };
        let files = [file("a.jpg", jpeg(900, 60, &[])), file("a-400w.jpg", b"mine".to_vec())];
        let shown = BTreeSet::from([&files[0].1]);
        let made = variants(&files, &shown, &Shelf::default(), &Watcher::default());
        let addresses: Vec<_> = made.files().map(|(_, address, _)| address).collect();
        assert_eq!(addresses, [Address::file("a-720w.jpg")]);
        assert_eq!(made.of(&files[0].1)[0].width, 720);
        assert_eq!(made.of(&files[1].1), []);
    }

    /// Some file that may have been a picture.
    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let kinds = [
            jpeg(430, 8, &[]),
            jpeg(430, 8, &orientation::tests::segment(6, true)),
            png(430, 8, png::ColorType::Rgba),
            png(430, 8, png::ColorType::GrayscaleAlpha),
            grain(4000),
        ];
        let harm = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12);
        (prop::sample::select(kinds.to_vec()), harm, any::<prop::sample::Index>(), any::<bool>()).prop_map(
            |(mut bytes, harm, cut, is_cut)| {
                for (at, byte) in harm {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
                if is_cut {
                    bytes.truncate(cut.index(bytes.len()));
                }
                bytes
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn whatever_a_file_holds_its_variants_are_smaller(bytes in hostile()) {
            let made = make(&bytes);
            for one in &made {
                prop_assert!(one.bytes.len() < bytes.len());
                prop_assert_eq!(imagesize::blob_size(&one.bytes).unwrap().width, one.width);
            }
        }

        /// With checksums that are right again, what was harmed is read further.
        #[test]
        fn whatever_a_head_says_memory_is_bounded(width: u32, height: u32, depth in 0u8..20, colour in 0u8..8, interlaced in 0u8..3) {
            let mut bytes = png(430, 8, png::ColorType::Rgb);
            bytes[16..20].copy_from_slice(&width.to_be_bytes());
            bytes[20..24].copy_from_slice(&height.to_be_bytes());
            bytes[24..29].copy_from_slice(&[depth, colour, 0, 0, interlaced]);
            let mut sum = flate2::Crc::new();
            sum.update(&bytes[12..29]);
            bytes[29..33].copy_from_slice(&sum.sum().to_be_bytes());
            prop_assert!(make(&bytes).len() <= WIDTHS.len());
        }
    }
}
