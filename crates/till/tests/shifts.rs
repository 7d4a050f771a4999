//! A shift from its float to its Z, told as what a cashier and a manager do.

mod counter;

use counter::{BREAD, Counter, MILK, pin, shop};
use domain::event::Event;
use domain::shift::ShiftClosed;
use domain::{Money, Shop};
use journal::Entry;
use serde_json::{Value, json};
use till::api::ProblemCode;

/// Notes of 100 and 10, and so many fen loose.
fn count(hundreds: u32, tens: u32, loose: &str) -> Value {
    json!({ "pieces": [
        { "value": "100.00", "pieces": hundreds.to_string() },
        { "value": "10.00", "pieces": tens.to_string() },
        { "value": "0.50", "pieces": "" },
    ], "loose": loose })
}

fn opened(counter: &Counter) -> Value {
    counter.done("open_shift", json!({ "count": count(2, 0, "") }))
}

fn moved(counter: &Counter, way: &str, amount: &str) -> Value {
    counter.done("move_cash", json!({ "way": way, "amount": amount, "reason": "change" }))
}

fn sell(counter: &Counter, code: &str) {
    counter.scan(code);
    counter.pay_exactly();
}

/// The Z with this number, from the journal.
fn z(counter: &Counter, number: u64) -> ShiftClosed {
    counter.terminal().store().z_report(number).expect("read").expect("a Z").z
}

fn last_entry(counter: &Counter) -> Entry {
    let store = counter.terminal().store();
    let seq = store.head().expect("a head").seq;
    Entry::read(&store.entry(seq).expect("read").expect("an entry")).expect("an entry")
}

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, counter::cny())
}

#[test]
fn a_whole_shift_ends_in_a_z_that_is_the_sum_of_its_entries() {
    let counter = Counter::open();
    counter.sign_in("ana");
    assert_eq!(counter.done("shift", json!({}))["state"], "closed");
    let added = counter.done("add_up", json!({ "count": count(2, 3, "0.7") }));
    assert_eq!((&added["total"]["amount"], &added["worth"][1]["amount"]), (&json!("230.70"), &json!("30.00")));

    let shift = opened(&counter);
    assert_eq!((&shift["state"], &shift["cashier"], &shift["number"]), (&json!("open"), &json!("ana"), &json!(1)));
    sell(&counter, MILK);
    sell(&counter, BREAD);
    moved(&counter, "pay_in", "20");
    moved(&counter, "safe_drop", "100");
    counter.done("no_sale", json!({ "reason": "换零钱" }));
    counter.sign_in("sam");
    moved(&counter, "pay_out", "5.5");
    sell(&counter, MILK);
    let x = counter.done("x_report", json!({ "print": false }));
    assert!(!x["text"].as_str().expect("a text").contains("应有"), "a supervisor does not see what must be there");
    counter.sign_in("mei");
    let x = counter.done("x_report", json!({ "print": false }))["text"].as_str().expect("a text").to_owned();
    assert!(x.contains("应有") && x.contains("148.80"), "{x}");

    counter.sign_in("ana");
    // 200 + 12.90 + 8.50 + 12.90 + 20 − 100 − 5.50 = 148.80; one jiao is missing.
    let shift = counter.done("count_shift", json!({ "count": count(1, 4, "8.7") }));
    let counted = &shift["counted"];
    assert_eq!((&counted["verdict"], &counted["difference"]["amount"]), (&json!("short"), &json!("0.10")));
    assert_eq!(counted["confirm"], false);
    let report = counter.done("close_shift", json!({ "taken_out": "48.7", "reason": "" }));
    assert_eq!(report["number"], 1);
    let text = report["text"].as_str().expect("a text");
    assert!(text.contains("短款") && text.contains("-0.10"), "{text}");

    let z = z(&counter, 1);
    assert_eq!((z.expected, z.over_short, z.count.total, z.taken_out), (fen(148_80), fen(-10), fen(148_70), fen(48_70)));
    assert_eq!(z.grand.sales, fen(34_30));
    assert_eq!(z.last + 1, last_entry(&counter).seq);
    assert_eq!(z.head, last_entry(&counter).prev.to_string());
    let shift = counter.done("shift", json!({}));
    assert_eq!((&shift["state"], &shift["number"], &shift["sales"]), (&json!("closed"), &json!(2), &json!(0)));
    counter.prove();

    // The next one begins with what was left, and its number follows.
    let counter = counter.reopened();
    counter.sign_in("ana");
    counter.done("open_shift", json!({ "count": count(1, 0, "") }));
    counter.done("count_shift", json!({ "count": count(1, 0, "") }));
    assert_eq!(counter.done("close_shift", json!({ "taken_out": "", "reason": "" }))["number"], 2);
    let list = counter.done("z_reports", json!({ "before": 0, "limit": 10 }));
    assert_eq!(
        (&list[0]["number"], &list[1]["number"], &list[1]["over_short"]["amount"]),
        (&json!(2), &json!(1), &json!("-0.10"))
    );
    let copy = counter.done("z_report", json!({ "number": 1, "print": false }));
    assert!(copy["text"].as_str().expect("a text").contains("副本"));
    assert_eq!(counter.refused_as("z_report", json!({ "number": 3, "print": false })), ProblemCode::NoSuchZ);
    counter.prove();
}

