//! A terminal's shifts: the float counted in, cash that moves without a sale, hand-overs, the blind close and its Z.
//!
//! A period runs from the entry after one Z to the next Z. Opening a shift counts the float; a shop that does not ask for it
//! may sell without, and the Z says so. The drawer is held to what the entries say: float + cash taken − cash given back ±
//! movements, and a count settles what differs.

mod count;
mod drawer;
mod period;
mod state;
mod z;

pub use count::{Count, CountError, Pieces};
pub use drawer::Drawer;
pub use period::{MovedCash, Period, PeriodError};
pub use state::{ShiftError, ShiftState};
pub use z::{Closing, GrandTotals, ShiftClosed, Z_DIMENSIONS, ZDiffers};

use serde::{Deserialize, Serialize};

use crate::ids::StaffId;
use crate::money::Money;

/// Characters that a reason may have.
pub const LONGEST_REASON: usize = 200;

/// A shift was opened: its float was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftOpened {
    /// The number that its Z will bear.
    pub number: u64,
    /// What lay in the drawer.
    pub float: Count,
    /// By how much that is more (below zero: less) than what the entries before say lay there; it came from the safe or went
    /// to it.
    pub brought_in: Money,
}

/// Which way cash moved without a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashMove {
    /// Into the drawer from the safe: change.
    PayIn,
    /// Out of the drawer for an expense.
    PayOut,
    /// Out of the drawer into the safe.
    SafeDrop,
    /// Out of the drawer on its way to the bank.
    BankDrop,
}

impl CashMove {
    /// Its name in the journal, in reports and in the interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PayIn => "pay_in",
            Self::PayOut => "pay_out",
            Self::SafeDrop => "safe_drop",
            Self::BankDrop => "bank_drop",
        }
    }

    /// Reads a name.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::PayIn, Self::PayOut, Self::SafeDrop, Self::BankDrop].into_iter().find(|known| known.code() == code)
    }
}

/// Cash moved without a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMoved {
    /// Which way.
    pub way: CashMove,
    /// How much, above zero.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// The drawer was opened without a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerOpened {
    /// Why.
    pub reason: String,
}

/// The drawer went from one cashier to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftHandedOver {
    /// Who answers for it from now on.
    pub to: StaffId,
    /// What lay in it; none when it was handed over uncounted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// By how much the count was over (below zero: short); only with a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_short: Option<Money>,
}

/// The drawer was put away for a while: nothing is sold until it is back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftSuspended {
    /// Why, may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The drawer is back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftResumed {}

/// The drawer was counted to close the shift, before anybody was told what had to lie in it. Counting again is a further
/// event; the last count is the one that the Z takes, as long as no cash moves after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerCounted {
    /// What lay in it.
    pub count: Count,
    /// By how much that was over (below zero: short).
    pub over_short: Money,
}

/// Which report of a shift was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftReport {
    /// The live one of the period that is under way.
    X,
    /// A Z again, marked as a copy.
    ZCopy,
}

/// A report of a shift was printed; its figures are those of the entries before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftReportPrinted {
    /// Which.
    pub report: ShiftReport,
    /// The number of the Z, or the one that the period's Z will bear.
    pub number: u64,
}

#[cfg(test)]
mod tests;
