//! Carrying bytes to a network printer.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::address::PrinterAddress;

/// How long to wait for a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, over all addresses of its name.
    pub connect: Duration,
    /// For each piece of data to be taken; a printer without paper stops taking any.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), write: Duration::from_secs(10) }
    }
}

/// Why nothing, or only a part, was printed.
#[derive(Debug, Error)]
pub enum PrintError {
    /// No address belongs to the name.
    #[error("the printer's name in {address} is not known on this network: check the address")]
    UnknownHost {
        /// The printer.
        address: PrinterAddress,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It does not answer.
    #[error("the printer at {address} does not answer: check that it is on and connected")]
    Unreachable {
        /// The printer.
        address: PrinterAddress,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It answered and then stopped taking data.
    #[error("the printer at {address} stopped taking data: check paper and cover; a part may have been printed")]
    Interrupted {
        /// The printer.
        address: PrinterAddress,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl PrintError {
    /// The printer that failed.
    pub const fn address(&self) -> &PrinterAddress {
        match self {
            Self::UnknownHost { address, .. } | Self::Unreachable { address, .. } | Self::Interrupted { address, .. } => address,
        }
    }
}

/// Sends `bytes` to the printer. Blocks for at most about the given times; to be called away from the sale's way. Ok means
/// that the printer's side has taken the bytes: raw printing knows no confirmation of what is on paper.
pub fn send(address: &PrinterAddress, bytes: &[u8], timeouts: Timeouts) -> Result<(), PrintError> {
    let mut stream = connect(address, timeouts.connect)?;
    deliver(&mut stream, bytes, timeouts).map_err(|source| PrintError::Interrupted { address: address.clone(), source })
}

fn connect(address: &PrinterAddress, timeout: Duration) -> Result<TcpStream, PrintError> {
    let unknown = |source| PrintError::UnknownHost { address: address.clone(), source };
    let candidates = (address.host(), address.port()).to_socket_addrs().map_err(unknown)?;
    let deadline = Instant::now() + timeout;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for candidate in candidates {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(&candidate, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(PrintError::Unreachable { address: address.clone(), source: failure })
}

fn deliver(stream: &mut TcpStream, bytes: &[u8], timeouts: Timeouts) -> io::Result<()> {
    stream.set_write_timeout(Some(timeouts.write))?;
    stream.write_all(bytes)?;
    stream.flush()?;
    stream.shutdown(Shutdown::Write)?;
    // What the printer may have said is read off first: closing over unread data would reset the connection and could take
    // the end of the receipt with it.
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut said = [0_u8; 64];
    let deadline = Instant::now() + Duration::from_secs(1);
    while Instant::now() < deadline && matches!(stream.read(&mut said), Ok(count) if count > 0) {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn local(port: u16) -> PrinterAddress {
        PrinterAddress::parse(&format!("127.0.0.1:{port}")).unwrap()
    }

    #[test]
    fn a_printer_that_is_away_is_said_to_be_away() {
        let nobody = local(1);
        let error = send(&nobody, b"x", Timeouts::default()).unwrap_err();
        assert!(matches!(error, PrintError::Unreachable { .. }), "{error:?}");
        assert_eq!(error.address(), &nobody);
    }

    #[test]
    fn a_printer_that_takes_no_more_data_interrupts() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let out_of_paper = Timeouts { write: Duration::from_millis(50), ..Timeouts::default() };
        let error = send(&local(port), &vec![0; 64 << 20], out_of_paper).unwrap_err();
        assert!(matches!(error, PrintError::Interrupted { .. }), "{error:?}");
    }
}
