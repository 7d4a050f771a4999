//! A sale's way through the terminal, as the window goes it.

mod counter;

use counter::{APPLES, BREAD, Counter, MILK, shop_that_rounds_cash};
use domain::Event;
use journal::Entry;
use serde_json::json;

#[test]
fn a_scanned_barcode_becomes_a_signed_sale_with_change() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    let cart = counter.scan_some(BREAD, "2");
    assert_eq!(cart["total"]["text"], "¥29.90");
    assert_eq!(cart["tax"]["amount"], "3.44");
    assert_eq!(cart["tax_included"], true);
    assert_eq!(cart["count"], 3);

    let tendering = counter.done("begin_payment", json!({}));
    assert_eq!(tendering["due"]["amount"], "29.90");
    assert_eq!(tendering["quick_cash"][0]["amount"], "29.90");
    let tendering = counter.done("tender_cash", json!({ "given": "50" }));
    assert_eq!(tendering["change"]["text"], "¥20.10");
    assert_eq!(tendering["settled"], true);

    let receipt = counter.done("finish", json!({ "print": null }));
    assert_eq!(receipt["receipt"], "S1-0-000001");
    assert_eq!(receipt["change"]["amount"], "20.10");
    assert_eq!(receipt["at"], "2026-11-24 18:00");
    assert_eq!(counter.cart()["lines"], json!([]));
    counter.prove();
}

#[test]
fn the_same_product_scanned_twice_is_one_line_of_two() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    let cart = counter.scan(MILK);
    assert_eq!(cart["lines"].as_array().expect("lines").len(), 1);
    assert_eq!(cart["lines"][0]["quantity"], "2");
    assert_eq!(cart["last_line"], cart["lines"][0]["id"]);
}

#[test]
fn a_code_is_found_as_barcode_as_upc_and_as_sku() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let mut upc = counter::product(9, "0012345678905", counter::name("", "Soap"), "3", domain::Unit::Piece, true);
    upc.category = None;
    counter.terminal().store().apply_changes(&[domain::Change::Product(upc)], 3).expect("a product");
    for code in ["012345678905", "0012345678905", "SKU-9", "sku-9", " SKU-9 "] {
        let cart = counter.scan(code);
        assert_eq!(cart["lines"][0]["product"]["sku"], "SKU-9", "{code}");
        counter.done("clear", json!({ "reason": "left without paying" }));
    }
}

#[test]
fn a_weighed_line_counts_one_and_rounds_once() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let cart = counter.scan_some(APPLES, "0,355");
    assert_eq!(cart["lines"][0]["extended"]["amount"], "3.54");
    assert_eq!(cart["count"], 1);
}

#[test]
fn finishing_twice_after_a_lost_answer_sells_once() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    let first = counter.pay_exactly();
    let again = counter.done("finish", json!({ "print": null }));
    assert_eq!(first["order"], again["order"]);
    assert_eq!(first["text"], again["text"]);
    assert_eq!(counter.done("recent", json!({ "before": 0, "limit": 10 })).as_array().expect("orders").len(), 1);

    let counter = counter.killed();
    counter.sign_in("ana");
    let after_crash = counter.done("finish", json!({ "print": null }));
    assert_eq!(first["order"], after_crash["order"]);

    counter.scan(MILK);
    assert_eq!(counter.refused_as("finish", json!({ "print": null })), till::api::ProblemCode::NotPaying);
    let second = counter.pay_exactly();
    assert_eq!(second["receipt"], "S1-0-000002");
    counter.prove();
}

#[test]
fn an_order_that_was_recorded_is_not_recorded_again_whatever_comes_back() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    counter.done("begin_payment", json!({}));
    counter.done("tender_cash", json!({ "given": "20" }));
    let store = counter.terminal().store();
    let open = store.draft("window").expect("the store").expect("a draft");
    let receipt = counter.done("finish", json!({ "print": null }));
    counter.done("sign_out", json!({}));
    store.save_draft("window", &open).expect("an open order from before");

    assert_eq!(counter.sign_in("ana")["tendering"]["settled"], true);
    let again = counter.done("finish", json!({ "print": null }));
    assert_eq!(again["order"], receipt["order"]);
    assert_eq!(counter.done("recent", json!({ "before": 0, "limit": 10 })).as_array().expect("orders").len(), 1);
    counter.scan(MILK);
    assert_eq!(counter.pay_exactly()["receipt"], "S1-0-000002");
    counter.prove();
}

