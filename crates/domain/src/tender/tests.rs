use proptest::prelude::*;

use super::*;
use crate::example::{cny, fen, payment_id};
use crate::money::Rounding;

const SWISS: CashRounding = CashRounding { step_minor: 5, mode: Rounding::HalfUp };

fn paying(total: i64) -> Tendering {
    Tendering::begin(fen(total), None)
}

#[test]
fn cash_above_the_total_gives_change() {
    let mut tendering = paying(3_380);
    tendering.take_cash(payment_id(), fen(5_000)).expect("taken");
    assert_eq!((tendering.due(), tendering.change()), (Ok(fen(0)), Ok(fen(1_620))));
    let settled = tendering.settle().expect("paid");
    assert_eq!((settled.payments[0].amount, settled.rounding), (fen(3_380), fen(0)));
}

#[test]
fn less_than_the_total_leaves_a_rest() {
    let mut tendering = paying(3_380);
    tendering.take_cash(payment_id(), fen(3_000)).expect("taken");
    assert_eq!(tendering.clone().settle(), Err(TenderError::StillDue { due: fen(380) }));
    tendering.take_card(payment_id(), fen(380), " 004711 ").expect("taken");
    let settled = tendering.settle().expect("paid");
    assert_eq!(settled.payments[1].tender, Tender::Card { reference: "004711".to_owned() });
}

#[test]
fn a_card_takes_no_more_than_is_due() {
    let mut tendering = paying(3_380);
    let before = tendering.clone();
    assert_eq!(tendering.take_card(payment_id(), fen(3_381), "1"), Err(TenderError::MoreThanDue { due: fen(3_380) }));
    assert_eq!(tendering.take_card(payment_id(), fen(0), "1"), Err(TenderError::NotPositive));
    assert_eq!(tendering.take_card(payment_id(), fen(1), "  "), Err(TenderError::ReferenceMissing));
    assert_eq!(tendering.take_cash(payment_id(), fen(-1)), Err(TenderError::NotPositive));
    assert_eq!(tendering.remove(payment_id()), Err(TenderError::NoSuchPayment));
    assert_eq!(tendering, before);
}

#[test]
fn a_card_number_never_gets_in() {
    for number in ["4111111111111111", "4111 1111 1111 1111", "6222-0212-3456-7894", "378282246310005"] {
        let refused = paying(100).take_card(payment_id(), fen(100), number);
        assert_eq!(refused, Err(TenderError::LooksLikeCardNumber), "{number}");
    }
    for reference in ["4111111111111112", "004711", "4111", "REF 4111111111111111"] {
        assert_eq!(paying(100).take_card(payment_id(), fen(100), reference), Ok(()), "{reference}");
    }
}

#[test]
fn cash_is_rounded_to_the_coins_in_use_and_a_card_is_not() {
    let mut tendering = Tendering::begin(fen(1_992), Some(SWISS));
    assert_eq!((tendering.due(), tendering.due_in_cash()), (Ok(fen(1_992)), Ok(fen(1_990))));
    let mut by_card = tendering.clone();
    by_card.take_card(payment_id(), fen(1_992), "1").expect("taken");
    assert_eq!(by_card.settle().expect("paid").rounding, fen(0));
    tendering.take_cash(payment_id(), fen(2_000)).expect("taken");
    assert_eq!(tendering.change(), Ok(fen(10)));
    let settled = tendering.settle().expect("paid");
    assert_eq!((settled.payments[0].amount, settled.rounding), (fen(1_990), fen(-2)));
}

#[test]
fn cash_between_the_exact_and_the_rounded_amount_pays_the_exact_one() {
    let mut tendering = Tendering::begin(fen(1_993), Some(SWISS));
    tendering.take_cash(payment_id(), fen(1_994)).expect("taken");
    let settled = tendering.settle().expect("paid");
    assert_eq!((settled.payments[0].amount, settled.rounding), (fen(1_993), fen(0)));
    assert_eq!(settled.payments[0].tender, Tender::Cash { given: fen(1_994), change: fen(1) });
}

#[test]
fn what_the_smallest_coin_rounds_away_needs_no_payment() {
    let mut tendering = Tendering::begin(fen(2), Some(SWISS));
    assert_eq!(tendering.take_cash(payment_id(), fen(5)), Err(TenderError::AlreadyPaid));
    let settled = tendering.settle().expect("paid");
    assert_eq!((settled.payments.len(), settled.rounding), (0, fen(-2)));
}

