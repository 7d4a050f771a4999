//! The feed of a store: the current state of each thing its tills must know, in the order of the store's counter.
//!
//! The counter moves under the lock of the store's row, so positions become visible in order and a reader that asks for what
//! comes after N cannot miss a change.

use std::collections::HashMap;

use domain::{Change, StoreId};
use sync::wire::{FeedPage, MAX_CHANGES_PER_PAGE};

use crate::database::{Column, ColumnType, DatabaseError, Insert, Rows, Session};
use crate::error::{HubError, Refused};
use crate::hub::Hub;
use crate::store;

/// Changes that are written in one go.
const CHUNK: usize = 2_000;

const EACH: &[(&str, ColumnType)] = &[("position", ColumnType::Int), ("key", ColumnType::Text), ("change", ColumnType::Text)];

static NEWEST: Insert = Insert::new(
    "feed",
    &[("store", ColumnType::Int)],
    EACH,
    "ON CONFLICT (key, store) DO UPDATE SET position = excluded.position, change = excluded.change \
     WHERE feed.change <> excluded.change",
);
static UNKNOWN: Insert = Insert::new("feed", &[("store", ColumnType::Int)], EACH, "ON CONFLICT (key, store) DO NOTHING");

impl Hub {
    /// The next page of changes after position `after`.
    pub fn feed(&self, store: StoreId, after: u64) -> Result<FeedPage, Refused> {
        let page = self.0.database.read_at_once(|session| page(session, store, after));
        Ok(page?)
    }

    /// Puts changes into the feed of a store, all or none; those that change nothing are left out. The feed's new position.
    pub fn publish(&self, store: StoreId, changes: &[Change]) -> Result<u64, HubError> {
        let changes = changes.to_vec();
        let settings_changed = changes.iter().any(|change| matches!(change, Change::Shop(_)));
        let position = self.0.database.write(move |session| {
            let number = store::by_id(session, store)?.number;
            for change in &changes {
                if let Change::Shop(shop) = change {
                    store::change_settings(session, number, shop)?;
                }
            }
            publish(session, number, &changes)
        })?;
        if settings_changed {
            self.0.terminals.forget_all();
        }
        Ok(position)
    }
}

fn page(session: &mut Session<'_>, store: StoreId, after: u64) -> Result<FeedPage, HubError> {
    let (number, feed) = position(session, store)?;
    // A till that is ahead of the hub has seen a feed that was lost since; it gets everything again.
    let after = if after > feed { 0 } else { after };
    let mut rows = session.query(
        "SELECT position, change FROM feed WHERE store = $1 AND position > $2 ORDER BY position LIMIT $3",
        &[number.into(), signed(after)?.into(), (i64::from(MAX_CHANGES_PER_PAGE) + 1).into()],
        |row| Ok::<_, DatabaseError>((row.count(0)?, row.text(1)?)),
    )?;
    let limit = MAX_CHANGES_PER_PAGE as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map_or(feed, |(position, _)| *position) } else { feed };
    let changes = rows.iter().map(|(_, change)| read(change)).collect::<Result<_, _>>()?;
    Ok(FeedPage { changes, next, more })
}

/// The number of a store and the position of its feed.
pub(crate) fn position(session: &mut Session<'_>, store: StoreId) -> Result<(i64, u64), HubError> {
    let sql = "SELECT number, feed FROM stores WHERE id = $1";
    let row = session.query_one(sql, &[store.into()], |row| Ok::<_, HubError>((row.int(0)?, row.count(1)?)))?;
    row.ok_or(HubError::UnknownStoreId(store))
}

/// Puts changes into the feed of store `number`, under the lock of its row. The feed's new position.
pub(crate) fn publish(session: &mut Session<'_>, number: i64, changes: &[Change]) -> Result<u64, HubError> {
    write(session, &NEWEST, number, changes)
}

/// Like [`publish`], but what the feed speaks of already stays as it is.
pub(crate) fn publish_unknown(session: &mut Session<'_>, number: i64, changes: &[Change]) -> Result<u64, HubError> {
    write(session, &UNKNOWN, number, changes)
}

