//! What holds for every cart and every set of promotions.

use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::shop::*;
use crate::cart::{Cart, Discount};
use crate::catalogue::Product;
use crate::example::{classes, cny, fen, price};
use crate::ids::{CouponCode, ProductId, Sku, TaxCode};
use crate::money::UnitPrice;
use crate::promotion::{Effect, Goods, Promotion, PromotionSet, Stacking};
use crate::quantity::{Quantity, Unit};
use crate::tax::TaxRounding;
use crate::{CategoryCode, Name};

/// Six products: four by the piece in two categories, two by weight.
fn goods() -> Vec<Arc<Product>> {
    let made = |(number, text): (u128, &str)| {
        let unit = if number < 4 { Unit::Piece } else { Unit::Kilogram };
        Arc::new(Product {
            id: ProductId::from_uuid(uuid::Uuid::from_u128(number)),
            sku: Sku::parse(&format!("P{number}")).expect("a code"),
            barcodes: Vec::new(),
            name: Name::default(),
            category: Some(CategoryCode::parse(if number % 2 == 0 { "even" } else { "odd" }).expect("a code")),
            price: price(text),
            unit,
            tax: TaxCode::parse("any").expect("a code"),
            picture: None,
            active: true,
            details: crate::ProductDetails::default(),
        })
    };
    [(0, "3.33"), (1, "0.99"), (2, "10.00"), (3, "7.77"), (4, "9.96"), (5, "0.01")].map(made).into()
}

type Line = (usize, i64, Option<i64>, bool);

/// Product, thousandths, hundredths of a percent off by hand, price by hand.
fn line() -> impl Strategy<Value = Line> {
    let by_hand = proptest::option::weighted(0.2, 0_i64..=10_000);
    (0..6_usize, 1_i64..7_000, by_hand, proptest::bool::weighted(0.1))
}

fn effect() -> impl Strategy<Value = Effect> {
    let share = || (1_i64..=100).prop_map(|percent| Decimal::new(percent, 2));
    let unit_price =
        || (1_i64..1_200).prop_map(|minor| UnitPrice::parse(&Decimal::new(minor, 2).to_string(), cny()).expect("a price"));
    let off = prop_oneof![share().prop_map(Discount::Percent), (1_i64..2_000).prop_map(|minor| Discount::Amount(fen(minor)))];
    prop_oneof![
        share().prop_map(|share| Effect::Percent { share }),
        unit_price().prop_map(|off| Effect::Amount { off }),
        unit_price().prop_map(|price| Effect::FixedPrice { price }),
        (1_u32..4, 1_u32..3, share()).prop_map(|(buy, get, share)| Effect::BuyGet { buy, get, share }),
        (2_u32..5, 0_i64..3_000).prop_map(|(count, minor)| Effect::MixAndMatch { count, price: fen(minor) }),
        (0_i64..6_000, off, any::<bool>()).prop_map(|(spend, off, every)| Effect::Threshold { spend: fen(spend), off, every }),
    ]
}

fn rule(number: u128) -> impl Strategy<Value = Promotion> {
    let stacking =
        prop_oneof![Just(Stacking::Stacks), Just(Stacking::default()), Just(Stacking::Exclusive { group: "other".to_owned() }),];
    let on = proptest::option::of(0..6_usize);
    let limit = proptest::option::weighted(0.3, 1_u32..4);
    (effect(), stacking, 0_u32..3, on, any::<bool>(), limit, proptest::bool::weighted(0.2)).prop_map(
        move |(effect, stacking, priority, on, by_category, per_order, coupon)| {
            let goods = goods();
            let product = on.map(|on| &goods[on]);
            let goods = match (product, by_category) {
                (Some(product), false) => Goods { products: vec![product.id], ..Goods::default() },
                (Some(product), true) => Goods { categories: product.category.iter().cloned().collect(), ..Goods::default() },
                (None, _) => Goods::default(),
            };
            let made = Promotion { stacking, priority, goods, per_order, ..promotion(number, effect) };
            if coupon { for_coupons(made) } else { made }
        },
    )
}

