//! A scanner in serial mode (USB-COM): no keyboard layout, no input method, no focus in its way.

use std::io;
use std::time::Duration;

use serial2::SerialPort;

use crate::address::SerialAddress;
use crate::link::open_serial;

/// The longest code that is taken; a QR code holds some 3,000 characters at most on paper that scanners read.
const LONGEST: usize = 4_096;

/// A scanner at a serial line.
pub struct SerialScanner {
    port: SerialPort,
    lines: ScanLines,
}

impl SerialScanner {
    /// Opens its line.
    pub fn open(address: &SerialAddress) -> io::Result<Self> {
        Ok(Self { port: open_serial(address)?, lines: ScanLines::default() })
    }

    /// The codes that came within `wait`, as the scanner sent them. An error means that it was unplugged.
    pub fn read(&mut self, wait: Duration) -> io::Result<Vec<String>> {
        let mut bytes = [0_u8; 256];
        self.port.set_read_timeout(wait)?;
        match self.port.read(&mut bytes) {
            Ok(0) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the scanner is gone")),
            Ok(count) => Ok(self.lines.take(&bytes[..count])),
            Err(error) if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => Ok(self.lines.pause()),
            Err(error) => Err(error),
        }
    }
}

/// Codes out of what comes in pieces. A code ends with CR, LF, both or Tab; scanners that send nothing behind it end it by
/// being silent.
#[derive(Debug, Default)]
pub struct ScanLines {
    begun: Vec<u8>,
    /// Too long to be a code: left out until its end.
    flooded: bool,
}

impl ScanLines {
    /// The codes that end in `bytes`.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut codes = Vec::new();
        for byte in bytes {
            if matches!(byte, b'\r' | b'\n' | b'\t') {
                codes.extend(self.end());
            } else if self.begun.len() < LONGEST {
                self.begun.push(*byte);
            } else {
                self.flooded = true;
            }
        }
        codes
    }

    /// Nothing came for a while: what was begun is a code.
    pub fn pause(&mut self) -> Vec<String> {
        self.end().into_iter().collect()
    }

    fn end(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.begun);
        let whole = !std::mem::take(&mut self.flooded) && !bytes.is_empty();
        whole.then(|| String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_ends_with_return_newline_both_or_tab() {
        let mut lines = ScanLines::default();
        assert_eq!(lines.take(b"6901234567892\r"), ["6901234567892"]);
        assert_eq!(lines.take(b"\n]E0690"), Vec::<String>::new());
        assert_eq!(lines.take(b"1234567892\r\nABC\t]C1010690\x1d10L"), ["]E06901234567892", "ABC"]);
        assert_eq!(lines.pause(), ["]C1010690\u{1d}10L"]);
        assert_eq!(lines.pause(), Vec::<String>::new());
    }

    #[test]
    fn a_flood_is_no_code_and_does_not_take_the_next_one_with_it() {
        let mut lines = ScanLines::default();
        assert_eq!(lines.take(&[b'9'; 10_000]), Vec::<String>::new());
        assert_eq!(lines.take(b"\r6901234567892\r"), ["6901234567892"]);
    }
}
