use proptest::prelude::*;

use super::*;
use crate::example::{cart_of, fen, payment_id, price, tax_class};
use crate::ids::CustomerOrderId;
use crate::tender::Tender;

fn order(kind: CustomerOrderKind) -> CustomerOrder {
    let priced = cart_of(price("100"), tax_class(true, &["0.13"])).priced().expect("priced");
    CustomerOrder {
        id: CustomerOrderId::generate(),
        kind,
        currency: priced.total.currency(),
        total: priced.total,
        lines: priced.lines.into_iter().map(|line| line.line).collect(),
        valid_until: None,
        member: None,
        note: String::new(),
    }
}

fn card(minor: i64) -> Payment {
    Payment { id: payment_id(), amount: fen(minor), tender: Tender::Card { reference: "slip 7".to_owned() } }
}

fn presale(deposit: &[Payment]) -> Result<OrderFile, CustomerOrderError> {
    OrderFile::place(&OrderPlaced { order: order(CustomerOrderKind::Presale), deposit: deposit.to_vec() })
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn cancelled(file: &OrderFile, returned: i64, charge: i64) -> OrderCancelled {
    let returned = if returned == 0 { Vec::new() } else { vec![card(returned)] };
    OrderCancelled {
        order: file.order.id,
        reason: "changed their mind".to_owned(),
        expired: false,
        returned,
        charge: fen(charge),
        approved_by: None,
    }
}

#[test]
fn a_presale_is_paid_in_parts_and_never_above_its_price() {
    let mut file = presale(&[card(3_000)]).expect("placed");
    assert_eq!((file.state, file.due().expect("due")), (CustomerOrderState::Placed, fen(7_000)));
    assert_eq!(file.pay(&[card(7_001)]), Err(CustomerOrderError::MoreThanDue { due: fen(7_000) }));
    assert_eq!(file.pay(&[card(0)]), Err(CustomerOrderError::NotPositive));
    file.pay(&[card(7_000)]).expect("the rest");
    file.complete(&[], day("2026-11-24")).expect("completed");
    assert_eq!(file.pay(&[card(1)]), Err(CustomerOrderError::NotOpen(CustomerOrderState::Completed)));
    assert_eq!(file.complete(&[], day("2026-11-24")), Err(CustomerOrderError::NotOpen(CustomerOrderState::Completed)));
}

#[test]
fn a_quotation_takes_no_deposit_and_holds_until_its_day() {
    let mut quoted = order(CustomerOrderKind::Quotation);
    quoted.valid_until = Some(day("2026-11-30"));
    let with_deposit = OrderPlaced { order: quoted.clone(), deposit: vec![card(1)] };
    assert_eq!(OrderFile::place(&with_deposit), Err(CustomerOrderError::QuotationTakesNoDeposit));
    let mut file = OrderFile::place(&OrderPlaced { order: quoted, deposit: Vec::new() }).expect("quoted");
    assert_eq!(file.may_complete(day("2026-11-30")), Ok(()));
    assert_eq!(file.complete(&[], day("2026-12-01")), Err(CustomerOrderError::DayPassed(day("2026-11-30"))));
    assert!(file.has_expired(day("2026-12-01")) && !file.has_expired(day("2026-11-30")));
}

#[test]
fn a_cancelled_order_settles_its_whole_deposit() {
    let mut file = presale(&[card(3_000)]).expect("placed");
    assert_eq!(file.cancellation_charge(10).expect("a charge"), fen(1_000));
    assert_eq!(file.cancellation_charge(80).expect("a charge"), fen(3_000), "never more than was paid");
    let wrong = cancelled(&file, 3_000, 1_000);
    assert_eq!(file.cancel(&wrong), Err(CustomerOrderError::DepositNotSettled { deposit: fen(3_000) }));
    let right = cancelled(&file, 2_000, 1_000);
    file.cancel(&right).expect("cancelled");
    assert_eq!((file.state, file.deposit), (CustomerOrderState::Cancelled, fen(0)));
}

#[test]
fn a_change_may_not_go_below_what_was_paid() {
    let mut file = presale(&[card(3_000)]).expect("placed");
    let mut smaller = file.order.clone();
    smaller.total = fen(2_999);
    assert_eq!(file.change(smaller), Err(CustomerOrderError::BelowDeposit { deposit: fen(3_000) }));
    let same = file.order.clone();
    file.change(same).expect("changed");
    assert_eq!(file.state, CustomerOrderState::Changed);
}

#[derive(Debug, Clone)]
enum Step {
    Pay(i64),
    Change,
    Complete,
    Cancel(i64, i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_i64..6_000).prop_map(Step::Pay),
        Just(Step::Change),
        Just(Step::Complete),
        (0_i64..6_000, 0_i64..6_000).prop_map(|(back, charge)| Step::Cancel(back, charge)),
    ]
}

proptest! {
    #[test]
    fn a_deposit_is_never_above_the_price_and_a_closed_order_holds_none(steps in proptest::collection::vec(step(), 0..12)) {
        let mut file = presale(&[]).expect("placed");
        for step in steps {
            let before = file.clone();
            let done = match step {
                Step::Pay(minor) => file.pay(&[card(minor)]),
                Step::Change => { let order = file.order.clone(); file.change(order) }
                Step::Complete => file.complete(&[], day("2026-11-24")),
                Step::Cancel(back, charge) => { let event = cancelled(&file, back, charge); file.cancel(&event) }
            };
            if done.is_err() {
                prop_assert_eq!(&before, &file, "what is refused changes nothing");
            }
            prop_assert!(before.state.is_open() || done.is_err());
            prop_assert!(!file.deposit.is_negative() && file.deposit.minor() <= file.order.total.minor());
            prop_assert!(file.state.is_open() || file.deposit.is_zero());
        }
    }
}
