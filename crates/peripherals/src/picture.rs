//! Pictures in the two colours of thermal paper: a shop's logo.

use std::io::Cursor;

use png::{ColorType, Decoder, Transformations};
use thiserror::Error;

/// Why a picture cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// Not a PNG, or a damaged one.
    #[error("this is not a PNG picture that can be read: {0}")]
    NotPng(String),
    /// More dots than a receipt ever needs.
    #[error("the picture is {width} × {height} dots large; at most {max} × {max} are read", max = Picture::LARGEST_SIDE)]
    TooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
}

/// A picture in black and white, dot by dot as it is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    /// Row by row, eight dots a byte, the leftmost dot in the highest bit.
    rows: Vec<u8>,
}

impl Picture {
    /// The longest side of a picture that is read.
    pub const LARGEST_SIDE: u32 = 4_096;
    /// The most rows of a printed picture: about 6 cm.
    pub const TALLEST: usize = 480;

    /// Reads a PNG: transparent parts are paper, colours become shades, shades become dots that are nearer or farther apart
    /// (Floyd and Steinberg). Made smaller until it is at most `widest` dots wide; never made larger.
    pub fn from_png(png: &[u8], widest: usize) -> Result<Self, PictureError> {
        let shades = Shades::read(png)?;
        Ok(shades.fitted(widest.max(1), Self::TALLEST).dithered())
    }

    /// A picture whose dots `is_dark` says.
    pub(crate) fn drawn(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool) -> Self {
        let row_bytes = width.div_ceil(8);
        let mut rows = vec![0_u8; row_bytes * height];
        for y in 0..height {
            for x in (0..width).filter(|x| is_dark(*x, y)) {
                rows[y * row_bytes + x / 8] |= 0x80 >> (x % 8);
            }
        }
        Self { width, height, rows }
    }

    /// Dots across.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Dots down.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Bytes of one row.
    pub(crate) const fn row_bytes(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// Row by row, eight dots a byte.
    pub(crate) fn rows(&self) -> &[u8] {
        &self.rows
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("width", &self.width).field("height", &self.height).finish_non_exhaustive()
    }
}

/// A picture in shades: 0 is black, 255 the paper.
struct Shades {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl Shades {
    fn read(png: &[u8]) -> Result<Self, PictureError> {
        let wrong = |error: png::DecodingError| PictureError::NotPng(error.to_string());
        let mut decoder = Decoder::new(Cursor::new(png));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(wrong)?;
        let (width, height) = (reader.info().width, reader.info().height);
        if width > Picture::LARGEST_SIDE || height > Picture::LARGEST_SIDE {
            return Err(PictureError::TooLarge { width, height });
        }
        let size = reader.output_buffer_size().ok_or(PictureError::TooLarge { width, height })?;
        let mut bytes = vec![0; size];
        let frame = reader.next_frame(&mut bytes).map_err(wrong)?;
        let shade = |dot: &[u8]| match (frame.color_type, dot) {
            (ColorType::Grayscale, [gray]) => *gray,
            (ColorType::GrayscaleAlpha, [gray, alpha]) => over_paper(*gray, *alpha),
            (ColorType::Rgb, [red, green, blue]) => luminance(*red, *green, *blue),
            (ColorType::Rgba, [red, green, blue, alpha]) => over_paper(luminance(*red, *green, *blue), *alpha),
            _ => 255,
        };
        let samples = frame.color_type.samples();
        let mut dots = Vec::with_capacity(width as usize * height as usize);
        for row in bytes.chunks_exact(frame.line_size).take(height as usize) {
            dots.extend(row.chunks_exact(samples).take(width as usize).map(shade));
        }
        Ok(Self { width: width as usize, height: height as usize, dots })
    }

    /// Made smaller by the mean of the dots that fall together, until it fits.
    fn fitted(self, widest: usize, tallest: usize) -> Self {
        if self.width <= widest && self.height <= tallest {
            return self;
        }
        // The smaller of the two ratios, as a fraction.
        let (part, whole) =
            if widest * self.height <= tallest * self.width { (widest, self.width) } else { (tallest, self.height) };
        let (width, height) = ((self.width * part / whole).max(1), (self.height * part / whole).max(1));
        let mut dots = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = span(y, height, self.height);
            for x in 0..width {
                let columns = span(x, width, self.width);
                let covered = rows.clone().flat_map(|row| columns.clone().map(move |column| (row, column)));
                let (sum, count) = covered.fold((0_usize, 0_usize), |(sum, count), (row, column)| {
                    (sum + usize::from(self.dots[row * self.width + column]), count + 1)
                });
                dots.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
            }
        }
        Self { width, height, dots }
    }

