use std::fs;
use std::path::Path;

use super::{Till, product};
use crate::store::FILE;
use crate::{Store, StoreError};

/// A store with some sales, closed.
fn shop() -> tempfile::TempDir {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    till.add(&soap).expect("added");
    for _ in 0..40 {
        till.sell(&[&soap, &soap]).expect("sold");
    }
    till.close()
}

fn damage(dir: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let file = dir.join(FILE);
    let mut bytes = fs::read(&file).expect("read");
    change(&mut bytes);
    fs::write(&file, bytes).expect("damaged");
}

fn assert_said_to_be_damaged(dir: &Path) {
    let opened = Store::open(dir);
    assert!(matches!(opened, Err(StoreError::Damaged { .. })), "{opened:?}");
}

#[test]
fn a_file_with_another_beginning_is_said_to_be_damaged() {
    let folder = shop();
    damage(folder.path(), |bytes| bytes[..100].fill(0x5a));
    assert_said_to_be_damaged(folder.path());
}

#[test]
fn pages_overwritten_in_the_middle_are_said_to_be_damaged() {
    let folder = shop();
    let connection = rusqlite::Connection::open(folder.path().join(FILE)).expect("the file");
    let root = |table: &str| -> usize {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        connection.query_row(sql, [table], |row| row.get(0)).expect("a page")
    };
    let pages = ["journal", "orders", "payments"].map(root);
    drop(connection);
    damage(folder.path(), |bytes| {
        for page in pages {
            bytes[(page - 1) * 4_096..page * 4_096].fill(0x5a);
        }
    });
    assert_said_to_be_damaged(folder.path());
}

#[test]
fn a_file_that_was_cut_off_is_said_to_be_damaged() {
    let folder = shop();
    damage(folder.path(), |bytes| bytes.truncate(bytes.len() / 2 / 4_096 * 4_096));
    assert_said_to_be_damaged(folder.path());
}

#[test]
fn an_entry_that_was_changed_is_said_to_be_damaged() {
    let folder = shop();
    let file = folder.path().join(FILE);
    let connection = rusqlite::Connection::open(file).expect("the file");
    connection.execute("UPDATE journal SET text = replace(text, '.', '.A') WHERE seq = 30", []).expect("tampered");
    drop(connection);
    assert_said_to_be_damaged(folder.path());
}
