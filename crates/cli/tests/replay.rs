//! `replay` over a small file with every oddity of the real one.

mod program;

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use program::{Place, text};
use serde_json::{Value, json};

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
const GOOD: &str = "\
536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom
536370,22728,ALARM CLOCK,24,2010-12-01 09:45:00,3.75,12583,France
536371,85123a,white hanging heart,2,2010-12-01 09:46:00,0.001,,United Kingdom
536370,POST,POSTAGE,3,2010-12-01 09:46:00,18.00,12583,France
536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom
536589,21777,damaged,-10,2010-12-01 16:50:00,0.0,,United Kingdom
A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom
";

fn replay(place: &Place, file: &str) -> program::Said {
    place.run(&["replay", file, "--store", &text(&place.till()), "--json"])
}

fn verify(place: &Place) -> Value {
    let verified = place.run(&["verify", "--store", &text(&place.till()), "--json"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    verified.json()
}

#[test]
fn every_oddity_has_its_one_meaning() {
    let place = Place::new();
    let file = place.write("invoices.csv", &[HEADER, GOOD].concat());
    let said = replay(&place, &text(&file));
    assert_eq!(said.code, 0, "{said:?}");
    let summary = said.json();
    // 6×2.55 + 6×3.39 + 24×3.75 + 3×18.00 + 2×0.001 + 56×0
    let expected = json!({
        "rows": 9, "invoices": 6, "sales": 4, "refunds": 1, "stock_adjustments": 1, "already_recorded": 0, "currency": "GBP",
        "gross": "179.64 GBP", "refunded": "27.50 GBP", "net": "152.14 GBP",
        "from": "2010-12-01T08:26:00", "to": "2010-12-01T16:50:00", "refused": [],
    });
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&summary[key], value, "{key}");
    }
    assert_eq!(summary["skipped"][0]["line"], 10);
    assert_eq!(summary["skipped"][0]["code"], "bad_debt");
    // Opened, 6 products (85123A and 85123a are one, 71053, D, 22728, POST, 22139, 21777: seven), 4 sales, a refund, a write-off.
    assert_eq!(verify(&place)["entries"], 1 + 7 + 4 + 1 + 1);
}

#[test]
fn the_journal_bears_the_invoices_local_time() {
    let place = Place::new();
    let file = place.write("summer.csv", &[HEADER, "1,A,thing,1,2011-07-01 00:30:00,1.00,,UK\n"].concat());
    assert_eq!(replay(&place, &text(&file)).code, 0);
    let proof = place.path("proof");
    assert_eq!(place.run(&["journal", "export", &text(&proof), "--store", &text(&place.till())]).code, 0);
    let last = fs::read_to_string(proof.join("entries.jws")).expect("entries");
    let entry = journal::Entry::read(last.lines().last().expect("an entry")).expect("read");
    assert_eq!(entry.at.to_string(), "2011-06-30T23:30:00Z", "half past midnight in London's summer");
}

#[test]
fn a_second_run_sells_nothing_again() {
    let place = Place::new();
    let file = place.write("invoices.csv", &[HEADER, GOOD].concat());
    assert_eq!(replay(&place, &text(&file)).code, 0);
    let before = verify(&place);
    let said = replay(&place, &text(&file));
    assert_eq!(said.code, 0);
    let summary = said.json();
    assert_eq!((&summary["sales"], &summary["already_recorded"], &summary["net"]), (&json!(0), &json!(6), &json!("152.14 GBP")));
    assert_eq!(verify(&place), before);
}

#[test]
fn a_killed_run_goes_on_where_it_stopped() {
    let rows: Vec<String> = (0..400)
        .map(|invoice| format!("{invoice},SKU{},thing,1,2010-12-01 09:{:02}:00,1.00,,UK\n", invoice % 7, invoice % 60))
        .collect();
    let place = Place::new();
    let file = place.write("invoices.csv", &[HEADER, &rows.concat()].concat());
    for wait in [150, 300, 600] {
        let mut child = place.start(&["replay", &text(&file), "--store", &text(&place.till())]);
        thread::sleep(Duration::from_millis(wait));
        child.kill().expect("killed");
        child.wait().expect("gone");
    }
    let said = replay(&place, &text(&file));
    assert_eq!(said.code, 0, "{said:?}");
    let summary = said.json();
    let count = |key: &str| summary[key].as_u64().expect("a number");
    assert_eq!(count("sales") + count("already_recorded"), 400);
    assert_eq!(verify(&place)["entries"], 1 + 7 + 400);
}

