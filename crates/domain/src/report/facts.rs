//! What each kind of event says.

use super::{Dimension, Fact, Figure, FigureKey};
use crate::event::Event;
use crate::ids::StaffId;
use crate::money::{Money, MoneyError};
use crate::order::{DiscountKind, LineDiscount, LineTax, Order, OrderLine};
use crate::quantity::StockDelta;
use crate::tender::{Payment, Tender};
use crate::voids::VoidedLine;

/// The key of what happened while nobody was signed in.
pub const UNKNOWN: &str = "-";

/// What `event` says, which happened while `staff` was signed in, in hour `local_hour` of the store's day. A slice of the
/// business whose events have figures adds its arm here.
pub fn facts(event: &Event, staff: Option<&StaffId>, local_hour: u8) -> Result<Vec<Fact>, MoneyError> {
    let place = Place { staff: staff.map_or(UNKNOWN, StaffId::as_str), local_hour };
    match event {
        Event::SaleCompleted(sale) => order(&sale.order, place, Way::Out),
        Event::RefundCompleted(refund) => order(&refund.order, place, Way::Back { with_receipt: refund.of.is_some() }),
        Event::LineVoided(voided) => Ok(vec![void("line", std::slice::from_ref(&voided.line), voided.line.payable)]),
        Event::SaleVoided(voided) => Ok(vec![void("sale", &voided.lines, voided.total)]),
        Event::OrderPlaced(placed) => deposit("taken", &placed.deposit, Way::Out),
        Event::DepositTaken(taken) => deposit("taken", &taken.deposit, Way::Out),
        Event::OrderCompleted(completed) => deposit("returned", &completed.returned, Way::Back { with_receipt: true }),
        Event::OrderCancelled(cancelled) => {
            let mut facts = deposit("returned", &cancelled.returned, Way::Back { with_receipt: true })?;
            if !cancelled.charge.is_zero() {
                facts.push(fact(Dimension::Deposit, "charge", NO_GOODS, cancelled.charge));
            }
            Ok(facts)
        }
        Event::OrderChanged(_) => Ok(Vec::new()),
        Event::JournalOpened(_)
        | Event::SignedIn(_)
        | Event::StockAdjusted(_)
        | Event::ProductAdded(_)
        | Event::JournalRecovered(_) => Ok(Vec::new()),
        Event::MemberJoined(_)
        | Event::ConsentRecorded(_)
        | Event::MemberSeen(_)
        | Event::PointsAdjusted(_)
        | Event::MemberErased(_) => Ok(Vec::new()),
        Event::PermissionOverridden(_) | Event::TrainingBegun(_) | Event::TrainingEnded(_) | Event::DrillCompleted(_) => {
            Ok(Vec::new())
        }
        Event::CashMoved(moved) => Ok(vec![fact(Dimension::CashMove, moved.way.code(), NO_GOODS, moved.amount)]),
        Event::DrawerOpened(_) => Ok(vec![counted(Dimension::NoSale, place.staff)]),
        Event::ShiftOpened(_)
        | Event::ShiftHandedOver(_)
        | Event::ShiftSuspended(_)
        | Event::ShiftResumed(_)
        | Event::ShiftClosed(_)
        | Event::DrawerCounted(_)
        | Event::ShiftReportPrinted(_) => Ok(Vec::new()),
        Event::GoodsReceived(_) | Event::StockCounted(_) | Event::TransferSent(_) | Event::TransferReceived(_) => Ok(Vec::new()),
    }
}

/// Who and when.
#[derive(Clone, Copy)]
struct Place<'a> {
    staff: &'a str,
    local_hour: u8,
}

/// Which way the goods went.
#[derive(Clone, Copy)]
enum Way {
    Out,
    Back { with_receipt: bool },
}

impl Way {
    fn signed(self, amount: Money) -> Result<Money, MoneyError> {
        match self {
            Self::Out => Ok(amount),
            Self::Back { .. } => amount.negated(),
        }
    }

    fn goods(self, milli: i64) -> StockDelta {
        StockDelta::from_milli(if matches!(self, Self::Out) { milli } else { -milli })
    }
}

/// A fact about money.
pub(super) fn fact(dimension: Dimension, key: impl Into<String>, quantity: StockDelta, amount: Money) -> Fact {
    let key = FigureKey { dimension, currency: Some(amount.currency()), key: key.into() };
    Fact { key, adds: Figure { count: 1, quantity, amount: Some(amount) } }
}

/// A fact that is only counted.
pub(super) fn counted(dimension: Dimension, key: impl Into<String>) -> Fact {
    let key = FigureKey { dimension, currency: None, key: key.into() };
    Fact { key, adds: Figure { count: 1, ..Figure::nothing(None) } }
}

