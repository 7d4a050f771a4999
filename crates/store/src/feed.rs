//! What the hub tells: changes as they come, each a thing's current state.

use std::collections::BTreeSet;

use domain::{Category, CategoryCode, Change, Product, ProductId, Staff, StockDelta, TaxClass};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::members;
use crate::product_row::{self, split_barcodes};
use crate::promotions;
use crate::search::Index;
use crate::settings::write_shop;
use crate::snapshot::Seen;
use crate::store::Store;

/// What a set of changes touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// How many changes there were.
    pub changes: u64,
    /// The shop's settings were among them.
    pub shop: bool,
    /// Products, categories, tax classes or stock were among them.
    pub catalogue: bool,
    /// Staff was among them.
    pub staff: bool,
    /// Promotions or price lists were among them.
    pub promotions: bool,
}

impl Store {
    /// The position in the hub's feed up to which everything is applied.
    pub fn feed_position(&self) -> Result<u64, StoreError> {
        self.readers
            .with(|connection| Ok(connection.prepare_cached("SELECT feed FROM terminal")?.query_row([], |row| row.get(0))?))
    }

    /// Applies changes and keeps `next` as the position reached, in one transaction. Applying them twice changes nothing.
    pub fn apply_changes(&self, changes: &[Change], next: u64) -> Result<Applied, StoreError> {
        let applied = self.write_terminal(|connection| {
            let mut applying = Applying::new(connection);
            for change in changes {
                applying.apply(change, None)?;
            }
            let applied = applying.finish()?;
            connection.prepare_cached("UPDATE terminal SET feed = ?1")?.execute([next])?;
            Ok(applied)
        })?;
        if applied.promotions {
            self.refresh_promotion_set()?;
        }
        Ok(applied)
    }
}

/// Writes a product that was first entered here by journal entry `seq`. One that the hub knows already keeps its content.
pub(crate) fn add_product(connection: &Connection, product: &Product, seq: u64) -> Result<(), StoreError> {
    let known = connection
        .prepare_cached("UPDATE products SET added_by = ?2 WHERE id = ?1 AND added_by IS NULL")?
        .execute((product.id.uuid().as_bytes(), seq))?;
    if known > 0 {
        return Ok(());
    }
    let mut applying = Applying::new(connection);
    applying.put_product(product, Some(seq))?;
    applying.finish()?;
    Ok(())
}

/// A product as it was before.
struct Before {
    key: i64,
    barcodes: String,
    category: Option<String>,
    same_name: bool,
    active: bool,
    variant: bool,
}

/// Changes on their way into the tables, within one transaction.
pub(crate) struct Applying<'a> {
    connection: &'a Connection,
    index: Index,
    /// Categories whose number of products may have changed.
    touched: BTreeSet<String>,
    applied: Applied,
}

