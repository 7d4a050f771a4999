//! The rows of a catalogue file as they stand there, each with its line number.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::RowError;

/// The columns a file may have.
const COLUMNS: [&str; 12] = [
    "sku",
    "price",
    "name_zh",
    "name_en",
    "barcodes",
    "category",
    "category_zh",
    "category_en",
    "unit",
    "tax",
    "picture",
    "active",
];

/// One row. `None` where the file has no such column; an empty cell is an empty text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub line: u64,
    pub sku: String,
    pub price: Option<String>,
    pub name_zh: Option<String>,
    pub name_en: Option<String>,
    pub barcodes: Option<String>,
    pub category: Option<String>,
    pub category_zh: Option<String>,
    pub category_en: Option<String>,
    pub unit: Option<String>,
    pub tax: Option<String>,
    pub picture: Option<String>,
    pub active: Option<String>,
}

/// Reads the whole file; says of every row what is wrong with its form.
pub(super) fn read(file: impl Read) -> Result<Vec<Row>, Vec<RowError>> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file);
    let headers = reader.headers().map_err(|error| vec![row_error(&error)])?.clone();
    let columns = Columns::find(&headers).map_err(|reason| vec![RowError { line: 1, reason }])?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => rows.push(columns.row(&record)),
            Err(error) => errors.push(row_error(&error)),
        }
    }
    if rows.is_empty() && errors.is_empty() {
        errors.push(RowError { line: 2, reason: "the file has no rows below its column names".to_owned() });
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// The known columns of this file, in its order.
struct Columns(Vec<&'static str>);

impl Columns {
    fn find(headers: &StringRecord) -> Result<Self, String> {
        let mut found = Vec::with_capacity(headers.len());
        for header in headers {
            // Spreadsheets begin a UTF-8 file with a byte order mark.
            let name = header.trim_start_matches('\u{feff}').to_ascii_lowercase();
            let known = COLUMNS.iter().find(|column| **column == name);
            let known = known.ok_or_else(|| format!("'{name}' is no column of a catalogue; known are {}", COLUMNS.join(", ")))?;
            if found.contains(known) {
                return Err(format!("the column '{known}' is there twice"));
            }
            found.push(*known);
        }
        if found.contains(&"sku") { Ok(Self(found)) } else { Err("the column 'sku' is missing".to_owned()) }
    }

    fn row(&self, record: &StringRecord) -> Row {
        let cell = |name: &str| {
            let place = self.0.iter().position(|column| *column == name)?;
            record.get(place).map(str::to_owned)
        };
        Row {
            line: record.position().map_or(0, csv::Position::line),
            sku: cell("sku").unwrap_or_default(),
            price: cell("price"),
            name_zh: cell("name_zh"),
            name_en: cell("name_en"),
            barcodes: cell("barcodes"),
            category: cell("category"),
            category_zh: cell("category_zh"),
            category_en: cell("category_en"),
            unit: cell("unit"),
            tax: cell("tax"),
            picture: cell("picture"),
            active: cell("active"),
        }
    }
}

fn row_error(error: &csv::Error) -> RowError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8: save the file as CSV UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} cells where the column names have {expected_len}: check commas and quotes")
        }
        _ => error.to_string(),
    };
    RowError { line, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(file: &[u8]) -> Vec<String> {
        read(file).expect_err("refused").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn columns_may_stand_in_any_order_behind_a_byte_order_mark() {
        let rows = read("\u{feff}Price, SKU\n12.90, A1 \n".as_bytes()).expect("a file");
        let expected = Row { line: 2, sku: "A1".to_owned(), price: Some("12.90".to_owned()), ..Row::default() };
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn a_row_with_a_cell_too_many_is_named_by_its_line() {
        let found = errors(b"sku,price\nA,1\nB,1,2\nC,3\nD\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("line 3: it has 3 cells"), "{found:?}");
        assert!(found[1].starts_with("line 5: it has 1 cells"), "{found:?}");
    }

    #[test]
    fn unknown_doubled_and_missing_columns_are_named() {
        assert!(errors(b"sku,colour\nA,red\n")[0].contains("'colour'"));
        assert!(errors(b"sku,sku\nA,A\n")[0].contains("twice"));
        assert!(errors(b"price\n1\n")[0].contains("'sku' is missing"));
        assert!(errors(b"sku\n")[0].contains("no rows"));
    }

    #[test]
    fn another_encoding_is_named_with_what_to_do() {
        assert!(errors(b"sku,name_zh\nA,\xb2\xe8\n")[0].starts_with("line 2: it is not UTF-8"));
    }
}
