//! Who asks about members, checked again here: a till's word that somebody is signed in is not enough.

use domain::member::SeenFor;
use domain::{Change, MemberId, Permission, Staff, StaffId, StoreId, TerminalId};
use jiff::Timestamp;
use sync::wire::ProblemKind;

use crate::database::{Session, Value};
use crate::error::{Failure, HubError, Refused};
use crate::ingest::members::word;
use crate::store::{self, Store};

/// Who asks.
#[derive(Debug, Clone)]
pub enum Asker {
    /// A member of the staff at a terminal of this store.
    Staff {
        /// The store.
        store: StoreId,
        /// The terminal.
        terminal: TerminalId,
        /// Who.
        staff: StaffId,
    },
    /// Whoever runs the hub, at its own command line.
    Operator,
}

impl Asker {
    /// The store that asks, if the person may do what needs `permission` there.
    pub(super) fn may(&self, session: &mut Session<'_>, permission: Permission) -> Result<Option<Store>, Failure> {
        let Self::Staff { store, staff, .. } = self else { return Ok(None) };
        let store = store::by_id(session, *store)?;
        let known = member_of_staff(session, store.number, staff)?.filter(|staff| staff.active);
        let forbidden = |detail: String| Failure::Refused(Refused::new(ProblemKind::Forbidden, detail));
        let Some(known) = known else {
            return Err(forbidden(format!("the hub knows nobody called {staff} who works in this store")));
        };
        known.role.allow(permission).map_err(|refused| forbidden(refused.to_string()))?;
        Ok(Some(store))
    }

    /// Writes down that the member's personal data was shown.
    pub(super) fn saw(&self, session: &mut Session<'_>, member: MemberId, why: SeenFor, now: Timestamp) -> Result<(), HubError> {
        let (staff, place) = match self {
            Self::Operator => ("operator".to_owned(), None),
            Self::Staff { terminal, staff, .. } => {
                let sql = "SELECT store, number FROM terminals WHERE id = $1";
                let place = session.query_one::<_, HubError>(sql, &[(*terminal).into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
                (staff.to_string(), place)
            }
        };
        let (store, terminal) = place.unzip();
        let why = word(why);
        let values: [Value<'_>; 6] =
            [member.uuid().into(), now.as_millisecond().into(), (&staff).into(), store.into(), terminal.into(), (&why).into()];
        let sql = "INSERT INTO member_access (member, at, staff, store, terminal, why) VALUES ($1, $2, $3, $4, $5, $6)";
        session.execute(sql, &values)?;
        Ok(())
    }
}

/// Somebody who works in store `number`, as its feed says.
fn member_of_staff(session: &mut Session<'_>, number: i64, staff: &StaffId) -> Result<Option<Staff>, HubError> {
    let key = format!("staff:{staff}");
    let sql = "SELECT change FROM feed WHERE store = $1 AND key = $2";
    let change = session.query_one(sql, &[number.into(), (&key).into()], |row| row.text(0))?;
    match change.map(|change| serde_json::from_str(&change)).transpose() {
        Ok(Some(Change::Staff(staff))) => Ok(Some(staff)),
        Ok(_) => Ok(None),
        Err(error) => Err(HubError::Unreadable { what: "change", detail: error.to_string() }),
    }
}
