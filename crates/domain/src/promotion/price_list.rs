//! Price lists: other prices than the catalogue's, for some stores, member levels, times or quantities.

use serde::{Deserialize, Serialize};

use super::model::PromotionError;
use super::set::PricingContext;
use super::window::Window;
use crate::catalogue::Name;
use crate::ids::{LevelCode, PriceListCode, ProductId, StoreId};
use crate::money::{Currency, UnitPrice};
use crate::quantity::Quantity;

/// The price of a product from a quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPrice {
    /// The product.
    pub product: ProductId,
    /// The least quantity, of all lines of the order together; none: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Quantity>,
    /// The price of one unit.
    pub price: UnitPrice,
}

/// A price list. Of several that hold the one with the lowest priority number counts; of equal ones the cheaper price, then
/// the code. Within a list the price of the largest quantity that is reached counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    /// Its code.
    pub code: PriceListCode,
    /// Its name.
    pub name: Name,
    /// Lower comes first.
    #[serde(default)]
    pub priority: u32,
    /// When it holds.
    #[serde(default)]
    pub when: Window,
    /// Where it holds; none given: in every store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
    /// For members of which level; none given: for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelCode>,
    /// The prices.
    pub prices: Vec<ListPrice>,
    /// False: it is forgotten.
    #[serde(default = "yes")]
    pub active: bool,
}

impl PriceList {
    /// True when it holds in `context`.
    pub fn holds(&self, context: &PricingContext) -> bool {
        let level = |levels: &[LevelCode]| context.member_level.as_ref().is_some_and(|level| levels.contains(level));
        self.when.contains(context.now)
            && (self.stores.is_empty() || self.stores.contains(&context.store))
            && (self.levels.is_empty() || level(&self.levels))
    }

    /// Ok when every price is in `currency`.
    pub fn validate(&self, currency: Currency) -> Result<(), PromotionError> {
        match self.prices.iter().find(|price| price.price.currency() != currency) {
            Some(foreign) => Err(PromotionError::Currency { found: foreign.price.currency(), expected: currency }),
            None => Ok(()),
        }
    }
}

fn yes() -> bool {
    true
}
