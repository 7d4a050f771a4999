//! What a scanner reads: trade item numbers, in-store weighed and priced codes, GS1 element strings.
//!
//! A code is told apart by its shape alone, so the same text always means the same thing: [`read`] takes any text and never
//! fails on what it does not know; it is then the shop's own code.

mod gs1;
mod gtin;
mod in_store;
mod label;
#[cfg(test)]
mod tests;

pub use gs1::{Element, ElementError, Elements};
pub use gtin::{Gtin, check_digit, with_check_digit};
pub use in_store::{InStoreCode, LayoutError, Region, ScaleLayout, measure_check_digit};
pub use label::{LabelError, LabelLine, label_line};

use jiff::civil::Date;

/// What a code turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// A trade item number, or the shop's own code where `gtin` is none.
    Plain {
        /// The text without the scanner's identifier.
        text: String,
        /// Its trade item number.
        gtin: Option<Gtin>,
    },
    /// A weighed, priced or counted code that the shop's scale made.
    InStore(InStoreCode),
    /// GS1 element strings: what lies in them.
    Gs1(Elements),
}

/// A code that says what it is and is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeError {
    /// GS1 element strings that cannot be taken apart.
    #[error("the GS1 code cannot be read: {0}")]
    Elements(#[from] ElementError),
    /// The inner check digit of an in-store code is wrong.
    #[error("the label's price or weight does not pass its check digit: weigh it again")]
    MeasureDigit,
}

/// The character that ends an element of variable length, as scanners send FNC1.
pub const GROUP_SEPARATOR: char = '\u{1d}';

/// Takes a scanned text apart. `layouts` is the store's table of in-store codes, `today` places two-digit years.
pub fn read(text: &str, layouts: &[ScaleLayout], today: Date) -> Result<Scanned, BarcodeError> {
    let (aim, data) = split_identifier(text.trim_matches([' ', '\r', '\n', '\t']));
    let marked = matches!(aim, Some("C1" | "e0" | "d2" | "Q3" | "J1")) || data.starts_with(GROUP_SEPARATOR);
    if marked {
        return Ok(Scanned::Gs1(Elements::parse(data, today)?));
    }
    if let Some(code) = in_store::read(data, layouts)? {
        return Ok(Scanned::InStore(code));
    }
    if let Some(elements) = unmarked_elements(data, today) {
        return Ok(Scanned::Gs1(elements));
    }
    let gtin = match aim {
        // Code 128 may hold digits that only look like a number of trade.
        Some("C0") => None,
        Some("E4") | None if data.len() == 8 => Gtin::parse(data).ok(),
        _ => Gtin::parse(data).ok().or_else(|| Gtin::from_upc_e(data)),
    };
    Ok(Scanned::Plain { text: data.to_owned(), gtin })
}

/// The texts under which a catalogue may hold `code`, likeliest first: the code as it is, then the other lengths of the same
/// trade item number, and for eight digits the UPC-A that they may be short for.
pub fn spellings(code: &str) -> Vec<String> {
    let mut texts = vec![code.to_owned()];
    let mut add = |gtin: Gtin| {
        for text in gtin.texts() {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    };
    if let Ok(gtin) = Gtin::parse(code) {
        add(gtin);
    }
    if let Some(gtin) = Gtin::from_upc_e(code) {
        add(gtin);
    }
    texts
}

/// Splits an AIM symbology identifier (`]E0`, `]C1` …) off.
fn split_identifier(text: &str) -> (Option<&str>, &str) {
    let identifier = text.strip_prefix(']').and_then(|rest| rest.get(..2).map(|aim| (aim, &rest[2..])));
    match identifier {
        Some((aim, data)) if aim.bytes().all(|byte| byte.is_ascii_alphanumeric()) => (Some(aim), data),
        _ => (None, text),
    }
}

/// Many scanners send no identifier: a text is taken for element strings when it begins with the number of a trade item
/// whose check digit is right and holds more than that.
fn unmarked_elements(data: &str, today: Date) -> Option<Elements> {
    let number = data.strip_prefix("01").or_else(|| data.strip_prefix("02"))?.get(..14)?;
    let more = data.len() > 16;
    if !more || Gtin::parse(number).is_err() {
        return None;
    }
    Elements::parse(data, today).ok()
}
