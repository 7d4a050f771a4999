//! What waits to be finished: drafts, held orders, print jobs, settings, wrong PINs.

use domain::OrderId;
use jiff::ToSpan;

use super::{Till, cashier, now, yuan};
use crate::{HeldOrder, PinAttempts, PrintFailure, PrintJob, PrintState, PrintStats, Printer, QueuedPrint};

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

fn receipt(order: Option<OrderId>, bytes: &[u8]) -> PrintJob {
    PrintJob {
        printer: Printer::Receipt,
        title: "S1-2-000001".to_owned(),
        order,
        bytes: bytes.to_vec(),
        drawer: false,
        at: now(),
    }
}

const NO_PAPER: PrintFailure<'static> = PrintFailure { reason: "no paper", refusal: "{}" };

#[test]
fn print_jobs_are_tried_in_order_until_they_are_on_paper() {
    let till = Till::new();
    let order = OrderId::generate();
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::None);
    let first = till.store.push_print(&receipt(Some(order), b"receipt")).expect("queued");
    let second = till.store.push_print(&receipt(None, b"test page")).expect("queued");
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::Waiting);
    let next =
        |at| till.store.next_print(Printer::Receipt, at).expect("read").map(|QueuedPrint { id, attempts, .. }| (id, attempts));

    assert_eq!(next(now()), Some((first, 0)));
    let later = now() + 30.seconds();
    till.store.mark_print_failed(first, NO_PAPER, later).expect("kept");
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::Failed);
    let stats = PrintStats { waiting: 2, failing: 1, last_reason: Some("no paper".to_owned()) };
    assert_eq!(till.store.print_stats().expect("read"), stats);
    assert_eq!(next(now()), Some((second, 0)), "the failed one is not due yet");
    till.store.retry_prints().expect("due");
    assert_eq!(next(now()), Some((first, 1)));

    till.store.mark_printed(first, now()).expect("kept");
    till.store.mark_printed(second, now()).expect("kept");
    assert_eq!(till.store.print_state(order).expect("read"), PrintState::Printed);
    assert_eq!(next(later), None);
    assert_eq!(till.store.print_stats().expect("read"), PrintStats::default());
}

#[test]
fn each_printer_has_a_queue_of_its_own() {
    let till = Till::new();
    till.store.push_print(&receipt(None, b"receipt")).expect("queued");
    let label = PrintJob { printer: Printer::Label, ..receipt(None, b"label") };
    let label = till.store.push_print(&label).expect("queued");
    let next = till.store.next_print(Printer::Label, now()).expect("read").expect("a label");
    assert_eq!((next.id, next.bytes), (label, b"label".to_vec()));
}

#[test]
fn a_job_that_was_begun_is_known_to_have_been_after_a_restart() {
    let till = Till::new();
    let job = till.store.push_print(&receipt(None, b"receipt")).expect("queued");
    till.store.mark_print_begun(job).expect("kept");
    let next = till.restart().store.next_print(Printer::Receipt, now()).expect("read").expect("the job");
    assert!(next.begun && next.bytes == b"receipt");
}

#[test]
fn a_job_is_taken_out_once_and_can_be_printed_again() {
    let till = Till::new();
    let job = till.store.push_print(&receipt(None, b"receipt")).expect("queued");
    assert_eq!(till.store.print_again(job, now()).expect("asked"), None, "it is still in the queue");
    assert!(till.store.cancel_print(job, now()).expect("taken out"));
    assert!(!till.store.cancel_print(job, now()).expect("asked"));
    assert_eq!(till.store.next_print(Printer::Receipt, now()).expect("read"), None);

    let again = till.store.print_again(job, now()).expect("queued").expect("it is kept");
    let next = till.store.next_print(Printer::Receipt, now()).expect("read").expect("the job");
    assert_eq!((next.id, next.begun, next.bytes), (again, false, b"receipt".to_vec()));
    till.store.mark_printed(again, now()).expect("printed");
    till.store.print_again(again, now()).expect("queued").expect("it is kept");
    assert!(till.store.next_print(Printer::Receipt, now()).expect("read").expect("the job").begun, "the first is on paper");
    let states: Vec<_> = till.store.print_jobs(10).expect("read").into_iter().map(|row| row.state).collect();
    assert_eq!(states, [PrintState::Waiting, PrintState::Printed, PrintState::Cancelled]);
}

#[test]
fn the_newest_finished_jobs_are_kept_whole_and_older_ones_by_their_state() {
    let till = Till::new();
    for _ in 0..60 {
        let job = till.store.push_print(&receipt(None, b"receipt")).expect("queued");
        till.store.mark_printed(job, now()).expect("printed");
    }
    let rows = till.store.print_jobs(100).expect("read");
    assert_eq!((rows.len(), rows.iter().filter(|row| row.kept).count()), (60, 50));
    assert_eq!(till.store.print_again(rows[59].id, now()).expect("asked"), None);
}

#[test]
fn a_logo_is_kept_until_it_is_taken_away() {
    let till = Till::new();
    till.store.set_device_file("logo", Some(b"png")).expect("kept");
    let till = till.restart();
    assert_eq!(till.store.device_file("logo").expect("read").as_deref(), Some(b"png".as_slice()));
    till.store.set_device_file("logo", None).expect("taken away");
    assert_eq!(till.store.device_file("logo").expect("read"), None);
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
