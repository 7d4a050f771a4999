//! Giving back, exchanging, voiding and ordering at one till, with nobody to ask.

mod counter;

use counter::{APPLES, BREAD, Counter, MILK};
use domain::{Event, Tender};
use journal::Entry;
use serde_json::{Value, json};
use till::api::ProblemCode;

/// The events of the journal, oldest first.
fn events(counter: &Counter) -> Vec<Event> {
    let texts = counter.terminal().store().entries_after(0, usize::MAX, usize::MAX).expect("the journal");
    texts.iter().map(|text| Entry::read(text).expect("an entry").event).collect()
}

/// Three milks and a bread, a tenth off: 42.48 in cash.
fn sold(counter: &Counter) -> Value {
    counter.scan_some(MILK, "3");
    counter.scan(BREAD);
    counter.done("set_order_discount", json!({ "discount": "10%" }));
    counter.pay_exactly()
}

fn lines(chosen: &[(u32, &str)]) -> Value {
    chosen.iter().map(|(line, quantity)| json!({ "line": line, "quantity": quantity })).collect()
}

fn refund(chosen: &[(u32, &str)]) -> Value {
    json!({ "lines": lines(chosen), "reason": "broken", "tender": "as_paid", "reference": "", "print": null })
}

#[test]
fn a_sale_is_given_back_in_parts_that_sum_to_it_and_never_twice() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let receipt = sold(&counter);
    let found = counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    assert_eq!((found["left"]["amount"].as_str(), found["checked"].as_bool()), (Some("42.48"), Some(true)));
    assert_eq!(found["lines"][0]["left"], "3");

    let preview = counter.done("refund_preview", json!({ "lines": lines(&[(0, "1")]), "tender": "as_paid", "reference": "" }));
    assert_eq!(preview["total"]["amount"], "11.61");
    let first = counter.done("refund", refund(&[(0, "1")]));
    assert_eq!((first["kind"].as_str(), first["total"]["amount"].as_str()), (Some("refund"), Some("11.61")));

    let too_much = |quantity: &str| {
        counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
        counter.refused("refund", refund(&[(0, quantity)]))
    };
    let problem = too_much("3");
    assert_eq!((problem.code, problem.params["left"].as_str()), (ProblemCode::RefundAboveRest, "2"));
    assert_eq!(too_much("0.5").code, ProblemCode::QuantityNotWhole);

    let rest = counter.done("refund", refund(&[(0, "2"), (1, "1")]));
    assert_eq!(rest["total"]["amount"], "30.87");
    assert_eq!(too_much("1").code, ProblemCode::RefundAboveRest);
    counter.prove();
}

#[test]
fn a_refund_asked_for_again_after_a_lost_answer_is_one() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let receipt = sold(&counter);
    counter.done("refund_lookup", json!({ "receipt": receipt["order"] }));
    let made = counter.done("refund", refund(&[(1, "1")]));
    assert_eq!(counter.refused_as("refund", refund(&[(1, "1")])), ProblemCode::NoSuchReceipt, "it must be looked up anew");
    let problem = counter.refused("refund_lookup", json!({ "receipt": made["receipt"] }));
    assert_eq!(problem.code, ProblemCode::NotASale);
}

#[test]
fn a_cashier_gives_nothing_back_and_a_reason_is_needed() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let receipt = sold(&counter);
    counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    assert_eq!(counter.refused_as("refund", refund(&[(0, "1")])), ProblemCode::NotAllowed);
    counter.done("sign_out", json!({}));
    counter.sign_in("sam");
    counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let mut without = refund(&[(0, "1")]);
    without["reason"] = json!(" ");
    assert_eq!(counter.refused_as("refund", without), ProblemCode::ReasonMissing);
    assert_eq!(counter.refused_as("refund", refund(&[])), ProblemCode::NothingChosen);
    assert_eq!(counter.refused_as("refund", refund(&[(9, "1")])), ProblemCode::NoSuchLine);
    assert_eq!(counter.refused_as("refund_lookup", json!({ "receipt": "S1-0-999999" })), ProblemCode::NoSuchReceipt);
    assert_eq!(counter.refused_as("refund_lookup", json!({ "receipt": "" })), ProblemCode::NoSuchReceipt);
}

