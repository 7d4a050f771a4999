//! What the tests of the hub share: a terminal that signs as a real one does, and a place for a hub's data on each database.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]

use domain::event::SaleCompleted;
use domain::{
    Currency, Event, Money, Name, Order, OrderId, OrderLine, Payment, PaymentId, ProductId, Quantity, ReceiptNumber, Refund, Sku,
    StoreCode, Tender, TerminalId, Unit, UnitPrice,
};
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;
use journal::{Entry, Head, TerminalKeys};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use sync::signature::{CONTENT_DIGEST, RequestParts, SIGNATURE, SIGNATURE_INPUT, sign};
use sync::wire::{Enrolment, Problem, PushAnswer, PushRequest};
use tempfile::TempDir;

/// A nonce; requests are safe to repeat, so any will do.
const NONCE: &str = "AAECAwQFBgcICQoLDA0ODw";

/// Where a hub of a test keeps its data.
pub struct Place {
    pub database: DatabaseUrl,
    /// What goes after `--database`.
    pub url: String,
    _folder: Option<TempDir>,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("hub.sqlite").display());
        Self { database: url.parse().expect("a database"), url, _folder: Some(folder) }
    }

    pub fn postgres() -> Self {
        // A blocking client must not be used on an asynchronous thread.
        let url = std::thread::spawn(|| test_support::postgres::Database::create().url().to_owned())
            .join()
            .expect("a PostgreSQL of the test's own");
        Self { database: url.parse().expect("a database"), url, _folder: None }
    }

    /// One number from the database.
    pub fn count(&self, sql: &str) -> i64 {
        let (database, sql) = (self.database.clone(), sql.to_owned());
        let ask = move || match database {
            DatabaseUrl::Sqlite(file) => {
                let database = rusqlite::Connection::open(file).expect("the hub's file");
                database.query_row(&sql, [], |row| row.get(0)).expect("a number")
            }
            DatabaseUrl::Postgres(url) => {
                let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("the test's PostgreSQL");
                client.query_one(sql.as_str(), &[]).expect("a number").get(0)
            }
        };
        std::thread::spawn(ask).join().expect("the database answers")
    }
}

/// Writes each test twice, once for each database.
macro_rules! on_both_databases {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { super::$test(super::fake::Place::sqlite()).await; })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { super::$test(super::fake::Place::postgres()).await; })*
        }
    };
}
pub(crate) use on_both_databases;

/// What a hub said: the answer, or its refusal.
pub type Answer<T> = Result<T, Box<Problem>>;

/// A terminal as the hub sees it.
pub struct FakeTerminal {
    pub id: TerminalId,
    pub keys: TerminalKeys,
    pub hub: String,
    /// Its journal.
    pub entries: Vec<String>,
    pub head: Head,
    pub client: reqwest::Client,
    /// Its clock minus the true time, in seconds.
    pub clock_ahead: i64,
}

impl FakeTerminal {
    pub fn new(hub: &str) -> Self {
        Self {
            id: TerminalId::generate(),
            keys: TerminalKeys::generate().expect("keys"),
            hub: hub.to_owned(),
            entries: Vec::new(),
            head: Head::START,
            client: client(),
            clock_ahead: 0,
        }
    }

    /// One that has joined `store`, by a code from `from`.
    pub async fn joined(hub: &str, from: &Hub, store: &str) -> (Self, Enrolment) {
        let terminal = Self::new(hub);
        let enrolment = terminal.enrol(&code(from, store).await).await.expect("joined");
        (terminal, enrolment)
    }

    pub async fn enrol(&self, code: &str) -> Answer<Enrolment> {
        let request = sync::compose_enrolment(code, self.id, &self.keys).expect("a request");
        let body = serde_json::to_vec(&request).expect("JSON");
        read(self.client.post(format!("{}/v1/enrolments", self.hub)).body(body).send().await.expect("an answer")).await
    }

    /// Signs the next entry.
    pub fn sign(&mut self, event: Event) -> String {
        let entry = Entry::sign(&self.keys.journal, self.id, self.head, Timestamp::now(), None, event).expect("signed");
        self.head = entry.head();
        self.entries.push(entry.text.clone());
        entry.text
    }

    /// Sells one thing for `fen`.
    pub fn sell(&mut self, fen: i64) -> String {
        let order = order(self.entries.len() as u64 + 1, fen);
        self.sign(Event::SaleCompleted(SaleCompleted { order }))
    }

