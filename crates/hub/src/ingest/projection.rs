//! What becomes of an entry: rows of orders, stock and catalogue, worked out before anything is locked.

use domain::ledger::Posting;
use domain::stock::{self, DocumentKind, StockDocument, TransferReceived, TransferSent};
use domain::{Change, Currency, Event, EventError, Money, Order, OrderId, ReceiptNumber, StockAdjustment, Tender};
use jiff::Timestamp;
use journal::SignedEntry;
use sync::wire::ProblemKind;

use super::content::{self, MAX_BOOKED, Verdict};
use super::shifts::{self, ProjectedShift};
use crate::incident::{Finding, without_nul};
use crate::terminal::KnownTerminal;

/// The rows that an entry is to make.
pub(super) enum Projection {
    /// None: the event concerns the terminal alone.
    Nothing,
    /// None: this version cannot read or book it.
    Unreadable,
    /// A sale or a refund.
    Order(Box<ProjectedOrder>),
    /// Stock that changed without a sale.
    Adjustment(Box<ProjectedAdjustment>),
    /// A product for the catalogue.
    Catalogue(Box<Change>),
    /// Something about an order of a customer.
    CustomerOrder(Box<ProjectedCustomerOrder>),
    /// A shift that was opened, passed on or closed, or cash that moved.
    Shift(Box<ProjectedShift>),
    /// What a journal says of members besides their orders.
    Member(Box<Event>),
}

/// Something about an order of a customer.
pub(super) struct ProjectedCustomerOrder {
    pub(super) event: Event,
    pub(super) at: Timestamp,
    /// What its deposit moves.
    pub(super) posting: Posting,
    pub(super) currency: Currency,
    pub(super) business_date: String,
}

/// One end of a transfer between two stores.
pub(super) enum TransferEnd {
    /// Goods left.
    Sent(TransferSent),
    /// Goods arrived.
    Received(TransferReceived),
}

/// A sale or a refund.
pub(super) struct ProjectedOrder {
    /// `sale` or `refund`.
    pub(super) kind: &'static str,
    pub(super) order: Order,
    pub(super) refund_of: Option<OrderId>,
    pub(super) of_receipt: Option<ReceiptNumber>,
    pub(super) posting: Posting,
    pub(super) business_date: String,
}

/// A stock document: goods that moved without a sale.
pub(super) struct ProjectedAdjustment {
    pub(super) kind: DocumentKind,
    pub(super) adjustment: StockAdjustment,
    /// The end of a transfer that it is.
    pub(super) transfer: Option<TransferEnd>,
    pub(super) business_date: String,
}

/// What becomes of `signed`, whose event it takes, and what is wrong about it.
pub(super) fn project(known: &KnownTerminal, signed: &mut SignedEntry, text: &str) -> (Projection, Vec<Finding>) {
    clean(&mut signed.kind);
    let taken = std::mem::replace(&mut signed.event, Err(EventError::UnknownKind(String::new())));
    let mut findings = Findings { text, list: Vec::new() };
    let projection = match taken {
        Ok(Event::SaleCompleted(sale)) => order(known, signed, sale.order, Direction::Sale, &mut findings),
        Ok(Event::RefundCompleted(refund)) => {
            order(known, signed, refund.order, Direction::Refund(refund.of, refund.of_receipt), &mut findings)
        }
        Ok(Event::ProductAdded(added)) => Projection::Catalogue(Box::new(Change::Product(added.product))),
        Ok(
            event @ (Event::StockAdjusted(_)
            | Event::GoodsReceived(_)
            | Event::StockCounted(_)
            | Event::TransferSent(_)
            | Event::TransferReceived(_)),
        ) => document(known, signed, event, &mut findings),
        Ok(Event::JournalOpened(_) | Event::SignedIn(_) | Event::JournalRecovered(_)) => Projection::Nothing,
        // Told, not booked: they are read from the entries themselves.
        Ok(Event::PermissionOverridden(_) | Event::TrainingBegun(_) | Event::TrainingEnded(_) | Event::DrillCompleted(_)) => {
            Projection::Nothing
        }
        Ok(Event::LineVoided(_) | Event::SaleVoided(_)) => Projection::Nothing,
        Ok(
            event @ (Event::OrderPlaced(_)
            | Event::OrderChanged(_)
            | Event::DepositTaken(_)
            | Event::OrderCompleted(_)
            | Event::OrderCancelled(_)),
        ) => customer_order(known, signed, event, &mut findings),
        Ok(shift @ (Event::ShiftOpened(_) | Event::CashMoved(_) | Event::ShiftHandedOver(_) | Event::ShiftClosed(_))) => {
            shifts::project(known, signed, shift, &mut findings)
        }
        Ok(
            Event::DrawerOpened(_)
            | Event::ShiftSuspended(_)
            | Event::ShiftResumed(_)
            | Event::DrawerCounted(_)
            | Event::ShiftReportPrinted(_),
        ) => Projection::Nothing,
        Ok(Event::MemberJoined(_) | Event::MemberErased(_)) => Projection::Nothing,
        Ok(Event::ConsentRecorded(mut consent)) => {
            clean(&mut consent.text);
            Projection::Member(Box::new(Event::ConsentRecorded(consent)))
        }
        Ok(event @ (Event::MemberSeen(_) | Event::PointsAdjusted(_))) => Projection::Member(Box::new(event)),
        // A newer till's event: kept, and marked as not projected.
        Err(EventError::UnknownKind(_)) => Projection::Unreadable,
        Err(unreadable @ EventError::Body { .. }) => {
            findings.add(format!("entry {} is kept but cannot be booked: {unreadable}", signed.seq));
            Projection::Unreadable
        }
    };
    (projection, findings.list)
}

