//! Bad input: each has its own answer, and nothing is lost or half done.

mod counter;

use counter::{Counter, GONE, MILK};
use serde_json::json;
use till::api::ProblemCode;

/// A counter with one milk rung up.
fn with_milk(who: &str) -> Counter {
    let counter = Counter::open();
    counter.sign_in(who);
    counter.scan(MILK);
    counter
}

#[test]
fn an_unknown_barcode_is_named_and_the_next_scan_works() {
    let counter = with_milk("ana");
    let problem = counter.refused("scan", json!({ "code": "4006381333931", "quantity": "" }));
    assert_eq!(problem.code, ProblemCode::UnknownBarcode);
    assert_eq!(problem.params["code"], "4006381333931");
    assert_eq!(counter.refused_as("scan", json!({ "code": "", "quantity": "" })), ProblemCode::UnknownBarcode);
    let longest = "9".repeat(300);
    assert_eq!(counter.refused_as("scan", json!({ "code": longest, "quantity": "" })), ProblemCode::UnknownBarcode);
    assert_eq!(counter.scan(MILK)["lines"][0]["quantity"], "2");
}

#[test]
fn what_is_no_longer_sold_is_not_rung_up() {
    let counter = with_milk("ana");
    assert_eq!(counter.refused_as("scan", json!({ "code": GONE, "quantity": "" })), ProblemCode::UnknownProduct);
    let nobody = "01940000-0000-7000-8000-0000000001ff";
    assert_eq!(counter.refused_as("add", json!({ "product": nobody, "quantity": "" })), ProblemCode::UnknownProduct);
    assert_eq!(counter.refused_as("add", json!({ "product": "milk", "quantity": "" })), ProblemCode::UnknownProduct);
}

#[test]
fn absurd_quantities_leave_the_line_as_it_was() {
    let counter = with_milk("ana");
    let before = counter.cart();
    let line = before["lines"][0]["id"].clone();
    for (quantity, code) in [
        ("1000000", ProblemCode::QuantityTooLarge),
        (MILK, ProblemCode::QuantityTooLarge),
        ("-1", ProblemCode::QuantityNotPositive),
        ("1.5", ProblemCode::QuantityNotWhole),
        ("1.2345", ProblemCode::NotAQuantity),
        ("two", ProblemCode::NotAQuantity),
        ("", ProblemCode::NotAQuantity),
        ("1,000", ProblemCode::NotAQuantity),
        ("1e3", ProblemCode::NotAQuantity),
        ("NaN", ProblemCode::NotAQuantity),
    ] {
        let args = json!({ "line": line, "quantity": quantity });
        assert_eq!(counter.refused_as("set_quantity", args), code, "{quantity}");
    }
    assert_eq!(counter.refused_as("scan", json!({ "code": MILK, "quantity": "999999" })), ProblemCode::QuantityTooLarge);
    assert_eq!(counter.refused_as("set_quantity", json!({ "line": 99, "quantity": "2" })), ProblemCode::NoSuchLine);
    assert_eq!(counter.cart(), before);
}

#[test]
fn a_price_typed_with_letters_is_refused_and_quoted() {
    let counter = with_milk("sam");
    let before = counter.cart();
    let line = before["lines"][0]["id"].clone();
    for price in ["12a", "abc", "-5", "1.2.3", "99999999999999999999", "£5", "1,000", "1,2,3"] {
        let problem = counter.refused("set_price", json!({ "line": line, "price": price }));
        assert_eq!(problem.code, ProblemCode::NotAnAmount, "{price}");
        assert_eq!(problem.params["text"], price);
    }
    assert_eq!(counter.cart(), before);
}

#[test]
fn discounts_above_what_there_is_are_refused() {
    let counter = with_milk("mei");
    let before = counter.cart();
    let line = before["lines"][0]["id"].clone();
    for (discount, code) in [
        ("13", ProblemCode::DiscountTooLarge),
        ("101%", ProblemCode::NotAPercentage),
        ("x%", ProblemCode::NotAPercentage),
        ("five", ProblemCode::NotAnAmount),
        ("-1", ProblemCode::NotAnAmount),
    ] {
        let on_line = counter.refused_as("set_line_discount", json!({ "line": line, "discount": discount }));
        let on_order = counter.refused_as("set_order_discount", json!({ "discount": discount }));
        assert_eq!((on_line, on_order), (code, code), "{discount}");
    }
    assert_eq!(counter.cart(), before);
}

#[test]
fn an_order_discount_on_nothing_is_refused() {
    let counter = Counter::open();
    counter.sign_in("mei");
    assert_eq!(counter.refused_as("set_order_discount", json!({ "discount": "5" })), ProblemCode::CartEmpty);
    counter.done("set_order_discount", json!({ "discount": "" }));
}

#[test]
fn mo_ling_needs_a_shop_that_has_it() {
    let counter = Counter::selling_by(domain::Shop { mo_ling: None, ..counter::shop() });
    counter.sign_in("ana");
    assert_eq!(counter.scan(MILK)["mo_ling_available"], false);
    assert_eq!(counter.refused_as("set_mo_ling", json!({ "on": true })), ProblemCode::MoLingUnavailable);
    counter.done("set_mo_ling", json!({ "on": false }));
}

#[test]
fn a_tender_below_the_total_cannot_finish_and_says_what_is_due() {
    let counter = with_milk("ana");
    counter.done("begin_payment", json!({}));
    let problem = counter.refused("finish", json!({ "print": null }));
    assert_eq!((problem.code, problem.params["due"].as_str()), (ProblemCode::StillDue, "¥12.90"));
    counter.done("tender_cash", json!({ "given": "10" }));
    let problem = counter.refused("finish", json!({ "print": null }));
    assert_eq!((problem.code, problem.params["due"].as_str()), (ProblemCode::StillDue, "¥2.90"));
    counter.done("tender_cash", json!({ "given": "2.90" }));
    counter.done("finish", json!({ "print": null }));
    counter.prove();
}

