//! Members: the one place that knows who they are.
//!
//! Personal data lies in a row of its own, encrypted under a key of the member's own; that key is wrapped by the hub's master
//! key, which is not in the database. Phone numbers are found by a keyed hash. Discarding the member's key erases them: orders,
//! points, signatures and sums name them by id and stay as they were. Points are worked out from entries (see
//! [`domain::member`]); the hub keeps where to read, never a balance. Whoever is shown personal data is written down.

mod asker;
mod cards;
mod keys;
mod ledger;
mod points;
mod reading;
mod writing;

pub use asker::Asker;
pub(crate) use keys::KeyPlace;
pub use reading::MemberSummary;
