//! Finishing a sale: our core call against one bare SQLite transaction of the same rows and one bare RSA signature.

use std::fs::File;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use rusqlite::Connection;
use till::api::{BeginPaymentArgs, Commands, FinishArgs, ScanArgs, SignInArgs, TenderCardArgs, TenderCashArgs};
use till::{Terminal, TerminalOptions};

use crate::measure::{Samples, time};
use crate::report::Row;
use crate::{Failure, goods, people};

const LINES: u64 = 5;
const WARM_UP: usize = 60;
const ROUNDS: usize = 600;
const SESSION: &str = "bench";

/// p50 and p99 of finishing a sale of five lines and two payments.
pub fn rows() -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let options = TerminalOptions { vault: journal::VaultKind::File, ..TerminalOptions::new(folder.path().join("till")) };
    let terminal = Terminal::open(options)?;
    let mut changes: Vec<_> = goods::changes(200).collect();
    changes.push(domain::Change::Staff(people::manager()));
    terminal.store().apply_changes(&changes, 1)?;
    terminal.sign_in(SESSION, SignInArgs { staff: people::MANAGER.to_owned(), pin: people::PIN.to_owned() })?;
    let mut floor = Floor::open(&folder.path().join("floor.sqlite"))?;

    let log = folder.path().join("till/till.sqlite-wal");
    let (mut ours, mut bare) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for round in 0..WARM_UP + ROUNDS {
        ring_up(&terminal, round)?;
        // A cashier takes longer than the store's idle flush between the last scan and the payment.
        File::open(&log)?.sync_all()?;
        take_payment(&terminal)?;
        let mut run_floor = || time(|| floor.sale(round));
        let before = if round % 2 == 0 { Some(run_floor()) } else { None };
        let (millis, receipt) = time(|| terminal.finish(SESSION, FinishArgs { print: Some(false) }));
        receipt?;
        let (floor_millis, done) = match before {
            Some(before) => before,
            None => run_floor(),
        };
        done?;
        if round >= WARM_UP {
            ours.push(millis);
            bare.push(floor_millis);
        }
    }
    let (ours, bare): (Samples, Samples) = (ours.into_iter().collect(), bare.into_iter().collect());
    Ok(vec![
        Row::slower_than_floor("finish a sale, p50", ours.quantile(0.5), bare.quantile(0.5), "ms", 1.3),
        Row::slower_than_floor("finish a sale, p99", ours.quantile(0.99), bare.quantile(0.99), "ms", 2.0),
    ])
}

fn ring_up(terminal: &Terminal, round: usize) -> Result<(), Failure> {
    let round = u64::try_from(round).unwrap_or(0);
    for line in 0..LINES {
        let code = goods::barcode((round * 7 + line * 31) % 200);
        terminal.scan(SESSION, ScanArgs { code, quantity: "1".to_owned() })?;
    }
    Ok(())
}

fn take_payment(terminal: &Terminal) -> Result<(), Failure> {
    terminal.begin_payment(SESSION, BeginPaymentArgs {})?;
    terminal.tender_cash(SESSION, TenderCashArgs { given: "1".to_owned() })?;
    terminal.tender_card(SESSION, TenderCardArgs { amount: String::new(), reference: "SLIP 1".to_owned() })?;
    Ok(())
}

/// The least that a sale needs: one signature and one durable transaction of its rows.
struct Floor {
    connection: Connection,
    key: KeyPair,
    payload: Vec<u8>,
}

impl Floor {
    fn open(file: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE journal (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
             CREATE TABLE orders (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, receipt TEXT NOT NULL, at INTEGER NOT NULL,
                 total INTEGER NOT NULL, tax INTEGER NOT NULL) STRICT;
             CREATE TABLE order_lines (seq INTEGER, line INTEGER, product BLOB NOT NULL, moved INTEGER NOT NULL, net INTEGER NOT NULL,
                 payable INTEGER NOT NULL, PRIMARY KEY (seq, line)) STRICT, WITHOUT ROWID;
             CREATE TABLE payments (seq INTEGER, payment INTEGER, id BLOB NOT NULL, tender TEXT NOT NULL, amount INTEGER NOT NULL,
                 PRIMARY KEY (seq, payment)) STRICT, WITHOUT ROWID;",
        )?;
        let key = KeyPair::generate(KeySize::Rsa3072).map_err(|_| Failure::Crypto)?;
        // About what a sale of five lines takes in the journal.
        Ok(Self { connection, key, payload: vec![b'x'; 3_600] })
    }

    fn sale(&mut self, round: usize) -> Result<(), Failure> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &self.payload, &mut signature).map_err(|_| Failure::Crypto)?;
        let text = String::from_utf8_lossy(&self.payload).into_owned() + &"s".repeat(512);
        let (seq, id) = (i64::try_from(round).unwrap_or(0), *uuid::Uuid::now_v7().as_bytes());
        let sale = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        sale.prepare_cached("INSERT INTO journal VALUES (?1, ?2)")?.execute((seq, &text))?;
        sale.prepare_cached("INSERT INTO orders VALUES (?1, ?2, 'S1-1-1', 0, 100, 10)")?.execute((seq, id))?;
        for line in 0..LINES {
            sale.prepare_cached("INSERT INTO order_lines VALUES (?1, ?2, ?3, 1000, 90, 100)")?.execute((seq, line, id))?;
        }
        for payment in 0..2 {
            sale.prepare_cached("INSERT INTO payments VALUES (?1, ?2, ?3, 'cash', 50)")?.execute((seq, payment, id))?;
        }
        sale.commit()?;
        Ok(())
    }
}
