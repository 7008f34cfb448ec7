//! Which way up a picture is shown: cameras keep the pixels as the sensor has them, and say how it was held.
//!
//! In: a JPEG file. Out: what its Exif data say, one of eight ways.
//!
//! Source: Exif 2.3 (CIPA DC-008), section 4.6.4, tag `Orientation`; TIFF 6.0, section 2.

use super::jpeg;

/// How pixels are turned to be shown, as Exif numbers it: 1 is as they are, from 5 on the sides are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Orientation(u8);

impl Orientation {
    /// As the pixels are.
    pub(super) const UPRIGHT: Orientation = Orientation(1);

    /// What a JPEG file says; upright where it says nothing that can be understood.
    pub(super) fn of_jpeg(bytes: &[u8]) -> Orientation {
        exif(bytes).and_then(Orientation::of_exif).unwrap_or(Orientation::UPRIGHT)
    }

    /// What Exif data say: a TIFF file of their own.
    pub(super) fn of_exif(tiff: &[u8]) -> Option<Orientation> {
        const ORIENTATION: u16 = 0x0112;
        let is_little = match tiff.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let short = |at: usize| {
            let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
        };
        let long = tiff.get(4..8)?.try_into().ok()?;
        let directory = if is_little { u32::from_le_bytes(long) } else { u32::from_be_bytes(long) };
        let directory = usize::try_from(directory).ok()?;
        // Each entry has twelve bytes: the tag, the type, how many, and the value.
        let mut entries =
            (0..usize::from(short(directory)?)).map_while(|at| directory.checked_add(2 + 12 * at));
        let entry = entries.find(|entry| short(*entry) == Some(ORIENTATION))?;
        let value = u8::try_from(short(entry.checked_add(8)?)?).ok()?;
        (1..=8).contains(&value).then_some(Orientation(value))
    }

    /// Whether what is wide is shown high.
    pub(super) fn exchanges_sides(self) -> bool {
        self.0 >= 5
    }

    /// Which pixel of a picture of `width` times `height` is shown at a place: its column and row.
    pub(super) fn shown_at(self, (x, y): (usize, usize), (width, height): (usize, usize)) -> (usize, usize) {
        let (right, bottom) = (width - 1, height - 1);
        match self.0 {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => (x, y),
        }
    }
}

/// Whether a file is a picture that is shown with its sides exchanged.
pub fn lies_on_its_side(bytes: &[u8]) -> bool {
    Orientation::of_jpeg(bytes).exchanges_sides()
}

/// The Exif data of a JPEG file, which stand in one of the segments before the picture.
fn exif(bytes: &[u8]) -> Option<&[u8]> {
    const APP1: u8 = 0xe1;
    jpeg::segments(bytes)
        .filter(|(marker, _)| *marker == APP1)
        .find_map(|(_, held)| held.strip_prefix(b"Exif\0\0"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A segment that says how the camera was held.
    pub(in super::super) fn segment(orientation: u8, is_little: bool) -> Vec<u8> {
        let mut tiff: Vec<u8> = Vec::new();
        let short = |value: u16| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let long = |value: u32| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        tiff.extend(if is_little { b"II*\0" } else { b"MM\0*" });
        tiff.extend(long(8));
        tiff.extend(short(2));
        for (tag, value) in [(0x0103, 6), (0x0112, u16::from(orientation))] {
            tiff.extend(short(tag));
            tiff.extend(short(3));
            tiff.extend(long(1));
            tiff.extend(short(value));
            tiff.extend([0, 0]);
        }
        let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
        [&[0xff, 0xe1][..], &length, b"Exif\0\0", &tiff].concat()
    }

    #[test]
    fn what_the_camera_says_is_found() {
        for orientation in 1..=8 {
            for is_little in [true, false] {
                let bytes =
                    [&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2][..], &segment(orientation, is_little)].concat();
                assert_eq!(Orientation::of_jpeg(&bytes), Orientation(orientation));
                assert_eq!(lies_on_its_side(&bytes), orientation >= 5);
            }
        }
        let odd = [&[0xff, 0xd8][..], &segment(9, true)].concat();
        assert_eq!(Orientation::of_jpeg(&odd), Orientation::UPRIGHT);
    }

    #[test]
    fn every_pixel_is_shown_once() {
        for orientation in (1..=8).map(Orientation) {
            let (width, height) = (3, 2);
            let (wide, high) = if orientation.exchanges_sides() { (height, width) } else { (width, height) };
            let mut seen: Vec<_> = (0..wide)
                .flat_map(|x| (0..high).map(move |y| (x, y)))
                .map(|at| orientation.shown_at(at, (width, height)))
                .collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 6, "{orientation:?}");
            assert!(seen.iter().all(|(x, y)| *x < width && *y < height));
        }
        // Held upright with the sensor on its side: what is at the left bottom is at the left top.
        assert_eq!(Orientation(6).shown_at((0, 0), (3, 2)), (0, 1));
        assert_eq!(Orientation(8).shown_at((0, 0), (3, 2)), (2, 0));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_upright_or_turned(bytes in proptest::collection::vec(0u8.., 0..80), orientation in 1u8..9) {
            let file = [&[0xff, 0xd8][..], &segment(orientation, true)[..10], &bytes].concat();
            let turned = Orientation::of_jpeg(&file);
            proptest::prop_assert!((1..=8).contains(&turned.0));
        }
    }
}
