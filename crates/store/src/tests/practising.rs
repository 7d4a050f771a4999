//! A store to practise with.

use domain::StoreCode;

use super::{Store, Till, product};

#[test]
fn practice_has_the_catalogue_and_nothing_of_the_journal() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    till.add(&soap).expect("added");
    till.sell(&[&soap]).expect("sold");
    let dir = till.dir().join("training");
    let code = StoreCode::parse("TRAINING").expect("a code");
    till.store.copy_for_practice(&dir, &code).expect("copied");
    let practice = Store::open(&dir).expect("a store");
    assert_eq!(practice.head().expect("a head").seq, 0);
    assert_eq!(practice.recent(0, 10).expect("orders").len(), 0);
    assert!(practice.product(soap.id).expect("the store").is_some());
    assert!(practice.terminal().is_none() && practice.shop().code == code);
    assert!(practice.verify_projections().expect("verified").is_empty());
    drop(practice);
    till.store.copy_for_practice(&dir, &code).expect("made anew over the earlier one");
    assert_eq!(till.store.recent(0, 10).expect("orders").len(), 1, "the real one is as it was");
}
