//! A printer behind a device file (`/dev/usb/lp0`) or a device path of Windows.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Link, timed_out};

/// How long to wait before asking a full device again.
const PAUSE: Duration = Duration::from_millis(5);

struct Device {
    file: File,
    answers: bool,
}

/// Opens the device at `path`; one that cannot be read is only written. A plain file is refused: printing would destroy it.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Link>> {
    let both = is_two_way(path)?;
    let open = |both: bool| {
        let mut options = OpenOptions::new();
        options.write(true).read(both);
        without_blocking(&mut options);
        options.open(path)
    };
    match open(both) {
        Ok(file) => Ok(Box::new(Device { file, answers: both })),
        Err(error) if both && error.kind() == io::ErrorKind::PermissionDenied => {
            Ok(Box::new(Device { file: open(false)?, answers: false }))
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn is_two_way(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::FileTypeExt;
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_char_device() {
        Ok(true)
    } else if kind.is_fifo() {
        Ok(false)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "this is not a device"))
    }
}

#[cfg(not(unix))]
fn is_two_way(_: &Path) -> io::Result<bool> {
    Ok(true)
}

/// A device that is full then says so at once, rather than holding the writer for as long as there is no paper.
#[cfg(unix)]
fn without_blocking(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
}

#[cfg(not(unix))]
fn without_blocking(_: &mut OpenOptions) {}

impl Link for Device {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        let deadline = Instant::now() + wait;
        loop {
            match self.file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if Instant::now() >= deadline {
                        return Err(timed_out());
                    }
                    std::thread::sleep(PAUSE);
                }
                other => return other,
            }
        }
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        if !self.answers {
            return Ok(0);
        }
        let deadline = Instant::now() + wait;
        loop {
            match self.file.read(into) {
                // A driver that has nothing says so by either.
                Ok(0) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // Windows and some drivers cannot be read: such a printer is one that does not answer.
                Err(_) => {
                    self.answers = false;
                    return Ok(0);
                }
                taken => return taken,
            }
            if Instant::now() >= deadline {
                return Ok(0);
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn finish(&mut self, _: Duration) -> io::Result<()> {
        self.file.flush()
    }
}
