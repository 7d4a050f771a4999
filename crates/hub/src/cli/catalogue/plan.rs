//! What an import changes: each row held against what the store has.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{Barcode, Category, CategoryCode, Change, Name, Product, Sku, TaxClass, TaxCode, Unit, UnitPrice};

use super::RowError;
use super::known::{Known, folded};
use super::rows::Row;

/// The changes; tax classes and categories before the products in them.
#[derive(Debug)]
pub(super) struct Plan {
    pub changes: Vec<Change>,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub categories: usize,
}

/// Plans the import, or says of every row that cannot be taken why.
pub(super) fn plan(rows: &[Row], mut known: Known) -> Result<Plan, Vec<RowError>> {
    let errors = doubled_rows(rows);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut plan = Plan { changes: Vec::new(), created: 0, updated: 0, unchanged: 0, categories: 0 };
    let mut classes = Vec::new();
    if known.taxes.is_empty() && rows.iter().all(|row| row.tax.is_none()) {
        // A store that was told nothing of tax sells without.
        let untaxed = untaxed().map_err(|reason| vec![RowError { line: 1, reason }])?;
        known.taxes.push(untaxed.code.clone());
        classes.push(Change::TaxClass(untaxed));
    }
    let mut products = Vec::with_capacity(rows.len());
    let mut changed_categories = BTreeSet::new();
    // Barcodes of products in the file are what the file says, so those they had are free.
    let in_file: HashSet<String> = rows.iter().filter(|row| row.barcodes.is_some()).map(|row| row.sku.to_lowercase()).collect();
    known.barcodes.retain(|_, owner| !in_file.contains(owner));
    let mut errors = Vec::new();
    for row in rows {
        let taken = product(row, &mut known).and_then(|product| {
            let category = category(row, &mut known)?;
            Ok((product, category))
        });
        match taken {
            Ok((product, category)) => {
                changed_categories.extend(category);
                let before = known.products.get(&folded(&product.sku));
                match before {
                    None => plan.created += 1,
                    Some(before) if *before == product => plan.unchanged += 1,
                    Some(_) => plan.updated += 1,
                }
                if before != Some(&product) {
                    products.push(Change::Product(product));
                }
            }
            Err(reason) => errors.push(RowError { line: row.line, reason }),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    plan.categories = changed_categories.len();
    let categories = changed_categories.iter().filter_map(|code| known.categories.get(code).cloned());
    plan.changes = classes.into_iter().chain(categories.map(Change::Category)).chain(products).collect();
    Ok(plan)
}

fn doubled_rows(rows: &[Row]) -> Vec<RowError> {
    let mut first: HashMap<String, u64> = HashMap::new();
    let mut errors = Vec::new();
    for row in rows {
        if let Some(earlier) = first.insert(row.sku.to_lowercase(), row.line) {
            errors.push(RowError { line: row.line, reason: format!("sku '{}' is also on line {earlier}", row.sku) });
        }
    }
    errors
}

/// The product as it is after this row.
fn product(row: &Row, known: &mut Known) -> Result<Product, String> {
    let sku = Sku::parse(&row.sku).map_err(|_| "the sku is empty or longer than 64 characters".to_owned())?;
    let before = known.products.get(&folded(&sku)).cloned();
    let keep = before.as_ref();
    let name = Name {
        zh: row.name_zh.clone().or_else(|| keep.map(|product| product.name.zh.clone())).unwrap_or_default(),
        en: row.name_en.clone().or_else(|| keep.map(|product| product.name.en.clone())).unwrap_or_default(),
    };
    if name == Name::default() {
        return Err("the product has no name: fill name_zh or name_en".to_owned());
    }
    let price = match (&row.price, keep) {
        (Some(text), _) => UnitPrice::parse(text, known.currency).map_err(|error| error.to_string())?,
        (None, Some(product)) => product.price,
        (None, None) => return Err("a new product needs a price".to_owned()),
    };
    let unit = match row.unit.as_deref() {
        None => keep.map_or(Unit::Piece, |product| product.unit),
        Some("") => Unit::Piece,
        Some(text) => unit(text)?,
    };
    let category = match row.category.as_deref() {
        None => keep.and_then(|product| product.category.clone()),
        Some("") => None,
        Some(text) => Some(CategoryCode::parse(text).map_err(|error| error.to_string())?),
    };
    let picture = match row.picture.clone() {
        None => keep.and_then(|product| product.picture.clone()),
        Some(name) => (!name.is_empty()).then_some(name),
    };
    let active = match row.active.as_deref() {
        None => keep.is_none_or(|product| product.active),
        Some(text) => yes(text)?,
    };
    let tax = tax(row.tax.as_deref(), keep, &known.taxes)?;
    let barcodes = match &row.barcodes {
        None => keep.map(|product| product.barcodes.clone()).unwrap_or_default(),
        Some(text) => barcodes(text, &sku, known)?,
    };
    let (id, sku) = match before {
        Some(product) => (product.id, product.sku),
        None => (known.new_id(&sku), sku),
    };
    Ok(Product { id, sku, barcodes, name, category, price, unit, tax, picture, active })
}

fn unit(text: &str) -> Result<Unit, String> {
    [Unit::Piece, Unit::Kilogram, Unit::Metre, Unit::Litre]
        .into_iter()
        .find(|unit| unit.code().eq_ignore_ascii_case(text))
        .ok_or_else(|| format!("'{text}' is no unit: write piece, kilogram, metre or litre"))
}

fn yes(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "" | "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err(format!("'{text}' in column active: write yes or no")),
    }
}

/// The class that tills use for goods without tax.
fn untaxed() -> Result<TaxClass, String> {
    let code = TaxCode::parse("NONE").map_err(|error| error.to_string())?;
    let name = Name { zh: "无税".to_owned(), en: "Untaxed".to_owned() };
    Ok(TaxClass { code, name, inclusive: true, rates: Vec::new() })
}

fn tax(text: Option<&str>, keep: Option<&Product>, classes: &[TaxCode]) -> Result<TaxCode, String> {
    let listed = || match classes {
        [] => "none yet: tillbridge-hub catalogue tax-class makes one".to_owned(),
        classes => classes.iter().map(TaxCode::as_str).collect::<Vec<_>>().join(", "),
    };
    match (text.filter(|text| !text.is_empty()), keep, classes) {
        (Some(text), _, _) => {
            let class = classes.iter().find(|class| class.as_str().eq_ignore_ascii_case(text)).cloned();
            class.ok_or_else(|| format!("'{text}' is no tax class of this store; it has {}", listed()))
        }
        (None, Some(product), _) => Ok(product.tax.clone()),
        (None, None, [only]) => Ok(only.clone()),
        (None, None, _) => Err(format!("fill the column tax: the store has {}", listed())),
    }
}

fn barcodes(text: &str, sku: &Sku, known: &mut Known) -> Result<Vec<Barcode>, String> {
    let mut barcodes: Vec<Barcode> = Vec::new();
    for word in text.split_whitespace() {
        let barcode = Barcode::parse(word).map_err(|error| error.to_string())?;
        match known.barcodes.get(&barcode) {
            Some(owner) if *owner != folded(sku) => {
                return Err(format!("barcode {barcode} belongs to product '{owner}' already"));
            }
            _ => drop(known.barcodes.insert(barcode.clone(), folded(sku))),
        }
        if !barcodes.contains(&barcode) {
            barcodes.push(barcode);
        }
    }
    Ok(barcodes)
}

/// Makes or renames the row's category; its code when that changed something.
fn category(row: &Row, known: &mut Known) -> Result<Option<CategoryCode>, String> {
    let Some(text) = row.category.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
    let code = CategoryCode::parse(text).map_err(|error| error.to_string())?;
    let before = known.categories.get(&code);
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut name = before.map(|category| category.name.clone()).unwrap_or_default();
    name.zh = given(&row.category_zh).unwrap_or(name.zh);
    name.en = given(&row.category_en).unwrap_or(name.en);
    if name == Name::default() {
        code.as_str().clone_into(&mut name.en);
    }
    let next = known.categories.values().map(|category| category.position + 1).max().unwrap_or(0);
    let position = before.map_or(next, |category| category.position);
    let after = Category { code: code.clone(), name, position };
    if before == Some(&after) {
        return Ok(None);
    }
    known.categories.insert(code.clone(), after);
    Ok(Some(code))
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;
    use domain::{Currency, TaxClass};

    fn tax_class(code: &str) -> Change {
        let code = TaxCode::parse(code).expect("a code");
        Change::TaxClass(TaxClass { code, name: Name::default(), inclusive: true, rates: Vec::new() })
    }

    fn known(changes: Vec<Change>) -> Known {
        Known::new(Currency::parse("CNY").expect("a currency"), changes)
    }

    fn import(csv: &str, changes: Vec<Change>) -> Result<Plan, Vec<String>> {
        let rows = rows::read(csv.as_bytes()).expect("a well-formed file");
        plan(&rows, known(changes)).map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    fn after(csv: &str) -> Vec<Change> {
        let mut changes = vec![tax_class("vat")];
        changes.extend(import(csv, changes.clone()).expect("imported").changes);
        changes
    }

    #[test]
    fn new_products_bring_their_categories_with_them() {
        let plan = import(
            "sku,name_zh,price,barcodes,category,category_zh\nA,茶,5,6901 6902,drinks,饮料\nB,水,2,,drinks,\n",
            vec![tax_class("vat")],
        )
        .expect("imported");
        assert_eq!((plan.created, plan.categories, plan.changes.len()), (2, 1, 3));
        let Change::Product(tea) = &plan.changes[1] else { panic!("a product") };
        assert_eq!(tea.barcodes.len(), 2);
        assert_eq!(tea.price.to_string(), "5.00 CNY");
    }

    #[test]
    fn a_store_without_tax_classes_sells_untaxed() {
        let plan = import("sku,name_en,price\nA,Tea,5\n", Vec::new()).expect("imported");
        let [Change::TaxClass(class), Change::Product(tea)] = &plan.changes[..] else { panic!("a class and a product") };
        assert_eq!(class.code, tea.tax);
        let errors = import("sku,name_en,price,tax\nA,Tea,5,vat\n", Vec::new()).expect_err("refused");
        assert!(errors[0].contains("tax-class"), "{errors:?}");
    }

    #[test]
    fn a_second_import_of_a_file_changes_nothing() {
        let csv = "sku,name_en,price,category\nA,Tea,5,drinks\n";
        let plan = import(csv, after(csv)).expect("imported");
        assert_eq!((plan.created, plan.updated, plan.unchanged, plan.changes.len()), (0, 0, 1, 0));
    }

    #[test]
    fn a_file_of_prices_keeps_names_barcodes_and_ids() {
        let before = after("sku,name_en,price,barcodes\nA,Tea,5,6901\n");
        let plan = import("sku,price\na,6.5\n", before.clone()).expect("imported");
        let (Some(Change::Product(old)), [Change::Product(new)]) = (before.last(), &plan.changes[..]) else { panic!("products") };
        assert_eq!(*new, Product { price: new.price, ..old.clone() });
        assert_eq!(new.price.to_string(), "6.50 CNY");
    }

    #[test]
    fn a_product_has_the_id_that_another_store_knows_it_by() {
        let elsewhere = after("sku,name_en,price\nA,Tea,5\n");
        let Some(Change::Product(there)) = elsewhere.last() else { panic!("a product") };
        let mut known = known(vec![tax_class("vat")]);
        known.take_ids_from(&elsewhere);
        let rows = rows::read("sku,name_en,price\nA,Tea,6\n".as_bytes()).expect("a file");
        let plan = plan(&rows, known).expect("imported");
        let [Change::Product(here)] = &plan.changes[..] else { panic!("a product") };
        assert_eq!(here.id, there.id);
    }

    #[test]
    fn every_wrong_row_is_named_with_its_line_and_reason() {
        let csv = "sku,name_en,price,unit,tax,barcodes,active\n\
                   A,Tea,five,,,,\nB,,1,,,,\nC,Water,1,bucket,,,\nD,Milk,1,,none,,\nE,Bread,1,,,77,\nF,Cake,1,,,77,\nG,Egg,1,,,,maybe\n,X,1,,,,\n";
        let errors = import(csv, vec![tax_class("vat")]).expect_err("refused");
        let lines: Vec<&str> = errors.iter().filter_map(|error| error.split(':').next()).collect();
        assert_eq!(lines, ["line 2", "line 3", "line 4", "line 5", "line 7", "line 8", "line 9"], "{errors:#?}");
        assert!(errors[0].contains("five") && errors[3].contains("vat") && errors[4].contains("77"), "{errors:#?}");
    }

    #[test]
    fn one_sku_twice_in_a_file_is_refused() {
        let errors = import("sku,name_en,price\nA,Tea,1\na,Tea,2\n", vec![tax_class("vat")]).expect_err("refused");
        assert_eq!(errors, ["line 3: sku 'a' is also on line 2"]);
    }

    #[test]
    fn a_barcode_may_move_from_one_product_of_the_file_to_another() {
        let before = after("sku,name_en,price,barcodes\nA,Tea,1,77\nB,Milk,1,\n");
        let plan = import("sku,barcodes\nA,\nB,77\n", before).expect("imported");
        assert_eq!(plan.updated, 2);
    }
}
