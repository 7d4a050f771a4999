//! Orders of customers, whichever till of the store they were placed at: what came of their events, and claims that keep two
//! tills from spending one deposit.

use domain::customer_order::{OrderFile, event_order};
use domain::{CustomerOrderId, Event, TerminalId};
use jiff::{SignedDuration, Timestamp};
use journal::Entry;
use sync::counter::OrderClaimed;
use sync::wire::ProblemKind;

use crate::database::{Session, Value};
use crate::error::{HubError, Refused};
use crate::hub::Hub;
use crate::incident::{self, Finding};
use crate::terminal::KnownTerminal;

/// How long a till has an order for itself.
const CLAIM_FOR: SignedDuration = SignedDuration::from_mins(15);
/// Orders that a list shows.
const SHOWN: i64 = 500;

impl Hub {
    /// The open orders in the store of `terminal`, newest first.
    pub fn customer_orders(&self, terminal: TerminalId) -> Result<Vec<OrderFile>, Refused> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        let files = self.0.database.read(|session| {
            let sql = "SELECT file FROM customer_orders WHERE store = $1 AND open = 1 ORDER BY at DESC, id LIMIT $2";
            session.query(sql, &[known.store.into(), SHOWN.into()], |row| read(&row.text(0)?))
        })?;
        Ok(files)
    }

    /// Gives `terminal` an order for itself for a quarter of an hour, if no other till is at it.
    pub fn claim_customer_order(
        &self,
        terminal: TerminalId,
        order: CustomerOrderId,
        now: Timestamp,
    ) -> Result<OrderClaimed, Refused> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        let claimed = self.0.database.write(move |session| {
            let place = [known.store.into(), Value::Uuid(order.uuid())];
            let sql = "SELECT file, claimed_by, claimed_until FROM customer_orders WHERE store = $1 AND id = $2";
            let found = session
                .lock_one(sql, &place, |row| Ok::<_, HubError>((row.text(0)?, row.optional_int(1)?, row.optional_int(2)?)))?;
            let Some((file, by, until)) = found else { return Ok::<_, HubError>(OrderClaimed { file: None, granted: true }) };
            let file = read(&file)?;
            let others = by.is_some_and(|by| by != known.number) && until.is_some_and(|until| until >= now.as_millisecond());
            if !others {
                let sql = "UPDATE customer_orders SET claimed_by = $3, claimed_until = $4 WHERE store = $1 AND id = $2";
                let until = (now + CLAIM_FOR).as_millisecond();
                session.execute(sql, &[known.store.into(), order.uuid().into(), known.number.into(), until.into()])?;
            }
            Ok(OrderClaimed { file: Some(file), granted: !others })
        })?;
        Ok(claimed)
    }
}

/// Takes up what a till reported of orders of customers: `(seq, at, event)`. What was done to an order that was closed already
/// is an incident; the books hold both. How many there were.
pub(crate) fn follow<'a>(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    events: impl IntoIterator<Item = (i64, Timestamp, &'a Event)>,
    now: Timestamp,
) -> Result<u64, HubError> {
    let mut findings = 0;
    for (seq, at, event) in events {
        let Some(order) = event_order(event) else { continue };
        session.execute(
            "INSERT INTO customer_order_events (store, terminal, seq, id, at) VALUES ($1, $2, $3, $4, $5)",
            &[known.store.into(), known.number.into(), seq.into(), order.uuid().into(), at.as_millisecond().into()],
        )?;
        let (file, conflict, evidence) = replay(session, order)?;
        if let Some(detail) = conflict {
            let fingerprint = format!("order:{order}");
            let finding = Finding { kind: ProblemKind::OrderClosedTwice, fingerprint, detail, evidence };
            incident::record(session, known.store, known.number, &finding, now)?;
            findings += 1;
        }
        let Some(file) = file else { continue };
        let text = serde_json::to_string(&file)
            .map_err(|error| HubError::Unreadable { what: "customer's order", detail: error.to_string() })?;
        session.execute(
            "INSERT INTO customer_orders (store, id, state, open, deposit, file, at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (store, id) DO UPDATE SET state = excluded.state, open = excluded.open, deposit = excluded.deposit, \
             file = excluded.file, claimed_by = NULL, claimed_until = NULL",
            &[
                known.store.into(),
                order.uuid().into(),
                file.state.code().into(),
                i64::from(file.state.is_open()).into(),
                file.deposit.minor().into(),
                (&text).into(),
                at.as_millisecond().into(),
            ],
        )?;
    }
    Ok(findings)
}

/// What all events of `order` make of it, in the order in which they happened; a sentence where one met a closed order.
fn replay(session: &mut Session<'_>, order: CustomerOrderId) -> Result<(Option<OrderFile>, Option<String>, String), HubError> {
    let texts = session.query(
        "SELECT e.text FROM customer_order_events c \
         JOIN entries e ON e.store = c.store AND e.terminal = c.terminal AND e.seq = c.seq \
         WHERE c.id = $1 ORDER BY c.at, c.store, c.terminal, c.seq",
        &[order.uuid().into()],
        |row| Ok::<_, HubError>(row.text(0)?),
    )?;
    let mut file: Option<OrderFile> = None;
    let mut conflict = None;
    for text in &texts {
        let entry =
            Entry::read(text).map_err(|error| HubError::Unreadable { what: "journal entry", detail: error.to_string() })?;
        if let Some(closed) = file.as_ref().filter(|file| !file.state.is_open()) {
            let detail = format!(
                "order {} was {} already when a till wrote '{}' on it: look at both entries and settle it with the customer",
                closed.order.short(),
                closed.state.code(),
                entry.event.kind()
            );
            conflict = Some(detail);
            continue;
        }
        file = OrderFile::follow(file, &entry.event);
    }
    Ok((file, conflict, texts.join("\n")))
}

fn read(file: &str) -> Result<OrderFile, HubError> {
    serde_json::from_str(file).map_err(|error| HubError::Unreadable { what: "customer's order", detail: error.to_string() })
}
