use std::sync::Arc;

use domain::{OrderId, ReceiptNumber, Shop, StoreCode, StoreId};
use journal::{Entry, EntryHash, Head};

use super::{KEY, Till, cashier, now, on_hand, order, product, sale, yuan};
use crate::{HubRow, OrderKind, StoreError};

#[test]
fn a_sale_is_found_again_by_id_receipt_and_in_the_list() {
    let till = Till::new();
    let (soap, tea) = (product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"));
    let sold = till.sell(&[&soap, &tea]).expect("sold");

    let stored = till.store.order(sold.id).expect("read").expect("found");
    assert_eq!((stored.kind, stored.at, stored.staff, stored.acked), (OrderKind::Sale, now(), Some(cashier()), false));
    assert_eq!(stored.order, sold);
    assert_eq!(till.store.order_by_receipt(&sold.receipt).expect("read").expect("found").order, sold);

    let recent = till.store.recent(0, 10).expect("read");
    assert_eq!(recent.len(), 1);
    assert_eq!((recent[0].id, recent[0].total, recent[0].lines), (sold.id, yuan("25.80"), 2));
}

#[test]
fn receipt_numbers_are_gapless_across_restarts_and_bear_the_store_after_enrolment() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    assert_eq!(till.sell(&[&soap]).expect("sold").receipt.as_str(), "LOCAL-0-000001");
    let till = till.restart();
    assert_eq!(till.sell(&[&soap]).expect("sold").receipt.as_str(), "LOCAL-0-000002");

    let shop = Shop {
        id: StoreId::generate(),
        code: StoreCode::parse("S1").expect("a code"),
        ..Arc::unwrap_or_clone(till.store.shop())
    };
    let hub = HubRow { url: "https://hub.example".to_owned(), hub_key: "key".to_owned() };
    till.store.set_enrolment(&shop, 7, "Till 7", &hub).expect("enrolled");
    assert_eq!(till.sell(&[&soap]).expect("sold").receipt.as_str(), "S1-7-000003");

    let till = till.restart();
    assert_eq!(till.sell(&[&soap]).expect("sold").receipt.as_str(), "S1-7-000004");
    assert_eq!(till.store.terminal().expect("a terminal").hub, Some(hub));
    till.assert_projections_equal_the_journal();
}

#[test]
fn only_the_next_entry_with_the_next_receipt_is_taken() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    till.sell(&[&soap]).expect("sold");
    let mut writer = till.store.writer().expect("a writer");
    let sign = |after: Head, receipt: &str| {
        let receipt = ReceiptNumber::parse(receipt).expect("a number");
        Entry::sign(&KEY, till.id, after, now(), None, sale(order(receipt, &[&soap]))).expect("signed")
    };
    let head = writer.head();

    let gap = writer.record(&sign(Head { seq: 4, ..head }, "LOCAL-0-000002"));
    assert!(matches!(gap, Err(StoreError::NotNext { expected: 2, found: 5 })), "{gap:?}");
    let fork = writer.record(&sign(Head { hash: EntryHash::ZERO, ..head }, "LOCAL-0-000002"));
    assert!(matches!(fork, Err(StoreError::NotNext { .. })), "{fork:?}");
    let skipped = writer.record(&sign(head, "LOCAL-0-000003"));
    assert!(matches!(skipped, Err(StoreError::ReceiptOutOfTurn { .. })), "{skipped:?}");

    writer.record(&sign(head, "LOCAL-0-000002")).expect("the right one");
    drop(writer);
    till.assert_projections_equal_the_journal();
}

#[test]
fn the_same_external_order_is_recorded_once() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    let external = |receipt| {
        let mut order = order(receipt, &[&soap]);
        order.external_reference = Some("536365".to_owned());
        sale(order)
    };
    till.record(external).expect("first");
    let again = till.record(external);
    assert!(matches!(again, Err(StoreError::AlreadyRecorded { .. })), "{again:?}");
    assert!(till.store.order_by_external("536365").expect("read").is_some());
    assert!(till.store.order_by_external("536366").expect("read").is_none());
    assert_eq!(till.store.head().expect("a head").seq, 1);
    till.sell(&[&soap]).expect("the next sale works");
}

#[test]
fn an_adjustment_is_known_by_its_external_reference() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    till.adjust(&soap, on_hand(-3), Some("A1")).expect("recorded");
    assert!(till.store.adjustment_by_external("A1").expect("read"));
    assert!(!till.store.adjustment_by_external("A2").expect("read"));
    till.assert_projections_equal_the_journal();
}

