//! A shop's whole day at one till, by the commands of its screens: the shift is opened with a counted float, thirty mixed
//! sales, a promotion, refunds, an exchange, orders put aside and taken up at another till, a presale, and the Z. The Z, the
//! till's report, the hub's and a sum made here by hand must be the same to the cent.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use shop::{On, TestHub, TillAt, products, wait_until};
use till::api::dispatch;

#[test]
fn a_day_adds_up_on_sqlite() {
    a_day_adds_up(On::Sqlite);
}

#[test]
fn a_day_adds_up_on_postgresql() {
    a_day_adds_up(On::Postgres);
}

const MILK: usize = 0;
const BREAD: usize = 1;
const TEA: usize = 2;
const APPLES: usize = 3;

/// Fen of one piece of each product.
const PRICES: [i64; 5] = [1290, 850, 300, 999, 1];

/// What the day must come to, in fen, added up without any of the product's own arithmetic.
#[derive(Default)]
struct ByHand {
    sold: i64,
    given_back: i64,
    tax: i64,
    /// What lies in the drawer.
    drawer: i64,
    card: i64,
    promotion: i64,
    sales: u64,
    refunds: u64,
}

impl ByHand {
    /// Tax contained in `gross` at 13 %, half up.
    fn tax_in(gross: i64) -> i64 {
        (gross * 13 * 2 + 113) / (2 * 113)
    }

    /// A line of `pieces` of `product`: 10 % off milk, half up.
    fn line(&mut self, product: usize, pieces: i64) -> i64 {
        let extended = PRICES[product] * pieces;
        let off = if product == MILK { (extended + 5) / 10 } else { 0 };
        self.promotion += off;
        self.tax += Self::tax_in(extended - off);
        extended - off
    }
}

/// Somebody at a till's screen.
struct Counter<'a>(&'a TillAt);

impl Counter<'_> {
    fn ask(&self, command: &str, args: Value) -> Value {
        self.try_to(command, args.clone()).unwrap_or_else(|problem| panic!("{command} {args}: {problem}"))
    }

    fn try_to(&self, command: &str, args: Value) -> Result<Value, till::api::Problem> {
        dispatch(&*self.0.0, TillAt::SESSION, command, args)
    }

    fn scan(&self, product: usize, pieces: i64) {
        let code = products()[product].barcodes[0].to_string();
        self.ask("scan", json!({ "code": code, "quantity": pieces.to_string() }));
    }

    /// Pays all that is due in cash, with change, or by card.
    fn pay(&self, by_card: bool) -> (Value, i64) {
        let due = fen(&self.ask("begin_payment", json!({}))["due"]);
        if by_card {
            self.ask("tender_card", json!({ "amount": "", "reference": "SLIP 4711" }));
        } else {
            self.ask("tender_cash", json!({ "given": yuan(due + 1000) }));
        }
        (self.ask("finish", json!({ "print": false })), due)
    }
}

