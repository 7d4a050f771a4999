//! A printer at a serial line.

use std::io;
use std::time::Duration;

use serial2::{CharSize, FlowControl, Parity, SerialPort, Settings, StopBits};

use super::{Link, nothing_came, timed_out};
use crate::address::{Flow, SerialAddress};

struct Serial {
    port: SerialPort,
    /// Seconds that one byte takes on the line.
    byte_seconds: f64,
    written: usize,
}

/// Opens the line with 8 data bits, no parity, 1 stop bit.
pub(crate) fn open(address: &SerialAddress) -> io::Result<SerialPort> {
    SerialPort::open(address.path(), |mut settings: Settings| {
        settings.set_raw();
        settings.set_baud_rate(address.baud())?;
        settings.set_char_size(CharSize::Bits8);
        settings.set_parity(Parity::None);
        settings.set_stop_bits(StopBits::One);
        settings.set_flow_control(match address.flow() {
            Flow::None => FlowControl::None,
            Flow::RtsCts => FlowControl::RtsCts,
            Flow::XonXoff => FlowControl::XonXoff,
        });
        Ok(settings)
    })
}

pub(super) fn open_link(address: &SerialAddress) -> io::Result<Box<dyn Link>> {
    let byte_seconds = 10.0 / f64::from(address.baud());
    Ok(Box::new(Serial { port: open(address)?, byte_seconds, written: 0 }))
}

impl Link for Serial {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        self.port.set_write_timeout(wait)?;
        match self.port.write(bytes) {
            Err(error) if nothing_came(&error) => Err(timed_out()),
            Ok(count) => {
                self.written += count;
                Ok(count)
            }
            error => error,
        }
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.port.set_read_timeout(wait)?;
        match self.port.read(into) {
            Err(error) if nothing_came(&error) => Ok(0),
            other => other,
        }
    }

    /// Waits for what the system still holds, but not for ever: a printer that holds the line back keeps `flush` waiting, so
    /// only what the line can carry within `wait` is waited for.
    fn finish(&mut self, wait: Duration) -> io::Result<()> {
        #[allow(clippy::cast_precision_loss, reason = "a job is far below 2^52 bytes")]
        let on_the_line = Duration::from_secs_f64(self.written.min(1 << 20) as f64 * self.byte_seconds);
        if on_the_line <= wait {
            return self.port.flush();
        }
        std::thread::sleep(wait);
        Ok(())
    }
}
