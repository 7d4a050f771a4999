use std::convert::Infallible;

use domain::{Change, Product, Role, Staff, UnitPrice};

use super::{Till, cashier, category, cny, in_category, on_hand, product, tax_class, with_barcode};
use crate::{Applied, StoreError};

fn names(products: &[Product]) -> Vec<&str> {
    products.iter().map(|product| product.name.en.as_str()).collect()
}

fn load(till: &Till, changes: &[Change], feed: u64) -> Applied {
    till.store.load_snapshot(changes.iter().cloned().map(Ok::<_, Infallible>), feed).expect("loaded")
}

#[test]
fn a_product_comes_back_exactly_as_the_hub_told_it() {
    let till = Till::new();
    let mut soap = in_category(with_barcode(with_barcode(product("S-1", "肥皂", "Soap"), "6901234567892"), "22"), "care");
    soap.picture = Some("soap".to_owned());
    soap.price = UnitPrice::parse("0.001", cny()).expect("a price");
    let applied = till.store.apply_changes(&[Change::Product(soap.clone())], 5).expect("applied");
    assert_eq!(applied, Applied { changes: 1, catalogue: true, ..Applied::default() });
    assert_eq!(till.store.feed_position().expect("read"), 5);

    let found = [
        till.store.product(soap.id).expect("read"),
        till.store.product_by_barcode("6901234567892").expect("read"),
        till.store.product_by_barcode("22").expect("read"),
        till.store.product_by_sku("s-1").expect("read"),
    ];
    for product in found {
        assert_eq!(product.as_deref(), Some(&soap));
    }
    assert_eq!(till.store.product_by_barcode("690123456789").expect("read"), None);
}

#[test]
fn a_changed_product_is_found_by_what_it_is_now() {
    let till = Till::new();
    let mut soap = in_category(with_barcode(product("S1", "肥皂", "Soap"), "11"), "care");
    till.store.apply_changes(&[category("care", 0), category("food", 1), Change::Product(soap.clone())], 1).expect("applied");
    soap = in_category(with_barcode(Product { barcodes: Vec::new(), ..soap }, "12"), "food");
    soap.name.en = "Olive soap".to_owned();
    till.store.apply_changes(&[Change::Product(soap.clone()), Change::Product(soap.clone())], 2).expect("applied");

    assert_eq!(till.store.product_by_barcode("11").expect("read"), None);
    assert_eq!(till.store.product_by_barcode("12").expect("read").as_deref(), Some(&soap));
    assert_eq!(names(&till.store.search("olive", 9).expect("searched")), ["Olive soap"]);
    let counts: Vec<u32> = till.store.categories().expect("read").into_iter().map(|(_, products)| products).collect();
    assert_eq!(counts, [0, 1]);
}

#[test]
fn a_product_no_longer_sold_is_kept_for_old_receipts_but_not_offered() {
    let till = Till::new();
    let soap = in_category(with_barcode(product("S1", "肥皂", "Soap"), "11"), "care");
    till.store.apply_changes(&[category("care", 0), Change::Product(soap.clone())], 1).expect("applied");
    let gone = Product { active: false, ..soap.clone() };
    till.store.apply_changes(&[Change::Product(gone.clone())], 2).expect("applied");

    assert_eq!(till.store.product(soap.id).expect("read").as_deref(), Some(&gone));
    assert_eq!(till.store.search("soap", 9).expect("searched"), []);
    assert_eq!(till.store.search("S1", 9).expect("searched"), []);
    assert_eq!(till.store.browse(None, 0, 9).expect("read"), []);
    assert_eq!(till.store.categories().expect("read")[0].1, 0);

    till.store.apply_changes(&[Change::Product(soap.clone())], 3).expect("sold again");
    assert_eq!(till.store.search("soap", 9).expect("searched"), [soap]);
}

#[test]
fn a_barcode_that_moved_means_the_product_that_is_sold() {
    let till = Till::new();
    let old = with_barcode(product("S1", "旧", "Old"), "11");
    let new = with_barcode(product("S2", "新", "New"), "11");
    till.store.apply_changes(&[Change::Product(old.clone()), Change::Product(new.clone())], 1).expect("applied");
    till.store.apply_changes(&[Change::Product(Product { active: false, ..old })], 2).expect("applied");
    assert_eq!(till.store.product_by_barcode("11").expect("read").as_deref(), Some(&new));
}

