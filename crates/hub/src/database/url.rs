//! Which database.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::DatabaseError;

/// A database: a file for SQLite, or the address of a PostgreSQL database.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// SQLite, in this file.
    Sqlite(PathBuf),
    /// PostgreSQL, `postgres://user:password@host:port/database`.
    Postgres(String),
}

impl DatabaseUrl {
    /// SQLite in `file`.
    pub fn file(file: impl AsRef<Path>) -> Self {
        Self::Sqlite(file.as_ref().to_path_buf())
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseError;

    /// `sqlite:PATH`, a plain path, or `postgres://…`.
    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(DatabaseError::Url(text.to_owned()));
        }
        Ok(Self::file(path))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                let place = place.split('?').next().unwrap_or(place);
                write!(f, "{scheme}://{place}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_is_sqlite() {
        for text in ["sqlite:/a/hub.sqlite", "sqlite:///a/hub.sqlite", "/a/hub.sqlite"] {
            assert_eq!(text.parse::<DatabaseUrl>().expect("a database"), DatabaseUrl::file("/a/hub.sqlite"));
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let url: DatabaseUrl = "postgres://hub:secret@db:5432/shop?password=secret".parse().expect("a database");
        assert_eq!(format!("{url} {url:?}"), "postgres://db:5432/shop postgres://db:5432/shop");
    }

    #[test]
    fn another_kind_of_database_is_refused() {
        let error = "mysql://localhost/shop".parse::<DatabaseUrl>().expect_err("not supported");
        assert!(error.to_string().contains("postgres://"), "{error}");
        assert!("sqlite:".parse::<DatabaseUrl>().is_err());
    }
}
