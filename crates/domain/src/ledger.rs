//! Double-entry postings of what tills report. Debits are positive, credits negative; every posting sums to zero.

use thiserror::Error;

use crate::event::Event;
use crate::money::{Money, MoneyError};
use crate::order::Order;
use crate::shift::CashMove;
use crate::tender::{Payment, Tender};

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
    /// Deposits of customers on orders that are still open: owed to them.
    CustomerDeposits,
    /// The worth of goods that goes from the refund to the sale of an exchange; nothing once both are booked.
    ExchangeClearing,
    /// What the shop keeps when a customer's order is cancelled.
    CancellationCharges,
    /// Cash in the safe.
    Safe,
    /// Cash on its way to the bank.
    BankInTransit,
    /// Expenses paid out of drawers.
    PettyCash,
    /// What counts of drawers were over or short.
    CashOverShort,
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
            Self::CustomerDeposits => "customer_deposits",
            Self::ExchangeClearing => "exchange_clearing",
            Self::CancellationCharges => "cancellation_charges",
            Self::Safe => "safe",
            Self::BankInTransit => "bank_in_transit",
            Self::PettyCash => "petty_cash",
            Self::CashOverShort => "cash_over_short",
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

    /// Cash that an event of a shift moved; none when it moved none. A float that is more than what was left came from the safe,
    /// one that is less went there.
    pub fn of_shift(event: &Event) -> Result<Option<Self>, LedgerError> {
        let moves: Vec<(Account, Money)> = match event {
            Event::ShiftOpened(opened) => vec![(Account::Safe, opened.brought_in.negated()?)],
            Event::CashMoved(moved) => match moved.way {
                CashMove::PayIn => vec![(Account::Safe, moved.amount.negated()?)],
                CashMove::PayOut => vec![(Account::PettyCash, moved.amount)],
                CashMove::SafeDrop => vec![(Account::Safe, moved.amount)],
                CashMove::BankDrop => vec![(Account::BankInTransit, moved.amount)],
            },
            Event::ShiftHandedOver(handed) => match handed.over_short {
                Some(over) => vec![(Account::CashOverShort, over.negated()?)],
                None => Vec::new(),
            },
            Event::ShiftClosed(z) => vec![(Account::CashOverShort, z.over_short.negated()?), (Account::Safe, z.taken_out)],
            _ => Vec::new(),
        };
        let mut lines: Vec<(Account, Money)> = moves.into_iter().filter(|(_, amount)| !amount.is_zero()).collect();
        let Some((_, first)) = lines.first() else { return Ok(None) };
        let cash = Money::sum(first.currency(), lines.iter().map(|(_, amount)| *amount))?.negated()?;
        if !cash.is_zero() {
            lines.push((Account::Cash, cash));
        }
        Ok(Some(Self { lines }))
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
            post(account_of(&payment.tender), payment.amount)?;
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

/// The account that a payment moves.
pub const fn account_of(tender: &Tender) -> Account {
    match tender {
        Tender::Cash { .. } => Account::Cash,
        Tender::Card { .. } => Account::CardReceivable,
        Tender::Exchange { .. } => Account::ExchangeClearing,
        Tender::Deposit { .. } => Account::CustomerDeposits,
    }
}

/// Deposits of customers.
impl Posting {
    /// Money came in for a customer's order: the tenders are debited, what is owed to the customer grows.
    pub fn of_deposit(payments: &[Payment]) -> Result<Self, LedgerError> {
        let mut lines = by_account(payments, false)?;
        if let Some(total) = total(payments)? {
            lines.push((Account::CustomerDeposits, total.negated()?));
        }
        Ok(Self::nonzero(lines))
    }

    /// A deposit went back, but for `charge`, which the shop keeps.
    pub fn of_returned_deposit(returned: &[Payment], charge: Money) -> Result<Self, LedgerError> {
        let mut lines = by_account(returned, true)?;
        let back = total(returned)?.unwrap_or(Money::zero(charge.currency()));
        lines.push((Account::CustomerDeposits, back.plus(charge)?));
        lines.push((Account::CancellationCharges, charge.negated()?));
        Ok(Self::nonzero(lines))
    }

    fn nonzero(mut lines: Vec<(Account, Money)>) -> Self {
        lines.retain(|(_, amount)| !amount.is_zero());
        Self { lines }
    }
}

fn by_account(payments: &[Payment], reversed: bool) -> Result<Vec<(Account, Money)>, MoneyError> {
    let mut lines: Vec<(Account, Money)> = Vec::new();
    for payment in payments {
        let signed = if reversed { payment.amount.negated()? } else { payment.amount };
        let account = account_of(&payment.tender);
        match lines.iter_mut().find(|(known, _)| *known == account) {
            Some((_, sum)) => *sum = sum.plus(signed)?,
            None => lines.push((account, signed)),
        }
    }
    Ok(lines)
}

fn total(payments: &[Payment]) -> Result<Option<Money>, MoneyError> {
    let Some(first) = payments.first() else { return Ok(None) };
    Money::sum(first.amount.currency(), payments.iter().map(|payment| payment.amount)).map(Some)
}

#[cfg(test)]
mod tests;
