//! Trade item numbers.

use std::fmt;

use thiserror::Error;

/// A text that is no trade item number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is no trade item number: 8, 12, 13 or 14 digits of which the last is the check digit")]
pub struct NotAGtin(String);

/// A trade item number (EAN-8, UPC-A, EAN-13, ITF-14) as its fourteen digits, zeros on the left: the key by which all its
/// spellings are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gtin([u8; 14]);

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits and checks the last of them.
    pub fn parse(text: &str) -> Result<Self, NotAGtin> {
        let wrong = || NotAGtin(text.to_owned());
        let digits = text.as_bytes();
        if !matches!(digits.len(), 8 | 12 | 13 | 14) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(wrong());
        }
        let mut key = [b'0'; 14];
        key[14 - digits.len()..].copy_from_slice(digits);
        let body = std::str::from_utf8(&key[..13]).map_err(|_| wrong())?;
        if check_digit(body) == Some(key[13]) { Ok(Self(key)) } else { Err(wrong()) }
    }

    /// Expands the eight digits of a UPC-E to the UPC-A that they stand for; none where they stand for none.
    pub fn from_upc_e(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) || !matches!(digits[0], b'0' | b'1') {
            return None;
        }
        let (system, d, check) = (&text[..1], &text[1..7], &text[7..]);
        let (a, b, c) = (&d[..2], &d[2..5], &d[5..]);
        let body = match c {
            "0" | "1" | "2" => format!("{system}{a}{c}0000{b}"),
            "3" => format!("{system}{}00000{}", &d[..3], &d[3..5]),
            "4" => format!("{system}{}00000{}", &d[..4], &d[4..5]),
            _ => format!("{system}{}0000{c}", &d[..5]),
        };
        Self::parse(&format!("{body}{check}")).ok()
    }

    /// The fourteen digits.
    pub fn key(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("00000000000000")
    }

    /// How it may be written: with fourteen digits and, as far as the zeros on its left allow, with thirteen, twelve and eight.
    pub fn texts(&self) -> Vec<String> {
        let key = self.key();
        let zeros = key.bytes().take_while(|digit| *digit == b'0').count();
        [(13, 1), (12, 2), (14, 0), (8, 6)]
            .into_iter()
            .filter(|(_, needs)| zeros >= *needs)
            .map(|(length, _)| key[14 - length..].to_owned())
            .collect()
    }

    /// The shortest usual form, as it is printed: EAN-8, EAN-13 or ITF-14.
    pub fn printed(&self) -> String {
        let key = self.key();
        let zeros = key.bytes().take_while(|digit| *digit == b'0').count();
        let length = if zeros >= 6 { 8 } else { 14 - zeros.min(1) };
        key[14 - length..].to_owned()
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// The GS1 check digit of `body` (GS1 General Specifications, 7.9): from the right weights 3, 1, 3 …, up to the next ten. None where
/// something else than digits is in it.
pub fn check_digit(body: &str) -> Option<u8> {
    if body.is_empty() || !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let weights = [3_u32, 1].into_iter().cycle();
    let sum: u32 = body.bytes().rev().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight % 10).sum();
    u8::try_from((10 - sum % 10) % 10).ok().map(|digit| b'0' + digit)
}

/// `body` with its check digit behind it.
pub fn with_check_digit(body: &str) -> Option<String> {
    check_digit(body).map(|digit| format!("{body}{}", char::from(digit)))
}