#[test]
fn stock_is_the_hubs_figure_and_what_moved_here_since() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    assert_eq!(till.store.stock(soap.id).expect("read"), None);
    till.store.apply_changes(&[Change::Stock { product: soap.id, on_hand: on_hand(10) }], 1).expect("applied");
    let sold = till.sell(&[&soap, &soap, &soap]).expect("sold");
    assert_eq!(till.store.stock(soap.id).expect("read"), Some(on_hand(7)));
    till.give_back(&sold, &[&soap]).expect("given back");
    assert_eq!(till.store.stock(soap.id).expect("read"), Some(on_hand(8)));

    let till = till.restart();
    assert_eq!(till.store.stock(soap.id).expect("read"), Some(on_hand(8)));
    till.acknowledge();
    till.store.apply_changes(&[Change::Stock { product: soap.id, on_hand: on_hand(8) }], 2).expect("applied");
    assert_eq!(till.store.stock(soap.id).expect("read"), Some(on_hand(8)), "the hub's figure counts them now");
    till.sell(&[&soap]).expect("sold");
    assert_eq!(till.store.stock(soap.id).expect("read"), Some(on_hand(7)));
}

#[test]
fn staff_and_tax_classes_are_known_at_once() {
    let till = Till::new();
    let wang = Staff {
        id: cashier(),
        name: domain::Name::default(),
        role: Role::Cashier,
        pin_hash: "$argon2id$".to_owned(),
        active: true,
    };
    till.store.apply_changes(&[Change::Staff(wang.clone()), tax_class("standard")], 1).expect("applied");
    assert_eq!(*till.store.staff(), [wang]);
    assert!(till.store.tax_class(&product("S1", "", "").tax).is_some());
    let till = till.restart();
    assert_eq!(till.store.staff().len(), 1);
}

#[test]
fn a_snapshot_replaces_everything_but_what_was_first_entered_here() {
    let till = Till::new();
    let (soap, tea, local) = (product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"), product("L1", "本地", "Local"));
    let stock = Change::Stock { product: soap.id, on_hand: on_hand(4) };
    load(&till, &[tax_class("standard"), category("care", 0), Change::Product(soap.clone()), stock], 7);
    till.add(&local).expect("added");

    let applied = load(&till, &[tax_class("reduced"), category("food", 0), Change::Product(tea.clone())], 9);
    assert_eq!(applied.changes, 3);
    assert_eq!(names(&till.store.browse(None, 0, 9).expect("read")), ["Local", "Tea"]);
    assert_eq!(till.store.product(soap.id).expect("read"), None);
    assert_eq!(till.store.search("soap", 9).expect("searched"), []);
    assert_eq!(till.store.search("local", 9).expect("searched"), [local]);
    assert_eq!(till.store.stock(soap.id).expect("read"), None);
    assert!(till.store.tax_class(&soap.tax).is_none());
    assert_eq!(till.store.categories().expect("read")[0].0.code.as_str(), "food");
    assert_eq!(till.store.feed_position().expect("read"), 9);
    assert!(till.store.catalogue_complete());
    till.assert_projections_equal_the_journal();
}

#[test]
fn a_product_that_the_hub_sends_back_stays_the_one_first_entered_here() {
    let till = Till::new();
    let local = product("L1", "本地", "Local");
    till.add(&local).expect("added");
    let mut changed = local.clone();
    changed.name.en = "Renamed".to_owned();
    till.store.apply_changes(&[Change::Product(changed.clone())], 1).expect("applied");
    assert_eq!(till.store.product(local.id).expect("read").as_deref(), Some(&changed));
    till.assert_projections_equal_the_journal();
    till.store.rebuild().expect("rebuilt");
    assert_eq!(till.store.product(local.id).expect("read").as_deref(), Some(&changed), "a rebuild keeps what the hub said");
    till.assert_projections_equal_the_journal();
}

#[test]
fn a_snapshot_that_breaks_off_at_once_changes_nothing() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    load(&till, &[Change::Product(soap.clone())], 7);
    let broken = [Ok(Change::Product(product("T1", "茶", "Tea"))), Err(std::io::Error::other("cable pulled"))];
    let loaded = till.store.load_snapshot(broken, 9);
    assert!(matches!(loaded, Err(StoreError::Source(_))), "{loaded:?}");
    assert_eq!(till.store.browse(None, 0, 9).expect("read"), [soap]);
    assert_eq!(till.store.feed_position().expect("read"), 7);
    assert!(till.store.catalogue_complete());
}

#[test]
fn a_large_snapshot_that_breaks_off_is_incomplete_until_one_was_loaded_whole() {
    let till = Till::new();
    let many = (0..25_000).map(|number| Ok(Change::Product(product(&format!("P{number}"), "", "Thing"))));
    let broken = many.chain([Err(std::io::Error::other("cable pulled"))]);
    let loaded = till.store.load_snapshot(broken, 9);
    assert!(matches!(loaded, Err(StoreError::Source(_))), "{loaded:?}");
    assert!(!till.store.catalogue_complete());
    assert_eq!(till.store.feed_position().expect("read"), 0);

    let till = till.restart();
    assert!(!till.store.catalogue_complete(), "also after a restart");
    let soap = product("S1", "肥皂", "Soap");
    load(&till, &[Change::Product(soap.clone())], 9);
    assert!(till.store.catalogue_complete());
    assert_eq!(till.store.browse(None, 0, 9).expect("read"), [soap]);
    assert_eq!(till.store.search("thing", 9).expect("searched"), []);
}
