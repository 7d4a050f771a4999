//! Each verb on a terminal without a hub: what it does, what it answers, how it ends.

mod program;

use std::fs;
use std::process::Command;

use program::{Place, text};
use serde_json::json;

const INVOICES: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice\n1,A,thing,2,2010-12-01 08:26:00,2.50\n";

fn with_a_sale() -> Place {
    let place = Place::new();
    let file = place.write("invoices.csv", INVOICES);
    assert_eq!(place.run(&["replay", &text(&file), "--store", &text(&place.till())]).code, 0);
    place
}

#[test]
fn every_verb_explains_itself() {
    let place = Place::new();
    let verbs: [&[&str]; 12] = [
        &["run"],
        &["demo"],
        &["bridge"],
        &["enrol"],
        &["sync"],
        &["verify"],
        &["rebuild"],
        &["journal"],
        &["journal", "export"],
        &["replay"],
        &["recover"],
        &["status"],
    ];
    for verb in verbs {
        let said = place.run(&[verb, &["--help"]].concat());
        assert_eq!(said.code, 0, "{verb:?}");
        assert!(said.out.contains("Usage: tillbridge"), "{verb:?}: {}", said.out);
    }
}

#[test]
fn wrong_usage_ends_with_2_and_makes_nothing() {
    let place = Place::new();
    for wrong in [&["sell"][..], &["verify"], &["verify", "--store"], &["enrol", "--store", "till"]] {
        assert_eq!(place.run(wrong).code, 2, "{wrong:?}");
    }
    assert!(!place.till().exists());
}

#[test]
fn a_slip_in_the_folder_makes_no_new_terminal() {
    let place = Place::new();
    for verb in ["sync", "verify", "rebuild", "status"] {
        let said = place.run(&[verb, "--store", &text(&place.till()), "--json"]);
        assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("no_store")), "{verb}: {said:?}");
        assert!(!place.till().exists(), "{verb}");
    }
}

#[test]
fn verify_proves_and_names_what_is_wrong() {
    let place = with_a_sale();
    let store = text(&place.till());
    let said = place.run(&["verify", "--store", &store, "--json"]);
    assert_eq!((said.code, &said.json()["clean"], &said.json()["entries"]), (0, &json!(true), &json!(3)), "{said:?}");

    // A projection that somebody changed is told, and made anew from the journal.
    sql(&place, "UPDATE orders SET total = total + 1");
    let said = place.run(&["verify", "--store", &store, "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("projections_differ")), "{said:?}");
    assert_eq!(place.run(&["rebuild", "--store", &store]).code, 0);
    assert_eq!(place.run(&["verify", "--store", &store]).code, 0);

    // The journal itself cannot be changed without showing.
    sql(&place, "UPDATE journal SET text = (SELECT text FROM journal WHERE seq = 1) WHERE seq = 3");
    let said = place.run(&["verify", "--store", &store, "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("journal_broken")), "{said:?}");
}

/// Changes the store behind its back, as an attacker would.
fn sql(place: &Place, statement: &str) {
    let database = rusqlite::Connection::open(place.till().join("till.sqlite")).expect("opened");
    let triggers: Vec<String> = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
        .expect("triggers");
    for trigger in triggers {
        database.execute_batch(&format!("DROP TRIGGER {trigger}")).expect("dropped");
    }
    database.execute_batch(statement).expect("changed");
}

#[test]
fn an_export_is_checked_by_public_tools_alone() {
    let place = with_a_sale();
    let proof = place.path("proof");
    let said = place.run(&["journal", "export", &text(&proof), "--store", &text(&place.till()), "--json"]);
    assert_eq!((said.code, &said.json()["entries"]), (0, &json!(3)), "{said:?}");
    let check = || Command::new("sh").arg(proof.join("verify.sh")).output().expect("sh");
    assert!(check().status.success(), "{:?}", check());
    let entries = proof.join("entries.jws");
    let lines = fs::read_to_string(&entries).expect("entries");
    fs::write(&entries, lines.lines().skip(1).flat_map(|line| [line, "\n"]).collect::<String>()).expect("cut");
    assert!(!check().status.success());
}

#[test]
fn a_store_opened_twice_is_refused_and_looking_is_not() {
    let place = with_a_sale();
    let terminal = till::Terminal::open(till::TerminalOptions {
        vault: journal::VaultKind::File,
        ..till::TerminalOptions::new(place.till())
    })
    .expect("opened");
    let said = place.run_in_chinese(&["rebuild", "--store", &text(&place.till()), "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("store_in_use")), "{said:?}");
    assert!(said.err.contains("另一个程序正在使用这份数据"), "{}", said.err);
    for verb in ["verify", "status"] {
        assert_eq!(place.run(&[verb, "--store", &text(&place.till())]).code, 0, "{verb}");
    }
    drop(terminal);
}

#[test]
fn status_tells_how_the_terminal_fares() {
    let place = with_a_sale();
    let said = place.run(&["status", "--store", &text(&place.till()), "--json"]);
    let status = said.json();
    let found = (&status["entries"], &status["unsent"], &status["hub"], &status["store"], &status["currency"]);
    assert_eq!((said.code, found), (0, (&json!(3), &json!(3), &json!(""), &json!("LOCAL"), &json!("GBP"))));
}

#[test]
fn what_needs_a_hub_says_so_without_one() {
    let place = with_a_sale();
    let store = text(&place.till());
    let said = place.run(&["sync", "--store", &store, "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("not_enrolled")), "{said:?}");
    let cases = [
        ("http://hub.example.com", "hub_address_wrong"),
        ("ftp://127.0.0.1", "hub_address_wrong"),
        ("http://127.0.0.1:1", "hub_unreachable"),
    ];
    for (hub, code) in cases {
        let said = place.run(&["enrol", "--store", &store, "--hub", hub, "--code", "X", "--json"]);
        assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some(code)), "{hub}: {said:?}");
    }
}

#[test]
fn a_folder_that_is_no_mirror_is_refused() {
    let place = with_a_sale();
    let said = place.run(&["recover", "--from", &text(place.folder.path()), "--store", &text(&place.till()), "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("no_mirror")), "{said:?}");
}
