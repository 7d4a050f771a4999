//! Orders of customers that are not sales yet: a quotation (a price that holds until a day), a presale (goods to be fetched
//! later, with a deposit). Nothing of them is in the books but the deposit, which is owed to the customer until the sale
//! spends it or it goes back.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::event::Event;
use crate::ids::{CustomerOrderId, MemberId, OrderId, StaffId};
use crate::money::{Currency, Money, MoneyError, Rounding};
use crate::order::OrderLine;
use crate::tender::Payment;

/// What was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerOrderKind {
    /// A price, until a day. Takes no deposit.
    Quotation,
    /// Goods to be fetched and paid later.
    Presale,
}

impl CustomerOrderKind {
    /// Its name in databases.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Quotation => "quotation",
            Self::Presale => "presale",
        }
    }
}

/// What a customer ordered. Complete in itself, so that any till can make the sale of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOrder {
    /// Its id; printed as a code.
    pub id: CustomerOrderId,
    /// What was agreed on.
    pub kind: CustomerOrderKind,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// The lines with the prices agreed on.
    pub lines: Vec<OrderLine>,
    /// Σ payable.
    pub total: Money,
    /// The last day on which its prices hold; none: until it is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// The member who ordered, by id alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// What was written on it. Never personal data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl CustomerOrder {
    /// What people call it: six characters of its id.
    pub fn short(&self) -> String {
        short(self.id)
    }
}

/// What people call an order: the last six characters of its id.
pub fn short(id: CustomerOrderId) -> String {
    let text = id.uuid().simple().to_string().to_uppercase();
    text[text.len() - 6..].to_owned()
}

/// An order was taken, with what was paid on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// The order.
    pub order: CustomerOrder,
    /// The deposit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deposit: Vec<Payment>,
}

/// An open order now holds other goods or another day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderChanged {
    /// The order as it is now.
    pub order: CustomerOrder,
}

/// More was paid on an open order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositTaken {
    /// The order.
    pub order: CustomerOrderId,
    /// What was paid.
    pub deposit: Vec<Payment>,
}

/// An order became a sale, in the same commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCompleted {
    /// The order.
    pub order: CustomerOrderId,
    /// The sale; what it took of the deposit is one of its payments.
    pub sale: OrderId,
    /// What was left of the deposit and went back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Payment>,
}

/// An order was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order: CustomerOrderId,
    /// Why.
    pub reason: String,
    /// True: its day had passed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expired: bool,
    /// What went back of the deposit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Payment>,
    /// What the shop keeps of it.
    pub charge: Money,
    /// Who allowed it, when not the cashier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<StaffId>,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerOrderState {
    /// A quotation as it was given.
    Quoted,
    /// A presale as it was placed.
    Placed,
    /// Open, and changed since.
    Changed,
    /// It became a sale.
    Completed,
    /// It was given up.
    Cancelled,
    /// It was given up because its day had passed.
    Expired,
}

impl CustomerOrderState {
    /// True while it may become a sale.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Quoted | Self::Placed | Self::Changed)
    }

    /// Its name in databases.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Quoted => "quoted",
            Self::Placed => "placed",
            Self::Changed => "changed",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// Why an order stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CustomerOrderError {
    /// It is completed, cancelled or expired.
    #[error("this order is {} already", .0.code())]
    NotOpen(CustomerOrderState),
    /// Its day has passed.
    #[error("its prices held until {0}: write a new one, or cancel it")]
    DayPassed(Date),
    /// Its day has not passed yet.
    #[error("it has not expired")]
    NotExpired,
    /// A quotation binds nobody, so nothing is paid on it.
    #[error("nothing is paid on a quotation: make it a presale")]
    QuotationTakesNoDeposit,
    /// More than is still to be paid.
    #[error("only {due} is still to be paid on this order")]
    MoreThanDue {
        /// What is.
        due: Money,
    },
    /// An amount below a minor unit.
    #[error("an amount paid must be above zero")]
    NotPositive,
    /// The order would cost less than was paid on it already.
    #[error("{deposit} was paid on it already, more than it would cost")]
    BelowDeposit {
        /// What was paid.
        deposit: Money,
    },
    /// What goes back and what is kept are not the deposit.
    #[error("what goes back and what is kept must be the deposit of {deposit}")]
    DepositNotSettled {
        /// The deposit.
        deposit: Money,
    },
    /// There is nothing in it.
    #[error("there is nothing in the order yet")]
    Empty,
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// An order with its state and what is paid on it: what the events so far made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFile {
    /// The order as it is now.
    pub order: CustomerOrder,
    /// How far it is.
    pub state: CustomerOrderState,
    /// What was paid on it and has neither been spent nor gone back.
    pub deposit: Money,
}

impl OrderFile {
    /// Places an order.
    pub fn place(placed: &OrderPlaced) -> Result<Self, CustomerOrderError> {
        let order = placed.order.clone();
        if order.lines.is_empty() {
            return Err(CustomerOrderError::Empty);
        }
        let state = match order.kind {
            CustomerOrderKind::Quotation => CustomerOrderState::Quoted,
            CustomerOrderKind::Presale => CustomerOrderState::Placed,
        };
        let mut file = Self { deposit: Money::zero(order.currency), order, state };
        if !placed.deposit.is_empty() {
            file.pay(&placed.deposit)?;
        }
        Ok(file)
    }

    /// What is still to be paid.
    pub fn due(&self) -> Result<Money, MoneyError> {
        self.order.total.minus(self.deposit)
    }

