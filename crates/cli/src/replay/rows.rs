//! One row of an invoice file: read by the names of its columns, parsed once, each oddity told by its name.

use csv::ByteRecord;
use domain::{Currency, Sku, StockDelta, UnitPrice};
use jiff::civil::DateTime;

use crate::words::{Language, Sentence};

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its line in the file.
    pub(crate) line: u64,
    /// The invoice's number.
    pub(crate) invoice: String,
    /// The product.
    pub(crate) sku: Sku,
    /// What is written beside it, may be empty or a note.
    pub(crate) description: String,
    /// How many; below zero in credit notes and write-offs, never zero.
    pub(crate) quantity: StockDelta,
    /// The price of one.
    pub(crate) price: UnitPrice,
    /// When, in the store's local time.
    pub(crate) at: DateTime,
}

/// What the letter before an invoice's number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Series {
    /// No letter that has a meaning.
    Invoice,
    /// `C`: goods came back.
    CreditNote,
    /// `A`: a bad debt was adjusted; nothing was sold.
    BadDebt,
}

impl Series {
    /// The series of invoice `number`.
    pub(crate) fn of(number: &str) -> Self {
        match number.as_bytes().first() {
            Some(b'C' | b'c') => Self::CreditNote,
            Some(b'A' | b'a') => Self::BadDebt,
            _ => Self::Invoice,
        }
    }
}

/// Why a row was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowProblem {
    /// Every field is empty.
    Blank,
    /// A bad-debt adjustment is no sale.
    BadDebt,
    /// More or fewer fields than the header names.
    Fields { found: usize, header: usize },
    /// A field that must not be empty is.
    Empty(&'static str),
    /// A field cannot be read.
    Unreadable { column: &'static str, text: String },
    /// The quantity is zero.
    QuantityZero,
    /// A credit note's quantity is not below zero.
    CreditNotePositive,
    /// Goods at a price left without a credit note.
    NegativeAtPrice,
    /// Another row of the invoice is bad.
    HeldBack { line: u64 },
    /// The invoice was already closed when this row came.
    TooLate,
    /// The invoice as a whole was refused.
    Refused(String),
}

impl RowProblem {
    /// True for rows that are left out on purpose, and for which nothing needs to be repaired.
    pub(crate) fn is_expected(&self) -> bool {
        matches!(self, Self::Blank | Self::BadDebt)
    }

    /// A name for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::BadDebt => "bad_debt",
            Self::Fields { .. } => "fields",
            Self::Empty(_) => "empty_field",
            Self::Unreadable { .. } => "unreadable_field",
            Self::QuantityZero => "quantity_zero",
            Self::CreditNotePositive => "credit_note_positive",
            Self::NegativeAtPrice => "negative_at_price",
            Self::HeldBack { .. } => "held_back",
            Self::TooLate => "too_late",
            Self::Refused(_) => "refused",
        }
    }
}

