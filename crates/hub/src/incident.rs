//! Incidents: what must not happen and did, kept with its whole evidence.

use domain::{StoreId, TerminalId};
use jiff::Timestamp;
use sync::wire::Incidents;

use crate::error::{HubError, Refused};
use crate::hub::Hub;

impl Hub {
    /// The open incidents of a store, newest first.
    pub fn incidents(&self, store: StoreId) -> Result<Incidents, Refused> {
        let _ = store;
        todo!()
    }

    /// The evidence of an incident, whole: journal entries, one a line.
    pub fn evidence(&self, incident: i64) -> Result<Option<String>, HubError> {
        let _ = incident;
        todo!()
    }

    /// Writes down, once, that the terminal's clock is `seconds` ahead of the hub's (below zero: behind).
    pub fn flag_clock(&self, terminal: TerminalId, seconds: i64, now: Timestamp) -> Result<(), HubError> {
        let _ = (terminal, seconds, now);
        todo!()
    }
}
