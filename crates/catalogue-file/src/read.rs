//! Reading a file row by row. A CSV is never held; of an XLSX the texts that its cells share are, for the format keeps them
//! apart.

use std::io::{BufRead, BufReader, Read, Seek};

use calamine::{DataRef, Reader, Xlsx};
use thiserror::Error;

/// Characters that a cell may hold.
pub const MAX_CELL_CHARACTERS: usize = 2_000;
/// Bytes that one record of a CSV may have.
const MAX_RECORD_BYTES: u64 = 1024 * 1024;
/// Columns that a row may have.
const MAX_COLUMNS: usize = 200;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Comma-separated, UTF-8.
    Csv,
    /// A spreadsheet; its first sheet is read.
    Xlsx,
}

impl FileKind {
    /// What a file of this name is.
    pub fn of_name(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1;
        if ending.eq_ignore_ascii_case("csv") {
            Some(Self::Csv)
        } else if ending.eq_ignore_ascii_case("xlsx") {
            Some(Self::Xlsx)
        } else {
            None
        }
    }
}

/// A row as it stands there. The first one holds the headings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawRow {
    /// Its number as a spreadsheet or an editor shows it, from 1.
    pub row: u64,
    /// Its cells, without spaces around them.
    pub cells: Vec<String>,
    /// The place of a cell that is not UTF-8.
    pub unreadable: Option<usize>,
}

/// A file that cannot be read any further.
#[derive(Debug, Error)]
pub enum ReadError<E> {
    /// What was done with a row failed.
    #[error("{0}")]
    Each(E),
    /// Not a file of its kind.
    #[error("row {row}: {detail}")]
    Broken {
        /// Where.
        row: u64,
        /// What is wrong.
        detail: String,
    },
}

/// Hands every row that is not empty to `each`, the headings first; stops at the first error.
pub fn read<E>(
    file: impl Read + Seek,
    kind: FileKind,
    mut each: impl FnMut(RawRow) -> Result<(), E>,
) -> Result<(), ReadError<E>> {
    match kind {
        FileKind::Csv => read_csv(file, &mut each),
        FileKind::Xlsx => read_xlsx(file, &mut each),
    }
}

/// RFC 4180 by lines, so that a row bears the number of its line whatever empty ones lie before it.
fn read_csv<E>(file: impl Read, each: &mut impl FnMut(RawRow) -> Result<(), E>) -> Result<(), ReadError<E>> {
    let mut file = BufReader::new(file);
    let (mut record, mut line, mut first) = (Vec::new(), 0_u64, 1_u64);
    let broken = |row: u64, detail: String| ReadError::Broken { row, detail };
    loop {
        let before = record.len();
        let more = file.by_ref().take(MAX_RECORD_BYTES).read_until(b'\n', &mut record);
        let more = more.map_err(|error| broken(first, error.to_string()))? > 0;
        line += u64::from(more);
        let open = record.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        if open && more && (record.len() as u64) < MAX_RECORD_BYTES && record.len() > before {
            continue;
        }
        if open {
            return Err(broken(first, "a quote is opened and not closed again".to_owned()));
        }
        if !record.is_empty() {
            hand_on(row_of(first, &record), each)?;
        }
        if !more {
            return Ok(());
        }
        record.clear();
        first = line + 1;
    }
}

/// The cells of one record.
fn row_of(number: u64, record: &[u8]) -> RawRow {
    let mut row = RawRow { row: number, ..RawRow::default() };
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    let record = record.strip_suffix(b"\r").unwrap_or(record);
    let (mut cell, mut quoted, mut bytes) = (Vec::new(), false, record.iter().copied().peekable());
    let mut put = |cell: &mut Vec<u8>| {
        let text = std::str::from_utf8(cell);
        if text.is_err() && row.unreadable.is_none() {
            row.unreadable = Some(row.cells.len());
        }
        if row.cells.len() <= MAX_COLUMNS {
            row.cells.push(text.map_or_else(|_| String::from_utf8_lossy(cell).trim().to_owned(), |text| text.trim().to_owned()));
        }
        cell.clear();
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&b'"') => cell.extend(bytes.next()),
            b'"' => quoted = !quoted,
            b',' if !quoted => put(&mut cell),
            other => cell.push(other),
        }
    }
    put(&mut cell);
    row
}

