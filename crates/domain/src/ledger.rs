//! Double-entry postings of what tills report. Debits are positive, credits negative; every posting sums to zero.

use thiserror::Error;

use crate::money::{Money, MoneyError};
use crate::order::Order;
use crate::tender::Tender;

/// An account of a store's ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Notes and coins in drawers.
    Cash,
    /// Owed by the card acquirer.
    CardReceivable,
    /// Sales without tax.
    Revenue,
    /// Sales given back, without tax.
    Refunds,
    /// Tax owed to the state.
    TaxPayable,
    /// Gains and losses of cash rounding.
    CashRounding,
}

impl Account {
    /// The account's code in databases and exports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::CardReceivable => "card_receivable",
            Self::Revenue => "revenue",
            Self::Refunds => "refunds",
            Self::TaxPayable => "tax_payable",
            Self::CashRounding => "cash_rounding",
        }
    }
}

/// Why no posting could be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// The order's own figures do not add up; it would unbalance the books.
    #[error("order {order} does not balance: its payments, total, tax and rounding differ by {difference}")]
    Unbalanced {
        /// The receipt number.
        order: String,
        /// By how much.
        difference: Money,
    },
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A balanced set of debits and credits; amounts of zero are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    lines: Vec<(Account, Money)>,
}

impl Posting {
    /// Debits positive, credits negative; Σ = 0.
    pub fn lines(&self) -> &[(Account, Money)] {
        &self.lines
    }

    /// A sale: the tenders are debited; revenue, tax and rounding credited.
    pub fn of_sale(order: &Order) -> Result<Self, LedgerError> {
        Self::of_order(order, Account::Revenue, false)
    }

    /// A refund: the mirror image, against the refunds account.
    pub fn of_refund(order: &Order) -> Result<Self, LedgerError> {
        Self::of_order(order, Account::Refunds, true)
    }

    fn of_order(order: &Order, income: Account, reversed: bool) -> Result<Self, LedgerError> {
        let mut lines: Vec<(Account, Money)> = Vec::with_capacity(5);
        let mut post = |account: Account, amount: Money| -> Result<(), MoneyError> {
            let signed = if reversed { amount.negated()? } else { amount };
            match lines.iter_mut().find(|(known, _)| *known == account) {
                Some((_, sum)) => *sum = sum.plus(signed)?,
                None => lines.push((account, signed)),
            }
            Ok(())
        };
        for payment in &order.payments {
            let account = match payment.tender {
                Tender::Cash { .. } => Account::Cash,
                Tender::Card { .. } => Account::CardReceivable,
            };
            post(account, payment.amount)?;
        }
        post(income, order.total.minus(order.tax)?.negated()?)?;
        post(Account::TaxPayable, order.tax.negated()?)?;
        post(Account::CashRounding, order.rounding.negated()?)?;
        lines.retain(|(_, amount)| !amount.is_zero());
        let difference = Money::sum(order.currency, lines.iter().map(|(_, amount)| *amount))?;
        if difference.is_zero() {
            Ok(Self { lines })
        } else {
            Err(LedgerError::Unbalanced { order: order.receipt.to_string(), difference })
        }
    }
}

#[cfg(test)]
mod tests;
