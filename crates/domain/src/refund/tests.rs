use proptest::prelude::*;

use super::*;
use crate::example::{any_cart, cart_of, fen, order_of, payment_id, price, quantity, tax_class};
use crate::order::DiscountKind;
use crate::tender::Tendering;
use crate::{Cart, Discount, OrderId};

/// `cart` sold: this much by card, the rest in cash.
fn sold(cart: &Cart, by_card: i64) -> Order {
    let priced = cart.priced().expect("priced");
    let mut tendering = Tendering::begin(priced.total, None);
    let by_card = by_card.min(priced.total.minor());
    if by_card > 0 {
        tendering.take_card(payment_id(), fen(by_card), "slip 7").expect("by card");
    }
    let due = tendering.due().expect("due");
    if !due.is_zero() {
        tendering.take_cash(payment_id(), due).expect("in cash");
    }
    order_of(priced, tendering)
}

/// The refund of `wanted` after those that were made.
fn give_back(sale: &Order, made: &[Order], wanted: &[(u32, Quantity)], how: &PayBack) -> Result<Order, RefundError> {
    let left = Left::of(sale, made)?;
    let lines = left.take(wanted)?;
    let settled = left.pay_back(&lines, how, None, payment_id)?;
    let sum = |amount: fn(&OrderLine) -> Money| Money::sum(sale.currency, lines.iter().map(amount));
    let total = sum(|line| line.payable)?;
    let tax = total.minus(sum(|line| line.net)?)?;
    let Settled { payments, rounding } = settled;
    Ok(Order { id: OrderId::generate(), lines, total, tax, payments, rounding, ..sale.clone() })
}

fn three_for_ten() -> Order {
    let mut cart = cart_of(price("10"), tax_class(true, &["0.13"]));
    let line = cart.lines()[0].id;
    cart.set_quantity(line, quantity("3")).expect("three");
    cart.discount_line(line, Some(Discount::Amount(fen(2_000)))).expect("20 off");
    sold(&cart, 0)
}

#[test]
fn three_parts_of_ten_are_exactly_ten() {
    let sale = three_for_ten();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(give_back(&sale, &made, &[(0, quantity("1"))], &PayBack::AsPaid).expect("a part"));
    }
    let totals: Vec<i64> = made.iter().map(|refund| refund.total.minor()).collect();
    assert_eq!(totals, [333, 334, 333]);
    assert!(Left::of(&sale, &made).expect("left").is_empty());
    assert_eq!(made[0].lines[0].discounts[0].kind, DiscountKind::Line);
    assert_eq!(made[0].lines[0].of_line, Some(0));
}

#[test]
fn more_than_is_left_is_refused_and_so_is_twice() {
    let sale = three_for_ten();
    let too_much = give_back(&sale, &[], &[(0, quantity("4"))], &PayBack::AsPaid);
    assert_eq!(too_much, Err(RefundError::MoreThanLeft { line: 0, left: StillThere(3_000) }));
    let all = give_back(&sale, &[], &[(0, quantity("3"))], &PayBack::AsPaid).expect("all of it");
    let again = give_back(&sale, std::slice::from_ref(&all), &[(0, quantity("1"))], &PayBack::AsPaid);
    assert_eq!(again, Err(RefundError::MoreThanLeft { line: 0, left: StillThere(0) }));
    let named_twice = give_back(&sale, &[], &[(0, quantity("2")), (0, quantity("2"))], &PayBack::AsPaid);
    assert_eq!(named_twice, Err(RefundError::MoreThanLeft { line: 0, left: StillThere(1_000) }));
    assert_eq!(give_back(&sale, &[], &[], &PayBack::AsPaid), Err(RefundError::Nothing));
    assert_eq!(give_back(&sale, &[], &[(7, quantity("1"))], &PayBack::AsPaid), Err(RefundError::NoSuchLine(7)));
}

#[test]
fn two_refunds_that_knew_nothing_of_each_other_show_what_is_too_much() {
    let sale = three_for_ten();
    let refunds: Vec<Order> =
        (0..2).map(|_| give_back(&sale, &[], &[(0, quantity("2"))], &PayBack::AsPaid).expect("alone it is fine")).collect();
    let left = Left::of(&sale, &refunds).expect("left");
    assert_eq!(left.excess(), [Excess { sku: "A".to_owned(), milli: 1_000 }]);
    assert_eq!(left.over(), fen(334));
    assert!(left.is_empty());
}

