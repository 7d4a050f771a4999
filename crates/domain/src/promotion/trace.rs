//! Why a price is what it is: for each line the rules that took part, what each gave, and those that gave nothing and why.

use serde::{Deserialize, Serialize};

use super::engine::{Rules, takes_part};
use super::model::{Effect, Promotion};
use super::set::misfit;
use crate::cart::{Cart, CartError, CartLine, LineId};
use crate::catalogue::Name;
use crate::ids::{PriceListCode, PromotionId};
use crate::money::{Money, UnitPrice};
use crate::order::{DiscountKind, LineDiscount, OrderLine};
use crate::pricing::{Draft, PricedCart};
use crate::quantity::Unit;

/// Where the price of a unit comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// The catalogue.
    Catalogue,
    /// A price list.
    List {
        /// Its code.
        code: PriceListCode,
        /// Its name.
        name: Name,
    },
    /// A person.
    Hand,
}

/// Why a promotion gave nothing on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// It does not hold at this time.
    NotNow,
    /// It is another store's.
    OtherStore,
    /// It is for members of another level.
    OtherLevel,
    /// A person has set the price.
    PriceByHand,
    /// Another one was better, or came first.
    Beaten {
        /// That one.
        by: PromotionId,
    },
    /// It has been given as often as an order may have it.
    LimitReached,
    /// It would not make the line cheaper.
    NoGain,
    /// It needs more pieces.
    TooFew,
    /// So much more has to be bought.
    SpendMore {
        /// How much.
        missing: Money,
    },
}

/// A promotion that gave nothing on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostRule {
    /// Which.
    pub promotion: PromotionId,
    /// Its name.
    pub name: Name,
    /// Why.
    pub why: Lost,
}

/// Something that was taken off a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Why, how much, by which rule.
    pub discount: LineDiscount,
    /// The promotion's name; none for what a person gave.
    pub name: Option<Name>,
    /// What was left to pay then.
    pub left: Money,
}

/// How a line's price came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTrace {
    /// The line.
    pub line: LineId,
    /// The catalogue's price of one unit.
    pub catalogue: UnitPrice,
    /// The price of one unit.
    pub price: UnitPrice,
    /// Where that comes from.
    pub source: PriceSource,
    /// Quantity times price.
    pub extended: Money,
    /// What was taken off, in order; `extended` minus all of it is the price before tax, or with it where it is contained.
    pub given: Vec<Given>,
    /// What gave nothing.
    pub lost: Vec<LostRule>,
}

/// How an order's prices came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTrace {
    /// Line by line.
    pub lines: Vec<LineTrace>,
}

impl Cart {
    /// Says how each line's price came about.
    pub fn price_trace(&self) -> Result<PriceTrace, CartError> {
        let priced = self.priced()?;
        let lines = self.lines().iter().zip(&priced.lines).map(|(line, of)| self.trace_line(line, &of.line, &priced));
        Ok(PriceTrace { lines: lines.collect::<Result<_, _>>()? })
    }

    fn trace_line(&self, line: &CartLine, sold: &OrderLine, priced: &PricedCart) -> Result<LineTrace, CartError> {
        let mut left = sold.extended;
        let mut given = Vec::new();
        for discount in &sold.discounts {
            left = left.minus(discount.amount)?;
            let name = priced.promotions.iter().find(|known| Some(known.id) == discount.rule).map(|known| known.name.clone());
            given.push(Given { discount: *discount, name, left });
        }
        let list = priced.price_lists.iter().find(|(id, _)| *id == line.id).map(|(_, code)| code);
        let source = match (list, line.price_override) {
            (Some(code), _) => {
                let lists = self.rules().map(|rules| rules.set.price_lists()).unwrap_or_default();
                let name = lists.iter().find(|list| list.code == *code).map(|list| list.name.clone()).unwrap_or_default();
                PriceSource::List { code: code.clone(), name }
            }
            (None, Some(_)) => PriceSource::Hand,
            (None, None) => PriceSource::Catalogue,
        };
        let lost = self.rules().map(|rules| lost(self, rules, line, sold, priced)).transpose()?.unwrap_or_default();
        let (catalogue, price, extended) = (line.product.price, sold.unit_price, sold.extended);
        Ok(LineTrace { line: line.id, catalogue, price, source, extended, given, lost })
    }
}

