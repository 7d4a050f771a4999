//! Whatever is pressed in whatever order: every command is done or refused for a reason, and what is recorded holds together.

mod counter;

use std::collections::BTreeMap;

use counter::{APPLES, BREAD, Counter, GONE, MILK, shop, shop_that_rounds_cash};
use domain::{Event, Money, ProductId};
use journal::Entry;
use proptest::prelude::*;
use serde_json::{Value, json};
use till::api::ProblemCode;

#[derive(Debug, Clone)]
enum Press {
    Command(&'static str, Value),
    OnLine(&'static str, usize, &'static str, &'static str),
    CashAbove(i64),
    RemoveSomePayment,
    RecallSome,
    SignInAs(&'static str),
    Crash,
}

fn press() -> impl Strategy<Value = Press> {
    let codes = prop::sample::select(vec![MILK, BREAD, APPLES, GONE, "4006381333931", "SKU-1"]);
    let quantities = prop::sample::select(vec!["", "2", "3", "0.355", "1,5", "0", "-1", "999999", "x"]);
    let prices = prop::sample::select(vec!["", "0", "1", "9.99", "0.001", "abc", "1000000000"]);
    let discounts = prop::sample::select(vec!["", "5%", "10%", "33.33%", "100%", "0.01", "1.55", "50", "x%"]);
    let edit = prop_oneof![
        quantities.clone().prop_map(|value| ("set_quantity", "quantity", value)),
        prices.prop_map(|value| ("set_price", "price", value)),
        discounts.clone().prop_map(|value| ("set_line_discount", "discount", value)),
    ];
    prop_oneof![
        8 => (codes, quantities).prop_map(|(code, quantity)| Press::Command("scan", json!({ "code": code, "quantity": quantity }))),
        4 => (edit, 0_usize..4).prop_map(|((name, field, value), line)| Press::OnLine(name, line, field, value)),
        2 => discounts.prop_map(|discount| Press::Command("set_order_discount", json!({ "discount": discount }))),
        1 => any::<bool>().prop_map(|on| Press::Command("set_mo_ling", json!({ "on": on }))),
        6 => Just(Press::Command("begin_payment", json!({}))),
        4 => (-200_i64..2_000).prop_map(Press::CashAbove),
        3 => prop::sample::select(vec!["", "1", "5.55", "x"])
            .prop_map(|amount| Press::Command("tender_card", json!({ "amount": amount, "reference": "SLIP 1" }))),
        1 => Just(Press::RemoveSomePayment),
        1 => Just(Press::Command("cancel_payment", json!({}))),
        6 => Just(Press::Command("finish", json!({ "print": null }))),
        1 => Just(Press::Command("hold", json!({ "label": "x" }))),
        1 => Just(Press::RecallSome),
        1 => Just(Press::Command("clear", json!({ "reason": "left without paying" }))),
        2 => Just(Press::Command("undo", json!({}))),
        2 => prop::sample::select(vec!["override_price", "discount 0.3333"]).prop_map(|permission| {
            let args = json!({ "permission": permission, "staff": "mei", "pin": "3333", "reason": "shelf price" });
            Press::Command("authorise", args)
        }),
        1 => prop::sample::select(vec!["ana", "sam", "mei"]).prop_map(Press::SignInAs),
        1 => Just(Press::Crash),
    ]
}

/// What the window knows after each press.
fn run(mut counter: Counter, presses: Vec<Press>) -> Counter {
    counter.sign_in("mei");
    for press in presses {
        let state = counter.done("app", json!({}))["signed_in"].clone();
        let answer = match press {
            Press::Command(name, args) => counter.call(name, args),
            Press::OnLine(name, index, field, value) => {
                let line = state["cart"]["lines"][index]["id"].as_u64().unwrap_or(0);
                counter.call(name, json!({ "line": line, field: value }))
            }
            Press::CashAbove(minor) => {
                let due = state["tendering"]["due_in_cash"]["amount"].as_str().unwrap_or("0").to_owned();
                let due = Money::parse(&due, counter::cny()).expect("an amount");
                let given = Money::from_minor(due.minor() + minor, counter::cny());
                counter.call("tender_cash", json!({ "given": given.amount() }))
            }
            Press::RemoveSomePayment => counter
                .call("remove_payment", json!({ "payment": state["tendering"]["payments"][0]["id"].as_str().unwrap_or("") })),
            Press::RecallSome => {
                let held = counter.done("held", json!({}));
                counter.call("recall", json!({ "id": held[0]["id"].as_str().unwrap_or("") }))
            }
            Press::SignInAs(who) => Ok(counter.sign_in(who)),
            Press::Crash => {
                let session = state["staff"]["id"].as_str().expect("staff").to_owned();
                counter = counter.killed();
                let found = counter.sign_in(&session);
                assert_eq!(found["cart"], state["cart"], "a crash loses nothing");
                if state["tendering"]["payments"][0] != Value::Null {
                    assert_eq!(found["tendering"], state["tendering"], "no payment either");
                }
                Ok(found)
            }
        };
        if let Err(problem) = answer {
            assert!(!matches!(problem.code, ProblemCode::Internal | ProblemCode::BadRequest), "{problem:?}");
            let after = counter.done("app", json!({}))["signed_in"].clone();
            assert_eq!(after, state, "a refused command changes nothing: {problem:?}");
        }
    }
    counter
}

fn check(counter: &Counter) {
    counter.prove();
    let store = counter.terminal().store();
    let mut sold: BTreeMap<ProductId, i64> = BTreeMap::new();
    let mut number = 0;
    for text in store.entries_after(0, usize::MAX, usize::MAX).expect("the journal") {
        let Event::SaleCompleted(sale) = Entry::read(&text).expect("an entry").event else { continue };
        let order = sale.order;
        number += 1;
        assert_eq!(order.receipt.as_str(), format!("S1-0-{number:06}"));
        let sum = |amounts: Vec<Money>| Money::sum(order.currency, amounts).expect("a sum");
        let paid = sum(order.payments.iter().map(|payment| payment.amount).collect());
        assert_eq!(paid, order.total.plus(order.rounding).expect("a sum"), "payments = total + rounding");
        assert_eq!(sum(order.lines.iter().map(|line| line.payable).collect()), order.total);
        domain::ledger::Posting::of_sale(&order).expect("a balanced posting");
        for line in &order.lines {
            assert!(!line.payable.is_negative());
            *sold.entry(line.product).or_default() += line.quantity.milli();
        }
    }
    for (code, on_hand) in [(MILK, 50_000), (BREAD, 20_000)] {
        let product = store.product_by_barcode(code).expect("the store").expect("a product").id;
        let left = store.stock(product).expect("the store").expect("stock").milli();
        assert_eq!(left, on_hand - sold.get(&product).copied().unwrap_or(0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_presses_keep_every_invariant(presses in prop::collection::vec(press(), 1..80), rounds in any::<bool>()) {
        let counter = Counter::selling_by(if rounds { shop_that_rounds_cash() } else { shop() });
        check(&run(counter, presses));
    }
}
