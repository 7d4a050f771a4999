use proptest::prelude::*;

use super::*;
use crate::example::{any_cart, order_of, payment_id};
use crate::tender::Tendering;

#[test]
fn an_event_of_a_newer_version_is_named() {
    let error = Event::from_parts("drone_launched", "{}").expect_err("unknown");
    assert_eq!(error.to_string(), "this version does not know events of kind 'drone_launched': update it");
    assert!(matches!(Event::from_parts("sale_completed", "{}"), Err(EventError::Body { kind: "sale_completed", .. })));
}

proptest! {
    #[test]
    fn a_sale_is_read_back_as_it_was_written(cart in any_cart()) {
        let priced = cart.priced().expect("priced");
        let mut tendering = Tendering::begin(priced.total, None);
        if !priced.total.is_zero() {
            tendering.take_cash(payment_id(), priced.total).expect("taken");
        }
        let event = Event::SaleCompleted(SaleCompleted { order: order_of(priced, tendering) });
        let body = event.body_json().expect("JSON");
        prop_assert_eq!(&Event::from_parts(event.kind(), &body).expect("read"), &event);
        let whole = serde_json::to_string(&event).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Event>(&whole).expect("read"), &event);
        prop_assert!(whole.starts_with(r#"{"kind":"sale_completed","body":{"#), "{}", whole);
    }
}