/// An amount as views show it, in fen.
fn fen(money: &Value) -> i64 {
    let amount = money["amount"].as_str().unwrap_or_else(|| panic!("an amount: {money}"));
    amount.replace('.', "").parse().expect("digits")
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn count_of(fen: i64) -> Value {
    json!({ "pieces": [], "loose": yuan(fen) })
}

fn a_day_adds_up(on: On) {
    let hub = TestHub::start(on);
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [front, back] = folders.each_ref().map(|folder| {
        let till = TillAt::open(folder.path());
        till.enrol(&hub.url, &hub.code("Till"));
        wait_until("the staff is known", || !till.0.store().staff().is_empty());
        till.sign_in()
    });
    for till in [&front, &back] {
        wait_until("the catalogue is there", || till.sync_view().catalogue_complete);
    }
    let (till, other) = (Counter(&front), Counter(&back));
    let mut day = ByHand::default();

    publish_ten_percent_off_milk(&till);
    wait_until("the promotion is live", || promotion_is_live(&till));

    till.ask("open_shift", json!({ "count": count_of(20_000) }));
    day.drawer = 20_000;

    let mut receipts = Vec::new();
    for number in 0..30_usize {
        let (first, second) = (number % 5, (number + 2) % 5);
        let pieces = 1 + i64::try_from(number % 3).expect("small");
        till.scan(first, pieces);
        till.scan(second, 1);
        let expected = day.line(first, pieces) + day.line(second, 1);
        let by_card = number % 3 == 1;
        let (receipt, paid) = till.pay(by_card);
        assert_eq!(paid, expected, "sale {number}");
        *(if by_card { &mut day.card } else { &mut day.drawer }) += paid;
        day.sold += paid;
        day.sales += 1;
        receipts.push(receipt);
    }

    voids(&till);
    refund_one_bread(&till, &receipts[1], &mut day);
    exchange_tea_for_bread(&till, &receipts[0], &mut day);
    hold_there_and_sell_here(&till, &other, &mut day);
    presale(&till, &mut day);

    till.ask("move_cash", json!({ "way": "pay_in", "amount": "20", "reason": "change from the bank" }));
    till.ask("move_cash", json!({ "way": "pay_out", "amount": "7.50", "reason": "window cleaner" }));
    till.ask("move_cash", json!({ "way": "safe_drop", "amount": "100", "reason": "too much in the drawer" }));
    till.ask("no_sale", json!({ "reason": "changed a note" }));
    day.drawer += 2_000 - 750 - 10_000;

    let x = till.ask("x_report", json!({ "print": false }));
    assert_eq!(x["number"], 1, "{x}");
    let counted = till.ask("count_shift", json!({ "count": count_of(day.drawer + 10) }));
    assert_eq!(fen(&counted["counted"]["expected"]), day.drawer, "{counted}");
    assert_eq!(counted["counted"]["verdict"], "over", "{counted}");
    let z = till.ask("close_shift", json!({ "taken_out": "", "reason": "ten fen found on the floor" }));
    assert_eq!(z["number"], 1);

    for till in [&front, &back] {
        till.0.sync_until_quiet().expect("everything reaches the hub");
    }
    assert_eq!(front.sync_view().unsent, 0);
    the_till_agrees(&till, &day);
    the_z_agrees(&front, &day);
    the_hub_agrees(&hub, &day);
}

fn publish_ten_percent_off_milk(till: &Counter<'_>) {
    let form = json!({
        "id": "", "name_zh": "牛奶九折", "name_en": "Milk week", "kind": "percent", "percent": "10", "amount": "", "buy": "",
        "get": "", "count": "", "spend": "", "every": false, "products": "G0", "except": "", "categories": [],
        "all_stores": false, "levels": "", "from": "", "until": "", "weekdays": [], "hours_from": "", "hours_until": "",
        "priority": "", "stacks": false, "group": "", "per_order": "", "coupons": false, "offline_coupons": false,
    });
    let promotions = till.ask("save_promotion", json!({ "form": form, "publish": true }));
    assert_eq!(promotions[0]["state"], "live", "{promotions}");
}

fn promotion_is_live(till: &Counter<'_>) -> bool {
    till.ask("promotions", json!({}))[0]["holds_now"] == true
}

/// A line and a whole order are given up before payment: neither is a sale.
fn voids(till: &Counter<'_>) {
    till.scan(TEA, 1);
    till.scan(APPLES, 1);
    let cart = till.ask("scan", json!({ "code": products()[BREAD].barcodes[0].to_string(), "quantity": "1" }));
    let line = cart["lines"][2]["id"].clone();
    till.ask("remove_line", json!({ "line": line, "reason": "scanned by mistake" }));
    let refused = till.try_to("clear", json!({ "reason": null }));
    assert!(refused.is_err(), "an order with lines needs a reason to be given up");
    let cart = till.ask("clear", json!({ "reason": "the customer left" }));
    assert_eq!(fen(&cart["total"]), 0);
}

/// Sale 1 was two breads and one apple by card: one bread goes back to the card, and never more than was sold.
fn refund_one_bread(till: &Counter<'_>, receipt: &Value, day: &mut ByHand) {
    let sale = till.ask("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    assert_eq!(sale["lines"][0]["left"], "2", "{sale}");
    let lines = json!([{ "line": 0, "quantity": "1" }]);
    let back = till.ask("refund_preview", json!({ "lines": lines, "tender": "as_paid", "reference": "" }));
    assert_eq!(fen(&back["total"]), PRICES[BREAD], "{back}");
    let refund = json!({ "lines": lines, "reason": "stale", "tender": "as_paid", "reference": "", "print": false });
    till.ask("refund", refund);
    day.given_back += PRICES[BREAD];
    day.tax -= ByHand::tax_in(PRICES[BREAD] * 2) - ByHand::tax_in(PRICES[BREAD]);
    day.card -= PRICES[BREAD];
    day.refunds += 1;
    till.ask("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let too_much = json!({
        "lines": [{ "line": 0, "quantity": "2" }], "reason": "greed", "tender": "as_paid", "reference": "", "print": false,
    });
    till.try_to("refund", too_much).expect_err("only one bread is left to give back");
    till.ask("clear", json!({ "reason": null }));
}

/// Sale 0 was one milk and one tea in cash: the tea comes back and a bread is taken for it.
fn exchange_tea_for_bread(till: &Counter<'_>, receipt: &Value, day: &mut ByHand) {
    till.ask("refund_lookup", json!({ "receipt": receipt["receipt"] }));
    let back =
        json!({ "lines": [{ "line": 1, "quantity": "1" }], "reason": "prefers bread", "tender": "as_paid", "reference": "" });
    till.ask("begin_exchange", back);
    till.scan(BREAD, 1);
    let (_, paid) = till.pay(false);
    assert_eq!(paid, PRICES[BREAD] - PRICES[TEA]);
    day.sold += day.line(BREAD, 1);
    day.given_back += PRICES[TEA];
    day.tax -= ByHand::tax_in(PRICES[TEA]);
    day.drawer += paid;
    day.sales += 1;
    day.refunds += 1;
}

/// Rung up and put aside at the other till, paid at this one.
fn hold_there_and_sell_here(till: &Counter<'_>, other: &Counter<'_>, day: &mut ByHand) {
    other.scan(BREAD, 2);
    other.ask("hold", json!({ "label": "blue coat" }));
    wait_until("the held order is seen at the other till", || {
        let held = till.ask("held", json!({}));
        held[0]["label"] == "blue coat" && held[0]["till"] != ""
    });
    let id = till.ask("held", json!({}))[0]["id"].clone();
    till.ask("recall", json!({ "id": id }));
    other.try_to("recall", json!({ "id": id })).expect_err("it was taken up elsewhere");
    let (_, paid) = till.pay(false);
    let expected = day.line(BREAD, 2);
    assert_eq!(paid, expected);
    day.sold += paid;
    day.drawer += paid;
    day.sales += 1;
}

/// Two milks ordered with a deposit of five yuan, collected later the same day at the price of the order: the promotion
/// comes off once.
fn presale(till: &Counter<'_>, day: &mut ByHand) {
    till.scan(MILK, 2);
    let order = till
        .ask("place_order", json!({ "kind": "presale", "valid_until": "", "deposit": "5", "tender": "cash", "reference": "" }));
    let total = day.line(MILK, 2);
    assert_eq!((fen(&order["deposit"]), fen(&order["due"])), (500, total - 500), "{order}");
    till.ask("take_up_order", json!({ "order": order["order"] }));
    let (_, paid) = till.pay(false);
    assert_eq!(paid, total - 500);
    day.sold += total;
    day.drawer += total;
    day.sales += 1;
}

/// The business day at the store.
fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone")).date()
}

