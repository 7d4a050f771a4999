//! The reports of a terminal over its own journal.

mod counter;

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use calamine::{Data, Reader, Xlsx};
use counter::{APPLES, BREAD, Counter, MILK};
use serde_json::{Value, json};
use till::api::ProblemCode;

/// A day with two sales, at 18:00 and 20:00 in Shanghai.
fn day() -> Counter {
    let counter = Counter::open();
    counter.sign_in("sam");
    counter.scan_some(MILK, "2");
    counter.scan(BREAD);
    counter.pay_exactly();
    counter.clock.set("2026-11-24T12:00:00Z".parse().expect("a time"));
    counter.scan_some(APPLES, "0.5");
    counter.pay_exactly();
    counter
}

fn today(counter: &Counter) -> Value {
    counter.done("report", json!({ "from": "", "to": "" }))
}

fn headline<'a>(report: &'a Value, label: &str) -> &'a Value {
    let figures = report["headline"].as_array().expect("figures");
    figures.iter().find(|figure| figure["label"]["en"] == label).expect("the figure")
}

fn section<'a>(report: &'a Value, id: &str) -> &'a [Value] {
    let sections = report["sections"].as_array().expect("sections");
    sections.iter().find(|section| section["id"] == id).expect("the section")["figures"].as_array().expect("figures")
}

/// Key and amount of each figure.
fn amounts(figures: &[Value]) -> Vec<(&str, &str)> {
    figures
        .iter()
        .map(|figure| (figure["key"].as_str().expect("a key"), figure["amount"]["amount"].as_str().expect("an amount")))
        .collect()
}

#[test]
fn a_day_shows_its_sales_by_hour_tender_tax_product_category_and_cashier() {
    let report = today(&day());
    assert_eq!(headline(&report, "Net sales")["amount"]["text"], "¥39.28");
    assert_eq!(headline(&report, "Orders")["count"], 2);
    assert_eq!(headline(&report, "Average order")["amount"]["text"], "¥19.64");
    assert_eq!(amounts(section(&report, "hour")), [("18", "34.30"), ("20", "4.98")]);
    assert_eq!(amounts(section(&report, "tender")), [("cash", "39.28")]);
    assert_eq!(amounts(section(&report, "category")), [("food", "39.28")]);
    assert_eq!(amounts(section(&report, "cashier")), [("sam", "39.28")]);
    let products = section(&report, "product");
    assert_eq!(products[0]["label"]["en"], "Milk 1L");
    assert_eq!((&products[0]["quantity"], &products[0]["share"]), (&json!("2"), &json!(1000)));
    let tax = &section(&report, "tax")[0];
    assert_eq!((&tax["label"]["en"], &tax["count"]), (&json!("VAT 13%"), &json!(3)));
    assert_eq!(report["live"], true);
    assert_eq!(report["perpetual"]["amount"], "39.28");
}

#[test]
fn a_report_goes_on_with_every_sale_and_is_compared_with_the_day_before() {
    let counter = day();
    assert_eq!(headline(&today(&counter), "Orders")["count"], 2);
    counter.scan(BREAD);
    counter.pay_exactly();
    assert_eq!(headline(&today(&counter), "Orders")["count"], 3);

    counter.clock.set("2026-11-25T02:00:00Z".parse().expect("a time"));
    counter.scan(BREAD);
    counter.pay_exactly();
    let report = today(&counter);
    let net = headline(&report, "Net sales");
    assert_eq!((&net["amount"]["text"], &net["before"], &net["change"]), (&json!("¥8.50"), &json!("¥47.78"), &json!("-82.2%")));
    let both = counter.done("report", json!({ "from": "2026-11-24", "to": "2026-11-25" }));
    assert_eq!(headline(&both, "Orders")["count"], 4);
    assert_eq!(both["perpetual"]["amount"], "56.28");
}

#[test]
fn a_clock_that_was_put_back_leaves_every_sale_on_its_own_day() {
    let counter = day();
    counter.clock.set("2026-11-23T04:00:00Z".parse().expect("a time"));
    counter.scan(BREAD);
    counter.pay_exactly();
    counter.clock.set("2026-11-24T13:00:00Z".parse().expect("a time"));
    counter.scan(BREAD);
    counter.pay_exactly();
    assert_eq!(headline(&today(&counter), "Orders")["count"], 3);
    let before = counter.done("report", json!({ "from": "2026-11-23", "to": "2026-11-23" }));
    assert_eq!(headline(&before, "Orders")["count"], 1);
}

