//! What an import changes: each row held against what the store has.

use std::collections::HashMap;

use catalogue_file::Column;
use domain::{
    Barcode, Category, CategoryCode, Change, Name, Product, ProductDetails, ProductId, Sku, StockDelta, TaxClass, TaxCode, Unit,
    UnitPrice,
};
use sync::goods::ImportError;

use super::known::{CodeHash, Known, folded, hash};
use super::row::{Columns, Row};
use crate::error::HubError;

/// Finds the product as the store has it now.
pub(super) type LookUp<'a> = dyn FnMut(ProductId) -> Result<Option<Product>, HubError> + 'a;

/// Goes through the rows of a file, the second time.
pub(super) struct Planner {
    known: Known,
    /// Products that come with this file, which other rows may be variants of.
    new_ids: HashMap<CodeHash, ProductId>,
    pub(super) created: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    pub(super) categories: u64,
}

/// The codes of a file, from going through it the first time.
#[derive(Default)]
pub(super) struct Codes {
    rows: HashMap<CodeHash, u64>,
}

impl Codes {
    /// Notes the code of a row; what is wrong when an earlier one has it.
    pub(super) fn note(&mut self, row: Row<'_>) -> Option<ImportError> {
        match self.rows.entry(folded(row.sku())) {
            std::collections::hash_map::Entry::Occupied(earlier) => {
                let detail = format!("sku '{}' is also on line {}", row.sku(), earlier.get());
                Some(row.wrong(Column::Sku, "doubled_sku", detail))
            }
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row.raw.row);
                None
            }
        }
    }
}

impl Planner {
    /// For a file with these columns and codes. The changes that come before those of any row.
    pub(super) fn begin(mut known: Known, columns: &Columns, codes: &Codes) -> Result<(Self, Vec<Change>), HubError> {
        let mut first = Vec::new();
        if known.taxes.is_empty() && !columns.has(Column::Tax) {
            // A store that was told nothing of tax sells without.
            let untaxed = untaxed().map_err(|detail| HubError::Unreadable { what: "tax class", detail })?;
            known.taxes.push(untaxed.code.clone());
            first.push(Change::TaxClass(untaxed));
        }
        if columns.has(Column::Barcodes) {
            // Barcodes of products in the file are what the file says, so those they had are free.
            known.barcodes.retain(|_, owner| !codes.rows.contains_key(owner));
        }
        let planner = Self { known, new_ids: HashMap::new(), created: 0, updated: 0, unchanged: 0, categories: 0 };
        Ok((planner, first))
    }

    /// What a row changes: its category before its product; or what is wrong with it.
    pub(super) fn row(&mut self, row: Row<'_>, look_up: &mut LookUp<'_>) -> Result<Result<Vec<Change>, ImportError>, HubError> {
        let before = match self.known.products.get(&folded(row.sku())) {
            Some(id) => look_up(*id)?,
            None => None,
        };
        let taken = self.product(row, before.as_ref()).and_then(|product| Ok((self.category(row)?, product)));
        let (category, product) = match taken {
            Ok(taken) => taken,
            Err(error) => return Ok(Err(error)),
        };
        let mut changes = Vec::new();
        if let Some(category) = category {
            self.categories += 1;
            changes.push(Change::Category(category));
        }
        match &before {
            None => self.created += 1,
            Some(before) if *before == product => self.unchanged += 1,
            Some(_) => self.updated += 1,
        }
        if before.as_ref() != Some(&product) {
            changes.push(Change::Product(product));
        }
        Ok(Ok(changes))
    }

