//! The line that a record of a CSV file stands on. The CSV library counts from where its reading of the record began, which
//! lies before blank lines and in the middle of a Windows line break; people count the lines that they see.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use csv::ByteRecord;

/// Notes every line break that passes through it.
pub(super) struct Watched<R> {
    inner: R,
    passed: u64,
    breaks: Rc<RefCell<VecDeque<u64>>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let mut breaks = self.breaks.borrow_mut();
        let places = buffer[..count].iter().zip(self.passed..).filter(|(byte, _)| **byte == b'\n');
        breaks.extend(places.map(|(_, place)| place));
        self.passed += count as u64;
        Ok(count)
    }
}

/// Counts lines.
pub(super) struct Lines {
    breaks: Rc<RefCell<VecDeque<u64>>>,
    before: u64,
}

impl Lines {
    /// Watches `input`.
    pub(super) fn watch<R: Read>(input: R) -> (Watched<R>, Self) {
        let breaks = Rc::default();
        let watched = Watched { inner: input, passed: 0, breaks: Rc::clone(&breaks) };
        (watched, Self { breaks, before: 0 })
    }

    /// The line on which `record` begins, which was read up to byte `end`. Records are asked for in order.
    pub(super) fn of(&mut self, record: &ByteRecord, end: u64) -> u64 {
        let mut breaks = self.breaks.borrow_mut();
        // The break that ends the record is its last byte, or follows it.
        while breaks.front().is_some_and(|place| place + 1 < end) {
            breaks.pop_front();
            self.before += 1;
        }
        let within = record.as_slice().split(|byte| *byte == b'\n').count() as u64 - 1;
        (self.before + 1).saturating_sub(within)
    }
}
