//! Who works here and what each role may do.

use std::fmt;
use std::str::FromStr;

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

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $role:ident,)*) => {
        /// What a command needs. The table in `domain::staff` says who has it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Permission {
            /// Give a discount of at most this share of the price.
            Discount(#[serde(with = "rust_decimal::serde::str")] Decimal),
            $($(#[$doc])* $name,)*
        }

        impl Permission {
            /// Every permission but [`Permission::Discount`], which has as many sizes as there are discounts.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The least role of those that have a line in the table.
            fn of_table(self) -> Role {
                match self {
                    Self::Discount(share) => Role::for_discount(share),
                    $(Self::$name => Role::$role,)*
                }
            }
        }
    };
}

// The table: each permission with the least role that holds it. What is missing here nobody may do. One line a permission.
permissions! {
    /// Sell, hold, recall, take tenders, reprint.
    Sell = Cashier,
    /// Sell at another price than the catalogue's.
    OverridePrice = Supervisor,
    /// Give money back.
    Refund = Supervisor,
    /// Change settings of the terminal: printer, mirror, hub.
    ChangeSettings = Manager,
    /// Let somebody practise at this terminal, and start fault drills there.
    Train = Supervisor,
    /// Look through the journal of this terminal and hand parts of it out.
    Audit = Manager,
    /// Take a line, or all of them, out of an order before it is paid; it is written down.
    Void = Cashier,
    /// Give money back without a receipt, or for one that cannot be checked now.
    RefundWithoutReceipt = Supervisor,
    /// Give cash back for what was not paid in cash.
    RefundInCash = Supervisor,
    /// Write quotations and take presales with their deposits.
    TakeOrders = Cashier,
    /// Cancel a customer's order and settle its deposit.
    CancelOrders = Supervisor,
    /// Read reports of the store, prove their figures, print and export them.
    ReadReports = Supervisor,
    /// Receive, count, adjust and transfer stock.
    MoveStock = Supervisor,
    /// Change the catalogue: products, prices, imports.
    EditCatalogue = Manager,
    /// Find a member, put them on an order, take a new one in, change what they tell.
    ServeMembers = Cashier,
    /// Export or erase a member's data, correct their points.
    ManageMembers = Manager,
    /// Open, hand over, suspend and close a shift, count its drawer, print its reports, open the drawer without a sale.
    RunShift = Cashier,
    /// Bring change into the drawer and drop cash into the safe.
    MoveCash = Cashier,
    /// Take cash out of the shop's drawer: expenses, what goes to the bank.
    TakeCashOut = Supervisor,
    /// See what must lie in the drawer before it is counted.
    SeeExpectedCash = Manager,
    /// Close a shift whose drawer is over or short by more than the shop tolerates.
    ConfirmDifference = Manager,
    /// Draft, try, publish and end promotions.
    ManagePromotions = Manager,
}

/// A refused command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this needs a {needs:?}; ask one to sign in, or to allow it")]
pub struct Refused {
    /// What was refused.
    pub permission: Permission,
    /// The least role that may.
    pub needs: Role,
}

/// Text that names no permission.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no permission '{0}'")]
pub struct NoSuchPermission(String);

impl Permission {
    /// True when whoever holds this may do what `other` asks for: the same, or a discount that is no larger.
    pub fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Discount(most), Self::Discount(share)) => share <= most,
            (own, other) => own == other,
        }
    }
}

/// `override_price`; a discount with its share: `discount 0.25`.
impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Discount(share) = self {
            return write!(f, "discount {}", share.normalize());
        }
        let name = serde_json::to_value(self).map_err(|_| fmt::Error)?;
        f.write_str(name.as_str().ok_or(fmt::Error)?)
    }
}

impl FromStr for Permission {
    type Err = NoSuchPermission;

    fn from_str(text: &str) -> Result<Self, NoSuchPermission> {
        let unknown = || NoSuchPermission(text.to_owned());
        if let Some(share) = text.strip_prefix("discount ") {
            return share.parse().map(Self::Discount).map_err(|_| unknown());
        }
        Self::ALL.iter().find(|permission| permission.to_string() == text).copied().ok_or_else(unknown)
    }
}

impl Role {
    /// Every role, from the least to the one that may do everything.
    pub const ALL: [Self; 4] = [Self::Cashier, Self::Supervisor, Self::Manager, Self::Owner];

    /// The least role that holds `permission`.
    pub fn needed_for(permission: Permission) -> Self {
        permission.of_table()
    }

    /// A cashier may take off up to 10 %, a supervisor up to half.
    fn for_discount(share: Decimal) -> Self {
        if share <= Decimal::new(10, 2) {
            Self::Cashier
        } else if share <= Decimal::new(50, 2) {
            Self::Supervisor
        } else {
            Self::Manager
        }
    }

    /// Ok when this role may.
    pub fn allow(self, permission: Permission) -> Result<(), Refused> {
        let needs = Self::needed_for(permission);
        if self >= needs { Ok(()) } else { Err(Refused { permission, needs }) }
    }
}

#[cfg(test)]
mod tests;
