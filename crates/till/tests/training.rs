//! Practice: a journal and a store of its own, marked everywhere, and no way into the books. Fault drills in it are measured.

mod counter;

use counter::{Counter, MILK, copy_of, pin};
use domain::Event;
use jiff::SignedDuration;
use journal::{Entry, Head, VaultKind};
use serde_json::{Value, json};
use till::api::ProblemCode;
use till::{Terminal, TerminalOptions};

/// A counter where Sam has let practice begin.
fn practising() -> Counter {
    let counter = Counter::open();
    counter.sign_in("sam");
    counter.done("begin_training", json!({}));
    counter
}

/// The kinds of the real journal's entries.
fn kinds(counter: &Counter) -> Vec<&'static str> {
    let texts = counter.terminal().store().entries_after(0, usize::MAX, usize::MAX).expect("the journal");
    texts.iter().map(|text| Entry::read(text).expect("an entry").event.kind()).collect()
}

fn sell(counter: &Counter) -> Value {
    counter.scan(MILK);
    counter.pay_exactly()
}

#[test]
fn who_may_not_let_practice_begin_is_refused() {
    let counter = Counter::open();
    assert_eq!(counter.refused_as("begin_training", json!({})), ProblemCode::NotSignedIn);
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("begin_training", json!({})), ProblemCode::NotAllowed);
    assert_eq!(counter.done("app", json!({}))["training"], Value::Null);
}

#[test]
fn what_is_sold_in_training_is_nowhere_near_the_books() {
    let counter = practising();
    let app = counter.done("app", json!({}));
    assert_eq!(app["training"]["fault"], "");
    assert_eq!(app["signed_in"]["staff"]["id"], "sam", "whoever lets it begin practises first");
    let receipt = sell(&counter);
    assert!(receipt["receipt"].as_str().expect("a number").starts_with("TRAINING-"));
    let paper = receipt["text"].as_str().expect("a text");
    assert_eq!(paper.matches("TRAINING").count(), 2 + paper.matches("TRAINING-").count(), "at the top and at the end");
    assert!(paper.trim().starts_with("培训") && paper.trim().ends_with("TRAINING"), "{paper}");
    let milk = counter.terminal().store().product_by_barcode(MILK).expect("the store").expect("milk").id;
    assert_eq!(counter.terminal().store().stock(milk).expect("the store").expect("stock").milli(), 50_000);

    let app = counter.done("end_training", json!({}));
    assert_eq!((&app["training"], &app["signed_in"]), (&Value::Null, &Value::Null), "nobody is signed in afterwards");
    assert_eq!(kinds(&counter), ["journal_opened", "signed_in", "training_begun", "training_ended"]);
    counter.sign_in("ana");
    assert_eq!(sell(&counter)["receipt"], "S1-0-000001", "real receipts go on without a gap");
    counter.prove();
}

#[test]
fn the_real_journal_pins_the_end_of_the_practised_one_which_anyone_can_check() {
    let counter = practising();
    sell(&counter);
    counter.done("end_training", json!({}));
    let texts = counter.terminal().store().entries_after(0, usize::MAX, usize::MAX).expect("the journal");
    let last = Entry::read(texts.last().expect("an entry")).expect("an entry");
    let Event::TrainingEnded(ended) = last.event else { panic!("the end is told") };
    assert_eq!(ended.sales, 1);
    let folder = counter.folder.path().join("training-last");
    let entries = std::fs::read_to_string(folder.join("entries.jws")).expect("the practised journal");
    let key = std::fs::read_to_string(folder.join("key.pem")).expect("its key");
    let key = journal::VerifyingKey::from_pem(&key).expect("a key");
    let head = journal::verify_all(entries.lines(), &key, ended.training, Head::START).expect("it verifies");
    assert_eq!((head.seq, head.hash.to_string()), (ended.last_seq, ended.head));
    assert!(!counter.folder.path().join("training").exists(), "the store of practice is gone");
}

#[test]
fn a_till_of_training_joins_no_hub_and_its_folder_opens_as_no_till() {
    let counter = practising();
    sell(&counter);
    counter.done("sign_in", json!({ "staff": "mei", "pin": pin("mei") }));
    let join = json!({ "hub": "https://hub.example", "code": "X" });
    assert_eq!(counter.refused_as("enrol", join), ProblemCode::InTraining);
    let copy = copy_of(&counter.folder.path().join("training"));
    let options = TerminalOptions { vault: VaultKind::File, ..TerminalOptions::new(copy.path()) };
    let refused = Terminal::open(options).expect_err("it is no till").problem();
    assert_eq!(refused.code, ProblemCode::InTraining);
}

#[test]
fn others_sell_on_while_somebody_practises() {
    let counter = practising();
    counter.call_in("tablet", "sign_in", json!({ "staff": "ana", "pin": pin("ana") })).expect("signed in");
    counter.call_in("tablet", "scan", json!({ "code": MILK, "quantity": "" })).expect("rung up");
    sell(&counter);
    assert_eq!(counter.call_in("tablet", "app", json!({})).expect("answered")["signed_in"]["cart"]["count"], 1);
    assert!(!kinds(&counter).contains(&"sale_completed"));
}

#[test]
fn a_card_is_simulated_and_an_open_order_waits_for_the_return() {
    let counter = Counter::open();
    counter.sign_in("sam");
    counter.scan(MILK);
    counter.done("begin_training", json!({}));
    assert_eq!(counter.cart()["count"], 0, "practice begins with an empty order");
    counter.scan(MILK);
    counter.done("begin_payment", json!({}));
    let tendering = counter.done("tender_card", json!({ "amount": "", "reference": "" }));
    assert_eq!(tendering["settled"], true);
    counter.done("finish", json!({ "print": null }));
    counter.done("end_training", json!({}));
    assert_eq!(counter.sign_in("sam")["cart"]["count"], 1);
}

