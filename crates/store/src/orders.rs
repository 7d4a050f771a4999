//! Finished orders, found by projection and read back from their journal entry.

use std::collections::HashMap;

use domain::{Currency, Event, Money, Order, OrderId, ProductId, ReceiptNumber, StaffId, StockDelta};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::entries;
use crate::error::StoreError;
use crate::product_row::uuid_from_blob;
use crate::projections;
use crate::store::Store;

/// Which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// To the shop.
    Sale,
    /// Back to the customer.
    Refund,
}

/// A finished order in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// The number of its journal entry.
    pub seq: u64,
    /// Its id.
    pub id: OrderId,
    /// Its receipt number.
    pub receipt: ReceiptNumber,
    /// Sale or refund.
    pub kind: OrderKind,
    /// When.
    pub at: Timestamp,
    /// By whom, where somebody was signed in.
    pub staff: Option<StaffId>,
    /// What it came to.
    pub total: Money,
    /// How many lines it has.
    pub lines: u32,
    /// True once the hub holds it.
    pub acked: bool,
}

/// A finished order, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    /// The number of its journal entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Sale or refund.
    pub kind: OrderKind,
    /// By whom, where somebody was signed in.
    pub staff: Option<StaffId>,
    /// The order.
    pub order: Order,
    /// The sale that a refund gives back.
    pub refund_of: Option<OrderId>,
    /// True once the hub holds it.
    pub acked: bool,
}

impl Store {
    /// Finished orders before journal place `before` (0: from the newest), newest first.
    pub fn recent(&self, before: u64, limit: u32) -> Result<Vec<OrderRow>, StoreError> {
        let before = if before == 0 { i64::MAX as u64 } else { before };
        self.readers.with(|connection| {
            let acked = entries::acked_seq(connection)?;
            let mut statement = connection.prepare_cached(
                "SELECT seq, id, receipt, kind, at, staff, currency, total, lines FROM orders
                 WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
            )?;
            let mut rows = statement.query((before, limit))?;
            let mut orders = Vec::new();
            while let Some(row) = rows.next()? {
                orders.push(read_row(row, acked)?);
            }
            Ok(orders)
        })
    }

    /// The journal place of the first order at or after `since`.
    pub fn first_order_since(&self, since: Timestamp) -> Result<Option<u64>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT min(seq) FROM orders WHERE at >= ?1")?;
            Ok(statement.query_row([since.as_millisecond()], |row| row.get(0))?)
        })
    }

    /// The order `id`.
    pub fn order(&self, id: OrderId) -> Result<Option<StoredOrder>, StoreError> {
        self.readers.with(|connection| find(connection, "SELECT seq FROM orders WHERE id = ?1", [id.uuid().as_bytes()]))
    }

    /// The order with this receipt number.
    pub fn order_by_receipt(&self, receipt: &ReceiptNumber) -> Result<Option<StoredOrder>, StoreError> {
        let Some(number) = projections::number_of(receipt) else { return Ok(None) };
        self.readers.with(|connection| {
            find(connection, "SELECT seq FROM orders WHERE number = ?1 AND receipt = ?2", (number, receipt.as_str()))
        })
    }

    /// The order with this name in the system it was taken over from.
    pub fn order_by_external(&self, reference: &str) -> Result<Option<StoredOrder>, StoreError> {
        self.readers.with(|connection| find(connection, "SELECT seq FROM orders WHERE external = ?1", [reference]))
    }

    /// True when an adjustment with this name in the system it was taken over from is recorded.
    pub fn adjustment_by_external(&self, reference: &str) -> Result<bool, StoreError> {
        self.readers.with(|connection| {
            Ok(connection.prepare_cached("SELECT 1 FROM adjustments WHERE external = ?1")?.exists([reference])?)
        })
    }

    /// How much of each product of order `of` was given back so far.
    pub fn refunded(&self, of: OrderId) -> Result<HashMap<ProductId, StockDelta>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT product, sum(moved) FROM order_lines
                 WHERE seq IN (SELECT seq FROM orders WHERE of_order = ?1) GROUP BY product",
            )?;
            let mut rows = statement.query([of.uuid().as_bytes()])?;
            let mut refunded = HashMap::new();
            while let Some(row) = rows.next()? {
                let product = ProductId::from_uuid(uuid_from_blob(row.get_ref(0)?)?);
                refunded.insert(product, StockDelta::from_milli(row.get(1)?));
            }
            Ok(refunded)
        })
    }
}

impl Store {
    /// The refunds of order `of` that were made here, oldest first.
    pub fn refunds_of(&self, of: OrderId) -> Result<Vec<Order>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT seq FROM orders WHERE of_order = ?1 ORDER BY seq")?;
            let seqs: Vec<u64> =
                statement.query_map([of.uuid().as_bytes()], |row| row.get(0))?.collect::<Result<_, rusqlite::Error>>()?;
            let found = seqs.iter().map(|seq| find(connection, "SELECT seq FROM orders WHERE seq = ?1", [seq]));
            found.filter_map(Result::transpose).map(|stored| stored.map(|stored| stored.order)).collect()
        })
    }
}

fn find(connection: &Connection, sql: &str, params: impl Params) -> Result<Option<StoredOrder>, StoreError> {
    let found: Option<u64> = connection.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
    let Some(seq) = found else { return Ok(None) };
    let missing = || StoreError::content("order", format!("journal entry {seq} does not hold it"));
    let text = entries::text(connection, seq)?.ok_or_else(missing)?;
    let entry = entries::read(seq, &text)?;
    let (kind, order, refund_of) = match entry.event {
        Event::SaleCompleted(sale) => (OrderKind::Sale, sale.order, None),
        Event::RefundCompleted(refund) => (OrderKind::Refund, refund.order, refund.of),
        _ => return Err(missing()),
    };
    let acked = seq <= entries::acked_seq(connection)?;
    Ok(Some(StoredOrder { seq, at: entry.at, kind, staff: entry.staff, order, refund_of, acked }))
}

fn read_row(row: &Row<'_>, acked: u64) -> Result<OrderRow, StoreError> {
    let wrong = |error: &dyn std::error::Error| StoreError::content("order", error);
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let seq = row.get(0)?;
    let currency = Currency::parse(text(6)?).map_err(|error| wrong(&error))?;
    let staff = row.get::<_, Option<String>>(5)?.map(|staff| StaffId::parse(&staff)).transpose();
    Ok(OrderRow {
        seq,
        id: OrderId::from_uuid(uuid_from_blob(row.get_ref(1)?)?),
        receipt: ReceiptNumber::parse(text(2)?).map_err(|error| wrong(&error))?,
        kind: if text(3)? == "refund" { OrderKind::Refund } else { OrderKind::Sale },
        at: timestamp(row.get(4)?)?,
        staff: staff.map_err(|error| wrong(&error))?,
        total: Money::from_minor(row.get(7)?, currency),
        lines: row.get(8)?,
        acked: seq <= acked,
    })
}

/// A time as the database holds it.
pub(crate) fn timestamp(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| StoreError::content("time", error))
}
