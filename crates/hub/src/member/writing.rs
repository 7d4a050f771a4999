//! Taking members in, changing what they told, erasing them.

use std::sync::Arc;

use domain::member::{ErasureReason, MemberCard, Profile, SeenFor};
use domain::{Change, MemberCode, MemberId, Permission};
use jiff::Timestamp;
use journal::SealKey;
use sync::members::{KeepMember, KeptMember, StoreKeys, about_key, about_profile};
use sync::wire::ProblemKind;

use super::asker::Asker;
use super::cards::{self, Member};
use super::keys::MasterKeys;
use super::ledger::Told;
use crate::database::{DatabaseError, Session};
use crate::error::{Failure, HubError, Refused};
use crate::feed;
use crate::hub::Hub;
use crate::store::{self, Store};

/// Characters that a name or an address may have.
const LONGEST_LINE: usize = 100;
/// Characters that notes may have.
const LONGEST_NOTES: usize = 1_000;

impl Hub {
    /// The keys that the tills of the asking store need to read its members' cards.
    pub fn store_keys(&self, store: domain::StoreId) -> Result<StoreKeys, Refused> {
        let keys = self.member_keys()?;
        let text = |key: &SealKey| key.to_text().to_string();
        Ok(StoreKeys { members: text(&keys.of_store(store)), lookup: text(keys.lookup()) })
    }

    /// Takes a member in, or changes what they told. A number that belongs to another member changes nothing and answers with
    /// that one.
    pub fn keep_member(&self, asker: &Asker, asked: &KeepMember, now: Timestamp) -> Result<KeptMember, Refused> {
        let profile = checked(&asked.profile)?;
        let keys = self.member_keys()?;
        let code = MemberCode::from_bits(rand::random());
        let (asker, id) = (asker.clone(), asked.member);
        let kept = self.0.database.write(move |session| {
            let Some(store) = asker.may(session, Permission::ServeMembers)? else {
                let detail = "members are taken in at a till, where they can be asked for their consent";
                return Err(Failure::Refused(Refused::new(ProblemKind::Forbidden, detail)));
            };
            keep(session, &keys, &asker, &store, id, &code, &profile, now)
        })?;
        Ok(kept)
    }

    /// Erases a member: their key, their profile and the hashes of their number are gone, and the tills of every store that
    /// has met them are told. False when there was nobody to erase.
    pub fn erase_member(&self, asker: &Asker, id: MemberId, reason: ErasureReason, now: Timestamp) -> Result<bool, Refused> {
        let asker = asker.clone();
        let erased = self.0.database.write(move |session| {
            asker.may(session, Permission::ManageMembers)?;
            if Member::locked(session, id)?.is_none() {
                return Ok::<_, Failure>(false);
            }
            session.execute(
                "UPDATE members SET sealed_key = NULL, profile = NULL, phone = NULL, tail = NULL, code = NULL, erased_at = $2 \
                 WHERE id = $1",
                &[id.uuid().into(), now.as_millisecond().into()],
            )?;
            session.execute("DELETE FROM member_holds WHERE member = $1", &[id.uuid().into()])?;
            asker.saw(session, id, SeenFor::Erasure, now)?;
            for store in cards::stores(session, id)? {
                feed::publish(session, store.number, &[Change::MemberGone { member: id }])?;
            }
            Ok(true)
        })?;
        if erased {
            tracing::info!(member = %id, ?reason, "a member was erased");
        }
        Ok(erased)
    }
}