pub(super) struct Findings<'a> {
    text: &'a str,
    list: Vec<Finding>,
}

impl Findings<'_> {
    /// One of this entry.
    pub(super) fn add(&mut self, detail: String) {
        let fingerprint = journal::entry_hash(self.text).to_string();
        self.list.push(bad_content(fingerprint, detail, self.text));
    }
}

/// Content that breaks a rule, in an entry that is kept.
pub(super) fn bad_content(fingerprint: String, detail: String, text: &str) -> Finding {
    Finding { kind: ProblemKind::BadContent, fingerprint, detail, evidence: text.to_owned() }
}

/// Which way an order went.
enum Direction {
    Sale,
    /// With the sale that it gives back, where there is one, and the number on a receipt that could not be looked up.
    Refund(Option<OrderId>, Option<ReceiptNumber>),
}

fn order(
    known: &KnownTerminal,
    signed: &SignedEntry,
    mut order: Order,
    direction: Direction,
    findings: &mut Findings<'_>,
) -> Projection {
    let (kind, refund_of, of_receipt) = match direction {
        Direction::Sale => ("sale", None, None),
        Direction::Refund(of, receipt) => ("refund", of, receipt),
    };
    let Verdict { posting, objection } = content::judge(&order, kind == "refund");
    if let Some(objection) = objection {
        let booked = if posting.is_some() { "kept and booked as it is" } else { "kept but not booked" };
        findings.add(format!("{objection} (entry {} is {booked})", signed.seq));
    }
    if order.currency != known.currency {
        // One finding a terminal and currency: it may have sold for days before it joined.
        let detail = format!("this terminal sold in {}, its store sells in {}", order.currency, known.currency);
        findings.list.push(bad_content(format!("currency:{}", order.currency), detail, findings.text));
    }
    let Some(posting) = posting else { return Projection::Unreadable };
    clean_optional(&mut order.external_reference);
    for payment in &mut order.payments {
        if let Tender::Card { reference } = &mut payment.tender {
            clean(reference);
        }
    }
    Projection::Order(Box::new(ProjectedOrder {
        kind,
        order,
        refund_of,
        of_receipt,
        posting,
        business_date: business_date(known, signed.at),
    }))
}

fn document(known: &KnownTerminal, signed: &SignedEntry, event: Event, findings: &mut Findings<'_>) -> Projection {
    let Some(StockDocument { kind, content: mut adjusted }) = stock::document(&event) else { return Projection::Nothing };
    if adjusted.lines.iter().any(|line| line.delta.milli().unsigned_abs() > MAX_BOOKED.unsigned_abs()) {
        findings.add(format!("the stock document of entry {} is too large to be booked; it is kept", signed.seq));
        return Projection::Unreadable;
    }
    clean(&mut adjusted.reason);
    clean_optional(&mut adjusted.external_reference);
    adjusted.lines.iter_mut().for_each(|line| clean(&mut line.note));
    let business_date = business_date(known, signed.at);
    let transfer = match event {
        Event::TransferSent(sent) => Some(TransferEnd::Sent(sent)),
        Event::TransferReceived(arrived) => Some(TransferEnd::Received(arrived)),
        _ => None,
    };
    Projection::Adjustment(Box::new(ProjectedAdjustment { kind, adjustment: adjusted, transfer, business_date }))
}

fn customer_order(known: &KnownTerminal, signed: &SignedEntry, event: Event, findings: &mut Findings<'_>) -> Projection {
    let posting = match &event {
        Event::OrderPlaced(placed) => Posting::of_deposit(&placed.deposit),
        Event::DepositTaken(taken) => Posting::of_deposit(&taken.deposit),
        Event::OrderCompleted(completed) => Posting::of_returned_deposit(&completed.returned, Money::zero(known.currency)),
        Event::OrderCancelled(cancelled) => Posting::of_returned_deposit(&cancelled.returned, cancelled.charge),
        _ => Posting::of_deposit(&[]),
    };
    match posting {
        Ok(posting) => {
            let currency = posting.lines().first().map_or(known.currency, |(_, amount)| amount.currency());
            let business_date = business_date(known, signed.at);
            Projection::CustomerOrder(Box::new(ProjectedCustomerOrder { event, at: signed.at, posting, currency, business_date }))
        }
        Err(error) => {
            findings.add(format!("entry {} is kept but its deposit cannot be booked: {error}", signed.seq));
            Projection::Unreadable
        }
    }
}

pub(super) fn business_date(known: &KnownTerminal, at: Timestamp) -> String {
    domain::shop::business_date(at, &known.zone, known.day_starts_at).to_string()
}

pub(super) fn clean(text: &mut String) {
    if text.contains('\0') {
        *text = without_nul(text);
    }
}

fn clean_optional(text: &mut Option<String>) {
    if let Some(text) = text {
        clean(text);
    }
}
