//! How a terminal joins a store: a one-time code from a manager, its public keys, and proof that it holds the private one.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use domain::{Currency, Name, Shop, StoreCode, StoreId, TaxRounding, TerminalId};
use jiff::{SignedDuration, Timestamp};
use journal::EntryHash;
use sha2::{Digest, Sha256};
use sync::wire::{Enrolment, EnrolmentRequest, ProblemKind};
use sync::{EnrolmentError, verify_enrolment};

use crate::database::{DatabaseError, Session};
use crate::error::{Failure, HubError, Refused};
use crate::hub::Hub;
use crate::store;

/// How long a code works.
const CODE_LIVES: SignedDuration = SignedDuration::from_mins(10);
/// Wrong tries that a hub takes within [`TRIES_WITHIN`] before it refuses every try.
const MAX_WRONG_TRIES: usize = 20;
/// See [`MAX_WRONG_TRIES`].
const TRIES_WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// Crockford's base 32: no I, L, O or U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A terminal to be enrolled. A store that does not exist yet is made with these settings, or with the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddTerminal {
    /// The store's code.
    pub store: StoreCode,
    /// The terminal's name, for people.
    pub name: String,
    /// The currency of a new store; `CNY` when not said.
    pub currency: Option<Currency>,
    /// IANA time zone of a new store; `Asia/Shanghai` when not said.
    pub time_zone: Option<String>,
    /// Name of a new store on receipts; its code when not said.
    pub shop_name: Option<Name>,
}

impl AddTerminal {
    /// The settings of the store when it is new.
    pub(crate) fn new_shop(&self) -> Result<Shop, HubError> {
        let time_zone = self.time_zone.clone().unwrap_or_else(|| "Asia/Shanghai".to_owned());
        store::check_time_zone(&time_zone)?;
        let currency = match self.currency {
            Some(currency) => currency,
            None => Currency::parse("CNY")?,
        };
        let code_as_name = || Name { zh: self.store.to_string(), en: self.store.to_string() };
        Ok(Shop {
            id: StoreId::generate(),
            code: self.store.clone(),
            name: self.shop_name.clone().unwrap_or_else(code_as_name),
            currency,
            time_zone,
            tax_rounding: TaxRounding::default(),
            cash_rounding: None,
            mo_ling: None,
            denominations: denominations(currency),
            cancellation_percent: 0,
            require_shift: false,
            cash_tolerance: None,
            day_starts_at: 0,
            scale_layouts: Vec::new(),
        })
    }
}

/// Coins and notes that people use, in minor units; none for currencies that are not listed.
fn denominations(currency: Currency) -> Vec<u32> {
    match currency.code() {
        "CNY" => vec![10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        "EUR" | "GBP" => vec![1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
        "USD" => vec![1, 5, 10, 25, 100, 500, 1_000, 2_000, 5_000, 10_000],
        _ => Vec::new(),
    }
}

/// A code that enrols one terminal once, for ten minutes. 128 random bits in Crockford's base 32, in groups.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// What is typed at the terminal.
    pub code: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolmentCode(until {})", self.expires_at)
    }
}

impl Hub {
    /// Makes a code that enrols one terminal of a store, and the store when there is none with that code.
    pub fn add_terminal(&self, terminal: &AddTerminal, now: Timestamp) -> Result<EnrolmentCode, HubError> {
        let length = terminal.name.trim().chars().count();
        if length == 0 || length > 100 || terminal.name.chars().any(char::is_control) {
            return Err(HubError::Name("terminal"));
        }
        let code = written(rand::random());
        let hash = hash(&code);
        let expires_at = now + CODE_LIVES;
        let terminal = terminal.clone();
        self.0.database.write(move |session| {
            let store = store::for_new_terminal(session, &terminal, now)?;
            session.execute(
                "INSERT INTO enrolment_codes (hash, store, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (hash) DO NOTHING",
                &[
                    (&hash).into(),
                    store.number.into(),
                    terminal.name.trim().into(),
                    now.as_millisecond().into(),
                    expires_at.as_millisecond().into(),
                ],
            )?;
            Ok::<_, HubError>(())
        })?;
        Ok(EnrolmentCode { code, expires_at })
    }

