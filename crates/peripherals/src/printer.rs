//! Carrying a job to a printer, and asking it how it is where it can answer.

use std::io;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::address::PrinterAddress;
use crate::link::{self, Link, OpenError};
use crate::status::{self, Trouble};

/// How long to wait for a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, over all addresses of its name.
    pub connect: Duration,
    /// For each piece of data to be taken; a printer without paper stops taking any.
    pub write: Duration,
    /// For the answer to a question about its state. A printer that cannot answer costs this once.
    pub answer: Duration,
    /// For it to say that all is on paper, as long as it does not say what hinders it.
    pub confirm: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            write: Duration::from_secs(10),
            answer: Duration::from_millis(400),
            confirm: Duration::from_secs(20),
        }
    }
}

/// What is known of how a printer answers; learned while printing, so that one that cannot answer is not asked each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habits {
    answers: Option<bool>,
    confirms: Option<bool>,
}

/// How sure it is that a job is on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The printer's side has taken the bytes; it says nothing about the paper.
    Taken,
    /// The printer said that it has come to the end of the job.
    Confirmed,
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
    /// It is not there or does not answer.
    #[error("the printer at {address} does not answer: check that it is on and connected")]
    Unreachable {
        /// The printer.
        address: PrinterAddress,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system does not let this user, or this moment, use it.
    #[error("the printer at {address} may not be used: {source}; let this user use the device, or close the program that has it")]
    NotAllowed {
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
    /// It said what hinders it.
    #[error("the printer at {address} cannot print: {trouble}")]
    Hindered {
        /// The printer.
        address: PrinterAddress,
        /// What.
        trouble: Trouble,
        /// Whether a part of the job was already sent.
        started: bool,
    },
}

impl PrintError {
    /// The printer that failed.
    pub const fn address(&self) -> &PrinterAddress {
        match self {
            Self::UnknownHost { address, .. }
            | Self::Unreachable { address, .. }
            | Self::NotAllowed { address, .. }
            | Self::Interrupted { address, .. }
            | Self::Hindered { address, .. } => address,
        }
    }

    /// Whether a part of the job may be on paper. A job that is sent again after that must say so.
    pub const fn started(&self) -> bool {
        matches!(self, Self::Interrupted { .. } | Self::Hindered { started: true, .. })
    }

    /// What the printer said hinders it.
    pub const fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Hindered { trouble, .. } => Some(*trouble),
            _ => None,
        }
    }
}

/// Prints `bytes`. Blocks for at most about the given times; to be called away from the sale's way. A printer that can
/// answer is asked for paper and cover first, so that a job that cannot be printed is not begun, and for its end afterwards;
/// `before_first_byte` is called once nothing hinders it any more and the job begins.
pub fn print(
    address: &PrinterAddress,
    bytes: &[u8],
    timeouts: Timeouts,
    habits: &mut Habits,
    before_first_byte: impl FnOnce(),
) -> Result<Delivery, PrintError> {
    let mut link = link::open(address, timeouts.connect).map_err(|error| match error {
        OpenError::UnknownHost(source) => PrintError::UnknownHost { address: address.clone(), source },
        OpenError::Away(source) => PrintError::Unreachable { address: address.clone(), source },
        OpenError::Refused(source) => PrintError::NotAllowed { address: address.clone(), source },
    })?;
    if habits.answers != Some(false) {
        match status::ask(link.as_mut(), timeouts.answer) {
            Ok(None) => habits.answers = Some(false),
            Ok(Some(state)) => {
                habits.answers = Some(true);
                if let Some(trouble) = state.trouble() {
                    return Err(PrintError::Hindered { address: address.clone(), trouble, started: false });
                }
            }
            Err(source) => return Err(PrintError::Unreachable { address: address.clone(), source }),
        }
    }
    before_first_byte();
    deliver(link.as_mut(), address, bytes, timeouts, habits)
}

