//! Where entries speak of members: which to read for their points, what they agreed to, who looked at them. What the points
//! are is worked out from the entries themselves when somebody asks (see [`crate::member`]).

use domain::Event;

use super::checking::CheckedEntry;
use super::projection::Projection;
use super::rows::OrderRow;
use crate::database::{DatabaseError, Session, Value};
use crate::feed;
use crate::terminal::KnownTerminal;

/// Writes down where `entries` and their booked `orders` speak of members. Most pushes do not.
pub(super) fn write(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    orders: &[OrderRow<'_>],
    entries: &[CheckedEntry],
) -> Result<(), DatabaseError> {
    for row in orders {
        let (order, refund_of) = (&row.projected.order, row.projected.refund_of);
        if let Some(sale) = refund_of {
            let sql = "INSERT INTO member_entries (store, terminal, seq, member) \
                       SELECT $1, $2, $3, member FROM member_entries WHERE order_id = $4 ON CONFLICT DO NOTHING";
            session.execute(sql, &[known.store.into(), known.number.into(), row.seq.into(), sale.into()])?;
        } else if let Some(member) = order.member.filter(|_| row.projected.kind == "sale") {
            speaks_of(session, known, row.seq, member.uuid().into(), order.id.into())?;
            if let Some(hold) = order.points.and_then(|points| points.hold) {
                session.execute("DELETE FROM member_holds WHERE id = $1", &[hold.uuid().into()])?;
            }
        }
    }
    for entry in entries {
        let Projection::Member(event) = &entry.projection else { continue };
        let seq = feed::signed(entry.signed.seq)?;
        let at = entry.signed.at.as_millisecond();
        match &**event {
            Event::PointsAdjusted(adjusted) => speaks_of(session, known, seq, adjusted.member.uuid().into(), Value::Null)?,
            Event::ConsentRecorded(consent) => {
                let sql = "INSERT INTO member_consents (store, terminal, seq, member, purpose, given, text, at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
                let purpose = word(consent.purpose);
                let values = [
                    known.store.into(),
                    known.number.into(),
                    seq.into(),
                    consent.member.uuid().into(),
                    (&purpose).into(),
                    i64::from(consent.given).into(),
                    (&consent.text).into(),
                    at.into(),
                ];
                session.execute(sql, &values)?;
            }
            Event::MemberSeen(seen) => {
                let why = word(seen.why);
                let staff = entry.signed.staff.as_ref().map(ToString::to_string).unwrap_or_default();
                for member in &seen.members {
                    let sql = "INSERT INTO member_access (member, at, staff, store, terminal, seq, why) \
                               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
                    let values = [
                        member.uuid().into(),
                        at.into(),
                        (&staff).into(),
                        known.store.into(),
                        known.number.into(),
                        seq.into(),
                        (&why).into(),
                    ];
                    session.execute(sql, &values)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn speaks_of(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    seq: i64,
    member: Value<'_>,
    order: Value<'_>,
) -> Result<(), DatabaseError> {
    let sql = "INSERT INTO member_entries (store, terminal, seq, member, order_id) VALUES ($1, $2, $3, $4, $5)";
    session.execute(sql, &[known.store.into(), known.number.into(), seq.into(), member, order])?;
    Ok(())
}

/// The one word that `value` is written as.
pub(crate) fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
