//! Pricing a cart of 50 lines with 500 active promotions, against the same cart without any.

use std::sync::Arc;

use domain::promotion::{Effect, Goods, PromotionState, Stacking, Window};
use domain::{
    Cart, CategoryCode, Currency, Discount, Money, Name, PricingContext, Product, Promotion, PromotionId, PromotionSet, Quantity,
    StoreId, TaxClass, TaxRounding, UnitPrice,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::measure::{alternate, time};
use crate::report::Row;
use crate::{Failure, goods};

const LINES: u64 = 50;
const PROMOTIONS: u64 = 500;
/// Products that promotions are spread over; the cart is made of some of them.
const PRODUCTS: u64 = 400;
const CATEGORIES: u64 = 20;
const ROUNDS: usize = 400;

/// Pricing, and making the promotions ready after a change of the feed.
pub fn rows() -> Result<Vec<Row>, Failure> {
    let products: Vec<Arc<Product>> = (0..PRODUCTS).map(product).collect();
    let currency = products[0].price.currency();
    let promotions: Vec<Promotion> = (0..PROMOTIONS).map(|number| promotion(number, &products, currency)).collect();
    let (compiled, set) = time(|| Arc::new(PromotionSet::new(promotions, [])));
    let now = jiff::civil::date(2026, 11, 24).at(18, 0, 0, 0);
    let context = PricingContext { now, member_level: None, store: StoreId::generate() };
    let mut rng = StdRng::seed_from_u64(3);
    let plain = (0..16).map(|_| cart(&products, currency, &mut rng)).collect::<Result<Vec<_>, _>>()?;
    let by_rules: Vec<Cart> = plain
        .iter()
        .map(|cart| {
            let mut cart = cart.clone();
            cart.price_by(Arc::clone(&set), context.clone());
            cart
        })
        .collect();
    let price = |cart: &Cart| cart.priced().map(|priced| drop(std::hint::black_box(priced)));
    let (ours, _) =
        alternate(40, ROUNDS, |round| price(&by_rules[round % by_rules.len()]), |round| price(&plain[round % plain.len()]))?;
    Ok(vec![
        Row::at_most("pricing 50 lines by 500 promotions, p50", ours.quantile(0.5), "ms", 2.0),
        Row::at_most("pricing 50 lines by 500 promotions, p99", ours.quantile(0.99), "ms", 2.0),
        Row::at_most("making 500 promotions ready", compiled, "ms", 20.0),
    ])
}

fn product(number: u64) -> Arc<Product> {
    let category = CategoryCode::parse(&format!("c{}", number % CATEGORIES)).ok();
    Arc::new(Product { category, ..goods::product(number) })
}

/// Every kind of promotion in turn: most on a few products, some on a category, few on everything.
fn promotion(number: u64, products: &[Arc<Product>], currency: Currency) -> Promotion {
    let minor = |minor: i64| Money::from_minor(minor, currency);
    let place = |offset: u64| usize::try_from((number * 7 + offset) % PRODUCTS).unwrap_or(0);
    let share = |percent: u64| rust_decimal_share(percent);
    let effect = match number % 6 {
        0 => Effect::Percent { share: share(5 + number % 20) },
        1 => Effect::Amount { off: UnitPrice::parse("0.5", currency).unwrap_or(products[0].price) },
        2 => Effect::FixedPrice { price: UnitPrice::parse("3.9", currency).unwrap_or(products[0].price) },
        3 => Effect::BuyGet { buy: 2, get: 1, share: share(100) },
        4 => Effect::MixAndMatch { count: 3, price: minor(1_000) },
        _ => Effect::Threshold { spend: minor(5_000), off: Discount::Amount(minor(300)), every: false },
    };
    let goods = match number % 10 {
        0 => Goods { categories: products[place(0)].category.iter().cloned().collect(), ..Goods::default() },
        1 if number < 30 => Goods::default(),
        _ => Goods { products: (0..4).map(|offset| products[place(offset)].id).collect(), ..Goods::default() },
    };
    let stacking = if number % 3 == 0 { Stacking::Stacks } else { Stacking::Exclusive { group: format!("g{}", number % 4) } };
    Promotion {
        id: PromotionId::generate(),
        name: Name { zh: String::new(), en: format!("Promotion {number}") },
        state: PromotionState::Live,
        priority: u32::try_from(number % 5).unwrap_or(0),
        stacking,
        when: Window::default(),
        stores: Vec::new(),
        levels: Vec::new(),
        goods,
        effect,
        per_order: None,
        coupon: None,
    }
}

fn rust_decimal_share(percent: u64) -> rust_decimal::Decimal {
    rust_decimal::Decimal::from(percent) / rust_decimal::Decimal::ONE_HUNDRED
}

fn cart(products: &[Arc<Product>], currency: Currency, rng: &mut StdRng) -> Result<Cart, domain::CartError> {
    let class = Arc::new(TaxClass { code: products[0].tax.clone(), name: Name::default(), inclusive: true, rates: Vec::new() });
    let mut cart = Cart::new(currency, TaxRounding::PerLine);
    for _ in 0..LINES {
        let product = &products[rng.random_range(0..products.len())];
        let quantity = Quantity::from_milli(1_000 * rng.random_range(1..4))?;
        cart.add_line(Arc::clone(product), Arc::clone(&class), quantity, product.price)?;
    }
    Ok(cart)
}
