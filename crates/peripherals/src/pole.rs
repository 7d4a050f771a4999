//! A pole display: two lines of twenty characters that face the customer, at a serial line.

use std::io;
use std::time::Duration;

use encoding_rs::GB18030;
use serial2::SerialPort;

use crate::address::SerialAddress;
use crate::link::open_serial;
use crate::width::{char_width, printable, width};

/// Columns of a line; a Chinese character takes two.
const COLUMNS: usize = 20;
/// Clears the display and goes to its first place (CLR of the ESC/POS displays).
const CLEAR: u8 = 0x0c;
/// How long the display may take to take a picture of 41 bytes.
const WAIT: Duration = Duration::from_secs(1);

/// A pole display.
pub struct PoleDisplay(SerialPort);

impl PoleDisplay {
    /// Opens its line.
    pub fn open(address: &SerialAddress) -> io::Result<Self> {
        let mut port = open_serial(address)?;
        port.set_write_timeout(WAIT)?;
        Ok(Self(port))
    }

    /// Shows a line of text above a label with what stands at the right edge.
    pub fn show(&mut self, upper: &str, label: &str, right: &str) -> io::Result<()> {
        self.0.write_all(&pole_bytes(upper, label, right))
    }
}

/// The bytes that show it. What is too long is cut; the right part never is before the label.
fn pole_bytes(upper: &str, label: &str, right: &str) -> Vec<u8> {
    let (upper, right) = (fitted(&printable(upper), COLUMNS), fitted(&printable(right), COLUMNS));
    let label = fitted(&printable(label), COLUMNS.saturating_sub(width(&right) + 1));
    let text = format!(
        "{upper}{}{label}{}{right}",
        " ".repeat(COLUMNS - width(&upper)),
        " ".repeat(COLUMNS - width(&label) - width(&right))
    );
    let mut bytes = vec![CLEAR];
    bytes.extend(GB18030.encode(&text).0.as_ref());
    bytes
}

/// As much of `text` as stands in `columns`.
fn fitted(text: &str, columns: usize) -> String {
    let mut taken = 0;
    text.chars()
        .take_while(|character| {
            taken += char_width(*character);
            taken <= columns
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_of_twenty_columns_whatever_is_in_them() {
        assert_eq!(pole_bytes("Milk 1L", "TOTAL", "12.90"), b"\x0cMilk 1L             TOTAL          12.90");
        let chinese = pole_bytes("农夫山泉饮用天然水 550ml", "合计", "¥1,234,567.00");
        let text = GB18030.decode(&chinese[1..]).0.into_owned();
        assert_eq!(text, "农夫山泉饮用天然水 5合计  ￥1,234,567.00");
        assert_eq!(width(&text), 2 * COLUMNS);
    }
}
