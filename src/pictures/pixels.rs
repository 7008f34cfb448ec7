//! Files as pixels, pixels in a smaller size, and as files again.
//!
//! In: a PNG or JPEG file. Out: the same picture of another width, of the same kind, with the same colour profile. The same
//! file gives the same bytes on every machine: nothing here is done by instructions that some processors lack, or by
//! functions that differ from system to system.

use std::borrow::Cow;
use std::io::Cursor;

use resize::PixelFormat;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::jpeg;
use super::orientation::Orientation;

/// A picture of more pixels is published as it is. Read, one of so many takes up to half a gigabyte, and a third of that as a
/// rule: 140 MB and 1.1 s for one of 24 million, as cameras make them.
const MOST_PIXELS: usize = 32_000_000;

/// A picture with a longer side is published as it is, for the same reason.
const LONGEST_SIDE: usize = 12_000;

/// How much a PNG's profile and the rest beside its pixels may take when unpacked, in bytes.
const MOST_BESIDE: usize = 64 << 20;

/// In how many passes a JPEG may bring its pixels: common ones have ten. Each costs time, however short it is.
const MOST_SCANS: usize = 50;

/// How faithful JPEG is to its pixels, of 100. At 80 the difference is seen only side by side.
const QUALITY: u8 = 80;

/// How a picture comes as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
}

/// A picture.
#[derive(Debug, Clone)]
pub(super) struct Pixels {
    kind: Kind,
    width: usize,
    height: usize,
    /// How many bytes a pixel has: 1 for grey, 3 for colour, 4 for colour and opacity.
    channels: usize,
    bytes: Vec<u8>,
    /// What the colours mean (ICC); as common screens show them where there is none.
    profile: Option<Vec<u8>>,
    /// How they are turned to be shown.
    orientation: Orientation,
}

/// How many pixels a picture says it has; `None` where it is no picture that is resized.
pub(super) fn count(bytes: &[u8]) -> Option<usize> {
    kind(bytes)?;
    let size = imagesize::blob_size(bytes).ok()?;
    is_bounded(size.width, size.height).then(|| size.width * size.height)
}

fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Kind::Png)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(Kind::Jpeg)
    } else {
        None
    }
}

fn is_bounded(width: usize, height: usize) -> bool {
    let is_side = |side| (1..=LONGEST_SIDE).contains(&side);
    is_side(width) && is_side(height) && width * height <= MOST_PIXELS
}

impl Pixels {
    /// Reads a file; `None` where it is none that is resized, or cannot be read whole.
    pub(super) fn read(bytes: &[u8]) -> Option<Pixels> {
        match kind(bytes)? {
            Kind::Png => read_png(bytes),
            Kind::Jpeg => read_jpeg(bytes),
        }
    }

    /// How wide it is as it is shown.
    pub(super) fn shown_width(&self) -> usize {
        if self.orientation.exchanges_sides() { self.height } else { self.width }
    }

    /// The picture as it is shown, this wide: at most as wide as it is.
    pub(super) fn shrunk(&self, width: usize) -> Option<Pixels> {
        let as_shown = |(width, height)| {
            if self.orientation.exchanges_sides() { (height, width) } else { (width, height) }
        };
        let (wide, high) = as_shown((self.width, self.height));
        // To the nearest whole pixel.
        let height = ((2 * high * width + wide) / (2 * wide)).max(1);
        let to = as_shown((width, height));
        let bytes = match self.channels {
            1 => self.resampled::<1>(to)?,
            3 => self.resampled::<3>(to)?,
            _ => self.resampled::<4>(to)?,
        };
        let small = Pixels { width: to.0, height: to.1, bytes, profile: self.profile.clone(), ..*self };
        Some(small.upright())
    }

    fn resampled<const N: usize>(&self, (width, height): (usize, usize)) -> Option<Vec<u8>>
    where
        [u8; N]: Default,
    {
        let (pixels, _) = self.bytes.as_chunks::<N>();
        let mut small = vec![<[u8; N]>::default(); width * height];
        let filter = resize::Type::Custom(resize::Filter::new(Box::new(catmull_rom), 2.0));
        let mut resizer = resize::new(self.width, self.height, width, height, Mixed::<N>, filter).ok()?;
        resizer.resize(pixels, &mut small).ok()?;
        Some(small.into_flattened())
    }

