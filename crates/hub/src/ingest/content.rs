//! Does what an order says add up? A sale that happened is kept whatever it says; what does not add up is flagged, and
//! nothing that would unbalance the books is booked.

use domain::ledger::{LedgerError, Posting};
use domain::{Money, MoneyError, Order, OrderLine, Tender};

/// The most that an order or a movement of stock may say, in minor units or thousandths, to be booked: beyond it, sums of
/// many would not fit any more.
pub(super) const MAX_BOOKED: i64 = 100_000_000_000_000;

/// Whether an order can be booked, and what does not add up in it.
pub(super) struct Verdict {
    /// Its posting; `None` when it cannot be booked.
    pub(super) posting: Option<Posting>,
    /// In a sentence.
    pub(super) objection: Option<String>,
}

/// Judges the order of a sale, or of a refund.
pub(super) fn judge(order: &Order, refund: bool) -> Verdict {
    let posting = if refund { Posting::of_refund(order) } else { Posting::of_sale(order) };
    let posting = posting.map_err(|error: LedgerError| error.to_string()).and_then(|posting| {
        let amounts = [order.total, order.tax, order.rounding].into_iter().chain(order.payments.iter().map(|p| p.amount));
        let lines = order.lines.iter().flat_map(|line| [line.net, line.payable]);
        let too_large = amounts.chain(lines).find(|amount| amount.minor().unsigned_abs() > MAX_BOOKED.unsigned_abs());
        match too_large {
            Some(amount) => Err(format!("order {} says {amount}, which is more than can be booked", order.receipt)),
            None => Ok(posting),
        }
    });
    match posting {
        Ok(posting) => Verdict { posting: Some(posting), objection: objection(order) },
        Err(objection) => Verdict { posting: None, objection: Some(objection) },
    }
}

fn objection(order: &Order) -> Option<String> {
    let sums = sums_are_right(order).unwrap_or_else(|error| Some(error.to_string()));
    sums.map(|what| format!("order {} does not add up: {what}", order.receipt))
}

/// The first sum that is wrong.
fn sums_are_right(order: &Order) -> Result<Option<String>, MoneyError> {
    if order.lines.is_empty() {
        return Ok(Some("it has no lines".to_owned()));
    }
    if order.total.is_negative() || order.tax.is_negative() {
        return Ok(Some("it is below zero".to_owned()));
    }
    for (index, line) in order.lines.iter().enumerate() {
        if let Some(what) = line_is_right(line)? {
            return Ok(Some(format!("line {}: {what}", index + 1)));
        }
    }
    let sum = |amount: fn(&OrderLine) -> Money| Money::sum(order.currency, order.lines.iter().map(amount));
    if sum(|line| line.payable)? != order.total {
        return Ok(Some("its lines do not sum to its total".to_owned()));
    }
    let taxes = order.lines.iter().flat_map(|line| line.taxes.iter().map(|tax| tax.tax));
    if Money::sum(order.currency, taxes)? != order.tax {
        return Ok(Some("the tax of its lines does not sum to its tax".to_owned()));
    }
    for payment in &order.payments {
        if let Tender::Cash { given, change } = &payment.tender
            && given.minus(*change)? != payment.amount
        {
            return Ok(Some("cash given without the change is not the amount paid".to_owned()));
        }
        if payment.amount.is_negative() {
            return Ok(Some("a payment is below zero".to_owned()));
        }
    }
    Ok(None)
}

fn line_is_right(line: &OrderLine) -> Result<Option<&'static str>, MoneyError> {
    let currency = line.extended.currency();
    // A part of a line that is given back takes its share of what was left of the line, so that all parts make the whole.
    if line.of_line.is_none() && line.unit_price.extend(line.quantity)? != line.extended {
        return Ok(Some("quantity times price is another amount"));
    }
    let off = Money::sum(currency, line.discounts.iter().map(|discount| discount.amount))?;
    let tax = Money::sum(currency, line.taxes.iter().map(|tax| tax.tax))?;
    let remaining = line.extended.minus(off)?;
    let payable = if line.tax_inclusive { remaining } else { remaining.plus(tax)? };
    if payable != line.payable || line.payable.is_negative() {
        return Ok(Some("price, discounts and tax do not make what is to be paid"));
    }
    if line.net.plus(tax)? != line.payable {
        return Ok(Some("net and tax do not make what is to be paid"));
    }
    Ok(None)
}