#[test]
fn a_card_gets_back_no_more_than_it_paid() {
    let counter = Counter::open();
    counter.sign_in("sam");
    counter.scan(MILK);
    counter.done("begin_payment", json!({}));
    counter.done("tender_card", json!({ "amount": "5", "reference": "slip 9" }));
    counter.done("tender_cash", json!({ "given": "7.90" }));
    let receipt = counter.done("finish", json!({ "print": null }));
    counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let mut by_card = refund(&[(0, "1")]);
    by_card["tender"] = json!("card");
    let problem = counter.refused("refund", by_card);
    assert_eq!((problem.code, problem.params["left"].as_str()), (ProblemCode::RefundAboveTender, "¥5.00"));
    let preview = counter.done("refund_preview", json!({ "lines": lines(&[(0, "1")]), "tender": "as_paid", "reference": "" }));
    assert_eq!(preview["payments"][0]["kind"], "card");
    assert_eq!(preview["payments"][1]["amount"]["amount"], "7.90");
    counter.done("refund", refund(&[(0, "1")]));
    counter.prove();
}

#[test]
fn without_a_receipt_a_supervisor_gives_back_what_is_rung_up() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    let args = json!({ "receipt": "", "reason": "lost receipt", "tender": "cash", "reference": "", "print": null });
    assert_eq!(counter.refused_as("refund_goods", args.clone()), ProblemCode::NotAllowed);
    counter.done("sign_out", json!({}));
    counter.sign_in("sam");
    let receipt = counter.done("refund_goods", args.clone());
    assert_eq!((receipt["kind"].as_str(), receipt["total"]["amount"].as_str()), (Some("refund"), Some("12.90")));
    assert_eq!(counter.cart()["lines"], json!([]));
    assert_eq!(counter.done("refund_goods", args.clone())["order"], receipt["order"], "asked again it is the same");
    counter.scan(BREAD);
    let mut foreign = args;
    foreign["receipt"] = json!("S1-2-000007");
    counter.done("refund_goods", foreign);
    let Some(Event::RefundCompleted(last)) = events(&counter).pop() else { panic!("a refund is last") };
    assert!(last.unchecked && last.of.is_none());
    assert_eq!(last.of_receipt.expect("the number").as_str(), "S1-2-000007");
    counter.prove();
}

#[test]
fn an_exchange_is_a_refund_and_a_sale_in_one_commit_and_its_balance_is_paid() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let receipt = sold(&counter);
    counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let exchange = json!({ "lines": lines(&[(0, "1")]), "reason": "another one", "tender": "cash", "reference": "" });
    counter.done("begin_exchange", exchange);
    let cart = counter.scan_some(MILK, "2");
    assert_eq!((cart["returned"]["amount"].as_str(), cart["balance"]["amount"].as_str()), (Some("11.61"), Some("14.19")));
    let counter = counter.reopened();
    counter.sign_in("sam");
    assert_eq!(counter.cart()["balance"]["amount"], "14.19", "it survives a restart");
    let tendering = counter.done("begin_payment", json!({}));
    assert_eq!((tendering["due"]["amount"].as_str(), tendering["settled"].as_bool()), (Some("14.19"), Some(false)));
    let credit = tendering["payments"][0]["id"].clone();
    assert_eq!(counter.refused_as("remove_payment", json!({ "payment": credit })), ProblemCode::NoSuchPayment);
    counter.done("tender_cash", json!({ "given": "14.19" }));
    counter.done("finish", json!({ "print": null }));
    let mut last = events(&counter);
    let (Some(Event::SaleCompleted(sale)), Some(Event::RefundCompleted(refund))) = (last.pop(), last.pop()) else {
        panic!("a refund and a sale are last")
    };
    assert_eq!(
        (refund.exchange, sale.order.payments[0].tender.clone()),
        (Some(sale.order.id), Tender::Exchange { with: refund.order.id })
    );
    assert_eq!(refund.order.payments[0].amount, sale.order.payments[0].amount);
    counter.prove();
}

