//! What a printer says of itself: `DLE EOT` is answered at once, also by a printer that cannot print; `GS r` is answered in
//! its turn, so its answer means that all before it was printed.

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use crate::link::Link;

/// `GS r 1`: tell the state of the paper once what came before is printed.
pub(crate) const TELL_WHEN_THERE: &[u8] = &[0x1d, b'r', 1];

/// What keeps a printer from printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The roll is used up.
    OutOfPaper,
    /// The cover is open.
    CoverOpen,
    /// The knife or something else is stuck.
    Fault,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfPaper => "it is out of paper",
            Self::CoverOpen => "its cover is open",
            Self::Fault => "it reports a fault; switch it off and on again",
        })
    }
}

/// The state of a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrinterState {
    /// The cover is open.
    pub cover_open: bool,
    /// The roll is used up.
    pub out_of_paper: bool,
    /// The roll is nearly used up.
    pub paper_low: bool,
    /// Knife or mechanism.
    pub fault: bool,
    /// The drawer's contact: whether its pin is high. What that means depends on the drawer.
    pub drawer_pin_high: bool,
}

impl PrinterState {
    /// What keeps it from printing, the first thing to do first.
    pub const fn trouble(&self) -> Option<Trouble> {
        if self.out_of_paper {
            Some(Trouble::OutOfPaper)
        } else if self.cover_open {
            Some(Trouble::CoverOpen)
        } else if self.fault {
            Some(Trouble::Fault)
        } else {
            None
        }
    }
}

/// What came when listening.
pub(crate) enum Said {
    Nothing,
    State(PrinterState),
    AtTheEnd,
}

/// The state; none of a printer that does not answer the first question.
pub(crate) fn ask(link: &mut dyn Link, wait: Duration) -> io::Result<Option<PrinterState>> {
    let mut state = PrinterState::default();
    let Some(general) = question(link, 1, wait)? else { return Ok(None) };
    state.drawer_pin_high = general & 0x04 != 0;
    if let Some(offline) = question(link, 2, wait)? {
        state.cover_open = offline & 0x04 != 0;
        state.out_of_paper = offline & 0x20 != 0;
        state.fault = offline & 0x40 != 0;
    }
    if let Some(paper) = question(link, 4, wait)? {
        state.paper_low = paper & 0x0c != 0;
        state.out_of_paper |= paper & 0x60 != 0;
    }
    Ok(Some(state))
}

/// Listens for the end of the job; where nothing comes, asks for the state.
pub(crate) fn look(link: &mut dyn Link, wait: Duration) -> io::Result<Said> {
    if hear(link, wait, is_at_the_end)?.is_some() {
        return Ok(Said::AtTheEnd);
    }
    for question in [2, 4] {
        send(link, question, wait)?;
    }
    let mut state = PrinterState::default();
    let deadline = Instant::now() + wait;
    let mut answers = 0;
    while answers < 2 {
        let left = deadline.saturating_duration_since(Instant::now());
        match hear(link, left, |byte| is_state(byte) || is_at_the_end(byte))? {
            None => break,
            Some(byte) if is_at_the_end(byte) => return Ok(Said::AtTheEnd),
            Some(byte) if answers == 0 => {
                state.cover_open = byte & 0x04 != 0;
                state.out_of_paper |= byte & 0x20 != 0;
                state.fault = byte & 0x40 != 0;
                answers += 1;
            }
            Some(byte) => {
                state.out_of_paper |= byte & 0x60 != 0;
                answers += 1;
            }
        }
    }
    Ok(if answers == 0 { Said::Nothing } else { Said::State(state) })
}

fn question(link: &mut dyn Link, number: u8, wait: Duration) -> io::Result<Option<u8>> {
    send(link, number, wait)?;
    hear(link, wait, is_state)
}

fn send(link: &mut dyn Link, number: u8, wait: Duration) -> io::Result<()> {
    let mut bytes: &[u8] = &[0x10, 0x04, number];
    while !bytes.is_empty() {
        let count = link.write(bytes, wait)?;
        bytes = &bytes[count..];
    }
    Ok(())
}

/// Bits that every answer to `DLE EOT` has: 0 and 7 clear, 1 and 4 set. Nothing else a printer says by itself looks so.
fn is_state(byte: u8) -> bool {
    byte & 0x93 == 0x12
}

/// Bits that every answer to `GS r` has: 4 and 7 clear.
fn is_at_the_end(byte: u8) -> bool {
    byte & 0x90 == 0
}

/// The first byte that is `wanted`, within `wait`.
fn hear(link: &mut dyn Link, wait: Duration, wanted: impl Fn(u8) -> bool) -> io::Result<Option<u8>> {
    let deadline = Instant::now() + wait;
    let mut byte = [0_u8; 1];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if link.read(&mut byte, left)? == 0 {
            return Ok(None);
        }
        if wanted(byte[0]) {
            return Ok(Some(byte[0]));
        }
        if left.is_zero() {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart_by_their_fixed_bits() {
        assert!(is_state(0x12) && is_state(0x7e) && !is_state(0x00) && !is_state(0x10));
        assert!(is_at_the_end(0x00) && is_at_the_end(0x0f) && !is_at_the_end(0x12) && !is_at_the_end(0x72));
    }

    #[test]
    fn an_empty_roll_is_said_before_an_open_cover() {
        let state = PrinterState { cover_open: true, out_of_paper: true, ..PrinterState::default() };
        assert_eq!(state.trouble(), Some(Trouble::OutOfPaper));
        assert_eq!(PrinterState { cover_open: true, ..PrinterState::default() }.trouble(), Some(Trouble::CoverOpen));
        assert_eq!(PrinterState { paper_low: true, ..PrinterState::default() }.trouble(), None);
    }
}
