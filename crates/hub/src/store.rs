//! The stores and their settings.

use domain::{Shop, StoreCode};

use crate::error::HubError;
use crate::hub::Hub;

impl Hub {
    /// The settings of every store, by code.
    pub fn stores(&self) -> Result<Vec<Shop>, HubError> {
        todo!()
    }

    /// The settings of the store with this code.
    pub fn store(&self, code: &StoreCode) -> Result<Shop, HubError> {
        let _ = code;
        todo!()
    }
}
