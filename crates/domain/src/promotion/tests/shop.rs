//! Promotions and carts for the tests beside.

use std::sync::Arc;

use uuid::Uuid;

use crate::cart::{Cart, Discount};
use crate::catalogue::{Name, Product};
use crate::example::{cny, decimal, fen, price, product, quantity, tax_class};
use crate::ids::{CategoryCode, PromotionId, StoreId};
use crate::money::Money;
use crate::order::DiscountKind;
use crate::pricing::PricedCart;
use crate::promotion::{
    CouponRule, Effect, Goods, OfflineCoupon, PricingContext, Promotion, PromotionSet, PromotionState, Stacking, Window,
};
use crate::quantity::Unit;
use crate::tax::TaxRounding;

/// A Tuesday evening in store 1.
pub(super) fn context() -> PricingContext {
    PricingContext {
        now: "2026-11-24T18:00:00".parse().expect("a time"),
        member_level: None,
        store: StoreId::from_uuid(Uuid::nil()),
    }
}

/// A live promotion on everything; `number` is its id, so a lower one is older.
pub(super) fn promotion(number: u128, effect: Effect) -> Promotion {
    Promotion {
        id: PromotionId::from_uuid(Uuid::from_u128(number)),
        name: Name { zh: String::new(), en: format!("Promotion {number}") },
        state: PromotionState::Live,
        priority: 10,
        stacking: Stacking::default(),
        when: Window::default(),
        stores: Vec::new(),
        levels: Vec::new(),
        goods: Goods::default(),
        effect,
        per_order: None,
        coupon: None,
    }
}

pub(super) fn percent(number: u128, share: &str) -> Promotion {
    promotion(number, Effect::Percent { share: decimal(share) })
}

pub(super) fn buy_get(number: u128, buy: u32, get: u32, share: &str) -> Promotion {
    promotion(number, Effect::BuyGet { buy, get, share: decimal(share) })
}

pub(super) fn mix(number: u128, count: u32, minor: i64) -> Promotion {
    promotion(number, Effect::MixAndMatch { count, price: fen(minor) })
}

pub(super) fn threshold(number: u128, spend: i64, off: i64) -> Promotion {
    promotion(number, Effect::Threshold { spend: fen(spend), off: Discount::Amount(fen(off)), every: false })
}

pub(super) fn stacks(promotion: Promotion) -> Promotion {
    Promotion { stacking: Stacking::Stacks, ..promotion }
}

pub(super) fn on(promotion: Promotion, products: &[&Arc<Product>]) -> Promotion {
    let goods = Goods { products: products.iter().map(|product| product.id).collect(), ..Goods::default() };
    Promotion { goods, ..promotion }
}

pub(super) fn for_coupons(promotion: Promotion) -> Promotion {
    Promotion { coupon: Some(CouponRule { series: "A1B".to_owned(), offline: OfflineCoupon::Refuse }), ..promotion }
}

pub(super) fn piece(sku: &str, text: &str) -> Arc<Product> {
    product(sku, price(text), Unit::Piece)
}

pub(super) fn in_category(product: Arc<Product>, code: &str) -> Arc<Product> {
    Arc::new(Product { category: Some(CategoryCode::parse(code).expect("a code")), ..(*product).clone() })
}

pub(super) fn cart(lines: &[(&Arc<Product>, &str)]) -> Cart {
    let class = Arc::new(tax_class(true, &["0.13"]));
    let mut cart = Cart::new(cny(), TaxRounding::PerLine);
    for (product, count) in lines {
        cart.add_line(Arc::clone(product), Arc::clone(&class), quantity(count), product.price).expect("added");
    }
    cart
}

pub(super) fn by(mut cart: Cart, promotions: &[Promotion]) -> Cart {
    cart.price_by(Arc::new(PromotionSet::new(promotions.to_vec(), [])), context());
    cart
}

pub(super) fn priced(cart: Cart, promotions: &[Promotion]) -> PricedCart {
    by(cart, promotions).priced().expect("priced")
}

pub(super) fn total(cart: Cart, promotions: &[Promotion]) -> Money {
    priced(cart, promotions).total
}

/// What each line got from promotions and coupons.
pub(super) fn given(priced: &PricedCart) -> Vec<i64> {
    let of_rules = |kind| matches!(kind, DiscountKind::Promotion | DiscountKind::Coupon);
    let off = |line: &crate::pricing::PricedLine| {
        line.line.discounts.iter().filter(|discount| of_rules(discount.kind)).map(|discount| discount.amount.minor()).sum()
    };
    priced.lines.iter().map(off).collect()
}
