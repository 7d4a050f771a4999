//! Promotions reach the tills that they concern; a coupon is used once, whoever asks at the same time.

use domain::promotion::{CouponRule, Effect, Goods, OfflineCoupon, PromotionState, Stacking, Window, series_for};
use domain::{Change, CouponCode, Name, OrderId, ProductId, Promotion, PromotionId, Role, StaffId, StoreId};
use hub::NewStaff;
use jiff::SignedDuration;
use sync::promotion_wire::CouponAnswer;
use sync::wire::ProblemKind;

use crate::shop::{Till, order};
use crate::support::{TestHub, code, now, on_both_databases};

fn promotion() -> Promotion {
    let id = PromotionId::generate();
    Promotion {
        id,
        name: Name { zh: "茶周".to_owned(), en: "Tea week".to_owned() },
        state: PromotionState::Live,
        priority: 10,
        stacking: Stacking::default(),
        when: Window::default(),
        stores: Vec::new(),
        levels: Vec::new(),
        goods: Goods::default(),
        effect: Effect::Percent { share: rust_decimal::Decimal::new(1, 1) },
        per_order: None,
        coupon: None,
    }
}

fn for_coupons() -> Promotion {
    let promotion = promotion();
    let rule = CouponRule { series: series_for(promotion.id), offline: OfflineCoupon::Flag };
    Promotion { coupon: Some(rule), ..promotion }
}

fn one_coupon(hub: &TestHub) -> CouponCode {
    let promotion = hub.hub.save_promotion(None, &for_coupons(), now()).unwrap();
    hub.hub.make_coupons(promotion.id, 1, now()).unwrap().remove(0)
}

fn told(hub: &TestHub, store: &str) -> Vec<Promotion> {
    let changes = hub.hub.feed(hub.shop(store).id, 0).unwrap().changes;
    let promotions = changes.into_iter().filter_map(|change| match change {
        Change::Promotion(promotion) => Some(*promotion),
        _ => None,
    });
    promotions.collect()
}

fn staff(hub: &TestHub, id: &str, role: Role) -> (StoreId, StaffId) {
    let name = Name { zh: String::new(), en: id.to_owned() };
    let staff = NewStaff { id: StaffId::parse(id).unwrap(), name, role, pin: "4711".to_owned() };
    hub.hub.add_staff(&code("S1"), &staff).unwrap();
    (hub.shop("S1").id, staff.id)
}

fn sale_with(coupon: &CouponCode, id: OrderId) -> domain::Order {
    domain::Order { id, coupons: vec![coupon.clone()], ..order(ProductId::generate(), 1, "11.30") }
}

