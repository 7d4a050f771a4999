//! Taking payment for an order: cash with change and cash rounding, card on a standalone terminal, any mix of them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{CustomerOrderId, OrderId, PaymentId};
use crate::money::{CashRounding, Money, MoneyError};

/// How a payment was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tender {
    /// Notes and coins.
    Cash {
        /// What the customer handed over.
        given: Money,
        /// What went back.
        change: Money,
    },
    /// A card on a terminal that is not connected to the till.
    Card {
        /// What the terminal's slip says, kept so that the two can be matched.
        reference: String,
    },
    /// In an exchange: the worth of the goods on its other half. It pays for the new goods, and the goods brought back are
    /// given back by it.
    Exchange {
        /// The other half: of a sale its refund, of a refund its sale.
        with: OrderId,
    },
    /// A deposit that was paid on a customer's order before.
    Deposit {
        /// The order.
        order: CustomerOrderId,
    },
}

impl Tender {
    /// A card, by the reference on its slip.
    pub fn card(reference: &str) -> Result<Self, TenderError> {
        let reference = reference.trim();
        if reference.is_empty() {
            return Err(TenderError::ReferenceMissing);
        }
        if looks_like_card_number(reference) {
            return Err(TenderError::LooksLikeCardNumber);
        }
        Ok(Self::Card { reference: reference.to_owned() })
    }

    /// Its name in databases and reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cash { .. } => "cash",
            Self::Card { .. } => "card",
            Self::Exchange { .. } => "exchange",
            Self::Deposit { .. } => "deposit",
        }
    }

    /// What went back to the customer in coins and notes beside the payment.
    pub const fn change(&self) -> Option<Money> {
        match self {
            Self::Cash { change, .. } => Some(*change),
            Self::Card { .. } | Self::Exchange { .. } | Self::Deposit { .. } => None,
        }
    }
}

/// One payment of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// What it contributes to the order; for cash without the change.
    pub amount: Money,
    /// How.
    pub tender: Tender,
}

/// Why a tender was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TenderError {
    /// Nothing is left to pay.
    #[error("the order is already paid")]
    AlreadyPaid,
    /// Less than a minor unit.
    #[error("an amount paid must be above zero")]
    NotPositive,
    /// More than is due by a tender that gives no change.
    #[error("only {due} is left to pay: a card takes no more than that")]
    MoreThanDue {
        /// What is left.
        due: Money,
    },
    /// Finishing before everything is paid.
    #[error("{due} is still to be paid")]
    StillDue {
        /// What is left.
        due: Money,
    },
    /// A card payment without the slip's reference.
    #[error("write down the reference on the card terminal's slip")]
    ReferenceMissing,
    /// A reference that looks like a card number; card numbers never enter the system.
    #[error("this looks like a card number: write down the slip's reference number instead")]
    LooksLikeCardNumber,
    /// No such payment.
    #[error("this payment is not part of the order")]
    NoSuchPayment,
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// An order being paid: collecting until nothing is left, then [`Tendering::settle`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tendering {
    total: Money,
    cash_rounding: Option<CashRounding>,
    payments: Vec<Payment>,
    rounding: Money,
}

/// A paid order: its payments and what cash rounding added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The payments; Σ amounts = total + rounding.
    pub payments: Vec<Payment>,
    /// What cash rounding added (below zero: took away).
    pub rounding: Money,
}

impl Tendering {
    /// Begins to collect `total`.
    pub fn begin(total: Money, cash_rounding: Option<CashRounding>) -> Self {
        Self { total, cash_rounding, payments: Vec::new(), rounding: Money::zero(total.currency()) }
    }

    /// What the order comes to.
    pub fn total(&self) -> Money {
        self.total
    }

    /// The payments taken so far.
    pub fn payments(&self) -> &[Payment] {
        &self.payments
    }

    /// What is left to pay by card, exact to the minor unit.
    pub fn due(&self) -> Result<Money, MoneyError> {
        let paid = Money::sum(self.total.currency(), self.payments.iter().map(|payment| payment.amount))?;
        self.total.plus(self.rounding)?.minus(paid)
    }

