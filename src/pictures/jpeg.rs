//! The segments of a JPEG file before its pixels.
//!
//! Source: ITU-T T.81, annex B.

/// The marker of the segment that leads to pixels.
const SCAN: u8 = 0xda;

/// The segments up to the first that leads to pixels, each with its marker; none of a file that is no JPEG.
pub(super) fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8]);
    std::iter::from_fn(move || {
        let [0xff, marker, high, low, after @ ..] = rest? else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?;
        let (held, next) = after.split_at_checked(length)?;
        rest = (*marker != SCAN).then_some(next);
        Some((*marker, held))
    })
}

/// Whether the pixels come channel by channel where they could come together, as a few programs write them: `zune-jpeg`
/// 0.5 takes the colours of those for nothing.
pub(super) fn has_scattered_channels(bytes: &[u8]) -> bool {
    const BASELINE: u8 = 0xc0;
    const EXTENDED: u8 = 0xc1;
    let (mut in_frame, mut in_scan) = (None, None);
    for (marker, held) in segments(bytes) {
        match marker {
            BASELINE | EXTENDED => in_frame = held.get(5),
            SCAN => in_scan = held.first(),
            _ => {}
        }
    }
    in_frame.is_some_and(|count| in_scan != Some(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_end_at_the_pixels() {
        let file = [0xff, 0xd8, 0xff, 0xe0, 0, 3, 7, 0xff, 0xda, 0, 2, 0xff, 0xe1, 0, 2];
        assert_eq!(segments(&file).collect::<Vec<_>>(), [(0xe0, &[7][..]), (SCAN, &[])]);
        assert_eq!(segments(&file[..6]).count(), 0);
        assert_eq!(segments(b"no picture").count(), 0);
    }

    #[test]
    fn channels_one_after_another_are_seen() {
        let frame = |marker| [0xff, marker, 0, 8, 8, 0, 1, 0, 1, 3];
        let scan = |count| [0xff, SCAN, 0, 3, count];
        let file = |marker, count| [&[0xff, 0xd8][..], &frame(marker), &scan(count)].concat();
        assert!(has_scattered_channels(&file(0xc0, 1)));
        assert!(!has_scattered_channels(&file(0xc0, 3)));
        assert!(!has_scattered_channels(&file(0xc2, 1)), "a progressive picture may");
    }
}