    /// Gives `fen` back.
    pub fn refund(&mut self, fen: i64) -> String {
        let order = order(self.entries.len() as u64 + 1, fen);
        self.sign(Event::RefundCompleted(Refund {
            of: None,
            reason: "broken".to_owned(),
            approved_by: None,
            of_receipt: None,
            unchecked: false,
            exchange: None,
            order,
        }))
    }

    pub async fn push(&self, entries: &[String]) -> Answer<PushAnswer> {
        self.push_for(self.id, entries).await
    }

    /// Hands in entries of the journal of `terminal`.
    pub async fn push_for(&self, terminal: TerminalId, entries: &[String]) -> Answer<PushAnswer> {
        let body = serde_json::to_vec(&PushRequest { entries: entries.to_vec(), journal_ends_at: None }).expect("JSON");
        self.ask(Method::POST, &format!("/v1/terminals/{terminal}/entries"), body).await
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        self.ask(Method::GET, path, Vec::new()).await
    }

    pub async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Vec<u8>) -> Answer<T> {
        read(self.request(method, path, body).send().await.expect("an answer")).await
    }

    /// A signed request.
    pub fn request(&self, method: Method, path_and_query: &str, body: Vec<u8>) -> reqwest::RequestBuilder {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let parts = RequestParts { method: method.as_str(), path, query, body: &body };
        let created = Timestamp::now().as_second() + self.clock_ahead;
        let signed = sign(parts, self.id, created, NONCE, &self.keys.request).expect("signed");
        self.client
            .request(method, format!("{}{path_and_query}", self.hub))
            .header(CONTENT_DIGEST, signed.content_digest)
            .header(SIGNATURE_INPUT, signed.signature_input)
            .header(SIGNATURE, signed.signature)
            .body(body)
    }
}

/// A client that asks the hub itself, whatever proxy the machine has.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// Reads an answer; a refusal must be a problem of RFC 9457 whose status is the answer's.
pub async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Answer<T> {
    let status = response.status();
    let media_type = response.headers().get("content-type").cloned();
    let body = response.bytes().await.expect("a whole answer");
    if status == StatusCode::OK {
        return Ok(serde_json::from_slice(&body).expect("the answer that the route promises"));
    }
    assert_eq!(
        media_type.as_ref().map(reqwest::header::HeaderValue::as_bytes),
        Some(&b"application/problem+json"[..]),
        "{status}"
    );
    let problem: Problem = serde_json::from_slice(&body).expect("a problem");
    assert_eq!(problem.status, status.as_u16());
    assert!(!problem.detail.is_empty());
    Err(Box::new(problem))
}

/// A one-time code for a terminal of `store`.
pub async fn code(hub: &Hub, store: &str) -> String {
    let (hub, store) = (hub.clone(), StoreCode::parse(store).expect("a code"));
    let add = AddTerminal { store, name: "Till".to_owned(), currency: None, time_zone: None, shop_name: None };
    let made = tokio::task::spawn_blocking(move || hub.add_terminal(&add, Timestamp::now())).await.expect("no panic");
    made.expect("a code").code
}

/// An order of one thing, paid in cash.
pub fn order(number: u64, fen: i64) -> Order {
    let currency = Currency::parse("CNY").expect("a currency");
    let (amount, zero) = (Money::from_minor(fen, currency), Money::zero(currency));
    let line = OrderLine {
        product: ProductId::from_uuid(uuid::Uuid::from_u128(1)),
        sku: Sku::parse("TEA").expect("a code"),
        name: Name { zh: "茶".to_owned(), en: "Tea".to_owned() },
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        unit_price: UnitPrice::parse(&amount.amount(), currency).expect("a price"),
        list_price: None,
        extended: amount,
        discounts: Vec::new(),
        tax_inclusive: true,
        taxes: Vec::new(),
        net: amount,
        payable: amount,
        of_line: None,
    };
    let tender = Tender::Cash { given: amount, change: zero };
    Order {
        id: OrderId::generate(),
        receipt: ReceiptNumber::compose(&StoreCode::parse("S1").expect("a code"), 1, number),
        currency,
        lines: vec![line],
        total: amount,
        tax: zero,
        rounding: zero,
        payments: vec![Payment { id: PaymentId::generate(), amount, tender }],
        external_reference: None,
        member: None,
        points: None,
        note: String::new(),
        promotions: Vec::new(),
        coupons: Vec::new(),
        acknowledged: None,
    }
}
