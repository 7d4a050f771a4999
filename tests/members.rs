//! A member's whole way between till and hub: taken in, found with the network down, points earned and spent, erased.

use domain::member::{ErasureReason, LevelRule, LoyaltyRules};
use domain::{Change, Currency, LevelCode, Money, Name};
use hub::Asker;
use jiff::Timestamp;
use serde_json::{Value, json};
use shop::{On, TestHub, TillAt, products};
use till::api::{Problem, ProblemCode, dispatch};

const PHONE: &str = "13800138000";

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("CNY").expect("a currency"))
}

/// A hub whose store gives one point a yuan, each worth one fen.
fn hub_with_points() -> TestHub {
    let hub = TestHub::start(On::Sqlite);
    let store = hub.hub.store(&TestHub::store()).expect("the store").id;
    let level = LevelRule {
        code: LevelCode::parse("gold").expect("a code"),
        name: Name { zh: "金卡".to_owned(), en: "Gold".to_owned() },
        from_spend: fen(1_000),
        earn_percent: 200,
    };
    let rules = LoyaltyRules {
        earn_per: fen(100),
        point_value: fen(1),
        minimum_spend: 5,
        expires_after_months: Some(12),
        level_months: 12,
        levels: vec![level],
    };
    hub.hub.publish(store, &[Change::Loyalty(rules)]).expect("rules");
    hub
}

fn till_at(dir: &std::path::Path, hub: &TestHub, name: &str) -> TillAt {
    let till = TillAt::open(dir);
    till.enrol(&hub.url, &hub.code(name));
    till.sign_in()
}

fn call(till: &TillAt, name: &str, args: Value) -> Result<Value, Problem> {
    dispatch(&*till.0, TillAt::SESSION, name, args)
}

#[track_caller]
fn done(till: &TillAt, name: &str, args: Value) -> Value {
    call(till, name, args).unwrap_or_else(|problem| panic!("{name} was refused: {problem:?}"))
}

#[track_caller]
fn refused(till: &TillAt, name: &str, args: Value) -> ProblemCode {
    match call(till, name, args) {
        Err(problem) => problem.code,
        Ok(answer) => panic!("{name} was done: {answer}"),
    }
}

fn profile(name: &str, phone: &str) -> Value {
    json!({ "name": name, "phone": phone, "birthday": "", "email": "", "notes": "" })
}

fn join(till: &TillAt, name: &str, phone: &str) -> Value {
    done(till, "create_member", json!({ "profile": profile(name, phone), "consents": ["membership"] }))["member"].clone()
}

fn find(till: &TillAt, text: &str) -> Value {
    done(till, "find_members", json!({ "text": text }))
}

fn scan(till: &TillAt, quantity: &str) -> Value {
    let code = products()[0].barcodes[0].to_string();
    done(till, "scan", json!({ "code": code, "quantity": quantity }))
}

fn pay(till: &TillAt) -> Value {
    let tendering = done(till, "begin_payment", json!({}));
    if tendering["settled"] == false {
        done(till, "tender_cash", json!({ "given": tendering["due_in_cash"]["amount"] }));
    }
    done(till, "finish", json!({ "print": false }))
}

/// Sends and fetches, with the hub's cards made anew in between.
fn sync(till: &TillAt, hub: &TestHub) {
    till.0.sync_until_quiet().expect("sent");
    hub.hub.show_members(Timestamp::now()).expect("cards");
    till.0.sync_until_quiet().expect("fetched");
}