#[test]
fn what_must_be_there_is_not_told_before_the_count_is_in_the_journal() {
    let counter = Counter::open();
    counter.sign_in("ana");
    opened(&counter);
    assert_eq!(counter.done("shift", json!({}))["expected"], Value::Null);
    assert_eq!(counter.done("shift", json!({}))["counted"], Value::Null);
    assert_eq!(counter.refused_as("close_shift", json!({ "taken_out": "", "reason": "" })), ProblemCode::CountAgain);
    counter.done("count_shift", json!({ "count": count(1, 0, "") }));
    assert_eq!(last_entry(&counter).event.kind(), "drawer_counted");
    // Selling makes the count old.
    sell(&counter, MILK);
    assert_eq!(counter.done("shift", json!({}))["counted"], Value::Null);
    assert_eq!(counter.refused_as("close_shift", json!({ "taken_out": "", "reason": "" })), ProblemCode::CountAgain);
    counter.sign_in("mei");
    assert_eq!(counter.done("shift", json!({}))["expected"]["amount"], "212.90");
}

#[test]
fn a_difference_above_the_tolerance_needs_a_manager_and_a_reason() {
    let counter = Counter::selling_by(Shop { cash_tolerance: Some(fen(5_00)), ..shop() });
    counter.sign_in("ana");
    opened(&counter);
    let shift = counter.done("count_shift", json!({ "count": count(1, 0, "") }));
    assert_eq!(shift["counted"]["confirm"], true);
    let close = json!({ "taken_out": "", "reason": "stolen" });
    let refused = counter.refused("close_shift", close.clone());
    assert_eq!(refused.code, ProblemCode::NotAllowed);
    let allow = |reason: &str| {
        let args = json!({ "permission": "confirm_difference", "staff": "mei", "pin": pin("mei"), "reason": reason });
        counter.done("authorise", args);
    };
    allow("seen");
    assert_eq!(counter.refused_as("close_shift", json!({ "taken_out": "", "reason": " " })), ProblemCode::ReasonMissing);
    counter.done("close_shift", close);
    let z = z(&counter, 1);
    assert_eq!((z.approved_by.expect("somebody").as_str(), z.reason.as_str()), ("mei", "stolen"));
    counter.prove();

    counter.sign_in("mei");
    counter.done("open_shift", json!({ "count": count(1, 0, "") }));
    counter.done("count_shift", json!({ "count": count(1, 0, "5") }));
    counter.done("close_shift", json!({ "taken_out": "", "reason": "" }));
}

