use std::io::Cursor;

use catalogue_file::{FileKind, RawRow, read};
use domain::Currency;

use super::*;

/// What a file changes.
#[derive(Debug)]
struct Plan {
    changes: Vec<Change>,
    created: u64,
    updated: u64,
    unchanged: u64,
    categories: u64,
}

fn tax_class(code: &str) -> Change {
    let code = TaxCode::parse(code).expect("a code");
    Change::TaxClass(TaxClass { code, name: Name::default(), inclusive: true, rates: Vec::new() })
}

fn known(changes: &[Change]) -> Known {
    let mut known = Known::new(Currency::parse("CNY").expect("a currency"));
    changes.iter().cloned().for_each(|change| known.learn(change));
    known
}

fn import(csv: &str, changes: Vec<Change>) -> Result<Plan, Vec<String>> {
    import_into(csv, known(&changes), &changes)
}

fn import_into(csv: &str, known: Known, before: &[Change]) -> Result<Plan, Vec<String>> {
    let mut rows: Vec<RawRow> = Vec::new();
    read(Cursor::new(csv.as_bytes()), FileKind::Csv, |row| {
        rows.push(row);
        Ok::<_, ()>(())
    })
    .expect("a well-formed file");
    let headings = rows.remove(0);
    let columns = Columns::of(&headings, None);
    let (mut codes, mut errors) = (Codes::default(), Vec::new());
    errors.extend(rows.iter().filter_map(|raw| codes.note(Row { columns: &columns, raw })));
    let (mut planner, mut changes) = Planner::begin(known, &columns, &codes).expect("begun");
    let mut look_up = |id: ProductId| {
        Ok(before.iter().rev().find_map(|change| match change {
            Change::Product(product) if product.id == id => Some(product.clone()),
            _ => None,
        }))
    };
    if errors.is_empty() {
        for raw in &rows {
            match planner.row(Row { columns: &columns, raw }, &mut look_up).expect("answered") {
                Ok(more) => changes.extend(more),
                Err(error) => errors.push(error),
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .map(|error| format!("line {}: {} {} {}", error.row, error.column, error.value, error.detail))
            .collect());
    }
    let Planner { created, updated, unchanged, categories, .. } = planner;
    Ok(Plan { changes, created, updated, unchanged, categories })
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
    let mut known = known(&[tax_class("vat")]);
    elsewhere.iter().for_each(|change| known.learn_id(change));
    let plan = import_into("sku,name_en,price\nA,Tea,6\n", known, &[]).expect("imported");
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
    assert!(errors[0].starts_with("line 3: sku a") && errors[0].ends_with("is also on line 2"), "{errors:?}");
}

#[test]
fn a_barcode_may_move_from_one_product_of_the_file_to_another() {
    let before = after("sku,name_en,price,barcodes\nA,Tea,1,77\nB,Milk,1,\n");
    let plan = import("sku,barcodes\nA,\nB,77\n", before).expect("imported");
    assert_eq!(plan.updated, 2);
}

#[test]
fn a_variant_finds_the_product_above_it_or_in_the_store() {
    let csv = "sku,name_en,price,options,variant_of,values\nT,Shirt,50,颜色|Colour; 尺码,,\nT-R,Red shirt,50,,t,红|red; M\n";
    let changes = after(csv);
    let [.., Change::Product(parent), Change::Product(variant)] = &changes[..] else { panic!("products") };
    assert_eq!((variant.details.variant_of, variant.details.values.len()), (Some(parent.id), 2));
    assert!(parent.details.is_parent() && parent.details.options[0].en == "Colour");
    let later = import("sku,name_en,price,variant_of\nT-B,Blue shirt,50,T\n", changes).expect("imported");
    assert_eq!(later.created, 1);
    let errors = import("sku,name_en,price,variant_of\nX,X,1,nowhere\n", vec![tax_class("vat")]).expect_err("refused");
    assert!(errors[0].starts_with("line 2: variant_of nowhere"), "{errors:?}");
}
