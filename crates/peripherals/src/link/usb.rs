//! A USB printer that no driver of the system has taken: its printer interface is claimed and its bulk endpoints are used.

use std::io;
use std::time::Duration;

use nusb::descriptors::TransferType;
use nusb::transfer::{Buffer, Bulk, Direction, In, Out, TransferError};
use nusb::{DeviceInfo, Endpoint, MaybeFuture};

use super::{Link, timed_out};
use crate::address::UsbAddress;

/// The class of printers.
const PRINTER_CLASS: u8 = 7;
/// The most bytes handed over at a time.
const PIECE: usize = 4_096;

struct Usb {
    to: Endpoint<Bulk, Out>,
    from: Option<Endpoint<Bulk, In>>,
    /// What came and was not asked for yet.
    came: Vec<u8>,
}

/// The printers that are plugged in.
pub(crate) fn plugged_in() -> Vec<UsbAddress> {
    let Ok(devices) = nusb::list_devices().wait() else { return Vec::new() };
    let is_printer = |device: &DeviceInfo| device.interfaces().any(|interface| interface.class() == PRINTER_CLASS);
    devices.filter(is_printer).map(|device| address_of(&device)).collect()
}

fn address_of(device: &DeviceInfo) -> UsbAddress {
    let serial = device.serial_number().filter(|serial| UsbAddress::read(&format!("0000:0000:{serial}")).is_some());
    UsbAddress::new(device.vendor_id(), device.product_id(), serial.map(str::to_owned))
}

pub(super) fn open(address: &UsbAddress) -> io::Result<Box<dyn Link>> {
    let wanted = |device: &DeviceInfo| {
        (device.vendor_id(), device.product_id()) == (address.vendor(), address.product())
            && address.serial().is_none_or(|serial| device.serial_number() == Some(serial))
    };
    let missing = || io::Error::new(io::ErrorKind::NotFound, "no such device is plugged in");
    let found = nusb::list_devices().wait().map_err(io::Error::from)?.find(wanted).ok_or_else(missing)?;
    let number = found
        .interfaces()
        .find(|interface| interface.class() == PRINTER_CLASS)
        .map(nusb::InterfaceInfo::interface_number)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the device is not a printer"))?;
    let device = found.open().wait().map_err(io::Error::from)?;
    let interface = device.detach_and_claim_interface(number).wait().map_err(io::Error::from)?;
    let (mut to, mut from) = (None, None);
    for endpoint in interface.descriptor().into_iter().flat_map(|descriptor| descriptor.endpoints().collect::<Vec<_>>()) {
        match (endpoint.transfer_type(), endpoint.direction()) {
            (TransferType::Bulk, Direction::Out) if to.is_none() => to = Some(endpoint.address()),
            (TransferType::Bulk, Direction::In) if from.is_none() => from = Some(endpoint.address()),
            _ => {}
        }
    }
    let to = to.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the printer has no way to take data"))?;
    let to = interface.endpoint::<Bulk, Out>(to).map_err(io::Error::from)?;
    let from = from.map(|address| interface.endpoint::<Bulk, In>(address)).transpose().map_err(io::Error::from)?;
    Ok(Box::new(Usb { to, from, came: Vec::new() }))
}

impl Link for Usb {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        let piece = &bytes[..bytes.len().min(PIECE)];
        let done = self.to.transfer_blocking(Buffer::from(piece), wait);
        match done.status {
            Ok(()) => Ok(done.actual_len),
            // Cancelled in the middle: what the printer has taken until then counts.
            Err(TransferError::Cancelled) if done.actual_len > 0 => Ok(done.actual_len),
            Err(TransferError::Cancelled) => Err(timed_out()),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        if self.came.is_empty()
            && let Some(from) = &mut self.from
        {
            let buffer = Buffer::new(from.max_packet_size());
            let done = from.transfer_blocking(buffer, wait);
            match done.status {
                Ok(()) | Err(TransferError::Cancelled) => self.came.extend_from_slice(&done.buffer[..done.actual_len]),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        let count = into.len().min(self.came.len());
        into[..count].copy_from_slice(&self.came[..count]);
        self.came.drain(..count);
        Ok(count)
    }

    fn finish(&mut self, _: Duration) -> io::Result<()> {
        Ok(())
    }
}
