//! Where a printer on the USB is.

use std::fmt;
use std::path::Path;

use super::is_device_path;

/// A device file such as `/dev/usb/lp0`, or a device path of Windows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DevicePath(String);

impl DevicePath {
    pub(crate) fn read(text: &str) -> Option<Self> {
        is_device_path(text).then(|| Self(text.to_owned()))
    }

    /// The path.
    pub fn path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl fmt::Display for DevicePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Vendor and product of a USB device, and its serial number where several are alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsbAddress {
    vendor: u16,
    product: u16,
    serial: Option<String>,
}

impl UsbAddress {
    /// A device by its numbers.
    pub fn new(vendor: u16, product: u16, serial: Option<String>) -> Self {
        Self { vendor, product, serial }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (vendor, product) = (read_number(parts.next()?)?, read_number(parts.next()?)?);
        let serial = match parts.next() {
            None => None,
            Some(serial) => {
                let plain = !serial.is_empty() && serial.len() <= 126 && serial.bytes().all(|byte| byte.is_ascii_graphic());
                plain.then(|| Some(serial.to_owned()))?
            }
        };
        Some(Self { vendor, product, serial })
    }

    /// The vendor's number.
    pub const fn vendor(&self) -> u16 {
        self.vendor
    }

    /// The product's number.
    pub const fn product(&self) -> u16 {
        self.product
    }

    /// The serial number, where one was given.
    pub fn serial(&self) -> Option<&str> {
        self.serial.as_deref()
    }
}

/// Four hexadecimal digits.
fn read_number(text: &str) -> Option<u16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(text, 16).ok().filter(|_| digits)
}

impl fmt::Display for UsbAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "usb:{:04x}:{:04x}", self.vendor, self.product)?;
        self.serial.as_ref().map_or(Ok(()), |serial| write!(f, ":{serial}"))
    }
}