#[test]
fn a_close_with_a_held_order_is_refused_with_a_list_until_it_is_cancelled() {
    let counter = Counter::open();
    counter.sign_in("ana");
    opened(&counter);
    counter.scan(MILK);
    counter.done("hold", json!({ "label": "Wang" }));
    counter.scan(BREAD);
    let refused = counter.refused("count_shift", json!({ "count": count(2, 0, "") }));
    assert_eq!((refused.code, refused.params["n"].as_str()), (ProblemCode::OrdersUnfinished, "2"));
    let shift = counter.done("shift", json!({}));
    assert_eq!((&shift["unfinished"][0]["label"], &shift["unfinished"][1]["kind"]), (&json!("Wang"), &json!("open")));
    let cancel = |which: usize, reason: &str| json!({ "id": shift["unfinished"][which]["id"], "reason": reason });
    assert_eq!(counter.refused_as("cancel_unfinished", cancel(0, "")), ProblemCode::ReasonMissing);
    counter.done("cancel_unfinished", cancel(0, "left"));
    assert_eq!(counter.cart()["lines"][0]["product"]["name"]["en"], "Bread", "the order at hand stays");
    let Event::SaleVoided(voided) = last_entry(&counter).event else { panic!("a void") };
    assert_eq!((voided.total, voided.lines.len(), voided.reason.as_str()), (fen(12_90), 1, "left"));
    let shift = counter.done("cancel_unfinished", cancel(1, "left"));
    assert_eq!(shift["unfinished"], json!([]));
    assert_eq!(counter.refused_as("cancel_unfinished", cancel(1, "left")), ProblemCode::NoSuchHeldOrder);

    // An order at another screen stands in the way too.
    counter.call_in("browser", "sign_in", json!({ "staff": "sam", "pin": pin("sam") })).expect("signed in");
    counter.call_in("browser", "scan", json!({ "code": MILK, "quantity": "" })).expect("rung up");
    let shift = counter.done("shift", json!({}));
    assert_eq!(shift["unfinished"][0]["id"], "open:browser");
    counter.done("cancel_unfinished", json!({ "id": "open:browser", "reason": "left" }));
    counter.done("count_shift", json!({ "count": count(2, 0, "") }));
    counter.prove();
}

#[test]
fn a_drawer_goes_from_one_cashier_to_the_next_counted_or_not() {
    let counter = Counter::open();
    counter.sign_in("ana");
    opened(&counter);
    assert_eq!(counter.refused_as("hand_over", json!({ "to": "ana", "count": null })), ProblemCode::SameCashier);
    assert_eq!(counter.refused_as("hand_over", json!({ "to": "nobody", "count": null })), ProblemCode::NoSuchStaff);
    let shift = counter.done("hand_over", json!({ "to": "sam", "count": null }));
    assert_eq!(shift["cashier"], "sam");
    counter.sign_in("sam");
    sell(&counter, MILK);
    counter.done("hand_over", json!({ "to": "ana", "count": count(2, 1, "3") }));
    counter.done("count_shift", json!({ "count": count(2, 1, "3") }));
    counter.done("close_shift", json!({ "taken_out": "", "reason": "" }));
    let z = z(&counter, 1);
    assert_eq!((z.drawer.differences, z.over_short), (fen(10), fen(0)));
    counter.prove();
}

#[test]
fn a_suspended_shift_sells_nothing_until_it_is_resumed() {
    let counter = Counter::open();
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("suspend_shift", json!({})), ProblemCode::ShiftNotOpen);
    assert_eq!(
        counter.refused_as("move_cash", json!({ "way": "pay_in", "amount": "1", "reason": "x" })),
        ProblemCode::ShiftNotOpen
    );
    opened(&counter);
    assert_eq!(counter.refused_as("open_shift", json!({ "count": count(1, 0, "") })), ProblemCode::ShiftAlreadyOpen);
    counter.done("suspend_shift", json!({}));
    counter.scan(MILK);
    assert_eq!(counter.refused_as("begin_payment", json!({})), ProblemCode::ShiftSuspended);
    counter.done("resume_shift", json!({}));
    assert_eq!(counter.refused_as("resume_shift", json!({})), ProblemCode::ShiftNotSuspended);
    counter.pay_exactly();
}

