//! Phone numbers, as people type them and as they are kept: E.164 (ITU-T E.164, `+` and up to 15 digits).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The country of a number that names none: China.
const HOME: &str = "86";
/// Digits at the end by which people are asked for.
const TAIL: usize = 4;

/// A text that is no phone number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this is not a phone number: write 11 digits, or + and the country's code before it")]
pub struct NotAPhoneNumber;

/// A phone number in E.164.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a typed number: blanks, dashes, dots and brackets are left out, full-width digits are taken for what they mean,
    /// `+` or `00` begins a country's code. A number without one is Chinese: a mobile number of 11 digits, or an area code with
    /// its leading zero.
    pub fn parse(text: &str) -> Result<Self, NotAPhoneNumber> {
        let mut plain = String::with_capacity(text.len());
        for (index, c) in text.trim().chars().enumerate() {
            match c {
                '0'..='9' => plain.push(c),
                '０'..='９' => plain.push(char::from_digit(u32::from(c) - u32::from('０'), 10).ok_or(NotAPhoneNumber)?),
                '+' | '＋' if index == 0 => plain.push('+'),
                ' ' | '\u{a0}' | '\u{3000}' | '-' | '–' | '.' | '(' | ')' | '（' | '）' => {}
                _ => return Err(NotAPhoneNumber),
            }
        }
        let international = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
        let digits = match international {
            Some(digits) => digits.to_owned(),
            None => format!("{HOME}{}", at_home(&plain)?),
        };
        let number = digits.strip_prefix(HOME).map_or(Ok(()), |rest| at_home(rest).map(|_| ()));
        let fits = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        if fits && number.is_ok() { Ok(Self(format!("+{digits}"))) } else { Err(NotAPhoneNumber) }
    }

    /// `+8613800138000`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits.
    pub fn tail(&self) -> &str {
        &self.0[self.0.len() - TAIL..]
    }

    /// As it is shown: `138****8000`, `+44****0123`.
    pub fn masked(&self) -> String {
        let shown = self.0.strip_prefix("+86").filter(|rest| rest.len() == 11).map_or(&self.0[..3], |rest| &rest[..3]);
        format!("{shown}****{}", self.tail())
    }
}

/// A Chinese number without its country's code: 11 digits from 1, or an area code (its leading zero is left out) with its
/// number.
fn at_home(digits: &str) -> Result<&str, NotAPhoneNumber> {
    let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0'..=b'2');
    if mobile {
        return Ok(digits);
    }
    let area = digits.strip_prefix('0').unwrap_or(digits);
    // Of the area codes only that of Beijing, 10, begins with what mobile numbers begin with.
    let beijing = area.len() == 10 && area.starts_with("10");
    let landline = (9..=11).contains(&area.len()) && !area.starts_with('0') && (beijing || !area.starts_with('1'));
    if landline { Ok(area) } else { Err(NotAPhoneNumber) }
}

/// The number itself belongs to a person and in no log.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PhoneNumber {
    type Err = NotAPhoneNumber;
    fn from_str(text: &str) -> Result<Self, NotAPhoneNumber> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = NotAPhoneNumber;
    fn try_from(text: String) -> Result<Self, NotAPhoneNumber> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> String {
        number.0
    }
}
