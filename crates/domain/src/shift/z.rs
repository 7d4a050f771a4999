//! The Z: made once, numbered without a gap, and equal to the sum of the entries it covers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::count::Count;
use super::drawer::Drawer;
use super::period::{Period, PeriodError};
use crate::ids::StaffId;
use crate::money::{Money, MoneyError};
use crate::report::{Dimension, Tally};

/// The dimensions whose figures a Z holds: all that are not a list of goods or hours.
pub const Z_DIMENSIONS: &[Dimension] = &[
    Dimension::Sales,
    Dimension::Refunds,
    Dimension::Tender,
    Dimension::TenderRefunded,
    Dimension::Change,
    Dimension::Rounding,
    Dimension::Tax,
    Dimension::TaxBase,
    Dimension::Discount,
    Dimension::Cashier,
    Dimension::CashierRefunded,
    Dimension::Void,
    Dimension::Deposit,
    Dimension::CashMove,
    Dimension::NoSale,
];

/// What was sold and given back since the journal began, never reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrandTotals {
    /// Σ totals of all sales.
    pub sales: Money,
    /// Σ totals of all refunds, above zero.
    pub refunds: Money,
}

/// A shift was closed: the Z of its period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftClosed {
    /// From 1, without a gap within the terminal's journal.
    pub number: u64,
    /// The first entry that it covers.
    pub first: u64,
    /// The last entry that it covers: the one before its own.
    pub last: u64,
    /// The hash of that entry, hex.
    pub head: String,
    /// The day that it belongs to.
    pub business_date: Date,
    /// Whether the period's float was counted.
    pub opened: bool,
    /// The cash of the period.
    pub drawer: Drawer,
    /// What had to lie in the drawer.
    pub expected: Money,
    /// What lay in it.
    pub count: Count,
    /// By how much that was over (below zero: short).
    pub over_short: Money,
    /// What of it went to the safe; the rest is left for the next shift.
    pub taken_out: Money,
    /// Why it was over or short, where somebody had to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who confirmed the difference, where it was above the shop's tolerance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<StaffId>,
    /// How many entries lie before the one that they follow: the clock was set back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub clock_back: u32,
    /// The figures of [`Z_DIMENSIONS`].
    pub figures: Tally,
    /// With this period.
    pub grand: GrandTotals,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What people decide when a shift is closed; all else follows from the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// What lay in the drawer.
    pub count: Count,
    /// What of it goes to the safe.
    pub taken_out: Money,
    /// Why it is over or short; may be empty.
    pub reason: String,
    /// Who confirmed the difference.
    pub approved_by: Option<StaffId>,
    /// The day that the Z belongs to.
    pub business_date: Date,
    /// The hash of the last entry, hex.
    pub head: String,
}

/// A Z that is not what its entries say.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Z {number} is not the sum of its entries: {what}")]
pub struct ZDiffers {
    /// Its number.
    pub number: u64,
    /// The first thing that differs.
    pub what: String,
}

impl Period {
    /// The Z that closes the period.
    pub fn close(&self, closing: Closing) -> Result<ShiftClosed, PeriodError> {
        self.state.may_close()?;
        let Closing { count, taken_out, reason, approved_by, business_date, head } = closing;
        if taken_out.is_negative() || taken_out.compare(count.total)?.is_gt() {
            return Err(PeriodError::TooMuchTakenOut);
        }
        let expected = self.drawer.expected()?;
        let over_short = count.total.minus(expected)?;
        Ok(ShiftClosed {
            number: self.number,
            first: self.first,
            last: self.last,
            head,
            business_date,
            opened: self.opened.is_some(),
            drawer: self.drawer.clone(),
            expected,
            over_short,
            count,
            taken_out,
            reason,
            approved_by,
            clock_back: self.clock_back,
            figures: self.tally.only(Z_DIMENSIONS),
            grand: self.grand()?,
        })
    }

    /// The totals since the journal began, with this period.
    pub fn grand(&self) -> Result<GrandTotals, MoneyError> {
        let currency = self.currency();
        let of = |dimension| -> Result<Money, MoneyError> {
            Ok(self.tally.total(dimension, currency)?.amount.unwrap_or(Money::zero(currency)))
        };
        Ok(GrandTotals {
            sales: self.grand_before.sales.plus(of(Dimension::Sales)?)?,
            refunds: self.grand_before.refunds.plus(of(Dimension::Refunds)?)?,
        })
    }
}

impl ShiftClosed {
    /// What it left in the drawer.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.count.total.minus(self.taken_out)
    }

    /// Ok when it is what `period`, the entries before it, comes to; `head` is the hash of the last of them.
    pub fn check(&self, period: &Period, head: &str) -> Result<(), ZDiffers> {
        let differs = |what: String| ZDiffers { number: self.number, what };
        if !self.count.adds_up() {
            return Err(differs("its count does not add up".to_owned()));
        }
        let closing = Closing {
            count: self.count.clone(),
            taken_out: self.taken_out,
            reason: self.reason.clone(),
            approved_by: self.approved_by.clone(),
            business_date: self.business_date,
            head: head.to_owned(),
        };
        let made = period.close(closing).map_err(|error| differs(error.to_string()))?;
        if let Some(key) = self.figures.only(Z_DIMENSIONS).differences(&made.figures).first() {
            let said = self.figures.figure(key.dimension, &key.key, key.currency);
            let found = made.figures.figure(key.dimension, &key.key, key.currency);
            return Err(differs(format!("{} '{}' is {said:?}, by the entries {found:?}", key.dimension, key.key)));
        }
        let pairs = [
            ("number", self.number.to_string(), made.number.to_string()),
            ("first entry", self.first.to_string(), made.first.to_string()),
            ("last entry", self.last.to_string(), made.last.to_string()),
            ("head", self.head.clone(), made.head.clone()),
            ("opened", self.opened.to_string(), made.opened.to_string()),
            ("expected cash", self.expected.to_string(), made.expected.to_string()),
            ("over/short", self.over_short.to_string(), made.over_short.to_string()),
            ("grand total of sales", self.grand.sales.to_string(), made.grand.sales.to_string()),
            ("grand total of refunds", self.grand.refunds.to_string(), made.grand.refunds.to_string()),
            ("clock set back", self.clock_back.to_string(), made.clock_back.to_string()),
        ];
        if let Some((what, said, found)) = pairs.into_iter().find(|(_, said, found)| said != found) {
            return Err(differs(format!("{what} is {said}, by the entries {found}")));
        }
        if self.drawer != made.drawer {
            return Err(differs(format!("the cash is {:?}, by the entries {:?}", self.drawer, made.drawer)));
        }
        Ok(())
    }
}
