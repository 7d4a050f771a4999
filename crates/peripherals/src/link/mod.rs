//! The ways to a printer: network, device file, serial line, USB. Each carries bytes there and, where the device answers,
//! back.

mod device;
mod network;
mod serial;
mod usb;

use std::io;
use std::time::Duration;

use crate::address::PrinterAddress;

pub(crate) use serial::open as open_serial;
pub(crate) use usb::plugged_in;

/// An open way to a printer.
pub(crate) trait Link: Send {
    /// Hands over some of `bytes`; how many were taken. An error of kind `TimedOut` when none were taken within `wait`.
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize>;

    /// What the printer says within `wait`; nothing (0) where it says nothing or cannot.
    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize>;

    /// Waits until all that was written has left this machine, where that can be known, and closes.
    fn finish(&mut self, wait: Duration) -> io::Result<()>;
}

/// Why a link could not be opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// No address belongs to the host's name.
    UnknownHost(io::Error),
    /// Nothing is there or nothing answers.
    Away(io::Error),
    /// It is there; this user or this moment may not use it.
    Refused(io::Error),
}

impl OpenError {
    fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy => Self::Refused(error),
            _ => Self::Away(error),
        }
    }
}

/// Opens the way to `address` within `wait`.
pub(crate) fn open(address: &PrinterAddress, wait: Duration) -> Result<Box<dyn Link>, OpenError> {
    match address {
        PrinterAddress::Network(address) => network::open(address, wait),
        PrinterAddress::Device(path) => device::open(path.path()).map_err(OpenError::of),
        PrinterAddress::Serial(address) => serial::open_link(address).map_err(OpenError::of),
        PrinterAddress::Usb(address) => usb::open(address).map_err(OpenError::of),
    }
}

fn timed_out() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no more data was taken in time")
}

/// Whether a read ended only because nothing came in time.
fn nothing_came(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}
