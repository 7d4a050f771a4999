//! Promotions at the counter: prices, coupons, the reason of a price, the manager's trial.

mod counter;

use counter::{APPLES, BREAD, Counter, MILK, catalogue, cny, name};
use domain::promotion::{CouponRule, Effect, Goods, OfflineCoupon, PromotionState, Stacking, Window, compose};
use domain::{Change, Discount, Money, Promotion, PromotionId};
use serde_json::{Value, json};
use till::api::ProblemCode;

fn promotion(number: u128, effect: Effect) -> Promotion {
    Promotion {
        id: format!("01940000-0000-7000-8000-0000000003{number:02}").parse::<PromotionId>().expect("an id"),
        name: name("牛奶节", "Milk week"),
        state: PromotionState::Live,
        priority: 10,
        stacking: Stacking::default(),
        when: Window::default(),
        stores: Vec::new(),
        levels: Vec::new(),
        goods: Goods::default(),
        effect,
        per_order: None,
        coupon: None,
    }
}

fn milk() -> domain::ProductId {
    let found = catalogue().into_iter().find_map(|change| match change {
        Change::Product(product) if product.barcodes[0].as_str() == MILK => Some(product.id),
        _ => None,
    });
    found.expect("milk is sold")
}

fn two_for_twenty() -> Promotion {
    let effect = Effect::MixAndMatch { count: 2, price: Money::from_minor(2_000, cny()) };
    Promotion { goods: Goods { products: vec![milk()], ..Goods::default() }, ..promotion(1, effect) }
}

/// Three yuan off the order for a coupon.
fn by_coupon(offline: OfflineCoupon) -> Promotion {
    let off = Discount::Amount(Money::from_minor(300, cny()));
    let effect = Effect::Threshold { spend: Money::zero(cny()), off, every: false };
    Promotion { coupon: Some(CouponRule { series: "A1B".to_owned(), offline }), ..promotion(2, effect) }
}

fn tell(counter: &Counter, promotions: &[Promotion]) {
    let changes: Vec<Change> = promotions.iter().cloned().map(|one| Change::Promotion(Box::new(one))).collect();
    counter.terminal().store().apply_changes(&changes, 3).expect("told");
}

#[test]
fn a_promotion_is_on_its_line_with_its_name_and_in_the_journal() {
    let counter = Counter::open();
    tell(&counter, &[two_for_twenty()]);
    counter.sign_in("ana");
    counter.scan(BREAD);
    counter.scan(MILK);
    let cart = counter.scan(MILK);
    assert_eq!(cart["total"]["amount"], "28.50");
    let given = &cart["lines"][1]["discounts"][0];
    assert_eq!(
        (&given["kind"], &given["name"]["en"], &given["amount"]["amount"]),
        (&json!("promotion"), &json!("Milk week"), &json!("5.80"))
    );
    let receipt = counter.pay_exactly();
    assert!(receipt["text"].as_str().expect("a text").contains("牛奶节"), "{}", receipt["text"]);
    let order = counter.terminal().store().recent(0, 1).expect("read")[0].id;
    let order = counter.terminal().store().order(order).expect("read").expect("kept").order;
    assert_eq!((order.promotions.len(), order.lines[1].discounts[0].rule), (1, Some(order.promotions[0].id)));
    counter.prove();
}

#[test]
fn a_promotion_that_ends_leaves_the_open_order_at_once_and_survives_a_restart() {
    let counter = Counter::open();
    tell(&counter, &[two_for_twenty()]);
    counter.sign_in("ana");
    counter.scan_some(MILK, "2");
    let counter = counter.reopened();
    counter.sign_in("ana");
    assert_eq!(counter.cart()["total"]["amount"], "20.00");
    tell(&counter, &[Promotion { state: PromotionState::Ended, ..two_for_twenty() }]);
    assert_eq!(counter.cart()["total"]["amount"], "25.80");
}

#[test]
fn a_cashiers_limit_does_not_count_what_promotions_give() {
    let counter = Counter::open();
    let half = promotion(1, Effect::Percent { share: rust_decimal::Decimal::new(5, 1) });
    tell(&counter, &[half]);
    counter.sign_in("ana");
    let line = counter.scan(MILK)["lines"][0]["id"].clone();
    let cart = counter.done("set_line_discount", json!({ "line": line, "discount": "10%" }));
    assert_eq!(cart["total"]["amount"], "5.80", "6.45 less a tenth of it, half up");
    assert_eq!(counter.refused_as("set_line_discount", json!({ "line": line, "discount": "11%" })), ProblemCode::NotAllowed);
}

#[test]
fn what_is_weighed_gets_its_share() {
    let counter = Counter::open();
    tell(&counter, &[promotion(1, Effect::Percent { share: rust_decimal::Decimal::new(1, 1) })]);
    counter.sign_in("ana");
    assert_eq!(counter.scan_some(APPLES, "0.355")["total"]["amount"], "3.19");
}