#[test]
fn a_bad_row_is_named_and_the_rest_is_sold() {
    let place = Place::new();
    let rows = "1,A,thing,two,2010-12-01 08:26:00,1.00,,UK\n1,B,thing,1,2010-12-01 08:26:00,1.00,,UK\n2,B,thing,1,2010-12-01 08:27:00,1.00,,UK\n";
    let file = place.write("invoices.csv", &[HEADER, rows].concat());
    let said = replay(&place, &text(&file));
    assert_eq!(said.code, 1);
    let summary = said.json();
    assert_eq!((&summary["sales"], &summary["net"]), (&json!(1), &json!("1.00 GBP")));
    let refused = &summary["refused"];
    assert_eq!(
        (&refused[0]["line"], &refused[0]["code"], &refused[0]["invoice"]),
        (&json!(2), &json!("unreadable_field"), &json!("1"))
    );
    assert_eq!((&refused[1]["line"], &refused[1]["code"]), (&json!(3), &json!("held_back")));
    assert!(said.err.contains("line 2 was left out: Quantity 'two' cannot be read"), "{}", said.err);

    // Repaired in the file, it is sold on the next run.
    place.write("invoices.csv", &[HEADER, &rows.replace("two", "2")].concat());
    let said = replay(&place, &text(&file));
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!((&said.json()["sales"], &said.json()["net"]), (&json!(1), &json!("4.00 GBP")));
}

#[test]
fn a_bad_row_is_named_in_chinese() {
    let place = Place::new();
    let file = place.write("invoices.csv", &[HEADER, "1,A,thing,two,2010-12-01 08:26:00,1.00,,UK\n"].concat());
    let said = place.run_in_chinese(&["replay", &text(&file), "--store", &text(&place.till())]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("第 2 行没有录入：Quantity “two” 无法识别"), "{}", said.err);
}

#[test]
fn a_packed_file_that_breaks_off_keeps_what_came_before() {
    let rows: Vec<String> =
        (0..2_000).map(|invoice| format!("{invoice},SKU,thing {invoice},1,2010-12-01 09:00:00,1.00,,UK\n")).collect();
    let place = Place::new();
    let plain = place.write("invoices.csv", &[HEADER, &rows.concat()].concat());
    let packed = place.path("invoices.csv.gz");
    let gzip = Command::new("gzip").arg("-c").arg(&plain).output().expect("gzip");
    fs::write(&packed, &gzip.stdout[..gzip.stdout.len() / 2]).expect("written");
    let said = replay(&place, &text(&packed));
    assert_eq!(said.code, 1);
    assert_eq!(said.json()["error"]["code"], "file_unreadable");
    let entries = verify(&place)["entries"].as_u64().expect("a number");
    assert!(entries > 2, "what came before is sold");

    fs::write(&packed, gzip.stdout).expect("written");
    let said = replay(&place, &text(&packed));
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.json()["already_recorded"].as_u64().expect("a number") + 2, entries);
    assert_eq!(said.json()["net"], "2000.00 GBP");
}

#[test]
fn what_is_no_invoice_file_is_refused_in_a_sentence() {
    let place = Place::new();
    let cases = [("date,total\n2010-12-01,1\n", "column_missing"), ("", "column_missing")];
    for (content, code) in cases {
        let file = place.write("other.csv", content);
        let said = replay(&place, &text(&file));
        assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some(code)), "{said:?}");
    }
    let said = replay(&place, "nowhere.csv");
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("file_unreadable")), "{said:?}");
    let file = place.write("invoices.csv", HEADER);
    let said = place.run(&["replay", &text(&file), "--store", &text(&place.till()), "--hub", "http://127.0.0.1:1", "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("not_enrolled")), "{said:?}");
}
