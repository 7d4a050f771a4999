//! Stock is folded from what tills reported, once.

use domain::{Change, OrderId, ProductId, StockDelta};

use crate::shop::{Till, adjustment, order};
use crate::support::{TestHub, now, on_both_databases};

/// What the newest change of the feed says of a product.
fn on_hand(hub: &TestHub, product: ProductId) -> Option<String> {
    let changes = hub.hub.feed(hub.shop("S1").id, 0).unwrap().changes;
    changes.into_iter().find_map(|change| match change {
        Change::Stock { product: of, on_hand } if of == product => Some(on_hand.to_string()),
        _ => None,
    })
}

on_both_databases! {
    fn sales_take_and_refunds_and_adjustments_give(hub) {
        let mut till = Till::enrolled(hub);
        let tea = ProductId::generate();
        till.record(adjustment(tea, "10"));
        let sale = order(tea, 3, "11.30");
        till.sell(sale.clone());
        till.refund(Some(sale.id), domain::Order { id: OrderId::generate(), ..order(tea, 1, "11.30") });
        till.push_from(hub, 1).unwrap();
        assert_eq!(on_hand(hub, tea), None, "ingest itself does not touch stock");
        let folded = hub.hub.fold_stock(now()).unwrap();
        assert_eq!((folded.stores, folded.products, folded.oversold), (1, 1, 0));
        assert_eq!(on_hand(hub, tea).as_deref(), Some("8"));
    }

    fn folding_again_changes_nothing(hub) {
        let mut till = Till::enrolled(hub);
        let tea = ProductId::generate();
        till.record(adjustment(tea, "2.5"));
        till.push_from(hub, 1).unwrap();
        hub.hub.fold_stock(now()).unwrap();
        assert_eq!(hub.reopened().fold_stock(now()).unwrap(), hub::FoldSummary::default());
        assert_eq!(on_hand(hub, tea).as_deref(), Some("2.5"));
    }

    fn stock_sold_by_several_tills_below_zero_is_flagged_until_it_is_back(hub) {
        let (mut one, mut two) = (Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S1"));
        let tea = ProductId::generate();
        one.record(adjustment(tea, "1"));
        one.sell(order(tea, 1, "11.30"));
        two.sell(order(tea, 1, "11.30"));
        one.push_from(hub, 1).unwrap();
        two.push_from(hub, 1).unwrap();
        assert_eq!(hub.hub.fold_stock(now()).unwrap().oversold, 1);
        assert_eq!(on_hand(hub, tea).as_deref(), Some("-1"));
        assert_eq!(hub.number("SELECT count(*) FROM stock WHERE oversold_at IS NOT NULL"), 1);
        two.record(adjustment(tea, "4"));
        two.push_from(hub, 2).unwrap();
        assert_eq!(hub.hub.fold_stock(now()).unwrap().oversold, 0);
        assert_eq!(hub.number("SELECT on_hand FROM stock WHERE oversold_at IS NULL"), 3_000);
    }

    fn folding_beside_ingest_counts_everything_once(hub) {
        let tea = ProductId::generate();
        let tills: Vec<Till> = (0..2)
            .map(|key| {
                let mut till = Till::enrolled_as(hub, key, "S1");
                (0..15).for_each(|_| till.sell(order(tea, 1, "11.30")));
                till
            })
            .collect();
        std::thread::scope(|scope| {
            for till in &tills {
                scope.spawn(move || till.journal.iter().for_each(|entry| {
                    till.push(hub, std::slice::from_ref(entry)).unwrap();
                }));
            }
            for _ in 0..2 {
                scope.spawn(|| (0..10).for_each(|_| {
                    hub.hub.fold_stock(now()).unwrap();
                }));
            }
        });
        hub.hub.fold_stock(now()).unwrap();
        assert_eq!(on_hand(hub, tea), Some(StockDelta::from_milli(-30_000).to_string()));
    }

    fn the_same_adjustment_twice_counts_once(hub) {
        let mut till = Till::enrolled(hub);
        let tea = ProductId::generate();
        let counted = adjustment(tea, "7");
        till.record(counted.clone());
        till.record(counted);
        assert_eq!(till.push_from(hub, 1).unwrap().acked, 2);
        hub.hub.fold_stock(now()).unwrap();
        assert_eq!(on_hand(hub, tea).as_deref(), Some("7"));
        assert_eq!(hub.incidents(hub.shop("S1").id).len(), 1);
    }
}
