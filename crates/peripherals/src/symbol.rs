//! Barcodes and QR codes, checked when they are made so that printing cannot fail on them.

use thiserror::Error;

/// Why a symbol cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SymbolError {
    /// Not thirteen digits.
    #[error("'{0}' is not an EAN-13: it has thirteen digits")]
    NotEan13(String),
    /// The last digit does not follow from the others.
    #[error("the check digit of EAN-13 '{text}' must be {expected}")]
    WrongCheckDigit {
        /// What was given.
        text: String,
        /// The digit it should end in.
        expected: char,
    },
    /// Empty, too long, or with characters that Code 128 set B does not have.
    #[error("'{0}' cannot be a Code 128: use 1 to {max} printable ASCII characters", max = Barcode::MAX_CODE128)]
    NotCode128(String),
    /// Nothing, or more than a receipt has room for.
    #[error("a QR code on paper holds 1 to {max} bytes, not {0}", max = QrCode::MAX_BYTES)]
    QrLength(usize),
}

/// A linear barcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode(pub(crate) Symbology);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symbology {
    /// All thirteen digits.
    Ean13(String),
    /// Printable ASCII.
    Code128(String),
}

impl Barcode {
    /// The most characters of a Code 128; more is not readable from a receipt.
    pub const MAX_CODE128: usize = 40;

    /// An EAN-13 with its check digit.
    pub fn ean13(text: &str) -> Result<Self, SymbolError> {
        if text.len() != 13 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SymbolError::NotEan13(text.to_owned()));
        }
        let weighted = |(index, digit): (usize, u8)| u32::from(digit - b'0') * if index % 2 == 0 { 1 } else { 3 };
        let sum: u32 = text.bytes().take(12).enumerate().map(weighted).sum();
        let expected = char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0');
        if text.ends_with(expected) {
            Ok(Self(Symbology::Ean13(text.to_owned())))
        } else {
            Err(SymbolError::WrongCheckDigit { text: text.to_owned(), expected })
        }
    }

    /// A Code 128 of printable ASCII, such as a receipt's number.
    pub fn code128(text: &str) -> Result<Self, SymbolError> {
        let printable = text.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
        if text.is_empty() || text.len() > Self::MAX_CODE128 || !printable {
            return Err(SymbolError::NotCode128(text.to_owned()));
        }
        Ok(Self(Symbology::Code128(text.to_owned())))
    }

    /// What a scanner reads from it.
    pub fn text(&self) -> &str {
        let (Symbology::Ean13(text) | Symbology::Code128(text)) = &self.0;
        text
    }

    /// Its width in modules, the narrowest bar being one, with the quiet zones on both sides.
    pub(crate) fn modules(&self) -> usize {
        match &self.0 {
            Symbology::Ean13(_) => 95 + 11 + 7,
            // start, characters, check character: eleven modules each; the stop has thirteen
            Symbology::Code128(text) => 11 * (text.len() + 2) + 13 + 2 * 10,
        }
    }
}

/// A QR code with error correction level M.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    text: String,
    side: usize,
    /// Row by row.
    dark: Vec<bool>,
}

impl QrCode {
    /// The most bytes: about 6 cm wide with modules that a phone still reads from thermal paper.
    pub const MAX_BYTES: usize = 500;

    /// A code of `text` (UTF-8).
    pub fn new(text: impl Into<String>) -> Result<Self, SymbolError> {
        let text = text.into();
        let wrong = SymbolError::QrLength(text.len());
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(wrong);
        }
        let grid = qrcode::QrCode::with_error_correction_level(&text, qrcode::EcLevel::M).map_err(|_| wrong)?;
        let dark = grid.to_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
        Ok(Self { text, side: grid.width(), dark })
    }

    /// What a scanner reads from it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Modules along one side, without the quiet zone.
    pub fn modules(&self) -> usize {
        self.side
    }

    /// Whether the module at this place is dark.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.side + x]
    }
}

impl std::fmt::Debug for QrCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("QrCode").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ean13_needs_its_check_digit() {
        assert_eq!(Barcode::ean13("6901234567892").unwrap().text(), "6901234567892");
        assert_eq!(
            Barcode::ean13("6901234567893"),
            Err(SymbolError::WrongCheckDigit { text: "6901234567893".into(), expected: '2' })
        );
        for wrong in ["", "690123456789", "69012345678921", "690123456789x"] {
            assert_eq!(Barcode::ean13(wrong), Err(SymbolError::NotEan13(wrong.into())));
        }
    }

    #[test]
    fn a_code128_takes_printable_ascii_only() {
        assert!(Barcode::code128("S1-2-000123").is_ok());
        for wrong in [String::new(), "小票".into(), "a\nb".into(), "9".repeat(41)] {
            assert_eq!(Barcode::code128(&wrong), Err(SymbolError::NotCode128(wrong)));
        }
    }

    #[test]
    fn a_qr_code_is_bounded() {
        assert_eq!(QrCode::new("x".repeat(500)).unwrap().text().len(), 500);
        assert_eq!(QrCode::new(""), Err(SymbolError::QrLength(0)));
        assert_eq!(QrCode::new("x".repeat(501)), Err(SymbolError::QrLength(501)));
    }
}
