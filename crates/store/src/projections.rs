//! What follows from an entry of the journal: the one place that turns events into rows. Recording, rebuilding and verifying
//! all go through [`project`].

use domain::stock::{self, StockDocument};
use domain::{AdjustmentLine, Event, Order, OrderId, OrderLine, ReceiptNumber};
use journal::Entry;
use rusqlite::Connection;

use crate::customer_orders;
use crate::error::StoreError;
use crate::feed;
use crate::shifts;

/// Where an order stands among the terminal's receipts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The running number of its receipt, if the entry is an order.
    pub(crate) number: u64,
}

/// The last running number given to a receipt.
pub(crate) fn last_number(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached("SELECT coalesce(max(number), 0) FROM orders")?.query_row([], |row| row.get(0))?)
}

/// The running number in `store-terminal-number`.
pub(crate) fn number_of(receipt: &ReceiptNumber) -> Option<u64> {
    receipt.as_str().rsplit_once('-')?.1.parse().ok()
}

/// The order that an event tells of.
pub(crate) fn order_of(event: &Event) -> Option<&Order> {
    match event {
        Event::SaleCompleted(sale) => Some(&sale.order),
        Event::RefundCompleted(refund) => Some(&refund.order),
        _ => None,
    }
}

/// Writes the rows that follow from `entry`.
pub(crate) fn project(connection: &Connection, entry: &Entry, place: Place) -> Result<(), StoreError> {
    match &entry.event {
        Event::SaleCompleted(sale) => insert_order(connection, entry, place, "sale", None, &sale.order),
        Event::RefundCompleted(refund) => insert_order(connection, entry, place, "refund", refund.of, &refund.order),
        Event::StockAdjusted(_)
        | Event::GoodsReceived(_)
        | Event::StockCounted(_)
        | Event::TransferSent(_)
        | Event::TransferReceived(_) => match stock::document(&entry.event) {
            Some(document) => insert_document(connection, entry, &document),
            None => Ok(()),
        },
        Event::ProductAdded(added) => feed::add_product(connection, &added.product, entry.seq),
        Event::JournalOpened(_) | Event::SignedIn(_) | Event::JournalRecovered(_) => Ok(()),
        Event::PermissionOverridden(_) | Event::TrainingBegun(_) | Event::TrainingEnded(_) | Event::DrillCompleted(_) => Ok(()),
        Event::LineVoided(_) | Event::SaleVoided(_) => Ok(()),
        Event::OrderPlaced(_)
        | Event::OrderChanged(_)
        | Event::DepositTaken(_)
        | Event::OrderCompleted(_)
        | Event::OrderCancelled(_) => customer_orders::project(connection, entry),
        Event::ShiftOpened(_)
        | Event::ShiftHandedOver(_)
        | Event::ShiftSuspended(_)
        | Event::ShiftResumed(_)
        | Event::ShiftClosed(_) => shifts::project(connection, entry),
        // What is known of members comes from the hub.
        Event::MemberJoined(_)
        | Event::ConsentRecorded(_)
        | Event::MemberSeen(_)
        | Event::PointsAdjusted(_)
        | Event::MemberErased(_) => Ok(()),
        Event::CashMoved(_) | Event::DrawerOpened(_) | Event::DrawerCounted(_) | Event::ShiftReportPrinted(_) => Ok(()),
    }
}

/// By how much a line changes stock, in thousandths.
pub(crate) fn moved(event: &Event, line: &OrderLine) -> i64 {
    let leaves = matches!(event, Event::SaleCompleted(_));
    if leaves { -line.quantity.milli() } else { line.quantity.milli() }
}

fn insert_order(
    connection: &Connection,
    entry: &Entry,
    place: Place,
    kind: &str,
    of: Option<OrderId>,
    order: &Order,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO orders (seq, id, number, receipt, kind, at, staff, currency, total, tax, rounding, lines, of_order, external)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute((
            entry.seq,
            order.id.uuid().as_bytes(),
            place.number,
            order.receipt.as_str(),
            kind,
            entry.at.as_millisecond(),
            entry.staff.as_ref().map(domain::StaffId::as_str),
            order.currency.code(),
            order.total.minor(),
            order.tax.minor(),
            order.rounding.minor(),
            order.lines.len(),
            of.map(|id| *id.uuid().as_bytes()),
            order.external_reference.as_deref(),
        ))?;
    let mut insert_line = connection
        .prepare_cached("INSERT INTO order_lines (seq, line, product, moved, net, payable) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (index, line) in order.lines.iter().enumerate() {
        let moved = moved(&entry.event, line);
        insert_line.execute((entry.seq, index, line.product.uuid().as_bytes(), moved, line.net.minor(), line.payable.minor()))?;
    }
    let mut insert_payment =
        connection.prepare_cached("INSERT INTO payments (seq, payment, id, tender, amount) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (index, payment) in order.payments.iter().enumerate() {
        let tender = payment.tender.code();
        insert_payment.execute((entry.seq, index, payment.id.uuid().as_bytes(), tender, payment.amount.minor()))?;
    }
    Ok(())
}

fn insert_document(connection: &Connection, entry: &Entry, document: &StockDocument) -> Result<(), StoreError> {
    let StockDocument { kind, content } = document;
    connection
        .prepare_cached(
            "INSERT INTO adjustments (seq, id, external, kind, at, staff, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            entry.seq,
            content.id.uuid().as_bytes(),
            content.external_reference.as_deref(),
            kind.code(),
            entry.at.as_millisecond(),
            entry.staff.as_ref().map(domain::StaffId::as_str),
            &content.reason,
        ))?;
    let mut insert_line = connection
        .prepare_cached("INSERT INTO adjustment_lines (seq, line, product, moved, note) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (index, AdjustmentLine { product, delta, note, .. }) in content.lines.iter().enumerate() {
        insert_line.execute((entry.seq, index, product.uuid().as_bytes(), delta.milli(), note))?;
    }
    Ok(())
}
