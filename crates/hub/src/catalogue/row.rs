//! A row of a file by the catalogue's columns, and what may be wrong with it.

use catalogue_file::{Column, RawRow};
use sync::goods::ImportError;

/// The columns of a file in its order; none for those that are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) headings: Vec<String>,
    pub(super) columns: Vec<Option<Column>>,
}

impl Columns {
    /// What the headings say, or what a person said they mean.
    pub(super) fn of(headings: &RawRow, mapping: Option<&[Option<Column>]>) -> Self {
        let count = headings.cells.len();
        let columns = match mapping {
            Some(mapping) => (0..count).map(|place| mapping.get(place).copied().flatten()).collect(),
            None => {
                let mut columns: Vec<Option<Column>> = Vec::with_capacity(count);
                for heading in &headings.cells {
                    let guess = Column::guess(heading);
                    // The first of two that mean the same is taken.
                    columns.push(guess.filter(|column| !columns.contains(&Some(*column))));
                }
                columns
            }
        };
        let headings = headings.cells.iter().map(|heading| heading.trim_start_matches('\u{feff}').to_owned()).collect();
        Self { headings, columns }
    }

    /// What is wrong with them as a whole.
    pub(super) fn error(&self, row: u64, strict: bool) -> Option<ImportError> {
        let error = |column: &str, reason: &str, detail: &str| {
            Some(ImportError {
                row,
                column: column.to_owned(),
                value: String::new(),
                reason: reason.to_owned(),
                detail: detail.to_owned(),
            })
        };
        for (place, column) in self.columns.iter().enumerate() {
            let heading = &self.headings[place];
            match column {
                Some(column) if self.columns[..place].contains(&Some(*column)) => {
                    return error(heading, "doubled_column", &format!("the column '{}' is there twice", column.name()));
                }
                None if strict => {
                    let known = Column::ALL.map(Column::name).join(", ");
                    let detail = format!("'{heading}' is no column of a catalogue, or is there twice; known are {known}");
                    return error(heading, "unknown_column", &detail);
                }
                _ => {}
            }
        }
        if self.columns.contains(&Some(Column::Sku)) { None } else { error("", "no_sku", "the column 'sku' is missing") }
    }

    /// True when the file has this column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// The heading under which a column stands.
    pub(super) fn heading(&self, column: Column) -> &str {
        let place = self.columns.iter().position(|found| *found == Some(column));
        place.and_then(|place| self.headings.get(place)).map_or(column.name(), String::as_str)
    }
}

/// One row with its columns.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) columns: &'a Columns,
    pub(super) raw: &'a RawRow,
}

impl<'a> Row<'a> {
    /// A cell; none where the file has no such column, an empty text for an empty cell.
    pub(super) fn cell(&self, column: Column) -> Option<&'a str> {
        let place = self.columns.columns.iter().position(|found| *found == Some(column))?;
        self.raw.cells.get(place).map(String::as_str)
    }

    /// A cell that is not empty.
    pub(super) fn given(&self, column: Column) -> Option<&'a str> {
        self.cell(column).filter(|text| !text.is_empty())
    }

    /// The shop's own code.
    pub(super) fn sku(&self) -> &'a str {
        self.cell(Column::Sku).unwrap_or_default()
    }

    /// What is wrong with the form of the row.
    pub(super) fn form_error(&self) -> Option<ImportError> {
        if let Some(place) = self.raw.unreadable {
            let heading = self.columns.headings.get(place).cloned().unwrap_or_default();
            let value = self.raw.cells.get(place).cloned().unwrap_or_default();
            let detail = "it is not UTF-8: save the file as CSV UTF-8".to_owned();
            return Some(ImportError { row: self.raw.row, column: heading, value, reason: "encoding".to_owned(), detail });
        }
        let (cells, headings) = (self.raw.cells.len(), self.columns.headings.len());
        if cells != headings {
            let detail = format!("it has {cells} cells where the column names have {headings}: check commas and quotes");
            return Some(self.whole("cells", detail));
        }
        let long = self.raw.cells.iter().position(|cell| cell.chars().count() > catalogue_file::MAX_CELL_CHARACTERS)?;
        let value: String = self.raw.cells[long].chars().take(40).collect();
        let detail = format!("a cell holds at most {} characters", catalogue_file::MAX_CELL_CHARACTERS);
        let column = self.columns.headings[long].clone();
        Some(ImportError { row: self.raw.row, column, value, reason: "too_long".to_owned(), detail })
    }

    /// An error of a cell.
    pub(super) fn wrong(&self, column: Column, reason: &str, detail: impl Into<String>) -> ImportError {
        ImportError {
            row: self.raw.row,
            column: self.columns.heading(column).to_owned(),
            value: self.cell(column).unwrap_or_default().to_owned(),
            reason: reason.to_owned(),
            detail: detail.into(),
        }
    }

    /// An error of the whole row.
    pub(super) fn whole(&self, reason: &str, detail: impl Into<String>) -> ImportError {
        ImportError {
            row: self.raw.row,
            column: String::new(),
            value: String::new(),
            reason: reason.to_owned(),
            detail: detail.into(),
        }
    }
}
