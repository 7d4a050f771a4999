//! A shop to test with: its catalogue and staff, tills that sell, and a hub on either database, served on loopback.

mod goods;
mod hub_on;
mod till_at;

pub use goods::{PIN, STORE, catalogue, manager, products};
pub use hub_on::{On, TestHub};
pub use till_at::{TillAt, wait_until};
