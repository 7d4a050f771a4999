//! What a store's stockroom asks the hub: the ledger of a product, what is on its way, the other stores.

use domain::{ProductId, Shop, StaffId, StockDelta, StoreId, TerminalId};
use jiff::Timestamp;
use sync::goods::{LedgerMovement, LedgerPage, LedgerQuestion, MAX_MOVEMENTS, OpenTransfer, StoreName, Transfers};

use crate::database::{DatabaseError, Row, Session};
use crate::error::{HubError, Refused};
use crate::feed;
use crate::hub::Hub;
use crate::store;

/// Transfers that one answer names.
const MOST_TRANSFERS: i64 = 200;

impl Hub {
    /// A page of the stock ledger of a product in `store`, and how far the journal of `terminal` is counted in it.
    pub fn stock_ledger(&self, store: StoreId, terminal: TerminalId, question: &LedgerQuestion) -> Result<LedgerPage, Refused> {
        let LedgerQuestion { product, before, limit, .. } = question.clone();
        let page = self.0.database.read_at_once(move |session| {
            let (number, _) = feed::position(session, store)?;
            let before = before.map_or(Ok(i64::MAX), feed::signed)?;
            page(session, number, terminal, product, before, limit.clamp(1, MAX_MOVEMENTS))
        });
        Ok(page?)
    }

    /// What is on its way to and from `store`, and the other stores.
    pub fn transfers(&self, store: StoreId) -> Result<Transfers, Refused> {
        let answer = self.0.database.read_at_once(move |session| {
            let (number, _) = feed::position(session, store)?;
            let shops = session.query("SELECT settings FROM stores ORDER BY code", &[], |row| store::shop(&row.text(0)?))?;
            let stores = shops.iter().filter(|shop| shop.id != store).map(name).collect();
            let open = session.query(
                "SELECT t.event, t.sent_at, s.settings FROM transfers t JOIN stores s ON s.number = t.from_store \
                 WHERE t.arrived_at IS NULL AND (t.to_store = $1 OR t.from_store = $2) ORDER BY t.sent_at LIMIT $3",
                &[store.into(), number.into(), MOST_TRANSFERS.into()],
                open_transfer,
            )?;
            Ok::<_, HubError>(Transfers { open, stores })
        });
        Ok(answer?)
    }
}

fn name(shop: &Shop) -> StoreName {
    StoreName { id: shop.id, code: shop.code.clone(), name: shop.name.clone() }
}

fn open_transfer(row: &Row<'_>) -> Result<OpenTransfer, HubError> {
    let sent = serde_json::from_str(&row.text(0)?)
        .map_err(|error| HubError::Unreadable { what: "transfer", detail: error.to_string() })?;
    Ok(OpenTransfer { from: name(&store::shop(&row.text(2)?)?), sent_at: moment(row.int(1)?)?, sent })
}

fn page(
    session: &mut Session<'_>,
    number: i64,
    terminal: TerminalId,
    product: ProductId,
    before: i64,
    limit: u32,
) -> Result<LedgerPage, HubError> {
    let rows = session.query(
        "SELECT l.number, l.terminal, l.seq, l.delta, l.balance, e.at, o.kind, o.receipt, o.staff, a.kind, a.reason, a.staff, n.note \
         FROM stock_ledger l JOIN entries e ON e.store = l.store AND e.terminal = l.terminal AND e.seq = l.seq \
         LEFT JOIN orders o ON o.store = l.store AND o.terminal = l.terminal AND o.seq = l.seq \
         LEFT JOIN stock_adjustments a ON a.store = l.store AND a.terminal = l.terminal AND a.seq = l.seq \
         LEFT JOIN stock_adjustment_lines n ON n.store = l.store AND n.terminal = l.terminal AND n.seq = l.seq AND n.line = l.line \
         WHERE l.store = $1 AND l.product = $2 AND l.number < $3 ORDER BY l.number DESC LIMIT $4",
        &[number.into(), product.into(), before.into(), limit.into()],
        movement,
    )?;
    let sql = "SELECT on_hand FROM stock WHERE store = $1 AND product = $2";
    let on_hand = session.query_one(sql, &[number.into(), product.into()], |row| row.int(0))?;
    let folded = session.query_one(
        "SELECT f.folded FROM stock_folds f JOIN terminals t ON t.store = f.store AND t.number = f.terminal WHERE t.id = $1",
        &[terminal.into()],
        |row| row.count(0),
    )?;
    let on_hand = StockDelta::from_milli(on_hand.unwrap_or(0));
    Ok(LedgerPage { movements: rows, on_hand, folded: folded.unwrap_or(0) })
}

fn movement(row: &Row<'_>) -> Result<LedgerMovement, HubError> {
    // A sale or refund, else a stock document.
    let (kind, reference, staff) = match row.optional_text(6)? {
        Some(kind) => (kind, row.optional_text(7)?, row.optional_text(8)?),
        None => (row.optional_text(9)?.unwrap_or_default(), row.optional_text(10)?, row.optional_text(11)?),
    };
    Ok(LedgerMovement {
        number: row.count(0)?,
        terminal: u32::try_from(row.int(1)?).unwrap_or(0),
        seq: row.count(2)?,
        at: moment(row.int(5)?)?,
        staff: staff.and_then(|staff| StaffId::parse(&staff).ok()),
        kind,
        reference: reference.unwrap_or_default(),
        note: row.optional_text(12)?.unwrap_or_default(),
        delta: StockDelta::from_milli(row.int(3)?),
        balance: StockDelta::from_milli(row.int(4)?),
    })
}

fn moment(millisecond: i64) -> Result<Timestamp, HubError> {
    Timestamp::from_millisecond(millisecond)
        .map_err(|error| DatabaseError::Failed(format!("the database holds a time that is none: {error}")).into())
}
