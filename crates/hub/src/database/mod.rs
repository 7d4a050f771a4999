//! The database: SQLite or PostgreSQL behind one small interface.

mod error;
mod url;

pub use error::DatabaseError;
pub use url::DatabaseUrl;

/// An open database.
pub struct Database {}