#[allow(clippy::too_many_arguments, reason = "all of it is one member's row")]
fn keep(
    session: &mut Session<'_>,
    keys: &Arc<MasterKeys>,
    asker: &Asker,
    store: &Store,
    id: MemberId,
    code: &MemberCode,
    profile: &Profile,
    now: Timestamp,
) -> Result<KeptMember, Failure> {
    let (phone, tail) = keys.hashes(profile.phone.as_ref());
    if let Some(other) = owner(session, phone.as_deref())?.filter(|other| other.id != id) {
        asker.saw(session, other.id, SeenFor::Service, now)?;
        let card = met(session, keys, &other, store, now)?;
        return Ok(KeptMember { card: Some(card), number_taken: true, new: false });
    }
    let known = Member::locked(session, id)?;
    let new = known.is_none();
    let key = match &known {
        Some(member) => member.key(keys)?,
        None => SealKey::generate().map_err(HubError::from)?,
    };
    let json = serde_json::to_vec(profile).map_err(|error| DatabaseError::Failed(error.to_string()))?;
    let sealed = key.seal(&about_profile(id), &json).map_err(HubError::from)?;
    let (phone, tail) = (phone.as_deref(), tail.as_deref());
    let changed = if new {
        let wrapped = keys.master.wrap(&about_key(id), &key).map_err(HubError::from)?;
        session.execute(
            "INSERT INTO members (id, home, code, sealed_key, profile, phone, tail, joined_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            &[
                id.uuid().into(),
                store.number.into(),
                code.as_str().into(),
                (&wrapped).into(),
                (&sealed).into(),
                phone.into(),
                tail.into(),
                now.as_millisecond().into(),
            ],
        )?
    } else {
        let sql = "UPDATE members SET profile = $2, phone = $3, tail = $4 WHERE id = $1";
        session.execute(sql, &[id.uuid().into(), (&sealed).into(), phone.into(), tail.into()])?
    };
    if changed == 0 {
        // Another till was faster with this number, or this member was erased.
        let other = owner(session, phone)?;
        let card = other.map(|other| met(session, keys, &other, store, now)).transpose()?;
        return Ok(KeptMember { number_taken: card.is_some(), card, new: false });
    }
    asker.saw(session, id, SeenFor::Service, now)?;
    let missing = || HubError::Unreadable { what: "member", detail: "it is not there".to_owned() };
    let member = Member::locked(session, id)?.ok_or_else(missing)?;
    cards::meet(session, id, store.number)?;
    cards::publish(session, keys, &member, now)?;
    let told = Told::of(session, id.uuid())?;
    let card = cards::card(session, keys, &member, store, &told, now)?;
    Ok(KeptMember { card: Some(card), number_taken: false, new })
}

/// The member whom a number belongs to.
fn owner(session: &mut Session<'_>, phone: Option<&str>) -> Result<Option<Member>, HubError> {
    let Some(phone) = phone else { return Ok(None) };
    Ok(Member::all(session, "phone = $1", &[phone.into()])?.pop())
}

/// The member's card at `store`, which has met them from now on.
pub(super) fn met(
    session: &mut Session<'_>,
    keys: &MasterKeys,
    member: &Member,
    store: &Store,
    now: Timestamp,
) -> Result<MemberCard, HubError> {
    let told = Told::of(session, member.id.uuid())?;
    let card = cards::card(session, keys, member, store, &told, now)?;
    let known = cards::stores(session, member.id)?.iter().any(|known| known.number == store.number);
    if !known {
        cards::meet(session, member.id, store.number)?;
        feed::publish(session, store.number, &[Change::Member(card.clone())])?;
    }
    Ok(card)
}

/// What was told, without blanks at the ends; refused where it is too long or names nobody.
fn checked(profile: &Profile) -> Result<Profile, Refused> {
    let line = |text: &str, most: usize| {
        let text: String = text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let fits = text.chars().count() <= most;
        let too_long = || Refused::new(ProblemKind::Malformed, format!("a text has more than {most} characters"));
        if fits { Ok(text) } else { Err(too_long()) }
    };
    let checked = Profile {
        name: line(&profile.name, LONGEST_LINE)?,
        phone: profile.phone.clone(),
        birthday: profile.birthday,
        email: line(&profile.email, LONGEST_LINE)?,
        notes: line(&profile.notes, LONGEST_NOTES)?,
    };
    if checked.name.is_empty() && checked.phone.is_none() {
        return Err(Refused::new(ProblemKind::Malformed, "a member needs a name or a phone number"));
    }
    Ok(checked)
}

/// The store whose code shows where a member was taken in.
pub(super) fn home(session: &mut Session<'_>, number: i64) -> Result<Store, HubError> {
    let sql = "SELECT settings FROM stores WHERE number = $1";
    let settings = session.query_one(sql, &[number.into()], |row| row.text(0))?;
    let missing = || HubError::Unreadable { what: "store", detail: format!("{number} is not there") };
    Ok(Store { number, shop: store::shop(&settings.ok_or_else(missing)?)? })
}
