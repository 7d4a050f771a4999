//! A scanner in serial mode: read here, so that neither keyboard layout nor input method nor focus stands in its way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use peripherals::SerialScanner;

use crate::api::{Problem, ProblemCode, SessionNews, TillEvent};
use crate::device_settings::serial_address;
use crate::terminal::Terminal;

/// The session of the window: the scanner is plugged in where the window is.
pub(crate) const WINDOW: &str = "main";
/// How long one look at the line takes; what was begun is a code after such a silence.
const LOOK: Duration = Duration::from_millis(100);
/// How long to wait before a line that is away is opened again.
const AWAY: Duration = Duration::from_secs(2);
/// How long an idle reader sleeps when nobody rings.
const IDLE: Duration = Duration::from_mins(1);

/// Which session scans go to.
#[derive(Debug, Default)]
pub(crate) struct ScanTaker(Mutex<Option<String>>);

impl Terminal {
    /// Scans go to `session` from now on. Where somebody is signed in at the window, they stay there: a browser may be far away
    /// from the scanner.
    pub(crate) fn scans_go_to(&self, session: &str) {
        let mut taker = self.scans.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = taker.as_deref() == Some(WINDOW) && self.sessions.look(WINDOW, |_| ()).is_some();
        if session == WINDOW || !window {
            *taker = Some(session.to_owned());
        }
    }

    /// The session that scans go to.
    pub(crate) fn scan_session(&self) -> String {
        self.scans.0.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_else(|| WINDOW.to_owned())
    }

    fn heard(&self, code: &str) {
        let prefix = self.settings().scanner_prefix.clone();
        let code = code.strip_prefix(prefix.as_str()).unwrap_or(code);
        let (aim, data) = split_aim(code);
        let news = SessionNews::Scan { data: data.to_owned(), aim: aim.to_owned() };
        self.emit(TillEvent::Session { session: self.scan_session(), news });
    }
}

/// The AIM symbology identifier without its bracket, where the scanner sends one, and the data.
pub(crate) fn split_aim(code: &str) -> (&str, &str) {
    let bytes = code.as_bytes();
    match bytes {
        [b']', kind, modifier, _, ..] if kind.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() => code[1..].split_at(2),
        _ => ("", code),
    }
}

/// The thread that reads the scanner; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct ScannerTask {
    stop: Arc<AtomicBool>,
    terminal: Arc<Terminal>,
    thread: Option<JoinHandle<()>>,
}

impl ScannerTask {
    /// Starts it.
    pub(crate) fn start(terminal: &Arc<Terminal>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("scanner".into()).spawn({
            let (stop, terminal) = (Arc::clone(&stop), Arc::clone(terminal));
            move || listen(&terminal, &stop)
        })?;
        Ok(Self { stop, terminal: Arc::clone(terminal), thread: Some(thread) })
    }
}

impl Drop for ScannerTask {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.terminal.after_commit.ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the scanner's thread ended by a panic");
        }
    }
}

fn listen(terminal: &Terminal, stop: &AtomicBool) {
    let mut seen = 0;
    while !stop.load(Ordering::Acquire) {
        let address = terminal.settings().devices.scanner_port.clone();
        if address.is_empty() {
            terminal.after_commit.wait(&mut seen, IDLE);
            continue;
        }
        let failed = read(terminal, stop, &address);
        let Err(error) = failed else { continue };
        let detail = format!("the scanner at {address} cannot be read: {error}");
        tracing::warn!(detail);
        terminal.status.lock().line_problem = Some(Problem::new(ProblemCode::SerialLineAway, detail).with("address", &address));
        terminal.after_commit.wait(&mut seen, AWAY);
    }
}

/// Reads until the settings name another line, or the terminal closes.
fn read(terminal: &Terminal, stop: &AtomicBool, address: &str) -> std::io::Result<()> {
    let mut scanner = SerialScanner::open(&serial_address(address).map_err(std::io::Error::other)?)?;
    terminal.status.lock().line_problem = None;
    while !stop.load(Ordering::Acquire) && terminal.settings().devices.scanner_port == address {
        for code in scanner.read(LOOK)? {
            terminal.heard(&code);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::split_aim;

    #[test]
    fn the_symbology_identifier_is_told_from_the_data() {
        assert_eq!(split_aim("]E06901234567892"), ("E0", "6901234567892"));
        assert_eq!(split_aim("]C1010690123456789210L1"), ("C1", "010690123456789210L1"));
        assert_eq!(split_aim("6901234567892"), ("", "6901234567892"));
        assert_eq!(split_aim("]E0"), ("", "]E0"));
        assert_eq!(split_aim("]é9x"), ("", "]é9x"));
    }
}
