use rusqlite::Connection;
use tempfile::TempDir;

use super::{Till, product};
use crate::store::FILE;
use crate::{Store, migrations};

fn shop() -> Till {
    let till = Till::new();
    let (soap, tea) = (product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"));
    till.add(&soap).expect("added");
    let sold = till.sell(&[&soap, &tea]).expect("sold");
    till.give_back(&sold, &[&tea]).expect("given back");
    till
}

fn tamper(till: &Till, sql: &str) {
    let side = till.store.write_side();
    side.connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}; PRAGMA foreign_keys = ON")).expect("tampered");
}

#[test]
fn projections_are_what_the_journal_says() {
    shop().assert_projections_equal_the_journal();
}

#[test]
fn every_tampered_projection_shows_and_a_rebuild_mends_it() {
    for (table, sql) in [
        ("orders", "UPDATE orders SET total = total + 1 WHERE seq = 2"),
        ("orders", "DELETE FROM orders WHERE seq = 3"),
        ("order_lines", "UPDATE order_lines SET moved = 0"),
        ("order_lines", "DELETE FROM order_lines WHERE line = 1"),
        ("payments", "INSERT INTO payments VALUES (2, 9, x'00', 'cash', 1)"),
        ("adjustments", "INSERT INTO adjustments (seq, id) VALUES (1, x'00')"),
        ("products", "DELETE FROM products"),
    ] {
        let till = shop();
        tamper(&till, sql);
        let difference = till.store.verify_projections().expect("compared");
        assert_eq!(difference.tables.iter().map(|found| found.table).collect::<Vec<_>>(), [table], "{sql}");
        assert!(!difference.tables[0].first.is_empty());

        till.store.rebuild().expect("rebuilt");
        till.assert_projections_equal_the_journal();
        let receipt = till.sell(&[&product("N1", "下一个", "Next")]).expect("sold").receipt;
        assert_eq!(receipt.as_str(), "LOCAL-0-000003", "{sql}");
    }
}

#[test]
fn an_older_file_gets_its_projections_from_the_journal() {
    let newer = shop().close();
    let older = TempDir::new().expect("a folder");
    let file = Connection::open(older.path().join(FILE)).expect("a file");
    migrations::make_first(&file).expect("the first version");
    file.execute("ATTACH ?1 AS newer", [newer.path().join(FILE).to_string_lossy()]).expect("beside it");
    file.execute_batch(
        "INSERT INTO journal SELECT * FROM newer.journal; UPDATE terminal SET id = (SELECT id FROM newer.terminal)",
    )
    .expect("its journal");
    drop(file);
    let store = Store::open(older.path()).expect("brought up to date");
    let difference = store.verify_projections().expect("compared");
    assert!(difference.is_empty(), "{difference}");
    assert_eq!(store.recent(0, 9).expect("read").len(), 2);
}

#[test]
fn a_difference_names_what_is_and_what_should_be() {
    let till = shop();
    tamper(&till, "UPDATE orders SET total = 1 WHERE seq = 2");
    let difference = till.store.verify_projections().expect("compared").to_string();
    assert_eq!(difference, "orders: 1 rows differ from the journal\n  seq=2: total is 1, not 2580\n");
}
