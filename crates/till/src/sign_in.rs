//! Signing in by PIN. Tries are counted in the store before a PIN is looked at, so neither a restart nor several screens
//! give more of them.

use std::sync::PoisonError;

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use domain::event::SignedIn;
use domain::{Event, Staff, StaffId};
use jiff::{SignedDuration, Timestamp};
use store::PinAttempts;

use crate::api::{Problem, ProblemCode, SessionView};
use crate::authority::Authority;
use crate::present;
use crate::sessions::{OpenOrder, Session};
use crate::terminal::Terminal;

/// Wrong PINs before the first wait.
pub(crate) const TRIES: u32 = 5;
/// The first wait; each further wrong PIN doubles it.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// No wait is longer.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

impl Terminal {
    /// Signs in at a session. An order that was left open in it comes back.
    pub(crate) fn sign_in_by_pin(&self, session: &str, staff: &str, pin: &str) -> Result<SessionView, Problem> {
        let _one_at_a_time = self.sign_in.lock().unwrap_or_else(PoisonError::into_inner);
        let known = StaffId::parse(staff).ok().and_then(|id| self.staff_member(&id)).filter(|staff| staff.active);
        let Some(staff) = known else {
            return Err(wrong_pin(TRIES));
        };
        self.try_pin(&staff, pin)?;
        self.record(Event::SignedIn(SignedIn { staff: staff.id.clone() }), Some(&staff.id), self.clock.now())?;
        let taken_over = self.sessions.look(session, |session| {
            session.staff = staff.clone();
            session.authority = Authority::default();
            session.last_at = self.clock.now();
            session.sold = false;
            self.session_view(session)
        });
        if let Some(view) = taken_over {
            return view;
        }
        let draft = self.store.draft(session)?.and_then(|draft| self.order_of_draft(&draft));
        let order = draft.unwrap_or_else(|| OpenOrder::new(&self.shop()));
        let session = Session::new(session, staff, order, Authority::default(), self.clock.now());
        let view = self.session_view(&session)?;
        let name = session.name.clone();
        self.sessions.begin(session);
        self.displays.touched(&name);
        Ok(view)
    }

    /// Signs out; the order stays as a draft for whoever signs in next.
    pub(crate) fn sign_out_of(&self, session: &str) {
        self.sessions.look(session, |session| self.keep_draft(session));
        self.sessions.end(session);
        self.displays.touched(session);
    }

    /// Ok when `pin` is the staff's and no wait is on.
    pub(crate) fn try_pin(&self, staff: &Staff, pin: &str) -> Result<(), Problem> {
        let now = self.clock.now();
        // Practice gives no more tries than there are.
        let real = self.practised.as_ref().and_then(|practised| practised.real().ok());
        let store = real.as_ref().map_or(&self.store, |real| &real.store);
        let before = store.pin_attempts(&staff.id)?;
        let wait = before.map_or(SignedDuration::ZERO, |attempts| wait_left(attempts, now));
        if wait.is_positive() {
            return Err(locked(wait));
        }
        let failed = before.map_or(0, |attempts| attempts.failed).saturating_add(1);
        store.set_pin_attempts(&staff.id, Some(PinAttempts { failed, last_at: now }))?;
        if !matches(staff, pin) {
            let left = TRIES.saturating_sub(failed);
            return Err(if left == 0 { locked(wait_after(failed)) } else { wrong_pin(left) });
        }
        store.set_pin_attempts(&staff.id, None)?;
        Ok(())
    }

    /// A member of the staff, also one who may no longer sign in.
    pub(crate) fn staff_member(&self, id: &StaffId) -> Option<Staff> {
        self.store.staff().iter().find(|staff| staff.id == *id).cloned()
    }

    /// A signed-in session with its order.
    pub(crate) fn session_view(&self, session: &Session) -> Result<SessionView, Problem> {
        Ok(SessionView {
            staff: present::staff(&session.staff),
            permissions: present::permissions(session.staff.role),
            cart: self.cart_view(&session.order)?,
            tendering: self.tendering_view(&session.order)?,
        })
    }
}

fn matches(staff: &Staff, pin: &str) -> bool {
    let hash = PasswordHash::new(&staff.pin_hash)
        .inspect_err(|error| tracing::error!(staff = %staff.id, %error, "the PIN's hash cannot be read"));
    hash.is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

/// How long to wait after the `failed`th wrong PIN in a row.
fn wait_after(failed: u32) -> SignedDuration {
    let Some(doublings) = failed.checked_sub(TRIES) else { return SignedDuration::ZERO };
    let factor = 2_i32.saturating_pow(doublings.min(30));
    FIRST_WAIT.checked_mul(factor).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// What is left of the wait. A clock that was set back does not make it longer than it was.
fn wait_left(attempts: PinAttempts, now: Timestamp) -> SignedDuration {
    let wait = wait_after(attempts.failed);
    let passed = now.duration_since(attempts.last_at);
    if passed.is_negative() { wait } else { wait - passed }
}

fn locked(wait: SignedDuration) -> Problem {
    let seconds = wait.as_millis().unsigned_abs().div_ceil(1_000);
    Problem::new(ProblemCode::PinLocked, format!("too many wrong PINs: wait {seconds} s")).with("seconds", seconds)
}

pub(crate) fn wrong_pin(left: u32) -> Problem {
    Problem::new(ProblemCode::WrongPin, format!("wrong PIN, {left} tries left")).with("tries", left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_after_five_wrong_pins_and_grows_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> = [0, 4, 5, 6, 7, 9, 10, 40, u32::MAX].map(|failed| wait_after(failed).as_secs()).to_vec();
        assert_eq!(seconds, [0, 0, 30, 60, 120, 480, 900, 900, 900]);
    }

    #[test]
    fn a_clock_set_back_never_waits_longer_than_the_wait() {
        let at: Timestamp = "2026-11-24T10:00:00Z".parse().expect("a time");
        let attempts = PinAttempts { failed: 5, last_at: at };
        assert_eq!(wait_left(attempts, at - SignedDuration::from_hours(48)).as_secs(), 30);
        assert_eq!(wait_left(attempts, at + SignedDuration::from_secs(20)).as_secs(), 10);
        assert!(!wait_left(attempts, at + SignedDuration::from_secs(30)).is_positive());
    }
}
