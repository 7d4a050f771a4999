//! Receipt printers, cash drawers and scanners at a serial line.
//!
//! A receipt is a [`Document`]: a list of blocks that says nothing of any device. [`render_text`] sets it as monospaced
//! text, for a screen and for a reprint in a list; [`escpos`] sets the same lines as bytes for a thermal printer, and
//! [`print`] carries them there. Both ways share one layout, so what the screen shows is what the paper says.
//!
//! This room knows neither orders nor money: amounts arrive as text.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails where it must"))]

mod address;
mod bars;
mod document;
mod escpos;
mod layout;
mod link;
mod picture;
mod pole;
mod ports;
mod printer;
mod scanner;
mod status;
mod symbol;
mod text;
mod width;

pub use address::{AddressError, DevicePath, Flow, NetworkAddress, PrinterAddress, SerialAddress, UsbAddress};
pub use document::{Align, Block, Document};
pub use escpos::{BarcodePrinting, CharacterSet, Cut, Profile, QrPrinting, escpos};
pub use layout::Paper;
pub use picture::{Picture, PictureError};
pub use pole::PoleDisplay;
pub use ports::{Ports, ports};
pub use printer::{Delivery, Habits, PrintError, Timeouts, print};
pub use scanner::{ScanLines, SerialScanner};
pub use status::{PrinterState, Trouble};
pub use symbol::{Barcode, QrCode, SymbolError};
pub use text::render_text;
pub use width::width;
