//! What a member's card or phone shows as a bar or QR code: a prefix of our own, forty random bits and a check character. It
//! says nothing about the person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What the codes of members begin with; no barcode of goods holds letters like these.
const PREFIX: &str = "TBM";
/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 8;

/// A text that is no member's code, or one that was misread.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this is not a member's code, or it was misread: scan it again")]
pub struct NotAMemberCode;

/// A member's code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MemberCode(String);

impl MemberCode {
    /// The code of these random bits; the lowest forty count.
    pub fn from_bits(bits: u64) -> Self {
        let body: String = (0..LENGTH).rev().map(|place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize])).collect();
        let check = char::from(ALPHABET[check_value(&body).unwrap_or(0)]);
        Self(format!("{PREFIX}{body}{check}"))
    }

    /// True for what begins like a member's code: then it is one, or one that was misread, and nothing else.
    pub fn looks_like(text: &str) -> bool {
        let text = text.trim();
        text.len() == PREFIX.len() + LENGTH + 1
            && text.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
    }

    /// Reads a scanned or typed code: small letters count as large ones, `O` as `0`, `I` and `L` as `1`. The check character
    /// (Luhn's rule in base 32) finds every single wrong character and nearly every exchange of two neighbours.
    pub fn parse(text: &str) -> Result<Self, NotAMemberCode> {
        if !Self::looks_like(text) {
            return Err(NotAMemberCode);
        }
        let letters: String = text.trim()[PREFIX.len()..].chars().map(plain).collect();
        let (body, check) = letters.split_at_checked(LENGTH).ok_or(NotAMemberCode)?;
        let expected = check_value(body).map(|value| char::from(ALPHABET[value]));
        if expected.is_some_and(|expected| check.starts_with(expected)) {
            Ok(Self(format!("{PREFIX}{letters}")))
        } else {
            Err(NotAMemberCode)
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn plain(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// Luhn's rule: every second value from the right is doubled and its two digits in base 32 are added.
fn check_value(body: &str) -> Option<usize> {
    let mut sum = 0;
    for (index, byte) in body.bytes().rev().enumerate() {
        let value = ALPHABET.iter().position(|letter| *letter == byte)?;
        let value = if index % 2 == 0 { value * 2 } else { value };
        sum += value / 32 + value % 32;
    }
    Some((32 - sum % 32) % 32)
}

impl fmt::Display for MemberCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for MemberCode {
    type Err = NotAMemberCode;
    fn from_str(text: &str) -> Result<Self, NotAMemberCode> {
        Self::parse(text)
    }
}

impl TryFrom<String> for MemberCode {
    type Error = NotAMemberCode;
    fn try_from(text: String) -> Result<Self, NotAMemberCode> {
        Self::parse(&text)
    }
}

impl From<MemberCode> for String {
    fn from(code: MemberCode) -> String {
        code.0
    }
}
