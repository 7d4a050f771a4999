//! The central server: enrolment, ingest of signed journals, the feed and snapshot of each store, stock, a double-entry
//! ledger, incidents with their evidence, and reports, on SQLite or PostgreSQL.
//!
//! [`Hub`] is everything but HTTP: blocking methods over one [`Database`]. [`server`] puts it on a socket.

pub mod database;
pub mod server;

pub mod catalogue;
mod coupon;
mod drills;
mod enrolment;
mod error;
mod feed;
mod hub;
mod incident;
mod ingest;
mod managers;
mod member;
mod promotion;
mod report;
mod snapshot;
mod staff;
mod stock;
mod store;
mod sums;
mod terminal;

mod customer_orders;
mod held;
mod refunds;

pub use database::{Database, DatabaseError, DatabaseUrl};
pub use drills::{DrillResult, DrillResults};
pub use enrolment::{AddTerminal, EnrolmentCode};
pub use error::{HubError, Refused};
pub use hub::{Hub, Statistics};
pub use member::{Asker, MemberSummary};
pub use report::DailyRow;
pub use staff::NewStaff;
pub use stock::FoldSummary;
pub use sums::{DayReport, NamedFigure, SumDifference, SumsVerdict};
pub use terminal::{Access, TerminalSummary};
