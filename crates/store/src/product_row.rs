//! A product as a row: reading it back costs little more than the statement itself.

use domain::ProductDetails;
use domain::{Barcode, CategoryCode, Currency, Name, Product, ProductId, Sku, TaxCode, Unit, UnitPrice};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::error::StoreError;

/// The columns that [`read`] takes, in its order.
macro_rules! product_columns {
    () => {
        "p.id, p.sku, p.barcodes, p.zh, p.en, p.category, p.price, p.currency, p.unit, p.tax, p.picture, p.active, p.details"
    };
}
pub(crate) use product_columns;

/// Between the barcodes of one product; no barcode holds a control character.
const SEPARATOR: char = '\n';

/// Reads a product from the columns of [`product_columns!`]. `usual` is the currency that most are priced in.
pub(crate) fn read(row: &Row<'_>, usual: Currency) -> Result<Product, StoreError> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let optional = |column: usize| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
    let currency = text(7)?;
    let currency = if currency == usual.code() { usual } else { Currency::parse(currency).map_err(wrong)? };
    Ok(Product {
        id: ProductId::from_uuid(uuid_from_blob(row.get_ref(0)?)?),
        sku: Sku::parse(text(1)?).map_err(wrong)?,
        barcodes: split_barcodes(text(2)?).map(Barcode::parse).collect::<Result<_, _>>().map_err(wrong)?,
        name: Name { zh: text(3)?.to_owned(), en: text(4)?.to_owned() },
        category: optional(5)?.map(CategoryCode::parse).transpose().map_err(wrong)?,
        price: UnitPrice::parse(text(6)?, currency).map_err(wrong)?,
        unit: read_unit(text(8)?)?,
        tax: TaxCode::parse(text(9)?).map_err(wrong)?,
        picture: optional(10)?.map(ToOwned::to_owned),
        active: row.get(11)?,
        details: match text(12)? {
            "" => ProductDetails::default(),
            json => serde_json::from_str(json).map_err(wrong)?,
        },
    })
}

fn wrong(error: impl std::error::Error) -> StoreError {
    StoreError::content("product", error)
}

fn read_unit(code: &str) -> Result<Unit, StoreError> {
    [Unit::Piece, Unit::Kilogram, Unit::Metre, Unit::Litre]
        .into_iter()
        .find(|unit| unit.code() == code)
        .ok_or_else(|| StoreError::content("product", format!("'{code}' is not a unit")))
}

/// The barcodes in a stored list.
pub(crate) fn split_barcodes(list: &str) -> impl Iterator<Item = &str> {
    list.split(SEPARATOR).filter(|barcode| !barcode.is_empty())
}

fn join_barcodes(product: &Product) -> String {
    let mut list = String::new();
    for barcode in &product.barcodes {
        if !list.is_empty() {
            list.push(SEPARATOR);
        }
        list.push_str(barcode.as_str());
    }
    list
}

/// What only some products have, empty for the others.
fn details(product: &Product) -> Result<String, StoreError> {
    if product.details.is_empty() {
        return Ok(String::new());
    }
    serde_json::to_string(&product.details).map_err(wrong)
}

/// Inserts a product; gives its key.
pub(crate) fn insert(connection: &Connection, product: &Product, added_by: Option<u64>) -> Result<i64, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO products
             (id, sku, barcodes, zh, en, category, price, currency, unit, tax, picture, active, added_by, details, parent, reorder)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )?
        .execute((
            product.id.uuid().as_bytes(),
            product.sku.as_str(),
            join_barcodes(product),
            &product.name.zh,
            &product.name.en,
            product.category.as_ref().map(CategoryCode::as_str),
            product.price.amount(),
            product.price.currency().code(),
            product.unit.code(),
            product.tax.as_str(),
            product.picture.as_deref(),
            product.active,
            added_by,
            details(product)?,
            product.details.variant_of.map(|parent| *parent.uuid().as_bytes()),
            product.details.reorder_at.map(domain::StockDelta::milli),
        ))?;
    Ok(connection.last_insert_rowid())
}

/// Replaces everything of the product with `key` but its id.
pub(crate) fn update(connection: &Connection, key: i64, product: &Product) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE products SET sku = ?2, barcodes = ?3, zh = ?4, en = ?5, category = ?6, price = ?7, currency = ?8,
             unit = ?9, tax = ?10, picture = ?11, active = ?12, details = ?13, parent = ?14, reorder = ?15 WHERE key = ?1",
        )?
        .execute((
            key,
            product.sku.as_str(),
            join_barcodes(product),
            &product.name.zh,
            &product.name.en,
            product.category.as_ref().map(CategoryCode::as_str),
            product.price.amount(),
            product.price.currency().code(),
            product.unit.code(),
            product.tax.as_str(),
            product.picture.as_deref(),
            product.active,
            details(product)?,
            product.details.variant_of.map(|parent| *parent.uuid().as_bytes()),
            product.details.reorder_at.map(domain::StockDelta::milli),
        ))?;
    Ok(())
}

/// An id as the database holds it.
pub(crate) fn uuid_from_blob(value: ValueRef<'_>) -> Result<Uuid, StoreError> {
    let bytes = value.as_blob().map_err(rusqlite::Error::from)?;
    Uuid::from_slice(bytes).map_err(|error| StoreError::content("id", error))
}
