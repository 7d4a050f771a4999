//! Locking by itself, a PIN before each sale, and taking changes back.

mod counter;

use counter::{BREAD, Counter, MILK};
use jiff::SignedDuration;
use serde_json::{Value, json};
use till::api::ProblemCode;

/// A counter with these settings and Ana signed in.
fn set(field: &str, value: Value) -> Counter {
    let counter = Counter::open();
    counter.sign_in("mei");
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings[field] = value;
    counter.done("set_settings", json!({ "settings": settings }));
    counter.sign_in("ana");
    counter
}

#[test]
fn a_quiet_till_locks_itself_and_keeps_the_order() {
    let counter = set("auto_lock_minutes", json!(5));
    counter.scan(MILK);
    counter.clock.advance(SignedDuration::from_mins(4));
    counter.done("still_here", json!({}));
    counter.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(counter.scan(BREAD)["count"], 2, "not yet");
    counter.clock.advance(SignedDuration::from_secs(301));
    assert_eq!(counter.refused_as("scan", json!({ "code": MILK, "quantity": "" })), ProblemCode::NotSignedIn);
    assert_eq!(counter.done("app", json!({}))["signed_in"], Value::Null);
    assert_eq!(counter.sign_in("ana")["cart"]["count"], 2);
}

#[test]
fn looking_is_no_sign_of_anybody_and_never_is_never() {
    let counter = set("auto_lock_minutes", json!(1));
    for _ in 0..4 {
        counter.clock.advance(SignedDuration::from_secs(20));
        counter.done("app", json!({}));
    }
    assert_eq!(counter.done("app", json!({}))["signed_in"], Value::Null);
    let counter = set("auto_lock_minutes", json!(0));
    counter.clock.advance(SignedDuration::from_hours(48));
    counter.scan(MILK);
    assert_eq!(set("sound", json!(false)).refused_as("undo", json!({})), ProblemCode::NothingToUndo);
}

#[test]
fn a_pin_is_asked_for_before_each_sale_where_the_shop_wants_it() {
    let counter = set("pin_each_sale", json!(true));
    counter.scan(MILK);
    counter.scan(MILK);
    let receipt = counter.pay_exactly();
    counter.done("receipt", json!({ "order": receipt["order"] }));
    assert_eq!(counter.refused_as("scan", json!({ "code": MILK, "quantity": "" })), ProblemCode::PinNeeded);
    counter.sign_in("ana");
    assert_eq!(counter.scan(MILK)["count"], 1);
}

#[test]
fn settings_without_the_new_fields_are_still_read() {
    let counter = Counter::open();
    counter.sign_in("mei");
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["language"] = json!("en");
    for field in ["auto_lock_minutes", "pin_each_sale"] {
        settings.as_object_mut().expect("an object").remove(field);
    }
    counter.terminal().store().set_setting("terminal", &settings.to_string()).expect("kept");
    let counter = counter.reopened();
    let read = counter.done("app", json!({}))["settings"].clone();
    assert_eq!((&read["language"], &read["auto_lock_minutes"]), (&json!("en"), &json!(0)));
}

#[test]
fn changes_of_an_order_are_taken_back_one_by_one() {
    let counter = Counter::open();
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("undo", json!({})), ProblemCode::NothingToUndo);
    let empty = counter.cart();
    let one = counter.scan(MILK);
    let two = counter.scan(BREAD);
    counter.done("clear", json!({ "reason": "left without paying" }));
    let same = |cart: &Value, before: &Value| assert_eq!((&cart["lines"], &cart["total"]), (&before["lines"], &before["total"]));
    same(&counter.done("undo", json!({})), &two);
    same(&counter.done("undo", json!({})), &one);
    same(&counter.done("undo", json!({})), &empty);
    assert_eq!(counter.refused_as("undo", json!({})), ProblemCode::NothingToUndo);
    counter.scan(MILK);
    counter.pay_exactly();
    assert_eq!(counter.refused_as("undo", json!({})), ProblemCode::NothingToUndo, "what is sold is sold");
    counter.prove();
}

#[test]
fn what_one_may_not_give_does_not_come_back_by_undoing() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let line = counter.scan(MILK)["lines"][0]["id"].clone();
    counter.done("set_line_discount", json!({ "line": line, "discount": "40%" }));
    counter.sign_in("ana");
    counter.done("set_line_discount", json!({ "line": line, "discount": "" }));
    assert_eq!(counter.refused_as("undo", json!({})), ProblemCode::NotAllowed);
    counter.sign_in("sam");
    counter.done("undo", json!({}));
}
