//! Stock as this terminal believes it: the hub's figure, and what moved here since the entries that the hub holds.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{ProductId, StockDelta};
use journal::Entry;
use rusqlite::{Connection, OptionalExtension};

use crate::entries;
use crate::error::StoreError;
use crate::product_row::uuid_from_blob;
use crate::projections;
use crate::store::Store;

/// Movements in unacknowledged entries, summed by product. Kept in memory: a sale then writes no stock row, and a till that
/// has not met its hub for weeks still answers at once.
#[derive(Debug, Default)]
pub(crate) struct Pending(Mutex<Option<Sums>>);

#[derive(Debug)]
struct Sums {
    /// The last entry that is counted in.
    through: u64,
    moved: HashMap<ProductId, i64>,
}

impl Pending {
    /// Counts a recorded entry in.
    pub(crate) fn recorded(&self, entry: &Entry) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sums) = sums.as_mut().filter(|sums| sums.through < entry.seq) else { return };
        sums.through = entry.seq;
        let mut count = |product: ProductId, moved: i64| *sums.moved.entry(product).or_default() += moved;
        if let Some(order) = projections::order_of(&entry.event) {
            for line in &order.lines {
                count(line.product, projections::moved(&entry.event, line));
            }
        } else if let Some(document) = domain::stock::document(&entry.event) {
            for line in &document.content.lines {
                count(line.product, line.delta.milli());
            }
        }
    }

    /// Forgets the sums: the hub holds more entries now.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn of(&self, connection: &Connection, product: ProductId) -> Result<i64, StoreError> {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sums.is_none() {
            *sums = Some(add_up(connection)?);
        }
        Ok(sums.as_ref().and_then(|sums| sums.moved.get(&product)).copied().unwrap_or(0))
    }
}

fn add_up(connection: &Connection) -> Result<Sums, StoreError> {
    let through = entries::last_seq(connection)?;
    let mut statement = connection.prepare_cached(
        "SELECT product, sum(moved) FROM stock_movements
         WHERE seq > (SELECT acked_seq FROM terminal) AND seq <= ?1 GROUP BY product",
    )?;
    let mut rows = statement.query([through])?;
    let mut moved = HashMap::new();
    while let Some(row) = rows.next()? {
        moved.insert(ProductId::from_uuid(uuid_from_blob(row.get_ref(0)?)?), row.get(1)?);
    }
    Ok(Sums { through, moved })
}

impl Store {
    /// What should be in stock: the hub's figure and what this terminal moved in entries that the hub does not hold yet; may
    /// lie below zero. None where the hub has given no figure.
    pub fn stock(&self, product: ProductId) -> Result<Option<StockDelta>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT on_hand FROM stock WHERE product = ?1")?;
            let on_hand: Option<i64> = statement.query_row([product.uuid().as_bytes()], |row| row.get(0)).optional()?;
            match on_hand {
                Some(on_hand) => Ok(Some(StockDelta::from_milli(on_hand + self.pending.of(connection, product)?))),
                None => Ok(None),
            }
        })
    }
}
