//! Progress on standard error: a line that is overwritten on a screen, now and then a line in a log.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use super::input::Progress;
use crate::answer::Output;

/// Tells how far the file is.
pub(crate) struct Ticker<'a> {
    output: &'a Output,
    progress: Progress,
    started: Instant,
    next: Instant,
    on_screen: bool,
    line_open: bool,
}

impl<'a> Ticker<'a> {
    /// Begins.
    pub(crate) fn new(output: &'a Output, progress: Progress) -> Self {
        let started = Instant::now();
        let on_screen = std::io::stderr().is_terminal();
        Self { output, progress, started, next: started, on_screen, line_open: false }
    }

    /// Tells how far it is when it is time to.
    pub(crate) fn tick(&mut self, invoices: u64) {
        let now = Instant::now();
        if now >= self.next {
            self.next = now + if self.on_screen { Duration::from_millis(200) } else { Duration::from_secs(5) };
            self.show(invoices);
        }
    }

    /// Tells the last state.
    pub(crate) fn end(&mut self, invoices: u64) {
        self.show(invoices);
        self.interrupt();
    }

    /// Leaves the line, because something else is to be said.
    pub(crate) fn interrupt(&mut self) {
        if self.line_open {
            let _ = writeln!(std::io::stderr());
            self.line_open = false;
        }
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate to look at")]
    fn show(&mut self, invoices: u64) {
        let rate = (invoices as f64 / self.started.elapsed().as_secs_f64().max(0.001)).round() as u64;
        let percent = self.progress.percent();
        let zh = format!("{percent}%，{invoices} 张发票，每秒 {rate} 张");
        let en = format!("{percent} %, {invoices} invoices, {rate} a second");
        let text = self.output.choose(&zh, &en);
        let mut err = std::io::stderr();
        if self.on_screen {
            let _ = write!(err, "\r{text}\x1b[K").and_then(|()| err.flush());
            self.line_open = true;
        } else {
            let _ = writeln!(err, "{text}");
        }
    }
}
