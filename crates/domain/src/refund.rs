//! Giving goods back: what of a sale may still be given back, line by line and to the cent. A part takes its share of what
//! is *left*, so the last part takes the rest and all parts together are exactly the sale.

use thiserror::Error;

use crate::ids::PaymentId;
use crate::money::{CashRounding, Currency, Money, MoneyError};
use crate::order::{LineDiscount, Order, OrderLine};
use crate::quantity::Quantity;
use crate::tender::{Payment, Settled, Tender, looks_like_card_number};

/// Why nothing was given back.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefundError {
    /// No line was chosen.
    #[error("choose what is given back")]
    Nothing,
    /// The sale has no such line.
    #[error("the sale has no line {0}")]
    NoSuchLine(u32),
    /// More than is left of a line.
    #[error("only {left} of line {line} can still be given back")]
    MoreThanLeft {
        /// The line, counted from 0.
        line: u32,
        /// Thousandths of a unit that are left.
        left: StillThere,
    },
    /// Goods that are sold by the piece, in a fraction.
    #[error(transparent)]
    Quantity(#[from] crate::quantity::QuantityError),
    /// A tender gives back no more than it paid.
    #[error("this tender paid {left} that has not gone back yet")]
    MoreThanPaid {
        /// What it paid and has not given back.
        left: Money,
    },
    /// The reference looks like a card number.
    #[error("this looks like a card number: write down the slip's reference number instead")]
    LooksLikeCardNumber,
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Thousandths of a unit, perhaps none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillThere(pub i64);

impl std::fmt::Display for StillThere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&rust_decimal::Decimal::new(self.0, 3).normalize(), f)
    }
}

/// How the money goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayBack {
    /// By the tenders that paid, each in proportion to what is left of it.
    AsPaid,
    /// In coins and notes, whatever paid.
    Cash,
    /// To the card that paid; the reference on the slip of giving back, empty: that of the sale.
    Card {
        /// See above.
        reference: String,
    },
}

/// More was given back than a line had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The product's code.
    pub sku: String,
    /// Thousandths of a unit above what was sold.
    pub milli: i64,
}

/// A line of a sale with what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftLine {
    /// Thousandths of a unit.
    pub milli: i64,
    /// The line as it was sold; its amounts are what is left of them.
    pub line: OrderLine,
}

/// What is left of a sale after the refunds that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    currency: Currency,
    lines: Vec<LeftLine>,
    tenders: Vec<(Tender, Money)>,
    excess: Vec<Excess>,
    over: Money,
}