#[test]
fn what_was_given_back_adds_up_by_product() {
    let till = Till::new();
    let (soap, tea) = (product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"));
    let sold = till.sell(&[&soap, &soap, &tea]).expect("sold");
    till.give_back(&sold, &[&soap]).expect("given back");
    let last = till.give_back(&sold, &[&soap]).expect("given back");

    let refunded = till.store.refunded(sold.id).expect("read");
    assert_eq!(refunded.get(&soap.id), Some(&on_hand(2)));
    assert_eq!(refunded.get(&tea.id), None);
    let stored = till.store.order(last.id).expect("read").expect("found");
    assert_eq!((stored.kind, stored.refund_of), (OrderKind::Refund, Some(sold.id)));
}

#[test]
fn the_list_goes_back_page_by_page() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    let sold: Vec<OrderId> = (0..5).map(|_| till.sell(&[&soap]).expect("sold").id).collect();
    let newest = till.store.recent(0, 2).expect("read");
    assert_eq!(newest.iter().map(|row| row.id).collect::<Vec<_>>(), [sold[4], sold[3]]);
    let before = till.store.recent(newest[1].seq, 2).expect("read");
    assert_eq!(before.iter().map(|row| row.id).collect::<Vec<_>>(), [sold[2], sold[1]]);
}

#[test]
fn what_the_hub_has_not_acknowledged_is_unsent() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    till.sell(&[&soap]).expect("sold");
    till.sell(&[&soap]).expect("sold");
    assert_eq!(till.store.unsent_count().expect("read"), 2);
    assert_eq!(till.store.acked().expect("read"), None);
    till.acknowledge();
    let third = till.sell(&[&soap]).expect("sold");

    assert_eq!(till.store.unsent_count().expect("read"), 1);
    let acked = till.store.acked().expect("read").expect("acknowledged");
    assert_eq!((acked.seq, acked.countersignature.as_str()), (2, "countersigned"));
    assert_eq!(acked.hash, till.store.hash_at(2).expect("read").expect("an entry").to_string());
    assert_eq!(till.store.writer().expect("a writer").acknowledged(), Some(&acked));
    assert!(till.store.recent(0, 3).expect("read").iter().all(|row| row.acked == (row.id != third.id)));
}

#[test]
fn a_head_of_another_journal_is_not_taken() {
    let till = Till::new();
    till.sell(&[&product("S1", "肥皂", "Soap")]).expect("sold");
    let foreign = till.store.set_acked(Head { seq: 1, hash: EntryHash::ZERO }, "x");
    assert!(matches!(foreign, Err(StoreError::ForeignHead { seq: 1 })), "{foreign:?}");
    let beyond = till.store.set_acked(Head { seq: 9, hash: EntryHash::ZERO }, "x");
    assert!(matches!(beyond, Err(StoreError::ForeignHead { seq: 9 })), "{beyond:?}");
}

#[test]
fn entries_are_handed_out_in_bounded_batches() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    let texts: Vec<String> = (0..4).map(|_| till.record(|receipt| sale(order(receipt, &[&soap]))).expect("sold").text).collect();
    assert_eq!(till.store.entries_after(0, 10, usize::MAX).expect("read"), texts);
    assert_eq!(till.store.entries_after(1, 2, usize::MAX).expect("read"), texts[1..3]);
    assert_eq!(till.store.entries_after(0, 10, texts[0].len() + texts[1].len()).expect("read"), texts[..2]);
    assert_eq!(till.store.entries_after(2, 10, 1).expect("read"), texts[2..3], "one at least");
    assert_eq!(till.store.entries_after(4, 10, usize::MAX).expect("read"), Vec::<String>::new());
    assert_eq!(till.store.entry(3).expect("read").as_deref(), Some(texts[2].as_str()));

    let mut streamed = Vec::new();
    till.store
        .for_each_entry(|seq, text| {
            streamed.push((seq, text.to_owned()));
            Ok::<_, StoreError>(())
        })
        .expect("streamed");
    assert_eq!(streamed.len(), 4);
    assert_eq!(streamed[3], (4, texts[3].clone()));
}

#[test]
fn a_terminal_keeps_its_first_id() {
    let till = Till::new();
    till.store.init_terminal(till.id).expect("the same again");
    let other = till.store.init_terminal(domain::TerminalId::generate());
    assert!(matches!(other, Err(StoreError::AlreadyRecorded { .. })), "{other:?}");
    assert_eq!(till.store.terminal().expect("a terminal").id, till.id);
}

#[test]
fn sales_from_many_threads_make_one_chain_with_gapless_receipts() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..8 {
                    till.sell(&[&soap]).expect("sold");
                    till.store.save_draft("window", "another").expect("saved");
                    till.store.search("soap", 5).expect("searched");
                }
            });
        }
    });
    let texts = till.store.entries_after(0, 100, usize::MAX).expect("read");
    let head =
        journal::verify_all(texts.iter().map(String::as_str), &KEY.public(), till.id, Head { seq: 0, hash: EntryHash::ZERO });
    assert_eq!(head, Ok(till.store.head().expect("a head")));
    let receipts: Vec<String> =
        till.store.recent(0, 100).expect("read").iter().rev().map(|row| row.receipt.to_string()).collect();
    let expected: Vec<String> = (1..=48).map(|number| format!("LOCAL-0-{number:06}")).collect();
    assert_eq!(receipts, expected);
    till.assert_projections_equal_the_journal();
}
