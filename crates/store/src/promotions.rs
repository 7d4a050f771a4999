//! Promotions and price lists, as the hub's feed tells them; made ready for pricing once for each change.

use std::sync::{Arc, PoisonError};

use domain::promotion::PromotionState;
use domain::{PriceList, Promotion, PromotionSet};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::settings::read_bodies;
use crate::store::Store;

impl Store {
    /// What orders are priced by; from memory.
    pub fn promotion_set(&self) -> Arc<PromotionSet> {
        Arc::clone(&self.promotion_set.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every promotion, drafts and ended ones too, by id.
    pub fn promotions(&self) -> Result<Vec<Promotion>, StoreError> {
        self.readers.with(promotions)
    }

    /// Makes what orders are priced by anew.
    pub(crate) fn refresh_promotion_set(&self) -> Result<(), StoreError> {
        let set = self.readers.with(read_set)?;
        *self.promotion_set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        Ok(())
    }
}

pub(crate) fn read_set(connection: &Connection) -> Result<PromotionSet, StoreError> {
    let lists: Vec<PriceList> = read_bodies(connection, "SELECT body FROM price_lists ORDER BY code", "price list")?;
    Ok(PromotionSet::new(promotions(connection)?, lists))
}

fn promotions(connection: &Connection) -> Result<Vec<Promotion>, StoreError> {
    read_bodies(connection, "SELECT body FROM promotions ORDER BY id", "promotion")
}

/// Keeps a promotion, or forgets one that was removed; true when it is kept.
pub(crate) fn put_promotion(connection: &Connection, promotion: &Promotion) -> Result<bool, StoreError> {
    let id = promotion.id.to_string();
    if promotion.state == PromotionState::Removed {
        connection.prepare_cached("DELETE FROM promotions WHERE id = ?1")?.execute([id])?;
        return Ok(false);
    }
    let body = serde_json::to_string(promotion).map_err(|error| StoreError::content("promotion", error))?;
    connection
        .prepare_cached("INSERT INTO promotions (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = ?2")?
        .execute((id, body))?;
    Ok(true)
}

/// Keeps a price list, or forgets one that is no longer active; true when it is kept.
pub(crate) fn put_price_list(connection: &Connection, list: &PriceList) -> Result<bool, StoreError> {
    if !list.active {
        connection.prepare_cached("DELETE FROM price_lists WHERE code = ?1")?.execute([list.code.as_str()])?;
        return Ok(false);
    }
    let body = serde_json::to_string(list).map_err(|error| StoreError::content("price list", error))?;
    connection
        .prepare_cached("INSERT INTO price_lists (code, body) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET body = ?2")?
        .execute((list.code.as_str(), body))?;
    Ok(true)
}
