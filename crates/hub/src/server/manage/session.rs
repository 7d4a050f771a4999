//! Who is signed in at the managers' pages. Sessions live in memory: a hub that begins anew asks everybody again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use domain::{StaffId, StoreCode};
use sha2::{Digest, Sha256};

/// Name of the session's cookie.
pub(super) const SESSION: &str = "tillbridge_manager";
/// A session ends after so long without a request.
const IDLE: Duration = Duration::from_mins(30);
/// And after so long in any case.
const LONGEST: Duration = Duration::from_hours(12);
/// Sessions kept at once.
const MOST: usize = 1_000;
/// Wrong PINs that an account has within [`WINDOW`]; a PIN is short.
const TRIES: usize = 5;
/// How long a wrong PIN counts.
const WINDOW: Duration = Duration::from_mins(5);

/// A signed-in manager.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) store: StoreCode,
    pub(super) staff: StaffId,
    /// What a form must carry to be this session's own.
    pub(super) form: String,
    since: Instant,
    seen: Instant,
}

/// The open sessions, by the hash of their token, and wrong tries by account.
#[derive(Default)]
pub(in crate::server) struct Sessions {
    open: Mutex<HashMap<[u8; 32], Session>>,
    wrong: Mutex<HashMap<(String, String), Vec<Instant>>>,
}

impl Sessions {
    /// Ok when the account may try a PIN now; otherwise in how many seconds.
    pub(super) fn may_try(&self, store: &str, staff: &str, now: Instant) -> Result<(), u64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tries) = wrong.get(&account(store, staff)) else { return Ok(()) };
        let counted: Vec<&Instant> = tries.iter().filter(|at| now.duration_since(**at) < WINDOW).collect();
        match counted.len().checked_sub(TRIES).and_then(|index| counted.get(index)) {
            Some(oldest) => Err(WINDOW.saturating_sub(now.duration_since(**oldest)).as_secs() + 1),
            None => Ok(()),
        }
    }

    /// A PIN was wrong.
    pub(super) fn wrong(&self, store: &str, staff: &str, now: Instant) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= MOST {
            wrong.retain(|_, tries| tries.last().is_some_and(|at| now.duration_since(*at) < WINDOW));
        }
        let tries = wrong.entry(account(store, staff)).or_default();
        tries.retain(|at| now.duration_since(*at) < WINDOW);
        tries.push(now);
    }

    /// Opens a session; its token, for the cookie alone.
    pub(super) fn open(&self, store: StoreCode, staff: StaffId, now: Instant) -> String {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&account(store.as_str(), staff.as_str()));
        let (token, form) = (secret(), secret());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.lives(now));
        if open.len() >= MOST {
            open.clear();
        }
        open.insert(hash(&token), Session { store, staff, form, since: now, seen: now });
        token
    }

    /// The session that a request belongs to.
    pub(super) fn find(&self, headers: &HeaderMap, now: Instant) -> Option<Session> {
        let token = cookie(headers, SESSION)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.get_mut(&hash(&token)).filter(|session| session.lives(now))?;
        session.seen = now;
        Some(session.clone())
    }

    /// Ends the session that a request belongs to.
    pub(super) fn close(&self, headers: &HeaderMap) {
        if let Some(token) = cookie(headers, SESSION) {
            self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash(&token));
        }
    }
}

impl Session {
    fn lives(&self, now: Instant) -> bool {
        now.duration_since(self.seen) < IDLE && now.duration_since(self.since) < LONGEST
    }
}

fn account(store: &str, staff: &str) -> (String, String) {
    let short = |text: &str| text.trim().chars().take(64).collect();
    (short(store), short(staff))
}

fn secret() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A cookie of a request.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_wrong_pins_an_account_waits_wherever_they_come_from() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        for _ in 0..TRIES {
            assert_eq!(sessions.may_try("S1", "chen", start), Ok(()));
            sessions.wrong("S1", "chen", start);
        }
        assert_eq!(sessions.may_try("S1", "chen", start + Duration::from_mins(1)), Err(241));
        assert_eq!(sessions.may_try("S1", "mei", start), Ok(()));
        assert_eq!(sessions.may_try("S1", "chen", start + WINDOW), Ok(()));
    }

    #[test]
    fn a_session_is_found_by_its_cookie_until_it_is_idle_too_long() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let token = sessions.open(StoreCode::parse("S1").expect("a code"), StaffId::parse("chen").expect("an id"), start);
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, format!("other=1; {SESSION}={token}").parse().expect("a header"));
        assert!(sessions.find(&headers, start + Duration::from_mins(29)).is_some());
        assert!(sessions.find(&headers, start + Duration::from_mins(58)).is_some());
        assert!(sessions.find(&headers, start + Duration::from_mins(89)).is_none());
        sessions.close(&headers);
        assert!(sessions.find(&headers, start).is_none());
        assert!(sessions.find(&HeaderMap::new(), start).is_none());
    }
}
