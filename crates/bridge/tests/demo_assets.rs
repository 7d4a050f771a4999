//! The demo shop as it is shipped: its data reads as the domain's types, its codes are right, its pictures are there.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::hash::Hash;
use std::path::PathBuf;

use domain::{Category, Name, Product, Role, Shop, TaxClass, Unit};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read<T: DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(&fs::read_to_string(root().join("assets/demo").join(file)).unwrap()).unwrap()
}

fn products() -> Vec<Product> {
    read("products.json")
}

fn pictures() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("ui/public/pictures")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".svg").unwrap().to_owned()).collect()
}

/// The set of `values`, of which there must be no two alike.
fn distinct<T: Ord + Hash + Debug>(values: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for value in values {
        let text = format!("{value:?}");
        assert!(set.insert(value), "{text} occurs twice");
    }
    set
}

fn in_both_languages(name: &Name) -> bool {
    !name.en.is_empty() && name.zh.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
}

#[test]
fn about_two_hundred_products_have_names_in_both_languages_and_a_price() {
    let products = products();
    assert!((190..=210).contains(&products.len()), "{}", products.len());
    for product in &products {
        assert!(in_both_languages(&product.name), "{product:?}");
        assert!(product.active && !product.price.value().is_zero() && product.price.currency().code() == "CNY", "{product:?}");
    }
}

#[test]
fn ids_skus_barcodes_and_names_are_unique() {
    let products = products();
    let ids = distinct(products.iter().map(|product| product.id));
    assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
    distinct(products.iter().map(|product| product.sku.as_str()));
    distinct(products.iter().flat_map(|product| &product.barcodes));
    distinct(products.iter().map(|product| &product.name.zh));
    distinct(products.iter().map(|product| &product.name.en));
}

#[test]
fn barcodes_are_chinese_ean13_with_their_check_digits() {
    for product in products() {
        let is_service = product.category.as_ref().is_some_and(|category| category.as_str() == "services");
        let comes_in_variants = products().iter().any(|other| other.details.variant_of == Some(product.id));
        let loose = product.unit != Unit::Piece;
        assert!(product.barcodes.len() == 1 || is_service || comes_in_variants || loose, "{product:?}");
        if product.unit != Unit::Piece {
            // What the shop's scale prints on its labels.
            assert!(product.barcodes.iter().all(|code| code.as_str().len() == 5), "{product:?}");
            continue;
        }
        for barcode in &product.barcodes {
            let digits: Vec<u32> = barcode.as_str().chars().map(|digit| digit.to_digit(10).unwrap()).collect();
            let sum: u32 = digits.iter().enumerate().map(|(index, digit)| digit * if index % 2 == 0 { 1 } else { 3 }).sum();
            assert!(digits.len() == 13 && sum.is_multiple_of(10) && barcode.as_str().starts_with("69"), "{barcode}");
        }
    }
}

#[test]
fn every_picture_that_a_product_names_exists_and_every_picture_is_named() {
    let named: BTreeSet<String> = products().into_iter().map(|product| product.picture.unwrap()).collect();
    assert_eq!(named, pictures());
}

#[test]
fn pictures_are_small_and_only_drawings() {
    for name in pictures() {
        let text = fs::read_to_string(root().join(format!("ui/public/pictures/{name}.svg"))).unwrap();
        assert!(text.len() < 2_048, "{name}: {} bytes", text.len());
        assert!(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\">"), "{name}");
        for foreign in ["<script", "href", "style=", "url(", "<image"] {
            assert!(!text.contains(foreign), "{name}: {foreign}");
        }
    }
}

#[test]
fn categories_and_tax_classes_are_known_and_used() {
    let categories: Vec<Category> = read("categories.json");
    let known = distinct(categories.iter().map(|category| category.code.clone()));
    let used: BTreeSet<_> = products().into_iter().map(|product| product.category.unwrap()).collect();
    assert_eq!(known, used);
    assert!(categories.iter().zip(0..).all(|(category, place)| category.position == place && in_both_languages(&category.name)));

    let classes: Vec<TaxClass> = read("tax_classes.json");
    let known = distinct(classes.iter().map(|class| class.code.clone()));
    let used: BTreeSet<_> = products().into_iter().map(|product| product.tax).collect();
    assert_eq!(known, used);
    for class in classes {
        assert!(class.inclusive && !class.name.zh.is_empty() && !class.name.en.is_empty(), "{class:?}");
        class.validate().unwrap();
    }
}

#[test]
fn goods_sold_by_weight_can_be_rung_up_in_grams() {
    let weighed: Vec<Product> = products().into_iter().filter(|product| product.unit == Unit::Kilogram).collect();
    assert!(weighed.len() >= 10);
    for product in weighed {
        product.price.extend("0.355".parse().unwrap()).unwrap();
    }
}

#[test]
fn the_shop_knocks_off_odd_change_and_knows_its_notes_and_coins() {
    let mut shop: Value = read("shop.json");
    // The hub gives the store its id.
    shop["id"] = json!("019b76da-a800-7000-8000-000000000000");
    let shop: Shop = serde_json::from_value(shop).unwrap();
    assert!(shop.mo_ling.is_some() && in_both_languages(&shop.name));
    assert_eq!(shop.zone().iana_name(), Some("Asia/Shanghai"));
    assert!(shop.denominations.is_sorted() && shop.denominations.contains(&10_000));
}

#[test]
fn three_people_can_sign_in_one_of_each_role() {
    let staff: Vec<Value> = read("staff.json");
    let role = |person: &Value| serde_json::from_value::<Role>(person["role"].clone()).unwrap();
    assert_eq!(staff.iter().map(role).collect::<Vec<_>>(), [Role::Cashier, Role::Supervisor, Role::Manager]);
    distinct(staff.iter().map(|person| person["id"].as_str().unwrap()));
    for person in &staff {
        assert!(in_both_languages(&serde_json::from_value(person["name"].clone()).unwrap()), "{person}");
        let pin = person["pin"].as_str().unwrap();
        assert!(pin.len() == 4 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{person}");
    }
}