fn rules() -> impl Strategy<Value = Vec<Promotion>> {
    (0..7_usize).prop_flat_map(|count| (0..count).map(|number| rule(number as u128 + 1)).collect::<Vec<_>>())
}

fn ring_up(lines: &[Line], rules: &[Promotion], inclusive_only: bool) -> Cart {
    let (goods, classes) = (goods(), classes());
    let mut cart = Cart::new(cny(), TaxRounding::PerLine);
    for (product, milli, by_hand, own_price) in lines {
        let product = &goods[*product];
        let milli = if product.unit == Unit::Piece { (milli / 1_000 + 1) * 1_000 } else { *milli };
        let class = if inclusive_only { 1 } else { product.id.uuid().as_u128() as usize % classes.len() };
        let price = if *own_price { price("5.00") } else { product.price };
        let quantity = Quantity::from_milli(milli).expect("a quantity");
        let id = cart.add_line(Arc::clone(product), Arc::clone(&classes[class]), quantity, price).expect("added");
        if let Some(hundredths) = by_hand {
            cart.discount_line(id, Some(Discount::Percent(Decimal::new(*hundredths, 4)))).expect("given");
        }
    }
    for rule in rules.iter().filter(|rule| rule.coupon.is_some()) {
        let code = CouponCode::parse(&rule.id.to_string()).expect("a code");
        cart.present(code, rule.id, 1).expect("presented");
    }
    cart.price_by(Arc::new(PromotionSet::new(rules.to_vec(), [])), context());
    cart
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(), 0..9)
}

