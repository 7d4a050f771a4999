//! The stores and their settings.

use domain::{Change, Shop, StoreCode, StoreId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::database::{DatabaseError, Row, Session};
use crate::enrolment::AddTerminal;
use crate::error::HubError;
use crate::feed;
use crate::hub::Hub;

/// Only one transaction at a time gives out a number for a new store.
const TURN_OF_NEW_STORES: i64 = 8_402_017_355;

/// A store as the database holds it.
pub(crate) struct Store {
    /// The number that its rows begin with.
    pub(crate) number: i64,
    /// Its settings.
    pub(crate) shop: Shop,
}

impl Hub {
    /// The settings of every store, by code.
    pub fn stores(&self) -> Result<Vec<Shop>, HubError> {
        self.0.database.read(|session| session.query("SELECT settings FROM stores ORDER BY code", &[], |row| shop(&row.text(0)?)))
    }

    /// The settings of the store with this code.
    pub fn store(&self, code: &StoreCode) -> Result<Shop, HubError> {
        self.0.database.read(|session| Ok(by_code(session, code)?.shop))
    }
}

/// The store with this code.
pub(crate) fn by_code(session: &mut Session<'_>, code: &StoreCode) -> Result<Store, HubError> {
    let sql = "SELECT number, settings FROM stores WHERE code = $1";
    session.query_one(sql, &[code.as_str().into()], read)?.ok_or_else(|| HubError::UnknownStore(code.clone()))
}

/// The store with this id.
pub(crate) fn by_id(session: &mut Session<'_>, id: StoreId) -> Result<Store, HubError> {
    let sql = "SELECT number, settings FROM stores WHERE id = $1";
    session.query_one(sql, &[id.into()], read)?.ok_or(HubError::UnknownStoreId(id))
}

/// The store that a terminal is to be added to; made when it is not there.
pub(crate) fn for_new_terminal(session: &mut Session<'_>, asked: &AddTerminal, now: Timestamp) -> Result<Store, HubError> {
    session.take_turn(TURN_OF_NEW_STORES)?;
    match by_code(session, &asked.store) {
        Ok(store) => match asked.currency.filter(|currency| *currency != store.shop.currency) {
            Some(other) => Err(HubError::OtherCurrency { store: asked.store.clone(), has: store.shop.currency, asked: other }),
            None => Ok(store),
        },
        Err(HubError::UnknownStore(_)) => create(session, asked.new_shop()?, now),
        Err(error) => Err(error),
    }
}

fn create(session: &mut Session<'_>, shop: Shop, now: Timestamp) -> Result<Store, HubError> {
    let last: Option<i64> = session.query_one("SELECT COALESCE(MAX(number), 0) FROM stores", &[], |row| row.int(0))?;
    let number = last.unwrap_or(0) + 1;
    let settings = settings(&shop)?;
    session.execute(
        "INSERT INTO stores (number, id, code, settings, feed, created_at) VALUES ($1, $2, $3, $4, 0, $5)",
        &[number.into(), shop.id.into(), shop.code.as_str().into(), (&settings).into(), now.as_millisecond().into()],
    )?;
    feed::publish(session, number, &[Change::Shop(shop.clone())])?;
    crate::promotion::tell_new_store(session, number)?;
    Ok(Store { number, shop })
}

/// Takes over new settings of a store. What its books hang on stays: its id, its code and its currency.
pub(crate) fn change_settings(session: &mut Session<'_>, number: i64, new: &Shop) -> Result<(), HubError> {
    let sql = "SELECT number, settings FROM stores WHERE number = $1";
    let store: Option<Store> = session.query_one(sql, &[number.into()], read)?;
    let known = store.map(|store| store.shop).filter(|known| known.id == new.id && known.code == new.code);
    let known = known.ok_or(HubError::UnknownStoreId(new.id))?;
    if known.currency != new.currency {
        return Err(HubError::OtherCurrency { store: known.code, has: known.currency, asked: new.currency });
    }
    check_time_zone(&new.time_zone)?;
    if known.time_zone != new.time_zone {
        // Days are others now: the sums of reports are made anew when a hub is opened next.
        session.execute("UPDATE report_sums_state SET complete = 0 WHERE one = 1", &[])?;
    }
    session.execute("UPDATE stores SET settings = $2 WHERE number = $1", &[number.into(), (&settings(new)?).into()])?;
    Ok(())
}

/// Ok when this machine knows the time zone.
pub(crate) fn check_time_zone(name: &str) -> Result<(), HubError> {
    TimeZone::get(name).map(|_| ()).map_err(|_| HubError::UnknownTimeZone(name.to_owned()))
}

fn read(row: &Row<'_>) -> Result<Store, HubError> {
    Ok(Store { number: row.int(0)?, shop: shop(&row.text(1)?)? })
}

/// Settings as the database holds them.
pub(crate) fn shop(settings: &str) -> Result<Shop, HubError> {
    serde_json::from_str(settings).map_err(|error| HubError::Unreadable { what: "store's settings", detail: error.to_string() })
}

fn settings(shop: &Shop) -> Result<String, HubError> {
    serde_json::to_string(shop).map_err(|error| DatabaseError::Failed(error.to_string()).into())
}
