//! Transfers between stores: in transit from the entry that sent the goods until one that takes them in. What arrives
//! otherwise than it was sent is an incident of the store that took it in.

use domain::stock::{TransferReceived, TransferSent};
use jiff::Timestamp;

use super::projection::{TransferEnd, bad_content};
use crate::database::{DatabaseError, Session};
use crate::error::HubError;
use crate::incident;
use crate::terminal::KnownTerminal;

/// Writes one end of a transfer down; how many findings that made.
pub(super) fn note(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    seq: i64,
    end: Option<&TransferEnd>,
    text: &str,
    at: Timestamp,
    now: Timestamp,
) -> Result<u64, HubError> {
    match end {
        None => Ok(0),
        Some(TransferEnd::Sent(sent)) => send(session, known, seq, sent, at).map(|()| 0),
        Some(TransferEnd::Received(arrived)) => {
            let Some(detail) = arrive(session, arrived, at)? else { return Ok(0) };
            let finding = bad_content(format!("transfer:{}", arrived.id), detail, text);
            incident::record(session, known.store, known.number, &finding, now)?;
            Ok(1)
        }
    }
}

fn send(session: &mut Session<'_>, known: &KnownTerminal, seq: i64, sent: &TransferSent, at: Timestamp) -> Result<(), HubError> {
    let event = serde_json::to_string(sent).map_err(|error| DatabaseError::Failed(error.to_string()))?;
    session.execute(
        "INSERT INTO transfers (id, from_store, terminal, seq, to_store, sent_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (id) DO NOTHING",
        &[
            sent.id.uuid().into(),
            known.store.into(),
            known.number.into(),
            seq.into(),
            sent.to.into(),
            at.as_millisecond().into(),
            (&incident::without_nul(&event)).into(),
        ],
    )?;
    Ok(())
}

/// Ends a transfer; what is wrong with how it ended.
fn arrive(session: &mut Session<'_>, arrived: &TransferReceived, at: Timestamp) -> Result<Option<String>, HubError> {
    let id = arrived.id.uuid();
    let event = session
        .query_one("SELECT event FROM transfers WHERE id = $1", &[id.into()], |row| Ok::<_, DatabaseError>(row.text(0)?))?;
    let Some(event) = event else {
        return Ok(Some(format!(
            "transfer {} from store {} was taken in, but no store has sent it",
            arrived.id, arrived.from_code
        )));
    };
    let sent: TransferSent =
        serde_json::from_str(&event).map_err(|error| HubError::Unreadable { what: "transfer", detail: error.to_string() })?;
    let sql = "UPDATE transfers SET arrived_at = $2 WHERE id = $1 AND arrived_at IS NULL";
    session.execute(sql, &[id.into(), at.as_millisecond().into()])?;
    let differences = differences(&sent, arrived);
    Ok((!differences.is_empty()).then(|| {
        format!(
            "transfer {} from store {} arrived otherwise than it was sent: {}",
            arrived.id,
            arrived.from_code,
            differences.join(", ")
        )
    }))
}

/// By product: what was sent and what arrived, where they differ. What the store sent counts, not what the receiver says of it.
fn differences(sent: &TransferSent, arrived: &TransferReceived) -> Vec<String> {
    let mut sums: std::collections::BTreeMap<_, (&str, i64, i64)> = std::collections::BTreeMap::new();
    for line in &sent.lines {
        sums.entry(line.product).or_insert((line.sku.as_str(), 0, 0)).1 += line.quantity.milli();
    }
    for line in &arrived.lines {
        let sum = &mut sums.entry(line.product).or_insert((line.sku.as_str(), 0, 0)).2;
        *sum = sum.saturating_add(line.arrived.milli());
    }
    let amount = |milli| domain::StockDelta::from_milli(milli);
    let differing = sums.into_values().filter(|(_, sent, arrived)| sent != arrived);
    differing.map(|(sku, sent, arrived)| format!("{sku} {} sent, {} arrived", amount(sent), amount(arrived))).collect()
}
