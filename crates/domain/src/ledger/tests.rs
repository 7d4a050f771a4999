use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::example::{any_cart, cart_of, fen, order_of, payment_id, tax_class, vectors};
use crate::money::{CashRounding, Currency, Rounding, UnitPrice};
use crate::shop::MoLing;
use crate::tender::Tendering;

fn euro_like(text: &str, code: &str) -> UnitPrice {
    UnitPrice::parse(text, Currency::parse(code).expect("a currency")).expect("a price")
}

/// Our account for one of the vectors' chart; `None` for what the till does not post (cost of goods).
fn account(name: &str) -> Option<Account> {
    match name.split(' ').next().expect("a number") {
        "1001" => Some(Account::Cash),
        // What a channel owes stands for what the card acquirer owes: the same posting with another partner.
        "1012" => Some(Account::CardReceivable),
        "6001" if name.contains("returns") => Some(Account::Refunds),
        "6001" => Some(Account::Revenue),
        "2221" => Some(Account::TaxPayable),
        "6051" => Some(Account::CashRounding),
        "6401" | "1405" => None,
        other => panic!("account {other}"),
    }
}

/// What the vectors say for `event`.
fn expected(all: &serde_json::Value, event: &str) -> BTreeMap<Account, i64> {
    let entries = all["entries"].as_array().expect("a list");
    let entry = entries.iter().find(|entry| entry["event"] == event).expect(event);
    let lines = entry["lines"].as_array().expect("a list").iter();
    lines
        .filter_map(|line| {
            let amount = line["amount"].as_i64().expect("a number");
            let signed = if line["side"] == "D" { amount } else { -amount };
            account(line["account"].as_str().expect("a text")).map(|account| (account, signed))
        })
        .collect()
}

fn posted(posting: &Posting) -> BTreeMap<Account, i64> {
    posting.lines().iter().map(|(account, amount)| (*account, amount.minor())).collect()
}

fn sold_for_cash(cart: &crate::Cart, rounding: Option<CashRounding>) -> Order {
    let priced = cart.priced().expect("priced");
    let mut tendering = Tendering::begin(priced.total, rounding);
    let due = tendering.due_in_cash().expect("fits");
    if due.minor() > 0 {
        tendering.take_cash(payment_id(), due).expect("taken");
    }
    order_of(priced, tendering)
}

fn sold_by_card(cart: &crate::Cart) -> Order {
    let priced = cart.priced().expect("priced");
    let mut tendering = Tendering::begin(priced.total, None);
    tendering.take_card(payment_id(), priced.total, "004711").expect("taken");
    order_of(priced, tendering)
}

#[test]
fn vectors_cash_card_rounding_tax_and_refund() {
    let Some(all) = vectors("ledger_postings.json") else { return };
    let thirteen = || tax_class(true, &["0.13"]);
    let sale = |order: &Order| posted(&Posting::of_sale(order).expect("balanced"));

    let mut cart = cart_of(euro_like("113.00", "CNY"), thirteen());
    assert_eq!(sale(&sold_for_cash(&cart, None)), expected(&all, "cash_sale"));
    assert_eq!(sale(&sold_by_card(&cart)), expected(&all, "card_sale"));

    cart = cart_of(euro_like("88.88", "CNY"), thirteen());
    cart.set_mo_ling(Some(MoLing { step_minor: 10, cap_minor: 9 })).expect("changed");
    assert_eq!(sale(&sold_for_cash(&cart, None)), expected(&all, "cash_sale_mo_ling"));

    cart = cart_of(euro_like("19.92", "CHF"), tax_class(true, &["0.081"]));
    let swiss = CashRounding { step_minor: 5, mode: Rounding::HalfUp };
    assert_eq!(sale(&sold_for_cash(&cart, Some(swiss))), expected(&all, "cash_sale_chf_rounding"));

    cart = cart_of(euro_like("88.08", "CNY"), thirteen());
    assert_eq!(sale(&sold_by_card(&cart)), expected(&all, "channel_sale"));
    let refund = posted(&Posting::of_refund(&sold_by_card(&cart)).expect("balanced"));
    assert_eq!(refund, expected(&all, "refund_channel"));
}

