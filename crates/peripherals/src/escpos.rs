//! A document as ESC/POS bytes for a thermal printer with Chinese characters.

use encoding_rs::GB18030;

use crate::bars;
use crate::document::{Align, Document};
use crate::layout::{Paper, Row, Size, lay_out};
use crate::picture::Picture;
use crate::symbol::{Barcode, QrCode, Symbology};
use crate::width::printable;

const INIT: &[u8] = &[0x1b, b'@'];
const CHINESE_MODE: &[u8] = &[0x1c, b'&'];
const BOLD_ON: &[u8] = &[0x1b, b'E', 1];
const BOLD_OFF: &[u8] = &[0x1b, b'E', 0];
const DOUBLE_ON: &[u8] = &[0x1d, b'!', 0x11];
const DOUBLE_OFF: &[u8] = &[0x1d, b'!', 0];
const PARTIAL_CUT: &[u8] = &[0x1d, b'V', 0x42, 0];
const FULL_CUT: &[u8] = &[0x1d, b'V', 0x41, 0];
/// Lines from the print head to where paper is torn off.
const TO_TEAR_OFF: &[u8] = &[0x1b, b'd', 5];
/// Dots that the bars of a barcode stand high.
const BAR_HEIGHT: u8 = 80;
/// The most rows of a picture in one command: more would not fit the memory of a simple printer.
const BAND: usize = 256;
/// Pin 2, 50 ms on, 500 ms off. All five bytes are needed: with fewer the printer eats the command that follows.
const DRAWER: &[u8] = &[0x1b, b'p', 0, 0x19, 0xfa];

/// The characters a printer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CharacterSet {
    /// Two bytes a character; what is not in it prints as `？`.
    #[default]
    Gbk,
    /// Two or four bytes: every character of Unicode.
    Gb18030,
}

/// How a printer gets QR codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QrPrinting {
    /// As text; the printer draws them.
    #[default]
    Native,
    /// As pictures, for printers that cannot.
    Raster,
}

/// How a printer gets barcodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BarcodePrinting {
    /// As text; the printer draws the bars.
    #[default]
    Native,
    /// As pictures, for printers that cannot.
    Raster,
}

/// What a printer does at the end of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Leaves a bridge so that the paper does not fall.
    #[default]
    Partial,
    /// Cuts through.
    Full,
    /// It has no knife: feeds until the paper can be torn off.
    None,
}

/// What must be known of a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Profile {
    /// Its paper.
    pub paper: Paper,
    /// Its characters.
    pub characters: CharacterSet,
    /// Its way with QR codes.
    pub qr: QrPrinting,
    /// Its way with barcodes.
    pub barcodes: BarcodePrinting,
    /// Its knife.
    pub cut: Cut,
}

impl Profile {
    /// The usual printer with this paper.
    pub fn for_paper(paper: Paper) -> Self {
        Self { paper, ..Self::default() }
    }
}

/// The bytes that print `document`.
pub fn escpos(document: &Document, profile: Profile) -> Vec<u8> {
    let mut bytes = [INIT, CHINESE_MODE].concat();
    for row in lay_out(document, profile.paper, true) {
        match row {
            Row::Line { text, align, size, bold } => line(&mut bytes, &text, align, size, bold, profile.characters),
            Row::Qr(code) => qr(&mut bytes, code, profile),
            Row::Barcode(code) => barcode(&mut bytes, code, profile),
            Row::Feed(count) => bytes.extend([0x1b, b'd', count]),
            Row::Picture(picture) => aligned(&mut bytes, Align::Center, |bytes| raster(bytes, picture)),
            Row::Cut => bytes.extend(match profile.cut {
                Cut::Partial => PARTIAL_CUT,
                Cut::Full => FULL_CUT,
                Cut::None => TO_TEAR_OFF,
            }),
            Row::KickDrawer => bytes.extend(DRAWER),
        }
    }
    bytes
}

fn line(bytes: &mut Vec<u8>, text: &str, align: Align, size: Size, bold: bool, characters: CharacterSet) {
    aligned(bytes, align, |bytes| {
        if size == Size::Double {
            bytes.extend(DOUBLE_ON);
        }
        if bold {
            bytes.extend(BOLD_ON);
        }
        bytes.extend(encode(text, characters));
        bytes.push(b'\n');
        if bold {
            bytes.extend(BOLD_OFF);
        }
        if size == Size::Double {
            bytes.extend(DOUBLE_OFF);
        }
    });
}

fn aligned(bytes: &mut Vec<u8>, align: Align, content: impl FnOnce(&mut Vec<u8>)) {
    let code = match align {
        Align::Left => return content(bytes),
        Align::Center => 1,
        Align::Right => 2,
    };
    bytes.extend([0x1b, b'a', code]);
    content(bytes);
    bytes.extend([0x1b, b'a', 0]);
}

/// `text` in the printer's characters.
fn encode(text: &str, characters: CharacterSet) -> Vec<u8> {
    let text = printable(text);
    let known: String = match characters {
        CharacterSet::Gb18030 => text,
        CharacterSet::Gbk => text.chars().map(|character| if in_gbk(character) { character } else { '？' }).collect(),
    };
    GB18030.encode(&known).0.into_owned()
}

fn in_gbk(character: char) -> bool {
    let mut utf8 = [0; 4];
    character.is_ascii() || GB18030.encode(character.encode_utf8(&mut utf8)).0.len() == 2
}

/// Dots a module so that the code with its quiet zone fits the paper.
fn module_dots(code: &QrCode, paper: Paper) -> usize {
    (paper.dots() / (code.modules() + 8)).clamp(1, 6)
}