#[test]
fn an_order_of_nothing_needs_no_payment() {
    let mut tendering = paying(0);
    assert_eq!(tendering.take_cash(payment_id(), fen(1)), Err(TenderError::AlreadyPaid));
    assert!(tendering.settle().expect("paid").payments.is_empty());
}

#[test]
fn a_payment_taken_back_takes_its_rounding_along() {
    let mut tendering = Tendering::begin(fen(1_992), Some(SWISS));
    let cash = payment_id();
    tendering.take_cash(cash, fen(2_000)).expect("taken");
    tendering.remove(cash).expect("removed");
    assert_eq!((tendering.due(), tendering.change()), (Ok(fen(1_992)), Ok(fen(0))));
}

/// What may happen at a counter.
#[derive(Debug, Clone)]
enum Move {
    Cash(i64),
    Card(i64),
    Remove(usize),
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![(-10_i64..3_000).prop_map(Move::Cash), (-10_i64..3_000).prop_map(Move::Card), (0_usize..6).prop_map(Move::Remove),]
}

fn any_rounding() -> impl Strategy<Value = Option<CashRounding>> {
    let mode = prop_oneof![
        Just(Rounding::HalfUp),
        Just(Rounding::HalfDown),
        Just(Rounding::HalfEven),
        Just(Rounding::Floor),
        Just(Rounding::Ceil),
        Just(Rounding::TowardZero),
    ];
    let step = prop_oneof![Just(5_u32), Just(10), Just(50), Just(100), Just(500)];
    proptest::option::of((step, mode).prop_map(|(step_minor, mode)| CashRounding { step_minor, mode }))
}

fn paid(tendering: &Tendering) -> i64 {
    tendering.payments().iter().map(|payment| payment.amount.minor()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_happens_at_the_counter_the_payments_add_up(
        total in 0_i64..5_000,
        rounding in any_rounding(),
        moves in proptest::collection::vec(any_move(), 0..12),
    ) {
        let mut tendering = Tendering::begin(fen(total), rounding);
        for step in moves {
            let before = tendering.clone();
            let due = before.due().expect("fits");
            let result = match step {
                Move::Cash(given) => tendering.take_cash(payment_id(), fen(given)),
                Move::Card(amount) => tendering.take_card(payment_id(), fen(amount), "1"),
                Move::Remove(index) => {
                    let id = before.payments().get(index).map_or_else(payment_id, |payment| payment.id);
                    tendering.remove(id)
                }
            };
            if result.is_err() {
                prop_assert_eq!(&tendering, &before, "a refused move changes nothing");
            }
            for payment in tendering.payments() {
                prop_assert!(payment.amount.minor() > 0);
                if let Tender::Cash { given, change } = payment.tender {
                    prop_assert!(!change.is_negative());
                    prop_assert_eq!(payment.amount.plus(change), Ok(given));
                }
            }
            if let (Move::Card(amount), Ok(())) = (&step, result) {
                prop_assert!(*amount <= due.minor(), "a card never pays more than is due");
            }
        }

        if tendering.due_in_cash().expect("fits").minor() > 0 {
            tendering.take_cash(payment_id(), fen(1_000_000)).expect("enough");
        }
        let collected = paid(&tendering);
        let settled = tendering.settle().expect("paid");
        let sum = Money::sum(cny(), settled.payments.iter().map(|payment| payment.amount)).expect("fits");
        prop_assert_eq!(sum, fen(total).plus(settled.rounding).expect("fits"));
        prop_assert_eq!(sum, fen(collected));
        let step = rounding.map_or(1, |rounding| i64::from(rounding.step_minor));
        prop_assert!(settled.rounding.minor().abs() < step);
    }

    #[test]
    fn what_is_not_paid_is_not_settled(total in 1_i64..5_000, part in 1_i64..5_000) {
        let mut tendering = paying(total);
        tendering.take_cash(payment_id(), fen(part)).expect("taken");
        match tendering.settle() {
            Ok(_) => prop_assert!(part >= total),
            Err(error) => prop_assert_eq!(error, TenderError::StillDue { due: fen(total - part) }),
        }
    }
}
