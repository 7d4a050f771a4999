//! The versions of the schema, and the way from each to the next.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::StoreError;
use crate::proof;

/// Every step, in order; the schema's version is how many of them a file has taken. A published step never changes.
const MIGRATIONS: &[&str] = &[
    // One line a step.
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_shift.sql"),
    include_str!("migrations/0005_stock.sql"),
    include_str!("migrations/0003_salechange.sql"),
    include_str!("migrations/0004_promotions.sql"),
    include_str!("migrations/0006_members.sql"),
    include_str!("migrations/0007_roles.sql"),
    include_str!("migrations/0010_drafts.sql"),
    include_str!("migrations/0008_devices.sql"),
];

/// Marks the file as a terminal's store: `TILL`.
const APPLICATION_ID: i32 = 0x5449_4c4c;

/// Refuses a newer file and a file of another program, before anything is written to it.
pub(crate) fn check_version(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let found = version(connection)?;
    let known = known(MIGRATIONS);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && (found > 0 || tables > 0) {
        return Err(StoreError::NotAStore { path: file.to_owned() });
    }
    Ok(())
}

/// Refuses an older file where it may not be changed.
pub(crate) fn require_current(connection: &Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found < known(MIGRATIONS) {
        let detail = format!("it has version {found} and must be brought up to date first: open it with the till once");
        return Err(StoreError::NotWritable { detail });
    }
    Ok(())
}

/// Brings the file up to date; takes a copy of it first unless it is new. Projections that an older version did not have yet
/// are filled from the journal in the same transaction.
pub(crate) fn migrate(connection: &Connection, dir: &Path) -> Result<(), StoreError> {
    apply(connection, dir, MIGRATIONS, proof::remake)
}

/// An empty database with the newest schema, on a file that vanishes with it.
pub(crate) fn scratch() -> Result<Connection, StoreError> {
    let connection = Connection::open("")?;
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")?;
    for step in MIGRATIONS {
        connection.execute_batch(step)?;
    }
    Ok(connection)
}

fn apply(
    connection: &Connection,
    dir: &Path,
    migrations: &[&str],
    remake: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found >= known(migrations) {
        return Ok(());
    }
    if found > 0 {
        back_up(connection, dir, found)?;
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    for step in migrations.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    if found > 0 {
        remake(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known(migrations))?;
    transaction.commit()?;
    Ok(())
}

/// A copy of the whole file as it was at version `found`.
fn back_up(connection: &Connection, dir: &Path, found: u32) -> Result<(), StoreError> {
    let backups = dir.join("backups");
    fs::create_dir_all(&backups).map_err(|source| StoreError::io(&backups, source))?;
    let copy = backups.join(format!("version-{found}.sqlite"));
    let unfinished = backups.join(format!("version-{found}.unfinished"));
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(|source| StoreError::io(&unfinished, source))?;
    }
    connection.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()])?;
    fs::File::options()
        .write(true)
        .open(&unfinished)
        .and_then(|file| file.sync_all())
        .map_err(|source| StoreError::io(&unfinished, source))?;
    fs::rename(&unfinished, &copy).map_err(|source| StoreError::io(&copy, source))
}

/// Makes a file of the first version, as an old program left it.
#[cfg(test)]
pub(crate) fn make_first(connection: &Connection) -> Result<(), StoreError> {
    apply(connection, Path::new(""), &MIGRATIONS[..1], |_| Ok(()))
}

fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn known(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{APPLICATION_ID, Connection, MIGRATIONS, apply, known, version};
    use crate::proof::remake;

    const NEXT: &str = "ALTER TABLE settings ADD COLUMN changed_at INTEGER";

    fn store(dir: &std::path::Path) -> Connection {
        let connection = Connection::open(dir.join("till.sqlite")).expect("a file");
        apply(&connection, dir, MIGRATIONS, remake).expect("the first version");
        connection.execute("INSERT INTO settings VALUES ('language', 'en')", []).expect("a setting");
        connection
    }

    #[test]
    fn an_older_file_is_copied_before_it_is_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = store(folder.path());
        let migrations: Vec<&str> = MIGRATIONS.iter().copied().chain([NEXT]).collect();
        apply(&connection, folder.path(), &migrations, remake).expect("migrated");
        assert_eq!(version(&connection).expect("a version"), known(&migrations));

        let copy = Connection::open(folder.path().join("backups").join(format!("version-{}.sqlite", known(MIGRATIONS))))
            .expect("the copy");
        assert_eq!(version(&copy).expect("a version"), known(MIGRATIONS));
        let id: i32 = copy.pragma_query_value(None, "application_id", |row| row.get(0)).expect("an id");
        assert_eq!(id, APPLICATION_ID);
        let value: String = copy.query_row("SELECT value FROM settings", [], |row| row.get(0)).expect("the setting");
        assert_eq!(value, "en");
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_at_its_version() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = store(folder.path());
        let migrations: Vec<&str> = MIGRATIONS.iter().copied().chain([NEXT, "no SQL"]).collect();
        assert!(apply(&connection, folder.path(), &migrations, remake).is_err());
        assert_eq!(version(&connection).expect("a version"), known(MIGRATIONS));
        assert!(connection.prepare("SELECT changed_at FROM settings").is_err());
        apply(&connection, folder.path(), MIGRATIONS, remake).expect("still usable");
    }

    #[test]
    fn a_new_file_needs_no_copy() {
        let folder = tempfile::tempdir().expect("a folder");
        store(folder.path());
        assert!(!folder.path().join("backups").exists());
    }
}