fn qr(bytes: &mut Vec<u8>, code: &QrCode, profile: Profile) {
    let dots = module_dots(code, profile.paper);
    // Four modules of blank paper above and below, without which a phone does not find the code.
    let quiet = [0x1b, b'J', little_endian(4 * dots)[0]];
    bytes.extend(quiet);
    aligned(bytes, Align::Center, |bytes| match profile.qr {
        QrPrinting::Native => native_qr(bytes, code, dots),
        QrPrinting::Raster => raster_qr(bytes, code, dots),
    });
    bytes.extend(quiet);
}

fn native_qr(bytes: &mut Vec<u8>, code: &QrCode, dots: usize) {
    let function = |bytes: &mut Vec<u8>, function: u8, parameters: &[u8]| {
        bytes.extend([0x1d, b'(', b'k']);
        bytes.extend(little_endian(parameters.len() + 2));
        bytes.extend([b'1', function]);
        bytes.extend(parameters);
    };
    function(bytes, b'A', b"2\0");
    function(bytes, b'C', &[little_endian(dots)[0]]);
    function(bytes, b'E', b"1");
    function(bytes, b'P', &[b"0", code.text().as_bytes()].concat());
    function(bytes, b'Q', b"0");
}

fn raster_qr(bytes: &mut Vec<u8>, code: &QrCode, dots: usize) {
    let side = code.modules() * dots;
    raster(bytes, &Picture::drawn(side, side, |x, y| code.is_dark(x / dots, y / dots)));
}

/// A picture in bands of rows. Printers look for commands that act at once (`DLE EOT`, `DLE ENQ`, `DLE DC4`) in the middle of
/// a picture too, and one of them opens the drawer: where dots would read as one, a dot is left out.
fn raster(bytes: &mut Vec<u8>, picture: &Picture) {
    let row_bytes = picture.row_bytes();
    for band in picture.rows().chunks(row_bytes.max(1) * BAND) {
        bytes.extend([0x1d, b'v', b'0', 0]);
        bytes.extend(little_endian(row_bytes));
        bytes.extend(little_endian(band.len() / row_bytes.max(1)));
        let from = bytes.len();
        bytes.extend(band);
        for at in from + 1..bytes.len() {
            if bytes[at - 1] == 0x10 && matches!(bytes[at], 0x04 | 0x05 | 0x14) {
                bytes[at] &= 0x11;
            }
        }
    }
}

/// The number in two bytes. Every caller's is bounded far below the limit: by [`QrCode::MAX_BYTES`] and by the paper's dots.
fn little_endian(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

/// A barcode with bars of two dots; one that is too long for the paper prints as a QR code, which scanners of today read
/// as well.
fn barcode(bytes: &mut Vec<u8>, code: &Barcode, profile: Profile) {
    if code.modules() * 2 > profile.paper.dots() {
        if let Ok(instead) = QrCode::new(code.text()) {
            qr(bytes, &instead, profile);
        }
        aligned(bytes, Align::Center, |bytes| {
            bytes.extend(encode(code.text(), profile.characters));
            bytes.push(b'\n');
        });
        return;
    }
    if profile.barcodes == BarcodePrinting::Raster {
        let bars = bars::modules(&code.0);
        let picture = Picture::drawn(bars.len() * 2, usize::from(BAR_HEIGHT), |x, _| bars[x / 2]);
        aligned(bytes, Align::Center, |bytes| {
            raster(bytes, &picture);
            bytes.extend(encode(code.text(), profile.characters));
            bytes.push(b'\n');
        });
        return;
    }
    aligned(bytes, Align::Center, |bytes| {
        // two dots a module, characters below
        bytes.extend([0x1d, b'h', BAR_HEIGHT, 0x1d, b'w', 2, 0x1d, b'H', 2]);
        match &code.0 {
            Symbology::Ean13(digits) => {
                bytes.extend([0x1d, b'k', 2]);
                bytes.extend(&digits.as_bytes()[..12]);
                bytes.push(0);
            }
            Symbology::Code128(text) => {
                let data = format!("{{B{}", text.replace('{', "{{"));
                bytes.extend([0x1d, b'k', 73, little_endian(data.len())[0]]);
                bytes.extend(data.as_bytes());
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_without_gb18030_gets_a_question_mark_for_rare_characters() {
        assert_eq!(encode("𠮷野家", CharacterSet::Gbk), GB18030.encode("？野家").0.as_ref());
        assert_eq!(encode("𠮷", CharacterSet::Gb18030), [0x95, 0x34, 0xb2, 0x35]);
    }

    #[test]
    fn a_code_shrinks_its_modules_until_it_fits_the_paper() {
        assert_eq!(module_dots(&QrCode::new("TB7K3M9QXD4T").unwrap(), Paper::Mm58), 6);
        let long = QrCode::new("x".repeat(QrCode::MAX_BYTES)).unwrap();
        let dots = module_dots(&long, Paper::Mm58);
        assert!(dots >= 3 && (long.modules() + 8) * dots <= Paper::Mm58.dots(), "{dots}");
    }

    #[test]
    fn no_dots_of_a_picture_read_as_a_command_that_acts_at_once() {
        let rows = [0x10, 0x14, 0x10, 0x04, 0x10, 0x05, 0x10, 0x10, 0x04, 0x01];
        let picture = Picture::drawn(80, 1, |x, _| rows[x / 8] & (0x80 >> (x % 8)) != 0);
        let mut bytes = Vec::new();
        raster(&mut bytes, &picture);
        assert_eq!(bytes[8..], [0x10, 0x10, 0x10, 0x00, 0x10, 0x01, 0x10, 0x10, 0x00, 0x01]);
    }
}
