//! What travels between till and hub, and the client that carries it.
//!
//! [`wire`] is the messages, [`signature`] the proof of who sends a request; both sides use them. [`HubClient`] is a till's
//! side of the requests, [`Engine`] the loop that pushes what was sold and pulls what changed, over whatever store
//! implements [`Outbox`].

mod address;
mod client;
mod client_error;
mod engine;
mod enrolment;
pub mod goods;
mod snapshot;

#[cfg(test)]
mod fake;

pub mod counter;
pub mod figures;
pub mod members;
pub mod promotion_wire;
pub mod signature;
pub mod wire;

pub use address::HubAddress;
pub use client::{ClientOptions, HubClient};
pub use client_error::{CertificateFault, ClientError, UnreachableReason};
pub use engine::{Engine, Identity, Outbox, OutboxError, Report, ReportedProblem, State, StepSummary, SyncError};
pub use enrolment::{EnrolmentError, compose_enrolment, enrol, verify_enrolment};
pub use snapshot::Snapshot;
