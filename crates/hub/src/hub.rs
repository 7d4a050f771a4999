//! The hub, opened over a database.

use std::sync::Arc;

use crate::database::DatabaseUrl;
use crate::error::HubError;

/// The hub: every method blocks, so asynchronous callers go through `spawn_blocking`. Cheap to clone.
#[derive(Clone)]
pub struct Hub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {}

/// What the hub holds and has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Entries taken in since the hub was opened.
    pub entries_ingested: u64,
    /// Entries that were sent again and were held already.
    pub entries_repeated: u64,
    /// Pushes that were refused.
    pub pushes_refused: u64,
    /// Incidents written down.
    pub incidents: u64,
}

impl Hub {
    /// Opens the database, brings its schema up to date (forward only; a newer one is refused) and reads or makes the hub's key.
    pub fn open(database: &DatabaseUrl) -> Result<Self, HubError> {
        let _ = database;
        todo!()
    }

    /// Public key of the hub's countersignatures: Ed25519, base64url without padding.
    pub fn public_key(&self) -> &str {
        todo!()
    }

    /// Ok when the database answers.
    pub fn ping(&self) -> Result<(), HubError> {
        todo!()
    }

    /// What the hub has done since it was opened.
    pub fn statistics(&self) -> Statistics {
        todo!()
    }
}