const NO_GOODS: StockDelta = StockDelta::from_milli(0);

fn order(order: &Order, place: Place<'_>, way: Way) -> Result<Vec<Fact>, MoneyError> {
    let goods = order.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.quantity.milli()));
    let goods = goods.ok_or(MoneyError::Overflow)?;
    let net = way.signed(order.total)?;
    let mut facts = Vec::with_capacity(8 + order.lines.len() * 4);
    match way {
        Way::Out => facts.push(fact(Dimension::Sales, "", way.goods(goods), order.total)),
        Way::Back { with_receipt } => {
            let key = if with_receipt { "receipt" } else { "no_receipt" };
            facts.push(fact(Dimension::Refunds, key, StockDelta::from_milli(goods), order.total));
            facts.push(fact(Dimension::CashierRefunded, place.staff, StockDelta::from_milli(goods), order.total));
        }
    }
    facts.push(fact(Dimension::Cashier, place.staff, way.goods(goods), net));
    facts.push(fact(Dimension::Hour, format!("{:02}", place.local_hour), way.goods(goods), net));
    if !order.rounding.is_zero() {
        facts.push(fact(Dimension::Rounding, "", NO_GOODS, way.signed(order.rounding)?));
    }
    for payment in &order.payments {
        tender(payment, way, &mut facts)?;
    }
    for each in &order.lines {
        line(each, way, &mut facts)?;
    }
    Ok(facts)
}

/// The key of a tender.
pub(super) fn tender_key(tender: &Tender) -> &'static str {
    match tender {
        Tender::Cash { .. } => "cash",
        Tender::Card { .. } => "card",
        Tender::Exchange { .. } | Tender::Deposit { .. } => tender.code(),
    }
}

fn tender(payment: &Payment, way: Way, facts: &mut Vec<Fact>) -> Result<(), MoneyError> {
    let key = tender_key(&payment.tender);
    facts.push(fact(Dimension::Tender, key, NO_GOODS, way.signed(payment.amount)?));
    if matches!(way, Way::Back { .. }) {
        facts.push(fact(Dimension::TenderRefunded, key, NO_GOODS, payment.amount));
    }
    if let Tender::Cash { change, .. } = payment.tender
        && !change.is_zero()
    {
        facts.push(fact(Dimension::Change, key, NO_GOODS, way.signed(change)?));
    }
    Ok(())
}

/// What was rung up and taken out again, with what it would have come to.
fn void(key: &str, lines: &[VoidedLine], amount: Money) -> Fact {
    let goods = lines.iter().map(|line| line.quantity.milli()).fold(0, i64::saturating_add);
    fact(Dimension::Void, key, StockDelta::from_milli(goods), amount)
}

/// A deposit that came in or went back, with the tenders it moved.
fn deposit(key: &str, payments: &[Payment], way: Way) -> Result<Vec<Fact>, MoneyError> {
    let mut facts = Vec::new();
    for payment in payments {
        facts.push(fact(Dimension::Deposit, key, NO_GOODS, payment.amount));
        tender(payment, way, &mut facts)?;
    }
    Ok(facts)
}

fn line(line: &OrderLine, way: Way, facts: &mut Vec<Fact>) -> Result<(), MoneyError> {
    let goods = way.goods(line.quantity.milli());
    facts.push(fact(Dimension::Product, line.product.to_string(), goods, way.signed(line.payable)?));
    for tax in &line.taxes {
        facts.push(fact(Dimension::Tax, tax_key(tax), NO_GOODS, way.signed(tax.tax)?));
        facts.push(fact(Dimension::TaxBase, tax_key(tax), NO_GOODS, way.signed(line.net)?));
    }
    if line.taxes.is_empty() {
        facts.push(fact(Dimension::TaxBase, "", NO_GOODS, way.signed(line.net)?));
    }
    for discount in &line.discounts {
        facts.push(fact(Dimension::Discount, discount_key(discount), NO_GOODS, way.signed(discount.amount)?));
    }
    Ok(())
}

/// `VAT 0.13`: the same rate written with more zeros is the same.
fn tax_key(tax: &LineTax) -> String {
    format!("{} {}", tax.code, tax.rate.normalize())
}

fn discount_key(discount: &LineDiscount) -> String {
    let kind = match discount.kind {
        DiscountKind::Line => "line",
        DiscountKind::Order => "order",
        DiscountKind::MoLing => "mo_ling",
        DiscountKind::Promotion => "promotion",
        DiscountKind::Coupon => "coupon",
        DiscountKind::Points => "points",
    };
    discount.rule.map_or_else(|| kind.to_owned(), |rule| format!("{kind}:{rule}"))
}
