//! What a member did, read from the entries themselves.

use std::collections::HashMap;

use domain::member::{EntryRef, Movement, MovementKind, Points, PointsEvent, PointsFact};
use domain::{Event, Order, ReceiptNumber};
use jiff::Timestamp;
use journal::Entry;
use sync::members::{MemberOrder, MovementLine};
use uuid::Uuid;

use crate::database::Session;
use crate::error::HubError;

/// Entries that speak of one member, each once.
pub(super) struct Told {
    pub(super) events: Vec<PointsEvent>,
    orders: HashMap<EntryRef, MemberOrder>,
}

impl Told {
    /// Reads them: sales to the member and corrections by hand, and the refunds of those sales wherever they were made.
    pub(super) fn of(session: &mut Session<'_>, member: Uuid) -> Result<Self, HubError> {
        let mut told = Self { events: Vec::new(), orders: HashMap::new() };
        let place = "e.store = m.store AND e.terminal = m.terminal AND e.seq = m.seq";
        let sql = format!("SELECT e.text FROM member_entries m JOIN entries e ON {place} WHERE m.member = $1");
        for text in session.query(&sql, &[member.into()], |row| row.text(0))? {
            told.read(&text)?;
        }
        let sql = "SELECT e.text FROM member_entries m JOIN orders o ON o.refund_of = m.order_id \
                   JOIN entries e ON e.store = o.store AND e.terminal = o.terminal AND e.seq = o.seq WHERE m.member = $1";
        for text in session.query(sql, &[member.into()], |row| row.text(0))? {
            told.read(&text)?;
        }
        Ok(told)
    }

    fn read(&mut self, text: &str) -> Result<(), HubError> {
        let unreadable = |error: journal::Refusal| HubError::Unreadable { what: "journal entry", detail: error.to_string() };
        let Entry { terminal, seq, at, event, .. } = Entry::read(text).map_err(unreadable)?;
        let entry = EntryRef { terminal, seq };
        let fact = match event {
            Event::SaleCompleted(sale) => {
                self.orders.insert(entry, order("sale", at, &sale.order));
                PointsFact::of_sale(&sale.order)
            }
            Event::RefundCompleted(refund) => {
                let Some(of) = refund.of else { return Ok(()) };
                self.orders.insert(entry, order("refund", at, &refund.order));
                PointsFact::of_refund(of, &refund.order)
            }
            Event::PointsAdjusted(adjusted) => PointsFact::Adjusted { points: adjusted.points, expires_at: adjusted.expires_at },
            _ => return Ok(()),
        };
        self.events.push(PointsEvent { entry, at, fact });
        Ok(())
    }

    /// The points at `now`. A till whose clock is ahead has told of the future; that counts as well.
    pub(super) fn points(&self, now: Timestamp) -> Points {
        let latest = self.events.iter().map(|event| event.at).max().unwrap_or(now);
        Points::fold(self.events.iter().cloned(), now.max(latest))
    }

    /// The orders, newest first.
    pub(super) fn orders(&self) -> Vec<MemberOrder> {
        let mut orders: Vec<MemberOrder> = self.orders.values().cloned().collect();
        orders.sort_by(|a, b| (b.at, b.order).cmp(&(a.at, a.order)));
        orders
    }

    /// What came and went, newest first, with the receipts that say so.
    pub(super) fn lines(&self, points: &Points) -> Vec<MovementLine> {
        let line = |movement: &Movement| MovementLine {
            at: movement.at,
            kind: kind(movement.kind).to_owned(),
            points: movement.points,
            receipt: self.receipt(movement.entry),
        };
        points.movements.iter().rev().map(line).collect()
    }

    fn receipt(&self, entry: EntryRef) -> Option<ReceiptNumber> {
        self.orders.get(&entry).map(|order| order.receipt.clone())
    }
}

fn order(kind: &str, at: Timestamp, order: &Order) -> MemberOrder {
    MemberOrder {
        order: order.id,
        receipt: order.receipt.clone(),
        kind: kind.to_owned(),
        at,
        total: order.total,
        goods: order.lines.iter().map(|line| (line.quantity.to_string(), line.name.clone())).collect(),
    }
}

fn kind(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Earned => "earned",
        MovementKind::Spent => "spent",
        MovementKind::Expired => "expired",
        MovementKind::TakenBack => "taken_back",
        MovementKind::GivenBack => "given_back",
        MovementKind::Adjusted => "adjusted",
    }
}
