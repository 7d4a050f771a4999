//! Signing in by PIN.

mod counter;

use counter::Counter;
use domain::Event;
use jiff::SignedDuration;
use journal::Entry;
use serde_json::json;
use till::api::{Problem, ProblemCode};

fn wrong(counter: &Counter) -> Problem {
    counter.refused("sign_in", json!({ "staff": "ana", "pin": "0000" }))
}

#[test]
fn a_sign_in_is_in_the_journal_and_tells_what_the_role_may() {
    let counter = Counter::open();
    let session = counter.sign_in("ana");
    assert_eq!(session["staff"]["role"], "cashier");
    assert_eq!(session["permissions"]["max_discount_percent"], "10");
    assert_eq!(session["permissions"]["change_settings"], false);
    let store = counter.terminal().store();
    let head = store.head().expect("a head");
    let entry = Entry::read(&store.entry(head.seq).expect("the store").expect("an entry")).expect("an entry");
    assert!(matches!(entry.event, Event::SignedIn(signed_in) if signed_in.staff.as_str() == "ana"));
    counter.prove();
}

#[test]
fn five_wrong_pins_begin_a_growing_wait_that_a_restart_does_not_end() {
    let counter = Counter::open();
    for left in ["4", "3", "2", "1"] {
        let problem = wrong(&counter);
        assert_eq!((problem.code, problem.params["tries"].as_str()), (ProblemCode::WrongPin, left));
    }
    let problem = wrong(&counter);
    assert_eq!((problem.code, problem.params["seconds"].as_str()), (ProblemCode::PinLocked, "30"));

    let counter = counter.killed();
    let right = json!({ "staff": "ana", "pin": "1111" });
    counter.clock.advance(SignedDuration::from_secs(10));
    let problem = counter.refused("sign_in", right.clone());
    assert_eq!((problem.code, problem.params["seconds"].as_str()), (ProblemCode::PinLocked, "20"));
    counter.call("sign_in", json!({ "staff": "sam", "pin": "2222" })).expect("others may");

    counter.clock.advance(SignedDuration::from_secs(20));
    assert_eq!(wrong(&counter).params["seconds"], "60");
    counter.clock.advance(SignedDuration::from_secs(60));
    counter.done("sign_in", right);
    assert_eq!(wrong(&counter).params["tries"], "4");
}

#[test]
fn who_is_unknown_or_left_does_not_get_in() {
    let counter = Counter::open();
    for (staff, pin) in [("tom", "3333"), ("nobody", "1"), ("", "")] {
        let problem = counter.refused("sign_in", json!({ "staff": staff, "pin": pin }));
        assert_eq!(problem.code, ProblemCode::WrongPin, "{staff}");
    }
    let listed = counter.done("app", json!({}))["staff"].as_array().expect("staff").len();
    assert_eq!(listed, 3);
}

#[test]
fn a_refused_sign_in_leaves_who_is_signed_in() {
    let counter = Counter::open();
    counter.sign_in("sam");
    wrong(&counter);
    assert_eq!(counter.done("app", json!({}))["signed_in"]["staff"]["id"], "sam");
}

#[test]
fn who_leaves_or_is_given_another_role_is_so_at_once() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let change = |role, active| {
        let sam = counter.terminal().store().staff().iter().find(|staff| staff.id.as_str() == "sam").cloned().expect("sam");
        let changed = domain::Staff { role, active, ..sam };
        counter.terminal().store().apply_changes(&[domain::Change::Staff(changed)], 5).expect("applied");
    };
    let line = counter.scan(counter::MILK)["lines"][0]["id"].clone();
    change(domain::Role::Cashier, true);
    assert_eq!(counter.refused_as("set_price", json!({ "line": line, "price": "1" })), ProblemCode::NotAllowed);
    change(domain::Role::Cashier, false);
    assert_eq!(counter.refused_as("begin_payment", json!({})), ProblemCode::NotSignedIn);
    assert_eq!(counter.done("app", json!({}))["signed_in"], json!(null));
    assert_eq!(counter.sign_in("ana")["cart"]["total"]["amount"], "12.90");
}
