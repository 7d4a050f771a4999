//! Any history of a till, held against a plain model of it.

use domain::{Change, Order, Product};
use proptest::prelude::*;

use super::{Till, on_hand, product};

#[derive(Debug, Clone)]
enum Step {
    Sell(Vec<usize>),
    GiveBack(usize),
    Adjust(usize, i64),
    Fail,
    Acknowledge,
    Restart,
    Rebuild,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => prop::collection::vec(0_usize..3, 1..4).prop_map(Step::Sell),
        2 => (0_usize..3).prop_map(Step::GiveBack),
        2 => (0_usize..3, -5_i64..5).prop_map(|(product, pieces)| Step::Adjust(product, pieces)),
        1 => Just(Step::Fail),
        1 => Just(Step::Acknowledge),
        1 => Just(Step::Restart),
        1 => Just(Step::Rebuild),
    ];
    prop::collection::vec(step, 1..20)
}

/// What must be true: the pieces of each product, those that the hub counts, and how many orders there were.
struct Model {
    pieces: [i64; 3],
    orders: u64,
    last: Option<Order>,
}

impl Model {
    /// The hub has counted everything and says so.
    fn told_by_the_hub(&self, till: &Till, products: &[Product]) {
        till.acknowledge();
        let figures: Vec<Change> = products
            .iter()
            .zip(self.pieces)
            .map(|(product, pieces)| Change::Stock { product: product.id, on_hand: on_hand(pieces) })
            .collect();
        till.store.apply_changes(&figures, 1).expect("applied");
    }
}

fn fail(till: &Till, product: &Product) {
    let inject = |sql: &str| till.store.write_side().connection.execute_batch(sql).expect("a trigger");
    inject("CREATE TEMP TRIGGER injected BEFORE INSERT ON payments BEGIN SELECT RAISE(ABORT, 'injected'); END");
    assert!(till.sell(&[product]).is_err());
    inject("DROP TRIGGER injected");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stock_receipts_and_projections_are_right_after_any_history(steps in steps()) {
        let products = [product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"), product("B1", "面包", "Bread")];
        let mut till = Till::new();
        let mut model = Model { pieces: [0; 3], orders: 0, last: None };
        model.told_by_the_hub(&till, &products);
        for step in steps {
            match step {
                Step::Sell(basket) => {
                    let sold: Vec<&Product> = basket.iter().map(|index| &products[*index]).collect();
                    model.last = Some(till.sell(&sold).expect("sold"));
                    model.orders += 1;
                    for index in basket {
                        model.pieces[index] -= 1;
                    }
                }
                Step::GiveBack(index) => {
                    let Some(of) = &model.last else { continue };
                    till.give_back(of, &[&products[index]]).expect("given back");
                    model.orders += 1;
                    model.pieces[index] += 1;
                }
                Step::Adjust(index, pieces) => {
                    till.adjust(&products[index], on_hand(pieces), None).expect("adjusted");
                    model.pieces[index] += pieces;
                }
                Step::Fail => fail(&till, &products[0]),
                Step::Acknowledge => model.told_by_the_hub(&till, &products),
                Step::Restart => till = till.restart(),
                Step::Rebuild => till.store.rebuild().expect("rebuilt"),
            }
            for (product, pieces) in products.iter().zip(model.pieces) {
                prop_assert_eq!(till.store.stock(product.id).expect("read"), Some(on_hand(pieces)));
            }
        }
        till.assert_projections_equal_the_journal();
        let next = till.store.writer().expect("a writer").next_receipt_number();
        prop_assert_eq!(next.as_str(), format!("LOCAL-0-{:06}", model.orders + 1));
    }
}