proptest! {
    #[test]
    fn no_line_falls_below_nothing_and_parts_add_up(lines in lines(), rules in rules()) {
        let cart = ring_up(&lines, &rules, false);
        let priced = cart.priced().expect("priced");
        let mut discount = 0;
        for line in &priced.lines {
            let off: i64 = line.line.discounts.iter().map(|given| given.amount.minor()).sum();
            prop_assert!(line.line.discounts.iter().all(|given| given.amount.minor() > 0));
            prop_assert!(off <= line.line.extended.minor() && !line.line.payable.is_negative());
            for given in &line.line.discounts {
                if let Some(rule) = given.rule {
                    prop_assert!(priced.promotions.iter().any(|applied| applied.id == rule));
                }
            }
            discount += off;
        }
        prop_assert_eq!(priced.discount.minor(), discount);
        prop_assert_eq!(priced.subtotal.minor(), priced.lines.iter().map(|line| line.line.extended.minor()).sum::<i64>());
        let trace = cart.price_trace().expect("traced");
        for (line, traced) in priced.lines.iter().zip(&trace.lines) {
            let last = traced.given.last().map_or(traced.extended, |given| given.left);
            let payable = if line.line.tax_inclusive { line.line.payable } else { line.line.net };
            prop_assert_eq!(last, payable, "the trace ends where the price does");
        }
    }

    #[test]
    fn the_order_of_scanning_does_not_change_the_total(lines in lines(), rules in rules(), seed in any::<u64>()) {
        let mut shuffled = lines.clone();
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, usize::try_from(seed % (index as u64 + 1)).expect("fits"));
        }
        let (first, second) = (ring_up(&lines, &rules, false), ring_up(&shuffled, &rules, false));
        prop_assert_eq!(first.priced().expect("priced").total, second.priced().expect("priced").total);
    }

    #[test]
    fn the_same_order_is_always_priced_alike_whatever_the_order_of_rules(lines in lines(), rules in rules()) {
        let mut reversed = rules.clone();
        reversed.reverse();
        let mut other = ring_up(&lines, &rules, false);
        let first = other.priced().expect("priced");
        prop_assert_eq!(&first, &other.priced().expect("priced"));
        other.price_by(Arc::new(PromotionSet::new(reversed, [])), context());
        prop_assert_eq!(first, other.priced().expect("priced"));
    }

    #[test]
    fn one_exclusive_of_a_group_gives_something_on_a_line(lines in lines(), rules in rules()) {
        let priced = ring_up(&lines, &rules, false).priced().expect("priced");
        for line in &priced.lines {
            let of_line = |id| rules.iter().find(|rule| Some(rule.id) == id && rule.coupon.is_none());
            let gave: Vec<&Promotion> = line.line.discounts.iter().filter_map(|given| of_line(given.rule)).collect();
            for group in ["", "other"] {
                let lines = gave.iter().filter(|rule| !matches!(rule.effect, Effect::Threshold { .. }));
                prop_assert!(lines.filter(|rule| rule.group() == Some(group)).count() <= 1);
            }
        }
    }

    #[test]
    fn without_rules_nothing_changes(lines in lines()) {
        let cart = ring_up(&lines, &[], false);
        let mut with_a_draft = cart.clone();
        let draft = Promotion { state: crate::promotion::PromotionState::Draft, ..percent(1, "0.5") };
        with_a_draft.price_by(Arc::new(PromotionSet::new([draft], [])), context());
        prop_assert_eq!(cart.priced(), with_a_draft.priced());
    }

    #[test]
    fn one_bundle_promotion_equals_the_slow_and_obvious_way(lines in lines(), effect in effect(), limit in proptest::option::of(1_usize..4)) {
        let plain: Vec<Line> = lines.iter().map(|(product, milli, ..)| (*product, *milli, None, false)).collect();
        let rule = Promotion { per_order: limit.map(|limit| limit as u32), ..promotion(1, effect.clone()) };
        let cart = ring_up(&plain, std::slice::from_ref(&rule), true);
        // Every single piece by itself, dearest first.
        let pieces = cart.lines().iter().filter(|line| line.product.unit == Unit::Piece);
        let mut pieces: Vec<i64> = pieces
            .flat_map(|line| {
                let count = usize::try_from(line.quantity.milli() / 1_000).expect("fits");
                vec![line.product.price.extend(Quantity::ONE).expect("fits").minor(); count]
            })
            .collect();
        pieces.sort_unstable_by(|a, b| b.cmp(a));
        let off = match effect {
            Effect::MixAndMatch { count, price } => {
                let bundles = pieces.chunks_exact(count as usize).take(limit.unwrap_or(usize::MAX));
                bundles.map(|bundle| (bundle.iter().sum::<i64>() - price.minor()).max(0)).sum::<i64>()
            }
            Effect::BuyGet { buy, get, share } if share == Decimal::ONE => {
                let bundles = pieces.chunks_exact((buy + get) as usize).take(limit.unwrap_or(usize::MAX));
                bundles.map(|bundle| bundle.iter().rev().take(get as usize).sum::<i64>()).sum::<i64>()
            }
            _ => return Ok(()),
        };
        prop_assert_eq!(cart.priced().expect("priced").discount, fen(off));
    }

    #[test]
    fn one_share_on_every_line_equals_the_slow_and_obvious_way(lines in lines(), percent_off in 1_i64..=100) {
        let plain: Vec<Line> = lines.iter().map(|(product, milli, ..)| (*product, *milli, None, false)).collect();
        let share = Decimal::new(percent_off, 2);
        let cart = ring_up(&plain, &[promotion(1, Effect::Percent { share })], true);
        let priced = cart.priced().expect("priced");
        for line in &priced.lines {
            let exact = Decimal::from(line.line.extended.minor()) * share;
            let rounded = crate::Rounding::HalfUp.round(exact, 0);
            let off: i64 = line.line.discounts.iter().map(|given| given.amount.minor()).sum();
            prop_assert_eq!(Decimal::from(off), rounded);
        }
    }

    #[test]
    fn another_item_never_costs_more_than_its_price_with_one_rule(lines in lines(), rule in rule(1), extra in 0..6_usize) {
        // A limit goes to what has the dearest unit, so that a dear piece may take it from a heavy cheap one.
        let rule = Promotion { per_order: None, ..rule };
        let before = ring_up(&lines, std::slice::from_ref(&rule), true).priced().expect("priced");
        let mut more = lines.clone();
        more.push((extra, 1_000, None, false));
        let after = ring_up(&more, std::slice::from_ref(&rule), true).priced().expect("priced");
        let added = after.subtotal.minor() - before.subtotal.minor();
        // One minor unit a line for what rounding may do to shares.
        let rounding = i64::try_from(more.len()).expect("fits");
        prop_assert!(after.total.minor() <= before.total.minor() + added + rounding);
    }
}
