//! Values and generators for the tests of this crate.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::ids::{OrderId, PaymentId, ProductId, ReceiptNumber, Sku, StoreCode, TaxCode};
use crate::money::{Currency, Money, UnitPrice};
use crate::order::Order;
use crate::pricing::PricedCart;
use crate::quantity::{Quantity, Unit};
use crate::shop::MoLing;
use crate::tax::{TaxClass, TaxRate, TaxRounding};
use crate::tender::Tendering;
use crate::{Cart, Discount, Name, Product};

pub(crate) fn cny() -> Currency {
    Currency::parse("CNY").expect("a currency")
}

/// Fen.
pub(crate) fn fen(minor: i64) -> Money {
    Money::from_minor(minor, cny())
}

pub(crate) fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a decimal")
}

pub(crate) fn price(text: &str) -> UnitPrice {
    UnitPrice::parse(text, cny()).expect("a price")
}

pub(crate) fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).expect("a quantity")
}

/// A class with these rates.
pub(crate) fn tax_class(inclusive: bool, rates: &[&str]) -> TaxClass {
    let code = format!("{}{}", if inclusive { "in" } else { "ex" }, rates.join("+"));
    let rates = rates.iter().map(|rate| TaxRate { code: "VAT".to_owned(), rate: decimal(rate) }).collect();
    TaxClass { code: TaxCode::parse(&code).expect("a code"), name: Name::default(), inclusive, rates }
}

/// A product sold by weight, so that every quantity fits.
pub(crate) fn product(sku: &str, unit_price: UnitPrice, unit: Unit) -> Arc<Product> {
    Arc::new(Product {
        id: ProductId::generate(),
        sku: Sku::parse(sku).expect("a code"),
        barcodes: Vec::new(),
        name: Name { zh: "苹果".to_owned(), en: "Apple".to_owned() },
        category: None,
        price: unit_price,
        unit,
        tax: TaxCode::parse("any").expect("a code"),
        picture: None,
        active: true,
        details: crate::catalogue::ProductDetails::default(),
    })
}

/// A cart of one line.
pub(crate) fn cart_of(unit_price: UnitPrice, class: TaxClass) -> Cart {
    let mut cart = Cart::new(unit_price.currency(), TaxRounding::PerLine);
    cart.add(product("A", unit_price, Unit::Piece), Arc::new(class), Quantity::ONE).expect("added");
    cart
}

/// The order that a paid cart becomes.
pub(crate) fn order_of(priced: PricedCart, tendering: Tendering) -> Order {
    let settled = tendering.settle().expect("paid");
    Order {
        id: OrderId::generate(),
        receipt: ReceiptNumber::compose(&StoreCode::parse("S1").expect("a code"), 2, 123),
        currency: priced.total.currency(),
        lines: priced.lines.into_iter().map(|line| line.line).collect(),
        total: priced.total,
        tax: priced.tax,
        rounding: settled.rounding,
        payments: settled.payments,
        external_reference: None,
        member: None,
        points: None,
        note: String::new(),
        promotions: Vec::new(),
        coupons: Vec::new(),
        acknowledged: None,
    }
}

pub(crate) fn payment_id() -> PaymentId {
    PaymentId::generate()
}

/// A file of the shared test vectors, which lie beside the repository; `None`, and a line that says so, where they do not.
pub(crate) fn vectors(name: &str) -> Option<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(name);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Some(serde_json::from_str(&text).expect("JSON"));
    }
    // Written past the test harness, which would swallow what a passing test prints.
    let _ = writeln!(std::io::stderr(), "skipped: the shared vectors {} are not beside the repository", path.display());
    None
}

/// The tax classes of several countries: none, one and two rates, inside and on top.
pub(crate) fn classes() -> Vec<Arc<TaxClass>> {
    let made = [
        tax_class(true, &[]),
        tax_class(true, &["0.13"]),
        tax_class(true, &["0.06"]),
        tax_class(true, &["0.05", "0.09975"]),
        tax_class(false, &["0.0825"]),
        tax_class(false, &["0.05", "0.09975"]),
        tax_class(false, &[]),
    ];
    made.into_iter().map(Arc::new).collect()
}

fn discount() -> impl Strategy<Value = Discount> {
    prop_oneof![
        (0_i64..=10_000).prop_map(|hundredths| Discount::Percent(Decimal::new(hundredths, 4))),
        (0_i64..50_000).prop_map(|minor| Discount::Amount(fen(minor))),
    ]
}

/// A line to ring up: thousandths of a yuan, thousandths of a kilogram, class, discount.
fn line() -> impl Strategy<Value = (i64, i64, usize, Option<Discount>)> {
    let milli_price = prop_oneof![Just(0_i64), 1_i64..2_000_000];
    (milli_price, 1_i64..20_000, 0..classes().len(), proptest::option::weighted(0.3, discount()))
}

/// A cart as it may come about; discounts that do not fit are left out, as the cart refuses them.
pub(crate) fn any_cart() -> impl Strategy<Value = Cart> {
    let mo_ling = prop_oneof![Just(None), (Just(10_u32), 1_u32..20).prop_map(Some), (Just(100_u32), 1_u32..200).prop_map(Some)];
    let rounding = prop_oneof![Just(TaxRounding::PerLine), Just(TaxRounding::PerTotal)];
    let lines = proptest::collection::vec(line(), 1..9);
    (lines, proptest::option::weighted(0.5, discount()), mo_ling, rounding).prop_map(|(lines, discount, mo_ling, rounding)| {
        let classes = classes();
        let mut cart = Cart::new(cny(), rounding);
        for (index, (milli_price, milli, class, discount)) in lines.into_iter().enumerate() {
            let unit_price = price(&Decimal::new(milli_price, 3).to_string());
            let sold = product(&format!("P{index}"), unit_price, Unit::Kilogram);
            let quantity = Quantity::from_milli(milli).expect("a quantity");
            let id = cart.add(sold, Arc::clone(&classes[class]), quantity).expect("added");
            let _ = cart.discount_line(id, discount);
        }
        let _ = cart.discount_order(discount);
        let rule = mo_ling.map(|(step_minor, cap_minor)| MoLing { step_minor, cap_minor });
        cart.set_mo_ling(rule).expect("抹零 always fits");
        cart
    })
}
