//! What the hub promises, tried on both databases: every test here runs on SQLite and on a PostgreSQL of its own.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test says what went wrong by failing")]

mod database;
mod enrolment;
mod feed;
mod goods;
mod incidents;
mod ingest;
mod ledger;
mod members;
mod promotions;
mod properties;
mod report;
mod salechange;
mod shifts;
mod shop;
mod stock;
mod sums;
mod support;
mod training;