    /// The product as it is after this row.
    fn product(&mut self, row: Row<'_>, keep: Option<&Product>) -> Result<Product, ImportError> {
        let sku =
            Sku::parse(row.sku()).map_err(|_| row.wrong(Column::Sku, "sku", "the sku is empty or longer than 64 characters"))?;
        let text = |column: Column, kept: fn(&Product) -> &str| {
            row.cell(column).map_or_else(|| keep.map(kept).unwrap_or_default().to_owned(), str::to_owned)
        };
        let name =
            Name { zh: text(Column::NameZh, |product| &product.name.zh), en: text(Column::NameEn, |product| &product.name.en) };
        if name == Name::default() {
            return Err(row.whole("no_name", "the product has no name: fill name_zh or name_en"));
        }
        let price = match (row.given(Column::Price), keep) {
            (Some(text), _) => UnitPrice::parse(text, self.known.currency)
                .map_err(|error| row.wrong(Column::Price, "price", error.to_string()))?,
            (None, Some(product)) => product.price,
            (None, None) => return Err(row.wrong(Column::Price, "no_price", "a new product needs a price")),
        };
        let unit = match row.cell(Column::Unit) {
            None => keep.map_or(Unit::Piece, |product| product.unit),
            Some(text) => unit(text).ok_or_else(|| {
                let detail = format!("'{text}' is no unit: write piece, kilogram, metre or litre");
                row.wrong(Column::Unit, "unit", detail)
            })?,
        };
        let category = match row.cell(Column::Category) {
            None => keep.and_then(|product| product.category.clone()),
            Some("") => None,
            Some(text) => {
                Some(CategoryCode::parse(text).map_err(|error| row.wrong(Column::Category, "category", error.to_string()))?)
            }
        };
        let picture = match row.cell(Column::Picture) {
            None => keep.and_then(|product| product.picture.clone()),
            Some(name) => Some(name.to_owned()).filter(|name| !name.is_empty()),
        };
        let active = match row.cell(Column::Active) {
            None => keep.is_none_or(|product| product.active),
            Some(text) => yes(text)
                .ok_or_else(|| row.wrong(Column::Active, "active", format!("'{text}' in column active: write yes or no")))?,
        };
        let tax = self.tax(row, keep)?;
        let details = self.details(row, keep)?;
        let barcodes = match row.cell(Column::Barcodes) {
            None => keep.map(|product| product.barcodes.clone()).unwrap_or_default(),
            Some(text) => self.barcodes(row, text, &sku)?,
        };
        let (id, sku) = match keep {
            Some(product) => (product.id, product.sku.clone()),
            None => (self.known.new_id(&sku), sku),
        };
        if !details.options.is_empty() {
            self.new_ids.insert(folded(sku.as_str()), id);
        }
        Ok(Product { id, sku, barcodes, name, category, price, unit, tax, picture, active, details })
    }

    fn details(&self, row: Row<'_>, keep: Option<&Product>) -> Result<ProductDetails, ImportError> {
        let mut details = keep.map(|product| product.details.clone()).unwrap_or_default();
        if let Some(text) = row.cell(Column::MinimumAge) {
            let wrong = || row.wrong(Column::MinimumAge, "age", format!("'{text}' is not a number of years"));
            details.minimum_age = if text.is_empty() { None } else { Some(text.parse().map_err(|_| wrong())?) };
        }
        if let Some(text) = row.cell(Column::ReorderAt) {
            let wrong = |error: domain::QuantityError| row.wrong(Column::ReorderAt, "quantity", error.to_string());
            details.reorder_at = if text.is_empty() { None } else { Some(text.parse::<StockDelta>().map_err(wrong)?) };
        }
        if let Some(text) = row.cell(Column::Options) {
            details.options = names(text);
        }
        if let Some(text) = row.cell(Column::Values) {
            details.values = names(text);
        }
        if let Some(text) = row.cell(Column::VariantOf) {
            let parent = folded(text);
            let known = self.new_ids.get(&parent).or_else(|| self.known.products.get(&parent));
            details.variant_of = match (text, known) {
                ("", _) => None,
                (_, Some(id)) => Some(*id),
                (_, None) => {
                    let detail = format!("there is no product '{text}' in the store or above this row");
                    return Err(row.wrong(Column::VariantOf, "variant_of", detail));
                }
            };
        }
        Ok(details)
    }

