//! What must lie in the drawer, by what happened.

use serde::{Deserialize, Serialize};

use super::CashMove;
use crate::event::Event;
use crate::money::{Currency, Money, MoneyError};
use crate::tender::{Payment, Tender};

/// The cash of a period. Every part is zero or above but `brought_in` and `differences`, which have a sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawer {
    /// What the Z before left in it.
    pub opening: Money,
    /// What opening the shift found beyond that (below zero: missing); from the safe or to it.
    pub brought_in: Money,
    /// Taken for sales and as deposits, without change.
    pub sales: Money,
    /// Given back for refunds and deposits.
    pub refunds: Money,
    /// Paid in.
    pub pay_in: Money,
    /// Paid out for expenses.
    pub pay_out: Money,
    /// Dropped into the safe.
    pub safe_drop: Money,
    /// On its way to the bank.
    pub bank_drop: Money,
    /// What counts at hand-overs were over (below zero: short), all together.
    pub differences: Money,
}

impl Drawer {
    /// A drawer in which `opening` was left.
    pub const fn left_with(opening: Money) -> Self {
        let zero = Money::zero(opening.currency());
        Self {
            opening,
            brought_in: zero,
            sales: zero,
            refunds: zero,
            pay_in: zero,
            pay_out: zero,
            safe_drop: zero,
            bank_drop: zero,
            differences: zero,
        }
    }

    /// What must lie in it.
    pub fn expected(&self) -> Result<Money, MoneyError> {
        let into = [self.opening, self.brought_in, self.sales, self.pay_in, self.differences];
        let out = [self.refunds, self.pay_out, self.safe_drop, self.bank_drop];
        let currency = self.opening.currency();
        Money::sum(currency, into)?.minus(Money::sum(currency, out)?)
    }

    /// What `event` does to it. A float and the counts of hand-overs are taken for what they were counted at, whatever they
    /// say of themselves.
    pub fn add(&mut self, event: &Event) -> Result<(), MoneyError> {
        let add = |sum: &mut Money, amount: Money| -> Result<(), MoneyError> {
            *sum = sum.plus(amount)?;
            Ok(())
        };
        match event {
            Event::ShiftOpened(opened) => {
                let more = opened.float.total.minus(self.expected()?)?;
                add(&mut self.brought_in, more)
            }
            Event::ShiftHandedOver(handed) => match &handed.count {
                Some(count) => {
                    let over = count.total.minus(self.expected()?)?;
                    add(&mut self.differences, over)
                }
                None => Ok(()),
            },
            Event::CashMoved(moved) => add(
                match moved.way {
                    CashMove::PayIn => &mut self.pay_in,
                    CashMove::PayOut => &mut self.pay_out,
                    CashMove::SafeDrop => &mut self.safe_drop,
                    CashMove::BankDrop => &mut self.bank_drop,
                },
                moved.amount,
            ),
            other => {
                let (taken, given) = cash_of(other, self.opening.currency())?;
                add(&mut self.sales, taken)?;
                add(&mut self.refunds, given)
            }
        }
    }
}

/// The cash that an event took in and gave out for goods and deposits. An event that carries payments of its own has its arm here.
pub(super) fn cash_of(event: &Event, currency: Currency) -> Result<(Money, Money), MoneyError> {
    let none = Money::zero(currency);
    match event {
        Event::SaleCompleted(sale) => Ok((cash_in(&sale.order.payments, currency)?, none)),
        Event::RefundCompleted(refund) => Ok((none, cash_in(&refund.order.payments, currency)?)),
        Event::OrderPlaced(placed) => Ok((cash_in(&placed.deposit, currency)?, none)),
        Event::DepositTaken(taken) => Ok((cash_in(&taken.deposit, currency)?, none)),
        Event::OrderCompleted(completed) => Ok((none, cash_in(&completed.returned, currency)?)),
        Event::OrderCancelled(cancelled) => Ok((none, cash_in(&cancelled.returned, currency)?)),
        _ => Ok((none, none)),
    }
}

/// The cash among payments, without change.
fn cash_in(payments: &[Payment], currency: Currency) -> Result<Money, MoneyError> {
    // What was sold in another currency, before the terminal joined its store, does not lie among this drawer's cash.
    let own = payments.iter().filter(|payment| payment.amount.currency() == currency);
    let cash = own.filter(|payment| matches!(payment.tender, Tender::Cash { .. }));
    Money::sum(currency, cash.map(|payment| payment.amount))
}
