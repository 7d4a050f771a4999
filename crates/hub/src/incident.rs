//! Incidents: what must not happen and did, kept with its whole evidence.

use std::sync::atomic::Ordering;

use domain::{StoreId, TerminalId};
use jiff::Timestamp;
use sync::wire::{Incident, Incidents, ProblemKind};

use crate::database::{Row, Session};
use crate::error::{HubError, Refused};
use crate::hub::Hub;
use crate::store;
use crate::terminal::time;

/// Incidents that a list shows.
const SHOWN: i64 = 500;

/// Something to be written down, once for each fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: ProblemKind,
    /// What makes it the same as one that was written down before.
    pub(crate) fingerprint: String,
    /// In a sentence.
    pub(crate) detail: String,
    /// The entries concerned, whole, one a line.
    pub(crate) evidence: String,
}

impl Hub {
    /// The open incidents of a store, newest first.
    pub fn incidents(&self, store: StoreId) -> Result<Incidents, Refused> {
        let incidents = self.0.database.read(|session| {
            let number = store::by_id(session, store)?.number;
            session.query::<_, HubError>(
                "SELECT i.id, t.id, i.kind, i.detail, i.at FROM incidents i \
                 JOIN terminals t ON t.store = i.store AND t.number = i.terminal \
                 WHERE i.store = $1 AND i.resolved_at IS NULL ORDER BY i.id DESC LIMIT $2",
                &[number.into(), SHOWN.into()],
                read,
            )
        })?;
        Ok(Incidents { incidents })
    }

    /// The evidence of an incident, whole: journal entries, one a line.
    pub fn evidence(&self, incident: i64) -> Result<Option<String>, HubError> {
        self.0.database.read(|session| {
            Ok(session.query_one("SELECT evidence FROM incidents WHERE id = $1", &[incident.into()], |row| row.text(0))?)
        })
    }

    /// Closes an incident that a manager has looked at; its evidence is kept. False when there is no such open incident.
    pub fn resolve_incident(&self, incident: i64, now: Timestamp) -> Result<bool, HubError> {
        let closed = self.0.database.write(move |session| {
            let sql = "UPDATE incidents SET resolved_at = $2 WHERE id = $1 AND resolved_at IS NULL";
            Ok::<_, HubError>(session.execute(sql, &[incident.into(), now.as_millisecond().into()])?)
        })?;
        Ok(closed > 0)
    }

    /// Writes down that the journal of `terminal` ends at `end` where it is written, although the hub holds it up to `acked`;
    /// what the terminal is told.
    pub fn refuse_cut_off(&self, terminal: TerminalId, end: u64, acked: u64, now: Timestamp) -> Refused {
        let detail = format!(
            "this terminal's journal ends at entry {end}, the hub holds it up to entry {acked}: its store was put back from an old \
             copy or its tail was cut off. Let it enrol anew with an empty store folder"
        );
        let fingerprint = format!("{end}-{acked}");
        let kind = ProblemKind::Truncated;
        let finding = Finding { kind, fingerprint, detail: detail.clone(), evidence: String::new() };
        match self.keep(terminal, finding, now) {
            Ok(()) => Refused { acked: Some(acked), ..Refused::new(kind, detail) },
            Err(error) => error.into(),
        }
    }

    /// Writes down, once, that the terminal's clock is `seconds` ahead of the hub's (below zero: behind).
    pub fn flag_clock(&self, terminal: TerminalId, seconds: i64, now: Timestamp) -> Result<(), HubError> {
        self.keep(terminal, clock_drift(seconds), now)
    }

    fn keep(&self, terminal: TerminalId, finding: Finding, now: Timestamp) -> Result<(), HubError> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        self.0.counters.incidents.fetch_add(1, Ordering::Relaxed);
        self.0.database.write(move |session| record(session, known.store, known.number, &finding, now))
    }
}

/// The finding that a terminal's clock is off; one a terminal.
pub(crate) fn clock_drift(seconds: i64) -> Finding {
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    Finding {
        kind: ProblemKind::ClockDrift,
        fingerprint: "clock".to_owned(),
        detail: format!("the clock of this terminal is {} s {side} the hub's: set it right", seconds.unsigned_abs()),
        evidence: String::new(),
    }
}

/// Writes a finding down. One that was written down before is counted, and keeps the longer evidence.
pub(crate) fn record(
    session: &mut Session<'_>,
    store: i64,
    terminal: i64,
    finding: &Finding,
    now: Timestamp,
) -> Result<(), HubError> {
    let Finding { kind, fingerprint, detail, evidence } = finding;
    tracing::warn!(store, terminal, kind = kind_code(*kind), "incident");
    session.execute(
        "INSERT INTO incidents (store, terminal, kind, fingerprint, detail, evidence, at, last_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
         ON CONFLICT (store, terminal, kind, fingerprint) DO UPDATE SET last_at = excluded.last_at, times = incidents.times + 1, \
         evidence = CASE WHEN length(excluded.evidence) > length(incidents.evidence) THEN excluded.evidence \
         ELSE incidents.evidence END",
        &[
            store.into(),
            terminal.into(),
            kind_code(*kind).as_str().into(),
            (&without_nul(fingerprint)).into(),
            (&without_nul(detail)).into(),
            (&without_nul(evidence)).into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

/// PostgreSQL keeps no NUL in texts; what somebody sent may hold some.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn read(row: &Row<'_>) -> Result<Incident, HubError> {
    let kind = row.text(2)?;
    let kind = serde_json::from_value(serde_json::Value::String(kind))
        .map_err(|error| HubError::Unreadable { what: "incident", detail: error.to_string() })?;
    Ok(Incident {
        id: row.int(0)?,
        terminal: Some(TerminalId::from_uuid(row.uuid(1)?)),
        kind,
        detail: row.text(3)?,
        at: time(row.int(4)?)?,
    })
}

/// The name of a kind as it travels.
fn kind_code(kind: ProblemKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(code)) => code,
        _ => format!("{kind:?}"),
    }
}
