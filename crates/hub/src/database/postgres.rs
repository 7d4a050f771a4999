//! PostgreSQL: a small pool of connections, each with its prepared statements.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use postgres::{Client, Config, NoTls, Statement};

use super::session::Session;
use super::{DatabaseError, DatabaseUrl, WorkError, dialect, migrations};

/// Connections at most; requests beyond that wait for one.
const MAX_CONNECTIONS: usize = 12;
/// Statements that a connection keeps prepared.
const MAX_STATEMENTS: usize = 256;

/// An open PostgreSQL database.
pub(super) struct Postgres {
    config: Config,
    shown: String,
    pool: Mutex<Pool>,
    freed: Condvar,
}

struct Pool {
    idle: Vec<PooledClient>,
    open: usize,
}

/// A connection with its prepared statements.
pub(super) struct PooledClient {
    pub(super) client: Client,
    statements: HashMap<Box<str>, Statement>,
}

impl PooledClient {
    /// The statement, prepared on first use.
    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, DatabaseError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= MAX_STATEMENTS {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

impl Postgres {
    pub(super) fn open(url: &DatabaseUrl) -> Result<Self, DatabaseError> {
        let DatabaseUrl::Postgres(text) = url else { return Err(DatabaseError::Url(url.to_string())) };
        let shown = url.to_string();
        let open_error = |cause: String| DatabaseError::Open { url: shown.clone(), cause };
        let mut config: Config = text.parse().map_err(|error: postgres::Error| open_error(explain(&error)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_application_name().is_none() {
            config.application_name("tillbridge-hub");
        }
        let postgres = Self { config, shown, pool: Mutex::new(Pool { idle: Vec::new(), open: 0 }), freed: Condvar::new() };
        postgres.with_connection(migrations::run)?;
        Ok(postgres)
    }

    /// Runs `work` on a connection of the pool. One that broke is not used again.
    pub(super) fn with_connection<T, E: WorkError>(&self, work: impl FnOnce(&mut Session<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut lease = self.lease()?;
        let client = lease.client.as_mut().expect("a lease holds its connection until it is dropped");
        let result = work(&mut Session::postgres(client));
        lease.reusable = true;
        result
    }

    fn lease(&self) -> Result<Lease<'_>, DatabaseError> {
        let mut pool = self.locked();
        loop {
            while let Some(client) = pool.idle.pop() {
                if !client.client.is_closed() {
                    return Ok(Lease { of: self, client: Some(client), reusable: false });
                }
                pool.open -= 1;
                let_go(client);
            }
            if pool.open < MAX_CONNECTIONS {
                pool.open += 1;
                break;
            }
            pool = self.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pool);
        // From here the lease gives the place in the pool back, also when no connection comes about.
        let mut lease = Lease { of: self, client: None, reusable: false };
        lease.client = Some(self.connect()?);
        Ok(lease)
    }

    fn connect(&self) -> Result<PooledClient, DatabaseError> {
        let open_error = |error: &postgres::Error| DatabaseError::Open { url: self.shown.clone(), cause: explain(error) };
        let mut client = self.config.connect(NoTls).map_err(|error| open_error(&error))?;
        client.batch_execute(dialect::POSTGRES_SETTINGS).map_err(|error| open_error(&error))?;
        Ok(PooledClient { client, statements: HashMap::new() })
    }

    fn locked(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.locked().idle);
        idle.into_iter().for_each(let_go);
    }
}

/// A connection taken from the pool.
struct Lease<'p> {
    of: &'p Postgres,
    client: Option<PooledClient>,
    reusable: bool,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut pool = self.of.locked();
        match self.client.take() {
            Some(client) if self.reusable && !client.client.is_closed() => pool.idle.push(client),
            broken => {
                pool.open -= 1;
                broken.into_iter().for_each(let_go);
            }
        }
        self.of.freed.notify_one();
    }
}

/// Closes a connection on a thread of its own: it ends a runtime, which must not happen on another runtime's thread.
fn let_go(client: PooledClient) {
    std::thread::spawn(move || drop(client));
}

/// The error with its causes.
pub(super) fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}