#[test]
fn every_figure_opens_the_entries_behind_it_with_their_signatures() {
    let counter = day();
    let report = today(&counter);
    let figures = report["sections"]
        .as_array()
        .expect("sections")
        .iter()
        .flat_map(|section| section["figures"].as_array().expect("figures").iter());
    let headline =
        report["headline"].as_array().expect("figures").iter().filter(|figure| figure["label"]["en"] != "Average order");
    for figure in figures.chain(headline) {
        let behind = counter.done(
            "report_entries",
            json!({ "from": "", "to": "", "dimension": figure["dimension"], "key": figure["key"], "currency": figure["currency"],
                    "offset": 0, "limit": 50 }),
        );
        if figure["count"] == 0 {
            assert_eq!(behind["all"], 0, "{figure}");
            continue;
        }
        if !figure["amount"].is_null() {
            assert_eq!(behind["amount"], figure["amount"], "{figure}");
        }
        assert_eq!(behind["count"], figure["count"], "{figure}");
        let entries = behind["entries"].as_array().expect("entries");
        assert!(!entries.is_empty() && entries.iter().all(|entry| entry["signed"] == true), "{behind}");
        counter.done("receipt", json!({ "order": entries[0]["order"] }));
    }
}

#[test]
fn entries_come_in_pages() {
    let counter = day();
    let page = |offset| {
        counter.done(
            "report_entries",
            json!({ "from": "", "to": "", "dimension": "net", "key": "", "currency": "", "offset": offset, "limit": 1 }),
        )
    };
    let (first, second) = (page(0), page(1));
    assert_eq!((&first["all"], &first["more"], &second["more"]), (&json!(2), &json!(true), &json!(false)));
    assert_eq!(first["entries"][0]["amount"]["amount"], "4.98");
    assert_eq!(second["entries"][0]["amount"]["amount"], "34.30");
}

fn prove(counter: &Counter, dimension: &str, key: &str) -> Value {
    let figure = json!({ "from": "", "to": "", "dimension": dimension, "key": key, "currency": "" });
    counter.done("prove_figure", figure)
}

#[test]
fn without_a_hub_signatures_and_chain_are_proven_all_the_same() {
    let counter = day();
    for (dimension, key, own, entries) in
        [("net", "", "¥39.28", 2), ("category", "food", "¥39.28", 2), ("hour", "20", "¥4.98", 1), ("product", "none", "0", 0)]
    {
        let proof = prove(&counter, dimension, key);
        assert_eq!((&proof["verdict"], &proof["own"]), (&json!("no_hub"), &json!(own)), "{dimension}");
        assert_eq!((&proof["entries"], &proof["unsent"]), (&json!(entries), &json!(entries)), "{dimension}");
        assert_eq!(proof["problem"]["code"], "not_enrolled");
    }
}

#[test]
fn a_report_goes_into_files_that_spreadsheets_read() {
    let counter = day();
    let file = |format: &str| {
        let answer = counter.done("export_report", json!({ "from": "", "to": "", "format": format, "save": false }));
        STANDARD.decode(answer["content"].as_str().expect("bytes")).expect("base64")
    };
    let text = String::from_utf8(file("csv")).expect("UTF-8");
    assert!(text.starts_with('\u{feff}'), "{text}");
    assert!(text.contains("商品,牛奶,") && text.contains(",2,CNY,25.80,"), "{text}");

    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file("xlsx"))).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    let milk = sheet.rows().find(|row| row[1] == "牛奶").expect("the row");
    assert_eq!(milk[6], Data::Float(25.8));
    assert_eq!(
        counter.refused_as("export_report", json!({ "from": "", "to": "", "format": "doc", "save": false })),
        ProblemCode::BadRequest
    );
    assert_eq!(counter.refused_as("print_report", json!({ "from": "", "to": "" })), ProblemCode::NoPrinter);
}

#[test]
fn what_cannot_be_reported_is_refused() {
    let counter = day();
    let report = |from: &str, to: &str| counter.refused_as("report", json!({ "from": from, "to": to }));
    assert_eq!(report("soon", ""), ProblemCode::NotADate);
    assert_eq!(report("2001-01-01", ""), ProblemCode::ReportTooLong);
    let unknown = json!({ "from": "", "to": "", "dimension": "weather", "key": "", "currency": "", "offset": 0, "limit": 9 });
    assert_eq!(counter.refused_as("report_entries", unknown), ProblemCode::NoSuchFigure);
    counter.sign_in("ana");
    assert_eq!(report("", ""), ProblemCode::NotAllowed);
}