#[test]
fn a_split_tender_debits_each_account_once() {
    let priced = cart_of(euro_like("100.00", "CNY"), tax_class(true, &[])).priced().expect("priced");
    let mut tendering = Tendering::begin(priced.total, None);
    tendering.take_cash(payment_id(), fen(2_000)).expect("taken");
    tendering.take_card(payment_id(), fen(5_000), "1").expect("taken");
    tendering.take_cash(payment_id(), fen(5_000)).expect("taken");
    let posting = Posting::of_sale(&order_of(priced, tendering)).expect("balanced");
    let expected = [(Account::Cash, fen(5_000)), (Account::CardReceivable, fen(5_000)), (Account::Revenue, fen(-10_000))];
    assert_eq!(posting.lines(), expected);
}

#[test]
fn an_order_that_does_not_add_up_is_not_posted() {
    let mut order = sold_by_card(&cart_of(euro_like("113.00", "CNY"), tax_class(true, &["0.13"])));
    order.total = fen(11_299);
    let refused = LedgerError::Unbalanced { order: "S1-2-000123".to_owned(), difference: fen(1) };
    assert_eq!(Posting::of_sale(&order), Err(refused));
}

#[test]
fn an_order_of_nothing_posts_nothing() {
    let order = sold_for_cash(&cart_of(euro_like("0", "CNY"), tax_class(true, &["0.13"])), None);
    assert_eq!(Posting::of_sale(&order).expect("balanced").lines(), []);
}

proptest! {
    #[test]
    fn every_posting_sums_to_zero_and_a_refund_mirrors_its_sale(cart in any_cart(), step_minor in 1_u32..100) {
        let order = sold_for_cash(&cart, Some(CashRounding { step_minor, mode: Rounding::HalfUp }));
        let (sale, refund) = (Posting::of_sale(&order).expect("balanced"), Posting::of_refund(&order).expect("balanced"));
        for posting in [&sale, &refund] {
            prop_assert_eq!(posting.lines().iter().map(|(_, amount)| amount.minor()).sum::<i64>(), 0);
            prop_assert!(posting.lines().iter().all(|(_, amount)| !amount.is_zero()));
        }
        let mirrored: Vec<(Account, i64)> = sale
            .lines()
            .iter()
            .map(|(account, amount)| (if *account == Account::Revenue { Account::Refunds } else { *account }, -amount.minor()))
            .collect();
        let refunded: Vec<(Account, i64)> = refund.lines().iter().map(|(account, amount)| (*account, amount.minor())).collect();
        prop_assert_eq!(refunded, mirrored);
    }
}

#[test]
fn vectors_over_short_and_drops() {
    use crate::shift::{CashMoved, Closing, Count, Period};

    let Some(all) = vectors("ledger_postings.json") else { return };
    let books = |event: &str| -> BTreeMap<Account, i64> {
        let entries = all["entries"].as_array().expect("a list");
        let entry = entries.iter().find(|entry| entry["event"] == event).expect(event);
        let lines = entry["lines"].as_array().expect("a list").iter();
        let account = |line: &serde_json::Value| match line["account"].as_str().expect("a text") {
            "1001 cash drawer" => Account::Cash,
            "6711 cash over/short" => Account::CashOverShort,
            // Ours reaches the bank when its statement says so.
            "1002 bank" => Account::BankInTransit,
            other => panic!("account {other}"),
        };
        let signed = |line: &serde_json::Value| {
            let amount = line["amount"].as_i64().expect("a number");
            if line["side"] == "D" { amount } else { -amount }
        };
        lines.map(|line| (account(line), signed(line))).collect()
    };
    let close = |expected: i64, counted: i64| {
        let mut period = Period::first(fen(0).currency());
        period.drawer.opening = fen(expected);
        let closing = Closing {
            count: Count::of_total(fen(counted)).expect("a count"),
            taken_out: fen(0),
            reason: String::new(),
            approved_by: None,
            business_date: "2026-11-24".parse().expect("a date"),
            head: String::new(),
        };
        Event::ShiftClosed(Box::new(period.close(closing).expect("closed")))
    };
    let drop = CashMoved { way: CashMove::BankDrop, amount: fen(1_000_00), reason: "bank".to_owned() };
    for (vector, event) in [
        ("shift_close_short", close(100_00, 95_00)),
        ("shift_close_over", close(100_00, 103_00)),
        ("bank_drop", Event::CashMoved(drop)),
    ] {
        let posting = Posting::of_shift(&event).expect("balanced").expect("a posting");
        assert_eq!(posted(&posting), books(vector), "{vector}");
    }
    assert_eq!(Posting::of_shift(&close(5_00, 5_00)), Ok(None));
}