    fn tax(&self, row: Row<'_>, keep: Option<&Product>) -> Result<TaxCode, ImportError> {
        let classes = &self.known.taxes[..];
        let listed = || match classes {
            [] => "none yet: tillbridge-hub catalogue tax-class makes one".to_owned(),
            classes => classes.iter().map(TaxCode::as_str).collect::<Vec<_>>().join(", "),
        };
        match (row.given(Column::Tax), keep, classes) {
            (Some(text), _, _) => {
                let class = classes.iter().find(|class| class.as_str().eq_ignore_ascii_case(text)).cloned();
                class.ok_or_else(|| {
                    row.wrong(Column::Tax, "tax", format!("'{text}' is no tax class of this store; it has {}", listed()))
                })
            }
            (None, Some(product), _) => Ok(product.tax.clone()),
            (None, None, [only]) => Ok(only.clone()),
            (None, None, _) => Err(row.wrong(Column::Tax, "no_tax", format!("fill the column tax: the store has {}", listed()))),
        }
    }

    fn barcodes(&mut self, row: Row<'_>, text: &str, sku: &Sku) -> Result<Vec<Barcode>, ImportError> {
        let mut barcodes: Vec<Barcode> = Vec::new();
        let own = folded(sku.as_str());
        for word in text.split_whitespace() {
            let barcode = Barcode::parse(word).map_err(|error| row.wrong(Column::Barcodes, "barcode", error.to_string()))?;
            match self.known.barcodes.insert(hash(barcode.as_str()), own) {
                Some(owner) if owner != own => {
                    let detail = format!("barcode {barcode} belongs to another product already");
                    return Err(row.wrong(Column::Barcodes, "doubled_barcode", detail));
                }
                _ => {}
            }
            if !barcodes.contains(&barcode) {
                barcodes.push(barcode);
            }
        }
        Ok(barcodes)
    }

    /// Makes or renames the row's category; what it is then, when that changed something.
    fn category(&mut self, row: Row<'_>) -> Result<Option<Category>, ImportError> {
        let Some(text) = row.given(Column::Category) else { return Ok(None) };
        let code = CategoryCode::parse(text).map_err(|error| row.wrong(Column::Category, "category", error.to_string()))?;
        let before = self.known.categories.get(&code);
        let mut name = before.map(|category| category.name.clone()).unwrap_or_default();
        if let Some(zh) = row.given(Column::CategoryZh) {
            zh.clone_into(&mut name.zh);
        }
        if let Some(en) = row.given(Column::CategoryEn) {
            en.clone_into(&mut name.en);
        }
        if name == Name::default() {
            code.as_str().clone_into(&mut name.en);
        }
        let position = match before {
            Some(category) => category.position,
            None => self.known.categories.values().map(|category| category.position + 1).max().unwrap_or(0),
        };
        let after = Category { code: code.clone(), name, position };
        if before == Some(&after) {
            return Ok(None);
        }
        self.known.categories.insert(code, after.clone());
        Ok(Some(after))
    }
}

/// `红|red; M`.
fn names(text: &str) -> Vec<Name> {
    let parts = text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| match part.split_once('|') {
            Some((zh, en)) => Name { zh: zh.trim().to_owned(), en: en.trim().to_owned() },
            None => Name { zh: part.to_owned(), en: String::new() },
        })
        .collect()
}

/// A unit by its name in files, English or Chinese.
fn unit(text: &str) -> Option<Unit> {
    match text.to_lowercase().as_str() {
        "" | "piece" | "pc" | "pcs" | "each" | "ea" | "个" | "件" | "瓶" | "盒" | "包" | "袋" | "支" | "只" => {
            Some(Unit::Piece)
        }
        "kilogram" | "kg" | "千克" | "公斤" => Some(Unit::Kilogram),
        "metre" | "meter" | "m" | "米" => Some(Unit::Metre),
        "litre" | "liter" | "l" | "升" => Some(Unit::Litre),
        _ => None,
    }
}

fn yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "" | "yes" | "true" | "1" | "是" | "在售" => Some(true),
        "no" | "false" | "0" | "否" | "停售" => Some(false),
        _ => None,
    }
}

/// The class that tills use for goods without tax.
fn untaxed() -> Result<TaxClass, String> {
    let code = TaxCode::parse("NONE").map_err(|error| error.to_string())?;
    let name = Name { zh: "无税".to_owned(), en: "Untaxed".to_owned() };
    Ok(TaxClass { code, name, inclusive: true, rates: Vec::new() })
}

#[cfg(test)]
mod tests;
