//! Promotions at the till: pricing by them, coupons, and the manager's screen with its trial over past sales.

mod coupons;
mod form;
mod manage;
mod pricing;
mod trial;

pub(crate) use coupons::Claim;
pub(crate) use trial::TrialJob;
