//! Promotions and price lists made ready for pricing: found by product and category, in order of application. Made once when
//! the feed changes, then shared by every order.

use std::collections::HashMap;

use jiff::civil::DateTime;

use super::model::{Effect, Promotion, PromotionState};
use super::price_list::PriceList;
use super::trace::Lost;
use crate::catalogue::Product;
use crate::ids::{CategoryCode, LevelCode, ProductId, PromotionId, StoreId};
use crate::money::UnitPrice;
use crate::quantity::Quantity;

/// Where, when and for whom an order is priced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricingContext {
    /// The store's own date and time.
    pub now: DateTime,
    /// The level of the member that it is sold to.
    pub member_level: Option<LevelCode>,
    /// The store.
    pub store: StoreId,
}

/// Rules by what they are given on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Index {
    products: HashMap<ProductId, Vec<usize>>,
    categories: HashMap<CategoryCode, Vec<usize>>,
    everything: Vec<usize>,
}

impl Index {
    fn add(&mut self, rule: usize, promotion: &Promotion) {
        let goods = &promotion.goods;
        if goods.products.is_empty() && goods.categories.is_empty() {
            self.everything.push(rule);
        }
        for product in &goods.products {
            self.products.entry(*product).or_default().push(rule);
        }
        for category in &goods.categories {
            self.categories.entry(category.clone()).or_default().push(rule);
        }
    }

    fn of(&self, product: &Product) -> Vec<usize> {
        let by_product = self.products.get(&product.id).into_iter().flatten();
        let by_category = product.category.as_ref().and_then(|category| self.categories.get(category)).into_iter().flatten();
        let mut found: Vec<usize> = by_product.chain(by_category).chain(&self.everything).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A price of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Priced {
    list: usize,
    from: Option<Quantity>,
    price: UnitPrice,
}

/// Live promotions and active price lists, ready for pricing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PromotionSet {
    /// In order of application: by priority, then id.
    rules: Vec<Promotion>,
    line: Index,
    bundles: Index,
    order: Vec<usize>,
    coupons: HashMap<PromotionId, usize>,
    /// By priority, then code.
    lists: Vec<PriceList>,
    prices: HashMap<ProductId, Vec<Priced>>,
}

impl PromotionSet {
    /// Makes the live ones of `promotions` and the active ones of `lists` ready.
    pub fn new(promotions: impl IntoIterator<Item = Promotion>, lists: impl IntoIterator<Item = PriceList>) -> Self {
        let mut rules: Vec<Promotion> =
            promotions.into_iter().filter(|promotion| promotion.state == PromotionState::Live).collect();
        rules.sort_by_key(|promotion| (promotion.priority, promotion.id));
        let mut set = Self::default();
        for (rule, promotion) in rules.iter().enumerate() {
            match (&promotion.coupon, &promotion.effect) {
                (Some(_), _) => {
                    set.coupons.insert(promotion.id, rule);
                }
                (None, Effect::Threshold { .. }) => set.order.push(rule),
                (None, Effect::BuyGet { .. } | Effect::MixAndMatch { .. }) => set.bundles.add(rule, promotion),
                (None, _) => set.line.add(rule, promotion),
            }
        }
        set.rules = rules;
        set.lists = lists.into_iter().filter(|list| list.active).collect();
        set.lists.sort_by(|a, b| a.priority.cmp(&b.priority).then_with(|| a.code.cmp(&b.code)));
        for (list, prices) in set.lists.iter().enumerate() {
            for price in &prices.prices {
                let priced = Priced { list, from: price.from, price: price.price };
                set.prices.entry(price.product).or_default().push(priced);
            }
        }
        set
    }

    /// True when nothing in it can change a price.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.lists.is_empty()
    }

    /// The live promotions, in order of application.
    pub fn promotions(&self) -> &[Promotion] {
        &self.rules
    }

    /// The active price lists, in order.
    pub fn price_lists(&self) -> &[PriceList] {
        &self.lists
    }

    /// The live promotion `id`.
    pub fn promotion(&self, id: PromotionId) -> Option<&Promotion> {
        self.rules.iter().find(|promotion| promotion.id == id)
    }

    /// The live promotion that the coupons of `series` belong to.
    pub fn promotion_of_series(&self, series: &str) -> Option<&Promotion> {
        self.rules.iter().find(|promotion| promotion.coupon.as_ref().is_some_and(|rule| rule.series == series))
    }

    pub(super) fn rule(&self, rule: usize) -> &Promotion {
        &self.rules[rule]
    }

    /// Line promotions for `product`, in order.
    pub(super) fn line_rules(&self, product: &Product) -> Vec<usize> {
        self.kept(self.line.of(product), product)
    }

    /// Bundles that `product` may be in, in order.
    pub(super) fn bundle_rules(&self, product: &Product) -> Vec<usize> {
        self.kept(self.bundles.of(product), product)
    }

    /// Promotions of the whole order, in order.
    pub(super) fn order_rules(&self) -> &[usize] {
        &self.order
    }

    pub(super) fn coupon_rule(&self, promotion: PromotionId) -> Option<usize> {
        self.coupons.get(&promotion).copied()
    }

    fn kept(&self, mut rules: Vec<usize>, product: &Product) -> Vec<usize> {
        rules.retain(|rule| !self.rules[*rule].goods.except.contains(&product.id));
        rules
    }

    /// The price of `product` when `together` of it are in the order, and the list that names it.
    pub(super) fn list_price(
        &self,
        product: &Product,
        together: Quantity,
        context: &PricingContext,
    ) -> Option<(&PriceList, UnitPrice)> {
        let prices = self.prices.get(&product.id)?;
        let reached = |priced: &&Priced| {
            priced.from.is_none_or(|from| together >= from)
                && priced.price.currency() == product.price.currency()
                && self.lists[priced.list].holds(context)
        };
        let step = |priced: &Priced| priced.from.map_or(0, Quantity::milli);
        let mut best: Option<&Priced> = None;
        for priced in prices.iter().filter(reached) {
            let better = best.is_none_or(|known| {
                if known.list == priced.list {
                    (step(priced), std::cmp::Reverse(priced.price.value()))
                        > (step(known), std::cmp::Reverse(known.price.value()))
                } else {
                    let (mine, theirs) = (self.lists[priced.list].priority, self.lists[known.list].priority);
                    mine < theirs || mine == theirs && priced.price.value() < known.price.value()
                }
            });
            if better {
                best = Some(priced);
            }
        }
        best.map(|priced| (&self.lists[priced.list], priced.price))
    }
}

/// Why `promotion` gives nothing in `context`, whatever is bought.
pub(super) fn misfit(promotion: &Promotion, context: &PricingContext) -> Option<Lost> {
    if !promotion.stores.is_empty() && !promotion.stores.contains(&context.store) {
        return Some(Lost::OtherStore);
    }
    if !promotion.when.contains(context.now) {
        return Some(Lost::NotNow);
    }
    let level = context.member_level.as_ref();
    if !promotion.levels.is_empty() && !level.is_some_and(|level| promotion.levels.contains(level)) {
        return Some(Lost::OtherLevel);
    }
    None
}