fn lost(cart: &Cart, rules: &Rules, line: &CartLine, sold: &OrderLine, priced: &PricedCart) -> Result<Vec<LostRule>, CartError> {
    let set = &rules.set;
    let product = &line.product;
    let mut candidates = set.line_rules(product);
    if product.unit == Unit::Piece {
        candidates.extend(set.bundle_rules(product));
    }
    candidates.extend(set.order_rules().iter().copied().filter(|rule| set.rule(*rule).goods.contain(product)));
    candidates.sort_unstable();
    let gave = |id: PromotionId| sold.discounts.iter().any(|discount| discount.rule == Some(id));
    let draft = Draft {
        line,
        price: sold.unit_price,
        price_list: None,
        extended: sold.extended,
        discounts: Vec::new(),
        remaining: sold.extended,
    };
    let mut found = Vec::new();
    for promotion in candidates.into_iter().map(|rule| set.rule(rule)).filter(|promotion| !gave(promotion.id)) {
        let why = match misfit(promotion, &rules.context) {
            Some(misfit) => misfit,
            None => why(cart, rules, promotion, &draft, sold, priced)?,
        };
        found.push(LostRule { promotion: promotion.id, name: promotion.name.clone(), why });
    }
    Ok(found)
}

/// Why a promotion that holds here and now gave nothing on a line.
fn why(
    cart: &Cart,
    rules: &Rules,
    promotion: &Promotion,
    draft: &Draft<'_>,
    sold: &OrderLine,
    priced: &PricedCart,
) -> Result<Lost, CartError> {
    let of_order = matches!(promotion.effect, Effect::Threshold { .. });
    if !of_order && !takes_part(draft) {
        return Ok(Lost::PriceByHand);
    }
    let bundle = |promotion: &Promotion| matches!(promotion.effect, Effect::BuyGet { .. } | Effect::MixAndMatch { .. });
    let automatic = sold.discounts.iter().filter(|discount| discount.kind == DiscountKind::Promotion);
    let others = automatic.filter_map(|discount| rules.set.promotion(discount.rule?));
    let stage = |other: &Promotion| matches!(other.effect, Effect::Threshold { .. }) == of_order;
    for other in others.filter(|other| stage(other)) {
        let same_group = promotion.group().is_some() && promotion.group() == other.group();
        if same_group || bundle(promotion) && bundle(other) {
            return Ok(Lost::Beaten { by: other.id });
        }
    }
    let given_elsewhere =
        priced.lines.iter().flat_map(|line| &line.line.discounts).any(|discount| discount.rule == Some(promotion.id));
    if given_elsewhere && promotion.per_order.is_some() {
        return Ok(Lost::LimitReached);
    }
    if bundle(promotion) {
        return Ok(Lost::TooFew);
    }
    if let Effect::Threshold { spend, .. } = &promotion.effect {
        let missing = spend.minus(spent(cart, rules, promotion, priced)?)?;
        return Ok(if missing.minor() > 0 { Lost::SpendMore { missing } } else { Lost::NoGain });
    }
    Ok(Lost::NoGain)
}

/// What was left to pay for a promotion's goods before order promotions began.
fn spent(cart: &Cart, rules: &Rules, promotion: &Promotion, priced: &PricedCart) -> Result<Money, CartError> {
    let mut spent = Money::zero(priced.total.currency());
    let before = |discount: &&LineDiscount| match discount.kind {
        DiscountKind::Line => true,
        DiscountKind::Promotion => {
            let by = discount.rule.and_then(|rule| rules.set.promotion(rule));
            !by.is_some_and(|by| matches!(by.effect, Effect::Threshold { .. }))
        }
        _ => false,
    };
    for (_, line) in cart.lines().iter().zip(&priced.lines).filter(|(line, _)| promotion.goods.contain(&line.product)) {
        spent = spent.plus(line.line.extended)?;
        for discount in line.line.discounts.iter().filter(before) {
            spent = spent.minus(discount.amount)?;
        }
    }
    Ok(spent)
}
