//! Who signs in.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::{Name, Role, Staff, StaffId};

/// The manager's id.
pub const MANAGER: &str = "chen";
/// Their PIN.
pub const PIN: &str = "2468";

/// The manager.
pub fn manager() -> Staff {
    let params = Params::new(8, 1, 1, None).expect("parameters in range");
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Staff {
        id: StaffId::parse(MANAGER).expect("a code"),
        name: Name { zh: "陈".to_owned(), en: "Chen".to_owned() },
        role: Role::Manager,
        pin_hash: argon.hash_password(PIN.as_bytes()).expect("a hash").to_string(),
        active: true,
    }
}
