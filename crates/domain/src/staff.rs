//! Who works here and what each role may do.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalogue::Name;
use crate::ids::StaffId;

/// A member of the staff as tills know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: Name,
    /// Their role.
    pub role: Role,
    /// PIN as an argon2id PHC string; never the PIN.
    pub pin_hash: String,
    /// False: may no longer sign in.
    pub active: bool,
}

/// A role; each may do all that the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sells.
    Cashier,
    /// Decides at the counter: prices, larger discounts, refunds.
    Supervisor,
    /// Runs the shop.
    Manager,
    /// Owns it.
    Owner,
}

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Sell, hold, recall, take tenders, reprint.
    Sell,
    /// Give a discount of at most this share of the price.
    Discount(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// Sell at another price than the catalogue's.
    OverridePrice,
    /// Give money back.
    Refund,
    /// Change settings of the terminal: printer, mirror, hub.
    ChangeSettings,
}

/// A refused command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this needs a {needs:?}; ask one to sign in")]
pub struct Refused {
    /// The least role that may.
    pub needs: Role,
}

impl Role {
    /// The least role that holds `permission`: a cashier may take off up to 10 %, a supervisor up to half.
    pub fn needed_for(permission: Permission) -> Self {
        match permission {
            Permission::Sell => Self::Cashier,
            Permission::Discount(share) if share <= Decimal::new(10, 2) => Self::Cashier,
            Permission::Discount(share) if share > Decimal::new(50, 2) => Self::Manager,
            Permission::Discount(_) | Permission::OverridePrice | Permission::Refund => Self::Supervisor,
            Permission::ChangeSettings => Self::Manager,
        }
    }

    /// Ok when this role may.
    pub fn allow(self, permission: Permission) -> Result<(), Refused> {
        let needs = Self::needed_for(permission);
        if self >= needs { Ok(()) } else { Err(Refused { needs }) }
    }
}

#[cfg(test)]
mod tests;