#[test]
fn a_sale_is_paid_in_any_mix_of_card_and_cash() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    counter.done("begin_payment", json!({}));
    let card = counter.done("tender_card", json!({ "amount": "10", "reference": "SLIP 77" }));
    assert_eq!(card["due"]["amount"], "2.90");
    let id = card["payments"][0]["id"].clone();
    counter.done("remove_payment", json!({ "payment": id }));
    counter.done("tender_card", json!({ "amount": "5", "reference": "SLIP 78" }));
    counter.done("tender_cash", json!({ "given": "5" }));
    let settled = counter.done("tender_card", json!({ "amount": "", "reference": "SLIP 79" }));
    assert_eq!(settled["settled"], true);
    let receipt = counter.done("finish", json!({ "print": false }));
    for part in ["SLIP 78", "SLIP 79", "12.90"] {
        assert!(receipt["text"].as_str().expect("text").contains(part), "{part}");
    }
    counter.prove();
}

#[test]
fn cash_is_rounded_to_the_coins_in_use_and_a_card_is_not() {
    let counter = Counter::selling_by(shop_that_rounds_cash());
    counter.sign_in("ana");
    counter.scan_some(APPLES, "0.355");
    let tendering = counter.done("begin_payment", json!({}));
    assert_eq!((&tendering["due"]["amount"], &tendering["due_in_cash"]["amount"]), (&json!("3.54"), &json!("3.50")));
    counter.done("tender_cash", json!({ "given": "5" }));
    let receipt = counter.done("finish", json!({ "print": null }));
    assert_eq!(receipt["change"]["amount"], "1.50");

    counter.scan_some(APPLES, "0.355");
    counter.done("begin_payment", json!({}));
    let card = counter.done("tender_card", json!({ "amount": "", "reference": "A1" }));
    assert_eq!(card["payments"][0]["amount"]["amount"], "3.54");
    counter.done("finish", json!({ "print": null }));
    counter.prove();
}

#[test]
fn discounts_and_mo_ling_come_off_in_order_and_stand_on_the_receipt() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let cart = counter.scan_some(MILK, "2");
    let line = cart["lines"][0]["id"].clone();
    counter.done("set_line_discount", json!({ "line": line, "discount": "10%" }));
    counter.scan(BREAD);
    let cart = counter.done("set_order_discount", json!({ "discount": "1,55" }));
    assert_eq!(cart["order_discount"], "1.55");
    assert_eq!(cart["total"]["amount"], "30.17");
    let cart = counter.done("set_mo_ling", json!({ "on": true }));
    assert_eq!(cart["total"]["amount"], "30.10");
    assert_eq!(cart["discount"]["amount"], "4.20");
    let receipt = counter.pay_exactly();
    let text = receipt["text"].as_str().expect("text");
    for part in ["-2.58", "-1.55", "-0.07", "30.10", "抹零"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    counter.prove();
}

#[test]
fn a_line_may_be_sold_at_another_price_and_at_the_catalogues_again() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let line = counter.scan(MILK)["lines"][0]["id"].clone();
    let cart = counter.done("set_price", json!({ "line": line, "price": "11,5" }));
    assert_eq!(cart["lines"][0]["unit_price"]["amount"], "11.50");
    assert_eq!(cart["lines"][0]["list_price"]["amount"], "12.90");
    let cart = counter.done("set_price", json!({ "line": line, "price": "" }));
    assert_eq!(cart["lines"][0]["list_price"], json!(null));
    let cart = counter.done("set_quantity", json!({ "line": line, "quantity": "0" }));
    assert_eq!(cart["lines"], json!([]));
}

