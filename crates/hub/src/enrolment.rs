//! How a terminal joins a store: a one-time code from a manager, its public keys, and proof that it holds the private one.

use std::fmt;

use domain::{Currency, Name, StoreCode};
use jiff::Timestamp;
use sync::wire::{Enrolment, EnrolmentRequest};

use crate::error::{HubError, Refused};
use crate::hub::Hub;

/// A terminal to be enrolled. A store that does not exist yet is made with these settings, or with the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddTerminal {
    /// The store's code.
    pub store: StoreCode,
    /// The terminal's name, for people.
    pub name: String,
    /// The currency of a new store; `CNY` when not said.
    pub currency: Option<Currency>,
    /// IANA time zone of a new store; `Asia/Shanghai` when not said.
    pub time_zone: Option<String>,
    /// Name of a new store on receipts; its code when not said.
    pub shop_name: Option<Name>,
}

/// A code that enrols one terminal once, for ten minutes. 128 random bits in Crockford's base 32, in groups.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// What is typed at the terminal.
    pub code: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolmentCode(until {})", self.expires_at)
    }
}

impl Hub {
    /// Makes a code that enrols one terminal of a store, and the store when there is none with that code.
    pub fn add_terminal(&self, terminal: &AddTerminal, now: Timestamp) -> Result<EnrolmentCode, HubError> {
        let _ = (terminal, now);
        todo!()
    }

    /// Takes a terminal in. The same terminal may send the same request again; nobody else may use its code.
    pub fn enrol(&self, request: &EnrolmentRequest, now: Timestamp) -> Result<Enrolment, Refused> {
        let _ = (request, now);
        todo!()
    }
}