    /// The same, with the pixels as they are shown.
    fn upright(self) -> Pixels {
        if self.orientation == Orientation::UPRIGHT {
            return self;
        }
        let sides = (self.width, self.height);
        let (width, height) = if self.orientation.exchanges_sides() { (sides.1, sides.0) } else { sides };
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for y in 0..height {
            for x in 0..width {
                let (column, row) = self.orientation.shown_at((x, y), sides);
                let at = (row * self.width + column) * self.channels;
                bytes.extend_from_slice(&self.bytes[at..at + self.channels]);
            }
        }
        Pixels { width, height, bytes, orientation: Orientation::UPRIGHT, ..self }
    }

    /// The picture as a file of its kind.
    pub(super) fn written(&self) -> Option<Vec<u8>> {
        match self.kind {
            Kind::Png => self.as_png().ok(),
            Kind::Jpeg => self.as_jpeg().ok(),
        }
    }

    fn as_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut info = png::Info::with_size(self.width as u32, self.height as u32);
        info.bit_depth = png::BitDepth::Eight;
        info.color_type = match self.channels {
            1 => png::ColorType::Grayscale,
            3 => png::ColorType::Rgb,
            _ => png::ColorType::Rgba,
        };
        info.icc_profile = self.profile.as_deref().map(Cow::Borrowed);
        let mut encoder = png::Encoder::with_info(&mut bytes, info)?;
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.bytes)?;
        writer.finish()?;
        Ok(bytes)
    }

    fn as_jpeg(&self) -> Result<Vec<u8>, jpeg_encoder::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, QUALITY);
        if let Some(profile) = &self.profile {
            encoder.add_icc_profile(profile)?;
        }
        let colours =
            if self.channels == 1 { jpeg_encoder::ColorType::Luma } else { jpeg_encoder::ColorType::Rgb };
        encoder.encode(&self.bytes, self.width as u16, self.height as u16, colours)?;
        Ok(bytes)
    }
}

fn read_png(bytes: &[u8]) -> Option<Pixels> {
    let limits = png::Limits { bytes: MOST_BESIDE };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    // Palettes become colours, and 16 bits become 8.
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let info = reader.info();
    let (width, height) = (info.width as usize, info.height as usize);
    let is_turned = info.exif_metadata.as_deref().and_then(Orientation::of_exif);
    let is_plain = info.animation_control.is_none()
        && is_turned.is_none_or(|turned| turned == Orientation::UPRIGHT)
        && has_known_colours(info);
    if !is_bounded(width, height) || !is_plain {
        return None;
    }
    let profile = info.icc_profile.as_deref().map(<[u8]>::to_vec);
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(frame.buffer_size());
    let (channels, bytes) = match frame.color_type {
        png::ColorType::Grayscale => (1, bytes),
        png::ColorType::Rgb => (3, bytes),
        png::ColorType::Rgba => (4, bytes),
        png::ColorType::GrayscaleAlpha => {
            let (pixels, _) = bytes.as_chunks::<2>();
            (4, pixels.iter().flat_map(|[grey, opacity]| [*grey, *grey, *grey, *opacity]).collect())
        }
        png::ColorType::Indexed => return None,
    };
    let is_whole = bytes.len() == width * height * channels;
    let orientation = Orientation::UPRIGHT;
    is_whole.then_some(Pixels { kind: Kind::Png, width, height, channels, bytes, profile, orientation })
}

/// Whether the colours are told by a profile or are those of common screens: what is told otherwise would be lost.
fn has_known_colours(info: &png::Info<'_>) -> bool {
    // The gamma of common screens, 1/2.2, as PNG writes it (PNG, third edition, 11.3.2.3).
    const COMMON: u32 = 45_455;
    let is_common = info.gama_chunk.is_none_or(|gamma| gamma.into_scaled() == COMMON);
    info.coding_independent_code_points.is_none()
        && (is_common || info.srgb.is_some() || info.icc_profile.is_some())
}

