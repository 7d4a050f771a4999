//! What a shop sells.

use serde::{Deserialize, Serialize};

use crate::ids::{Barcode, CategoryCode, ProductId, Sku, TaxCode};
use crate::money::UnitPrice;
use crate::quantity::{StockDelta, Unit};
use crate::shop::Language;

/// A name in Simplified Chinese and English; one of them may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// Simplified Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Name {
    /// The name in `language`, or in the other one where that is missing.
    pub fn in_language(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::Zh => (&self.zh, &self.en),
            Language::En => (&self.en, &self.zh),
        };
        if first.is_empty() { second } else { first }
    }
}

/// The name of a picture in the shop's picture set.
pub type Picture = String;

/// A product as the till sells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id, the same in every store.
    pub id: ProductId,
    /// The shop's own code.
    pub sku: Sku,
    /// What a scanner may read for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barcodes: Vec<Barcode>,
    /// Its names.
    pub name: Name,
    /// Where it is found on the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// The price of one unit.
    pub price: UnitPrice,
    /// What one unit is.
    #[serde(default)]
    pub unit: Unit,
    /// How it is taxed.
    pub tax: TaxCode,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// False: no longer sold; kept for old receipts.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub active: bool,
    /// What only some products have.
    #[serde(default, skip_serializing_if = "ProductDetails::is_empty")]
    pub details: ProductDetails,
}

/// What only some products have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProductDetails {
    /// What a customer chooses by (size, colour). A product that has them is sold as one of its variants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Name>,
    /// The product that this one is a variant of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_of: Option<ProductId>,
    /// What this variant is in each of that product's options: `M`, `red`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Name>,
    /// Years that a customer must have reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<u8>,
    /// At this much in stock or less, more should be ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder_at: Option<StockDelta>,
}

impl ProductDetails {
    /// True for a product that has none of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// True for a product that is sold only as one of its variants.
    pub fn is_parent(&self) -> bool {
        !self.options.is_empty()
    }
}

/// A group of products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its code.
    pub code: CategoryCode,
    /// Its names.
    pub name: Name,
    /// Its place among the others, from 0.
    pub position: u32,
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_yes(value: &bool) -> bool {
    *value
}