#[test]
fn tenders_that_cannot_be_are_refused() {
    let counter = with_milk("ana");
    assert_eq!(counter.refused_as("tender_cash", json!({ "given": "20" })), ProblemCode::NotPaying);
    assert_eq!(counter.refused_as("finish", json!({ "print": null })), ProblemCode::NotPaying);
    counter.done("begin_payment", json!({}));
    for (given, code) in [
        ("0", ProblemCode::AmountNotPositive),
        ("-5", ProblemCode::AmountNotPositive),
        ("ten", ProblemCode::NotAnAmount),
        ("", ProblemCode::NotAnAmount),
        (MILK, ProblemCode::AmountTooLarge),
    ] {
        assert_eq!(counter.refused_as("tender_cash", json!({ "given": given })), code, "{given}");
    }
    for (amount, reference, code) in [
        ("13", "S1", ProblemCode::MoreThanDue),
        ("0", "S1", ProblemCode::AmountNotPositive),
        ("x", "S1", ProblemCode::NotAnAmount),
        ("", " ", ProblemCode::ReferenceMissing),
        ("", "4111 1111 1111 1111", ProblemCode::LooksLikeCardNumber),
    ] {
        let args = json!({ "amount": amount, "reference": reference });
        assert_eq!(counter.refused_as("tender_card", args), code, "{amount} {reference}");
    }
    assert_eq!(counter.refused_as("remove_payment", json!({ "payment": "x" })), ProblemCode::NoSuchPayment);
    counter.done("tender_cash", json!({ "given": "20" }));
    assert_eq!(counter.refused_as("tender_cash", json!({ "given": "1" })), ProblemCode::AlreadyPaid);
}

#[test]
fn an_order_being_paid_is_not_changed() {
    let counter = with_milk("mei");
    let line = counter.cart()["lines"][0]["id"].clone();
    counter.done("begin_payment", json!({}));
    for (name, args) in [
        ("scan", json!({ "code": MILK, "quantity": "" })),
        ("set_quantity", json!({ "line": line, "quantity": "2" })),
        ("set_price", json!({ "line": line, "price": "1" })),
        ("set_order_discount", json!({ "discount": "1" })),
        ("set_mo_ling", json!({ "on": true })),
        ("remove_line", json!({ "line": line })),
        ("clear", json!({ "reason": "left without paying" })),
        ("hold", json!({ "label": "" })),
        ("recall", json!({ "id": "x" })),
    ] {
        assert_eq!(counter.refused_as(name, args), ProblemCode::PayingAlready, "{name}");
    }
    let cart = counter.done("cancel_payment", json!({}));
    assert_eq!(cart["total"]["amount"], "12.90");
    counter.scan(MILK);
}

#[test]
fn an_empty_order_is_neither_paid_nor_held() {
    let counter = Counter::open();
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("begin_payment", json!({})), ProblemCode::CartEmpty);
    assert_eq!(counter.refused_as("hold", json!({ "label": "" })), ProblemCode::CartEmpty);
    assert_eq!(counter.refused_as("recall", json!({ "id": "x" })), ProblemCode::NoSuchHeldOrder);
}

#[test]
fn an_amount_beyond_computing_is_refused() {
    let counter = with_milk("sam");
    let line = counter.cart()["lines"][0]["id"].clone();
    counter.done("set_price", json!({ "line": line, "price": "1000000000" }));
    let before = counter.cart();
    let args = json!({ "line": line, "quantity": "999999" });
    assert_eq!(counter.refused_as("set_quantity", args), ProblemCode::AmountTooLarge);
    assert_eq!(counter.cart(), before);
}

#[test]
fn receipts_that_do_not_exist_and_printers_that_are_not_set_up() {
    let counter = with_milk("ana");
    let receipt = counter.pay_exactly();
    for order in ["", "S1-0-000099", "x", "01940000-0000-7000-8000-0000000001ff"] {
        assert_eq!(counter.refused_as("receipt", json!({ "order": order })), ProblemCode::NoSuchReceipt, "{order}");
    }
    assert_eq!(counter.refused_as("reprint", json!({ "order": receipt["order"] })), ProblemCode::NoPrinter);
    assert_eq!(counter.refused_as("test_print", json!({})), ProblemCode::NoPrinter);
}

#[test]
fn requests_of_another_form_are_refused() {
    let counter = with_milk("ana");
    assert_eq!(counter.refused_as("scan", json!({ "code": MILK })), ProblemCode::BadRequest);
    assert_eq!(counter.refused_as("scan", json!({ "code": 5, "quantity": "" })), ProblemCode::BadRequest);
    assert_eq!(counter.refused_as("explode", json!({})), ProblemCode::BadRequest);
}

#[test]
fn nothing_is_done_for_a_session_that_nobody_signed_in() {
    let counter = with_milk("ana");
    for (name, args) in [
        ("scan", json!({ "code": MILK, "quantity": "" })),
        ("finish", json!({ "print": null })),
        ("recent", json!({ "before": 0, "limit": 5 })),
        ("search", json!({ "text": "milk", "limit": 5 })),
        ("held", json!({})),
        ("sync_now", json!({})),
    ] {
        let problem = counter.call_in("stranger", name, args).expect_err(name);
        assert_eq!(problem.code, ProblemCode::NotSignedIn, "{name}");
    }
}
