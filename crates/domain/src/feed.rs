//! What the hub tells a store's tills: the current state of things, one change a thing, newest wins.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Category, Product};
use crate::ids::MemberId;
use crate::ids::ProductId;
use crate::member::{LoyaltyRules, MemberCard};
use crate::promotion::{PriceList, Promotion};
use crate::quantity::StockDelta;
use crate::shop::Shop;
use crate::staff::Staff;
use crate::tax::TaxClass;

/// A thing's current state. Applying one twice, or an older one's successor alone, gives the same result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The store's settings.
    Shop(Shop),
    /// A tax class.
    TaxClass(TaxClass),
    /// A category.
    Category(Category),
    /// A product, sold or (`active: false`) no longer sold.
    Product(Product),
    /// A member of the staff.
    Staff(Staff),
    /// What the hub believes to be in stock; may lie below zero.
    Stock {
        /// Of this product.
        product: ProductId,
        /// How much.
        on_hand: StockDelta,
    },
    /// A member whom this store has met.
    Member(MemberCard),
    /// A member who is no longer known: what a till keeps of them goes.
    MemberGone {
        /// Whom.
        member: MemberId,
    },
    /// How points are earned and spent here.
    Loyalty(LoyaltyRules),
    /// A promotion; one whose state is `removed` is forgotten.
    Promotion(Box<Promotion>),
    /// A price list; one that is not active is forgotten.
    PriceList(PriceList),
}
