//! Ingest: entries of a terminal's journal, checked, kept verbatim and projected, once.

use domain::TerminalId;
use jiff::Timestamp;
use sync::wire::PushAnswer;

use crate::error::Refused;
use crate::hub::Hub;

impl Hub {
    /// Takes in `entries` of the journal of `terminal`: all of them or none. What is held already is acknowledged again.
    /// Entries of a lost terminal that another one hands in come here too, under the lost terminal's id; the caller has
    /// checked that the other one may.
    pub fn ingest(&self, terminal: TerminalId, entries: &[String], now: Timestamp) -> Result<PushAnswer, Refused> {
        let _ = (terminal, entries, now);
        todo!()
    }

    /// What the hub holds of the journal of `terminal`, countersigned.
    pub fn head(&self, terminal: TerminalId) -> Result<PushAnswer, Refused> {
        let _ = terminal;
        todo!()
    }
}
