//! A connection in use.

use postgres::types::ToSql;
use rusqlite::Connection;

use super::DatabaseError;
use super::column::{Column, Insert, Rows};
use super::dialect::{self, Dialect};
use super::postgres::PooledClient;
use super::value::{Id, Row, Value};

/// A connection in use, mostly within a transaction. Statements are prepared once a connection.
pub(crate) struct Session<'c>(Kind<'c>);

enum Kind<'c> {
    Sqlite(&'c Connection),
    Postgres(&'c mut PooledClient),
}

impl<'c> Session<'c> {
    pub(super) fn sqlite(connection: &'c Connection) -> Self {
        Self(Kind::Sqlite(connection))
    }

    pub(super) fn postgres(client: &'c mut PooledClient) -> Self {
        Self(Kind::Postgres(client))
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self.0 {
            Kind::Sqlite(_) => Dialect::Sqlite,
            Kind::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Statements without parameters or answers.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        match &mut self.0 {
            Kind::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Kind::Postgres(client) => Ok(client.client.batch_execute(sql)?),
        }
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DatabaseError> {
        match &mut self.0 {
            Kind::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&dialect::sqlite_parameters(sql))?;
                let changed = statement.execute(rusqlite::params_from_iter(values))?;
                Ok(changed as u64)
            }
            Kind::Postgres(client) => {
                let statement = client.prepare(sql)?;
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
                Ok(client.client.execute(&statement, &values)?)
            }
        }
    }

    /// Runs a statement and reads each row of its answer.
    pub(crate) fn query<T, E: From<DatabaseError>>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        match &mut self.0 {
            Kind::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&dialect::sqlite_parameters(sql)).map_err(DatabaseError::from)?;
                let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(DatabaseError::from)?;
                let mut answer = Vec::new();
                while let Some(row) = rows.next().map_err(DatabaseError::from)? {
                    answer.push(read(&Row::Sqlite(row))?);
                }
                Ok(answer)
            }
            Kind::Postgres(client) => {
                let statement = client.prepare(sql)?;
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
                let rows = client.client.query(&statement, &values).map_err(DatabaseError::from)?;
                rows.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// Runs a statement whose answer has at most one row.
    pub(crate) fn query_one<T, E: From<DatabaseError>>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        Ok(self.query(sql, values, read)?.pop())
    }

    /// Like [`Self::query_one`]; the row stays locked against other writers until the transaction ends.
    pub(crate) fn lock_one<T, E: From<DatabaseError>>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        match self.dialect().lock() {
            "" => self.query_one(sql, values, read),
            lock => self.query_one(&format!("{sql}{lock}"), values, read),
        }
    }

    /// Waits until no other transaction holds this turn, and holds it until this one ends. SQLite's one writer always does.
    pub(crate) fn take_turn(&mut self, turn: i64) -> Result<(), DatabaseError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => self.batch(&format!("SELECT pg_advisory_xact_lock({turn})")),
        }
    }

    /// Inserts rows of several tables, in order; how many of each were written. One statement on PostgreSQL, whose rules hold
    /// at its end.
    pub(crate) fn insert_together(&mut self, tables: &[Rows<'_>]) -> Result<Vec<u64>, DatabaseError> {
        debug_assert!(tables.iter().all(|rows| rows.same.len() == rows.insert.same.len()));
        debug_assert!(tables.iter().all(|rows| rows.each.len() == rows.insert.each.len()));
        debug_assert!(tables.iter().all(|rows| rows.each.iter().all(|column| column.len() == rows.len())));
        match &mut self.0 {
            Kind::Sqlite(connection) => tables.iter().map(|rows| insert_one_by_one(connection, rows)).collect(),
            Kind::Postgres(client) => insert_by_arrays(client, tables),
        }
    }
}

fn insert_one_by_one(connection: &Connection, rows: &Rows<'_>) -> Result<u64, DatabaseError> {
    if rows.len() == 0 {
        return Ok(0);
    }
    let mut statement = connection.prepare_cached(rows.insert.sqlite())?;
    // Parameters that stay bound keep their value from row to row.
    for (index, value) in rows.same.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    let mut inserted = 0;
    for row in 0..rows.len() {
        for (index, column) in rows.each.iter().enumerate() {
            statement.raw_bind_parameter(rows.same.len() + index + 1, column.value(row))?;
        }
        inserted += statement.raw_execute()?;
    }
    Ok(inserted as u64)
}

fn insert_by_arrays(client: &mut PooledClient, tables: &[Rows<'_>]) -> Result<Vec<u64>, DatabaseError> {
    let filled: Vec<&Rows<'_>> = tables.iter().filter(|rows| rows.len() > 0).collect();
    if filled.is_empty() {
        return Ok(vec![0; tables.len()]);
    }
    let inserts: Vec<&Insert> = filled.iter().map(|rows| rows.insert).collect();
    let statement = client.prepare(&dialect::postgres_inserts(&inserts))?;
    let ids: Vec<Vec<Ids>> = filled.iter().map(|rows| rows.each.iter().map(Ids::of).collect()).collect();
    let mut values: Vec<&(dyn ToSql + Sync)> = Vec::new();
    for (rows, ids) in filled.iter().zip(&ids) {
        values.extend(rows.same.iter().map(|value| value as &(dyn ToSql + Sync)));
        values.extend(rows.each.iter().zip(ids).map(|(column, ids)| array(column, ids)));
    }
    let answer = client.client.query_one(&statement, &values)?;
    let mut column = 0;
    let written = tables.iter().map(|rows| {
        if rows.len() == 0 {
            return Ok(0);
        }
        let written: i64 = answer.try_get(column)?;
        column += 1;
        Ok(u64::try_from(written).unwrap_or(0))
    });
    written.collect()
}

/// Columns of ids in the form that PostgreSQL takes.
enum Ids {
    None,
    All(Vec<Id>),
    Some(Vec<Option<Id>>),
}

impl Ids {
    fn of(column: &Column<'_>) -> Self {
        match column {
            Column::Uuids(values) => Self::All(values.iter().copied().map(Id).collect()),
            Column::OptionalUuids(values) => Self::Some(values.iter().map(|value| value.map(Id)).collect()),
            _ => Self::None,
        }
    }
}

fn array<'a>(column: &'a Column<'_>, ids: &'a Ids) -> &'a (dyn ToSql + Sync) {
    match (column, ids) {
        (_, Ids::All(values)) => values,
        (_, Ids::Some(values)) => values,
        (Column::Ints(values), _) => values,
        (Column::Texts(values), _) => values,
        (Column::OptionalTexts(values), _) => values,
        (Column::Bytes(values), _) => values,
        (Column::Uuids(_) | Column::OptionalUuids(_), Ids::None) => unreachable!("columns of ids have their ids"),
    }
}
