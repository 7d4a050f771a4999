//! Orders put aside at one till and taken up at another of the same store. They are no part of any journal: nothing was sold.

use domain::{Currency, Money, StaffId, TerminalId};
use jiff::{SignedDuration, Timestamp};
use sync::counter::{HeldElsewhere, HeldPut, HeldTaken};

use crate::database::Row;
use crate::error::{HubError, Refused};
use crate::hub::Hub;
use crate::terminal::time;

/// What was put aside longer ago is forgotten: it may name a person.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(48);
/// Orders that a list shows.
const SHOWN: i64 = 200;

impl Hub {
    /// Keeps an order that `terminal` has put aside; asked again, it is kept once. False when it was taken up meanwhile.
    pub fn put_held(&self, terminal: TerminalId, held: &HeldPut, now: Timestamp) -> Result<bool, Refused> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        let held = held.clone();
        let kept = self.0.database.write(move |session| {
            let oldest = (now - KEPT_FOR).as_millisecond();
            session.execute("DELETE FROM held_orders WHERE store = $1 AND at < $2", &[known.store.into(), oldest.into()])?;
            session.execute(
                "INSERT INTO held_orders (store, id, terminal, label, at, staff, currency, total, lines, body) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (store, id) DO NOTHING",
                &[
                    known.store.into(),
                    held.id.as_str().into(),
                    known.number.into(),
                    held.label.as_str().into(),
                    held.at.as_millisecond().into(),
                    held.staff.as_str().into(),
                    held.total.currency().code().into(),
                    held.total.minor().into(),
                    held.lines.into(),
                    held.body.as_str().into(),
                ],
            )?;
            let sql = "SELECT taken_at FROM held_orders WHERE store = $1 AND id = $2";
            let taken = session.query_one(sql, &[known.store.into(), held.id.as_str().into()], |row| row.optional_int(0))?;
            Ok::<_, HubError>(taken.flatten().is_none())
        })?;
        Ok(kept)
    }

    /// The orders put aside in the store of `terminal`, newest first.
    pub fn held(&self, terminal: TerminalId, now: Timestamp) -> Result<Vec<HeldElsewhere>, Refused> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        let held = self.0.database.read(|session| {
            session.query(
                "SELECT h.id, h.label, h.at, h.staff, t.id, t.name, h.currency, h.total, h.lines FROM held_orders h \
                 JOIN terminals t ON t.store = h.store AND t.number = h.terminal \
                 WHERE h.store = $1 AND h.taken_at IS NULL AND h.at >= $2 ORDER BY h.at DESC, h.id LIMIT $3",
                &[known.store.into(), (now - KEPT_FOR).as_millisecond().into(), SHOWN.into()],
                read,
            )
        })?;
        Ok(held)
    }

    /// Takes an order up for `terminal`: one till gets it, and its contents are gone here.
    pub fn take_held(&self, terminal: TerminalId, id: &str, now: Timestamp) -> Result<HeldTaken, Refused> {
        let known = self.known_terminal(terminal)?.ok_or(HubError::UnknownTerminal(terminal))?;
        let id = id.to_owned();
        let taken = self.0.database.write(move |session| {
            let place = [known.store.into(), id.as_str().into()];
            let sql = "SELECT body, taken_at FROM held_orders WHERE store = $1 AND id = $2";
            let found = session.lock_one(sql, &place, |row| Ok::<_, HubError>((row.text(0)?, row.optional_int(1)?)))?;
            match found {
                None => Ok::<_, HubError>(HeldTaken { body: None, taken: false }),
                Some((_, Some(_))) => Ok(HeldTaken { body: None, taken: true }),
                Some((body, None)) => {
                    let sql = "UPDATE held_orders SET taken_at = $3, body = '', label = '' WHERE store = $1 AND id = $2";
                    session.execute(sql, &[known.store.into(), id.as_str().into(), now.as_millisecond().into()])?;
                    Ok(HeldTaken { body: Some(body), taken: false })
                }
            }
        })?;
        Ok(taken)
    }
}

fn read(row: &Row<'_>) -> Result<HeldElsewhere, HubError> {
    let unreadable = |detail: String| HubError::Unreadable { what: "held order", detail };
    let currency = Currency::parse(&row.text(6)?)?;
    Ok(HeldElsewhere {
        id: row.text(0)?,
        label: row.text(1)?,
        at: time(row.int(2)?)?,
        staff: StaffId::parse(&row.text(3)?).map_err(|error| unreadable(error.to_string()))?,
        terminal: TerminalId::from_uuid(row.uuid(4)?),
        terminal_name: row.text(5)?,
        total: Money::from_minor(row.int(7)?, currency),
        lines: u32::try_from(row.int(8)?).map_err(|error| unreadable(error.to_string()))?,
    })
}
