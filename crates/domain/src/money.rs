//! Money: an exact amount in one currency, in whole minor units (fen, pence, yen).
//!
//! An amount is written and carried as decimal text with its ISO 4217 code, `33.80 CNY`; it is never a float and never
//! a bare integer. Arithmetic refuses to mix currencies and refuses to overflow; every rounding names its rule.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::decimal_text;
use crate::quantity::Quantity;

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The text is not a plain decimal number with at most the currency's places.
    #[error("'{text}' is not an amount in {currency}: write digits with at most {exponent} decimals, such as 12 or 12.5")]
    NotAnAmount {
        /// What was given.
        text: String,
        /// The currency it was read in.
        currency: Currency,
        /// How many decimals that currency has.
        exponent: u32,
    },
    /// The text names no active ISO 4217 currency.
    #[error("'{0}' is not an ISO 4217 currency code such as CNY or EUR")]
    UnknownCurrency(String),
    /// Two amounts of different currencies met.
    #[error("{0} and {1} cannot be combined: convert one of them first")]
    CurrencyMismatch(Currency, Currency),
    /// The result does not fit.
    #[error("the amount is too large: split the sale or correct the quantity or price")]
    Overflow,
    /// An amount was to be shared out over nothing.
    #[error("an amount cannot be shared out over lines that are all worth nothing")]
    NoWeights,
}

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

impl Currency {
    /// Reads an ISO 4217 alphabetic code such as `CNY`; codes without minor-unit rule (metals, test codes) are refused.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(code.to_owned());
        let known = iso_currency::Currency::from_code(code).ok_or_else(unknown)?;
        let exponent = known.exponent().and_then(|places| u8::try_from(places).ok()).ok_or_else(unknown)?;
        let code = code.as_bytes().try_into().map_err(|_| unknown())?;
        Ok(Self { code, exponent })
    }

    /// The three-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }

    /// Decimal places of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        u32::from(self.exponent)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text)
    }
}

/// How a value between two steps is settled. Negative values mirror positive ones, except for `Floor` and `Ceil`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// The nearer; a tie away from zero (commercial rounding).
    HalfUp,
    /// The nearer; a tie towards zero.
    HalfDown,
    /// The nearer; a tie to the even neighbour.
    HalfEven,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceil,
    /// Towards zero.
    TowardZero,
}

impl Rounding {
    fn strategy(self) -> RoundingStrategy {
        match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfDown => RoundingStrategy::MidpointTowardZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::Floor => RoundingStrategy::ToNegativeInfinity,
            Self::Ceil => RoundingStrategy::ToPositiveInfinity,
            Self::TowardZero => RoundingStrategy::ToZero,
        }
    }

    /// Rounds `value` to `places` decimals.
    pub fn round(self, value: Decimal, places: u32) -> Decimal {
        value.round_dp_with_strategy(places, self.strategy())
    }
}

/// An exact amount: whole minor units of one currency. Text form `33.80 CNY`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// `minor` fen, pence, yen … of `currency`; the form in which databases hold amounts.
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads typed text such as `12.5`: digits and at most the currency's decimals; no sign but a leading `-`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotAnAmount { text: text.to_owned(), currency, exponent: currency.exponent() };
        let value = decimal_text::parse(text, currency.exponent() as usize).ok_or_else(wrong)?;
        Self::from_decimal(value, currency, Rounding::HalfUp)
    }

    /// `value` in major units, settled to whole minor units by `rounding`.
    pub fn from_decimal(value: Decimal, currency: Currency, rounding: Rounding) -> Result<Self, MoneyError> {
        let scale = Decimal::from(10_i64.pow(currency.exponent()));
        let scaled = value.checked_mul(scale).ok_or(MoneyError::Overflow)?;
        let minor = i64::try_from(rounding.round(scaled, 0)).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, currency })
    }

    /// The amount in major units.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// Whole minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The number alone with all its decimals: `33.80`.
    pub fn amount(self) -> String {
        self.to_decimal().to_string()
    }

    /// True for an amount of exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// True for an amount below nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum, in one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The difference, in one currency.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated()?)
    }

    /// The amount with the other sign.
    pub fn negated(self) -> Result<Self, MoneyError> {
        Ok(Self { minor: self.minor.checked_neg().ok_or(MoneyError::Overflow)?, ..self })
    }

    /// The sum of `amounts`, nothing when there are none.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// `rate` of this amount (0.13 for 13 %), half up.
    pub fn times(self, rate: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        let value = self.to_decimal().checked_mul(rate).ok_or(MoneyError::Overflow)?;
        Self::from_decimal(value, self.currency, rounding)
    }

    /// Compares two amounts of one currency.
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// Shares the amount out in proportion to `weights` so that the parts add up to it exactly (largest remainder): each
    /// gets the floor of its share, the units left over go one each to the largest fractions, ties to the earlier one.
    /// A negative amount is shared as its absolute value. An amount of nothing gives nothing to everyone.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let total_weight: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        if self.minor == 0 {
            return Ok(vec![self; weights.len()]);
        }
        if total_weight == 0 {
            return Err(MoneyError::NoWeights);
        }
        let amount = u128::from(self.minor.unsigned_abs());
        let share = |weight: &u64| {
            let scaled = amount * u128::from(*weight);
            (scaled / total_weight, scaled % total_weight)
        };
        let (mut parts, fractions): (Vec<u128>, Vec<u128>) = weights.iter().map(share).unzip();
        let left_over = amount - parts.iter().sum::<u128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|a, b| fractions[*b].cmp(&fractions[*a]).then(a.cmp(b)));
        for index in order.into_iter().take(usize::try_from(left_over).map_err(|_| MoneyError::Overflow)?) {
            parts[index] += 1;
        }
        let sign = self.minor.signum();
        parts
            .into_iter()
            .map(|part| Ok(Self { minor: sign * i64::try_from(part).map_err(|_| MoneyError::Overflow)?, ..self }))
            .collect()
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::CurrencyMismatch(self.currency, other.currency)) }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (amount, code) = text.rsplit_once(' ').ok_or_else(|| MoneyError::UnknownCurrency(text.to_owned()))?;
        Self::parse(amount, Currency::parse(code)?)
    }
}

