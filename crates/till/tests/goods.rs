//! Labels at the counter and goods in the stockroom, without a hub.

mod counter;

use counter::{BREAD, Counter, MILK, cny, name, product, shop};
use domain::barcode::{Region, with_check_digit};
use domain::{Barcode, Change, ProductDetails, Shop, StockDelta, Unit};
use serde_json::{Value, json};
use till::api::ProblemCode;

/// A shop with a Chinese scale, apples under PLU 00101 at 39.80 a kilogram, milk under its GTIN, and a shirt in two colours.
fn counter() -> Counter {
    let counter = Counter::selling_by(Shop { scale_layouts: Region::China.layouts(), ..shop() });
    let mut apples = product(51, "00101", name("苹果", "Apples, weighed"), "39.80", Unit::Kilogram, true);
    apples.barcodes.push(Barcode::parse("09506000134352").expect("a barcode"));
    let mut shirt = product(52, "52", name("", "Shirt"), "50", Unit::Piece, true);
    shirt.details.options = vec![name("颜色", "Colour")];
    let mut red = product(53, "53", name("", "Red shirt"), "50", Unit::Piece, true);
    red.details = ProductDetails {
        variant_of: Some(shirt.id),
        values: vec![name("红", "red")],
        reorder_at: Some(StockDelta::from_milli(5_000)),
        ..ProductDetails::default()
    };
    let on_hand =
        |product: &domain::Product, milli| Change::Stock { product: product.id, on_hand: StockDelta::from_milli(milli) };
    let stock = [on_hand(&apples, 10_000), on_hand(&red, 4_000)];
    let changes = [apples, shirt, red].map(Change::Product).into_iter().chain(stock).collect::<Vec<_>>();
    counter.terminal().store().apply_changes(&changes, 3).expect("the catalogue");
    assert_eq!(cny(), shop().currency);
    counter
}

fn last_line(cart: &Value) -> &Value {
    cart["lines"].as_array().and_then(|lines| lines.last()).expect("a line")
}

#[test]
fn a_weighed_label_is_sold_by_its_weight() {
    let counter = counter();
    counter.sign_in("ana");
    let cart = counter.scan(&with_check_digit("220010100735").expect("digits"));
    assert_eq!((&last_line(&cart)["quantity"], &last_line(&cart)["payable"]["amount"]), (&json!("0.735"), &json!("29.25")));
    assert_eq!(cart["scanned"]["till_price"], Value::Null);
}

#[test]
fn a_priced_label_comes_to_its_price_and_one_that_disagrees_is_shown() {
    let counter = counter();
    counter.sign_in("ana");
    let cart = counter.scan(&with_check_digit("210010101880").expect("digits"));
    assert_eq!(last_line(&cart)["payable"]["amount"], "18.80");
    assert_eq!(last_line(&cart)["quantity"], "0.472");
    let cart = counter.scan(&with_check_digit("21001010188000735").expect("digits"));
    assert_eq!(last_line(&cart)["payable"]["amount"], "18.80", "the label's price stands");
    assert_eq!(last_line(&cart)["quantity"], "0.735");
    assert_eq!(cart["scanned"]["till_price"]["amount"], "29.25", "and the till says what it would have made of it");
    assert_eq!(cart["total"]["amount"], "37.60");
    counter.pay_exactly();
    counter.prove();
}

