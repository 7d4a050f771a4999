//! Where a printer or a scanner is: a text of the settings, read once at the border.

mod network;
mod serial;
mod usb;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub use network::NetworkAddress;
pub use serial::{Flow, SerialAddress};
pub use usb::{DevicePath, UsbAddress};

/// A text that does not say where a device is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "'{0}' is not a device address: write a name or an IP address (192.168.1.50, printer.local:9100), usb:/dev/usb/lp0, \
     usb:04b8:0202 or serial:/dev/ttyUSB0?baud=9600"
)]
pub struct AddressError(pub String);

/// The address of a printer.
///
/// | form | what it is |
/// | --- | --- |
/// | `192.168.1.50`, `printer.local:9101`, `tcp://[::1]:9100` | raw printing over the network, port 9100 unless said |
/// | `usb:/dev/usb/lp0`, `usb:\\\\?\\usb#vid_04b8&pid_0202#…` | the printer's device file (Linux) or device path (Windows) |
/// | `usb:04b8:0202`, `usb:04b8:0202:SERIAL` | vendor, product and serial number of a printer without a driver |
/// | `serial:/dev/ttyUSB0?baud=9600`, `serial:COM3?baud=115200&flow=rtscts` | a serial line, 8 data bits, no parity, 1 stop bit |
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PrinterAddress {
    /// Raw printing over TCP.
    Network(NetworkAddress),
    /// A device file or device path.
    Device(DevicePath),
    /// A printer on the USB that no driver of the system has taken.
    Usb(UsbAddress),
    /// A serial line.
    Serial(SerialAddress),
}

impl PrinterAddress {
    /// Reads one of the forms; nothing else may stand around it but white space.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        Self::read(text.trim()).ok_or_else(|| AddressError(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(rest) = strip_scheme(text, "serial:") {
            return SerialAddress::read(rest).map(Self::Serial);
        }
        if let Some(rest) = strip_scheme(text, "usb:") {
            return UsbAddress::read(rest).map(Self::Usb).or_else(|| DevicePath::read(rest).map(Self::Device));
        }
        let rest = strip_scheme(text, "tcp://").unwrap_or(text);
        NetworkAddress::parse(rest).ok().map(Self::Network)
    }
}

/// What follows `scheme`, which may be written in either case.
pub(crate) fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// A path of a device without anything that could not be one: absolute, no control characters, no way back up.
pub(crate) fn is_device_path(path: &str) -> bool {
    let unix = path.starts_with('/') && path.len() > 1;
    let windows = path.starts_with(r"\\?\") || path.starts_with(r"\\.\");
    let com = path.len() > 3
        && path.is_char_boundary(3)
        && path[..3].eq_ignore_ascii_case("com")
        && path[3..].bytes().all(|byte| byte.is_ascii_digit());
    (unix || windows || com)
        && path.len() <= 512
        && !path.chars().any(char::is_control)
        && !path.split(['/', '\\']).any(|part| part == "..")
}

impl fmt::Display for PrinterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(address) => address.fmt(f),
            Self::Device(path) => write!(f, "usb:{path}"),
            Self::Usb(address) => address.fmt(f),
            Self::Serial(address) => address.fmt(f),
        }
    }
}

impl FromStr for PrinterAddress {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        PrinterAddress::parse(text).unwrap().to_string()
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(read("192.168.1.50"), "192.168.1.50:9100");
        assert_eq!(read("TCP://printer.local:9101"), "printer.local:9101");
        assert_eq!(read("usb:/dev/usb/lp0"), "usb:/dev/usb/lp0");
        assert_eq!(read(r"usb:\\?\usb#vid_04b8&pid_0202#1#{28d78fad}"), r"usb:\\?\usb#vid_04b8&pid_0202#1#{28d78fad}");
        assert_eq!(read("USB:04B8:0202"), "usb:04b8:0202");
        assert_eq!(read("usb:04b8:0202:TM-1"), "usb:04b8:0202:TM-1");
        assert_eq!(read("serial:/dev/ttyUSB0"), "serial:/dev/ttyUSB0?baud=9600");
        assert_eq!(read("serial:COM3?flow=rtscts&baud=115200"), "serial:COM3?baud=115200&flow=rtscts");
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            "",
            "http://host",
            "tcp://",
            "tcp:host",
            "usb:",
            "usb:lp0",
            "usb:/",
            "usb:/dev/../etc/passwd",
            "usb:04b8",
            "usb:04b8:xyz0",
            "usb:/dev/usb/lp\u{0}",
            "serial:",
            "serial:ttyUSB0",
            "serial:/dev/ttyUSB0?baud=0",
            "serial:/dev/ttyUSB0?baud=fast",
            "serial:/dev/ttyUSB0?speed=9600",
            "serial:/dev/ttyUSB0?baud=9600&baud=19200",
            "/dev/usb/lp0",
        ] {
            assert_eq!(PrinterAddress::parse(wrong), Err(AddressError(wrong.to_owned())), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_read_as_anything_but_what_it_says_again(text in "(usb:|serial:|tcp://)?[/a-z0-9:?=&.]{0,24}") {
            if let Ok(address) = PrinterAddress::parse(&text) {
                prop_assert_eq!(PrinterAddress::parse(&address.to_string()), Ok(address));
            }
        }
    }
}
