//! The messages between till and hub: JSON over HTTP. Every request is safe to repeat.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /v1/enrolments` [`EnrolmentRequest`] | [`Enrolment`] |
//! | `POST /v1/terminals/{id}/entries` [`PushRequest`] | [`PushAnswer`] |
//! | `GET /v1/terminals/{id}/head` | [`PushAnswer`] |
//! | `GET /v1/stores/{id}/feed?after=N` | [`FeedPage`] |
//! | `GET /v1/stores/{id}/snapshot` | zstd-compressed lines: [`SnapshotHeader`], then one [`Change`] a line |
//! | `GET /v1/stores/{id}/incidents` | [`Incidents`] |
//! | `POST /v1/terminals/{id}/figures` [`FigureQuestion`](crate::figures::FigureQuestion) | [`FigureAnswer`](crate::figures::FigureAnswer) |
//!
//! A refusal is a [`Problem`] (RFC 9457, `application/problem+json`).

use domain::{Change, Shop, TerminalId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Entries that one push may carry.
pub const MAX_ENTRIES_PER_PUSH: usize = 200;
/// Bytes that one request body may have.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;
/// Changes on one page of the feed.
pub const MAX_CHANGES_PER_PAGE: u32 = 1_000;

/// A terminal asks to join a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentRequest {
    /// The one-time code from a manager.
    pub code: String,
    /// The terminal's own id; its journal already bears it.
    pub terminal: TerminalId,
    /// Public key of its journal: RSA-3072, SPKI PEM.
    pub journal_key: String,
    /// Public key that its requests are signed with: Ed25519, base64url without padding.
    pub request_key: String,
    /// Proof that it holds the journal key: base64url RS256 signature over `tillbridge-enrol:{code}:{terminal}:{request_key}`.
    pub proof: String,
}

/// A terminal has joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The store's settings.
    pub shop: Shop,
    /// The terminal's number within the store, middle part of its receipt numbers.
    pub terminal_number: u32,
    /// The terminal's name.
    pub terminal_name: String,
    /// Public key of the hub's countersignatures: Ed25519, base64url without padding.
    pub hub_key: String,
}

/// Entries of one journal, contiguous, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// Compact JWS texts, verbatim.
    pub entries: Vec<String>,
    /// Where the sender's whole journal ends; told when the hub holds more, which means that a tail was cut off there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal_ends_at: Option<u64>,
}

/// What the hub holds of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// The last entry; 0 before the first.
    pub acked: u64,
    /// Its hash, hex; 64 zeros before the first.
    pub head: String,
    /// The hub's countersignature: compact JWS, EdDSA, payload `{"terminal":…,"seq":…,"hash":…}`.
    pub countersignature: String,
}

/// A page of changes after a feed position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedPage {
    /// The changes in order.
    pub changes: Vec<Change>,
    /// The position to ask after next.
    pub next: u64,
    /// True when more are waiting.
    pub more: bool,
}

/// First line of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHeader {
    /// The feed position that the snapshot stands for.
    pub feed: u64,
    /// How many changes follow.
    pub changes: u64,
}

/// Something that must not happen and did; kept with its evidence until a manager has looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number at the hub.
    pub id: i64,
    /// The terminal concerned.
    pub terminal: Option<TerminalId>,
    /// What it is.
    pub kind: ProblemKind,
    /// In a sentence.
    pub detail: String,
    /// When the hub saw it.
    pub at: Timestamp,
}

/// The open incidents of a store, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incidents {
    /// The incidents.
    pub incidents: Vec<Incident>,
}

/// Why the hub refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The request cannot be read.
    Malformed,
    /// The request carries no valid proof of a key.
    Unauthenticated,
    /// The request's clock is too far from the hub's; the answer's `Date` tells the hub's time.
    ClockSkew,
    /// The key may not do this.
    Forbidden,
    /// No such terminal or store, or the terminal's key was revoked.
    UnknownTerminal,
    /// The enrolment code is wrong, used or too old.
    CodeRefused,
    /// Too many tries.
    Throttled,
    /// An entry is missing between what the hub holds and what was sent.
    Gap,
    /// The hub holds another entry with this number: two tills write one journal, or history was rewritten.
    Fork,
    /// An entry does not carry the hash of the one before.
    BrokenChain,
    /// An entry is not signed by the terminal's key.
    BadSignature,
    /// An entry names another terminal.
    ForeignEntry,
    /// The till's journal ends before what the hub has acknowledged: its tail was cut off.
    Truncated,
    /// An entry is signed and chained but its content breaks a rule (an order that does not add up).
    BadContent,
    /// The till's clock differs by more than five minutes.
    ClockDrift,
    /// A figure that a till proved is not what the hub comes to.
    SumsDiffer,
    /// More of a sale was given back than was sold.
    RefundAboveSale,
    /// A till did something to a customer's order that was completed or cancelled already.
    OrderClosedTwice,
    /// The hub cannot answer now.
    Unavailable,
    /// A coupon was taken that had been used already, or that nobody had made.
    CouponReused,
}

/// A refusal, RFC 9457.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `https://tillbridge.example/problems/{kind}`.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// Machine-readable kind.
    pub kind: ProblemKind,
    /// Short title.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// For refused pushes: what the hub holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acked: Option<u64>,
}
