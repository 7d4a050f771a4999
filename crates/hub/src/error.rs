//! Why the hub did not do what it was asked.

use domain::{Currency, MoneyError, StoreCode, StoreId, TerminalId};
use journal::KeyError;
use sync::wire::{Problem, ProblemKind};
use thiserror::Error;

use crate::database::{DatabaseError, WorkError};

/// Why an operator's command failed.
#[derive(Debug, Error)]
pub enum HubError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// No store has this code.
    #[error("no store has the code '{0}': `tillbridge-hub terminal add --store {0} …` makes it")]
    UnknownStore(StoreCode),
    /// No store has this id.
    #[error("no store has the id {0}")]
    UnknownStoreId(StoreId),
    /// No terminal has this id.
    #[error("no terminal {0} is enrolled here: `tillbridge-hub terminal list` shows those that are")]
    UnknownTerminal(TerminalId),
    /// A time zone that is not in the IANA database.
    #[error("'{0}' is not an IANA time zone: write a name such as Asia/Shanghai or Europe/London")]
    UnknownTimeZone(String),
    /// A store keeps the currency it began with.
    #[error("store {store} sells in {has}, not in {asked}: leave the currency out, or add the terminal to another store")]
    OtherCurrency {
        /// The store.
        store: StoreCode,
        /// Its currency.
        has: Currency,
        /// The one asked for.
        asked: Currency,
    },
    /// A name that is empty or too long.
    #[error("a {0} needs a name of 1 to 100 characters")]
    Name(&'static str),
    /// A PIN that is not four to eight digits.
    #[error("a PIN has 4 to 8 digits")]
    Pin,
    /// The PIN could not be hashed.
    #[error("the PIN could not be hashed: {0}")]
    PinHash(String),
    /// A key that cannot be read or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An amount that cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Personal data could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] journal::SealError),
    /// The master key of members cannot be kept.
    #[error("the master key of members cannot be kept: {0}")]
    MemberKey(String),
    /// The master key of members is not there, but members are.
    #[error(
        "the master key of members is not at {}: put it back from its copy, or name its place in TILLBRIDGE_MEMBER_KEY_FILE; \
         without it nobody can read who the members are", .0.display()
    )]
    MemberKeyMissing(std::path::PathBuf),
    /// The master key is another one than the members' data is under.
    #[error("the master key of members at {} is not the one that this database's members are under", .0.display())]
    MemberKeyForeign(std::path::PathBuf),
    /// What the database holds cannot be read.
    #[error("the database holds a {what} that cannot be read ({detail}): restore it from a copy")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        detail: String,
    },
}

impl WorkError for HubError {
    fn may_retry(&self) -> bool {
        matches!(self, Self::Database(error) if error.may_retry())
    }
}

/// Why a terminal's request was refused; the sentence is for the person at the counter or the manager.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct Refused {
    /// What it is.
    pub kind: ProblemKind,
    /// What happened and what to do.
    pub detail: String,
    /// For refused pushes: the last entry that the hub holds.
    pub acked: Option<u64>,
}

impl Refused {
    /// A refusal of `kind`.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), acked: None }
    }

    /// The HTTP status that stands for it.
    pub const fn status(&self) -> u16 {
        match self.kind {
            ProblemKind::Malformed => 400,
            ProblemKind::Unauthenticated | ProblemKind::ClockSkew => 401,
            ProblemKind::Forbidden | ProblemKind::CodeRefused => 403,
            ProblemKind::UnknownTerminal => 404,
            ProblemKind::SumsDiffer => 409,
            ProblemKind::Gap
            | ProblemKind::Fork
            | ProblemKind::BrokenChain
            | ProblemKind::Truncated
            | ProblemKind::ClockDrift => 409,
            ProblemKind::BadSignature
            | ProblemKind::ForeignEntry
            | ProblemKind::BadContent
            | ProblemKind::RefundAboveSale
            | ProblemKind::OrderClosedTwice => 422,
            ProblemKind::CouponReused => 409,
            ProblemKind::Throttled => 429,
            ProblemKind::Unavailable => 503,
        }
    }

    /// The refusal as it travels (RFC 9457).
    pub fn problem(&self) -> Problem {
        let name = serde_json::to_value(self.kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let mut title = name.replace('-', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Problem {
            type_uri: format!("https://tillbridge.example/problems/{name}"),
            kind: self.kind,
            title,
            status: self.status(),
            detail: self.detail.clone(),
            acked: self.acked,
        }
    }
}

impl From<HubError> for Refused {
    fn from(error: HubError) -> Self {
        match error {
            HubError::UnknownTerminal(_) | HubError::UnknownStore(_) | HubError::UnknownStoreId(_) => {
                Self::new(ProblemKind::UnknownTerminal, error.to_string())
            }
            other => {
                tracing::error!(error = %other, "a request could not be answered");
                Self::new(ProblemKind::Unavailable, "the hub cannot answer now; nothing was lost: try again in a moment")
            }
        }
    }
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        HubError::from(error).into()
    }
}

/// An error of work that may end in a refusal.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The hub could not do it.
    Hub(HubError),
    /// The hub would not do it.
    Refused(Refused),
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Hub(error.into())
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        Self::Hub(error)
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Hub(error) => error.into(),
            Failure::Refused(refused) => refused,
        }
    }
}

impl WorkError for Failure {
    fn may_retry(&self) -> bool {
        matches!(self, Self::Hub(error) if error.may_retry())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_travels_with_its_kind_status_and_sentence() {
        let mut refused = Refused::new(ProblemKind::BrokenChain, "entry 7 does not follow entry 6");
        refused.acked = Some(6);
        let problem = refused.problem();
        assert_eq!(problem.type_uri, "https://tillbridge.example/problems/broken-chain");
        assert_eq!((problem.title.as_str(), problem.status, problem.acked), ("Broken chain", 409, Some(6)));
    }

    #[test]
    fn what_went_wrong_inside_is_not_told_to_tills() {
        let refused = Refused::from(DatabaseError::Failed("password=secret".to_owned()));
        assert_eq!(refused.kind, ProblemKind::Unavailable);
        assert!(!refused.detail.contains("secret"));
    }
}