/// The price of one unit; it may be finer than the currency's minor unit (0.001 a piece), a line rounds once. Text form
/// `12.90 CNY`, never negative.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitPrice {
    value: Decimal,
    currency: Currency,
}

impl UnitPrice {
    /// Decimal places a price may have.
    pub const MAX_DECIMALS: usize = 6;

    /// Reads typed text such as `12.9`; negative prices are refused.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        decimal_text::parse(text, Self::MAX_DECIMALS)
            .filter(|value| !value.is_sign_negative() && *value <= Decimal::from(1_000_000_000))
            .map(|value| Self { value, currency })
            .ok_or_else(|| MoneyError::NotAnAmount { text: text.to_owned(), currency, exponent: currency.exponent() })
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The price in major units.
    pub const fn value(self) -> Decimal {
        self.value
    }

    /// The number alone, with at least the currency's decimals: `12.90`.
    pub fn amount(self) -> String {
        let mut value = self.value.normalize();
        if value.scale() < self.currency.exponent() {
            value.rescale(self.currency.exponent());
        }
        value.to_string()
    }

    /// Quantity times price, half up to the minor unit.
    pub fn extend(self, quantity: Quantity) -> Result<Money, MoneyError> {
        let value = self.value.checked_mul(quantity.to_decimal()).ok_or(MoneyError::Overflow)?;
        Money::from_decimal(value, self.currency, Rounding::HalfUp)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

impl fmt::Debug for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for UnitPrice {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (amount, code) = text.rsplit_once(' ').ok_or_else(|| MoneyError::UnknownCurrency(text.to_owned()))?;
        Self::parse(amount, Currency::parse(code)?)
    }
}

/// Rounding of what is due in cash to the coins in use (Swiss 0.05, Swedish 1.00 …). The difference is booked to an
/// account of its own; tax is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashRounding {
    /// The smallest coin in minor units, above zero.
    pub step_minor: u32,
    /// How values between two steps are settled.
    pub mode: Rounding,
}

impl CashRounding {
    /// The amount to pay in cash for `due`, and what rounding added (below zero: took away).
    pub fn apply(self, due: Money) -> Result<(Money, Money), MoneyError> {
        let step = Decimal::from(self.step_minor.max(1));
        let steps = self.mode.round(Decimal::from(due.minor) / step, 0);
        let minor = i64::try_from(steps * step).map_err(|_| MoneyError::Overflow)?;
        let rounded = Money { minor, ..due };
        Ok((rounded, rounded.minus(due)?))
    }
}

macro_rules! text_serde {
    ($($type:ty => $expects:literal),* $(,)?) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl de::Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expects)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    )*};
}
text_serde! {
    Currency => "an ISO 4217 code",
    Money => "an amount such as \"33.80 CNY\"",
    UnitPrice => "a price such as \"12.90 CNY\"",
}

#[cfg(test)]
mod tests;