#[test]
fn a_shop_may_ask_for_a_shift_before_it_sells() {
    let counter = Counter::selling_by(Shop { require_shift: true, ..shop() });
    counter.sign_in("ana");
    counter.scan(MILK);
    assert_eq!(counter.refused_as("begin_payment", json!({})), ProblemCode::ShiftNotOpen);
    opened(&counter);
    counter.pay_exactly();
}

#[test]
fn a_shop_that_does_not_ask_for_one_gets_a_z_that_says_so() {
    let counter = Counter::open();
    counter.sign_in("ana");
    sell(&counter, MILK);
    counter.done("count_shift", json!({ "count": count(0, 1, "2.9") }));
    counter.done("close_shift", json!({ "taken_out": "12.9", "reason": "" }));
    let z = z(&counter, 1);
    assert!(!z.opened);
    assert_eq!((z.first, z.expected, z.over_short), (1, fen(12_90), fen(0)));
    counter.prove();
}

#[test]
fn a_clock_that_was_moved_back_is_counted_in_the_z() {
    let counter = Counter::open();
    counter.sign_in("ana");
    opened(&counter);
    counter.clock.set("2026-11-24T04:00:00Z".parse().expect("a time"));
    sell(&counter, MILK);
    assert_eq!(counter.done("shift", json!({}))["clock_back"], 1);
    counter.done("count_shift", json!({ "count": count(2, 1, "2.9") }));
    let text = counter.done("close_shift", json!({ "taken_out": "", "reason": "" }))["text"].to_string();
    assert!(text.contains("时钟被调回 1"), "{text}");
    assert_eq!(z(&counter, 1).clock_back, 1);
}

#[test]
fn a_z_belongs_to_the_day_that_the_shop_says_it_does() {
    let counter = Counter::selling_by(Shop { day_starts_at: 5, ..shop() });
    counter.sign_in("ana");
    // 02:00 in Shanghai: still the night of the 24th.
    counter.clock.set("2026-11-24T18:00:00Z".parse().expect("a time"));
    sell(&counter, MILK);
    counter.done("count_shift", json!({ "count": count(0, 0, "12.9") }));
    counter.done("close_shift", json!({ "taken_out": "", "reason": "" }));
    assert_eq!(z(&counter, 1).business_date.to_string(), "2026-11-24");
}

#[test]
fn what_was_typed_wrong_is_named() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let typed =
        |pieces: &str, loose: &str| json!({ "count": { "pieces": [{ "value": "100", "pieces": pieces }], "loose": loose } });
    for (pieces, loose, code) in [
        ("two", "", ProblemCode::NotAQuantity),
        ("1.5", "", ProblemCode::NotAQuantity),
        ("+1", "", ProblemCode::NotAQuantity),
        ("9999999", "", ProblemCode::NotAQuantity),
        ("1", "1,000", ProblemCode::NotAnAmount),
        ("1", "-1", ProblemCode::AmountNotPositive),
    ] {
        assert_eq!(counter.refused_as("open_shift", typed(pieces, loose)), code, "{pieces} {loose}");
    }
    let foreign = json!({ "count": { "pieces": [{ "value": "3", "pieces": "1" }], "loose": "" } });
    assert_eq!(counter.refused_as("open_shift", foreign), ProblemCode::BadRequest);
    opened(&counter);
    let move_cash = |way: &str, amount: &str, reason: &str| json!({ "way": way, "amount": amount, "reason": reason });
    assert_eq!(counter.refused_as("move_cash", move_cash("pay_in", "0", "x")), ProblemCode::AmountNotPositive);
    assert_eq!(counter.refused_as("move_cash", move_cash("pay_in", "5", " ")), ProblemCode::ReasonMissing);
    assert_eq!(counter.refused_as("move_cash", move_cash("bank_drop", "5", "x")), ProblemCode::NotAllowed);
    assert_eq!(counter.refused_as("no_sale", json!({ "reason": "" })), ProblemCode::ReasonMissing);
    counter.done("count_shift", json!({ "count": count(2, 0, "") }));
    let too_much = json!({ "taken_out": "200.01", "reason": "" });
    assert_eq!(counter.refused_as("close_shift", too_much), ProblemCode::TooMuchTakenOut);
}
