//! Another person lets somebody do once what their role does not allow.

mod counter;

use counter::{Counter, MILK, WINDOW, pin};
use domain::Event;
use jiff::SignedDuration;
use journal::Entry;
use serde_json::{Value, json};
use till::api::ProblemCode;

/// Ana, a cashier, has rung up milk; the arguments that sell it at another price.
fn ana() -> (Counter, Value) {
    let counter = Counter::open();
    counter.sign_in("ana");
    let line = counter.scan(MILK)["lines"][0]["id"].clone();
    (counter, json!({ "line": line, "price": "9.90" }))
}

fn allow(who: &str, permission: &str) -> Value {
    json!({ "permission": permission, "staff": who, "pin": pin(who), "reason": "shelf price" })
}

fn last_event(counter: &Counter) -> Event {
    let store = counter.terminal().store();
    let head = store.head().expect("a head");
    Entry::read(&store.entry(head.seq).expect("the store").expect("an entry")).expect("an entry").event
}

#[test]
fn an_override_is_used_once_and_stands_in_the_journal_with_its_reason() {
    let (counter, price) = ana();
    let problem = counter.refused("set_price", price.clone());
    assert_eq!(problem.code, ProblemCode::NotAllowed);
    counter.done("authorise", allow("sam", &problem.params["permission"]));
    let Event::PermissionOverridden(said) = last_event(&counter) else { panic!("the override is in the journal") };
    assert_eq!((said.by.as_str(), said.for_staff.as_str(), said.reason.as_str()), ("sam", "ana", "shelf price"));
    assert_eq!(said.permission, domain::Permission::OverridePrice);

    assert_eq!(counter.done("set_price", price.clone())["total"]["amount"], "9.90");
    assert_eq!(counter.refused_as("set_price", price), ProblemCode::NotAllowed, "once only");
    counter.pay_exactly();
    counter.prove();
}

#[test]
fn a_command_that_fails_for_another_reason_does_not_use_it_up() {
    let (counter, price) = ana();
    counter.refused("set_price", price.clone());
    counter.done("authorise", allow("sam", "override_price"));
    let line = price["line"].clone();
    assert_eq!(counter.refused_as("set_price", json!({ "line": line, "price": "abc" })), ProblemCode::NotAnAmount);
    counter.done("scan", json!({ "code": MILK, "quantity": "" }));
    counter.done("set_price", price);
}

#[test]
fn nobody_allows_themselves_and_whoever_allows_must_be_allowed() {
    let (counter, price) = ana();
    counter.refused("set_price", price.clone());
    assert_eq!(counter.refused_as("authorise", allow("ana", "override_price")), ProblemCode::SamePerson);

    // A discount that a supervisor may not give either.
    let problem = counter.refused("set_order_discount", json!({ "discount": "60%" }));
    let permission = &problem.params["permission"];
    assert_eq!(counter.refused_as("authorise", allow("sam", permission)), ProblemCode::NotAllowed);
    assert_eq!(counter.refused_as("authorise", allow("tom", permission)), ProblemCode::WrongPin, "no longer works here");
    counter.done("authorise", allow("mei", permission));
    counter.done("set_order_discount", json!({ "discount": "60%" }));
    assert_eq!(counter.refused_as("set_order_discount", json!({ "discount": "61%" })), ProblemCode::NotAllowed);
}

#[test]
fn only_what_was_just_refused_can_be_allowed_and_only_with_a_reason() {
    let (counter, price) = ana();
    assert_eq!(counter.refused_as("authorise", allow("sam", "override_price")), ProblemCode::NothingToAllow);
    counter.refused("set_price", price);
    assert_eq!(counter.refused_as("authorise", allow("mei", "change_settings")), ProblemCode::NothingToAllow);
    assert_eq!(counter.refused_as("authorise", allow("mei", "fly")), ProblemCode::BadRequest);
    let mut silent = allow("sam", "override_price");
    silent["reason"] = json!("  ");
    assert_eq!(counter.refused_as("authorise", silent), ProblemCode::ReasonMissing);
    counter.done("sign_out", json!({}));
    assert_eq!(counter.refused_as("authorise", allow("sam", "override_price")), ProblemCode::NotSignedIn);
}

#[test]
fn a_grant_ends_by_itself_and_a_clock_set_back_does_not_lengthen_it() {
    for moved in [SignedDuration::from_secs(121), SignedDuration::from_secs(-1)] {
        let (counter, price) = ana();
        counter.refused("set_price", price.clone());
        counter.done("authorise", allow("sam", "override_price"));
        counter.clock.advance(moved);
        assert_eq!(counter.refused_as("set_price", price), ProblemCode::NotAllowed);
    }
}

#[test]
fn a_grant_goes_with_the_person_it_was_given_to() {
    let (counter, price) = ana();
    counter.refused("set_price", price.clone());
    counter.done("authorise", allow("sam", "override_price"));
    counter.sign_in("mei");
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("set_price", price.clone()), ProblemCode::NotAllowed);
    counter.done("authorise", allow("sam", "override_price"));
    let other = counter.call_in("tablet", "sign_in", json!({ "staff": "ana", "pin": pin("ana") })).expect("signed in");
    assert_eq!(other["cart"]["count"], 0);
    counter.call_in(WINDOW, "set_price", price).expect("granted where it was asked for");
}

#[test]
fn wrong_pins_are_counted_as_at_signing_in() {
    let (counter, price) = ana();
    counter.refused("set_price", price.clone());
    let mut wrong = allow("sam", "override_price");
    wrong["pin"] = json!("0000");
    for left in ["4", "3", "2", "1"] {
        let problem = counter.refused("authorise", wrong.clone());
        assert_eq!((problem.code, problem.params["tries"].as_str()), (ProblemCode::WrongPin, left));
    }
    assert_eq!(counter.refused_as("authorise", wrong), ProblemCode::PinLocked);
    assert_eq!(counter.refused_as("authorise", allow("sam", "override_price")), ProblemCode::PinLocked);
    assert_eq!(counter.refused_as("sign_in", json!({ "staff": "sam", "pin": pin("sam") })), ProblemCode::PinLocked);
    assert_eq!(counter.refused_as("set_price", price), ProblemCode::NotAllowed);
}