fn deliver(
    link: &mut dyn Link,
    address: &PrinterAddress,
    bytes: &[u8],
    timeouts: Timeouts,
    habits: &mut Habits,
) -> Result<Delivery, PrintError> {
    let interrupted = |source| PrintError::Interrupted { address: address.clone(), source };
    let answers = habits.answers == Some(true);
    if let Err(source) = write_all(link, bytes, timeouts.write) {
        // A printer that stopped taking data can often still say why.
        let state = if answers { status::ask(link, timeouts.answer).ok().flatten() } else { None };
        return Err(match state.and_then(|state| state.trouble()) {
            Some(trouble) => PrintError::Hindered { address: address.clone(), trouble, started: true },
            None => interrupted(source),
        });
    }
    let confirmed = answers && habits.confirms != Some(false);
    let delivery = if confirmed { confirm(link, address, timeouts)? } else { Delivery::Taken };
    if confirmed {
        habits.confirms = Some(delivery == Delivery::Confirmed);
    }
    link.finish(Duration::from_millis(200)).map_err(interrupted)?;
    Ok(delivery)
}

fn write_all(link: &mut dyn Link, mut bytes: &[u8], wait: Duration) -> io::Result<()> {
    while !bytes.is_empty() {
        match link.write(bytes, wait) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::WriteZero, "the printer takes no data")),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Waits until the printer has come to the end of the job, and looks meanwhile whether something hinders it.
fn confirm(link: &mut dyn Link, address: &PrinterAddress, timeouts: Timeouts) -> Result<Delivery, PrintError> {
    let interrupted = |source| PrintError::Interrupted { address: address.clone(), source };
    write_all(link, status::TELL_WHEN_THERE, timeouts.write).map_err(interrupted)?;
    let deadline = Instant::now() + timeouts.confirm;
    loop {
        match status::look(link, timeouts.answer).map_err(interrupted)? {
            status::Said::AtTheEnd => return Ok(Delivery::Confirmed),
            status::Said::State(state) => {
                if let Some(trouble) = state.trouble() {
                    return Err(PrintError::Hindered { address: address.clone(), trouble, started: true });
                }
            }
            status::Said::Nothing => {}
        }
        if Instant::now() >= deadline {
            return Ok(Delivery::Taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn local(port: u16) -> PrinterAddress {
        PrinterAddress::parse(&format!("127.0.0.1:{port}")).unwrap()
    }

    fn quick() -> Timeouts {
        Timeouts { write: Duration::from_millis(50), answer: Duration::from_millis(20), ..Timeouts::default() }
    }

    #[test]
    fn a_printer_that_is_away_is_said_to_be_away() {
        let nobody = local(1);
        let error = print(&nobody, b"x", quick(), &mut Habits::default(), || ()).unwrap_err();
        assert!(matches!(error, PrintError::Unreachable { .. }), "{error:?}");
        assert!(!error.started());
        assert_eq!(error.address(), &nobody);
    }

    #[test]
    fn a_printer_that_takes_no_more_data_interrupts() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut began = false;
        let error = print(&local(port), &vec![0; 64 << 20], quick(), &mut Habits::default(), || began = true).unwrap_err();
        assert!(matches!(error, PrintError::Interrupted { .. }) && error.started(), "{error:?}");
        assert!(began);
    }

    #[test]
    fn a_device_that_is_missing_and_a_file_that_is_none_are_refused() {
        let missing = PrinterAddress::parse("usb:/dev/no-such-printer").unwrap();
        let error = print(&missing, b"x", quick(), &mut Habits::default(), || ()).unwrap_err();
        assert!(matches!(error, PrintError::Unreachable { .. }), "{error:?}");
        let file = std::env::temp_dir().join(format!("tillbridge-no-device-{}", std::process::id()));
        std::fs::write(&file, "kept").unwrap();
        let address = PrinterAddress::parse(&format!("usb:{}", file.display())).unwrap();
        let error = print(&address, b"x", quick(), &mut Habits::default(), || ()).unwrap_err();
        assert!(matches!(error, PrintError::Unreachable { .. }), "{error:?}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "kept");
        std::fs::remove_file(&file).unwrap();
    }
}
