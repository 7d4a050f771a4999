//! A receipt printer that understands what it is sent.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod bars;
pub mod commands;
pub mod fake_printer;
pub mod page;

use commands::{Command, commands};

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

/// What a printer makes of `bytes`.
pub fn interpret(bytes: &[u8]) -> Vec<Printed> {
    let mut printed = Vec::new();
    let (mut double, mut centred) = (false, false);
    let (mut qr_text, mut qr_dots) = (String::new(), 0);
    for command in commands(bytes) {
        match command {
            Command::Init => (double, centred) = (false, false),
            Command::Size(wide, tall) => double = (wide, tall) == (2, 2),
            Command::Align(align) => centred = align == 1,
            Command::Line(text) => printed.push(if double { Printed::Large(text) } else { Printed::Line(text) }),
            Command::Feed(count) => printed.push(Printed::Feed(count)),
            Command::Kick(pin, on, off) => printed.push(Printed::Kick(pin, on, off)),
            Command::Cut { .. } => printed.push(Printed::Cut),
            Command::QrDots(dots) => qr_dots = dots,
            Command::QrText(text) => qr_text = text,
            Command::QrPrint => {
                assert!(centred, "a code stands in the middle");
                printed.push(Printed::Qr(qr_text.clone(), qr_dots));
            }
            Command::Raster(wide, tall, _) => printed.push(Printed::Picture(wide, tall)),
            Command::Barcode(kind, data) => printed.push(Printed::Barcode(kind, data)),
            Command::Chinese(_)
            | Command::FeedDots(_)
            | Command::Bold(_)
            | Command::BarHeight(_)
            | Command::BarWidth(_)
            | Command::BarText(_)
            | Command::Tell(_) => {}
        }
    }
    printed
}