fn write(session: &mut Session<'_>, insert: &'static Insert, number: i64, changes: &[Change]) -> Result<u64, HubError> {
    let mut appending = Appending { insert, ..Appending::begin(session, number)? };
    for chunk in written(changes)?.chunks(CHUNK) {
        appending.put(session, chunk)?;
    }
    Ok(appending.finish(session)?)
}

/// Changes on their way into a store's feed, under the lock of its row.
pub(crate) struct Appending {
    insert: &'static Insert,
    number: i64,
    feed: u64,
    last: i64,
    changed: u64,
}

impl Appending {
    /// Takes the lock.
    pub(crate) fn begin(session: &mut Session<'_>, number: i64) -> Result<Self, DatabaseError> {
        let feed = lock(session, number)?;
        Ok(Self { insert: &NEWEST, number, feed, last: signed(feed)?, changed: 0 })
    }

    /// Writes keys and texts, one for each thing; those that change nothing are left out.
    pub(crate) fn put(&mut self, session: &mut Session<'_>, chunk: &[(String, String)]) -> Result<(), DatabaseError> {
        let positions: Vec<i64> = (self.last + 1..).take(chunk.len()).collect();
        self.last = positions.last().copied().unwrap_or(self.last);
        let rows = Rows {
            insert: self.insert,
            same: vec![self.number.into()],
            each: vec![
                Column::Ints(positions),
                Column::Texts(chunk.iter().map(|(key, _)| key.as_str()).collect()),
                Column::Texts(chunk.iter().map(|(_, change)| change.as_str()).collect()),
            ],
        };
        self.changed += session.insert_together(&[rows])?.iter().sum::<u64>();
        Ok(())
    }

    /// Moves the feed's counter; its new position.
    pub(crate) fn finish(self, session: &mut Session<'_>) -> Result<u64, DatabaseError> {
        if self.changed == 0 {
            return Ok(self.feed);
        }
        session.execute("UPDATE stores SET feed = $2 WHERE number = $1", &[self.number.into(), self.last.into()])?;
        Ok(u64::try_from(self.last).unwrap_or(self.feed))
    }
}

/// Locks the row of store `number` until the transaction ends; the position of its feed.
pub(crate) fn lock(session: &mut Session<'_>, number: i64) -> Result<u64, DatabaseError> {
    let feed = session.lock_one("SELECT feed FROM stores WHERE number = $1", &[number.into()], |row| row.count(0))?;
    feed.ok_or_else(|| DatabaseError::Failed(format!("store {number} is not there")))
}

/// Keys and texts, one for each thing: its last state, in the order of the last states.
fn written(changes: &[Change]) -> Result<Vec<(String, String)>, HubError> {
    let keys: Vec<String> = changes.iter().map(key).collect();
    let last: HashMap<&str, usize> = keys.iter().enumerate().map(|(index, key)| (key.as_str(), index)).collect();
    let kept = keys.iter().enumerate().filter(|(index, key)| last.get(key.as_str()) == Some(index));
    kept.map(|(index, key)| {
        let text = serde_json::to_string(&changes[index]).map_err(|error| DatabaseError::Failed(error.to_string()))?;
        Ok((key.clone(), text))
    })
    .collect()
}

/// What a change speaks of.
pub(crate) fn key(change: &Change) -> String {
    match change {
        Change::Shop(_) => "shop".to_owned(),
        Change::TaxClass(class) => format!("tax:{}", class.code),
        Change::Category(category) => format!("category:{}", category.code),
        Change::Product(product) => format!("product:{}", product.id),
        Change::Staff(staff) => format!("staff:{}", staff.id),
        Change::Stock { product, .. } => format!("stock:{product}"),
        Change::Member(card) => format!("member:{}", card.id),
        Change::MemberGone { member } => format!("member:{member}"),
        Change::Loyalty(_) => "loyalty".to_owned(),
        Change::Promotion(promotion) => format!("promotion:{}", promotion.id),
        Change::PriceList(list) => format!("price_list:{}", list.code),
    }
}

pub(crate) fn read(change: &str) -> Result<Change, HubError> {
    serde_json::from_str(change).map_err(|error| HubError::Unreadable { what: "change", detail: error.to_string() })
}

/// A count as the database holds it.
pub(crate) fn signed(count: u64) -> Result<i64, DatabaseError> {
    i64::try_from(count).map_err(|_| DatabaseError::Failed(format!("{count} is more than the database can count")))
}
