//! Finding products other than by name.

use std::sync::Arc;

use domain::{Category, CategoryCode, Currency, Name, Product, ProductId, TaxClass, TaxCode};
use rusqlite::{Connection, Params};

use crate::error::StoreError;
use crate::product_row::{self, product_columns};
use crate::store::Store;

impl Store {
    /// The product that a scanner means by `code`, exactly; one that is still sold before one that is not.
    pub fn product_by_barcode(&self, code: &str) -> Result<Option<Arc<Product>>, StoreError> {
        self.one_product(
            concat!(
                "SELECT ",
                product_columns!(),
                " FROM product_barcodes b CROSS JOIN products p ON p.key = b.product WHERE b.barcode = ?1"
            ),
            [code],
        )
    }

    /// The product with this code of the shop, upper and lower case being the same; one that is still sold before one that is
    /// not.
    pub fn product_by_sku(&self, sku: &str) -> Result<Option<Arc<Product>>, StoreError> {
        self.one_product(concat!("SELECT ", product_columns!(), " FROM products p WHERE p.sku = ?1"), [sku])
    }

    /// The product `id`, also one that is no longer sold.
    pub fn product(&self, id: ProductId) -> Result<Option<Arc<Product>>, StoreError> {
        self.one_product(concat!("SELECT ", product_columns!(), " FROM products p WHERE p.id = ?1"), [id.uuid().as_bytes()])
    }

    /// How products of this class are taxed; from memory.
    pub fn tax_class(&self, code: &TaxCode) -> Option<Arc<TaxClass>> {
        self.known().tax_classes.get(code).cloned()
    }

    /// The codes of the tax classes, in order; from memory.
    pub fn tax_classes(&self) -> Vec<TaxCode> {
        let mut codes: Vec<TaxCode> = self.known().tax_classes.keys().cloned().collect();
        codes.sort();
        codes
    }

    /// The categories in order, each with how many products it has.
    pub fn categories(&self) -> Result<Vec<(Category, u32)>, StoreError> {
        self.readers.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT code, zh, en, position, products FROM categories ORDER BY position, code")?;
            let mut rows = statement.query([])?;
            let mut categories = Vec::new();
            while let Some(row) = rows.next()? {
                let code =
                    CategoryCode::parse(&row.get::<_, String>(0)?).map_err(|error| StoreError::content("category", error))?;
                let name = Name { zh: row.get(1)?, en: row.get(2)? };
                categories.push((Category { code, name, position: row.get(3)? }, row.get(4)?));
            }
            Ok(categories)
        })
    }

    /// Products that are sold, of one category or of all (`None`), in the order they came into the catalogue.
    pub fn browse(&self, category: Option<&CategoryCode>, offset: u32, limit: u32) -> Result<Vec<Product>, StoreError> {
        let usual = self.usual_currency();
        self.readers.with(|connection| match category {
            Some(category) => products(
                connection,
                concat!(
                    "SELECT ",
                    product_columns!(),
                    " FROM products p WHERE p.active = 1 AND p.parent IS NULL AND p.category = ?1 ORDER BY p.key LIMIT ?2 OFFSET ?3"
                ),
                (category.as_str(), limit, offset),
                usual,
            ),
            None => products(
                connection,
                concat!("SELECT ", product_columns!(), " FROM products p WHERE p.active = 1 AND p.parent IS NULL ORDER BY p.key LIMIT ?1 OFFSET ?2"),
                (limit, offset),
                usual,
            ),
        })
    }

    pub(crate) fn usual_currency(&self) -> Currency {
        self.known().shop.currency
    }

    /// The first found product that is sold, else the first found.
    fn one_product(&self, sql: &str, params: impl Params) -> Result<Option<Arc<Product>>, StoreError> {
        let usual = self.usual_currency();
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            let mut found: Option<Product> = None;
            while let Some(row) = rows.next()? {
                let product = product_row::read(row, usual)?;
                if product.active {
                    return Ok(Some(Arc::new(product)));
                }
                found.get_or_insert(product);
            }
            Ok(found.map(Arc::new))
        })
    }
}

/// Every product that a statement gives.
pub(crate) fn products(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    usual: Currency,
) -> Result<Vec<Product>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut products = Vec::new();
    while let Some(row) = rows.next()? {
        products.push(product_row::read(row, usual)?);
    }
    Ok(products)
}
