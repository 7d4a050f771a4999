//! What waits to be finished: drafts, held orders, print jobs, settings, wrong PINs.

use domain::OrderId;
use jiff::ToSpan;

use super::{Till, cashier, now, yuan};
use crate::{HeldOrder, PinAttempts, PrintJob, PrintState, PrintStats, QueuedPrint};

#[test]
fn an_open_order_survives_a_restart() {
    let till = Till::new();
    till.store.save_draft("window", "one").expect("saved");
    till.store.save_draft("window", "two").expect("saved");
    till.store.save_draft("tablet", "three").expect("saved");
    let till = till.restart();
    assert_eq!(till.store.draft("window").expect("read").as_deref(), Some("two"));
    till.store.delete_draft("window").expect("deleted");
    assert_eq!(till.store.draft("window").expect("read"), None);
    assert_eq!(till.store.draft("tablet").expect("read").as_deref(), Some("three"));
}

#[test]
fn a_held_order_is_either_held_or_open() {
    let till = Till::new();
    let held = HeldOrder {
        id: "h1".to_owned(),
        label: "table 4".to_owned(),
        at: now(),
        staff: cashier(),
        total: yuan("25.80"),
        lines: 2,
        body: "the order".to_owned(),
    };
    till.store.save_draft("window", "the order").expect("saved");
    till.store.hold(&held, "window").expect("held");
    assert_eq!(till.store.draft("window").expect("read"), None);
    assert_eq!(till.store.held().expect("read"), [held]);

    assert_eq!(till.store.take_held("h1", "tablet", "the order").expect("taken").as_deref(), Some("the order"));
    assert_eq!(till.store.draft("tablet").expect("read").as_deref(), Some("the order"));
    assert_eq!(till.store.held().expect("read"), []);
    assert_eq!(till.store.take_held("h1", "window", "twice").expect("nothing there"), None);
    assert_eq!(till.store.draft("window").expect("read"), None);
}

#[test]
fn print_jobs_are_tried_in_order_until_they_are_on_paper() {
    let till = Till::new();
    let order = OrderId::generate();
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::None);
    let first = till.store.push_print(&PrintJob { order: Some(order), bytes: b"receipt".to_vec() }).expect("queued");
    let second = till.store.push_print(&PrintJob { order: None, bytes: b"test page".to_vec() }).expect("queued");
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::Waiting);
    let next = |at| till.store.next_print(at).expect("read").map(|QueuedPrint { id, attempts, .. }| (id, attempts));

    assert_eq!(next(now()), Some((first, 0)));
    let later = now() + 30.seconds();
    till.store.mark_print_failed(first, "no paper", later).expect("kept");
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::Failed);
    let stats = PrintStats { waiting: 2, failing: 1, last_reason: Some("no paper".to_owned()) };
    assert_eq!(till.store.print_stats().expect("read"), stats);
    assert_eq!(next(now()), Some((second, 0)), "the failed one is not due yet");
    till.store.retry_prints().expect("due");
    assert_eq!(next(now()), Some((first, 1)));

    till.store.mark_printed(first).expect("kept");
    till.store.mark_printed(second).expect("kept");
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::Printed);
    assert_eq!(next(later), None);
    assert_eq!(till.store.print_stats().expect("read"), PrintStats::default());
}

#[test]
fn wrong_pins_are_still_counted_after_a_restart() {
    let till = Till::new();
    assert_eq!(till.store.pin_attempts(&cashier()).expect("read"), None);
    let attempts = PinAttempts { failed: 3, last_at: now() };
    till.store.set_pin_attempts(&cashier(), Some(attempts)).expect("kept");
    let till = till.restart();
    assert_eq!(till.store.pin_attempts(&cashier()).expect("read"), Some(attempts));
    till.store.set_pin_attempts(&cashier(), None).expect("kept");
    assert_eq!(till.store.pin_attempts(&cashier()).expect("read"), None);
}

#[test]
fn settings_survive_a_restart() {
    let till = Till::new();
    assert_eq!(till.store.setting("language"), None);
    till.store.set_setting("language", "en").expect("kept");
    till.store.set_setting("language", "zh").expect("kept");
    assert_eq!(till.store.setting("language").as_deref(), Some("zh"));
    assert_eq!(till.restart().store.setting("language").as_deref(), Some("zh"));
}
