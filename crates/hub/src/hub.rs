//! The hub, opened over a database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::HubKey;

use crate::catalogue::Imports;
use crate::database::{Database, DatabaseUrl, Session};
use crate::enrolment::Throttle;
use crate::error::HubError;
use crate::member::KeyPlace;
use crate::snapshot::Snapshots;
use crate::terminal::Terminals;

/// The hub: every method blocks, so asynchronous callers go through `spawn_blocking`. Cheap to clone.
#[derive(Clone)]
pub struct Hub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) key: HubKey,
    public_key: String,
    pub(crate) terminals: Terminals,
    pub(crate) throttle: Throttle,
    pub(crate) snapshots: Snapshots,
    pub(crate) imports: Imports,
    pub(crate) counters: Counters,
    pub(crate) member_key: KeyPlace,
}

/// What the hub has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Entries taken in.
    pub entries_ingested: u64,
    /// Entries that were sent again and were held already.
    pub entries_repeated: u64,
    /// Pushes that were refused.
    pub pushes_refused: u64,
    /// Incidents met, each time.
    pub incidents: u64,
}

/// [`Statistics`] while they are counted.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) entries_ingested: AtomicU64,
    pub(crate) entries_repeated: AtomicU64,
    pub(crate) pushes_refused: AtomicU64,
    pub(crate) incidents: AtomicU64,
}

impl Hub {
    /// Opens the database, brings its schema up to date (forward only; a newer one is refused) and reads or makes the hub's key.
    pub fn open(database: &DatabaseUrl) -> Result<Self, HubError> {
        Self::open_with(database, KeyPlace::beside(database))
    }

    /// The same, with the master key of members in this file.
    pub fn open_with_member_key(database: &DatabaseUrl, file: impl Into<std::path::PathBuf>) -> Result<Self, HubError> {
        Self::open_with(database, KeyPlace::at(file.into()))
    }

    fn open_with(database: &DatabaseUrl, member_key: KeyPlace) -> Result<Self, HubError> {
        let database = Database::open(database)?;
        let key = hub_key(&database)?;
        let hub = Self(Arc::new(Inner {
            database,
            public_key: key.public_text(),
            key,
            terminals: Terminals::default(),
            throttle: Throttle::default(),
            snapshots: Snapshots::default(),
            imports: Imports::default(),
            counters: Counters::default(),
            member_key,
        }));
        hub.complete_sums()?;
        Ok(hub)
    }

    /// Public key of the hub's countersignatures: Ed25519, base64url without padding.
    pub fn public_key(&self) -> &str {
        &self.0.public_key
    }

    /// Ok when the database answers.
    pub fn ping(&self) -> Result<(), HubError> {
        self.0.database.read(|session| {
            session.query_one::<_, HubError>("SELECT 1", &[], |_| Ok(()))?;
            Ok(())
        })
    }

    /// What the hub has done since it was opened.
    pub fn statistics(&self) -> Statistics {
        let Counters { entries_ingested, entries_repeated, pushes_refused, incidents } = &self.0.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Statistics {
            entries_ingested: read(entries_ingested),
            entries_repeated: read(entries_repeated),
            pushes_refused: read(pushes_refused),
            incidents: read(incidents),
        }
    }
}

/// The key that the database holds; the first hub over a database makes it.
fn hub_key(database: &Database) -> Result<HubKey, HubError> {
    if let Some(der) = database.read(stored_key)? {
        return Ok(HubKey::from_pkcs8_der(&der)?);
    }
    let new = HubKey::generate()?.to_pkcs8_der()?;
    let der = database.write(move |session| {
        let values = [new.as_slice().into()];
        session.execute("INSERT INTO hub_key (one, pkcs8) VALUES (1, $1) ON CONFLICT (one) DO NOTHING", &values)?;
        stored_key(session)
    })?;
    let missing = || HubError::Unreadable { what: "key of the hub", detail: "it is not there".to_owned() };
    Ok(HubKey::from_pkcs8_der(&der.ok_or_else(missing)?)?)
}

fn stored_key(session: &mut Session<'_>) -> Result<Option<Vec<u8>>, HubError> {
    Ok(session.query_one("SELECT pkcs8 FROM hub_key WHERE one = 1", &[], |row| row.bytes(0))?)
}
