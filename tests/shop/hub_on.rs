//! A hub on either database, served on loopback until it is dropped.

use domain::{Currency, Name, StoreCode};
use hub::server::{ServeOptions, bind};
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;
use test_support::postgres::Database;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::goods::{STORE, catalogue};

/// Which database a hub keeps its books in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A file.
    Sqlite,
    /// A server that the test starts itself.
    Postgres,
}

enum Kept {
    Folder(tempfile::TempDir),
    Server(Database),
}

/// A served hub whose one store has the shop's catalogue.
pub struct TestHub {
    /// The hub itself.
    pub hub: Hub,
    /// Its address.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
    kept: Kept,
}

impl TestHub {
    /// Starts a hub on an empty database.
    pub fn start(on: On) -> Self {
        let (kept, database) = match on {
            On::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder");
                let database = DatabaseUrl::file(folder.path().join("hub.sqlite"));
                (Kept::Folder(folder), database)
            }
            On::Postgres => {
                let server = Database::create();
                let database = server.url().parse().expect("a database address");
                (Kept::Server(server), database)
            }
        };
        let hub = Hub::open(&database).expect("the hub opens");
        let runtime = Runtime::new().expect("a runtime");
        let options = ServeOptions::new("127.0.0.1:0".parse().expect("an address"));
        let server = runtime.block_on(bind(hub.clone(), options)).expect("the hub binds");
        let url = server.url();
        let (stop, stopped) = oneshot::channel::<()>();
        runtime.spawn(server.run(async {
            let _ = stopped.await;
        }));
        let test_hub = Self { hub, url, stop: Some(stop), runtime: Some(runtime), kept };
        test_hub.code("first");
        let store = test_hub.hub.store(&Self::store()).expect("the store is there").id;
        test_hub.hub.publish(store, &catalogue()).expect("the catalogue is taken");
        test_hub
    }

    /// The store's code.
    pub fn store() -> StoreCode {
        StoreCode::parse(STORE).expect("a code")
    }

    /// A one-time code for a new terminal.
    pub fn code(&self, name: &str) -> String {
        let terminal = AddTerminal {
            store: Self::store(),
            name: name.to_owned(),
            currency: Some(Currency::parse("CNY").expect("a currency")),
            time_zone: Some("Asia/Shanghai".to_owned()),
            shop_name: Some(Name { zh: "小店".to_owned(), en: "Corner shop".to_owned() }),
        };
        self.hub.add_terminal(&terminal, Timestamp::now()).expect("a code").code
    }

    /// The one row of `N` columns that `sql` gives, as text.
    pub fn values<const N: usize>(&self, sql: &str) -> [String; N] {
        self.row(sql).try_into().unwrap_or_else(|row| panic!("{sql} gives {row:?}"))
    }

    /// The one row that `sql` gives, its columns as text. For looking into the database past the hub.
    pub fn row(&self, sql: &str) -> Vec<String> {
        match &self.kept {
            Kept::Folder(folder) => {
                let file = folder.path().join("hub.sqlite");
                let connection = rusqlite::Connection::open(file).expect("the file opens");
                let read = |row: &rusqlite::Row<'_>| {
                    (0..row.as_ref().column_count())
                        .map(|column| row.get::<_, rusqlite::types::Value>(column).map(plain))
                        .collect()
                };
                connection.query_row(sql, [], read).expect("one row")
            }
            Kept::Server(server) => {
                let rows = server.connect().simple_query(sql).expect("the query runs");
                let row = rows.iter().find_map(|message| match message {
                    postgres::SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                let row = row.expect("one row");
                (0..row.len()).map(|column| row.get(column).unwrap_or_default().to_owned()).collect()
            }
        }
    }
}

fn plain(value: rusqlite::types::Value) -> String {
    match value {
        rusqlite::types::Value::Null => String::new(),
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Real(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Blob(bytes) => hex::encode(bytes),
    }
}

impl Drop for TestHub {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        }
    }
}
