//! Members as the tills of a store know them, and the job that keeps those cards up with what tills have sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::member::{LoyaltyRules, MemberCard, Profile, rolling_spend};
use domain::{Change, MemberCode, MemberId, Money};
use jiff::Timestamp;
use journal::SealKey;
use sync::members::{about_greeting, about_key, about_profile, about_store_key};
use uuid::Uuid;

use super::keys::MasterKeys;
use super::ledger::Told;
use crate::database::{DatabaseError, Row, Session, Value};
use crate::error::HubError;
use crate::feed;
use crate::hub::Hub;
use crate::store::{self, Store};

/// Members whose cards are made anew in one go.
const AT_ONCE: i64 = 200;

/// A member's row, of somebody who was not erased.
pub(super) struct Member {
    pub(super) id: MemberId,
    pub(super) home: i64,
    pub(super) code: MemberCode,
    pub(super) sealed_key: Vec<u8>,
    pub(super) profile: Vec<u8>,
    pub(super) joined_at: i64,
}

/// The columns that [`Member::read`] takes.
pub(super) const COLUMNS: &str = "id, home, code, sealed_key, profile, joined_at";

impl Member {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, HubError> {
        let code = row.text(2)?.parse();
        Ok(Self {
            id: MemberId::from_uuid(row.uuid(0)?),
            home: row.int(1)?,
            code: code.map_err(|_| HubError::Unreadable { what: "member", detail: "its code is none".to_owned() })?,
            sealed_key: row.bytes(3)?,
            profile: row.bytes(4)?,
            joined_at: row.int(5)?,
        })
    }

    /// The members that fit `condition`, erased ones aside.
    pub(super) fn all(session: &mut Session<'_>, condition: &str, values: &[Value<'_>]) -> Result<Vec<Self>, HubError> {
        let sql = format!("SELECT {COLUMNS} FROM members WHERE erased_at IS NULL AND {condition}");
        session.query(&sql, values, Self::read)
    }

    /// The member `id`, whose row stays locked until the transaction ends.
    pub(super) fn locked(session: &mut Session<'_>, id: MemberId) -> Result<Option<Self>, HubError> {
        let sql = format!("SELECT {COLUMNS} FROM members WHERE erased_at IS NULL AND id = $1");
        session.lock_one(&sql, &[id.uuid().into()], Self::read)
    }

    /// The member's own key.
    pub(super) fn key(&self, keys: &MasterKeys) -> Result<SealKey, HubError> {
        Ok(keys.master.unwrap(&about_key(self.id), &self.sealed_key)?)
    }

    /// Who the member is.
    pub(super) fn profile(&self, keys: &MasterKeys) -> Result<Profile, HubError> {
        let json = self.key(keys)?.open(&about_profile(self.id), &self.profile)?;
        serde_json::from_slice(&json).map_err(|error| HubError::Unreadable { what: "profile", detail: error.to_string() })
    }
}

/// The rules of points of store `number`.
pub(super) fn rules(session: &mut Session<'_>, number: i64) -> Result<Option<LoyaltyRules>, HubError> {
    let sql = "SELECT change FROM feed WHERE store = $1 AND key = 'loyalty'";
    let change = session.query_one(sql, &[number.into()], |row| row.text(0))?;
    match change.map(|change| serde_json::from_str(&change)).transpose() {
        Ok(Some(Change::Loyalty(rules))) => Ok(Some(rules)),
        Ok(_) => Ok(None),
        Err(error) => Err(HubError::Unreadable { what: "change", detail: error.to_string() }),
    }
}

/// What the member spent within the months that make the level there.
pub(super) fn spend(told: &Told, rules: Option<&LoyaltyRules>, store: &Store, now: Timestamp) -> Money {
    let currency = store.shop.currency;
    let since = rules.map_or(Timestamp::MIN, |rules| rules.level_since(now, &store.shop.zone()));
    Money::from_minor(rolling_spend(&told.events, currency, since, Timestamp::MAX), currency)
}

