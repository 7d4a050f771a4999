//! A printer with a roll of paper that ends, a cover that opens and a buffer, at one end of any line.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What the printer has and does.
#[derive(Debug, Default)]
pub struct State {
    /// What was printed so far, as bytes.
    pub printed: Vec<u8>,
    /// What was taken and not printed yet.
    pub buffer: Vec<u8>,
    /// Lines left on the roll; none: it never ends.
    pub lines_left: Option<usize>,
    pub cover_open: bool,
    /// Does not say anything.
    pub silent: bool,
    /// Drops the connection when it has taken this many bytes of the next job.
    pub drop_after: Option<usize>,
    /// How many jobs came.
    pub jobs: usize,
}

impl State {
    fn out_of_paper(&self) -> bool {
        self.lines_left == Some(0)
    }

    fn stopped(&self) -> bool {
        self.out_of_paper() || self.cover_open
    }

    /// The answer to `DLE EOT number`.
    fn status(&self, number: u8) -> u8 {
        0x12 | match number {
            1 if self.stopped() => 0x08,
            2 => (if self.cover_open { 0x04 } else { 0 }) | (if self.out_of_paper() { 0x20 } else { 0 }),
            4 if self.out_of_paper() => 0x60,
            _ => 0,
        }
    }

    /// Takes bytes; gives what it answers at once.
    fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.buffer.extend(bytes);
        let mut answers = Vec::new();
        // What acts at once is taken out wherever it stands.
        while let Some(at) = self.buffer.windows(2).position(|pair| pair == [0x10, 0x04]) {
            let Some(number) = self.buffer.get(at + 2).copied() else { break };
            self.buffer.drain(at..at + 3);
            if !self.silent {
                answers.push(self.status(number));
            }
        }
        answers.extend(self.print());
        answers
    }

    /// Prints what the paper allows, line by line.
    fn print(&mut self) -> Vec<u8> {
        let mut answers = Vec::new();
        while !self.stopped() && !self.buffer.is_empty() {
            if self.buffer.starts_with(&[0x1d, b'r']) {
                if self.buffer.len() < 3 {
                    break;
                }
                self.buffer.drain(..3);
                if !self.silent {
                    answers.push(0);
                }
                continue;
            }
            let byte = self.buffer.remove(0);
            self.printed.push(byte);
            if byte == b'\n'
                && let Some(left) = &mut self.lines_left
            {
                *left -= 1;
            }
        }
        answers
    }
}

/// The printer, at work until it is dropped.
pub struct FakePrinter {
    pub state: Arc<Mutex<State>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    address: Option<SocketAddr>,
}

impl FakePrinter {
    /// At a free port of this machine.
    pub fn on_the_network() -> Self {
        Self::on_port(0)
    }

    /// At this port.
    pub fn on_port(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let mut printer = Self::start(move |state, stop| {
            while !stop.load(Ordering::Acquire) {
                match listener.accept() {
                    Ok((mut stream, _)) => {
                        stream.set_nonblocking(false).unwrap();
                        stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
                        state.lock().unwrap_or_else(PoisonError::into_inner).jobs += 1;
                        serve(&mut stream, state, stop);
                    }
                    Err(_) => std::thread::sleep(Duration::from_millis(5)),
                }
            }
        });
        printer.address = Some(address);
        printer
    }

    /// At the far end of a line, such as a pseudo-terminal.
    pub fn at(mut line: impl Read + Write + Send + 'static) -> Self {
        Self::start(move |state, stop| serve(&mut line, state, stop))
    }

    fn start(work: impl FnOnce(&Mutex<State>, &AtomicBool) + Send + 'static) -> Self {
        let (state, stop) = (Arc::new(Mutex::new(State::default())), Arc::new(AtomicBool::new(false)));
        let thread = std::thread::spawn({
            let (state, stop) = (Arc::clone(&state), Arc::clone(&stop));
            move || work(&state, &stop)
        });
        Self { state, stop, thread: Some(thread), address: None }
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.address.unwrap().to_string()
    }

    /// Looks at or changes its state.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Throws away what it holds, as when it is switched off and on.
    pub fn power_cycle(&self) {
        self.with(|state| state.buffer.clear());
    }

    /// What is on the paper, taken off.
    pub fn tear_off(&self) -> Vec<u8> {
        self.with(|state| std::mem::take(&mut state.printed))
    }
}

impl Drop for FakePrinter {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the printer broke down");
        }
    }
}

fn serve(line: &mut (impl Read + Write), state: &Mutex<State>, stop: &AtomicBool) {
    let mut bytes = [0_u8; 512];
    while !stop.load(Ordering::Acquire) {
        let mut answers = match line.read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                let answers = state.take(&bytes[..count]);
                if let Some(left) = &mut state.drop_after {
                    *left = left.saturating_sub(count);
                    if *left == 0 {
                        state.drop_after = None;
                        return;
                    }
                }
                answers
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                std::thread::sleep(Duration::from_millis(1));
                Vec::new()
            }
            Err(_) => return,
        };
        // Paper that was put in lets it go on by itself.
        answers.extend(state.lock().unwrap_or_else(PoisonError::into_inner).print());
        if !answers.is_empty() && line.write_all(&answers).is_err() {
            return;
        }
    }
}
