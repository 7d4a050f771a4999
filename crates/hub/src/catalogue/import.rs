//! Checking a file and writing what it changes, all or nothing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use catalogue_file::{Column, FileKind, RawRow, ReadError, read};
use domain::{Change, StoreId};
use sync::goods::{ImportColumn, ImportError};
use tempfile::NamedTempFile;
use thiserror::Error;

use super::known::{self, Known};
use super::plan::{Codes, Planner};
use super::row::{Columns, Row};
use crate::database::{DatabaseError, Session, WorkError};
use crate::error::HubError;
use crate::feed;
use crate::hub::Hub;
use crate::store;

/// Errors that are named; the rest is counted.
const NAMED_ERRORS: usize = 500;
/// Rows that are shown of a file.
const SAMPLE_ROWS: usize = 8;
/// Rows between two looks at whether to go on.
const LOOK_EVERY: u64 = 500;

/// Why an import was not done. Nothing of it is left.
#[derive(Debug, Error)]
pub enum ImportFailure {
    /// The hub could not do it.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// Somebody ended it.
    #[error("the import was cancelled; nothing was changed")]
    Cancelled,
    /// The catalogue is no longer the one that the file was checked against.
    #[error("the catalogue was changed since the file was checked: check it again")]
    Changed,
    /// The file or its working copy could not be read or written.
    #[error("the file cannot be worked on: {0}")]
    Io(#[from] io::Error),
}

impl From<DatabaseError> for ImportFailure {
    fn from(error: DatabaseError) -> Self {
        Self::Hub(error.into())
    }
}

impl WorkError for ImportFailure {
    fn may_retry(&self) -> bool {
        matches!(self, Self::Hub(error) if error.may_retry())
    }
}

/// How an import is done.
#[derive(Debug, Clone, Copy)]
pub struct ImportOptions {
    /// Changes that are written in one statement.
    pub batch: usize,
    /// True: a heading that means nothing is an error. False: its column is left out.
    pub strict: bool,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { batch: 2_000, strict: false }
    }
}

/// What a file would change, or what is wrong in it.
#[derive(Debug, Default)]
pub struct ImportCheck {
    /// Its columns and what they are taken for.
    pub columns: Vec<ImportColumn>,
    /// The first rows.
    pub sample: Vec<Vec<String>>,
    /// Rows below the headings.
    pub rows: u64,
    /// Products that are new.
    pub created: u64,
    /// Products that change.
    pub updated: u64,
    /// Products that stay as they are.
    pub unchanged: u64,
    /// Categories that are new or change.
    pub categories: u64,
    /// The first errors.
    pub errors: Vec<ImportError>,
    /// How many there are.
    pub error_count: u64,
    /// What would be written; none where something is wrong.
    pub staged: Option<Arc<Staged>>,
}

/// What a checked file changes, laid down beside the database. It vanishes with its last owner.
#[derive(Debug)]
pub struct Staged {
    store: StoreId,
    /// Lines: the key, a tab, the change.
    file: NamedTempFile,
    /// How many changes there are.
    pub changes: u64,
    /// The feed's position that it was checked at.
    checked_at: u64,
}

impl ImportCheck {
    fn wrong(&mut self, error: ImportError) {
        self.error_count += 1;
        if self.errors.len() < NAMED_ERRORS {
            self.errors.push(error);
        }
    }
}

