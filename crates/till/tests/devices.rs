//! Customer display, pole display, serial scanner and logo at a terminal.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]
#![cfg(unix)]

mod counter;

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use base64::Engine as _;
use counter::{Counter, MILK};
use serde_json::{Value, json};
use serial2::SerialPort;
use till::api::{CustomerView, ProblemCode, SessionNews, TillEvent};

const SOON: Duration = Duration::from_mins(1);

/// The next news of a session, with its name.
fn news(events: &Receiver<TillEvent>) -> (String, SessionNews) {
    loop {
        if let TillEvent::Session { session, news } = events.recv_timeout(SOON).expect("news") {
            return (session, news);
        }
    }
}

/// What the customer of the window is shown once `wanted` holds.
fn shown(events: &Receiver<TillEvent>, wanted: impl Fn(&CustomerView) -> bool) -> CustomerView {
    loop {
        if let (session, SessionNews::Customer { view }) = news(events) {
            assert_eq!(session, counter::WINDOW, "no other session is told");
            if wanted(&view) {
                return view;
            }
        }
    }
}

fn set_devices(counter: &Counter, devices: Value) {
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    for (key, value) in devices.as_object().unwrap() {
        settings["devices"][key] = value.clone();
    }
    counter.done("set_settings", json!({ "settings": settings }));
}

/// The far end of a line and the address of its near end.
fn line() -> (SerialPort, SerialPort, String) {
    let (mut far, near) = SerialPort::pair().unwrap();
    far.set_read_timeout(Duration::from_millis(20)).unwrap();
    let path = std::fs::read_link(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&near))).unwrap();
    (far, near, format!("serial:{}?baud=9600", path.display()))
}

#[test]
fn the_customer_sees_the_order_what_is_due_and_the_change_and_nobodys_name() {
    let counter = Counter::open();
    counter.sign_in("mei");
    set_devices(&counter, json!({ "display_language": "en" }));
    let tasks = counter.terminal().start_background().unwrap();
    let events = counter.terminal().subscribe();
    assert_eq!(counter.done("customer", json!({}))["state"], "idle");
    counter.scan(MILK);
    let view = shown(&events, |view| view.state == "ringing");
    assert_eq!((view.lines[0].name.en.as_str(), view.total.unwrap().text.as_str()), ("Milk 1L", "¥12.90"));
    counter.done("begin_payment", json!({}));
    let view = shown(&events, |view| view.state == "paying");
    assert_eq!(view.due.unwrap().text, "¥12.90");
    counter.done("tender_cash", json!({ "given": "20" }));
    counter.done("finish", json!({ "print": false }));
    let view = shown(&events, |view| view.state == "done");
    assert_eq!((view.change.clone().unwrap().text.as_str(), view.qr.clone().unwrap().text.as_str()), ("¥7.10", "S1-0-000001"));
    let all = serde_json::to_string(&view).unwrap();
    assert!(!all.to_lowercase().contains("mei"), "{all}");
    counter.scan(MILK);
    shown(&events, |view| view.state == "ringing");
    counter.done("sign_out", json!({}));
    shown(&events, |view| view.state == "idle" && view.lines.is_empty());
    drop(tasks);
}

#[test]
fn a_session_that_nobody_watches_is_not_told() {
    let counter = Counter::open();
    counter.sign_in("mei");
    let tasks = counter.terminal().start_background().unwrap();
    let events = counter.terminal().subscribe();
    counter.call_in("elsewhere", "customer", json!({})).unwrap();
    counter.scan(MILK);
    assert_eq!(counter.call_in("elsewhere", "customer", json!({})).unwrap()["state"], "idle");
    drop(tasks);
    let told = events.try_iter().filter(|event| matches!(event, TillEvent::Session { .. })).count();
    assert_eq!(told, 0);
}

#[test]
fn a_serial_scanner_is_heard_by_the_session_at_work_with_its_symbology() {
    let counter = Counter::open();
    counter.sign_in("mei");
    let (far, _near, address) = line();
    set_devices(&counter, json!({ "scanner_port": address }));
    counter.done("take_scans", json!({}));
    let tasks = counter.terminal().start_background().unwrap();
    let events = counter.terminal().subscribe();
    far.write_all(b"]E06901234567892\r").unwrap();
    let heard = SessionNews::Scan { data: "6901234567892".into(), aim: "E0".into() };
    assert_eq!(news(&events), (counter::WINDOW.to_owned(), heard));
    far.write_all(b"ABC-1\r\n").unwrap();
    let heard = SessionNews::Scan { data: "ABC-1".into(), aim: String::new() };
    assert_eq!(news(&events), (counter::WINDOW.to_owned(), heard));
    drop(tasks);
    for wrong in ["/dev/ttyACM0", "serial:ttyACM0", "serial:/dev/ttyACM0?baud=x"] {
        let mut settings = counter.done("app", json!({}))["settings"].clone();
        settings["devices"]["scanner_port"] = json!(wrong);
        assert_eq!(counter.refused_as("set_settings", json!({ "settings": settings })), ProblemCode::SerialAddressWrong);
    }
}

#[test]
fn a_pole_display_shows_what_was_rung_up_and_the_total() {
    let counter = Counter::open();
    counter.sign_in("mei");
    let (far, _near, address) = line();
    set_devices(&counter, json!({ "pole": address, "display_language": "en" }));
    counter.done("take_scans", json!({}));
    let tasks = counter.terminal().start_background().unwrap();
    let until = Instant::now() + SOON;
    let mut seen: Vec<u8> = Vec::new();
    let mut rung = false;
    while !seen.windows(6).any(|bytes| bytes == b"TOTAL ") {
        assert!(Instant::now() < until, "the pole display stays dark: {seen:x?}");
        if !rung {
            counter.scan(MILK);
            rung = true;
        }
        counter.done("take_scans", json!({}));
        let mut bytes = [0; 256];
        if let Ok(count) = far.read(&mut bytes) {
            seen.extend(&bytes[..count]);
        } else {
            counter.scan(MILK);
        }
    }
    assert!(seen.windows(7).any(|bytes| bytes == b"Milk 1L"));
    drop(tasks);
}

#[test]
fn a_logo_is_kept_shown_and_printed_and_what_is_none_is_refused() {
    let counter = Counter::open();
    counter.sign_in("mei");
    let not_a_png = base64::engine::general_purpose::STANDARD.encode(b"GIF89a");
    assert_eq!(counter.refused_as("set_logo", json!({ "png": not_a_png })), ProblemCode::LogoUnreadable);
    // One black dot.
    let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    assert_eq!(counter.done("set_logo", json!({ "png": dot }))["png"], dot);
    let counter = counter.reopened();
    assert_eq!(counter.done("logo", json!({}))["png"], dot);
    counter.sign_in("mei");
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["printer_address"] = json!("192.0.2.1");
    counter.done("set_settings", json!({ "settings": settings }));
    counter.scan(MILK);
    counter.done("begin_payment", json!({}));
    counter.done("tender_cash", json!({ "given": "20" }));
    counter.done("finish", json!({ "print": true }));
    let job = counter.terminal().store().next_print(store::Printer::Receipt, jiff::Timestamp::now()).unwrap().unwrap();
    let raster = [0x1d, b'v', b'0', 0, 1, 0, 1, 0, 0x80];
    assert!(job.bytes.windows(raster.len()).any(|bytes| bytes == raster));
}
