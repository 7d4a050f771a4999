//! The feed misses nothing, keeps the newest state alone, and the snapshot says the same.

use std::io::Read;
use std::thread;

use domain::{Change, Product, StockDelta, UnitPrice};
use hub::HubError;
use sync::wire::{MAX_CHANGES_PER_PAGE, SnapshotHeader};

use crate::shop::{Till, product, product_added};
use crate::support::{TestHub, cny, on_both_databases};

fn products(count: usize) -> Vec<Product> {
    (0..count).map(|number| product(&format!("P{number}"))).collect()
}

fn changes(products: &[Product]) -> Vec<Change> {
    products.iter().cloned().map(Change::Product).collect()
}

fn snapshot(hub: &TestHub) -> (SnapshotHeader, Vec<Change>) {
    let bytes = hub.hub.snapshot(hub.shop("S1").id).unwrap();
    let mut text = String::new();
    zstd::Decoder::new(&*bytes).unwrap().read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let header = serde_json::from_str(lines.next().unwrap()).unwrap();
    (header, lines.map(|line| serde_json::from_str(line).unwrap()).collect())
}

on_both_databases! {
    fn a_new_store_tells_its_settings_first(hub) {
        hub.enrolment_code("S1");
        let shop = hub.shop("S1");
        let page = hub.hub.feed(shop.id, 0).unwrap();
        assert_eq!(page.changes, [Change::Shop(shop)]);
        assert_eq!((page.next, page.more), (1, false));
    }

    fn pages_follow_one_another_without_a_hole(hub) {
        hub.enrolment_code("S1");
        let store = hub.shop("S1").id;
        let all = products(MAX_CHANGES_PER_PAGE as usize + 5);
        hub.hub.publish(store, &changes(&all)).unwrap();
        let first = hub.hub.feed(store, 1).unwrap();
        assert_eq!((first.changes.len(), first.more), (MAX_CHANGES_PER_PAGE as usize, true));
        let second = hub.hub.feed(store, first.next).unwrap();
        assert_eq!((second.changes.len(), second.more), (5, false));
        let got: Vec<Change> = first.changes.into_iter().chain(second.changes).collect();
        assert_eq!(got, changes(&all));
        assert!(hub.hub.feed(store, second.next).unwrap().changes.is_empty());
    }

    fn the_newest_state_alone_is_kept_and_comes_last(hub) {
        hub.enrolment_code("S1");
        let store = hub.shop("S1").id;
        let mut two = products(2);
        let first = hub.hub.publish(store, &changes(&two)).unwrap();
        two[0].price = UnitPrice::parse("12.50", cny()).unwrap();
        let cheaper = Product { price: UnitPrice::parse("9", cny()).unwrap(), ..two[0].clone() };
        hub.hub.publish(store, &changes(&[cheaper, two[0].clone()])).unwrap();
        let page = hub.hub.feed(store, 1).unwrap();
        assert_eq!(page.changes, changes(&[two[1].clone(), two[0].clone()]));
        assert_eq!(hub.hub.feed(store, first).unwrap().changes, changes(&two[..1]));
    }

    fn what_changes_nothing_is_not_told_again(hub) {
        hub.enrolment_code("S1");
        let store = hub.shop("S1").id;
        let all = products(3);
        let position = hub.hub.publish(store, &changes(&all)).unwrap();
        assert_eq!(hub.hub.publish(store, &changes(&all)).unwrap(), position);
        assert_eq!(hub.hub.publish(store, &[]).unwrap(), position);
    }

    fn a_till_that_is_ahead_of_the_hub_gets_everything_again(hub) {
        hub.enrolment_code("S1");
        let store = hub.shop("S1").id;
        let page = hub.hub.feed(store, 1_000).unwrap();
        assert_eq!((page.changes.len(), page.next), (1, 1));
    }

    fn a_reader_beside_many_writers_misses_nothing(hub) {
        hub.enrolment_code("S1");
        let store = hub.shop("S1").id;
        let all = products(60);
        let seen = thread::scope(|scope| {
            let writers: Vec<_> = all
                .chunks(15)
                .map(|part| {
                    scope.spawn(move || {
                        for product in part {
                            hub.hub.publish(store, &[Change::Product(product.clone())]).unwrap();
                        }
                    })
                })
                .collect();
            let (mut seen, mut after) = (0, 1);
            loop {
                let last = writers.iter().all(thread::ScopedJoinHandle::is_finished);
                let page = hub.hub.feed(store, after).unwrap();
                seen += page.changes.len();
                after = page.next;
                if last && page.changes.is_empty() {
                    break;
                }
            }
            seen
        });
        assert_eq!(seen, all.len());
    }

    fn a_product_that_a_till_added_reaches_the_others_and_is_not_taken_back(hub) {
        let mut till = Till::enrolled(hub);
        let store = hub.shop("S1").id;
        let tea = product("TEA");
        till.record(product_added(&tea));
        till.record(product_added(&product("MILK")));
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.hub.feed(store, 1).unwrap().changes.len(), 2);
        let dearer = Product { price: UnitPrice::parse("99", cny()).unwrap(), ..tea.clone() };
        let position = hub.hub.publish(store, &[Change::Product(dearer.clone())]).unwrap();
        till.record(product_added(&tea));
        till.push_from(hub, 3).unwrap();
        let after = hub.hub.feed(store, position - 1).unwrap();
        assert_eq!(after.changes, [Change::Product(dearer)], "the hub's newer price stays");
    }

    fn a_snapshot_says_what_the_feed_says(hub) {
        hub.enrolment_code("S1");
        let store = hub.shop("S1").id;
        hub.hub.publish(store, &changes(&products(1_200))).unwrap();
        let (header, all) = snapshot(hub);
        assert_eq!((header.feed, header.changes, all.len()), (1_201, 1_201, 1_201));
        let first = hub.hub.feed(store, 0).unwrap();
        assert_eq!(first.changes, all[..first.changes.len()]);
        assert!(std::sync::Arc::ptr_eq(&hub.hub.snapshot(store).unwrap(), &hub.hub.snapshot(store).unwrap()), "made once");
        hub.hub.publish(store, &changes(&products(1))).unwrap();
        assert_eq!(snapshot(hub).0.feed, 1_202, "a feed that moved gets a new one");
    }

    fn settings_change_but_not_what_the_books_hang_on(hub) {
        hub.enrolment_code("S1");
        let mut shop = hub.shop("S1");
        "Europe/London".clone_into(&mut shop.time_zone);
        hub.hub.publish(shop.id, &[Change::Shop(shop.clone())]).unwrap();
        assert_eq!(hub.shop("S1"), shop);
        let dollars = domain::Shop { currency: "USD".parse().unwrap(), ..shop.clone() };
        let error = hub.hub.publish(shop.id, &[Change::Product(product("X")), Change::Shop(dollars)]).unwrap_err();
        assert!(matches!(error, HubError::OtherCurrency { .. }), "{error}");
        assert_eq!(hub.shop("S1"), shop);
        assert_eq!(hub.hub.feed(shop.id, 2).unwrap().changes, [], "all or none");
    }

    fn an_unknown_store_is_said(hub) {
        let nowhere = domain::StoreId::generate();
        assert!(hub.hub.feed(nowhere, 0).is_err());
        assert!(hub.hub.snapshot(nowhere).is_err());
        let stock = Change::Stock { product: domain::ProductId::generate(), on_hand: StockDelta::from_milli(1) };
        assert!(matches!(hub.hub.publish(nowhere, &[stock]), Err(HubError::UnknownStoreId(_))));
    }
}
