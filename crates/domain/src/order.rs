//! What a journal says of a finished sale, a refund and a stock adjustment: complete in itself, so that a receipt, a
//! report or a ledger posting needs nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalogue::Name;
use crate::ids::PointsHoldId;
use crate::ids::{AdjustmentId, CouponCode, MemberId, OrderId, ProductId, PromotionId, ReceiptNumber, Sku, StaffId};
use crate::money::{Currency, Money, UnitPrice};
use crate::quantity::{Quantity, StockDelta, Unit};
use crate::tender::Payment;

/// Why an amount was taken off a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountKind {
    /// Given on this line.
    Line,
    /// This line's share of a discount on the whole order.
    Order,
    /// This line's share of 抹零.
    MoLing,
    /// By a promotion; [`LineDiscount::rule`] names it.
    Promotion,
    /// By a coupon; [`LineDiscount::rule`] names its promotion.
    Coupon,
    /// This line's share of what the member paid with points.
    Points,
}

/// An amount taken off a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDiscount {
    /// Why.
    pub kind: DiscountKind,
    /// How much, above zero.
    pub amount: Money,
    /// The promotion that gave it, one of [`Order::promotions`]; none for what a person gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<PromotionId>,
}

/// A promotion that took something off an order, by its name on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedPromotion {
    /// Which.
    pub id: PromotionId,
    /// Its name.
    pub name: Name,
}

/// The tax of one rate in or on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    /// Short name of the rate, as printed.
    pub code: String,
    /// The rate as a fraction: 0.13 for 13 %.
    #[serde(with = "rust_decimal::serde::str")]
    pub rate: rust_decimal::Decimal,
    /// The tax.
    pub tax: Money,
}

/// One line of an order. `extended − Σ discounts = payable` when tax is included in the price, `… + Σ taxes = payable`
/// when it is added; `net + Σ taxes = payable` always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The product.
    pub product: ProductId,
    /// Its code when it was sold.
    pub sku: Sku,
    /// Its name when it was sold.
    pub name: Name,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    #[serde(default)]
    pub unit: Unit,
    /// The price of one unit.
    pub unit_price: UnitPrice,
    /// The catalogue's price, where the line was sold at another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_price: Option<UnitPrice>,
    /// Quantity times price, half up.
    pub extended: Money,
    /// What was taken off, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<LineDiscount>,
    /// True: the price contains the tax.
    pub tax_inclusive: bool,
    /// The tax by rate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<LineTax>,
    /// Without tax.
    pub net: Money,
    /// What the customer pays for the line.
    pub payable: Money,
    /// In a refund: the line of the sale that it gives back, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_line: Option<u32>,
}

/// The newest head of this journal that the hub has countersigned. A receipt carries it, so a tail that somebody cuts off
/// later shows: the number is on paper and at the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcknowledgedHead {
    /// The last entry that the hub holds.
    pub seq: u64,
    /// Its hash, hex.
    pub hash: String,
    /// The hub's countersignature: compact JWS, EdDSA, over terminal, seq and hash.
    pub countersignature: String,
}

/// A finished order. In a sale all amounts flow to the shop, in a [`Refund`] back to the customer; they are positive in
/// both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The number on the receipt.
    pub receipt: ReceiptNumber,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// The lines, at least one.
    pub lines: Vec<OrderLine>,
    /// Σ payable.
    pub total: Money,
    /// Σ tax.
    pub tax: Money,
    /// What cash rounding added to the total (below zero: took away).
    pub rounding: Money,
    /// How it was paid: Σ amounts = total + rounding.
    pub payments: Vec<Payment>,
    /// The member it was sold to, by id alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// What it did to that member's points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<OrderPoints>,
    /// What was written on it. Never personal data: that does not belong in a journal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The promotions that [`LineDiscount::rule`] names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<AppliedPromotion>,
    /// The coupons spent on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponCode>,
    /// Its name in the system it was taken over from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_reference: Option<String>,
    /// See [`AcknowledgedHead`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<AcknowledgedHead>,
}

/// What an order did to its member's points, by the rules of that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPoints {
    /// Points that it earned.
    pub earned: u64,
    /// Points that were spent on it; what they took off is in the lines, of kind [`DiscountKind::Points`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spent: u64,
    /// What the hub had set aside for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<PointsHoldId>,
    /// From when on the points earned are no longer worth anything; none: they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(points: &u64) -> bool {
    *points == 0
}

/// Money given back for goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The sale it gives back, none without a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OrderId>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who allowed it, when not the cashier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<StaffId>,
    /// The number on the receipt that was shown, where the sale itself was not to be had: it lies at another till and the hub
    /// did not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_receipt: Option<ReceiptNumber>,
    /// True: what was left to give back could not be asked for; the hub checks it when it hears of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unchecked: bool,
    /// The sale that was made in exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<OrderId>,
    /// What goes back.
    pub order: Order,
}

/// One product of a stock adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentLine {
    /// The product.
    pub product: ProductId,
    /// Its code.
    pub sku: Sku,
    /// By how much stock changes.
    pub delta: StockDelta,
    /// A note, as taken down.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Stock that changed without a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockAdjustment {
    /// Its id.
    pub id: AdjustmentId,
    /// Why.
    pub reason: String,
    /// What.
    pub lines: Vec<AdjustmentLine>,
    /// Its name in the system it was taken over from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_reference: Option<String>,
}
