//! How much of something: a quantity sold (above zero, at most three decimals) and a signed change of stock.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::decimal_text;

/// Why a quantity was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// Not a plain decimal number with at most three decimals.
    #[error("'{0}' is not a quantity: write a number such as 2 or 0.355")]
    NotANumber(String),
    /// Zero or below.
    #[error("a quantity must be above zero; remove the line instead")]
    NotPositive,
    /// Above [`Quantity::MAX`].
    #[error("{0} is more than one line may hold (999999): check the number typed")]
    TooLarge(String),
    /// A fraction of something that is sold whole.
    #[error("this product is sold by the piece: {0} is not a whole number")]
    NotWhole(String),
}

/// What one unit of a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Counted whole.
    #[default]
    Piece,
    /// Weighed, in kilograms to the gram.
    Kilogram,
    /// Measured, in metres to the millimetre.
    Metre,
    /// Measured, in litres to the millilitre.
    Litre,
}

impl Unit {
    /// The name by which databases and feeds know the unit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kilogram => "kilogram",
            Self::Metre => "metre",
            Self::Litre => "litre",
        }
    }
}

/// A quantity sold: above zero, at most 999,999, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity {
    milli: i64,
}

impl Quantity {
    /// One.
    pub const ONE: Self = Self { milli: 1_000 };
    /// The most that one line may hold; more is a slip of the finger or a barcode typed into the wrong field.
    pub const MAX: Self = Self { milli: 999_999_000 };

    /// Reads typed text such as `2` or `0.355`.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let not_a_number = || QuantityError::NotANumber(text.to_owned());
        let value = decimal_text::parse(text, 3).ok_or_else(not_a_number)?;
        let milli = i64::try_from(value * Decimal::ONE_THOUSAND).map_err(|_| not_a_number())?;
        Self::from_milli(milli)
    }

    /// `milli` thousandths of a unit; the form in which databases hold quantities.
    pub fn from_milli(milli: i64) -> Result<Self, QuantityError> {
        match milli {
            ..=0 => Err(QuantityError::NotPositive),
            _ if milli > Self::MAX.milli => Err(QuantityError::TooLarge(Self { milli }.to_string())),
            _ => Ok(Self { milli }),
        }
    }

    /// Thousandths of a unit.
    pub const fn milli(self) -> i64 {
        self.milli
    }

    /// The quantity as a decimal number.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.milli, 3)
    }

    /// This quantity if `unit` may be sold in it: pieces are whole.
    pub fn of(self, unit: Unit) -> Result<Self, QuantityError> {
        if unit == Unit::Piece && self.milli % 1_000 != 0 { Err(QuantityError::NotWhole(self.to_string())) } else { Ok(self) }
    }

    /// Both together, within the limit of one line.
    pub fn plus(self, other: Self) -> Result<Self, QuantityError> {
        Self::from_milli(self.milli + other.milli)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal().normalize(), f)
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::parse(text)
    }
}

/// A signed change of stock in thousandths of a unit; below zero is stock that left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StockDelta {
    milli: i64,
}

impl StockDelta {
    /// `milli` thousandths; the form in which databases hold it.
    pub const fn from_milli(milli: i64) -> Self {
        Self { milli }
    }

    /// Thousandths of a unit.
    pub const fn milli(self) -> i64 {
        self.milli
    }
}

impl fmt::Display for StockDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Decimal::new(self.milli, 3).normalize(), f)
    }
}

impl fmt::Debug for StockDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for StockDelta {
    type Err = QuantityError;
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let not_a_number = || QuantityError::NotANumber(text.to_owned());
        let value = decimal_text::parse(text, 3).ok_or_else(not_a_number)?;
        let milli = i64::try_from(value * Decimal::ONE_THOUSAND).map_err(|_| not_a_number())?;
        Ok(Self { milli })
    }
}

macro_rules! text_serde {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
text_serde!(Quantity, StockDelta);

#[cfg(test)]
mod tests;