impl Left {
    /// What `refunds` leave of `sale`. A refund that does not say which lines it gives back is taken off lines of the same
    /// products.
    pub fn of<'a>(sale: &Order, refunds: impl IntoIterator<Item = &'a Order>) -> Result<Self, MoneyError> {
        let lines = sale.lines.iter().map(|line| LeftLine { milli: line.quantity.milli(), line: line.clone() });
        let mut left = Self {
            currency: sale.currency,
            lines: lines.collect(),
            tenders: sale.payments.iter().map(|payment| (payment.tender.clone(), payment.amount)).collect(),
            excess: Vec::new(),
            over: Money::zero(sale.currency),
        };
        let mut given_back = Money::zero(sale.currency);
        for refund in refunds {
            for line in &refund.lines {
                left.subtract(line)?;
            }
            for payment in &refund.payments {
                left.subtract_payment(payment)?;
            }
            given_back = given_back.plus(refund.total)?;
        }
        let over = given_back.minus(sale.total)?;
        if over.minor() > 0 {
            left.over = over;
        }
        Ok(left)
    }

    /// The lines of the sale, in its order, with what is left of each.
    pub fn lines(&self) -> &[LeftLine] {
        &self.lines
    }

    /// What is left to give back.
    pub fn total(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.lines.iter().map(|left| left.line.payable))
    }

    /// What the tenders paid and have not given back.
    pub fn tenders(&self) -> &[(Tender, Money)] {
        &self.tenders
    }

    /// Goods that were given back beyond what was sold.
    pub fn excess(&self) -> &[Excess] {
        &self.excess
    }

    /// Money that was given back beyond what the sale came to.
    pub fn over(&self) -> Money {
        self.over
    }

    /// True when nothing is left.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|left| left.milli <= 0)
    }

    /// The lines of a refund of `wanted`: line of the sale, counted from 0, and how much of it.
    pub fn take(&self, wanted: &[(u32, Quantity)]) -> Result<Vec<OrderLine>, RefundError> {
        if wanted.is_empty() {
            return Err(RefundError::Nothing);
        }
        let mut left = self.clone();
        let mut lines = Vec::with_capacity(wanted.len());
        for (index, quantity) in wanted {
            let found = left.lines.get_mut(*index as usize).ok_or(RefundError::NoSuchLine(*index))?;
            let quantity = quantity.of(found.line.unit)?;
            if quantity.milli() > found.milli {
                return Err(RefundError::MoreThanLeft { line: *index, left: StillThere(found.milli.max(0)) });
            }
            let part = found.part(*index, quantity)?;
            found.subtract(&part)?;
            lines.push(part);
        }
        Ok(lines)
    }

    /// How the money for `lines`, which [`Left::take`] made, goes back. The refund that takes the last goods gives back all
    /// that the tenders still hold, with what cash rounding had added.
    pub fn pay_back(
        &self,
        lines: &[OrderLine],
        how: &PayBack,
        cash_rounding: Option<CashRounding>,
        id: impl FnMut() -> PaymentId,
    ) -> Result<Settled, RefundError> {
        self.pay_back_but(lines, None, how, cash_rounding, id)
    }

    /// As [`Left::pay_back`], where `credit` of it went into new goods: the rest goes back.
    pub fn pay_back_but(
        &self,
        lines: &[OrderLine],
        credit: Option<Payment>,
        how: &PayBack,
        cash_rounding: Option<CashRounding>,
        mut id: impl FnMut() -> PaymentId,
    ) -> Result<Settled, RefundError> {
        let worth = Money::sum(self.currency, lines.iter().map(|line| line.payable))?;
        let total = match &credit {
            Some(credit) => worth.minus(credit.amount)?,
            None => worth,
        };
        let taken: i64 = lines.iter().map(|line| line.quantity.milli()).sum();
        let there: i64 = self.lines.iter().map(|left| left.milli.max(0)).sum();
        let held = Money::sum(self.currency, self.tenders.iter().map(|(_, amount)| *amount))?;
        let cash_alone = matches!(how, PayBack::Cash)
            || matches!(how, PayBack::AsPaid)
                && self.tenders.iter().all(|(tender, left)| left.is_zero() || goes_back_in_cash(tender));
        let amount = match cash_rounding {
            _ if taken == there && credit.is_none() => held,
            Some(rounding) if cash_alone => smaller(rounding.apply(total)?.0, held)?,
            _ => smaller(total, held)?,
        };
        let payments = match how {
            PayBack::AsPaid => self.as_paid(amount, &mut id)?,
            PayBack::Cash => vec![cash(id(), amount)],
            PayBack::Card { reference } => {
                let cards: Vec<_> = self.tenders.iter().filter(|(tender, _)| matches!(tender, Tender::Card { .. })).collect();
                let left = Money::sum(self.currency, cards.iter().map(|(_, left)| *left))?;
                if amount.compare(left)?.is_gt() {
                    return Err(RefundError::MoreThanPaid { left });
                }
                let reference = reference.trim();
                if looks_like_card_number(reference) {
                    return Err(RefundError::LooksLikeCardNumber);
                }
                let tender = match cards.first() {
                    Some((tender, _)) if reference.is_empty() => tender.clone(),
                    _ => Tender::Card { reference: reference.to_owned() },
                };
                vec![Payment { id: id(), amount, tender }]
            }
        };
        let payments = credit.into_iter().chain(payments).filter(|payment| !payment.amount.is_zero()).collect();
        Ok(Settled { payments, rounding: amount.minus(total)? })
    }

    fn as_paid(&self, amount: Money, id: &mut impl FnMut() -> PaymentId) -> Result<Vec<Payment>, MoneyError> {
        if amount.is_zero() {
            return Ok(Vec::new());
        }
        let weights: Vec<u64> = self.tenders.iter().map(|(_, left)| left.minor().unsigned_abs()).collect();
        let mut payments: Vec<Payment> = Vec::new();
        for ((tender, _), share) in self.tenders.iter().zip(amount.allocate(&weights)?) {
            if share.is_zero() {
                continue;
            }
            if !goes_back_in_cash(tender) {
                payments.push(Payment { id: id(), amount: share, tender: tender.clone() });
                continue;
            }
            match payments.iter_mut().find(|payment| matches!(payment.tender, Tender::Cash { .. })) {
                Some(payment) => *payment = cash(payment.id, payment.amount.plus(share)?),
                None => payments.push(cash(id(), share)),
            }
        }
        Ok(payments)
    }

    fn subtract(&mut self, given: &OrderLine) -> Result<(), MoneyError> {
        let sku = given.sku.as_str();
        if let Some(left) = given.of_line.and_then(|line| self.lines.get_mut(line as usize)) {
            if given.quantity.milli() > left.milli {
                let milli = given.quantity.milli() - left.milli.max(0);
                self.excess.push(Excess { sku: sku.to_owned(), milli });
            }
            return left.subtract(given);
        }
        let mut wanted = given.quantity.milli();
        for index in 0..self.lines.len() {
            let left = &mut self.lines[index];
            let here = wanted.min(left.milli);
            if left.line.product != given.product || here <= 0 {
                continue;
            }
            if let Ok(quantity) = Quantity::from_milli(here) {
                let part = left.part(u32::try_from(index).unwrap_or(u32::MAX), quantity)?;
                left.subtract(&part)?;
                wanted -= here;
            }
        }
        if wanted > 0 {
            self.excess.push(Excess { sku: sku.to_owned(), milli: wanted });
        }
        Ok(())
    }

    /// A card's money comes off that card, then off other cards; cash off cash, then off what is left of the others.
    fn subtract_payment(&mut self, payment: &Payment) -> Result<(), MoneyError> {
        let rank = |tender: &Tender| match (&payment.tender, tender) {
            (Tender::Card { reference: back }, Tender::Card { reference }) if back == reference => 0,
            (Tender::Card { .. }, Tender::Card { .. }) => 1,
            (Tender::Card { .. }, _) => 2,
            (_, tender) if goes_back_in_cash(tender) => 0,
            _ => 1,
        };
        let mut order: Vec<usize> = (0..self.tenders.len()).collect();
        order.sort_by_key(|index| rank(&self.tenders[*index].0));
        let mut back = payment.amount;
        for index in order {
            let (_, left) = &mut self.tenders[index];
            let part = smaller(*left, back)?;
            *left = left.minus(part)?;
            back = back.minus(part)?;
        }
        Ok(())
    }
}