fn read_jpeg(bytes: &[u8]) -> Option<Pixels> {
    let options = DecoderOptions::new_safe()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(LONGEST_SIDE)
        .set_max_height(LONGEST_SIDE)
        .jpeg_set_max_scans(MOST_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if !is_bounded(width, height) || jpeg::has_scattered_channels(bytes) {
        return None;
    }
    let channels = match decoder.input_colorspace()? {
        ColorSpace::Luma => 1,
        ColorSpace::YCbCr | ColorSpace::RGB => 3,
        // Four inks and the like: their colours are the printer's.
        _ => return None,
    };
    let colours = if channels == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let pixels = decoder.decode().ok()?;
    let profile = decoder.icc_profile();
    let is_whole = pixels.len() == width * height * channels;
    let orientation = Orientation::of_jpeg(bytes);
    is_whole.then_some(Pixels {
        kind: Kind::Jpeg,
        width,
        height,
        channels,
        bytes: pixels,
        profile,
        orientation,
    })
}

/// How much a pixel counts at a distance, in pixels of the smaller picture.
///
/// Source: the cubic of Catmull and Rom; Keys, "Cubic convolution interpolation for digital image processing", 1981.
fn catmull_rom(distance: f32) -> f32 {
    let x = distance.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

/// Pixels of some channels, mixed by weights. Of four the last is opacity: what cannot be seen has no colour to give.
struct Mixed<const N: usize>;

impl<const N: usize> PixelFormat for Mixed<N>
where
    [u8; N]: Default,
{
    type InputPixel = [u8; N];
    type OutputPixel = [u8; N];
    type Accumulator = [f32; N];

    fn new() -> [f32; N] {
        [0.0; N]
    }

    fn add(&self, sum: &mut [f32; N], pixel: [u8; N], weight: f32) {
        let weight_of_colour = if N == 4 { weight * f32::from(pixel[N - 1]) / 255.0 } else { weight };
        for (channel, (sum, value)) in sum.iter_mut().zip(pixel).enumerate() {
            *sum += f32::from(value) * if channel == 3 { weight } else { weight_of_colour };
        }
    }

    fn add_acc(sum: &mut [f32; N], other: [f32; N], weight: f32) {
        for (sum, value) in sum.iter_mut().zip(other) {
            *sum += value * weight;
        }
    }

    fn into_pixel(&self, sum: [f32; N]) -> [u8; N] {
        let opacity = if N == 4 { sum[N - 1] / 255.0 } else { 1.0 };
        let mut channel = 0;
        sum.map(|value| {
            let is_opacity = channel == 3;
            channel += 1;
            let value = match opacity {
                _ if is_opacity => value,
                opacity if opacity <= 0.0 => 0.0,
                opacity => value / opacity,
            };
            // Conversion cuts at 0 and 255.
            (value + 0.5) as u8
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::orientation;
    use super::*;

    /// Bytes that look like nothing, the same each time.
    pub(in super::super) fn grain(count: usize) -> Vec<u8> {
        let mut state: u32 = 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    /// Slopes of colour with grain in them, as a photograph has.
    fn photograph(width: usize, height: usize, channels: usize) -> Vec<u8> {
        let grain = grain(width * height);
        let pixel = |x: usize, y: usize, channel: usize| match channel {
            3 => {
                if x < width / 2 {
                    255
                } else {
                    60
                }
            }
            channel => {
                ((x * (3 - channel) + y * channel) * 60 / (width + height)) as u8 + grain[y * width + x] / 4
            }
        };
        let at = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        at.flat_map(|(x, y)| (0..channels).map(move |channel| (x, y, channel)))
            .map(|(x, y, channel)| pixel(x, y, channel))
            .collect()
    }

    /// A JPEG file with a segment of its own after its head.
    pub(in super::super) fn jpeg(width: usize, height: usize, segment: &[u8]) -> Vec<u8> {
        jpeg_of(&photograph(width, height, 3), width, height, jpeg_encoder::ColorType::Rgb, segment)
    }

    fn jpeg_of(
        pixels: &[u8],
        width: usize,
        height: usize,
        colours: jpeg_encoder::ColorType,
        segment: &[u8],
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        jpeg_encoder::Encoder::new(&mut bytes, 95)
            .encode(pixels, width as u16, height as u16, colours)
            .unwrap();
        bytes.splice(2..2, segment.iter().copied());
        bytes
    }

    pub(in super::super) fn png(width: usize, height: usize, colours: png::ColorType) -> Vec<u8> {
        png_of(&photograph(width, height, colours.samples()), width, height, colours, |_| ())
    }

    fn png_of(
        pixels: &[u8],
        width: usize,
        height: usize,
        colours: png::ColorType,
        set: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
        encoder.set_color(colours);
        encoder.set_depth(png::BitDepth::Eight);
        set(&mut encoder);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(pixels).unwrap();
        drop(writer);
        bytes
    }

    /// The mean of each channel.
    fn mean(pixels: &Pixels) -> Vec<f64> {
        let sums =
            pixels.bytes.chunks(pixels.channels).fold(vec![0.0; pixels.channels], |mut sums, pixel| {
                sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += f64::from(*value));
                sums
            });
        sums.into_iter().map(|sum| sum / (pixels.width * pixels.height) as f64).collect()
    }

    fn shrunk(bytes: &[u8], width: usize) -> Pixels {
        let written = Pixels::read(bytes).unwrap().shrunk(width).unwrap().written().unwrap();
        Pixels::read(&written).unwrap()
    }

    #[test]
    fn every_kind_keeps_its_colours() {
        let sixteen: Vec<u8> = photograph(90, 60, 3).into_iter().flat_map(|byte| [byte, 7]).collect();
        let palette: Vec<u8> = (0..=255u8).flat_map(|at| [at, 255 - at, 90]).collect();
        let indexed = png_of(&photograph(90, 60, 1), 90, 60, png::ColorType::Indexed, |encoder| {
            encoder.set_palette(palette);
        });
        let deep = png_of(&sixteen, 90, 60, png::ColorType::Rgb, |encoder| {
            encoder.set_depth(png::BitDepth::Sixteen);
        });
        let mut progressive = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut progressive, 75);
        encoder.set_progressive(true);
        encoder.encode(&photograph(90, 60, 3), 90, 60, jpeg_encoder::ColorType::Rgb).unwrap();
        let files = [
            (jpeg(90, 60, &[]), 3),
            (progressive, 3),
            (jpeg_of(&photograph(90, 60, 1), 90, 60, jpeg_encoder::ColorType::Luma, &[]), 1),
            (png(90, 60, png::ColorType::Grayscale), 1),
            (png(90, 60, png::ColorType::Rgb), 3),
            (png(90, 60, png::ColorType::Rgba), 4),
            (indexed, 3),
            (deep, 3),
        ];
        for (at, (file, channels)) in files.into_iter().enumerate() {
            let (whole, small) = (Pixels::read(&file).unwrap(), shrunk(&file, 30));
            assert_eq!((small.width, small.height, small.channels), (30, 20, channels), "{at}");
            for (before, after) in mean(&whole).into_iter().zip(mean(&small)) {
                assert!((before - after).abs() < 4.0, "{at}: {:?} {:?}", mean(&whole), mean(&small));
            }
        }
    }

    #[test]
    fn however_the_colours_are_parted_they_are_put_together() {
        use jpeg_encoder::SamplingFactor::{F_1_1, F_1_2, F_1_4, F_2_1, F_2_2, F_2_4, F_4_1, F_4_2};
        let before = photograph(150, 90, 3);
        for factor in [F_1_1, F_1_2, F_1_4, F_2_1, F_2_2, F_2_4, F_4_1, F_4_2] {
            for (is_progressive, restarts) in [(false, 0), (true, 0), (false, 3), (true, 5)] {
                let mut bytes = Vec::new();
                let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
                encoder.set_sampling_factor(factor);
                encoder.set_progressive(is_progressive);
                encoder.set_restart_interval(restarts);
                encoder.encode(&before, 150, 90, jpeg_encoder::ColorType::Rgb).unwrap();
                // What cannot be read is published as it is; what is read wrongly would be seen.
                let Some(read) = Pixels::read(&bytes) else { continue };
                let apart =
                    before.iter().zip(&read.bytes).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>();
                let apart = apart / before.len() as f64;
                assert!(apart < 6.0, "{factor:?} {is_progressive} {restarts}: {apart}");
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_gives_no_colour() {
        let row: Vec<u8> = [[255, 0, 0, 255]; 50].into_iter().chain([[0, 255, 0, 0]; 50]).flatten().collect();
        let small = shrunk(&png_of(&row.repeat(40), 100, 40, png::ColorType::Rgba, |_| ()), 33);
        for pixel in small.bytes.chunks(4).filter(|pixel| pixel[3] > 0) {
            assert_eq!(pixel[..3], [255, 0, 0], "{pixel:?}");
        }
        assert_eq!((small.bytes[3], small.bytes[4 * 32 + 3]), (255, 0));
    }

    #[test]
    fn a_picture_is_shown_the_way_it_was_held() {
        // Red at the left of the sensor, which was held so that its left is shown at the top.
        let row: Vec<u8> = [[255, 0, 0]; 80].into_iter().chain([[0, 0, 255]; 80]).flatten().collect();
        let lying = row.repeat(90);
        let file =
            jpeg_of(&lying, 160, 90, jpeg_encoder::ColorType::Rgb, &orientation::tests::segment(6, false));
        assert_eq!(Pixels::read(&file).unwrap().shown_width(), 90);
        let small = shrunk(&file, 45);
        assert_eq!((small.width, small.height), (45, 80));
        assert!(small.bytes[0] > 200 && small.bytes[2] < 60, "red above");
        let last = &small.bytes[small.bytes.len() - 3..];
        assert!(last[2] > 200 && last[0] < 60, "blue below");
    }

    #[test]
    fn the_profile_of_the_colours_stays() {
        let profile = grain(600);
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
        encoder.add_icc_profile(&profile).unwrap();
        encoder.encode(&photograph(60, 40, 3), 60, 40, jpeg_encoder::ColorType::Rgb).unwrap();
        assert_eq!(shrunk(&bytes, 20).profile.as_deref(), Some(&profile[..]));

        let mut info = png::Info::with_size(60, 40);
        (info.color_type, info.bit_depth) = (png::ColorType::Rgb, png::BitDepth::Eight);
        info.icc_profile = Some(profile.clone().into());
        let mut bytes = Vec::new();
        let mut writer = png::Encoder::with_info(&mut bytes, info).unwrap().write_header().unwrap();
        writer.write_image_data(&photograph(60, 40, 3)).unwrap();
        drop(writer);
        assert_eq!(shrunk(&bytes, 20).profile, Some(profile));
    }

    #[test]
    fn what_cannot_be_made_smaller_is_left_as_it_is() {
        let four_inks = jpeg_of(&photograph(90, 60, 4), 90, 60, jpeg_encoder::ColorType::Cmyk, &[]);
        let animated = {
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, 90, 60);
            encoder.set_animated(2, 0).unwrap();
            let mut writer = encoder.write_header().unwrap();
            let frame = photograph(90, 60, 1);
            writer.write_image_data(&frame).unwrap();
            writer.write_image_data(&frame).unwrap();
            writer.finish().unwrap();
            bytes
        };
        let scattered = {
            let mut bytes = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 75);
            encoder.set_optimized_huffman_tables(true);
            encoder.encode(&photograph(90, 60, 3), 90, 60, jpeg_encoder::ColorType::Rgb).unwrap();
            bytes
        };
        let whole = png(90, 60, png::ColorType::Rgb);
        let (cut, photo) = (&whole[..whole.len() / 2], jpeg(90, 60, &[]));
        let gif = b"GIF89a\x5a\0\x3c\0\0\0\0,\0\0\0\0\x5a\0\x3c\0\0\x02\x02\x44\x01\0;".to_vec();
        let odd_gamma = png_of(&photograph(90, 60, 3), 90, 60, png::ColorType::Rgb, |encoder| {
            encoder.set_source_gamma(png::ScaledFloat::new(1.0));
        });
        for (at, file) in [
            four_inks,
            animated,
            scattered,
            cut.to_vec(),
            photo[..photo.len() / 2].to_vec(),
            gif,
            odd_gamma,
            Vec::new(),
        ]
        .iter()
        .enumerate()
        {
            assert!(Pixels::read(file).is_none(), "{at}");
        }
        let huge = {
            let mut bytes = whole.clone();
            bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
            bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
            let mut sum = flate2::Crc::new();
            sum.update(&bytes[12..29]);
            bytes[29..33].copy_from_slice(&sum.sum().to_be_bytes());
            bytes
        };
        assert_eq!((count(&huge), count(&whole)), (None, Some(90 * 60)));
        assert!(Pixels::read(&huge).is_none());
    }
}