    /// What is left to pay in cash, rounded to the coins in use.
    pub fn due_in_cash(&self) -> Result<Money, MoneyError> {
        let due = self.due()?;
        match self.cash_rounding {
            Some(rounding) => Ok(rounding.apply(due)?.0),
            None => Ok(due),
        }
    }

    /// The change handed out so far.
    pub fn change(&self) -> Result<Money, MoneyError> {
        let changes = self.payments.iter().filter_map(|payment| payment.tender.change());
        Money::sum(self.total.currency(), changes)
    }

    /// Takes cash. What is above the rounded due comes back as change; less than it is a part payment, unrounded. Where
    /// nothing is left that coins can pay, there is nothing to take: [`Tendering::settle`].
    pub fn take_cash(&mut self, id: PaymentId, given: Money) -> Result<(), TenderError> {
        let due = self.due()?;
        let rounded = self.due_in_cash()?;
        if due.minor() <= 0 || rounded.minor() <= 0 {
            return Err(TenderError::AlreadyPaid);
        }
        if given.minor() <= 0 {
            return Err(TenderError::NotPositive);
        }
        let enough = given.compare(rounded)?.is_ge();
        let part = if given.compare(due)?.is_gt() { due } else { given };
        let amount = if enough { rounded } else { part };
        let change = given.minus(amount)?;
        if enough {
            self.rounding = rounded.minus(due)?;
        }
        self.payments.push(Payment { id, amount, tender: Tender::Cash { given, change } });
        Ok(())
    }

    /// Takes a card payment of at most what is due.
    pub fn take_card(&mut self, id: PaymentId, amount: Money, reference: &str) -> Result<(), TenderError> {
        let due = self.due()?;
        if due.minor() <= 0 {
            return Err(TenderError::AlreadyPaid);
        }
        if amount.minor() <= 0 {
            return Err(TenderError::NotPositive);
        }
        if amount.compare(due)?.is_gt() {
            return Err(TenderError::MoreThanDue { due });
        }
        self.payments.push(Payment { id, amount, tender: Tender::card(reference)? });
        Ok(())
    }

    /// Takes `amount` that the customer holds already: the worth of goods brought back, or a deposit. At most what is due is
    /// taken; how much is in the answer.
    pub fn take_credit(&mut self, id: PaymentId, amount: Money, tender: Tender) -> Result<Money, TenderError> {
        let due = self.due()?;
        let amount = if amount.compare(due)?.is_gt() { due } else { amount };
        if amount.minor() <= 0 {
            return Err(if due.minor() <= 0 { TenderError::AlreadyPaid } else { TenderError::NotPositive });
        }
        self.payments.push(Payment { id, amount, tender });
        Ok(amount)
    }

    /// Takes a payment back out.
    pub fn remove(&mut self, id: PaymentId) -> Result<(), TenderError> {
        let index = self.payments.iter().position(|payment| payment.id == id).ok_or(TenderError::NoSuchPayment)?;
        self.payments.remove(index);
        self.rounding = Money::zero(self.total.currency());
        Ok(())
    }

    /// Ends the collecting once nothing is left. An order of nothing needs no payment, nor does a rest that the smallest
    /// coin rounds away.
    pub fn settle(mut self) -> Result<Settled, TenderError> {
        let due = self.due()?;
        if !due.is_zero() {
            let rounded_away = self.cash_rounding.is_some() && self.due_in_cash()?.is_zero();
            if !rounded_away {
                return Err(TenderError::StillDue { due });
            }
            self.rounding = self.rounding.minus(due)?;
        }
        Ok(Settled { payments: self.payments, rounding: self.rounding })
    }
}

/// 13 to 19 digits (spaces and dashes aside) that pass the Luhn check (ISO/IEC 7812-1).
pub(crate) fn looks_like_card_number(text: &str) -> bool {
    let stripped: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if !(13..=19).contains(&stripped.len()) || !stripped.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = stripped
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            match (index % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
