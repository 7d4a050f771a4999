//! The floor of ingest: the same rows in plain tables, every signature verified, and nothing else.

use std::path::Path;
use std::sync::Mutex;

use domain::Event;
use journal::{Entry, VerifyingKey};
use postgres::{Client, NoTls};
use rusqlite::{Connection, TransactionBehavior};

use crate::Failure;

const TABLES: &str = "
    CREATE TABLE entries (terminal TEXT, seq BIGINT, hash TEXT, text TEXT, PRIMARY KEY (terminal, seq));
    CREATE TABLE orders (terminal TEXT, seq BIGINT, id TEXT, receipt TEXT, total BIGINT, tax BIGINT, PRIMARY KEY (terminal, seq));
    CREATE TABLE order_lines (terminal TEXT, seq BIGINT, line BIGINT, product TEXT, quantity BIGINT, payable BIGINT,
        PRIMARY KEY (terminal, seq, line));
    CREATE TABLE payments (terminal TEXT, seq BIGINT, number BIGINT, id TEXT, amount BIGINT, PRIMARY KEY (terminal, seq, number));
    CREATE TABLE posting_lines (terminal TEXT, seq BIGINT, account TEXT, amount BIGINT, PRIMARY KEY (terminal, seq, account));";
const ACCOUNTS: [&str; 4] = ["cash", "card_receivable", "revenue", "tax_payable"];

/// Plain tables on one of the databases.
pub enum Floor {
    /// One connection, one writer at a time, as SQLite has it.
    Sqlite(Mutex<Connection>),
    /// A connection a client.
    Postgres(String),
}

/// One client of the floor.
pub enum FloorClient<'a> {
    /// On the file.
    Sqlite(&'a Mutex<Connection>),
    /// On the server.
    Postgres(Box<Client>),
}

/// Entry, number, product, quantity and payable of each line.
type LineColumns = (Vec<i64>, Vec<i64>, Vec<String>, Vec<i64>, Vec<i64>);

/// The rows of a batch, a column a list.
#[derive(Default)]
struct Rows {
    terminal: String,
    entries: (Vec<i64>, Vec<String>, Vec<String>),
    orders: (Vec<String>, Vec<String>, Vec<i64>, Vec<i64>),
    lines: LineColumns,
    payments: (Vec<i64>, Vec<i64>, Vec<String>, Vec<i64>),
    postings: (Vec<i64>, Vec<&'static str>, Vec<i64>),
}

impl Floor {
    /// In a file.
    pub fn sqlite(file: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(file)?;
        connection.execute_batch(&format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLES}"))?;
        Ok(Self::Sqlite(Mutex::new(connection)))
    }

    /// On a server.
    pub fn postgres(url: &str) -> Result<Self, Failure> {
        Client::connect(url, NoTls)?.batch_execute(TABLES)?;
        Ok(Self::Postgres(url.to_owned()))
    }

    /// One client more.
    pub fn client(&self) -> Result<FloorClient<'_>, Failure> {
        Ok(match self {
            Self::Sqlite(connection) => FloorClient::Sqlite(connection),
            Self::Postgres(url) => FloorClient::Postgres(Box::new(Client::connect(url, NoTls)?)),
        })
    }
}

impl FloorClient<'_> {
    /// Verifies every signature of the batch and inserts its rows in one transaction.
    pub fn insert(&mut self, entries: &[String], key: &VerifyingKey) -> Result<(), Failure> {
        let rows = Rows::of(entries, key)?;
        match self {
            Self::Sqlite(connection) => {
                let mut connection = connection.lock().map_err(|_| Failure::Missing)?;
                rows.into_sqlite(&mut connection)
            }
            Self::Postgres(client) => rows.into_postgres(client),
        }
    }
}

fn verify(text: &str, key: &VerifyingKey) -> Result<Entry, Failure> {
    use base64::Engine;
    let (signed, signature) = text.rsplit_once('.').ok_or(Failure::Missing)?;
    let signature = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).map_err(|_| Failure::Crypto)?;
    key.verify(signed.as_bytes(), &signature)?;
    Entry::read(text).map_err(|_| Failure::Crypto)
}

