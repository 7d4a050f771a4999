//! What the engine tells of itself.

use jiff::Timestamp;
use thiserror::Error;

use crate::client_error::ClientError;
use crate::engine::outbox::OutboxError;
use crate::wire::{Incident, ProblemKind};

/// How sync stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Nothing was tried yet, or the last try brought no usable answer. Selling goes on.
    #[default]
    Offline,
    /// Entries are on their way.
    Sending,
    /// The hub holds every entry.
    Synced,
    /// The hub refuses what this till sends, or this till what the hub says; a manager must look.
    Refused,
}

/// Why a step failed.
#[derive(Debug, Error)]
pub enum SyncError {
    /// A request failed or was refused.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The till's own store failed.
    #[error("this machine's store could not be read or written: {0}")]
    Outbox(#[source] OutboxError),
    /// The hub's word is not signed by the key that this till pinned.
    #[error("the hub's acknowledgement is not signed by the hub this till enrolled with: check the address, or enrol anew")]
    WrongCountersignature,
    /// The hub holds more than this journal.
    #[error(
        "the hub holds this till's journal up to entry {held}, this machine does not: its store was put back from an old copy. \
         Enrol it as a new terminal; nothing at the hub is lost"
    )]
    Truncated {
        /// The last entry the hub holds.
        held: u64,
    },
    /// The hub holds another entry under one of this journal's numbers.
    #[error(
        "the hub holds another entry {seq} of this till's journal: two machines run one copied store. Enrol this one as a new \
         terminal; its sales are kept"
    )]
    Forked {
        /// The number.
        seq: u64,
    },
    /// The hub took a push but does not hold more than before.
    #[error("the hub took entries but still says that it holds {held}: look at the hub's log")]
    NoProgress {
        /// The last entry the hub holds.
        held: u64,
    },
}

impl SyncError {
    /// True when trying again soon cannot help: one side refuses what the other says.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Client(ClientError::Refused(problem)) => {
                !matches!(problem.kind, ProblemKind::Unavailable | ProblemKind::Throttled)
            }
            Self::Client(ClientError::TooLarge { .. } | ClientError::ClockSkew { .. })
            | Self::WrongCountersignature
            | Self::Truncated { .. }
            | Self::Forked { .. }
            | Self::NoProgress { .. } => true,
            Self::Client(_) | Self::Outbox(_) => false,
        }
    }

    /// The error for the report: what a screen and a log need, to be cloned and kept.
    pub(crate) fn brief(&self) -> ReportedProblem {
        let kind = match self {
            Self::Client(error) => Some(error.clone()),
            _ => None,
        };
        let hub = match self {
            Self::Client(ClientError::Refused(problem)) => Some(problem.kind),
            Self::Client(ClientError::ClockSkew { .. }) => Some(ProblemKind::ClockSkew),
            Self::Truncated { .. } => Some(ProblemKind::Truncated),
            Self::Forked { .. } => Some(ProblemKind::Fork),
            _ => None,
        };
        ReportedProblem { detail: self.to_string(), kind: hub, client: kind }
    }
}

/// What is wrong, in a form to keep and show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedProblem {
    /// In a sentence: what happened and what to do.
    pub detail: String,
    /// Its kind in the hub's words, where it has one.
    pub kind: Option<ProblemKind>,
    /// The request's error, where one failed.
    pub client: Option<ClientError>,
}

/// What the engine knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How sync stands.
    pub state: State,
    /// What is wrong.
    pub problem: Option<ReportedProblem>,
    /// When the hub last answered, by this machine's clock.
    pub last_at: Option<Timestamp>,
    /// This machine's clock minus the hub's, in seconds.
    pub clock_drift_seconds: i64,
    /// Open incidents of the store.
    pub incidents: Vec<Incident>,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StepSummary {
    /// Entries that the hub took.
    pub pushed: u64,
    /// Changes that came.
    pub pulled: u64,
}
