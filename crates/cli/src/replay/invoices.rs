//! Rows put together into invoices, while the file streams by.

use std::collections::{HashSet, VecDeque};
use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};
use domain::Currency;
use jiff::civil::DateTime;
use thiserror::Error;

use super::lines::{Lines, Watched};
use super::rows::{Columns, LeftOut, Row, RowProblem, Series};

/// How many invoices may be open at a time. Rows of one invoice may be interrupted by others that were written at the same
/// moment; a file in order of time has no more than a few of them.
const OPEN_INVOICES: usize = 64;

/// Why the file cannot be read on.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    /// A column that is needed.
    #[error("the file has no column {0}: its first line must name the columns")]
    NoColumn(&'static str),
    /// It breaks off or is not what it seems.
    #[error("the file cannot be read after line {after}: {source}")]
    Unreadable {
        /// The last line that could be read.
        after: u64,
        /// What happened.
        source: csv::Error,
    },
}

/// An invoice whose rows are all good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invoice {
    /// Its number.
    pub(crate) number: String,
    /// Its first row's time.
    pub(crate) at: DateTime,
    /// Its rows, at least one.
    pub(crate) rows: Vec<Row>,
}

impl Invoice {
    /// True when goods came back.
    pub(crate) fn is_credit_note(&self) -> bool {
        Series::of(&self.number) == Series::CreditNote
    }
}

/// What the file says next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// A whole invoice.
    Invoice(Invoice),
    /// A row that is not taken.
    LeftOut(LeftOut),
}

/// An invoice whose rows are still coming.
struct Open {
    number: String,
    rows: Vec<Row>,
    bad_line: Option<u64>,
}

/// Reads a file row by row and gives its invoices in the order they begin.
pub(crate) struct Invoices<R> {
    reader: Reader<Watched<R>>,
    lines: Lines,
    columns: Columns,
    currency: Currency,
    open: VecDeque<Open>,
    closed: HashSet<String>,
    ready: VecDeque<Found>,
    rows: u64,
    line: u64,
    ended: bool,
}

impl<R: Read> Invoices<R> {
    /// Reads the header.
    pub(crate) fn new(input: R, currency: Currency) -> Result<Self, FileError> {
        let (input, lines) = Lines::watch(input);
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
        let header = reader.byte_headers().map_err(|source| FileError::Unreadable { after: 0, source })?;
        let columns = Columns::of(header).map_err(FileError::NoColumn)?;
        Ok(Self {
            reader,
            lines,
            columns,
            currency,
            open: VecDeque::new(),
            closed: HashSet::new(),
            ready: VecDeque::new(),
            rows: 0,
            line: 1,
            ended: false,
        })
    }