impl Rows {
    fn of(entries: &[String], key: &VerifyingKey) -> Result<Self, Failure> {
        let mut rows = Self::default();
        for text in entries {
            let entry = verify(text, key)?;
            let Event::SaleCompleted(sale) = &entry.event else { return Err(Failure::Missing) };
            let (order, seq) = (&sale.order, i64::try_from(entry.seq).unwrap_or(0));
            rows.terminal = entry.terminal.to_string();
            rows.entries.0.push(seq);
            rows.entries.1.push(entry.hash.to_string());
            rows.entries.2.push(text.clone());
            rows.orders.0.push(order.id.to_string());
            rows.orders.1.push(order.receipt.to_string());
            rows.orders.2.push(order.total.minor());
            rows.orders.3.push(order.tax.minor());
            for (number, line) in (0..).zip(&order.lines) {
                rows.lines.0.push(seq);
                rows.lines.1.push(number);
                rows.lines.2.push(line.product.to_string());
                rows.lines.3.push(line.quantity.milli());
                rows.lines.4.push(line.payable.minor());
            }
            for (number, payment) in (0..).zip(&order.payments) {
                rows.payments.0.push(seq);
                rows.payments.1.push(number);
                rows.payments.2.push(payment.id.to_string());
                rows.payments.3.push(payment.amount.minor());
            }
            for account in ACCOUNTS {
                rows.postings.0.push(seq);
                rows.postings.1.push(account);
                rows.postings.2.push(order.total.minor());
            }
        }
        Ok(rows)
    }

    fn into_sqlite(self, connection: &mut Connection) -> Result<(), Failure> {
        let batch = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let terminal = &self.terminal;
        {
            let mut insert = batch.prepare_cached("INSERT INTO entries VALUES (?1, ?2, ?3, ?4)")?;
            for ((seq, hash), text) in self.entries.0.iter().zip(&self.entries.1).zip(&self.entries.2) {
                insert.execute((terminal, seq, hash, text))?;
            }
            let mut insert = batch.prepare_cached("INSERT INTO orders VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            for (index, seq) in self.entries.0.iter().enumerate() {
                let (id, receipt, total, tax) = &self.orders;
                insert.execute((terminal, seq, &id[index], &receipt[index], total[index], tax[index]))?;
            }
            let mut insert = batch.prepare_cached("INSERT INTO order_lines VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            let (seqs, numbers, products, quantities, payables) = &self.lines;
            for (index, seq) in seqs.iter().enumerate() {
                insert.execute((terminal, seq, numbers[index], &products[index], quantities[index], payables[index]))?;
            }
            let mut insert = batch.prepare_cached("INSERT INTO payments VALUES (?1, ?2, ?3, ?4, ?5)")?;
            let (seqs, numbers, ids, amounts) = &self.payments;
            for (index, seq) in seqs.iter().enumerate() {
                insert.execute((terminal, seq, numbers[index], &ids[index], amounts[index]))?;
            }
            let mut insert = batch.prepare_cached("INSERT INTO posting_lines VALUES (?1, ?2, ?3, ?4)")?;
            let (seqs, accounts, amounts) = &self.postings;
            for (index, seq) in seqs.iter().enumerate() {
                insert.execute((terminal, seq, accounts[index], amounts[index]))?;
            }
        }
        batch.commit()?;
        Ok(())
    }

    fn into_postgres(self, client: &mut Client) -> Result<(), Failure> {
        let terminal = &self.terminal;
        let mut batch = client.transaction()?;
        batch.execute(
            "INSERT INTO entries SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[])",
            &[terminal, &self.entries.0, &self.entries.1, &self.entries.2],
        )?;
        batch.execute(
            "INSERT INTO orders SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])",
            &[terminal, &self.entries.0, &self.orders.0, &self.orders.1, &self.orders.2, &self.orders.3],
        )?;
        batch.execute(
            "INSERT INTO order_lines SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])",
            &[terminal, &self.lines.0, &self.lines.1, &self.lines.2, &self.lines.3, &self.lines.4],
        )?;
        batch.execute(
            "INSERT INTO payments SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[])",
            &[terminal, &self.payments.0, &self.payments.1, &self.payments.2, &self.payments.3],
        )?;
        batch.execute(
            "INSERT INTO posting_lines SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bigint[])",
            &[terminal, &self.postings.0, &self.postings.1, &self.postings.2],
        )?;
        batch.commit()?;
        Ok(())
    }
}
