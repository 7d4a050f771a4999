//! The rows of a push, written in two goes: the entries with what may meet something that was reported before, then what
//! hangs on them.

use std::collections::HashSet;

use domain::Change;
use jiff::Timestamp;

use super::checking::CheckedEntry;
use super::members;
use super::projection::{ProjectedCustomerOrder, Projection, bad_content};
use super::rows::{self, AdjustmentRow, OrderRow, PostingRow};
use super::shifts::{self, ShiftRow};
use super::transfer;
use crate::coupon::{self, Spending};
use crate::customer_orders;
use crate::database::{DatabaseError, Session};
use crate::error::HubError;
use crate::feed;
use crate::incident;
use crate::refunds::{self, NewRefund};
use crate::sums::Days;
use crate::terminal::KnownTerminal;

/// A clock that is ahead by more than this is flagged.
const MAX_AHEAD_SECONDS: i64 = 300;

/// Writes `entries` and what is made of them; how many findings were written down.
pub(super) fn write(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    entries: &[CheckedEntry],
    now: Timestamp,
) -> Result<u64, HubError> {
    let mut orders = Vec::new();
    let mut adjustments = Vec::new();
    let mut customer_orders: Vec<(i64, &ProjectedCustomerOrder)> = Vec::new();
    let mut products: Vec<Change> = Vec::new();
    let mut shifts = Vec::new();
    for entry in entries {
        let seq = feed::signed(entry.signed.seq)?;
        match &entry.projection {
            Projection::Order(projected) => orders.push(OrderRow { seq, entry, projected }),
            Projection::Adjustment(projected) => adjustments.push(AdjustmentRow { seq, entry, projected }),
            Projection::Shift(projected) => shifts.push(ShiftRow { seq, entry, projected }),
            Projection::Catalogue(change) => products.push((**change).clone()),
            Projection::CustomerOrder(projected) => customer_orders.push((seq, &**projected)),
            Projection::Nothing | Projection::Unreadable | Projection::Member(_) => {}
        }
    }
    let inserted = session.insert_together(&[
        rows::entries(known, entries, now)?,
        rows::orders(known, &orders),
        rows::adjustments(known, &adjustments),
    ])?;
    let mut findings = 0;
    if inserted[1] < orders.len() as u64 {
        findings += orders.len() as u64 - inserted[1];
        drop_orders_reported_before(session, known, &mut orders, now)?;
    }
    if inserted[2] < adjustments.len() as u64 {
        findings += adjustments.len() as u64 - inserted[2];
        drop_adjustments_reported_before(session, known, &mut adjustments, now)?;
    }
    let sums = sums_of(entries, &orders)?;
    let mut booked: Vec<PostingRow<'_>> = orders.iter().map(OrderRow::posting).collect();
    booked.extend(customer_orders.iter().map(|(seq, projected)| projected.posting(*seq)));
    booked.extend(shifts.iter().filter_map(ShiftRow::posting));
    session.insert_together(&[
        rows::order_lines(known, &orders),
        rows::payments(known, &orders),
        rows::posting_lines(known, &booked),
        rows::postings(known, &booked),
        rows::daily_totals(known, &orders),
        rows::adjustment_lines(known, &adjustments),
        shifts::rows(known, &shifts),
        sums.rows(known),
    ])?;
    for finding in shifts::check(session, known, &shifts)? {
        incident::record(session, known.store, known.number, &finding, now)?;
        findings += 1;
    }
    members::write(session, known, &orders, entries)?;
    for row in &adjustments {
        findings +=
            transfer::note(session, known, row.seq, row.projected.transfer.as_ref(), &row.entry.text, row.entry.signed.at, now)?;
    }
    if !customer_orders.is_empty() {
        let events = customer_orders.iter().map(|(seq, projected)| (*seq, projected.at, &projected.event));
        findings += customer_orders::follow(session, known, events, now)?;
    }
    let made = orders.iter().filter(|row| row.projected.kind == "refund").map(|row| NewRefund {
        seq: row.seq,
        of: row.projected.refund_of,
        of_receipt: row.projected.of_receipt.as_ref(),
        order: row.projected.order.id,
    });
    let made: Vec<NewRefund<'_>> = made.collect();
    findings += refunds::check(session, known, &made, made.len() < orders.len(), now)?;
    findings += spend_coupons(session, known, &orders, now)?;
    if !products.is_empty() {
        feed::publish_unknown(session, known.store, &products)?;
    }
    for finding in entries.iter().flat_map(|entry| &entry.findings) {
        incident::record(session, known.store, known.number, finding, now)?;
        findings += 1;
    }
    let ahead = entries.iter().map(|entry| entry.signed.at.duration_since(now).as_secs()).max().unwrap_or(0);
    if ahead > MAX_AHEAD_SECONDS {
        incident::record(session, known.store, known.number, &incident::clock_drift(ahead), now)?;
        findings += 1;
    }
    Ok(findings)
}

