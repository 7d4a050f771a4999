//! What the hub knows before an import.

use std::collections::BTreeMap;
use std::collections::HashMap;

use domain::{Barcode, Category, CategoryCode, Change, Currency, Product, ProductId, Sku, TaxCode};

/// A SKU as products are told apart by it: `85123A` and `85123a` are one product.
pub(super) fn folded(sku: &Sku) -> String {
    sku.as_str().to_lowercase()
}

/// A store's catalogue, and the ids that other stores sell the same products under.
pub(super) struct Known {
    /// The store's currency.
    pub currency: Currency,
    /// By folded SKU.
    pub products: HashMap<String, Product>,
    /// Whose barcode, by folded SKU.
    pub barcodes: HashMap<Barcode, String>,
    /// The store's categories.
    pub categories: BTreeMap<CategoryCode, Category>,
    /// The store's tax classes.
    pub taxes: Vec<TaxCode>,
    ids_elsewhere: HashMap<String, ProductId>,
}

impl Known {
    /// What `changes` say of a store.
    pub(super) fn new(currency: Currency, changes: Vec<Change>) -> Self {
        let (products, barcodes, ids_elsewhere) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut known = Self { currency, products, barcodes, categories: BTreeMap::new(), taxes: Vec::new(), ids_elsewhere };
        for change in changes {
            match change {
                Change::Product(product) => {
                    let sku = folded(&product.sku);
                    known.barcodes.extend(product.barcodes.iter().map(|barcode| (barcode.clone(), sku.clone())));
                    known.products.insert(sku, product);
                }
                Change::Category(category) => drop(known.categories.insert(category.code.clone(), category)),
                Change::TaxClass(class) => known.taxes.push(class.code),
                Change::Shop(_) | Change::Staff(_) | Change::Stock { .. } => {}
                Change::Member(_) | Change::MemberGone { .. } | Change::Loyalty(_) => {}
            }
        }
        known
    }

    /// A product has one id in all stores: takes over those of another store.
    pub(super) fn take_ids_from(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Product(product) = change {
                self.ids_elsewhere.entry(folded(&product.sku)).or_insert(product.id);
            }
        }
    }

    /// The id of a product that this store does not sell yet.
    pub(super) fn new_id(&self, sku: &Sku) -> ProductId {
        self.ids_elsewhere.get(&folded(sku)).copied().unwrap_or_else(ProductId::generate)
    }
}
