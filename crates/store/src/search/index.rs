//! Keeping the index in step with the products.

use std::collections::BTreeMap;

use domain::Name;
use rusqlite::Connection;

use super::terms::add_terms;
use crate::error::StoreError;

/// Changes of the index that belong to one transaction, written together at its end: FTS5 writes a segment whenever keys do not
/// ascend.
#[derive(Debug, Default)]
pub(crate) struct Index {
    changes: BTreeMap<i64, Change>,
}

#[derive(Debug)]
struct Change {
    was_there: bool,
    terms: Option<String>,
}

impl Index {
    /// The product with `key` has this name now, or is not to be found any more (`None`). `was_there`: it was to be found
    /// before this transaction.
    pub(crate) fn put(&mut self, key: i64, was_there: bool, name: Option<&Name>) {
        let terms = name.map(|name| {
            let mut terms = String::with_capacity(256);
            add_terms(&name.zh, &mut terms);
            add_terms(&name.en, &mut terms);
            terms
        });
        self.changes.entry(key).and_modify(|change| change.terms.clone_from(&terms)).or_insert(Change { was_there, terms });
    }

    /// Writes everything.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), StoreError> {
        let mut delete = connection.prepare_cached("DELETE FROM product_search WHERE rowid = ?1")?;
        let mut insert = connection.prepare_cached("INSERT INTO product_search (rowid, terms) VALUES (?1, ?2)")?;
        for (key, change) in self.changes {
            if change.was_there {
                delete.execute([key])?;
            }
            if let Some(terms) = change.terms {
                insert.execute((key, terms))?;
            }
        }
        Ok(())
    }
}
