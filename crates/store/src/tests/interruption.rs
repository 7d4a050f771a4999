//! A sale that fails at any of its writes leaves nothing, and the next one works.

use domain::Product;
use journal::Entry;

use super::{KEY, Till, cashier, now, order, product, sale};
use crate::StoreError;

/// Everything that a sale of three lines and two payments writes, as the condition of a trigger that refuses it.
const WRITES: [(&str, &str); 8] = [
    ("INSERT ON journal", "1"),
    ("INSERT ON orders", "1"),
    ("INSERT ON order_lines", "NEW.line = 0"),
    ("INSERT ON order_lines", "NEW.line = 1"),
    ("INSERT ON order_lines", "NEW.line = 2"),
    ("INSERT ON payments", "NEW.payment = 0"),
    ("INSERT ON payments", "NEW.payment = 1"),
    ("INSERT ON drafts", "1"),
];

fn basket() -> [Product; 3] {
    [product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"), product("B1", "面包", "Bread")]
}

fn inject(till: &Till, sql: &str) {
    till.store.write_side().connection.execute_batch(sql).expect("a failure to come");
}

/// Finishes a sale together with its draft, as the till does.
fn finish(till: &Till, products: &[Product], draft: Option<&str>) -> Result<(), StoreError> {
    let mut writer = till.store.writer()?;
    let products: Vec<&Product> = products.iter().collect();
    let event = sale(order(writer.next_receipt_number(), &products));
    let entry = Entry::sign(&KEY, till.id, writer.head(), now(), Some(&cashier()), event).expect("signed");
    writer.record_closing(&entry, "window", draft)
}

/// Rows of every table that a sale writes.
fn rows(till: &Till) -> Vec<u64> {
    ["journal", "orders", "order_lines", "payments", "drafts"]
        .map(|table| {
            let sql = format!("SELECT count(*) FROM {table}");
            till.store.write_side().connection.query_row(&sql, [], |row| row.get(0)).expect("a count")
        })
        .to_vec()
}

fn assert_nothing_happened_and_selling_goes_on(till: &Till, before: &[u64], after_failure: &str) {
    assert_eq!(rows(till), before, "{after_failure}");
    assert_eq!(till.store.draft("window").expect("read").as_deref(), Some("open order"), "{after_failure}");
    till.sell(&[&product("N1", "下一个", "Next")]).expect(after_failure);
    till.assert_projections_equal_the_journal();
}

#[test]
fn an_error_at_any_write_of_a_sale_leaves_nothing_and_the_next_sale_works() {
    let till = Till::new();
    till.sell(&[&basket()[0]]).expect("sold");
    till.store.save_draft("window", "open order").expect("saved");
    for (number, (write, when)) in WRITES.into_iter().enumerate() {
        let draft = write.contains("drafts").then_some("empty order");
        let before = rows(&till);
        let raise = format!("WHEN {when} BEGIN SELECT RAISE(ABORT, 'injected'); END");
        inject(&till, &format!("CREATE TEMP TRIGGER injected_{number} BEFORE {write} {raise}"));
        let failed = finish(&till, &basket(), draft);
        inject(&till, &format!("DROP TRIGGER injected_{number}"));
        assert!(failed.is_err_and(|error| error.to_string().contains("injected")), "{write} {when}");
        assert_nothing_happened_and_selling_goes_on(&till, &before, write);
    }
    finish(&till, &basket(), None).expect("without a failure");
    assert_eq!(till.store.draft("window").expect("read"), None);
    assert_eq!(till.store.recent(0, 1).expect("read")[0].receipt.as_str(), format!("LOCAL-0-{:06}", WRITES.len() + 2));
}

#[test]
fn an_error_at_the_commit_leaves_nothing_and_the_next_sale_works() {
    let till = Till::new();
    till.store.save_draft("window", "open order").expect("saved");
    inject(
        &till,
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);
         CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER broken AFTER INSERT ON journal BEGIN INSERT INTO child VALUES (1); END;",
    );
    let before = rows(&till);
    assert!(finish(&till, &basket(), None).is_err());
    inject(&till, "DROP TRIGGER broken");
    assert_nothing_happened_and_selling_goes_on(&till, &before, "commit");
}

#[test]
fn a_panic_in_the_middle_of_a_write_leaves_nothing_and_the_next_sale_works() {
    let till = Till::new();
    till.store.save_draft("window", "open order").expect("saved");
    let before = rows(&till);
    let panicked = std::thread::scope(|scope| {
        let write = || {
            till.store.write_terminal(|connection| -> Result<(), StoreError> {
                connection.execute("DELETE FROM drafts", [])?;
                panic!("in the middle")
            })
        };
        scope.spawn(write).join()
    });
    assert!(panicked.is_err());
    assert_nothing_happened_and_selling_goes_on(&till, &before, "panic");
}

#[test]
fn a_full_disk_at_any_page_of_a_sale_leaves_nothing_and_the_next_sale_works() {
    let till = Till::new();
    let basket = basket();
    let many: Vec<Product> = basket.iter().cycle().take(120).cloned().collect();
    till.store.save_draft("window", "open order").expect("saved");
    let mut failures = 0;
    for more in 0.. {
        let before = rows(&till);
        let pages: u64 =
            till.store.write_side().connection.pragma_query_value(None, "page_count", |row| row.get(0)).expect("a number");
        inject(&till, &format!("PRAGMA max_page_count = {}", pages + more));
        let finished = finish(&till, &many, None);
        inject(&till, "PRAGMA max_page_count = 1073741823");
        match finished {
            Err(StoreError::DiskFull) => failures += 1,
            Ok(()) => break,
            Err(other) => panic!("{other}"),
        }
        assert_nothing_happened_and_selling_goes_on(&till, &before, "full disk");
    }
    assert!(failures > 3, "only {failures} pages were tried");
}
