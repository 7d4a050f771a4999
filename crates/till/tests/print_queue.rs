//! The print queue: nothing is lost when the printer is away or the program ends, and no sale waits for it.

#![allow(clippy::unwrap_used, reason = "a test fails where it must")]

#[path = "../../peripherals/tests/support/commands.rs"]
#[allow(dead_code, reason = "each test binary uses its own part")]
mod commands;
mod counter;
#[path = "../../peripherals/tests/support/fake_printer.rs"]
#[allow(dead_code, reason = "each test binary uses its own part")]
mod fake_printer;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use commands::{Command, commands, commands_so_far};
use counter::{Counter, MILK};
use fake_printer::FakePrinter;
use serde_json::{Value, json};
use till::api::ProblemCode;

#[track_caller]
fn eventually(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < until, "never came true: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn print_to(counter: &Counter, address: &str) {
    counter.sign_in("mei");
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["printer_address"] = Value::from(address);
    settings["print_always"] = Value::from(true);
    counter.done("set_settings", json!({ "settings": settings }));
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

#[test]
fn a_receipt_waits_for_its_printer_across_a_restart() {
    let port = free_port();
    let counter = Counter::open();
    print_to(&counter, &format!("127.0.0.1:{port}"));
    let tasks = counter.terminal().start_background().expect("started");
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    eventually("the screen says that the printer is away", || {
        counter.done("sync", json!({}))["print_problem"]["code"] == "printer_unreachable"
    });
    drop(tasks);

    let counter = counter.reopened();
    counter.sign_in("mei");
    let printer = FakePrinter::on_port(port);
    let tasks = counter.terminal().start_background().expect("started");
    eventually("the receipt is printed", || counter.done("receipt", json!({ "order": receipt["order"] }))["print"] == "printed");
    let sync = counter.done("sync", json!({}));
    assert_eq!((&sync["print_jobs"], &sync["print_problem"]), (&json!(0), &Value::Null));
    let paper = commands(&printer.tear_off());
    assert_eq!(lines(&paper).filter(|line| line.contains("S1-0-000001")).count(), 1);
    assert!(!says_again(&paper), "nothing of it was on paper before");
    drop(tasks);
}

fn lines(commands: &[Command]) -> impl Iterator<Item = &str> {
    commands.iter().filter_map(|command| if let Command::Line(line) = command { Some(line.as_str()) } else { None })
}

fn says_again(commands: &[Command]) -> bool {
    lines(commands).any(|line| line.contains("PRINTED AGAIN"))
}

fn kicks(commands: &[Command]) -> usize {
    commands.iter().filter(|command| matches!(command, Command::Kick(..))).count()
}

/// A counter with the screens in English and a printer on the network.
fn with_printer() -> (Counter, FakePrinter) {
    let printer = FakePrinter::on_the_network();
    let counter = Counter::open();
    print_to(&counter, &printer.address());
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["language"] = json!("en");
    counter.done("set_settings", json!({ "settings": settings }));
    (counter, printer)
}

fn problem(counter: &Counter) -> Value {
    counter.done("sync", json!({}))["print_problem"]["code"].clone()
}

fn printed(counter: &Counter, receipt: &Value) -> bool {
    counter.done("receipt", json!({ "order": receipt["order"] }))["print"] == "printed"
}

#[test]
fn paper_that_ends_in_the_middle_brings_the_whole_receipt_again_and_says_so() {
    let (counter, printer) = with_printer();
    printer.with(|state| state.lines_left = Some(6));
    let tasks = counter.terminal().start_background().expect("started");
    counter.scan(MILK);
    let first = counter.pay_exactly();
    counter.scan(MILK);
    let second = counter.pay_exactly();
    eventually("the screen says that the paper has run out", || problem(&counter) == "printer_out_of_paper");
    let queue = counter.done("print_queue", json!({}));
    assert_eq!((&queue["jobs"][0]["begun"], &queue["jobs"][0]["title"]), (&json!(true), &first["receipt"]));
    assert_eq!((&queue["jobs"][1]["begun"], &queue["jobs"][1]["title"]), (&json!(false), &second["receipt"]));
    assert_eq!(queue["jobs"][0]["problem"]["code"], "printer_out_of_paper");

    let begun = printer.tear_off();
    let (begun, _) = commands_so_far(&begun);
    assert_eq!(kicks(&begun), 1);
    printer.power_cycle();
    printer.with(|state| state.lines_left = None);
    counter.done("retry_prints", json!({}));
    eventually("both are printed", || printed(&counter, &first) && printed(&counter, &second));
    let paper = commands(&printer.tear_off());
    let receipts: Vec<&str> = lines(&paper).filter(|line| line.contains("S1-0-00000")).collect();
    assert_eq!(receipts.len(), 2, "each whole, once");
    assert!(receipts[0].starts_with("S1-0-000001") && receipts[1].starts_with("S1-0-000002"), "in their order");
    assert_eq!(lines(&paper).filter(|line| line.contains("PRINTED AGAIN")).count(), 1);
    assert_eq!(kicks(&paper), 1, "the drawer of the second sale only");
    drop(tasks);
}

#[test]
fn a_connection_lost_in_the_middle_brings_the_receipt_again() {
    let (counter, printer) = with_printer();
    printer.with(|state| state.drop_after = Some(60));
    let tasks = counter.terminal().start_background().expect("started");
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    eventually("it is printed", || printed(&counter, &receipt));
    let paper = printer.tear_off();
    assert_eq!(String::from_utf8_lossy(&paper).matches("PRINTED AGAIN").count(), 1);
    drop(tasks);
}

#[test]
fn a_program_that_dies_while_printing_says_so_on_the_next_paper() {
    let (counter, printer) = with_printer();
    printer.with(|state| state.lines_left = Some(6));
    let tasks = counter.terminal().start_background().expect("started");
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    eventually("the paper has run out", || problem(&counter) == "printer_out_of_paper");
    let after = counter.killed();
    drop(tasks);
    printer.power_cycle();
    printer.tear_off();
    printer.with(|state| state.lines_left = None);

    after.sign_in("mei");
    let tasks = after.terminal().start_background().expect("started");
    eventually("it is printed", || printed(&after, &receipt));
    let paper = commands(&printer.tear_off());
    assert!(says_again(&paper) && lines(&paper).any(|line| line.starts_with("S1-0-000001")));
    assert_eq!(kicks(&paper), 0, "nobody expects the drawer any more");
    drop(tasks);
}

#[test]
fn a_drawer_does_not_open_long_after_its_sale() {
    let (counter, printer) = with_printer();
    printer.with(|state| state.cover_open = true);
    let tasks = counter.terminal().start_background().expect("started");
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    eventually("the screen says that the cover is open", || problem(&counter) == "printer_cover_open");
    counter.clock.advance(jiff::SignedDuration::from_secs(60));
    printer.with(|state| state.cover_open = false);
    counter.done("retry_prints", json!({}));
    eventually("it is printed", || printed(&counter, &receipt));
    let paper = commands(&printer.tear_off());
    assert_eq!((kicks(&paper), says_again(&paper)), (0, false));
    drop(tasks);
}

#[test]
fn a_job_can_be_taken_out_and_a_finished_one_printed_again() {
    let (counter, printer) = with_printer();
    printer.with(|state| state.lines_left = Some(0));
    let tasks = counter.terminal().start_background().expect("started");
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    counter.done("test_printer", json!({ "printer": "receipt" }));
    eventually("the paper has run out", || problem(&counter) == "printer_out_of_paper");
    let queue = counter.done("print_queue", json!({}));
    assert_eq!(queue["printers"][0]["waiting"], 2);
    let queue = counter.done("cancel_print", json!({ "job": queue["jobs"][0]["id"] }));
    assert_eq!((&queue["jobs"][0]["title"], &queue["jobs"][1]["state"]), (&json!("Printer test"), &json!("cancelled")));
    assert_eq!(counter.done("receipt", json!({ "order": receipt["order"] }))["print"], "none");
    assert_eq!(counter.refused_as("cancel_print", json!({ "job": queue["jobs"][1]["id"] })), ProblemCode::NoSuchPrintJob);

    printer.with(|state| state.lines_left = None);
    counter.done("retry_prints", json!({}));
    let done = || counter.done("print_queue", json!({}))["printers"][0]["waiting"] == 0;
    eventually("the test page is printed", done);
    let queue = counter.done("print_queue", json!({}));
    let page = queue["jobs"].as_array().unwrap().iter().find(|job| job["state"] == "printed").unwrap();
    counter.done("print_again", json!({ "job": page["id"] }));
    eventually("it is printed again", done);
    let paper = commands(&printer.tear_off());
    assert_eq!(lines(&paper).filter(|line| line.contains("Printer test")).count(), 2);
    assert!(says_again(&paper));
    drop(tasks);
}

#[test]
fn labels_wait_for_their_own_printer_and_receipts_do_not_wait_for_them() {
    let (counter, printer) = with_printer();
    let labels = FakePrinter::on_the_network();
    labels.with(|state| state.lines_left = Some(0));
    assert_eq!(counter.refused_as("test_printer", json!({ "printer": "label" })), ProblemCode::NoPrinter);
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["devices"]["label_address"] = json!(labels.address());
    settings["devices"]["label"] = json!({ "characters": "gb18030", "qr": "raster", "barcodes": "raster", "cut": "none" });
    counter.done("set_settings", json!({ "settings": settings }));
    let tasks = counter.terminal().start_background().expect("started");
    counter.done("test_printer", json!({ "printer": "label" }));
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    eventually("the receipt is printed", || printed(&counter, &receipt));
    eventually("the label printer says what it lacks", || {
        counter.done("print_queue", json!({}))["printers"][1]["problem"]["code"] == "printer_out_of_paper"
    });
    labels.with(|state| state.lines_left = None);
    counter.done("retry_prints", json!({}));
    eventually("the label is printed", || counter.done("print_queue", json!({}))["printers"][1]["waiting"] == 0);
    let label = commands(&labels.tear_off());
    assert!(label.iter().any(|command| matches!(command, Command::Raster(..))), "its code is a picture");
    assert!(!label.iter().any(|command| matches!(command, Command::Cut { .. })), "it has no knife");
    assert!(!lines(&commands(&printer.tear_off())).any(|line| line.contains("Printer test")));
    drop(tasks);
}
