//! Orders of customers as far as this terminal knows them: what it did to them itself.

use domain::customer_order::{OrderFile, event_order};
use domain::{CustomerOrderId, Event};
use journal::Entry;
use rusqlite::Connection;

use crate::entries;
use crate::error::StoreError;
use crate::product_row::uuid_from_blob;
use crate::store::Store;

/// Writes the row of an event about a customer's order.
pub(crate) fn project(connection: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let Some(order) = event_order(&entry.event) else { return Ok(()) };
    let open = !matches!(entry.event, Event::OrderCompleted(_) | Event::OrderCancelled(_));
    connection.prepare_cached("INSERT INTO customer_orders (seq, id, kind, open) VALUES (?1, ?2, ?3, ?4)")?.execute((
        entry.seq,
        order.uuid().as_bytes(),
        entry.event.kind(),
        open,
    ))?;
    Ok(())
}

impl Store {
    /// The order `id`, where it was placed at this terminal, with what was done to it here.
    pub fn customer_order(&self, id: CustomerOrderId) -> Result<Option<OrderFile>, StoreError> {
        self.readers.with(|connection| file(connection, id))
    }

    /// The orders that were placed at this terminal and not closed here, newest first.
    pub fn open_customer_orders(&self) -> Result<Vec<OrderFile>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id FROM customer_orders GROUP BY id HAVING min(open) = 1 ORDER BY max(seq) DESC")?;
            let mut rows = statement.query([])?;
            let mut files = Vec::new();
            while let Some(row) = rows.next()? {
                let id = CustomerOrderId::from_uuid(uuid_from_blob(row.get_ref(0)?)?);
                files.extend(file(connection, id)?);
            }
            Ok(files)
        })
    }
}

impl Store {
    /// True when the hub has not acknowledged what this terminal did last to the order `id`.
    pub fn customer_order_unsent(&self, id: CustomerOrderId) -> Result<bool, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM customer_orders WHERE id = ?1")?;
            let last: u64 = statement.query_row([id.uuid().as_bytes()], |row| row.get(0))?;
            Ok(last > entries::acked_seq(connection)?)
        })
    }
}

fn file(connection: &Connection, id: CustomerOrderId) -> Result<Option<OrderFile>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM customer_orders WHERE id = ?1 ORDER BY seq")?;
    let seqs: Vec<u64> =
        statement.query_map([id.uuid().as_bytes()], |row| row.get(0))?.collect::<Result<_, rusqlite::Error>>()?;
    let mut file = None;
    for seq in seqs {
        let text = entries::text(connection, seq)?
            .ok_or_else(|| StoreError::content("customer's order", format!("journal entry {seq} does not hold it")))?;
        file = OrderFile::follow(file, &entries::read(seq, &text)?.event);
    }
    Ok(file)
}
