//! The terminals of the stores.

use domain::{StoreCode, StoreId, TerminalId};
use jiff::Timestamp;
use journal::RequestPublicKey;

use crate::error::HubError;
use crate::hub::Hub;

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

impl Hub {
    /// What requests of `terminal` are checked against; `None` when it is not enrolled. May lie a second behind another
    /// process's revocation; a push is always checked against the database itself.
    pub fn access(&self, terminal: TerminalId) -> Result<Option<Access>, HubError> {
        let _ = terminal;
        todo!()
    }

    /// The terminals of a store, or all of them, by store and number.
    pub fn terminals(&self, store: Option<&StoreCode>) -> Result<Vec<TerminalSummary>, HubError> {
        let _ = store;
        todo!()
    }

    /// Refuses the terminal's key from now on. Revoking twice is once.
    pub fn revoke_terminal(&self, terminal: TerminalId, now: Timestamp) -> Result<(), HubError> {
        let _ = (terminal, now);
        todo!()
    }
}
