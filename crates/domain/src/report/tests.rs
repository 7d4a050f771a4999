use proptest::prelude::*;

use super::*;
use crate::event::{JournalOpened, SaleCompleted};
use crate::example::{any_cart, cart_of, cny, fen, order_of, payment_id, price, tax_class};
use crate::order::{Order, Refund};
use crate::tender::Tendering;

fn staff(name: &str) -> StaffId {
    StaffId::parse(name).expect("an id")
}

/// A cart paid in cash with `extra` fen too much.
fn paid(cart: &crate::Cart, extra: i64) -> Order {
    let priced = cart.priced().expect("priced");
    let mut tendering = Tendering::begin(priced.total, None);
    if !priced.total.is_zero() {
        let given = priced.total.plus(fen(extra)).expect("a sum");
        tendering.take_cash(payment_id(), given).expect("taken");
    }
    order_of(priced, tendering)
}

fn sale(order: Order) -> Event {
    Event::SaleCompleted(SaleCompleted { order })
}

fn refund(order: Order) -> Event {
    let of = Some(order.id);
    Event::RefundCompleted(Refund {
        of,
        reason: String::new(),
        approved_by: None,
        of_receipt: None,
        unchecked: false,
        exchange: None,
        order,
    })
}

fn tally<'a>(events: impl IntoIterator<Item = &'a (Event, u8)>) -> Tally {
    let mut tally = Tally::default();
    for (event, hour) in events {
        tally.add(event, Some(&staff("wang")), *hour).expect("added");
    }
    tally
}

fn amount(tally: &Tally, dimension: Dimension) -> Money {
    tally.total(dimension, cny()).expect("a total").amount.expect("an amount")
}

#[test]
fn a_sale_and_its_refund_show_in_every_dimension() {
    let order = paid(&cart_of(price("11.30"), tax_class(true, &["0.13"])), 870);
    let day = tally(&[(sale(order.clone()), 9), (refund(order), 17)]);

    let figure = |dimension, key: &str| day.figure(dimension, key, Some(cny()));
    assert_eq!(figure(Dimension::Sales, "").count, 1);
    assert_eq!(figure(Dimension::Sales, "").amount, Some(fen(11_30)));
    assert_eq!(figure(Dimension::Refunds, "receipt").amount, Some(fen(11_30)));
    assert_eq!(figure(Dimension::Hour, "09").amount, Some(fen(11_30)));
    assert_eq!(figure(Dimension::Hour, "17").amount, Some(fen(-11_30)));
    assert_eq!(figure(Dimension::Tender, "cash").amount, Some(fen(0)));
    assert_eq!(figure(Dimension::Tender, "cash").count, 2);
    assert_eq!(figure(Dimension::TenderRefunded, "cash").amount, Some(fen(11_30)));
    assert_eq!(figure(Dimension::Tax, "VAT 0.13").count, 2);
    assert_eq!(figure(Dimension::Cashier, "wang").amount, Some(fen(0)));
    assert_eq!(figure(Dimension::CashierRefunded, "wang").amount, Some(fen(11_30)));
    assert_eq!(day.net(cny()).expect("net"), fen(0));
    assert_eq!(day.average(cny()).expect("average"), Some(fen(11_30)));
}

#[test]
fn what_moves_no_money_says_nothing() {
    let opened = Event::JournalOpened(JournalOpened { version: "1".to_owned(), training: false });
    assert!(tally(&[(opened, 0)]).is_empty());
    assert_eq!(Tally::default().average(cny()).expect("no average"), None);
}

#[test]
fn an_event_that_does_not_fit_changes_nothing() {
    let mut order = paid(&cart_of(price("1"), tax_class(true, &[])), 0);
    order.total = fen(i64::MAX);
    let mut day = tally(&[(sale(order.clone()), 1)]);
    let before = day.clone();
    assert_eq!(day.add(&sale(order), None, 1), Err(MoneyError::Overflow));
    assert_eq!(day, before);
}

#[test]
fn every_dimension_is_read_back_by_its_code() {
    for dimension in Dimension::ALL {
        assert_eq!(dimension.code().parse(), Ok(*dimension));
    }
    assert!("weather".parse::<Dimension>().is_err());
}

/// Sales, every third of them given back, spread over the day.
fn events() -> impl Strategy<Value = Vec<(Event, u8)>> {
    let one = (any_cart(), 0_i64..10_000, 0_u8..24, 0_u8..3).prop_map(|(cart, extra, hour, kind)| {
        let order = paid(&cart, extra);
        (if kind == 0 { refund(order) } else { sale(order) }, hour)
    });
    proptest::collection::vec(one, 0..8)
}

proptest! {
    #[test]
    fn a_tally_of_all_is_the_merged_tallies_of_the_parts(events in events(), cut in 0_usize..8) {
        let (first, second) = events.split_at(cut.min(events.len()));
        let mut merged = tally(second);
        merged.merge(&tally(first)).expect("merged");
        prop_assert_eq!(&merged, &tally(&events));
        prop_assert!(merged.differences(&tally(&events)).is_empty());
    }

    #[test]
    fn the_dimensions_add_up_to_one_another(events in events()) {
        let day = tally(&events);
        let net = day.net(cny()).expect("net");
        let rounding = amount(&day, Dimension::Rounding);
        prop_assert_eq!(amount(&day, Dimension::Tender), net.plus(rounding).expect("a sum"));
        for dimension in [Dimension::Hour, Dimension::Cashier, Dimension::Product] {
            prop_assert_eq!(amount(&day, dimension), net, "{}", dimension);
        }
        let mut tax = fen(0);
        for (event, _) in &events {
            tax = match event {
                Event::SaleCompleted(sale) => tax.plus(sale.order.tax).expect("a sum"),
                Event::RefundCompleted(refund) => tax.minus(refund.order.tax).expect("a sum"),
                _ => tax,
            };
        }
        prop_assert_eq!(amount(&day, Dimension::Tax), tax);
    }

    #[test]
    fn a_tally_is_read_back_as_it_was_written(events in events()) {
        let day = tally(&events);
        let text = serde_json::to_string(&day).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Tally>(&text).expect("read"), day);
    }
}
