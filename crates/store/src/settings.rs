//! What this terminal is: its identity, its shop, its hub, and the settings its user interfaces keep. All of it is also held
//! in memory, so asking costs nothing.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use domain::{Currency, Name, Shop, StoreCode, StoreId, TaxClass, TaxCode, TaxRounding, TerminalId};
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::product_row::uuid_from_blob;
use crate::store::Store;

/// The hub that this terminal is enrolled at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubRow {
    /// Its address.
    pub url: String,
    /// Public key of its countersignatures: Ed25519, base64url without padding.
    pub hub_key: String,
}

/// This terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalRow {
    /// Its id.
    pub id: TerminalId,
    /// Its number within the store, middle part of its receipt numbers; 0 before enrolment.
    pub number: u32,
    /// Its name, empty before enrolment.
    pub name: String,
    /// Its hub, none before enrolment.
    pub hub: Option<HubRow>,
}

/// Everything that is asked for all the time.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) terminal: Option<TerminalRow>,
    pub(crate) shop: Arc<Shop>,
    pub(crate) shop_is_set: bool,
    pub(crate) settings: HashMap<String, String>,
    pub(crate) tax_classes: HashMap<TaxCode, Arc<TaxClass>>,
    pub(crate) staff: Arc<[domain::Staff]>,
}

impl Known {
    pub(crate) fn number(&self) -> u32 {
        self.terminal.as_ref().map_or(0, |terminal| terminal.number)
    }
}

impl Store {
    /// This terminal; none until [`Store::init_terminal`].
    pub fn terminal(&self) -> Option<TerminalRow> {
        self.known().terminal.clone()
    }

    /// Gives a new store its terminal's id. A store that has one keeps it and says so as an error.
    pub fn init_terminal(&self, id: TerminalId) -> Result<(), StoreError> {
        self.write_terminal(|connection| {
            let changed =
                connection.execute("UPDATE terminal SET id = ?1 WHERE id IS NULL OR id = ?1", [id.uuid().as_bytes()])?;
            if changed == 1 { Ok(()) } else { Err(StoreError::AlreadyRecorded { detail: "the terminal has an id".to_owned() }) }
        })
    }

    /// Keeps what the hub said at enrolment: the shop, this terminal's number and name, and the hub itself. The catalogue's
    /// position starts again from 0.
    pub fn set_enrolment(&self, shop: &Shop, number: u32, name: &str, hub: &HubRow) -> Result<(), StoreError> {
        let shop = shop_json(shop)?;
        self.write_terminal(|connection| {
            connection.execute(
                "UPDATE terminal SET shop = ?1, number = ?2, name = ?3, hub_url = ?4, hub_key = ?5, feed = 0",
                (shop, number, name, &hub.url, &hub.hub_key),
            )?;
            Ok(())
        })
    }

    /// The shop. Before anybody has set one: an unnamed shop with code `LOCAL` in Chinese yuan.
    pub fn shop(&self) -> Arc<Shop> {
        Arc::clone(&self.known().shop)
    }

    /// True once [`Store::set_shop`], enrolment or the feed has given the shop's settings.
    pub fn shop_is_set(&self) -> bool {
        self.known().shop_is_set
    }

    /// Keeps the shop's settings.
    pub fn set_shop(&self, shop: &Shop) -> Result<(), StoreError> {
        self.write_terminal(|connection| write_shop(connection, shop))
    }

    /// The setting `key` of this terminal.
    pub fn setting(&self, key: &str) -> Option<String> {
        self.known().settings.get(key).cloned()
    }

    /// Keeps the setting `key` of this terminal.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write_terminal(|connection| {
            connection
                .prepare_cached("INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
                .execute([key, value])?;
            Ok(())
        })
    }

    /// Writes in one transaction, then takes what is kept in memory anew before anybody else may write.
    pub(crate) fn write_terminal<T>(&self, write: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut side = self.write_side();
        let answer = side.transaction(write)?;
        let (known, _) = read_known(&side.connection)?;
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        self.committed();
        Ok(answer)
    }
}

pub(crate) fn write_shop(connection: &Connection, shop: &Shop) -> Result<(), StoreError> {
    connection.execute("UPDATE terminal SET shop = ?1", [shop_json(shop)?])?;
    Ok(())
}

fn shop_json(shop: &Shop) -> Result<String, StoreError> {
    serde_json::to_string(shop).map_err(|error| StoreError::content("shop", error))
}

/// Reads what is kept in memory, and whether a load of the catalogue was cut off.
pub(crate) fn read_known(connection: &Connection) -> Result<(Known, bool), StoreError> {
    let row = connection
        .query_row("SELECT id, number, name, hub_url, hub_key, shop, loading FROM terminal", [], |row| {
            let hub = match (row.get(3)?, row.get(4)?) {
                (Some(url), Some(hub_key)) => Some(HubRow { url, hub_key }),
                _ => None,
            };
            Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get(1)?, row.get(2)?, hub, row.get::<_, Option<String>>(5)?, row.get(6)?))
        })
        .optional()?;
    let (id, number, name, hub, shop, loading) =
        row.ok_or_else(|| StoreError::Damaged { detail: "the terminal's row is missing".to_owned() })?;
    let id = id.map(|id| uuid_from_blob(rusqlite::types::ValueRef::Blob(&id))).transpose()?;
    let terminal = id.map(|id| TerminalRow { id: TerminalId::from_uuid(id), number, name, hub });
    let shop_is_set = shop.is_some();
    let shop = match shop {
        Some(json) => serde_json::from_str(&json).map_err(|error| StoreError::content("shop", error))?,
        None => unnamed_shop()?,
    };
    let mut statement = connection.prepare("SELECT key, value FROM settings")?;
    let settings = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let tax_classes = read_bodies::<TaxClass>(connection, "SELECT body FROM tax_classes", "tax class")?
        .into_iter()
        .map(|class| (class.code.clone(), Arc::new(class)))
        .collect();
    let staff = read_bodies(connection, "SELECT body FROM staff ORDER BY id", "staff")?.into();
    Ok((Known { terminal, shop: Arc::new(shop), shop_is_set, settings, tax_classes, staff }, loading))
}

pub(crate) fn read_bodies<T: serde::de::DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    what: &'static str,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut bodies = Vec::new();
    while let Some(row) = rows.next()? {
        let json = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        bodies.push(serde_json::from_str(json).map_err(|error| StoreError::content(what, error))?);
    }
    Ok(bodies)
}

fn unnamed_shop() -> Result<Shop, StoreError> {
    let wrong = |error: &dyn std::error::Error| StoreError::content("shop", error);
    Ok(Shop {
        id: StoreId::from_uuid(uuid::Uuid::nil()),
        code: StoreCode::parse("LOCAL").map_err(|error| wrong(&error))?,
        name: Name { zh: "本店".to_owned(), en: "This shop".to_owned() },
        currency: Currency::parse("CNY").map_err(|error| wrong(&error))?,
        time_zone: "Asia/Shanghai".to_owned(),
        tax_rounding: TaxRounding::PerLine,
        cash_rounding: None,
        mo_ling: None,
        denominations: vec![10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        cancellation_percent: 0,
        require_shift: false,
        cash_tolerance: None,
        day_starts_at: 0,
        scale_layouts: Vec::new(),
    })
}
