//! A hub on either database, with direct SQL beside it.

use std::path::PathBuf;

use domain::{Currency, Shop, StoreCode, StoreId};
use hub::{AddTerminal, DatabaseUrl, EnrolmentCode, Hub};
use jiff::Timestamp;
use sync::wire::ProblemKind;
use test_support::postgres::Database;

/// Makes of each function two tests, one for each database.
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* fn $name:ident($hub:ident) $body:block)*) => {
        mod promises {
            #[allow(unused_imports, reason = "not every module needs all of its parent")]
            use super::*;
            $($(#[$attribute])* pub(super) fn $name($hub: &$crate::support::TestHub) $body)*
        }
        mod sqlite {
            $(#[test] fn $name() { super::promises::$name(&$crate::support::TestHub::sqlite()) })*
        }
        mod postgres {
            $(#[test] fn $name() { super::promises::$name(&$crate::support::TestHub::postgres()) })*
        }
    };
}
pub(crate) use on_both_databases;

/// A hub, its clock, and its database.
pub struct TestHub {
    pub hub: Hub,
    pub url: DatabaseUrl,
    beside: Beside,
}

enum Beside {
    Sqlite {
        file: PathBuf,
        _folder: tempfile::TempDir,
    },
    /// The database, and the folder of the master key of its members.
    Postgres(Database, tempfile::TempDir),
}

/// The hub's time in every test.
pub fn now() -> Timestamp {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

pub fn cny() -> Currency {
    Currency::parse("CNY").unwrap()
}

pub fn code(text: &str) -> StoreCode {
    StoreCode::parse(text).unwrap()
}

impl TestHub {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.sqlite");
        let url = DatabaseUrl::file(&file);
        Self { hub: Hub::open(&url).unwrap(), url, beside: Beside::Sqlite { file, _folder: folder } }
    }

    pub fn postgres() -> Self {
        let database = Database::create();
        let url: DatabaseUrl = database.url().parse().unwrap();
        let keys = tempfile::tempdir().unwrap();
        let hub = Hub::open_with_member_key(&url, keys.path().join("members.key")).unwrap();
        Self { hub, url, beside: Beside::Postgres(database, keys) }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.beside, Beside::Postgres(..))
    }

    /// Runs SQL past the hub, as anybody with the database's password could.
    pub fn sql(&self, sql: &str) -> Result<(), String> {
        match &self.beside {
            Beside::Sqlite { file, .. } => {
                let connection = rusqlite::Connection::open(file).unwrap();
                connection.execute_batch("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = OFF").unwrap();
                connection.execute_batch(sql).map_err(|error| error.to_string())
            }
            Beside::Postgres(database, _) => database
                .connect()
                .batch_execute(sql)
                .map_err(|error| error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())),
        }
    }

    /// The one number that `sql` answers.
    pub fn number(&self, sql: &str) -> i64 {
        match &self.beside {
            Beside::Sqlite { file, .. } => {
                let connection = rusqlite::Connection::open(file).unwrap();
                connection.query_row(sql, [], |row| row.get(0)).unwrap()
            }
            Beside::Postgres(database, _) => {
                let sql = format!("SELECT CAST(({sql}) AS BIGINT)");
                database.connect().query_one(&sql, &[]).unwrap().get(0)
            }
        }
    }

    /// The one text that `sql` answers.
    pub fn text(&self, sql: &str) -> String {
        match &self.beside {
            Beside::Sqlite { file, .. } => {
                let connection = rusqlite::Connection::open(file).unwrap();
                connection.query_row(sql, [], |row| row.get(0)).unwrap()
            }
            Beside::Postgres(database, _) => database.connect().query_one(sql, &[]).unwrap().get(0),
        }
    }

    /// A code for another terminal of store `store`.
    pub fn enrolment_code(&self, store: &str) -> EnrolmentCode {
        self.hub.add_terminal(&new_terminal(store), now()).unwrap()
    }

    pub fn shop(&self, store: &str) -> Shop {
        self.hub.store(&code(store)).unwrap()
    }

    /// Kinds of the open incidents of a store, newest first.
    pub fn incidents(&self, store: StoreId) -> Vec<ProblemKind> {
        self.hub.incidents(store).unwrap().incidents.into_iter().map(|incident| incident.kind).collect()
    }

    /// The hub begun anew over the same database.
    pub fn reopened(&self) -> Hub {
        Hub::open(&self.url).unwrap()
    }
}

pub fn new_terminal(store: &str) -> AddTerminal {
    AddTerminal { store: code(store), name: "Till".to_owned(), currency: None, time_zone: None, shop_name: None }
}
