//! Locking by itself: a session in which nobody did anything for as long as the terminal's settings say is signed out; its order
//! stays as a draft. And, where the shop asks for it, a PIN before each sale.

use domain::Permission;
use jiff::SignedDuration;

use crate::api::{Problem, ProblemCode};
use crate::sessions::Session;
use crate::terminal::Terminal;

impl Terminal {
    /// Signs `session` out when it was quiet for too long.
    pub(crate) fn lock_when_idle(&self, session: &str) {
        let minutes = self.settings().auto_lock_minutes;
        if minutes == 0 {
            return;
        }
        let longest = SignedDuration::from_mins(i64::from(minutes));
        let now = self.clock.now();
        let idle = self.sessions.look(session, |session| now.duration_since(session.last_at) > longest);
        if idle == Some(true) {
            self.sign_out_of(session);
        }
    }

    /// Somebody is at the screen although no command says so: typing, reading, looking for a product.
    pub(crate) fn note_presence(&self, session: &str) -> Result<(), Problem> {
        self.in_session(session, Permission::Sell, |_| Ok(()))
    }

    /// Ok when a new sale may begin here: where a PIN is asked for before each, none may after the last was finished.
    pub(crate) fn pin_before_sale(&self, session: &Session) -> Result<(), Problem> {
        if session.sold && self.settings().pin_each_sale {
            return Err(Problem::new(ProblemCode::PinNeeded, "a PIN is asked for before each sale: sign in"));
        }
        Ok(())
    }
}