#[test]
fn a_free_order_is_finished_without_a_payment() {
    let counter = Counter::open();
    counter.sign_in("mei");
    counter.scan(MILK);
    counter.done("set_order_discount", json!({ "discount": "100%" }));
    let tendering = counter.done("begin_payment", json!({}));
    assert_eq!(tendering["settled"], true);
    assert_eq!(tendering["quick_cash"], json!([]));
    assert_eq!(counter.done("finish", json!({ "print": null }))["total"]["amount"], "0.00");
    counter.prove();
}

#[test]
fn a_held_order_comes_back_and_the_one_in_progress_takes_its_place() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    let cart = counter.done("hold", json!({ "label": "red coat" }));
    assert_eq!((&cart["held"], &cart["lines"]), (&json!(1), &json!([])));
    counter.scan(BREAD);

    let counter = counter.killed();
    counter.sign_in("sam");
    let held = counter.done("held", json!({}));
    assert_eq!(held[0]["label"], "red coat");
    assert_eq!(held[0]["staff"], "ana");
    assert_eq!(held[0]["total"]["amount"], "12.90");
    let cart = counter.done("recall", json!({ "id": held[0]["id"] }));
    assert_eq!(cart["lines"][0]["product"]["barcode"], MILK);
    assert_eq!(cart["held"], 1);
    assert_eq!(counter.done("held", json!({}))[0]["total"]["amount"], "8.50");
    let again = counter.refused_as("recall", json!({ "id": held[0]["id"] }));
    assert_eq!(again, till::api::ProblemCode::NoSuchHeldOrder);
    counter.pay_exactly();
    counter.prove();
}

#[test]
fn a_crash_brings_the_order_back_with_its_payments() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let line = counter.scan_some(MILK, "3")["lines"][0]["id"].clone();
    counter.done("set_line_discount", json!({ "line": line, "discount": "20%" }));
    let before = counter.cart();
    counter.done("begin_payment", json!({}));
    counter.done("tender_card", json!({ "amount": "10", "reference": "SLIP 5" }));

    let counter = counter.killed();
    let session = counter.sign_in("ana");
    assert_eq!(session["cart"]["lines"], before["lines"]);
    assert_eq!(session["tendering"]["payments"][0]["reference"], "SLIP 5");
    assert_eq!(session["tendering"]["due"]["amount"], "20.96");
    counter.done("tender_cash", json!({ "given": "20.96" }));
    counter.done("finish", json!({ "print": null }));
    counter.prove();
}

#[test]
fn a_payment_taken_back_out_before_a_crash_changes_nothing_of_the_others() {
    let counter = Counter::selling_by(shop_that_rounds_cash());
    counter.sign_in("ana");
    counter.scan_some(APPLES, "0.355");
    counter.done("begin_payment", json!({}));
    let card = counter.done("tender_card", json!({ "amount": "1", "reference": "SLIP 1" }));
    counter.done("tender_cash", json!({ "given": "3" }));
    let before = counter.done("remove_payment", json!({ "payment": card["payments"][0]["id"] }));
    assert_eq!((&before["change"]["amount"], &before["due"]["amount"]), (&json!("0.50"), &json!("1.04")));
    let counter = counter.killed();
    assert_eq!(counter.sign_in("ana")["tendering"], before);
    counter.done("tender_card", json!({ "amount": "", "reference": "SLIP 2" }));
    counter.done("finish", json!({ "print": null }));
    counter.prove();
}

#[test]
fn a_reload_finds_the_order_and_a_sign_out_leaves_it_for_the_next() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    assert_eq!(counter.done("app", json!({}))["signed_in"]["cart"]["total"]["amount"], "12.90");
    counter.done("sign_out", json!({}));
    assert_eq!(counter.done("app", json!({}))["signed_in"], json!(null));
    assert_eq!(counter.sign_in("sam")["cart"]["total"]["amount"], "12.90");
}

