//! Tax classes and the tax in or on an amount.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalogue::Name;
use crate::ids::TaxCode;
use crate::money::{Money, MoneyError, Rounding};

/// Why a tax class was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TaxError {
    /// A rate below zero or above one.
    #[error("tax rate {0} of class '{1}' must lie between 0 and 1 (0.13 means 13 %)")]
    RateOutOfRange(Decimal, TaxCode),
}

/// One rate of a class, such as VAT or a city tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRate {
    /// Short name printed on receipts: `VAT`, `GST`.
    pub code: String,
    /// The rate as a fraction: 0.13 for 13 %.
    #[serde(with = "rust_decimal::serde::str")]
    pub rate: Decimal,
}

/// How a product is taxed: no, one or several rates, contained in the price or added to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxClass {
    /// The class's code.
    pub code: TaxCode,
    /// What people call it.
    pub name: Name,
    /// True: the price contains the tax. False: tax is added at the till.
    pub inclusive: bool,
    /// Each rate applies to the net amount; none of them to another rate's tax.
    pub rates: Vec<TaxRate>,
}

/// Where tax is rounded. Shops and countries differ, and the results differ by cents (seven lines of 1.05 at 13 %
/// contain 0.84 by lines, 0.85 on the total), so it is a setting of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxRounding {
    /// On each line.
    #[default]
    PerLine,
    /// Once on the total of each class, shared back over its lines by largest remainder.
    PerTotal,
}

impl TaxClass {
    /// Checks every rate.
    pub fn validate(self) -> Result<Self, TaxError> {
        match self.rates.iter().find(|rate| rate.rate < Decimal::ZERO || rate.rate > Decimal::ONE) {
            Some(wrong) => Err(TaxError::RateOutOfRange(wrong.rate, self.code.clone())),
            None => Ok(self),
        }
    }

    /// The tax of each rate, in order, in (inclusive) or on (exclusive) `amount`, half up. For inclusive prices the whole is
    /// `amount − amount / (1 + Σ rates)`, split over the rates by largest remainder.
    pub fn taxes_of(&self, amount: Money) -> Result<Vec<Money>, MoneyError> {
        if !self.inclusive {
            return self.rates.iter().map(|rate| amount.times(rate.rate, Rounding::HalfUp)).collect();
        }
        let sum: Decimal = self.rates.iter().map(|rate| rate.rate).sum();
        if sum.is_zero() {
            return Ok(vec![Money::zero(amount.currency()); self.rates.len()]);
        }
        let gross = amount.to_decimal();
        let net = gross.checked_div(Decimal::ONE + sum).ok_or(MoneyError::Overflow)?;
        let tax = gross - net;
        let whole = Money::from_decimal(tax, amount.currency(), Rounding::HalfUp)?;
        let weights: Vec<u64> = self.rates.iter().map(|rate| weight(rate.rate)).collect();
        whole.allocate(&weights)
    }
}

/// A rate as a whole weight with nine decimals kept.
fn weight(rate: Decimal) -> u64 {
    u64::try_from((rate * Decimal::from(1_000_000_000)).trunc()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
