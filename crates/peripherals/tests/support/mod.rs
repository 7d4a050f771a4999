//! A receipt printer that understands what it is sent: ESC/POS bytes back into what would be on the paper.

use encoding_rs::GB18030;

/// What the printer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// A line of text in normal size.
    Line(String),
    /// A line of text twice as wide and high.
    Large(String),
    /// A QR code with its text and the dots of a module.
    Qr(String, u8),
    /// A picture: bytes a row, rows.
    Picture(usize, usize),
    /// A barcode: its kind (GS k m) and data.
    Barcode(u8, String),
    /// Empty lines.
    Feed(u8),
    /// The knife.
    Cut,
    /// The drawer: pin, on and off time.
    Kick(u8, u8, u8),
}

/// Interprets `bytes` as a printer would; panics on a command that it does not know, so that no stray byte passes.
pub fn interpret(bytes: &[u8]) -> Vec<Printed> {
    let mut printed = Vec::new();
    let mut text = Vec::new();
    let (mut chinese, mut double, mut center) = (false, false, false);
    let (mut qr_text, mut qr_dots) = (String::new(), 0);
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match (*first, after) {
            (0x1b, [b'@', rest @ ..]) => {
                (chinese, double, center) = (false, false, false);
                rest
            }
            (0x1b, [b'E', 0 | 1, rest @ ..]) | (0x1d, [b'h' | b'w' | b'H', _, rest @ ..]) => rest,
            (0x1b, [b'a', align @ 0..=2, rest @ ..]) => {
                assert!(text.is_empty(), "alignment counts at the beginning of a line only");
                center = *align == 1;
                rest
            }
            (0x1b, [b'd', count, rest @ ..]) => {
                printed.push(Printed::Feed(*count));
                rest
            }
            (0x1b, [b'p', pin, on, off, rest @ ..]) => {
                printed.push(Printed::Kick(*pin, *on, *off));
                rest
            }
            (0x1c, [b'&', rest @ ..]) => {
                chinese = true;
                rest
            }
            (0x1d, [b'!', size, rest @ ..]) => {
                double = *size == 0x11;
                rest
            }
            (0x1d, [b'V', 0x42, 0, rest @ ..]) => {
                printed.push(Printed::Cut);
                rest
            }
            (0x1d, [b'(', b'k', low, high, rest @ ..]) => {
                let (body, rest) = rest.split_at(usize::from(u16::from_le_bytes([*low, *high])));
                match body {
                    [b'1', b'A', b'2', 0] | [b'1', b'E', b'1'] => {}
                    [b'1', b'C', dots] => qr_dots = *dots,
                    [b'1', b'P', b'0', data @ ..] => qr_text = String::from_utf8(data.to_vec()).unwrap(),
                    [b'1', b'Q', b'0'] => {
                        assert!(center, "a code stands in the middle");
                        printed.push(Printed::Qr(qr_text.clone(), qr_dots));
                    }
                    other => panic!("unknown QR function {other:x?}"),
                }
                rest
            }
            (0x1d, [b'v', b'0', 0, width_low, width_high, height_low, height_high, rest @ ..]) => {
                let width = usize::from(u16::from_le_bytes([*width_low, *width_high]));
                let height = usize::from(u16::from_le_bytes([*height_low, *height_high]));
                printed.push(Printed::Picture(width, height));
                &rest[width * height..]
            }
            (0x1d, [b'k', 2, rest @ ..]) => {
                let end = rest.iter().position(|byte| *byte == 0).unwrap();
                printed.push(Printed::Barcode(2, String::from_utf8(rest[..end].to_vec()).unwrap()));
                &rest[end + 1..]
            }
            (0x1d, [b'k', 73, length, rest @ ..]) => {
                let (data, rest) = rest.split_at(usize::from(*length));
                printed.push(Printed::Barcode(73, String::from_utf8(data.to_vec()).unwrap()));
                rest
            }
            (b'\n', rest) => {
                let (line, _, broken) = GB18030.decode(&text);
                assert!(!broken && (chinese || line.is_ascii()), "unreadable: {text:x?}");
                printed.push(if double { Printed::Large(line.into_owned()) } else { Printed::Line(line.into_owned()) });
                text.clear();
                rest
            }
            (byte, rest) if byte >= 0x20 => {
                text.push(byte);
                rest
            }
            (byte, rest) => panic!("unknown command {byte:x} {:x?}", &rest[..rest.len().min(4)]),
        };
    }
    assert!(text.is_empty(), "a line without its end: {text:x?}");
    printed
}
