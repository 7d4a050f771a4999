//! The database: SQLite or PostgreSQL behind one small interface. SQL texts are shared, with `$1` parameters; what differs
//! between the two sits in [`dialect`].

mod column;
mod dialect;
mod error;
mod migrations;
mod postgres;
mod session;
mod sqlite;
mod url;
mod value;

use std::time::Duration;

pub(crate) use column::{Column, ColumnType, Insert, Rows};
pub use error::DatabaseError;
pub(crate) use session::Session;
pub use url::DatabaseUrl;
pub(crate) use value::{Row, Value};

/// How often a transaction that met another one is tried again.
const TRIES: u32 = 8;

/// An error of work done in a transaction.
pub trait WorkError: From<DatabaseError> + Send + 'static {
    /// True when the same work may succeed if it is tried again.
    fn may_retry(&self) -> bool;
}

impl WorkError for DatabaseError {
    fn may_retry(&self) -> bool {
        Self::may_retry(self)
    }
}

/// An open database with its connections.
pub struct Database {
    engine: Engine,
}

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(Box<postgres::Postgres>),
}

impl Database {
    /// Opens the database and brings its schema up to date. One of a newer version is not touched.
    pub fn open(url: &DatabaseUrl) -> Result<Self, DatabaseError> {
        let engine = match url {
            DatabaseUrl::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path)?),
            DatabaseUrl::Postgres(_) => Engine::Postgres(Box::new(postgres::Postgres::open(url)?)),
        };
        Ok(Self { engine })
    }

    /// Statements that read, each for itself.
    pub(crate) fn read<T, E: WorkError>(&self, work: impl Fn(&mut Session<'_>) -> Result<T, E>) -> Result<T, E> {
        retrying(|| match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(|session| work(session)),
            Engine::Postgres(postgres) => postgres.with_connection(|session| work(session)),
        })
    }

    /// Statements that read one and the same state.
    pub(crate) fn read_at_once<T, E: WorkError>(&self, work: impl Fn(&mut Session<'_>) -> Result<T, E>) -> Result<T, E> {
        retrying(|| match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(|session| in_transaction(session, dialect::SQLITE_BEGIN_READ, &work)),
            Engine::Postgres(postgres) => {
                postgres.with_connection(|session| in_transaction(session, dialect::POSTGRES_BEGIN_READ, &work))
            }
        })
    }

    /// One writing transaction: all of `work` is kept, on disk, or nothing of it. It is run again when another transaction
    /// was in the way.
    pub(crate) fn write<T, E>(&self, work: impl Fn(&mut Session<'_>) -> Result<T, E> + Send + Sync + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: WorkError,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => {
                let work = std::sync::Arc::new(work);
                retrying(|| sqlite.write(&work))
            }
            Engine::Postgres(postgres) => {
                retrying(|| postgres.with_connection(|session| in_transaction(session, dialect::POSTGRES_BEGIN_WRITE, &work)))
            }
        }
    }
}

/// Runs `work` between `begin` and COMMIT; after an error nothing of it is left.
fn in_transaction<T, E: WorkError>(
    session: &mut Session<'_>,
    begin: &str,
    work: impl Fn(&mut Session<'_>) -> Result<T, E>,
) -> Result<T, E> {
    session.batch(begin)?;
    match work(session) {
        Ok(done) => {
            session.batch("COMMIT")?;
            Ok(done)
        }
        Err(error) => {
            // A connection that cannot even roll back is given up by its pool.
            let _ = session.batch("ROLLBACK");
            Err(error)
        }
    }
}

fn retrying<T, E: WorkError>(mut attempt: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_millis(2);
    for _ in 1..TRIES {
        match attempt() {
            Err(error) if error.may_retry() => {
                let jitter = rand::random_range(0..=pause.as_micros().try_into().unwrap_or(u64::MAX));
                std::thread::sleep(pause + Duration::from_micros(jitter));
                pause *= 2;
            }
            done => return done,
        }
    }
    attempt()
}