/// The member's card at `store`.
pub(super) fn card(
    session: &mut Session<'_>,
    keys: &MasterKeys,
    member: &Member,
    store: &Store,
    told: &Told,
    now: Timestamp,
) -> Result<MemberCard, HubError> {
    let rules = rules(session, store.number)?;
    let spent = spend(told, rules.as_ref(), store, now);
    let level = rules.as_ref().and_then(|rules| rules.level_for(spent.minor())).map(|level| level.code.clone());
    let (id, own) = (member.id, member.key(keys)?);
    let profile = member.profile(keys)?;
    let greeting = serde_json::to_vec(&profile.greeting()).map_err(|error| DatabaseError::Failed(error.to_string()))?;
    let (phone, tail) = keys.hashes(profile.phone.as_ref());
    let wrapped = keys.of_store(store.shop.id).wrap(&about_store_key(id, store.shop.id), &own)?;
    Ok(MemberCard {
        id,
        code: member.code.clone(),
        phone,
        tail,
        key: STANDARD.encode(wrapped),
        greeting: STANDARD.encode(own.seal(&about_greeting(id), &greeting)?),
        level,
        points: told.points(now).balance(),
        as_of: now,
    })
}

/// The stores that have met the member, in the order in which they are locked.
pub(super) fn stores(session: &mut Session<'_>, member: MemberId) -> Result<Vec<Store>, HubError> {
    let sql = "SELECT s.number, s.settings FROM member_stores m JOIN stores s ON s.number = m.store \
               WHERE m.member = $1 ORDER BY s.number";
    let rows = session.query(sql, &[member.uuid().into()], |row| Ok::<_, HubError>((row.int(0)?, row.text(1)?)))?;
    rows.into_iter().map(|(number, settings)| Ok(Store { number, shop: store::shop(&settings)? })).collect()
}

/// From now on `store` has met the member.
pub(super) fn meet(session: &mut Session<'_>, member: MemberId, store: i64) -> Result<(), HubError> {
    let sql = "INSERT INTO member_stores (member, store) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    session.execute(sql, &[member.uuid().into(), store.into()])?;
    Ok(())
}

/// Puts the member's card into the feed of each store that has met them.
pub(super) fn publish(session: &mut Session<'_>, keys: &MasterKeys, member: &Member, now: Timestamp) -> Result<(), HubError> {
    let told = Told::of(session, member.id.uuid())?;
    for store in stores(session, member.id)? {
        let card = card(session, keys, member, &store, &told, now)?;
        feed::publish(session, store.number, &[Change::Member(card)])?;
    }
    Ok(())
}

impl Hub {
    /// Brings the cards of members up with what was taken in since the last time; how many were made anew.
    pub fn show_members(&self, now: Timestamp) -> Result<u64, HubError> {
        let mut shown = 0;
        loop {
            let behind: Vec<Uuid> = self.0.database.read(|session| {
                let sql = "SELECT DISTINCT member FROM member_entries WHERE shown = 0 LIMIT $1";
                session.query::<_, DatabaseError>(sql, &[AT_ONCE.into()], |row| row.uuid(0))
            })?;
            if behind.is_empty() {
                return Ok(shown);
            }
            let keys = self.member_keys()?;
            for member in behind {
                let keys = std::sync::Arc::clone(&keys);
                shown += self.0.database.write(move |session| show(session, &keys, member, now))?;
            }
        }
    }
}

/// Marked first: what is taken in from now on is found again the next time.
fn show(session: &mut Session<'_>, keys: &MasterKeys, member: Uuid, now: Timestamp) -> Result<u64, HubError> {
    let known = Member::locked(session, MemberId::from_uuid(member))?;
    session.execute("UPDATE member_entries SET shown = 1 WHERE member = $1 AND shown = 0", &[member.into()])?;
    let Some(known) = known else { return Ok(0) };
    publish(session, keys, &known, now)?;
    Ok(1)
}
