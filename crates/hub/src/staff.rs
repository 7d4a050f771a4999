//! The staff that a store's tills know.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use domain::{Change, Name, Role, Staff, StaffId, StoreCode, StoreId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::store;

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
        let NewStaff { id, name, role, pin } = staff;
        if name.zh.trim().is_empty() && name.en.trim().is_empty() {
            return Err(HubError::Name("member of the staff"));
        }
        let store = self.store(store)?.id;
        let staff = Staff { id: id.clone(), name: name.clone(), role: *role, pin_hash: hash_pin(pin)?, active: true };
        self.publish(store, &[Change::Staff(staff.clone())])?;
        Ok(staff)
    }
}

impl Hub {
    /// The role of a member of the staff of `store`; none for somebody who does not work there (any more).
    pub(crate) fn role_of(&self, store: StoreId, staff: &StaffId) -> Result<Option<Role>, HubError> {
        let key = format!("staff:{staff}");
        self.0.database.read(|session| {
            let number = store::by_id(session, store)?.number;
            let sql = "SELECT change FROM feed WHERE store = $1 AND key = $2";
            let change = session.query_one(sql, &[number.into(), (&key).into()], |row| row.text(0))?;
            Ok(change.and_then(|change| match serde_json::from_str(&change) {
                Ok(Change::Staff(staff)) if staff.active => Some(staff.role),
                _ => None,
            }))
        })
    }
}

fn hash_pin(pin: &str) -> Result<String, HubError> {
    if !(4..=8).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(HubError::Pin);
    }
    let hash = Argon2::default().hash_password(pin.as_bytes()).map_err(|error| HubError::PinHash(error.to_string()))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier;
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[test]
    fn a_pin_is_kept_as_an_argon2id_hash_that_fits_it_alone() {
        let hash = hash_pin("1234").expect("a hash");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        let parsed = PasswordHash::new(&hash).expect("a PHC string");
        assert!(Argon2::default().verify_password(b"1234", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"1235", &parsed).is_err());
    }

    #[test]
    fn a_pin_that_is_not_four_to_eight_digits_is_refused() {
        for pin in ["", "123", "123456789", "12a4", "１２３４"] {
            assert!(matches!(hash_pin(pin), Err(HubError::Pin)), "{pin}");
        }
    }
}