    /// Takes a terminal in. The same terminal may send the same request again; nobody else may use its code.
    pub fn enrol(&self, request: &EnrolmentRequest, now: Timestamp) -> Result<Enrolment, Refused> {
        self.0.throttle.admit(now)?;
        let result = Candidate::read(request).and_then(|candidate| {
            let terminal = candidate.terminal;
            let joined = self.0.database.write(move |session| join(session, &candidate, now)).map_err(Refused::from)?;
            self.0.terminals.forget(terminal);
            Ok(joined)
        });
        if let Err(Refused { kind: ProblemKind::CodeRefused | ProblemKind::Unauthenticated, .. }) = &result {
            self.0.throttle.count(now);
        }
        let Joined { shop, number, name } = result?;
        Ok(Enrolment { shop, terminal_number: number, terminal_name: name, hub_key: self.public_key().to_owned() })
    }
}

/// A request whose keys can be read and that proves to hold the journal key.
struct Candidate {
    code_hash: [u8; 32],
    terminal: TerminalId,
    journal_key: String,
    request_key: String,
}

impl Candidate {
    fn read(request: &EnrolmentRequest) -> Result<Self, Refused> {
        let (journal_key, request_key) = verify_enrolment(request).map_err(|error| {
            let kind = match error {
                EnrolmentError::Proof => ProblemKind::Unauthenticated,
                EnrolmentError::Key(..) => ProblemKind::Malformed,
            };
            Refused::new(kind, error.to_string())
        })?;
        Ok(Self {
            code_hash: hash(&request.code),
            terminal: request.terminal,
            journal_key: journal_key.to_pem(),
            request_key: request_key.to_text(),
        })
    }
}

struct Joined {
    shop: Shop,
    number: u32,
    name: String,
}

struct Code {
    store: i64,
    name: String,
    expires_at: i64,
    used_by: Option<TerminalId>,
}

fn join(session: &mut Session<'_>, candidate: &Candidate, now: Timestamp) -> Result<Joined, Failure> {
    let refused = || {
        let what = "this code is wrong, was used already or is older than ten minutes: ask the manager for a new one";
        Failure::from(Refused::new(ProblemKind::CodeRefused, what))
    };
    let code = session
        .lock_one(
            "SELECT store, name, expires_at, used_at, used_by FROM enrolment_codes WHERE hash = $1",
            &[(&candidate.code_hash).into()],
            |row| {
                let used_by = row.optional_int(3)?.map(|_| row.uuid(4)).transpose()?.map(TerminalId::from_uuid);
                Ok::<_, DatabaseError>(Code { store: row.int(0)?, name: row.text(1)?, expires_at: row.int(2)?, used_by })
            },
        )?
        .ok_or_else(refused)?;
    // The store's row: numbers of terminals are given out one after the other.
    let settings: Option<String> =
        session.lock_one("SELECT settings FROM stores WHERE number = $1", &[code.store.into()], |row| row.text(0))?;
    let shop = store::shop(&settings.unwrap_or_default())?;
    let known = enrolled(session, candidate.terminal)?;
    match (code.used_by, known) {
        // The answer to this very request was lost.
        (Some(by), Some(known)) if by == candidate.terminal && known.is(candidate, code.store) => {
            Ok(Joined { shop, number: known.number, name: known.name })
        }
        (Some(_), _) => Err(refused()),
        (None, _) if code.expires_at <= now.as_millisecond() => Err(refused()),
        (None, Some(known)) => {
            if known.revoked || known.store != code.store || known.journal_key != candidate.journal_key {
                let what = "this terminal is enrolled already, in another store or with another key, or its key was revoked: \
                            begin with an empty store folder, which makes a new terminal";
                return Err(Refused::new(ProblemKind::Forbidden, what).into());
            }
            let sql = "UPDATE terminals SET request_key = $2, name = $3 WHERE id = $1";
            session.execute(sql, &[candidate.terminal.into(), (&candidate.request_key).into(), (&code.name).into()])?;
            use_code(session, candidate, now)?;
            Ok(Joined { shop, number: known.number, name: code.name })
        }
        (None, None) => {
            let number = insert_terminal(session, candidate, &code, now)?;
            use_code(session, candidate, now)?;
            Ok(Joined { shop, number, name: code.name })
        }
    }
}