impl Sentence for RowProblem {
    fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Self::Blank, Language::Zh) => "空行".into(),
            (Self::Blank, Language::En) => "the row is blank".into(),
            (Self::BadDebt, Language::Zh) => "坏账调整，不是销售".into(),
            (Self::BadDebt, Language::En) => "a bad-debt adjustment, no sale".into(),
            (Self::Fields { found, header }, Language::Zh) => {
                format!("有 {found} 个字段，表头是 {header} 个：检查逗号和引号")
            }
            (Self::Fields { found, header }, Language::En) => {
                format!("it has {found} fields, the header {header}: check its commas and quotes")
            }
            (Self::Empty(column), Language::Zh) => format!("{column} 是空的"),
            (Self::Empty(column), Language::En) => format!("{column} is empty"),
            (Self::Unreadable { column, text }, Language::Zh) => format!("{column} “{text}” 无法识别"),
            (Self::Unreadable { column, text }, Language::En) => format!("{column} '{text}' cannot be read"),
            (Self::QuantityZero, Language::Zh) => "数量为零".into(),
            (Self::QuantityZero, Language::En) => "the quantity is zero".into(),
            (Self::CreditNotePositive, Language::Zh) => "退货单的数量应当小于零".into(),
            (Self::CreditNotePositive, Language::En) => "a credit note's quantity must be below zero".into(),
            (Self::NegativeAtPrice, Language::Zh) => "数量小于零但有单价，又不是退货单".into(),
            (Self::NegativeAtPrice, Language::En) => "the quantity is below zero at a price, and this is no credit note".into(),
            (Self::HeldBack { line }, Language::Zh) => format!("整张发票没有录入，因为第 {line} 行有问题"),
            (Self::HeldBack { line }, Language::En) => format!("its invoice was not taken over, because line {line} is bad"),
            (Self::TooLate, Language::Zh) => "这张发票在前面已经结束：同一张发票的行必须靠在一起".into(),
            (Self::TooLate, Language::En) => {
                "its invoice ended long before: the rows of an invoice must lie close together".into()
            }
            (Self::Refused(reason), Language::Zh) => format!("整张发票没有录入：{reason}"),
            (Self::Refused(reason), Language::En) => format!("its invoice was refused: {reason}"),
        }
    }
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Its line in the file.
    pub(crate) line: u64,
    /// The invoice it names, where it names one.
    pub(crate) invoice: String,
    /// Why.
    pub(crate) problem: RowProblem,
}

/// Where the columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    fields: usize,
    invoice: usize,
    sku: usize,
    description: Option<usize>,
    quantity: usize,
    date: usize,
    price: usize,
}

impl Columns {
    /// Finds the columns by their names, whatever their order, letter case and the columns between them. Gives the name of a
    /// column that is missing.
    pub(crate) fn of(header: &ByteRecord) -> Result<Self, &'static str> {
        let names: Vec<String> = header.iter().map(|name| squeezed(&text_of(name))).collect();
        let find = |name: &'static str, others: &[&str]| {
            let wanted = squeezed(name);
            names.iter().position(|found| *found == wanted || others.contains(&found.as_str())).ok_or(name)
        };
        Ok(Self {
            fields: names.len(),
            invoice: find("InvoiceNo", &["invoice", "invoicenumber"])?,
            sku: find("StockCode", &["sku"])?,
            description: find("Description", &[]).ok(),
            quantity: find("Quantity", &[])?,
            date: find("InvoiceDate", &["date"])?,
            price: find("UnitPrice", &["price"])?,
        })
    }

    /// Reads a row at `line`; prices are in `currency`.
    pub(crate) fn read(&self, record: &ByteRecord, line: u64, currency: Currency) -> Result<Row, LeftOut> {
        let field = |index: usize| record.get(index).map(text_of).unwrap_or_default().trim().to_owned();
        let invoice = field(self.invoice);
        self.parse(record, line, currency, &field).map_err(|problem| LeftOut { line, invoice, problem })
    }

    fn parse(
        &self,
        record: &ByteRecord,
        line: u64,
        currency: Currency,
        field: &dyn Fn(usize) -> String,
    ) -> Result<Row, RowProblem> {
        if record.iter().all(|value| value.trim_ascii().is_empty()) {
            return Err(RowProblem::Blank);
        }
        if record.len() != self.fields {
            return Err(RowProblem::Fields { found: record.len(), header: self.fields });
        }
        let filled = |column: &'static str, index: usize| {
            let text = field(index);
            if text.is_empty() { Err(RowProblem::Empty(column)) } else { Ok(text) }
        };
        let invoice = filled("InvoiceNo", self.invoice)?;
        let series = Series::of(&invoice);
        if series == Series::BadDebt {
            return Err(RowProblem::BadDebt);
        }
        let sku = parsed("StockCode", filled("StockCode", self.sku)?, |text| Sku::parse(text).ok())?;
        let quantity = parsed("Quantity", filled("Quantity", self.quantity)?, whole_pieces)?;
        let price = parsed("UnitPrice", filled("UnitPrice", self.price)?, |text| UnitPrice::parse(text, currency).ok())?;
        let at = parsed("InvoiceDate", filled("InvoiceDate", self.date)?, |text| text.parse().ok())?;
        match (series, quantity.milli()) {
            (_, 0) => Err(RowProblem::QuantityZero),
            (Series::CreditNote, 1..) => Err(RowProblem::CreditNotePositive),
            (Series::Invoice, ..0) if !price.value().is_zero() => Err(RowProblem::NegativeAtPrice),
            _ => {
                Ok(Row { line, invoice, sku, description: self.description.map(field).unwrap_or_default(), quantity, price, at })
            }
        }
    }
}

