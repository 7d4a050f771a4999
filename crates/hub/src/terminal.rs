//! The terminals of the stores.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::{Currency, StoreCode, StoreId, TerminalId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use journal::{RequestPublicKey, VerifyingKey};

use crate::database::{Row, Session};
use crate::error::HubError;
use crate::hub::Hub;
use crate::store;

/// How long what is known of a terminal is used before the database is asked again.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// What a request of a terminal is checked against.
#[derive(Debug, Clone)]
pub struct Access {
    /// The terminal's store.
    pub store: StoreId,
    /// The key of its requests.
    pub request_key: RequestPublicKey,
    /// True: its key was revoked; it may do nothing.
    pub revoked: bool,
}

/// A terminal as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalSummary {
    /// Its id.
    pub id: TerminalId,
    /// Its store.
    pub store: StoreCode,
    /// Its number within the store.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its last entry that the hub holds.
    pub acked: u64,
    /// When it last pushed something new.
    pub seen_at: Option<Timestamp>,
    /// When it joined.
    pub enrolled_at: Timestamp,
    /// When its key was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What checking a terminal's entries needs, with its keys parsed.
pub(crate) struct KnownTerminal {
    /// Its id.
    pub(crate) id: TerminalId,
    /// The number of its store.
    pub(crate) store: i64,
    /// Its number within the store.
    pub(crate) number: i64,
    /// The key of its journal.
    pub(crate) journal_key: VerifyingKey,
    /// The currency of its store.
    pub(crate) currency: Currency,
    /// The time zone of its store.
    pub(crate) zone: TimeZone,
    /// The hour at which its store's business day begins.
    pub(crate) day_starts_at: u8,
    access: Access,
}

/// What is known of terminals, for a second.
#[derive(Default)]
pub(crate) struct Terminals(RwLock<HashMap<TerminalId, (Instant, Arc<KnownTerminal>)>>);

impl Terminals {
    fn fresh(&self, terminal: TerminalId) -> Option<Arc<KnownTerminal>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&terminal).filter(|(since, _)| since.elapsed() < FRESH_FOR).map(|(_, known)| Arc::clone(known))
    }

    fn keep(&self, known: &Arc<KnownTerminal>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(known.id, (Instant::now(), Arc::clone(known)));
    }

    /// The database is asked again next time.
    pub(crate) fn forget(&self, terminal: TerminalId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&terminal);
    }

    /// The database is asked again next time, for each of them.
    pub(crate) fn forget_all(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Hub {
    /// What requests of `terminal` are checked against; `None` when it is not enrolled. May lie a second behind another
    /// process's revocation; a push is always checked against the database itself.
    pub fn access(&self, terminal: TerminalId) -> Result<Option<Access>, HubError> {
        Ok(self.known_terminal(terminal)?.map(|known| known.access.clone()))
    }

    /// The terminals of a store, or all of them, by store and number.
    pub fn terminals(&self, store: Option<&StoreCode>) -> Result<Vec<TerminalSummary>, HubError> {
        self.0.database.read(|session| {
            if let Some(code) = store {
                store::by_code(session, code)?;
            }
            session.query(
                "SELECT t.id, s.code, t.number, t.name, t.acked, t.seen_at, t.enrolled_at, t.revoked_at \
                 FROM terminals t JOIN stores s ON s.number = t.store \
                 WHERE CAST($1 AS TEXT) IS NULL OR s.code = $1 ORDER BY s.code, t.number",
                &[store.map(StoreCode::as_str).into()],
                summary,
            )
        })
    }

    /// Refuses the terminal's key from now on. Revoking twice is once.
    pub fn revoke_terminal(&self, terminal: TerminalId, now: Timestamp) -> Result<(), HubError> {
        let changed = self.0.database.write(move |session| {
            let sql = "UPDATE terminals SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1";
            Ok::<_, HubError>(session.execute(sql, &[terminal.into(), now.as_millisecond().into()])?)
        })?;
        self.0.terminals.forget(terminal);
        if changed == 0 { Err(HubError::UnknownTerminal(terminal)) } else { Ok(()) }
    }

    pub(crate) fn known_terminal(&self, terminal: TerminalId) -> Result<Option<Arc<KnownTerminal>>, HubError> {
        if let Some(known) = self.0.terminals.fresh(terminal) {
            return Ok(Some(known));
        }
        let known = self.0.database.read(|session| known_terminal(session, terminal))?.map(Arc::new);
        if let Some(known) = &known {
            self.0.terminals.keep(known);
        }
        Ok(known)
    }
}

fn known_terminal(session: &mut Session<'_>, terminal: TerminalId) -> Result<Option<KnownTerminal>, HubError> {
    session.query_one(
        "SELECT t.store, t.number, t.journal_key, t.request_key, t.revoked_at, s.settings \
         FROM terminals t JOIN stores s ON s.number = t.store WHERE t.id = $1",
        &[terminal.into()],
        |row| {
            let shop = store::shop(&row.text(5)?)?;
            Ok(KnownTerminal {
                id: terminal,
                store: row.int(0)?,
                number: row.int(1)?,
                journal_key: VerifyingKey::from_pem(&row.text(2)?)?,
                currency: shop.currency,
                zone: shop.zone(),
                day_starts_at: shop.day_starts_at,
                access: Access {
                    store: shop.id,
                    request_key: RequestPublicKey::from_text(&row.text(3)?)?,
                    revoked: row.optional_int(4)?.is_some(),
                },
            })
        },
    )
}

fn summary(row: &Row<'_>) -> Result<TerminalSummary, HubError> {
    let code = row.text(1)?;
    let number = row.int(2)?;
    Ok(TerminalSummary {
        id: TerminalId::from_uuid(row.uuid(0)?),
        store: StoreCode::parse(&code).map_err(|error| unreadable("store's code", &error))?,
        number: u32::try_from(number).map_err(|error| unreadable("terminal's number", &error))?,
        name: row.text(3)?,
        acked: row.count(4)?,
        seen_at: row.optional_int(5)?.map(time).transpose()?,
        enrolled_at: time(row.int(6)?)?,
        revoked_at: row.optional_int(7)?.map(time).transpose()?,
    })
}

/// A time as the database holds it.
pub(crate) fn time(milliseconds: i64) -> Result<Timestamp, HubError> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| unreadable("time", &error))
}

fn unreadable(what: &'static str, error: &dyn std::fmt::Display) -> HubError {
    HubError::Unreadable { what, detail: error.to_string() }
}