/// What the push adds to the sums of reports; without orders that were reported before.
fn sums_of(entries: &[CheckedEntry], orders: &[OrderRow<'_>]) -> Result<Days, HubError> {
    let booked: HashSet<u64> = orders.iter().map(|row| row.entry.signed.seq).collect();
    let mut days = Days::default();
    for entry in entries {
        if !matches!(entry.projection, Projection::Order(_)) || booked.contains(&entry.signed.seq) {
            days.add(&entry.counted)?;
        }
    }
    Ok(days)
}

/// Spends the coupons of the sales, in the order of their codes so that terminals do not wait for one another in a circle; how
/// many had been spent before.
fn spend_coupons(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    orders: &[OrderRow<'_>],
    now: Timestamp,
) -> Result<u64, HubError> {
    let of_order = |row: &OrderRow<'_>| row.projected.kind == "sale";
    let mut spendings: Vec<Spending<'_>> = orders
        .iter()
        .filter(|row| of_order(row))
        .flat_map(|row| {
            let (order, signed) = (&row.projected.order, &row.entry.signed);
            let entry = (row.entry.text.as_str(), signed.hash.to_string());
            let at = signed.at.as_millisecond();
            let spending = move |code| Spending { code, order: order.id, receipt: &order.receipt, at, entry: entry.clone() };
            order.coupons.iter().map(spending)
        })
        .collect();
    spendings.sort();
    let mut findings = 0;
    for spending in &spendings {
        if let Some(finding) = coupon::spend(session, known.id, spending)? {
            incident::record(session, known.store, known.number, &finding, now)?;
            findings += 1;
        }
    }
    Ok(findings)
}

fn drop_orders_reported_before(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    orders: &mut Vec<OrderRow<'_>>,
    now: Timestamp,
) -> Result<(), HubError> {
    let written = written(session, "SELECT seq FROM orders", known, orders.first().map_or(0, |row| row.seq))?;
    for row in orders.iter().filter(|row| !written.contains(&row.seq)) {
        let what = format!("order {} ({})", row.projected.order.id, row.projected.order.receipt);
        twice(session, known, row.entry, &what, now)?;
    }
    orders.retain(|row| written.contains(&row.seq));
    Ok(())
}

fn drop_adjustments_reported_before(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    adjustments: &mut Vec<AdjustmentRow<'_>>,
    now: Timestamp,
) -> Result<(), HubError> {
    let written = written(session, "SELECT seq FROM stock_adjustments", known, adjustments.first().map_or(0, |row| row.seq))?;
    for row in adjustments.iter().filter(|row| !written.contains(&row.seq)) {
        twice(session, known, row.entry, &format!("stock adjustment {}", row.projected.adjustment.id), now)?;
    }
    adjustments.retain(|row| written.contains(&row.seq));
    Ok(())
}

/// The numbers from `first` on that have a row of this terminal; the others met one with the same id.
fn written(session: &mut Session<'_>, select: &str, known: &KnownTerminal, first: i64) -> Result<HashSet<i64>, DatabaseError> {
    let sql = format!("{select} WHERE store = $1 AND terminal = $2 AND seq >= $3");
    let seqs = session.query(&sql, &[known.store.into(), known.number.into(), first.into()], |row| row.int(0))?;
    Ok(seqs.into_iter().collect())
}

/// The same thing was reported before: the entry is kept, and booked only once.
fn twice(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    entry: &CheckedEntry,
    what: &str,
    now: Timestamp,
) -> Result<(), HubError> {
    let seq = feed::signed(entry.signed.seq)?;
    let sql = "UPDATE entries SET projected = 0 WHERE store = $1 AND terminal = $2 AND seq = $3";
    session.execute(sql, &[known.store.into(), known.number.into(), seq.into()])?;
    let detail = format!("{what} was reported before; entry {seq}, which reports it again, is kept but not booked");
    let finding = bad_content(entry.signed.hash.to_string(), detail, &entry.text);
    incident::record(session, known.store, known.number, &finding, now)
}