struct Enrolled {
    store: i64,
    number: u32,
    name: String,
    journal_key: String,
    request_key: String,
    revoked: bool,
}

impl Enrolled {
    fn is(&self, candidate: &Candidate, store: i64) -> bool {
        let same_keys = self.journal_key == candidate.journal_key && self.request_key == candidate.request_key;
        same_keys && self.store == store && !self.revoked
    }
}

fn enrolled(session: &mut Session<'_>, terminal: TerminalId) -> Result<Option<Enrolled>, DatabaseError> {
    session.query_one(
        "SELECT store, number, name, journal_key, request_key, revoked_at FROM terminals WHERE id = $1",
        &[terminal.into()],
        |row| {
            Ok(Enrolled {
                store: row.int(0)?,
                number: u32::try_from(row.int(1)?).unwrap_or(u32::MAX),
                name: row.text(2)?,
                journal_key: row.text(3)?,
                request_key: row.text(4)?,
                revoked: row.optional_int(5)?.is_some(),
            })
        },
    )
}

fn insert_terminal(session: &mut Session<'_>, candidate: &Candidate, code: &Code, now: Timestamp) -> Result<u32, DatabaseError> {
    let sql = "SELECT COALESCE(MAX(number), 0) FROM terminals WHERE store = $1";
    let last = session.query_one(sql, &[code.store.into()], |row| row.int(0))?.unwrap_or(0);
    let number = u32::try_from(last + 1).map_err(|error| DatabaseError::Failed(error.to_string()))?;
    session.execute(
        "INSERT INTO terminals (store, number, id, name, journal_key, request_key, acked, head, enrolled_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
        &[
            code.store.into(),
            number.into(),
            candidate.terminal.into(),
            (&code.name).into(),
            (&candidate.journal_key).into(),
            (&candidate.request_key).into(),
            EntryHash::ZERO.as_bytes().into(),
            now.as_millisecond().into(),
        ],
    )?;
    let sql = "INSERT INTO stock_folds (store, terminal, folded) VALUES ($1, $2, 0)";
    session.execute(sql, &[code.store.into(), number.into()])?;
    Ok(number)
}

fn use_code(session: &mut Session<'_>, candidate: &Candidate, now: Timestamp) -> Result<(), DatabaseError> {
    let sql = "UPDATE enrolment_codes SET used_at = $2, used_by = $3 WHERE hash = $1";
    session.execute(sql, &[(&candidate.code_hash).into(), now.as_millisecond().into(), candidate.terminal.into()])?;
    Ok(())
}

/// 26 digits in groups of five and six, with dashes for the eye.
fn written(bits: u128) -> String {
    let digit = |place: u32| char::from(DIGITS[usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0)]);
    let digits: String = (0..26).rev().map(digit).collect();
    [&digits[..6], &digits[6..11], &digits[11..16], &digits[16..21], &digits[21..]].join("-")
}

/// The hash that stands for a code, however it was typed.
fn hash(code: &str) -> [u8; 32] {
    let plain = code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    Sha256::digest(plain.collect::<String>()).into()
}

/// Counts wrong tries; a hub where somebody guesses takes none for a while.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<VecDeque<Timestamp>>);

impl Throttle {
    fn admit(&self, now: Timestamp) -> Result<(), Refused> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tries.front().is_some_and(|first| now.duration_since(*first) > TRIES_WITHIN) {
            tries.pop_front();
        }
        if tries.len() < MAX_WRONG_TRIES {
            return Ok(());
        }
        Err(Refused::new(ProblemKind::Throttled, "too many wrong codes were tried at this hub: wait a minute and try again"))
    }

    fn count(&self, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = written(0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF);
        assert_eq!(code.len(), 30);
        let sloppy = code.to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
        assert_eq!(hash(&code), hash(&sloppy));
        assert_ne!(hash(&code), hash(&written(1)));
    }

    #[test]
    fn all_bits_are_in_the_code() {
        assert_eq!(written(u128::MAX), "7ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ");
        assert_eq!(written(1), "000000-00000-00000-00000-00001");
    }

    #[test]
    fn a_debug_print_hides_the_code() {
        let code = EnrolmentCode { code: written(7), expires_at: Timestamp::UNIX_EPOCH };
        assert!(!format!("{code:?}").contains(&code.code));
    }
}
