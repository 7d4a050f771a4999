//! Receipts on paper: queued after the commit, never in the way of the sale.

mod counter;

use counter::{Counter, MILK};
use serde_json::json;
use store::{Printer, QueuedPrint};
use till::api::ProblemCode;

/// A counter with a printer that is set up, and nobody to print.
fn with_printer(change: impl FnOnce(&mut serde_json::Value)) -> Counter {
    let counter = Counter::open();
    counter.sign_in("mei");
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["printer_address"] = json!("192.0.2.1");
    settings["language"] = json!("en");
    change(&mut settings);
    counter.done("set_settings", json!({ "settings": settings }));
    counter
}

/// The next job of the receipt printer, taken off the queue.
fn next_job(counter: &Counter) -> Option<QueuedPrint> {
    let store = counter.terminal().store();
    let now = jiff::Timestamp::now();
    let job = store.next_print(Printer::Receipt, now).expect("the queue")?;
    store.mark_printed(job.id, now).expect("marked");
    Some(job)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn sell(counter: &Counter, print: Option<bool>, cash: bool) -> serde_json::Value {
    counter.scan(MILK);
    counter.done("begin_payment", json!({}));
    if cash {
        counter.done("tender_cash", json!({ "given": "20" }));
    } else {
        counter.done("tender_card", json!({ "amount": "", "reference": "SLIP 1" }));
    }
    counter.done("finish", json!({ "print": print }))
}

#[test]
fn a_receipt_is_queued_and_the_drawer_opens_after_a_cash_sale() {
    let counter = with_printer(|_| ());
    let receipt = sell(&counter, None, true);
    assert_eq!(receipt["print"], "waiting");
    let job = next_job(&counter).expect("a job");
    assert!(holds(&job.bytes, b"S1-0-000001") && job.drawer);
    let again = counter.done("receipt", json!({ "order": receipt["receipt"] }));
    assert_eq!(again["print"], "printed");

    sell(&counter, None, false);
    assert!(!next_job(&counter).expect("a job").drawer, "a card opens no drawer");
}

#[test]
fn the_cashier_may_print_or_not_whatever_the_setting() {
    let counter = with_printer(|settings| settings["print_always"] = json!(false));
    assert_eq!(sell(&counter, None, false)["print"], "none");
    assert_eq!(next_job(&counter), None);
    assert_eq!(sell(&counter, Some(true), false)["print"], "waiting");
    assert!(next_job(&counter).is_some());
    assert_eq!(sell(&counter, Some(false), true)["print"], "none");
    let drawer_alone = next_job(&counter).expect("a job");
    assert!(drawer_alone.drawer && drawer_alone.bytes.is_empty());
}

#[test]
fn a_receipt_printed_again_says_that_it_is_a_copy() {
    let counter = with_printer(|_| ());
    let receipt = sell(&counter, Some(false), false);
    let copy = counter.done("reprint", json!({ "order": receipt["order"] }));
    assert!(copy["text"].as_str().expect("text").contains("COPY"));
    assert!(!receipt["text"].as_str().expect("text").contains("COPY"));
    assert!(holds(&next_job(&counter).expect("a job").bytes, b"COPY"));
    assert_eq!(counter.refused_as("reprint", json!({ "order": "S1-0-000009" })), ProblemCode::NoSuchReceipt);
}

#[test]
fn a_test_page_is_printed() {
    let counter = with_printer(|_| ());
    counter.done("test_print", json!({}));
    assert!(holds(&next_job(&counter).expect("a job").bytes, b"Printer test"));
}

#[test]
fn the_receipt_fits_the_paper() {
    for columns in [48, 32] {
        let counter = with_printer(|settings| settings["paper_columns"] = json!(columns));
        let text = sell(&counter, None, true)["text"].as_str().expect("text").to_owned();
        assert!(text.lines().all(|line| line.chars().count() <= columns), "{text}");
        for part in [
            "Xin Tea House",
            "S1-0-000001",
            "2026-11-24 18:00",
            "Served by",
            "Milk 1L",
            "12.90",
            "Change",
            "7.10",
            "VAT 13%",
            "1.48",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}
