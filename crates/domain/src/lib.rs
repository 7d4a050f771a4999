//! The rules of selling, without any I/O: money, tax, catalogue, the cart and its pricing, tenders, orders, staff and
//! their permissions, ledger postings, and the events that a terminal's journal holds.
//!
//! Nothing here reads a clock, a file or a network. Time, randomness and ids come in as arguments, so every rule can be
//! tried with plain values. Everyone may import this crate; it imports none of ours.

mod decimal_text;
#[cfg(test)]
mod example;

pub mod barcode;
pub mod cart;
pub mod catalogue;
pub mod event;
pub mod feed;
pub mod ids;
pub mod ledger;
pub mod member;
pub mod money;
pub mod order;
pub mod pricing;
pub mod promotion;
pub mod quantity;
pub mod report;
pub mod shift;
pub mod shop;
pub mod staff;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod training;

pub mod customer_order;
pub mod refund;
pub mod voids;

pub use barcode::{ScaleLayout, Scanned};
pub use cart::{Cart, CartError, CartLine, Discount, LineId};
pub use catalogue::ProductDetails;
pub use catalogue::{Category, Name, Picture, Product};
pub use event::{Event, EventError};
pub use feed::Change;
pub use ids::PriceListCode;
pub use ids::{
    AdjustmentId, Barcode, CategoryCode, CouponCode, MemberId, OrderId, PaymentId, ProductId, PromotionId, ReceiptNumber, Sku,
    StaffId, StoreCode, StoreId, TaxCode, TerminalId, TextIdError,
};
pub use ids::{LevelCode, PointsHoldId};
pub use member::{LoyaltyRules, MemberCode, PhoneNumber};
pub use money::{CashRounding, Currency, Money, MoneyError, Rounding, UnitPrice};
pub use order::OrderPoints;
pub use order::{
    AcknowledgedHead, AdjustmentLine, AppliedPromotion, DiscountKind, LineDiscount, LineTax, Order, OrderLine, Refund,
    StockAdjustment,
};
pub use pricing::{PricedCart, PricedLine};
pub use promotion::{PriceList, PricingContext, Promotion, PromotionSet};
pub use quantity::{Quantity, QuantityError, StockDelta, Unit};
pub use report::Tally;
pub use shop::{Language, MoLing, Shop};
pub use staff::{Permission, Refused, Role, Staff};
pub use tax::{TaxClass, TaxError, TaxRate, TaxRounding};
pub use tender::{Payment, Tender, TenderError, Tendering};

pub use customer_order::CustomerOrder;
pub use ids::CustomerOrderId;
pub use refund::RefundError;
