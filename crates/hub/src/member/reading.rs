//! Finding members, and showing all that is known of one.

use domain::member::SeenFor;
use domain::{MemberCode, MemberId, Permission, PhoneNumber, StoreCode};
use jiff::Timestamp;
use serde::Serialize;
use sync::members::{AccessLine, ConsentLine, FindMembers, FoundMembers, MemberFile, tail_text};

use super::asker::Asker;
use super::cards::{self, Member};
use super::keys::MasterKeys;
use super::ledger::Told;
use super::writing::{home, met};
use crate::database::{DatabaseError, Session};
use crate::error::{Failure, HubError, Refused};
use crate::hub::Hub;
use crate::store::Store;
use crate::terminal::time;

/// Members that a search shows.
const MOST_FOUND: usize = 20;

/// A member as an operator's list shows them: not who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberSummary {
    /// Their id.
    pub id: MemberId,
    /// Where they were taken in.
    pub home: StoreCode,
    /// When.
    pub joined_at: Timestamp,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
}

impl Hub {
    /// Every member, newest first.
    pub fn members(&self) -> Result<Vec<MemberSummary>, HubError> {
        self.0.database.read(|session| {
            let sql = "SELECT m.id, s.code, m.joined_at, m.erased_at FROM members m JOIN stores s ON s.number = m.home \
                       ORDER BY m.joined_at DESC, m.id";
            session.query(sql, &[], |row| {
                let code = StoreCode::parse(&row.text(1)?);
                let code = code.map_err(|error| HubError::Unreadable { what: "store", detail: error.to_string() })?;
                Ok(MemberSummary {
                    id: MemberId::from_uuid(row.uuid(0)?),
                    home: code,
                    joined_at: time(row.int(2)?)?,
                    erased_at: row.optional_int(3)?.map(time).transpose()?,
                })
            })
        })
    }

    /// Members by code, by phone number, by its last four digits, or by a part of their name. The store that asks has met
    /// them from now on.
    pub fn find_members(&self, asker: &Asker, asked: &FindMembers, now: Timestamp) -> Result<FoundMembers, Refused> {
        let keys = self.member_keys()?;
        let (asker, why) = (asker.clone(), asked.why);
        // Looked for before anything is locked: a search by name opens every profile.
        let found = self.0.database.read(|session| {
            asker.may(session, Permission::ServeMembers)?;
            Ok::<_, Failure>(matching(session, &keys, asked.text.trim())?)
        })?;
        if found.is_empty() {
            return Ok(FoundMembers { members: Vec::new() });
        }
        let members = self.0.database.write(move |session| {
            let store = asker.may(session, Permission::ServeMembers)?;
            let mut cards = Vec::new();
            for member in &found {
                asker.saw(session, member.id, why, now)?;
                if let Some(store) = &store {
                    cards.push(met(session, &keys, member, store, now)?);
                }
            }
            Ok::<_, Failure>(cards)
        })?;
        Ok(FoundMembers { members })
    }

    /// All that is known of a member; none when they are not known or were erased. It is written down who asked.
    pub fn member_file(&self, asker: &Asker, id: MemberId, why: SeenFor, now: Timestamp) -> Result<Option<MemberFile>, Refused> {
        let keys = self.member_keys()?;
        let asker = asker.clone();
        let permission = match why {
            SeenFor::Sale | SeenFor::Service => Permission::ServeMembers,
            SeenFor::Export | SeenFor::Erasure => Permission::ManageMembers,
        };
        let file = self.0.database.write(move |session| {
            let store = asker.may(session, permission)?;
            let Some(member) = Member::all(session, "id = $1", &[id.uuid().into()])?.pop() else { return Ok(None) };
            asker.saw(session, id, why, now)?;
            let store = match store {
                Some(store) => store,
                None => home(session, member.home)?,
            };
            Ok::<_, Failure>(Some(file(session, &keys, &member, &store, now)?))
        })?;
        Ok(file)
    }
}

fn matching(session: &mut Session<'_>, keys: &MasterKeys, text: &str) -> Result<Vec<Member>, HubError> {
    if let Ok(code) = MemberCode::parse(text) {
        return Member::all(session, "code = $1", &[code.as_str().into()]);
    }
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let hash = keys.lookup().hash(&tail_text(text));
        return Member::all(session, "tail = $1 ORDER BY joined_at DESC LIMIT 20", &[(&hash).into()]);
    }
    if let Ok(phone) = PhoneNumber::parse(text) {
        let hash = keys.lookup().hash(phone.as_str());
        return Member::all(session, "phone = $1", &[(&hash).into()]);
    }
    let wanted = text.to_lowercase();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // Names lie under each member's own key, so no index knows them: every one is opened and read.
    let mut found = Vec::new();
    for member in Member::all(session, "1 = 1 ORDER BY joined_at DESC", &[])? {
        if member.profile(keys)?.name.to_lowercase().contains(&wanted) {
            found.push(member);
            if found.len() == MOST_FOUND {
                break;
            }
        }
    }
    Ok(found)
}

fn file(
    session: &mut Session<'_>,
    keys: &MasterKeys,
    member: &Member,
    store: &Store,
    now: Timestamp,
) -> Result<MemberFile, HubError> {
    let told = Told::of(session, member.id.uuid())?;
    let points = told.points(now);
    let rules = cards::rules(session, store.number)?;
    let values = [member.id.uuid().into()];
    let sql = "SELECT purpose, given, text, at FROM member_consents WHERE member = $1 ORDER BY at, store, terminal, seq";
    let consents = session.query(sql, &values, |row| {
        Ok::<_, HubError>(ConsentLine {
            purpose: read(&row.text(0)?)?,
            given: row.int(1)? != 0,
            text: row.text(2)?,
            at: time(row.int(3)?)?,
        })
    })?;
    let sql = "SELECT at, staff, why FROM member_access WHERE member = $1 ORDER BY id DESC LIMIT 1000";
    let access = session.query(sql, &values, |row| {
        Ok::<_, HubError>(AccessLine { at: time(row.int(0)?)?, staff: row.text(1)?, why: read(&row.text(2)?)? })
    })?;
    Ok(MemberFile {
        card: cards::card(session, keys, member, store, &told, now)?,
        profile: member.profile(keys)?,
        joined_at: time(member.joined_at)?,
        home: home(session, member.home)?.shop.code,
        consents,
        points: points.balance(),
        expiring: points.next_to_expire(),
        spend: cards::spend(&told, rules.as_ref(), store, now),
        movements: told.lines(&points),
        orders: told.orders(),
        access,
    })
}

/// The value that one word stands for.
fn read<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, HubError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| DatabaseError::Damaged(format!("'{word}' is in no list: {error}")).into())
}