on_both_databases! {
    fn a_promotion_reaches_every_store_and_a_new_one_too(hub) {
        hub.enrolment_code("S1");
        let saved = hub.hub.save_promotion(None, &promotion(), now()).unwrap();
        hub.enrolment_code("S2");
        assert_eq!((told(hub, "S1"), told(hub, "S2")), (vec![saved.clone()], vec![saved.clone()]));
        let ended = hub.hub.end_promotion(saved.id, now()).unwrap();
        assert_eq!((told(hub, "S1"), told(hub, "S2")), (vec![ended.clone()], vec![ended.clone()]));
        assert_eq!(hub.hub.promotions().unwrap(), [ended]);
    }

    fn a_promotion_of_one_store_is_told_there_alone(hub) {
        hub.enrolment_code("S1");
        hub.enrolment_code("S2");
        let own = Promotion { stores: vec![hub.shop("S1").id], state: PromotionState::Draft, ..promotion() };
        hub.hub.save_promotion(None, &own, now()).unwrap();
        assert_eq!((told(hub, "S1").len(), told(hub, "S2").len()), (1, 0));
        let moved = Promotion { stores: vec![hub.shop("S2").id], ..own };
        hub.hub.save_promotion(None, &moved, now()).unwrap();
        assert_eq!(told(hub, "S1")[0].state, PromotionState::Removed);
        assert_eq!(told(hub, "S2")[0].state, PromotionState::Draft);
    }

    fn the_hub_looks_at_the_role_again(hub) {
        hub.enrolment_code("S1");
        let own = Promotion { stores: vec![hub.shop("S1").id], ..promotion() };
        let (cashier, manager, owner) =
            (staff(hub, "ana", Role::Cashier), staff(hub, "mei", Role::Manager), staff(hub, "liu", Role::Owner));
        let refused = |by, promotion: &Promotion| hub.hub.save_promotion(Some(by), promotion, now()).unwrap_err().kind;
        assert_eq!(refused(cashier, &own), ProblemKind::Forbidden);
        assert_eq!(refused(manager.clone(), &promotion()), ProblemKind::Forbidden, "every store is for an owner");
        hub.hub.save_promotion(Some(manager), &own, now()).unwrap();
        hub.hub.save_promotion(Some(owner), &promotion(), now()).unwrap();
    }

    fn what_is_live_can_only_be_ended(hub) {
        hub.enrolment_code("S1");
        let live = hub.hub.save_promotion(None, &promotion(), now()).unwrap();
        let refused = |state| hub.hub.save_promotion(None, &Promotion { state, ..live.clone() }, now()).unwrap_err().kind;
        assert_eq!(refused(PromotionState::Draft), ProblemKind::Malformed);
        hub.hub.end_promotion(live.id, now()).unwrap();
        assert_eq!(refused(PromotionState::Live), ProblemKind::Malformed);
        let wrong = Promotion { effect: Effect::Percent { share: rust_decimal::Decimal::from(2) }, ..promotion() };
        assert_eq!(hub.hub.save_promotion(None, &wrong, now()).unwrap_err().kind, ProblemKind::Malformed);
    }

    fn of_fifty_that_ask_at_once_one_gets_the_coupon(hub) {
        let tills = [Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S1")];
        let coupon = one_coupon(hub);
        let granted: usize = std::thread::scope(|scope| {
            let ask = |till: usize| {
                let (coupon, terminal) = (&coupon, tills[till].id);
                scope.spawn(move || hub.hub.claim_coupon(terminal, coupon, OrderId::generate(), now()).unwrap())
            };
            let askers: Vec<_> = (0..50).map(|number| ask(number % 2)).collect();
            let answers = askers.into_iter().map(|asker| asker.join().unwrap());
            answers.filter(|answer| matches!(answer, CouponAnswer::Granted { .. })).count()
        });
        assert_eq!(granted, 1);
    }

    fn the_same_order_may_ask_again_and_another_when_it_is_let_go_or_its_time_is_over(hub) {
        let till = Till::enrolled(hub);
        let coupon = one_coupon(hub);
        let (one, two) = (OrderId::generate(), OrderId::generate());
        let ask = |order, at| hub.hub.claim_coupon(till.id, &coupon, order, at).unwrap();
        let granted = |answer: CouponAnswer| matches!(answer, CouponAnswer::Granted { .. });
        assert!(granted(ask(one, now())) && granted(ask(one, now())));
        assert!(matches!(ask(two, now()), CouponAnswer::Held { store, terminal, .. } if store == code("S1") && terminal == "Till"));
        assert_eq!(hub.hub.release_coupons(one, None).unwrap(), 1);
        assert!(granted(ask(two, now())));
        assert!(granted(ask(one, now() + SignedDuration::from_mins(11))), "kept for ten minutes");
    }

    fn a_used_coupon_says_when_and_where(hub) {
        let mut till = Till::enrolled(hub);
        let coupon = one_coupon(hub);
        let sold = OrderId::generate();
        hub.hub.claim_coupon(till.id, &coupon, sold, now()).unwrap();
        let at = till.at;
        till.sell(sale_with(&coupon, sold));
        till.push_from(hub, 1).unwrap();
        let answer = hub.hub.claim_coupon(till.id, &coupon, OrderId::generate(), now()).unwrap();
        let CouponAnswer::Used { at: used, store, terminal, receipt } = answer else { panic!("{answer:?}") };
        assert_eq!((used, store, terminal.as_str(), receipt.as_str()), (at, code("S1"), "Till", "S1-1-000001"));
        assert!(matches!(hub.hub.claim_coupon(till.id, &coupon, sold, now()).unwrap(), CouponAnswer::Granted { .. }));
        assert_eq!(hub.incidents(hub.shop("S1").id), []);
    }

    fn a_coupon_that_two_tills_took_without_asking_counts_once_and_is_an_incident(hub) {
        let (mut one, mut two) = (Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S1"));
        let coupon = one_coupon(hub);
        one.sell(sale_with(&coupon, OrderId::generate()));
        two.sell(sale_with(&coupon, OrderId::generate()));
        std::thread::scope(|scope| {
            scope.spawn(|| one.push_from(hub, 1).unwrap());
            scope.spawn(|| two.push_from(hub, 1).unwrap());
        });
        // Both sales are booked; one used the coupon.
        assert_eq!(hub.number("SELECT count(*) FROM orders"), 2);
        assert_eq!(hub.number("SELECT count(*) FROM coupons WHERE spent_on IS NOT NULL"), 1);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::CouponReused]);
        one.push_from(hub, 1).unwrap();
        two.push_from(hub, 1).unwrap();
        assert_eq!(hub.incidents(hub.shop("S1").id).len(), 1, "pushed again, nothing changes");
    }

    fn a_coupon_that_nobody_made_or_whose_promotion_is_over_is_not_granted(hub) {
        let till = Till::enrolled(hub);
        let promotion = hub.hub.save_promotion(None, &for_coupons(), now()).unwrap();
        let made = hub.hub.make_coupons(promotion.id, 2, now()).unwrap();
        let unknown = domain::promotion::compose("A1B", 1).unwrap();
        let ask = |coupon: &CouponCode| hub.hub.claim_coupon(till.id, coupon, OrderId::generate(), now()).unwrap();
        assert_eq!(ask(&unknown), CouponAnswer::Unknown);
        hub.hub.end_promotion(promotion.id, now()).unwrap();
        assert_eq!(ask(&made[0]), CouponAnswer::NotLive { promotion: promotion.id });
    }
}
