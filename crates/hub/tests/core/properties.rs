//! Whatever order pushes come in, how often, and cut where: the hub ends with the journal, once.

use proptest::prelude::*;
use sync::wire::ProblemKind;

use crate::shop::Till;
use crate::support::{TestHub, now, on_both_databases};

const LENGTH: usize = 24;

/// Pushes as (from, to), both in `0..LENGTH`.
fn pushes() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..LENGTH, 0..8_usize).prop_map(|(from, count)| (from, (from + count).min(LENGTH))), 1..30)
}

/// Tries a history of pushes against the model: the hub holds the longest beginning of the journal that arrived in order.
fn holds_what_arrived(hub: &TestHub, till: &Till, history: &[(usize, usize)]) -> Result<(), TestCaseError> {
    let mut held = 0;
    for (from, to) in history.iter().copied() {
        match till.push(hub, &till.journal[from..to]) {
            Ok(answer) => {
                prop_assert!(from <= held || from == to);
                held = held.max(if from == to { 0 } else { to });
                prop_assert_eq!(answer.acked, held as u64);
            }
            Err(refused) => {
                prop_assert!(from > held, "{:?}", refused);
                prop_assert_eq!((refused.kind, refused.acked), (ProblemKind::Gap, Some(held as u64)));
            }
        }
    }
    let rest = till.push(hub, &till.journal[held..]).map_err(|refused| TestCaseError::fail(refused.to_string()))?;
    prop_assert_eq!(rest.acked, LENGTH as u64);
    let place = format!(
        "FROM orders o JOIN terminals t ON t.store = o.store AND t.number = o.terminal WHERE t.name = 'Till' AND t.acked = {LENGTH}"
    );
    let sold = i64::try_from(LENGTH).unwrap();
    let terminals = hub.number(&format!("SELECT count(*) FROM terminals WHERE acked = {LENGTH}"));
    prop_assert_eq!(hub.number(&format!("SELECT count(*) {place}")), terminals * sold);
    prop_assert_eq!(hub.number(&format!("SELECT SUM(o.total) {place}")), terminals * sold * 1_130);
    prop_assert_eq!(hub.number("SELECT SUM(amount) FROM ledger"), 0);
    let (orders, totals) = ("SELECT SUM(total) FROM orders", "SELECT SUM(gross) FROM daily_totals");
    prop_assert_eq!(hub.number(orders), hub.number(totals));
    Ok(())
}

/// A till that sold before it joined; each case gets one of its own on a hub that all cases share.
fn sold() -> Till {
    let mut till = Till::alone(0);
    till.sell_some(LENGTH);
    till
}

fn try_histories(hub: &TestHub) {
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(history in pushes())| {
        let till = sold();
        hub.hub.enrol(&till.request(&hub.enrolment_code("S1").code), now()).unwrap();
        holds_what_arrived(hub, &till, &history)?;
    });
}

on_both_databases! {
    fn any_history_of_pushes_ends_in_the_journal_once(hub) {
        try_histories(hub);
    }
}
