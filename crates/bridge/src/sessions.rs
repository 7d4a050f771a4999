//! The browsers at the bridge, each with a session of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::token::{is_random_text, random_text};

const COOKIE_NAME: &str = "tillbridge";
const COOKIE_SECONDS: u64 = 30 * 24 * 60 * 60;

/// The secret of one browser's session. A browser that brings one from before a restart goes on with it, and so finds the
/// order that it had open.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Session(String);

impl Session {
    fn begin() -> Self {
        Self(random_text())
    }

    /// The session that the request's cookie names, if it has the form of one.
    pub(crate) fn offered(headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut values = cookies.filter_map(|cookie| cookie.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='));
        values.find(|value| is_random_text(value)).map(|value| Self(value.to_owned()))
    }

    /// The name by which the terminal knows the session. It is kept with open orders, so it does not give the secret away.
    pub(crate) fn name(&self) -> String {
        format!("browser-{}", hex::encode(&Sha256::digest(&self.0)[..16]))
    }

    /// The cookie that carries the session.
    pub(crate) fn cookie(&self) -> HeaderValue {
        let text = format!("{COOKIE_NAME}={}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Strict", self.0);
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// A session that was let in.
pub(crate) struct Entered {
    /// Which.
    pub(crate) session: Session,
    /// True when the browser has yet to be given its cookie.
    pub(crate) is_new: bool,
    /// A session that had to make room and is to be signed out.
    pub(crate) displaced: Option<Session>,
}

/// Why a browser was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotEntered {
    /// It is not known here and did not bring the access token.
    NeedsToken,
    /// As many browsers as may be are at work.
    Full,
}

struct Seen {
    last: Instant,
    listening: usize,
}

/// The sessions that are let in; a bounded number.
pub(crate) struct Sessions {
    seen: Mutex<HashMap<Session, Seen>>,
}

impl Sessions {
    /// The most browsers at a time.
    pub(crate) const MAX: usize = 64;
    /// How long a session must have been quiet before it makes room for another one.
    const QUIET: Duration = Duration::from_mins(10);

    pub(crate) fn new() -> Self {
        Self { seen: Mutex::new(HashMap::new()) }
    }

    /// Lets in the browser that brings `offered`; one that is not known only if it `may_begin`.
    pub(crate) fn enter(&self, offered: Option<Session>, may_begin: bool, now: Instant) -> Result<Entered, NotEntered> {
        let mut seen = self.lock();
        if let Some(session) = &offered
            && let Some(known) = seen.get_mut(session)
        {
            known.last = now;
            return Ok(Entered { session: session.clone(), is_new: false, displaced: None });
        }
        if !may_begin {
            return Err(NotEntered::NeedsToken);
        }
        let displaced = if seen.len() < Self::MAX { None } else { Some(longest_quiet(&seen, now).ok_or(NotEntered::Full)?) };
        if let Some(quiet) = &displaced {
            seen.remove(quiet);
        }
        let is_new = offered.is_none();
        let session = offered.unwrap_or_else(Session::begin);
        seen.insert(session.clone(), Seen { last: now, listening: 0 });
        Ok(Entered { session, is_new, displaced })
    }

    /// Notes that the session's browser listens to events, until the guard is dropped; it is not quiet meanwhile.
    pub(crate) fn listen(self: &Arc<Self>, session: Session) -> Listening {
        if let Some(seen) = self.lock().get_mut(&session) {
            seen.listening += 1;
        }
        Listening { sessions: Arc::clone(self), session }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Session, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn longest_quiet(seen: &HashMap<Session, Seen>, now: Instant) -> Option<Session> {
    let quiet = |seen: &Seen| seen.listening == 0 && now.saturating_duration_since(seen.last) >= Sessions::QUIET;
    let (session, _) = seen.iter().filter(|(_, seen)| quiet(seen)).min_by_key(|(_, seen)| seen.last)?;
    Some(session.clone())
}

/// A browser that listens to events.
pub(crate) struct Listening {
    sessions: Arc<Sessions>,
    session: Session,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(seen) = self.sessions.lock().get_mut(&self.session) {
            seen.listening = seen.listening.saturating_sub(1);
            seen.last = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(now: Instant) -> (Arc<Sessions>, Vec<Session>) {
        let sessions = Arc::new(Sessions::new());
        let entered = (0..Sessions::MAX).map(|_| sessions.enter(None, true, now).ok().unwrap().session).collect();
        (sessions, entered)
    }

    #[test]
    fn a_browser_keeps_its_session_over_a_restart() {
        let now = Instant::now();
        let session = Sessions::new().enter(None, true, now).ok().unwrap().session;
        let again = Sessions::new().enter(Some(session.clone()), true, now).ok().unwrap();
        assert!(again.session == session && !again.is_new);
    }

    #[test]
    fn an_unknown_browser_needs_the_token_where_there_is_one() {
        let sessions = Sessions::new();
        let now = Instant::now();
        assert_eq!(sessions.enter(Some(Session::begin()), false, now).err(), Some(NotEntered::NeedsToken));
        let session = sessions.enter(None, true, now).ok().unwrap().session;
        assert!(sessions.enter(Some(session), false, now).is_ok());
    }

    #[test]
    fn the_browser_that_was_quiet_longest_makes_room_and_one_at_work_never_does() {
        let start = Instant::now();
        let (sessions, entered) = full(start);
        assert_eq!(sessions.enter(None, true, start).err(), Some(NotEntered::Full));
        let later = start + Sessions::QUIET;
        let listening = sessions.listen(entered[0].clone());
        for session in &entered[2..] {
            sessions.enter(Some(session.clone()), true, later).ok().unwrap();
        }
        let displaced = sessions.enter(None, true, later).ok().unwrap().displaced;
        assert!(displaced.as_ref() == Some(&entered[1]));
        assert_eq!(sessions.enter(None, true, later).err(), Some(NotEntered::Full));
        drop(listening);
    }

    #[test]
    fn the_cookie_is_read_among_others_and_its_secret_is_not_the_name() {
        let session = Session::begin();
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, format!("a=b; tillbridge={}", session.0).parse().unwrap());
        assert!(Session::offered(&headers) == Some(session.clone()));
        assert!(!session.name().contains(&session.0));
        headers.insert(COOKIE, "tillbridge=guess; tillbridger=x".parse().unwrap());
        assert!(Session::offered(&headers).is_none());
    }
}
