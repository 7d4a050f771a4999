//! Orders of another system go the same way as a sale at the counter, once each.

mod counter;

use counter::{Counter, cny, name};
use domain::{Event, Quantity, Sku, StockDelta, Tender, UnitPrice};
use journal::Entry;
use till::{ExternalAdjustment, ExternalAdjustmentLine, ExternalLine, ExternalOrder, ExternalProduct, Outcome};

fn product(sku: &str) -> ExternalProduct {
    ExternalProduct { sku: Sku::parse(sku).expect("a code"), name: name("", "WHITE METAL LANTERN") }
}

fn line(sku: &str, quantity: &str, price: &str) -> ExternalLine {
    ExternalLine {
        product: product(sku),
        quantity: Quantity::parse(quantity).expect("a quantity"),
        price: UnitPrice::parse(price, cny()).expect("a price"),
    }
}

fn order(reference: &str, lines: Vec<ExternalLine>) -> ExternalOrder {
    ExternalOrder {
        reference: reference.to_owned(),
        at: "2010-12-01T08:26:00Z".parse().expect("a time"),
        lines,
        payment_reference: format!("INV {reference}"),
    }
}

fn last_entry(counter: &Counter) -> Entry {
    let store = counter.terminal().store();
    let head = store.head().expect("a head");
    Entry::read(&store.entry(head.seq).expect("the store").expect("an entry")).expect("an entry")
}

#[test]
fn a_sale_is_taken_over_once_at_its_own_time() {
    let counter = Counter::open();
    let sale = order("536365", vec![line("85123A", "6", "2.55"), line("85123a", "1000", "0.001"), line("71053", "3", "0")]);
    assert_eq!(counter.terminal().sell_external(&sale).expect("taken over"), Outcome::Recorded);
    let entry = last_entry(&counter);
    assert_eq!((entry.at, entry.staff), (sale.at, None));
    let Event::SaleCompleted(recorded) = entry.event else { panic!("not a sale") };
    assert_eq!(recorded.order.total.amount(), "16.30");
    assert_eq!(recorded.order.lines.len(), 3);
    assert_eq!(recorded.order.lines[0].product, recorded.order.lines[1].product, "case does not make another product");
    assert_eq!(recorded.order.external_reference.as_deref(), Some("536365"));
    let [payment] = &recorded.order.payments[..] else { panic!("one payment") };
    assert_eq!(payment.tender, Tender::Card { reference: "INV 536365".to_owned() });

    let before = counter.terminal().store().head().expect("a head");
    assert_eq!(counter.terminal().sell_external(&sale).expect("known"), Outcome::AlreadyRecorded);
    assert_eq!(counter.terminal().store().head().expect("a head"), before);
    counter.prove();
}

#[test]
fn a_sale_of_nothing_but_free_lines_needs_no_payment() {
    let counter = Counter::open();
    counter.terminal().sell_external(&order("1", vec![line("X", "1", "0")])).expect("taken over");
    let Event::SaleCompleted(sale) = last_entry(&counter).event else { panic!("not a sale") };
    assert!(sale.order.payments.is_empty() && sale.order.total.is_zero());
    counter.prove();
}

#[test]
fn a_credit_note_is_a_refund_without_a_receipt() {
    let counter = Counter::open();
    let credit = order("C536379", vec![line("D", "1", "27.50")]);
    assert_eq!(counter.terminal().refund_external(&credit).expect("taken over"), Outcome::Recorded);
    assert_eq!(counter.terminal().refund_external(&credit).expect("known"), Outcome::AlreadyRecorded);
    let Event::RefundCompleted(refund) = last_entry(&counter).event else { panic!("not a refund") };
    assert_eq!((refund.of, refund.order.total.amount()), (None, "27.50".to_owned()));
    counter.prove();
}

#[test]
fn a_write_off_moves_stock_and_nothing_else() {
    let counter = Counter::open();
    let adjustment = ExternalAdjustment {
        reference: "536589".to_owned(),
        at: "2010-12-01T16:50:00Z".parse().expect("a time"),
        reason: "written off".to_owned(),
        lines: vec![ExternalAdjustmentLine {
            product: product("SKU-1"),
            delta: StockDelta::from_milli(-10_000),
            note: "damaged".to_owned(),
        }],
    };
    assert_eq!(counter.terminal().adjust_stock(&adjustment).expect("taken over"), Outcome::Recorded);
    assert_eq!(counter.terminal().adjust_stock(&adjustment).expect("known"), Outcome::AlreadyRecorded);
    let store = counter.terminal().store();
    let milk = store.product_by_sku("SKU-1").expect("the store").expect("milk");
    assert_eq!(store.stock(milk.id).expect("the store").expect("stock").to_string(), "40");
    counter.prove();
}

#[test]
fn what_stops_in_the_middle_is_taken_over_whole_the_next_time() {
    let counter = Counter::open();
    let sale = order("7", vec![line("NEW-1", "1", "1"), line("NEW-2", "1", "2")]);
    counter
        .terminal()
        .add_product(
            domain::Product {
                sku: Sku::parse("NEW-1").expect("a code"),
                ..counter::product(50, "1", name("", "x"), "1", domain::Unit::Piece, true)
            },
            sale.at,
        )
        .expect("added");
    let counter = counter.killed();
    assert_eq!(counter.terminal().sell_external(&sale).expect("taken over"), Outcome::Recorded);
    counter.prove();
}
