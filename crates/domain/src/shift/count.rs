//! What lies in a drawer, counted by coins and notes.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::{Currency, Money, MoneyError};

/// So many pieces of one coin or note at most: more does not fit a drawer, so it is a slip of the finger.
const MOST_PIECES: u32 = 100_000;

/// Coins or notes of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// What one is worth.
    pub value: Money,
    /// How many there are.
    pub pieces: u32,
}

/// A count: pieces by value and what was counted without (rolls, torn notes, what has no line of its own).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// By value, as the shop lists its coins and notes; values without a piece are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Pieces>,
    /// Counted without pieces.
    pub loose: Money,
    /// Σ value × pieces + loose.
    pub total: Money,
}

/// Why a count was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CountError {
    /// A value that the shop does not list.
    #[error("{0} is no coin or note of this shop")]
    UnknownValue(Money),
    /// A value that was counted twice.
    #[error("{0} was counted twice")]
    Twice(Money),
    /// More pieces than a drawer holds.
    #[error("{pieces} pieces of {value} do not fit a drawer: check the figure")]
    TooMany {
        /// Of this value.
        value: Money,
        /// So many.
        pieces: u32,
    },
    /// A drawer holds nothing or something.
    #[error("a drawer cannot hold less than nothing")]
    Negative,
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Count {
    /// A count of `pieces` (value in minor units, how many) of the coins and notes `listed`, and what was counted loose.
    pub fn new(currency: Currency, listed: &[u32], pieces: &[(u32, u32)], loose: Money) -> Result<Self, CountError> {
        let mut counted: Vec<Pieces> = Vec::with_capacity(pieces.len());
        let mut total = Money::zero(currency).plus(loose)?;
        if loose.is_negative() {
            return Err(CountError::Negative);
        }
        for (minor, pieces) in pieces.iter().copied() {
            let value = Money::from_minor(i64::from(minor), currency);
            if !listed.contains(&minor) {
                return Err(CountError::UnknownValue(value));
            }
            if pieces > MOST_PIECES {
                return Err(CountError::TooMany { value, pieces });
            }
            if counted.iter().any(|known| known.value == value) {
                return Err(CountError::Twice(value));
            }
            let worth = i64::from(minor).checked_mul(i64::from(pieces)).ok_or(MoneyError::Overflow)?;
            total = total.plus(Money::from_minor(worth, currency))?;
            if pieces > 0 {
                counted.push(Pieces { value, pieces });
            }
        }
        counted.sort_by_key(|pieces| pieces.value.minor());
        Ok(Self { pieces: counted, loose, total })
    }

    /// A count of one sum, where nobody counts by piece.
    pub fn of_total(total: Money) -> Result<Self, CountError> {
        if total.is_negative() { Err(CountError::Negative) } else { Ok(Self { pieces: Vec::new(), loose: total, total }) }
    }

    /// True when its total is the sum of its parts, as it is in every count made by [`Count::new`]; for counts that were read.
    pub fn adds_up(&self) -> bool {
        let worth = |pieces: &Pieces| pieces.value.minor().checked_mul(i64::from(pieces.pieces));
        let sum = self.pieces.iter().try_fold(self.loose, |sum, pieces| {
            let worth = worth(pieces).ok_or(MoneyError::Overflow)?;
            sum.plus(Money::from_minor(worth, pieces.value.currency()))
        });
        sum == Ok(self.total)
    }
}