#[test]
fn a_gs1_code_tells_its_lot_and_goods_past_their_day_are_not_sold() {
    let counter = counter();
    counter.sign_in("ana");
    let cart = counter.scan("]C10109506000134352310300125017261231\u{1d}10LOT7");
    assert_eq!((&cart["scanned"]["lot"], &cart["scanned"]["expiry"]), (&json!("LOT7"), &json!("2026-12-31")));
    assert_eq!(last_line(&cart)["quantity"], "1.25");
    let refused = counter.refused("scan", json!({ "code": "]C1010950600013435217261101", "quantity": "" }));
    assert_eq!((refused.code, refused.params["date"].as_str()), (ProblemCode::GoodsExpired, "2026-11-01"));
    assert_eq!(counter.refused_as("scan", json!({ "code": "]C10109", "quantity": "" })), ProblemCode::LabelUnreadable);
    assert_eq!(counter.cart()["lines"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_spelling_of_a_number_finds_the_product() {
    let counter = counter();
    counter.sign_in("ana");
    for code in [MILK.to_owned(), format!("0{MILK}"), format!("]E0{MILK}")] {
        assert_eq!(counter.scan(&code)["lines"].as_array().map(Vec::len), Some(1), "{code}");
    }
}

#[test]
fn a_product_in_variants_is_sold_as_one_of_them() {
    let counter = counter();
    counter.sign_in("ana");
    let refused = counter.refused("scan", json!({ "code": "52", "quantity": "" }));
    assert_eq!(refused.code, ProblemCode::ChooseVariant);
    let variants = counter.done("variants", json!({ "product": refused.params["product"] }));
    assert_eq!(variants.as_array().map(Vec::len), Some(1));
    counter.done("add", json!({ "product": variants[0]["id"], "quantity": "" }));
    let tiles = counter.done("browse", json!({ "category": "", "offset": 0, "limit": 100 }));
    let shown: Vec<&str> = tiles["products"].as_array().expect("tiles").iter().filter_map(|tile| tile["sku"].as_str()).collect();
    assert!(shown.contains(&"SKU-52") && !shown.contains(&"SKU-53"), "{shown:?}");
}

#[test]
fn goods_are_received_counted_and_adjusted_and_the_ledger_tells_it() {
    let counter = counter();
    counter.sign_in("sam");
    let goods = counter.done("find_goods", json!({ "code": "53" }));
    assert_eq!(goods["on_hand"], "4");
    let shirt = goods["product"]["id"].clone();
    let line = json!({ "product": shirt, "quantity": "6", "cost": "21.50", "lot": "", "expiry": "" });
    counter.done("receive_goods", json!({ "supplier": "Mill", "note": "LS-9", "lines": [line] }));
    let goods = counter.done("find_goods", json!({ "code": "53" }));
    assert_eq!(goods["on_hand"], "10");
    counter.scan("53");
    counter.pay_exactly();
    // Counted before the sale, booked after it: the sale stays taken off.
    let line = json!({ "product": shirt, "expected": goods["on_hand"], "counted": "9" });
    let booked = counter.done("count_goods", json!({ "reason": "shelf 3", "lines": [line] }));
    assert_eq!(booked["lines"][0]["delta"], "-1");
    let line = json!({ "product": shirt, "amount": "-2" });
    assert_eq!(counter.refused_as("adjust_goods", json!({ "reason": " ", "lines": [line] })), ProblemCode::ReasonMissing);
    counter.done("adjust_goods", json!({ "reason": "moths", "lines": [line] }));
    let ledger = counter.done("stock_ledger", json!({ "product": shirt, "before": 0 }));
    assert_eq!((&ledger["on_hand"], &ledger["whole_store"]), (&json!("6"), &json!(false)));
    let shown: Vec<_> = ledger["movements"]
        .as_array()
        .expect("movements")
        .iter()
        .map(|movement| (movement["kind"].as_str().unwrap_or(""), movement["balance"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(shown, [("adjusted", "6"), ("counted", "8"), ("sale", "9"), ("received", "10")]);
    counter.prove();
    let low = counter.done("low_stock", json!({}));
    assert!(low.as_array().expect("a list").iter().all(|scarce| scarce["product"]["sku"] != "SKU-53"));
    counter.done("adjust_goods", json!({ "reason": "moths", "lines": [line] }));
    let low = counter.done("low_stock", json!({}));
    assert_eq!(
        (&low[0]["product"]["sku"], &low[0]["on_hand"], &low[0]["reorder_at"]),
        (&json!("SKU-53"), &json!("4"), &json!("5"))
    );
}

#[test]
fn a_cashier_moves_no_stock_and_nobody_changes_the_catalogue_without_the_hub() {
    let counter = counter();
    counter.sign_in("ana");
    let nothing = json!({ "reason": "x", "lines": [] });
    assert_eq!(counter.refused_as("adjust_goods", nothing.clone()), ProblemCode::NotAllowed);
    counter.sign_in("sam");
    assert_eq!(counter.refused_as("adjust_goods", nothing), ProblemCode::NothingEntered);
    assert_eq!(counter.refused_as("export_catalogue", json!({ "format": "csv" })), ProblemCode::NotAllowed);
    assert_eq!(counter.refused_as("transfers", json!({})), ProblemCode::NotEnrolled);
    counter.sign_in("mei");
    let file = counter.done("export_catalogue", json!({ "format": "xlsx" }));
    assert!(file["name"].as_str().is_some_and(|name| name.ends_with(".xlsx")));
    let step = json!({ "step": "begin", "id": "", "name": "a.csv", "size": 5, "offset": 0, "data": "", "mapping": [] });
    assert_eq!(counter.refused_as("import", step), ProblemCode::NotEnrolled);
}

#[test]
fn labels_are_a_sheet_or_wait_for_the_printer() {
    let counter = counter();
    counter.sign_in("ana");
    let bread = counter.done("search", json!({ "text": BREAD, "limit": 1 }))["products"][0]["id"].clone();
    let lines = json!([{ "product": bread, "copies": 3 }]);
    let sheet = counter.done("labels", json!({ "to": "sheet", "symbol": "barcode", "lines": lines }));
    assert_eq!((sheet["count"].as_u64(), sheet["sheet"].as_str().map(|page| page.matches("<svg").count())), (Some(3), Some(3)));
    let refused = counter.refused_as("labels", json!({ "to": "print", "symbol": "qr", "lines": lines }));
    assert_eq!(refused, ProblemCode::NoPrinter);
}