fn read_xlsx<E>(file: impl Read + Seek, each: &mut impl FnMut(RawRow) -> Result<(), E>) -> Result<(), ReadError<E>> {
    let broken = |row: u64, error: &dyn std::fmt::Display| ReadError::Broken { row, detail: error.to_string() };
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|error| broken(1, &error))?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| broken(1, &"the file has no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|error| broken(1, &error))?;
    let mut row = RawRow::default();
    let mut width = 0;
    loop {
        let cell = cells.next_cell().map_err(|error| broken(row.row + 1, &error))?;
        let Some(cell) = cell else { break };
        let (at, place) = cell.get_position();
        let number = u64::from(at) + 1;
        if number != row.row {
            width = hand_on_filled(std::mem::take(&mut row), width, each)?;
            row.row = number;
        }
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let text = text_of(cell.get_value());
        if !text.is_empty() {
            let place = place.min(MAX_COLUMNS);
            row.cells.resize(row.cells.len().max(place + 1), String::new());
            row.cells[place] = text;
        }
    }
    hand_on_filled(row, width, each)?;
    Ok(())
}

/// A sheet leaves empty cells out: a row is as wide as the headings are.
fn hand_on_filled<E>(
    mut row: RawRow,
    width: usize,
    each: &mut impl FnMut(RawRow) -> Result<(), E>,
) -> Result<usize, ReadError<E>> {
    if row.cells.is_empty() {
        return Ok(width);
    }
    let width = if width == 0 { row.cells.len() } else { width };
    if row.cells.len() < width {
        row.cells.resize(width, String::new());
    }
    hand_on(row, each)?;
    Ok(width)
}

fn hand_on<E>(row: RawRow, each: &mut impl FnMut(RawRow) -> Result<(), E>) -> Result<(), ReadError<E>> {
    if row.cells.iter().all(String::is_empty) {
        return Ok(());
    }
    if row.cells.len() > MAX_COLUMNS {
        return Err(ReadError::Broken { row: row.row, detail: format!("it has more than {MAX_COLUMNS} columns") });
    }
    each(row).map_err(ReadError::Each)
}

/// A cell as it is read. Numbers are written as short as they can be: 6901234567892, 12.9.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(date) => date.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn rows(file: Vec<u8>, kind: FileKind) -> Vec<RawRow> {
        let mut rows = Vec::new();
        read(Cursor::new(file), kind, |row| {
            rows.push(row);
            Ok::<_, ()>(())
        })
        .expect("a file");
        rows
    }

    #[test]
    fn a_csv_is_read_with_the_line_of_each_row_and_what_is_not_utf8_is_marked() {
        let rows = rows(b"sku, price\n\nA,\"1\n2\"\nB,\xb2\xe8\nC\n".to_vec(), FileKind::Csv);
        let shown: Vec<_> = rows.iter().map(|row| (row.row, row.cells.len(), row.unreadable)).collect();
        assert_eq!(shown, [(1, 2, None), (3, 2, None), (5, 2, Some(1)), (6, 1, None)]);
    }

    #[test]
    fn quotes_hold_commas_quotes_and_lines() {
        let rows = rows(b"a,b\r\n\"x, \"\"y\"\"\",\"1\n2\"\r\n,\"\"".to_vec(), FileKind::Csv);
        assert_eq!(rows[1].cells, ["x, \"y\"", "1\n2"]);
        assert_eq!((rows.len(), rows[1].row), (2, 2), "a row of empty cells is none");
        let open = read(Cursor::new(b"a\n\"b\nc\n".to_vec()), FileKind::Csv, |_| Ok::<_, ()>(()));
        assert!(matches!(open, Err(ReadError::Broken { row: 2, .. })));
    }

    #[test]
    fn a_spreadsheet_gives_numbers_as_they_were_typed() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "sku").expect("written");
        sheet.write(0, 1, "barcode").expect("written");
        sheet.write(0, 2, "price").expect("written");
        sheet.write(2, 0, "A").expect("written");
        sheet.write(2, 1, 6_901_234_567_892.0).expect("written");
        sheet.write(2, 2, 12.9).expect("written");
        sheet.write(3, 0, "B").expect("written");
        let rows = rows(book.save_to_buffer().expect("a file"), FileKind::Xlsx);
        assert_eq!(
            rows[1],
            RawRow { row: 3, cells: ["A", "6901234567892", "12.9"].map(str::to_owned).to_vec(), unreadable: None }
        );
        assert_eq!((rows[2].row, rows[2].cells.len(), rows[2].cells[2].as_str()), (4, 3, ""));
    }

    #[test]
    fn a_file_that_is_no_spreadsheet_is_refused() {
        let refused = read(Cursor::new(b"sku,price".to_vec()), FileKind::Xlsx, |_| Ok::<_, ()>(()));
        assert!(matches!(refused, Err(ReadError::Broken { row: 1, .. })));
        assert_eq!(
            (FileKind::of_name("a.XLSX"), FileKind::of_name("a.csv"), FileKind::of_name("a.xls")),
            (Some(FileKind::Xlsx), Some(FileKind::Csv), None)
        );
    }
}
