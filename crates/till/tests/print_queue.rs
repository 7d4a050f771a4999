//! The print queue: nothing is lost when the printer is away or the program ends, and no sale waits for it.

mod counter;

use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use counter::{Counter, MILK};
use serde_json::{Value, json};

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
    let printer = TcpListener::bind(("127.0.0.1", port)).expect("a printer");
    let tasks = counter.terminal().start_background().expect("started");
    let (mut paper, _) = printer.accept().expect("a job");
    let mut bytes = Vec::new();
    paper.read_to_end(&mut bytes).expect("printed");
    assert!(bytes.starts_with(b"\x1b@"), "a job begins by initialising the printer");
    eventually("the receipt is printed", || counter.done("receipt", json!({ "order": receipt["order"] }))["print"] == "printed");
    let sync = counter.done("sync", json!({}));
    assert_eq!((&sync["print_jobs"], &sync["print_problem"]), (&json!(0), &Value::Null));
    drop(tasks);
}