#[test]
fn an_exchange_for_something_cheaper_gives_the_rest_back() {
    let counter = Counter::open();
    counter.sign_in("sam");
    counter.scan_some(MILK, "2");
    let receipt = counter.pay_exactly();
    counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let exchange = json!({ "lines": lines(&[(0, "2")]), "reason": "another one", "tender": "as_paid", "reference": "" });
    counter.done("begin_exchange", exchange);
    counter.scan(BREAD);
    let tendering = counter.done("begin_payment", json!({}));
    assert_eq!(tendering["settled"], true);
    let made = counter.done("finish", json!({ "print": null }));
    assert_eq!(made["change"]["amount"], "17.30");
    assert_eq!(counter.refused_as("refund_lookup", json!({ "receipt": "nothing" })), ProblemCode::NoSuchReceipt);
    let left = counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    assert_eq!(left["left"]["amount"], "0.00");
    counter.prove();
}

#[test]
fn an_exchange_that_is_left_gives_nothing_back() {
    let counter = Counter::open();
    counter.sign_in("sam");
    let receipt = sold(&counter);
    counter.done("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let exchange = json!({ "lines": lines(&[(0, "1")]), "reason": "another one", "tender": "cash", "reference": "" });
    counter.done("begin_exchange", exchange);
    counter.scan(MILK);
    let cart = counter.done("drop_exchange", json!({}));
    assert_eq!((cart["returned"].clone(), cart["lines"].as_array().map(Vec::len)), (Value::Null, Some(1)));
}

#[test]
fn every_void_is_in_the_journal_with_its_reason() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let cart = counter.scan_some(MILK, "2");
    counter.scan_some(APPLES, "0.5");
    counter.done("remove_line", json!({ "line": cart["lines"][0]["id"], "reason": "wrong one" }));
    let Some(Event::LineVoided(voided)) = events(&counter).pop() else { panic!("a void is last") };
    assert_eq!((voided.reason.as_str(), voided.line.payable.to_string().as_str()), ("wrong one", "25.80 CNY"));
    assert_eq!(counter.refused_as("clear", json!({ "reason": null })), ProblemCode::ReasonMissing);
    counter.done("clear", json!({ "reason": "left without paying" }));
    let Some(Event::SaleVoided(voided)) = events(&counter).pop() else { panic!("a void is last") };
    assert_eq!((voided.lines.len(), voided.total.to_string().as_str()), (1, "4.98 CNY"));
    let before = events(&counter).len();
    counter.done("clear", json!({ "reason": null }));
    assert_eq!(events(&counter).len(), before, "an empty order needs no reason");
    counter.prove();
}

#[test]
fn a_note_is_kept_and_stands_on_the_receipt() {
    let counter = Counter::open();
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("set_note", json!({ "note": "gift" })), ProblemCode::CartEmpty);
    counter.scan(MILK);
    assert_eq!(counter.done("set_note", json!({ "note": " gift\n wrap " }))["note"], "gift wrap");
    counter.done("hold", json!({ "label": "" }));
    let held = counter.done("held", json!({}));
    counter.done("recall", json!({ "id": held[0]["id"] }));
    let receipt = counter.pay_exactly();
    assert!(receipt["text"].as_str().expect("text").contains("gift wrap"), "{}", receipt["text"]);
}

fn place(kind: &str, deposit: &str) -> Value {
    json!({ "kind": kind, "valid_until": "2026-11-30", "deposit": deposit, "tender": "cash", "reference": "" })
}