#[test]
fn points_are_earned_shown_on_the_receipt_and_spent_once() {
    let (hub, folder) = (hub_with_points(), tempfile::tempdir().expect("a folder"));
    let till = till_at(folder.path(), &hub, "Front");
    let member = join(&till, "王小明", PHONE);

    let cart = done(&till, "scan", json!({ "code": member["code"], "quantity": "" }));
    assert_eq!(
        (&cart["member"]["member"]["name"], &cart["member"]["member"]["phone"]),
        (&json!("王小明"), &json!("138****8000"))
    );
    assert_eq!(scan(&till, "1")["member"]["earns"], 12, "12.90 is twelve whole yuan");
    let receipt = pay(&till);
    assert!(receipt["text"].as_str().is_some_and(|text| text.contains("本次积分") && !text.contains("王小明")), "{receipt}");
    sync(&till, &hub);

    let found = find(&till, PHONE)["members"][0].clone();
    assert_eq!((&found["points"], &found["level"]["en"]), (&json!(12), &json!("Gold")));
    done(&till, "attach_member", json!({ "member": member["id"] }));
    scan(&till, "1");
    assert_eq!(refused(&till, "spend_points", json!({ "points": "4" })), ProblemCode::PointsBelowMinimum);
    assert_eq!(refused(&till, "spend_points", json!({ "points": "13" })), ProblemCode::PointsNotEnough);
    let cart = done(&till, "spend_points", json!({ "points": "10" }));
    assert_eq!((&cart["total"]["amount"], &cart["member"]["spent"]), (&json!("12.80"), &json!(10)));
    pay(&till);
    sync(&till, &hub);
    let file = done(&till, "member_file", json!({ "member": member["id"] }));
    assert_eq!(file["member"]["points"], 12 - 10 + 25, "12.80 at twice the points, cut");
    assert_eq!(file["orders"].as_array().map(Vec::len), Some(2));
    assert_eq!(file["consents"][0]["given"], true);
}

#[test]
fn a_member_is_known_with_the_network_down_and_no_file_tells_who_they_are() {
    let (hub, folder) = (hub_with_points(), tempfile::tempdir().expect("a folder"));
    let till = till_at(folder.path(), &hub, "Front");
    let member = join(&till, "Wang Xiaoming", PHONE);
    sync(&till, &hub);
    drop(hub);

    for text in ["+86 138 0013 8000", "8000", member["code"].as_str().expect("a code")] {
        assert_eq!(find(&till, text)["members"][0]["name"], "Wang Xiaoming", "{text}");
    }
    let by_name = find(&till, "Wang");
    assert_eq!((&by_name["members"], &by_name["offline"]), (&json!([]), &json!(true)));
    done(&till, "attach_member", json!({ "member": member["id"] }));
    scan(&till, "2");
    assert_eq!(refused(&till, "spend_points", json!({ "points": "10" })), ProblemCode::MemberNeedsHub);
    let late = json!({ "profile": profile("Li", "13911112222"), "consents": ["membership"] });
    assert_eq!(refused(&till, "create_member", late), ProblemCode::MemberNeedsHub);
    pay(&till);

    till.0.store().checkpoint().expect("all of it in the file");
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let path = file.expect("an entry").path();
        if path.is_file() {
            let content = std::fs::read(&path).expect("a file");
            for clear in ["13800138000", "Wang Xiaoming", "138****8000"] {
                let there = content.windows(clear.len()).any(|window| window == clear.as_bytes());
                assert!(!there, "{clear} stands in {}", path.display());
            }
        }
    }
}

#[test]
fn an_erased_member_is_gone_from_every_till_and_the_books_hold() {
    let hub = hub_with_points();
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (front, back) = (till_at(one.path(), &hub, "Front"), till_at(two.path(), &hub, "Back"));
    let member = join(&front, "Wang", PHONE);
    done(&front, "attach_member", json!({ "member": member["id"] }));
    scan(&front, "3");
    pay(&front);
    sync(&front, &hub);
    sync(&back, &hub);
    assert_eq!(find(&back, PHONE)["members"][0]["name"], "Wang");

    let erase = |confirm: &str| json!({ "member": member["id"], "confirm": confirm, "reason": "asked" });
    assert_eq!(refused(&front, "erase_member", erase("TBM00000000")), ProblemCode::NotConfirmed);
    done(&front, "erase_member", erase(&member["code"].as_str().expect("a code").to_lowercase()));
    sync(&front, &hub);
    sync(&back, &hub);
    for till in [&front, &back] {
        assert_eq!(find(till, PHONE)["members"], json!([]));
        assert!(till.0.store().verify_projections().expect("compared").is_empty());
    }
    let [balance] = hub.values("SELECT sum(amount) FROM posting_lines");
    assert_eq!(balance, "0");
    let id = member["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    assert!(!hub.hub.erase_member(&Asker::Operator, id, ErasureReason::Asked, Timestamp::now()).expect("asked"), "only once");
    assert!(join(&front, "Wang again", PHONE)["id"] != member["id"], "the number is free again");
}
