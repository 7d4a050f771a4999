//! Raw printing over TCP.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::{Link, OpenError, nothing_came};
use crate::address::NetworkAddress;

/// The shortest time-out that a socket takes.
const SHORTEST: Duration = Duration::from_millis(1);

struct Network(TcpStream);

/// Tries every address of the host's name, all together within `wait`.
pub(super) fn open(address: &NetworkAddress, wait: Duration) -> Result<Box<dyn Link>, OpenError> {
    let candidates = (address.host(), address.port()).to_socket_addrs().map_err(OpenError::UnknownHost)?;
    let deadline = Instant::now() + wait;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for candidate in candidates {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(&candidate, left) {
            Ok(stream) => {
                // What a status is asked with must not wait for more to send.
                if let Err(error) = stream.set_nodelay(true) {
                    failure = error;
                    continue;
                }
                return Ok(Box::new(Network(stream)));
            }
            Err(error) => failure = error,
        }
    }
    Err(OpenError::Away(failure))
}

impl Link for Network {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        self.0.set_write_timeout(Some(wait.max(SHORTEST)))?;
        self.0.write(bytes)
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.0.set_read_timeout(Some(wait.max(SHORTEST)))?;
        match self.0.read(into) {
            Ok(0) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the printer closed the connection")),
            Err(error) if nothing_came(&error) => Ok(0),
            other => other,
        }
    }

    fn finish(&mut self, wait: Duration) -> io::Result<()> {
        self.0.flush()?;
        self.0.shutdown(Shutdown::Write)?;
        // What the printer may have said is read off first: closing over unread data would reset the connection and could take
        // the end of the receipt with it.
        let deadline = Instant::now() + wait;
        let mut said = [0_u8; 64];
        while Instant::now() < deadline {
            self.0.set_read_timeout(Some(wait.max(SHORTEST)))?;
            if !matches!(self.0.read(&mut said), Ok(count) if count > 0) {
                break;
            }
        }
        Ok(())
    }
}