#[test]
fn a_presale_takes_a_deposit_and_becomes_a_sale_that_spends_it() {
    let counter = Counter::open();
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("place_order", place("presale", "5")), ProblemCode::CartEmpty);
    counter.scan_some(MILK, "2");
    assert_eq!(counter.refused_as("place_order", place("presale", "25.81")), ProblemCode::MoreThanDue);
    let placed = counter.done("place_order", place("presale", "5"));
    assert_eq!((placed["state"].as_str(), placed["due"]["amount"].as_str()), (Some("placed"), Some("20.80")));
    assert_eq!(counter.cart()["lines"], json!([]));
    let order = placed["order"].clone();
    let paid = json!({ "order": order, "amount": "1.80", "tender": "card", "reference": "slip 4" });
    assert_eq!(counter.done("pay_on_order", paid)["due"]["amount"], "19.00");
    let cart = counter.done("take_up_order", json!({ "order": order }));
    assert_eq!((cart["total"]["amount"].as_str(), cart["balance"]["amount"].as_str()), (Some("25.80"), Some("19.00")));
    let tendering = counter.done("begin_payment", json!({}));
    assert_eq!(tendering["due"]["amount"], "19.00");
    counter.done("tender_cash", json!({ "given": "20" }));
    let receipt = counter.done("finish", json!({ "print": null }));
    assert!(receipt["text"].as_str().expect("text").contains("6.80"), "{}", receipt["text"]);
    assert_eq!(counter.done("customer_orders", json!({}))["orders"], json!([]));
    assert_eq!(counter.refused_as("take_up_order", json!({ "order": order })), ProblemCode::OrderNotOpen);
    assert!(matches!(events(&counter).pop(), Some(Event::OrderCompleted(_))));
    counter.prove();
}

#[test]
fn a_quotation_holds_until_its_day_and_may_be_changed() {
    let counter = Counter::open();
    counter.sign_in("ana");
    counter.scan(MILK);
    assert_eq!(counter.refused_as("place_order", place("quotation", "1")), ProblemCode::QuotationTakesNoDeposit);
    let mut wrong = place("quotation", "");
    wrong["valid_until"] = json!("30.11.");
    assert_eq!(counter.refused_as("place_order", wrong), ProblemCode::NotADate);
    let quoted = counter.done("place_order", place("quotation", ""));
    assert!(quoted["text"].as_str().expect("text").contains("2026-11-30"));
    counter.clock.set("2026-12-02T10:00:00Z".parse().expect("a time"));
    assert_eq!(counter.done("customer_orders", json!({}))["orders"][0]["overdue"], true);
    counter.done("take_up_order", json!({ "order": quoted["order"] }));
    counter.done("begin_payment", json!({}));
    counter.done("tender_cash", json!({ "given": "12.90" }));
    assert_eq!(counter.refused_as("finish", json!({ "print": null })), ProblemCode::OrderDayPassed);
    counter.done("cancel_payment", json!({}));
    counter.scan(BREAD);
    let changed = counter.done("change_order", json!({ "valid_until": "2026-12-31" }));
    assert_eq!((changed["state"].as_str(), changed["total"]["amount"].as_str()), (Some("changed"), Some("21.40")));
    counter.done("take_up_order", json!({ "order": quoted["order"] }));
    counter.done("put_back_order", json!({}));
    counter.done("take_up_order", json!({ "order": quoted["order"] }));
    counter.pay_exactly();
    counter.prove();
}

#[test]
fn a_cancelled_order_gives_its_deposit_back_less_the_charge() {
    let mut rules = counter::shop();
    rules.cancellation_percent = 10;
    let counter = Counter::selling_by(rules);
    counter.sign_in("sam");
    counter.scan_some(MILK, "10");
    let placed = counter.done("place_order", place("presale", "50"));
    assert_eq!((placed["charge"]["amount"].as_str(), placed["returned"]["amount"].as_str()), (Some("12.90"), Some("37.10")));
    let cancel = json!({ "order": placed["order"], "reason": "changed their mind", "tender": "cash", "reference": "" });
    assert_eq!(counter.done("cancel_order", cancel.clone())["state"], "cancelled");
    assert_eq!(counter.refused_as("cancel_order", cancel), ProblemCode::OrderNotOpen);
    let Some(Event::OrderCancelled(cancelled)) = events(&counter).pop() else { panic!("a cancellation is last") };
    assert_eq!(cancelled.returned[0].amount.to_string(), "37.10 CNY");
    counter.prove();
}
