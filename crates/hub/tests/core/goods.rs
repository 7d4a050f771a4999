//! Goods: documents of tills, transfers between stores, the ledger of a product, imports that are whole or not at all.

use std::io::{Seek, Write};
use std::ops::ControlFlow;

use catalogue_file::FileKind;
use domain::stock::{
    ArrivedLine, CountedLine, GoodsReceived, ReceivedLine, SentLine, StockCounted, TransferReceived, TransferSent,
};
use domain::{AdjustmentId, Change, Event, Product, ProductId, Quantity, Sku, StaffId, StockDelta, TaxClass, TaxCode};
use hub::catalogue::{ImportCheck, ImportFailure, ImportOptions};
use proptest::prelude::*;
use sync::goods::{LedgerPage, LedgerQuestion};

use crate::shop::{Till, adjustment, order};
use crate::support::{TestHub, now, on_both_databases};

fn sku() -> Sku {
    Sku::parse("TEA").unwrap()
}

fn milli(text: &str) -> StockDelta {
    text.parse().unwrap()
}

fn ledger(hub: &TestHub, till: &Till, store: &str, product: ProductId) -> LedgerPage {
    let question = LedgerQuestion { staff: StaffId::parse("anna").unwrap(), product, before: None, limit: 200 };
    hub.hub.stock_ledger(hub.shop(store).id, till.id, &question).unwrap()
}

fn received(product: ProductId, quantity: &str) -> Event {
    let quantity = Quantity::parse(quantity).unwrap();
    let line = ReceivedLine { product, sku: sku(), quantity, cost: None, lot: String::new(), expiry: None };
    Event::GoodsReceived(GoodsReceived {
        id: AdjustmentId::generate(),
        supplier: "Tea house".to_owned(),
        note: "LS-7".to_owned(),
        lines: vec![line],
    })
}

fn counted(product: ProductId, expected: &str, counted: &str) -> Event {
    let line = CountedLine { product, sku: sku(), expected: milli(expected), counted: milli(counted) };
    Event::StockCounted(StockCounted { id: AdjustmentId::generate(), reason: "shelf".to_owned(), lines: vec![line] })
}

fn sent(hub: &TestHub, product: ProductId, quantity: &str) -> TransferSent {
    let to = hub.shop("S2");
    let lines = vec![SentLine { product, sku: sku(), quantity: Quantity::parse(quantity).unwrap() }];
    TransferSent { id: AdjustmentId::generate(), to: to.id, to_code: to.code, note: String::new(), lines }
}

fn arrived(hub: &TestHub, sent: &TransferSent, amount: &str) -> Event {
    let from = hub.shop("S1");
    let line = &sent.lines[0];
    let sent_amount = StockDelta::from_milli(line.quantity.milli());
    let lines = vec![ArrivedLine { product: line.product, sku: sku(), sent: sent_amount, arrived: milli(amount) }];
    Event::TransferReceived(TransferReceived { id: sent.id, from: from.id, from_code: from.code, note: String::new(), lines })
}

/// A store with a tax class and these products; a file on disk with `content`.
fn store_with(hub: &TestHub, content: &str) -> (domain::Shop, std::fs::File) {
    hub.enrolment_code("S1");
    let shop = hub.shop("S1");
    let code = TaxCode::parse("VAT13").unwrap();
    let class = TaxClass { code, name: domain::Name::default(), inclusive: true, rates: Vec::new() };
    hub.hub.publish(shop.id, &[Change::TaxClass(class)]).unwrap();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file.rewind().unwrap();
    (shop, file)
}

fn check(hub: &TestHub, shop: &domain::Shop, file: &mut std::fs::File) -> ImportCheck {
    hub.hub.check_import(shop.id, file, FileKind::Csv, None, ImportOptions::default(), &|_| ControlFlow::Continue(())).unwrap()
}

fn products(hub: &TestHub, shop: &domain::Shop) -> Vec<Product> {
    let changes = hub.hub.feed(shop.id, 0).unwrap().changes;
    changes.into_iter().filter_map(|change| if let Change::Product(product) = change { Some(product) } else { None }).collect()
}