impl LeftLine {
    /// The share that `quantity` has in what is left: the payable amount half up, net and taxes of it by largest remainder.
    fn part(&self, index: u32, quantity: Quantity) -> Result<OrderLine, MoneyError> {
        let share = |amount: Money| share(amount, quantity.milli(), self.milli);
        let line = &self.line;
        let payable = share(line.payable)?;
        let mut weights = vec![line.net.minor().unsigned_abs()];
        weights.extend(line.taxes.iter().map(|tax| tax.tax.minor().unsigned_abs()));
        let shares = if payable.is_zero() { vec![payable; weights.len()] } else { payable.allocate(&weights)? };
        let mut taxes = line.taxes.clone();
        taxes.iter_mut().zip(&shares[1..]).for_each(|(tax, share)| tax.tax = *share);
        let net = shares[0];
        let mut discounts = Vec::with_capacity(line.discounts.len());
        for discount in &line.discounts {
            discounts.push(LineDiscount { amount: share(discount.amount)?, ..*discount });
        }
        discounts.retain(|discount| !discount.amount.is_zero());
        let off = Money::sum(payable.currency(), discounts.iter().map(|discount| discount.amount))?;
        let remaining = if line.tax_inclusive { payable } else { net };
        let extended = remaining.plus(off)?;
        Ok(OrderLine { quantity, extended, discounts, taxes, net, payable, of_line: Some(index), ..line.clone() })
    }

    /// Takes `given` off; nothing goes below zero.
    fn subtract(&mut self, given: &OrderLine) -> Result<(), MoneyError> {
        let line = &mut self.line;
        self.milli = (self.milli - given.quantity.milli()).max(0);
        line.payable = rest(line.payable, given.payable)?;
        line.net = rest(line.net, given.net)?;
        line.extended = rest(line.extended, given.extended)?;
        for (left, back) in line.taxes.iter_mut().zip(&given.taxes) {
            left.tax = rest(left.tax, back.tax)?;
        }
        for back in &given.discounts {
            let mut off = back.amount;
            for left in line.discounts.iter_mut().filter(|left| left.kind == back.kind && left.rule == back.rule) {
                let part = smaller(left.amount, off)?;
                left.amount = left.amount.minus(part)?;
                off = off.minus(part)?;
            }
        }
        Ok(())
    }
}

/// What a deposit or the other half of an exchange paid goes back in cash: there is no card to give it to.
fn goes_back_in_cash(tender: &Tender) -> bool {
    !matches!(tender, Tender::Card { .. })
}

fn cash(id: PaymentId, amount: Money) -> Payment {
    Payment { id, amount, tender: Tender::Cash { given: amount, change: Money::zero(amount.currency()) } }
}

fn share(amount: Money, part: i64, whole: i64) -> Result<Money, MoneyError> {
    Ok(amount.allocate(&[part.unsigned_abs(), whole.saturating_sub(part).unsigned_abs()])?[0])
}

fn smaller(one: Money, other: Money) -> Result<Money, MoneyError> {
    Ok(if one.compare(other)?.is_gt() { other } else { one })
}

fn rest(whole: Money, part: Money) -> Result<Money, MoneyError> {
    let rest = whole.minus(part)?;
    Ok(if rest.is_negative() { Money::zero(rest.currency()) } else { rest })
}

#[cfg(test)]
mod tests;
