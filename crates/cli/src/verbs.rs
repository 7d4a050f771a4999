//! One verb a file.

pub(crate) mod bridge;
pub(crate) mod demo;
pub(crate) mod enrol;
pub(crate) mod open;
pub(crate) mod proof;
pub(crate) mod recover;
pub(crate) mod run;
pub(crate) mod status;
pub(crate) mod sync;
