//! What can go wrong with a database.

use thiserror::Error;

/// Why the database did not do what it was asked.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// Not the address of a database.
    #[error("'{0}' is not a database: write sqlite:PATH, a path, or postgres://user@host/database")]
    Url(String),
    /// It cannot be opened or reached.
    #[error("the database {url} cannot be opened: {cause}")]
    Open {
        /// Which, without its password.
        url: String,
        /// Why.
        cause: String,
    },
    /// Its schema was made by a newer version of this program.
    #[error("the database has schema version {found}, this program knows {known}: use the newer program; nothing was touched")]
    TooNew {
        /// Its version.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// The disk is full.
    #[error("the disk of the database is full: make room; what was acknowledged is safe")]
    Full,
    /// The file is damaged or no database.
    #[error("the database file is damaged or is no database ({0}): restore it from a copy")]
    Damaged(String),
    /// Another process or transaction is in the way; may be tried again.
    #[error("the database is busy: try again ({0})")]
    Busy(String),
    /// The connection was lost; may be tried again.
    #[error("the connection to the database was lost: {0}")]
    Lost(String),
    /// A rule that the database itself keeps was about to be broken.
    #[error("the database refused: {0}")]
    Refused(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl DatabaseError {
    /// True when the same transaction may succeed if it is tried again.
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Lost(_))
    }
}
