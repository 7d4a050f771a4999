//! Stock: the movements that tills reported, folded into one figure per product and store.
//!
//! Ingest does not touch it (see docs/decisions/0003): a job folds the entries between what is folded and what is
//! acknowledged, terminal by terminal, under the lock of the store's row. Entries of a terminal are contiguous and become
//! visible in order, so none can be skipped or counted twice.

use std::collections::BTreeMap;

use domain::{Change, ProductId, StockDelta};
use jiff::Timestamp;

use crate::database::{DatabaseError, Session};
use crate::error::HubError;
use crate::feed;
use crate::hub::Hub;

/// Entries of one terminal that are folded in one transaction; SQLite's one writer must not be held up for long.
const MAX_ENTRIES: i64 = 2_000;

/// What a fold did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoldSummary {
    /// Stores whose stock moved.
    pub stores: u64,
    /// Products whose figure changed.
    pub products: u64,
    /// Products that are below zero since this fold.
    pub oversold: u64,
}

impl Hub {
    /// Folds what was taken in since the last time into the stock of every store, and into its feed.
    pub fn fold_stock(&self, now: Timestamp) -> Result<FoldSummary, HubError> {
        let mut summary = FoldSummary::default();
        for store in self.0.database.read(stores_behind)? {
            loop {
                let folded = self.0.database.write(move |session| fold(session, store, now))?;
                summary.stores += u64::from(folded.products > 0);
                summary.products += folded.products;
                summary.oversold += folded.oversold;
                if !folded.more {
                    break;
                }
            }
        }
        Ok(summary)
    }
}

fn stores_behind(session: &mut Session<'_>) -> Result<Vec<i64>, HubError> {
    Ok(session.query(
        "SELECT DISTINCT f.store FROM stock_folds f JOIN terminals t ON t.store = f.store AND t.number = f.terminal \
         WHERE t.acked > f.folded",
        &[],
        |row| row.int(0),
    )?)
}

struct Folded {
    products: u64,
    oversold: u64,
    /// True when a terminal had more than one transaction should hold.
    more: bool,
}

fn fold(session: &mut Session<'_>, store: i64, now: Timestamp) -> Result<Folded, HubError> {
    feed::lock(session, store)?;
    let terminals = session.query(
        "SELECT f.terminal, f.folded, t.acked FROM stock_folds f \
         JOIN terminals t ON t.store = f.store AND t.number = f.terminal WHERE f.store = $1 AND t.acked > f.folded",
        &[store.into()],
        |row| Ok::<_, DatabaseError>((row.int(0)?, row.int(1)?, row.int(2)?)),
    )?;
    let mut moved = BTreeMap::new();
    let mut more = false;
    for (terminal, folded, acked) in terminals {
        let upto = acked.min(folded + MAX_ENTRIES);
        more |= upto < acked;
        moved.extend(fold_terminal(session, store, terminal, folded, upto, now)?);
        let sql = "UPDATE stock_folds SET folded = $3 WHERE store = $1 AND terminal = $2";
        session.execute(sql, &[store.into(), terminal.into(), upto.into()])?;
    }
    let changes = moved
        .iter()
        .map(|(product, on_hand)| Change::Stock { product: *product, on_hand: StockDelta::from_milli(on_hand.milli) });
    let changes: Vec<Change> = changes.collect();
    feed::publish(session, store, &changes)?;
    let oversold = moved.values().filter(|on_hand| on_hand.oversold).count();
    Ok(Folded { products: moved.len() as u64, oversold: oversold as u64, more })
}

/// What is on hand of a product that moved.
struct OnHand {
    milli: i64,
    /// True when it fell below zero just now.
    oversold: bool,
}

/// Folds the entries of a terminal after `folded` up to `upto`; the products that moved.
fn fold_terminal(
    session: &mut Session<'_>,
    store: i64,
    terminal: i64,
    folded: i64,
    upto: i64,
    now: Timestamp,
) -> Result<Vec<(ProductId, OnHand)>, DatabaseError> {
    let now = now.as_millisecond();
    // Before the figures move: each movement goes on from what was on hand.
    session.execute(
        "INSERT INTO stock_ledger (store, product, number, terminal, seq, line, delta, balance) \
         SELECT $1, m.product, \
             COALESCE((SELECT MAX(number) FROM stock_ledger l WHERE l.store = $1 AND l.product = m.product), 0) \
                 + ROW_NUMBER() OVER (PARTITION BY m.product ORDER BY m.seq, m.line), \
             $2, m.seq, m.line, m.delta, \
             CAST(COALESCE(s.on_hand, 0) + SUM(m.delta) OVER (PARTITION BY m.product ORDER BY m.seq, m.line) AS BIGINT) \
         FROM ( \
             SELECT l.product AS product, l.seq AS seq, l.line AS line, l.stock_delta AS delta FROM order_lines l \
             WHERE l.store = $1 AND l.terminal = $2 AND l.seq > $3 AND l.seq <= $4 \
             UNION ALL \
             SELECT a.product, a.seq, a.line, a.delta FROM stock_adjustment_lines a \
             WHERE a.store = $1 AND a.terminal = $2 AND a.seq > $3 AND a.seq <= $4 \
         ) AS m LEFT JOIN stock s ON s.store = $1 AND s.product = m.product",
        &[store.into(), terminal.into(), folded.into(), upto.into()],
    )?;
    session.query(
        "INSERT INTO stock (store, product, on_hand, oversold_at) \
         SELECT $1, product, CAST(SUM(delta) AS BIGINT), CASE WHEN SUM(delta) < 0 THEN CAST($5 AS BIGINT) END FROM ( \
             SELECT l.product AS product, l.stock_delta AS delta FROM order_lines l \
             WHERE l.store = $1 AND l.terminal = $2 AND l.seq > $3 AND l.seq <= $4 \
             UNION ALL \
             SELECT a.product, a.delta FROM stock_adjustment_lines a \
             WHERE a.store = $1 AND a.terminal = $2 AND a.seq > $3 AND a.seq <= $4 \
         ) AS moved GROUP BY product \
         ON CONFLICT (store, product) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand, \
             oversold_at = CASE WHEN stock.on_hand + excluded.on_hand < 0 THEN COALESCE(stock.oversold_at, $5) END \
         RETURNING product, on_hand, oversold_at",
        &[store.into(), terminal.into(), folded.into(), upto.into(), now.into()],
        |row| {
            let on_hand = OnHand { milli: row.int(1)?, oversold: row.optional_int(2)? == Some(now) };
            Ok((ProductId::from_uuid(row.uuid(0)?), on_hand))
        },
    )
}