#[test]
fn training_gives_no_more_tries_at_a_pin() {
    let counter = practising();
    for _ in 0..5 {
        counter.refused("sign_in", json!({ "staff": "mei", "pin": "0000" }));
    }
    counter.done("end_training", json!({}));
    let right = json!({ "staff": "mei", "pin": pin("mei") });
    assert_eq!(counter.refused_as("sign_in", right), ProblemCode::PinLocked);
}

#[test]
fn practice_goes_on_after_a_restart_and_can_still_be_left() {
    let counter = practising();
    sell(&counter);
    let counter = counter.killed();
    let app = counter.done("app", json!({}));
    assert!(app["training"].is_object() && app["signed_in"].is_null());
    counter.sign_in("ana");
    sell(&counter);
    counter.done("end_training", json!({}));
    assert_eq!(kinds(&counter).iter().filter(|kind| **kind == "training_ended").count(), 1);
    counter.prove();
}

// ---- drills ----------------------------------------------------------------------------------------------------------

fn last_drill(counter: &Counter) -> domain::training::DrillCompleted {
    let texts = counter.terminal().store().entries_after(0, usize::MAX, usize::MAX).expect("the journal");
    let events = texts.iter().map(|text| Entry::read(text).expect("an entry").event);
    let drills = events.filter_map(|event| match event {
        Event::DrillCompleted(drill) => Some(drill),
        _ => None,
    });
    drills.last().expect("a drill in the real journal")
}

#[test]
fn drills_take_place_in_training_alone_and_one_at_a_time() {
    let counter = Counter::open();
    counter.sign_in("sam");
    assert_eq!(counter.refused_as("begin_drill", json!({ "fault": "network_gone" })), ProblemCode::NotInTraining);
    counter.done("begin_training", json!({}));
    assert_eq!(counter.refused_as("begin_drill", json!({ "fault": "earthquake" })), ProblemCode::BadRequest);
    assert_eq!(counter.refused_as("end_drill", json!({})), ProblemCode::NoDrill);
    counter.done("begin_drill", json!({ "fault": "network_gone" }));
    assert_eq!(counter.refused_as("begin_drill", json!({ "fault": "hub_slow" })), ProblemCode::DrillRunning);
}

#[test]
fn selling_with_the_network_gone_is_measured_and_told_in_the_real_journal() {
    let counter = practising();
    counter.done("begin_drill", json!({ "fault": "network_gone" }));
    counter.clock.advance(SignedDuration::from_secs(20));
    sell(&counter);
    let sync = counter.done("sync", json!({}));
    assert_eq!((sync["state"].as_str(), sync["unsent"].as_u64()), (Some("offline"), Some(1)));
    counter.clock.advance(SignedDuration::from_secs(10));
    let result = counter.done("end_drill", json!({}));
    assert_eq!(
        (&result["passed"], &result["recovered_ms"], &result["lasted_ms"]),
        (&json!(true), &json!(20_000), &json!(30_000))
    );
    let drill = last_drill(&counter);
    assert_eq!((drill.sales, drill.lost, drill.passed), (1, 0, true));
    assert_eq!(counter.done("drills", json!({}))[0], result);
    counter.done("end_training", json!({}));
    counter.sign_in("ana");
    assert_eq!(counter.done("drills", json!({}))[0], result, "and at the real till");
}

#[test]
fn a_drill_in_which_nobody_sold_is_not_passed() {
    let counter = practising();
    counter.done("begin_drill", json!({ "fault": "hub_slow" }));
    let result = counter.done("end_drill", json!({}));
    assert_eq!((&result["passed"], &result["recovered_ms"]), (&json!(false), &Value::Null));
}

#[test]
fn receipts_wait_for_paper_and_none_is_lost() {
    let counter = practising();
    counter.done("begin_drill", json!({ "fault": "out_of_paper" }));
    assert_eq!(sell(&counter)["print"], "waiting");
    assert!(counter.done("sync", json!({}))["print_jobs"].as_u64() >= Some(1));
    let result = counter.done("end_drill", json!({}));
    assert_eq!((&result["passed"], &result["lost"]), (&json!(true), &json!(0)));
    assert_eq!(counter.done("sync", json!({}))["print_jobs"], 0);
}

#[test]
fn a_clock_set_back_breaks_no_chain() {
    let counter = practising();
    let before = sell(&counter);
    counter.done("begin_drill", json!({ "fault": "clock_wrong" }));
    assert_eq!(counter.done("sync", json!({}))["clock_drift_seconds"], -86_400);
    let wrong = sell(&counter);
    assert!(wrong["at"].as_str() < before["at"].as_str(), "a day earlier");
    let result = counter.done("end_drill", json!({}));
    assert_eq!(result["passed"], true);
    assert!(sell(&counter)["at"].as_str() >= before["at"].as_str());
}

#[test]
fn the_power_goes_in_the_middle_of_a_sale_and_the_order_comes_back() {
    let counter = practising();
    assert_eq!(counter.refused_as("begin_drill", json!({ "fault": "power_cut" })), ProblemCode::CartEmpty);
    counter.scan(MILK);
    counter.done("begin_drill", json!({ "fault": "power_cut" }));
    let counter = counter.killed();
    let drill = last_drill(&counter);
    assert!(drill.passed && drill.lost == 0, "{drill:?}");
    assert!(drill.recovered_ms.is_some());
    assert_eq!(counter.sign_in("ana")["cart"]["count"], 1);
    assert_eq!(counter.done("app", json!({}))["training"]["fault"], "", "the drill is over");
    sell(&counter);
}
