//! Looking through the journal.

use jiff::{SignedDuration, Timestamp};

use super::{Till, cashier, now, product};
use crate::JournalFilter;

fn shop() -> Till {
    let till = Till::new();
    let (soap, tea) = (product("S1", "肥皂", "Soap"), product("T1", "茶", "Tea"));
    till.add(&soap).expect("added");
    let sold = till.sell(&[&soap, &tea]).expect("sold");
    till.give_back(&sold, &[&tea]).expect("given back");
    till.sell(&[&soap]).expect("sold");
    till
}

fn found(till: &Till, filter: &JournalFilter) -> Vec<u64> {
    till.store.find_entries(filter, 0, 100).expect("found").into_iter().map(|(seq, _)| seq).collect()
}

#[test]
fn entries_are_found_by_kind_person_time_and_text_newest_first() {
    let till = shop();
    let all = JournalFilter::default();
    assert_eq!(found(&till, &all), [4, 3, 2, 1]);
    assert_eq!(found(&till, &JournalFilter { kind: Some("sale_completed".to_owned()), ..all.clone() }), [4, 2]);
    assert_eq!(found(&till, &JournalFilter { text: "TEA".to_owned(), ..all.clone() }), [3, 2]);
    assert_eq!(found(&till, &JournalFilter { text: "茶".to_owned(), ..all.clone() }), [3, 2]);
    let by_cashier = JournalFilter { staff: Some(cashier()), ..all.clone() };
    assert!(!found(&till, &by_cashier).is_empty());
    let later = JournalFilter { from: Some(now() + SignedDuration::from_secs(1)), ..all.clone() };
    assert_eq!(found(&till, &later), [0_u64; 0]);
    assert_eq!(found(&till, &JournalFilter { until: Some(Timestamp::MAX), ..all.clone() }), [4, 3, 2, 1]);
    let page = till.store.find_entries(&all, 3, 1).expect("found");
    assert_eq!((page.len(), page[0].0), (1, 2));
    assert_eq!(till.store.journal_kinds().expect("kinds")[0], ("product_added".to_owned(), 1));
}

#[test]
fn the_index_grows_with_the_journal_and_is_held_against_it() {
    let till = shop();
    assert_eq!(found(&till, &JournalFilter::default()).len(), 4);
    till.sell(&[&product("S1", "肥皂", "Soap")]).expect("sold");
    till.assert_projections_equal_the_journal();
    assert_eq!(found(&till, &JournalFilter::default()), [5, 4, 3, 2, 1]);
    till.store.write_side().connection.execute_batch("UPDATE journal_index SET kind = 'x' WHERE seq = 2").expect("tampered");
    let difference = till.store.verify_projections().expect("compared");
    assert_eq!(difference.tables[0].table, "journal_index");
    till.store.rebuild().expect("rebuilt");
    assert_eq!(found(&till, &JournalFilter { kind: Some("sale_completed".to_owned()), ..Default::default() }), [5, 4, 2]);
    till.assert_projections_equal_the_journal();
}
