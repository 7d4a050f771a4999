//! The master key of members: outside the database, beside it in a file of its user alone (`hub.sqlite` →
//! `hub.members.key`; for PostgreSQL `members.key` in the user's data folder, or the file named by
//! `TILLBRIDGE_MEMBER_KEY_FILE`), or in the environment variable `TILLBRIDGE_MEMBER_KEY`, 32 bytes in base64url. Made with the
//! first member. Whoever copies the database and not the key copies nobody's data; whoever loses the key has erased everybody.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use directories::ProjectDirs;
use domain::{PhoneNumber, StoreId};
use journal::SealKey;
use sync::members::tail_text;

use crate::database::{Database, DatabaseError, DatabaseUrl, Session};
use crate::error::HubError;
use crate::hub::Hub;

const KEY: &str = "TILLBRIDGE_MEMBER_KEY";
const KEY_FILE: &str = "TILLBRIDGE_MEMBER_KEY_FILE";

/// What members' data is under.
pub(crate) struct MasterKeys {
    pub(super) master: SealKey,
    lookup: SealKey,
}

/// The place of the master key, and the key once it was needed.
pub(crate) struct KeyPlace {
    file: PathBuf,
    loaded: Mutex<Option<Arc<MasterKeys>>>,
}

impl KeyPlace {
    /// The file that belongs to `database` where nobody says another.
    pub(crate) fn beside(database: &DatabaseUrl) -> Self {
        let named = std::env::var_os(KEY_FILE).map(PathBuf::from);
        let file = named.unwrap_or_else(|| match database {
            DatabaseUrl::Sqlite(path) => path.with_extension("members.key"),
            DatabaseUrl::Postgres(_) => ProjectDirs::from("app", "Tillbridge", "Tillbridge")
                .map_or_else(|| PathBuf::from("members.key"), |folders| folders.data_dir().join("hub").join("members.key")),
        });
        Self::at(file)
    }

    /// This file.
    pub(crate) fn at(file: PathBuf) -> Self {
        Self { file, loaded: Mutex::default() }
    }

    fn keys(&self, database: &Database) -> Result<Arc<MasterKeys>, HubError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = &*loaded {
            return Ok(Arc::clone(keys));
        }
        let master = self.master(database)?;
        let keys = Arc::new(MasterKeys { lookup: master.derive("lookup"), master });
        *loaded = Some(Arc::clone(&keys));
        Ok(keys)
    }

    /// The key that wraps what the database holds; the first one asked for is made and marked there.
    fn master(&self, database: &Database) -> Result<SealKey, HubError> {
        let marked = database.read(fingerprint)?;
        let key = match (read(&self.file)?, &marked) {
            (Some(key), _) => key,
            (None, Some(_)) => return Err(HubError::MemberKeyMissing(self.file.clone())),
            (None, None) => {
                if let Some(folder) = self.file.parent() {
                    std::fs::create_dir_all(folder).map_err(|error| HubError::MemberKey(error.to_string()))?;
                }
                let new = SealKey::generate()?;
                if new.to_new_file(&self.file)? { new } else { read(&self.file)?.unwrap_or(new) }
            }
        };
        let own = key.fingerprint();
        let marked = match marked {
            Some(marked) => Some(marked),
            None => {
                let own = own.clone();
                database.write(move |session| {
                    let sql = "INSERT INTO member_master (one, fingerprint) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
                    session.execute(sql, &[(&own).into()])?;
                    fingerprint(session)
                })?
            }
        };
        if marked.as_deref() == Some(own.as_str()) { Ok(key) } else { Err(HubError::MemberKeyForeign(self.file.clone())) }
    }
}

fn read(file: &Path) -> Result<Option<SealKey>, HubError> {
    match std::env::var(KEY) {
        Ok(text) => Ok(Some(SealKey::from_text(&text)?)),
        Err(_) => Ok(SealKey::of_file(file)?),
    }
}

fn fingerprint(session: &mut Session<'_>) -> Result<Option<String>, DatabaseError> {
    session.query_one("SELECT fingerprint FROM member_master WHERE one = 1", &[], |row| row.text(0))
}

impl MasterKeys {
    /// What the keys of the members whom `store` has met are wrapped under.
    pub(super) fn of_store(&self, store: StoreId) -> SealKey {
        self.master.derive(&format!("store {store}"))
    }

    /// The key of the hashes of phone numbers.
    pub(super) fn lookup(&self) -> &SealKey {
        &self.lookup
    }

    /// The hashes that a number is found by: of the whole, and of its last four digits.
    pub(super) fn hashes(&self, phone: Option<&PhoneNumber>) -> (Option<String>, Option<String>) {
        let whole = phone.map(|phone| self.lookup.hash(phone.as_str()));
        (whole, phone.map(|phone| self.lookup.hash(&tail_text(phone.tail()))))
    }
}

impl Hub {
    /// What members' data is under; an error when the key is not where it belongs.
    pub(super) fn member_keys(&self) -> Result<Arc<MasterKeys>, HubError> {
        self.0.member_key.keys(&self.0.database)
    }
}
