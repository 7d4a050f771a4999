//! Refunds across tills: what is left of a sale that was made anywhere in the chain, claims that keep two tills from giving
//! back the same at once, and the check of refunds that could not ask.

use std::collections::BTreeSet;

use domain::refund::{Left, StillThere};
use domain::{Event, Order, OrderId, Quantity, ReceiptNumber, Refund, StoreCode, TerminalId};
use jiff::{SignedDuration, Timestamp};
use journal::Entry;
use sync::counter::{ClaimAnswer, ClaimedLine, RefundClaim, SaleAtHub};
use sync::wire::ProblemKind;

use crate::database::Session;
use crate::error::{Failure, HubError, Refused};
use crate::hub::Hub;
use crate::incident::{self, Finding};
use crate::terminal::{KnownTerminal, time};

/// How long a claim holds; a refund that was made offline after it is reported later, and checked then.
const CLAIM_FOR: SignedDuration = SignedDuration::from_mins(30);

/// A sale as its journal tells it, with the refunds that were reported.
struct Reported {
    order: Order,
    entry: String,
    at: i64,
    store: StoreCode,
    terminal: TerminalId,
    refunds: Vec<(Order, String)>,
}

impl Hub {
    /// The sale with this receipt number or id, whichever store made it; none where no till has reported it yet.
    pub fn sale_to_refund(&self, sale: &str, now: Timestamp) -> Result<Option<SaleAtHub>, Refused> {
        let sale = sale.trim().to_owned();
        let found = self.0.database.read(|session| {
            let id = match sale.parse::<OrderId>() {
                Ok(id) => Some(id),
                Err(_) => sale_by_receipt(session, &sale)?,
            };
            let Some(id) = id else { return Ok::<_, HubError>(None) };
            let Some(reported) = reported(session, id)? else { return Ok(None) };
            let claimed = claims(session, id, None, now)?;
            Ok(Some((reported, claimed)))
        })?;
        let Some((reported, claimed)) = found else { return Ok(None) };
        Ok(Some(SaleAtHub {
            order: reported.order,
            at: time(reported.at)?,
            terminal: reported.terminal,
            store: reported.store,
            refunds: reported.refunds.into_iter().map(|(order, _)| order).collect(),
            claimed,
        }))
    }

    /// Keeps `claim` for `terminal`, if that much is left besides what others claim. A claim without lines is given up.
    pub fn claim_refund(&self, terminal: TerminalId, claim: &RefundClaim, now: Timestamp) -> Result<ClaimAnswer, Refused> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        let claim = claim.clone();
        let answer = self.0.database.write(move |session| {
            session.execute("DELETE FROM refund_claims WHERE refund = $1", &[claim.refund.into()])?;
            session.execute("DELETE FROM refund_claims WHERE expires_at < $1", &[now.as_millisecond().into()])?;
            lock_sale(session, claim.sale)?;
            let Some(reported) = reported(session, claim.sale)? else {
                return Ok::<_, Failure>(ClaimAnswer { granted: true, left: Vec::new() });
            };
            let left = Left::of(&reported.order, reported.refunds.iter().map(|(order, _)| order)).map_err(HubError::from)?;
            let mut left: Vec<i64> = left.lines().iter().map(|line| line.milli).collect();
            for other in claims(session, claim.sale, Some(claim.refund), now)? {
                if let Some(line) = left.get_mut(other.line as usize) {
                    *line = (*line - other.quantity.milli()).max(0);
                }
            }
            let granted = claim
                .lines
                .iter()
                .all(|wanted| left.get(wanted.line as usize).is_some_and(|left| wanted.quantity.milli() <= *left));
            if granted {
                for ClaimedLine { line, quantity } in &claim.lines {
                    session.execute(
                        "INSERT INTO refund_claims (refund, line, sale, quantity, store, terminal, expires_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (refund, line) DO NOTHING",
                        &[
                            claim.refund.into(),
                            (*line).into(),
                            claim.sale.into(),
                            quantity.milli().into(),
                            known.store.into(),
                            known.number.into(),
                            (now + CLAIM_FOR).as_millisecond().into(),
                        ],
                    )?;
                }
            }
            Ok(ClaimAnswer { granted, left })
        })?;
        Ok(answer)
    }
}

/// A refund that has just been written.
pub(crate) struct NewRefund<'a> {
    pub(crate) seq: i64,
    pub(crate) of: Option<OrderId>,
    pub(crate) of_receipt: Option<&'a ReceiptNumber>,
    pub(crate) order: OrderId,
}

