//! Points set aside while an order is rung up, so that two tills cannot spend the same ones.

use domain::{MemberId, Permission, PointsHoldId};
use jiff::{SignedDuration, Timestamp};
use sync::members::{HoldPoints, PointsHeld};

use super::asker::Asker;
use super::cards::{self, Member};
use super::ledger::Told;
use crate::database::Session;
use crate::error::{Failure, HubError, Refused};
use crate::hub::Hub;

/// How long points stay set aside: longer than any order is rung up, held and paid, also with the network gone in between.
const HELD_FOR: SignedDuration = SignedDuration::from_hours(24);

impl Hub {
    /// Sets points aside for an order, under the lock of the member's row; asked again, it sets as many aside as are asked for
    /// now. What cannot be spent is not held, and what was held under this name before is let go.
    pub fn hold_points(&self, asker: &Asker, asked: &HoldPoints, now: Timestamp) -> Result<PointsHeld, Refused> {
        let (asker, asked) = (asker.clone(), asked.clone());
        let held = self.0.database.write(move |session| {
            let Some(store) = asker.may(session, Permission::ServeMembers)? else {
                return Ok::<_, Failure>(PointsHeld { held: false, available: 0 });
            };
            if Member::locked(session, asked.member)?.is_none() {
                return Ok(PointsHeld { held: false, available: 0 });
            }
            let available = available(session, asked.member, asked.hold, now)?;
            session.execute("DELETE FROM member_holds WHERE id = $1", &[asked.hold.uuid().into()])?;
            let rules = cards::rules(session, store.number)?;
            let may = rules.is_some_and(|rules| rules.may_spend(asked.points, available).is_ok());
            let points = i64::try_from(asked.points).ok().filter(|_| may);
            if let Some(points) = points {
                let terminal = match &asker {
                    Asker::Staff { terminal, .. } => {
                        let sql = "SELECT number FROM terminals WHERE id = $1";
                        session.query_one(sql, &[(*terminal).into()], |row| row.int(0))?.unwrap_or(0)
                    }
                    Asker::Operator => 0,
                };
                session.execute(
                    "INSERT INTO member_holds (id, member, store, terminal, points, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
                    &[
                        asked.hold.uuid().into(),
                        asked.member.uuid().into(),
                        store.number.into(),
                        terminal.into(),
                        points.into(),
                        (now + HELD_FOR).as_millisecond().into(),
                    ],
                )?;
            }
            Ok(PointsHeld { held: points.is_some(), available })
        })?;
        Ok(held)
    }

    /// Lets go what was set aside; nothing where it is gone already.
    pub fn release_points(&self, hold: PointsHoldId) -> Result<(), Refused> {
        self.0.database.write(move |session| {
            session.execute("DELETE FROM member_holds WHERE id = $1", &[hold.uuid().into()])?;
            Ok::<_, HubError>(())
        })?;
        Ok(())
    }
}

/// What there is to spend for `hold`: the balance without what other orders hold.
fn available(session: &mut Session<'_>, member: MemberId, hold: PointsHoldId, now: Timestamp) -> Result<i64, HubError> {
    let id = member.uuid();
    let sql = "DELETE FROM member_holds WHERE member = $1 AND expires_at <= $2";
    session.execute(sql, &[id.into(), now.as_millisecond().into()])?;
    let sql = "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM member_holds WHERE member = $1 AND id <> $2";
    let others = session.query_one(sql, &[id.into(), hold.uuid().into()], |row| row.int(0))?.unwrap_or(0);
    Ok(Told::of(session, id)?.points(now).balance().saturating_sub(others))
}
