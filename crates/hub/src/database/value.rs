//! Values that go into statements and rows that come out, the same for both databases.

use std::error::Error;

use domain::{OrderId, ProductId, StoreId, TerminalId};
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use rusqlite::types::ToSqlOutput;
use uuid::Uuid;

use super::DatabaseError;

/// A value of one of the four kinds that the schema uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number: BIGINT.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// An id.
    Uuid(Uuid),
}

macro_rules! from {
    ($($type:ty => |$value:ident| $into:expr),* $(,)?) => {$(
        impl<'a> From<$type> for Value<'a> {
            fn from($value: $type) -> Self {
                $into
            }
        }
    )*};
}
from! {
    i64 => |value| Self::Int(value),
    u32 => |value| Self::Int(i64::from(value)),
    &'a str => |value| Self::Text(value),
    &'a String => |value| Self::Text(value),
    &'a [u8] => |value| Self::Bytes(value),
    &'a [u8; 32] => |value| Self::Bytes(value),
    &'a Vec<u8> => |value| Self::Bytes(value),
    Uuid => |value| Self::Uuid(value),
    StoreId => |value| Self::Uuid(value.uuid()),
    TerminalId => |value| Self::Uuid(value.uuid()),
    OrderId => |value| Self::Uuid(value.uuid()),
    ProductId => |value| Self::Uuid(value.uuid()),
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(rusqlite::types::ValueRef::Null),
            Self::Int(value) => ToSqlOutput::from(*value),
            Self::Text(value) => ToSqlOutput::from(*value),
            Self::Bytes(value) => ToSqlOutput::from(*value),
            Self::Uuid(value) => ToSqlOutput::from(value.as_bytes().as_slice()),
        })
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.to_sql(ty, out),
            Self::Uuid(value) => Id(*value).to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT | Type::BYTEA | Type::UUID)
    }

    to_sql_checked!();
}

/// A UUID as PostgreSQL carries it: its sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(pub(crate) Uuid);

impl ToSql for Id {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }

    to_sql_checked!();
}

impl FromSql<'_> for Id {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Uuid::from_slice(raw)?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }
}

/// A row of an answer; columns count from 0.
pub(crate) enum Row<'r> {
    /// Of SQLite.
    Sqlite(&'r rusqlite::Row<'r>),
    /// Of PostgreSQL.
    Postgres(&'r postgres::Row),
}

macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident -> $type:ty),* $(,)?) => {$(
        $(#[$doc])*
        pub(crate) fn $name(&self, column: usize) -> Result<$type, DatabaseError> {
            Ok(match self {
                Self::Sqlite(row) => row.get(column)?,
                Self::Postgres(row) => row.try_get(column)?,
            })
        }
    )*};
}

impl Row<'_> {
    getters! {
        /// A number.
        int -> i64,
        /// A number or nothing.
        optional_int -> Option<i64>,
        /// A text.
        text -> String,
        /// A text or nothing.
        optional_text -> Option<String>,
        /// Bytes.
        bytes -> Vec<u8>,
    }

    /// An id.
    pub(crate) fn uuid(&self, column: usize) -> Result<Uuid, DatabaseError> {
        Ok(match self {
            Self::Sqlite(row) => Uuid::from_bytes(row.get::<_, [u8; 16]>(column)?),
            Self::Postgres(row) => row.try_get::<_, Id>(column)?.0,
        })
    }

    /// A number that counts something.
    pub(crate) fn count(&self, column: usize) -> Result<u64, DatabaseError> {
        let value = self.int(column)?;
        u64::try_from(value).map_err(|_| DatabaseError::Failed(format!("{value} stands where a count should be")))
    }
}