/// Checks `refunds`, which have just been written, against their sales, and earlier refunds whose sale has come since. More
/// given back than was sold is an incident with all its entries. How many there were.
pub(crate) fn check(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    refunds: &[NewRefund<'_>],
    sales: bool,
    now: Timestamp,
) -> Result<u64, HubError> {
    let mut sales_to_check = BTreeSet::new();
    for refund in refunds {
        session.execute("DELETE FROM refund_claims WHERE refund = $1", &[refund.order.into()])?;
        let sale = match (refund.of, refund.of_receipt) {
            (Some(id), _) => exists(session, id)?.then_some(id),
            (None, Some(receipt)) => sale_by_receipt(session, receipt.as_str())?,
            (None, None) => continue,
        };
        match sale {
            Some(sale) => {
                link(session, known.store, known.number, refund.seq, sale)?;
                sales_to_check.insert(sale);
            }
            None => {
                session.execute(
                    "INSERT INTO refunds_waiting (store, terminal, seq, sale, receipt) VALUES ($1, $2, $3, $4, $5)",
                    &[
                        known.store.into(),
                        known.number.into(),
                        refund.seq.into(),
                        refund.of.into(),
                        refund.of_receipt.map(ReceiptNumber::as_str).into(),
                    ],
                )?;
            }
        }
    }
    if sales {
        sales_to_check.extend(arrived(session)?);
    }
    let mut findings = 0;
    for sale in sales_to_check {
        lock_sale(session, sale)?;
        if let Some(finding) = reported(session, sale)?.map(|reported| too_much(&reported)).transpose()?.flatten() {
            incident::record(session, known.store, known.number, &finding, now)?;
            findings += 1;
        }
    }
    Ok(findings)
}

/// Sales that refunds have waited for and that are there now.
fn arrived(session: &mut Session<'_>) -> Result<Vec<OrderId>, HubError> {
    let found = session.query(
        "SELECT w.store, w.terminal, w.seq, o.id FROM refunds_waiting w JOIN orders o ON o.id = w.sale AND o.kind = 'sale' \
         UNION ALL SELECT w.store, w.terminal, w.seq, o.id FROM refunds_waiting w \
         JOIN orders o ON o.receipt = w.receipt AND o.kind = 'sale' WHERE w.sale IS NULL",
        &[],
        |row| Ok::<_, HubError>((row.int(0)?, row.int(1)?, row.int(2)?, OrderId::from_uuid(row.uuid(3)?))),
    )?;
    for (store, terminal, seq, sale) in &found {
        let place = [(*store).into(), (*terminal).into(), (*seq).into()];
        session.execute("DELETE FROM refunds_waiting WHERE store = $1 AND terminal = $2 AND seq = $3", &place)?;
        link(session, *store, *terminal, *seq, *sale)?;
    }
    Ok(found.into_iter().map(|(.., sale)| sale).collect())
}

fn link(session: &mut Session<'_>, store: i64, terminal: i64, seq: i64, sale: OrderId) -> Result<(), HubError> {
    session.execute(
        "UPDATE orders SET refund_of = $4 WHERE store = $1 AND terminal = $2 AND seq = $3 AND refund_of IS NULL",
        &[store.into(), terminal.into(), seq.into(), sale.into()],
    )?;
    Ok(())
}

fn too_much(reported: &Reported) -> Result<Option<Finding>, HubError> {
    let left = Left::of(&reported.order, reported.refunds.iter().map(|(order, _)| order))?;
    if left.excess().is_empty() && left.over().is_zero() {
        return Ok(None);
    }
    let goods = left.excess().iter().map(|excess| format!("{} of {}", StillThere(excess.milli), excess.sku));
    let goods: Vec<String> = goods.collect();
    let receipts: Vec<&str> = reported.refunds.iter().map(|(order, _)| order.receipt.as_str()).collect();
    let mut what = goods.join(", ");
    if !left.over().is_zero() {
        if !what.is_empty() {
            what.push_str(", ");
        }
        what.push_str(&left.over().to_string());
    }
    let detail = format!(
        "of sale {} more was given back than was sold: {what} too much (refunds {})",
        reported.order.receipt,
        receipts.join(", ")
    );
    let mut evidence = reported.entry.clone();
    for (_, entry) in &reported.refunds {
        evidence.push('\n');
        evidence.push_str(entry);
    }
    let fingerprint = format!("refund:{}", reported.order.id);
    Ok(Some(Finding { kind: ProblemKind::RefundAboveSale, fingerprint, detail, evidence }))
}

/// What others are about to give back of `sale`.
fn claims(session: &mut Session<'_>, sale: OrderId, but: Option<OrderId>, now: Timestamp) -> Result<Vec<ClaimedLine>, HubError> {
    let rows = session.query(
        "SELECT c.refund, c.line, c.quantity FROM refund_claims c WHERE c.sale = $1 AND c.expires_at >= $2 \
         AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = c.refund)",
        &[sale.into(), now.as_millisecond().into()],
        |row| Ok::<_, HubError>((OrderId::from_uuid(row.uuid(0)?), row.int(1)?, row.int(2)?)),
    )?;
    let others = rows.into_iter().filter(|(refund, ..)| Some(*refund) != but);
    let claimed = others.map(|(_, line, milli)| {
        let unreadable = |detail: String| HubError::Unreadable { what: "claim", detail };
        Ok(ClaimedLine {
            line: u32::try_from(line).map_err(|error| unreadable(error.to_string()))?,
            quantity: Quantity::from_milli(milli).map_err(|error| unreadable(error.to_string()))?,
        })
    });
    claimed.collect()
}

/// Refunds of one sale are judged one after the other.
fn lock_sale(session: &mut Session<'_>, sale: OrderId) -> Result<(), HubError> {
    session.lock_one("SELECT seq FROM orders WHERE id = $1", &[sale.into()], |row| row.int(0))?;
    Ok(())
}

fn exists(session: &mut Session<'_>, sale: OrderId) -> Result<bool, HubError> {
    let sql = "SELECT seq FROM orders WHERE id = $1 AND kind = 'sale'";
    Ok(session.query_one(sql, &[sale.into()], |row| row.int(0))?.is_some())
}

fn sale_by_receipt(session: &mut Session<'_>, receipt: &str) -> Result<Option<OrderId>, HubError> {
    let sql = "SELECT id FROM orders WHERE receipt = $1 AND kind = 'sale' ORDER BY store, terminal, seq LIMIT 1";
    session.query_one(sql, &[receipt.into()], |row| Ok(OrderId::from_uuid(row.uuid(0)?)))
}

const ENTRY_OF: &str = "FROM orders o \
    JOIN entries e ON e.store = o.store AND e.terminal = o.terminal AND e.seq = o.seq \
    JOIN terminals t ON t.store = o.store AND t.number = o.terminal \
    JOIN stores s ON s.number = o.store";

/// The sale `id` with its refunds; none where it is not there.
fn reported(session: &mut Session<'_>, id: OrderId) -> Result<Option<Reported>, HubError> {
    let sql = format!("SELECT e.text, o.at, s.code, t.id {ENTRY_OF} WHERE o.id = $1 AND o.kind = 'sale'");
    let sale = session
        .query_one(&sql, &[id.into()], |row| Ok::<_, HubError>((row.text(0)?, row.int(1)?, row.text(2)?, row.uuid(3)?)))?;
    let Some((entry, at, store, terminal)) = sale else { return Ok(None) };
    let Some(order) = order_of(&entry)? else { return Ok(None) };
    let sql = format!(
        "SELECT e.text {ENTRY_OF} WHERE o.refund_of = $1 AND o.kind = 'refund' ORDER BY o.at, o.store, o.terminal, o.seq"
    );
    let texts = session.query(&sql, &[id.into()], |row| Ok::<_, HubError>(row.text(0)?))?;
    let mut refunds = Vec::with_capacity(texts.len());
    for text in texts {
        if let Some(order) = order_of(&text)? {
            refunds.push((order, text));
        }
    }
    let store =
        StoreCode::parse(&store).map_err(|error| HubError::Unreadable { what: "store's code", detail: error.to_string() })?;
    Ok(Some(Reported { order, entry, at, store, terminal: TerminalId::from_uuid(terminal), refunds }))
}

/// The order in a journal entry, which was verified when it was taken in.
fn order_of(entry: &str) -> Result<Option<Order>, HubError> {
    let entry = Entry::read(entry).map_err(|error| HubError::Unreadable { what: "journal entry", detail: error.to_string() })?;
    Ok(match entry.event {
        Event::SaleCompleted(sale) => Some(sale.order),
        Event::RefundCompleted(Refund { order, .. }) => Some(order),
        _ => None,
    })
}
