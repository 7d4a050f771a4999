//! Goods: what moved of a product at this terminal, what is low, which variants a product has.

use domain::{Product, ProductId, StockDelta};
use jiff::Timestamp;

use crate::catalogue::products;
use crate::error::StoreError;
use crate::product_row::product_columns;
use crate::store::Store;

/// One movement of a product in this terminal's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The entry.
    pub seq: u64,
    /// Its line, from 0.
    pub line: u32,
    /// When.
    pub at: Timestamp,
    /// Who, where somebody was signed in.
    pub staff: Option<String>,
    /// `sale`, `refund` or the kind of the stock document.
    pub kind: String,
    /// The receipt, or why.
    pub reference: String,
    /// A note of the line.
    pub note: String,
    /// By how much stock changed.
    pub delta: StockDelta,
}

impl Store {
    /// What moved of `product` at this terminal, newest first, before entry `before` (0: from the newest).
    pub fn movements(&self, product: ProductId, before: u64, limit: u32) -> Result<Vec<Movement>, StoreError> {
        let before = if before == 0 { i64::MAX } else { i64::try_from(before).unwrap_or(i64::MAX) };
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT l.seq, l.line, o.at, o.staff, o.kind, o.receipt, '', l.moved FROM order_lines l JOIN orders o ON o.seq = l.seq
                 WHERE l.product = ?1 AND l.seq < ?2
                 UNION ALL
                 SELECT l.seq, l.line, a.at, a.staff, a.kind, a.reason, l.note, l.moved FROM adjustment_lines l
                 JOIN adjustments a ON a.seq = l.seq WHERE l.product = ?1 AND l.seq < ?2
                 ORDER BY 1 DESC, 2 DESC LIMIT ?3",
            )?;
            let mut rows = statement.query((product.uuid().as_bytes(), before, limit))?;
            let mut movements = Vec::new();
            while let Some(row) = rows.next()? {
                movements.push(Movement {
                    seq: row.get(0)?,
                    line: row.get(1)?,
                    at: Timestamp::from_millisecond(row.get(2)?).map_err(|error| StoreError::content("time", error))?,
                    staff: row.get(3)?,
                    kind: row.get(4)?,
                    reference: row.get(5)?,
                    note: row.get(6)?,
                    delta: StockDelta::from_milli(row.get(7)?),
                });
            }
            Ok(movements)
        })
    }

    /// The sum of everything that moved of `product` at this terminal after entry `after`.
    pub fn moved_since(&self, product: ProductId, after: u64) -> Result<StockDelta, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT coalesce(sum(moved), 0) FROM stock_movements WHERE product = ?1 AND seq > ?2")?;
            let sum = statement.query_row((product.uuid().as_bytes(), after), |row| row.get(0))?;
            Ok(StockDelta::from_milli(sum))
        })
    }

    /// Products that are sold and of which there is no more than should be reordered at, and those below zero; the scarcest
    /// first, by the hub's figures and what moved here since.
    pub fn low_stock(&self, limit: usize) -> Result<Vec<(Product, StockDelta)>, StoreError> {
        let usual = self.usual_currency();
        let candidates = self.readers.with(|connection| {
            products(
                connection,
                concat!(
                    "SELECT ",
                    product_columns!(),
                    " FROM products p WHERE p.active = 1 AND p.reorder IS NOT NULL UNION ALL SELECT ",
                    product_columns!(),
                    " FROM stock s CROSS JOIN products p ON p.id = s.product WHERE p.active = 1 AND p.reorder IS NULL AND s.on_hand <= 0"
                ),
                [],
                usual,
            )
        })?;
        let mut low = Vec::new();
        for product in candidates {
            let on_hand = self.stock(product.id)?.unwrap_or(StockDelta::from_milli(0));
            let scarce = match product.details.reorder_at {
                Some(at) => on_hand <= at,
                None => on_hand.milli() < 0,
            };
            if scarce {
                low.push((product, on_hand));
            }
        }
        low.sort_by_key(|(product, on_hand)| on_hand.milli() - product.details.reorder_at.map_or(0, StockDelta::milli));
        low.truncate(limit);
        Ok(low)
    }

    /// The variants of `parent` that are sold, in the order they came into the catalogue.
    pub fn variants(&self, parent: ProductId) -> Result<Vec<Product>, StoreError> {
        let usual = self.usual_currency();
        self.readers.with(|connection| {
            products(
                connection,
                concat!("SELECT ", product_columns!(), " FROM products p WHERE p.parent = ?1 AND p.active = 1 ORDER BY p.key"),
                [parent.uuid().as_bytes()],
                usual,
            )
        })
    }

    /// Products after the one with key `after` (0: from the first), sold or not, in the order they came into the catalogue; each
    /// with its key. For going through the whole catalogue without holding it.
    pub fn products_after(&self, after: i64, limit: u32) -> Result<Vec<(i64, Product)>, StoreError> {
        let usual = self.usual_currency();
        self.readers.with(|connection| {
            let sql = concat!("SELECT ", product_columns!(), ", p.key FROM products p WHERE p.key > ?1 ORDER BY p.key LIMIT ?2");
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((after, limit))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push((row.get(13)?, crate::product_row::read(row, usual)?));
            }
            Ok(found)
        })
    }
}
