//! What is plugged in and could be a printer or a scanner, to choose from.

use std::path::Path;

use crate::address::{DevicePath, PrinterAddress, SerialAddress};
use crate::link::plugged_in;

/// Devices that were found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ports {
    /// Printers: device files and printers on the USB.
    pub printers: Vec<PrinterAddress>,
    /// Serial lines; a printer or a scanner may be at any of them.
    pub serial: Vec<SerialAddress>,
}

/// Looks what is plugged in. Network printers do not show.
pub fn ports() -> Ports {
    let mut printers: Vec<PrinterAddress> =
        printer_files(Path::new("/dev/usb")).into_iter().map(PrinterAddress::Device).collect();
    // With a device file the system's driver has the printer; the file is the way that needs no special right.
    if printers.is_empty() {
        printers.extend(plugged_in().into_iter().map(PrinterAddress::Usb));
    }
    let serial = serial2::SerialPort::available_ports().unwrap_or_default();
    let mut serial: Vec<SerialAddress> = serial.iter().filter_map(|path| SerialAddress::read(path.to_str()?)).collect();
    serial.sort_by(|one, other| one.path().cmp(other.path()));
    Ports { printers, serial }
}

/// `lp0`, `lp1`, … in `folder`.
fn printer_files(folder: &Path) -> Vec<DevicePath> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_printer = |name: &str| {
        name.strip_prefix("lp").is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut paths: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(is_printer))
        .filter_map(|entry| entry.path().to_str().map(str::to_owned))
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| DevicePath::read(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printer_files_are_found_by_their_names() {
        let folder = std::env::temp_dir().join(format!("tillbridge-lp-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["lp1", "lp0", "lpx", "hiddev0"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let found: Vec<String> = printer_files(&folder).iter().map(|path| path.path().display().to_string()).collect();
        assert_eq!(found, [folder.join("lp0").display().to_string(), folder.join("lp1").display().to_string()]);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(printer_files(&folder), []);
    }
}