    /// Rows read so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// What comes next, `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Found>, FileError> {
        let mut record = ByteRecord::new();
        loop {
            if let Some(found) = self.ready.pop_front() {
                return Ok(Some(found));
            }
            if self.ended {
                return Ok(None);
            }
            let more = self.reader.read_byte_record(&mut record);
            if more.map_err(|source| FileError::Unreadable { after: self.line, source })? {
                self.take(&record);
            } else {
                self.ended = true;
                while let Some(open) = self.open.pop_front() {
                    self.close(open);
                }
            }
        }
    }

    fn take(&mut self, record: &ByteRecord) {
        self.rows += 1;
        self.line = self.lines.of(record, self.reader.position().byte());
        match self.columns.read(record, self.line, self.currency) {
            Ok(row) => {
                let line = row.line;
                match self.open_invoice(&row.invoice) {
                    Some(open) => open.rows.push(row),
                    None => self.leave_out(line, row.invoice, RowProblem::TooLate),
                }
            }
            Err(left_out) => {
                let spoils = !left_out.problem.is_expected() && !left_out.invoice.is_empty();
                if spoils && let Some(open) = self.open_invoice(&left_out.invoice) {
                    open.bad_line.get_or_insert(left_out.line);
                }
                self.ready.push_back(Found::LeftOut(left_out));
            }
        }
    }

    /// The invoice `number`, opened when it is new; none when it was closed already.
    fn open_invoice(&mut self, number: &str) -> Option<&mut Open> {
        if let Some(index) = self.open.iter().rposition(|open| open.number == number) {
            return self.open.get_mut(index);
        }
        if self.closed.contains(number) {
            return None;
        }
        if self.open.len() >= OPEN_INVOICES
            && let Some(first) = self.open.pop_front()
        {
            self.close(first);
        }
        self.open.push_back(Open { number: number.to_owned(), rows: Vec::new(), bad_line: None });
        self.open.back_mut()
    }

    /// An invoice is taken whole or not at all, so that it can be repaired in the file and taken then.
    fn close(&mut self, open: Open) {
        self.closed.insert(open.number.clone());
        match (open.bad_line, open.rows.first()) {
            (Some(line), _) => {
                for row in open.rows {
                    self.leave_out(row.line, row.invoice, RowProblem::HeldBack { line });
                }
            }
            (None, Some(first)) => {
                let at = first.at;
                self.ready.push_back(Found::Invoice(Invoice { number: open.number, at, rows: open.rows }));
            }
            (None, None) => {}
        }
    }

    fn leave_out(&mut self, line: u64, invoice: String, problem: RowProblem) {
        self.ready.push_back(Found::LeftOut(LeftOut { line, invoice, problem }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn read(rows: &str) -> Vec<String> {
        let text = format!("{HEADER}{rows}");
        let currency = Currency::parse("GBP").expect("a currency");
        let mut invoices = Invoices::new(text.as_bytes(), currency).expect("a header");
        let mut found = Vec::new();
        while let Some(next) = invoices.next().expect("readable") {
            found.push(match next {
                Found::Invoice(invoice) => format!("{}×{}", invoice.number, invoice.rows.len()),
                Found::LeftOut(left_out) => format!("{}:{}", left_out.line, left_out.problem.code()),
            });
        }
        found
    }

    fn row(invoice: &str) -> String {
        format!("{invoice},A,thing,1,2010-12-01 08:26:00,1.00,,UK\n")
    }

    #[test]
    fn rows_that_another_invoice_interrupts_are_one_invoice() {
        assert_eq!(read(&[row("1"), row("2"), row("1"), row("1")].concat()), ["1×3", "2×1"]);
    }

    #[test]
    fn a_bad_row_holds_its_whole_invoice_back_and_no_other() {
        let bad = "1,A,thing,x,2010-12-01 08:26:00,1.00,,UK\n";
        let found = read(&[row("1"), row("2"), bad.to_owned(), row("1")].concat());
        assert_eq!(found, ["4:unreadable_field", "2:held_back", "5:held_back", "2×1"]);
    }

    #[test]
    fn a_row_long_after_its_invoice_is_told_and_not_sold_apart() {
        let others: String = (100..100 + OPEN_INVOICES).map(|number| row(&number.to_string())).collect();
        let found = read(&[row("1"), others, row("1")].concat());
        assert_eq!(found[0], "1×1");
        assert_eq!(found[1], format!("{}:too_late", OPEN_INVOICES + 3));
        assert_eq!(found.len(), OPEN_INVOICES + 2);
    }

    #[test]
    fn bad_debt_and_blank_rows_are_told() {
        assert_eq!(read(&[row("A1"), ",,,,,,,\n".to_owned(), row("1")].concat()), ["2:bad_debt", "3:blank", "1×1"]);
    }

    #[test]
    fn line_numbers_count_blank_lines_quoted_breaks_and_the_marks_of_windows() {
        let rows = "\n1,A,\"two\nlines\",1,2010-12-01 08:26:00,1.00,,UK\r\n\r\nA2,B,x,1,2010-12-01 08:26:00,1.00,,UK\r\nA3,B,x,1,2010-12-01 08:26:00,1.00,,UK";
        assert_eq!(read(rows), ["6:bad_debt", "7:bad_debt", "1×1"]);
    }
}