fn parsed<T>(column: &'static str, text: String, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, RowProblem> {
    parse(&text).ok_or(RowProblem::Unreadable { column, text })
}

fn whole_pieces(text: &str) -> Option<StockDelta> {
    text.parse::<StockDelta>().ok().filter(|quantity| quantity.milli() % 1_000 == 0)
}

/// Older exports of such files are in Latin-1; each of its bytes is the character with that number.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gbp() -> Currency {
        Currency::parse("GBP").expect("a currency")
    }

    fn columns() -> Columns {
        Columns::of(&ByteRecord::from(vec!["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"]))
            .expect("columns")
    }

    fn read(fields: &[&str]) -> Result<Row, RowProblem> {
        columns().read(&ByteRecord::from(fields.to_vec()), 7, gbp()).map_err(|left_out| left_out.problem)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_spelling() {
        let header =
            ByteRecord::from(vec!["Country", "Price", "invoice date", "Quantity", "StockCode", "Invoice", "Customer ID"]);
        let columns = Columns::of(&header).expect("columns");
        let record = ByteRecord::from(vec!["UK", "2.55", "2010-12-01 08:26", "6", "85123A", "536365", "1"]);
        let row = columns.read(&record, 2, gbp()).expect("a row");
        assert_eq!((row.invoice.as_str(), row.sku.as_str(), row.quantity.milli()), ("536365", "85123A", 6_000));
        assert_eq!(row.price.to_string(), "2.55 GBP");
    }

    #[test]
    fn a_missing_column_is_named() {
        assert_eq!(Columns::of(&ByteRecord::from(vec!["InvoiceNo", "StockCode", "Quantity"])), Err("InvoiceDate"));
    }

    #[test]
    fn a_price_may_be_finer_than_a_penny() {
        let row = read(&["C1", "A", "", "-3", "2010-12-01 08:26:00", "0.001"]).expect("a row");
        assert_eq!(row.price.to_string(), "0.001 GBP");
    }

    #[test]
    fn every_oddity_has_its_own_name() {
        let date = "2010-12-01 08:26:00";
        let cases: [(&[&str], RowProblem); 9] = [
            (&["", "", "", "", "", ""], RowProblem::Blank),
            (&["A563186", "B", "Adjust bad debt", "1", date, "-11062.06"], RowProblem::BadDebt),
            (&["1", "A", "a, b", "1", date, "1", "x"], RowProblem::Fields { found: 7, header: 6 }),
            (&["1", "", "", "1", date, "1"], RowProblem::Empty("StockCode")),
            (&["1", "A", "", "one", date, "1"], RowProblem::Unreadable { column: "Quantity", text: "one".into() }),
            (&["1", "A", "", "0", date, "1"], RowProblem::QuantityZero),
            (&["C1", "A", "", "1", date, "1"], RowProblem::CreditNotePositive),
            (&["1", "A", "", "-1", date, "1"], RowProblem::NegativeAtPrice),
            (&["1", "A", "", "1", "yesterday", "1"], RowProblem::Unreadable { column: "InvoiceDate", text: "yesterday".into() }),
        ];
        for (fields, problem) in cases {
            assert_eq!(read(fields), Err(problem), "{fields:?}");
        }
    }

    #[test]
    fn a_write_off_at_no_price_is_taken() {
        assert_eq!(
            read(&["536589", "21777", "damaged", "-10", "2010-12-01 16:50:00", "0"]).expect("a row").quantity.milli(),
            -10_000
        );
    }

    #[test]
    fn latin_1_is_read_as_such() {
        assert_eq!(text_of(b"\xa31 BAG"), "£1 BAG");
    }
}