    fn dithered(self) -> Picture {
        let (width, height) = (self.width, self.height);
        let mut shades: Vec<i32> = self.dots.iter().map(|shade| i32::from(*shade)).collect();
        let mut dark = vec![false; shades.len()];
        for y in 0..height {
            for x in 0..width {
                let at = y * width + x;
                let old = shades[at];
                dark[at] = old < 128;
                let error = old - if dark[at] { 0 } else { 255 };
                let mut spread = |at: usize, sixteenths: i32| shades[at] += error * sixteenths / 16;
                if x + 1 < width {
                    spread(at + 1, 7);
                }
                if y + 1 < height {
                    if x > 0 {
                        spread(at + width - 1, 3);
                    }
                    spread(at + width, 5);
                    if x + 1 < width {
                        spread(at + width + 1, 1);
                    }
                }
            }
        }
        Picture::drawn(width, height, |x, y| dark[y * width + x])
    }
}

/// The dots of `before` that dot `at` of `after` covers; at least one.
fn span(at: usize, after: usize, before: usize) -> std::ops::Range<usize> {
    let from = at * before / after;
    let to = ((at + 1) * before / after).max(from + 1).min(before);
    from..to
}

/// ITU-R BT.601, in thousandths.
fn luminance(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1_000).unwrap_or(u8::MAX)
}

fn over_paper(shade: u8, alpha: u8) -> u8 {
    let mixed = u32::from(shade) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
    u8::try_from(mixed / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG whose dots `shade` gives as grey and opacity.
    fn png(width: u32, height: u32, shade: impl Fn(u32, u32) -> (u8, u8)) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(ColorType::GrayscaleAlpha);
        let mut writer = encoder.write_header().unwrap();
        let dots: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| {
                let (gray, alpha) = shade(x, y);
                [gray, alpha]
            })
            .collect();
        writer.write_image_data(&dots).unwrap();
        writer.finish().unwrap();
        bytes
    }

    fn dark(picture: &Picture) -> usize {
        picture.rows().iter().map(|byte| byte.count_ones() as usize).sum()
    }

    #[test]
    fn black_is_dots_and_what_is_transparent_is_paper() {
        let half = Picture::from_png(&png(16, 2, |x, _| (0, if x < 8 { 255 } else { 0 })), 576).unwrap();
        assert_eq!((half.width(), half.height(), half.rows()), (16, 2, [0xff, 0, 0xff, 0].as_slice()));
    }

    #[test]
    fn a_shade_becomes_as_many_dots_as_it_is_dark() {
        for (shade, share) in [(64, 75), (128, 50), (192, 25)] {
            let picture = Picture::from_png(&png(64, 64, |_, _| (shade, 255)), 576).unwrap();
            let percent = dark(&picture) * 100 / (64 * 64);
            assert!(percent.abs_diff(share) <= 3, "{shade}: {percent} %");
        }
    }

    #[test]
    fn a_picture_is_made_to_fit_and_keeps_its_shape() {
        let picture = Picture::from_png(&png(1_000, 500, |_, _| (0, 255)), 384).unwrap();
        assert_eq!((picture.width(), picture.height()), (384, 192));
        assert_eq!(dark(&picture), 384 * 192);
        let tall = Picture::from_png(&png(100, 960, |_, _| (0, 255)), 384).unwrap();
        assert_eq!((tall.width(), tall.height()), (50, Picture::TALLEST));
        let small = Picture::from_png(&png(10, 10, |_, _| (0, 255)), 384).unwrap();
        assert_eq!((small.width(), small.height()), (10, 10));
    }

    #[test]
    fn what_is_no_picture_or_far_too_large_is_refused() {
        assert!(matches!(Picture::from_png(b"GIF89a", 384), Err(PictureError::NotPng(_))));
        let mut cut = png(64, 64, |x, y| (u8::try_from((x * y) % 256).unwrap(), 255));
        cut.truncate(cut.len() / 2);
        assert!(matches!(Picture::from_png(&cut, 384), Err(PictureError::NotPng(_))));
        assert_eq!(
            Picture::from_png(&png(5_000, 1, |_, _| (0, 255)), 384),
            Err(PictureError::TooLarge { width: 5_000, height: 1 })
        );
    }
}