on_both_databases! {
    fn every_document_moves_stock_and_stands_in_the_ledger_with_what_was_there_after_it(hub) {
        let mut till = Till::enrolled(hub);
        let tea = ProductId::generate();
        till.record(received(tea, "10"));
        till.sell(order(tea, 3, "11.30"));
        till.record(adjustment(tea, "-1"));
        till.record(counted(tea, "6", "5"));
        till.push_from(hub, 1).unwrap();
        hub.hub.fold_stock(now()).unwrap();
        let page = ledger(hub, &till, "S1", tea);
        let shown: Vec<_> = page.movements.iter().map(|m| (m.kind.as_str(), m.delta.to_string(), m.balance.to_string())).collect();
        let expected = [("counted", "-1", "5"), ("adjusted", "-1", "6"), ("sale", "-3", "7"), ("received", "10", "10")];
        let expected: Vec<_> = expected.iter().map(|(kind, delta, balance)| (*kind, (*delta).to_owned(), (*balance).to_owned())).collect();
        assert_eq!(shown, expected);
        assert_eq!((page.on_hand.to_string().as_str(), page.folded), ("5", 4));
        assert_eq!(page.movements[3].reference, "Tea house · LS-7");
        assert_eq!(page.movements[2].reference, "S1-1-000001");
        assert_eq!(page.movements[0].staff, Some(StaffId::parse("anna").unwrap()));
        let question = LedgerQuestion { staff: StaffId::parse("anna").unwrap(), product: tea, before: Some(3), limit: 1 };
        let earlier = hub.hub.stock_ledger(hub.shop("S1").id, till.id, &question).unwrap();
        assert_eq!(earlier.movements.iter().map(|m| m.number).collect::<Vec<_>>(), [2]);
    }

    fn a_transfer_is_on_its_way_until_it_arrives_and_what_is_missing_is_an_incident(hub) {
        let (mut from, mut to) = (Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S2"));
        let tea = ProductId::generate();
        let sent = sent(hub, tea, "5");
        from.record(received(tea, "8"));
        from.record(Event::TransferSent(sent.clone()));
        from.push_from(hub, 1).unwrap();
        let (s1, s2) = (hub.shop("S1").id, hub.shop("S2").id);
        let open = hub.hub.transfers(s2).unwrap();
        assert_eq!((open.open.len(), open.stores.len()), (1, 1));
        assert_eq!((&open.open[0].sent, open.open[0].from.id), (&sent, s1));
        to.record(arrived(hub, &sent, "4"));
        to.push_from(hub, 1).unwrap();
        assert_eq!(hub.hub.transfers(s2).unwrap().open, []);
        assert_eq!(hub.incidents(s2).len(), 1);
        assert!(hub.hub.incidents(s2).unwrap().incidents[0].detail.contains("TEA 5 sent, 4 arrived"));
        hub.hub.fold_stock(now()).unwrap();
        assert_eq!(ledger(hub, &from, "S1", tea).on_hand.to_string(), "3");
        assert_eq!(ledger(hub, &to, "S2", tea).on_hand.to_string(), "4");
    }

    fn a_transfer_that_two_tills_take_in_counts_once(hub) {
        let mut from = Till::enrolled_as(hub, 0, "S1");
        let (mut one, mut two) = (Till::enrolled_as(hub, 1, "S2"), Till::enrolled_as(hub, 2, "S2"));
        let tea = ProductId::generate();
        let sent = sent(hub, tea, "5");
        from.record(Event::TransferSent(sent.clone()));
        from.push_from(hub, 1).unwrap();
        for till in [&mut one, &mut two] {
            till.record(arrived(hub, &sent, "5"));
            till.push_from(hub, 1).unwrap();
        }
        hub.hub.fold_stock(now()).unwrap();
        assert_eq!(ledger(hub, &one, "S2", tea).on_hand.to_string(), "5");
        assert_eq!(hub.incidents(hub.shop("S2").id).len(), 1);
    }

    fn an_import_that_is_stopped_at_any_row_leaves_no_trace(hub) {
        let rows: String = (0..12).map(|n| format!("P{n},Tea {n},{n}.50,cat{n}\n")).collect();
        let (shop, mut file) = store_with(hub, &format!("sku,name_en,price,category\n{rows}"));
        let checked = check(hub, &shop, &mut file);
        let staged = checked.staged.clone().unwrap();
        assert_eq!((checked.created, checked.rows, staged.changes), (12, 12, 24));
        let before = hub.hub.feed(shop.id, 0).unwrap();
        let options = ImportOptions { batch: 1, ..ImportOptions::default() };
        for stop in 1..=staged.changes {
            let go_on = move |written| if written >= stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let stopped = hub.hub.commit_import(&staged, options, go_on);
            assert!(matches!(stopped, Err(ImportFailure::Cancelled)));
            assert_eq!(hub.hub.feed(shop.id, 0).unwrap(), before, "stopped after {stop} changes");
        }
        hub.hub.commit_import(&staged, options, |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(products(hub, &shop).len(), 12);
    }

    fn an_import_with_an_error_in_any_row_names_it_and_changes_nothing(hub) {
        let (shop, _) = store_with(hub, "");
        let before = hub.hub.feed(shop.id, 0).unwrap();
        for wrong in 0..6 {
            let rows: String =
                (0..6).map(|n| if n == wrong { format!("P{n},Tea,five\n") } else { format!("P{n},Tea,5\n") }).collect();
            let (_, mut file) = store_with(hub, &format!("货号,name,售价\n{rows}"));
            let checked = check(hub, &shop, &mut file);
            assert!(checked.staged.is_none());
            let error = &checked.errors[0];
            let shown = (error.row, error.column.as_str(), error.value.as_str(), error.reason.as_str());
            assert_eq!(shown, (wrong + 2, "售价", "five", "price"));
        }
        assert_eq!(hub.hub.feed(shop.id, 0).unwrap(), before);
    }

    fn a_catalogue_that_changed_since_the_check_is_checked_again(hub) {
        let (shop, mut file) = store_with(hub, "sku,name_en,price\nA,Tea,5\n");
        let staged = check(hub, &shop, &mut file).staged.unwrap();
        hub.hub.publish(shop.id, &[Change::Product(crate::shop::product("B"))]).unwrap();
        let refused = hub.hub.commit_import(&staged, ImportOptions::default(), |_| ControlFlow::Continue(()));
        assert!(matches!(refused, Err(ImportFailure::Changed)));
        let staged = check(hub, &shop, &mut file).staged.unwrap();
        hub.hub.commit_import(&staged, ImportOptions::default(), |_| ControlFlow::Continue(())).unwrap();
        let again = check(hub, &shop, &mut file);
        assert_eq!((again.created, again.unchanged), (0, 1));
    }

    fn what_was_exported_is_imported_without_a_change(hub) {
        let csv = "sku,name_en,price,barcodes,options,variant_of,values,reorder_at\nT,Shirt,50,,Colour,,,\nT-R,Red,50,77,,T,|red,3\n";
        let (shop, mut file) = store_with(hub, csv);
        let staged = check(hub, &shop, &mut file).staged.unwrap();
        hub.hub.commit_import(&staged, ImportOptions::default(), |_| ControlFlow::Continue(())).unwrap();
        let products = products(hub, &shop);
        for (kind, content) in [
            (FileKind::Csv, catalogue_file::write_csv(&products, &[]).unwrap()),
            (FileKind::Xlsx, catalogue_file::write_xlsx(&products, &[]).unwrap()),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&content).unwrap();
            let go_on = |_| ControlFlow::Continue(());
            let checked = hub.hub.check_import(shop.id, &mut file, kind, None, ImportOptions::default(), &go_on).unwrap();
            assert_eq!((checked.errors, checked.unchanged), (Vec::new(), 2), "{kind:?}");
        }
    }
}

/// One movement of a till: what it records, and by how much stock changes.
#[derive(Debug, Clone)]
enum Move {
    Receive(i64),
    Sell(i64),
    Adjust(i64),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn the_ledger_of_a_product_is_the_sum_of_its_movements(
        moves in proptest::collection::vec((0_usize..2, prop_oneof![
            (1_i64..50).prop_map(Move::Receive), (1_i64..9).prop_map(Move::Sell), (-20_i64..20).prop_map(Move::Adjust),
        ], any::<bool>()), 1..20)
    ) {
        let hub = TestHub::sqlite();
        let mut tills = [Till::enrolled_as(&hub, 0, "S1"), Till::enrolled_as(&hub, 1, "S1")];
        let tea = ProductId::generate();
        let mut sum = 0;
        for (till, step, fold) in moves {
            let till = &mut tills[till];
            sum += match step {
                Move::Receive(n) => { till.record(received(tea, &n.to_string())); n }
                Move::Sell(n) => { till.sell(order(tea, n, "11.30")); -n }
                Move::Adjust(n) => { till.record(adjustment(tea, &n.to_string())); n }
            };
            let from = till.journal.len();
            till.push_from(&hub, from).unwrap();
            if fold {
                hub.hub.fold_stock(now()).unwrap();
            }
        }
        hub.hub.fold_stock(now()).unwrap();
        let page = ledger(&hub, &tills[0], "S1", tea);
        prop_assert_eq!(page.on_hand.milli(), sum * 1_000);
        prop_assert_eq!(page.movements.first().map(|m| m.balance), Some(page.on_hand));
        let mut before = 0;
        for (number, movement) in (1..).zip(page.movements.iter().rev()) {
            prop_assert_eq!(movement.number, number);
            before += movement.delta.milli();
            prop_assert_eq!(movement.balance.milli(), before);
        }
    }
}
