//! One sale's whole way: from a scanned barcode to the hub's ledger, and back as a countersigned head on the next receipt.

use shop::{On, TestHub, TillAt, wait_until};

#[test]
fn a_sale_reaches_the_ledger_on_sqlite() {
    a_sale_reaches_the_ledger(On::Sqlite);
}

#[test]
fn a_sale_reaches_the_ledger_on_postgresql() {
    a_sale_reaches_the_ledger(On::Postgres);
}

fn a_sale_reaches_the_ledger(on: On) {
    let hub = TestHub::start(on);
    let folder = tempfile::tempdir().expect("a folder");
    let till = TillAt::open(folder.path());
    till.enrol(&hub.url, &hub.code("Front"));
    let till = till.sign_in();
    let _background = till.0.start_background().expect("it starts");

    // Two milks and two breads, 42.80, on a card.
    let receipt = till.sell(1);
    assert_eq!(receipt.total.amount, "23.00");
    wait_until("the sale is at the hub", || till.sync_view().unsent == 0);

    let [total, tax, seq] = hub.values("SELECT total, tax, seq FROM orders");
    assert_eq!((total.as_str(), tax.as_str()), ("2300", "265"));
    let [amount] = hub.values("SELECT amount FROM payments");
    assert_eq!(amount, "2300");
    let [lines, balance] = hub.values("SELECT count(*), sum(amount) FROM posting_lines");
    assert_eq!((lines.as_str(), balance.as_str()), ("3", "0"), "receivable, revenue and tax");
    assert!(seq.parse::<u64>().is_ok_and(|seq| seq > 1));

    let next = till.sell(0);
    let acknowledged = till.0.store().acked().expect("it can be read").expect("the hub has answered");
    let stored = till.0.store().order(next.order.parse().expect("an id")).expect("it can be read").expect("it is there");
    let carried = stored.order.acknowledged.expect("the receipt carries the head");
    assert!(carried.seq <= acknowledged.seq && carried.seq >= seq.parse::<u64>().expect("a number"));
    assert!(next.text.contains(&carried.hash[..8]), "and shows it on paper:\n{}", next.text);
}

#[test]
fn a_till_sells_with_the_hub_away_and_catches_up_when_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let hub = TestHub::start(On::Sqlite);
    let till = TillAt::open(folder.path());
    till.enrol(&hub.url, &hub.code("Front"));
    let till = till.sign_in();
    drop(till.0.start_background().expect("it starts"));

    for sale in 0..5 {
        assert!(!till.sell(sale).synced);
    }
    let _background = till.0.start_background().expect("it starts");
    wait_until("all five are at the hub", || till.sync_view().unsent == 0);
    assert_eq!(hub.values("SELECT count(*) FROM orders"), ["5".to_owned()]);
}
