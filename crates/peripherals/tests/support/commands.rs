//! ESC/POS bytes back into commands; panics on one that it does not know, so that no stray byte passes.

use encoding_rs::GB18030;

/// One command, as a printer takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Init,
    /// Chinese characters on or off (FS &, FS .).
    Chinese(bool),
    Align(u8),
    Bold(bool),
    /// Width and height, 1 to 8.
    Size(u8, u8),
    /// The characters of a line before its end.
    Line(String),
    Feed(u8),
    /// Dots to feed.
    FeedDots(u8),
    /// Pin, on and off time.
    Kick(u8, u8, u8),
    /// Whether it cuts through.
    Cut {
        full: bool,
    },
    QrDots(u8),
    QrText(String),
    QrPrint,
    /// Bytes a row, rows, the dots.
    Raster(usize, usize, Vec<u8>),
    BarHeight(u8),
    BarWidth(u8),
    BarText(u8),
    /// Kind (GS k m) and data.
    Barcode(u8, String),
    /// `GS r`: tell when this is reached.
    Tell(u8),
}

/// All commands in `bytes`.
pub fn commands(bytes: &[u8]) -> Vec<Command> {
    let (commands, rest) = commands_so_far(bytes);
    assert!(rest.is_empty(), "a command or a line without its end: {:x?}", &rest[..rest.len().min(16)]);
    commands
}

/// The commands in `bytes` and what is left of one that has not come to its end.
pub fn commands_so_far(bytes: &[u8]) -> (Vec<Command>, &[u8]) {
    let mut found = Vec::new();
    let mut chinese = false;
    let mut rest = bytes;
    while let Some((command, after)) = next(rest, chinese) {
        match command {
            Command::Init => chinese = false,
            Command::Chinese(on) => chinese = on,
            _ => {}
        }
        found.push(command);
        rest = after;
    }
    (found, rest)
}

fn next(bytes: &[u8], chinese: bool) -> Option<(Command, &[u8])> {
    Some(match bytes {
        [] => return None,
        [0x1b, b'@', rest @ ..] => (Command::Init, rest),
        [0x1b, b'E', on @ 0..=1, rest @ ..] => (Command::Bold(*on == 1), rest),
        [0x1b, b'a', align @ 0..=2, rest @ ..] => (Command::Align(*align), rest),
        [0x1b, b'd', count, rest @ ..] => (Command::Feed(*count), rest),
        [0x1b, b'J', dots, rest @ ..] => (Command::FeedDots(*dots), rest),
        [0x1b, b'p', pin, on, off, rest @ ..] => (Command::Kick(*pin, *on, *off), rest),
        [0x1c, b'&', rest @ ..] => (Command::Chinese(true), rest),
        [0x1c, b'.', rest @ ..] => (Command::Chinese(false), rest),
        [0x1d, b'!', size, rest @ ..] => (Command::Size((size >> 4) + 1, (size & 0x0f) + 1), rest),
        [0x1d, b'V', kind @ (0x41 | 0x42), _, rest @ ..] => (Command::Cut { full: *kind == 0x41 }, rest),
        [0x1d, b'h', dots, rest @ ..] => (Command::BarHeight(*dots), rest),
        [0x1d, b'w', dots, rest @ ..] => (Command::BarWidth(*dots), rest),
        [0x1d, b'H', place, rest @ ..] => (Command::BarText(*place), rest),
        [0x1d, b'r', what, rest @ ..] => (Command::Tell(*what), rest),
        [0x1d, b'(', b'k', low, high, rest @ ..] => {
            let (body, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([*low, *high])))?;
            return qr(body).map_or_else(|| next(rest, chinese), |command| Some((command, rest)));
        }
        [0x1d, b'v', b'0', 0, wide_low, wide_high, tall_low, tall_high, rest @ ..] => {
            let wide = usize::from(u16::from_le_bytes([*wide_low, *wide_high]));
            let tall = usize::from(u16::from_le_bytes([*tall_low, *tall_high]));
            let (dots, rest) = rest.split_at_checked(wide * tall)?;
            (Command::Raster(wide, tall, dots.to_vec()), rest)
        }
        [0x1d, b'k', 2, rest @ ..] => {
            let end = rest.iter().position(|byte| *byte == 0)?;
            (Command::Barcode(2, String::from_utf8(rest[..end].to_vec()).unwrap()), &rest[end + 1..])
        }
        [0x1d, b'k', 73, length, rest @ ..] => {
            let (data, rest) = rest.split_at_checked(usize::from(*length))?;
            (Command::Barcode(73, String::from_utf8(data.to_vec()).unwrap()), rest)
        }
        [0x1b | 0x1c | 0x1d, ..] if bytes.len() < 8 => return None,
        [b'\n' | 0x20.., ..] => {
            let end = bytes.iter().position(|byte| *byte == b'\n')?;
            let (line, _, broken) = GB18030.decode(&bytes[..end]);
            assert!(!broken && (chinese || line.is_ascii()), "unreadable: {:x?}", &bytes[..end]);
            assert!(!line.chars().any(char::is_control), "a command inside a line: {line:?}");
            (Command::Line(line.into_owned()), &bytes[end + 1..])
        }
        other => panic!("unknown command {:x?}", &other[..other.len().min(8)]),
    })
}

/// A function of the QR code; none of one that only sets what is always the same.
fn qr(body: &[u8]) -> Option<Command> {
    match body {
        [b'1', b'A', b'2', 0] | [b'1', b'E', b'1'] => None,
        [b'1', b'C', dots] => Some(Command::QrDots(*dots)),
        [b'1', b'P', b'0', data @ ..] => Some(Command::QrText(String::from_utf8(data.to_vec()).unwrap())),
        [b'1', b'Q', b'0'] => Some(Command::QrPrint),
        other => panic!("unknown QR function {other:x?}"),
    }
}
