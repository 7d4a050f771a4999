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

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(text),
            Some(Code::DiskFull) => Self::Full,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(text),
            Some(Code::ConstraintViolation) => Self::Refused(text),
            _ => Self::Failed(text),
        }
    }
}

impl From<postgres::Error> for DatabaseError {
    fn from(error: postgres::Error) -> Self {
        let text = super::postgres::explain(&error);
        let Some(code) = error.code().map(|state| state.code().to_owned()) else {
            return if error.is_closed() { Self::Lost(text) } else { lost_or_failed(&error, text) };
        };
        match code.as_str() {
            // serialization_failure, deadlock_detected, lock_not_available
            "40001" | "40P01" | "55P03" => Self::Busy(text),
            "53100" => Self::Full,
            // admin_shutdown, crash_shutdown, cannot_connect_now
            "57P01" | "57P02" | "57P03" => Self::Lost(text),
            _ if code.starts_with("08") => Self::Lost(text),
            _ if code.starts_with("23") || code.starts_with("TB") => Self::Refused(text),
            _ if code.starts_with("XX") => Self::Damaged(text),
            _ => Self::Failed(text),
        }
    }
}

/// An error that the server did not send: of the connection, or of a value that does not fit.
fn lost_or_failed(error: &postgres::Error, text: String) -> DatabaseError {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if inner.is::<std::io::Error>() {
            return DatabaseError::Lost(text);
        }
        cause = inner.source();
    }
    DatabaseError::Failed(text)
}
