//! Holding the projections against the journal, and making them anew.

use std::cmp::Ordering;
use std::fmt;

use rusqlite::types::Value;
use rusqlite::{Connection, Rows, Statement};

use crate::entries;
use crate::error::StoreError;
use crate::migrations;
use crate::projections::{self, Place};
use crate::store::Store;

/// Differences named for each table.
const NAMED: usize = 5;

/// Comes from the hub as well; only where a product was first entered is a projection.
const CATALOGUE: &str = "products";

/// Every projection: its name, how many columns its key has, and its rows in the order of the key. A table stands after those
/// that it refers to; all but the catalogue's are emptied, last to first, before they are made anew.
const PROJECTIONS: &[(&str, usize, &str)] = &[
    ("orders", 1, "SELECT * FROM orders ORDER BY seq"),
    ("order_lines", 2, "SELECT * FROM order_lines ORDER BY seq, line"),
    ("payments", 2, "SELECT * FROM payments ORDER BY seq, payment"),
    ("customer_orders", 1, "SELECT * FROM customer_orders ORDER BY seq"),
    ("adjustments", 1, "SELECT * FROM adjustments ORDER BY seq"),
    ("adjustment_lines", 2, "SELECT * FROM adjustment_lines ORDER BY seq, line"),
    ("shift_entries", 1, "SELECT * FROM shift_entries ORDER BY seq"),
    ("products", 1, "SELECT added_by, id FROM products WHERE added_by IS NOT NULL ORDER BY added_by"),
];

/// Where the projections differ from the journal; nothing where they do not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// The tables that differ.
    pub tables: Vec<TableDifference>,
}

/// One table that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDifference {
    /// Its name.
    pub table: &'static str,
    /// How many rows differ, are missing or too many.
    pub rows: u64,
    /// The first few of them, in words.
    pub first: Vec<String>,
}

impl Difference {
    /// True when every projection is what the journal says.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            writeln!(f, "{}: {} rows differ from the journal", table.table, table.rows)?;
            for row in &table.first {
                writeln!(f, "  {row}")?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Makes every projection anew from the journal, beside the store, and compares row by row. Selling may go on meanwhile; the
    /// comparison sees one moment of the store.
    pub fn verify_projections(&self) -> Result<Difference, StoreError> {
        let stored = self.readers.open()?;
        stored.execute_batch("BEGIN")?;
        let made = migrations::scratch()?;
        made.execute_batch("BEGIN")?;
        entries::for_each(&stored, &mut |seq, text| project_text(&made, seq, text))?;
        let mut difference = Difference::default();
        for (table, key, sql) in PROJECTIONS {
            let found = compare(table, *key, &mut stored.prepare(sql)?, &mut made.prepare(sql)?)?;
            difference.tables.extend(found);
        }
        difference.tables.extend(crate::audit::compare_index(&stored)?);
        Ok(difference)
    }

    /// Makes every projection anew from the journal, in one transaction. The catalogue, settings and open orders stay.
    pub fn rebuild(&self) -> Result<(), StoreError> {
        let mut side = self.write_side();
        let rebuilt = side.transaction(remake);
        // The next receipt number comes from the projections.
        side.distrust();
        self.pending.forget();
        self.committed();
        rebuilt
    }
}

/// Empties every projection and fills it from the journal. To be called within a transaction.
pub(crate) fn remake(connection: &Connection) -> Result<(), StoreError> {
    for (table, ..) in PROJECTIONS.iter().rev().filter(|(table, ..)| *table != CATALOGUE) {
        connection.execute_batch(&format!("DELETE FROM {table}"))?;
    }
    connection.execute_batch("UPDATE products SET added_by = NULL WHERE added_by IS NOT NULL")?;
    crate::audit::forget_index(connection)?;
    entries::for_each(connection, &mut |seq, text| project_text(connection, seq, text))
}

fn project_text(connection: &Connection, seq: u64, text: &str) -> Result<(), StoreError> {
    let entry = entries::read(seq, text)?;
    let number = match projections::order_of(&entry.event) {
        Some(order) => projections::number_of(&order.receipt)
            .ok_or_else(|| StoreError::content("receipt number", format!("entry {seq} has '{}'", order.receipt)))?,
        None => 0,
    };
    projections::project(connection, &entry, Place { number })
}

fn compare(
    table: &'static str,
    key: usize,
    stored: &mut Statement<'_>,
    made: &mut Statement<'_>,
) -> Result<Option<TableDifference>, StoreError> {
    let columns: Vec<String> = stored.column_names().map(ToOwned::to_owned).collect();
    let mut difference = TableDifference { table, rows: 0, first: Vec::new() };
    let (mut stored, mut made) = (stored.query([])?, made.query([])?);
    let (mut left, mut right) = (next(&mut stored)?, next(&mut made)?);
    loop {
        let order = match (&left, &right) {
            (None, None) => break,
            (Some(stored), Some(made)) => integers(stored, key).cmp(&integers(made, key)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
        };
        if order.is_ne() || left != right {
            difference.rows += 1;
            if difference.first.len() < NAMED {
                difference.first.push(describe(&columns, order, left.as_ref(), right.as_ref()));
            }
        }
        if order.is_le() {
            left = next(&mut stored)?;
        }
        if order.is_ge() {
            right = next(&mut made)?;
        }
    }
    Ok((difference.rows > 0).then_some(difference))
}

fn next(rows: &mut Rows<'_>) -> Result<Option<Vec<Value>>, StoreError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let columns = row.as_ref().column_count();
    Ok(Some((0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?))
}

/// The first `count` columns, which are the key.
fn integers(row: &[Value], count: usize) -> Vec<i64> {
    row.iter().take(count).map(|value| if let Value::Integer(number) = value { *number } else { 0 }).collect()
}

fn describe(columns: &[String], order: Ordering, stored: Option<&Vec<Value>>, made: Option<&Vec<Value>>) -> String {
    match (order, stored, made) {
        (Ordering::Less, Some(row), _) => format!("not in the journal: {}", in_words(columns, row)),
        (Ordering::Greater, _, Some(row)) => format!("missing: {}", in_words(columns, row)),
        (_, Some(stored), Some(made)) => {
            let changed = (0..columns.len()).filter(|column| stored[*column] != made[*column]);
            let changed: Vec<String> = changed
                .map(|column| format!("{} is {}, not {}", columns[column], value(&stored[column]), value(&made[column])))
                .collect();
            format!("{}={}: {}", columns[0], value(&stored[0]), changed.join(", "))
        }
        _ => String::new(),
    }
}

fn in_words(columns: &[String], row: &[Value]) -> String {
    let cells: Vec<String> = columns.iter().zip(row).map(|(column, cell)| format!("{column}={}", value(cell))).collect();
    cells.join(" ")
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(bytes) => uuid::Uuid::from_slice(bytes).map_or_else(|_| "bytes".to_owned(), |id| id.to_string()),
    }
}