#[test]
fn a_refund_that_names_no_line_is_taken_off_the_same_product() {
    let sale = three_for_ten();
    let mut blind = give_back(&sale, &[], &[(0, quantity("2"))], &PayBack::AsPaid).expect("two");
    blind.lines[0].of_line = None;
    let left = Left::of(&sale, [&blind]).expect("left");
    assert_eq!((left.lines()[0].milli, left.total().expect("a total")), (1_000, fen(333)));
}

#[test]
fn each_tender_gets_its_share_and_a_card_no_more_than_it_paid() {
    let sale = sold(&cart_of(price("10"), tax_class(true, &["0.13"])), 400);
    let back = give_back(&sale, &[], &[(0, quantity("1"))], &PayBack::AsPaid).expect("as paid");
    let amounts: Vec<(&str, i64)> = back.payments.iter().map(|back| (back.tender.code(), back.amount.minor())).collect();
    assert_eq!(amounts, [("card", 400), ("cash", 600)]);
    let card = PayBack::Card { reference: String::new() };
    assert_eq!(give_back(&sale, &[], &[(0, quantity("1"))], &card), Err(RefundError::MoreThanPaid { left: fen(400) }));
    let cash = give_back(&sale, &[], &[(0, quantity("1"))], &PayBack::Cash).expect("in cash");
    assert_eq!(cash.payments.len(), 1);
}

proptest! {
    #[test]
    fn parts_never_exceed_the_sale_and_sum_to_it_exactly(
        cart in any_cart(),
        by_card in 0_i64..30_000,
        steps in proptest::collection::vec((0_usize..9, 1_i64..25_000, 0..3_u8), 0..12),
    ) {
        let sale = sold(&cart, by_card);
        let mut made: Vec<Order> = Vec::new();
        let mut rest = Vec::new();
        for (line, milli, how) in steps {
            let line = u32::try_from(line % sale.lines.len()).expect("an index");
            let how = match how { 0 => PayBack::AsPaid, 1 => PayBack::Cash, _ => PayBack::Card { reference: String::new() } };
            let left = Left::of(&sale, &made).expect("left");
            let there = left.lines()[line as usize].milli;
            match give_back(&sale, &made, &[(line, Quantity::from_milli(milli).expect("a quantity"))], &how) {
                Ok(refund) => {
                    prop_assert!(milli <= there);
                    made.push(refund);
                }
                Err(RefundError::MoreThanLeft { .. }) => prop_assert!(milli > there),
                Err(RefundError::MoreThanPaid { .. }) => {
                    let by_card = matches!(how, PayBack::Card { .. });
                    prop_assert!(by_card);
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
        let left = Left::of(&sale, &made).expect("left");
        for (index, line) in left.lines().iter().enumerate() {
            if line.milli > 0 {
                rest.push((u32::try_from(index).expect("an index"), Quantity::from_milli(line.milli).expect("a rest")));
            }
        }
        if !rest.is_empty() {
            made.push(give_back(&sale, &made, &rest, &PayBack::AsPaid).expect("the rest"));
        }
        for refund in &made {
            for line in &refund.lines {
                let tax = Money::sum(sale.currency, line.taxes.iter().map(|tax| tax.tax)).expect("a sum");
                let off = Money::sum(sale.currency, line.discounts.iter().map(|discount| discount.amount)).expect("a sum");
                let before_tax = line.extended.minus(off).expect("a rest");
                let payable = if line.tax_inclusive { before_tax } else { before_tax.plus(tax).expect("a sum") };
                prop_assert_eq!(payable, line.payable);
                prop_assert_eq!(line.net.plus(tax).expect("a sum"), line.payable);
                prop_assert!(!line.payable.is_negative() && !line.net.is_negative() && !line.extended.is_negative());
            }
            let paid = Money::sum(sale.currency, refund.payments.iter().map(|payment| payment.amount)).expect("a sum");
            prop_assert_eq!(paid, refund.total.plus(refund.rounding).expect("a sum"));
        }
        let sums = |amount: fn(&OrderLine) -> Money, orders: &[Order]| -> i64 {
            orders.iter().flat_map(|order| &order.lines).map(|line| amount(line).minor()).sum()
        };
        let whole = std::slice::from_ref(&sale);
        prop_assert_eq!(sums(|line| line.payable, &made), sums(|line| line.payable, whole));
        prop_assert_eq!(sums(|line| line.net, &made), sums(|line| line.net, whole));
        prop_assert_eq!(sums(|line| line.extended, &made), sums(|line| line.extended, whole));
        let left = Left::of(&sale, &made).expect("left");
        prop_assert!(left.is_empty() && left.excess().is_empty() && left.over().is_zero());
        prop_assert!(left.tenders().iter().all(|(_, amount)| amount.is_zero()));
    }
}
