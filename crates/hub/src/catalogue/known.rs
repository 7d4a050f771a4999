//! What the hub knows before an import.

use std::collections::{BTreeMap, HashMap};

use domain::{Category, CategoryCode, Change, Currency, Product, ProductId, Sku, TaxCode};
use sha2::{Digest, Sha256};

use crate::database::{DatabaseError, Session};
use crate::error::HubError;

/// Rows that are read in one go.
const CHUNK: i64 = 5_000;

/// Stands for a code: the first half of its SHA-256, so that a million codes fit into memory.
pub(super) type CodeHash = [u8; 16];

/// A code's hash.
pub(super) fn hash(text: &str) -> CodeHash {
    let digest = Sha256::digest(text.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

/// A SKU as products are told apart by it: `85123A` and `85123a` are one product.
pub(super) fn folded(sku: &str) -> CodeHash {
    hash(&sku.to_lowercase())
}

/// A store's catalogue, and the ids that other stores sell the same products under.
pub(super) struct Known {
    /// The store's currency.
    pub currency: Currency,
    /// By SKU.
    pub products: HashMap<CodeHash, ProductId>,
    /// Whose barcode.
    pub barcodes: HashMap<CodeHash, CodeHash>,
    /// The store's categories.
    pub categories: BTreeMap<CategoryCode, Category>,
    /// The store's tax classes.
    pub taxes: Vec<TaxCode>,
    ids_elsewhere: HashMap<CodeHash, ProductId>,
}

impl Known {
    /// Nothing yet.
    pub(super) fn new(currency: Currency) -> Self {
        let (products, barcodes, ids_elsewhere) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { currency, products, barcodes, categories: BTreeMap::new(), taxes: Vec::new(), ids_elsewhere }
    }

    /// Reads the feed of store `number`, and of the others the ids of their products.
    pub(super) fn read(session: &mut Session<'_>, number: i64, currency: Currency) -> Result<Self, HubError> {
        let mut known = Self::new(currency);
        each_change(session, number, |change| known.learn(change))?;
        let others = session.query("SELECT number FROM stores WHERE number <> $1", &[number.into()], |row| row.int(0))?;
        for other in others {
            each_change(session, other, |change| known.learn_id(&change))?;
        }
        Ok(known)
    }

    /// Takes in what the feed says.
    pub(super) fn learn(&mut self, change: Change) {
        match change {
            Change::Product(product) => {
                let sku = folded(product.sku.as_str());
                self.barcodes.extend(product.barcodes.iter().map(|barcode| (hash(barcode.as_str()), sku)));
                self.products.insert(sku, product.id);
            }
            Change::Category(category) => drop(self.categories.insert(category.code.clone(), category)),
            Change::TaxClass(class) => self.taxes.push(class.code),
            _ => {}
        }
    }

    /// A product has one id in all stores: takes over that of another store.
    pub(super) fn learn_id(&mut self, change: &Change) {
        if let Change::Product(product) = change {
            self.ids_elsewhere.entry(folded(product.sku.as_str())).or_insert(product.id);
        }
    }

    /// The id of a product that this store does not sell yet.
    pub(super) fn new_id(&self, sku: &Sku) -> ProductId {
        self.ids_elsewhere.get(&folded(sku.as_str())).copied().unwrap_or_else(ProductId::generate)
    }
}

/// Hands everything in a store's feed to `each`.
fn each_change(session: &mut Session<'_>, number: i64, mut each: impl FnMut(Change)) -> Result<(), HubError> {
    let mut after = 0_i64;
    loop {
        let rows = session.query(
            "SELECT position, change FROM feed WHERE store = $1 AND position > $2 ORDER BY position LIMIT $3",
            &[number.into(), after.into(), CHUNK.into()],
            |row| Ok::<_, DatabaseError>((row.int(0)?, row.text(1)?)),
        )?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (_, change) in &rows {
            each(crate::feed::read(change)?);
        }
    }
}

/// What the feed says of product `id`.
pub(super) fn product(session: &mut Session<'_>, number: i64, id: ProductId) -> Result<Option<Product>, HubError> {
    let key = format!("product:{id}");
    let sql = "SELECT change FROM feed WHERE key = $1 AND store = $2";
    let text = session.query_one(sql, &[(&key).into(), number.into()], |row| row.text(0))?;
    match text.as_deref().map(crate::feed::read).transpose()? {
        Some(Change::Product(product)) => Ok(Some(product)),
        _ => Ok(None),
    }
}
