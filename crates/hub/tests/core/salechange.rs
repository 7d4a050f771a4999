//! Refunds across tills, orders put aside and orders of customers.

use std::thread;

use domain::customer_order::{CustomerOrderKind, DepositTaken, OrderCancelled, OrderCompleted, OrderPlaced};
use domain::event::SaleCompleted;
use domain::refund::{Left, PayBack};
use domain::{
    CustomerOrder, CustomerOrderId, Event, Money, Order, OrderId, Payment, PaymentId, ProductId, Quantity, ReceiptNumber, Refund,
    StaffId, Tender,
};
use sync::counter::{ClaimedLine, HeldPut, RefundClaim};
use sync::wire::ProblemKind;

use crate::shop::{Till, journal_opened, order};
use crate::support::{TestHub, cny, now, on_both_databases};

fn pieces(count: i64) -> Quantity {
    Quantity::from_milli(count * 1_000).unwrap()
}

/// The refund of so many pieces of a sale, by a till that knows of no other refund.
fn refund_of(sale: &Order, count: i64, receipt: &str) -> Order {
    let left = Left::of(sale, []).unwrap();
    let lines = left.take(&[(0, pieces(count))]).unwrap();
    let settled = left.pay_back(&lines, &PayBack::Cash, None, PaymentId::generate).unwrap();
    let total = lines[0].payable;
    Order {
        id: OrderId::generate(),
        receipt: ReceiptNumber::parse(receipt).unwrap(),
        total,
        tax: total.minus(lines[0].net).unwrap(),
        lines,
        payments: settled.payments,
        rounding: settled.rounding,
        ..sale.clone()
    }
}

fn linked(of: OrderId, order: Order) -> Event {
    Event::RefundCompleted(Refund {
        of: Some(of),
        reason: "broken".to_owned(),
        approved_by: None,
        of_receipt: None,
        unchecked: false,
        exchange: None,
        order,
    })
}

fn claim(sale: OrderId, count: i64) -> RefundClaim {
    RefundClaim {
        staff: StaffId::parse("anna").unwrap(),
        refund: OrderId::generate(),
        sale,
        lines: vec![ClaimedLine { line: 0, quantity: pieces(count) }],
    }
}

/// A sale of three pieces that the hub holds, and its till.
fn sold(hub: &TestHub) -> (Till, Order) {
    let mut till = Till::enrolled(hub);
    let mut sale = order(ProductId::generate(), 3, "11.30");
    sale.receipt = ReceiptNumber::parse("S1-1-000042").unwrap();
    till.sell(sale.clone());
    till.push_from(hub, 1).unwrap();
    (till, sale)
}

fn presale() -> CustomerOrder {
    let made = order(ProductId::generate(), 1, "11.30");
    CustomerOrder {
        id: CustomerOrderId::generate(),
        kind: CustomerOrderKind::Presale,
        currency: cny(),
        total: made.total,
        lines: made.lines,
        valid_until: None,
        member: None,
        note: String::new(),
    }
}

fn in_cash(minor: i64) -> Payment {
    let amount = Money::from_minor(minor, cny());
    let change = Money::zero(cny());
    Payment { id: PaymentId::generate(), amount, tender: Tender::Cash { given: amount, change } }
}

