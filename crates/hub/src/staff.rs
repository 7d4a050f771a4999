//! The staff that a store's tills know.

use domain::{Name, Role, Staff, StaffId, StoreCode};

use crate::error::HubError;
use crate::hub::Hub;

/// A member of the staff to be added or changed.
#[derive(Clone)]
pub struct NewStaff {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: Name,
    /// Their role.
    pub role: Role,
    /// Four to eight digits; only its argon2id hash is kept.
    pub pin: String,
}

impl Hub {
    /// Adds a member of the staff, or gives the one with this id another name, role and PIN.
    pub fn add_staff(&self, store: &StoreCode, staff: &NewStaff) -> Result<Staff, HubError> {
        let _ = (store, staff);
        todo!()
    }
}