impl Hub {
    /// Goes through a whole file and says what it would change in a store's catalogue, or what is wrong in it. `mapping` names the
    /// column that each of the file's is taken for; without it the headings say. `go_on` is asked after some rows, with how many
    /// were gone through of both times.
    pub fn check_import(
        &self,
        store: StoreId,
        file: &mut File,
        kind: FileKind,
        mapping: Option<&[Option<Column>]>,
        options: ImportOptions,
        go_on: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<ImportCheck, ImportFailure> {
        let mut check = ImportCheck::default();
        let mut codes = Codes::default();
        let mut columns: Option<Columns> = None;
        file.rewind()?;
        walk(file, kind, go_on, 0, &mut check, |check, raw| {
            let Some(columns) = &columns else {
                let found = Columns::of(&raw, mapping);
                if let Some(error) = found.error(raw.row, options.strict) {
                    check.wrong(error);
                }
                columns = Some(found);
                return Ok(());
            };
            check.rows += 1;
            if check.sample.len() < SAMPLE_ROWS {
                check.sample.push(raw.cells.clone());
            }
            let row = Row { columns, raw: &raw };
            if let Some(error) = row.form_error().or_else(|| if columns.has(Column::Sku) { codes.note(row) } else { None }) {
                check.wrong(error);
            }
            Ok(())
        })?;
        if let Some(columns) = &columns {
            let named = columns.headings.iter().zip(&columns.columns);
            let column = |(heading, column): (&String, &Option<Column>)| ImportColumn {
                heading: heading.clone(),
                column: column.map(Column::name).unwrap_or_default().to_owned(),
            };
            check.columns = named.map(column).collect();
        }
        if check.rows == 0 && check.error_count == 0 {
            let detail = "the file has no rows below its column names".to_owned();
            let (column, value) = (String::new(), String::new());
            check.wrong(ImportError { row: 2, column, value, reason: "no_rows".to_owned(), detail });
        }
        let Some(columns) = columns.filter(|_| check.error_count == 0) else { return Ok(check) };
        self.plan_import(store, file, kind, &columns, &codes, go_on, &mut check)?;
        Ok(check)
    }

    fn plan_import(
        &self,
        store: StoreId,
        file: &mut File,
        kind: FileKind,
        columns: &Columns,
        codes: &Codes,
        go_on: &dyn Fn(u64) -> ControlFlow<()>,
        check: &mut ImportCheck,
    ) -> Result<(), ImportFailure> {
        let (number, checked_at, known) = self.0.database.read_at_once(|session| {
            let store = store::by_id(session, store)?;
            let (number, feed) = feed::position(session, store.shop.id)?;
            Ok::<_, HubError>((number, feed, Known::read(session, number, store.shop.currency)?))
        })?;
        let (mut planner, first) = Planner::begin(known, columns, codes)?;
        let mut staging = BufWriter::new(NamedTempFile::new()?);
        let mut changes = 0;
        let mut lay_down = |list: &[Change]| -> Result<(), ImportFailure> {
            for change in list {
                let text = serde_json::to_string(change).map_err(io::Error::from)?;
                writeln!(staging, "{}\t{text}", feed::key(change))?;
                changes += 1;
            }
            Ok(())
        };
        lay_down(&first)?;
        file.rewind()?;
        let mut headings = true;
        let done = check.rows;
        walk(file, kind, go_on, done, check, |check, raw| {
            if std::mem::take(&mut headings) {
                return Ok(());
            }
            let row = Row { columns, raw: &raw };
            let mut look_up = |id| self.0.database.read(|session| known::product(session, number, id));
            match planner.row(row, &mut look_up)? {
                Ok(list) if check.error_count == 0 => lay_down(&list)?,
                Ok(_) => {}
                Err(error) => check.wrong(error),
            }
            Ok(())
        })?;
        (check.created, check.updated, check.unchanged) = (planner.created, planner.updated, planner.unchanged);
        check.categories = planner.categories;
        if check.error_count == 0 {
            let file = staging.into_inner().map_err(io::IntoInnerError::into_error)?;
            check.staged = Some(Arc::new(Staged { store, file, changes, checked_at }));
        }
        Ok(())
    }

    /// Writes what a checked file changes, all of it or nothing; the feed's new position. `go_on` is asked after each batch, with
    /// how many changes were written.
    pub fn commit_import(
        &self,
        staged: &Arc<Staged>,
        options: ImportOptions,
        go_on: impl Fn(u64) -> ControlFlow<()> + Send + Sync + 'static,
    ) -> Result<u64, ImportFailure> {
        let staged = Arc::clone(staged);
        let position = self.0.database.write(move |session| {
            let number = store::by_id(session, staged.store)?.number;
            let mut appending = feed::Appending::begin(session, number)?;
            refuse_changed(session, number, staged.checked_at)?;
            let mut lines = BufReader::new(staged.file.reopen()?).lines();
            let mut written = 0;
            loop {
                let mut batch = Vec::with_capacity(options.batch);
                for line in lines.by_ref().take(options.batch) {
                    let line = line?;
                    let (key, change) = line.split_once('\t').ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
                    batch.push((key.to_owned(), change.to_owned()));
                }
                if batch.is_empty() {
                    return Ok::<_, ImportFailure>(appending.finish(session)?);
                }
                appending.put(session, &batch)?;
                written += batch.len() as u64;
                if go_on(written).is_break() {
                    return Err(ImportFailure::Cancelled);
                }
            }
        })?;
        Ok(position)
    }
}

/// A product, category or tax class that was changed since the file was checked makes the check worthless.
fn refuse_changed(session: &mut Session<'_>, number: i64, checked_at: u64) -> Result<(), ImportFailure> {
    let sql = "SELECT count(*) FROM feed WHERE store = $1 AND position > $2 \
               AND (key LIKE 'product:%' OR key LIKE 'category:%' OR key LIKE 'tax:%')";
    let values = [number.into(), feed::signed(checked_at)?.into()];
    let changed = session.query_one(sql, &values, |row| row.count(0))?;
    if changed.unwrap_or(0) > 0 { Err(ImportFailure::Changed) } else { Ok(()) }
}

/// Hands the rows of a file to `each`. A file that breaks off is an error of its row.
fn walk(
    file: &mut File,
    kind: FileKind,
    go_on: &dyn Fn(u64) -> ControlFlow<()>,
    done: u64,
    check: &mut ImportCheck,
    mut each: impl FnMut(&mut ImportCheck, RawRow) -> Result<(), ImportFailure>,
) -> Result<(), ImportFailure> {
    let mut rows = done;
    let walked = read(file, kind, |raw| {
        rows += 1;
        if rows.is_multiple_of(LOOK_EVERY) && go_on(rows).is_break() {
            return Err(ImportFailure::Cancelled);
        }
        each(check, raw)
    });
    match walked {
        Ok(()) => Ok(()),
        Err(ReadError::Each(failure)) => Err(failure),
        Err(ReadError::Broken { row, detail }) => {
            let (column, value) = (String::new(), String::new());
            check.wrong(ImportError { row, column, value, reason: "broken_file".to_owned(), detail });
            Ok(())
        }
    }
}
