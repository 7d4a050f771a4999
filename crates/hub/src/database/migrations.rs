//! The schema, in numbered steps, forward only.

use super::DatabaseError;
use super::dialect::{self, Dialect};
use super::session::Session;

/// One step. Its texts are never changed once they are out; what must change comes as a further step.
struct Migration {
    version: i64,
    /// In the shared text of both dialects.
    schema: &'static str,
    /// What the dialects say differently.
    rules: fn(Dialect) -> &'static str,
}

/// A step that both dialects say alike.
const fn alike(_: Dialect) -> &'static str {
    ""
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, schema: include_str!("migrations/0001_first.sql"), rules: dialect::ledger_rules },
    Migration { version: 2, schema: include_str!("migrations/0002_shift.sql"), rules: alike },
    Migration { version: 5, schema: include_str!("migrations/0005_stock.sql"), rules: alike },
    Migration { version: 3, schema: include_str!("migrations/0003_salechange.sql"), rules: alike },
    Migration { version: 4, schema: include_str!("migrations/0004_promotions.sql"), rules: alike },
    Migration { version: 6, schema: include_str!("migrations/0006_members.sql"), rules: alike },
    Migration { version: 7, schema: include_str!("migrations/0007_roles.sql"), rules: alike },
    Migration { version: 9, schema: include_str!("migrations/0009_reports.sql"), rules: alike },
];

/// The newest version that this program knows.
const KNOWN: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// Errors when the schema was made by a newer program. Writes nothing.
pub(super) fn refuse_newer(session: &mut Session<'_>) -> Result<(), DatabaseError> {
    match version(session)? {
        found if found > KNOWN => Err(DatabaseError::TooNew { found, known: KNOWN }),
        _ => Ok(()),
    }
}

/// Takes the steps that are missing, all in one transaction; of several processes one does it.
pub(super) fn run(session: &mut Session<'_>) -> Result<(), DatabaseError> {
    refuse_newer(session)?;
    if version(session)? == KNOWN {
        return Ok(());
    }
    session.batch(dialect::begin_migration(session.dialect()))?;
    let migrated = migrate(session);
    session.batch(if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    migrated
}

fn migrate(session: &mut Session<'_>) -> Result<(), DatabaseError> {
    let dialect = session.dialect();
    // Another process may have been faster.
    refuse_newer(session)?;
    let found = version(session)?;
    if found == 0 {
        if dialect == Dialect::Sqlite && has_other_tables(session)? {
            return Err(DatabaseError::Damaged("it holds another program's tables".to_owned()));
        }
        session.batch(&dialect.schema("CREATE TABLE schema_version (version {int} NOT NULL) {rows}"))?;
        session.batch("INSERT INTO schema_version (version) VALUES (0)")?;
    }
    for step in MIGRATIONS.iter().filter(|step| step.version > found) {
        session.batch(&dialect.schema(step.schema))?;
        let rules = dialect.schema((step.rules)(dialect));
        if !rules.is_empty() {
            session.batch(&rules)?;
        }
    }
    session.execute("UPDATE schema_version SET version = $1", &[KNOWN.into()])?;
    Ok(())
}

/// The schema's version, 0 in an empty database.
fn version(session: &mut Session<'_>) -> Result<i64, DatabaseError> {
    let there = session.query_one(dialect::schema_version_exists(session.dialect()), &[], |row| row.int(0))?;
    if there.unwrap_or(0) == 0 {
        return Ok(0);
    }
    session.query_one("SELECT version FROM schema_version", &[], |row| row.int(0)).map(|version| version.unwrap_or(0))
}

fn has_other_tables(session: &mut Session<'_>) -> Result<bool, DatabaseError> {
    let count = session.query_one("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", &[], |row| row.int(0))?;
    Ok(count.unwrap_or(0) > 0)
}
