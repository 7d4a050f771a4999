//! What pushes leave behind, and what they cannot do.

use std::thread;

use domain::{Money, OrderId, ProductId};
use jiff::SignedDuration;
use journal::{EntryHash, verify_countersignature};
use sync::wire::ProblemKind;

use crate::shop::{Till, adjustment, journal_opened, order};
use crate::support::{TestHub, cny, now, on_both_databases};

/// How many entries, orders, lines, payments and postings there are.
fn rows(hub: &TestHub) -> [i64; 5] {
    ["entries", "orders", "order_lines", "payments", "postings"].map(|table| hub.number(&format!("SELECT count(*) FROM {table}")))
}

on_both_databases! {
    fn a_sale_is_kept_verbatim_and_booked(hub) {
        let mut till = Till::enrolled(hub);
        till.record(journal_opened());
        till.sell_some(1);
        let answer = till.push_from(hub, 1).unwrap();
        assert_eq!((answer.acked, answer.head.as_str()), (2, till.head.hash.to_string().as_str()));
        let (terminal, head) = verify_countersignature(&answer.countersignature, hub.hub.public_key()).unwrap();
        assert_eq!((terminal, head), (till.id, till.head));

        assert_eq!(rows(hub), [2, 1, 1, 2, 1]);
        assert_eq!(hub.text("SELECT text FROM entries WHERE seq = 2"), till.journal[1]);
        assert_eq!(hub.text("SELECT staff FROM orders"), "anna");
        assert_eq!(hub.number("SELECT total * 1000 + tax FROM orders"), 1_130_130);
        assert_eq!(hub.text("SELECT reference FROM payments WHERE tender = 'card'"), "slip 7");
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger"), 0);
        assert_eq!(hub.number("SELECT amount FROM ledger WHERE account = 'revenue'"), -1_000);
        assert_eq!(hub.number("SELECT amount FROM ledger WHERE account = 'tax_payable'"), -130);
        assert_eq!(hub.number("SELECT amount FROM ledger WHERE account = 'cash'"), 565);
        assert_eq!(hub.hub.head(till.id).unwrap(), answer);
    }

    fn a_refund_is_the_mirror_image(hub) {
        let mut till = Till::enrolled(hub);
        let sale = order(ProductId::generate(), 2, "11.30");
        let of = sale.id;
        till.sell(sale.clone());
        till.refund(Some(of), domain::Order { id: OrderId::generate(), ..sale });
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.number("SELECT count(*) FROM orders WHERE kind = 'refund' AND refund_of IS NOT NULL"), 1);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger WHERE account = 'cash'"), 0);
        assert_eq!(hub.number("SELECT amount FROM ledger WHERE account = 'refunds'"), 2_000);
    }

    fn an_empty_push_tells_the_head(hub) {
        let till = Till::enrolled(hub);
        let answer = till.push(hub, &[]).unwrap();
        assert_eq!((answer.acked, answer.head), (0, EntryHash::ZERO.to_string()));
    }

    fn what_is_held_already_is_acknowledged_again_and_not_doubled(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(3);
        let first = till.push_from(hub, 1).unwrap();
        assert_eq!(till.push_from(hub, 1).unwrap(), first);
        let before = rows(hub);
        till.sell_some(2);
        let overlapping = till.push_from(hub, 2).unwrap();
        assert_eq!(overlapping.acked, 5);
        let late_duplicate = till.push(hub, &till.journal[..2]).unwrap();
        assert_eq!(late_duplicate, overlapping, "a late duplicate gets the head as it is now");
        assert_eq!((before, rows(hub)), ([3, 3, 3, 6, 3], [5, 5, 5, 10, 5]));
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
        assert_eq!((hub.hub.statistics().entries_ingested, hub.hub.statistics().entries_repeated), (5, 7));
    }

    fn a_push_is_taken_whole_or_not_at_all(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(30);
        let mut entries = till.journal.clone();
        entries[29] = tampered(&entries[29]);
        let refused = till.push(hub, &entries).unwrap_err();
        assert_eq!((refused.kind, refused.acked), (ProblemKind::BadSignature, Some(0)));
        assert_eq!(rows(hub), [0; 5]);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 30);
    }

    fn more_than_a_push_may_hold_is_refused(hub) {
        let till = Till::enrolled(hub);
        let many = vec![String::new(); sync::wire::MAX_ENTRIES_PER_PUSH + 1];
        assert_eq!(till.push(hub, &many).unwrap_err().kind, ProblemKind::Malformed);
    }

    fn a_full_push_of_two_hundred_is_taken(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(200);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 200);
        assert_eq!(rows(hub), [200, 200, 200, 400, 200]);
    }

    fn a_free_sale_is_kept_and_moves_no_account(hub) {
        let mut till = Till::enrolled(hub);
        till.sell(order(ProductId::generate(), 1, "0"));
        till.push_from(hub, 1).unwrap();
        assert_eq!(rows(hub), [1, 1, 1, 0, 0]);
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
    }

    fn a_terminal_may_hand_in_the_tail_of_a_lost_one(hub) {
        let (mut lost, heir) = (Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S1"));
        lost.sell_some(2);
        hub.hub.revoke_terminal(lost.id, now()).unwrap();
        let answer = hub.hub.ingest(lost.id, heir.id, lost.journal.clone(), now()).unwrap();
        assert_eq!(answer.acked, 2, "a stolen till's sales still count");
        hub.hub.revoke_terminal(heir.id, now()).unwrap();
        lost.sell_some(1);
        let refused = hub.hub.ingest(lost.id, heir.id, lost.journal[2..].to_vec(), now()).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::UnknownTerminal);
        assert_eq!(hub.hub.head(lost.id).unwrap().acked, 2);
    }

    fn the_same_push_sent_by_two_threads_at_once_counts_once(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(40);
        let till = &till;
        thread::scope(|scope| {
            for from in [1, 1, 1, 21] {
                scope.spawn(move || {
                    // Entries 21 and on may come before the others: a gap then, and nothing of it stays.
                    let _ = till.push_from(hub, from);
                });
            }
        });
        assert_eq!(rows(hub), [40, 40, 40, 80, 40]);
    }

    fn many_terminals_push_at_once(hub) {
        let tills: Vec<Till> = (0..4)
            .map(|key| {
                let mut till = Till::enrolled_as(hub, key, "S1");
                till.sell_some(12);
                till
            })
            .collect();
        thread::scope(|scope| {
            for till in &tills {
                scope.spawn(move || {
                    for part in till.journal.chunks(5) {
                        till.push(hub, part).unwrap();
                    }
                });
            }
        });
        assert_eq!(rows(hub), [48, 48, 48, 96, 48]);
        assert_eq!(hub.number("SELECT SUM(total) FROM orders"), 48 * 1_130);
        assert_eq!(hub.number("SELECT SUM(amount) FROM ledger"), 0);
    }

    fn a_refused_push_leaves_those_beside_it_alone(hub) {
        let mut tills: Vec<Till> = (0..4).map(|key| Till::enrolled_as(hub, key, "S1")).collect();
        for till in &mut tills {
            till.sell_some(6);
        }
        thread::scope(|scope| {
            for (number, till) in tills.iter().enumerate() {
                scope.spawn(move || {
                    for entry in &till.journal {
                        if number == 0 {
                            // A gap each time, found under the lock.
                            till.push(hub, &till.journal[5..]).unwrap_err();
                        } else {
                            till.push(hub, std::slice::from_ref(entry)).unwrap();
                        }
                    }
                });
            }
        });
        assert_eq!(rows(hub), [18, 18, 18, 36, 18]);
    }

    fn an_order_that_does_not_balance_is_kept_but_not_booked(hub) {
        let mut till = Till::enrolled(hub);
        let mut wrong = order(ProductId::generate(), 1, "11.30");
        wrong.payments[0].amount = Money::from_minor(1, cny());
        till.sell(wrong);
        till.sell_some(1);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 2, "a sale that happened is not refused");
        assert_eq!(rows(hub), [2, 1, 1, 2, 1]);
        assert_eq!(hub.number("SELECT seq FROM entries WHERE projected = 0"), 1);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadContent]);
    }

    fn an_order_whose_lines_do_not_sum_is_booked_and_flagged(hub) {
        let mut till = Till::enrolled(hub);
        let mut wrong = order(ProductId::generate(), 2, "11.30");
        wrong.lines[0].extended = Money::from_minor(1, cny());
        till.sell(wrong);
        till.push_from(hub, 1).unwrap();
        assert_eq!(rows(hub), [1, 1, 1, 2, 1]);
        let incidents = hub.hub.incidents(hub.shop("S1").id).unwrap().incidents;
        assert!(incidents[0].detail.contains("quantity times price is another amount"), "{}", incidents[0].detail);
        assert_eq!(hub.hub.evidence(incidents[0].id).unwrap().unwrap(), till.journal[0]);
    }

    fn amounts_beyond_all_measure_are_kept_but_not_booked(hub) {
        let mut till = Till::enrolled(hub);
        till.sell(order(ProductId::generate(), 900_000, "900000000"));
        till.record(adjustment(ProductId::generate(), "900000000000000"));
        till.sell_some(1);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 3);
        assert_eq!(rows(hub)[..2], [3, 1]);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadContent; 2]);
        hub.hub.fold_stock(now()).unwrap();
    }

    fn events_of_a_newer_till_are_kept_and_marked(hub) {
        let mut till = Till::enrolled(hub);
        till.record_raw("gift_card_sold", r#"{"any":["thing"]}"#);
        till.sell_some(1);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 2);
        assert_eq!(hub.number("SELECT count(*) FROM entries WHERE projected = 0"), 1);
        assert_eq!(hub.text("SELECT kind FROM entries WHERE seq = 1"), "gift_card_sold");
        assert_eq!(hub.number("SELECT count(*) FROM orders"), 1);
    }

    fn a_body_that_cannot_be_read_is_kept_and_flagged(hub) {
        let mut till = Till::enrolled(hub);
        till.record_raw("sale_completed", r#"{"order":{"total":"many"}}"#);
        till.sell_some(1);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 2);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadContent]);
        assert_eq!(hub.number("SELECT count(*) FROM orders"), 1);
    }

    fn the_same_order_twice_is_booked_once_and_flagged(hub) {
        let (mut first, mut second) = (Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S1"));
        let sale = order(ProductId::generate(), 1, "11.30");
        first.sell(sale.clone());
        first.push_from(hub, 1).unwrap();
        second.sell(sale.clone());
        second.sell_some(1);
        second.sell(sale);
        assert_eq!(second.push_from(hub, 1).unwrap().acked, 3);
        assert_eq!(rows(hub), [4, 2, 2, 4, 2]);
        assert_eq!(hub.number("SELECT count(*) FROM entries WHERE projected = 0"), 2);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadContent; 2]);
    }

    fn a_nul_in_a_text_stops_nothing(hub) {
        let mut till = Till::enrolled(hub);
        let mut sale = order(ProductId::generate(), 1, "11.30");
        sale.external_reference = Some("a\0b".to_owned());
        till.sell(sale);
        till.record(adjustment(ProductId::generate(), "-2"));
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 2);
        assert_eq!(hub.text("SELECT external_reference FROM orders"), "a\u{fffd}b");
    }

    fn sales_in_another_currency_are_booked_in_it_and_flagged_once(hub) {
        let mut till = Till::enrolled_as(hub, 0, "S1");
        let text = serde_json::to_string(&order(ProductId::generate(), 1, "11.30")).unwrap().replace("CNY", "GBP");
        for _ in 0..2 {
            let mut sale: domain::Order = serde_json::from_str(&text).unwrap();
            sale.id = OrderId::generate();
            till.sell(sale);
        }
        till.push_from(hub, 1).unwrap();
        assert_eq!(rows(hub), [2, 2, 2, 4, 2]);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadContent]);
    }

    fn entries_of_long_ago_are_fine(hub) {
        let mut till = Till::enrolled(hub);
        till.at = now() - SignedDuration::from_hours(24 * 365 * 15);
        till.sell_some(1);
        till.push_from(hub, 1).unwrap();
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
        assert_eq!(hub.text("SELECT business_date FROM orders"), "2011-03-05");
    }
}

/// The entry with one letter of its payload changed.
pub fn tampered(entry: &str) -> String {
    let place = entry.find('.').unwrap() + 40;
    let other = if &entry[place..=place] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &entry[..place], &entry[place + 1..])
}
