//! Members whom this store has met. Who they are can be read only with keys that are not in the store.

use domain::member::{LoyaltyRules, MemberCard};
use domain::{MemberCode, MemberId};
use rusqlite::{Connection, Params};

use crate::error::StoreError;
use crate::store::Store;

/// The setting that holds the rules of points.
const RULES: &str = "loyalty";

impl Store {
    /// The member `id`.
    pub fn member(&self, id: MemberId) -> Result<Option<MemberCard>, StoreError> {
        Ok(self.find_members("SELECT body FROM members WHERE id = ?1", [id.to_string()])?.pop())
    }

    /// The member with this code.
    pub fn member_by_code(&self, code: &MemberCode) -> Result<Option<MemberCard>, StoreError> {
        Ok(self.find_members("SELECT body FROM members WHERE code = ?1", [code.as_str()])?.pop())
    }

    /// Members whose phone number has this keyed hash.
    pub fn members_by_phone(&self, hash: &str) -> Result<Vec<MemberCard>, StoreError> {
        self.find_members("SELECT body FROM members WHERE phone = ?1 LIMIT 20", [hash])
    }

    /// Members the end of whose phone number has this keyed hash.
    pub fn members_by_tail(&self, hash: &str) -> Result<Vec<MemberCard>, StoreError> {
        self.find_members("SELECT body FROM members WHERE tail = ?1 ORDER BY id DESC LIMIT 20", [hash])
    }

    /// True when any member is kept.
    pub fn has_members(&self) -> Result<bool, StoreError> {
        self.readers.with(|connection| Ok(connection.prepare_cached("SELECT 1 FROM members LIMIT 1")?.exists([])?))
    }

    /// Keeps a member as the hub just told, ahead of its feed.
    pub fn keep_member(&self, card: &MemberCard) -> Result<(), StoreError> {
        self.write_relaxed(|connection| put(connection, card))
    }

    /// Forgets a member, on the disk when this returns.
    pub fn forget_member(&self, id: MemberId) -> Result<(), StoreError> {
        self.write_side().transaction(|connection| forget(connection, id))?;
        self.committed();
        Ok(())
    }

    /// The rules of points and levels, none where the store has none.
    pub fn loyalty(&self) -> Result<Option<LoyaltyRules>, StoreError> {
        let text = self.setting(RULES);
        text.map(|text| serde_json::from_str(&text).map_err(|error| StoreError::content("rules of points", error))).transpose()
    }

    fn find_members(&self, sql: &str, params: impl Params) -> Result<Vec<MemberCard>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let body = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                found.push(serde_json::from_str(body).map_err(|error| StoreError::content("member", error))?);
            }
            Ok(found)
        })
    }
}

/// Writes a member's newest state.
pub(crate) fn put(connection: &Connection, card: &MemberCard) -> Result<(), StoreError> {
    let body = serde_json::to_string(card).map_err(|error| StoreError::content("member", error))?;
    connection
        .prepare_cached(
            "INSERT INTO members (id, code, phone, tail, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET code = ?2, phone = ?3, tail = ?4, body = ?5",
        )?
        .execute((card.id.to_string(), card.code.as_str(), &card.phone, &card.tail, body))?;
    Ok(())
}

/// Takes a member out.
pub(crate) fn forget(connection: &Connection, id: MemberId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM members WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}

/// Keeps the rules of points and levels.
pub(crate) fn put_rules(connection: &Connection, rules: &LoyaltyRules) -> Result<(), StoreError> {
    let body = serde_json::to_string(rules).map_err(|error| StoreError::content("rules of points", error))?;
    connection
        .prepare_cached("INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
        .execute([RULES, &body])?;
    Ok(())
}
