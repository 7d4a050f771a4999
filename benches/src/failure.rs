//! Why a bench could not be run.

use std::path::PathBuf;

use thiserror::Error;

/// Why a bench could not be run.
#[derive(Debug, Error)]
pub enum Failure {
    /// A program of the build is not there.
    #[error("{} is not built: run ./dev build first, or use ./dev bench", .0.display())]
    NotBuilt(PathBuf),
    /// A child process did not answer.
    #[error("a child process did not give a figure: {0}")]
    Child(String),
    /// Something that must be there is not.
    #[error("something that must be there is missing")]
    Missing,
    /// A key could not be made or used.
    #[error("the cryptography library refused")]
    Crypto,
    /// The hub refused.
    #[error("the hub refused: {0}")]
    Refused(String),
    /// The terminal refused a command.
    #[error(transparent)]
    Command(#[from] till::api::Problem),
    /// The terminal did not open.
    #[error(transparent)]
    Terminal(#[from] till::TillError),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A key.
    #[error(transparent)]
    Key(#[from] journal::KeyError),
    /// A journal entry.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] hub::HubError),
    /// The hub's database address.
    #[error(transparent)]
    Database(#[from] hub::DatabaseError),
    /// The hub's socket.
    #[error(transparent)]
    Serve(#[from] hub::server::ServeError),
    /// A request to the hub.
    #[error(transparent)]
    Client(#[from] sync::ClientError),
    /// A rule.
    #[error(transparent)]
    Cart(#[from] domain::CartError),
    /// A rule.
    #[error(transparent)]
    Tender(#[from] domain::TenderError),
    /// An amount.
    #[error(transparent)]
    Money(#[from] domain::MoneyError),
    /// The floor's SQLite.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The floor's PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}