#[test]
fn sessions_sell_side_by_side_on_one_journal() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.call_in("tablet", "sign_in", json!({ "staff": "sam", "pin": "2222" })).expect("signed in");
    counter.scan(MILK);
    counter.call_in("tablet", "scan", json!({ "code": BREAD, "quantity": "" })).expect("rung up");
    let threads: Vec<_> = ["window", "tablet"]
        .into_iter()
        .map(|session| {
            let terminal = std::sync::Arc::clone(counter.terminal());
            std::thread::spawn(move || {
                for name in ["begin_payment", "tender_card", "finish"] {
                    let args = match name {
                        "tender_card" => json!({ "amount": "", "reference": "S1" }),
                        "finish" => json!({ "print": null }),
                        _ => json!({}),
                    };
                    till::api::dispatch(terminal.as_ref(), session, name, args).expect(name);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("sold");
    }
    let totals: Vec<_> = counter.done("recent", json!({ "before": 0, "limit": 10 })).as_array().expect("orders").clone();
    assert_eq!(totals.len(), 2);
    counter.prove();
}

#[test]
fn what_is_recorded_says_who_when_and_what_the_hub_has_countersigned() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let store = counter.terminal().store();
    let head = store.head().expect("a head");
    store.set_acked(head, "a.b.c").expect("acknowledged");
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    let text = store.entry(store.head().expect("a head").seq).expect("the store").expect("an entry");
    let entry = Entry::read(&text).expect("an entry");
    assert_eq!(entry.staff.expect("staff").as_str(), "ana");
    let Event::SaleCompleted(sale) = entry.event else { panic!("not a sale") };
    let acknowledged = sale.order.acknowledged.expect("the acknowledged head");
    assert_eq!((acknowledged.seq, acknowledged.hash), (head.seq, head.hash.to_string()));
    let short = &head.hash.to_string()[..12];
    assert!(receipt["text"].as_str().expect("text").contains(short), "{receipt}");
}

#[test]
fn products_are_browsed_by_category_and_found_by_name() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let categories = counter.done("categories", json!({}));
    assert_eq!((&categories[0]["code"], &categories[0]["products"]), (&json!("food"), &json!(3)));
    let page = counter.done("browse", json!({ "category": "food", "offset": 0, "limit": 2 }));
    assert_eq!((page["products"].as_array().expect("products").len(), &page["more"]), (2, &json!(true)));
    let page = counter.done("browse", json!({ "category": "food", "offset": 2, "limit": 2 }));
    assert_eq!((page["products"].as_array().expect("products").len(), &page["more"]), (1, &json!(false)));
    for text in ["牛奶", "milk", "nn", "SKU-1", MILK] {
        let page = counter.done("search", json!({ "text": text, "limit": 10 }));
        assert_eq!(page["products"][0]["name"]["zh"], "牛奶", "{text}");
        assert_eq!(page["products"][0]["on_hand"], "50", "{text}");
    }
    let product = counter.done("search", json!({ "text": "bread", "limit": 10 }))["products"][0]["id"].clone();
    let cart = counter.done("add", json!({ "product": product, "quantity": "2" }));
    assert_eq!(cart["total"]["amount"], "17.00");
}

#[test]
fn an_order_that_comes_back_keeps_the_prices_it_was_rung_up_at() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan_some(MILK, "2");
    let dearer = counter::product(1, MILK, counter::name("鲜牛奶", "Fresh milk"), "15", domain::Unit::Piece, true);
    counter.terminal().store().apply_changes(&[domain::Change::Product(dearer)], 3).expect("a new price");
    let counter = counter.killed();
    let cart = counter.sign_in("ana")["cart"].clone();
    assert_eq!(cart["total"]["amount"], "25.80");
    let cart = counter.scan(MILK);
    assert_eq!(cart["lines"].as_array().expect("lines").len(), 2, "one more is sold at the new price");
    assert_eq!(cart["total"]["amount"], "40.80");
}

#[test]
fn a_discount_on_the_order_goes_with_its_last_line() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let line = counter.scan(MILK)["lines"][0]["id"].clone();
    counter.done("set_order_discount", json!({ "discount": "5%" }));
    let cart = counter.done("remove_line", json!({ "line": line }));
    assert_eq!(cart["order_discount"], "");
    assert_eq!(counter.scan(MILK)["total"]["amount"], "12.90");
}