fn the_till_agrees(till: &Counter<'_>, day: &ByHand) {
    let report = till.ask("report", json!({ "from": (today() - 1.day()).to_string(), "to": today().to_string() }));
    let figures: Vec<&Value> = report["headline"].as_array().expect("figures").iter().collect();
    let sections = report["sections"].as_array().expect("sections").iter();
    let figures: Vec<&Value> =
        figures.into_iter().chain(sections.flat_map(|section| section["figures"].as_array().expect("figures"))).collect();
    let figure = |dimension: &str, key: &str| {
        let found = figures.iter().find(|figure| figure["dimension"] == dimension && figure["key"] == key);
        found.map(|figure| fen(&figure["amount"]))
    };
    assert_eq!(fen(&report["perpetual"]), day.sold - day.given_back, "{report}");
    assert_eq!(figure("tender", "card"), Some(day.card), "{report}");
    assert_eq!(figure("tax", "VAT 0.13"), Some(day.tax), "{report}");
}

fn the_z_agrees(till: &TillAt, day: &ByHand) {
    use domain::report::Dimension;
    let store = till.0.store();
    let z = store.z_report(1).expect("read").expect("made").z;
    let cny = domain::Currency::parse("CNY").expect("a currency");
    let total = |dimension| {
        let figure = z.figures.total(dimension, cny).expect("added up");
        (figure.count, figure.amount.map_or(0, domain::Money::minor))
    };
    assert_eq!(total(Dimension::Sales), (day.sales, day.sold));
    assert_eq!(total(Dimension::Refunds), (day.refunds, day.given_back));
    assert_eq!(total(Dimension::Tax).1, day.tax);
    assert_eq!(total(Dimension::Discount).1, day.promotion);
    assert_eq!(z.figures.figure(Dimension::Tender, "card", Some(cny)).amount.map(domain::Money::minor), Some(day.card));
    assert_eq!((z.expected.minor(), z.over_short.minor()), (day.drawer, 10));
    assert_eq!((z.grand.sales.minor(), z.grand.refunds.minor()), (day.sold, day.given_back));
    assert!(store.verify_projections().expect("verified").is_empty());
}

fn the_hub_agrees(hub: &TestHub, day: &ByHand) {
    let sum = |dimension: &str, key: &str| -> i64 {
        let sql =
            format!("SELECT CAST(sum(amount) AS BIGINT) FROM report_sums WHERE dimension = '{dimension}' AND key LIKE '{key}'");
        let [text] = hub.values(&sql);
        text.parse().expect("a number")
    };
    assert_eq!(sum("sales", "%"), day.sold);
    assert_eq!(sum("refunds", "%"), day.given_back);
    assert_eq!(sum("tax", "%"), day.tax);
    assert_eq!(sum("discount", "%"), day.promotion);
    assert_eq!(sum("tender", "card"), day.card);
    let [ledger] = hub.values("SELECT CAST(sum(amount) AS BIGINT) FROM ledger");
    assert_eq!(ledger, "0");
    let [card] = hub.values("SELECT CAST(sum(amount) AS BIGINT) FROM ledger WHERE account = 'card_receivable'");
    assert_eq!(card, day.card.to_string());
    let rows = hub.hub.report_daily(&TestHub::store(), today() - 1.day(), today()).expect("a report");
    // Two rows only when midnight came in between.
    let net: i64 = rows.iter().map(|row| row.net.replace('.', "").parse::<i64>().expect("digits")).sum();
    assert_eq!(net, day.sold - day.given_back);
    let [incidents] = hub.values("SELECT CAST(count(*) AS BIGINT) FROM incidents");
    assert_eq!(incidents, "0");
}