#[test]
fn a_line_says_why_it_costs_what_it_costs() {
    let counter = Counter::open();
    tell(&counter, &[two_for_twenty()]);
    counter.sign_in("ana");
    let line = counter.scan(MILK)["lines"][0]["id"].clone();
    let trace = counter.done("price_trace", json!({ "line": line }));
    assert_eq!((&trace["source"], &trace["lost"][0]["why"]), (&json!("catalogue"), &json!("too_few")));
    counter.scan(MILK);
    let trace = counter.done("price_trace", json!({ "line": line }));
    assert_eq!((&trace["given"][0]["amount"]["amount"], &trace["left"]["amount"]), (&json!("5.80"), &json!("20.00")));
}

#[test]
fn without_the_hub_a_coupon_is_taken_only_where_its_promotion_says_so() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let code = compose("A1B", 7).expect("a code");
    tell(&counter, &[by_coupon(OfflineCoupon::Refuse)]);
    counter.scan(MILK);
    assert_eq!(counter.refused_as("scan", json!({ "code": code, "quantity": "" })), ProblemCode::CouponOffline);
    tell(&counter, &[by_coupon(OfflineCoupon::Flag)]);
    let cart = counter.scan(code.as_str());
    assert_eq!((&cart["total"]["amount"], &cart["coupons"][0]["unchecked"]), (&json!("9.90"), &json!(true)));
    assert_eq!(counter.refused_as("add_coupon", json!({ "code": code })), ProblemCode::CouponTwice);
    counter.pay_exactly();
    let order = counter.terminal().store().recent(0, 1).expect("read")[0].id;
    assert_eq!(counter.terminal().store().order(order).expect("read").expect("kept").order.coupons, [code]);
}

#[test]
fn a_coupon_stays_with_its_order_before_the_first_item_and_while_it_is_held() {
    let counter = Counter::open();
    tell(&counter, &[by_coupon(OfflineCoupon::Flag)]);
    counter.sign_in("ana");
    let code = compose("A1B", 8).expect("a code");
    counter.scan(code.as_str());
    assert_eq!(counter.scan(MILK)["total"]["amount"], "9.90");
    counter.done("hold", json!({ "label": "" }));
    let held = counter.done("held", json!({}))[0]["id"].clone();
    let cart = counter.done("recall", json!({ "id": held }));
    assert_eq!((&cart["total"]["amount"], &cart["coupons"][0]["code"]), (&json!("9.90"), &json!(code)));
    let cart = counter.done("remove_coupon", json!({ "code": code }));
    assert_eq!((&cart["total"]["amount"], cart["coupons"].as_array().map(Vec::len)), (&json!("12.90"), Some(0)));
}

#[test]
fn a_code_with_a_wrong_character_is_told_from_a_product() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let mut code = compose("A1B", 7).expect("a code").to_string();
    let last = if code.ends_with('0') { "1" } else { "0" };
    code.replace_range(code.len() - 1.., last);
    assert_eq!(counter.refused_as("scan", json!({ "code": code, "quantity": "" })), ProblemCode::CouponWrong);
}

fn form() -> Value {
    json!({
        "id": "", "name_zh": "", "name_en": "Half price milk", "kind": "percent", "percent": "50", "amount": "", "buy": "",
        "get": "", "count": "", "spend": "", "every": false, "products": MILK, "except": "", "categories": [],
        "all_stores": false, "levels": "", "from": "", "until": "", "weekdays": [], "hours_from": "", "hours_until": "",
        "priority": "100", "stacks": false, "group": "", "per_order": "", "coupons": false, "offline_coupons": false
    })
}

fn trial(counter: &Counter, form: &Value) -> Value {
    let mut found = counter.done("start_trial", json!({ "form": form, "days": 7 }));
    while found["state"] == "running" {
        std::thread::yield_now();
        found = counter.done("trial", json!({}));
    }
    found
}

#[test]
fn a_draft_is_tried_over_what_this_till_sold() {
    let counter = Counter::open();
    tell(&counter, &[two_for_twenty()]);
    counter.sign_in("mei");
    for code in [MILK, BREAD] {
        counter.scan(code);
        counter.pay_exactly();
    }
    counter.scan_some(MILK, "2");
    counter.pay_exactly();
    let found = trial(&counter, &form());
    assert_eq!((&found["state"], &found["baskets"], &found["touched"]), (&json!("done"), &json!(3), &json!(2)));
    // One milk: 6.45. Two milks: half of 25.80 instead of 5.80 off, so 7.10 more.
    assert_eq!((&found["cost"]["amount"], &found["clashes"][0]["lost"]["amount"]), (&json!("13.55"), &json!("5.80")));
}

#[test]
fn what_is_typed_wrong_names_its_field_and_a_cashier_may_not() {
    let counter = Counter::open();
    counter.sign_in("mei");
    for (field, text) in [("percent", "150"), ("products", "nothing"), ("priority", "first"), ("from", "tomorrow")] {
        let mut wrong = form();
        wrong[field] = json!(text);
        let problem = counter.refused("start_trial", json!({ "form": wrong, "days": 7 }));
        assert_eq!((problem.code, problem.params["field"].as_str()), (ProblemCode::PromotionField, field));
    }
    assert_eq!(counter.refused_as("save_promotion", json!({ "form": form(), "publish": true })), ProblemCode::NotEnrolled);
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("promotions", json!({})), ProblemCode::NotAllowed);
}