    /// Takes `deposit` on it.
    pub fn pay(&mut self, deposit: &[Payment]) -> Result<(), CustomerOrderError> {
        self.open()?;
        if self.order.kind == CustomerOrderKind::Quotation {
            return Err(CustomerOrderError::QuotationTakesNoDeposit);
        }
        let paid = sum(self.order.currency, deposit)?;
        if paid.minor() <= 0 || deposit.iter().any(|payment| payment.amount.minor() <= 0) {
            return Err(CustomerOrderError::NotPositive);
        }
        let due = self.due()?;
        if paid.compare(due)?.is_gt() {
            return Err(CustomerOrderError::MoreThanDue { due });
        }
        self.deposit = self.deposit.plus(paid)?;
        Ok(())
    }

    /// Gives it other contents.
    pub fn change(&mut self, order: CustomerOrder) -> Result<(), CustomerOrderError> {
        self.open()?;
        if order.lines.is_empty() {
            return Err(CustomerOrderError::Empty);
        }
        if order.total.compare(self.deposit)?.is_lt() {
            return Err(CustomerOrderError::BelowDeposit { deposit: self.deposit });
        }
        self.order = order;
        self.state = CustomerOrderState::Changed;
        Ok(())
    }

    /// It becomes a sale, on `today`; `returned` of the deposit goes back, the rest is spent.
    pub fn complete(&mut self, returned: &[Payment], today: Date) -> Result<(), CustomerOrderError> {
        self.may_complete(today)?;
        let back = sum(self.order.currency, returned)?;
        if back.compare(self.deposit)?.is_gt() {
            return Err(CustomerOrderError::DepositNotSettled { deposit: self.deposit });
        }
        self.deposit = Money::zero(self.order.currency);
        self.state = CustomerOrderState::Completed;
        Ok(())
    }

    /// Ok when it may become a sale on `today`.
    pub fn may_complete(&self, today: Date) -> Result<(), CustomerOrderError> {
        self.open()?;
        match self.order.valid_until {
            Some(last) if last < today => Err(CustomerOrderError::DayPassed(last)),
            _ => Ok(()),
        }
    }

    /// It is given up: `returned` and `charge` are the whole deposit.
    pub fn cancel(&mut self, cancelled: &OrderCancelled) -> Result<(), CustomerOrderError> {
        self.open()?;
        let back = sum(self.order.currency, &cancelled.returned)?;
        if cancelled.charge.is_negative() || back.plus(cancelled.charge)? != self.deposit {
            return Err(CustomerOrderError::DepositNotSettled { deposit: self.deposit });
        }
        self.deposit = Money::zero(self.order.currency);
        self.state = if cancelled.expired { CustomerOrderState::Expired } else { CustomerOrderState::Cancelled };
        Ok(())
    }

    /// True when its day has passed.
    pub fn has_expired(&self, today: Date) -> bool {
        self.state.is_open() && self.order.valid_until.is_some_and(|last| last < today)
    }

    /// What is kept of the deposit when it is cancelled: `percent` of the order, at most the deposit.
    pub fn cancellation_charge(&self, percent: u32) -> Result<Money, MoneyError> {
        let charge = self.order.total.times(Decimal::new(i64::from(percent), 2), Rounding::HalfUp)?;
        Ok(if charge.compare(self.deposit)?.is_gt() { self.deposit } else { charge })
    }

    /// What `event`, which happened, makes of `file`. Events of other orders, and those that no longer fit, change nothing.
    pub fn follow(file: Option<Self>, event: &Event) -> Option<Self> {
        let mut file = match (file, event) {
            (None, Event::OrderPlaced(placed)) => return Self::place(placed).ok(),
            (None, _) => return None,
            (Some(file), event) if event_order(event) != Some(file.order.id) => return Some(file),
            (Some(file), _) => file,
        };
        let zero = Money::zero(file.order.currency);
        match event {
            Event::OrderChanged(changed) => {
                file.order = changed.order.clone();
                file.state = CustomerOrderState::Changed;
            }
            Event::DepositTaken(taken) => {
                let paid = sum(file.order.currency, &taken.deposit).and_then(|paid| file.deposit.plus(paid));
                file.deposit = paid.unwrap_or(file.deposit);
            }
            Event::OrderCompleted(_) => {
                file.deposit = zero;
                file.state = CustomerOrderState::Completed;
            }
            Event::OrderCancelled(cancelled) => {
                file.deposit = zero;
                file.state = if cancelled.expired { CustomerOrderState::Expired } else { CustomerOrderState::Cancelled };
            }
            _ => {}
        }
        Some(file)
    }

    fn open(&self) -> Result<(), CustomerOrderError> {
        if self.state.is_open() { Ok(()) } else { Err(CustomerOrderError::NotOpen(self.state)) }
    }
}

/// The customer's order that `event` is about.
pub fn event_order(event: &Event) -> Option<CustomerOrderId> {
    match event {
        Event::OrderPlaced(placed) => Some(placed.order.id),
        Event::OrderChanged(changed) => Some(changed.order.id),
        Event::DepositTaken(taken) => Some(taken.order),
        Event::OrderCompleted(completed) => Some(completed.order),
        Event::OrderCancelled(cancelled) => Some(cancelled.order),
        _ => None,
    }
}

/// Σ of `payments`.
pub fn sum(currency: Currency, payments: &[Payment]) -> Result<Money, MoneyError> {
    Money::sum(currency, payments.iter().map(|payment| payment.amount))
}

#[cfg(test)]
mod tests;
