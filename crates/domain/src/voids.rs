//! What was rung up and taken out again before it was paid. Each is written down: goods that vanish from an order are the
//! oldest way to take money out of a till.

use serde::{Deserialize, Serialize};

use crate::catalogue::Name;
use crate::ids::{ProductId, Sku, StaffId};
use crate::money::{Money, UnitPrice};
use crate::quantity::{Quantity, Unit};

/// A line as it stood when it was taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidedLine {
    /// The product.
    pub product: ProductId,
    /// Its code.
    pub sku: Sku,
    /// Its name.
    pub name: Name,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    #[serde(default)]
    pub unit: Unit,
    /// The price of one unit.
    pub unit_price: UnitPrice,
    /// What the customer would have paid for it.
    pub payable: Money,
}

/// A line was taken out of an order that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineVoided {
    /// The line.
    pub line: VoidedLine,
    /// Why; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who allowed it, when not the cashier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<StaffId>,
}

/// An order was given up with everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleVoided {
    /// Its lines.
    pub lines: Vec<VoidedLine>,
    /// What it came to.
    pub total: Money,
    /// Why.
    pub reason: String,
    /// Who allowed it, when not the cashier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<StaffId>,
}
