//! Every way to a printer, and what goes wrong on it.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]
#![cfg(unix)]

mod support;

use std::io::Read;
use std::process::Command as Program;
use std::time::Duration;

use peripherals::{Delivery, Document, Habits, PrintError, PrinterAddress, Profile, Timeouts, Trouble, escpos, print};
use serial2::SerialPort;
use support::fake_printer::FakePrinter;
use support::{Printed, interpret};

/// A slip of `lines` lines.
fn slip(lines: usize) -> Vec<u8> {
    let mut document = Document::new();
    for line in 1..=lines {
        document.line(format!("第 {line} 行"));
    }
    document.cut();
    escpos(&document, Profile::default())
}

fn patient() -> Timeouts {
    Timeouts { answer: Duration::from_millis(200), ..Timeouts::default() }
}

fn network() -> (FakePrinter, PrinterAddress) {
    let printer = FakePrinter::on_the_network();
    let address = PrinterAddress::parse(&format!("tcp://{}", printer.address())).unwrap();
    (printer, address)
}

/// The near end's path of a pseudo-terminal and the printer at its far end.
fn terminal_line() -> (FakePrinter, String, SerialPort) {
    let (mut far, near) = SerialPort::pair().unwrap();
    far.set_read_timeout(Duration::from_millis(5)).unwrap();
    // What the printer reads must not be echoed by a line that nobody has opened yet.
    let mut raw = near.get_configuration().unwrap();
    raw.set_raw();
    let mut near = near;
    near.set_configuration(&raw).unwrap();
    let path = std::fs::read_link(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&near))).unwrap();
    (FakePrinter::at(far), path.display().to_string(), near)
}

#[test]
fn a_job_is_confirmed_over_a_serial_line() {
    let (printer, path, _line) = terminal_line();
    for flow in ["", "&flow=none"] {
        let address = PrinterAddress::parse(&format!("serial:{path}?baud=115200{flow}")).unwrap();
        let bytes = slip(40);
        assert_eq!(print(&address, &bytes, patient(), &mut Habits::default(), || ()).unwrap(), Delivery::Confirmed);
        let printed = interpret(&printer.tear_off());
        assert_eq!(printed.len(), 41);
        assert_eq!(printed[39], Printed::Line("第 40 行".into()));
    }
}

#[test]
fn a_device_file_that_answers_is_asked_like_any_printer() {
    let (printer, path, _line) = terminal_line();
    let address = PrinterAddress::parse(&format!("usb:{path}")).unwrap();
    assert_eq!(print(&address, &slip(3), patient(), &mut Habits::default(), || ()).unwrap(), Delivery::Confirmed);
    assert_eq!(interpret(&printer.tear_off()).len(), 4);

    printer.with(|state| state.cover_open = true);
    let error = print(&address, &slip(3), patient(), &mut Habits::default(), || ()).unwrap_err();
    assert_eq!(error.trouble(), Some(Trouble::CoverOpen));
    assert!(!error.started());
}

#[test]
fn a_device_that_only_takes_is_only_given() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("lp0");
    assert!(Program::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut bytes = Vec::new();
            std::fs::File::open(pipe).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        }
    });
    let address = PrinterAddress::parse(&format!("usb:{}", pipe.display())).unwrap();
    let bytes = slip(2_000);
    let mut habits = Habits::default();
    // Until somebody reads it, a pipe is a printer that is off.
    let delivery = loop {
        match print(&address, &bytes, patient(), &mut habits, || ()) {
            Err(PrintError::Unreachable { .. }) => std::thread::sleep(Duration::from_millis(5)),
            other => break other.unwrap(),
        }
    };
    assert_eq!(delivery, Delivery::Taken);
    let taken = reader.join().unwrap();
    assert_eq!(interpret(&taken[taken.len() - bytes.len()..]).len(), 2_001);
}

#[test]
fn a_printer_without_paper_or_with_an_open_cover_is_not_begun() {
    let (printer, address) = network();
    let mut habits = Habits::default();
    printer.with(|state| state.lines_left = Some(0));
    let error = print(&address, &slip(3), patient(), &mut habits, || panic!("nothing may begin")).unwrap_err();
    assert_eq!((error.trouble(), error.started()), (Some(Trouble::OutOfPaper), false));
    printer.with(|state| (state.lines_left, state.cover_open) = (None, true));
    let error = print(&address, &slip(3), patient(), &mut habits, || panic!("nothing may begin")).unwrap_err();
    assert_eq!((error.trouble(), error.started()), (Some(Trouble::CoverOpen), false));
    assert!(printer.tear_off().is_empty());
    printer.with(|state| state.cover_open = false);
    assert_eq!(print(&address, &slip(3), patient(), &mut habits, || ()).unwrap(), Delivery::Confirmed);
}

#[test]
fn paper_that_ends_in_the_middle_is_said_and_the_job_counts_as_begun() {
    let (printer, address) = network();
    printer.with(|state| state.lines_left = Some(5));
    let error = print(&address, &slip(20), patient(), &mut Habits::default(), || ()).unwrap_err();
    assert_eq!((error.trouble(), error.started()), (Some(Trouble::OutOfPaper), true));
    let printed = String::from_utf8_lossy(&printer.tear_off()).matches('\n').count();
    assert_eq!(printed, 5);
}

#[test]
fn a_connection_lost_in_the_middle_is_not_taken_for_done() {
    let (printer, address) = network();
    printer.with(|state| state.drop_after = Some(100));
    let error = print(&address, &slip(20), patient(), &mut Habits::default(), || ()).unwrap_err();
    assert!(matches!(error, PrintError::Interrupted { .. }) && error.started(), "{error:?}");
}

#[test]
fn a_printer_that_never_says_anything_still_prints_and_is_asked_once() {
    let (printer, address) = network();
    printer.with(|state| state.silent = true);
    let mut habits = Habits::default();
    for _ in 0..2 {
        assert_eq!(print(&address, &slip(3), patient(), &mut habits, || ()).unwrap(), Delivery::Taken);
    }
    assert_eq!(interpret(&printer.tear_off()).len(), 8);
    assert_ne!(habits, Habits::default());
}
