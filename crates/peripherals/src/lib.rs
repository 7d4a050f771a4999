//! Receipt printers and cash drawers.
//!
//! A receipt is a [`Document`]: a list of blocks that says nothing of any device. [`render_text`] sets it as monospaced
//! text, for a screen and for a reprint in a list; [`escpos`] sets the same lines as bytes for a thermal printer, and
//! [`send`] carries them there. Both ways share one layout, so what the screen shows is what the paper says.
//!
//! This room knows neither orders nor money: amounts arrive as text.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails where it must"))]

mod address;
mod document;
mod escpos;
mod layout;
mod printer;
mod symbol;
mod text;
mod width;

pub use address::{AddressError, PrinterAddress};
pub use document::{Align, Block, Document};
pub use escpos::{CharacterSet, Profile, QrPrinting, escpos};
pub use layout::Paper;
pub use printer::{PrintError, Timeouts, send};
pub use symbol::{Barcode, QrCode, SymbolError};
pub use text::render_text;
pub use width::width;
