//! A store to practise with: the same catalogue, staff and settings as the real one, none of its journal, its identity or its
//! hub. It lies in a folder of its own; nothing that is done in it can reach the real one.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use domain::{Shop, StoreCode};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::store::{FILE, Store};

/// What belongs to the real terminal alone. Projections are emptied by making them anew from an empty journal.
const FORGET: &str = "
    PRAGMA foreign_keys = OFF;
    DELETE FROM journal;
    DELETE FROM drafts;
    DELETE FROM held_orders;
    DELETE FROM print_jobs;
    DELETE FROM pin_attempts;
    UPDATE terminal SET id = NULL, hub_url = NULL, hub_key = NULL, acked_seq = 0, acked_hash = NULL, countersignature = '',
                        feed = 0, loading = 0;
";

impl Store {
    /// Makes a store to practise with in `dir`, whose earlier content is removed. `code` takes the place of the shop's code, so
    /// that its receipts cannot be taken for real ones.
    pub fn copy_for_practice(&self, dir: &Path, code: &StoreCode) -> Result<(), StoreError> {
        match fs::remove_dir_all(dir) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(StoreError::io(dir, error)),
            _ => fs::create_dir_all(dir).map_err(|source| StoreError::io(dir, source))?,
        }
        let file = dir.join(FILE);
        self.readers.open()?.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
        Connection::open(&file)?.execute_batch(FORGET)?;
        let copy = Self::open(dir)?;
        copy.rebuild()?;
        let shop = Shop { code: code.clone(), ..(*self.shop()).clone() };
        copy.set_shop(&shop)
    }
}
