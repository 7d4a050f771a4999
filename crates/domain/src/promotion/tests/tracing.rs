//! A price says where it comes from, and a draft what it would cost.

use super::shop::*;
use crate::example::{cny, fen, price};
use crate::promotion::{Clash, Lost, PriceSource, Promotion, PromotionSet, Trial, Window};

#[test]
fn a_line_names_each_rule_that_gave_and_each_that_did_not() {
    let tea = piece("T", "10.00");
    let over = Window { until: Some("2026-01-01T00:00:00".parse().expect("a time")), ..Window::default() };
    let rules = [
        percent(1, "0.1"),
        percent(2, "0.3"),
        mix(3, 2, 1_500),
        threshold(4, 5_000, 500),
        Promotion { when: over, ..percent(5, "0.9") },
    ];
    let trace = by(cart(&[(&tea, "1")]), &rules).price_trace().expect("traced");
    let line = &trace.lines[0];
    assert_eq!((line.catalogue, &line.source), (price("10"), &PriceSource::Catalogue));
    assert_eq!((line.given.len(), line.given[0].discount.amount, line.given[0].left), (1, fen(300), fen(700)));
    assert_eq!(line.given[0].name.as_ref().map(|name| name.en.as_str()), Some("Promotion 2"));
    let lost: Vec<(u128, Lost)> = line.lost.iter().map(|lost| (lost.promotion.uuid().as_u128(), lost.why)).collect();
    let beaten = Lost::Beaten { by: rules[1].id };
    assert_eq!(lost, [(1, beaten), (3, beaten), (4, Lost::SpendMore { missing: fen(4_300) }), (5, Lost::NotNow)]);
}

#[test]
fn a_price_set_by_a_person_says_so() {
    let tea = piece("T", "10.00");
    let mut sold = cart(&[(&tea, "1")]);
    let id = sold.lines()[0].id;
    sold.override_price(id, Some(price("6"))).expect("changed");
    let trace = by(sold, &[percent(1, "0.1")]).price_trace().expect("traced");
    assert_eq!((&trace.lines[0].source, trace.lines[0].lost[0].why), (&PriceSource::Hand, Lost::PriceByHand));
}

#[test]
fn a_trial_counts_baskets_cost_and_clashes() {
    let (tea, cup) = (piece("T", "10.00"), piece("C", "4.00"));
    let live = percent(1, "0.1");
    let draft = on(percent(2, "0.5"), &[&tea]);
    let mut trial = Trial::new(&PromotionSet::new([live.clone()], []), &draft, cny());
    for lines in [&[(&tea, "1"), (&cup, "1")][..], &[(&cup, "2")], &[(&tea, "2")]] {
        trial.basket(&cart(lines), &context()).expect("tried");
    }
    let found = trial.result();
    assert_eq!((found.baskets, found.touched, found.given, found.cost), (3, 2, fen(1_500), fen(1_200)));
    assert_eq!(found.turnover, fen(1_260 + 1_800));
    assert_eq!(found.clashes.get(&live.id), Some(&Clash { baskets: 2, lost: fen(300) }));
}