on_both_databases! {
    fn a_sale_is_found_by_its_receipt_from_another_store_with_what_is_left_of_it(hub) {
        let (mut till, sale) = sold(hub);
        till.record(linked(sale.id, refund_of(&sale, 1, "S1-1-000043")));
        till.push_from(hub, 2).unwrap();
        let found = hub.hub.sale_to_refund(" S1-1-000042 ", now()).unwrap().unwrap();
        assert_eq!((found.order.id, found.terminal, found.store.as_str()), (sale.id, till.id, "S1"));
        let left = Left::of(&found.order, &found.refunds).unwrap();
        assert_eq!(left.lines()[0].milli, 2_000);
        assert_eq!(hub.hub.sale_to_refund(&sale.id.to_string(), now()).unwrap().unwrap(), found);
        assert_eq!(hub.hub.sale_to_refund("S1-1-000099", now()).unwrap(), None);
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
    }

    fn of_two_tills_that_ask_at_once_one_may_give_back_the_last_pieces(hub) {
        let (till, sale) = sold(hub);
        let other = Till::enrolled_as(hub, 1, "S1");
        let granted: Vec<bool> = thread::scope(|scope| {
            let asked = [till.id, other.id].map(|terminal| {
                scope.spawn(move || hub.hub.claim_refund(terminal, &claim(sale.id, 2), now()).unwrap().granted)
            });
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert_eq!(granted.iter().filter(|granted| **granted).count(), 1);
        let third = hub.hub.claim_refund(other.id, &claim(sale.id, 1), now()).unwrap();
        assert_eq!((third.granted, third.left), (true, vec![1_000]));
        assert!(!hub.hub.claim_refund(till.id, &claim(sale.id, 1), now()).unwrap().granted);
    }

    fn a_claim_is_given_up_replaced_and_forgotten_after_its_time(hub) {
        let (till, sale) = sold(hub);
        let mut first = claim(sale.id, 3);
        assert!(hub.hub.claim_refund(till.id, &first, now()).unwrap().granted);
        assert!(hub.hub.claim_refund(till.id, &first, now()).unwrap().granted, "the same again is the same");
        assert_eq!(hub.hub.sale_to_refund(sale.receipt.as_str(), now()).unwrap().unwrap().claimed, first.lines);
        assert!(!hub.hub.claim_refund(till.id, &claim(sale.id, 1), now()).unwrap().granted);
        first.lines.clear();
        assert!(hub.hub.claim_refund(till.id, &first, now()).unwrap().granted);
        assert!(hub.hub.claim_refund(till.id, &claim(sale.id, 3), now()).unwrap().granted);
        let later = now() + jiff::SignedDuration::from_mins(31);
        assert!(hub.hub.claim_refund(till.id, &claim(sale.id, 3), later).unwrap().granted);
    }

    fn a_sale_that_nobody_has_reported_is_granted_for_its_till_knows_it(hub) {
        let till = Till::enrolled(hub);
        let answer = hub.hub.claim_refund(till.id, &claim(OrderId::generate(), 1), now()).unwrap();
        assert_eq!((answer.granted, answer.left), (true, Vec::new()));
    }

    fn two_tills_that_gave_back_the_same_while_offline_are_an_incident_with_all_entries(hub) {
        let (mut till, sale) = sold(hub);
        let mut other = Till::enrolled_as(hub, 1, "S1");
        till.record(linked(sale.id, refund_of(&sale, 2, "S1-1-000043")));
        other.record(linked(sale.id, refund_of(&sale, 2, "S1-2-000001")));
        till.push_from(hub, 2).unwrap();
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
        other.push_from(hub, 1).unwrap();
        let incidents = hub.hub.incidents(hub.shop("S1").id).unwrap().incidents;
        assert_eq!(incidents.len(), 1);
        assert_eq!((incidents[0].kind, incidents[0].terminal), (ProblemKind::RefundAboveSale, Some(other.id)));
        assert!(incidents[0].detail.contains("1 of TEA"), "{}", incidents[0].detail);
        let evidence = hub.hub.evidence(incidents[0].id).unwrap().unwrap();
        assert_eq!(evidence.lines().count(), 3);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger"), 0, "both are booked");
        assert_eq!(hub.number("SELECT count(*) FROM orders WHERE kind = 'refund'"), 2);
    }

    fn a_refund_by_receipt_alone_is_checked_when_its_sale_comes(hub) {
        let mut seller = Till::enrolled(hub);
        let mut other = Till::enrolled_as(hub, 1, "S1");
        let mut sale = order(ProductId::generate(), 1, "11.30");
        sale.receipt = ReceiptNumber::parse("S1-1-000042").unwrap();
        seller.sell(sale.clone());
        for receipt in ["S1-2-000001", "S1-2-000002"] {
            let mut back = refund_of(&sale, 1, receipt);
            back.lines[0].of_line = None;
            other.record(Event::RefundCompleted(Refund {
                of: None,
                reason: "no answer from the hub".to_owned(),
                approved_by: None,
                of_receipt: Some(sale.receipt.clone()),
                unchecked: true,
                exchange: None,
                order: back,
            }));
        }
        other.push_from(hub, 1).unwrap();
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
        assert_eq!(hub.number("SELECT count(*) FROM refunds_waiting"), 2);
        seller.push_from(hub, 1).unwrap();
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::RefundAboveSale]);
        assert_eq!(hub.number("SELECT count(*) FROM refunds_waiting"), 0);
        assert_eq!(hub.hub.sale_to_refund("S1-1-000042", now()).unwrap().unwrap().refunds.len(), 2);
    }

    fn an_order_put_aside_is_taken_up_by_one_till(hub) {
        let (till, other) = (Till::enrolled(hub), Till::enrolled_as(hub, 1, "S1"));
        let stranger = Till::enrolled_as(hub, 2, "S1");
        let held = HeldPut {
            staff: StaffId::parse("anna").unwrap(),
            id: OrderId::generate().to_string(),
            label: "window seat".to_owned(),
            at: now(),
            total: Money::from_minor(1_130, cny()),
            lines: 1,
            body: "{}".to_owned(),
        };
        assert!(hub.hub.put_held(till.id, &held, now()).unwrap());
        assert!(hub.hub.put_held(till.id, &held, now()).unwrap(), "twice is once");
        let listed = hub.hub.held(other.id, now()).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].label.as_str(), listed[0].terminal, listed[0].total.minor()), ("window seat", till.id, 1_130));
        let taken: Vec<Option<String>> = thread::scope(|scope| {
            let asked = [other.id, stranger.id].map(|terminal| {
                let id = held.id.clone();
                scope.spawn(move || hub.hub.take_held(terminal, &id, now()).unwrap().body)
            });
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().flatten().count(), 1);
        assert!(!hub.hub.put_held(till.id, &held, now()).unwrap(), "its till hears that it is gone");
        assert!(hub.hub.held(till.id, now()).unwrap().is_empty());
        assert_eq!(hub.text("SELECT label FROM held_orders"), "", "nothing of a person stays");
        assert!(!hub.hub.take_held(till.id, "unknown", now()).unwrap().taken);
    }

    fn a_deposit_is_owed_to_the_customer_until_the_sale_spends_it(hub) {
        let mut till = Till::enrolled(hub);
        let mut other = Till::enrolled_as(hub, 1, "S1");
        let placed = presale();
        till.record(Event::OrderPlaced(OrderPlaced { order: placed.clone(), deposit: vec![in_cash(300)] }));
        till.record(Event::DepositTaken(DepositTaken { order: placed.id, deposit: vec![in_cash(200)] }));
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'customer_deposits'"), -500);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'cash'"), 500);
        let open = hub.hub.customer_orders(other.id).unwrap();
        assert_eq!((open.len(), open[0].deposit.minor()), (1, 500));
        assert!(hub.hub.claim_customer_order(other.id, placed.id, now()).unwrap().granted);
        assert!(!hub.hub.claim_customer_order(till.id, placed.id, now()).unwrap().granted);

        let mut sale = order(ProductId::generate(), 1, "11.30");
        let deposit = Payment { tender: Tender::Deposit { order: placed.id }, ..in_cash(500) };
        sale.payments = vec![deposit, in_cash(630)];
        let completed = OrderCompleted { order: placed.id, sale: sale.id, returned: Vec::new() };
        other.record(Event::SaleCompleted(SaleCompleted { order: sale }));
        other.record(Event::OrderCompleted(completed));
        other.push_from(hub, 1).unwrap();
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'customer_deposits'"), 0);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'cash'"), 1_130);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'revenue'"), -1_000);
        assert!(hub.hub.customer_orders(till.id).unwrap().is_empty());
        assert_eq!(hub.text("SELECT state FROM customer_orders"), "completed");
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
    }

    fn a_cancelled_order_gives_its_deposit_back_but_for_the_charge(hub) {
        let mut till = Till::enrolled(hub);
        let placed = presale();
        till.record(Event::OrderPlaced(OrderPlaced { order: placed.clone(), deposit: vec![in_cash(500)] }));
        till.record(Event::OrderCancelled(OrderCancelled {
            order: placed.id,
            reason: "changed their mind".to_owned(),
            expired: false,
            returned: vec![in_cash(400)],
            charge: Money::from_minor(100, cny()),
            approved_by: None,
        }));
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'customer_deposits'"), 0);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'cash'"), 100);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'cancellation_charges'"), -100);
    }

    fn an_order_that_two_tills_closed_is_an_incident(hub) {
        let mut till = Till::enrolled(hub);
        let mut other = Till::enrolled_as(hub, 1, "S1");
        let placed = presale();
        let cancelled = |returned| OrderCancelled {
            order: placed.id,
            reason: "gone".to_owned(),
            expired: false,
            returned: vec![in_cash(returned)],
            charge: Money::zero(cny()),
            approved_by: None,
        };
        till.record(Event::OrderPlaced(OrderPlaced { order: placed.clone(), deposit: vec![in_cash(500)] }));
        till.record(Event::OrderCancelled(cancelled(500)));
        other.record(journal_opened());
        other.record(Event::OrderCancelled(cancelled(500)));
        other.push_from(hub, 1).unwrap();
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::OrderClosedTwice]);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'customer_deposits'"), 500, "the books say so too");
    }
}