impl<'a> Applying<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self { connection, index: Index::default(), touched: BTreeSet::new(), applied: Applied::default() }
    }

    /// Applies one change; `seen` takes down what it was about.
    pub(crate) fn apply(&mut self, change: &Change, seen: Option<&mut Seen>) -> Result<(), StoreError> {
        self.applied.changes += 1;
        match change {
            Change::Shop(shop) => {
                self.applied.shop = true;
                write_shop(self.connection, shop)?;
            }
            Change::TaxClass(class) => self.put_tax_class(class, seen)?,
            Change::Category(category) => self.put_category(category, seen)?,
            Change::Product(product) => {
                let key = self.put_product(product, None)?;
                if let Some(seen) = seen {
                    seen.product(key);
                }
            }
            Change::Staff(staff) => self.put_staff(staff, seen)?,
            Change::Stock { product, on_hand } => self.put_stock(*product, *on_hand)?,
            Change::Member(card) => {
                members::put(self.connection, card)?;
                if let Some(seen) = seen {
                    seen.members.insert(card.id.to_string());
                }
            }
            Change::MemberGone { member } => members::forget(self.connection, *member)?,
            Change::Loyalty(rules) => members::put_rules(self.connection, rules)?,
            Change::Promotion(promotion) => {
                self.applied.promotions = true;
                let kept = promotions::put_promotion(self.connection, promotion)?;
                if let Some(seen) = seen.filter(|_| kept) {
                    seen.promotions.insert(promotion.id.to_string());
                }
            }
            Change::PriceList(list) => {
                self.applied.promotions = true;
                let kept = promotions::put_price_list(self.connection, list)?;
                if let Some(seen) = seen.filter(|_| kept) {
                    seen.price_lists.insert(list.code.to_string());
                }
            }
        }
        Ok(())
    }

    /// Writes what was gathered. Call it before the commit.
    pub(crate) fn finish(self) -> Result<Applied, StoreError> {
        self.index.write(self.connection)?;
        let mut count = self.connection.prepare_cached(
            "UPDATE categories SET products = (SELECT count(*) FROM products WHERE category = ?1 AND active = 1 AND parent IS NULL) WHERE code = ?1",
        )?;
        for category in &self.touched {
            count.execute([category])?;
        }
        Ok(self.applied)
    }

    fn put_tax_class(&mut self, class: &TaxClass, seen: Option<&mut Seen>) -> Result<(), StoreError> {
        self.applied.catalogue = true;
        let body = serde_json::to_string(class).map_err(|error| StoreError::content("tax class", error))?;
        self.connection
            .prepare_cached("INSERT INTO tax_classes (code, body) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET body = ?2")?
            .execute((class.code.as_str(), body))?;
        if let Some(seen) = seen {
            seen.tax_classes.insert(class.code.to_string());
        }
        Ok(())
    }

    fn put_category(&mut self, category: &Category, seen: Option<&mut Seen>) -> Result<(), StoreError> {
        self.applied.catalogue = true;
        self.connection
            .prepare_cached(
                "INSERT INTO categories (code, zh, en, position, products) VALUES (?1, ?2, ?3, ?4, 0)
                 ON CONFLICT (code) DO UPDATE SET zh = ?2, en = ?3, position = ?4",
            )?
            .execute((category.code.as_str(), &category.name.zh, &category.name.en, category.position))?;
        self.touched.insert(category.code.to_string());
        if let Some(seen) = seen {
            seen.categories.insert(category.code.to_string());
        }
        Ok(())
    }

    fn put_staff(&mut self, staff: &Staff, seen: Option<&mut Seen>) -> Result<(), StoreError> {
        self.applied.staff = true;
        let body = serde_json::to_string(staff).map_err(|error| StoreError::content("staff", error))?;
        self.connection
            .prepare_cached("INSERT INTO staff (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = ?2")?
            .execute((staff.id.as_str(), body))?;
        if let Some(seen) = seen {
            seen.staff.insert(staff.id.to_string());
        }
        Ok(())
    }

    fn put_stock(&mut self, product: ProductId, on_hand: StockDelta) -> Result<(), StoreError> {
        self.applied.catalogue = true;
        self.connection
            .prepare_cached(
                "INSERT INTO stock (product, on_hand) VALUES (?1, ?2) ON CONFLICT (product) DO UPDATE SET on_hand = ?2",
            )?
            .execute((product.uuid().as_bytes(), on_hand.milli()))?;
        Ok(())
    }

    /// Writes a product; gives its key.
    fn put_product(&mut self, product: &Product, added_by: Option<u64>) -> Result<i64, StoreError> {
        self.applied.catalogue = true;
        let category = product.category.as_ref().map(CategoryCode::as_str);
        let Some(before) = self.before(product)? else {
            let key = product_row::insert(self.connection, product, added_by)?;
            self.add_barcodes(key, product)?;
            if product.active {
                self.index.put(key, false, Some(&product.name));
                self.touch(category);
            }
            return Ok(key);
        };
        let key = before.key;
        product_row::update(self.connection, key, product)?;
        if !split_barcodes(&before.barcodes).eq(product.barcodes.iter().map(domain::Barcode::as_str)) {
            self.drop_barcodes(key, &before.barcodes)?;
            self.add_barcodes(key, product)?;
        }
        if before.active != product.active || (product.active && !before.same_name) {
            self.index.put(key, before.active, product.active.then_some(&product.name));
        }
        let variant = before.variant != product.details.variant_of.is_some();
        if before.active != product.active || variant || before.category.as_deref() != category {
            self.touch(before.category.as_deref());
            self.touch(category);
        }
        Ok(key)
    }

    fn before(&self, product: &Product) -> Result<Option<Before>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT key, barcodes, category, zh = ?2 AND en = ?3, active, parent IS NOT NULL FROM products WHERE id = ?1",
        )?;
        let id = product.id.uuid();
        let params = (id.as_bytes(), &product.name.zh, &product.name.en);
        let before = statement.query_row(params, |row| {
            Ok(Before {
                key: row.get(0)?,
                barcodes: row.get(1)?,
                category: row.get(2)?,
                same_name: row.get(3)?,
                active: row.get(4)?,
                variant: row.get(5)?,
            })
        });
        Ok(before.optional()?)
    }

    fn add_barcodes(&self, key: i64, product: &Product) -> Result<(), StoreError> {
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO product_barcodes (barcode, product) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        for barcode in &product.barcodes {
            insert.execute((barcode.as_str(), key))?;
        }
        Ok(())
    }

    fn drop_barcodes(&self, key: i64, barcodes: &str) -> Result<(), StoreError> {
        let mut delete = self.connection.prepare_cached("DELETE FROM product_barcodes WHERE barcode = ?1 AND product = ?2")?;
        for barcode in split_barcodes(barcodes) {
            delete.execute((barcode, key))?;
        }
        Ok(())
    }

    fn touch(&mut self, category: Option<&str>) {
        if let Some(category) = category.filter(|category| !self.touched.contains(*category)) {
            self.touched.insert(category.to_owned());
        }
    }

    /// Takes out what a whole snapshot did not name. Products first entered here stay.
    pub(crate) fn remove_unseen(&mut self, seen: &Seen) -> Result<(), StoreError> {
        let mut statement =
            self.connection.prepare("SELECT key, barcodes, category, active FROM products WHERE added_by IS NULL")?;
        let mut rows = statement.query([])?;
        let mut gone = Vec::new();
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            if !seen.has_product(key) {
                gone.push((key, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?, row.get::<_, bool>(3)?));
            }
        }
        let mut delete = self.connection.prepare_cached("DELETE FROM products WHERE key = ?1")?;
        for (key, barcodes, category, active) in gone {
            self.drop_barcodes(key, &barcodes)?;
            delete.execute([key])?;
            self.index.put(key, active, None);
            self.touch(category.as_deref());
        }
        for (table, column, kept) in
            [("categories", "code", &seen.categories), ("tax_classes", "code", &seen.tax_classes), ("staff", "id", &seen.staff)]
        {
            self.keep_only(table, column, kept)?;
        }
        self.keep_only("members", "id", &seen.members)?;
        self.keep_only("promotions", "id", &seen.promotions)?;
        self.keep_only("price_lists", "code", &seen.price_lists)?;
        Ok(())
    }

    fn keep_only(&self, table: &str, column: &str, kept: &BTreeSet<String>) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare(&format!("SELECT {column} FROM {table}"))?;
        let mut rows = statement.query([])?;
        let mut gone = Vec::new();
        while let Some(row) = rows.next()? {
            if let ValueRef::Text(text) = row.get_ref(0)? {
                let code = String::from_utf8_lossy(text).into_owned();
                if !kept.contains(&code) {
                    gone.push(code);
                }
            }
        }
        let mut delete = self.connection.prepare(&format!("DELETE FROM {table} WHERE {column} = ?1"))?;
        for code in gone {
            delete.execute([code])?;
        }
        Ok(())
    }
}
